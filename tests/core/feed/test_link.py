"""A link through every way in which a connection fails, over real sockets on a fast clock."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import numpy as np
import pytest
from websockets.asyncio.server import ServerConnection, serve
from websockets.http11 import Request
from websockets.server import ServerProtocol

from core.feed.backfill import Backfill
from core.feed.feed import Feed
from core.feed.gate import Gate
from core.feed.health import LinkState, StreamState
from core.feed.link import Link
from core.market import DAY_MS, ORDERBOOK, TRADE, Interval, Stream
from core.sim.exchange import Exchange
from core.sim.session import framed
from core.wire import rest
from core.wire.messages import Trade
from tests.conftest import ExpectLog
from tests.core.feed.conftest import NOON_MS, Client, candles_of, clock, pass_time, trades_of
from tests.waiting import until

BTC = Stream(TRADE, "KRW-BTC")
ETH = Stream(TRADE, "KRW-ETH")
BTC_SECONDS = Stream("candle.1s", "KRW-BTC")
TRADE_FRAME = (
    b'{"ty":"trade","cd":"KRW-BTC","tms":1790510400000,"ttms":1790510400000,"tp":1.0,"tv":1.0,"ab":"BID",'
    b'"sid":17905104000000001,"st":"REALTIME"}'
)


def ignore(_stream: Stream) -> None: ...


def now() -> float:
    return asyncio.get_running_loop().time()


async def whole(client: Client, market: str, begin_ms: int) -> None:
    """Assert that ledger and candles of `market` are what the exchange itself says, to the last trade."""
    exchange, store = client.exchange, client.feed.store
    await until(lambda: client.is_live(Stream(TRADE, market)) and client.is_joined(market), timeout=20.0)
    end_ms = exchange.now_ms() - 1_000
    truth = [t for t in await trades_of(exchange, market, begin_ms) if t.time_ms <= end_ms]
    tape = [t for t in store.tape(market).latest(100_000) if begin_ms <= t.time_ms <= end_ms]
    assert sorted(t.id for t in tape) == sorted(t.id for t in truth)
    assert truth
    for interval in store.known_intervals(market):
        series = store.candles(market, interval)
        rows = [r for r in await candles_of(exchange, market, interval, series.first_ms) if r.start_ms <= end_ms]
        rows = rows[:-1]  # the open one has moved on meanwhile
        assert series.start_ms[: len(rows)].tolist() == [r.start_ms for r in rows]
        np.testing.assert_allclose(
            series.ohlcv[: len(rows)], [[r.open, r.high, r.low, r.close, r.volume] for r in rows], rtol=1e-10
        )


@asynccontextmanager
async def busy_exchange() -> AsyncIterator[Exchange]:
    """Yield one with many trades a second."""
    async with Exchange(seed=5, markets=10, now_ms=clock(), rate=20.0) as exchange:
        yield exchange


@asynccontextmanager
async def client_of(exchange: Exchange) -> AsyncIterator[Client]:
    client = Client(exchange)
    try:
        yield client
    finally:
        await client.close()


@pytest.mark.parametrize("down_s", [0.0, 8.0, 100.0])
async def test_reconnect_resubscribes_and_fills_what_was_missed(down_s: float) -> None:
    async with busy_exchange() as exchange, client_of(exchange) as client:
        for interval in (Interval.S1, Interval.M1, Interval.D1):
            client.feed.store.candles("KRW-BTC", interval)
            client.feed.want_history("KRW-BTC", interval)
        wanted = {BTC, BTC_SECONDS, Stream("candle.1m", "KRW-BTC"), Stream(ORDERBOOK, "KRW-BTC")}
        client.feed.lease(ignore).want(wanted)
        await until(lambda: client.is_live(*wanted) and client.is_joined("KRW-BTC"))
        begin_ms = exchange.now_ms()
        await pass_time(5.0)
        exchange.trouble.refuse(503, 10_000 if down_s else 0)
        exchange.trouble.drop()
        await pass_time(down_s)
        exchange.trouble.refuse(503, 0)
        await until(lambda: exchange.opened == 2 and client.is_live(*wanted), timeout=10.0)
        assert exchange.requests == [wanted, wanted]
        await pass_time(3.0)
        client.feed.store.candles("KRW-BTC", Interval.D1)
        series = client.feed.store._states["KRW-BTC"].series
        del series[Interval.D1]  # no ticker here that would state it; its turn comes below
        await whole(client, "KRW-BTC", begin_ms)


async def test_the_day_is_joined_by_rest(exchange: Exchange, client: Client) -> None:
    days = client.feed.store.candles("KRW-BTC", Interval.D1)
    client.feed.want_history("KRW-BTC", Interval.D1)
    client.feed.lease(ignore).want({BTC})
    await until(lambda: client.is_live(BTC) and len(days) and client.is_joined("KRW-BTC"))
    volume = days.ohlcv[-1, 4]
    exchange.trouble.drop()
    exchange.trouble.refuse(503, 10_000)
    await until(lambda: days.break_ms is not None)  # the chart shows it
    await pass_time(60.0)
    exchange.trouble.refuse(503, 0)
    await until(lambda: client.is_live(BTC) and client.is_joined("KRW-BTC"))
    assert days.ohlcv[-1, 4] > volume


async def test_a_drop_in_which_nothing_was_traded_leaves_no_hole(exchange: Exchange, client: Client) -> None:
    quiet = "KRW-XLM" if "KRW-XLM" in exchange.floor.markets else list(exchange.floor.markets)[-1]
    weeks, stream = client.feed.store.candles(quiet, Interval.W1), Stream(TRADE, quiet)
    client.feed.want_history(quiet, Interval.W1)
    client.feed.lease(ignore).want({stream})
    await until(lambda: client.is_live(stream) and len(weeks) and client.is_joined(quiet))
    asked = exchange.rest_requests["crix-trades"]
    last = client.feed.store.tape(quiet).last
    exchange.trouble.drop()
    await until(lambda: exchange.opened == 2 and client.is_live(stream))
    assert client.feed.store.tape(quiet).last == last  # else this test shows nothing
    assert client.is_joined(quiet)
    assert exchange.rest_requests["crix-trades"] == asked


async def test_panes_hear_that_the_link_is_down_and_up(exchange: Exchange, client: Client) -> None:
    told: list[tuple[Stream, StreamState]] = []
    client.feed.lease(lambda s: told.append((s, client.feed.health.state(s, now())))).want({BTC})
    await until(lambda: client.is_live(BTC))
    exchange.trouble.refuse(503, 2)
    told.clear()
    exchange.trouble.drop()
    await until(lambda: client.states() == [LinkState.WAITING])
    assert client.feed.health.state(BTC, now()) is StreamState.STALE
    trouble = client.feed.health.trouble(BTC, now())
    assert trouble is not None
    assert trouble.cause == "closed"
    assert 0.0 < trouble.retry_in_s <= 0.5
    await until(lambda: client.feed.health.state(BTC, now()) is StreamState.LIVE)
    assert client.feed.health.trouble(BTC, now()) is None
    assert told.count((BTC, StreamState.STALE)) >= 3  # waiting, connecting, open


async def test_a_half_open_link_is_known_and_replaced_within_15_s(exchange: Exchange, client: Client) -> None:
    client.feed.lease(ignore).want({BTC, BTC_SECONDS})
    client.feed.store.candles("KRW-BTC", Interval.S1)
    client.feed.want_history("KRW-BTC", Interval.S1)
    await until(lambda: client.is_live(BTC, BTC_SECONDS))
    begin_ms = exchange.now_ms()
    began = now()
    exchange.trouble.stall()
    await until(lambda: exchange.opened == 2, timeout=15.0)
    assert now() - began > 5.0  # it had its chance to answer
    await until(lambda: client.is_live(BTC, BTC_SECONDS))
    await pass_time(3.0)
    await whole(client, "KRW-BTC", begin_ms)


async def test_a_stall_that_ends_is_no_reconnect(exchange: Exchange, client: Client) -> None:
    client.feed.lease(ignore).want({BTC})
    await until(lambda: client.is_live(BTC))
    begin_ms = exchange.now_ms()
    exchange.trouble.stall()
    await pass_time(6.0)
    exchange.trouble.resume()
    await pass_time(30.0)
    assert exchange.opened == 1
    await whole(client, "KRW-BTC", begin_ms)


async def test_a_quiet_link_is_kept_alive_and_its_dead_code_is_flagged(exchange: Exchange, client: Client) -> None:
    dead = Stream(TRADE, "KRW-NOPE")
    client.feed.lease(ignore).want({dead})
    await until(lambda: client.states() == [LinkState.OPEN])
    await pass_time(11.0)
    assert client.feed.health.state(dead, now()) is StreamState.UNKNOWN
    assert not client.feed.health.is_healthy(now())
    await pass_time(200.0)
    assert exchange.opened == 1
    assert exchange.idle_cuts == 0


async def test_a_refused_key_is_not_tried_again(exchange: Exchange, client: Client) -> None:
    exchange.trouble.refuse(401, 1)
    client.feed.lease(ignore).want({BTC})
    await until(lambda: client.states() == [LinkState.REFUSED])
    await pass_time(600.0)
    assert client.link.health.connects == 1
    assert exchange.opened == 0
    trouble = client.feed.health.trouble(BTC, now())
    assert trouble is not None
    assert trouble.cause == "auth"
    client.feed.retry()  # the user mended it
    await until(lambda: client.is_live(BTC))


async def test_too_many_is_obeyed_with_a_countdown(exchange: Exchange, client: Client) -> None:
    exchange.trouble.refuse(429, 1)
    client.feed.lease(ignore).want({BTC})
    await until(lambda: client.states() == [LinkState.WAITING])
    began = now()
    trouble = client.feed.health.trouble(BTC, began)
    assert trouble is not None
    assert (trouble.cause, round(trouble.retry_in_s, 1)) == ("rate", 1.0)
    await until(lambda: client.is_live(BTC))
    assert now() - began >= 0.99  # counted from the poll that saw it


async def test_a_ban_is_obeyed_and_doubles_whoever_hurries(exchange: Exchange, client: Client) -> None:
    exchange.trouble.refuse(418, 2)
    client.feed.lease(ignore).want({BTC})
    began = now()
    for _ in range(170):
        await pass_time(1.0)
        client.feed.retry()
    assert client.link.health.connects == 2
    await until(lambda: client.is_live(BTC), timeout=20.0)
    assert now() - began >= 180.0


async def test_a_server_in_trouble_is_tried_again_ever_more_seldom(exchange: Exchange, client: Client) -> None:
    exchange.trouble.refuse(503, 8)
    client.feed.lease(ignore).want({BTC})
    began = now()
    await until(lambda: client.is_live(BTC), timeout=60.0)
    took = now() - began
    assert client.link.health.connects == 9
    assert (0.5 + 1 + 2 + 5 * 3) / 2 <= took <= 0.5 + 1 + 2 + 5 * 3 + 1  # somebody looks: 3 s at most
    exchange.trouble.drop()
    await until(lambda: client.is_live(BTC), timeout=1.0)  # data came, so the next wait is a short one again


async def test_hurry_ends_the_wait(exchange: Exchange, client: Client) -> None:
    exchange.trouble.refuse(503, 6)
    client.feed.lease(ignore).want({BTC})
    await until(lambda: client.states() == [LinkState.WAITING] and client.link.health.connects == 6, timeout=60.0)
    client.feed.retry()
    await until(lambda: client.link.health.connects == 7, timeout=0.3)
    await until(lambda: client.is_live(BTC))


async def test_a_refused_request_is_shown_and_not_repeated(
    exchange: Exchange, client: Client, expected_log: ExpectLog
) -> None:
    expected_log("WARNING core.feed.link: the exchange refused a request on link 0: INVALID_PARAM")
    lease = client.feed.lease(ignore)
    lease.want({Stream("nope", "KRW-BTC")})
    await until(lambda: client.states() == [LinkState.REFUSED])
    assert client.link.health.cause == "refused_request"
    assert "INVALID_PARAM" in client.link.health.reason
    await pass_time(600.0)
    assert exchange.errors == {"INVALID_PARAM": 1}
    assert exchange.opened == 1
    lease.want({BTC})  # another set may be welcome
    await until(lambda: client.is_live(BTC))


async def test_a_set_that_changes_while_the_refused_socket_closes_is_said(
    exchange: Exchange, client: Client, expected_log: ExpectLog
) -> None:
    expected_log("refused a request on link 0: INVALID_PARAM")
    lease = client.feed.lease(ignore)
    lease.want({Stream("nope", "KRW-BTC")})
    await until(lambda: exchange.errors)
    await pass_time(0.05)  # the error has come, the close has not
    lease.want({BTC})
    await until(lambda: client.is_live(BTC))


async def test_malformed_frames_are_counted_and_the_link_stays(exchange: Exchange, client: Client) -> None:
    client.feed.lease(ignore).want({BTC})
    await until(lambda: client.is_live(BTC))
    begin_ms = exchange.now_ms()
    for _ in range(10):
        exchange.trouble.garble()
        await pass_time(1.0)
    assert client.link.health.bad_frames >= 40
    assert exchange.opened == 1
    await whole(client, "KRW-BTC", begin_ms)


async def test_compressed_frames_are_the_same(exchange: Exchange) -> None:
    client = Client(exchange, is_compressed=True)
    client.feed.lease(ignore).want({BTC})
    await until(lambda: client.is_live(BTC))
    begin_ms = exchange.now_ms()
    await pass_time(10.0)
    await whole(client, "KRW-BTC", begin_ms)
    await client.close()


@pytest.mark.parametrize("is_stalled", [False, True])
async def test_closing_is_fast_even_if_the_server_is_stuck(exchange: Exchange, is_stalled: bool) -> None:
    client = Client(exchange)
    for market in ("KRW-BTC", "KRW-ETH", "KRW-XRP", "KRW-SOL"):
        client.feed.lease(ignore).want({Stream(TRADE, market), Stream(ORDERBOOK, market), Stream("candle.1m", market)})
    await until(lambda: client.is_live(BTC) and exchange.connections == 4)
    if is_stalled:
        exchange.trouble.stall()
    began = now()
    await client.close()
    assert now() - began < 0.5
    # The guard in tests/conftest.py fails this test if a task is left.


async def test_closing_while_a_handshake_hangs_is_fast() -> None:
    async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        came.set()
        await reader.read(-1)
        writer.close()

    came = asyncio.Event()
    server = await asyncio.start_server(hang, "127.0.0.1", 0)
    async with server:
        feed = Feed(now)
        link = make_link(feed, f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/websocket/v1")
        link.want(frozenset({BTC}))
        await came.wait()
        began = now()
        await link.close()
        assert now() - began < 0.5


async def test_a_handshake_that_hangs_is_given_up() -> None:
    async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal came
        came += 1
        await reader.read(-1)
        writer.close()

    came = 0
    server = await asyncio.start_server(hang, "127.0.0.1", 0)
    async with server:
        feed = Feed(now)
        link = make_link(feed, f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/websocket/v1")
        link.want(frozenset({BTC}))
        await until(lambda: came == 2, timeout=15.0)
        assert link.health.cause == "timeout"
        await link.close()


def make_link(feed: Feed, url: str, gate: Gate | None = None) -> Link:
    return Link(
        0, url, feed.on_frame, feed.health, on_change=lambda _id: None, gate=gate or Gate(), is_watched=lambda: True
    )


async def test_a_message_in_fragments_is_one_message() -> None:
    async def speak(ws: ServerConnection) -> None:
        await ws.recv()
        await ws.send([TRADE_FRAME[:50], TRADE_FRAME[50:90], TRADE_FRAME[90:]])
        await ws.send(TRADE_FRAME.replace(b"0001,", b"0002,").decode())  # as text: the protocol page allows it
        await ws.wait_closed()

    async with serve(speak, "127.0.0.1", 0) as server:
        feed = Feed(now)
        link = make_link(feed, f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        link.want(frozenset({BTC}))
        await until(lambda: feed.store.tape("KRW-BTC").count == 2)
        assert link.health.bad_frames == 0
        await link.close()


class Deaf(asyncio.Protocol):
    """A server that speaks once a second but answers no ping."""

    opened = lost = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        Deaf.opened += 1
        self.transport, self.protocol = transport, ServerProtocol()
        self.timer: asyncio.TimerHandle | None = None

    def data_received(self, data: bytes) -> None:
        self.protocol.receive_data(data)
        for event in self.protocol.events_received():
            if isinstance(event, Request):
                self.protocol.send_response(self.protocol.accept(event))
                self.transport.write(b"".join(self.protocol.data_to_send()))
                self.speak()
        self.protocol.data_to_send()  # the pongs: thrown away

    def speak(self) -> None:
        self.transport.write(framed(TRADE_FRAME))
        self.timer = asyncio.get_running_loop().call_later(6.0, self.speak)

    def connection_lost(self, exc: Exception | None) -> None:
        Deaf.lost += 1
        if self.timer is not None:
            self.timer.cancel()


async def test_a_server_that_answers_no_ping_but_speaks_is_alive() -> None:
    Deaf.opened = Deaf.lost = 0
    server = await asyncio.get_running_loop().create_server(Deaf, "127.0.0.1", 0)
    async with server:
        feed = Feed(now)
        link = make_link(feed, f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/websocket/v1")
        link.want(frozenset({BTC}))
        await pass_time(60.0)
        assert Deaf.opened == 1
        assert link.health.messages >= 9
        await link.close()
        await until(lambda: Deaf.lost == 1)


async def test_an_exchange_that_was_killed_and_started_again_is_found() -> None:
    first = Exchange(seed=2, markets=10, now_ms=clock(), rate=10.0)
    await first.start()
    client = Client(first)
    client.feed.store.candles("KRW-BTC", Interval.S1)
    client.feed.want_history("KRW-BTC", Interval.S1)
    client.feed.lease(ignore).want({BTC, BTC_SECONDS})
    await until(lambda: client.is_live(BTC, BTC_SECONDS) and client.is_joined("KRW-BTC"))
    begin_ms = first.now_ms()
    await first.stop()
    await until(lambda: client.states() == [LinkState.WAITING])
    assert client.feed.health.state(BTC, now()) is StreamState.STALE
    await pass_time(20.0)
    assert client.link.health.cause == "refused"
    async with Exchange(seed=2, markets=10, port=first.port, now_ms=first.now_ms, rate=10.0) as second:
        client.exchange = second
        await until(lambda: client.is_live(BTC, BTC_SECONDS), timeout=4.0)
        assert second.requests == [{BTC, BTC_SECONDS}]
        await pass_time(3.0)
        await whole(client, "KRW-BTC", begin_ms)
        await client.close()


async def test_older_trades_come_page_by_page_without_a_gap_into_the_days_before() -> None:
    async with busy_exchange() as exchange, client_of(exchange) as client:
        quiet = list(exchange.floor.markets)[-1]
        for market in ("KRW-BTC", quiet):
            stream = Stream(TRADE, market)
            client.feed.lease(ignore).want({stream})
            await until(lambda s=stream: client.is_live(s) and client.is_joined(s.market), timeout=20.0)
            tape = client.feed.store.tape(market)
            for _ in range(3):
                before = tape.first_from(0)
                assert before is not None
                client.feed.want_trades(market)
                client.feed.want_trades(market)  # once is enough
                await until(lambda b=before, t=tape: t.first_from(0) is not b, timeout=20.0)
                await until(lambda m=market: client.is_joined(m))
            today_ms = exchange.now_ms() // 86_400_000 * 86_400_000
            truth = {
                t.id for t in await trades_of(exchange, market, tape.begin_ms) if today_ms <= t.time_ms
            }  # the newest may still be on their way over the socket
            await until(lambda t=tape, ids=truth: ids <= {x.id for x in t.latest(100_000)})
            assert not tape.holes
        assert client.feed.store.tape("KRW-BTC").begin_ms < exchange.now_ms() - 60_000


class Pages:
    """Trades by REST as no built-in market makes them: more within a second than a page holds."""

    def __init__(self, trades: list[Trade]) -> None:
        self.trades = trades

    def now_ms(self) -> int:
        return NOON_MS + 10_000

    async def get(self, call: rest.Call[list[Trade]], _rank: object) -> list[Trade]:
        params = dict(call.params)
        day = self.now_ms() // DAY_MS - int(params.get("days_ago", 0))
        cursor = int(params.get("cursor", 2**62))
        of_day = [t for t in self.trades if t.time_ms // DAY_MS == day and t.id < cursor]
        return of_day[-int(params["count"]) :]


async def test_the_end_of_a_tape_goes_on_through_a_second_fuller_than_a_page() -> None:
    times = [NOON_MS - DAY_MS + n * 200_000 for n in range(200)]  # yesterday
    times += [NOON_MS - 6_000_000 + n * 60_000 for n in range(100)]  # this morning
    times += [NOON_MS] * 900  # one order
    trades = [Trade("KRW-BTC", 1.0, 1.0, "BID", at, n + 1, stream_type="REST") for n, at in enumerate(times)]
    feed = Feed(now)
    backfill = Backfill(feed, Pages(trades))  # type: ignore[arg-type]
    feed.lease(ignore).want({BTC})
    tape = feed.store.tape("KRW-BTC")
    tape.resume(trades[-1], False)
    feed.apply(trades[-1])
    backfill.want_join(BTC)
    await until(lambda: tape.is_joined)
    for _ in range(3):
        backfill.want_trades("KRW-BTC")
        await until(lambda: not backfill._running)
    oldest = tape.first_from(0)
    assert oldest is not None
    assert oldest.time_ms < NOON_MS
    missing = [t for t in trades if t.time_ms > oldest.time_ms and t.id not in tape]
    assert not missing
    await backfill.close()
