"""Notices of the exchange as they are listed. No Qt."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple
from urllib.parse import urlsplit

from core.wire.account import kst_ms
from core.wire.private import Announcement
from widgets import format as fmt

CATEGORIES = ("notice", "trade", "wallet", "maintenance", "digital_asset", "nft", "service", "event")


class Line(NamedTuple):
    """One notice as it is written."""

    code: str  # its id
    time: str
    category: str  # as the exchange names it
    title: str
    is_unread: bool
    is_changed: bool  # it says something else than when it was first listed
    url: str  # "" where it leads nowhere safe


def lines(notices: Iterable[Announcement], seen: Collection[str]) -> list[Line]:
    """Return the lines, the newest first."""
    rows = [(kst_ms(n.listed_at) or n.time_ms, n) for n in notices]
    rows.sort(key=lambda row: row[0], reverse=True)
    return [
        Line(
            n.id,
            f"{fmt.day(when)} {fmt.clock(when, seconds=False)}" if when else fmt.UNKNOWN,
            n.category,
            " ".join(n.title.split()),
            mark_of(n) not in seen,
            n.event == "UPDATED",
            n.url if is_safe(n.url) else "",
        )
        for when, n in rows
    ]


def mark_of(notice: Announcement) -> str:
    """Return what is remembered of a notice that was seen: one that changed is news again."""
    return f"{notice.id} {notice.listed_at}".strip()


def is_safe(url: str) -> bool:
    """Tell whether a notice's address may be opened: by TLS, at a host."""
    try:
        parts = urlsplit(url)
        return parts.scheme == "https" and bool(parts.hostname) and not parts.username
    except ValueError:
        return False
