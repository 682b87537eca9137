"""The pyramid of extents says what the bars themselves say, whatever is asked and however it grew."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from widgets.plot.chunks import Chunks, Columns

F64 = NDArray[np.float64]


def bars(n: int, seed: int = 1) -> F64:
    """Return rows in which no two values are alike, so that a wrong bar shows."""
    chance = np.random.default_rng(seed)
    mid = 1_000 + chance.standard_normal(n).cumsum()
    rows = np.empty((n, 5))
    rows[:, 0], rows[:, 3] = mid, mid + chance.uniform(-1, 1, n)
    rows[:, 1] = rows[:, (0, 3)].max(axis=1) + chance.uniform(0, 1, n)
    rows[:, 2] = rows[:, (0, 3)].min(axis=1) - chance.uniform(0, 1, n)
    rows[:, 4] = chance.uniform(0, 10, n)
    return rows


def built(rows: F64) -> Chunks:
    chunks = Chunks()
    chunks.rebuild(rows)
    return chunks


def naive(rows: F64, begin: int, end: int) -> tuple[float, float, float] | None:
    part = rows[max(begin, 0) : max(end, 0)]
    return (part[:, 2].min(), part[:, 1].max(), part[:, 4].max()) if len(part) else None


counts = st.one_of(st.integers(0, 40), st.integers(0, 20_000))


@given(n=counts, data=st.data())
def test_an_extent_is_what_the_bars_reach(n: int, data: st.DataObject) -> None:
    rows = bars(n)
    begin, end = data.draw(st.integers(-5, n + 5)), data.draw(st.integers(-5, n + 5))
    assert built(rows).extent(rows, begin, end) == naive(rows, begin, end)


@given(
    n=st.integers(9_000, 40_000),
    begin=st.integers(0, 300),
    short=st.integers(0, 300),
    side=st.sampled_from(["begin", "end"]),
    inwards=st.integers(0, 70),
    is_appended=st.booleans(),
)
def test_a_spike_near_either_end_of_a_long_run_is_seen(
    n: int, begin: int, short: int, side: str, inwards: int, is_appended: bool
) -> None:
    """Long runs are read from the pyramid, and their ends, which are no whole chunk of it, bar by bar."""
    rows, end = bars(n), n - short
    at = begin + inwards if side == "begin" else end - 1 - inwards
    rows[at, 1], rows[at, 2], rows[at, 4] = 1e6, -1e6, 1e7
    chunks = built(rows[: n // 2] if is_appended else rows)
    if is_appended:
        chunks.append(rows)
    assert chunks.extent(rows, begin, end) == (-1e6, 1e6, 1e7)
    outside = (at + 1, end) if side == "begin" else (begin, at)
    assert chunks.extent(rows, *outside) == naive(rows, *outside), "and not seen where it is not in the run"


@given(first=st.integers(0, 300), steps=st.lists(st.integers(1, 90), max_size=8), data=st.data())
def test_bars_that_are_appended_count_like_those_there_from_the_start(
    first: int, steps: list[int], data: st.DataObject
) -> None:
    n = first + sum(steps)
    rows = bars(n)
    chunks, grown = built(rows[:first]), first
    for step in steps:
        grown += step
        chunks.append(rows[:grown])
    begin, end = data.draw(st.integers(0, n)), data.draw(st.integers(0, n))
    assert chunks.extent(rows, begin, end) == naive(rows, begin, end)
    fresh = built(rows)
    for per_column in (1.0, 3.7, 33.3):
        mine, theirs = (c.columns(rows, -4.5, per_column, 40) for c in (chunks, fresh))
        assert all(np.array_equal(a, b) for a, b in zip(mine[0], theirs[0], strict=True))
        assert mine[1] == theirs[1]


@given(n=st.integers(100, 20_000), high=st.floats(2_000, 1e9), volume=st.floats(20, 1e9))
def test_the_last_bar_moves_without_telling(n: int, high: float, volume: float) -> None:
    rows = bars(n)
    chunks = built(rows)
    rows[-1, 1], rows[-1, 4] = high, volume
    found = chunks.extent(rows, 0, n)
    assert found is not None
    assert (found.high, found.volume) == (high, volume)


def in_all(rows: F64, x0: float, per_column: float, count: int) -> tuple[Columns, Columns]:
    """Return the columns of the closed bars and those of the rest."""
    chunks = built(rows)
    closed, rest = chunks.columns(rows, x0, per_column, count)
    return closed, chunks.tail(rows, rest, x0, per_column, count)


@given(
    n=st.integers(1, 30_000),
    left=st.floats(-0.4, 1.2),
    per_column=st.one_of(st.floats(1, 12), st.floats(1, 200)),
    count=st.integers(1, 400),
)
def test_no_bar_in_view_is_lost_and_none_is_far_from_its_column(
    n: int, left: float, per_column: float, count: int
) -> None:
    rows = bars(n)
    x0 = left * n
    closed, rest = in_all(rows, x0, per_column, count)
    x = np.concatenate([closed.x, rest.x])
    assert np.all((x >= 0) & (x < count))
    assert np.all(np.diff(closed.x) > 0)
    # Every bar well inside the view lies within a column at most half a column away.
    at = (np.arange(n) - x0) / per_column
    for i in np.flatnonzero((at >= 1) & (at < count - 1))[:: max(n // 50, 1)]:
        near = np.abs(x - np.floor(at[i])) <= 1
        low = np.concatenate([closed.low, rest.low])[near].min()
        high = np.concatenate([closed.high, rest.high])[near].max()
        assert low <= rows[i, 2]
        assert high >= rows[i, 1]


@given(n=st.integers(2, 3_000), per_column=st.floats(1, 15), count=st.integers(1, 300), x0=st.floats(-50, 500))
def test_fine_columns_are_exactly_the_bars_they_hold(n: int, per_column: float, count: int, x0: float) -> None:
    """Below two runs a column is made of the bars themselves: j holds those from edge j to edge j + 1."""
    rows = bars(n)
    chunks = built(rows)
    columns, first_open = chunks.columns(rows, x0, per_column, count)
    edges = np.ceil(x0 + per_column * np.arange(count + 1)).astype(int)
    assert first_open <= max(n - 1, 0) or not len(columns.x), "the last bar may move: it is in no closed column"
    for k, j in enumerate(columns.x):
        part = rows[max(edges[j], 0) : edges[j + 1]]
        assert columns.low[k] == part[:, 2].min()
        assert columns.high[k] == part[:, 1].max()
        assert columns.volume[k] == part[:, 4].max()
        assert (columns.open[k], columns.close[k]) == (part[0, 0], part[-1, 3])


@given(
    n=st.integers(1, 30_000),
    back=st.floats(-5, 300),
    per_column=st.one_of(st.floats(1, 12), st.floats(1, 200)),
    count=st.integers(1, 400),
)
def test_the_last_bar_is_in_no_closed_column_however_little_is_in_view(
    n: int, back: float, per_column: float, count: int
) -> None:
    rows, x0 = bars(n), n - back
    chunks = built(rows)
    columns, first_open = chunks.columns(rows, x0, per_column, count)
    assert 0 <= first_open < n
    if not len(columns.x) and 0 <= x0 <= n - 1 < x0 + per_column * count:
        rest = chunks.tail(rows, first_open, x0, per_column, count)
        assert rest.high.max() == rows[math.ceil(x0) :, 1].max(), "what is in no column yet is in the tail"


@given(n=st.integers(1, 3_000), begin=st.integers(0, 3_000), per_column=st.floats(1, 15), x0=st.floats(-50, 500))
def test_the_tail_holds_every_bar_from_where_it_begins(n: int, begin: int, per_column: float, x0: float) -> None:
    rows = bars(n)
    count = int((n - x0) / per_column) + 2  # all the way to the last bar
    found = Chunks().tail(rows, begin, x0, per_column, max(count, 1))
    if begin >= n or n <= x0:
        assert not len(found.x)
        return
    seen = rows[begin:]
    assert found.low.min() == seen[:, 2].min()
    assert found.high.max() == seen[:, 1].max()
    assert found.open[0] == seen[0, 0]
    assert found.close[-1] == seen[-1, 3]


@pytest.mark.parametrize(("n", "closed_columns", "live_columns"), [(0, 0, 0), (1, 0, 1), (2, 1, 1)])
def test_hardly_any_bars(n: int, closed_columns: int, live_columns: int) -> None:
    rows = bars(n)
    closed, rest = in_all(rows, -3.0, 2.0, 10)
    assert (len(closed.x), len(rest.x)) == (closed_columns, live_columns)
    assert built(rows).extent(rows, 0, 99) == naive(rows, 0, n)


def test_columns_one_bar_wide_survive_rounding() -> None:
    """From x0 = 1e-70 on the first column is empty: 1e-70 + 1 is 1."""
    rows = bars(3)
    columns, rest = built(rows).columns(rows, 1e-70, 1.0, 2)
    assert (columns.x.tolist(), rest) == ([1], 2)


@given(n=st.integers(2, 20_000), data=st.data())
def test_of_closes_an_extent_is_what_the_closes_reach(n: int, data: st.DataObject) -> None:
    rows = bars(n)
    begin = data.draw(st.integers(0, n - 1))
    end = data.draw(st.integers(begin + 1, n))
    chunks = Chunks(is_of_closes=True)
    known = data.draw(st.integers(1, n))
    chunks.rebuild(rows[:known])
    chunks.append(rows)
    part = rows[begin:end]
    assert chunks.extent(rows, begin, end) == (part[:, 3].min(), part[:, 3].max(), part[:, 4].max())
