"""Lowest low, highest high and largest volume of runs of 2^k bars, so that a million bars cost what a thousand do."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

FINEST = 3  # log2 of the shortest run kept; shorter ones are read from the bars
_OPEN, _HIGH, _LOW, _CLOSE, _VOLUME = range(5)


class Extent(NamedTuple):
    """What a run of bars reaches."""

    low: float
    high: float
    volume: float  # the largest of one bar


class Columns(NamedTuple):
    """Bars folded into columns of one pixel each. All of length m."""

    x: I64  # number of the column
    low: F64
    high: F64
    open: F64  # of the first bar
    close: F64  # of the last bar
    volume: F64  # the largest of one bar
    begin: I64  # first bar that it holds
    end: I64  # the one behind its last


class _Level:
    """Complete runs of 2^k bars from bar 0 on; room for more is kept at the end."""

    __slots__ = ("count", "high", "low", "volume")

    def __init__(self, low: F64, high: F64, volume: F64) -> None:
        self.count = len(low)
        self.low, self.high, self.volume = low, high, volume

    def append(self, low: float, high: float, volume: float) -> None:
        if self.count == len(self.low):
            room = max(self.count, 8)
            pad = np.zeros(room)
            self.low, self.high, self.volume = (np.concatenate([a, pad]) for a in (self.low, self.high, self.volume))
        self.low[self.count], self.high[self.count], self.volume[self.count] = low, high, volume
        self.count += 1


class Chunks:
    """The pyramid over the closed bars, those before the last. The last may move freely without telling.

    The bars themselves stay where they are: every method is given them anew.

    Args:
        is_of_closes: only closes count, as for a line through them: they are lowest and highest.
    """

    def __init__(self, *, is_of_closes: bool = False) -> None:
        self._low, self._high = (_CLOSE, _CLOSE) if is_of_closes else (_LOW, _HIGH)
        self._levels: list[_Level] = []
        self._closed = 0  # bars looked at

    def rebuild(self, ohlcv: F64) -> None:
        """Start over: bars other than the last were changed, put in front or taken away.

        Args:
            ohlcv: float64[n, 5], the last row still open.
        """
        self._closed = closed = max(len(ohlcv) - 1, 0)
        self._levels = []
        count, run = closed >> FINEST, 1 << FINEST
        rows = ohlcv[: count * run]
        low = rows[:, self._low].reshape(count, run).min(axis=1)
        high = rows[:, self._high].reshape(count, run).max(axis=1)
        volume = rows[:, _VOLUME].reshape(count, run).max(axis=1)
        while len(low):
            self._levels.append(_Level(low, high, volume))
            even = len(low) & ~1
            low = np.minimum(low[:even:2], low[1:even:2])
            high = np.maximum(high[:even:2], high[1:even:2])
            volume = np.maximum(volume[:even:2], volume[1:even:2])

    def append(self, ohlcv: F64) -> None:
        """Take in the bars that were closed by new ones behind them."""
        closed = max(len(ohlcv) - 1, 0)
        run = 1 << FINEST
        while (self._closed | (run - 1)) + 1 <= closed:
            begin = self._closed & ~(run - 1)
            self._closed = begin + run
            rows = ohlcv[begin : self._closed]
            self._push(0, rows[:, self._low].min(), rows[:, self._high].max(), rows[:, _VOLUME].max())
        self._closed = closed

    def _push(self, at: int, low: float, high: float, volume: float) -> None:
        if at == len(self._levels):
            self._levels.append(_Level(np.empty(0), np.empty(0), np.empty(0)))
        level = self._levels[at]
        level.append(low, high, volume)
        if level.count % 2 == 0:
            i = level.count - 2
            self._push(
                at + 1,
                min(level.low[i], level.low[i + 1]),
                max(level.high[i], level.high[i + 1]),
                max(level.volume[i], level.volume[i + 1]),
            )

    def extent(self, ohlcv: F64, begin: int, end: int) -> Extent | None:
        """Return what the bars [begin, end) reach, or None if there are none."""
        begin, end = max(begin, 0), min(end, len(ohlcv))
        if begin >= end:
            return None
        # Coarse enough that there are at most about 1,000 runs, then the ends bar by bar.
        k = max((end - begin).bit_length() - 10, 0)
        level = self._level(k) if k >= FINEST else None
        if level is None:
            return self._extent(ohlcv[begin:end])
        first = (begin + (1 << k) - 1) >> k
        last = min(end >> k, level.count)
        if first >= last:
            return self._extent(ohlcv[begin:end])
        parts = [
            Extent(
                float(level.low[first:last].min()),
                float(level.high[first:last].max()),
                float(level.volume[first:last].max()),
            )
        ]
        if begin < first << k:
            parts.append(self._extent(ohlcv[begin : first << k]))
        if last << k < end:
            parts.append(self._extent(ohlcv[last << k : end]))
        return Extent(min(p.low for p in parts), max(p.high for p in parts), max(p.volume for p in parts))

    def _level(self, k: int) -> _Level | None:
        at = k - FINEST
        return self._levels[at] if 0 <= at < len(self._levels) else None

    def columns(self, ohlcv: F64, x0: float, per_column: float, count: int) -> tuple[Columns, int]:
        """Fold bars into columns; column j holds the bars i with x0 <= i - j * per_column < x0 + per_column.

        Where a column holds many bars its ends are taken to the next run, which is less than half a column long.

        Args:
            ohlcv: float64[n, 5].
            x0: bar index at the left edge of column 0.
            per_column: bars a column, >= 1.
            count: of columns.

        Returns:
            The columns that hold closed bars only, and the first bar that is in none of them: what comes after it
            may still move and belongs to `tail`.
        """
        k = int(math.log2(per_column)) - 1
        level = self._level(k) if k >= FINEST else None
        if level is None:
            k = 0
        run = 1 << k
        closed = level.count if level else max(len(ohlcv) - 1, 0)
        edges = np.ceil((x0 + per_column * np.arange(count + 1)) / run).astype(np.int64)
        # Whole columns of closed runs.
        np.maximum(edges, 0, out=edges)
        last = int(np.searchsorted(edges, closed, side="right")) - 1
        first = max(int(np.searchsorted(edges, 0, side="right")) - 1, 0)
        if last <= first:
            # Fewer bars than a run are in view, or none; the last one is never closed.
            return NO_COLUMNS, max(min(math.ceil(x0), len(ohlcv) - 1), 0)
        # Columns one bar wide may be left empty by rounding.
        columns = first + np.flatnonzero(edges[first + 1 : last + 1] > edges[first:last])
        at, stop = edges[columns], int(edges[last])
        if not len(at):
            return NO_COLUMNS, min(stop * run, len(ohlcv))
        if level:
            low = np.minimum.reduceat(level.low[:stop], at)
            high = np.maximum.reduceat(level.high[:stop], at)
            volume = np.maximum.reduceat(level.volume[:stop], at)
        else:
            low = np.minimum.reduceat(ohlcv[:stop, self._low], at)
            high = np.maximum.reduceat(ohlcv[:stop, self._high], at)
            volume = np.maximum.reduceat(ohlcv[:stop, _VOLUME], at)
        begins, ends = at * run, edges[columns + 1] * run
        opens, closes = ohlcv[begins, _OPEN], ohlcv[ends - 1, _CLOSE]
        return Columns(columns, low, high, opens, closes, volume, begins, ends), stop * run

    def _extent(self, rows: F64) -> Extent:
        low, high, volume = rows[:, self._low].min(), rows[:, self._high].max(), rows[:, _VOLUME].max()
        return Extent(float(low), float(high), float(volume))

    def tail(self, ohlcv: F64, begin: int, x0: float, per_column: float, count: int) -> Columns:
        """Fold the bars from `begin` on, those that `columns` left out; the same columns go on."""
        n = len(ohlcv)
        first = max(int((begin - x0) / per_column), 0)
        last = min(int((n - 1 - x0) / per_column), count - 1)
        if begin >= n or last < first:
            return NO_COLUMNS
        edges = np.ceil(x0 + per_column * np.arange(first, last + 2)).astype(np.int64)
        edges[0] = begin
        np.clip(edges, begin, n, out=edges)
        keep = edges[1:] > edges[:-1]
        x = np.arange(first, last + 1)[keep]
        at, ends = edges[:-1][keep], edges[1:][keep]
        if not len(at):
            return NO_COLUMNS
        rows = ohlcv[: ends[-1]]
        return Columns(
            x,
            np.minimum.reduceat(rows[:, self._low], at),
            np.maximum.reduceat(rows[:, self._high], at),
            rows[at, _OPEN],
            rows[ends - 1, _CLOSE],
            np.maximum.reduceat(rows[:, _VOLUME], at),
            at,
            ends,
        )


_NONE, _NO_BARS = np.empty(0), np.empty(0, np.int64)
NO_COLUMNS = Columns(_NO_BARS, _NONE, _NONE, _NONE, _NONE, _NONE, _NO_BARS, _NO_BARS)
