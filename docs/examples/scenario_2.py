"""A book and a tape of one symbol, changed together: never do two symbols stand side by side."""

from __future__ import annotations

import asyncio

from start import run

from core import WebSocketClient
from core.events import OrderbookEvent, TradeEvent
from core.feed.endpoint import Endpoint


async def main(endpoint: Endpoint) -> None:
    async with WebSocketClient(endpoint) as client:
        book: OrderbookEvent | None = None
        tape: list[TradeEvent] = []

        def on_book(event: OrderbookEvent) -> None:
            nonlocal book
            book = event

        for symbol in ["KRW-BTC", "KRW-ETH", "KRW-XRP"] * 1_000:
            book, tape = None, []
            await client.subscribe_orderbook([symbol], on_book)
            await client.subscribe_trade([symbol], tape.append)
            for _ in range(3):
                await asyncio.sleep(1)
                seen = {e.symbol for e in (book, *tape) if e is not None}
                best = f"{book.best_bid:,} / {book.best_ask:,}" if book is not None else "no book yet"
                print(f"{symbol}: {best}, {len(tape)} trades, all of {seen or 'nothing yet'}", flush=True)


if __name__ == "__main__":
    run(main, __doc__)
