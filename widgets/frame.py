"""The one repaint timer. Panes are marked any number of times a frame and refreshed once.

A frame has a budget. What does not fit waits for the next one, where it comes first: with many panes each is shown less
often, and hands and sockets are never kept waiting. Panes of one market are shown together or not at all.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from time import perf_counter
from typing import Protocol

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QWidget

FRAME_MS = 16
BUDGET_MS = 9.0  # of a frame, for refreshing and painting: the rest is for the sockets
BEAT_MS = 1_000
BEAT_BUDGET_MS = 4.0  # at a time: on a large desk the beats of all panes together would hold up a frame
_SMOOTH = 0.1  # weight of the newest frame in what painting costs

log = logging.getLogger(__name__)


class Refreshable(Protocol):
    """What the clock drives; a pane."""

    def frame(self) -> None: ...
    def beat(self) -> None: ...
    def broke(self) -> None: ...
    @property
    def market(self) -> str: ...
    def isVisible(self) -> bool: ...
    def window(self) -> QWidget: ...


class FrameClock(QObject):
    """Runs while something is marked and stops when nothing is; a marked pane that is hidden costs nothing.

    Beside it a beat of 1 Hz, for what changes with time alone: ages, countdowns.
    """

    def __init__(self, parent: QObject | None = None, clock: Callable[[], float] = perf_counter) -> None:
        super().__init__(parent)
        self._clock = clock
        self._marked: dict[Refreshable, None] = {}
        self._owed: dict[Refreshable, None] = {}  # what came while its window was minimised
        self._panes: dict[Refreshable, None] = {}
        self._failing: set[tuple[Refreshable, str]] = set()  # what has been logged, and did not succeed since
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(self._run)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._run)
        self._beat = QTimer(self)
        self._beat.setInterval(BEAT_MS)
        self._beat.timeout.connect(self._run_beat)
        self._due: dict[Refreshable, None] = {}  # of this beat
        self._more = QTimer(self, singleShot=True, interval=FRAME_MS)
        self._more.timeout.connect(self._beat_some)
        # What a frame costs, s, smoothed: refreshing, and the painting that comes of it.
        self._refreshing, self._painting = 0.0, 0.0
        self.frames = 0
        self.on_frame: Callable[[], None] | None = None  # called when the panes of a frame have been refreshed

    def add(self, pane: Refreshable) -> None:
        """Let `pane` take part; a pane that was not added is not refreshed."""
        self._panes[pane] = None
        if not self._beat.isActive():
            self._beat.start()

    def remove(self, pane: Refreshable) -> None:
        self._panes.pop(pane, None)
        self._marked.pop(pane, None)
        self._owed.pop(pane, None)
        self._due.pop(pane, None)
        self._failing = {failing for failing in self._failing if failing[0] is not pane}
        if not self._panes:
            self.stop()

    def stop(self) -> None:
        self._timer.stop()
        self._soon.stop()
        self._beat.stop()
        self._more.stop()
        self._marked.clear()
        self._due.clear()

    def mark(self, pane: Refreshable) -> None:
        """Refresh `pane` in the next frame."""
        if not self._marked:
            self._timer.start()
        self._marked[pane] = None

    def hurry(self, pane: Refreshable) -> None:
        """Refresh `pane` as soon as the loop comes round, before all others: the user waits for its first data."""
        self.mark(pane)
        self._marked = {pane: None, **self._marked}
        if not self._soon.isActive():
            self._soon.start()

    def flush(self, *panes: Refreshable) -> None:
        """Refresh and paint these panes now, together: a symbol change shows in all of its group in one frame."""
        for pane in panes:
            self._marked.pop(pane, None)
            self._refresh(pane)
        self._paint(panes)

    def _paint(self, panes: Iterable[Refreshable]) -> None:
        for window in {pane.window() for pane in panes if pane in self._panes}:
            QCoreApplication.sendPostedEvents(window, QEvent.Type.UpdateRequest.value)

    def _run(self) -> None:
        if not self._marked:
            self._timer.stop()
            return
        began, cost = self._clock(), self._refreshing + self._painting
        room = BUDGET_MS / 1_000 * (self._refreshing / cost if cost else 1.0)
        waiting, self._marked = self._marked, {}
        done: list[Refreshable] = []
        while waiting and (not done or self._clock() - began < room):
            first = next(iter(waiting))
            for pane in [p for p in waiting if p is first or (p.market and p.market == first.market)]:
                del waiting[pane]
                self._refresh(pane)
                done.append(pane)
        self._marked = {**waiting, **self._marked}
        refreshed = self._clock()
        self._paint(done)
        self._refreshing += _SMOOTH * (refreshed - began - self._refreshing)
        self._painting += _SMOOTH * (self._clock() - refreshed - self._painting)
        self.frames += 1
        if self.on_frame is not None:
            self.on_frame()

    def _refresh(self, pane: Refreshable) -> None:
        if pane not in self._panes or not pane.isVisible():
            return
        if pane.window().isMinimized():
            self._owed[pane] = None
            return
        if not self._has_done(pane, "pane %r could not refresh", pane.frame):
            pane.broke()

    def _run_beat(self) -> None:
        self._due.update(self._panes)
        self._beat_some()

    def _beat_some(self) -> None:
        """Let panes beat until the time for it is spent; the others follow a frame later."""
        began = self._clock()
        while self._due and self._clock() - began < BEAT_BUDGET_MS / 1_000:
            pane = next(iter(self._due))
            del self._due[pane]
            self._beat_of(pane)
        if self._due:
            self._more.start()

    def _beat_of(self, pane: Refreshable) -> None:
        if not pane.isVisible() or pane.window().isMinimized():
            return
        self._has_done(pane, "pane %r could not keep time", pane.beat)
        if pane in self._owed:
            self.mark(pane)
            del self._owed[pane]

    def _has_done(self, pane: Refreshable, text: str, call: Callable[[], None]) -> bool:
        """Call something of a pane and return whether it succeeded: one that is broken must not stop the others.

        Why it failed is logged once and not with each frame, until it succeeds.
        """
        try:
            call()
        except Exception:
            if (pane, text) not in self._failing:
                self._failing.add((pane, text))
                log.exception(text, type(pane).__name__)
            return False
        if self._failing:
            self._failing.discard((pane, text))
        return True
