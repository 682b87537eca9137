"""Drawings on the screen: their pixels, real mouse and keys, what stays of the chart's own gestures."""

from __future__ import annotations

from collections.abc import Iterator

import pyqtgraph as pg
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QImage, QKeyEvent, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from core.market import Interval
from core.state.drawings import POINTS, Anchor, Drawing, Drawings, Kind, Sheet
from tests.waiting import qt_until
from tests.widgets.chart.bars import MARKET, TICK, rows, series_of, trade, walk
from widgets import theme
from widgets.chart.drawings_painter import ink
from widgets.chart.view import ChartView

LEFT = Qt.MouseButton.LeftButton
NONE, SHIFT, CTRL = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
)


@pytest.fixture(autouse=True)
def _no_rate_limit() -> Iterator[None]:
    """pyqtgraph drops moves that come within 10 ms of each other; a test is quicker than that."""
    before = pg.getConfigOption("mouseRateLimit")
    pg.setConfigOption("mouseRateLimit", 0)
    yield
    pg.setConfigOption("mouseRateLimit", before)


@pytest.fixture
def drawings() -> Drawings:
    return Drawings()


@pytest.fixture
def view(qtbot: QtBot, drawings: Drawings) -> ChartView:
    """Return a chart on screen, 800 by 500, of 500 bars, with the drawings of its market."""
    made = ChartView()
    qtbot.addWidget(made)
    made.resize(800, 500)
    made.show()
    qtbot.waitExposed(made)
    made.show_series(MARKET, walk(500))
    made.show_drawings(drawings, MARKET)
    settle()
    return made


@pytest.fixture
def sheet(view: ChartView, drawings: Drawings) -> Sheet:
    return drawings.sheet(MARKET)


def settle() -> None:
    QApplication.processEvents()


def drag(view: ChartView, begin: QPoint, end: QPoint, keys: Qt.KeyboardModifier = NONE) -> None:
    port = view.viewport()
    QTest.mouseMove(port, begin)
    QTest.mousePress(port, LEFT, keys, begin)
    for i in range(1, 9):
        QTest.mouseMove(port, begin + (end - begin) * (i / 8))
        settle()
    QTest.mouseRelease(port, LEFT, keys, end)
    settle()


def click(view: ChartView, at: QPoint) -> None:
    QTest.mouseMove(view.viewport(), at)
    QTest.mouseClick(view.viewport(), LEFT, NONE, at)
    settle()


def range_of(view: ChartView) -> tuple[float, float]:
    return view.model.x0, view.model.x1


def at(view: ChartView, index: float, price: float) -> QPoint:
    """Return the pixel of a bar and a price."""
    scale = view.painter.canvas.scale
    return QPoint(round(scale.x(index)), round(scale.y(price)))


def anchor(view: ChartView, bars_back: int, price: float) -> Anchor:
    model = view.model
    return Anchor(model.time_at(model.count - 1 - bars_back) or 0, price)


def prices(view: ChartView) -> tuple[float, float]:
    """Return a high and a low price in view, on a price step."""
    low, high = view.model.y0, view.model.y1
    return (
        TICK * round((low + 0.8 * (high - low)) / TICK),
        TICK * round((low + 0.5 * (high - low)) / TICK),
    )


def picture(view: ChartView) -> QImage:
    settle()
    screen = view.screen().grabWindow(view.winId()).toImage()
    return screen if not screen.isNull() else view.grab().toImage()


def has(image: QImage, place: QPoint, color: QColor, reach: int = 1) -> bool:
    """Tell whether a pixel or one beside it has a colour."""
    return any(
        image.pixelColor(place.x() + dx, place.y() + dy) == color
        for dx in range(-reach, reach + 1)
        for dy in range(-reach, reach + 1)
    )


def one_of_each(view: ChartView) -> tuple[Drawing, ...]:
    """Return a drawing of each kind that reaches over the last bar."""
    high, low = prices(view)
    made = []
    for n, kind in enumerate(POINTS):
        places = (anchor(view, 40 - n, high - n * TICK), anchor(view, -6 - n, low + n * TICK))
        made.append(Drawing(n + 1, kind, places[: POINTS[kind]], color=n, text="note" if kind == "text" else ""))
    return tuple(made)


# Pixels.


def test_a_level_is_a_crisp_line_across_the_plot_with_its_price_on_the_axis(view: ChartView, sheet: Sheet) -> None:
    price, before = prices(view)[1], picture(view)  # away from the last price: its label comes over all others
    sheet.put(Drawing(1, "horizontal", (anchor(view, 10, price),)))
    view.show_drawings(view.hand._all, MARKET)
    image, y = picture(view), at(view, 0, price).y()
    width = view.painter.canvas.plot[0]
    assert {image.pixelColor(x, y).name() for x in range(width)} == {theme.colors.accent.name()}
    for row in (y - 1, y + 1):
        assert all(image.pixelColor(x, row) == before.pixelColor(x, row) for x in range(width))
    on_axis = [image.pixelColor(x, row) for row in range(y - 6, y + 7) for x in range(width + 4, image.width())]
    assert theme.colors.accent in on_axis


def test_each_kind_is_painted_at_its_anchors_in_its_colour(view: ChartView, sheet: Sheet, drawings: Drawings) -> None:
    for drawing in one_of_each(view):
        sheet.put(drawing)
        view.show_drawings(drawings, MARKET)
        view.hand.select(drawing.id)  # so that its handles are there
        view._look_at_drawings()
        image = picture(view)
        shape = view.painter.drawings.ground().shape(drawing)  # type: ignore[union-attr]
        assert shape is not None
        x, y = shape.handles[0]
        reach = 4 if drawing.kind == "text" else 6
        assert has(image, QPoint(round(x), round(y)), ink(drawing), reach), drawing.kind
        sheet.remove(drawing.id)
    view.show_drawings(drawings, MARKET)


def test_what_is_painted_bit_by_bit_is_what_is_painted_at_once(
    view: ChartView, sheet: Sheet, drawings: Drawings
) -> None:
    series = view.model.series
    assert series is not None
    sheet.put(*one_of_each(view))
    view.show_drawings(drawings, MARKET)
    picture(view)
    for step in (3, -2, 5, -4):
        series.fold_trade(trade(series, view.model.last_price + step * TICK))
        view.sync()
        QTest.mouseMove(view.viewport(), QPoint(560 + 10 * step, 200 + 10 * step))
        settle()
    QTest.mouseMove(view.viewport(), QPoint(300, 300))
    bit_by_bit = picture(view)
    view.painter.forget()
    view.painter.lay_out()
    view.viewport().update()
    at_once = picture(view)
    assert bit_by_bit == at_once


@pytest.mark.parametrize("left", [1.5, 8.5, 20.5])  # where no letters are: those Qt smooths by their ground
def test_what_is_left_out_of_the_layer_and_painted_over_it_is_the_whole(
    view: ChartView, sheet: Sheet, drawings: Drawings, left: float
) -> None:
    """Nothing is missing at the seam and nothing painted twice: a smooth edge or a fill would be darker."""
    sheet.put(*one_of_each(view), *(replace(d, id=d.id + 10, width=3) for d in one_of_each(view)[:2]))
    view.show_drawings(drawings, MARKET)
    shown, (width, height) = view.painter.drawings, view.painter.canvas.plot
    box = (round(view.painter.canvas.scale.x(view.model.count - left)), 0, 60, height)
    images = []
    for live in (None, box):
        image = QImage(width, height, QImage.Format.Format_RGB32)
        image.fill(theme.colors.surface)
        painter = QPainter(image)
        shown.paint_closed(painter, live)
        shown.paint_live(painter, None)
        painter.end()
        images.append(image)
    whole, joined = images
    assert any(whole.pixelColor(box[0] + 5, y) != theme.colors.surface for y in range(height))
    for x in range(box[0] - 3, box[0] + 64):
        for y in range(height):
            a, b = whole.pixelColor(x, y), joined.pixelColor(x, y)
            if a != b:  # colours mixed in another order are rounded otherwise
                near = zip(a.getRgb(), b.getRgb(), strict=True)  # type: ignore[arg-type]
                assert all(abs(p - q) <= 3 for p, q in near), (x, y)


def test_drawings_stand_over_the_live_bar_too(view: ChartView, sheet: Sheet, drawings: Drawings) -> None:
    price = view.model.last_price
    sheet.put(Drawing(1, "horizontal", (anchor(view, 10, price + 3 * TICK),), color=3))
    view.show_drawings(drawings, MARKET)
    place = at(view, view.model.count - 1, price + 3 * TICK)
    assert picture(view).pixelColor(place) == theme.group_color(3)
    series = view.model.series
    assert series is not None
    series.fold_trade(trade(series, price + 6 * TICK))
    view.sync()
    image = picture(view)
    if view.painter.canvas.scale.y(price + 3 * TICK) == place.y():  # the scale did not move
        assert image.pixelColor(place) == theme.group_color(3)


def test_an_anchor_stays_at_its_moment_when_older_bars_come_and_on_another_interval(
    view: ChartView, sheet: Sheet, drawings: Drawings
) -> None:
    drawing = Drawing(1, "trend", (anchor(view, 30, prices(view)[0]), anchor(view, 5, prices(view)[1])))
    sheet.put(drawing)
    view.show_drawings(drawings, MARKET)
    ground = view.painter.drawings.ground()
    assert ground is not None
    before = [ground.point(a) for a in drawing.anchors]
    series = view.model.series
    assert series is not None
    series.merge(rows(60, first=-60))
    view.sync()
    ground = view.painter.drawings.ground()
    assert ground is not None
    assert [x for x, _ in map(ground.point, drawing.anchors)] == pytest.approx([x for x, _ in before])
    view.show_series(MARKET, walk(200, Interval.M5))
    ground = view.painter.drawings.ground()
    assert ground is not None
    assert ground.times.x(drawing.anchors[1].time_ms) - ground.times.x(drawing.anchors[0].time_ms) == pytest.approx(5)


def test_all_of_it_is_painted_at_two_pixels_a_pixel(view: ChartView, sheet: Sheet, drawings: Drawings) -> None:
    sheet.put(*one_of_each(view))
    view.show_drawings(drawings, MARKET)
    view.painter.resize(800, 500, 2.0)
    image = QImage(1_600, 1_000, QImage.Format.Format_ARGB32)
    image.setDevicePixelRatio(2.0)
    painter = QPainter(image)
    view.painter.paint(painter)
    painter.end()
    level = next(d for d in sheet.drawings if d.kind == "horizontal")
    y = round(view.painter.canvas.scale.y(level.anchors[0].price))
    assert [image.pixelColor(40, y + d) == ink(level) for d in (-2, -1, 0, 1)] == [False, True, True, False]


def test_what_is_far_out_of_sight_is_painted_too(view: ChartView, sheet: Sheet, drawings: Drawings) -> None:
    high = prices(view)[0]
    sheet.put(
        *(
            Drawing(n, kind, (Anchor(0, high), Anchor(4_000_000_000_000, high * 50))[: POINTS[kind]])
            for n, kind in enumerate(POINTS)
        ),
        Drawing(20, "measure", (anchor(view, 20_000, high), anchor(view, -9_000, high * 2))),
        Drawing(21, "ray", (anchor(view, 3, high), anchor(view, 3, high + TICK))),
    )
    view.show_drawings(drawings, MARKET)
    image = picture(view)
    upright = at(view, view.model.count - 4, high + 20 * TICK)
    assert has(image, upright, theme.colors.accent)


def test_what_is_out_of_sight_leaves_nothing_at_the_edge(view: ChartView, sheet: Sheet, drawings: Drawings) -> None:
    """What is written beside lines is pushed into sight, but not without them."""
    high, low = prices(view)
    QTest.mouseMove(view.viewport(), QPoint(300, 300))
    before, hidden = picture(view), round(view.model.count - view.model.x0) + 3
    for kind in POINTS:
        if kind not in ("ray", "horizontal"):
            places = (anchor(view, hidden + 6, high), anchor(view, hidden, low))
            drawing = Drawing(1, kind, places[-POINTS[kind] :], text="" if kind == "text" else "note")
            sheet.put(drawing)
            view.show_drawings(drawings, MARKET)
            assert picture(view) == before, kind


def test_the_read_out_stays_above(view: ChartView, sheet: Sheet, drawings: Drawings) -> None:
    before = picture(view)
    place = view.painter.reading.places[0]
    x, y, width, height = place.box
    top = view.painter.canvas.scale.price(y + height // 2)
    sheet.put(Drawing(1, "rectangle", (Anchor(0, top * 2), Anchor(4_000_000_000_000, top / 2))))
    view.show_drawings(drawings, MARKET)
    image = picture(view)
    figures = [
        (px, py)
        for px in range(x, x + width)
        for py in range(y, y + height)
        if before.pixelColor(px, py) == view.painter._seen.texts.ink
    ]
    assert figures
    assert all(image.pixelColor(*p) == before.pixelColor(*p) for p in figures)


# Mouse and keys.


@pytest.mark.parametrize("tool", [k for k, n in POINTS.items() if n == 2])
def test_a_drag_with_a_tool_draws_and_pans_nothing(view: ChartView, sheet: Sheet, tool: Kind) -> None:
    before = range_of(view)
    view.hand.take(tool)
    drag(view, QPoint(200, 300), QPoint(400, 150))
    assert range_of(view) == before
    (made,) = sheet.drawings
    assert made.kind == tool
    x0, y0 = at(view, *_bar(view, made.anchors[0])).toTuple()
    x1, y1 = at(view, *_bar(view, made.anchors[1])).toTuple()
    half = view.model.px_per_bar / 2 + 1
    assert (abs(x0 - 200) <= half, abs(x1 - 400) <= half) == (True, True)
    assert (abs(y0 - 300) <= 2, abs(y1 - 150) <= 2) == (True, True)
    drag(view, QPoint(300, 400), QPoint(350, 400))
    assert range_of(view) != before, "and the next drag pans again"


def _bar(view: ChartView, place: Anchor) -> tuple[float, float]:
    ground = view.painter.drawings.ground()
    assert ground is not None
    return ground.times.x(place.time_ms), place.price


def test_a_drag_on_a_drawing_moves_it_and_beside_it_pans(view: ChartView, sheet: Sheet, drawings: Drawings) -> None:
    high = prices(view)[0]
    drawing = Drawing(1, "horizontal", (anchor(view, 20, high),))
    sheet.put(drawing)
    view.show_drawings(drawings, MARKET)
    before, place = range_of(view), at(view, 0, high)
    drag(view, QPoint(200, place.y() + 2), QPoint(200, place.y() + 42))
    assert range_of(view) == before
    assert abs(at(view, 0, sheet.drawings[0].anchors[0].price).y() - place.y() - 40) <= 1
    assert view.hand.selected == 1
    drag(view, QPoint(200, 400), QPoint(260, 400))
    assert range_of(view) != before
    assert len(sheet.drawings) == 1


def test_a_click_selects_one_beside_does_not_and_del_deletes(view: ChartView, sheet: Sheet, drawings: Drawings) -> None:
    high = prices(view)[0]
    sheet.put(Drawing(1, "horizontal", (anchor(view, 20, high),)))
    view.show_drawings(drawings, MARKET)
    click(view, QPoint(100, at(view, 0, high).y()))
    assert view.hand.selected == 1
    click(view, QPoint(100, at(view, 0, high).y() + 60))
    assert view.hand.selected is None
    QTest.keyClick(view, Qt.Key.Key_Delete)
    assert len(sheet.drawings) == 1
    click(view, QPoint(100, at(view, 0, high).y()))
    QTest.keyClick(view, Qt.Key.Key_Delete)
    assert sheet.drawings == ()
    assert not has(picture(view), QPoint(100, at(view, 0, high).y()), theme.colors.accent, 0)


def test_a_level_of_months_ago_is_seen_selected_and_deleted(view: ChartView, sheet: Sheet, drawings: Drawings) -> None:
    price = prices(view)[1]
    sheet.put(Drawing(1, "horizontal", (anchor(view, 120 * 1_440, price),)))
    view.show_drawings(drawings, MARKET)
    place = QPoint(100, at(view, 0, price).y())
    assert has(picture(view), place, theme.colors.accent, 0)
    click(view, place)
    assert view.hand.selected == 1
    QTest.keyClick(view, Qt.Key.Key_Delete)
    assert sheet.drawings == ()


def test_ctrl_c_and_ctrl_v_copy_to_where_the_mouse_is_and_ctrl_drag_copies(
    view: ChartView, sheet: Sheet, drawings: Drawings
) -> None:
    high = prices(view)[0]
    sheet.put(Drawing(drawings.new_id(), "horizontal", (anchor(view, 20, high),)))
    view.show_drawings(drawings, MARKET)
    y = at(view, 0, high).y()
    click(view, QPoint(100, y))
    QTest.keyClick(view, Qt.Key.Key_C, CTRL)
    QTest.mouseMove(view.viewport(), QPoint(300, y + 80))
    settle()
    QTest.keyClick(view, Qt.Key.Key_V, CTRL)
    assert [abs(at(view, 0, d.anchors[0].price).y() - y) for d in sheet.drawings] == [0, pytest.approx(80, abs=1)]
    drag(view, QPoint(100, y), QPoint(100, y + 40), CTRL)
    assert len(sheet.drawings) == 3
    assert sheet.drawings[0].anchors[0].price == high


def test_esc_leaves_the_tool_and_is_the_windows_when_there_is_nothing(view: ChartView) -> None:
    view.hand.take("trend")
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert view.hand.tool is None
    assert not view._drawing_key(_escape())


def _escape() -> QKeyEvent:
    return QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Escape, NONE)


def test_shift_keeps_a_line_level(view: ChartView, sheet: Sheet) -> None:
    view.hand.take("trend")
    port = view.viewport()
    QTest.mousePress(port, LEFT, SHIFT, QPoint(200, 300))
    QTest.mouseRelease(port, LEFT, SHIFT, QPoint(400, 290))
    (made,) = sheet.drawings
    assert made.anchors[0].price == made.anchors[1].price


def test_two_quick_clicks_with_a_tool_are_its_two_ends(view: ChartView, sheet: Sheet) -> None:
    view.hand.take("trend")
    port = view.viewport()
    QTest.mouseClick(port, LEFT, NONE, QPoint(200, 300))
    QTest.mouseMove(port, QPoint(330, 200))
    QTest.mouseDClick(port, LEFT, NONE, QPoint(330, 200))
    QTest.mouseRelease(port, LEFT, NONE, QPoint(330, 200))
    (made,) = sheet.drawings
    assert made.has_extent


def test_the_wheel_and_the_axes_work_with_a_tool_in_hand(view: ChartView, sheet: Sheet) -> None:
    view.hand.take("trend")
    before = range_of(view)
    width, height = view.painter.canvas.plot
    drag(view, QPoint(width // 2, height + 12), QPoint(width // 2 - 60, height + 12))
    assert range_of(view) != before
    assert view.hand.tool == "trend"
    assert sheet.drawings == ()


def test_the_right_button_offers_the_drawing_or_the_price(view: ChartView, sheet: Sheet, drawings: Drawings) -> None:
    high, low = prices(view)
    sheet.put(Drawing(1, "rectangle", (anchor(view, 40, high), anchor(view, 20, low))))
    view.show_drawings(drawings, MARKET)
    said: list[str] = []
    view.drawing_pressed.connect(lambda drawing, _: said.append(drawing.kind))
    view.price_pressed.connect(lambda price, _: said.append("price"))
    within = at(view, view.model.count - 31, (high + low) / 2)
    for place in (within, within + QPoint(220, 0), QPoint(20, within.y())):
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, view.viewport().mapToGlobal(place))
        QApplication.sendEvent(view.viewport(), event)
    assert said == ["rectangle", "price", "price"]
    assert view.hand.selected == 1
    view.hand.take("ray")
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, within, view.viewport().mapToGlobal(within))
    QApplication.sendEvent(view.viewport(), event)
    assert (len(said), view.hand.tool) == (3, None), "it gives the tool up"


def test_a_text_is_typed_where_it_stands(view: ChartView, sheet: Sheet) -> None:
    view.hand.take("text")
    click(view, QPoint(200, 200))
    line = view.findChild(QLineEdit)
    assert line is not None
    qt_until(line.isVisible)
    QTest.keyClicks(line, "breakout 1d")
    assert sheet.drawings == ()
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert [d.text for d in sheet.drawings] == ["breakout 1d"]
    assert not line.isVisible()
    QTest.mouseDClick(view.viewport(), LEFT, NONE, QPoint(215, 210))
    qt_until(line.isVisible)
    QTest.keyClicks(line, "other")
    QTest.keyClick(line, Qt.Key.Key_Escape)
    assert [d.text for d in sheet.drawings] == ["breakout 1d"]
    image = picture(view)
    assert theme.colors.text in [image.pixelColor(x, y) for x in range(200, 260) for y in range(202, 222)]


def test_a_text_that_is_being_typed_stays_on_its_market(view: ChartView, sheet: Sheet, drawings: Drawings) -> None:
    view.hand.take("text")
    click(view, QPoint(200, 200))
    QTest.keyClicks(view.findChild(QLineEdit), "mine")
    view.show_series("KRW-ETH", walk(300))
    view.show_drawings(drawings, "KRW-ETH")
    assert [d.text for d in sheet.drawings] == ["mine"]
    assert drawings.sheet("KRW-ETH").drawings == ()
    assert not view._line.isVisible()


def test_a_second_text_ends_the_first(view: ChartView, sheet: Sheet) -> None:
    view.hand.take("text")
    click(view, QPoint(200, 200))
    QTest.keyClicks(view.findChild(QLineEdit), "one")
    view.hand.write(Drawing(77, "text", (anchor(view, 5, prices(view)[0]),)))
    QTest.keyClicks(view.findChild(QLineEdit), "two")
    QTest.keyClick(view.findChild(QLineEdit), Qt.Key.Key_Return)
    assert [d.text for d in sheet.drawings] == ["one", "two"]


def test_ctrl_y_draws_again_what_was_undone(view: ChartView, sheet: Sheet) -> None:
    view.hand.take("trend")
    drag(view, QPoint(200, 300), QPoint(400, 150))
    made = sheet.drawings
    view.hand.undo()
    QTest.keyClick(view, Qt.Key.Key_Y, CTRL)
    assert sheet.drawings == made


def test_the_magnet_holds_what_is_dragged_to_the_bar_under_it(
    view: ChartView, sheet: Sheet, drawings: Drawings
) -> None:
    drawings.is_magnet = True
    index = view.model.count - 40
    high = float(view.model.rows[index, 1])
    place = at(view, index, high)
    view.hand.take("horizontal")
    click(view, place - QPoint(0, 6))
    assert sheet.drawings[0].anchors[0].price == high


def test_a_chart_without_drawings_is_left_alone(view: ChartView) -> None:
    """No search and no painting: only the questions whether there is something."""
    asked: list[int] = []
    ground = view.painter.drawings.ground
    view.painter.drawings.ground = lambda: asked.append(1) or ground()  # type: ignore[func-returns-value,method-assign]
    view.painter.forget()
    view.viewport().update()
    picture(view)
    assert asked == []


def test_two_charts_show_what_is_being_dragged(view: ChartView, sheet: Sheet, drawings: Drawings, qtbot: QtBot) -> None:
    other = ChartView()
    qtbot.addWidget(other)
    other.resize(500, 400)
    other.show()
    other.show_series(MARKET, walk(500))
    drawings.on_change = lambda market: other.show_drawings(drawings, market)
    view.hand.take("horizontal")
    port = view.viewport()
    QTest.mousePress(port, LEFT, NONE, QPoint(200, 150))
    QTest.mouseMove(port, QPoint(200, 200))
    settle()
    (draft,) = other.painter.drawings.all
    assert abs(at(view, 0, draft.anchors[0].price).y() - 200) <= 1
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert other.painter.drawings.all == ()
    QTest.mouseRelease(port, LEFT, NONE, QPoint(200, 200))
    assert sheet.drawings == ()
    other.close()


def test_what_is_hidden_is_neither_painted_nor_hit(view: ChartView, sheet: Sheet, drawings: Drawings) -> None:
    high, before = prices(view)[0], picture(view)
    sheet.put(Drawing(1, "horizontal", (anchor(view, 20, high),)))
    view.show_drawings(drawings, MARKET)
    assert picture(view) != before
    view.hand.set_shown(False)
    assert picture(view) == before
    click(view, QPoint(100, at(view, 0, high).y()))
    assert view.hand.selected is None


def test_the_mark_of_the_mouse_goes_with_it_to_an_axis(view: ChartView, sheet: Sheet, drawings: Drawings) -> None:
    high = prices(view)[0]
    sheet.put(Drawing(1, "horizontal", (anchor(view, 20, high),)))
    view.show_drawings(drawings, MARKET)
    y, port = at(view, 0, high).y(), view.viewport()
    QTest.mouseMove(port, QPoint(300, y + 60))  # to where it is already is no move
    shapes = Qt.CursorShape.SizeVerCursor, Qt.CursorShape.SizeHorCursor
    for away, shape in zip((QPoint(790, y), QPoint(100, 495)), shapes, strict=True):
        QTest.mouseMove(port, QPoint(100, y))
        settle()
        assert view.hand.marked == {1}
        assert port.cursor().shape() == Qt.CursorShape.PointingHandCursor
        QTest.mouseMove(port, away)
        settle()
        assert view.hand.marked == set()
        assert port.cursor().shape() == shape


def test_the_theme_changes_their_colours(view: ChartView, sheet: Sheet, drawings: Drawings, qtbot: QtBot) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    high = prices(view)[0]
    sheet.put(replace(Drawing(1, "horizontal", (anchor(view, 20, high),)), color=2))
    view.show_drawings(drawings, MARKET)
    place = QPoint(100, at(view, 0, high).y())
    dark = picture(view).pixelColor(place)
    theme.apply(app, "light")
    try:
        view.viewport().update()
        light = picture(view).pixelColor(place)
        assert (light, dark != light) == (theme.group_color(2), True)
    finally:
        theme.apply(app)


def test_an_empty_chart_takes_no_drawing(view: ChartView, sheet: Sheet) -> None:
    view.show_series(MARKET, series_of([]))
    view.hand.take("trend")
    drag(view, QPoint(200, 300), QPoint(400, 150))
    assert sheet.drawings == ()
