"""The symbol search, driven by mouse, keys and an input method."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QInputMethodEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from core.calc.search import MarketIndex
from core.market import Market
from core.wire.messages import Ticker
from tests.waiting import qt_until
from widgets import theme
from widgets.controls.market_picker import ROW_PX, ROWS, MarketPicker

NAMES = [("BTC", "비트코인", "Bitcoin"), ("ETH", "이더리움", "Ethereum"), ("DOGE", "도지코인", "Dogecoin")]
MARKETS = [Market(f"KRW-{code}", ko, en) for code, ko, en in NAMES]
MARKETS += [Market(f"KRW-X{i:02d}", f"엑스{i}", f"Ex {i}") for i in range(30)]
INDEX = MarketIndex(MARKETS)


class Desk:
    """A window with a pane in its corner, and the picker over it."""

    def __init__(self, qtbot: QtBot) -> None:
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.window.resize(640, 480)
        self.pane = QWidget(self.window)
        self.pane.setGeometry(20, 20, 300, 200)
        self.picker = MarketPicker(self.window)
        self.chosen: list[str] = []
        self.seen: list[str] = []
        self.dismissed: list[bool] = []
        self.picker.market_chosen.connect(self.chosen.append)
        self.picker.highlighted.connect(self.seen.append)
        self.picker.dismissed.connect(lambda: self.dismissed.append(True))
        self.window.show()
        qtbot.waitExposed(self.window)
        self.window.activateWindow()
        qt_until(self.window.isActiveWindow)

    def open(
        self,
        typed: str = "",
        index: MarketIndex = INDEX,
        lang: str = "en",
        recent: tuple[str, ...] = (),
        **tickers: Ticker,
    ) -> QLineEdit:
        self.picker.open_over(self.pane, index, {f"KRW-{k}": v for k, v in tickers.items()}, lang, typed, recent)
        line = QApplication.focusWidget()
        assert isinstance(line, QLineEdit)
        return line

    @property
    def list(self) -> QWidget:
        return self.picker._results

    def wheel(self, delta: int) -> None:
        """Turn the wheel over the list by `delta` eighths of a degree; a notch is 120, a touchpad sends less."""
        at, none = QPointF(self.row(2)), QPoint()
        buttons, keys = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
        turn = QPoint(0, delta)
        event = QWheelEvent(
            at, self.list.mapToGlobal(at), none, turn, buttons, keys, Qt.ScrollPhase.NoScrollPhase, False
        )
        QCoreApplication.sendEvent(self.list, event)

    def first_row(self) -> str:
        """Return the market that a click on the first line chooses."""
        QTest.mouseClick(self.list, Qt.MouseButton.LeftButton, pos=self.row(0))
        return self.chosen[-1]

    def row(self, i: int) -> QPoint:
        return QPoint(60, i * ROW_PX + ROW_PX // 2)


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    desk = Desk(qtbot)
    yield desk
    desk.picker.close_picker()


def test_the_letter_that_opened_it_counts_and_enter_chooses(desk: Desk) -> None:
    line = desk.open("d")
    assert desk.picker.isVisible()
    QTest.keyClicks(line, "og")
    assert line.text() == "dog"
    assert desk.picker.rows == ["KRW-DOGE"]
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert desk.chosen == ["KRW-DOGE"]
    assert not desk.picker.isVisible()
    assert not desk.dismissed


def test_arrows_and_pages_move_and_stay_in_the_list(desk: Desk) -> None:
    line = desk.open("엑스")
    rows = desk.picker.rows
    assert len(rows) == 30
    QTest.keyClick(line, Qt.Key.Key_Up)
    assert desk.seen[-1] == rows[0]
    QTest.keyClick(line, Qt.Key.Key_Down)
    assert desk.seen[-1] == rows[1]
    QTest.keyClick(line, Qt.Key.Key_Tab)
    assert desk.seen[-1] == rows[2]
    for _ in range(9):
        QTest.keyClick(line, Qt.Key.Key_PageDown)
    assert desk.seen[-1] == rows[-1]
    QTest.keyClick(line, Qt.Key.Key_PageUp)
    assert desk.seen[-1] == rows[-1 - ROWS]
    QTest.keyClick(line, Qt.Key.Key_Enter)
    assert desk.chosen == [rows[-1 - ROWS]]


def test_escape_and_a_click_elsewhere_dismiss_it(desk: Desk) -> None:
    line = desk.open("b")
    QTest.keyClick(line, Qt.Key.Key_Escape)
    assert (desk.picker.isVisible(), len(desk.dismissed)) == (False, 1)
    desk.open("b")
    QTest.mouseClick(desk.window, Qt.MouseButton.LeftButton, pos=QPoint(600, 470))
    assert (desk.picker.isVisible(), len(desk.dismissed)) == (False, 2)
    assert not desk.chosen


def test_the_mouse_points_scrolls_and_chooses(desk: Desk) -> None:
    desk.open("엑스")
    rows = desk.picker.rows
    QTest.mouseMove(desk.list, desk.row(0))
    QTest.mouseMove(desk.list, desk.row(3))
    qt_until(lambda: desk.seen[-1] == rows[3])
    QTest.mouseClick(desk.list, Qt.MouseButton.LeftButton, pos=desk.row(4))
    assert desk.chosen == [rows[4]]


def test_the_recent_ones_lead_until_something_is_typed(desk: Desk) -> None:
    line = desk.open(recent=("KRW-X29", "KRW-GONE", "KRW-DOGE"))
    assert desk.picker.rows[:2] == ["KRW-X29", "KRW-DOGE"]
    assert sorted(desk.picker.rows) == sorted(m.code for m in MARKETS)
    QTest.keyClicks(line, "e")
    assert desk.picker.rows[0] == "KRW-ETH"
    QTest.keyClick(line, Qt.Key.Key_Backspace)
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert desk.chosen == ["KRW-X29"]


def test_a_line_parts_the_recent_ones_from_the_others(desk: Desk) -> None:
    def edge() -> QColor:
        return desk.list.grab().toImage().pixelColor(4, 2 * ROW_PX)

    desk.open(recent=("KRW-X29", "KRW-DOGE"))
    assert edge() == theme.colors.grid
    desk.picker.close_picker()
    desk.open()
    assert edge() != theme.colors.grid


def test_shift_tab_goes_back_and_escape_leaves_the_market_alone(desk: Desk) -> None:
    line = desk.open("엑스")
    QTest.keyClick(line, Qt.Key.Key_Tab)
    QTest.keyClick(line, Qt.Key.Key_Backtab)
    assert desk.seen[-1] == desk.picker.rows[0]
    QTest.keyClick(line, Qt.Key.Key_Escape)
    assert (desk.chosen, desk.dismissed) == ([], [True])


@pytest.mark.parametrize("step", [120, 15])
def test_the_wheel_scrolls_as_far_back_as_it_scrolled_on(desk: Desk, step: int) -> None:
    desk.open("엑스")
    rows = desk.picker.rows
    for _ in range(240 // step):
        desk.wheel(-step)
    assert desk.first_row() == rows[6]
    desk.open("엑스")
    for _ in range(240 // step):
        desk.wheel(-step)
    for _ in range(120 // step):
        desk.wheel(step)
    assert desk.first_row() == rows[3]


def test_the_wheel_stops_at_both_ends(desk: Desk) -> None:
    desk.open("엑스")
    rows = desk.picker.rows
    desk.wheel(-120 * 50)
    assert desk.first_row() == rows[-ROWS]
    desk.open("엑스")
    desk.wheel(120 * 50)
    desk.wheel(-120)
    assert desk.first_row() == rows[3]


def test_a_key_brings_the_highlighted_row_back_into_sight(desk: Desk) -> None:
    line = desk.open("엑스")
    rows = desk.picker.rows
    desk.wheel(-120 * 50)
    QTest.keyClick(line, Qt.Key.Key_Down)
    assert desk.seen[-1] == rows[1]
    assert desk.first_row() == rows[1]


def test_typing_on_begins_at_the_top_again(desk: Desk) -> None:
    line = desk.open("엑스")
    desk.wheel(-120 * 50)
    QTest.keyClick(line, Qt.Key.Key_PageDown)
    QTest.keyClick(line, Qt.Key.Key_Backspace)
    assert desk.seen[-1] == desk.picker.rows[0]
    assert desk.first_row() == desk.picker.rows[0]


def test_the_highlight_is_painted_where_it_is(desk: Desk) -> None:
    line = desk.open("엑스")
    for marked in (0, 1):
        image = desk.list.grab().toImage()
        left = [image.pixelColor(2, desk.row(i).y()) == theme.colors.selection for i in range(ROWS)]
        assert left == [i == marked for i in range(ROWS)]
        QTest.keyClick(line, Qt.Key.Key_Down)


def test_a_click_in_the_line_leaves_it_open(desk: Desk) -> None:
    line = desk.open("b")
    QTest.mouseClick(line, Qt.MouseButton.LeftButton)
    assert desk.picker.isVisible()
    assert not desk.dismissed


def test_closed_it_hears_no_clicks(desk: Desk) -> None:
    desk.open("dog")
    QTest.mouseClick(desk.list, Qt.MouseButton.LeftButton, pos=desk.row(0))
    QTest.mouseClick(desk.window, Qt.MouseButton.LeftButton, pos=QPoint(600, 470))
    assert (desk.chosen, desk.dismissed) == (["KRW-DOGE"], [])


def test_a_click_below_the_last_row_chooses_nothing(desk: Desk) -> None:
    desk.open("dog")
    QTest.mouseClick(desk.list, Qt.MouseButton.LeftButton, pos=desk.row(0) + QPoint(0, 2 * ROW_PX))
    assert not desk.chosen


def test_what_an_input_method_composes_is_searched_at_once(desk: Desk) -> None:
    line = desk.open()
    QCoreApplication.sendEvent(line, QInputMethodEvent("ㄷ", []))
    assert desk.picker.rows[0] == "KRW-DOGE"
    QCoreApplication.sendEvent(line, QInputMethodEvent("도", []))
    assert desk.picker.rows == ["KRW-DOGE"]
    done = QInputMethodEvent("", [])
    done.setCommitString("이")
    QCoreApplication.sendEvent(line, done)
    assert desk.picker.rows == ["KRW-ETH"]


def test_what_is_composed_counts_where_the_cursor_is(desk: Desk) -> None:
    line = desk.open("도코")
    line.setCursorPosition(1)
    QCoreApplication.sendEvent(line, QInputMethodEvent("지", []))
    assert desk.picker.rows == ["KRW-DOGE"]
    QCoreApplication.sendEvent(line, QInputMethodEvent("", []))  # taken back
    assert desk.picker.rows == []


def test_consonants_that_are_composed_into_one_are_found(desk: Desk) -> None:
    line = desk.open(index=MarketIndex([*MARKETS, Market("KRW-GAS", "가스", "GAS")]))
    QCoreApplication.sendEvent(line, QInputMethodEvent("ㄳ", []))
    assert desk.picker.rows == ["KRW-GAS"]
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert desk.chosen == ["KRW-GAS"]


def test_the_turnover_in_one_currency_orders_what_fits_alike(desk: Desk) -> None:
    def ticker(code: str, turnover: float) -> Ticker:
        return Ticker(market=code, price=1.0, turnover_24h=turnover)

    index = MarketIndex([Market("KRW-XA", "엑", "X"), Market("KRW-XB", "엑", "X"), Market("KRW-XC", "엑", "X")])
    line = desk.open("엑", index, XA=ticker("KRW-XA", 1.0), XB=ticker("KRW-XB", 3.0), XC=ticker("KRW-XC", float("nan")))
    assert desk.picker.rows == ["KRW-XB", "KRW-XA", "KRW-XC"]
    QTest.keyClick(line, Qt.Key.Key_Escape)
    desk.open("")
    assert len(desk.picker.rows) == len(MARKETS)


def test_what_fits_nothing_is_said_with_what_comes_near(desk: Desk) -> None:
    desk.open("bitcion")
    assert desk.picker.rows == []
    assert "KRW-BTC" in desk.picker._results.note
    desk.picker.close_picker()
    line = desk.open("@@@@")
    assert "Nothing fits" in desk.picker._results.note
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert not desk.chosen
    assert desk.picker.isVisible()
    desk.picker.close_picker()
    desk.open("btc", MarketIndex([]))
    assert "has not come yet" in desk.picker._results.note
    image = desk.list.grab().toImage()
    assert inks(image, theme.colors.muted, 12, desk.list.width()) > 10  # and seen


@pytest.mark.parametrize("at", [QPoint(0, 0), QPoint(500, 0), QPoint(0, 400), QPoint(500, 400), QPoint(630, 470)])
@pytest.mark.parametrize("typed", ["", "@@@@"])
def test_it_stays_inside_the_window(desk: Desk, at: QPoint, typed: str) -> None:
    desk.pane.move(at)
    line = desk.open(typed)
    assert desk.window.rect().contains(desk.picker.geometry())
    line.clear()  # from a note to the full list
    assert len(desk.picker.rows) > ROWS
    assert desk.window.rect().contains(desk.picker.geometry())
    assert desk.list.height() >= ROWS * ROW_PX


def test_it_opens_over_the_pane_that_asked(desk: Desk) -> None:
    desk.open("")
    assert desk.pane.geometry().contains(desk.picker.pos())


def inks(image: QImage, color: QColor, left: int, right: int) -> int:
    return sum(image.pixelColor(x, y) == color for x in range(left, right) for y in range(ROW_PX))


def test_price_and_change_are_painted_in_the_colour_of_the_day(desk: Desk) -> None:
    def ticker(rate: float) -> Ticker:
        return Ticker(market="KRW-BTC", price=100.0, change_rate=rate)

    for rate, ink in ((0.02, theme.colors.up), (-0.02, theme.colors.down)):
        desk.open("비트", BTC=ticker(rate))
        image = desk.list.grab().toImage()
        assert inks(image, ink, 244, 410) > 10
        desk.picker.close_picker()
    desk.open("비트")
    image = desk.list.grab().toImage()
    assert inks(image, theme.colors.up, 244, 410) + inks(image, theme.colors.down, 244, 410) == 0


def test_names_are_those_of_the_language(desk: Desk) -> None:
    def painted(market: Market, lang: str) -> QImage:
        desk.open("btc", MarketIndex([market]), lang)
        image = desk.list.grab().toImage()
        desk.picker.close_picker()
        return image

    korean, english = Market("KRW-BTC", "비트코인", ""), Market("KRW-BTC", "", "Bitcoin")
    both, nameless = Market("KRW-BTC", "비트코인", "Bitcoin"), Market("KRW-BTC")
    assert painted(both, "ko") == painted(korean, "ko") != painted(nameless, "ko")
    assert painted(both, "en") == painted(english, "en") != painted(nameless, "en")
    assert painted(korean, "ko") != painted(english, "en")


def test_a_market_under_warning_is_marked(desk: Desk) -> None:
    for is_warned in (True, False):
        desk.open("btc", MarketIndex([Market("KRW-BTC", "비트코인", "Bitcoin", is_warned)]))
        image = desk.list.grab().toImage()
        desk.picker.close_picker()
        assert (inks(image, theme.colors.warn, 224, 244) > 0) is is_warned


def test_it_can_be_heard(desk: Desk) -> None:
    line = desk.open()
    assert line.accessibleName()
    assert line.placeholderText()


def test_what_is_shown_already_is_not_offered_to_be_compared(qtbot: QtBot) -> None:
    desk = Desk(qtbot)
    hint = "Compare with"
    desk.picker.open_over(desk.pane, INDEX, {}, "en", hint=hint, without=("KRW-BTC", "KRW-X03"))
    line = QApplication.focusWidget()
    assert isinstance(line, QLineEdit)
    assert line.placeholderText() == hint
    assert len(desk.picker.rows) == len(MARKETS) - 2
    assert "KRW-BTC" not in desk.picker.rows
    QTest.keyClicks(line, "btc")
    assert "KRW-BTC" not in desk.picker.rows
    desk.picker.close_picker()
    line = desk.open()
    assert line.placeholderText() != hint
    assert len(desk.picker.rows) == len(MARKETS), "the next one who opens it has all again"
