"""Columns for the disk: the same to the last bit, joined as the series joins them, and what is not kept yet."""

from __future__ import annotations

import itertools
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.market import Interval
from core.state.candles import CandleSeries
from core.state.chunks import (
    NO_BARS,
    NO_PRINTS,
    SETTLED_MS,
    Bars,
    Chunk,
    Prints,
    bars_of,
    checksum,
    fresh_bars,
    fresh_trades,
    join,
    join_bars,
    join_prints,
    pack,
    prints_of,
    split,
    trades_of,
    uncovered,
    unpack_bars,
    unpack_prints,
    within,
)
from core.state.coverage import Coverage, Span
from core.state.tape import OVERLAP_MS, Tape
from core.wire.messages import CandleRow, Trade

numbers = st.floats(width=64)  # nan, infinities, the smallest: whatever eight bytes can be
stamps = st.integers(-(2**63), 2**63 - 1)
rows = st.builds(CandleRow, stamps, numbers, numbers, numbers, numbers, numbers, stamps)
trades = st.builds(
    Trade,
    st.just("KRW-BTC"),
    numbers,
    numbers,
    st.sampled_from(["ASK", "BID"]),
    stamps,
    stamps,
    stream_type=st.just("REST"),
)


def bits(value: float) -> bytes:
    return struct.pack("<d", value)


@given(st.lists(rows, max_size=20))
def test_bars_come_back_to_the_last_bit(page: list[CandleRow]) -> None:
    bars = bars_of(page)
    again = unpack_bars(pack(bars), len(page))
    assert again.start.tolist() == [r.start_ms for r in page]
    assert again.stamp.tolist() == [r.last_trade_ms for r in page]
    assert [[bits(x) for x in r] for r in again.ohlcv.tolist()] == [[bits(x) for x in r[1:6]] for r in page]


@given(st.lists(trades, max_size=20))
def test_trades_come_back_to_the_last_bit(ledger: list[Trade]) -> None:
    again = trades_of("KRW-BTC", unpack_prints(pack(prints_of(ledger)), len(ledger)))
    assert [(t.id, t.time_ms, t.aggressor, bits(t.price), bits(t.size)) for t in again] == [
        (t.id, t.time_ms, t.aggressor, bits(t.price), bits(t.size)) for t in ledger
    ]


@given(st.binary(min_size=1, max_size=200), st.integers(0, 1_599), st.integers(0, 60))
def test_a_checksum_tells_every_changed_bit(body: bytes, bit: int, count: int) -> None:
    bit %= 8 * len(body)
    damaged = bytearray(body)
    damaged[bit // 8] ^= 1 << bit % 8
    good = checksum("KRW-BTC 1m", Span(0, 9), count, body)
    assert good != checksum("KRW-BTC 1m", Span(0, 9), count, bytes(damaged))
    assert good != checksum("KRW-ETH 1m", Span(0, 9), count, body)
    assert good != checksum("KRW-BTC 1m", Span(0, 10), count, body)
    assert good != checksum("KRW-BTC 1m", Span(0, 9), count + 1, body)


def test_a_body_of_another_length_is_no_chunk() -> None:
    with pytest.raises(ValueError, match="55 bytes are not 1 bars"):
        unpack_bars(bytes(55), 1)
    with pytest.raises(ValueError, match="34 bytes are not 1 trades"):
        unpack_prints(bytes(34), 1)


def bar(start_ms: int, close: float, stamp_ms: int) -> CandleRow:
    return CandleRow(start_ms, 1.0, 9.0, 1.0, close, 1.0, stamp_ms)


@given(
    st.lists(
        st.lists(st.builds(bar, st.integers(0, 9), numbers, st.integers(0, 3)), max_size=8), min_size=1, max_size=5
    )
)
def test_the_newest_statement_of_a_bar_holds(pages: list[list[CandleRow]]) -> None:
    model: dict[int, CandleRow] = {}
    for page in pages:
        for one in page:
            if one.start_ms not in model or one.last_trade_ms >= model[one.start_ms].last_trade_ms:
                model[one.start_ms] = one
    joined = join_bars([bars_of(page) for page in pages])
    assert joined.start.tolist() == sorted(model)
    assert [bits(x) for x in joined.ohlcv[:, 3].tolist()] == [bits(model[s].close) for s in sorted(model)]


@given(st.lists(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 20)), max_size=8), min_size=1, max_size=5))
def test_a_trade_is_kept_once(pages: list[list[tuple[int, int]]]) -> None:
    times = {id_: time for page in pages for time, id_ in reversed(page)}  # an id has one time
    parts = [prints_of([Trade("A", 1.0, 1.0, "BID", times[i], i) for _, i in page]) for page in pages]
    joined = join_prints(parts)
    assert sorted(joined.id.tolist()) == sorted(times)
    assert joined.time.tolist() == sorted(times[i] for i in joined.id.tolist())


@given(st.lists(st.integers(0, 40), max_size=60), st.integers(1, 12))
def test_pieces_are_the_whole_and_cut_no_moment_in_two(times: list[int], most: int) -> None:
    ledger = [Trade("A", 1.0, 1.0, "BID", time, n) for n, time in enumerate(sorted(times))]
    whole = Chunk(Span(-3, 50), prints_of(ledger))
    pieces = split(whole, most)
    assert pieces[0].span.from_ms == -3
    assert pieces[-1].span.to_ms == 50
    for left, right in itertools.pairwise(pieces):
        assert left.span.to_ms + 1 == right.span.from_ms
    for span, columns in pieces:
        assert all(span.from_ms <= t <= span.to_ms for t in columns.time.tolist())
    together = join([p.columns for p in pieces])
    assert isinstance(together, Prints)
    assert together.id.tolist() == [t.id for t in ledger]


@given(st.lists(st.integers(0, 100), unique=True, max_size=60), st.integers(1, 12))
def test_pieces_of_bars_are_of_about_one_length(starts: list[int], most: int) -> None:
    pieces = split(Chunk(Span(0, 100), bars_of([bar(s, 1.0, s) for s in sorted(starts)])), most)
    assert all(len(p.columns.time) <= most for p in pieces)
    assert len(pieces) == max(-(-len(starts) // most), 1)


spans = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 12)).map(lambda p: Span(p[0], p[0] + p[1])), max_size=8)


@given(st.tuples(st.integers(0, 60), st.integers(0, 30)), spans)
def test_uncovered_is_what_coverage_lacks(where: tuple[int, int], known: list[Span]) -> None:
    coverage = Coverage()
    for span in known:
        coverage.add(*span)
    span = Span(where[0], where[0] + where[1])
    gaps = uncovered(span, coverage)
    assert [t for gap in gaps for t in range(gap.from_ms, gap.to_ms + 1)] == [
        t for t in range(span.from_ms, span.to_ms + 1) if not coverage.has(t, t)
    ]


def test_within_takes_both_ends() -> None:
    bars = bars_of([bar(s, 1.0, s) for s in (1, 2, 3, 4)])
    assert within(bars, Span(2, 3)).time.tolist() == [2, 3]
    assert within(NO_BARS, Span(0, 9)).time.tolist() == []
    assert within(NO_PRINTS, Span(0, 9)).time.tolist() == []


# What is not kept yet.

MINUTE = 60_000


def series_of(*starts: int, break_ms: int | None = None) -> CandleSeries:
    series = CandleSeries(Interval.M1)
    series.merge([bar(s * MINUTE, float(s), s * MINUTE + 30_000) for s in starts])
    series.break_ms = None if break_ms is None else break_ms * MINUTE
    return series


def told(chunks: list[Chunk]) -> list[tuple[float, float, list[float]]]:
    """Return each chunk's span and bars, in minutes; the end exclusive."""
    return [
        (c.span.from_ms / MINUTE, (c.span.to_ms + 1) / MINUTE, [t / MINUTE for t in c.columns.time.tolist()])
        for c in chunks
    ]


def test_the_running_bar_is_never_kept() -> None:
    assert told(fresh_bars(series_of(1, 2, 4, 5), Coverage())) == [(1, 5, [1, 2, 4])]
    assert fresh_bars(series_of(5), Coverage()) == []
    assert fresh_bars(CandleSeries(Interval.M1), Coverage()) == []


def test_a_bar_is_kept_only_when_its_end_is_some_time_ago() -> None:
    series = series_of(1, 2)
    series.state(bar(3 * MINUTE, 3.0, 3 * MINUTE + SETTLED_MS - 1))
    assert told(fresh_bars(series, Coverage())) == [(1, 2, [1])]
    series.state(bar(3 * MINUTE, 3.0, 3 * MINUTE + SETTLED_MS))
    assert told(fresh_bars(series, Coverage())) == [(1, 3, [1, 2])]


def test_what_is_kept_already_is_left_out() -> None:
    kept = Coverage()
    kept.add(2 * MINUTE, 4 * MINUTE - 1)
    assert told(fresh_bars(series_of(1, 2, 3, 4, 5), kept)) == [(1, 2, [1]), (4, 5, [4])]


def test_nothing_behind_a_break_is_kept() -> None:
    assert told(fresh_bars(series_of(1, 2, 7, 8, 9, break_ms=2), Coverage())) == [(1, 2, [1])]


def test_nothing_is_kept_while_a_break_is_being_joined() -> None:
    series = series_of(1, 2, 7, 8, 9)
    series.is_joining = True
    assert fresh_bars(series, Coverage()) == []


def test_a_bar_of_trades_alone_stays_a_hole() -> None:
    series = series_of(1, 2)
    for second, minute in enumerate((3, 4)):
        series.fold_trade(Trade("A", 5.0, 1.0, "BID", minute * MINUTE + second, minute))
    series.state(bar(5 * MINUTE, 5.0, 5 * MINUTE + 30_000))
    assert told(fresh_bars(series, Coverage())) == [(1, 3, [1, 2])]
    series.merge([bar(3 * MINUTE, 5.0, 3 * MINUTE + 9)])
    assert told(fresh_bars(series, Coverage())) == [(1, 4, [1, 2, 3])]
    series.merge([bar(4 * MINUTE, 5.0, 4 * MINUTE + 9)])
    assert told(fresh_bars(series, Coverage())) == [(1, 5, [1, 2, 3, 4])]


def test_a_trade_that_is_laid_over_a_closed_bar_makes_it_doubtful_until_it_is_stated() -> None:
    series = series_of(1, 2, 3)
    series.fold_trade(Trade("A", 5.0, 1.0, "BID", 2 * MINUTE + 59_000, 1))
    assert told(fresh_bars(series, Coverage())) == [(1, 2, [1])]
    series.state(bar(2 * MINUTE, 5.0, 2 * MINUTE + 59_000))
    assert told(fresh_bars(series, Coverage())) == [(1, 3, [1, 2])]


@settings(deadline=None)
@given(st.lists(st.integers(1, 40), unique=True, min_size=1), st.sets(st.integers(1, 40)), spans)
def test_chunks_lie_beside_each_other_and_hold_what_the_series_has(
    minutes: list[int], doubtful: set[int], known: list[Span]
) -> None:
    series = series_of(*sorted(minutes))
    series.is_stated[np.isin(series.start_ms, [m * MINUTE for m in doubtful])] = False
    kept = Coverage()
    for a, b in known:
        kept.add(a * MINUTE, (b + 1) * MINUTE - 1)
    claimed: set[int] = set()
    for (from_ms, to_ms), columns in fresh_bars(series, kept):
        assert isinstance(columns, Bars)
        span = set(range(from_ms // MINUTE, (to_ms + 1) // MINUTE))
        assert not span & claimed
        claimed |= span
        have = set((columns.start // MINUTE).tolist())
        assert have == span & set(minutes)
    first, last = min(minutes), max(minutes)
    assert claimed == {
        m for m in range(first, last) if not kept.has(m * MINUTE, m * MINUTE) and not (m in doubtful and m in minutes)
    }


def test_trades_are_kept_where_the_tape_is_complete() -> None:
    tape = Tape()
    ledger = [Trade("A", 1.0, 1.0, "BID", at, at) for at in (1_000, 2_000, 9_000, 10_000, 15_000)]
    for one in ledger:
        tape.add(one)
    assert fresh_trades(tape, Coverage()) == []  # nobody said that this is all
    tape.cover(500, 2_500)
    tape.resume(ledger[2], is_known=False)
    chunks = fresh_trades(tape, Coverage())
    assert [c.span for c in chunks] == [Span(500, 2_500), Span(9_001, 15_000 - OVERLAP_MS)]
    assert [c.columns.time.tolist() for c in chunks] == [[1_000, 2_000], [10_000]]
    kept = Coverage()
    kept.add(0, 9_500)
    (chunk,) = fresh_trades(tape, kept)
    assert chunk.span.from_ms == 9_501


def test_a_restored_tape_knows_its_holes_and_asks_for_what_came_since() -> None:
    tape = Tape()
    tape.restore([Trade("A", 1.0, 1.0, "BID", at, at) for at in (100, 200, 500)], [Span(100, 250), Span(400, 600)])
    assert tape.holes == [Span(251, 399)]
    newest = Trade("A", 1.0, 1.0, "BID", 900, 900)
    assert tape.resume(newest, is_known=False)
    assert tape.holes == [Span(251, 399), Span(601, 900)]
    tape.cover(601, 900)
    assert tape.to_fill() == Span(251, 399)


def test_a_restored_series_is_a_break_until_it_is_joined() -> None:
    kept = bars_of([bar(s * MINUTE, float(s), s * MINUTE + 9) for s in (1, 2, 3)])
    series = CandleSeries(Interval.M1)
    series.fold_trade(Trade("A", 7.0, 1.0, "BID", 9 * MINUTE, 1))  # heard before the disk answered
    series.restore(*kept, is_joined=True)
    assert (series.start_ms // MINUTE).tolist() == [1, 2, 3, 9]
    assert series.break_ms == 3 * MINUTE
    assert not np.isnan(series.ohlcv).any()

    begun = series_of(8, 9)
    begun.restore(*kept, is_joined=False)
    assert begun.break_ms == 3 * MINUTE
    joined = series_of(4, 5)
    joined.restore(*kept, is_joined=True)
    assert joined.break_ms is None
    assert (joined.start_ms // MINUTE).tolist() == [1, 2, 3, 4, 5]


def test_a_late_trade_of_a_restored_bar_does_not_open_it_anew() -> None:
    series = CandleSeries(Interval.M1)
    series.restore(*bars_of([bar(MINUTE, 5.0, MINUTE + 50_000)]), is_joined=False)
    series.fold_trade(Trade("A", 7.0, 1.0, "BID", MINUTE + 20_000, 1))
    assert series.ohlcv.tolist() == [[1.0, 9.0, 1.0, 5.0, 1.0]]
