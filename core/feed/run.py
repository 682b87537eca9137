"""One strategy at work: every call of it is timed and guarded, so that a slow or broken one harms nobody."""

from __future__ import annotations

import traceback
from collections import deque
from collections.abc import Callable
from pathlib import Path

import msgspec

from core.feed.leases import Lease
from core.market import MY_ORDER
from core.state.strategies import Event, Line, Monitor, Work
from core.strategy.base import ParameterError, Signal, Strategy, checked, streams

SPAN_S = 5  # over which the share of a core is taken
MOST_SHARE = 0.10  # of a core
SLOW_S = 0.1  # for one call
FLOOD = 1_000  # signals within SPAN_S
MARK_S = 0.005


class Meter:
    """Tells what time calls take. Shared by all runs of one thread.

    Args:
        wall: what a call takes, s.
        own: what the thread itself has used, s: while another program has the processor it stands. It is slower to
            read, so it is read at most every few ms, and what was used since then counts for the call.
    """

    def __init__(self, wall: Callable[[], float], own: Callable[[], float]) -> None:
        self._wall, self._own = wall, own
        self._marked_at, self._own_s = wall(), own()

    def begin(self) -> float:
        """Return when a call begins."""
        now = self._wall()
        if now - self._marked_at > MARK_S:
            self._marked_at, self._own_s = now, self._own()
        return now

    def took(self, begun: float) -> float:
        """Return what the call took that began then."""
        return self._wall() - begun

    def own(self) -> float:
        """Return what the thread itself used for the newest call, at most, and what was before it in a few ms."""
        return self._own() - self._own_s


class Run:
    """A monitor's strategy from its start until it is stopped, changed or removed.

    Args:
        kind: its strategy; None where there is none of that name.
        lease: its claim on what it listens to.
        now_ms: the exchange's clock, epoch ms.
        on_signal: it has said something.
    """

    def __init__(
        self,
        monitor: Monitor,
        kind: type[Strategy] | None,
        work: Work,
        lease: Lease,
        meter: Meter,
        now_ms: Callable[[], int],
        on_signal: Callable[[Signal], None],
    ) -> None:
        self.monitor, self.work, self.lease = monitor, work, lease
        self._meter, self._now_ms, self._on_signal = meter, now_ms, on_signal
        self.is_over = False  # it was stopped: nothing more is told to it
        self.is_past = False  # what it is told now is no news
        self.since_ms: dict[str, int] = {}  # market -> from when on nothing is missing; of those that have begun
        self.rows: dict[str, int] = {}  # market -> candles seen
        self.channels: tuple[str, ...] = ()
        self._used_s = 0.0  # in the second that runs
        self._said = 0
        self._spent: deque[tuple[float, int]] = deque(maxlen=SPAN_S)  # (s, signals) of the seconds before
        self._gaps: dict[Event, list[tuple[str, float]]] = {}  # of this second: (market, s)
        self.strategy = Strategy({}, self._take)  # says nothing; until its own is made
        self.hears_time = self.hears_orders = False
        work.why, work.state = None, "starting"
        self.call(self._make, kind)

    def _make(self, kind: type[Strategy] | None) -> None:
        try:
            if kind is None:
                raise ParameterError(self.monitor.kind, "kind")
            values = checked(kind, self.monitor.values)
        except ParameterError as why:
            self.stop("refused", text="|".join((why.name, why.reason, why.detail)))
            return
        self.strategy = kind(values, self._take)
        self.channels = streams(kind, values)
        self.hears_time = kind.on_time is not Strategy.on_time
        self.hears_orders = MY_ORDER in kind.channels

    def call(self, handler: Callable[..., object], *what: object) -> None:
        """Call a handler; stop the strategy if it raises or takes too long."""
        meter = self._meter
        begun = meter.begin()
        try:
            handler(*what)
        except Exception as why:  # noqa: BLE001 - a strategy's own code: whatever it raises ends it, and nothing else
            self.stop("error", text=where(why))
        took = meter.took(begun)
        work = self.work
        if self.is_past:
            work.used_s += took  # once, at the begin: no part of what it takes all the time
        else:
            self._used_s += took
        work.slowest_s = max(work.slowest_s, took)
        if took > SLOW_S and meter.own() > SLOW_S:  # else another program had the processor
            self.stop("slow", took * 1_000.0)

    def tell(self, handler: Callable[..., object], event: object) -> None:
        """Hand an event on."""
        if not self.is_over:
            self.work.messages += 1
            self.call(handler, event)

    def begin(self, market: str, since_ms: int) -> None:
        """A market begins, or begins anew: from then on nothing is missing."""
        self.since_ms[market] = since_ms
        self.rows[market] = 0
        self.work.state = "running"
        self.call(self.strategy.begin, market, since_ms)

    def second(self, now_ms: int) -> None:
        """A second has passed: look at what was used, and how far the markets are."""
        work = self.work
        self._write_gaps()
        work.used_s += self._used_s
        self._spent.append((self._used_s, self._said))
        self._used_s, self._said = 0.0, 0
        work.share = sum(s for s, _ in self._spent) / SPAN_S
        said = sum(n for _, n in self._spent)
        if work.share > MOST_SHARE:
            self.stop("busy", work.share)
        elif said > FLOOD:
            self.stop("flood", said)
        else:
            warm_ms, bars = self.strategy.warm_ms, self.strategy.bars
            work.collecting = sum(
                now_ms < since_ms + warm_ms or self.rows[market] <= bars > 0
                for market, since_ms in self.since_ms.items()
            )
            work.state = "running" if self.since_ms else "starting"  # its markets may be others now

    def gap(self, event: Event, market: str, seconds: float) -> None:
        """Note that a market was not heard of; told in one line with others of the same second."""
        self._gaps.setdefault(event, []).append((market, seconds))

    def _write_gaps(self) -> None:
        for event, gaps in self._gaps.items():
            is_one = len(gaps) == 1
            longest_s = max(seconds for _, seconds in gaps)
            self.write(event, gaps[0][0] if is_one else "", longest_s, "" if is_one else str(len(gaps)))
        self._gaps.clear()

    def write(self, event: Event, market: str = "", value: float = 0.0, text: str = "") -> Line:
        """Add a line to the monitor's log."""
        line = Line(self._now_ms(), event, market, value, text)
        self.work.write(line)
        return line

    def stop(self, event: Event, value: float = 0.0, text: str = "") -> None:
        """End it for a reason, which is shown."""
        if not self.is_over:
            self.work.why = self.write(event, value=value, text=text)
            self.work.state = "stopped"
            self.end()

    def end(self) -> None:
        """Listen to nothing and say nothing any more."""
        self.is_over = True
        self.work.share = 0.0
        self.work.collecting = 0
        self.lease.close()

    def _take(self, signal: Signal) -> None:
        if self.is_past or self.is_over:
            return
        self._said += 1
        signal = msgspec.structs.replace(signal, strategy=self.monitor.id)
        self.work.signals += 1
        self.work.last = signal
        self._on_signal(signal)


def where(why: BaseException) -> str:
    """Return file, line and error in one line."""
    frames = traceback.extract_tb(why.__traceback__)
    error = "".join(traceback.format_exception_only(why)).strip().partition("\n")[0]
    if not frames:
        return error
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}: {error}"[:400]
