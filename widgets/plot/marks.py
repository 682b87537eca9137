"""Small marks on a chart, ready to be drawn: a triangle that points up or down, a dot."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap, QPolygonF

MARK_PX = 13  # width and height, logical px, with the ring


@lru_cache(64)
def mark(side: int, size: int, fill: int, ring: int) -> QPixmap:
    """Return the picture of a mark.

    Args:
        side: 1 points up, -1 down, 0 is a dot.
        size: px.
        fill: opaque colour, as `QColor.rgb` gives it.
        ring: the same, around it, so that it stands out from what is below.
    """
    made = QPixmap(size, size)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor.fromRgb(ring), max(size / 8.0, 1.0)))
    painter.setBrush(QColor.fromRgb(fill))
    inset = size / 10.0 + 0.5
    box = QRectF(inset, inset, size - 2 * inset, size - 2 * inset)
    if side:
        tip, base = (box.top(), box.bottom()) if side > 0 else (box.bottom(), box.top())
        corners = [QPointF(box.center().x(), tip), QPointF(box.right(), base), QPointF(box.left(), base)]
        painter.drawPolygon(QPolygonF(corners))
    else:
        painter.drawEllipse(box.adjusted(inset, inset, -inset, -inset))
    painter.end()
    return made


def top_left(side: int, size: int, x: int, y: int) -> tuple[int, int]:
    """Return where to draw a mark of the point (x, y): a triangle touches it with its tip, a dot is centred."""
    return x - size // 2, y if side > 0 else y - size if side < 0 else y - size // 2
