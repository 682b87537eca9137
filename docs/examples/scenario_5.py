"""The whole KRW market: alerts at moves of 5 % within five minutes, and the five markets with the largest turnover."""

from __future__ import annotations

import asyncio
import time
from collections import deque

from start import run

from core import WebSocketClient
from core.events import TickerEvent
from core.feed.endpoint import Endpoint

MOVE = 0.05
SPAN_S = 300.0


async def main(endpoint: Endpoint) -> None:
    prices: dict[str, deque[tuple[float, float]]] = {}
    latest: dict[str, TickerEvent] = {}

    def on_tickers(events: list[TickerEvent]) -> None:
        now = time.monotonic()
        for event in events:
            latest[event.symbol] = event
            past = prices.setdefault(event.symbol, deque(maxlen=4_000))
            while past and past[0][0] < now - SPAN_S:
                past.popleft()
            if past and abs(event.trade_price / past[0][1] - 1) >= MOVE:
                word = "pump" if event.trade_price > past[0][1] else "dump"
                print(f"{word} {event.symbol} {event.trade_price / past[0][1] - 1:+.1%}", flush=True)
                past.clear()
            past.append((now, event.trade_price))

    async with WebSocketClient(endpoint) as client:
        symbols = await client.markets("KRW")
        await client.subscribe_ticker(symbols, on_batch=on_tickers, max_wait_ms=250)
        while True:
            await asyncio.sleep(3)
            top = sorted(latest.values(), key=lambda e: -e.acc_trade_price_24h)[:5]
            words = ", ".join(f"{e.symbol} {e.acc_trade_price_24h / 1e9:,.1f}bn" for e in top)
            print(f"{len(latest)} of {len(symbols)} markets; {words}", flush=True)


if __name__ == "__main__":
    run(main, __doc__)
