"""The list of markets without Qt: what belongs to a tab, the order, the texts of a line."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from math import isnan, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.calc.worth import worth
from core.market import Market
from core.wire.messages import Ticker
from widgets.controls.listing import CAUTIONED, HALTED, NAME, TURNOVER, WARNED, Sort, flag_of
from widgets.markets.model import (
    CHANGE,
    COLUMNS,
    FAVOURITES,
    PRICE,
    Line,
    listed,
    ordered,
    write,
)

BTC = Market("KRW-BTC", "비트코인", "Bitcoin")
ETH = Market("KRW-ETH", "이더리움", "Ethereum")
XRP = Market("KRW-XRP", "엑스알피(리플)", "XRP")
ETH_BTC = Market("BTC-ETH", "이더리움", "Ethereum")
BTC_USDT = Market("USDT-BTC", "비트코인", "Bitcoin")


def prices(known: dict[str, Ticker]) -> dict[str, float]:
    return {code: ticker.price for code, ticker in known.items()}


def tickers(*rows: Ticker) -> dict[str, Ticker]:
    return {row.market: row for row in rows}


def line(market: Market, ticker: Ticker | None, *, korean: bool = False, mixed: bool = False) -> Line:
    return write(market, ticker, is_korean=korean, is_favourite=False, is_mixed=mixed)


# --- order ---


def test_the_largest_turnover_stands_first_and_what_is_not_known_last() -> None:
    known = tickers(Ticker("KRW-BTC", 1.0, turnover_24h=5.0), Ticker("KRW-ETH", 9.0, turnover_24h=7.0))
    assert ordered([XRP, BTC, ETH], known, Sort()) == ["KRW-ETH", "KRW-BTC", "KRW-XRP"]
    assert ordered([XRP, BTC, ETH], known, Sort(TURNOVER, False)) == ["KRW-BTC", "KRW-ETH", "KRW-XRP"]


@pytest.mark.parametrize("column", [CHANGE, TURNOVER])
@pytest.mark.parametrize("is_down", [True, False])
def test_a_number_that_is_not_known_stands_at_the_end_both_ways(column: str, is_down: bool) -> None:
    known = tickers(Ticker("KRW-BTC", 1.0), Ticker("KRW-ETH", 1.0, change_rate=-0.5, turnover_24h=1.0))
    assert ordered([BTC, ETH], known, Sort(column, is_down)) == ["KRW-ETH", "KRW-BTC"]


def test_names_are_sorted_in_the_language_of_the_screen() -> None:
    known = tickers(*(Ticker(m.code, 1.0) for m in (BTC, ETH, XRP)))
    assert ordered([XRP, ETH, BTC], known, Sort(NAME, False)) == ["KRW-BTC", "KRW-ETH", "KRW-XRP"]
    assert ordered([XRP, ETH, BTC], known, Sort(NAME, False), is_korean=True) == ["KRW-BTC", "KRW-XRP", "KRW-ETH"]


def test_prices_in_several_currencies_are_compared_by_their_worth() -> None:
    known = tickers(
        Ticker("KRW-BTC", 90_000_000.0),
        Ticker("KRW-USDT", 1_500.0),
        Ticker("BTC-ETH", 0.05),  # 4,500,000 KRW
        Ticker("USDT-BTC", 61_000.0),  # 91,500,000 KRW
        Ticker("KRW-ETH", 4_400_000.0),
    )
    assert worth(prices(known)) == {"KRW": 1.0, "BTC": 90_000_000.0, "USDT": 1_500.0}
    assert ordered([BTC, ETH, ETH_BTC, BTC_USDT], known, Sort(PRICE)) == ["USDT-BTC", "KRW-BTC", "BTC-ETH", "KRW-ETH"]


numbers = st.one_of(st.just(nan), st.floats(-1e12, 1e12), st.sampled_from([0.0, -0.0, 1.0]))
codes = st.tuples(st.sampled_from(["KRW", "BTC", "USDT"]), st.text("ABC", min_size=1, max_size=3)).map("-".join)


@given(st.lists(codes, unique=True, max_size=25).flatmap(st.permutations), st.data())
def test_the_order_is_total_whatever_is_known(listing: list[str], data: st.DataObject) -> None:
    markets = [Market(code, english_name=code[-1]) for code in listing]
    known = {
        code: Ticker(
            code, data.draw(st.floats(0.0, 1e9)), change_rate=data.draw(numbers), turnover_24h=data.draw(numbers)
        )
        for code in listing
        if data.draw(st.booleans())
    }
    sort = Sort(data.draw(st.sampled_from(COLUMNS)), data.draw(st.booleans()))
    found = ordered(markets, known, sort)
    assert sorted(found) == sorted(listing), "each once, none lost"
    assert ordered(data.draw(st.permutations(markets)), known, sort) == found, "it does not matter how they came"

    rates = worth(prices(known))

    def key(code: str) -> float | str:
        ticker = known.get(code)
        if ticker is None:
            return nan
        rate = rates[code.partition("-")[0]]
        if sort.column == NAME:
            return code[-1].casefold()
        numbers = {PRICE: ticker.price * rate, CHANGE: ticker.change_rate, TURNOVER: ticker.turnover_24h * rate}
        return numbers[sort.column]

    keys = [key(code) for code in found]
    is_known = [isinstance(k, str) or not isnan(k) for k in keys]
    assert is_known == sorted(is_known, reverse=True), "what is not known is at the end"
    _assert_sorted(list(zip(keys, found, strict=True))[: sum(is_known)], sort.is_down)


def _assert_sorted(rows: Iterable[tuple[float | str, str]], is_down: bool) -> None:
    rows = list(rows)
    for (key, code), (after, code_after) in pairwise(rows):
        if key == after:
            assert code < code_after
        else:
            assert (key > after) == is_down  # type: ignore[operator]


def test_a_column_chosen_again_turns_round_and_numbers_begin_large() -> None:
    assert Sort().chosen(TURNOVER) == Sort(TURNOVER, False)
    assert Sort(TURNOVER, False).chosen(TURNOVER) == Sort()
    assert Sort().chosen(PRICE) == Sort(PRICE, True)
    assert Sort().chosen(NAME) == Sort(NAME, False)


# --- tabs ---


def test_a_tab_holds_its_quote_currency_and_the_favourites_any() -> None:
    markets = {m.code: m for m in (BTC, ETH, ETH_BTC, BTC_USDT)}
    assert listed(markets, "KRW", ()) == ["KRW-BTC", "KRW-ETH"]
    assert listed(markets, "BTC", ()) == ["BTC-ETH"]
    assert listed(markets, FAVOURITES, {"USDT-BTC", "KRW-ETH", "KRW-GONE"}) == ["KRW-ETH", "USDT-BTC"]


# --- lines ---


def test_a_line_says_what_the_exchange_says() -> None:
    ticker = Ticker(
        "KRW-BTC",
        91_157_000.0,
        prev_close=90_000_000.0,
        change_price=1_157_000.0,
        change_rate=0.01285,
        day_turnover=1.0,
        turnover_24h=123_456_789_012.0,
    )
    row = line(BTC, ticker)
    assert (row.name, row.symbol, row.price, row.change, row.change_price) == (
        "Bitcoin",
        "BTC",
        "91,157,000",
        "+1.29%",
        "+1,157,000",
    )
    assert (row.turnover, row.unit, row.way) == ("123.5", "B", 1)
    korean = line(BTC, ticker, korean=True)
    assert (korean.name, korean.turnover, korean.unit) == ("비트코인", "1,235", "억")


@pytest.mark.parametrize(
    ("market", "price", "change", "text", "change_text"),
    [
        (ETH_BTC, 0.03216169, -0.00057587, "0.03216169", "-0.00057587"),
        (Market("BTC-SHIB"), 0.00000012, 0.0, "0.00000012", "0.00000000"),
        (BTC_USDT, 94_999.4, 147.77, "94,999.40", "+147.77"),
        (Market("KRW-SHIB"), 0.0136, 0.0008, "0.0136", "+0.0008"),
        (Market("KRW-PEPE"), 0.00001234, -0.0000001, "0.0000123", "-0.0000001"),
        (XRP, 105.0, 5.5, "105", "+5.5"),  # from 99.5, where prices have a decimal
    ],
)
def test_prices_have_the_decimals_of_their_step(
    market: Market, price: float, change: float, text: str, change_text: str
) -> None:
    row = line(market, Ticker(market.code, price, prev_close=price - change, change_price=change, change_rate=0.0))
    assert (row.price, row.change_price) == (text, change_text)


def test_a_mixed_list_says_which_currency() -> None:
    ticker = Ticker("USDT-BTC", 95_000.0, turnover_24h=1_350_000.0)
    row = line(BTC_USDT, ticker, mixed=True)
    assert (row.symbol, row.turnover, row.unit) == ("USDT-BTC", "1.35", "M USDT")
    assert line(ETH_BTC, Ticker("BTC-ETH", 0.03, turnover_24h=13.8), mixed=True).unit == "BTC"
    assert line(BTC, Ticker("KRW-BTC", 1.0, turnover_24h=5e9), mixed=True).unit == "B"


def test_what_is_not_known_is_a_dash_and_never_a_zero() -> None:
    assert {line(BTC, None)[i] for i in range(7, 11)} == {"–"}
    row = line(BTC, Ticker("KRW-BTC", 91_000_000.0), mixed=True)
    assert (row.price, row.change, row.change_price, row.turnover, row.unit) == ("91,000,000", "–", "–", "–", "")
    assert row.way == 0


def test_a_market_without_a_name_shows_its_currency() -> None:
    assert line(Market("KRW-NEW"), None).name == "NEW"


def test_the_worst_flag_is_shown() -> None:
    warned = Market("KRW-A", is_warned=True, cautions=frozenset({"PRICE_FLUCTUATIONS"}))
    cautioned = Market("KRW-B", cautions=frozenset({"PRICE_FLUCTUATIONS"}))
    assert flag_of(BTC, None) == ""
    assert flag_of(BTC, Ticker("KRW-BTC", 1.0)) == ""
    assert flag_of(cautioned, None) == CAUTIONED
    assert flag_of(warned, None) == WARNED
    assert flag_of(BTC, Ticker("KRW-BTC", 1.0, warning="CAUTION")) == WARNED
    assert flag_of(warned, Ticker("KRW-A", 1.0, is_suspended=True)) == HALTED
    assert flag_of(BTC, Ticker("KRW-BTC", 1.0, state="DELISTED")) == HALTED
