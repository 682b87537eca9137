"""The row of intervals: as many buttons as fit, the rest in the menu, one of them chosen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from core.market import Interval
from tests.waiting import qt_until
from widgets import theme
from widgets.chart.interval_bar import IntervalBar


@pytest.fixture
def bar(qtbot: QtBot) -> Iterator[IntervalBar]:
    around = QWidget()
    qtbot.addWidget(around)
    column = QVBoxLayout(around)
    column.setContentsMargins(0, 0, 0, 0)
    made = IntervalBar(around)
    column.addWidget(made)
    made.restyle()
    around.resize(900, 60)
    around.show()
    qtbot.waitExposed(around)
    yield made


def narrow(bar: IntervalBar, width: int) -> None:
    """Make what is around the bar so wide; the bar itself asks for no room."""
    bar.window().resize(width, 60)
    qt_until(lambda: bar.width() == width)


def visible(bar: IntervalBar) -> list[Interval]:
    return [i for i, b in bar.buttons.items() if b.isVisible()]


def in_menu(bar: IntervalBar) -> list[Interval]:
    return [a.data() for a in bar._actions.actions() if a.isVisible()]


def test_a_wide_bar_shows_every_interval_and_no_menu(bar: IntervalBar) -> None:
    assert visible(bar) == list(Interval)
    assert not bar.more.isVisible()


@pytest.mark.parametrize("width", [60, 120, 200, 300])
def test_each_interval_is_either_a_button_or_in_the_menu(bar: IntervalBar, width: int) -> None:
    narrow(bar, width)
    assert bar.more.isVisible()
    assert visible(bar) + in_menu(bar) == list(Interval)
    bar.layout().activate()
    assert bar.more.geometry().right() < width
    assert all(bar.buttons[i].geometry().right() < bar.more.geometry().left() for i in visible(bar))


def test_a_click_chooses_once(bar: IntervalBar) -> None:
    chosen: list[Interval] = []
    bar.interval_chosen.connect(chosen.append)
    button = bar.buttons[Interval.H1]
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert chosen == [Interval.H1]
    assert [i for i, b in bar.buttons.items() if b.isChecked()] == [Interval.H1]


def test_an_interval_from_the_menu_is_named_at_the_end(bar: IntervalBar) -> None:
    chosen: list[Interval] = []
    bar.interval_chosen.connect(chosen.append)
    narrow(bar, 200)
    assert Interval.D1 in in_menu(bar)
    next(a for a in bar._actions.actions() if a.data() is Interval.D1).trigger()
    assert chosen == [Interval.D1]
    assert bar.more.text().startswith(bar.buttons[Interval.D1].text())
    assert bar.more.isChecked()
    bar.show_interval(Interval.M1)
    assert not bar.more.isChecked()
    assert chosen == [Interval.D1], "being told is not choosing"


def test_buttons_are_named_for_screen_readers(bar: IntervalBar) -> None:
    assert all(b.accessibleName() and b.text() for b in bar.buttons.values())
    assert len({b.accessibleName() for b in bar.buttons.values()}) == len(Interval)


def test_it_stands_on_the_ground_of_the_chart(bar: IntervalBar) -> None:
    assert bar.grab().toImage().pixelColor(bar.width() - 2, 12) == theme.colors.surface
