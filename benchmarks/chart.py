"""CPU of the chart, 960x540 with axes, volume, price line and read-out: `python -m benchmarks.chart [--bars N]`.

`tick_ms`: one trade moves the last bar, 300 bars shown. `tick_all_ms`: the same, all bars shown. `pan_ms`: the bars are
dragged by 3 px. `zoom_ms`: a notch of the wheel, between 75 and 1,200 bars shown. `crosshair_ms`: the mouse moves;
`tick_crosshair_ms`: and a trade comes in the same frame.
`new_bar_ms`: a bar is appended. `--indicators N` measures it all a second time with N of them: averages, bands, RSI and
MACD in panes, then the rest. `--scaling` adds each at 1M bars over each at 1k. `--peers` adds the painter in a plain
QWidget, which is what pyqtgraph's scene costs, and finplot and vnpy in environments of their own.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
from collections.abc import Callable
from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from benchmarks import peers
from benchmarks.measure import arguments, frame_cost, percentiles, qt_app, report

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from core.state.candles import CandleSeries
    from core.wire.messages import Trade
    from widgets.chart.model import ChartModel

SIZE = (960, 540)
FRAMES = 150
BARS = 100_000
SHOWN = 300.0
NOTCHES = 10  # in one direction, then back
MARKET, TICK, PRICE = "KRW-BTC", 1_000, 90_000_000
NEWEST_MS = 1_790_000_040_000  # a whole minute
PEERS = ("finplot", "vnpy")
INDICATORS = (  # in the order in which they are put on the chart
    *("sma", "ema", "bollinger", "rsi", "macd", "vwap", "volume_average", "ichimoku", "stochastic", "atr", "obv"),
    *("wma", "anchored_vwap"),
)
_PEER_TIMEOUT_S = 600.0

Change = Callable[[int], object]
Chart = tuple["QWidget", "ChartModel", "Hands"]
Figures = dict[str, dict[str, float]]


class Hands(NamedTuple):
    """How to work a chart, whatever it is made of."""

    show: Callable[[CandleSeries], None]
    sync: Callable[[], None]
    drag: Callable[[float], None]  # px
    wheel: Callable[[float, float], None]  # notches, x in px
    point: Callable[[float, float], None]  # x, y in px
    reach: Callable[[float, float], None]  # bar indexes


def series_of(bars: int, seed: int = 1) -> CandleSeries:
    """Return minutes of a random walk."""
    from core.market import MINUTE_MS, Interval
    from core.state.candles import CandleSeries
    from core.wire.messages import CandleRow

    chance = random.Random(seed)
    rows, price = [], PRICE
    for start in range(NEWEST_MS - (bars - 1) * MINUTE_MS, NEWEST_MS + 1, MINUTE_MS):
        close = max(price + TICK * chance.randint(-30, 30), 1_000 * TICK)
        low, high = min(price, close) - TICK * chance.randint(0, 15), max(price, close) + TICK * chance.randint(0, 15)
        volume = chance.expovariate(1 / 3)
        rows.append(CandleRow(start, price, high, low, close, volume, start))
        price = close
    series = CandleSeries(Interval.M1, bound=2 * bars)  # it is to grow, not to let go of the oldest
    series.merge(rows)
    return series


class Trades:
    """Trades within what the last bar reached already, so that no scale moves; a new minute on demand."""

    def __init__(self, series: CandleSeries) -> None:
        self._chance = random.Random(1)
        self._ids = count(1)
        self._series = series
        self._low, self._high = (int(v) for v in series.ohlcv[-2:, (2, 1)].mean(axis=0))

    def next(self, minutes: int = 0) -> Trade:
        from core.market import MINUTE_MS
        from core.wire.messages import Trade

        price = self._chance.randrange(self._low, self._high, TICK)
        number = next(self._ids)
        time_ms = self._series.last_ms + minutes * MINUTE_MS + 1 + number
        return Trade(MARKET, float(price), 1e-6, "BID", time_ms, number)


def in_view() -> Chart:
    """Return the program's chart and how to work it."""
    from PySide6.QtCore import QEvent, QPointF, Qt
    from PySide6.QtGui import QMouseEvent
    from PySide6.QtWidgets import QApplication

    from widgets.chart.view import ChartView

    view = ChartView()
    view.resize(*SIZE)
    none = Qt.MouseButton.NoButton

    def point(x: float, y: float) -> None:
        at = QPointF(x, y)
        event = QMouseEvent(QEvent.Type.MouseMove, at, at, none, none, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(view.viewport(), event)

    def show(series: CandleSeries) -> None:
        view.show_series(MARKET, series)

    def drag(dx: float) -> None:
        view.drag(dx, 0, False)

    def wheel(notches: float, x: float) -> None:
        view.wheel(notches, QPointF(x, 200))

    def reach(x0: float, x1: float) -> None:
        view.box.setXRange(x0, x1, padding=0)

    return view, view.model, Hands(show, view.sync, drag, wheel, point, reach)


def with_indicators(count: int) -> Chart:
    """Return the program's chart with so many indicators on it."""
    from widgets.chart.studies import Study, make
    from widgets.chart.view import ChartView

    view, model, hands = in_view()
    assert isinstance(view, ChartView)
    studies: list[Study] = []
    for kind in INDICATORS[:count]:
        studies.append(make(kind, {"anchor_ms": NEWEST_MS} if kind == "anchored_vwap" else {}, studies))
    view.set_studies(tuple(studies))
    return view, model, hands


def without_scene() -> Chart:
    """Return the same model and painter in a plain QWidget: nothing of pyqtgraph, nowhere to put an item."""
    from PySide6.QtCore import QPointF, Qt
    from PySide6.QtGui import QPainter, QPaintEvent
    from PySide6.QtWidgets import QWidget

    from widgets.chart.model import ChartModel, Dirt
    from widgets.chart.painter import ChartPainter
    from widgets.chart.view import ZOOM_PER_NOTCH

    model = ChartModel()
    chart = ChartPainter(model)

    class Bare(QWidget):
        def paintEvent(self, event: QPaintEvent) -> None:
            painter = QPainter(self)
            chart.paint(painter, event.region())
            chart.paint_cursor(painter, event.region())
            painter.end()

    widget = Bare()
    widget.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
    widget.resize(*SIZE)
    chart.resize(*SIZE, 1.0)

    def apply(dirt: Dirt) -> None:
        if dirt == Dirt.NONE:
            return
        if dirt >= Dirt.RANGE:
            chart.fit()
        widget.update(chart.touch(dirt))

    def point(x: float, y: float) -> None:
        chart.cursor = QPointF(x, y)
        apply(Dirt.CROSSHAIR)

    def show(series: CandleSeries) -> None:
        apply(model.show(MARKET, series))

    def sync() -> None:
        apply(model.sync())

    def drag(dx: float) -> None:
        apply(model.pan(-dx / model.px_per_bar))

    def wheel(notches: float, x: float) -> None:
        apply(model.zoom(ZOOM_PER_NOTCH**-notches, model.x0 + x / model.px_per_bar))

    def reach(x0: float, x1: float) -> None:
        apply(model.set_range(x0, x1, model.y0, model.y1))

    return widget, model, Hands(show, sync, drag, wheel, point, reach)


def measure(make: Callable[[], Chart], bars: int, frames: int = FRAMES) -> Figures:
    """Return the figures of one chart of `bars` bars."""
    series = series_of(bars)
    widget, model, do = make()
    widget.show()
    do.show(series)
    trades = Trades(series)
    right = model.count + 10.0

    def tick(_: int) -> None:
        series.fold_trade(trades.next())
        do.sync()

    def append(_: int) -> None:
        series.fold_trade(trades.next(minutes=1))
        do.sync()

    def drag(i: int) -> None:
        do.drag(3 if i // 50 % 2 == 0 else -3)

    def wheel(i: int) -> None:
        do.wheel(-1 if i // (2 * NOTCHES) % 2 == 0 else 1, 500.0)

    def point(i: int) -> None:
        do.point(100 + i * 7 % 700, 50 + i * 3 % 400)

    def tick_and_point(i: int) -> None:
        tick(i)
        point(i)

    def look(left: float) -> None:
        do.reach(left, right)

    figures: Figures = {}

    def take(name: str, change: Change, n: int = frames) -> None:
        figures[name] = percentiles(frame_cost(widget, change, n))

    look(right - SHOWN)
    take("tick_ms", tick)
    look(-1.0)
    take("tick_all_ms", tick)
    look(right - 1.5 * SHOWN)
    do.reach(right - 1.5 * SHOWN, right - 0.5 * SHOWN)
    take("pan_ms", drag)
    middle = right - 0.5 * SHOWN
    do.reach(middle - SHOWN / 8, middle + SHOWN / 8)
    take("zoom_ms", wheel)
    look(right - SHOWN)
    take("crosshair_ms", point)
    take("tick_crosshair_ms", tick_and_point)
    take("new_bar_ms", append, frames // 2)
    widget.close()
    return figures


def scaling(make: Callable[[], Chart] = in_view, frames: int = FRAMES) -> dict[str, float]:
    """Return the cost at 1M bars over the cost at 1k bars, medians."""
    few, many = (measure(make, bars, frames) for bars in (1_000, 1_000_000))
    return {name: round(many[name]["p50"] / few[name]["p50"], 2) for name in few}


def measure_peer(name: str, bars: int) -> dict[str, object]:
    """Return the figures of a peer, measured in its own environment; an `error` where there is none.

    The environment is built if need be: `python -m benchmarks.peers` does it ahead.
    """
    script = Path(__file__).parent / "peers" / f"chart_{name}.py"
    try:
        command = [str(peers.build(name)), str(script), str(bars)]
        env = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
        done = subprocess.run(command, capture_output=True, text=True, timeout=_PEER_TIMEOUT_S, check=True, env=env)
        figures: dict[str, list[float]] = json.loads(done.stdout.splitlines()[-1])
    except peers.PeerError as why:
        return {"error": str(why)}
    except subprocess.CalledProcessError as why:
        return {"error": why.stderr.strip().splitlines()[-1:]}
    except subprocess.TimeoutExpired:
        return {"error": f"not done after {_PEER_TIMEOUT_S:.0f} s"}
    return {key: percentiles(costs) for key, costs in figures.items()}


def main() -> None:
    """Measure and print."""
    parser = arguments(__doc__)
    parser.add_argument("--bars", type=int, default=BARS, help=f"bars of history, {BARS:,} unless told")
    parser.add_argument(
        "--indicators", type=int, default=0, choices=range(len(INDICATORS) + 1), metavar="N", help="also with N of them"
    )
    parser.add_argument("--scaling", action="store_true", help="also 1M bars against 1k")
    options = parser.parse_args()
    app = qt_app()
    result: dict[str, object] = {"bars": options.bars, **measure(in_view, options.bars)}
    made = partial(with_indicators, options.indicators)
    if options.indicators:
        result["indicators"] = options.indicators
        result |= {f"with_{name}": cost for name, cost in measure(made, options.bars).items()}
    if options.scaling:
        result["scaling"] = scaling()
        if options.indicators:
            result["with_scaling"] = scaling(made)
    if options.peers:
        result["peers"] = {"without scene": measure(without_scene, options.bars)} | {
            name: measure_peer(name, options.bars) for name in PEERS
        }
    report("chart", result, options.json)
    app.quit()


if __name__ == "__main__":
    main()
