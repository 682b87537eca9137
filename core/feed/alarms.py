"""Lets alert rules see what they watch: whatever is open on the screen, and if nothing is."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable

from core.calc.book import imbalance, spread_rate
from core.calc.unusual import Finding
from core.feed.feed import Feed
from core.feed.health import StreamState
from core.market import ANNOUNCEMENT, ORDERBOOK, QUOTES, TICKER, Stream, base_of, quote_of
from core.state.alerts import (
    CHANGE,
    CONNECTION,
    EDGE,
    IMBALANCE,
    IMBALANCE_LEVELS,
    MOVE,
    NOTICE,
    PREMIUM,
    PRICE,
    SIGNAL,
    SPREAD,
    UNUSUAL,
    VOLUME,
    Fired,
    Rule,
)
from core.strategy.base import Signal
from core.wire.messages import Ticker

BEAT_S = 0.25  # between two looks at what changes with time alone: windows, the connection
_OF_TICKER, _OF_BOOK, _OF_TIME = frozenset({PRICE, CHANGE}), frozenset({SPREAD, IMBALANCE}), frozenset({MOVE, VOLUME})
_OF_COIN = frozenset({PREMIUM, EDGE})


class Alarms:
    """Joins the rules to the feed, by a lease of its own.

    Args:
        now_ms: the exchange's clock, epoch ms.
        on_fired: an alert was given.
    """

    def __init__(self, feed: Feed, now_ms: Callable[[], int], on_fired: Callable[[Fired], None]) -> None:
        self._feed = feed
        self._now_ms = now_ms
        self._on_fired = on_fired
        self._loop = asyncio.get_running_loop()
        self._lease = feed.lease(self._on_stream, is_background=True)
        self._by_stream: dict[Stream, list[Rule]] = {}  # -> the rules that it tells something
        self._timed: list[Rule] = []
        self._unusual: list[Rule] = []
        self._signals: list[Rule] = []
        self._notices_read = feed.account.notice_news.count  # what was said before is no news
        self._last: dict[str, Ticker] = {}  # market -> the ticker that its rules saw last; bounded by the rules
        # Streams that were down since their rules saw something: at the start, all of them.
        self._late = {Stream(TICKER, rule.market) for rule in feed.alerts.active()}
        self._down_since = -1.0
        self._timer: asyncio.TimerHandle | None = None
        self._rules: list[Rule] = []
        self._taking: asyncio.Handle | None = None
        self._is_telling = False
        feed.on_found = self._on_found
        feed.on_signal = self._hear
        self._take_rules()

    def take_rules(self) -> None:
        """Watch what the rules want now. To be called whenever they change."""
        if not self._is_telling:
            self._take_rules()
        elif self._taking is None:  # a rule fires, in the midst of others that are still to see the same ticker
            self._taking = self._loop.call_soon(self._take_rules)

    def _take_rules(self) -> None:
        if self._taking is not None:
            self._taking.cancel()
            self._taking = None
        active = self._feed.alerts.active()
        if len(active) == len(self._rules) and all(a is b for a, b in zip(active, self._rules, strict=True)):
            return
        self._rules = active
        by_stream: dict[Stream, list[Rule]] = {}
        self._timed, self._unusual, self._signals = [], [], []
        quotes: set[str] = set()
        coins = {base_of(rule.market) for rule in active if rule.metric in _OF_COIN}
        for rule in active:
            ticker = Stream(TICKER, rule.market)
            if rule.metric in _OF_TICKER:
                by_stream.setdefault(ticker, []).append(rule)
            elif rule.metric in _OF_BOOK:
                by_stream.setdefault(Stream(ORDERBOOK, rule.market), []).append(rule)
            elif rule.metric == SIGNAL:
                self._signals.append(rule)
            elif rule.metric == NOTICE:
                by_stream.setdefault(Stream(ANNOUNCEMENT, ""), []).append(rule)
            elif rule.metric == UNUSUAL:
                self._unusual.append(rule)
                quotes |= {quote_of(rule.market)} if rule.market else QUOTES
            else:
                self._timed.append(rule)
                if rule.metric in _OF_TIME:
                    by_stream.setdefault(ticker, []).append(rule)
                    quotes.add(quote_of(rule.market))
        # A new rule takes its bearings from what is known now, so that it hears of the next step.
        known = [s for s in by_stream if by_stream[s] == self._by_stream.get(s)]
        self._last = {s.market: self._last[s.market] for s in known if s.market in self._last}
        self._by_stream = by_stream
        self._lease.want(by_stream)
        self._feed.want_board(self, quotes)
        self._feed.want_cross(self, coins or None)
        for stream in by_stream:
            self._on_stream(stream)  # what is known already
        if self._timer is None and (self._timed or by_stream):
            self._timer = self._loop.call_later(BEAT_S, self._beat)

    def close(self) -> None:
        """Watch nothing any more; the rules stay."""
        self._lease.close()
        self._feed.want_board(self, ())
        self._feed.want_cross(self, None)
        self._feed.on_found = lambda _found: None
        self._feed.on_signal = lambda _signal: None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._taking is not None:
            self._taking.cancel()
            self._taking = None

    # What happens.

    def _on_stream(self, stream: Stream) -> None:
        if stream.channel == TICKER:
            self._see_ticker(stream)
        elif stream.channel == ANNOUNCEMENT:
            self._read_notices(stream)
        else:
            self._see_book(stream)

    def _see_ticker(self, stream: Stream) -> None:
        feed, market = self._feed, stream.market
        ticker, before = feed.store.ticker(market), self._last.get(market)
        if ticker is None or ticker is before or not self._is_known(stream):
            return
        self._last[market] = ticker
        low = high = math.nan
        if before is not None:  # the day's extremes tell what the price touched between two tickers
            high = ticker.high if ticker.high > before.high else math.nan
            low = ticker.low if ticker.low < before.low else math.nan
        is_late = stream in self._late
        self._late.discard(stream)
        for rule in self._by_stream.get(stream, ()):
            if rule.metric == PRICE:
                self._check(rule, ticker.price, low=low, high=high, price=ticker.price, is_late=is_late)
            elif rule.metric == CHANGE:
                self._check(rule, ticker.change_rate, price=ticker.price, is_late=is_late)
            else:
                feed.board.take(ticker)  # perhaps before the board's own turn; taking it twice changes nothing
                self._check(rule, self._reading(rule, feed.now()), price=ticker.price, is_late=is_late)

    def _is_known(self, stream: Stream) -> bool:
        """Return whether what the store has of a stream is of the time in which it was listened to."""
        state = self._feed.health.state(stream, self._feed.now())
        return state in (StreamState.LIVE, StreamState.STALE)

    def _see_book(self, stream: Stream) -> None:
        book = self._feed.store.book(stream.market)
        if book is None or not self._is_known(stream):
            return
        is_late = stream in self._late
        self._late.discard(stream)
        asks, bids = book.asks, book.bids
        price = asks[0][0] if asks else math.nan
        for rule in self._by_stream.get(stream, ()):
            is_spread = rule.metric == SPREAD
            value = spread_rate(asks, bids) if is_spread else imbalance(asks, bids, IMBALANCE_LEVELS)
            self._check(rule, value, price=price, is_late=is_late)

    def _beat(self) -> None:
        self._timer = self._loop.call_later(BEAT_S, self._beat)
        feed, now = self._feed, self._feed.now()
        for stream in self._by_stream:
            if feed.health.state(stream, now) is StreamState.STALE:
                self._late.add(stream)
        # None where nothing is wanted: then nothing is missing.
        links = [link for link in feed.health.links.values() if not link.is_private]
        is_up = not links or (feed.health.is_connected and all(not x.is_silent for x in links))
        self._down_since = -1.0 if is_up else now if self._down_since < 0.0 else self._down_since
        for rule in self._timed:
            self._check(rule, self._reading(rule, now), price=self._price(rule.market))

    def _reading(self, rule: Rule, now: float) -> float:
        if rule.metric == CONNECTION:
            return 0.0 if self._down_since < 0.0 else now - self._down_since
        if rule.metric == PREMIUM:
            return self._feed.cross.premium_at(rule.market)
        if rule.metric == EDGE:
            return self._feed.cross.edge_at(rule.market)
        board = self._feed.board
        if rule.market not in board.windows:
            return math.nan
        if self._feed.health.state(Stream(TICKER, rule.market), now) is not StreamState.LIVE:
            return math.nan  # what is not heard of was not traded less
        column = board.windows.column(rule.market)
        if rule.metric == MOVE:
            return float(board.windows.change(rule.span_ms)[column])
        return float(board.windows.turnover(rule.span_ms)[column]) * board.rates.get(quote_of(rule.market), math.nan)

    def _price(self, market: str) -> float:
        ticker = self._feed.store.ticker(market)
        return ticker.price if ticker is not None else math.nan

    def _on_found(self, found: Finding) -> None:
        for rule in self._unusual:
            self._is_telling = True
            fired = self._feed.alerts.find(rule, found)
            self._is_telling = False
            self._tell(fired)

    def _hear(self, signal: Signal) -> None:
        for rule in self._signals:
            self._is_telling = True
            fired = self._feed.alerts.hear(rule, signal)
            self._is_telling = False
            self._tell(fired)

    def _read_notices(self, stream: Stream) -> None:
        news = self._feed.account.notice_news
        new, self._notices_read = news.since(self._notices_read), news.count
        for notice in new:
            for rule in self._by_stream.get(stream, ()):
                self._is_telling = True
                fired = self._feed.alerts.read(rule, notice, self._now_ms())
                self._is_telling = False
                self._tell(fired)

    def _check(
        self,
        rule: Rule,
        value: float,
        *,
        low: float = math.nan,
        high: float = math.nan,
        price: float = math.nan,
        is_late: bool = False,
    ) -> None:
        self._is_telling = True
        fired = self._feed.alerts.check(rule, value, self._now_ms(), low=low, high=high, price=price, is_late=is_late)
        self._is_telling = False
        self._tell(fired)

    def _tell(self, fired: Fired | None) -> None:
        if fired is not None:
            self._on_fired(fired)
