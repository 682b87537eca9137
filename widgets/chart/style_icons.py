"""Small pictures of the styles in which bars can be painted, in the ink of a text."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap, QPolygonF

from widgets.plot.bar_styles import Style

SIZE = 16  # logical px
_LINE = ((1.5, 11.5), (5.5, 7.0), (8.5, 9.5), (14.5, 3.5))


@lru_cache(64)
def icon(style: Style, rgb: int) -> QIcon:
    """Return the picture of a style; `rgb` as QColor gives it."""
    made = QIcon()
    for dpr in (1, 2):
        pixmap = QPixmap(SIZE * dpr, SIZE * dpr)
        pixmap.setDevicePixelRatio(dpr)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        _paint(painter, style, QColor.fromRgb(rgb))
        painter.end()
        made.addPixmap(pixmap)
    return made


def _paint(painter: QPainter, style: Style, ink: QColor) -> None:
    if style in ("line", "area"):
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line = [QPointF(x, y) for x, y in _LINE]
        if style == "area":
            ground = QColor(ink)
            ground.setAlphaF(0.35)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ground)
            painter.drawPolygon(QPolygonF([*line, QPointF(14.5, 14), QPointF(1.5, 14)]))
        painter.setPen(QPen(ink, 1.4))
        painter.drawPolyline(QPolygonF(line))
        return
    if style == "bars":
        for x, top, bottom, opening, close in ((4, 3, 13, 11, 5), (11, 1, 12, 4, 9)):
            painter.fillRect(QRectF(x, top, 1, bottom - top), ink)
            painter.fillRect(QRectF(x - 2, opening, 2, 1), ink)
            painter.fillRect(QRectF(x + 1, close, 2, 1), ink)
        return
    for x, top, upper, lower, bottom in ((4, 4, 6, 12, 14), (11, 1, 4, 9, 11)):
        painter.fillRect(QRectF(x, top, 1, upper - top), ink)
        painter.fillRect(QRectF(x, lower, 1, bottom - lower), ink)
        body = QRectF(x - 2, upper, 5, lower - upper)
        if style == "hollow" or (style == "heikin" and x > 8):
            painter.setPen(ink)
            painter.drawRect(body.adjusted(0.5, 0.5, -0.5, -0.5))
        else:
            painter.fillRect(body, ink)
