"""The line over a pane."""

from __future__ import annotations

from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from widgets import theme
from widgets.controls.pane_header import PaneHeader


@pytest.fixture
def header(qtbot: QtBot) -> PaneHeader:
    header = PaneHeader()
    qtbot.addWidget(header)
    header.resize(300, header.height())
    header.show_market("KRW-BTC", "비트코인")
    header.show()
    return header


def lay_out(header: PaneHeader) -> None:
    layout = header.layout()
    assert layout is not None
    layout.activate()


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


def test_the_whole_badge_is_painted(header: PaneHeader) -> None:
    header.show_badge("DEMO")
    image = header._badge.grab().toImage()
    inked = [
        x
        for x in range(image.width())
        if any(image.pixelColor(x, y) == theme.colors.badge_text for y in range(image.height()))
    ]
    assert inked
    assert min(inked) >= 2
    assert max(inked) < image.width() - 2


def test_a_control_of_the_pane_stands_between_symbol_and_badge(header: PaneHeader) -> None:
    header.show_badge("DEMO")
    control = QWidget(header)
    control.setFixedSize(24, 16)
    header.add_widget(control)
    control.show()
    lay_out(header)
    parts = [w.geometry() for w in (header._symbol, control, header._badge, header.light)]
    assert all(a.right() < b.left() for a, b in pairwise(parts))


@pytest.mark.parametrize("width", [140, 160, 300])
def test_nothing_lies_over_anything_else(header: PaneHeader, width: int) -> None:
    header.show_market("KRW-VERYLONGCODE", "A very long name of a market")
    header.show_badge("DEMO")
    header.resize(width, header.height())
    lay_out(header)
    parts = [w.geometry() for w in (header._symbol, header._badge, header.light)]
    assert all(header.rect().contains(part) for part in parts)
    assert all(a.right() < b.left() for a, b in pairwise(parts))


def test_a_narrow_header_leaves_the_name_out_before_the_code(header: PaneHeader) -> None:
    header.resize(300, header.height())
    lay_out(header)
    wide = header._symbol.grab().toImage()
    header.show_market("KRW-BTC", "")
    bare = header._symbol.grab().toImage()
    assert wide != bare
    header.resize(110, header.height())
    lay_out(header)
    narrow = header._symbol.grab().toImage()
    header.show_market("KRW-BTC", "비트코인")
    assert header._symbol.grab().toImage() == narrow


def test_a_short_name_is_shown_as_a_long_one_is(header: PaneHeader) -> None:
    def ink() -> int:
        lay_out(header)
        image = header._symbol.grab().toImage()
        muted = theme.colors.muted.rgb()
        return sum(image.pixel(x, y) == muted for x in range(image.width()) for y in range(image.height()))

    header.show_market("KRW-BTC", "Bitcoin Cash ABC")
    assert ink()
    header.show_market("KRW-SUI", "Sui")
    assert ink()
