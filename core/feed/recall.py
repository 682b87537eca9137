"""Joins a feed to the history on the disk: what is kept is shown at once, what comes is kept, and REST brings the rest.

Nothing waits for the disk: bars and trades that were kept enter like a page of REST, older than what is there.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import Any
from weakref import WeakValueDictionary

from core.feed import tasks
from core.feed.archive import Archive
from core.feed.feed import Feed
from core.feed.shelf import TRADES, Kept, Key
from core.market import TRADE, Interval, Stream
from core.state.candles import CandleSeries
from core.state.chunks import Bars, Chunk, Prints, bars_of, fresh_bars, fresh_trades, prints_of, trades_of, within
from core.state.coverage import Coverage, Span
from core.state.tape import Tape
from core.wire.messages import CandleRow

FLUSH_S = 2.0  # between two batches
NEWEST_BARS = 1_000  # of a series that is opened; whole chunks come, so some more
OLDER_BARS = 4_000
NEWEST_TRADES = 1_000
REST_SETTLED_MS = 60_000  # REST lags behind the socket: of what ended later it may not know all
DISK_DUE_S = 0.3  # within which the disk has to answer; then REST is asked as well
CLOSE_S = 0.5  # the program ends, whatever the disk does
MOST_PENDING = 500  # pages held until they are written

log = logging.getLogger(__name__)


def _ignore(*_: object) -> None:
    return None


class Recall:
    """Answers the feed's wishes from the disk first.

    Args:
        now_ms: the exchange's clock, epoch ms.
    """

    def __init__(self, feed: Feed, archive: Archive, now_ms: Callable[[], int]) -> None:
        self.archive = archive
        self._feed = feed
        self._now_ms = now_ms
        self.serve(_ignore, _ignore, _ignore)
        self._known: dict[Key, Coverage] = {}  # what the disk knows, of the series that were asked for
        self._generation = archive.generation
        self._series: WeakValueDictionary[Key, CandleSeries] = WeakValueDictionary()  # whose kept bars are here
        self._tapes: WeakValueDictionary[str, Tape] = WeakValueDictionary()
        self._looked_at: dict[Key, tuple[int | None, ...]] = {}  # as they were when they were last kept
        self._pending: list[tuple[Key, Chunk]] = []
        self._used_ms: dict[str, int] = {}
        self._tasks: dict[Key, asyncio.Task[None]] = {}
        self._flushing: asyncio.Task[None] | None = None
        self._is_closed = False
        self._timer = asyncio.get_running_loop().call_later(FLUSH_S, self._start_flush)
        feed.on_history_wanted = self.want_history
        feed.on_trades_wanted = self.want_trades
        feed.on_wanted = self.follow

    def serve(
        self,
        on_history_missing: Callable[[str, Interval], None],
        on_trades_missing: Callable[[str], None],
        on_restored: Callable[[str, Interval], None],
    ) -> None:
        """Ask these for what the disk does not have.

        Args:
            on_history_missing: as `Feed.on_history_wanted`.
            on_trades_missing: as `Feed.on_trades_wanted`.
            on_restored: bars up to a while ago are there, and a break behind them.
        """
        self._on_history_missing = on_history_missing
        self._on_trades_missing = on_trades_missing
        self._on_restored = on_restored

    def restored(self) -> list[tuple[str, Interval]]:
        """Return the series that end with a break, on the disk or since."""
        return [(k.market, Interval(k.kind)) for k, series in self._series.items() if series.break_ms is not None]

    # What the feed asks for.

    def want_history(self, market: str, interval: Interval) -> None:
        """Bring the bars before the oldest one known, or the newest if none is, from the disk or else by REST."""
        key, series = Key(market, interval.value), self._feed.store.candles(market, interval)
        if series.is_complete or key in self._tasks:
            return
        self._used_ms[market] = self._now_ms()
        coverage = self._coverage(key)
        if coverage is not None:
            self._series[key] = series
            at_ms = series.first_ms - 1 if len(series) else coverage.end_ms
            if at_ms < 0 or coverage.start_of(at_ms) is None:
                self._on_history_missing(market, interval)
                return
        self._start(key, self._read_bars(key, interval))

    def want_trades(self, market: str) -> None:
        """Bring trades before the oldest one known, from the disk or else by REST."""
        key, tape = Key(market, TRADES), self._feed.store.tape(market)
        if key in self._tasks or len(tape) >= tape.bound:
            return
        coverage = self._coverage(key)
        if coverage is None or tape.begin_ms <= 0 or coverage.start_of(tape.begin_ms - 1) is None:
            self._on_trades_missing(market)
            return
        self._start(key, self._read_trades(market, tape.begin_ms))

    def follow(self, streams: Iterable[Stream]) -> None:
        """Bring the newest trades of the markets that somebody looks at, and keep what comes from now on."""
        background = self._feed.leases.background
        for stream in streams:
            if stream.channel != TRADE:  # nearly all are the board's tickers, at each change of a symbol
                continue
            key = Key(stream.market, TRADES)
            if stream in background or key in self._tasks:
                continue
            if self._tapes.get(stream.market) is not self._feed.store.tape(stream.market):
                self._used_ms[stream.market] = self._now_ms()
                self._start(key, self._read_trades(stream.market, None))

    def _start(self, key: Key, work: Any) -> None:
        if self._is_closed:
            work.close()
            return
        task = self._tasks[key] = tasks.start(work, f"history of {' '.join(key)}")
        task.add_done_callback(lambda _task: self._tasks.pop(key))

    def _coverage(self, key: Key) -> Coverage | None:
        """Return of which times the disk knows everything, None before it was asked."""
        if self._generation != self.archive.generation:
            self._generation = self.archive.generation
            self._known.clear()
            self._looked_at.clear()
        return self._known.get(key)

    async def _read(self, key: Key, before_ms: int | None, count: int, *, is_joined: bool) -> Kept | None:
        kept = await self.archive.read(key, before_ms, count, is_joined=is_joined)
        self._coverage(key)  # of the file there is now
        known = self._known[key] = Coverage()
        for span in kept.coverage if kept is not None else ():
            known.add(*span)
        return kept

    async def _read_bars(self, key: Key, interval: Interval) -> None:
        before = self._feed.store.candles(key.market, interval).first_ms
        count = NEWEST_BARS if before < 0 else OLDER_BARS
        late = asyncio.get_running_loop().call_later(DISK_DUE_S, self._on_history_missing, key.market, interval)
        try:
            kept = await self._read(key, before if before >= 0 else None, count, is_joined=True)
        finally:
            late.cancel()
        series = self._series[key] = self._feed.store.candles(key.market, interval)
        if kept is None or not self._take_bars(series, kept, before):
            self._on_history_missing(key.market, interval)
            return
        self._feed.leases.notify(Stream(interval.channel or TRADE, key.market))
        if before < 0:
            self._on_restored(key.market, interval)

    def _take_bars(self, series: CandleSeries, kept: Kept, asked_ms: int) -> bool:
        """Put bars before those of the series. Return False if there are none that fit.

        Args:
            asked_ms: start of its oldest bar when the disk was asked; -1: it had none.
        """
        if not kept.spans:
            return False
        bars, to_ms = kept.columns, kept.spans[-1].to_ms
        first_ms = series.first_ms
        if first_ms >= 0:
            bars = within(bars, Span(kept.spans[-1].from_ms, first_ms - 1))
        is_joined = to_ms >= first_ms - 1
        if not isinstance(bars, Bars) or not len(bars.start) or (asked_ms >= 0 and not is_joined):
            return False  # or it begins elsewhere by now
        series.restore(*bars, is_joined=is_joined)
        return True

    async def read_flow(self, market: str) -> None:
        """Bring into the market's flow what is kept of its trades, as many as it holds."""
        flow = self._feed.store.flow(market)
        kept = await self._read(Key(market, TRADES), None, flow.bound, is_joined=False)
        if kept is not None and isinstance(kept.columns, Prints):
            flow.restore(kept.columns, kept.spans)

    async def _read_trades(self, market: str, before_ms: int | None) -> None:
        """Bring trades before `before_ms`, up to the next hole; None: the newest there are, with their holes."""
        key = Key(market, TRADES)
        kept = await self._read(key, before_ms, NEWEST_TRADES, is_joined=before_ms is not None)
        tape = self._feed.store.tape(market)
        if before_ms is None:
            self._tapes[market] = tape
        elif tape.begin_ms != before_ms:
            return  # it begins elsewhere by now
        if kept is None or not isinstance(kept.columns, Prints) or not kept.spans:
            return
        prints, from_ms = kept.columns, kept.spans[0].from_ms
        if len(prints.time) > NEWEST_TRADES:  # no more than a frame has time for
            from_ms = int(prints.time[-NEWEST_TRADES])
        newest = within(prints, Span(from_ms, kept.spans[-1].to_ms))
        assert isinstance(newest, Prints)
        spans = [Span(max(a, from_ms), b) for a, b in kept.spans if b >= from_ms]
        tape.restore(trades_of(market, newest), spans)
        self._feed.leases.notify(Stream(TRADE, market))

    # What REST and the socket bring.

    def missing(self, market: str, interval: Interval, before_ms: int) -> int | None:
        """Return ms from what the disk has before `before_ms` up to there, None if it has nothing."""
        coverage = self._coverage(Key(market, interval.value))
        ends = [span.to_ms for span in coverage.spans if span.to_ms < before_ms] if coverage is not None else []
        return before_ms - 1 - ends[-1] if ends else None

    def keep(self, market: str, interval: Interval, rows: Sequence[CandleRow], before_ms: int | None) -> None:
        """Keep a page of REST, but for what is not final.

        Args:
            rows: all there are from the first to `before_ms`.
            before_ms: as it was asked for; None: the newest.
        """
        if not rows or not self.archive.is_on:
            return
        end_ms = interval.floor(self._now_ms() - REST_SETTLED_MS)
        end_ms = min(end_ms, rows[-1].start_ms if before_ms is None else before_ms)
        span = Span(rows[0].start_ms, end_ms - 1)
        if span.to_ms >= span.from_ms:
            closed = bars_of([row for row in rows if row.start_ms < end_ms])
            self._pending.append((Key(market, interval.value), Chunk(span, closed)))
            del self._pending[:-MOST_PENDING]

    def keep_trades(self, market: str, span: Span, prints: Prints) -> None:
        """Keep what REST told of a stretch of time: all trades there were."""
        if self.archive.is_on:
            self._pending.append((Key(market, TRADES), Chunk(span, prints)))
            del self._pending[:-MOST_PENDING]

    def keep_again(self, market: str, span: Span) -> None:
        """Keep what is known of a time once more: some was missing when it was kept."""
        tape = self._tapes.get(market)
        if tape is not None and self.archive.is_on and tape.coverage.has(*span):
            self._pending.append((Key(market, TRADES), Chunk(span, prints_of(tape.of_times(*span)))))
            del self._pending[:-MOST_PENDING]

    def _start_flush(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(FLUSH_S, self._start_flush)
        if self._flushing is None:
            self._flushing = tasks.start(self._flush(), "history is kept")
            self._flushing.add_done_callback(self._end_flush)

    def _end_flush(self, _task: asyncio.Task[None]) -> None:
        self._flushing = None

    async def _flush(self) -> None:
        """Write what is new since the last time, in one go."""
        if not self.archive.is_on:
            return
        for key in [*self._series, *(Key(market, TRADES) for market in self._tapes)]:
            if self._coverage(key) is None:
                await self._read(key, None, 1, is_joined=True)
        chunks, self._pending = self._pending, []
        used_ms, self._used_ms = self._used_ms, {}
        chunks += self._fresh(chunks)
        if not chunks and not (used_ms and any(len(known) for known in self._known.values())):
            return  # nor is a file made to hold nothing
        if not await self.archive.write(chunks, used_ms):
            self._looked_at.clear()
            return
        for key, chunk in chunks:
            known = self._coverage(key)
            if known is not None:
                known.add(*chunk.span)

    def _fresh(self, pages: Sequence[tuple[Key, Chunk]]) -> list[tuple[Key, Chunk]]:
        """Return what series and tapes have that is neither on the disk nor in `pages`."""
        kept: dict[Key, Coverage] = {}
        for key, chunk in pages:
            kept.setdefault(key, _copy(self._known.get(key))).add(*chunk.span)
        found: list[tuple[Key, Chunk]] = []
        for key, series in list(self._series.items()):
            is_fed = series.interval.channel is not None  # else trades and tickers make it, and only REST is sure
            if is_fed and not series.is_joining and self._has_changed(key, id(series), series.version, series.break_ms):
                known = kept.get(key) or self._known.get(key) or Coverage()
                found += [(key, chunk) for chunk in fresh_bars(series, known)]
        for market, tape in list(self._tapes.items()):
            key = Key(market, TRADES)
            if self._has_changed(key, id(tape), tape.version, tape.run_ms, *chain(*tape.coverage.spans)):
                found += [(key, chunk) for chunk in fresh_trades(tape, self._known.get(key) or Coverage())]
        return found

    def _has_changed(self, key: Key, *now: int | None) -> bool:
        changed = self._looked_at.get(key) != now
        self._looked_at[key] = now
        return changed

    async def close(self) -> None:
        """Keep what is there, then let go of the file."""
        self._is_closed = True
        self._timer.cancel()
        for task in list(self._tasks.values()):
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        self.serve(_ignore, _ignore, _ignore)
        try:
            async with asyncio.timeout(CLOSE_S):
                if self._flushing is not None:
                    await self._flushing
                await self._flush()
                await self.archive.close()
        except TimeoutError:
            log.info("the disk hangs: what came last is not kept")


def _copy(coverage: Coverage | None) -> Coverage:
    copy = Coverage()
    for span in coverage.spans if coverage is not None else ():
        copy.add(*span)
    return copy
