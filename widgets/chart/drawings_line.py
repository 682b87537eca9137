"""The line on a chart in which the text of a drawing is typed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QFocusEvent, QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from core.state.drawings import LONGEST_TEXT
from widgets import theme
from widgets.chart.drawings_painter import PAD_PX, TEXT_PX

_LEAST_PX = 80


class DrawingLine(QLineEdit):
    """Stands where the text will: Enter or a click elsewhere keeps it, Esc leaves it as it was."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._on_end: Callable[[str | None], object] | None = None  # while it is open
        self.setFrame(False)
        self.setMaxLength(LONGEST_TEXT)
        self.textChanged.connect(self._fit)
        self.returnPressed.connect(self.finish)
        self.hide()

    def open_at(self, place: QPoint, text: str, color: QColor, on_end: Callable[[str | None], object]) -> None:
        """Take a text; what was being typed is kept.

        Args:
            place: of the upper left corner, in the parent.
            on_end: called with the text, or with None where it is to stay as it was.
        """
        self.finish()
        self._on_end = on_end
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

    def finish(self) -> None:
        """Keep what was typed so far."""
        self._end(self.text())

    def _end(self, text: str | None) -> None:
        on_end, self._on_end = self._on_end, None
        if on_end is not None:
            had_focus, parent = self.hasFocus(), self.parentWidget()
            self.hide()
            on_end(text)
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
            self.finish()
