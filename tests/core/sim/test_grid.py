"""Places on the ladder of prices: many at once, near each other or not, are what each is alone."""

from __future__ import annotations

import numpy as np
import pytest

from core.sim.grid import GRIDS, SCALE


@pytest.mark.parametrize("quote", GRIDS)
@pytest.mark.parametrize("centre", [1e-3, 0.9, 50.0, 99_500.0])
def test_prices_near_each_other_are_placed_as_each_alone(quote: str, centre: float) -> None:
    grid = GRIDS[quote]
    prices = centre * np.exp(np.random.default_rng(1).normal(0.0, 0.004, 500))
    places = grid.position(prices)
    scattered = [grid.position(np.array([p, centre / 1e6, centre * 1e3]))[0] for p in prices]
    assert places.tolist() == scattered
    whole = np.floor(places).astype(np.int64)
    assert whole.tolist() == [grid.place(int(p * SCALE)) for p in prices]
    assert grid.prices(whole).tolist() == [grid.price(p) for p in whole.tolist()]


def test_no_places_have_no_prices() -> None:
    empty = np.empty(0, np.int64)
    assert not GRIDS["KRW"].prices(empty).size
    assert not GRIDS["KRW"].position(empty.astype(np.float64)).size
