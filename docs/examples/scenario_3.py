"""A bot that watches twenty symbols for price moves and volume spikes, two books, and its own orders and balances."""

from __future__ import annotations

import asyncio
import time
from collections import deque

from start import run

from core import AccessKey, WebSocketClient
from core.events import MyAssetEvent, MyOrderEvent, OrderbookEvent, TickerEvent, TradeEvent
from core.feed.endpoint import Endpoint

# Three of them are not listed any more: the others flow, and `health()` names the three.
SYMBOLS = [
    f"KRW-{coin}"
    for coin in (
        *("BTC", "ETH", "XRP", "ADA", "SOL", "DOGE", "AVAX", "DOT", "LINK", "TRX"),
        *("BCH", "ETC", "XLM", "ATOM", "NEAR", "SAND", "MANA", "LTC", "EOS", "ENJ"),
    )
]
MOVE = 0.002  # within a minute
SPIKE = 5.0  # times the mean trade of the symbol


class TradingBot:
    """Looks, and says what it would do."""

    def __init__(self, endpoint: Endpoint, key: AccessKey | None) -> None:
        self.client = WebSocketClient(endpoint, key=key)
        self.prices: dict[str, deque[tuple[float, float]]] = {s: deque(maxlen=600) for s in SYMBOLS}
        self.sizes: dict[str, deque[float]] = {s: deque(maxlen=200) for s in SYMBOLS}

    async def start(self) -> None:
        await self.client.subscribe_ticker(SYMBOLS, self.on_ticker)
        await self.client.subscribe_trade(SYMBOLS, self.on_trade)
        await self.client.subscribe_orderbook(["KRW-BTC", "KRW-ETH"], on_batch=self.on_books, max_wait_ms=2_000)
        await self.client.subscribe_my_order(self.on_order)
        await self.client.subscribe_my_asset(self.on_asset)

    def on_ticker(self, event: TickerEvent) -> None:
        now, prices = time.monotonic(), self.prices.setdefault(event.symbol, deque(maxlen=600))
        while prices and now - prices[0][0] > 60:
            prices.popleft()
        if prices and abs(event.trade_price / prices[0][1] - 1) > MOVE:
            print(f"move     {event.symbol} {event.trade_price / prices[0][1] - 1:+.2%}", flush=True)
            prices.clear()
        prices.append((now, event.trade_price))

    def on_trade(self, event: TradeEvent) -> None:
        sizes = self.sizes.setdefault(event.symbol, deque(maxlen=200))
        if len(sizes) == sizes.maxlen and event.trade_volume > SPIKE * sum(sizes) / len(sizes):
            print(f"volume   {event.symbol} {event.trade_volume:,.4f} {event.ask_bid}", flush=True)
        sizes.append(event.trade_volume)

    def on_books(self, events: list[OrderbookEvent]) -> None:
        for event in events[-1:]:
            print(f"book     {event.symbol} {event.best_bid:,.0f} / {event.best_ask:,.0f}", flush=True)

    def on_order(self, event: MyOrderEvent) -> None:
        print(f"order    {event.symbol} {event.ask_bid} {event.state} {event.executed_volume}", flush=True)

    def on_asset(self, event: MyAssetEvent) -> None:
        print("balance  " + ", ".join(f"{a.currency} {a.balance}" for a in event.assets), flush=True)


async def main(endpoint: Endpoint, key: AccessKey | None) -> None:
    bot = TradingBot(endpoint, key)
    await bot.start()
    balances, orders = await bot.client.balances(), await bot.client.open_orders()
    worth = ", ".join(f"{b.currency} {b.total.normalize():f}" for b in list(balances.values())[:3])
    print(f"account  {worth}, {len(orders)} open orders", flush=True)
    await asyncio.sleep(5)
    await bot.client.subscribe_ticker([*SYMBOLS, "KRW-SHIB"], bot.on_ticker)  # one more; the others flow on
    print("KRW-SHIB was added", flush=True)
    unknown: list[str] = []
    while len(unknown) < 3:  # the exchange is silent on them, so it takes ten seconds to know
        await asyncio.sleep(1)
        unknown = bot.client.health()["channels"]["ticker"]["unknown"]
    print(f"not listed: {', '.join(unknown)}", flush=True)
    await asyncio.Event().wait()  # for ever


if __name__ == "__main__":
    run(main, __doc__, with_key=True)
