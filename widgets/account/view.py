"""The painted table of the account pane. Told what to show, it paints the rows that look different."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QPointF, QRect, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QKeySequence, QPainter
from PySide6.QtWidgets import QWidget

from widgets import format as fmt
from widgets import theme
from widgets.account import model
from widgets.account.model import BALANCES, COLUMNS, DROPPED_FIRST, EXACT, HIDDEN, NAME, TEXTS, Cell, Line
from widgets.controls.columns import Columns
from widgets.controls.market_list import BAR, HEADER, PAD, ROW, MarketList
from widgets.digits import CHARACTERS, Digits

_NAME_LEAST, _NAME_MOST = 84, 190  # px
_GAP = 6  # px at both sides of a column's text
_SPREAD = 48  # px: no column gets more air than this
_FIGURES = frozenset(CHARACTERS)
# No column is narrower, so that it does not grow with the first lines.
_LEAST = {
    model.TIME: "00-00 00:00:00",
    model.PRICE: "00,000,000",
    model.AVG: "00,000,000",
    model.VALUE: "00,000,000",
    model.AMOUNT: "0,000,000",
    model.PROFIT: "+0,000,000",
    model.RATE: "+00.00%",
    model.SHARE: "00.0%",
    model.FILLED: "00.0%",
    model.FEE: "00,000",
}
_LEAST_EXACT = ("0,000", ".0000")  # before and behind the decimal point


class AccountView(MarketList):
    """Lines of one section. Knows nothing of the account; its signals say what the user wants."""

    copy_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.section = BALANCES
        self.sort_columns = COLUMNS[BALANCES]
        self.lines: Sequence[Line] = ()
        self.columns = Columns()
        self._markets: Mapping[str, str] = {}
        self._widths: dict[str, float] = {}  # the widest text seen
        self._points: dict[str, float] = {}  # of exact columns: the widest text behind the decimal point
        self._wholes: dict[str, float] = {}  # and before it
        self._units: dict[str, float] = {}
        self._fitted: dict[tuple[str, str], tuple[str, str]] = {}
        self._theme_version = -1
        self._retranslate()
        self._take_theme()

    # What is to be shown.

    def show_section(self, section: str) -> None:
        """Begin another table."""
        self.section, self.sort_columns = section, COLUMNS[section]
        self._widths.clear()
        self._points.clear()
        self._wholes.clear()
        self._units.clear()
        self.lines = ()
        self.lay_out()
        self.update()

    def set_markets(self, markets: Mapping[str, str]) -> None:
        """Say which market each line is of."""
        self._markets = markets

    def market_of(self, code: str) -> str:
        return self._markets.get(code, "")

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Show the lines of `in_sight`; equal ones are not painted again."""
        if theme.version != self._theme_version:
            self._take_theme()
        before, self.lines = self.lines, lines
        if self._grow(lines):
            self.lay_out()
            self.update()
        if len(before) > len(lines):
            self.update()
        for i, line in enumerate(lines):
            if i >= len(before) or line != before[i]:
                self.update(self.row_rect(self.top + i))

    # Where things are.

    def _grow(self, lines: Sequence[Line]) -> bool:
        """Let columns grow to the widest text seen; they shrink only with another table, so nothing jumps."""
        is_grown = False
        for n, column in enumerate(COLUMNS[self.section]):
            if column == NAME:
                continue
            cells = {line.cells[n] for line in lines}
            unit = max((self._small_width(cell.unit) for cell in cells), default=0.0)
            if unit > self._units.get(column, 0.0):
                self._units[column], is_grown = unit, True
            if column in EXACT:
                for cell in cells:
                    whole, point, rest = cell.text.partition(".")
                    for kept, text in ((self._wholes, whole), (self._points, point + rest)):
                        width = self._width(text)
                        if width > kept.get(column, 0.0) + 0.5:
                            kept[column], is_grown = width, True
            else:
                width = max((self._width(cell.text) for cell in cells), default=0.0)
                if width > self._widths.get(column, 0.0) + 0.5:
                    self._widths[column], is_grown = width, True
        return is_grown

    def _width(self, text: str) -> float:
        if _FIGURES.issuperset(text):
            return self._digits.width(text)
        return QFontMetricsF(self._font).horizontalAdvance(text)

    def _small_width(self, text: str) -> float:
        return QFontMetricsF(self._small).horizontalAdvance(text) + 2 if text else 0.0

    def _room(self, column: str) -> int:
        """Return the px that a column needs."""
        if column in EXACT:
            before, behind = (self._digits.width(text) for text in _LEAST_EXACT)
            width = max(self._wholes.get(column, 0.0), before) + max(self._points.get(column, 0.0), behind)
        else:
            width = max(self._widths.get(column, 0.0), self._digits.width(_LEAST.get(column, "")))
        width += self._units.get(column, 0.0)
        return round(max(width, self._head_widths[column])) + 2 * _GAP

    def lay_out(self) -> None:
        """Place the columns; what does not fit is left out, the least important first."""
        room = self.width() - BAR
        widths = {c: _NAME_LEAST if c == NAME else self._room(c) for c in COLUMNS[self.section]}
        if self.columns.place(widths, DROPPED_FIRST[self.section], room, (NAME, _NAME_MOST - _NAME_LEAST), _SPREAD):
            self._fitted.clear()
            self.update()

    def column_at(self, x: float) -> str:
        return self.columns.at(x)

    def tip_at(self, point: QPointF) -> str:
        if point.y() < HEADER:
            return self._tips.get(self.column_at(point.x()), "")
        line = next((x for x in self.lines if x.code == self.code_at(point)), None)
        if line is None:
            return ""
        column = self.column_at(point.x())
        cell = line.cells[COLUMNS[self.section].index(column)]
        if column == NAME or not cell.text:
            return f"{line.name} {line.symbol}".strip()
        return f"{self._heads[column]} {cell.full or cell.text} {cell.unit}".strip()

    # Looks.

    def _take_theme(self) -> None:
        self._theme_version = theme.version
        self.take_list_theme()
        self._font = theme.font(theme.TEXT)
        self._small = theme.font(theme.SMALL)
        self._digits = Digits(self._font)
        self._baseline = round((ROW + QFontMetricsF(self._font).capHeight()) / 2)
        self._fitted.clear()
        self._widths.clear()
        measure = QFontMetricsF(self._small).horizontalAdvance
        self._head_widths = {column: measure(f"{text} ▾") for column, text in self._heads.items()}
        self._grow(self.lines)
        self.lay_out()
        self.update()

    def _retranslate(self) -> None:
        self._heads = {
            model.TIME: self.tr("Time"),
            NAME: self.tr("Symbol"),
            model.SIDE: self.tr("Side"),
            model.KIND: self.tr("Kind"),
            model.STATE: self.tr("Result"),
            model.ROLE: self.tr("Role"),
            model.TOTAL: self.tr("Held"),
            model.FREE: self.tr("Free"),
            model.LOCKED: self.tr("Locked"),
            model.AVG: self.tr("Avg price"),
            model.PRICE: self.tr("Price"),
            model.VALUE: self.tr("Value"),
            model.AMOUNT: self.tr("Amount"),
            model.SHARE: self.tr("Share"),
            model.PROFIT: self.tr("Profit"),
            model.RATE: self.tr("Return"),
            model.SIZE: self.tr("Size"),
            model.REMAINING: self.tr("Left"),
            model.FILLED: self.tr("Filled"),
            model.EXECUTED: self.tr("Traded"),
            model.FEE: self.tr("Fee"),
        }
        self._tips = {
            model.TOTAL: self.tr("Free and locked"),
            model.LOCKED: self.tr("In open orders and withdrawals"),
            model.AVG: self.tr("Average price of what was bought or traded"),
            model.VALUE: self.tr("In KRW, at the last price"),
            model.AMOUNT: self.tr("In the currency that prices the market; of an open order: what is left of it"),
            model.SHARE: self.tr("Of the value of the whole account"),
            model.PROFIT: self.tr("Value less cost at the average price, in KRW"),
            model.ROLE: self.tr("Maker: the order was resting. Taker: it met one that rested"),
        }
        self.setAccessibleName(self.tr("Account"))

    def heads(self) -> dict[str, str]:
        """Return what each column is called."""
        return dict(self._heads)

    def describe(self, line: Line | None) -> None:
        """Say to screen readers which line is the current one."""
        text = ""
        if line is not None:
            cells = zip(COLUMNS[self.section], line.cells, strict=True)
            words = [
                f"{self._heads[column]} {'' if cell.text == HIDDEN else cell.full or cell.text} {cell.unit}".strip()
                for column, cell in cells
                if column != NAME and cell.text not in ("", fmt.UNKNOWN)
            ]
            text = ", ".join([f"{line.name} {line.symbol}", *words])
        if text != self.accessibleDescription():
            self.setAccessibleDescription(text)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
            self._take_theme()
        super().changeEvent(event)

    # Painting.

    def paint_rows(self, painter: QPainter, rows: Sequence[int]) -> None:
        left_of, ends = self.columns.left, self.columns.ends
        columns = [(n, c, left_of(c), ends[c]) for n, c in enumerate(COLUMNS[self.section]) if c in ends]
        painter.setFont(self._font)
        ascent = round(QFontMetricsF(self._font).ascent())
        small_ascent = round(QFontMetricsF(self._small).ascent())
        smalls = []
        for i in rows:
            line, y = self.lines[i], HEADER + i * ROW
            base = y + self._baseline
            self.paint_ground(painter, i)
            for n, column, left, right in columns:
                cell = line.cells[n]
                if column == NAME:
                    name, symbol = self._fit(line, right - left - 2 * _GAP)
                    painter.setPen(theme.colors.text)
                    painter.drawStaticText(left + _GAP, base - ascent, self._static(name, self._font))
                    if symbol:
                        x = left + _GAP + round(QFontMetricsF(self._font).horizontalAdvance(name)) + PAD
                        smalls.append((x, base, symbol))
                elif column in TEXTS:
                    painter.setPen(self._ink(cell, column))
                    painter.drawStaticText(left + _GAP, base - ascent, self._static(cell.text, self._font))
                else:
                    unit = round(self._units.get(column, 0.0))
                    if cell.unit:
                        smalls.append((right - _GAP - unit + 2, base, cell.unit))
                    self._put(painter, cell, column, right - _GAP - unit, base)
        self._digits.draw(painter)
        painter.setFont(self._small)
        painter.setPen(theme.colors.muted)
        for x, base, text in smalls:
            painter.drawStaticText(x, base - small_ascent, self._static(text, self._small))

    def _ink(self, cell: Cell, column: str) -> QColor:
        c = theme.colors
        if cell.text in (fmt.UNKNOWN, HIDDEN):
            return c.faint
        if column == model.SIDE:
            return c.bid if cell.way > 0 else c.ask
        if cell.way:
            return c.up if cell.way > 0 else c.down
        return c.muted if column in (model.TIME, model.KIND, model.ROLE, model.SHARE) else c.text

    def _put(self, painter: QPainter, cell: Cell, column: str, right: float, base: int) -> None:
        """Write figures; those of an exact column with their points below each other."""
        text = cell.text
        if not text:
            return
        ink = self._ink(cell, column)
        if not _FIGURES.issuperset(text):
            painter.setPen(ink)
            width = QFontMetricsF(self._font).horizontalAdvance(text)
            painter.drawText(QPointF(right - width, base), text)
            return
        if column in EXACT and text != fmt.UNKNOWN:
            _, point, rest = text.partition(".")
            behind = max(self._points.get(column, 0.0), self._digits.width(_LEAST_EXACT[1]))
            right -= round(behind) - self._digits.width(point + rest)
        self._digits.put(text, self._digits.places(text, right, base), ink)

    def _fit(self, line: Line, room: int) -> tuple[str, str]:
        """Return name and symbol as far as there is room; the symbol alone where the name does not fit."""
        key = (line.name, line.symbol)
        fitted = self._fitted.get(key)
        if fitted is None:
            wide, small = QFontMetricsF(self._font), QFontMetricsF(self._small)
            if line.name == line.symbol or not line.name:
                fitted = wide.elidedText(line.symbol, Qt.TextElideMode.ElideRight, room), ""
            elif wide.horizontalAdvance(line.name) + PAD + small.horizontalAdvance(line.symbol) <= room:
                fitted = line.name, line.symbol
            else:
                fitted = wide.elidedText(line.symbol, Qt.TextElideMode.ElideRight, room), ""
            self._fitted[key] = fitted
        return fitted

    def paint_header(self, painter: QPainter) -> None:
        c = theme.colors
        painter.setFont(self._small)
        for column, right in self.columns.ends.items():
            is_sorted = column == self.sort.column
            painter.setPen(c.accent if is_sorted else c.faint)
            text = self._heads[column] + ((" ▾" if self.sort.is_down else " ▴") if is_sorted else "")
            side = Qt.AlignmentFlag.AlignLeft if column in TEXTS else Qt.AlignmentFlag.AlignRight
            box = QRect(self.columns.left(column) + _GAP, 0, right - self.columns.left(column) - 2 * _GAP, HEADER - 1)
            painter.drawText(box, side | Qt.AlignmentFlag.AlignVCenter, text)
        painter.fillRect(0, HEADER - 1, self.width(), 1, c.border)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_wanted.emit()
        else:
            super().keyPressEvent(event)
