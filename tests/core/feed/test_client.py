"""The scripting client against a real exchange on real sockets: every sentence of its contract."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator
from itertools import pairwise
from typing import Any

import pytest

from core import WebSocketClient
from core.client import CHECK_S, LINGER_S, _Shared
from core.errors import AuthError
from core.events import CandleEvent, OrderbookEvent, TickerEvent, TradeEvent
from core.feed.endpoint import Endpoint
from core.market import TICKER, TRADE, Stream
from core.sim.exchange import Exchange
from core.wire.messages import Trade
from tests.conftest import ExpectLog
from tests.core.feed.conftest import clock, pass_time, trades_of
from tests.waiting import until

BTC, ETH, XRP = "KRW-BTC", "KRW-ETH", "KRW-XRP"


@pytest.fixture
async def exchange() -> AsyncIterator[Exchange]:
    async with Exchange(seed=1, markets=20, now_ms=clock(), rate=10.0) as exchange:
        yield exchange


def endpoint(exchange: Exchange) -> Endpoint:
    return Endpoint(exchange.ws_url, exchange.rest_url, is_real=False)


@pytest.fixture
async def client(exchange: Exchange) -> AsyncIterator[WebSocketClient]:
    async with WebSocketClient(endpoint(exchange)) as client:
        yield client


def of(events: list[Any], symbol: str) -> list[Any]:
    return [e for e in events if e.symbol == symbol]


async def test_each_channel_tells_its_events(exchange: Exchange, client: WebSocketClient) -> None:
    got: list[Any] = []

    async def later(event: Any) -> None:
        await asyncio.sleep(0)
        got.append(event)

    await client.subscribe_ticker([BTC], got.append)
    await client.subscribe_trade([BTC], later)
    await client.subscribe_orderbook([BTC], got.append)
    await client.subscribe_candle([BTC], 1, got.append)
    await client.subscribe_candle([BTC], "1s", later)
    await until(lambda: {type(e) for e in got} == {TickerEvent, TradeEvent, OrderbookEvent, CandleEvent})
    await pass_time(5.0)
    for event in got:
        assert event.symbol == BTC
        match event:
            case TickerEvent():
                assert event.change_rate == pytest.approx(event.trade_price / event.prev_closing_price - 1, abs=1e-9)
            case OrderbookEvent():
                assert 0 < event.best_bid < event.best_ask
                assert [p for p, _ in event.bids] == sorted((p for p, _ in event.bids), reverse=True)
            case CandleEvent():
                assert event.unit in {"1m", "1s"}
                assert event.low_price <= event.trade_price <= event.high_price
    seconds = [e.start for e in got if isinstance(e, CandleEvent) and e.unit == "1s"]
    assert seconds == sorted(seconds)
    assert len(set(seconds)) >= 3


async def test_every_trade_comes_once_over_breaks_too(exchange: Exchange, client: WebSocketClient) -> None:
    got: list[TradeEvent] = []
    await client.subscribe_trade([BTC, ETH], got.append)
    await until(lambda: of(got, BTC) and of(got, ETH))
    await pass_time(1.0)
    begin_ms = exchange.now_ms()
    for _ in range(3):
        await pass_time(10.0)
        exchange.trouble.drop()
    await pass_time(10.0)
    end_ms = exchange.now_ms() - 3_000
    for market in (BTC, ETH):
        truth = [t.id for t in await trades_of(exchange, market, begin_ms) if t.time_ms <= end_ms]
        mine = [e.sequential_id for e in of(got, market) if begin_ms <= e.timestamp <= end_ms]
        assert truth
        assert sorted(mine) == sorted(truth)
    assert any(e.is_late for e in got)
    assert not any(one["missed"] or one["holes"] for one in client.health()["channels"].values())


async def test_the_same_channel_replaces_and_another_adds(exchange: Exchange, client: WebSocketClient) -> None:
    got: list[TickerEvent] = []
    await client.subscribe_ticker([BTC, ETH, BTC, " krw-btc "], got.append)
    assert client.health()["channels"]["ticker"]["symbols"] == [BTC, ETH]  # duplicates count once
    await until(lambda: of(got, BTC) and of(got, ETH))
    second: list[TickerEvent] = []
    await client.subscribe_ticker([XRP], second.append)
    await client.subscribe_trade([BTC], lambda _event: None)
    count = len(got)
    await until(lambda: second)
    await pass_time(5.0)
    assert len(got) == count
    assert {e.symbol for e in second} == {XRP}
    assert set(client.health()["channels"]) == {"ticker", "trade"}


async def test_one_symbol_is_taken_out_and_the_others_flow_on(exchange: Exchange, client: WebSocketClient) -> None:
    got: list[TradeEvent] = []
    await client.subscribe_trade([BTC, ETH, XRP], got.append)
    await until(lambda: of(got, BTC) and of(got, ETH) and of(got, XRP))
    await pass_time(1.0)
    begin_ms = exchange.now_ms()
    await client.unsubscribe("trade", ETH)
    count = len(of(got, ETH))
    await pass_time(20.0)
    end_ms = exchange.now_ms() - 1_000
    assert len(of(got, ETH)) == count
    truth = [t.id for t in await trades_of(exchange, BTC, begin_ms) if t.time_ms <= end_ms]
    mine = [e.sequential_id for e in of(got, BTC) if begin_ms <= e.timestamp <= end_ms]
    assert truth
    assert sorted(mine) == sorted(truth)
    await client.unsubscribe("trade")
    assert client.health()["channels"] == {}


async def test_dead_codes_do_not_raise_and_are_named_once(
    exchange: Exchange, client: WebSocketClient, expected_log: ExpectLog
) -> None:
    expected_log("WARNING core.client: ticker: the exchange does not answer for KRW-EOS, KRW-NOPE; the others flow")
    got: list[TickerEvent] = []
    await client.subscribe_ticker([BTC, "KRW-EOS", "KRW-NOPE"], got.append)
    await pass_time(2 * CHECK_S + 1)
    assert client.health()["channels"]["ticker"]["unknown"] == ["KRW-EOS", "KRW-NOPE"]
    assert not client.health()["is_healthy"]
    assert {e.symbol for e in got} == {BTC}
    assert len(got) > 5


async def test_a_slow_callback_delays_nobody_and_hears_the_newest(exchange: Exchange) -> None:
    slow, quick, trades = [], [], []

    async def dawdle(event: TickerEvent) -> None:
        await asyncio.sleep(7.0)
        slow.append(event)

    async def dawdle_over_trades(event: TradeEvent) -> None:
        await asyncio.sleep(0.5)
        trades.append(event)

    async with WebSocketClient(endpoint(exchange)) as one, WebSocketClient(endpoint(exchange)) as other:
        await one.subscribe_ticker([BTC], dawdle)
        await one.subscribe_trade([BTC], dawdle_over_trades)
        await other.subscribe_ticker([BTC], quick.append)
        await until(lambda: len(slow) == 4, timeout=60.0)
        assert len(quick) > 4 * len(slow)
        assert slow[-1].timestamp >= quick[-1].timestamp - 8_000  # not the seventh of a queue
        ids = [e.sequential_id for e in trades]
        heard = one._shared.feed.store.tape(BTC)  # type: ignore[union-attr]
        assert len(ids) > 20
        assert ids == [t.id for t in heard.latest(10_000) if t.id in set(ids)]


async def test_a_raising_callback_is_called_on_and_breaks_nobody(
    exchange: Exchange, client: WebSocketClient, expected_log: ExpectLog
) -> None:
    expected_log("ERROR core.client: a ticker callback raised; it is called on, further errors are only counted")
    calls: Counter[str] = Counter()

    def raising(event: TickerEvent) -> None:
        calls["raising"] += 1
        raise RuntimeError("a bug in a script")

    await client.subscribe_ticker([BTC], raising)
    await client.subscribe_trade([BTC], lambda _e: calls.update(["trades"]))
    await until(lambda: calls["raising"] > 5 and calls["trades"] > 5, timeout=30.0)
    assert client.health()["channels"]["ticker"]["errors"] == calls["raising"]
    assert client.health()["channels"]["trade"]["errors"] == 0


async def test_batches_come_at_most_so_often_and_lose_nothing(exchange: Exchange, client: WebSocketClient) -> None:
    batches: list[tuple[float, list[TradeEvent]]] = []
    loop = asyncio.get_running_loop()
    await client.subscribe_trade([BTC, ETH], on_batch=lambda b: batches.append((loop.time(), b)), max_wait_ms=500)
    await until(lambda: len(batches) > 10, timeout=30.0)
    gaps = [b - a for (a, _), (b, _) in pairwise(batches)]
    assert min(gaps) >= 0.5 - 1e-6
    assert max(len(b) for _, b in batches) > 1
    ids = [(e.symbol, e.sequential_id) for _, b in batches for e in b]
    assert len(ids) == len(set(ids))
    with pytest.raises(TypeError):
        await client.subscribe_trade([BTC])
    with pytest.raises(TypeError):
        await client.subscribe_trade([BTC], print, on_batch=print)


async def test_a_hundred_clients_share_the_sockets(exchange: Exchange) -> None:
    heard: Counter[int] = Counter()
    clients = [WebSocketClient(endpoint(exchange)) for _ in range(100)]
    for number, one in enumerate(clients):
        await one.subscribe_ticker([BTC, ETH], lambda _e, n=number: heard.update([n]))
        await one.subscribe_trade([BTC], lambda _e: None)
    await until(lambda: len(heard) == 100)
    await pass_time(5.0)
    assert exchange.opened == 2  # tickers and trades
    assert exchange.requests.count({Stream(TICKER, BTC), Stream(TICKER, ETH)}) == 1
    assert exchange.requests.count({Stream(TRADE, BTC)}) == 1
    for one in clients[:99]:
        await one.cleanup()
    assert exchange.connections == 2
    await clients[99].close()
    await until(lambda: exchange.connections == 0)


async def test_after_a_cleanup_one_can_subscribe_again_on_the_same_sockets(
    exchange: Exchange, client: WebSocketClient
) -> None:
    got: list[TickerEvent] = []
    await client.subscribe_ticker([BTC], got.append)
    await until(lambda: got)
    await client.cleanup()
    count = len(got)
    assert client.health()["channels"] == {}
    await pass_time(LINGER_S / 2)
    assert len(got) == count
    await client.subscribe_ticker([BTC], got.append)
    await until(lambda: len(got) > count)
    assert exchange.opened == 1
    await client.cleanup()
    await until(lambda: exchange.connections == 0, timeout=2 * LINGER_S)
    assert not _Shared._by_loop[asyncio.get_running_loop()]
    await client.subscribe_ticker([BTC], got.append)
    count = len(got)
    await until(lambda: len(got) > count)


async def test_a_callback_may_clean_up_and_go_on(exchange: Exchange, client: WebSocketClient) -> None:
    done: list[str] = []

    async def once(event: TickerEvent) -> None:
        await client.cleanup()
        await asyncio.sleep(1.0)
        done.append(event.symbol)

    await client.subscribe_ticker([BTC], once)
    await until(lambda: done)
    await pass_time(5.0)
    assert done == [BTC]


async def test_health_counts_what_was_handed_over(exchange: Exchange, client: WebSocketClient) -> None:
    assert client.health() == {
        "channels": {},
        "total_messages": 0,
        "connections": 0,
        "is_connected": False,
        "is_healthy": True,
        "account": "no key",
        "account_cause": "",
    }
    got: list[Any] = []
    await client.subscribe_ticker([BTC], got.append)
    await client.subscribe_trade([BTC], got.append)
    await until(lambda: len(got) > 10)
    health = client.health()
    assert health["total_messages"] == len(got)
    assert health["connections"] == 2
    assert health["is_connected"]
    assert health["is_healthy"]
    assert health["channels"]["trade"]["created_at"] > 1_700_000_000


async def test_markets_and_the_largest_of_them(exchange: Exchange, client: WebSocketClient) -> None:
    listed = await client.markets("krw")
    assert BTC in listed
    assert all(m.startswith("KRW-") for m in listed)
    assert set(listed) <= set(await client.markets())
    top = await client.top_by_turnover(3)
    assert len(top) == 3
    assert set(top) <= set(listed)
    turnover: dict[str, float] = {}
    await client.subscribe_ticker(listed, lambda e: turnover.update({e.symbol: e.acc_trade_price_24h}))
    await until(lambda: len(turnover) == len(listed))
    assert turnover[top[0]] == pytest.approx(max(turnover.values()), rel=0.05)


async def test_bad_wishes_say_what_to_do(client: WebSocketClient) -> None:
    with pytest.raises(ValueError, match="no candles of 7 are streamed; there are: 1s, 1m, 3m"):
        await client.subscribe_candle([BTC], 7, print)
    for subscribe in (client.subscribe_my_order, client.subscribe_my_asset):
        with pytest.raises(AuthError, match="API key"):
            await subscribe(print)
    await client.subscribe_ticker([], print)
    assert client.health()["channels"] == {}


def test_a_script_that_just_ends_leaves_nothing_open() -> None:
    script = """
import asyncio, warnings
from core import WebSocketClient
from core.feed.endpoint import Endpoint
from core.sim.exchange import Exchange

async def main():
    async with Exchange(markets=5) as exchange:
        client = WebSocketClient(Endpoint(exchange.ws_url, exchange.rest_url, False))
        await client.markets()
        heard = asyncio.Event()
        await client.subscribe_trade(["KRW-BTC"], lambda event: heard.set())
        await heard.wait()
    print("ended")

asyncio.run(main())
"""
    command = [sys.executable, "-W", "always", "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, timeout=50, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "ended\n", "")


def test_the_core_is_light_until_the_client_is_asked_for() -> None:
    script = "import sys, core.market; print(sorted(m for m in ('websockets', 'aiohttp', 'numpy') if m in sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=50, check=True)
    assert done.stdout == "[]\n"


async def test_who_comes_while_the_last_one_closes_gets_sockets_that_stay(exchange: Exchange) -> None:
    one, other = WebSocketClient(endpoint(exchange)), WebSocketClient(endpoint(exchange))
    got: list[Any] = []
    await one.subscribe_ticker([BTC], lambda _event: None)
    await pass_time(2.0)
    await asyncio.gather(one.close(), other.subscribe_ticker([BTC], got.append))
    await pass_time(30.0)
    assert other.health()["is_connected"]
    assert len(got) > 3
    await other.close()


async def test_who_comes_in_the_turn_in_which_the_sockets_would_close_keeps_them(exchange: Exchange) -> None:
    one, other = WebSocketClient(endpoint(exchange)), WebSocketClient(endpoint(exchange))
    got: list[Any] = []
    await one.subscribe_ticker([BTC], lambda _event: None)
    await pass_time(2.0)
    shared = one._shared
    assert shared is not None
    await one.cleanup()
    shared._changed.clear()
    shared.clients.add(other)  # as if it had joined after the time was up and before the task looked
    other._shared = shared
    await pass_time(2 * LINGER_S)
    assert not shared._is_ended
    await other.subscribe_ticker([BTC], got.append)
    await pass_time(30.0)
    assert len(got) > 3
    await other.close()


async def test_what_was_unsubscribed_is_not_handed_on_though_it_waits(
    exchange: Exchange, client: WebSocketClient
) -> None:
    got: list[TradeEvent] = []

    async def slow(event: TradeEvent) -> None:
        got.append(event)
        await asyncio.sleep(0.5)

    await client.subscribe_trade([BTC, ETH], slow)
    await pass_time(60.0)
    before = len(of(got, BTC))
    await client.unsubscribe("trade", [BTC])
    await pass_time(60.0)
    assert len(of(got, BTC)) == before
    assert of(got, ETH)


async def test_a_trade_that_was_overtaken_is_told_too(exchange: Exchange, client: WebSocketClient) -> None:
    got: list[TradeEvent] = []
    await client.subscribe_trade([BTC], got.append)
    shared = client._shared
    assert shared is not None
    await until(lambda: shared.feed.store.tape(BTC).is_joined)
    late = Trade(BTC, 1.0, 1.0, "BID", exchange.now_ms() - 60_000, 7)
    shared.feed.apply(late)
    await pass_time(0.1)
    assert 7 in [e.sequential_id for e in got]


async def test_a_block_is_for_all_connects_of_the_program(exchange: Exchange, client: WebSocketClient) -> None:
    await client.subscribe_trade([BTC], lambda _event: None)
    await until(lambda: client.health()["is_connected"])
    exchange.trouble.refuse(418, 100, retry_after=100)
    exchange.trouble.drop()
    await pass_time(5.0)
    shared = client._shared
    assert shared is not None
    before = exchange.violations.copy(), sum(x.connects for x in shared.feed.health.links.values())
    await client.subscribe_ticker([ETH], lambda _event: None)  # a link of its own
    await pass_time(60.0)
    assert sum(x.connects for x in shared.feed.health.links.values()) == before[1]
    exchange.trouble.end_faults()
    await pass_time(60.0)
    assert client.health()["is_healthy"]
