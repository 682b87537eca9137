"""Ticks stand at round prices and times of the Korean calendar, and never too close."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.market import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, Interval
from widgets.plot.ticks import countdown_text, moment_text, nice_step, price_ticks, time_ticks
from widgets.zone import Zone

KST = timezone(timedelta(hours=9))


def ms(*parts: int) -> int:
    """Return the epoch of a Korean wall clock time."""
    return int(datetime(*parts, tzinfo=KST).timestamp() * 1000)  # type: ignore[misc,arg-type]


# Prices.


@given(least=st.floats(1e-9, 1e12))
def test_a_nice_step_is_1_2_or_5_and_the_next_one_up(least: float) -> None:
    step = nice_step(least)
    digit = step / 10 ** math.floor(math.log10(step) + 1e-6)
    assert min(abs(digit - d) for d in (1, 2, 5)) < 1e-6
    assert least * (1 - 1e-6) <= step <= least * 2.5 * (1 + 1e-6)


@given(low=st.floats(0, 1e9), height=st.floats(1e-6, 1e9), most=st.integers(1, 30))
def test_price_ticks_are_round_inside_and_not_too_many(low: float, height: float, most: int) -> None:
    assume(height > low * 1e-9)
    step, ticks = price_ticks(low, low + height, most)
    assert len(ticks) <= most + 1
    assert np.all((ticks >= low - step * 1e-6) & (ticks <= low + height + step * 1e-6))
    assert np.allclose(ticks / step, np.rint(ticks / step), atol=1e-6)
    assert np.allclose(np.diff(ticks), step)


def test_price_ticks_of_everyday_ranges() -> None:
    step, ticks = price_ticks(139_020_000, 139_290_000, 6, 1_000)
    assert step == 50_000
    assert ticks.tolist() == [139_050_000, 139_100_000, 139_150_000, 139_200_000, 139_250_000]
    step, ticks = price_ticks(0.0312, 0.0388, 5, 1e-8)
    assert ticks.tolist() == pytest.approx([0.032, 0.034, 0.036, 0.038])


@given(low=st.integers(1, 10**6), levels=st.integers(1, 8), tick=st.sampled_from([1e-8, 0.01, 1.0, 5.0, 1_000.0]))
def test_no_price_tick_stands_between_two_prices_of_the_market(low: int, levels: int, tick: float) -> None:
    step, ticks = price_ticks(low * tick, (low + levels) * tick, 20, tick)
    assert step >= tick * (1 - 1e-9)
    assert np.allclose(ticks / tick, np.rint(ticks / tick), atol=1e-4)


# Times.


def starts(begin_ms: int, length_ms: int, n: int, *, every: int = 1) -> np.ndarray:
    return begin_ms + np.arange(0, n * every, every, dtype=np.int64) * length_ms


@given(
    interval=st.sampled_from([i for i in Interval if i not in (Interval.W1, Interval.MONTH)]),
    begin=st.integers(1_500_000_000, 1_900_000_000),
    n=st.integers(1, 3_000),
    every=st.integers(1, 4),
    left=st.floats(-500, 2_900),
    span=st.floats(8, 4_000),
    most=st.integers(1, 20),
)
def test_time_ticks_are_in_view_ascending_and_far_enough_apart(
    interval: Interval, begin: int, n: int, every: int, left: float, span: float, most: int
) -> None:
    length = interval.length_ms
    bars = starts(interval.floor(begin * 1000), length, n, every=every)
    ticks = time_ticks(bars, left, left + span, length, most)
    xs = [t.x for t in ticks]
    assert all(left <= x <= left + span for x in xs)
    assert all(b - a >= span / most * 0.75 for a, b in pairwise(xs)), "labels would overlap"
    assert all(t.text for t in ticks)


def test_a_day_begins_at_midnight_in_korea() -> None:
    bars = starts(ms(2026, 9, 26, 18, 0), 15 * MINUTE_MS, 60)
    ticks = time_ticks(bars, 0, 59, 15 * MINUTE_MS, 6)
    assert [t.text for t in ticks] == ["18:00", "21:00", "09/27", "03:00", "06:00"]
    day = ticks[2]
    assert (int(bars[int(day.x)]), day.rank) == (ms(2026, 9, 27), 1)


def zone_named(name: str) -> Zone:
    """Return a zone by its rules in the system's table, or skip where there is none."""
    try:
        return Zone(ZoneInfo(name))
    except ZoneInfoNotFoundError:
        pytest.skip("this system knows no time zones")


@given(
    tz=st.sampled_from(["America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Seoul"]),
    interval=st.sampled_from([i for i in Interval if i.length_ms <= 30 * MINUTE_MS]),
    begin=st.integers(1_500_000_000, 1_900_000_000),
    n=st.integers(1, 3_000),
    left=st.floats(-500, 2_900),
    span=st.floats(8, 4_000),
    most=st.integers(1, 20),
)
def test_ticks_of_any_zone_ascend_and_stand_at_its_round_times(
    tz: str, interval: Interval, begin: int, n: int, left: float, span: float, most: int
) -> None:
    length = interval.length_ms
    bars = starts(interval.floor(begin * 1000), length, n)
    ticks = time_ticks(bars, left, left + span, length, most, zone_named(tz))
    assert all(b.x - a.x >= span / most * 0.75 for a, b in pairwise(ticks))
    for tick in ticks:
        moment = int(bars[0]) + tick.x * length  # bars without a gap
        there = datetime.fromtimestamp(moment / 1000, ZoneInfo(tz))
        if tick.text.count(":"):
            assert there.strftime("%H:%M:%S").startswith(tick.text)
        if 0 < tick.x <= n - 1:
            # Bars of these lengths stand on each quarter or half of an hour, so on each round time of the zone.
            step = min(max(length, SECOND_MS), 30 * MINUTE_MS)
            assert (there.minute * 60 + there.second) * 1000 % step == 0


def test_a_day_begins_at_midnight_of_the_zone_shown() -> None:
    bars = starts(ms(2026, 9, 26, 18, 0), 15 * MINUTE_MS, 96)
    days = [t for t in time_ticks(bars, 0, 95, 15 * MINUTE_MS, 8, zone_named("Asia/Kolkata")) if t.rank]
    assert [(int(bars[int(t.x)]), t.text) for t in days] == [(ms(2026, 9, 27, 3, 30), "09/27")]


def test_clocks_that_go_back_say_an_hour_twice_and_clocks_that_go_on_skip_one() -> None:
    autumn = int(datetime(2026, 11, 1, 3, 30, tzinfo=UTC).timestamp() * 1000)  # 23:30 in New York
    bars = starts(autumn, 30 * MINUTE_MS, 9)
    texts = [t.text for t in time_ticks(bars, 0, 8, 30 * MINUTE_MS, 9, zone_named("America/New_York"))]
    assert texts == ["23:30", "11/01", "00:30", "01:00", "01:30", "01:00", "01:30", "02:00", "02:30"]
    spring = int(datetime(2026, 3, 8, 6, 0, tzinfo=UTC).timestamp() * 1000)  # 01:00
    bars = starts(spring, 30 * MINUTE_MS, 4)
    assert [t.text for t in time_ticks(bars, 0, 3, 30 * MINUTE_MS, 4, zone_named("America/New_York"))][1:] == [
        "01:30",
        "03:00",
        "03:30",
    ]


def test_bars_of_a_day_keep_to_the_exchanges_calendar_in_any_zone() -> None:
    bars = starts(ms(2026, 9, 1, 9), DAY_MS, 40)
    assert time_ticks(bars, 0, 39, DAY_MS, 6, zone_named("America/New_York")) == time_ticks(bars, 0, 39, DAY_MS, 6)
    assert moment_text(int(bars[0]), DAY_MS, zone_named("America/New_York")) == "2026-09-01"
    assert moment_text(int(bars[0]), HOUR_MS, zone_named("America/New_York")) == "2026-08-31 20:00"


def test_a_new_year_and_a_new_month_are_named_on_days() -> None:
    bars = starts(ms(2025, 11, 20, 9), DAY_MS, 80)
    texts = [t.text for t in time_ticks(bars, 0, 79, DAY_MS, 6)]
    assert "2026" in texts
    assert "2025/12" in texts


def test_bars_of_a_second_are_ticked_to_the_second() -> None:
    bars = starts(ms(2026, 9, 27, 12, 0), SECOND_MS, 60)
    assert [t.text for t in time_ticks(bars, 0, 59, SECOND_MS, 6)] == [
        "12:00",
        "12:00:10",
        "12:00:20",
        "12:00:30",
        "12:00:40",
        "12:00:50",
    ]


def test_time_goes_on_right_of_the_last_bar() -> None:
    bars = starts(ms(2026, 9, 27, 12, 0), MINUTE_MS, 31)
    ticks = time_ticks(bars, 0, 60, MINUTE_MS, 4)
    assert [(t.x, t.text) for t in ticks] == [(0, "12:00"), (15, "12:15"), (30, "12:30"), (45, "12:45"), (60, "13:00")]


def test_there_is_no_tick_left_of_the_first_bar() -> None:
    bars = starts(ms(2026, 9, 27, 12, 0), MINUTE_MS, 30)
    assert all(t.x >= 0 for t in time_ticks(bars, -100, 30, MINUTE_MS, 10))
    assert time_ticks(bars, -100, -1, MINUTE_MS, 10) == []
    assert time_ticks(np.empty(0, np.int64), 0, 100, MINUTE_MS, 10) == []


def test_ticks_stay_on_their_bars_when_the_chart_moves() -> None:
    bars = starts(ms(2026, 9, 20, 12, 7), MINUTE_MS, 5_000)
    seen = {t.x for left in range(1_000, 1_200, 7) for t in time_ticks(bars, left, left + 300, MINUTE_MS, 8)}
    assert {int(bars[int(x)]) % (HOUR_MS) for x in seen} == {0}, "full hours, whatever is in view"


@given(time=st.integers(0, 4_000_000_000_000))
def test_the_moment_under_the_crosshair_is_korean_time(time: int) -> None:
    moment = datetime.fromtimestamp(time / 1000, UTC).astimezone(KST)
    assert moment_text(time, MINUTE_MS) == moment.strftime("%Y-%m-%d %H:%M")
    assert moment_text(time, SECOND_MS) == moment.strftime("%Y-%m-%d %H:%M:%S")
    assert moment_text(time, DAY_MS) == moment.strftime("%Y-%m-%d")


@pytest.mark.parametrize(
    ("left", "text"),
    [
        (0, "00:00"),
        (-5, "00:00"),
        (1, "00:01"),
        (42_000, "00:42"),
        (59_999, "01:00"),
        (3 * HOUR_MS + 5 * MINUTE_MS + 9_000, "3:05:09"),
        (2 * DAY_MS + 4 * HOUR_MS, "2d 04:00"),
    ],
)
def test_the_countdown(left: int, text: str) -> None:
    assert countdown_text(left) == text
