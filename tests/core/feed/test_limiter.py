"""Limits hold for any sequence of wishes to speak."""

from __future__ import annotations

import itertools
import math

from hypothesis import given, settings
from hypothesis import strategies as st

from core.feed.limiter import TokenBucket, Window

EPS = 1e-6
waits = st.lists(st.one_of(st.just(0.0), st.floats(0.0, 2.0), st.floats(0.0, 90.0)), max_size=400)


def most_within(times: list[float], span: float) -> int:
    """Return the most of ascending `times` in any half-open span."""
    most = first = 0
    for i, at in enumerate(times):
        while at - times[first] >= span - EPS:
            first += 1
        most = max(most, i - first + 1)
    return most


@settings(deadline=None)
@given(waits, st.floats(0.0, 1e6))
def test_a_socket_never_speaks_too_often(gaps: list[float], now: float) -> None:
    bucket, spoken = TokenBucket(), []
    for gap in gaps:
        now += gap
        assert 0 <= bucket.left(now) <= 5
        at = bucket.ready_at(now)
        assert at >= now
        assert at - now <= 0.65 + EPS  # the newest wish goes out within one refill
        bucket.take(at)
        spoken.append(now := at)
    assert all(b - a >= 0.2 for a, b in itertools.pairwise(spoken))
    assert most_within(spoken, 1.0) <= 5
    assert most_within(spoken, 60.0) <= 98


def test_whoever_always_has_something_to_say_uses_the_limit_up() -> None:
    bucket, now, spoken = TokenBucket(), 0.0, []
    while now < 60.0:
        now = bucket.ready_at(now)
        bucket.take(now)
        spoken.append(now)
    assert 95 <= most_within(spoken, 60.0) <= 98


def test_a_full_bucket_speaks_at_once() -> None:
    bucket = TokenBucket()
    assert bucket.ready_at(100.0) == 100.0
    assert bucket.left(100.0) == 5
    bucket.take(100.0)
    assert bucket.ready_at(100.5) == 100.5


@settings(deadline=None)
@given(st.integers(1, 12), st.floats(0.1, 5.0), st.lists(st.floats(0.0, 3.0), max_size=200))
def test_a_window_is_never_passed(limit: int, span: float, gaps: list[float]) -> None:
    window, now, went = Window(limit, span), 0.0, []
    for gap in gaps:
        now += gap
        at = window.book(now)
        assert at >= now
        went.append(at)
    assert went == sorted(went)
    assert most_within(went, span) <= limit


@settings(deadline=None)
@given(st.integers(1, 5), st.lists(st.tuples(st.floats(0.0, 2.0), st.booleans()), max_size=60))
def test_nothing_goes_during_a_block(limit: int, play: list[tuple[float, bool]]) -> None:
    window, now, blocked = Window(limit), 0.0, -math.inf
    for gap, is_block in play:
        now += gap
        if is_block:
            window.block(now + 1.5)
            window.block(now + 0.5)  # a shorter one does not end the longer
            blocked = now + 1.5
        assert window.ready_at(now) >= blocked
        assert window.book(now) >= max(now, blocked)
