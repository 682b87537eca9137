"""The painted ladder. Told what to show, it works out which lines look different, and paints those."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, cast

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QRegion,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from core.market import base_of, quote_of
from widgets import format as fmt
from widgets import theme
from widgets.orderbook.digits import Digits
from widgets.orderbook.model import DEPTH, EMPTY, Ladder, Row

NAN = float("nan")
HEADER = 20  # px: names of the columns
FOOTER = 24  # px: totals
PAD = 6  # px beside every number
MIN_BAR = 1  # px: a level is there, however small
_SPREAD = DEPTH  # the slot between the sides: asks are slots 0..29, the best ask last, bids 31..60
_SLOTS = 2 * DEPTH + 1
_WHEEL_LINES = 3


def _rects(region: QRegion) -> Iterable[QRect]:
    return cast("Iterable[QRect]", region)  # it is one; its type stub does not say so


class Cell(NamedTuple):
    """One line as it stands on screen."""

    row: Row
    size: str
    price: str
    percent: str
    total: str
    size_px: int  # length of the bar
    total_px: int
    tone: int  # of the price against the previous close: -1, 0, 1
    is_last: bool  # the last trade took place here


class Scale(NamedTuple):
    """What decides how the numbers of one book are written."""

    tick: float = 1.0  # price step: the decimals of prices, quote currency
    places: int = 4  # decimals of sizes
    level: float = 0.0  # price grouping, quote currency; 0 is none
    prev_close: float = 0.0  # prices above and below it differ in colour; 0 if not known


class Columns(NamedTuple):
    """Right ends, px; 0 for a column that is not shown. Bars grow leftwards from `size`."""

    total: int
    size: int
    price: int
    percent: int


class LadderView(QWidget):
    """Asks above, bids below, the spread between them. Keeps the spread in the middle unless the user scrolls."""

    grouping_stepped = Signal(int)  # the user wants a coarser (1) or finer (-1) book

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(140, HEADER + FOOTER + 5 * theme.ROW_HEIGHT)
        self.setAccessibleName(self.tr("Order book"))
        self.book: Ladder = EMPTY
        self.cells: list[Cell | None] = []  # a line each, top to bottom; None: no such level, or the spread
        self.columns = Columns(0, 0, 0, 0)
        self.is_stale = False
        self.has_totals = False  # the column of cumulative sizes and its bar
        self.message = ""  # instead of a book
        self.market = ""
        self.scale = Scale()
        self._last: Row | None = None
        self._spread_text = self._totals_text = ("", "")
        self._offset = 0  # lines scrolled from the middle, positive: towards the asks
        self._wheel = 0
        self._widths = {"size": 0.0, "price": 0.0, "percent": 0.0, "total": 0.0}
        self._theme_version = -1
        self._take_theme()

    # What is to be shown.

    def set_market(self, market: str) -> None:
        """Begin with another market: nothing of the old one stays."""
        self.market = market
        self._offset = 0
        self._widths = dict.fromkeys(self._widths, 0.0)
        self._last, self.scale, self.book = None, Scale(), EMPTY
        self._repaint_all()

    def set_message(self, message: str) -> None:
        """Say why there is no book; empty text takes it back."""
        if message != self.message:
            self.message = message
            self.update()

    def set_stale(self, is_stale: bool) -> None:
        """Grey what is not live."""
        if is_stale != self.is_stale:
            self.is_stale = is_stale
            self.update()

    def set_totals(self, has_totals: bool) -> None:
        """Show or hide the cumulative sizes."""
        if has_totals != self.has_totals:
            self.has_totals = has_totals
            self._repaint_all()

    def show_ladder(self, book: Ladder, scale: Scale, *, last: Row | None = None, ticks: float = NAN) -> None:
        """Show `book`; only lines that look different are painted again.

        Args:
            last: the row of the last trade.
            ticks: the spread in price steps.
        """
        if theme.version != self._theme_version:
            self._take_theme()
        if scale != self.scale:
            if scale[:3] != self.scale[:3]:  # other decimals: the columns begin anew
                self._widths = dict.fromkeys(self._widths, 0.0)
            self.scale = scale
            self.cells = []
        was_blank = self.book.is_empty
        self.book, self._last = book, last
        before, self.cells = self.cells, self._cells()
        if self._needs_room(self.cells) or len(before) != len(self.cells) or was_blank or book.is_empty:
            self._repaint_all()
        dirty = QRegion()
        for line, (old, new) in enumerate(zip(before, self.cells, strict=False)):
            if old is not new and old != new:
                dirty += self.line_rect(line)
        spread = self._spread(ticks)
        if spread != self._spread_text:
            self._spread_text = spread
            dirty += self._spread_rect()
        totals = ("", "") if book.is_empty else (fmt.volume(book.ask_total), fmt.volume(book.bid_total))
        if totals != self._totals_text:
            self._totals_text = totals
            dirty += self._footer_rect()
        if not dirty.isEmpty():
            self.update(dirty)

    # Where the lines are.

    @property
    def line_count(self) -> int:
        """Whole lines that fit."""
        return max((self.height() - HEADER - FOOTER) // theme.ROW_HEIGHT, 1)

    @property
    def first_slot(self) -> int:
        """The slot on the top line; negative where the view is higher than the book."""
        middle = _SPREAD - self.line_count // 2
        return middle - self._offset

    @property
    def is_centred(self) -> bool:
        return self._offset == 0

    def scroll_lines(self, lines: int) -> None:
        """Move towards higher prices (positive) or lower ones, as far as there are levels."""
        count = self.line_count
        middle = _SPREAD - count // 2
        most_up = max(middle - (DEPTH - len(self.book.asks)), 0)
        most_down = max(_SPREAD + len(self.book.bids) - (middle + count - 1), 0)
        offset = max(min(self._offset + lines, most_up), -most_down)
        if offset != self._offset:
            self._offset = offset
            self._repaint_all()

    def recentre(self) -> None:
        """Bring the spread back to the middle."""
        if self._offset:
            self._offset = 0
            self._repaint_all()

    def row_at(self, y: float) -> Row | None:
        """Return the row painted at `y`, or None."""
        line = int(y - self._top) // theme.ROW_HEIGHT
        cell = self.cells[line] if 0 <= line < len(self.cells) and y >= self._top else None
        return cell.row if cell else None

    def line_rect(self, line: int) -> QRect:
        """Return where a line is painted."""
        return QRect(0, self._top + line * theme.ROW_HEIGHT, self.width(), theme.ROW_HEIGHT)

    @property
    def _top(self) -> int:
        room = self.height() - HEADER - FOOTER
        return HEADER + max(room - self.line_count * theme.ROW_HEIGHT, 0) // 2

    def _spread_rect(self) -> QRect:
        return self.line_rect(_SPREAD - self.first_slot)

    def _footer_rect(self) -> QRect:
        return QRect(0, self.height() - FOOTER, self.width(), FOOTER)

    # From the book to the cells.

    def _row_in(self, slot: int) -> Row | None:
        if slot < _SPREAD:
            rank = _SPREAD - 1 - slot
            return self.book.asks[rank] if rank < len(self.book.asks) else None
        rank = slot - _SPREAD - 1
        return self.book.bids[rank] if 0 <= rank < len(self.book.bids) else None

    def _cells(self) -> list[Cell | None]:
        """Return what each line says now; a cell that says the same as before is the one before."""
        first, count = self.first_slot, self.line_count
        rows = [self._row_in(slot) if 0 <= slot < _SLOTS else None for slot in range(first, first + count)]
        old = self.cells if len(self.cells) == count else [None] * count
        bar, last = self._bar_room, self._last
        (tick, places, _, close), has_totals = self.scale, bool(self.columns.total)
        last_price = last.price if last is not None else NAN
        cells: list[Cell | None] = []
        for row, was in zip(rows, old, strict=True):
            if row is None:
                cells.append(None)
                continue
            price, size, is_ask, share, total, total_share = row
            size_px = max(int(share * bar), MIN_BAR)
            total_px = int(total_share * bar) if has_totals else 0
            tone = (price > close) - (price < close) if close else 0
            is_last = price == last_price and is_ask is last.is_ask  # type: ignore[union-attr]
            if was is not None and was.row.price == price and was.tone == tone:
                if (
                    was.row.size == size
                    and was.size_px == size_px
                    and was.total_px == total_px
                    and was.is_last is is_last
                    and was.row.is_ask is is_ask
                    and (not has_totals or was.row.total == total)
                ):
                    cells.append(was)
                    continue
                price_text, percent = was.price, was.percent
            else:
                price_text = fmt.price(price, tick)
                percent = fmt.percent(price / close - 1) if close else ""
            total_text = fmt.size(total, places) if has_totals else ""
            cells.append(
                Cell(row, fmt.size(size, places), price_text, percent, total_text, size_px, total_px, tone, is_last)
            )
        return cells

    def _spread(self, ticks: float) -> tuple[str, str]:
        """Return the texts of the spread's line: the spread, the imbalance."""
        book = self.book
        if book.is_empty:
            return "", ""
        if book.is_crossed:
            return self.tr("Crossed book"), ""
        if not book.asks:
            return self.tr("No asks"), ""
        if not book.bids:
            return self.tr("No bids"), ""
        if self.scale.level:  # a grouped book does not know the true spread
            width = fmt.price(book.spread, self.scale.tick)
        elif ticks >= 1:
            width = (
                self.tr("1 tick")
                if ticks == 1
                else self.tr("{n} ticks").format(n=f"{ticks:,.3g}" if ticks % 1 else f"{ticks:,.0f}")
            )
        else:
            width = self.tr("under 1 tick")
        return f"{width}  {book.spread_rate * 100:.2f}%", f"{book.imbalance * 100:+.0f}%"

    # Layout.

    def _take_theme(self) -> None:
        self._theme_version = theme.version
        self._font = theme.font(12)
        self._small = theme.font(11)
        self._digits = Digits(self._font)
        metrics = QFontMetricsF(self._font)
        # Figures have no descenders: they are centred by the height of a capital.
        self._baseline = round((theme.ROW_HEIGHT + metrics.capHeight()) / 2)
        self._lay_out()
        self.update()

    def _needs_room(self, cells: list[Cell | None]) -> bool:
        """Let columns grow to the widest number seen; they shrink only with another market, so nothing jumps."""
        widths, digits, grown = self._widths, self._digits, False
        longest = {"size": "", "price": "", "percent": "", "total": ""}
        for cell in cells:
            if cell is not None:
                if len(cell.size) > len(longest["size"]):
                    longest["size"] = cell.size
                if len(cell.price) > len(longest["price"]):
                    longest["price"] = cell.price
                if len(cell.percent) > len(longest["percent"]):
                    longest["percent"] = cell.percent
                if len(cell.total) > len(longest["total"]):
                    longest["total"] = cell.total
        for name, text in longest.items():
            width = digits.width(text)
            if width > widths[name] + 0.5:
                widths[name], grown = width, True
        return grown

    def _lay_out(self) -> None:
        """Place the columns: price and size always, percent and totals where there is room."""
        widths, right = self._widths, self.width()
        price = round(widths["price"]) + 2 * PAD
        size = round(widths["size"]) + 2 * PAD
        percent = round(max(widths["percent"], self._digits.width("+0.00%"))) + 2 * PAD
        total = round(max(widths["total"], widths["size"])) + 2 * PAD
        has_percent = price + size + percent <= right
        has_total = self.has_totals and price + size + percent + total <= right
        price_right = right - percent if has_percent else right
        size_right = price_right - price
        self.columns = Columns(total if has_total else 0, size_right, price_right, right if has_percent else 0)
        self._bar_room = max(size_right - self.columns.total, 1)

    def _repaint_all(self) -> None:
        self._lay_out()
        self.cells = self._cells()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(260, 600)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.scroll_lines(0)  # the farthest one can scroll is another now
        self._repaint_all()
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.setAccessibleName(self.tr("Order book"))
            self.update()
        super().changeEvent(event)

    # Painting.

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        region, colors = event.region(), theme.colors
        for rect in _rects(region):
            painter.fillRect(rect, colors.surface)
        if self.message or self.book.is_empty:
            self._paint_message(painter, self.message or self.tr("The order book is empty"))
        else:
            if self.is_stale:
                painter.setOpacity(0.45)
            self._paint_lines(painter, region)
            spread = self._spread_rect()
            if region.intersects(spread):
                self._paint_spread(painter, spread)
            footer = self._footer_rect()
            if region.intersects(footer):
                self._paint_footer(painter, footer)
        header = QRect(0, 0, self.width(), HEADER)
        if region.intersects(header):
            painter.setOpacity(1.0)
            self._paint_header(painter)
        painter.end()

    def _paint_lines(self, painter: QPainter, region: QRegion) -> None:
        height, top, count = theme.ROW_HEIGHT, self._top, len(self.cells)
        lines: set[int] = set()
        for rect in _rects(region):
            lines.update(range(max((rect.top() - top) // height, 0), min((rect.bottom() - top) // height + 1, count)))
        colors, columns, digits = theme.colors, self.columns, self._digits
        ask_bar, bid_bar, text = colors.ask_bar, colors.bid_bar, colors.text
        tones = {-1: colors.down, 0: colors.text, 1: colors.up}
        size_right, price_right = columns.size - PAD, columns.price - PAD
        percent_right, total_right = columns.percent - PAD, columns.total - PAD
        fill, put = painter.fillRect, digits.put
        for line in lines:
            cell = self.cells[line]
            if cell is None:
                continue
            y = top + line * height
            bar = ask_bar if cell.row.is_ask else bid_bar
            if cell.total_px:
                fill(columns.size - cell.total_px, y + height - 3, cell.total_px, 2, bar)
                fill(columns.size - cell.size_px, y + 1, cell.size_px, height - 5, bar)
            else:
                fill(columns.size - cell.size_px, y + 1, cell.size_px, height - 2, bar)
            baseline = y + self._baseline
            tone = tones[cell.tone]
            if cell.is_last:
                self._paint_mark(painter, y)
            put(cell.size, size_right, baseline, text)
            put(cell.price, price_right, baseline, tone)
            if percent_right > 0:
                put(cell.percent, percent_right, baseline, tone)
            if total_right > 0:
                put(cell.total, total_right, baseline, colors.muted)
        digits.draw(painter)

    def _paint_mark(self, painter: QPainter, y: int) -> None:
        """Frame the price of the last trade."""
        painter.setPen(theme.colors.muted)
        painter.drawRect(self.columns.size + 1, y, self.columns.price - self.columns.size - 3, theme.ROW_HEIGHT - 1)

    def _paint_spread(self, painter: QPainter, rect: QRect) -> None:
        colors, (spread, imbalance) = theme.colors, self._spread_text
        painter.fillRect(rect, colors.raised)
        inner = rect.adjusted(PAD, 0, -PAD, 0)
        painter.setFont(self._small)
        painter.setPen(colors.warn if self.book.is_crossed else colors.muted)
        painter.drawText(inner, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, spread)
        if imbalance:
            value = self.book.imbalance
            painter.setPen(colors.bid if value > 0 else colors.ask if value < 0 else colors.muted)
            painter.drawText(inner, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, imbalance)

    def _paint_footer(self, painter: QPainter, rect: QRect) -> None:
        colors, (ask, bid) = theme.colors, self._totals_text
        painter.fillRect(rect, colors.raised)
        share = (1 - self.book.imbalance) / 2 if not self.book.is_empty else 0.5
        edge = round(rect.width() * share)
        painter.fillRect(rect.left(), rect.top(), edge, 2, colors.ask)
        painter.fillRect(rect.left() + edge, rect.top(), rect.width() - edge, 2, colors.bid)
        inner = rect.adjusted(PAD, 2, -PAD, 0)
        painter.setFont(self._small)
        painter.setPen(colors.ask)
        painter.drawText(inner, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, ask)
        painter.setPen(colors.bid)
        painter.drawText(inner, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, bid)
        painter.setPen(colors.faint)
        painter.drawText(inner, Qt.AlignmentFlag.AlignCenter, self.tr("Total"))

    def _paint_header(self, painter: QPainter) -> None:
        colors, columns = theme.colors, self.columns
        painter.setFont(self._small)
        painter.setPen(colors.faint)
        base, quote = base_of(self.market), quote_of(self.market)
        size, price = self.tr("Size"), self.tr("Price")
        self._paint_name(painter, columns.total, columns.size, size, f"{size} ({base})")
        self._paint_name(painter, columns.size, columns.price, price, f"{price} ({quote})")
        if columns.percent:
            self._paint_name(painter, columns.price, columns.percent, "%", self.tr("Change"))
        if columns.total:
            self._paint_name(painter, 0, columns.total, "Σ", self.tr("Cumulative"))
        painter.setPen(colors.border)
        painter.drawLine(0, HEADER - 1, self.width(), HEADER - 1)

    def _paint_name(self, painter: QPainter, left: int, right: int, short: str, full: str) -> None:
        room = right - left - 2 * PAD
        name = full if painter.fontMetrics().horizontalAdvance(full) <= room else short
        box = QRect(left, 0, right - left - PAD, HEADER - 1)
        painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, name)

    def _paint_message(self, painter: QPainter, message: str) -> None:
        painter.setFont(self._font)
        painter.setPen(theme.colors.muted)
        box = self.rect().adjusted(2 * PAD, HEADER, -2 * PAD, 0)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, message)

    # The user.

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._wheel += event.angleDelta().y()
        notches, self._wheel = int(self._wheel / 120), self._wheel - int(self._wheel / 120) * 120
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if notches:
                self.grouping_stepped.emit(-1 if notches > 0 else 1)
        elif notches:
            self.scroll_lines(notches * _WHEEL_LINES)
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.recentre()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        page = max(self.line_count - 2, 1)
        lines = {
            Qt.Key.Key_PageUp: page,
            Qt.Key.Key_PageDown: -page,
            Qt.Key.Key_Home: _SLOTS,
            Qt.Key.Key_End: -_SLOTS,
        }.get(Qt.Key(event.key()))
        if lines is not None:
            self.scroll_lines(lines)
        elif event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Escape):
            self.recentre()
        elif event.key() in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.grouping_stepped.emit(1)
        elif event.key() == Qt.Key.Key_Minus:
            self.grouping_stepped.emit(-1)
        else:
            super().keyPressEvent(event)
