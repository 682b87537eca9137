"""The painted table of the scanner. Told what to show, it paints the rows that look different."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRect, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from widgets import theme
from widgets.controls.columns import Columns
from widgets.controls.listing import HALTED, NAME
from widgets.controls.market_list import BADGE, BAR, HEADER, PAD, ROW, STAR, MarketList
from widgets.digits import Digits
from widgets.scanner.model import (
    CHANGE,
    COLUMNS,
    DROPPED_FIRST,
    M1,
    M5,
    M15,
    M60,
    NUMBERS,
    PATH,
    PRICE,
    RANGE,
    RANK,
    SPIKE,
    SPREAD,
    TURNOVER_5,
    WON,
    Row,
)

_NAME_LEAST, _NAME_MOST = 96, 170  # px
_PATH = 84  # px
_KOREAN_UNITS = "억만조"
# No column is narrower, so that it does not grow at each page.
_LEAST = {
    RANK: "000 +00",
    PRICE: "00,000,000",
    WON: "0,000,000",
    CHANGE: "+00.00%",
    M1: "+0.00%",
    M5: "+0.00%",
    M15: "+0.00%",
    M60: "+00.00%",
    "turnover": "00,000.0B",
    TURNOVER_5: "0,000.0M",
    SPIKE: "000.0",
    RANGE: "00.00%",
    SPREAD: "0.00%",
}


class ScannerView(MarketList):
    """Rows of `codes` from `top` on. Knows nothing of the market; its signals say what the user wants."""

    sort_columns = COLUMNS

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lines: Sequence[Row] = ()
        self.wanted = frozenset(COLUMNS)  # that the user did not put away
        self.columns = Columns(STAR)
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
            longest = max((line.texts[n] for line in lines), key=len, default="")
            width = self._measure(longest)
            if width > self._widths.get(column, 0.0) + 0.5:
                self._widths[column], grown = width, True
        return grown

    def _measure(self, text: str) -> float:
        plain = text.rstrip(_KOREAN_UNITS + "KMBT")
        return self._digits.width(plain) + self._unit_width * (len(text) - len(plain))

    def lay_out(self) -> None:
        """Place the columns; what does not fit is left out, the least important first."""
        widths = {NAME: _NAME_LEAST, PATH: _PATH}
        for column in NUMBERS:
            text = max(self._widths.get(column, 0.0), self._measure(_LEAST[column]), self._head_widths[column])
            widths[column] = round(text) + 2 * PAD
        room = self.width() - STAR - BAR
        shown = {c: widths[c] for c in COLUMNS if c in self.wanted or c in (NAME, PRICE)}
        self.star_right = STAR
        if self.columns.place(shown, DROPPED_FIRST, room, (NAME, _NAME_MOST - _NAME_LEAST)):
            self._fitted.clear()
            self.update()

    # Where things are.

    def column_at(self, x: float) -> str:
        return self.columns.at(x)

    def tip_at(self, point: QPointF) -> str:
        if point.y() < HEADER:
            return self._tips.get(self.column_at(point.x()), "")
        line = next((x for x in self.lines if x.code == self.code_at(point)), None)
        if line is None:
            return ""
        if point.x() < self.star_right:
            return self.tr("Favourite (Space)")
        return "\n".join(filter(None, (f"{line.name} {line.code}", self.flag_text(line.flag))))

    # Looks.

    def _take_theme(self) -> None:
        self._theme_version = theme.version
        self.take_list_theme()
        self._font = theme.font(theme.TEXT)
        self._small = theme.font(theme.SMALL)
        self._digits = Digits(self._font)
        self._unit_width = QFontMetricsF(self._small).horizontalAdvance("억")
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
        self._heads = {
            RANK: self.tr("Rank"),
            NAME: self.tr("Name"),
            PRICE: self.tr("Price"),
            WON: self.tr("In KRW"),
            CHANGE: self.tr("Day"),
            M1: self.tr("1 min"),
            M5: self.tr("5 min"),
            M15: self.tr("15 min"),
            M60: self.tr("1 h"),
            "turnover": self.tr("Turnover"),
            TURNOVER_5: self.tr("5 min T/O"),
            SPIKE: self.tr("Burst"),
            RANGE: self.tr("Range 1 h"),
            SPREAD: self.tr("Spread"),
            PATH: self.tr("Last hour"),
        }
        self._tips = {
            RANK: self.tr("By turnover of 24 hours, and by how many ranks it rose within the hour"),
            CHANGE: self.tr("Against the previous close (09:00 KST)"),
            "turnover": self.tr("Of 24 hours, in KRW"),
            TURNOVER_5: self.tr("Turnover of the last five minutes, in KRW"),
            SPIKE: self.tr("Turnover of the last minute, in times of the market's mean minute of the last hour"),
            RANGE: self.tr("Highest over lowest price of the last hour"),
            SPREAD: self.tr("Of the price; known of the markets with the largest turnover"),
            WON: self.tr("Price of BTC and USDT markets in KRW"),
        }
        self.name_flags()

    def heads(self) -> dict[str, str]:
        """Return what each column is called."""
        return dict(self._heads)

    def describe(self, line: Row | None) -> None:
        """Say to screen readers which row is the current one."""
        text = ""
        if line is not None:
            ends = self.columns.ends
            numbers = [
                f"{self._heads[c]} {line.texts[n]}" for n, c in enumerate(NUMBERS) if c in ends and line.texts[n]
            ]
            text = ", ".join(filter(None, (line.name, line.code, *numbers, self.flag_text(line.flag))))
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
        ways = (c.text, c.up, c.down)
        put, at = self._digits.put, self._digits.places
        numbers = [(n, ends[column] - PAD, column) for n, column in enumerate(NUMBERS) if column in ends]
        name_left, name_right = self.columns.left(NAME) + PAD, ends[NAME]
        smalls, paths = [], []
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
            painter.setPen(c.text)
            painter.drawStaticText(name_left, baseline - ascent, self._static(self._fit(line, room), self._font))
            is_halted = line.flag == HALTED
            for n, right, column in numbers:
                text = line.texts[n]
                plain = text.rstrip(_KOREAN_UNITS + "KMBT")
                is_quiet = is_halted or column == WON or (column == RANK and not line.ways[n])
                color = c.muted if is_quiet else ways[line.ways[n]]
                end = right if plain == text else right - round(self._unit_width)
                if plain != text:
                    smalls.append((end + 1, baseline, text[len(plain) :], c.muted))
                if plain:
                    put(plain, at(plain, end, baseline), color)
            if PATH in ends and line.path:
                paths.append((y, line.path, c.up if line.path[-1] >= line.path[0] else c.down))
        self._digits.draw(painter)
        painter.setFont(self._small)
        small = round(QFontMetricsF(self._small).ascent())
        for x, baseline, text, color in smalls:
            painter.setPen(color)
            painter.drawStaticText(x, baseline - small, self._static(text, self._small))
        if paths:
            self._paint_paths(painter, paths)

    def _paint_paths(self, painter: QPainter, paths: Sequence[tuple[int, tuple[float, ...], object]]) -> None:
        left, right = self.columns.left(PATH) + 2 * PAD, self.columns.ends[PATH] - PAD
        step = (right - left) / (len(paths[0][1]) - 1)
        for y, path, color in paths:
            painter.setPen(QPen(color, 1))  # type: ignore[call-overload]
            height = ROW - 9
            points = [QPointF(left + n * step, y + 4 + (1.0 - value) * height) for n, value in enumerate(path)]
            painter.drawPolyline(QPolygonF(points))

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
            left = self.columns.left(column) + (PAD if column == NAME else 0)
            side = Qt.AlignmentFlag.AlignLeft if column == NAME else Qt.AlignmentFlag.AlignRight
            box = QRect(left, 0, right - left - PAD, HEADER - 1)
            painter.drawText(box, side | Qt.AlignmentFlag.AlignVCenter, text)
        painter.fillRect(0, HEADER - 1, self.width(), 1, c.border)
