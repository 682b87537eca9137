"""Four symbols with ticker, book and trades; after a while one is changed to KRW-DOGE and the others flow on."""

from __future__ import annotations

import asyncio

from start import run

from core import WebSocketClient
from core.events import OrderbookEvent, TickerEvent, TradeEvent
from core.feed.endpoint import Endpoint

SYMBOLS = ["KRW-BTC", "KRW-ETH", "KRW-XRP", "KRW-ADA"]


class Chart:
    """What one chart with its book and tape knows."""

    def __init__(self, client: WebSocketClient) -> None:
        self.client = client  # one client a chart: changing its symbols touches no other
        self.symbol = ""
        self.price = self.spread = float("nan")
        self.trades = 0

    async def show(self, symbol: str) -> None:
        """Change the symbol: the same channels again replace what was subscribed."""
        self.symbol, self.trades = symbol, 0
        await self.client.subscribe_ticker([symbol], self.on_ticker)
        await self.client.subscribe_orderbook([symbol], self.on_book)
        await self.client.subscribe_trade([symbol], self.on_trade)

    def on_ticker(self, event: TickerEvent) -> None:
        self.price = event.trade_price

    def on_book(self, event: OrderbookEvent) -> None:
        self.spread = event.best_ask - event.best_bid

    def on_trade(self, event: TradeEvent) -> None:
        self.trades += 1

    def __str__(self) -> str:
        return f"{self.symbol:9} {self.price:>15,.2f}  spread {self.spread:>9,.2f}  {self.trades:>4} trades"


async def main(endpoint: Endpoint) -> None:
    charts = [Chart(WebSocketClient(endpoint)) for _ in SYMBOLS]
    for chart, symbol in zip(charts, SYMBOLS, strict=True):
        await chart.show(symbol)
    for second in range(1, 1_000_000):
        await asyncio.sleep(1)
        if second == 5:
            await charts[0].show("KRW-DOGE")
        print(*charts, "", sep="\n", flush=True)


if __name__ == "__main__":
    run(main, __doc__)
