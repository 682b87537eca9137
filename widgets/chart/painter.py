"""Paints the chart in device pixels, from arrays. All but the last bar is kept in a pixmap.

It knows no widget: `touch` says which region to repaint, `paint` paints it, whoever owns the painter.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from PySide6.QtCore import QCoreApplication, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPixmap, QRegion

from widgets import format as fmt
from widgets import theme
from widgets.chart.model import VOLUME_SHARE, ChartModel, Dirt, Reading
from widgets.plot import candles, chunks
from widgets.plot.primitives import fill_rects
from widgets.plot.ticks import TimeTick, countdown_text, moment_text, price_ticks, time_ticks

# Logical px.
TEXT_PX, SMALL_PX, WATERMARK_PX = 11, 10, 52
TIME_AXIS_PX = 24
LABEL_PX = 18  # height of a label on the price axis
AXIS_PAD_PX = 7
AXIS_STEP_PX = 8  # the price axis grows by so much
PRICE_TICK_PX, TIME_TICK_PX = 48, 88  # least distance of ticks
READING_PX = 17  # height of a line of the read-out


class ChartPainter:
    """Everything that is seen of a `ChartModel`: grid, axes, bars, price line, read-out, crosshair."""

    def __init__(self, model: ChartModel) -> None:
        self.model = model
        self.badge = ""  # under the market in the watermark, "DEMO"
        self.note = ""  # at the left edge, "loading history"
        self.is_stale = False  # the last price is not the market's any more
        self.now_ms = 0  # exchange clock, for the countdown; 0: none is shown
        self.cursor: QPointF | None = None  # logical px, None: not over the plot
        self.dpr = 1.0
        self.size = (0, 0)  # device px of all; nothing is placed before it is known
        self._axis = 0  # width of the price axis, device px
        self._layer = QPixmap()
        self._mark = QPixmap()  # the watermark, drawn once: letters of its size are slow paths
        self._mark_of: tuple[object, ...] = ()
        self._is_layer_good = False
        self._theme_version = -1
        self._live_from = 0  # first bar that is not in the layer
        self._seen = QRegion()  # where last bar, line and label are on screen
        self._seen_cursor = QRegion()

    # Geometry.

    @property
    def plot(self) -> tuple[int, int]:
        """Width and height of the plot, device px; it begins at 0, 0."""
        return max(self.size[0] - self._axis, 1), max(self.size[1] - self._px(TIME_AXIS_PX), 1)

    @property
    def plot_rect(self) -> QRectF:
        """The plot in logical px."""
        width, height = self.plot
        return QRectF(0, 0, width / self.dpr, height / self.dpr)

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
        texts = [fmt.price(p, model.tick) for p in (model.y1, model.y0, model.last_price) if math.isfinite(p)]
        needed = max((_width(font, t) for t in texts), default=40.0) + 2 * self._px(AXIS_PAD_PX)
        step = self._px(AXIS_STEP_PX)
        dirt = Dirt.NONE
        if needed > self._axis:
            self._axis = math.ceil(needed / step) * step
            dirt = Dirt.ALL
        rect = self.plot_rect
        return max(dirt, model.resize(rect.width(), rect.height()))

    # What is to be painted again.

    def touch(self, dirt: Dirt) -> QRegion:
        """Take note of what changed and return the region to repaint, logical px."""
        if dirt >= Dirt.RANGE or theme.version != self._theme_version or not self._is_layer_good:
            self._is_layer_good = False
            self._seen, self._seen_cursor = self._live_region(), self._cursor_region()
            return QRegion(self._logical(0, 0, *self.size))
        region = QRegion()
        if dirt >= Dirt.LAST:
            now = self._live_region()
            region = region.united(self._seen).united(now)
            self._seen = now
        if dirt >= Dirt.CROSSHAIR:
            now = self._cursor_region()
            region = region.united(self._seen_cursor).united(now)
            self._seen_cursor = now
        return region

    def touch_countdown(self) -> QRegion:
        """Return the region of the last price's label."""
        price = self.model.last_price
        return QRegion(self._logical(*self._price_label(price))) if math.isfinite(price) else QRegion()

    def _logical(self, x: float, y: float, width: float, height: float) -> QRect:
        if self.dpr == 1:
            return QRect(int(x), int(y), int(width), int(height))
        left, top = math.floor(x / self.dpr), math.floor(y / self.dpr)
        return QRect(left, top, math.ceil((x + width) / self.dpr) - left, math.ceil((y + height) / self.dpr) - top)

    def _live_region(self) -> QRegion:
        price = self.model.last_price
        if not math.isfinite(price):
            return QRegion()
        scale, (width, height) = self.scale, self.plot
        room = max(scale.px_per_bar, 2.0) + 2 * self._line
        left = scale.x(self._live_from) - room / 2
        right = scale.x(self.model.count - 1) + room / 2
        region = QRegion(self._logical(0, round(scale.y(price)) - self._line, width, 3 * self._line))
        if right >= 0 and left <= width:
            region = region.united(self._logical(math.floor(left), 0, math.ceil(right - left) + 1, height))
        region = region.united(self._logical(*self._price_label(price)))
        if self._read_index() == self.model.count - 1:
            region = region.united(self._logical(*self._reading_box()))
        return region

    def _cursor_region(self) -> QRegion:
        """Return where the crosshair, its labels and the read-out are."""
        cursor = self._cursor_px()
        if cursor is None:
            return QRegion(self._logical(*self._reading_box()))
        x, y = cursor
        width, height = self.plot
        line = self._line
        region = QRegion(self._logical(x - line, 0, 3 * line, height)).united(
            self._logical(0, y - line, width, 3 * line)
        )
        region = region.united(self._logical(*self._axis_label(y))).united(self._logical(*self._time_label(x)))
        return region.united(self._logical(*self._reading_box()))

    # Where things are, device px: x, y, width, height.

    def _axis_label(self, y: float, lines: int = 1) -> tuple[int, int, int, int]:
        width, height = self.plot
        tall = self._px(LABEL_PX if lines == 1 else LABEL_PX + 12)
        top = min(max(round(y) - self._px(LABEL_PX) // 2, 0), height - tall)
        return width + self._line, top, self._axis - self._line, tall

    def _price_label(self, price: float) -> tuple[int, int, int, int]:
        return self._axis_label(self.scale.y(price), 2 if self._countdown() else 1)

    def _time_label(self, x: float) -> tuple[int, int, int, int]:
        width, height = self.plot
        room = min(self._px(136), width)
        left = min(max(round(x) - room // 2, 0), width - room)
        return left, height + self._line, room, self._px(TIME_AXIS_PX) - self._line

    def _reading_box(self) -> tuple[int, int, int, int]:
        return 0, 0, self.plot[0], self._px(6 + READING_PX * self._reading_lines() + 2)

    def _reading_lines(self) -> int:
        return 1 if self.plot[0] >= self._px(560) else 2

    def _cursor_px(self) -> tuple[int, int] | None:
        """Return the crosshair's pixel: its x on the middle of a bar, its y as pointed at."""
        if self.cursor is None:
            return None
        scale = self.scale
        x = self.cursor.x() * self.dpr
        index = math.floor(scale.x0 + x / scale.px_per_bar + 0.5)
        if scale.px_per_bar >= 1:
            x = scale.x(index) - (self._line % 2) / 2
        return round(x), round(self.cursor.y() * self.dpr)

    def _read_index(self) -> int:
        """Return the bar whose numbers are shown: the one under the cursor, or the last."""
        if self.cursor is not None:
            index = self.model.index_at(self.model.x0 + self.cursor.x() / self.model.px_per_bar)
            if index is not None:
                return index
        return self.model.count - 1

    # Painting.

    def paint(self, painter: QPainter) -> None:
        """Paint all but the crosshair. The painter is in logical px, at the widget's origin."""
        if theme.version != self._theme_version:
            self._is_layer_good = False
        if not self._is_layer_good:
            self._paint_layer()
            self._seen, self._seen_cursor = self._live_region(), self._cursor_region()
        painter.save()
        self._to_device(painter)
        painter.drawPixmap(0, 0, self._layer)
        if self.model.count:
            self._paint_last(painter)
            self._paint_price(painter)
            self._paint_reading(painter)
        painter.restore()

    def paint_cursor(self, painter: QPainter) -> None:
        """Paint the crosshair and its labels; above everything else."""
        cursor = self._cursor_px()
        if cursor is None or not self.model.count:
            return
        painter.save()
        self._to_device(painter)
        x, y = cursor
        width, height = self.plot
        line, model, color = self._line, self.model, theme.colors
        dash = 4 * line
        across = np.arange(0, width, 2 * dash, dtype=np.float64)
        down = np.arange(0, height, 2 * dash, dtype=np.float64)
        boxes = np.empty((len(across) + len(down), 4))
        boxes[: len(across)] = np.column_stack([across, *(np.full(len(across), v) for v in (y, dash, line))])
        boxes[len(across) :] = np.column_stack(
            [np.full(len(down), x), down, *(np.full(len(down), v) for v in (line, dash))]
        )
        fill_rects(painter, boxes, color.crosshair)
        price = round((model.y1 - (y + 0.5) / self.scale.px_per_price) / model.tick) * model.tick
        font = theme.font(TEXT_PX * self.dpr)
        self._paint_label(painter, self._axis_label(y), color.raised, color.text, fmt.price(price, model.tick), font)
        time = model.time_at(model.x0 + (x + 0.5) / self.scale.px_per_bar)
        if time is not None and model.series is not None:
            text = moment_text(time, model.series.interval.length_ms)
            box = self._time_label(x)
            painter.fillRect(*box, color.raised)
            painter.setPen(color.text)
            painter.setFont(font)
            painter.drawText(QRectF(*box), Qt.AlignmentFlag.AlignCenter, text)
        painter.restore()

    def _to_device(self, painter: QPainter) -> None:
        painter.resetTransform()
        if self.dpr != 1:
            painter.scale(1 / self.dpr, 1 / self.dpr)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)

    def _paint_layer(self) -> None:
        """Paint what stays when only the last bar moves."""
        if (self._layer.width(), self._layer.height()) != self.size:
            self._layer = QPixmap(*self.size)
        self._theme_version = theme.version
        self._is_layer_good = True
        color, model = theme.colors, self.model
        width, height = self.plot
        painter = QPainter(self._layer)
        painter.fillRect(0, 0, *self.size, color.surface)
        self._paint_watermark(painter)
        scale = self.scale
        ticks = self._time_ticks()
        step, prices = price_ticks(model.y0, model.y1, max(int(height / self._px(PRICE_TICK_PX)), 1), model.tick)
        rows = np.rint((model.y1 - prices) * scale.px_per_price)
        self._paint_grid(painter, ticks, rows)
        painter.setClipRect(0, 0, width, height)
        self._paint_bars(painter, scale)
        self._paint_hole(painter, scale)
        painter.setClipping(False)
        self._paint_axes(painter, ticks, prices, rows, min(step, model.tick))
        if (self.note and model.x0 < 0) or (self.note and not model.count):
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
        widest = max((_width(f, t) for f, t in zip(fonts, lines, strict=False)), default=0)
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
        plain = [(round(scale.x(t.x)), 0, line, height) for t in ticks if not (t.rank and is_intraday)]
        plain += [(0, y, width, line) for y in rows]
        fill_rects(painter, np.array(plain, np.float64).reshape(-1, 4), color.grid)
        days = [(round(scale.x(t.x)), 0, line, height) for t in ticks if t.rank and is_intraday]
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
        color = theme.colors
        fill_rects(painter, boxes.volume_up, color.up_bar)
        fill_rects(painter, boxes.volume_down, color.down_bar)
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
            boxes = candles.column_boxes(columns, scale, line, height, per_volume)
        else:
            boxes = candles.bar_boxes(model.rows[-1:], model.count - 1, scale, line, height, per_volume)
        painter.setClipRect(0, 0, width, height)
        self._fill(painter, boxes)
        painter.setClipping(False)

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
        painter.fillRect(0, height, self.size[0], line, color.border)
        font = theme.font(TEXT_PX * self.dpr)
        ascent = _ascent(font)
        painter.setFont(font)
        painter.setPen(color.muted)
        right, half = self.size[0] - self._px(AXIS_PAD_PX), self._px(LABEL_PX) // 2
        if self.model.count:
            for price, y in zip(prices.tolist(), rows.tolist(), strict=True):
                if half <= y <= height - half:
                    text = fmt.price(price, tick)
                    painter.drawText(QPointF(right - _width(font, text), y + ascent), text)
        base = height + self._px(TIME_AXIS_PX) / 2 + ascent
        for t in ticks:
            room = _width(font, t.text)
            x = self.scale.x(t.x)
            if room / 2 <= x <= width - room / 2:
                painter.setPen(color.text if t.rank else color.muted)
                painter.drawText(QPointF(round(x - room / 2), base), t.text)

    def _paint_note(self, painter: QPainter) -> None:
        font = theme.font(TEXT_PX * self.dpr)
        first = self.scale.x(0) - self._px(16)
        x = self._px(12) if not self.model.count else max(min(self._px(12), first - _width(font, self.note)), 0)
        painter.setFont(font)
        painter.setPen(theme.colors.muted)
        painter.drawText(QPointF(x, self.plot[1] * (1 - VOLUME_SHARE) / 2 + _ascent(font)), self.note)

    def _paint_price(self, painter: QPainter) -> None:
        """Paint the line of the last price and its label."""
        model, color, line = self.model, theme.colors, self._line
        price = model.last_price
        width, height = self.plot
        is_up = price >= model.rows[-1, 0]
        fill = color.faint if self.is_stale else (color.up if is_up else color.down)
        y = round(self.scale.y(price))
        if 0 <= y < height:
            dash = 2 * line
            xs = np.arange(0, width, 2 * dash, dtype=np.float64)
            boxes = np.empty((len(xs), 4))
            boxes[:, 0], boxes[:, 1], boxes[:, 2], boxes[:, 3] = xs, y, dash, line
            fill_rects(painter, boxes, fill)
        font = theme.font(TEXT_PX * self.dpr)
        text = fmt.price(price, model.tick)
        self._paint_label(painter, self._price_label(price), fill, color.badge_text, text, font, self._countdown())

    def _countdown(self) -> str:
        """Return the time until the last bar closes, "" where that means nothing."""
        series = self.model.series
        if series is None or not self.now_ms or self.is_stale or not self.model.count:
            return ""
        left = series.interval.next(series.last_ms) - self.now_ms
        return countdown_text(left) if left > 0 else ""

    def _paint_label(
        self,
        painter: QPainter,
        box: tuple[int, int, int, int],
        fill: QColor,
        ink: QColor,
        text: str,
        font: QFont,
        below: str = "",
    ) -> None:
        x, y, width, height = box
        painter.fillRect(x, y, width, height, fill)
        painter.setPen(ink)
        painter.setFont(font)
        right = self.size[0] - self._px(AXIS_PAD_PX)
        middle = y + self._px(LABEL_PX) / 2
        painter.drawText(QPointF(right - _width(font, text), round(middle + _ascent(font))), text)
        if below:
            small = theme.font(SMALL_PX * self.dpr)
            painter.setFont(small)
            base = round(middle + self._px(13) + _ascent(small))
            painter.drawText(QPointF(right - _width(small, below), base), below)

    def _paint_reading(self, painter: QPainter) -> None:
        """Paint open, high, low, close, volume and change of one bar."""
        index = self._read_index()
        if index < 0:
            return
        reading, color = self.model.reading(index), theme.colors
        font = theme.font(TEXT_PX * self.dpr)
        painter.setFont(font)
        ink = color.up if reading.close >= reading.open else color.down
        left = self._px(10)
        x, y = left, self._px(6 + READING_PX / 2) + round(_ascent(font))
        lines = self._reading_lines()
        for i, (name, value) in enumerate(reading_texts(reading, self.model.tick)):
            if i == 4 and lines == 2:
                x, y = left, y + self._px(READING_PX)
            if name:
                painter.setPen(color.muted)
                painter.drawText(QPointF(x, y), name)
                x += math.ceil(_width(font, name)) + self._px(4)
            painter.setPen(ink)
            painter.drawText(QPointF(x, y), value)
            x += math.ceil(_width(font, value)) + self._px(10)


def reading_texts(reading: Reading, tick: float) -> list[tuple[str, str]]:
    """Return name and value of each number of the read-out, in the order shown."""
    names = _names()
    prices = (reading.open, reading.high, reading.low, reading.close)
    return [
        *((name, fmt.price(price, tick)) for name, price in zip(names, prices, strict=False)),
        ("", fmt.percent(reading.change)),
        (names[4], fmt.volume(reading.volume)),
    ]


def _names() -> tuple[str, ...]:
    tr = QCoreApplication.translate
    return (
        tr("ChartPainter", "O"),
        tr("ChartPainter", "H"),
        tr("ChartPainter", "L"),
        tr("ChartPainter", "C"),
        tr("ChartPainter", "Vol"),
    )


@lru_cache(64)
def _metrics(font_key: str) -> QFontMetricsF:
    font = QFont()
    font.fromString(font_key)
    return QFontMetricsF(font)


@lru_cache(2048)
def _width(font: QFont, text: str) -> float:
    """Return the width of `text` in device px. Fonts come from the theme's cache, so the object is the key."""
    return QFontMetricsF(font).horizontalAdvance(text)


@lru_cache(64)
def _ascent(font: QFont) -> float:
    """Return how far below its middle a line of digits stands."""
    return QFontMetricsF(font).capHeight() / 2
