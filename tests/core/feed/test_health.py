"""Each state a stream and a link can be in, told from counts and times alone."""

from __future__ import annotations

import math

from core.feed.health import FIRST_FRAME_DUE_S, Health, LinkHealth, LinkState, StreamState
from core.market import TICKER, TRADE, Stream

A = Stream(TRADE, "KRW-A")
B = Stream(TRADE, "KRW-B")


def health_with_link(state: LinkState = LinkState.OPEN) -> tuple[Health, LinkHealth, list[Stream]]:
    health, broken = Health(), []
    health.on_broken = lambda stream, _quiet_s: broken.append(stream)
    link = health.links[7] = LinkHealth(7)
    link.state = state
    return health, link, broken


def test_a_stream_from_the_wish_to_the_end() -> None:
    health, link, broken = health_with_link()
    assert health.state(A, 0.0) is StreamState.IDLE
    health.requested(7, {A, B}, now=10.0)
    assert health.state(A, 10.0) is StreamState.PENDING
    health.received(A, 11.0)
    assert health.state(A, 11.0) is StreamState.LIVE
    assert health.state(A, 5_000.0) is StreamState.LIVE  # a quiet market is healthy
    assert health.age_s(A, 12.5) == 1.5
    link.state = LinkState.WAITING
    health.lost(7)
    assert set(broken) == {A, B}
    assert health.state(A, 20.0) is StreamState.STALE
    assert health.state(B, 20.0) is StreamState.PENDING  # it never ran
    link.state = LinkState.OPEN
    health.requested(7, {A, B}, now=30.0)
    assert health.state(A, 30.0) is StreamState.STALE  # until its first frame
    health.received(A, 31.0)
    assert health.state(A, 31.0) is StreamState.LIVE
    health.closed(7)
    assert health.state(A, 31.0) is StreamState.IDLE
    assert not health.streams
    assert not health.links


def test_a_code_without_a_first_frame_is_flagged_only_while_the_link_is_up() -> None:
    health, link, _ = health_with_link()
    health.requested(7, {A}, now=10.0)
    late = 10.0 + FIRST_FRAME_DUE_S + 0.1
    assert health.is_healthy(10.0 + FIRST_FRAME_DUE_S)
    assert health.state(A, late) is StreamState.UNKNOWN
    assert not health.is_healthy(late)
    link.state = LinkState.CONNECTING
    assert health.state(A, late) is StreamState.PENDING
    link.state = LinkState.OPEN
    health.requested(7, {A}, now=late)  # said again, so it has time again
    assert health.state(A, late) is StreamState.PENDING


def test_a_kept_stream_stays_live_over_a_replace_and_a_dropped_one_is_forgotten() -> None:
    health, _, broken = health_with_link()
    health.requested(7, {A, B}, now=0.0)
    health.received(A, 1.0)
    health.received(B, 1.0)
    health.requested(7, {A}, now=2.0)
    assert health.state(A, 2.0) is StreamState.LIVE
    assert health.state(B, 2.0) is StreamState.IDLE
    assert broken == [B]
    health.received(B, 3.0)  # a late frame of the old symbol
    assert health.state(B, 3.0) is StreamState.IDLE


def test_a_stream_that_another_link_took_over_is_not_broken_by_the_first() -> None:
    health, _, broken = health_with_link()
    health.links[8] = LinkHealth(8)
    health.links[8].state = LinkState.OPEN
    health.requested(7, {A, B}, now=0.0)
    health.requested(8, {A}, now=1.0)
    health.requested(7, {B}, now=1.0)
    health.received(A, 2.0)
    assert broken == []
    assert health.state(A, 2.0) is StreamState.LIVE


def test_silence_makes_all_of_a_link_stale() -> None:
    health, link, _ = health_with_link()
    health.requested(7, {A}, now=0.0)
    health.received(A, 1.0)
    link.is_silent = True
    assert health.state(A, 9.0) is StreamState.STALE
    assert not health.is_healthy(9.0)


def test_trouble_tells_cause_and_countdown_and_is_none_while_up() -> None:
    health, link, _ = health_with_link(LinkState.CONNECTING)
    assert health.trouble(A, 0.0) is None
    link.state, link.cause, link.reason, link.retry_at = LinkState.WAITING, "dns", "no such host", 12.0
    health.requested(7, {A}, now=0.0)
    for stream in (A, Stream(TICKER, "KRW-Z")):  # one that never got as far as a request has the links' trouble
        trouble = health.trouble(stream, 10.0)
        assert trouble is not None
        assert (trouble.cause, trouble.reason, trouble.retry_in_s) == ("dns", "no such host", 2.0)
    assert not health.is_connected
    link.state = LinkState.OPEN
    assert health.is_connected
    assert health.trouble(A, 10.0) is None


def test_the_age_of_what_never_came_is_infinite() -> None:
    health, _, _ = health_with_link()
    assert health.age_s(A, 5.0) == math.inf
    health.requested(7, {A}, now=0.0)
    assert health.age_s(A, 5.0) == math.inf


def test_streams_are_bounded_by_what_is_wanted() -> None:
    health, _, _ = health_with_link()
    for i in range(1_000):
        health.requested(7, {Stream(TRADE, f"KRW-{i}")}, now=float(i))
    assert len(health.streams) == 1
