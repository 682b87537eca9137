"""REST: what is asked, what comes back, and what a refusal means."""

from __future__ import annotations

import contextlib
import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import AuthError, RateLimitError, RefusedError, WireError
from core.market import Interval, Market
from core.wire import rest
from core.wire.messages import CandleRow, Instrument, Level, Orderbook, Ticker, Trade

DAY = 86_400_000


def body(*rows: object) -> bytes:
    return json.dumps(rows).encode()


CANDLE: dict[str, Any] = {
    "market": "KRW-BTC",
    "candle_date_time_utc": "2026-03-11T14:40:00",
    "candle_date_time_kst": "2026-03-11T23:40:00",
    "opening_price": 103_600_000.0,
    "high_price": 103_700_000.0,
    "low_price": 103_425_000.0,
    "trade_price": 103_460_000.0,
    "timestamp": 1_773_240_059_132,
    "candle_acc_trade_price": 164_899_503.14206,
    "candle_acc_trade_volume": 1.5933512,
    "unit": 1,
}
TICK: dict[str, Any] = {
    "market": "KRW-BTC",
    "trade_date_utc": "2026-03-11",
    "trade_time_utc": "14:40:59",
    "timestamp": 1_773_240_059_095,
    "trade_price": 103_460_000.0,
    "trade_volume": 0.004,
    "prev_closing_price": 102_417_000.0,
    "change_price": -1_043_000.0,
    "ask_bid": "ASK",
    "sequential_id": 17_732_400_590_950_001,
}
BOOK: dict[str, Any] = {
    "market": "KRW-BTC",
    "timestamp": 1_773_240_059_027,
    "total_ask_size": 4.17884094,
    "total_bid_size": 2.29686376,
    "orderbook_units": [
        {"bid_price": 103_460_000, "bid_size": 0.004, "ask_price": 103_493_000, "ask_size": 0.04910155}
    ],
    "level": 0,
}
TICKER: dict[str, Any] = {
    "market": "KRW-XRP",
    "trade_timestamp": 1_773_240_058_297,
    "opening_price": 2_031.0,
    "high_price": 2_063.0,
    "low_price": 2_011.0,
    "trade_price": 2_015.0,
    "prev_closing_price": 2_030.0,
    "change": "FALL",
    "change_price": 15.0,
    "change_rate": 0.0073891626,
    "signed_change_price": -15.0,
    "signed_change_rate": -0.0073891626,
    "trade_volume": 29.8121,
    "acc_trade_price": 126_446_991_952.00276,
    "timestamp": 1_773_240_058_326,
}


# What is asked


def test_markets_are_asked_for_with_their_flags() -> None:
    call = rest.markets()
    assert (call.group, call.path, call.params) == ("market", "/market/all", (("is_details", "true"),))


@pytest.mark.parametrize(
    ("interval", "path"),
    [
        (Interval.S1, "/candles/seconds"),
        (Interval.M1, "/candles/minutes/1"),
        (Interval.M3, "/candles/minutes/3"),
        (Interval.M5, "/candles/minutes/5"),
        (Interval.M10, "/candles/minutes/10"),
        (Interval.M15, "/candles/minutes/15"),
        (Interval.M30, "/candles/minutes/30"),
        (Interval.H1, "/candles/minutes/60"),
        (Interval.H4, "/candles/minutes/240"),
        (Interval.D1, "/candles/days"),
        (Interval.W1, "/candles/weeks"),
        (Interval.MONTH, "/candles/months"),
    ],
)
def test_every_interval_has_its_path(interval: Interval, path: str) -> None:
    call = rest.candles("KRW-BTC", interval)
    assert (call.group, call.path, call.params) == ("candle", path, (("market", "KRW-BTC"), ("count", "200")))


@pytest.mark.parametrize(
    ("to_ms", "text"),
    [
        (1_773_240_000_000, "2026-03-11T14:40:00Z"),
        (1_773_240_000_001, "2026-03-11T14:40:01Z"),
        (1_773_240_000_999, "2026-03-11T14:40:01Z"),
    ],
)
def test_the_end_of_a_page_is_rounded_up_to_seconds(to_ms: int, text: str) -> None:
    assert dict(rest.candles("KRW-BTC", Interval.M1, to_ms).params)["to"] == text


def test_a_page_is_never_asked_larger_than_the_exchange_gives() -> None:
    assert dict(rest.candles("KRW-BTC", Interval.M1, None, 1_000).params)["count"] == "200"
    assert dict(rest.candles("KRW-BTC", Interval.M1, None, 7).params)["count"] == "7"
    assert dict(rest.ticks("KRW-BTC", count=1_000).params)["count"] == "500"


def test_trades_are_asked_for_by_id_time_of_day_and_day() -> None:
    call = rest.ticks("KRW-BTC", 17_732_400_590_950_001, 1_773_240_059_095, 3, 50)
    assert (call.group, call.path) == ("trade", "/trades/ticks")
    assert dict(call.params) == {
        "market": "KRW-BTC",
        "count": "50",
        "to": "14:41:00",
        "cursor": "17732400590950001",
        "days_ago": "3",
    }
    assert dict(rest.ticks("KRW-BTC", days_ago=0).params) == {"market": "KRW-BTC", "count": "500"}


def test_the_last_instant_of_a_day_asks_for_the_whole_day() -> None:
    midnight = 1_773_240_000_000 // DAY * DAY
    assert "to" not in dict(rest.ticks("KRW-BTC", to_ms=midnight + DAY - 500).params)
    assert dict(rest.ticks("KRW-BTC", to_ms=midnight + DAY - 1_000).params)["to"] == "23:59:59"


def test_lists_of_codes_are_joined_by_commas() -> None:
    assert rest.tickers(["KRW-BTC", "BTC-ETH"]).params == (("markets", "KRW-BTC,BTC-ETH"),)
    assert rest.all_tickers(["KRW", "BTC"]).params == (("quote_currencies", "KRW,BTC"),)
    assert rest.instruments(["KRW-BTC", "KRW-ETH"]).params == (("markets", "KRW-BTC,KRW-ETH"),)
    assert rest.books(["KRW-BTC"]).params == (("markets", "KRW-BTC"),)
    assert rest.books(["KRW-BTC"], 1e8).params == (("markets", "KRW-BTC"), ("level", "100000000"))
    assert rest.books(["KRW-BTC"], 0.1).params == (("markets", "KRW-BTC"), ("level", "0.1"))


# What comes back


def test_markets_carry_names_warning_and_cautions() -> None:
    flags = {"PRICE_FLUCTUATIONS": True, "TRADING_VOLUME_SOARING": False, "GLOBAL_PRICE_DIFFERENCES": True, "NEW": None}
    rows = rest.markets().decode(
        body(
            {
                "market": "KRW-ZIL",
                "korean_name": "질리카",
                "english_name": "Zilliqa",
                "market_event": {"warning": True, "caution": flags},
            },
            {"market": "KRW-BTC", "korean_name": "비트코인", "english_name": "Bitcoin"},
            {"market": "SGD-BTC", "english_name": "Bitcoin", "market_warning": "CAUTION"},
            {"market": "KRW-NEW", "korean_name": None, "english_name": None, "market_event": None},
            {"korean_name": "이름 없음"},
        )
    )
    assert rows == [
        Market("KRW-ZIL", "질리카", "Zilliqa", True, frozenset({"PRICE_FLUCTUATIONS", "GLOBAL_PRICE_DIFFERENCES"})),
        Market("KRW-BTC", "비트코인", "Bitcoin"),
        Market("SGD-BTC", "", "Bitcoin", True),
        Market("KRW-NEW"),
    ]


def test_tickers_are_the_tickers_of_the_socket() -> None:
    (ticker,) = rest.tickers(["KRW-XRP"]).decode(body(TICKER))
    assert isinstance(ticker, Ticker)
    assert (ticker.market, ticker.price, ticker.open, ticker.prev_close) == ("KRW-XRP", 2_015.0, 2_031.0, 2_030.0)
    assert (ticker.change_price, ticker.change_rate) == (-15.0, -0.0073891626)
    assert (ticker.trade_time_ms, ticker.time_ms) == (1_773_240_058_297, 1_773_240_058_326)
    assert (ticker.aggressor, ticker.stream_type) == (None, "REST")


def test_one_market_that_never_traded_does_not_hide_the_others() -> None:
    tickers = rest.all_tickers(["KRW"]).decode(body(TICKER | {"trade_price": None}, TICKER, 7))
    assert [t.market for t in tickers] == ["KRW-XRP"]
    with pytest.raises(WireError):
        rest.all_tickers(["KRW"]).decode(body(TICKER | {"trade_price": None}))


def test_candles_come_oldest_first() -> None:
    older = CANDLE | {"candle_date_time_utc": "2026-03-11T14:39:00", "timestamp": 1_773_239_999_000}
    rows = rest.candles("KRW-BTC", Interval.M1).decode(body(CANDLE, older))
    assert rows[0][0] == 1_773_239_940_000
    assert rows[1] == CandleRow(
        1_773_240_000_000,
        103_600_000.0,
        103_700_000.0,
        103_425_000.0,
        103_460_000.0,
        1.5933512,
        1_773_240_059_132,
        164_899_503.14206,
    )


def test_a_page_with_a_broken_candle_or_trade_is_an_error_since_leaving_it_out_would_be_a_hole() -> None:
    for key in ("opening_price", "candle_acc_trade_volume", "candle_date_time_utc", "timestamp"):
        with pytest.raises(WireError):
            rest.candles("KRW-BTC", Interval.M1).decode(body(CANDLE, CANDLE | {key: None}))
    with pytest.raises(WireError):
        rest.candles("KRW-BTC", Interval.M1).decode(body(CANDLE | {"candle_date_time_utc": "yesterday"}))
    for key in ("sequential_id", "trade_price", "ask_bid", "timestamp"):
        with pytest.raises(WireError):
            rest.ticks("KRW-BTC").decode(body(TICK, TICK | {key: None}))


def test_trades_come_oldest_first_and_equal_times_in_the_exchanges_order() -> None:
    second = TICK | {"sequential_id": 17_732_400_590_950_002}
    later = TICK | {"timestamp": 1_773_240_059_100, "sequential_id": 17_732_400_590_950_000}
    trades = rest.ticks("KRW-BTC").decode(body(later, second, TICK))
    assert [t.id % 10 for t in trades] == [1, 2, 0]
    trade = trades[0]
    assert isinstance(trade, Trade)
    assert (trade.market, trade.price, trade.size, trade.aggressor) == ("KRW-BTC", 103_460_000.0, 0.004, "ASK")
    assert (trade.time_ms, trade.id) == (1_773_240_059_095, 17_732_400_590_950_001)
    assert (trade.sent_ms, trade.stream_type) == (0, "REST")  # no time of sending: never a measure of latency


def test_books_are_the_books_of_the_socket() -> None:
    (book,) = rest.books(["KRW-BTC"]).decode(body(BOOK))
    assert isinstance(book, Orderbook)
    assert book.levels == (Level(103_493_000.0, 103_460_000.0, 0.04910155, 0.004),)
    assert (book.market, book.level, book.time_ms, book.ask_total) == ("KRW-BTC", 0.0, 1_773_240_059_027, 4.17884094)
    (micros,) = rest.books(["KRW-BTC"]).decode(body(BOOK | {"timestamp": 1_773_240_059_027_123}))
    assert micros.time_ms == 1_773_240_059_027


def test_groupings_are_ascending_with_none_first_however_they_are_spelled() -> None:
    rows = rest.instruments(["KRW-BTC"]).decode(
        body(
            {
                "market": "KRW-BTC",
                "quote_currency": "KRW",
                "tick_size": "1000",
                "supported_levels": ["100000", "0", "10000"],
            },
            {"market": "KRW-XRP", "tick_size": 0.1, "supported_levels": [1, 10]},
            {"market": "BTC-ETH", "tick_size": "0.00000001", "supported_levels": None},
            {"market": "BTC-XRP", "tick_size": None, "supported_levels": ["nan", "0"]},
        )
    )
    assert rows[:3] == [
        Instrument("KRW-BTC", 1_000.0, (0.0, 10_000.0, 100_000.0)),
        Instrument("KRW-XRP", 0.1, (0.0, 1.0, 10.0)),
        Instrument("BTC-ETH", 1e-8, (0.0,)),
    ]
    assert math.isnan(rows[3].tick_size)
    assert rows[3].levels == (0.0,)


CALLS = [
    rest.markets(),
    rest.tickers(["KRW-BTC"]),
    rest.candles("KRW-BTC", Interval.M1),
    rest.ticks("KRW-BTC"),
    rest.books(["KRW-BTC"]),
    rest.instruments(["KRW-BTC"]),
]


@pytest.mark.parametrize("call", CALLS, ids=lambda call: str(call.path))
def test_an_empty_page_is_empty_and_what_is_no_page_is_an_error(call: rest.Call[Any]) -> None:
    if call.path == "/market/all":
        with pytest.raises(WireError):  # no exchange lists nothing: everything would be taken for delisted
            call.decode(b"[]")
    else:
        assert call.decode(b"[]") == []
    for broken in (b"", b"{}", b"7", b"Too many API requests.", b"[[]]", b"[7]", b"[" * 99_999, b"\xff"):
        with pytest.raises(WireError):
            call.decode(broken)


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["nan", "1e5", 10**400]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from([CANDLE, TICK, BOOK, TICKER]), st.data())
def test_a_value_of_any_kind_never_raises_anything_but_wire_error(row: dict[str, Any], data: st.DataObject) -> None:
    changed = {k: data.draw(json_values) for k in data.draw(st.lists(st.sampled_from(sorted(row)), max_size=3))}
    for call in CALLS:
        with contextlib.suppress(WireError):
            call.decode(body(row | changed))


# What a refusal means


def test_a_quotation_refusal_has_a_number_for_a_name() -> None:
    why = rest.refusal(404, {}, b'{"error":{"name":404,"message":"Code not found"}}')
    assert type(why) is RefusedError
    assert (why.name, why.message, why.status) == ("404", "Code not found", 404)


@pytest.mark.parametrize(
    ("status", "name"),
    [(401, "jwt_verification"), (401, "no_authorization_ip"), (403, "out_of_scope"), (401, "anything"), (401, "")],
)
def test_a_refused_key_is_an_auth_error(status: int, name: str) -> None:
    why = rest.refusal(status, {}, json.dumps({"error": {"name": name, "message": "no"}}).encode())
    assert isinstance(why, AuthError)
    assert why.name == (name or str(status))


@pytest.mark.parametrize("status", [400, 403, 404, 500, 502, 503])
def test_other_refusals_are_neither_of_key_nor_of_rate(status: int) -> None:
    why = rest.refusal(status, {}, b'{"error":{"name":"market_offline","message":"off"}}')
    assert type(why) is RefusedError
    assert why.status == status


def test_a_gateway_may_answer_in_plain_text() -> None:
    why = rest.refusal(502, {}, b"<html><head><title>502 Bad Gateway</title></head>\n<body>\n</body></html>")
    assert isinstance(why, RefusedError)
    assert (why.name, why.message) == ("502", "502 Bad Gateway")
    for nothing in (b"", b"\xff\xfe\x00", b"[]", b"null", b'{"error":null}', b"<" * 5_000):
        assert isinstance(rest.refusal(500, {}, nothing), RefusedError)
    assert len(str(rest.refusal(500, {}, b"x" * 100_000))) < 300


@pytest.mark.parametrize(
    ("status", "headers", "text", "wait_s"),
    [
        (429, {}, "Too many API requests.", 1.0),
        (429, {"Retry-After": "3"}, "", 3.0),
        (429, {"retry-after": "0.5"}, "{}", 0.5),
        (429, {"Retry-After": "Mon, 23 Nov 2026 00:00:07 GMT", "Date": "Mon, 23 Nov 2026 00:00:02 GMT"}, "", 5.0),
        (429, {"Retry-After": "Mon, 23 Nov 2026 00:00:07 GMT"}, "", 1.0),
        (429, {"Retry-After": "soon"}, "", 1.0),
        (429, {"Retry-After": "9" * 400}, "", 86_400.0),
        (418, {}, "", 60.0),
        (418, {}, '{"error":{"name":"blocked","message":"30초 후 다시 시도하세요."}}', 30.0),
        (418, {}, '{"error":{"name":"blocked","message":"1분 30초 동안 차단"}}', 90.0),
        (418, {}, '{"error":{"name":"blocked","message":"blocked for 2 minutes"}}', 120.0),
        (418, {}, '{"error":{"name":"blocked","message":"no","retry_after":45}}', 45.0),
        (418, {}, "This IP has been blocked for 10 seconds", 10.0),
        (418, {"Retry-After": "600"}, "10 seconds", 600.0),
        (418, {}, '{"error":{"name":"blocked","message":"limit of 100 requests"}}', 60.0),
    ],
)
def test_a_rate_limit_says_how_long_to_wait(status: int, headers: dict[str, str], text: str, wait_s: float) -> None:
    why = rest.refusal(status, headers, text.encode())
    assert isinstance(why, RateLimitError)
    assert (why.status, why.retry_after_s) == (status, wait_s)


@given(
    st.integers(400, 599), st.dictionaries(st.sampled_from(["Retry-After", "Date"]), st.text(max_size=30)), st.binary()
)
def test_a_refusal_can_always_be_named(status: int, headers: dict[str, str], noise: bytes) -> None:
    why = rest.refusal(status, headers, noise)
    assert isinstance(why, RefusedError)
    if isinstance(why, RateLimitError):
        assert 0.0 < why.retry_after_s <= 86_400.0


def test_the_exchanges_clock_is_the_date_header() -> None:
    assert rest.server_time_ms({"date": "Mon, 23 Nov 2026 00:00:02 GMT"}) == 1_795_392_002_000
    assert rest.server_time_ms({}) is None
    assert rest.server_time_ms({"Date": "noon"}) is None


@pytest.mark.parametrize(
    "call",
    [
        rest.markets(),
        rest.tickers(["KRW-BTC"]),
        rest.candles("KRW-BTC", Interval.M1),
        rest.ticks("KRW-BTC"),
        rest.books(["KRW-BTC"]),
        rest.instruments(["KRW-BTC"]),
    ],
    ids=lambda call: call.path,
)
def test_a_page_nested_without_end_is_not_the_language(call: rest.Call[Any]) -> None:
    with pytest.raises(WireError, match="not JSON"):
        call.decode(b'[{"a":' * 50_000)


@pytest.mark.parametrize("price", ['"Infinity"', '"NaN"', '"-inf"'])
def test_a_book_with_a_price_that_is_no_number_is_left_out(price: str) -> None:
    """The fuzz found it: a number spelled as text passed for a price within the levels of a REST book."""
    unit = '{"ask_price":PRICE,"bid_price":1.0,"ask_size":1.0,"bid_size":1.0}'
    row = '{"market":"KRW-BTC","timestamp":1,"orderbook_units":[UNIT]}'
    good, bad = (row.replace("UNIT", unit.replace("PRICE", p)) for p in ("2.0", price))
    (book,) = rest.books(["KRW-BTC"]).decode(f"[{good},{bad}]".encode())
    assert book.levels[0].ask_price == 2.0
