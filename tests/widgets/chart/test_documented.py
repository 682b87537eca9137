"""What users of other charts know from their manuals: time scale, conflation and formatting behave as described there.

The time scale keeps to bars (index based), follows while the newest bar is in view, and keeps the width of a bar; far
zoom shows the extremes of what it folds together; every price has the decimals of its market.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.market import DAY_MS, MINUTE_MS, Interval
from core.state.candles import CandleSeries
from tests.widgets.chart.bars import FIRST_MS, MARKET, PRICE, TICK, row, series_of, trade, walk
from widgets import theme
from widgets.chart.model import RIGHT_GAP_PX, ChartModel
from widgets.chart.view import ChartView
from widgets.plot.ticks import moment_text, time_ticks


def chart(count: int, width: float = 800.0) -> ChartModel:
    model = ChartModel()
    model.show(MARKET, walk(count))
    model.resize(width, 400.0)
    return model


# The time scale.


@given(st.integers(-600, 300), st.floats(0.2, 5.0))
def test_a_new_bar_moves_the_range_by_one_while_the_newest_is_in_view_and_else_not_at_all(
    pan: int, factor: float
) -> None:
    model = chart(500)
    model.zoom(factor, model.x1)
    model.pan(pan)
    was_in_view = model.x0 <= 499 <= model.x1
    before = model.x0, model.x1
    assert model.series is not None
    model.series.fold_trade(trade(model.series, PRICE, bars_on=1))
    model.sync()
    by = 1.0 if was_in_view else 0.0
    assert (model.x0, model.x1) == pytest.approx((before[0] + by, before[1] + by))


@given(st.floats(0.05, 8.0), st.floats(-400, 100))
def test_scrolled_to_real_time_the_newest_bar_stands_before_its_offset_in_bars_as_wide_as_they_were(
    factor: float, pan: float
) -> None:
    model = chart(3_000)
    model.zoom(factor, model.x1)
    model.pan(pan)
    width = model.px_per_bar
    model.go_live()
    assert model.px_per_bar == pytest.approx(width)
    offset = (model.x1 - (model.count - 1)) * model.px_per_bar
    assert offset == pytest.approx(max(RIGHT_GAP_PX, width), rel=1e-6)


@given(st.integers(1, 5_000), st.floats(100, 2_000))
def test_all_bars_can_be_shown_at_once_and_a_few_fill_the_chart(count: int, width: float) -> None:
    model = chart(count, width)
    model.zoom(1e6, model.x1)
    model.go_live()
    assert model.shown == (0, count)
    model.zoom(1e-6, model.x1)
    assert model.x1 - model.x0 == pytest.approx(8)


@given(st.lists(st.floats(100, 2_000), min_size=1, max_size=6))
def test_whatever_the_window_does_bars_keep_their_width_and_the_right_edge_its_bar(widths: list[float]) -> None:
    model = chart(3_000)
    model.pan(-700)
    px, edge = model.px_per_bar, model.x1
    for width in widths:
        model.resize(width, 400.0)
        assert model.px_per_bar == pytest.approx(px)
        assert model.x1 == pytest.approx(edge)


def test_windows_without_trades_take_no_room() -> None:
    made = [row(FIRST_MS + i * MINUTE_MS, PRICE) for i in (0, 1, 2, 500, 501)]
    model = ChartModel()
    model.show(MARKET, series_of(made))
    model.resize(800.0, 400.0)
    assert [model.time_at(i) for i in range(5)] == [r.start_ms for r in made]
    assert model.x_of(made[2].start_ms + 100 * MINUTE_MS) == 2


@given(st.integers(0, 8_000), st.integers(30, 6_000), st.integers(2, 14))
def test_a_greater_unit_is_never_left_out_for_a_lesser_one_beside_it(begin: int, bars: int, most: int) -> None:
    starts = FIRST_MS + np.arange(10_000, dtype=np.int64) * 15 * MINUTE_MS
    ticks = time_ticks(starts, begin, begin + bars, 15 * MINUTE_MS, most)
    room = bars / most * 0.75
    days = [
        i for i in range(begin + 1, min(begin + bars, 9_999)) if (int(starts[i]) + 9 * 60 * MINUTE_MS) % DAY_MS == 0
    ]
    shown = {round(t.x): t.rank for t in ticks}
    for i in days:
        near = [rank for x, rank in shown.items() if abs(x - i) < room]
        assert i in shown or not near or max(near) >= 1


# Conflation.


@pytest.fixture
def view(qtbot: QtBot) -> ChartView:
    made = ChartView()
    qtbot.addWidget(made)
    made.resize(700, 400)
    made.show()
    qtbot.waitExposed(made)
    return made


def plot(view: ChartView) -> QImage:
    width, height = view.painter.canvas.plot
    QApplication.processEvents()
    return view.viewport().grab().toImage().copy(0, 0, width, height)


def long_series(count: int, spike: int | None = None) -> CandleSeries:
    """Return a calm market with one bar far above it."""
    made = [row(FIRST_MS + i * MINUTE_MS, PRICE + TICK * (i % 7)) for i in range(count)]
    if spike is not None:
        made[spike] = made[spike]._replace(high=PRICE * 1.5)
    return series_of(made)


@pytest.mark.parametrize("spike", [0, 7, 4_321, 11_111, 39_990, 39_999])
def test_one_bar_of_forty_thousand_is_seen_when_all_are_shown(view: ChartView, spike: int) -> None:
    view.show_series(MARKET, long_series(40_000, spike))
    view._apply(view.model.zoom(1e6, view.model.x1))
    view.go_live()
    assert view.model.shown == (0, 40_000)
    scale = view.painter.canvas.scale
    x, y, image = round(scale.x(spike)), round(scale.y(PRICE * 1.45)), plot(view)
    colors = {image.pixelColor(min(max(x + d, 0), image.width() - 1), y).name() for d in (-1, 0, 1)}
    assert colors & {theme.colors.up.name(), theme.colors.down.name()}


@pytest.mark.parametrize("bars", [300, 1_700, 9_000, 39_000])
def test_what_is_folded_together_does_not_flicker_when_it_is_moved(view: ChartView, bars: int) -> None:
    view.show_series(MARKET, walk(40_000))
    view._apply(view.model.zoom(bars / (view.model.x1 - view.model.x0), view.model.x1))
    view._apply(view.model.pan(-bars * 0.1 - 20))
    view._apply(view.model.zoom_price(1.4))
    height = view.painter.canvas.plot[1]
    before = plot(view)
    view.drag(37, 0, False)
    after = plot(view)
    # Below the read-out, which stays, and the watermark, which stays too; and within the bars alone.
    same = different = 0
    bar = {theme.colors.up.name(), theme.colors.down.name()}
    for x in range(5, before.width() - 42, 3):
        for y in range(60, int(height * 0.75), 3):
            a, b = before.pixelColor(x, y).name(), after.pixelColor(x + 37, y).name()
            if a in bar or b in bar:
                same, different = same + (a == b), different + (a != b)
    assert same > 200
    assert different <= same * 0.01, f"{different} of {same + different} points of bars differ"


# Formatting.


@pytest.mark.parametrize(
    ("market", "price", "decimals"),
    [
        ("KRW-BTC", 143_250_000.0, 0),
        ("KRW-XRP", 3_280.0, 0),
        ("KRW-DOGE", 45.3, 1),
        ("KRW-PEPE", 0.0123, 4),
        ("BTC-ETH", 0.03123456, 8),
        ("USDT-BTC", 101_234.5, 2),
    ],
)
def test_every_price_on_the_chart_has_the_decimals_of_its_market(
    view: ChartView, market: str, price: float, decimals: int
) -> None:
    made = [row(i * MINUTE_MS, price, opening=price)._replace(high=price * 1.01, low=price * 0.99) for i in range(99)]
    view.show_series(market, series_of(made))
    plot(view)
    painter = view.painter
    texts = [painter._text_at(y) for y in range(10, painter.canvas.plot[1], 40)]
    texts += painter._seen.texts.numbers[:4]
    assert {len(text.partition(".")[2]) for text in texts} == {decimals}
    values = [float(text.replace(",", "")) for text in texts]
    assert values[:2] == sorted(values[:2], reverse=True)


@pytest.mark.parametrize("interval", list(Interval))
def test_a_moment_is_told_as_finely_as_the_bars_are(view: ChartView, interval: Interval) -> None:
    text = moment_text(1_780_000_000_000, interval.length_ms)
    assert text.startswith("2026-05-29")
    parts = {Interval.S1: 3}.get(interval, 0 if interval.length_ms >= DAY_MS else 2)
    assert len(text.partition(" ")[2].split(":")) == max(parts, 1)
    assert (":" in text) == bool(parts)
