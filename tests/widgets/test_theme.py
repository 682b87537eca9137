"""The design system: everything can be read in each theme and convention, and figures stand in columns."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pytest
from PySide6.QtGui import QColor, QFontMetricsF, QPalette, QRawFont, QTextLayout
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
        ("accent", 4.5),
        ("ok", 4.0),
        ("warn", 4.0),
        ("error", 4.5),
        ("crosshair", 3.0),
        ("faint", 3.0),  # names of columns, what is out of use: the least for anything that is to be seen
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


@pytest.mark.parametrize(("name", "updown"), LOOKS)
def test_what_is_selected_can_be_read_and_told_apart(qapp: QApplication, name: str, updown: str) -> None:
    theme.apply(qapp, name, updown)
    c = theme.colors
    assert contrast(c.text, c.selection) >= 7.0
    assert contrast(c.muted, c.selection) >= 4.5
    assert c.selection not in (c.window, c.surface, c.raised)


@pytest.mark.parametrize(("name", "updown"), LOOKS)
def test_numbers_can_be_read_on_the_bars_below_them(qapp: QApplication, name: str, updown: str) -> None:
    theme.apply(qapp, name, updown)
    c = theme.colors
    for bar in (c.up_bar, c.down_bar, c.ask_bar, c.bid_bar):
        share = bar.alphaF()
        assert 0.1 < share < 0.5
        mixed = (
            share * getattr(bar, part)() + (1 - share) * getattr(c.surface, part)()
            for part in ("redF", "greenF", "blueF")
        )
        assert contrast(c.text, QColor.fromRgbF(*mixed)) >= 7.0


@pytest.mark.parametrize(("name", "updown"), LOOKS)
def test_a_bar_has_the_hue_of_its_side_and_the_book_that_of_the_exchange(
    qapp: QApplication, name: str, updown: str
) -> None:
    theme.apply(qapp, name, updown)
    c = theme.colors
    assert c.up != c.down
    assert (c.ask, c.bid) == (c.down, c.up)  # who sells is the colour of falling
    for bar, color in ((c.up_bar, c.up), (c.down_bar, c.down), (c.ask_bar, c.ask), (c.bid_bar, c.bid)):
        assert bar.rgb() == color.rgb()


def test_a_look_nobody_knows_is_the_usual_one(qapp: QApplication) -> None:
    theme.apply(qapp, "dark", "korean")
    usual = theme.colors
    for name, updown in (("sepia", "korean"), ("dark", "martian"), ("", "")):
        theme.apply(qapp, "light", "western")
        theme.apply(qapp, name, updown)
        assert theme.colors == usual


def test_the_whole_program_is_dressed(qapp: QApplication) -> None:
    for name in ("dark", "light"):
        theme.apply(qapp, name)
        c, palette = theme.colors, qapp.palette()
        assert palette.color(QPalette.ColorRole.Base) == c.surface
        assert palette.color(QPalette.ColorRole.HighlightedText) == c.text
        assert palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text) == c.faint
        assert palette.color(QPalette.ColorGroup.Active, QPalette.ColorRole.Text) == c.text
        assert qapp.font().family() == theme.family()
        assert qapp.font().pixelSize() == theme.TEXT
        assert c.raised.name() in qapp.styleSheet()


def test_every_token_is_a_colour_in_every_look(qapp: QApplication) -> None:
    for name, updown in LOOKS:
        theme.apply(qapp, name, updown)
        assert all(getattr(theme.colors, token).isValid() for token in theme.color_names())


def test_semibold_is_heavier_than_regular(qapp: QApplication) -> None:
    regular, bold = theme.font(theme.TEXT), theme.font(theme.TEXT, "semibold")
    assert regular.weight() < bold.weight()
    raw = (QRawFont.fromFont(regular), QRawFont.fromFont(bold))
    assert raw[0].styleName() != raw[1].styleName()  # a weight of its own, not one made up


def test_a_price_has_the_width_of_any_other_of_its_shape(qapp: QApplication) -> None:
    metrics = QFontMetricsF(theme.font(theme.TEXT))
    texts = ("111,111.11", "888,888.88", "147,147.47")
    assert len({metrics.horizontalAdvance(text) for text in texts}) == 1


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
    assert theme.version == before + 1
    theme.apply(qapp, "light", "western")
    assert theme.version == before + 2
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
