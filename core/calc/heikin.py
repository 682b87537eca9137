"""Heikin-Ashi: bars averaged with those before them, so that a trend is bars of one colour."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

F64 = NDArray[np.float64]

OPEN, HIGH, LOW, CLOSE, VOLUME = range(5)
_FEW = 64  # new bars up to which a step each is cheaper than a whole pass
_ROOM = 1_024


def averaged(rows: F64) -> F64:
    """Return float64[n, 5] of the averaged bars, volume as it is; the first has no bar before it.

    A close is the mean of the bar's four prices, an open the middle of the body before, high and low hold both. A row
    without volume is no bar: it stays as it is, and the bar behind it goes on from the one before it.

    Args:
        rows: float64[n, 5] open high low close volume.
    """
    made = np.empty(rows.shape)
    if not len(rows):
        return made
    is_traded = rows[:, VOLUME] > 0
    if not is_traded.all():
        made[:] = rows
        if is_traded.any():
            made[is_traded] = averaged(rows[is_traded])
        return made
    made[:, CLOSE] = close = rows[:, :4].mean(axis=1)
    # Each open halves what came before: the sum of the closes, each bar back worth half as much, ends soon. It is
    # summed in doubling steps, since a bar a step would be a million steps.
    opening = made[:, OPEN]
    opening[0] = first = (rows[0, OPEN] + rows[0, CLOSE]) / 2
    opening[1:] = (close[:-1] - first) / 2
    back, share = 1, 0.5
    while back < len(rows) and share > 1e-18:
        opening[1 + back :] += share * opening[1:-back].copy()
        back, share = 2 * back, share * share
    opening[1:] += first
    made[:, HIGH] = np.maximum(rows[:, HIGH], np.maximum(opening, close))
    made[:, LOW] = np.minimum(rows[:, LOW], np.minimum(opening, close))
    made[:, VOLUME] = rows[:, VOLUME]
    return made


class HeikinAshi:
    """The averaged bars, kept in step with bars that grow at their end."""

    def __init__(self) -> None:
        self._room: F64 = np.empty((0, 5))
        self._count = 0

    @property
    def rows(self) -> F64:
        """float64[n, 5]: a view, valid until the next change."""
        return self._room[: self._count]

    def rebuild(self, rows: F64) -> None:
        """Work out everything: bars other than the last were changed, put in front or taken away."""
        self._count = n = len(rows)
        self._room = np.empty((n + n // 8 + _ROOM, 5))
        self._room[:n] = averaged(rows)

    def append(self, rows: F64) -> None:
        """Take in the bars behind those known, and the one that was the last, which may have moved before it closed."""
        first, n = max(self._count - 1, 0), len(rows)
        if n - first > _FEW or n > len(self._room) or n < self._count:
            self.rebuild(rows)
            return
        self._count = n
        for at in range(first, n):
            self._step(rows, at)

    def last(self, rows: F64) -> None:
        """Take in what became of the last bar."""
        if self._count:
            self._step(rows, self._count - 1)

    def _step(self, rows: F64, at: int) -> None:
        opening, high, low, close, volume = rows[at].tolist()
        if not volume > 0:
            self._room[at] = rows[at]
            return
        last = at - 1
        while last >= 0 and not rows[last, VOLUME] > 0:
            last -= 1
        if last >= 0:
            before = self._room[last]
            begin = (float(before[OPEN]) + float(before[CLOSE])) / 2
        else:
            begin = (opening + close) / 2
        mean = (opening + high + low + close) / 4
        self._room[at] = (begin, max(high, begin, mean), min(low, begin, mean), mean, volume)
