"""A series against a naive model: pages in any order, frames and trades interleaved, everything more than once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.market import Interval
from core.state.candles import CandleSeries
from core.wire.messages import CandleRow, Trade

BEGIN_MS = 1_700_000_000_000


def row(
    start_ms: int, close: float = 100.0, volume: float = 1.0, last: int | None = None, *, open_: float = 100.0
) -> CandleRow:
    high, low = max(open_, close), min(open_, close)
    return CandleRow(start_ms, open_, high, low, close, volume, start_ms if last is None else last)


def trade(time_ms: int, price: float, size: float = 1.0, id_: int = 0) -> Trade:
    return Trade("KRW-BTC", price, size, "BID", time_ms, id_ or time_ms)


def bar_of(trades: Iterable[Trade]) -> tuple[float, float, float, float, float]:
    """Return what the exchange would say of a window with these trades, in order of time."""
    prices = [t.price for t in trades]
    return prices[0], max(prices), min(prices), prices[-1], sum(t.size for t in trades)


class Exchange:
    """What really happened, and what may be said of it at any moment."""

    def __init__(self, interval: Interval, trades: list[Trade]) -> None:
        self.interval = interval
        self.trades = trades
        self.happened = 0

    def windows(self) -> dict[int, list[Trade]]:
        found: dict[int, list[Trade]] = {}
        for one in self.trades[: self.happened]:
            found.setdefault(self.interval.floor(one.time_ms), []).append(one)
        return found

    def page(self, count: int, skip: int) -> list[CandleRow]:
        rows = [CandleRow(start, *bar_of(ts), ts[-1].time_ms) for start, ts in self.windows().items()]
        end = max(len(rows) - skip, 0)
        return rows[max(end - count, 0) : end]


class Model:
    """Window start -> the newest trade that is known to be in it. Everything said is consistent, so that is all."""

    def __init__(self, interval: Interval) -> None:
        self.interval = interval
        self.known: dict[int, int] = {}
        self.held: list[Trade] = []

    def state(self, one: CandleRow) -> None:
        self.known[one.start_ms] = max(self.known.get(one.start_ms, 0), one.last_trade_ms)
        held, self.held = self.held, []
        for ahead in held:
            self.fold(ahead)

    def fold(self, one: Trade) -> None:
        start = self.interval.floor(one.time_ms)
        if not self.known:
            self.held.append(one)
        elif start in self.known or start > max(self.known):
            self.known[start] = max(self.known.get(start, 0), one.time_ms)

    def bars(self, trades: list[Trade]) -> dict[int, tuple[float, ...]]:
        return {
            start: bar_of([t for t in trades if self.interval.floor(t.time_ms) == start and t.time_ms <= newest])
            for start, newest in sorted(self.known.items())
        }


class Step(NamedTuple):
    what: str
    a: int = 0
    b: int = 0


steps = st.lists(
    st.one_of(
        st.just(Step("happen")),
        st.just(Step("happen")),
        st.just(Step("trade")),
        st.just(Step("trade")),
        st.just(Step("frame")),
        st.builds(Step, st.just("ask"), st.integers(1, 6), st.integers(0, 4)),
        st.builds(Step, st.just("page"), st.integers(0, 50)),
    ),
    max_size=120,
)
# Whole prices and sizes: their sums are exact in any order.
histories = st.lists(st.tuples(st.integers(1, 1_400), st.integers(90, 110), st.integers(1, 9)), min_size=1, max_size=60)


@settings(deadline=None, max_examples=400)
@given(histories, steps, st.booleans(), st.sampled_from([Interval.S1, Interval.M1]))
def test_pages_frames_and_trades_make_what_the_exchange_saw(
    history: list[tuple[int, int, int]], play: list[Step], has_trades: bool, interval: Interval
) -> None:
    scale = interval.length_ms // 1_000
    now, trades = BEGIN_MS, []
    for gap, price, size in history:
        now += gap * scale
        trades.append(trade(now, float(price), float(size)))
    exchange, series, model = Exchange(interval, trades), CandleSeries(interval), Model(interval)
    pages: list[list[CandleRow]] = []
    heard = 0
    for step in play:
        before = series.version, series.start_ms.tolist(), series.ohlcv.tolist()
        if step.what == "happen":
            exchange.happened = min(exchange.happened + 1, len(trades))
        elif step.what == "trade" and has_trades and heard < exchange.happened:
            model.fold(trades[heard])
            series.fold_trade(trades[heard])
            heard += 1
        elif step.what == "frame":
            for one in exchange.page(1, 0):
                model.state(one)
                series.state(one)
        elif step.what == "ask":
            pages.append(exchange.page(step.a, step.b))  # the answer is under way
        elif step.what == "page" and pages:
            page = pages[step.a % len(pages)]  # in any order, and some twice
            for one in reversed(page):
                model.state(one)
            series.merge(page)
        if before[1:] != (series.start_ms.tolist(), series.ohlcv.tolist()):
            assert series.version > before[0]
        expected = model.bars(trades)
        assert series.start_ms.tolist() == list(expected)
        assert [tuple(r) for r in series.ohlcv.tolist()] == list(expected.values())


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 80), st.integers(1, 30)), max_size=12), st.integers(1, 40))
def test_a_series_is_bounded_and_keeps_the_newest(pages: list[tuple[int, int]], bound: int) -> None:
    series = CandleSeries(Interval.M1, bound=bound)
    told: set[int] = set()
    for first, count in pages:
        starts = [i * 60_000 for i in range(first, first + count)]
        series.merge([row(s) for s in starts])
        told.update(starts)
        assert len(series) <= bound
        if len(told) <= bound:
            assert series.start_ms.tolist() == sorted(told)
        elif len(series) == bound:
            assert series.is_complete  # what is older would only be pushed out again
        assert series.last_ms == max(told)


def test_pages_put_in_front_do_not_move_the_rest() -> None:
    series = CandleSeries(Interval.M1)
    minutes = [i * 60_000 for i in range(10_000)]
    for end in range(10_000, 0, -200):
        at = series.version, series.history_version
        series.merge([row(s, close=s / 60_000) for s in minutes[end - 200 : end]])
        assert series.version > at[0]
        assert series.history_version > at[1]
    assert series.start_ms.tolist() == minutes
    assert np.array_equal(series.ohlcv[:, 3], np.arange(10_000.0))


def test_arrays_are_views() -> None:
    series = CandleSeries(Interval.M1)
    series.merge([row(0), row(60_000)])
    assert series.ohlcv.base is not None
    assert np.shares_memory(series.ohlcv, series.ohlcv)
    assert series.start_ms.dtype == np.int64
    assert series.ohlcv.shape == (2, 5)
    assert CandleSeries(Interval.M1).ohlcv.shape == (0, 5)


def test_only_history_moves_the_history_version() -> None:
    series = CandleSeries(Interval.M1)
    series.merge([row(0), row(60_000)])
    before = series.history_version
    series.state(row(60_000, 101.0, 2.0, 60_500))
    series.fold_trade(trade(60_700, 102.0))
    assert series.history_version == before  # the last bar alone
    series.state(row(120_000))
    appended = series.history_version
    assert appended > before
    series.state(row(0, 99.0, 3.0))
    assert series.history_version > appended


def test_the_open_bar_is_the_last_row_and_the_trades_after_it() -> None:
    series = CandleSeries(Interval.M1)
    series.merge([row(0, 100.0, 5.0, 10_000)])
    assert series.fold_trade(trade(20_000, 103.0, 2.0))
    assert series.fold_trade(trade(30_000, 98.0, 1.0))
    assert series.ohlcv[-1].tolist() == [100.0, 103.0, 98.0, 98.0, 8.0]
    series.state(CandleRow(0, 100.0, 103.0, 100.0, 103.0, 7.0, 20_000))  # counts the first of them
    assert series.ohlcv[-1].tolist() == [100.0, 103.0, 98.0, 98.0, 8.0]
    series.state(row(0, 100.0, 5.0, 10_000))  # an older statement comes late
    assert series.ohlcv[-1].tolist() == [100.0, 103.0, 98.0, 98.0, 8.0]
    assert not series.fold_trade(trade(15_000, 500.0))  # the row counts it


def test_a_late_trade_does_not_set_the_close() -> None:
    # After a reconnect the live trade is there first, and REST brings the ones before it.
    series = CandleSeries(Interval.M1)
    series.merge([row(0, 100.0, 5.0, 10_000)])
    series.fold_trade(trade(40_000, 105.0))
    series.fold_trade(trade(20_000, 90.0))
    assert series.ohlcv[-1].tolist() == [100.0, 105.0, 90.0, 105.0, 7.0]
    series.fold_trade(trade(70_000, 107.0))
    series.fold_trade(trade(65_000, 106.0))  # it opened the window
    assert series.ohlcv[-1].tolist() == [106.0, 107.0, 106.0, 107.0, 2.0]


def test_a_page_that_was_overtaken_does_not_undo_a_closed_bar() -> None:
    series = CandleSeries(Interval.S1)
    series.merge([row(0), row(1_000, 100.0, 1.0, 1_100)])
    page = [row(0), row(1_000, 100.0, 1.0, 1_100)]  # made now, under way
    series.state(row(1_000, 104.0, 4.0, 1_900))
    series.state(row(2_000, 105.0))
    series.merge(page)
    assert series.ohlcv[1].tolist() == [100.0, 104.0, 100.0, 104.0, 4.0]


def test_a_frame_of_the_next_window_may_overtake_the_last_trade_of_this_one() -> None:
    series = CandleSeries(Interval.S1)
    series.merge([row(0, 100.0, 1.0, 500)])
    series.state(row(1_000, 101.0))
    before = series.history_version
    assert series.fold_trade(trade(900, 99.0, 2.0))
    assert series.ohlcv[0].tolist() == [100.0, 100.0, 99.0, 99.0, 3.0]
    assert series.history_version > before
    assert not series.fold_trade(trade(400, 1.0))
    assert not series.fold_trade(trade(-900, 1.0))  # no such bar


def test_trades_make_no_bar_until_the_exchange_stated_one_and_are_not_lost() -> None:
    series = CandleSeries(Interval.S1)
    assert not series.fold_trade(trade(700, 100.0))
    assert not series.fold_trade(trade(900, 101.0))
    assert not series.fold_trade(trade(1_200, 102.0))
    assert len(series) == 0
    series.merge([row(-1_000), row(0, 100.0, 3.0, 700)])  # made while they came
    assert series.start_ms.tolist() == [-1_000, 0, 1_000]
    assert series.ohlcv[1].tolist() == [100.0, 101.0, 100.0, 101.0, 4.0]
    assert series.ohlcv[2].tolist() == [102.0, 102.0, 102.0, 102.0, 1.0]


@pytest.mark.parametrize("interval", [Interval.W1, Interval.MONTH, Interval.H4])
def test_a_trade_opens_the_next_window_of_any_interval(interval: Interval) -> None:
    series = CandleSeries(interval)
    start = interval.floor(BEGIN_MS)
    series.merge([row(start, 100.0, 1.0, start)])
    series.fold_trade(trade(interval.next(start) - 1, 101.0))
    series.fold_trade(trade(interval.next(start), 102.0))
    assert series.start_ms.tolist() == [start, interval.next(start)]
    assert series.ohlcv[:, 3].tolist() == [101.0, 102.0]


def test_trades_that_no_frame_ever_counts_are_bounded() -> None:
    series = CandleSeries(Interval.MONTH)
    series.merge([row(Interval.MONTH.floor(BEGIN_MS))])
    for i in range(20_000):
        series.fold_trade(trade(BEGIN_MS + i, 100.0))
    assert series.ohlcv[-1, 4] == 20_001.0
    assert len(series._pending) <= 5_000


def test_restart_forgets_what_does_not_join() -> None:
    series = CandleSeries(Interval.S1)
    series.merge([row(i * 1_000) for i in range(5)])
    series.is_complete = True
    series.mark_break()
    before = series.version, series.history_version
    series.restart(3_000)
    assert series.start_ms.tolist() == [3_000, 4_000]
    assert not series.is_complete
    assert series.break_ms is None
    assert (series.version, series.history_version) > before
    series.fold_trade(trade(4_500, 101.0))
    series.restart()
    assert len(series) == 0
    assert series.first_ms == series.last_ms == -1
    series.merge([row(9_000)])
    assert series.ohlcv.tolist() == [[100.0, 100.0, 100.0, 100.0, 1.0]]


def test_a_break_begins_at_the_last_bar_and_a_second_one_does_not_move_it() -> None:
    series = CandleSeries(Interval.S1)
    series.mark_break()
    assert series.break_ms is None  # nothing is known, so nothing is broken
    series.merge([row(1_000)])
    series.mark_break()
    series.state(row(2_000))
    series.mark_break()
    assert series.break_ms == 1_000
