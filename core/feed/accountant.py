"""Keeps the account right: all of it by REST whenever the streams (re)started, and the streams from then on."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Coroutine
from decimal import Decimal
from typing import Any

from core.errors import AuthError, FeedError, UnreachableError
from core.feed import tasks
from core.feed.feed import Feed
from core.feed.health import LinkState
from core.feed.http import Http
from core.feed.link import Link
from core.market import ANNOUNCEMENT, MY_ASSET, MY_ORDER, Stream
from core.state.account import ZERO, AccountState, Balance, Fill, Order
from core.wire import account as rest
from core.wire.account import AccountRow, OrderRow

RETRY_S = 3.0
SETTLE_S = 1.0  # after a fill, or where REST and stream differ: average prices come by REST alone, and that lags
SETTLE_TRIES = 5  # until it says nothing else any more
RECHECK_S = 120.0  # a stream that lost something says nothing of it, and two calls are cheap
DETAILS = 50  # orders whose fills are read at the start, the newest; a reconnect reads all that it has to
STREAMS = frozenset({Stream(MY_ORDER, ""), Stream(MY_ASSET, ""), Stream(ANNOUNCEMENT, "")})
_STREAMS_OF = {"balances": {Stream(MY_ASSET, "")}, "orders": {Stream(MY_ORDER, "")}}
_OUT_OF_SCOPE = "out_of_scope"

log = logging.getLogger(__name__)


class Accountant:
    """Joins one key's account to the feed, from when it is made until it is closed.

    Args:
        link: returns the private link, None before it is opened.
        on_allowed: `allowed` changed, the streams that the key may ask for.
        on_refused: the exchange does not take the key; nothing is to be tried any more.
    """

    def __init__(
        self,
        feed: Feed,
        http: Http,
        link: Callable[[], Link | None],
        on_allowed: Callable[[], None],
        on_refused: Callable[[], None],
    ) -> None:
        self._feed = feed
        self._http = http
        self._link = link
        self.allowed: frozenset[Stream] = frozenset()
        self._on_allowed = on_allowed
        self._on_refused = on_refused
        self._loop = asyncio.get_running_loop()
        self._connects = 0  # of the link, when the account was checked last
        self._has_read = False
        self._fills_seen = 0
        self._before: dict[str, Decimal] = {}  # order -> what of it had been executed when it was read first: no news
        self._check: asyncio.Task[None] | None = None
        self._settle: asyncio.Task[None] | None = None
        self._recheck: asyncio.TimerHandle | None = None
        self._doubts: asyncio.TimerHandle | None = None
        self._is_closed = False
        self._account = feed.account
        self._account.set_state(AccountState.ASKING)
        feed.on_account_unsure = self._doubt
        self._lease = feed.lease(self._on_stream, is_background=True)
        # First by REST: a key that may not see everything is refused with all it asks for on a socket.
        self._start_check()

    async def close(self) -> None:
        """Stop, and wait until nothing runs any more."""
        self.stop()
        await asyncio.gather(*(x for x in (self._check, self._settle) if x is not None), return_exceptions=True)

    def stop(self) -> None:
        """Want nothing any more, at once. What is known of the account stays."""
        if self._is_closed:
            return
        self._is_closed = True
        self._lease.close()
        self._feed.on_account_unsure = lambda: None
        for timer in (self._recheck, self._doubts):
            if timer is not None:
                timer.cancel()
        for task in (self._check, self._settle):  # an answer that is there already is of an account that is gone
            if task is not None and task is not asyncio.current_task():
                task.cancel()

    # What happens.

    def look(self) -> None:
        """The private link's state changed."""
        link = self._link()
        if link is None or self._is_closed:
            return
        health = link.health
        if health.state is LinkState.OPEN and not health.is_silent:
            if health.connects != self._connects:
                self._connects = health.connects
                self._start_check()
            elif self._account.state is AccountState.STALE and (self._check is None or self._check.done()):
                self._start_check()  # it was silent for a while, on the same socket
        elif health.state is LinkState.REFUSED:
            self._refuse(health.refusal or health.cause)
        elif self._has_read:
            self._account.set_state(AccountState.STALE, "silent" if health.is_silent else health.cause)
        elif health.cause:
            self._account.set_state(AccountState.ASKING, health.cause)

    def _on_stream(self, stream: Stream) -> None:
        if stream.channel != MY_ORDER or self._account.fill_count == self._fills_seen:
            return
        self._fills_seen = self._account.fill_count
        self._start_settle()

    def _refuse(self, name: str) -> None:
        log.warning("the exchange does not take the key: %s", name)
        self._account.set_state(AccountState.REFUSED, name)
        self.stop()
        self._on_refused()

    # Asking.

    def _start_check(self) -> None:
        if self._is_closed:
            return
        if self._check is not None:
            self._check.cancel()
        self._check = tasks.start(self._check_all(), "account")

    def _doubt(self) -> None:
        """A frame could not be read: ask for what it may have said, but not once a frame, should there be many."""
        if self._doubts is None and not self._is_closed:
            self._doubts = self._loop.call_later(RETRY_S, self._look_into)

    def _look_into(self) -> None:
        self._doubts = None
        if self._check is not None and not self._check.done():
            self._doubt()  # one that began before the frame may have missed it
        else:
            self._start_check()

    def _start_settle(self) -> None:
        if (self._settle is None or self._settle.done()) and not self._is_closed:
            self._settle = tasks.start(self._read_settled(), "account settles")

    async def _check_all(self) -> None:
        while not self._is_closed:
            link = self._link()
            try:
                if link is not None:
                    # Its answer says that the subscription, sent before, is in force: what is fetched now overlaps.
                    with contextlib.suppress(UnreachableError):
                        await link.list_subscriptions()
                missing = self._account.missing
                for part, read in (("balances", self._read_balances), ("orders", self._read_orders)):
                    if part not in missing:  # what is refused is not asked for again by itself
                        missing |= await self._read(part, read)
                if len(missing) == 2:
                    self._refuse(_OUT_OF_SCOPE)
                    return
                self._account.set_missing(missing)
            except AuthError as why:
                self._refuse(why.name)
                return
            except FeedError as why:
                log.info("account: %s", why)
                self._account.set_state(
                    AccountState.STALE if self._has_read else AccountState.ASKING, getattr(why, "cause", "refused")
                )
                await asyncio.sleep(RETRY_S)
                continue
            self._has_read = True
            for stream in STREAMS:  # what REST told is news to whoever listens
                self._feed.leases.notify(stream)
            self._allow(STREAMS - {stream for part in missing for stream in _STREAMS_OF[part]})
            if link is not None and link.health.state is LinkState.OPEN and not link.health.is_silent:
                self._account.set_state(AccountState.LIVE)
            if self._recheck is not None:
                self._recheck.cancel()
            self._recheck = self._loop.call_later(RECHECK_S, self._start_check)
            return

    def _allow(self, streams: frozenset[Stream]) -> None:
        if streams != self.allowed:
            self.allowed = streams
            self._lease.want(streams)
            self._on_allowed()

    async def _read(self, part: str, read: Callable[[], Coroutine[Any, Any, None]]) -> frozenset[str]:
        """Read a part of the account. Return it where the key may not: the other part may be open to it."""
        try:
            await read()
        except AuthError as why:
            if why.name != _OUT_OF_SCOPE:
                raise
            return frozenset({part})
        return frozenset()

    async def _read_balances(self) -> None:
        cursor = self._account.asset_cursor
        rows = await self._http.get(rest.accounts())
        others = self._account.state_balances((balance_of(row) for row in rows), cursor)
        if others and self._has_read:  # either a change that the stream did not tell, or REST lags behind it
            self._start_settle()

    async def _read_settled(self) -> None:
        with contextlib.suppress(FeedError):  # the next check asks again
            tries = SETTLE_TRIES
            while tries:
                tries -= 1
                await asyncio.sleep(SETTLE_S)
                cursor, fills = self._account.asset_cursor, self._account.fill_count
                rows = await self._http.get(rest.accounts())
                is_settled = not self._account.state_balances((balance_of(row) for row in rows), cursor)
                if self._account.fill_count != fills:  # the answer may be from before it
                    tries = SETTLE_TRIES
                elif is_settled:
                    return

    async def _read_orders(self) -> None:
        account = self._account
        known = set(account.open_orders)
        page, rows = 1, list[OrderRow]()
        while True:
            found = await self._http.get(rest.open_orders(page))
            rows += found
            if len(found) < rest.ORDERS_PER_PAGE:
                break
            page += 1
        closed = await self._http.get(rest.closed_orders())
        for row in (*rows, *reversed(closed)):  # closed ones in the order in which they were made
            account.state_order(order_of(row), is_news=self._has_read)
        # What was open and is in neither list any more: closed long ago, or unknown to the exchange.
        gone = sorted(known - {row.uuid for row in (*rows, *closed)})
        for first in range(0, len(gone), rest.IDS_PER_CALL):
            ids = gone[first : first + rest.IDS_PER_CALL]
            told = await self._http.get(rest.orders(ids))
            for row in told:
                account.state_order(order_of(row), is_news=self._has_read)
            for order_id in set(ids) - {row.uuid for row in told}:
                account.drop_order(order_id)
        lacking = account.lacking_fills()
        executed = {order_id: order.executed for order_id in lacking if (order := account.order(order_id)) is not None}
        if self._has_read:
            lacking = [order_id for order_id in lacking if executed.get(order_id) != self._before.get(order_id)]
        else:
            self._before, lacking = executed, lacking[-DETAILS:]
        for order_id in lacking:
            await self._read_fills(order_id)

    async def _read_fills(self, order_id: str) -> None:
        row = await self._http.get(rest.order(order_id))
        order = self._account.state_order(order_of(row), is_news=self._has_read)
        before, told = self._before.get(order_id, ZERO), ZERO
        for fill in sorted(row.trades or (), key=lambda fill: rest.kst_ms(fill.created_at)):
            told += fill.volume
            self._account.add_fill(
                Fill(
                    fill.uuid, order.id, order.market, order.side, fill.price, fill.volume, None, None,
                    rest.kst_ms(fill.created_at) or order.created_ms,
                ),
                is_news=self._has_read and told > before,
            )  # fmt: skip
        self._fills_seen = self._account.fill_count


def balance_of(row: AccountRow) -> Balance:
    return Balance(row.currency, row.balance, row.locked, row.avg_buy_price, row.unit_currency)


def order_of(row: OrderRow) -> Order:
    """Return an order as REST states it. Its funds are told, or counted over its fills where those are told."""
    funds = row.executed_funds
    if funds is None and row.trades:
        funds = sum((fill.funds or fill.price * fill.volume for fill in row.trades), start=0 * row.trades[0].price)
    return Order(
        id=row.uuid,
        market=row.market,
        side="BID" if row.side == "bid" else "ASK",
        kind=row.ord_type,
        state=row.state,
        price=row.price,
        size=row.volume,
        remaining=row.remaining_volume,
        executed=row.executed_volume,
        funds=funds,
        paid_fee=row.paid_fee,
        locked=row.locked,
        fill_count=row.trades_count,
        time_in_force=row.time_in_force,
        identifier=row.identifier,
        created_ms=rest.kst_ms(row.created_at),
    )
