"""What trades say of a chart's bars: who was the aggressor in each, and the profile of those in view. No Qt."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.calc.delta import BarFlows, ends_of
from core.calc.indicators import VOLUME, Bars
from core.calc.profile import BarProfiles, Profile, grid_of, profile_of
from core.market import Interval
from core.state.flow import Flow

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
Bools = NDArray[np.bool_]


class Spec(NamedTuple):
    """How a profile is to be made."""

    low: float  # lowest price in view, quote currency
    high: float
    tick: float  # price step there
    rows: int  # most there may be
    share: float  # of the volume that the value area holds, 0..1


class ChartFlows:
    """In step with the bars of one chart; costs nothing while `flow` is None."""

    def __init__(self) -> None:
        self.flow: Flow | None = None
        self._round = 0  # of bars that are others than before
        self._bars = BarFlows()
        self._profiles = BarProfiles()
        self._bars_at = self._profiles_at = 0  # versions of the flow

    @property
    def version(self) -> tuple[object, ...]:
        """Changes with whatever changes but the last bar."""
        return self.flow, self._bars.version

    def forget(self) -> None:
        """The bars are others."""
        self._round += 1

    def bars(self, starts: I64, rows: F64, interval: Interval) -> Bars:
        """Return the bars with what is known of their trades."""
        flow = self.flow
        if flow is None:
            return Bars(starts, rows)
        history = (flow, flow.history_version, self._round)
        unmoved, self._bars_at = flow.unmoved(self._bars_at), flow.version
        self._bars.follow(starts, interval, flow.trades, flow.known.spans, history, unmoved)
        return Bars(starts, rows, self._bars.values)

    def known(self, begin: int, end: int) -> Bools:
        """Return of which of the bars [begin, end) all trades are known, as of the last `bars`."""
        return self._bars.known[begin:end]

    def profile(self, bars: Bars, interval: Interval, view: tuple[int, int], spec: Spec) -> Profile | None:
        """Return the profile of the bars in view, [begin, end); None without bars or volume."""
        begin, end = view
        if begin >= end:
            return None
        flow = self.flow
        trades, of, unmoved = None, None, 0
        if flow is not None:
            trades, of = flow.trades, (flow, flow.history_version)
            unmoved, self._profiles_at = flow.unmoved(self._profiles_at), flow.version
        self._profiles.follow(bars.starts, bars.rows, interval, trades, self._round, of, unmoved)
        known = np.zeros(end - begin, np.bool_) if flow is None else self.known(begin, end)
        grid = grid_of(spec.low, spec.high, spec.tick, spec.rows)
        return profile_of(self._profiles.rows(begin, end, known, grid, self.version), grid, spec.share)

    def calls(self, bars: Bars, interval: Interval, view: tuple[int, int], now_ms: int) -> int:
        """Return about how many calls of REST the trades that are missing in view take, as of `Flow.calls`."""
        starts = bars.starts[slice(*view)]
        if self.flow is None:
            return 0
        return self.flow.calls(starts, ends_of(starts, interval), bars.rows[slice(*view), VOLUME], now_ms)
