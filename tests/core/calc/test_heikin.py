"""Averaged bars: worked out by hand, and the same whether made at once or bar by bar."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from core.calc.heikin import HeikinAshi, averaged

F64 = NDArray[np.float64]


def bars(count: int, seed: int, price: float = 90e6) -> F64:
    chance = np.random.default_rng(seed)
    made = np.empty((count, 5))
    made[:, 3] = price * np.exp(chance.normal(0, 0.01, count).cumsum())
    made[:, 0] = made[:, 3] * np.exp(chance.normal(0, 0.005, count))
    made[:, 1] = made[:, (0, 3)].max(axis=1) * (1 + chance.uniform(0, 0.002, count))
    made[:, 2] = made[:, (0, 3)].min(axis=1) * (1 - chance.uniform(0, 0.002, count))
    made[:, 4] = chance.uniform(0.001, 9, count)
    is_empty = chance.uniform(size=count) < 0.2 * (seed % 3)  # of some there are none
    made[is_empty, 4] = 0.0
    made[is_empty, :3] = made[is_empty, 3:4]
    return made


def one_by_one(rows: F64) -> F64:
    """Return what the definition says, bar after bar."""
    made: list[tuple[float, ...]] = []
    last: tuple[float, ...] = ()
    for o, h, low, c, v in rows.tolist():
        if not v:
            made.append((o, h, low, c, v))
            continue
        begin = (last[0] + last[3]) / 2 if last else (o + c) / 2
        mean = (o + h + low + c) / 4
        last = begin, max(h, begin, mean), min(low, begin, mean), mean, v
        made.append(last)
    return np.array(made).reshape(-1, 5)


def test_by_hand() -> None:
    made = averaged(np.array([[10.0, 14, 8, 12, 1], [12, 20, 12, 16, 2], [16, 16, 9, 10, 3]]))
    assert made.tolist() == [[11, 14, 8, 11, 1], [11, 20, 11, 15, 2], [13, 16, 9, 12.75, 3]]


@given(count=st.integers(0, 400), seed=st.integers(0, 2**31))
def test_a_whole_pass_is_what_the_definition_says(count: int, seed: int) -> None:
    rows = bars(count, seed)
    np.testing.assert_allclose(averaged(rows), one_by_one(rows), rtol=1e-12)


@given(
    begin=st.integers(0, 120),
    steps=st.lists(st.tuples(st.sampled_from(["last", "append", "many", "rebuild"]), st.integers(1, 5)), max_size=25),
    seed=st.integers(0, 2**31),
)
def test_bar_by_bar_gives_what_a_whole_pass_gives(begin: int, steps: list[tuple[str, int]], seed: int) -> None:
    chance, rows = np.random.default_rng(seed), bars(3_000, seed)
    made, count = HeikinAshi(), begin
    made.rebuild(rows[:count])
    for kind, by in steps:
        if count:  # the last bar moves in any case, also before it closes
            close = rows[count - 1, 3] * (1 + chance.normal(0, 0.003))
            rows[count - 1, 1] = max(rows[count - 1, 1], close)
            rows[count - 1, 2] = min(rows[count - 1, 2], close)
            rows[count - 1, 3] = close
        if kind == "last":
            made.last(rows[:count])
        elif kind == "rebuild":
            made.rebuild(rows[:count])
        else:
            count += by if kind == "append" else by * 30
            made.append(rows[:count])
        np.testing.assert_allclose(made.rows, averaged(rows[:count]), rtol=1e-12)


@given(seed=st.integers(0, 2**31))
def test_what_is_long_ago_does_not_matter(seed: int) -> None:
    """Older bars that are put in front change the first ones by half, a quarter and so on, and no others."""
    rows = bars(300, seed - seed % 3)  # all with trades: what counts is bars, not rows
    part = averaged(rows[150:])
    np.testing.assert_allclose(part[60:], averaged(rows)[210:], rtol=1e-12)


def test_a_window_without_trades_is_no_bar() -> None:
    rows = np.array([[10.0, 14, 8, 12, 1], [12, 12, 12, 12, 0], [12, 20, 12, 16, 2]])
    assert averaged(rows).tolist() == [[11, 14, 8, 11, 1], [12, 12, 12, 12, 0], [11, 20, 11, 15, 2]]


def test_high_and_low_hold_the_body(seed: int = 7) -> None:
    made = averaged(bars(5_000, seed))
    assert np.all(made[:, 1] >= made[:, (0, 3)].max(axis=1))
    assert np.all(made[:, 2] <= made[:, (0, 3)].min(axis=1))


@pytest.mark.parametrize("count", [0, 1])
def test_none_and_one(count: int) -> None:
    made = HeikinAshi()
    made.append(bars(count, 1))
    made.last(bars(count, 1))
    assert made.rows.shape == (count, 5)
