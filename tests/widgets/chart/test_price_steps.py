"""Prices that are far from the last one are written, fitted and chosen in the steps that the market has there."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF

from core.market import MINUTE_MS, tick_size
from core.state.candles import CandleSeries
from core.state.drawings import Anchor, Drawing, Drawings
from core.wire.messages import CandleRow
from tests.widgets.chart.bars import row, series_of
from widgets import format as fmt
from widgets import theme
from widgets.chart import drawings_texts
from widgets.chart.canvas import AXIS_PAD_PX, TEXT_PX
from widgets.chart.model import ChartModel
from widgets.chart.reading import Field
from widgets.chart.studies import make
from widgets.chart.view import ChartView
from widgets.plot import texts
from widgets.plot.price_scale import PriceScale

COIN = "KRW-X"  # no drawings, no fixed steps: the published table's


def bar(number: int, low: float, high: float) -> CandleRow:
    opening, close = (low, high) if number % 2 else (high, low)
    return row(number * MINUTE_MS, close, opening=opening)._replace(low=low, high=high)


def risen() -> CandleSeries:
    """Return a coin that traded from 4.2 to 4.3, and trades at 150 now."""
    return series_of([bar(n, 4.2, 4.3) if n < 150 else bar(n, 149.0, 150.0) for n in range(300)])


def around_100() -> CandleSeries:
    """Return a coin between 97 and 102, where the step is ten times as wide from 100 on; the last price is 101."""
    return series_of([bar(n, 97.0 + n % 4, 98.0 + n % 4) for n in range(120)])


def look_back(view: ChartView, scale: PriceScale) -> None:
    """Show bars at 4.2 to 4.3 alone, and read the one in the middle."""
    view.show_series(COIN, risen())
    view.set_price_scale(scale)
    view._apply(view.model.pan(120 - view.model.x1))
    assert view.model.extent() == (4.2, 4.3, 2.0)


@pytest.mark.parametrize("scale", ["linear", "log"])
def test_a_past_far_below_the_last_price_fills_the_plot_and_is_written_in_its_steps(
    view: ChartView, scale: PriceScale
) -> None:
    look_back(view, scale)
    model, painter = view.model, view.painter
    assert 4.0 < model.y0 < 4.2
    assert 4.3 < model.y1 < 4.5
    assert painter.reading.texts(100).numbers[Field.OPEN : Field.CLOSE + 1] == ("4.30", "4.30", "4.20", "4.20")
    view.grab()
    said = [float(tick.text) for tick in painter.axes._prices]
    assert len(said) >= 3
    assert said == pytest.approx([tick.price for tick in painter.axes._prices], abs=1e-9)


def test_the_axis_has_room_for_low_prices_too(view: ChartView) -> None:
    """The read-out has as much for each price: "150" is shorter than "4.20"."""
    look_back(view, "percent")
    font, canvas = theme.font(TEXT_PX), view.painter.canvas
    assert texts.width(font, "150") + 2 * AXIS_PAD_PX < canvas.axis >= texts.width(font, "4.20") + 2 * AXIS_PAD_PX
    view.show_series(COIN, risen())
    view.set_price_scale("linear")
    view._apply(view.model.pan(120 - view.model.x1))
    view._apply(view.model.set_range(view.model.x0, view.model.x1, 149.0, 150.0))
    assert canvas.axis >= texts.width(font, "4.20") + 2 * AXIS_PAD_PX, "bars out of sight are read too"


def test_a_price_below_the_last_is_marked_and_chosen_as_the_market_has_it(view: ChartView) -> None:
    view.show_series(COIN, around_100())
    canvas = view.painter.canvas
    assert view.model.tick == 1.0
    assert [canvas.axis_text(p) for p in (99.5, 98.7, 101.0)] == ["99.5", "98.7", "101"]
    assert view.price_at(canvas.scale.y(99.5)) == 99.5
    assert view.price_at(canvas.scale.y(101.0)) == 101.0


@given(
    last=st.floats(1e-6, 1e8),
    wanted=st.floats(1e-6, 1e8),
    market=st.sampled_from(["KRW-X", "USDT-X", "BTC-X"]),
    scale=st.sampled_from(["linear", "log", "percent"]),
)
def test_every_price_of_a_market_is_written_whole_and_found_again(
    last: float, wanted: float, market: str, scale: PriceScale
) -> None:
    """Wherever the last price is."""
    tick = tick_size(market, wanted)
    price = round(round(wanted / tick) * tick, fmt.decimals(tick))
    model = ChartModel()
    model.show(market, series_of([row(0, last, opening=last)._replace(high=last, low=last)]))
    model.set_price_scale(scale)
    assert float(fmt.price(price, model.tick_at(price)).replace(",", "")) == price
    assert model.on_tick(price) == price


@given(low=st.floats(1e-3, 1e6), steps=st.integers(0, 40), rise=st.floats(1, 1e4))
def test_bars_take_their_share_of_the_height_however_far_the_last_price_went(
    low: float, steps: int, rise: float
) -> None:
    low = round(low, fmt.decimals(tick_size(COIN, low)))
    tick = tick_size(COIN, low)  # rounded up it may be another
    high = low + steps * tick
    model = ChartModel()
    model.show(COIN, series_of([bar(n, low, high) if n < 200 else bar(n, low * rise, low * rise) for n in range(400)]))
    model.resize(800, 500)
    model.pan(150 - model.x1)
    tall = (high - low) / (model.y1 - model.y0)
    assert tall == pytest.approx(0.64) if steps else model.y1 - model.y0 < 30 * tick


def test_indicators_are_read_in_the_steps_of_their_own_values(view: ChartView) -> None:
    look_back(view, "linear")
    view.set_studies((make("sma", {}), make("volume_profile", {}), make("atr", {})))
    studies = view.painter.studies
    found = {(p.study.kind, p.line): t for p, t in zip(studies.places, studies.texts(100), strict=True)}
    assert found["sma", 0] == "4.25"
    for line in (0, 2, 3):  # point of control and both ends of the value area
        assert 4.195 <= float(found["volume_profile", line][4:]) <= 4.315
    assert found["atr", 0] == "0.100", "a difference of prices, in tenths of their step"


def test_drawings_say_prices_in_their_own_steps(view: ChartView, monkeypatch: pytest.MonkeyPatch) -> None:
    view.show_series(COIN, around_100())
    said: list[str] = []
    level, measure = drawings_texts.level, drawings_texts.measure
    monkeypatch.setattr(drawings_texts, "level", lambda *a: said.append(level(*a)) or said[-1])
    monkeypatch.setattr(drawings_texts, "measure", lambda *a: said.extend(measure(*a)) or ("", ""))
    drawings, (begin, end) = Drawings(), (80 * MINUTE_MS, 110 * MINUTE_MS)
    sheet = drawings.sheet(COIN)
    ends = (Anchor(begin, 97.3), Anchor(end, 101.0))
    sheet.put(Drawing(1, "fibonacci", ends), Drawing(2, "measure", ends))
    view.show_drawings(drawings, COIN)
    view.grab()
    assert "0 (101)" in said
    assert "0.618 (98.7)" in said
    assert "1 (97.3)" in said
    assert any(text.startswith("+3.7 (") for text in said)
    assert math.isclose(view.model.last_price, 101.0)


@pytest.mark.parametrize("dpr", [1.0, 1.5])
@pytest.mark.parametrize("scale", ["linear", "log"])
def test_the_crosshair_says_the_price_that_a_click_takes(
    view: ChartView, monkeypatch: pytest.MonkeyPatch, dpr: float, scale: PriceScale
) -> None:
    """And its line lies where that price is marked."""
    monkeypatch.setattr(view, "devicePixelRatioF", lambda: dpr)
    view.show_series(COIN, series_of([bar(n, 140.0, 190.0) for n in range(120)]))
    view.set_price_scale(scale)
    view._fill()
    view.grab()
    painter, canvas = view.painter, view.painter.canvas
    for y in range(3, round(canvas.plot_rect.height()), 7):
        view._point_at(QPointF(200, y))
        cursor, price = painter._seen.cursor, view.price_at(y)
        assert cursor is not None
        assert price is not None
        assert painter._text_at(cursor[1]) == canvas.axis_text(price)
        step = abs(canvas.scale.y(price) - canvas.scale.y(price - view.model.tick))
        assert abs(canvas.scale.y(price) - cursor[1]) <= step / 2 + 0.01


def test_below_nothing_there_is_no_price(view: ChartView) -> None:
    view.show_series(COIN, around_100())
    view._apply(view.model.set_range(0.0, 120.0, -50.0, 150.0))
    y = view.painter.canvas.scale.y(-10.0)
    assert view.price_at(y) is None
    view._point_at(QPointF(200, y))
    assert view.painter._text_at(round(y)) == fmt.UNKNOWN
    assert not view.grab().isNull()
