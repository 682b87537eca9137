"""Prices as whole numbers of steps: the lines of a ladder on which a price keeps its place. No Qt."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

from core.market import TickTable, price_key
from widgets.orderbook.model import Ladder

_ONE = price_key(1.0)


class PriceAxis:
    """A place for every price step from zero up, through every band. Place 0 is the price 0, which nobody asks.

    Args:
        table: price steps by band.
        group: the same step everywhere instead, quote currency; 0 for the table's.
    """

    def __init__(self, table: TickTable, group: float = 0.0) -> None:
        self.table, self.group = table, group
        floors, steps = (table.floors, table.steps) if not group else ((0.0,), (group,))
        self._floors = [price_key(floor) for floor in floors]
        self._steps = [max(price_key(step), 1) for step in steps]
        self._bases = [0]  # the place of each band's lowest price
        for i in range(1, len(self._floors)):
            self._bases.append(self._bases[-1] + (self._floors[i] - self._floors[i - 1]) // self._steps[i - 1])

    def below(self, price: float) -> int:
        """Return the place of the highest step that is not above `price`: where a bid stands, and who sold to it."""
        key = price_key(price)
        band = max(bisect_right(self._floors, key) - 1, 0)
        return self._bases[band] + (key - self._floors[band]) // self._steps[band]

    def above(self, price: float) -> int:
        """Return the place of the lowest step that is not below `price`: where an ask stands, and who bought it."""
        place = self.below(price)
        return place if self.key(place) >= price_key(price) else place + 1

    def key(self, place: int) -> int:
        """Return the price key of a place."""
        band = max(bisect_right(self._bases, place) - 1, 0)
        return self._floors[band] + (place - self._bases[band]) * self._steps[band]

    def price(self, place: int) -> float:
        """Return the price of a place, quote currency; 0 or less where there is none."""
        return self.key(place) / _ONE

    def step(self, place: int) -> float:
        """Return the step that leads up from a place, quote currency."""
        return self._steps[max(bisect_right(self._bases, place) - 1, 0)] / _ONE


class Stack:
    """A book on an axis: what stands at each place, by side. A book that is crossed has both at one place.

    Attributes:
        asks, bids: place -> size, base currency. What stands between two steps is added to the worse one, so that no
            line promises a better price than it holds.
        ask, bid: the best place of each side, None without one.
        ask_end, bid_end: the last place of each side of which all is known; None where the whole side is.
    """

    def __init__(self, book: Ladder, axis: PriceAxis, depth: int) -> None:
        self.asks = _pile((axis.above(row.price), row.size) for row in book.asks)
        self.bids = _pile((axis.below(row.price), row.size) for row in book.bids)
        self.ask = min(self.asks) if self.asks else None
        self.bid = max(self.bids) if self.bids else None
        self.most = max((*self.asks.values(), *self.bids.values()), default=0.0)
        self.ask_end = self.bid_end = None
        if len(book.asks) >= depth:  # beyond, there may be more; also at the last place, if it holds several prices
            last = max(self.asks)
            self.ask_end = last if axis.key(last) == price_key(book.asks[-1].price) else last - 1
        if len(book.bids) >= depth:
            last = min(self.bids)
            self.bid_end = last if axis.key(last) == price_key(book.bids[-1].price) else last + 1

    @property
    def middle(self) -> int | None:
        """The place halfway between the best prices, or the best one of the only side; None of an empty book."""
        if self.ask is None or self.bid is None:
            return self.bid if self.ask is None else self.ask
        return (self.ask + self.bid) // 2

    def totals(self) -> tuple[dict[int, float], dict[int, float]]:
        """Return of asks and of bids: place -> all that stands there and before it."""
        found = []
        for side, order in ((self.asks, sorted(self.asks)), (self.bids, sorted(self.bids, reverse=True))):
            sums, total = {}, 0.0
            for place in order:
                total += side[place]
                sums[place] = total
            found.append(sums)
        return found[0], found[1]


def _pile(levels: Iterable[tuple[int, float]]) -> dict[int, float]:
    piled: dict[int, float] = {}
    for place, size in levels:
        piled[place] = piled.get(place, 0.0) + size
    return piled


class Window:
    """Which places are on the screen: it stays where it is until somebody moves it.

    Attributes:
        top: the place on the first line; each line below is one place lower.
        count: lines.
    """

    def __init__(self) -> None:
        self.top: int | None = None  # None: nobody has looked at anything yet
        self.count = 1

    def places(self) -> range:
        """Return the places on the lines, from the highest down."""
        return range(0) if self.top is None else range(self.top, self.top - self.count, -1)

    def line(self, place: int) -> int | None:
        """Return the line of a place, None out of sight."""
        if self.top is None or not 0 <= self.top - place < self.count:
            return None
        return self.top - place

    @property
    def middle(self) -> int | None:
        """The place on the middle line."""
        return None if self.top is None else self.top - self.count // 2

    def centre(self, place: int) -> None:
        """Bring a place to the middle line."""
        self.top = place + self.count // 2

    def move(self, lines: int) -> None:
        """Move towards higher prices (positive) or lower ones; never beyond the price zero."""
        if self.top is not None:
            self.top = max(self.top + lines, self.count // 2)

    def resize(self, count: int) -> None:
        """Have another number of lines around the same middle."""
        middle, self.count = self.middle, max(count, 1)
        if middle is not None:
            self.centre(middle)

    def has_in_middle(self, place: int) -> bool:
        """Tell whether a place is well inside: a quarter of the lines away from both ends."""
        line, edge = self.line(place), self.count // 4
        return line is not None and edge <= line < self.count - edge
