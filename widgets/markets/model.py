"""Which markets are listed and in what order, and the texts of a line. No Qt."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from math import isnan, nan
from typing import NamedTuple

from core.calc.worth import worth
from core.market import Market, tick_size
from core.wire.messages import Ticker
from widgets import format as fmt
from widgets.controls.listing import NAME, TURNOVER, Sort, flag_of, name_of

FAVOURITES = "favourites"
TABS = ("KRW", "BTC", "USDT", FAVOURITES)

PRICE, CHANGE = "price", "change"
COLUMNS = (NAME, PRICE, CHANGE, TURNOVER)  # those one can sort by, from left to right


class Line(NamedTuple):
    """One market as it is written. `ticker` is what it was written from: the same object means the same line."""

    code: str
    name: str
    symbol: str  # "BTC"; with its quote where the list mixes them: "KRW-BTC"
    flag: str  # HALTED, WARNED, CAUTIONED or ""
    is_favourite: bool
    ticker: Ticker | None = None
    way: int = 0  # 1 up, -1 down, 0 unchanged or not known, against the previous close
    price: str = fmt.UNKNOWN
    change: str = fmt.UNKNOWN  # percent
    change_price: str = fmt.UNKNOWN  # quote currency
    turnover: str = fmt.UNKNOWN  # the number alone, see `unit`
    unit: str = ""  # of the turnover: "억", "M", "BTC"


def listed(markets: Mapping[str, Market], tab: str, favourites: Collection[str]) -> list[str]:
    """Return the codes that belong to `tab`."""
    if tab == FAVOURITES:
        return [code for code in markets if code in favourites]
    return [code for code, market in markets.items() if market.quote == tab]


def ordered(markets: Iterable[Market], tickers: Mapping[str, Ticker], sort: Sort, is_korean: bool = False) -> list[str]:
    """Return the codes sorted. Equals stand by code; what is not known is at the end whichever way is sorted.

    Prices and turnovers of different quote currencies are compared by what they are worth.
    """
    rates = worth({code: ticker.price for code, ticker in tickers.items()})
    known: list[tuple[float | str, str]] = []
    rest: list[str] = []
    for market in markets:
        code = market.code
        ticker = tickers.get(code)
        value: float | str = nan
        if ticker is not None:
            if sort.column == NAME:
                value = name_of(market, is_korean).casefold()
            elif sort.column == CHANGE:
                value = ticker.change_rate
            else:
                rate = rates.get(market.quote, 1.0)
                value = (ticker.price if sort.column == PRICE else ticker.turnover_24h) * rate
        if value == value:  # noqa: PLR0124 - nan alone differs from itself
            known.append((value, code))
        else:
            rest.append(code)
    known.sort(key=lambda row: row[1])
    known.sort(key=lambda row: row[0], reverse=sort.is_down)  # stable, turned round too
    return [code for _, code in known] + sorted(rest)


def write(market: Market, ticker: Ticker | None, *, is_korean: bool, is_favourite: bool, is_mixed: bool) -> Line:
    """Return the line of a market.

    Args:
        ticker: None if nothing is known of it yet: no number is shown then.
        is_mixed: the list holds several quote currencies, so each line says its own.
    """
    name, flag = name_of(market, is_korean), flag_of(market, ticker)
    symbol = market.code if is_mixed else market.base
    if ticker is None:
        return Line(market.code, name, symbol, flag, is_favourite)
    tick = tick_size(market.code, ticker.price)
    turnover, unit = split_unit(fmt.turnover(ticker.turnover_24h, market.quote, "ko" if is_korean else "en"))
    if is_mixed and market.quote != "KRW" and not isnan(ticker.turnover_24h):
        unit = f"{unit} {market.quote}".strip()
    rate = ticker.change_rate
    return Line(
        market.code,
        name,
        symbol,
        flag,
        is_favourite,
        ticker,
        1 if rate > 0 else -1 if rate < 0 else 0,
        fmt.price(ticker.price, tick),
        fmt.percent(rate),
        _signed(ticker.change_price, _finest(market.code, tick, ticker.prev_close)),
        turnover,
        unit,
    )


def split_unit(text: str) -> tuple[str, str]:
    """Return number and unit of a short amount: "1,234억" is ("1,234", "억")."""
    number = text.rstrip("만억조KMBT")
    return number, text[len(number) :]


def _finest(code: str, tick: float, prev_close: float) -> float:
    """Return the finer price step of both ends of a change: 99.5 to 105 is 5.5, though prices above 100 have none."""
    return min(tick, tick_size(code, prev_close)) if prev_close > 0.0 else tick


def _signed(value: float, tick: float) -> str:
    text = fmt.price(value, tick)
    return f"+{text}" if value > 0.0 else text
