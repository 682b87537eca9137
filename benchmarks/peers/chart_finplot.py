"""finplot, worked like `benchmarks/chart.py` works ours: `chart_finplot.py BARS INDICATORS`.

Candles and volume as an overlay, price line and crosshair, 960x540, as its own examples of live data do it:
`update_data` with the whole frame for each tick, indicators made anew by pandas.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator

import finplot as fplt
import pandas as pd
import pyqtgraph as pg
from pyqtgraph.Qt import QtCore, QtGui
from work import NEWEST_S, frame_cost, serve, walk

SHOWN = 300


def frame_of(bars: int) -> pd.DataFrame:
    rows = pd.DataFrame(list(walk(bars)), columns=["open", "high", "low", "close", "volume"])
    rows.index = pd.date_range(end=pd.Timestamp(NEWEST_S, unit="s"), periods=bars, freq="min")
    return rows


def lines_of(close: pd.Series, count: int) -> Iterator[tuple[int, str, pd.Series]]:
    """Yield (row of the plot, kind, values) of each line of the first `count` indicators."""
    if count > 0:
        yield 0, "line", close.rolling(20).mean()
    if count > 1:
        yield 0, "line", close.ewm(span=20).mean()
    if count > 2:
        middle, out = close.rolling(20).mean(), 2 * close.rolling(20).std(ddof=0)
        yield 0, "line", middle
        yield 0, "line", middle + out
        yield 0, "line", middle - out
    if count > 3:
        move = close.diff()
        gain, loss = (m.clip(lower=0).ewm(alpha=1 / 14).mean() for m in (move, -move))
        yield 1, "line", 100 * gain / (gain + loss)
    if count > 4:
        macd = close.ewm(span=12).mean() - close.ewm(span=26).mean()
        signal = macd.ewm(span=9).mean()
        yield 2, "bars", macd - signal
        yield 2, "line", macd
        yield 2, "line", signal


def main() -> None:
    bars, indicators = (int(arg) for arg in sys.argv[1:3])
    frame = frame_of(bars)
    plots = fplt.create_plot("peer", rows=1 + max(indicators - 3, 0), init_zoom_periods=SHOWN, maximize=False)
    axes = plots if isinstance(plots, (list, tuple)) else [plots]
    ax = axes[0]
    fplt.autoviewrestore(False)
    candles = fplt.candlestick_ochl(frame[["open", "close", "high", "low"]], ax=ax)
    volume = fplt.volume_ocv(frame[["open", "close", "volume"]], ax=ax.overlay())
    lines = []
    for row, kind, values in lines_of(frame.close, indicators):
        if kind == "bars":
            lines.append(fplt.bar(values, ax=axes[row]))
        else:
            lines.append(fplt.plot(values, ax=axes[row]))
    price_line = pg.InfiniteLine(frame.close.iloc[-1], angle=0)
    ax.addItem(price_line, ignoreBounds=True)
    fplt.show(qt_exec=False)
    window = fplt.windows[0]
    window.resize(960, 540)
    window.show()
    app = fplt.app or QtGui.QGuiApplication.instance()
    chance = random.Random(1)
    low, high = frame.low.iloc[-1], frame.high.iloc[-1]
    seen = 0

    def settle() -> None:
        app.processEvents()

    def look(x0: float, x1: float) -> None:
        ax.vb.update_y_zoom(x0, x1)
        for _ in range(3):
            settle()

    def tick(_: int) -> None:
        price = chance.uniform(low, high)
        frame.iat[-1, 3] = price
        frame.iat[-1, 4] += 1e-6
        candles.update_data(frame[["open", "close", "high", "low"]])
        volume.update_data(frame[["open", "close", "volume"]])
        for line, (_row, _kind, values) in zip(lines, lines_of(frame.close, indicators), strict=True):
            line.update_data(values)
        price_line.setValue(price)

    def pan(i: int) -> None:
        ax.vb.pan_x(steps=1 if i // 20 % 2 else -1)  # whole bars, it knows no less

    def zoom(i: int) -> None:
        box = ax.vb.targetRect()
        factor = 1.15 if i // 20 % 2 == 0 else 1 / 1.15
        half = box.width() * factor / 2
        ax.vb.update_y_zoom(box.center().x() - half, box.center().x() + half)

    def point(_: int) -> None:
        nonlocal seen
        seen += 1
        at = QtCore.QPointF(100 + seen * 7 % 700, 50 + seen * 3 % 400)
        fplt._mouse_moved(window, ax.vb, [at])  # what its proxy calls, no oftener than 144 times a second

    def ticks(n: int) -> list[float]:
        look(bars - SHOWN, bars + 10)
        return frame_cost(settle, tick, n)

    def ticks_of_all(n: int) -> list[float]:
        look(-1, bars + 10)
        return frame_cost(settle, tick, n)

    def pans(n: int) -> list[float]:
        look(bars - 1.5 * SHOWN, bars - 0.5 * SHOWN)
        return frame_cost(settle, pan, n)

    def zooms(n: int) -> list[float]:
        look(bars - 1.125 * SHOWN, bars - 0.875 * SHOWN)
        return frame_cost(settle, zoom, n)

    def points(n: int) -> list[float]:
        look(bars - SHOWN, bars + 10)
        return frame_cost(settle, point, n)

    for _ in range(5):
        settle()
    serve({"tick_ms": ticks, "tick_all_ms": ticks_of_all, "pan_ms": pans, "zoom_ms": zooms, "crosshair_ms": points})


if __name__ == "__main__":
    main()
