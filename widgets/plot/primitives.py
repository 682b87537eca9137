"""Draw many rectangles from an array in one call.

The only file that hands Qt a bare address: PySide has no public way to give it an array.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import shiboken6
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPixmap

F64 = NDArray[np.float64]
I32 = NDArray[np.int32]
U32 = NDArray[np.uint32]

_room: I32 = np.empty((1024, 4), np.int32)  # a QRect is left, top, right, bottom: the last pixel, not the one after


def fill_rects(painter: QPainter, boxes: F64 | I32, color: QColor) -> None:
    """Fill boxes of whole pixels with one colour; Qt's path for integers is twice as fast as the one for floats.

    Args:
        boxes: [n, 4], x y width height, whole numbers; one without width or height is not drawn.
    """
    global _room  # noqa: PLW0603 - one buffer: only the GUI thread paints
    n = len(boxes)
    if not n:
        return
    if n > len(_room):
        _room = np.empty((2 * n, 4), np.int32)
    corners = _room[:n]
    corners[:, :2] = boxes[:, :2]
    np.add(boxes[:, :2], boxes[:, 2:] - 1, out=corners[:, 2:], casting="unsafe")
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.drawRects(shiboken6.wrapInstance(corners.ctypes.data, QRect), n)  # type: ignore[call-overload]


def draw_lines(painter: QPainter, segments: F64, pen: QPen) -> None:
    """Draw lines between points, smooth. Thin ones are a tenth of the cost of wide ones, and of a joined path.

    Args:
        segments: float64[n, 4], x y x y, px; no nan, and no more than some thousand px outside.
    """
    if not len(segments):
        return
    corners = np.ascontiguousarray(segments)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(pen)
    painter.drawLines(shiboken6.wrapInstance(corners.ctypes.data, QLineF), len(corners))  # type: ignore[call-overload]
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)


def fill_below(painter: QPainter, left: int, tops: I32, ramp: U32) -> None:
    """Fill columns of one pixel each from `tops` down, in a colour a row.

    As one picture: Qt blends upright slivers thirty times as slowly.

    Args:
        left: x of the first column.
        tops: int32[n], y of each.
        ramp: uint32[height], premultiplied ARGB of each row from y = 0 on; nothing is filled below.
    """
    if not len(tops):
        return
    first = min(max(int(tops.min()), 0), len(ramp))
    rows = np.arange(first, len(ramp), dtype=np.int32)
    pixels = np.where(rows[:, None] >= tops, ramp[first:, None], np.uint32(0))
    height, width = pixels.shape
    if height:
        image = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied)
        painter.drawImage(left, first, image)


@lru_cache(16)
def fading(height: int, rgb: int, above: float, below: float) -> U32:
    """Return a colour that fades from the top row of so many to the last, as `fill_below` wants it.

    Args:
        rgb: as QColor gives it.
        above, below: share of the colour at both ends, 0..1.
    """
    color = QColor.fromRgb(rgb)
    alpha = np.linspace(above, below, height)
    made = np.zeros(height, np.uint32)
    for value, shift in ((255, 24), (color.red(), 16), (color.green(), 8), (color.blue(), 0)):
        made |= np.rint(alpha * value).astype(np.uint32) << np.uint32(shift)
    return made


@lru_cache(64)
def dashes(length: int, line: int, rgb: int, *, is_upright: bool = False) -> QPixmap:
    """Return a dashed line ready to be drawn: hundreds of dashes in one copy.

    Args:
        length: px.
        line: its width; a dash is twice as long, and so is a gap.
        rgb: of an opaque colour, as QColor gives it.
    """
    made = QPixmap(*((line, length) if is_upright else (length, line)))
    made.fill(Qt.GlobalColor.transparent)
    dash = 2 * line
    boxes = np.zeros((-(-length // (2 * dash)), 4))
    along = 1 if is_upright else 0
    boxes[:, along] = np.arange(0, length, 2 * dash)
    boxes[:, along + 2], boxes[:, 3 - along] = dash, line
    painter = QPainter(made)
    fill_rects(painter, boxes, QColor.fromRgb(rgb))
    painter.end()
    return made


@lru_cache(16)
def hatching(size: int, line: int, rgb: int) -> QPixmap:
    """Return a tile of slanted lines: a tenth of the cost of a brush that has them.

    Args:
        size: px from one line to the next, along a row.
        line: width of a line, along a row.
        rgb: of an opaque colour, as QColor gives it.
    """
    made = QPixmap(size, size)
    made.fill(Qt.GlobalColor.transparent)
    boxes = np.empty((size, 4))
    boxes[:, 1], boxes[:, 2], boxes[:, 3] = np.arange(size), line, 1
    boxes[:, 0] = size - 1 - np.arange(size)
    painter = QPainter(made)
    fill_rects(painter, boxes, QColor.fromRgb(rgb))
    painter.end()
    return made
