"""Paints the grid of a chart and what its axes say."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QPainter

from core.market import DAY_MS
from widgets import theme, zone
from widgets.chart.canvas import AXIS_PAD_PX, LABEL_PX, TEXT_PX, TIME_AXIS_PX, Canvas
from widgets.chart.model import ChartModel
from widgets.chart.study_painter import StudyPainter
from widgets.plot import price_scale, texts
from widgets.plot.price_scale import PriceTick
from widgets.plot.primitives import fill_rects
from widgets.plot.ticks import TimeTick, time_ticks

PRICE_TICK_PX, TIME_TICK_PX = 48, 88  # least distance of ticks, logical px


class AxisPainter:
    """Prices at the right, times at the bottom, and the lines that lead from them through the bars."""

    def __init__(self, model: ChartModel, canvas: Canvas, studies: StudyPainter) -> None:
        self.model, self.canvas, self.studies = model, canvas, studies
        self._times: list[TimeTick] = []
        self._prices: list[PriceTick] = []
        self._rows: NDArray[np.float64] = np.empty(0)  # where the prices are, device px

    def lay_out(self) -> None:
        """Choose times and prices for the range in view."""
        model, canvas = self.model, self.canvas
        (width, height), px = canvas.plot, canvas.px
        self._times = []
        if model.series is not None:
            most = max(width // px(TIME_TICK_PX), 1)
            length_ms = model.series.interval.length_ms
            self._times = time_ticks(model.starts, model.x0, model.x1, length_ms, most, zone.shown)
        self._prices = price_scale.ticks(
            model.market,
            model.price_scale,
            model.y0,
            model.y1,
            height,
            px(PRICE_TICK_PX),
            tick=model.tick,
            finest=model.tick_at(model.y0 if model.y0 > 0 else model.y1),
            base=model.base,
        )
        self._rows = np.rint(canvas.scale.ys(np.array([t.price for t in self._prices], np.float64)))

    def paint_grid(self, painter: QPainter) -> None:
        """Paint the lines."""
        canvas, color = self.canvas, theme.colors
        (width, height), line, scale = canvas.plot, canvas.line, canvas.scale
        is_intraday = self.model.series is not None and self.model.series.interval.length_ms < DAY_MS
        plain = [(round(scale.x(t.x)), 0, line, canvas.bottom) for t in self._times if not (t.rank and is_intraday)]
        plain += [(0, y, width, line) for y in self._rows if y < height]
        fill_rects(painter, np.array(plain, np.float64).reshape(-1, 4), color.grid)
        days = [(round(scale.x(t.x)), 0, line, canvas.bottom) for t in self._times if t.rank and is_intraday]
        fill_rects(painter, np.array(days, np.float64).reshape(-1, 4), color.border)

    def paint(self, painter: QPainter) -> None:
        """Paint the axes, and note where each price stands."""
        canvas, color = self.canvas, theme.colors
        (width, height), line, px, bottom = canvas.plot, canvas.line, canvas.px, canvas.bottom
        painter.fillRect(width, 0, line, canvas.size[1], color.border)
        painter.fillRect(0, bottom, canvas.size[0], line, color.border)
        for top in self.studies.edges():
            painter.fillRect(width, top, canvas.axis, line, color.border)
        font = theme.font(TEXT_PX * canvas.dpr)
        drop = texts.drop(font)
        painter.setFont(font)
        painter.setPen(color.muted)
        right, half = canvas.size[0] - px(AXIS_PAD_PX), px(LABEL_PX) // 2
        canvas.price_texts = []
        cap = math.ceil(drop)
        if self.model.count:
            for (_, text), y in zip(self._prices, self._rows.tolist(), strict=True):
                if half <= y <= height - half:
                    texts.draw(painter, font, right - texts.width(font, text), round(y + drop), text)
                    # Figures, and commas below them.
                    canvas.price_texts.append((width + line, round(y) - cap - 2, canvas.axis - line, 2 * cap + 6))
        self.studies.paint_axes(painter, right, half)
        painter.setFont(font)
        base = round(bottom + px(TIME_AXIS_PX) / 2 + drop)
        for t in self._times:
            room, x = texts.width(font, t.text), canvas.scale.x(t.x)
            if room / 2 <= x <= width - room / 2:
                painter.setPen(color.text if t.rank else color.muted)
                texts.draw(painter, font, round(x - room / 2), base, t.text)
