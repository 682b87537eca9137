"""The exchange's WebSocket, from the other side of a real one."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from core.market import INTERVAL_OF_CHANNEL, Interval, Stream
from core.sim.exchange import Exchange
from core.sim.session import RefusedRequestError, Session
from core.wire import codec
from core.wire.messages import BookFrame, Candle, Refusal, Status, Subscriptions, Ticker, Trade
from tests.core.sim.conftest import NOON_MS, Socket, Web, clock
from tests.waiting import until

BTC = {"type": "trade", "codes": ["KRW-BTC"]}
ETH = {"type": "trade", "codes": ["KRW-ETH"]}


def stream_types(socket: Socket, code: str) -> list[str]:
    return [m["stream_type"] for m in socket.plain() if m.get("code") == code]


async def test_one_snapshot_a_code_then_realtime(exchange: Exchange, socket: Socket) -> None:
    codes = list(exchange.floor.markets)[:40]
    await socket.ask({"type": "ticker", "codes": codes}, {"type": "orderbook", "codes": codes})
    await asyncio.sleep(20)
    kinds = Counter((m["type"], m["code"], m["stream_type"]) for m in socket.plain())
    assert {k[:2]: n for k, n in kinds.items() if k[2] == "SNAPSHOT"} == {
        (t, c): 1 for t in ("ticker", "orderbook") for c in codes
    }
    assert kinds["ticker", "KRW-BTC", "REALTIME"] > 5
    assert kinds["orderbook", "KRW-BTC", "REALTIME"] > 50
    first = {}
    for m in socket.plain():
        first.setdefault((m["type"], m["code"]), m["stream_type"])
    assert set(first.values()) == {"SNAPSHOT"}


async def test_snapshot_only_and_realtime_only(exchange: Exchange, socket: Socket) -> None:
    await socket.ask(
        {"type": "trade", "codes": ["KRW-BTC"], "is_only_snapshot": True},
        {"type": "trade", "codes": ["KRW-ETH"], "is_only_realtime": True},
        {"type": "trade", "codes": ["KRW-XRP"], "isOnlyRealtime": True},
    )
    await asyncio.sleep(60)
    assert stream_types(socket, "KRW-BTC") == ["SNAPSHOT"]
    for code in ("KRW-ETH", "KRW-XRP"):
        assert set(stream_types(socket, code)) == {"REALTIME"}


async def test_a_new_request_replaces_everything(exchange: Exchange, socket: Socket) -> None:
    await socket.ask(BTC)
    await until(lambda: socket.frames)
    await socket.ask(ETH, {"type": "ticker", "codes": ["KRW-XRP"]})
    await until(lambda: any(m["code"] == "KRW-ETH" for m in socket.plain()))
    socket.frames.clear()
    await asyncio.sleep(30)
    assert {m["code"] for m in socket.plain()} == {"KRW-ETH", "KRW-XRP"}
    assert exchange.requests == [
        {Stream("trade", "KRW-BTC")},
        {Stream("trade", "KRW-ETH"), Stream("ticker", "KRW-XRP")},
    ]
    assert exchange.opened == 1


async def trades_while_replacing(exchange: Exchange) -> tuple[list[Trade], list[dict[str, Any]]]:
    """Replace a subscription that keeps KRW-BTC every second for a minute; return what came and what was traded."""
    socket, web = await Socket.open(exchange), await Web.open(exchange)
    begin = exchange.now_ms()
    for i in range(60):
        await socket.ask(BTC, {"type": "ticker", "codes": [list(exchange.floor.markets)[i % 20]]})
        await asyncio.sleep(1)
    rows = await web.rows("/v1/trades/ticks?market=KRW-BTC&count=500")
    end = exchange.now_ms() - 400  # what is younger may still be on its way
    traded = [r for r in rows if begin < r["timestamp"] <= end]
    came = [m for m in socket.messages() if isinstance(m, Trade) and begin < m.time_ms <= end]
    await socket.close()
    await web.close()
    return came, traded


async def test_a_kept_stream_loses_nothing_in_a_replace(exchange: Exchange) -> None:
    came, traded = await trades_while_replacing(exchange)
    assert len(traded) > 20
    assert {t.id for t in came} == {r["sequential_id"] for r in traded}
    live = Counter(t.id for t in came if t.stream_type == "REALTIME")
    assert not live or max(live.values()) == 1


async def test_a_kept_stream_can_lose_trades_and_says_so_with_its_snapshot() -> None:
    async with Exchange(seed=1, markets=30, now_ms=clock(), replace_gap_ms=300) as exchange:
        came, traded = await trades_while_replacing(exchange)
    lost = {r["sequential_id"] for r in traded} - {t.id for t in came}
    assert lost
    # The snapshot after a replace is the newest of what the gap swallowed.
    snapshots = [t for t in came if t.stream_type == "SNAPSHOT"]
    live = {t.id for t in came if t.stream_type == "REALTIME"}
    assert any(t.id not in live for t in snapshots)


async def test_dead_codes_are_silent(exchange: Exchange, socket: Socket) -> None:
    dead = ["KRW-LTC", "krw-btc", "KRW-BTC.15", "nonsense"]
    await socket.ask(
        {"type": "ticker", "codes": [*dead, "KRW-BTC"]},
        {"type": "orderbook", "codes": ["KRW-XRP"], "level": 7},
        {"type": "orderbook", "codes": ["BTC-ETH"], "level": 0.0001},
    )
    await asyncio.sleep(20)
    assert {m["code"] for m in socket.plain()} == {"KRW-BTC"}
    assert not socket.is_over


@pytest.mark.parametrize(("suffix", "depth"), [("", 30), (".1", 1), (".5", 5), (".15", 15), (".30", 30), (".20", 30)])
async def test_a_suffix_sets_the_depth(exchange: Exchange, socket: Socket, suffix: str, depth: int) -> None:
    await socket.ask({"type": "orderbook", "codes": [f"KRW-BTC{suffix}"]})
    await until(lambda: socket.frames)
    (book,) = socket.plain()[:1]
    assert book["code"] == "KRW-BTC"
    assert len(book["orderbook_units"]) == depth
    assert book["total_ask_size"] == pytest.approx(sum(u["ask_size"] for u in book["orderbook_units"]))


async def test_a_book_can_be_grouped(exchange: Exchange, socket: Socket) -> None:
    await socket.ask(
        {"type": "orderbook", "codes": ["KRW-BTC"]}, {"type": "orderbook", "codes": ["KRW-BTC"], "level": 10000}
    )
    await until(lambda: {m["level"] for m in socket.plain()} == {0, 10000})
    book = next(m for m in socket.plain() if m["level"] == 10000)
    assert all(u["ask_price"] % 10000 == 0 and u["bid_price"] % 10000 == 0 for u in book["orderbook_units"])
    assert len(book["orderbook_units"]) == 30


async def test_candles_come_once_a_second_and_end_as_rest_says(exchange: Exchange, socket: Socket, web: Web) -> None:
    channels = [i.channel for i in Interval if i.channel]
    await socket.ask(*({"type": channel, "codes": ["KRW-BTC"]} for channel in channels))
    await until(lambda: len(socket.frames) >= len(channels))
    await asyncio.sleep(200)
    last: dict[tuple[str, str], Candle] = {}
    for m in socket.messages():
        assert isinstance(m, Candle)
        last[m.channel, m.start_utc] = m
    assert {channel for channel, _ in last} == set(channels)
    now_ms = exchange.now_ms()
    for channel in channels:
        interval = INTERVAL_OF_CHANNEL[channel]
        unit = interval.length_ms // 60_000
        path = f"minutes/{unit}" if unit else "seconds"
        await asyncio.sleep(0.2)
        rows = await web.rows(f"/v1/candles/{path}?market=KRW-BTC&count=200")
        closed = [r for r in rows if codec.utc_ms(r["candle_date_time_utc"]) + interval.length_ms < now_ms - 2_000]
        seen = 0
        for row in closed:
            got = last.get((channel, row["candle_date_time_utc"]))
            if got is None or codec.utc_ms(got.start_utc) < NOON_MS:
                continue
            seen += 1
            assert (got.open, got.high, got.low, got.close, got.volume, got.turnover, got.last_trade_ms) == (
                float(row["opening_price"]),
                float(row["high_price"]),
                float(row["low_price"]),
                float(row["trade_price"]),
                float(row["candle_acc_trade_volume"]),
                float(row["candle_acc_trade_price"]),
                row["timestamp"],
            )
        assert seen or interval.length_ms > 180_000


async def test_what_comes_live_is_what_rest_tells(exchange: Exchange, socket: Socket, web: Web) -> None:
    """Trades of the socket, ticks, candles and the ticker of REST: one truth, to the last digit."""
    codes = ["KRW-BTC", "KRW-XRP", "KRW-PEPE"]
    await socket.ask({"type": "trade", "codes": codes}, {"type": "ticker", "codes": codes})
    await until(lambda: len(socket.frames) >= 6)
    begin = exchange.now_ms()
    await asyncio.sleep(80)
    for code in codes:
        rows = await web.rows(f"/v1/trades/ticks?market={code}&count=500")
        while rows[-1]["timestamp"] > begin:
            cursor = rows[-1]["sequential_id"]
            rows += await web.rows(f"/v1/trades/ticks?market={code}&count=500&cursor={cursor}")
        (ticker,) = await web.rows(f"/v1/ticker?markets={code}")
        live = [json.loads(f, parse_float=str) for f in socket.frames]
        mine = [m for m in live if m["code"] == code]
        trades = {m["sequential_id"]: m for m in mine if m["type"] == "trade" and m["trade_timestamp"] > begin}
        ticks = {r["sequential_id"]: r for r in rows if r["timestamp"] > begin}
        newest = max(trades)
        assert trades.keys() == {i for i in ticks if i <= newest}
        assert len(trades) > 3
        for key, trade in trades.items():
            assert [trade[n] for n in ("trade_price", "trade_volume", "ask_bid", "trade_timestamp")] == [
                ticks[key][n] for n in ("trade_price", "trade_volume", "ask_bid", "timestamp")
            ]
        tickers = [m for m in mine if m["type"] == "ticker"]
        assert tickers[-1]["trade_timestamp"] <= ticker["trade_timestamp"]
        before, after = tickers[0], tickers[-1]
        between = [
            t for t in trades.values() if before["trade_timestamp"] < t["trade_timestamp"] <= after["trade_timestamp"]
        ]
        grown = Decimal(after["acc_trade_volume"]) - Decimal(before["acc_trade_volume"])
        assert grown == sum(Decimal(t["trade_volume"]) for t in between)


async def test_list_subscriptions_tells_and_its_format_takes_effect(exchange: Exchange, socket: Socket) -> None:
    await socket.ask(BTC, {"type": "orderbook", "codes": ["KRW-ETH"], "level": 1000}, fmt="SIMPLE")
    await until(lambda: len(socket.frames) >= 2)
    await socket.ask({"method": "LIST_SUBSCRIPTIONS"}, fmt="DEFAULT")
    await until(lambda: any(isinstance(m, Subscriptions) for m in socket.messages()))
    (said,) = (m for m in socket.messages() if isinstance(m, Subscriptions))
    assert [(s.type, s.codes, s.level) for s in said.result] == [
        ("trade", ("KRW-BTC",), 0.0),
        ("orderbook", ("KRW-ETH",), 1000.0),
    ]
    assert said.ticket == "t"
    assert len(exchange.requests) == 1
    socket.frames.clear()
    await until(lambda: socket.frames)
    assert all(b'"type"' in f for f in socket.frames)


@pytest.mark.parametrize("fmt", ["DEFAULT", "SIMPLE", "JSON_LIST", "SIMPLE_LIST"])
async def test_every_format_runs_live(exchange: Exchange, fmt: str) -> None:
    socket = await Socket.open(exchange, compression="deflate")
    parts = [{"type": t, "codes": ["KRW-BTC", "KRW-XRP"]} for t in ("ticker", "trade", "orderbook", "candle.1s")]
    await socket.ask(*parts, fmt=fmt)
    await asyncio.sleep(20)
    kinds = Counter(type(m).__mro__[-3 if isinstance(m, BookFrame) else 0].__name__ for m in socket.messages())
    assert sum(kinds.values()) > 100
    assert all(f.startswith(b"[") == fmt.endswith("LIST") for f in socket.frames)
    for f in socket.frames:
        m = codec.decode(f)
        assert isinstance(m, Ticker | Trade | BookFrame | Candle)
    await socket.close()


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("hello", "WRONG_FORMAT"),
        ('{"ticket":"t"}', "WRONG_FORMAT"),
        ('[{"type":"ticker","codes":["KRW-BTC"]}]', "NO_TICKET"),
        ("[]", "NO_TICKET"),
        ('[{"ticket":"t"}]', "NO_TYPE"),
        ('[{"ticket":"t"},{"codes":["KRW-BTC"]}]', "NO_TYPE"),
        ('[{"ticket":"t"},{"type":"ticker"}]', "NO_CODES"),
        ('[{"ticket":"t"},{"type":"ticker","codes":[]}]', "NO_CODES"),
        ('[{"ticket":"t"},{"type":"nope","codes":["KRW-BTC"]}]', "INVALID_PARAM"),
        ('[{"ticket":"t"},{"type":["ticker"],"codes":["KRW-BTC"]}]', "WRONG_FORMAT"),
        ('[{"ticket":"t"},{"type":"ticker","codes":"KRW-BTC"}]', "WRONG_FORMAT"),
        ('[{"ticket":"t"},{"type":"orderbook","codes":["KRW-BTC"],"level":"x"}]', "WRONG_FORMAT"),
        ('[{"ticket":"t"},{"type":"ticker","codes":["KRW-BTC"]},{"format":"XML"}]', "INVALID_PARAM"),
    ],
)
async def test_a_bad_request_is_named_and_then_closes(exchange: Exchange, socket: Socket, said: str, name: str) -> None:
    await socket.ask(BTC)
    await until(lambda: socket.frames)
    loop = asyncio.get_running_loop()
    begin = loop.time()
    await socket.connection.send(said)
    await until(lambda: socket.is_over)
    assert 0.1 < loop.time() - begin < 0.5
    assert socket.close_code == 1000
    last = socket.messages()[-1]
    assert isinstance(last, Refusal)
    assert last.name == name
    assert exchange.errors[name] == 1


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats()
        | st.sampled_from(["KRW-BTC", "ticker", "orderbook", ""]),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(
                st.sampled_from(["ticket", "type", "codes", "level", "format", "method", "is_only_snapshot"]),
                inner,
                max_size=5,
            )
        ),
        max_leaves=12,
    )
)
def test_no_request_breaks_the_reader(said: object) -> None:
    """Whatever JSON comes is either read or refused by name."""
    parts = [p for p in said if isinstance(p, dict)] if isinstance(said, list) else [said]
    try:
        Session._read([p for p in parts if isinstance(p, dict)])
    except RefusedRequestError as why:
        assert why.name.isupper()


async def test_a_text_ping_is_answered_every_ten_seconds(exchange: Exchange, socket: Socket) -> None:
    await socket.connection.send("PING")
    await asyncio.sleep(95)  # past the idle cut: the answers are traffic
    assert socket.messages() == [Status("UP")] * 9
    assert not socket.is_over


async def test_an_idle_socket_is_cut_after_a_minute(exchange: Exchange, socket: Socket) -> None:
    loop = asyncio.get_running_loop()
    begin = loop.time()
    await until(lambda: socket.is_over, timeout=90)
    assert 59 < loop.time() - begin < 61
    assert socket.close_code == 1006
    assert exchange.idle_cuts == 1


async def test_a_protocol_ping_keeps_a_silent_socket(exchange: Exchange, socket: Socket) -> None:
    for _ in range(5):
        await asyncio.sleep(30)
        pong = await socket.connection.ping()
        await pong
    assert not socket.is_over


async def test_too_many_messages_are_refused(exchange: Exchange, socket: Socket) -> None:
    for _ in range(5):
        await socket.ask(BTC)
    await asyncio.sleep(2)
    assert not exchange.violations
    for _ in range(6):
        await socket.ask(BTC)
    await until(lambda: socket.is_over)
    assert exchange.violations == {"websocket-message": 1}
    last = socket.messages()[-1]
    assert isinstance(last, Refusal)
    assert last.name == "TOO_MANY_REQUEST"


async def test_a_hundred_messages_a_minute_are_the_most(exchange: Exchange, socket: Socket) -> None:
    for _ in range(100):
        await socket.ask(BTC)
        await asyncio.sleep(0.3)
    assert not socket.is_over
    await socket.ask(BTC)
    await until(lambda: socket.is_over)
    assert exchange.violations == {"websocket-message": 1}


async def test_the_handshake_tells_limits_and_a_sixth_in_a_second_is_refused(exchange: Exchange) -> None:
    sockets = [await Socket.open(exchange) for _ in range(5)]
    headers = sockets[-1].connection.response.headers
    assert headers["Remaining-Req"].startswith("group=websocket; ")
    assert headers["Remaining-Req"].endswith("sec=0")
    assert headers["limit-by-ip"] == "Yes"
    with pytest.raises(InvalidStatus) as why:
        await Socket.open(exchange)
    assert why.value.response.status_code == 429
    assert exchange.violations == {"websocket-connect": 1}
    await asyncio.sleep(1)
    sockets.append(await Socket.open(exchange))
    assert exchange.connections == 6
    for s in sockets:
        await s.close()


async def test_an_origin_has_one_request_in_ten_seconds(exchange: Exchange) -> None:
    first = await Socket.open(exchange, origin="http://somewhere")
    with pytest.raises(InvalidStatus):
        await Socket.open(exchange, origin="http://somewhere")
    await asyncio.sleep(11)
    second = await Socket.open(exchange, origin="http://somewhere")
    await first.close()
    await second.close()


async def test_compression_is_used_where_it_is_offered(exchange: Exchange) -> None:
    packed = await Socket.open(exchange, compression="deflate")
    plain = await Socket.open(exchange)
    assert "permessage-deflate" in packed.connection.response.headers["Sec-WebSocket-Extensions"]
    assert "Sec-WebSocket-Extensions" not in plain.connection.response.headers
    for s in (packed, plain):
        await s.ask({"type": "orderbook", "codes": ["KRW-BTC", "KRW-ETH"]})
    await until(lambda: len(plain.frames) > 50)
    await asyncio.sleep(0.5)
    both = min(len(packed.frames), len(plain.frames))
    assert packed.frames[2:both] == plain.frames[2:both]
    await packed.close()
    await plain.close()


async def test_faults_on_command(exchange: Exchange) -> None:
    one, other = await Socket.open(exchange), await Socket.open(exchange)
    await one.ask(BTC)
    await other.ask(ETH)
    await until(lambda: one.frames and other.frames)
    assert exchange.trouble.drop("KRW-BTC") == 1
    await until(lambda: one.is_over)
    assert one.close_code == 1006
    assert not other.is_over

    exchange.trouble.garble()
    await until(lambda: b"[]" in other.frames)
    exchange.trouble.stall()
    await asyncio.sleep(1)
    other.frames.clear()
    await asyncio.sleep(30)
    assert not other.frames
    exchange.trouble.resume()
    await until(lambda: other.frames)

    exchange.trouble.refuse(503, 1)
    with pytest.raises(InvalidStatus) as why:
        await Socket.open(exchange)
    assert why.value.response.status_code == 503
    (await_again,) = [await Socket.open(exchange)]
    await await_again.close()
    await one.close()
    await other.close()


async def test_another_path_is_no_endpoint(exchange: Exchange) -> None:
    with pytest.raises(InvalidStatus) as why:
        await connect(exchange.ws_url + "/nothing")
    assert why.value.response.status_code == 404


async def test_the_same_port_can_be_taken_again() -> None:
    async with Exchange(seed=1, markets=6, now_ms=clock()) as first:
        socket = await Socket.open(first)
        port = first.port
    await until(lambda: socket.is_over)
    assert socket.close_code == 1006
    await socket.close()
    async with Exchange(seed=1, markets=6, port=port, now_ms=clock()) as second:
        assert second.port == port
        again = await Socket.open(second)
        await again.ask(BTC)
        await until(lambda: again.frames)
        await again.close()


async def test_two_exchanges_of_a_seed_say_the_same() -> None:
    said = []
    for _ in range(2):
        now = clock()
        async with Exchange(seed=4, markets=12, now_ms=now, has_limits=False) as exchange:
            socket = await Socket.open(exchange)
            await socket.ask({"type": "trade", "codes": list(exchange.floor.markets)})
            await asyncio.sleep(120)
            await socket.close()
            until_ms = NOON_MS + 110_000
            trades = [m for m in socket.messages() if isinstance(m, Trade) and NOON_MS < m.time_ms < until_ms]
            said.append({(t.market, t.id, t.price, t.size, t.aggressor) for t in trades})
    assert said[0] == said[1]
    assert len(said[0]) > 50


async def test_a_closed_client_is_forgotten(exchange: Exchange) -> None:
    socket = await Socket.open(exchange)
    await socket.ask(BTC, {"type": "candle.1m", "codes": ["KRW-BTC"]})
    await until(lambda: len(socket.frames) >= 2)
    await socket.close()
    await until(lambda: exchange.connections == 0)
    assert not exchange.floor._ears
    with pytest.raises(ConnectionClosed):
        await socket.ask(BTC)


async def test_what_was_made_ahead_is_what_is_made_when_asked_for() -> None:
    said = []
    for is_warm in (False, True):
        async with Exchange(seed=1, markets=80, now_ms=lambda: NOON_MS) as exchange:
            if is_warm:
                await exchange.warm()
            socket = await Socket.open(exchange)
            codes = list(exchange.floor.markets)
            parts = [{"type": t, "codes": codes} for t in ("trade", "ticker", "orderbook")]
            await socket.ask(*(parts if is_warm else parts[::-1]))
            await until(lambda: len(socket.frames) >= 3 * len(codes))  # noqa: B023 - awaited right here
            said.append(sorted(socket.frames))
            await socket.close()
    assert said[0] == said[1]
