"""Limits hold for any sequence of wishes to speak."""

from __future__ import annotations

import itertools
import math

from hypothesis import given, settings
from hypothesis import strategies as st

from core.feed.limiter import Arrivals, Slot, TokenBucket, Window

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
@given(
    st.integers(1, 6),
    st.lists(st.tuples(st.floats(0.0, 1.5), st.floats(0.0, 1.9), st.floats(0.0, 1.0), st.booleans()), max_size=120),
)
def test_no_span_sees_more_arrive_however_long_each_is_on_its_way(
    limit: int, requests: list[tuple[float, float, float, bool]]
) -> None:
    # each request: how long after the one before it is wanted, how long it takes, at which part of that it arrives,
    # and whether its answer comes back
    arrivals, now, arrived = Arrivals(limit), 0.0, []
    under_way: list[tuple[float, Slot]] = []

    def answer(until: float) -> None:
        for at, slot in [one for one in sorted(under_way, key=lambda one: one[0]) if one[0] <= until]:
            arrivals.leave(slot, at)
            under_way.remove((at, slot))

    for gap, takes_s, part, is_answered in requests:
        now += gap
        answer(now)
        while (at := arrivals.ready_at(now)) > now:
            now = min([at, *(when for when, _ in under_way)])
            answer(now)
        slot = arrivals.enter(now)
        arrived.append(now + takes_s * part)
        if is_answered:
            under_way.append((now + takes_s, slot))
    assert most_within(sorted(arrived), 1.0) <= limit


def test_requests_that_are_answered_at_once_use_the_limit_up() -> None:
    arrivals, now, went = Arrivals(5), 0.0, []
    while now < 30.0:
        now = arrivals.ready_at(now)
        arrivals.leave(arrivals.enter(now), now)
        went.append(now)
    assert len(went) / 30.0 > 4.5


def test_an_answer_a_second_time_does_not_move_the_first() -> None:
    arrivals = Arrivals(1, span_s=1.0)
    slot = arrivals.enter(0.0)
    arrivals.leave(slot, 0.5)
    arrivals.leave(slot, 1.4)
    assert arrivals.ready_at(1.0) == 1.5


@settings(deadline=None)
@given(st.integers(1, 5), st.lists(st.tuples(st.floats(0.0, 2.0), st.booleans()), max_size=60))
def test_nothing_goes_during_a_block(limit: int, play: list[tuple[float, bool]]) -> None:
    arrivals, now, blocked = Arrivals(limit), 0.0, -math.inf
    for gap, is_block in play:
        now += gap
        if is_block:
            arrivals.block(now + 1.5)
            arrivals.block(now + 0.5)  # a shorter one does not end the longer
            blocked = now + 1.5
        at = arrivals.ready_at(now)
        assert at >= max(now, blocked)
        arrivals.leave(arrivals.enter(at), at)
        now = at
