"""Indicators of the user's own on a chart: their values come later, from wherever their functions run. No Qt."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Protocol, get_args

import numpy as np
from numpy.typing import NDArray

from core.calc.indicators import Bars, Indicator, Line, Place, Setting, Track, Values

F64 = NDArray[np.float64]
PREFIX = "own:"  # before the names of their kinds


class Source(Protocol):
    """Where functions run."""

    @property
    def kinds(self) -> Mapping[str, Callable[[Values], Indicator]]:
        """Those that can be used, by kind."""

    @property
    def problems(self) -> Mapping[str, str]:
        """What is wrong with the others, by name."""

    def ask(
        self,
        name: str,
        values: Values,
        key: int,
        bars: tuple[int, bytes, bytes],
        on_values: Callable[[int, F64], None],
        on_ready: Callable[[bool], None],
    ) -> None:
        """Work out an indicator.

        Args:
            name: of it.
            key: of the chart's bars, the same each time.
            bars: number of the first, starts, rows; those before it are known.
            on_values: takes the number of the first and float64[lines, m]; not called if it failed.
            on_ready: the next may be asked for; True: and of all bars, what was known of them is lost.
        """

    def reload(self) -> None:
        """Read the files again."""


class OwnIndicator(Indicator):
    """One of the user's own, as its file declares it."""

    is_stepwise = False

    def __init__(
        self, source: Source, name: str, place: str, numbers: Mapping[str, float], lines: list[str], values: Values
    ) -> None:
        self.own_name, self.source = name, source
        self.place = place if place in get_args(Place) else "price"  # type: ignore[assignment]
        self.unit = "price" if self.place == "price" else "volume" if self.place == "volume" else "number"
        self.settings = tuple(
            Setting(key, "int" if isinstance(number, int) else "float", number, -1e9, 1e9)
            for key, number in numbers.items()
        )
        self.lines = tuple(Line(line) for line in lines)
        super().__init__(values)

    def full(self, bars: Bars) -> F64:
        return np.full((len(self.lines), len(bars.rows)), math.nan)

    def track(self) -> Track:
        return OwnTrack(self)


class OwnTrack(Track):
    """Asks for values, one request at a time, and keeps what came last until the next are there."""

    _keys = 0

    def __init__(self, indicator: OwnIndicator) -> None:
        super().__init__(indicator)
        self._own = indicator
        OwnTrack._keys += 1
        self._key = OwnTrack._keys
        self._bars: Bars | None = None
        self._wanted: int | None = None  # first bar whose values are wanted
        self._is_asking = False
        self._round = 0  # of bars that have nothing to do with those before

    def rebuild(self, bars: Bars) -> None:
        super().rebuild(bars)
        self._round += 1
        self._want(0, bars)

    def append(self, bars: Bars) -> None:
        first, n = max(self._count - 1, 0), len(bars.rows)
        if n > self._room.shape[1] or self._wanted == 0:
            known = self.values
            super().rebuild(bars)
            self._room[:, : known.shape[1]] = known
        self._count = n
        self._want(first, bars)

    def last(self, bars: Bars) -> None:
        if self._count:
            self._want(self._count - 1, bars)

    def _want(self, first: int, bars: Bars) -> None:
        self._bars = bars
        self._wanted = first if self._wanted is None else min(first, self._wanted)
        self._ask()

    def _ask(self) -> None:
        if self._is_asking or self._wanted is None or self._bars is None or not len(self._bars.rows):
            return
        first, bars, of_round = self._wanted, self._bars, self._round
        self._wanted, self._is_asking = None, True

        def take(begin: int, values: F64) -> None:
            if of_round == self._round and begin + values.shape[1] <= self._count:
                self._room[:, begin : begin + values.shape[1]] = values

        data = first, bars.starts[first:].tobytes(), np.ascontiguousarray(bars.rows[first:]).tobytes()
        self._own.source.ask(self._own.own_name, self._own.values, self._key, data, take, self._on_ready)

    def _on_ready(self, is_lost: bool) -> None:
        self._is_asking = False
        if is_lost:
            self._wanted = 0
        self._ask()
