"""What is held is worth what the market says, to the last digit, and is written so."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.market import Market
from core.state.account import Balance, Fill, Order
from core.wire.messages import Ticker
from widgets import format as fmt
from widgets.account.model import (
    AVG,
    BALANCES,
    COLUMNS,
    FILLED,
    FILLS,
    FREE,
    HIDDEN,
    LOCKED,
    NAME,
    OPEN,
    PAST,
    PRICE,
    PROFIT,
    RATE,
    SHARE,
    STATE,
    TOTAL,
    VALUE,
    Cell,
    Holding,
    Line,
    Rates,
    Record,
    Words,
    as_text,
    end_of,
    filled_share,
    holdings,
    is_dust,
    markets_wanted,
    open_value,
    ordered,
    write,
)

D = Decimal
MARKETS = {
    code: Market(code) for code in ("KRW-BTC", "KRW-XRP", "KRW-USDT", "BTC-ETH", "USDT-ETH", "BTC-DOT", "USDT-NEW")
}
PRICES = {"KRW-BTC": 139_144_000.0, "KRW-XRP": 3_234.0, "KRW-USDT": 1_462.5, "BTC-DOT": 0.00004321, "USDT-NEW": 0.1234}
WORDS = Words(
    "Buy",
    "Sell",
    {"limit": "Limit", "price": "Market"},
    {"filled": "Filled", "part": "Part", "cancelled": "Cancelled"},
    "Reserved",
    "Maker",
    "Taker",
)


def rates(prices: dict[str, float] = PRICES) -> Rates:
    return Rates({code: Ticker(code, price) for code, price in prices.items()})


def balance(currency: str, free: str = "0", locked: str = "0", avg: str = "0", unit: str = "KRW") -> Balance:
    return Balance(currency, D(free), D(locked), D(avg), unit)


def order(**more: Any) -> Order:
    usual: dict[str, Any] = {
        "id": "1", "market": "KRW-XRP", "side": "BID", "kind": "limit", "state": "wait",
        "price": D(3_000), "size": D("2.5"), "remaining": D("2.5"),
    }  # fmt: skip
    return Order(**(usual | more))


def cells(section: str, record: Record, *, is_private: bool = False) -> dict[str, Cell]:
    line = write(section, record, "name", WORDS, is_private=is_private)
    return dict(zip(COLUMNS[section], line.cells, strict=True))


# --- what is held ---


def test_a_holding_is_worth_its_price_in_won_or_what_its_quote_is_worth() -> None:
    given_balances = [
        balance("KRW", "1000.5", "499.5"),
        balance("BTC", "0.5", "0.25", "100000000"),
        balance("DOT", "10"),
        balance("NEW", "3"),
        balance("GONE", "7", avg="5"),
        balance("XRP"),
    ]
    held, total = holdings(given_balances, MARKETS, rates())
    found = {h.currency: h for h in held}
    assert list(found) == ["KRW", "BTC", "DOT", "NEW", "GONE"]  # nothing of XRP is held
    assert found["BTC"].value == D("104358000")
    assert found["BTC"].cost == D("75000000")
    assert found["BTC"].profit == D("29358000")
    assert found["BTC"].rate == D("0.39144")
    assert found["DOT"].market == "BTC-DOT"
    assert found["DOT"].value == D(10) * D("0.00004321") * D(139_144_000)
    assert found["NEW"].value == D(3) * D("0.1234") * D("1462.5")
    assert found["DOT"].profit is None  # nobody knows what it cost
    assert found["GONE"].value is None
    assert total.unpriced == 1
    assert total.cash == D(1_500)
    assert total.value == sum(h.value for h in held if h.value is not None)
    assert (total.cost, total.profit) == (found["BTC"].cost, found["BTC"].profit)
    assert total.rate == D("0.39144")
    assert sum(h.share for h in held if h.share is not None) == pytest.approx(1)


def test_the_market_in_won_goes_before_the_others_and_what_is_needed_is_wanted() -> None:
    balances = [balance("BTC", "1"), balance("DOT", "1"), balance("XRP"), balance("NEW", "2", avg="1", unit="USDT")]
    assert markets_wanted(balances, MARKETS) == {"KRW-BTC", "BTC-DOT", "USDT-NEW", "KRW-USDT"}


def test_a_cost_in_another_currency_is_worth_what_that_is_worth() -> None:
    (held,), _ = holdings([balance("NEW", "100", avg="0.1", unit="USDT")], MARKETS, rates())
    assert held.cost == D(100) * D("0.1") * D("1462.5")
    assert held.rate is not None
    assert held.rate == pytest.approx(D("0.234"))


def test_without_a_price_nothing_is_said_of_the_worth() -> None:
    held, total = holdings([balance("BTC", "1", avg="5"), balance("DOT", "1")], MARKETS, rates({"BTC-DOT": 0.1}))
    assert [h.value for h in held] == [None, None]
    assert [h.profit for h in held] == [None, None]
    assert total.rate is None
    assert [cells(BALANCES, held[0])[c].text for c in (PRICE, VALUE, PROFIT, RATE, SHARE)] == [fmt.UNKNOWN] * 5


amounts = st.decimals(0, 10**9, places=8, allow_nan=False)


@given(
    st.dictionaries(st.sampled_from(["KRW", "BTC", "XRP", "DOT", "NEW", "GONE"]), st.tuples(amounts, amounts, amounts))
)
def test_the_total_is_the_sum_of_what_is_shown(rows: dict[str, tuple[Decimal, Decimal, Decimal]]) -> None:
    held, total = holdings([Balance(c, *row) for c, row in rows.items()], MARKETS, rates())
    assert total.value == sum((h.value for h in held if h.value is not None), D(0))
    assert all(h.total == h.free + h.locked and h.total > 0 for h in held)
    assert total.profit == sum((h.profit for h in held if h.profit is not None), D(0))


def test_dust_is_worth_less_than_a_thousand_won() -> None:
    held, _ = holdings(
        [balance("XRP", "0.3"), balance("BTC", "1"), balance("KRW", "3"), balance("GONE", "1")], MARKETS, rates()
    )
    assert [h.currency for h in held if is_dust(h)] == ["XRP"]


# --- orders ---


@pytest.mark.parametrize(
    ("given_order", "end"),
    [
        (order(state="done", executed=D("2.5")), "filled"),
        (order(state="cancel"), "cancelled"),
        (order(state="cancel", executed=D(1)), "part"),
        # A market buy that leaves a residue ends as cancelled.
        (order(state="cancel", kind="price", price=D(10_000), size=None, executed=D("3.1")), "filled"),
        (order(state="cancel", executed=D("2.5")), "filled"),
    ],
)
def test_what_was_executed_tells_how_an_order_ended(given_order: Order, end: str) -> None:
    assert end_of(given_order) == end
    assert cells(PAST, given_order)[STATE].text == WORDS.ends[end]


def test_an_order_by_amount_has_no_price_and_no_size() -> None:
    by_amount = order(kind="price", price=D(10_000), size=None, remaining=None, funds=D(2_500), executed=D("0.8"))
    assert filled_share(by_amount) == D("0.25")
    assert open_value(by_amount) == D(7_500)
    written = cells(OPEN, by_amount)
    assert written[PRICE].text == fmt.UNKNOWN
    assert written[FILLED].text == "25.0%"


def test_what_is_left_of_an_order_has_its_worth() -> None:
    part = order(remaining=D("1.25"), executed=D("1.25"))
    assert filled_share(part) == D("0.5")
    assert open_value(part) == D(3_750)


# --- sorting ---


def test_what_is_not_known_is_at_the_end_whichever_way_is_sorted() -> None:
    held, _ = holdings([balance(c, "1", avg="1") for c in ("GONE", "XRP", "BTC")], MARKETS, rates())
    for is_down, names in ((True, ["BTC", "XRP", "GONE"]), (False, ["XRP", "BTC", "GONE"])):
        rows = ordered(BALANCES, held, VALUE, is_down=is_down)
        assert [h.currency for h in rows if isinstance(h, Holding)] == names


@given(st.sampled_from([OPEN, PAST, FILLS]), st.data())
def test_each_column_sorts_every_record_once(section: str, data: st.DataObject) -> None:
    column = data.draw(st.sampled_from(COLUMNS[section]))
    sizes = data.draw(st.lists(st.none() | amounts, max_size=8))
    records: list[Record] = [
        Fill(str(i), "o", "KRW-XRP", "BID", D(1), size or D(0), size, None if size is None else i % 2 == 0, i)
        if section == FILLS
        else order(id=str(i), size=size, remaining=size, price=size, paid_fee=size, created_ms=i)
        for i, size in enumerate(sizes)
    ]
    rows = ordered(section, records, column, is_down=data.draw(st.booleans()))
    assert sorted(map(str, rows)) == sorted(map(str, records))


# --- writing ---


def test_amounts_are_written_exactly() -> None:
    held = Holding(
        "XRP", "KRW-XRP", D("1782.843714030"), D("1782.8"), D(0), D("3022.5"), "KRW", D(3_234), None, None, None
    )
    written = cells(BALANCES, held)
    assert written[TOTAL].text == "1,782.84371403"
    assert written[FREE].text == "1,782.8"
    assert written[LOCKED].text == "0"
    assert written[AVG].text == "3,022.50"
    assert written[PRICE].text == "3,234"


@given(st.decimals(0, 10**12, places=20, allow_nan=False))
def test_nobody_is_shown_more_than_he_has(value: Decimal) -> None:
    text = fmt.exact(value)
    assert D(fmt.whole(value).replace(",", "")) == value
    shown = D(0) if text.startswith("<") else D(text.replace(",", ""))
    assert shown <= value < shown + D("1e-8")
    assert not (value and text == "0")
    assert "." not in text or not text.endswith("0") or text.startswith("<")


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [("0.5", 0, "1"), ("-0.5", 0, "-1"), ("-0.4", 0, "0"), ("1234567.4999", 0, "1,234,567"), ("2.345", 2, "2.35")],
)
def test_money_is_rounded_half_away_from_zero(value: str, places: int, text: str) -> None:
    assert fmt.amount(D(value), places) == text


def test_a_price_off_the_grid_keeps_its_digits() -> None:
    assert cells(OPEN, order(price=D("3000.5")))[PRICE].text == "3,000.5"


def test_private_lines_have_no_amount_but_prices_and_rates() -> None:
    (held,), _ = holdings([balance("BTC", "0.5", "0.25", "100000000")], MARKETS, rates())
    written = cells(BALANCES, held, is_private=True)
    assert {column for column, cell in written.items() if cell.text == HIDDEN} == {TOTAL, FREE, LOCKED, VALUE, PROFIT}
    assert not any(cell.full for cell in written.values())
    assert written[RATE].text == "+39.14%"


def test_a_copied_table_has_every_digit_and_no_separators() -> None:
    (held,), _ = holdings([balance("XRP", "1234.123456789012", avg="3000")], MARKETS, rates())
    line: Line = write(BALANCES, held, "Ripple", WORDS)
    heads = {column: column for column in COLUMNS[BALANCES]}
    head, row, end = as_text(BALANCES, heads, [line]).split("\n")
    assert head.split("\t") == list(COLUMNS[BALANCES])
    fields = dict(zip(head.split("\t"), row.split("\t"), strict=True))
    assert fields[NAME] == "XRP"
    assert fields[TOTAL] == "1234.123456789012"
    assert fields[VALUE] == "3991155"
    assert not end
