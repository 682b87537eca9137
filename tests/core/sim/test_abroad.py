"""The world outside, as a client that knows nothing of ours sees it."""

from __future__ import annotations

import itertools
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from core.market import DAY_MS, HOUR_MS
from core.sim.abroad import World
from core.sim.exchange import Exchange
from core.sim.listing import listing
from core.sim.past import Past

NOON_MS = 1_790_510_400_000


@pytest.fixture
async def exchange() -> AsyncIterator[Exchange]:
    async with Exchange(seed=1, markets=20) as exchange:
        yield exchange


def url(exchange: Exchange) -> str:
    return f"ws://{exchange.host}:{exchange.port}/abroad/ws"


async def ask(socket: ClientConnection, method: str, *names: str, number: int = 1) -> Any:
    """Say something and return its answer; prices that come before are passed over."""
    await socket.send(json.dumps({"method": method, "params": list(names), "id": number}))
    while True:
        said = json.loads(await socket.recv())
        if "s" not in said:
            return said


async def test_best_prices_come_for_what_was_asked_and_no_longer(exchange: Exchange) -> None:
    async with connect(url(exchange)) as socket:
        assert await ask(socket, "SUBSCRIBE", "btcusdt@bookTicker", "nonsense@bookTicker") == {"result": None, "id": 1}
        first = json.loads(await socket.recv())
        assert list(first) == ["u", "s", "b", "B", "a", "A"]
        assert first["s"] == "BTCUSDT"
        assert 0.0 < float(first["b"]) < float(first["a"])
        second = json.loads(await socket.recv())
        assert second["u"] > first["u"]
        assert (second["b"], second["a"]) != (first["b"], first["a"]), "it is said when it changes"
        assert await ask(socket, "UNSUBSCRIBE", "btcusdt@bookTicker", number=2) == {"result": None, "id": 2}
        assert exchange.abroad.subscribed == [set()]
    assert exchange.opened == 0, "it is another exchange"


async def test_what_it_does_not_understand_is_an_error_and_the_socket_stays(exchange: Exchange) -> None:
    async with connect(url(exchange)) as socket:
        assert "unknown method" in (await ask(socket, "WHATEVER"))["msg"]
        await socket.send("{")
        assert json.loads(await socket.recv())["code"] == 3
        assert (await ask(socket, "SUBSCRIBE", "ethusdt@bookTicker", number=9))["id"] == 9


async def test_too_many_messages_a_second_end_the_connection(exchange: Exchange) -> None:
    async with connect(url(exchange)) as socket:
        with pytest.raises(ConnectionClosed):
            for number in range(20):
                await ask(socket, "SUBSCRIBE", "btcusdt@bookTicker", number=number)
    assert exchange.abroad.violations["messages"] == 1


async def test_a_line_that_is_cut_gets_no_more_prices(exchange: Exchange) -> None:
    async with connect(url(exchange)) as socket:
        coins = {code.partition("-")[2].lower() for code in listing(1, 20)}
        await ask(socket, "SUBSCRIBE", *(f"{coin}usdt@bookTicker" for coin in coins))
        (session,) = exchange.abroad._sessions
        assert len(session.coins) > 10
        session.abort()  # as when the exchange stood still and the client left: noticed by the first of many writes
        for coin in session.coins:
            session.coins[coin] = ("", "")
        exchange.abroad._tick()  # in that turn; asyncio would log a warning at the sixth


async def test_candles_and_the_banks_rate_by_http(exchange: Exchange) -> None:
    base = f"http://{exchange.host}:{exchange.port}/abroad"
    async with aiohttp.ClientSession() as session:
        params = {"symbol": "BTCUSDT", "interval": "4h", "limit": "6"}
        async with session.get(f"{base}/api/v3/klines", params=params) as answer:
            rows = await answer.json(content_type=None)
        assert [b[0] - a[0] for a, b in itertools.pairwise(rows)] == [4 * HOUR_MS] * 5
        assert rows[-1][0] <= exchange.now_ms() < rows[-1][6] + 1
        assert all(float(r[3]) <= float(r[4]) <= float(r[2]) for r in rows)
        async with session.get(f"{base}/fx") as answer:
            assert 1_000.0 < (await answer.json(content_type=None))["rate"] < 2_000.0
        for path, status in (("/api/v3/klines?symbol=NONEUSDT&interval=4h", 400), ("/none", 404)):
            async with session.get(base + path) as answer:
                assert answer.status == status


def test_the_world_is_a_function_of_seed_and_time() -> None:
    one, same, other = (World(seed, Past(seed, listing(seed, 30))) for seed in (1, 1, 2))
    for coin in ("BTC", "ETH"):
        assert one.best(coin, NOON_MS) == same.best(coin, NOON_MS)
        assert one.best(coin, NOON_MS) != other.best(coin, NOON_MS)
    assert one.dollar(NOON_MS) == same.dollar(NOON_MS)
    steps = [one.dollar(NOON_MS + n * HOUR_MS) for n in range(72)]
    assert max(abs(b / a - 1.0) for a, b in itertools.pairwise(steps)) < 0.003, "no jumps, over midnight too"
    assert all(-0.01 < one.premium("BTC", NOON_MS + n * DAY_MS) < 0.03 for n in range(30))
