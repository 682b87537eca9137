"""The command palette, driven by keys and mouse."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QFontMetricsF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from tests.waiting import qt_until
from widgets import theme
from widgets.controls.command_palette import RECENT, WIDTH, CommandPalette, Row
from widgets.controls.search_popup import ROW_PX

ROWS = [
    Row("desk.new", "New desk", "Desk", "Ctrl+Shift+N", names=("새 데스크", "데스크")),
    Row("link.1", "Link group 1", "Link group", "Ctrl+1", names=("링크 그룹 1",)),
    Row("desk.lock", "Lock the panes", "Desk", "Ctrl+K, L", is_checked=True, names=("창 배치 잠그기", "데스크")),
    Row("pane.close", "Close the pane", "Pane", "Ctrl+W", is_enabled=False, names=("창 닫기",)),
    Row("market:KRW-BTC", "KRW-BTC", "비트코인", names=("Bitcoin",)),
]


class Desk:
    """A window with a pane that has the focus, and the palette."""

    def __init__(self, qtbot: QtBot) -> None:
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.window.resize(800, 480)
        self.pane = QLineEdit(self.window)
        self.palette = CommandPalette(self.window)
        self.chosen: list[str] = []
        self.dismissed: list[bool] = []
        self.had_focus: list[bool] = []
        self.palette.command_chosen.connect(self._choose)
        self.palette.dismissed.connect(lambda: self.dismissed.append(True))
        show(self.window, self.pane, qtbot)

    def _choose(self, name: str) -> None:
        self.chosen.append(name)
        self.had_focus.append(self.pane.hasFocus())

    def open(self, typed: str = "", rows: list[Row] = ROWS, over: QWidget | None = None) -> QLineEdit:
        self.palette.open_over(over or self.pane, rows, typed)
        line = QApplication.focusWidget()
        assert isinstance(line, QLineEdit)
        assert line is not self.pane
        return line

    @property
    def list(self) -> QWidget:
        return self.palette._results

    def inks(self, row: int, left: int, right: int) -> set[str]:
        """Return the colours that are in a row of the list between two edges."""
        image = self.list.grab().toImage()
        middle = range(row * ROW_PX + 4, (row + 1) * ROW_PX - 4)
        return {image.pixelColor(x, y).name() for x in range(left, right) for y in middle}


def show(window: QWidget, focused: QWidget, qtbot: QtBot) -> None:
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    focused.setFocus()
    qt_until(lambda: window.isActiveWindow() and focused.hasFocus())


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    desk = Desk(qtbot)
    yield desk
    desk.palette.close_popup()


def test_typing_finds_and_enter_runs_what_was_found_where_one_was(desk: Desk) -> None:
    line = desk.open()
    assert desk.palette.rows == [row.id for row in ROWS]
    QTest.keyClicks(line, "group")
    assert desk.palette.rows == ["link.1"]
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert (desk.chosen, desk.dismissed) == (["link.1"], [])
    assert desk.had_focus == [True]  # before the command runs: it is done to the pane that was worked in
    assert not desk.palette.isVisible()


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("링크", "link.1"),
        ("link", "link.1"),
        ("ㅊㄷㄱ", "pane.close"),
        ("lock", "desk.lock"),
        ("pane.close", "pane.close"),
        ("ctrl+w", "pane.close"),
        ("bitcoin", "market:KRW-BTC"),
        ("btc", "market:KRW-BTC"),
        ("비트", "market:KRW-BTC"),
    ],
)
def test_it_finds_by_either_language_id_and_keys(desk: Desk, typed: str, found: str) -> None:
    desk.open(typed)
    assert desk.palette.rows[0] == found


def test_what_fits_nothing_is_said(desk: Desk) -> None:
    line = desk.open("zzzz")
    assert desk.palette.rows == []
    assert "zzzz" in desk.list.accessibleName()
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert desk.palette.isVisible()
    line.clear()
    assert len(desk.palette.rows) == len(ROWS)
    assert "New desk" in desk.list.accessibleName()


def test_what_was_chosen_last_stands_first(desk: Desk) -> None:
    for name in ("lock", "group", "lock", "bitcoin"):
        QTest.keyClick(desk.open(name), Qt.Key.Key_Return)
    assert desk.palette.recent == ["market:KRW-BTC", "desk.lock", "link.1"]
    desk.open()
    assert desk.palette.rows == ["market:KRW-BTC", "desk.lock", "link.1", "desk.new", "pane.close"]
    desk.palette.close_popup()
    desk.open("the pane")  # of those that fit alike too
    assert desk.palette.rows == ["desk.lock", "pane.close"]


def test_only_so_many_are_remembered(desk: Desk) -> None:
    rows = [Row(f"c{i}", f"Command {i}") for i in range(RECENT + 5)]
    for row in rows:
        QTest.keyClick(desk.open(row.id, rows), Qt.Key.Key_Return)
    assert desk.palette.recent == [f"c{i}" for i in reversed(range(5, RECENT + 5))]


def test_what_cannot_be_done_now_is_grey_and_does_not_run(desk: Desk) -> None:
    line = desk.open("close")
    QTest.keyClick(line, Qt.Key.Key_Return)
    QTest.mouseClick(desk.list, Qt.MouseButton.LeftButton, pos=QPoint(60, ROW_PX // 2))
    assert (desk.chosen, desk.palette.recent, desk.palette.isVisible()) == ([], [], True)
    assert theme.colors.text.name() not in desk.inks(0, 0, WIDTH - 2)
    assert theme.colors.faint.name() in desk.inks(0, 0, WIDTH - 2)
    desk.palette.close_popup()
    desk.open("group")
    assert theme.colors.text.name() in desk.inks(0, 0, WIDTH - 2)


def test_what_is_on_has_a_tick(desk: Desk) -> None:
    desk.open("desk.")
    assert desk.palette.rows == ["desk.new", "desk.lock"]
    assert len(desk.inks(0, 8, 28)) == 1
    assert theme.colors.accent.name() in desk.inks(1, 8, 28)


def test_keys_stand_at_the_right_edge_and_a_long_text_leaves_them_room(desk: Desk) -> None:
    desk.open(rows=[Row("x", "long words " * 20, "Desk", "Ctrl+W")])
    ground = {theme.colors.selection.name()}
    width = round(QFontMetricsF(theme.font(theme.SMALL)).horizontalAdvance("Ctrl+W"))
    right = WIDTH - 2 - 12  # the frame, the margin
    assert theme.colors.muted.name() in desk.inks(0, right - width, right)
    assert desk.inks(0, right - width - 12, right - width - 1) == ground  # the text ends before
    assert theme.colors.text.name() in desk.inks(0, 30, right - width - 12)
    assert desk.inks(0, right + 1, WIDTH - 2) == ground


def test_a_click_chooses_and_a_click_elsewhere_closes(desk: Desk) -> None:
    desk.open()
    QTest.mouseClick(desk.list, Qt.MouseButton.LeftButton, pos=QPoint(60, ROW_PX + ROW_PX // 2))
    assert desk.chosen == ["link.1"]
    desk.open()
    QTest.mouseClick(desk.window, Qt.MouseButton.LeftButton, pos=QPoint(5, 470))
    assert (desk.palette.isVisible(), desk.dismissed, desk.chosen) == (False, [True], ["link.1"])


def test_escape_gives_the_focus_back(desk: Desk) -> None:
    QTest.keyClick(desk.open("x"), Qt.Key.Key_Escape)
    assert desk.pane.hasFocus()
    assert desk.dismissed == [True]


def test_the_focus_goes_back_to_the_pane_also_when_it_is_opened_twice(desk: Desk) -> None:
    desk.open()
    QTest.keyClick(desk.open("x"), Qt.Key.Key_Escape)
    assert desk.pane.hasFocus()


def test_a_pane_that_went_meanwhile_gets_no_focus(desk: Desk) -> None:
    line = desk.open()
    desk.pane.deleteLater()
    qt_until(lambda: not desk.window.findChildren(QLineEdit, options=Qt.FindChildOption.FindDirectChildrenOnly))
    QTest.keyClick(line, Qt.Key.Key_Escape)
    assert not desk.palette.isVisible()


def test_it_stands_in_the_middle_of_the_window_it_is_asked_for_in(desk: Desk, qtbot: QtBot) -> None:
    desk.open()
    box = desk.palette.geometry()
    assert abs(box.center().x() - desk.window.width() // 2) <= 1
    assert desk.window.rect().contains(box)
    desk.palette.close_popup()
    floating = QWidget()
    qtbot.addWidget(floating)
    floating.resize(700, 400)
    line = QLineEdit(floating)
    show(floating, line, qtbot)
    desk.open("group", over=line)
    assert desk.palette.window() is floating
    QTest.keyClick(desk.palette._line, Qt.Key.Key_Return)
    assert desk.chosen == ["link.1"]
    assert line.hasFocus()
    assert desk.palette.parentWidget() is desk.window


def test_it_outlives_a_window_that_is_closed_under_it(desk: Desk, qtbot: QtBot) -> None:
    floating = QWidget()
    line = QLineEdit(floating)
    show(floating, line, qtbot)
    desk.open(over=line)
    floating.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    gone: list[bool] = []
    floating.destroyed.connect(lambda: gone.append(True))
    floating.close()
    qt_until(lambda: gone)
    assert desk.dismissed == [True]
    show(desk.window, desk.pane, qtbot)
    QTest.keyClick(desk.open("group"), Qt.Key.Key_Return)
    assert desk.chosen == ["link.1"]


def test_in_a_small_window_it_starts_at_the_edge(desk: Desk) -> None:
    desk.window.resize(400, 200)
    desk.open()
    assert QRect(0, 0, 40, 40).contains(desk.palette.geometry().topLeft())


def test_it_takes_the_colours_in_force(desk: Desk, qapp: QApplication) -> None:
    desk.open("group")
    dark = desk.inks(0, 0, WIDTH - 2)
    theme.apply(qapp, "light")
    assert QColor(theme.colors.selection).name() in desk.inks(0, 0, WIDTH - 2) - dark
    theme.apply(qapp)


def test_all_symbols_can_be_among_the_rows(desk: Desk) -> None:
    rows = ROWS + [
        Row(f"market:KRW-X{i}", f"KRW-X{i}", f"엑스 코인 {i}", names=(f"Ex coin {i}",)) for i in range(1_000)
    ]
    line = desk.open(rows=rows)
    QTest.keyClicks(line, "coin 77")
    assert desk.palette.rows[0] == "market:KRW-X77"
    assert len(desk.palette.rows) == 19
