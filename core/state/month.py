"""Thirty days of prices, in windows of four hours, for what compares markets with each other. Pure.

Kept in memory: what asks for them fills it (`core.feed.survey`). A store on the disk can stand in its place: whoever
compares asks for `premiums`, and whoever fills asks what is `due`.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import nan
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.market import Interval
from core.wire.messages import CandleRow

F64 = NDArray[np.float64]

WINDOW = Interval.H4
WINDOWS = 180  # 30 days: one page of REST
MARKETS = 2_048  # kept; more than any exchange lists
LATE_MS = 60_000  # so long after its end a window may still change
_COMPARED = 512  # comparisons kept


class _Closes(NamedTuple):
    begin_ms: int
    values: F64  # nan where nothing was traded


class Month:
    """Closing prices of many markets."""

    def __init__(self) -> None:
        self._closes: dict[str, _Closes] = {}
        self._compared: dict[tuple[str, str, str], list[float]] = {}

    def is_due(self, name: str, now_ms: int) -> bool:
        """Return whether a window has closed that is not known of `name`."""
        known = self._closes.get(name)
        return known is None or known.begin_ms < _begin(now_ms)

    def begin_ms(self, name: str) -> int:
        """Return where what is known of `name` begins, epoch ms; 0 where nothing is."""
        known = self._closes.get(name)
        return known.begin_ms if known is not None else 0

    def take(self, name: str, rows: Sequence[CandleRow], now_ms: int) -> None:
        """Take what was told of a market; windows that are missing were without a trade, and stay unknown."""
        begin = _begin(now_ms)
        values = np.full(WINDOWS, nan)
        for row in rows:
            at = (row.start_ms - begin) // WINDOW.length_ms
            if 0 <= at < WINDOWS and row.close > 0.0:
                values[at] = row.close
        if name not in self._closes and len(self._closes) >= MARKETS:
            del self._closes[next(iter(self._closes))]
        self._closes[name] = _Closes(begin, values)
        self._compared.clear()

    def premiums(self, here: str, there: str, bridge: str) -> Sequence[float]:
        """Return by how much `here` was dearer than `there` times `bridge`, oldest first; empty while one is not known.

        nan where one of the three was not traded in a window: its last price is of another time.
        """
        key = (here, there, bridge)
        found = self._compared.get(key)
        if found is None:
            if len(self._compared) >= _COMPARED:
                self._compared.clear()
            found = self._compared[key] = self._compare([self._closes.get(name) for name in key])
        return found

    @staticmethod
    def _compare(closes: list[_Closes | None]) -> list[float]:
        known = [c for c in closes if c is not None]
        if len(known) < 3:
            return []
        begin = max(c.begin_ms for c in known)
        cut = [c.values[(begin - c.begin_ms) // WINDOW.length_ms :] for c in known]
        length = min(len(c) for c in cut)
        here, there, bridge = (c[:length] for c in cut)
        values: list[float] = (here / (there * bridge) - 1.0).tolist()
        return values


def _begin(now_ms: int) -> int:
    """Return where the month begins whose last window has closed."""
    return WINDOW.floor(now_ms - LATE_MS) - WINDOWS * WINDOW.length_ms
