"""Volume at price: how much was traded in each row of prices, where most was, and where the bulk of it lies. Pure.

What trades are known of is counted, to the row. Of a bar without its trades the volume is spread evenly over the price
steps from its low to its high, which is an estimate.

A row is a power of two of price steps high, and rows begin at whole multiples of that: they stand still while bars go
by, and two rows are one of the next size.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.calc.delta import BOUGHT, TradeColumns, ends_of
from core.market import Interval

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
Bools = NDArray[np.bool_]

SOLD, ESTIMATED = 1, 2  # kinds of volume, beside what was BOUGHT
_HIGH, _LOW, _VOLUME = 1, 2, 4  # columns of bars
_FAN = 16  # runs of one size that make one of the next
_BAR_RUN, _TRADE_RUN = 256, 1_024
_GRIDS = 4  # sizes of rows that are kept
_NEAR = 1e-6  # of a price step: 0.3 is three steps of 0.1, whatever a float makes of it


class Grid(NamedTuple):
    """How prices fall into rows."""

    tick: float  # price step, quote currency
    shift: int  # a row is 2**shift steps high

    def ticks(self, price: F64) -> I64:
        """Return prices in whole steps."""
        return np.floor(price / self.tick + _NEAR).astype(np.int64)

    def price(self, row: int) -> float:
        """Return the price at which a row begins, quote currency."""
        return (row << self.shift) * self.tick

    def row(self, price: float) -> int:
        """Return the row of a price."""
        return math.floor(price / self.tick + _NEAR) >> self.shift


def grid_of(low: float, high: float, tick: float, most: int) -> Grid:
    """Return the finest grid of at most `most` rows from `low` to `high`; `most` >= 2."""
    first, last = (math.floor(price / tick + _NEAR) for price in (low, high))
    shift = max(math.floor(math.log2((last - first + 1) / most)), 0) if last >= first else 0
    while (last >> shift) - (first >> shift) >= most:
        shift += 1
    return Grid(tick, shift)


class Rows(NamedTuple):
    """Volume by row, base currency."""

    first: int  # number of the lowest row
    volume: F64  # [3, m]: bought, sold, and of which that is not known


NO_ROWS = Rows(0, np.empty((3, 0)))


def spread(low: F64, high: F64, volume: F64, grid: Grid, run: int = 0) -> list[Rows]:
    """Return the volume of bars, each spread evenly over its price steps.

    Args:
        low: float64[n], quote currency.
        high: float64[n], >= low.
        volume: float64[n], base currency.
        run: so many bars each have rows of their own; 0: all have one.
    """
    if not len(low):
        return []
    runs = _Cut(len(low), run)
    begin, end = grid.ticks(low), grid.ticks(high) + 1
    lower, upper = begin >> grid.shift, (end - 1) >> grid.shift
    first = int(lower.min())
    width = int(upper.max()) - first + 2  # one more, where what ends in the last row is taken off
    size, at = runs.count * width, runs.number * width - first
    share = volume / (end - begin)
    is_one = lower == upper
    made = _sums(at + lower, np.where(is_one, volume, share * (((lower + 1) << grid.shift) - begin)), size)
    made += _sums(at + upper, np.where(is_one, 0.0, share * (end - (upper << grid.shift))), size)
    if (upper - lower > 1).any():  # what lies whole within a bar, by where it begins and ends
        inner = np.where(upper - lower > 1, share * (1 << grid.shift), 0.0)
        edges = _sums(at + lower + 1, inner, size) - _sums(at + upper, inner, size)
        made += np.maximum(np.cumsum(edges.reshape(runs.count, width), axis=1), 0.0).ravel()
    return runs.cut(first, lower, upper, {ESTIMATED: made.reshape(runs.count, width)})


def count(price: F64, size: F64, is_bid: Bools, grid: Grid, run: int = 0) -> list[Rows]:
    """Return the volume of trades by the side that crossed; arrays of one length, `run` as of `spread`."""
    if not len(price):
        return []
    runs, rows = _Cut(len(price), run), grid.ticks(price) >> grid.shift
    first = int(rows.min())
    width = int(rows.max()) - first + 1
    at = runs.number * width + (rows - first)
    made = {
        kind: _sums(at, np.where(kept, size, 0.0), runs.count * width).reshape(runs.count, width)
        for kind, kept in ((BOUGHT, is_bid), (SOLD, ~is_bid))
    }
    return runs.cut(first, rows, rows, made)


def _sums(at: I64, values: F64, size: int) -> F64:
    """Return the sum of the values at each place, of `size` places."""
    return np.bincount(at, values, minlength=size).astype(np.float64, copy=False)


class _Cut:
    """How items fall into runs of one length; the last may be shorter."""

    def __init__(self, items: int, run: int) -> None:
        self.count = -(-items // run) if run else 1
        self._begins = np.arange(self.count) * run
        self.number: I64 = np.arange(items) // run if run else np.zeros(items, np.int64)

    def cut(self, first: int, lower: I64, upper: I64, volume: dict[int, F64]) -> list[Rows]:
        """Return the rows of each run, as far as it reaches.

        Args:
            first: number of the first column of volume.
            lower: of each item, its lowest row.
            upper: its highest.
            volume: by kind, float64[runs, rows].
        """
        lows = np.minimum.reduceat(lower, self._begins) - first
        stops = np.maximum.reduceat(upper, self._begins) - first + 1
        made = []
        for number, (low, stop) in enumerate(zip(lows.tolist(), stops.tolist(), strict=True)):
            rows = np.zeros((3, stop - low))
            for kind, values in volume.items():
                rows[kind] = values[number, low:stop]
            made.append(Rows(first + low, rows))
        return made


def join(parts: Iterable[Rows]) -> Rows:
    """Return the sum of what is in one grid."""
    some = [part for part in parts if part.volume.shape[1]]
    if len(some) <= 1:
        return some[0] if some else NO_ROWS
    first = min(part.first for part in some)
    made = np.zeros((3, max(part.first + part.volume.shape[1] for part in some) - first))
    for part in some:
        begin = part.first - first
        made[:, begin : begin + part.volume.shape[1]] += part.volume
    return Rows(first, made)


def coarsen(rows: Rows, by: int) -> Rows:
    """Return the same in rows 2**by times as high."""
    size = rows.volume.shape[1]
    if not size or not by:
        return rows
    first, last = rows.first >> by, (rows.first + size - 1) >> by
    room = np.zeros((3, (last - first + 1) << by))
    begin = rows.first - (first << by)
    room[:, begin : begin + size] = rows.volume
    return Rows(first, room.reshape(3, -1, 1 << by).sum(axis=2))


def point_of_control(total: F64) -> int:
    """Return the row of most volume, of equals the one nearest to the middle.

    Args:
        total: float64[m], m > 0.
    """
    best = np.flatnonzero(total == total.max())
    return int(best[np.argmin(np.abs(best - (len(total) - 1) / 2))])


def value_area(total: F64, share: float) -> tuple[int, int]:
    """Return the rows [begin, end) around the point of control that hold `share` of all.

    Row by row it takes the larger of the two beside it, the upper one of equals.

    Args:
        total: float64[m], m > 0.
        share: 0..1.
    """
    begin = point_of_control(total)
    end, volume = begin + 1, total.tolist()
    wanted = share * math.fsum(volume) * (1 - 1e-12)
    held = volume[begin]
    while held < wanted and (begin > 0 or end < len(volume)):
        if end < len(volume) and (begin == 0 or volume[end] >= volume[begin - 1]):
            held += volume[end]
            end += 1
        else:
            begin -= 1
            held += volume[begin]
    return begin, end


class Profile(NamedTuple):
    """Volume at price over some bars."""

    grid: Grid
    first: int  # number of the lowest row
    volume: F64  # [3, m] as of `Rows`
    control: int  # place of the row of most volume, 0..m-1
    area: tuple[int, int]  # places [begin, end) of the value area
    exact: float  # share of the volume that comes from trades, 0..1

    @property
    def total(self) -> F64:
        """float64[m], volume of each row."""
        made: F64 = self.volume.sum(axis=0)
        return made

    @property
    def control_price(self) -> float:
        """The price step in the middle of the row of most volume, quote currency."""
        row = self.first + self.control
        steps = ((1 << self.grid.shift) - 1) // 2
        return self.grid.price(row) + steps * self.grid.tick

    @property
    def area_prices(self) -> tuple[float, float]:
        """The lowest and the highest price step of the value area, quote currency."""
        begin, end = self.area
        return self.grid.price(self.first + begin), self.grid.price(self.first + end) - self.grid.tick

    def edges(self) -> F64:
        """Return float64[m + 1], where rows begin and end, quote currency: a row of one step has it in its middle."""
        rows = np.arange(self.first, self.first + self.volume.shape[1] + 1)
        made: F64 = ((rows << self.grid.shift).astype(np.float64) - 0.5) * self.grid.tick
        return made

    def place(self, price: float) -> int | None:
        """Return the row of the step nearest to a price, None where there is none."""
        at = self.grid.row(price + self.grid.tick / 2) - self.first
        return at if 0 <= at < self.volume.shape[1] else None


def profile_of(rows: Rows, grid: Grid, share: float) -> Profile | None:
    """Return what rows say, None where there is no volume.

    Args:
        share: of the volume that the value area holds, 0..1.
    """
    total = rows.volume.sum(axis=0)
    whole = float(total.sum())
    if not whole > 0:
        return None
    area, control = value_area(total, share), point_of_control(total)
    return Profile(grid, rows.first, rows.volume, control, area, 1 - float(rows.volume[ESTIMATED].sum()) / whole)


class Kept:
    """Rows of any stretch of items. Runs are kept whole, in sizes that grow: a million items cost what a thousand do.

    Args:
        make: returns the rows of the items [begin, end) in a grid, as one or for each run of so many.
        run: items in the shortest run that is kept.
    """

    def __init__(self, make: Callable[[int, int, Grid, int], list[Rows]], run: int) -> None:
        self._make, self._run = make, run
        self._kept: dict[Grid, dict[tuple[int, int], Rows]] = {}  # by size and number; used last is last

    def forget(self, begin: int = 0) -> None:
        """The items from `begin` on are others."""
        for grid, kept in self._kept.items():
            self._kept[grid] = {
                (level, number): rows
                for (level, number), rows in kept.items()
                if (number + 1) * self._run * _FAN**level <= begin
            }

    def rows(self, begin: int, end: int, grid: Grid) -> list[Rows]:
        """Return parts that together are the items [begin, end), none of which will change."""
        if end <= begin:
            return []
        first, last = -(-begin // self._run), end // self._run
        if first >= last:
            return self._make(begin, end, grid, 0)
        kept = self._kept.pop(grid, {})
        while len(self._kept) >= _GRIDS:
            del self._kept[next(iter(self._kept))]
        self._kept[grid] = kept
        parts = self._make(begin, first * self._run, grid, 0) + self._make(last * self._run, end, grid, 0)
        nodes = _nodes(first, last)
        self._prepare(nodes, grid)
        return parts + [self._node(*node, grid) for node in nodes]

    def _prepare(self, nodes: list[tuple[int, int]], grid: Grid) -> None:
        """Make the shortest runs that are missing, neighbours at once: that is a tenth of the cost."""
        kept, missing = self._kept[grid], set[int]()
        for level, number in nodes:
            if (level, number) not in kept:
                if (found := self._finer(level, number, grid)) is not None:
                    kept[level, number] = found
                else:
                    size = _FAN**level
                    missing.update(n for n in range(number * size, (number + 1) * size) if (0, n) not in kept)
        for first in sorted(n for n in missing if n - 1 not in missing):
            stop = first
            while stop in missing:
                stop += 1
            made = self._make(first * self._run, stop * self._run, grid, self._run)
            kept.update(zip([(0, n) for n in range(first, stop)], made, strict=True))

    def _node(self, level: int, number: int, grid: Grid) -> Rows:
        kept = self._kept[grid]
        found = kept.get((level, number))
        if found is None:
            children = range(number * _FAN, (number + 1) * _FAN)
            found = kept[level, number] = join([self._node(level - 1, child, grid) for child in children])
        return found

    def _finer(self, level: int, number: int, grid: Grid) -> Rows | None:
        """Return a run from rows that are less high, if there are any."""
        for other, kept in self._kept.items():
            if (
                other.tick == grid.tick
                and other.shift < grid.shift
                and (found := kept.get((level, number))) is not None
            ):
                return coarsen(found, grid.shift - other.shift)
        return None


def _nodes(first: int, last: int) -> list[tuple[int, int]]:
    """Return the fewest runs (level, number) that make up the shortest ones [first, last)."""
    found, level = [], 0
    while last - first >= _FAN:
        upper, lower = -(-first // _FAN), last // _FAN
        found += [(level, n) for n in (*range(first, upper * _FAN), *range(lower * _FAN, last))]
        first, last, level = upper, lower, level + 1
    return found + [(level, n) for n in range(first, last)]


class BarProfiles:
    """Profiles of any stretch of a chart's bars: of trades where they are known, elsewhere estimated from the bars."""

    def __init__(self) -> None:
        self._rows: F64 = np.empty((0, 5))
        self._starts: I64 = np.empty(0, np.int64)
        self._interval = Interval.M1
        self._trades: TradeColumns | None = None
        self._bars = Kept(self._spread, _BAR_RUN)
        self._counted = Kept(self._count, _TRADE_RUN)
        self._bars_of: object = None
        self._trades_of: object = None
        self._closed: tuple[object, Rows] = (None, NO_ROWS)

    def _spread(self, begin: int, end: int, grid: Grid, run: int = 0) -> list[Rows]:
        bars = self._rows[begin:end]
        return spread(bars[:, _LOW], bars[:, _HIGH], bars[:, _VOLUME], grid, run)

    def _count(self, begin: int, end: int, grid: Grid, run: int) -> list[Rows]:
        assert self._trades is not None
        _, price, size, is_bid = self._trades
        return count(price[begin:end], size[begin:end], is_bid[begin:end], grid, run)

    def follow(
        self,
        starts: I64,
        rows: F64,
        interval: Interval,
        trades: TradeColumns | None,
        bars_of: object,
        trades_of: object,
        unmoved: int,
    ) -> None:
        """Take the bars and trades there are.

        Args:
            starts: int64[n], epoch ms.
            rows: float64[n, 5], open high low close volume, the last bar still open.
            trades: None where nobody knows any.
            bars_of: anything that differs from the last time unless bars have only grown at their end.
            trades_of: anything that differs from the last time if trades have gone.
            unmoved: so many trades, counted from the oldest, stand where they did the last time.
        """
        if bars_of != self._bars_of:
            self._bars_of = bars_of
            self._bars.forget()
        if trades_of != self._trades_of:
            self._trades_of, unmoved = trades_of, 0
        if self._trades is not None and unmoved < len(self._trades.time):
            self._counted.forget(unmoved)
        self._starts, self._rows, self._interval, self._trades = starts, rows, interval, trades

    def rows(self, begin: int, end: int, known: Bools, grid: Grid, key: object) -> Rows:
        """Return the rows of the bars [begin, end), begin < end.

        Args:
            known: bool[end - begin], whose trades are all known.
            key: anything that differs from the last time if `known` of a bar but the last does.
        """
        last = len(self._rows) - 1
        closed = min(end, last)
        of = (begin, closed, grid, key, self._bars_of, self._trades_of)
        if of != self._closed[0]:
            self._closed = of, join(self._parts(begin, closed, known[: closed - begin], grid))
        if end <= last:
            return self._closed[1]
        if known[-1]:
            return join([self._closed[1], *self._traded(last, end, grid)])
        return join([self._closed[1], *self._spread(last, end, grid)])

    def _parts(self, begin: int, end: int, known: Bools, grid: Grid) -> list[Rows]:
        """Return the parts of bars that are closed, by stretches of which the trades are known or not."""
        if end <= begin:
            return []
        edges = [0, *(np.flatnonzero(known[1:] != known[:-1]) + 1).tolist(), end - begin]
        parts: list[Rows] = []
        for first, stop in pairwise(edges):
            make = self._traded if known[first] else self._bars.rows
            parts += make(begin + first, begin + stop, grid)
        return parts

    def _traded(self, begin: int, end: int, grid: Grid) -> list[Rows]:
        if self._trades is None:
            return []
        from_ms, to_ms = int(self._starts[begin]), int(ends_of(self._starts[end - 1 : end], self._interval)[0])
        first, stop = np.searchsorted(self._trades.time, [from_ms, to_ms]).tolist()
        return self._counted.rows(first, stop, grid)
