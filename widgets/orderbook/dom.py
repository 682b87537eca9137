"""The ladder on which prices keep their places: what each of its lines says. No Qt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from math import inf
from typing import NamedTuple

from core.state.account import Order
from core.wire.messages import Side
from widgets import format as fmt
from widgets.orderbook.axis import PriceAxis, Stack
from widgets.orderbook.cells import BOUGHT, HIGH, LOW, MIN_BAR, MOST, PERCENT, SOLD, Scale, signed
from widgets.orderbook.changes import Change, Sums
from widgets.orderbook.model import EMPTY, Ladder

_NO_SUMS = Sums()
MOST_ASK = 32  # added to the marks of a line, as `MOST` is for its bid


class Dom(NamedTuple):
    """All that is shown of one moment, by place of the axis."""

    axis: PriceAxis
    book: Ladder = EMPTY
    stack: Stack | None = None
    traded: Mapping[int, Sums] = {}
    changes: tuple[Mapping[int, Change], Mapping[int, Change]] = ({}, {})  # of bids, of asks
    last: int | None = None  # of the last trade
    side: Side | None = None
    high: int | None = None  # of the day
    low: int | None = None


class OwnRung(NamedTuple):
    """What is left of own orders at one place."""

    place: int
    is_ask: bool
    size: Decimal  # base currency


def own_rungs(orders: Iterable[Order], axis: PriceAxis) -> tuple[OwnRung, ...]:
    """Return where own orders rest, the lowest first. One that waits for a price to be reached rests nowhere yet."""
    left: dict[tuple[int, bool], Decimal] = {}
    for order in orders:
        if order.kind != "limit" or order.state != "wait" or order.price is None or not order.remaining:
            continue
        is_ask, price = order.side == "ASK", float(order.price)
        key = axis.above(price) if is_ask else axis.below(price), is_ask
        left[key] = left.get(key, Decimal(0)) + order.remaining
    return tuple(OwnRung(place, is_ask, size) for (place, is_ask), size in sorted(left.items()))


class Texts(NamedTuple):
    """What is written on a line, from left to right; "" for nothing."""

    bid_total: str = ""
    bid_change: str = ""
    bid: str = ""
    sold: str = ""
    price: str = ""
    bought: str = ""
    ask: str = ""
    ask_change: str = ""
    ask_total: str = ""
    percent: str = ""


class Rung(NamedTuple):
    """One line as it stands on the screen. Texts are filled up with blanks to the widest of their column."""

    place: int
    bid: float  # base currency
    ask: float
    sums: Sums
    bid_px: int
    ask_px: int
    sold_px: int
    bought_px: int
    bid_total: float
    ask_total: float
    tone: int  # of the price against the previous close: -1, 0, 1
    marks: int
    bid_change: Change | None
    ask_change: Change | None
    is_inside: bool  # between the best prices
    is_known: bool  # not beyond the deepest level that the exchange sends: nothing there means nothing
    texts: Texts


_KEY = len(Rung._fields) - 1


class RungWriter:
    """Writes lines. Columns grow to the longest text seen and never shrink by themselves, so that no number jumps."""

    def __init__(self) -> None:
        self.scale = Scale()
        self.is_short = False  # sizes have four figures at most and K, M, B: there is no room for more
        self.widest = Texts(percent=PERCENT)

    def begin(self, scale: Scale, *, is_short: bool = False) -> None:
        """Write by another scale; the widths begin anew."""
        self.scale, self.is_short, self.widest = scale, is_short, Texts(percent=PERCENT)

    def write(
        self,
        dom: Dom,
        places: Sequence[int],
        before: Sequence[Rung | None],
        rooms: tuple[int, int],
        *,
        has_totals: bool = False,
    ) -> list[Rung | None]:
        """Return a line a place, None for a price that nobody can ask. One that says the same is the same object.

        Args:
            before: what this returned for the same places last time, by the same scale; may be of another length.
            rooms: px of the longest bar, of a size and of what was traded.
        """
        rungs, new = self._write(dom, places, before, rooms, has_totals)
        if self._grow(new):
            rungs, _ = self._write(dom, places, (), rooms, has_totals)
        return rungs

    def _write(
        self,
        dom: Dom,
        places: Sequence[int],
        before: Sequence[Rung | None],
        rooms: tuple[int, int],
        has_totals: bool,
    ) -> tuple[list[Rung | None], list[Rung]]:
        axis, stack = dom.axis, dom.stack
        if stack is None:
            return [None] * len(places), []
        bids, asks, most = stack.bids, stack.asks, stack.most or 1.0
        ask_totals, bid_totals = stack.totals() if has_totals else ({}, {})
        traded, (bid_changes, ask_changes) = dom.traded, dom.changes
        busiest = max((max(sums) for sums in traded.values()), default=0.0) or 1.0
        room, traded_room = rooms
        close, widest = self.scale.prev_close, self.widest
        marks = self._marks(dom, stack)
        best_bid, best_ask = stack.bid, stack.ask
        lowest = stack.bid_end if stack.bid_end is not None else -inf
        highest = stack.ask_end if stack.ask_end is not None else inf
        old: Sequence[Rung | None] = before if len(before) == len(places) else [None] * len(places)
        rungs: list[Rung | None] = []
        new: list[Rung] = []
        for place, was in zip(places, old, strict=True):
            if place <= 0:
                rungs.append(None)
                continue
            bid, ask, sums = bids.get(place, 0.0), asks.get(place, 0.0), traded.get(place, _NO_SUMS)
            if was is not None and was.place != place:
                was = None  # noqa: PLW2901 - of another price there is nothing to keep
            price = 0.0 if was is not None else axis.price(place)
            tone = was.tone if was is not None else (price > close) - (price < close) if close else 0
            bid_total, ask_total = bid_totals.get(place, 0.0), ask_totals.get(place, 0.0)
            bid_change, ask_change = bid_changes.get(place), ask_changes.get(place)
            key = (
                place,
                bid,
                ask,
                sums,
                max(int(bid / most * room), MIN_BAR) if bid else 0,
                max(int(ask / most * room), MIN_BAR) if ask else 0,
                max(int(sums.sold / busiest * traded_room), MIN_BAR) if sums.sold else 0,
                max(int(sums.bought / busiest * traded_room), MIN_BAR) if sums.bought else 0,
                bid_total,
                ask_total,
                tone,
                marks.get(place, 0),
                bid_change,
                ask_change,
                best_bid is not None and best_ask is not None and best_bid < place < best_ask,
                lowest <= place <= highest,
            )
            if was is not None and was[:_KEY] == key:
                rungs.append(was)
                continue
            texts = self._price_texts(price) if was is None else was.texts
            texts = texts._replace(
                bid_total=self._size(bid_total, widest.bid_total),
                bid_change=self._change(bid_change, widest.bid_change),
                ask_change=self._change(ask_change, widest.ask_change),
                ask_total=self._size(ask_total, widest.ask_total),
            )
            if was is None or was.bid != bid or was.ask != ask:
                texts = texts._replace(bid=self._size(bid, widest.bid), ask=self._size(ask, widest.ask))
            if was is None or was.sums is not sums:
                sold, bought = self._size(sums.sold, widest.sold), self._size(sums.bought, widest.bought)
                texts = texts._replace(sold=sold, bought=bought)
            rung = Rung(*key, texts)
            rungs.append(rung)
            new.append(rung)
        return rungs, new

    def _price_texts(self, price: float) -> Texts:
        close, widest = self.scale.prev_close, self.widest
        return Texts(
            price=fmt.price(price, self.scale.tick).rjust(len(widest.price)),
            percent=(fmt.percent(price / close - 1) if close else "").rjust(len(widest.percent)),
        )

    def _size(self, value: float, widest: str) -> str:
        if not value:
            return "".rjust(len(widest))
        return (fmt.volume(value) if self.is_short else fmt.size(value, self.scale.places)).rjust(len(widest))

    def _change(self, change: Change | None, widest: str) -> str:
        return (signed(change.size, self.scale.places) if change is not None else "").rjust(len(widest))

    @staticmethod
    def _marks(dom: Dom, stack: Stack) -> dict[int, int]:
        marks: dict[int, int] = {}
        for place, mark in (
            (dom.last, SOLD if dom.side == "ASK" else BOUGHT),
            (dom.high, HIGH),
            (dom.low, LOW),
            (_largest(stack.bids), MOST),
            (_largest(stack.asks), MOST_ASK),
        ):
            if place is not None:
                marks[place] = marks.get(place, 0) | mark
        return marks

    def _grow(self, rungs: Sequence[Rung]) -> bool:
        """Let columns grow to the longest text, those of both sides alike; return whether one did."""
        texts = list(self.widest)
        for rung in rungs:
            for column, text in enumerate(rung.texts):
                if len(text) > len(texts[column]):
                    texts[column] = text
        for left, right in _TWINS:
            texts[left] = texts[right] = max(texts[left], texts[right], key=len)
        if texts == list(self.widest):
            return False
        self.widest = Texts(*texts)
        return True


_TWINS = [
    (Texts._fields.index(one), Texts._fields.index(other))
    for one, other in (("bid", "ask"), ("bid_change", "ask_change"), ("sold", "bought"), ("bid_total", "ask_total"))
]


def _largest(side: Mapping[int, float]) -> int | None:
    """Return the place that holds more than every other; None without one."""
    most = max(side.values(), default=0.0)
    found = [place for place, size in side.items() if size == most]
    return found[0] if len(found) == 1 else None
