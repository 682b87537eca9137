"""A painted list of markets, as far as every such list is the same: scrolling, pointing, keys, drags, stars, flags."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import cos, pi, sin
from typing import Protocol

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFont,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QPolygonF,
    QResizeEvent,
    QStaticText,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QScrollBar, QSizePolicy, QToolTip, QWidget

from widgets import drag, theme
from widgets.controls.listing import CAUTIONED, HALTED, WARNED, Sort

ROW = 24  # px
HEADER = 22  # px: names of the columns
PAD = 4  # px beside every text
STAR = 19  # px: the column of the stars
BADGE = 14  # px
BAR = 8  # px: the scroll bar, in the right margin
_WHEEL_ROW = 40  # eighths of a degree: a notch, 120, is three rows; a touchpad sends less at a time
_KEPT = 2_048  # texts laid out


class Coded(Protocol):
    """A line of a list."""

    @property
    def code(self) -> str: ...


class MarketList(QWidget):
    """Lines of `codes` from `top` on, one of them the current one. Knows nothing of the market.

    A subclass lays out columns and paints; `sort_columns` are those one can sort by, from left to right.
    """

    chosen = Signal(str)  # a line was clicked
    stepped = Signal(int)  # so many lines down from the current one
    jumped = Signal(int)  # to that line, from the end if negative
    taken = Signal()  # Enter
    star_pressed = Signal(str)
    sort_wanted = Signal(Sort)
    tab_stepped = Signal(int)
    typed = Signal(str)  # the search begins with this
    escaped = Signal()
    note_taken = Signal()  # the note, which offers something, was clicked
    menu_wanted = Signal(str, object)  # (code, where on the screen): a line's own menu
    scrolled = Signal()  # other lines are seen: scrolled or resized

    sort_columns: Sequence[str] = ()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(200, HEADER + 4 * ROW)
        self.codes: Sequence[str] = ()
        self.lines: Sequence[Coded] = ()  # of the codes in sight
        self.current = ""  # code
        self.sort = Sort()
        self.note = ""  # in the place of the lines when there are none
        self.star_right = 0  # px: left of it a press is for the star
        self.top = 0
        self._rows: dict[str, int] = {}  # code -> its place in `codes`
        self._hovered = -1
        self._pressed: tuple[QPointF, str] | None = None
        self._wheel = 0  # turned, but not yet by a row
        self._font = theme.font(theme.TEXT)
        self._statics: dict[tuple[str, bool], QStaticText] = {}
        self._ratio = 0.0
        self._pixmaps: dict[str, QPixmap] = {}
        self._flags: Mapping[str, tuple[str, str]] = {}
        self.bar = QScrollBar(Qt.Orientation.Vertical, self)
        self.bar.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.bar.valueChanged.connect(self.scroll_to)

    # What a subclass gives.

    def column_at(self, x: float) -> str:
        """Return the column whose head is at `x`."""
        raise NotImplementedError

    def tip_at(self, point: QPointF) -> str:
        """Return what is to be said of what the mouse rests on."""
        raise NotImplementedError

    def market_at(self, code: str, point: QPointF) -> str:
        """Return which market is meant by a press on the line of `code`: that of the line, as a rule."""
        return code

    def lay_out(self) -> None:
        """Place the columns in the width that there is."""
        raise NotImplementedError

    def paint_header(self, painter: QPainter) -> None:
        """Paint the names of the columns."""
        raise NotImplementedError

    def paint_rows(self, painter: QPainter, rows: Sequence[int]) -> None:
        """Paint these of `lines`, each over `paint_ground`."""
        raise NotImplementedError

    def market_of(self, code: str) -> str:
        """Return the market that a dragged line carries; "" for none."""
        return code

    # What is to be shown.

    def set_codes(self, codes: Sequence[str]) -> None:
        """Take the order of the lines; `show_lines` has to follow."""
        self.codes = codes
        self._rows = {code: row for row, code in enumerate(codes)}
        self._fit_bar()

    def set_current(self, code: str) -> None:
        """Highlight the line of `code` and bring it into sight."""
        before, self.current = self.row_of(self.current), code
        row = self.row_of(code)
        if row >= 0:
            self.reveal(row)
        for changed in (before, row):
            self.update(self.row_rect(changed))

    def set_sort(self, sort: Sort) -> None:
        """Show what the lines are sorted by."""
        if sort != self.sort:
            self.sort = sort
            self.update(0, 0, self.width(), HEADER)

    def set_note(self, note: str) -> None:
        """Say why there are no lines."""
        if note != self.note:
            self.note = note
            self.update()

    # Where things are.

    @property
    def line_count(self) -> int:
        """Whole lines that fit."""
        return max((self.height() - HEADER) // ROW, 1)

    @property
    def in_sight(self) -> Sequence[str]:
        """The codes whose lines can be seen, if only in part."""
        return self.codes[self.top : self.top + -(-(self.height() - HEADER) // ROW)]

    def row_of(self, code: str) -> int:
        """Return the place of `code` in the list, -1 if it is not there."""
        return self._rows.get(code, -1)

    def row_rect(self, row: int) -> QRect:
        """Return where a line is painted; empty if it is out of sight."""
        y = HEADER + (row - self.top) * ROW
        return QRect(0, y, self.width(), ROW) if HEADER <= y < self.height() and row >= 0 else QRect()

    def code_at(self, point: QPointF) -> str:
        """Return the code of the line at `point`, "" if there is none."""
        row = self._row_at(point)
        return self.codes[row] if row >= 0 else ""

    def _row_at(self, point: QPointF) -> int:
        row = self.top + (int(point.y()) - HEADER) // ROW
        return row if point.y() >= HEADER and 0 <= row < len(self.codes) else -1

    def reveal(self, row: int) -> None:
        """Scroll as little as brings `row` into sight."""
        self.scroll_to(min(max(self.top, row - self.line_count + 1), row))

    def scroll_to(self, top: int) -> None:
        """Make `top` the first line, as far as there are lines."""
        top = max(min(top, len(self.codes) - self.line_count), 0)
        if top != self.top:
            self.top = top
            self.bar.setValue(top)
            self._hovered = -1
            self.update()
            self.scrolled.emit()

    def _fit_bar(self) -> None:
        surplus = max(len(self.codes) - self.line_count, 0)
        self.bar.setVisible(surplus > 0)
        self.bar.setPageStep(self.line_count)
        self.bar.setRange(0, surplus)  # may move the value, and with it the lines
        self.scroll_to(self.top)
        self.bar.setGeometry(self.width() - BAR, HEADER, BAR, max(self.height() - HEADER, 0))

    # Looks.

    def take_list_theme(self) -> None:
        """Take the colours of the theme, as far as all lists have the same."""
        c = theme.colors
        self._pixmaps.clear()
        self._statics.clear()
        self.bar.setStyleSheet(
            f"QScrollBar {{ background: transparent; width: {BAR}px; margin: 0; }}"
            f"QScrollBar::handle {{ background: {c.border.name()}; border-radius: 3px; min-height: 24px;"
            " margin: 1px; }"
            f"QScrollBar::handle:hover {{ background: {c.faint.name()}; }}"
            "QScrollBar::add-line, QScrollBar::sub-line { height: 0; }"
            "QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }"
        )

    def name_flags(self) -> None:
        """Take the texts of the flags, in the language of the screen."""
        # A letter for the badge, and what it means.
        self._flags = {
            HALTED: (self.tr("H"), self.tr("Trading is halted")),
            WARNED: (self.tr("W"), self.tr("Investment warning")),
            CAUTIONED: (self.tr("C"), self.tr("Caution")),
        }
        self.setAccessibleName(self.tr("Symbols"))
        self._pixmaps.clear()

    def flag_text(self, flag: str) -> str:
        """Return what a flag means, "" for none."""
        return self._flags[flag][1] if flag else ""

    def _pixmap(self, name: str) -> QPixmap:
        """Return a star ("on", "off") or the badge of a flag: drawn once, since paths and corners are slow."""
        ratio = self.devicePixelRatioF()
        if ratio != self._ratio:
            self._ratio = ratio
            self._pixmaps.clear()
        pixmap = self._pixmaps.get(name)
        if pixmap is None:
            pixmap = QPixmap(round(BADGE * ratio), round(BADGE * ratio))
            pixmap.setDevicePixelRatio(ratio)
            pixmap.fill(Qt.GlobalColor.transparent)
            painter = QPainter(pixmap)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if name in ("on", "off"):
                _draw_star(painter, is_on=name == "on")
            else:
                self._draw_badge(painter, name)
            painter.end()
            self._pixmaps[name] = pixmap
        return pixmap

    def _flag_color(self, flag: str) -> QColor:
        c = theme.colors
        return {HALTED: c.error, WARNED: c.warn}.get(flag, c.muted)

    def _draw_badge(self, painter: QPainter, flag: str) -> None:
        painter.setPen(self._flag_color(flag))
        painter.drawRoundedRect(QRectF(0.5, 0.5, BADGE - 1, BADGE - 1), 3, 3)
        painter.setFont(theme.font(theme.TINY, "semibold"))
        painter.drawText(QRectF(0, 0, BADGE, BADGE), Qt.AlignmentFlag.AlignCenter, self._flags[flag][0])

    def _static(self, text: str, font: QFont) -> QStaticText:
        """Return `text` laid out: names stay the same while prices change, and shaping them is half of their cost."""
        key = (text, font is self._font)
        static = self._statics.get(key)
        if static is None:
            static = QStaticText(text)
            static.setTextFormat(Qt.TextFormat.PlainText)
            static.prepare(QTransform(), font)
            if len(self._statics) >= _KEPT:
                self._statics.clear()
            self._statics[key] = static
        return static

    def _note_rect(self) -> QRect:
        return self.rect().adjusted(2 * theme.GAP, HEADER + 3 * theme.GAP, -2 * theme.GAP, 0)

    def sizeHint(self) -> QSize:
        return QSize(300, 600)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.lay_out()
        self._fit_bar()
        self.scrolled.emit()
        super().resizeEvent(event)

    # Painting.

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, rect, region = QPainter(self), event.rect(), event.region()
        painter.fillRect(rect, theme.colors.surface)
        if self.lines:
            first = max((rect.top() - HEADER) // ROW, 0)
            last = min((rect.bottom() - HEADER) // ROW + 1, len(self.lines))
            rows = [i for i in range(first, last) if region.intersects(QRect(0, HEADER + i * ROW, self.width(), ROW))]
            self.paint_rows(painter, rows)
        elif self.note:
            painter.setFont(self._font)
            painter.setPen(theme.colors.muted)
            painter.drawText(self._note_rect(), Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap, self.note)
        if rect.top() < HEADER:
            self.paint_header(painter)
        painter.end()

    def paint_ground(self, painter: QPainter, row: int) -> None:
        """Paint what lies below a line: whether it is the current one, and whether the mouse is over it."""
        c, y, width = theme.colors, HEADER + row * ROW, self.width()
        if self.lines[row].code == self.current:
            painter.fillRect(0, y, width, ROW, c.selection)
            if self.hasFocus():
                painter.fillRect(0, y, 2, ROW, c.accent)
        elif self.top + row == self._hovered:
            painter.fillRect(0, y, width, ROW, c.raised)

    # The mouse.

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
            return
        point, code = event.position(), self.code_at(event.position())
        if point.y() < HEADER:
            self.sort_wanted.emit(self.sort.chosen(self.column_at(point.x())))
        elif code and point.x() < self.star_right:
            self.star_pressed.emit(code)
        elif code:
            self._pressed = (point, code)  # chosen when it is let go: it may become a drag to another pane

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is not None:
            origin, code = self._pressed
            if (event.position() - origin).manhattanLength() >= QApplication.startDragDistance():
                self._pressed = None
                if market := self.market_of(self.market_at(code, origin)):
                    drag.carry_market(self, market)  # returns when it is dropped
            return
        self._hover(self._row_at(event.position()))
        is_offer = bool(self.note) and not self.lines
        hand = is_offer or event.position().y() < HEADER or event.position().x() < self.star_right
        self.setCursor(Qt.CursorShape.PointingHandCursor if hand else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            super().mouseReleaseEvent(event)
            return
        pressed, self._pressed = self._pressed, None
        if pressed is not None:
            self.chosen.emit(self.market_at(pressed[1], pressed[0]))
        elif not self.lines and self.note and self._note_rect().contains(event.position().toPoint()):
            self.note_taken.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Stars and heads count each press; a line that was chosen is chosen."""
        if event.position().y() < HEADER or event.position().x() < self.star_right:
            self.mousePressEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(-1)
        super().leaveEvent(event)

    def _hover(self, row: int) -> None:
        if row != self._hovered:
            before, self._hovered = self._hovered, row
            for changed in (before, row):
                self.update(self.row_rect(changed))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        is_mouse = event.reason() is QContextMenuEvent.Reason.Mouse
        code = self.code_at(QPointF(event.pos())) if is_mouse else self.current
        if code:
            at = event.globalPos() if is_mouse else self.mapToGlobal(self.row_rect(self.row_of(code)).bottomLeft())
            self.menu_wanted.emit(code, at)
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._wheel += event.angleDelta().y()
        rows = int(self._wheel / _WHEEL_ROW)
        self._wheel -= rows * _WHEEL_ROW
        self.scroll_to(self.top - rows)
        event.accept()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.tip_at(QPointF(event.pos())), self)
            return True
        return super().event(event)

    # The keys.

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, page = Qt.Key(event.key()), max(self.line_count - 1, 1)
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and self._sort_by_key(key):
            return
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -page, Qt.Key.Key_PageDown: page}.get(key)
        jump = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: -1}.get(key)
        tab = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(key)
        text = event.text()
        is_plain = not event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
        if not is_plain:
            super().keyPressEvent(event)
        elif step is not None:
            self.stepped.emit(step)
        elif jump is not None:
            self.jumped.emit(jump)
        elif tab is not None:
            self.tab_stepped.emit(tab)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.taken.emit()
        elif key == Qt.Key.Key_Escape:
            self.escaped.emit()
        elif key == Qt.Key.Key_Space:
            if self.row_of(self.current) >= 0:
                self.star_pressed.emit(self.current)
        elif text == "/":
            self.typed.emit("")
        elif text and text.isprintable() and not text.isdigit():
            self.typed.emit(text)
        else:
            super().keyPressEvent(event)

    def _sort_by_key(self, key: Qt.Key) -> bool:
        """Shift with Left and Right takes another column, with Up and Down the way."""
        column, is_down = self.sort
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            at = list(self.sort_columns).index(column) + (1 if key == Qt.Key.Key_Right else -1)
            if 0 <= at < len(self.sort_columns):
                self.sort_wanted.emit(self.sort.chosen(self.sort_columns[at]))
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            is_wanted = key == Qt.Key.Key_Down
            if is_wanted != is_down:
                self.sort_wanted.emit(Sort(column, is_wanted))
        else:
            return False
        return True


def _draw_star(painter: QPainter, is_on: bool) -> None:
    """Draw a five-pointed star into a square of `BADGE`: full, or its outline alone."""
    c, middle, outer = theme.colors, BADGE / 2, BADGE / 2 - 1
    points = []
    for i in range(10):
        radius, angle = (outer if i % 2 == 0 else outer * 0.45), -pi / 2 + i * pi / 5
        points.append(QPointF(middle + radius * cos(angle), middle + 0.5 + radius * sin(angle)))
    painter.setPen(c.warn if is_on else c.faint)
    painter.setBrush(c.warn if is_on else Qt.BrushStyle.NoBrush)
    painter.drawPolygon(QPolygonF(points))
