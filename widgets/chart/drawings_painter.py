"""Paints drawings over the bars: into the chart's layer, and over the last bars, which are not in it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPixmap, QRegion

from core.state.drawings import Drawing
from widgets import theme
from widgets.chart import drawings_texts
from widgets.chart.canvas import Box, Canvas, expose
from widgets.chart.drawings import Area, Ground, Segment, Shape, Times, levels, measured
from widgets.chart.model import ChartModel
from widgets.plot import texts
from widgets.plot.primitives import draw_lines

# Logical px.
TEXT_PX, LABEL_PX = 12, 10
PAD_PX = 4
HANDLE_PX = 4.0  # radius
_MARGIN_PX = 8.0  # to which lines go beyond the plot, so that their ends are not seen
_DASH_PX = 4.0
_WRITTEN_PX = 240.0  # how far what is written beside lines may reach
_FILL, _BAND = 34, 22  # of 255: how much of the colour fills an area
_GROUND = 190  # and of the surface stands below a label


class _Seen(NamedTuple):
    drawing: Drawing
    shape: Shape

    def reaches(self, box: QRect, margin: float) -> bool:
        """Tell whether any of it may be in a box; `margin` is how far it is painted beyond its lines."""
        lines = self.shape.lines
        return (
            min(min(x1, x2) for x1, _, x2, _ in lines) - margin < box.x() + box.width()
            and max(max(x1, x2) for x1, _, x2, _ in lines) + margin > box.x()
            and min(min(y1, y2) for _, y1, _, y2 in lines) - margin < box.y() + box.height()
            and max(max(y1, y2) for _, y1, _, y2 in lines) + margin > box.y()
        )


class DrawingsPainter:
    """What is seen of drawings. It decides nothing: others say what there is and what is marked."""

    def __init__(self, model: ChartModel, canvas: Canvas) -> None:
        self.model, self.canvas = model, canvas
        self.all: tuple[Drawing, ...] = ()  # the lowest first
        self.marked: set[int] = set()  # ids of those with handles
        self.selected: int | None = None
        self.writing: int | None = None  # its text is in a line that one types in
        self._over = QPixmap()  # what the layer was left without, on nothing
        self._over_at: QPoint | None = None  # its place; None: there is nothing
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
        """Paint into the layer what is not in `live`, and keep what is there for `paint_live`.

        So each smooth edge is painted once, and the last bars can move below it at the cost of a copy.
        """
        self._over_at = None
        self._ground = ground = self.ground() if self.all else None
        if ground is None:
            return
        plot = QRect(0, 0, *self.canvas.plot)
        seen = [_Seen(d, s) for d in self.all if d.id != self.writing and (s := ground.shape(d)) is not None]
        seen = [one for one in seen if one.reaches(plot, self._margin(one.drawing))]
        region = QRegion(plot)
        if live is not None:
            strip = QRect(*live).intersected(plot)
            region -= strip
            self._paint_over(ground, seen, strip)
        painter.save()
        painter.setClipRegion(region)
        self._paint(painter, ground, seen)
        painter.restore()

    def _paint_over(self, ground: Ground, seen: Iterable[_Seen], strip: QRect) -> None:
        if strip.isEmpty():
            return
        if self._over.size() != strip.size():
            self._over = QPixmap(strip.size())
        self._over.fill(Qt.GlobalColor.transparent)
        self._over_at = strip.topLeft()
        painter = QPainter(self._over)
        painter.translate(-strip.topLeft())
        painter.setClipRect(strip)
        self._paint(painter, ground, [one for one in seen if one.reaches(strip, self._margin(one.drawing))])
        painter.end()

    def _margin(self, drawing: Drawing) -> float:
        """Return how far beyond its lines a drawing is painted, device px."""
        return self.canvas.dpr * (
            _WRITTEN_PX if drawing.kind in ("fibonacci", "measure") else _MARGIN_PX + drawing.width
        )

    def paint_live(self, painter: QPainter, region: QRegion | None) -> None:
        """Paint what the layer was left without, as far as it is in `region`."""
        if self._over_at is None:
            return
        box = QRect(self._over_at, self._over.size())
        if expose(painter, region, (box.x(), box.y(), box.width(), box.height())):
            painter.drawPixmap(self._over_at, self._over)

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
                self._handles(painter, ground, drawing, shape, color)

    def _lines(self, painter: QPainter, ground: Ground, lines: Iterable[Segment], color: QColor, width: float) -> None:
        """Paint lines: level and upright ones as whole pixels, the others smooth."""
        dpr, thick = self.canvas.dpr, max(round(width * self.canvas.dpr), 1)
        slanted: list[Segment] = []
        for line in lines:
            cut = ground.clipped(line, (_MARGIN_PX + width) * dpr)
            if cut is None:
                continue
            x1, y1, x2, y2 = (round(v) for v in cut)
            if y1 == y2:
                painter.fillRect(min(x1, x2), y1 - thick // 2, max(abs(x2 - x1), thick), thick, color)
            elif x1 == x2:
                painter.fillRect(x1 - thick // 2, min(y1, y2), thick, max(abs(y2 - y1), thick), color)
            else:
                slanted.append(cut)
        if slanted:
            draw_lines(painter, np.array(slanted), QPen(color, width * dpr))

    def _dashed(self, painter: QPainter, ground: Ground, line: Segment, color: QColor) -> None:
        """Paint a thin dashed line. Dash by dash: Qt's own pattern begins anew where it is clipped."""
        cut = ground.clipped(line, _MARGIN_PX * self.canvas.dpr)
        x1, y1, x2, y2 = line
        if cut is None or not (long := math.hypot(x2 - x1, y2 - y1)):
            return
        along = np.array([(x2 - x1) / long, (y2 - y1) / long])
        begin, end = (math.hypot(x - x1, y - y1) for x, y in (cut[:2], cut[2:]))
        period = _DASH_PX * 2 * self.canvas.dpr
        starts = np.arange(math.floor(begin / period), math.ceil(end / period)) * period
        dashes = np.stack([starts, np.minimum(starts + period / 2, long)], 1)  # along the line
        segments = np.array([x1, y1]) + dashes[:, :, None] * along
        draw_lines(painter, segments.reshape(-1, 4), QPen(color, self.canvas.dpr))

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
        self._dashed(painter, ground, shape.lines[-1], _faded(color, 150))
        self._lines(painter, ground, shape.lines[:-1], color, drawing.width)
        font, pad = theme.font(LABEL_PX * self.canvas.dpr), self.canvas.px(PAD_PX)
        painter.setFont(font)
        taken = -math.inf  # where the last label is: what would lie on it is left out
        for share, price, y in sorted(rows, key=lambda row: row[2]):
            rounded = ground.rounded(price)
            text = drawings_texts.level(share, rounded, self.model.tick_at(rounded))
            room = math.ceil(texts.width(font, text))
            is_seen = -pad < y < ground.height + pad and left < ground.width and left + width > 0
            if not is_seen or y - taken < self.canvas.px(LABEL_PX):
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
        texts.draw(painter, font, x, round(y + texts.drop(font)), text)

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
        tick = min(self.model.tick_at(anchor.price) for anchor in drawing.anchors)
        lines = drawings_texts.measure(measured(drawing, ground.times), tick)
        tall = math.ceil(QFontMetricsF(font).height())
        width, height = max(math.ceil(texts.width(font, t)) for t in lines) + 4 * pad, 2 * tall + 2 * pad
        is_seen = min(x1, x2) < ground.width and max(x1, x2) > 0 and min(y1, y2) < ground.height and max(y1, y2) > 0
        if not is_seen:
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

    def _handles(self, painter: QPainter, ground: Ground, drawing: Drawing, shape: Shape, color: QColor) -> None:
        if drawing.kind == "text":
            return
        margin = self.canvas.px(2 * HANDLE_PX)
        radius = HANDLE_PX * self.canvas.dpr * (0.6 if drawing.is_locked else 1.0)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(color, 1.5 * self.canvas.dpr))
        painter.setBrush(color if drawing.is_locked else theme.colors.surface)
        for x, y in shape.handles:
            if -margin < x < ground.width + margin and -margin < y < ground.height + margin:
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
