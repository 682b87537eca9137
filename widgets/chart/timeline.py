"""The places of a chart's time axis: its bars and, where that is wanted, the windows between them without a trade.

No Qt. The exchange sends no candle of a window in which nothing was traded. A place for such a window repeats the
close before it, with no volume; it is no bar, and whoever works something out of bars is given the bars alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple, get_args

import numpy as np
from numpy.typing import NDArray

from core.calc.indicators import Bars
from core.market import Interval
from core.state.candles import CandleSeries

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
Bools = NDArray[np.bool_]

# Windows without trades: left out, given empty room, or shown as flat bars.
Gaps = Literal["out", "empty", "flat"]
GAPS: tuple[Gaps, ...] = get_args(Gaps)

LONGEST = 240  # places of one gap; a longer one is cut in its middle, and marked
MOST = 1_000_000  # places without a trade; those of the newest gaps, what is older is left out
_SLACK = MOST // 4  # so many more, before the older ones are left out again
_ROOM = 1_024


class Spread(NamedTuple):
    """Which places the bars have."""

    number: I64  # of each place: the bar that stands there, or the last one before it
    is_filled: Bools  # of each place: no trade was made in its window


class Timeline:
    """Places in step with a series. With gaps left out they are the series' own arrays, and nothing is copied."""

    def __init__(self) -> None:
        self.gaps: Gaps = "out"
        self.starts: I64 = np.empty(0, np.int64)  # of the places, ascending: a view, as all that follow
        self.rows: F64 = np.empty((0, 5))  # open high low close volume
        self.bars = Bars(self.starts, self.rows)  # without what was filled in
        self.cuts: F64 = np.empty(0)  # positions between two places, ascending, where windows are left out
        self._filled = 0
        self._count = 0
        self._starts: I64 = np.empty(0, np.int64)
        self._rows: F64 = np.empty((0, 5))
        self._number: I64 = np.empty(0, np.int64)
        self._is_filled: Bools = np.empty(0, np.bool_)

    @property
    def spread(self) -> Spread | None:
        """Which places the bars have; None where each place is a bar."""
        if self.gaps == "out":
            return None
        return Spread(self._number[: self._count], self._is_filled[: self._count])

    def is_filled(self, place: int) -> bool:
        """Tell whether no trade was made in the window of a place."""
        return self.gaps != "out" and bool(self._is_filled[place])

    # In step with the series.

    def rebuild(self, series: CandleSeries) -> None:
        """Take in a series of which anything may have changed."""
        self.bars = Bars(series.start_ms, series.ohlcv)
        if self.gaps == "out":
            self.starts, self.rows = self.bars.starts, self.bars.rows
            self.cuts = np.empty(0)
            return
        self._count = self._filled = 0
        self.cuts = np.empty(0)
        if len(series):
            self._put(series, 0)
        self._show()

    def append(self, series: CandleSeries) -> bool:
        """Take in the bars behind those known, and the one that was the last, which may have moved before it closed.

        Return False if everything had to be made anew.
        """
        first = len(self.bars.rows) - 1
        if self.gaps == "out" or first < 0 or self._filled > MOST + _SLACK:
            self.rebuild(series)
            return self.gaps == "out"
        self.bars = Bars(series.start_ms, series.ohlcv)
        self._count -= 1  # the last one is put anew
        self._put(series, first)
        self._show()
        return True

    def last(self, series: CandleSeries) -> None:
        """Take in what became of the last bar."""
        if self.gaps != "out" and self._count:
            self._rows[self._count - 1] = series.ohlcv[-1]

    def _show(self) -> None:
        self.starts, self.rows = self._starts[: self._count], self._rows[: self._count]

    def _put(self, series: CandleSeries, first: int) -> None:
        """Put the bars from number `first` on, and what is between them, behind the places there are."""
        starts, rows = self.bars.starts[first:], self.bars.rows[first:]
        n, interval = len(starts), series.interval
        missing = np.zeros(n, np.int64)  # windows behind each bar in which nothing was traded
        slots = _slots(interval, starts)
        np.maximum(np.diff(slots) - 1, 0, out=missing[:-1])
        if series.break_ms is not None:  # of this hole nobody knows whether there were trades
            at = int(np.searchsorted(starts, series.break_ms, side="right")) - 1
            if 0 <= at < n - 1:
                missing[at] = 0
        shown = np.minimum(missing, LONGEST)
        is_over = np.cumsum(shown[::-1])[::-1] > MOST
        shown[is_over] = 0
        offsets = np.cumsum(shown) - shown + np.arange(n)  # of each bar among the new places
        count = n + int(shown.sum())
        begin, end = self._count, self._count + count
        self._make_room(end)
        number = np.repeat(np.arange(n), shown + 1)
        into = np.arange(count) - offsets[number]  # 0 is the bar itself
        half = (shown + 1) // 2
        skipped = np.where(into > half[number], (missing - shown)[number], 0)
        new = slice(begin, end)
        self._number[new] = number + first
        self._is_filled[new] = into > 0
        self._starts[new] = starts[number]
        self._rows[new] = rows[number]
        filled = begin + np.flatnonzero(into)
        self._starts[filled] = _moments(interval, (slots[number] + into + skipped)[filled - begin])
        self._rows[filled, :4] = self._rows[filled, 3:4]
        self._rows[filled, 4] = 0.0
        is_cut = missing > shown
        if is_over.any():  # one mark where filling begins, not one a gap before it
            is_cut[is_over] = False
            is_cut[np.flatnonzero(is_over & (missing > 0))[-1:]] = True
        self.cuts = np.concatenate([self.cuts, begin + (offsets + half)[is_cut] + 0.5])
        self._count, self._filled = end, self._filled + count - n

    def _make_room(self, end: int) -> None:
        if end <= len(self._starts):
            return
        room, kept = end + end // 4 + _ROOM, self._count
        starts, rows = np.empty(room, np.int64), np.empty((room, 5))
        number, is_filled = np.empty(room, np.int64), np.empty(room, np.bool_)
        starts[:kept], rows[:kept] = self._starts[:kept], self._rows[:kept]
        number[:kept], is_filled[:kept] = self._number[:kept], self._is_filled[:kept]
        self._starts, self._rows, self._number, self._is_filled = starts, rows, number, is_filled

    def spread_out(self, rows: F64, known: F64, begin: int) -> F64:
        """Return what was made of the bars place by place, with room for more; nothing where each place is a bar.

        Args:
            rows: float64[n, 5], one a bar.
            known: what this returned before.
            begin: the first place that is another one since then.
        """
        if self.gaps == "out":
            return known[:0]
        count, begin = self._count, max(begin, 0)
        if count > len(known):
            room = np.empty((count + count // 8 + _ROOM, 5))
            room[:begin] = known[:begin]
            known = room
        made, is_filled = rows[self._number[begin:count]], self._is_filled[begin:count]
        made[is_filled, :4] = made[is_filled, 3:4]
        made[is_filled, 4] = 0.0
        known[begin:count] = made
        return known

    # What is to be painted.

    def traded(self, begin: int, end: int) -> I64:
        """Return the places of [begin, end) at which bars stand."""
        if self.gaps == "out":
            return np.arange(begin, end)
        return begin + np.flatnonzero(~self._is_filled[begin : min(end, self._count)])

    def filled(self, begin: int, end: int) -> I64:
        """Return the places of [begin, end) without a trade."""
        if self.gaps == "out":
            return np.empty(0, np.int64)
        return begin + np.flatnonzero(self._is_filled[begin : min(end, self._count)])

    def has_trades(self, columns: I64, x0: float, per_column: float) -> Bools:
        """Return of each column whether a bar stands in it, or so near that it may be folded into it.

        Args:
            columns: their numbers.
            x0: position at the left edge of column 0.
            per_column: places a column, >= 1.
        """
        if self.gaps == "out" or not self._count:
            return np.ones(len(columns), np.bool_)
        begin = np.floor(x0 + per_column * (columns - 0.5)).astype(np.int64)
        end = np.ceil(x0 + per_column * (columns + 1.5)).astype(np.int64)
        last = self._count - 1
        before = np.where(begin > 0, self._number[np.clip(begin - 1, 0, last)], -1)
        found: Bools = self._number[np.clip(end - 1, 0, last)] > before
        return found


def _slots(interval: Interval, starts: I64) -> I64:
    """Return the number of each window, so that neighbours differ by one."""
    if interval is Interval.MONTH:
        return starts.astype("datetime64[ms]").astype("datetime64[M]").astype(np.int64)
    return (starts - interval.floor(0)) // interval.length_ms


def _moments(interval: Interval, slots: I64) -> I64:
    """Return when the windows of these numbers begin."""
    if interval is Interval.MONTH:
        return slots.astype("datetime64[M]").astype("datetime64[ms]").astype(np.int64)
    return slots * interval.length_ms + interval.floor(0)


def gaps_of(kept: object) -> Gaps:
    """Return what a desk file says of gaps; what is strange leaves them out."""
    known: Sequence[Gaps] = [g for g in GAPS if g == kept]
    return known[0] if known else "out"
