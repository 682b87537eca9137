"""One file of history: chunks of candles and trades in SQLite, each with its checksum. Blocks: for threads.

A chunk's row says of which stretch of time it knows everything, so what is known of a series is the sum of its chunks,
and a damaged one is a hole like any other. Chunks of a series never overlap. What is written beside a chunk of its own
size is joined with it: a bar is written again some ten times on its way into a chunk of thousands, and no more.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from core.errors import ArchiveError
from core.state.chunks import (
    NO_BARS,
    NO_PRINTS,
    Chunk,
    Columns,
    checksum,
    join,
    pack,
    slice_of,
    split,
    unpack_bars,
    unpack_prints,
    within,
)
from core.state.coverage import Coverage, Span

if TYPE_CHECKING:
    import sqlite3

VERSION = 1
APPLICATION = 0x484F4741  # "HOGA"
TRADES = "trade"  # the kind of a series that is no interval's
MOST_ROWS = 4_096  # of a chunk
SMALL_ROWS = 64  # chunks of so many are always joined with what is beside them
BUSY_S = 1.0  # another Hoga may be writing
FILLED = 0.9  # of the bound, after the least used was let go
_PAGE = 4_096  # bytes
_SCHEMA = """
CREATE TABLE series (
    id INTEGER PRIMARY KEY,
    market TEXT NOT NULL,
    kind TEXT NOT NULL,
    used_ms INTEGER NOT NULL,
    UNIQUE (market, kind)
);
CREATE TABLE chunk (
    id INTEGER PRIMARY KEY,
    series INTEGER NOT NULL,
    from_ms INTEGER NOT NULL,
    to_ms INTEGER NOT NULL,
    count INTEGER NOT NULL,
    checksum INTEGER NOT NULL,
    body BLOB NOT NULL,
    UNIQUE (series, from_ms)
);
"""


class Key(NamedTuple):
    """A series on the disk."""

    market: str
    kind: str  # of an interval, or `TRADES`


class Kept(NamedTuple):
    """What the disk has of a series."""

    columns: Columns
    spans: list[Span]  # of which times that is everything
    coverage: list[Span]  # of which times the disk knows everything
    damaged: int = 0  # chunks that were found to be damaged, and are counted no more


class _Row(NamedTuple):
    id: int
    from_ms: int
    to_ms: int
    length: int  # rows


@contextlib.contextmanager
def _named() -> Iterator[None]:
    """Say what an error of the disk means."""
    try:
        import sqlite3  # after the first paint
    except ImportError as why:  # a Python that was built without it
        raise ArchiveError("unwritable", str(why)) from why
    try:
        yield
    except (sqlite3.ProgrammingError, sqlite3.InterfaceError):
        raise  # our own mistake
    except sqlite3.Error as why:
        code = getattr(why, "sqlite_errorcode", 0) & 0xFF
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise ArchiveError("locked", str(why)) from why
        if code == sqlite3.SQLITE_FULL:
            raise ArchiveError("full", str(why)) from why
        if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_IOERR):
            raise ArchiveError("unwritable", str(why)) from why
        raise ArchiveError("damaged", str(why)) from why  # also where a table lacks a column: no file of ours
    except OSError as why:
        raise ArchiveError("unwritable", str(why)) from why


class Shelf:
    """One connection to the file, for one thread.

    Args:
        is_reader: never makes the file, never writes.

    Raises:
        ArchiveError: the file cannot be used.
    """

    def __init__(self, path: Path, *, is_reader: bool = False) -> None:
        self.path = path
        self._base: sqlite3.Connection
        with _named():
            self._base = self._open(is_reader)

    def _open(self, is_reader: bool) -> sqlite3.Connection:
        import sqlite3

        if not is_reader:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        mode = "rw" if is_reader else "rwc"
        # Opened in one thread, closed perhaps in another: never used in two at a time.
        base = sqlite3.connect(
            f"{self.path.absolute().as_uri()}?mode={mode}",
            timeout=BUSY_S,
            isolation_level=None,
            check_same_thread=False,
            uri=True,
        )
        try:
            self._prepare(base, is_reader)
        except BaseException:
            base.close()
            raise
        return base

    def _prepare(self, base: sqlite3.Connection, is_reader: bool) -> None:
        (version,) = base.execute("PRAGMA user_version").fetchone()
        if version > VERSION:
            raise ArchiveError("newer", f"version {version}, this Hoga knows {VERSION}")
        if is_reader:
            base.execute("PRAGMA query_only = ON")
            return
        if version == 0:
            base.execute("PRAGMA auto_vacuum = INCREMENTAL")
        base.execute("PRAGMA journal_mode = WAL")
        # A killed program loses nothing that was committed; a machine without power perhaps the last batches.
        base.execute("PRAGMA synchronous = NORMAL")
        if version == 0:
            base.execute("BEGIN IMMEDIATE")
            (version,) = base.execute("PRAGMA user_version").fetchone()
            if version == 0:  # else another Hoga was faster
                for statement in _SCHEMA.split(";"):
                    base.execute(statement)
                base.execute(f"PRAGMA application_id = {APPLICATION}")
                base.execute(f"PRAGMA user_version = {VERSION}")
            base.execute("COMMIT")

    def close(self) -> None:
        """Close the file; what was written stays."""
        with _named():
            self._base.close()

    # Reading.

    def read(self, key: Key, before_ms: int | None, count: int, *, is_joined: bool) -> Kept:
        """Return the last `count` rows or some more, all that whole chunks have.

        Args:
            before_ms: rows before it; None for the newest there are.
            is_joined: stop at the first hole; then the rows end at `before_ms`, or there are none.
        """
        with self._transaction("BEGIN"):  # one state of the file, whoever writes meanwhile
            rows = self._rows(self._id(key))
            parts: list[Chunk] = []
            left, damaged = count, set[int]()
            expected = None if before_ms is None else before_ms - 1
            for row in reversed(rows):
                if before_ms is not None and row.from_ms >= before_ms:
                    continue
                if left <= 0 or (is_joined and expected is not None and row.to_ms < expected):
                    break
                chunk = self._chunk(key, row)
                if chunk is None:
                    damaged.add(row.id)
                    if is_joined and parts:
                        break
                    expected = None if before_ms is None else expected
                    continue
                if before_ms is not None and row.to_ms >= before_ms:
                    span = Span(row.from_ms, before_ms - 1)
                    chunk = Chunk(span, within(chunk.columns, span))
                parts.insert(0, chunk)
                left -= len(chunk.columns.time)
                expected = row.from_ms - 1
            spans, known = Coverage(), Coverage()
            for part in parts:
                spans.add(*part.span)
            for row in rows:
                if row.id not in damaged:
                    known.add(row.from_ms, row.to_ms)
            columns = join([p.columns for p in parts]) if parts else _nothing(key)
            return Kept(columns, spans.spans, known.spans, len(damaged))

    def _id(self, key: Key) -> int:
        if self._base.execute("PRAGMA user_version").fetchone()[0] == 0:
            return -1  # a file that nobody has written yet
        found = self._base.execute("SELECT id FROM series WHERE market = ? AND kind = ?", key).fetchone()
        return int(found[0]) if found else -1

    def _rows(self, series: int) -> list[_Row]:
        if series < 0:
            return []
        asked = "SELECT id, from_ms, to_ms, count FROM chunk WHERE series = ? ORDER BY from_ms"
        rows = [_Row(*row) for row in self._base.execute(asked, (series,))]
        if not all(type(value) is int for row in rows for value in row):
            raise ArchiveError("damaged", "a chunk without a place")
        return rows

    def _chunk(self, key: Key, row: _Row) -> Chunk | None:
        """Return a chunk whole, None if it is damaged."""
        asked = "SELECT from_ms, to_ms, count, checksum, body FROM chunk WHERE id = ?"
        found = self._base.execute(asked, (row.id,)).fetchone()
        from_ms, to_ms, count, check, body = found
        span = Span(from_ms, to_ms)
        try:
            if check != checksum(" ".join(key), span, count, body):
                return None
            return Chunk(span, unpack_prints(body, count) if key.kind == TRADES else unpack_bars(body, count))
        except (ValueError, TypeError):  # a body that is no bytes
            return None

    # Writing.

    def write(self, chunks: Iterable[tuple[Key, Chunk]], used_ms: dict[str, int]) -> int:
        """Keep chunks, all or none. Of two statements of a bar the newer holds. Return how many old ones were damaged.

        Args:
            used_ms: of the markets that somebody looked at, when that was, epoch ms.

        Raises:
            ArchiveError: nothing was kept.
        """
        damaged = 0
        with self._transaction():
            for key, chunk in chunks:
                series = self._id(key)
                if series < 0:
                    made = self._base.execute("INSERT INTO series (market, kind, used_ms) VALUES (?, ?, 0)", key)
                    series = int(made.lastrowid or 0)
                damaged += self._put(series, key, chunk)
            self._base.executemany(
                "UPDATE series SET used_ms = max(used_ms, ?) WHERE market = ?", [(at, m) for m, at in used_ms.items()]
            )
        return damaged

    @contextlib.contextmanager
    def _transaction(self, begin: str = "BEGIN IMMEDIATE") -> Iterator[None]:
        with _named():
            self._base.execute(begin)
            try:
                yield
                self._base.execute("COMMIT")
            except BaseException:
                if self._base.in_transaction:
                    self._base.execute("ROLLBACK")
                raise

    def _put(self, series: int, key: Key, chunk: Chunk) -> int:
        rows = self._rows(series)
        from_ms, to_ms = chunk.span
        over = [r for r in rows if r.from_ms <= to_ms and r.to_ms >= from_ms]
        whole, damaged = chunk, 0
        for row in over:
            old = self._chunk(key, row)
            if old is None:
                damaged += 1
            else:
                span = Span(min(old.span.from_ms, whole.span.from_ms), max(old.span.to_ms, whole.span.to_ms))
                whole = Chunk(span, join([old.columns, whole.columns]))
        gone = [r.id for r in over]
        for row in (*(r for r in reversed(rows) if r.to_ms < from_ms), *(r for r in rows if r.from_ms > to_ms)):
            count = len(whole.columns.time)
            touches = row.to_ms + 1 == whole.span.from_ms or row.from_ms - 1 == whole.span.to_ms
            if not touches or row.length > max(2 * count, SMALL_ROWS) or row.length + count > MOST_ROWS:
                continue
            old = self._chunk(key, row)
            gone.append(row.id)
            if old is None:
                damaged += 1
                continue
            span = Span(min(old.span.from_ms, whole.span.from_ms), max(old.span.to_ms, whole.span.to_ms))
            whole = Chunk(span, join([old.columns, whole.columns]))
        self._base.executemany("DELETE FROM chunk WHERE id = ?", [(i,) for i in gone])
        for (a, b), columns in split(whole, MOST_ROWS):
            body, count = pack(columns), len(columns.time)
            self._base.execute(
                "INSERT INTO chunk (series, from_ms, to_ms, count, checksum, body) VALUES (?, ?, ?, ?, ?, ?)",
                (series, a, b, count, checksum(" ".join(key), Span(a, b), count, body), body),
            )
        return damaged

    def drop_damaged(self, key: Key) -> int:
        """Let go of the chunks of a series that are damaged: holes, from now on. Return how many there were."""
        with self._transaction():
            gone = [row.id for row in self._rows(self._id(key)) if self._chunk(key, row) is None]
            self._base.executemany("DELETE FROM chunk WHERE id = ?", [(i,) for i in gone])
        return len(gone)

    # The bound.

    @property
    def used_bytes(self) -> int:
        """Of the file, without what is free in it."""
        with _named():
            pages, free, size = (
                self._base.execute(f"PRAGMA {name}").fetchone()[0]
                for name in ("page_count", "freelist_count", "page_size")
            )
        return int((pages - free) * size)

    def forget_trades(self, before_ms: int) -> None:
        """Let go of the trades before `before_ms`, as far as whole chunks go."""
        asked = "DELETE FROM chunk WHERE to_ms < ? AND series IN (SELECT id FROM series WHERE kind = ?)"
        with self._transaction():
            self._base.execute(asked, (before_ms, TRADES))

    def shrink(self, most_bytes: int) -> list[str]:
        """Let go of the markets that were used longest ago until the file has room again. Return them.

        Of the market that was used last the trades go first, then its oldest bars.
        """
        gone: list[str] = []
        if self.used_bytes <= most_bytes:
            return gone
        target = int(most_bytes * FILLED)
        asked = "SELECT market, max(used_ms) AS at FROM series GROUP BY market ORDER BY at DESC, market"
        with _named():
            markets = [row[0] for row in self._base.execute(asked)]
        while self.used_bytes > target and len(markets) > 1:
            market = markets.pop()
            with self._transaction():
                self._base.execute(
                    "DELETE FROM chunk WHERE series IN (SELECT id FROM series WHERE market = ?)", (market,)
                )
                self._base.execute("DELETE FROM series WHERE market = ?", (market,))
            gone.append(market)
        self._shorten("kind = ?", (TRADES,), target)
        self._shorten("1", (), target)
        with _named():
            self._base.executescript("PRAGMA incremental_vacuum")  # `execute` would free one page
        return gone

    def _shorten(self, which: str, params: Sequence[str], target: int) -> None:
        """Let go of the oldest chunks of some series until the file is as small as `target`."""
        left = self.used_bytes - target
        if left <= 0:
            return
        asked = (
            f"SELECT id, length(body) FROM chunk WHERE series IN (SELECT id FROM series WHERE {which}) ORDER BY to_ms"
        )
        with self._transaction():
            gone = []
            for row, length in self._base.execute(asked, params):
                gone.append((row,))
                left -= length
                if left <= 0:
                    break
            self._base.executemany("DELETE FROM chunk WHERE id = ?", gone)


def _nothing(key: Key) -> Columns:
    return slice_of(NO_PRINTS if key.kind == TRADES else NO_BARS, 0, 0)


def set_aside(path: Path) -> Path | None:
    """Move a file that cannot be used out of the way, over one that was moved there before. Return where it is now.

    None: it could not be moved.
    """
    aside = path.with_suffix(f".unreadable{path.suffix}")
    try:
        path.replace(aside)
        for mark in ("-wal", "-shm"):
            log = path.with_name(path.name + mark)
            if log.exists():
                log.replace(aside.with_name(aside.name + mark))
            else:
                aside.with_name(aside.name + mark).unlink(missing_ok=True)
    except OSError:
        return None
    return aside
