"""Volume at price: rows against sums by hand, point of control, value area, and what is kept against the whole."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.calc.delta import BarFlows, TradeColumns
from core.calc.profile import (
    BarProfiles,
    Grid,
    Rows,
    coarsen,
    count,
    grid_of,
    join,
    point_of_control,
    profile_of,
    spread,
    value_area,
)
from core.market import MINUTE_MS, Interval

TICK = 1_000.0
grids = st.integers(0, 6).map(lambda shift: Grid(TICK, shift))
bars = st.lists(
    st.tuples(st.integers(1, 400), st.integers(0, 150), st.floats(1e-6, 1e4)).map(
        lambda b: (b[0] * TICK, (b[0] + b[1]) * TICK, b[2])
    ),
    min_size=1,
    max_size=40,
)
volumes = st.lists(st.floats(0.0, 1e6) | st.integers(0, 3).map(float), min_size=1, max_size=40).map(np.array)


def by_step(found: list[tuple[float, float, float]], grid: Grid) -> dict[int, float]:
    """Return volume by row, price step by price step."""
    made: dict[int, float] = {}
    for low, high, volume in found:
        steps = range(round(low / TICK), round(high / TICK) + 1)
        for step in steps:
            row = step >> grid.shift
            made[row] = made.get(row, 0.0) + volume / len(steps)
    return made


def dense(rows: Rows) -> dict[int, float]:
    return {rows.first + i: v for i, v in enumerate(rows.volume.sum(axis=0).tolist()) if v > 1e-9}


@given(bars, grids)
def test_the_volume_of_a_bar_lies_evenly_on_its_price_steps(
    found: list[tuple[float, float, float]], grid: Grid
) -> None:
    low, high, volume = (np.array(column) for column in zip(*found, strict=True))
    (rows,) = spread(low, high, volume, grid)
    assert rows.volume.sum() == pytest.approx(volume.sum(), rel=1e-9)
    assert (rows.volume >= 0).all()
    assert rows.volume[:2].sum() == 0.0, "nobody knows who crossed"
    wanted = {row: v for row, v in by_step(found, grid).items() if v > 1e-9}
    got = dense(rows)
    assert {row for row in wanted if row not in got} == set()
    for row, value in got.items():
        assert value == pytest.approx(wanted.get(row, 0.0), rel=1e-6, abs=1e-9 * volume.sum())


@given(st.lists(st.tuples(st.integers(1, 500), st.floats(1e-8, 1e4), st.booleans()), max_size=60), grids)
def test_trades_are_counted_in_the_row_of_their_price(found: list[tuple[int, float, bool]], grid: Grid) -> None:
    price = np.array([p * TICK for p, _, _ in found])
    size, is_bid = np.array([s for _, s, _ in found]), np.array([b for _, _, b in found], np.bool_)
    rows = join(count(price, size, is_bid, grid))
    for kind, side in enumerate((True, False)):
        for place in range(rows.volume.shape[1]):
            here = [s for p, s, b in found if p >> grid.shift == rows.first + place and b is side]
            assert rows.volume[kind, place] == pytest.approx(math.fsum(here), rel=1e-12)
    assert rows.volume.sum() == pytest.approx(math.fsum(s for _, s, _ in found), rel=1e-12)


@pytest.mark.parametrize("tick", [0.1, 0.01, 0.00001, 5.0])
def test_a_price_on_a_step_is_in_the_row_that_begins_there(tick: float) -> None:
    grid = Grid(tick, 0)
    for step in range(1, 2_000):
        assert grid.row(step * tick) == step
        assert grid.row(round(step * tick, 8)) == step
    assert grid.ticks(np.array([3 * tick, 7 * tick])).tolist() == [3, 7]


@given(st.integers(0, 10**9), st.integers(0, 10**7), st.integers(2, 400))
def test_a_grid_is_as_fine_as_it_may_be(low: int, room: int, most: int) -> None:
    grid = grid_of(float(low), float(low + room), 1.0, most)
    rows = ((low + room) >> grid.shift) - (low >> grid.shift) + 1
    assert rows <= most
    if grid.shift:
        assert ((low + room) >> (grid.shift - 1)) - (low >> (grid.shift - 1)) + 1 > most


@given(bars, grids, st.integers(0, 4))
def test_two_rows_are_one_of_the_next_size(found: list[tuple[float, float, float]], grid: Grid, by: int) -> None:
    low, high, volume = (np.array(column) for column in zip(*found, strict=True))
    folded = coarsen(join(spread(low, high, volume, grid)), by)
    (whole,) = spread(low, high, volume, Grid(TICK, grid.shift + by))
    assert folded.first == whole.first
    assert folded.volume == pytest.approx(whole.volume, rel=1e-6, abs=1e-9 * volume.sum())


@given(bars, grids, st.integers(1, 39))
def test_parts_add_up(found: list[tuple[float, float, float]], grid: Grid, at: int) -> None:
    low, high, volume = (np.array(column) for column in zip(*found, strict=True))
    parts = [*spread(low[:at], high[:at], volume[:at], grid), *spread(low[at:], high[at:], volume[at:], grid)]
    (whole,) = spread(low, high, volume, grid)
    runs = spread(low, high, volume, grid, at)
    assert len(runs) == -(-len(low) // at)
    for number, run in enumerate(runs):
        (alone,) = spread(*(column[number * at : number * at + at] for column in (low, high, volume)), grid)
        assert run.first == alone.first
        assert run.volume == pytest.approx(alone.volume, rel=1e-6, abs=1e-9 * volume.sum())
    assert join(parts).first == whole.first
    assert join(parts).volume == pytest.approx(whole.volume, rel=1e-6, abs=1e-9 * volume.sum())


# Point of control and value area.


@given(volumes)
def test_the_point_of_control_has_most(total: np.ndarray) -> None:
    at, middle = point_of_control(total), (len(total) - 1) / 2
    best = [i for i, v in enumerate(total) if v == max(total)]
    assert at in best
    assert abs(at - middle) == min(abs(i - middle) for i in best)


def grown(total: list[float], share: float) -> tuple[int, int]:
    """Return the value area the slow way: every area on the path from the point of control, and the first that does."""
    at = point_of_control(np.array(total))
    area = [at]
    while math.fsum(total[i] for i in area) < share * math.fsum(total) * (1 - 1e-12) and len(area) < len(total):
        sides = [i for i in (area[0] - 1, area[-1] + 1) if 0 <= i < len(total)]
        best = max(sides, key=lambda i: (total[i], i))
        area = sorted([*area, best])
    return area[0], area[-1] + 1


@given(volumes, st.floats(0.1, 1.0))
def test_the_value_area_holds_its_share_around_the_point_of_control(total: np.ndarray, share: float) -> None:
    begin, end = value_area(total, share)
    assert (begin, end) == grown(total.tolist(), share)
    assert begin <= point_of_control(total) < end
    assert total[begin:end].sum() >= share * total.sum() * (1 - 1e-9)


def test_a_profile_by_hand() -> None:
    grid = Grid(1.0, 0)
    prices, sizes, bids = np.array([10.0, 11, 11, 12, 14]), np.array([1.0, 2, 3, 2, 2]), np.array([1, 1, 0, 0, 1], bool)
    counted = count(prices, sizes, bids, grid)
    found = profile_of(join([*counted, *spread(np.array([13.0]), np.array([14.0]), np.array([2.0]), grid)]), grid, 0.7)
    assert found is not None
    assert found.total.tolist() == [1, 5, 2, 1, 3]
    assert found.edges().tolist() == [9.5, 10.5, 11.5, 12.5, 13.5, 14.5]
    assert found.volume[:, 1].tolist() == [2, 3, 0], "bought, sold"
    assert found.area == (1, 5), "5, then 2, 1 and 3 above: 11 of 12; below there is as little as above"
    assert (found.control_price, found.area_prices) == (11.0, (11.0, 14.0))
    assert found.exact == pytest.approx(10 / 12)
    assert [found.place(price) for price in (9.4, 9.6, 14.0, 14.4, 14.6)] == [None, 0, 4, 4, None]
    assert profile_of(Rows(0, np.zeros((3, 4))), grid, 0.7) is None


def test_a_row_of_several_steps_is_named_by_the_step_in_its_middle() -> None:
    (rows,) = count(np.array([8.0, 9, 20]), np.ones(3), np.ones(3, bool), Grid(1.0, 2))
    found = profile_of(rows, Grid(1.0, 2), 0.5)
    assert found is not None
    assert (found.edges()[found.control], found.control_price) == (7.5, 9.0)
    assert found.area_prices == (8.0, 11.0)


# What is kept.


class Market:
    """Bars of a minute and the trades they are made of, of which a stretch is known."""

    def __init__(self, bars: int, seed: int, per_bar: int = 6) -> None:
        rng = np.random.default_rng(seed)
        self.starts = np.arange(bars, dtype=np.int64) * MINUTE_MS
        n = bars * per_bar
        time = np.repeat(self.starts, per_bar) + np.sort(rng.integers(0, MINUTE_MS, (bars, per_bar)), axis=1).ravel()
        price = TICK * (500 + rng.integers(-3, 4, n).cumsum())
        price = np.maximum(price, TICK)
        self.trades = TradeColumns(time, price, rng.exponential(1.0, n), rng.random(n) < 0.5)
        shaped, sizes = price.reshape(bars, per_bar), self.trades.size.reshape(bars, per_bar)
        self.rows = np.column_stack(
            [shaped[:, 0], shaped.max(axis=1), shaped.min(axis=1), shaped[:, -1], sizes.sum(axis=1)]
        )

    def known(self, spans: list[tuple[int, int]]) -> np.ndarray:
        flows = BarFlows()
        flows.follow(self.starts, Interval.M1, self.trades, spans, None, 0)
        made: np.ndarray = np.isfinite(flows.values[:, 0])
        return made

    def whole(self, begin: int, end: int, known: np.ndarray, grid: Grid) -> Rows:
        """Return the rows of the bars, each by itself."""
        parts = []
        for i in range(begin, end):
            if known[i]:
                a, b = np.searchsorted(self.trades.time, [self.starts[i], self.starts[i] + MINUTE_MS])
                parts.extend(count(self.trades.price[a:b], self.trades.size[a:b], self.trades.is_bid[a:b], grid))
            else:
                _, high, low, _, volume = self.rows[i]
                parts.extend(spread(np.array([low]), np.array([high]), np.array([volume]), grid))
        return join(parts)


def same(one: Rows, other: Rows) -> None:
    assert one.first == other.first
    assert one.volume == pytest.approx(other.volume, rel=1e-6, abs=1e-9 * max(other.volume.sum(), 1.0))


@settings(deadline=None, max_examples=30)
@given(
    st.integers(1, 1_500),
    st.integers(0, 9),
    st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1), st.integers(0, 5)), min_size=1, max_size=6),
    st.lists(st.integers(0, 1_500), max_size=6),
)
def test_any_bars_in_any_order_are_as_if_each_were_looked_at(
    n: int, seed: int, views: list[tuple[float, float, int]], edges: list[int]
) -> None:
    market, one = Market(n, seed), BarProfiles()
    edges = sorted(set(edges))
    spans = [(a * MINUTE_MS + 1, b * MINUTE_MS) for a, b in zip(edges[::2], edges[1::2], strict=False)]
    known = market.known(spans)
    one.follow(market.starts, market.rows, Interval.M1, market.trades, 0, 0, 0)
    for a, b, shift in views:
        begin, end = sorted((int(a * n), int(b * n)))
        end = max(end, begin + 1)
        if begin >= n:
            continue
        end = min(end, n)
        grid = Grid(TICK, shift)
        found = one.rows(begin, end, known[begin:end], grid, 0)
        same(found, market.whole(begin, end, known, grid))
        bars = market.rows[begin:end, 4].sum()
        assert found.volume.sum() == pytest.approx(bars, rel=1e-9), "the rows hold the bars' whole volume"


def test_bars_and_trades_that_grow_are_taken_in() -> None:
    market, one, grid = Market(2_000, 3), BarProfiles(), Grid(TICK, 2)
    spans = [(1_200 * MINUTE_MS, 2**62)]
    for n in (1_990, 1_991, 1_995, 2_000):
        m = 6 * (n - 1) + 3  # the last bar has half of its trades
        part = TradeColumns(*(column[:m] for column in market.trades))
        rows = market.rows[:n].copy()
        known = market.known(spans)[:n]
        one.follow(market.starts[:n], rows, Interval.M1, part, 0, 0, m)
        found = one.rows(0, n, known, grid, 0)
        exact = part.size[6 * 1_200 :].sum()
        assert found.volume[:2].sum() == pytest.approx(exact)
        assert found.volume[2].sum() == pytest.approx(rows[:1_200, 4].sum())


def test_other_bars_or_trades_are_not_mixed_with_those_before() -> None:
    one, grid = BarProfiles(), Grid(TICK, 1)
    for round_, seed in enumerate((1, 2, 3)):
        market = Market(1_000, seed)
        known = market.known([(500 * MINUTE_MS, 2**62)])
        one.follow(market.starts, market.rows, Interval.M1, market.trades, round_, round_, 0)
        same(one.rows(10, 990, known[10:990], grid, round_), market.whole(10, 990, known, grid))
