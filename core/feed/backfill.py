"""What the socket did not bring, by REST: chart history, and what was missed around a (re)start.

Subscribe first, fetch second, merge by key. Overlap is cheap, a gap is not.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from core.errors import FeedError, RateLimitError, RefusedError
from core.feed.feed import Feed
from core.feed.http import Http
from core.market import INTERVAL_OF_CHANNEL, TRADE, Interval, Stream
from core.wire import rest
from core.wire.messages import CandleRow

JOIN_PAGES = 10  # of candles or trades fetched to join what is known with what is live; then the rest is a hole
FIRST_TRADES = 200  # for a tape that starts empty
RETRY_S = 3.0

log = logging.getLogger(__name__)


class Backfill:
    """Fetches on request; one fetch a market and kind at a time, however often it is asked for."""

    def __init__(self, feed: Feed, http: Http) -> None:
        self._feed = feed
        self._http = http
        self._running: dict[tuple[str, str], asyncio.Task[None]] = {}
        self._again: dict[tuple[str, str], Callable[[], Coroutine[Any, Any, None]]] = {}
        self.failures: dict[tuple[str, str], str] = {}  # (market, kind) -> why the last fetch failed

    # What the feed asks for.

    def want_history(self, market: str, interval: Interval) -> None:
        """Fetch the page of candles before the oldest one known, or the newest if none is."""
        series = self._feed.store.candles(market, interval)
        if not series.is_complete:
            self._start(market, interval.value, lambda: self._older(market, interval), repeat=False)

    def want_join(self, stream: Stream) -> None:
        """Fetch what may have been missed before `stream` (re)started."""
        if stream.channel == TRADE:
            self._start(stream.market, TRADE, lambda: self._join_trades(stream.market), repeat=True)
            for interval in (Interval.D1, Interval.W1, Interval.MONTH):  # no candle stream tells of these
                if interval in self._feed.store.known_intervals(stream.market):
                    self._join_soon(stream.market, interval)
        elif (interval_ := INTERVAL_OF_CHANNEL.get(stream.channel)) is not None:
            self._join_soon(stream.market, interval_)

    def _join_soon(self, market: str, interval: Interval) -> None:
        series = self._feed.store.candles(market, interval)
        if len(series):
            self._start(market, interval.value, lambda: self._join_candles(market, interval), repeat=True)

    async def close(self) -> None:
        """Stop every fetch."""
        self._again.clear()
        tasks = list(self._running.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    # How it is done.

    def _start(self, market: str, kind: str, fetch: Callable[[], Coroutine[Any, Any, None]], *, repeat: bool) -> None:
        key = (market, kind)
        if key in self._running:
            if repeat:  # something was missed while a fetch ran: fetch once more after it
                self._again[key] = fetch
            return
        task = asyncio.create_task(self._fetch(key, fetch), name=f"backfill {market} {kind}")
        self._running[key] = task
        task.add_done_callback(lambda done: self._ended(key, done))

    async def _fetch(self, key: tuple[str, str], fetch: Callable[[], Coroutine[Any, Any, None]]) -> None:
        try:
            await fetch()
            self.failures.pop(key, None)
        except FeedError as why:
            self.failures[key] = str(why)
            log.info("backfill of %s %s: %s", *key, why)
            self._notify(*key)
            is_final = isinstance(why, RefusedError) and not isinstance(why, RateLimitError)
            if not is_final:
                await asyncio.sleep(RETRY_S)  # Http gave up
                if key[0] in self._feed.leases.markets:  # somebody waits for it still
                    self._again.setdefault(key, fetch)
            return
        self._notify(*key)

    def _ended(self, key: tuple[str, str], task: asyncio.Task[None]) -> None:
        del self._running[key]
        again = self._again.pop(key, None)
        if task.cancelled():
            return
        if (why := task.exception()) is not None:
            context = {"message": f"backfill {key} broke", "exception": why, "task": task}
            asyncio.get_running_loop().call_exception_handler(context)
        elif again is not None:
            self._start(*key, again, repeat=True)

    def _notify(self, market: str, kind: str) -> None:
        if kind == TRADE:
            self._feed.leases.notify(Stream(TRADE, market))
            return
        channel = Interval(kind).channel
        self._feed.leases.notify(Stream(channel or TRADE, market))

    async def _older(self, market: str, interval: Interval) -> None:
        rows: list[CandleRow] = []
        asked_ms: int | None = None
        # The series may begin, or begin anew, meanwhile: then only a page that reaches its first bar joins it.
        while asked_ms != (first_ms := self._feed.store.candles(market, interval).first_ms):
            if rows and rows[-1].start_ms >= first_ms >= 0:
                break
            asked_ms = first_ms
            rows = await self._http.get(rest.candles(market, interval, first_ms if first_ms >= 0 else None))
        series = self._feed.store.candles(market, interval)
        series.merge(rows)
        if len(rows) < rest.CANDLES_PER_PAGE:
            series.is_complete = True
            series.version += 1

    async def _join_candles(self, market: str, interval: Interval) -> None:
        """Fetch back from now until the pages meet what was known before the stream stopped."""
        series = self._feed.store.candles(market, interval)
        met_ms, series.break_ms = series.break_ms, None  # a stop from here on is another break
        if met_ms is None:
            return
        to_ms: int | None = None
        pages: list[CandleRow] = []
        try:
            for _ in range(JOIN_PAGES):
                rows = await self._http.get(rest.candles(market, interval, to_ms))
                pages[:0] = rows
                if len(rows) < rest.CANDLES_PER_PAGE or rows[0].start_ms <= met_ms:
                    break
                to_ms = rows[0].start_ms
            else:
                log.info("%s %s: too far back to join, the chart starts anew", market, interval.value)
                series.restart(pages[0].start_ms)
        except BaseException:
            series.break_ms = met_ms
            raise
        series.merge(pages)

    async def _join_trades(self, market: str) -> None:
        """Fetch back from now until a page meets the ledger as it was before the stream (re)started."""
        tape = self._feed.store.tape(market)
        met_ms, tape.break_ms = tape.break_ms, None
        if met_ms is None:
            return
        try:
            oldest_ms = await self._fetch_trades(market, met_ms)
        except BaseException:
            tape.break_ms = met_ms
            raise
        if 0 <= met_ms <= oldest_ms:
            tape.holes.append((met_ms, oldest_ms))
            log.info("%s: trades between %d and %d could not be fetched", market, met_ms, oldest_ms)

    async def _fetch_trades(self, market: str, met_ms: int) -> int:
        """Fetch trades back to `met_ms`; for a new ledger (-1) some to begin with. Return how far back they reach."""
        count = FIRST_TRADES if met_ms < 0 else rest.TRADES_PER_PAGE
        oldest_ms, fetched = -1, 0
        days_ago, cursor = 0, None
        for _ in range(JOIN_PAGES):
            trades = await self._http.get(rest.ticks(market, cursor=cursor, days_ago=days_ago or None, count=count))
            for trade in trades:
                self._feed.apply(trade)
            fetched += len(trades)
            if trades:
                oldest_ms = trades[0].time_ms
                cursor = min(t.id for t in trades)
            if len(trades) < count:  # the start of a UTC day: go on in the day before
                days_ago, cursor = days_ago + 1, None
            is_enough = fetched >= count or days_ago > 1 if met_ms < 0 else trades and oldest_ms < met_ms
            if is_enough or days_ago > rest.DAYS_OF_TRADES:
                break
        return oldest_ms
