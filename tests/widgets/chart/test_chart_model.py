"""What the chart shows: following the market, moving and zooming, history in front, scales."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.market import MINUTE_MS, Interval
from core.state.candles import CandleSeries
from tests.widgets.chart.bars import MARKET, PRICE, TICK, row, rows, series_of, trade, walk
from widgets.chart.model import (
    BAR_PX,
    BOTTOM_SHARE,
    LEAST_BARS,
    TOP_SHARE,
    VOLUME_SHARE,
    ChartModel,
    Dirt,
)


def shown(series: CandleSeries, width: float = 800.0, height: float = 500.0) -> ChartModel:
    model = ChartModel()
    model.resize(width, height)
    model.show(MARKET, series)
    return model


def view(model: ChartModel) -> tuple[float, float]:
    return model.x0, model.x1


# Following the market.


def test_it_opens_on_the_newest_bars_with_room_to_the_right() -> None:
    model = shown(walk(500))
    assert model.px_per_bar == pytest.approx(BAR_PX)
    assert model.is_following
    gap_px = (model.x1 - 499) * model.px_per_bar
    assert 40 <= gap_px <= 120


def test_a_new_bar_moves_the_view_by_one() -> None:
    series = walk(500)
    model = shown(series)
    before = view(model)
    series.fold_trade(trade(series, PRICE, bars_on=1))
    assert model.sync() == Dirt.RANGE
    assert view(model) == (before[0] + 1, before[1] + 1)
    assert model.count == 501


def test_looking_back_a_new_bar_moves_nothing() -> None:
    series = walk(500)
    model = shown(series)
    model.pan(-300)
    assert not model.is_following
    before = view(model)
    series.fold_trade(trade(series, PRICE, bars_on=1))
    model.sync()
    assert view(model) == before
    assert model.count == 501


def test_a_trade_inside_the_scales_touches_the_last_bar_only() -> None:
    series = walk(500)
    model = shown(series)
    assert model.sync() == Dirt.NONE
    price = float(series.ohlcv[-1, 3])
    series.fold_trade(trade(series, price, size=1e-9))
    assert model.sync() == Dirt.LAST
    assert model.sync() == Dirt.NONE
    assert model.last_price == price


def test_a_trade_beyond_the_scale_moves_it() -> None:
    series = walk(500)
    model = shown(series)
    series.fold_trade(trade(series, PRICE * 1.01))
    assert model.sync() == Dirt.RANGE
    assert model.y1 > PRICE * 1.01


def test_bars_skipped_while_hidden_come_all_at_once() -> None:
    series = walk(500)
    model = shown(series)
    before = view(model)
    for _ in range(7):
        series.fold_trade(trade(series, PRICE, bars_on=1))
    model.sync()
    assert view(model) == (before[0] + 7, before[1] + 7)


def test_go_live_returns_to_the_newest_bar() -> None:
    model = shown(walk(500))
    home = view(model)
    model.pan(-321)
    assert model.go_live() == Dirt.RANGE
    assert view(model) == pytest.approx(home)


def test_reset_time_gives_bars_their_first_width_back() -> None:
    model = shown(walk(5_000))
    home = view(model)
    model.zoom(6, 4_000)
    model.pan(-1_000)
    model.reset_time()
    assert view(model) == pytest.approx(home)


# History.


def test_older_bars_in_front_keep_the_view_on_its_bars() -> None:
    made = rows(900)
    series = series_of(made[600:])
    model = shown(series)
    model.pan(-180)
    bar_at_right = model.time_at(model.x1)
    span = model.x1 - model.x0
    series.merge(made[200:600])
    assert model.sync() == Dirt.RANGE
    assert model.time_at(model.x1) == bar_at_right
    assert model.x1 - model.x0 == pytest.approx(span)
    assert model.count == 700


def test_following_is_kept_when_older_bars_come() -> None:
    made = rows(400)
    series = series_of(made[380:])
    model = shown(series)
    right = model.x1 - model.count
    series.merge(made[:380])
    model.sync()
    assert model.x1 - model.count == pytest.approx(right)
    assert model.is_following


def test_a_window_stated_late_between_others_keeps_the_view_on_its_bars() -> None:
    made = rows(600)
    series = series_of(made[:100] + made[110:])
    model = shown(series)
    model.pan(-150)
    bar_at_right = model.time_at(model.x1)
    series.merge(made[100:110])
    model.sync()
    assert model.time_at(model.x1) == bar_at_right


def test_older_bars_are_asked_for_before_the_edge_is_seen() -> None:
    series = walk(1_000)
    model = shown(series)
    assert not model.wants_history
    while model.x0 > 60:
        model.pan(-10)
    assert not model.wants_history
    model.pan(-20)
    assert model.x0 > 0
    assert model.wants_history
    series.is_complete = True
    assert not model.wants_history


def test_an_empty_series_wants_history_and_opens_on_what_comes() -> None:
    series = CandleSeries(Interval.M1)
    model = shown(series)
    assert model.wants_history
    assert model.extent() is None
    assert (model.index_at(3), model.time_at(3), model.index_of(0)) == (None, None, None)
    assert math.isnan(model.last_price)
    series.merge(rows(200))
    assert model.sync() == Dirt.RANGE
    assert model.is_following
    assert model.index_at(model.count - 1) == 199


def test_a_series_that_starts_over_is_shown_anew() -> None:
    series = walk(300)
    model = shown(series)
    model.pan(-100)
    series.restart()
    model.sync()
    assert model.count == 0
    series.merge(rows(50, first=10_000))
    model.sync()
    assert model.is_following
    assert model.count == 50


def test_another_market_opens_at_its_newest_bar_with_the_bars_as_wide_as_before() -> None:
    model = shown(walk(500))
    model.zoom(2, 450)
    model.zoom_price(2)
    width = model.px_per_bar
    assert model.show("KRW-ETH", walk(40)) == Dirt.ALL
    assert (model.market, model.count, model.is_auto, model.is_following) == ("KRW-ETH", 40, True, True)
    assert model.px_per_bar == pytest.approx(width)


# Moving and zooming: whatever the user does.

moves = st.lists(
    st.one_of(
        st.tuples(st.just("pan"), st.floats(-5_000, 5_000), st.floats(-1e7, 1e7)),
        st.tuples(st.just("zoom"), st.floats(0.05, 20), st.floats(0, 1)),
        st.tuples(st.just("size"), st.floats(1, 3_000), st.floats(1, 2_000)),
        st.tuples(st.just("price"), st.floats(0.1, 10), st.floats(0, 1)),
        st.tuples(st.just("live"), st.just(0.0), st.just(0.0)),
    ),
    max_size=12,
)


@given(count=st.integers(1, 3_000), gestures=moves)
def test_some_bars_stay_in_sight_whatever_the_user_does(count: int, gestures: list[tuple[str, float, float]]) -> None:
    model = shown(walk(count))
    for kind, a, b in gestures:
        if kind == "pan":
            model.pan(a, b)
        elif kind == "zoom":
            model.zoom(a, model.x0 + b * (model.x1 - model.x0))
        elif kind == "size":
            model.resize(a, b)
        elif kind == "price":
            model.zoom_price(a)
        else:
            model.go_live()
        begin, end = model.shown
        assert 0 <= begin < end <= count
        assert model.y1 > model.y0
        assert model.x1 > model.x0
        assert math.isfinite(model.px_per_bar)


@given(factor=st.floats(0.2, 5), share=st.floats(0, 1), before=st.integers(-400, 0))
def test_zoom_keeps_the_bar_under_the_cursor(factor: float, share: float, before: int) -> None:
    model = shown(walk(3_000))
    model.pan(before)
    x = model.x0 + share * (model.x1 - model.x0)
    model.zoom(factor, x)
    assert model.x0 + share * (model.x1 - model.x0) == pytest.approx(x, abs=1e-6)


def test_zoom_ends_where_bars_would_be_too_wide_or_too_many() -> None:
    model = shown(walk(3_000))
    for _ in range(100):
        model.zoom(0.5, 2_900)
    assert model.x1 - model.x0 == LEAST_BARS
    for _ in range(100):
        model.zoom(2, 2_900)
    assert 3_000 <= model.x1 - model.x0 <= 3_000 * 1.3


def test_pan_moves_by_bars_and_prices_only_by_hand() -> None:
    model = shown(walk(1_000))
    x0 = model.x0
    model.pan(-10.5, 5e6)
    assert model.x0 == x0 - 10.5
    low, high = model.y0, model.y1
    assert high < PRICE * 1.05, "automatic: the prices fit the bars"
    model.zoom_price(1.0)
    model.pan(0, 5e6)
    assert (model.y0, model.y1) == (pytest.approx(low + 5e6), pytest.approx(high + 5e6))


def test_resizing_keeps_the_width_of_a_bar_and_the_right_edge() -> None:
    model = shown(walk(1_000))
    width, right = model.px_per_bar, model.x1
    assert model.resize(400, 300) == Dirt.ALL
    assert (model.px_per_bar, model.x1) == (pytest.approx(width), right)
    assert model.resize(400, 300) == Dirt.NONE


# Which bar is where.


@given(first=st.integers(0, 50), gap=st.integers(1, 30), data=st.data())
def test_x_and_time_agree(first: int, gap: int, data: st.DataObject) -> None:
    made = rows(60)
    series = series_of(made[: first + 1] + made[min(first + gap, 59) :])
    model = shown(series)
    index = data.draw(st.integers(0, model.count - 1))
    within = data.draw(st.floats(-0.49, 0.49))
    assert model.index_at(index + within) == index
    time = model.time_at(index + within)
    assert time == int(series.start_ms[index])
    assert model.index_of(time) == index
    assert model.index_of(time + MINUTE_MS - 1) == index
    assert model.index_of(int(series.start_ms[0]) - 1) is None


def test_time_goes_on_after_the_last_bar_and_not_before_the_first() -> None:
    model = shown(walk(100))
    assert model.time_at(99 + 5) == int(model.starts[-1]) + 5 * MINUTE_MS
    assert model.index_at(100.5) is None
    assert model.time_at(-0.6) is None


def test_the_reading_of_a_bar() -> None:
    made = [row(0, 110.0, opening=100.0), row(MINUTE_MS, 99.0, opening=110.0, volume=3.5)]
    model = shown(series_of(made))
    first, second = model.reading(0), model.reading(1)
    assert (first.open, first.close, first.change) == (100.0, 110.0, pytest.approx(0.1))
    assert second == (MINUTE_MS, 110.0, 110.0 + TICK, 99.0 - TICK, 99.0, 3.5, pytest.approx(-0.1), True)
    for index in (-1, 2):
        with pytest.raises(IndexError):
            model.reading(index)


def test_a_stop_is_a_hole_at_once_and_until_it_is_filled() -> None:
    series = walk(100)
    model = shown(series)
    assert model.hole is None
    series.mark_break()
    assert model.sync() == Dirt.RANGE
    assert model.hole == (99.5, model.x1), "nothing is known of what comes after"
    series.fold_trade(trade(series, PRICE, bars_on=8))
    model.sync()
    assert model.hole == (99.5, 99.5)
    series.break_ms = None
    assert model.sync() == Dirt.RANGE
    assert model.hole is None


# Scales.


def test_the_bars_in_view_fill_the_scale_above_the_volume() -> None:
    model = shown(walk(2_000))
    model.pan(-700)
    begin, end = model.shown
    part = model.rows[begin:end]
    height = model.y1 - model.y0
    assert part[:, 1].max() == pytest.approx(model.y1 - TOP_SHARE * height)
    assert part[:, 2].min() == pytest.approx(model.y0 + (BOTTOM_SHARE + VOLUME_SHARE) * height)
    assert part[:, 4].max() <= model.volume_top <= part[:, 4].max() * 1.11


def test_a_flat_market_has_a_scale_of_some_ticks() -> None:
    made = [row(i * MINUTE_MS, PRICE)._replace(high=PRICE, low=PRICE) for i in range(50)]
    model = shown(series_of(made))
    assert 5 * TICK < model.y1 - model.y0 < 30 * TICK
    assert model.y0 < PRICE < model.y1


def test_bars_without_volume_have_a_scale_all_the_same() -> None:
    model = shown(series_of([row(i * MINUTE_MS, PRICE, volume=0.0) for i in range(50)]))
    assert model.volume_top == 1.0


def test_prices_scaled_by_hand_stay_until_they_are_automatic_again() -> None:
    series = walk(500)
    model = shown(series)
    automatic = (model.y0, model.y1)
    middle = (model.y0 + model.y1) / 2
    assert model.zoom_price(2) == Dirt.RANGE
    assert (model.y0 + model.y1) / 2 == pytest.approx(middle)
    by_hand = (model.y0, model.y1)
    model.pan(-100)
    series.fold_trade(trade(series, PRICE * 1.2))
    model.sync()
    assert (model.y0, model.y1) == by_hand
    model.go_live()
    model.auto_price()
    assert model.y1 > PRICE * 1.2
    assert automatic[1] < model.y1


@pytest.mark.parametrize("factor", [10.0, 0.1])
def test_the_price_scale_cannot_be_zoomed_away(factor: float) -> None:
    model = shown(walk(500))
    for _ in range(100):
        model.zoom_price(factor)
    assert 0 < model.y1 - model.y0 < math.inf
    assert np.isfinite([model.y0, model.y1]).all()


def test_a_range_chosen_elsewhere_is_taken() -> None:
    model = shown(walk(2_000))
    y = (model.y0, model.y1)
    model.set_range(100.0, 300.0, *y)
    assert view(model) == (100.0, 300.0)
    assert model.is_auto, "other bars, the same prices: they fit themselves"
    model.set_range(100.0, 300.0, 1.0, 2.0)
    assert (model.y0, model.y1, model.is_auto) == (1.0, 2.0, False)


@pytest.mark.parametrize(("market", "price", "tick"), [("KRW-PEPE", 0.0123, 1e-4), ("BTC-ETH", 0.0312, 1e-8)])
def test_the_tick_is_the_markets_at_its_last_price(market: str, price: float, tick: float) -> None:
    model = ChartModel()
    model.show(market, series_of([row(0, price, opening=price)._replace(high=price, low=price)]))
    assert model.tick == tick
    assert 5 * tick < model.y1 - model.y0 < 30 * tick, "a bar without height has a scale of some ticks"
