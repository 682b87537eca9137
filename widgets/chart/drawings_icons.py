"""Small pictures of the tools that draw, in the ink of a text."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPen, QPixmap

from core.state.drawings import Kind

SIZE = 16  # logical px
_IN_MENU = 12.5

Picture = Kind | Literal["draw", "magnet", "eye", "bin"]

# Lines and dots of each picture, in a square of SIZE.
_LINES: dict[Picture, tuple[tuple[float, float, float, float], ...]] = {
    "trend": ((3.5, 12.5, 12.5, 3.5),),
    "ray": ((3.5, 12.5, 15.5, 2.0),),
    "horizontal": ((0.5, 8, 15.5, 8),),
    "rectangle": ((2.5, 4, 13.5, 4), (13.5, 4, 13.5, 12), (13.5, 12, 2.5, 12), (2.5, 12, 2.5, 4)),
    "fibonacci": ((1, 2.5, 15, 2.5), (1, 6.5, 15, 6.5), (1, 10, 15, 10), (1, 13.5, 15, 13.5)),
    "measure": ((4, 2, 4, 14), (2, 4, 4, 2), (6, 4, 4, 2), (4, 12, 14, 12), (12, 10, 14, 12), (12, 14, 14, 12)),
    "text": ((3, 3, 13, 3), (8, 3, 8, 13.5), (3, 3, 3, 5), (13, 3, 13, 5)),
    "draw": ((2.5, 13.5, 3.5, 10), (3.5, 10, 11, 2.5), (11, 2.5, 13.5, 5), (13.5, 5, 6, 12.5), (6, 12.5, 2.5, 13.5)),
    "magnet": ((2.5, 2.5, 5.5, 2.5), (10.5, 2.5, 13.5, 2.5), (2.5, 5, 5.5, 5), (10.5, 5, 13.5, 5)),
    "bin": (
        (2.5, 4, 13.5, 4),
        (6, 2, 10, 2),
        (4, 4, 4.7, 14),
        (12, 4, 11.3, 14),
        (4.7, 14, 11.3, 14),
        (8, 6.5, 8, 11.5),
    ),
    "eye": (),
}
_DOTS: dict[Picture, tuple[tuple[float, float], ...]] = {
    "trend": ((3.5, 12.5), (12.5, 3.5)),
    "ray": ((3.5, 12.5), (9, 7.7)),
    "horizontal": ((8, 8),),
    "rectangle": ((2.5, 4), (13.5, 12)),
    "eye": ((8, 8),),
}


@lru_cache(128)
def icon(picture: Picture, rgb: int, *, is_in_menu: bool = False) -> QIcon:
    """Return a picture; `rgb` as QColor gives it. It is smaller in a menu, which leaves nothing free to the left."""
    made = QIcon()
    for dpr in (1, 2):
        pixmap = QPixmap(SIZE * dpr, SIZE * dpr)
        pixmap.setDevicePixelRatio(dpr)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if is_in_menu:
            painter.translate(SIZE - _IN_MENU, (SIZE - _IN_MENU) / 2)
            painter.scale(_IN_MENU / SIZE, _IN_MENU / SIZE)
        _paint(painter, picture, QColor.fromRgb(rgb))
        painter.end()
        made.addPixmap(pixmap)
    return made


def _paint(painter: QPainter, picture: Picture, ink: QColor) -> None:
    painter.setPen(QPen(ink, 1.3))
    for x1, y1, x2, y2 in _LINES[picture]:
        painter.drawLine(QPointF(x1, y1), QPointF(x2, y2))
    path = QPainterPath()
    if picture == "magnet":
        for left, top, right in ((2.5, 9.0, 13.5), (5.5, 9.0, 10.5)):
            path.moveTo(left, 2.5)
            path.lineTo(left, top)
            path.arcTo(QRectF(left, top - (right - left) / 2, right - left, right - left), 180, 180)
            path.lineTo(right, 2.5)
    elif picture == "eye":
        path.moveTo(1, 8)
        path.quadTo(8, 0.5, 15, 8)
        path.quadTo(8, 15.5, 1, 8)
    painter.drawPath(path)
    painter.setBrush(ink)
    painter.setPen(Qt.PenStyle.NoPen)
    for x, y in _DOTS.get(picture, ()):
        painter.drawEllipse(QPointF(x, y), 2.1, 2.1)
