"""Trades of a range by REST: right to the last one, and never more calls than were agreed to."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import numpy as np
import pytest

from core.calc.delta import ends_of, flows
from core.calc.indicators import VOLUME
from core.market import DAY_MS, HOUR_MS, MINUTE_MS, Interval, Stream
from core.sim.exchange import Exchange
from core.state.flow import FREE_CALLS, Flow
from tests.core.feed.conftest import NOON_MS, Client, clock, pass_time, trades_of
from tests.waiting import until

BTC = Stream("trade", "KRW-BTC")
TRADES = "crix-trades"  # group of the calls, as the exchange counts them


def ignore(_stream: Stream) -> None: ...


@pytest.fixture
async def exchange() -> AsyncIterator[Exchange]:
    """An exchange with many trades a second, not long after midnight."""
    async with Exchange(seed=5, markets=3, now_ms=clock(NOON_MS + 12 * HOUR_MS + 20 * MINUTE_MS), rate=8.0) as exchange:
        yield exchange


async def begin(client: Client, *, is_joined: Callable[[], bool] | None = None) -> Flow:
    """Look at KRW-BTC until its ledger is joined."""
    client.feed.lease(ignore).want({BTC})
    await until(is_joined or (lambda: client.is_live(BTC) and client.is_joined("KRW-BTC")))
    return client.feed.store.flow("KRW-BTC")


def is_idle(client: Client) -> bool:
    return not client.backfill._running


async def load(client: Client, from_ms: int, to_ms: int, most: int, *, is_asked: bool = True) -> int:
    """Load a range; return how many calls that took."""
    before = client.exchange.rest_requests[TRADES]
    client.feed.want_flow("KRW-BTC", from_ms, to_ms, most, is_asked=is_asked)
    await until(lambda: is_idle(client), timeout=60.0)
    return client.exchange.rest_requests[TRADES] - before


async def is_whole(client: Client, from_ms: int, to_ms: int) -> None:
    """Assert that the flow has exactly what the exchange itself says."""
    trades = client.feed.store.flow("KRW-BTC").trades
    begin, end = np.searchsorted(trades.time, [from_ms, to_ms + 1])
    truth = [t for t in await trades_of(client.exchange, "KRW-BTC", from_ms) if t.time_ms <= to_ms]
    assert len(truth) > 100
    assert sorted(zip(*(c[begin:end].tolist() for c in trades), strict=True)) == sorted(
        (t.time_ms, t.price, t.size, t.aggressor == "BID") for t in truth
    )


async def test_a_range_is_loaded_whole_over_midnight_and_its_bars_add_up(exchange: Exchange, client: Client) -> None:
    bars = client.feed.store.candles("KRW-BTC", Interval.M1)
    client.feed.want_history("KRW-BTC", Interval.M1)
    flow = await begin(client)
    to_ms = exchange.now_ms()
    from_ms = to_ms - 40 * MINUTE_MS
    assert from_ms // DAY_MS < to_ms // DAY_MS, "REST has one day a call"
    calls = await load(client, from_ms, to_ms, 1_000)
    assert calls > 5
    (late,) = flow.gaps(from_ms, to_ms) or [None]
    assert late is None or late.from_ms > to_ms - MINUTE_MS, "REST may not know the newest yet"
    await pass_time(61.0)
    await load(client, from_ms, to_ms, 10)
    flow = client.feed.store.flow("KRW-BTC")
    assert flow.gaps(from_ms, exchange.now_ms()) == [], "and the stream goes on from there"
    begin_ms = Interval.M1.next(Interval.M1.floor(from_ms))
    first, last = np.searchsorted(bars.start_ms, [begin_ms, to_ms - MINUTE_MS])
    starts = bars.start_ms[first:last]
    found = flows(starts, ends_of(starts, Interval.M1), flow.trades, flow.known.spans)
    np.testing.assert_allclose(found.sum(axis=1), bars.ohlcv[first:last, VOLUME], rtol=1e-9)
    assert len(starts) > 30
    # The exchange's own words, for the part of today.
    await is_whole(client, to_ms - 15 * MINUTE_MS, to_ms)


async def test_without_asking_there_are_twenty_calls_for_a_market_and_no_more(
    exchange: Exchange, client: Client
) -> None:
    flow = await begin(client)
    to_ms = exchange.now_ms()
    made = [await load(client, to_ms - n * HOUR_MS, to_ms, 15, is_asked=False) for n in (20, 20, 30, 40)]
    assert made == [15, FREE_CALLS - 15, 0, 0]
    assert flow.free_calls == 0
    known = flow.known.spans
    assert await load(client, to_ms - 20 * HOUR_MS, to_ms, 3, is_asked=True) == 3, "the user said so"
    assert flow.known.spans[-1].from_ms < known[-1].from_ms
    assert flow.load is None


async def test_it_says_how_far_it_is_and_can_be_stopped(exchange: Exchange, client: Client) -> None:
    flow = await begin(client)
    to_ms = exchange.now_ms()
    client.feed.want_flow("KRW-BTC", to_ms - 20 * HOUR_MS, to_ms, 50, is_asked=True)
    await until(lambda: flow.load is not None and flow.load.done >= 3)
    assert flow.load is not None
    assert flow.load.most == 50
    client.feed.stop_flow("KRW-BTC")
    await until(lambda: is_idle(client))
    assert flow.load is None
    done = exchange.rest_requests[TRADES]
    await pass_time(5.0)
    assert exchange.rest_requests[TRADES] == done


async def test_what_is_agreed_to_comes_after_what_nobody_was_asked_for(exchange: Exchange, client: Client) -> None:
    flow, before = await begin(client), exchange.rest_requests[TRADES]
    to_ms = exchange.now_ms()
    client.feed.want_flow("KRW-BTC", to_ms - 20 * HOUR_MS, to_ms, FREE_CALLS, is_asked=False)
    await until(lambda: flow.load is not None and flow.load.done >= 2)
    await load(client, to_ms - 20 * HOUR_MS, to_ms, 30)
    assert exchange.rest_requests[TRADES] - before == FREE_CALLS + 30
    assert flow.free_calls == 0


async def test_a_stop_leaves_nothing_that_was_to_follow(exchange: Exchange, client: Client) -> None:
    flow, before = await begin(client), exchange.rest_requests[TRADES]
    to_ms = exchange.now_ms()
    for is_asked in (False, True):
        client.feed.want_flow("KRW-BTC", to_ms - 20 * HOUR_MS, to_ms, 15, is_asked=is_asked)
    await until(lambda: flow.load is not None)
    client.feed.stop_flow("KRW-BTC")
    await until(lambda: is_idle(client))
    await pass_time(5.0)
    assert exchange.rest_requests[TRADES] - before < 15


async def test_it_stops_when_nobody_looks_any_more(exchange: Exchange, client: Client) -> None:
    lease = client.feed.lease(ignore)
    lease.want({BTC})
    await until(lambda: client.is_live(BTC) and client.is_joined("KRW-BTC"))
    flow, to_ms = client.feed.store.flow("KRW-BTC"), exchange.now_ms()
    client.feed.want_flow("KRW-BTC", to_ms - 20 * HOUR_MS, to_ms, 50, is_asked=True)
    await until(lambda: flow.load is not None and flow.load.done >= 2)
    lease.want(set())
    await until(lambda: is_idle(client))
    assert flow.load is None


async def test_a_refused_call_ends_it_and_it_may_be_asked_for_again(exchange: Exchange, client: Client) -> None:
    flow = await begin(client)
    to_ms = exchange.now_ms()
    exchange.trouble.refuse_rest(500, 3, TRADES)
    await load(client, to_ms - HOUR_MS, to_ms, 5)
    assert flow.load is None
    gaps = flow.gaps(to_ms - HOUR_MS, to_ms)
    assert await load(client, to_ms - HOUR_MS, to_ms, 5) == 5
    assert flow.gaps(to_ms - HOUR_MS, to_ms) != gaps


async def test_what_is_older_than_a_week_is_not_asked_for(exchange: Exchange, client: Client) -> None:
    await begin(client)
    old_ms = exchange.now_ms() - 9 * DAY_MS
    assert await load(client, old_ms, old_ms + HOUR_MS, 5) == 0
