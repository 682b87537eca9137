"""The way back to the newest bar, over the plot of a chart that shows older ones."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QToolButton, QWidget

from widgets import theme

SIZE = 26
GAP = 8  # to the edges of the plot


class LiveButton(QToolButton):
    """Stands at the lower right of the plot while the newest bar is out of sight."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedSize(SIZE, SIZE)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.hide()
        self._say()

    def place(self, plot: QRectF, *, is_wanted: bool) -> None:
        """Stand in a plot, logical px, or go where nobody wants it or it would hide too much."""
        has_room = plot.width() >= 4 * SIZE and plot.height() >= 3 * SIZE
        self.move(round(plot.right()) - SIZE - GAP, round(plot.bottom()) - SIZE - GAP)
        if self.isHidden() is (is_wanted and has_room):
            self.setVisible(is_wanted and has_room)

    def _say(self) -> None:
        self.setAccessibleName(self.tr("Go to the newest bar"))
        self.setToolTip(self.tr("Go to the newest bar (End)"))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._say()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, color = QPainter(self), theme.colors
        is_hot = self.underMouse() or self.hasFocus()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(color.accent if is_hot else color.border, 1))
        painter.setBrush(color.selection if self.isDown() else color.raised)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.setPen(QPen(color.accent if is_hot else color.muted, 1.6))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        middle = SIZE / 2
        for x in (middle - 5, middle + 1):
            tip = [QPointF(x, middle - 5), QPointF(x + 5, middle), QPointF(x, middle + 5)]
            painter.drawPolyline(QPolygonF(tip))
        painter.end()
