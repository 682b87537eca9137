"""The scripting client: the market by callbacks, in any asyncio loop, without Qt.

    async def main():
        async with WebSocketClient() as client:
            await client.subscribe_trade(["KRW-BTC", "KRW-ETH"], print)
            await asyncio.sleep(60)

All clients of one loop and one exchange share leases, sockets and limits: a hundred of them cost what one costs.
"""

from __future__ import annotations

import asyncio
import inspect
import logging
import math
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import suppress
from typing import Any, ClassVar
from weakref import WeakKeyDictionary

from core import events
from core.errors import AuthError
from core.events import CandleEvent, Event, MyAssetEvent, MyOrderEvent, OrderbookEvent, TickerEvent, TradeEvent
from core.feed import tasks
from core.feed.endpoint import UPBIT, Endpoint
from core.feed.feed import Feed
from core.feed.gate import Gate
from core.feed.health import LinkState, StreamState
from core.feed.services import Services
from core.market import (
    INTERVAL_OF_CHANNEL,
    MY_ASSET,
    MY_ORDER,
    ORDERBOOK,
    PRIVATE_CHANNELS,
    TICKER,
    TRADE,
    Interval,
    Stream,
)
from core.state.account import Account, AccountState, Balance, Order
from core.state.journal import Journal
from core.wire import rest
from core.wire.auth import AccessKey

LINGER_S = 5.0  # after the last client: whoever subscribes again meanwhile finds the sockets open
CHECK_S = 11.0  # a code that has not said anything by then is dead; asked again while some still wait
_TURN = 64  # events handed out before the loop gets a turn
_NO_KEY = "one's own account needs an API key: WebSocketClient(key=AccessKey(access, secret))"

log = logging.getLogger(__name__)

Callback = Callable[[Any], Awaitable[None] | None]
OnBatch = Callable[[list[Any]], Awaitable[None] | None]


class WebSocketClient:
    """One consumer. Subscribe at will: the same channel again replaces its symbols, another channel adds.

    A callback may be a function or a coroutine function. It runs in a task of its own subscription, so a slow one
    delays nobody else, and one that raises is logged and called again. While it is busy, tickers, books and candles are
    conflated to the newest of each symbol; trades are all handed on, in order of arrival, as far as the ledger reaches
    back (`health()` counts what a callback missed because it was slower than that).

    Args:
        endpoint: Upbit, or where a built-in exchange listens.
        key: for one's own orders and balances; one that may only read is enough.
    """

    def __init__(self, endpoint: Endpoint = UPBIT, *, key: AccessKey | None = None) -> None:
        self.endpoint = endpoint
        self._key = key
        self._shared: _Shared | None = None
        self._subscriptions: dict[str, _Subscription] = {}  # by channel

    # Subscribing.

    async def subscribe_ticker(
        self, symbols: Iterable[str], callback: Callable[[TickerEvent], Any] | None = None, **how: Any
    ) -> None:
        """Hear of the last price and the day's figures of `symbols`; see `subscribe`."""
        self._subscribe(TICKER, symbols, callback, **how)

    async def subscribe_orderbook(
        self, symbols: Iterable[str], callback: Callable[[OrderbookEvent], Any] | None = None, **how: Any
    ) -> None:
        """Hear of the books of `symbols`; see `subscribe`."""
        self._subscribe(ORDERBOOK, symbols, callback, **how)

    async def subscribe_trade(
        self, symbols: Iterable[str], callback: Callable[[TradeEvent], Any] | None = None, **how: Any
    ) -> None:
        """Hear of each trade of `symbols` from now on, and of those that a break made us miss; see `subscribe`."""
        self._subscribe(TRADE, symbols, callback, **how)

    async def subscribe_candle(
        self, symbols: Iterable[str], unit: str | int, callback: Callable[[CandleEvent], Any] | None = None, **how: Any
    ) -> None:
        """Hear of candles while they grow; see `subscribe`.

        Args:
            unit: "1s", "1m", ... "240m", or minutes as a number.

        Raises:
            ValueError: the exchange streams no such candles; the message names those that it does.
        """
        channel = f"candle.{unit}m" if isinstance(unit, int) else f"candle.{unit}"
        if channel not in INTERVAL_OF_CHANNEL:
            known = ", ".join(c.removeprefix("candle.") for c in INTERVAL_OF_CHANNEL)
            raise ValueError(f"no candles of {unit!r} are streamed; there are: {known}")
        self._subscribe(channel, symbols, callback, **how)

    async def subscribe_my_order(self, callback: Callable[[MyOrderEvent], Any] | None = None, **how: Any) -> None:
        """Hear of what happens to own orders, and of what happened while a link was down; see `subscribe`.

        Raises:
            AuthError: the client has no key.
        """
        self._subscribe_private(MY_ORDER, callback, **how)

    async def subscribe_my_asset(self, callback: Callable[[MyAssetEvent], Any] | None = None, **how: Any) -> None:
        """Hear of own balances that change; `balances()` has all of them. See `subscribe`.

        Raises:
            AuthError: the client has no key.
        """
        self._subscribe_private(MY_ASSET, callback, **how)

    def _subscribe_private(self, channel: str, callback: Callback | None, **how: Any) -> None:
        self._need_key()
        self._subscribe(channel, ("",), callback, **how)

    def _need_key(self) -> None:
        if self._key is None:
            raise AuthError("no_key", _NO_KEY)

    async def balances(self) -> dict[str, Balance]:
        """Return the balances by currency, as soon as they are known.

        Raises:
            AuthError: the client has no key, or the exchange does not take it.
        """
        return dict((await self._account()).balances)

    async def open_orders(self) -> list[Order]:
        """Return the own orders that rest or wait, as soon as they are known.

        Raises:
            AuthError: the client has no key, or the exchange does not take it.
        """
        return list((await self._account()).open_orders.values())

    async def _account(self) -> Account:
        self._need_key()
        shared = self._join()
        account = shared.feed.account
        while account.state not in {AccountState.LIVE, AccountState.STALE}:
            if account.state is AccountState.REFUSED:
                raise AuthError(account.cause, "the exchange does not take the key")
            shared.account_changed.clear()
            await shared.account_changed.wait()
        return account

    def _subscribe(
        self,
        channel: str,
        symbols: Iterable[str],
        callback: Callback | None,
        *,
        on_batch: OnBatch | None = None,
        max_wait_ms: float = 100.0,
    ) -> None:
        """Set what this client hears on `channel`.

        Args:
            symbols: market codes; one that comes twice counts once, and none ends the subscription.
            callback: called with each event.
            on_batch: called instead with a list of events, at most every `max_wait_ms`.

        Raises:
            TypeError: neither callback nor on_batch, or both.
        """
        if (callback is None) == (on_batch is None):
            raise TypeError("give either a callback or on_batch")
        codes = [symbols] if isinstance(symbols, str) else symbols
        markets = dict.fromkeys(code.strip().upper() for code in codes)  # the exchange is silent on lower case
        before = self._subscriptions.pop(channel, None)
        if markets:
            feed = self._join().feed
            wait_s = max(max_wait_ms, 0.0) / 1_000 if on_batch is not None else None
            new = _Subscription(feed, channel, callback or on_batch, wait_s)  # type: ignore[arg-type]
            new.want(markets)  # before the old one lets go: what stays is never off
            self._subscriptions[channel] = new
        if before is not None:
            before.close()

    async def unsubscribe(self, channel: str, symbols: Iterable[str] | None = None) -> None:
        """Hear no more of `symbols`, or of the whole channel; the others flow on.

        Args:
            channel: "ticker", "orderbook", "trade", "candle.1m"; "candle" is every unit.
        """
        codes = [symbols] if isinstance(symbols, str) else symbols
        gone = None if codes is None else {code.strip().upper() for code in codes}
        for key in [k for k in self._subscriptions if k == channel or k.partition(".")[0] == channel]:
            one = self._subscriptions[key]
            left = [] if gone is None else [m for m in one.markets if m not in gone]
            if left:
                one.want(left)
            else:
                del self._subscriptions[key]
                one.close()

    async def cleanup(self) -> None:
        """Hear nothing more, at once. The client can subscribe again."""
        for one in self._subscriptions.values():
            one.close()
        self._subscriptions.clear()
        if self._shared is not None:
            self._shared.leave(self)
            self._shared = None

    async def close(self) -> None:
        """Clean up, and if nobody else is left wait until the sockets are closed."""
        shared = self._shared
        await self.cleanup()
        if shared is not None and not shared.clients:
            await shared.close()

    async def __aenter__(self) -> WebSocketClient:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    # Asking.

    def health(self) -> dict[str, Any]:
        """Return the state of each channel, and of all.

        A channel has `symbols`, `created_at` (epoch s), `message_count` (events handed over), `errors` (of the
        callback), `missed` (trades it was too slow for), `unknown` (codes the exchange does not answer) and `holes`
        (symbol -> times, epoch ms, of which trades are missing). The whole has `total_messages`, `connections`,
        `is_connected`, `is_healthy`, `account` ("no key", "asking", "live", "stale", "refused") and `account_cause`.
        """
        channels = {channel: one.health() for channel, one in self._subscriptions.items()}
        feed = self._shared.feed if self._shared is not None else None
        return {
            "channels": channels,
            "total_messages": sum(one["message_count"] for one in channels.values()),
            "connections": len(feed.health.links) if feed is not None else 0,
            "is_connected": feed is not None and any(x.state is LinkState.OPEN for x in feed.health.links.values()),
            "is_healthy": feed is None or feed.health.is_healthy(feed.now()),
            "account": feed.account.state.value if feed is not None else "no key",
            "account_cause": feed.account.cause if feed is not None else "",
        }

    async def markets(self, quote: str = "") -> list[str]:
        """Return the codes that the exchange lists, of one quote currency if given.

        Raises:
            FeedError: the exchange cannot be reached or refuses.
        """
        listed = await self._http().get(rest.markets())
        return [m.code for m in listed if not quote or m.quote == quote.upper()]

    async def top_by_turnover(self, n: int, quote: str = "KRW") -> list[str]:
        """Return the `n` markets of a quote currency with the largest turnover of 24 hours, the largest first.

        Raises:
            FeedError: the exchange cannot be reached or refuses.
        """
        rows = await self._http().get(rest.all_tickers([quote.upper()]))
        rows.sort(key=lambda row: 0.0 if math.isnan(row.turnover_24h) else -row.turnover_24h)
        return [row.market for row in rows[: max(n, 0)]]

    def _http(self) -> Any:
        return self._join().services.http

    def _join(self) -> _Shared:
        if self._shared is None:
            self._shared = _Shared.of(self.endpoint, self._key)
            self._shared.join(self)
        return self._shared


class _Subscription:
    """One channel of one client: its lease, and the task that calls back."""

    def __init__(self, feed: Feed, channel: str, callback: Callback | OnBatch, wait_s: float | None) -> None:
        self.channel = channel
        self.markets: dict[str, None] = {}
        self._feed = feed
        self._callback = callback
        self._wait_s = wait_s  # None: one event at a time
        self._created_at = time.time()
        self._count = self._errors = self._missed = 0
        self._dirty: dict[str, None] = {}  # markets with news
        self._seen: dict[str, Any] = {}  # market -> what of it was handed over last, by channel
        self._named: set[str] = set()  # dead codes the log has named
        self._is_closed = False
        self._wake = asyncio.Event()
        self._lease = feed.lease(self._on_stream)
        self._check = asyncio.get_running_loop().call_later(CHECK_S, self._name_dead)
        self._task = tasks.start(self._run(), f"{channel} callbacks")

    def want(self, markets: Iterable[str]) -> None:
        """Set the markets."""
        self.markets = dict.fromkeys(markets)
        self._seen = {m: v for m, v in self._seen.items() if m in self.markets}
        interval = INTERVAL_OF_CHANNEL.get(self.channel)
        store = self._feed.store
        for market in self.markets.keys() - self._seen.keys():
            if self.channel == TRADE:
                self._seen[market] = (store.tape(market).count, None)
            elif self.channel in PRIVATE_CHANNELS:
                self._seen[market] = self._journal().count
            elif interval is not None:
                store.candles(market, interval)  # from now on it is kept
                self._seen[market] = (-1, -1)
            else:
                self._seen[market] = None
        self._lease.want(Stream(self.channel, market) for market in self.markets)
        for market in self.markets:
            self._on_stream(Stream(self.channel, market))  # what is known already is told at once

    def close(self) -> None:
        """Call back no more."""
        self._lease.close()
        self._check.cancel()
        self._is_closed = True
        if asyncio.current_task() is not self._task:  # a callback that cleans up may have more to do
            self._task.cancel()

    def health(self) -> dict[str, Any]:
        now, health = self._feed.now(), self._feed.health
        unknown = [m for m in self.markets if health.state(Stream(self.channel, m), now) is StreamState.UNKNOWN]
        told: dict[str, Any] = {
            "symbols": list(self.markets),
            "created_at": self._created_at,
            "message_count": self._count,
            "errors": self._errors,
            "missed": self._missed,
            "unknown": unknown,
        }
        if self.channel == TRADE:
            told["holes"] = {m: [tuple(h) for h in holes] for m in self.markets if (holes := self._holes(m))}
        return told

    def _holes(self, market: str) -> list[Any]:
        return self._feed.store.tape(market).holes

    def _on_stream(self, stream: Stream) -> None:
        self._dirty[stream.market] = None
        self._wake.set()

    def _name_dead(self) -> None:
        """Name the codes that do not answer in one line of the log, and look again while some have time."""
        now, health = self._feed.now(), self._feed.health
        states = {m: health.state(Stream(self.channel, m), now) for m in self.markets}
        dead = [m for m, state in states.items() if state is StreamState.UNKNOWN and m not in self._named]
        if dead:
            self._named.update(dead)
            log.warning("%s: the exchange does not answer for %s; the others flow", self.channel, ", ".join(dead))
        self._check = asyncio.get_running_loop().call_later(CHECK_S, self._name_dead)

    # Calling back.

    async def _run(self) -> None:
        while not self._is_closed:
            await self._wake.wait()
            if self._wait_s is not None:
                await asyncio.sleep(self._wait_s)
            self._wake.clear()
            dirty, self._dirty = self._dirty, {}
            if self._wait_s is not None:
                batch = [event for market in dirty for event in self._news(market)]
                if batch:
                    await self._call(batch, len(batch))
                continue
            for number, event in enumerate(e for market in dirty for e in self._news(market)):
                if not await self._call(event, 1):
                    return
                if number % _TURN == _TURN - 1:
                    await asyncio.sleep(0)

    async def _call(self, what: Event | list[Event], count: int) -> bool:
        """Call back; return whether to go on: the callback may have ended its own subscription."""
        self._count += count
        try:
            result = self._callback(what)  # type: ignore[arg-type]
            if inspect.isawaitable(result):
                await result
        except Exception:  # a script's own code: whatever it raises must not end its subscription
            self._errors += 1
            if self._errors == 1:
                log.exception("a %s callback raised; it is called on, further errors are only counted", self.channel)
        return not self._is_closed

    def _news(self, market: str) -> Iterator[Event]:
        """Return what is new of a market since it was last asked for."""
        if market not in self.markets:  # it was taken out meanwhile
            return
        store = self._feed.store
        if self.channel == TRADE:
            yield from self._new_trades(market)
        elif self.channel in PRIVATE_CHANNELS:
            yield from self._new_of_account(market)
        elif self.channel == TICKER:
            ticker = store.ticker(market)
            if ticker is not None and ticker is not self._seen[market]:
                self._seen[market] = ticker
                yield events.of_ticker(ticker)
        elif self.channel == ORDERBOOK:
            version = store.book_version(market)
            book = store.book(market) if version != self._seen[market] else None
            if book is not None:
                self._seen[market] = version
                yield events.of_book(book)
        else:
            yield from self._new_bars(market, INTERVAL_OF_CHANNEL[self.channel])

    def _journal(self) -> Journal[Any]:
        account = self._feed.account
        return account.news if self.channel == MY_ORDER else account.asset_news

    def _new_of_account(self, market: str) -> Iterator[Event]:
        journal = self._journal()
        cursor, self._seen[market] = self._seen[market], journal.count
        new = journal.since(cursor)
        self._missed += journal.count - cursor - len(new)
        for one in new:
            yield events.of_order(one) if self.channel == MY_ORDER else events.of_assets(one)

    def _new_trades(self, market: str) -> Iterator[Event]:
        tape = self._feed.store.tape(market)
        cursor, from_ms = self._seen[market]
        new, now_at = tape.since(cursor)
        self._missed += max(now_at - cursor - len(new), 0)
        if from_ms is None:
            from_ms = next((t.time_ms for t in new if t.stream_type != "REST"), None)
        self._seen[market] = (now_at, from_ms)
        for trade in new:
            if market not in self.markets:  # the callback took it out
                return
            # What REST tells of the time before the subscription is no news.
            if trade.stream_type != "REST" or (from_ms is not None and trade.time_ms >= from_ms):
                yield events.of_trade(trade)

    def _new_bars(self, market: str, interval: Interval) -> Iterator[Event]:
        series = self._feed.store.candles(market, interval)
        version, start = self._seen[market]
        if series.version == version or not len(series):
            return
        first = int(series.start_ms.searchsorted(start)) if start >= 0 else len(series) - 1
        bars = list(zip(series.start_ms[first:].tolist(), series.ohlcv[first:].tolist(), strict=True))
        self._seen[market] = (series.version, series.last_ms)
        for start_ms, ohlcv in bars:
            yield events.of_bar(market, interval, start_ms, ohlcv)


_Place = tuple[Endpoint, AccessKey | None]


class _Shared:
    """What all clients of one loop, endpoint and key share. It closes itself a while after the last of them left.

    There is one registry, by loop: a script says `WebSocketClient()` wherever it likes, and the exchange counts
    connections and messages of all of them together.
    """

    _by_loop: ClassVar[WeakKeyDictionary[asyncio.AbstractEventLoop, dict[_Place, _Shared]]] = WeakKeyDictionary()

    _gates: ClassVar[WeakKeyDictionary[asyncio.AbstractEventLoop, Gate]] = WeakKeyDictionary()

    def __init__(self, place: _Place) -> None:
        endpoint, key = place
        self.feed = Feed(asyncio.get_running_loop().time)
        gate = self._gates.setdefault(asyncio.get_running_loop(), Gate())
        self.services = Services(self.feed, endpoint, has_board=False, gate=gate, key=key)
        self.clients: set[WebSocketClient] = set()
        self._place = place
        self.account_changed = asyncio.Event()
        self.feed.account.on_change = self.account_changed.set
        self._is_ended = False
        self._changed = asyncio.Event()
        # A task, so that a script which just ends its loop closes the sockets too: the loop cancels what is left.
        self._task = tasks.start(self._keep(), "shared sockets")

    @classmethod
    def of(cls, endpoint: Endpoint, key: AccessKey | None) -> _Shared:
        """Return what is shared in the running loop, made now if nobody needed it before."""
        of_loop = cls._by_loop.setdefault(asyncio.get_running_loop(), {})
        place = (endpoint, key)
        if place not in of_loop:
            of_loop[place] = cls(place)
        return of_loop[place]

    def join(self, client: WebSocketClient) -> None:
        self.clients.add(client)
        self._changed.set()

    def leave(self, client: WebSocketClient) -> None:
        self.clients.discard(client)
        self._changed.set()

    async def close(self) -> None:
        """Close the sockets now. Who subscribes from here on gets others."""
        self._unlist()
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        await self._end()  # a task that was cancelled before its first step has no end

    async def _end(self) -> None:
        if not self._is_ended:
            self._is_ended = True
            self._unlist()
            await self.services.close()

    def _unlist(self) -> None:
        of_loop = self._by_loop.get(asyncio.get_running_loop(), {})
        if of_loop.get(self._place) is self:
            del of_loop[self._place]

    async def _keep(self) -> None:
        try:
            while True:
                self._changed.clear()
                with suppress(TimeoutError):
                    async with asyncio.timeout(None if self.clients else LINGER_S):
                        await self._changed.wait()
                        continue
                if not self.clients:  # somebody may have joined in the very turn in which the time was up
                    return
        finally:
            await self._end()
