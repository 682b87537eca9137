"""The strategies that are built in. What each measures stands in `core/calc/signals`."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Generic, TypeVar

from core.calc.signals import SECOND_MS, Band, Burst, Jump, Stand, Trend
from core.market import MINUTE_MS, ORDERBOOK, TICKER, TRADE, Interval
from core.strategy.base import CANDLE, INTERVALS, Parameter, ParameterError, Signal, Strategy, Values, by_name
from core.wire.messages import CandleRow, Orderbook, Ticker, Trade

JUMP, SPIKE, IMBALANCE, SPREAD, BAND, TREND = "jump", "spike", "imbalance", "spread", "band", "trend"
KINDS = (JUMP, SPIKE, IMBALANCE, SPREAD, BAND, TREND)  # of the signals of those here

GRACE_MS = 2_000  # after its end a candle may still be corrected by a frame that was on its way
_INTERVAL = Parameter("interval", "choice", "1m", choices=INTERVALS)

T = TypeVar("T")


class PriceJump(Strategy):
    """The last price moved by so much within so many seconds. Value: the move, ratio."""

    name = JUMP
    channels = (TICKER,)
    parameters = (
        Parameter("move", "float", 1.0, 0.05, 50.0, "%"),
        Parameter("span", "int", 10, 1, 3_600, "s"),
    )

    def __init__(self, values: Values, emit: Callable[[Signal], None]) -> None:
        super().__init__(values, emit)
        self._jumps: dict[str, Jump] = {}

    def begin(self, market: str, time_ms: int) -> None:
        self._jumps[market] = Jump(self.number("move") / 100.0, int(self.number("span")) * SECOND_MS)

    def on_ticker(self, ticker: Ticker) -> None:
        time_ms = ticker.trade_time_ms or ticker.time_ms
        moved = self._jumps[ticker.market].take(time_ms, ticker.price)
        if moved:
            side = 1 if moved > 0.0 else -1
            self.emit(Signal(JUMP, ticker.market, time_ms, ticker.price, side, moved))


class VolumeSpike(Strategy):
    """The turnover of the last seconds is many times that of the minutes before. Value: how many times."""

    name = SPIKE
    channels = (TRADE,)
    parameters = (
        Parameter("times", "float", 5.0, 1.5, 1_000.0, "times"),
        Parameter("span", "int", 10, 1, 300, "s"),
        Parameter("norm", "int", 10, 1, 60, "min"),
        Parameter("least", "int", 5, 1, 1_000, "trades"),
    )

    def __init__(self, values: Values, emit: Callable[[Signal], None]) -> None:
        super().__init__(values, emit)
        self._bursts: dict[str, Burst] = {}
        self._span_s, self._norm_s = int(self.number("span")), int(self.number("norm")) * 60
        self.warm_ms = (self._span_s + self._norm_s) * SECOND_MS

    @classmethod
    def check(cls, values: Values) -> None:
        if float(values["span"]) * 2 > float(values["norm"]) * MINUTE_MS / SECOND_MS:
            raise ParameterError("span", "norm")

    def begin(self, market: str, time_ms: int) -> None:
        times, least = self.number("times"), int(self.number("least"))
        self._bursts[market] = Burst(times, self._span_s, self._norm_s, least, time_ms)

    def on_trade(self, trade: Trade) -> None:
        times, side = self._bursts[trade.market].take(trade.time_ms, trade.price * trade.size, trade.aggressor == "BID")
        if times:
            self.emit(Signal(SPIKE, trade.market, trade.time_ms, trade.price, side, times))


class _Standing(Strategy):
    """What stands beyond a limit in the book for some seconds."""

    def __init__(self, values: Values, emit: Callable[[Signal], None], limit: float) -> None:
        super().__init__(values, emit)
        self._limit, self._hold_ms = limit, round(self.number("hold") * SECOND_MS)
        self._stands: dict[str, Stand] = {}
        self._mid: dict[str, float] = {}

    def begin(self, market: str, time_ms: int) -> None:
        self._stands[market] = Stand(self._limit, self._hold_ms)

    def on_book(self, book: Orderbook) -> None:
        market, time_ms, best = book.market, book.time_ms, book.levels[0] if book.levels else None
        if best is None or not (best.ask_price > 0.0 and best.bid_price > 0.0):
            self._stands[market].take(time_ms, math.nan)
            return
        self._mid[market] = (best.ask_price + best.bid_price) / 2.0
        side = self._stands[market].take(time_ms, self._measure(book))
        if side:
            self._tell(market, time_ms, side)

    def on_time(self, market: str, time_ms: int) -> None:
        stand = self._stands.get(market)
        side = stand.look(time_ms) if stand is not None else 0
        if side:
            self._tell(market, time_ms, side)

    def _tell(self, market: str, time_ms: int, side: int) -> None:
        value = self._stands[market].value
        self.emit(Signal(self.name, market, time_ms, self._mid[market], self._side(side), value))

    def _measure(self, book: Orderbook) -> float:
        raise NotImplementedError

    def _side(self, side: int) -> int:
        return side


class BookImbalance(_Standing):
    """One side of the book outweighs the other for some seconds.

    Value: (bid - ask) / (bid + ask) of size over the best levels, -1 to 1.
    """

    name = IMBALANCE
    channels = (ORDERBOOK,)
    parameters = (
        Parameter("levels", "int", 10, 1, 30, "levels"),
        Parameter("beyond", "float", 60.0, 1.0, 100.0, "%"),
        Parameter("hold", "float", 3.0, 0.0, 600.0, "s"),
    )

    def __init__(self, values: Values, emit: Callable[[Signal], None]) -> None:
        super().__init__(values, emit, float(values["beyond"]) / 100.0)
        self._levels = int(self.number("levels"))

    def _measure(self, book: Orderbook) -> float:
        asks = bids = 0.0
        for level in book.levels[: self._levels]:  # padding has no size
            asks += level.ask_size
            bids += level.bid_size
        return (bids - asks) / (bids + asks) if bids + asks > 0.0 else math.nan


class WideSpread(_Standing):
    """The spread is wide for some seconds. Value: spread / mid, ratio."""

    name = SPREAD
    channels = (ORDERBOOK,)
    parameters = (
        Parameter("above", "float", 20.0, 0.1, 10_000.0, "bp"),
        Parameter("hold", "float", 3.0, 0.0, 600.0, "s"),
    )

    def __init__(self, values: Values, emit: Callable[[Signal], None]) -> None:
        super().__init__(values, emit, float(values["above"]) / 10_000.0)

    def _measure(self, book: Orderbook) -> float:
        best = book.levels[0]
        return max(best.ask_price - best.bid_price, 0.0) / self._mid[book.market]

    def _side(self, side: int) -> int:
        return 0


class _Closing(Strategy, Generic[T]):
    """What is looked at bar by bar, when each has closed: by the next one, or a little after its end."""

    channels = (CANDLE,)

    def __init__(self, values: Values, emit: Callable[[Signal], None]) -> None:
        super().__init__(values, emit)
        self._length_ms = Interval(str(values["interval"])).length_ms
        self.bars = int(self.number("bars"))
        self._open: dict[str, CandleRow] = {}
        self._closed_ms: dict[str, int] = {}  # start of the newest bar that was looked at
        self._seen: dict[str, T] = {}

    def begin(self, market: str, time_ms: int) -> None:
        self._open.pop(market, None)
        self._closed_ms.pop(market, None)
        self._seen[market] = self._make()

    def on_candle(self, market: str, row: CandleRow) -> None:
        before = self._open.get(market)
        if before is not None and row.start_ms > before.start_ms:
            self._close(market, before)
        if before is None or row.start_ms >= before.start_ms:
            self._open[market] = row

    def on_time(self, market: str, time_ms: int) -> None:
        row = self._open.get(market)
        if row is not None and time_ms >= row.start_ms + self._length_ms + GRACE_MS:
            self._close(market, row)

    def _close(self, market: str, row: CandleRow) -> None:
        if row.start_ms > self._closed_ms.get(market, -1):
            self._closed_ms[market] = row.start_ms
            value, side = self._look(self._seen[market], row)
            if side:
                end_ms = row.start_ms + self._length_ms - 1  # its last moment: the signal is of this bar
                self.emit(Signal(self.name, market, end_ms, row.close, side, value))

    def _make(self) -> T:
        raise NotImplementedError

    def _look(self, seen: T, row: CandleRow) -> tuple[float, int]:
        raise NotImplementedError


class Bollinger(_Closing[Band]):
    """A bar closed outside its band. Value: by how many standard deviations it is off the mean, signed.

    The band is that of Bollinger: mean and population deviation of the last closes, this one included.
    """

    name = BAND
    parameters = (
        _INTERVAL,
        Parameter("bars", "int", 20, 5, 400, "bars"),
        Parameter("sigma", "float", 2.0, 0.5, 6.0, "sigma"),
    )

    @classmethod
    def check(cls, values: Values) -> None:
        # One of n values is never further than that from their mean.
        most = math.sqrt(float(values["bars"]) - 1.0)
        if float(values["sigma"]) >= most:
            raise ParameterError("sigma", "sigma", f"{math.floor(most * 100.0 - 1e-9) / 100.0:g}")

    def _make(self) -> Band:
        return Band(self.number("sigma"), self.bars)

    def _look(self, seen: Band, row: CandleRow) -> tuple[float, int]:
        out = seen.take(row.close)
        return out, 0 if not out else 1 if out > 0.0 else -1


class VolumeTrend(_Closing[Trend]):
    """Volume grows from bar to bar while the price goes one way.

    Value: the rise of the least-squares line through the volumes, of their mean: 1.0 is 100 %. The side is that of the
    line through the closes.
    """

    name = TREND
    parameters = (
        _INTERVAL,
        Parameter("bars", "int", 12, 3, 200, "bars"),
        Parameter("growth", "float", 100.0, 10.0, 250.0, "%"),
    )

    def _make(self) -> Trend:
        return Trend(self.number("growth") / 100.0, self.bars)

    def _look(self, seen: Trend, row: CandleRow) -> tuple[float, int]:
        return seen.take(row.close, row.volume)


BUILT_IN = by_name((PriceJump, VolumeSpike, BookImbalance, WideSpread, Bollinger, VolumeTrend))
