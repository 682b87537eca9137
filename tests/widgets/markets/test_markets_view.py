"""The painted list: what is painted again, columns by width, mouse, keys."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QPaintEvent, QRegion, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from core.market import Market
from core.wire.messages import Ticker
from widgets import theme
from widgets.markets.model import CHANGE, NAME, PRICE, TURNOVER, Line, Sort, write
from widgets.markets.view import BADGE, FADE_S, FADES, HEADER, ROW, STAR, MarketsView

LEFT = Qt.MouseButton.LeftButton


class WatchedList(MarketsView):
    """Remembers what Qt asked it to paint."""

    def __init__(self) -> None:
        super().__init__()
        self.painted: list[QRegion] = []

    def paintEvent(self, event: QPaintEvent) -> None:
        self.painted.append(QRegion(event.region()))
        super().paintEvent(event)


def line(number: int, price: float = 91_000_000.0, *, favourite: bool = False, warned: bool = False) -> Line:
    market = Market(f"KRW-C{number}", f"코인{number}", f"Coin {number}", is_warned=warned)
    rate = 0.01 if number % 2 else -0.01
    ticker = Ticker(
        market.code, price, prev_close=price, change_price=price * rate, change_rate=rate, turnover_24h=1e11
    )
    return write(market, ticker, is_korean=False, is_favourite=favourite, is_mixed=False)


def fill(view: MarketsView, count: int) -> dict[str, Line]:
    """Give the list `count` lines and show those in sight; return all by code."""
    lines = {x.code: x for x in map(line, range(count))}
    view.set_scale("KRW", [x.symbol for x in lines.values()])
    view.set_codes(list(lines))
    view.show_lines([lines[code] for code in view.in_sight], 0.0)
    view.scrolled.connect(lambda: view.show_lines([lines[code] for code in view.in_sight], 0.0))
    return lines


@pytest.fixture
def view(qtbot: QtBot) -> WatchedList:
    """Return a list on screen, 400 by HEADER and 10 lines, of 50."""
    made = WatchedList()
    qtbot.addWidget(made)
    made.resize(400, HEADER + 10 * ROW)
    made.show()
    qtbot.waitExposed(made)
    fill(made, 50)
    QApplication.processEvents()
    made.painted.clear()
    return made


def change(view: WatchedList, lines: Sequence[Line], now: float = 0.0) -> QRegion:
    """Show lines and return the region that was painted because of it."""
    view.painted.clear()
    view.show_lines(lines, now)
    return repainted(view)


def repainted(view: WatchedList) -> QRegion:
    QApplication.processEvents()
    region = QRegion()
    for painted in view.painted:
        region += painted
    view.painted.clear()
    return region


def picture(view: MarketsView) -> QImage:
    return view.grab().toImage()


def at(view: MarketsView, row: int, x: int = 60) -> QPoint:
    return view.row_rect(row).topLeft() + QPoint(x, ROW // 2)


def wheel(view: MarketsView, degrees: int) -> None:
    middle, none = QPointF(view.rect().center()), Qt.MouseButton.NoButton
    phase = Qt.ScrollPhase.NoScrollPhase
    event = QWheelEvent(
        middle, middle, QPoint(), QPoint(0, degrees), none, Qt.KeyboardModifier.NoModifier, phase, False
    )
    QApplication.sendEvent(view, event)


# --- painting ---


def test_a_changed_line_alone_is_painted_again(view: WatchedList) -> None:
    lines = list(view.lines)
    lines[3] = line(3, 91_001_000.0)
    assert change(view, lines).boundingRect() == view.row_rect(3)


def test_no_news_paints_nothing(view: WatchedList) -> None:
    assert change(view, list(view.lines)).isEmpty()


def test_what_was_painted_line_by_line_looks_as_if_painted_anew(view: WatchedList) -> None:
    lines = list(view.lines)
    for i in (0, 4, 9):
        lines[i] = line(i, 90_000_000.0 + i)
        change(view, list(lines))
    view.set_current(lines[4].code)
    QApplication.processEvents()
    shown = view.screen().grabWindow(view.winId()).toImage()
    assert shown.convertToFormat(QImage.Format.Format_RGB32) == picture(view).convertToFormat(
        QImage.Format.Format_RGB32
    )


def test_a_changed_price_fades_in_steps_and_then_nothing_is_painted(view: WatchedList) -> None:
    lines = list(view.lines)
    spot = QPoint(view.columns.price - 2, view.row_rect(3).center().y())
    ground = picture(view).pixelColor(spot)
    assert ground == theme.colors.surface
    lines[3] = line(3, 91_001_000.0)  # up
    change(view, lines, now=1.0)
    strengths = []
    for step in range(len(FADES)):
        assert view.fade(1.0 + (step + 0.5) * FADE_S)
        strengths.append(picture(view).pixelColor(spot).red())
        repainted(view)
        assert view.fade(1.0 + (step + 0.6) * FADE_S)
        assert repainted(view).isEmpty(), "within a step nothing changes"
    assert strengths == sorted(strengths, reverse=True)
    assert strengths[-1] > ground.red()
    assert not view.fade(1.0 + len(FADES) * FADE_S)
    assert view.row_rect(3).contains(repainted(view).boundingRect())
    assert picture(view).pixelColor(spot) == ground
    assert len(FADES) * FADE_S <= 0.3001


def test_a_price_that_came_into_sight_or_stayed_does_not_flash(view: WatchedList) -> None:
    wheel(view, -120)
    change(view, [line(i) for i in range(view.top, view.top + 10)])  # written again, the same prices
    assert not view.fade(0.0)


def test_the_current_line_and_warnings_are_seen(view: WatchedList) -> None:
    view.set_current("KRW-C2")
    view.clearFocus()
    assert picture(view).pixelColor(1, view.row_rect(2).center().y()) == theme.colors.selection
    view.setFocus()
    assert picture(view).pixelColor(1, view.row_rect(2).center().y()) == theme.colors.accent
    plain = picture(view).copy(view.row_rect(5))
    lines = list(view.lines)
    lines[5] = line(5, warned=True)
    change(view, lines)
    warned = picture(view).copy(view.row_rect(5))
    inks = [warned.pixelColor(x, y) for x in range(STAR, view.columns.name) for y in range(ROW)]
    assert theme.colors.warn in inks
    assert warned.copy(view.columns.name, 0, 300, ROW) == plain.copy(view.columns.name, 0, 300, ROW)


def test_an_empty_list_says_why(view: WatchedList) -> None:
    view.set_codes([])
    view.show_lines([], 0.0)
    blank = picture(view)
    view.set_note("Nothing fits")
    assert picture(view) != blank


def test_another_theme_is_taken_on(view: WatchedList, qapp: QApplication) -> None:
    try:
        theme.apply(qapp, "light")
        view.show_lines(list(view.lines), 0.0)
        assert picture(view).pixelColor(1, view.row_rect(4).center().y()) == theme.colors.surface
    finally:
        theme.apply(qapp)


# --- columns ---


def test_columns_are_left_out_one_by_one(view: WatchedList) -> None:
    seen: list[list[str]] = []
    for width in range(620, 199, -4):
        view.resize(width, 400)
        columns = view.columns
        left_out = [name for name in ("change_price", "symbol", "turnover") if not getattr(columns, name)]
        if not seen or seen[-1] != left_out:
            seen.append(left_out)
        assert columns.star, columns.price and columns.change
        ends = [end for end in columns if end]
        assert ends == sorted(set(ends)), "no column overlaps another"
        assert ends[-1] <= width
    assert seen == [[], ["change_price"], ["change_price", "symbol"], ["change_price", "symbol", "turnover"]]


@pytest.mark.parametrize(("quote", "price"), [("KRW", 139_307_000.0), ("BTC", 0.03216169), ("USDT", 94_999.4)])
def test_at_200_px_numbers_are_whole_and_names_give_way_to_codes(view: WatchedList, quote: str, price: float) -> None:
    view.resize(200, 400)
    market = Market(f"{quote}-ETC", "이더리움클래식", "Ethereum Classic")
    ticker = Ticker(market.code, price, change_rate=-0.1234, change_price=-1.0, turnover_24h=1e9)
    row = write(market, ticker, is_korean=False, is_favourite=False, is_mixed=False)
    view.set_scale(quote, ["ETC"])
    view.set_codes([market.code])
    view.show_lines([row], 0.0)
    columns = view.columns
    assert columns.price - columns.name >= view._digits.width(row.price)
    assert columns.change - columns.price >= view._digits.width(row.change)
    assert view._fitted(row)[0] == "ETC"
    short = row._replace(name="비트코인")
    assert view._fitted(short)[0] == "비트코인"
    text, badge = view._fitted(row._replace(flag="warned"))
    assert text == "ETC"
    assert STAR < badge <= columns.name - BADGE
    assert view._fitted(row._replace(symbol="BIGTIME", flag="warned"))[0] == "BIGTIME", "rather than its badge"


def test_a_narrow_list_of_favourites_shows_whole_codes_with_their_quote(view: WatchedList) -> None:
    view.resize(200, 400)
    market = Market("USDT-DOGE", "도지코인", "Dogecoin")
    row = write(market, Ticker(market.code, 0.17012), is_korean=True, is_favourite=True, is_mixed=True)
    view.set_scale("", [row.symbol])
    view.set_codes([market.code])
    view.show_lines([row], 0.0)
    assert view._fitted(row)[0] == "USDT-DOGE"


@pytest.mark.parametrize("width", [200, 260, 400, 700])
def test_the_names_of_the_columns_fit(view: WatchedList, width: int) -> None:
    view.resize(width, 400)
    for sort in (Sort(NAME), Sort(PRICE), Sort(CHANGE), Sort(TURNOVER)):
        view.set_sort(sort)
        metrics, columns = QFontMetricsF(view._small), view.columns
        rooms = {
            NAME: columns.name - view.names_left,
            PRICE: columns.price - (columns.symbol or columns.name),
            CHANGE: (columns.change_price or columns.change) - columns.price,
            TURNOVER: columns.turnover - (columns.change_price or columns.change),
        }
        for column, text in view._heads.items():
            if column != TURNOVER or columns.turnover:
                assert metrics.horizontalAdvance(f"{text} ▾") <= rooms[column]


# --- the mouse ---


def test_a_click_chooses_when_it_is_let_go(view: WatchedList) -> None:
    chosen: list[str] = []
    view.chosen.connect(chosen.append)
    QTest.mousePress(view, LEFT, pos=at(view, 4))
    assert chosen == []
    QTest.mouseMove(view, at(view, 4) + QPoint(2, 1))
    QTest.mouseRelease(view, LEFT, pos=at(view, 4) + QPoint(2, 1))
    assert chosen == ["KRW-C4"]
    QTest.mouseDClick(view, LEFT, pos=at(view, 4))
    assert chosen == ["KRW-C4"], "the second press of a double click is no other choice"
    QTest.mouseClick(view, Qt.MouseButton.RightButton, pos=at(view, 5))
    assert chosen == ["KRW-C4"]


def test_a_line_pulled_away_is_carried_and_not_chosen(view: WatchedList, monkeypatch: pytest.MonkeyPatch) -> None:
    carried: list[tuple[QWidget, str]] = []
    chosen: list[str] = []
    view.chosen.connect(chosen.append)
    monkeypatch.setattr(
        "widgets.controls.market_list.drag.carry_market", lambda source, code: carried.append((source, code))
    )
    QTest.mousePress(view, LEFT, pos=at(view, 4))
    for step in range(1, 4):
        QTest.mouseMove(view, at(view, 4) + QPoint(0, step * QApplication.startDragDistance()))
    QTest.mouseRelease(view, LEFT, pos=at(view, 6))
    assert carried == [(view, "KRW-C4")]
    assert chosen == []


def test_a_star_is_pressed_and_no_line_is_chosen(view: WatchedList) -> None:
    stars: list[str] = []
    chosen: list[str] = []
    view.star_pressed.connect(stars.append)
    view.chosen.connect(chosen.append)
    QTest.mouseClick(view, LEFT, pos=at(view, 2, STAR // 2))
    assert (stars, chosen) == (["KRW-C2"], [])


def test_a_press_on_a_head_wants_it_sorted(view: WatchedList) -> None:
    wanted: list[Sort] = []
    view.sort_wanted.connect(wanted.append)
    view.sort_wanted.connect(view.set_sort)
    columns = view.columns
    for x in (columns.price - 5, columns.price - 5, columns.change - 5, columns.turnover - 5, STAR + 5):
        QTest.mouseClick(view, LEFT, pos=QPoint(x, HEADER // 2))
    assert wanted == [Sort(PRICE), Sort(PRICE, False), Sort(CHANGE), Sort(TURNOVER), Sort(NAME, False)]


def test_below_the_last_line_there_is_nothing_to_press(view: WatchedList) -> None:
    chosen: list[str] = []
    view.chosen.connect(chosen.append)
    fill(view, 3)
    QTest.mouseClick(view, LEFT, pos=QPoint(60, HEADER + 5 * ROW))
    assert chosen == []


def test_the_wheel_and_the_bar_scroll_to_the_ends_and_no_further(view: WatchedList) -> None:
    wheel(view, -120)
    assert view.in_sight[0] == "KRW-C3"
    wheel(view, -20)  # a touchpad sends less than a line at a time
    wheel(view, -20)
    assert view.in_sight[0] == "KRW-C4"
    wheel(view, -99_999)
    assert view.in_sight[-1] == "KRW-C49"
    assert view.bar.value() == view.bar.maximum() == 40
    view.bar.setValue(7)
    assert view.in_sight[0] == "KRW-C7"
    assert view.lines[0].code == "KRW-C7"
    wheel(view, 99_999)
    assert view.top == 0


def test_a_higher_list_shows_more_lines(view: WatchedList) -> None:
    view.scroll_to(40)
    view.resize(400, HEADER + 20 * ROW)
    assert len(view.lines) == 20
    assert view.lines[-1].code == "KRW-C49", "no empty lines at the end"
    view.resize(400, HEADER + 60 * ROW)
    assert not view.bar.isVisible()
    assert len(view.lines) == 50


def test_the_line_under_the_mouse_is_tinted(view: WatchedList) -> None:
    QTest.mouseMove(view, at(view, 6))
    assert picture(view).pixelColor(1, at(view, 6).y()) == theme.colors.raised
    QTest.mouseMove(view, at(view, 7))
    assert picture(view).pixelColor(1, at(view, 6).y()) == theme.colors.surface


def test_a_tip_says_in_full_what_a_line_shows_in_short(view: WatchedList) -> None:
    lines = list(view.lines)
    lines[5] = line(5, warned=True)
    view.show_lines(lines, 0.0)
    assert view.tip_at(QPointF(at(view, 5))) == "Coin 5 KRW-C5\nInvestment warning"
    assert "Space" in view.tip_at(QPointF(at(view, 5, 3)))
    assert "sort" in view.tip_at(QPointF(50, 5))
    fill(view, 3)
    assert view.tip_at(QPointF(60, HEADER + 5 * ROW)) == ""


# --- the keys ---


def test_keys_say_what_is_wanted(view: WatchedList) -> None:
    said: list[object] = []
    view.stepped.connect(said.append)
    view.jumped.connect(lambda row: said.append(("row", row)))
    view.tab_stepped.connect(lambda by: said.append(("tab", by)))
    view.taken.connect(lambda: said.append("taken"))
    view.escaped.connect(lambda: said.append("escaped"))
    view.star_pressed.connect(lambda code: said.append(("star", code)))
    view.typed.connect(lambda text: said.append(("typed", text)))
    view.set_current("KRW-C1")
    key = Qt.Key
    for pressed in (
        key.Key_Down,
        key.Key_Up,
        key.Key_PageDown,
        key.Key_PageUp,
        key.Key_Home,
        key.Key_End,
        key.Key_Left,
        key.Key_Right,
        key.Key_Return,
        key.Key_Escape,
        key.Key_Space,
    ):
        QTest.keyClick(view, pressed)
    assert said == [
        1,
        -1,
        9,
        -9,
        ("row", 0),
        ("row", -1),
        ("tab", -1),
        ("tab", 1),
        "taken",
        "escaped",
        ("star", "KRW-C1"),
    ]
    said.clear()
    QTest.keyClicks(view, "/b5")
    QTest.keyClick(view, key.Key_B, Qt.KeyboardModifier.ControlModifier)
    assert said == [("typed", ""), ("typed", "b")], "digits and shortcuts are not the list's"
    view.set_current("KRW-GONE")
    QTest.keyClick(view, key.Key_Space)
    assert len(said) == 2, "no star without a line"


def test_shift_and_arrows_sort(view: WatchedList) -> None:
    view.sort_wanted.connect(view.set_sort)
    shift = Qt.KeyboardModifier.ShiftModifier
    seen = []
    keys = Qt.Key
    for key in (keys.Key_Right, keys.Key_Up, keys.Key_Down, keys.Key_Left, keys.Key_Left, keys.Key_Left, keys.Key_Left):
        QTest.keyClick(view, key, shift)
        seen.append(view.sort)
    assert seen == [
        Sort(TURNOVER, True),
        Sort(TURNOVER, False),
        Sort(TURNOVER, True),
        Sort(CHANGE, True),
        Sort(PRICE, True),
        Sort(NAME, False),
        Sort(NAME, False),
    ]
