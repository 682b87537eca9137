"""finplot, worked like `benchmarks/chart.py` works ours; runs in an environment of its own, prints one JSON line.

    QT_QPA_PLATFORM=offscreen python benchmarks/peers/chart_finplot.py BARS

Candles and volume as an overlay, price line, 960x540, as its own examples of live data do it:
`update_data` with the whole frame for each tick. {key: [ms of CPU, ...]}
"""

from __future__ import annotations

import json
import os
import random
import sys
from collections.abc import Callable
from time import process_time_ns

import finplot as fplt
import numpy as np
import pandas as pd
import pyqtgraph as pg
from pyqtgraph.Qt import QtGui

FRAMES, WARM_UP, SHOWN = 40, 5, 300


def frame_cost(app: object, change: Callable[[int], None], n: int = FRAMES) -> list[float]:
    """Return ms of CPU of each change and the painting that follows from it."""
    cost = []
    for i in range(WARM_UP + n):
        start = process_time_ns()
        change(i)
        app.processEvents()  # type: ignore[attr-defined]
        cost.append((process_time_ns() - start) / 1e6)
    return cost[WARM_UP:]


def walk(bars: int) -> pd.DataFrame:
    chance = np.random.default_rng(1)
    close = np.maximum(90_000 + chance.integers(-30, 31, bars).cumsum(), 1_000) * 1_000.0
    opening = np.roll(close, 1)
    opening[0] = close[0]
    high = np.maximum(opening, close) + chance.integers(0, 16, bars) * 1_000.0
    low = np.minimum(opening, close) - chance.integers(0, 16, bars) * 1_000.0
    start = pd.Timestamp("2026-09-21 12:00") - pd.Timedelta(minutes=bars - 1)
    time = pd.date_range(start, periods=bars, freq="min")
    return pd.DataFrame(
        {"open": opening, "close": close, "high": high, "low": low, "volume": chance.exponential(3, bars)}, index=time
    )


def main() -> None:
    bars = int(sys.argv[1])
    frame = walk(bars)
    ax = fplt.create_plot("peer", init_zoom_periods=SHOWN, maximize=False)
    fplt.autoviewrestore(False)
    candles = fplt.candlestick_ochl(frame[["open", "close", "high", "low"]], ax=ax)
    volume = fplt.volume_ocv(frame[["open", "close", "volume"]], ax=ax.overlay())
    line = pg.InfiniteLine(frame.close.iloc[-1], angle=0)
    ax.addItem(line, ignoreBounds=True)
    fplt.show(qt_exec=False)
    window = fplt.windows[0]
    window.resize(960, 540)
    window.show()
    app = fplt.app or QtGui.QGuiApplication.instance()
    for _ in range(5):
        app.processEvents()
    chance = random.Random(1)
    low, high = frame.low.iloc[-1], frame.high.iloc[-1] + 1_000
    out: dict[str, list[float]] = {}

    def tick(_: int) -> None:
        price = chance.uniform(low, high)
        frame.iat[-1, 1] = price
        frame.iat[-1, 4] += 1e-6
        candles.update_data(frame[["open", "close", "high", "low"]])
        volume.update_data(frame[["open", "close", "volume"]])
        line.setValue(price)

    def look(x0: float, x1: float) -> None:
        ax.vb.update_y_zoom(x0, x1)
        app.processEvents()

    look(bars - SHOWN, bars + 10)
    out["tick_ms"] = frame_cost(app, tick)
    look(bars - 1.5 * SHOWN, bars - 0.5 * SHOWN)

    def pan(i: int) -> None:
        ax.vb.pan_x(steps=1 if i // 20 % 2 else -1)  # whole bars, it knows no less

    out["pan_ms"] = frame_cost(app, pan)

    def zoom(i: int) -> None:
        box = ax.vb.targetRect()
        factor = 1.15 if i // 20 % 2 == 0 else 1 / 1.15
        half = box.width() * factor / 2
        ax.vb.update_y_zoom(box.center().x() - half, box.center().x() + half)

    look(bars - 1.25 * SHOWN, bars - SHOWN)
    out["zoom_ms"] = frame_cost(app, zoom)

    look(-1, bars + 10)
    out["tick_all_ms"] = frame_cost(app, tick, 10)
    print(json.dumps(out))
    sys.stdout.flush()
    os._exit(0)  # its timers and windows take their time


if __name__ == "__main__":
    main()
