"""All keys at a glance."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QMainWindow
from pytestqt.qtbot import QtBot

from app import translations
from app.cheat_sheet import CheatSheet, pack
from app.commands import Commands
from tests.waiting import qt_until
from widgets import theme


class Program:
    """A window with as many commands as the real one, a pane in it, and the sheet behind F1."""

    def __init__(self, qtbot: QtBot) -> None:
        self.window = QMainWindow()
        qtbot.addWidget(self.window)
        self.window.resize(1280, 720)
        self.pane = QLineEdit(self.window)
        self.commands = Commands(self.window)
        self.commands.add("help.keys", "Keys at a glance", self.toggle, "F1", group="program")
        self.commands.add("none", "Nothing by key", self.toggle, group="program")
        for i in range(20):
            keys = f"Ctrl+Shift+F{i + 1}"
            self.commands.add(f"pane.{i}", f"Move the pane to the lower edge {i}", self.toggle, keys, group="pane")
        for i in range(10):
            self.commands.add(f"link.{i}", f"Link group {i}", self.toggle, f"Alt+{i}", group="link")
        self.sheet = CheatSheet(self.commands, self.window)
        self.window.show()
        qtbot.waitExposed(self.window)
        self.window.activateWindow()
        self.pane.setFocus()
        qt_until(lambda: self.window.isActiveWindow() and self.pane.hasFocus())

    def toggle(self) -> None:
        self.sheet.setVisible(not self.sheet.isVisible())

    def seen(self) -> list[str]:
        """Return the texts that can be seen without scrolling, whole."""
        QApplication.processEvents()
        room = self.sheet._scroll.viewport()
        labels = [
            label
            for label in self.sheet._content.findChildren(QLabel)
            if label.isVisible() and room.rect().contains(label.rect().translated(label.mapTo(room, QPoint(0, 0))))
        ]
        return [label.text() for label in labels]


@pytest.fixture
def program(qtbot: QtBot, qapp: QApplication) -> Iterator[Program]:
    theme.apply(qapp)
    program = Program(qtbot)
    yield program
    program.sheet.close()
    translations.install(qapp, "en")


def texts(program: Program) -> set[str]:
    return {text for group in program.sheet.groups() for line in group.lines for text in (line.text, line.keys)}


def test_f1_shows_all_keys_and_f1_or_escape_puts_them_away(program: Program) -> None:
    for key in (Qt.Key.Key_F1, Qt.Key.Key_Escape):
        QTest.keyClick(program.pane, Qt.Key.Key_F1)
        assert program.sheet.isVisible()
        seen = program.seen()
        assert {"Keys at a glance", "F1", "Link group 9", "Alt+9", "Program", "Link group"} <= set(seen)
        assert "Nothing by key" not in seen
        focused = QApplication.focusWidget()
        assert focused is not None
        QTest.keyClick(focused, key)
        assert not program.sheet.isVisible()
        assert program.pane.hasFocus()


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_everything_fits_the_smallest_usual_screen_uncut(program: Program, qapp: QApplication, lang: str) -> None:
    translations.install(qapp, lang)
    program.sheet.show()
    assert program.window.rect().contains(program.sheet.geometry())
    assert texts(program) <= set(program.seen())
    for label in program.sheet.findChildren(QLabel):
        need = QFontMetricsF(label.font()).horizontalAdvance(label.text())
        assert label.width() >= need, label.text()


def test_both_languages_say_it_in_their_own_words(program: Program, qapp: QApplication) -> None:
    program.sheet.show()
    english = set(program.seen())
    translations.install(qapp, "ko")
    qt_until(lambda: "마우스" in program.seen())
    assert "Mouse" in english
    assert "Mouse" not in program.seen()


def test_in_a_small_window_it_is_scrolled_by_keys(program: Program) -> None:
    program.sheet.show()
    program.window.resize(640, 400)
    qt_until(lambda: program.window.rect().contains(program.sheet.geometry()))
    assert not texts(program) <= set(program.seen())
    found = set(program.seen())
    for _ in range(100):
        QTest.keyClick(program.sheet, Qt.Key.Key_Down)
        found |= set(program.seen())
    assert texts(program) <= found
    at_end = program.seen()
    QTest.keyClick(program.sheet, Qt.Key.Key_PageUp)
    assert program.seen() != at_end
    QTest.keyClick(program.sheet, Qt.Key.Key_Home)
    assert "F1" in program.seen()
    QTest.keyClick(program.sheet, Qt.Key.Key_End)
    assert program.seen() == at_end


def test_no_column_is_cut_by_the_bar_that_scrolls_them(program: Program) -> None:
    program.sheet.show()
    bars = program.sheet._scroll.verticalScrollBar(), program.sheet._scroll.horizontalScrollBar()
    seen = set()
    for width in range(1_100, 1_300, 14):
        program.window.resize(width, 400)
        QApplication.processEvents()
        seen.add((bars[0].isVisible(), bars[1].isVisible()))
    assert seen == {(True, False)}


def test_other_keys_are_shown_at_once(program: Program) -> None:
    program.sheet.show()
    program.commands.remap("none", "Ctrl+J")
    assert {"Nothing by key", "Ctrl+J"} <= set(program.seen())
    program.commands.remap("help.keys", "F3")
    assert "F1" not in program.seen()


def test_a_click_elsewhere_puts_it_away(program: Program) -> None:
    program.sheet.show()
    QTest.mouseClick(program.sheet, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert program.sheet.isVisible()
    QTest.mouseClick(program.window, Qt.MouseButton.LeftButton, pos=QPoint(2, 700))
    assert not program.sheet.isVisible()


def test_commands_go_on_while_it_is_open(program: Program) -> None:
    done: list[bool] = []
    program.commands.add("x", "X", lambda: done.append(True), "Ctrl+X")
    program.sheet.show()
    QTest.keyClick(program.sheet, Qt.Key.Key_X, Qt.KeyboardModifier.ControlModifier)
    assert done == [True]
    assert program.sheet.isVisible()


@given(st.lists(st.integers(1, 30), min_size=1, max_size=12), st.integers(1, 5))
def test_columns_keep_the_order_and_are_as_low_as_can_be(heights: list[int], columns: int) -> None:
    packed = pack(heights, columns)
    assert [i for column in packed for i in column] == list(range(len(heights)))
    assert len(packed) <= columns
    assert all(packed)

    def lowest(start: int, left: int) -> int:
        if left == 1 or start == len(heights) - 1:
            return sum(heights[start:])
        cuts = range(start + 1, len(heights))
        alone = sum(heights[start:])
        return min([alone, *(max(sum(heights[start:cut]), lowest(cut, left - 1)) for cut in cuts)])

    assert max(sum(heights[i] for i in column) for column in packed) == lowest(0, columns)
