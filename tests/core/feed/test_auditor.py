"""A real client finds what its sockets lost, and two clients of one exchange know the same."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Callable

import pytest

from core.feed.health import LedgerHealth
from core.market import MINUTE_MS, ORDERBOOK, TICKER, TRADE, Interval, Stream
from core.sim.exchange import Exchange
from core.sim.faults import Spoiler
from core.state.coverage import Span
from core.state.digest import tape_hash, trades_hash
from tests.core.feed.conftest import Client, pass_time, trades_of
from tests.waiting import until

MARKETS = ("KRW-BTC", "KRW-ETH", "KRW-XRP")
STREAMS = [Stream(c, m) for m in MARKETS for c in (TRADE, TICKER, ORDERBOOK, "candle.1m")]


def ignore(_stream: Stream) -> None: ...


async def begin(client: Client) -> None:
    """Let a client look at everything of some markets, and wait until it does."""
    for market in MARKETS:
        client.feed.store.candles(market, Interval.M1)
        client.feed.want_history(market, Interval.M1)
    client.feed.lease(ignore).want(STREAMS)
    await until(lambda: client.is_live(*STREAMS) and all(client.is_joined(m) for m in MARKETS), timeout=30.0)


async def later(condition: Callable[[], object], due_s: float) -> None:
    """Wait like `until`, but look seldom: minutes go by."""
    for _ in range(round(due_s / 0.5)):
        if condition():
            return
        await pass_time(0.5)
    assert condition()


def ledgers(client: Client) -> dict[str, LedgerHealth]:
    return client.feed.health.ledgers


async def is_whole(exchange: Exchange, client: Client, from_ms: int) -> bool:
    end_ms = exchange.now_ms() - 1_000
    for market in MARKETS:
        truth = {t.id for t in await trades_of(exchange, market, from_ms) if t.time_ms <= end_ms}
        assert truth
        if not truth <= {t.id for t in client.feed.store.tape(market).latest(10_000)}:
            return False
    return True


async def test_trades_that_add_up_are_proven(exchange: Exchange, client: Client) -> None:
    await begin(client)
    await later(lambda: all(m in ledgers(client) and ledgers(client)[m].proven_at > 0 for m in MARKETS), 120.0)
    await pass_time(30.0)
    assert client.feed.health.verdicts.total() == 0
    assert set(ledgers(client)) == set(MARKETS)


async def test_what_was_lost_on_its_way_is_a_hole_and_then_there(exchange: Exchange, client: Client) -> None:
    await begin(client)
    await later(lambda: all(m in ledgers(client) and ledgers(client)[m].proven_at > 0 for m in MARKETS), 120.0)
    from_ms, store = exchange.now_ms(), client.feed.store
    exchange.trouble.spoil(lose=0.3, market="KRW-BTC")
    await pass_time(5.0)
    exchange.trouble.unspoil()
    await pass_time(2.0)
    assert store.flow("KRW-BTC").gaps(from_ms, exchange.now_ms()) == [], "nor do columns know of it"
    told: list[tuple[Span, list[Span]]] = []

    def look(_stream: Stream) -> None:
        gaps = store.flow("KRW-BTC").gaps(from_ms - MINUTE_MS, exchange.now_ms())
        told.extend((hole, gaps) for hole in store.tape("KRW-BTC").holes)

    client.feed.lease(look).want({STREAMS[0]})
    assert not await is_whole(exchange, client, from_ms)  # and no socket has told
    assert all(client.feed.store.tape(m).is_joined for m in MARKETS)
    tape = client.feed.store.tape("KRW-BTC")
    await later(lambda: tape.holes, 30.0)
    assert told
    for hole, gaps in told:
        assert any(gap.from_ms <= hole.from_ms and hole.to_ms <= gap.to_ms for gap in gaps)
    await later(lambda: client.feed.health.verdicts["mended"] == client.feed.health.verdicts["mismatch"], 60.0)
    assert tape.holes == []
    assert client.feed.store.flow("KRW-BTC").gaps(from_ms, exchange.now_ms()) == []
    await later(lambda: all(client.is_joined(m) for m in MARKETS), 40.0)  # a fetch may wait for its next try
    assert await is_whole(exchange, client, from_ms)
    assert client.feed.health.verdicts["mismatch"] >= 1
    assert client.feed.health.verdicts["unexplained"] == 0
    span = Span(from_ms, exchange.now_ms() - 2_000)
    truth = await trades_of(exchange, "KRW-BTC", from_ms)
    assert tape_hash(tape, span) == trades_hash(t for t in truth if t.time_ms <= span.to_ms)
    found = ledgers(client)["KRW-BTC"].found
    assert found is not None
    assert found.missing > 0


async def test_of_the_real_exchange_a_loss_is_only_told(exchange: Exchange) -> None:
    client = Client(exchange, is_compressed=True)  # what it takes for the real one
    try:
        await begin(client)
        await later(lambda: all(m in ledgers(client) and ledgers(client)[m].proven_at > 0 for m in MARKETS), 120.0)
        exchange.trouble.spoil(lose=0.3, market="KRW-BTC")
        await pass_time(5.0)
        exchange.trouble.unspoil()
        rest = exchange.rest_requests.total()
        await later(lambda: client.feed.health.verdicts["mismatch"] > 0, 60.0)
        await pass_time(15.0)
        assert exchange.rest_requests.total() == rest
        assert client.feed.health.verdicts.keys() == {"mismatch"}
        assert all(client.feed.store.tape(m).holes == [] for m in MARKETS)
    finally:
        await client.close()


@pytest.fixture
async def pair(exchange: Exchange) -> AsyncIterator[tuple[Client, Client]]:
    """Two clients of one exchange."""
    left, right = Client(exchange), Client(exchange)
    yield left, right
    await left.close()
    await right.close()


def differing(left: Client, right: Client) -> tuple[set[Stream], int]:
    """Return the streams of which two clients know different things in some minute, and in how many they agree."""
    mine, theirs = left.feed.health.digests.parts, right.feed.health.digests.parts
    wrong, same = set[Stream](), 0
    for minute in mine.keys() & theirs.keys():
        for stream in mine[minute].keys() & theirs[minute].keys():
            if mine[minute][stream] == theirs[minute][stream]:
                same += 1
            else:
                wrong.add(stream)
    return wrong, same


async def test_two_clients_have_the_same_hash_each_minute(exchange: Exchange, pair: tuple[Client, Client]) -> None:
    left, right = pair
    await begin(left)
    await pass_time(11.0)
    await begin(right)
    minutes = right.feed.health.digests.minutes
    await later(lambda: len(minutes) >= 2, 300.0)
    await pass_time(5.0)
    assert differing(left, right)[0] == set()
    ours = {m.minute_ms: m for m in left.feed.health.digests.minutes}
    for minute in list(minutes)[1:]:  # in the first the right one had not been there all the time
        assert (minute.known, minute.unknown) == (9, 0)
        assert ours[minute.minute_ms] == minute
    assert len({m.hash for m in minutes}) == len(minutes)


@pytest.mark.parametrize("fault", ["drop", "truncate"])
async def test_after_a_fault_of_one_both_know_the_same_again(
    exchange: Exchange, pair: tuple[Client, Client], fault: str
) -> None:
    left, right = pair
    await begin(left)
    await begin(right)
    left_minutes, minutes = left.feed.health.digests.minutes, right.feed.health.digests.minutes
    await pass_time(75.0 - exchange.now_ms() % MINUTE_MS / 1_000)  # amid a minute that both know from its begin
    from_ms = exchange.now_ms()
    hurt = next(s for s in exchange._sessions if any(t.channel == TRADE for t in s.topics))
    if fault == "drop":
        hurt.abort()
    else:
        hurt.spoil(Spoiler(random.Random(1), truncate=0.2))
    await pass_time(8.0)
    if fault != "drop":
        hurt.spoil(None)
    await later(lambda: minutes and minutes[-1].minute_ms >= from_ms // MINUTE_MS * MINUTE_MS, 120.0)
    await pass_time(5.0)
    wrong, same = differing(left, right)
    assert wrong == set()
    assert same >= 9
    (mine,) = [m for m in left_minutes if m.minute_ms == minutes[-1].minute_ms]
    assert mine.minute_ms < from_ms  # the minute of the fault itself
    assert mine == minutes[-1]
    assert mine.unknown == 0
    assert sum(link.bad_frames + link.connects - 1 for c in pair for link in c.feed.health.links.values()) > 0
