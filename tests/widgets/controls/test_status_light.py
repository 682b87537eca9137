"""The light in a header: what it says by shape, by colour and in words."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from widgets import theme
from widgets.controls.status_light import StatusLight, light_text

KINDS = ["idle", "pending", "live", "stale", "offline", "error"]


@pytest.fixture
def light(qtbot: QtBot) -> StatusLight:
    light = StatusLight()
    qtbot.addWidget(light)
    light.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its window would give it the keyboard, and it a ring
    light.show()
    return light


def test_a_press_or_a_key_asks_for_the_whole_story(light: StatusLight) -> None:
    asked: list[None] = []
    light.explain_wanted.connect(lambda: asked.append(None))
    QTest.mouseClick(light, Qt.MouseButton.LeftButton)
    QTest.keyClick(light, Qt.Key.Key_Space)
    assert len(asked) == 2


@pytest.fixture(params=["dark", "light"])
def a_theme(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[str]:
    theme.apply(qapp, request.param)
    yield request.param
    theme.apply(qapp)


def shape(image: QImage) -> frozenset[tuple[int, int]]:
    """Return the points that are painted on at all."""
    ground = image.pixelColor(0, 0)
    points = [(x, y) for x in range(image.width()) for y in range(image.height())]
    return frozenset(at for at in points if image.pixelColor(*at) != ground)


def ink(image: QImage) -> QColor:
    """Return the colour farthest from the ground: the light's own, not the softened edge."""
    ground = image.pixelColor(0, 0)
    return max((image.pixelColor(*at) for at in shape(image)), key=lambda c: distance(c, ground))


def distance(a: QColor, b: QColor) -> int:
    return abs(a.red() - b.red()) + abs(a.green() - b.green()) + abs(a.blue() - b.blue())


def painted(light: StatusLight, kind: str) -> QImage:
    light.show_state(kind, light_text(kind))
    return light.grab().toImage()


def test_each_kind_says_something_else_in_words(light: StatusLight) -> None:
    for kind in KINDS:
        light.show_state(kind, light_text(kind))
        assert light.accessibleName() == light.toolTip() == light_text(kind) != ""
    assert len({light_text(kind) for kind in KINDS}) == len(KINDS)


def test_each_kind_differs_even_without_colour(light: StatusLight) -> None:
    shapes = {kind: shape(painted(light, kind)) for kind in KINDS}
    alike = {frozenset(pair) for pair in combinations(KINDS, 2) if shapes[pair[0]] == shapes[pair[1]]}
    # One ring while nothing is expected or nothing came yet, one crossed ring for what does not work.
    assert alike == {frozenset({"idle", "pending"}), frozenset({"offline", "error"})}


def test_each_kind_has_its_colour(light: StatusLight, a_theme: str) -> None:
    inks = {kind: ink(painted(light, kind)) for kind in KINDS if kind != "error"}
    for one, other in combinations(inks, 2):
        assert distance(inks[one], inks[other]) > 60, (one, other)
    assert ink(painted(light, "error")) == inks["offline"]
    c = theme.colors
    assert (inks["live"], inks["stale"], inks["offline"]) == (c.ok, c.warn, c.error), a_theme


def test_a_half_light_is_half(light: StatusLight) -> None:
    """Stale is filled on the left only, so that it is told from live without its colour."""
    image, full = painted(light, "stale"), painted(light, "live")
    left, right, y = image.width() // 2 - 2, image.width() // 2 + 1, image.height() // 2
    assert image.pixelColor(left, y) == theme.colors.warn
    assert image.pixelColor(right, y) == image.pixelColor(0, 0)
    assert full.pixelColor(left, y) == full.pixelColor(right, y) == theme.colors.ok


def test_a_kind_it_does_not_know_is_no_alarm(light: StatusLight) -> None:
    idle = painted(light, "idle")
    assert painted(light, "live") != idle
    assert painted(light, "strange") == idle
