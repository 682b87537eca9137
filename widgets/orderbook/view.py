"""The painted ladder. Told what to show, it works out which lines look different, and paints those."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from math import ceil
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRect
from PySide6.QtGui import QFontMetricsF, QPainter, QRegion, QResizeEvent
from PySide6.QtWidgets import QWidget

from core.market import base_of, quote_of
from core.wire.messages import Side
from widgets import format as fmt
from widgets import theme
from widgets.orderbook.base import FOOTER, HEADER, NAN, PAD, TAG, BookView
from widgets.orderbook.cells import BOUGHT, HIGH, LOW, MOST, NO_EXTRAS, SOLD, Cell, Extras, Scale, Writer
from widgets.orderbook.model import DEPTH, Ladder, OwnMark, Row, mark_of
from widgets.won import NO_RATE, Rate

_SPREAD = DEPTH  # the slot between the sides: asks are slots 0..29, the best ask last, bids 31..60
_SLOTS = 2 * DEPTH + 1


class Columns(NamedTuple):
    """Right ends, px; 0 for a column that is not shown. Bars grow leftwards from `size`."""

    worth: int
    total: int
    change: int
    size: int
    price: int
    percent: int
    won: int


class LadderView(BookView):
    """Asks above, bids below, the spread between them. Keeps the spread in the middle unless the user scrolls."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumSize(140, HEADER + FOOTER + 5 * theme.ROW_HEIGHT)
        self.cells: list[Cell | None] = []  # a line each, top to bottom; None: no such level, or the spread
        self.columns = Columns(0, 0, 0, 0, 0, 0, 0)
        self.wanted: frozenset[str] = frozenset({"percent"})  # columns beside price and size, where they have room
        self._writer = Writer()
        self._extras = NO_EXTRAS
        self.own: tuple[OwnMark, ...] = ()
        self._mark: OwnMark | None = None  # where the price of the user's choice stands
        self._offset = 0  # lines scrolled from the middle, positive: towards the asks
        self.take_theme()

    # What is to be shown.

    def set_market(self, market: str) -> None:
        """Begin with another market: nothing of the old one stays."""
        self.begin(market)
        self._offset = 0
        self._extras = NO_EXTRAS
        self.own, self._mark = (), None
        self._writer.begin(self._scale, market)
        self.cells = []
        self.update()

    def want_columns(self, wanted: Collection[str]) -> None:
        """Show these columns beside price and size: percent, total, worth, change, won."""
        if frozenset(wanted) != self.wanted:
            self.wanted = frozenset(wanted)
            self._repaint_all()

    @property
    def has_totals(self) -> bool:
        return "total" in self.wanted

    def show_ladder(
        self,
        book: Ladder,
        scale: Scale,
        *,
        extras: Extras = NO_EXTRAS,
        last: Row | None = None,
        side: Side | None = None,
        ticks: float = NAN,
        won: Rate = NO_RATE,
    ) -> None:
        """Show `book`; only lines that look different are painted again.

        Args:
            extras: of these rows. Which columns they fill is what is wanted and has room.
            last: the row of the last trade.
            side: its aggressor.
            ticks: the spread in price steps.
            won: what prices are worth in KRW, where that is to be shown.
        """
        if theme.version != self._theme_version:
            self.take_theme()
        was_blank, widest, before = self.book.is_empty, self._writer.widest, self.cells
        self.book, self.is_blank = book, False
        marks = dict(extras.marks)
        for row, mark in ((last, SOLD if side == "ASK" else BOUGHT), *((row, MOST) for row in book.largest)):
            if row is not None:
                marks[id(row)] = marks.get(id(row), 0) | mark
        self._extras = extras._replace(marks=marks)
        if scale != self._scale:
            self._scale, self._cut = scale, 0
            self._writer.begin(scale, self.market)
            before = []
        if won != self.won:
            is_other = (won.is_known, won.is_stale) != (self.won.is_known, self.won.is_stale)
            self.won = won
            before = [] if is_other else before
        self.cells = self._write(before)
        if self._writer.widest is not widest or len(before) != len(self.cells) or was_blank or book.is_empty:
            self._repaint_all()
        else:
            self._update_lines(
                [i for i, (old, new) in enumerate(zip(before, self.cells, strict=True)) if old is not new]
            )
        self.say(ticks)
        if self.marked is not None:
            self._place_mark()

    def show_own(self, marks: tuple[OwnMark, ...]) -> None:
        """Mark own orders where they rest; comes after the ladder that it is about."""
        if marks != self.own:
            before, self.own = self.own, marks
            for mark in (*before, *marks):
                self.update(self.mark_rect(mark))

    def show_mark(self, price: float | None) -> None:
        """Mark a price of the user's choice, or none."""
        if price != self.marked:
            self.marked = price
            self._place_mark()

    def _place_mark(self) -> None:
        mark = mark_of(self.book, self.marked, self._scale.level) if self.marked is not None else None
        if mark != self._mark:
            for one in (self._mark, mark):
                if one is not None:
                    self.update(self.mark_rect(one))
            self._mark = mark

    def mark_rect(self, mark: OwnMark) -> QRect:
        """Return the line of a mark, half a line inwards where it stands between two; empty out of sight."""
        slot = _SPREAD - 1 - mark.rank if mark.is_ask else _SPREAD + 1 + mark.rank
        line = slot - self.first_slot
        if not 0 <= line < self.line_count:
            return QRect()
        half = theme.ROW_HEIGHT // 2 if mark.is_between else 0
        return self.line_rect(line).translated(0, half if mark.is_ask else -half)

    # Where the lines are.

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

    def reveal(self, price: float) -> None:
        mark = mark_of(self.book, price, self._scale.level)
        if mark is None:
            return
        line = (_SPREAD - 1 - mark.rank if mark.is_ask else _SPREAD + 1 + mark.rank) - self.first_slot
        last = self.line_count - 1
        self.scroll_lines(max(-line, 0) - max(line - last, 0))

    def show_end(self, lines: int) -> None:
        self.scroll_lines(lines * _SLOTS)

    def recentre(self) -> None:
        """Bring the spread back to the middle."""
        if self._offset:
            self._offset = 0
            self._repaint_all()

    def row_at(self, y: float) -> Row | None:
        """Return the row painted at `y`, or None."""
        line = int(y - self._top) // theme.ROW_HEIGHT
        return self._row_in(self.first_slot + line) if 0 <= line < self.line_count else None

    def help_at(self, y: float) -> str:
        row = self.row_at(y)
        return self.line_help(row) if row is not None else ""

    def has_own_at(self, y: float) -> bool:
        return any(rect.top() <= y <= rect.bottom() for rect in map(self.mark_rect, self.own))

    def line_price(self, point: QPointF) -> float | None:
        row = self.row_at(point.y())
        return None if row is None else row.price

    def price_at(self, point: QPointF) -> float | None:
        return self.line_price(point) if self.columns.size <= point.x() < self.columns.price else None

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

    # From the book to the cells.

    def _row_in(self, slot: int) -> Row | None:
        """Return the row of a slot, or None: the spread's, beyond the book."""
        is_ask = slot < _SPREAD
        rank = _SPREAD - 1 - slot if is_ask else slot - _SPREAD - 1
        side = self.book.asks if is_ask else self.book.bids
        return side[rank] if 0 <= rank < len(side) else None

    def _write(self, before: Sequence[Cell | None]) -> list[Cell | None]:
        first, columns, extras = self.first_slot, self.columns, self._extras
        rows = [self._row_in(slot) for slot in range(first, first + self.line_count)]
        extras = Extras(
            extras.marks,
            columns.total > 0,
            columns.worth > 0,
            extras.changes if columns.change else None,
            self.won.krw if columns.won else 0.0,
        )
        return self._writer.write(rows, before, self._bar_room, extras)

    # Layout.

    def take_theme(self) -> None:
        super().take_theme()
        self._lay_out()
        self.update()

    def _lay_out(self) -> None:
        """Place the columns: price and size always, the others where they are wanted and have room."""
        widest, measure, width = self._writer.widest, self._digits.width, self.width()
        size, price, percent, total, worth, change, won = (round(measure(text)) + 2 * PAD for text in widest)
        total, change = max(total, size), max(change, round(measure("+00.00")) + 2 * PAD)
        worth, won = max(worth, round(measure("000.0M")) + 2 * PAD), max(won, round(measure("0,000")) + 2 * PAD)
        self._size_width = size
        room = width - price - size
        taken = {}
        for name, wide, is_there in (
            ("percent", percent, True),
            ("total", total, True),
            ("change", change, self._extras.changes is not None),
            ("won", won, self.won.is_known),
            ("worth", worth, True),
        ):
            fits = is_there and name in self.wanted and wide <= room
            taken[name] = wide if fits else 0
            room -= taken[name]
        price += max(min(room // 4, 2 * PAD), 0)
        if taken["percent"]:
            taken["percent"] += max(min(room // 4, PAD), 0)
        won_right = width if taken["won"] else 0
        price_right = width - taken["won"] - taken["percent"]
        percent_right = width - taken["won"] if taken["percent"] else 0
        size_right = price_right - price
        worth_right = taken["worth"]
        total_right = worth_right + taken["total"] if taken["total"] else 0
        change_right = max(worth_right, total_right) + taken["change"] if taken["change"] else 0
        self.columns = Columns(
            worth_right, total_right, change_right, size_right, price_right, percent_right, won_right
        )
        self._bar_left = max(self.columns[:3])
        self._bar_room = max(size_right - self._bar_left, 1)
        rights = (size_right, price_right, percent_right, total_right, worth_right, change_right, won_right)
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
            self.cells = self._write([])
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
        self._writer.begin(self._scale._replace(places=self._scale.places - self._cut), self.market)
        return True

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.scroll_lines(0)  # the farthest one can scroll is another now
        if self._cut and event.oldSize().width() != event.size().width():
            self._cut = 0
            self._writer.begin(self._scale, self.market)
        self._repaint_all()
        super().resizeEvent(event)

    # Painting.

    def _paint_book(self, painter: QPainter, region: QRegion) -> None:
        self._paint_lines(painter, region)
        spread, footer = self._spread_rect(), self._footer_rect()
        if region.intersects(spread):
            self._paint_spread(painter, spread)
        if self._mark is not None and self._mark.is_between:
            rect = self.mark_rect(self._mark)
            if region.intersects(rect):
                painter.fillRect(0, rect.center().y(), self.width(), 2, theme.colors.accent)
        for mark in self.own:
            rect = self.mark_rect(mark)
            if region.intersects(rect):
                self._paint_own(painter, mark, rect)
        if region.intersects(footer):
            self._paint_totals(painter, footer, has_asks_left=True)

    def _paint_lines(self, painter: QPainter, region: QRegion) -> None:
        height, top = theme.ROW_HEIGHT, self._top
        colors, columns, digits = theme.colors, self.columns, self._digits
        tones = {-1: colors.down, 0: colors.text, 1: colors.up}
        text, muted, has_percent = colors.text, colors.muted, columns.percent > 0
        won_ink = colors.faint if self.won.is_stale else muted
        fill, put, right, all_places = painter.fillRect, digits.put, columns.size, self._places
        marked = -1
        if self._mark is not None and not self._mark.is_between:
            marked = (self.mark_rect(self._mark).top() - top) // height
        for line in self._lines_in(region, len(self.cells)):
            cell = self.cells[line]
            if cell is None:
                continue
            (_, _, _, is_ask, size_px, total_px, tone, marks, moved, _, _, *texts) = cell
            size, price, percent, total, worth, change, won = texts
            size_at, price_at, percent_at, total_at, _, change_at, won_at = all_places[line]
            y = top + line * height
            bar = self._ask_bar if is_ask else self._bid_bar
            if line == marked:
                fill(0, y, self.width(), height, colors.selection)
                fill(columns.size, y, 3, height, colors.accent)
            if marks & MOST:
                bar = self._ask_most if is_ask else self._bid_most
            if total_px:
                fill(right - total_px, y + height - 3, total_px, 2, bar)
                fill(right - size_px, y + 1, size_px, height - 5, bar)
            else:
                fill(right - size_px, y + 1, size_px, height - 2, bar)
            if marks & ~MOST:
                self._paint_marks(painter, y, marks)
            color = tones[tone]
            put(size, size_at, text)
            put(price, price_at, color)
            if has_percent:
                put(percent, percent_at, color)
            if columns.total:
                put(total, total_at, muted)
            if columns.worth:  # K, M, B are wider than figures: each has places of its own
                worth = worth.lstrip()
                put(worth, digits.places(worth, columns.worth - PAD, y + self._baseline), muted)
            if columns.won:
                put(won, won_at, won_ink)
            if columns.change and moved is not None:
                put(change, change_at, self.change_ink(moved, is_ask=is_ask))
        digits.draw(painter)

    def _paint_marks(self, painter: QPainter, y: int, marks: int) -> None:
        """Frame the price of the last trade in the colour of its side; mark the day's highest and lowest."""
        columns, colors = self.columns, theme.colors
        if marks & (SOLD | BOUGHT):
            painter.setPen(colors.ask if marks & SOLD else colors.bid)
            painter.drawRect(columns.size + 1, y, columns.price - columns.size - 3, theme.ROW_HEIGHT - 1)
        if marks & (HIGH | LOW):
            self._paint_edge(painter, columns.size + 3, y, is_high=bool(marks & HIGH))

    def _paint_own(self, painter: QPainter, mark: OwnMark, rect: QRect) -> None:
        """Paint a flag at the left end with what is left of an own order; without room, its staff alone."""
        colors, left = theme.colors, 0.0
        if mark.is_between and not mark.rank:  # beside what the spread's line says
            left = QFontMetricsF(self._small).horizontalAdvance(self.spread_text[0]) + 2 * PAD
        ink = colors.ask if mark.is_ask else colors.bid
        top = rect.center().y() - TAG // 2
        self._paint_flag(painter, QRect(round(left), top, 4, TAG), ink)
        if mark.is_between:
            painter.fillRect(round(left), rect.center().y(), self.columns.price - round(left), 1, ink)
        text = fmt.exact(mark.size)
        painter.setFont(self._tiny)
        wide = painter.fontMetrics().horizontalAdvance(text) + 8
        room = self.columns.price if mark.is_between else self.columns.size - PAD - self._size_width
        if left + wide + 4 > room:
            return
        self._paint_flag(painter, QRect(round(left) + 4, top, wide, TAG), ink, text)

    def _paint_header(self, painter: QPainter) -> None:
        colors, columns = theme.colors, self.columns
        painter.setFont(self._small)
        painter.setPen(colors.faint)
        base, quote = base_of(self.market), quote_of(self.market)
        size, price = self.tr("Size"), self.tr("Price")
        self._paint_name(painter, self._bar_left, columns.size, f"{size} ({base})", size)
        self._paint_name(painter, columns.size, columns.price, f"{price} ({quote})", price)
        if columns.percent:
            self._paint_name(painter, columns.price, columns.percent, self.tr("Change"), "%")
        if columns.won:
            self._paint_name(painter, max(columns.price, columns.percent), columns.won, "KRW")
        if columns.worth:
            value = self.tr("Cumulative value")
            self._paint_name(painter, 0, columns.worth, f"{value} ({quote})", "Σ " + quote)
        if columns.total:
            self._paint_name(painter, columns.worth, columns.total, self.tr("Cumulative"), "Σ")
        if columns.change:
            self._paint_name(painter, max(columns.worth, columns.total), columns.change, self.tr("Changed"), "±")
        painter.setPen(colors.border)
        painter.drawLine(0, HEADER - 1, self.width(), HEADER - 1)
