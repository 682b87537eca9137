"""The painted list of markets. Told what to show, it paints the lines that look different."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QEvent, QPointF, QRect, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter
from PySide6.QtWidgets import QWidget

from widgets import theme
from widgets.controls.listing import HALTED, NAME, TURNOVER
from widgets.controls.market_list import BADGE, BAR, HEADER, PAD, ROW, STAR, MarketList
from widgets.digits import Digits
from widgets.markets.model import CHANGE, COLUMNS, PRICE, Line

COMPACT = 240  # px: a narrower list is written smaller, so that names and prices of nine figures fit
_NAME_LEAST, _NAME_MOST = 52, 128  # px: a name gives other columns no room below this, and wants no more than that
FADE_S = 0.1  # a changed price stands on a bar that fades in steps: each step is a repaint
FADES = (64, 40, 18)  # of 255: the bar's strength, step by step
_KEPT = 2_048  # texts fitted to their column

# No column is narrower than these, so that it does not grow at each page: (price, absolute change) of a quote.
_LEAST = {
    "KRW": ("00,000,000", "+000,000"),
    "BTC": ("0.00000000", "+0.00000000"),
    "USDT": ("00,000.00", "+0,000.00"),
}
_LEAST_CHANGE = "+00.00%"
_LEAST_TURNOVER = "0,000"


class Columns(NamedTuple):
    """Right ends, px; 0 for a column that is not shown."""

    star: int
    name: int
    symbol: int
    price: int
    change: int
    change_price: int
    turnover: int


class MarketsView(MarketList):
    """Lines of `codes` from `top` on. Knows nothing of the market; its signals say what the user wants."""

    sort_columns = COLUMNS

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lines: Sequence[Line] = ()
        self.columns = Columns(0, 0, 0, 0, 0, 0, 0)
        self._fades: dict[str, tuple[float, bool, int]] = {}  # code -> since when, is it up, step; the lines in sight
        self._least = _LEAST["KRW"]
        self._widths = [0.0] * 4  # of price, change, absolute change, turnover: the widest text seen
        self._unit_width = self._symbol_width = 0.0
        self._symbols: Sequence[str] = ()
        self._is_compact = self._is_mixed = False
        self._names: dict[tuple[str, str, bool], tuple[str, int]] = {}  # fitted to the column, and where that ends
        self._units: dict[str, float] = {}
        self._theme_version = -1
        self._retranslate()
        self._take_theme()

    # What is to be shown.

    def set_scale(self, quote: str, symbols: Sequence[str]) -> None:
        """Begin another list: columns take the least width that suits its quote currency.

        Args:
            quote: "" for a list of several.
            symbols: all texts that the symbol column will show.
        """
        self._least, self._is_mixed = _LEAST.get(quote, _LEAST["KRW"]), not quote
        self._symbols = symbols
        self._measure_symbols()
        self._widths, self._unit_width = [0.0] * 4, 0.0
        self._fades.clear()
        self.lines = ()
        self.lay_out()
        self.update()

    def show_lines(self, lines: Sequence[Line], now: float) -> None:
        """Show the lines of `in_sight`. A line that is the same object as before is not painted again.

        Args:
            now: loop time, s: when prices changed.
        """
        if theme.version != self._theme_version:
            self._take_theme()
        before, self.lines = self.lines, lines
        changed = [i for i, line in enumerate(lines) if i >= len(before) or line is not before[i]]
        if self._grow([lines[i] for i in changed]):
            self.lay_out()
            self.update()
        if len(before) > len(lines):
            self.update()
        known = {line.code: line for line in before} if changed else {}
        for i in changed:
            line, old = lines[i], known.get(lines[i].code)
            if old is not None and old.ticker is not None and line.ticker is not None and line.price != old.price:
                self._fades[line.code] = (now, line.ticker.price > old.ticker.price, 0)
            self.update(self.row_rect(self.top + i))

    def fade(self, now: float) -> bool:
        """Let the bars behind changed prices fade. Return True while there are any: then call it again next frame."""
        for code, (at, is_up, step) in list(self._fades.items()):
            reached = int((now - at) / FADE_S)
            if reached != step:
                row = self.row_of(code)
                if reached >= len(FADES) or row < 0:
                    del self._fades[code]
                else:
                    self._fades[code] = (at, is_up, reached)
                self.update(self._price_rect(row))
        return bool(self._fades)

    # Where things are.

    @property
    def names_left(self) -> int:
        """Where the names begin, px."""
        return self.columns.star or PAD

    def _price_rect(self, row: int) -> QRect:
        line = self.row_rect(row)
        left = self.columns.symbol or self.columns.name
        return QRect(left, line.y(), self.columns.price - left, ROW) if not line.isEmpty() else line

    def column_at(self, x: float) -> str:
        """Return the column whose head is at `x`."""
        columns = self.columns
        for column, right in (
            (NAME, columns.symbol or columns.name),
            (PRICE, columns.price),
            (CHANGE, columns.change_price or columns.change),
        ):
            if x < right:
                return column
        return TURNOVER if columns.turnover else CHANGE

    def _grow(self, lines: Sequence[Line]) -> bool:
        """Let columns grow to the widest text seen; they shrink only with another list, so nothing jumps."""
        grown, measure, widths = False, self._digits.width, self._widths
        for i, texts in enumerate(
            (
                {line.price for line in lines},
                {line.change for line in lines},
                {line.change_price for line in lines},
                {line.turnover for line in lines},
            )
        ):
            width = measure(max(texts, key=len, default=""))
            if width > widths[i] + 0.5:
                widths[i], grown = width, True
        for unit in {line.unit for line in lines}:
            if self._unit(unit) > self._unit_width:
                self._unit_width, grown = self._unit(unit), True
        return grown

    def _unit(self, unit: str) -> float:
        width = self._units.get(unit)
        if width is None:
            width = self._units[unit] = QFontMetricsF(self._small).horizontalAdvance(unit)
        return width

    def lay_out(self) -> None:
        """Place the columns. What does not fit is left out: the absolute change, then the symbol, then the turnover."""
        if (self.width() < COMPACT) != self._is_compact:
            self._take_fonts()
        measure, head = self._digits.width, self._head_widths
        least = (self._least[0], _LEAST_CHANGE, self._least[1], _LEAST_TURNOVER)
        price, change, change_price, turnover = (
            max(seen, measure(text)) for seen, text in zip(self._widths, least, strict=True)
        )
        price = round(max(price, head[PRICE])) + 2 * PAD
        change = round(max(change, head[CHANGE])) + 2 * PAD
        change_price = round(change_price) + 2 * PAD
        turnover = round(max(turnover + self._unit_width, head[TURNOVER])) + 2 * PAD
        symbol = round(self._symbol_width) + 2 * PAD
        # A narrow list of favourites has no stars: all of them are, and a code with its quote needs the room.
        star = 0 if self._is_mixed and self._is_compact else STAR
        names_left = star or PAD
        room = self.width() - names_left - BAR + PAD - price - change
        names = max(_NAME_LEAST, round(head[NAME]) + 2 * PAD)
        # With the symbol beside it the name is worth its room only where most names can be read.
        if room < names * 3 // 2 + symbol + turnover + change_price:
            change_price = 0
        if room < names * 3 // 2 + symbol + turnover + change_price:
            symbol = 0
        if room < names + symbol + turnover:
            turnover = 0
        name = max(room - symbol - turnover - change_price, 0)
        shown = [bool(width) for width in (price, change, change_price, turnover)]
        more = max(name - _NAME_MOST, 0) // (sum(shown) + 1)  # so that one column is not all air
        name -= more * sum(shown)
        numbers = [width + more if width else 0 for width in (price, change, change_price, turnover)]
        ends, right = [], names_left
        for width in (name, symbol, *numbers):
            right += width
            ends.append(right if width else 0)
        columns = Columns(star, *ends)
        self.star_right = star
        if columns != self.columns:
            self.columns = columns
            self._names.clear()
            self.update()

    def _fitted(self, line: Line) -> tuple[str, int]:
        """Return what stands in the name column, and where its badge stands: 0 if that has no room.

        Where a name does not fit, its symbol stands for it; so it does for all names of a list of several quote
        currencies without a symbol column, which would be ambiguous.
        """
        key = (line.name, line.symbol, bool(line.flag))
        fitted = self._names.get(key)
        if fitted is None:
            metrics, left = QFontMetricsF(self._font), self.names_left
            room = self.columns.name - left - PAD
            beside = room - BADGE - PAD if line.flag else room
            text = line.name
            if not self.columns.symbol and ("-" in line.symbol or metrics.horizontalAdvance(text) > beside):
                text = line.symbol
                if metrics.horizontalAdvance(text) > beside:
                    beside = room
            text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, beside)
            badge = round(left + metrics.horizontalAdvance(text)) + PAD if line.flag and beside < room else 0
            fitted = text, badge
            if len(self._names) >= _KEPT:
                self._names.clear()
            self._names[key] = fitted
        return fitted

    # Looks.

    def _take_theme(self) -> None:
        self._theme_version = theme.version
        c = theme.colors
        self.take_list_theme()
        self._fade_colors = {
            is_up: [QColor(color.red(), color.green(), color.blue(), alpha) for alpha in FADES]
            for is_up, color in ((True, c.up), (False, c.down))
        }
        self._take_fonts()
        self.lay_out()
        self.update()

    def _take_fonts(self) -> None:
        """Write in the size that suits the width; `lay_out` has to follow."""
        self._is_compact = self.width() < COMPACT
        self._font = theme.font(theme.SMALL if self._is_compact else theme.TEXT)
        self._small = theme.font(theme.TINY if self._is_compact else theme.SMALL)
        self._digits = Digits(self._font)
        self._baseline = round((ROW + QFontMetricsF(self._font).capHeight()) / 2)
        self._names.clear()
        self._statics.clear()
        self._units.clear()
        self._measure_heads()
        self._measure_symbols()
        self._widths, self._unit_width = [0.0] * 4, 0.0
        self._grow(self.lines)

    def _measure_symbols(self) -> None:
        measure = QFontMetricsF(self._small).horizontalAdvance
        self._symbol_width = max(map(measure, self._symbols), default=0.0)

    def _measure_heads(self) -> None:
        measure = QFontMetricsF(self._small).horizontalAdvance
        self._head_widths = {column: measure(f"{text} ▾") for column, text in self._heads.items()}

    def _retranslate(self) -> None:
        self._heads = {
            NAME: self.tr("Name"),
            PRICE: self.tr("Price"),
            CHANGE: self.tr("Change"),
            TURNOVER: self.tr("Turnover"),
        }
        self.name_flags()
        self._names.clear()

    def describe(self, line: Line | None) -> None:
        """Say to screen readers which line is the current one."""
        text = ""
        if line is not None:
            text = " ".join(filter(None, (line.name, line.code, line.price, line.change, self.flag_text(line.flag))))
        if text != self.accessibleDescription():
            self.setAccessibleDescription(text)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
            self._measure_heads()
            self.lay_out()
            self.update()
        super().changeEvent(event)

    # Painting.

    def paint_rows(self, painter: QPainter, rows: Sequence[int]) -> None:
        c, columns = theme.colors, self.columns
        ways = {1: c.up, -1: c.down, 0: c.text}
        put, at = self._digits.put, self._digits.places
        names_left, symbol_left = self.names_left, columns.name + PAD
        turnover_right = columns.turnover - PAD - self._unit_width
        names, smalls = [], []
        for i in rows:
            line, y = self.lines[i], HEADER + i * ROW
            baseline = y + self._baseline
            self.paint_ground(painter, i)
            fade = self._fades.get(line.code)
            if fade is not None:
                _, is_up, step = fade
                right = columns.price
                price_left = round(right - PAD - self._digits.width(line.price)) - PAD
                painter.fillRect(price_left, y + 3, right - price_left, ROW - 6, self._fade_colors[is_up][step])
            y_icon = y + (ROW - BADGE) // 2
            if columns.star:
                painter.drawPixmap(PAD, y_icon, self._pixmap("on" if line.is_favourite else "off"))
            name, badge = self._fitted(line)
            if badge:
                painter.drawPixmap(badge, y_icon, self._pixmap(line.flag))
            # A warning for which there is no room is seen by the colour of the name.
            names.append(
                (names_left, baseline, name, self._flag_color(line.flag) if line.flag and not badge else c.text)
            )
            if columns.symbol:
                smalls.append((symbol_left, baseline, line.symbol, c.muted))
            is_known = line.ticker is not None
            color = (c.muted if line.flag == HALTED else ways[line.way]) if is_known else c.faint
            put(line.price, at(line.price, columns.price - PAD, baseline), color)
            put(line.change, at(line.change, columns.change - PAD, baseline), color)
            if columns.change_price:
                put(line.change_price, at(line.change_price, columns.change_price - PAD, baseline), color)
            if columns.turnover:
                text = line.turnover
                put(text, at(text, turnover_right, baseline), c.text if is_known else c.faint)
                if line.unit:
                    smalls.append((round(turnover_right) + 1, baseline, line.unit, c.muted))
        self._digits.draw(painter)
        for font, texts in ((self._font, names), (self._small, smalls)):
            painter.setFont(font)
            ascent = round(QFontMetricsF(font).ascent())
            for x, baseline, text, color in texts:
                painter.setPen(color)
                painter.drawStaticText(x, baseline - ascent, self._static(text, font))

    def paint_header(self, painter: QPainter) -> None:
        c, columns = theme.colors, self.columns
        painter.setFont(self._small)
        ends = {
            PRICE: columns.price,
            CHANGE: columns.change_price or columns.change,
            TURNOVER: columns.turnover,
        }
        for column in COLUMNS:
            is_sorted = column == self.sort.column
            painter.setPen(c.accent if is_sorted else c.faint)
            text = self._heads[column]
            if is_sorted:
                text += " ▾" if self.sort.is_down else " ▴"
            if column == NAME:
                box = QRect(self.names_left, 0, columns.name - self.names_left, HEADER - 1)
                painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
            elif ends[column]:
                box = QRect(0, 0, ends[column] - PAD, HEADER - 1)
                painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        painter.fillRect(0, HEADER - 1, self.width(), 1, c.border)

    def tip_at(self, point: QPointF) -> str:
        """Return what the mouse rests on: all of a line that may be cut short, or how to sort."""
        if point.y() < HEADER:
            return self.tr("Click to sort, again to turn round (Shift and arrow keys)")
        line = next((x for x in self.lines if x.code == self.code_at(point)), None)
        if line is None:
            return ""
        if point.x() < self.columns.star:
            return self.tr("Favourite (Space)")
        return "\n".join(filter(None, (f"{line.name} {line.code}", self.flag_text(line.flag))))
