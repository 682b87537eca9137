"""What both layouts of the ladder share: what they say in words, colours, mouse and keys."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from PySide6.QtCore import QEvent, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QRegion,
    QStaticText,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from core.market import base_of, quote_of
from core.wire.messages import Side
from widgets import format as fmt
from widgets import messages, theme
from widgets.digits import Digits
from widgets.orderbook.cells import Scale, worth_places
from widgets.orderbook.changes import STAGES, Change
from widgets.orderbook.model import EMPTY, Ladder, Row
from widgets.won import NO_RATE

NAN = float("nan")
HEADER = 20  # px: names of the columns
FOOTER = 24  # px: totals
PAD = 6  # px beside every number
TAG = 14  # px: height of the mark of an own order
WHEEL_LINES = 3
_FEW = 12  # lines
_ARROW = 11  # px: before the price of the last trade
_KEPT_TEXTS = 64
_DRAG_PX = 4  # a press that moves so far is no click


def rects(region: QRegion) -> Iterable[QRect]:
    return cast("Iterable[QRect]", region)  # it is one; its type stub does not say so


def over(color: QColor, ground: QColor, alpha: float | None = None) -> QColor:
    """Return the opaque colour that a translucent one makes: a plain fill is quicker than a blend."""
    share = color.alphaF() if alpha is None else alpha

    def mix(a: float, b: float) -> float:
        return a * share + b * (1 - share)

    return QColor.fromRgbF(
        mix(color.redF(), ground.redF()), mix(color.greenF(), ground.greenF()), mix(color.blueF(), ground.blueF())
    )


class BookView(QWidget):
    """A book, painted. Subclasses say where the lines and their prices are, and paint them."""

    grouping_stepped = Signal(int)  # the user wants a coarser (1) or finer (-1) book
    price_pressed = Signal(float)  # the user pressed this price, quote currency
    price_menu_wanted = Signal(float, object)  # (price, where on the screen): what can be done at it?
    mark_dropped = Signal()  # the user wants no price marked any more

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("Order book"))
        self.market = ""
        self.book: Ladder = EMPTY
        self.is_blank = True  # nothing is known yet, not even that the book is empty
        self.marked: float | None = None  # a price of the user's choice, quote currency
        self.imbalance_levels = 0  # over which the imbalance is told; 0: all
        self.won = NO_RATE  # what the quote currency is worth in KRW
        self.own_doubt = ""  # why own orders may be others by now; "" if they are not
        self.spread_text = self._totals_text = ("", "")
        self.last_text = ""  # price of the last trade
        self.last_side: Side | None = None
        self._scale = Scale()  # as it was asked for
        self._ticks = NAN
        self._cut = 0  # decimals of sizes that are left out for want of room
        self._wheel = 0
        self._pressed_at: QPointF | None = None
        self._pressed_price: float | None = None
        self._clicked_price: float | None = None  # by the press before
        self._theme_version = -1

    # What a subclass gives.

    @property
    def line_count(self) -> int:
        """Whole lines that fit."""
        return max((self.height() - HEADER - FOOTER) // theme.ROW_HEIGHT, 1)

    def line_price(self, point: QPointF) -> float | None:
        """Return the price that all at a point is about; None where there is none."""
        raise NotImplementedError

    def price_at(self, point: QPointF) -> float | None:
        """Return the price that a press at a point means; None beside those that are written."""
        raise NotImplementedError

    def help_at(self, y: float) -> str:
        """Return what is to be said of the line at a height, "" for nothing."""
        raise NotImplementedError

    def has_own_at(self, y: float) -> bool:
        """Tell whether an own order is marked at a height."""
        raise NotImplementedError

    def scroll_lines(self, lines: int) -> None:
        """Move towards higher prices (positive) or lower ones."""
        raise NotImplementedError

    def recentre(self) -> None:
        """Bring the best prices to the middle."""
        raise NotImplementedError

    def reveal(self, price: float) -> None:
        """Bring a price into sight, as near as it is."""
        raise NotImplementedError

    def show_end(self, lines: int) -> None:
        """Move as far as there are levels: up (1) or down (-1)."""
        raise NotImplementedError

    # What is said in words.

    def begin(self, market: str) -> None:
        """Show another market: nothing of the old one stays."""
        self.market = market
        self.book, self.is_blank = EMPTY, True
        self.marked = None
        self.won = NO_RATE
        self.spread_text = self._totals_text = ("", "")
        self.last_text, self.last_side = "", None
        self._scale, self._cut, self._ticks = Scale(), 0, NAN

    def say(self, ticks: float) -> bool:
        """Put in words what the book says as a whole; return whether that is something else than before.

        Where it is, it is painted again.
        """
        self._ticks = ticks
        book = self.book
        totals = ("", "") if book.is_empty else (fmt.volume(book.ask_total), fmt.volume(book.bid_total))
        said = self._spread(ticks), totals
        if said == (self.spread_text, self._totals_text):
            return False
        if said[0] != self.spread_text:
            self.update(self._spread_rect())
        if said[1] != self._totals_text:
            self.update(self._footer_rect())
        self.spread_text, self._totals_text = said
        return True

    def show_last(self, text: str, side: Side | None) -> None:
        """Say at which price the last trade took place, and who crossed."""
        if (text, side) != (self.last_text, self.last_side):
            self.last_text, self.last_side = text, side
            self.update(self._spread_rect())

    def show_doubt(self, why: str) -> None:
        """Say why own orders may be others by now, "" if they are not."""
        is_other = bool(why) != bool(self.own_doubt)
        self.own_doubt = why
        if is_other:
            self.update()

    def odd_text(self) -> str:
        """Return what is wrong with the book in few words, "" for nothing."""
        book = self.book
        if book.is_empty:
            return ""
        if book.is_crossed:
            return self.tr("Crossed book")
        if not book.asks:
            return self.tr("No asks")
        return "" if book.bids else self.tr("No bids")

    def _spread(self, ticks: float) -> tuple[str, str]:
        """Return the texts of the spread's line: the spread, the imbalance."""
        book = self.book
        if book.is_empty:
            return "", ""
        if odd := self.odd_text():
            return odd, ""
        if self._scale.level:  # a grouped book does not know the true spread
            width = fmt.price(book.spread, self._scale.tick)
        elif ticks >= 1:
            width = (
                self.tr("1 tick")
                if ticks == 1
                else self.tr("{n} ticks").format(n=f"{ticks:,.3g}" if ticks % 1 else f"{ticks:,.0f}")
            )
        else:
            width = self.tr("under 1 tick")
        imbalance = book.imbalance_of(self.imbalance_levels)
        text = f"{imbalance * 100:+.0f}%" if imbalance == imbalance else ""  # noqa: PLR0124 - nan
        if text and self.imbalance_levels:
            text = f"{self.imbalance_levels}: {text}"
        return f"{width}  {book.spread_rate * 100:.2f}%", text

    def set_imbalance(self, levels: int) -> None:
        """Tell the imbalance of the best `levels` of each side, of all for 0."""
        if levels != self.imbalance_levels:
            self.imbalance_levels = levels
            self.say(self._ticks)
            self.update()

    def line_help(self, row: Row) -> str:
        """Return what a level says that has no room in its line."""
        quote, base, tick = quote_of(self.market), base_of(self.market), self._scale.tick
        places, quote_places = self._scale.places, worth_places(quote)
        lines = [f"{fmt.price(row.price, tick)} {quote}"]
        if self._scale.prev_close:
            lines[0] += f"  {fmt.percent(row.price / self._scale.prev_close - 1)}"
        value = fmt.size(row.price * row.size, quote_places)
        lines.append(f"{fmt.size(row.size, places)} {base}  =  {value} {quote}")
        up_to = self.tr("Up to here: {size} = {value}")
        lines.append(
            up_to.format(
                size=f"{fmt.size(row.total, places)} {base}", value=f"{fmt.size(row.worth, quote_places)} {quote}"
            )
        )
        if self.won.is_known:
            krw = self.won.krw
            worth = fmt.turnover(row.price * row.size * krw, "KRW", "ko" if messages.is_korean() else "en")
            text = self.tr("About {price} KRW, {value} KRW in all")
            lines.append(text.format(price=fmt.won(row.price * krw), value=worth))
            if self.won.is_stale:
                lines.append(self.tr("What it is worth in KRW may be old"))
        return "\n".join(lines)

    # Colours and fonts.

    def take_theme(self) -> None:
        """Wear the theme in force."""
        self._theme_version = theme.version
        self._font = theme.font(theme.TEXT)
        self._small = theme.font(theme.SMALL)
        self._tiny = theme.font(theme.TINY, "semibold")
        self._digits, self._small_digits = Digits(self._font), Digits(self._small)
        self._small_cap = QFontMetricsF(self._small).capHeight()
        self._statics: dict[str, QStaticText] = {}  # in the small font
        metrics, colors = QFontMetricsF(self._font), theme.colors
        self._ask_bar, self._bid_bar = (over(c, colors.surface) for c in (colors.ask_bar, colors.bid_bar))
        self._ask_most, self._bid_most = (over(c, colors.surface, 0.5) for c in (colors.ask, colors.bid))
        # A change fades into the ground. Added to a side: its own colour; taken from it: that of a warning.
        steps = [0.35 + 0.65 * n / STAGES for n in range(STAGES + 1)]
        self._shades = {
            name: [over(color, colors.surface, share) for share in steps]
            for name, color in (("ask", colors.ask), ("bid", colors.bid), ("pulled", colors.warn))
        }
        # Figures have no descenders: they are centred by the height of a capital.
        self._baseline = round((theme.ROW_HEIGHT + metrics.capHeight()) / 2)

    def change_ink(self, change: Change, *, is_ask: bool) -> QColor:
        """Return the colour of a change of size."""
        return self._shades["pulled" if change.size < 0 else "ask" if is_ask else "bid"][change.stage]

    # Painting what both have.

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, region = QPainter(self), event.region()
        for rect in rects(region):
            painter.fillRect(rect, theme.colors.surface)
        if not self.book.is_empty:
            self._paint_book(painter, region)
        else:
            self._paint_empty(painter)
        if region.intersects(QRect(0, 0, self.width(), HEADER)):
            self._paint_header(painter)
        painter.end()

    def _paint_book(self, painter: QPainter, region: QRegion) -> None:
        """Paint what a region shows of a book that is not empty."""
        raise NotImplementedError

    def _paint_header(self, painter: QPainter) -> None:
        """Paint the names of the columns."""
        raise NotImplementedError

    def _spread_rect(self) -> QRect:
        """Return where spread, last trade and imbalance stand; empty out of sight."""
        raise NotImplementedError

    def _footer_rect(self) -> QRect:
        return QRect(0, self.height() - FOOTER, self.width(), FOOTER)

    def line_rect(self, line: int) -> QRect:
        """Return where a line is painted."""
        raise NotImplementedError

    def _lines_in(self, region: QRegion, count: int) -> set[int]:
        """Return which of `count` lines a region touches."""
        top, height = self.line_rect(0).top(), theme.ROW_HEIGHT
        lines: set[int] = set()
        for rect in rects(region):
            lines.update(range(max((rect.top() - top) // height, 0), min((rect.bottom() - top) // height + 1, count)))
        return lines

    def _update_lines(self, lines: list[int]) -> None:
        """Have these lines painted: alone if they are few, since many small areas cost more than one large one."""
        if len(lines) > _FEW:
            self.update(self.line_rect(lines[0]) | self.line_rect(lines[-1]))
            return
        for line in lines:
            self.update(self.line_rect(line))

    def _put_small(self, painter: QPainter, text: str, right: float, rect: QRect, ink: QColor) -> None:
        """Write small figures: a glyph run costs a fifth of what drawText does, and these change with every book."""
        baseline = rect.top() + round((rect.height() + self._small_cap) / 2)
        self._small_digits.put(text, self._small_digits.places(text, right, baseline), ink)
        self._small_digits.draw(painter)

    def _write_small(self, painter: QPainter, text: str, rect: QRect, ink: QColor, *, is_centred: bool = False) -> None:
        """Write words that are mostly the same as before."""
        static = self._statics.get(text)
        if static is None:
            if len(self._statics) >= _KEPT_TEXTS:
                self._statics.clear()
            static = self._statics[text] = QStaticText(text)
            static.setTextFormat(Qt.TextFormat.PlainText)
            static.prepare(font=self._small)
        size = static.size()
        left = rect.left() + (rect.width() - size.width()) / 2 if is_centred else rect.left()
        painter.setFont(self._small)
        painter.setPen(ink)
        painter.drawStaticText(QPointF(round(left), rect.top() + round((rect.height() - size.height()) / 2)), static)

    def _paint_spread(self, painter: QPainter, rect: QRect) -> None:
        """Paint spread, last trade and imbalance; the last trade only where it has room."""
        colors, (spread, imbalance) = theme.colors, self.spread_text
        painter.fillRect(rect, colors.raised)
        inner = rect.adjusted(PAD, 0, -PAD, 0)
        self._write_small(painter, spread, inner, colors.warn if self.odd_text() else colors.muted)
        wide = self._statics[spread].size().width()
        if imbalance:
            value = self.book.imbalance_of(self.imbalance_levels)
            ink = colors.bid if value > 0 else colors.ask if value < 0 else colors.muted
            self._put_small(painter, imbalance, inner.right(), rect, ink)
            wide = max(wide, self._small_digits.width(imbalance))
        last = self._small_digits.width(self.last_text)
        if self.last_text and last + _ARROW <= inner.width() - 2 * (wide + 2 * PAD):
            is_buy = self.last_side == "BID"
            ink, right = colors.bid if is_buy else colors.ask, rect.center().x() + (last + _ARROW) / 2
            self._put_small(painter, self.last_text, right, rect, ink)
            left, middle = round(right - last) - _ARROW, rect.center().y()
            for n in range(4):  # an arrow of whole pixels, up for a buy
                painter.fillRect(left + 3 - n, middle - 2 + (n if is_buy else 3 - n), 2 * n + 1, 1, ink)

    def _paint_totals(self, painter: QPainter, rect: QRect, *, has_asks_left: bool) -> None:
        """Paint the totals of both sides, and how they share a line."""
        colors, (ask, bid) = theme.colors, self._totals_text
        painter.fillRect(rect, colors.raised)
        share = (1 - self.book.imbalance) / 2 if not self.book.is_empty else 0.5
        sides = [(ask, colors.ask, share), (bid, colors.bid, 1 - share)]
        (left, left_ink, part), (right, right_ink, _) = sides if has_asks_left else sides[::-1]
        edge = round(rect.width() * part)
        painter.fillRect(rect.left(), rect.top(), edge, 2, left_ink)
        painter.fillRect(rect.left() + edge, rect.top(), rect.width() - edge, 2, right_ink)
        inner = rect.adjusted(PAD, 2, -PAD, 0)
        self._put_small(painter, left, inner.left() + self._small_digits.width(left), inner, left_ink)
        self._put_small(painter, right, inner.right(), inner, right_ink)
        self._write_small(painter, self.tr("Total"), inner, colors.faint, is_centred=True)

    def _paint_flag(self, painter: QPainter, rect: QRect, ink: QColor, text: str = "") -> None:
        """Paint a part of an own order's flag; it is hollow while nobody knows whether the order still rests there."""
        if self.own_doubt:
            painter.fillRect(rect, theme.colors.surface)
            painter.setPen(ink)
            painter.drawRect(rect.adjusted(0, 0, -1, -1))
        else:
            painter.fillRect(rect, ink)
            painter.setPen(theme.colors.surface)
        if text:
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_name(self, painter: QPainter, left: int, right: int, *names: str, pad: int = PAD) -> None:
        """Name a column by the first of these that has room, the last one cut if none has."""
        room = right - left - 2 * pad
        metrics = painter.fontMetrics()
        name = next((name for name in names if metrics.horizontalAdvance(name) <= room), names[-1])
        name = metrics.elidedText(name, Qt.TextElideMode.ElideRight, room + pad)
        box = QRect(left, 0, right - left - pad, HEADER - 1)
        painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, name)

    def _paint_empty(self, painter: QPainter) -> None:
        """Say that the book is empty, if that is known."""
        if self.is_blank:
            return
        painter.setFont(self._font)
        painter.setPen(theme.colors.muted)
        box = self.rect().adjusted(2 * PAD, HEADER, -2 * PAD, 0)
        painter.drawText(
            box, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self.tr("The order book is empty")
        )

    def _paint_edge(self, painter: QPainter, left: int, y: int, *, is_high: bool) -> None:
        """Mark the day's highest or lowest price: a corner at the left end of its place."""
        ink = theme.colors.up if is_high else theme.colors.down
        height = theme.ROW_HEIGHT
        for n in range(6):  # a triangle of whole pixels
            painter.fillRect(left, y + n if is_high else y + height - 1 - n, 6 - n, 1, ink)

    def sizeHint(self) -> QSize:
        return QSize(260, 600)

    # The user.

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._wheel += event.angleDelta().y()
        notches = int(self._wheel / 120)
        self._wheel -= notches * 120
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if notches:
                self.grouping_stepped.emit(-1 if notches > 0 else 1)
        elif notches:
            self.scroll_lines(notches * WHEEL_LINES)
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        # Remembered: by the time the button is let go the book may have moved.
        is_left = event.button() is Qt.MouseButton.LeftButton
        self._pressed_at = event.position() if is_left else None
        self._pressed_price = self.price_at(event.position()) if is_left else None
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        at, price = self._pressed_at, self._pressed_price
        self._pressed_at = self._pressed_price = None
        self._clicked_price = None
        if at is not None and price is not None and (event.position() - at).manhattanLength() < _DRAG_PX:
            self._clicked_price = price
            self.price_pressed.emit(price)
        super().mouseReleaseEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        is_price = self.price_at(event.position()) is not None
        shape = Qt.CursorShape.PointingHandCursor if is_price else Qt.CursorShape.ArrowCursor
        if self.cursor().shape() is not shape:
            self.setCursor(shape)
        super().mouseMoveEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._clicked_price is not None:  # two clicks on a price are two clicks
            self.mousePressEvent(event)
        else:
            self.recentre()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        price = self.line_price(QPointF(event.pos()))
        if price is not None:
            self.price_menu_wanted.emit(price, event.globalPos())
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        page = max(self.line_count - 2, 1)
        match event.key():
            case Qt.Key.Key_PageUp:
                self.scroll_lines(page)
            case Qt.Key.Key_PageDown:
                self.scroll_lines(-page)
            case Qt.Key.Key_Home:
                self.show_end(1)
            case Qt.Key.Key_End:
                self.show_end(-1)
            case Qt.Key.Key_Escape if self.marked is not None:
                self.mark_dropped.emit()
            case Qt.Key.Key_Space | Qt.Key.Key_Escape:
                self.recentre()
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self.grouping_stepped.emit(1)
            case Qt.Key.Key_Minus:
                self.grouping_stepped.emit(-1)
            case _:
                super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            y = event.pos().y()
            doubt = messages.own_in_doubt(self.own_doubt) if self.own_doubt and self.has_own_at(y) else ""
            QToolTip.showText(event.globalPos(), "\n".join(filter(None, (self.help_at(y), doubt))), self)
            return True
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.setAccessibleName(self.tr("Order book"))
            self.say(self._ticks)
            self.update()
        super().changeEvent(event)
