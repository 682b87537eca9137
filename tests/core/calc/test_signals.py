"""What a series has just done, against the same worked out the slow way."""

from __future__ import annotations

import itertools
import math
import statistics

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.calc.signals import BACK, CALM, Band, Burst, Jump, Stand, Trend, deviation, growth, slope

Steps = list[tuple[int, float]]  # (ms since the one before, value)

prices = st.lists(st.tuples(st.integers(0, 4_000), st.sampled_from([97.0, 98.0, 99.0, 100.0, 101.0, 102.0])))


def slow_jumps(steps: Steps, move: float, span_ms: int) -> list[tuple[int, float]]:
    """Look back over every price that was in force within the window, since the last signal."""
    told, now, since = [], 0, 0
    path: list[tuple[int, float]] = []  # (from when, price)
    for after, price in steps:
        now += after
        path.append((now, price))
        in_force = [
            p
            for i, (_, p) in enumerate(path[:-1])
            if i >= since and path[i + 1][0] > now - span_ms  # until then it was in force
        ]
        if not in_force:
            continue
        up, down = price / min(in_force) - 1.0, price / max(in_force) - 1.0
        best = up if up >= -down else down
        if abs(best) >= move:
            told.append((now, best))
            since = len(path) - 1
    return told


@given(prices, st.sampled_from([0.0099, 0.0199, 0.03]), st.integers(1, 9_000))
def test_a_jump_is_a_move_from_any_price_that_was_in_force_in_the_window(
    steps: Steps, move: float, span_ms: int
) -> None:
    jump, now, told = Jump(move, span_ms), 0, []
    for after, price in steps:
        now += after
        if moved := jump.take(now, price):
            told.append((now, moved))
    wanted = slow_jumps(merged(steps), move, span_ms)  # a price that is repeated goes on being in force
    assert [t for t, _ in told] == [t for t, _ in wanted]
    assert [m for _, m in told] == pytest.approx([m for _, m in wanted])


def merged(steps: Steps) -> Steps:
    """Return the steps without those that repeat the price."""
    found: Steps = []
    waited = 0
    for after, price in steps:
        waited += after
        if not found or found[-1][1] != price:
            found.append((waited, price))
            waited = 0
    return found


def test_a_jump_after_a_long_silence_counts_from_the_price_that_stood() -> None:
    jump = Jump(0.01, 10_000)
    assert jump.take(0, 100.0) == 0.0
    assert jump.take(60_000, 102.0) == pytest.approx(0.02)
    assert jump.take(60_001, 102.5) == 0.0, "the next signal takes a move of its own"
    assert jump.take(60_002, 100.9) == pytest.approx(100.9 / 102.5 - 1.0)


def test_what_is_older_or_no_price_says_nothing() -> None:
    jump = Jump(0.01, 10_000)
    jump.take(1_000, 100.0)
    assert jump.take(999, 50.0) == 0.0
    assert jump.take(1_001, math.nan) == 0.0
    assert jump.take(1_002, 101.0) == pytest.approx(0.01)


trades = st.lists(
    st.tuples(st.integers(0, 2_500), st.sampled_from([1.0, 2.0, 50.0, 400.0]), st.booleans()), max_size=120
)


@given(trades, st.integers(1, 4), st.integers(8, 20), st.integers(1, 3))
def test_a_burst_is_the_turnover_of_the_last_seconds_against_the_ones_before(
    steps: list[tuple[int, float, bool]], span_s: int, norm_s: int, least: int
) -> None:
    begin_ms = 1_700
    burst = Burst(4.0, span_s, norm_s, least, begin_ms)
    now, taken, is_armed, before = begin_ms, [], False, -1
    for after, value, is_buy in steps:
        now += after
        second = now // 1_000
        told = burst.take(now, value, is_buy)

        def within(last: int, count: int) -> list[tuple[int, float, bool]]:
            return [t for t in taken if last - count < t[0] <= last]

        def ratio() -> float:
            norm = sum(v for _, v, _ in within(second - span_s, norm_s)) / norm_s * span_s  # noqa: B023
            return sum(v for _, v, _ in within(second, span_s)) / norm if norm else math.nan  # noqa: B023

        is_known = second - 2 >= span_s + norm_s  # the second that had begun already is not whole
        if second > max(before, 1) and is_known and not ratio() >= 4.0 * CALM:
            is_armed = True
        before = second
        if second >= 2:
            taken.append((second, value, is_buy))
        window = within(second, span_s)
        if is_known and is_armed and ratio() >= 4.0 and len(window) >= least:
            is_armed = False
            bought = sum(v if b else -v for _, v, b in window)
            assert told[0] == pytest.approx(ratio())
            assert told[1] == (1 if bought >= 0.0 else -1)
        else:
            assert told == (0.0, 0)


def test_a_burst_is_told_once_and_again_after_a_calm() -> None:
    burst = Burst(5.0, 2, 20, 3, 0)
    assert burst.ready_ms == 22_000
    told = []
    for second in range(60):
        loud = second in (5, 30, 31, 58)  # the first comes while the norm is not known
        for n in range(6 if loud else 1):
            ratio, side = burst.take(second * 1_000 + n, 4.0 if loud else 1.0, n % 3 != 0)
            if ratio:
                told.append((second, side))
    assert told == [(30, 1), (58, 1)]


def test_a_late_trade_counts_where_it_belongs() -> None:
    one, other = Burst(5.0, 2, 10, 1, 0), Burst(5.0, 2, 10, 1, 0)
    times = [s * 1_000 for s in range(20)]
    for time_ms in times:
        one.take(time_ms, 1.0, True)
    for time_ms in [*times[:12], *times[14:], *times[12:14]]:
        other.take(time_ms, 1.0, True)
    assert one.ratio() == other.ratio() == pytest.approx(1.0)


values = st.lists(
    st.tuples(st.integers(0, 3_000), st.sampled_from([math.nan, 0.0, 0.5, 0.79, 0.9, 1.0, 2.0, -0.9, -1.0, -3.0]))
)


@given(values, st.integers(0, 5_000))
def test_what_stands_beyond_its_limit_is_told_once(steps: Steps, hold_ms: int) -> None:
    stand, now = Stand(1.0, hold_ms), 0
    history: list[tuple[int, float]] = []
    told: list[tuple[int, int, int]] = []  # (how many values were known, when, side)
    for after, value in steps:
        if (side := stand.look(now + after // 2)) != 0:
            told.append((len(history), now + after // 2, side))
        now += after
        history.append((now, value))
        if side := stand.take(now, value):
            told.append((len(history), now, side))
    # Each has stood long enough on its side, and between two of one side the value was well back.
    for count, time_ms, side in told:
        first = count
        while first and history[first - 1][1] * side >= 1.0:
            first -= 1
        assert first < count
        assert time_ms - history[first][0] >= hold_ms
    for (a, _, side_a), (b, _, _) in itertools.pairwise(told):
        between = [v for _, v in history[a:b]]
        assert any(abs(v) < BACK or v * side_a <= -1.0 for v in between)


def test_what_stands_already_is_no_news_and_time_alone_tells() -> None:
    stand = Stand(1.0, 3_000)
    assert [stand.take(t, 2.0) for t in range(0, 9_000, 1_000)] == [0] * 9
    stand.take(9_000, 0.5)
    assert stand.take(10_000, 2.0) == 0
    assert stand.look(12_999) == 0
    assert stand.look(13_000) == 1
    assert stand.look(20_000) == 0
    assert stand.take(21_000, 0.9) == 0
    assert stand.take(22_000, 2.0) == stand.look(26_000) == 0, "it was not well back"


series = st.lists(st.floats(1.0, 1e6), min_size=3, max_size=60)


@given(series)
def test_deviation_slope_and_growth_are_those_of_statistics_and_numpy(values: list[float]) -> None:
    spread = statistics.pstdev(values)
    if spread > 1e-6 * statistics.fmean(values):
        assert deviation(values) == pytest.approx((values[-1] - statistics.fmean(values)) / spread, rel=1e-6)
    fitted = np.polyfit(np.arange(len(values)), values, 1)[0]
    scale = max(values)
    assert slope(values) == pytest.approx(fitted, rel=1e-6, abs=1e-7 * scale)
    line = statistics.linear_regression(range(len(values)), values)
    rise = line.slope * (len(values) - 1) / statistics.fmean(values)
    assert growth(values) == pytest.approx(rise, rel=1e-6, abs=1e-7)


def test_of_a_flat_series_nothing_can_be_said() -> None:
    assert math.isnan(deviation([5.0] * 20))
    assert math.isnan(growth([0.0, 0.0, 0.0]))
    assert growth([1.0, 2.0, 3.0]) == pytest.approx(1.0)


@given(st.lists(st.sampled_from([98.0, 99.0, 100.0, 101.0, 103.0, 110.0]), max_size=60), st.integers(5, 9))
def test_a_band_is_left_once_and_must_be_entered_again(closes: list[float], count: int) -> None:
    band, told, sides = Band(1.5, count), [], []
    for i, close in enumerate(closes):
        if out := band.take(close):
            told.append((i, out))
        last = closes[max(i - count + 1, 0) : i + 1]
        spread = statistics.pstdev(last)
        z = (close - statistics.fmean(last)) / spread if spread > 1e-9 else 0.0
        sides.append(0 if len(last) < count or abs(z) < 1.5 else math.copysign(1, z))
    wanted = [i for i in range(count, len(closes)) if sides[i] and sides[i] != sides[i - 1]]
    assert [i for i, _ in told] == wanted
    assert all(math.copysign(1, out) == sides[i] for i, out in told)


def test_a_growing_volume_is_told_once_with_the_way_of_the_price() -> None:
    trend = Trend(1.0, 4)
    told = []
    bars = [(100.0, 5.0)] * 6 + [(100.0 + i, 5.0 * 2**i) for i in range(1, 6)] + [(105.0, 5.0)] * 6
    bars += [(105.0 - i, 5.0 * 2**i) for i in range(1, 5)]
    for i, (close, volume) in enumerate(bars):
        grown, side = trend.take(close, volume)
        if side:
            last = [v for _, v in bars[i - 3 : i + 1]]
            line = np.polyval(np.polyfit(range(4), last, 1), [0, 3])
            assert grown == pytest.approx((line[1] - line[0]) / np.mean(last))
            told.append((i, side))
    assert [side for _, side in told] == [1, -1]


def test_what_grows_when_it_is_first_seen_is_no_news() -> None:
    trend = Trend(0.5, 3)
    assert [trend.take(100.0 + i, 2.0**i)[1] for i in range(8)] == [0] * 8
