"""The file of history: any order of writing, sessions and damage ends with what was fetched, or with a hole."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import ArchiveError
from core.feed import shelf
from core.feed.shelf import MOST_ROWS, TRADES, VERSION, Key, Shelf, set_aside
from core.state.chunks import Bars, Chunk, bars_of, prints_of
from core.state.coverage import Span
from core.wire.messages import CandleRow, Trade

BTC = Key("KRW-BTC", "1m")
BTC_TRADES = Key("KRW-BTC", TRADES)


def bars(starts: range | list[int], close: float = 1.0, stamp: int = 0) -> Bars:
    return bars_of([CandleRow(s, 1.0, 9.0, 1.0, close, 1.0, s + stamp) for s in starts])


def chunk(from_ms: int, to_ms: int, close: float = 1.0, step: int = 1) -> Chunk:
    """Return bars at every `step` of from..to."""
    return Chunk(Span(from_ms, to_ms), bars(range(-(-from_ms // step) * step, to_ms + 1, step), close))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "history" / "upbit.db"


@pytest.fixture
def store(path: Path) -> Iterator[Shelf]:
    store = Shelf(path)
    yield store
    store.close()


def chunk_count(path: Path) -> int:
    base = sqlite3.connect(path)
    (count,) = base.execute("SELECT count(*) FROM chunk").fetchone()
    base.close()
    return int(count)


def test_what_was_written_is_read_by_another_connection(store: Shelf, path: Path) -> None:
    store.write([(BTC, chunk(0, 99, step=3))], {"KRW-BTC": 5})
    reader = Shelf(path, is_reader=True)
    kept = reader.read(BTC, None, 1_000, is_joined=True)
    assert kept.columns.time.tolist() == list(range(0, 100, 3))
    assert kept.spans == kept.coverage == [Span(0, 99)]
    assert reader.read(Key("KRW-ETH", "1m"), None, 10, is_joined=True).coverage == []
    with pytest.raises(ArchiveError, match="unwritable: attempt to write a readonly database"):
        reader.write([(BTC, chunk(0, 1))], {})
    reader.close()


def test_a_reader_makes_no_file(path: Path) -> None:
    with pytest.raises(ArchiveError, match="unwritable"):
        Shelf(path, is_reader=True)
    assert not path.parent.exists()


class Write(NamedTuple):
    series: int
    from_ms: int
    length: int
    close: float
    stamp: int


class Read(NamedTuple):
    series: int
    before_ms: int | None
    count: int


KEYS = (BTC, Key("KRW-BTC", "5m"), Key("KRW-ETH", "1m"))
acts = st.lists(
    st.one_of(
        st.builds(
            Write, st.integers(0, 2), st.integers(0, 300), st.integers(1, 90), st.floats(1, 9), st.integers(0, 3)
        ),
        st.builds(Read, st.integers(0, 2), st.none() | st.integers(0, 400), st.integers(1, 60)),
        st.just("restart"),
        st.just("another"),
    ),
    max_size=25,
)


@settings(deadline=None, max_examples=150)
@given(acts, st.integers(3, 40), st.sets(st.integers(0, 400)))
def test_any_history_of_writes_and_restarts_reads_as_if_fetched_whole(
    play: list[Write | Read | str], most_rows: int, quiet: set[int]
) -> None:
    """In `quiet` windows nothing was traded: they are known, and hold no bar."""
    known: list[dict[int, tuple[float, int] | None]] = [{}, {}, {}]  # window -> (close, stamp); None: quiet
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(shelf, "MOST_ROWS", most_rows)
        patch.setattr(shelf, "SMALL_ROWS", 2)
        path = Path(folder) / "a.db"
        writers = [Shelf(path), Shelf(path)]  # two programs on one file
        for act in play:
            if act == "restart":
                writers[0].close()
                writers[0] = Shelf(path)
            elif act == "another":
                writers.reverse()
            elif isinstance(act, Write):
                span = Span(act.from_ms, act.from_ms + act.length - 1)
                starts = [s for s in range(span.from_ms, span.to_ms + 1) if s not in quiet]
                writers[0].write([(KEYS[act.series], Chunk(span, bars(starts, act.close, act.stamp)))], {})
                model = known[act.series]
                for start in range(span.from_ms, span.to_ms + 1):
                    before = model.get(start)
                    if start in quiet:
                        model[start] = None
                    elif before is None or act.stamp >= before[1]:
                        model[start] = (act.close, act.stamp)
            elif isinstance(act, Read):
                model = known[act.series]
                kept = writers[1].read(KEYS[act.series], act.before_ms, act.count, is_joined=True)
                assert isinstance(kept.columns, Bars)
                covered = {t for a, b in kept.coverage for t in range(a, b + 1)}
                assert covered == set(model)
                claimed = {t for a, b in kept.spans for t in range(a, b + 1)}
                assert claimed <= covered
                assert len(kept.spans) <= 1
                told = dict(zip(kept.columns.start.tolist(), kept.columns.ohlcv[:, 3].tolist(), strict=True))
                assert told == {t: model[t][0] for t in claimed if model[t] is not None}  # type: ignore[index]
                end = max(covered, default=-1) if act.before_ms is None else act.before_ms - 1
                assert (end in claimed) == (end in covered)
                is_more = claimed and min(claimed) - 1 in covered
                assert not is_more or len(told) >= act.count
        for writer in writers:
            writer.close()


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(st.integers(0, 80), st.integers(0, 30)), min_size=1, max_size=12),
    st.lists(st.integers(0, 100), min_size=1, max_size=200),
    st.integers(3, 20),
)
def test_trades_of_any_order_of_pages_are_kept_once(
    pages: list[tuple[int, int]], times: list[int], most_rows: int
) -> None:
    ledger = [Trade("KRW-BTC", 1.0 + n, 0.5, "ASK", at, n) for n, at in enumerate(sorted(times))]
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(shelf, "MOST_ROWS", most_rows)
        store = Shelf(Path(folder) / "a.db")
        covered: set[int] = set()
        for from_ms, length in pages:
            span = Span(from_ms, from_ms + length)
            page = prints_of([t for t in ledger if span.from_ms <= t.time_ms <= span.to_ms])
            store.write([(BTC_TRADES, Chunk(span, page))], {})
            covered |= set(range(span.from_ms, span.to_ms + 1))
        kept = store.read(BTC_TRADES, None, 10_000, is_joined=False)
        assert {t for a, b in kept.spans for t in range(a, b + 1)} == covered
        assert sorted(kept.columns.id.tolist()) == [t.id for t in ledger if t.time_ms in covered]  # type: ignore[union-attr]
        assert (np.diff(kept.columns.time) >= 0).all()
        store.close()


def test_bars_that_come_one_by_one_end_in_few_chunks(store: Shelf, path: Path) -> None:
    for start in range(2_000):
        store.write([(BTC, chunk(start, start))], {})
    assert chunk_count(path) < 40
    for start in range(-200, -4_200, -200):  # pages of REST, backwards
        store.write([(BTC, chunk(start, start + 199))], {})
    assert chunk_count(path) < 40
    kept = store.read(BTC, None, 10_000, is_joined=True)
    assert kept.columns.time.tolist() == list(range(-4_000, 2_000))


def test_a_long_history_is_cut_into_chunks_of_some_thousand(store: Shelf, path: Path) -> None:
    store.write([(BTC, chunk(0, 3 * MOST_ROWS))], {})
    assert chunk_count(path) == 4
    kept = store.read(BTC, None, 10, is_joined=True)
    assert 10 <= len(kept.columns.time) <= MOST_ROWS


# Damage.


def spoil(path: Path, statement: str, *values: object) -> None:
    base = sqlite3.connect(path)
    assert base.execute(statement, values).rowcount > 0
    base.commit()
    base.close()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE chunk SET body = zeroblob(length(body)) WHERE from_ms = 10000",
        "UPDATE chunk SET body = substr(body, 2) WHERE from_ms = 10000",
        "UPDATE chunk SET body = 'text' WHERE from_ms = 10000",
        "UPDATE chunk SET checksum = checksum + 1 WHERE from_ms = 10000",
        "UPDATE chunk SET count = count - 1 WHERE from_ms = 10000",
        "UPDATE chunk SET to_ms = to_ms + 1 WHERE from_ms = 10000",
        "UPDATE chunk SET body = (SELECT body FROM chunk WHERE from_ms = 0) WHERE from_ms = 10000",
    ],
)
def test_a_damaged_chunk_is_a_hole_and_nothing_else(store: Shelf, path: Path, statement: str) -> None:
    for from_ms in (0, 10_000, 20_000):
        store.write([(BTC, chunk(from_ms, from_ms + 999))], {})
    spoil(path, statement)
    reader = Shelf(path, is_reader=True)
    kept = reader.read(BTC, None, 10_000, is_joined=False)
    assert kept.damaged == 1
    assert kept.spans == kept.coverage == [Span(0, 999), Span(20_000, 20_999)]
    assert kept.columns.time.tolist() == [*range(1_000), *range(20_000, 21_000)]
    assert reader.read(BTC, 11_000, 10, is_joined=True).spans == []
    assert store.drop_damaged(BTC) == 1
    assert reader.read(BTC, None, 10_000, is_joined=False).damaged == 0
    reader.close()


def test_what_is_written_over_a_damaged_chunk_counts_and_what_it_alone_knew_does_not(store: Shelf, path: Path) -> None:
    store.write([(BTC, chunk(0, 999))], {})
    spoil(path, "UPDATE chunk SET body = zeroblob(length(body))")
    assert store.write([(BTC, chunk(500, 1_499))], {}) == 1
    assert store.read(BTC, None, 10_000, is_joined=True).spans == [Span(500, 1_499)]


def test_a_file_that_is_no_database_is_damaged_and_can_be_set_aside(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"not a database, and long enough to be looked at" * 100)
    with pytest.raises(ArchiveError, match="damaged"):
        Shelf(path)
    aside = set_aside(path)
    assert aside == path.with_name("upbit.unreadable.db")
    assert not path.exists()
    Shelf(path).close()


def test_a_database_of_something_else_is_damaged(path: Path) -> None:
    path.parent.mkdir()
    base = sqlite3.connect(path)
    base.execute("CREATE TABLE chunk (something)")
    base.execute(f"PRAGMA user_version = {VERSION}")
    base.commit()
    base.close()
    store = Shelf(path)
    with pytest.raises(ArchiveError, match="damaged: no such table: series"):
        store.read(BTC, None, 1, is_joined=True)
    store.close()


def test_pages_that_were_overwritten_are_damage(path: Path) -> None:
    store = Shelf(path)
    store.write([(BTC, chunk(0, 99_999))], {})
    store.close()
    data = bytearray(path.read_bytes())
    assert not path.with_name(path.name + "-wal").exists()
    data[4_096:32_768] = b"\xff" * 28_672  # the first pages behind the header: the roots of the tables
    path.write_bytes(data)
    with pytest.raises(ArchiveError, match="damaged"):
        store = Shelf(path)
        try:
            store.read(BTC, None, 1, is_joined=True)
        finally:
            store.close()


def test_a_file_of_a_newer_version_is_left_alone(store: Shelf, path: Path) -> None:
    spoil_version(path, VERSION + 1)
    before = path.read_bytes()
    for is_reader in (False, True):
        with pytest.raises(ArchiveError, match=f"newer: version {VERSION + 1}"):
            Shelf(path, is_reader=is_reader)
    assert path.read_bytes() == before


def spoil_version(path: Path, version: int) -> None:
    base = sqlite3.connect(path)
    base.execute(f"PRAGMA user_version = {version}")
    base.close()


def test_a_file_that_another_program_holds_is_locked(store: Shelf, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "BUSY_S", 0.01)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    late = Shelf(path)
    with pytest.raises(ArchiveError, match="locked"):
        late.write([(BTC, chunk(0, 1))], {})
    other.execute("ROLLBACK")
    late.write([(BTC, chunk(0, 1))], {})
    assert late.read(BTC, None, 9, is_joined=True).spans == [Span(0, 1)]
    other.close()
    late.close()


def test_a_full_disk_keeps_what_was_there(store: Shelf) -> None:
    store.write([(BTC, chunk(0, 9))], {})
    store._base.execute("PRAGMA max_page_count = 20")
    with pytest.raises(ArchiveError, match="full"):
        store.write([(BTC, chunk(10, 99_999))], {})
    assert store.read(BTC, None, 100_000, is_joined=True).spans == [Span(0, 9)]
    store.write([(BTC, chunk(10, 19))], {})
    assert store.read(BTC, None, 100_000, is_joined=True).spans == [Span(0, 19)]


def test_a_folder_that_cannot_be_made_is_unwritable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ArchiveError, match="unwritable"):
        Shelf(tmp_path / "file" / "upbit.db")


# The bound.


def test_the_markets_used_longest_ago_go_first(store: Shelf, path: Path) -> None:
    for n, market in enumerate(["KRW-A", "KRW-B", "KRW-C", "KRW-D"]):
        store.write([(Key(market, kind), chunk(0, 9_999)) for kind in ("1m", "5m")], {market: n})
    store.write([], {"KRW-A": 9})  # looked at again
    quarter = store.used_bytes // 4
    assert store.shrink(5 * quarter) == []
    assert store.shrink(3 * quarter) == ["KRW-B", "KRW-C"]
    assert store.used_bytes <= 3 * quarter
    assert store.read(Key("KRW-B", "1m"), None, 1, is_joined=True).coverage == []
    assert store.read(Key("KRW-A", "1m"), None, 1, is_joined=True).coverage == [Span(0, 9_999)]
    store.close()
    assert path.stat().st_size <= 3 * quarter + 4_096  # the file is smaller too


def test_of_the_last_market_the_trades_go_then_the_oldest_bars(store: Shelf) -> None:
    ledger = prints_of([Trade("KRW-BTC", 1.0, 1.0, "BID", at, at) for at in range(20_000)])
    store.write([(BTC, chunk(0, 29_999))], {"KRW-BTC": 1})
    bars_bytes = store.used_bytes
    store.write([(BTC_TRADES, Chunk(Span(0, 19_999), ledger))], {})
    assert store.shrink(int(bars_bytes * 1.2)) == []
    assert store.read(BTC, None, 1, is_joined=True).coverage == [Span(0, 29_999)]
    assert store.shrink(bars_bytes // 3) == []
    assert store.read(BTC_TRADES, None, 1, is_joined=True).coverage == []
    (left,) = store.read(BTC, None, 1, is_joined=True).coverage
    assert left.to_ms == 29_999
    assert left.from_ms > 15_000
    assert store.used_bytes <= bars_bytes // 3


def test_trades_are_forgotten_by_age_and_bars_are_not(store: Shelf) -> None:
    early = prints_of([Trade("KRW-BTC", 1.0, 1.0, "BID", at, at) for at in range(100)])
    late = prints_of([Trade("KRW-BTC", 1.0, 1.0, "BID", at, at) for at in range(500, 600)])
    store.write([(BTC, chunk(0, 99)), (BTC_TRADES, Chunk(Span(0, 99), early))], {})
    store.write([(BTC_TRADES, Chunk(Span(500, 599), late))], {})
    store.forget_trades(550)
    assert store.read(BTC_TRADES, None, 1, is_joined=False).coverage == [Span(500, 599)]
    assert store.read(BTC, None, 1, is_joined=True).coverage == [Span(0, 99)]
