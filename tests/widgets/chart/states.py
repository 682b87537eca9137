"""States of a chart for its golden pictures, made from seeds alone: no clock, no screen, no network."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage, QPainter

from core.market import MINUTE_MS, Interval
from core.state.account import Fill
from core.state.candles import CandleSeries
from core.strategy.base import Signal
from tests.widgets.chart.bars import FIRST_MS, MARKET, PRICE, TICK, row, rows, series_of, walk
from widgets.chart.day_lines import DayPrices
from widgets.chart.model import ChartModel, Dirt
from widgets.chart.own import OrderMark, fill_marks
from widgets.chart.painter import ChartPainter
from widgets.chart.studies import make
from widgets.chart.timeline import Gaps
from widgets.won import Rate

SIZE = (420, 260)
Step = Callable[[ChartPainter], object]


@dataclass(frozen=True)
class State:
    """What is to be seen in one picture. `name` is that of its file."""

    name: str
    steps: tuple[Step, ...] = ()
    series: Callable[[], CandleSeries] = field(default=lambda: walk(300))
    market: str = MARKET
    size: tuple[int, int] = SIZE
    dpr: float = 1.0
    theme: str = "dark"
    updown: str = "korean"
    lang: str = "en"


def paint(state: State, brush: type[QPainter] = QPainter) -> QImage:
    """Return the picture of a state, device px; theme and language are in force already."""
    model = ChartModel()
    chart = ChartPainter(model)
    chart.resize(*state.size, state.dpr)
    model.show(state.market, state.series())
    chart.fit()
    for step in state.steps:
        step(chart)
        chart.lay_out()
    chart.touch(Dirt.ALL)
    image = QImage(*chart.canvas.size, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(state.dpr)
    painter = brush(image)
    chart.paint(painter)
    chart.touch(Dirt.CROSSHAIR)
    chart.paint(painter)
    chart.paint_cursor(painter)
    painter.end()
    image.setDevicePixelRatio(1.0)
    return image


# Series.


def million() -> CandleSeries:
    """Return two years of minutes; merging them row by row would take longer than all other states together."""
    count, chance = 1_000_000, np.random.default_rng(7)
    series = CandleSeries(Interval.M1)
    close = PRICE + TICK * np.cumsum(chance.integers(-9, 10, count)).astype(np.float64)
    opening = np.concatenate([[PRICE], close[:-1]])
    series._starts = FIRST_MS + np.arange(count, dtype=np.int64) * MINUTE_MS
    high, low = np.maximum(opening, close) + TICK, np.minimum(opening, close) - TICK
    series._rows = np.column_stack([opening, high, low, close, chance.exponential(2.0, count)])
    series._stamps, series._stated_at = series._starts.copy(), np.ones(count, np.bool_)
    series._lo, series._hi = 0, count
    series.version = series.history_version = 1
    return series


def bitcoin_market() -> CandleSeries:
    """Return a market priced in BTC, with all eight decimals."""
    made = [
        row(r.start_ms, r.close * 1e-8 / TICK, opening=r.open * 1e-8 / TICK)._replace(
            high=r.high * 1e-8 / TICK, low=r.low * 1e-8 / TICK, volume=r.volume * 1e4
        )
        for r in rows(300)
    ]
    return series_of(made)


def broken() -> CandleSeries:
    """Return minutes with a stop behind which bars may be missing."""
    series = CandleSeries(Interval.M1)
    made = rows(340)
    series.merge(made[:270] + made[310:])
    series.break_ms = made[269].start_ms
    return series


# Steps.


def studies(*kinds: str) -> Step:
    def step(chart: ChartPainter) -> None:
        made = []
        for kind in kinds:
            made.append(make(kind, {}, made))
        chart.model.set_studies(tuple(made))

    return step


def point(x: float, y: float, *, is_echo: bool = False) -> Step:
    def step(chart: ChartPainter) -> None:
        chart.cursor, chart.is_echo = QPointF(x, y), is_echo

    return step


def badge(chart: ChartPainter) -> None:
    chart.watermark.badge = "DEMO"


def stale(chart: ChartPainter) -> None:
    chart.is_stale = True


def countdown(chart: ChartPainter) -> None:
    assert chart.model.series is not None
    chart.now_ms = chart.model.series.last_ms + 17_000


def loading(chart: ChartPainter) -> None:
    chart.note = "loading history"
    chart.model.pan(-chart.model.x0 - 20)


def all_bars(chart: ChartPainter) -> None:
    chart.model.zoom(1e9, chart.model.x1)
    chart.model.go_live()


def wide_bars(chart: ChartPainter) -> None:
    chart.model.zoom(0.25, chart.model.x1)
    chart.model.go_live()


def folded(chart: ChartPainter) -> None:
    chart.model.zoom(9.0, chart.model.x1)


def by_hand(chart: ChartPainter) -> None:
    chart.model.zoom_price(0.5)
    chart.model.pan(25, 40 * TICK)


def levels(chart: ChartPainter) -> None:
    chart.marks.levels = tuple(chart.model.last_price + n * 30 * TICK for n in (-1, 1))


def last_ms(chart: ChartPainter, back: int) -> int:
    return int(chart.model.starts[-1 - back]) + 30_000


def signals(chart: ChartPainter) -> None:
    said = []
    for back, side in ((40, 1), (30, -1), (20, 0), (8, 1), (0, -1)):
        price = float(chart.model.rows[-1 - back, 3])
        said.append(Signal("jump", MARKET, last_ms(chart, back), price, side, 0.01 * side, "1"))
    chart.marks.set_signals(tuple(said))


def own(chart: ChartPainter) -> None:
    price = chart.model.last_price
    chart.marks.orders = (OrderMark(price + 40 * TICK, False, "0.5"), OrderMark(price - 25 * TICK, True, "1.25"))
    chart.marks.average = price - 50 * TICK
    made = []
    for number, (back, side) in enumerate(((35, "BID"), (22, "ASK"), (10, "BID"), (0, "ASK"))):
        at = Decimal(repr(float(chart.model.rows[-1 - back, 3])))
        made.append(Fill(f"f{number}", "o", MARKET, side, at, Decimal("0.1"), None, None, last_ms(chart, back)))  # type: ignore[arg-type]
    chart.marks.fills = fill_marks(made)


def quiet() -> CandleSeries:
    """Return minutes of which many had no trade, and once more of them than are shown."""
    return series_of([r for n, r in enumerate(rows(900)) if (n % 7 in (0, 1, 3) and not 500 < n < 860) or n == 899])


def gaps(how: Gaps) -> Step:
    def step(chart: ChartPainter) -> None:
        chart.model.set_gaps(how)
        chart.model.pan(-12)

    return step


def day(chart: ChartPainter) -> None:
    price = chart.model.last_price
    chart.day.prices = DayPrices(price - 60 * TICK, price + 4 * TICK, price - 5 * TICK)


def worth(chart: ChartPainter) -> None:
    chart.won.rate = Rate(137e6, is_stale=True)
    chart.fit()


STATES = (
    State("plain"),
    State("light", theme="light"),
    State("western", updown="western"),
    State("colour-blind", theme="light-cb"),
    State("korean", (badge, countdown), lang="ko"),
    State("demo-stale", (badge, stale)),
    State("hole", series=broken),
    State("loading", (loading,)),
    State("few", series=lambda: walk(5)),
    State("empty", (badge,), series=lambda: CandleSeries(Interval.M1)),
    State("million", (all_bars,), series=million),
    State("folded", (folded,), series=lambda: walk(3_000)),
    State("wide", (wide_bars,)),
    State("by-hand", (by_hand,)),
    State("dpr-1.25", (badge, countdown), dpr=1.25),
    State("dpr-1.5", (studies("sma"), point(200, 120)), dpr=1.5),
    State("dpr-2", (own,), size=(300, 200), dpr=2.0),
    State("overlays", (studies("sma", "ema", "bollinger", "vwap", "volume_average"),)),
    State("cloud", (studies("ichimoku"),), theme="light"),
    State("panes", (studies("rsi", "macd", "obv"), point(240, 190)), size=(420, 380)),
    State("signals", (signals,)),
    State("own", (own,), theme="light"),
    State("levels", (levels, countdown)),
    State("crosshair", (point(240, 100),)),
    State("crosshair-linked", (point(240, 0, is_echo=True),), theme="light"),
    State("bitcoin-market", (countdown,), series=bitcoin_market, market="BTC-ETH"),
    State("worth", (worth, countdown, point(150, 60)), bitcoin_market, "BTC-ETH", (300, 180)),
    State("day", (day, countdown), size=(300, 180)),
    State("gaps-empty", (gaps("empty"),), quiet, size=(300, 180)),
    State("gaps-flat", (gaps("flat"),), quiet, size=(300, 180), theme="light"),
    State("seconds", series=lambda: walk(300, Interval.S1)),
    State("days", series=lambda: walk(300, Interval.D1)),
    State("months", series=lambda: walk(90, Interval.MONTH)),
    State("small", (studies("sma"),), size=(200, 140)),
)
