"""One's own account: balances, orders, fills and the exchange's notices, each folded in from REST and from streams.

Folding twice changes nothing, and what is older never replaces what is newer. Orders carry no version, but they only
ever move one way: more is executed, less remains, in the end they are final. So of two statements of an order the
one that is further along that way is the newer, wherever it came from and in which order they arrived.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from enum import Enum
from typing import NamedTuple

from msgspec import Struct, structs

from core.state.journal import Journal
from core.wire.account import CLOSED_PER_PAGE
from core.wire.messages import Side
from core.wire.private import Announcement, MyAsset, MyOrder

CLOSED_ORDERS = 2 * CLOSED_PER_PAGE  # more than REST states at once: what fell out would come back as news
FILLS = 5_000
NEWS = 2_000
NOTICES = 200
ZERO = Decimal(0)
_OPEN = frozenset({"wait", "watch"})
_UNTOLD = {"created_ms": (0,), "fill_count": (0,)}  # field -> what means that nothing was said; the others: None or ""


class AccountState(Enum):
    NO_KEY = "no key"  # nothing is asked for
    ASKING = "asking"  # the first answers are on their way
    LIVE = "live"
    STALE = "stale"  # the stream is down: what is shown may be old
    REFUSED = "refused"  # the exchange does not take the key; nothing is tried until it changes


class Balance(Struct, frozen=True):
    """One currency."""

    currency: str
    free: Decimal = ZERO
    locked: Decimal = ZERO  # in open orders and withdrawals
    avg_price: Decimal = ZERO  # of what was bought, in `unit`; 0 where the exchange knows none
    unit: str = "KRW"

    @property
    def total(self) -> Decimal:
        return self.free + self.locked


class Order(Struct, frozen=True):
    """One own order as far as it has come. Price and funds in quote, sizes in base currency; None is not known."""

    id: str
    market: str
    side: Side  # BID buys
    kind: str  # limit, price (market buy by amount), market (market sell), best
    state: str  # wait, watch, done, cancel
    price: Decimal | None = None  # of a market buy: the amount
    size: Decimal | None = None  # None for a market buy
    remaining: Decimal | None = None
    executed: Decimal = ZERO
    funds: Decimal | None = None  # what the fills came to
    paid_fee: Decimal | None = None
    locked: Decimal | None = None
    fill_count: int = 0
    time_in_force: str = ""
    identifier: str = ""  # the client's own name for it
    created_ms: int = 0

    @property
    def is_open(self) -> bool:
        return self.state in _OPEN

    @property
    def avg_price(self) -> Decimal | None:
        """Average price of its fills, None before the first or where it is not known."""
        return self.funds / self.executed if self.funds is not None and self.executed else None


class Fill(Struct, frozen=True):
    """One execution of an own order."""

    id: str  # unique
    order_id: str
    market: str
    side: Side
    price: Decimal
    size: Decimal
    fee: Decimal | None
    is_maker: bool | None
    time_ms: int


class OrderNews(NamedTuple):
    """Something happened to an own order."""

    order: Order  # as it is after that
    event: MyOrder | None  # None: it was missed, and REST told of it later
    fill: Fill | None

    def told(self) -> MyOrder:
        """Return it as the exchange told it, or would have."""
        if self.event is not None:
            return self.event
        order, fill = self.order, self.fill
        return MyOrder(
            order.market,
            order.id,
            order.side,
            order.kind,
            "trade" if fill is not None else order.state,
            price=fill.price if fill is not None else order.price,
            avg_price=order.avg_price,
            size=fill.size if fill is not None else order.size,
            remaining=order.remaining,
            executed=order.executed,
            trades_count=order.fill_count,
            funds=order.funds,
            fill_id=fill.id if fill is not None else None,
            fill_ms=fill.time_ms if fill is not None else None,
            identifier=order.identifier or None,
            created_ms=order.created_ms,
            time_ms=fill.time_ms if fill is not None else 0,
        )


def _progress(order: Order) -> tuple[bool, Decimal, int, Decimal]:
    """Return what only ever grows in the life of an order."""
    left = order.remaining
    return not order.is_open, order.executed, order.fill_count, -left if left is not None else Decimal("-Infinity")


class Account:
    """The last known state of the account that a key opens. Written by the feed, read by panes."""

    def __init__(self) -> None:
        # These go on whatever key there is: whoever reads them keeps his cursor.
        self.version = 0  # changes with anything here
        self.on_change: Callable[[], None] = lambda: None
        self._fills: Journal[Fill] = Journal(FILLS)  # by arrival
        self.news: Journal[OrderNews] = Journal(NEWS)  # of what happens from now on
        self.asset_news: Journal[MyAsset] = Journal(NEWS)
        self.notice_news: Journal[Announcement] = Journal(NOTICES)
        self._asset_count = 0
        self._empty()

    def _empty(self) -> None:
        self.state = AccountState.NO_KEY
        self.cause = ""  # one word: why it is refused or stale, as the exchange or the link names it
        self.missing: frozenset[str] = frozenset()  # what the key may not see: "balances", "orders"
        self.balances: dict[str, Balance] = {}
        self.open_orders: dict[str, Order] = {}  # by id, oldest first
        self.closed_orders: dict[str, Order] = {}  # the last of them, by id, in the order in which they closed
        self.notices: deque[Announcement] = deque(maxlen=NOTICES)  # oldest first
        self._fill_ids: dict[str, None] = {}
        self._filled: dict[str, Decimal] = {}  # order -> size of its fills that are known
        self._asset_seen: dict[str, tuple[int, int]] = {}  # currency -> (number of its newest event, its stamp)

    def _changed(self) -> None:
        self.version += 1
        self.on_change()

    def set_state(self, state: AccountState, cause: str = "") -> None:
        """Say how far this can be relied on."""
        if (state, cause) != (self.state, self.cause):
            self.state, self.cause = state, cause
            self._changed()

    def set_missing(self, parts: frozenset[str]) -> None:
        """Say which parts the key has no permission for."""
        if parts != self.missing:
            self.missing = parts
            self._changed()

    # Orders.

    def order(self, order_id: str) -> Order | None:
        return self.open_orders.get(order_id) or self.closed_orders.get(order_id)

    def apply_order(self, event: MyOrder) -> Order:
        """Fold one event of the stream in. Return the order as it is now."""
        known = self.order(event.id)
        is_fill = event.state == "trade"
        executed = event.executed if event.executed is not None else known.executed if known else ZERO
        size = event.size if not is_fill else None
        if size is None and event.remaining is not None:
            size = event.remaining + executed + (event.prevented or ZERO)
        said = Order(
            id=event.id,
            market=event.market,
            side=event.side,
            kind=event.kind,
            state=event.state if event.state in {"wait", "watch", "done", "cancel"} else "wait",
            price=None if is_fill else event.price,
            size=size,
            remaining=event.remaining,
            executed=executed,
            funds=event.funds,
            paid_fee=event.paid_fee,
            locked=event.locked,
            fill_count=event.trades_count,
            time_in_force=event.time_in_force or "",
            identifier=event.identifier or "",
            created_ms=event.created_ms,
        )
        fill = None
        if is_fill and event.fill_id and event.price is not None and event.size is not None:
            fill = Fill(
                event.fill_id, event.id, event.market, event.side, event.price, event.size,
                event.fill_fee, event.is_maker, event.fill_ms or event.time_ms,
            )  # fmt: skip
            if not self.add_fill(fill):
                fill = None
        order = self.state_order(said)
        if order is not known or fill is not None:  # else it came twice, or late
            self.news.add(OrderNews(order, event, fill))
        return order

    def state_order(self, said: Order, *, is_news: bool = False) -> Order:
        """Fold in an order as somebody states it. Return it as it is now.

        Args:
            is_news: the streams should have told of it, so it is news if it changes anything.
        """
        known = self.order(said.id)
        order = said
        if known is not None:
            old, new = (known, said) if _progress(said) >= _progress(known) else (said, known)
            # What the newer statement does not say is as the older one said.
            missing = {
                name: getattr(old, name)
                for name in Order.__struct_fields__
                if getattr(new, name) in _UNTOLD.get(name, (None, "")) and getattr(old, name) not in (None, "")
            }
            order = structs.replace(new, **missing) if missing else new
            if order == known:
                return known
        if order.is_open:
            self.open_orders[order.id] = order
        else:
            self.open_orders.pop(order.id, None)
            self.closed_orders[order.id] = order
            while len(self.closed_orders) > CLOSED_ORDERS:
                oldest = next(iter(self.closed_orders))
                del self.closed_orders[oldest]
                self._filled.pop(oldest, None)
        if is_news:
            self.news.add(OrderNews(order, None, None))
        self._changed()
        return order

    def add_fill(self, fill: Fill, *, is_news: bool = False) -> bool:
        """Keep a fill. Return False if it is known.

        Args:
            is_news: the streams should have told of it.
        """
        if fill.id in self._fill_ids:
            return False
        self._fill_ids[fill.id] = None
        while len(self._fill_ids) > 2 * FILLS:
            del self._fill_ids[next(iter(self._fill_ids))]
        self._fills.add(fill)
        self._filled[fill.order_id] = self._filled.get(fill.order_id, ZERO) + fill.size
        order = self.order(fill.order_id)
        if is_news and order is not None:
            self.news.add(OrderNews(order, None, fill))
        self._changed()
        return True

    @property
    def fill_count(self) -> int:
        """How many fills there were so far: the cursor of `fills_since`."""
        return self._fills.count

    def fills_since(self, cursor: int) -> list[Fill]:
        """Return what came after `cursor`, in order of arrival, as far as it is remembered."""
        return self._fills.since(cursor)

    def fills(self, market: str = "") -> list[Fill]:
        """Return the fills, of one market if given, oldest first."""
        found = [f for f in self._fills if not market or f.market == market]
        found.sort(key=lambda fill: fill.time_ms)
        return found

    def drop_order(self, order_id: str) -> None:
        """The exchange knows of no such order."""
        if self.open_orders.pop(order_id, None) is not None:
            self._filled.pop(order_id, None)
            self._changed()

    def lacking_fills(self) -> list[str]:
        """Return the orders of which more was executed than fills are known, oldest first."""
        orders = [*self.closed_orders.values(), *self.open_orders.values()]
        lacking = [o for o in orders if o.executed > self._filled.get(o.id, ZERO)]
        return [o.id for o in sorted(lacking, key=lambda o: o.created_ms)]

    def orders_of(self, market: str) -> list[Order]:
        """Return the open orders of one market."""
        return [order for order in self.open_orders.values() if order.market == market]

    # Balances.

    def apply_assets(self, event: MyAsset) -> None:
        """Fold in the currencies that changed; of one that is known to be newer it says nothing."""
        is_changed = False
        for asset in event.assets:
            self._asset_count += 1
            seen = self._asset_seen.get(asset.currency)
            if seen is not None and event.changed_ms < seen[1]:
                continue
            self._asset_seen[asset.currency] = self._asset_count, event.changed_ms
            old = self.balances.get(asset.currency) or Balance(asset.currency)
            new = structs.replace(old, free=asset.balance, locked=asset.locked)
            if new != old or asset.currency not in self.balances:
                self.balances[asset.currency] = new
                is_changed = True
        if is_changed:
            self.asset_news.add(event)
            self._changed()

    @property
    def asset_cursor(self) -> int:
        """How many changes of balances were heard of; to be noted before one asks for all by REST."""
        return self._asset_count

    def state_balances(self, said: Iterable[Balance], cursor: int) -> list[str]:
        """Fold in all balances as REST states them. Return the currencies that were taken to be something else.

        Args:
            cursor: `asset_cursor` when they were asked for. What changed since is known better from the stream.
        """
        stated: Mapping[str, Balance] = {balance.currency: balance for balance in said}
        others = []
        for currency in self.balances.keys() | stated.keys():
            old, new = self.balances.get(currency), stated.get(currency)
            if self._asset_seen.get(currency, (0, 0))[0] > cursor:
                if new is None or old is None:
                    continue
                new = structs.replace(new, free=old.free, locked=old.locked)
            elif (old and (old.free, old.locked)) != (new and (new.free, new.locked)):
                others.append(currency)
            if new is None:
                del self.balances[currency]
            else:
                self.balances[currency] = new
        if others or self.balances != stated:
            self._changed()
        return sorted(others)

    # Notices.

    @property
    def notice_count(self) -> int:
        """How many notices there were so far, changed ones counted again."""
        return self.notice_news.count

    def apply_notice(self, notice: Announcement) -> None:
        """Keep a notice; one that was changed takes the place of what it said before."""
        for i, known in enumerate(self.notices):
            if known.id == notice.id:
                if known == notice:
                    return
                self.notices[i] = notice
                break
        else:
            self.notices.append(notice)
        self.notice_news.add(notice)
        self._changed()

    def forget(self) -> None:
        """The key is gone, or another one has come: nothing of the account stays."""
        for journal in (self._fills, self.news, self.asset_news, self.notice_news):
            journal.clear()
        self._empty()
        self._changed()
