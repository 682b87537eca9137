"""What lies over a pane that is not live: a card with ways on, a note over old data, quiet bars while it loads."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tests.waiting import qt_until
from widgets import theme
from widgets.overlay import StateOverlay

ACTIONS = [("retry", "Retry"), ("demo", "Open the demo exchange")]


@pytest.fixture
def host(qtbot: QtBot) -> QWidget:
    host = QWidget()
    qtbot.addWidget(host)
    host.setAutoFillBackground(True)
    host.resize(400, 300)
    host.show()
    return host


@pytest.fixture
def overlay(host: QWidget) -> StateOverlay:
    return StateOverlay(host)


def buttons(overlay: StateOverlay) -> list[QPushButton]:
    return [b for b in overlay.findChildren(QPushButton) if b.isVisible()]


def ink(image: QImage, color: QColor) -> list[tuple[int, int]]:
    wanted = color.rgb()
    return [(x, y) for x in range(image.width()) for y in range(image.height()) if image.pixel(x, y) == wanted]


def test_nothing_lies_over_a_live_pane(host: QWidget, overlay: StateOverlay) -> None:
    overlay.show_state("offline", "Title", "Text", ACTIONS)
    assert overlay.isVisible()
    overlay.show_state("none")
    assert not overlay.isVisible()


def test_the_card_offers_ways_on_and_tells_which_was_taken(overlay: StateOverlay) -> None:
    taken: list[str] = []
    overlay.action.connect(taken.append)
    overlay.show_state("offline", "Title", "Text", ACTIONS)
    assert [b.text() for b in buttons(overlay)] == [text for _, text in ACTIONS]
    for button in buttons(overlay):
        assert overlay.rect().contains(button.geometry())
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert taken == ["retry", "demo"]
    overlay.show_state("offline", "Title", "Text", ACTIONS[:1])
    qt_until(lambda: [b.text() for b in buttons(overlay)] == ["Retry"])


@pytest.mark.parametrize("width", [140, 160, 300, 900])
def test_it_covers_its_pane_whatever_the_size(host: QWidget, overlay: StateOverlay, width: int) -> None:
    overlay.show_state("offline", "The demo exchange cannot be reached", "Text", ACTIONS)
    host.resize(width, 240)
    qt_until(lambda: overlay.geometry() == host.rect())
    for button in buttons(overlay):
        assert overlay.rect().contains(button.geometry())


@pytest.mark.parametrize("width", [140, 160, 220, 400])
def test_the_note_over_old_data_is_never_cut(host: QWidget, overlay: StateOverlay, width: int) -> None:
    host.resize(width, 240)
    overlay.show_state("stale", "The demo exchange cannot be reached")
    image = host.grab().toImage()
    at = ink(image, theme.colors.warn)
    assert at
    assert min(x for x, _ in at) >= 4
    assert max(x for x, _ in at) < width - 4
    rows = {y for _, y in at}
    if width <= 160:
        assert max(rows) > 34  # a second line, not three dots


def test_old_data_stays_visible_below_its_note(host: QWidget, overlay: StateOverlay) -> None:
    below = QWidget(host)
    below.setStyleSheet("background: #ff0000")
    below.setGeometry(host.rect())
    below.show()
    overlay.show_state("stale", "Old")
    seen = QColor(host.grab().toImage().pixel(200, 250))
    assert seen.red() > seen.blue() + 20
    overlay.show_state("offline", "Gone", "Text")
    hidden = QColor(host.grab().toImage().pixel(200, 290))
    assert hidden == theme.colors.surface


def test_the_mouse_goes_through_what_has_no_buttons(overlay: StateOverlay) -> None:
    overlay.show_state("stale", "Old")
    assert overlay.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    overlay.show_state("offline", "Title", "Text", ACTIONS)
    assert not overlay.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)


def test_it_can_be_heard(overlay: StateOverlay) -> None:
    overlay.show_state("offline", "Title", "Text", ACTIONS)
    assert overlay.accessibleName() == "Title Text"
