"""Frames of the exchange outside, as its documentation has them."""

from __future__ import annotations

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import WireError
from core.feed.dialect import Binance, Upbit
from core.market import Stream
from core.wire.binance import BEST, BestPrices, Said, closes, decode, fx, request

FRAME = b'{"u":400900217,"s":"BNBUSDT","b":"25.35190000","B":"31.21000000","a":"25.36520000","A":"40.66000000"}'


def test_best_prices_raw_and_on_a_combined_stream() -> None:
    assert decode(FRAME) == BestPrices("BNB", 25.3519, 25.3652)
    assert decode(b'{"stream":"bnbusdt@bookTicker","data":' + FRAME + b"}") == BestPrices("BNB", 25.3519, 25.3652)


@pytest.mark.parametrize(
    ("frame", "why"),
    [
        (b'{"result":null,"id":1}', ""),
        (b'{"code":2,"msg":"Invalid request","id":1}', "2 Invalid request"),
        (b'{"error":{"code":2,"msg":"Too many"},"id":1}', "Too many"),
    ],
)
def test_answers(frame: bytes, why: str) -> None:
    assert decode(frame) == Said(why)


@pytest.mark.parametrize(
    "frame",
    [b"", b"{", b"[]", b"{}", b"\xff", b'{"s":"BNBEUR","b":"1","a":"1"}', b'{"s":"BNBUSDT","b":"x","a":"1"}',
     b'{"s":"BNBUSDT","b":"0","a":"1"}', b'{"s":"BNBUSDT","b":"nan","a":"1"}', b'{"s":"BNBUSDT","b":"1","a":"inf"}'],
)  # fmt: skip
def test_what_is_none_of_them_is_an_error(frame: bytes) -> None:
    with pytest.raises(WireError):
        decode(frame)


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_else(frame: bytes) -> None:
    with contextlib.suppress(WireError):
        decode(frame)


def test_requests_name_streams_in_lower_case() -> None:
    assert json.loads(request("SUBSCRIBE", ["BTC", "ETH"], 3)) == {
        "method": "SUBSCRIBE", "params": ["btcusdt@bookTicker", "ethusdt@bookTicker"], "id": 3
    }  # fmt: skip


coins = st.frozensets(st.sampled_from(["BTC", "ETH", "XRP", "SOL"]), min_size=1)


@given(st.lists(coins, min_size=1, max_size=8))
def test_said_one_after_the_other_the_requests_make_each_set(history: list[frozenset[str]]) -> None:
    dialect, carried, sent = Binance(), frozenset[str](), frozenset[Stream]()
    numbers = []
    for wanted in history:
        streams = frozenset(Stream(BEST, coin) for coin in wanted)
        for text in dialect.say(streams, sent):
            said = json.loads(text)
            named = {p.removesuffix("usdt@bookTicker").upper() for p in said["params"]}
            carried = carried | named if said["method"] == "SUBSCRIBE" else carried - named
            numbers.append(said["id"])
        sent = streams
        assert carried == wanted
    assert len(set(numbers)) == len(numbers)


def test_upbits_request_is_a_function_of_the_whole_set() -> None:
    wanted = frozenset({Stream("ticker", "KRW-BTC")})
    (one,), (other,) = Upbit().say(wanted, frozenset()), Upbit().say(wanted, wanted)
    assert json.loads(one)[1:] == json.loads(other)[1:]


def test_candles_and_a_banks_rate() -> None:
    body = b'[[1499040000000,"0.5","0.8","0.4","0.75","148976.1",1499644799999,"2434.1",308,"17.4","28.4","0"]]'
    (row,) = closes("BTC", 10).decode(body)
    assert (row.start_ms, row.open, row.high, row.low, row.close) == (1_499_040_000_000, 0.5, 0.8, 0.4, 0.75)
    for bad in (b"", b"{}", b"[[1]]", b'[[1,"a","b","c","d","e"]]'):
        with pytest.raises(WireError):
            closes("BTC", 10).decode(bad)
    assert fx().decode(b'{"rate": 1391.2, "time_ms": 1}') == 1391.2
    for bad in (b"", b"[]", b'{"rate": "x"}', b'{"rate": 0}', b'{"rate": 1e9}'):
        with pytest.raises(WireError):
            fx().decode(bad)
