"""Builds what runs behind one feed and joins the callbacks; the only place that does.

In core, since a script needs the same joining as the program, without Qt.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable

from core.errors import FeedError
from core.feed import tasks
from core.feed.abroad import Abroad, Reference
from core.feed.accountant import STREAMS as PRIVATE_STREAMS
from core.feed.accountant import Accountant
from core.feed.auditor import Auditor
from core.feed.backfill import Backfill
from core.feed.endpoint import Endpoint
from core.feed.feed import Feed, Reply
from core.feed.gate import Gate
from core.feed.http import Http
from core.feed.late import load
from core.feed.link import Link
from core.feed.pool import Pool
from core.feed.recall import Recall
from core.feed.scan import Scan
from core.feed.socket import Intake
from core.feed.survey import Survey
from core.feed.watch import Watch
from core.market import TICKER, Market, Stream
from core.wire import rest
from core.wire.auth import AccessKey, authorization

LISTING_RETRY_S = 3.0
CLOCK_GRAIN_MS = 1_500  # `Date` counts whole seconds, and the answer was on its way
LISTING_REREAD_S = 60.0  # markets are listed and delisted while the program runs, and whoever is first to know wins

log = logging.getLogger(__name__)


def wall_ms() -> int:
    """Return the machine's clock, epoch ms."""
    return time.time_ns() // 1_000_000


class Services:
    """One endpoint's feed with all that moves it. Panes see `feed` alone.

    Args:
        endpoint: the exchange.
        is_watched: tells whether somebody looks at a pane; waits for the next try are shorter then.
        is_visible: tells whether somebody sees a market now: what he waits for is fetched first.
        on_listing: the exchange's list of markets came or changed.
        on_link: a link came up or went down.
        has_board: whether to read the list of markets and to stream the ticker of each.
        gate: lets connects through; one for the whole process.
        key: opens one's own account; see `set_key`.
        recall: the history on the disk, asked before REST; whoever made it closes it, before this.
        reference: what to compare prices with outside the exchange; see `set_reference`.
        clock_ms: the machine's clock, epoch ms.
    """

    def __init__(
        self,
        feed: Feed,
        endpoint: Endpoint,
        *,
        is_watched: Callable[[], bool] = lambda: True,
        is_visible: Callable[[str], bool] = lambda _market: True,
        on_listing: Callable[[], None] = lambda: None,
        on_link: Callable[[], None] = lambda: None,
        has_board: bool = True,
        gate: Gate | None = None,
        key: AccessKey | None = None,
        recall: Recall | None = None,
        reference: Reference | None = None,
        clock_ms: Callable[[], int] = wall_ms,
    ) -> None:
        self.feed = feed
        self.endpoint = endpoint
        self._on_listing = on_listing
        self._on_link = on_link
        self.http = Http(endpoint.rest, clock_ms)
        self.backfill = Backfill(feed, self.http, is_visible, recall)
        self._recall = recall
        self._gate = gate or Gate()
        self._is_watched = is_watched
        self.private: Pool | None = None
        self.accountant: Accountant | None = None
        self.pool = Pool(
            endpoint.ws,
            feed.on_frame,
            feed.health,
            gate=self._gate,
            on_link=self._tell,
            is_watched=is_watched,
            intake=Intake(),
            is_compressed=endpoint.is_real,  # over loopback it would only cost
        )
        self._board = feed.lease(lambda _stream: None)
        self._watch = Watch(feed, self.pool, self.http, clock_ms, self._wake)
        self._scan = Scan(feed, self.http, lambda: clock_ms() + feed.clock_offset_ms)
        self.survey = Survey(feed, self.http, lambda: clock_ms() + feed.clock_offset_ms)
        auditor = Auditor(
            feed,
            lambda: clock_ms() + feed.clock_offset_ms,
            mends=not endpoint.is_real,  # there it only tells, until recordings show that it is never wrong
            on_mended=recall.keep_again if recall is not None else lambda _market, _span: None,
        )
        self._levels_asked: set[str] = set()
        feed.on_wanted = self._want
        feed.on_gap = self.backfill.want_join
        if recall is None:
            feed.on_history_wanted = self.backfill.want_history
            feed.on_trades_wanted = self.backfill.want_trades
        else:
            feed.on_history_wanted, feed.on_trades_wanted = recall.want_history, recall.want_trades
            recall.serve(self.backfill.want_history, self.backfill.want_trades, self.backfill.want_newest)
            for market, interval in recall.restored():  # before there was an exchange to ask
                self.backfill.want_newest(market, interval)
        feed.on_flow_wanted, feed.on_flow_unwanted = self.backfill.want_flow, self.backfill.stop_flow
        feed.on_forgotten = self.backfill.forget
        feed.on_retry = self.retry
        self._hurry = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = {tasks.start(auditor.run(), "auditor")}
        if has_board:
            self._tasks.add(tasks.start(self._list_markets(), "listing"))
        self._want(feed.leases.wanted)
        self.set_key(key)
        self.set_reference(reference)

    def set_reference(self, reference: Reference | None) -> None:
        """Compare with what is outside from now on, or with nothing."""
        before = self.survey.abroad
        if before is not None:
            if before.reference == reference:
                return
            before.forget()
            task = tasks.start(before.close(), "abroad closes")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        self.survey.abroad = None
        if reference is not None:
            self.survey.abroad = Abroad(self.feed, reference, self.survey.now_ms, is_watched=self._is_watched)

    def set_key(self, key: AccessKey | None) -> None:
        """Follow the account of `key` from now on, or none. Again with the same key: try once more."""
        self._close_private()
        self.feed.account.forget()
        self.http.key = key
        if key is None:
            return

        def hear(link: int, frame: bytes) -> Reply | None:
            # A socket that is let go closes with a handshake, and reads on until then: of an account that is gone.
            return self.feed.on_private_frame(link, frame) if self.private is pool else None

        async def headers() -> dict[str, str]:
            await load("jwt")
            return authorization(key)

        pool = self.private = Pool(
            self.endpoint.private_ws,
            hear,
            self.feed.health,
            gate=self._gate,
            on_link=self._tell_private,
            is_watched=self._is_watched,
            is_compressed=self.endpoint.is_real,
            headers=headers,
            fmt="DEFAULT",
        )
        self.accountant = Accountant(
            self.feed,
            self.http,
            self._private_link,
            lambda: self._want(self.feed.leases.wanted),
            self._close_private,
        )

    def _private_link(self) -> Link | None:
        return next(iter(self.private.links.values()), None) if self.private is not None else None

    def _close_private(self) -> None:
        """Let go of the account's socket: the key is gone, or not taken, and a refused key is never tried again."""
        if self.accountant is not None:
            self.accountant.stop()  # before another one begins
        for closing in (self.accountant, self.private):
            if closing is not None:
                task = tasks.start(closing.close(), "account closes")
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)
        self.accountant = self.private = None

    def _tell_private(self, streams: frozenset[Stream]) -> None:
        self._tell(streams)
        if self.accountant is not None:
            self.accountant.look()

    def retry(self) -> None:
        """Try everything that waits again now."""
        self._hurry.set()
        for pool in self._pools:
            pool.hurry()
        if self.survey.abroad is not None:
            self.survey.abroad.hurry()

    def _wake(self) -> None:
        """The machine slept: what looks open may be dead, and the exchange's clock is to be read again."""
        self._hurry.set()
        for pool in self._pools:
            pool.probe()

    @property
    def _pools(self) -> list[Pool]:
        return [pool for pool in (self.pool, self.private) if pool is not None]

    async def close(self) -> None:
        """Stop at once; nothing is left running."""
        await self._watch.close()
        self._close_private()
        closing = [task for task in self._tasks if task.get_name() == "account closes"]
        await asyncio.gather(*closing, return_exceptions=True)
        await tasks.stop(self._tasks)
        self.feed.disconnect()
        self._board.close()
        await self._scan.close()
        await self.survey.close()
        await self.backfill.close()
        await asyncio.gather(self.pool.close(), self.http.close())

    def _want(self, streams: frozenset[Stream]) -> None:
        private = streams & PRIVATE_STREAMS
        self.pool.want(streams - private if private else streams, self.feed.leases.background)
        if self._recall is not None:
            self._recall.follow(streams)
        if self.private is not None and self.accountant is not None:
            self.private.want(private & self.accountant.allowed)
        fresh = self.feed.leases.markets - self._levels_asked
        fresh &= self.feed.store.markets.keys()  # a code the exchange does not list would fail the call for all
        if fresh:
            self._levels_asked |= fresh
            task = tasks.start(self._ask_levels(sorted(fresh)), "levels")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def _tell(self, streams: frozenset[Stream]) -> None:
        self._on_link()
        for stream in streams:
            self.feed.leases.notify(stream)

    async def _ask_levels(self, markets: list[str]) -> None:
        try:
            for row in await self.http.get(rest.instruments(markets)):
                self.feed.store.set_levels(row.market, row.levels)
                self.feed.leases.notify(Stream("orderbook", row.market))
        except FeedError as why:
            log.info("price groupings of %s: %s", ",".join(markets), why)
            self._levels_asked.difference_update(markets)

    def _set_clock(self) -> None:
        """Take the exchange's clock for countdowns where ours is off by more than its `Date` header can say."""
        offset_ms = self.http.clock_offset_ms or 0.0
        self.feed.clock_offset_ms = round(offset_ms) if abs(offset_ms) > CLOCK_GRAIN_MS else 0

    async def _list_markets(self) -> None:
        """Read the list of markets, and again from time to time; lease the ticker of each."""
        while True:
            wait_s = LISTING_REREAD_S
            try:
                listed: list[Market] = await self.http.get(rest.markets())
                before = self.feed.store.markets
                self.feed.store.list_markets(listed)
                self._set_clock()
                self._board.want(Stream(TICKER, market) for market in self.feed.store.markets)
                self._want(self.feed.leases.wanted)
                self._scan.relist()
                self.survey.relist()
                if self.feed.store.markets != before:
                    self._on_listing()
            except FeedError as why:
                log.info("list of markets: %s", why)
                wait_s = LISTING_RETRY_S
            self._hurry.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(wait_s):
                    await self._hurry.wait()
