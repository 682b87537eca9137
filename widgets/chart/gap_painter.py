"""Paints what is between the bars of a chart where nothing was traded: flat bars, and where time is cut short."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QPainter, QPen

from widgets import theme
from widgets.chart.canvas import Canvas
from widgets.chart.model import ChartModel
from widgets.plot import candles
from widgets.plot.chunks import Columns
from widgets.plot.primitives import dashes, draw_lines, fill_rects

F64 = NDArray[np.float64]

CUT_PX = 4  # half the width and height of the strokes that mark a cut, logical


class GapPainter:
    """What is seen of windows without trades."""

    def __init__(self, model: ChartModel, canvas: Canvas) -> None:
        self.model, self.canvas = model, canvas

    def paint_columns(self, painter: QPainter, columns: Columns, per_column: float) -> Columns:
        """Paint the price that held in columns where nothing was traded; return the others."""
        timeline = self.model.timeline
        if timeline.gaps == "out":
            return columns
        has_trades = timeline.has_trades(columns.x, self.model.x0, per_column)
        if timeline.gaps == "flat":
            flat, line = _pick(columns, ~has_trades), self.canvas.line
            self._fill(painter, flat.x * line, line, flat.close)
        return _pick(columns, has_trades)

    def paint_bars(self, painter: QPainter, begin: int, end: int) -> None:
        """Paint flat bars at the places of [begin, end) without a trade."""
        timeline, scale, line = self.model.timeline, self.canvas.scale, self.canvas.line
        places = timeline.filled(begin, end) if timeline.gaps == "flat" else np.empty(0, np.int64)
        if not len(places):
            return
        width = candles.body_width(scale.px_per_bar, line)
        left = np.floor((places - scale.x0) * scale.px_per_bar - line / 2 + 0.5) - (width - line) // 2
        self._fill(painter, left, width, timeline.rows[places, 3])

    def _fill(self, painter: QPainter, left: F64 | NDArray[np.int64], width: int, prices: F64) -> None:
        """Paint a thin line at each price: there are as many prices as gaps in view, not as many as places."""
        each, which = np.unique(prices, return_inverse=True)
        far = 2.0 * self.canvas.plot[1]
        tops = np.array([min(max(self.canvas.scale.y(p), -far), far) for p in each.tolist()])
        boxes = np.empty((len(prices), 4))
        boxes[:, 0], boxes[:, 1], boxes[:, 2], boxes[:, 3] = left, np.rint(tops)[which], width, self.canvas.line
        fill_rects(painter, boxes, theme.colors.faint)

    def paint_cuts(self, painter: QPainter) -> None:
        """Mark where more windows without trades are left out than are shown: across the plot and on the time axis."""
        model, canvas, cuts = self.model, self.canvas, self.model.timeline.cuts
        (width, height), line, size = canvas.plot, canvas.line, canvas.px(CUT_PX)
        shown = cuts[np.searchsorted(cuts, model.x0) : np.searchsorted(cuts, model.x1, side="right")]
        if not len(shown):
            return
        columns = np.unique(np.rint((shown - model.x0) * canvas.scale.px_per_bar).astype(np.int64))
        columns = columns[(columns >= 0) & (columns < width)]
        picture = dashes(height, line, theme.colors.faint.rgb(), is_upright=True)
        for x in columns.tolist():
            painter.drawPixmap(x, 0, picture)
        strokes = np.repeat(columns.astype(np.float64), 2)[:, None] + np.tile(
            [[-size, 0.0], [0.0, size]], (len(columns), 1)
        )
        segments = np.empty((len(strokes), 4))
        segments[:, 0], segments[:, 2] = strokes[:, 0], strokes[:, 1]
        segments[:, 1], segments[:, 3] = canvas.bottom + size, canvas.bottom - size
        draw_lines(painter, segments, QPen(theme.colors.text, line))


def _pick(columns: Columns, which: NDArray[np.bool_]) -> Columns:
    return Columns._make(part[which] for part in columns)
