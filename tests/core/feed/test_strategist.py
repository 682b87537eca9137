"""Strategies against a real exchange: live with no pane in the world, each on its own, none after a gap for nothing."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import ClassVar

import msgspec
import numpy as np
import pytest
from msgspec import structs

from core.feed.alarms import Alarms
from core.feed.run import Meter
from core.feed.strategist import Strategist
from core.market import MINUTE_MS, ORDERBOOK, TICKER, TRADE, Interval, Stream
from core.state.alerts import SIGNAL, Fired, Rule
from core.state.strategies import Monitor, Strategies, Work
from core.strategy.base import Parameter, Signal, Strategy, Value
from core.strategy.builtin import BUILT_IN
from core.wire.messages import CandleRow, Orderbook, Ticker, Trade
from core.wire.private import MyOrder
from tests.core.feed.conftest import candles_of, clock, pass_time, trades_of
from tests.core.feed.test_scan import Desk, open_desk
from tests.waiting import until

BTC, ETH, XRP = "KRW-BTC", "KRW-ETH", "KRW-XRP"


class Ear(Strategy):
    """Writes down all it hears."""

    name = "ear"
    channels = (TICKER, TRADE, ORDERBOOK, "candle", "myOrder")
    parameters = (Parameter("interval", "choice", "1m", choices=("1s", "1m")), Parameter("bars", "int", 5, 0, 400))
    made: ClassVar[list[Ear]] = []

    def __init__(self, values, emit) -> None:  # type: ignore[no-untyped-def]
        super().__init__(values, emit)
        self.bars, self.warm_ms = int(values["bars"]), 30_000
        self.begun: list[tuple[str, int]] = []
        self.tickers: list[Ticker] = []
        self.trades: dict[str, list[Trade]] = defaultdict(list)
        self.books: list[Orderbook] = []
        self.candles: list[tuple[str, CandleRow]] = []
        self.orders: list[MyOrder] = []
        self.times: list[tuple[str, int]] = []
        self.made.append(self)

    def begin(self, market: str, time_ms: int) -> None:
        self.begun.append((market, time_ms))
        self.trades[market].clear()
        self.candles = [(m, row) for m, row in self.candles if m != market]

    def on_ticker(self, ticker: Ticker) -> None:
        self.tickers.append(ticker)

    def on_trade(self, trade: Trade) -> None:
        self.trades[trade.market].append(trade)

    def on_book(self, book: Orderbook) -> None:
        self.books.append(book)

    def on_candle(self, market: str, row: CandleRow) -> None:
        self.candles.append((market, row))

    def on_order(self, order: MyOrder) -> None:
        self.orders.append(order)
        self.emit(Signal("mine", order.market, order.time_ms, 1.0, 0, 0.0))

    def on_time(self, market: str, time_ms: int) -> None:
        self.times.append((market, time_ms))


class Past(Ear):
    """Wants the trades of the last minute, and writes down when it begins."""

    name = "past"
    channels = (TRADE,)
    parameters = (Parameter("bars", "int", 0, 0, 400),)

    def __init__(self, values, emit) -> None:  # type: ignore[no-untyped-def]
        super().__init__(values, emit)
        self.warm_ms = 60_000
        self.begun_at = 0.0

    def begin(self, market: str, time_ms: int) -> None:
        super().begin(market, time_ms)
        self.begun_at = asyncio.get_running_loop().time()


class Every(Strategy):
    """Says something with each trade."""

    name = "every"
    channels = (TRADE,)
    parameters = (Parameter("value", "float", 1.0, 0.0, 9.0),)

    def on_trade(self, trade: Trade) -> None:
        self.emit(Signal("every", trade.market, trade.time_ms, trade.price, 1, self.number("value")))


class Broken(Strategy):
    """Raises at the second ticker."""

    name = "broken"
    channels = (TICKER,)
    heard = 0

    def on_ticker(self, ticker: Ticker) -> None:
        self.heard += 1
        if self.heard > 1:
            raise ZeroDivisionError("of nothing")


class Unborn(Strategy):
    """Cannot be made."""

    name = "unborn"
    channels = (TICKER,)

    def __init__(self, values, emit) -> None:  # type: ignore[no-untyped-def]
        raise RuntimeError("no")


class Heavy(Strategy):
    """Takes its time: of a clock that the test has."""

    name = "heavy"
    channels = (TICKER,)
    parameters = (Parameter("takes", "float", 0.0, 0.0, 9.0, "s"),)
    clock: ClassVar[list[float]] = [0.0, 0.0]  # of the wall, and the thread's own
    is_own: ClassVar[bool] = True

    def on_ticker(self, ticker: Ticker) -> None:
        self.clock[0] += self.number("takes")
        if self.is_own:
            self.clock[1] += self.number("takes")


class Flood(Strategy):
    """Says far too much."""

    name = "flood"
    channels = (TICKER,)

    def on_ticker(self, ticker: Ticker) -> None:
        for _ in range(300):
            self.emit(Signal("flood", ticker.market, ticker.time_ms, 1.0, 0, 0.0))


KINDS = {**BUILT_IN, **{k.name: k for k in (Ear, Past, Every, Broken, Unborn, Heavy, Flood)}}


class Bench(Desk):
    """A desk with strategies on it."""

    def __init__(self, desk: Desk) -> None:
        self.__dict__.update(desk.__dict__)
        Ear.made.clear()
        Heavy.clock[:] = [0.0, 0.0]
        Heavy.is_own = True
        self.said: list[Signal] = []
        self.strategies = self.feed.strategies = Strategies(KINDS)
        meter = Meter(lambda: Heavy.clock[0], lambda: Heavy.clock[1])
        self.strategist = Strategist(self.feed, self.exchange.now_ms, self.said.append, meter)
        self.strategies.on_change = self.strategist.take

    def add(self, kind: str, *markets: str, monitor_id: str = "", **values: Value) -> Work:
        monitor_id = monitor_id or self.strategies.free_id()
        assert self.strategies.set(Monitor(monitor_id, kind, markets, values))
        return self.strategies.works[monitor_id]

    def events(self, work: Work) -> list[str]:
        return [line.event for line in work.lines]

    @property
    def background(self) -> set[Stream]:
        """What is asked of the exchange that is no ticker of the board."""
        return {s for said in self.exchange.subscribed for s in said if s.channel != TICKER}


@pytest.fixture
async def desk() -> AsyncIterator[Bench]:
    async with open_desk(seed=1, markets=12, now_ms=clock(), rate=5.0) as desk:
        bench = Bench(desk)
        await until(lambda: len(bench.feed.store.tickers) >= 10)
        yield bench
        bench.strategist.close()
        assert not bench.feed.leases.background


async def test_without_monitors_nothing_is_asked_for_and_nothing_turns(desk: Bench) -> None:
    await pass_time(2.0)
    assert desk.strategist._timer is None
    assert not desk.background


async def test_every_trade_comes_once_and_all_else_conflated(desk: Bench) -> None:
    work = desk.add("ear", BTC, ETH)
    await until(lambda: work.state == "running" and not work.collecting, timeout=60.0)
    await pass_time(60.0)
    (ear,) = Ear.made
    since = dict(ear.begun)
    assert sorted(since) == [BTC, ETH]
    for market in (BTC, ETH):
        mine = ear.trades[market]
        ids = [t.id for t in mine]
        assert len(set(ids)) == len(ids) > 10
        first, last = mine[0].time_ms, mine[-1].time_ms
        truth = [t.id for t in await trades_of(desk.exchange, market, first) if first <= t.time_ms < last]
        assert set(truth) <= set(ids)
    assert {t.market for t in ear.tickers} == {b.market for b in ear.books} == {BTC, ETH}
    assert len(ear.books) <= 2 * 20 * 120
    assert len(desk.exchange.requests) < 30
    assert {m for m, _ in ear.times} == {BTC, ETH}
    assert work.messages > 100


async def test_candles_come_whole_and_with_their_past(desk: Bench) -> None:
    work = desk.add("ear", BTC, interval="1m", bars=30)
    await until(lambda: work.state == "running" and not work.collecting, timeout=60.0)
    await pass_time(200.0)
    (ear,) = Ear.made
    closed: dict[int, CandleRow] = {}
    starts: list[int] = []
    for _, row in ear.candles:
        closed[row.start_ms] = row
        if not starts or row.start_ms != starts[-1]:
            starts.append(row.start_ms)
    assert starts == sorted(closed), "a window does not come again once the next has begun"
    assert len(starts) >= 33
    truth = {r.start_ms: r for r in await candles_of(desk.exchange, BTC, Interval.M1, starts[0])}
    for start in starts[:-1]:
        assert closed[start][1:6] == pytest.approx(truth[start][1:6])
    assert [s for s in sorted(truth) if starts[0] <= s <= starts[-1]] == starts


async def test_each_listens_to_its_own_and_leases_return_to_what_is_wanted(desk: Bench) -> None:
    desk.add("imbalance", BTC, ETH, monitor_id="1")
    desk.add("spike", ETH, monitor_id="2")
    desk.add("band", XRP, monitor_id="3", interval="5m")
    wanted = {Stream(ORDERBOOK, BTC), Stream(ORDERBOOK, ETH), Stream(TRADE, ETH), Stream("candle.5m", XRP)}
    await until(lambda: desk.background == wanted)
    desk.strategies.remove("1")
    assert desk.feed.leases.background == wanted - {Stream(ORDERBOOK, BTC), Stream(ORDERBOOK, ETH)}
    desk.strategies.set(Monitor("3", "band", (XRP, BTC), {"interval": "1m"}))
    left = {Stream(TRADE, ETH), Stream("candle.1m", XRP), Stream("candle.1m", BTC)}
    await until(lambda: desk.background == left, timeout=60.0)  # what nobody wants lingers
    desk.strategies.switch("2", False)
    desk.strategies.remove("3")
    await until(lambda: not desk.background, timeout=60.0)
    assert desk.strategist._timer is None
    assert not desk.exchange.violations


async def test_markets_change_while_the_others_go_on_and_parameters_begin_anew(desk: Bench) -> None:
    work = desk.add("ear", BTC, ETH, monitor_id="1", bars=0)
    await until(lambda: len(Ear.made[0].begun) == 2 and Ear.made[0].trades[BTC], timeout=30.0)
    (ear,) = Ear.made
    desk.add("ear", BTC, XRP, monitor_id="1", bars=0)
    await until(lambda: XRP in dict(ear.begun), timeout=30.0)
    assert [m for m, _ in ear.begun].count(BTC) == 1
    assert Ear.made == [ear]
    heard = len(ear.tickers)
    await until(lambda: len(ear.tickers) > heard + 5, timeout=30.0)
    assert ETH not in {t.market for t in ear.tickers[heard:]}
    desk.add("ear", BTC, monitor_id="1", bars=3)
    await until(lambda: len(Ear.made) == 2)
    assert desk.events(work) == ["started", "markets", "changed"]
    desk.strategies.switch("1", False)
    desk.strategies.switch("1", True)
    assert desk.events(work)[-2:] == ["paused", "started"]
    assert work.state == "starting"
    assert not any(m == ETH for m, _ in Ear.made[-1].begun)


async def test_signals_are_told_listed_and_counted(desk: Bench) -> None:
    heard: list[Signal] = []
    desk.feed.on_signal = heard.append
    work = desk.add("every", BTC, monitor_id="7", value=3.0)
    await until(lambda: len(desk.said) > 3, timeout=30.0)
    assert heard == desk.said == desk.strategies.log() == list(desk.strategies.signals_of(BTC))
    assert all((s.strategy, s.kind, s.value) == ("7", "every", 3.0) for s in desk.said)
    assert work.signals == len(desk.said)
    assert work.last is desk.said[-1]


async def test_one_that_raises_is_stopped_with_its_reason_and_harms_nobody(desk: Bench) -> None:
    good, bad, unborn = desk.add("every", BTC), desk.add("broken", BTC, monitor_id="2"), desk.add("unborn", BTC)
    await until(lambda: bad.state == "stopped", timeout=30.0)
    assert bad.why is not None
    assert bad.why.event == "error"
    file, line, error = bad.why.text.split(":", 2)
    assert (file, line.isdigit(), error) == ("test_strategist.py", True, " ZeroDivisionError: of nothing")
    assert unborn.state == "stopped"
    assert unborn.why is not None
    assert "RuntimeError: no" in unborn.why.text
    before = len(desk.said)
    await until(lambda: len(desk.said) > before, timeout=30.0)
    assert good.state == "running"
    desk.strategies.switch("2", True)
    assert bad.state == "starting", "one may start it again"
    assert bad.why is None
    await until(lambda: bad.state == "stopped", timeout=30.0)


async def test_one_call_that_takes_too_long_stops_it_unless_the_time_was_anothers(desk: Bench) -> None:
    Heavy.is_own = False
    work = desk.add("heavy", BTC, takes=0.2)
    await until(lambda: work.messages > 1, timeout=10.0)
    assert work.state != "stopped", "another program had the processor"
    Heavy.is_own = True
    await until(lambda: work.state == "stopped", timeout=10.0)
    assert work.why is not None
    assert (work.why.event, work.why.value) == ("slow", pytest.approx(200.0))


async def test_one_that_takes_more_than_its_share_is_stopped(desk: Bench) -> None:
    light = desk.add("heavy", BTC, takes=0.0001)
    heavy = desk.add("heavy", *desk.feed.store.tickers, takes=0.05)
    await until(lambda: heavy.state == "stopped", timeout=30.0)
    assert heavy.why is not None
    assert heavy.why.event == "busy"
    assert heavy.why.value > 0.1
    assert light.state == "running"
    assert 0.0 < light.used_s < 0.1


async def test_one_that_says_far_too_much_is_stopped(desk: Bench) -> None:
    work = desk.add("flood", *desk.feed.store.tickers)
    await until(lambda: work.state == "stopped", timeout=30.0)
    assert work.why is not None
    assert work.why.event == "flood"


async def test_what_a_file_says_wrong_is_refused_on_its_row(desk: Bench) -> None:
    kept = desk.strategies.keep()
    kept.monitors = [Monitor("1", "jump", (BTC,), {"move": -5.0}), Monitor("2", "gone", (BTC,))]
    kept.monitors += [Monitor("3", "every", (BTC,))]
    desk.strategies.load(kept)
    works = desk.strategies.works
    assert [works[i].state for i in "123"] == ["stopped", "stopped", "starting"]
    assert works["1"].why is not None
    assert works["1"].why.event == "refused"
    assert "move" in works["1"].why.text
    await until(lambda: desk.said, timeout=30.0)


async def test_dead_codes_are_named_and_the_others_flow(desk: Bench) -> None:
    work = desk.add("every", BTC, "KRW-LTC")
    await until(lambda: desk.said, timeout=30.0)
    await until(lambda: work.unknown == ("KRW-LTC",), timeout=20.0)
    assert work.state == "running"
    assert any(line.event == "unknown" and line.text == "KRW-LTC" for line in work.lines)


async def test_a_short_gap_in_trades_is_filled_and_goes_on(desk: Bench) -> None:
    work = desk.add("ear", BTC, bars=0)
    await until(lambda: work.state == "running" and len(Ear.made[0].trades[BTC]) > 5, timeout=60.0)
    (ear,) = Ear.made

    class OnlyTrades(Ear):
        name = "trades"
        channels = (TRADE,)

    desk.strategies.kinds["trades"] = OnlyTrades
    other = desk.add("trades", BTC)
    await until(lambda: other.state == "running" and len(Ear.made) == 2, timeout=30.0)
    await pass_time(35.0)
    begun, first = list(Ear.made[1].begun), Ear.made[1].trades[BTC][0].time_ms
    desk.exchange.trouble.drop()
    await pass_time(30.0)
    await until(lambda: "filled" in desk.events(other), timeout=30.0)
    assert Ear.made[1].begun == begun
    mine = Ear.made[1].trades[BTC]
    last = mine[-1].time_ms - 5_000
    truth = [t.id for t in await trades_of(desk.exchange, BTC, first) if first <= t.time_ms < last]
    assert sorted(t.id for t in mine if t.time_ms < last) == sorted(truth), "nothing lost, nothing twice"
    assert "gap" in desk.events(work), "of tickers and books nothing is filled"
    assert len(ear.begun) > 1


async def test_after_a_gap_there_is_no_false_alarm(desk: Bench) -> None:
    """Prices and books before and after an outage do not make a jump, and its silence no spike."""
    markets = [BTC, ETH]
    jump = desk.add("jump", *markets, move=0.05, span=3_600)
    lean = desk.add("imbalance", *markets, beyond=5.0, hold=5.0)
    spike = desk.add("spike", *markets, times=3.0, span=1, norm=1, least=1)
    await until(lambda: {jump.state, lean.state, spike.state} == {"running"}, timeout=60.0)
    await pass_time(80.0)
    desk.exchange.trouble.pause_rest()  # so nothing can be filled
    desk.exchange.trouble.maintenance(120.0)
    await pass_time(119.0)
    outage_ms = desk.exchange.now_ms()
    begun_at = desk.feed.now()
    desk.said.clear()
    await until(lambda: desk.feed.health.is_connected, timeout=20.0)
    while desk.feed.now() < begun_at + 40.0:
        await pass_time(1.0)
        for signal in desk.said:
            since = desk.strategist._runs[signal.strategy].since_ms[signal.market]
            assert since >= outage_ms, "it begins anew"
            if signal.kind == "spike":
                assert signal.time_ms >= since + 61_000
            if signal.kind == "imbalance":
                assert signal.time_ms >= since + 5_000
    for work in (jump, lean, spike):
        assert "gap" in desk.events(work)
        gap = next(line for line in work.lines if line.event == "gap")
        assert gap.value == pytest.approx(120.0, abs=15.0)
    desk.exchange.trouble.resume_rest()
    jumps = [s for s in desk.said if s.kind == "jump"]
    for signal in jumps[:3]:  # told by what was seen after the gap alone
        since = desk.strategist._runs[signal.strategy].since_ms[signal.market]
        seen = [t.price for t in await trades_of(desk.exchange, signal.market, since - MINUTE_MS)]
        assert max(seen) / min(seen) - 1.0 >= 0.0005


async def test_time_does_not_pass_between_an_outage_and_its_being_heard_of(desk: Bench) -> None:
    """The book from before it has not stood until now, though its stream is live again."""
    desk.add("ear", BTC)
    (ear,) = Ear.made
    await until(lambda: any(market == BTC for market, _ in ear.times), timeout=30.0)
    desk.feed.health.streams[Stream(ORDERBOOK, BTC)].first_at += 0.25  # it begins anew, and no beat came since
    ear.times.clear()
    desk.strategist._second()
    assert ear.times == []
    await until(lambda: any(market == BTC for market, _ in ear.times), timeout=30.0)


async def test_another_exchange_is_a_beginning(desk: Bench) -> None:
    work = desk.add("every", BTC)
    await until(lambda: work.signals > 1, timeout=30.0)
    desk.feed.reset()
    await until(lambda: "restart" in desk.events(work), timeout=5.0)
    assert work.state == "starting"


@pytest.mark.long
async def test_a_band_is_left_when_the_exchanges_own_candles_say_so(desk: Bench) -> None:
    markets = list(desk.feed.store.tickers)[:3]
    work = desk.add("band", *markets, interval="1m", bars=8, sigma=1.8)
    await until(lambda: work.state == "running" and work.collecting == 0, timeout=60.0)
    from_ms = desk.exchange.now_ms()
    await pass_time(420.0)
    until_ms = desk.exchange.now_ms() - MINUTE_MS - 10_000
    wanted: Counter[tuple[str, int]] = Counter()
    for market in markets:
        rows = await candles_of(desk.exchange, market, Interval.M1, from_ms - 60 * MINUTE_MS)
        closes = np.array([r.close for r in rows])
        sides = []
        for i in range(len(rows)):
            last = closes[max(i - 7, 0) : i + 1]
            z = (closes[i] - last.mean()) / last.std() if last.std() > 1e-9 else 0.0
            sides.append(0 if i < 7 or abs(z) < 1.8 else int(np.sign(z)))
        for i in range(8, len(rows)):
            end_ms = rows[i].start_ms + MINUTE_MS - 1
            if sides[i] and sides[i] != sides[i - 1] and from_ms + MINUTE_MS < end_ms < until_ms:
                wanted[market, end_ms] = sides[i]
    got = {(s.market, s.time_ms): s.side for s in desk.said if from_ms + MINUTE_MS < s.time_ms < until_ms}
    assert got == wanted
    assert wanted


async def test_orders_come_through_one_door(desk: Bench) -> None:
    work = desk.add("ear", BTC, bars=0)
    order = MyOrder(BTC, "id", "BID", "limit", "wait", Decimal(1), time_ms=5)
    account = desk.feed.account
    account.apply_order(MyOrder(BTC, "before", "BID", "limit", "wait", Decimal(1), time_ms=4))
    assert Stream("myOrder", "") in desk.feed.leases.wanted
    for one in (order, order, MyOrder(ETH, "other", "BID", "limit", "wait", Decimal(1))):
        account.apply_order(one)
    desk.feed.leases.notify(Stream("myOrder", ""))
    await until(lambda: bool(Ear.made[0].orders))
    assert [o.id for o in Ear.made[0].orders] == ["before", "id"], "each once, those of its markets"
    late = account.order("id")
    assert late is not None
    account.state_order(structs.replace(late, state="cancel"), is_news=True)  # REST tells what the stream could not
    desk.feed.leases.notify(Stream("myOrder", ""))
    await until(lambda: len(Ear.made[0].orders) == 3)
    assert (Ear.made[0].orders[-1].id, Ear.made[0].orders[-1].state) == ("id", "cancel")
    assert {s.kind for s in desk.said} == {"mine"}
    assert work.messages >= 1
    desk.feed.strategies.remove(next(iter(desk.feed.strategies.monitors)))
    desk.strategist.take()
    assert Stream("myOrder", "") not in desk.feed.leases.wanted


async def test_many_add_no_task_and_no_timer_a_message(desk: Bench) -> None:
    await pass_time(1.0)
    before = {t.get_name() for t in asyncio.all_tasks()}
    for n in range(30):
        desk.add(("jump", "spread")[n % 2], BTC, ETH)
    await pass_time(20.0)
    after = {t.get_name() for t in asyncio.all_tasks()} - before
    assert not {name for name in after if not name.startswith(("link", "backfill", "levels"))}
    assert len(desk.exchange.requests) < 20


async def test_signals_are_open_to_alerts(desk: Bench) -> None:
    fired: list[Fired] = []
    alarms = Alarms(desk.feed, desk.exchange.now_ms, fired.append)
    desk.feed.alerts.on_change = alarms.take_rules
    desk.feed.alerts.set(Rule("1", SIGNAL, ETH, mode="once"))
    desk.add("every", BTC, ETH)
    await until(lambda: fired, timeout=60.0)
    assert (fired[0].market, fired[0].kind) == (ETH, "every")
    assert fired[0].time_ms == next(s.time_ms for s in desk.said if s.market == ETH)
    alarms.close()


async def test_trades_that_came_too_fast_are_counted_and_the_market_begins_anew(desk: Bench) -> None:
    spike = desk.add("spike", BTC, span=1, norm=1)
    ear = desk.add("ear", BTC, bars=0)
    await until(lambda: spike.state == "running" and ear.signals == 0 and Ear.made[0].trades[BTC], timeout=60.0)
    tape = desk.feed.store.tape(BTC)
    assert tape.last is not None
    begun = len(Ear.made[0].begun)
    first = tape.last
    for n in range(2_500):  # in one turn of the loop: more than the tape hands out
        later = {"id": first.id + 1_000_000 + n, "time_ms": first.time_ms + n // 100}
        desk.feed.apply(msgspec.structs.replace(first, **later))
    await until(lambda: spike.missed > 0)
    assert "missed" in desk.events(spike)
    assert not [s for s in desk.said if s.kind == "spike"], "its norm is not known any more"
    await until(lambda: len(Ear.made[0].begun) > begun)
    ids = [t.id for t in Ear.made[0].trades[BTC]]
    assert len(set(ids)) == len(ids)
    assert len(ids) >= 1_900, "all that the past may be, from a whole millisecond on"


async def test_many_that_begin_with_a_long_past_take_turns_and_miss_nothing(
    desk: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    pane = desk.feed.lease(lambda _stream: None)
    pane.want({Stream(TRADE, BTC)})
    await pass_time(90.0)
    monkeypatch.setattr("core.feed.strategist.PAST_A_BEAT", 20)
    works = [desk.add("past", BTC) for _ in range(8)]
    await until(lambda: all(work.state == "running" for work in works))
    ears = [ear for ear in Ear.made if isinstance(ear, Past)]
    assert all(len(ear.trades[BTC]) > 20 for ear in ears)
    assert len({ear.begun_at for ear in ears}) >= len(ears) // 2, "a few a beat"
    await pass_time(20.0)
    tape = [trade.id for trade in desk.feed.store.tape(BTC).latest(5_000)]
    for ear in ears:
        heard = [trade.id for trade in ear.trades[BTC]]
        assert len(set(heard)) == len(heard)
        assert set(heard) == set(tape[tape.index(heard[0]) :])
    # After a gap that is not filled they begin anew, again by turns.
    desk.exchange.trouble.refuse_rest(500, count=1_000)
    desk.exchange.trouble.drop()
    await until(lambda: all("gap" in desk.events(work) for work in works), timeout=60.0)
    await until(lambda: all(len(ear.begun) == 2 for ear in ears))
    assert len({ear.begun_at for ear in ears}) >= len(ears) // 2
    pane.close()
