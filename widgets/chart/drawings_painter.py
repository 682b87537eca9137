"""Paints drawings over the bars: into the chart's layer, and what is left out of that over the last bars."""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QRegion

from core.state.drawings import Drawing
from widgets import theme
from widgets.chart import drawings_texts
from widgets.chart.canvas import Box, Canvas
from widgets.chart.drawings import Area, Ground, Segment, Shape, Times, levels, measured
from widgets.chart.model import ChartModel
from widgets.plot import texts

# Logical px.
TEXT_PX, LABEL_PX = 12, 10
PAD_PX = 4
HANDLE_PX = 4.0  # radius
_MARGIN_PX = 8.0  # to which lines go beyond the plot, so that their ends are not seen
_FILL, _BAND = 34, 22  # of 255: how much of the colour fills an area
_GROUND = 190  # and of the surface stands below a label


class _Seen(NamedTuple):
    drawing: Drawing
    shape: Shape


class DrawingsPainter:
    """What is seen of drawings. It decides nothing: others say what there is and what is marked."""

    def __init__(self, model: ChartModel, canvas: Canvas) -> None:
        self.model, self.canvas = model, canvas
        self.all: tuple[Drawing, ...] = ()  # the lowest first
        self.marked: set[int] = set()  # ids of those with handles
        self.selected: int | None = None
        self.writing: int | None = None  # its text is in a line that one types in
        self._left_out: QRect | None = None  # of the layer: what is over it is painted with the last bars
        self._over: list[_Seen] = []  # what reaches into that
        self._ground: Ground | None = None  # as of the layer

    def ground(self) -> Ground | None:
        """Return what drawings stand on, as the chart is now; None without bars."""
        model, canvas = self.model, self.canvas
        if model.series is None or not model.count:
            return None
        times = Times(model.starts[: model.count], model.series.interval.length_ms)
        width, height = canvas.plot
        return Ground(model.market, canvas.scale, times, model.rows, width, height, canvas.dpr, self._room)

    def _room(self, drawing: Drawing) -> tuple[float, float]:
        font, pad = theme.font(TEXT_PX * self.canvas.dpr), self.canvas.px(PAD_PX)
        return math.ceil(texts.width(font, drawing.text)) + 2 * pad, math.ceil(QFontMetricsF(font).height()) + pad

    # Painting.

    def paint_closed(self, painter: QPainter, live: Box | None) -> None:
        """Paint into the layer; what is in `live` is left out, or smooth edges would be painted twice there."""
        self._over, self._left_out = [], None
        self._ground = ground = self.ground() if self.all else None
        if ground is None:
            return
        plot = QRect(0, 0, *self.canvas.plot)
        seen = [_Seen(d, s) for d in self.all if d.id != self.writing and (s := ground.shape(d)) is not None]
        region = QRegion(plot)
        if live is not None:
            self._left_out = QRect(*live).intersected(plot)
            self._over = seen
            region -= self._left_out
        painter.save()
        painter.setClipRegion(region)
        self._paint(painter, ground, seen)
        painter.restore()

    def paint_live(self, painter: QPainter, region: QRegion | None) -> None:
        """Paint what the layer was left without, as far as it is in `region`."""
        if not self._over or self._left_out is None or self._ground is None:
            return
        part = QRegion(self._left_out) if region is None else region.intersected(self._left_out)
        if part.isEmpty():
            return
        painter.save()
        painter.setClipRegion(part)
        self._paint(painter, self._ground, self._over)
        painter.restore()

    def paint_axis(self, painter: QPainter) -> None:
        """Write the prices of levels on the axis, and those of what is selected."""
        ground, height = self._ground, self.canvas.plot[1]
        if ground is None:
            return
        for drawing in self.all:
            if drawing.kind == "horizontal" or drawing.id == self.selected:
                for anchor in drawing.anchors:
                    y = ground.pixels.y(anchor.price)
                    if 0 <= y < height:
                        self.canvas.paint_axis_mark(painter, round(y), anchor.price, ink(drawing))

    def _paint(self, painter: QPainter, ground: Ground, seen: Iterable[_Seen]) -> None:
        for drawing, shape in seen:
            color = ink(drawing)
            match drawing.kind:
                case "rectangle":
                    self._fill(painter, shape.area, color, _FILL)
                    self._lines(painter, ground, shape.lines, color, drawing.width)
                case "fibonacci":
                    self._fibonacci(painter, ground, drawing, shape, color)
                case "measure":
                    self._measure(painter, ground, drawing, shape, color)
                case "text":
                    self._text(painter, drawing, shape, color)
                case _:
                    self._lines(painter, ground, shape.lines, color, drawing.width)
            if drawing.id in self.marked:
                self._handles(painter, drawing, shape, color)

    def _lines(
        self,
        painter: QPainter,
        ground: Ground,
        lines: Iterable[Segment],
        color: QColor,
        width: float,
        dash: bool = False,
    ) -> None:
        """Paint lines: level and upright ones as whole pixels, the others smooth."""
        dpr, thick = self.canvas.dpr, max(round(width * self.canvas.dpr), 1)
        pen = QPen(color, width * dpr)
        if dash:
            pen.setDashPattern([4.0, 3.0])
        for line in lines:
            cut = ground.clipped(line, (_MARGIN_PX + width) * dpr)
            if cut is None:
                continue
            x1, y1, x2, y2 = cut
            if not dash and (round(y1) == round(y2) or round(x1) == round(x2)):
                left, top, right, bottom = (
                    round(min(x1, x2)),
                    round(min(y1, y2)),
                    round(max(x1, x2)),
                    round(max(y1, y2)),
                )
                is_level = round(y1) == round(y2)
                shift = thick // 2
                if is_level:
                    painter.fillRect(left, top - shift, max(right - left, thick), thick, color)
                else:
                    painter.fillRect(left - shift, top, thick, max(bottom - top, thick), color)
                continue
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(pen)
            painter.drawLine(QLineF(x1, y1, x2, y2))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)

    def _fill(self, painter: QPainter, area: Area | None, color: QColor, alpha: int) -> None:
        if area is None:
            return
        x, y, width, height = area
        left, top = max(round(x), -8), max(round(y), -8)
        right, bottom = min(round(x + width), self.canvas.plot[0] + 8), min(round(y + height), self.canvas.plot[1] + 8)
        if left < right and top < bottom:
            painter.fillRect(left, top, right - left, bottom - top, _faded(color, alpha))

    def _fibonacci(self, painter: QPainter, ground: Ground, drawing: Drawing, shape: Shape, color: QColor) -> None:
        rows = [(share, price, ground.pixels.y(price)) for share, price in levels(drawing)]
        rows = [row for row in rows if math.isfinite(row[2])]
        left, _, width, _ = shape.area or (0.0, 0.0, 0.0, 0.0)
        for n, ((_, _, y), (_, _, next_y)) in enumerate(pairwise(rows)):
            if n % 2 == 0:
                self._fill(painter, (left, min(y, next_y), width, abs(next_y - y)), color, _BAND)
        self._lines(painter, ground, shape.lines[-1:], _faded(color, 150), 1, dash=True)
        self._lines(painter, ground, shape.lines[:-1], color, drawing.width)
        font, pad = theme.font(LABEL_PX * self.canvas.dpr), self.canvas.px(PAD_PX)
        painter.setFont(font)
        taken = -math.inf  # where the last label is: what would lie on it is left out
        for share, price, y in sorted(rows, key=lambda row: row[2]):
            text = drawings_texts.level(share, ground.rounded(price), self.model.tick)
            room = math.ceil(texts.width(font, text))
            if not (-pad < y < ground.height + pad and left < ground.width) or y - taken < self.canvas.px(LABEL_PX):
                continue
            taken = y
            x = round(left) - room - pad
            if x < pad:  # no room before the lines
                x = max(round(left), 0) + pad
            self._label(painter, x, round(y), room, text, color)

    def _label(self, painter: QPainter, x: int, y: int, room: int, text: str, color: QColor) -> None:
        """Write beside or on a line, on a ground that keeps it readable over bars."""
        font = theme.font(LABEL_PX * self.canvas.dpr)
        half = self.canvas.px(LABEL_PX * 0.75)
        painter.fillRect(x - 2, y - half, room + 4, 2 * half, _faded(theme.colors.surface, _GROUND))
        painter.setPen(color)
        painter.drawText(QPointF(x, round(y + texts.drop(font))), text)

    def _measure(self, painter: QPainter, ground: Ground, drawing: Drawing, shape: Shape, color: QColor) -> None:
        (x1, y1), (x2, y2) = shape.handles
        self._fill(painter, shape.area, color, _FILL)
        middle, level, tip = (x1 + x2) / 2, (y1 + y2) / 2, self.canvas.px(5)
        arrows: list[Segment] = [(middle, y1, middle, y2), (x1, level, x2, level)]
        if abs(y2 - y1) > 3 * tip:
            back = math.copysign(tip, y2 - y1)
            arrows += [(middle, y2, middle - tip, y2 - back), (middle, y2, middle + tip, y2 - back)]
        if abs(x2 - x1) > 3 * tip:
            back = math.copysign(tip, x2 - x1)
            arrows += [(x2, level, x2 - back, level - tip), (x2, level, x2 - back, level + tip)]
        self._lines(painter, ground, arrows, color, drawing.width)
        font, pad = theme.font(TEXT_PX * self.canvas.dpr), self.canvas.px(PAD_PX)
        lines = drawings_texts.measure(measured(drawing, ground.times), self.model.tick)
        tall = math.ceil(QFontMetricsF(font).height())
        width, height = max(math.ceil(texts.width(font, t)) for t in lines) + 4 * pad, 2 * tall + 2 * pad
        if not (-width < middle < ground.width + width and min(y1, y2) < ground.height and max(y1, y2) > 0):
            return
        left = round(min(max(middle - width / 2, pad), max(ground.width - width - pad, pad)))
        top = round(y2 - height - 2 * pad if y2 <= y1 else y2 + 2 * pad)
        top = min(max(top, pad), max(round(ground.height) - height - pad, pad))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawRoundedRect(QRectF(left, top, width, height), pad, pad)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        painter.setFont(font)
        painter.setPen(theme.colors.surface)
        for n, text in enumerate(lines):
            x = left + (width - texts.width(font, text)) / 2
            painter.drawText(QPointF(round(x), round(top + pad + (n + 0.5) * tall + texts.drop(font))), text)

    def _text(self, painter: QPainter, drawing: Drawing, shape: Shape, color: QColor) -> None:
        if shape.area is None:
            return
        font, pad = theme.font(TEXT_PX * self.canvas.dpr), self.canvas.px(PAD_PX)
        x, y, width, height = (round(v) for v in shape.area)
        painter.fillRect(x, y, width, height, _faded(theme.colors.surface, _GROUND))
        if drawing.id in self.marked:
            painter.setPen(color)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(x, y, width - 1, height - 1)
        painter.setFont(font)
        painter.setPen(color)
        painter.drawText(QPointF(x + pad, round(y + height / 2 + texts.drop(font))), drawing.text)

    def _handles(self, painter: QPainter, drawing: Drawing, shape: Shape, color: QColor) -> None:
        if drawing.kind == "text":
            return
        radius = HANDLE_PX * self.canvas.dpr * (0.6 if drawing.is_locked else 1.0)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(color, 1.5 * self.canvas.dpr))
        painter.setBrush(color if drawing.is_locked else theme.colors.surface)
        for x, y in shape.handles:
            painter.drawEllipse(QPointF(x, y), radius, radius)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)


def ink(drawing: Drawing) -> QColor:
    """Return the colour of a drawing."""
    if drawing.color:
        return theme.group_color(drawing.color)
    if drawing.kind == "measure":
        return theme.colors.up if drawing.anchors[1].price >= drawing.anchors[0].price else theme.colors.down
    return theme.colors.text if drawing.kind == "text" else theme.colors.accent


def _faded(color: QColor, alpha: int) -> QColor:
    faded = QColor(color)
    faded.setAlpha(alpha)
    return faded
