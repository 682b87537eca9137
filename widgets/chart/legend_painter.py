"""Paints what stands below the read-out: that the bars are averaged, where they are."""

from __future__ import annotations

import math
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QFont, QPainter

from widgets import theme
from widgets.chart.canvas import SMALL_PX, Canvas
from widgets.chart.model import ChartModel
from widgets.plot import texts

# Logical px.
LINE_PX = 18
LEFT_PX = 8
_PAD_PX = 5
_CHIP_PX = 14  # height of a badge
_ROOM_PX = 60  # height of the plot from which on there may be one more line


class Badge(NamedTuple):
    """A word in a frame, device px."""

    text: str
    x: int
    y: int
    width: int


class LegendPainter:
    """Lines below the read-out, above the names of the indicators."""

    def __init__(self, model: ChartModel, canvas: Canvas) -> None:
        self.model, self.canvas = model, canvas
        self.badge: Badge | None = None
        self.bottom = 0  # where the lines end, device px

    def place(self, below: int) -> None:
        """Place the lines below a pixel, as many as there is room for."""
        self.badge, self.bottom = None, below
        if self.model.style == "heikin" and self._has_room():
            text, left = _averaged_text(), self.canvas.px(LEFT_PX)
            room = math.ceil(texts.width(self._font, text)) + 2 * self.canvas.px(_PAD_PX)
            if left + room <= self.canvas.plot[0]:
                pad = (self.canvas.px(LINE_PX) - self.canvas.px(_CHIP_PX)) // 2
                self.badge = Badge(text, left, below + pad, room)
                self.bottom += self.canvas.px(LINE_PX)

    @property
    def _font(self) -> QFont:
        return theme.font(SMALL_PX * self.canvas.dpr)

    def _has_room(self) -> bool:
        return self.bottom + self.canvas.px(_ROOM_PX) <= self.canvas.plot[1]

    def paint(self, painter: QPainter) -> None:
        """Paint what stays the same while trades go on."""
        if self.badge is None:
            return
        text, x, y, width = self.badge
        color, line, tall = theme.colors, self.canvas.line, self.canvas.px(_CHIP_PX)
        painter.fillRect(x, y, width, tall, color.warn)
        painter.fillRect(x + line, y + line, width - 2 * line, tall - 2 * line, color.surface)
        painter.setFont(self._font)
        painter.setPen(color.warn)
        base = round(y + tall / 2 + texts.drop(self._font))
        texts.draw(painter, self._font, x + self.canvas.px(_PAD_PX), base, text)


def _averaged_text() -> str:
    return QCoreApplication.translate("ChartPainter", "Heikin-Ashi: averaged bars, no prices")
