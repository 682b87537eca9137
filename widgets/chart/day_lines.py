"""Paints the previous close and the day's high and low: a thin line each, its name, its price on the axis."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QPainter, QRegion

from widgets import theme
from widgets.chart.canvas import LABEL_PX, SMALL_PX, Box, Canvas, expose
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


class DayMark(NamedTuple):
    """One of them as it is seen, device px."""

    name: str
    text: str
    y: int  # of the line
    left: int  # where it begins: behind the read-out
    label: Box  # on the axis, pushed away from the others
    tag: Box  # of the name, at the right end of the plot
    rgb: int


class DayPainter:
    """What is seen of the day's prices."""

    def __init__(self, model: ChartModel, canvas: Canvas) -> None:
        self.model, self.canvas = model, canvas
        self.prices: DayPrices | None = None  # None: they are not shown

    def marks(self, price: Box | None, taken: Iterable[Box]) -> tuple[DayMark, ...]:
        """Return what is to be seen now.

        Args:
            taken: where the read-out is, which no line shall cross.
            price: where the label of the last price is, with all that belongs to it; the others go around it.
        """
        prices, model, canvas = self.prices, self.model, self.canvas
        if prices is None or not model.count:
            return ()
        (width, height), tall = canvas.plot, canvas.px(LABEL_PX)
        scale, found = canvas.scale, []
        for name, value in zip(_names(), prices[:3], strict=True):
            y = round(scale.y(value)) if math.isfinite(value) and value > 0 else -1
            if 0 <= y < height:
                found.append((name, canvas.axis_text(value), y))
        if not found:
            return ()
        last = scale.y(model.last_price)
        fixed = None if price is None else Fixed(last, price[1], min(price[1] + price[3], height))
        ink = theme.colors.faint if prices.is_stale else theme.colors.muted
        font, pad = theme.font(SMALL_PX * canvas.dpr), canvas.px(NAME_PAD_PX)
        made, taken = [], list(taken)
        for (name, text, y), top in zip(found, apart([f[2] for f in found], tall, 0, height, fixed), strict=True):
            if top is None:
                continue
            left = max((b[0] + b[2] for b in taken if b[1] <= y < b[1] + b[3]), default=0)
            room = min(math.ceil(texts.width(font, name)) + 2 * pad, width)
            label = (width + canvas.line, top, canvas.axis - canvas.line, tall)
            made.append(DayMark(name, text, y, left, label, (width - room, top, room, tall), ink.rgb()))
        return tuple(made)

    def changed(self, was: tuple[DayMark, ...], now: tuple[DayMark, ...]) -> list[Box]:
        """Return what is to be painted again."""
        if was == now:
            return []
        width, line = self.canvas.plot[0], self.canvas.line
        return [
            box
            for mark in {*was} ^ {*now}
            for box in (
                (0, mark.y, width, line),
                (mark.tag[0], mark.tag[1], self.canvas.size[0] - mark.tag[0], mark.tag[3]),
            )
        ]

    def paint_lines(self, painter: QPainter, region: QRegion | None, marks: tuple[DayMark, ...]) -> None:
        """Paint lines and names, those that are exposed."""
        canvas, width = self.canvas, self.canvas.plot[0]
        for mark in marks:
            box = (mark.left, mark.y, max(width - mark.left, 0), canvas.line)
            if expose(painter, region, box):
                painter.drawPixmap(0, mark.y, dashes(width, canvas.line, mark.rgb))
        font, pad = theme.font(SMALL_PX * canvas.dpr), canvas.px(NAME_PAD_PX)
        for mark in marks:
            if expose(painter, region, mark.tag):
                x, y, _, tall = mark.tag
                painter.fillRect(*mark.tag, theme.colors.surface)
                painter.setFont(font)
                painter.setPen(mark.rgb)
                texts.draw(painter, font, x + pad, round(y + tall / 2 + texts.drop(font)), mark.name)

    def paint_labels(self, painter: QPainter, region: QRegion | None, marks: tuple[DayMark, ...]) -> None:
        """Write the prices on the axis, those that are exposed."""
        for mark in marks:
            if expose(painter, region, mark.label):
                ink = theme.colors.faint if mark.rgb == theme.colors.faint.rgb() else theme.colors.text
                self.canvas.paint_label(painter, mark.label, theme.colors.raised, ink, mark.text)


def _names() -> tuple[str, str, str]:
    return (
        QCoreApplication.translate("ChartPainter", "Prev. close"),
        QCoreApplication.translate("ChartPainter", "High"),
        QCoreApplication.translate("ChartPainter", "Low"),
    )
