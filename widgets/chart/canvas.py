"""Where things are on a chart, in device pixels, and the few ways to write on it that all its painters share."""

from __future__ import annotations

import math
from collections.abc import Iterable

from PySide6.QtCore import QPointF, QRect, QRectF
from PySide6.QtGui import QColor, QPainter, QRegion

from widgets import format as fmt
from widgets import theme
from widgets.chart.model import ChartModel
from widgets.plot import candles, texts
from widgets.plot.price_scale import percent_text

# Logical px.
TEXT_PX, SMALL_PX = 11, 10
TIME_AXIS_PX = 24
LABEL_PX = 18  # height of a label on the price axis
AXIS_PAD_PX = 7
TIME_LABEL_PX = 136

Box = tuple[int, int, int, int]  # x, y, width, height in device px


class Canvas:
    """The chart's area: the plot at its upper left, panes of indicators below, axes at the right and the bottom."""

    def __init__(self, model: ChartModel) -> None:
        self.model = model
        self.dpr = 1.0
        self.size = (0, 0)  # of all; nothing is placed before it is known
        self.plot = (1, 1)  # width and height of the plot; it begins at 0, 0
        self.bottom = 1  # of the plot and the panes below it, where the time axis begins
        self.axis = 0  # width of the price axis
        self.price_texts: list[Box] = []  # where the axis of the layer has its prices

    @property
    def plot_rect(self) -> QRectF:
        """The plot in logical px."""
        width, height = self.plot
        return QRectF(0, 0, width / self.dpr, height / self.dpr)

    @property
    def body_rect(self) -> QRectF:
        """The plot and the panes of indicators below it, logical px."""
        return QRectF(0, 0, self.plot[0] / self.dpr, self.bottom / self.dpr)

    @property
    def scale(self) -> candles.Scale:
        """How bars and prices come to be pixels."""
        model, (width, height) = self.model, self.plot
        low, high = model.unit(model.y0), model.unit(model.y1)
        return candles.Scale(model.x0, width / (model.x1 - model.x0), high, height / (high - low), model.is_log)

    def price_at(self, y: float) -> float | None:
        """Return the price whose line would be painted at a height of the plot, on a step of its own; None for none."""
        price = self.model.on_tick(self.scale.price(round(y)))
        return price if price > 0 else None

    def axis_text(self, price: float) -> str:
        """Return a price as its axis has it: on a percent scale, how far it is from the base."""
        model = self.model
        if model.price_scale == "percent" and (base := model.base) > 0:
            return percent_text((price / base - 1) * 100)
        return fmt.price(price, model.tick_at(price))

    def px(self, logical: float) -> int:
        """Return whole device px."""
        return round(logical * self.dpr)

    @property
    def line(self) -> int:
        """Width of a thin line."""
        return max(int(self.dpr), 1)

    def logical(self, box: Box) -> QRect:
        """Return the logical px of device ones, outwards where they are not whole."""
        x, y, width, height = box
        if self.dpr == 1:
            return QRect(x, y, width, height)
        left, top = math.floor(x / self.dpr), math.floor(y / self.dpr)
        right, bottom = math.ceil((x + width) / self.dpr), math.ceil((y + height) / self.dpr)
        return QRect(left, top, right - left, bottom - top)

    def device(self, region: QRegion) -> QRegion:
        """Return the device px of logical ones, outwards where they are not whole."""
        if self.dpr == 1:
            return region
        out, dpr = QRegion(), self.dpr
        for rect in region:  # type: ignore[attr-defined]
            left, top = math.floor(rect.x() * dpr), math.floor(rect.y() * dpr)
            right, bottom = (rect.x() + rect.width()) * dpr, (rect.y() + rect.height()) * dpr
            out += QRect(left, top, math.ceil(right) - left, math.ceil(bottom) - top)
        return out

    def axis_box(self, y: float, lines: int = 1, within: tuple[int, int] | None = None) -> Box:
        """Return where a label stands on the price axis.

        Args:
            y: its middle.
            lines: of text, one or two.
            within: top and height of what it may not leave; None is the plot.
        """
        width, tall = self.plot[0], self.px(LABEL_PX if lines == 1 else LABEL_PX + 12)
        begin, height = (0, self.plot[1]) if within is None else within
        top = min(max(round(y) - self.px(LABEL_PX) // 2, begin), begin + max(height - tall, 0))
        return width + self.line, top, self.axis - self.line, tall

    def time_box(self, x: float) -> Box:
        """Return where the label of a moment stands below the bars."""
        width = self.plot[0]
        room = min(self.px(TIME_LABEL_PX), width)
        left = min(max(round(x) - room // 2, 0), width - room)
        return left, self.bottom + self.line, room, self.px(TIME_AXIS_PX) - self.line

    def cut_by(self, label: Box | None) -> tuple[Box, ...]:
        """Return the texts of the price axis that a label would cut in two."""
        if label is None:
            return ()
        top, bottom = label[1], label[1] + label[3]
        return tuple([b for b in self.price_texts if b[1] < bottom and b[1] + b[3] > top])

    def paint_label(self, painter: QPainter, box: Box, fill: QColor, ink: QColor, text: str, below: str = "") -> None:
        """Write on the price axis; `below` in small where the box has room for a second line."""
        font = theme.font(TEXT_PX * self.dpr)
        x, y, width, height = box
        painter.fillRect(x, y, width, height, fill)
        painter.setPen(ink)
        painter.setFont(font)
        right = self.size[0] - self.px(AXIS_PAD_PX)
        middle = y + self.px(LABEL_PX) / 2
        painter.drawText(QPointF(right - texts.width(font, text), round(middle + texts.drop(font))), text)
        if below and height > self.px(LABEL_PX):
            small = theme.font(SMALL_PX * self.dpr)
            painter.setFont(small)
            base = round(middle + self.px(13) + texts.drop(small))
            painter.drawText(QPointF(right - texts.width(small, below), base), below)

    def paint_axis_mark(self, painter: QPainter, y: int, price: float, ink: QColor) -> None:
        """Write a price on the axis, in the place of what stood there."""
        box = self.axis_box(y)
        for cut in self.cut_by(box):  # half a text is none
            painter.fillRect(*cut, theme.colors.surface)
            self.price_texts.remove(cut)
        self.price_texts.append(box)  # what comes over it later hides it whole
        self.paint_label(painter, box, theme.colors.raised, ink, self.axis_text(price))


def below(box: Box, taken: Iterable[Box]) -> Box:
    """Return a box moved down as far as it takes to cover nothing that is taken."""
    x, y, width, height = box
    for left, top, wide, tall in sorted(taken, key=lambda other: other[1]):
        if x < left + wide and left < x + width and y < top + tall and top < y + height:
            y = top + tall
    return x, y, width, height


def expose(painter: QPainter, region: QRegion | None, box: Box | None) -> bool:
    """Clip to what of a box is to be painted; return whether there is any."""
    if box is None:
        return False
    if region is None:
        painter.setClipRect(*box)
        return True
    part = region.intersected(QRect(*box))
    painter.setClipRegion(part)
    return not part.isEmpty()
