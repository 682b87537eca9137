"""The chart on screen: its pixels, what is painted again, mouse and keys, pyqtgraph items on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pyqtgraph as pg
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QRegion
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.market import MINUTE_MS
from core.state.candles import CandleSeries
from tests.waiting import qt_until
from tests.widgets.chart.bars import MARKET, PRICE, TICK, row, rows, series_of, trade, walk
from tests.widgets.chart.screen import (
    LEFT,
    WatchedChart,
    area,
    column,
    drag,
    middle,
    move,
    numbers,
    picture,
    repainted,
    settle,
    show,
    wheel,
    y_of,
)
from widgets import theme
from widgets.chart.model import VOLUME_SHARE
from widgets.chart.reading import Field
from widgets.chart.view import ChartView
from widgets.plot import texts


@pytest.fixture
def short_clicks(qapp: QApplication) -> Iterator[None]:
    """A click is known for a single one soon: nobody waits for the second."""
    before = qapp.doubleClickInterval()
    qapp.setDoubleClickInterval(40)
    yield
    qapp.setDoubleClickInterval(before)


# Pixels.


def test_bars_stand_where_their_prices_are_in_their_colours(view: WatchedChart) -> None:
    up, down = row(0, PRICE + 40 * TICK), row(MINUTE_MS, PRICE - 40 * TICK)
    show(view, series_of([up, down, row(2 * MINUTE_MS, PRICE)]))
    image = picture(view)
    for index, bar, color in ((0, up, theme.colors.up), (1, down, theme.colors.down)):
        pixels = column(view, image, index)
        ys = [y for y, c in enumerate(pixels) if c == color]
        plot = [y for y in ys if y < view.painter.canvas.plot[1] * (1 - VOLUME_SHARE)]
        assert abs(plot[0] - y_of(view, bar.high)) <= 1
        assert abs(plot[-1] - y_of(view, bar.low)) <= 1
        body = [y for y, c in enumerate(column(view, image, index, dx=2)) if c == color]
        assert abs(body[0] - y_of(view, max(bar.open, bar.close))) <= 1
        assert abs(body[-1] - y_of(view, min(bar.open, bar.close))) <= 1


def test_volume_stands_in_the_lowest_fifth_as_high_as_its_share(view: WatchedChart) -> None:
    show(view, series_of([row(i * MINUTE_MS, PRICE + TICK, volume=v) for i, v in enumerate((4.0, 2.0, 1.0, 0.5))]))
    image = picture(view)
    floor = view.painter.canvas.plot[1]
    grounds = {theme.colors.surface.rgb(), theme.colors.grid.rgb()}
    heights = []
    for index in range(3):
        lowest = column(view, image, index)[round(floor * (1 - VOLUME_SHARE)) - 2 :]
        heights.append(sum(c.rgb() not in grounds for c in lowest))
    assert 0.85 * floor * VOLUME_SHARE <= heights[0] <= floor * VOLUME_SHARE
    assert heights[1] == pytest.approx(heights[0] / 2, abs=1)
    assert heights[2] == pytest.approx(heights[0] / 4, abs=1)


def test_the_price_line_and_its_label_are_at_the_last_price(view: WatchedChart) -> None:
    series = walk(500)
    show(view, series)
    painter, image = view.painter, picture(view)
    is_up = series.ohlcv[-1, 3] >= series.ohlcv[-1, 0]
    color = theme.colors.up if is_up else theme.colors.down
    y = y_of(view, float(series.ohlcv[-1, 3]))
    right = [image.pixelColor(x, y) == color for x in range(painter.canvas.plot[0] - 40, painter.canvas.plot[0])]
    assert 10 <= sum(right) <= 30, "dashed"
    assert image.pixelColor(painter.canvas.plot[0] + 2, y) == color, "the label's ground"


def test_a_stale_price_is_grey(view: WatchedChart) -> None:
    y = y_of(view, view.model.last_price)
    view.set_marks("", "", True)
    assert picture(view).pixelColor(view.painter.canvas.plot[0] + 2, y) == theme.colors.faint


def test_all_bars_in_view_leave_no_gap_between_columns(view: WatchedChart) -> None:
    show(view, walk(60_000))
    view.box.setXRange(0, 60_000, padding=0)
    image = picture(view)
    colors = {theme.colors.up.rgb(), theme.colors.down.rgb()}
    height = round(view.painter.canvas.plot[1] * (1 - VOLUME_SHARE))
    empty = [
        x for x in range(view.painter.canvas.plot[0]) if not any(image.pixel(x, y) in colors for y in range(0, height))
    ]
    assert empty == []


def test_demo_prices_say_so_behind_the_bars(view: WatchedChart) -> None:
    show(view, series_of([row(0, PRICE)]))

    def marked() -> int:
        image = picture(view)
        return sum(
            image.pixelColor(x, y) == theme.colors.watermark
            for x in range(0, view.painter.canvas.plot[0], 2)
            for y in range(0, view.painter.canvas.plot[1], 2)
        )

    before = marked()
    view.set_marks("DEMO", "", False)
    assert marked() > before + 50


def test_a_hole_is_hatched(view: WatchedChart) -> None:
    series = walk(100)
    show(view, series)

    def hatched() -> int:
        image = picture(view)
        x0 = round(view.painter.canvas.scale.x(99.5))
        return sum(image.pixelColor(x, y) == theme.colors.warn for x in range(x0, x0 + 20) for y in range(200, 240))

    assert hatched() == 0
    series.mark_break()
    view.sync()
    assert hatched() > 20


@pytest.fixture
def switched(qapp: QApplication) -> Iterator[Callable[[str], None]]:
    """Return what switches the theme; the one before comes back after the test."""
    yield lambda name: theme.apply(qapp, name)
    theme.apply(qapp, "dark")


def test_a_theme_switch_repaints_in_the_new_colours(view: WatchedChart, switched: Callable[[str], None]) -> None:
    switched("light")
    settle()
    image = picture(view)
    assert image.pixelColor(3, 300) in (theme.colors.surface, theme.colors.grid)
    assert any(c == theme.colors.up for index in range(450, 499) for c in column(view, image, index))


@pytest.mark.parametrize("dpr", [1.0, 1.25, 1.5, 2.0])
def test_partial_paintings_give_the_picture_a_whole_one_gives(
    view: WatchedChart, monkeypatch: pytest.MonkeyPatch, dpr: float
) -> None:
    """What is repainted after ticks and moves of the mouse leaves nothing stale and nothing missing."""
    series = walk(500)
    monkeypatch.setattr(view, "devicePixelRatioF", lambda: dpr)
    show(view, series)
    view._fill()
    settle()
    canvas = QImage(round(800 * dpr), round(500 * dpr), QImage.Format.Format_RGB32)
    canvas.setDevicePixelRatio(dpr)

    def paint(region: QRegion) -> None:
        painter = QPainter(canvas)
        painter.setClipRegion(region)
        view.painter.paint(painter, region)
        view.painter.paint_cursor(painter, region)
        painter.end()

    whole = QRegion(0, 0, 800, 500)
    regions: list[QRegion] = []
    view._update = regions.append  # type: ignore[method-assign]
    paint(whole)
    opening, inks = float(series.ohlcv[-1, 0]), set()
    for step in range(40):
        if step % 3 or step > 20:
            series.fold_trade(trade(series, opening + TICK * (step * 7 % 10 - 5), size=1e-6))
            view.sync()
        else:
            view._point_at(QPointF(60 + step * 13, 30 + step * 9))
        if step % 5 == 0:
            view.set_now(series.last_ms + 1_000 * step)
        if step == 20:
            view._point_at(None)  # from here on the read-out is of the last bar
        if step > 20:
            inks.add(view.painter._seen.texts.ink.rgb())
        region = QRegion()
        for r in regions:
            region += r
        regions.clear()
        paint(region)
        partial = canvas.copy()
        view.painter._is_layer_good = False
        paint(whole)
        assert partial == canvas, f"after step {step}"
    assert inks == {theme.colors.up.rgb(), theme.colors.down.rgb()}, "the last bar changed its colour"


# What is painted again.


def test_nothing_new_paints_nothing(view: WatchedChart) -> None:
    assert repainted(view, view.sync).isEmpty()


def test_a_tick_paints_the_last_bar_the_line_the_label_and_its_numbers(view: WatchedChart) -> None:
    series = walk(500)
    show(view, series)
    price = float(series.ohlcv[-2:, 3].mean())

    def tick() -> None:
        series.fold_trade(trade(series, round(price / TICK) * TICK, size=1e-9))
        view.sync()

    region = repainted(view, tick)
    painter = view.painter
    bar = round(painter.canvas.scale.x(499))
    assert region.contains(QPoint(bar, 300))
    assert region.contains(QPoint(painter.canvas.plot[0] + 10, y_of(view, view.model.last_price)))
    assert not region.contains(QPoint(200, 460)), "the volume of other bars"
    assert not region.contains(QPoint(200, 490)), "the time axis"
    assert area(region) < 0.2 * 800 * 500


def test_a_new_bar_paints_everything(view: WatchedChart) -> None:
    series = walk(500)
    show(view, series)

    def bar() -> None:
        series.fold_trade(trade(series, PRICE, bars_on=1))
        view.sync()

    assert area(repainted(view, bar)) == 800 * 500


def test_the_countdown_paints_its_label_only(view: WatchedChart) -> None:
    series = walk(500)
    show(view, series)
    view.set_now(series.last_ms + 10_000)
    region = repainted(view, lambda: view.set_now(series.last_ms + 11_000))
    assert region.boundingRect() == QRect(*view.painter._label_box(view.model.last_price))
    assert view.painter._countdown() == "00:49"


def test_a_countdown_is_shown_only_while_it_means_something(view: WatchedChart) -> None:
    series = walk(500)
    show(view, series)
    assert view.painter._countdown() == ""
    view.set_now(series.last_ms + MINUTE_MS + 1)
    assert view.painter._countdown() == "", "the bar should be closed: no trade came since"
    view.set_now(view.model.series.last_ms - 900)
    assert view.painter._countdown() == "01:00", "a bar that began after the last beat"
    view.set_now(series.last_ms + 10_000)
    assert view.painter._countdown() == "00:50"
    view.set_marks("", "", True)
    assert view.painter._countdown() == "", "stale"


def test_the_crosshair_paints_lines_and_labels_only(view: WatchedChart) -> None:
    move(view, 200, 200)
    region = repainted(view, lambda: move(view, 300, 250))
    assert region.contains(QPoint(round(view.painter._cursor_px()[0]), 400))  # type: ignore[index]
    assert not region.contains(QPoint(500, 400))
    assert area(region) < 0.15 * 800 * 500
    left = repainted(view, lambda: QApplication.sendEvent(view, QEvent(QEvent.Type.Leave)))
    assert not left.isEmpty()
    assert view.painter.cursor is None


def test_a_hidden_chart_paints_once_when_shown(view: WatchedChart) -> None:
    series = walk(500)
    show(view, series)
    view.hide()
    settle()
    view.painted.clear()
    for _ in range(10):
        series.fold_trade(trade(series, PRICE, bars_on=1))
        view.sync()
        settle()
    assert view.painted == []
    view.show()
    qt_until(lambda: view.painted)
    assert view.model.count == 510


# The read-out.


def test_the_read_out_is_of_the_last_bar_or_of_the_one_under_the_cursor(view: WatchedChart) -> None:
    made = rows(500)
    show(view, series_of(made))
    assert numbers(view)[Field.CLOSE] == f"{made[-1].close:,.0f}"
    move(view, view.painter.canvas.scale.x(470), 200)
    read = numbers(view)
    assert [read[f] for f in (Field.OPEN, Field.HIGH, Field.LOW, Field.CLOSE)] == [
        f"{v:,.0f}" for v in (made[470].open, made[470].high, made[470].low, made[470].close)
    ]
    assert read[Field.VOLUME] == f"{made[470].volume:.2f}" or made[470].volume < 1
    assert read[Field.CHANGE] == f"{(made[470].close / made[469].close - 1) * 100:+.2f}%"
    move(view, view.painter.canvas.plot[0] + 20, 200)
    assert numbers(view)[Field.CLOSE] == f"{made[-1].close:,.0f}", "over the axis there is no crosshair"


@pytest.mark.parametrize("width", [160, 200, 240, 300, 360, 420, 560, 960])
@pytest.mark.parametrize(
    ("market", "price", "tick"),
    [("KRW-BTC", 143_250_000.0, 1_000.0), ("KRW-PEPE", 0.01234, 1e-5), ("BTC-ETH", 0.03123456, 1e-8)],
)
def test_the_read_out_never_reaches_the_axis(
    view: WatchedChart, width: int, market: str, price: float, tick: float
) -> None:
    view.resize(width, 400)
    made = [
        row(i * MINUTE_MS, price + tick, opening=price)._replace(high=price + 2 * tick, low=price - tick)
        for i in range(300)
    ]
    show(view, series_of(made), market)
    painter, fonts = view.painter, theme.font(11)
    places = painter.reading.places
    for place, text in zip(places, painter._seen.texts.numbers, strict=True):
        x, y, room, tall = place.box
        assert x + room <= painter.canvas.plot[0]
        assert texts.width(fonts, text) <= room, f"{text} is wider than its slot"
        assert y + tall <= painter.canvas.plot[1]
    for a in places:
        for b in places:
            assert a is b or not QRect(*a.box).intersects(QRect(*b.box))
    if width >= 240:
        assert Field.CLOSE in {p.field for p in places}


def test_numbers_of_the_read_out_do_not_move_when_others_get_longer(view: WatchedChart) -> None:
    series = walk(500)
    show(view, series)
    before = list(view.painter.reading.places)
    for size in (0.0001, 5.0, 12_345.0, 9e7):
        series.fold_trade(trade(series, PRICE, size=size))
        view.sync()
        settle()
        assert view.painter.reading.places == before


# Axes.


@pytest.mark.parametrize("price", [143_250_000.0, 0.00001234, 71_234.5])
def test_the_price_axis_has_room_for_its_labels(view: WatchedChart, price: float) -> None:
    market = {143_250_000.0: "KRW-BTC", 0.00001234: "BTC-DOGE", 71_234.5: "USDT-BTC"}[price]
    made = [row(i * MINUTE_MS, price, opening=price)._replace(high=price * 1.02, low=price * 0.97) for i in range(99)]
    show(view, series_of(made), market)
    image = picture(view)
    painter = view.painter
    right, ground = view.width() - 1, theme.colors.surface.rgb()
    beside = [image.pixel(right - i, y) for i in range(3) for y in range(painter.canvas.plot[1])]
    assert set(beside) <= {ground, theme.colors.up.rgb(), theme.colors.down.rgb()}, "texts end before the edge"
    first = [image.pixel(painter.canvas.plot[0] + i, y) for i in (2, 3) for y in range(painter.canvas.plot[1])]
    assert set(first) <= {ground, theme.colors.up.rgb(), theme.colors.down.rgb()}, "and begin after the line"


def test_the_price_axis_takes_no_width_from_the_market_before(view: WatchedChart) -> None:
    cheap = series_of([row(i * MINUTE_MS, 512.0, opening=512.0) for i in range(99)])
    show(view, cheap, "KRW-XRP")
    width = view.painter.canvas.axis
    show(view, walk(500))
    assert view.painter.canvas.axis > width
    coming = series_of([])
    show(view, coming, "KRW-XRP")
    coming.merge([row(i * MINUTE_MS, 512.0, opening=512.0) for i in range(99)])
    view.sync()
    assert view.painter.canvas.axis == width


def test_the_last_price_cuts_no_text_of_the_axis_in_two(view: WatchedChart) -> None:
    series = walk(500)
    show(view, series)
    painter = view.painter
    low, high = series.ohlcv[-60:, 2].min(), series.ohlcv[-60:, 1].max()
    cut = 0
    for step in range(40):
        series.fold_trade(trade(series, round((low + (high - low) * step / 40) / TICK) * TICK, size=1e-9))
        view.sync()
        image, seen = picture(view), painter._seen
        assert seen.label is not None
        texts_near = [QRect(*b) for b in painter.canvas.price_texts if QRect(*b).intersects(QRect(*seen.label))]
        for rect in texts_near:
            cut += 1
            beside = [
                image.pixelColor(x, y)
                for y in range(rect.top(), rect.bottom() + 1)
                for x in range(rect.left(), rect.right() + 1)
                if not QRect(*seen.label).contains(x, y)
            ]
            assert {c.rgb() for c in beside} <= {theme.colors.surface.rgb()}
    assert cut


def test_the_axis_does_not_shrink_and_grow_while_the_chart_moves(view: WatchedChart) -> None:
    show(view, walk(2_000))
    plots = set()
    for _ in range(60):
        view.drag(20, 0, False)
        settle()
        plots.add(view.painter.canvas.plot)
    assert len(plots) == 1


# Mouse.


def test_dragging_pans_by_the_same_distance(view: WatchedChart) -> None:
    model, at = view.model, middle(view)
    bar = model.x0 + at.x() / model.px_per_bar
    drag(view, at, at + QPoint(160, 0))
    assert model.x0 + (at.x() + 160) / model.px_per_bar == pytest.approx(bar, abs=1.0)
    assert not model.is_following
    assert model.is_auto


def test_dragging_up_and_down_moves_prices_scaled_by_hand(view: WatchedChart) -> None:
    model, at = view.model, middle(view)
    model.zoom_price(1.5)
    before = (model.y0, model.y1)
    per_px = (model.y1 - model.y0) / model.height
    drag(view, at, at + QPoint(0, 60))
    assert model.y0 == pytest.approx(before[0] + 60 * per_px, abs=8 * per_px)
    assert model.y1 - model.y0 == pytest.approx(before[1] - before[0])


def test_the_wheel_zooms_at_the_cursor(view: WatchedChart) -> None:
    model, at = view.model, QPointF(300, 200)
    bar, span = model.x0 + 300 / model.px_per_bar, model.x1 - model.x0
    wheel(view, 3, at)
    assert model.x1 - model.x0 == pytest.approx(span / 1.15**3)
    assert model.x0 + 300 / model.px_per_bar == pytest.approx(bar)
    wheel(view, -3, at)
    assert model.x1 - model.x0 == pytest.approx(span)


def test_the_price_axis_zooms_by_drag_and_wheel_and_a_double_click_fits_again(view: WatchedChart) -> None:
    model = view.model
    automatic = (model.y0, model.y1)
    axis = QPoint(view.painter.canvas.plot[0] + 20, 200)
    drag(view, axis, axis + QPoint(0, 80))
    assert not model.is_auto
    assert model.y1 - model.y0 > (automatic[1] - automatic[0]) * 1.2
    dragged = model.y1 - model.y0
    wheel(view, 2, QPointF(axis))
    assert model.y1 - model.y0 == pytest.approx(dragged / 1.15**2)
    double_click(view, axis)
    assert model.is_auto
    assert (model.y0, model.y1) == pytest.approx(automatic)


def double_click(view: ChartView, at: QPoint) -> None:
    """Click twice as a user does: Qt sends press, release, double click, release."""
    port = view.viewport()
    QTest.mouseClick(port, LEFT, pos=at)
    QTest.mouseDClick(port, LEFT, pos=at)
    QTest.mouseRelease(port, LEFT, pos=at)
    settle()


def test_the_time_axis_zooms_around_the_newest_bar_and_a_double_click_goes_home(view: WatchedChart) -> None:
    model = view.model
    home = (model.x0, model.x1)
    axis = QPoint(300, view.painter.canvas.plot[1] + 10)
    drag(view, axis, axis - QPoint(100, 0))
    assert model.x1 == pytest.approx(home[1])
    assert model.x0 < home[0] - 20
    spread = model.x1 - model.x0
    wheel(view, 2, QPointF(axis))
    assert model.x1 - model.x0 == pytest.approx(spread / 1.15**2)
    model.pan(-200)
    double_click(view, axis)
    assert (model.x0, model.x1) == pytest.approx(home)


def test_other_buttons_do_not_pan(view: WatchedChart) -> None:
    before, at = (view.model.x0, view.model.x1), middle(view)
    port = view.viewport()
    QTest.mousePress(port, Qt.MouseButton.RightButton, pos=at)
    for dx in range(0, 100, 10):
        QTest.mouseMove(port, at + QPoint(dx, 0))
        settle()
    QTest.mouseRelease(port, Qt.MouseButton.RightButton, pos=at + QPoint(90, 0))
    assert (view.model.x0, view.model.x1) == before


# Keys.


def test_keys_zoom_page_and_go_to_the_newest_bar(view: WatchedChart) -> None:
    model = view.model
    home, span = (model.x0, model.x1), model.x1 - model.x0
    for key, factor in ((Qt.Key.Key_Plus, 1 / 1.15), (Qt.Key.Key_Minus, 1.0), (Qt.Key.Key_Equal, 1 / 1.15)):
        QTest.keyClick(view, key)
        assert model.x1 - model.x0 == pytest.approx(span * factor)
    QTest.keyClick(view, Qt.Key.Key_Minus)
    QTest.keyClick(view, Qt.Key.Key_PageUp)
    assert model.x0 == pytest.approx(home[0] - 0.2 * span)
    QTest.keyClick(view, Qt.Key.Key_PageDown)
    assert model.x0 == pytest.approx(home[0])
    QTest.keyClick(view, Qt.Key.Key_PageUp)
    QTest.keyClick(view, Qt.Key.Key_PageUp)
    QTest.keyClick(view, Qt.Key.Key_End)
    assert (model.x0, model.x1) == pytest.approx(home)


# pyqtgraph items and the view around it.


def test_a_pyqtgraph_item_stands_on_the_chart_in_bars_and_prices(view: WatchedChart) -> None:
    last = view.model.count - 1
    line = pg.PlotCurveItem([last - 60, last], [PRICE, PRICE], pen=pg.mkPen("#00ff00", width=3))
    view.box.setYRange(PRICE - 300 * TICK, PRICE + 300 * TICK, padding=0)
    view.box.addItem(line)
    settle()
    x, y = round(view.painter.canvas.scale.x(last - 30)), y_of(view, PRICE)
    image = picture(view)
    assert any(image.pixelColor(x, y + d) == QColor("#00ff00") for d in (-1, 0, 1))
    assert any(c == theme.colors.up for i in range(last - 50, last) for c in column(view, image, i)), "bars below it"
    view.box.removeItem(line)
    view.viewport().update()
    assert all(picture(view).pixelColor(x, y + d) != QColor("#00ff00") for d in (-1, 0, 1))


def test_a_range_given_to_the_view_box_is_what_is_shown(view: WatchedChart) -> None:
    said = []
    view.range_changed.connect(lambda: said.append(1))
    view.box.setXRange(100, 200, padding=0)
    assert (view.model.x0, view.model.x1) == pytest.approx((100, 200))
    assert said


def test_the_view_box_knows_the_range_and_the_place_of_the_plot(view: WatchedChart) -> None:
    view.drag(77, 0, False)
    (x0, x1), (y0, y1) = view.box.viewRange()
    model = view.model
    assert (x0, x1, y0, y1) == pytest.approx((model.x0, model.x1, model.y0, model.y1))
    assert view.box.geometry() == view.painter.canvas.plot_rect


@pytest.mark.parametrize("size", [(1, 1), (40, 30), (120, 500), (800, 60), (2_000, 1_200)])
def test_any_size_is_painted(view: WatchedChart, size: tuple[int, int]) -> None:
    view.setMinimumSize(1, 1)
    view.resize(*size)
    move(view, size[0] / 3, size[1] / 3)
    view.set_now(view.model._last_ms + 1_000)
    image = picture(view)
    assert (image.width(), image.height()) == size


def test_an_empty_chart_is_painted_and_answers_the_mouse(view: WatchedChart) -> None:
    show(view, CandleSeries(walk(1).interval))
    view.set_marks("DEMO", "loading history", False)
    move(view, 100, 100)
    drag(view, QPoint(300, 200), QPoint(400, 200))
    wheel(view, 1, QPointF(200, 200))
    assert picture(view).pixelColor(300, 420) == theme.colors.surface


def test_a_chart_scrolled_past_its_last_bars_is_painted(view: WatchedChart) -> None:
    for _ in range(10):
        view.drag(-400, 0, False)
        settle()
    begin, end = view.model.shown
    assert end - begin >= 3
    assert not picture(view).isNull()


def test_closing_does_not_crash(qtbot: QtBot) -> None:
    """pyqtgraph's own `close` ends the process with a segmentation fault under this Qt."""
    made = ChartView()
    made.resize(300, 200)
    made.show()
    made.show_series(MARKET, walk(10))
    settle()
    assert made.close()
    assert not made.isVisible()
    made.deleteLater()


@pytest.mark.parametrize(("last", "tick"), [(50.5, 0.1), (5.05, 0.01), (0.0505, 0.0001), (5_505.0, 5.0)])
def test_a_price_on_the_chart_is_spelt_as_the_market_spells_it(view: WatchedChart, last: float, tick: float) -> None:
    flat = [row(n * MINUTE_MS, last, opening=last)._replace(high=last, low=last) for n in range(50)]
    show(view, series_of(flat), "KRW-X")
    assert view.model.tick == tick
    digits = len(f"{tick:g}".partition(".")[2])
    for y in range(5, 300, 3):
        price = view.price_at(float(y))
        assert price is not None
        assert price == float(f"{price:.{digits}f}")


def test_a_double_click_on_the_axis_is_no_press_and_no_price_outlives_its_market(view: WatchedChart) -> None:
    told: list[float] = []
    view.axis_pressed.connect(told.append)
    view._apply(view.model.zoom_price(0.5))
    double_click(view, QPoint(view.painter.canvas.plot[0] + 20, 200))
    assert view.model.is_auto
    for change in (lambda: show(view, walk(300)), view.hide):
        assert not view._press.isActive()
        view._press_axis(200)
        assert view._press.isActive()
        change()
    assert not view._press.isActive()
    assert told == []


def test_a_press_on_the_axis_tells_its_price_and_a_marked_price_has_a_line(
    view: WatchedChart, short_clicks: None
) -> None:
    told: list[float] = []
    view.axis_pressed.connect(told.append)
    plot = view.painter.canvas.plot_rect
    at = QPoint(round(plot.right()) + 20, 120)
    QTest.mouseClick(view.viewport(), LEFT, pos=at)
    qt_until(lambda: told)
    assert told == [view.price_at(120)]
    accent = theme.colors.accent.rgb()

    def ink() -> int:
        image = view.grab().toImage()
        return sum(image.pixel(x, 120 + dy) == accent for x in range(round(plot.right())) for dy in (-1, 0, 1))

    assert ink() == 0
    view.set_marked(told[0])
    settle()
    assert ink() > plot.width() / 4, "a dashed line across the plot"
    view.set_marked(None)
    settle()
    assert ink() == 0
