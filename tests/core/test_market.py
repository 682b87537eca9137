"""Codes, price steps and windows of time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.market import (
    BTC_TICKS,
    INTERVAL_OF_CHANNEL,
    KRW_TICKS,
    USDT_TICKS,
    Interval,
    Market,
    Stream,
    TickTable,
    base_of,
    price_key,
    quote_of,
    tick_size,
)

KST = timezone(timedelta(hours=9))

# The exchange's tables, typed here once more: (price from which it holds, step).
KRW = """1000000 1000, 500000 500, 100000 100, 50000 50, 10000 10, 5000 5, 1000 1, 100 1, 10 0.1, 1 0.01, 0.1 0.001,
0.01 0.0001, 0.001 0.00001, 0.0001 0.000001, 0.00001 0.0000001, 0 0.00000001"""
USDT = "10 0.01, 1 0.001, 0.1 0.0001, 0.01 0.00001, 0.001 0.000001, 0.0001 0.0000001, 0 0.00000001"
BTC = "0 0.00000001"


def bands(text: str) -> list[tuple[Decimal, Decimal]]:
    """Return (floor, step), ascending."""
    rows = [row.split() for row in text.split(",")]
    return sorted((Decimal(floor), Decimal(step)) for floor, step in rows)


TABLES = {"KRW-X": (KRW_TICKS, bands(KRW)), "USDT-X": (USDT_TICKS, bands(USDT)), "BTC-X": (BTC_TICKS, bands(BTC))}


def test_a_code_has_its_quote_first() -> None:
    assert (quote_of("KRW-BTC"), base_of("KRW-BTC")) == ("KRW", "BTC")
    market = Market("USDT-ETH", "이더리움", "Ethereum")
    assert (market.quote, market.base) == ("USDT", "ETH")


def test_equal_streams_are_one_and_all_can_be_sorted() -> None:
    assert len({Stream("trade", "KRW-BTC"), Stream("trade", "KRW-BTC", 0.0), Stream("trade", "KRW-BTC", 0)}) == 1
    streams = [Stream("trade", "B"), Stream("orderbook", "B", 10.0), Stream("orderbook", "B")]
    assert [s.level for s in sorted(streams)] == [0.0, 10.0, 0.0]


@pytest.mark.parametrize("market", TABLES)
def test_the_step_changes_exactly_at_every_edge(market: str) -> None:
    table, expected = TABLES[market]
    for i, (floor, step) in enumerate(expected):
        assert table.tick_size(float(floor)) == float(step)
        assert tick_size(market, float(floor)) == float(step)
        if i:
            below, step_below = floor - expected[i - 1][1], expected[i - 1][1]  # one step of the lower band below
            assert table.tick_size(float(below)) == float(step_below)
        assert floor % step == 0


def test_prices_far_out_have_the_step_of_the_last_band() -> None:
    assert KRW_TICKS.tick_size(1e12) == 1_000.0
    assert KRW_TICKS.tick_size(0.0) == KRW_TICKS.tick_size(-1.0) == 1e-8
    assert tick_size("XYZ-ABC", 5.0) == 1e-8  # an unknown quote: the finest


def test_a_table_of_our_own_holds_from_its_floor_on() -> None:
    table = TickTable((0.0, 10.0), (0.5, 1.0))
    assert [table.tick_size(price) for price in (0.0, 9.99, 10.0, 11.0)] == [0.5, 0.5, 1.0, 1.0]


@st.composite
def prices_on_ticks(draw: st.DrawFn) -> tuple[str, Decimal, Decimal]:
    """A market, a price on its grid and the step there."""
    market = draw(st.sampled_from(sorted(TABLES)))
    rows = TABLES[market][1]
    i = draw(st.integers(0, len(rows) - 1))
    floor, step = rows[i]
    top = rows[i + 1][0] if i + 1 < len(rows) else max(floor * 300, Decimal(1))
    return market, floor + step * draw(st.integers(0, int((top - floor) / step) - 1)), step


@given(prices_on_ticks())
def test_neighbouring_prices_have_different_keys_and_equal_prices_the_same(case: tuple[str, Decimal, Decimal]) -> None:
    market, price, step = case
    key = price_key(float(price))
    assert key == int(price * 10**8)  # exact in every band
    assert tick_size(market, float(price)) == float(step)
    assert price_key(float(price) + float(step)) == int(
        (price + step) * 10**8
    )  # a sum of floats is off, its key is not
    assert price_key(float(price) / 3 * 3) == key


@given(st.integers(1, 10**15))
def test_a_key_survives_a_computed_price(key: int) -> None:
    price = key / 1e8
    assert price_key(price) == key
    assert price_key((price + price) - price) == key


# Windows. An independent reckoning by calendar, in Korean time.

moments = st.integers(0, 4_102_444_800_000)  # 1970 to 2100
LENGTH = {"s": 1, "m": 60}


def start_of(interval: Interval, time_ms: int) -> datetime:
    at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=time_ms)
    day = (at.astimezone(KST) - timedelta(hours=9)).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(
        hours=9
    )
    if interval is Interval.MONTH:
        return day.replace(day=1)
    if interval is Interval.W1:
        return day - timedelta(days=day.weekday())
    if interval is Interval.D1:
        return day
    seconds = int(interval.value[:-1]) * LENGTH[interval.value[-1]]
    since = int((at - day).total_seconds())
    return day + timedelta(seconds=since // seconds * seconds)


def ms(moment: datetime) -> int:
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


@given(st.sampled_from(Interval), moments)
def test_a_moment_lies_in_its_window(interval: Interval, time_ms: int) -> None:
    start = interval.floor(time_ms)
    assert start == ms(start_of(interval, time_ms))
    after = interval.next(start)
    assert start <= time_ms < after
    assert interval.floor(start) == interval.floor(after - 1) == start
    assert interval.floor(after) == after


@given(st.sampled_from(Interval), moments)
def test_the_next_window_begins_where_the_calendar_says(interval: Interval, time_ms: int) -> None:
    start = interval.floor(time_ms)
    step = timedelta(days=32) if interval is Interval.MONTH else timedelta(milliseconds=interval.length_ms)
    assert interval.next(start) == ms(start_of(interval, start + step // timedelta(milliseconds=1)))


def test_days_begin_at_nine_in_korea_weeks_on_monday_and_months_on_the_first() -> None:
    at = ms(datetime(2026, 11, 23, 8, 59, 59, tzinfo=KST))  # a Monday, a second before the day begins
    assert Interval.D1.floor(at) == ms(datetime(2026, 11, 22, 9, tzinfo=KST))
    assert Interval.W1.floor(at) == ms(datetime(2026, 11, 16, 9, tzinfo=KST))
    assert Interval.W1.floor(at + 1_000) == ms(datetime(2026, 11, 23, 9, tzinfo=KST))
    assert Interval.MONTH.floor(at) == ms(datetime(2026, 11, 1, 9, tzinfo=KST))
    assert Interval.MONTH.next(ms(datetime(2027, 1, 1, 9, tzinfo=KST))) == ms(datetime(2027, 2, 1, 9, tzinfo=KST))
    assert Interval.MONTH.next(ms(datetime(2028, 2, 1, 9, tzinfo=KST))) == ms(datetime(2028, 3, 1, 9, tzinfo=KST))


def test_every_interval_but_the_three_longest_has_a_channel() -> None:
    assert {i.value for i in Interval if i.channel is None} == {"1d", "1w", "1M"}
    assert Interval.H1.channel == "candle.60m"
    assert {channel: i.channel for channel, i in INTERVAL_OF_CHANNEL.items()} == {c: c for c in INTERVAL_OF_CHANNEL}
    assert len(INTERVAL_OF_CHANNEL) == 9
