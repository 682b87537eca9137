"""The painted ladder. Told what to show, it works out which lines look different, and paints those."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import ceil
from typing import NamedTuple, cast

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
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
from widgets.digits import Digits
from widgets.orderbook.cells import Cell, Scale, Writer
from widgets.orderbook.model import DEPTH, EMPTY, Ladder, OwnMark, Row

NAN = float("nan")
HEADER = 20  # px: names of the columns
FOOTER = 24  # px: totals
PAD = 6  # px beside every number
_SPREAD = DEPTH  # the slot between the sides: asks are slots 0..29, the best ask last, bids 31..60
_SLOTS = 2 * DEPTH + 1
_WHEEL_LINES = 3
_FEW = 12  # lines
_TAG = 14  # px: height of the mark of an own order


def _rects(region: QRegion) -> Iterable[QRect]:
    return cast("Iterable[QRect]", region)  # it is one; its type stub does not say so


def _over(color: QColor, ground: QColor) -> QColor:
    """Return the opaque colour that a translucent one makes: a plain fill is quicker than a blend."""
    alpha = color.alphaF()

    def mix(a: float, b: float) -> float:
        return a * alpha + b * (1 - alpha)

    return QColor.fromRgbF(
        mix(color.redF(), ground.redF()), mix(color.greenF(), ground.greenF()), mix(color.blueF(), ground.blueF())
    )


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
        self.has_totals = False  # the column of cumulative sizes and its bar
        self.is_blank = True  # nothing is known yet, not even that the book is empty
        self.market = ""
        self._writer = Writer()
        self._scale = Scale()  # as it was asked for
        self._cut = 0  # decimals of sizes that are left out for want of room
        self._last: Row | None = None
        self.own: tuple[OwnMark, ...] = ()
        self.spread_text = self._totals_text = ("", "")
        self._offset = 0  # lines scrolled from the middle, positive: towards the asks
        self._wheel = 0
        self._theme_version = -1
        self._take_theme()

    # What is to be shown.

    def set_market(self, market: str) -> None:
        """Begin with another market: nothing of the old one stays."""
        self.market = market
        self._offset = 0
        self._last, self.book, self.is_blank = None, EMPTY, True
        self.own = ()
        self._scale, self._cut = Scale(), 0
        self._writer.begin(self._scale)
        self.cells = []
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
        was_blank, widest, before = self.book.is_empty, self._writer.widest, self.cells
        self.book, self._last, self.is_blank = book, last, False
        if scale != self._scale:
            self._scale, self._cut = scale, 0
            self._writer.begin(scale)
            before = []
        self.cells = self._write(before)
        if self._writer.widest is not widest or len(before) != len(self.cells) or was_blank or book.is_empty:
            self._repaint_all()
        else:
            dirty = [i for i, (old, new) in enumerate(zip(before, self.cells, strict=True)) if old is not new]
            self._update_lines(dirty)
        spread = self._spread(ticks)
        if spread != self.spread_text:
            self.spread_text = spread
            self.update(self._spread_rect())
        totals = ("", "") if book.is_empty else (fmt.volume(book.ask_total), fmt.volume(book.bid_total))
        if totals != self._totals_text:
            self._totals_text = totals
            self.update(self._footer_rect())

    def show_own(self, marks: tuple[OwnMark, ...]) -> None:
        """Mark own orders where they rest; comes after the ladder that it is about."""
        if marks != self.own:
            before, self.own = self.own, marks
            for mark in (*before, *marks):
                self.update(self.mark_rect(mark))

    def mark_rect(self, mark: OwnMark) -> QRect:
        """Return the line of an own order, half a line inwards where it stands between two; empty out of sight."""
        slot = _SPREAD - 1 - mark.rank if mark.is_ask else _SPREAD + 1 + mark.rank
        line = slot - self.first_slot
        if not 0 <= line < self.line_count:
            return QRect()
        half = theme.ROW_HEIGHT // 2 if mark.is_between else 0
        return self.line_rect(line).translated(0, half if mark.is_ask else -half)

    def _update_lines(self, lines: list[int]) -> None:
        """Have these lines painted: alone if they are few, since many small areas cost more than one large one."""
        if len(lines) > _FEW:
            self.update(self.line_rect(lines[0]) | self.line_rect(lines[-1]))
            return
        for line in lines:
            self.update(self.line_rect(line))

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
        return self._row_in(self.first_slot + line) if 0 <= line < self.line_count else None

    def line_rect(self, line: int) -> QRect:
        """Return where a line is painted."""
        return QRect(0, self._top + line * theme.ROW_HEIGHT, self.width(), theme.ROW_HEIGHT)

    @property
    def _top(self) -> int:
        room = self.height() - HEADER - FOOTER
        return HEADER + max(room - self.line_count * theme.ROW_HEIGHT, 0) // 2

    def _spread_rect(self) -> QRect:
        line = _SPREAD - self.first_slot
        return self.line_rect(line) if 0 <= line < self.line_count else QRect()

    def _footer_rect(self) -> QRect:
        return QRect(0, self.height() - FOOTER, self.width(), FOOTER)

    # From the book to the cells.

    def _row_in(self, slot: int) -> Row | None:
        """Return the row of a slot, or None: the spread's, beyond the book."""
        is_ask = slot < _SPREAD
        rank = _SPREAD - 1 - slot if is_ask else slot - _SPREAD - 1
        side = self.book.asks if is_ask else self.book.bids
        return side[rank] if 0 <= rank < len(side) else None

    def _write(self, before: Sequence[Cell | None]) -> list[Cell | None]:
        first = self.first_slot
        rows = [self._row_in(slot) for slot in range(first, first + self.line_count)]
        return self._writer.write(rows, before, self._bar_room, self._last, bool(self.columns.total))

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
        if self._writer.scale.level:  # a grouped book does not know the true spread
            width = fmt.price(book.spread, self._writer.scale.tick)
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
        self._font = theme.font(theme.TEXT)
        self._small = theme.font(theme.SMALL)
        self._tiny = theme.font(theme.TINY, "semibold")
        self._digits = Digits(self._font)
        metrics, colors = QFontMetricsF(self._font), theme.colors
        self._ask_bar = _over(colors.ask_bar, colors.surface)
        self._bid_bar = _over(colors.bid_bar, colors.surface)
        # Figures have no descenders: they are centred by the height of a capital.
        self._baseline = round((theme.ROW_HEIGHT + metrics.capHeight()) / 2)
        self._lay_out()
        self.update()

    def _lay_out(self) -> None:
        """Place the columns: price and size always, percent and totals where there is room."""
        widest, measure, width = self._writer.widest, self._digits.width, self.width()
        size, price, percent, total = (round(measure(text)) + 2 * PAD for text in widest)
        total = max(total, size)
        self._size_width = size
        has_percent = price + size + percent <= width
        has_total = self.has_totals and price + size + percent + total <= width
        spare = width - price - size - (percent if has_percent else 0) - (total if has_total else 0)
        price += max(min(spare // 4, 2 * PAD), 0)
        percent += max(min(spare // 4, PAD), 0)
        price_right = width - percent if has_percent else width
        size_right = price_right - price
        self.columns = Columns(total if has_total else 0, size_right, price_right, width if has_percent else 0)
        self._bar_room = max(size_right - self.columns.total, 1)
        rights = (size_right, price_right, self.columns.percent, self.columns.total)
        baselines = [self.line_rect(line).top() + self._baseline for line in range(self.line_count)]
        # Where the figures of each line stand, column by column; the same lists until the next layout.
        self._places = [
            tuple(self._digits.places(text, right - PAD, y) for text, right in zip(widest, rights, strict=True))
            for y in baselines
        ]

    def _repaint_all(self) -> None:
        self._lay_out()
        widest = self._writer.widest
        self.cells = self._write([])
        if self._writer.widest is not widest:
            self._lay_out()
        if self._cut_sizes():
            self.cells = self._write([])
            self._lay_out()
        self.update()

    def _cut_sizes(self) -> bool:
        """Leave out the last decimals of sizes that do not fit: one whose first figures are cut off is another size.

        Return whether that is another number of decimals than before.
        """
        widest, measure = self._writer.widest, self._digits.width
        missing = round(measure(widest.size)) + round(measure(widest.price)) + 4 * PAD - self.width()
        if missing <= 0 or self._cut >= self._scale.places:
            return False
        self._cut = min(self._cut + ceil(missing / measure("0")), self._scale.places)
        self._writer.begin(self._scale._replace(places=self._scale.places - self._cut))
        return True

    def sizeHint(self) -> QSize:
        return QSize(260, 600)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.scroll_lines(0)  # the farthest one can scroll is another now
        if self._cut and event.oldSize().width() != event.size().width():
            self._cut = 0
            self._writer.begin(self._scale)
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
        if self.book.is_empty:
            if not self.is_blank:
                self._paint_message(painter, self.tr("The order book is empty"))
        else:
            self._paint_lines(painter, region)
            spread = self._spread_rect()
            if region.intersects(spread):
                self._paint_spread(painter, spread)
            for mark in self.own:
                rect = self.mark_rect(mark)
                if region.intersects(rect):
                    self._paint_own(painter, mark, rect)
            footer = self._footer_rect()
            if region.intersects(footer):
                self._paint_footer(painter, footer)
        header = QRect(0, 0, self.width(), HEADER)
        if region.intersects(header):
            self._paint_header(painter)
        painter.end()

    def _paint_lines(self, painter: QPainter, region: QRegion) -> None:
        height, top, count = theme.ROW_HEIGHT, self._top, len(self.cells)
        lines: set[int] = set()
        for rect in _rects(region):
            lines.update(range(max((rect.top() - top) // height, 0), min((rect.bottom() - top) // height + 1, count)))
        colors, columns, digits = theme.colors, self.columns, self._digits
        tones = {-1: colors.down, 0: colors.text, 1: colors.up}
        text, muted, has_percent = colors.text, colors.muted, columns.percent > 0
        fill, put, right, all_places = painter.fillRect, digits.put, columns.size, self._places
        for line in lines:
            cell = self.cells[line]
            if cell is None:
                continue
            _, _, _, is_ask, size_px, total_px, tone, is_last, size, price, percent, total = cell
            size_at, price_at, percent_at, total_at = all_places[line]
            y = top + line * height
            bar = self._ask_bar if is_ask else self._bid_bar
            if total_px:
                fill(right - total_px, y + height - 3, total_px, 2, bar)
                fill(right - size_px, y + 1, size_px, height - 5, bar)
            else:
                fill(right - size_px, y + 1, size_px, height - 2, bar)
            if is_last:
                self._paint_mark(painter, y)
            color = tones[tone]
            put(size, size_at, text)
            put(price, price_at, color)
            if has_percent:
                put(percent, percent_at, color)
            if columns.total:
                put(total, total_at, muted)
        digits.draw(painter)

    def _paint_mark(self, painter: QPainter, y: int) -> None:
        """Frame the price of the last trade."""
        painter.setPen(theme.colors.muted)
        painter.drawRect(self.columns.size + 1, y, self.columns.price - self.columns.size - 3, theme.ROW_HEIGHT - 1)

    def _paint_own(self, painter: QPainter, mark: OwnMark, rect: QRect) -> None:
        """Paint a flag at the left end with what is left of an own order; without room, its staff alone."""
        colors, left = theme.colors, 0.0
        if mark.is_between and not mark.rank:  # beside what the spread's line says
            left = QFontMetricsF(self._small).horizontalAdvance(self.spread_text[0]) + 2 * PAD
        ink = colors.ask if mark.is_ask else colors.bid
        top = rect.center().y() - _TAG // 2
        painter.fillRect(round(left), top, 4, _TAG, ink)
        if mark.is_between:
            painter.fillRect(round(left), rect.center().y(), self.columns.price - round(left), 1, ink)
        text = fmt.exact(mark.size)
        painter.setFont(self._tiny)
        wide = painter.fontMetrics().horizontalAdvance(text) + 8
        room = self.columns.price if mark.is_between else self.columns.size - PAD - self._size_width
        if left + wide + 4 > room:
            return
        box = QRect(round(left) + 4, top, wide, _TAG)
        painter.fillRect(box, ink)
        painter.setPen(colors.surface)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_spread(self, painter: QPainter, rect: QRect) -> None:
        colors, (spread, imbalance) = theme.colors, self.spread_text
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
        notches = int(self._wheel / 120)
        self._wheel -= notches * 120
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
