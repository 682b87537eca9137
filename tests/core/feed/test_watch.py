"""One stream that falls silent among others, and a machine that slept: found, shown and healed."""

from __future__ import annotations

import asyncio

import pytest

from core.feed.health import LinkState, StreamState
from core.feed.watch import ASKED_AGAIN_S
from core.market import ORDERBOOK, TICKER, TRADE, Stream
from core.sim.exchange import Exchange
from core.sim.floor import Topic
from core.wire import rest
from tests.core.feed.conftest import Client, pass_time, trades_of
from tests.waiting import until

BTC = Stream(TRADE, "KRW-BTC")
ETH = Stream(TRADE, "KRW-ETH")


def ignore(_stream: Stream) -> None: ...


def state(client: Client, stream: Stream) -> StreamState:
    return client.feed.health.state(stream, client.feed.now())


def mute(exchange: Exchange, stream: Stream) -> None:
    """Let the exchange say nothing more on a stream, as if it had lost it; its socket stays."""
    for session in exchange._sessions:
        for topic in session.topics:
            if (topic.channel, topic.market) == (stream.channel, stream.market):
                exchange.floor.leave(topic, session)


@pytest.mark.parametrize("stream", [BTC, Stream(TICKER, "KRW-BTC"), Stream(ORDERBOOK, "KRW-BTC")])
async def test_one_silent_stream_is_found_and_healed_and_no_other_is_touched(
    exchange: Exchange, client: Client, stream: Stream
) -> None:
    told: list[StreamState] = []
    client.feed.lease(lambda s: told.append(state(client, s))).want({stream})
    client.feed.lease(ignore).want({Stream(stream.channel, "KRW-ETH")})
    await until(lambda: client.is_live(stream, Stream(stream.channel, "KRW-ETH")))
    await pass_time(30.0)
    begin_ms, opened = exchange.now_ms(), exchange.opened
    mute(exchange, stream)
    told.clear()
    await until(lambda: StreamState.STALE in told, timeout=90.0)
    assert state(client, Stream(stream.channel, "KRW-ETH")) is StreamState.LIVE
    await until(lambda: state(client, stream) is StreamState.LIVE, timeout=10.0)
    assert exchange.opened == opened  # the link said its set again, nothing more
    if stream == BTC:
        await until(lambda: client.is_joined("KRW-BTC"), timeout=10.0)
        end_ms = exchange.now_ms() - 1_000
        truth = {t.id for t in await trades_of(exchange, "KRW-BTC", begin_ms) if t.time_ms <= end_ms}
        assert truth
        assert truth <= {t.id for t in client.feed.store.tape("KRW-BTC").latest(10_000)}


async def test_a_market_that_was_delisted_does_not_hide_another_that_fell_silent(
    exchange: Exchange, client: Client
) -> None:
    told: list[StreamState] = []
    client.feed.lease(lambda s: told.append(state(client, s))).want({BTC})
    client.feed.lease(ignore).want({ETH})
    await until(lambda: client.is_live(BTC, ETH))
    await pass_time(30.0)
    exchange.trouble.delist("KRW-ETH")
    client.feed.store.list_markets(await client.http.get(rest.markets()))
    mute(exchange, BTC)
    for market in ("KRW-BTC", "KRW-ETH"):  # both are looked into at the same beat
        client.feed.health.streams[Stream(TRADE, market)].last_at -= 60.0
    told.clear()
    await until(lambda: StreamState.STALE in told, timeout=30.0)
    await until(lambda: state(client, BTC) is StreamState.LIVE, timeout=10.0)


async def test_a_stream_that_stays_dead_gets_a_new_socket(
    exchange: Exchange, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.feed.lease(ignore).want({BTC, ETH})
    await until(lambda: client.is_live(BTC, ETH))
    await pass_time(30.0)
    listen, is_deaf = exchange.floor.listen, True

    def listen_but_to_btc(topic: Topic, ear: object) -> None:
        if not is_deaf or topic.market != "KRW-BTC":
            listen(topic, ear)  # type: ignore[arg-type]

    monkeypatch.setattr(exchange.floor, "listen", listen_but_to_btc)
    mute(exchange, BTC)
    await until(lambda: exchange.opened == 2, timeout=300.0)
    is_deaf = False
    await until(lambda: client.is_live(BTC, ETH) and client.is_joined("KRW-BTC"), timeout=300.0)
    await until(lambda: client.feed.health.age_s(BTC, client.feed.now()) < 5.0, timeout=300.0)


async def test_a_market_that_is_merely_quiet_is_left_alone_and_seldom_asked_about(
    exchange: Exchange, client: Client
) -> None:
    quiet = [Stream(TRADE, m) for m in list(exchange.floor.markets)[-4:]]
    client.feed.lease(ignore).want(quiet)
    await until(lambda: client.is_live(*quiet))
    requests = len(exchange.requests)
    await pass_time(600.0)
    assert len(exchange.requests) == requests
    assert exchange.opened == 1
    assert all(state(client, s) is StreamState.LIVE for s in quiet)
    assert exchange.rest_requests["ticker"] <= len(quiet) * 600.0 / ASKED_AGAIN_S


async def test_a_machine_that_slept_finds_its_dead_link_at_once() -> None:
    from tests.core.feed.conftest import clock

    jumped_ms = 0
    async with Exchange(seed=1, markets=20, now_ms=clock()) as exchange:
        now_ms = exchange.now_ms
        exchange.now_ms = lambda: now_ms() + jumped_ms  # type: ignore[method-assign]
        client = Client(exchange)
        client.feed.lease(ignore).want({BTC})
        await until(lambda: client.is_live(BTC))
        await pass_time(6.0)
        exchange.trouble.stall()
        jumped_ms = 3_600_000
        slept_at = asyncio.get_running_loop().time()
        await until(lambda: client.states() != [LinkState.OPEN], timeout=20.0)
        assert asyncio.get_running_loop().time() - slept_at < 10.5  # a beat, and the time a pong has
        exchange.trouble.resume()
        await until(lambda: client.is_live(BTC) and exchange.opened == 2, timeout=10.0)
        await client.close()
