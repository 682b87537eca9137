"""The whole market at once, against a real exchange on a fast clock: what it found is what happened."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import numpy as np
import pytest

from core.calc.unusual import DELISTED, LISTED, Finding
from core.calc.windows import SPANS_MS
from core.feed.endpoint import Endpoint
from core.feed.feed import Feed
from core.feed.services import Services
from core.market import TICKER, TRADE, Interval, Stream
from core.sim.exchange import Exchange
from core.state.board import TOP
from core.wire import rest
from core.wire.messages import CandleRow
from tests.core.feed.conftest import clock, pass_time
from tests.waiting import until

MINUTE, FIVE, *_ = SPANS_MS


class Desk:
    """A feed with all that moves it and a list of what was found."""

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange
        self.feed = Feed(asyncio.get_running_loop().time)
        self.found: list[Finding] = []
        self.feed.on_found = self.found.append
        endpoint = Endpoint(exchange.ws_url, exchange.rest_url, is_real=False)
        self.services = Services(self.feed, endpoint, clock_ms=exchange.now_ms)

    @property
    def board(self) -> Any:
        return self.feed.board

    def is_whole(self) -> bool:
        windows = self.board.windows
        return len(windows) > 0 and not np.isnan(windows.price).any() and not windows.has_hole().any()

    async def close(self) -> None:
        await self.services.close()


@asynccontextmanager
async def open_desk(**exchange: Any) -> AsyncIterator[Desk]:
    async with Exchange(**exchange) as made:
        desk = Desk(made)
        try:
            yield desk
        finally:
            await desk.close()


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with open_desk(seed=1, markets=26, now_ms=clock()) as desk:
        yield desk


async def test_nobody_wants_the_board_and_it_costs_nothing(desk: Desk) -> None:
    await until(lambda: desk.feed.store.tickers)
    await pass_time(5.0)
    assert not len(desk.board.windows)
    assert not any(t.get_name().startswith("board") for t in asyncio.all_tasks())
    calls = desk.exchange.rest_requests.copy()
    assert "candles" not in calls


async def test_windows_are_whole_soon_after_the_start_and_as_the_exchange_has_it(desk: Desk) -> None:
    desk.feed.want_board(desk, {"KRW"})
    await until(desk.is_whole, timeout=60.0)
    windows = desk.board.windows
    assert set(windows.codes) == {m for m in desk.feed.store.markets if m.startswith("KRW-")}
    await pass_time(100.0)  # now a minute's window is of what streamed alone
    for code in windows.codes[:8]:
        column = windows.column(code)
        rows: list[CandleRow] = []
        now_ms = 0
        while not rows or not now_ms // 5_000 == desk.exchange.now_ms() // 5_000 == windows.step:
            now_ms = desk.exchange.now_ms()  # a step that ends meanwhile would make it another window
            rows = await desk.services.http.get(rest.candles(code, Interval.S1, count=200))
        # The window begins at the end of a step: between 55 and 60 s ago.
        begins = [r for r in rows if r.start_ms < now_ms // 5_000 * 5_000 - 55_000]
        inside = [r for r in rows if r.start_ms >= now_ms // 5_000 * 5_000 - 55_000]
        price = desk.feed.store.tickers[code].price
        assert windows.price[column] == price
        if begins:
            assert windows.change(MINUTE)[column] == pytest.approx(price / begins[-1].close - 1.0, abs=1e-4)
            assert windows.volume(MINUTE)[column] == pytest.approx(sum(r.volume for r in inside), rel=0.02, abs=1e-6)


async def test_a_quote_currency_more_is_added_and_nobody_any_more_lets_all_go(desk: Desk) -> None:
    desk.feed.want_board("one", {"KRW"})
    await until(lambda: len(desk.board.windows) > 0)
    count = len(desk.board.windows)
    desk.feed.want_board("two", {"KRW", "USDT", "BTC"})
    assert len(desk.board.windows) >= count
    assert desk.board.quotes == {"KRW", "USDT", "BTC"}
    desk.feed.want_board("two", ())
    desk.feed.want_board("one", ())
    assert not len(desk.board.windows)
    await pass_time(1.0)
    assert not any(t.get_name().startswith("board") for t in asyncio.all_tasks())


async def test_the_top_is_listened_to_and_is_the_exchanges_own_ranking(desk: Desk) -> None:
    desk.feed.want_board(desk, {"KRW"})
    await until(lambda: len(desk.board.top) == TOP)
    await pass_time(30.0)
    rows = await desk.services.http.get(rest.all_tickers(["KRW"]))
    order = [r.market for r in sorted(rows, key=lambda r: -r.turnover_24h)]
    assert set(order[: TOP - 4]) <= desk.board.top <= set(order[: TOP + 4])
    assert desk.board.rank_of(order[0]) == 1
    streams = desk.feed.health.streams
    assert all(Stream(TRADE, m) in streams for m in desk.board.top)
    assert not np.isnan([desk.board.spread(m) for m in desk.board.top]).any()
    assert not desk.exchange.violations


async def test_over_an_outage_windows_are_not_known_until_they_are_filled() -> None:
    async with open_desk(seed=1, markets=6, now_ms=clock()) as desk:
        desk.feed.want_board(desk, {"KRW"})
        await until(desk.is_whole, timeout=60.0)
        await pass_time(30.0)
        desk.exchange.trouble.maintenance(90.0)
        await pass_time(80.0)
        assert np.isnan(desk.board.windows.change(MINUTE)).all(), "a price of before the outage is not the market's"
        await pass_time(30.0)
        await until(lambda: desk.feed.health.is_healthy(desk.feed.now()), timeout=30.0)
        await until(desk.is_whole, timeout=180.0)


async def test_what_is_listed_and_delisted_is_found(desk: Desk) -> None:
    exchange = desk.exchange
    exchange.trouble.delist("KRW-ADA")
    await until(lambda: desk.feed.store.markets)
    desk.feed.want_board(desk, {"KRW"})
    assert "KRW-ADA" not in desk.feed.store.markets
    exchange.trouble.list_market("KRW-ADA")
    exchange.trouble.delist("KRW-XRP")
    await until(lambda: len([f for f in desk.found if f.kind in (LISTED, DELISTED)]) == 2, timeout=120.0)
    assert [(f.kind, f.market) for f in desk.found if f.kind in (LISTED, DELISTED)] == [
        (LISTED, "KRW-ADA"),
        (DELISTED, "KRW-XRP"),
    ]
    assert "KRW-ADA" in desk.board.windows
    assert "KRW-XRP" not in desk.board.windows
    await until(lambda: desk.feed.store.ticker("KRW-ADA") is not None)


async def test_another_exchange_begins_anew(desk: Desk) -> None:
    desk.feed.want_board(desk, {"KRW"})
    await until(lambda: len(desk.board.top) > 0)
    old = desk.board
    desk.feed.reset()
    assert desk.board is not old
    assert not len(desk.board.windows)
    assert desk.board.quotes == {"KRW"}, "who wants it still wants it"


async def test_the_ticker_of_a_pane_is_the_boards(desk: Desk) -> None:
    desk.feed.want_board(desk, {"KRW"})
    await until(lambda: len(desk.exchange.requests) == 2)  # the board, and the top
    lease = desk.feed.lease(lambda _stream: None)
    before = len(desk.exchange.requests)
    lease.want({Stream(TICKER, "KRW-BTC")})
    await pass_time(1.0)
    assert len(desk.exchange.requests) == before


async def test_the_top_is_listened_to_again_when_the_board_is_wanted_again(desk: Desk) -> None:
    for _ in range(2):
        desk.feed.want_board(desk, {"KRW"})
        await until(lambda: Stream(TRADE, "KRW-BTC") in desk.feed.leases.background, timeout=30.0)
        assert len(desk.board.top) == TOP
        desk.feed.want_board(desk, ())
        await until(lambda: not desk.feed.leases.background)


async def test_days_that_were_not_told_are_asked_for_again(desk: Desk) -> None:
    desk.exchange.trouble.refuse_rest(500, 200)
    desk.feed.want_board(desk, {"KRW"})
    await pass_time(60.0)
    desk.exchange.trouble.refuse_rest(500, 0)
    scan = desk.services._scan
    await until(lambda: set(scan._days_of) == set(desk.board.windows.codes), timeout=300.0)
    assert not np.isnan(desk.board.reading().high).any()
    assert not scan._days_asked_at
