"""The account: whatever order events and REST rows arrive in, and however often, it ends as the exchange's own."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from core.state.account import CLOSED_ORDERS, Account, AccountState, Balance, Fill, Order
from core.state.journal import Journal
from core.wire.account import CLOSED_PER_PAGE
from core.wire.private import Announcement, Asset, MyAsset, MyOrder

ZERO = Decimal(0)


def event(state: str, upto: int, whole: int, **more: Any) -> MyOrder:
    """Return an event of an order of a `whole`, of which `upto` is done after it."""
    told: dict[str, Any] = {
        "price": Decimal(100),
        "size": Decimal(whole),
        "remaining": Decimal(whole - upto),
        "executed": Decimal(upto),
        "funds": Decimal(100 * upto),
        "created_ms": 1_000,
    } | more
    return MyOrder("KRW-BTC", told.pop("id", "o"), "BID", "limit", state, **told)


def life(sizes: list[int], end: str) -> tuple[list[MyOrder], list[Order]]:
    """Return the events of an order that is filled in such pieces, and what REST would say after each."""
    total = sum(sizes) + (3 if end == "cancel" else 0)
    done, events, rows = 0, [event("wait", 0, total)], []
    for n, size in enumerate(sizes):
        done += size
        fill = {"fill_id": f"t{n}", "fill_fee": Decimal(1), "is_maker": True, "fill_ms": 2_000 + n}
        events.append(event("trade", done, total, trades_count=n + 1, **(fill | {"size": Decimal(size)})))
    if end:
        events.append(event(end, done, total, trades_count=len(sizes)))
    for one in events:
        state = one.state if one.state in {"done", "cancel"} else "wait"
        rows.append(
            Order(
                "o", "KRW-BTC", "BID", "limit", state, Decimal(100), Decimal(total), one.remaining,
                one.executed or ZERO, fill_count=one.trades_count, created_ms=1_000, funds=one.funds,
            )
        )  # fmt: skip
    return events, rows


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.integers(1, 5), max_size=4),
    st.sampled_from(["", "done", "cancel"]),
    st.data(),
)
def test_an_order_ends_where_it_ended_in_whatever_order_one_hears_of_it(
    sizes: list[int], end: str, data: st.DataObject
) -> None:
    if end == "done" and not sizes:
        sizes = [1]
    events, rows = life(sizes, end)
    told: list[MyOrder | Order] = [*events]
    told += data.draw(st.lists(st.sampled_from([*events, *rows]), max_size=6))
    account, seen = Account(), Journal[Fill](100)
    for one in data.draw(st.permutations(told)):
        before = account.version
        if isinstance(one, MyOrder):
            account.apply_order(one)
        else:
            account.state_order(one)
        for fill in account.fills_since(seen.count):
            seen.add(fill)
        if (order := account.order("o")) is not None:
            assert (order.id in account.open_orders) != (order.id in account.closed_orders)
        assert account.version >= before
    order = account.order("o")
    assert order == rows[-1]
    assert order.is_open == (not end)
    assert [f.id for f in account.fills("KRW-BTC")] == [f"t{n}" for n in range(len(sizes))]
    assert sum((f.size for f in account.fills()), ZERO) == order.executed
    assert account.lacking_fills() == []
    assert len(list(seen)) == len(sizes)
    version = account.version
    for one in told:  # all of it again changes nothing
        account.apply_order(one) if isinstance(one, MyOrder) else account.state_order(one)
    assert (account.version, account.order("o")) == (version, order)


def test_a_market_buy_ends_by_a_cancel_and_counts_by_what_was_executed() -> None:
    account = Account()
    blank: dict[str, Any] = {"size": None, "remaining": None, "executed": None, "funds": None, "price": Decimal(10_000)}
    fresh = structs.replace(event("wait", 0, 1, **blank), kind="price")
    account.apply_order(fresh)
    assert account.open_orders["o"].price == 10_000
    assert account.open_orders["o"].size is None
    account.apply_order(
        MyOrder(
            "KRW-BTC", "o", "BID", "price", "trade", price=Decimal(2_000), size=Decimal("4.99"),
            executed=Decimal("4.99"), funds=Decimal(9_980), trades_count=1, fill_id="t", fill_ms=5,
        )
    )  # fmt: skip
    account.apply_order(structs.replace(fresh, state="cancel", executed=Decimal("4.99"), trades_count=1))
    order = account.closed_orders["o"]
    assert (order.state, order.price, order.executed, order.avg_price) == (
        "cancel",
        10_000,
        Decimal("4.99"),
        Decimal(2_000),
    )


def test_what_is_news_is_told_once_and_what_was_missed_is_told_when_rest_knows_it() -> None:
    account = Account()
    events, rows = life([1, 2], "done")
    account.state_order(rows[0])  # read at the start: no news
    account.apply_order(events[0])
    assert list(account.news) == []
    account.apply_order(events[1])
    account.apply_order(events[1])
    assert [(n.event, n.fill and n.fill.id) for n in account.news] == [(events[1], "t0")]
    cursor = account.news.count
    account.state_order(rows[-1], is_news=True)  # the link was down meanwhile
    account.add_fill(Fill("t1", "o", "KRW-BTC", "BID", Decimal(100), Decimal(2), None, None, 9), is_news=True)
    assert [(n.order.state, n.event, n.fill and n.fill.id) for n in account.news.since(cursor)] == [
        ("done", None, None),
        ("done", None, "t1"),
    ]


assets = st.lists(
    st.tuples(st.sampled_from(["KRW", "BTC", "ETH"]), st.integers(0, 3), st.integers(0, 2)), min_size=1, max_size=8
)


@given(assets, st.data())
def test_balances_end_at_the_newest_statement_however_the_events_overtake_each_other(
    changes: list[tuple[str, int, int]], data: st.DataObject
) -> None:
    events = [MyAsset((Asset(c, Decimal(b), Decimal(k)),), f"a{n}", n, n) for n, (c, b, k) in enumerate(changes)]
    truth: dict[str, tuple[Decimal, Decimal]] = {}
    for one in events:
        for asset in one.assets:
            truth[asset.currency] = asset.balance, asset.locked
    account = Account()
    for one in data.draw(st.permutations(events + data.draw(st.lists(st.sampled_from(events), max_size=3)))):
        account.apply_assets(one)
    assert {c: (b.free, b.locked) for c, b in account.balances.items()} == truth


def test_rest_brings_average_prices_and_does_not_undo_what_changed_meanwhile() -> None:
    account = Account()
    account.state_balances([Balance("KRW", Decimal(10)), Balance("BTC", Decimal(1), avg_price=Decimal(5))], 0)
    cursor = account.asset_cursor
    account.apply_assets(MyAsset((Asset("KRW", Decimal(7), Decimal(3)),), "a", 1, 1))  # while REST was asked
    others = account.state_balances(
        [Balance("KRW", Decimal(10)), Balance("BTC", Decimal(2), avg_price=Decimal(6))], cursor
    )
    assert account.balances["KRW"] == Balance("KRW", Decimal(7), Decimal(3))
    assert account.balances["BTC"] == Balance("BTC", Decimal(2), avg_price=Decimal(6))
    assert others == ["BTC"]
    version = account.version
    same = list(account.balances.values())
    assert account.state_balances(same, account.asset_cursor) == []
    assert account.version == version
    assert account.state_balances([], account.asset_cursor) == ["BTC", "KRW"]
    assert account.balances == {}


def test_notices_are_changed_in_place_and_bounded() -> None:
    account = Account()
    for n in range(300):
        account.apply_notice(Announcement(f"n{n}", f"title {n}"))
    assert len(account.notices) == 200
    changed = Announcement("n250", "other title", "UPDATED")
    account.apply_notice(changed)
    count = account.notice_count
    account.apply_notice(changed)
    assert account.notices[150] == changed
    assert (len(account.notices), account.notice_count) == (200, count)


def test_closed_orders_are_bounded_and_nothing_outlasts_the_key() -> None:
    account = Account()
    changes: list[int] = []
    account.on_change = lambda: changes.append(1)
    for n in range(CLOSED_ORDERS + 10):
        account.apply_order(event("done", 1, 1, id=f"o{n}"))
    assert len(account.closed_orders) == CLOSED_ORDERS
    assert "o9" not in account.closed_orders
    account.set_state(AccountState.LIVE)
    account.set_missing(frozenset({"orders"}))
    version = account.version
    account.forget()
    assert (account.closed_orders, account.open_orders, account.balances) == ({}, {}, {})
    assert (account.state, account.missing) == (AccountState.NO_KEY, frozenset())
    assert account.version > version
    assert len(changes) == account.version


def test_a_reader_of_a_journal_that_fell_behind_can_see_it() -> None:
    journal = Journal[int](3)
    for n in range(5):
        journal.add(n)
    assert (journal.since(0), journal.since(4), journal.since(5), journal.count) == ([2, 3, 4], [4], [], 5)


def test_what_rest_states_of_a_busy_week_is_no_news_because_older_orders_closed_meanwhile() -> None:
    account = Account()
    week = [Order(f"o{n}", "KRW-BTC", "BID", "limit", "done", created_ms=1_000 + n) for n in range(CLOSED_PER_PAGE)]
    for order in week:
        account.state_order(order)
    for n in range(20):
        account.state_order(Order(f"rested{n}", "KRW-BTC", "BID", "limit", "done", created_ms=n), is_news=True)
    assert account.news.count == 20
    for order in week:
        account.state_order(order, is_news=True)
    assert account.news.count == 20


def test_a_cursor_holds_over_a_key_that_goes() -> None:
    account = Account()
    for _ in range(3):
        account.apply_order(event("wait", 0, 1, id=str(account.news.count)))
        account.apply_assets(MyAsset((Asset("KRW", Decimal(account.news.count)),)))
    orders, assets, heard = account.news.count, account.asset_news.count, account.asset_cursor
    account.forget()
    assert not account.news.since(0)
    account.apply_order(event("wait", 0, 1, id="new"))
    account.apply_assets(MyAsset((Asset("KRW", Decimal(9)),)))
    assert [news.order.id for news in account.news.since(orders)] == ["new"]
    assert len(account.asset_news.since(assets)) == 1
    assert account.asset_cursor > heard


def test_a_reader_of_notices_misses_none_of_the_next_keys() -> None:
    account = Account()
    for n in range(5):
        account.apply_notice(Announcement(f"old{n}", "title"))
    cursor = account.notice_news.count
    account.forget()
    account.apply_notice(Announcement("new", "title"))
    assert [n.id for n in account.notice_news.since(cursor)] == ["new"]
    assert [n.id for n in account.notices] == ["new"]
