"""Shows on a pane what a drop would do there: at an edge a new pane, in the middle a change of this one."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from widgets import theme

EDGE_SHARE = 0.22  # of a side, counts as the edge
EDGE_MOST = 140.0  # px; the edge of a large pane is not a hundred steps wide


def side_at(at: QPointF, size: QSizeF) -> str:
    """Return "left", "right", "top", "bottom" near an edge of a pane of `size`, "middle" elsewhere.

    In a corner the nearer edge wins, in shares of the reach of each.
    """
    reach_x = max(min(size.width() * EDGE_SHARE, EDGE_MOST), 1.0)
    reach_y = max(min(size.height() * EDGE_SHARE, EDGE_MOST), 1.0)
    depths = {
        "left": at.x() / reach_x,
        "right": (size.width() - at.x()) / reach_x,
        "top": at.y() / reach_y,
        "bottom": (size.height() - at.y()) / reach_y,
    }
    side = min(depths, key=lambda s: depths[s])
    return side if depths[side] < 1.0 else "middle"


class DropPreview(QWidget):
    """Covers its parent while something is dragged over it; lets every event through."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.side = ""
        self.text = ""
        self.hide()

    def show_side(self, side: str, text: str) -> None:
        """Show where the drop would go; `text` says what it would do."""
        host = self.parentWidget()
        if host is None:
            return
        if (side, text) != (self.side, self.text) or not self.isVisible() or self.size() != host.size():
            self.side, self.text = side, text
            self.setGeometry(host.rect())
            self.raise_()
            self.show()
            self.update()

    def target(self) -> QRectF:
        """Return the place that the dropped thing would take."""
        box = QRectF(self.rect())
        half_x, half_y = box.width() / 2, box.height() / 2
        return {
            "left": box.adjusted(0, 0, -half_x, 0),
            "right": box.adjusted(half_x, 0, 0, 0),
            "top": box.adjusted(0, 0, 0, -half_y),
            "bottom": box.adjusted(0, half_y, 0, 0),
        }.get(self.side, box)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        c = theme.colors
        box = self.target().adjusted(1, 1, -1, -1)
        veil = QColor(c.accent)
        veil.setAlpha(56)
        painter.setPen(c.accent)
        painter.setBrush(veil)
        painter.drawRoundedRect(box, 4, 4)
        font = theme.font(theme.TEXT, "semibold")
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        text = metrics.elidedText(self.text, Qt.TextElideMode.ElideRight, max(box.width() - 24, 0.0))
        if text:
            card = QRectF(0, 0, metrics.horizontalAdvance(text) + 20, theme.HEADER_HEIGHT)
            # Not in the middle: there the pointer holds what is dragged.
            card.moveCenter(QPointF(box.center().x(), box.y() + min(box.height() / 4, 64.0)))
            painter.setBrush(c.raised)
            painter.drawRoundedRect(card, 4, 4)
            painter.setPen(c.text)
            painter.drawText(card, Qt.AlignmentFlag.AlignCenter, text)
        painter.end()
