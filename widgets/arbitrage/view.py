"""The painted table of coins. Told what to show, it paints the rows that look different."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRect, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from core.market import base_of
from widgets import theme
from widgets.arbitrage.model import (
    AGES,
    BANK,
    COLUMNS,
    DROPPED_FIRST,
    EDGE,
    GAP,
    KIMCHI_RANK,
    NUMBERS,
    PATH,
    PREMIUM,
    PRICES,
    QUIET,
    RANK,
    REACH,
    TETHER,
    UNKNOWN_POINT,
    WAY,
    Row,
)
from widgets.controls.columns import Columns
from widgets.controls.listing import HALTED, NAME
from widgets.controls.market_list import BADGE, BAR, HEADER, PAD, ROW, STAR, MarketList
from widgets.digits import Digits

_NAME_LEAST, _NAME_MOST = 96, 170  # px
_PATH = 84  # px
_UNITS = "억만조KMBT+"
# No column is narrower, so that it does not grow at each page.
_LEAST = {
    **dict.fromkeys(PRICES.values(), "00,000,000"),
    **dict.fromkeys(AGES.values(), "00.0"),
    **dict.fromkeys((PREMIUM, EDGE, BANK, TETHER, GAP), "+00.00%"),
    RANK: "000",
    KIMCHI_RANK: "000",
    REACH: "000.0M",
}


class CrossView(MarketList):
    """Rows of `codes` from `top` on. A press or a drag on a price is of that market, elsewhere of the first one."""

    sort_columns = COLUMNS

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lines: Sequence[Row] = ()
        self.wanted = frozenset(COLUMNS)  # that the user did not put away
        self.columns = Columns(STAR)
        self.against = "USDT"
        self._widths: dict[str, float] = {}  # the widest text seen
        self._fitted: dict[tuple[str, bool], str] = {}
        self._theme_version = -1
        self._retranslate()
        self._take_theme()

    # What is to be shown.

    def set_wanted(self, columns: frozenset[str]) -> None:
        """Show these columns, as far as there is room."""
        if columns != self.wanted:
            self.wanted = columns
            self.lay_out()

    def set_against(self, against: str) -> None:
        """Say in the head what KRW is compared with."""
        if against != self.against:
            self.against = against
            self._retranslate()
            self._measure_heads()
            self.lay_out()
            self.update()

    def begin(self) -> None:
        """Another list begins: columns may be narrower again."""
        self._widths.clear()
        self.lines = ()
        self.lay_out()
        self.update()

    def show_lines(self, lines: Sequence[Row]) -> None:
        """Show the rows of `in_sight`; equal ones are not painted again."""
        if theme.version != self._theme_version:
            self._take_theme()
        before, self.lines = self.lines, lines
        if self._grow(lines):
            self.lay_out()
        if len(before) > len(lines):
            self.update()
        for i, line in enumerate(lines):
            if i >= len(before) or line != before[i]:
                self.update(self.row_rect(self.top + i))

    def _grow(self, lines: Sequence[Row]) -> bool:
        """Let columns grow to the widest text seen; they shrink only with another list, so nothing jumps."""
        grown = False
        for n, column in enumerate(NUMBERS):
            width = max((self._measure(line.texts[n]) for line in lines), default=0.0)
            if width > self._widths.get(column, 0.0) + 0.5:
                self._widths[column], grown = width, True
        return grown

    def _measure(self, text: str) -> float:
        plain = text.rstrip(_UNITS)
        return self._digits.width(plain) + self._unit_width * (len(text) - len(plain))

    def lay_out(self) -> None:
        """Place the columns; what does not fit is left out, the least important first."""
        widths = {NAME: _NAME_LEAST, PATH: _PATH, WAY: round(max(self._way_width, self._head_widths[WAY])) + 2 * PAD}
        for column in NUMBERS:
            text = max(self._widths.get(column, 0.0), self._measure(_LEAST[column]), self._head_widths[column])
            widths[column] = round(text) + 2 * PAD
        room = self.width() - STAR - BAR
        shown = {c: widths[c] for c in COLUMNS if c in self.wanted or c in (NAME, PREMIUM, EDGE)}
        self.star_right = STAR
        if self.columns.place(shown, DROPPED_FIRST, room, (NAME, _NAME_MOST - _NAME_LEAST)):
            self._fitted.clear()
            self.update()

    # Where things are.

    def column_at(self, x: float) -> str:
        return self.columns.at(x)

    def market_at(self, code: str, point: QPointF) -> str:
        column = self.column_at(point.x())
        quote = next((q for q in PRICES if column in (PRICES[q], AGES[q])), "")
        line = next((x for x in self.lines if x.code == code), None)
        if quote and line is not None and line.texts[NUMBERS.index(PRICES[quote])]:
            return f"{quote}-{base_of(code)}"
        return code

    def tip_at(self, point: QPointF) -> str:
        column = self.column_at(point.x())
        if point.y() < HEADER:
            return self._tips.get(column, "")
        line = next((x for x in self.lines if x.code == self.code_at(point)), None)
        if line is None:
            return ""
        if point.x() < self.star_right:
            return self.tr("Always listen to its books (Space)")
        market = self.market_at(line.code, point)
        parts = (f"{line.name} {market}", self.flag_text(line.flag), self.note_of(line.code, column))
        return "\n".join(filter(None, parts))

    def note_of(self, code: str, column: str) -> str:
        """Return what more there is to say of a cell; the pane sets it."""
        return ""

    # Looks.

    def _take_theme(self) -> None:
        self._theme_version = theme.version
        self.take_list_theme()
        self._font = theme.font(theme.TEXT)
        self._small = theme.font(theme.SMALL)
        self._digits = Digits(self._font)
        self._unit_width = QFontMetricsF(self._small).horizontalAdvance("억")
        self._way_width = QFontMetricsF(self._small).horizontalAdvance("USDT → USDT")
        self._baseline = round((ROW + QFontMetricsF(self._font).capHeight()) / 2)
        self._fitted.clear()
        self._widths.clear()
        self._measure_heads()
        self._grow(self.lines)
        self.lay_out()
        self.update()

    def _measure_heads(self) -> None:
        measure = QFontMetricsF(self._small).horizontalAdvance
        self._head_widths = {column: measure(f"{text} ▾") for column, text in self._heads.items()}

    def _retranslate(self) -> None:
        seconds = self.tr("s")
        self._heads = {
            NAME: self.tr("Name"),
            **{column: quote for quote, column in PRICES.items()},
            **dict.fromkeys(AGES.values(), seconds),
            PREMIUM: self.tr("KRW/{quote}").format(quote=self.against),
            RANK: self.tr("Pct. 30 d"),
            PATH: self.tr("30 days"),
            EDGE: self.tr("Edge"),
            WAY: self.tr("Way"),
            REACH: self.tr("Up to"),
            BANK: self.tr("Kimchi, bank"),
            TETHER: self.tr("Kimchi, USDT"),
            GAP: self.tr("Difference"),
            KIMCHI_RANK: self.tr("Kimchi pct."),
        }
        in_krw = self.tr("Price in KRW: mid of the book, or the last trade where the book is not listened to")
        age = self.tr("Seconds since the book, or the last trade, was heard of")
        self._tips = {
            **dict.fromkeys(PRICES.values(), in_krw),
            **dict.fromkeys(AGES.values(), age),
            PREMIUM: self.tr("By how much the coin is dearer in KRW, with the other currency at its own KRW price"),
            RANK: self.tr("So many percent of the last 30 days had no higher premium"),
            PATH: self.tr("Premium of the last 30 days"),
            EDGE: self.tr("What the best round trip of this size wins, after fees, from what rests in the books"),
            WAY: self.tr("Where the coin is bought, and where it is sold"),
            REACH: self.tr("The size at which the edge vanishes; + where the books end before"),
            BANK: self.tr("KRW price over the outside price, with the dollar at the bank's rate"),
            TETHER: self.tr("KRW price over the outside price, with the dollar at KRW-USDT"),
            GAP: self.tr("What a dollar costs more as USDT than at the bank"),
            KIMCHI_RANK: self.tr("So many percent of the last 30 days had no higher kimchi premium (USDT)"),
        }
        self.name_flags()

    def heads(self) -> dict[str, str]:
        """Return what each column is called."""
        ages = {AGES[q]: self.tr("Age of {quote}").format(quote=q) for q in AGES}
        return {**self._heads, **ages}

    def describe(self, line: Row | None) -> None:
        """Say to screen readers which row is the current one."""
        text = ""
        if line is not None:
            heads = self.heads()
            ends = self.columns.ends
            numbers = [f"{heads[c]} {line.texts[n]}" for n, c in enumerate(NUMBERS) if c in ends and line.texts[n]]
            text = ", ".join(filter(None, (line.name, line.code, *numbers, line.way, self.flag_text(line.flag))))
        if text != self.accessibleDescription():
            self.setAccessibleDescription(text)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
            self._take_theme()
        super().changeEvent(event)

    # Painting.

    def paint_rows(self, painter: QPainter, rows: Sequence[int]) -> None:
        c, ends = theme.colors, self.columns.ends
        colors = {0: c.text, 1: c.up, -1: c.down, QUIET: c.faint}
        put, at = self._digits.put, self._digits.places
        numbers = [(n, ends[column] - PAD) for n, column in enumerate(NUMBERS) if column in ends]
        name_left, name_right = self.columns.left(NAME) + PAD, ends[NAME]
        way_left = self.columns.left(WAY) + PAD if WAY in ends else 0
        smalls = []
        painter.setFont(self._font)
        ascent = round(QFontMetricsF(self._font).ascent())
        for i in rows:
            line, y = self.lines[i], HEADER + i * ROW
            baseline = y + self._baseline
            self.paint_ground(painter, i)
            y_icon = y + (ROW - BADGE) // 2
            painter.drawPixmap(PAD, y_icon, self._pixmap("on" if line.is_favourite else "off"))
            room = name_right - name_left - PAD
            if line.flag:
                room -= BADGE + PAD
                painter.drawPixmap(name_left + room, y_icon, self._pixmap(line.flag))
            painter.setPen(c.muted if line.flag == HALTED else c.text)
            painter.drawStaticText(name_left, baseline - ascent, self._static(self._fit(line, room), self._font))
            for n, right in numbers:
                text = line.texts[n]
                plain = text.rstrip(_UNITS)
                unit = text[len(plain) :]
                end = right - round(self._unit_width * len(unit))
                if unit:
                    smalls.append((end + 1, baseline, unit, c.muted))
                if plain:
                    put(plain, at(plain, end, baseline), colors[line.tones[n]])
            if way_left and line.way:
                smalls.append((way_left, baseline, line.way, c.muted))
        self._digits.draw(painter)
        painter.setFont(self._small)
        small = round(QFontMetricsF(self._small).ascent())
        for x, baseline, text, color in smalls:
            painter.setPen(color)
            painter.drawStaticText(x, baseline - small, self._static(text, self._small))
        if PATH in ends:
            painter.setPen(QPen(c.accent, 1))
            for i in rows:
                self._paint_path(painter, HEADER + i * ROW, self.lines[i].path)

    def _paint_path(self, painter: QPainter, y: int, path: Sequence[float]) -> None:
        """Paint a line that ends before a hole and begins anew after it."""
        if len(path) < 2:
            return
        left, right = self.columns.left(PATH) + 2 * PAD, self.columns.ends[PATH] - PAD
        step, height = (right - left) / (len(path) - 1), ROW - 9
        run: list[QPointF] = []
        for n, value in enumerate([*path, UNKNOWN_POINT]):
            if value != UNKNOWN_POINT:
                run.append(QPointF(left + n * step, y + 4 + (1.0 - value) * height))
            elif run:
                painter.drawPolyline(QPolygonF(run))
                run = []

    def _fit(self, line: Row, room: int) -> str:
        """Return the name and, as far as there is room, the symbol; the symbol alone where the name does not fit."""
        key = (line.code + line.name, bool(line.flag))
        text = self._fitted.get(key)
        if text is None:
            metrics = QFontMetricsF(self._font)
            both = f"{line.name} {line.symbol}" if line.name != line.symbol else line.name
            fits = [t for t in (both, line.symbol) if metrics.horizontalAdvance(t) <= room]
            text = fits[0] if fits else metrics.elidedText(line.symbol, Qt.TextElideMode.ElideRight, room)
            self._fitted[key] = text
        return text

    def paint_header(self, painter: QPainter) -> None:
        c = theme.colors
        painter.setFont(self._small)
        for column, right in self.columns.ends.items():
            is_sorted = column == self.sort.column
            painter.setPen(c.accent if is_sorted else c.faint)
            text = self._heads[column] + ((" ▾" if self.sort.is_down else " ▴") if is_sorted else "")
            is_left = column in (NAME, WAY)
            left = self.columns.left(column) + (PAD if is_left else 0)
            side = Qt.AlignmentFlag.AlignLeft if is_left else Qt.AlignmentFlag.AlignRight
            box = QRect(left, 0, right - left - PAD, HEADER - 1)
            painter.drawText(box, side | Qt.AlignmentFlag.AlignVCenter, text)
        painter.fillRect(0, HEADER - 1, self.width(), 1, c.border)
