"""The exchange's REST for one's own account, over real HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import aiohttp
import pytest

from core.market import DAY_MS
from core.sim.exchange import Exchange
from core.sim.listing import listing
from core.sim.paper import SIZE_UNIT, Ticket
from tests.core.sim.conftest import NOON_MS, Web, clock
from tests.core.sim.signed import Owner, header, owner_of
from tests.waiting import until

BTC = "KRW-BTC"
FAR = "10000000"  # below the market, and on a step
FIRST = ["uuid", "side", "ord_type", "price", "state", "market", "created_at", "volume", "remaining_volume"]
SECOND = ["prevented_volume", "reserved_fee", "remaining_fee", "paid_fee", "locked", "prevented_locked"]
LAST = ["executed_volume", "trades_count", "smp_type"]


@pytest.fixture
async def exchange() -> AsyncIterator[Exchange]:
    async with Exchange(seed=1, markets=60, now_ms=clock(), has_limits=False) as exchange:
        yield exchange


@pytest.fixture
async def owner(exchange: Exchange) -> AsyncIterator[Owner]:
    async with owner_of(exchange, exchange.open_account({"KRW": "50000000.5", "BTC": "2"})) as owner:
        yield owner


async def far(owner: Owner, **said: str) -> Any:
    """Place an order that rests."""
    return await owner.order(**{"price": FAR, "volume": "0.001"} | said)


# -- who is it


async def test_every_call_wants_a_token(exchange: Exchange, web: Web, owner: Owner) -> None:
    for path in ("/accounts", "/orders/chance?market=KRW-BTC", "/order?uuid=x", "/orders/open", "/orders/closed"):
        answer = await web.get(f"/v1{path}")
        assert (answer.status, answer.json["error"]["name"]) == (401, "no_authorization_token")
        assert "remaining-req" not in answer.headers
    for method, path in (
        ("POST", "/orders"),
        ("DELETE", "/order"),
        ("POST", "/orders/test"),
        ("DELETE", "/orders/open"),
    ):
        async with aiohttp.ClientSession() as plain, plain.request(method, exchange.rest_url + path) as said:
            assert (said.status, (await said.json())["error"]["name"]) == (401, "no_authorization_token")
    assert exchange.rest_requests["default"] == 6
    assert (await web.get("/v1/orders")).status == 404
    assert (await owner.get("/accounts", method="PUT")).status == 404


async def test_a_token_of_another_question_a_used_or_an_ended_one(exchange: Exchange, owner: Owner) -> None:
    assert (await owner.get("/accounts")).status == 200
    old = header(owner.key)
    assert (await owner.get("/accounts", Authorization=old)).status == 200
    assert (await owner.get("/accounts", Authorization=old)).error == (401, "nonce_used")
    wrong = header(owner.key, "market=KRW-ETH")
    asked = ("/orders/chance", ("market", BTC))
    assert (await owner.get(*asked, Authorization=wrong)).error == (401, "invalid_query_payload")
    wrong = header(exchange.demo.key).replace("Bearer ", "Bearer x")
    assert (await owner.get(*asked, Authorization=wrong)).error == (401, "jwt_verification")
    owner.key.expires_ms = exchange.now_ms()
    assert (await owner.get("/accounts")).error == (401, "expired_access_key")
    owner.key.expires_ms, owner.key.ips = None, frozenset({"10.1.2.3"})
    assert (await owner.get("/accounts")).error == (401, "no_authorization_ip")
    owner.key.ips = frozenset({"127.0.0.1"})
    assert (await owner.get("/accounts")).status == 200


async def test_a_key_does_what_it_may(exchange: Exchange, owner: Owner) -> None:
    account = owner.key.account
    viewer = owner.with_key(exchange.add_key(account, ["order_view"]))
    maker = owner.with_key(exchange.add_key(account, ["order_make"]))
    assert (await viewer.get("/accounts")).error == (401, "out_of_scope")
    assert (await viewer.get("/orders/open")).status == 200
    body = {"market": BTC, "side": "bid", "ord_type": "limit", "price": FAR, "volume": "0.001"}
    assert (await viewer.post("/orders", **body)).error == (403, "out_of_scope")
    assert (await viewer.delete("/orders/open")).error == (403, "out_of_scope")
    placed = await maker.post("/orders", **body)
    assert placed.status == 201
    assert (await maker.get("/order", ("uuid", placed.json["uuid"]))).error == (401, "out_of_scope")
    exchange.drop_key(maker.key)
    assert (await maker.post("/orders", **body)).error == (401, "jwt_verification")


async def test_an_order_is_seen_by_its_owner_alone(exchange: Exchange, owner: Owner) -> None:
    row = await far(owner, identifier="mine")
    stranger = owner.with_key(exchange.open_account().key)
    for pair in (("uuid", row["uuid"]), ("identifier", "mine")):
        assert (await stranger.get("/order", pair)).error == (404, "order_not_found")
        assert (await stranger.delete("/order", pair)).error == (404, "order_not_found")
    assert (await stranger.get("/orders/open")).json == []


# -- rows


async def test_balances(owner: Owner) -> None:
    rows = (await owner.get("/accounts")).json
    assert rows[0] == {
        "currency": "KRW",
        "balance": "50000000.5",
        "locked": "0",
        "avg_buy_price": "0",
        "avg_buy_price_modified": True,
        "unit_currency": "KRW",
    }
    assert [row["currency"] for row in rows] == ["KRW", "BTC"]
    answer = await owner.get("/accounts", Accept_Encoding="gzip")
    assert "Content-Encoding" not in answer.headers
    assert "ETag" not in answer.headers
    assert "Limit-By-Ip" not in answer.headers


async def test_a_new_order_as_the_exchange_spells_it(owner: Owner) -> None:
    answer = await owner.post("/orders", market=BTC, side="bid", volume="0.00050", price="10000000", ord_type="limit")
    row = answer.json
    assert answer.status == 201
    assert list(row) == [*FIRST, *SECOND, *LAST]
    assert row == row | {
        "side": "bid",
        "ord_type": "limit",
        "price": "10000000",
        "state": "wait",
        "market": BTC,
        "created_at": "2026-09-27T21:00:00+09:00",
        "volume": "0.0005",
        "remaining_volume": "0.0005",
        "prevented_volume": "0",
        "reserved_fee": "2.5",
        "remaining_fee": "2.5",
        "paid_fee": "0",
        "locked": "5002.5",
        "prevented_locked": "0",
        "executed_volume": "0",
        "trades_count": 0,
        "smp_type": "cancel_maker",
    }
    assert (await owner.balances())["KRW"] == (Decimal(49994998), Decimal("5002.5"))
    (listed,) = (await owner.get("/orders/open")).json
    assert listed == row | {"executed_funds": "0"}
    assert await owner.look(row["uuid"]) == row | {"trades": []}
    (listed,) = (await owner.get("/orders/uuids", ("uuids[]", row["uuid"]))).json
    assert listed["executed_funds"] == "0"


async def test_a_market_buy_leaves_out_what_it_has_not(owner: Owner) -> None:
    row = await owner.order(ord_type="price", price="10000", identifier="buy")
    assert not {"volume", "remaining_volume", "prevented_volume"} & row.keys()
    assert (row["state"], row["locked"], row["reserved_fee"], row["executed_volume"]) == ("wait", "10005", "5", "0")
    now = await owner.look(row["uuid"])
    (trade,) = now["trades"]
    assert now["state"] == "cancel"
    assert list(trade) == ["market", "uuid", "price", "volume", "funds", "trend", "created_at", "side"]
    assert (trade["trend"], trade["side"], trade["market"]) == ("up", "bid", BTC)
    assert trade["created_at"] == "2026-09-27T21:00:00+09:00"
    funds = Decimal(trade["price"]) * Decimal(trade["volume"])
    assert Decimal(trade["funds"]) == funds
    assert Decimal(now["paid_fee"]) == funds * Decimal("0.0005")
    assert Decimal(now["locked"]) == (10_000 - funds) * Decimal("1.0005")
    assert Decimal(now["remaining_fee"]) == 5 - Decimal(now["paid_fee"])
    assert (await owner.get("/order", ("identifier", "buy"))).json["uuid"] == row["uuid"]
    (closed,) = (await owner.get("/orders/closed")).json
    assert Decimal(closed["executed_funds"]) == funds


async def test_a_market_sell_leaves_out_its_price(owner: Owner) -> None:
    row = await owner.order(side="ask", ord_type="market", volume="0.01")
    assert "price" not in row
    assert (row["volume"], row["remaining_volume"], row["locked"], row["reserved_fee"]) == ("0.01", "0.01", "0.01", "0")
    now = await owner.look(row["uuid"])
    assert (now["state"], now["remaining_volume"], now["locked"]) == ("done", "0", "0")
    assert {t["trend"] for t in now["trades"]} == {"down"}
    paid = sum(Decimal(t["funds"]) for t in now["trades"]) * Decimal("0.9995")
    assert (await owner.balances())["KRW"][0] == Decimal("50000000.5") + paid


async def test_what_can_be_ordered(exchange: Exchange, owner: Owner) -> None:
    said = (await owner.get("/orders/chance", ("market", BTC))).json
    assert said["bid_fee"] == said["ask_fee"] == said["maker_bid_fee"] == said["maker_ask_fee"] == "0.0005"
    assert said["market"] == said["market"] | {
        "id": BTC,
        "name": "BTC/KRW",
        "order_sides": ["ask", "bid"],
        "bid_types": ["best_fok", "best_ioc", "limit", "limit_fok", "limit_ioc", "price"],
        "ask_types": ["best_fok", "best_ioc", "limit", "limit_fok", "limit_ioc", "market"],
        "bid": {"currency": "KRW", "min_total": "5000"},
        "ask": {"currency": "BTC", "min_total": "5000"},
        "max_total": "1000000000",
        "state": "active",
    }
    assert (said["bid_account"]["balance"], said["ask_account"]["balance"]) == ("50000000.5", "2")
    assert (await owner.get("/orders/chance", ("market", "KRW-NOPE"))).error == (400, "notfoundmarket")
    assert (await owner.get("/orders/chance")).error == (400, "validation_error")
    exchange.trouble.delist("KRW-ETH")
    said = (await owner.get("/orders/chance", ("market", "KRW-ETH"))).json
    assert said["market"]["state"] == "offline"
    assert said["ask_account"] == said["ask_account"] | {"currency": "ETH", "balance": "0", "avg_buy_price": "0"}


@pytest.mark.parametrize(("market", "fee", "least"), [("BTC-ETH", "0.0025", "0.00005"), ("USDT-BTC", "0.0025", "0.5")])
async def test_what_can_be_ordered_in_coins(market: str, fee: str, least: str) -> None:
    async with Exchange(seed=1, now_ms=clock()) as exchange, owner_of(exchange, exchange.demo) as owner:
        said = (await owner.get("/orders/chance", ("market", market))).json
        assert (said["bid_fee"], said["market"]["bid"]["min_total"]) == (fee, least)


# -- what is refused


LIMIT = {"ord_type": "limit", "price": FAR, "volume": "0.001"}


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"market": ""}, (400, "validation_error")),
        ({"side": ""}, (400, "validation_error")),
        ({"ord_type": ""}, (400, "validation_error")),
        ({"side": "buy"}, (400, "invalid_parameter")),
        ({"ord_type": "stop"}, (400, "invalid_parameter")),
        ({**LIMIT, "price": ""}, (400, "create_bid_error")),
        ({**LIMIT, "volume": "", "side": "ask"}, (400, "create_ask_error")),
        ({**LIMIT, "volume": "0"}, (400, "create_bid_error")),
        ({**LIMIT, "volume": "-1"}, (400, "invalid_parameter")),
        ({**LIMIT, "volume": "1e-3"}, (400, "invalid_parameter")),
        ({**LIMIT, "volume": "0.123456789"}, (400, "invalid_parameter")),
        ({**LIMIT, "price": "many"}, (400, "invalid_parameter")),
        ({**LIMIT, "price": "10000500"}, (400, "invalid_price_bid")),
        ({**LIMIT, "price": "150000500", "side": "ask"}, (400, "invalid_price_ask")),
        ({**LIMIT, "volume": "0.0004"}, (400, "under_min_total_bid")),
        ({**LIMIT, "volume": "0.0004", "side": "ask"}, (400, "under_min_total_ask")),
        ({**LIMIT, "volume": "5"}, (400, "insufficient_funds_bid")),
        ({**LIMIT, "volume": "2.1", "side": "ask"}, (400, "insufficient_funds_ask")),
        ({**LIMIT, "volume": "200"}, (400, "over_krw_funds_bid")),
        ({**LIMIT, "market": "KRW-NOPE"}, (400, "notfoundmarket")),
        ({**LIMIT, "time_in_force": "gtc"}, (400, "invalid_parameter")),
        ({**LIMIT, "smp_type": "all"}, (400, "invalid_parameter")),
        ({**LIMIT, "time_in_force": "post_only", "smp_type": "reduce"}, (400, "invalid_post_only")),
        ({**LIMIT, "identifier": "x" * 65}, (400, "invalid_parameter")),
        ({"ord_type": "price", "price": "10000", "volume": "1"}, (400, "create_bid_error")),
        ({"ord_type": "price", "price": "10000", "side": "ask"}, (400, "create_ask_error")),
        ({"ord_type": "price", "price": "10000", "time_in_force": "ioc"}, (400, "invalid_time_in_force")),
        ({"ord_type": "market", "volume": "1", "side": "bid"}, (400, "create_bid_error")),
        ({"ord_type": "market", "volume": "1", "side": "ask", "price": "1"}, (400, "create_ask_error")),
        ({"ord_type": "best", "price": "10000"}, (400, "invalid_time_in_force")),
        ({"ord_type": "best", "price": "10000", "time_in_force": "post_only"}, (400, "invalid_time_in_force")),
        ({"ord_type": "best", "volume": "1", "time_in_force": "ioc"}, (400, "create_bid_error")),
    ],
)
async def test_orders_that_are_refused(owner: Owner, body: dict[str, str], error: tuple[int, str]) -> None:
    whole = {"market": BTC, "side": "bid", **body}
    for path in ("/orders", "/orders/test"):
        assert (await owner.post(path, **whole)).error == error
    assert (await owner.balances())["KRW"] == (Decimal("50000000.5"), Decimal(0))
    assert (await owner.get("/orders/closed")).json == (await owner.get("/orders/open")).json == []


async def test_a_form_is_no_json(exchange: Exchange, owner: Owner) -> None:
    text = "market=KRW-BTC&side=bid"
    async with aiohttp.ClientSession() as web:
        said = {"Authorization": header(owner.key, text)}
        async with web.post(exchange.rest_url + "/orders", data=text, headers=said) as answer:
            assert (answer.status, (await answer.json())["error"]["name"]) == (401, "invalid_query_payload")


async def test_smp_is_what_one_says_or_the_usual_one(owner: Owner) -> None:
    for said, told in (("", "cancel_maker"), ("none", "none"), ("reduce", "reduce"), ("cancel_taker", "cancel_taker")):
        assert (await far(owner, **({"smp_type": said} if said else {})))["smp_type"] == told
    row = await far(owner, time_in_force="post_only", identifier="last")
    assert (row["smp_type"], row["time_in_force"], row["identifier"]) == ("none", "post_only", "last")


async def test_a_test_makes_nothing(owner: Owner) -> None:
    answer = await owner.post("/orders/test", market=BTC, side="bid", **LIMIT, identifier="x")
    assert answer.status == 201
    assert answer.json["state"] == "wait"
    assert answer.headers["Remaining-Req"].startswith("group=order-test; min=480; sec=")
    assert (await owner.get("/order", ("uuid", answer.json["uuid"]))).error == (404, "order_not_found")
    assert (await far(owner, identifier="x"))["identifier"] == "x", "a test takes no name"


async def test_a_halted_market_is_offline() -> None:
    halted = next(m for m in listing(1).values() if m.halted_day is not None and m.quote == "KRW")
    after = (halted.halted_day or 0) * DAY_MS + DAY_MS
    async with Exchange(seed=1, now_ms=clock(after)) as exchange, owner_of(exchange, exchange.open_account()) as owner:
        said = {"market": halted.code, "side": "bid", "ord_type": "price", "price": "10000"}
        assert (await owner.post("/orders", **said)).error == (403, "market_offline")


# -- looking


async def test_orders_are_found_by_id_and_name(owner: Owner) -> None:
    rows = [await far(owner, identifier=f"n{i}") for i in range(4)]
    ids = [row["uuid"] for row in rows]
    both = await owner.get("/order", ("uuid", ids[0]), ("identifier", "n1"))
    assert both.json["uuid"] == ids[0], "the id wins"
    assert (await owner.get("/order")).error == (400, "validation_error")
    assert (await owner.get("/order", ("uuid", "nope"))).error == (404, "order_not_found")
    named = [("uuids[]", i) for i in (ids[2], ids[0], "nope")]
    assert [r["uuid"] for r in (await owner.get("/orders/uuids", *named)).json] == [ids[2], ids[0]]
    up = await owner.get("/orders/uuids", *named, ("order_by", "asc"))
    assert [r["uuid"] for r in up.json] == [ids[0], ids[2]]
    found = await owner.get("/orders/uuids", ("identifiers[]", "n3"), ("identifiers[]", "n1"))
    assert [r["identifier"] for r in found.json] == ["n3", "n1"]
    assert (await owner.get("/orders/uuids", ("market", "KRW-ETH"), *named)).json == []
    assert (await owner.get("/orders/uuids")).error == (400, "validation_error")
    mixed = (("uuids[]", ids[0]), ("identifiers[]", "n1"))
    assert (await owner.get("/orders/uuids", *mixed)).error == (400, "validation_error")
    many = [("uuids[]", f"u{i}") for i in range(101)]
    assert (await owner.get("/orders/uuids", *many)).error == (400, "invalid_parameter")
    assert (await owner.get("/orders/uuids", *many[:100])).json == []


async def test_open_orders_come_in_pages(owner: Owner) -> None:
    ids = [(await far(owner))["uuid"] for _ in range(7)]
    ids.append((await far(owner, market="KRW-ETH", price="1000000", volume="0.01"))["uuid"])

    async def page(*pairs: tuple[str, str]) -> list[str]:
        return [row["uuid"] for row in (await owner.get("/orders/open", *pairs)).json]

    assert await page() == ids[::-1]
    assert await page(("order_by", "asc")) == ids
    assert await page(("limit", "3"), ("page", "2")) == ids[::-1][3:6]
    assert await page(("limit", "3"), ("page", "4")) == []
    assert await page(("market", "KRW-ETH")) == ids[7:]
    assert await page(("state", "wait")) == ids[::-1]
    assert await page(("state", "watch")) == []
    assert await page(("states[]", "wait"), ("states[]", "watch")) == ids[::-1]
    for pairs, name in (
        ((("state", "wait"), ("states[]", "wait")), "validation_error"),
        ((("state", "done"),), "invalid_parameter"),
        ((("limit", "101"),), "invalid_parameter"),
        ((("limit", "0"),), "invalid_parameter"),
        ((("page", "x"),), "invalid_parameter"),
        ((("order_by", "up"),), "invalid_parameter"),
    ):
        assert (await owner.get("/orders/open", *pairs)).error == (400, name)


async def test_closed_orders_come_by_window(exchange: Exchange, owner: Owner) -> None:
    account, pit = owner.key.account, exchange.pit
    price = exchange.floor.live(BTC).price
    days = [0.5, 1, 3, 6.9, 8, 12, 13.9, 15]  # ago
    for i, ago in enumerate(days):
        created = NOON_MS - int(ago * DAY_MS)
        ticket = Ticket(BTC, "bid", "limit", price, 10**5 * (i + 1))
        pit.remember(account, ticket, created, price if i % 2 else 0, created + 1_000)

    async def ago(*pairs: tuple[str, str]) -> list[float]:
        answer = await owner.get("/orders/closed", *pairs)
        assert answer.status == 200, answer.text
        return [days[round(Decimal(row["volume"]) * 1_000) - 1] for row in answer.json]

    def at(days_ago: float) -> str:
        return str(NOON_MS - int(days_ago * DAY_MS))

    assert await ago() == [0.5, 1, 3, 6.9]
    assert await ago(("order_by", "asc"), ("limit", "3")) == [6.9, 3, 1]
    assert await ago(("state", "done")) == [1, 6.9]
    assert await ago(("states[]", "cancel")) == [0.5, 3]
    assert await ago(("start_time", at(13.95))) == [8, 12, 13.9]
    assert await ago(("end_time", at(7))) == [8, 12, 13.9]
    assert await ago(("start_time", at(8)), ("end_time", at(3))) == [3, 6.9, 8]
    kst = (datetime.fromtimestamp(NOON_MS / 1000, UTC) - timedelta(days=14)).isoformat()
    assert kst.endswith("+00:00")
    assert await ago(("start_time", kst)) == [8, 12, 13.9]
    assert await ago(("market", "KRW-ETH")) == []
    for pairs in (
        (("start_time", at(8)), ("end_time", at(0.9))),
        (("start_time", at(1)), ("end_time", at(2))),
        (("start_time", "2026-09-20T00:00:00"),),
        (("end_time", "yesterday"),),
        (("limit", "1001"),),
        (("state", "wait"),),
    ):
        assert (await owner.get("/orders/closed", *pairs)).error == (400, "invalid_parameter")


# -- cancels


async def test_a_cancel_is_a_request(owner: Owner) -> None:
    row = await far(owner)
    answer = await owner.delete("/order", ("uuid", row["uuid"]))
    assert answer.status == 200
    assert answer.json == row, "it still waits"
    assert answer.headers["Remaining-Req"].startswith("group=default; min=1800; sec=")
    await asyncio.sleep(0.1)
    now = await owner.look(row["uuid"])
    assert (now["state"], now["locked"], now["remaining_volume"]) == ("cancel", "10005", "0.001")
    assert (await owner.balances())["KRW"] == (Decimal("50000000.5"), Decimal(0))
    assert (await owner.delete("/order", ("uuid", row["uuid"]))).error == (404, "order_not_found")
    assert (await owner.delete("/order")).error == (400, "validation_error")


async def test_many_are_cancelled_by_name(owner: Owner) -> None:
    rows = [await far(owner, identifier=f"n{i}") for i in range(3)]
    ids = [row["uuid"] for row in rows]
    await owner.delete("/order", ("uuid", ids[1]))
    await asyncio.sleep(0.1)
    answer = await owner.delete("/orders/uuids", *(("uuids[]", i) for i in (*ids, "nope")))
    assert answer.json == {
        "success": {
            "count": 2,
            "orders": [{"uuid": ids[i], "market": BTC, "identifier": f"n{i}"} for i in (2, 0)],
        },
        "failed": {
            "count": 2,
            "orders": [{"uuid": ids[1], "market": BTC, "identifier": "n1"}, {"uuid": "nope"}],
        },
    }
    await asyncio.sleep(0.1)
    assert (await owner.get("/orders/open")).json == []
    many = [("identifiers[]", f"i{i}") for i in range(21)]
    assert (await owner.delete("/orders/uuids", *many)).error == (400, "invalid_parameter")
    assert (await owner.delete("/orders/uuids", *many[:20])).json["failed"]["count"] == 20


async def test_open_ones_are_cancelled_at_once(owner: Owner) -> None:
    async def filled() -> dict[str, str]:
        await owner.delete("/orders/open", ("count", "300"))
        await asyncio.sleep(0.1)
        eth = {"market": "KRW-ETH", "price": "1000000", "volume": "0.01"}
        placed = [
            await far(owner),
            await far(owner, **eth),
            await far(owner, side="ask", price="900000000", volume="0.01"),
        ]
        return {row["uuid"]: name for row, name in zip(placed, ("btc", "eth", "ask"), strict=True)}

    for pairs, gone in (
        ((), ["ask", "eth", "btc"]),
        ((("cancel_side", "bid"),), ["eth", "btc"]),
        ((("cancel_side", "ask"),), ["ask"]),
        ((("pairs", "KRW-ETH,KRW-XRP"),), ["eth"]),
        ((("excluded_pairs", "KRW-ETH"),), ["ask", "btc"]),
        ((("quote_currencies", "BTC,USDT"),), []),
        ((("quote_currencies", "KRW"), ("count", "1")), ["ask"]),
        ((("quote_currencies", "KRW"), ("count", "1"), ("order_by", "asc")), ["btc"]),
    ):
        names = await filled()
        answer = (await owner.delete("/orders/open", *pairs)).json
        assert [names[row["uuid"]] for row in answer["success"]["orders"]] == gone
        assert answer["success"]["count"] == len(gone)
        assert answer["failed"] == {"count": 0, "orders": []}
        await asyncio.sleep(0.1)
        left = {names[row["uuid"]] for row in (await owner.get("/orders/open")).json}
        assert left == {"btc", "eth", "ask"} - set(gone)
    for pairs, name in (
        ((("pairs", BTC), ("quote_currencies", "KRW")), "validation_error"),
        ((("count", "301"),), "invalid_parameter"),
        ((("cancel_side", "both"),), "invalid_parameter"),
        ((("quote_currencies", "EUR"),), "invalid_parameter"),
    ):
        assert (await owner.delete("/orders/open", *pairs)).error == (400, name)


async def test_twenty_are_cancelled_where_nothing_is_said(owner: Owner) -> None:
    for _ in range(22):
        await far(owner)
    assert (await owner.delete("/orders/open")).json["success"]["count"] == 20


async def test_an_order_takes_the_place_of_another(owner: Owner) -> None:
    old = await far(owner, identifier="old")
    answer = await owner.post(
        "/orders/cancel_and_new",
        prev_order_identifier="old",
        new_ord_type="limit",
        new_price="11000000",
        new_volume="remain_only",
        new_identifier="new",
    )
    said = answer.json
    assert answer.status == 200
    assert answer.headers["Remaining-Req"].startswith("group=order; min=720; sec=")
    assert said == old | {"new_order_uuid": said["new_order_uuid"], "new_order_identifier": "new"}
    assert list(said)[-2:] == ["new_order_uuid", "new_order_identifier"]
    assert (await owner.get("/order", ("uuid", said["new_order_uuid"]))).error == (404, "order_not_found")
    await asyncio.sleep(0.1)
    assert (await owner.look(old["uuid"]))["state"] == "cancel"
    new = await owner.look(said["new_order_uuid"])
    assert (new["state"], new["price"], new["volume"], new["identifier"]) == ("wait", "11000000", "0.001", "new")
    wrong = {"prev_order_uuid": new["uuid"], "new_ord_type": "limit", "new_price": FAR, "new_volume": "0.001"}
    for more, error in (
        ({"new_identifier": "old"}, (400, "duplicated_identifier")),
        ({"prev_order_uuid": "nope"}, (404, "order_not_found")),
        ({"prev_order_uuid": ""}, (400, "validation_error")),
        ({"new_ord_type": "market"}, (400, "create_bid_error")),
        ({"prev_order_uuid": old["uuid"]}, (404, "order_not_found")),
    ):
        assert (await owner.post("/orders/cancel_and_new", **wrong | more)).error == error
    sold = await owner.post(
        "/orders/cancel_and_new", prev_order_uuid=new["uuid"], new_ord_type="price", new_price="9000"
    )
    await asyncio.sleep(0.1)
    assert (await owner.look(sold.json["new_order_uuid"]))["trades_count"] >= 1


async def test_a_resting_order_is_filled_by_the_market(exchange: Exchange, owner: Owner) -> None:
    grid = exchange.floor.past.of(BTC).grid
    place = grid.place(exchange.floor.live(BTC).price)
    rows = [await far(owner, price=str(grid.price(place - k) // 10**8)) for k in range(1, 12)]
    account = owner.key.account
    await until(lambda: any(account.find(row["uuid"]).state == "done" for row in rows), timeout=1_800)  # type: ignore[union-attr]
    for row in rows:
        now = await owner.look(row["uuid"])
        assert {t["price"] for t in now["trades"]} <= {row["price"]}
    assert account.balance("BTC").total > 2 * 10**8 * SIZE_UNIT


# -- limits


@pytest.mark.parametrize(
    ("group", "count", "minute"),
    [("default", 30, 1_800), ("order", 12, 720), ("order-test", 8, 480), ("order-cancel-all", 1, 30)],
)
async def test_each_group_has_its_limit_by_account(group: str, count: int, minute: int) -> None:
    exchange = Exchange(seed=1, markets=8, now_ms=clock())
    async with exchange, owner_of(exchange, exchange.open_account()) as owner:
        other = owner.with_key(exchange.open_account().key)
        second = owner.with_key(exchange.add_key(owner.key.account))

        async def ask(who: Owner) -> Any:
            body = {"market": BTC, "side": "bid", **LIMIT}
            match group:
                case "default":
                    return await who.get("/accounts")
                case "order":
                    return await who.post("/orders", **body)
                case "order-test":
                    return await who.post("/orders/test", **body)
                case _:
                    return await who.delete("/orders/open")

        for i in range(count):
            answer = await ask(second if i % 2 else owner)
            assert answer.status in {200, 201}
            assert answer.headers["Remaining-Req"] == f"group={group}; min={minute}; sec={count - 1 - i}"
        assert (await ask(owner)).status == 429
        assert (await ask(other)).status in {200, 201}
        await asyncio.sleep(2.0 if group == "order-cancel-all" else 1.0)
        assert (await ask(owner)).status in {200, 201}
        assert exchange.violations == {group: 1}
        assert exchange.rest_requests[group] == count + 3


# -- faults


async def test_faults_reach_private_calls_too(exchange: Exchange, owner: Owner) -> None:
    exchange.trouble.refuse_rest(503, 1, group="order", body="bad gateway")
    assert (await owner.get("/accounts")).status == 200
    refused = await owner.post("/orders", market=BTC, side="bid", **LIMIT)
    assert (refused.status, refused.text) == (503, "bad gateway")
    assert (await owner.get("/orders/open")).json == []
    exchange.trouble.refuse_rest(429, 1, retry_after=3)
    assert (await owner.get("/accounts")).headers["Retry-After"] == "3"
    exchange.trouble.pause_rest()
    asking = asyncio.create_task(owner.get("/accounts"))
    await asyncio.sleep(5.0)
    assert not asking.done()
    exchange.trouble.resume_rest()
    assert (await asking).status == 200
    exchange.trouble.maintenance(10.0)
    assert (await owner.get("/accounts")).error == (403, "market_offline")
    await asyncio.sleep(10.0)
    assert (await owner.get("/accounts")).status == 200


async def test_commands_at_the_control_address(exchange: Exchange, web: Web, owner: Owner) -> None:
    answer = await web.get("/control/deposit?amount=12.5&currency=XRP&account=" + owner.key.access)
    assert answer.status == 200
    assert (await owner.balances())["XRP"] == (Decimal("12.5"), Decimal(0))
    assert (await web.get("/control/deposit?amount=x")).status == 400
    assert (await web.get("/control/announce?title=x&category=nope")).status == 400
    assert (await web.get("/control/announce?title=x&category=event")).json["done"].isdigit()
    stats = (await web.get("/control/stats")).json
    assert stats["faults"] == {}
    assert stats["rest_requests"] == {"default": 1}
