"""The demo account: what it owns, what it did, what it does."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from datetime import datetime
from decimal import Decimal
from typing import Any

from core.market import DAY_MS
from core.sim.exchange import Exchange
from core.sim.live import NEVER
from core.wire.private import MyOrder, decode
from tests.core.sim.conftest import NOON_MS, clock
from tests.core.sim.signed import owner_of


async def story(seed: int, seconds: float = 0.0, **options: Any) -> dict[str, Any]:
    """Return what the demo account tells after some time."""
    async with Exchange(seed=seed, markets=30, now_ms=clock(), idle_s=1e6, has_limits=False, **options) as exchange:
        assert exchange.floor.next_ms == NEVER, "it costs nothing before somebody comes"
        async with owner_of(exchange, exchange.demo) as owner:
            ear = await owner.listen()
            await asyncio.sleep(seconds)
            told = {
                "accounts": (await owner.get("/accounts")).json,
                "open": (await owner.get("/orders/open")).json,
                "closed": (await owner.get("/orders/closed", ("limit", "1000"))).json,
                "frames": list(ear.frames),
                "key": (owner.key.access, owner.key.secret),
            }
            told["details"] = [await owner.look(row["uuid"]) for row in told["closed"]]
            await ear.close()
            return told


async def test_it_is_that_of_its_seed() -> None:
    assert await story(1) == await story(1)
    one, two = await story(1), await story(2)
    assert one["key"] != two["key"]
    assert one["accounts"] != two["accounts"]
    assert all(len(text) == 40 and text.isalnum() for text in (*one["key"], *two["key"]))


async def test_it_owns_coins_and_has_traded_for_days() -> None:
    told = await story(1)
    rows = {row["currency"]: row for row in told["accounts"]}
    assert {"KRW", "BTC", "ETH", "XRP"} <= rows.keys()
    async with Exchange(seed=1, markets=30, now_ms=clock()) as exchange:
        for currency, row in rows.items():
            if currency != "KRW":
                price = Decimal(exchange.floor.live(f"KRW-{currency}").price).scaleb(-8)
                assert price / 4 < Decimal(row["avg_buy_price"]) < price * 4, currency
                assert Decimal(row["balance"]) * price > 100_000
        grids = {code: exchange.floor.past.of(code) for code in exchange.floor.past.markets}
        filled = [row for row in told["details"] if row["trades"]]
        assert len(filled) >= 8
        assert {row["state"] for row in told["closed"]} == {"done", "cancel"}
        assert {row["ord_type"] for row in told["closed"]} >= {"limit", "price"}
        for row in filled:
            (trade,) = row["trades"]
            day = grids[row["market"]].row(
                next(d for d in range(NOON_MS // DAY_MS - 7, NOON_MS // DAY_MS + 1) if _is_of(trade["created_at"], d))
            )
            grid = grids[row["market"]].grid
            low, high = grid.price(day[2]), grid.price(day[1])
            assert low <= Decimal(trade["price"]).scaleb(8) <= high, "the market was there on that day"
    assert told["open"] == []
    assert told["frames"] == []


def _is_of(text: str, day: int) -> bool:
    return int(datetime.fromisoformat(text).timestamp()) // 86_400 == day


async def test_its_balances_are_what_its_trades_left() -> None:
    """What was there before its first trade was whole: no fill is missing or told twice."""
    told = await story(3)
    left: defaultdict[str, Decimal] = defaultdict(Decimal)
    for row in told["accounts"]:
        left[row["currency"]] += Decimal(row["balance"]) + Decimal(row["locked"])
    for row in told["details"]:
        way = 1 if row["side"] == "bid" else -1
        left["KRW"] += way * sum(Decimal(t["funds"]) for t in row["trades"]) + Decimal(row["paid_fee"])
        left[row["market"].removeprefix("KRW-")] -= way * Decimal(row["executed_volume"])
    assert left["KRW"] == 40_000_000
    assert all(amount > 0 for amount in left.values())


async def test_it_trades_by_itself() -> None:
    told = await story(1, 600.0, demo_trades=True)
    messages = [m for frame in told["frames"] for m in decode(frame)]
    orders = [m for m in messages if isinstance(m, MyOrder)]
    states = {m.state for m in orders}
    assert states >= {"wait", "trade", "done", "cancel"}
    assert {m.kind for m in orders} >= {"limit", "price"}
    assert any(m.is_maker for m in orders)
    assert 1 <= len(told["open"]) <= 7
    assert len({m.id for m in orders}) < 120, "a little"
    for row in told["accounts"]:
        assert Decimal(row["balance"]) >= 0


async def test_left_alone_it_only_keeps_what_it_has() -> None:
    early, late = await story(1), await story(1, 600.0)
    assert late["frames"] == []
    assert late["accounts"] == early["accounts"]
