"""The arithmetic between quote currencies, against exact decimals on books made by hand."""

from __future__ import annotations

from decimal import ROUND_DOWN, Decimal
from math import inf, isnan, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.calc.arbitrage import (
    LEAST_TOTAL,
    Book,
    Order,
    Route,
    Terms,
    buy,
    capacity,
    first_edge,
    home_of,
    limit_price,
    percentile,
    premium,
    rate,
    round_trip,
    routes,
    sell,
)
from core.market import quote_of, tick_size

FEES = Terms().fees
KRW_BTC, KRW_USDT, USDT_BTC = "KRW-BTC", "KRW-USDT", "USDT-BTC"

# XRP is dear in KRW: about 2 % above its USDT price, 1 % above its BTC price.
BOOKS = {
    KRW_USDT: Book([(1_469.0, 5_000.0), (1_470.0, 40_000.0)], [(1_468.0, 9_000.0), (1_467.0, 30_000.0)]),
    KRW_BTC: Book([(140_000_000.0, 0.5), (140_001_000.0, 2.0)], [(139_990_000.0, 0.4), (139_980_000.0, 3.0)]),
    USDT_BTC: Book([(95_400.0, 0.2), (95_410.0, 1.0)], [(95_300.0, 0.3), (95_290.0, 1.5)]),
    "KRW-XRP": Book([(3_185.0, 4_000.0), (3_186.0, 9_000.0)], [(3_184.0, 700.0), (3_183.0, 500.0), (3_150.0, 8_000.0)]),
    "USDT-XRP": Book([(2.12, 300.0), (2.122, 1_500.0), (2.15, 4_000.0)], [(2.11, 900.0), (2.10, 5_000.0)]),
    "BTC-XRP": Book([(0.0000225, 2_000.0), (0.0000226, 9_000.0)], [(0.0000224, 3_000.0), (0.0000223, 9_000.0)]),
}


def exact_trip(route: Route, size: float) -> tuple[Decimal, Decimal] | None:
    """Send `size` round in decimals; return (spent, got), None where it cannot be done."""
    spent, amount = Decimal(0), Decimal(repr(size))
    for n, order in enumerate(route):
        quote = quote_of(order.market)
        fee = Decimal(repr(FEES[quote]))
        side = BOOKS[order.market].asks if order.is_buy else BOOKS[order.market].bids
        levels = [(Decimal(repr(p)), Decimal(repr(s))) for p, s in side]
        got = total = Decimal(0)
        if order.is_buy:
            left = amount
            for price, offered in levels:
                most = left / (price * (1 + fee))
                take = min(offered, most)
                got, total, left = got + take, total + take * price, left - take * price * (1 + fee)
                last = price
                if take == most:
                    break
            else:
                return None
            cut = got.quantize(Decimal("1e-8"), ROUND_DOWN)
            total -= (got - cut) * last
            got = cut
            if n == 0:
                spent = total * (1 + fee)
        else:
            left = size_sold = amount.quantize(Decimal("1e-8"), ROUND_DOWN)
            for price, wanted in levels:
                take = min(wanted, left)
                total, left = total + take * price, left - take
                if not left:
                    break
            else:
                return None
            got = total * (1 - fee)
            if n == 0:
                spent = size_sold
        if total < Decimal(repr(LEAST_TOTAL[quote])):
            return None
        amount = got
    return spent, amount


ALL = routes("XRP", ("KRW", "BTC", "USDT"))


def test_a_coin_in_three_currencies_has_six_round_trips_each_from_home_to_home() -> None:
    assert len(ALL) == 6
    assert {home_of(r) for r in ALL} == {"KRW", "USDT"}
    assert ALL[0] == (Order(KRW_USDT, True), Order("USDT-XRP", True), Order("KRW-XRP", False))
    assert ALL[1] == (Order("KRW-XRP", True), Order("USDT-XRP", False), Order(KRW_USDT, False))
    assert routes("XRP", ("KRW", "BTC")) == ALL[2:4]
    assert routes("XRP", ("KRW",)) == ()
    # Bitcoin is traded in KRW and USDT, and cannot be its own bridge.
    assert routes("BTC", ("KRW", "USDT")) == (
        (Order(KRW_USDT, True), Order(USDT_BTC, True), Order(KRW_BTC, False)),
        (Order(KRW_BTC, True), Order(USDT_BTC, False), Order(KRW_USDT, False)),
    )
    assert routes("USDT", ("KRW", "USDT")) == ()


def test_conversion_goes_the_direct_way_or_over_the_third_currency() -> None:
    prices = {KRW_BTC: 140_000_000.0, KRW_USDT: 1_470.0, USDT_BTC: 95_300.0}
    assert rate("BTC", "KRW", prices) == 140_000_000.0
    assert rate("KRW", "USDT", prices) == pytest.approx(1 / 1_470.0)
    assert rate("BTC", "USDT", prices) == 95_300.0
    assert rate("KRW", "KRW", prices) == 1.0
    del prices[KRW_BTC]
    assert rate("BTC", "KRW", prices) == pytest.approx(95_300.0 * 1_470.0)
    del prices[KRW_USDT]
    assert isnan(rate("BTC", "KRW", prices))
    assert isnan(rate("USDT", "KRW", {KRW_USDT: 0.0}))


def test_a_premium_is_of_the_price_there_in_the_currency_here() -> None:
    assert premium(3_184.0, 2.12, 1_469.0) == pytest.approx(float(Decimal(3_184) / (Decimal("2.12") * 1_469) - 1))
    assert isnan(premium(nan, 2.0, 1.0))
    assert isnan(premium(1.0, 2.0, nan))
    assert isnan(premium(0.0, 2.0, 1.0))


@pytest.mark.parametrize("size", [5_500.0, 50_000.0, 1_000_000.0, 3_000_000.0])
@pytest.mark.parametrize("route", ALL, ids=[" ".join(o.market for o in r) for r in ALL])
def test_a_round_trip_is_exact(route: Route, size: float) -> None:
    size = size if home_of(route) == "KRW" else round(size / 1_468.0, 4)
    expected = exact_trip(route, size)
    trip = round_trip(route, BOOKS, size, FEES)
    if expected is None:
        assert isnan(trip.edge)
        assert trip.why
        return
    spent, got = expected
    unit = 1e-8 * 140_000_000 / size  # one more or less of the least size
    assert trip.edge == pytest.approx(float(got / spent - 1), abs=max(unit, 1e-9))
    assert trip.spent <= size * (1 + 1e-12)


def test_the_edge_of_the_example_by_hand() -> None:
    """500,000 KRW buy USDT at 1,469, those buy XRP at 2.12, those are sold at 3,184; fees 0.05, 0.25, 0.05 %."""
    usdt = (Decimal(500_000) / (1_469 * Decimal("1.0005"))).quantize(Decimal("1e-8"), ROUND_DOWN)
    xrp = (usdt / (Decimal("2.12") * Decimal("1.0025"))).quantize(Decimal("1e-8"), ROUND_DOWN)
    won = xrp * 3_184 * Decimal("0.9995")
    trip = round_trip(ALL[0], BOOKS, 500_000.0, FEES)
    assert trip.got == pytest.approx(float(won), rel=1e-12)
    assert trip.edge == pytest.approx(float(won / 500_000 - 1), abs=1e-9)
    assert trip.edge > 0.018
    assert round_trip(ALL[1], BOOKS, 500_000.0, FEES).edge < -0.025, "the other way round it costs"


def test_what_cannot_be_done_says_why() -> None:
    assert round_trip(ALL[0], BOOKS, 4_900.0, FEES).why == "small"
    assert round_trip(ALL[0], BOOKS, 5_001.0, FEES).why == "small", "5,000 KRW with the fee on top"
    assert round_trip(ALL[0], BOOKS, 5_300.0, FEES).why == ""
    assert round_trip(ALL[0], BOOKS, 1e9, FEES).why == "thin"
    empty = BOOKS | {"USDT-XRP": Book([], [(2.11, 900.0)])}
    assert round_trip(ALL[0], empty, 500_000.0, FEES).why == "empty"
    assert isnan(round_trip(ALL[0], empty, 500_000.0, FEES).edge)
    assert isnan(first_edge(ALL[0], empty, FEES))
    assert capacity(ALL[0], empty, FEES) == (0.0, 0.0, 0.0, False)
    assert buy("BTC-XRP", [(0.0000225, 1.0)], 0.00002, 0.0) == "small"
    assert sell("USDT-XRP", [(2.0, 1.0)], 0.2, 0.0) == "small"


def test_one_sided_and_crossed_books_have_no_mid() -> None:
    assert BOOKS["KRW-XRP"].mid == 3_184.5
    assert isnan(Book([(1.0, 1.0)], []).mid)
    assert isnan(Book([(1.0, 1.0)], [(1.0, 1.0)]).mid)


@pytest.mark.parametrize(
    ("market", "price", "bought", "sold"),
    [
        ("KRW-XRP", 3_184.0, 3_184.0, 3_184.0),
        ("KRW-XRP", 3_184.5, 3_185.0, 3_184.0),  # an old order, off today's grid
        ("KRW-XRP", 99.95, 100.0, 99.9),  # below 100 a step is 0.1, from 100 on it is 1
        ("USDT-XRP", 2.1205, 2.121, 2.12),
        ("USDT-A", 18.14783928, 18.15, 18.14),
        ("BTC-XRP", 0.0000225, 0.0000225, 0.0000225),
        ("KRW-SHIB", 0.01312, 0.0132, 0.0131),
    ],
)
def test_a_price_to_send_is_on_the_grid_and_never_better(market: str, price: float, bought: float, sold: float) -> None:
    assert limit_price(market, price, is_buy=True) == pytest.approx(bought, rel=1e-12)
    assert limit_price(market, price, is_buy=False) == pytest.approx(sold, rel=1e-12)


def test_the_size_at_which_an_edge_vanishes_is_where_a_trip_of_that_size_wins_nothing() -> None:
    found = capacity(ALL[0], BOOKS, FEES)
    assert found.is_whole
    assert found.best_gain > 0.0
    assert round_trip(ALL[0], BOOKS, found.vanish_size * 0.999, FEES).edge > 0.0
    assert round_trip(ALL[0], BOOKS, found.vanish_size * 1.001, FEES).edge < 0.0
    best = round_trip(ALL[0], BOOKS, found.best_size, FEES)
    assert best.got - best.spent == pytest.approx(found.best_gain, rel=1e-6)
    for more in (0.98, 1.02):
        other = round_trip(ALL[0], BOOKS, found.best_size * more, FEES)
        assert other.got - other.spent < found.best_gain
    assert capacity(ALL[1], BOOKS, FEES) == (0.0, 0.0, 0.0, True), "where nothing is won it is nowhere"


def test_an_edge_deeper_than_the_books_says_so() -> None:
    books = BOOKS | {"KRW-XRP": Book([(3_300.0, 1.0)], [(3_299.0, 700.0)])}
    found = capacity(ALL[0], books, FEES)
    assert not found.is_whole
    assert round_trip(ALL[0], books, found.vanish_size * 0.999, FEES).edge > 0.0
    assert round_trip(ALL[0], books, found.vanish_size * 1.01, FEES).why == "thin"


sizes = st.floats(0.01, 1e4)


def side(way: int, begin: float, steps: list[tuple[int, float]]) -> list[tuple[float, float]]:
    found, price = [], begin
    for step, size in steps:
        found.append((price, size))
        price = round(price + way * step * 1e-3 * begin, 8)
    return found


levels = st.lists(st.tuples(st.integers(1, 20), sizes), min_size=1, max_size=6)


@given(levels, levels, levels, st.floats(0.9, 1.2), st.floats(1.0, 1e6))
def test_capacity_and_trip_agree_on_any_books(
    a: list[tuple[int, float]],
    b: list[tuple[int, float]],
    c: list[tuple[int, float]],
    dear: float,
    size: float,
) -> None:
    """More than vanishes never wins, less than vanishes never loses; rounding and minimums aside."""
    books = {
        KRW_USDT: Book(side(1, 1_500.0, a), []),
        "USDT-XRP": Book(side(1, 2.0, b), []),
        "KRW-XRP": Book([], side(-1, 3_000.0 * dear, c)),
    }
    route, found = ALL[0], capacity(ALL[0], books, FEES)
    assert 0.0 <= found.best_size <= found.vanish_size
    assert (found.vanish_size > 0.0) == (first_edge(route, books, FEES) > 0.0)
    edge = round_trip(route, books, size, FEES).edge
    slack = 1e-6 + 1e-4 / size
    if not isnan(edge) and size < found.vanish_size:
        assert edge > -slack
    if not isnan(edge) and found.is_whole and size > found.vanish_size:
        assert edge < slack


@given(st.floats(2e4, 1e7), st.sampled_from(ALL[:4]))
def test_a_trip_never_wins_more_than_its_first_unit(size: float, route: Route) -> None:
    edge = round_trip(route, BOOKS, size, FEES).edge
    assert isnan(edge) or edge <= first_edge(route, BOOKS, FEES) + 1e-6


@given(st.floats(1e-7, 1e7), st.sampled_from(["KRW-A", "USDT-A", "BTC-A"]))
def test_limits_stay_within_a_step(price: float, market: str) -> None:
    for is_buy in (True, False):
        limit = limit_price(market, price, is_buy=is_buy)
        assert abs(limit - price) <= tick_size(market, price) * (1 + 1e-6)
        assert (limit - price) * (1 if is_buy else -1) >= -1e-6 * tick_size(market, price) ** 0.5 * price


def test_a_percentile_needs_enough_that_is_known() -> None:
    assert percentile([nan] * 50 + [0.1] * 29, 0.2, 30) != percentile([0.1] * 30, 0.2, 30)
    assert isnan(percentile([0.1] * 29, 0.2, 30))
    assert percentile([0.0, 0.1, 0.2, 0.3], 0.1, 4) == 0.5
    assert isnan(percentile([0.1] * 40, nan, 30))


@pytest.mark.parametrize(
    "change", [{"fee_krw": -0.1}, {"fee_btc": 0.5}, {"size_krw": 0.0}, {"size_krw": inf}, {"stale_s": 0.0}]
)
def test_terms_that_mean_nothing_are_refused(change: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="no "):
        Terms(**change)
