"""Finds what no socket tells: one market that fell silent among many, and a machine that slept."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable

from core.errors import FeedError
from core.feed import tasks
from core.feed.feed import Feed
from core.feed.http import Http
from core.feed.pool import Pool
from core.market import INTERVAL_OF_CHANNEL, ORDERBOOK, TICKER, TRADE, Stream
from core.wire import rest

BEAT_S = 5.0
ASKED_AGAIN_S = 60.0  # a stream that was found to be merely quiet is not asked about again so soon
RELAPSE_S = 600.0  # a stream that dies again within so long gets a new socket
MARKETS_A_CALL = 100
JUMP_S = 3.0  # of the wall clock against the loop's within a beat: the machine slept, or its clock was set

log = logging.getLogger(__name__)


class Watch:
    """Looks at the streams every few seconds.

    A stream that is silent for far longer than its own messages let expect is asked about by REST, together with all
    others of the kind in one call. If the exchange has something newer that has not come a beat later, the stream is
    dead: it is shown as such, its link says its set again, and if that does not help the link gets a new socket.

    Args:
        clock_ms: the machine's clock, epoch ms.
        on_jump: the machine slept or its clock was set.
    """

    def __init__(
        self, feed: Feed, pool: Pool, http: Http, clock_ms: Callable[[], int], on_jump: Callable[[], None]
    ) -> None:
        self._feed = feed
        self._pool = pool
        self._http = http
        self._clock_ms = clock_ms
        self._on_jump = on_jump
        self._asked_at: dict[Stream, float] = {}  # bounded by the streams that are asked for
        self._due: dict[Stream, int] = {}  # what REST told a beat ago -> its time, epoch ms, and that must be here now
        self._revived_at: dict[Stream, float] = {}  # when its link said its set again
        self._task = tasks.start(self._run(), "watch")

    async def close(self) -> None:
        """Stop looking."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            before_s, before_ms = loop.time(), self._clock_ms()
            await asyncio.sleep(BEAT_S)
            passed_s = loop.time() - before_s
            if abs((self._clock_ms() - before_ms) / 1_000 - passed_s) > JUMP_S or passed_s > BEAT_S + 10 * JUMP_S:
                log.info("the machine slept, or its clock was set")
                self._on_jump()
            await self._look(loop.time())

    async def _look(self, now: float) -> None:
        health = self._feed.health
        self._asked_at = {s: at for s, at in self._asked_at.items() if s in health.streams}
        self._revived_at = {s: at for s, at in self._revived_at.items() if now - at < RELAPSE_S}
        due, self._due = self._due, {}
        dead = [s for s, newest_ms in due.items() if self._known_ms(s) < newest_ms]
        suspects = [s for s in health.suspects(now) if now - self._asked_at.get(s, -ASKED_AGAIN_S) >= ASKED_AGAIN_S]
        self._asked_at.update((s, now) for s in suspects)
        if suspects:
            await self._ask(suspects)
        for stream in dead:
            known = health.streams.get(stream)
            if known is None:
                continue  # nobody wants it any more
            log.info("%s %s fell silent", stream.market, stream.channel)
            is_second = stream in self._revived_at
            health.silenced(stream)
            self._feed.leases.notify(stream)
            self._revived_at[stream] = now
            self._asked_at.pop(stream, None)
            self._pool.revive(known.link, is_second)

    async def _ask(self, suspects: Iterable[Stream]) -> None:
        """Find out by REST what the newest is that each of them should have said."""
        traded: list[Stream] = []
        booked: list[Stream] = []
        listed = self._feed.store.markets
        for stream in suspects:
            if listed and stream.market not in listed:
                continue  # one unknown code would fail the call for all
            if stream.channel in INTERVAL_OF_CHANNEL and self._known_ms(stream) < 0:
                continue  # nobody keeps these candles, so nothing can be missing
            (booked if stream.channel == ORDERBOOK else traded).append(stream)
        try:
            newest = await self._newest_trades(sorted({s.market for s in traded}))
            self._due.update((s, newest.get(s.market, 0)) for s in traded)
            for level in sorted({s.level for s in booked}):
                markets = sorted(s.market for s in booked if s.level == level)
                for first in range(0, len(markets), MARKETS_A_CALL):
                    books = await self._http.get(rest.books(markets[first : first + MARKETS_A_CALL], level))
                    self._due.update((Stream(ORDERBOOK, book.market, level), book.time_ms) for book in books)
        except FeedError as why:  # they are asked about again in a while
            log.info("silent streams were not checked: %s", why)

    async def _newest_trades(self, markets: list[str]) -> dict[str, int]:
        newest: dict[str, int] = {}
        for first in range(0, len(markets), MARKETS_A_CALL):
            rows = await self._http.get(rest.tickers(markets[first : first + MARKETS_A_CALL]))
            newest.update((row.market, row.trade_time_ms) for row in rows)
        return newest

    def _known_ms(self, stream: Stream) -> int:
        """Return the exchange's time of the newest thing that `stream` said."""
        store = self._feed.store
        if stream.channel == ORDERBOOK:
            book = store.book(stream.market, stream.level)
            return book.time_ms if book is not None else 0
        if stream.channel == TICKER:
            ticker = store.ticker(stream.market)
            return ticker.trade_time_ms if ticker is not None else 0
        if stream.channel == TRADE:
            last = store.tape(stream.market).last
            return last.time_ms if last is not None else 0
        return store.newest_bar_ms(stream)
