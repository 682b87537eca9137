"""A line to type in over a list of what fits: what the symbol search and the command palette share."""

from __future__ import annotations

from collections.abc import Callable

import shiboken6
from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import (
    QHideEvent,
    QInputMethodEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QFrame, QLineEdit, QVBoxLayout, QWidget

from widgets import theme
from widgets.controls.click_away import ClickAway

ROWS = 9
ROW_PX = 28
_LINE_PX = 34
_WHEEL_ROW = 40  # eighths of a degree: a notch, 120, is three rows; a touchpad sends less at a time

PaintRow = Callable[[QPainter, QRectF, int], None]  # the place of the row with this number


class _Results(QWidget):
    """The list below the line, painted."""

    clicked = Signal(int)
    hovered = Signal(int)

    def __init__(self, parent: QWidget, paint_row: PaintRow) -> None:
        super().__init__(parent)
        self.count = 0
        self.note = ""
        self.current = 0
        self.top = 0
        self._paint_row = paint_row
        self._wheel = 0  # turned, but not yet by a row
        self.setMouseTracking(True)

    def show_count(self, count: int, note: str) -> None:
        """Show so many rows from the first one on, or where there are none the note."""
        self.count, self.note, self.top = count, note, 0
        rows = min(max(count, 2 if note else 1), ROWS)
        self.setFixedHeight(rows * ROW_PX + 4)

    def show_current(self, row: int) -> None:
        """Move the bar to `row` and keep it in sight."""
        self.current = min(max(row, 0), max(self.count - 1, 0))
        self.top = min(max(self.top, self.current - ROWS + 1), self.current)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        c = theme.colors
        painter.fillRect(self.rect(), c.raised)
        if not self.count:
            painter.setPen(c.muted)
            painter.setFont(theme.font(theme.TEXT))
            flags = int(Qt.TextFlag.TextWordWrap) | int(Qt.AlignmentFlag.AlignVCenter)
            painter.drawText(QRectF(self.rect()).adjusted(12, 0, -12, 0), flags, self.note)
        for line, i in enumerate(range(self.top, min(self.top + ROWS, self.count))):
            row = QRectF(0, line * ROW_PX, self.width(), ROW_PX)
            if i == self.current:
                painter.fillRect(row, c.selection)
            self._paint_row(painter, row, i)
        painter.end()

    def _row_at(self, y: float) -> int:
        row = self.top + int(y) // ROW_PX
        return row if 0 <= row < self.count else -1

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        row = self._row_at(event.position().y())
        if row >= 0:
            self.hovered.emit(row)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        row = self._row_at(event.position().y())
        if row >= 0:
            self.clicked.emit(row)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._wheel += event.angleDelta().y()
        rows = int(self._wheel / _WHEEL_ROW)
        self._wheel -= rows * _WHEEL_ROW
        self.top = min(max(self.top - rows, 0), max(self.count - ROWS, 0))
        self.update()
        event.accept()


class _Line(QLineEdit):
    """Also tells what an input method is composing: initial consonants are searched before they are a syllable."""

    composed = Signal(str)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        super().inputMethodEvent(event)
        before, after = self.text()[: self.cursorPosition()], self.text()[self.cursorPosition() :]
        self.composed.emit(before + event.preeditString() + after)


class SearchPopup(QFrame):
    """One for the window. Closes by Esc, a click elsewhere, or a choice, and gives the focus back.

    Subclasses give `search`, `take`, `text_of` and `paint_row`.
    """

    dismissed = Signal()

    def __init__(self, parent: QWidget, width: int) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFixedWidth(width)
        self._home = parent
        self._is_open = False
        self._before: QWidget | None = None  # had the focus
        self._away = ClickAway(self, self.close_popup)
        self._line = _Line(self)
        self._line.setFrame(False)
        self._line.setFixedHeight(_LINE_PX)
        self._line.setTextMargins(8, 0, 8, 0)
        self._line.textChanged.connect(self._show_found)
        self._line.composed.connect(self._show_found)
        self._line.installEventFilter(self)
        self._results = _Results(self, self.paint_row)
        self._results.clicked.connect(self._choose)
        self._results.hovered.connect(self._move_to)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addWidget(self._line)
        column.addWidget(self._results)
        self.hide()

    # What a subclass gives.

    def search(self, typed: str) -> tuple[int, str]:
        """Find what fits what was typed. Return how many rows that are, and what to say if there are none."""
        raise NotImplementedError

    def take(self, row: int) -> Callable[[], object] | None:
        """Return what choosing the row does, None if it cannot be chosen."""
        raise NotImplementedError

    def text_of(self, row: int) -> str:
        """Return what the row says."""
        raise NotImplementedError

    def paint_row(self, painter: QPainter, place: QRectF, row: int) -> None:
        """Paint the row; its background is there."""
        raise NotImplementedError

    def point_at(self, row: int) -> None:
        """The bar moved to this row."""

    # Opening and closing.

    def open_in(self, host: QWidget, at: QPoint, placeholder: str, name: str, typed: str = "") -> None:
        """Open in a window of the program.

        Args:
            host: the window: the program's first one or one that a pane floats in.
            at: where in it, as far as there is room.
            placeholder: in the empty line.
            name: of the line, for screen readers.
            typed: what was typed already.
        """
        if self.parentWidget() is not host:
            self.setParent(host)
        if not self._is_open:
            self._before = QApplication.focusWidget()
            self._away.listen(True)
        self._is_open = True
        self._line.setFont(theme.font(theme.LARGE))
        self._line.setPlaceholderText(placeholder)
        self._line.setAccessibleName(name)
        self._line.blockSignals(True)
        self._line.setText(typed)
        self._line.blockSignals(False)
        self._show_found(typed)
        self._place(host, at)
        self.show()
        self.raise_()
        self._line.setFocus()

    def _place(self, host: QWidget, at: QPoint) -> None:
        self.adjustSize()
        room = host.rect().adjusted(4, 4, -4, -4)
        height = _LINE_PX + 2 + ROWS * ROW_PX
        x = max(min(at.x(), room.right() - self.width()), room.left())
        self.move(x, max(min(at.y(), room.bottom() - height), room.top()))

    def close_popup(self) -> None:
        """Close it without a choice."""
        if self._is_open:
            self._end()
            self.dismissed.emit()

    def _end(self) -> None:
        self._is_open = False
        self._away.listen(False)
        before, self._before = self._before, None
        if before is not None and shiboken6.isValid(before) and self._line.hasFocus():
            before.setFocus()  # so that what is chosen goes to the pane that was worked in
        self.hide()
        if self.parentWidget() is not self._home:
            self.setParent(self._home)  # the other window may go, this stays

    # What it does.

    def _show_found(self, typed: str) -> None:
        self._results.show_count(*self.search(typed))
        self.adjustSize()
        self._move_to(0)

    def _move_to(self, row: int) -> None:
        self._results.show_current(row)
        if self._results.count:
            self._results.setAccessibleName(self.text_of(self._results.current))
            self.point_at(self._results.current)
        else:
            self._results.setAccessibleName(self._results.note)

    def _choose(self, row: int) -> None:
        run = self.take(row) if 0 <= row < self._results.count else None
        if run is not None:
            self._end()
            run()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._line and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._on_key(event)
        return super().eventFilter(watched, event)

    def _on_key(self, event: QKeyEvent) -> bool:
        step = {
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_PageUp: -ROWS,
            Qt.Key.Key_PageDown: ROWS,
            Qt.Key.Key_Tab: 1,
            Qt.Key.Key_Backtab: -1,
        }.get(Qt.Key(event.key()))
        if step is not None:
            self._move_to(self._results.current + step)
            return True
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(self._results.current)
            return True
        if event.key() == Qt.Key.Key_Escape:
            self.close_popup()
            return True
        return False

    def hideEvent(self, event: QHideEvent) -> None:
        """Leave a window that goes: it would take this along."""
        if not event.spontaneous():
            self.close_popup()
        super().hideEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colors.raised)
        painter.setPen(theme.colors.accent)
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()
