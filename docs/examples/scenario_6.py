"""One coin in KRW, BTC and USDT at once: what it costs in won on each market, and the difference."""

from __future__ import annotations

import asyncio

from start import run

from core import WebSocketClient
from core.events import TickerEvent
from core.feed.endpoint import Endpoint

COINS = ["ETH", "XRP", "SOL"]


async def main(endpoint: Endpoint) -> None:
    price: dict[str, float] = {}

    def on_ticker(event: TickerEvent) -> None:
        price[event.symbol] = event.trade_price

    async with WebSocketClient(endpoint) as client:
        symbols = ["KRW-BTC", "KRW-USDT", *(f"{quote}-{coin}" for coin in COINS for quote in ("KRW", "BTC", "USDT"))]
        await client.subscribe_ticker(symbols, on_ticker)
        while True:
            await asyncio.sleep(2)
            for coin in COINS:
                won = price.get(f"KRW-{coin}")
                if won is None:
                    continue
                for quote in ("BTC", "USDT"):
                    other, rate = price.get(f"{quote}-{coin}"), price.get(f"KRW-{quote}")
                    if other is not None and rate is not None:
                        there = other * rate
                        print(f"{coin:4} KRW {won:>13,.1f}   {quote:4} {there:>13,.1f}   {won / there - 1:+.3%}")
            print(flush=True)


if __name__ == "__main__":
    run(main, __doc__)
