"""How long to wait before the next try, and what a failure is called. No I/O."""

from __future__ import annotations

import random
import socket
import ssl
from collections.abc import Mapping

from websockets.exceptions import InvalidProxy, InvalidStatus, ProxyError, WebSocketException

from core.errors import AuthError, FeedError, RateLimitError, RefusedError, UnreachableError
from core.wire import rest

# The ways in which a connection fails; anything else is a bug and is not retried.
CONNECT_ERRORS = (FeedError, OSError, TimeoutError, EOFError, WebSocketException)

FIRST_S = 0.5
MOST_WATCHED_S = 3.0  # while somebody looks at a pane that waits
MOST_S = 30.0
BAN_S = 60.0  # a 418 that names no time
_MOST_DOUBLINGS = 6  # of a ban: about an hour


class Backoff:
    """Equal jitter: half of the growing wait is certain, half is chance, so that clients do not come in step."""

    def __init__(self, rng: random.Random | None = None) -> None:
        self._rng = rng or random.Random()
        self._tries = 0
        self._bans = 0

    def reset(self) -> None:
        """Data came: the next failure is a first one."""
        self._tries = 0
        self._bans = 0

    def next_s(self, failure: FeedError, is_watched: bool) -> float:
        """Return the seconds to wait after `failure`."""
        if isinstance(failure, RateLimitError):
            if failure.status != 418:
                return failure.retry_after_s
            self._bans += 1
            return max(failure.retry_after_s, BAN_S * 2.0 ** min(self._bans - 1, _MOST_DOUBLINGS))
        most = MOST_WATCHED_S if is_watched else MOST_S
        wait = min(FIRST_S * 2.0 ** min(self._tries, 10), most)
        self._tries += 1
        return wait / 2 + self._rng.random() * wait / 2


def name_failure(why: BaseException) -> FeedError:
    """Return what went wrong in our words.

    Raises:
        BaseException: `why` itself, if it is none of the ways in which a connection fails.
    """
    if isinstance(why, FeedError):
        return why
    if isinstance(why, InvalidStatus):
        answer = why.response
        return name_status(answer.status_code, answer.headers, bytes(answer.body or b""))
    if isinstance(why, InvalidProxy):
        return UnreachableError("proxy", why.msg)  # its whole text has the proxy's address, perhaps with a login
    if isinstance(why, ProxyError):
        return UnreachableError("proxy", str(why))
    if isinstance(why, TimeoutError):
        return UnreachableError("timeout", "no answer in time")
    if isinstance(why, socket.gaierror):
        return UnreachableError("dns", str(why.strerror or why))
    if isinstance(why, ssl.SSLError):
        return UnreachableError("tls", str(getattr(why, "reason", None) or why))
    if isinstance(why, ConnectionRefusedError):
        return UnreachableError("refused", "nothing listens there")
    if isinstance(why, OSError):
        return UnreachableError("network", str(why.strerror or why))
    if isinstance(why, EOFError | WebSocketException):
        return UnreachableError("closed", str(why))
    raise why


def name_status(status: int, headers: Mapping[str, str], body: bytes = b"") -> FeedError:
    """Return what a refused handshake means: the same as by REST, but a 403 is about who we are, not what we ask."""
    if status >= 500:
        return UnreachableError("server", f"HTTP {status}")
    why = rest.refusal(status, headers, body)
    if status == 403 and isinstance(why, RefusedError):
        return AuthError(why.name, why.message, status)
    return why
