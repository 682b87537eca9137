"""Keeps the board: listens to every ticker, more closely to the top, and asks REST for what was before."""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

import numpy as np

from core.calc.unusual import Finding
from core.errors import FeedError
from core.feed import tasks
from core.feed.feed import Feed
from core.feed.health import StreamState
from core.feed.http import Http
from core.feed.limiter import Window
from core.market import DAY_MS, ORDERBOOK, TICKER, TRADE, Interval, Stream
from core.wire import rest

LOOK_S = 0.02  # from a ticker until it is looked at, with all that came meanwhile
BEAT_S = 1.0  # and if nothing comes
RANK_S = 2.0
SETTLE_S = 15.0  # the top changes at most so often: a request each, and snapshots of all of it
MINUTES = 75  # candles asked for: an hour, the minute that runs, and some that the answer may lag
ASKED_AGAIN_S = 120.0  # of a market that had nothing to say of a time, such as one listed since
RETRY_S = 10.0
CALLS_PER_S = 6  # of the ten that the exchange allows: the others are for whoever looks at a chart
_AT_ONCE = 3  # calls on their way, so that a far exchange is asked as often as that

log = logging.getLogger(__name__)


class Scan:
    """Runs while somebody wants the board, and costs nothing otherwise.

    Args:
        now_ms: the exchange's clock, epoch ms.
    """

    def __init__(self, feed: Feed, http: Http, now_ms: Callable[[], int]) -> None:
        self._feed = feed
        self._http = http
        self._now_ms = now_ms
        self._loop = asyncio.get_running_loop()
        self._tickers = feed.lease(self._on_ticker)
        self._top = feed.lease(self._on_top, is_background=True)
        self._cursors: dict[str, int] = {}  # market of the top -> into its tape
        self._booked: set[str] = set()  # markets of the top whose book is another one
        self._timer: asyncio.TimerHandle | None = None
        self._due = float("inf")
        self._is_soon = False  # a look is due as soon as there can be one: nothing to be found out at each frame
        self._ranked_at = self._settled_at = float("-inf")
        self._asked_at: dict[str, float] = {}  # market -> for its minutes; bounded by the board
        self._days_asked_at: dict[str, float] = {}  # the same for its days, until they have come
        self._days_of: dict[str, tuple[int, int]] = {}  # market -> (day, how many days) its extremes are of
        self._pace = Window(CALLS_PER_S)
        self._missing: list[tuple[str, bool]] = []
        self._searched_at = float("-inf")
        self._filling: list[asyncio.Task[None]] = []
        feed.on_board_wanted = self.want

    def want(self) -> None:
        """Take what is wanted now, and what the exchange lists."""
        board = self._feed.board
        board.take_quotes()
        self._tickers.want(Stream(TICKER, code) for code in board.windows.codes)
        self._asked_at = {m: at for m, at in self._asked_at.items() if m in board.windows}
        self._days_asked_at = {m: at for m, at in self._days_asked_at.items() if m in board.windows}
        self._days_of = {m: day for m, day in self._days_of.items() if m in board.windows}
        if board.windows.codes:
            board.windows.roll(self._now_ms(), self._is_live)  # from now on there is a present to fill the past up to
            self._look_in(LOOK_S)
            if not self._filling:
                self._filling = [tasks.start(self._fill(), f"board {n}") for n in range(_AT_ONCE)]
        else:
            self._stop()

    def relist(self) -> None:
        """The exchange's list of markets was read."""
        found = self._feed.board.relist(self._feed.store.markets.keys(), self._now_ms())
        self._tell(found)
        self.want()

    async def close(self) -> None:
        """Stop at once."""
        filling = self._filling
        self._stop()
        self._tickers.close()
        await asyncio.gather(*filling, return_exceptions=True)

    def _stop(self) -> None:
        self._top.close()
        self._cursors.clear()
        self._booked.clear()
        self._settled_at = float("-inf")
        if self._timer is not None:
            self._timer.cancel()
            self._timer, self._due, self._is_soon = None, float("inf"), False
        for task in self._filling:
            task.cancel()
        self._filling = []

    # What streams in.

    def _on_ticker(self, stream: Stream) -> None:
        ticker = self._feed.store.ticker(stream.market)
        if ticker is not None:
            self._feed.board.take(ticker)
            self._look_in(LOOK_S)

    def _on_top(self, stream: Stream) -> None:
        market = stream.market
        if stream.channel == ORDERBOOK:
            self._booked.add(market)
            self._look_in(LOOK_S)
            return
        tape = self._feed.store.tape(market)
        new, self._cursors[market] = tape.since(self._cursors.get(market, tape.count))
        for trade in new:
            if trade.stream_type == "REALTIME":  # what is filled in is no news
                found = self._feed.board.take_trade(trade)
                if found is not None:
                    self._tell([found])

    def _look_in(self, seconds: float) -> None:
        if self._is_soon:
            return
        self._is_soon = seconds <= LOOK_S
        due = self._loop.time() + seconds
        if due < self._due:
            if self._timer is not None:
                self._timer.cancel()
            self._due = due
            self._timer = self._loop.call_at(due, self._look)

    def _look(self) -> None:
        self._timer, self._due, self._is_soon = None, float("inf"), False
        feed, board = self._feed, self._feed.board
        now, now_ms = self._loop.time(), self._now_ms()
        board.windows.roll(now_ms, self._is_live)
        for market in self._booked:
            book = feed.store.book(market)
            if book is not None and book.levels:
                board.take_spread(market, book.levels[0].ask_price, book.levels[0].bid_price)
        self._booked.clear()
        if now - self._ranked_at >= RANK_S:
            self._ranked_at = now
            if now - self._settled_at >= SETTLE_S and board.rank(now_ms):
                self._settled_at = now
                self._listen(board.top)
        self._tell(board.look(now_ms))
        self._look_in(BEAT_S)

    def _is_live(self) -> list[bool]:
        """Return of which markets on the board the ticker runs."""
        feed, now = self._feed, self._feed.now()
        return [feed.health.state(Stream(TICKER, c), now) is StreamState.LIVE for c in feed.board.windows.codes]

    def _listen(self, markets: frozenset[str]) -> None:
        """Listen more closely to these."""
        tapes = self._feed.store
        self._cursors = {m: self._cursors.get(m, tapes.tape(m).count) for m in markets}
        self._top.want(Stream(channel, market) for market in markets for channel in (TRADE, ORDERBOOK))

    def _tell(self, found: list[Finding]) -> None:
        for one in found:
            self._feed.on_found(one)

    # What was before.

    async def _fill(self) -> None:
        """Ask for the minutes that nobody has seen, and for the days before today."""
        while True:
            call = self._next_call()
            if call is None:
                await asyncio.sleep(BEAT_S)
                continue
            await asyncio.sleep(self._pace.book(self._loop.time()) - self._loop.time())
            try:
                await call()
            except FeedError as why:
                log.info("the board's past: %s", why)
                await asyncio.sleep(RETRY_S)

    def _next_call(self) -> Callable[[], Coroutine[Any, Any, None]] | None:
        """Return what is to be asked for next: minutes before days, markets of large turnover first."""
        while not self._missing or self._missing[-1][0] not in self._feed.board.windows:
            if self._missing:
                self._missing.pop()
                continue
            if self._loop.time() < self._searched_at + BEAT_S:
                return None
            self._searched_at = self._loop.time()
            self._missing = self._search()
            if not self._missing:
                return None
        market, is_day = self._missing.pop()
        return partial(self._fill_days if is_day else self._fill_minutes, market)

    def _search(self) -> list[tuple[str, bool]]:
        """Return what is missing, the most wanted last: (market, is it the days)."""
        board, now = self._feed.board, self._loop.time()
        codes, known = board.windows.codes, ~np.isnan(board.windows.price)
        turnover = board.turnover
        holes = board.windows.has_hole() & known
        minutes = [c for i, c in enumerate(codes) if holes[i] and now - self._asked_at.get(c, -1e9) >= ASKED_AGAIN_S]
        wanted = self._day_wanted()
        days = [
            c for i, c in enumerate(codes)
            if known[i] and wanted[1] and self._days_of.get(c) != wanted
            and now - self._days_asked_at.get(c, -1e9) >= ASKED_AGAIN_S
        ]  # fmt: skip

        def rank(code: str) -> float:
            return turnover[code] if turnover[code] == turnover[code] else 0.0

        return [(c, True) for c in sorted(days, key=rank)] + [(c, False) for c in sorted(minutes, key=rank)]

    def _day_wanted(self) -> tuple[int, int]:
        """Return (today, how many days) the extremes are to be of."""
        return self._now_ms() // DAY_MS, self._feed.board.detectors.thresholds.extreme_days

    async def _fill_minutes(self, market: str) -> None:
        self._asked_at[market] = self._loop.time()
        rows = await self._http.get(rest.candles(market, Interval.M1, count=MINUTES), _last)
        windows = self._feed.board.windows
        if rows and market in windows:
            starts = np.array([r.start_ms for r in rows], np.int64)
            ohlcv = np.array([(r.open, r.high, r.low, r.close, r.volume) for r in rows])
            windows.fill(windows.column(market), starts, ohlcv, np.array([r.turnover for r in rows]))

    async def _fill_days(self, market: str) -> None:
        today, days = self._day_wanted()
        self._days_asked_at[market] = self._loop.time()
        rows = await self._http.get(rest.candles(market, Interval.D1, count=min(days, rest.CANDLES_PER_PAGE)), _last)
        before = [r for r in rows if (today - days) * DAY_MS < r.start_ms < today * DAY_MS]
        self._days_of[market] = today, days
        self._days_asked_at.pop(market, None)
        # A market that began today has no extreme to pass; of one day, today's own so far is.
        none = (0.0, math.inf) if days == 1 else (math.nan, math.nan)
        high, low = (max(r.high for r in before), min(r.low for r in before)) if before else none
        self._feed.board.set_days(market, high, low)


def _last() -> tuple[int]:
    """Rank behind whatever somebody waits for at a pane."""
    return (2,)
