"""One coin in several quote currencies: what it costs in one of them, and what a difference leaves to a trader. Pure.

A route is a round trip of three orders: it begins and ends with the same currency, its home. Each order takes what
rests in a book, level by level, pays its fee, has a size of whole units and must reach the exchange's minimum.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from math import isnan, nan
from typing import Literal, NamedTuple

import msgspec

from core.market import quote_of, tick_size

Side = Sequence[tuple[float, float]]  # (price, size), best first

PAIRS = (("KRW", "USDT"), ("KRW", "BTC"), ("USDT", "BTC"))  # (home, away); the market home-away is the bridge
BRIDGES = tuple(f"{home}-{away}" for home, away in PAIRS)
LEAST_TOTAL = {"KRW": 5_000.0, "BTC": 0.00005, "USDT": 0.5}  # price times size of an order
SIZE_STEP = 1e-8  # base currency

Why = Literal["", "empty", "thin", "small"]  # no order there; more than rests there; below the minimum


class Terms(msgspec.Struct, frozen=True):
    """On what terms the user trades between quote currencies.

    Raises:
        ValueError: a value that means nothing.
    """

    fee_krw: float = 0.0005  # of an order's total
    fee_btc: float = 0.0025
    fee_usdt: float = 0.0025
    size_krw: float = 1e6  # put in
    stale_s: float = 3.0  # a book of an active market that is older counts for nothing

    def __post_init__(self) -> None:
        fees = (self.fee_krw, self.fee_btc, self.fee_usdt)
        if not all(0.0 <= fee < 0.1 for fee in fees):
            raise ValueError(f"no fees: {fees}")
        if not (math.isfinite(self.size_krw) and self.size_krw > 0.0 and 0.5 <= self.stale_s <= 60.0):
            raise ValueError(f"no size or age: {self.size_krw}, {self.stale_s}")

    @property
    def fees(self) -> dict[str, float]:
        """By quote currency."""
        return {"KRW": self.fee_krw, "BTC": self.fee_btc, "USDT": self.fee_usdt}


class Book(NamedTuple):
    """Both sides, best first, without padding."""

    asks: Side
    bids: Side

    @property
    def mid(self) -> float:
        """The mid price; nan where a side is empty or the sides cross, which no book of one moment does."""
        if not self.asks or not self.bids or self.bids[0][0] >= self.asks[0][0]:
            return nan
        return (self.asks[0][0] + self.bids[0][0]) / 2.0


class Order(NamedTuple):
    """One order of a route."""

    market: str
    is_buy: bool


Route = tuple[Order, Order, Order]


class Fill(NamedTuple):
    """What an order takes."""

    spent: float  # quote currency with its fee if it buys, base currency if it sells
    got: float  # base currency, or quote currency without its fee
    limit: float  # the price to send, quote currency: the last level's, on the grid and not better for us

    @property
    def price(self) -> float:
        """The mean price with the fee, quote currency."""
        return self.spent / self.got if self.limit > 0.0 else nan


class Trip(NamedTuple):
    """A round trip at one size."""

    spent: float  # home currency
    got: float
    fills: tuple[Fill, ...]
    why: Why = ""  # why there is none

    @property
    def edge(self) -> float:
        """What is won, as a ratio; nan where the trip cannot be made."""
        return self.got / self.spent - 1.0 if not self.why else nan


class Capacity(NamedTuple):
    """How far an edge reaches. Sizes in home currency."""

    best_size: float  # at which most is won
    best_gain: float
    vanish_size: float  # at which nothing is won any more
    is_whole: bool  # False: a book ended before, so it reaches at least so far


@lru_cache(maxsize=2_048)
def routes(coin: str, quotes: tuple[str, ...]) -> tuple[Route, ...]:
    """Return every round trip through two markets of a coin and the bridge between their quote currencies."""
    found: list[Route] = []
    for home, away in PAIRS:
        if home in quotes and away in quotes and coin not in (home, away):
            bridge, here, there = f"{home}-{away}", f"{home}-{coin}", f"{away}-{coin}"
            found.append((Order(bridge, True), Order(there, True), Order(here, False)))
            found.append((Order(here, True), Order(there, False), Order(bridge, False)))
    return tuple(found)


def home_of(route: Route) -> str:
    """Return the currency that a route begins and ends with."""
    return quote_of(route[0].market)


def rate(quote: str, into: str, prices: Mapping[str, float]) -> float:
    """Return how much of `into` one unit of `quote` is worth; nan where it is not known.

    Args:
        prices: of the bridges, by market; the direct one is taken, else the way over the third currency.
    """
    direct = _direct(quote, into, prices)
    if not isnan(direct):
        return direct
    ways = (_direct(quote, via, prices) * _direct(via, into, prices) for via in ("KRW", "USDT", "BTC"))
    return next((way for way in ways if not isnan(way)), nan)


def _direct(quote: str, into: str, prices: Mapping[str, float]) -> float:
    if quote == into:
        return 1.0
    price = prices.get(f"{into}-{quote}", nan)
    if price > 0.0:
        return price
    price = prices.get(f"{quote}-{into}", nan)
    return 1.0 / price if price > 0.0 else nan


def premium(here: float, there: float, worth: float) -> float:
    """Return by how much a coin is dearer here than there, as a ratio.

    Args:
        here: its price, home currency.
        there: its price in the other quote currency.
        worth: of one unit of that currency, home currency.
    """
    other = there * worth
    return here / other - 1.0 if here > 0.0 and other > 0.0 else nan


def limit_price(market: str, price: float, *, is_buy: bool) -> float:
    """Return the price on the market's grid that is not better for us than `price`.

    Orders that rest since before a change of the steps may stand beside the grid.
    """
    tick = tick_size(market, price)
    steps = price / tick
    near = round(steps)
    if abs(steps - near) < 1e-6 * max(steps, 1.0) ** 0.5:
        return price
    on_grid = (math.ceil(steps) if is_buy else math.floor(steps)) * tick
    return round(on_grid, 8)


def buy(market: str, asks: Side, budget: float, fee: float) -> Fill | Why:
    """Return what a budget (quote currency, fee included) buys of what rests there, or why nothing."""
    if not asks:
        return "empty"
    size = total = last = 0.0
    left = budget
    for price, offered in asks:
        cost = price * offered * (1.0 + fee)
        last = price
        if cost >= left:
            size += left / (price * (1.0 + fee))
            cut = _whole(size)
            total += (left / (1.0 + fee)) - (size - cut) * price
            if total < LEAST_TOTAL.get(quote_of(market), 0.0):
                return "small"
            return Fill(total * (1.0 + fee), cut, limit_price(market, last, is_buy=True))
        size, total, left = size + offered, total + price * offered, left - cost
    return "thin"


def sell(market: str, bids: Side, size: float, fee: float) -> Fill | Why:
    """Return what a size (base currency) is sold for, or why it is not."""
    if not bids:
        return "empty"
    left = size = _whole(size)
    total = 0.0
    for price, wanted in bids:
        take = min(wanted, left)
        total, left = total + price * take, left - take
        if left <= 0.0:
            if total < LEAST_TOTAL.get(quote_of(market), 0.0):
                return "small"
            return Fill(size, total * (1.0 - fee), limit_price(market, price, is_buy=False))
    return "thin"


def _whole(size: float) -> float:
    """Cut a size to whole units; one that is whole but for the last bit stays."""
    units = size / SIZE_STEP
    near = round(units)
    return (near if abs(units - near) < 1e-6 else math.floor(units)) * SIZE_STEP


def round_trip(route: Route, books: Mapping[str, Book], size: float, fees: Mapping[str, float]) -> Trip:
    """Return what comes of `size` (home currency) sent round: what is left over on the way counts for nothing."""
    fills: list[Fill] = []
    amount = size
    for order in route:
        book, fee = books[order.market], fees[quote_of(order.market)]
        side = book.asks if order.is_buy else book.bids
        fill = (buy if order.is_buy else sell)(order.market, side, amount, fee)
        if isinstance(fill, str):
            return Trip(size, nan, tuple(fills), fill)
        fills.append(fill)
        amount = fill.got
    return Trip(fills[0].spent, amount, tuple(fills))


def first_edge(route: Route, books: Mapping[str, Book], fees: Mapping[str, float]) -> float:
    """Return the edge of the first unit, after fees; nan where a side is empty."""
    out = 1.0
    for order in route:
        book, fee = books[order.market], fees[quote_of(order.market)]
        side = book.asks if order.is_buy else book.bids
        if not side:
            return nan
        out *= 1.0 / (side[0][0] * (1.0 + fee)) if order.is_buy else side[0][0] * (1.0 - fee)
    return out - 1.0


def capacity(route: Route, books: Mapping[str, Book], fees: Mapping[str, float]) -> Capacity:
    """Return at which size most is won, and at which nothing any more.

    The three books are walked down together, from one level's end to the next. Units and minimums are left aside.
    """
    steps: list[list[tuple[float, float]]] = []  # of each order: (what one unit of its input brings, how much it takes)
    for order in route:
        book, fee = books[order.market], fees[quote_of(order.market)]
        if order.is_buy:
            steps.append([(1.0 / (p * (1.0 + fee)), p * s * (1.0 + fee)) for p, s in book.asks])
        else:
            steps.append([(p * (1.0 - fee), s) for p, s in book.bids])
    at = [0, 0, 0]
    left = [step[0][1] if step else 0.0 for step in steps]
    spent = got = best_size = best_gain = 0.0
    while all(at[i] < len(steps[i]) for i in range(3)):
        rates = [steps[i][at[i]][0] for i in range(3)]
        before = (1.0, rates[0], rates[0] * rates[1])  # of one unit of home currency, what reaches each order
        out = before[2] * rates[2]
        rooms = [left[i] / before[i] for i in range(3)]
        room = min(rooms)
        if out <= 1.0 and got + out * room <= spent + room:
            reach = (got - spent) / (1.0 - out) if out < 1.0 else 0.0
            return Capacity(best_size, best_gain, spent + reach, True)
        spent, got = spent + room, got + out * room
        if got - spent > best_gain:
            best_size, best_gain = spent, got - spent
        for i in range(3):
            if rooms[i] <= room:
                at[i] += 1
                left[i] = steps[i][at[i]][1] if at[i] < len(steps[i]) else 0.0
            else:
                left[i] -= room * before[i]
    return Capacity(best_size, best_gain, spent if got > spent else 0.0, False)


def percentile(history: Sequence[float], value: float, least: int) -> float:
    """Return the share of what was that is not above `value`, 0 to 1.

    Args:
        history: nan where it is not known.
        least: so many must be known, else nan.
    """
    known = [h for h in history if not isnan(h)]
    if len(known) < least or isnan(value):
        return nan
    return sum(h <= value for h in known) / len(known)
