"""What the connections are like now, from the feed's health: rows, and rates from what was counted a moment ago."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from core.feed.health import Health, LedgerHealth, LinkHealth, LinkState, StreamHealth, StreamState
from core.market import TICKER, TRADE, Stream
from core.state.coverage import Span
from core.state.digest import MinuteDigest


class LedgerRow(NamedTuple):
    """Whether the trades of a market add up to the volume that its tickers tell."""

    proven_s: float  # since they did; inf: they never have yet
    mismatches: int
    mended: int
    missing: float  # at the last mismatch, base currency; nan without one
    span: Span | None  # of the last mismatch


class StreamRow(NamedTuple):
    """One stream of a link. Times in s, rates in messages a second."""

    stream: Stream
    state: StreamState
    rate: float  # nan at the first look
    messages: int
    age_s: float  # since the last message; inf before the first
    first_s: float  # from the request to the first message; nan before it
    holes: tuple[Span, ...]  # times of which trades are missing
    ledger: LedgerRow | None = None  # of trades that are compared with the volume


class LinkRow(NamedTuple):
    """One socket and what it carries."""

    id: int
    is_board: bool  # carries tickers alone: the whole market's
    state: LinkState
    cause: str  # of the last failure, "" while it is up
    reason: str
    retry_in_s: float
    rate: float
    messages: int
    age_s: float
    left: int  # requests that may go at once
    reconnects: int
    bad_frames: int
    is_silent: bool
    streams: tuple[StreamRow, ...]


class Look(NamedTuple):
    """Everything at one moment."""

    links: tuple[LinkRow, ...]
    is_healthy: bool
    rate: float  # of all links
    holes: int
    mismatches: int = 0  # ever, of all ledgers
    digest: MinuteDigest | None = None  # of the last minute


class ConnectionsModel:
    """Remembers the counters of the last look: a rate is what came since, over the time since."""

    def __init__(self) -> None:
        self._at = 0.0
        self._counts: dict[object, int] = {}  # link id or stream -> messages; those of the last look alone

    def look(self, health: Health, now: float, holes: Mapping[str, Sequence[Span]]) -> Look:
        """Return the state of things.

        Args:
            health: the feed's.
            now: loop time, s.
            holes: market -> the holes of its tape.
        """
        span, counts = now - self._at, dict[object, int]()

        def rate(key: object, messages: int) -> float:
            counts[key] = messages
            before = self._counts.get(key)
            return (messages - before) / span if before is not None and span > 0 else float("nan")

        by_link: dict[int, list[tuple[Stream, StreamHealth]]] = {}
        for stream, one in health.streams.items():
            by_link.setdefault(one.link, []).append((stream, one))
        links = []
        for link in sorted(health.links.values(), key=lambda x: x.id):
            carried = sorted(
                by_link.get(link.id, ()), key=lambda pair: (pair[0].market, pair[0].channel, pair[0].level)
            )
            rows = tuple(
                StreamRow(
                    stream,
                    health.state(stream, now),
                    rate(stream, one.messages),
                    one.messages,
                    health.age_s(stream, now),
                    one.first_at - one.requested_at if one.first_at >= 0 else float("nan"),
                    tuple(holes.get(stream.market, ())) if stream.channel == TRADE else (),
                    _ledger(health.ledgers.get(stream.market), now) if stream.channel == TRADE else None,
                )
                for stream, one in carried
            )
            links.append(self._link(link, rows, rate(link.id, link.messages), now))
        self._at, self._counts = now, counts
        rates = [row.rate for row in links if row.rate == row.rate]
        minutes = health.digests.minutes
        return Look(
            tuple(links),
            health.is_healthy(now) and bool(links),
            sum(rates),
            sum(map(len, holes.values())),
            health.verdicts["mismatch"],
            minutes[-1] if minutes else None,
        )

    @staticmethod
    def _link(link: LinkHealth, rows: tuple[StreamRow, ...], rate: float, now: float) -> LinkRow:
        is_up = link.state is LinkState.OPEN
        return LinkRow(
            link.id,
            bool(rows) and all(row.stream.channel == TICKER for row in rows),
            link.state,
            "" if is_up else link.cause,
            "" if is_up else link.reason,
            max(link.retry_at - now, 0.0) if link.state is LinkState.WAITING else 0.0,
            rate,
            link.messages,
            now - link.last_at if link.last_at else float("inf"),
            link.left(now) if is_up else 0,
            max(link.connects - 1, 0),
            link.bad_frames,
            link.is_silent,
            rows,
        )


def _ledger(ledger: LedgerHealth | None, now: float) -> LedgerRow | None:
    if ledger is None:
        return None
    proven_s = now - ledger.proven_at if ledger.proven_at >= 0 else float("inf")
    found = ledger.found
    missing = found.missing if found is not None else float("nan")
    return LedgerRow(proven_s, ledger.mismatches, ledger.mended, missing, found.span if found is not None else None)
