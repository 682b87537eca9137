"""The past of one market, as a pure function of (seed, market, time). The future is the same function, later.

Three levels, each made from the one above and agreeing with it exactly:

- a day is a row of open, high, low, close and volume, in closed form, so that years of days cost milliseconds;
- its minutes (`Day`) touch the day's open, high, low and close and share out its volume to the last unit;
- a minute's trades: the first makes its open, the last its close, one its high, one its low. The rest come in
  pairs of one size, as far above the minute's middle price as below. So the turnover of a minute is known without
  its trades, and everything from a minute up (candles, tickers, pages) is exact without ever making them.

Prices are places on the quote's `Grid`, sizes integers of 10**-size_digits.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.market import DAY_MS, MINUTE_MS
from core.sim import dice
from core.sim.grid import GRIDS
from core.sim.listing import Listed
from core.sim.value import Pumps, Values

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
Bools = NDArray[np.bool_]

LEAST = 16  # every trade has at least this size, in units
_ROOM = 9.0e18  # what fits an int64, with a little air
_LOWEST = 3  # no price falls below this place
_KEPT_DAYS = 320  # market-days, about 0.2 MB each
_MOST_TRADES = 4_000  # in one minute


def _thrown_back(places: I64, low: int, high: int) -> I64:
    """Return places within low..high. What goes beyond turns round there: cut off, it would stand still for minutes."""
    turned = np.where(places > high, 2 * high - places, np.where(places < low, 2 * low - places, places))
    return np.minimum(np.maximum(turned, low), high)


class Rows(NamedTuple):
    """Days in closed form; arrays of one length."""

    open: I64  # places
    high: I64
    low: I64
    close: I64
    volume: I64  # size units


@dataclass(frozen=True, slots=True)
class Day:
    """The minutes of one market-day in which something was traded; arrays of one length."""

    day: int  # days since 1970, UTC
    unit: int  # 1e-8 quote currency; all prices of the day are multiples
    minute: I64  # of the day, ascending
    n: I64  # trades, >= 1
    open: I64  # places
    high: I64
    low: I64
    close: I64
    volume: I64  # size units
    bid_volume: I64  # of it bought by the aggressor
    turnover: I64  # sum of price / unit * size
    last_ms: I64  # of the minute's last trade, from the minute's start
    # How the minute is made of trades.
    middle: I64  # place around which the rest of the trades are paired
    spread: I64  # steps
    open_size: I64
    high_size: I64
    low_size: I64
    close_size: I64
    paired: I64  # half of what the neutral pairs trade: one of each buys, one sells
    driven: I64  # half of what the pairs trade whose both sides follow the drift
    single: I64  # size of the odd trade in the middle
    is_open_bid: Bools
    is_close_bid: Bools
    is_drift_bid: Bools


@dataclass(frozen=True, slots=True)
class Trades:
    """Trades in time order; arrays of one length."""

    time_ms: I64  # epoch ms
    place: I64
    size: I64  # units
    is_bid: Bools  # the aggressor bought
    id: I64


_MINUTES = np.arange(1441)  # of a day, both ends
_LEAST_TRADES = np.array([[2], [3], [4], [5]])  # in a minute, to have a close, a high, a low, an open of its own
_NONE = np.empty(0, np.int64)
_NO_TRADES = Trades(_NONE, _NONE, _NONE, _NONE.astype(np.bool_), _NONE)


class MarketPast:
    """All that ever was traded in one market."""

    def __init__(self, seed: int, listed: Listed, values: Values, kept: OrderedDict[tuple[str, int], Day], rate: float):
        self.listed = listed
        self.grid = GRIDS[listed.quote]
        self._seed = seed
        self._values = values
        self._base = values.coin(listed.base)
        # Every price is relative to what the quote currency is worth: that keeps the three quotes of a coin coherent.
        self._quote = values.coin(listed.quote)
        self._kept = kept
        self._rate = rate
        luck = dice.unit(dice.many(dice.key(seed, "premium", listed.code), np.arange(6)))
        thin = min(1.0, 0.15 + 600 / (listed.trades + 600))
        amplitude = np.array([0.0008, 0.0012, 0.002]) * thin * (0.0 if listed.quote == "KRW" else 1.0)
        self._waves = (amplitude, np.array([7.0, 67.0, 541.0]) * (0.8 + 0.4 * luck[:3]), luck[3:] * 6.28)
        self._days = dice.key(seed, "rows", listed.code)
        self._year: tuple[int, int, Rows] | None = None
        self._slips = dice.key(seed, "slips", listed.code)

    # -- days

    @property
    def first_day(self) -> int:
        return self.listed.listed_day

    def end_day(self, day: int) -> int:
        """Return `day`, or the first day without trading if that comes earlier."""
        halted = self.listed.halted_day
        return day if halted is None else min(day, halted)

    def year(self, last: int) -> tuple[int, Rows]:
        """Return (first day, rows) of the 365 days that end before `last`, or as many as there are; remembered."""
        first = max(self.first_day, last - 365)
        if self._year is None or self._year[0] != first or self._year[1] != last:
            self._year = (first, last, self.rows(first, last))
        return first, self._year[2]

    def row(self, day: int) -> tuple[int, int, int, int, int]:
        """Return one day's open, high, low, close (places) and volume (size units)."""
        if self._year is not None and self._year[0] <= day < self._year[1]:
            rows, at = self._year[2], day - self._year[0]
        else:
            rows, at = self.rows(day, day + 1), 0
        return int(rows.open[at]), int(rows.high[at]), int(rows.low[at]), int(rows.close[at]), int(rows.volume[at])

    def rows(self, first: int, last: int) -> Rows:
        """Return days first..last-1 (days since 1970, UTC; the market must be listed)."""
        days = np.arange(first, last)
        base = self._values.span(self.listed.base, first, last)
        points, sigma, pumps = base.points, base.sigma, [(1, base.pumps)]
        if self.listed.quote == "KRW":
            points = points.copy()
        else:
            quote = self._values.span(self.listed.quote, first, last)
            points = points - quote.points + self._hourly_premium(days)
            sigma = np.hypot(sigma, quote.sigma)
            pumps.append((-1, quote.pumps))
        top = np.full(len(days), -np.inf)
        for sign, sudden in pumps:
            if len(sudden.row):
                self._add(points, top, sudden, sign)
        luck = dice.unit(dice.many(self._days, days[:, None] * 8 + np.arange(5)))
        beyond = np.log(luck[:, :2]) * (sigma * 0.06)[:, None]
        high = np.maximum(np.maximum(points.max(axis=1), top), points[:, 0]) - beyond[:, 0]
        low = points.min(axis=1) + beyond[:, 1]
        slip = np.rint((luck[:, 2:4] - 0.5) * 1.2 * self.listed.spread).astype(np.int64)
        position = self.grid.position(np.exp(np.stack((points[:, 0], high, low, points[:, 24]))))
        place = np.maximum(np.rint(position), _LOWEST + 1).astype(np.int64)
        opened = np.maximum(place[0] + slip[:, 0], _LOWEST)
        closed = np.maximum(place[3] + slip[:, 1], _LOWEST)
        highest = np.maximum(np.maximum(opened, closed), place[1])
        lowest = np.minimum(np.minimum(opened, closed), np.maximum(place[2], _LOWEST))
        price = np.exp((points[:, 0] + points[:, 24]) / 2)
        turnover = self.listed.turnover * self._rate * base.bustle * (0.6 + 0.8 * luck[:, 4])
        units = self.grid.prices(highest) / self._unit(lowest)
        room = _ROOM / units * (8.0 if self.listed.trades * self._rate > 2_000 else 1.0)
        volume = np.minimum(turnover / price * 10.0**self.listed.size_digits, np.minimum(room, _ROOM / 2))
        return Rows(opened, highest, lowest, closed, np.maximum(volume, LEAST * 64).astype(np.int64))

    @staticmethod
    def _add(points: F64, top: F64, pumps: Pumps, sign: int) -> None:
        """Lay sudden moves over the hourly points, and the value at their peaks into `top`."""
        row = pumps.row
        hour = pumps.peak / 60.0
        left = np.minimum(hour.astype(np.int64), 23)
        part = hour - left
        peak = points[row, left] * (1 - part) + points[row, left + 1] * part
        top[row] = np.maximum(top[row], peak + sign * pumps.size)
        points[row] += sign * pumps.at(np.arange(25.0) * 60.0)

    def _unit(self, place: I64) -> I64:
        band = np.searchsorted(self.grid.bases, place, side="right") - 1
        step: I64 = self.grid.steps[band]
        return step

    def _premium(self, minute: I64) -> F64:
        """Return what this market's price strays from its coin's value, in log price; minutes since 1970."""
        amplitude, period, phase = self._waves
        stray = np.zeros(minute.shape)
        if amplitude[0] > 0.0:
            for a, p, f in zip(amplitude, period, phase, strict=True):
                stray += a * np.sin(minute * (6.283185307179586 / p) + f)
        return stray

    def _hourly_premium(self, days: I64) -> F64:
        """Return float64[n, 25]: `_premium` at the hours of days, both ends, with few sines."""
        hour = np.arange(25.0) * 60
        stray = np.zeros((len(days), 25))
        for a, p, f in zip(*self._waves, strict=True):
            begin, on = days * (1440 * 6.283185307179586 / p) + f, hour * (6.283185307179586 / p)
            stray += np.sin(begin)[:, None] * (a * np.cos(on)) + np.cos(begin)[:, None] * (a * np.sin(on))
        return stray

    def fair(self, day: int, minute: I64 = _MINUTES) -> F64:
        """Return the log price at minutes of a day, by default at all and at its end."""
        path = self._values.minutes(self.listed.base, day).path[minute]
        if self.listed.quote == "KRW":
            return path
        path -= self._values.minutes(self.listed.quote, day).path[minute]
        path += self._premium(day * 1440 + minute)
        luck = [dice.unit_of(dice.one(self._slips, day * 8 + i)) for i in range(4)]
        if luck[0] < 0.12:  # a dislocation: the three quotes of a coin part for some minutes
            size = (0.006 + 0.02 * luck[1]) * (1 if luck[2] < 0.5 else -1)
            path += size * np.exp(-(((minute - 60 - 1300 * luck[3]) / 2.5) ** 2))
        return path

    # -- minutes

    def day(self, day: int) -> Day | None:
        """Return the minutes of a day, to its end, or None where the market did not trade."""
        if day < self.first_day or day >= self.end_day(day + 1):
            return None
        key = (self.listed.code, day)
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = self._make_day(day)
            if len(self._kept) > _KEPT_DAYS:
                self._kept.popitem(last=False)
        else:
            self._kept.move_to_end(key)
        return found

    def _make_day(self, day: int) -> Day:
        day_open, day_high, day_low, day_close, day_volume = self.row(day)
        rng = dice.generator(self._seed, "day", self.listed.code, day)
        grid = self.grid

        luck = rng.random(1440, dtype=np.float32)
        usual = self.listed.trades * self._rate * self._base.bustle_of(day) / 1440
        n = np.minimum(usual * self._values.minutes(self.listed.base, day).lively + luck, _MOST_TRADES).astype(np.int64)
        minute = np.flatnonzero(n)
        if not len(minute):
            minute = np.array([int(luck[0] * 1440)])
            n[minute] = 4
        n, count = n[minute], len(minute)
        u = rng.random((17, count))

        # Open and close of each minute: the best price of the side that was hit.
        spread = np.maximum(np.rint(self.listed.spread * (0.4 + 1.2 * u[1])), 1.0)
        edges = grid.position(np.exp(self.fair(day, np.concatenate((minute, minute + 1)))))
        is_open_bid, is_close_bid = is_bid = u[2:4] < 0.5
        hit = np.floor(edges.reshape(2, count) - spread / 2 + 0.5) + np.where(is_bid, spread, 0.0)
        opened, closed = _thrown_back(hit.astype(np.int64), day_low, day_high)

        # The day's high, low, open and close are given: some minute has to be the one.
        at_high = int(np.argmax(np.maximum(opened, closed)))
        at_low = int(np.argmin(np.minimum(opened, closed)))
        n[at_high], n[at_low] = max(n[at_high], 4), max(n[at_low], 4)
        opened[0], closed[-1] = day_open, day_close
        if n[-1] == 1:
            opened[-1] = day_close
        alone = n == 1
        closed, is_close_bid = np.where(alone, opened, closed), np.where(alone, is_open_bid, is_close_bid)
        swing = (self._base.sigma(day) / 38 + 1e-9) * 0.4 * self._steps_per_log(edges[:count]) + spread * 0.5
        over, under = np.floor(-np.log(u[5:7] + 1e-12) * swing).astype(np.int64)
        high = np.minimum(np.maximum(opened, closed) + np.where(n >= 3, over, 0), day_high)
        low = np.maximum(np.minimum(opened, closed) - np.where(n >= 4, under, 0), day_low)
        high[at_high], low[at_low] = day_high, day_low

        volume = self._shared_out(day_volume, n, u[7])
        middle = (opened + closed) // 2 + np.rint((u[8] - 0.5) * spread).astype(np.int64)
        middle = np.minimum(np.maximum(middle, low), high)

        # What each role trades. `spare` is what is left to give out when every trade has its least size.
        spare = (volume - LEAST * n).astype(np.float64)
        share = np.minimum(0.24, 1.2 / np.maximum(n, 1))

        given = np.floor(spare * share * u[9:13]).astype(np.int64) + LEAST
        close_size, high_size, low_size, open_size = np.where(n >= _LEAST_TRADES, given, 0)
        rest = volume - open_size - close_size - high_size - low_size
        open_size = np.where(n < 5, open_size + rest, open_size)
        rest = np.where(n < 5, 0, rest)
        more = np.maximum(n - 4, 0)
        pairs, is_odd = more // 2, more % 2
        single = np.where(is_odd == 1, LEAST + np.floor((rest - LEAST * more) * u[13] * share).astype(np.int64), 0)
        single = np.where(pairs == 0, rest, single)
        parity = np.where(pairs > 0, (rest - single) % 2, 0)
        single += np.where(is_odd == 1, parity, 0)
        lone = np.where(is_odd == 0, parity, 0)
        open_size, rest = open_size + lone, rest - lone
        half = (rest - single) // 2
        driven_pairs = pairs // 3
        driven = np.where(
            driven_pairs > 0,
            LEAST * driven_pairs + np.floor((half - LEAST * pairs) * (0.1 + 0.5 * u[14])).astype(np.int64),
            0,
        )
        paired = half - driven
        is_drift_bid = u[15] < 0.5 + 0.3 * np.sign(closed - opened)

        unit = grid.step(day_low)
        price = grid.prices(np.stack((opened, high, low, closed, middle))) // unit
        turnover = (
            price[0] * open_size + price[1] * high_size + price[2] * low_size + price[3] * close_size + price[4] * rest
        )
        bid_volume = (
            np.where(is_open_bid, open_size, 0)
            + high_size
            + np.where(is_close_bid, close_size, 0)
            + paired
            + np.where(is_drift_bid, 2 * driven + single, 0)
        )
        last_ms = 59_999 - np.floor(60_000 * u[16] / np.maximum(n, 1)).astype(np.int64)
        return Day(
            day, unit, minute, n, opened, high, low, closed, volume, bid_volume, turnover, np.maximum(last_ms, 0),
            middle, spread.astype(np.int64), open_size, high_size, low_size, close_size, paired, driven, single,
            is_open_bid, is_close_bid, is_drift_bid,
        )  # fmt: skip

    def _steps_per_log(self, position: F64) -> F64:
        """Return how many steps a unit of log price is."""
        band = np.searchsorted(self.grid.bases, position, side="right") - 1
        price = self.grid.floors[band] + (position - self.grid.bases[band]) * self.grid.steps[band]
        steps: F64 = price / self.grid.steps[band]
        return steps

    @staticmethod
    def _shared_out(total: int, n: I64, chance: F64) -> I64:
        """Return `total` split over minutes by their trades, exactly, at least LEAST a trade."""
        count = int(n.sum())
        if count * LEAST * 2 > total:  # a coin of few decimals on a wild day: thin it out
            np.minimum(n, np.maximum(n * (total // (LEAST * 4)) // count, 4), out=n)
            count = int(n.sum())
        weight = n * np.exp(1.2 * (chance - 0.5))
        weight = np.minimum(weight, max(float(weight.sum()) * 0.1, float(weight.max()) * 0.2))
        extra = total - LEAST * count
        up_to = np.minimum(np.floor(np.cumsum(weight) / weight.sum() * extra), extra).astype(np.int64)
        up_to[-1] = extra
        shared: I64 = LEAST * n + np.diff(up_to, prepend=0)
        return shared

    # -- trades

    def trades(self, day: int, first: int, last: int) -> Trades:
        """Return the trades of minutes first..last-1 of a day."""
        made = self.day(day)
        if made is None:
            return _NO_TRADES
        begin, end = np.searchsorted(made.minute, (first, last))
        return self._make_trades(made, slice(begin, end)) if end > begin else _NO_TRADES

    def _make_trades(self, made: Day, part: slice) -> Trades:
        minute, n = made.minute[part], made.n[part]
        ends = np.cumsum(n)
        starts = ends - n
        total = int(ends[-1])
        seg = np.repeat(np.arange(len(minute)), n)
        j = np.arange(total) - starts[seg]
        names = dice.many(dice.key(self._seed, "trades", self.listed.code, made.day), minute)
        of_trade = names[seg]

        def of_minute(values: Any) -> Any:
            return values[part][seg]

        # Where in the minute its high and its low stand.
        luck = dice.unit(dice.many(names, -8)), dice.unit(dice.many(names, -7))
        high_at = np.where(n >= 3, 1 + np.floor(luck[0] * (n - 2)).astype(np.int64), -1)
        low_at = np.where(n >= 4, 1 + np.floor(luck[1] * (n - 3)).astype(np.int64), -1)
        low_at += (n >= 4) & (low_at >= high_at)
        is_first, is_last = j == 0, (j == n[seg] - 1) & (j > 0)
        is_high, is_low = j == high_at[seg], j == low_at[seg]

        place = np.where(is_first, of_minute(made.open), of_minute(made.close))
        size = np.where(is_first, of_minute(made.open_size), of_minute(made.close_size))
        is_bid = np.where(is_first, of_minute(made.is_open_bid), of_minute(made.is_close_bid))
        place = np.where(is_high, of_minute(made.high), np.where(is_low, of_minute(made.low), place))
        size = np.where(is_high, of_minute(made.high_size), np.where(is_low, of_minute(made.low_size), size))
        is_bid = np.where(is_high, True, np.where(is_low, False, is_bid))

        rest = np.flatnonzero(~(is_first | is_last | is_high | is_low))
        if len(rest):
            self._fill_pairs(made, part, rest, seg[rest], names, place, size, is_bid)

        # Times: bursts, the last one where the minute says; then orders that swept several makers get one stamp.
        gaps = (-np.log(dice.unit(dice.many(of_trade, j * 8 + 2)))) ** 1.4
        run = np.cumsum(_weights(gaps))
        before = np.concatenate(([0], run))[starts]
        share = (run - before[seg]) / (run[ends - 1] - before)[seg]
        stamp = np.floor(share * of_minute(made.last_ms)).astype(np.int64)
        stamp[ends - 1] = made.last_ms[part]
        stamp += (made.day * 1440 + minute)[seg] * MINUTE_MS
        nxt = np.minimum(np.arange(total) + 1, total - 1)
        onward = np.where(is_bid, place[nxt] >= place, place[nxt] <= place)
        is_swept = (
            (seg == seg[nxt]) & (is_bid == is_bid[nxt]) & onward & (dice.unit(dice.many(of_trade, j * 8 + 3)) < 0.4)
        )
        is_swept[-1] = False
        stamp = np.minimum.accumulate(np.where(is_swept, np.iinfo(np.int64).max, stamp)[::-1])[::-1]
        is_new = np.concatenate(([True], stamp[1:] != stamp[:-1]))
        order = np.arange(total) - np.maximum.accumulate(np.where(is_new, np.arange(total), 0))
        return Trades(stamp, place, size, is_bid, stamp * 10_000 + order)

    def _fill_pairs(
        self,
        made: Day,
        part: slice,
        rest: I64,
        seg: I64,
        names: NDArray[np.uint64],
        place: I64,
        size: I64,
        is_bid: Bools,
    ) -> None:
        """Write price, size and side of the trades at `rest`: all but a minute's open, high, low and close."""
        more = np.maximum(made.n[part] - 4, 0)
        begins = np.cumsum(more) - more
        rank = np.arange(len(rest)) - begins[seg]
        k = more[seg]
        pair = np.minimum(rank, k - 1 - rank)
        is_single = rank == k - 1 - rank
        is_early = rank < k - 1 - rank
        is_driven = (pair % 3 == 2) & ~is_single
        middle = made.middle[part]

        def chance(salt: int) -> F64:  # the same for both of a pair
            return dice.unit(dice.many(names[seg], pair * 8 + salt))

        # Steps away from the middle: the minute's drift, and a spread's bounce around it.
        room = np.minimum(np.minimum(made.high[part] - middle, middle - made.low[part]), self.grid.reach(middle))
        drift = (made.close[part] - made.open[part])[seg] * ((k - 1) / 2 - pair) / np.maximum(k, 1)
        bounce = chance(4) * 0.8 * made.spread[part][seg]
        is_early_bid = dice.unit(dice.many(names[seg], pair // 2 * 8 + 5)) < 0.5  # a few in a row on one side
        away = np.rint(drift - np.where(is_early_bid, bounce, -bounce)).astype(np.int64)
        away = np.clip(away, -room[seg], room[seg])
        place[rest] = middle[seg] + np.where(is_single, 0, np.where(is_early, -away, away))
        neutral = is_early_bid == is_early
        is_bid[rest] = np.where(is_driven | is_single, made.is_drift_bid[part][seg], neutral)

        weight = (-np.log(chance(6))) ** 1.6
        is_round = chance(7) < 0.35
        given = np.where(is_single, made.single[part][seg], 0)
        for mine, whole in (
            (is_early & ~is_driven, made.paired[part]),
            (is_early & is_driven, made.driven[part]),
        ):
            at = np.flatnonzero(mine)
            if len(at):
                parts = _split(whole, seg[at], weight[at], is_round[at])
                given[at] = parts
                given[begins[seg[at]] + k[at] - 1 - rank[at]] = parts  # its twin
        size[rest] = given


def _weights(weight: F64) -> I64:
    """Return weights as integers: sums of floats would depend on what stands before them."""
    weights: I64 = (weight * 2.0**20).astype(np.int64) + 1
    return weights


def _split(whole: I64, seg: I64, weight: F64, is_round: Bools) -> I64:
    """Return integer parts >= LEAST, by weight, that add up to `whole[seg]` within each run of equal `seg`.

    Where `is_round`, a part is cut to two digits and the first of its run takes what was cut.
    """
    is_new = np.concatenate(([True], seg[1:] != seg[:-1]))
    heads = np.flatnonzero(is_new)
    run_of = np.cumsum(is_new) - 1
    counts = np.diff(np.append(heads, len(seg)))
    weights = _weights(weight)
    run = np.cumsum(weights)
    before = run[heads] - weights[heads]
    total = np.add.reduceat(weights, heads)
    extra = whole[seg[heads]] - LEAST * counts
    up_to = np.floor((run - before[run_of]) / total[run_of] * extra[run_of]).astype(np.int64)
    up_to = np.clip(up_to, 0, extra[run_of])
    up_to[heads + counts - 1] = extra
    below = np.concatenate(([0], up_to[:-1]))
    below[heads] = 0
    parts = LEAST + up_to - below
    digits = np.maximum(np.floor(np.log10(parts)) - 1, 0)
    base = np.power(10.0, digits).astype(np.int64)
    cut = np.where(is_round, np.maximum(parts // base * base, LEAST), parts)
    cut[heads] += np.add.reduceat(parts - cut, heads)
    split: I64 = cut
    return split


class Past:
    """The past of the whole exchange."""

    def __init__(self, seed: int, markets: dict[str, Listed], rate: float = 1.0) -> None:
        self.markets = markets
        self._seed = seed
        self._rate = rate
        self._values = Values(seed)
        self._days: OrderedDict[tuple[str, int], Day] = OrderedDict()
        self._pasts: dict[str, MarketPast] = {}  # bounded by the listing

    def of(self, market: str) -> MarketPast:
        """Return one market's past.

        Raises:
            KeyError: no such market.
        """
        found = self._pasts.get(market)
        if found is None:
            listed = self.markets[market]
            found = self._pasts[market] = MarketPast(self._seed, listed, self._values, self._days, self._rate)
        return found

    def worth(self, coin: str, time_ms: int) -> float:
        """Return the log of what a coin is worth at a moment, KRW."""
        day, into = divmod(time_ms, DAY_MS)
        minute, part = divmod(into / MINUTE_MS, 1.0)
        path = self._values.minutes(coin, day).path
        return float(path[int(minute)] * (1.0 - part) + path[int(minute) + 1] * part)


def day_of(time_ms: int) -> int:
    """Return the day (since 1970, UTC) of an epoch time."""
    return time_ms // DAY_MS
