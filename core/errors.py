"""One tree of what can go wrong between us and an exchange, and with what we keep of it."""

from __future__ import annotations

from typing import Literal


class FeedError(Exception):
    """Base of everything below."""


class WireError(FeedError):
    """A frame or a body that is not the exchange's language."""


class RefusedError(FeedError):
    """The exchange said no. `name` is its own word for the reason, such as "INVALID_PARAM"."""

    def __init__(self, name: str, message: str = "", status: int = 0) -> None:
        super().__init__(f"{name}: {message}" if message else name)
        self.name = name
        self.message = message
        self.status = status  # HTTP status; 0 where there was none


class AuthError(RefusedError):
    """A key, token, permission or address was refused. Never retried."""


class RateLimitError(RefusedError):
    """Too many requests; ask again after `retry_after_s`."""

    def __init__(self, name: str, message: str = "", status: int = 429, retry_after_s: float = 1.0) -> None:
        super().__init__(name, message, status)
        self.retry_after_s = retry_after_s


class UnreachableError(FeedError):
    """No answer: name look-up, connection, TLS, proxy or time-out. `cause` says which in one word."""

    def __init__(self, cause: str, message: str = "") -> None:
        super().__init__(f"{cause}: {message}" if message else cause)
        self.cause = cause  # "dns", "refused", "tls", "proxy", "timeout", "closed", "network"


ArchiveCause = Literal["damaged", "newer", "locked", "full", "unwritable"]


class ArchiveError(FeedError):
    """The history on the disk cannot be read or written."""

    def __init__(self, cause: ArchiveCause, message: str = "") -> None:
        super().__init__(f"{cause}: {message}" if message else cause)
        self.cause = cause
