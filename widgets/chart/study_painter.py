"""Paints indicators in device pixels: lines over the bars, panes below them, what the read-out says of each.

It is a part of the chart's painter, which owns layer, regions and clips.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache
from itertools import zip_longest
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRect, QRectF
from PySide6.QtGui import QColor, QPainter, QPen, QRegion

from widgets import format as fmt
from widgets import theme
from widgets.chart import study_texts
from widgets.chart.canvas import TEXT_PX, Box, expose
from widgets.chart.model import VOLUME_SHARE, ChartModel
from widgets.chart.studies import ALL_PANES, LEAST_SHARE, MOST_SHARE, Study
from widgets.plot import candles, polyline, texts
from widgets.plot.primitives import dashes, draw_lines, fill_rects, hatching
from widgets.plot.ticks import price_ticks

F64 = NDArray[np.float64]

# Logical px.
LEAST_PANE_PX = 40
TICK_PX = 26  # least distance of a pane's ticks
LEGEND_PX = 16  # height of a line of the read-out
LEGEND_LEFT_PX, LEGEND_TOP_PX = 8, 3
NAME_GAP_PX, VALUE_GAP_PX = 6, 10
SAID_PX = 72  # height of a pane from which on it says below its read-out what is missing
HATCH_PX = 8  # between two lines
LEGEND_ROOM_PX = 60  # height of the plot from which on there may be one more line
_FAR = 2e4  # px; what lies further outside is cut before Qt sees it
_CLOUD_ALPHA = 38
_SOFT = 0.6  # of a colour, the rest is ground


class Pane(NamedTuple):
    """Where an indicator with a scale of its own stands, device px."""

    study: Study
    top: int
    height: int

    def y(self, value: float) -> float:
        """Return the device pixel of a value."""
        return self.top + (self.study.high - value) * self.height / (self.study.high - self.study.low)

    def value(self, y: float) -> float:
        """Return what a device pixel stands for."""
        return self.study.high - (y - self.top) * (self.study.high - self.study.low) / self.height


class Name(NamedTuple):
    """What stands before the values of an indicator."""

    x: int
    top: int
    base: int
    end: int  # where its values end
    text: str


class Place(NamedTuple):
    """Where a value of the read-out stands."""

    study: Study
    line: int
    box: Box
    base: int
    color: QColor


class Field(NamedTuple):
    """How to get from values to device px, and where they may be seen."""

    zero: float  # y of 0
    per_value: float  # px downwards
    box: Box
    prices: candles.Scale | None = None  # where values are prices: their scale, which need not be even

    def y(self, value: float) -> float:
        """Return the device pixel of a value, no further outside than Qt can bear."""
        y = self.zero + value * self.per_value if self.prices is None else self.prices.y(value)
        return min(max(y, -_FAR), _FAR)

    def ys(self, values: F64) -> F64:
        """Return the device pixels of many values; nan stays nan."""
        y = self.zero + values * self.per_value if self.prices is None else self.prices.ys(values)
        return np.clip(y, -_FAR, _FAR)


class StudyPainter:
    """What is seen of `model.studies`."""

    def __init__(self, model: ChartModel) -> None:
        self.model = model
        self.panes: list[Pane] = []
        self.names: list[Name] = []
        self.places: list[Place] = []
        self._dpr = 1.0
        self._plot = (1, 1)
        self._line = 1

    def _px(self, logical: float) -> int:
        return round(logical * self._dpr)

    # Where things are.

    def split(self, height: int, dpr: float) -> int:
        """Give each pane its part of a height, device px; return what is left for the bars."""
        self._dpr, self._line = dpr, max(int(dpr), 1)
        heights = self.model.studies.heights(height, self._px(LEAST_PANE_PX))
        top = plot = height - sum(heights)
        self.panes = []
        for study, tall in zip(self.model.studies.panes, heights, strict=True):
            if tall:
                self.panes.append(Pane(study, top, tall))
                top += tall
        return plot

    def place(self, plot: tuple[int, int], axis: int, below: int) -> None:
        """Place the read-out: over the bars below the pixel `below`, in a pane at its top.

        Args:
            plot: width and height, device px.
            axis: room for a price, device px.
        """
        self._plot = plot
        self.names, self.places = [], []
        tall, top = self._px(LEGEND_PX), below
        most = max(plot[1] - below, 0) // self._px(LEGEND_ROOM_PX)
        for study in self.model.studies.overlays[: max(most, 0)]:
            self._place(study, top, axis)
            top += tall
        for pane in self.panes:
            self._place(pane.study, pane.top + self._px(LEGEND_TOP_PX), axis)

    def _place(self, study: Study, top: int, axis: int) -> None:
        font, left, tall = theme.font(TEXT_PX * self._dpr), self._px(LEGEND_LEFT_PX), self._px(LEGEND_PX)
        base = round(top + tall / 2 + texts.drop(font))
        text = f"{study_texts.short(study.kind)} {study.indicator.label}".strip()
        x = left + math.ceil(texts.width(font, text)) + self._px(NAME_GAP_PX)
        widest = study_texts.WIDEST.get(study.indicator.unit)
        room = axis if widest is None else math.ceil(texts.width(font, widest))
        if study.indicator.place == "profile":
            self._place_profile(study, x, top, axis, base)
            self.names.append(Name(left, top, base, self.places[-1].box[0] + self.places[-1].box[2], text))
            return
        for number, line in enumerate(study.indicator.lines):
            if line.has_label and x + room <= self._plot[0]:
                color = theme.colors.muted if line.style == "bars" else QColor(study.colors[number])
                self.places.append(Place(study, number, (x, top, room, tall), base, color))
                x += room + self._px(VALUE_GAP_PX)
        self.names.append(Name(left, top, base, x, text))

    def _place_profile(self, study: Study, x: int, top: int, axis: int, base: int) -> None:
        """Place what is said of a profile: its prices, whether it is an estimate, and the row under the cursor."""
        font, tall = theme.font(TEXT_PX * self._dpr), self._px(LEGEND_PX)
        for number, widest in enumerate(study_texts.profile_widest()):
            line = study_texts.PROFILE_PRICES.get(number)
            room = math.ceil(max(texts.width(font, text) for text in widest)) + (0 if line is None else axis)
            if x + room <= self._plot[0] or not number:
                tone = theme.colors.muted if line is None else QColor(study.colors[line])
                self.places.append(Place(study, number, (x, top, room, tall), base, tone))
                x += room + self._px(VALUE_GAP_PX)

    def pane_at(self, y: float) -> Pane | None:
        """Return the pane at a device pixel, or None over the bars and below all."""
        return next((p for p in self.panes if p.top <= y < p.top + p.height), None)

    def texts(self, index: int, price: float = math.nan) -> tuple[str, ...]:
        """Return what the read-out says of bar `index`, place by place; a profile also says what is at `price`."""
        model, found = self.model, []
        for place in self.places:
            study = place.study
            if study.indicator.place == "profile":
                found.append(study_texts.profile(study.profile, place.line, model.tick_at, price))
                continue
            value = study.value(place.line, index)
            # What is no price of the market, but a difference of such, may be less than one of its steps.
            step = model.tick_at(float(model.rows[index, 3])) / 10 if study.is_pane else model.tick_at(value)
            found.append(study_texts.value(value, study.indicator.unit, step))
        return tuple(found)

    def changed(self, was: tuple[str, ...], now: tuple[str, ...]) -> list[Box]:
        """Return from the first to the last changed value of each indicator in the read-out."""
        found: dict[int, Box] = {}
        for place, before, after in zip_longest(self.places, was, now):
            if place is not None and before != after:
                x, y, width, height = box = place.box
                first = found.get(y, box)[0]
                found[y] = (first, y, x + width - first, height)
        return list(found.values())

    def _fields(self, scale: candles.Scale) -> Iterator[tuple[Study, Field]]:
        """Yield what is seen, and how."""
        model, (width, height) = self.model, self._plot
        for study in model.studies.overlays:
            if study.indicator.place == "profile":
                continue
            if study.indicator.place == "volume":
                yield study, Field(height, -height * VOLUME_SHARE / model.volume_top, (0, 0, width, height))
            else:
                yield study, Field(scale.y(0.0), -1.0, (0, 0, width, height), scale)
        for pane in self.panes:
            per_value = pane.height / (pane.study.high - pane.study.low)
            box = (0, pane.top + self._line, width, pane.height - self._line)
            yield pane.study, Field(pane.top + pane.study.high * per_value, -per_value, box)

    # The live part.

    def _group(self, scale: candles.Scale) -> int:
        return polyline.group(self._line / scale.px_per_bar)

    def live_boxes(self, scale: candles.Scale, live_from: int, bottom: int) -> dict[int, Box]:
        """Return by shift where lines change with the last bar, device px.

        Args:
            live_from: first bar that is not in the layer.
            bottom: of the lowest pane.
        """
        size, last = self._group(scale), self.model.count - 1
        begin = live_from - live_from % size - size
        half = candles.body_width(scale.px_per_bar, self._line) // 2 + 2 * self._line
        found = {}
        for shift in sorted({k for s in self.model.studies.seen for k in s.indicator.shifts}):
            left = max(math.floor(scale.x(begin + shift)) - half, 0)
            right = min(math.ceil(scale.x(last + shift)) + half, self._plot[0])
            if left < right:
                found[shift] = (left, 0, right - left, bottom)
        return found

    # Painting.

    def _end(self, scale: candles.Scale, shift: int) -> int:
        """Return the bar before which lines with this shift end: behind the last, or a whole group beyond the edge."""
        return min(self.model.count, math.ceil(self.model.x1) - shift + 2 * self._group(scale))

    def paint_closed(self, painter: QPainter, scale: candles.Scale, live_from: int) -> None:
        """Paint what is in the layer."""
        size = self._group(scale)
        end = live_from - live_from % size
        for study, field in self._fields(scale):
            painter.setClipRect(*field.box)
            for shift in set(study.indicator.shifts):
                first = math.floor(self.model.x0) - shift - size
                self._paint(painter, scale, study, field, shift, first, min(end, self._end(scale, shift)))
        painter.setClipping(False)

    def paint_live(self, painter: QPainter, scale: candles.Scale, live_from: int, shift: int, clip: QRect) -> None:
        """Paint the lines with this shift as far as they are not in the layer."""
        size = self._group(scale)
        begin = live_from - live_from % size - size
        clipped: QRect | None = None
        for study, field in self._fields(scale):
            shifts = study.indicator.shifts
            part = QRect(*field.box).intersected(clip)
            if shift not in shifts or part.isEmpty():
                continue
            if part != clipped:
                clipped = part
                painter.setClipRect(part)
            if size == 1 and study.indicator.cloud is None:
                self._paint_last(painter, scale, study, field, shift)
            else:
                self._paint(painter, scale, study, field, shift, begin, self._end(scale, shift))

    def _paint_last(self, painter: QPainter, scale: candles.Scale, study: Study, field: Field, shift: int) -> None:
        """Paint the lines from the bar before the last to the last: what `_paint` does, without the cost of arrays."""
        values, last = study.values, self.model.count - 1
        x0, x1 = scale.x(last - 1 + shift), scale.x(last + shift)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for n, line in enumerate(study.indicator.lines):
            if study.indicator.shifts[n] != shift:
                continue
            now, before = float(values[n, last]), float(values[n, last - 1]) if last else math.nan
            if line.style == "bars":
                if math.isfinite(now):
                    self._paint_bar(painter, scale, field, x1, round(field.y(now)))
            elif math.isfinite(before + now):
                painter.setPen(self._pen(study.colors[n]))
                painter.drawLine(QLineF(x0, field.y(before), x1, field.y(now)))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)

    def _paint_bar(self, painter: QPainter, scale: candles.Scale, field: Field, x: float, y: int) -> None:
        zero, line = round(min(max(field.zero, -_FAR), _FAR)), self._line
        width = candles.body_width(scale.px_per_bar, line)
        left = math.floor(x - line / 2 + 0.5) - (width - line) // 2
        color = theme.colors.up if y <= zero else theme.colors.down
        painter.fillRect(left, min(y, zero), width, max(abs(y - zero), line), _soft(color))

    def _pen(self, color: str) -> QPen:
        return _pen(color, self._line)

    def _paint(
        self, painter: QPainter, scale: candles.Scale, study: Study, field: Field, shift: int, begin: int, end: int
    ) -> None:
        """Paint the lines of a study with this shift at the bars that they were made at, [begin, end)."""
        indicator, size = study.indicator, self._group(scale)
        shown = [n for n, k in enumerate(indicator.shifts) if k == shift]
        found = {n: polyline.points(study.values[n], begin, end, size) for n in shown}
        pixels = {n: self._pixels(points, scale, field, shift) for n, points in found.items()}
        if indicator.cloud is not None and set(indicator.cloud) <= set(shown):
            self._paint_cloud(painter, study, *(pixels[n] for n in indicator.cloud))
        for n in shown:
            x, y = pixels[n]
            if indicator.lines[n].style == "bars":
                self._paint_bars(painter, scale, field, size, x, y)
            else:
                draw_lines(painter, polyline.segments(x, y), self._pen(study.colors[n]))

    def _pixels(self, points: polyline.Points, scale: candles.Scale, field: Field, shift: int) -> tuple[F64, F64]:
        x = (points.x + (shift - scale.x0)) * scale.px_per_bar
        return x, field.ys(points.y)

    def _paint_bars(self, painter: QPainter, scale: candles.Scale, field: Field, size: int, x: F64, y: F64) -> None:
        """Paint bars that stand on zero or hang from it."""
        good = np.isfinite(y)
        x, y = x[good], np.rint(y[good])
        zero, line = round(min(max(field.zero, -_FAR), _FAR)), self._line
        width = candles.body_width(scale.px_per_bar, line) if size == 1 else math.ceil(size * scale.px_per_bar)
        boxes = np.empty((len(x), 4))
        boxes[:, 0] = np.floor(x - line / 2 + 0.5) - (width - line) // 2
        boxes[:, 1], boxes[:, 2] = np.minimum(y, zero), width
        boxes[:, 3] = np.maximum(np.abs(y - zero), line)
        is_up = y <= zero
        fill_rects(painter, boxes[is_up], _soft(theme.colors.up))
        fill_rects(painter, boxes[~is_up], _soft(theme.colors.down))

    def _paint_cloud(self, painter: QPainter, study: Study, one: tuple[F64, F64], other: tuple[F64, F64]) -> None:
        """Fill between two lines, in the colour of the upper one."""
        assert study.indicator.cloud is not None
        (x, a), (_, b) = one, other
        good = np.isfinite(a + b)
        if good.sum() < 2:
            return
        x, a, b = x[good], a[good], b[good]
        column = np.arange(max(math.ceil(x[0]), 0), min(math.ceil(x[-1]), self._plot[0]), dtype=np.float64)
        a, b = np.interp(column + 0.5, x, a), np.interp(column + 0.5, x, b)
        boxes = np.empty((len(column), 4))
        boxes[:, 0], boxes[:, 1], boxes[:, 2] = column, np.rint(np.minimum(a, b)), 1
        boxes[:, 3] = np.rint(np.maximum(a, b)) - boxes[:, 1]
        seen = boxes[:, 3] > 0
        for n, part in zip(study.indicator.cloud, (seen & (a <= b), seen & (a > b)), strict=True):
            color = QColor(study.colors[n])
            color.setAlpha(_CLOUD_ALPHA)
            fill_rects(painter, boxes[part], color)

    def paint_ground(self, painter: QPainter) -> None:
        """Paint the grid of the panes, and the lines between them."""
        (width, _), line, color = self._plot, self._line, theme.colors
        for pane in self.panes:
            rows = [
                (0, round(pane.y(v)), width, line) for v in self._ticks(pane) if v not in pane.study.indicator.guides
            ]
            fill_rects(painter, np.array(rows, np.float64).reshape(-1, 4), color.grid)
            for value in pane.study.indicator.guides:
                y = round(pane.y(value))
                if pane.top <= y < pane.top + pane.height:
                    painter.drawPixmap(0, y, dashes(width, line, color.border.rgb()))
            if pane.study.indicator.needs_trades:
                self._hatch(painter, pane)
            painter.fillRect(0, pane.top, width, line, color.border)

    def _hatch(self, painter: QPainter, pane: Pane) -> None:
        """Hatch where trades are missing, and say so where there is room."""
        model, width = self.model, self._plot[0]
        per_bar = width / (model.x1 - model.x0)
        font = theme.font(TEXT_PX * self._dpr)
        painter.setFont(font)
        words = [(text, texts.width(font, text)) for text in study_texts.without_trades(pane.study.kind)]
        for begin, end in model.untold():
            left, right = ((at - 0.5 - model.x0) * per_bar for at in (begin, end))
            x, stop = max(math.floor(left), 0), min(math.ceil(right), width)
            box = QRectF(x, pane.top + self._line, max(stop - x, self._line), pane.height - self._line)
            painter.drawTiledPixmap(box, hatching(self._px(HATCH_PX), self._line, theme.colors.border.rgb()))
            room = box.width() - 2 * self._px(LEGEND_LEFT_PX)
            text, wide = next((word for word in words if word[1] < room), ("", 0.0))
            if text and pane.height >= self._px(SAID_PX):
                middle, tall = pane.top + pane.height / 2, self._px(LEGEND_PX)
                at = round(box.center().x() - wide / 2)
                painter.fillRect(QRectF(at - 4, round(middle - tall / 2), wide + 8, tall), theme.colors.surface)
                painter.setPen(theme.colors.muted)
                texts.draw(painter, font, at, round(middle + texts.drop(font)), text)

    def _ticks(self, pane: Pane) -> list[float]:
        if pane.study.indicator.bounds is not None:
            return list(pane.study.indicator.guides)
        most = max(pane.height // self._px(TICK_PX), 1)
        return [float(v) for v in price_ticks(pane.study.low, pane.study.high, most)[1]]

    def paint_axes(self, painter: QPainter, right: int, half: int) -> None:
        """Write the values of the panes' scales, to the left of `right`; `half` is half the height of a text."""
        font = theme.font(TEXT_PX * self._dpr)
        painter.setFont(font)
        painter.setPen(theme.colors.muted)
        drop = texts.drop(font)
        for pane in self.panes:
            for value in self._ticks(pane):
                y = round(pane.y(value))
                if pane.top + half <= y <= pane.top + pane.height - half:
                    text = self.axis_text(pane, value)
                    texts.draw(painter, font, right - texts.width(font, text), round(y + drop), text)

    def axis_text(self, pane: Pane, value: float) -> str:
        """Return a value as the pane's axis has it."""
        size = max(abs(pane.study.low), abs(pane.study.high))
        unit = pane.study.indicator.unit
        if unit == "volume" or (unit == "flow" and size >= 100) or size >= 1e6:
            return fmt.volume(value)
        room = pane.study.high - pane.study.low
        places = min(max(2 - math.floor(math.log10(room)), 0), 8) if room > 0 else 2
        return f"{value + 0.0:,.{places}f}"

    def paint_names(self, painter: QPainter, ground: QColor) -> None:
        """Write what the indicators of the read-out are called."""
        font, tall = theme.font(TEXT_PX * self._dpr), self._px(LEGEND_PX)
        painter.setFont(font)
        for name in self.names:
            painter.fillRect(0, name.top, name.end, tall, ground)
            painter.setPen(theme.colors.muted)
            texts.draw(painter, font, name.x, name.base, name.text)

    def paint_values(self, painter: QPainter, region: QRegion | None, values: tuple[str, ...]) -> None:
        """Write the values of the read-out, those that are exposed."""
        painter.setFont(theme.font(TEXT_PX * self._dpr))
        for place, text in zip(self.places, values, strict=False):
            if text and expose(painter, region, place.box):
                painter.setPen(place.color)
                painter.drawText(QPointF(place.box[0], place.base), text)

    def edges(self) -> list[int]:
        """Return the upper edges of the panes, device px."""
        return [pane.top for pane in self.panes]

    def resize_pane(self, number: int, by: float, height: float) -> bool:
        """Move the upper edge of a pane, by `by` of a whole height in the same px. Return whether that changed it."""
        shares = [p.height / height for p in self.panes]
        study = self.panes[number].study
        least = LEAST_PANE_PX * self._dpr / height
        share = min(max(shares[number] - by / height, least, LEAST_SHARE), MOST_SHARE)
        if sum(shares) - shares[number] + share > ALL_PANES or share == study.share:
            return False
        for pane, part in zip(self.panes, shares, strict=True):
            pane.study.share = part
        study.share = share
        return True


@lru_cache(64)
def _pen(color: str, width: int) -> QPen:
    return QPen(QColor(color), width)


def _soft(color: QColor) -> QColor:
    """Return a quieter colour, opaque: what is painted twice looks as if it were once."""
    return _mixed(color.rgb(), theme.colors.surface.rgb())


@lru_cache(16)
def _mixed(one: int, other: int) -> QColor:
    a, b = QColor.fromRgb(one), QColor.fromRgb(other)
    return QColor(*(round(_SOFT * x + (1 - _SOFT) * y) for x, y in zip(a.getRgb()[:3], b.getRgb()[:3], strict=True)))  # type: ignore[index]
