"""Windows that open are wholly on a screen."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.main_window import MainWindow
from app.screens import fit, fitted

ROOM = QRect(0, 0, 1280, 720)


@pytest.mark.parametrize(
    "wanted",
    [
        QRect(0, 0, 1280, 720),  # the first window, on a small screen
        QRect(900, 500, 640, 420),  # a pane torn off in the corner
        QRect(-300, -200, 640, 420),
        QRect(0, 0, 4_000, 3_000),
    ],
)
def test_a_window_that_opens_fits_with_its_frame(wanted: QRect) -> None:
    place = fitted(wanted, ROOM)
    assert ROOM.contains(place.adjusted(-1, -28, 1, 1))
    assert place.width() >= min(wanted.width(), 1270)
    assert place.height() >= min(wanted.height(), 680)


def test_a_window_that_fits_stays_where_it_is_wanted() -> None:
    assert fitted(QRect(200, 100, 640, 420), ROOM) == QRect(200, 100, 640, 420)


def test_the_first_window_is_no_larger_than_the_screen(qtbot: QtBot) -> None:
    window = MainWindow(is_demo=True)
    qtbot.addWidget(window)
    room = QApplication.primaryScreen().availableGeometry()
    window.resize(room.width() + 100, room.height() + 100)
    fit(window)
    assert window.width() <= room.width()
    assert window.height() <= room.height() - 28
