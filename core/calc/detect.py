"""What is unusual in a whole market: sudden moves, volume spikes, new extremes, wide spreads, large orders. Pure.

Every detector is edge-triggered: it finds once when a value passes its threshold, and again only after the value has
fallen well below it. What is beyond the threshold when it is first seen is no news.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence, Set
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.calc.unusual import DAY_MOVE, FAST_MOVE, NEW_HIGH, NEW_LOW, VOLUME_SPIKE, WIDE_SPREAD, Finding, Thresholds
from core.market import DAY_MS

F64 = NDArray[np.float64]
Bools = NDArray[np.bool_]

_BACK = 0.8  # a value is armed again below so much of its threshold
_CALM = 0.5  # the same for spikes, which flicker
_EXTREME_BACK = 0.995  # and for extremes: so much of the old one
_LITTLE = 0.01  # of the least minute that counts as a spike: the least that a usual minute is taken for
_USUAL_S = 600.0  # in which the usual spread follows by 63 %


class Reading(NamedTuple):
    """All markets at one moment: float64[n] each, nan where a thing is not known."""

    price: F64  # quote currency
    day_change: F64  # signed ratio
    change: F64  # within `Thresholds.fast_span_ms`
    minute: F64  # turnover of the last minute, KRW
    usual_minute: F64  # its mean over the last hour, KRW
    high: F64  # until now, of today and the days before it that count, quote currency
    low: F64
    spread: F64  # of the price


class Edge:
    """Tells once which of many values have passed their threshold."""

    def __init__(self, back: float = _BACK) -> None:
        self._back = back
        self._armed: Bools = np.zeros(0, np.bool_)
        self._seen: Bools = np.zeros(0, np.bool_)

    def resize(self, old: Sequence[int]) -> None:
        """Take other columns: each is the old one of that number, or new where it is -1."""
        at = np.array(old, np.int64).reshape(-1)
        for name in ("_armed", "_seen"):
            before = getattr(self, name)
            setattr(self, name, np.where(at >= 0, np.append(before, False)[at], False))

    def forget(self) -> None:
        """The threshold is another one: what is beyond it now is no news."""
        self._seen[:] = self._armed[:] = False

    def passed(self, values: F64, threshold: float) -> list[int]:
        """Return the columns whose value has reached `threshold` since it was last well below it."""
        above = values >= threshold  # False for nan
        found = above & self._armed
        known = ~np.isnan(values)
        rearmed = (values < threshold * self._back) | (known & ~self._seen & ~above)
        self._armed = (self._armed & ~above) | rearmed
        self._seen |= known
        return np.flatnonzero(found).tolist() if found.any() else []


class Detectors:
    """All detectors that look at every market, on columns that `resize` names."""

    def __init__(self, thresholds: Thresholds | None = None) -> None:
        self.thresholds = thresholds or Thresholds()
        self.codes: list[str] = []
        self._day = (Edge(), Edge())  # up, down
        self._fast = (Edge(), Edge())
        self._spike = Edge(_CALM)
        self._high, self._low = Edge(_EXTREME_BACK), Edge(_EXTREME_BACK)
        self._spread = Edge()
        self._usual: F64 = np.zeros(0)  # spread
        self._looked_ms = -1

    def set_thresholds(self, thresholds: Thresholds) -> None:
        """Look for something else from now on."""
        if thresholds != self.thresholds:
            self.thresholds = thresholds
            for edge in self._edges():
                edge.forget()

    def _edges(self) -> Iterable[Edge]:
        return (*self._day, *self._fast, self._spike, self._high, self._low, self._spread)

    def resize(self, codes: Sequence[str]) -> None:
        """Take which markets the columns are."""
        columns = {code: i for i, code in enumerate(self.codes)}
        old = [columns.get(code, -1) for code in codes]
        for edge in self._edges():
            edge.resize(old)
        usual = np.append(self._usual, np.nan)
        self._usual = usual[np.array(old, np.int64).reshape(-1)]
        self.codes = list(codes)

    def look(self, reading: Reading, now_ms: int) -> list[Finding]:
        """Return what is new."""
        limits, found = self.thresholds, []

        def add(kind: str, columns: list[int], way: int, values: F64, span_ms: int = 0) -> None:
            for i in columns:
                price = float(reading.price[i])
                found.append(Finding(kind, self.codes[i], now_ms, way, float(values[i]), price, span_ms))

        for way, day, fast in ((1, self._day[0], self._fast[0]), (-1, self._day[1], self._fast[1])):
            if limits.day_move:
                add(DAY_MOVE, day.passed(way * reading.day_change, limits.day_move), way, reading.day_change)
            if limits.fast_move:
                moved = fast.passed(way * reading.change, limits.fast_move)
                add(FAST_MOVE, moved, way, reading.change, limits.fast_span_ms)
        with np.errstate(divide="ignore", invalid="ignore"):
            if limits.spike:
                # Of a market where nothing was traded any minute is infinitely much; told is how much it is of little.
                usual = np.maximum(reading.usual_minute, max(limits.spike_least * _LITTLE, 1.0))
                times = reading.minute / usual
                times = np.where(reading.minute >= limits.spike_least, times, np.minimum(times, 0.0))
                ways = np.sign(reading.change)
                for i in self._spike.passed(times, limits.spike):
                    add(VOLUME_SPIKE, [i], 0 if np.isnan(ways[i]) else int(ways[i]), times)
            if limits.extreme_days:
                days_ms = limits.extreme_days * DAY_MS
                add(NEW_HIGH, self._high.passed(_above(reading.price, reading.high), 1.0), 1, reading.price, days_ms)
                add(NEW_LOW, self._low.passed(_above(reading.low, reading.price), 1.0), -1, reading.price, days_ms)
            if limits.spread:
                wide = self._spread.passed(self._widened(reading.spread, now_ms), limits.spread)
                add(WIDE_SPREAD, wide, 0, reading.spread)
        return found

    def _widened(self, spread: F64, now_ms: int) -> F64:
        """Return how many times its usual width each spread has, and let the usual one follow."""
        usual = self._usual
        times = np.where(np.isnan(usual), spread / spread, spread / usual)
        passed_s = (now_ms - self._looked_ms) / 1_000 if self._looked_ms >= 0 else 0.0
        self._looked_ms = now_ms
        share = 1.0 - np.exp(-max(passed_s, 0.0) / _USUAL_S)
        followed = np.where(np.isnan(usual), spread, usual + share * (spread - usual))
        self._usual = np.where(np.isnan(spread), usual, followed)
        return np.where(spread >= self.thresholds.spread_least, times, np.minimum(times, 0.0))


def _above(value: F64, bound: F64) -> F64:
    """Return value / bound where it is above 1, a hair less than 1 where it is equal: an extreme is beyond the old."""
    ratio = value / bound
    return np.where(ratio == 1.0, 1.0 - 1e-12, ratio)


class Orders:
    """Puts the prints of one order together again, and tells once when it has taken much.

    The exchange prints an order that eats several levels trade by trade, at one time and on one side.
    """

    def __init__(self) -> None:
        self._last: dict[str, tuple[int, bool, float, bool]] = {}  # market -> time, is it a buyer, value, is it told

    def keep(self, markets: Iterable[str]) -> None:
        """Forget all other markets."""
        wanted = set(markets)
        self._last = {m: v for m, v in self._last.items() if m in wanted}

    def take(self, market: str, time_ms: int, is_bid: bool, value: float, least: float) -> float:
        """Take one print; return what its order took so far if it reaches `least` now, else 0.

        Args:
            value: price times size, in the currency of `least`.
        """
        at, was_bid, taken, is_told = self._last.get(market, (-1, False, 0.0, False))
        if at != time_ms or was_bid != is_bid:
            taken, is_told = 0.0, False
        taken += value
        is_big = 0.0 < least <= taken
        self._last[market] = (time_ms, is_bid, taken, is_told or is_big)
        return taken if is_big and not is_told else 0.0


def top(turnover: Mapping[str, float], kept: Set[str], count: int, margin: int) -> frozenset[str]:
    """Return the `count` markets with the largest turnover, slow to change at the edge.

    One that is in stays until its rank is `count + margin` or worse, or until one that is out has risen to better than
    `count - margin`: so two that change places at the edge do not take turns.

    Args:
        turnover: by market; nan ranks last.
        kept: those that were in.
    """
    order = sorted(turnover, key=lambda m: (-turnover[m] if turnover[m] == turnover[m] else math.inf, m))
    members = [m for m in order[: count + margin] if m in kept]
    for rank, market in enumerate(order[:count]):
        if market in kept:
            continue
        if len(members) < count:
            members.append(market)
        elif rank < count - margin:  # the members are sorted: the last of those that were in is the worst
            worst = max((m for m in members if m in kept), key=order.index, default=None)
            if worst is not None and order.index(worst) >= count:
                members.remove(worst)
                members.append(market)
    return frozenset(sorted(members, key=order.index)[:count])
