"""The table of cross-listed coins against a real exchange on a fast clock."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from math import isnan
from typing import Any

import pytest

from core.market import DAY_MS, MINUTE_MS, ORDERBOOK, Stream, base_of
from core.state.cross import CANDIDATES
from core.state.month import WINDOW, WINDOWS
from core.wire import rest
from tests.core.feed.conftest import NOON_MS, clock, pass_time
from tests.core.feed.test_scan import Desk, open_desk
from tests.waiting import until

COINS = frozenset({"BTC", "USDT", "ETH", "XRP", "SOL", "DOGE", "ADA", "TRX", "SUI"})


@asynccontextmanager
async def open_cross(coins: frozenset[str] = COINS, begin_ms: int = NOON_MS, **exchange: Any) -> AsyncIterator[Desk]:
    """A desk on the markets of a few coins, in all quote currencies."""
    async with open_desk(now_ms=clock(begin_ms), **exchange) as desk:
        floor = desk.exchange.floor
        floor.hidden |= {code for code in floor.past.markets if base_of(code) not in coins or code == "BTC-USDT"}
        yield desk


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with open_cross(seed=18) as desk:  # a day without a dislocation
        yield desk


def is_priced(desk: Desk) -> bool:
    rows = desk.feed.cross.rows
    return bool(rows) and not any(isnan(p) for row in rows.values() for p in row.premiums.values())


def has_edges(desk: Desk) -> bool:
    rows = [row for row in desk.feed.cross.rows.values() if row.is_watched]
    return bool(rows) and not any(isnan(row.edge) for row in rows)


async def test_nobody_wants_the_table_and_it_costs_nothing(desk: Desk) -> None:
    await until(lambda: desk.feed.store.tickers)
    await pass_time(5.0)
    assert desk.feed.cross.coins
    assert not desk.feed.cross.rows
    assert desk.services.survey._timer is None
    assert not desk.feed.leases.background
    desk.feed.want_cross(desk, [])
    await until(lambda: is_priced(desk))
    desk.feed.want_cross(desk, None)
    assert desk.services.survey._timer is None
    assert not desk.feed.leases.background
    assert "candles" not in desk.exchange.rest_requests


async def test_tickers_of_all_and_books_of_candidates(desk: Desk) -> None:
    desk.feed.want_cross(desk, [])
    await until(lambda: is_priced(desk))
    cross = desk.feed.cross
    assert set(cross.coins) == COINS - {"USDT"}
    await until(lambda: len(cross.candidates) == len(cross.coins), timeout=20.0)
    assert len(cross.coins) < CANDIDATES
    await until(lambda: has_edges(desk), timeout=20.0)
    wanted = {Stream(ORDERBOOK, market) for market in cross.markets(cross.coins)}
    assert desk.feed.leases.background == wanted
    assert all(row.edge < 0.0 for row in cross.rows.values()), "a quiet day"
    assert max(abs(p) for row in cross.rows.values() for p in row.premiums.values()) < 0.01
    requests = len(desk.exchange.requests)
    await pass_time(120.0)
    assert len(desk.exchange.requests) <= requests + 8, "the budget of messages"
    assert not desk.exchange.violations


async def test_a_pinned_coin_has_its_books_within_seconds_and_they_go_with_it(desk: Desk) -> None:
    cross = desk.feed.cross
    cross.rank = lambda _now: False  # type: ignore[method-assign]  # nothing but what is pinned
    desk.feed.want_cross(desk, ["XRP"])
    await until(lambda: desk.feed.leases.background, timeout=3.0)
    assert {s.market for s in desk.feed.leases.background} == cross.markets(["XRP"])
    await until(lambda: not isnan(cross.edge_at("KRW-XRP")), timeout=10.0)
    desk.feed.want_cross(desk, ["SOL"])
    await until(lambda: {s.market for s in desk.feed.leases.background} == cross.markets(["SOL"]), timeout=3.0)
    await until(lambda: isnan(cross.edge_at("KRW-XRP")), timeout=3.0)


async def test_the_month_comes_for_what_is_seen_and_a_percentile_with_it(desk: Desk) -> None:
    cross = desk.feed.cross
    desk.feed.want_cross(desk, [], seen=["XRP"])
    await until(lambda: is_priced(desk))
    pair = cross.pair_of("XRP", "USDT")
    assert pair is not None
    assert isnan(cross.percentile("XRP", pair))
    await until(lambda: not isnan(cross.percentile("XRP", pair)), timeout=60.0)
    history = cross.history("XRP", pair)
    assert len(history) == WINDOWS
    known = [h for h in history if not isnan(h)]
    assert len(known) > WINDOWS * 0.9
    assert max(abs(h) for h in known) < 0.03
    assert 0.0 <= cross.percentile("XRP", pair) <= 1.0
    # Checked against the exchange's own pages, window by window.
    pages: dict[int, dict[str, float]] = {}
    for market in ("KRW-XRP", "USDT-XRP", "KRW-USDT"):
        for row in await desk.services.http.get(rest.candles(market, WINDOW, count=20)):
            pages.setdefault(row.start_ms, {})[market] = row.close
    begin = cross.month.begin_ms("KRW-XRP")
    for start_ms, closes in pages.items():
        at = (start_ms - begin) // WINDOW.length_ms
        if 0 <= at < WINDOWS and len(closes) == 3:
            assert history[at] == pytest.approx(closes["KRW-XRP"] / (closes["USDT-XRP"] * closes["KRW-USDT"]) - 1)


@pytest.mark.parametrize("market", ["USDT-XRP", "KRW-USDT"])
async def test_a_socket_that_falls_silent_takes_the_edges_within_the_bound(desk: Desk, market: str) -> None:
    desk.feed.want_cross(desk, ["XRP"])
    await until(lambda: not isnan(desk.feed.cross.edge_at("KRW-XRP")), timeout=20.0)
    await pass_time(20.0)
    desk.exchange.trouble.stall(market)
    await until(lambda: isnan(desk.feed.cross.edge_at("KRW-XRP")), timeout=4.0)
    assert desk.feed.cross.rows["XRP"].flaw == "stale"


async def test_books_that_come_late_are_not_taken_for_new(desk: Desk) -> None:
    desk.feed.want_cross(desk, ["XRP"])
    await until(lambda: not isnan(desk.feed.cross.edge_at("KRW-XRP")), timeout=20.0)
    desk.exchange.trouble.spoil("USDT-XRP", delay_ms=30_000)
    await pass_time(60.0)
    assert isnan(desk.feed.cross.edge_at("KRW-XRP")), "every book is up to 30 s old when it comes"
    assert desk.feed.cross.rows["XRP"].flaw == "stale"


async def test_after_an_outage_edges_come_back_with_new_books(desk: Desk) -> None:
    desk.feed.want_cross(desk, ["XRP"])
    await until(lambda: not isnan(desk.feed.cross.edge_at("KRW-XRP")), timeout=20.0)
    desk.exchange.trouble.maintenance(20.0)
    await until(lambda: isnan(desk.feed.cross.edge_at("KRW-XRP")), timeout=4.0)
    await pass_time(10.0)
    assert isnan(desk.feed.cross.edge_at("KRW-XRP"))
    await until(lambda: not isnan(desk.feed.cross.edge_at("KRW-XRP")), timeout=60.0)


async def test_a_market_that_is_delisted_goes_out_of_the_table() -> None:
    async with open_cross(seed=18) as desk:
        desk.feed.want_cross(desk, ["XRP"])
        await until(lambda: "XRP" in desk.feed.cross.rows)
        for market in ("USDT-XRP", "BTC-XRP"):
            desk.exchange.trouble.delist(market)
        await until(lambda: "XRP" not in desk.feed.cross.coins, timeout=70.0)
        assert "XRP" not in desk.feed.cross.rows
        await until(lambda: Stream(ORDERBOOK, "USDT-XRP") not in desk.feed.leases.background)


async def test_another_exchange_begins_anew(desk: Desk) -> None:
    desk.feed.want_cross(desk, ["XRP"])
    await until(lambda: "XRP" in desk.feed.cross.rows)
    old = desk.feed.cross
    desk.feed.reset()
    assert desk.feed.cross is not old
    assert not desk.feed.cross.rows
    assert desk.feed.cross.pinned == {"XRP"}


def test_noon_is_of_the_day_that_the_seeds_were_chosen_for() -> None:
    assert NOON_MS // DAY_MS * DAY_MS + 720 * MINUTE_MS == NOON_MS
