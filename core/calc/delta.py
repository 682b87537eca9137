"""What aggressors bought and sold within each bar, as far as all of its trades are known. Pure: arrays in, arrays out.

A bar counts only if its whole window lies in one stretch of time of which every trade is known. Of the others nothing
is said: a sum over some of the trades looks like a sum over all of them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.market import DAY_MS, Interval

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
Bools = NDArray[np.bool_]

BOUGHT, SOLD = range(2)  # columns of flows


class TradeColumns(NamedTuple):
    """Trades by time, equal times as they came; arrays of one length."""

    time: I64  # epoch ms
    price: F64
    size: F64
    is_bid: Bools  # the buyer crossed the spread


NO_TRADES = TradeColumns(np.empty(0, np.int64), np.empty(0), np.empty(0), np.empty(0, np.bool_))


def ends_of(starts: I64, interval: Interval) -> I64:
    """Return where the windows that begin at `starts` end, exclusive, epoch ms."""
    if interval is not Interval.MONTH:
        return starts + interval.length_ms
    months = starts.astype("datetime64[ms]").astype("datetime64[M]") + 1
    return months.astype("datetime64[ms]").astype(np.int64)


def covered(starts: I64, ends: I64, spans: Sequence[tuple[int, int]]) -> Bools:
    """Return which windows lie in one of the stretches whole.

    Args:
        starts: int64[n], epoch ms.
        ends: int64[n], exclusive.
        spans: disjoint, ascending, both ends inclusive.
    """
    if not spans:
        return np.zeros(len(starts), np.bool_)
    begins, stops = np.array(spans, np.int64).T
    at = np.searchsorted(stops, ends - 1)
    kept: Bools = (at < len(stops)) & (begins[np.minimum(at, len(stops) - 1)] <= starts)
    return kept


def flows(starts: I64, ends: I64, trades: TradeColumns, spans: Sequence[tuple[int, int]]) -> F64:
    """Return float64[n, 2], bought and sold in each window, base currency; nan where not all trades are known.

    Arguments as of `covered`.
    """
    made = np.full((len(starts), 2), math.nan)
    known = covered(starts, ends, spans)
    if not known.any():
        return made
    begin, end = np.searchsorted(trades.time, starts[known]), np.searchsorted(trades.time, ends[known])
    first, last = int(begin[0]), int(end[-1])
    size, is_bid = trades.size[first:last], trades.is_bid[first:last]
    made[known, BOUGHT] = _sums(np.where(is_bid, size, 0.0), begin - first, end - first)
    made[known, SOLD] = _sums(np.where(is_bid, 0.0, size), begin - first, end - first)
    return made


def _sums(values: F64, begin: I64, end: I64) -> F64:
    """Return the sum of values[begin:end] of each pair: not a difference of long sums, which drowns small ones."""
    made, some = np.zeros(len(begin)), end > begin
    if some.any():
        pairs = np.stack([begin[some], end[some]], axis=1).ravel()
        made[some] = np.add.reduceat(np.append(values, 0.0), pairs)[::2]
    return made


def cumulate(values: F64, begins: Bools) -> F64:
    """Return running sums, which begin anew at `begins` and after each nan; nan where the value is."""
    made = np.full(len(values), math.nan)
    good = np.isfinite(values)
    anew = good & begins
    anew[1:] |= good[1:] & ~good[:-1]
    anew[:1] = good[:1]
    firsts, stops = np.flatnonzero(anew), np.flatnonzero(good[:-1] & (~good[1:] | begins[1:])) + 1
    for first, stop in zip(firsts.tolist(), [*stops.tolist(), len(values)], strict=False):
        np.cumsum(values[first:stop], out=made[first:stop])
    return made


class BarFlows:
    """The flows of a chart's bars, kept in step with bars and trades that grow at their end."""

    def __init__(self) -> None:
        self.version = 0  # changes with whatever changes but the last bar
        self._room: F64 = np.empty((0, 2))
        self._known: Bools = np.empty(0, np.bool_)
        self._count = 0
        self._trades = 0  # looked at
        self._of: object = None

    @property
    def values(self) -> F64:
        """float64[n, 2], as of `flows`: a view, valid until the next change."""
        return self._room[: self._count]

    @property
    def known(self) -> Bools:
        """bool[n], of which bars all trades are known: a view, valid until the next change."""
        return self._known[: self._count]

    def follow(
        self,
        starts: I64,
        interval: Interval,
        trades: TradeColumns,
        spans: Sequence[tuple[int, int]],
        history: object,
        unmoved: int,
    ) -> None:
        """Take in what came.

        Args:
            starts: of the bars, all of them.
            trades: all of them.
            spans: of which times these are all there are; as of `covered`.
            history: anything that differs from the last time unless bars have only grown at their end, and no trade
                has gone.
            unmoved: so many trades, counted from the oldest, stand where they did the last time.
        """
        n, m = len(starts), len(trades.time)
        begin = max(self._count - 1, 0)
        if history != self._of or n < self._count or m < self._trades:
            begin, self._of = 0, history
        elif m > self._trades:  # one may belong to a bar that another stream has closed already
            at = int(np.searchsorted(starts, trades.time[min(unmoved, self._trades)], side="right")) - 1
            begin = min(begin, max(at, 0))
        elif n == self._count:
            return
        if begin < self._count - 1 or begin == 0:
            self.version += 1
        if n > len(self._room):
            grown = np.full((n + n // 8 + 64, 2), math.nan)
            grown[:begin] = self._room[:begin]
            self._room, known = grown, np.zeros(len(grown), np.bool_)
            known[:begin] = self._known[:begin]
            self._known = known
        self._count, self._trades = n, m
        part = starts[begin:n]
        # Most of a long history lies before the first trade that is known.
        first = int(np.searchsorted(part, spans[0][0])) if spans else len(part)
        self._room[begin : begin + first] = math.nan
        part = part[first:]
        self._room[begin + first : n] = flows(part, ends_of(part, interval), trades, spans)
        np.isfinite(self._room[begin:n, BOUGHT], out=self._known[begin:n])


def calls_for(
    gaps: Sequence[tuple[int, int]], starts: I64, ends: I64, volume: F64, mean_size: float, per_call: int
) -> int:
    """Return about how many pages of REST the trades of these gaps are, each of one day (UTC) at most.

    Args:
        gaps: both ends inclusive, epoch ms.
        starts: of the bars around them.
        ends: exclusive.
        volume: of each bar, base currency; of one that is partly in a gap, that part.
        mean_size: of a trade, base currency, > 0.
        per_call: trades a page.
    """
    calls = 0
    for from_ms, to_ms in gaps:
        bars = slice(
            int(np.searchsorted(ends, from_ms, side="right")), int(np.searchsorted(starts, to_ms, side="right"))
        )
        begin, end = starts[bars], ends[bars]
        inside = (np.minimum(end, to_ms + 1) - np.maximum(begin, from_ms)) / (end - begin)
        trades = float((inside * volume[bars]).sum()) / mean_size
        calls += max(math.ceil(trades / per_call), 1) + to_ms // DAY_MS - from_ms // DAY_MS
    return calls
