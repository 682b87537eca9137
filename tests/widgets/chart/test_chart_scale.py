"""The chart on logarithmic and percent scales: what it fits, how it moves, what its axis says."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF

from core.market import MINUTE_MS
from core.state.candles import CandleSeries
from tests.widgets.chart.bars import MARKET, row, series_of, walk
from tests.widgets.chart.parts import check_parts
from tests.widgets.chart.screen import WatchedChart, column, drag, middle, picture, settle, show, y_of
from widgets import theme
from widgets.chart.model import BOTTOM_SHARE, TOP_SHARE, VOLUME_SHARE, ChartModel, Dirt
from widgets.chart.studies import make
from widgets.plot.price_scale import PRICE_SCALES, PriceScale


def climb(count: int, factor: float = 1.01) -> CandleSeries:
    """Return bars that each close `factor` times as high as the one before."""
    made, price = [], 1_000.0
    for number in range(count):
        made.append(row(number * MINUTE_MS, price * factor, opening=price)._replace(low=price, high=price * factor))
        price *= factor
    return series_of(made)


def model_of(series: CandleSeries, scale: PriceScale) -> ChartModel:
    model = ChartModel()
    model.resize(800, 500)
    model.show(MARKET, series)
    model.set_price_scale(scale)
    return model


# What is fitted.


def test_autoscale_leaves_the_same_shares_of_the_height_on_a_logarithmic_scale() -> None:
    model = model_of(climb(400), "log")
    extent = model.extent()
    assert extent is not None
    low, high = math.log10(model.y0), math.log10(model.y1)
    assert (math.log10(extent.low) - low) / (high - low) == pytest.approx(BOTTOM_SHARE + VOLUME_SHARE)
    assert (high - math.log10(extent.high)) / (high - low) == pytest.approx(TOP_SHARE)


def test_a_steady_rise_is_a_straight_line_on_a_logarithmic_scale(view: WatchedChart) -> None:
    show(view, climb(300))
    view.set_price_scale("log")
    scale, rows = view.painter.canvas.scale, view.model.rows
    begin, end = view.model.shown
    assert np.diff(scale.ys(rows[begin:end, 3])) == pytest.approx(scale.y(1.01) - scale.y(1.0), rel=1e-6)


@pytest.mark.parametrize("price", [1e-8, 1.0, 143_000_000.0])
def test_a_flat_market_has_a_scale_of_some_steps_on_each_scale(price: float) -> None:
    made = [row(i * MINUTE_MS, price, opening=price)._replace(high=price, low=price) for i in range(50)]
    for scale in PRICE_SCALES:
        model = model_of(series_of(made), scale)
        assert model.y0 < price < model.y1
        assert math.isfinite(model.y0 + model.y1)
        if scale == "log":
            assert model.y0 > 0


def test_a_band_that_reaches_zero_takes_no_decades_from_the_bars() -> None:
    """Two bars a hundredfold apart: the band below them is less than nothing, where no logarithm is."""
    made = [row(i * MINUTE_MS, 100.0 if i % 40 < 30 else 10_000.0, opening=100.0) for i in range(200)]
    made = [r._replace(low=min(r.open, r.close), high=max(r.open, r.close)) for r in made]
    model = model_of(series_of(made), "log")
    model.set_studies((make("bollinger", {"stdev": 4.0}),))
    assert np.nanmin(model.studies.all[0].track.values) < 0
    extent = model.extent()
    assert extent is not None
    low, high = math.log10(model.y0), math.log10(model.y1)
    assert (math.log10(extent.low) - low) / (high - low) == pytest.approx(BOTTOM_SHARE + VOLUME_SHARE)


# How it moves.


@given(
    moves=st.lists(
        st.tuples(st.sampled_from(["pan", "zoom", "scale"]), st.floats(-3, 3), st.sampled_from(PRICE_SCALES)),
        max_size=25,
    )
)
def test_whatever_the_hands_do_the_range_is_one_that_its_scale_can_show(
    moves: list[tuple[str, float, PriceScale]],
) -> None:
    model = model_of(climb(200), "linear")
    for kind, by, scale in moves:
        if kind == "pan":
            model.pan(by * 20, by * (model.y1 - model.y0))
        elif kind == "zoom":
            model.zoom_price(10.0**by)
        else:
            model.set_price_scale(scale)
        assert model.y0 < model.y1
        assert math.isfinite(model.y0 + model.y1)
        if model.is_log:
            assert model.y0 > 0


def test_a_drag_moves_prices_by_as_much_as_the_hand_on_a_logarithmic_scale(view: WatchedChart) -> None:
    show(view, climb(300))
    view.set_price_scale("log")
    view._apply(view.model.zoom_price(1.2))
    at = middle(view)
    price = view.painter.canvas.scale.price(at.y())
    drag(view, at, at + QPoint(0, 60))
    assert view.painter.canvas.scale.y(price) == pytest.approx(at.y() + 60, abs=8)


@pytest.mark.parametrize("scale", PRICE_SCALES)
def test_zoom_by_hand_keeps_the_price_it_was_asked_to_keep(scale: PriceScale) -> None:
    model = model_of(climb(300), scale)
    price = math.sqrt(model.y0 * model.y1) if model.y0 > 0 else (model.y0 + model.y1) / 2

    def share() -> float:
        low, high = model.unit(model.y0), model.unit(model.y1)
        return (model.unit(price) - low) / (high - low)

    before = share()
    assert model.zoom_price(1.7, price) == Dirt.RANGE
    assert share() == pytest.approx(before)


def test_a_range_chosen_by_hand_stays_where_the_scale_can_show_it() -> None:
    model = model_of(climb(200), "linear")
    model.zoom_price(0.5)
    by_hand = (model.y0, model.y1)
    for scale in ("log", "percent", "linear"):
        model.set_price_scale(scale)
        assert (model.y0, model.y1, model.is_auto) == (*by_hand, False)
    model.zoom_price(50.0)
    assert model.y0 < 0
    model.set_price_scale("log")
    assert model.is_auto, "below zero there is no logarithm"


def test_the_view_box_has_logarithms_as_pyqtgraph_does(view: WatchedChart) -> None:
    view.set_price_scale("log")
    _, (low, high) = view.box.viewRange()
    assert (10**low, 10**high) == (pytest.approx(view.model.y0), pytest.approx(view.model.y1))
    is_auto = view.model.is_auto
    view.box.setXRange(100, 200, padding=0)
    assert view.model.is_auto == is_auto, "a range of bars says nothing of prices"
    view.box.setYRange(math.log10(2e7), math.log10(3e8), padding=0)
    assert (view.model.y0, view.model.y1) == (pytest.approx(2e7), pytest.approx(3e8))


# What is seen.


def test_bars_stand_where_their_prices_are_on_a_logarithmic_scale(view: WatchedChart) -> None:
    made = [row(0, 40_000.0, opening=10_000.0), row(MINUTE_MS, 5_000.0, opening=40_000.0), row(2 * MINUTE_MS, 6_000.0)]
    show(view, series_of([r._replace(high=max(r.open, r.close), low=min(r.open, r.close)) for r in made]))
    view.set_price_scale("log")
    image = picture(view)
    for index, color in ((0, theme.colors.up), (1, theme.colors.down)):
        ys = [y for y, c in enumerate(column(view, image, index, dx=2)) if c == color]
        assert abs(ys[0] - y_of(view, max(made[index].open, made[index].close))) <= 1
        assert abs(ys[-1] - y_of(view, min(made[index].open, made[index].close))) <= 1
    first = y_of(view, 10_000.0) - y_of(view, 40_000.0)
    second = y_of(view, 5_000.0) - y_of(view, 40_000.0)
    assert second == pytest.approx(first * 1.5, abs=2), "three doublings are half as much again as two"


@pytest.mark.parametrize("scale", PRICE_SCALES)
@pytest.mark.parametrize("dpr", [1.0, 1.5])
@pytest.mark.parametrize("shown", [120.0, 3_000.0])
def test_partial_paintings_give_the_picture_a_whole_one_gives(
    view: WatchedChart, monkeypatch: pytest.MonkeyPatch, scale: PriceScale, dpr: float, shown: float
) -> None:
    series = walk(4_000)
    show(view, series)
    view.set_studies((make("bollinger", {}), make("rsi", {})))
    view.set_price_scale(scale)
    view._apply(view.model.zoom(shown / (view.model.x1 - view.model.x0), view.model.x1))
    check_parts(view, series, monkeypatch, dpr=dpr, steps=16)


def test_an_indicator_lies_on_the_prices_it_is_made_of(view: WatchedChart) -> None:
    """Also where equal heights are no equal differences."""
    show(view, climb(300))
    view.set_studies((make("sma", {}),))
    for scale in PRICE_SCALES:
        view.set_price_scale(scale)
        settle()
        fields = dict(view.painter.studies._fields(view.painter.canvas.scale))
        field = fields[view.model.studies.all[0]]
        for index in (230, 250, 299):
            value = view.model.studies.all[0].value(0, index)
            assert field.y(value) == pytest.approx(y_of(view, value), abs=0.51)
            assert field.ys(np.array([value]))[0] == pytest.approx(field.y(value))


@given(low=st.floats(), high=st.floats(), scale=st.sampled_from(PRICE_SCALES))
@example(low=0.0, high=math.inf, scale="linear")
def test_prices_that_a_desk_kept_are_a_range_or_none(low: float, high: float, scale: PriceScale) -> None:
    model, series = model_of(climb(50), scale), climb(60)
    fitting = (model.y0, model.y1)
    model.take_prices("KRW-ETH", low, high)
    assert (model.y0, model.y1) == fitting, "of a market that is not shown yet"
    model.show("KRW-ETH", series)
    assert model.is_auto or (model.y0, model.y1) == (low, high)
    assert -math.inf < model.y0 < model.y1 < math.inf
    assert -math.inf < model.unit(model.y0) < model.unit(model.y1)


# What the axis says.


def test_percent_are_counted_from_the_close_of_the_first_bar_in_view(view: WatchedChart) -> None:
    """So TradingView and lightweight-charts count; another first bar is another base."""
    model, canvas = view.model, view.painter.canvas
    view.set_price_scale("percent")
    first = model.shown[0]
    assert model.base == model.rows[first, 3]
    assert canvas.axis_text(model.base) == "0.00%"
    assert canvas.axis_text(model.base * 1.0123) == "+1.23%"
    view._apply(model.pan(-50))
    assert model.shown[0] == first - 50
    assert model.base == model.rows[first - 50, 3]
    view._apply(model.pan(-1_000))
    assert model.base == model.rows[0, 3], "left of all bars the first one is the first in view"


def test_prices_stay_where_they_are_on_a_percent_scale() -> None:
    """The market of the chart is not bent: percent are another writing of the same axis."""
    series = climb(300)
    linear, percent = model_of(series, "linear"), model_of(series, "percent")
    assert (linear.y0, linear.y1) == (percent.y0, percent.y1)


def test_axis_label_and_crosshair_say_percent_and_the_read_out_prices(view: WatchedChart) -> None:
    view.set_price_scale("percent")
    settle()
    painter, model = view.painter, view.model
    assert all(tick.text.endswith("%") for tick in painter.axes._prices)
    assert painter.canvas.axis_text(model.last_price).endswith("%")
    assert painter._text_at(100).endswith("%")
    assert painter._seen.texts.numbers[3] == f"{model.last_price:,.0f}"


def test_the_axis_keeps_its_width_when_the_scale_changes(view: WatchedChart) -> None:
    """The read-out takes its room from it: numbers would jump."""
    widths = set()
    for scale in (*PRICE_SCALES, "linear"):
        view.set_price_scale(scale)
        settle()
        widths.add(view.painter.canvas.axis)
    assert len(widths) == 1


def test_a_price_on_the_chart_is_that_of_its_scale(view: WatchedChart) -> None:
    show(view, climb(300))
    view.set_price_scale("log")
    y = view.painter.canvas.scale.y(10_000.0)
    assert view.price_at(y) == pytest.approx(10_000.0, abs=10)
    view._point_at(QPointF(200, y))
    assert view.painter._text_at(round(y)).startswith(("9,9", "10,0"))


def test_a_price_far_below_the_last_is_written_in_its_own_steps_on_a_logarithmic_scale(view: WatchedChart) -> None:
    """A coin that rose from half a won to two thousand: at half a won there are steps of a thousandth."""
    made, price = [], 0.5
    for number in range(120):
        made.append(row(number * MINUTE_MS, price * 1.072, opening=price)._replace(low=price, high=price * 1.072))
        price *= 1.072
    show(view, series_of(made), "KRW-X")
    view._apply(view.model.zoom(3.0, view.model.x1))
    view.set_price_scale("log")
    y = view.painter.canvas.scale.y(0.777)
    assert view.model.tick == 1.0
    assert view.price_at(y) == pytest.approx(0.777, abs=0.02)
    assert view.painter._text_at(round(y)).startswith("0.7")


def test_an_empty_chart_is_painted_on_each_scale(view: WatchedChart) -> None:
    show(view, CandleSeries(walk(1).interval))
    for scale in PRICE_SCALES:
        view.set_price_scale(scale)
        view._point_at(QPointF(100, 100))
        assert not picture(view).isNull()
