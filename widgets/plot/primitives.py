"""Draw many rectangles or lines from an array in one call.

The only file that touches pyqtgraph's internal PrimitiveArray: PySide has no public way to hand Qt an array.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from pyqtgraph.Qt.internals import PrimitiveArray
from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

F64 = NDArray[np.float64]

_rects = PrimitiveArray(QRectF, 4)
_lines = PrimitiveArray(QLineF, 4)


def fill_rects(painter: QPainter, boxes: F64, color: QColor) -> None:
    """Fill boxes with one colour. Whole numbers fill whole pixels: antialiasing must be off.

    Args:
        boxes: float64[n, 4], x y width height.
    """
    if len(boxes):
        _rects.resize(len(boxes))
        _rects.ndarray()[:] = boxes
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawRects(*_rects.drawargs())


def draw_lines(painter: QPainter, lines: F64) -> None:
    """Draw lines with the painter's pen.

    Args:
        lines: float64[n, 4], x1 y1 x2 y2.
    """
    if len(lines):
        _lines.resize(len(lines))
        _lines.ndarray()[:] = lines
        painter.drawLines(*_lines.drawargs())
