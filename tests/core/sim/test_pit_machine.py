"""Whatever is ordered, printed and cancelled: nothing is lost, nothing is made, and what is told is what is."""

from __future__ import annotations

import json
from collections import defaultdict
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from core.sim.denied import DeniedError
from core.sim.floor import Floor
from core.sim.frames import Print
from core.sim.grid import SCALE
from core.sim.listing import listing
from core.sim.paper import SIZE_UNIT, Account, Order, Ticket
from core.sim.past import Past
from core.sim.pit import News, Pit
from core.sim.private_frames import OrderNews, account_row, my_asset, my_order, order_row
from tests.core.sim.conftest import NOON_MS

PAST = Past(1, listing(1, 2))
MARKETS = ("KRW-BTC", "KRW-ETH")
STARTED = {"KRW": 400_000_000, "BTC": 3, "ETH": 60}
SAME = {  # told by the stream -> told by REST
    "remaining_volume": "remaining_volume",
    "executed_volume": "executed_volume",
    "prevented_volume": "prevented_volume",
    "prevented_locked": "prevented_locked",
    "trades_count": "trades_count",
    "reserved_fee": "reserved_fee",
    "remaining_fee": "remaining_fee",
    "paid_fee": "paid_fee",
    "locked": "locked",
    "executed_funds": "executed_funds",
    "smp_type": "smp_type",
    "time_in_force": "time_in_force",
    "identifier": "identifier",
}


class Trading(RuleBasedStateMachine):
    """Two accounts, two markets."""

    @initialize(cancel_ms=st.sampled_from([0, 50]))
    def open(self, cancel_ms: int) -> None:
        self.floor = Floor(1, PAST, NOON_MS)
        self.pit = Pit(self.floor, 1, self.hear, cancel_ms)
        self.accounts = [Account("a"), Account("b")]
        for account in self.accounts:
            for currency, amount in STARTED.items():
                account.put(currency, amount * SCALE * SIZE_UNIT)
            account.changed = {}
        self.last: dict[str, dict[str, Any]] = {}  # order -> the last that was told of it
        self.final: defaultdict[str, str] = defaultdict(lambda: "wait")
        self.traded: defaultdict[str, Decimal] = defaultdict(Decimal)
        self.assets: dict[str, dict[str, tuple[Decimal, Decimal]]] = {"a": {}, "b": {}}
        self.printed_ms = NOON_MS

    def hear(self, account: Account, news: News) -> None:
        if isinstance(news, OrderNews):
            said = json.loads(my_order(news, "DEFAULT"), parse_float=Decimal)
            self.last[said["uuid"]] = said
            assert self.final[said["uuid"]] == "wait", "nothing comes after the end"
            if said["state"] in {"done", "cancel"}:
                self.final[said["uuid"]] = said["state"]
            if said["state"] == "trade":
                self.traded[said["uuid"]] += said["volume"]
        else:
            said = json.loads(my_asset(news, "DEFAULT"), parse_float=Decimal)
            for row in said["assets"]:
                now = Decimal(row["balance"]), Decimal(row["locked"])
                self.assets[account.id][row["currency"]] = now

    def open_orders(self) -> list[Order]:
        return [order for account in self.accounts for order in account.open.values()]

    def price(self, market: str, steps: int) -> int:
        grid = self.floor.past.of(market).grid
        return grid.price(grid.place(self.floor.live(market).price) + steps)

    def ticket(self, draw: Any, market: str, side: str) -> Ticket:
        kind = draw(st.sampled_from(["limit", "limit", "limit", "price", "market", "best"]))
        price = self.price(market, draw(st.integers(-25, 25)))
        worth = draw(st.integers(5_000, 30_000_000)) * SCALE
        size = worth * SCALE // price
        smp = draw(st.sampled_from(["none", "cancel_maker", "cancel_taker", "reduce"]))
        match kind:
            case "limit":
                time = draw(st.sampled_from(["", "", "ioc", "fok", "post_only"]))
                said = {"price": price, "size": size, "time_in_force": time}
                smp = "none" if time == "post_only" else smp
            case "best":
                said = {"time_in_force": draw(st.sampled_from(["ioc", "fok"]))}
                said |= {"price": worth} if side == "bid" else {"size": size}
            case _:
                kind = "price" if side == "bid" else "market"
                said = {"price": worth} if side == "bid" else {"size": size}
        return Ticket(**{"market": market, "side": side, "kind": kind, "smp": smp} | said)

    @rule(data=st.data(), who=st.integers(0, 1), market=st.sampled_from(MARKETS), side=st.sampled_from(["bid", "ask"]))
    def place(self, data: Any, who: int, market: str, side: str) -> None:
        account = self.accounts[who]
        before = {c: (b.free, b.locked) for c, b in account.balances.items()}
        try:
            order = self.pit.place(account, self.ticket(data.draw, market, side), self.floor.now_ms)
        except DeniedError:
            assert before == {c: (b.free, b.locked) for c, b in account.balances.items() if c in before}
            return
        if order.ticket.time_in_force == "fok" and order.fills:
            assert order.room(order.fills[-1].price) == 0
        if order.ticket.time_in_force == "post_only":
            assert order.executed == 0
        if order.ticket.kind != "limit" or order.ticket.time_in_force in {"ioc", "fok"}:
            assert order.state != "wait"

    @precondition(lambda self: self.open_orders())
    @rule(data=st.data(), replaces=st.booleans())
    def cancel(self, data: Any, replaces: bool) -> None:
        order = data.draw(st.sampled_from(self.open_orders()))
        instead = self.ticket(data.draw, order.market, order.ticket.side) if replaces else None
        self.pit.cancel(order, self.floor.now_ms, instead, self.pit.new_id())

    @rule(data=st.data(), market=st.sampled_from(MARKETS), steps=st.integers(-25, 25), is_bid=st.booleans())
    def print(self, data: Any, market: str, steps: int, is_bid: bool) -> None:
        price = self.price(market, steps)
        size = data.draw(st.integers(1, 20_000_000)) * SCALE * SCALE // price
        self.pit.advance(self.floor.now_ms)  # what is ordered instead of something may trade too
        here = self.open_orders()
        done = sum(o.executed for o in here)
        self.pit.printed(market, [Print(self.floor.now_ms, price, size, is_bid, 1, price, price, 1, price, 1)])
        assert 0 <= sum(o.executed for o in here) - done <= size

    @rule(ms=st.sampled_from([1, 60, 700]))
    def wait(self, ms: int) -> None:
        self.floor.advance(self.floor.now_ms + ms)
        self.pit.advance(self.floor.now_ms)

    # -- what always holds

    @invariant()
    def nothing_is_negative_and_what_is_locked_is_in_open_orders(self) -> None:
        for account in self.accounts:
            held: defaultdict[str, int] = defaultdict(int)
            for order in account.open.values():
                assert order.state == "wait"
                assert order.left > 0
                held[order.held] += order.locked
            for currency, balance in account.balances.items():
                assert balance.free >= 0
                assert balance.locked == held[currency]

    @invariant()
    def nothing_is_lost_or_made(self) -> None:
        for account in self.accounts:
            expected = {c: amount * SCALE * SIZE_UNIT for c, amount in STARTED.items()}
            for order in account.orders():
                way = 1 if order.is_bid else -1
                assert order.trades_count == len(order.fills)
                assert order.executed == sum(f.size for f in order.fills)
                assert order.funds == sum(f.price * f.size for f in order.fills) * 10**4
                assert order.paid_fee * 10_000 == order.funds * 5
                expected[order.base] += way * order.executed * SIZE_UNIT
                expected[order.quote] -= way * order.funds + order.paid_fee
                if not order.ticket.is_by_amount:
                    assert order.executed + order.left + order.prevented == order.ticket.size
                    freed = order.prevented * (order.ticket.price * 10_005 if order.is_bid else SIZE_UNIT)
                    assert order.prevented_locked == freed
                for fill in order.fills:
                    assert order.reaches(fill.price)
            assert {c: b.total for c, b in account.balances.items()} == expected

    @invariant()
    def nobody_rests_against_anybody(self) -> None:
        for market in MARKETS:
            resting = self.pit._resting.get(market, {}).values()
            bids = [o.ticket.price for o in resting if o.is_bid]
            asks = [o.ticket.price for o in resting if not o.is_bid]
            assert not bids or not asks or max(bids) < min(asks)

    @invariant()
    def no_level_is_eaten_twice(self) -> None:
        for market, (time_ms, eaten) in self.pit._eaten.items():
            shown_ms, asks, bids = self.floor.live(market).book(self.floor.now_ms)
            if shown_ms == time_ms:
                for (is_ask, price), size in eaten.items():
                    assert 0 < size <= dict(asks.levels if is_ask else bids.levels)[price]

    @invariant()
    def what_was_told_is_what_rest_tells(self) -> None:
        for account in self.accounts:
            for order in account.orders():
                row = json.loads(order_row(order, has_funds=True, has_trades=True))
                told = self.last[order.id]
                assert self.final[order.id] == row["state"]
                assert self.traded[order.id] == Decimal(row["executed_volume"])
                assert sum(Decimal(t["funds"]) for t in row["trades"]) == Decimal(row["executed_funds"])
                for ours, theirs in SAME.items():
                    if told[ours] is None:
                        assert row.get(theirs, "0") == "0", ours
                    elif isinstance(told[ours], str):
                        assert row[theirs] == told[ours]
                    else:
                        assert Decimal(row[theirs]) == told[ours], ours
            for currency, (free, locked) in self.assets[account.id].items():
                row = json.loads(account_row(currency, account.balance(currency)))
                assert (Decimal(row["balance"]), Decimal(row["locked"])) == (free, locked)
            silent = STARTED.keys() - self.assets[account.id].keys()
            assert all(account.balance(c).free == STARTED[c] * SCALE * SIZE_UNIT for c in silent)


TestTrading = Trading.TestCase
TestTrading.settings = settings(
    max_examples=60, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
)
