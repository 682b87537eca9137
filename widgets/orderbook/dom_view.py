"""The ladder with a stable axis, painted: a price stays on its line until somebody moves it."""

from __future__ import annotations

from collections.abc import Collection
from itertools import accumulate
from math import ceil

import numpy as np
from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QMouseEvent, QPainter, QRegion, QResizeEvent
from PySide6.QtWidgets import QWidget

from core.market import BTC_TICKS, base_of, quote_of
from widgets import format as fmt
from widgets import theme
from widgets.orderbook.axis import PriceAxis, Window
from widgets.orderbook.base import FOOTER, HEADER, NAN, PAD, TAG, BookView, over
from widgets.orderbook.cells import BOUGHT, HIGH, LOW, MOST, SOLD, Scale
from widgets.orderbook.dom import MOST_ASK, Dom, OwnRung, Rung, RungWriter, Texts
from widgets.orderbook.history import COLUMNS, SHADES, BookHistory
from widgets.orderbook.model import Row

_SPREAD_LINE = 20  # px
_OWN = 52  # px
_PILL = 18  # px
_PADS = ((200, 2), (400, 4))  # below this width, px beside every number
# Columns beside price and sizes in the order in which they get room, and the texts that each has.
_OPTIONAL = (
    ("traded", ("sold", "bought")),
    ("change", ("bid_change", "ask_change")),
    ("own", ()),
    ("percent", ("percent",)),
    ("total", ("bid_total", "ask_total")),
)
_LEAST_HISTORY = 100  # px


class DomView(BookView):
    """Bids left, asks right of a column of prices that stands still. Space brings the market back to the middle."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumSize(150, HEADER + FOOTER + _SPREAD_LINE + 5 * theme.ROW_HEIGHT)
        self.dom = Dom(PriceAxis(BTC_TICKS))
        self.rungs: list[Rung | None] = []  # a line each, top to bottom; None: below the price zero
        self.prices = Window()
        self.is_following = False  # comes back to the middle by itself when the market leaves the middle half
        self.wanted: frozenset[str] = frozenset({"own", "traded", "change"})
        self.own: tuple[OwnRung, ...] = ()
        self.traded_title = ""  # over which time trades are summed
        self.rights = dict.fromkeys(Texts._fields, 0)  # right ends of the columns, px; 0: not shown
        self._lefts = dict.fromkeys(Texts._fields, 0)
        self._pad = PAD  # px beside every number
        self._own_room = 0
        self.history: BookHistory | None = None  # of these places, if it is kept
        self.history_rect = QRect()  # where it is shown; empty: there is no room, or it is not wanted
        self._strip = QImage()
        self._strip_of: tuple[object, ...] = ()
        self._is_held = False  # moved by the user, so it does not follow until it is brought back
        self._writer = RungWriter()
        self._rooms = (1, 1)
        self._pill = QRect(), ""  # where the last moment said that the market is out of sight, and how
        self.take_theme()

    # What is to be shown.

    def set_market(self, market: str) -> None:
        """Begin with another market: nothing of the old one stays."""
        self.begin(market)
        self.dom = Dom(self.dom.axis)
        self.prices.top = None
        self._is_held = False
        self.own = ()
        self._writer.begin(self._scale)
        self.rungs = []
        self.update()

    def want_columns(self, wanted: Collection[str]) -> None:
        """Show these columns beside price and sizes: own, traded, change, percent, total."""
        if frozenset(wanted) != self.wanted:
            self.wanted = frozenset(wanted)
            self._repaint_all()

    def set_following(self, is_following: bool) -> None:
        """Let the ladder come back to the market by itself, or let it stand."""
        self.is_following = is_following
        self._is_held = False
        self._follow()

    def show_dom(self, dom: Dom, scale: Scale, *, ticks: float = NAN) -> None:
        """Show one moment; only lines that look different are painted again.

        Args:
            ticks: the spread in price steps.
        """
        if theme.version != self._theme_version:
            self.take_theme()
        is_other, places = self.is_blank or dom.axis is not self.dom.axis, self.prices.places()
        self._turn(dom)
        widest, before = self._writer.widest, self.rungs
        self.dom, self.book = dom, dom.book
        self.is_blank = False
        self._place_window()
        is_other = self._write_by(scale) or is_other
        if is_other or self.book.is_empty or self.prices.places() != places:
            self._repaint_all()
        else:
            self.rungs = self._write(before)
            if self._writer.widest is not widest:
                self._repaint_all()
            else:
                pairs = enumerate(zip(before, self.rungs, strict=True))
                self._update_lines([i for i, (old, new) in pairs if old is not new])
        if self.history is not None and self._strip_of[:1] != (self.history.version,):
            self.update(self.history_rect)
        self.say(ticks)
        pill = self._pill_rect(), self._pill_text()
        if pill != self._pill:
            self.update(QRegion(self._pill[0]) + pill[0])
            self._pill = pill

    def _write_by(self, scale: Scale) -> bool:
        """Write by a scale, with decimals for all prices in sight: over the border of two bands those of the finer.

        Return whether that is another than before.
        """
        places = self.prices.places()
        if places:
            scale = scale._replace(tick=self.dom.axis.step(max(places[-1], 1)))
        if scale == self._scale:
            return False
        self._scale, self._cut = scale, 0
        self._writer.begin(scale)
        return True

    def _turn(self, dom: Dom) -> None:
        """Take another axis: who looked at the market still does, else the price in the middle stays there.

        On coarser lines that price is rounded: back on fine ones it may be far from the market that stood there.
        """
        middle, old = self.prices.middle, self.dom.axis
        if dom.axis is old:
            return
        self.rungs = []
        was, now = (None if stack is None else stack.middle for stack in (self.dom.stack, dom.stack))
        if was is not None and now is not None and self.prices.has_in_middle(was):
            self.prices.centre(now)
        elif middle is not None:
            self.prices.centre(dom.axis.below(max(old.price(middle), 0.0)))

    def _place_window(self) -> None:
        """Look at the market where nobody looks at anything yet, or follow it."""
        middle = self.dom.stack.middle if self.dom.stack is not None else None
        if middle is None:
            return
        is_left = self.is_following and not self._is_held and not self.prices.has_in_middle(middle)
        if self.prices.top is None or is_left:
            self.prices.centre(middle)

    def _follow(self) -> None:
        top = self.prices.top
        self._place_window()
        if self.prices.top != top:
            self._repaint_all()

    def show_own(self, rungs: tuple[OwnRung, ...]) -> None:
        """Mark own orders where they rest."""
        if rungs != self.own:
            before, self.own = self.own, rungs
            for rung in (*before, *rungs):
                self.update(self._rect_of(rung.place))

    def show_mark(self, price: float | None) -> None:
        """Mark a price of the user's choice, or none."""
        if price != self.marked:
            before, self.marked = self.marked, price
            for one in (before, price):
                if one is not None:
                    self.update(self._rect_of(self._mark_place(one)))

    def _mark_place(self, price: float) -> int:
        """Return the place of a price: between two steps on the side of the market where it is."""
        stack, axis = self.dom.stack, self.dom.axis
        below = axis.below(price)
        return axis.above(price) if stack is not None and stack.bid is not None and below >= stack.bid else below

    def show_traded_title(self, title: str) -> None:
        """Say over which time trades are summed."""
        if title != self.traded_title:
            self.traded_title = title
            self.update(0, 0, self.width(), HEADER)

    # Where the lines are.

    @property
    def line_count(self) -> int:
        """Whole lines that fit."""
        return max((self.height() - HEADER - FOOTER - _SPREAD_LINE) // theme.ROW_HEIGHT, 1)

    def line_rect(self, line: int) -> QRect:
        """Return where a line is painted."""
        return QRect(0, HEADER + line * theme.ROW_HEIGHT, self.width(), theme.ROW_HEIGHT)

    def _rect_of(self, place: int) -> QRect:
        line = self.prices.line(place)
        return QRect() if line is None else self.line_rect(line)

    def place_at(self, y: float) -> int | None:
        """Return the place painted at a height, None where there is none."""
        line, places = int(y - HEADER) // theme.ROW_HEIGHT, self.prices.places()
        place = places[line] if y >= HEADER and 0 <= line < len(places) else 0
        return place if place > 0 else None

    def line_price(self, point: QPointF) -> float | None:
        place = self.place_at(point.y())
        return self.dom.axis.price(place) if place is not None and not self.is_blank else None

    def price_at(self, point: QPointF) -> float | None:
        return self.line_price(point) if self._lefts["price"] <= point.x() < self.rights["price"] else None

    def scroll_lines(self, lines: int) -> None:
        """Move towards higher prices (positive) or lower ones; a ladder that follows stays until it is brought back."""
        top = self.prices.top
        self.prices.move(lines)
        if self.prices.top != top:
            self._is_held = True
            self._repaint_all()

    def reveal(self, price: float) -> None:
        places, place = self.prices.places(), self._mark_place(price)
        if places:
            self.scroll_lines(max(place - places[0], 0) - max(places[-1] - place, 0))

    def show_end(self, lines: int) -> None:
        """Bring the highest ask (1) or the lowest bid (-1) to the middle."""
        stack = self.dom.stack
        side = None if stack is None else (stack.asks or stack.bids) if lines > 0 else (stack.bids or stack.asks)
        middle = self.prices.middle
        if side and middle is not None:
            self.scroll_lines((max(side) if lines > 0 else min(side)) - middle)

    def recentre(self) -> None:
        """Bring the best prices to the middle."""
        self._is_held = False
        middle = self.dom.stack.middle if self.dom.stack is not None else None
        if middle is not None and middle != self.prices.middle:
            self.prices.centre(middle)
            self._repaint_all()

    @property
    def is_centred(self) -> bool:
        stack = self.dom.stack
        return stack is None or stack.middle is None or self.prices.middle == stack.middle

    @property
    def market_side(self) -> int:
        """Where the best prices are: 0 in sight, 1 above, -1 below."""
        stack, places = self.dom.stack, self.prices.places()
        middle = stack.middle if stack is not None else None
        if middle is None or not places or places[-1] <= middle <= places[0]:
            return 0
        return 1 if middle > places[0] else -1

    def _spread_rect(self) -> QRect:
        return QRect(0, self.height() - FOOTER - _SPREAD_LINE, self.width(), _SPREAD_LINE)

    def _pill_rect(self) -> QRect:
        """Return where is said that the market is out of sight; empty while it is not.

        It covers no figure: bids alone stand below a market, asks alone above it.
        """
        side = self.market_side
        if not side:
            return QRect()
        names = ("ask", "ask_change", "ask_total") if side > 0 else ("bid_total", "bid_change", "bid")
        left = min(self._lefts[name] for name in names if self.rights[name])
        room = max(self.rights[name] for name in names) - left
        width = min(150, room - 2)
        last = self.line_rect(self.line_count - 1)
        y = HEADER + 2 if side > 0 else last.bottom() - _PILL - 1
        return QRect(left + (room - width) // 2, y, width, _PILL)

    def _pill_text(self) -> str:
        """Return where the market is, by its best ask if there is one, or the direction alone for want of room.

        "" while it is in sight.
        """
        stack, side = self.dom.stack, self.market_side
        place = None if stack is None else stack.bid if stack.ask is None else stack.ask
        if not side or place is None:
            return ""
        arrow = "▲" if side > 0 else "▼"
        text = f"{arrow} {fmt.price(self.dom.axis.price(place), self.dom.axis.step(place))}"
        return text if QFontMetricsF(self._small).horizontalAdvance(text) <= self._pill_rect().width() else arrow

    # Layout.

    def _write(self, before: list[Rung | None]) -> list[Rung | None]:
        has_totals = self.rights["bid_total"] > 0
        return self._writer.write(self.dom, self.prices.places(), before, self._rooms, has_totals=has_totals)

    def take_theme(self) -> None:
        super().take_theme()
        self._lay_out()
        self.update()

    def _lay_out(self) -> None:
        """Place the columns: price and sizes always, the others where they are wanted and have room."""
        measure, widest = self._digits.width, self._writer.widest
        pad = self._pad = next((pad for width, pad in _PADS if self.width() < width), PAD)
        least = {"bid": "0.00", "ask": "0.00", "sold": "0.00", "bought": "0.00"}
        widths = {
            name: round(max(measure(text), measure(least.get(name, "")))) + 2 * pad
            for name, text in zip(Texts._fields, widest, strict=True)
        }
        for name in ("bid_change", "ask_change", "bid_total", "ask_total"):
            widths[name] = max(widths[name], widths["bid"])
        room = self.width() - widths["bid"] - widths["price"] - widths["ask"]
        shown = {"bid", "price", "ask"}
        self._own_room = 0
        for name, texts in _OPTIONAL:
            wide = sum(widths[text] for text in texts) if texts else _OWN
            if name in self.wanted and wide <= room:
                room -= wide
                shown.update(texts)
                self._own_room = _OWN if not texts else self._own_room
        history = 0
        if "history" in self.wanted and room >= _LEAST_HISTORY:
            history = max(room * 2 // 3, _LEAST_HISTORY)
            room -= history
        lines = QRect(0, HEADER, self.width(), self.line_count * theme.ROW_HEIGHT)
        self.history_rect = lines.adjusted(self.width() - history, 0, 0, 0) if history else QRect()
        spare = max(room, 0) // 4  # to the bars: of sizes first
        for name in ("bid", "ask"):
            widths[name] += spare
        if "sold" in shown:
            for name in ("sold", "bought"):
                widths[name] += spare // 2
            widths["price"] += max(room, 0) - 2 * spare - 2 * (spare // 2)
        else:
            widths["bid"] += spare
            widths["ask"] += max(room, 0) - 3 * spare
        names = [name for name in Texts._fields if name in shown]
        rights = list(accumulate((widths[name] for name in names), initial=self._own_room))
        self.rights = dict.fromkeys(Texts._fields, 0) | dict(zip(names, rights[1:], strict=True))
        self._lefts = dict.fromkeys(Texts._fields, 0) | dict(zip(names, rights[:-1], strict=True))
        self._rooms = (widths["bid"] - 2, widths["sold"] - 2)
        baselines = [self.line_rect(line).top() + self._baseline for line in range(self.line_count)]
        # Where the figures of each line stand, column by column; the same lists until the next layout.
        self._places = [
            tuple(
                self._digits.places(text, self.rights[name] - pad, y) if self.rights[name] else []
                for name, text in zip(Texts._fields, widest, strict=True)
            )
            for y in baselines
        ]

    def _repaint_all(self) -> None:
        self._write_by(self._scale)  # other prices are in sight
        self._lay_out()
        widest = self._writer.widest
        self.rungs = self._write([])
        if self._writer.widest is not widest:
            self._lay_out()
            self.rungs = self._write([])
        while self._cut_sizes():
            self.rungs = self._write([])
            self._lay_out()
        self.rungs = self._write([])
        self.update()

    def _cut_sizes(self) -> bool:
        """Leave out the last decimals of sizes that do not fit; return whether that is another number of them."""
        widest, measure = self._writer.widest, self._digits.width
        missing = 2 * round(measure(widest.bid)) + round(measure(widest.price)) + 6 * self._pad - self.width()
        if missing <= 0 or self._writer.is_short:
            return False
        cut = self._cut + ceil(missing / 2 / measure("0"))
        self._cut = min(cut, self._scale.places)
        is_short = cut > self._scale.places + 1  # the point goes with the last decimal
        self._writer.begin(self._scale._replace(places=self._scale.places - self._cut), is_short=is_short)
        return True

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.prices.resize(self.line_count)
        if (self._cut or self._writer.is_short) and event.oldSize().width() != event.size().width():
            self._cut = 0
            self._writer.begin(self._scale)
        self._repaint_all()
        super().resizeEvent(event)

    # Painting.

    def _paint_book(self, painter: QPainter, region: QRegion) -> None:
        self._paint_lines(painter, region)
        if self.history is not None and region.intersects(self.history_rect):
            self._paint_history(painter, self.history)
        for rung in self.own:
            rect = self._rect_of(rung.place)
            if region.intersects(rect):
                self._paint_own(painter, rung, rect)
        spread, footer, pill = self._spread_rect(), self._footer_rect(), self._pill_rect()
        if region.intersects(pill):
            self._paint_pill(painter, pill)
        if region.intersects(spread):
            self._paint_spread(painter, spread)
        if region.intersects(footer):
            self._paint_totals(painter, footer, has_asks_left=False)

    def _paint_lines(self, painter: QPainter, region: QRegion) -> None:
        height = theme.ROW_HEIGHT
        colors, digits, fill, put = theme.colors, self._digits, painter.fillRect, self._digits.put
        lefts, rights, width = self._lefts, self.rights, self.width()
        tones = {-1: colors.down, 0: colors.text, 1: colors.up}
        text, muted, is_short = colors.text, colors.muted, self._writer.is_short
        has_traded, has_change = rights["sold"] > 0, rights["bid_change"] > 0
        has_totals, has_percent = rights["bid_total"] > 0, rights["percent"] > 0
        price_left, price_width = lefts["price"], rights["price"] - lefts["price"]
        marked = self._mark_place(self.marked) if self.marked is not None else None
        for line in self._lines_in(region, len(self.rungs)):
            rung = self.rungs[line]
            if rung is None:
                continue
            texts, at, marks = rung.texts, self._places[line], rung.marks
            y = HEADER + line * height
            if is_short:  # letters are wider than figures: each text has places of its own
                at = tuple(self._at(text, name, y) for text, name in zip(texts, Texts._fields, strict=True))
            if rung.place == marked:
                fill(0, y, width, height, colors.selection)
                fill(price_left, y, 3, height, colors.accent)
            elif rung.is_inside:
                fill(price_left, y, price_width, height, colors.raised)
            if rung.bid_px:
                bar = self._bid_most if marks & MOST else self._bid_bar
                fill(rights["bid"] - rung.bid_px, y + 1, rung.bid_px, height - 2, bar)
            if rung.ask_px:
                bar = self._ask_most if marks & MOST_ASK else self._ask_bar
                fill(lefts["ask"], y + 1, rung.ask_px, height - 2, bar)
            if has_traded:
                if rung.sold_px:
                    fill(rights["sold"] - rung.sold_px, y + height - 4, rung.sold_px, 3, self._ask_most)
                if rung.bought_px:
                    fill(lefts["bought"], y + height - 4, rung.bought_px, 3, self._bid_most)
            if marks & (SOLD | BOUGHT):
                painter.setPen(colors.ask if marks & SOLD else colors.bid)
                painter.drawRect(price_left + 1, y, price_width - 3, height - 1)
            if marks & (HIGH | LOW):
                self._paint_edge(painter, price_left + 3, y, is_high=bool(marks & HIGH))
            tone = tones[rung.tone] if rung.is_known else colors.faint
            put(texts.price, at[4], tone)
            if rung.bid_px:
                put(texts.bid, at[2], text)
            if rung.ask_px:
                put(texts.ask, at[6], text)
            if has_traded:
                put(texts.sold, at[3], muted)
                put(texts.bought, at[5], muted)
            if has_change:
                if rung.bid_change is not None:
                    put(texts.bid_change, at[1], self.change_ink(rung.bid_change, is_ask=False))
                if rung.ask_change is not None:
                    put(texts.ask_change, at[7], self.change_ink(rung.ask_change, is_ask=True))
            if has_totals:
                put(texts.bid_total, at[0], muted)
                put(texts.ask_total, at[8], muted)
            if has_percent:
                put(texts.percent, at[9], tone)
        digits.draw(painter)

    def _paint_history(self, painter: QPainter, history: BookHistory) -> None:
        """Paint what rested at each price over the last minutes, the newest at the right end."""
        top, colors, rect = self.prices.top, theme.colors, self.history_rect
        if top is None:
            return
        key = (history.version, top, self.line_count, theme.version)
        if key != self._strip_of:
            self._strip_of = key
            shades = [colors.surface] * 256
            for n in range(SHADES):
                share = 0.15 + 0.85 * n / (SHADES - 1)
                shades[1 + n] = over(colors.bid, colors.surface, share)
                shades[1 + SHADES + n] = over(colors.ask, colors.surface, share)
            shades[255] = colors.raised
            table = np.array([color.rgb() for color in shades], np.uint32)
            pixels = np.ascontiguousarray(table[history.shades(top, self.line_count)])
            height, width = pixels.shape
            self._strip = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGB32).copy()
        wide = rect.width() * self._strip.width() // COLUMNS
        painter.drawImage(QRect(rect.right() + 1 - wide, rect.top(), wide, rect.height()), self._strip)
        painter.fillRect(rect.left(), rect.top(), 1, rect.height(), colors.border)

    def _at(self, text: str, column: str, y: int) -> list[QPointF]:
        return self._digits.places(text, self.rights[column] - self._pad, y + self._baseline)

    def _paint_own(self, painter: QPainter, rung: OwnRung, rect: QRect) -> None:
        """Paint a flag at the left end with what is left of an own order; without room, its staff alone."""
        ink = theme.colors.ask if rung.is_ask else theme.colors.bid
        top = rect.center().y() - TAG // 2
        self._paint_flag(painter, QRect(0, top, 4, TAG), ink)
        if not self._own_room:
            return
        painter.setFont(self._tiny)
        box = QRect(4, top, self._own_room - 6, TAG)
        advance = painter.fontMetrics().horizontalAdvance
        written = (fmt.exact(rung.size, places) for places in (8, 6, 4, 3, 2, 1))
        text = next((text for text in written if advance(text) <= box.width() - 4), fmt.volume(float(rung.size)))
        self._paint_flag(painter, box, ink, text)

    def _paint_pill(self, painter: QPainter, rect: QRect) -> None:
        """Say that the market is out of sight, and where."""
        painter.fillRect(rect, theme.colors.accent)
        painter.setFont(self._small)
        painter.setPen(theme.colors.window)
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, self._pill_text())

    def _paint_header(self, painter: QPainter) -> None:
        colors, lefts, rights = theme.colors, self._lefts, self.rights
        painter.setFont(self._small)
        painter.setPen(colors.faint)
        base, quote = base_of(self.market), quote_of(self.market)
        title = self.traded_title
        bids, asks, price = self.tr("Bids"), self.tr("Asks"), self.tr("Price")
        sold, bought = self.tr("Sold"), self.tr("Bought")
        # In short, what rests and what was traded: on which side of the price it stands says the rest.
        size, traded = self.tr("Size"), self.tr("Vol")
        for name, names in (
            ("bid_total", ("Σ",)),
            ("bid_change", ("±",)),
            ("bid", (f"{bids} ({base})", bids, size)),
            ("sold", (f"{sold} {title}", sold, traded)),
            ("price", (f"{price} ({quote})", price)),
            ("bought", (f"{bought} {title}", bought, traded)),
            ("ask", (f"{asks} ({base})", asks, size)),
            ("ask_change", ("±",)),
            ("ask_total", ("Σ",)),
            ("percent", ("%",)),
        ):
            if rights[name]:
                self._paint_name(painter, lefts[name], rights[name], *names, pad=self._pad)
        if self._own_room:
            box = QRect(4, 0, self._own_room - 4, HEADER - 1)
            painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self.tr("Own"))
        if not self.history_rect.isEmpty():
            left = self.history_rect.left()
            names = self.tr("The last two minutes"), self.tr("2 min")
            self._paint_name(painter, left, self.width(), *names, pad=self._pad)
        painter.setPen(colors.border)
        painter.drawLine(0, HEADER - 1, self.width(), HEADER - 1)

    # The user.

    def help_at(self, y: float) -> str:
        """Return what is known of the price at a height."""
        dom, place = self.dom, self.place_at(y)
        if place is None or dom.stack is None:
            return ""
        price, base = dom.axis.price(place), base_of(self.market)
        ask_totals, bid_totals = dom.stack.totals()
        lines = []
        for side, totals in ((dom.stack.asks, ask_totals), (dom.stack.bids, bid_totals)):
            if place in side:
                row = Row(price, side[place], totals is ask_totals, 0.0, totals[place], 0.0)
                # What stands before it is worth what each of its places is.
                worth = sum(
                    size * dom.axis.price(p)
                    for p, size in side.items()
                    if (p <= place if totals is ask_totals else p >= place)
                )
                lines.append(self.line_help(row._replace(worth=worth)))
        sums = dom.traded.get(place)
        if sums is not None:
            text = self.tr("Sold {sold}, bought {bought} {base} here, {time}")
            places = self._scale.places
            sold, bought = fmt.size(sums.sold, places), fmt.size(sums.bought, places)
            lines.append(text.format(sold=sold, bought=bought, base=base, time=self.traded_title))
        return "\n".join(lines)

    def has_own_at(self, y: float) -> bool:
        place = self.place_at(y)
        return place is not None and any(rung.place == place for rung in self.own)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        pill: QRect = self._pill_rect()
        at: QPoint = event.position().toPoint()
        if pill.contains(at) and event.button() is Qt.MouseButton.LeftButton:
            self._clicked_price = None
            self.recentre()
            event.accept()
            return
        super().mousePressEvent(event)
