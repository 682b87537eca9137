"""Prices as steps: the n-th price that a quote currency allows. On that ladder every band is one step apart."""

from __future__ import annotations

from bisect import bisect_right

import numpy as np
from numpy.typing import NDArray

from core.market import TICKS_OF_QUOTE, TickTable

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
SCALE = 10**8  # prices are integers of 1e-8 quote currency


class Grid:
    """All the prices of one quote currency, numbered from 0 upwards without a gap."""

    def __init__(self, table: TickTable) -> None:
        self._floors = [round(f * SCALE) for f in table.floors]
        self._steps = [round(s * SCALE) for s in table.steps]
        bases = [0]
        for i in range(1, len(self._floors)):
            bases.append(bases[-1] + (self._floors[i] - self._floors[i - 1]) // self._steps[i - 1])
        self._bases = bases
        self.floors = np.array(self._floors, dtype=np.int64)
        self.steps = np.array(self._steps, dtype=np.int64)
        self.bases = np.array(bases, dtype=np.int64)

    def position(self, price: F64) -> F64:
        """Return prices (quote currency) as fractional places on the ladder."""
        scaled = price * SCALE
        one = self._one_band(self._floors, scaled)
        if one is not None:
            near: F64 = (scaled - self._floors[one]) / self._steps[one] + self._bases[one]
            return near
        band = np.maximum(np.searchsorted(self.floors, scaled, side="right") - 1, 0)
        place: F64 = self.bases[band] + (scaled - self.floors[band]) / self.steps[band]
        return place

    def prices(self, place: I64) -> I64:
        """Return the prices, in 1e-8 quote currency, at places of the ladder."""
        one = self._one_band(self._bases, place)
        if one is not None:
            near: I64 = (place - self._bases[one]) * self._steps[one] + self._floors[one]
            return near
        band = np.searchsorted(self.bases, place, side="right") - 1
        found: I64 = self.floors[band] + (place - self.bases[band]) * self.steps[band]
        return found

    @staticmethod
    def _one_band(bounds: list[int], values: F64 | I64) -> int | None:
        """Return the one band in which all values lie, or None: most days stay in one, and looking up each is slow."""
        if not values.size:
            return None
        low, high = values.min(), values.max()
        band = max(bisect_right(bounds, low) - 1, 0)
        return band if band + 1 == len(bounds) or high < bounds[band + 1] else None

    def reach(self, place: I64) -> I64:
        """Return how many places up and down from each the step stays the same, so that mirrored prices average out."""
        band = np.searchsorted(self.bases, place, side="right") - 1
        top = np.append(self.bases[1:], np.iinfo(np.int64).max // 2)
        room: I64 = np.minimum(place - self.bases[band], top[band] - place)
        return room

    def price(self, place: int) -> int:
        """Return the price, in 1e-8 quote currency, at one place."""
        band = bisect_right(self._bases, place) - 1
        return self._floors[band] + (place - self._bases[band]) * self._steps[band]

    def step(self, place: int) -> int:
        """Return the step above the price at `place`, in 1e-8 quote currency."""
        return self._steps[bisect_right(self._bases, place) - 1]

    def place(self, price: int) -> int:
        """Return the highest place whose price is not above `price` (1e-8 quote currency)."""
        band = max(bisect_right(self._floors, price) - 1, 0)
        return self._bases[band] + (price - self._floors[band]) // self._steps[band]


GRIDS = {quote: Grid(table) for quote, table in TICKS_OF_QUOTE.items()}
