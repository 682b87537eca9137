"""Other markets on a chart: their closes at the times of its bars, counted from where both began. No Qt.

A compared market keeps time with the chart's own: what stands at a bar is its close at that time, not at that number.
Where it had no trade its price is what it was; before its first bar and within a hole there is nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.state.candles import CandleSeries
from widgets.plot import polyline

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

MOST = 4  # on one chart
COLORS = ("#e8963a", "#2fa88f", "#d65fa8", "#8f7cf0")  # none of those of up, down and the line of closes
_ROOM = 1_024
_STEPS = 16.0  # of what is in view: so often the scale moves at most, or each trade would move it


class _Known(NamedTuple):
    """What was aligned, of both sides."""

    bars: int = 0  # of the chart
    first_ms: int = -1
    last_ms: int = -1
    version: int = -1  # the other's
    history: int = -1
    other_count: int = 0
    other_first_ms: int = -1
    other_last_ms: int = -1
    break_ms: int | None = None


class Compare:
    """One other market of the same interval."""

    def __init__(self, market: str, series: CandleSeries, color: str) -> None:
        self.market, self.series, self.color = market, series, color
        self.is_stale = False  # its newest price is not known to be the market's now
        self._room: F64 = np.empty(0)
        self._known = _Known()

    @property
    def values(self) -> F64:
        """float64[n], its close at each bar of the chart, nan for none: a view, valid until the next change."""
        return self._room[: self._known.bars]

    def align(self, starts: I64) -> int | None:
        """Take in what became of both sides; return the first bar that changed, None for none.

        Args:
            starts: int64[n] of the chart's bars, ascending.
        """
        series, was, n = self.series, self._known, len(starts)
        now = _Known(
            n,
            int(starts[0]) if n else -1,
            int(starts[-1]) if n else -1,
            series.version,
            series.history_version,
            len(series),
            series.first_ms,
            series.last_ms,
            series.break_ms,
        )
        if now == was:
            return None
        self._known = now
        begin = min(self._first_other(was, now, starts), n)
        if n > len(self._room):
            room = np.empty(n + n // 8 + _ROOM)
            room[:begin] = self._room[:begin]
            self._room = room
        self._room[begin:n] = self._closes(starts, begin)
        return begin

    def _first_other(self, was: _Known, now: _Known, starts: I64) -> int:
        """Return the first bar of the chart whose value may be another one; 0 where nothing is known of that."""
        if not was.bars or now.bars < was.bars or now.first_ms != was.first_ms:
            return 0
        if int(starts[was.bars - 1]) != was.last_ms or now.break_ms != was.break_ms:
            return 0
        if now.version != was.version and not self._is_grown(was, now):
            return 0
        # The chart's last bar has the newest close there is, also one of a later window.
        return min(was.bars - 1, int(np.searchsorted(starts, was.other_last_ms)))

    def _is_grown(self, was: _Known, now: _Known) -> bool:
        """Tell whether the other is what it was, but for its last bar and those behind it."""
        if not 0 < was.other_count <= now.other_count or now.other_first_ms != was.other_first_ms:
            return False
        is_in_place = int(self.series.start_ms[was.other_count - 1]) == was.other_last_ms
        return is_in_place and now.history - was.history == now.other_count - was.other_count

    def _closes(self, starts: I64, begin: int) -> F64:
        series = self.series
        found = np.full(len(starts) - begin, math.nan)
        if not len(series) or not len(found):
            return found
        at = np.searchsorted(series.start_ms, starts[begin:], side="right") - 1
        if series.last_ms >= starts[-1]:
            at[-1] = len(series) - 1
        is_known = at >= 0
        found[is_known] = series.ohlcv[at[is_known], 3]
        if series.break_ms is not None:
            after = int(np.searchsorted(series.start_ms, series.break_ms, side="right"))
            until = int(series.start_ms[after]) if after < len(series) else 2**62
            lost = slice(*(max(int(k) - begin, 0) for k in np.searchsorted(starts, (series.break_ms + 1, until))))
            found[lost] = math.nan
        return found

    def base(self, begin: int, end: int) -> float:
        """Return its price of 0 %: the first one at the bars [begin, end); nan where there is none."""
        part = self.values[begin:end]
        if not len(part) or math.isfinite(first := float(part[0])):
            return first if len(part) else math.nan
        good = np.isfinite(part)
        return float(part[int(good.argmax())]) if good.any() else math.nan

    def change(self, index: int, begin: int, end: int) -> float:
        """Return how far it is from its base at bar `index`: 0.01 is 1 %; nan where it has no price."""
        values = self.values
        return float(values[index]) / self.base(begin, end) - 1 if 0 <= index < len(values) else math.nan

    def wants_history(self, oldest_ms: int) -> bool:
        """Tell whether bars are missing at a time that is in view."""
        series = self.series
        return not len(series) or (series.first_ms > oldest_ms and not series.is_complete)


def widened(
    compares: Iterable[Compare], low: float, high: float, base: float, begin: int, end: int
) -> tuple[float, float]:
    """Return the prices that bars and compared markets reach, if the bars alone reach from `low` to `high`.

    Args:
        base: price of 0 % of the chart's own market.
        begin, end: the bars in view.
    """
    if not (high > low and base > 0):
        return low, high
    step = 2.0 ** math.floor(math.log2(high - low)) / _STEPS
    for one in compares:
        bottom, top = polyline.reach(one.values, begin, end)
        factor = base / one.base(begin, end)
        if math.isfinite(factor):
            low = min(low, math.floor(bottom * factor / step) * step or bottom * factor)  # a price is never zero
            high = max(high, math.ceil(top * factor / step) * step)
    return low, high
