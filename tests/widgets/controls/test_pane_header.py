"""The line over a pane and the light in it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from widgets import messages, theme
from widgets.controls.pane_header import PaneHeader
from widgets.controls.status_light import StatusLight


@pytest.fixture
def header(qtbot: QtBot) -> PaneHeader:
    header = PaneHeader()
    qtbot.addWidget(header)
    header.resize(300, header.height())
    header.show_market("KRW-BTC", "비트코인")
    header.show()
    return header


def test_a_click_on_the_symbol_asks_for_another(header: PaneHeader, qtbot: QtBot) -> None:
    with qtbot.waitSignal(header.symbol_clicked):
        QTest.mouseClick(header._symbol, Qt.MouseButton.LeftButton)
    header._symbol.setFocus()
    with qtbot.waitSignal(header.symbol_clicked):
        QTest.keyClick(header._symbol, Qt.Key.Key_Space)


def test_it_can_be_heard(header: PaneHeader) -> None:
    assert "KRW-BTC" in header._symbol.accessibleName()
    assert "비트코인" in header._symbol.toolTip()
    header.show_market("", "")
    assert header._symbol.accessibleName()


def test_the_badge_is_there_while_there_is_something_to_warn_of(header: PaneHeader) -> None:
    header.show_badge("DEMO")
    assert header._badge.isVisible()
    assert header._badge.accessibleName() == "DEMO"
    header.show_badge("")
    assert not header._badge.isVisible()


@pytest.mark.parametrize("width", [140, 160, 300])
def test_nothing_lies_over_anything_else(header: PaneHeader, width: int) -> None:
    header.show_market("KRW-VERYLONGCODE", "A very long name of a market")
    header.show_badge("DEMO")
    header.resize(width, header.height())
    header.layout().activate()
    parts = [w.geometry() for w in (header._symbol, header._badge, header.light)]
    assert all(header.rect().contains(part) for part in parts)
    assert all(a.right() < b.left() for a, b in pairwise(parts))


def test_a_narrow_header_leaves_the_name_out_before_the_code(header: PaneHeader) -> None:
    header.resize(300, header.height())
    header.layout().activate()
    wide = header._symbol.grab().toImage()
    header.show_market("KRW-BTC", "")
    bare = header._symbol.grab().toImage()
    assert wide != bare
    header.resize(110, header.height())
    header.layout().activate()
    narrow = header._symbol.grab().toImage()
    header.show_market("KRW-BTC", "비트코인")
    assert header._symbol.grab().toImage() == narrow


KINDS = ["idle", "pending", "live", "stale", "offline"]


def test_each_kind_of_light_differs_even_without_colour(qtbot: QtBot) -> None:
    light = StatusLight()
    qtbot.addWidget(light)
    shapes = set()
    for kind in KINDS:
        light.show_state(kind, messages.light(kind))
        image = light.grab().toImage()
        ground = image.pixelColor(0, 0)
        points = [(x, y) for x in range(image.width()) for y in range(image.height())]
        shapes.add(frozenset(at for at in points if image.pixelColor(*at) != ground))
        assert light.accessibleName() == light.toolTip() == messages.light(kind) != ""
    assert len(shapes) >= len(KINDS) - 1  # idle and pending are one ring: nothing is expected, or nothing came yet
    assert len({messages.light(kind) for kind in KINDS}) == len(KINDS)


def test_the_colours_of_the_lights_are_those_of_the_theme(qtbot: QtBot) -> None:
    light = StatusLight()
    qtbot.addWidget(light)
    for kind, color in (("live", theme.colors.ok), ("stale", theme.colors.warn), ("offline", theme.colors.error)):
        light.show_state(kind, kind)
        image = light.grab().toImage()
        found = {image.pixelColor(x, y).name() for x in range(16) for y in range(16)}
        assert color.name() in found, kind
