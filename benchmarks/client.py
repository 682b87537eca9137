"""The scripting client: how long a cleanup takes, and what a hundred clients cost over one."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from benchmarks.measure import arguments, percentiles, report
from core import WebSocketClient
from core.feed.endpoint import Endpoint
from core.sim.exchange import Exchange

ROUNDS = 200
SPAN_S = 5.0


async def _cleanups(endpoint: Endpoint, symbols: list[str]) -> list[float]:
    """Return how long each of many cleanups took, ms: of three channels with all symbols."""
    took = []
    for _ in range(ROUNDS):
        client = WebSocketClient(endpoint)
        await client.subscribe_ticker(symbols, lambda _e: None)
        await client.subscribe_trade(symbols[:20], lambda _e: None)
        await client.subscribe_orderbook(symbols[:20], lambda _e: None)
        await asyncio.sleep(0.01)
        begin = time.perf_counter_ns()
        await client.cleanup()
        took.append((time.perf_counter_ns() - begin) / 1e6)
    return took


async def _cost(endpoint: Endpoint, symbols: list[str], count: int) -> tuple[float, int]:
    """Return the CPU seconds of `count` clients over a span, and the events they were handed."""
    heard = 0

    def hear(_event: Any) -> None:
        nonlocal heard
        heard += 1

    clients = [WebSocketClient(endpoint) for _ in range(count)]
    for client in clients:
        await client.subscribe_ticker(symbols, hear)
    await asyncio.sleep(3.0)
    heard, begin = 0, time.process_time()
    await asyncio.sleep(SPAN_S)
    spent, count_heard = time.process_time() - begin, heard
    for client in clients:
        await client.cleanup()
    return spent, count_heard


async def _measure() -> dict[str, Any]:
    async with Exchange(seed=1) as exchange:  # in this process: its share is in both figures
        endpoint = Endpoint(exchange.ws_url, exchange.rest_url, is_real=False)
        async with WebSocketClient(endpoint) as keeper:
            symbols = await keeper.markets("KRW")
            cleanup = await _cleanups(endpoint, symbols)
            one, heard_by_one = await _cost(endpoint, symbols[:50], 1)
            hundred, heard_by_all = await _cost(endpoint, symbols[:50], 100)
            opened = exchange.opened
    events = max(heard_by_all - heard_by_one, 1)
    return {
        "cleanup_ms": percentiles(cleanup),
        "us_per_event": round((hundred - one) / events * 1e6, 1),
        "events": heard_by_all,
        "sockets_opened": opened,
    }


if __name__ == "__main__":
    options = arguments(__doc__).parse_args()
    report("client", asyncio.run(_measure()), options.json)
