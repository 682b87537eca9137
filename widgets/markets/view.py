"""The painted list of markets. Told what to show, it paints the lines that look different."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import cos, pi, sin
from typing import NamedTuple

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QPolygonF,
    QResizeEvent,
    QStaticText,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QScrollBar, QSizePolicy, QToolTip, QWidget

from widgets import drag, theme
from widgets.digits import Digits
from widgets.markets.model import CAUTIONED, CHANGE, COLUMNS, HALTED, NAME, PRICE, TURNOVER, WARNED, Line, Sort

ROW = 24  # px
HEADER = 22  # px: names of the columns
PAD = 4  # px beside every text
STAR = 19  # px: the column of the stars
BADGE = 14  # px
COMPACT = 240  # px: a narrower list is written smaller, so that names and prices of nine figures fit
_BAR = 8  # px: the scroll bar, in the right margin
_NAME_LEAST, _NAME_MOST = 52, 128  # px: a name gives other columns no room below this, and wants no more than that
_WHEEL_ROW = 40  # eighths of a degree: a notch, 120, is three rows; a touchpad sends less at a time
FADE_S = 0.1  # a changed price stands on a bar that fades in steps: each step is a repaint
FADES = (64, 40, 18)  # of 255: the bar's strength, step by step
_KEPT = 2_048  # texts fitted to their column, or laid out

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


class MarketsView(QWidget):
    """Lines of `codes` from `top` on. Knows nothing of the market; its signals say what the user wants."""

    chosen = Signal(str)  # a line was clicked
    stepped = Signal(int)  # so many lines down from the current one
    jumped = Signal(int)  # to that line, from the end if negative
    taken = Signal()  # Enter
    star_pressed = Signal(str)
    sort_wanted = Signal(Sort)
    tab_stepped = Signal(int)
    typed = Signal(str)  # the search begins with this
    escaped = Signal()
    note_taken = Signal()  # the note, which offers something, was clicked
    scrolled = Signal()  # other lines are seen: scrolled or resized

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(200, HEADER + 4 * ROW)
        self.codes: Sequence[str] = ()
        self.lines: Sequence[Line] = ()  # of the codes in sight
        self.current = ""  # code
        self.sort = Sort()
        self.note = ""  # in the place of the lines when there are none
        self.columns = Columns(0, 0, 0, 0, 0, 0, 0)
        self.top = 0
        self._rows: dict[str, int] = {}  # code -> its place in `codes`
        self._fades: dict[str, tuple[float, bool, int]] = {}  # code -> since when, is it up, step; the lines in sight
        self._hovered = -1
        self._pressed: tuple[QPointF, str] | None = None
        self._wheel = 0  # turned, but not yet by a row
        self._least = _LEAST["KRW"]
        self._widths = [0.0] * 4  # of price, change, absolute change, turnover: the widest text seen
        self._unit_width = self._symbol_width = 0.0
        self._symbols: Sequence[str] = ()
        self._is_compact = self._is_mixed = False
        self._names: dict[tuple[str, str, bool], tuple[str, int]] = {}  # fitted to the column, and where that ends
        self._statics: dict[tuple[str, bool], QStaticText] = {}
        self._units: dict[str, float] = {}
        self._theme_version, self._ratio = -1, 0.0
        self._pixmaps: dict[str, QPixmap] = {}
        self.bar = QScrollBar(Qt.Orientation.Vertical, self)
        self.bar.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.bar.valueChanged.connect(self.scroll_to)
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
        self._lay_out()
        self.update()

    def set_codes(self, codes: Sequence[str]) -> None:
        """Take the order of the lines; `show_lines` has to follow."""
        self.codes = codes
        self._rows = {code: row for row, code in enumerate(codes)}
        self._fit_bar()

    def set_current(self, code: str) -> None:
        """Highlight the line of `code` and bring it into sight."""
        before, self.current = self.row_of(self.current), code
        row = self.row_of(code)
        if row >= 0:
            self.reveal(row)
        for changed in (before, row):
            self.update(self.row_rect(changed))

    def set_sort(self, sort: Sort) -> None:
        if sort != self.sort:
            self.sort = sort
            self.update(0, 0, self.width(), HEADER)

    def set_note(self, note: str) -> None:
        """Say why there are no lines."""
        if note != self.note:
            self.note = note
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
            self._lay_out()
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
    def line_count(self) -> int:
        """Whole lines that fit."""
        return max((self.height() - HEADER) // ROW, 1)

    @property
    def names_left(self) -> int:
        """Where the names begin, px."""
        return self.columns.star or PAD

    @property
    def in_sight(self) -> Sequence[str]:
        """The codes whose lines can be seen, if only in part."""
        return self.codes[self.top : self.top + -(-(self.height() - HEADER) // ROW)]

    def row_of(self, code: str) -> int:
        """Return the place of `code` in the list, -1 if it is not there."""
        return self._rows.get(code, -1)

    def row_rect(self, row: int) -> QRect:
        """Return where a line is painted; empty if it is out of sight."""
        y = HEADER + (row - self.top) * ROW
        return QRect(0, y, self.width(), ROW) if HEADER <= y < self.height() and row >= 0 else QRect()

    def _price_rect(self, row: int) -> QRect:
        line = self.row_rect(row)
        left = self.columns.symbol or self.columns.name
        return QRect(left, line.y(), self.columns.price - left, ROW) if not line.isEmpty() else line

    def code_at(self, point: QPointF) -> str:
        """Return the code of the line at `point`, "" if there is none."""
        row = self._row_at(point)
        return self.codes[row] if row >= 0 else ""

    def _row_at(self, point: QPointF) -> int:
        row = self.top + (int(point.y()) - HEADER) // ROW
        return row if point.y() >= HEADER and 0 <= row < len(self.codes) else -1

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

    def reveal(self, row: int) -> None:
        """Scroll as little as brings `row` into sight."""
        self.scroll_to(min(max(self.top, row - self.line_count + 1), row))

    def scroll_to(self, top: int) -> None:
        """Make `top` the first line, as far as there are lines."""
        top = max(min(top, len(self.codes) - self.line_count), 0)
        if top != self.top:
            self.top = top
            self.bar.setValue(top)
            self._hovered = -1
            self.update()
            self.scrolled.emit()

    def _fit_bar(self) -> None:
        surplus = max(len(self.codes) - self.line_count, 0)
        self.bar.setVisible(surplus > 0)
        self.bar.setPageStep(self.line_count)
        self.bar.setRange(0, surplus)  # may move the value, and with it the lines
        self.scroll_to(self.top)
        self.bar.setGeometry(self.width() - _BAR, HEADER, _BAR, max(self.height() - HEADER, 0))

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

    def _lay_out(self) -> None:
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
        room = self.width() - names_left - _BAR + PAD - price - change
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
        self._pixmaps.clear()
        self._fade_colors = {
            is_up: [QColor(color.red(), color.green(), color.blue(), alpha) for alpha in FADES]
            for is_up, color in ((True, c.up), (False, c.down))
        }
        self.bar.setStyleSheet(
            f"QScrollBar {{ background: transparent; width: {_BAR}px; margin: 0; }}"
            f"QScrollBar::handle {{ background: {c.border.name()}; border-radius: 3px; min-height: 24px;"
            " margin: 1px; }"
            f"QScrollBar::handle:hover {{ background: {c.faint.name()}; }}"
            "QScrollBar::add-line, QScrollBar::sub-line { height: 0; }"
            "QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }"
        )
        self._take_fonts()
        self._lay_out()
        self.update()

    def _take_fonts(self) -> None:
        """Write in the size that suits the width; `_lay_out` has to follow."""
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
        # A letter for the badge, and what it means.
        self._flags: Mapping[str, tuple[str, str]] = {
            HALTED: (self.tr("H"), self.tr("Trading is halted")),
            WARNED: (self.tr("W"), self.tr("Investment warning")),
            CAUTIONED: (self.tr("C"), self.tr("Caution")),
        }
        self.setAccessibleName(self.tr("Symbols"))
        self._pixmaps.clear()
        self._names.clear()

    def describe(self, line: Line | None) -> None:
        """Say to screen readers which line is the current one."""
        text = ""
        if line is not None:
            text = " ".join(filter(None, (line.name, line.code, line.price, line.change, self._flag_text(line))))
        if text != self.accessibleDescription():
            self.setAccessibleDescription(text)

    def _flag_text(self, line: Line) -> str:
        return self._flags[line.flag][1] if line.flag else ""

    def _pixmap(self, name: str) -> QPixmap:
        """Return a star ("on", "off") or the badge of a flag: drawn once, since paths and corners are slow."""
        ratio = self.devicePixelRatioF()
        if ratio != self._ratio:
            self._ratio = ratio
            self._pixmaps.clear()
        pixmap = self._pixmaps.get(name)
        if pixmap is None:
            pixmap = QPixmap(round(BADGE * ratio), round(BADGE * ratio))
            pixmap.setDevicePixelRatio(ratio)
            pixmap.fill(Qt.GlobalColor.transparent)
            painter = QPainter(pixmap)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if name in ("on", "off"):
                _draw_star(painter, is_on=name == "on")
            else:
                self._draw_badge(painter, name)
            painter.end()
            self._pixmaps[name] = pixmap
        return pixmap

    def _flag_color(self, flag: str) -> QColor:
        c = theme.colors
        return {HALTED: c.error, WARNED: c.warn}.get(flag, c.muted)

    def _draw_badge(self, painter: QPainter, flag: str) -> None:
        painter.setPen(self._flag_color(flag))
        painter.drawRoundedRect(QRectF(0.5, 0.5, BADGE - 1, BADGE - 1), 3, 3)
        painter.setFont(theme.font(theme.TINY, "semibold"))
        painter.drawText(QRectF(0, 0, BADGE, BADGE), Qt.AlignmentFlag.AlignCenter, self._flags[flag][0])

    def sizeHint(self) -> QSize:
        return QSize(300, 600)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._lay_out()
        self._fit_bar()
        self.scrolled.emit()
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
            self._measure_heads()
            self._lay_out()
            self.update()
        super().changeEvent(event)

    # Painting.

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, rect, region = QPainter(self), event.rect(), event.region()
        painter.fillRect(rect, theme.colors.surface)
        if self.lines:
            first = max((rect.top() - HEADER) // ROW, 0)
            last = min((rect.bottom() - HEADER) // ROW + 1, len(self.lines))
            rows = [i for i in range(first, last) if region.intersects(QRect(0, HEADER + i * ROW, self.width(), ROW))]
            self._paint_lines(painter, rows)
        elif self.note:
            painter.setFont(self._font)
            painter.setPen(theme.colors.muted)
            painter.drawText(self._note_rect(), Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap, self.note)
        if rect.top() < HEADER:
            self._paint_header(painter)
        painter.end()

    def _note_rect(self) -> QRect:
        return self.rect().adjusted(2 * theme.GAP, HEADER + 3 * theme.GAP, -2 * theme.GAP, 0)

    def _paint_lines(self, painter: QPainter, rows: Sequence[int]) -> None:
        c, columns, width = theme.colors, self.columns, self.width()
        ways = {1: c.up, -1: c.down, 0: c.text}
        put, at = self._digits.put, self._digits.places
        names_left, symbol_left = self.names_left, columns.name + PAD
        turnover_right = columns.turnover - PAD - self._unit_width
        names, smalls = [], []
        for i in rows:
            line, y = self.lines[i], HEADER + i * ROW
            baseline = y + self._baseline
            if line.code == self.current:
                painter.fillRect(0, y, width, ROW, c.selection)
                if self.hasFocus():
                    painter.fillRect(0, y, 2, ROW, c.accent)
            elif self.top + i == self._hovered:
                painter.fillRect(0, y, width, ROW, c.raised)
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

    def _static(self, text: str, font: QFont) -> QStaticText:
        """Return `text` laid out: names stay the same while prices change, and shaping them is half of their cost."""
        key = (text, font is self._font)
        static = self._statics.get(key)
        if static is None:
            static = QStaticText(text)
            static.setTextFormat(Qt.TextFormat.PlainText)
            static.prepare(QTransform(), font)
            if len(self._statics) >= _KEPT:
                self._statics.clear()
            self._statics[key] = static
        return static

    def _paint_header(self, painter: QPainter) -> None:
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

    # The mouse.

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
            return
        point, code = event.position(), self.code_at(event.position())
        if point.y() < HEADER:
            self.sort_wanted.emit(self.sort.chosen(self.column_at(point.x())))
        elif code and point.x() < self.columns.star:
            self.star_pressed.emit(code)
        elif code:
            self._pressed = (point, code)  # chosen when it is let go: it may become a drag to another pane

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is not None:
            origin, code = self._pressed
            if (event.position() - origin).manhattanLength() >= QApplication.startDragDistance():
                self._pressed = None
                drag.carry_market(self, code)  # returns when it is dropped
            return
        self._hover(self._row_at(event.position()))
        is_offer = bool(self.note) and not self.lines
        hand = is_offer or event.position().y() < HEADER or event.position().x() < self.columns.star
        self.setCursor(Qt.CursorShape.PointingHandCursor if hand else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            super().mouseReleaseEvent(event)
            return
        pressed, self._pressed = self._pressed, None
        if pressed is not None:
            self.chosen.emit(pressed[1])
        elif not self.lines and self.note and self._note_rect().contains(event.position().toPoint()):
            self.note_taken.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Stars and heads count each press; a line that was chosen is chosen."""
        if event.position().y() < HEADER or event.position().x() < self.columns.star:
            self.mousePressEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(-1)
        super().leaveEvent(event)

    def _hover(self, row: int) -> None:
        if row != self._hovered:
            before, self._hovered = self._hovered, row
            for changed in (before, row):
                self.update(self.row_rect(changed))

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._wheel += event.angleDelta().y()
        rows = int(self._wheel / _WHEEL_ROW)
        self._wheel -= rows * _WHEEL_ROW
        self.scroll_to(self.top - rows)
        event.accept()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self._tip(QPointF(event.pos())), self)
            return True
        return super().event(event)

    def _tip(self, point: QPointF) -> str:
        """Return what the mouse rests on: all of a line that may be cut short, or how to sort."""
        if point.y() < HEADER:
            return self.tr("Click to sort, again to turn round (Shift and arrow keys)")
        line = next((x for x in self.lines if x.code == self.code_at(point)), None)
        if line is None:
            return ""
        if point.x() < self.columns.star:
            return self.tr("Favourite (Space)")
        return "\n".join(filter(None, (f"{line.name} {line.code}", self._flag_text(line))))

    # The keys.

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, page = Qt.Key(event.key()), max(self.line_count - 1, 1)
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and self._sort_by_key(key):
            return
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -page, Qt.Key.Key_PageDown: page}.get(key)
        jump = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: -1}.get(key)
        tab = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(key)
        text = event.text()
        is_plain = not event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
        if not is_plain:
            super().keyPressEvent(event)
        elif step is not None:
            self.stepped.emit(step)
        elif jump is not None:
            self.jumped.emit(jump)
        elif tab is not None:
            self.tab_stepped.emit(tab)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.taken.emit()
        elif key == Qt.Key.Key_Escape:
            self.escaped.emit()
        elif key == Qt.Key.Key_Space:
            if self.row_of(self.current) >= 0:
                self.star_pressed.emit(self.current)
        elif text == "/":
            self.typed.emit("")
        elif text and text.isprintable() and not text.isdigit():
            self.typed.emit(text)
        else:
            super().keyPressEvent(event)

    def _sort_by_key(self, key: Qt.Key) -> bool:
        """Shift with Left and Right takes another column, with Up and Down the way."""
        column, is_down = self.sort
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            at = COLUMNS.index(column) + (1 if key == Qt.Key.Key_Right else -1)
            if 0 <= at < len(COLUMNS):
                self.sort_wanted.emit(self.sort.chosen(COLUMNS[at]))
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            is_wanted = key == Qt.Key.Key_Down
            if is_wanted != is_down:
                self.sort_wanted.emit(Sort(column, is_wanted))
        else:
            return False
        return True


def _draw_star(painter: QPainter, is_on: bool) -> None:
    """Draw a five-pointed star into a square of `BADGE`: full, or its outline alone."""
    c, middle, outer = theme.colors, BADGE / 2, BADGE / 2 - 1
    points = []
    for i in range(10):
        radius, angle = (outer if i % 2 == 0 else outer * 0.45), -pi / 2 + i * pi / 5
        points.append(QPointF(middle + radius * cos(angle), middle + 0.5 + radius * sin(angle)))
    painter.setPen(c.warn if is_on else c.faint)
    painter.setBrush(c.warn if is_on else Qt.BrushStyle.NoBrush)
    painter.drawPolygon(QPolygonF(points))
