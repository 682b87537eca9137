"""Paints what is marked at prices and bars of a chart: alerts, signals of strategies, own orders and fills."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QCoreApplication, QPointF, QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap, QPolygonF, QRegion

from core.strategy.base import Signal
from widgets import theme
from widgets.chart.canvas import LABEL_PX, SMALL_PX, Box, Canvas, below, expose
from widgets.chart.model import ChartModel, Dirt
from widgets.chart.own import NO_FILLS, FillMarks, OrderMark, places
from widgets.plot import texts
from widgets.plot.marks import MARK_PX, mark, top_left
from widgets.plot.primitives import dashes
from widgets.plot.stack import beside

# Logical px.
FILL_PX = 9  # width of the mark of a fill
TAG_PX = 16  # height of the tag of an order
TAG_LEFT_PX = 8


class _Mark(NamedTuple):
    """A signal where it stands, device px."""

    signal: Signal
    bar: int
    box: Box


class _AxisMark(NamedTuple):
    """A price that is to be written on the axis."""

    y: int  # of its line, device px
    text: str
    ink: QColor


class AxisLabel(NamedTuple):
    """A price where it is written on the axis, device px."""

    box: Box
    text: str
    ink: QColor


class MarkPainter:
    """What is seen of alerts, signals, orders and fills."""

    def __init__(self, model: ChartModel, canvas: Canvas) -> None:
        self.model, self.canvas = model, canvas
        self.levels: tuple[float, ...] = ()  # prices at which an alert watches
        self.marked: float | None = None  # a price of the user's choice
        self.signals: tuple[Signal, ...] = ()  # of strategies, on this market; `set_signals`
        self._signal_ms = np.empty(0, np.int64)
        self._live: list[_Mark] = []  # those at bars that are not in the layer
        self.orders: tuple[OrderMark, ...] = ()  # of one's own
        self.tags: list[Box] = []  # where the layer has what is said of them
        self.doubt = ""  # why they may be others by now; "" if they are not
        self.fills: FillMarks = NO_FILLS
        self.average = 0.0  # price at which one bought; 0 for none
        self._axis_marks: tuple[_AxisMark, ...] = ()
        self._axis_marks_of: tuple[object, ...] = ()
        self._shapes = (QPixmap(), QPixmap())  # of a buy and a sale
        self._shapes_of: tuple[object, ...] = ()

    def paint_closed(self, painter: QPainter, live_from: int) -> None:
        """Paint signals and fills at the bars before `live_from`."""
        marks = self._in_view()
        self._live = [m for m in marks if m.bar >= live_from]
        self._paint_signals(painter, [m for m in marks if m.bar < live_from])
        model = self.model
        self.paint_fills(painter, int(model.x0) - 1, min(math.ceil(model.x1) + 1, live_from))

    def paint_live(self, painter: QPainter, region: QRegion | None) -> None:
        """Paint the signals at the bars that are not in the layer."""
        if self._live:
            self._paint_signals(painter, self._live, region or QRegion(QRect(0, 0, *self.canvas.size)))

    def live_room(self, live_from: int) -> float:
        """Return the width that marks at the live bars need, device px."""
        times, starts = self.fills.times, self.model.starts
        has_fills = len(times) and times[-1] >= starts[live_from]
        return self.canvas.px(FILL_PX) + 2.0 * self.canvas.line if has_fills else 0.0

    def set_signals(self, signals: tuple[Signal, ...]) -> Dirt:
        """Mark these from now on, oldest first."""
        is_same, self.signals = signals == self.signals, signals
        if is_same:
            return Dirt.NONE
        self._signal_ms = np.array([s.time_ms for s in signals], np.int64)
        return Dirt.ALL

    def _in_view(self) -> list[_Mark]:
        """Return the signals in view."""
        model, scale, size = self.model, self.canvas.scale, self.canvas.px(MARK_PX)
        if not len(self._signal_ms) or not model.count:
            return []
        at = np.searchsorted(model.starts, self._signal_ms, side="right") - 1
        found: dict[Box, _Mark] = {}  # one of many at a place
        for n in np.flatnonzero((at >= max(model.x0 - 1.0, 0.0)) & (at <= model.x1 + 1.0)).tolist():
            signal, index = self.signals[n], int(at[n])
            if model.y0 <= signal.price <= model.y1:
                left, top = top_left(signal.side, size, round(scale.x(index)), round(scale.y(signal.price)))
                box = (left, top, size, size)
                found[box] = _Mark(signal, index, box)
        return list(found.values())

    def signals_at(self, point: QPointF) -> list[Signal]:
        """Return the signals whose mark is under a point, logical px, or beside it."""
        x, y, near = point.x() * self.canvas.dpr, point.y() * self.canvas.dpr, self.canvas.px(MARK_PX) / 2
        size = self.canvas.px(MARK_PX) / 2
        return [
            m.signal
            for m in self._in_view()
            if abs(m.box[0] + size - x) <= size + near / 2 and abs(m.box[1] + size - y) <= size + near / 2
        ]

    def _paint_signals(self, painter: QPainter, marks: list[_Mark], region: QRegion | None = None) -> None:
        color, size = theme.colors, self.canvas.px(MARK_PX)
        (width, height), is_whole = self.canvas.plot, region is None
        for one in marks:
            left, top, *_ = one.box
            picture = mark(one.signal.side, size, color.warn.rgb(), color.surface.rgb())
            if is_whole:
                painter.drawPixmap(left, top, picture)
                continue
            within = QRect(*one.box).intersected(QRect(0, 0, width, height))
            if expose(painter, region, (within.x(), within.y(), within.width(), within.height())):
                painter.drawPixmap(left, top, picture)

    def axis_labels(self, taken: Iterable[Box]) -> tuple[AxisLabel, ...]:
        """Return the prices of what is marked as they are to be written on the axis.

        They make way for each other and for what is `taken` there; one that has no room is left out.
        """
        model, canvas = self.model, self.canvas
        if not model.count:
            return ()
        base = model.base if model.price_scale == "percent" else 0.0
        key = (canvas.scale, base, self.marked, self.orders, bool(self.doubt), self.average, self.levels, theme.version)
        if key != self._axis_marks_of:  # a trade alone changes none of them
            self._axis_marks_of, self._axis_marks = key, tuple(self._find_axis_marks())
        x, room, tall, height = (
            canvas.plot[0] + canvas.line,
            canvas.axis - canvas.line,
            canvas.px(LABEL_PX),
            canvas.plot[1],
        )
        edges, found = [(box[1], box[1] + box[3]) for box in taken], []
        for y, text, ink in self._axis_marks:
            top = beside(y, tall, 0, height, edges)
            if top is not None:
                edges.append((top, top + tall))
                found.append(AxisLabel((x, top, room, tall), text, ink))
        return tuple(found)

    def _find_axis_marks(self) -> Iterator[_AxisMark]:
        """Give the prices in view, what matters most first."""
        color, canvas = theme.colors, self.canvas
        prices: list[tuple[float, QColor]] = [] if self.marked is None else [(self.marked, color.accent)]
        prices += [(order.price, self._ink(order)) for order in self.orders]
        if self.average:
            prices.append((self.average, color.text))
        prices += [(price, color.warn) for price in self.levels]
        for price, ink in prices:
            y = round(canvas.scale.y(price))
            if 0 <= y < canvas.plot[1]:
                yield _AxisMark(y, canvas.axis_text(price), ink)

    def _ink(self, order: OrderMark) -> QColor:
        color = theme.colors
        return color.muted if self.doubt else color.bid if order.is_buy else color.ask

    def changed(self, was: tuple[AxisLabel, ...], now: tuple[AxisLabel, ...]) -> list[Box]:
        """Return what of the axis is to be painted again: one box around all is cheaper than many."""
        if was == now:
            return []
        boxes = [label.box for label in (*was, *now)]
        top = min(box[1] for box in boxes)
        x, _, width, _ = boxes[0]
        return [(x, top, width, max(box[1] + box[3] for box in boxes) - top)]

    def paint_axis(self, painter: QPainter, region: QRegion | None, labels: tuple[AxisLabel, ...]) -> None:
        """Write the prices on the axis, those that are exposed."""
        for label in labels:
            if expose(painter, region, label.box):
                self.canvas.paint_label(painter, label.box, theme.colors.raised, label.ink, label.text)

    def paint_levels(self, painter: QPainter) -> None:
        """Mark the prices at which an alert watches."""
        (width, height), line, color = self.canvas.plot, self.canvas.line, theme.colors
        for price in self.levels:
            y = round(self.canvas.scale.y(price))
            if 0 <= y < height:
                painter.drawPixmap(0, y, dashes(width, line, color.warn.rgb()))

    def paint_marked(self, painter: QPainter) -> None:
        """Mark the price of the user's choice."""
        if self.marked is None:
            return
        y, ink = round(self.canvas.scale.y(self.marked)), theme.colors.accent
        if 0 <= y < self.canvas.plot[1]:
            painter.drawPixmap(0, y, dashes(self.canvas.plot[0], self.canvas.line, ink.rgb()))

    def paint_orders(self, painter: QPainter, written: Iterable[Box]) -> None:
        """Mark own orders, each with what is left of it, and the average price of what is held.

        Args:
            written: what no tag shall cross.
        """
        taken, self.tags = list(written), []
        (width, height), line, color = self.canvas.plot, self.canvas.line, theme.colors
        if not self.model.count:
            return
        told: list[tuple[int, str, QColor]] = []
        if self.average:
            y = round(self.canvas.scale.y(self.average))
            if 0 <= y < height:
                painter.drawPixmap(0, y, dashes(width, line, color.text.rgb()))
                told.append((y, _average_text(), color.text))
        buy, sell = _side_texts()
        for order in self.orders:
            y = round(self.canvas.scale.y(order.price))
            if 0 <= y < height:
                ink = self._ink(order)
                if self.doubt:
                    painter.drawPixmap(0, y, dashes(width, line, ink.rgb()))
                else:
                    painter.fillRect(0, y, width, line, ink)
                told.append((y, f"{buy if order.is_buy else sell} {order.size}", ink))
        for y, text, ink in told:  # above all lines: one that runs through a tag strikes it out
            self._paint_tag(painter, y, text, ink, taken)

    def doubt_at(self, y: float) -> str:
        """Return why the own order at a height, logical px, may be another by now; "" for none."""
        near, at = self.canvas.px(TAG_PX) / 2, y * self.canvas.dpr
        return self.doubt if any(abs(self.canvas.scale.y(o.price) - at) <= near for o in self.orders) else ""

    def _tag_box(self, y: int, room: int, taken: list[Box]) -> Box:
        """Return where the tag of a line stands: at its left end, at its right one, or below all that is in its way.

        One that is pushed off its line is itself in the way of those that come later.
        """
        (width, height), tall, left = self.canvas.plot, self.canvas.px(TAG_PX), self.canvas.px(TAG_LEFT_PX)
        top = min(max(y - tall // 2, 0), max(height - tall, 0))
        for x in (left, width - room - left):
            box = (x, top, room, tall)
            if x >= 0 and below(box, taken) == box:
                return box
        taken.append(below((left, top, room, tall), taken))
        return taken[-1]

    def _paint_tag(self, painter: QPainter, y: int, text: str, ink: QColor, taken: list[Box]) -> None:
        """Write on a line what it is."""
        font, pad = theme.font(SMALL_PX * self.canvas.dpr), self.canvas.px(5)
        left, top, room, tall = self._tag_box(y, math.ceil(texts.width(font, text)) + 2 * pad, taken)
        self.tags.append((left, top, room, tall))
        painter.fillRect(left, top, room, tall, ink)
        painter.fillRect(
            left + self.canvas.line,
            top + self.canvas.line,
            room - 2 * self.canvas.line,
            tall - 2 * self.canvas.line,
            theme.colors.surface,
        )
        painter.setFont(font)
        painter.setPen(ink)
        painter.drawText(QPointF(left + pad, round(top + tall / 2 + texts.drop(font))), text)

    def paint_fills(self, painter: QPainter, begin: int, end: int) -> None:
        """Mark own fills in the bars from `begin` to before `end`, each once where many fall on one pixel."""
        scale, height = self.canvas.scale, self.canvas.plot[1]
        found = places(self.fills, self.model.starts[: self.model.count], begin, end)
        seen = {(round(scale.x(bar)), round(scale.y(price)), is_buy) for bar, price, is_buy in found}
        if not seen:
            return
        buy, sell = self._fill_shapes()
        half, tall = buy.width() // 2, buy.height()
        for x, y, is_buy in seen:
            if -tall <= y < height + tall:
                painter.drawPixmap(x - half, y if is_buy else y - tall, buy if is_buy else sell)

    def _fill_shapes(self) -> tuple[QPixmap, QPixmap]:
        """Return the marks of a buy, which points up at its price, and of a sale, which points down at it."""
        key = (theme.version, self.canvas.dpr)
        if key != self._shapes_of:
            self._shapes_of = key
            color = theme.colors
            size = self.canvas.px(FILL_PX)
            up = QPolygonF([QPointF(size / 2, 0.5), QPointF(size - 0.5, size - 0.5), QPointF(0.5, size - 0.5)])
            down = QPolygonF([QPointF(size / 2, size - 0.5), QPointF(size - 0.5, 0.5), QPointF(0.5, 0.5)])
            self._shapes = _shape(up, size, color.bid, color.surface), _shape(down, size, color.ask, color.surface)
        return self._shapes


def _shape(outline: QPolygonF, size: int, fill: QColor, edge: QColor) -> QPixmap:
    made = QPixmap(size, size)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(edge)  # so that it stands out of a bar of its own colour
    painter.setBrush(fill)
    painter.drawPolygon(outline)
    painter.end()
    return made


def _side_texts() -> tuple[str, str]:
    return QCoreApplication.translate("ChartPainter", "Buy"), QCoreApplication.translate("ChartPainter", "Sell")


def _average_text() -> str:
    return QCoreApplication.translate("ChartPainter", "Avg price")
