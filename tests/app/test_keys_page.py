"""Remapping in the settings, by keys and mouse."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDialog,
    QLabel,
    QMainWindow,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app import translations
from app.commands import Commands
from app.keys_page import KeysPage
from tests.waiting import qt_until


class Settings:
    """The program's window, and a dialog with the page in it."""

    def __init__(self, qtbot: QtBot) -> None:
        self.window = QMainWindow()
        qtbot.addWidget(self.window)
        self.done: list[str] = []
        self.commands = Commands(self.window)
        for name, text, keys, group in (
            ("palette", "Command palette", "Ctrl+K", "program"),
            ("link.1", "Link group 1", "Ctrl+1", "link"),
            ("plain", "Without keys", "", "view"),
            ("pane.close", "Close the pane", "Ctrl+W", "pane"),
        ):
            self.commands.add(name, text, lambda name=name: self.done.append(name), keys, group=group)
        self.window.show()
        self.dialog = QDialog(self.window)
        self.page = KeysPage(self.commands)
        QVBoxLayout(self.dialog).addWidget(self.page)
        self.dialog.resize(520, 400)
        self.dialog.show()
        qtbot.waitExposed(self.dialog)
        self.dialog.activateWindow()
        qt_until(self.dialog.isActiveWindow)

    def shown(self) -> dict[str, str]:
        """Return what the table shows: command -> keys."""
        table = self.page._table
        items = [[table.item(row, column) for column in (0, 2)] for row in range(table.rowCount())]
        return {text.text(): keys.text() for text, keys in items if text is not None and keys is not None}

    def choose(self, text: str) -> None:
        (item,) = self.page._table.findItems(text, Qt.MatchFlag.MatchExactly)
        self.page._table.scrollToItem(item)
        rect = self.page._table.visualItemRect(item)
        QTest.mouseClick(self.page._table.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())

    def record(self, keys: str) -> None:
        """Press keys into the recorder, then Enter."""
        self.page._record.setFocus()
        target = QApplication.focusWidget()
        assert target is not None
        QTest.keySequence(target, QKeySequence(keys))
        QTest.keyClick(target, Qt.Key.Key_Return)

    def press(self, text: str) -> None:
        """Click on the button with this text."""
        (button,) = [b for b in self.page.findChildren(QAbstractButton) if b.text() == text and b.isVisible()]
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def buttons(self) -> set[str]:
        return {b.text() for b in self.page.findChildren(QAbstractButton) if b.isVisible() and b.text()}

    @property
    def said(self) -> str:
        return self.page._notice.text()

    def keys(self) -> dict[str, str]:
        return {c.id: c.keys for c in self.commands.all()}


@pytest.fixture
def page(qtbot: QtBot, qapp: QApplication) -> Iterator[Settings]:
    settings = Settings(qtbot)
    yield settings
    settings.dialog.close()
    translations.install(qapp, "en")


def test_pressed_keys_are_in_force_at_once(page: Settings, qtbot: QtBot) -> None:
    page.choose("Without keys")
    page.record("Ctrl+Shift+J")
    assert page.keys()["plain"] == "Ctrl+Shift+J"
    assert page.shown()["Without keys"] == "Ctrl+Shift+J"
    QTest.keySequence(page.window, QKeySequence("Ctrl+Shift+J"))
    assert page.done == ["plain"]


def test_keys_that_are_recorded_do_nothing_else(page: Settings) -> None:
    page.choose("Without keys")
    page.page._record.setFocus()
    target = QApplication.focusWidget()
    assert target is not None
    for keys in ("Ctrl+K", "Ctrl+W"):
        QTest.keySequence(target, QKeySequence(keys))
    assert page.done == []
    assert page.dialog.isVisible()


def test_two_keys_one_after_the_other(page: Settings) -> None:
    page.choose("Without keys")
    page.record("Ctrl+J, Ctrl+S")
    assert page.keys()["plain"] == "Ctrl+J, Ctrl+S"


def test_without_enter_the_keys_are_taken_after_a_moment(page: Settings) -> None:
    page.choose("Without keys")
    page.page._record.setFocus()
    target = QApplication.focusWidget()
    assert target is not None
    QTest.keySequence(target, QKeySequence("Ctrl+J"))
    qt_until(lambda: page.keys()["plain"] == "Ctrl+J")


def test_keys_of_another_are_asked_about_and_kept_there(page: Settings) -> None:
    page.choose("Without keys")
    before = page.keys()
    page.record("Ctrl+K")
    assert "Command palette" in page.said
    assert "Ctrl+K" in page.said
    assert {"Take", "Keep"} <= page.buttons()
    assert page.keys() == before
    page.press("Keep")
    assert page.keys() == before
    assert page.said == ""
    assert not {"Take", "Keep"} & page.buttons()
    assert page.page._record.keySequence().isEmpty()


def test_or_taken(page: Settings) -> None:
    page.choose("Without keys")
    page.record("Ctrl+K, Ctrl+S")
    assert "Command palette" in page.said
    page.press("Take")
    assert (page.keys()["plain"], page.keys()["palette"]) == ("Ctrl+K, Ctrl+S", "")
    assert page.shown()["Command palette"] == ""
    assert not {"Take", "Keep"} & page.buttons()


def test_the_question_is_answered_by_keys(page: Settings) -> None:
    page.choose("Without keys")
    page.record("Ctrl+K")
    focused = QApplication.focusWidget()
    assert isinstance(focused, QAbstractButton)
    assert focused.text() == "Keep"  # what changes nothing is what Space does
    QTest.keyClick(focused, Qt.Key.Key_Space)
    assert page.keys()["palette"] == "Ctrl+K"
    focused = QApplication.focusWidget()
    assert focused is not None
    assert focused.isVisible()


def test_another_command_ends_the_question(page: Settings) -> None:
    page.choose("Without keys")
    page.record("Ctrl+K")
    page.choose("Close the pane")
    assert page.said == ""
    assert not {"Take", "Keep"} & page.buttons()
    assert page.page._record.keySequence() == QKeySequence("Ctrl+W")


@pytest.mark.parametrize(("keys", "reason"), [("A", "letter"), ("7", "digit"), ("Esc", "everywhere")])
def test_keys_that_none_can_have_are_refused_with_the_reason(page: Settings, keys: str, reason: str) -> None:
    page.choose("Without keys")
    page.record(keys)
    assert reason in page.said
    assert page.keys()["plain"] == ""
    assert page.page._record.keySequence().isEmpty()
    assert page.dialog.isVisible()
    page.record("Ctrl+J")
    assert page.said == ""


def test_keys_are_removed_and_reset(page: Settings) -> None:
    page.choose("Close the pane")
    page.press("No keys")
    assert page.keys()["pane.close"] == ""
    page.press("Reset")
    assert page.keys()["pane.close"] == "Ctrl+W"
    reset = next(b for b in page.page.findChildren(QAbstractButton) if b.text() == "Reset")
    assert not reset.isEnabled()


def test_reset_asks_for_keys_that_another_has_now(page: Settings) -> None:
    page.choose("Without keys")
    page.record("Ctrl+K")
    page.press("Take")
    page.choose("Command palette")
    page.press("Reset")
    assert "Without keys" in page.said
    page.press("Take")
    assert (page.keys()["plain"], page.keys()["palette"]) == ("", "Ctrl+K")


def test_all_are_reset_at_once(page: Settings) -> None:
    before = page.shown()
    for text, keys in (("Without keys", "Ctrl+J"), ("Link group 1", "Ctrl+9")):
        page.choose(text)
        page.record(keys)
    assert page.shown() != before
    page.press("Reset all")
    assert page.shown() == before
    assert page.commands.overrides() == {}


def test_the_search_finds_by_name_group_and_keys_and_keeps_the_choice(page: Settings) -> None:
    page.choose("Close the pane")
    for typed, found in (
        ("palette", ["Command palette"]),
        ("ctrl+1", ["Link group 1"]),
        ("view", ["Without keys"]),
        ("zzz", []),
    ):
        page.page._search.setText(typed)
        assert list(page.shown()) == found
    page.page._search.clear()
    page.choose("Close the pane")
    page.page._search.setText("pane")
    assert page.page._current() == "pane.close"
    page.record("Ctrl+J")
    assert page.keys()["pane.close"] == "Ctrl+J"


def test_a_search_measures_each_cell_a_few_times_at_most(page: Settings) -> None:
    class Counting(QStyledItemDelegate):
        count = 0

        def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
            Counting.count += 1
            return super().sizeHint(option, index)

    for number in range(60):
        page.commands.add(f"more.{number}", f"One more {number}", lambda: None, group="view")
    page.page._table.setItemDelegate(Counting(page.page))
    page.page._search.setText("one")
    QApplication.processEvents()  # while the list is new it is measured later anyway
    Counting.count = 0
    page.page._search.setText("more")
    QApplication.processEvents()
    cells = 3 * len(page.shown())
    assert cells == 180
    assert Counting.count <= 4 * cells  # not all of them again for each


def test_with_nothing_found_nothing_can_be_pressed(page: Settings) -> None:
    page.page._search.setText("zzz")
    assert not page.page._record.isEnabled()
    for text in ("No keys", "Reset"):
        page.press(text)
    assert page.commands.overrides() == {}


def test_changes_from_elsewhere_are_shown(page: Settings) -> None:
    page.commands.remap("link.1", "Ctrl+9")
    assert page.shown()["Link group 1"] == "Ctrl+9"


def test_enter_on_a_command_goes_to_the_recorder(page: Settings) -> None:
    page.choose("Link group 1")
    QTest.keyClick(page.page._table, Qt.Key.Key_Return)
    assert page.page._record.isAncestorOf(QApplication.focusWidget() or page.window)


def test_the_language_changes_while_it_is_open(page: Settings, qapp: QApplication) -> None:
    page.commands.remap("plain", "Ctrl+J")
    page.choose("Without keys")
    translations.install(qapp, "ko")
    qt_until(lambda: "초기화" in page.buttons())
    assert page.shown()["Without keys"] == "Ctrl+J"
    assert page.page._current() == "plain"
    header = page.page._table.horizontalHeaderItem(0)
    assert header is not None
    assert header.text() == "명령"


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_no_text_is_cut(page: Settings, qapp: QApplication, lang: str) -> None:
    translations.install(qapp, lang)
    page.choose("Without keys")
    page.record("Ctrl+K")
    QApplication.processEvents()
    widgets: list[QWidget] = [*page.page.findChildren(QAbstractButton), *page.page.findChildren(QLabel)]
    for widget in (w for w in widgets if w.isVisible()):
        text = widget.text()  # type: ignore[attr-defined]
        if isinstance(widget, QLabel) and widget.wordWrap():
            assert widget.height() >= widget.heightForWidth(widget.width()), text
        else:
            assert widget.width() >= QFontMetricsF(widget.font()).horizontalAdvance(text), text


def test_everything_has_a_name(page: Settings) -> None:
    for widget in (page.page._search, page.page._table, page.page._record):
        assert widget.accessibleName()
