"""Paints the bars of a chart and their volume: all but the last into the layer, the last over it."""

from __future__ import annotations

import math

from PySide6.QtGui import QColor, QPainter

from widgets import theme
from widgets.chart.canvas import Canvas
from widgets.chart.gap_painter import GapPainter
from widgets.chart.model import VOLUME_SHARE, ChartModel
from widgets.plot import candles, chunks
from widgets.plot.primitives import fill_rects


class BarPainter:
    """What is seen of the bars."""

    def __init__(self, model: ChartModel, canvas: Canvas) -> None:
        self.model, self.canvas = model, canvas
        self.gaps = GapPainter(model, canvas)
        self.live_from = 0  # first bar that is not in the layer
        self._volume_colors = (QColor(), QColor())

    def restyle(self) -> None:
        """Take the colours of the theme."""
        color = theme.colors
        self._volume_colors = _over(color.up_bar, color.surface), _over(color.down_bar, color.surface)

    def paint_closed(self, painter: QPainter) -> None:
        """Paint the closed bars, and remember where the live part begins."""
        model = self.model
        self.live_from = max(model.count - 1, 0)
        if not model.count:
            return
        scale, (width, height) = self.canvas.scale, self.canvas.plot
        line, per_volume = self.canvas.line, self._px_per_volume()
        per_column = line / scale.px_per_bar
        if per_column >= 1:
            count = math.ceil(width / line)
            x0 = model.x0
            columns, self.live_from = model.chunks.columns(model.rows, x0, per_column, count)
            columns, flat = self.gaps.split(columns, per_column)
            self.gaps.paint_columns(painter, flat)
            boxes = candles.column_boxes(columns, scale, line, height, per_volume)
        else:
            begin, end = model.shown
            rows = model.timeline.traded(model.rows[begin : min(end, model.count - 1)], begin)
            self.gaps.paint_bars(painter, begin, end)
            boxes = candles.bar_boxes(rows, begin, scale, line, height, per_volume)
        self._fill(painter, boxes)

    def _px_per_volume(self) -> float:
        return self.canvas.plot[1] * VOLUME_SHARE / self.model.volume_top

    def _fill(self, painter: QPainter, boxes: candles.Boxes) -> None:
        color, (up, down) = theme.colors, self._volume_colors
        fill_rects(painter, boxes.volume_up, up)
        fill_rects(painter, boxes.volume_down, down)
        fill_rects(painter, boxes.up, color.up)
        fill_rects(painter, boxes.down, color.down)

    def paint_last(self, painter: QPainter) -> None:
        """Paint the bars that are not in the layer: the last, or all that share columns with it."""
        model, scale, (width, height) = self.model, self.canvas.scale, self.canvas.plot
        if not model.x0 - 1 <= model.count - 1 <= model.x1 + 1:
            return
        line, per_volume = self.canvas.line, self._px_per_volume()
        per_column = line / scale.px_per_bar
        if per_column >= 1:
            columns = chunks.tail(model.rows, self.live_from, model.x0, per_column, math.ceil(width / line))
            columns, flat = self.gaps.split(columns, per_column)
            self.gaps.paint_columns(painter, flat)
            bars = candles.column_bars(columns, scale, line, height, per_volume)
        else:
            bars = [candles.bar_box(model.rows[-1], model.count - 1, scale, line, height, per_volume)]
        for bar in bars:
            color = theme.colors.up if bar.is_up else theme.colors.down
            painter.fillRect(*bar.volume, self._volume_colors[not bar.is_up])
            painter.fillRect(*bar.wick, color)
            painter.fillRect(*bar.body, color)


def _over(color: QColor, ground: QColor) -> QColor:
    """Return the opaque colour that a translucent one makes on `ground`: it fills twice as fast."""
    share = color.alphaF()
    mixed = (
        round(share * a + (1 - share) * b)
        for a, b in zip(color.getRgb()[:3], ground.getRgb()[:3], strict=True)  # type: ignore[index]
    )
    return QColor(*mixed)
