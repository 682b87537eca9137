"""One's own orders and fills as a chart marks them. No Qt."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.market import base_of, price_key, quote_of
from core.state.account import Balance, Fill, Order
from widgets import format as fmt

ORDERS = 60  # prices that are marked at most, those nearest to the market: more lines hide the chart


class OrderMark(NamedTuple):
    """What rests at one price, of all own orders there."""

    price: float
    is_buy: bool
    size: str  # what is left of it, base currency


class FillMarks(NamedTuple):
    """Own fills of one market, oldest first."""

    times: NDArray[np.int64]  # epoch ms
    prices: NDArray[np.float64]
    is_buy: NDArray[np.bool_]


NO_FILLS = FillMarks(np.empty(0, np.int64), np.empty(0), np.empty(0, np.bool_))


def order_marks(orders: Iterable[Order], near: float) -> tuple[OrderMark, ...]:
    """Return a mark for each price and side at which something is left, from the highest price down.

    Args:
        near: price of the market.
    """
    left: dict[tuple[int, bool], tuple[float, Decimal]] = {}
    for order in orders:
        if order.kind == "limit" and order.price is not None and order.remaining:
            price = float(order.price)
            key = price_key(price), order.side == "BID"
            left[key] = price, left.get(key, (price, Decimal(0)))[1] + order.remaining
    marks = [OrderMark(price, is_buy, fmt.exact(size)) for (_, is_buy), (price, size) in left.items()]
    nearest = sorted(marks, key=lambda mark: abs(mark.price - near))[:ORDERS]
    return tuple(sorted(nearest, reverse=True))


def fill_marks(fills: Iterable[Fill]) -> FillMarks:
    """Return the marks of fills that are given oldest first."""
    rows = [(fill.time_ms, float(fill.price), fill.side == "BID") for fill in fills]
    if not rows:
        return NO_FILLS
    times, prices, sides = zip(*rows, strict=True)
    return FillMarks(np.array(times, np.int64), np.array(prices), np.array(sides, np.bool_))


def average(market: str, balance: Balance | None) -> float:
    """Return the average price of what is held of a market's base currency, in its quote; 0 for none."""
    if balance is None or balance.currency != base_of(market) or balance.unit != quote_of(market):
        return 0.0
    return float(balance.avg_price) if balance.total else 0.0


def places(marks: FillMarks, starts: NDArray[np.int64], begin: int, end: int) -> list[tuple[int, float, bool]]:
    """Return (bar, price, is it a buy) of the fills that fall into the bars from `begin` to before `end`."""
    if not len(marks.times) or begin >= end or not len(starts):
        return []
    bars = np.searchsorted(starts, marks.times, side="right") - 1
    seen = (bars >= max(begin, 0)) & (bars < end)
    return list(zip(bars[seen].tolist(), marks.prices[seen].tolist(), marks.is_buy[seen].tolist(), strict=True))
