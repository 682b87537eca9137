"""The menu of how a chart looks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from tests.widgets.chart.bars import MARKET
from tests.widgets.chart.test_chart_pane import Desk
from widgets.chart.chart_menu import ChartMenu


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    made = Desk(qtbot)
    made.history(300)
    made.pane.bind(MARKET)
    made.frame()
    yield made
    made.pane.release()


def texts(menu: ChartMenu) -> list[str]:
    menu.fill()
    return [a.text().partition("\t")[0] for a in menu.actions()]


def choose(desk: Desk, text: str) -> None:
    """Choose from the menu as it is now."""
    menu = desk.pane.chart_menu
    menu.fill()
    action = menu.entry(text)
    assert action is not None, texts(menu)
    action.trigger()


def test_sections_follow_each_other_with_a_line_between(qtbot: QtBot, desk: Desk) -> None:
    menu = ChartMenu(desk.pane)
    chosen: list[int] = []
    menu.sections.append(lambda m: m.offer({1: "One", 2: "Two & more"}, 2, chosen.append, keys={1: "Alt+L"}))
    menu.sections.append(lambda m: m.toggle("Shown", True, lambda on: chosen.append(int(on))))
    assert texts(menu) == ["One", "Two && more", "", "Shown"]
    assert [a.isChecked() for a in menu.actions()] == [False, True, False, True]
    menu.actions()[0].trigger()
    menu.actions()[3].trigger()
    assert chosen == [1, 0]
    assert texts(menu) == ["One", "Two && more", "", "Shown"], "it is filled anew, not once more"
    assert menu.actions()[0].shortcut().isEmpty(), "the command hears the key, the menu shows it"


def test_the_button_has_it(desk: Desk) -> None:
    assert desk.pane.bar.chart.menu() is desk.pane.chart_menu
    assert desk.pane.bar.chart.accessibleName()


def test_own_marks_are_switched_in_it(desk: Desk) -> None:
    choose(desk, "Own orders and fills")
    assert not desk.pane.has_own
    choose(desk, "Own orders and fills")
    assert desk.pane.has_own
