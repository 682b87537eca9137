"""Keeps the table of cross-listed coins: hears all their tickers, the books of some, and asks for the month before."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from math import inf

from core.calc.arbitrage import Book
from core.errors import FeedError, RefusedError
from core.feed import tasks
from core.feed.abroad import Abroad
from core.feed.feed import Feed
from core.feed.health import StreamHealth, StreamState
from core.feed.http import Http
from core.feed.limiter import Window
from core.market import ORDERBOOK, TICKER, Stream
from core.state.cross import Heard
from core.state.month import WINDOW, WINDOWS
from core.wire import rest
from core.wire.messages import Orderbook

LOOK_S = 0.5  # between two looks at everything
RANK_S = 2.0
SETTLE_S = 15.0  # the candidates change at most so often: a request each, and snapshots of all of it
PIN_S = 1.0  # and what somebody asks for at most so often
QUIET_MEANS = 5.0  # a book may be silent for so many of its own mean intervals,
QUIET_S = 60.0  # but no longer than this
CLOCK_S = 2.0  # our clock against the exchange's: a stamp that is older by more was late on its way
RETRY_S = 10.0
CALLS_PER_S = 2  # of the ten that the exchange allows: the scanner has its own, and whoever opens a chart goes first
ASKED_AGAIN_S = 300.0  # of a market that did not tell

log = logging.getLogger(__name__)


class Survey:
    """Runs while somebody wants the table, and costs nothing otherwise.

    Args:
        now_ms: the exchange's clock, epoch ms.
    """

    def __init__(self, feed: Feed, http: Http, now_ms: Callable[[], int]) -> None:
        self._feed = feed
        self._http = http
        self.now_ms = now_ms
        self._loop = asyncio.get_running_loop()
        self._tickers = feed.lease(lambda _stream: None)
        self._lease = feed.lease(self._on_book, is_background=True)
        self._books: dict[str, tuple[Orderbook, Book]] = {}  # what was read last; bounded by what is watched
        self._coins: dict[str, tuple[str, ...]] = {}  # whose tickers are heard
        self._timer: asyncio.TimerHandle | None = None
        self._ranked_at = self._settled_at = self._asked_at = -inf
        self._told_at: dict[str, float] = {}  # market -> when its month was asked for; bounded by the listing
        self._pace = Window(CALLS_PER_S)
        self._filling: asyncio.Task[None] | None = None
        self.abroad: Abroad | None = None  # what is outside, where it is compared with
        self.on_look: Callable[[], None] = lambda: None  # after each look at everything
        feed.on_cross_wanted = self.want

    def want(self) -> None:
        """Take what is wanted now, and what the exchange lists."""
        cross = self._feed.cross
        if not cross.is_wanted or not cross.coins:
            self._stop()
            return
        if cross.coins is not self._coins:  # who scrolls says other wishes, of which no ticker is one
            self._coins = cross.coins
            self._tickers.want(Stream(TICKER, market) for market in cross.markets(cross.coins))
        if self._timer is None:
            self._timer = self._loop.call_later(0.0, self._look)
        if self._filling is None:
            self._filling = tasks.start(self._fill(), "cross month")

    def relist(self) -> None:
        """The exchange's list of markets was read."""
        self._feed.cross.relist(self._feed.store.markets)
        self.want()

    async def close(self) -> None:
        """Stop at once."""
        filling, abroad = self._filling, self.abroad
        self._stop()
        self.abroad = None
        if filling is not None:
            await asyncio.gather(filling, return_exceptions=True)
        if abroad is not None:
            abroad.forget()
            await abroad.close()

    def _stop(self) -> None:
        self._coins = {}
        self._tickers.close()
        self._lease.close()
        if self.abroad is not None:
            self.abroad.want(())
        self._books.clear()
        self._ranked_at = self._settled_at = self._asked_at = -inf
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._filling is not None:
            self._filling.cancel()
            self._filling = None

    def _on_book(self, stream: Stream) -> None:
        """A book stays bytes until the next look: of many in between only the newest is read."""

    # Looking.

    def _look(self) -> None:
        self._timer = self._loop.call_later(LOOK_S, self._look)
        cross, now = self._feed.cross, self._feed.now()
        if now - self._ranked_at >= RANK_S and cross.rows:
            self._ranked_at = now
            if now - self._settled_at >= SETTLE_S and cross.rank(now):
                self._settled_at = now
        self._listen(now)
        if self.abroad is not None:
            self.abroad.want(coin for coin in cross.watched | cross.seen if "KRW" in cross.coins.get(coin, ()))
        cross.look(now, self.now_ms(), self._heard)
        self.on_look()

    def _listen(self, now: float) -> None:
        cross = self._feed.cross
        wanted = frozenset(Stream(ORDERBOOK, market) for market in cross.markets(cross.watched))
        if wanted != self._lease.streams and now - self._asked_at >= PIN_S:
            self._asked_at = now
            self._lease.want(wanted)
            kept = {stream.market for stream in wanted}
            self._books = {market: book for market, book in self._books.items() if market in kept}

    def _heard(self, market: str) -> Heard | None:
        stream = Stream(ORDERBOOK, market)
        if stream not in self._lease.streams:
            return None
        feed, now = self._feed, self._feed.now()
        book = feed.store.book(market)
        known = feed.health.streams.get(stream)
        is_live = feed.health.state(stream, now) is StreamState.LIVE
        limit_s = self._limit_s(known)
        age_s = feed.health.age_s(stream, now)
        if book is not None and book.stream_type == "REALTIME":  # a snapshot's stamp is that of the last change
            age_s = max(age_s, (self.now_ms() - book.time_ms) / 1_000 - CLOCK_S)
        return Heard(self._read(market, book), age_s, limit_s, is_live)

    def _read(self, market: str, book: Orderbook | None) -> Book | None:
        if book is None:
            return None
        kept = self._books.get(market)
        if kept is None or kept[0] is not book:
            kept = self._books[market] = book, Book(book.asks, book.bids)
        return kept[1]

    def _limit_s(self, known: StreamHealth | None) -> float:
        """Return how long a book may be silent: one that changes seldom is no worse for it."""
        least = self._feed.cross.terms.stale_s
        heard = known.messages - known.before if known is not None else 0
        if known is None or heard < 2:
            return least
        mean_s = (known.last_at - known.first_at) / (heard - 1)
        return max(least, min(QUIET_MEANS * mean_s, QUIET_S))

    # The month.

    async def _fill(self) -> None:
        """Ask for what the month lacks of the coins that somebody sees."""
        while True:
            market = self._next_missing()
            if market is None:
                await asyncio.sleep(LOOK_S)
                continue
            await asyncio.sleep(self._pace.book(self._loop.time()) - self._loop.time())
            self._told_at[market] = self._loop.time()
            outside, _, coin = market.partition(":")
            try:
                if coin:
                    if self.abroad is not None and self.abroad.reference.name == outside:
                        await self.abroad.fill_month(coin)
                    continue
                rows = await self._http.get(rest.candles(market, WINDOW, count=WINDOWS + 2), _last)
                self._feed.cross.month.take(market, rows, self.now_ms())
            except RefusedError as why:  # not listed there, as a rule: no reason to let the others wait
                log.info("the month of %s: %s", market, why)
            except FeedError as why:
                log.info("the month of %s: %s", market, why)
                await asyncio.sleep(RETRY_S)

    def _next_missing(self) -> str | None:
        cross, now, now_ms = self._feed.cross, self._loop.time(), self.now_ms()
        bridges = sorted(m for m in cross.markets(cross.coins) if m in cross.bridges)
        coins = [*sorted(cross.seen), *sorted(cross.watched - cross.seen)]
        names = [*bridges, *(m for coin in coins for m in sorted(cross.markets([coin])))]
        if self.abroad is not None:
            names += [cross.outside.closes_name(coin) for coin in coins if "KRW" in cross.coins.get(coin, ())]
        for market in names:
            is_free = now - self._told_at.get(market, -inf) >= ASKED_AGAIN_S
            if is_free and cross.month.is_due(market, now_ms):
                return market
        return None


def _last() -> tuple[int]:
    """Rank behind whatever somebody waits for at a pane."""
    return (2,)
