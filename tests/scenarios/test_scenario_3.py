"""Scenario 3: a bot that watches twenty symbols, two books, own orders and balances; a pair is added live."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from decimal import Decimal

import aiohttp
import pytest

from core import AccessKey, WebSocketClient
from core.events import MyAssetEvent, MyOrderEvent, OrderbookEvent, TickerEvent, TradeEvent
from core.feed.endpoint import Endpoint
from core.sim.exchange import Exchange
from core.wire.auth import authorization, query_text
from tests.conftest import ExpectLog
from tests.core.feed.conftest import clock
from tests.waiting import until

GONE = ("LTC", "EOS", "ENJ")  # not listed any more
SYMBOLS = [
    f"KRW-{coin}"
    for coin in (
        *("BTC", "ETH", "XRP", "ADA", "SOL", "DOGE", "AVAX", "DOT", "LINK", "TRX"),
        *("BCH", "ETC", "XLM", "ATOM", "NEAR", "SAND", "MANA", *GONE),
    )
]
LISTED = [s for s in SYMBOLS if s.partition("-")[2] not in GONE]
ADDED = "KRW-SHIB"


class TradingBot:
    """The customer's bot: price moves, volume spikes, books, own orders and balances."""

    def __init__(self, client: WebSocketClient) -> None:
        self.client = client
        self.prices: dict[str, list[float]] = defaultdict(list)
        self.sizes: dict[str, list[float]] = defaultdict(list)
        self.books: Counter[str] = Counter()
        self.orders: list[MyOrderEvent] = []
        self.assets: dict[str, Decimal] = {}

    async def start(self) -> None:
        await self.client.subscribe_ticker(SYMBOLS, self.on_ticker)
        await self.client.subscribe_trade(SYMBOLS, self.on_trade)
        await self.client.subscribe_orderbook(["KRW-BTC", "KRW-ETH"], self.on_book)
        await self.client.subscribe_my_order(self.on_order)
        await self.client.subscribe_my_asset(self.on_asset)

    def on_ticker(self, event: TickerEvent) -> None:
        self.prices[event.symbol].append(event.trade_price)

    async def on_trade(self, event: TradeEvent) -> None:
        self.sizes[event.symbol].append(event.trade_volume)

    def on_book(self, event: OrderbookEvent) -> None:
        assert event.best_bid < event.best_ask
        self.books[event.symbol] += 1

    def on_order(self, event: MyOrderEvent) -> None:
        self.orders.append(event)

    def on_asset(self, event: MyAssetEvent) -> None:
        self.assets.update((a.currency, a.balance) for a in event.assets)


async def buy(exchange: Exchange, key: AccessKey, krw: int) -> str:
    """Buy at the market, as the bot's owner would elsewhere; return the order's id."""
    body = {"market": "KRW-BTC", "side": "bid", "ord_type": "price", "price": str(krw)}
    headers = authorization(key, query_text(body.items()))
    url = f"{exchange.rest_url}/orders"
    async with aiohttp.ClientSession() as session, session.post(url, json=body, headers=headers) as answer:
        told = await answer.json()
        assert answer.status == 201, told
        return str(told["uuid"])


@pytest.fixture
async def exchange() -> AsyncIterator[Exchange]:
    async with Exchange(seed=3, now_ms=clock()) as exchange:
        yield exchange


async def test_the_bot_hears_all_that_there_is_and_its_own_orders(exchange: Exchange, expected_log: ExpectLog) -> None:
    expected_log("the exchange does not answer for KRW-LTC, KRW-EOS, KRW-ENJ; the others flow")
    paper = exchange.open_account({"KRW": "1000000"})
    key = AccessKey(paper.key.access, paper.key.secret)
    client = WebSocketClient(Endpoint(exchange.ws_url, exchange.rest_url, is_real=False), key=key)
    bot = TradingBot(client)
    await bot.start()
    assert (await client.balances())["KRW"].free == 1_000_000
    assert await client.open_orders() == []
    await until(lambda: bot.prices.keys() == set(LISTED), 20.0)
    await until(lambda: bot.sizes.keys() == set(LISTED) and len(bot.books) == 2, 20.0)

    order_id = await buy(exchange, key, 100_000)
    await until(lambda: any(e.state in {"done", "cancel"} for e in bot.orders))
    assert {e.uuid for e in bot.orders} == {order_id}
    fills = [e for e in bot.orders if e.state == "trade"]
    assert fills
    assert len({e.trade_uuid for e in fills}) == len(fills)
    last = bot.orders[-1]
    assert sum((e.trade_volume or Decimal(0) for e in fills), Decimal(0)) == last.executed_volume
    await until(lambda: bot.assets.get("BTC") == last.executed_volume)
    assert not any(e.is_late for e in bot.orders)

    sockets, books = exchange.opened, bot.books["KRW-ETH"]
    await client.subscribe_ticker([*SYMBOLS, ADDED], bot.on_ticker)
    await until(lambda: ADDED in bot.prices)
    await until(lambda: bot.books["KRW-ETH"] > books)
    assert exchange.opened == sockets, "one more symbol needs no socket"
    await until(lambda: set(client.health()["channels"]["trade"]["unknown"]) == {f"KRW-{c}" for c in GONE}, 20.0)
    await asyncio.sleep(3.0)  # of the fast clock: for the line of the log
    assert client.health()["account"] == "live"
    assert exchange.violations == {}
    await client.close()
    await until(lambda: exchange.connections == 0)


async def test_what_happened_while_the_link_was_down_is_told_as_late(exchange: Exchange) -> None:
    paper = exchange.open_account({"KRW": "1000000"})
    key = AccessKey(paper.key.access, paper.key.secret)
    client = WebSocketClient(Endpoint(exchange.ws_url, exchange.rest_url, is_real=False), key=key)
    bot = TradingBot(client)
    await client.subscribe_my_order(bot.on_order)
    await client.balances()
    await until(lambda: client.health()["account"] == "live")
    exchange.trouble.refuse(503, count=2)
    exchange.trouble.drop()
    order_id = await buy(exchange, key, 50_000)
    await until(lambda: any(e.uuid == order_id and e.state == "trade" for e in bot.orders), 20.0)
    assert all(e.is_late for e in bot.orders)
    await client.close()
