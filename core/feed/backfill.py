"""What the socket did not bring, by REST: chart history, and what was missed around a (re)start.

Subscribe first, fetch second, merge by key. Overlap is cheap, a gap is not.
"""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Callable, Coroutine, Iterable
from typing import Any, TypeVar

from core.errors import FeedError, RateLimitError, RefusedError
from core.feed import tasks
from core.feed.feed import Feed
from core.feed.http import Http
from core.feed.recall import REST_SETTLED_MS, Recall
from core.market import DAY_MS, INTERVAL_OF_CHANNEL, TRADE, Interval, Stream
from core.state.coverage import Span
from core.state.flow import Load, oldest_ms
from core.state.tape import Tape
from core.wire import rest
from core.wire.messages import CandleRow

JOIN_PAGES = 10  # of candles fetched to join what is known with what is live; then the chart starts anew
OPEN_PAGES = 2  # the same where what is known comes from the disk: who opens a chart wants to see now
FIRST_TRADES = 200  # for a tape that starts empty
OLDER_TRADES = "older trades"
FLOW = "trades of a range"
RETRY_S = 3.0
LAG_S = 1.0  # until REST is asked again for what the socket has brought already; doubled each time
MOST_LAG_S = 30.0
SHUFFLE_MS = 1_000  # trades of one market were seen 0.2 s out of the order of their ids
NEVER = 2**62  # ms

log = logging.getLogger(__name__)
T = TypeVar("T")


class Backfill:
    """Fetches on request; one fetch a market and kind at a time, however often it is asked for.

    Args:
        is_visible: tells whether somebody sees a market now: what he waits for is fetched first.
        recall: keeps what is fetched.
    """

    def __init__(
        self,
        feed: Feed,
        http: Http,
        is_visible: Callable[[str], bool] = lambda _market: True,
        recall: Recall | None = None,
    ) -> None:
        self._feed = feed
        self._http = http
        self._recall = recall
        self.is_visible = is_visible
        self._running: dict[tuple[str, str], asyncio.Task[None]] = {}
        self._again: dict[tuple[str, str], Callable[[], Coroutine[Any, Any, None]]] = {}
        self._ending: set[asyncio.Task[None]] = set()

    # What the feed asks for.

    def want_history(self, market: str, interval: Interval) -> None:
        """Fetch the page of candles before the oldest one known, or the newest if none is."""
        series = self._feed.store.candles(market, interval)
        if not series.is_complete:
            self._start(market, interval.value, lambda: self._older(market, interval), repeat=False)

    def want_trades(self, market: str) -> None:
        """Fetch trades before the oldest one known: one page, or what the day before has."""
        tape = self._feed.store.tape(market)
        if not tape.is_complete and tape.is_joined and len(tape) < tape.bound:
            self._start(market, OLDER_TRADES, lambda: self._older_trades(market), repeat=False)

    def want_flow(self, market: str, from_ms: int, to_ms: int, most_calls: int, is_asked: bool) -> None:
        """Fetch what is missing of the trades of from..to; arguments as of `Feed.want_flow`.

        What the user agreed to comes after what is on its way.
        """
        if self._feed.store.tape(market).is_joined:  # what the tape waits for comes first
            self._start(
                market, FLOW, lambda: self._load_flow(market, from_ms, to_ms, most_calls, is_asked), repeat=is_asked
            )

    def stop_flow(self, market: str) -> None:
        """Fetch no more of them."""
        task = self._running.get((market, FLOW))
        if task is not None:
            task.cancel()

    def want_newest(self, market: str, interval: Interval) -> None:
        """Fetch what came since the bars that were kept on the disk."""
        met_ms = self._feed.store.candles(market, interval).break_ms
        if met_ms is not None:
            join = lambda: self._join_candles(market, interval, OPEN_PAGES, met_ms)  # noqa: E731
            self._start(market, interval.value, join, repeat=True)

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

    def forget(self, markets: Iterable[str]) -> None:
        """Fetch nothing more for markets the store has let go of: who comes back asks for all of it anew.

        Somebody who runs through the whole list leaves two calls a market in the queue, before those of what he sees
        in the end, and each with the arrays it was to fill.
        """
        gone = frozenset(markets)
        for key in [key for key in self._running if key[0] in gone]:
            task = self._running.pop(key)
            self._again.pop(key, None)
            self._ending.add(task)
            task.cancel()

    async def close(self) -> None:
        """Stop every fetch."""
        self._again.clear()
        await tasks.stop([*self._running.values(), *self._ending])

    # How it is done.

    def _start(self, market: str, kind: str, fetch: Callable[[], Coroutine[Any, Any, None]], *, repeat: bool) -> None:
        key = (market, kind)
        if key in self._running:
            if repeat:  # something was missed, or agreed to, while a fetch ran: fetch once more after it
                self._again[key] = fetch
            return
        task = tasks.start(self._fetch(key, fetch), f"backfill {market} {kind}")
        self._running[key] = task
        task.add_done_callback(lambda done: self._ended(key, done))

    async def _fetch(self, key: tuple[str, str], fetch: Callable[[], Coroutine[Any, Any, None]]) -> None:
        try:
            await fetch()
        except FeedError as why:
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
        if task in self._ending:
            self._ending.remove(task)
            return
        del self._running[key]
        again = self._again.pop(key, None)
        if again is not None and not task.cancelled() and task.exception() is None:
            self._start(*key, again, repeat=True)

    def _notify(self, market: str, kind: str) -> None:
        if kind in (TRADE, OLDER_TRADES, FLOW):
            self._feed.leases.notify(Stream(TRADE, market))
            return
        channel = Interval(kind).channel
        self._feed.leases.notify(Stream(channel or TRADE, market))

    async def _older(self, market: str, interval: Interval) -> None:
        rows: list[CandleRow] = []
        asked_ms: int | None = None
        count, is_fresh = rest.CANDLES_PER_PAGE, False
        # The series may begin, or begin anew, meanwhile: then only a page that reaches its first bar joins it.
        while asked_ms != (first_ms := self._feed.store.candles(market, interval).first_ms):
            if rows and rows[-1].start_ms >= first_ms >= 0:
                break
            asked_ms = first_ms
            # Just before a stream's first window: only a page that has it, too, shows that REST knows all before it.
            is_fresh = first_ms > self._http.now_ms() - REST_SETTLED_MS
            kept = None if is_fresh else self._recall
            gap_ms = kept.missing(market, interval, first_ms) if kept is not None else None
            count = _count(interval, gap_ms)
            rows = await self._candles(market, interval, None if first_ms < 0 or is_fresh else first_ms, count)
        series = self._feed.store.candles(market, interval)
        is_behind = is_fresh and len(rows) > 0 and rows[-1].start_ms < first_ms
        series.merge(rows)
        if is_behind:
            series.set_break(rows[-1].start_ms)
            self.want_newest(market, interval)
        if len(rows) < count:
            series.is_complete = True
            series.version += 1

    async def _join_candles(
        self, market: str, interval: Interval, most_pages: int = JOIN_PAGES, kept_ms: int | None = None
    ) -> None:
        """Fetch until the bars are complete up to where the stream runs, or nobody looks any more.

        REST may lag behind the socket: then a page does not reach the stream yet, and is asked for again.

        Args:
            kept_ms: start of the last bar that came from the disk: a stream that goes on where it stopped says nothing
                of what came after that bar.
        """
        wait_s = LAG_S
        while not await self._join_once(market, interval, most_pages, kept_ms):
            self._notify(market, interval.value)
            await asyncio.sleep(wait_s)
            wait_s, kept_ms = min(2 * wait_s, MOST_LAG_S), None
            if market not in self._feed.leases.markets:
                return

    async def _join_once(self, market: str, interval: Interval, most_pages: int, kept_ms: int | None) -> bool:
        """Fetch back from now until the pages meet what was known before the stream stopped. Return whether they do."""
        series = self._feed.store.candles(market, interval)
        breaks = [at for at in (series.break_ms, kept_ms) if at is not None]
        met_ms, series.break_ms = min(breaks, default=None), None  # a stop from here on is another break
        if met_ms is None or met_ms < series.first_ms:
            return True
        to_ms: int | None = None
        pages: list[CandleRow] = []
        series.is_joining = True
        try:
            for _ in range(most_pages):
                count = _count(interval, (to_ms or self._http.now_ms()) - met_ms)
                rows = await self._candles(market, interval, to_ms, count)
                pages[:0] = rows
                if len(rows) < count or rows[0].start_ms <= met_ms:
                    break
                to_ms = rows[0].start_ms
            else:
                log.info("%s %s: too far back to join, the chart starts anew", market, interval.value)
                series.restart(pages[0].start_ms)
        except BaseException:
            series.break_ms = met_ms
            raise
        finally:
            series.is_joining = False
        said_ms = series.said_ms
        series.merge(pages)
        if pages and pages[-1].start_ms < said_ms:
            series.set_break(max(pages[-1].start_ms, met_ms))
            return False
        return True

    async def _join_trades(self, market: str) -> None:
        """Fetch until the ledger is complete up to where the stream runs, or nothing more can be had.

        REST may lag behind the socket: then a page does not reach the stream yet, and is asked for again.
        """
        tape, wait_s = self._feed.store.tape(market), LAG_S
        while (hole := tape.to_fill()) is not None:
            await self._walk_back(market, tape)
            if tape.to_fill() != hole:
                continue
            await asyncio.sleep(wait_s)
            wait_s = min(2 * wait_s, MOST_LAG_S)
            if market not in self._feed.leases.markets:
                return  # nobody looks any more; who comes back starts the stream, and this, anew

    async def _walk_back(self, market: str, tape: Tape) -> None:
        """Fetch pages from the newest trade backwards, past what is known, while there are holes to be filled.

        A new ledger gets some trades to begin with.
        """
        is_new = tape.is_new
        count = FIRST_TRADES if is_new else rest.TRADES_PER_PAGE
        day = first_day = self._http.now_ms() // DAY_MS
        cursor: int | None = None
        upto_ms = NEVER  # what is newer is known, or REST does not know it yet
        fetched = 0
        while True:
            days_ago = self._http.now_ms() // DAY_MS - day
            if days_ago > rest.DAYS_OF_TRADES or fetched > tape.bound:
                tape.give_up(upto_ms)
                return
            call = rest.ticks(market, cursor=cursor, days_ago=days_ago if days_ago > 0 else None, count=count)
            trades = await self._ask(call, market)
            for trade in trades:
                self._feed.apply(trade)
            fetched += len(trades)
            is_short = len(trades) < count
            if trades:
                day = trades[-1].time_ms // DAY_MS  # our clock may be wrong about midnight
                upto_ms = tape.reach_ms(trades) if upto_ms == NEVER else upto_ms
            # Pages follow ids, and ids do not sort trades: the oldest may have neighbours in the next page.
            low_ms = day * DAY_MS if is_short else trades[0].time_ms + SHUFFLE_MS
            if upto_ms != NEVER and low_ms <= upto_ms:
                tape.cover(low_ms, upto_ms)
                upto_ms = low_ms - 1
            is_enough = fetched >= count or first_day - day > 1 if is_new else not tape.has_hole_before(upto_ms)
            if is_enough:
                tape.begin()
                return
            if is_short:
                day, cursor = day - 1, None
            else:
                cursor = min(t.id for t in trades)
            # Over what is known already.
            known_ms = tape.coverage.start_of(upto_ms + 1)
            first = tape.first_from(known_ms + SHUFFLE_MS) if known_ms is not None and known_ms < low_ms else None
            if first is not None and known_ms is not None and first.time_ms < low_ms:
                day, cursor, upto_ms = first.time_ms // DAY_MS, first.id, known_ms - 1

    async def _older_trades(self, market: str) -> None:
        tape = self._feed.store.tape(market)
        oldest = tape.first_from(0)
        if oldest is None:
            return
        begin_ms = tape.begin_ms
        cursor_at = tape.first_from(begin_ms + SHUFFLE_MS) or oldest
        day, cursor = cursor_at.time_ms // DAY_MS, cursor_at.id
        while (days_ago := self._http.now_ms() // DAY_MS - day) <= rest.DAYS_OF_TRADES:
            at = cursor if cursor >= 0 else None
            trades = await self._ask(rest.ticks(market, cursor=at, days_ago=days_ago if days_ago > 0 else None), market)
            for trade in trades:
                self._feed.apply(trade)
            is_short = len(trades) < rest.TRADES_PER_PAGE
            tape.cover(day * DAY_MS if is_short else trades[0].time_ms + SHUFFLE_MS, begin_ms - 1)
            if trades and trades[0].time_ms < oldest.time_ms:
                return
            if is_short:
                day, cursor = day - 1, -1
            else:  # as many within a second as a page holds: go on behind them
                cursor = min(t.id for t in trades)
        tape.is_complete = True

    async def _load_flow(self, market: str, from_ms: int, to_ms: int, most_calls: int, is_asked: bool) -> None:
        """Fetch pages of trades into the market's flow, gap by gap from the newest, in so many calls at most.

        A gap begins with the trade before its end by time; where REST may not know all of that yet, with its newest
        page, and what that page does not reach is left for another time.
        """
        flow = self._feed.store.flow(market)
        if self._recall is not None and not flow.is_recalled:
            flow.is_recalled = True
            await self._recall.read_flow(market)
        cursor: int | None = None
        at_ms = NEVER  # where the cursor stands
        calls = 0
        try:
            while calls < most_calls and (is_asked or flow.free_calls > 0) and not flow.is_full:
                if self._feed.store.flow(market) is not flow or market not in self._feed.leases.markets:
                    return  # another exchange speaks, or nobody looks
                now_ms = self._http.now_ms()
                gaps = flow.gaps(max(from_ms, oldest_ms(now_ms)), to_ms)
                if not gaps:
                    return
                end_ms = gaps[-1].to_ms
                day = end_ms // DAY_MS
                if at_ms != end_ms:
                    cursor = None
                is_newest = cursor is None and end_ms > now_ms - REST_SETTLED_MS
                ago = now_ms // DAY_MS - day
                before_ms = end_ms + 1 if cursor is None and not is_newest and (end_ms + 1) // DAY_MS == day else None
                call = rest.ticks(market, cursor, before_ms, None if is_newest or ago <= 0 else ago)
                calls, flow.load = calls + 1, Load(calls + 1, most_calls)
                flow.free_calls -= not is_asked
                trades = await self._http.get(call, lambda: (not self.is_visible(market), math.inf))  # behind all else
                flow.add(trades)
                if is_newest:
                    to_ms = end_ms = min(end_ms, trades[-1].time_ms - 1) if trades else -1
                    day = end_ms // DAY_MS
                elif trades and trades[-1].time_ms // DAY_MS > day:
                    return  # our clock is wrong about midnight
                is_short = len(trades) < rest.TRADES_PER_PAGE
                # Pages follow ids, and ids do not sort trades: the oldest may have neighbours in the next page.
                low_ms = day * DAY_MS if is_short else trades[0].time_ms + SHUFFLE_MS
                if low_ms <= end_ms:
                    flow.cover(low_ms, end_ms)
                    if self._recall is not None and flow.known.has(low_ms, end_ms):
                        self._recall.keep_trades(market, Span(low_ms, end_ms), flow.prints(low_ms, end_ms))
                cursor, at_ms = (None, NEVER) if is_short else (min(t.id for t in trades), min(low_ms - 1, end_ms))
                self._notify(market, FLOW)
        except FeedError as why:
            log.info("trades of %s: %s", market, why)  # whoever asked sees what is missing still, and may ask again
        finally:
            flow.load = None

    async def _candles(self, market: str, interval: Interval, before_ms: int | None, count: int) -> list[CandleRow]:
        rows = await self._ask(rest.candles(market, interval, before_ms, count), market)
        if self._recall is not None:
            self._recall.keep(market, interval, rows, before_ms)
        return rows

    async def _ask(self, call: rest.Call[T], market: str) -> T:
        """Send a call in its turn: visible markets first, then by turnover."""
        return await self._http.get(call, lambda: self._rank(market))

    def _rank(self, market: str) -> tuple[bool, float]:
        ticker = self._feed.store.ticker(market)
        turnover = ticker.turnover_24h if ticker is not None else math.nan
        return not self.is_visible(market), 0.0 if math.isnan(turnover) else -turnover


def _count(interval: Interval, span_ms: int | None) -> int:
    """Return how many candles to ask for where the windows of so many ms are missing; None: a page."""
    if span_ms is None:
        return rest.CANDLES_PER_PAGE
    return min(max(span_ms // interval.length_ms, 0) + 2, rest.CANDLES_PER_PAGE)  # the running one, and one to meet
