"""One's own account over real sockets: whatever happens to the link, it ends as the exchange's own."""

from __future__ import annotations

import asyncio
import logging
import random
import secrets
import sys
import threading
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import aiohttp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import AuthError
from core.feed import late
from core.feed.accountant import DETAILS, RECHECK_S, RETRY_S, order_of
from core.feed.endpoint import Endpoint
from core.feed.feed import Feed
from core.feed.services import Services
from core.market import MY_ASSET, MY_ORDER, TICKER, Stream
from core.sim.exchange import Exchange
from core.sim.fastloop import FastLoop
from core.sim.paper import Account as Paper
from core.state.account import AccountState
from core.wire import account as rest
from core.wire.auth import AccessKey, authorization, query_text
from tests.conftest import ExpectLog
from tests.core.feed.conftest import clock, pass_time
from tests.waiting import until

BTC = "KRW-BTC"


class Owner:
    """A feed that follows an account, and somebody who trades on that account elsewhere."""

    def __init__(self, exchange: Exchange, paper: Paper) -> None:
        self.exchange, self.paper = exchange, paper
        self.key = AccessKey(paper.key.access, paper.key.secret)
        self.feed = Feed(asyncio.get_running_loop().time)
        endpoint = Endpoint(exchange.ws_url, exchange.rest_url, is_real=False)
        self.services = Services(self.feed, endpoint, has_board=False, key=self.key, clock_ms=exchange.now_ms)
        self.account = self.feed.account
        self._session = aiohttp.ClientSession()

    async def close(self) -> None:
        await asyncio.gather(self.services.close(), self._session.close())

    async def live(self) -> None:
        await until(lambda: self.account.state is AccountState.LIVE, 20.0)

    async def order(self, **body: str) -> dict[str, Any]:
        """Place an order the way another program would."""
        headers = authorization(self.key, query_text(body.items()))
        async with self._session.post(f"{self.exchange.rest_url}/orders", json=body, headers=headers) as answer:
            told: dict[str, Any] = await answer.json()
            assert answer.status == 201, told
            return told

    async def cancel(self, order_id: str, *, may_be_filled: bool = False) -> None:
        params = (("uuid", order_id),)
        headers = authorization(self.key, query_text(params))
        async with self._session.delete(f"{self.exchange.rest_url}/order", params=params, headers=headers) as answer:
            said = await answer.text()
            if may_be_filled and answer.status == 404:  # the market went on until the request came
                assert all(order.state != "wait" for order in self.paper.orders() if order.id == order_id), said
            else:
                assert answer.status == 200, said

    async def rest_below(self, share: float, krw: float = 100_000) -> dict[str, Any]:
        """Leave a bid that rests so far below the market."""
        price = int(self.price * (1 - share)) // 1_000 * 1_000
        return await self.order(market=BTC, side="bid", ord_type="limit", volume=f"{krw / price:.8f}", price=str(price))

    @property
    def price(self) -> float:
        return self.exchange.floor.live(BTC).prints[-1].price / 1e8

    async def is_as_the_exchange_says(self) -> None:
        """Compare everything with what REST says now, and wait until it is so."""
        http = self.services.http
        async with asyncio.timeout(60.0):
            while True:
                rows = {
                    row.currency: (row.balance, row.locked, row.avg_buy_price)
                    for row in await http.get(rest.accounts())
                }
                mine = {c: (b.free, b.locked, b.avg_price) for c, b in self.account.balances.items()}
                theirs = [order_of(row) for row in await http.get(rest.open_orders())]
                closed = [order_of(row) for row in await http.get(rest.closed_orders())]
                is_same = mine == rows and {o.id for o in theirs} == self.account.open_orders.keys()
                is_same &= all(_is_same(self.account.order(o.id), o) for o in (*theirs, *closed))
                is_same &= not self.account.lacking_fills()
                if is_same:
                    return
                await asyncio.sleep(0.2)


def _is_same(mine: Any, theirs: Any) -> bool:
    return mine is not None and (mine.state, mine.executed, mine.remaining) == (
        theirs.state,
        theirs.executed,
        theirs.remaining,
    )


@pytest.fixture
async def owner(exchange: Exchange) -> AsyncIterator[Owner]:
    owner = Owner(exchange, exchange.open_account({"KRW": "10000000.5", "BTC": "0.12345678"}))
    yield owner
    await owner.close()


async def test_it_is_read_at_the_start_and_follows_the_streams(owner: Owner) -> None:
    assert owner.account.state is AccountState.ASKING
    await owner.live()
    assert owner.account.balances["KRW"].free == Decimal("10000000.5")
    assert owner.account.balances["BTC"].free == Decimal("0.12345678")
    calls = dict(owner.exchange.rest_requests)
    resting = await owner.rest_below(0.05)
    await until(lambda: resting["uuid"] in owner.account.open_orders)
    await until(lambda: owner.account.balances["KRW"].locked > 0)
    assert owner.exchange.rest_requests["default"] == calls["default"], "the streams told it"
    await owner.order(market=BTC, side="bid", ord_type="price", price="100000")
    await until(lambda: bool(owner.account.fills(BTC)))
    await owner.is_as_the_exchange_says()
    fills = owner.account.fills(BTC)
    done = owner.account.closed_orders[fills[0].order_id]
    assert sum(f.size for f in fills) == done.executed
    assert owner.account.balances["BTC"].avg_price > 0, "which by the streams nobody tells"
    await owner.cancel(resting["uuid"])
    await until(lambda: resting["uuid"] in owner.account.closed_orders)
    assert owner.account.closed_orders[resting["uuid"]].state == "cancel"
    await owner.is_as_the_exchange_says()
    assert owner.exchange.violations == {}


async def test_what_happened_while_the_link_was_down_is_found_and_is_news(owner: Owner) -> None:
    await owner.live()
    kept = await owner.rest_below(0.05)
    gone = await owner.rest_below(0.06)
    await until(lambda: len(owner.account.open_orders) == 2)
    cursor = owner.account.news.count
    owner.exchange.trouble.refuse(503, count=2)
    owner.exchange.trouble.drop()
    await until(lambda: owner.account.state is AccountState.STALE)
    await owner.cancel(gone["uuid"])
    bought = await owner.order(market=BTC, side="bid", ord_type="price", price="200000")
    assert gone["uuid"] in owner.account.open_orders, "nobody told us yet"
    await owner.live()
    await owner.is_as_the_exchange_says()
    assert owner.account.open_orders.keys() == {kept["uuid"]}
    assert owner.account.closed_orders[gone["uuid"]].state == "cancel"
    news = owner.account.news.since(cursor)
    late = [(n.order.id, n.fill is not None) for n in news if n.event is None]
    assert (gone["uuid"], False) in late
    assert (bought["uuid"], True) in late
    assert len({n.fill.id for n in news if n.fill}) == sum(n.fill is not None for n in news)


async def test_fills_of_before_the_start_are_no_news_however_often_the_account_is_checked(owner: Owner) -> None:
    await owner.live()
    for _ in range(DETAILS + 5):
        await owner.order(market=BTC, side="bid", ord_type="price", price="6000")
        await pass_time(0.1)  # so many a second are too many
    late = Owner(owner.exchange, owner.paper)
    await late.live()
    assert len(late.account.lacking_fills()) == 5, "the oldest are not asked for one by one"
    calls = owner.exchange.rest_requests["default"]
    await pass_time(2.5 * RECHECK_S)
    assert late.account.news.count == 0
    assert owner.exchange.rest_requests["default"] - calls < 20
    await late.close()


async def test_what_signs_is_not_loaded_in_the_thread_that_paints(
    exchange: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded_in: list[threading.Thread] = []

    class Finder:
        def find_spec(self, name: str, *_: object) -> None:
            if name == "jwt":
                loaded_in.append(threading.current_thread())

    monkeypatch.delitem(sys.modules, "jwt", raising=False)
    monkeypatch.setattr(late, "_loaded", set())
    monkeypatch.setattr(sys, "meta_path", [Finder(), *sys.meta_path])
    owner = Owner(exchange, exchange.open_account())
    await owner.live()
    assert loaded_in
    assert threading.main_thread() not in loaded_in
    await owner.close()


async def test_a_link_that_was_silent_for_a_moment_is_live_when_it_speaks_again(owner: Owner) -> None:
    await owner.live()
    owner.exchange.trouble.stall()
    await until(lambda: owner.account.state is AccountState.STALE, 12.0)
    assert owner.account.cause == "silent"
    opened = owner.exchange.opened
    owner.exchange.trouble.resume()
    await pass_time(5.0)
    assert owner.exchange.opened == opened, "the same socket"
    assert owner.account.state is AccountState.LIVE


async def test_frames_that_cannot_be_read_are_no_storm_of_calls(owner: Owner) -> None:
    await owner.live()
    calls, begun = owner.exchange.rest_requests["default"], asyncio.get_running_loop().time()
    states = set()
    for _ in range(600):
        owner.feed.on_private_frame(0, b'{"type":"myFuture"}')
        states.add(owner.account.state)
        await pass_time(0.05)
    seconds = asyncio.get_running_loop().time() - begun
    assert calls < owner.exchange.rest_requests["default"] < calls + 6 * seconds / RETRY_S
    assert states == {AccountState.LIVE}
    await owner.is_as_the_exchange_says()
    await pass_time(2 * RETRY_S)


async def test_what_a_key_may_not_see_is_asked_for_once(exchange: Exchange) -> None:
    owner = Owner(exchange, exchange.open_account(permissions=["asset_view"]))
    await owner.live()
    await pass_time(5.0)
    calls = exchange.rest_requests["default"]
    await pass_time(4.5 * RECHECK_S)
    assert exchange.rest_requests["default"] == calls + 4, "balances, once a check"
    await owner.close()


@pytest.mark.parametrize("fault", ["half_open", "stall", "duplicate", "reorder", "truncate"])
async def test_faults_of_the_link_leave_the_account_right(owner: Owner, fault: str) -> None:
    await owner.live()
    match fault:
        case "half_open":
            owner.exchange.trouble.half_open()
        case "stall":
            owner.exchange.trouble.stall()
        case "truncate":
            owner.exchange.trouble.spoil(truncate=0.5)
        case _:
            owner.exchange.trouble.spoil(**{fault: 0.6})
    for _ in range(4):
        await owner.rest_below(0.03)
        await owner.order(market=BTC, side="bid", ord_type="price", price="20000")
        await pass_time(1.0)
    await pass_time(20.0)
    owner.exchange.trouble.end_faults()
    await pass_time(RECHECK_S if fault == "truncate" else 5.0)
    await owner.live()
    await owner.is_as_the_exchange_says()
    assert owner.exchange.violations == {}


async def test_an_average_price_is_read_again_where_a_fill_came_while_it_was_read(
    owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    await owner.live()
    get, late = owner.services.http.get, []

    async def held(call: Any, *args: Any) -> Any:
        answer = await get(call, *args)
        if call.path == rest.accounts().path and len(owner.account.fills()) == 1 and not late:
            late.append(await owner.order(market=BTC, side="bid", ord_type="price", price="500000"))
            await until(lambda: len(owner.account.fills()) > 1)
        return answer  # of before that fill

    monkeypatch.setattr(owner.services.http, "get", held)
    await owner.order(market=BTC, side="bid", ord_type="price", price="20000")
    await until(lambda: bool(late))
    await pass_time(3.0)  # a check of everything comes much later
    (btc,) = [row for row in await get(rest.accounts()) if row.currency == "BTC"]
    assert owner.account.balances["BTC"].avg_price == btc.avg_buy_price


async def test_rest_that_fails_is_asked_again_and_said(owner: Owner) -> None:
    owner.exchange.trouble.refuse_rest(500, count=20, group="default")
    await until(lambda: owner.account.cause == "server")
    assert owner.account.state is AccountState.ASKING
    owner.exchange.trouble.end_faults()
    await owner.live()
    assert owner.account.cause == ""


@pytest.mark.parametrize("by_frame", [False, True])
async def test_a_key_that_ends_while_it_is_in_use_is_known_at_the_next_handshake(
    owner: Owner, expected_log: ExpectLog, by_frame: bool
) -> None:
    await owner.live()
    expected_log("does not take the key")
    if by_frame:
        expected_log("refused a request on link")
    owner.exchange.trouble.refuse_auth_by_frame(by_frame)
    owner.exchange.drop_key(owner.paper.key)
    owner.exchange.trouble.drop()
    await until(lambda: owner.account.state is AccountState.REFUSED)
    assert owner.account.cause == ("INVALID_AUTH" if by_frame else "jwt_verification")
    assert owner.account.balances, "what was known stays on the screen"
    opened = owner.exchange.opened
    await pass_time(300.0)
    assert owner.exchange.opened == opened


async def test_a_key_that_is_refused_is_never_tried_again_and_the_market_flows_on(
    exchange: Exchange, expected_log: ExpectLog
) -> None:
    expected_log("does not take the key")
    feed = Feed(asyncio.get_running_loop().time)
    endpoint = Endpoint(exchange.ws_url, exchange.rest_url, is_real=False)
    key = AccessKey(secrets.token_hex(20), secrets.token_hex(20))
    services = Services(feed, endpoint, has_board=False, key=key, clock_ms=exchange.now_ms)
    lease = feed.lease(lambda _stream: None)
    lease.want({Stream(TICKER, BTC)})
    await until(lambda: feed.account.state is AccountState.REFUSED)
    assert feed.account.cause
    opened, calls = exchange.opened, exchange.rest_requests["default"]
    services.retry()
    await pass_time(300.0)
    assert exchange.private_connections == 0
    assert exchange.rest_requests["default"] <= calls + 2
    assert exchange.opened <= opened + 1
    assert feed.store.ticker(BTC) is not None
    assert feed.health.is_healthy(feed.now())
    account = exchange.open_account()
    services.set_key(AccessKey(account.key.access, account.key.secret))
    await until(lambda: feed.account.state is AccountState.LIVE)
    services.set_key(None)
    assert feed.account.state is AccountState.NO_KEY
    await until(lambda: exchange.private_connections == 0)
    await services.close()


async def test_what_the_socket_of_a_key_that_is_gone_still_hears_is_not_kept(owner: Owner) -> None:
    await owner.live()
    private = owner.services.private
    assert private is not None
    (link,) = private.links.values()
    assert link._socket is not None
    hear = link._socket.on_data
    frame = b'{"type":"myAsset","asset_uuid":"1","assets":[{"currency":"KRW","balance":7,"locked":0}]}'
    hear(frame)
    assert owner.account.balances["KRW"].free == 7
    owner.services.set_key(None)
    hear(frame)  # it closes with a handshake, and until that is over it reads on
    assert not owner.account.balances
    assert owner.account.state is AccountState.NO_KEY


@pytest.mark.parametrize(
    ("permissions", "missing", "state"),
    [
        (["asset_view"], {"orders"}, AccountState.LIVE),
        (["order_view"], {"balances"}, AccountState.LIVE),
        (["asset_view", "order_view"], set(), AccountState.LIVE),
        (["order_make"], set(), AccountState.REFUSED),
    ],
)
async def test_what_a_key_may_not_see_is_said_and_the_rest_is_shown(
    exchange: Exchange, expected_log: ExpectLog, permissions: list[Any], missing: set[str], state: AccountState
) -> None:
    if state is AccountState.REFUSED:
        expected_log("does not take the key")
    owner = Owner(exchange, exchange.open_account(permissions=permissions))
    await until(lambda: owner.account.state is state)
    assert owner.account.missing == missing
    assert owner.account.cause == ("out_of_scope" if state is AccountState.REFUSED else "")
    await owner.close()


async def test_another_address_is_refused_by_its_name(exchange: Exchange, expected_log: ExpectLog) -> None:
    expected_log("does not take the key: no_authorization_ip")
    owner = Owner(exchange, exchange.open_account(ips=["192.0.2.1"]))
    await until(lambda: owner.account.state is AccountState.REFUSED)
    assert owner.account.cause == "no_authorization_ip"
    await owner.close()


async def test_a_call_without_a_key_says_so(client: Any) -> None:
    with pytest.raises(AuthError, match="needs an API key"):
        await client.http.get(rest.accounts())


async def test_no_half_of_a_key_is_in_anything_that_is_said(
    exchange: Exchange, caplog: pytest.LogCaptureFixture, expected_log: ExpectLog
) -> None:
    expected_log("")
    caplog.set_level(logging.DEBUG)
    for n in range(6):
        wrong = AccessKey(secrets.token_hex(20), secrets.token_hex(20))
        paper = exchange.open_account()
        owner = Owner(exchange, paper)
        await owner.live()
        keys = [owner.key, wrong]
        match n % 3:
            case 0:
                owner.exchange.trouble.spoil(truncate=0.9, garbage=0.5)
            case 1:
                owner.exchange.trouble.refuse_rest(401, count=9, group="default", body="no")
            case 2:
                owner.services.set_key(wrong)
        await owner.order(market=BTC, side="bid", ord_type="price", price="20000")
        await pass_time(130.0)
        told = caplog.text + repr(owner.services.__dict__) + repr(owner.feed.__dict__) + repr(owner.account.__dict__)
        told += repr(
            [link.__dict__ for link in (owner.services.private.links.values() if owner.services.private else ())]
        )
        exchange.trouble.end_faults()
        await owner.close()
        for key in keys:
            assert key._access not in told
            assert key._secret not in told
    assert "Bearer" not in caplog.text


async def test_leases_of_the_account_are_one_private_socket(owner: Owner) -> None:
    lease = owner.feed.lease(lambda _stream: None)
    lease.want({Stream(MY_ORDER, ""), Stream(MY_ASSET, "")})
    await owner.live()
    assert owner.exchange.private_connections == 1
    lease.close()
    await pass_time(60.0)
    assert owner.exchange.private_requests == [["announcement", "myAsset", "myOrder"]]


WISHES = ("far", "near", "buy", "sell", "post_only", "cancel", "cross", "drop", "half_open", "outage", "wait", "spoil")


async def _live_through(wishes: list[str], seed: int) -> None:
    """Trade and break things in this order; in the end, and whenever all is well, the account is the exchange's."""
    dice = random.Random(seed)
    async with Exchange(seed=seed, markets=3, now_ms=clock()) as exchange:
        owner = Owner(exchange, exchange.open_account({"KRW": "50000000", "BTC": "0.3"}))
        await owner.live()
        try:
            for wish in wishes:
                await _do(owner, wish, dice)
            exchange.trouble.end_faults()
            await pass_time(1.0)
            await owner.live()
            await owner.is_as_the_exchange_says()
            news = [n for n in owner.account.news if n.fill is not None]
            assert len({n.fill.id for n in news}) == len(news), "a fill was told twice"
            for order in owner.account.closed_orders.values():
                fills = sum((f.size for f in owner.account.fills() if f.order_id == order.id), Decimal(0))
                assert fills == order.executed
            assert exchange.violations == {}
        finally:
            await owner.close()


async def _do(owner: Owner, wish: str, dice: random.Random) -> None:
    exchange, price = owner.exchange, int(owner.price) // 1_000 * 1_000
    resting = [order.id for order in owner.paper.orders() if order.state == "wait" and not order.is_leaving]
    size = f"{dice.uniform(0.0002, 0.004):.8f}"
    match wish:
        case "far" | "near" | "post_only":
            below = price - (dice.randrange(1, 4) if wish == "near" else dice.randrange(100, 900)) * 1_000
            more = {"time_in_force": "post_only"} if wish == "post_only" else {}
            await owner.order(market=BTC, side="bid", ord_type="limit", volume=size, price=str(below), **more)
        case "cross":
            side = dice.choice(["bid", "ask"])
            through = price + (50_000 if side == "bid" else -50_000)
            await owner.order(market=BTC, side=side, ord_type="limit", volume=size, price=str(through))
        case "buy":
            await owner.order(market=BTC, side="bid", ord_type="price", price=str(dice.randrange(6_000, 400_000)))
        case "sell":
            await owner.order(market=BTC, side="ask", ord_type="market", volume=size)
        case "cancel" if resting:
            await owner.cancel(dice.choice(resting), may_be_filled=True)
        case "drop":
            exchange.trouble.drop()
        case "half_open":
            exchange.trouble.half_open()
        case "outage":
            exchange.trouble.refuse(503, count=2)
            exchange.trouble.drop()
        case "spoil":
            exchange.trouble.spoil(duplicate=0.4, reorder=0.4, delay_ms=300)
        case "wait":
            await pass_time(dice.uniform(0.5, 12.0))
    await pass_time(dice.uniform(0.0, 0.3))


@settings(max_examples=12, deadline=None)
@given(st.lists(st.sampled_from(WISHES), min_size=4, max_size=25), st.integers(1, 10_000))
def test_whatever_happens_the_account_ends_as_the_exchanges(wishes: list[str], seed: int) -> None:
    with asyncio.Runner(loop_factory=FastLoop) as runner:
        runner.run(_live_through(wishes, seed))
