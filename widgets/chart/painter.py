"""Paints the chart in device pixels, from arrays. All but the last bar is kept in a pixmap.

It knows no widget: `touch` says which region to repaint, `paint` paints it, whoever owns the painter.
"""

from __future__ import annotations

import math
from itertools import zip_longest
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QCoreApplication, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPixmap, QPolygonF, QRegion

from core.strategy.base import Signal
from widgets import format as fmt
from widgets import theme
from widgets.chart import reading
from widgets.chart.model import VOLUME_SHARE, ChartModel, Dirt
from widgets.chart.own import NO_FILLS, FillMarks, OrderMark, places
from widgets.chart.reading import Field
from widgets.chart.study_painter import StudyPainter
from widgets.plot import candles, chunks, texts
from widgets.plot.marks import MARK_PX, mark, top_left
from widgets.plot.primitives import dashes, fill_rects
from widgets.plot.ticks import TimeTick, countdown_text, moment_text, price_ticks, time_ticks

# Logical px.
TEXT_PX, SMALL_PX, WATERMARK_PX = 11, 10, 52
TIME_AXIS_PX = 24
LABEL_PX = 18  # height of a label on the price axis
AXIS_PAD_PX = 7
AXIS_STEP_PX = 8  # the price axis grows by so much
PRICE_TICK_PX, TIME_TICK_PX = 48, 88  # least distance of ticks
READING_PX = 17  # height of a line of the read-out
READING_LEFT_PX, READING_TOP_PX = 8, 5
READING_GAP_PX = 10  # behind each number
READING_NAME_GAP_PX = 4
READING_LINE_PX = 100  # height of the plot from which on there may be one more line, up to three
TIME_LABEL_PX = 136
FILL_PX = 9  # width of the mark of a fill
TAG_PX = 16  # height of the tag of an order

Box = tuple[int, int, int, int]  # x, y, width, height in device px


class _Place(NamedTuple):
    """A slot of the read-out in device px."""

    field: Field
    name_x: int
    box: Box  # of the number alone: the name never changes
    base: int  # line


class _Mark(NamedTuple):
    """A signal where it stands, device px."""

    signal: Signal
    bar: int
    box: Box


class _Seen(NamedTuple):
    """What is on screen, as far as it can change without the layer."""

    live: Box | None = None  # the last bar, or all that share columns with it
    line: Box | None = None  # the price line
    fill: QColor = QColor()  # of the line and its label
    label: Box | None = None
    hidden: tuple[Box, ...] = ()  # texts of the axis that the label would cut in two
    texts: tuple[str, ...] = ()  # of the read-out, slot by slot
    ink: QColor = QColor()  # of the read-out
    values: tuple[str, ...] = ()  # of the indicators in it, place by place
    strips: tuple[tuple[int, Box], ...] = ()  # by shift: where their lines change with the last bar
    cursor: tuple[int, int] | None = None


class ChartPainter:
    """Everything that is seen of a `ChartModel`: grid, axes, bars, price line, read-out, crosshair."""

    def __init__(self, model: ChartModel) -> None:
        self.model = model
        self.studies = StudyPainter(model)
        self.badge = ""  # under the market in the watermark, "DEMO"
        self.note = ""  # at the left edge, "loading history"
        self.levels: tuple[float, ...] = ()  # prices at which an alert watches
        self.signals: tuple[Signal, ...] = ()  # of strategies, on this market; `set_signals`
        self._signal_ms = np.empty(0, np.int64)
        self._live_marks: list[_Mark] = []  # those at bars that are not in the layer
        self.orders: tuple[OrderMark, ...] = ()  # of one's own
        self.fills: FillMarks = NO_FILLS
        self.average = 0.0  # price at which one bought; 0 for none
        self.is_stale = False  # the last price is not the market's any more
        self.now_ms = 0  # exchange clock, for the countdown; 0: none is shown
        self.cursor: QPointF | None = None  # logical px, None: not over the plot
        self.is_echo = False  # the cursor is over another chart: only its time is shown here
        self.dpr = 1.0
        self.size = (0, 0)  # device px of all; nothing is placed before it is known
        self.plot = (1, 1)  # width and height of the plot, device px; it begins at 0, 0
        self.bottom = 1  # of the plot and the panes below it, where the time axis begins
        self.places: list[_Place] = []  # of the read-out
        self._axis = 0  # width of the price axis, device px
        self._layer = QPixmap()
        self._mark = QPixmap()  # the watermark, drawn once: letters of its size are slow paths
        self._mark_of: tuple[object, ...] = ()
        self._is_layer_good = False
        self._theme_version = -1
        self._live_from = 0  # first bar that is not in the layer
        self._price_texts: list[Box] = []  # where the axis of the layer has its prices
        self._seen = _Seen()
        self._volume_colors = (QColor(), QColor())
        self._shapes = (QPixmap(), QPixmap())  # of a buy and a sale
        self._shapes_of: tuple[object, ...] = ()

    # Geometry.

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
        model, (width, height) = self.model, self.plot
        return candles.Scale(model.x0, width / (model.x1 - model.x0), model.y1, height / (model.y1 - model.y0))

    def _px(self, logical: float) -> int:
        return round(logical * self.dpr)

    @property
    def _line(self) -> int:
        return max(int(self.dpr), 1)

    def resize(self, width: float, height: float, dpr: float) -> Dirt:
        """Take the size of the whole in logical px."""
        size = (max(round(width * dpr), 1), max(round(height * dpr), 1))
        if size == self.size and dpr == self.dpr:
            return Dirt.NONE
        if dpr != self.dpr:
            self._axis = 0
        self.size, self.dpr = size, dpr
        self._lay_out()
        return self.fit()

    def forget(self) -> None:
        """Another market or interval: nothing on screen is of use, the axis may be narrower."""
        self._axis = 0
        self._is_layer_good = False

    def fit(self) -> Dirt:
        """Widen the price axis where its texts need it, and give the plot's size to the model."""
        model = self.model
        if not all(self.size):
            return Dirt.NONE
        font = theme.font(TEXT_PX * self.dpr)
        prices = [fmt.price(p, model.tick) for p in (model.y1, model.y0, model.last_price) if math.isfinite(p)]
        needed = max((texts.width(font, t) for t in prices), default=40.0) + 2 * self._px(AXIS_PAD_PX)
        step = self._px(AXIS_STEP_PX)
        dirt = Dirt.NONE
        if needed > self._axis:
            self._axis = math.ceil(needed / step) * step
            self._lay_out()
            dirt = Dirt.ALL
        rect = self.plot_rect
        return max(dirt, model.resize(rect.width(), rect.height()))

    def _lay_out(self) -> None:
        """Place what depends on size and axis alone."""
        width, self.bottom = max(self.size[0] - self._axis, 1), max(self.size[1] - self._px(TIME_AXIS_PX), 1)
        self.plot = (width, self.studies.split(self.bottom, self.dpr))
        self._place_reading()
        below = max((p.box[1] + p.box[3] for p in self.places), default=self._px(READING_TOP_PX))
        self.studies.place(self.plot, self._axis - 2 * self._px(AXIS_PAD_PX), below)

    def lay_out(self) -> None:
        """Place everything anew: other indicators are shown, in other heights, or texts are in another language."""
        if all(self.size):
            self._lay_out()
            self.fit()

    def _place_reading(self) -> None:
        (width, height), font, names = self.plot, theme.font(TEXT_PX * self.dpr), _names()
        left, top, tall = self._px(READING_LEFT_PX), self._px(READING_TOP_PX), self._px(READING_PX)
        rooms = [math.ceil(texts.width(font, n)) + self._px(READING_NAME_GAP_PX) if n else 0 for n in names]
        # A price never needs more than the axis has for it.
        numbers = dict.fromkeys(Field, self._axis - 2 * self._px(AXIS_PAD_PX))
        numbers[Field.CHANGE] = math.ceil(texts.width(font, reading.WIDEST_CHANGE))
        numbers[Field.VOLUME] = math.ceil(texts.width(font, reading.WIDEST_VOLUME))
        widths = {f: rooms[f] + numbers[f] + self._px(READING_GAP_PX) for f in Field}
        lines = min(max(height // self._px(READING_LINE_PX), 1), 3)
        self.places = []
        for slot in reading.slots(widths, width - left, lines):
            x, y = left + slot.x, top + slot.line * tall
            base = round(y + tall / 2 + texts.drop(font))
            box = (x + rooms[slot.field], y, widths[slot.field] - rooms[slot.field], tall)
            self.places.append(_Place(slot.field, x, box, base))

    # Signals.

    def set_signals(self, signals: tuple[Signal, ...]) -> Dirt:
        """Mark these from now on, oldest first."""
        is_same, self.signals = signals == self.signals, signals
        if is_same:
            return Dirt.NONE
        self._signal_ms = np.array([s.time_ms for s in signals], np.int64)
        return Dirt.ALL

    def _marks(self) -> list[_Mark]:
        """Return the signals in view."""
        model, scale, size = self.model, self.scale, self._px(MARK_PX)
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
        x, y, near = point.x() * self.dpr, point.y() * self.dpr, self._px(MARK_PX) / 2
        size = self._px(MARK_PX) / 2
        return [
            m.signal
            for m in self._marks()
            if abs(m.box[0] + size - x) <= size + near / 2 and abs(m.box[1] + size - y) <= size + near / 2
        ]

    def _paint_marks(self, painter: QPainter, marks: list[_Mark], region: QRegion | None = None) -> None:
        color, size = theme.colors, self._px(MARK_PX)
        (width, height), is_whole = self.plot, region is None
        for one in marks:
            left, top, *_ = one.box
            picture = mark(one.signal.side, size, color.warn.rgb(), color.surface.rgb())
            if is_whole:
                painter.drawPixmap(left, top, picture)
                continue
            within = QRect(*one.box).intersected(QRect(0, 0, width, height))
            if _expose(painter, region, (within.x(), within.y(), within.width(), within.height())):
                painter.drawPixmap(left, top, picture)

    # What is to be painted again.

    def touch(self, dirt: Dirt) -> QRegion:
        """Take note of what changed and return the region to repaint, logical px."""
        if dirt >= Dirt.RANGE or theme.version != self._theme_version or not self._is_layer_good:
            self._is_layer_good = False
            return QRegion(self._logical((0, 0, *self.size)))
        was = self._seen
        now = self._look() if dirt >= Dirt.LAST else self._point(was)
        self._seen = now
        boxes: list[Box | None] = []
        if dirt >= Dirt.LAST:
            boxes += [was.live, now.live, *self._price_boxes(was, now)]
            boxes += [box for _, box in {*was.strips, *now.strips}]
            if was.hidden != now.hidden:
                boxes += [*was.hidden, *now.hidden]
        if was.cursor != now.cursor:
            boxes += [*self._cursor_boxes(was.cursor), *self._cursor_boxes(now.cursor)]
        boxes += self._changed_texts(was, now)
        boxes += self._changed_values(was, now)
        region = QRegion()
        for box in boxes:
            if box is not None:
                region += self._logical(box)
        return region

    def _price_boxes(self, was: _Seen, now: _Seen) -> list[Box | None]:
        """Return where the price line and its label were and are: one band across all where they are near.

        A region of few rectangles is cheaper than a small one of many.
        """
        if was.label is None or now.label is None:
            return [was.line, was.label, now.line, now.label]
        if (was.line, was.fill) == (now.line, now.fill):
            return [was.label, now.label]
        top = min(was.label[1], now.label[1])
        bottom = max(was.label[1] + was.label[3], now.label[1] + now.label[3])
        if bottom - top > 4 * self._px(LABEL_PX):
            return [was.line, was.label, now.line, now.label]
        return [(0, top, self.size[0], bottom - top)]

    def _changed_texts(self, was: _Seen, now: _Seen) -> list[Box | None]:
        """Return from the first to the last changed number of each line of the read-out."""
        is_all = was.ink != now.ink or len(was.texts) != len(now.texts)
        found: dict[int, Box] = {}
        for place, before, after in zip_longest(self.places, was.texts, now.texts):
            if is_all or before != after:
                x, y, width, height = box = place.box
                first = found.get(y, box)[0]
                found[y] = (first, y, x + width - first, height)
        return list(found.values())

    def _changed_values(self, was: _Seen, now: _Seen) -> list[Box | None]:
        """Return from the first to the last changed value of each indicator in the read-out."""
        found: dict[int, Box] = {}
        for place, before, after in zip_longest(self.studies.places, was.values, now.values):
            if place is not None and before != after:
                x, y, width, height = box = place.box
                first = found.get(y, box)[0]
                found[y] = (first, y, x + width - first, height)
        return list(found.values())

    def touch_countdown(self) -> QRegion:
        """Take note of another `now_ms`: return the region of the last price's label before and after."""
        was, now = self._seen, self._label_box(self.model.last_price)
        self._seen = was._replace(label=now, hidden=self._cut_by(now))
        region = QRegion()
        for box in (was.label, now, *was.hidden, *self._seen.hidden):
            if box is not None:
                region += self._logical(box)
        return region

    def _logical(self, box: Box) -> QRect:
        x, y, width, height = box
        if self.dpr == 1:
            return QRect(x, y, width, height)
        left, top = math.floor(x / self.dpr), math.floor(y / self.dpr)
        return QRect(left, top, math.ceil((x + width) / self.dpr) - left, math.ceil((y + height) / self.dpr) - top)

    def _device(self, region: QRegion) -> QRegion:
        """Return the device px of logical ones, outwards where they are not whole."""
        if self.dpr == 1:
            return region
        out, dpr = QRegion(), self.dpr
        for rect in region:  # type: ignore[attr-defined]
            left, top = math.floor(rect.x() * dpr), math.floor(rect.y() * dpr)
            right, bottom = (rect.x() + rect.width()) * dpr, (rect.y() + rect.height()) * dpr
            out += QRect(left, top, math.ceil(right) - left, math.ceil(bottom) - top)
        return out

    def _look(self) -> _Seen:
        """Return what is to be seen now."""
        model, price = self.model, self.model.last_price
        if not model.count or not math.isfinite(price):
            return _Seen()
        color = theme.colors
        fill = color.up if price >= model.rows[-1, 0] else color.down
        if self.is_stale:
            fill = color.faint
        y, (width, height), line = round(self.scale.y(price)), self.plot, self._line
        label = self._label_box(price)
        live, strips = self._live_box(), {}
        if model.studies.all:
            strips = self.studies.live_boxes(self.scale, self._live_from, self.bottom)
            if (box := strips.pop(0, None)) is not None:  # one rectangle: a region of few is cheaper
                left = min(box[0], live[0]) if live else box[0]
                right = max(box[0] + box[2], live[0] + live[2]) if live else box[0] + box[2]
                live = (left, 0, right - left, self.bottom)
        seen = _Seen(
            live=live,
            strips=tuple(strips.items()),
            line=(0, y, width, line) if 0 <= y < height else None,
            fill=fill,
            label=label,
            hidden=self._cut_by(label),
        )
        return self._point(seen)

    def _point(self, seen: _Seen) -> _Seen:
        """Return the same with crosshair and read-out as they are now."""
        model, color = self.model, theme.colors
        if not model.count:
            return seen
        bar, tick = model.reading(self._read_index()), model.tick
        numbers = tuple([reading.text(bar, p.field, tick) for p in self.places])
        ink = color.up if bar.close >= bar.open else color.down
        values = self.studies.texts(self._read_index()) if self.studies.places else ()
        return seen._replace(texts=numbers, ink=ink, values=values, cursor=self._cursor_px())

    def _live_box(self) -> Box | None:
        scale, (width, height) = self.scale, self.plot
        room = max(scale.px_per_bar, 2.0) + 2 * self._line
        if len(self.fills.times) and self.fills.times[-1] >= self.model.starts[self._live_from]:
            room = max(room, self._px(FILL_PX) + 2.0 * self._line)
        left = max(math.floor(scale.x(self._live_from) - room / 2), 0)
        right = min(math.ceil(scale.x(self.model.count - 1) + room / 2) + 1, width)
        return (left, 0, right - left, height) if left < right else None

    # Where things are.

    def _axis_box(self, y: float, lines: int = 1) -> Box:
        width, tall = self.plot[0], self._px(LABEL_PX if lines == 1 else LABEL_PX + 12)
        pane = self.studies.pane_at(y) if self.studies.panes and y >= self.plot[1] and lines == 1 else None
        begin, height = (0, self.plot[1]) if pane is None else (pane.top, pane.height)
        top = min(max(round(y) - self._px(LABEL_PX) // 2, begin), begin + max(height - tall, 0))
        return width + self._line, top, self._axis - self._line, tall

    def _label_box(self, price: float) -> Box | None:
        """Return where the last price stands on its axis, with the countdown below."""
        if not math.isfinite(price):
            return None
        return self._axis_box(self.scale.y(price), 2 if self._countdown() else 1)

    def _cut_by(self, label: Box | None) -> tuple[Box, ...]:
        if label is None:
            return ()
        top, bottom = label[1], label[1] + label[3]
        return tuple([b for b in self._price_texts if b[1] < bottom and b[1] + b[3] > top])

    def _time_box(self, x: float) -> Box:
        width = self.plot[0]
        room = min(self._px(TIME_LABEL_PX), width)
        left = min(max(round(x) - room // 2, 0), width - room)
        return left, self.bottom + self._line, room, self._px(TIME_AXIS_PX) - self._line

    def _cursor_px(self) -> tuple[int, int] | None:
        """Return the crosshair's pixel: its x on the middle of a bar, its y as pointed at, -1 for none."""
        if self.cursor is None:
            return None
        scale = self.scale
        x = self.cursor.x() * self.dpr
        index = math.floor(scale.x0 + x / scale.px_per_bar + 0.5)
        if scale.px_per_bar >= 1:
            x = scale.x(index) - (self._line % 2) / 2
        return round(x), -1 if self.is_echo else round(self.cursor.y() * self.dpr)

    def _cursor_boxes(self, cursor: tuple[int, int] | None) -> list[Box | None]:
        """Return where the crosshair and its labels are."""
        if cursor is None:
            return []
        (x, y), line = cursor, self._line
        upright: list[Box | None] = [(x, 0, line, self.bottom), self._time_box(x)]
        if y < 0:
            return upright
        label = self._axis_box(y)
        return [*upright, (0, label[1], self.size[0], label[3])]

    def _read_index(self) -> int:
        """Return the bar whose numbers are shown: the one under the cursor, or the last."""
        if self.cursor is not None:
            index = self.model.index_at(self.model.x0 + self.cursor.x() / self.model.px_per_bar)
            if index is not None:
                return index
        return self.model.count - 1

    # Painting.

    def paint(self, painter: QPainter, exposed: QRegion | None = None) -> None:
        """Paint all but the crosshair.

        Each part has its own clip, mostly one rectangle: through a clip of many Qt paints line by line.

        Args:
            painter: in logical px, at the widget's origin.
            exposed: what is to be painted, logical px; None is everything.
        """
        if theme.version != self._theme_version or not self._is_layer_good:
            self._paint_layer()
            self._seen = self._look()
        region = None if exposed is None else self._device(exposed)
        painter.save()
        self._to_device(painter)
        self._copy_layer(painter, region)
        seen, (width, height) = self._seen, self.plot
        bars = None if seen.live is None else (seen.live[0], 0, seen.live[2], min(seen.live[3], height))
        if _expose(painter, region, bars):
            self._paint_last(painter)
            self._paint_fills(painter, self._live_from, self.model.count)
        if self.model.studies.all:
            live = () if seen.live is None else ((0, seen.live),)
            for shift, box in (*live, *seen.strips):
                clip = QRect(*box) if region is None else region.intersected(QRect(*box)).boundingRect()
                self.studies.paint_live(painter, self.scale, self._live_from, shift, clip)
        if self._live_marks:
            self._paint_marks(painter, self._live_marks, region or QRegion(QRect(0, 0, *self.size)))
        if _expose(painter, region, seen.line) and seen.line is not None:
            x, y, width, line = seen.line
            painter.drawPixmap(x, y, dashes(width, line, seen.fill.rgb()))
        for box in seen.hidden:
            if _expose(painter, region, box):
                painter.fillRect(*box, theme.colors.surface)
        if _expose(painter, region, seen.label) and seen.label is not None:
            self._paint_price_label(painter, seen.label)
        self._paint_reading(painter, region)
        self._paint_values(painter, region)
        painter.restore()

    def paint_cursor(self, painter: QPainter, exposed: QRegion | None = None) -> None:
        """Paint the crosshair and its labels; above everything else. Arguments as of `paint`."""
        cursor = self._seen.cursor
        if cursor is None:
            return
        region = None if exposed is None else self._device(exposed)
        painter.save()
        self._to_device(painter)
        (x, y), width, height, line = cursor, self.plot[0], self.bottom, self._line
        model, color = self.model, theme.colors
        if y >= 0 and _expose(painter, region, (0, y, width, line)):
            painter.drawPixmap(0, y, dashes(width, line, color.crosshair.rgb()))
        if _expose(painter, region, (x, 0, line, height)):
            painter.drawPixmap(x, 0, dashes(height, line, color.crosshair.rgb(), is_upright=True))
        box = self._axis_box(y)
        if y >= 0 and _expose(painter, region, box):
            self._paint_label(painter, box, color.border, color.text, self._text_at(y))
        box = self._time_box(x)
        time = model.time_at(model.x0 + (x + 0.5) / self.scale.px_per_bar)
        if time is not None and model.series is not None and _expose(painter, region, box):
            text = moment_text(time, model.series.interval.length_ms)
            font = theme.font(TEXT_PX * self.dpr)
            painter.fillRect(*box, color.border)
            painter.setPen(color.text)
            painter.setFont(font)
            left = box[0] + (box[2] - math.ceil(texts.width(font, text))) // 2
            painter.drawText(QPointF(left, round(box[1] + box[3] / 2 + texts.drop(font))), text)
        painter.restore()

    def _text_at(self, y: int) -> str:
        """Return what a pixel of the plot or of a pane stands for."""
        model, pane = self.model, self.studies.pane_at(y)
        if pane is not None:
            return self.studies.axis_text(pane, pane.value(y + 0.5))
        price = round((model.y1 - (y + 0.5) / self.scale.px_per_price) / model.tick) * model.tick
        return fmt.price(price, model.tick)

    def _to_device(self, painter: QPainter) -> None:
        painter.resetTransform()
        if self.dpr != 1:
            painter.scale(1 / self.dpr, 1 / self.dpr)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)

    def _copy_layer(self, painter: QPainter, region: QRegion | None) -> None:
        """Copy the layer. Rectangle by rectangle: through a clip of many Qt copies line by line, ten times slower."""
        if region is None or region.rectCount() == 1:
            painter.drawPixmap(0, 0, self._layer)
            return
        for rect in region:  # type: ignore[attr-defined]
            painter.setClipRect(rect)
            painter.drawPixmap(0, 0, self._layer)

    def _paint_layer(self) -> None:
        """Paint what stays when only the last bar moves."""
        if (self._layer.width(), self._layer.height()) != self.size:
            self._layer = QPixmap(*self.size)
        color, model = theme.colors, self.model
        if theme.version != self._theme_version:
            self._theme_version = theme.version
            self._volume_colors = _over(color.up_bar, color.surface), _over(color.down_bar, color.surface)
        self._is_layer_good = True
        width, height = self.plot
        painter = QPainter(self._layer)
        painter.fillRect(0, 0, *self.size, color.surface)
        self._paint_watermark(painter)
        scale = self.scale
        ticks = self._time_ticks()
        step, prices = price_ticks(model.y0, model.y1, max(int(height / self._px(PRICE_TICK_PX)), 1), model.tick)
        rows = np.rint((model.y1 - prices) * scale.px_per_price)
        self._paint_grid(painter, ticks, rows)
        self.studies.paint_ground(painter)
        painter.setClipRect(0, 0, width, height)
        self._paint_bars(painter, scale)
        if model.studies.all and model.count:
            self.studies.paint_closed(painter, scale, self._live_from)
            painter.setClipRect(0, 0, width, height)
        self._paint_hole(painter, scale)
        marks = self._marks()
        self._live_marks = [m for m in marks if m.bar >= self._live_from]
        self._paint_marks(painter, [m for m in marks if m.bar < self._live_from])
        self._paint_fills(painter, int(model.x0) - 1, min(math.ceil(model.x1) + 1, self._live_from))
        painter.setClipping(False)
        self._paint_axes(painter, ticks, prices, rows, min(step, model.tick))
        self._paint_levels(painter)
        self._paint_orders(painter)
        self._paint_names(painter)
        if self.note and (model.x0 < 0 or not model.count):
            self._paint_note(painter)
        painter.end()

    def _time_ticks(self) -> list[TimeTick]:
        model = self.model
        if model.series is None:
            return []
        most = max(self.plot[0] // self._px(TIME_TICK_PX), 1)
        return time_ticks(model.starts, model.x0, model.x1, model.series.interval.length_ms, most)

    def _paint_watermark(self, painter: QPainter) -> None:
        key = (self.model.market, self.badge, theme.version, self.dpr, self.plot[0] // 64)
        if key != self._mark_of:
            self._mark_of = key
            self._mark = self._draw_mark()
        width, height = self.plot
        middle = int(height * (1 - VOLUME_SHARE)) // 2
        painter.drawPixmap((width - self._mark.width()) // 2, middle - self._mark.height() // 2, self._mark)

    def _draw_mark(self) -> QPixmap:
        lines = [line for line in (self.model.market, self.badge) if line]
        big = self._px(WATERMARK_PX)
        fonts = [theme.font(big, "semibold"), theme.font(big * 0.5, "semibold")]
        widest = max((texts.width(f, t) for f, t in zip(fonts, lines, strict=False)), default=0)
        room = self.plot[0] * 0.8
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

    def _paint_grid(self, painter: QPainter, ticks: list[TimeTick], rows: np.ndarray) -> None:
        width, height = self.plot
        line, color, scale = self._line, theme.colors, self.scale
        is_intraday = self.model.series is not None and self.model.series.interval.length_ms < 86_400_000
        plain = [(round(scale.x(t.x)), 0, line, self.bottom) for t in ticks if not (t.rank and is_intraday)]
        plain += [(0, y, width, line) for y in rows if y < height]
        fill_rects(painter, np.array(plain, np.float64).reshape(-1, 4), color.grid)
        days = [(round(scale.x(t.x)), 0, line, self.bottom) for t in ticks if t.rank and is_intraday]
        fill_rects(painter, np.array(days, np.float64).reshape(-1, 4), color.border)

    def _paint_bars(self, painter: QPainter, scale: candles.Scale) -> None:
        """Paint the closed bars, and remember where the live part begins."""
        model = self.model
        self._live_from = max(model.count - 1, 0)
        if not model.count:
            return
        width, height = self.plot
        line, per_volume = self._line, self._px_per_volume()
        per_column = line / scale.px_per_bar
        if per_column >= 1:
            count = math.ceil(width / line)
            x0 = model.x0
            columns, self._live_from = model.chunks.columns(model.rows, x0, per_column, count)
            boxes = candles.column_boxes(columns, scale, line, height, per_volume)
        else:
            begin, end = model.shown
            rows = model.rows[begin : min(end, model.count - 1)]
            boxes = candles.bar_boxes(rows, begin, scale, line, height, per_volume)
        self._fill(painter, boxes)

    def _px_per_volume(self) -> float:
        return self.plot[1] * VOLUME_SHARE / self.model.volume_top

    def _fill(self, painter: QPainter, boxes: candles.Boxes) -> None:
        color, (up, down) = theme.colors, self._volume_colors
        fill_rects(painter, boxes.volume_up, up)
        fill_rects(painter, boxes.volume_down, down)
        fill_rects(painter, boxes.up, color.up)
        fill_rects(painter, boxes.down, color.down)

    def _paint_last(self, painter: QPainter) -> None:
        """Paint the bars that are not in the layer: the last, or all that share columns with it."""
        model, scale, (width, height) = self.model, self.scale, self.plot
        if not model.x0 - 1 <= model.count - 1 <= model.x1 + 1:
            return
        line, per_volume = self._line, self._px_per_volume()
        per_column = line / scale.px_per_bar
        if per_column >= 1:
            columns = chunks.tail(model.rows, self._live_from, model.x0, per_column, math.ceil(width / line))
            bars = candles.column_bars(columns, scale, line, height, per_volume)
        else:
            bars = [candles.bar_box(model.rows[-1], model.count - 1, scale, line, height, per_volume)]
        for bar in bars:
            color = theme.colors.up if bar.is_up else theme.colors.down
            painter.fillRect(*bar.volume, self._volume_colors[not bar.is_up])
            painter.fillRect(*bar.wick, color)
            painter.fillRect(*bar.body, color)

    def _paint_hole(self, painter: QPainter, scale: candles.Scale) -> None:
        """Hatch where bars may be missing."""
        hole = self.model.hole
        if hole is None:
            return
        left, right = round(scale.x(hole[0])), round(scale.x(hole[1]))
        box = QRectF(left - self._px(3), 0, max(right - left, self._px(6)), self.plot[1])
        painter.fillRect(box, QBrush(theme.colors.warn, Qt.BrushStyle.BDiagPattern))

    def _paint_axes(
        self, painter: QPainter, ticks: list[TimeTick], prices: np.ndarray, rows: np.ndarray, tick: float
    ) -> None:
        color, line = theme.colors, self._line
        width, height = self.plot
        painter.fillRect(width, 0, line, self.size[1], color.border)
        painter.fillRect(0, self.bottom, self.size[0], line, color.border)
        for top in self.studies.edges():
            painter.fillRect(width, top, self._axis, line, color.border)
        font = theme.font(TEXT_PX * self.dpr)
        drop = texts.drop(font)
        painter.setFont(font)
        painter.setPen(color.muted)
        right, half = self.size[0] - self._px(AXIS_PAD_PX), self._px(LABEL_PX) // 2
        self._price_texts = []
        cap = math.ceil(drop)
        if self.model.count:
            for price, y in zip(prices.tolist(), rows.tolist(), strict=True):
                if half <= y <= height - half:
                    text = fmt.price(price, tick)
                    texts.draw(painter, font, right - texts.width(font, text), round(y + drop), text)
                    # Figures, and commas below them.
                    box = (width + line, round(y) - cap - 2, self._axis - line, 2 * cap + 6)
                    self._price_texts.append(box)
        self.studies.paint_axes(painter, right, half)
        painter.setFont(font)
        base = round(self.bottom + self._px(TIME_AXIS_PX) / 2 + drop)
        for t in ticks:
            room = texts.width(font, t.text)
            x = self.scale.x(t.x)
            if room / 2 <= x <= width - room / 2:
                painter.setPen(color.text if t.rank else color.muted)
                texts.draw(painter, font, round(x - room / 2), base, t.text)

    def _paint_note(self, painter: QPainter) -> None:
        font = theme.font(TEXT_PX * self.dpr)
        first = self.scale.x(0) - self._px(16)
        left = self._px(12)
        x = left if not self.model.count else max(min(left, first - texts.width(font, self.note)), 0)
        painter.setFont(font)
        painter.setPen(theme.colors.muted)
        painter.drawText(QPointF(x, self.plot[1] * (1 - VOLUME_SHARE) / 2 + texts.drop(font)), self.note)

    def _countdown(self) -> str:
        """Return the time until the last bar closes, "" where that means nothing."""
        series = self.model.series
        if series is None or not self.now_ms or self.is_stale or not self.model.count:
            return ""
        end_ms = series.interval.next(series.last_ms)
        left = end_ms - max(self.now_ms, series.last_ms)  # a bar that has begun since the last beat is no longer
        return countdown_text(left) if left > 0 else ""

    def _paint_price_label(self, painter: QPainter, box: Box) -> None:
        model = self.model
        text = fmt.price(model.last_price, model.tick)
        self._paint_label(painter, box, self._seen.fill, theme.colors.surface, text, self._countdown())

    def _paint_label(self, painter: QPainter, box: Box, fill: QColor, ink: QColor, text: str, below: str = "") -> None:
        font = theme.font(TEXT_PX * self.dpr)
        x, y, width, height = box
        painter.fillRect(x, y, width, height, fill)
        painter.setPen(ink)
        painter.setFont(font)
        right = self.size[0] - self._px(AXIS_PAD_PX)
        middle = y + self._px(LABEL_PX) / 2
        painter.drawText(QPointF(right - texts.width(font, text), round(middle + texts.drop(font))), text)
        if below and height > self._px(LABEL_PX):
            small = theme.font(SMALL_PX * self.dpr)
            painter.setFont(small)
            base = round(middle + self._px(13) + texts.drop(small))
            painter.drawText(QPointF(right - texts.width(small, below), base), below)

    def _paint_levels(self, painter: QPainter) -> None:
        """Mark the prices at which an alert watches."""
        (width, height), line, color = self.plot, self._line, theme.colors
        for price in self.levels:
            y = round(self.scale.y(price))
            if 0 <= y < height:
                painter.drawPixmap(0, y, dashes(width, line, color.warn.rgb()))
                box = self._axis_box(y)
                self._price_texts = [b for b in self._price_texts if b[1] + b[3] <= box[1] or b[1] >= box[1] + box[3]]
                self._paint_label(painter, box, color.raised, color.warn, fmt.price(price, self.model.tick))

    def _paint_orders(self, painter: QPainter) -> None:
        """Mark own orders, each with what is left of it, and the average price of what is held."""
        (width, height), line, color = self.plot, self._line, theme.colors
        if not self.model.count:
            return
        if self.average:
            y = round(self.scale.y(self.average))
            if 0 <= y < height:
                painter.drawPixmap(0, y, dashes(width, line, color.text.rgb()))
                self._paint_tag(painter, y, _average_text(), color.text)
                self._paint_axis_mark(painter, y, self.average, color.text)
        buy, sell = _side_texts()
        for order in self.orders:
            y = round(self.scale.y(order.price))
            if 0 <= y < height:
                ink = color.bid if order.is_buy else color.ask
                painter.fillRect(0, y, width, line, ink)
                self._paint_tag(painter, y, f"{buy if order.is_buy else sell} {order.size}", ink)
                self._paint_axis_mark(painter, y, order.price, ink)

    def _paint_axis_mark(self, painter: QPainter, y: int, price: float, ink: QColor) -> None:
        """Write a price on the axis, in the place of what stood there."""
        box = self._axis_box(y)
        for cut in self._cut_by(box):  # half a text is none
            painter.fillRect(*cut, theme.colors.surface)
            self._price_texts.remove(cut)
        self._paint_label(painter, box, theme.colors.raised, ink, fmt.price(price, self.model.tick))

    def _paint_tag(self, painter: QPainter, y: int, text: str, ink: QColor) -> None:
        """Write on a line what it is: at its left end, or at the right where the read-out is in the way."""
        font, tall = theme.font(SMALL_PX * self.dpr), self._px(TAG_PX)
        top = min(max(y - tall // 2, 0), max(self.plot[1] - tall, 0))
        pad, left = self._px(5), self._px(READING_LEFT_PX)
        room = math.ceil(texts.width(font, text)) + 2 * pad
        if any(p.box[1] < top + tall and top < p.box[1] + p.box[3] for p in self.places):
            left = max(self.plot[0] - room - left, 0)
        painter.fillRect(left, top, room, tall, ink)
        painter.fillRect(
            left + self._line, top + self._line, room - 2 * self._line, tall - 2 * self._line, theme.colors.surface
        )
        painter.setFont(font)
        painter.setPen(ink)
        painter.drawText(QPointF(left + pad, round(top + tall / 2 + texts.drop(font))), text)

    def _paint_fills(self, painter: QPainter, begin: int, end: int) -> None:
        """Mark own fills in the bars from `begin` to before `end`, each once where many fall on one pixel."""
        scale, height = self.scale, self.plot[1]
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
        key = (theme.version, self.dpr)
        if key != self._shapes_of:
            self._shapes_of = key
            color = theme.colors
            size = self._px(FILL_PX)
            up = QPolygonF([QPointF(size / 2, 0.5), QPointF(size - 0.5, size - 0.5), QPointF(0.5, size - 0.5)])
            down = QPolygonF([QPointF(size / 2, size - 0.5), QPointF(size - 0.5, 0.5), QPointF(0.5, 0.5)])
            self._shapes = _shape(up, size, color.bid, color.surface), _shape(down, size, color.ask, color.surface)
        return self._shapes

    def _paint_names(self, painter: QPainter) -> None:
        """Paint the names of the read-out's numbers, on a ground that keeps them readable over bars."""
        if not self.model.count:
            return
        font, names, tall = theme.font(TEXT_PX * self.dpr), _names(), self._px(READING_PX)
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
        self.studies.paint_names(painter, ground)

    def _paint_reading(self, painter: QPainter, region: QRegion | None) -> None:
        """Paint open, high, low, close, change and volume of one bar, those that are exposed."""
        seen, font = self._seen, theme.font(TEXT_PX * self.dpr)
        painter.setFont(font)
        painter.setPen(seen.ink)
        for place, text in zip(self.places, seen.texts, strict=False):
            if not _expose(painter, region, place.box):
                continue
            if self.cursor is None and place.field < Field.CLOSE:  # stays while trades go on
                texts.draw(painter, font, place.box[0], place.base, text)
            else:
                painter.drawText(QPointF(place.box[0], place.base), text)

    def _paint_values(self, painter: QPainter, region: QRegion | None) -> None:
        """Paint the values of the indicators in the read-out, those that are exposed."""
        painter.setFont(theme.font(TEXT_PX * self.dpr))
        for place, text in zip(self.studies.places, self._seen.values, strict=False):
            if text and _expose(painter, region, place.box):
                painter.setPen(place.color)
                painter.drawText(QPointF(place.box[0], place.base), text)


def _expose(painter: QPainter, region: QRegion | None, box: Box | None) -> bool:
    """Clip to what of a box is to be painted; return whether there is any."""
    if box is None:
        return False
    if region is None:
        painter.setClipRect(*box)
        return True
    part = region.intersected(QRect(*box))
    painter.setClipRegion(part)
    return not part.isEmpty()


def _over(color: QColor, ground: QColor) -> QColor:
    """Return the opaque colour that a translucent one makes on `ground`: it fills twice as fast."""
    share = color.alphaF()
    mixed = (
        round(share * a + (1 - share) * b)
        for a, b in zip(color.getRgb()[:3], ground.getRgb()[:3], strict=True)  # type: ignore[index]
    )
    return QColor(*mixed)


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
