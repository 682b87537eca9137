"""What the account pane lists: holdings at the price of the moment, orders and fills, and how they are written. No Qt.

Amounts stay exact until they are written; only what is worth something in another currency is rounded, and only then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from core.market import Market, base_of, quote_of, tick_size
from core.state.account import Balance, Fill, Order
from core.wire.messages import Side, Ticker
from widgets import format as fmt

BALANCES, OPEN, PAST, FILLS = "balances", "open", "past", "fills"
SECTIONS = (BALANCES, OPEN, PAST, FILLS)
PART_OF = {BALANCES: "balances", OPEN: "orders", PAST: "orders", FILLS: "orders"}  # which permission each needs

TIME, NAME, SIDE, KIND, STATE, ROLE = "time", "name", "side", "kind", "state", "role"  # texts
TOTAL, FREE, LOCKED, AVG, PRICE, VALUE, SHARE, PROFIT, RATE = (
    "total", "free", "locked", "avg", "price", "value", "share", "profit", "rate"
)  # fmt: skip
SIZE, REMAINING, FILLED, FEE, EXECUTED, AMOUNT = "size", "remaining", "filled", "fee", "executed", "amount"
COLUMNS: dict[str, tuple[str, ...]] = {
    BALANCES: (NAME, TOTAL, FREE, LOCKED, AVG, PRICE, VALUE, SHARE, PROFIT, RATE),
    OPEN: (TIME, NAME, SIDE, KIND, PRICE, SIZE, REMAINING, FILLED, AMOUNT),
    PAST: (TIME, NAME, SIDE, KIND, STATE, PRICE, AVG, SIZE, EXECUTED, AMOUNT, FEE),
    FILLS: (TIME, NAME, SIDE, PRICE, SIZE, AMOUNT, FEE, ROLE),
}
TEXTS = frozenset({NAME, SIDE, KIND, STATE, ROLE})  # aligned left; the others are figures
EXACT = frozenset({TOTAL, FREE, LOCKED, SIZE, REMAINING, EXECUTED})  # aligned at the decimal point
# Left out where there is no room, the least important first.
DROPPED_FIRST = {
    BALANCES: (SHARE, LOCKED, FREE, PRICE, AVG, PROFIT, TOTAL, RATE),
    OPEN: (AMOUNT, SIZE, KIND, FILLED, TIME, REMAINING, SIDE),
    PAST: (FEE, PRICE, KIND, SIZE, AMOUNT, AVG, TIME, EXECUTED, SIDE),
    FILLS: (ROLE, FEE, AMOUNT, TIME, SIZE, SIDE),
}
HIDDEN = "•••••"  # an amount that is nobody's business
DUST_KRW = Decimal(1_000)
_HIDEABLE = frozenset({TOTAL, FREE, LOCKED, VALUE, AMOUNT, PROFIT, SIZE, REMAINING, FEE, EXECUTED})
_KRW = "KRW"
_ZERO = Decimal(0)
_HUNDRED = Decimal(100)
_AVG_WHOLE = Decimal(1_000_000)  # an average price from here on needs no more decimals than a price


class Rates(NamedTuple):
    """What the market says now, as exact as it says it."""

    prices: Mapping[str, Ticker]

    def price(self, market: str) -> Decimal | None:
        """Return the last price of a market, None where none is known."""
        ticker = self.prices.get(market)
        return Decimal(repr(ticker.price)) if ticker is not None and ticker.price > 0.0 else None

    def krw_of(self, currency: str) -> Decimal | None:
        """Return KRW for one of a quote currency."""
        return Decimal(1) if currency == _KRW else self.price(f"{_KRW}-{currency}")


class Holding(NamedTuple):
    """One currency at the price of the moment. None is what is not known."""

    currency: str
    market: str  # that prices it, "" where there is none
    total: Decimal
    free: Decimal
    locked: Decimal
    avg_price: Decimal | None  # in `unit`; None where the exchange knows none
    unit: str
    price: Decimal | None  # in the quote of `market`
    value: Decimal | None  # KRW
    cost: Decimal | None  # KRW: what is held, at its average price
    share: Decimal | None  # of the value of all, 0..1

    @property
    def profit(self) -> Decimal | None:
        """KRW that it is worth more than it cost."""
        return self.value - self.cost if self.value is not None and self.cost is not None else None

    @property
    def rate(self) -> Decimal | None:
        """The profit as a share of the cost; None without one."""
        profit = self.profit
        return profit / self.cost if profit is not None and self.cost else None


class Total(NamedTuple):
    """The account as a whole, KRW. Profit and rate are those of the holdings whose cost is known."""

    value: Decimal = _ZERO
    cost: Decimal = _ZERO
    profit: Decimal = _ZERO
    cash: Decimal = _ZERO  # KRW free and locked
    unpriced: int = 0  # currencies that are worth something unknown

    @property
    def rate(self) -> Decimal | None:
        return self.profit / self.cost if self.cost else None


def market_for(currency: str, markets: Mapping[str, Market]) -> str:
    """Return the market that prices a currency: that in KRW, or else in BTC, or else in USDT; "" for none."""
    if currency == _KRW:
        return ""
    return next((m for quote in (_KRW, "BTC", "USDT") if (m := f"{quote}-{currency}") in markets), "")


def markets_wanted(balances: Iterable[Balance], markets: Mapping[str, Market]) -> set[str]:
    """Return the markets whose prices tell what the balances are worth."""
    wanted = set()
    for balance in balances:
        if not balance.total:
            continue
        market = market_for(balance.currency, markets)
        wanted.add(market)
        for currency in (quote_of(market), balance.unit):
            if currency and currency != _KRW:
                wanted.add(f"{_KRW}-{currency}")
    return {market for market in wanted if market in markets}


def holdings(balances: Iterable[Balance], markets: Mapping[str, Market], rates: Rates) -> tuple[list[Holding], Total]:
    """Return what is held, unsorted, and what it comes to. A balance of nothing is not held."""
    found = [_holding(b, market_for(b.currency, markets), rates) for b in balances if b.total]
    value = sum((h.value for h in found if h.value is not None), _ZERO)
    if value > 0:
        found = [h._replace(share=h.value / value) if h.value is not None else h for h in found]
    costs = [(h.cost, h.profit) for h in found if h.cost is not None and h.profit is not None]
    return found, Total(
        value,
        sum((cost for cost, _ in costs), _ZERO),
        sum((profit for _, profit in costs), _ZERO),
        sum((h.total for h in found if h.currency == _KRW), _ZERO),
        sum(h.value is None for h in found),
    )


def _holding(balance: Balance, market: str, rates: Rates) -> Holding:
    total, avg = balance.total, balance.avg_price or None
    if balance.currency == _KRW:
        return Holding(_KRW, "", total, balance.free, balance.locked, None, _KRW, None, total, None, None)
    price = rates.price(market) if market else None
    in_krw = rates.krw_of(quote_of(market)) if market else None
    value = total * price * in_krw if price is not None and in_krw is not None else None
    unit_krw = rates.krw_of(balance.unit)
    cost = total * avg * unit_krw if avg is not None and unit_krw is not None else None
    return Holding(
        balance.currency, market, total, balance.free, balance.locked, avg, balance.unit, price, value, cost, None
    )


def is_dust(holding: Holding) -> bool:
    """Tell whether a holding is worth next to nothing. Of what is not known nobody says so."""
    return holding.currency != _KRW and holding.value is not None and holding.value < DUST_KRW


# Orders.


def amount_of(order: Order) -> Decimal | None:
    """Return what an order is to spend, quote currency; None for one that names a size."""
    is_by_amount = order.kind == "price" or (order.kind == "best" and order.side == "BID")
    return order.price if is_by_amount else None


def limit_of(order: Order) -> Decimal | None:
    """Return the price an order names, None for one at the market's."""
    return order.price if order.kind == "limit" else None


def filled_share(order: Order) -> Decimal | None:
    """Return how far an order has come, 0..1; None where that cannot be told."""
    amount = amount_of(order)
    if amount is not None:
        return min(order.funds / amount, Decimal(1)) if order.funds is not None and amount else None
    return order.executed / order.size if order.size else None


def open_value(order: Order) -> Decimal | None:
    """Return what is still to be traded, quote currency."""
    amount, price = amount_of(order), limit_of(order)
    if amount is not None:
        return amount - order.funds if order.funds is not None else amount
    return order.remaining * price if order.remaining is not None and price is not None else None


def end_of(order: Order) -> str:
    """Return how an order ended: "filled", "part", "cancelled".

    A market buy that leaves a residue ends as cancelled on the wire: what was executed decides.
    """
    if not order.executed:
        return "filled" if order.state == "done" else "cancelled"
    is_by_market = order.kind in ("price", "market", "best")
    is_whole = order.size is not None and order.executed >= order.size
    return "filled" if order.state == "done" or is_by_market or is_whole else "part"


# Sorting.

Record = Holding | Order | Fill
Key = Callable[[Record], Decimal | int | str | None]

_KEYS: dict[str, dict[str, Callable[..., Decimal | int | str | None]]] = {
    BALANCES: {
        NAME: lambda h: h.currency, TOTAL: lambda h: h.total, FREE: lambda h: h.free, LOCKED: lambda h: h.locked,
        AVG: lambda h: h.avg_price, PRICE: lambda h: h.price, VALUE: lambda h: h.value, SHARE: lambda h: h.share,
        PROFIT: lambda h: h.profit, RATE: lambda h: h.rate,
    },
    OPEN: {
        TIME: lambda o: o.created_ms, NAME: lambda o: o.market, SIDE: lambda o: o.side, KIND: lambda o: o.kind,
        PRICE: limit_of, SIZE: lambda o: o.size, REMAINING: lambda o: o.remaining, FILLED: filled_share,
        AMOUNT: open_value,
    },
    PAST: {
        TIME: lambda o: o.created_ms, NAME: lambda o: o.market, SIDE: lambda o: o.side, KIND: lambda o: o.kind,
        STATE: end_of, PRICE: limit_of, AVG: lambda o: o.avg_price, SIZE: lambda o: o.size,
        EXECUTED: lambda o: o.executed, AMOUNT: lambda o: o.funds, FEE: lambda o: o.paid_fee,
    },
    FILLS: {
        TIME: lambda f: f.time_ms, NAME: lambda f: f.market, SIDE: lambda f: f.side, PRICE: lambda f: f.price,
        SIZE: lambda f: f.size, AMOUNT: lambda f: f.price * f.size, FEE: lambda f: f.fee, ROLE: lambda f: f.is_maker,
    },
}  # fmt: skip
FIRST_SORT = {BALANCES: VALUE, OPEN: TIME, PAST: TIME, FILLS: TIME}


def id_of(record: Record) -> str:
    """Return what names a record among those of its section."""
    return record.currency if isinstance(record, Holding) else record.id


def market_of(record: Record) -> str:
    """Return the market a record is of, "" for KRW and for what is not listed."""
    return record.market


def ordered(section: str, records: Iterable[Record], column: str, *, is_down: bool) -> list[Record]:
    """Return the records sorted; equals stay in the order of their ids, and what is not known is at the end."""
    key = _KEYS[section].get(column) or _KEYS[section][FIRST_SORT[section]]
    known, rest = [], []
    for record in records:
        value = key(record)
        if value is None:
            rest.append(record)
        else:
            known.append((value, id_of(record), record))
    known.sort(key=lambda row: row[1])
    known.sort(key=lambda row: row[0], reverse=is_down)
    return [record for *_, record in known] + sorted(rest, key=id_of)


# Writing.


class Words(NamedTuple):
    """The texts that lines are made of, in the language of the screen."""

    buy: str
    sell: str
    kinds: Mapping[str, str]
    ends: Mapping[str, str]
    reserved: str
    maker: str
    taker: str


class Cell(NamedTuple):
    """One text of a line."""

    text: str
    way: int = 0  # 1 and -1 have the colours of rise and fall
    unit: str = ""  # behind it, small
    full: str = ""  # where `text` leaves digits out: all of them


class Line(NamedTuple):
    """One record as it is written, a cell a column of its section."""

    code: str  # of the record
    market: str
    name: str
    symbol: str
    cells: tuple[Cell, ...]


_NOTHING = Cell("")


def write(section: str, record: Record, name: str, words: Words, *, is_private: bool = False) -> Line:
    """Return the line of a record.

    Args:
        name: of its market or currency.
        is_private: no amount is to be read.
    """
    if isinstance(record, Holding):
        cells = _write_holding(record)
        symbol = record.currency
    elif isinstance(record, Fill):
        cells, symbol = _write_fill(record, words), record.market
    elif section == OPEN:
        cells, symbol = _write_open(record, words), record.market
    else:
        cells, symbol = _write_past(record, words), record.market
    cells[NAME] = Cell(name)
    if is_private:
        for column in _HIDEABLE & cells.keys():
            if cells[column].text not in ("", fmt.UNKNOWN):
                cells[column] = Cell(HIDDEN)
    return Line(id_of(record), record.market, name, symbol, tuple(cells[column] for column in COLUMNS[section]))


def _write_holding(holding: Holding) -> dict[str, Cell]:
    profit, rate = holding.profit, holding.rate
    way = _way(profit)
    quote = quote_of(holding.market)
    is_krw = holding.currency == _KRW
    return {
        TOTAL: _exact(holding.total),
        FREE: _exact(holding.free),
        LOCKED: _exact(holding.locked) if holding.locked else Cell("0"),
        AVG: _NOTHING if is_krw else _average(holding.avg_price, holding.unit, holding.currency),
        PRICE: _NOTHING if is_krw else _price(holding.price, holding.market, _unit(quote)),
        VALUE: _won(holding.value),
        SHARE: Cell(f"{holding.share * _HUNDRED:.1f}%" if holding.share is not None else fmt.UNKNOWN),
        PROFIT: _NOTHING if is_krw else Cell(fmt.amount(profit, is_signed=True), way),
        RATE: _NOTHING if is_krw else Cell(percent(rate), way),
    }


def _write_open(order: Order, words: Words) -> dict[str, Cell]:
    kind = words.reserved if order.state == "watch" else words.kinds.get(order.kind, order.kind)
    share = filled_share(order)
    return {
        **_begin(order.created_ms, order.side, words),
        KIND: Cell(f"{kind} {order.time_in_force.replace('_', ' ')}".strip()),
        PRICE: _price(limit_of(order), order.market),
        SIZE: _exact(order.size),
        REMAINING: _exact(order.remaining),
        FILLED: Cell(f"{share * _HUNDRED:.1f}%" if share is not None else fmt.UNKNOWN),
        AMOUNT: _quoted(open_value(order), order.market),
    }


def _write_past(order: Order, words: Words) -> dict[str, Cell]:
    return {
        **_begin(order.created_ms, order.side, words),
        KIND: Cell(words.kinds.get(order.kind, order.kind)),
        STATE: Cell(words.ends[end_of(order)]),
        PRICE: _price(limit_of(order), order.market),
        AVG: _average(order.avg_price, quote_of(order.market), base_of(order.market)),
        SIZE: _exact(order.size),
        EXECUTED: _exact(order.executed),
        AMOUNT: _quoted(order.funds, order.market),
        FEE: _quoted(order.paid_fee, order.market),
    }


def _write_fill(fill: Fill, words: Words) -> dict[str, Cell]:
    role = {True: words.maker, False: words.taker, None: fmt.UNKNOWN}[fill.is_maker]
    return {
        **_begin(fill.time_ms, fill.side, words),
        PRICE: _price(fill.price, fill.market),
        SIZE: _exact(fill.size),
        AMOUNT: _quoted(fill.price * fill.size, fill.market),
        FEE: _quoted(fill.fee, fill.market),
        ROLE: Cell(role),
    }


def _begin(time_ms: int, side: Side, words: Words) -> dict[str, Cell]:
    is_buy = side == "BID"
    when = f"{fmt.day(time_ms)} {fmt.clock(time_ms)}" if time_ms else fmt.UNKNOWN
    return {TIME: Cell(when), SIDE: Cell(words.buy if is_buy else words.sell, 1 if is_buy else -1)}


def _way(value: Decimal | None) -> int:
    return 0 if not value else 1 if value > 0 else -1


def _exact(value: Decimal | None) -> Cell:
    text = fmt.exact(value)
    full = fmt.whole(value) if value is not None else ""
    return Cell(text, full=full if full != text else "")


def _won(value: Decimal | None) -> Cell:
    if value is not None and 0 < value < Decimal("0.5"):
        return Cell("<1")
    return Cell(fmt.amount(value))


def _unit(quote: str) -> str:
    return "" if quote in (_KRW, "") else quote


def _price(value: Decimal | None, market: str, unit: str | None = None) -> Cell:
    """Write a price with the decimals of its step, or with more where it has more: an old order may be off the grid."""
    if value is None:
        return Cell(fmt.UNKNOWN)
    own = -int(value.normalize().as_tuple().exponent)
    places = max(fmt.decimals(tick_size(market, float(value))), own)
    return Cell(f"{value:,.{places}f}", unit=_unit(quote_of(market)) if unit is None else unit)


def _average(value: Decimal | None, unit: str, currency: str) -> Cell:
    if value is None:
        return Cell(fmt.UNKNOWN)
    places = fmt.decimals(tick_size(f"{unit}-{currency}", float(value)))
    more = 0 if value >= _AVG_WHOLE else 2
    return Cell(fmt.amount(value, min(places + more, 8)), unit=_unit(unit))


def _quoted(value: Decimal | None, market: str) -> Cell:
    """Write an amount of a market's quote currency: won whole or, below a hundred, with two decimals."""
    quote = quote_of(market)
    if not value:
        return Cell(fmt.UNKNOWN if value is None else "0")
    if quote == _KRW:
        return Cell(fmt.amount(value, 0 if abs(value) >= _HUNDRED else 2), full=fmt.whole(value))
    return Cell(fmt.amount(value, 4 if quote == "USDT" else 8), unit=_unit(quote), full=fmt.whole(value))


def percent(rate: Decimal | None) -> str:
    """Return a ratio as signed percent."""
    if rate is None:
        return fmt.UNKNOWN
    return f"{fmt.amount(rate * _HUNDRED, 2, is_signed=True)}%"


def as_text(section: str, heads: Mapping[str, str], lines: Iterable[Line]) -> str:
    """Return lines as a table for other programs: tabs between columns, every digit, no separators of thousands."""
    rows = ["\t".join(heads[column] for column in COLUMNS[section])]
    for line in lines:
        texts = []
        for column, cell in zip(COLUMNS[section], line.cells, strict=True):
            if column == NAME:
                texts.append(line.symbol)
                continue
            text = cell.full or cell.text
            if column not in TEXTS:
                text = text.replace(",", "")
            texts.append(f"{text} {cell.unit}".strip())
        rows.append("\t".join(texts))
    return "\n".join(rows) + "\n"
