"""The symbol search, driven by mouse, keys and an input method."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QPoint, Qt
from PySide6.QtGui import QColor, QImage, QInputMethodEvent
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

    def open(self, typed: str = "", index: MarketIndex = INDEX, lang: str = "en", **tickers: Ticker) -> QLineEdit:
        self.picker.open_over(self.pane, index, {f"KRW-{k}": v for k, v in tickers.items()}, lang, typed)
        line = QApplication.focusWidget()
        assert isinstance(line, QLineEdit)
        return line

    @property
    def list(self) -> QWidget:
        return self.picker._results

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


@pytest.mark.parametrize("at", [QPoint(0, 0), QPoint(500, 400), QPoint(630, 470)])
def test_it_stays_inside_the_window(desk: Desk, at: QPoint) -> None:
    desk.pane.move(at)
    desk.open("")
    assert desk.window.rect().contains(desk.picker.geometry())


def inks(image: QImage, color: QColor, left: int, right: int) -> int:
    return sum(image.pixelColor(x, y) == color for x in range(left, right) for y in range(ROW_PX))


def test_price_and_change_are_painted_in_the_colour_of_the_day(desk: Desk) -> None:
    def ticker(rate: float) -> Ticker:
        return Ticker(market="KRW-BTC", price=100.0, change_rate=rate)  # type: ignore[call-arg]

    for rate, ink in ((0.02, theme.colors.up), (-0.02, theme.colors.down)):
        desk.open("비트", BTC=ticker(rate))
        image = desk.list.grab().toImage()
        assert inks(image, ink, 244, 410) > 10
        desk.picker.close_picker()
    desk.open("비트")
    image = desk.list.grab().toImage()
    assert inks(image, theme.colors.up, 244, 410) + inks(image, theme.colors.down, 244, 410) == 0


def test_names_are_those_of_the_language(desk: Desk) -> None:
    desk.open("btc", lang="en")
    english = desk.list.grab().toImage()
    desk.picker.close_picker()
    desk.open("btc", lang="ko")
    assert desk.list.grab().toImage() != english
