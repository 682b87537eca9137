"""Strategies with symbols and channels of their own, added and removed while all others run."""

from __future__ import annotations

import asyncio
from collections import deque

from start import run

from core import WebSocketClient
from core.events import OrderbookEvent, TickerEvent
from core.feed.endpoint import Endpoint


class PriceJump:
    """Tells when a price moves by a tenth of a percent within twenty tickers."""

    def __init__(self, endpoint: Endpoint, symbols: list[str]) -> None:
        self.client, self.symbols = WebSocketClient(endpoint), symbols
        self.seen: dict[str, deque[float]] = {s: deque(maxlen=20) for s in symbols}

    async def start(self) -> None:
        await self.client.subscribe_ticker(self.symbols, self.on_ticker)

    def on_ticker(self, event: TickerEvent) -> None:
        prices = self.seen[event.symbol]
        if prices and abs(event.trade_price / prices[0] - 1) > 0.001:
            print(f"jump       {event.symbol} {prices[0]:,} -> {event.trade_price:,}", flush=True)
            prices.clear()
        prices.append(event.trade_price)


class Imbalance:
    """Tells when one side of the book is four times the other."""

    def __init__(self, endpoint: Endpoint, symbols: list[str]) -> None:
        self.client, self.symbols = WebSocketClient(endpoint), symbols

    async def start(self) -> None:
        await self.client.subscribe_orderbook(self.symbols, on_batch=self.on_books, max_wait_ms=1_000)

    def on_books(self, events: list[OrderbookEvent]) -> None:
        for event in events:
            total = event.total_bid_size + event.total_ask_size
            imbalance = (event.total_bid_size - event.total_ask_size) / total if total else 0.0
            if abs(imbalance) > 0.6:
                print(f"imbalance  {event.symbol} {imbalance:+.2f}", flush=True)


async def main(endpoint: Endpoint) -> None:
    first = PriceJump(endpoint, ["KRW-BTC", "KRW-ETH", "KRW-XRP"])
    await first.start()
    await asyncio.sleep(2)
    second = Imbalance(endpoint, ["KRW-BTC", "KRW-SOL", "KRW-DOGE"])
    await second.start()
    print(f"two strategies run: {first.client.health()['connections']} sockets", flush=True)
    await asyncio.sleep(5)
    await first.client.cleanup()  # at once; the other one hears nothing of it
    print("the first one was removed", flush=True)
    await asyncio.Event().wait()  # for ever


if __name__ == "__main__":
    run(main, __doc__)
