"""vnpy's chart, worked like `benchmarks/chart.py` works ours; runs in an environment of its own, prints one JSON line.

    QT_QPA_PLATFORM=offscreen python benchmarks/peers/chart_vnpy.py BARS

Candles above volume as its own chart wizard has them, with its cursor, 960x540; the price line is added.
{key: [ms of CPU, ...]}
"""

from __future__ import annotations

import json
import os
import random
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from time import process_time_ns

import pyqtgraph as pg
from vnpy.chart import CandleItem, ChartWidget, VolumeItem
from vnpy.trader.constant import Exchange
from vnpy.trader.object import BarData
from vnpy.trader.ui import QtWidgets

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


def bar(time: datetime, opening: float, high: float, low: float, close: float, volume: float) -> BarData:
    return BarData(
        gateway_name="peer",
        symbol="KRW-BTC",
        exchange=Exchange.LOCAL,
        datetime=time,
        volume=volume,
        open_price=opening,
        high_price=high,
        low_price=low,
        close_price=close,
    )


def walk(bars: int) -> list[BarData]:
    chance, price, made = random.Random(1), 90_000_000.0, []
    time = datetime(2026, 9, 21, 12) - timedelta(minutes=bars - 1)
    for _ in range(bars):
        close = max(price + 1_000 * chance.randint(-30, 30), 1_000_000)
        high, low = max(price, close) + 1_000 * chance.randint(0, 15), min(price, close) - 1_000 * chance.randint(0, 15)
        made.append(bar(time, price, high, low, close, chance.expovariate(1 / 3)))
        price, time = close, time + timedelta(minutes=1)
    return made


def main() -> None:
    app = QtWidgets.QApplication([])
    history = walk(int(sys.argv[1]))
    chart = ChartWidget()
    chart.add_plot("candle", hide_x_axis=True)
    chart.add_plot("volume", maximum_height=120)
    chart.add_item(CandleItem, "candle", "candle")
    chart.add_item(VolumeItem, "volume", "volume")
    chart.add_cursor()
    line = pg.InfiniteLine(angle=0)
    chart.get_plot("candle").addItem(line, ignoreBounds=True)
    chart.resize(960, 540)
    chart.show()
    chart.update_history(history)
    for _ in range(5):
        app.processEvents()
    last = history[-1]
    chance = random.Random(1)
    out: dict[str, list[float]] = {}

    def tick(_: int) -> None:
        price = chance.uniform(last.low_price, last.high_price)
        chart.update_bar(
            bar(last.datetime, last.open_price, last.high_price, last.low_price, price, last.volume + 1e-6)
        )
        line.setValue(price)

    def look(count: int, right: int) -> None:
        chart._bar_count, chart._right_ix = count, right
        chart._update_x_range()
        for _ in range(3):
            app.processEvents()

    def pan(i: int) -> None:
        chart._on_key_right() if i // 20 % 2 else chart._on_key_left()

    def zoom(i: int) -> None:
        chart._on_key_up() if i // 10 % 2 else chart._on_key_down()

    look(SHOWN, len(history))
    out["tick_ms"] = frame_cost(app, tick)
    look(SHOWN, len(history) - SHOWN)
    out["pan_ms"] = frame_cost(app, pan)
    look(SHOWN // 2, len(history) - SHOWN)
    out["zoom_ms"] = frame_cost(app, zoom)
    look(len(history), len(history))
    out["tick_all_ms"] = frame_cost(app, tick, 1)  # seconds each, where there are many
    print(json.dumps(out))
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
