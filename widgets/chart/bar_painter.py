"""Paints the bars of a chart and their volume: all but the last into the layer, the last over it."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QPainter, QPen

from widgets import theme
from widgets.chart.canvas import Canvas
from widgets.chart.gap_painter import GapPainter
from widgets.chart.model import VOLUME_SHARE, ChartModel
from widgets.plot import bar_styles, candles, polyline
from widgets.plot.chunks import Columns
from widgets.plot.primitives import draw_lines, fading, fill_below, fill_rects

F64 = NDArray[np.float64]

_LINE_PX = 1.5  # width of the line through the closes, in thin lines
_FADE = (0.30, 0.03)  # share of the colour below the line of an area, at the top and the bottom of the plot
_NO_BOXES = np.empty((0, 4))
_FAR = 2e4  # px; lines further outside are cut before Qt sees them


class BarPainter:
    """What is seen of the bars, in the style that the model has."""

    def __init__(self, model: ChartModel, canvas: Canvas) -> None:
        self.model, self.canvas = model, canvas
        self.gaps = GapPainter(model, canvas)
        self.live_from = 0  # first bar that is not in the layer
        self._volume_colors = (QColor(), QColor())
        self._unknown_color = QColor()  # of volume that is not known to be bought or sold
        self._line_end = math.nan  # pixel where a line of columns ends in the layer

    @property
    def live_begin(self) -> int:
        """First bar at which something moves with the last one: a line comes from the bar before."""
        return max(self.live_from - 1, 0) if self.model.is_line else self.live_from

    def restyle(self) -> None:
        """Take the colours of the theme."""
        color = theme.colors
        self._volume_colors = _over(color.up_bar, color.surface), _over(color.down_bar, color.surface)
        self._unknown_color = QColor(color.border)

    def paint_closed(self, painter: QPainter) -> None:
        """Paint the closed bars, and remember where the live part begins."""
        model = self.model
        self.live_from = max(model.count - 1, 0)
        self._line_end = math.nan
        if not model.count:
            return
        scale, line = self.canvas.scale, self.canvas.line
        per_column = line / scale.px_per_bar
        if per_column >= 1:
            count = math.ceil(self.canvas.plot[0] / line)
            columns, self.live_from = model.chunks.columns(model.drawn, model.x0, per_column, count)
            if model.is_line:
                self._line_end = self._paint_column_line(painter, columns, math.nan)
            else:
                columns = self.gaps.paint_columns(painter, columns, per_column)
                boxes = candles.column_boxes(columns, scale, line, *self._volume_scale)
                if model.has_sides:
                    self._paint_column_sides(painter, columns)
                    boxes = boxes._replace(volume_up=_NO_BOXES, volume_down=_NO_BOXES)
                self._fill(painter, boxes)
            return
        begin, end = model.shown
        if model.is_line:
            end = min(end, self.live_from)
            self._paint_line(painter, begin, end, max(begin - 1, 0), min(end + 1, self.live_from))
            return
        self.gaps.paint_bars(painter, begin, end)
        self._paint_bars(painter, begin, max(min(end, self.live_from), begin))

    @property
    def _volume_scale(self) -> tuple[int, float]:
        """The y on which volume stands, and px per volume."""
        height = self.canvas.plot[1]
        return height, height * VOLUME_SHARE / self.model.volume_top

    def _paint_bars(self, painter: QPainter, begin: int, end: int) -> None:
        """Paint the bars [begin, end), one each, and their volume."""
        boxes = self._boxes(begin, end)
        if self.model.has_sides:
            self._paint_sides(painter, begin, end)
            boxes = boxes._replace(volume_up=_NO_BOXES, volume_down=_NO_BOXES)
        self._fill(painter, boxes)

    def _paint_sides(self, painter: QPainter, begin: int, end: int) -> None:
        """Paint volume as what was bought and what was sold; grey where that is not known."""
        model, scale, line = self.model, self.canvas.scale, self.canvas.line
        rows, sides = model.rows[begin:end], model.sides(begin, end)
        self._fill_sides(painter, bar_styles.side_boxes(rows, sides, begin, scale, line, *self._volume_scale))

    def _paint_column_sides(self, painter: QPainter, columns: Columns) -> None:
        """Do the same for columns of many bars: as high as the largest of them, split as all of them are."""
        line, sides = self.canvas.line, self.model.column_sides(columns.begin, columns.end)
        left = columns.x.astype(np.float64) * line
        self._fill_sides(painter, bar_styles.split_volume(left, line, columns.volume, sides, *self._volume_scale))

    def _fill_sides(self, painter: QPainter, boxes: tuple[F64, F64, F64]) -> None:
        bought, sold, unknown = boxes
        self._fill_volume(painter, bought, sold)
        fill_rects(painter, unknown, self._unknown_color)

    def _boxes(self, begin: int, end: int) -> candles.Boxes:
        """Return the boxes of the bars [begin, end), one each."""
        rows, scale, line = self.model.drawn, self.canvas.scale, self.canvas.line
        places = self.model.timeline.traded(begin, end)
        part = rows[places]
        match self.model.style:
            case "hollow":
                before = rows[np.maximum(places - 1, 0), 3]
                if not begin:
                    before[:1] = rows[:1, 0]
                return bar_styles.hollow_boxes(part, before, places, scale, line, *self._volume_scale)
            case "bars":
                return bar_styles.ohlc_boxes(part, places, scale, line, *self._volume_scale)
            case _:
                return candles.bar_boxes(part, places, scale, line, *self._volume_scale)

    def _fill(self, painter: QPainter, boxes: candles.Boxes) -> None:
        self._fill_volume(painter, boxes.volume_up, boxes.volume_down)
        fill_rects(painter, boxes.up, theme.colors.up)
        fill_rects(painter, boxes.down, theme.colors.down)

    def _fill_volume(self, painter: QPainter, rising: F64, falling: F64) -> None:
        fill_rects(painter, rising, self._volume_colors[0])
        fill_rects(painter, falling, self._volume_colors[1])

    def paint_last(self, painter: QPainter) -> None:
        """Paint the bars that are not in the layer: the last, or all that share columns with it."""
        model, scale, line = self.model, self.canvas.scale, self.canvas.line
        last = model.count - 1
        if not model.x0 - 1 <= last <= model.x1 + 1:
            return
        per_column = line / scale.px_per_bar
        if per_column >= 1:
            count = math.ceil(self.canvas.plot[0] / line)
            columns = model.chunks.tail(model.drawn, self.live_from, model.x0, per_column, count)
            if model.is_line:
                before = float(model.rows[self.live_from - 1, 3]) if self.live_from else math.nan
                self._paint_column_line(painter, columns, before)
                return
            columns = self.gaps.paint_columns(painter, columns, per_column)
            if model.has_sides:
                self._paint_column_sides(painter, columns)
            bars = candles.column_bars(columns, scale, line, *self._volume_scale)
        elif model.is_line:
            self._paint_line(painter, last, last + 1, self.live_begin, last + 1)
            return
        elif model.style in ("hollow", "bars") or model.has_sides:
            self._paint_bars(painter, last, last + 1)
            return
        else:
            bars = [candles.bar_box(model.drawn[-1], last, scale, line, *self._volume_scale)]
        for bar in bars:
            color = theme.colors.up if bar.is_up else theme.colors.down
            if not model.has_sides:
                painter.fillRect(*bar.volume, self._volume_colors[not bar.is_up])
            painter.fillRect(*bar.wick, color)
            painter.fillRect(*bar.body, color)

    # Lines through the closes.

    def _paint_line(self, painter: QPainter, begin: int, end: int, first: int, stop: int) -> None:
        """Paint the volume of the bars [begin, end), and the line through the closes of the bars [first, stop)."""
        model, scale, line, (width, height) = self.model, self.canvas.scale, self.canvas.line, self.canvas.plot
        x = (np.arange(first, stop, dtype=np.float64) - scale.x0) * scale.px_per_bar
        y = np.clip(scale.ys(model.rows[first:stop, 3]), -_FAR, _FAR)
        if model.timeline.gaps == "empty":  # room without a line
            y[model.timeline.filled(first, stop) - first] = math.nan
        if model.count == 1 and len(x):  # a line needs two
            x, y = np.array([x[0] - 2 * line, x[0] + 2 * line]), np.repeat(y, 2)
        color = theme.colors.accent
        if model.style == "area" and len(x):  # below the volume, whose colours say something
            # Each pixel belongs to one of both parts: blended twice it would be darker.
            left, right = (min(max(math.ceil(at - 0.5), 0), width) for at in (x[0], x[-1]))
            fill_below(painter, left, bar_styles.line_tops(x, y, left, right), fading(height, color.rgb(), *_FADE))
        end = max(end, begin)
        if model.has_sides:
            self._paint_sides(painter, begin, end)
        else:
            rows = model.rows[begin:end]
            volumes = bar_styles.bare_volume(rows, begin, scale, line, *self._volume_scale)
            self._fill_volume(painter, *volumes)
        draw_lines(painter, polyline.segments(x, y), QPen(color, _LINE_PX * line))

    def _paint_column_line(self, painter: QPainter, columns: Columns, before: float) -> float:
        """Paint columns of closes as a line that goes on from the close `before`. Return the pixel where it ends."""
        scale, line, height = self.canvas.scale, self.canvas.line, self.canvas.plot[1]
        floor, per_volume = self._volume_scale
        if self.model.timeline.gaps == "empty":
            columns = self.gaps.paint_columns(painter, columns, line / scale.px_per_bar)
        boxes = bar_styles.column_line(columns, before, self._line_end, scale, line)
        if not len(boxes):
            return self._line_end
        color, is_up, left = theme.colors.accent, columns.close >= columns.open, columns.x.astype(np.float64) * line
        if self.model.style == "area":  # below the volume, whose colours say something
            fill_below(painter, *bar_styles.box_tops(boxes), fading(height, color.rgb(), *_FADE))
        if self.model.has_sides:
            self._paint_column_sides(painter, columns)
        else:
            self._fill_volume(painter, *candles.volume_boxes(left, line, columns.volume, is_up, floor, per_volume))
        fill_rects(painter, boxes, color)
        return float(boxes[-1, 0] + boxes[-1, 2])


def _over(color: QColor, ground: QColor) -> QColor:
    """Return the opaque colour that a translucent one makes on `ground`: it fills twice as fast."""
    share = color.alphaF()
    mixed = (
        round(share * a + (1 - share) * b)
        for a, b in zip(color.getRgb()[:3], ground.getRgb()[:3], strict=True)  # type: ignore[index]
    )
    return QColor(*mixed)
