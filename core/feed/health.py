"""What is known of each stream and link: state, ages, counts. Pure: `now` is loop time in seconds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from enum import Enum
from typing import NamedTuple

from core.market import ORDERBOOK, PRIVATE_CHANNELS, TICKER, Stream
from core.state.audit import Mismatch, Verdict
from core.state.digest import Digests

CONFLATED = frozenset({TICKER, ORDERBOOK})  # the newest says all: what is lost is healed by the next
SILENT_S = 20.0  # a stream that is silent for less is not looked into,
SILENT_MEANS = 20.0  # nor one that is silent for less than so many of its mean intervals
FIRST_FRAME_DUE_S = 10.0  # a code without a frame by then is unknown to the exchange


class StreamState(Enum):
    IDLE = "idle"  # nobody asked for it
    PENDING = "pending"  # asked for, no frame yet
    LIVE = "live"
    STALE = "stale"  # was live; its link is down or silent
    UNKNOWN = "unknown"  # asked for and never answered: the exchange has no such market


class LinkState(Enum):
    CONNECTING = "connecting"
    OPEN = "open"
    WAITING = "waiting"  # for the next try
    REFUSED = "refused"  # the exchange said no, and will say so again
    CLOSED = "closed"


class StreamHealth:
    """One stream. Times are loop time, s."""

    __slots__ = ("before", "errors", "first_at", "last_at", "link", "messages", "requested_at")

    def __init__(self, link: int, now: float) -> None:
        self.link = link
        self.requested_at = now
        self.first_at = -1.0  # of the present request; -1 before the first frame
        self.last_at = -1.0  # of any message ever
        self.messages = 0
        self.before = 0  # messages before the present request
        self.errors = 0  # messages in a row that turned out to be unreadable when somebody looked


class LinkHealth:
    """One socket. Times are loop time, s."""

    __slots__ = (
        "bad_frames",
        "cause",
        "connects",
        "id",
        "is_private",
        "is_silent",
        "last_at",
        "left",
        "messages",
        "reason",
        "refusal",
        "requests",
        "retry_at",
        "state",
    )

    def __init__(self, link: int) -> None:
        self.id = link
        self.state = LinkState.CLOSED
        self.cause = ""  # one word: why it is down ("refused", "dns", "tls", "timeout", "rate", "auth", ...)
        self.refusal = ""  # the exchange's own name for why it refused
        self.reason = ""  # for the log and the Connections pane
        self.retry_at = 0.0
        self.last_at = 0.0  # any byte
        self.is_private = False  # of one's own account
        self.is_silent = False  # a ping is out and its answer is late: what it carries is perhaps not the newest
        self.left: Callable[[float], int] = lambda _now: 0  # requests that may go at once, by the limiter
        self.connects = 0
        self.requests = 0
        self.messages = 0
        self.bad_frames = 0

    @property
    def is_open(self) -> bool:
        """Tell whether it carries."""
        return self.state is LinkState.OPEN


class LedgerHealth:
    """Whether the trades of one market add up to the volume that its tickers tell."""

    __slots__ = ("found", "mended", "mismatches", "proven_at", "unexplained")

    def __init__(self) -> None:
        self.proven_at = -1.0  # loop time, s; -1: not yet
        self.mismatches = 0
        self.mended = 0  # of them: what was missing came by REST
        self.unexplained = 0  # of them: REST knows no more than we do
        self.found: Mismatch | None = None  # the last one


class Trouble(NamedTuple):
    """Why a stream is not live, for the pane that shows it."""

    cause: str
    reason: str
    retry_in_s: float


class Health:
    """All streams that are asked for, all links."""

    def __init__(self) -> None:
        self.streams: dict[Stream, StreamHealth] = {}  # bounded by what is wanted: `forget` follows every request
        self.links: dict[int, LinkHealth] = {}
        self.ledgers: dict[str, LedgerHealth] = {}  # by market, of those whose trades and tickers run
        self.verdicts: Counter[Verdict] = Counter()  # of all ledgers ever
        self.digests = Digests()  # a hash of the state, each minute
        self._next_link = 0
        # A stream stopped running: (stream, s that its link spoke on without it).
        self.on_broken: Callable[[Stream, float], None] = lambda _stream, _quiet_s: None

    def free_link(self) -> int:
        """Return a number that no link has had."""
        self._next_link += 1
        return self._next_link - 1

    def _forget(self, streams: Iterable[Stream]) -> None:
        for stream in streams:
            self._break(stream, self.streams[stream])
            del self.streams[stream]

    def _break(self, stream: Stream, health: StreamHealth) -> None:
        link = self.links.get(health.link)
        has_spoken = link is not None and health.last_at >= 0
        self.on_broken(stream, max(link.last_at - health.last_at, 0.0) if link is not None and has_spoken else 0.0)

    def requested(self, link: int, streams: Iterable[Stream], now: float) -> None:
        """A request for the whole set of `link` went out: its new streams wait for their first frame."""
        asked = set(streams)
        self._forget([s for s, h in self.streams.items() if h.link == link and s not in asked])
        for stream in asked:
            known = self.streams.get(stream)
            if known is None or known.link != link:
                self.streams[stream] = StreamHealth(link, now)
            elif known.first_at < 0:
                known.requested_at = now

    def lost(self, link: int) -> None:
        """The socket is gone: what it carried waits for a first frame again."""
        for stream, health in self.streams.items():
            if health.link == link:
                health.first_at, health.errors = -1.0, 0
                self._break(stream, health)

    def unsure(self, link: int) -> bool:
        """A frame of the link could not be read: any of its streams may have lost something. Return whether one may."""
        carried = [(s, h) for s, h in self.streams.items() if h.link == link and s.channel not in CONFLATED]
        for stream, health in carried:
            self._break(stream, health)
        return bool(carried)

    def carried(self, link: int, channel: str) -> list[Stream]:
        """Return the streams of a channel that a link carries."""
        return [s for s, h in self.streams.items() if h.link == link and s.channel == channel]

    def is_running(self, stream: Stream) -> bool:
        """Tell whether `stream` has spoken since its link was opened, and nothing holds it up that is known of."""
        health = self.streams.get(stream)
        link = self.links.get(health.link) if health is not None else None
        return (
            health is not None
            and health.first_at >= 0
            and link is not None
            and link.state is LinkState.OPEN
            and not link.is_silent
        )

    def suspects(self, now: float) -> list[Stream]:
        """Return the streams that are silent for far longer than their own messages let expect."""
        found = []
        for stream, health in self.streams.items():
            link = self.links.get(health.link)
            if link is None or link.state is not LinkState.OPEN or link.is_silent or health.first_at < 0:
                continue
            if stream.channel in PRIVATE_CHANNELS:  # nothing happens there for days, and that is all right
                continue
            heard = health.messages - health.before
            mean_s = (health.last_at - health.first_at) / (heard - 1) if heard > 1 else 0.0  # not known: ask soon
            if now - health.last_at > max(SILENT_S, SILENT_MEANS * mean_s):
                found.append(stream)
        return found

    def silenced(self, stream: Stream) -> None:
        """`stream` is known to be dead although its link is up: it waits for a first frame again."""
        health = self.streams.get(stream)
        if health is not None:
            health.first_at, health.errors = -1.0, 0
            self.on_broken(stream, 0.0)  # its silence says nothing: it was dead

    def read(self, stream: Stream, *, is_readable: bool) -> None:
        """Somebody looked into what came on `stream`: it could (again) be read, or not."""
        health = self.streams.get(stream)
        if health is not None:
            health.errors = 0 if is_readable else health.errors + 1
            link = self.links.get(health.link)
            if link is not None and not is_readable:
                link.bad_frames += 1

    def closed(self, link: int) -> None:
        """The link is no more."""
        self.links.pop(link, None)
        self._forget([s for s, h in self.streams.items() if h.link == link])

    def received(self, stream: Stream, now: float) -> None:
        """A message on `stream` came."""
        health = self.streams.get(stream)
        if health is not None:
            health.messages += 1
            if health.errors:
                return  # what comes cannot be read: it is as old as what can
            health.last_at = now
            if health.first_at < 0:
                health.first_at = now
                health.before = health.messages - 1

    def state(self, stream: Stream, now: float) -> StreamState:
        health = self.streams.get(stream)
        if health is None:
            return StreamState.IDLE
        link = self.links.get(health.link)
        is_up = link is not None and link.state is LinkState.OPEN
        if is_up and (health.first_at >= 0 or stream.channel in PRIVATE_CHANNELS):
            is_stale = health.errors > 0 or (link is not None and link.is_silent)
            return StreamState.STALE if is_stale else StreamState.LIVE
        if health.messages:
            return StreamState.STALE
        if is_up and now - health.requested_at > FIRST_FRAME_DUE_S:
            return StreamState.UNKNOWN
        return StreamState.PENDING

    def age_s(self, stream: Stream, now: float) -> float:
        """Return the seconds since the last message on `stream`; inf if there was none."""
        health = self.streams.get(stream)
        return now - health.last_at if health is not None and health.last_at >= 0 else float("inf")

    def trouble(self, stream: Stream, now: float) -> Trouble | None:
        """Return what is wrong with the link of `stream`, or None while it is up or has not been tried."""
        health = self.streams.get(stream)
        links = [self.links.get(health.link)] if health is not None else list(self.links.values())
        for link in links:
            if link is not None and link.cause and link.state is not LinkState.OPEN:
                return Trouble(link.cause, link.reason, max(link.retry_at - now, 0.0))
        return None

    @property
    def is_connected(self) -> bool:
        """True while any link to the market is open."""
        return any(link.state is LinkState.OPEN and not link.is_private for link in self.links.values())

    def is_healthy(self, now: float) -> bool:
        """True if every link is alive and no requested stream waits too long for its first frame."""
        return all(x.state is LinkState.OPEN and not x.is_silent for x in self.links.values()) and all(
            h.first_at >= 0 or now - h.requested_at <= FIRST_FRAME_DUE_S or s.channel in PRIVATE_CHANNELS
            for s, h in self.streams.items()
        )
