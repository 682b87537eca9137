"""The private WebSocket: who may open it, what it is told, and what goes wrong with it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from core.market import DAY_MS
from core.sim.exchange import Exchange
from core.sim.listing import listing
from core.sim.live import NEVER
from core.sim.notices import CATEGORIES, Notices
from core.wire import keys
from core.wire.private import Announcement, MyAsset, MyOrder, decode
from tests.core.sim.conftest import NOON_MS, Socket, clock
from tests.core.sim.signed import Ear, Owner, claims_of, header, owner_of, token
from tests.waiting import until

BTC, FAR = "KRW-BTC", "10000000"
ORDER, ASSET, NOTICE = {"type": "myOrder"}, {"type": "myAsset"}, {"type": "announcement"}


@pytest.fixture
async def exchange() -> AsyncIterator[Exchange]:
    async with Exchange(seed=1, markets=8, now_ms=clock()) as exchange:
        yield exchange


@pytest.fixture
async def owner(exchange: Exchange) -> AsyncIterator[Owner]:
    async with owner_of(exchange, exchange.open_account({"KRW": "50000000", "BTC": "2"})) as owner:
        yield owner


@pytest.fixture
async def ear(owner: Owner) -> AsyncIterator[Ear]:
    ear = await owner.listen()
    yield ear
    await ear.close()


async def far(owner: Owner, **said: str) -> Any:
    return await owner.order(**{"price": FAR, "volume": "0.001"} | said)


# -- who is it


async def test_a_bad_token_is_refused_at_the_handshake(exchange: Exchange, owner: Owner) -> None:
    key = owner.key
    used = header(key)
    first = await Socket.open(exchange, url=exchange.private_ws_url, additional_headers={"Authorization": used})
    for said, name in (
        (None, "no_authorization_token"),
        ("Bearer nonsense", "jwt_verification"),
        (f"Bearer {token(claims_of(key.access), 'wrong' * 9)}", "jwt_verification"),
        (f"Bearer {token({'access_key': key.access}, key.secret)}", "invalid_query_payload"),
        (used, "nonce_used"),
    ):
        with pytest.raises(InvalidStatus) as told:
            await connect(exchange.private_ws_url, additional_headers={"Authorization": said} if said else {})
        response = told.value.response
        assert response.status_code == 401
        assert json.loads(response.body)["error"]["name"] == name
        assert response.headers["Content-Type"] == "application/json"
        assert "Remaining-Req" not in response.headers
    key.expires_ms = 1
    with pytest.raises(InvalidStatus) as told:
        await connect(exchange.private_ws_url, additional_headers={"Authorization": header(key)})
    assert json.loads(told.value.response.body)["error"]["name"] == "expired_access_key"
    assert exchange.private_connections == exchange.opened == 1
    assert exchange.stats()["errors"]["jwt_verification"] == 2
    await first.close()


async def test_it_can_be_refused_by_a_frame(exchange: Exchange, owner: Owner) -> None:
    exchange.trouble.refuse_auth_by_frame()
    socket = await Socket.open(exchange, url=exchange.private_ws_url)
    await until(lambda: socket.is_over)
    (said,) = socket.plain()
    assert said["error"]["name"] == "INVALID_AUTH"
    assert socket.close_code == 1000
    await socket.close()
    exchange.trouble.end_faults()
    with pytest.raises(InvalidStatus):
        await connect(exchange.private_ws_url)


async def test_an_account_connects_five_times_a_second(exchange: Exchange, owner: Owner) -> None:
    sockets = [await Ear.open_private(exchange, owner.key) for _ in range(5)]
    assert sockets[-1].connection.response is not None
    headers = sockets[-1].connection.response.headers
    assert headers["Remaining-Req"] == "group=websocket; min=0; sec=0"
    assert "limit-by-ip" not in headers
    with pytest.raises(InvalidStatus) as told:
        await Ear.open_private(exchange, owner.key)
    assert told.value.response.status_code == 429
    sockets.append(await Ear.open_private(exchange, exchange.open_account().key))
    sockets.append(await Socket.open(exchange))  # type: ignore[arg-type] # what needs no key is counted apart
    await asyncio.sleep(1.0)
    sockets.append(await Ear.open_private(exchange, owner.key))
    assert exchange.violations == {"websocket-connect": 1}
    for socket in sockets:
        await socket.close()


# -- what is asked


@pytest.mark.parametrize(
    ("part", "name"),
    [
        ({"type": "myAsset", "codes": []}, "WRONG_FORMAT"),
        ({"type": "myAsset", "codes": [BTC]}, "WRONG_FORMAT"),
        ({"type": "myOrder", "codes": BTC}, "WRONG_FORMAT"),
        ({"type": "myOrder", "codes": [1]}, "WRONG_FORMAT"),
        ({"type": "myOrder", "codes": ""}, "WRONG_FORMAT"),
        ({"type": "announcement", "categories": "trade"}, "WRONG_FORMAT"),
        ({"type": "announcement", "include_body": "yes"}, "WRONG_FORMAT"),
        ({"type": "announcement", "categories": ["gossip"]}, "INVALID_PARAM"),
        ({"type": "ticker", "codes": [BTC]}, "INVALID_PARAM"),
        ({"type": "myTrade"}, "INVALID_PARAM"),
        ({"codes": [BTC]}, "NO_TYPE"),
    ],
)
async def test_what_cannot_be_asked_closes(ear: Ear, part: dict[str, Any], name: str) -> None:
    await ear.ask(part)
    await until(lambda: ear.is_over)
    assert ear.plain()[-1]["error"]["name"] == name
    assert ear.close_code == 1000


@pytest.mark.parametrize("kind", ["myOrder", "myAsset", "announcement"])
async def test_private_types_are_not_for_the_public_socket(socket: Socket, kind: str) -> None:
    await socket.ask({"type": kind})
    await until(lambda: socket.is_over)
    assert socket.plain()[-1]["error"]["name"] == "INVALID_AUTH"


async def test_a_key_hears_what_it_may(exchange: Exchange, owner: Owner) -> None:
    for permissions, good, bad in ((["order_view"], ORDER, ASSET), (["asset_view"], ASSET, ORDER)):
        key = exchange.add_key(owner.key.account, permissions)  # type: ignore[arg-type]
        ear = await owner.with_key(key).listen(good, NOTICE)
        await ear.ask(bad)
        await until(lambda ear=ear: ear.is_over)  # type: ignore[misc]
        assert ear.plain()[-1]["error"]["name"] == "INVALID_AUTH"
        await ear.close()


async def test_the_exchange_says_what_it_believes(owner: Owner) -> None:
    ear = await owner.listen({"type": "myOrder", "codes": [BTC]}, ASSET, NOTICE)
    await ear.ask({"method": "LIST_SUBSCRIPTIONS"})
    await until(lambda: ear.frames)
    assert ear.plain() == [
        {
            "method": "LIST_SUBSCRIPTIONS",
            "result": [{"type": "myOrder", "codes": [BTC]}, {"type": "myAsset"}, {"type": "announcement"}],
            "ticket": "t",
        }
    ]
    await far(owner)
    await until(lambda: ear.of("myAsset"))
    await ear.close()


async def test_a_request_replaces_the_one_before(exchange: Exchange, owner: Owner, ear: Ear) -> None:
    await ear.ask(ASSET)
    await until(lambda: exchange.private_requests == [["myOrder", "myAsset"], ["myAsset"]])
    await far(owner)
    await until(lambda: ear.of("myAsset"))
    assert not ear.of("myOrder")
    await ear.ask({"type": "myOrder", "codes": ["KRW-ETH"]})
    await until(lambda: len(exchange.private_requests) == 3)
    ear.frames.clear()
    await far(owner)
    eth = await far(owner, market="KRW-ETH", price="1000000", volume="0.01")
    await until(lambda: ear.frames)
    assert [m["uuid"] for m in ear.plain()] == [eth["uuid"]]
    assert exchange.subscribed == []
    assert exchange.requests == []


# -- what is told


async def test_an_order_from_its_begin_to_its_end(owner: Owner, ear: Ear) -> None:
    row = await owner.order(ord_type="price", price="10000", identifier="a")
    await until(lambda: "cancel" in ear.states(row["uuid"]))
    assert ear.states(row["uuid"])[0] == "wait"
    assert set(ear.states(row["uuid"])[1:-1]) == {"trade"}
    wait, *trades, end = ear.of("myOrder")
    assert list(wait) == list(keys.MY_ORDER)
    assert wait == wait | {
        "code": BTC,
        "ask_bid": "BID",
        "order_type": "price",
        "price": 10_000,
        "avg_price": 0,
        "volume": None,
        "remaining_volume": None,
        "executed_volume": None,
        "trades_count": 0,
        "locked": 10_005,
        "reserved_fee": 5,
        "time_in_force": None,
        "trade_fee": None,
        "is_maker": None,
        "identifier": "a",
        "smp_type": "cancel_maker",
        "prevented_volume": None,
        "prevented_locked": 0,
        "trade_timestamp": None,
        "stream_type": "REALTIME",
    }
    assert all(m["order_timestamp"] % 1000 == 0 and m["timestamp"] >= NOON_MS for m in ear.of("myOrder"))
    assert sum(t["volume"] for t in trades) == end["executed_volume"]
    now = await owner.look(row["uuid"])
    assert [(t["uuid"], t["price"]) for t in now["trades"]] == [(m["trade_uuid"], str(m["price"])) for m in trades]
    assets = ear.of("myAsset")
    assert [{a["currency"] for a in m["assets"]} for m in assets] == [{"KRW"}, {"BTC", "KRW"}]
    assert list(assets[0]) == list(keys.MY_ASSET)
    told = {a["currency"]: (Decimal(a["balance"]), Decimal(a["locked"])) for m in assets for a in m["assets"]}
    assert told == await owner.balances()
    assert [type(m) for frame in ear.frames for m in decode(frame)][:2] == [MyOrder, MyAsset]


async def test_the_keys_are_those_of_the_recorded_frame(shared_data: Path, owner: Owner, ear: Ear) -> None:
    lines = (shared_data / "upbit/ws/quoted-frames.jsonl").read_text().splitlines()
    quoted = [json.loads(line) for line in lines]
    (recorded,) = [json.loads(q["frame"]) for q in quoted if "27219" in q["source"] and q["kind"] == "ws private"]
    await owner.order(ord_type="price", price="5000")
    await until(lambda: ear.of("myOrder"))
    ours = ear.of("myOrder")[0]
    assert list(ours) == list(recorded)
    varying = {"uuid", "order_timestamp", "timestamp", "smp_type"}  # the last has a usual value since 2026-11
    assert {k: v for k, v in ours.items() if k not in varying} == {
        k: v for k, v in recorded.items() if k not in varying
    }


@pytest.mark.parametrize("fmt", ["DEFAULT", "SIMPLE", "JSON_LIST", "SIMPLE_LIST"])
async def test_four_formats_say_the_same(exchange: Exchange, owner: Owner, fmt: str) -> None:
    plain = await owner.listen(ORDER, ASSET, NOTICE)
    ear = await owner.listen(ORDER, ASSET, {**NOTICE, "include_body": False}, fmt=fmt)
    await far(owner, identifier='qu"ote')
    exchange.announce("제목", "service")
    await until(lambda: len(ear.frames) == len(plain.frames) == 3)
    assert [decode(f) for f in ear.frames] == [decode(f) for f in plain.frames]
    for frame, names in zip(ear.frames, (keys.MY_ORDER, keys.MY_ASSET, keys.ANNOUNCEMENT), strict=True):
        said = json.loads(frame)
        assert isinstance(said, list) == fmt.endswith("LIST")
        row = said[0] if fmt.endswith("LIST") else said
        known = list(names.values() if fmt.startswith("SIMPLE") else names)
        assert list(row) == (known[:-1] if names is keys.ANNOUNCEMENT else known)
    for one in (ear, plain):
        await one.close()


async def test_nobody_hears_of_the_account_of_another(exchange: Exchange, owner: Owner, ear: Ear) -> None:
    stranger = await owner.with_key(exchange.open_account().key).listen()
    second = await owner.with_key(exchange.add_key(owner.key.account)).listen()
    await far(owner)
    await until(lambda: len(ear.frames) == len(second.frames) == 2)
    assert not stranger.frames
    for one in (stranger, second):
        await one.close()


async def test_a_cancel_is_told_after_its_answer(owner: Owner, ear: Ear) -> None:
    row = await far(owner)
    await until(lambda: len(ear.frames) == 2)
    assert (await owner.delete("/order", ("uuid", row["uuid"]))).json["state"] == "wait"
    await until(lambda: ear.states(row["uuid"]) == ["wait", "cancel"])
    await until(lambda: len(ear.of("myAsset")) == 2)
    assert ear.of("myAsset")[-1]["assets"] == [{"currency": "KRW", "balance": 50_000_000, "locked": 0}]


async def test_a_fill_of_the_market_is_told_without_anybody_asking(exchange: Exchange, owner: Owner, ear: Ear) -> None:
    grid = exchange.floor.past.of(BTC).grid
    place = grid.place(exchange.floor.live(BTC).price)
    row = await far(owner, price=str(grid.price(place - 2) // 10**8))
    await until(lambda: "done" in ear.states(row["uuid"]), timeout=1_800)
    fills = [m for m in ear.of("myOrder") if m["state"] == "trade"]
    assert all(m["is_maker"] for m in fills)
    assert sum(m["volume"] for m in fills) == Decimal("0.001")
    assert {a["currency"] for a in ear.of("myAsset")[-1]["assets"]} >= {"BTC"}


# -- announcements


async def test_announcements_are_told_by_category_and_with_a_body(exchange: Exchange, owner: Owner) -> None:
    whole = await owner.listen(NOTICE)
    some = await owner.listen({**NOTICE, "categories": ["trade", "event"], "include_body": True})
    for category in CATEGORIES:
        exchange.announce(f"제목 {category}", category, "본문")
    await until(lambda: len(whole.frames) == len(CATEGORIES) and len(some.frames) == 2)
    assert [m["category"] for m in some.plain()] == ["trade", "event"]
    assert {m["body"] for m in some.plain()} == {"본문"}
    assert all("body" not in m for m in whole.plain())
    first = whole.plain()[0]
    assert first["first_listed_at"] == first["listed_at"] == "2026-09-27T21:00:00+09:00"
    assert first["event_type"] == "CREATED"
    (read,) = decode(whole.frames[0])
    assert isinstance(read, Announcement)
    with pytest.raises(ValueError, match="no category"):
        exchange.announce("x", "gossip")
    for ear in (whole, some):
        await ear.close()


async def test_the_exchange_announces_something_by_itself() -> None:
    first = Notices(1, listing(1, 8)).of_day(NOON_MS // DAY_MS)[0]
    exchange = Exchange(seed=1, markets=8, now_ms=clock(first.time_ms - 30_000))
    async with exchange, owner_of(exchange, exchange.open_account()) as owner:
        ear = await owner.listen(NOTICE)
        assert exchange._notices.next_ms == first.time_ms
        await asyncio.sleep(31.0)
        (said,) = ear.plain()
        assert (said["uuid"], said["title"], said["timestamp"]) == (first.id, first.title, first.time_ms)
        assert exchange._notices.next_ms > first.time_ms
        await ear.close()
        await until(lambda: exchange.connections == 0)
        assert exchange._notices.next_ms == NEVER, "nobody is left to hear"


def test_announcements_are_those_of_the_seed() -> None:
    markets = listing(1, 30)
    one, two = Notices(1, markets), Notices(2, markets)
    days = range(20_000, 20_050)
    assert [one.of_day(d) for d in days] == [Notices(1, markets).of_day(d) for d in days]
    assert [one.of_day(d) for d in days] != [two.of_day(d) for d in days]
    every = [n for d in days for n in one.of_day(d)]
    assert all(3 <= len({n.id for n in one.of_day(d)}) <= 6 for d in days)
    assert {n.category for n in every} <= set(CATEGORIES)
    changed = [n for n in every if not n.is_new]
    assert changed
    assert all(any(n.id == c.id and n.is_new for n in every) for c in changed)


# -- limits and faults


async def test_messages_have_a_limit_here_too(owner: Owner, ear: Ear) -> None:
    for _ in range(5):
        await ear.ask(ORDER)
    await until(lambda: ear.is_over)
    assert ear.plain()[-1]["error"]["name"] == "TOO_MANY_REQUEST"


async def test_a_silent_private_socket_is_cut_and_a_ping_keeps_it(exchange: Exchange, owner: Owner, ear: Ear) -> None:
    other = await owner.listen()
    await ear.connection.send("PING")
    await asyncio.sleep(65.0)
    assert other.is_over
    assert not ear.is_over
    assert set(ear.frames) == {b'{"status":"UP"}'}
    assert exchange.idle_cuts == 1
    await other.close()


async def test_faults_reach_private_sockets(exchange: Exchange, owner: Owner, ear: Ear) -> None:
    exchange.trouble.stall()
    row = await far(owner)
    await asyncio.sleep(1.0)
    assert not ear.frames
    exchange.trouble.resume()
    await until(lambda: ear.states(row["uuid"]) == ["wait"])
    exchange.trouble.spoil(delay_ms=3_000)
    exchange.trouble.refuse(429, 0)
    had = len(ear.frames)
    began = exchange.now_ms()
    await far(owner)
    await until(lambda: len(ear.frames) == had + 2, timeout=10)
    assert exchange.now_ms() > began + 10
    exchange.trouble.unspoil()
    exchange.trouble.spoil(duplicate=1.0)
    had = len(ear.frames)
    await far(owner)
    await until(lambda: len(ear.frames) == had + 4)
    exchange.trouble.unspoil()
    exchange.trouble.spoil(reorder=1.0)
    had = len(ear.frames)
    await far(owner)
    await until(lambda: len(ear.frames) == had + 2)
    assert [m["type"] for m in ear.plain()[-2:]] == ["myAsset", "myOrder"]
    exchange.trouble.unspoil()
    assert exchange.trouble.half_open() == 1
    had = len(ear.frames)
    await far(owner)
    await asyncio.sleep(1.0)
    assert len(ear.frames) == had
    exchange.trouble.end_faults()
    await until(lambda: ear.is_over)
    again = await owner.listen()
    assert exchange.trouble.drop(BTC) == 0, "it carries no market"
    assert exchange.trouble.drop() == 1
    await until(lambda: again.is_over)
    await again.close()
    exchange.trouble.refuse(503)
    with pytest.raises(InvalidStatus) as told:
        await Ear.open_private(exchange, owner.key)
    assert told.value.response.status_code == 503
    exchange.trouble.maintenance(5.0)
    with pytest.raises(InvalidStatus):
        await Ear.open_private(exchange, owner.key)
    await asyncio.sleep(5.0)
    last = await owner.listen()
    assert exchange.stats()["private_connections"] == 1
    await last.close()


async def test_what_is_compressed_is_the_same(owner: Owner, exchange: Exchange) -> None:
    packed = await Ear.open(
        exchange,
        url=exchange.private_ws_url,
        additional_headers={"Authorization": header(owner.key)},
        compression="deflate",
    )
    plain = await owner.listen()
    await packed.ask(ORDER, ASSET)
    await until(lambda: len(exchange.private_requests) == 2)
    await far(owner)
    await until(lambda: len(packed.frames) == len(plain.frames) == 2)
    assert packed.frames == plain.frames
    for one in (packed, plain):
        await one.close()
