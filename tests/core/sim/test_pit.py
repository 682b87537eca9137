"""Orders and what becomes of them, on a floor of its own that stands still unless told."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from core.market import DAY_MS
from core.sim.denied import DeniedError
from core.sim.floor import Floor
from core.sim.frames import Print
from core.sim.grid import SCALE
from core.sim.listing import listing
from core.sim.live import NEVER
from core.sim.paper import FEES, FUNDS_UNIT, SIZE_UNIT, Account, Order, Ticket
from core.sim.past import Past
from core.sim.pit import News, Pit
from core.sim.private_frames import OrderNews, my_order
from tests.core.sim.conftest import NOON_MS

BTC, ETH, IN_BTC, IN_USDT = "KRW-BTC", "KRW-ETH", "BTC-ETH", "USDT-BTC"
LISTED = listing(1)
WON = SCALE * SIZE_UNIT  # of an amount


class Room:
    """A pit and what it told."""

    def __init__(self, cancel_ms: int = 0) -> None:
        self.floor = Floor(1, Past(1, LISTED), NOON_MS)
        self.told: list[tuple[Account, News]] = []
        self.pit = Pit(self.floor, 1, lambda account, news: self.told.append((account, news)), cancel_ms)

    def account(self, **balances: float) -> Account:
        account = Account(f"account {len(self.told)}")
        for currency, amount in (balances or {"KRW": 2_000_000_000, "BTC": 100, "ETH": 1_000, "USDT": 500_000}).items():
            account.put(currency, round(amount * SCALE) * SIZE_UNIT)
        account.changed = {}
        return account

    def place(self, account: Account, **said: Any) -> Order:
        ticket = Ticket(**{"market": BTC, "side": "bid", "kind": "limit"} | said)
        return self.pit.place(account, ticket, self.floor.now_ms)

    def refusal(self, account: Account, **said: Any) -> str:
        with pytest.raises(DeniedError) as why:
            self.place(account, **said)
        return why.value.name

    def levels(self, market: str = BTC) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
        """Return asks and bids, best first."""
        book = self.floor.live(market).book(self.floor.now_ms)
        return book[1].levels, book[2].levels

    def step(self, price: int, steps: int, market: str = BTC) -> int:
        """Return the price so many steps above another one."""
        grid = self.floor.past.of(market).grid
        return grid.price(grid.place(price) + steps)

    def prints(self, price: int, size: int, is_bid: bool = False, market: str = BTC, after_ms: int = 1_000) -> None:
        """Let a trade of the public market happen."""
        self.pit.printed(
            market, [Print(self.floor.now_ms + after_ms, price, size, is_bid, 1, price, price, 1, price, 1)]
        )

    def words(self, order: Order) -> list[str]:
        return [m["state"] for m in self.messages(order)]

    def messages(self, order: Order) -> list[dict[str, Any]]:
        told = [
            json.loads(my_order(n, "DEFAULT"), parse_float=Decimal) for _, n in self.told if isinstance(n, OrderNews)
        ]
        return [message for message in told if message["uuid"] == order.id]


@pytest.fixture
def room() -> Room:
    return Room()


@pytest.fixture
def mine(room: Room) -> Account:
    return room.account()


def test_a_resting_bid_locks_its_price_and_the_fee(room: Room, mine: Account) -> None:
    price = room.step(room.levels()[1][0][0], -10)
    order = room.place(mine, price=price, size=SCALE)
    assert order.state == "wait"
    cost = price * SCALE * FUNDS_UNIT
    assert order.reserved_fee == cost * FEES["KRW"] // 10_000
    assert mine.balance("KRW").locked == order.locked == cost + order.reserved_fee
    assert mine.balance("KRW").total == 2_000_000_000 * WON
    (wait,) = room.messages(order)
    assert (wait["state"], wait["executed_volume"], wait["trade_uuid"], wait["is_maker"]) == ("wait", 0, None, None)


def test_a_resting_ask_locks_coins_and_no_fee(room: Room, mine: Account) -> None:
    order = room.place(mine, side="ask", price=room.step(room.levels()[0][0][0], 10), size=2 * SCALE)
    assert order.reserved_fee == 0
    assert mine.balance("BTC").locked == order.locked == 2 * WON


def test_a_limit_that_crosses_eats_level_by_level_and_rests(room: Room, mine: Account) -> None:
    asks, _ = room.levels()
    (p0, s0), (p1, s1), (p2, _) = asks[:3]
    order = room.place(mine, price=p1, size=s0 + s1 + SCALE)
    assert [(f.price, f.size, f.is_maker, f.is_up) for f in order.fills] == [
        (p0, s0, False, True),
        (p1, s1, False, True),
    ]
    assert (order.state, order.left, order.executed) == ("wait", SCALE, s0 + s1)
    funds = (p0 * s0 + p1 * s1) * FUNDS_UNIT
    assert order.funds == funds
    assert order.paid_fee == funds * 5 // 10_000
    krw = mine.balance("KRW")
    assert krw.locked == p1 * SCALE * FUNDS_UNIT * 10_005 // 10_000
    assert krw.total == 2_000_000_000 * WON - funds - order.paid_fee, "better prices than its own are given back"
    assert mine.balance("BTC").free == 100 * WON + (s0 + s1) * SIZE_UNIT
    assert room.words(order) == ["wait", "trade", "trade"]
    assert p2 > p1


def test_what_was_eaten_is_gone_until_the_book_looks_different(room: Room, mine: Account) -> None:
    (p0, s0), (p1, _) = room.levels()[0][:2]
    first = room.place(mine, price=p0, size=s0 // 2, time_in_force="ioc")
    second = room.place(mine, price=p0, size=s0, time_in_force="ioc")
    third = room.place(room.account(), kind="market", side="ask", size=SCALE // 100)
    assert (first.executed, second.executed) == (s0 // 2, s0 - s0 // 2)
    assert (first.state, second.state) == ("done", "cancel")
    assert third.state == "done", "the other side is whole"
    fourth = room.place(mine, price=p1, size=SCALE // 1000, time_in_force="ioc")
    assert fourth.fills[0].price == p1
    time_ms = room.floor.live(BTC).book_time_ms
    while room.floor.live(BTC).book_time_ms == time_ms:
        room.floor.advance(room.floor.now_ms + 100)
        room.levels()
    (price, size) = room.levels()[0][0]
    again = room.place(mine, price=price, size=size, time_in_force="ioc")
    assert (again.state, again.executed) == ("done", size)


def test_a_market_buy_spends_an_amount_and_ends_in_cancel_with_a_residue(room: Room, mine: Account) -> None:
    price = room.levels()[0][0][0]
    order = room.place(mine, kind="price", price=10_000 * SCALE)
    size = 10_000 * SCALE * SCALE // price
    assert (order.state, order.executed, order.trades_count) == ("cancel", size, 1)
    assert order.reserved_fee == 5 * WON
    residue = 10_000 * WON - price * size * FUNDS_UNIT
    assert order.locked == residue * 10_005 // 10_000 > 0, "goes on to tell what was left"
    assert mine.balance("KRW").locked == 0
    assert mine.balance("KRW").free == 2_000_000_000 * WON - order.funds - order.paid_fee
    wait, trade, cancel = room.messages(order)
    for name in ("volume", "remaining_volume", "executed_volume", "prevented_volume", "trade_uuid", "trade_fee"):
        assert wait[name] is None, name
    assert wait["price"] == 10_000
    assert wait["locked"] == 10_005
    assert (trade["price"] * SCALE, trade["volume"] * SCALE) == (price, size)
    assert trade["is_maker"] is False
    assert trade["trade_timestamp"] == NOON_MS
    assert (cancel["price"], cancel["volume"], cancel["executed_volume"] * SCALE) == (10_000, None, size)


def test_a_market_buy_without_a_residue_is_done(room: Room, mine: Account) -> None:
    price, size = room.levels()[0][0]
    part = size // SCALE * SCALE or SCALE // 100
    order = room.place(mine, kind="price", price=price * part // SCALE)
    assert (order.state, order.locked, order.remaining_fee) == ("done", 0, 0)
    assert room.words(order)[-1] == "done"


def test_a_market_sell_walks_down_the_bids(room: Room, mine: Account) -> None:
    _, bids = room.levels()
    (p0, s0), (p1, _) = bids[:2]
    order = room.place(mine, side="ask", kind="market", size=s0 + 1_000)
    assert order.state == "done"
    assert [(f.price, f.is_up) for f in order.fills] == [(p0, False), (p1, False)]
    assert mine.balance("KRW").free == 2_000_000_000 * WON + order.funds - order.paid_fee


def test_a_market_sell_beyond_the_book_is_cancelled_with_the_rest(room: Room) -> None:
    market, everything = next(
        (code, whole)
        for code, m in reversed(LISTED.items())
        if m.quote == "KRW" and m.halted_day is None
        for bids in [room.levels(code)[1]]
        for whole in [sum(size for _, size in bids)]
        if bids[0][0] * whole * 2 // SCALE < 10**8 * SCALE
    )
    seller = room.account(**{market.removeprefix("KRW-"): everything * 2 / SCALE})
    order = room.place(seller, market=market, side="ask", kind="market", size=everything + 7)
    assert (order.state, order.executed, order.left) == ("cancel", everything, 7)
    assert seller.balance(order.base).locked == 0
    assert room.refusal(seller, market=market, side="ask", kind="market", size=7) == "under_min_total_ask"


def test_fok_fills_whole_or_not_at_all(room: Room, mine: Account) -> None:
    (p0, s0), (p1, s1) = room.levels()[0][:2]
    killed = room.place(mine, price=p1, size=s0 + s1 + 1, time_in_force="fok")
    assert (killed.state, killed.executed) == ("cancel", 0)
    assert room.words(killed) == ["wait", "cancel"]
    filled = room.place(mine, price=p1, size=s0 + s1, time_in_force="fok")
    assert (filled.state, filled.executed) == ("done", s0 + s1)
    assert mine.balance("KRW").locked == 0
    assert p0 < p1


def test_ioc_fills_what_it_can(room: Room, mine: Account) -> None:
    p0, s0 = room.levels()[0][0]
    order = room.place(mine, price=p0, size=s0 + SCALE, time_in_force="ioc")
    assert (order.state, order.executed, order.left) == ("cancel", s0, SCALE)
    assert mine.balance("KRW").locked == 0
    nothing = room.place(mine, price=room.step(p0, -1), size=SCALE, time_in_force="ioc")
    assert (nothing.state, nothing.executed) == ("cancel", 0)


def test_post_only_never_takes(room: Room, mine: Account) -> None:
    asks, bids = room.levels()
    order = room.place(mine, price=asks[0][0], size=SCALE, time_in_force="post_only")
    assert (order.state, order.executed) == ("cancel", 0)
    rests = room.place(mine, price=bids[0][0], size=SCALE, time_in_force="post_only")
    assert rests.state == "wait"


@pytest.mark.parametrize("time", ["ioc", "fok"])
def test_best_takes_the_best_price_and_no_other(room: Room, mine: Account, time: str) -> None:
    asks, bids = room.levels()
    (ask, ask_size), (bid, bid_size) = asks[0], bids[0]
    sold = room.place(mine, side="ask", kind="best", size=bid_size + 1_000, time_in_force=time)
    assert sold.state == "cancel"
    assert {f.price for f in sold.fills} == ({bid} if time == "ioc" else set())
    half = room.place(mine, side="bid", kind="best", price=ask * (ask_size // 2) // SCALE, time_in_force=time)
    assert {f.price for f in half.fills} == {ask}
    assert half.left // (ask * FUNDS_UNIT) == 0, "all that its amount buys"
    more = room.place(mine, side="bid", kind="best", price=ask * ask_size // SCALE + 10_000 * SCALE, time_in_force=time)
    assert more.state == "cancel"
    assert {f.price for f in more.fills} == ({ask} if time == "ioc" else set())


def test_a_print_fills_what_rests_as_maker_at_its_own_price(room: Room, mine: Account) -> None:
    price = room.step(room.levels()[1][0][0], -20)
    order = room.place(mine, price=price, size=SCALE)
    room.prints(room.step(price, 1), 10 * SCALE)
    assert order.executed == 0, "not yet there"
    room.prints(price, SCALE // 4)
    assert order.executed == SCALE // 4, "no more than was traded"
    room.prints(room.step(price, -5), 10 * SCALE)
    assert (order.state, order.executed) == ("done", SCALE)
    assert [(f.price, f.size, f.is_maker) for f in order.fills] == [
        (price, SCALE // 4, True),
        (price, 3 * SCALE // 4, True),
    ]
    assert mine.balance("KRW").locked == 0
    assert room.words(order) == ["wait", "trade", "trade", "done"]
    last = room.messages(order)[-2]
    assert (last["is_maker"], last["remaining_volume"], last["trades_count"]) == (True, 0, 2)
    assert last["avg_price"] * SCALE == price


def test_a_print_is_shared_by_price_then_by_time(room: Room, mine: Account) -> None:
    best = room.levels()[0][0][0]
    other = room.account()
    low = room.step(best, 30)
    first = room.place(mine, side="ask", price=low, size=SCALE)
    late = room.place(other, side="ask", price=low, size=SCALE)
    best_of = room.place(other, side="ask", price=room.step(best, 29), size=SCALE)
    room.prints(low, 5 * SCALE // 2, is_bid=True)
    assert (best_of.state, first.state, late.executed) == ("done", "done", SCALE // 2)


def test_the_floors_own_prints_fill(room: Room, mine: Account) -> None:
    live = room.floor.live(BTC)
    orders = [room.place(mine, price=room.step(live.price, -k), size=SCALE // 100) for k in range(3, 9)]
    assert room.floor.next_ms < NEVER, "the market is played though nobody listens"
    for _ in range(3_600):
        room.floor.advance(room.floor.now_ms + 1_000)
        if any(o.state == "done" for o in orders):
            break
    done = [o for o in orders if o.state == "done"]
    assert done
    assert all(f.is_maker and f.price == o.ticket.price for o in done for f in o.fills)
    for order in orders:
        if order.state == "wait":
            room.pit.cancel(order, room.floor.now_ms)
    assert room.floor.next_ms == NEVER, "and no more when nothing rests"


def test_two_accounts_meet(room: Room, mine: Account) -> None:
    ask, bid = room.levels()[0][0][0], room.levels()[1][0][0]
    between = room.step(bid, 1)
    assert bid < between < ask
    other = room.account()
    resting = room.place(mine, price=between, size=SCALE)
    sold = room.place(other, side="ask", price=between, size=3 * SCALE // 2)
    assert (resting.state, sold.state, sold.left) == ("done", "wait", SCALE // 2)
    assert [f.is_maker for f in resting.fills] == [True]
    assert resting.fills[0].id != sold.fills[0].id
    total = sum(a.balance("KRW").total for a in (mine, other)) + resting.paid_fee + sold.paid_fee
    assert total == 4_000_000_000 * WON


@pytest.mark.parametrize("smp", ["none", "cancel_maker", "cancel_taker", "reduce"])
@pytest.mark.parametrize("kind", ["limit", "price"])
def test_own_orders_meet_as_the_taker_says(room: Room, mine: Account, smp: str, kind: str) -> None:
    bid = room.levels()[1][0][0]
    between = room.step(bid, 1)
    maker = room.place(mine, side="ask", price=between, size=SCALE // 10)
    if kind == "limit":
        taker = room.place(mine, price=between, size=SCALE // 4, smp=smp)
    else:
        taker = room.place(mine, kind="price", price=between // 20, smp=smp)  # half of what the maker sells
    taken = SCALE // 10 if kind == "limit" else SCALE // 20
    if smp == "none":
        assert maker.executed == taken
        assert taker.fills[0].price == between
        assert maker.fills[0].id != taker.fills[0].id
    elif smp == "cancel_maker":
        assert (maker.state, maker.prevented, maker.left, maker.locked) == ("cancel", SCALE // 10, 0, 0)
        assert maker.prevented_locked == SCALE // 10 * SIZE_UNIT
        assert room.words(maker) == ["wait", "prevented", "cancel"]
        assert taker.prevented_locked == 0
        if kind == "limit":
            assert taker.state == "wait"
    elif smp == "cancel_taker":
        assert (maker.state, maker.left) == ("wait", SCALE // 10)
        assert (taker.state, taker.executed, taker.left) == ("cancel", 0, 0)
        assert (
            taker.prevented_locked
            == (between // 4 if kind == "limit" else between // 20) * SIZE_UNIT * 10_005 // 10_000
        )
        assert room.words(taker) == ["wait", "prevented", "cancel"]
    else:
        assert maker.prevented == taken
        assert taker.prevented_locked == between * taken * FUNDS_UNIT * 10_005 // 10_000
        assert (maker.state, taker.state) == (("cancel", "wait") if kind == "limit" else ("wait", "cancel"))
        if kind == "limit":
            assert (taker.left, taker.prevented) == (SCALE // 4 - taken, taken)
        assert maker.executed == taker.executed == 0
    assert mine.balance("BTC").locked == (maker.locked if maker.state == "wait" else 0)
    assert mine.balance("KRW").locked == (taker.locked if taker.state == "wait" else 0)


@pytest.mark.parametrize(
    ("smp", "state"), [("cancel_maker", "done"), ("cancel_taker", "cancel"), ("reduce", "cancel"), ("none", "done")]
)
def test_fok_counts_own_orders_as_its_smp_does(room: Room, mine: Account, smp: str, state: str) -> None:
    between = room.step(room.levels()[1][0][0], 1)
    maker = room.place(mine, side="ask", price=between, size=SCALE // 10)
    (p0, s0) = room.levels()[0][0]
    order = room.place(mine, price=p0, size=s0, time_in_force="fok", smp=smp)
    assert (order.state, order.executed) == (state, s0 if state == "done" else 0)
    assert maker.executed == (min(s0, SCALE // 10) if smp == "none" else 0)
    assert (maker.prevented > 0) == (smp == "cancel_maker")


def test_a_cancel_takes_a_moment_and_a_fill_may_win() -> None:
    room = Room(cancel_ms=200)
    mine = room.account()
    price = room.step(room.levels()[1][0][0], -5)
    orders = [room.place(mine, price=price, size=SCALE) for _ in range(2)]
    now = room.floor.now_ms
    for order in orders:
        room.pit.cancel(order, now)
    due = room.pit.next_ms
    assert now < due <= now + 200
    room.prints(price, 2 * SCALE, after_ms=due - now - 1)
    assert [o.state for o in orders] == ["done", "done"]
    assert [room.words(o) for o in orders] == [["wait", "trade", "done"]] * 2
    lost = room.place(mine, price=price, size=SCALE)
    room.pit.cancel(lost, now)
    room.prints(price, SCALE, after_ms=201)
    assert (lost.state, lost.executed) == ("cancel", 0)
    room.pit.advance(now + 1_000)
    assert room.pit.next_ms == NEVER
    assert room.words(lost) == ["wait", "cancel"]
    assert mine.balance("KRW").locked == 0


def test_a_cancelled_order_goes_on_to_tell_what_it_held(room: Room, mine: Account) -> None:
    order = room.place(mine, price=room.step(room.levels()[1][0][0], -5), size=SCALE)
    held = order.locked
    room.pit.cancel(order, room.floor.now_ms)
    assert (order.state, order.locked, order.left) == ("cancel", held, SCALE)
    assert mine.balance("KRW").locked == 0


def test_instead_comes_only_after_the_cancel() -> None:
    room = Room(cancel_ms=200)
    mine = room.account(KRW=200_000_000)
    price = room.step(room.levels()[1][0][0], -5)
    old = room.place(mine, price=price, size=SCALE)
    room.prints(price, SCALE // 4)
    ticket = Ticket(BTC, "bid", "limit", room.step(price, -1), 0)
    room.pit.cancel(old, room.floor.now_ms + 2_000, ticket, "new one")
    assert mine.find("new one") is None
    room.pit.advance(room.floor.now_ms + 2_300)
    new = mine.find("new one")
    assert new is not None
    assert (old.state, new.state, new.ticket.size) == ("cancel", "wait", 3 * SCALE // 4), "what remained"
    room.pit.cancel(new, room.floor.now_ms + 2_300, ticket._replace(size=SCALE), "never")
    room.prints(room.step(price, -1), SCALE, after_ms=2_299)
    room.pit.advance(room.floor.now_ms + 2_600)
    assert new.state == "done"
    assert mine.find("never") is None, "the old one was filled first"


def test_what_the_new_one_cannot_pay_is_not_there(room: Room) -> None:
    price = room.step(room.levels()[1][0][0], -5)
    mine = room.account(KRW=price * 11 // 10 / SCALE)
    old = room.place(mine, price=price, size=SCALE)
    room.pit.cancel(old, room.floor.now_ms, Ticket(BTC, "bid", "limit", price, 2 * SCALE), "too much")
    assert old.state == "cancel"
    assert mine.find("too much") is None
    assert mine.balance("KRW").locked == 0


@pytest.mark.parametrize(
    ("market", "least"), [(BTC, 5_000 * SCALE), (IN_BTC, 5_000), (IN_USDT, SCALE // 2), ("KRW-DOGE", 5_000 * SCALE)]
)
def test_the_least_that_an_order_may_come_to(room: Room, market: str, least: int) -> None:
    mine = room.account(KRW=10**9, BTC=100, USDT=10**6, ETH=100, DOGE=10**6)
    _, bids = room.levels(market)
    price = bids[-1][0]
    enough = -(-least * SCALE // price)
    assert room.refusal(mine, market=market, price=price, size=enough - 1) == "under_min_total_bid"
    assert room.place(mine, market=market, price=price, size=enough).state == "wait"
    assert room.refusal(mine, market=market, kind="price", price=least - 1) == "under_min_total_bid"
    assert room.refusal(mine, market=market, side="ask", price=price, size=enough - 1) == "under_min_total_ask"
    few = least * SCALE // bids[0][0] - 1
    assert room.refusal(mine, market=market, side="ask", kind="market", size=few) == "under_min_total_ask"


def test_the_most_that_an_order_may_come_to(room: Room) -> None:
    mine = room.account(KRW=3 * 10**9, BTC=1_000)
    assert room.refusal(mine, kind="price", price=10**9 * SCALE + SCALE) == "over_krw_funds_bid"
    size = 10**9 * SCALE * SCALE // room.levels()[1][0][0] + SCALE
    assert room.refusal(mine, side="ask", kind="market", size=size) == "over_krw_funds_ask"
    assert room.place(mine, price=100_000_000 * SCALE, size=10 * SCALE).state == "wait"


@pytest.mark.parametrize(
    ("market", "good", "bad"),
    [
        (BTC, 100_000_000 * SCALE, 100_000_500 * SCALE),
        (ETH, 999_500 * SCALE, 999_600 * SCALE),
        ("KRW-DOGE", 99 * SCALE + 90_000_000, 99 * SCALE + 95_000_000),
        (IN_USDT, 50_000 * SCALE + 1_000_000, 50_000 * SCALE + 500_000),
    ],
)
def test_prices_stand_on_steps(room: Room, market: str, good: int, bad: int) -> None:
    mine = room.account(KRW=10**9, BTC=100, USDT=10**6)
    size = 10_000 * SCALE if market == "KRW-DOGE" else SCALE
    assert room.place(mine, market=market, price=good, size=size).ticket.price == good
    assert room.refusal(mine, market=market, price=bad, size=size) == "invalid_price_bid"


def test_one_can_spend_what_one_has_and_no_more(room: Room) -> None:
    price = room.step(room.levels()[1][0][0], -5)
    size = SCALE // 10
    needed = price * size * FUNDS_UNIT * 10_005 // 10_000
    mine = room.account()
    mine.balances.clear()
    mine.put("KRW", needed - 1)
    assert room.refusal(mine, price=price, size=size) == "insufficient_funds_bid"
    mine.put("KRW", 1)
    room.place(mine, price=price, size=size)
    assert (mine.balance("KRW").free, mine.balance("KRW").locked) == (0, needed)
    assert room.refusal(mine, side="ask", kind="market", size=SCALE) == "insufficient_funds_ask"


def test_fees_are_those_of_the_quote_currency(room: Room, mine: Account) -> None:
    for market, share in ((BTC, 5), (IN_BTC, 25), (IN_USDT, 25)):
        price, size = room.levels(market)[0][0]
        order = room.place(mine, market=market, price=price, size=min(size, SCALE), time_in_force="ioc")
        assert order.executed
        assert order.paid_fee * 10_000 == order.funds * share


def test_markets_that_do_not_trade(room: Room, mine: Account) -> None:
    day = NOON_MS // DAY_MS
    assert room.refusal(mine, market="KRW-NOPE", price=SCALE, size=10_000 * SCALE) == "notfoundmarket"
    room.floor.hide(ETH)
    assert room.refusal(mine, market=ETH, price=4_000_000 * SCALE, size=SCALE) == "market_offline"
    halted = [m.code for m in LISTED.values() if m.halted_day is not None and m.quote == "KRW"]
    room.floor.advance((LISTED[halted[0]].halted_day or day) * DAY_MS + DAY_MS)
    assert room.refusal(mine, market=halted[0], price=SCALE, size=10_000 * SCALE) == "market_offline"


def test_nothing_of_a_delisted_market_is_filled(room: Room, mine: Account) -> None:
    price = room.step(room.levels()[1][0][0], -5)
    order = room.place(mine, price=price, size=SCALE)
    room.floor.hide(BTC)
    room.prints(price, SCALE)
    assert order.executed == 0
    room.floor.hidden.discard(BTC)
    room.prints(price, SCALE)
    assert order.state == "done"


def test_identifiers_serve_once_for_ever(room: Room, mine: Account) -> None:
    price = room.step(room.levels()[1][0][0], -5)
    order = room.place(mine, price=price, size=SCALE, identifier="x")
    room.pit.cancel(order, room.floor.now_ms)
    assert room.refusal(mine, price=price, size=SCALE, identifier="x") == "duplicated_identifier"
    assert mine.find("", "x") is order
    assert room.place(room.account(), price=price, size=SCALE, identifier="x").ticket.identifier == "x"


def test_the_average_price_is_over_buys_and_stays_on_sells(room: Room) -> None:
    mine = room.account(KRW=2_000_000_000)
    price = room.step(room.levels()[1][0][0], -20)
    for at in (price, room.step(price, -100)):
        room.place(mine, price=at, size=SCALE)
        room.prints(at, SCALE)
    expected = (price + room.step(price, -100)) // 2
    assert mine.balance("BTC").avg_price == expected
    room.place(mine, side="ask", kind="market", size=SCALE // 100)
    assert mine.balance("BTC").avg_price == expected
    up = room.step(room.levels()[0][0][0], 200)
    sold = room.place(mine, side="ask", price=up, size=2 * SCALE - SCALE // 100)
    room.prints(up, 10 * SCALE, is_bid=True)
    assert sold.state == "done"
    assert (mine.balance("BTC").total, mine.balance("BTC").avg_price) == (0, 0)


def test_the_average_of_a_buy_in_btc_is_in_won(room: Room) -> None:
    mine = room.account(BTC=10)
    price, size = room.levels(IN_BTC)[0][0]
    room.place(mine, market=IN_BTC, price=price, size=min(size, SCALE), time_in_force="ioc")
    assert mine.balance("ETH").avg_price == price * room.floor.live(BTC).price // SCALE


def test_ids_are_those_of_the_seed(room: Room, mine: Account) -> None:
    price = room.step(room.levels()[1][0][0], -5)
    ids = [room.place(mine, price=price, size=SCALE // 1000).id for _ in range(50)]
    assert len(set(ids)) == 50
    assert all(len(i) == 36 and i[14] == "4" and i[19] in "89ab" for i in ids)
    again = Room()
    account = again.account()
    assert [again.place(account, price=price, size=SCALE // 1000).id for _ in range(50)] == ids
