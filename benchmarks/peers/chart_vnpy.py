"""vnpy's ChartWidget, worked like `benchmarks/chart.py` works ours: `chart_vnpy.py BARS INDICATORS`.

Candles above volume as its own chart wizard has them, with its cursor, 960x540; the price line is added. It has no
indicators of its own: they are items as its documentation has users write them, a picture a bar, with TA-Lib's values,
of which a tick makes the last one anew. Its cursor goes where the chart goes, so it is put away but for `crosshair_ms`.
"""

from __future__ import annotations

import random
import sys
from datetime import datetime, timedelta
from typing import ClassVar

import numpy as np
import pyqtgraph as pg
import talib
from vnpy.chart import CandleItem, ChartWidget, VolumeItem
from vnpy.chart.item import ChartItem
from vnpy.trader.constant import Exchange
from vnpy.trader.object import BarData
from vnpy.trader.ui import QtCore, QtGui, QtWidgets
from work import NEWEST_S, frame_cost, serve, walk

SHOWN = 300
MOST_ALL = 100_000  # bars shown at once: a picture each, and some kilobytes a picture
TAIL = 300  # closes of which the last value is made; an average of 26 has forgotten what came before


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


class Study(ChartItem):
    """An indicator of one or more lines."""

    colors: ClassVar = ("y", "c", "c", "m")
    bars = -1  # which of the lines is drawn as bars

    def __init__(self, manager: object) -> None:
        super().__init__(manager)
        self.pens = [pg.mkPen(color, width=1) for color in self.colors]
        self.close = np.empty(0)
        self.values = np.empty((1, 0))

    def make(self, close: np.ndarray) -> np.ndarray:
        """Return float64[lines, n]."""
        raise NotImplementedError

    def update_history(self, history: list[BarData]) -> None:
        self.close = np.array([b.close_price for b in history])
        self.values = self.make(self.close)
        super().update_history(history)

    def update_bar(self, bar: BarData) -> None:
        self.close[-1] = bar.close_price
        self.values[:, -1] = self.make(self.close[-TAIL:])[:, -1]
        super().update_bar(bar)

    def _draw_bar_picture(self, ix: int, bar: BarData) -> QtGui.QPicture:
        picture = QtGui.QPicture()
        painter = QtGui.QPainter(picture)
        for n, values in enumerate(self.values):
            painter.setPen(self.pens[n])
            before, now = (values[ix - 1] if ix else values[0]), values[ix]
            if n == self.bars:
                painter.drawLine(QtCore.QPointF(ix, 0.0), QtCore.QPointF(ix, now))
            elif not (np.isnan(before) or np.isnan(now)):
                painter.drawLine(QtCore.QPointF(ix - 1, before), QtCore.QPointF(ix, now))
        painter.end()
        return picture

    def boundingRect(self) -> QtCore.QRectF:
        low, high = self.get_y_range()
        return QtCore.QRectF(0, low, len(self._bar_picutures), high - low)

    def get_y_range(self, min_ix: int | None = None, max_ix: int | None = None) -> tuple[float, float]:
        return self._manager.get_price_range(min_ix, max_ix)

    def get_info_text(self, ix: int) -> str:
        return "\n".join(f"{v[ix]:.2f}" for v in self.values) if 0 <= ix < self.values.shape[1] else ""


class Sma(Study):
    def make(self, close: np.ndarray) -> np.ndarray:
        return np.array([talib.SMA(close, 20)])


class Ema(Study):
    def make(self, close: np.ndarray) -> np.ndarray:
        return np.array([talib.EMA(close, 20)])


class Bollinger(Study):
    def make(self, close: np.ndarray) -> np.ndarray:
        return np.array(talib.BBANDS(close, 20, 2.0, 2.0))


class Rsi(Study):
    def make(self, close: np.ndarray) -> np.ndarray:
        return np.array([talib.RSI(close, 14)])

    def get_y_range(self, min_ix: int | None = None, max_ix: int | None = None) -> tuple[float, float]:
        return 0.0, 100.0


class Macd(Study):
    bars = 2

    def make(self, close: np.ndarray) -> np.ndarray:
        return np.nan_to_num(np.array(talib.MACD(close, 12, 26, 9)))

    def get_y_range(self, min_ix: int | None = None, max_ix: int | None = None) -> tuple[float, float]:
        part = self.values[:, min_ix:max_ix]
        return (float(part.min()), float(part.max())) if part.size else (0.0, 1.0)


STUDIES = ((Sma, "candle"), (Ema, "candle"), (Bollinger, "candle"), (Rsi, "rsi"), (Macd, "macd"))


def main() -> None:
    bars, indicators = (int(arg) for arg in sys.argv[1:3])
    app = QtWidgets.QApplication([])
    first = datetime.fromtimestamp(NEWEST_S) - timedelta(minutes=bars - 1)
    history = [bar(first + timedelta(minutes=i), *row) for i, row in enumerate(walk(bars))]
    chart = ChartWidget()
    chart.add_plot("candle", hide_x_axis=True)
    wanted = STUDIES[:indicators]
    for plot in dict.fromkeys(p for _, p in wanted if p != "candle"):
        chart.add_plot(plot, maximum_height=80, hide_x_axis=True)
    chart.add_plot("volume", maximum_height=80)
    chart.add_item(CandleItem, "candle", "candle")
    chart.add_item(VolumeItem, "volume", "volume")
    for study, plot in wanted:
        chart.add_item(study, study.__name__, plot)
    line = pg.InfiniteLine(angle=0)
    chart.get_plot("candle").addItem(line, ignoreBounds=True)
    chart.resize(960, 540)
    chart.show()
    chart.update_history(history)
    chart.add_cursor()
    cursor, chart._cursor = chart._cursor, None
    last, chance = history[-1], random.Random(1)
    seen = 0

    def settle() -> None:
        app.processEvents()

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
            settle()

    def pan(i: int) -> None:
        chart._on_key_right() if i // 20 % 2 else chart._on_key_left()

    def zoom(i: int) -> None:
        chart._on_key_up() if i // 10 % 2 else chart._on_key_down()

    def point(_: int) -> None:
        nonlocal seen
        seen += 1
        chart.scene().sigMouseMoved.emit(QtCore.QPointF(100 + seen * 7 % 700, 50 + seen * 3 % 400))

    def ticks(n: int) -> list[float]:
        look(SHOWN, bars)
        return frame_cost(settle, tick, n)

    def ticks_of_all(n: int) -> list[float]:
        if bars > MOST_ALL:
            raise ValueError(f"a picture for each of {bars:,} bars would fill the memory")
        look(bars, bars)
        return frame_cost(settle, tick, n)

    def pans(n: int) -> list[float]:
        look(SHOWN, bars - SHOWN)
        return frame_cost(settle, pan, n)

    def zooms(n: int) -> list[float]:
        look(SHOWN // 2, bars - SHOWN)
        return frame_cost(settle, zoom, n)

    def points(n: int) -> list[float]:
        look(SHOWN, bars)
        chart._cursor = cursor
        cost = frame_cost(settle, point, n)
        chart._cursor = None
        cursor.clear_all()
        for info in cursor._infos.values():
            info.hide()
        return cost

    for _ in range(5):
        settle()
    serve({"tick_ms": ticks, "tick_all_ms": ticks_of_all, "pan_ms": pans, "zoom_ms": zooms, "crosshair_ms": points})


if __name__ == "__main__":
    main()
