"""Paints what prices in BTC or USDT are worth in KRW: below the label of the last price and of the crosshair."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter, QRegion

from widgets import theme
from widgets.chart.canvas import AXIS_PAD_PX, SMALL_PX, Box, Canvas, expose
from widgets.chart.model import ChartModel
from widgets.plot import texts
from widgets.won import NO_RATE

WON_PX = 15  # height, logical


class WonPainter:
    """What is seen of the worth in KRW."""

    def __init__(self, model: ChartModel, canvas: Canvas) -> None:
        self.model, self.canvas = model, canvas
        self.rate = NO_RATE

    def room(self) -> float:
        """Return the width of the axis that the prices in view need, device px; 0 where nothing is shown."""
        model, font = self.model, theme.font(SMALL_PX * self.canvas.dpr)
        if not model.count:  # the range is still another market's
            return 0.0
        shown = [self.rate.text(p) for p in (model.y0, model.y1, model.last_price) if math.isfinite(p)]
        width = max((texts.width(font, t) for t in shown if t), default=0.0)
        return width and width + 2 * self.canvas.px(AXIS_PAD_PX)

    def box(self, label: Box | None) -> Box | None:
        """Return where the worth of what a label says stands: below it, or above where the plot ends."""
        if label is None or not math.isfinite(self.rate.krw):
            return None
        x, y, width, height = label
        tall = self.canvas.px(WON_PX)
        top = y + height if y + height + tall <= self.canvas.plot[1] else y - tall
        return (x, top, width, tall) if top >= 0 else None

    def paint(self, painter: QPainter, region: QRegion | None, box: Box | None, price: float) -> None:
        """Write the worth of a price, if that is exposed."""
        if box is None or not expose(painter, region, box):
            return
        font, text = theme.font(SMALL_PX * self.canvas.dpr), self.rate.text(price)
        x, y, width, height = box
        painter.fillRect(x, y, width, height, theme.colors.raised)
        painter.setFont(font)
        painter.setPen(theme.colors.faint if self.rate.is_stale else theme.colors.text)
        right = self.canvas.size[0] - self.canvas.px(AXIS_PAD_PX)
        painter.drawText(QPointF(right - texts.width(font, text), round(y + height / 2 + texts.drop(font))), text)


def joined(one: Box | None, other: Box | None) -> Box | None:
    """Return the box around two that stand above each other."""
    if one is None or other is None:
        return one or other
    top = min(one[1], other[1])
    return one[0], top, one[2], max(one[1] + one[3], other[1] + other[3]) - top
