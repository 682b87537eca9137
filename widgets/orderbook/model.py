"""The order book as a ladder of prices: what each line says, and what the book says as a whole. No Qt."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import accumulate
from typing import NamedTuple

from core.market import TickTable, price_key
from core.state.account import Order
from core.wire.messages import Orderbook, Side

DEPTH = 30  # levels a side, all that the exchange sends
NAN = float("nan")


class Row(NamedTuple):
    """One price of the book."""

    price: float  # quote currency
    size: float  # base currency
    is_ask: bool
    share: float  # of the largest size shown on either side, 0..1
    total: float  # base currency: this size and all that stands before it
    total_share: float  # of the larger side's total, 0..1
    worth: float = 0.0  # quote currency: the value of all that


class Ladder(NamedTuple):
    """A book made ready to be shown. Both sides best first; they may have different lengths, or none."""

    asks: tuple[Row, ...] = ()
    bids: tuple[Row, ...] = ()

    @property
    def rows(self) -> list[Row]:
        """All rows, from the highest ask down to the lowest bid."""
        return [*reversed(self.asks), *self.bids]

    @property
    def is_empty(self) -> bool:
        return not self.asks and not self.bids

    @property
    def is_crossed(self) -> bool:
        """True if somebody bids as much as another asks: no book of a running market looks so."""
        return bool(self.asks and self.bids) and self.bids[0].price >= self.asks[0].price

    @property
    def ask_total(self) -> float:
        """Size over all asks shown, base currency."""
        return self.asks[-1].total if self.asks else 0.0

    @property
    def bid_total(self) -> float:
        """Size over all bids shown, base currency."""
        return self.bids[-1].total if self.bids else 0.0

    @property
    def imbalance(self) -> float:
        """(bid - ask) / (bid + ask) of the totals, -1..1; nan of an empty book."""
        ask, bid = self.ask_total, self.bid_total
        return (bid - ask) / (bid + ask) if bid + ask > 0.0 else NAN

    def imbalance_of(self, levels: int) -> float:
        """Return the imbalance of the best `levels` of each side, of all for 0; nan without any."""
        if not levels:
            return self.imbalance
        ask, bid = (side[:levels][-1].total if side else 0.0 for side in (self.asks, self.bids))
        return (bid - ask) / (bid + ask) if bid + ask > 0.0 else NAN

    @property
    def largest(self) -> tuple[Row | None, Row | None]:
        """The level of each side, ask and bid, that holds more than every other; None without one."""
        return _largest(self.asks), _largest(self.bids)

    @property
    def spread(self) -> float:
        """Best ask less best bid, quote currency; nan without both."""
        return self.asks[0].price - self.bids[0].price if self.asks and self.bids else NAN

    @property
    def spread_rate(self) -> float:
        """The spread as a share of the middle; nan without both sides."""
        return self.spread / (self.bids[0].price + self.spread / 2) if self.asks and self.bids else NAN


def _largest(side: Sequence[Row]) -> Row | None:
    sizes = [row.size for row in side]
    most = max(sizes, default=0.0)
    return side[sizes.index(most)] if sizes.count(most) == 1 else None


class OwnMark(NamedTuple):
    """What is left of own orders at one place of the ladder."""

    rank: int  # of the level on its side, 0 is the best
    is_ask: bool
    is_between: bool  # its price has no level: it stands on the inner edge of that one, towards the spread
    size: Decimal  # base currency


EMPTY = Ladder()


def ladder(book: Orderbook | None, depth: int = DEPTH) -> Ladder:
    """Return the best `depth` levels of each side. Padding is not part of a book and never comes through."""
    if book is None:
        return EMPTY
    asks = sorted(book.asks)[:depth]  # they come best first; sorting what is sorted costs nothing and makes it sure
    bids = sorted(book.bids, reverse=True)[:depth]
    most = max((size for side in (asks, bids) for _, size in side), default=0.0) or 1.0
    ask_totals, bid_totals = (list(accumulate(size for _, size in side)) for side in (asks, bids))
    ask_worths, bid_worths = (accumulate(price * size for price, size in side) for side in (asks, bids))
    whole = max(ask_totals[-1:] + bid_totals[-1:], default=0.0) or 1.0
    return Ladder(
        tuple(_rows(asks, ask_totals, ask_worths, True, most, whole)),
        tuple(_rows(bids, bid_totals, bid_worths, False, most, whole)),
    )


def _rows(
    side: Sequence[tuple[float, float]],
    totals: Sequence[float],
    worths: Iterable[float],
    is_ask: bool,
    most: float,
    whole: float,
) -> list[Row]:
    return [
        Row(price, size, is_ask, size / most, total, total / whole, worth)
        for (price, size), total, worth in zip(side, totals, worths, strict=True)
    ]


def ticks_between(low: float, high: float, table: TickTable) -> float:
    """Return how many price steps lead from `low` up to `high`, through every band between them.

    Whole where both stand on the exchange's grid; USDT books have shown prices between.
    """
    count, price = 0.0, low
    while price < high:
        step = table.tick_size(price)
        ceiling = next((floor for floor in table.floors if floor > price), high)
        stop = min(ceiling, high)
        count += (stop - price) / step
        price = stop
    nearest = round(count)
    return float(nearest) if abs(count - nearest) < 1e-6 * max(count, 1.0) else count


def row_of_trade(book: Ladder, price: float, aggressor: Side | None, level: float) -> Row | None:
    """Return the row at which a trade took place, or None if the book has none there.

    Args:
        price: of the trade, quote currency.
        aggressor: who crossed: it decides the side where a grouped book has the price on both.
        level: price grouping of the book, quote currency; 0 is none.
    """
    sides = (book.asks, book.bids) if aggressor == "BID" else (book.bids, book.asks)
    if not level:
        key = price_key(price)
        return next((row for side in sides for row in side if price_key(row.price) == key), None)
    # Asks are grouped upwards and bids downwards, so that a group never promises a better price than it holds.
    for side in sides:
        for row in side:
            reach = row.price - price if row.is_ask else price - row.price
            if -1e-9 * price <= reach < level * (1 - 1e-9):
                return row
    return None


def own_marks(book: Ladder, orders: Iterable[Order], level: float) -> tuple[OwnMark, ...]:
    """Return where own orders rest, the best first; one beyond the deepest level known is not on the ladder.

    Args:
        orders: of this market. One that waits for a price to be reached rests nowhere yet.
        level: price grouping of the book, quote currency; 0 is none.
    """
    left: dict[tuple[bool, int, bool], Decimal] = {}
    keys = {True: [price_key(row.price) for row in book.asks], False: [-price_key(row.price) for row in book.bids]}
    for order in orders:
        if order.kind != "limit" or order.state != "wait" or order.price is None or not order.remaining:
            continue
        is_ask = order.side == "ASK"
        place = _place(keys[is_ask], float(order.price), is_ask, level)
        if place is not None:
            key = (is_ask, *place)
            left[key] = left.get(key, Decimal(0)) + order.remaining
    return tuple(OwnMark(rank, is_ask, is_between, size) for (is_ask, rank, is_between), size in sorted(left.items()))


def mark_of(book: Ladder, price: float, level: float) -> OwnMark | None:
    """Return where a price of one's choice stands, of size 0; None beyond the deepest level known.

    Args:
        level: price grouping of the book, quote currency; 0 is none.
    """
    is_ask = not book.bids or (bool(book.asks) and price > book.bids[0].price)
    side = book.asks if is_ask else book.bids
    place = _place([price_key(row.price) if is_ask else -price_key(row.price) for row in side], price, is_ask, level)
    return None if place is None else OwnMark(place[0], is_ask, place[1], Decimal(0))


def _place(keys: Sequence[int], price: float, is_ask: bool, level: float) -> tuple[int, bool] | None:
    """Return the rank at which a price stands on its side and whether that is between levels; None beyond them.

    Args:
        keys: of the side's levels, the best first, ascending: negative for bids.
    """
    key = price_key(price) if is_ask else -price_key(price)
    at = bisect_left(keys, key)
    if at == len(keys):
        return None
    # A group stands at its outer end: it holds every price from there inwards, short of the next group's.
    return at, keys[at] - key >= max(price_key(level), 1)
