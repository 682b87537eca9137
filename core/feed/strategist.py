"""Lets strategies see what they watch, whatever is open on the screen: one beat for all of them.

Tickers and books are conflated to the newest of a beat, candles to the newest of each window; every trade is handed on
once, in order of time. What a strategy knows of a market holds only while nothing is missing: after a gap it begins
anew, with the past where that is known.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Set

import numpy as np

from core.feed.feed import Feed
from core.feed.health import StreamState
from core.feed.run import Meter, Run
from core.market import INTERVAL_OF_CHANNEL, MY_ORDER, ORDERBOOK, TICKER, TRADE, Stream
from core.state.candles import CandleSeries
from core.state.strategies import Event, Line, Monitor
from core.strategy.base import Signal
from core.wire.messages import Orderbook, Ticker, Trade
from core.wire.private import MyOrder

BEAT_S = 0.05  # from one to the next: what is conflated comes at most so often
SLICE_S = 0.002  # of it at a time, then the loop gets a turn
REST_S = 0.004
SECOND_S = 1.0  # between two looks at what changes with time alone
JOIN_S = 10.0  # so long REST is waited for; then a market begins with what is known
MOST_PAST = 2_000  # trades of a market handed on as the past
PAST_A_BEAT = 4_000  # events of the past for all, then the others wait for the next beat: no frame shall wait long


class _Source:
    """One stream, and who listens to it."""

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.runs: tuple[Run, ...] = ()
        self.begun: set[Run] = set()  # those that know its past
        self.anew: set[Run] = set()  # those whose market has to begin anew: something is missing
        self.state = StreamState.IDLE  # when that was looked at last
        self.first_at = -1.0  # of the stream as it was heard of last: another one tells of a gap
        self.is_gap = False  # between what was handed on and what comes
        self.down_at = -1.0  # loop time; -1: it is not down
        self.waits_since = -1.0  # for what is missing; -1: nothing is
        self.ticker: Ticker | None = None
        self.book: Orderbook | None = None
        self.version = -1  # of the book, or of the candles
        self.cursor = 0  # into the tape
        self.from_ms = 0  # its trades are complete from here on
        self.last_ms = -1  # start of the newest candle handed on

    @property
    def is_open(self) -> bool:
        """Whether what comes follows on what was handed on."""
        return self.first_at >= 0.0 and self.waits_since < 0.0


class Strategist:
    """Joins the monitors to the feed; each has a lease of its own.

    Args:
        now_ms: the exchange's clock, epoch ms.
        on_signal: a strategy has said something.
        meter: measures what the strategies take.
    """

    def __init__(
        self,
        feed: Feed,
        now_ms: Callable[[], int],
        on_signal: Callable[[Signal], None] = lambda _signal: None,
        meter: Meter | None = None,
    ) -> None:
        self._feed = feed
        self._now_ms = now_ms
        self._on_signal = on_signal
        self._meter = meter or Meter(time.perf_counter, time.thread_time)
        self._loop = asyncio.get_running_loop()
        self._store = feed.store
        self._runs: dict[str, Run] = {}  # by monitor
        self._sources: dict[Stream, _Source] = {}
        self._of_run: dict[Run, dict[str, list[_Source]]] = {}  # by market
        self._dirty: set[Stream] = set()  # the socket's turn ends with an insert here
        self._waiting: set[_Source] = set()
        self._out: list[Signal] = []
        self._orders = feed.lease(self._mark_orders, is_background=True)
        self._order_cursor = 0  # into the account's news
        self._has_orders = False
        self._queue: list[Stream] = []  # what of this beat is still to be handed on
        self._past_left = PAST_A_BEAT
        self._timer: asyncio.TimerHandle | None = None
        self._second_at = self._loop.time()
        self.take()

    def close(self) -> None:
        """Let all rest; the monitors stay."""
        for run in list(self._runs.values()):
            self._end(run)
        self._orders.close()
        self._pause()

    def deliver_order(self, order: MyOrder) -> None:
        """Hand on what happened to one of the user's own orders."""
        for run in list(self._runs.values()):
            if run.hears_orders and order.market in run.monitor.markets:
                run.tell(run.strategy.on_order, order)
        self._settle()

    def _listen_to_orders(self) -> None:
        """Hear of own orders while some strategy wants to: from now on, not of what was before."""
        hears = any(run.hears_orders and not run.is_over for run in self._runs.values())
        if hears and not self._orders.streams:
            self._order_cursor = self._feed.account.news.count
        self._orders.want({Stream(MY_ORDER, "")} if hears else ())

    def _deliver_orders(self) -> None:
        self._has_orders = False
        news = self._feed.account.news
        new, self._order_cursor = news.since(self._order_cursor), news.count
        for one in new:
            self.deliver_order(one.told())

    def _mark_orders(self, _stream: Stream) -> None:
        self._has_orders = True

    # Which run.

    def take(self) -> None:
        """Run what the monitors want now. To be called whenever they change."""
        strategies = self._feed.strategies
        for run in [r for monitor_id, r in self._runs.items() if monitor_id not in strategies.monitors]:
            self._end(run)
        for monitor in list(strategies.monitors.values()):
            before = self._runs.get(monitor.id)
            if before is not None and (before.monitor is monitor or (before.monitor == monitor and not before.is_over)):
                before.monitor = monitor
                continue
            if before is not None and _is_same(before, monitor):
                before.monitor = monitor
                if self._listen(before):
                    before.write("markets")
                continue
            is_running = before is not None and not before.is_over
            if before is not None:
                self._end(before)
            if monitor.is_on:
                self._begin(monitor, "changed" if is_running else "started")
            else:
                self._rest(monitor, was_running=is_running)
        self._settle()
        self._listen_to_orders()
        if self._timer is None and any(not run.is_over for run in self._runs.values()):
            self._second_at = self._loop.time()
            self._timer = self._loop.call_later(BEAT_S, self._beat)

    def _pause(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._queue.clear()

    def _begin(self, monitor: Monitor, event: Event) -> None:
        feed = self._feed
        work, lease = feed.strategies.works[monitor.id], feed.lease(self._dirty.add, is_background=True)
        kind = feed.strategies.kinds.get(monitor.kind)
        run = Run(monitor, kind, work, lease, self._meter, self._now_ms, self._out.append)
        self._runs[monitor.id] = run
        if not run.is_over:
            run.write(event)
            self._listen(run)

    def _rest(self, monitor: Monitor, *, was_running: bool) -> None:
        work = self._feed.strategies.works[monitor.id]
        work.state, work.why = "paused", None
        if was_running:
            work.write(Line(self._now_ms(), "paused"))

    def _end(self, run: Run) -> None:
        del self._runs[run.monitor.id]
        run.end()
        self._leave(run, set(self._of_run.pop(run, {})))

    def _listen(self, run: Run) -> bool:
        """Let a run hear of its markets, and of no other. Return whether these are not the same as before."""
        of_market = self._of_run.setdefault(run, {})
        wanted = dict.fromkeys(run.monitor.markets)
        run.lease.want(Stream(channel, market) for market in wanted for channel in run.channels)
        gone, come = of_market.keys() - wanted.keys(), [m for m in wanted if m not in of_market]
        self._leave(run, gone)
        for market in gone:
            del of_market[market]
            run.since_ms.pop(market, None)
        for market in come:
            of_market[market] = []
            for channel in run.channels:
                stream = Stream(channel, market)
                source = self._sources.get(stream)
                if source is None:
                    source = self._sources[stream] = _Source(stream)
                else:
                    self._hear(source)  # so that all others are where the new one begins
                of_market[market].append(source)
                source.runs = (*source.runs, run)
                if source.is_open:
                    source.waits_since = self._loop.time()  # perhaps for more of the past
                self._dirty.add(stream)
        return bool(gone or come)

    def _leave(self, run: Run, markets: Set[str]) -> None:
        for stream in [s for s, x in self._sources.items() if s.market in markets and run in x.runs]:
            source = self._sources[stream]
            source.runs = tuple(r for r in source.runs if r is not run)
            source.begun.discard(run)
            source.anew.discard(run)
            if not source.runs:
                del self._sources[stream]
                self._waiting.discard(source)

    # What happens.

    def _beat(self) -> None:
        """Hand on what is new: a slice now, the rest in slices before the next beat, so that no frame waits for all."""
        self._timer = self._loop.call_later(BEAT_S, self._beat)
        if self._feed.store is not self._store:
            self._start_over()
        begun = self._loop.time()
        if self._has_orders:
            self._deliver_orders()
        if not self._queue:
            self._queue = list(self._dirty)
            self._dirty.clear()
            self._past_left = PAST_A_BEAT
            if begun - self._second_at >= SECOND_S:
                self._second_at = begun
                self._second()
        queue = self._queue
        while queue and self._loop.time() - begun < SLICE_S:
            source = self._sources.get(queue.pop())
            if source is not None:
                self._hear(source)
        if queue and self._timer is not None:
            self._timer.cancel()
            self._timer = self._loop.call_later(REST_S, self._beat)
        self._settle()

    def _start_over(self) -> None:
        """Another exchange speaks: nothing that is known holds."""
        self._store = self._feed.store
        for run in list(self._runs.values()):
            if not run.is_over:
                self._end(run)
                self._begin(run.monitor, "restart")

    def _settle(self) -> None:
        """Let go of those that were stopped, and tell what was said."""
        for run in [r for r in self._of_run if r.is_over]:
            self._leave(run, set(self._of_run.pop(run)))
        if self._timer is not None and not self._of_run:
            self._pause()
        out = self._out[:]
        self._out.clear()
        for signal in out:
            self._feed.strategies.say(signal)
            self._feed.on_signal(signal)
            self._on_signal(signal)

    def _second(self) -> None:
        feed, now, now_ms = self._feed, self._feed.now(), self._now_ms()
        for source in [*self._waiting]:
            self._hear(source)
        for source in self._sources.values():
            state = source.state = feed.health.state(source.stream, now)
            if state is StreamState.STALE and source.down_at < 0.0:
                source.down_at = now
            elif state is StreamState.LIVE and source.is_open and not self._has_restarted(source):
                source.down_at = -1.0  # it was silent, and is not any more
        listed = feed.store.markets
        for run, of_market in list(self._of_run.items()):
            unknown = []
            for market, sources in of_market.items():
                if any(s.state is StreamState.UNKNOWN for s in sources) or (listed and market not in listed):
                    unknown.append(market)
                elif (
                    run.hears_time
                    and not run.is_over
                    and market in run.since_ms
                    and all(self._is_current(s) for s in sources)
                ):
                    run.call(run.strategy.on_time, market, now_ms)
            if tuple(unknown) != run.work.unknown:
                run.work.unknown = tuple(unknown)
                if unknown:
                    run.write("unknown", text=", ".join(unknown)[:400])
            if not run.is_over:
                run.second(now_ms)

    # One stream.

    def _has_restarted(self, source: _Source) -> bool:
        health = self._feed.health.streams.get(source.stream)
        return health is not None and health.first_at != source.first_at

    def _is_current(self, source: _Source) -> bool:
        """Tell whether what was handed on of a stream holds now: nothing stood through an outage that nobody saw."""
        return source.is_open and source.state is StreamState.LIVE and not self._has_restarted(source)

    def _hear(self, source: _Source) -> None:
        """Hand on what is new of a stream, once nothing is missing before it."""
        feed, now = self._feed, self._feed.now()
        health = feed.health.streams.get(source.stream)
        if health is None or health.first_at < 0.0:
            return
        if health.first_at != source.first_at:
            source.is_gap = source.first_at >= 0.0
            source.first_at, source.waits_since = health.first_at, now
        if source.waits_since >= 0.0:
            if not self._is_whole(source) and now - source.waits_since < JOIN_S:
                self._waiting.add(source)
                return
            if self._past_left <= 0:
                self._dirty.add(source.stream)
                return
            self._waiting.discard(source)
            if not self._open(source, now):
                self._dirty.add(source.stream)
                return
        channel = source.stream.channel
        if channel == TICKER:
            self._hand_ticker(source)
        elif channel == ORDERBOOK:
            self._hand_book(source)
        elif channel == TRADE:
            self._hand_trades(source)
        else:
            self._hand_candles(source)

    def _series(self, source: _Source) -> CandleSeries:
        return self._feed.store.candles(source.stream.market, INTERVAL_OF_CHANNEL[source.stream.channel])

    def _is_whole(self, source: _Source) -> bool:
        """Tell whether all that can be had of the past is here; ask for it where it is not."""
        channel, market = source.stream.channel, source.stream.market
        if channel == TRADE:
            return self._feed.store.tape(market).is_joined
        if channel not in INTERVAL_OF_CHANNEL:
            return True
        series = self._series(source)
        if series.break_ms is not None or series.is_joining:
            return False
        bars = max(run.strategy.bars for run in source.runs)
        if len(series) > bars or series.is_complete:
            return True
        self._feed.want_history(market, series.interval)
        return False

    def _open(self, source: _Source, now: float) -> bool:
        """Let everybody begin who does not know the past of a stream; all of them after a gap that was not filled.

        Return False if some have to wait for the next beat: what comes meanwhile waits for them.
        """
        market, is_gap = source.stream.market, source.is_gap
        down_s = max(now - source.down_at, 0.0) if source.down_at >= 0.0 else 0.0
        source.is_gap, source.down_at = False, -1.0
        if source.stream.channel == TRADE:
            tape = self._feed.store.tape(market)
            from_ms = tape.run_ms if tape.run_ms is not None else self._now_ms()
            if is_gap and from_ms <= source.from_ms and tape.is_joined:
                is_gap = False
                for run in source.begun:
                    run.gap("filled", market, down_s)
            elif is_gap or not source.begun:
                source.from_ms, source.cursor = from_ms, tape.count
        elif is_gap or not source.begun:
            source.last_ms = self._series(source).last_ms if source.stream.channel in INTERVAL_OF_CHANNEL else -1
        if is_gap:
            for run in source.begun:
                run.gap("gap", market, down_s)
            source.begun.clear()
            source.anew = set(source.runs)
        for run in source.runs:
            if run.is_over or run in source.begun:
                continue
            if self._past_left <= 0:
                return False
            source.begun.add(run)
            if run in source.anew or market not in run.since_ms:
                source.anew.discard(run)
                self._begin_market(source, run)
            else:
                self._hand_past(source, run)
        source.anew.clear()
        source.waits_since = -1.0
        return True

    def _begin_market(self, source: _Source, run: Run) -> None:
        """Let a run begin a market, or begin it anew, with what is known of it on every channel."""
        market = source.stream.market
        run.begin(market, self._since(source, run))
        for one in self._of_run[run][market]:
            if run in one.begun:
                self._hand_past(one, run)

    def _since(self, source: _Source, run: Run) -> int:
        """Return from when on nothing is missing of what a run will have heard."""
        if source.stream.channel != TRADE:
            return self._now_ms()
        if not run.strategy.warm_ms:
            return max(source.from_ms, self._now_ms())
        past = self._feed.store.tape(source.stream.market).latest(MOST_PAST)
        return max(source.from_ms, past[0].time_ms + 1) if len(past) == MOST_PAST else source.from_ms

    def _hand_past(self, source: _Source, run: Run) -> None:
        """Tell a run what was before, as far as it has use for it; what it says of that is no news."""
        channel, market = source.stream.channel, source.stream.market
        strategy, now_ms = run.strategy, self._now_ms()
        run.is_past = True
        if channel == TRADE and strategy.warm_ms:
            from_ms = max(source.from_ms, run.since_ms[market], now_ms - strategy.warm_ms)
            tape = self._feed.store.tape(market)
            to_come = {trade.id for trade in tape.since(source.cursor)[0]}
            for trade in tape.latest(MOST_PAST):
                if trade.time_ms >= from_ms and trade.id not in to_come and not run.is_over:
                    self._past_left -= 1
                    run.call(strategy.on_trade, trade)
        elif channel in INTERVAL_OF_CHANNEL:
            series = self._series(source)
            rows = series.rows(max(len(series) - strategy.bars - 1, 0))
            for row in rows:
                if not run.is_over:
                    self._past_left -= 1
                    run.call(strategy.on_candle, market, row)
            run.rows[market] = len(rows)
            if rows and not run.is_over:
                run.call(strategy.on_time, market, now_ms)  # a bar that ended long ago is no news either
        run.is_past = False

    def _hand_ticker(self, source: _Source) -> None:
        ticker = self._feed.store.ticker(source.stream.market)
        if ticker is not None and ticker is not source.ticker:
            source.ticker = ticker
            for run in source.runs:
                run.tell(run.strategy.on_ticker, ticker)

    def _hand_book(self, source: _Source) -> None:
        store, market = self._feed.store, source.stream.market
        version = store.book_version(market)
        if version == source.version:
            return
        source.version = version
        book = store.book(market)
        if book is not None and book is not source.book:
            source.book = book
            for run in source.runs:
                run.tell(run.strategy.on_book, book)

    def _hand_trades(self, source: _Source) -> None:
        tape = self._feed.store.tape(source.stream.market)
        if tape.count == source.cursor:
            return
        before = source.cursor
        new, source.cursor = tape.since(before)
        missed = source.cursor - before - len(new)
        if missed:  # the tape has them, but no order of arrival any more
            for run in source.runs:
                run.work.missed += missed
                run.write("missed", source.stream.market, missed)
                if not run.is_over:
                    self._begin_market(source, run)
            return
        if len(new) > 1:
            new.sort(key=_time)  # they overtake each other, and what REST filled comes after what is newer
        for trade in new:
            if trade.time_ms >= source.from_ms:
                for run in source.runs:
                    run.tell(run.strategy.on_trade, trade)

    def _hand_candles(self, source: _Source) -> None:
        series, market = self._series(source), source.stream.market
        if series.version == source.version or not len(series):
            return
        source.version = series.version
        for row in series.rows(int(np.searchsorted(series.start_ms, source.last_ms))):
            is_new, source.last_ms = row.start_ms > source.last_ms, row.start_ms
            for run in source.runs:
                if run.is_over:
                    continue
                run.rows[market] = run.rows.get(market, 0) + is_new
                run.work.messages += 1
                run.call(run.strategy.on_candle, market, row)


def _is_same(run: Run, monitor: Monitor) -> bool:
    """Tell whether a running one can go on under the changed monitor: other markets, another note."""
    before = run.monitor
    return (
        not run.is_over
        and monitor.is_on
        and (monitor.kind, monitor.values) == (before.kind, before.values)
        and (monitor.markets != before.markets or monitor.note != before.note)
    )


def _time(trade: Trade) -> int:
    return trade.time_ms
