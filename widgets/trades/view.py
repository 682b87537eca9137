"""The painted tape. New prints push the painted lines down (a blit) and only the new lines are painted."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, isnan, nan

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QFontMetricsF, QHelpEvent, QKeyEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QToolTip, QWidget

from core.market import base_of, quote_of
from core.state.coverage import Span
from widgets import format as fmt
from widgets import theme
from widgets.digits import Digits
from widgets.trades.model import Print

STRENGTH = 24  # px: the line of buy/sell strength
HEADER = 20  # px: names of the columns
PAD = 6
_WHEEL_LINES = 3
PILL = 18
_CLOCK = "00:00:00"
_HATCH = 4  # px: the band at the edge behind which prints are missing


class TapeView(QWidget):
    """Prints, newest on top. Knows nothing of the tape: `scrolled` says where the user wants to go."""

    scrolled = Signal(int)  # lines towards older prints; negative: towards newer ones
    newest_wanted = Signal()
    oldest_wanted = Signal()
    resized = Signal(int)  # lines that fit now

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(140, STRENGTH + HEADER + 3 * theme.ROW_HEIGHT)
        self.rows: Sequence[Print] = ()
        self.is_blank = True  # nothing is known yet, not even that there were no trades
        self.market = ""
        self.pill = QPushButton(self)  # over the tape while it is scrolled back
        self.pill.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.pill.setCursor(Qt.CursorShape.PointingHandCursor)
        self.pill.hide()
        self.pill.clicked.connect(self.newest_wanted)
        self._behind = 0
        self._tick, self._places = 1.0, 4
        self._strength = nan
        self.strength_text = fmt.UNKNOWN
        self._wheel = 0
        self._widths = [0.0] * 4  # of time, price, size, value: the widest text seen
        self.columns = [0] * 4  # right ends, px; 0 for a column that is not shown
        self._clock_from = 0  # characters of the time left out
        self._cut = 0  # decimals of the size left out
        self._theme_version = -1
        self._retranslate()
        self._take_theme()

    # What is to be shown.

    def set_market(self, market: str) -> None:
        """Begin with another market: nothing of the old one stays."""
        self.market = market
        self.rows, self.is_blank = (), True
        self._widths = [0.0] * 4
        self.show_behind(0)
        self.show_strength(nan)
        self._lay_out()
        self.update()

    def set_scale(self, tick: float, places: int) -> None:
        """Say how numbers are written: the price step in quote currency, the decimals of sizes."""
        if (tick, places) != (self._tick, self._places):
            self._tick, self._places = tick, places
            self._widths = [0.0] * 4
            self._grow(self.rows)
            self._lay_out()
            self.update()

    def show_strength(self, percent: float) -> None:
        """Show the buy/sell strength; nan if not known."""
        text = fmt.UNKNOWN if isnan(percent) else f"{percent:,.2f}%"
        if text != self.strength_text:
            self._strength, self.strength_text = percent, text
            self.update(0, 0, self.width(), STRENGTH)

    def show_behind(self, count: int) -> None:
        """Say how many prints are newer than the top line; 0 takes the pill away."""
        if count != self._behind:
            self._behind = count
            self._place_pill()

    def show_rows(self, rows: Sequence[Print], new: int | None = None) -> None:
        """Show prints, newest first.

        Args:
            new: so many lines came on top of those shown before; None: all may differ.
        """
        if theme.version != self._theme_version:
            self._take_theme()
        before, self.rows, self.is_blank = self.rows, rows, False
        if self._grow(rows if new is None else rows[:new]):
            self._lay_out()
            new = None
        if new is None or not before:
            self.update(self._lines_rect())
        elif new:
            self.scroll(0, new * theme.ROW_HEIGHT, self._lines_rect())

    @property
    def line_count(self) -> int:
        """Whole lines that fit."""
        return max((self.height() - STRENGTH - HEADER) // theme.ROW_HEIGHT, 1)

    def line_rect(self, line: int) -> QRect:
        """Return where a line is painted."""
        return QRect(0, STRENGTH + HEADER + line * theme.ROW_HEIGHT, self.width(), theme.ROW_HEIGHT)

    def _lines_rect(self) -> QRect:
        top = STRENGTH + HEADER
        return QRect(0, top, self.width(), self.line_count * theme.ROW_HEIGHT)

    # Layout.

    def _texts(self, row: Print, cut: int = 0) -> tuple[str, str, str, str]:
        return (
            fmt.clock(row.time_ms),
            fmt.price(row.price, self._tick),
            fmt.size(row.size, self._places - cut),
            self._value(row.value),
        )

    def _value(self, value: float) -> str:
        """Return the value with decimals that suit the quote currency."""
        quote = quote_of(self.market)
        return f"{value:,.0f}" if quote == "KRW" else fmt.size(value, 8 if quote == "BTC" else 2)

    def _take_theme(self) -> None:
        self._theme_version = theme.version
        self._font, self._small = theme.font(theme.TEXT), theme.font(theme.SMALL)
        self._digits = Digits(self._font)
        self._baseline = round((theme.ROW_HEIGHT + QFontMetricsF(self._font).capHeight()) / 2)
        c = theme.colors
        self._hatch = QBrush(c.warn, Qt.BrushStyle.BDiagPattern)
        self.pill.setFont(self._small)
        self.pill.setStyleSheet(
            f"QPushButton {{ background: {c.accent.name()}; color: {c.window.name()}; border: none;"
            f" border-radius: 9px; padding: 0 10px; }}"
        )
        self._widths = [0.0] * 4
        self._grow(self.rows)
        self._lay_out()
        self.update()

    def _grow(self, rows: Sequence[Print]) -> bool:
        """Let columns grow to the widest text seen; they shrink only with another market, so nothing jumps."""
        is_grown = False
        widths, measure = self._widths, self._digits.width
        for column, texts in enumerate(zip(*map(self._texts, rows), strict=True)):
            longest = max(texts, key=len)
            width = measure(longest)
            if width > widths[column] + 0.5:
                widths[column], is_grown = width, True
        return is_grown

    def _lay_out(self) -> None:
        """Place the columns. Where they do not fit the value goes first, then the hours, then the time, then decimals
        of the size: figures that run into each other are other figures.
        """
        measure = self._digits.width
        least = (measure(_CLOCK), measure("0,000"), measure("0.0000"), measure("0,000,000"))
        time, price, size, value = (round(max(a, b)) + 2 * PAD for a, b in zip(self._widths, least, strict=True))
        room = self.width() - price - size
        self._clock_from = 0
        if time > room:
            self._clock_from = len("00:")
            time = round(measure(_CLOCK[self._clock_from :])) + 2 * PAD
        if time > room:
            time = 0
        missing = price + size - self.width()
        self._cut = min(ceil(missing / measure("0")), self._places) if missing > 0 else 0
        if time + value > room:
            value = 0
        share = max(room - time - value, 0) // (3 if value else 2)
        price_right = time + price + share if missing <= 0 else min(price, self.width())
        size_right = price_right + size + share if value else self.width()
        self.columns = [time, price_right, size_right, self.width() if value else 0]
        self._place_pill()

    def _place_pill(self) -> None:
        """Keep the pill in the top line, where it covers no print."""
        self.pill.setVisible(self._behind > 0)
        if self._behind:
            self.pill.setText("↑ " + self.tr("{n} new").format(n=f"{self._behind:,}"))
            self.pill.resize(self.pill.sizeHint().width(), PILL)
            self.pill.move((self.width() - self.pill.width()) // 2, (STRENGTH - 2 - PILL) // 2)

    def _retranslate(self) -> None:
        self.setAccessibleName(self.tr("Trades"))
        self._place_pill()

    def sizeHint(self) -> QSize:
        return QSize(260, 600)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._lay_out()
        self.resized.emit(self.line_count)
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
            self.update()
        super().changeEvent(event)

    # Painting.

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, rect = QPainter(self), event.rect()
        painter.fillRect(rect, theme.colors.surface)
        if self.rows:
            self._paint_lines(painter, rect)
        elif not self.is_blank:
            painter.setFont(self._font)
            painter.setPen(theme.colors.muted)
            box = self.rect().adjusted(2 * PAD, STRENGTH + HEADER, -2 * PAD, 0)
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(box, flags, self.tr("No trades yet"))
        if rect.top() < STRENGTH:
            self._paint_strength(painter)
        if rect.top() < STRENGTH + HEADER and rect.bottom() >= STRENGTH:
            self._paint_header(painter)
        painter.end()

    def _paint_lines(self, painter: QPainter, rect: QRect) -> None:
        height, top, colors = theme.ROW_HEIGHT, STRENGTH + HEADER, theme.colors
        first = max((rect.top() - top) // height, 0)
        last = min((rect.bottom() - top) // height + 1, len(self.rows), self.line_count)
        muted, text = colors.muted, colors.text
        time_right, price_right, size_right, value_right = (r - PAD for r in self.columns)
        put, at = self._digits.put, self._digits.places
        for line in range(first, last):
            row = self.rows[line]
            y = top + line * height
            side = colors.bid if row.is_buy else colors.ask
            if row.hole is not None:
                painter.fillRect(0, y + height - _HATCH, self.width(), _HATCH, self._hatch)
            for _ in range(row.tier):  # a very large print is tinted twice and has an edge
                painter.fillRect(0, y, self.width(), height - 1, colors.bid_bar if row.is_buy else colors.ask_bar)
            if row.tier > 1:
                painter.fillRect(0, y, 3, height - 1, side)
            time, price, size, value = self._texts(row, self._cut)
            baseline = y + self._baseline
            if time_right > 0:
                time = time[self._clock_from :]
                put(time, at(time, time_right, baseline), text if row.tier else muted)
            put(price, at(price, price_right, baseline), side)
            put(size, at(size, size_right, baseline), side)
            if value_right > 0:
                put(value, at(value, value_right, baseline), text if row.tier else muted)
        self._digits.draw(painter)

    def _paint_strength(self, painter: QPainter) -> None:
        """Paint the strength as a number and as the buyers' part of a line."""
        colors, strength = theme.colors, self._strength
        painter.fillRect(0, 0, self.width(), STRENGTH, colors.raised)
        box = QRect(PAD, 0, self.width() - 2 * PAD, STRENGTH - 2)
        painter.setFont(self._small)
        painter.setPen(colors.muted)
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self.tr("Strength"))
        is_known = not isnan(strength)
        painter.setPen(colors.muted if not is_known else theme.up_down(strength - 100))
        painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self.strength_text)
        if is_known:
            edge = round(self.width() * strength / (100 + strength))
            painter.fillRect(0, STRENGTH - 2, edge, 2, colors.bid)
            painter.fillRect(edge, STRENGTH - 2, self.width() - edge, 2, colors.ask)

    def _paint_header(self, painter: QPainter) -> None:
        colors, (time, price, size, value) = theme.colors, self.columns
        base, quote = base_of(self.market), quote_of(self.market)
        painter.setFont(self._small)
        painter.setPen(colors.faint)
        if time:
            self._paint_name(painter, 0, time, self.tr("Time"), "")
        self._paint_name(painter, time, price, self.tr("Price"), quote)
        self._paint_name(painter, price, size, self.tr("Size"), base)
        if value:
            self._paint_name(painter, size, value, self.tr("Value"), quote)
        painter.setPen(colors.border)
        bottom = STRENGTH + HEADER - 1
        painter.drawLine(0, bottom, self.width(), bottom)

    def _paint_name(self, painter: QPainter, left: int, right: int, name: str, unit: str) -> None:
        full = f"{name} ({unit})" if unit else name
        room = right - left - 2 * PAD
        box = QRect(left, STRENGTH, right - left - PAD, HEADER - 1)
        text = full if painter.fontMetrics().horizontalAdvance(full) <= room else name
        painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)

    # The user.

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip:
            assert isinstance(event, QHelpEvent)
            line = (event.pos().y() - STRENGTH - HEADER) // theme.ROW_HEIGHT
            hole = self.rows[line].hole if 0 <= line < len(self.rows) else None
            QToolTip.showText(event.globalPos(), self.hole_text(hole) if hole is not None else "", self)
            return True
        return super().event(event)

    def hole_text(self, hole: Span) -> str:
        """Return what is missing, in words."""
        text = self.tr("Trades between {begin} and {end} are missing.")
        return text.format(begin=fmt.clock(hole.from_ms), end=fmt.clock(hole.to_ms))

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._wheel += event.angleDelta().y()
        notches = int(self._wheel / 120)
        self._wheel -= notches * 120
        if notches:
            self.scrolled.emit(-notches * _WHEEL_LINES)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        page = max(self.line_count - 1, 1)
        match event.key():
            case Qt.Key.Key_PageUp:
                self.scrolled.emit(-page)
            case Qt.Key.Key_PageDown:
                self.scrolled.emit(page)
            case Qt.Key.Key_Home | Qt.Key.Key_Escape:
                self.newest_wanted.emit()
            case Qt.Key.Key_End:
                self.oldest_wanted.emit()
            case _:
                super().keyPressEvent(event)
