"""One's own account on the wire: both spellings, the documented nulls, exact amounts, errors that show nothing."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import WireError
from core.wire import account, keys, private
from core.wire.messages import Refusal, Status
from core.wire.private import Announcement, Asset, MyAsset, MyOrder

FILL = (
    b'{"type":"myOrder","code":"KRW-BTC","uuid":"o1","ask_bid":"BID","order_type":"limit","state":"trade",'
    b'"trade_uuid":"t1","price":1.16539E8,"avg_price":116539000.0,"volume":0.00012345678901234567,'
    b'"remaining_volume":0.5,"executed_volume":0.00012345678901234567,"trades_count":1,"reserved_fee":29.1,'
    b'"remaining_fee":29.0,"paid_fee":0.1,"locked":58300.5,"executed_funds":14.38,"time_in_force":null,'
    b'"trade_fee":0.00719,"is_maker":true,"identifier":"mine","smp_type":null,"prevented_volume":0,'
    b'"prevented_locked":0,"trade_timestamp":1790510400123,"order_timestamp":1790510400000,'
    b'"timestamp":1790510400130,"stream_type":"REALTIME"}'
)
MARKET_BUY = (
    b'{"type":"myOrder","code":"KRW-BTC","uuid":"o2","ask_bid":"BID","order_type":"price","state":"wait",'
    b'"trade_uuid":null,"price":10000,"avg_price":0,"volume":null,"remaining_volume":null,"executed_volume":null,'
    b'"trades_count":0,"time_in_force":null,"trade_fee":null,"is_maker":null,"identifier":null,"smp_type":null,'
    b'"prevented_volume":null,"prevented_locked":null,"trade_timestamp":null,"order_timestamp":1790510400000,'
    b'"timestamp":1790510400130,"stream_type":"REALTIME"}'
)


def short(frame: bytes, spelling: dict[str, str]) -> bytes:
    """Return a frame in the SIMPLE format."""
    row = json.loads(frame, parse_float=lambda text: f"@{text}@")
    told = json.dumps({spelling[k]: v for k, v in row.items()})
    return told.replace('"@', "").replace('@"', "").encode()


def test_a_fill_is_read_to_the_last_digit_in_both_formats_and_in_lists() -> None:
    (order,) = private.decode(FILL)
    assert isinstance(order, MyOrder)
    assert order.price == Decimal(116539000)
    assert order.size == Decimal("0.00012345678901234567")
    assert (order.fill_id, order.is_maker, order.fill_fee) == ("t1", True, Decimal("0.00719"))
    assert (order.identifier, order.time_in_force, order.created_ms) == ("mine", None, 1790510400000)
    assert private.decode(short(FILL, keys.MY_ORDER)) == [order]
    assert private.decode(b"[" + FILL + b"," + MARKET_BUY + b"]") == [order, *private.decode(MARKET_BUY)]


def test_the_nulls_of_a_fresh_market_buy_stay_unknown() -> None:
    (order,) = private.decode(MARKET_BUY)
    assert isinstance(order, MyOrder)
    assert (order.price, order.size, order.remaining, order.executed) == (Decimal(10000), None, None, None)
    assert private.decode(short(MARKET_BUY, keys.MY_ORDER)) == [order]


@given(st.decimals(0, 10**12, places=20, allow_nan=False), st.decimals(0, 10**9, places=8, allow_nan=False))
def test_balances_keep_every_digit(balance: Decimal, locked: Decimal) -> None:
    frame = (
        f'{{"type":"myAsset","asset_uuid":"a","assets":[{{"currency":"KRW","balance":{balance:f},"locked":{locked:f}}}],'
        '"asset_timestamp":5,"timestamp":6,"stream_type":"REALTIME"}'
    ).encode()
    (asset,) = private.decode(frame)
    assert asset == MyAsset((Asset("KRW", balance, locked),), "a", 5, 6)
    simple = (
        f'{{"ty":"myAsset","astuid":"a","ast":[{{"cu":"KRW","b":{balance:f},"l":{locked:f}}}],'
        '"asttms":5,"tms":6,"st":"REALTIME"}'
    ).encode()
    assert private.decode(simple) == [asset]


def test_a_notice_without_a_body_and_the_signs_of_life_are_read() -> None:
    frame = (
        '{"type":"announcement","event_type":"UPDATED","uuid":"n","title":"점검","category":"maintenance",'
        '"url":"https://upbit.com/n","first_listed_at":"2026-01-01T09:00:00+09:00","listed_at":null,"timestamp":7,'
        '"stream_type":"REALTIME","body":null}'
    ).encode()
    (notice,) = private.decode(frame)
    assert isinstance(notice, Announcement)
    assert (notice.event, notice.title, notice.category, notice.listed_at) == ("UPDATED", "점검", "maintenance", "")
    assert private.decode(b'{"status":"UP"}') == [Status("UP")]
    assert private.decode(b'{"error":{"message":"m","name":"INVALID_AUTH"}}') == [Refusal("INVALID_AUTH", "m")]


@pytest.mark.parametrize(
    "frame",
    [
        b"",
        b"{}",
        b"[1]",
        b'{"type":"ticker","code":"KRW-BTC"}',
        b'{"type":"myOrder","code":"KRW-BTC"}',
        b'{"type":"myAsset","assets":[{"balance":12345.678}]}',
        b'{"type":"myAsset","assets":{"currency":"KRW"}}',
        FILL.replace(b'"BID"', b'"HOLD"'),
    ],
)
def test_what_is_no_frame_is_refused_without_showing_what_it_held(frame: bytes) -> None:
    with pytest.raises(WireError) as why:
        private.decode(frame)
    assert "12345" not in str(why.value)


def test_rows_of_orders_are_exact_and_what_is_left_out_is_unknown() -> None:
    body = (
        b'[{"uuid":"o","side":"bid","ord_type":"price","price":"10000","state":"cancel","market":"KRW-BTC",'
        b'"created_at":"2026-09-27T21:00:00+09:00","executed_volume":"0.00008581","trades_count":1,"paid_fee":"4.99",'
        b'"locked":"0.95"}]'
    )
    call = account.closed_orders()
    assert call.is_signed
    (row,) = call.decode(body)
    assert (row.volume, row.remaining_volume, row.executed_volume) == (None, None, Decimal("0.00008581"))
    assert account.kst_ms(row.created_at) == 1790510400000
    assert account.kst_ms("2026-09-27T21:00:00") == 1790510400000
    assert account.kst_ms("soon") == 0


def test_a_detail_with_nulls_is_read_all_the_same() -> None:
    body = (
        b'{"uuid":"o","side":"ask","ord_type":"market","price":null,"state":"done","market":"KRW-BTC","created_at":null,'
        b'"executed_volume":"2","identifier":null,"trades":[{"market":"KRW-BTC","uuid":"t","price":"5","volume":"2",'
        b'"funds":"10","trend":"up","created_at":"2026-09-27T21:00:00+09:00","side":"ask"}]}'
    )
    row = account.order("o").decode(body)
    assert row.trades is not None
    assert (row.trades[0].uuid, row.trades[0].funds, row.identifier) == ("t", Decimal(10), "")
    with pytest.raises(WireError):
        account.order("o").decode(b"[]")
