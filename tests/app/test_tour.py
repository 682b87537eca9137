"""The tour points at what it speaks of, can be left at any time, and never stands in the way."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMainWindow, QPushButton
from pytestqt.qtbot import QtBot

from app.tour import Step, Tour
from tests.waiting import qt_until


class Stage:
    def __init__(self, qtbot: QtBot) -> None:
        self.window = QMainWindow()
        qtbot.addWidget(self.window)
        self.window.resize(900, 600)
        self.button = QPushButton("target", self.window)
        self.button.setGeometry(40, 60, 120, 30)
        self.pressed = 0
        self.button.clicked.connect(self._press)
        self.tour = Tour(self.window)
        self.ends = 0
        self.tour.finished.connect(self._end)
        self.window.show()
        self.tour.start(
            [
                Step(lambda: self.button, "One", "about the button"),
                Step(lambda: None, "Two", "about nothing in sight"),
                Step(lambda: self.button, "Three", "again"),
            ]
        )

    def _press(self) -> None:
        self.pressed += 1

    def _end(self) -> None:
        self.ends += 1

    @property
    def card(self) -> QRect:
        return self.tour.geometry()


@pytest.fixture
def stage(qtbot: QtBot) -> Stage:
    return Stage(qtbot)


def test_it_goes_through_its_steps_and_ends(stage: Stage) -> None:
    tour = stage.tour
    assert (tour.title.text(), tour.count.text(), tour.back.isEnabled()) == ("One", "1 / 3", False)
    QTest.mouseClick(tour.next, Qt.MouseButton.LeftButton)
    assert tour.title.text() == "Two"
    QTest.mouseClick(tour.back, Qt.MouseButton.LeftButton)
    assert tour.title.text() == "One"
    QTest.keyClick(tour.next, Qt.Key.Key_Right)
    QTest.keyClick(tour.next, Qt.Key.Key_Right)
    assert (tour.title.text(), tour.next.text()) == ("Three", "Done")
    QTest.mouseClick(tour.next, Qt.MouseButton.LeftButton)
    assert stage.ends == 1
    assert not tour.isVisible()
    assert not tour._light.isVisible()


def test_enter_goes_on_unless_another_button_has_the_keyboard(stage: Stage) -> None:
    tour = stage.tour
    QTest.keyClick(tour.next, Qt.Key.Key_Return)
    assert tour.title.text() == "Two"
    tour.back.setFocus()
    QTest.keyClick(tour.back, Qt.Key.Key_Return)
    assert tour.title.text() == "One"
    for _ in range(3):
        QTest.keyClick(tour.next, Qt.Key.Key_Enter)
    assert stage.ends == 1


@pytest.mark.parametrize("how", ["escape", "skip"])
def test_it_can_be_left(stage: Stage, how: str) -> None:
    if how == "escape":
        stage.button.setFocus()  # wherever the keyboard is
        QTest.keyClick(stage.button, Qt.Key.Key_Escape)
    else:
        QTest.mouseClick(stage.tour.skip, Qt.MouseButton.LeftButton)
    assert stage.ends == 1
    assert not stage.tour.isVisible()


def test_the_light_is_on_the_target_and_the_card_beside_it(stage: Stage) -> None:
    hole = stage.tour._light.hole
    assert hole.contains(stage.button.geometry())
    assert not hole.intersects(stage.card)
    assert stage.window.rect().contains(stage.card)
    stage.button.move(600, 540)
    stage.window.resize(880, 590)
    qt_until(lambda: stage.tour._light.hole.contains(stage.button.geometry()))
    assert stage.window.rect().contains(stage.card)
    assert not stage.tour._light.hole.intersects(stage.card)
    stage.button.hide()
    stage.window.resize(870, 580)
    qt_until(lambda: stage.tour._light.hole.width() == 0)


def test_what_is_below_the_light_can_be_used(stage: Stage) -> None:
    hit = stage.window.childAt(stage.button.geometry().center())
    assert hit is stage.button
    QTest.mouseClick(stage.button, Qt.MouseButton.LeftButton)
    assert stage.pressed == 1
    assert stage.window.childAt(QPoint(5, 590)) is not stage.tour._light
