"""The strategies one has set up, what each has done, and the signals they gave. Pure.

A monitor is a strategy with markets and values for its parameters. It lasts over a restart, and so do the newest
signals; what it has done (`Work`) is of this run of the program.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from itertools import islice
from typing import Literal

import msgspec

from core.strategy.base import ParameterError, Signal, Strategy, Value, checked
from core.strategy.builtin import BUILT_IN

MONITORS = 100
MARKETS = 300  # of one monitor
SIGNALS = 2_000
MARKS = 500  # signals of one market
LINES = 200  # of one monitor's log
LONGEST_NOTE = 200

State = Literal["paused", "starting", "running", "stopped"]
Event = Literal[
    "started",
    "paused",
    "changed",  # other parameters: what was known of its markets is forgotten
    "markets",  # other markets: those that stay go on
    "gap",  # of `value` seconds in what is heard of `market`: it begins anew
    "filled",  # of as many, and nothing is missing
    "missed",  # `value` trades of `market`, which came faster than they could be handed on
    "unknown",  # the exchange is silent about `text`
    "restart",  # another exchange speaks
    # Why it was stopped:
    "error",  # `text`: file, line and error
    "slow",  # one call took `value` ms
    "busy",  # it takes `value` of a core
    "flood",  # `value` signals within seconds
    "refused",  # a parameter cannot be so: `text`, name|reason|detail of the ParameterError
]


class Monitor(msgspec.Struct, frozen=True):
    """A strategy, what it watches and how.

    Raises:
        ValueError: a monitor that means nothing.
    """

    id: str
    kind: str  # name of the strategy
    markets: tuple[str, ...]
    values: dict[str, Value] = msgspec.field(default_factory=dict)  # of parameters; the others have their defaults
    is_on: bool = True
    note: str = ""

    def __post_init__(self) -> None:
        if not self.id or not self.kind:
            raise ValueError("the strategy has no name")
        if not 0 < len(self.markets) <= MARKETS or not all(self.markets):
            raise ValueError(f"a strategy has 1 to {MARKETS} symbols")
        if len(self.note) > LONGEST_NOTE:
            raise ValueError(f"the note is longer than {LONGEST_NOTE} characters")


class Line(msgspec.Struct, frozen=True):
    """One line of a monitor's log, without words."""

    time_ms: int  # epoch ms
    event: Event
    market: str = ""
    value: float = 0.0
    text: str = ""


class Work:
    """What one monitor has done since the program started."""

    def __init__(self) -> None:
        self.state: State = "paused"
        self.why: Line | None = None  # it was stopped
        self.messages = 0  # events handed to it
        self.signals = 0
        self.missed = 0  # trades
        self.used_s = 0.0  # of a core, in all
        self.share = 0.0  # of a core, over the last seconds
        self.slowest_s = 0.0  # the longest call
        self.collecting = 0  # markets of which it has not seen enough yet to say something
        self.unknown: tuple[str, ...] = ()  # markets that the exchange is silent about
        self.last: Signal | None = None
        self.line_count = 0  # lines so far: the cursor of the log
        self.lines: deque[Line] = deque(maxlen=LINES)  # oldest first

    def write(self, line: Line) -> None:
        """Add a line to the log."""
        self.lines.append(line)
        self.line_count += 1


class Kept(msgspec.Struct):
    """All that lasts."""

    version: int = 1
    monitors: list[Monitor] = msgspec.field(default_factory=list)
    signals: list[Signal] = msgspec.field(default_factory=list)


class Strategies:
    """The monitors of the program, and the log of their signals, read with a cursor.

    Args:
        kinds: the strategies there are, by name.
    """

    def __init__(self, kinds: Mapping[str, type[Strategy]] | None = None) -> None:
        self.kinds = dict(BUILT_IN if kinds is None else kinds)
        self.monitors: dict[str, Monitor] = {}
        self.works: dict[str, Work] = {}  # of each monitor, by its id
        self.version = 0  # changes with every monitor that is added, changed or removed
        self.count = 0  # signals so far: the cursor of the log
        self.log_version = 0  # changes when the log begins anew
        self.on_change: Callable[[], None] = lambda: None
        self._log: deque[Signal] = deque()
        self._of_market: dict[str, deque[Signal]] = {}
        self._marks: dict[str, tuple[Signal, ...]] = {}  # the same, as handed out

    # What lasts.

    def load(self, kept: Kept) -> None:
        """Take what was kept, in the place of everything that is here."""
        self.monitors = {monitor.id: monitor for monitor in kept.monitors[:MONITORS]}
        self.works = {monitor_id: Work() for monitor_id in self.monitors}
        self._forget_signals()
        for signal in kept.signals[-SIGNALS:]:
            self.say(signal)
        self._changed()

    def keep(self) -> Kept:
        """Return all that lasts."""
        return Kept(monitors=list(self.monitors.values()), signals=list(self._log))

    def _changed(self) -> None:
        self.version += 1
        self.on_change()

    # Monitors.

    def set(self, monitor: Monitor) -> bool:
        """Add a monitor or change one, while it runs if it does. Return False if there are too many.

        Raises:
            ParameterError: a parameter cannot be so, or there is no such strategy.
        """
        kind = self.kinds.get(monitor.kind)
        if kind is None:
            raise ParameterError(monitor.kind, "kind")
        monitor = msgspec.structs.replace(
            monitor, values=checked(kind, monitor.values), markets=tuple(dict.fromkeys(monitor.markets))
        )
        if monitor.id not in self.monitors:
            if len(self.monitors) >= MONITORS:
                return False
            self.works[monitor.id] = Work()
        self.monitors[monitor.id] = monitor
        self._changed()
        return True

    def switch(self, monitor_id: str, is_on: bool) -> None:
        """Let a monitor run, also one that was stopped, or pause it."""
        monitor = self.monitors.get(monitor_id)
        if monitor is not None:
            self.monitors[monitor_id] = msgspec.structs.replace(monitor, is_on=is_on)
            self._changed()

    def remove(self, monitor_id: str) -> None:
        """Forget a monitor; its signals stay in the log."""
        if self.monitors.pop(monitor_id, None) is not None:
            del self.works[monitor_id]
            self._changed()

    def free_id(self) -> str:
        """Return an id that no monitor has, and that no signal is of."""
        taken = [*self.monitors, *(signal.strategy for signal in self._log)]
        return str(max((int(i) for i in taken if i.isdigit()), default=0) + 1)

    # Signals.

    def say(self, signal: Signal) -> None:
        """Add a signal to the log."""
        self._log.append(signal)
        self.count += 1
        of_market = self._of_market.get(signal.market)
        if of_market is None:
            of_market = self._of_market[signal.market] = deque(maxlen=MARKS)
        of_market.append(signal)
        self._marks.pop(signal.market, None)
        if len(self._log) > SIGNALS:
            self._drop(self._log.popleft())

    def _drop(self, gone: Signal) -> None:
        kept = self._of_market.get(gone.market)
        if kept and kept[0] is gone:  # else its market has had so many since that it fell out before
            kept.popleft()
            self._marks.pop(gone.market, None)
            if not kept:
                del self._of_market[gone.market]

    def log(self) -> list[Signal]:
        """Return what was said, oldest first."""
        return list(self._log)

    def since(self, cursor: int) -> list[Signal]:
        """Return what was said after `cursor`, oldest first, as far as it is remembered."""
        new = min(self.count - cursor, len(self._log))
        return list(islice(self._log, len(self._log) - new, None)) if new > 0 else []

    def signals_of(self, market: str) -> tuple[Signal, ...]:
        """Return the newest signals of one market, oldest first: the same object until there is another one."""
        marks = self._marks.get(market)
        if marks is None:
            marks = self._marks[market] = tuple(self._of_market.get(market, ()))
            if not marks:
                del self._marks[market]  # else every market that is ever looked at would stay
                return ()
        return marks

    def clear_log(self) -> None:
        """Forget every signal."""
        self._forget_signals()
        self._changed()

    def _forget_signals(self) -> None:
        self.log_version += 1
        self._log.clear()
        self._of_market.clear()
        self._marks.clear()
