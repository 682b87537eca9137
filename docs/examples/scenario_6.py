"""One coin in KRW, BTC and USDT at once: what it costs in won on each market, and what is left after fees."""

from __future__ import annotations

import asyncio
import time
from math import isnan

from start import run

from core import WebSocketClient
from core.calc.arbitrage import BRIDGES, Book, Terms, premium, rate, round_trip, routes
from core.events import OrderbookEvent
from core.feed.endpoint import Endpoint

COINS = ["ETH", "XRP", "SOL"]
QUOTES = ("KRW", "BTC", "USDT")
TERMS = Terms(size_krw=1_000_000.0)


async def main(endpoint: Endpoint) -> None:
    books: dict[str, Book] = {}
    heard: dict[str, float] = {}

    def on_book(event: OrderbookEvent) -> None:
        books[event.symbol], heard[event.symbol] = Book(event.asks, event.bids), time.monotonic()

    def edge(coin: str) -> str:
        """What the best round trip of a million won leaves, from books that are not old."""
        best, way = float("nan"), ""
        for route in routes(coin, QUOTES):
            markets = [order.market for order in route]
            if any(m not in books or time.monotonic() - heard[m] > 10.0 for m in markets):
                continue
            home = route[0].market.partition("-")[0]
            size = TERMS.size_krw / rate(home, "KRW", {m: books[m].mid for m in BRIDGES if m in books})
            trip = round_trip(route, books, size, TERMS.fees)
            if isnan(best) or trip.edge > best:
                best, way = trip.edge, " > ".join(markets)
        return f"{best:+.3%} {way}" if way else "not known"

    async with WebSocketClient(endpoint) as client:
        symbols = [*BRIDGES, *(f"{quote}-{coin}" for coin in COINS for quote in QUOTES)]
        await client.subscribe_orderbook(symbols, on_book)
        while True:
            await asyncio.sleep(2)
            mids = {market: book.mid for market, book in books.items()}
            for coin in COINS:
                won = mids.get(f"KRW-{coin}", float("nan"))
                for quote in ("BTC", "USDT"):
                    there, worth = mids.get(f"{quote}-{coin}", float("nan")), rate(quote, "KRW", mids)
                    dearer = premium(won, there, worth)
                    if not isnan(dearer):
                        print(f"{coin:4} KRW {won:>13,.1f}   {quote:4} {there * worth:>13,.1f}   {dearer:+.3%}")
                print(f"{coin:4} after fees: {edge(coin)}")
            print(flush=True)


if __name__ == "__main__":
    run(main, __doc__)
