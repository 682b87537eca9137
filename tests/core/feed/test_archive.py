"""The file of history behind its threads: trouble is told once, viewing goes on, and a kill loses the last batch."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from core.feed import archive as archive_module
from core.feed import shelf
from core.feed.archive import DAYS_OF_TRADES, Archive, Trouble
from core.feed.shelf import TRADES, VERSION, Key, Shelf
from core.market import DAY_MS
from core.state.chunks import Bars, Chunk, bars_of, prints_of
from core.state.coverage import Span
from core.wire.messages import CandleRow, Trade
from tests.conftest import ExpectLog

ROOT = Path(__file__).resolve().parents[3]
BTC = Key("KRW-BTC", "1m")
NOW_MS = 1_790_510_400_000


def chunk(from_ms: int, to_ms: int) -> Chunk:
    rows = [CandleRow(s, 1.0, 2.0, 1.0, float(s), 1.0, s) for s in range(from_ms, to_ms + 1)]
    return Chunk(Span(from_ms, to_ms), bars_of(rows))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "history-upbit.db"


@asynccontextmanager
async def opened(path: Path, told: list[Trouble], most_bytes: int = 2**30) -> AsyncIterator[Archive]:
    archive = Archive(path, lambda: NOW_MS, most_bytes, told.append)
    try:
        yield archive
    finally:
        await archive.close()


async def spans(archive: Archive, key: Key = BTC) -> list[Span] | None:
    kept = await archive.read(key, None, 10**6, is_joined=False)
    return kept.coverage if kept is not None else None


async def test_reading_makes_no_file_and_writing_does(path: Path) -> None:
    told: list[Trouble] = []
    async with opened(path, told) as archive:
        assert await spans(archive) == []
        assert not os.path.exists(path)  # noqa: ASYNC240, PTH110
        assert await archive.write([(BTC, chunk(0, 9))], {})
        assert await spans(archive) == [Span(0, 9)]
    assert sorted(os.listdir(path.parent)) == [path.name]  # noqa: PTH208 - one file, closed as one
    assert told == []


@pytest.mark.parametrize("kind", ["noise", "newer", "truncated", "other tables"])
async def test_a_file_that_cannot_be_used_makes_room(path: Path, kind: str, expected_log: ExpectLog) -> None:
    expected_log(f"history on the disk: {'newer' if kind == 'newer' else 'damaged'}")
    spoil_file(path, kind)
    told: list[Trouble] = []
    async with opened(path, told) as archive:
        assert await spans(archive) is None
        assert [(t.cause, t.aside) for t in told] == [
            ("newer" if kind == "newer" else "damaged", path.with_name("history-upbit.unreadable.db"))
        ]
        assert await archive.write([(BTC, chunk(0, 9))], {})
        assert await spans(archive) == [Span(0, 9)]
        assert len(told) == 1


def spoil_file(path: Path, kind: str) -> None:
    if kind == "noise":
        path.write_bytes(b"noise" * 10_000)
    elif kind == "other tables":
        base = sqlite3.connect(path)
        base.execute("CREATE TABLE chunk (something)")
        base.execute(f"PRAGMA user_version = {VERSION}")
        base.close()
    else:
        store = Shelf(path)
        store.write([(BTC, chunk(0, 9_999))], {})
        store.close()
        if kind == "newer":
            base = sqlite3.connect(path)
            base.execute(f"PRAGMA user_version = {VERSION + 1}")
            base.close()
        else:
            path.write_bytes(path.read_bytes()[:20_000])


async def test_a_file_that_is_damaged_again_and_again_is_left_alone(path: Path, expected_log: ExpectLog) -> None:
    expected_log("history on the disk: damaged")
    told: list[Trouble] = []
    async with opened(path, told) as archive:
        for _ in range(3):
            spoil_file(path, "noise")
            assert await spans(archive) is None
        assert not archive.is_on
        assert not await archive.write([(BTC, chunk(0, 9))], {})
        assert len(told) == 2


async def test_a_damaged_chunk_is_told_once_and_dropped(path: Path, expected_log: ExpectLog) -> None:
    expected_log("history on the disk: part")
    store = Shelf(path)
    store.write([(BTC, chunk(0, 999))], {})
    store.write([(BTC, chunk(5_000, 5_999))], {})
    store._base.execute("UPDATE chunk SET body = zeroblob(length(body)) WHERE from_ms = 0")
    store.close()
    told: list[Trouble] = []
    async with opened(path, told) as archive:
        for _ in range(2):
            assert await spans(archive) == [Span(5_000, 5_999)]
        assert [t.cause for t in told] == ["part"]
        assert await archive.write([(BTC, chunk(0, 999))], {})
        assert await spans(archive) == [Span(0, 999), Span(5_000, 5_999)]


async def test_a_full_disk_is_told_once_reading_goes_on_and_so_does_writing_later(
    path: Path, expected_log: ExpectLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected_log("history on the disk: full")
    told: list[Trouble] = []
    async with opened(path, told) as archive:
        assert await archive.write([(BTC, chunk(0, 9))], {})
        assert archive._writer is not None
        archive._writer._base.execute("PRAGMA max_page_count = 20")
        assert not await archive.write([(BTC, chunk(10, 99_999))], {})
        assert not await archive.write([(BTC, chunk(10, 19))], {})  # not at once again
        assert await spans(archive) == [Span(0, 9)]
        archive._retry_at = 0.0
        assert not await archive.write([(BTC, chunk(10, 99_999))], {})
        assert [t.cause for t in told] == ["full"]
        archive._writer._base.execute("PRAGMA max_page_count = 100000")
        archive._retry_at = 0.0
        assert await archive.write([(BTC, chunk(10, 19))], {})
        assert await spans(archive) == [Span(0, 19)]


async def test_a_folder_that_takes_no_file_is_told(tmp_path: Path, expected_log: ExpectLog) -> None:
    expected_log("history on the disk: unwritable")
    make_file(tmp_path / "file")
    told: list[Trouble] = []
    async with opened(tmp_path / "file" / "history-upbit.db", told) as archive:
        assert not await archive.write([(BTC, chunk(0, 9))], {})
        assert await spans(archive) in ([], None)
        assert [t.cause for t in told] == ["unwritable"]


def make_file(path: Path) -> None:
    path.write_text("")


async def test_a_read_only_base_is_told(path: Path, expected_log: ExpectLog) -> None:
    expected_log("history on the disk: unwritable: attempt to write a readonly database")
    told: list[Trouble] = []
    async with opened(path, told) as archive:
        assert await archive.write([(BTC, chunk(0, 9))], {})
        assert archive._writer is not None
        archive._writer._base.execute("PRAGMA query_only = ON")
        assert not await archive.write([(BTC, chunk(10, 19))], {})
        assert await spans(archive) == [Span(0, 9)]
        assert [t.cause for t in told] == ["unwritable"]


async def test_a_locked_file_is_told_and_used_when_it_is_free(
    path: Path, expected_log: ExpectLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected_log("history on the disk: locked")
    monkeypatch.setattr(shelf, "BUSY_S", 0.01)
    Shelf(path).close()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    told: list[Trouble] = []
    async with opened(path, told) as archive:
        assert not await archive.write([(BTC, chunk(0, 9))], {})
        assert [t.cause for t in told] == ["locked"]
        other.execute("ROLLBACK")
        archive._retry_at = 0.0
        assert await archive.write([(BTC, chunk(0, 9))], {})
    other.close()


async def test_two_programs_write_into_one_file(path: Path) -> None:
    told: list[Trouble] = []
    async with opened(path, told) as one, opened(path, told) as two:
        for at in range(0, 200, 20):
            done = await asyncio.gather(
                one.write([(BTC, chunk(at, at + 9))], {}), two.write([(BTC, chunk(at + 10, at + 19))], {})
            )
            assert all(done)
        assert await spans(one) == await spans(two) == [Span(0, 199)]
    assert told == []


async def test_the_file_stays_within_its_bound(path: Path) -> None:
    most = 400_000
    async with opened(path, [], most) as archive:
        for n in range(30):
            market = f"KRW-{n:02}"
            assert await archive.write([(Key(market, "1m"), chunk(0, 1_999))], {market: n})
            assert archive._writer is not None
            assert archive._writer.used_bytes <= most
        assert await spans(archive, Key("KRW-29", "1m")) == [Span(0, 1_999)]
        assert await spans(archive, Key("KRW-00", "1m")) == []


async def test_a_smaller_bound_is_kept_with_the_next_write(path: Path) -> None:
    async with opened(path, []) as archive:
        for n in range(10):
            market = f"KRW-{n:02}"
            assert await archive.write([(Key(market, "1m"), chunk(0, 1_999))], {market: n})
        writer = archive._writer
        assert writer is not None
        assert writer.used_bytes > 400_000
        archive.most_bytes = 400_000
        assert await archive.write([(Key("KRW-10", "1m"), chunk(0, 1_999))], {"KRW-10": 10})
        assert writer.used_bytes <= 400_000
        assert await spans(archive, Key("KRW-10", "1m")) == [Span(0, 1_999)]


async def test_old_trades_go_by_themselves(path: Path) -> None:
    old_ms = NOW_MS - (DAYS_OF_TRADES + 1) * DAY_MS
    prints = prints_of([Trade("KRW-BTC", 1.0, 1.0, "BID", old_ms, 1)])
    async with opened(path, []) as archive:
        assert await archive.write([(Key("KRW-BTC", TRADES), Chunk(Span(old_ms, old_ms + 9), prints))], {})
        assert await archive.write([(BTC, chunk(old_ms, old_ms + 9))], {})
        assert await spans(archive, Key("KRW-BTC", TRADES)) == []
        assert await spans(archive) == [Span(old_ms, old_ms + 9)]


async def test_what_is_read_is_ones_own(path: Path) -> None:
    async with opened(path, []) as archive:
        assert await archive.write([(BTC, chunk(0, 9))], {})
        kept = await archive.read(BTC, None, 10, is_joined=True)
        assert kept is not None
        await archive.write([(BTC, Chunk(Span(0, 9), bars_of([])))], {})
        assert isinstance(kept.columns, Bars)
        assert kept.columns.ohlcv[:, 3].tolist() == [float(s) for s in range(10)]


_CHILD = """
import sys
from pathlib import Path
from tests.core.feed.test_archive import write_for_ever
write_for_ever(Path(sys.argv[1]), int(sys.argv[2]))
"""


def write_for_ever(path: Path, begin: int) -> None:
    """Write minutes one after the other, and say each that is kept, until somebody ends it."""
    store = Shelf(path)
    while True:
        store.write([(BTC, chunk(begin, begin + 2)), (Key("KRW-ETH", "1m"), chunk(begin, begin + 2))], {})
        begin += 3
        os.write(1, b"%d\n" % begin)


def test_a_kill_at_any_moment_loses_nothing_that_was_kept(path: Path) -> None:
    kept_ms = 0
    for batches in (1, 2, 7, 30, 150):
        command = [sys.executable, "-c", _CHILD, str(path), str(kept_ms)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as child:
            assert child.stdout is not None
            for _ in range(batches):
                line = child.stdout.readline()
                assert line
            child.send_signal(signal.SIGKILL)
            said = [line, *child.stdout.readlines()]
        said_ms = int([s for s in said if s.endswith(b"\n")][-1])
        store = Shelf(path)
        assert store._base.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        for key in (BTC, Key("KRW-ETH", "1m")):
            found = store.read(key, None, 10**6, is_joined=False)
            assert found.damaged == 0
            (span,) = found.coverage
            assert span.from_ms == 0
            assert said_ms - 1 <= span.to_ms <= said_ms + 2  # the batch it died in is there whole, or not at all
            assert found.columns.time.tolist() == list(range(span.to_ms + 1))
        kept_ms = span.to_ms + 1
        store.close()


def test_the_module_loads_sqlite_only_when_it_is_used() -> None:
    code = "import sys, core.feed.recall; assert 'sqlite3' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
    assert archive_module.MOST_BYTES == 2**30
