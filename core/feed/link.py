"""One socket to the exchange that says its whole set and keeps itself alive."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable

from websockets.exceptions import ConnectionClosed

from core.errors import AuthError, FeedError, RateLimitError, RefusedError, UnreachableError, WireError
from core.feed import tasks
from core.feed.backoff import CONNECT_ERRORS, Backoff, name_failure
from core.feed.dialect import Dialect, Upbit
from core.feed.feed import Reply
from core.feed.gate import Gate
from core.feed.health import Health, LinkHealth, LinkState
from core.feed.limiter import TokenBucket
from core.feed.socket import Intake, Socket, open_socket
from core.market import Stream
from core.wire.messages import Refusal, Subscriptions

SILENCE_S = 5.0  # without a byte, then a ping goes out
PONG_LATE_S = 2.0  # without its answer the link is said to be silent,
PONG_DUE_S = 5.0  # and then it is cut: a dead link is known within 10 s
_CHECK_S = 1.0
_HEAL_S = 5.0  # after a frame that could not be read the set is said again, at first at once, then ever more seldom
_MOST_HEAL_S = 60.0
_STATUS_ROOM = 3  # tokens that stay for the user's next changes when the text PING is sent

log = logging.getLogger(__name__)

OnFrame = Callable[[int, bytes], Reply | WireError | None]


class Link:
    """Carries one set of streams over one socket, for as long as it is open.

    `want` says the whole set; the newest wins, however often it is called, and goes out when the limit allows. A lost
    socket is replaced and the set said again. What the exchange refuses is not tried again by itself.

    Args:
        on_frame: takes (link id, frame) inside the call that received it.
        on_change: the link's state changed.
        gate: lets connects through; one for the whole process.
        is_watched: tells whether somebody looks at a pane now, which shortens the wait for the next try.
        headers: of each handshake, made anew for it; only on the private endpoint.
        fmt: of the frames.
        dialect: in which the set is said; Upbit's where there is none.
    """

    def __init__(
        self,
        link_id: int,
        url: str,
        on_frame: OnFrame,
        health: Health,
        *,
        on_change: Callable[[int], None],
        gate: Gate,
        is_watched: Callable[[], bool],
        intake: Intake | None = None,
        is_compressed: bool = True,
        headers: Callable[[], Awaitable[dict[str, str]]] | None = None,
        fmt: str = "SIMPLE",
        dialect: Dialect | None = None,
    ) -> None:
        self.id = link_id
        self.url = url
        self.wanted: frozenset[Stream] = frozenset()
        self.sent: frozenset[Stream] = frozenset()
        self._on_frame = on_frame
        self._on_change = on_change
        self._gate = gate
        self._is_watched = is_watched
        self._intake = intake
        self._is_compressed = is_compressed
        self._headers = headers
        self._dialect = dialect or Upbit(fmt)
        self._streams_health = health
        self.health = health.links[link_id] = LinkHealth(link_id)
        self.health.is_private = headers is not None
        self.limiter = TokenBucket()
        self.health.left = self.limiter.left
        self._backoff = Backoff()
        self._is_fresh = True  # no data on this socket yet
        self._is_greeted = False  # the text PING went out
        self._is_unsure = False  # a frame could not be read: the set has to be said again
        self._heal_at = self._heal_s = 0.0  # not before, loop time; and the wait after that, s
        self._loop = asyncio.get_running_loop()
        self._wish = asyncio.Event()
        self._hurry = asyncio.Event()
        self._probe = asyncio.Event()
        self._socket: Socket | None = None
        self._refusal: RefusedError | None = None
        self._listing: asyncio.Future[Subscriptions] | None = None
        self._is_listing_asked = False
        self._task = tasks.start(self._run(), f"link {link_id}")

    def want(self, streams: frozenset[Stream]) -> None:
        """Carry `streams`, all of them and nothing else. Not empty: close the link instead."""
        self.wanted = streams
        if self._refusal is not None and streams != self.sent:
            self._refusal = None  # another set may be welcome
            self._hurry.set()
        if streams != self.sent:
            self._wish.set()

    def hurry(self) -> None:
        """Try again now: the network came back, the machine woke up or the user asked."""
        self._refusal = None
        self._hurry.set()

    def say_again(self) -> None:
        """Say the set once more: part of what was asked for does not come."""
        self._is_unsure = True  # `_watch` sees to it

    def reconnect(self) -> None:
        """Get a new socket: this one does not do what it should."""
        if self._socket is not None:
            self._socket.cut()

    def probe(self) -> None:
        """Find out now whether the other end is there."""
        self._probe.set()

    async def close(self) -> None:
        """Close the socket and end the task."""
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task
        self._streams_health.closed(self.id)

    async def list_subscriptions(self, timeout_s: float = 5.0) -> Subscriptions:
        """Ask the exchange what this socket carries. Counts as a message.

        Raises:
            UnreachableError: no answer in time, or no socket.
        """
        if self._listing is None or self._listing.done():
            self._listing = self._loop.create_future()
            self._is_listing_asked = False
            self._wish.set()
        try:
            return await asyncio.wait_for(asyncio.shield(self._listing), timeout_s)
        except TimeoutError:
            self._listing = None
            raise UnreachableError("timeout", "no answer to LIST_SUBSCRIPTIONS") from None

    # The life of the link.

    async def _run(self) -> None:
        while True:
            failure = await self._try()
            await self._wait_after(failure)

    async def _try(self) -> FeedError:
        """Connect and carry until the socket is gone. Return why it went."""
        self._set(LinkState.CONNECTING)
        ws: Socket | None = None
        slot = await self._gate.enter()
        try:
            self.health.connects += 1
            async with open_socket(
                self.url,
                headers=await self._headers() if self._headers is not None else None,
                is_compressed=self._is_compressed,
            ) as opened:
                self._gate.leave(slot)
                assert isinstance(opened, Socket)
                ws = opened
                await self._carry(ws)
                if self._refusal is not None:
                    return self._refusal
                return UnreachableError("closed", f"code {ws.close_code}")
        except CONNECT_ERRORS as why:
            return name_failure(why)
        finally:
            self._gate.leave(slot)
            # In a cancelled task asyncio before 3.11.4 loses the time limit of the closing handshake, and with it the
            # end of a connection whose server does not answer.
            if ws is not None:
                ws.cut()
                await ws.wait_closed()

    async def _carry(self, ws: Socket) -> None:
        ws.intake = self._intake
        ws.last_at = self._loop.time()
        self._socket = ws
        self.sent = frozenset()
        self.limiter = TokenBucket()  # the limit counts per connection
        self.health.left = self.limiter.left
        self._is_fresh = True
        self._is_greeted = not self._dialect.greeting()
        self._is_listing_asked = self._is_unsure = False
        self._set(LinkState.OPEN)
        self._wish.set()
        ws.hear(self._take)
        helpers = [
            asyncio.create_task(self._speak(ws), name=f"link {self.id} speaks"),
            asyncio.create_task(self._watch(ws), name=f"link {self.id} watches"),
            asyncio.create_task(ws.wait_closed(), name=f"link {self.id} closes"),
        ]
        try:  # all three end with the socket, but for one that breaks: it must not leave an open socket mute
            await asyncio.wait(helpers, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._socket = None
            self.sent = frozenset()
            for task in helpers:
                task.cancel()
            ends = await asyncio.gather(*helpers, return_exceptions=True)
            self.health.last_at = ws.last_at
            self._streams_health.lost(self.id)
        for end in ends:
            if isinstance(end, Exception) and not isinstance(end, ConnectionClosed):
                raise end

    def _take(self, frame: bytes) -> None:
        self.health.messages += 1
        reply = self._on_frame(self.id, frame)
        if reply is not None:
            if isinstance(reply, WireError):
                self.say_again()
            else:
                self._answer(reply)
        elif self._is_fresh:
            self._is_fresh = False
            self._backoff.reset()

    def _answer(self, reply: Reply) -> None:
        if isinstance(reply, Subscriptions):
            if self._listing is not None and not self._listing.done():
                self._listing.set_result(reply)
        elif isinstance(reply, Refusal):
            log.warning("the exchange refused a request on link %d: %s %s", self.id, reply.name, reply.message)
            refused = AuthError if reply.name == "INVALID_AUTH" else RefusedError
            self._refusal = refused(reply.name, reply.message)  # the exchange closes the socket now

    async def _speak(self, ws: Socket) -> None:
        """Send the wanted set whenever it differs from the sent one, as soon as the limit allows."""
        while True:
            await self._wish.wait()
            await self._until(self.limiter.ready_at(self._loop.time()))
            self._wish.clear()
            now = self._loop.time()
            if (self.wanted != self.sent or self._is_healing(now)) and self.wanted:
                self._is_unsure = False
                streams = self.wanted  # the newest: what was wanted meanwhile was never sent
                carried = self.sent if streams != self.sent else frozenset[Stream]()
                self.sent = streams
                self._streams_health.requested(self.id, streams, now)
                for text in self._dialect.say(streams, carried):
                    await self._until(self.limiter.ready_at(self._loop.time()))
                    self.limiter.take(self._loop.time())
                    await ws.send(text)
                    self.health.requests += 1
            elif self._is_listing_due():
                self.limiter.take(now)
                self._is_listing_asked = True
                await ws.send(self._dialect.list_subscriptions())
                self.health.requests += 1
            elif not self._is_greeted and self._has_spare(now):
                self.limiter.take(now)
                self._is_greeted = True
                await ws.send(
                    self._dialect.greeting()
                )  # from now on a sign of life every 10 s, however quiet the market
                self.health.requests += 1
            if self._is_listing_due():
                self._wish.set()

    def _is_healing(self, now: float) -> bool:
        """Tell whether to say the set again because a frame could not be read. The waits double until that ends."""
        if not self._is_unsure or now < self._heal_at:
            return False
        is_again = now - self._heal_at < _MOST_HEAL_S
        self._heal_s = min(2 * self._heal_s, _MOST_HEAL_S) if is_again and self._heal_s else _HEAL_S
        self._heal_at = now + self._heal_s
        return True

    def _is_listing_due(self) -> bool:
        return self._listing is not None and not self._listing.done() and not self._is_listing_asked

    def _has_spare(self, now: float) -> bool:
        return bool(self.sent) and self.limiter.left(now) > _STATUS_ROOM

    async def _watch(self, ws: Socket) -> None:
        """Ping a silent socket; cut one that does not answer, so that a half-open link is known."""
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_CHECK_S):
                    await self._probe.wait()
            silent_s = self._loop.time() - ws.last_at
            self.health.last_at = ws.last_at
            now = self._loop.time()
            is_greeting_due = not self._is_greeted and self._has_spare(now)
            if is_greeting_due or (self._is_unsure and now >= self._heal_at):
                self._wish.set()
            if silent_s < SILENCE_S and not self._probe.is_set():
                continue
            self._probe.clear()
            if not await self._is_there(ws):
                log.info("link %d: no pong in %.0f s", self.id, PONG_DUE_S)
                ws.cut()
                return

    async def _is_there(self, ws: Socket) -> bool:
        """Ping; return whether the other end said anything in time."""
        heard_at = ws.last_at
        pong = asyncio.ensure_future(await ws.ping())
        await asyncio.wait((pong,), timeout=PONG_LATE_S)
        if not pong.done() and ws.last_at == heard_at:
            self.health.is_silent = True
            self._on_change(self.id)
            await asyncio.wait((pong,), timeout=PONG_DUE_S - PONG_LATE_S)
            if not pong.done() and ws.last_at == heard_at:
                return False
            self.health.is_silent = False
            self._on_change(self.id)
        if pong.done():
            pong.result()  # raises where the connection closed meanwhile
        return True  # also if it answers no pings, but speaks

    async def _wait_after(self, failure: FeedError) -> None:
        self.health.reason = str(failure)
        self.health.cause = _cause(failure)
        self.health.refusal = failure.name if isinstance(failure, RefusedError) else ""
        self._hurry.clear()
        if isinstance(failure, RefusedError) and self._refusal is failure and failure.name != "TOO_MANY_REQUEST":
            self._set(LinkState.REFUSED)
            await self._hurry.wait()
            return
        if isinstance(failure, AuthError):
            self._set(LinkState.REFUSED)
            await self._hurry.wait()
            return
        self._refusal = None
        wait_s = self._backoff.next_s(failure, self._is_watched())
        self.health.retry_at = self._loop.time() + wait_s
        self._set(LinkState.WAITING)
        log.info("link %d: %s; next try in %.1f s", self.id, failure, wait_s)
        if isinstance(failure, RateLimitError):  # whoever hurries now is blocked for longer
            self._gate.block(wait_s)  # and it is meant for all of us
            await asyncio.sleep(wait_s)
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(wait_s):
                await self._hurry.wait()

    async def _until(self, at: float) -> None:
        wait_s = at - self._loop.time()
        if wait_s > 0:
            await asyncio.sleep(wait_s)

    def _set(self, state: LinkState) -> None:
        self.health.state = state
        if state is LinkState.OPEN:
            self.health.cause = self.health.reason = self.health.refusal = ""
            self.health.is_silent = False
        self._on_change(self.id)


def _cause(failure: FeedError) -> str:
    if isinstance(failure, UnreachableError):
        return failure.cause
    if isinstance(failure, AuthError):
        return "auth"
    status = getattr(failure, "status", 0)
    return "ban" if status == 418 else "rate" if status == 429 else "refused_request"
