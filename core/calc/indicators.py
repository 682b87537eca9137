"""Indicators: bars in, lines out. Whole passes go through TA-Lib, the last bar is made from what is known before it.

An indicator returns a matrix of one row a line. Rows behind those that are shown carry what the next bar needs, such
as the averages of gains and losses of an RSI, so that no indicator has a state of its own: the row is the state.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, ClassVar, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.calc.delta import BOUGHT, SOLD, cumulate
from core.market import DAY_MS, Interval

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
Value = int | float | str
Values = Mapping[str, Value]
Place = Literal["price", "volume", "pane", "profile"]  # a profile stands at the edge and has no values by bar
# An index is of no unit and about as large as a percentage; a flow is a volume with a sign.
Unit = Literal["price", "volume", "flow", "index", "number"]

OPEN, HIGH, LOW, CLOSE, VOLUME = range(5)
LONGEST = 1_000  # bars that one value may look back
_BLOCK = 4_096  # bars
_FEW = 64  # new bars up to which a step each is cheaper than a whole pass

_SESSIONS = {"day": Interval.D1, "week": Interval.W1, "month": Interval.MONTH}


def _talib() -> Any:
    import talib  # 20 ms and its C library: only for those who use an indicator

    return talib


class Bars(NamedTuple):
    """What an indicator is made of; the last bar is still open."""

    starts: I64  # [n], epoch ms, ascending
    rows: F64  # [n, 5], open high low close volume
    flows: F64 | None = None  # [n, 2], what aggressors bought and sold; nan where not all trades are known

    def column(self, which: int) -> F64:
        """Return one column, in a piece as TA-Lib wants it."""
        return np.ascontiguousarray(self.rows[:, which])


class Setting(NamedTuple):
    """One thing that can be set."""

    name: str
    type: Literal["int", "float", "choice", "moment"]  # a moment is epoch ms
    default: Value
    least: float = 0.0
    most: float = 0.0
    choices: tuple[str, ...] = ()

    def check(self, value: object) -> Value:
        """Return the value as it is to be used, the default for what cannot be."""
        if self.type == "choice":
            return str(value) if value in self.choices else self.default
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            return self.default
        kept = min(max(value, self.least), self.most)
        return float(kept) if self.type == "float" else int(kept)


def _count(name: str, default: int, least: int = 1) -> Setting:
    return Setting(name, "int", default, least, LONGEST)


class Line(NamedTuple):
    """One line that is shown."""

    name: str
    style: Literal["line", "bars"] = "line"  # bars stand on zero
    has_label: bool = True  # the read-out says its value
    tone: int = -1  # lines of one tone begin with one colour; -1: with one of its own


class Indicator:
    """Base of all: a subclass declares, and gives `full` and `step`.

    Args:
        values: of its settings; what is missing or cannot be is the default.
    """

    name: ClassVar[str] = ""  # how files name it
    place: Place = "price"
    unit: Unit = "price"
    settings: tuple[Setting, ...] = ()
    lines: tuple[Line, ...] = (Line("value"),)
    bounds: tuple[float, float] | None = None  # a scale that never changes
    guides: tuple[float, ...] = ()  # values marked in its pane
    cloud: tuple[int, int] | None = None  # two lines between which is filled
    is_stepwise = True  # else `step` is as dear as `full`
    needs_trades: ClassVar[bool] = False  # made of `Bars.flows`, or of trades
    carried: ClassVar[int] = 0  # rows behind those of the lines

    def __init__(self, values: Values | None = None) -> None:
        given = values or {}
        self.values = {s.name: s.check(given.get(s.name, s.default)) for s in self.settings}

    def count(self, name: str) -> int:
        """Return a setting that is a whole number."""
        return int(self.values[name])

    @property
    def label(self) -> str:
        """What tells it from another of its kind: "20 2"."""
        return " ".join(f"{self.values[s.name]:g}" for s in self.settings if s.type in {"int", "float"})

    @property
    def shifts(self) -> tuple[int, ...]:
        """By how many bars each line is shown to the right of the bar it was made at."""
        return (0,) * len(self.lines)

    def track(self) -> Track:
        """Return what keeps its values in step with bars."""
        return Track(self)

    def full(self, bars: Bars) -> F64:
        """Return float64[lines + carried, n]; nan where there is no value."""
        raise NotImplementedError

    def step(self, bars: Bars, known: F64, i: int) -> tuple[float, ...]:
        """Return the column of bar `i`, from the bars up to it and `known`, which is right before it."""
        raise NotImplementedError


# Parts.


def _mean(values: F64, i: int, count: int) -> float:
    """Return the mean of the last `count` values up to number `i`, nan where there are fewer."""
    return float(values[i - count + 1 : i + 1].sum()) / count if i >= count - 1 else math.nan


def _follow(value: float, before: float, count: int) -> float:
    """Return the exponential average after another value."""
    return (value - before) * (2.0 / (count + 1)) + before


def _ema_step(values: F64, known: F64, i: int, count: int, first: int = 0) -> float:
    """Return the exponential average at `i` of values that begin at `first`: it starts with a plain mean of `count`."""
    seed = first + count - 1
    if i < seed:
        return math.nan
    if i == seed:
        return float(values[first : i + 1].sum()) / count
    return _follow(float(values[i]), float(known[i - 1]), count)


def _wilder_step(value: float, before: float, count: int) -> float:
    return (before * (count - 1) + value) / count


def _late(values: F64, first: int, n: int) -> F64:
    """Return values that begin at bar `first` as a row of n."""
    row = np.full(n, math.nan)
    row[first:] = values
    return row


def _deviation(values: F64, count: int) -> F64:
    """Return the deviation of the last `count` values each, as of a population.

    In blocks, each measured from a value of its own: TA-Lib adds up squares, of which a million bars of a dear coin
    leave no digit right.
    """
    made, talib = np.full(len(values), math.nan), _talib()
    for begin in range(count - 1, len(values), _BLOCK):
        block = values[begin - count + 1 : begin + _BLOCK]
        made[begin : begin + _BLOCK] = talib.STDDEV(block - block[0], count)[count - 1 :]
    return made


def _session_begins(starts: I64, session: str) -> I64:
    """Return the bars with which a day, week or month begins, the first of all where there is any."""
    if not len(starts):
        return np.empty(0, np.int64)
    match session:
        case "week":
            numbers = (starts - Interval.W1.floor(0)) // (7 * DAY_MS)
        case "month":
            numbers = starts.astype("datetime64[ms]").astype("datetime64[M]").astype(np.int64)
        case _:
            numbers = starts // DAY_MS
    return np.concatenate([[0], np.flatnonzero(np.diff(numbers)) + 1])


# Averages of the price.


class Sma(Indicator):
    """Simple moving average of the close."""

    name = "sma"
    settings = (_count("count", 20),)

    def full(self, bars: Bars) -> F64:
        return np.array([_talib().SMA(bars.column(CLOSE), self.count("count"))])

    def step(self, bars: Bars, known: F64, i: int) -> tuple[float, ...]:
        return (_mean(bars.rows[:, CLOSE], i, self.count("count")),)


class Ema(Indicator):
    """Exponential moving average of the close."""

    name = "ema"
    settings = (_count("count", 20),)

    def full(self, bars: Bars) -> F64:
        return np.array([_talib().EMA(bars.column(CLOSE), self.count("count"))])

    def step(self, bars: Bars, known: F64, i: int) -> tuple[float, ...]:
        return (_ema_step(bars.rows[:, CLOSE], known[0], i, self.count("count")),)


class Wma(Indicator):
    """Moving average of the close, the newest weighing most."""

    name = "wma"
    settings = (_count("count", 20),)

    def __init__(self, values: Values | None = None) -> None:
        super().__init__(values)
        n = self.count("count")
        self._weights = np.arange(1.0, n + 1) / (n * (n + 1) / 2)

    def full(self, bars: Bars) -> F64:
        return np.array([_talib().WMA(bars.column(CLOSE), self.count("count"))])

    def step(self, bars: Bars, known: F64, i: int) -> tuple[float, ...]:
        n = self.count("count")
        return (float(bars.rows[i - n + 1 : i + 1, CLOSE] @ self._weights) if i >= n - 1 else math.nan,)


class Bollinger(Indicator):
    """A simple average of the close, and bands a number of standard deviations above and below."""

    name = "bollinger"
    settings = (_count("count", 20, 2), Setting("width", "float", 2.0, 0.1, 10.0))
    lines = (Line("middle"), Line("upper", tone=0), Line("lower", tone=0))

    def full(self, bars: Bars) -> F64:
        n, close = self.count("count"), bars.column(CLOSE)
        middle, out = _talib().SMA(close, n), float(self.values["width"]) * _deviation(close, n)
        return np.array([middle, middle + out, middle - out])

    def step(self, bars: Bars, known: F64, i: int) -> tuple[float, ...]:
        n = self.count("count")
        if i < n - 1:
            return (math.nan,) * 3
        closes = bars.rows[i - n + 1 : i + 1, CLOSE]
        middle = float(closes.sum()) / n
        off = closes - middle
        out = float(self.values["width"]) * math.sqrt(float(off @ off) / n)
        return middle, middle + out, middle - out


class Vwap(Indicator):
    """Volume-weighted average of the typical price since the day, week or month began (09:00 in Korea)."""

    name = "vwap"
    settings = (Setting("session", "choice", "day", choices=tuple(_SESSIONS)),)
    carried = 2  # turnover and volume so far

    @property
    def label(self) -> str:
        return ""

    def _begins(self, bars: Bars) -> I64:
        """Return the bars with which a sum begins, the first of all where there is any."""
        return _session_begins(bars.starts, str(self.values["session"]))

    def _is_begin(self, bars: Bars, i: int) -> bool:
        if i == 0:
            return True
        floor = _SESSIONS[str(self.values["session"])].floor
        return floor(int(bars.starts[i])) != floor(int(bars.starts[i - 1]))

    def full(self, bars: Bars) -> F64:
        n = len(bars.rows)
        made = np.full((3, n), math.nan)
        volume = bars.rows[:, VOLUME]
        value = bars.rows[:, HIGH : CLOSE + 1].sum(axis=1) / 3.0 * volume
        begins = self._begins(bars)
        # Session by session: the difference of two long sums would drown a day that begins with a small trade.
        for begin, end in zip(begins.tolist(), [*begins[1:].tolist(), n], strict=True):
            np.cumsum(value[begin:end], out=made[1, begin:end])
            np.cumsum(volume[begin:end], out=made[2, begin:end])
        np.divide(made[1], made[2], out=made[0], where=made[2] > 0)
        return made

    def step(self, bars: Bars, known: F64, i: int) -> tuple[float, ...]:
        _, high, low, close, volume = bars.rows[i].tolist()
        value = (high + low + close) / 3.0 * volume
        if not self._is_begin(bars, i):
            value, volume = value + float(known[1, i - 1]), volume + float(known[2, i - 1])
        return value / volume if volume > 0 else math.nan, value, volume


class AnchoredVwap(Vwap):
    """Volume-weighted average of the typical price since a moment of one's own choice."""

    name = "anchored_vwap"
    settings = (Setting("anchor_ms", "moment", 0, 0, 2**53),)

    def _anchor(self, starts: I64) -> int:
        """Return the bar that holds the anchor, -1 where it is older than all: a sum from later would be another."""
        return int(np.searchsorted(starts, self.count("anchor_ms"), side="right")) - 1

    def _begins(self, bars: Bars) -> I64:
        at = self._anchor(bars.starts)
        return np.array([at] if at >= 0 else [], np.int64)

    def _is_begin(self, bars: Bars, i: int) -> bool:
        return i == self._anchor(bars.starts)

    def full(self, bars: Bars) -> F64:
        begins = self._begins(bars)
        return super().full(bars) if len(begins) else np.full((3, len(bars.rows)), math.nan)

    def step(self, bars: Bars, known: F64, i: int) -> tuple[float, ...]:
        at = self._anchor(bars.starts)
        return super().step(bars, known, i) if 0 <= at <= i else (math.nan,) * 3


class Ichimoku(Indicator):
    """Middles of the range of three spans; the cloud stands ahead of the market, the close behind it."""

    name = "ichimoku"
    settings = (_count("conversion", 9), _count("base", 26), _count("span", 52), _count("shift", 26))
    lines = (
        Line("conversion"),
        Line("base"),
        Line("span_a", has_label=False),
        Line("span_b", has_label=False),
        Line("lagging", has_label=False),
    )
    cloud = (2, 3)

    @property
    def shifts(self) -> tuple[int, ...]:
        ahead = self.count("shift") - 1  # the present bar is the first of them
        return 0, 0, ahead, ahead, -ahead

    def full(self, bars: Bars) -> F64:
        high, low = bars.column(HIGH), bars.column(LOW)
        talib = _talib()

        def middle(n: int) -> F64:
            made: F64 = (talib.MAX(high, n) + talib.MIN(low, n)) / 2.0 if n > 1 else (high + low) / 2.0
            return made

        conversion, base, span = (middle(self.count(name)) for name in ("conversion", "base", "span"))
        return np.array([conversion, base, (conversion + base) / 2.0, span, bars.column(CLOSE)])

    def step(self, bars: Bars, known: F64, i: int) -> tuple[float, ...]:
        def middle(n: int) -> float:
            if i < n - 1:
                return math.nan
            rows = bars.rows[i - n + 1 : i + 1]
            return (float(rows[:, HIGH].max()) + float(rows[:, LOW].min())) / 2.0

        conversion, base, span = (middle(self.count(name)) for name in ("conversion", "base", "span"))
        return conversion, base, (conversion + base) / 2.0, span, float(bars.rows[i, CLOSE])


class VolumeAverage(Indicator):
    """Simple moving average of the volume."""

    name = "volume_average"
    place = "volume"
    unit = "volume"
    settings = (_count("count", 20),)

    def full(self, bars: Bars) -> F64:
        return np.array([_talib().SMA(bars.column(VOLUME), self.count("count"))])

    def step(self, bars: Bars, known: F64, i: int) -> tuple[float, ...]:
        return (_mean(bars.rows[:, VOLUME], i, self.count("count")),)


# With a scale of their own.


class Rsi(Indicator):
    """Wilder's relative strength: the share of gains in all moves, 0 to 100; 50 where nothing moved."""

    name = "rsi"
    place = "pane"
    unit = "index"
    settings = (_count("count", 14, 2),)
    bounds = (0.0, 100.0)
    guides = (30.0, 70.0)
    carried = 2  # average gain and loss

    def full(self, bars: Bars) -> F64:
        n, move, nothing = self.count("count"), np.diff(bars.column(CLOSE), prepend=math.nan), np.zeros(len(bars.rows))
        if not len(move):
            return np.empty((3, 0))
        move[0] = 0.0  # no value is made of it
        # The average true range of a bar that reaches from 0 to the gain is Wilder's average of the gains.
        gain, loss = (_talib().ATR(np.maximum(m, 0.0), nothing, nothing, n) for m in (move, -move))
        total = gain + loss
        share = np.divide(100.0 * gain, total, out=np.full(len(total), 50.0), where=total > 0)
        return np.array([np.where(np.isnan(total), math.nan, share), gain, loss])

    def step(self, bars: Bars, known: F64, i: int) -> tuple[float, ...]:
        n = self.count("count")
        if i < n:
            return (math.nan,) * 3
        if i == n:
            moves = np.diff(bars.rows[: n + 1, CLOSE])
            gain, loss = float(np.maximum(moves, 0.0).sum()) / n, float(np.maximum(-moves, 0.0).sum()) / n
        else:
            move = float(bars.rows[i, CLOSE] - bars.rows[i - 1, CLOSE])
            gain = _wilder_step(max(move, 0.0), float(known[1, i - 1]), n)
            loss = _wilder_step(max(-move, 0.0), float(known[2, i - 1]), n)
        return 100.0 * gain / (gain + loss) if gain + loss > 0 else 50.0, gain, loss


class Macd(Indicator):
    """The difference of two exponential averages, its own average, and what lies between these."""

    name = "macd"
    place = "pane"
    settings = (_count("fast", 12), _count("slow", 26, 2), _count("signal", 9))
    lines = (Line("difference", "bars"), Line("macd"), Line("signal"))
    guides = (0.0,)
    carried = 2  # the two averages

    def _spans(self) -> tuple[int, int, int]:
        fast, slow = sorted((self.count("fast"), self.count("slow")))
        return fast, slow, self.count("signal")

    def full(self, bars: Bars) -> F64:
        (fast, slow, signal), close, n = self._spans(), bars.column(CLOSE), len(bars.rows)
        if n < slow:
            return np.full((5, n), math.nan)
        talib, begin = _talib(), slow - fast
        quick = _late(talib.EMA(close[begin:], fast), begin, n)  # both begin with the same bar, as TA-Lib has it
        calm = talib.EMA(close, slow)
        macd = quick - calm
        line = _late(talib.EMA(macd[slow - 1 :], signal), slow - 1, n)
        return np.array([macd - line, macd, line, quick, calm])

    def step(self, bars: Bars, known: F64, i: int) -> tuple[float, ...]:
        (fast, slow, signal), close = self._spans(), bars.rows[:, CLOSE]
        quick, calm = _ema_step(close, known[3], i, fast, slow - fast), _ema_step(close, known[4], i, slow)
        macd, seed = quick - calm, slow + signal - 2
        if i < seed:
            line = math.nan
        elif i == seed:
            line = (float(known[1, slow - 1 : i].sum()) + macd) / signal
        else:
            line = _follow(macd, float(known[2, i - 1]), signal)
        return macd - line, macd, line, quick, calm


class Stochastic(Indicator):
    """Where the close stands between lowest and highest of a span, smoothed once and twice; 50 where both are one."""

    name = "stochastic"
    place = "pane"
    unit = "index"
    settings = (_count("count", 14), _count("smooth", 3), _count("signal", 3))
    lines = (Line("k"), Line("d"))
    bounds = (0.0, 100.0)
    guides = (20.0, 80.0)
    carried = 1  # before it is smoothed

    def full(self, bars: Bars) -> F64:
        n, talib = self.count("count"), _talib()
        if len(bars.rows) < n:
            return np.full((3, len(bars.rows)), math.nan)
        high, low, close = bars.column(HIGH), bars.column(LOW), bars.column(CLOSE)
        top, floor = (talib.MAX(high, n), talib.MIN(low, n)) if n > 1 else (high, low)
        room = top - floor
        raw = np.divide(100.0 * (close - floor), room, out=np.full(len(close), 50.0), where=room > 0)
        raw[: n - 1] = math.nan
        k = talib.SMA(raw, self.count("smooth"))
        return np.array([k, talib.SMA(k, self.count("signal")), raw])

    def step(self, bars: Bars, known: F64, i: int) -> tuple[float, ...]:
        n, smooth, signal = self.count("count"), self.count("smooth"), self.count("signal")
        if i < n - 1:
            return (math.nan,) * 3
        rows = bars.rows[i - n + 1 : i + 1]
        top, floor = float(rows[:, HIGH].max()), float(rows[:, LOW].min())
        raw = 100.0 * (float(rows[-1, CLOSE]) - floor) / (top - floor) if top > floor else 50.0
        # Before the first value there is nan, which a mean that reaches back to it becomes, too.
        k = (float(known[2, i - smooth + 1 : i].sum()) + raw) / smooth if i >= smooth - 1 else math.nan
        d = (float(known[0, i - signal + 1 : i].sum()) + k) / signal if i >= signal - 1 else math.nan
        return k, d, raw


class Atr(Indicator):
    """Wilder's average true range: how far the price goes in a bar, in quote currency."""

    name = "atr"
    place = "pane"
    settings = (_count("count", 14),)

    def full(self, bars: Bars) -> F64:
        return np.array([_talib().ATR(bars.column(HIGH), bars.column(LOW), bars.column(CLOSE), self.count("count"))])

    def step(self, bars: Bars, known: F64, i: int) -> tuple[float, ...]:
        n = self.count("count")
        if i < n:
            return (math.nan,)
        rows = bars.rows[(0 if i == n else i - 1) : i + 1]
        before, high, low = rows[:-1, CLOSE], rows[1:, HIGH], rows[1:, LOW]
        reach = np.maximum(high, before) - np.minimum(low, before)
        return (float(reach.sum()) / n if i == n else _wilder_step(float(reach[0]), float(known[0, i - 1]), n),)


class Obv(Indicator):
    """On-balance volume: the volume of the bars that rose less that of those that fell, base currency."""

    name = "obv"
    place = "pane"
    unit = "volume"

    def full(self, bars: Bars) -> F64:
        return np.array([_talib().OBV(bars.column(CLOSE), bars.column(VOLUME))])

    def step(self, bars: Bars, known: F64, i: int) -> tuple[float, ...]:
        volume = float(bars.rows[i, VOLUME])
        if i == 0:
            return (volume,)
        close, before, total = float(bars.rows[i, CLOSE]), float(bars.rows[i - 1, CLOSE]), float(known[0, i - 1])
        return (total + volume if close > before else total - volume if close < before else total,)


# Of trades.


class Delta(Indicator):
    """What aggressors bought less what they sold within the bar, base currency; nan where trades are missing."""

    name = "delta"
    place = "pane"
    unit = "flow"
    lines = (Line("delta", "bars"),)
    needs_trades = True

    def full(self, bars: Bars) -> F64:
        if bars.flows is None:
            return np.full((1, len(bars.rows)), math.nan)
        return np.array([bars.flows[:, BOUGHT] - bars.flows[:, SOLD]])

    def step(self, bars: Bars, known: F64, i: int) -> tuple[float, ...]:
        return (float(bars.flows[i, BOUGHT] - bars.flows[i, SOLD]) if bars.flows is not None else math.nan,)


class Cvd(Delta):
    """Cumulative volume delta: the sum of the deltas. It begins anew, at zero, behind each bar without one.

    What was missed would move all that follows: nobody knows by how much, so a sum never goes on over a gap.
    """

    name = "cvd"
    settings = (Setting("anew", "choice", "gap", choices=("gap", *_SESSIONS)),)
    lines = (Line("value"),)
    guides = (0.0,)

    def full(self, bars: Bars) -> F64:
        delta, begins = super().full(bars)[0], np.zeros(len(bars.starts), np.bool_)
        if self.values["anew"] in _SESSIONS:
            begins[_session_begins(bars.starts, str(self.values["anew"]))] = True
        return np.array([cumulate(delta, begins)])

    def step(self, bars: Bars, known: F64, i: int) -> tuple[float, ...]:
        (delta,) = super().step(bars, known, i)
        before = float(known[0, i - 1]) if i else math.nan
        session = _SESSIONS.get(str(self.values["anew"]))
        if session is not None and i and session.floor(int(bars.starts[i])) != session.floor(int(bars.starts[i - 1])):
            before = math.nan
        return (delta + before if math.isfinite(before) else delta,)


class VolumeProfile(Indicator):
    """Volume at price of the bars in view: its rows are made where they are shown, see `core.calc.profile`."""

    name = "volume_profile"
    place = "profile"
    settings = (
        Setting("rows", "int", 80, 10, 400),  # most of them from the lowest to the highest price in view
        Setting("share", "int", 70, 10, 100),  # of the volume that the value area holds, percent
        Setting("side", "choice", "right", choices=("right", "left")),
        Setting("part", "int", 25, 5, 60),  # of the plot's width that the longest row takes, percent
    )
    lines = (Line("control"), Line("area_high", tone=1), Line("area_low", tone=1))
    needs_trades = True

    @property
    def label(self) -> str:
        return f"{self.values['share']} %" if self.values["share"] != 70 else ""  # what everybody takes

    def track(self) -> Track:
        return _NoTrack(self)

    def full(self, bars: Bars) -> F64:
        return np.full((len(self.lines), len(bars.rows)), math.nan)

    def step(self, bars: Bars, known: F64, i: int) -> tuple[float, ...]:
        return (math.nan,) * len(self.lines)


KINDS: dict[str, type[Indicator]] = {
    kind.name: kind
    for kind in (
        *(Sma, Ema, Wma, Bollinger, Vwap, AnchoredVwap, Ichimoku, VolumeProfile),
        *(VolumeAverage, Rsi, Macd, Stochastic, Atr, Obv, Delta, Cvd),
    )
}


class Track:
    """The lines of one indicator, kept in step with bars that grow at their end."""

    def __init__(self, indicator: Indicator) -> None:
        self.indicator = indicator
        self._room: F64 = np.empty((len(indicator.lines) + indicator.carried, 0))
        self._count = 0

    @property
    def values(self) -> F64:
        """float64[lines, n]: a view, valid until the next change."""
        return self._room[: len(self.indicator.lines), : self._count]

    def rebuild(self, bars: Bars) -> None:
        """Work out everything: bars other than the last were changed, put in front or taken away."""
        self._count = n = len(bars.rows)
        self._room = np.full((len(self._room), n + n // 8 + _FEW), math.nan)
        if n:
            self._room[:, :n] = self.indicator.full(bars)

    def append(self, bars: Bars) -> None:
        """Take in the bars behind those known, and the one that was the last, which may have moved before it closed."""
        first, n = max(self._count - 1, 0), len(bars.rows)
        if not self.indicator.is_stepwise or n - first > _FEW or n > self._room.shape[1]:
            self.rebuild(bars)
            return
        self._count = n
        for i in range(first, n):
            self._room[:, i] = self.indicator.step(bars, self._room, i)

    def last(self, bars: Bars) -> None:
        """Take in what became of the last bar."""
        if self._count and self.indicator.is_stepwise:
            self._room[:, self._count - 1] = self.indicator.step(bars, self._room, self._count - 1)


class _NoTrack(Track):
    """Of an indicator that has nothing to say of single bars: costs nothing, however many there are."""

    @property
    def values(self) -> F64:
        return np.broadcast_to(math.nan, (len(self.indicator.lines), self._count))

    def rebuild(self, bars: Bars) -> None:
        self._count = len(bars.rows)

    def append(self, bars: Bars) -> None:
        self._count = len(bars.rows)

    def last(self, bars: Bars) -> None:
        return
