"""Paints the chart in device pixels, from arrays. All but the last bar is kept in a pixmap.

It knows no widget: `touch` says which region to repaint, `paint` paints it, whoever owns the painter.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPixmap, QRegion

from widgets import format as fmt
from widgets import theme, zone
from widgets.chart.axis_painter import AxisPainter
from widgets.chart.bar_painter import BarPainter
from widgets.chart.canvas import AXIS_PAD_PX, LABEL_PX, TEXT_PX, TIME_AXIS_PX, Box, Canvas, expose
from widgets.chart.compare_painter import ComparePainter
from widgets.chart.day_lines import DayMark, DayPainter
from widgets.chart.drawings_painter import DrawingsPainter
from widgets.chart.legend_painter import LegendPainter
from widgets.chart.mark_painter import AxisLabel, MarkPainter
from widgets.chart.model import VOLUME_SHARE, ChartModel, Dirt
from widgets.chart.profile_painter import ProfilePainter
from widgets.chart.reading_painter import ReadingPainter, Texts
from widgets.chart.study_painter import LEGEND_PX, StudyPainter
from widgets.chart.watermark import Watermark
from widgets.chart.won_painter import WonPainter, joined
from widgets.chart.zone_corner import paint_zone
from widgets.plot import texts
from widgets.plot.primitives import dashes
from widgets.plot.ticks import countdown_text, moment_text

AXIS_STEP_PX = 8  # logical; the price axis grows by so much


class _Seen(NamedTuple):
    """What is on screen, as far as it can change without the layer."""

    live: Box | None = None  # the last bar, or all that share columns with it
    line: Box | None = None  # the price line
    fill: QColor = QColor()  # of the line and its label
    label: Box | None = None
    won: Box | None = None  # what the last price is worth in KRW
    day: tuple[DayMark, ...] = ()
    marks: tuple[AxisLabel, ...] = ()  # prices of alerts and own orders on the axis
    hidden: tuple[Box, ...] = ()  # texts of the axis that one of the labels would cut in two
    texts: Texts = Texts()
    values: tuple[str, ...] = ()  # of the indicators in it, place by place
    legend: tuple[str, ...] = ()  # of the compared markets
    strips: tuple[tuple[int, Box], ...] = ()  # by shift: where their lines change with the last bar
    cursor: tuple[int, int] | None = None


class ChartPainter:
    """Everything that is seen of a `ChartModel`: grid, axes, bars, price line, read-out, crosshair."""

    def __init__(self, model: ChartModel) -> None:
        self.model = model
        self.canvas = canvas = Canvas(model)
        self.watermark = Watermark(model, canvas)
        self.bars = BarPainter(model, canvas)
        self.studies = StudyPainter(model)
        self.profiles = ProfilePainter(model, canvas)
        self.marks = MarkPainter(model, canvas)
        self.day, self.won = DayPainter(model, canvas), WonPainter(model, canvas)
        self.drawings = DrawingsPainter(model, canvas)
        self.axes = AxisPainter(model, canvas, self.studies)
        self.reading = ReadingPainter(model, canvas)
        self.legend = LegendPainter(model, canvas)
        self.compares = ComparePainter(model, canvas)
        self.note = ""  # at the left edge, "loading history"
        self.is_stale = False  # the last price is not known to be the market's now
        self.now_ms = 0  # exchange clock, for the countdown; 0: none is shown
        self.cursor: QPointF | None = None  # logical px, None: not over the plot
        self.is_echo = False  # the cursor is over another chart: only its time is shown here
        self._taken: list[Box] = []  # where numbers and names are written on the plot
        self._layer = QPixmap()
        self._is_layer_good = False
        self._theme_version = -1
        self._seen = _Seen()

    # Geometry.

    def resize(self, width: float, height: float, dpr: float) -> Dirt:
        """Take the size of the whole in logical px."""
        canvas, size = self.canvas, (max(round(width * dpr), 1), max(round(height * dpr), 1))
        if (size, dpr) == (canvas.size, canvas.dpr):
            return Dirt.NONE
        if dpr != canvas.dpr:
            canvas.axis = 0
        canvas.size, canvas.dpr = size, dpr
        self._lay_out()
        return self.fit()

    def forget(self) -> None:
        """Another market or interval: nothing on screen is of use, the axis may be narrower."""
        self.canvas.axis = 0
        self._is_layer_good = False

    def fit(self) -> Dirt:
        """Widen the price axis where its texts need it, and give the plot's size to the model."""
        model, canvas = self.model, self.canvas
        if not all(canvas.size):
            return Dirt.NONE
        font = theme.font(TEXT_PX * canvas.dpr)
        # Low prices are the longer ones where steps are finer, but not below the first pixel above 0.
        lowest = model.y0 if model.is_log else max(model.y0, (model.y1 - model.y0) / model.height)
        extent = model.extent()  # bars need not be within a range that was set by hand, and are read all the same
        edges = [p for p in (model.y1, lowest, model.last_price, *(extent or ())[:2]) if math.isfinite(p)]
        # Of prices also where percent are shown: the read-out has as much room as the axis.
        prices = [*(fmt.price(p, model.tick_at(p)) for p in edges), *(canvas.axis_text(p) for p in edges)]
        needed = max((texts.width(font, t) for t in prices), default=40.0) + 2 * canvas.px(AXIS_PAD_PX)
        needed = max(needed, self.won.room())
        step = canvas.px(AXIS_STEP_PX)
        dirt = Dirt.NONE
        if needed > canvas.axis:
            canvas.axis = math.ceil(needed / step) * step
            self._lay_out()
            dirt = Dirt.ALL
        rect = canvas.plot_rect
        return max(dirt, model.resize(rect.width(), rect.height()))

    def _lay_out(self) -> None:
        """Place what depends on size and axis alone."""
        canvas = self.canvas
        canvas.bottom = max(canvas.size[1] - canvas.px(TIME_AXIS_PX), 1)
        canvas.plot = (max(canvas.size[0] - canvas.axis, 1), self.studies.split(canvas.bottom, canvas.dpr))
        self.reading.place()
        self.legend.place(self.reading.bottom)
        self.studies.place(canvas.plot, canvas.axis - 2 * canvas.px(AXIS_PAD_PX), self.legend.bottom)
        names = [(0, name.top, name.end, canvas.px(LEGEND_PX)) for name in self.studies.names]
        self._taken = [*(place.box for place in self.reading.places), *self.legend.boxes, *names]
        self.day.lay_out(self._taken)

    def lay_out(self) -> None:
        """Place everything anew: other indicators are shown, in other heights, or texts are in another language."""
        if all(self.canvas.size):
            self._lay_out()
            self.fit()

    # What is to be painted again.

    def touch(self, dirt: Dirt) -> QRegion:
        """Take note of what changed and return the region to repaint, logical px."""
        if dirt >= Dirt.RANGE or theme.version != self._theme_version or not self._is_layer_good:
            self._is_layer_good = False
            return QRegion(self.canvas.logical((0, 0, *self.canvas.size)))
        was = self._seen
        now = self._look() if dirt >= Dirt.LAST else self._point(was)
        self._seen = now
        boxes: list[Box | None] = []
        if dirt >= Dirt.LAST:
            boxes += [was.live, now.live, *self._price_boxes(was, now)]
            boxes += [box for _, box in {*was.strips, *now.strips}]
            boxes += [was.won, now.won, *self.day.changed(was.day, now.day), *self.profiles.changed()]
            boxes += self.marks.changed(was.marks, now.marks)
            if was.hidden != now.hidden:
                boxes += [*was.hidden, *now.hidden]
        if was.cursor != now.cursor:
            boxes += [*self._cursor_boxes(was.cursor), *self._cursor_boxes(now.cursor)]
        boxes += self.reading.changed(was.texts, now.texts)
        boxes += self.studies.changed(was.values, now.values)
        boxes += self.legend.changed(was.legend, now.legend)
        region = QRegion()
        for box in boxes:
            if box is not None:
                region += self.canvas.logical(box)
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
        if bottom - top > 4 * self.canvas.px(LABEL_PX):
            return [was.line, was.label, now.line, now.label]
        return [(0, top, self.canvas.size[0], bottom - top)]

    def touch_countdown(self) -> QRegion:
        """Take note of another `now_ms`: return the region of the last price's label before and after."""
        was, now = self._seen, self._label(self._seen)
        self._seen = now
        boxes = [was.label, now.label, *self.day.changed(was.day, now.day), *self.marks.changed(was.marks, now.marks)]
        if was.won != now.won:
            boxes += [was.won, now.won]
        if was.hidden != now.hidden:
            boxes += [*was.hidden, *now.hidden]
        region = QRegion()
        for box in boxes:
            if box is not None:
                region += self.canvas.logical(box)
        return region

    def _look(self) -> _Seen:
        """Return what is to be seen now."""
        model, price = self.model, self.model.last_price
        if not model.count or not math.isfinite(price):
            return _Seen()
        color = theme.colors
        fill = color.up if price >= model.rows[-1, 0] else color.down
        if self.is_stale:
            fill = color.faint
        y, (width, height), line = round(self.canvas.scale.y(price)), self.canvas.plot, self.canvas.line
        live, strips = self._live_box(), {}
        if model.studies.all:
            strips = self.studies.live_boxes(self.canvas.scale, self.bars.live_from, self.canvas.bottom)
            if (box := strips.pop(0, None)) is not None:  # one rectangle: a region of few is cheaper
                left = min(box[0], live[0]) if live else box[0]
                right = max(box[0] + box[2], live[0] + live[2]) if live else box[0] + box[2]
                live = (left, 0, right - left, self.canvas.bottom)
        seen = _Seen(
            live=live,
            strips=tuple(strips.items()),
            line=(0, y, width, line) if 0 <= y < height else None,
            fill=fill,
        )
        return self._point(self._label(seen))

    def _label(self, seen: _Seen) -> _Seen:
        """Return the same with the labels of the axis as they are now.

        Those of the day go around the last price's, those of alerts and own orders around both.
        """
        label = self._label_box(self.model.last_price)
        won = self.won.box(label)
        day = self.day.marks(joined(label, won))
        taken = [box for box in (label, won, *(mark.label for mark in day)) if box is not None]
        marks = self.marks.axis_labels(taken)
        cut = dict.fromkeys(text for box in (*taken, *(m.box for m in marks)) for text in self.canvas.cut_by(box))
        return seen._replace(label=label, won=won, day=day, marks=marks, hidden=tuple(cut))

    def _point(self, seen: _Seen) -> _Seen:
        """Return the same with crosshair and read-out as they are now."""
        if not self.model.count:
            return seen
        index = self._read_index()
        values = self.studies.texts(index, self._pointed_price()) if self.studies.places else ()
        legend = self.legend.texts(index) if self.legend.lines else ()
        return seen._replace(texts=self.reading.texts(index), values=values, legend=legend, cursor=self._cursor_px())

    def _live_box(self) -> Box | None:
        scale, (width, height) = self.canvas.scale, self.canvas.plot
        room = max(scale.px_per_bar, 2.0) + 2 * self.canvas.line
        room = max(room, self.marks.live_room(self.bars.live_from))
        begin = min(scale.x(self.bars.live_begin) - room / 2, self.compares.live_left(self.bars.live_from))
        left = max(math.floor(begin), 0)
        right = min(math.ceil(scale.x(self.model.count - 1) + room / 2) + 1, width)
        return (left, 0, right - left, height) if left < right else None

    # Where things are.

    def _label_box(self, price: float) -> Box | None:
        """Return where the last price stands on its axis, with the countdown below."""
        if not math.isfinite(price):
            return None
        return self.canvas.axis_box(self.canvas.scale.y(price), 2 if self._countdown() else 1)

    def _cursor_px(self) -> tuple[int, int] | None:
        """Return the crosshair's pixel: its x on the middle of a bar, its y as pointed at, -1 for none."""
        if self.cursor is None:
            return None
        scale = self.canvas.scale
        x = self.cursor.x() * self.canvas.dpr
        index = math.floor(scale.x0 + x / scale.px_per_bar + 0.5)
        if scale.px_per_bar >= 1:
            x = scale.x(index) - (self.canvas.line % 2) / 2
        return round(x), -1 if self.is_echo else round(self.cursor.y() * self.canvas.dpr)

    def _cursor_boxes(self, cursor: tuple[int, int] | None) -> list[Box | None]:
        """Return where the crosshair and its labels are."""
        if cursor is None:
            return []
        (x, y), line = cursor, self.canvas.line
        upright: list[Box | None] = [(x, 0, line, self.canvas.bottom), self.canvas.time_box(x)]
        if y < 0:
            return upright
        label = self._cursor_box(y)
        return [*upright, (0, label[1], self.canvas.size[0], label[3]), self._cursor_won(y)]

    def _cursor_box(self, y: int) -> Box:
        """Return where the price or value at the crosshair stands."""
        pane = self.studies.pane_at(y)
        return self.canvas.axis_box(y, within=None if pane is None else (pane.top, pane.height))

    def _cursor_won(self, y: int) -> Box | None:
        """Return where the worth in KRW of the price at the crosshair stands."""
        return self.won.box(self._cursor_box(y)) if self.studies.pane_at(y) is None else None

    def _read_index(self) -> int:
        """Return the bar whose numbers are shown: the one under the cursor, or the last."""
        if self.cursor is not None:
            index = self.model.index_at(self.model.x0 + self.cursor.x() / self.model.px_per_bar)
            if index is not None:
                return index
        return self.model.count - 1

    def _pointed_price(self) -> float:
        """Return the price under the cursor, nan where there is none."""
        if self.cursor is None or self.is_echo or not self.canvas.plot_rect.contains(self.cursor):
            return math.nan
        return self.canvas.scale.price(self.cursor.y() * self.canvas.dpr)

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
        region = None if exposed is None else self.canvas.device(exposed)
        painter.save()
        self._to_device(painter)
        self._copy_layer(painter, region)
        seen, (width, height) = self._seen, self.canvas.plot
        bars = None if seen.live is None else (seen.live[0], 0, seen.live[2], min(seen.live[3], height))
        if expose(painter, region, bars):
            self.bars.paint_last(painter)
            self.compares.paint_live(painter, self.bars.live_from)
            self.marks.paint_fills(painter, self.bars.live_from, self.model.count)
        if self.model.studies.all:
            live = () if seen.live is None else ((0, seen.live),)
            for shift, box in (*live, *seen.strips):
                clip = QRect(*box) if region is None else region.intersected(QRect(*box)).boundingRect()
                self.studies.paint_live(painter, self.canvas.scale, self.bars.live_from, shift, clip)
        self.profiles.paint(painter, region)
        self.marks.paint_live(painter, region)
        self.day.paint_lines(painter, region, seen.day)
        self.drawings.paint_live(painter, region)
        if expose(painter, region, seen.line) and seen.line is not None:
            x, y, width, line = seen.line
            painter.drawPixmap(x, y, dashes(width, line, seen.fill.rgb()))
        for tag in self.marks.tags:  # no line of a price strikes out what is said of an order
            if expose(painter, region, tag):
                painter.drawPixmap(0, 0, self._layer)
        for box in seen.hidden:
            if expose(painter, region, box):
                painter.fillRect(*box, theme.colors.surface)
        self.day.paint_labels(painter, region, seen.day)
        self.marks.paint_axis(painter, region, seen.marks)
        self.won.paint(painter, region, seen.won, self.model.last_price)
        if expose(painter, region, seen.label) and seen.label is not None:
            self._paint_price_label(painter, seen.label)
        self.reading.paint(painter, region, seen.texts, is_steady=self.cursor is None)
        self.studies.paint_values(painter, region, seen.values)
        self.legend.paint_values(painter, region, seen.legend)
        painter.restore()

    def paint_cursor(self, painter: QPainter, exposed: QRegion | None = None) -> None:
        """Paint the crosshair and its labels; above everything else. Arguments as of `paint`."""
        cursor = self._seen.cursor
        if cursor is None:
            return
        region = None if exposed is None else self.canvas.device(exposed)
        painter.save()
        self._to_device(painter)
        (x, y), width, height, line = cursor, self.canvas.plot[0], self.canvas.bottom, self.canvas.line
        model, color = self.model, theme.colors
        if y >= 0 and expose(painter, region, (0, y, width, line)):
            painter.drawPixmap(0, y, dashes(width, line, color.crosshair.rgb()))
        if expose(painter, region, (x, 0, line, height)):
            painter.drawPixmap(x, 0, dashes(height, line, color.crosshair.rgb(), is_upright=True))
        box = self._cursor_box(y)
        if y >= 0 and expose(painter, region, box):
            self.canvas.paint_label(painter, box, color.border, color.text, self._text_at(y))
        if y >= 0:
            self.won.paint(painter, region, self._cursor_won(y), self.canvas.price_at(y) or math.nan)
        box = self.canvas.time_box(x)
        time = model.time_at(model.x0 + (x + 0.5) / self.canvas.scale.px_per_bar)
        if time is not None and model.series is not None and expose(painter, region, box):
            text = moment_text(time, model.series.interval.length_ms, zone.shown)
            font = theme.font(TEXT_PX * self.canvas.dpr)
            painter.fillRect(*box, color.border)
            painter.setPen(color.text)
            painter.setFont(font)
            left = box[0] + (box[2] - math.ceil(texts.width(font, text))) // 2
            painter.drawText(QPointF(left, round(box[1] + box[3] / 2 + texts.drop(font))), text)
        painter.restore()

    def _text_at(self, y: int) -> str:
        """Return what a pixel of the plot or of a pane stands for."""
        pane = self.studies.pane_at(y)
        if pane is not None:
            return self.studies.axis_text(pane, pane.value(y))
        price = self.canvas.price_at(y)
        return fmt.UNKNOWN if price is None else self.canvas.axis_text(price)

    def _to_device(self, painter: QPainter) -> None:
        painter.resetTransform()
        if self.canvas.dpr != 1:
            painter.scale(1 / self.canvas.dpr, 1 / self.canvas.dpr)
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
        if (self._layer.width(), self._layer.height()) != self.canvas.size:
            self._layer = QPixmap(*self.canvas.size)
        model, canvas = self.model, self.canvas
        if theme.version != self._theme_version:
            self._theme_version = theme.version
            self.bars.restyle()
        self._is_layer_good = True
        self.profiles.lay_out()
        painter = QPainter(self._layer)
        painter.fillRect(0, 0, *canvas.size, theme.colors.surface)
        self.watermark.paint(painter)
        self.axes.lay_out()
        self.axes.paint_grid(painter)
        self.studies.paint_ground(painter)
        painter.setClipRect(0, 0, *canvas.plot)
        self.bars.paint_closed(painter)
        self.compares.paint_closed(painter, self.bars.live_from)
        if model.studies.all and model.count:
            self.studies.paint_closed(painter, canvas.scale, self.bars.live_from)
            painter.setClipRect(0, 0, *canvas.plot)
        self._paint_hole(painter)
        self.marks.paint_closed(painter, self.bars.live_from)
        self.drawings.paint_closed(painter, self._live_box() if model.count else None)
        painter.setClipping(False)
        self.axes.paint(painter)
        paint_zone(painter, canvas)
        self.bars.gaps.paint_cuts(painter)
        self.marks.paint_levels(painter)
        self.marks.paint_orders(painter, [*self._taken, *self.day.names()])
        self.marks.paint_marked(painter)
        self.drawings.paint_axis(painter)
        if model.count:
            self.studies.paint_names(painter, self.reading.paint_names(painter))
        self.legend.paint(painter)
        if self.note and (model.x0 < 0 or not model.count):
            self._paint_note(painter)
        painter.end()

    def _paint_hole(self, painter: QPainter) -> None:
        """Hatch where bars may be missing."""
        hole, scale = self.model.hole, self.canvas.scale
        if hole is None:
            return
        left, right = round(scale.x(hole[0])), round(scale.x(hole[1]))
        box = QRectF(left - self.canvas.px(3), 0, max(right - left, self.canvas.px(6)), self.canvas.plot[1])
        painter.fillRect(box, QBrush(theme.colors.warn, Qt.BrushStyle.BDiagPattern))

    def _paint_note(self, painter: QPainter) -> None:
        font = theme.font(TEXT_PX * self.canvas.dpr)
        first = self.canvas.scale.x(0) - self.canvas.px(16)
        left = self.canvas.px(12)
        x = left if not self.model.count else max(min(left, first - texts.width(font, self.note)), 0)
        painter.setFont(font)
        painter.setPen(theme.colors.muted)
        painter.drawText(QPointF(x, self.canvas.plot[1] * (1 - VOLUME_SHARE) / 2 + texts.drop(font)), self.note)

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
        text = self.canvas.axis_text(model.last_price)
        self.canvas.paint_label(painter, box, self._seen.fill, theme.colors.surface, text, self._countdown())
