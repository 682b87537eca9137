"""What each coin is worth at any moment: one path per coin, from which all its markets take their prices.

A path is made top-down. The whole life of a coin is a walk of days; between two days lie 24 hours, between two
hours 60 minutes, each level a bridge between the points of the level above. So any moment can be asked for without
the moments before it, and the answer is a pure function of (seed, coin, time).
"""

from __future__ import annotations

from collections import OrderedDict
from functools import cached_property, lru_cache
from math import exp
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.sim import dice
from core.sim.coins import ELSEWHERE, GOLD, IN_KRW, STABLE
from core.sim.listing import ANCHOR_DAY, OPENED_DAY

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

LAST_DAY = 22_645  # 2032-01-01; the walks end here
_DAYS = LAST_DAY - OPENED_DAY
_BLOCK = 128  # days whose hours are drawn together
_KEPT_MINUTES = 512  # coin-days, 24 kB each
_KEPT_SPANS = 48  # coin-years, 80 kB each

_minute = np.arange(1440)
# Most happens at 09:00 KST, when the exchange's day starts, and when the Americas wake up.
PROFILE: F64 = (
    0.75
    + 1.1 * np.exp(-_minute / 35)
    + 0.5 * np.exp(-(((_minute - 870) / 110) ** 2))
    + 0.25 * np.exp(-(((_minute - 120) / 90) ** 2))
    - 0.25 * np.exp(-(((_minute - 1200) / 150) ** 2))
)
PROFILE /= PROFILE.mean()
_HOUR_WEIGHT = np.sqrt(PROFILE.reshape(24, 60).mean(axis=1))
_HOUR = np.arange(25) / 24


class Pumps(NamedTuple):
    """Sudden rises or falls that ebb away within their day; one row a day that has one."""

    row: I64  # which of the days asked for
    start: F64  # minute of the day
    rise: F64  # minutes to the peak
    ebb: F64  # minutes to fall to 1/e
    size: F64  # in log price at the peak

    def at(self, minute: F64) -> F64:
        """Return float64[rows, n]: what they add to the log price at minutes [n] or [rows, n]; 0 at both ends."""
        past = minute - self.start[:, None]
        up = np.clip(past / self.rise[:, None], 0.0, 1.0)
        ebb = np.exp(-np.maximum(past - self.rise[:, None], 0.0) / self.ebb[:, None])
        ends = np.clip((1440.0 - minute) / 120.0, 0.0, 1.0)
        added: F64 = self.size[:, None] * up * ebb * ends
        return added

    @property
    def peak(self) -> F64:
        return self.start + self.rise


class Span(NamedTuple):
    """A coin's days; arrays of one length, but for the pumps."""

    points: F64  # [n, 25]: the log value at the hours of each day, both ends, pumps left out
    sigma: F64  # standard deviation of the day's log change
    bustle: F64  # how many times the usual amount is traded
    pumps: Pumps


class Minutes(NamedTuple):
    """A coin's day."""

    path: F64  # [1441]: the log value at the minutes, both ends
    lively: F64  # [1440]: how much is traded in each, 1 on the average


@lru_cache(maxsize=16)
def _powers(keep: float) -> F64:
    powers: F64 = keep ** np.arange(1.0, 4097.0 if keep > 0.98 else 2049.0)  # longer, and 1/power leaves the floats
    return powers


def _fading_walk(shocks: F64, keep: float) -> F64:
    """Return y[t] = keep * y[t-1] + shocks[t] without a loop."""
    out = np.empty_like(shocks)
    carried, powers = 0.0, _powers(keep)
    for at in range(0, len(shocks), len(powers)):
        part = shocks[at : at + len(powers)]
        power = powers[: len(part)]
        out[at : at + len(part)] = power * (np.cumsum(part / power) + carried)
        carried = float(out[at + len(part) - 1])
    return out


class CoinValue:
    """The log value of one coin in KRW."""

    def __init__(self, seed: int, code: str, price: float, market: F64) -> None:
        self.code = code
        self._seed = seed
        rng = dice.generator(seed, "coin", code)
        if code == "KRW":
            sigma, beta, keep, trend = 0.0, 0.0, 0.9, 0.0
        elif code in STABLE:
            sigma, beta, keep, trend = 0.0022 if code == "USDT" else 0.0004, 0.0, 0.985, 0.02
        elif code in GOLD:
            sigma, beta, keep, trend = 0.008, 0.05, 0.998, 0.12
        elif code == "BTC":
            sigma, beta, keep, trend = 0.006, 0.9, 0.997, 0.35
        elif code == "ETH":
            sigma, beta, keep, trend = 0.016, 1.15, 0.997, 0.25
        else:
            sigma, beta, keep, trend = 0.028 + 0.02 * float(rng.random()), 1.2, 0.996, 0.12 * float(rng.random())
        self.is_calm = code in STABLE or code in GOLD or code == "KRW"
        restless = _fading_walk(rng.standard_normal(_DAYS) * 0.2, 0.93)
        shocks = rng.standard_normal(_DAYS) * sigma * np.exp(0.5 * restless) + beta * market
        walk = np.concatenate(([0.0], _fading_walk(shocks, keep)))
        day = np.arange(_DAYS + 1)
        anchor = ANCHOR_DAY - OPENED_DAY
        self._start: F64 = np.log(price) + walk - walk[anchor] + trend / 365 * (day - anchor)
        self._restless = restless.astype(np.float32)
        self._sigma = float(np.hypot(sigma, beta * 0.02))
        self._hours: tuple[int, F64] = (-1, np.empty(0))
        self._pumps = dice.key(seed, "pump", code) >> 1

    def start(self, day: int) -> float:
        """Return the log value at the start of a day (days since 1970, UTC)."""
        return float(self._start[self._at(day)])

    def starts(self, first: int, last: int) -> F64:
        """Return the log values at the starts of days first..last inclusive."""
        return self._start[self._at(first) : self._at(last) + 1]

    def sigma(self, day: int) -> float:
        """Return the day's volatility, as the standard deviation of its log change."""
        return self._sigma * float(np.exp(0.5 * self._restless[self._at(day)]))

    def sigmas(self, first: int, last: int) -> F64:
        """Return the volatility of days first..last-1."""
        part = self._restless[self._at(first) : self._at(last)].astype(np.float64)
        return self._sigma * np.exp(0.5 * part)

    def bustle(self, first: int, last: int) -> F64:
        """Return how many times the usual amount is traded on days first..last-1."""
        days = np.arange(first, last)
        noise = dice.unit(dice.many(dice.key(self._seed, "bustle", self.code), days)) - 0.5
        part = self._restless[self._at(first) : self._at(last)].astype(np.float64)
        pumped = 1.0 + 1.5 * (self._pump_draw(days) < self._pump_chance)
        bustle: F64 = np.clip(np.exp(0.9 * part + 0.7 * noise), 0.6, 6.0) * pumped
        return bustle

    def bustle_of(self, day: int) -> float:
        """Return `bustle` of one day."""
        noise = dice.unit_of(dice.one(dice.key(self._seed, "bustle", self.code), day)) - 0.5
        bustle = exp(0.9 * float(self._restless[self._at(day)]) + 0.7 * noise)
        is_pumped = dice.unit_of(dice.one(self._pumps, day)) < self._pump_chance
        return min(max(bustle, 0.6), 6.0) * (2.5 if is_pumped else 1.0)

    def pumps(self, first: int, last: int) -> Pumps:
        """Return the sudden moves of days first..last-1."""
        days = np.arange(first, last)
        row = np.flatnonzero(self._pump_draw(days) < self._pump_chance)
        luck = dice.unit(dice.many(self._pumps + 1, days[row, None] * 8 + np.arange(5)))
        size = (0.04 - 0.03 * np.log(luck[:, 0])) * np.where(luck[:, 1] < 0.68, 1.0, -0.6)
        return Pumps(
            row,
            np.floor(20 + luck[:, 2] * 1200),
            np.floor(2 + luck[:, 3] * 14),
            25 + 160 * luck[:, 4],
            np.clip(size, -0.2, 0.4),
        )

    def hours(self, first: int, last: int) -> F64:
        """Return float64[n, 25]: the log value at the hours of days first..last-1, both ends, pumps left out."""
        parts = []
        day = first
        while day < last:
            block = (day - OPENED_DAY) // _BLOCK
            drawn = self._drawn(block)
            offset = day - OPENED_DAY - block * _BLOCK
            take = min(_BLOCK - offset, last - day)
            parts.append(drawn[offset : offset + take])
            day += take
        wander = np.concatenate(parts) * self.sigmas(first, last)[:, None]
        ends = self.starts(first, last)
        path: F64 = ends[:-1, None] + (ends[1:] - ends[:-1])[:, None] * _HOUR + wander
        return path

    def minutes(self, day: int) -> F64:
        """Return float64[1441]: the log value at the minutes of a day, both ends."""
        hours = self.hours(day, day + 1)[0]
        rng = dice.generator(self._seed, "minutes", self.code, day)
        weight = self.sigma(day) / np.sqrt(1440) * np.exp(0.45 * rng.standard_normal((24, 6)))
        steps = rng.standard_normal((24, 60)) * np.repeat(weight, 10, axis=1) * np.sqrt(PROFILE).reshape(24, 60)
        walk = np.cumsum(steps, axis=1)
        share = np.arange(1, 61) / 60
        bridge = hours[:-1, None] + (hours[1:] - hours[:-1])[:, None] * share + walk - walk[:, -1:] * share
        path = np.concatenate((hours[:1], bridge.ravel()))
        pumps = self.pumps(day, day + 1)
        return path + pumps.at(np.arange(1441.0))[0] if len(pumps.row) else path

    def span(self, first: int, last: int) -> Span:
        """Return all there is to say of days first..last-1."""
        return Span(
            self.hours(first, last), self.sigmas(first, last), self.bustle(first, last), self.pumps(first, last)
        )

    def lively(self, day: int, path: F64) -> F64:
        """Return float64[1440]: how much is traded in each minute of a day whose path this is, 1 on the average.

        By the time of day, in clusters, more where the price moves.
        """
        rng = dice.generator(self._seed, "lively", self.code, day)
        noise = rng.standard_normal(1440, dtype=np.float32)
        cluster = np.repeat(0.4 * rng.standard_normal(24), 60)
        moved = np.minimum(np.abs(np.diff(path)) / (self.sigma(day) / 38 + 1e-9), 12.0)
        lively: F64 = PROFILE * np.exp(cluster + 0.45 * noise) * (0.7 + 0.35 * moved)
        return lively

    def _drawn(self, block: int) -> F64:
        if self._hours[0] != block:
            rng = dice.generator(self._seed, "hours", self.code, block)
            walk = np.cumsum(rng.standard_normal((_BLOCK, 24)) * (_HOUR_WEIGHT / np.sqrt(24)), axis=1)
            bridge = np.zeros((_BLOCK, 25))
            bridge[:, 1:] = walk - walk[:, -1:] * _HOUR[1:]
            self._hours = (block, bridge)
        return self._hours[1]

    def _pump_draw(self, days: I64) -> F64:
        return dice.unit(dice.many(self._pumps, days))

    @property
    def _pump_chance(self) -> float:
        return 0.0 if self.is_calm else 0.03 if self.code in {"BTC", "ETH"} else 0.22

    @staticmethod
    def _at(day: int) -> int:
        if not OPENED_DAY <= day <= LAST_DAY:
            raise ValueError(f"day {day} is outside the exchange's life")
        return day - OPENED_DAY


class Values:
    """Every coin's value, made when first asked for."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._coins: dict[str, CoinValue] = {}  # bounded by the table of coins
        self._minutes: OrderedDict[tuple[str, int], Minutes] = OrderedDict()
        self._spans: OrderedDict[tuple[str, int, int], Span] = OrderedDict()

    @cached_property
    def _market(self) -> F64:
        """The daily moves that all coins share."""
        rng = dice.generator(self._seed, "market")
        restless = _fading_walk(rng.standard_normal(_DAYS) * 0.2, 0.94)
        moves: F64 = rng.standard_normal(_DAYS) * 0.02 * np.exp(0.5 * restless)
        return moves

    def coin(self, code: str) -> CoinValue:
        """Return the value of one coin; of "KRW" the constant 1."""
        found = self._coins.get(code)
        if found is None:
            price = _PRICES[code]
            found = self._coins[code] = CoinValue(self._seed, code, price, self._market)
        return found

    def minutes(self, code: str, day: int) -> Minutes:
        """Return a coin's day, remembered: a coin has several markets. Not to be written to."""
        kept = self._minutes
        found = kept.get((code, day))
        if found is None:
            coin = self.coin(code)
            path = coin.minutes(day)
            found = kept[code, day] = Minutes(path, coin.lively(day, path))
            if len(kept) > _KEPT_MINUTES:
                kept.popitem(last=False)
        else:
            kept.move_to_end((code, day))
        return found

    def span(self, code: str, first: int, last: int) -> Span:
        """Return `CoinValue.span`, remembered. Not to be written to."""
        kept = self._spans
        found = kept.get((code, first, last))
        if found is None:
            found = kept[code, first, last] = self.coin(code).span(first, last)
            if len(kept) > _KEPT_SPANS:
                kept.popitem(last=False)
        else:
            kept.move_to_end((code, first, last))
        return found


_PRICES = {c.code: c.price for c in IN_KRW + ELSEWHERE} | {"KRW": 1.0}
