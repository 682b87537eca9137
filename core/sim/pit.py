"""The pit: where the paper orders of all accounts meet each other, the floor's books and its trades. No I/O, no clock.

The public market never notices them. An order that crosses takes what the book shows, and what was taken is gone until
the book looks different; an order that rests is filled when a public trade prints at its price or beyond it.
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush
from typing import NamedTuple

from core.market import DAY_MS
from core.sim import dice
from core.sim.denied import DeniedError
from core.sim.floor import Floor
from core.sim.frames import Print
from core.sim.grid import GRIDS, SCALE
from core.sim.live import NEVER
from core.sim.paper import SIZE_UNIT, Account, Fill, Order, State, Ticket, fee_of, funds_of
from core.sim.private_frames import AssetNews, OrderNews, Word, asset_news, order_news

MIN_TOTALS = {"KRW": 5_000 * SCALE, "BTC": 5_000, "USDT": SCALE // 2}  # 1e-8
MAX_TOTAL = 1_000_000_000 * SCALE  # KRW
CANCEL_MS = 40  # how long a cancel takes at most, and a fill may come before it

News = OrderNews | AssetNews


class _Offer(NamedTuple):
    """What an order may trade with: another one, or a level of the book. Sorted, the best is first."""

    rank: int  # price, negative where the highest is the best
    number: int  # of orders at one price the first one, and all of them before the book
    price: int
    size: int
    maker: Order | None


_BOOK = NEVER  # the number of a level of the book


class _Leaving(NamedTuple):
    """A cancel on its way, and what is ordered instead."""

    due_ms: int
    number: int
    order: Order
    instead: Ticket | None
    new_id: str


class Pit:
    """Takes orders, matches them, and tells what became of them."""

    def __init__(
        self, floor: Floor, seed: int, tell: Callable[[Account, News], None], cancel_ms: int = CANCEL_MS
    ) -> None:
        """
        Args:
            tell: is told everything that happens, as it happens.
            cancel_ms: how long a cancel takes at most, by seed.
        """
        self.cancel_ms = cancel_ms
        self._floor = floor
        self._tell = tell
        self._resting: dict[str, dict[str, Order]] = {}  # by market and id, oldest first
        self._leaving: dict[str, list[_Leaving]] = {}  # by market, heaps
        self._eaten: dict[str, tuple[int, dict[tuple[bool, int], int]]] = {}  # by market: of the book of which time
        self._order_ids, self._fill_ids = dice.key(seed, "order ids"), dice.key(seed, "fill ids")
        self._cancels = dice.key(seed, "cancels")
        self._order_count = self._fill_count = self._cancel_count = self._arrivals = 0

    # -- orders

    def new_id(self) -> str:
        """Return the id of the next order."""
        self._order_count += 1
        return dice.uuid(self._order_ids, self._order_count)

    def check(self, account: Account, ticket: Ticket) -> None:
        """See whether an order can be taken now.

        Raises:
            DeniedError: it cannot.
        """
        self.check_market(ticket.market)
        side = ticket.side
        if ticket.identifier and account.is_taken(ticket.identifier):
            raise DeniedError("duplicated_identifier")
        grid = GRIDS[ticket.market.partition("-")[0]]
        if ticket.kind == "limit" and grid.price(grid.place(ticket.price)) != ticket.price:
            raise DeniedError(f"invalid_price_{side}")
        total = ticket.price if ticket.is_by_amount else self._price_of(ticket) * ticket.size // SCALE
        quote = ticket.market.partition("-")[0]
        if total < MIN_TOTALS[quote]:
            raise DeniedError(f"under_min_total_{side}")
        if quote == "KRW" and total > MAX_TOTAL:
            raise DeniedError(f"over_krw_funds_{side}")
        order = Order(account, "", ticket, 0, 0)
        if account.balance(order.held).free < order.locked:
            raise DeniedError(f"insufficient_funds_{side}")

    def check_market(self, market: str) -> None:
        """See whether a market trades.

        Raises:
            DeniedError: it does not, or there is no such market.
        """
        listed, day = self._floor.past.markets.get(market), self._floor.now_ms // DAY_MS
        if listed is None or day < listed.listed_day:
            raise DeniedError("notfoundmarket", message=f"해당 마켓에 없는 종목입니다: {market}")
        if market in self._floor.hidden or (listed.halted_day is not None and day >= listed.halted_day):
            raise DeniedError("market_offline")

    def _price_of(self, ticket: Ticket) -> int:
        """Return the price that a ticket is valued at."""
        if ticket.kind == "limit":
            return ticket.price
        bids = self._floor.live(ticket.market).book(self._floor.now_ms)[2].levels
        return bids[0][0] if bids else 0

    def accept(self, account: Account, ticket: Ticket, now_ms: int, id_: str = "") -> Order:
        """Take an order, lock what it needs and tell so. It is not matched yet.

        Raises:
            DeniedError: see `check`.
        """
        self.check(account, ticket)
        self._arrivals += 1
        order = Order(account, id_ or self.new_id(), ticket, self._arrivals, now_ms)
        account.hold(order)
        self._say(order, "wait", now_ms)
        self._say_assets(account, now_ms)
        return order

    def place(self, account: Account, ticket: Ticket, now_ms: int, id_: str = "") -> Order:
        """Take an order and match it.

        Raises:
            DeniedError: see `check`.
        """
        order = self.accept(account, ticket, now_ms, id_)
        self.match(order, now_ms)
        return order

    # -- matching

    def match(self, order: Order, now_ms: int) -> None:
        """Let an order trade with what is there; what is left rests, or is cancelled, as it wants it."""
        ticket = order.ticket
        offers = [o for o in self._offers(order) if order.reaches(o.price)]
        if ticket.kind == "best":  # at the best price, and at no other
            offers = [o for o in offers if o.price == offers[0].price]
        refuses = (ticket.time_in_force == "fok" and not self._is_enough(order, offers)) or (
            ticket.time_in_force == "post_only" and bool(offers)
        )
        if refuses:
            self._end(order, "cancel", now_ms)
        else:
            self._walk(order, offers, now_ms)
        if order.state == "wait":
            if ticket.kind == "limit" and ticket.time_in_force in {"", "post_only"}:
                self._rest(order)
            else:
                self._end(order, "cancel", now_ms)
        self._say_assets(order.account, now_ms)

    def _offers(self, order: Order) -> list[_Offer]:
        """Return what stands against an order, best first."""
        way = 1 if order.is_bid else -1
        time_ms, asks, bids = self._floor.live(order.market).book(self._floor.now_ms)
        eaten = self._eaten_of(order.market, time_ms)
        found = [
            _Offer(o.ticket.price * way, o.number, o.ticket.price, o.left, o)
            for o in self._resting.get(order.market, {}).values()
            if o.is_bid != order.is_bid
        ]
        for price, size in (asks if order.is_bid else bids).levels:
            left = size - eaten.get((order.is_bid, price), 0)
            if left > 0:
                found.append(_Offer(price * way, _BOOK, price, left, None))
        return sorted(found, key=lambda o: (o.rank, o.number))

    def _eaten_of(self, market: str, time_ms: int) -> dict[tuple[bool, int], int]:
        known = self._eaten.get(market)
        if known is None or known[0] != time_ms:
            known = self._eaten[market] = (time_ms, {})
        return known[1]

    @staticmethod
    def _prevents(order: Order, maker: Order | None) -> bool:
        return maker is not None and maker.account is order.account and order.ticket.smp != "none"

    def _is_enough(self, order: Order, offers: list[_Offer]) -> bool:
        """Return whether an order can be filled whole, or as near as its amount allows."""
        left = order.left
        for offer in offers:
            if self._prevents(order, offer.maker):
                if order.ticket.smp == "cancel_maker":
                    continue
                return False
            if not order.ticket.is_by_amount:
                left -= offer.size
                if left <= 0:
                    return True
                continue
            room = left // funds_of(offer.price, 1)
            if room <= offer.size:
                return room > 0 or left < order.left
            left -= funds_of(offer.price, offer.size)
        return False

    def _walk(self, order: Order, offers: list[_Offer], now_ms: int) -> None:
        for offer in offers:
            if order.state != "wait":
                break
            room, maker = order.room(offer.price), offer.maker
            if not room:
                break
            if maker is not None and self._prevents(order, maker):
                self._prevent(order, maker, offer.price, now_ms)
                continue
            size = min(room, offer.size)
            if maker is None:
                eaten = self._eaten[order.market][1]
                eaten[order.is_bid, offer.price] = eaten.get((order.is_bid, offer.price), 0) + size
            self._fill(order, offer.price, size, False, order.is_bid, now_ms)
            if maker is not None:
                self._fill(maker, offer.price, size, True, order.is_bid, now_ms)
                if maker.account is not order.account:
                    self._say_assets(maker.account, now_ms)

    def _fill(self, order: Order, price: int, size: int, is_maker: bool, is_up: bool, now_ms: int) -> None:
        self._fill_count += 1
        funds = funds_of(price, size)
        fill_id = dice.uuid(self._fill_ids, self._fill_count)
        fill = Fill(fill_id, price, size, funds, fee_of(funds, order.quote), is_maker, is_up, now_ms)
        order.account.fill(order, fill, self.in_krw(order.quote, price))
        self._say(order, "trade", now_ms, fill)
        if not order.left:
            self._end(order, "done", now_ms)

    def in_krw(self, quote: str, price: int) -> int:
        """Return a price in KRW, 1e-8; 0 where nobody knows."""
        if quote == "KRW":
            return price
        market = f"KRW-{quote}"
        return price * self._floor.live(market).price // SCALE if market in self._floor.past.markets else 0

    def _prevent(self, order: Order, maker: Order, price: int, now_ms: int) -> None:
        """Keep an order from meeting another one of its account, the way that it asks for."""
        account, smp = order.account, order.ticket.smp
        if smp == "cancel_maker":
            self._take_off(account, maker, maker.left, 0, now_ms)
        elif smp == "cancel_taker":
            self._take_off(account, order, order.left, order.left, now_ms)
        else:
            size = min(maker.left, order.room(price))
            self._take_off(account, maker, size, 0, now_ms)
            self._take_off(account, order, size, funds_of(price, size), now_ms)

    def _take_off(self, account: Account, order: Order, size: int, funds: int, now_ms: int) -> None:
        account.prevent(order, size, funds)
        self._say(order, "prevented", now_ms)
        if not order.left:
            self._end(order, "cancel", now_ms)

    def _end(self, order: Order, state: State, now_ms: int) -> None:
        order.account.close(order, state)
        self._forget(order)
        self._say(order, state, now_ms)

    # -- resting

    def _rest(self, order: Order) -> None:
        resting = self._resting.setdefault(order.market, {})
        if not resting:
            self._floor.watch(order.market, self.printed)
        resting[order.id] = order

    def _forget(self, order: Order) -> None:
        resting = self._resting.get(order.market)
        if resting is not None and resting.pop(order.id, None) is not None and not resting:
            del self._resting[order.market]
            self._floor.unwatch(order.market)

    def printed(self, market: str, prints: list[Print]) -> None:
        """Fill what rests by trades of the public market, oldest first."""
        is_listed = market not in self._floor.hidden
        for p in prints:
            self._leave(market, p.time_ms)
            if is_listed:
                self._fill_by(market, p)

    def _fill_by(self, market: str, p: Print) -> None:
        reached = [o for o in self._resting.get(market, {}).values() if o.reaches(p.price)]
        reached.sort(key=lambda o: (-o.ticket.price if o.is_bid else o.ticket.price, o.number))
        for is_bid in (True, False):
            left = p.size
            for order in [o for o in reached if o.is_bid == is_bid]:
                size = min(left, order.left)
                if not size:
                    break
                left -= size
                self._fill(order, order.ticket.price, size, True, p.is_bid, p.time_ms)
                self._say_assets(order.account, p.time_ms)

    # -- cancels

    def cancel(self, order: Order, now_ms: int, instead: Ticket | None = None, new_id: str = "") -> None:
        """Ask for the end of an order; it takes a moment, in which it may still be filled.

        Args:
            instead: ordered when the cancel is done, and only then.
        """
        self._cancel_count += 1
        order.is_leaving = True
        due = now_ms + dice.one(self._cancels, self._cancel_count) % (self.cancel_ms + 1)
        leaving = _Leaving(due, self._cancel_count, order, instead, new_id)
        heappush(self._leaving.setdefault(order.market, []), leaving)
        if not self.cancel_ms:
            self._leave(order.market, now_ms)

    @property
    def next_ms(self) -> int:
        """When a cancel is due; NEVER where there is none."""
        return min((leaving[0].due_ms for leaving in self._leaving.values()), default=NEVER)

    def advance(self, now_ms: int) -> None:
        """Do what is due. The floor has played up to this moment."""
        for market in list(self._leaving):
            self._leave(market, now_ms)

    def _leave(self, market: str, now_ms: int) -> None:
        leaving = self._leaving.get(market)
        while leaving and leaving[0].due_ms <= now_ms:
            due_ms, _, order, instead, new_id = heappop(leaving)
            if not leaving:
                self._leaving.pop(market, None)
            if order.state != "wait":
                continue
            left = order.left
            self._end(order, "cancel", due_ms)
            self._say_assets(order.account, due_ms)
            if instead is not None:
                is_sized = instead.size or instead.is_by_amount
                self._replace(order.account, instead if is_sized else instead._replace(size=left), due_ms, new_id)
            leaving = self._leaving.get(market)

    def _replace(self, account: Account, ticket: Ticket, now_ms: int, id_: str) -> None:
        try:
            self.place(account, ticket, now_ms, id_)
        except DeniedError:
            return  # as with the exchange: the answer was given long ago, and there is no new order

    # -- before anybody listened

    def remember(self, account: Account, ticket: Ticket, created_ms: int, price: int, fill_ms: int) -> None:
        """Write down an order of the past, filled at one price or, where that is 0, cancelled. Nobody is told."""
        self._arrivals += 1
        order = Order(account, self.new_id(), ticket, self._arrivals, created_ms)
        account.hold(order)
        if price:
            size = order.room(price)
            self._fill_count += 1
            funds = funds_of(price, size)
            fee, fill_id = fee_of(funds, order.quote), dice.uuid(self._fill_ids, self._fill_count)
            is_maker = ticket.kind == "limit"
            fill = Fill(fill_id, price, size, funds, fee, is_maker, order.is_bid != is_maker, fill_ms)
            account.fill(order, fill, self.in_krw(order.quote, price))
        account.close(order, "cancel" if order.left else "done")
        account.changed = {}

    # -- telling

    def _say(self, order: Order, word: Word, now_ms: int, fill: Fill | None = None) -> None:
        self._tell(order.account, order_news(order, word, fill, now_ms))

    def _say_assets(self, account: Account, now_ms: int) -> None:
        if account.changed:
            self._tell(account, asset_news(account, now_ms))
            account.changed = {}

    def deposit(self, account: Account, currency: str, amount: int, now_ms: int) -> None:
        """Put an amount (1e-8) into an account, from outside."""
        account.put(currency, amount * SIZE_UNIT)
        self._say_assets(account, now_ms)
