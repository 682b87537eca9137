"""How long to wait, and what a failure is called."""

from __future__ import annotations

import random
import socket
import ssl

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosedError, InvalidHandshake, InvalidProxy, InvalidStatus
from websockets.http11 import Response

from core.errors import AuthError, FeedError, RateLimitError, RefusedError, UnreachableError
from core.feed.backoff import Backoff, name_failure, name_status

DOWN = UnreachableError("refused")


@settings(deadline=None)
@given(st.integers(0, 2**32), st.lists(st.booleans(), max_size=40))
def test_waits_double_with_equal_jitter_up_to_a_bound(seed: int, watched: list[bool]) -> None:
    backoff = Backoff(random.Random(seed))
    for tries, is_watched in enumerate(watched):
        whole = min(0.5 * 2**tries, 3.0 if is_watched else 30.0)
        assert whole / 2 <= backoff.next_s(DOWN, is_watched) <= whole
    backoff.reset()
    assert backoff.next_s(DOWN, True) <= 0.5


def test_two_clients_do_not_come_in_step() -> None:
    waits = {Backoff().next_s(DOWN, True) for _ in range(20)}
    assert len(waits) > 10


def test_a_limit_is_obeyed_to_the_second_and_a_ban_doubles() -> None:
    backoff = Backoff()
    assert backoff.next_s(RateLimitError("x", status=429, retry_after_s=7.0), True) == 7.0
    bans = [backoff.next_s(RateLimitError("x", status=418, retry_after_s=60.0), True) for _ in range(40)]
    assert bans[:4] == [60.0, 120.0, 240.0, 480.0]
    assert max(bans) <= 3_840.0 + 1e-9  # and does not grow out of sight
    assert backoff.next_s(RateLimitError("x", status=418, retry_after_s=9_000.0), True) == 9_000.0
    backoff.reset()
    assert backoff.next_s(RateLimitError("x", status=418, retry_after_s=60.0), True) == 60.0


def refused(status: int, **headers: str) -> InvalidStatus:
    return InvalidStatus(Response(status, "no", Headers(headers)))


@pytest.mark.parametrize(
    ("why", "kind", "told"),
    [
        (refused(401), AuthError, "401"),
        (refused(403), AuthError, "403"),
        (refused(404), RefusedError, "404"),
        (refused(429), RateLimitError, "429"),
        (refused(418), RateLimitError, "418"),
        (refused(503), UnreachableError, "server"),
        (TimeoutError(), UnreachableError, "timeout"),
        (socket.gaierror(-2, "Name or service not known"), UnreachableError, "dns"),
        (ssl.SSLCertVerificationError(1, "certificate verify failed"), UnreachableError, "tls"),
        (ConnectionRefusedError(), UnreachableError, "refused"),
        (OSError(101, "Network is unreachable"), UnreachableError, "network"),
        (InvalidProxy("http://x:y", "port"), UnreachableError, "proxy"),
        (ConnectionClosedError(None, None), UnreachableError, "closed"),
        (InvalidHandshake(), UnreachableError, "closed"),
        (EOFError(), UnreachableError, "closed"),
    ],
)
def test_every_way_to_fail_has_its_name(why: BaseException, kind: type[FeedError], told: str) -> None:
    failure = name_failure(why)
    assert type(failure) is kind
    assert (failure.cause if isinstance(failure, UnreachableError) else failure.name) == told  # type: ignore[attr-defined]


def test_a_bug_is_no_failure_of_the_network() -> None:
    with pytest.raises(ZeroDivisionError):
        name_failure(ZeroDivisionError())


def test_the_time_to_wait_is_the_servers() -> None:
    told = name_status(429, {"Retry-After": "17"})
    assert isinstance(told, RateLimitError)
    assert told.retry_after_s == 17.0
    for odd in ("", "soon", "²", "9" * 400, "Wed, 21 Oct 2026 07:28:00 GMT"):
        error = name_status(429, {"Retry-After": odd})
        assert isinstance(error, RateLimitError)
        assert 1.0 <= error.retry_after_s <= 86_400.0
    ban = name_status(418, {})
    assert isinstance(ban, RateLimitError)
    assert ban.retry_after_s == 60.0
    assert name_status(418, {}, "120초 후 다시".encode()).retry_after_s == 120.0  # type: ignore[attr-defined]


def test_a_refused_handshake_is_about_who_we_are() -> None:
    for status in (401, 403):
        assert isinstance(name_status(status, {}), AuthError)
    assert isinstance(name_status(503, {}), UnreachableError)
    assert type(name_status(404, {})) is RefusedError
