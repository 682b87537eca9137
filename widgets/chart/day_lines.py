"""Paints the previous close and the day's high and low: a thin line each, its name, its price on the axis."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QPainter, QRegion

from widgets import theme
from widgets.chart.canvas import LABEL_PX, SMALL_PX, Box, Canvas, below, expose
from widgets.chart.model import ChartModel
from widgets.plot import texts
from widgets.plot.primitives import dashes
from widgets.plot.stack import Fixed, apart

NAME_PAD_PX = 4  # at both ends of a name, logical


class DayPrices(NamedTuple):
    """What the ticker says of the day, which begins at 09:00 in Korea; nan where it says nothing."""

    previous: float  # close of the day before
    high: float
    low: float
    is_stale: bool = False  # its stream does not run


class DayLine(NamedTuple):
    """One of them where it belongs, device px."""

    name: str
    text: str
    y: int
    left: int  # where the line begins: behind the read-out
    room: int  # of the name


class DayMark(NamedTuple):
    """One of them as it is seen: its labels may be pushed away from others. Device px."""

    line: DayLine
    label: Box  # on the axis
    tag: Box  # of the name, at the right end of the plot
    is_stale: bool


class DayPainter:
    """What is seen of the day's prices."""

    def __init__(self, model: ChartModel, canvas: Canvas) -> None:
        self.model, self.canvas = model, canvas
        self.prices: DayPrices | None = None  # None: they are not shown
        self._taken: tuple[Box, ...] = ()
        self._lines: list[DayLine] = []
        self._lines_of: tuple[object, ...] = ()

    def lay_out(self, taken: Iterable[Box]) -> None:
        """Place everything anew.

        Args:
            taken: where the read-out is, which no line shall cross.
        """
        self._taken = tuple(taken)
        self._lines_of = ()

    def marks(self, price: Box | None) -> tuple[DayMark, ...]:
        """Return what is to be seen now.

        Args:
            price: where the label of the last price is, with all that belongs to it; the others go around it.
        """
        prices, model, canvas = self.prices, self.model, self.canvas
        if prices is None or not model.count:
            return ()
        scale, tick = canvas.scale, model.tick
        key = (prices, scale, tick, model.base if model.price_scale == "percent" else 0.0)
        if key != self._lines_of:  # a trade alone changes none of them
            self._lines_of = key
            self._lines = self._find(prices)
        if not self._lines:
            return ()
        (width, height), tall = canvas.plot, canvas.px(LABEL_PX)
        fixed = None
        if price is not None:
            fixed = Fixed(scale.y(model.last_price), price[1], min(price[1] + price[3], height))
        tops = apart([line.y for line in self._lines], tall, 0, height, fixed)
        x, room = width + canvas.line, canvas.axis - canvas.line
        shown, end = {}, 0
        for top, line in sorted((top, line) for line, top in zip(self._lines, tops, strict=True) if top is not None):
            # Its name stands beside the label, below the read-out where that comes so far.
            tag = below((width - line.room, max(top, end), line.room, tall), self._taken)
            end = tag[1] + tall
            if end <= height:
                shown[line] = DayMark(line, (x, top, room, tall), tag, prices.is_stale)
        return tuple([shown[line] for line in self._lines if line in shown])

    def names(self) -> list[Box]:
        """Return where the names stand as long as none is pushed away."""
        width, tall = self.canvas.plot[0], self.canvas.px(LABEL_PX)
        return [(width - line.room, line.y - tall // 2, line.room, tall) for line in self._lines]

    def _find(self, prices: DayPrices) -> list[DayLine]:
        """Return the lines in view."""
        canvas, (width, height) = self.canvas, self.canvas.plot
        font, pad = theme.font(SMALL_PX * canvas.dpr), canvas.px(NAME_PAD_PX)
        found = []
        for name, value in zip(_names(), prices[:3], strict=True):
            y = round(canvas.scale.y(value)) if math.isfinite(value) and value > 0 else -1
            if 0 <= y < height:
                left = max((b[0] + b[2] for b in self._taken if b[1] <= y < b[1] + b[3]), default=0)
                room = min(math.ceil(texts.width(font, name)) + 2 * pad, width)
                found.append(DayLine(name, canvas.axis_text(value), y, left, room))
        return found

    def changed(self, was: tuple[DayMark, ...], now: tuple[DayMark, ...]) -> list[Box]:
        """Return what is to be painted again."""
        if was == now:
            return []
        boxes: list[Box] = []
        for mark in {*was} ^ {*now}:
            x, y, _, tall = mark.tag
            boxes += [self._line_box(mark), (x, y, self.canvas.size[0] - x, tall)]
        return boxes

    def _line_box(self, mark: DayMark) -> Box:
        left = mark.line.left
        return left, mark.line.y, max(self.canvas.plot[0] - left, 0), self.canvas.line

    def paint_lines(self, painter: QPainter, region: QRegion | None, marks: tuple[DayMark, ...]) -> None:
        """Paint lines and names, those that are exposed."""
        canvas, color = self.canvas, theme.colors
        for mark in marks:
            if expose(painter, region, self._line_box(mark)):
                ink = color.faint if mark.is_stale else color.muted
                painter.drawPixmap(0, mark.line.y, dashes(canvas.plot[0], canvas.line, ink.rgb()))
        font, pad = theme.font(SMALL_PX * canvas.dpr), canvas.px(NAME_PAD_PX)
        for mark in marks:
            if expose(painter, region, mark.tag):
                x, y, _, tall = mark.tag
                painter.fillRect(*mark.tag, color.surface)
                painter.setFont(font)
                painter.setPen(color.faint if mark.is_stale else color.muted)
                texts.draw(painter, font, x + pad, round(y + tall / 2 + texts.drop(font)), mark.line.name)

    def paint_labels(self, painter: QPainter, region: QRegion | None, marks: tuple[DayMark, ...]) -> None:
        """Write the prices on the axis, those that are exposed."""
        color = theme.colors
        for mark in marks:
            if expose(painter, region, mark.label):
                ink = color.faint if mark.is_stale else color.text
                self.canvas.paint_label(painter, mark.label, color.raised, ink, mark.line.text)


def _names() -> tuple[str, str, str]:
    return (
        QCoreApplication.translate("ChartPainter", "Prev. close"),
        QCoreApplication.translate("ChartPainter", "High"),
        QCoreApplication.translate("ChartPainter", "Low"),
    )
