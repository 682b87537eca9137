"""Paints the lines of other markets over the bars, as high as they would be had they begun at the chart's own price.

So they are right on every scale of prices, and percent are what the axis says of them.
"""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtGui import QColor, QPainter, QPen

from widgets.chart.canvas import Canvas
from widgets.chart.model import ChartModel
from widgets.plot import polyline
from widgets.plot.primitives import draw_lines

_WIDE_PX = 1.5  # width of a line where bars are wide enough for it, in thin lines
_FAR = 2e4  # px; what lies further outside is cut before Qt sees it


class ComparePainter:
    """What is seen of `model.compares`."""

    def __init__(self, model: ChartModel, canvas: Canvas) -> None:
        self.model, self.canvas = model, canvas

    def _group(self) -> int:
        return polyline.group(self.canvas.line / self.canvas.scale.px_per_bar)

    def _begin(self, live_from: int) -> int:
        """Return the bar from which a line that is not in the layer comes."""
        size = self._group()
        return max(live_from - live_from % size - size, 0)

    @property
    def _end(self) -> int:
        """The bar before which lines end: behind the last, or a whole group beyond the edge."""
        return min(self.model.count, math.ceil(self.model.x1) + 2 * self._group())

    def live_left(self, live_from: int) -> float:
        """Return where lines begin to move with the last bar, device px; inf where there are none."""
        if not self.model.compares:
            return math.inf
        return self.canvas.scale.x(self._begin(live_from)) - 2 * self.canvas.line

    def paint_closed(self, painter: QPainter, live_from: int) -> None:
        """Paint what is in the layer."""
        size = self._group()
        end = live_from - live_from % size
        self._paint(painter, math.floor(self.model.x0) - size, min(end, self._end))

    def paint_live(self, painter: QPainter, live_from: int) -> None:
        """Paint the lines as far as they are not in the layer."""
        self._paint(painter, self._begin(live_from), self._end)

    def _paint(self, painter: QPainter, begin: int, end: int) -> None:
        model, scale, line, size = self.model, self.canvas.scale, self.canvas.line, self._group()
        shown, base = model.shown, model.base
        width = _WIDE_PX * line if scale.px_per_bar >= 2 * line else line
        for one in model.compares:
            points = polyline.points(one.values, begin, end, size)
            factor = base / one.base(*shown)
            if len(points.x) and math.isfinite(factor):
                x = (points.x - scale.x0) * scale.px_per_bar
                y = np.clip(scale.ys(points.y * factor), -_FAR, _FAR)
                draw_lines(painter, polyline.segments(x, y), QPen(QColor(one.color), width))
