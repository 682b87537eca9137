"""How much rests up to each price: the curves of a depth chart. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor, log10
from typing import NamedTuple

from widgets.orderbook.model import DEPTH, Ladder, Row

ZOOMS = (1.0, 0.5, 0.25, 0.1, 0.05)  # shares of the book's reach that are shown


class Frame(NamedTuple):
    """What of a book is shown."""

    low: float  # quote currency
    high: float
    most: float  # base currency, at the upper edge


class Reading(NamedTuple):
    """What a book says of one price."""

    price: float  # quote currency
    is_ask: bool
    total: float  # base currency: what would be traded on the way there
    worth: float  # quote currency: and what that costs or brings
    rate: float  # of the way there, of the middle price


def middle(book: Ladder) -> float:
    """Return the middle between the best prices, or the best one of the only side; nan of an empty book."""
    best = [side[0].price for side in (book.asks, book.bids) if side]
    return sum(best) / len(best) if best else float("nan")


def frame(book: Ladder, zoom: float) -> Frame | None:
    """Return what is shown of a book, as far to the left as to the right but no price below zero; None of an empty one.

    Args:
        zoom: share of the farther side's reach, 0..1; the best level of each side is always in it.
    """
    if book.is_empty:
        return None
    mid = middle(book)
    reach = max(abs(row.price - mid) for row in (*book.asks[-1:], *book.bids[-1:]))
    least = max(abs(row.price - mid) for row in (*book.asks[:1], *book.bids[:1]))
    half = max(reach * zoom, least * 1.5) or mid * 1e-4
    low, high = max(mid - half, 0.0), mid + half
    shown = [row.total for row in book.rows if low <= row.price <= high]
    return Frame(low, high, ceiling(max(shown, default=0.0)))


def ceiling(value: float) -> float:
    """Return a round number that is not below `value`, so that the scale stands still while books change a little."""
    if not value > 0.0:
        return 1.0
    unit = 10.0 ** floor(log10(value))
    return next(step * unit for step in (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 15.0) if step * unit >= value)


def steps(side: Sequence[Row], end: float | None) -> list[tuple[float, float]]:
    """Return the corners of a side's curve, (price, total), from the best price outwards.

    Args:
        side: the best first.
        end: up to which price the last total holds, where the whole side is known; None ends with its last level.
    """
    corners, total = [], 0.0
    for row in side:
        corners += [(row.price, total), (row.price, row.total)]
        total = row.total
    if side and end is not None:
        corners.append((end, total))
    return corners


def reading(book: Ladder, price: float) -> Reading | None:
    """Return what is known of a price; None in the spread, beyond the deepest level sent, and of an empty book."""
    mid = middle(book)
    for side, is_ask in ((book.asks, True), (book.bids, False)):
        within = [row for row in side if (row.price <= price if is_ask else row.price >= price)]
        is_beyond = len(within) >= DEPTH and within[-1].price != price  # there may be more on the way
        if within and not is_beyond and (price >= mid) is is_ask:
            return Reading(price, is_ask, within[-1].total, within[-1].worth, price / mid - 1)
    return None
