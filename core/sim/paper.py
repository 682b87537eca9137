"""Paper accounts: what they own, what they ordered, what was filled. No I/O, no clock.

Exact: prices are integers of 1e-8 quote, sizes of 1e-8 base currency, amounts of either currency of 1e-20, which holds
a price times a size times a fee to the last digit.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Iterator
from typing import Literal, NamedTuple

from core.market import base_of, quote_of
from core.sim.limits import Window

Side = Literal["bid", "ask"]
Kind = Literal["limit", "price", "market", "best"]
TimeInForce = Literal["", "ioc", "fok", "post_only"]
Smp = Literal["none", "cancel_maker", "cancel_taker", "reduce"]
State = Literal["wait", "done", "cancel"]

Permission = Literal["asset_view", "order_view", "order_make"]
ALL: frozenset[Permission] = frozenset({"asset_view", "order_view", "order_make"})

SIZE_UNIT = 10**12  # an integer of 1e-8 as an amount
FUNDS_UNIT = 10**4  # a price times a size as an amount
_FEE_UNIT = 10**4
FEES = {"KRW": 5, "BTC": 25, "USDT": 25}  # of 1e-4: 0.05 %, 0.25 %
KEPT_ORDERS = 10_000  # closed, of an account
KEPT_FILLS = 1_000  # of an order
KEPT_IDENTIFIERS = 200_000
KEPT_NONCES = 50_000  # of a key; the oldest are forgotten
_LIMITS = {"default": (30, 1.0), "order": (12, 1.0), "order-test": (8, 1.0), "order-cancel-all": (1, 2.0)}


def fee_of(funds: int, quote: str) -> int:
    """Return the fee for an amount."""
    return funds * FEES[quote] // _FEE_UNIT


def funds_of(price: int, size: int) -> int:
    """Return what a size costs, as an amount."""
    return price * size * FUNDS_UNIT


class Ticket(NamedTuple):
    """What somebody wants to order."""

    market: str
    side: Side
    kind: Kind
    price: int = 0  # 1e-8; the whole to be spent where there is no size
    size: int = 0  # 1e-8
    time_in_force: TimeInForce = ""
    smp: Smp = "none"
    identifier: str = ""

    @property
    def is_by_amount(self) -> bool:
        """Whether it says what to spend and not how much to buy."""
        return self.side == "bid" and self.kind in {"price", "best"}


class Fill(NamedTuple):
    """One execution of one order."""

    id: str
    price: int
    size: int
    funds: int  # amount of quote currency
    fee: int
    is_maker: bool
    is_up: bool  # the buyer crossed the spread
    time_ms: int


class Order:
    """One order as far as it has come."""

    def __init__(self, account: Account, id_: str, ticket: Ticket, number: int, now_ms: int) -> None:
        self.account, self.id, self.ticket = account, id_, ticket
        self.number = number  # who came first
        self.created_ms = now_ms
        self.state: State = "wait"
        self.left = ticket.price * SIZE_UNIT if ticket.is_by_amount else ticket.size  # an amount, or a size
        self.executed = 0  # size
        self.funds = self.paid_fee = 0  # amounts
        self.prevented = 0  # size that self-match prevention took off
        self.prevented_locked = 0  # and the amount
        self.trades_count = 0
        self.fills: deque[Fill] = deque(maxlen=KEPT_FILLS)
        self.is_leaving = False  # its cancel is on its way
        self.reserved_fee = self.remaining_fee

    @property
    def market(self) -> str:
        return self.ticket.market

    @property
    def is_bid(self) -> bool:
        return self.ticket.side == "bid"

    @property
    def quote(self) -> str:
        return quote_of(self.ticket.market)

    @property
    def base(self) -> str:
        return base_of(self.ticket.market)

    @property
    def held(self) -> str:
        """The currency that it holds."""
        return self.quote if self.is_bid else self.base

    @property
    def _funds_left(self) -> int:
        return self.left if self.ticket.is_by_amount else funds_of(self.ticket.price, self.left)

    @property
    def remaining_fee(self) -> int:
        """What is held for fees; who sells pays them from the proceeds."""
        return fee_of(self._funds_left, self.quote) if self.is_bid else 0

    @property
    def locked(self) -> int:
        """The amount that it holds, or held when it was cancelled: the exchange goes on to tell that."""
        return self._funds_left + self.remaining_fee if self.is_bid else self.left * SIZE_UNIT

    @property
    def avg_price(self) -> int:
        """Average price of the fills, 1e-8; 0 before the first."""
        if not self.executed:
            return 0
        size = self.executed * FUNDS_UNIT
        return (self.funds + size // 2) // size

    def room(self, price: int) -> int:
        """Return how much it takes at a price."""
        return self.left // (price * FUNDS_UNIT) if self.ticket.is_by_amount else self.left

    def reaches(self, price: int) -> bool:
        """Return whether it trades at a price."""
        if self.ticket.kind != "limit":
            return True
        return price <= self.ticket.price if self.is_bid else price >= self.ticket.price


class Balance:
    """One currency of an account."""

    def __init__(self, free: int = 0, avg_price: int = 0) -> None:
        self.free = free
        self.locked = 0
        self.avg_price = avg_price  # KRW, 1e-8

    @property
    def total(self) -> int:
        return self.free + self.locked


class Key:
    """What opens an account. Its fields may be changed at any time; what is checked next sees it."""

    def __init__(
        self,
        account: Account,
        access: str,
        secret: str,
        permissions: frozenset[Permission] = ALL,
        ips: frozenset[str] = frozenset(),
        expires_ms: int | None = None,
    ) -> None:
        """
        Args:
            ips: addresses that it may be used from; empty is all.
            expires_ms: from when on it is refused, epoch ms; None is never.
        """
        self.account = account
        self.access, self.secret = access, secret
        self.permissions, self.ips, self.expires_ms = permissions, ips, expires_ms
        self._nonces: OrderedDict[str, None] = OrderedDict()

    def use(self, nonce: str) -> bool:
        """Write a nonce down; False where it was used before."""
        if nonce in self._nonces:
            return False
        self._nonces[nonce] = None
        if len(self._nonces) > KEPT_NONCES:
            self._nonces.popitem(last=False)
        return True


class Account:
    """Balances, orders and keys of one customer."""

    def __init__(self, id_: str) -> None:
        self.id = id_
        self.keys: list[Key] = []
        self.balances: dict[str, Balance] = {}  # bounded by the listing
        self.open: dict[str, Order] = {}  # by id, oldest first
        self.closed: OrderedDict[str, Order] = OrderedDict()
        self.changed: dict[str, None] = {}  # currencies that nobody was told of yet
        self._identifiers: OrderedDict[str, str] = OrderedDict()  # to the id of the order
        self._windows: dict[str, Window] = {}
        self.connects = Window(5, 1.0)

    @property
    def key(self) -> Key:
        """Its first key."""
        return self.keys[0]

    def window(self, group: str) -> Window:
        """Return what limits a group of calls."""
        window = self._windows.get(group)
        if window is None:
            window = self._windows[group] = Window(*_LIMITS[group])
        return window

    # -- balances

    def balance(self, currency: str) -> Balance:
        """Return the balance of a currency, made if there is none."""
        balance = self.balances.get(currency)
        if balance is None:
            balance = self.balances[currency] = Balance()
        return balance

    def put(self, currency: str, amount: int, avg_price: int = 0) -> None:
        """Put an amount in from outside.

        Args:
            avg_price: what it was bought for, KRW, 1e-8.
        """
        balance = self.balance(currency)
        self._average(balance, amount, avg_price)
        balance.free += amount
        self.changed[currency] = None

    @staticmethod
    def _average(balance: Balance, amount: int, price: int) -> None:
        total = balance.total + amount
        if total:
            balance.avg_price = (balance.avg_price * balance.total + price * amount + total // 2) // total

    def hold(self, order: Order) -> None:
        """Lock what an order needs; it has been looked at whether that is there."""
        balance = self.balance(order.held)
        balance.free -= order.locked
        balance.locked += order.locked
        self.changed[order.held] = None
        self.open[order.id] = order
        if order.ticket.identifier:
            self.name(order.ticket.identifier, order.id)

    def fill(self, order: Order, fill: Fill, krw_price: int) -> None:
        """Settle one execution.

        Args:
            krw_price: what the base currency cost, KRW, 1e-8; 0 where nobody knows.
        """
        held, had = self.balance(order.held), order.locked
        order.left -= fill.funds if order.ticket.is_by_amount else fill.size
        order.executed += fill.size
        order.funds += fill.funds
        order.paid_fee += fill.fee
        order.trades_count += 1
        order.fills.append(fill)
        freed = had - order.locked
        held.locked -= freed
        size = fill.size * SIZE_UNIT
        if order.is_bid:
            held.free += freed - fill.funds - fill.fee  # better than its limit: the difference comes back
            base = self.balance(order.base)
            if krw_price:
                self._average(base, size, krw_price)
            base.free += size
        else:
            self.balance(order.quote).free += fill.funds - fill.fee
            if not held.total:
                held.avg_price = 0
        self.changed |= {order.base: None, order.quote: None}

    def prevent(self, order: Order, size: int, funds: int) -> None:
        """Take off an order what would have met another one of the same account.

        Args:
            funds: instead of the size, where the order is by amount.
        """
        had = order.locked
        order.left -= funds if order.ticket.is_by_amount else size
        if not order.ticket.is_by_amount:
            order.prevented += size
        freed = had - order.locked
        order.prevented_locked += freed
        self._free(order, freed)

    def close(self, order: Order, state: State) -> None:
        """End an order; what it still holds is free again."""
        order.state = state
        self._free(order, order.locked)
        del self.open[order.id]
        self.closed[order.id] = order
        if len(self.closed) > KEPT_ORDERS:
            self.closed.popitem(last=False)

    def _free(self, order: Order, amount: int) -> None:
        if amount:
            balance = self.balance(order.held)
            balance.locked -= amount
            balance.free += amount
            self.changed[order.held] = None

    # -- orders

    def name(self, identifier: str, order_id: str) -> None:
        """Give an order a name, which is taken from now on."""
        self._identifiers[identifier] = order_id
        if len(self._identifiers) > KEPT_IDENTIFIERS:
            self._identifiers.popitem(last=False)

    def is_taken(self, identifier: str) -> bool:
        return identifier in self._identifiers

    def find(self, id_: str = "", identifier: str = "") -> Order | None:
        """Return an order by its id, or else by the name that the customer gave it."""
        if not id_:
            id_ = self._identifiers.get(identifier, "")
        return self.open.get(id_) or self.closed.get(id_)

    def orders(self) -> Iterator[Order]:
        """Yield all orders that are remembered."""
        yield from self.closed.values()
        yield from self.open.values()
