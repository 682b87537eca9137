"""The line on a chart in which the text of a drawing is typed."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from core.state.drawings import LONGEST_TEXT
from widgets import theme
from widgets.chart.drawings_painter import PAD_PX, TEXT_PX

_LEAST_PX = 80


class DrawingLine(QLineEdit):
    """Stands where the text will: Enter or a click elsewhere keeps it, Esc leaves it as it was."""

    ended = Signal(object)  # the text, None: as it was

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._is_open = False
        self.setFrame(False)
        self.setMaxLength(LONGEST_TEXT)
        self.textChanged.connect(self._fit)
        self.returnPressed.connect(lambda: self._end(self.text()))
        self.hide()

    def open_at(self, place: QPoint, text: str, color: QColor) -> None:
        """Take a text, with the upper left corner at a point of the parent."""
        self._is_open = True
        self.setFont(theme.font(TEXT_PX))
        self.setAccessibleName(self.tr("Text on the chart"))
        self.setPlaceholderText(self.tr("Text"))
        border = theme.colors.accent.name()
        self.setStyleSheet(
            f"DrawingLine {{ background: {theme.colors.raised.name()}; color: {color.name()};"
            f" border: 1px solid {border}; padding: 0 {PAD_PX - 1}px; }}"
        )
        self.setText(text)
        self.selectAll()
        parent = self.parentWidget()
        room = (parent.width() - _LEAST_PX, parent.height() - self.sizeHint().height()) if parent else (0, 0)
        self.move(min(max(place.x(), 0), max(room[0], 0)), min(max(place.y(), 0), max(room[1], 0)))
        self._fit()
        self.show()
        self.setFocus()

    def _fit(self) -> None:
        metrics, parent = QFontMetrics(self.font()), self.parentWidget()
        wanted = max(metrics.horizontalAdvance(self.text()) + 2 * PAD_PX + 12, _LEAST_PX)
        self.resize(min(wanted, parent.width() - self.x()) if parent else wanted, metrics.height() + PAD_PX + 2)

    def _end(self, text: str | None) -> None:
        if self._is_open:
            self._is_open = False
            had_focus, parent = self.hasFocus(), self.parentWidget()
            self.hide()
            self.ended.emit(text)
            if had_focus and parent is not None:
                parent.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._end(None)
        else:
            super().keyPressEvent(event)
        event.accept()  # none of it is for the pane

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self._end(self.text())
