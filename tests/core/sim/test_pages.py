"""Candles of every interval are the same trades, folded."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.market import DAY_MS, Interval
from core.sim import pages
from core.sim.frames import Bar, Print
from core.sim.listing import ANCHOR_DAY, listing
from core.sim.past import MarketPast, Past

MARKETS = ("KRW-BTC", "KRW-SHIB", "BTC-XRP", "USDT-SOL", "KRW-FLUID")
PAST = Past(1, listing(1))
INTRADAY = [Interval.S1, *pages.UNITS]
few = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
some_market = st.sampled_from(MARKETS)
some_moment = st.integers(ANCHOR_DAY * DAY_MS - 3 * DAY_MS, ANCHOR_DAY * DAY_MS + 3 * DAY_MS)


def folded(trades: Iterable[Print], interval: Interval) -> list[Bar]:
    """Fold trades, oldest first, the plain way."""
    bars: list[Bar] = []
    for t in trades:
        start, turnover = interval.floor(t.time_ms), t.price * t.size
        if bars and bars[-1].start_ms == start:
            b = bars[-1]
            bars[-1] = Bar(
                start,
                b.open,
                max(b.high, t.price),
                min(b.low, t.price),
                t.price,
                b.volume + t.size,
                b.turnover + turnover,
                t.time_ms,
            )
        else:
            bars.append(Bar(start, t.price, t.price, t.price, t.price, t.size, turnover, t.time_ms))
    return bars


def today(past: MarketPast, now_ms: int) -> list[Print]:
    """Return all trades of the UTC day so far, oldest first."""
    return pages.ticks(past, now_ms // DAY_MS, now_ms + 1, None, 10**9, now_ms)[::-1]


def page(past: MarketPast, interval: Interval, to_ms: int, count: int, now_ms: int) -> list[Bar]:
    return [bar for piece in pages.intraday(past, interval, to_ms, count, now_ms) for bar in piece]


@few
@given(some_market, some_moment, st.sampled_from(INTRADAY))
def test_candles_are_the_trades_folded(code: str, now_ms: int, interval: Interval) -> None:
    past = PAST.of(code)
    expected = folded(today(past, now_ms), interval)[::-1][:200]
    got = page(past, interval, now_ms + 1, 200, now_ms)[: len(expected)]
    assert got == expected


@few
@given(some_market, some_moment)
def test_the_day_is_the_trades_folded(code: str, now_ms: int) -> None:
    past = PAST.of(code)
    expected = folded(today(past, now_ms), Interval.D1)
    got = pages.daily(past, Interval.D1, now_ms + 1, 2, now_ms)
    assert got[: len(expected)] == expected
    assert got[len(expected)].start_ms == now_ms // DAY_MS * DAY_MS - DAY_MS


@few
@given(some_market, some_moment, st.sampled_from([Interval.D1, Interval.W1, Interval.MONTH]))
def test_longer_candles_are_days_folded(code: str, now_ms: int, interval: Interval) -> None:
    past = PAST.of(code)
    days = pages.daily(past, Interval.D1, now_ms + 1, 62, now_ms)
    longer = pages.daily(past, interval, now_ms + 1, 2, now_ms)
    for bar in longer[:1]:
        parts = [d for d in days if interval.floor(d.start_ms) == bar.start_ms][::-1]
        assert bar.open == parts[0].open
        assert bar.close == parts[-1].close
        assert bar.high == max(p.high for p in parts)
        assert bar.low == min(p.low for p in parts)
        assert bar.volume == sum(p.volume for p in parts)
        assert bar.turnover == sum(p.turnover for p in parts)
    assert [interval.floor(b.start_ms) for b in longer] == [b.start_ms for b in longer]


@pytest.mark.parametrize("code", MARKETS)
def test_old_days_keep_their_prices_and_volume(code: str) -> None:
    """What was seen of a day while it was new stays true when only its closed form is used."""
    past, now_ms = PAST.of(code), ANCHOR_DAY * DAY_MS + DAY_MS // 2
    new = pages.daily(past, Interval.D1, now_ms + 1, 9, now_ms)[1:]
    later = now_ms + 40 * DAY_MS
    old = pages.daily(past, Interval.D1, new[0].start_ms + 1, 8, later)
    for n, o in zip(new, old, strict=True):
        assert (n.start_ms, n.open, n.high, n.low, n.close, n.volume) == (
            o.start_ms,
            o.open,
            o.high,
            o.low,
            o.close,
            o.volume,
        )
        assert o.turnover == pytest.approx(n.turnover, rel=0.2)


@pytest.mark.parametrize("interval", [*INTRADAY])
def test_pages_join_without_gap_or_overlap(interval: Interval) -> None:
    past, now_ms = PAST.of("KRW-XRP"), ANCHOR_DAY * DAY_MS + 12_345_678
    whole = page(past, interval, now_ms + 1, 150, now_ms)
    parts: list[Bar] = []
    to_ms = now_ms + 1
    while len(parts) < 150:
        parts += page(past, interval, to_ms, 30, now_ms)
        to_ms = parts[-1].start_ms
    assert parts == whole
    assert all(a.start_ms > b.start_ms for a, b in pairwise(whole))


def test_history_ends_where_the_market_was_listed() -> None:
    past = PAST.of("KRW-FLUID")
    begin = past.first_day * DAY_MS
    assert page(past, Interval.M1, begin + 1, 10, ANCHOR_DAY * DAY_MS)[-1].start_ms >= begin
    assert page(past, Interval.M1, begin, 10, ANCHOR_DAY * DAY_MS) == []
    assert pages.daily(past, Interval.D1, begin, 10, ANCHOR_DAY * DAY_MS) == []
    assert pages.daily(past, Interval.MONTH, begin + DAY_MS, 200, ANCHOR_DAY * DAY_MS) != []


def test_seconds_go_back_three_months() -> None:
    past, now_ms = PAST.of("KRW-BTC"), ANCHOR_DAY * DAY_MS
    assert len(page(past, Interval.S1, now_ms - 80 * DAY_MS, 50, now_ms)) == 50
    assert page(past, Interval.S1, now_ms - 100 * DAY_MS, 50, now_ms) == []


def test_ticks_before_a_cursor_go_on_where_the_page_ended() -> None:
    past, now_ms = PAST.of("KRW-BTC"), ANCHOR_DAY * DAY_MS + 5_000_000
    whole = pages.ticks(past, ANCHOR_DAY, now_ms + 1, None, 600, now_ms)
    parts = pages.ticks(past, ANCHOR_DAY, now_ms + 1, None, 77, now_ms)
    while len(parts) < 600:
        parts += pages.ticks(past, ANCHOR_DAY, now_ms + 1, parts[-1].id, 77, now_ms)
    assert parts[:600] == whole
    assert len({t.id for t in whole}) == 600
    assert all(t.time_ms <= now_ms for t in whole)


@few
@given(st.lists(st.integers(0, 2**62), min_size=1, max_size=40), st.data())
def test_sums_are_exact_beyond_63_bits(values: list[int], data: st.DataObject) -> None:
    import numpy as np

    heads = sorted({0} | data.draw(st.sets(st.integers(0, len(values) - 1))))
    runs = [values[a:b] for a, b in zip(heads, [*heads[1:], len(values)], strict=True)]
    assert pages.wide_sums(np.array(values), np.array(heads)) == [sum(r) for r in runs]
