"""The painted tape: the blit, the new lines, the columns, mouse and keys."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QImage, QMouseEvent, QPaintEvent, QRegion, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.market import DAY_MS
from core.state.coverage import Span
from widgets import theme
from widgets.trades.lines import Print
from widgets.trades.pace import Pace
from widgets.trades.view import HEADER, STRENGTH, TOP, TapeView

NAN = float("nan")


class WatchedTape(TapeView):
    """Remembers what Qt asked it to paint."""

    def __init__(self) -> None:
        super().__init__()
        self.painted: list[QRegion] = []

    def paintEvent(self, event: QPaintEvent) -> None:
        self.painted.append(QRegion(event.region()))
        super().paintEvent(event)


def prints(newest: int, count: int, *, tier: int = 0, size: float = 0.5) -> list[Print]:
    """Return prints, newest first, each with another price and time."""
    return [
        Print(i * 1_000, 90_000_000.0 + i * 1_000, size, 90_000_000.0 * size, i % 2 == 0, tier, i)
        for i in range(newest, newest - count, -1)
    ]


@pytest.fixture
def view(qtbot: QtBot) -> WatchedTape:
    """Return a tape on screen, 320 by 400, full of prints."""
    made = WatchedTape()
    qtbot.addWidget(made)
    made.resize(320, 400)
    made.set_market("KRW-BTC")
    made.set_scale(1_000, 4)
    made.show()
    qtbot.waitExposed(made)
    show(made, prints(1_000, made.line_count))
    return made


def show(view: WatchedTape, rows: list[Print], new: int | None = None) -> QRegion:
    """Show prints and return the region that was painted because of it."""
    view.painted.clear()
    view.show_rows(rows, new)
    QApplication.processEvents()
    region = QRegion()
    for painted in view.painted:
        region += painted
    return region


def picture(view: TapeView) -> QImage:
    return view.grab().toImage()


def wheel(view: TapeView, notches: int) -> None:
    middle = QPointF(view.rect().center())
    event = QWheelEvent(
        middle,
        middle,
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view, event)


def test_new_prints_paint_their_own_lines_only(view: WatchedTape) -> None:
    region = show(view, prints(1_003, view.line_count), new=3)
    assert region.boundingRect() == view.line_rect(0) | view.line_rect(2)


def test_no_news_paints_nothing(view: WatchedTape) -> None:
    assert show(view, prints(1_000, view.line_count), new=0).isEmpty()


def test_what_was_pushed_down_looks_as_if_painted_anew(view: WatchedTape) -> None:
    for newest in (1_001, 1_004, 1_005, 1_012):
        show(view, prints(newest, view.line_count), new=newest - view.rows[0].id)
    scrolled = view.screen().grabWindow(view.winId()).toImage()
    anew = picture(view)  # grab paints everything again
    assert scrolled.size() == anew.size()
    assert scrolled.convertToFormat(QImage.Format.Format_RGB32) == anew.convertToFormat(QImage.Format.Format_RGB32)


def test_a_wider_number_lays_out_anew_and_stays(view: WatchedTape) -> None:
    wide = [*prints(1_001, 1, size=12_345.6), *prints(1_000, view.line_count - 1)]
    region = show(view, wide, new=1)
    assert region.boundingRect().height() >= view.line_count * theme.ROW_HEIGHT
    assert region.contains(QPoint(view.columns[2] - 10, TOP + HEADER // 2)), "their names stand elsewhere, too"
    columns = view.columns
    show(view, prints(1_002, view.line_count), new=1)
    assert view.columns == columns, "columns shrink only with another market"


def test_aggressor_decides_the_colour(view: WatchedTape) -> None:
    image = picture(view)
    right = view.columns[2]

    def inks(line: int) -> tuple[int, int]:
        rect = view.line_rect(line)
        colors = [
            image.pixelColor(x, y) for x in range(right - 60, right) for y in range(rect.top(), rect.bottom() + 1)
        ]
        return sum(c.red() > c.blue() + 60 for c in colors), sum(c.blue() > c.red() + 60 for c in colors)

    bought, sold = inks(0), inks(1)
    assert view.rows[0].is_buy
    assert bought[0] > 20 > bought[1]
    assert sold[1] > 20 > sold[0]


def test_large_prints_stand_out_by_tier(view: WatchedTape) -> None:
    rows = prints(1_000, view.line_count)
    rows[0], rows[2], rows[6] = rows[0]._replace(tier=1), rows[2]._replace(tier=2), rows[6]._replace(tier=3)
    show(view, rows)
    image = picture(view)
    usual, large, larger, big = (image.pixelColor(5, view.line_rect(line).top() + 1) for line in (4, 0, 2, 6))
    assert usual == theme.colors.surface
    assert theme.colors.surface.red() < large.red() < larger.red() < big.red()
    assert image.pixelColor(1, view.line_rect(6).top() + 1) == theme.colors.bid, "it has an edge in the side's colour"


@pytest.mark.parametrize("width", [140, 170, 200, 260, 320, 500])
@pytest.mark.parametrize("market", ["KRW-BTC", "BTC-ETH", "USDT-BTC"])
def test_columns_never_overlap(view: WatchedTape, width: int, market: str) -> None:
    view.resize(width, 400)
    view.set_market(market)
    view.set_scale(1e-8 if market == "BTC-ETH" else 1_000, 4)
    show(view, prints(1_000, view.line_count))
    _, _, price, size, _ = view.columns
    shown = [right for right in view.columns if right]
    assert shown == sorted(set(shown))
    assert shown[-1] == width
    assert price > 0
    if width >= 500:
        assert all(view.columns)
    measure = view._digits.width
    for row in view.rows:
        _, _, size_text, _ = view._texts(row, view._cut)
        assert measure(size_text) <= size - price or view._cut == 4, "it would run into the price"


def test_strength_is_shown_and_repaints_its_line_only(view: WatchedTape) -> None:
    view.painted.clear()
    view.show_strength(150.0)
    QApplication.processEvents()
    assert view.painted
    assert view.painted[0].boundingRect().bottom() < STRENGTH
    image = picture(view)
    edge = round(320 * 0.6)
    assert image.pixelColor(edge - 2, STRENGTH - 1) == theme.colors.bid
    assert image.pixelColor(edge + 2, STRENGTH - 1) == theme.colors.ask
    view.painted.clear()
    view.show_strength(150.0)
    QApplication.processEvents()
    assert view.painted == []
    view.show_strength(NAN)
    assert picture(view).pixelColor(2, STRENGTH - 1) == theme.colors.raised


def test_the_pill_counts_and_brings_back(view: WatchedTape) -> None:
    wanted: list[bool] = []
    view.newest_wanted.connect(lambda: wanted.append(True))
    assert not view.pill.isVisible()
    view.show_behind(0, is_frozen=True)
    assert view.pill.text() == "Frozen"
    view.show_behind(1_234, is_frozen=True)
    assert view.pill.isVisible()
    assert "1,234" in view.pill.text()
    assert view.pill.geometry().bottom() < TOP, "it covers no print"
    QTest.mouseClick(view.pill, Qt.MouseButton.LeftButton)
    assert wanted == [True]
    view.show_behind(0, is_frozen=False)
    assert not view.pill.isVisible()


def test_wheel_and_keys_say_where_to_go(view: WatchedTape) -> None:
    asked: list[int | str] = []
    view.scrolled.connect(asked.append)
    view.newest_wanted.connect(lambda: asked.append("newest"))
    view.oldest_wanted.connect(lambda: asked.append("oldest"))
    wheel(view, -1)
    wheel(view, 2)
    page = view.line_count - 1
    view.freeze_wanted.connect(lambda: asked.append("freeze"))
    view.copy_wanted.connect(lambda: asked.append("copy"))
    for key in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp, Qt.Key.Key_End, Qt.Key.Key_Home, Qt.Key.Key_Space):
        QTest.keyClick(view, key)
    QTest.keyClick(view, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert asked == [3, -6, page, -page, "newest", "newest", "freeze", "oldest", "copy"]


def test_another_market_begins_blank(view: WatchedTape) -> None:
    view.show_behind(7, is_frozen=True)
    view.set_market("KRW-ETH")
    assert view.rows == ()
    assert not view.pill.isVisible()
    image, ground = picture(view), theme.colors.surface.rgb()
    lines = range(TOP + HEADER, 400, 2)
    assert {image.pixel(x, y) for x in range(320) for y in lines} == {ground}, "nor does it claim that there are none"


def test_no_prints_says_so(view: WatchedTape) -> None:
    view.set_market("KRW-ETH")
    show(view, [])
    image, ground = picture(view), theme.colors.surface.rgb()
    top = TOP + HEADER
    assert sum(image.pixel(x, y) != ground for x in range(320) for y in range(top, 400)) > 30


def test_it_says_how_many_lines_fit(view: WatchedTape) -> None:
    said: list[int] = []
    view.resized.connect(said.append)
    view.resize(320, TOP + HEADER + 7 * theme.ROW_HEIGHT + 3)
    QApplication.processEvents()
    assert said[-1] == view.line_count == 7


def test_a_hole_is_a_line_that_says_what_is_missing(view: WatchedTape) -> None:
    rows = prints(20, 10)
    rows.insert(3, Print(61_000, 0.0, 0.0, 0.0, False, 0, -18, Span(1_000, 61_000), 0))
    columns = view.columns
    show(view, rows)
    image = view.grab().toImage()

    def warned(line: int) -> int:
        rect = view.line_rect(line)
        return sum(
            image.pixelColor(x, y) == theme.colors.warn
            for x in range(rect.width())
            for y in range(rect.top(), rect.bottom())
        )

    assert warned(3) > 300
    assert warned(2) == warned(4) == 0
    assert view.columns == columns
    assert view.hole_label(Span(1_000, 61_000)) == "Missing 09:00:01 – 09:01:01"
    assert view.line_help(3) == "Trades between 09:00:01 and 09:01:01 are missing."
    view.show_today(1)
    assert view.hole_label(Span(1_000, DAY_MS + 61_000)) == "Missing 01-01 09:00:01 – 09:01:01", "it began yesterday"
    assert view.line_help(3) == "Trades between 01-01 09:00:01 and 01-01 09:01:01 are missing."


def test_the_first_line_of_another_day_says_which(view: WatchedTape) -> None:
    old = [p._replace(time_ms=p.time_ms + DAY_MS) for p in prints(1_005, 2)]
    rows = [*(p._replace(time_ms=p.time_ms + 3 * DAY_MS) for p in prints(1_010, 2)), *old, *prints(990, 3)]
    view.show_today(3)
    show(view, rows)
    times = ["09:16:50", "09:16:49", "01-02", "09:16:44", "01-01", "09:16:29", "09:16:28"]
    assert [view.time_text(line) for line in range(7)] == times
    assert view.line_help(0) == ""
    assert view.line_help(2) == "01-02 09:16:45"
    view.show_today(4)
    assert view.time_text(0) == "01-04", "a day later"
    view.resize(next(width for width in range(320, 120, -2) if cuts_hours(view, width)), 400)
    assert (view.time_text(0), view.time_text(1)) == ("01-04", "16:49"), "the hours have no room, the day is whole"


def cuts_hours(view: WatchedTape, width: int) -> bool:
    view.resize(width, 400)
    return view._clock_from > 0


@pytest.mark.parametrize("days", [0, 1])
def test_a_new_line_on_top_of_those_of_another_day_looks_as_if_painted_anew(view: WatchedTape, days: int) -> None:
    view.show_today(1)
    show(view, prints(1_000, view.line_count))
    new = prints(1_001, 1)[0]._replace(time_ms=1_001_000 + days * DAY_MS)
    show(view, [new, *view.rows[:-1]], new=1)
    scrolled = view.screen().grabWindow(view.winId()).toImage()
    anew = picture(view)
    assert scrolled.convertToFormat(QImage.Format.Format_RGB32) == anew.convertToFormat(QImage.Format.Format_RGB32)


def test_the_line_that_grows_is_painted_with_the_new_ones(view: WatchedTape) -> None:
    grown = view.rows[0]._replace(size=0.75, trades=3)
    region = show(view, [*prints(1_002, 2), grown, *view.rows[1:-2]], new=2)
    assert region.boundingRect() == view.line_rect(0) | view.line_rect(2)
    region = show(view, [view.rows[0]._replace(size=0.9, trades=2), *view.rows[1:]], new=0)
    assert region.boundingRect() == view.line_rect(0)


def test_of_several_trades_it_says_how_many_and_between_which_prices(view: WatchedTape) -> None:
    joined = view.rows[0]._replace(trades=12, low=90_999_000.0, high=91_001_000.0)
    assert view._texts(joined)[:2] == ("x12", "~91,000,000")
    assert view._texts(view.rows[1])[0] == ""
    show(view, [joined, *view.rows[1:]])
    assert view.columns[1] > view.columns[0], "there is a column for it"
    assert view.line_help(0) == "12 trades · 90,999,000 – 91,001,000"
    assert view.line_help(1) == ""


def test_the_value_in_won_is_told_where_it_is_known(view: WatchedTape) -> None:
    view.set_market("USDT-BTC")
    view.won = 1_400.0
    show(view, [Print(1_000, 70_000.0, 1.0, 70_000.0, True, 0, 1)])
    assert view.line_help(0) == "About 98.00M KRW"


def test_the_pace_is_written_and_repaints_the_top_only(view: WatchedTape) -> None:
    view.painted.clear()
    view.show_pace(Pace(12.34, 2_500_000_000.0, 98.4, float("inf"), True, False))
    QApplication.processEvents()
    assert view.pace_texts == ("~12.3/s", "2.50B/min", "98", "~∞")
    assert view.painted
    assert view.painted[0].boundingRect().bottom() < TOP
    view.painted.clear()
    view.show_pace(Pace(12.34, 2_500_000_000.0, 98.4, float("inf"), True, False))
    QApplication.processEvents()
    assert view.painted == []
    view.show_pace(Pace(12.34, 2_500_000_000.0, 98.4, float("inf"), is_speed_whole=True))
    assert view.pace_texts == ("12.3/s", "~2.50B/min", "~98", "~∞")


def drag(view: TapeView, *lines: int) -> None:
    """Press on the first line and move over the others."""
    points = [view.line_rect(line).center() for line in lines]
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=points[0])
    for point in points[1:]:
        moved = QMouseEvent(
            QEvent.Type.MouseMove,
            QPointF(point),
            QPointF(view.mapToGlobal(point)),
            Qt.MouseButton.NoButton,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        QApplication.sendEvent(view, moved)
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=points[-1])


def test_a_drag_selects_and_a_press_does_so_only_while_frozen(view: WatchedTape) -> None:
    asked: list[tuple[int, bool]] = []
    view.pressed.connect(lambda line, is_more: asked.append((line, is_more)))
    drag(view, 2)
    assert asked == [], "of a tape that runs a press takes the keyboard and nothing else"
    drag(view, 2, 4)
    assert asked == [(2, False), (4, True)]
    asked.clear()
    view.show_behind(0, is_frozen=True)
    drag(view, 3)
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier, view.line_rect(5).center())
    assert asked == [(3, False), (5, True)]


def test_selected_lines_have_another_ground(view: WatchedTape) -> None:
    view.show_selected(frozenset({view.rows[4].id}))
    image = picture(view)
    assert image.pixelColor(1, view.line_rect(4).top() + 1) == theme.colors.selection
    assert image.pixelColor(1, view.line_rect(3).top() + 1) == theme.colors.surface


def test_a_selected_line_looks_selected_however_large(view: WatchedTape) -> None:
    show(view, prints(1_000, view.line_count, tier=3))
    view.show_selected(frozenset({view.rows[4].id}))
    assert picture(view).pixelColor(5, view.line_rect(4).top() + 1) == theme.colors.selection


def test_where_there_is_no_room_for_the_count_a_mark_says_that_there_is_one(view: WatchedTape) -> None:
    view.resize(140, 400)
    rows = prints(1_000, view.line_count)
    rows[2] = rows[2]._replace(trades=12)
    show(view, rows)
    assert view.columns[1] == 0
    image = picture(view)
    marked, usual = (image.pixelColor(1, view.line_rect(line).center().y()) for line in (2, 3))
    assert (marked, usual) == (theme.colors.text, theme.colors.surface)


def test_the_lines_of_a_marked_price_are_lit(view: WatchedTape) -> None:
    accent = theme.colors.accent.name()

    def lit() -> list[int]:
        image, x = picture(view), max(view.columns[:2]) + 1
        return [
            i for i in range(len(view.rows)) if image.pixelColor(x, view.line_rect(i).center().y()).name() == accent
        ]

    assert lit() == []
    view.show_mark(view.rows[3].price)
    assert lit() == [3]
    joined = view.rows[5]._replace(trades=3, low=view.rows[5].price - 1_000, high=view.rows[3].price)
    show(view, [*view.rows[:5], joined, *view.rows[6:]])
    assert lit() == [3, 5], "something of that order was traded there"
    view.show_mark(None)
    assert lit() == []


def test_a_press_on_a_price_tells_it_even_if_the_tape_runs_on_meanwhile(view: WatchedTape) -> None:
    told: list[float] = []
    view.price_pressed.connect(told.append)
    price, at = view.rows[2].price, QPoint(view.columns[2] - 20, view.line_rect(2).center().y())
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=at)
    show(view, prints(1_002, view.line_count), 2)
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=at)
    assert told == [price]
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(view.columns[3] - 5, at.y()))
    assert told == [price], "the size is no price"
    order = view.rows[2]._replace(trades=2, low=90_000_000.0, high=90_004_000.0, is_buy=True)
    show(view, [*view.rows[:2], order, *view.rows[3:]])
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=at)
    assert told[1:] == [90_004_000.0], "of an order the last price it reached, not its average"


def test_a_right_click_asks_what_can_be_done_at_the_price_of_a_line(view: WatchedTape) -> None:
    asked: list[tuple[float, object]] = []
    view.price_menu_wanted.connect(lambda *what: asked.append(what))
    rows = prints(1_000, view.line_count)
    rows[3] = rows[3]._replace(hole=Span(1, 2))
    show(view, rows)
    ats = [QPoint(5, view.line_rect(line).center().y()) for line in (2, 3)]
    for at in (QPoint(5, TOP), *ats):
        QApplication.sendEvent(view, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, view.mapToGlobal(at)))
    assert asked == [(rows[2].price, view.mapToGlobal(ats[0]))], "head and hole have none"


def test_escape_drops_the_mark_and_then_goes_to_the_newest(view: WatchedTape) -> None:
    said: list[str] = []
    view.mark_dropped.connect(lambda: said.append("dropped"))
    view.newest_wanted.connect(lambda: said.append("newest"))
    view.show_mark(90_000_000.0)
    QTest.keyClick(view, Qt.Key.Key_Escape)
    view.show_mark(None)
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert said == ["dropped", "newest"]
