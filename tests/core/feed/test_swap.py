"""A symbol change over a real socket: what the exchange saw is the assertion."""

from __future__ import annotations

from collections import Counter

import pytest

from core.feed.health import StreamState
from core.feed.pool import LINGER_S
from core.market import ORDERBOOK, TICKER, TRADE, Interval, Stream
from core.sim.exchange import Exchange
from core.state.store import IDLE_MARKETS
from core.wire.messages import Subscriptions
from tests.core.feed.conftest import Client, pass_time, trades_of
from tests.waiting import until

BTC = Stream(TRADE, "KRW-BTC")
ETH = Stream(TRADE, "KRW-ETH")
XRP = Stream(TRADE, "KRW-XRP")


def ignore(_stream: Stream) -> None: ...


def group(market: str) -> frozenset[Stream]:
    """Return what one chart with its book and tape wants."""
    return frozenset({Stream(TRADE, market), Stream(ORDERBOOK, market), Stream("candle.1s", market)})


def listed(answer: Subscriptions) -> set[Stream]:
    """Return what the exchange says a socket carries."""
    return {Stream(row.type, code, row.level) for row in answer.result for code in row.codes}


async def test_a_swap_keeps_the_socket_and_the_neighbour(exchange: Exchange, client: Client) -> None:
    left, right = client.feed.lease(ignore), client.feed.lease(ignore)
    left.want({BTC})
    right.want({BTC})
    await until(lambda: exchange.requests == [{BTC}])  # two panes, one stream upstream
    right.want({ETH})
    await until(lambda: exchange.requests == [{BTC}, {BTC, ETH}])  # BTC never off, ETH added
    left.want({ETH})  # nobody wants BTC: it lingers until the next needed request
    right.want({ETH, XRP})
    await until(lambda: exchange.requests[2:] == [{ETH, XRP}])
    assert exchange.opened == 1  # never a second socket
    await until(lambda: client.is_live(ETH, XRP))


async def test_wishes_of_one_turn_are_one_request(exchange: Exchange, client: Client) -> None:
    lease = client.feed.lease(ignore)
    for market in ("KRW-BTC", "KRW-ETH", "KRW-XRP"):
        lease.want(group(market))
    await until(lambda: client.is_live(*group("KRW-XRP")))
    assert exchange.requests == [set(group("KRW-XRP"))]


async def test_a_swap_touches_no_other_link(exchange: Exchange, client: Client) -> None:
    panes = {m: client.feed.lease(ignore) for m in ("KRW-BTC", "KRW-ETH", "KRW-XRP")}
    for market, pane in panes.items():
        pane.want(group(market))
    await until(lambda: all(client.is_live(*group(m)) for m in panes))
    assert exchange.opened == 3
    before = len(exchange.requests)
    panes["KRW-ETH"].want(group("KRW-DOGE"))
    await until(lambda: client.is_live(*group("KRW-DOGE")))
    assert exchange.requests[before:] == [set(group("KRW-DOGE"))]
    assert exchange.opened == 3


@pytest.mark.parametrize("gap_ms", [0, 300])
async def test_neighbours_lose_and_repeat_nothing_over_swaps(gap_ms: int) -> None:
    from tests.core.feed.conftest import clock

    async with Exchange(seed=3, markets=20, now_ms=clock(), replace_gap_ms=gap_ms, rate=20.0) as exchange:
        client = Client(exchange)
        heard: list[Stream] = []
        # Two streams a market, so that two markets share a link and a swap of one replaces the other's set.
        wanted = {BTC, Stream(ORDERBOOK, "KRW-BTC")}
        pane, other = client.feed.lease(heard.append), client.feed.lease(ignore)
        pane.want(wanted)
        await until(lambda: client.is_live(BTC) and client.is_joined("KRW-BTC"))
        begin_ms = exchange.now_ms()
        for market in ("KRW-ETH", "KRW-XRP", "KRW-SOL", "KRW-DOGE", "KRW-ETH", "KRW-XRP"):
            other.want({Stream(TRADE, market), Stream(ORDERBOOK, market)})
            await pass_time(3.0)
        assert exchange.opened == 1
        await until(lambda: client.is_live(BTC) and client.is_joined("KRW-BTC"))
        end_ms = exchange.now_ms() - 500
        truth = [t.id for t in await trades_of(exchange, "KRW-BTC", begin_ms) if t.time_ms <= end_ms]
        tape = client.feed.store.tape("KRW-BTC").latest(10_000)
        assert len(truth) > 100
        assert sorted(t.id for t in tape if begin_ms <= t.time_ms <= end_ms) == sorted(truth)
        assert not client.feed.store.tape("KRW-BTC").holes
        assert {s.market for s in heard} == {"KRW-BTC"}
        await client.close()


async def test_no_frame_of_the_old_symbol_reaches_who_left_it(exchange: Exchange, client: Client) -> None:
    heard: list[str] = []
    lease = client.feed.lease(lambda s: heard.append(s.market))
    lease.want(group("KRW-BTC"))
    await until(lambda: client.is_live(*group("KRW-BTC")))
    lease.want(group("KRW-ETH"))
    heard.clear()
    await until(lambda: client.is_live(*group("KRW-ETH")))
    await pass_time(5.0)
    assert set(heard) == {"KRW-ETH"}
    # Its streams are forgotten: a late frame does not make it live again.
    assert client.feed.health.state(BTC, client.feed.now()) is StreamState.IDLE


async def test_what_nobody_wants_lingers_so_that_going_back_is_instant(exchange: Exchange, client: Client) -> None:
    lease, stay = client.feed.lease(ignore), client.feed.lease(ignore)
    stay.want({ETH})
    lease.want({BTC})
    await until(lambda: client.is_live(BTC, ETH))
    said = len(exchange.requests)
    lease.close()
    await pass_time(LINGER_S * 0.9)
    assert client.is_live(BTC)
    lease.want({BTC})  # back
    await pass_time(LINGER_S * 2)
    assert client.is_live(BTC)
    assert len(exchange.requests) == said  # the exchange never heard of it
    lease.close()
    await pass_time(LINGER_S + 1.0)
    assert exchange.requests[said:] == [{ETH}]


async def test_a_link_of_which_nothing_is_wanted_closes_after_a_while(exchange: Exchange, client: Client) -> None:
    lease = client.feed.lease(ignore)
    lease.want({BTC})
    await until(lambda: client.is_live(BTC))
    lease.close()
    await pass_time(LINGER_S - 1.0)
    assert exchange.connections == 1
    await until(lambda: exchange.connections == 0, timeout=3.0)
    assert not client.pool.links
    assert not client.feed.health.links
    assert not client.feed.health.streams
    lease.want({ETH})
    await until(lambda: client.is_live(ETH))
    assert exchange.opened == 2


async def test_the_board_and_the_panes_are_on_sockets_of_their_own(exchange: Exchange, client: Client) -> None:
    board, pane = client.feed.lease(ignore), client.feed.lease(ignore)
    tickers = {Stream(TICKER, m) for m in ("KRW-BTC", "KRW-ETH", "KRW-XRP")}
    board.want(tickers)
    pane.want({*group("KRW-BTC"), Stream(TICKER, "KRW-BTC")})
    await until(lambda: client.is_live(*tickers, *group("KRW-BTC")))
    pane.want({*group("KRW-ETH"), Stream(TICKER, "KRW-ETH")})
    await until(lambda: client.is_live(*group("KRW-ETH")))
    assert exchange.requests.count(tickers) == 1  # a swap leaves the board alone
    assert exchange.opened == 2


async def test_spinning_through_symbols_keeps_every_limit_and_the_last_one_wins(
    exchange: Exchange, client: Client
) -> None:
    markets = [m for m in exchange.floor.markets if m.startswith("KRW-")]
    stay, spin = client.feed.lease(ignore), client.feed.lease(ignore)
    stay.want({Stream(TRADE, markets[0])})
    for i in range(600):  # the arrow key, held down for a minute
        spin.want(group(markets[1 + i % (len(markets) - 1)]))
        await pass_time(0.1)
    last = group(markets[1 + 599 % (len(markets) - 1)])
    await pass_time(0.65)  # one refill
    assert exchange.requests[-1] == last | {Stream(TRADE, markets[0])}
    assert not exchange.violations
    assert not exchange.errors
    assert exchange.opened == 1
    assert len(exchange.requests) <= 98  # of 600 wishes
    await until(lambda: client.is_live(*last))
    assert listed(await client.link.list_subscriptions()) == client.pool.wanted == last | {Stream(TRADE, markets[0])}


async def test_a_listing_is_not_lost_behind_a_subscription(exchange: Exchange, client: Client) -> None:
    lease = client.feed.lease(ignore)
    lease.want({BTC})
    await until(lambda: client.is_live(BTC))
    lease.want({BTC, ETH})
    await pass_time(0)  # planned, not sent
    first, second = client.link.list_subscriptions(), client.link.list_subscriptions()
    assert listed(await first) == {BTC, ETH}
    assert listed(await second) == {BTC, ETH}


async def test_a_hundred_panes_of_one_market_are_one_stream(exchange: Exchange, client: Client) -> None:
    heard: Counter[int] = Counter()
    leases = [client.feed.lease(lambda _s, i=i: heard.update([i])) for i in range(100)]  # type: ignore[misc]
    for lease in leases:
        lease.want({BTC})
    await until(lambda: client.is_live(BTC))
    await pass_time(10.0)
    assert exchange.requests == [{BTC}]
    assert len(set(heard.values())) == 1
    assert len(heard) == 100


async def test_what_follows_a_ranking_never_touches_what_somebody_looks_at(exchange: Exchange, client: Client) -> None:
    pane, ranked = client.feed.lease(ignore), client.feed.lease(ignore, is_background=True)
    pane.want({BTC})
    ranked.want({ETH, XRP})
    await until(lambda: client.is_live(BTC, ETH, XRP))
    assert exchange.subscribed == [{BTC}, {ETH, XRP}]
    ranked.want({XRP, Stream(TRADE, "KRW-SOL")})
    await until(lambda: client.is_live(Stream(TRADE, "KRW-SOL")))
    assert exchange.requests[-1] == {XRP, Stream(TRADE, "KRW-SOL")}
    pane.want({BTC, XRP})  # it runs already, and stays where it is
    await pass_time(1.0)
    assert exchange.subscribed[0] == {BTC}
    assert XRP in exchange.subscribed[1]
    ranked.close()
    await pass_time(LINGER_S + 1.0)
    assert exchange.subscribed == [{BTC}, {XRP}]


async def test_who_runs_through_the_list_leaves_no_queue_of_fetches_behind() -> None:
    from tests.core.feed.conftest import clock

    async with Exchange(seed=1, markets=200, now_ms=clock()) as exchange:
        client = Client(exchange)
        pane, feed = client.feed.lease(ignore), client.feed
        markets = list(exchange.floor.markets)
        exchange.trouble.pause_rest()
        for market in markets:
            pane.want({Stream(TRADE, market)})
            feed.want_history(market, Interval.M1)
            await pass_time(0.02)
        waiting = {market for market, _ in client.backfill._running}
        assert markets[-1] in waiting
        assert len(waiting) <= IDLE_MARKETS + 2, "those of which the store has let go are not waited for"
        await until(lambda: client.is_live(Stream(TRADE, markets[-1])))
        exchange.trouble.end_faults()
        # Back to the first: all of it is asked for anew.
        begin_ms = exchange.now_ms()
        pane.want({Stream(TRADE, markets[0])})
        feed.want_history(markets[0], Interval.M1)
        await until(lambda: client.is_joined(markets[0]) and len(feed.store.candles(markets[0], Interval.M1)) > 100)
        await pass_time(30.0)
        truth = {t.id for t in await trades_of(exchange, markets[0], begin_ms)}
        await until(lambda: truth <= {t.id for t in feed.store.tape(markets[0]).latest(100_000)})
        assert not exchange.violations
        await client.close()
