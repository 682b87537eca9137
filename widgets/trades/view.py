"""The painted tape. New lines push the painted ones down (a blit) and only the new lines are painted."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, isinf, isnan, nan
from typing import NamedTuple

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QContextMenuEvent,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QPushButton, QSizePolicy, QToolTip, QWidget

from core.market import DAY_MS, base_of, price_key, quote_of
from core.state.coverage import Span
from widgets import format as fmt
from widgets import messages, theme, zone
from widgets.digits import Digits
from widgets.trades.lines import BIG, Print
from widgets.trades.pace import Pace

STRENGTH = 24  # px: the line of buy/sell strength
PACE = 20  # px: the line of the speed
TOP = STRENGTH + PACE
HEADER = 20  # px: names of the columns
PAD = 6
_WHEEL_LINES = 3
PILL = 18
_CLOCK = "00:00:00"
_COLUMNS = 5
_LOUD = 2  # the tier from which on a print is bold


class _Said(NamedTuple):
    """The numbers at the top, as they are written."""

    speed: str = fmt.UNKNOWN
    value: str = fmt.UNKNOWN
    short: str = ""
    long: str = ""


class TapeView(QWidget):
    """Lines, newest on top. Knows nothing of the tape: `scrolled` says where the user wants to go."""

    scrolled = Signal(int)  # lines towards older prints; negative: towards newer ones
    newest_wanted = Signal()
    oldest_wanted = Signal()
    freeze_wanted = Signal()  # stand still, or go on
    pressed = Signal(int, bool)  # (line, whether the selection reaches to it)
    copy_wanted = Signal()
    resized = Signal(int)  # lines that fit now
    price_pressed = Signal(float)  # the user pressed this price, quote currency
    price_menu_wanted = Signal(float, object)  # (price, where on the screen): what can be done at it?
    mark_dropped = Signal()  # the user wants no price marked any more

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(140, TOP + HEADER + 3 * theme.ROW_HEIGHT)
        self.rows: Sequence[Print] = ()
        self.is_filtered = False  # lines are left out
        self.is_blank = True  # nothing is known yet, not even that there were no trades
        self.market = ""
        self.pill = QPushButton(self)  # above the lines while they stand still
        self.pill.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.pill.setCursor(Qt.CursorShape.PointingHandCursor)
        self.pill.hide()
        self.pill.clicked.connect(self.newest_wanted)
        self._behind, self.is_frozen = 0, False
        self.selected: frozenset[int] = frozenset()  # ids of lines
        self.won = nan  # KRW for one of the quote currency, where that is another one
        self.marked: float | None = None  # a price of the user's choice
        self._pressed_price: float | None = None
        self._pressed_line = -1
        self._has_dragged = False
        self._tick, self._places = 1.0, 4
        self._strength = nan
        self.strength_text = fmt.UNKNOWN
        self._pace = Pace()
        self.pace_texts = _Said()
        self._wheel = 0
        self._widths = [0.0] * _COLUMNS  # of time, count, price, size, value: the widest text seen
        self.columns = [0] * _COLUMNS  # right ends, px; 0 for a column that is not shown
        self._clock_from = 0  # characters of the time left out
        self.today = -1  # number of the day that it is, in the zone that times are shown in; -1: not known
        self._cut = 0  # decimals of the size left out
        self._theme_version = -1
        self._retranslate()
        self._take_theme()

    # What is to be shown.

    def set_market(self, market: str) -> None:
        """Begin with another market: nothing of the old one stays."""
        self.market = market
        self.rows, self.is_blank = (), True
        self._widths = [0.0] * _COLUMNS
        self.won = nan
        self.show_selected(frozenset())
        self.show_behind(0, is_frozen=False)
        self.show_strength(nan)
        self.show_pace(Pace())
        self._lay_out()
        self.update()

    def set_scale(self, tick: float, places: int) -> None:
        """Say how numbers are written: the price step in quote currency, the decimals of sizes."""
        if (tick, places) != (self._tick, self._places):
            self._tick, self._places = tick, places
            self._widths = [0.0] * _COLUMNS
            self._grow(self.rows)
            self._lay_out()
            self.update()

    def show_strength(self, percent: float) -> None:
        """Show the buy/sell strength; nan if not known."""
        text = fmt.UNKNOWN if isnan(percent) else f"{percent:,.2f}%"
        if text != self.strength_text:
            self._strength, self.strength_text = percent, text
            self.update(0, 0, self.width(), STRENGTH)

    def show_pace(self, pace: Pace) -> None:
        """Show how fast the market trades, and the strength of the last minutes."""
        self._pace = pace
        is_korean = messages.is_korean()
        texts = _Said()
        if not isnan(pace.speed):
            value = fmt.turnover(pace.value, quote_of(self.market), "ko" if is_korean else "en")
            texts = _Said(
                _about(pace.is_speed_whole) + self.tr("{n}/s").format(n=f"{pace.speed:,.1f}"),
                _about(pace.is_short_whole) + self.tr("{value}/min").format(value=value),
                _ratio(pace.short, pace.is_short_whole),
                _ratio(pace.long, pace.is_long_whole),
            )
        if texts != self.pace_texts:
            self.pace_texts = texts
            self.update(0, 0, self.width(), TOP)

    def show_behind(self, count: int, *, is_frozen: bool) -> None:
        """Say whether the lines stand still, and how many are newer than the top one."""
        if (count, is_frozen) != (self._behind, self.is_frozen):
            self._behind, self.is_frozen = count, is_frozen
            self._place_pill()

    def show_selected(self, ids: frozenset[int]) -> None:
        """Show which lines are selected."""
        if ids != self.selected:
            self.selected = ids
            self.update(self._lines_rect())

    def show_mark(self, price: float | None) -> None:
        """Mark the lines of a price, or of none."""
        if price != self.marked:
            self.marked = price
            self.update(self._lines_rect())

    def show_rows(self, rows: Sequence[Print], new: int | None = None) -> None:
        """Show lines, newest first.

        Args:
            new: so many came on top of those shown before, of which the topmost alone may have changed; None: all may
                differ.
        """
        if theme.version != self._theme_version:
            self._take_theme()
        before, self.rows, self.is_blank = self.rows, rows, False
        if self._grow(rows if new is None else rows[: new + 1]):
            places = (self.columns, self._clock_from, self._cut)
            self._lay_out()
            if places != (self.columns, self._clock_from, self._cut):
                self.update()  # the names of the columns too
                new = None
        if new is None or not before:
            self.update(self._lines_rect())
            return
        if new:
            self.scroll(0, new * theme.ROW_HEIGHT, self._lines_rect())
        if new < len(rows) and (rows[new] != before[0] or (new and 0 <= self.today != _day(rows[new].time_ms))):
            self.update(self.line_rect(new))  # more of the same order, or it begins its day no more

    def show_today(self, day: int) -> None:
        """Say which day it is: where a line begins another one, its date stands in the place of its time."""
        if day != self.today:
            self.today = day
            self.update(self._lines_rect())

    def time_text(self, line: int) -> str:
        """Return what stands in the first column of a line that is no hole."""
        row, before = self.rows[line], self.rows[line - 1] if line else None
        day = _day(row.time_ms)
        is_same = before is not None and before.hole is None and _day(before.time_ms) == day
        if is_same or day == self.today or self.today < 0:
            return fmt.clock(row.time_ms)[self._clock_from :]
        return fmt.day(row.time_ms)

    @property
    def line_count(self) -> int:
        """Whole lines that fit."""
        return max((self.height() - TOP - HEADER) // theme.ROW_HEIGHT, 1)

    def line_rect(self, line: int) -> QRect:
        """Return where a line is painted."""
        return QRect(0, TOP + HEADER + line * theme.ROW_HEIGHT, self.width(), theme.ROW_HEIGHT)

    def _lines_rect(self) -> QRect:
        top = TOP + HEADER
        return QRect(0, top, self.width(), self.line_count * theme.ROW_HEIGHT)

    # Layout.

    def _texts(self, row: Print, cut: int = 0) -> tuple[str, str, str, str]:
        """Return what stands behind the time."""
        price = fmt.price(row.price, self._tick)
        return (
            f"x{row.trades}" if row.trades > 1 else "",
            price if row.low == row.high else "~" + price,  # an average
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
        self._digits, self._bold = Digits(self._font), Digits(theme.font(theme.TEXT, "semibold"))
        self._baseline = round((theme.ROW_HEIGHT + QFontMetricsF(self._font).capHeight()) / 2)
        c = theme.colors
        self._hatch = QBrush(c.warn, Qt.BrushStyle.BDiagPattern)
        self.pill.setFont(self._small)
        self.pill.setStyleSheet(
            f"QPushButton {{ background: {c.accent.name()}; color: {c.window.name()}; border: none;"
            f" border-radius: 9px; padding: 0 10px; }}"
        )
        self._widths = [0.0] * _COLUMNS
        self._grow(self.rows)
        self._lay_out()
        self.update()

    def _grow(self, rows: Sequence[Print]) -> bool:
        """Let columns grow to the widest text seen; they shrink only with another market, so nothing jumps."""
        is_grown = False
        usual = [self._texts(row) for row in rows if row.hole is None and row.tier < _LOUD]
        loud = [self._texts(row) for row in rows if row.hole is None and row.tier >= _LOUD]
        for told, measure in ((usual, self._digits.width), (loud, self._bold.width)):
            for column, texts in enumerate(zip(*told, strict=True), 1):
                width = measure(max(texts, key=len))
                if width > self._widths[column] + 0.5:
                    self._widths[column], is_grown = width, True
        return is_grown

    def _lay_out(self) -> None:
        """Place the columns. Where they do not fit the value goes first, then the hours, the time and the count, then
        decimals of the size: figures that run into each other are other figures.
        """
        measure = self._digits.width
        least = (measure(_CLOCK), measure("x00"), measure("0,000"), measure("0.0000"), measure("0,000,000"))
        time, count, price, size, value = (round(max(a, b)) + 2 * PAD for a, b in zip(self._widths, least, strict=True))
        count -= PAD
        if not self._widths[1] and self.width() < time + count + price + size:
            count = 0  # nothing has been joined yet
        room = self.width() - price - size
        self._clock_from = 0
        if time + count > room:
            self._clock_from = len("00:")
            time = round(measure(_CLOCK[self._clock_from :])) + 2 * PAD
        if time + count > room:
            time = 0
        if count > room:
            count = 0
        missing = price + size - self.width()
        self._cut = min(ceil(missing / measure("0")), self._places) if missing > 0 else 0
        if time + count + value > room:
            value = 0
        share = max(room - time - count - value, 0) // (3 if value else 2)
        price_right = time + count + price + share if missing <= 0 else min(price, self.width())
        size_right = price_right + size + share if value else self.width()
        self.columns = [time, time + count if count else 0, price_right, size_right, self.width() if value else 0]
        self._place_pill()

    def _place_pill(self) -> None:
        """Keep the pill in the line of the speed, where it covers no print."""
        self.pill.setVisible(self.is_frozen)
        if self.is_frozen:
            text = "↑ " + self.tr("{n} new").format(n=f"{self._behind:,}") if self._behind else self.tr("Frozen")
            self.pill.setText(text)
            self.pill.resize(self.pill.sizeHint().width(), PILL)
            self.pill.move((self.width() - self.pill.width()) // 2, STRENGTH + (PACE - PILL) // 2)

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
            self.show_pace(self._pace)
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
            box = self.rect().adjusted(2 * PAD, TOP + HEADER, -2 * PAD, 0)
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(box, flags, self.empty_text())
        if rect.top() < STRENGTH:
            self._paint_strength(painter)
        if rect.top() < TOP and rect.bottom() >= STRENGTH:
            self._paint_pace(painter)
        if rect.top() < TOP + HEADER and rect.bottom() >= TOP:
            self._paint_header(painter)
        painter.end()

    def _paint_lines(self, painter: QPainter, rect: QRect) -> None:
        height, top, colors = theme.ROW_HEIGHT, TOP + HEADER, theme.colors
        first = max((rect.top() - top) // height, 0)
        last = min((rect.bottom() - top) // height + 1, len(self.rows), self.line_count)
        muted, text, width = colors.muted, colors.text, self.width()
        time_right, count_right, price_right, size_right, value_right = (r - PAD for r in self.columns)
        regular, bold, selected = self._digits, self._bold, self.selected
        has_bold, marked = False, self.marked
        for line in range(first, last):
            row = self.rows[line]
            y = top + line * height
            is_selected = row.id in selected
            is_marked = marked is not None and row.hole is None and _has_price(row, marked)
            if is_selected or is_marked:
                painter.fillRect(0, y, width, height - 1, colors.selection)
            if row.hole is not None:
                self._paint_hole(painter, row.hole, y)
                continue
            tier, side = row.tier, colors.bid if row.is_buy else colors.ask
            digits, ink, pale = regular, side, muted
            if tier:
                tint, pale = colors.bid_bar if row.is_buy else colors.ask_bar, text
                for _ in range(0 if is_selected or is_marked else tier):  # the larger, the stronger
                    painter.fillRect(0, y, width, height - 1, tint)
                if tier >= _LOUD:  # on such a ground its own colour could not be read
                    digits, ink, has_bold = bold, text, True
                if tier == BIG:
                    painter.fillRect(0, y, 4, height - 1, side)
            if is_marked:
                painter.fillRect(count_right + PAD, y, 3, height - 1, colors.accent)
            put, at = digits.put, digits.places
            count, price, size, value = self._texts(row, self._cut)
            baseline = y + self._baseline
            if time_right > 0:
                time = self.time_text(line)
                put(time, at(time, time_right, baseline), pale)
            if count and count_right > 0:
                put(count, at(count, count_right, baseline), text)
            elif count:  # there is no room to say how many: at least that it is not one
                painter.fillRect(0, y + 4, 3, height - 9, text)
            put(price, at(price, price_right, baseline), ink)
            put(size, at(size, size_right, baseline), ink)
            if value_right > 0:
                put(value, at(value, value_right, baseline), pale)
        regular.draw(painter)
        if has_bold:
            bold.draw(painter)

    def _paint_hole(self, painter: QPainter, hole: Span, y: int) -> None:
        """Paint a line that is none: trades are missing here."""
        box = QRect(0, y, self.width(), theme.ROW_HEIGHT - 1)
        painter.fillRect(box, self._hatch)
        painter.setFont(self._small)
        text, metrics = self.hole_label(hole), painter.fontMetrics()
        width = min(metrics.horizontalAdvance(text) + 2 * PAD, self.width())
        label = QRect((self.width() - width) // 2, y, width, theme.ROW_HEIGHT - 1)
        painter.fillRect(label, theme.colors.surface)
        painter.setPen(theme.colors.warn)
        text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
        painter.drawText(label, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_strength(self, painter: QPainter) -> None:
        """Paint the strength as numbers and, that of the day, as the buyers' part of a line."""
        colors, strength = theme.colors, self._strength
        painter.fillRect(0, 0, self.width(), STRENGTH, colors.raised)
        painter.setFont(self._small)
        metrics = painter.fontMetrics()
        parts: list[tuple[str, QColor]] = [(self.strength_text, _color(strength))]
        said, pace = self.pace_texts, self._pace
        for text, value, name in (
            (said.short, pace.short, self.tr("1 min")),
            (said.long, pace.long, self.tr("5 min")),
        ):
            if text:
                parts += [(text, _color(value)), (name, colors.muted)]
        name = self.tr("Strength")
        right, left = self.width() - PAD, PAD + metrics.horizontalAdvance(name) + PAD
        self._paint_text(painter, PAD, STRENGTH - 2, name, colors.muted)
        for i in range(0, len(parts), 2):
            # The day stands alone, minutes with their name; what has no room is left out whole.
            group = parts[:1] if i == 0 else parts[i - 1 : i + 1]
            width = sum(metrics.horizontalAdvance(t) for t, _ in group) + PAD // 2 * (len(group) - 1)
            if i and right - width < left:
                break
            for text, color in group:
                right -= metrics.horizontalAdvance(text)
                self._paint_text(painter, right, STRENGTH - 2, text, color)
                right -= PAD // 2
            right -= PAD
        if not isnan(strength):
            edge = round(self.width() * strength / (100 + strength))
            painter.fillRect(0, STRENGTH - 2, edge, 2, colors.bid)
            painter.fillRect(edge, STRENGTH - 2, self.width() - edge, 2, colors.ask)

    def _paint_text(self, painter: QPainter, left: int, height: int, text: str, color: QColor) -> None:
        painter.setPen(color)
        box = QRect(left, 0, self.width() - left, height)
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_pace(self, painter: QPainter) -> None:
        """Paint how fast the market trades."""
        box = QRect(PAD, STRENGTH, self.width() - 2 * PAD, PACE)
        painter.fillRect(0, STRENGTH, self.width(), PACE, theme.colors.surface)
        painter.setFont(self._small)
        painter.setPen(theme.colors.muted)
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self.pace_texts.speed)
        painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self.pace_texts.value)

    def _paint_header(self, painter: QPainter) -> None:
        colors, (time, count, price, size, value) = theme.colors, self.columns
        base, quote = base_of(self.market), quote_of(self.market)
        painter.setFont(self._small)
        painter.setPen(colors.faint)
        if time:
            self._paint_name(painter, 0, time, self.tr("Time"), "")
        self._paint_name(painter, count or time, price, self.tr("Price"), quote)
        self._paint_name(painter, price, size, self.tr("Size"), base)
        if value:
            self._paint_name(painter, size, value, self.tr("Value"), quote)
        painter.setPen(colors.border)
        bottom = TOP + HEADER - 1
        painter.drawLine(0, bottom, self.width(), bottom)

    def _paint_name(self, painter: QPainter, left: int, right: int, name: str, unit: str) -> None:
        full = f"{name} ({unit})" if unit else name
        room = right - left - 2 * PAD
        box = QRect(left, TOP, right - left - PAD, HEADER - 1)
        text = full if painter.fontMetrics().horizontalAdvance(full) <= room else name
        painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)

    # The user.

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip:
            assert isinstance(event, QHelpEvent)
            y = event.pos().y()
            text = self.pace_help() if y < TOP else self.line_help(self._line_at(y))
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)

    def _line_at(self, y: int) -> int:
        return (y - TOP - HEADER) // theme.ROW_HEIGHT

    def line_help(self, line: int) -> str:
        """Return what a line says that has no room in it; "" for nothing."""
        if not 0 <= line < len(self.rows):
            return ""
        row, lines = self.rows[line], []
        if row.hole is not None:
            return self.hole_text(row.hole)
        if _day(row.time_ms) != self.today >= 0:
            lines.append(self._moment(row.time_ms))
        if row.trades > 1:
            low, high = fmt.price(row.low, self._tick), fmt.price(row.high, self._tick)
            lines.append(self.tr("{n} trades").format(n=f"{row.trades:,}") + f" · {low} – {high}")
        if not isnan(self.won):
            won = fmt.turnover(row.value * self.won, "KRW", "ko" if messages.is_korean() else "en")
            lines.append(self.tr("About {value} KRW").format(value=won))
        return "\n".join(lines)

    def pace_help(self) -> str:
        """Return what the numbers at the top are."""
        return self.tr(
            "Strength: bought over sold by those who crossed the spread, since 09:00 KST and in the last minutes. "
            "100 is balance.\n"
            "Below: trades a second over the last 10 seconds, and the value of the last minute.\n"
            "~ where trades of that time are not all known."
        )

    def hole_label(self, hole: Span) -> str:
        """Return what is missing, in few words."""
        begin, end = self._moment(hole.from_ms), self._moment(hole.to_ms)
        return self.tr("Missing {begin} – {end}").format(begin=begin, end=end)

    def _moment(self, time_ms: int) -> str:
        """Return a time, with its date unless that is today's."""
        is_today = self.today < 0 or _day(time_ms) == self.today
        return fmt.clock(time_ms) if is_today else f"{fmt.day(time_ms)} {fmt.clock(time_ms)}"

    def empty_text(self) -> str:
        """Return what stands where no line does."""
        return self.tr("No trade passes the filter") if self.is_filtered else self.tr("No trades yet")

    def hole_text(self, hole: Span) -> str:
        """Return what is missing, in words."""
        text = self.tr("Trades between {begin} and {end} are missing.")
        return text.format(begin=self._moment(hole.from_ms), end=self._moment(hole.to_ms))

    def price_at(self, x: float, y: float) -> float | None:
        """Return the price that is written at a point, None beside it."""
        time, count, price, _, _ = self.columns
        return self.line_price(y) if max(time, count) <= x < price else None

    def line_price(self, y: float) -> float | None:
        """Return the price of the line at a height, None where there is none; of an order the last that it reached."""
        line = self._line_at(int(y))
        if y < TOP + HEADER or not 0 <= line < min(len(self.rows), self.line_count):
            return None
        row = self.rows[line]
        if row.hole is not None:
            return None
        return row.price if row.low == row.high else row.high if row.is_buy else row.low

    def mousePressEvent(self, event: QMouseEvent) -> None:
        line = self._line_at(event.position().toPoint().y())
        is_plain = event.button() is Qt.MouseButton.LeftButton and not event.modifiers()
        # Remembered: by the time the button is let go there may be others in its place.
        self._pressed_price = self.price_at(event.position().x(), event.position().y()) if is_plain else None
        if event.button() is not Qt.MouseButton.LeftButton or not 0 <= line < len(self.rows):
            super().mousePressEvent(event)
            return
        self._pressed_line, self._has_dragged = line, False
        if self.is_frozen:  # of a tape that runs a press is for the keyboard; who drags wants to select
            self.pressed.emit(line, bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
            self._has_dragged = True

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed_line < 0 or not event.buttons() & Qt.MouseButton.LeftButton:
            return
        line = min(max(self._line_at(event.position().toPoint().y()), 0), len(self.rows) - 1)
        if line == self._pressed_line:
            return
        self._pressed_price = None
        if not self._has_dragged:
            self.pressed.emit(self._pressed_line, False)
        self._pressed_line, self._has_dragged = line, True
        self.pressed.emit(line, True)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pressed_line = -1
        price, self._pressed_price = self._pressed_price, None
        if price is not None:
            self.price_pressed.emit(price)
        super().mouseReleaseEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        price = self.line_price(event.pos().y())
        if price is not None:
            self.price_menu_wanted.emit(price, event.globalPos())
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._wheel += event.angleDelta().y()
        notches = int(self._wheel / 120)
        self._wheel -= notches * 120
        if notches:
            self.scrolled.emit(-notches * _WHEEL_LINES)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        page = max(self.line_count - 1, 1)
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_wanted.emit()
            return
        if event.key() == Qt.Key.Key_End and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.oldest_wanted.emit()
            return
        match event.key():
            case Qt.Key.Key_PageUp:
                self.scrolled.emit(-page)
            case Qt.Key.Key_PageDown:
                self.scrolled.emit(page)
            case Qt.Key.Key_Escape if self.marked is not None:
                self.mark_dropped.emit()
            case Qt.Key.Key_Home | Qt.Key.Key_End | Qt.Key.Key_Escape:
                self.newest_wanted.emit()
            case Qt.Key.Key_Space:
                self.freeze_wanted.emit()
            case _:
                super().keyPressEvent(event)


def _has_price(row: Print, price: float) -> bool:
    """Tell whether something of a line was traded at a price."""
    low, high = (row.low, row.high) if row.high else (row.price, row.price)
    return price_key(low) <= price_key(price) <= price_key(high)


def _about(is_whole: bool) -> str:
    """Return what stands before a number of trades that are not all known."""
    return "" if is_whole else "~"


def _ratio(percent: float, is_whole: bool) -> str:
    """Return a strength of minutes in short; "" if nothing was traded."""
    if isnan(percent):
        return ""
    return _about(is_whole) + ("∞" if isinf(percent) else f"{percent:,.0f}")


def _color(strength: float) -> QColor:
    return theme.colors.muted if isnan(strength) else theme.up_down(strength - 100)


def _day(time_ms: int) -> int:
    """Return the number of the day, in the zone that times are shown in."""
    return zone.shown.local(time_ms) // DAY_MS
