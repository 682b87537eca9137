"""The one request there is: a function of the whole set of streams. No I/O."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from core.market import ORDERBOOK, PRIVATE_CHANNELS, Stream

PING = "PING"


def subscribe(streams: Iterable[Stream], ticket: str, *, fmt: str = "SIMPLE") -> str:
    """Return the text that makes a socket carry `streams` and nothing else.

    Args:
        streams: at least one; the exchange has no word for an empty set, close the socket instead.
        ticket: any unique text.
        fmt: DEFAULT, SIMPLE, JSON_LIST or SIMPLE_LIST.

    Raises:
        ValueError: `streams` is empty.
    """
    groups: dict[tuple[str, float], list[str]] = {}
    for stream in sorted(set(streams)):
        groups.setdefault((stream.channel, stream.level), []).append(stream.market)
    if not groups:
        raise ValueError("an empty subscription cannot be said: close the socket")
    parts: list[dict[str, object]] = [{"ticket": ticket}]
    for (channel, level), markets in groups.items():
        part: dict[str, object] = {"type": channel}
        if channel not in PRIVATE_CHANNELS:  # those have no codes: all of the account
            part["codes"] = markets
        if channel == ORDERBOOK and level:
            part["level"] = int(level) if level == int(level) else level
        parts.append(part)
    parts.append({"format": fmt})
    return msgspec.json.encode(parts).decode()


def list_subscriptions(ticket: str, *, fmt: str = "SIMPLE") -> str:
    """Return the text that asks what a socket carries. Its format takes effect on the streams that run."""
    return msgspec.json.encode([{"ticket": ticket}, {"method": "LIST_SUBSCRIPTIONS"}, {"format": fmt}]).decode()
