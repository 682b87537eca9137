"""What is found, once, and what is not."""

from __future__ import annotations

from itertools import pairwise
from math import isnan, nan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.calc.detect import Detectors, Edge, Orders, Reading, top
from core.calc.unusual import (
    BIG_ORDER,
    DAY_MOVE,
    FAST_MOVE,
    KINDS,
    NEW_HIGH,
    NEW_LOW,
    VOLUME_SPIKE,
    WIDE_SPREAD,
    Finding,
    Thresholds,
)

NOW_MS = 1_790_000_000_000


def passed(values: list[float], threshold: float = 10.0) -> list[int]:
    """The places in a history of one value at which it is found."""
    edge = Edge()
    edge.resize([-1])
    return [i for i, value in enumerate(values) if edge.passed(np.array([value]), threshold)]


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ([1, 9, 10, 11, 12], [2]),
        ([12, 13, 14], []),  # beyond it when first seen: no news
        ([9, 10], [1]),  # near it when first seen
        ([12, 7, 12], [2]),
        ([1, 10, 9, 10, 9, 10], [1]),  # flickers about the threshold
        ([1, 10, 7.9, 10], [1, 3]),
        ([nan, nan, 12, 13], []),
        ([1, nan, 12], [2]),
        ([1, 12, nan, 12], [1]),
    ],
)
def test_an_edge_is_passed_once(values: list[float], found: list[int]) -> None:
    assert passed(values) == found


@given(st.lists(st.floats(0, 30) | st.just(nan), max_size=60))
def test_between_two_findings_the_value_was_well_below(values: list[float]) -> None:
    found = passed(values)
    for at in found:
        assert values[at] >= 10.0
    for a, b in pairwise(found):
        assert min(v for v in values[a:b] if not isnan(v)) < 8.0
    known = [v for v in values if not isnan(v)]
    if known and known[0] < 10.0 and max(known) >= 10.0:
        assert found, "a rise was missed"


def test_columns_that_stay_keep_whether_they_are_armed() -> None:
    edge = Edge()
    edge.resize([-1, -1])
    edge.passed(np.array([1.0, 12.0]), 10.0)
    edge.resize([1, -1, 0])
    assert edge.passed(np.array([12.0, 12.0, 12.0]), 10.0) == [2]


def reading(n: int = 1, **values: float) -> Reading:
    known = {name: np.full(n, float(values.get(name, nan))) for name in Reading._fields}
    return Reading(**known)


def found(*readings: Reading, thresholds: Thresholds | None = None) -> list[Finding]:
    detectors = Detectors(thresholds)
    detectors.resize(["KRW-BTC"])
    return [f for i, r in enumerate(readings) for f in detectors.look(r, NOW_MS + i * 1_000)]


def test_a_day_move_is_found_in_both_ways() -> None:
    up = found(reading(price=1, day_change=0.04), reading(price=2, day_change=0.051))
    assert [(f.kind, f.way, f.value, f.price) for f in up] == [(DAY_MOVE, 1, 0.051, 2.0)]
    down = found(reading(price=1, day_change=0.0), reading(price=2, day_change=-0.07))
    assert [(f.kind, f.way, f.value) for f in down] == [(DAY_MOVE, -1, -0.07)]


def test_a_fast_move_needs_a_window_that_is_known() -> None:
    assert not found(reading(price=1), reading(price=2))
    moved = found(reading(price=1, change=0.0), reading(price=2, change=-0.05))
    assert [(f.kind, f.way) for f in moved] == [(FAST_MOVE, -1)]


def test_a_spike_is_against_the_markets_own_hour_and_worth_something() -> None:
    calm = reading(price=1, minute=1e6, usual_minute=1e6, change=0.01)
    (spike,) = found(calm, reading(price=1, minute=60e6, usual_minute=2e6, change=0.01))
    assert (spike.kind, spike.value, spike.way) == (VOLUME_SPIKE, 30.0, 1)
    assert not found(calm, reading(price=1, minute=40e6, usual_minute=1e3, change=0.01)), "nobody can trade that"


def test_a_spike_after_an_hour_without_a_trade_is_a_number() -> None:
    (spike,) = found(
        reading(price=1, minute=0.0, usual_minute=0.0, change=0.0),
        reading(price=1, minute=60e6, usual_minute=0.0, change=0.01),
    )
    assert (spike.kind, spike.value) == (VOLUME_SPIKE, 120.0), "against a hundredth of what counts as one at all"


def test_a_new_high_is_above_the_old_one_not_at_it() -> None:
    before = reading(price=99.0, high=100.0, low=50.0)
    assert not found(before, reading(price=100.0, high=100.0, low=50.0))
    (high,) = found(before, reading(price=100.1, high=100.0, low=50.0), reading(price=101.0, high=100.0, low=50.0))
    assert (high.kind, high.value) == (NEW_HIGH, 100.1)
    (low,) = found(before, reading(price=49.0, high=100.0, low=50.0))
    assert (low.kind, low.way) == (NEW_LOW, -1)


def test_a_spread_is_wide_against_its_own_usual_width() -> None:
    usual = [reading(price=1, spread=0.001)] * 30
    (wide,) = found(*usual, reading(price=1, spread=0.005))
    assert (wide.kind, wide.value) == (WIDE_SPREAD, 0.005)
    assert not found(*[reading(price=1, spread=0.0001)] * 30, reading(price=1, spread=0.0005)), "four times nothing"
    slow = [reading(price=1, spread=0.001 + i * 0.00001) for i in range(400)]
    assert not found(*slow), "it grew used to it"


def test_a_detector_that_is_off_finds_nothing() -> None:
    off = Thresholds(day_move=0, fast_move=0, spike=0, extreme_days=0, spread=0)
    calm = reading(price=1, day_change=0, change=0, minute=1e6, usual_minute=1e6, high=9, low=0.5, spread=0.001)
    wild = reading(price=10, day_change=1, change=1, minute=1e9, usual_minute=1e6, high=9, low=0.5, spread=0.1)
    assert not found(calm, wild, thresholds=off)
    assert {f.kind for f in found(calm, wild)} >= {DAY_MOVE, FAST_MOVE, VOLUME_SPIKE, NEW_HIGH, WIDE_SPREAD}
    assert {DAY_MOVE, BIG_ORDER} <= set(KINDS)


def test_another_threshold_makes_no_news_of_what_is_so_already() -> None:
    detectors = Detectors()
    detectors.resize(["KRW-BTC"])
    detectors.look(reading(price=1, day_change=0.04), NOW_MS)
    detectors.set_thresholds(Thresholds(day_move=0.03))
    assert not detectors.look(reading(price=1, day_change=0.041), NOW_MS)
    assert not detectors.look(reading(price=1, day_change=0.01), NOW_MS)
    assert detectors.look(reading(price=1, day_change=0.031), NOW_MS)


def test_the_prints_of_one_order_count_together_and_once() -> None:
    orders = Orders()
    told = [orders.take("KRW-BTC", 1, True, 40.0, 100.0) for _ in range(5)]
    assert told == [0.0, 0.0, 120.0, 0.0, 0.0]
    assert orders.take("KRW-BTC", 1, False, 120.0, 100.0) == 120.0, "the other side is another order"
    assert orders.take("KRW-ETH", 1, True, 40.0, 100.0) == 0.0
    assert orders.take("KRW-BTC", 2, True, 99.0, 100.0) == 0.0
    orders.keep(["KRW-ETH"])
    assert orders.take("KRW-BTC", 2, True, 99.0, 100.0) == 0.0
    assert orders.take("KRW-BTC", 2, True, 9e9, 0.0) == 0.0, "off"


TURNOVER = st.dictionaries(st.text("ABCDEFGHIJKLMNOP", min_size=1, max_size=1), st.floats(0, 100) | st.just(nan))


@given(st.lists(TURNOVER, min_size=1, max_size=8), st.integers(1, 6), st.integers(0, 3))
def test_the_top_is_the_ranking_but_for_its_edge(history: list[dict[str, float]], count: int, margin: int) -> None:
    kept: frozenset[str] = frozenset()
    for turnover in history:
        kept = top(turnover, kept, count, margin)
        order = sorted(turnover, key=lambda m: (-turnover[m] if turnover[m] == turnover[m] else np.inf, m))
        assert len(kept) == min(count, len(order))
        assert set(order[: max(count - margin, 0)]) <= kept
        assert kept <= set(order[: count + margin])


@given(TURNOVER, st.integers(1, 6), st.integers(0, 3))
def test_a_ranking_that_stays_changes_nothing(turnover: dict[str, float], count: int, margin: int) -> None:
    first = top(turnover, frozenset(), count, margin)
    assert top(turnover, first, count, margin) == first
