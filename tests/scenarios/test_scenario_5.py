"""The whole market at once: every pump, dump, burst, new extreme and large order is found, and nothing else.

What really happened is worked out from the trades as the built-in exchange makes them, without the program's own code:
what surely passed a threshold must have been found, and what was found must at least have come near it. Between the
two lie the seconds in which a frame is on its way and the five that a step of the windows has.
"""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

import numpy as np

from core.calc.unusual import (
    BIG_ORDER,
    DAY_MOVE,
    DELISTED,
    FAST_MOVE,
    LISTED,
    NEW_HIGH,
    NEW_LOW,
    VOLUME_SPIKE,
    Thresholds,
)
from core.market import DAY_MS, HOUR_MS, MINUTE_MS
from core.sim.exchange import Exchange
from core.wire import rest
from tests.core.feed.conftest import NOON_MS, clock, pass_time
from tests.core.feed.test_scan import open_desk
from tests.waiting import until

# Of this seed's day a coin jumps from here on, with all that belongs to it.
SEED, RESTLESS_MS = 3, NOON_MS // DAY_MS * DAY_MS + 698 * MINUTE_MS
LIMITS = Thresholds(big_order=5e6, spike=5.0, spike_least=3e6)
FIVE_MS = LIMITS.fast_span_ms

Keys = set[tuple[str, str]]  # (kind with its way, market)


class Past(NamedTuple):
    """All trades of a market today, in KRW."""

    time_ms: np.ndarray
    price: np.ndarray
    value: np.ndarray
    is_bid: np.ndarray
    sums: np.ndarray  # of the values before each trade, and of all
    prev_close: float
    high: float  # of the days before today
    low: float


def past_of(exchange: Exchange, market: str, until_ms: int) -> Past:
    past, day = exchange.floor.past.of(market), until_ms // DAY_MS
    trades = past.trades(day, 0, until_ms % DAY_MS // MINUTE_MS + 1)
    price = np.array([past.grid.price(int(place)) / 1e8 for place in trades.place])
    size = trades.size / 10.0**past.listed.size_digits
    days = past.rows(max(day - LIMITS.extreme_days + 1, past.first_day), day)
    return Past(
        trades.time_ms,
        price,
        price * size,
        trades.is_bid,
        np.append(0.0, np.cumsum(price * size)),
        past.grid.price(past.row(day - 1)[3]) / 1e8,
        past.grid.price(int(days.high.max())) / 1e8,
        past.grid.price(int(days.low.min())) / 1e8,
    )


def moved(past: Past, at: int, *, is_sure: bool, way: int) -> float:
    """Return how far the price at trade `at` is from that of five minutes before, at least or at most.

    The window begins at a step of five seconds, or with a minute where candles had to tell.
    """
    times, prices = past.time_ms, past.price
    first = np.searchsorted(times, times[at] - FIVE_MS - MINUTE_MS - 1_000, side="right") - 1
    last = np.searchsorted(times, times[at] - FIVE_MS + 6_000, side="right") - 1
    if first < 0:
        return 0.0
    bases = prices[first : last + 1]
    base = bases.max() if (way > 0) is is_sure else bases.min()
    return float(way * (prices[at] / base - 1.0))


def burst(past: Past, at: int, slack_ms: int) -> tuple[float, float]:
    """Return the turnover of the minute before trade `at`, and that of a usual minute of the hour before it."""
    times, sums = past.time_ms, past.sums

    def within(first_ms: int, last_ms: int) -> float:
        a, b = np.searchsorted(times, (first_ms, last_ms), side="right")
        return float(sums[b] - sums[a])

    now_ms = int(times[at])
    return within(now_ms - MINUTE_MS - slack_ms, now_ms), within(now_ms - HOUR_MS, now_ms - FIVE_MS) / 55.0


def truth(past: Past, market: str, from_ms: int, until_ms: int) -> tuple[Keys, Keys]:
    """Return what must and what may have been found in a market."""
    must: Keys = set()
    may: Keys = set()
    begin = max(int(np.searchsorted(past.time_ms, from_ms)) - 1, 0)
    first = past.price[begin]
    high, low = max(past.high, past.price[: begin + 1].max()), min(past.low, past.price[: begin + 1].min())
    for at in np.flatnonzero((past.time_ms > from_ms) & (past.time_ms < until_ms - 1_000)).tolist():
        price = past.price[at]
        for way in (1, -1):
            day = way * (price / past.prev_close - 1.0)
            if day >= LIMITS.day_move - 1e-9:
                may.add((f"{DAY_MOVE}{way:+d}", market))
                if way * (first / past.prev_close - 1.0) < LIMITS.day_move - 1e-9:
                    must.add((f"{DAY_MOVE}{way:+d}", market))
            if moved(past, at, is_sure=True, way=way) >= LIMITS.fast_move:
                must.add((f"{FAST_MOVE}{way:+d}", market))
            if moved(past, at, is_sure=False, way=way) >= LIMITS.fast_move - 1e-9:
                may.add((f"{FAST_MOVE}{way:+d}", market))
        for kind, way, is_beyond, was_away in (  # of one that stays near an extreme, the next one is no news
            (NEW_HIGH, 1, price > high, first < 0.995 * high),
            (NEW_LOW, -1, price < low, first * 0.995 > low),
        ):
            if is_beyond:
                may.add((f"{kind}{way:+d}", market))
                if was_away:
                    must.add((f"{kind}{way:+d}", market))
        minute, usual = burst(past, at, 0)
        if minute >= 1.3 * LIMITS.spike * usual and minute >= 1.3 * LIMITS.spike_least:
            must.add((VOLUME_SPIKE, market))
        minute, usual = burst(past, at, 6_000)
        if minute >= 0.7 * LIMITS.spike * usual and minute >= 0.7 * LIMITS.spike_least:
            may.add((VOLUME_SPIKE, market))
    return must, may


def orders(past: Past, from_ms: int, until_ms: int) -> int:
    """Return how many orders took much: prints of one time and side are one."""
    taken: Counter[tuple[int, bool]] = Counter()
    for time_ms, is_bid, value in zip(past.time_ms.tolist(), past.is_bid.tolist(), past.value.tolist(), strict=True):
        if from_ms < time_ms < until_ms:
            taken[time_ms, is_bid] += value
    return sum(value >= LIMITS.big_order for value in taken.values())


async def test_what_happened_is_found_and_nothing_else() -> None:
    async with open_desk(seed=SEED, markets=45, now_ms=clock(RESTLESS_MS)) as desk:
        exchange = desk.exchange
        desk.feed.board.set_thresholds(LIMITS)
        desk.feed.want_board(desk, {"KRW"})
        await until(desk.is_whole, timeout=60.0)
        await until(lambda: len(desk.board.top) == 20)
        await until(lambda: not np.isnan(desk.board.reading().high).any(), timeout=30.0)
        top_before = desk.board.top
        desk.found.clear()
        from_ms = exchange.now_ms()
        await pass_time(3.5 * 60.0)
        until_ms = exchange.now_ms()
        steady = top_before & desk.board.top
        found: Keys = set()
        for one in desk.found:
            found.add((one.kind if one.kind == VOLUME_SPIKE else f"{one.kind}{one.way:+d}", one.market))
        found -= {key for key in found if key[0].startswith((BIG_ORDER, "wide_spread"))}
        must: Keys = set()
        may: Keys = set()
        wanted, got = 0, 0
        for market in desk.board.windows.codes:
            past = past_of(exchange, market, until_ms)
            surely, perhaps = truth(past, market, from_ms, until_ms)
            must |= surely
            may |= perhaps
            if market in steady:
                wanted += orders(past, from_ms, until_ms - 1_000)
                large = [f for f in desk.found if f.kind == BIG_ORDER and f.market == market]
                got += sum(from_ms < f.time_ms < until_ms - 1_000 for f in large)
        kinds = {kind.rstrip("+-1") for kind, _ in must}
        assert {FAST_MOVE, VOLUME_SPIKE} <= kinds, "the test needs something to happen"
        assert must <= found, "missed"
        assert found <= may, "false alarm"
        assert wanted == got
        assert wanted > 0
        rows = await desk.services.http.get(rest.all_tickers(["KRW"]))
        order = [r.market for r in sorted(rows, key=lambda r: -r.turnover_24h)]
        assert set(order[:16]) <= desk.board.top <= set(order[:24]), "the top is the exchange's own ranking"
        assert not exchange.violations


async def test_listings_are_found_within_a_minute_and_their_markets_are_there() -> None:
    async with open_desk(seed=1, markets=8, now_ms=clock()) as desk:
        exchange = desk.exchange
        exchange.trouble.delist("KRW-ADA")
        await until(lambda: desk.feed.store.markets)
        desk.feed.want_board(desk, {"KRW"})
        exchange.trouble.list_market("KRW-ADA")
        exchange.trouble.delist("KRW-XRP")
        begin_ms = exchange.now_ms()
        await until(lambda: len([f for f in desk.found if f.kind in (LISTED, DELISTED)]) == 2, timeout=65.0)
        assert exchange.now_ms() - begin_ms < 62_000
        await until(lambda: desk.feed.store.ticker("KRW-ADA") is not None)
        assert "KRW-ADA" in desk.board.windows
        assert "KRW-XRP" not in desk.board.windows
