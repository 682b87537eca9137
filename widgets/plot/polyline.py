"""A line over bars as points, as few as can be seen. Pure: arrays in, arrays out."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

F64 = NDArray[np.float64]

_LOOKED_AT = 8  # values of a group, at most: a smooth line needs no more, and a million bars cost what a thousand do
_MOST = 16_384  # values looked at for what a line reaches


class Points(NamedTuple):
    """What is to be joined, from left to right; nan is a gap."""

    x: F64  # bar indexes
    y: F64


def group(per_column: float) -> int:
    """Return how many bars become one point up and one down: a power of two, so that nothing shimmers when it moves."""
    return 1 if per_column <= 1.0 else 1 << math.ceil(math.log2(per_column))


def points(values: F64, begin: int, end: int, size: int) -> Points:
    """Return the points of the bars [begin, end), one a bar, or lowest and highest of each group of `size`.

    Groups begin at multiples of `size`: `begin` is taken down to one, and what is behind the last whole group is one.
    """
    begin, end = max(begin, 0), min(end, len(values))
    if begin >= end:
        return _NONE
    if size == 1:
        return Points(np.arange(begin, end, dtype=np.float64), values[begin:end])
    begin -= begin % size
    stride = max(size // _LOOKED_AT, 1)
    whole, rest = divmod(end - begin, size)
    count = whole + (rest > 0)
    low, high = np.empty(count), np.empty(count)
    middles = begin + size * np.arange(count, dtype=np.float64) + (size - 1) / 2
    seen = values[begin : begin + whole * size : stride].reshape(whole, size // stride)
    np.fmin.reduce(seen, axis=1, out=low[:whole])
    np.fmax.reduce(seen, axis=1, out=high[:whole])
    if rest:
        last = values[end - rest : end]
        low[whole], high[whole], middles[whole] = np.fmin.reduce(last), np.fmax.reduce(last), end - (rest + 1) / 2
    x, y = np.repeat(middles, 2), np.empty(2 * count)
    # A line that rises goes through a column from its lowest to its highest point, so it is no saw.
    rises, heights = np.ones(count, np.bool_), low + high
    np.greater_equal(heights[1:], heights[:-1], out=rises[1:])
    y[::2], y[1::2] = np.where(rises, low, high), np.where(rises, high, low)
    return Points(x, y)


def reach(values: F64, begin: int, end: int) -> tuple[float, float]:
    """Return lowest and highest of the bars [begin, end), both nan where there is none; of many, of a sample."""
    begin, end = max(begin, 0), min(end, len(values))
    if begin >= end:
        return math.nan, math.nan
    seen = values[begin : end : (end - begin) // _MOST + 1]
    return float(np.fmin.reduce(seen)), float(np.fmax.reduce(seen))


def segments(x: F64, y: F64) -> F64:
    """Return [m, 4], x y x y, of the lines between neighbours that both are numbers."""
    made = np.empty((max(len(x) - 1, 0), 4))
    if len(made):
        made[:, 0], made[:, 1], made[:, 2], made[:, 3] = x[:-1], y[:-1], x[1:], y[1:]
    # A sum is a number where all of them are.
    good = np.isfinite(made[:, 1] + made[:, 3])
    return made if good.all() else made[good]


_NONE = Points(np.empty(0), np.empty(0))
