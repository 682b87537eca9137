"""CPU of the chart, 960x540 with axes, volume, price line and read-out: `python -m benchmarks.chart [--bars N]`.

`tick_ms`: one trade moves the last bar, 300 bars shown. `tick_all_ms`: the same, all bars shown. `pan_ms`: the bars are
dragged by 3 px. `zoom_ms`: a notch of the wheel, between 75 and 1,200 bars shown. `crosshair_ms`: the mouse moves;
`tick_crosshair_ms`: and a trade comes in the same frame.
`new_bar_ms`: a bar is appended. `--indicators N` measures it all a second time with N of them, as `with_...`: averages,
bands, RSI and MACD in panes, then the rest. `--scaling` adds each at 1M bars over each at 1k.

`--peers` takes turns with finplot, vnpy and lightweight-charts, each in an environment of its own, bare and with the
first five indicators, and with the painter in a plain QWidget, which is what pyqtgraph's scene costs; `ratio` is how
many times ours. Costs of lightweight-charts are those of the page's main thread; `all_processes_ms` is all that its
browser takes. What a peer cannot do has an `error` instead; so has the one without a browser.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import cache, partial
from itertools import count
from typing import TYPE_CHECKING, Any, NamedTuple

from benchmarks import peers
from benchmarks.measure import arguments, frame_cost, percentiles, qt_app, report
from benchmarks.rounds import Outcome, Theirs, compare, compare_with

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from core.state.candles import CandleSeries
    from core.wire.messages import CandleRow, Trade
    from widgets.chart.model import ChartModel

SIZE = (960, 540)
FRAMES = 150
ROUND_FRAMES = 50
BARS = 100_000
SHOWN = 300.0
NOTCHES = 10  # in one direction, then back
MARKET, TICK, PRICE = "KRW-BTC", 1_000, 90_000_000
NEWEST_MS = 1_790_000_040_000  # a whole minute
PEERS = ("finplot", "vnpy", "lightweight-charts")
PEER_FIGURES = ("tick_ms", "tick_all_ms", "pan_ms", "zoom_ms", "crosshair_ms")
FIGURES = (*PEER_FIGURES, "tick_crosshair_ms", "new_bar_ms")
PEER_INDICATORS = 5  # the first ones, which peers were taught
INDICATORS = (  # in the order in which they are put on the chart
    *("sma", "ema", "bollinger", "rsi", "macd", "vwap", "volume_average", "ichimoku", "stochastic", "atr", "obv"),
    *("wma", "anchored_vwap"),
)
_READY_S = 300.0  # of a peer with a million bars

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
    from core.market import Interval
    from core.state.candles import CandleSeries

    series = CandleSeries(Interval.M1, bound=2 * bars)  # it is to grow, not to let go of the oldest
    series.merge(rows_of(bars, seed))
    return series


@cache
def rows_of(bars: int, seed: int) -> list[CandleRow]:
    from core.market import MINUTE_MS
    from core.wire.messages import CandleRow

    chance = random.Random(seed)
    rows, price = [], PRICE
    for start in range(NEWEST_MS - (bars - 1) * MINUTE_MS, NEWEST_MS + 1, MINUTE_MS):
        close = max(price + TICK * chance.randint(-30, 30), 1_000 * TICK)
        low, high = min(price, close) - TICK * chance.randint(0, 15), max(price, close) + TICK * chance.randint(0, 15)
        volume = chance.expovariate(1 / 3)
        rows.append(CandleRow(start, price, high, low, close, volume, start))
        price = close
    return rows


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


class Subject:
    """A chart of `bars` bars, of which each figure can be taken as often as asked."""

    def __init__(self, make: Callable[[], Chart], bars: int) -> None:
        self.series = series_of(bars)
        self.widget, self.model, self.do = make()
        self.widget.show()
        self.do.show(self.series)
        self._trades = Trades(self.series)
        self._pointed = 0
        self._figures: dict[str, Callable[[int], list[float]]] = {
            "tick_ms": self._ticks,
            "tick_all_ms": self._ticks_of_all,
            "pan_ms": self._pans,
            "zoom_ms": self._zooms,
            "crosshair_ms": self._points,
            "tick_crosshair_ms": self._ticks_and_points,
            "new_bar_ms": self._appends,
        }

    def take(self, figure: str, n: int) -> list[float]:
        """Return ms of CPU of `n` frames."""
        return self._figures[figure](n)

    def close(self) -> None:
        self.widget.close()
        self.widget.deleteLater()

    @property
    def _right(self) -> float:
        return self.model.count + 10.0

    def _tick(self, _: int) -> None:
        self.series.fold_trade(self._trades.next())
        self.do.sync()

    def _append(self, _: int) -> None:
        self.series.fold_trade(self._trades.next(minutes=1))
        self.do.sync()

    def _drag(self, i: int) -> None:
        self.do.drag(3 if i // 50 % 2 == 0 else -3)

    def _wheel(self, i: int) -> None:
        self.do.wheel(-1 if i // (2 * NOTCHES) % 2 == 0 else 1, 500.0)

    def _point(self, _: int) -> None:
        self._pointed += 1
        self.do.point(100 + self._pointed * 7 % 700, 50 + self._pointed * 3 % 400)

    def _tick_and_point(self, i: int) -> None:
        self._tick(i)
        self._point(i)

    def _cost(self, change: Change, n: int) -> list[float]:
        return frame_cost(self.widget, change, n)

    def _ticks(self, n: int) -> list[float]:
        self.do.reach(self._right - SHOWN, self._right)
        return self._cost(self._tick, n)

    def _ticks_of_all(self, n: int) -> list[float]:
        self.do.reach(-1.0, self._right)
        return self._cost(self._tick, n)

    def _pans(self, n: int) -> list[float]:
        self.do.reach(self._right - 1.5 * SHOWN, self._right - 0.5 * SHOWN)
        return self._cost(self._drag, n)

    def _zooms(self, n: int) -> list[float]:
        middle = self._right - 0.5 * SHOWN
        self.do.reach(middle - SHOWN / 8, middle + SHOWN / 8)
        return self._cost(self._wheel, n)

    def _points(self, n: int) -> list[float]:
        self.do.reach(self._right - SHOWN, self._right)
        return self._cost(self._point, n)

    def _ticks_and_points(self, n: int) -> list[float]:
        self.do.reach(self._right - SHOWN, self._right)
        return self._cost(self._tick_and_point, n)

    def _appends(self, n: int) -> list[float]:
        self.do.reach(self._right - SHOWN, self._right)
        return self._cost(self._append, max(n // 2, 1))


@contextmanager
def subject(make: Callable[[], Chart], bars: int) -> Iterator[Subject]:
    """Show a chart; take it away afterwards."""
    made = Subject(make, bars)
    try:
        yield made
    finally:
        made.close()


def measure(make: Callable[[], Chart], bars: int, frames: int = FRAMES) -> Figures:
    """Return the figures of one chart of `bars` bars."""
    with subject(make, bars) as chart:
        return {figure: percentiles(chart.take(figure, frames)) for figure in FIGURES}


def scaling(make: Callable[[], Chart], frames: int = ROUND_FRAMES) -> dict[str, float]:
    """Return the cost at 1M bars over the cost at 1k bars: medians of quotients, taken in turns."""
    with subject(make, 1_000) as few, subject(make, 1_000_000) as many:
        outcome = compare(FIGURES, few.take, {"many": lambda figure, n: {"ms": many.take(figure, n)}}, frames, digits=2)
    return outcome.ratio["many"]


def start_peer(name: str, bars: int, indicators: int) -> peers.Worker:
    """Start a peer that shows `bars` bars, with as many of the indicators as it was taught.

    Its environment is built if need be: `python -m benchmarks.peers` does it ahead.

    Raises:
        PeerError: it cannot be built, or does not start; for the one in a browser, there is none.
    """
    numbers = (str(bars), str(indicators))
    if name == "lightweight-charts":
        script = peers.LISTS / "chart_lightweight.py"
        command = [sys.executable, script, *numbers, peers.build(name), peers.browser()]
    else:
        command = [peers.build(name), peers.LISTS / f"chart_{name}.py", *numbers]
    return peers.Worker(name, command, _READY_S)


def measure_with_peers(indicators: int, bars: int, frames: int = ROUND_FRAMES) -> Outcome:
    """Return the figures of ours and of all peers, taken in turns."""
    make = partial(with_indicators, indicators) if indicators else in_view
    starts = {name: partial(start_peer, name, bars, indicators) for name in PEERS}
    with ExitStack() as stack:
        ours = stack.enter_context(subject(make, bars))
        inside: dict[str, Theirs] = {}
        if not indicators:
            bare = stack.enter_context(subject(without_scene, bars))
            inside["without scene"] = lambda figure, n: {"ms": bare.take(figure, n)}
        outcome = compare_with(PEER_FIGURES, ours.take, starts, inside, frames)
        own = {figure: percentiles(ours.take(figure, frames)) for figure in FIGURES if figure not in PEER_FIGURES}
    return outcome._replace(ours=outcome.ours | own)


def main() -> None:
    """Measure and print."""
    parser = arguments(__doc__)
    parser.add_argument("--bars", type=int, default=BARS, help=f"bars of history, {BARS:,} unless told")
    parser.add_argument(
        "--indicators",
        type=int,
        choices=range(len(INDICATORS) + 1),
        metavar="N",
        help=f"also with N of them; 0, with peers {PEER_INDICATORS}, unless told",
    )
    parser.add_argument("--scaling", action="store_true", help="also 1M bars against 1k; always with peers")
    options = parser.parse_args()
    count = options.indicators
    if count is None:
        count = PEER_INDICATORS if options.peers else 0
    app = qt_app()
    result: dict[str, object] = {"bars": options.bars}
    if options.peers:
        bare = measure_with_peers(0, options.bars)
        ours, theirs, ratio = bare.ours, bare.peers, bare.ratio
        if count:
            more = measure_with_peers(count, options.bars)
            ours |= _named(more.ours)
            for name in more.peers:
                theirs[name] |= _named(more.peers[name])
                ratio.setdefault(name, {}).update(_named(more.ratio.get(name, {})))
        result |= {"indicators": count, **ours, "peers": theirs, "ratio": ratio}
    else:
        result |= measure(in_view, options.bars)
        if count:
            result |= {"indicators": count, **_named(measure(partial(with_indicators, count), options.bars))}
    if options.scaling or options.peers:
        result["scaling"] = scaling(in_view)
        if count:
            result["with_scaling"] = scaling(partial(with_indicators, count))
    report("chart", result, options.json)
    app.quit()


def _named(figures: Mapping[str, Any]) -> dict[str, Any]:
    """Return figures under the names that they have with indicators."""
    return {f"with_{name}" if name.endswith("_ms") else name: figure for name, figure in figures.items()}


if __name__ == "__main__":
    main()
