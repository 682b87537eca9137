"""The depth chart: how much rests up to each price, bids to the left, asks to the right."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRect, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QWidget

from core.market import base_of, quote_of, tick_size
from widgets import format as fmt
from widgets import theme
from widgets.orderbook.base import FOOTER, HEADER, NAN, PAD, BookView
from widgets.orderbook.cells import Scale, worth_places
from widgets.orderbook.depth import ZOOMS, Frame, frame, middle, reading, steps
from widgets.orderbook.model import DEPTH, Ladder

_SPREAD_LINE = 20  # px
_FLAG = 11  # px: height of the mark of an own order
_AXIS = 18  # px: the prices below the curves


class DepthView(BookView):
    """Cumulative curves of both sides. The wheel zooms, a press marks the price below it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumSize(140, 160)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.frame: Frame | None = None
        self.own: tuple[tuple[float, bool], ...] = ()  # (price, is it a sale)
        self._zoom = 0
        self._pointer: QPointF | None = None
        self.take_theme()

    # What is to be shown.

    def set_market(self, market: str) -> None:
        """Begin with another market: nothing of the old one stays."""
        self.begin(market)
        self.frame, self.own, self._zoom = None, (), 0
        self.update()

    def show_book(self, book: Ladder, scale: Scale, *, ticks: float = NAN) -> None:
        """Show `book`.

        Args:
            ticks: the spread in price steps.
        """
        if theme.version != self._theme_version:
            self.take_theme()
        is_other = book is not self.book or scale != self._scale or self.is_blank
        self.book, self.is_blank, self._scale = book, False, scale
        if self.say(ticks) or is_other:
            self._fit()

    def show_own(self, own: tuple[tuple[float, bool], ...]) -> None:
        """Mark the prices of own orders; each is (price, is it a sale)."""
        if own != self.own:
            self.own = own
            self.update()

    def show_mark(self, price: float | None) -> None:
        """Mark a price of the user's choice, or none."""
        if price != self.marked:
            self.marked = price
            self.update()

    def _fit(self) -> None:
        self.frame = frame(self.book, ZOOMS[self._zoom])
        self.update()

    # Where things are.

    @property
    def _plot(self) -> QRect:
        return QRect(0, HEADER, self.width(), max(self.height() - HEADER - FOOTER - _SPREAD_LINE - _AXIS, 1))

    def _spread_rect(self) -> QRect:
        return QRect(0, self.height() - FOOTER - _SPREAD_LINE, self.width(), _SPREAD_LINE)

    def x_of(self, price: float) -> float:
        """Return where a price stands, px; of a book that is shown."""
        assert self.frame is not None
        return (price - self.frame.low) / (self.frame.high - self.frame.low) * self.width()

    def _y_of(self, total: float) -> float:
        assert self.frame is not None
        plot = self._plot
        return plot.bottom() + 1 - min(total / self.frame.most, 1.5) * (plot.height() - 4)

    def price_at(self, point: QPointF) -> float | None:
        return self.line_price(point)

    def line_price(self, point: QPointF) -> float | None:
        if self.frame is None or not self._plot.contains(point.toPoint()):
            return None
        price = self.frame.low + point.x() / self.width() * (self.frame.high - self.frame.low)
        tick = self._scale.level or tick_size(self.market, price)
        price = round(round(price / tick) * tick, 8)
        return price if price > 0.0 else None

    # The user.

    def scroll_lines(self, lines: int) -> None:
        """Zoom in (positive) or out."""
        zoom = min(max(self._zoom + (1 if lines > 0 else -1 if lines < 0 else 0), 0), len(ZOOMS) - 1)
        if zoom != self._zoom:
            self._zoom = zoom
            self._fit()

    def show_end(self, lines: int) -> None:
        """Zoom in (1) or out (-1) as far as it goes."""
        self._zoom = len(ZOOMS) - 1 if lines > 0 else 0
        self._fit()

    def recentre(self) -> None:
        """Show the whole book."""
        self.show_end(-1)

    def reveal(self, price: float) -> None:
        """Zoom out until a price is in sight."""
        while self._zoom and self.frame is not None and not self.frame.low <= price <= self.frame.high:
            self.scroll_lines(-1)

    def help_at(self, y: float) -> str:
        return ""  # what is under the pointer is written above the curves

    def has_own_at(self, y: float) -> bool:
        return bool(self.own) and 0 <= self._plot.bottom() - y < _FLAG

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._pointer = event.position()
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._pointer = None
        self.update()
        super().leaveEvent(event)

    # Painting.

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colors, shown = QPainter(self), theme.colors, self.frame
        painter.fillRect(event.rect(), colors.surface)
        if shown is None:
            self._paint_empty(painter)
        else:
            self._paint_grid(painter, shown)
            plot = self._plot
            painter.setClipRect(plot)
            for side, ink, fill, edge in (
                (self.book.bids, colors.bid, colors.bid_bar, shown.low),
                (self.book.asks, colors.ask, colors.ask_bar, shown.high),
            ):
                corners = steps(side, edge if len(side) < DEPTH else None)
                line = QPolygonF([QPointF(self.x_of(price), self._y_of(total)) for price, total in corners])
                if line.isEmpty():
                    continue
                area = QPolygonF(line)
                area.append(QPointF(line.last().x(), plot.bottom() + 1))
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(fill)
                painter.drawPolygon(area)
                painter.setPen(ink)
                painter.drawPolyline(line)
            for price, is_ask in self.own:
                ink = colors.ask if is_ask else colors.bid
                self._paint_flag(painter, QRect(round(self.x_of(price)) - 1, plot.bottom() - _FLAG + 1, 3, _FLAG), ink)
            if self.marked is not None:
                painter.fillRect(round(self.x_of(self.marked)), plot.top(), 1, plot.height(), colors.accent)
            painter.setClipping(False)
            self._paint_pointer(painter)
            self._paint_spread(painter, self._spread_rect())
            self._paint_totals(painter, self._footer_rect(), has_asks_left=False)
        painter.end()

    def _paint_grid(self, painter: QPainter, shown: Frame) -> None:
        colors, plot, tick = theme.colors, self._plot, self._scale.tick
        painter.setPen(colors.grid)
        for share in (0.5, 1.0):
            y = round(self._y_of(shown.most * share))
            painter.drawLine(0, y, self.width(), y)
            text = fmt.volume(shown.most * share)
            self._put_small(painter, text, self.width() - PAD, QRect(0, y, self.width(), 16), colors.faint)
        below = QRect(PAD, plot.bottom() + 2, self.width() - 2 * PAD, _AXIS)
        measure = self._small_digits.width
        best = middle(self.book)
        low, mid, high = (fmt.price(price, tick) for price in (shown.low, best, shown.high))
        self._put_small(painter, low, below.left() + measure(low), below, colors.faint)
        self._put_small(painter, high, below.right(), below, colors.faint)
        right = self.x_of(best) + measure(mid) / 2  # in the middle, unless the price zero is nearer
        if measure(low) + measure(mid) + 2 * PAD <= right - PAD <= below.width() - measure(high) - 2 * PAD:
            self._put_small(painter, mid, right, below, colors.muted)

    def _paint_pointer(self, painter: QPainter) -> None:
        """Say what rests up to the price below the pointer; without one, up to the price that is marked."""
        price = self.price_at(self._pointer) if self._pointer is not None else self.marked
        found = reading(self.book, price) if price is not None else None
        if price is None or found is None:
            return
        colors, plot, places = theme.colors, self._plot, self._scale.places
        x = round(self.x_of(price))
        painter.fillRect(x, plot.top(), 1, plot.height(), colors.crosshair)
        painter.fillRect(x - 2, round(self._y_of(found.total)) - 2, 5, 5, colors.ask if found.is_ask else colors.bid)
        base, quote = base_of(self.market), quote_of(self.market)
        parts = [
            f"{fmt.price(price, self._scale.tick)}  {fmt.percent(found.rate)}",
            f"Σ {fmt.size(found.total, places)} {base}",
            f"{fmt.size(found.worth, worth_places(quote))} {quote}",
        ]
        painter.setFont(self._small)
        painter.setPen(colors.text)
        advance = painter.fontMetrics().horizontalAdvance
        while len(parts) > 1 and advance("   ".join(parts)) > self.width() - 2 * PAD:
            parts.pop()
        box = QRect(PAD, 0, self.width() - 2 * PAD, HEADER)
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, "   ".join(parts))
