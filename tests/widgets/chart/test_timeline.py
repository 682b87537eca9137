"""Windows without trades: left out, empty or flat, and never mixed up with bars."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.calc.heikin import averaged
from core.calc.indicators import KINDS, Bars
from core.market import DAY_MS, MINUTE_MS, SECOND_MS, Interval
from core.state.candles import CandleSeries
from tests.widgets.chart.bars import FIRST_MS, MARKET, PRICE, TICK, row, series_of, trade
from widgets.chart import timeline as module
from widgets.chart.compares import Compare
from widgets.chart.model import ChartModel, Dirt
from widgets.chart.studies import make
from widgets.chart.table import table
from widgets.chart.timeline import LONGEST, Gaps, Timeline, gaps_of

FILLING = st.sampled_from(["empty", "flat"])


def series_at(windows: list[int], interval: Interval = Interval.M1) -> CandleSeries:
    """Return a series with a bar in each of these windows, counted from the first, each with a close of its own."""
    starts, start = [], interval.floor(FIRST_MS)
    for number in range(windows[-1] + 1 if windows else 0):
        if number in windows:
            starts.append(start)
        start = interval.next(start)
    return series_of([row(s, PRICE + TICK * (i % 37)) for i, s in enumerate(starts)], interval)


def filled(series: CandleSeries, gaps: Gaps = "flat") -> Timeline:
    made = Timeline()
    made.gaps = gaps
    made.rebuild(series)
    return made


def same(one: Timeline, other: Timeline) -> None:
    assert np.array_equal(one.starts, other.starts)
    assert np.array_equal(one.rows, other.rows)
    assert np.array_equal(one.cuts, other.cuts)
    a, b = one.spread, other.spread
    assert (a is None) == (b is None)
    if a is not None and b is not None:
        assert np.array_equal(a.number, b.number)
        assert np.array_equal(a.is_filled, b.is_filled)


@given(
    gaps=st.lists(st.sampled_from([1, 1, 1, 2, 3, 7, LONGEST, LONGEST + 1, LONGEST + 2, 900]), max_size=30),
    interval=st.sampled_from([i for i in Interval if i is not Interval.MONTH]),
)
def test_filling_gives_every_bar_back_and_each_window_its_place(gaps: list[int], interval: Interval) -> None:
    series = series_at([int(n) for n in np.cumsum([0, *gaps])], interval)
    line = filled(series)
    assert line.spread is not None
    bars = ~line.spread.is_filled
    assert np.array_equal(line.starts[bars], series.start_ms)
    assert np.array_equal(line.rows[bars], series.ohlcv)
    assert np.array_equal(line.spread.number[bars], np.arange(len(series)))
    assert line.starts.tolist() == sorted(set(line.starts.tolist()))
    # A window without a trade: the close before it, four times, and no volume.
    before = series.ohlcv[line.spread.number[~bars], 3]
    assert np.array_equal(line.rows[~bars], np.column_stack([before] * 4 + [np.zeros(len(before))]))
    steps = np.diff(line.starts) // interval.length_ms
    assert {math.floor(c) for c in line.cuts} == set(np.flatnonzero(steps > 1).tolist()), "each cut is marked"
    assert len(line.starts) == 1 + sum(min(g - 1, LONGEST) + 1 for g in gaps)


def test_months_have_their_own_lengths() -> None:
    series = series_at([0, 3, 14], Interval.MONTH)
    line = filled(series)
    assert len(line.starts) == 15
    moments = [int(s) for s in line.starts]
    assert all(Interval.MONTH.floor(s) == s for s in moments)
    assert all(Interval.MONTH.next(a) == b for a, b in pairwise(moments))


@given(
    steps=st.lists(
        st.tuples(st.integers(0, 6), st.floats(0.9, 1.1)).map(lambda s: (s[0], round(PRICE * s[1]))),
        min_size=1,
        max_size=30,
    ),
    gaps=FILLING,
)
def test_going_on_makes_what_making_anew_makes(steps: list[tuple[int, float]], gaps: Gaps) -> None:
    series = series_at([0, 1, 5])
    model = ChartModel()
    model.set_gaps(gaps)
    model.show(MARKET, series)
    for bars_on, price in steps:
        series.fold_trade(trade(series, price, bars_on=bars_on))
        model.sync()
        same(model.timeline, filled(series, gaps))
        assert np.array_equal(model.rows, model.timeline.rows)
        assert model.last_price == price
        whole = ChartModel()
        whole.set_gaps(gaps)
        whole.show(MARKET, series)
        assert model.chunks.extent(model.rows, 0, model.count) == whole.chunks.extent(whole.rows, 0, whole.count)


def test_a_trade_in_the_last_bar_costs_no_pass_over_the_places() -> None:
    series = series_at([0, 4, 90])
    model = ChartModel()
    model.set_gaps("flat")
    model.show(MARKET, series)
    kept = model.timeline.rows
    kept[2, 4] = 0.25  # a mark: filling anew would wipe it out
    series.fold_trade(trade(series, series.ohlcv[-1, 3]))
    assert model.sync() == Dirt.LAST
    assert model.rows[2, 4] == 0.25
    series.fold_trade(trade(series, PRICE, bars_on=3))
    model.sync()
    assert (model.rows[2, 4], model.count) == (0.25, 94)


def test_what_is_left_out_is_the_series_itself() -> None:
    series = series_at([0, 4, 9])
    line = filled(series, "out")
    assert np.shares_memory(line.rows, series.ohlcv)
    assert line.spread is None
    assert not line.is_filled(1)


def test_a_hole_is_never_filled() -> None:
    series = series_at([0, 3, 4])
    model = ChartModel()
    model.set_gaps("flat")
    model.resize(800, 500)
    model.show(MARKET, series)
    assert model.count == 5
    series.mark_break()
    series.fold_trade(trade(series, PRICE, bars_on=6))
    model.sync()
    assert model.count == 6, "six windows of which nobody knows"
    assert model.hole is not None
    assert model.hole[0] == model.hole[1] == 4.5
    series.break_ms = None  # REST had nothing to tell of them
    assert model.sync() != Dirt.NONE
    assert (model.count, model.hole) == (11, None)


def test_the_oldest_gaps_are_left_out_where_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 10)
    series = series_at([0, 5, 10, 15, 20])
    line = filled(series)
    assert line.spread is not None
    assert line.spread.is_filled.sum() == 8
    assert line.starts[:3].tolist() == series.start_ms[:3].tolist()
    assert line.cuts.tolist() == [1.5], "one mark where filling begins"


def test_many_windows_stay_within_the_bound() -> None:
    starts = Interval.S1.floor(FIRST_MS) + np.arange(30_000, dtype=np.int64) * 3_600 * SECOND_MS
    values = np.tile([PRICE, PRICE, PRICE, PRICE, 1.0], (len(starts), 1))
    series = CandleSeries(Interval.S1)
    series.restore(starts, values, starts, is_joined=True)
    series.break_ms = None
    line = filled(series)
    assert line.spread is not None
    assert module.MOST - LONGEST < line.spread.is_filled.sum() <= module.MOST


# The chart around it.


@given(windows=st.sets(st.integers(0, 400), min_size=2, max_size=60).map(sorted), back=st.integers(0, 300))
def test_another_choice_keeps_the_market_in_view_or_the_moment(windows: list[int], back: int) -> None:
    series = series_at(windows)
    model = ChartModel()
    model.resize(800, 500)
    model.show(MARKET, series)
    for gaps in ("flat", "empty", "out"):
        model.pan(-back)
        was_following, edge = model.is_following, model.x1 - model.count
        moment = int(model.starts[min(max(math.floor(model.x1), 0), model.count - 1)])
        assert model.set_gaps(gaps) == Dirt.ALL  # type: ignore[arg-type]
        if was_following:
            assert model.x1 - model.count == pytest.approx(edge)
        elif model.x0 > 0 and model.x1 < model.count - 4:  # away from where the view is held back
            assert int(model.starts[math.floor(model.x1)]) >= moment
            assert int(model.starts[math.floor(model.x1) - 1]) < moment


def test_the_reading_says_that_nothing_was_traded() -> None:
    model = ChartModel()
    model.set_gaps("flat")
    model.show(MARKET, series_at([0, 2]))
    quiet, loud = model.reading(1), model.reading(2)
    close = model.reading(0).close
    assert quiet[1:] == (close, close, close, close, 0.0, 0.0, False)
    assert loud.is_traded
    assert loud.change == pytest.approx(loud.close / close - 1), "against the last bar, not against nothing"


@given(steps=st.lists(st.tuples(st.integers(0, 5), st.integers(-9, 9)), min_size=1, max_size=30), gaps=FILLING)
def test_averaged_bars_are_worked_out_of_bars_alone(steps: list[tuple[int, int]], gaps: Gaps) -> None:
    series = series_at([0, 1, 5])
    model = ChartModel()
    model.set_style("heikin")
    model.set_gaps(gaps)
    model.show(MARKET, series)
    for bars_on, up in steps:
        series.fold_trade(trade(series, PRICE + TICK * up, bars_on=bars_on))
        model.sync()
        wanted = averaged(series.ohlcv)
        spread = model.timeline.spread
        assert spread is not None
        assert len(model.drawn) == model.count
        assert model.drawn[~spread.is_filled] == pytest.approx(wanted)
        assert model.drawn[spread.is_filled, 0] == pytest.approx(wanted[spread.number[spread.is_filled], 3])
    model.set_gaps("out")
    assert model.drawn == pytest.approx(averaged(series.ohlcv))


@given(windows=st.sets(st.integers(0, 60), min_size=2, max_size=30).map(sorted), gaps=FILLING)
def test_a_table_has_bars_alone(windows: list[int], gaps: Gaps) -> None:
    model = ChartModel()
    model.show(MARKET, series_at(windows))
    model.set_studies((make("sma", {}), make("ema", {"length": 3})))
    plain = table(model, "DEMO")
    model.set_gaps(gaps)
    spread = table(model, "DEMO")
    assert spread.rows == plain.rows == len(windows)
    for one, other in zip(plain.columns, spread.columns, strict=True):
        assert one.name == other.name
        assert np.array_equal(one.values, other.values, equal_nan=one.kind == "float"), one.name
    assert (
        [c.values.tolist() for c in table(model, "DEMO", 1).columns if c.name == "time_ms"]
        == [  # type: ignore[union-attr]
            model.series.start_ms[1:].tolist()  # type: ignore[union-attr]
        ]
    )


def test_a_compared_market_stands_at_the_places_of_its_time() -> None:
    other = series_at([0, 2, 5])
    model = ChartModel()
    model.show(MARKET, series_at([0, 5]))
    model.set_compares((Compare("KRW-ETH", other, "#ffffff"),))
    model.set_gaps("empty")
    first, second, third = other.ohlcv[:, 3].tolist()
    assert model.compares[0].values.tolist() == [first, first, second, second, second, third]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_indicators_are_worked_out_of_bars_alone(kind: str) -> None:
    windows = [n for n in range(400) if n % 5 or n % 3]
    series = series_at(windows)
    plain, spread = make(kind, {}), make(kind, {})
    plain.rebuild(Bars(series.start_ms, series.ohlcv))
    model = ChartModel()
    model.set_gaps("flat")
    model.show(MARKET, series)
    model.set_studies((spread,))
    for bars_on in (0, 1, 4, 0, 90, 2):
        series.fold_trade(trade(series, PRICE + TICK * bars_on, bars_on=bars_on))
        model.sync()
    plain.rebuild(Bars(series.start_ms, series.ohlcv))
    found = model.timeline.spread
    assert found is not None
    assert spread.values.shape[1] == model.count
    for n, line in enumerate(spread.indicator.lines):
        wanted = plain.values[n, found.number].copy()
        if line.style == "bars":
            wanted[found.is_filled] = math.nan
        assert spread.values[n] == pytest.approx(wanted, rel=1e-7, abs=1e-6, nan_ok=True)


def test_a_desk_file_cannot_say_anything_strange() -> None:
    assert [gaps_of(g) for g in ("flat", "empty", "out", "", None, 3, ["flat"])] == [
        "flat",
        "empty",
        "out",
        "out",
        "out",
        "out",
        "out",
    ]


def test_days_and_weeks_are_counted_as_the_exchange_does() -> None:
    assert np.diff(filled(series_at([0, 2], Interval.W1)).starts).tolist() == [7 * DAY_MS] * 2
    assert np.diff(filled(series_at([0, 2], Interval.D1)).starts).tolist() == [DAY_MS] * 2
    assert np.diff(filled(series_at([0, 2], Interval.M3)).starts).tolist() == [3 * MINUTE_MS] * 2
