"""The design system: colours, type, spacing. `colors` is what is in force; `version` tells caches of a switch."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from string import Template

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

GAP = 8  # px; spacing comes in multiples of GAP / 2
ROW_HEIGHT = 20
HEADER_HEIGHT = 28
TEXT = 12  # px; type scale: 10, 11, 12, 14, 18
SMALL = 11
TINY = 10
LARGE = 14
FONT_FOLDER = Path(__file__).parent.parent / "resources" / "fonts"
ICON_FOLDER = FONT_FOLDER.parent / "icons"


@dataclass(frozen=True)
class Colors:
    """Every colour of the program by what it is for."""

    window: QColor
    surface: QColor  # a pane
    raised: QColor  # a header, a button, a card
    border: QColor
    grid: QColor
    text: QColor
    muted: QColor
    faint: QColor
    accent: QColor
    selection: QColor
    up: QColor
    down: QColor
    up_bar: QColor
    down_bar: QColor
    ask: QColor
    bid: QColor
    ask_bar: QColor
    bid_bar: QColor
    warn: QColor
    error: QColor
    ok: QColor
    crosshair: QColor
    watermark: QColor
    badge: QColor
    badge_text: QColor


def _colors(korean: tuple[str, str], western: tuple[str, str], **tokens: str) -> dict[str, Colors]:
    """Return the colours in both conventions, each given as (up, down)."""

    def bar(text: str) -> QColor:
        color = QColor(text)
        color.setAlpha(64)
        return color

    base = {name: QColor(text) for name, text in tokens.items()}
    made = {}
    for name, (up, down) in {"korean": korean, "western": western}.items():
        made[name] = Colors(
            **base,
            up=QColor(up),
            down=QColor(down),
            up_bar=bar(up),
            down_bar=bar(down),
            ask=QColor(down),  # a seller's price is the colour of falling, as on the exchange's own pages
            bid=QColor(up),
            ask_bar=bar(down),
            bid_bar=bar(up),
        )
    return made


_DARK = {
    "window": "#0b0e13",
    "surface": "#11151c",
    "raised": "#1a202a",
    "border": "#252d3a",
    "grid": "#1b212b",
    "text": "#e4e8ef",
    "muted": "#96a0b0",
    "faint": "#657082",
    "accent": "#5b9dff",
    "selection": "#23344f",
    "warn": "#e0a83c",
    "error": "#ff6b6b",
    "ok": "#3fb97f",
    "crosshair": "#8490a3",
    "watermark": "#1c2430",
    "badge": "#4a3510",
    "badge_text": "#ffc65c",
}
_LIGHT = {
    "window": "#e9ecf1",
    "surface": "#ffffff",
    "raised": "#f3f5f8",
    "border": "#d5dae2",
    "grid": "#eceff3",
    "text": "#161b24",
    "muted": "#56606f",
    "faint": "#77818f",
    "accent": "#1763d8",
    "selection": "#d8e6fd",
    "warn": "#9a6700",
    "error": "#c62828",
    "ok": "#1a7f4e",
    "crosshair": "#6b7686",
    "watermark": "#eef1f5",
    "badge": "#ffe9c2",
    "badge_text": "#7a4b00",
}
# For those who do not tell red from green, or yellow from blue: sides differ from orange to blue and in lightness, and
# good, doubtful and bad from blue by yellow to red. The test simulates each kind of sight.
_DARK_CB = _DARK | {"ok": "#35bdf8", "warn": "#ffe12e", "error": "#ea6a72"}
_LIGHT_CB = _LIGHT | {"ok": "#12708f", "warn": "#756a00", "error": "#8a0f30"}
_THEMES = {
    "dark": _colors(("#f0525f", "#4a8df8"), ("#26a69a", "#f0525f"), **_DARK),
    "light": _colors(("#d6293b", "#1763d8"), ("#08806a", "#d6293b"), **_LIGHT),
    "dark-cb": _colors(("#ffa94d", "#4a8df8"), ("#4a8df8", "#ffa94d"), **_DARK_CB),
    "light-cb": _colors(("#b04a00", "#123f9e"), ("#123f9e", "#b04a00"), **_LIGHT_CB),
}
# Of the link groups 1 to 9: chosen to be as far apart as nine colours can be, for every kind of sight.
_GROUPS = {
    "dark": "#5a7ec7 #d18c5e #1fe6a0 #e54588 #fada25 #12b3c4 #f53a22 #b155f5 #e6eefa",
    "light": "#0936bd #bd5109 #045727 #c71eab #614b05 #067f7f #9e4a47 #ab0cfa #46494c",
}
_GROUP_COLORS = {name: [QColor(text) for text in line.split()] for name, line in _GROUPS.items()}
_GROUP_TEXTS = {"dark": QColor("#0b0e13"), "light": QColor("#ffffff")}
_NO_COLOR = QColor(0, 0, 0, 0)

colors: Colors = _THEMES["dark"]["korean"]
version = 0
name = "dark"  # of the theme in force
updown = "korean"
_brightness = "dark"
_families: list[str] = []


def color_names() -> list[str]:
    """Return the names of the tokens."""
    return [f.name for f in fields(Colors)]


def up_down(value: float) -> QColor:
    """Return the colour of a change: up, down, or plain text for none and for what is not known."""
    return colors.up if value > 0 else colors.down if value < 0 else colors.text


def names() -> list[str]:
    """Return the names of the themes."""
    return list(_THEMES)


def is_dark() -> bool:
    """Tell whether light writing stands on dark ground."""
    return _brightness == "dark"


def group_color(number: int) -> QColor:
    """Return the colour of link group `number`, 1 to 9; of 0, which is none, a colour that does not show."""
    return _GROUP_COLORS[_brightness][(number - 1) % 9] if number > 0 else _NO_COLOR


def group_text(number: int) -> QColor:
    """Return the colour for a number drawn on `group_color(number)`."""
    return _GROUP_TEXTS[_brightness] if number > 0 else colors.muted


def family() -> str:
    """Return the bundled font's family; it has Korean and tabular figures."""
    if not _families:
        for path in sorted(FONT_FOLDER.glob("*.otf")):
            found = QFontDatabase.applicationFontFamilies(QFontDatabase.addApplicationFont(str(path)))
            _families.extend(found)
        _families.append("sans-serif")
    return _families[0]


@cache
def font(size_px: float = TEXT, weight: str = "regular", mono: bool = False) -> QFont:
    """Return a font with figures of equal width, so that numbers never jump.

    Args:
        size_px: height in device independent pixels.
        weight: "regular" or "semibold".
        mono: kept for code and logs: a fixed-pitch family.
    """
    made = QFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)) if mono else QFont(family())
    made.setPixelSize(round(size_px))
    made.setWeight(QFont.Weight.DemiBold if weight == "semibold" else QFont.Weight.Normal)
    made.setFeature(QFont.Tag("tnum"), 1)
    made.setHintingPreference(QFont.HintingPreference.PreferVerticalHinting)
    return made


def apply(app: QApplication, theme_name: str = "dark", convention: str = "korean") -> None:
    """Dress the whole program.

    Args:
        app: the program.
        theme_name: one of `names()`: "dark", "light", and each for the colour-blind: "dark-cb", "light-cb".
        convention: "korean" (up red, down blue) or "western" (up green, down red); for the colour-blind, up is orange
            and down blue, or up blue and down orange.
    """
    global colors, version, name, updown, _brightness  # noqa: PLW0603 - one design is in force at a time, read per frame
    name = theme_name if theme_name in _THEMES else "dark"
    updown = convention if theme_name in _THEMES and convention in _THEMES[name] else "korean"
    colors = _THEMES[name][updown]
    _brightness = "light" if colors.window.lightness() > colors.text.lightness() else "dark"
    version += 1
    if not app.styleSheet():  # else it is in force already, below the sheet; to set it again costs as much as the sheet
        app.setStyle("Fusion")
    hints = app.styleHints()
    if hints is not None:
        hints.setColorScheme(Qt.ColorScheme.Dark if is_dark() else Qt.ColorScheme.Light)
    app.setPalette(_palette(colors))
    app.setFont(font(TEXT))
    sheet = _style_sheet(colors)
    if app.styleSheet() != sheet:  # every widget there is would be dressed anew
        app.setStyleSheet(sheet)


def _palette(c: Colors) -> QPalette:
    role = QPalette.ColorRole
    palette = QPalette()
    for which, color in {
        role.Window: c.window,
        role.WindowText: c.text,
        role.Base: c.surface,
        role.AlternateBase: c.raised,
        role.Text: c.text,
        role.PlaceholderText: c.faint,
        role.Button: c.raised,
        role.ButtonText: c.text,
        role.BrightText: c.error,
        role.Highlight: c.selection,
        role.HighlightedText: c.text,
        role.ToolTipBase: c.raised,
        role.ToolTipText: c.text,
        role.Link: c.accent,
        role.Light: c.border,
        role.Midlight: c.border,
        role.Mid: c.border,
        role.Dark: c.border,
        role.Shadow: c.window,
        role.Accent: c.accent,
    }.items():
        palette.setColor(which, color)
    for which in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, c.faint)
    return palette


def _style_sheet(c: Colors) -> str:
    """Only for what the palette cannot say; painted widgets take their colours from `colors`."""
    names = {token: getattr(c, token).name() for token in color_names()}
    for key, icon in {"chevron": "chevron-down", "chevron_up": "chevron-up", "check": f"check-{_brightness}"}.items():
        names[key] = f'url("{(ICON_FOLDER / icon).as_posix()}.svg")'
    return _SHEET.substitute(names)


# A line edit without a frame, as in the symbol search, is dressed by its owner.
_SHEET = Template("""
QLabel[tone="muted"] { color: $muted; }
QToolTip { background: $raised; color: $text; border: 1px solid $border; padding: 2px 4px; }
QDialog { background: $window; }
QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }
QPushButton { background: $raised; border: 1px solid $border; border-radius: 4px; padding: 4px 12px; }
QPushButton:hover, QPushButton:focus { border-color: $accent; }
QPushButton:pressed { background: $selection; }
QPushButton:disabled { color: $faint; background: $window; border-color: $border; }
QMenuBar { background: $window; }
QMenuBar::item { padding: 4px 8px; border-radius: 3px; }
QMenuBar::item:selected { background: $selection; }
QMenu { background: $raised; border: 1px solid $border; padding: 4px 0; }
QMenu::item { padding: 5px 24px 5px 20px; }
QMenu::item:selected { background: $selection; }
QMenu::item:disabled { color: $faint; }
QMenu::separator { height: 1px; background: $border; margin: 4px 0; }
QSplitter::handle { background: $window; }
QSplitter::handle:hover { background: $accent; }
QStatusBar { background: $window; color: $muted; }
QStatusBar::item { border: none; }

QLineEdit[frame="true"], QComboBox, QAbstractSpinBox, QPlainTextEdit, QTextEdit {
    background: $surface; border: 1px solid $border; border-radius: 4px; padding: 3px 6px; }
QLineEdit[frame="true"]:hover, QComboBox:hover, QAbstractSpinBox:hover { border-color: $faint; }
QLineEdit[frame="true"]:focus, QComboBox:focus, QAbstractSpinBox:focus, QPlainTextEdit:focus, QTextEdit:focus {
    border-color: $accent; }
QLineEdit[frame="true"]:disabled, QComboBox:disabled, QAbstractSpinBox:disabled { color: $faint; background: $window; }
QComboBox { padding-right: 22px; combobox-popup: 0; }
QComboBox::drop-down { border: none; width: 20px; }
QComboBox::down-arrow { image: $chevron; width: 12px; height: 12px; }
QAbstractSpinBox { padding-right: 20px; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {
    border: none; width: 18px; subcontrol-origin: border; background: transparent; }
QAbstractSpinBox::up-button { subcontrol-position: top right; margin-top: 2px; }
QAbstractSpinBox::down-button { subcontrol-position: bottom right; margin-bottom: 2px; }
QAbstractSpinBox::up-arrow { image: $chevron_up; width: 11px; height: 11px; }
QAbstractSpinBox::down-arrow { image: $chevron; width: 11px; height: 11px; }
QAbstractSpinBox::up-button:hover, QAbstractSpinBox::down-button:hover { background: $raised; }
QComboBox QAbstractItemView { background: $raised; border: 1px solid $border; padding: 2px; }

QCheckBox, QRadioButton { spacing: 8px; padding: 2px; border: 1px solid transparent; border-radius: 4px; }
QCheckBox:focus, QRadioButton:focus { border-color: $accent; }
QCheckBox:disabled, QRadioButton:disabled { color: $faint; }
QCheckBox::indicator, QRadioButton::indicator, QAbstractItemView::indicator {
    width: 14px; height: 14px; border: 1px solid $faint; border-radius: 3px; background: $surface; }
QRadioButton::indicator { border-radius: 8px; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover { border-color: $text; }
QCheckBox::indicator:checked, QAbstractItemView::indicator:checked {
    background: $accent; border-color: $accent; image: $check; }
QRadioButton::indicator:checked { width: 6px; height: 6px; border: 5px solid $accent; background: $surface; }
QCheckBox::indicator:checked:disabled { background: $faint; border-color: $faint; }
QRadioButton::indicator:checked:disabled { border-color: $faint; }

QToolButton { border: 1px solid transparent; border-radius: 3px; padding: 2px 4px; color: $text; }
QToolButton:hover { background: $raised; border-color: $border; }
QToolButton:focus { border-color: $accent; }
QToolButton:pressed, QToolButton:checked { background: $selection; }
QToolButton:disabled { color: $faint; }
QToolButton[popupMode="1"], QToolButton[popupMode="2"] { padding-right: 16px; }
QToolButton::menu-button { border: none; width: 14px; }
QToolButton::menu-arrow { image: $chevron; width: 12px; height: 12px; }
QToolButton::menu-indicator { image: $chevron; width: 12px; height: 12px;
    subcontrol-position: right center; right: 2px; }

QTabBar { qproperty-drawBase: 0; }
QTabBar::tab { color: $muted; padding: 5px 12px; border: none; border-bottom: 2px solid transparent; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { color: $text; border-bottom-color: $accent; }
QTabBar::tab:selected:focus { background: $selection; }
QTabWidget::pane { border: none; border-top: 1px solid $border; }

QAbstractItemView { background: $surface; alternate-background-color: $raised; border: 1px solid $border;
    gridline-color: $grid; selection-background-color: $selection; selection-color: $text; outline: 0; }
QAbstractItemView:focus { border-color: $accent; }
QListView::item, QTreeView::item { padding: 0 8px; }
QTableView::item { padding: 0 6px; }
QListView::item:hover, QTreeView::item:hover { background: $raised; }
QAbstractItemView::item:selected { background: $selection; color: $text; }
QComboBox QAbstractItemView::item { min-height: 22px; padding: 0 6px; }
QComboBox QAbstractItemView::item:hover, QComboBox QAbstractItemView::item:selected { background: $selection; }
QHeaderView { background: $raised; border: none; }
QHeaderView::section { background: $raised; color: $muted; border: none; border-right: 1px solid $border;
    border-bottom: 1px solid $border; padding: 4px 6px; }
QTableCornerButton::section { background: $raised; border: none; border-bottom: 1px solid $border; }
QGroupBox { border: none; border-top: 1px solid $border; margin-top: 9px; padding-top: 14px; }
QGroupBox::title { subcontrol-origin: margin; padding: 0 8px 0 0; color: $muted; }

QScrollArea { border: none; background: transparent; }
QScrollBar { background: transparent; border: none; }
QScrollBar:vertical { width: 10px; }
QScrollBar:horizontal { height: 10px; }
QScrollBar::handle { background: $border; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::handle:hover, QScrollBar::handle:pressed { background: $faint; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: none; }
""")
