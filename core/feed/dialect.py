"""In which words a link says its set: the one thing about a socket that differs from exchange to exchange. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Protocol
from uuid import uuid4

from core.market import Stream
from core.wire import binance, request


class Dialect(Protocol):
    """What a link says.

    Each text counts as a message of the exchange's limit.
    """

    def say(self, wanted: frozenset[Stream], sent: frozenset[Stream]) -> list[str]:
        """Return the texts after which a socket that carries `sent` carries `wanted`, which is not empty."""
        ...

    def list_subscriptions(self) -> str:
        """Return the question what a socket carries, "" where there is none."""
        ...

    def greeting(self) -> str:
        """Return what asks for signs of life in text, "" where control frames are all there is."""
        ...


class Upbit:
    """A request replaces all that was before, so what was sent does not matter.

    Args:
        fmt: of the frames.
    """

    def __init__(self, fmt: str = "SIMPLE") -> None:
        self._format = fmt

    def say(self, wanted: frozenset[Stream], sent: frozenset[Stream]) -> list[str]:
        return [request.subscribe(wanted, uuid4().hex, fmt=self._format)]

    def list_subscriptions(self) -> str:
        return request.list_subscriptions(uuid4().hex, fmt=self._format)

    def greeting(self) -> str:
        return request.PING


class Binance:
    """Requests add and take away. A stream's market is the coin alone."""

    def __init__(self) -> None:
        self._numbers: Iterator[int] = count(1)

    def say(self, wanted: frozenset[Stream], sent: frozenset[Stream]) -> list[str]:
        changes = (("UNSUBSCRIBE", sent - wanted), ("SUBSCRIBE", wanted - sent))
        return [binance.request(m, (s.market for s in part), next(self._numbers)) for m, part in changes if part]

    def list_subscriptions(self) -> str:
        return ""

    def greeting(self) -> str:
        return ""
