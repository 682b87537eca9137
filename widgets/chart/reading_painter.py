"""Paints the read-out of a chart: open, high, low, close, change and volume of one bar."""

from __future__ import annotations

import math
from itertools import zip_longest
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication, QPointF
from PySide6.QtGui import QColor, QPainter, QRegion

from widgets import theme
from widgets.chart import reading
from widgets.chart.canvas import AXIS_PAD_PX, TEXT_PX, Box, Canvas, expose
from widgets.chart.model import ChartModel
from widgets.chart.reading import Field
from widgets.plot import texts

# Logical px.
LINE_PX = 17  # height of a line of the read-out
LEFT_PX, TOP_PX = 8, 5
GAP_PX = 10  # behind each number
NAME_GAP_PX = 4
ROOM_PX = 100  # height of the plot from which on there may be one more line, up to three


class Place(NamedTuple):
    """A slot of the read-out in device px."""

    field: Field
    name_x: int
    box: Box  # of the number alone: the name never changes
    base: int  # line


class Texts(NamedTuple):
    """What the read-out says, slot by slot."""

    numbers: tuple[str, ...] = ()
    ink: QColor = QColor()


class ReadingPainter:
    """What is seen of one bar as numbers."""

    def __init__(self, model: ChartModel, canvas: Canvas) -> None:
        self.model, self.canvas = model, canvas
        self.places: list[Place] = []

    @property
    def bottom(self) -> int:
        """Where the read-out ends, device px."""
        return max((p.box[1] + p.box[3] for p in self.places), default=self.canvas.px(TOP_PX))

    def texts(self, index: int) -> Texts:
        """Return what there is to say of bar `index`."""
        bar, tick_at = self.model.reading(index), self.model.tick_at
        ink = theme.colors.up if bar.close >= bar.open else theme.colors.down
        if not bar.is_traded:
            ink = theme.colors.faint
        return Texts(tuple([reading.text(bar, p.field, tick_at) for p in self.places]), ink)

    def place(self) -> None:
        (width, height), font, names = self.canvas.plot, theme.font(TEXT_PX * self.canvas.dpr), _names()
        left, top, tall = self.canvas.px(LEFT_PX), self.canvas.px(TOP_PX), self.canvas.px(LINE_PX)
        rooms = [math.ceil(texts.width(font, n)) + self.canvas.px(NAME_GAP_PX) if n else 0 for n in names]
        # A price never needs more than the axis has for it.
        numbers = dict.fromkeys(Field, self.canvas.axis - 2 * self.canvas.px(AXIS_PAD_PX))
        numbers[Field.CHANGE] = math.ceil(texts.width(font, reading.WIDEST_CHANGE))
        numbers[Field.VOLUME] = math.ceil(texts.width(font, reading.WIDEST_VOLUME))
        widths, gap = {f: rooms[f] + numbers[f] for f in Field}, self.canvas.px(GAP_PX)
        lines = min(max(height // self.canvas.px(ROOM_PX), 1), 3)
        self.places = []
        for slot in reading.slots(widths, gap, width - left, lines):
            x, y = left + slot.x, top + slot.line * tall
            base = round(y + tall / 2 + texts.drop(font))
            number = x + rooms[slot.field]
            box = (number, y, min(numbers[slot.field] + gap, width - number), tall)
            self.places.append(Place(slot.field, x, box, base))

    def changed(self, was: Texts, now: Texts) -> list[Box]:
        """Return from the first to the last changed number of each line of the read-out."""
        is_all = was.ink != now.ink or len(was.numbers) != len(now.numbers)
        found: dict[int, Box] = {}
        for place, before, after in zip_longest(self.places, was.numbers, now.numbers):
            if is_all or before != after:
                x, y, width, height = box = place.box
                first = found.get(y, box)[0]
                found[y] = (first, y, x + width - first, height)
        return list(found.values())

    def paint_names(self, painter: QPainter) -> QColor:
        """Paint the names of the numbers, on a ground that keeps them readable over bars. Return its colour."""
        font, names, tall = theme.font(TEXT_PX * self.canvas.dpr), _names(), self.canvas.px(LINE_PX)
        ground = QColor(theme.colors.surface)
        ground.setAlpha(150)
        ends = {p.box[1]: p.box[0] + p.box[2] for p in self.places}  # y of each line: where its last number ends
        for y, end in ends.items():
            painter.fillRect(0, y, end, tall, ground)
        painter.setFont(font)
        painter.setPen(theme.colors.muted)
        for place in self.places:
            if name := names[place.field]:
                texts.draw(painter, font, place.name_x, place.base, name)
        return ground

    def paint(self, painter: QPainter, region: QRegion | None, seen: Texts, *, is_steady: bool) -> None:
        """Paint the numbers that are exposed; open, high and low stay for a while where it `is_steady`."""
        font = theme.font(TEXT_PX * self.canvas.dpr)
        painter.setFont(font)
        painter.setPen(seen.ink)
        for place, text in zip(self.places, seen.numbers, strict=False):
            if not expose(painter, region, place.box):
                continue
            if is_steady and place.field < Field.CLOSE:  # stays while trades go on
                texts.draw(painter, font, place.box[0], place.base, text)
            else:
                painter.drawText(QPointF(place.box[0], place.base), text)


def _names() -> tuple[str, ...]:
    """Return what the numbers of the read-out are called, by field; the change needs no name."""
    return (
        QCoreApplication.translate("ChartPainter", "O"),
        QCoreApplication.translate("ChartPainter", "H"),
        QCoreApplication.translate("ChartPainter", "L"),
        QCoreApplication.translate("ChartPainter", "C"),
        "",
        QCoreApplication.translate("ChartPainter", "Vol"),
    )
