"""Candle series for the tests of the chart."""

from __future__ import annotations

import random
from functools import lru_cache
from itertools import count

from core.market import Interval
from core.state.candles import CandleSeries
from core.wire.messages import CandleRow, Trade

MARKET = "KRW-BTC"
FIRST_MS = Interval.MONTH.floor(1_780_000_000_000)
PRICE, TICK = 90_000_000.0, 1_000.0


def row(start_ms: int, close: float, *, opening: float = PRICE, volume: float = 2.0) -> CandleRow:
    return CandleRow(start_ms, opening, max(opening, close) + TICK, min(opening, close) - TICK, close, volume, start_ms)


def rows(count: int, *, first: int = 0, interval: Interval = Interval.M1, seed: int = 1) -> list[CandleRow]:
    """Return `count` bars of a random walk; `first` is the number of the oldest, counted from FIRST_MS."""
    return list(_rows(count, first, interval, seed))


@lru_cache(32)  # most tests begin with the same ones
def _rows(count: int, first: int, interval: Interval, seed: int) -> tuple[CandleRow, ...]:
    chance, price, made = random.Random(seed), PRICE, []
    start = interval.floor(FIRST_MS) + first * interval.length_ms
    for _ in range(count):
        close = price + TICK * chance.randint(-20, 20)
        made.append(row(start, close, opening=price, volume=chance.uniform(0.1, 5)))
        price, start = close, interval.next(start)
    return tuple(made)


def series_of(made: list[CandleRow], interval: Interval = Interval.M1) -> CandleSeries:
    series = CandleSeries(interval)
    series.merge(made)
    return series


def walk(count: int, interval: Interval = Interval.M1) -> CandleSeries:
    return series_of(rows(count, interval=interval), interval)


_numbers = count(1)


def trade(series: CandleSeries, price: float, *, bars_on: int = 0, size: float = 0.01) -> Trade:
    """Return a trade in the last window, or so many windows after it; each is newer than the one before."""
    number = next(_numbers)
    assert number < series.interval.length_ms
    return Trade(MARKET, price, size, "BID", series.last_ms + bars_on * series.interval.length_ms + number, number)
