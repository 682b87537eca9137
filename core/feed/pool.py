"""All sockets to one endpoint. Says which link carries what; the links do the rest."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Set

from core.feed import tasks
from core.feed.gate import Gate
from core.feed.health import Health, LinkState
from core.feed.link import Link, OnFrame
from core.feed.plan import plan
from core.feed.socket import Intake
from core.market import TICKER, Stream

LINGER_S = 30.0  # a stream nobody wants any more runs on so long, unless its link says a new set before
GROUP_CAPACITY = 4  # about one link group (candles, book, trades): a swap touches few neighbours
MOST_GROUP_LINKS = 16  # then the links take more streams each
BACK_CAPACITY = 100  # what follows a ranking: one request a change, and nobody looks at its neighbours
BOARD_CAPACITY = 1_000  # tickers of the whole market on one socket: they seldom change

BOARD, FOCUS, BACK = "board", "focus", "back"


class Pool:
    """The links of one endpoint. `want` takes all that the program wants of it.

    Churn is kept apart: tickers (the board of the whole market, shared by all panes) on links of their own, what
    panes swap on others of small capacity, and what no pane asked for on others again. A stream that runs stays where
    it is, whoever comes to want it.

    Args:
        on_link: (streams of that link) a link's state changed.
        headers: of each handshake; only on the private endpoint.
        fmt: of the frames.
    """

    def __init__(
        self,
        url: str,
        on_frame: OnFrame,
        health: Health,
        *,
        gate: Gate,
        on_link: Callable[[frozenset[Stream]], None],
        is_watched: Callable[[], bool] = lambda: True,
        intake: Intake | None = None,
        is_compressed: bool = True,
        headers: Callable[[], Awaitable[dict[str, str]]] | None = None,
        fmt: str = "SIMPLE",
    ) -> None:
        self.url = url
        self.links: dict[int, Link] = {}
        self.wanted: frozenset[Stream] = frozenset()
        self._on_frame = on_frame
        self._health = health
        self._gate = gate
        self._on_link = on_link
        self._is_watched = is_watched
        self._intake = intake
        self._is_compressed = is_compressed
        self._headers = headers
        self._format = fmt
        self._loop = asyncio.get_running_loop()
        self._background: frozenset[Stream] = frozenset()
        self._parts: dict[int, str] = {}  # link id -> BOARD, FOCUS or BACK
        self._is_planned = False
        self._is_closed = False
        self._linger: dict[int, asyncio.TimerHandle] = {}
        self._closing: set[asyncio.Task[None]] = set()

    def want(self, streams: frozenset[Stream], background: frozenset[Stream] = frozenset()) -> None:
        """Say the whole set. Calls within one turn of the loop fold into one.

        Args:
            background: those of them that nobody looks at.
        """
        self.wanted, self._background = streams, background
        if not self._is_planned:
            self._is_planned = True
            self._loop.call_soon(self._plan)

    def hurry(self) -> None:
        """Try every link that is down again now."""
        for link in self.links.values():
            link.hurry()

    def probe(self) -> None:
        """Find out now which links are still there, and try those again that are down."""
        self.hurry()
        for link in self.links.values():
            link.probe()

    def revive(self, key: int, is_second: bool) -> None:
        """A stream of link `key` is dead: let the link say its set again; the second time give it a new socket."""
        link = self.links.get(key)
        if link is None:
            return
        if is_second:
            link.reconnect()
        else:
            link.say_again()

    async def close(self) -> None:
        """Close every socket, all at once. A plan that was still to be made is not."""
        self._is_closed = True
        for timer in self._linger.values():
            timer.cancel()
        self._linger.clear()
        links, self.links = list(self.links.values()), {}
        await asyncio.gather(*(link.close() for link in links), *self._closing)
        if self._intake is not None:
            self._intake.close()

    def _plan(self) -> None:
        self._is_planned = False
        if self._is_closed:
            return
        runs_on = {s: self._parts[key] for key, link in self.links.items() for s in link.wanted}
        wanted: dict[str, set[Stream]] = {BOARD: set(), FOCUS: set(), BACK: set()}
        for stream in self.wanted:
            new = BOARD if stream.channel == TICKER else BACK if stream in self._background else FOCUS
            wanted[runs_on.get(stream, new)].add(stream)
        capacity = max(GROUP_CAPACITY, -(-len(wanted[FOCUS]) // MOST_GROUP_LINKS))
        self._plan_part(BOARD, wanted[BOARD], BOARD_CAPACITY)
        self._plan_part(FOCUS, wanted[FOCUS], capacity, MOST_GROUP_LINKS)
        self._plan_part(BACK, wanted[BACK], BACK_CAPACITY)

    def _plan_part(self, part: str, streams: Set[Stream], capacity: int, most: int | None = None) -> None:
        wanted = frozenset(streams)
        placed = {k: link.wanted for k, link in self.links.items() if self._parts[k] == part}
        first_new = max(placed, default=-1) + 1  # plan names new links from here on
        for key, new in plan(wanted, placed, capacity, most).items():
            if key >= first_new:
                self._open(new, part)
            elif new <= placed[key]:
                self._let_linger(key)
            else:
                self._stop_lingering(key)
                self.links[key].want(new)
        for key, have in placed.items():
            if have <= wanted:
                self._stop_lingering(key)

    def _open(self, streams: frozenset[Stream], part: str) -> None:
        key = self._health.free_link()
        self._parts[key] = part
        self.links[key] = link = Link(
            key,
            self.url,
            self._on_frame,
            self._health,
            on_change=self._tell,
            gate=self._gate,
            is_watched=self._is_watched,
            intake=self._intake,
            is_compressed=self._is_compressed,
            headers=self._headers,
            fmt=self._format,
        )
        link.want(streams)

    def _tell(self, key: int) -> None:
        link = self.links.get(key)
        if link is not None:
            self._on_link(link.wanted)

    def _let_linger(self, key: int) -> None:
        """Nothing new is needed: leave what is unwanted running for a while, going back is then instant."""
        if self.links[key].health.state is LinkState.REFUSED:
            self._drop(key)  # the set that was refused is another one now
        elif key not in self._linger:
            self._linger[key] = self._loop.call_later(LINGER_S, self._drop, key)

    def _stop_lingering(self, key: int) -> None:
        timer = self._linger.pop(key, None)
        if timer is not None:
            timer.cancel()

    def _drop(self, key: int) -> None:
        self._linger.pop(key, None)
        link = self.links[key]
        still = link.wanted & self.wanted
        if still:
            link.want(still)
            return
        del self.links[key]
        del self._parts[key]
        task = tasks.start(link.close(), f"link {key} closes")
        self._closing.add(task)
        task.add_done_callback(self._forget)

    def _forget(self, task: asyncio.Task[None]) -> None:
        """A link that nobody needs has closed: whoever shows the links shows one less."""
        self._closing.discard(task)
        if not self._is_closed:
            self._on_link(frozenset())
