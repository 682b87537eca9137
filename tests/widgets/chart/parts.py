"""Paint a chart part by part, as Qt would, and hold each picture against one that is painted whole."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage, QPainter, QRegion

from core.state.candles import CandleSeries
from tests.widgets.chart.bars import TICK, trade
from widgets.chart.view import ChartView


def check_parts(
    view: ChartView,
    series: CandleSeries,
    monkeypatch: pytest.MonkeyPatch,
    *,
    dpr: float = 1.0,
    steps: int = 30,
    also: Callable[[int], object] = lambda _: None,
) -> set[int]:
    """Let trades come and the mouse move; what is painted again leaves nothing stale and nothing missing.

    Args:
        series: what the view shows.
        also: called at each step before the view looks.

    Returns:
        The colours of every third picture, as QColor gives them.
    """
    monkeypatch.setattr(view, "devicePixelRatioF", lambda: dpr)
    view._fill()
    width, height = view.width(), view.height()
    canvas = QImage(round(width * dpr), round(height * dpr), QImage.Format.Format_RGB32)
    canvas.setDevicePixelRatio(dpr)

    def paint(region: QRegion) -> None:
        painter = QPainter(canvas)
        painter.setClipRegion(region)
        view.painter.paint(painter, region)
        view.painter.paint_cursor(painter, region)
        painter.end()

    whole, regions, colors = QRegion(0, 0, width, height), [], set()
    monkeypatch.setattr(view, "_update", regions.append)
    paint(whole)
    opening = float(series.ohlcv[-1, 0])
    for step in range(steps):
        if step % 3 or step > steps // 2:
            series.fold_trade(trade(series, opening + TICK * (step * 7 % 10 - 5), size=1e-6))
        else:
            view._point_at(QPointF(60 + step * 13, 30 + step * 9))
        also(step)
        view.sync()
        if step % 5 == 0:
            view.set_now(series.last_ms + 1_000 * step)
        if step == steps // 2:
            view._point_at(None)
        region = QRegion()
        for part in regions:
            region += part
        regions.clear()
        paint(region)
        partial = canvas.copy()
        view.painter._is_layer_good = False
        paint(whole)
        assert partial == canvas, f"after step {step}"
        if step % 3 == 0 or step == steps - 1:
            pixels = np.frombuffer(canvas.constBits(), np.uint32)  # of whole lines: 32 bits a pixel leave no gap
            colors.update(int(c) for c in np.unique(pixels))
    return colors
