"""The design system: everything can be read in each theme and convention, and figures stand in columns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations, product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPalette, QRawFont, QTextLayout
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QDialogButtonBox,
    QLineEdit,
    QProxyStyle,
    QRadioButton,
    QStyle,
    QWidget,
)
from pytestqt.qtbot import QtBot

from widgets import theme

LOOKS = list(product(("dark", "light", "dark-cb", "light-cb"), ("korean", "western")))
COLORBLIND = [(name, updown) for name, updown in LOOKS if name.endswith("-cb")]

# Linear RGB as a person without one kind of cone sees it.
# Source: Machado, Oliveira, Fernandes 2009, "A Physiologically-based Model for Simulation of Color Vision Deficiency",
# severity 1.0.
SIGHTS = {
    "all": np.eye(3),
    "no red": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "no green": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "no blue": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)


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


def lab(color: QColor, sight: str) -> np.ndarray:
    """Return a colour in CIE Lab, D65, as it is seen."""
    rgb = np.array([color.redF(), color.greenF(), color.blueF()])
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    t = XYZ @ np.clip(SIGHTS[sight] @ linear, 0.0, 1.0) / XYZ.sum(axis=1)
    x, y, z = np.where(t > (6 / 29) ** 3, np.cbrt(t), t / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def distance(a: QColor, b: QColor, sight: str) -> float:
    """Return how far apart two colours are seen: CIE76; 2.3 is just noticeable, side by side."""
    return float(np.linalg.norm(lab(a, sight) - lab(b, sight)))


def laid_over(color: QColor, ground: QColor) -> QColor:
    """Return what a half transparent colour looks like on a ground."""
    share = color.alphaF()
    return QColor.fromRgbF(
        *(share * getattr(color, p)() + (1 - share) * getattr(ground, p)() for p in ("redF", "greenF", "blueF"))
    )


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
        assert 0.1 < bar.alphaF() < 0.5
        assert contrast(c.text, laid_over(bar, c.surface)) >= 7.0


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


def test_the_simulated_sights_are_right() -> None:
    white, grey, red, green = QColor("#ffffff"), QColor("#808080"), QColor("#c03030"), QColor("#5a7000")
    assert lab(white, "all") == pytest.approx([100, 0, 0], abs=0.02)
    assert lab(QColor("#ff0000"), "all") == pytest.approx([53.24, 80.09, 67.20], abs=0.02)  # as published
    for sight in SIGHTS:
        assert distance(white, grey, sight) == pytest.approx(distance(white, grey, "all"), abs=0.1)  # grey is grey
    assert distance(red, green, "no green") < 0.4 * distance(red, green, "all")  # the pair that they mix up


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize(("name", "updown"), COLORBLIND)
def test_the_colour_blind_tell_sides_and_states_apart(qapp: QApplication, name: str, updown: str, sight: str) -> None:
    theme.apply(qapp, name, updown)
    c = theme.colors
    for one, other in ((c.up, c.down), (c.ask, c.bid)):
        assert distance(one, other, sight) >= 60
    for one, other in ((c.up_bar, c.down_bar), (c.ask_bar, c.bid_bar)):
        assert distance(laid_over(one, c.surface), laid_over(other, c.surface), sight) >= 12
    for one, other in combinations((c.ok, c.warn, c.error), 2):
        assert distance(one, other, sight) >= 28


def test_the_usual_western_colours_would_not_do(qapp: QApplication) -> None:
    theme.apply(qapp, "dark", "western")
    assert distance(theme.colors.up, theme.colors.down, "no red") < 30


@pytest.mark.parametrize(("name", "updown"), COLORBLIND)
def test_sides_differ_in_lightness_too_and_stand_out(qapp: QApplication, name: str, updown: str) -> None:
    theme.apply(qapp, name, updown)
    c = theme.colors
    assert abs(lab(c.up, "all")[0] - lab(c.down, "all")[0]) >= 10
    for color in (c.up, c.down, c.ask, c.bid, c.ok, c.warn, c.error):
        assert all(contrast(color, ground) >= 4.5 for ground in (c.surface, c.raised))
        assert contrast(color, c.selection) >= 3.0


@pytest.mark.parametrize("name", ["dark", "light", "dark-cb", "light-cb"])
def test_link_groups_are_told_apart_and_their_numbers_read(qapp: QApplication, name: str) -> None:
    theme.apply(qapp, name)
    c, numbers = theme.colors, range(1, 10)
    for number in numbers:
        color = theme.group_color(number)
        assert contrast(theme.group_text(number), color) >= 4.5
        assert all(contrast(color, ground) >= 3.0 for ground in (c.window, c.surface, c.raised))
    for one, other in combinations(numbers, 2):
        colors = theme.group_color(one), theme.group_color(other)
        assert distance(*colors, "all") >= 30
        assert all(distance(*colors, sight) >= 12 for sight in SIGHTS)  # the number says the rest
    assert theme.group_color(0).alpha() == 0
    assert contrast(theme.group_text(0), c.raised) >= 4.5


def test_a_look_nobody_knows_is_the_usual_one(qapp: QApplication) -> None:
    theme.apply(qapp, "dark", "korean")
    usual = theme.colors
    for name, updown in (("sepia", "korean"), ("dark", "martian"), ("", "")):
        theme.apply(qapp, "light", "western")
        theme.apply(qapp, name, updown)
        assert theme.colors == usual


def test_the_whole_program_is_dressed(qapp: QApplication) -> None:
    for name in theme.names():
        theme.apply(qapp, name)
        assert theme.is_dark() == name.startswith("dark")
        c, palette = theme.colors, qapp.palette()
        assert palette.color(QPalette.ColorRole.Base) == c.surface
        assert palette.color(QPalette.ColorRole.HighlightedText) == c.text
        assert palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text) == c.faint
        assert palette.color(QPalette.ColorGroup.Active, QPalette.ColorRole.Text) == c.text
        assert qapp.font().family() == theme.family()
        assert qapp.font().pixelSize() == theme.TEXT
        assert c.raised.name() in qapp.styleSheet()


@pytest.mark.parametrize("name", ["dark", "light", "dark-cb", "light-cb"])
def test_the_style_sheet_has_its_icons_and_nothing_open(qapp: QApplication, name: str) -> None:
    theme.apply(qapp, name)
    sheet = qapp.styleSheet()
    assert "$" not in sheet
    icons = re.findall(r'url\("(.+?)"\)', sheet)
    assert len(icons) >= 3
    assert all(Path(icon).is_file() for icon in icons)


def inks(widget: QWidget, color: QColor) -> int:
    """Return how many pixels of a widget have exactly this colour."""
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), -1)[:, : image.width()]
    return int(np.count_nonzero(pixels == color.rgb()))


@pytest.mark.parametrize("name", ["dark", "light", "dark-cb", "light-cb"])
@pytest.mark.parametrize("kind", [QCheckBox, QRadioButton])
def test_what_is_checked_shows(qtbot: QtBot, qapp: QApplication, kind: type[QCheckBox], name: str) -> None:
    theme.apply(qapp, name)
    box = kind("연동 Link")
    qtbot.addWidget(box)
    assert inks(box, theme.colors.accent) == 0
    box.setChecked(True)
    assert inks(box, theme.colors.accent) >= 60


@pytest.mark.parametrize("name", ["dark", "light"])
def test_a_field_has_room_for_its_text_and_a_frame_where_it_wants_one(
    qtbot: QtBot, qapp: QApplication, name: str
) -> None:
    theme.apply(qapp, name)
    line, bare, choice = QLineEdit("김gjp"), QLineEdit("김gjp"), QComboBox()
    bare.setFrame(False)
    choice.addItem("A choice with a long name, 김gjp")
    for widget in (line, bare, choice):
        qtbot.addWidget(widget)
        widget.ensurePolished()
        widget.resize(widget.sizeHint())
        assert widget.height() >= widget.fontMetrics().height() + (0 if widget is bare else 4)
    assert choice.width() >= choice.fontMetrics().horizontalAdvance(choice.itemText(0)) + 24
    assert inks(line, theme.colors.border) > line.width()
    assert inks(bare, theme.colors.border) == 0


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
    for name in ("dark-cb", "light-cb"):
        theme.apply(qapp, name, "korean")
        warm, cool = theme.colors.up, theme.colors.down
        assert 20 <= warm.hsvHue() <= 40  # orange
        assert 200 <= cool.hsvHue() <= 250  # blue
        theme.apply(qapp, name, "western")
        assert (theme.colors.up, theme.colors.down) == (cool, warm)
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


def test_buttons_of_dialogs_have_words_alone(qtbot: QtBot, qapp: QApplication) -> None:
    class WithIcons(QProxyStyle):  # as on a desktop; without a display there are none anyway
        def styleHint(self, hint: QStyle.StyleHint, *more: Any) -> int:
            return 1 if hint is QStyle.StyleHint.SH_DialogButtonBox_ButtonsHaveIcons else super().styleHint(hint, *more)

    theme.apply(qapp)
    every = QDialogButtonBox.StandardButton
    style, box = WithIcons("Fusion"), QDialogButtonBox()
    qtbot.addWidget(box)
    box.setStyle(style)
    box.setStandardButtons(every.Save | every.Cancel | every.Close)
    assert len(box.buttons()) == 3
    assert all(button.icon().isNull() for button in box.buttons())
