"""Headings and choices of menus: they are read, and they tell."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from app import translations
from widgets.arbitrage.bar import CrossBar
from widgets.controls.menus import head, offer
from widgets.scanner.bar import ScannerBar
from widgets.trades.bar import TradesBar

MENUS: tuple[Callable[[], tuple[object, QMenu]], ...] = (
    lambda: ((bar := ScannerBar()), bar.filter.menu()),
    lambda: ((bar := ScannerBar()), bar.options.menu()),
    lambda: ((bar := CrossBar()), bar.size_button.menu()),
    lambda: ((bar := CrossBar()), bar.filter.menu()),
    lambda: ((bar := CrossBar()), bar.options.menu()),
    lambda: ((bar := TradesBar()), bar.filter.menu()),
    lambda: ((bar := TradesBar()), bar.options.menu()),
)


class Teller(QObject):
    told = Signal(float)


def test_choices_stand_under_their_heading_and_tell(qtbot: QtBot) -> None:
    menu, teller, told = QMenu(), Teller(), []
    qtbot.addWidget(menu)
    teller.told.connect(told.append)
    head(menu, "Sizes")
    offer(menu, [(1.0, "one"), (2.0, "two")], 2.0, teller.told)
    head(menu, "Others")
    assert [a.text() for a in menu.actions()] == ["Sizes", "one", "two", "", "Others"]
    assert [a.isEnabled() for a in menu.actions()] == [False, True, True, True, False]
    assert [a.isChecked() for a in menu.actions()[1:3]] == [False, True]
    menu.actions()[1].trigger()
    assert told == [1.0]
    assert not menu.actions()[2].isChecked()


@pytest.mark.parametrize("made", MENUS)
def test_no_heading_of_a_menu_is_hidden_in_a_separator(qtbot: QtBot, made: Callable[[], tuple[object, QMenu]]) -> None:
    _bar, menu = made()
    menu.aboutToShow.emit()
    assert any(not a.isEnabled() for a in menu.actions() if not a.isSeparator())
    assert not [a.text() for a in menu.actions() if a.isSeparator() and a.text()], "the style sheet hides it"
    menu.aboutToHide.emit()


def test_the_group_of_the_star_is_said_in_korean(qtbot: QtBot, qapp: QApplication) -> None:
    bar = ScannerBar()
    qtbot.addWidget(bar)
    translations.install(qapp, "ko")
    try:
        bar.group.menu().aboutToShow.emit()
        assert "★ 관심" in [a.text() for a in bar.group.menu().actions()]
    finally:
        translations.install(qapp, "en")
