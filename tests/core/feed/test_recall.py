"""A feed with a memory: sessions on one file, against the exchange in a box and against a model in memory."""

from __future__ import annotations

import asyncio
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from core.errors import UnreachableError
from core.feed import backfill as backfill_module
from core.feed import recall as recall_module
from core.feed.archive import Archive
from core.feed.backfill import Backfill
from core.feed.endpoint import Endpoint
from core.feed.feed import Feed
from core.feed.recall import REST_SETTLED_MS, Recall
from core.feed.services import Services
from core.feed.shelf import TRADES, Key, Shelf
from core.market import DAY_MS, HOUR_MS, MINUTE_MS, TRADE, Interval, Stream
from core.sim.exchange import Exchange
from core.state.candles import CandleSeries
from core.state.chunks import Bars, Prints
from core.state.coverage import Span
from core.wire import codec, rest
from core.wire.messages import Candle, CandleRow, Trade
from tests.core.feed.conftest import NOON_MS, candles_of, trades_of
from tests.waiting import until

BTC = Stream(TRADE, "KRW-BTC")
BTC_MINUTES = Stream("candle.1m", "KRW-BTC")
BTC_SECONDS = Stream("candle.1s", "KRW-BTC")


def ignore(_stream: Stream) -> None: ...


def clock(begin_ms: int) -> Callable[[], int]:
    """Return an exchange's clock that stands at `begin_ms` now."""
    began = time.monotonic()
    return lambda: begin_ms + int((time.monotonic() - began) * 1000)


@asynccontextmanager
async def exchange_at(begin_ms: int) -> AsyncIterator[Exchange]:
    """Yield one with many trades a second; whenever it is started, it has the same past."""
    async with Exchange(seed=5, markets=10, now_ms=clock(begin_ms), rate=4.0) as exchange:
        yield exchange


class Session:
    """One run of a program: a feed, its history on the disk, and the exchange if there is one."""

    def __init__(self, path: Path, exchange: Exchange | None) -> None:
        self.exchange = exchange
        now_ms = exchange.now_ms if exchange is not None else clock(NOON_MS)
        self.feed = Feed(asyncio.get_running_loop().time)
        self.recall = Recall(self.feed, Archive(path, now_ms), now_ms)
        self.services: Services | None = None

    def serve(self) -> None:
        """Reach the exchange, as the program does when the desk is open."""
        assert self.exchange is not None
        endpoint = Endpoint(self.exchange.ws_url, self.exchange.rest_url, is_real=False)
        self.services = Services(
            self.feed, endpoint, has_board=False, recall=self.recall, clock_ms=self.exchange.now_ms
        )

    def bars(self, interval: Interval) -> CandleSeries:
        return self.feed.store.candles("KRW-BTC", interval)

    def is_idle(self) -> bool:
        """Tell whether nothing is on its way."""
        return not self.recall._tasks and not (self.services is not None and self.services.backfill._running)

    def is_joined(self) -> bool:
        """Tell whether nothing is missing or on its way."""
        store, services = self.feed.store, self.services
        return (
            services is not None
            and store.tape("KRW-BTC").is_joined
            and all(len(s) > 0 and s.break_ms is None for s in (self.bars(i) for i in store.known_intervals("KRW-BTC")))
            and self.is_idle()
        )

    async def close(self) -> None:
        await self.recall.close()
        if self.services is not None:
            await self.services.close()


@asynccontextmanager
async def session(path: Path, exchange: Exchange | None, *, is_served: bool = True) -> AsyncIterator[Session]:
    one = Session(path, exchange)
    if is_served and exchange is not None:
        one.serve()
    try:
        yield one
    finally:
        await one.close()


async def run(one: Session, *streams: Stream, seconds: float = 0.5) -> None:
    """Look at KRW-BTC until it is joined and some trades more have come."""
    one.feed.lease(ignore).want({BTC, *streams})
    for interval in (Interval.S1, Interval.M1, Interval.D1):
        one.feed.want_history("KRW-BTC", interval)
    await until(one.is_joined, timeout=20.0)
    end_ms = (one.feed.store.tape("KRW-BTC").last or pytest.fail("no trades")).time_ms + seconds * 1_000
    await until(lambda: one.feed.store.tape("KRW-BTC").last.time_ms > end_ms, timeout=20.0)  # type: ignore[union-attr]
    await until(one.is_joined, timeout=20.0)


async def is_true(one: Session, interval: Interval) -> None:
    """Assert that the closed bars are what the exchange itself says, to the last digit that it says."""
    assert one.exchange is not None
    series = one.bars(interval)
    starts, values = series.start_ms[:-1].tolist(), series.ohlcv[:-1].copy()
    rows = [r for r in await candles_of(one.exchange, "KRW-BTC", interval, starts[0]) if r.start_ms <= starts[-1]]
    assert starts == [r.start_ms for r in rows]
    np.testing.assert_allclose(values, [[r.open, r.high, r.low, r.close, r.volume] for r in rows], rtol=1e-10)


@pytest.fixture(autouse=True)
def _time_to_close(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    # The fast clock runs on while the disk's thread works: by it a busy machine would look like a disk that hangs.
    if "hang" not in request.node.name and "does_not_answer" not in request.node.name:
        monkeypatch.setattr(recall_module, "CLOSE_S", 1e6)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "upbit.db"


def kept(path: Path, kind: str) -> tuple[Bars | Prints, list[tuple[int, int]]]:
    """Return what the file has of KRW-BTC, and of which times that is everything."""
    shelf = Shelf(path, is_reader=True)
    found = shelf.read(Key("KRW-BTC", kind), None, 10**6, is_joined=False)
    shelf.close()
    return found.columns, [tuple(s) for s in found.coverage]


def is_there(path: Path) -> bool:
    return path.exists()


async def test_a_second_session_shows_the_first_ones_bars_before_any_exchange_is_there(path: Path) -> None:
    async with exchange_at(NOON_MS) as exchange, session(path, exchange) as first:
        await run(first, BTC_MINUTES, BTC_SECONDS)
        before = {i: first.bars(i).start_ms[:-2].tolist() for i in (Interval.S1, Interval.M1, Interval.D1)}
        trades = [t.id for t in first.feed.store.tape("KRW-BTC").latest(100)]
    async with session(path, None) as second:
        second.feed.lease(ignore).want({BTC})
        for interval in before:
            second.feed.want_history("KRW-BTC", interval)
        await until(lambda: all(len(second.bars(i)) for i in before) and len(second.feed.store.tape("KRW-BTC")))
        for interval, starts in before.items():
            assert second.bars(interval).start_ms.tolist()[:20] == starts[:20]
            assert second.bars(interval).break_ms == second.bars(interval).last_ms  # what came since is not known
        assert {t.id for t in second.feed.store.tape("KRW-BTC").latest(10_000)} >= set(trades[:20])


async def test_a_restart_joins_to_the_last_trade_and_asks_only_for_what_is_missing(path: Path) -> None:
    async with exchange_at(NOON_MS) as exchange, session(path, exchange) as first:
        begin_ms = exchange.now_ms()
        await run(first, BTC_MINUTES, BTC_SECONDS)
    asked: list[int] = []
    async with exchange_at(NOON_MS + 5 * MINUTE_MS) as exchange, session(path, exchange) as second:
        get = second.services.http.get  # type: ignore[union-attr]

        async def listen(call: rest.Call[Any], *more: Any) -> Any:
            rows = await get(call, *more)
            if call.group == "candle" and call.path.endswith("minutes/1"):
                asked.append(len(rows))
            return rows

        second.services.http.get = listen  # type: ignore[union-attr, method-assign]
        await run(second, BTC_MINUTES, BTC_SECONDS)
        for interval in (Interval.S1, Interval.M1, Interval.D1):
            await is_true(second, interval)
        assert 0 < sum(asked) < 20  # five minutes, not a page
        tape = second.feed.store.tape("KRW-BTC")
        assert not tape.holes
        end_ms = exchange.now_ms() - 1_000
        truth = {t.id for t in await trades_of(exchange, "KRW-BTC", begin_ms) if t.time_ms <= end_ms}
        assert truth <= {t.id for t in tape.latest(100_000)}


async def test_a_hole_is_known_over_restarts_until_it_is_filled(path: Path) -> None:
    async with exchange_at(NOON_MS) as exchange, session(path, exchange) as first:
        await run(first, BTC_MINUTES)
    async with exchange_at(NOON_MS + 2 * MINUTE_MS) as exchange, session(path, exchange) as second:
        exchange.trouble.pause_rest()
        second.feed.lease(ignore).want({BTC, BTC_MINUTES})
        tape = second.feed.store.tape("KRW-BTC")
        await until(lambda: len(tape.holes) == 1 and tape.run_ms is not None)
        (hole,) = tape.holes
        assert NOON_MS - 10_000 < hole.from_ms < NOON_MS + MINUTE_MS < hole.to_ms
        at = tape.last.time_ms if tape.last is not None else 0
        await until(lambda: tape.last is not None and tape.last.time_ms > at + 4_000, timeout=20.0)
    async with exchange_at(NOON_MS + 4 * MINUTE_MS) as exchange, session(path, exchange, is_served=False) as third:
        third.feed.lease(ignore).want({BTC, BTC_MINUTES})
        tape = third.feed.store.tape("KRW-BTC")
        await until(lambda: len(tape) > 0)
        assert tape.holes == [hole]
        third.serve()
        await run(third, BTC_MINUTES)
        assert not tape.holes
        truth = await trades_of(exchange, "KRW-BTC", hole.from_ms)
        known = {t.id for t in tape.latest(100_000)}
        assert {t.id for t in truth if t.time_ms < exchange.now_ms() - 2_000} <= known


async def scroll_back(one: Session, interval: Interval, first_ms: int) -> None:
    series = one.bars(interval)
    while series.first_ms > first_ms and not series.is_complete:
        before = series.first_ms
        one.feed.want_history("KRW-BTC", interval)
        await until(lambda b=before: (series.first_ms < b or series.is_complete) and one.is_idle(), timeout=20.0)


async def test_scrolling_back_reads_the_disk_where_it_knows_and_rest_where_it_does_not(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recall_module, "NEWEST_BARS", 100)
    async with exchange_at(NOON_MS) as exchange, session(path, exchange) as first:
        await run(first, BTC_MINUTES)
        await scroll_back(first, Interval.M1, NOON_MS - 20 * HOUR_MS)
    gap = 600  # minutes: too far for a chart that is opened, so it starts anew
    async with exchange_at(NOON_MS + gap * MINUTE_MS) as exchange, session(path, exchange) as second:
        await run(second, BTC_MINUTES)
        series = second.bars(Interval.M1)
        assert series.first_ms > NOON_MS
        before = exchange.rest_requests["candles"]
        await scroll_back(second, Interval.M1, NOON_MS - 20 * HOUR_MS)
        assert 0 < exchange.rest_requests["candles"] - before <= 2  # what lies between, and none of the 20 hours
        await is_true(second, Interval.M1)
    async with session(path, None) as third:  # and all of it is kept
        third.feed.want_history("KRW-BTC", Interval.M1)
        await until(lambda: len(third.bars(Interval.M1)) > 0)
        await scroll_back(third, Interval.M1, NOON_MS - 20 * HOUR_MS)
        assert third.bars(Interval.M1).first_ms <= NOON_MS - 20 * HOUR_MS
        assert third.bars(Interval.M1).last_ms > NOON_MS + (gap - 5) * MINUTE_MS


async def test_older_trades_come_from_the_disk(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with exchange_at(NOON_MS) as exchange, session(path, exchange) as first:
        await run(first, BTC_MINUTES)
        tape = first.feed.store.tape("KRW-BTC")
        while len(tape) < 3_000:
            before = len(tape)
            first.feed.want_trades("KRW-BTC")
            await until(lambda b=before: len(tape) > b + 400 and first.is_joined(), timeout=20.0)
        oldest = tape.begin_ms
    monkeypatch.setattr(recall_module, "NEWEST_TRADES", 10)
    async with session(path, None) as second:
        second.feed.lease(ignore).want({BTC})
        tape = second.feed.store.tape("KRW-BTC")
        await until(lambda: len(tape) > 0 and second.is_idle())  # while the disk is asked, more is not asked for
        while tape.begin_ms > oldest:
            before = tape.begin_ms
            second.feed.want_trades("KRW-BTC")
            await until(lambda b=before: tape.begin_ms < b and second.is_idle(), timeout=20.0)
        assert not tape.holes
        assert len(tape) > 2_500


async def test_a_disk_that_does_not_answer_keeps_nobody_waiting(path: Path) -> None:
    async with exchange_at(NOON_MS) as exchange, session(path, exchange) as one:
        gate = threading.Event()
        one.recall.archive._read_thread.submit(gate.wait)
        try:
            one.feed.lease(ignore).want({BTC, BTC_MINUTES})
            one.feed.want_history("KRW-BTC", Interval.M1)
            await until(lambda: len(one.feed.store.tape("KRW-BTC")) > 0 and len(one.bars(Interval.M1)) > 100)
            await until(lambda: one.feed.store.tape("KRW-BTC").is_joined)
        finally:
            gate.set()


async def test_what_rest_says_later_of_a_closed_bar_holds(path: Path) -> None:
    rows = [CandleRow(NOON_MS - m * MINUTE_MS, 1.0, 2.0, 1.0, 2.0, 5.0, NOON_MS - m * MINUTE_MS + 9) for m in (9, 8, 7)]
    async with session(path, None) as one:
        one.recall.keep("KRW-BTC", Interval.M1, rows, NOON_MS - 5 * MINUTE_MS)
    async with session(path, None) as one:
        one.recall.keep("KRW-BTC", Interval.M1, [rows[1]._replace(close=3.0)], rows[2].start_ms)
    bars, coverage = kept(path, "1m")
    assert isinstance(bars, Bars)
    assert bars.ohlcv[:, 3].tolist() == [2.0, 3.0, 2.0]
    assert coverage == [(rows[0].start_ms, NOON_MS - 5 * MINUTE_MS - 1)]


async def test_the_end_of_a_page_is_kept_only_when_it_is_final(path: Path) -> None:
    def row(ago_ms: int) -> CandleRow:
        return CandleRow(NOON_MS - ago_ms, 1.0, 2.0, 1.0, 2.0, 5.0, NOON_MS - ago_ms)

    async with session(path, None) as one:  # its clock says noon
        one.recall.keep("KRW-BTC", Interval.M1, [row(m * MINUTE_MS) for m in (4, 3, 2, 1, 0)], None)
        one.recall.keep("KRW-BTC", Interval.H1, [row(h * HOUR_MS) for h in (30, 29)], None)  # the last one may run on
        one.recall.keep("KRW-BTC", Interval.D1, [], None)
    assert kept(path, "1m")[1] == [(NOON_MS - 4 * MINUTE_MS, NOON_MS - MINUTE_MS - 1)]
    assert kept(path, "60m")[1] == [(NOON_MS - 30 * HOUR_MS, NOON_MS - 29 * HOUR_MS - 1)]
    assert kept(path, "1d")[1] == []


async def test_the_markets_of_the_background_leave_no_trace(path: Path) -> None:
    async with exchange_at(NOON_MS) as exchange, session(path, exchange) as one:
        one.feed.lease(ignore, is_background=True).want({BTC})
        tape = one.feed.store.tape("KRW-BTC")
        await until(lambda: tape.is_joined and len(tape) > 200)
    assert not is_there(path)


# Against a model: everything that may happen to candles, in any order.


class Act(NamedTuple):
    what: str
    n: int = 0


async def nothing() -> None: ...


class Model:
    """An exchange in memory: trades that happened, and what it says of them by REST. Never more than it knows."""

    def __init__(self, times: list[int]) -> None:
        self.times = times  # of trades, minutes and ms, ascending
        self.now = NOON_MS
        self.lag_ms = 0
        self.asked = 0
        self.meanwhile: Callable[[], Awaitable[None]] = nothing  # before an answer comes
        self.is_down = False

    def now_ms(self) -> int:
        return self.now

    def rows(self, until_ms: int) -> list[CandleRow]:
        found: dict[int, CandleRow] = {}
        for number, at in enumerate(self.times):
            if at > until_ms:
                break
            price, start = 100.0 + number, at // MINUTE_MS * MINUTE_MS
            was = found.get(start)
            found[start] = CandleRow(
                start,
                was.open if was else price,
                price,
                was.open if was else price,
                price,
                was.volume + 1 if was else 1.0,
                at,
            )
        return list(found.values())

    async def get(self, call: rest.Call[list[CandleRow]], _rank: object) -> list[CandleRow]:
        await asyncio.sleep(0)
        if self.is_down:
            raise UnreachableError("network")
        self.asked += 1
        await self.meanwhile()
        params = dict(call.params)
        before = codec.utc_ms(params["to"].removesuffix("Z")) if "to" in params else 2**62
        return [r for r in self.rows(self.now - self.lag_ms) if r.start_ms < before][-int(params["count"]) :]


class ModelSession:
    def __init__(self, path: Path, model: Model) -> None:
        self.model = model
        self.feed = Feed(asyncio.get_running_loop().time)
        self.recall = Recall(self.feed, Archive(path, model.now_ms), model.now_ms)
        self.backfill = Backfill(self.feed, model, recall=self.recall)  # type: ignore[arg-type]
        self.recall.serve(self.backfill.want_history, self.backfill.want_trades, self.backfill.want_newest)
        self.feed.on_gap = self.backfill.want_join
        self.feed.lease(ignore).want({BTC_MINUTES})
        self.is_up = False
        model.meanwhile = self.recall._flush  # no answer comes so fast that nothing could be kept before it

    @property
    def series(self) -> CandleSeries:
        return self.feed.store.candles("KRW-BTC", Interval.M1)

    async def settle(self) -> None:
        """Wait until everything is done, but for what REST cannot tell yet."""
        model, asked = self.model, self.model.asked
        for _ in range(20):
            await asyncio.sleep(0)
        await until(
            lambda: (
                not self.recall._tasks
                and (not self.backfill._running or model.is_down or (model.lag_ms and model.asked > asked))
            )
        )

    def frame(self, kind: str) -> None:
        """The stream says the newest window."""
        rows = self.model.rows(self.model.now)
        if not rows:
            return
        start, opening, high, low, close, volume, stamp, _ = rows[-1]
        self.feed._take(
            Candle(
                "KRW-BTC",
                codec.utc_text(start),
                opening,
                high,
                low,
                close,
                volume,
                stamp,
                channel="candle.1m",
                stream_type=kind,
            )
        )

    def hear(self, to_ms: int, how: str) -> None:
        """Let time pass; what is traded on the way is told as it happens, as far as the streams run.

        Args:
            how: "pass": by candles; "trades": by trades, too; "half": by some trades of each window alone.
        """
        model = self.model
        window = -1
        for number, at in enumerate(model.times):
            if not model.now < at <= to_ms:
                continue
            model.now = at
            is_first = at // MINUTE_MS != window
            window = at // MINUTE_MS
            if how == "trades" or (how == "half" and is_first):
                self.feed.apply(Trade("KRW-BTC", 100.0 + number, 1.0, "BID", at, number))
            if self.is_up and how != "half":
                self.frame("REALTIME")
        model.now = to_ms
        if self.is_up and how == "half":
            self.frame("REALTIME")

    async def close(self, *, is_killed: bool) -> None:
        if is_killed:  # what was not written is lost
            self.recall._series.clear()
            self.recall._pending.clear()
        await self.recall.close()
        await self.backfill.close()


def _acts(text: str) -> list[Act]:
    """Return what is to be played, from "what:n what:n"."""
    words = (word.partition(":") for word in text.split())
    return [Act(what, int(n or 0)) for what, _, n in words]


acts = st.lists(
    st.one_of(
        st.builds(Act, st.sampled_from(["pass", "trades", "half"]), st.integers(1, 300)),  # seconds
        st.builds(Act, st.just("pass"), st.integers(600, 30_000)),
        st.builds(Act, st.sampled_from(["up", "down", "want", "want", "restart", "kill", "forget"])),
        st.builds(Act, st.just("rest"), st.integers(0, 1)),
        st.builds(Act, st.just("lag"), st.integers(0, 20_000)),
    ),
    min_size=5,
    max_size=30,
)
gaps = st.lists(st.integers(1, 50_000) | st.integers(60_000, 400_000), min_size=20, max_size=200)  # ms between trades


def judge(path: Path, model: Model) -> None:
    """Assert that nothing is claimed to be complete that is not."""
    if not path.exists():
        return
    bars, coverage = kept(path, "1m")
    assert isinstance(bars, Bars)
    truth = {r.start_ms: r for r in model.rows(2**62)}  # as each window ends
    covered = [s for s in truth if any(a <= s <= b for a, b in coverage)]
    assert bars.start.tolist() == covered
    assert bars.ohlcv.tolist() == [list(truth[s][1:6]) for s in covered]
    assert all(b < model.now // MINUTE_MS * MINUTE_MS for _, b in coverage)


@settings(
    deadline=None, max_examples=80, phases=(Phase.explicit, Phase.reuse, Phase.generate)
)  # shrinking takes minutes
@example([20_000] * 20, [20_000] * 100, _acts("want up pass:120 down pass:300 rest:1 up pass:300 want"))  # never joined
@example([20_000] * 20, [20_000] * 100, _acts("want up pass:120 half:200 pass:120"))  # frames were lost
@example([20_000] * 20, [20_000] * 100, _acts("want pass:300 trades:120 up pass:120 want"))  # trades ran ahead
@example([5_000] * 80, [5_000] * 400, _acts("lag:20000 rest:1 want pass:6 up rest:0 pass:200"))  # REST is behind
@example([5_000] * 80, [5_000] * 400, _acts("lag:20000 rest:1 want pass:6 up rest:0 restart want up pass:200"))
@given(gaps, gaps, acts)
def test_any_interleaving_ends_with_the_series_as_if_it_had_been_fetched_whole(
    past: list[int], future: list[int], play: list[Act]
) -> None:
    times = [NOON_MS - at for at in reversed(np.cumsum(past).tolist())] + (NOON_MS + np.cumsum(future)).tolist()

    async def go(path: Path) -> None:
        model = Model(times)
        one = ModelSession(path, model)
        for act in play:
            if act.what in ("pass", "trades", "half"):
                one.hear(model.now + act.n * 1_000, act.what)
            elif act.what == "up" and not one.is_up:
                one.is_up = True
                one.frame("SNAPSHOT")
            elif act.what == "down" and one.is_up:
                one.is_up = False
                one.feed.store.mark_break(BTC_MINUTES)
            elif act.what == "want":
                one.feed.want_history("KRW-BTC", Interval.M1)
            elif act.what in ("restart", "kill"):
                await one.close(is_killed=act.what == "kill")
                one = ModelSession(path, model)
            elif act.what == "forget":  # the market was long not looked at
                one.feed.store._states.clear()
            elif act.what == "rest":
                model.is_down = bool(act.n)
            elif act.what == "lag":
                model.lag_ms = act.n
            await one.settle()
            await one.recall._flush()
            judge(path, model)
        await one.close(is_killed=False)
        model.is_down, model.lag_ms = False, 0
        last = ModelSession(path, model)
        last.feed.want_history("KRW-BTC", Interval.M1)
        await last.settle()
        for _ in range(400):
            if last.series.is_complete:
                break
            last.feed.want_history("KRW-BTC", Interval.M1)
            await last.settle()
        truth = model.rows(model.now)
        assert last.series.break_ms is None
        assert last.series.start_ms.tolist() == [r.start_ms for r in truth]
        assert last.series.ohlcv.tolist() == [list(r[1:6]) for r in truth]
        await last.close(is_killed=False)

    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(backfill_module, "RETRY_S", 0.005)
        patch.setattr(backfill_module, "LAG_S", 0.005)
        asyncio.run(go(Path(folder) / "a.db"))


async def test_kept_weeks_are_joined_although_the_trades_go_on_where_they_stopped(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No stream tells of weeks: a tape that missed nothing says nothing of the bars since the last one kept."""
    monkeypatch.setattr(backfill_module, "RETRY_S", 0.005)
    week = Interval.W1.floor(NOON_MS)
    rows = [CandleRow(week - 7 * DAY_MS * n, 1.0, 2.0, 1.0, 2.0, 5.0, week - 7 * DAY_MS * n) for n in (3, 2, 1, 0)]
    async with session(path, None) as one:
        one.recall.keep("KRW-BTC", Interval.W1, rows, None)
    model = Model([NOON_MS - n * DAY_MS for n in range(30, 0, -1)])
    model.is_down = True
    one = ModelSession(path, model)
    one.feed.lease(ignore).want({BTC})
    weeks = one.feed.store.candles("KRW-BTC", Interval.W1)
    one.feed.want_history("KRW-BTC", Interval.W1)
    await until(lambda: len(weeks) == 3 and weeks.break_ms is not None)
    one.feed.store.mend("KRW-BTC")
    model.is_down = False
    await until(lambda: weeks.last_ms >= week and not one.backfill._running)
    await one.close(is_killed=False)


async def test_trades_are_kept_with_their_own_words(path: Path) -> None:
    async with exchange_at(NOON_MS) as exchange, session(path, exchange) as first:
        await run(first, BTC_MINUTES)
        truth = {t.id: t for t in await trades_of(exchange, "KRW-BTC", NOON_MS - MINUTE_MS)}
    prints, coverage = kept(path, TRADES)
    assert isinstance(prints, Prints)
    assert coverage
    rows = zip(*(column.tolist() for column in prints), strict=True)
    for time_ms, id_, price, size, is_bid in rows:
        if id_ in truth:
            told = truth[id_]
            assert (time_ms, price, size, is_bid) == (told.time_ms, told.price, told.size, told.aggressor == "BID")
    covered = {i for i, t in truth.items() if any(a <= t.time_ms <= b for a, b in coverage)}
    assert covered <= set(prints.id.tolist())
    assert covered


async def test_trades_of_a_range_are_loaded_once_and_come_from_the_disk_the_next_time(path: Path) -> None:
    async with exchange_at(NOON_MS) as exchange:
        to_ms = NOON_MS - 2 * REST_SETTLED_MS
        from_ms = to_ms - 20 * MINUTE_MS
        seen = []
        for calls in (1_000, 0):
            async with session(path, exchange) as one:
                assert one.services is not None
                one.feed.lease(ignore).want({BTC})
                await until(one.is_joined, timeout=20.0)
                before = exchange.rest_requests["crix-trades"]
                flow = one.feed.store.flow("KRW-BTC")
                one.feed.want_flow("KRW-BTC", from_ms, to_ms, max(calls, 1), is_asked=True)
                await until(lambda: flow.is_recalled and one.is_idle(), timeout=30.0)  # noqa: B023
                assert flow.gaps(from_ms, to_ms) == []
                made = exchange.rest_requests["crix-trades"] - before
                assert made > 3 if calls else made == 0
                seen.append(flow.prints(from_ms, to_ms))
        first, second = seen
        assert len(first.time) > 1_500
        for one_column, other in zip(first, second, strict=True):
            np.testing.assert_array_equal(one_column, other)


async def test_what_was_missing_when_it_was_kept_is_kept_once_it_is_there(path: Path) -> None:
    async with session(path, None) as one:
        tape = one.feed.store.tape("KRW-BTC")
        one.feed.lease(ignore).want({BTC})
        await until(lambda: one.recall._tapes.get("KRW-BTC") is tape)
        one.feed.apply(Trade("KRW-BTC", 100.0, 1.0, "BID", NOON_MS + 100, 1))
        one.feed.apply(Trade("KRW-BTC", 100.0, 1.0, "BID", NOON_MS + 300, 3))
        tape.cover(NOON_MS, NOON_MS + 400)
        await one.recall._flush()
        assert kept(path, TRADES)[0].id.tolist() == [1, 3]  # type: ignore[union-attr]
        one.feed.apply(Trade("KRW-BTC", 100.0, 1.0, "ASK", NOON_MS + 200, 2))  # found by the audit, and fetched
        one.recall.keep_again("KRW-BTC", Span(NOON_MS + 50, NOON_MS + 350))
        await one.recall._flush()
        prints, coverage = kept(path, TRADES)
    assert isinstance(prints, Prints)
    assert prints.id.tolist() == [1, 2, 3]
    assert coverage == [(NOON_MS, NOON_MS + 400)]
