"""The filters above a tape, and how its lines are made."""

from __future__ import annotations

import re
from typing import NamedTuple

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QInputDialog, QMenu, QSizePolicy, QToolButton, QWidget

from widgets import format as fmt
from widgets import messages, theme
from widgets.controls.menus import head, offer
from widgets.controls.search_line import bar_style
from widgets.trades.lines import BIG, JOINS, Shown, Wanted

ROW = 26  # px
# Values of a line to choose from, in quote currency.
LEASTS: dict[str, tuple[float, ...]] = {
    "KRW": (0.0, 1e5, 1e6, 5e6, 1e7, 5e7, 1e8),
    "USDT": (0.0, 100.0, 1_000.0, 5_000.0, 10_000.0, 50_000.0),
    "BTC": (0.0, 0.001, 0.01, 0.05, 0.1, 1.0),
}
MOST = 1e15  # quote currency; no line is worth as much
DECIMALS = {"KRW": 0, "USDT": 2, "BTC": 8}
_ZEROS = re.compile(r"\.0+(?!\d)")
_SIDES: tuple[Shown, ...] = ("", "BID", "ASK")


class Sound(NamedTuple):
    """Which lines make a sound."""

    tier: int = 0  # from this one on; 0: none
    side: Shown = ""


class TradesBar(QWidget):
    """Says which lines are wanted; tells of each choice and shows what is in force."""

    least_chosen = Signal(float)  # quote currency
    side_chosen = Signal(str)
    big_toggled = Signal(bool)
    freeze_wanted = Signal()
    join_chosen = Signal(int)  # ms, of JOINS
    sum_toggled = Signal(bool)
    tiers_wanted = Signal()  # the user wants to say what is large
    sound_chosen = Signal(int)  # from which tier on, 0 for none
    sound_side_chosen = Signal(str)
    copy_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(ROW)
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 1, 2, 1)
        row.setSpacing(1)
        self.filter, self.big, self.pause, self.options = (self._button(row) for _ in range(4))
        row.insertStretch(2, 1)
        self.big.setCheckable(True)
        self.big.clicked.connect(self.big_toggled)
        self.pause.setCheckable(True)
        self.pause.setText("❚❚")
        self.pause.clicked.connect(self.freeze_wanted)
        self.options.setText("⋯")
        for button in (self.filter, self.options):
            button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
            button.setMenu(QMenu(button))
        self._theme_version = -1
        self._wanted, self._sound = Wanted(), Sound()
        self._quote, self._won = "KRW", float("nan")
        self.filter.menu().aboutToShow.connect(self._fill_filter)
        self.options.menu().aboutToShow.connect(self._fill_options)
        self._retranslate()
        self.restyle()

    def _button(self, row: QHBoxLayout) -> QToolButton:
        button = QToolButton(self)
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setFixedHeight(ROW - 4)
        row.addWidget(button)
        return button

    # What is in force.

    def show_wanted(self, wanted: Wanted, sound: Sound, quote: str, won: float) -> None:
        """Show which lines are wanted.

        Args:
            quote: the currency that values are in.
            won: KRW for one of it; nan if not known or not needed.
        """
        self._wanted, self._sound, self._quote, self._won = wanted, sound, quote, won
        self.big.setChecked(wanted.is_big_only)
        parts = [f"≥ {self._short(wanted.least)}"] if wanted.least else []
        if wanted.side:
            parts.append(self._side(wanted.side))
        self.filter.setText((" · ".join(parts) or self.tr("All")) + " ▾")
        if self.filter.property("isInForce") != bool(parts):
            self.filter.setProperty("isInForce", bool(parts))
            self.filter.style().polish(self.filter)  # a style sheet does not notice
        self.big.setToolTip(self.tr("Only trades from {value} on").format(value=self._short(wanted.tiers[-1])))

    def show_frozen(self, is_frozen: bool) -> None:
        """Show whether the lines stand still."""
        self.pause.setChecked(is_frozen)

    def _short(self, value: float) -> str:
        """Return a value of the quote currency in short, "1,000만"."""
        if self._quote != "KRW":
            return f"{value:,.8f}".rstrip("0").rstrip(".") + " " + self._quote
        if messages.is_korean() and value % 1e4 == 0 and value < 1e8:
            return f"{value / 1e4:,.0f}만"
        text = fmt.turnover(value, "KRW", "ko" if messages.is_korean() else "en")
        return _ZEROS.sub("", text)  # the choices are round

    def _side(self, side: str) -> str:
        return self.tr("Buys") if side == "BID" else self.tr("Sells") if side else self.tr("Both sides")

    # The menus are made when they open: what they say depends on the market.

    def _fill_filter(self) -> None:
        menu = self.filter.menu()
        menu.clear()
        head(menu, self.tr("Value of a line, at least"))
        choices = list(LEASTS.get(self._quote, LEASTS["USDT"]))
        if self._wanted.least not in choices:
            choices.append(self._wanted.least)
        named = [(v, self._named(v) if v else self.tr("Any")) for v in sorted(choices)]
        offer(menu, named, self._wanted.least, self.least_chosen)
        menu.addAction(self.tr("Another value…")).triggered.connect(self._ask_least)
        head(menu, self.tr("Side"))
        offer(menu, [(s, self._side(s)) for s in _SIDES], self._wanted.side, self.side_chosen)

    def _named(self, value: float) -> str:
        text = f"≥ {self._short(value)}"
        if self._won > 0.0:
            won = fmt.turnover(value * self._won, "KRW", "ko" if messages.is_korean() else "en")
            text += "  ≈ " + self.tr("{value} KRW").format(value=won)
        return text

    def _ask_least(self) -> None:
        dialog = QInputDialog(self.window())
        dialog.setWindowTitle(self.tr("Least value"))
        dialog.setLabelText(self.tr("Show lines from this value on ({quote})").format(quote=self._quote))
        dialog.setOkButtonText(self.tr("OK"))
        dialog.setCancelButtonText(self.tr("Cancel"))
        dialog.setInputMode(QInputDialog.InputMode.DoubleInput)
        dialog.setDoubleDecimals(DECIMALS.get(self._quote, 2))
        dialog.setDoubleRange(0.0, MOST)
        dialog.setDoubleValue(self._wanted.least)
        dialog.doubleValueSelected.connect(self.least_chosen)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _fill_options(self) -> None:
        menu, wanted = self.options.menu(), self._wanted
        menu.clear()
        head(menu, self.tr("Trades of one order as one line"))
        offer(menu, [(ms, self._join(ms)) for ms in JOINS], wanted.join_ms, self.join_chosen)
        menu.addSeparator()
        summed = menu.addAction(self.tr("Sum equal prices when more come than can be read"))
        summed.setCheckable(True)
        summed.setChecked(wanted.is_summed)
        summed.toggled.connect(self.sum_toggled)
        menu.addSeparator()
        menu.addAction(self.tr("What counts as large…")).triggered.connect(self.tiers_wanted)
        sound = menu.addMenu(self.tr("Sound"))
        tiers = [(0, self.tr("Off"))]
        tiers += [(n, f"≥ {self._short(wanted.tiers[n - 1])}") for n in range(1, BIG + 1)]
        offer(sound, tiers, self._sound.tier, self.sound_chosen)
        sound.addSeparator()
        offer(sound, [(s, self._side(s)) for s in _SIDES], self._sound.side, self.sound_side_chosen)
        menu.addSeparator()
        menu.addAction(self.tr("Copy the lines")).triggered.connect(self.copy_wanted)

    def _join(self, join_ms: int) -> str:
        if join_ms < 0:
            return self.tr("Off: each trade by itself")
        return self.tr("Same millisecond") if not join_ms else self.tr("Within {n} ms").format(n=join_ms)

    # Looks.

    def restyle(self) -> None:
        """Take the colours of the theme, if they changed."""
        if theme.version == self._theme_version:
            return
        self._theme_version = theme.version
        self.setStyleSheet(
            bar_style("TradesBar", pad=4) + f"QToolButton[isInForce=true] {{ color: {theme.colors.accent.name()}; }}"
        )
        for button in (self.filter, self.big, self.pause, self.options):
            button.setFont(theme.font(theme.SMALL))

    def _retranslate(self) -> None:
        self.big.setText(self.tr("Big"))
        for button, name in (
            (self.filter, self.tr("Filter")),
            (self.pause, self.tr("Freeze (Space)")),
            (self.options, self.tr("Options")),
        ):
            button.setAccessibleName(name)
            button.setToolTip(name)
        self.big.setAccessibleName(self.tr("Only big trades"))
        self.show_wanted(self._wanted, self._sound, self._quote, self._won)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)
