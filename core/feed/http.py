"""REST: one session, limits by call group, retries. The only other place, beside `Link`, that tries again."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from core.errors import AuthError, RateLimitError, UnreachableError
from core.feed.backoff import FIRST_S, name_failure
from core.feed.late import load
from core.feed.limiter import Arrivals, Slot
from core.wire.auth import AccessKey, authorization, query_text
from core.wire.rest import Call, refusal, server_time_ms

if TYPE_CHECKING:
    import aiohttp

CALLS_PER_S = 10  # of one group,
CALLS_PER_S_OF = {"default": 30}  # but for these
TIMEOUT_S = 10.0
TRIES = 3
MOST_WAIT_S = 5.0  # a longer block is the caller's to show, not ours to sit out

log = logging.getLogger(__name__)
T = TypeVar("T")


Rank = Callable[[], tuple[Any, ...]]


def _first() -> tuple[Any, ...]:
    return ()  # sorts before every other


class Block(NamedTuple):
    """How long the exchange lets nothing through, in seconds of the loop's clock, and what it said."""

    until: float
    why: RateLimitError

    def error(self, now: float) -> RateLimitError:
        """Return what to tell somebody who asks now."""
        why = self.why
        return RateLimitError(why.name, why.message, why.status, max(self.until - now, 0.0))


class Line:
    """Who waits for a call of one group. The least rank goes first, of equals the newest: it is for what the user
    looks at now. A rank is asked for when a call may go, so it follows what he does meanwhile.
    """

    def __init__(self, calls_per_s: int = CALLS_PER_S) -> None:
        self.arrivals = Arrivals(calls_per_s)
        # One a fetch, of which there is one a market and kind; the newest first.
        self._waiting: list[tuple[Rank, asyncio.Future[Slot]]] = []
        self._timer: asyncio.TimerHandle | None = None
        self._block: Block | None = None

    async def admit(self, rank: Rank = _first) -> Slot:
        """Wait until a call may go, and count it; give the slot back by `leave` when it is answered.

        Raises:
            RateLimitError: the exchange blocks us for longer than anybody should wait without a word.
        """
        loop = asyncio.get_running_loop()
        now = loop.time()
        if self._block is not None and self._block.until - now > MOST_WAIT_S:
            raise self._block.error(now)
        if self._timer is None and self.arrivals.ready_at(now) <= now:
            return self.arrivals.enter(now)
        turn: asyncio.Future[Slot] = loop.create_future()
        self._waiting.insert(0, (rank, turn))
        self._wait(loop)
        try:
            return await turn
        finally:
            self._waiting = [w for w in self._waiting if w[1] is not turn]

    def block(self, block: Block) -> None:
        """Let nothing go for so long; if that is long, who waits is told."""
        now = asyncio.get_running_loop().time()
        self.arrivals.block(block.until)
        if self._block is None or block.until > self._block.until:
            self._block = block
        if block.until - now > MOST_WAIT_S:
            waiting, self._waiting = self._waiting, []
            for _rank, turn in waiting:
                if not turn.done():
                    turn.set_exception(block.error(now))

    def leave(self, slot: Slot) -> None:
        """A call was answered, or will not be: the next may go sooner."""
        loop = asyncio.get_running_loop()
        self.arrivals.leave(slot, loop.time())
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
            self._wait(loop)

    def close(self) -> None:
        """Let everybody go at once; the calls find out that the end has come."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        waiting, self._waiting = self._waiting, []
        for _rank, turn in waiting:
            if not turn.done():
                turn.set_result(Slot(0.0))

    def _wait(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._timer is None and self._waiting:
            self._timer = loop.call_at(self.arrivals.ready_at(loop.time()), self._call, loop)

    def _call(self, loop: asyncio.AbstractEventLoop) -> None:
        self._timer = None
        now = loop.time()
        while self._waiting and self.arrivals.ready_at(now) <= now:
            best = min(self._waiting, key=lambda w: w[0]())
            self._waiting.remove(best)
            turn = best[1]
            if not turn.done():
                turn.set_result(self.arrivals.enter(now))
        self._wait(loop)


class Http:
    """Sends calls to `base_url`, at most as many a second of each group as the exchange takes.

    Args:
        base_url: "https://api.upbit.com/v1".
        wall_ms: the machine's clock, epoch ms.
    """

    def __init__(self, base_url: str, wall_ms: Callable[[], int]) -> None:
        self.base_url = base_url.rstrip("/")
        self.clock_offset_ms: float | None = None  # the exchange's clock minus ours, to about a second
        self.key: AccessKey | None = None  # signs what has to be signed
        self._wall_ms = wall_ms
        self._lines: dict[str, Line] = {}
        self._ban: Block | None = None  # of the address, whatever is asked for: 418
        self._session: aiohttp.ClientSession | None = None
        self._is_closed = False

    def now_ms(self) -> int:
        """Return the exchange's clock, epoch ms, to about a second."""
        return self._wall_ms() + round(self.clock_offset_ms or 0.0)

    async def get(self, call: Call[T], rank: Rank = _first) -> T:
        """Return what the exchange answers.

        Args:
            rank: where many wait for a call of the same group, the least goes first.

        Raises:
            FeedError: refused, unreachable after three tries, or not the exchange's language; `AuthError` also where
                the call needs a key and there is none.
        """
        for attempt in range(TRIES):
            try:
                return await self._get(call, rank)
            except RateLimitError as why:
                if attempt == TRIES - 1 or why.retry_after_s > MOST_WAIT_S:
                    raise
                log.info("REST %s: %s; again in %.1f s", call.path, why, why.retry_after_s)
            except UnreachableError:
                if attempt == TRIES - 1 or self._is_closed:
                    raise
                await asyncio.sleep(FIRST_S * 2**attempt)
        raise AssertionError  # the last try returned or raised

    def _line(self, group: str) -> Line:
        if group not in self._lines:  # a handful of groups
            self._lines[group] = Line(CALLS_PER_S_OF.get(group, CALLS_PER_S))
            if self._ban is not None:
                self._lines[group].block(self._ban)
        return self._lines[group]

    def _obey(self, why: RateLimitError, line: Line) -> None:
        block = Block(asyncio.get_running_loop().time() + why.retry_after_s, why)
        if why.status != 418:
            line.block(block)
            return
        self._ban = block
        for each in self._lines.values():
            each.block(block)

    async def _get(self, call: Call[T], rank: Rank) -> T:
        line = self._line(call.group)
        slot = await line.admit(rank)
        try:
            return call.decode(await self._send(call))
        except RateLimitError as why:
            self._obey(why, line)
            raise
        finally:
            line.leave(slot)

    async def _send(self, call: Call[T]) -> bytes:
        await load("aiohttp")  # 0.3 s
        import aiohttp

        if self._is_closed:
            raise UnreachableError("closed", "the program is closing")
        if self._session is None:
            # Not `trust_env`: that also takes logins out of ~/.netrc, and there is a token already.
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT_S))
        key = self._key_for(call) if call.is_signed else None

        async def sign(request: aiohttp.ClientRequest, send: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
            # Here, since a connection that was lost is replaced below us, and no token is taken twice.
            if key is not None:
                await load("jwt")  # a quarter of a second
                request.headers.update(authorization(key, query_text(call.params)))
            return await send(request)

        url = self.base_url + call.path
        try:
            async with self._session.get(
                url,
                params=call.params,
                proxy=await asyncio.to_thread(_proxy, url),
                middlewares=(sign,),
                allow_redirects=False,
            ) as answer:
                self._set_clock(server_time_ms(answer.headers))  # it was stamped before the body set out
                body = await answer.read()
                if answer.status >= 500:
                    raise UnreachableError("server", f"HTTP {answer.status}")
                if answer.status != 200:
                    raise refusal(answer.status, answer.headers, body)
        except aiohttp.ClientHttpProxyError as why:
            raise UnreachableError("proxy", f"HTTP {why.status}") from None  # its text has the proxy's own login
        except aiohttp.ClientConnectorDNSError as why:
            raise UnreachableError("dns", str(why)) from None
        except aiohttp.ClientSSLError as why:
            raise UnreachableError("tls", str(why)) from None
        except aiohttp.ClientConnectorError as why:
            raise name_failure(why.os_error) from None
        except OSError as why:
            raise name_failure(why) from None
        except aiohttp.ClientError as why:
            raise UnreachableError("network", str(why)) from None
        return body

    def _key_for(self, call: Call[T]) -> AccessKey:
        if self.key is None:
            raise AuthError("no_key", f"{call.path} needs an API key")
        return self.key

    def _set_clock(self, server_ms: int | None) -> None:
        if server_ms is not None:
            self.clock_offset_ms = server_ms + 500.0 - self._wall_ms()  # the header is cut to the second

    async def close(self) -> None:
        """Close the session; calls that wait end with an error."""
        self._is_closed = True
        for line in self._lines.values():
            line.close()
        if self._session is not None:
            await self._session.close()


def _proxy(url: str) -> str | None:
    """Return the proxy that the system wants for an address, None for none."""
    parts = urlsplit(url)
    if proxy_bypass(parts.hostname or ""):
        return None
    return getproxies().get(parts.scheme)
