"""Paints the watermark of a chart: market, and below it whether this is no market at all."""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap

from widgets import theme
from widgets.chart.canvas import Canvas
from widgets.chart.model import VOLUME_SHARE, ChartModel
from widgets.plot import texts

WATERMARK_PX = 52  # logical


class Watermark:
    """Letters behind the bars."""

    def __init__(self, model: ChartModel, canvas: Canvas) -> None:
        self.model, self.canvas = model, canvas
        self.badge = ""  # under the market, "DEMO"
        self._mark = QPixmap()  # drawn once: letters of its size are slow paths
        self._mark_of: tuple[object, ...] = ()

    def paint(self, painter: QPainter) -> None:
        key = (self.model.market, self.badge, theme.version, self.canvas.dpr, self.canvas.plot[0] // 64)
        if key != self._mark_of:
            self._mark_of = key
            self._mark = self._draw()
        width, height = self.canvas.plot
        middle = int(height * (1 - VOLUME_SHARE)) // 2
        painter.drawPixmap((width - self._mark.width()) // 2, middle - self._mark.height() // 2, self._mark)

    def _draw(self) -> QPixmap:
        lines = [line for line in (self.model.market, self.badge) if line]
        big = self.canvas.px(WATERMARK_PX)
        fonts = [theme.font(big, "semibold"), theme.font(big * 0.5, "semibold")]
        widest = max((texts.width(f, t) for f, t in zip(fonts, lines, strict=False)), default=0)
        room = self.canvas.plot[0] * 0.8
        if widest > room:
            big = max(int(big * room / widest), 8)
            fonts = [theme.font(big, "semibold"), theme.font(big * 0.5, "semibold")]
            widest = room
        mark = QPixmap(max(math.ceil(widest), 1), max(int(big * 2.2), 1))
        mark.fill(Qt.GlobalColor.transparent)
        painter = QPainter(mark)
        painter.setPen(theme.colors.watermark)
        tops = (0.0, big * 1.25)
        for text, font, top in zip(lines, fonts, tops, strict=False):
            painter.setFont(font)
            box = QRectF(0, top, mark.width(), big * 1.3)
            painter.drawText(box, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, text)
        painter.end()
        return mark
