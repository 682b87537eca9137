"""Alerts against a real exchange: they fire with no pane in the world, in time, and not for nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from core.calc.unusual import LISTED
from core.feed.alarms import Alarms
from core.market import MINUTE_MS, ORDERBOOK, TICKER, Stream
from core.state.account import AccountState
from core.state.alerts import (
    CHANGE,
    CONNECTION,
    IMBALANCE,
    MOVE,
    NOTICE,
    PRICE,
    SPREAD,
    UNUSUAL,
    VOLUME,
    Fired,
    Kept,
    Rule,
    Seen,
)
from core.wire.auth import AccessKey
from tests.core.feed.conftest import clock, pass_time
from tests.core.feed.test_scan import Desk, open_desk
from tests.waiting import until

BTC = "KRW-BTC"


class Watched(Desk):
    """A desk with rules on it."""

    def __init__(self, desk: Desk) -> None:
        self.__dict__.update(desk.__dict__)
        self.fired: list[Fired] = []
        self.alarms = Alarms(self.feed, self.exchange.now_ms, self.fired.append)
        self.feed.alerts.on_change = self.alarms.take_rules

    def rule(self, metric: str, market: str = BTC, **more: object) -> None:
        rule = Rule(self.feed.alerts.free_id(), metric, market, **more)  # type: ignore[arg-type]
        assert self.feed.alerts.set(rule)

    def price(self, market: str = BTC) -> float:
        ticker = self.feed.store.ticker(market)
        assert ticker is not None
        return ticker.price


@pytest.fixture
async def desk() -> AsyncIterator[Watched]:
    async with open_desk(seed=1, markets=12, now_ms=clock(), rate=5.0) as desk:
        watched = Watched(desk)
        await until(lambda: len(watched.feed.store.tickers) >= 10)
        yield watched
        watched.alarms.close()


async def test_without_rules_nothing_is_asked_for(desk: Watched) -> None:
    await pass_time(2.0)
    assert desk.alarms._timer is None
    assert not desk.feed.board.quotes


async def test_a_price_is_told_when_it_is_reached_and_the_log_has_it(desk: Watched) -> None:
    seen: list[float] = []
    price = desk.price()
    desk.rule(PRICE, way="above", value=price + 1_000, mode="once")
    desk.rule(PRICE, way="below", value=price - 1_000, mode="once")
    lease = desk.feed.lease(lambda _stream: seen.append(desk.price()))
    lease.want({Stream(TICKER, BTC)})
    counts: list[int] = []  # tickers seen when an alert came
    desk.alarms._on_fired = lambda fired: (desk.fired.append(fired), counts.append(len(seen)))
    await until(lambda: len(desk.fired) == 2, timeout=600.0)
    for fired, count in zip(desk.fired, counts, strict=True):
        sign = 1 if fired.rule.way == "above" else -1
        assert not any(sign * p >= sign * fired.rule.value for p in seen[: max(count - 1, 0)]), "it came late"
    assert not desk.feed.alerts.active(), "once is once"
    assert desk.feed.alerts.log() == desk.fired
    lease.close()
    await pass_time(30.0)
    assert len(desk.fired) == 2
    assert not desk.feed.leases.background


async def test_books_are_heard_while_a_rule_wants_them_and_no_longer(desk: Watched) -> None:
    desk.rule(SPREAD, value=1e-9, way="above", mode="each")
    desk.rule(IMBALANCE, value=0.2, way="above", mode="each")
    await until(lambda: Stream(ORDERBOOK, BTC) in desk.feed.health.streams)
    await until(lambda: any(f.rule.metric == IMBALANCE for f in desk.fired), timeout=300.0)
    assert all(-1.0 <= f.value <= 1.0 for f in desk.fired if f.rule.metric == IMBALANCE)
    for rule_id in list(desk.feed.alerts.rules):
        desk.feed.alerts.remove(rule_id)
    await until(lambda: not desk.feed.leases.background)


async def test_moves_and_volumes_of_minutes_are_told(desk: Watched) -> None:
    desk.feed.want_board(desk, {"KRW"})
    await until(desk.is_whole, timeout=60.0)
    await pass_time(70.0)  # a minute's turnover is not told by candles
    windows = desk.board.windows
    for column, market in enumerate(windows.codes[:6]):
        move, volume = windows.change(MINUTE_MS)[column], windows.turnover(MINUTE_MS)[column]
        desk.rule(MOVE, market, value=move + 0.0003, way="above", span_ms=MINUTE_MS, mode="once")
        desk.rule(VOLUME, market, value=volume * 1.05, way="above", span_ms=MINUTE_MS, mode="once")
    await asyncio.sleep(0)
    desk.feed.want_board(desk, ())
    assert desk.feed.board.quotes == {"KRW"}, "the rules want it"
    await until(lambda: {f.rule.metric for f in desk.fired} == {MOVE, VOLUME}, timeout=300.0)
    for fired in desk.fired:
        assert fired.value >= fired.rule.value


async def test_a_connection_that_is_gone_is_told_and_a_short_gap_is_not(desk: Watched) -> None:
    desk.rule(CONNECTION, "", value=10.0, way="above", mode="each")
    await pass_time(1.0)
    desk.exchange.trouble.drop()
    await pass_time(20.0)
    assert not desk.fired
    desk.exchange.trouble.maintenance(30.0)
    await until(lambda: desk.fired, timeout=20.0)
    assert 10.0 <= desk.fired[0].value < 11.0
    await pass_time(60.0)
    assert len(desk.fired) == 1


async def test_a_price_that_was_crossed_during_an_outage_is_told_as_late(desk: Watched) -> None:
    price = desk.price()
    desk.exchange.trouble.maintenance(600.0)
    await pass_time(1.0)
    for away in (-2_000, 2_000):
        desk.rule(PRICE, way="reach", value=price + away, mode="once")
    await pass_time(560.0)
    assert not desk.fired, "nothing is known"
    await until(lambda: desk.fired, timeout=90.0)
    assert desk.fired[0].is_late


async def test_a_listing_anywhere_is_told(desk: Watched) -> None:
    desk.exchange.trouble.delist("KRW-ETH")
    await until(lambda: "KRW-ETH" not in desk.feed.store.markets, timeout=120.0)
    desk.rule(UNUSUAL, "", kinds=(LISTED,), mode="each")
    await asyncio.sleep(0)
    assert desk.feed.board.quotes == {"KRW", "BTC", "USDT"}, "every market is every market"
    desk.exchange.trouble.list_market("KRW-ETH")
    await until(lambda: desk.fired, timeout=70.0)
    assert [(f.kind, f.market) for f in desk.fired] == [(LISTED, "KRW-ETH")]


async def test_the_change_of_the_day_is_told(desk: Watched) -> None:
    for market, ticker in list(desk.feed.store.tickers.items()):
        desk.rule(CHANGE, market, value=ticker.change_rate + 0.0005, way="above", mode="once")
    await until(lambda: desk.fired, timeout=600.0)
    fired = desk.fired[0]
    assert fired.value >= fired.rule.value
    assert len(asyncio.all_tasks()) < 40


async def test_an_outage_is_no_lack_of_trades(desk: Watched) -> None:
    desk.feed.want_board(desk, {"KRW"})
    await until(desk.is_whole, timeout=60.0)
    await pass_time(70.0)
    turnover = float(desk.board.windows.turnover(MINUTE_MS)[desk.board.windows.column(BTC)])
    desk.rule(VOLUME, value=turnover / 10.0, way="below", span_ms=MINUTE_MS, mode="each")
    await pass_time(1.0)
    desk.exchange.trouble.maintenance(70.0)
    await pass_time(65.0)
    assert not desk.fired


async def test_all_that_was_crossed_while_nobody_looked_is_told_as_late(desk: Watched) -> None:
    price = desk.price()
    rules = [Rule(str(i), PRICE, BTC, way="reach", value=price + away) for i, away in enumerate((-3e6, -2e6, 2e6, 3e6))]
    desk.alarms.close()
    desk.feed.alerts.on_change = lambda: None
    kept = Kept(rules=rules, seen={r.id: Seen(side=-1 if r.value < price else 1) for r in rules})  # all were crossed
    desk.feed.alerts.load(kept)
    desk.alarms = Alarms(desk.feed, desk.exchange.now_ms, desk.fired.append)
    desk.feed.alerts.on_change = desk.alarms.take_rules
    await until(lambda: len(desk.fired) == len(rules), timeout=10.0)
    assert all(fired.is_late for fired in desk.fired)
    await until(lambda: not desk.feed.leases.background)


async def test_a_rule_takes_no_bearings_from_a_book_of_long_ago(desk: Watched) -> None:
    lease = desk.feed.lease(lambda _stream: None)
    lease.want({Stream(ORDERBOOK, BTC)})
    await until(lambda: desk.feed.store.book(BTC) is not None)
    lease.close()
    await pass_time(60.0)  # it does not linger any more
    seen: list[float] = []
    desk.feed.alerts.check = lambda rule, value, now_ms, **_: seen.append(value)  # type: ignore[assignment, method-assign]
    old = desk.feed.store.book(BTC)
    desk.rule(SPREAD, value=0.5, way="above", mode="each")
    await until(lambda: seen, timeout=10.0)
    assert desk.feed.store.book(BTC) is not old


async def test_a_notice_is_told_once_and_not_what_was_said_before(desk: Watched) -> None:
    paper = desk.exchange.open_account()
    desk.services.set_key(AccessKey(paper.key.access, paper.key.secret))
    await until(lambda: desk.feed.account.state is AccountState.LIVE, 20.0)
    desk.exchange.announce("before", "event")
    await until(lambda: desk.feed.account.notice_count == 1)
    desk.rule(NOTICE, "", kinds=("maintenance",), mode="each")
    desk.exchange.announce("not this", "event")
    desk.exchange.announce("점검 안내", "maintenance")
    await until(lambda: bool(desk.fired))
    await until(lambda: desk.feed.account.notice_count == 3)
    assert [(f.kind, f.text, f.market) for f in desk.fired] == [("maintenance", "점검 안내", "")]
