"""Paints what stands below the read-out: that the bars are averaged, and how the compared markets did."""

from __future__ import annotations

import math
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication, QPointF
from PySide6.QtGui import QColor, QFont, QPainter, QRegion

from widgets import format as fmt
from widgets import theme
from widgets.chart.canvas import SMALL_PX, TEXT_PX, Box, Canvas, expose
from widgets.chart.compares import Compare
from widgets.chart.model import ChartModel
from widgets.plot import texts

# Logical px.
LINE_PX = 18
LEFT_PX = 8
_PAD_PX = 5
_CHIP_PX = 14  # height of a badge
_ROOM_PX = 60  # height of the plot from which on there may be one more line
_SWATCH_PX = 8
_GAP_PX = 6
CROSS_PX = 16
_WIDEST = "+000.00%"


class Badge(NamedTuple):
    """A word in a frame, device px."""

    text: str
    x: int
    y: int
    width: int


class Line(NamedTuple):
    """A compared market, device px."""

    compare: Compare
    top: int
    base: int  # y of the base line
    name_x: int
    box: Box  # of the percentage alone
    cross: Box  # where it is pressed away


class LegendPainter:
    """Lines below the read-out, above the names of the indicators."""

    def __init__(self, model: ChartModel, canvas: Canvas) -> None:
        self.model, self.canvas = model, canvas
        self.badge: Badge | None = None
        self.lines: list[Line] = []
        self.bottom = 0  # where the lines end, device px

    def place(self, below: int) -> None:
        """Place the lines below a pixel, as many as there is room for."""
        self.badge, self.lines, self.bottom = None, [], below
        if self.model.style == "heikin" and self._has_room():
            text, left = _averaged_text(), self.canvas.px(LEFT_PX)
            room = math.ceil(texts.width(self._font, text)) + 2 * self.canvas.px(_PAD_PX)
            if left + room <= self.canvas.plot[0]:
                pad = (self.canvas.px(LINE_PX) - self.canvas.px(_CHIP_PX)) // 2
                self.badge = Badge(text, left, below + pad, room)
                self.bottom += self.canvas.px(LINE_PX)
        font = theme.font(TEXT_PX * self.canvas.dpr)
        widest = max((math.ceil(texts.width(font, c.market)) for c in self.model.compares), default=0)
        for one in self.model.compares:
            if self._has_room():
                self._place(one, widest)

    def _place(self, one: Compare, widest: int) -> None:
        """Place a line; the numbers of all stand below each other."""
        px, top, font = self.canvas.px, self.bottom, theme.font(TEXT_PX * self.canvas.dpr)
        tall = px(LINE_PX)
        name_x = px(LEFT_PX) + px(_SWATCH_PX) + px(_GAP_PX)
        x = name_x + widest + px(_GAP_PX)
        room = math.ceil(texts.width(font, _WIDEST))
        cross = (x + room + px(_GAP_PX) // 2, top + (tall - px(CROSS_PX)) // 2, px(CROSS_PX), px(CROSS_PX))
        if cross[0] + cross[2] <= self.canvas.plot[0]:
            base = round(top + tall / 2 + texts.drop(font))
            self.lines.append(Line(one, top, base, name_x, (x, top, room, tall), cross))
            self.bottom += tall

    @property
    def boxes(self) -> list[Box]:
        """What is taken of the plot."""
        tall, left = self.canvas.px(LINE_PX), self.canvas.px(LEFT_PX)
        badges = [(b.x, b.y, b.width, tall) for b in (self.badge,) if b is not None]
        return badges + [(left, x.top, x.cross[0] + x.cross[2] - left, tall) for x in self.lines]

    def texts(self, index: int) -> tuple[str, ...]:
        """Return what is said of bar `index`, line by line."""
        shown = self.model.shown
        return tuple([fmt.percent(line.compare.change(index, *shown)) for line in self.lines])

    def changed(self, was: tuple[str, ...], now: tuple[str, ...]) -> list[Box]:
        """Return where something else is said than before."""
        if len(was) != len(now):
            return [line.box for line in self.lines]
        return [line.box for line, a, b in zip(self.lines, was, now, strict=False) if a != b]

    @property
    def _font(self) -> QFont:
        return theme.font(SMALL_PX * self.canvas.dpr)

    def _has_room(self) -> bool:
        return self.bottom + self.canvas.px(_ROOM_PX) <= self.canvas.plot[1]

    def paint(self, painter: QPainter) -> None:
        """Paint what stays the same while trades go on."""
        self._paint_names(painter)
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

    def _paint_names(self, painter: QPainter) -> None:
        font, px, color = theme.font(TEXT_PX * self.canvas.dpr), self.canvas.px, theme.colors
        ground = QColor(color.surface)
        ground.setAlpha(150)
        for line in self.lines:
            painter.fillRect(0, line.top, line.cross[0] + line.cross[2], line.box[3], ground)
            swatch = px(_SWATCH_PX)
            painter.fillRect(
                px(LEFT_PX), line.top + (line.box[3] - swatch) // 2, swatch, swatch, QColor(line.compare.color)
            )
            painter.setFont(font)
            painter.setPen(color.faint if line.compare.is_stale else color.text)
            texts.draw(painter, font, line.name_x, line.base, line.compare.market)

    def paint_values(self, painter: QPainter, region: QRegion | None, values: tuple[str, ...]) -> None:
        """Write the percentages that are exposed."""
        painter.setFont(theme.font(TEXT_PX * self.canvas.dpr))
        for line, text in zip(self.lines, values, strict=False):
            if expose(painter, region, line.box):
                painter.setPen(theme.colors.faint if line.compare.is_stale else QColor(line.compare.color))
                painter.drawText(QPointF(line.box[0], line.base), text)


def _averaged_text() -> str:
    return QCoreApplication.translate("ChartPainter", "Heikin-Ashi: averaged bars, no prices")
