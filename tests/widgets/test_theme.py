"""The design system: everything can be read in each theme and convention, and figures stand in columns."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pytest
from PySide6.QtGui import QColor, QFontMetricsF, QTextLayout
from PySide6.QtWidgets import QApplication

from widgets import theme

LOOKS = list(product(("dark", "light"), ("korean", "western")))


@pytest.fixture(autouse=True)
def put_back(qapp: QApplication) -> Iterator[None]:
    yield
    theme.apply(qapp)


def luminance(color: QColor) -> float:
    """Return the relative luminance as WCAG 2 defines it."""

    def linear(channel: float) -> float:
        return channel / 12.92 if channel <= 0.03928 else ((channel + 0.055) / 1.055) ** 2.4

    red, green, blue = map(linear, (color.redF(), color.greenF(), color.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(a: QColor, b: QColor) -> float:
    light, dark = sorted((luminance(a), luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("name", "updown"), LOOKS)
@pytest.mark.parametrize(
    ("ink", "least"),
    [
        ("text", 7.0),
        ("muted", 4.5),
        ("up", 4.0),
        ("down", 4.0),
        ("ask", 4.0),
        ("bid", 4.0),
        ("warn", 3.0),
        ("error", 3.0),
    ],
)
def test_everything_written_can_be_read(qapp: QApplication, name: str, updown: str, ink: str, least: float) -> None:
    theme.apply(qapp, name, updown)
    for ground in (theme.colors.window, theme.colors.surface, theme.colors.raised):
        assert contrast(getattr(theme.colors, ink), ground) >= least


@pytest.mark.parametrize(("name", "updown"), LOOKS)
def test_a_badge_can_be_read(qapp: QApplication, name: str, updown: str) -> None:
    theme.apply(qapp, name, updown)
    assert contrast(theme.colors.badge_text, theme.colors.badge) >= 4.5


def test_up_and_down_follow_the_convention(qapp: QApplication) -> None:
    theme.apply(qapp, "dark", "korean")
    assert theme.colors.up.hsvHue() in (*range(0, 20), *range(340, 360))  # red
    assert 200 <= theme.colors.down.hsvHue() <= 250  # blue
    theme.apply(qapp, "dark", "western")
    assert 90 <= theme.colors.up.hsvHue() <= 180  # green
    assert theme.colors.down.hsvHue() in (*range(0, 20), *range(340, 360))
    assert theme.up_down(0.01) == theme.colors.up
    assert theme.up_down(-0.01) == theme.colors.down
    assert theme.up_down(0.0) == theme.colors.text


def test_each_switch_tells_the_caches(qapp: QApplication) -> None:
    before = theme.version
    theme.apply(qapp, "light")
    assert theme.version != before
    assert qapp.palette().window().color() == theme.colors.window


@pytest.mark.parametrize("size", [theme.TINY, theme.SMALL, theme.TEXT, theme.LARGE])
@pytest.mark.parametrize("weight", ["regular", "semibold"])
def test_figures_are_tabular_and_korean_is_there(qapp: QApplication, size: float, weight: str) -> None:
    font = theme.font(size, weight)
    metrics = QFontMetricsF(font)
    assert len({metrics.horizontalAdvance(digit * 8) for digit in "0123456789"}) == 1
    layout = QTextLayout("호가체결강도뷁", font)
    layout.beginLayout()
    layout.createLine()
    layout.endLayout()
    (run,) = layout.glyphRuns()
    assert run.rawFont().familyName() == theme.family()  # no other font lent its glyphs
    assert all(run.glyphIndexes())
    assert theme.font(size, weight) is font
