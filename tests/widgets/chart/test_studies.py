"""Indicators on a chart: kept in step with its bars, in scales, kept as plain values."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.calc.indicators import KINDS
from core.state.candles import CandleSeries
from tests.widgets.chart.bars import MARKET, PRICE, TICK, row, rows, series_of, trade, walk
from widgets.chart.model import ChartModel, Dirt
from widgets.chart.studies import COLORS, MOST, Study, make, restore
from widgets.plot import polyline


def shown(series: CandleSeries, *kinds: str) -> tuple[ChartModel, list[Study]]:
    model = ChartModel()
    model.resize(800, 500)
    model.show(MARKET, series)
    made: list[Study] = []
    for kind in kinds:
        made.append(make(kind, {}, made))
    model.set_studies(tuple(made))
    return model, made


def whole(study: Study, model: ChartModel) -> np.ndarray:
    values: np.ndarray = KINDS[study.kind](study.indicator.values).full(model.bars)
    return values[: len(study.indicator.lines)]


# In step with the bars.


def test_a_trade_a_new_bar_and_older_bars_keep_every_line_right() -> None:
    series = series_of(rows(300, first=200))
    model, made = shown(series, *KINDS)
    changes = [
        lambda: series.fold_trade(trade(series, PRICE + 9 * TICK)),
        lambda: series.fold_trade(trade(series, PRICE - 9 * TICK, bars_on=1)),
        lambda: series.merge(rows(200)),
        lambda: series.fold_trade(trade(series, PRICE + 3 * TICK)),
        lambda: series.merge([row(int(series.start_ms[250]), PRICE + 50 * TICK)]),
    ]
    for change in changes:
        change()
        model.sync()
        for study in made:
            assert study.track.values.shape[1] == model.count
            assert study.track.values == pytest.approx(whole(study, model), rel=1e-7, abs=1e-6, nan_ok=True), study.kind


def test_another_series_brings_other_lines() -> None:
    model, (sma,) = shown(walk(300), "sma")
    model.show("KRW-ETH", walk(100))
    assert sma.track.values.shape == (1, 100)


def test_a_tick_works_out_the_last_bar_alone() -> None:
    series = walk(300)
    model, (sma,) = shown(series, "sma")
    sma.track.values[0, 100] = 1.0  # a mark: a whole pass would wipe it out
    series.fold_trade(trade(series, PRICE + TICK))
    assert model.sync() != Dirt.NONE
    assert sma.track.values[0, 100] == 1.0
    assert sma.track.values[0, -1] == pytest.approx(series.ohlcv[-20:, 3].mean())


def test_what_is_hidden_is_not_worked_out() -> None:
    model, (sma,) = shown(walk(300), "sma")
    sma.is_hidden = True
    model.show(MARKET, walk(200))
    assert sma.track.values.shape == (1, 300)
    assert model.studies.seen == []


# Scales.


def test_prices_make_room_for_lines_in_view() -> None:
    bare, _ = shown(walk(300))
    model, (band,) = shown(walk(300), "bollinger")
    begin, end = model.shown
    assert model.y1 > bare.y1 or model.y0 < bare.y0
    assert model.y0 <= np.nanmin(band.track.values[:, begin:end])
    assert model.y1 >= np.nanmax(band.track.values[:, begin:end])


def test_a_line_far_away_does_not_make_the_bars_flat() -> None:
    made = rows(400)
    series = series_of([row(r.start_ms, r.close + (1e9 if i < 300 else 0.0)) for i, r in enumerate(made)])
    model, _ = shown(series)
    model.set_studies((make("sma", {"count": 300}),))
    begin, end = model.shown
    bars = series.ohlcv[begin:end]
    assert np.nanmax(model.studies.all[0].track.values[0, begin:end]) > 1.5e8
    assert model.y1 - model.y0 < 6 * (bars[:, 1].max() - bars[:, 2].min())


def test_the_edge_of_a_band_does_not_move_the_scale_with_each_trade() -> None:
    series = walk(300)
    model, _ = shown(series, "bollinger")
    last = float(series.ohlcv[-1, 3])
    found = []
    for i in range(20):
        series.fold_trade(trade(series, last + (i % 3 - 1) * TICK, size=1e-9))
        found.append(model.sync())
    assert found.count(Dirt.RANGE) <= 2


def test_an_oscillator_keeps_its_bounds_and_another_fits_what_is_in_view() -> None:
    model, (rsi, macd, obv) = shown(walk(500), "rsi", "macd", "obv")
    assert (rsi.low < 0.0, rsi.high > 100.0) == (True, True)
    begin, end = model.shown
    for study in (macd, obv):
        values = study.track.values[:, begin:end]
        assert study.low <= np.nanmin(values)
        assert study.high >= np.nanmax(values)
        assert study.high - study.low < 3 * np.ptp(values[np.isfinite(values)])
    before = (obv.low, obv.high)
    model.pan(-200)
    assert (obv.low, obv.high) != before


def test_volume_is_no_higher_than_its_part_with_an_average() -> None:
    made = rows(300)
    series = series_of([row(r.start_ms, r.close, volume=100.0 if i < 280 else 1.0) for i, r in enumerate(made)])
    model, (average,) = shown(series, "volume_average")
    model.zoom(0.0, float(model.count))  # only the calm bars
    begin, end = model.shown
    assert model.volume_top >= np.nanmax(average.track.values[0, begin:end])


def test_panes_share_what_bars_can_spare() -> None:
    model, _ = shown(walk(100), "rsi", "macd", "atr", "obv", "stochastic")
    heights = model.studies.heights(600, 40)
    assert len(heights) == 5
    assert sum(heights) <= 0.7 * 600
    assert model.studies.heights(100, 40) == [0] * 5, "there is no room for any"


# Kept as plain values.


def test_what_is_kept_comes_back() -> None:
    _, made = shown(walk(50), *KINDS)
    made[0].is_hidden = True
    made[8].share = 0.3
    kept = [s.save() for s in made]
    back = restore(kept)
    assert [s.save() for s in back] == kept
    assert [s.indicator.values for s in back] == [s.indicator.values for s in made]


@pytest.mark.parametrize(
    "strange",
    [
        None,
        "sma",
        [None, 1, "sma", [], {}],
        [{"kind": "no such"}],
        [{"kind": ["sma"]}],
        [{"kind": 1.5, "values": {}}],
    ],
)
def test_what_is_strange_is_left_out(strange: object) -> None:
    assert restore(strange) == []


def test_strange_values_and_colors_become_defaults() -> None:
    kept = {"kind": "sma", "values": {"count": "many"}, "colors": ["red", 5], "hidden": 1, "share": math.nan}
    (study,) = restore([kept])
    assert study.indicator.values == {"count": 20}
    assert study.colors == (COLORS[0],)
    assert not study.is_hidden
    assert len(restore([kept] * 100)) == MOST


def test_each_new_one_has_colours_of_its_own() -> None:
    made: list[Study] = []
    for kind in ("sma", "ema", "bollinger"):
        made.append(make(kind, {}, made))
    colors = [c for s in made for c in s.colors]
    assert len(set(colors)) == len(colors) - 1, "both bands have one"
    assert made[2].colors[1] == made[2].colors[2]


# Points.

numbers = st.floats(-1e9, 1e9) | st.just(math.nan)


@given(st.lists(numbers, max_size=200), st.integers(-5, 100), st.integers(0, 220), st.integers(0, 4))
def test_points_reach_what_the_values_reach(values: list[float], begin: int, end: int, power: int) -> None:
    size = 1 << power
    found = polyline.points(np.array(values, float), begin, end, size)
    assert len(found.x) == len(found.y)
    assert (np.diff(found.x) >= 0).all()
    first = max(begin, 0) // size * size
    seen = np.array(values[first : min(end, len(values))] if max(begin, 0) < min(end, len(values)) else [])
    if size <= 8 and len(seen):  # of larger groups a sample is looked at
        assert np.fmin.reduce(found.y) == pytest.approx(np.fmin.reduce(seen), nan_ok=True)
        assert np.fmax.reduce(found.y) == pytest.approx(np.fmax.reduce(seen), nan_ok=True)
    assert len(found.x) <= max(2 * (len(seen) // size + 1), 0) if size > 1 else len(found.x) == len(seen)


@given(st.lists(numbers, min_size=1, max_size=300), st.integers(0, 300))
def test_points_of_a_part_are_those_of_the_whole(values: list[float], at: int) -> None:
    """What is in the layer and what is live must meet."""
    array, size = np.array(values), 4
    at -= at % size
    parts = [polyline.points(array, 0, at, size), polyline.points(array, at, len(array), size)]
    everything = polyline.points(array, 0, len(array), size)
    assert np.concatenate([p.x for p in parts]).tolist() == everything.x.tolist()


def test_segments_leave_gaps_where_there_is_no_value() -> None:
    x = np.arange(5.0)
    y = np.array([math.nan, 1.0, 2.0, math.nan, 3.0])
    assert polyline.segments(x, y).tolist() == [[1, 1, 2, 2]]
    assert len(polyline.segments(x[:1], y[:1])) == 0
    assert len(polyline.segments(x[:0], y[:0])) == 0


def test_groups_are_powers_of_two() -> None:
    assert [polyline.group(p) for p in (0.1, 1.0, 1.1, 2.0, 3.0, 1_000.0)] == [1, 1, 2, 2, 4, 1_024]
