"""qasync's event loop with its timers repaired: what the program and its Qt tests run on.

Five things differ from qasync 0.28. A delay never ends early. A cancelled timer is freed at once, where qasync keeps
one Qt timer for every `asyncio.timeout` until it would have fired. Timers are precise, not within 5 %. Async
generators are closed when the loop stops. Nothing is called back between two runs, where qasync handles Qt's events
once more and a task finds no running loop. Use it through `asyncio.Runner(loop_factory=...)`, without any policy.
"""

from __future__ import annotations

import asyncio
import math
import sys
from collections.abc import Callable
from contextvars import Context
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimerEvent
from qasync import QEventLoop  # after PySide6: it takes the binding that is loaded


class _TimerHandle(asyncio.TimerHandle):
    """A handle that takes its Qt timer along when it is cancelled."""

    __slots__ = ("_owner", "_timer_id")
    _cancelled: bool  # asyncio's own, absent from the type stubs

    def __init__(
        self,
        owner: Timers,
        when: float,
        callback: Callable[..., object],
        args: Any,
        loop: AppLoop,
        context: Context | None,
    ) -> None:
        super().__init__(when, callback, args, loop, context)
        self._owner = owner
        self._timer_id = 0  # 0: not running

    def cancel(self) -> None:
        if self._timer_id:
            self._owner.drop(self._timer_id)
            self._timer_id = 0
        super().cancel()


class Timers(QObject):
    """The Qt timers of one loop, one for each callback that waits. Takes the place of qasync's `_SimpleTimer`."""

    def __init__(self) -> None:
        super().__init__()
        self._handles: dict[int, asyncio.Handle] = {}  # by Qt's timer id
        self._due: list[asyncio.Handle] = []  # that came while the loop did not run
        self._is_running = False
        self._is_stopped = False

    def __len__(self) -> int:
        return len(self._handles) + len(self._due)

    def add_callback(self, handle: asyncio.Handle, delay: float = 0.0) -> asyncio.Handle:
        """Run `handle` once, `delay` seconds from now at the earliest."""
        timer_id = self.startTimer(max(0, math.ceil(delay * 1000)), Qt.TimerType.PreciseTimer)
        self._handles[timer_id] = handle
        if isinstance(handle, _TimerHandle):
            handle._timer_id = timer_id
        return handle

    def drop(self, timer_id: int) -> None:
        """Free a timer; one that has fired already is no error."""
        if self._handles.pop(timer_id, None) is not None:
            self.killTimer(timer_id)

    def timerEvent(self, event: QTimerEvent) -> None:
        timer_id = event.timerId()
        self.killTimer(timer_id)
        handle = self._handles.pop(timer_id, None)
        if handle is None or self._is_stopped or handle.cancelled():
            return
        if isinstance(handle, _TimerHandle):
            handle._timer_id = 0
        if self._is_running:
            handle._run()
        else:
            self._due.append(handle)

    def set_running(self, is_running: bool) -> None:
        """The loop runs from now on, or no more. What was due meanwhile is called back first."""
        self._is_running = is_running
        if is_running:
            due, self._due = self._due, []
            for handle in due:
                if not handle.cancelled():
                    self.add_callback(handle)

    def stop(self) -> None:
        """Free every timer. Called by the loop's `close`."""
        self._is_stopped = True
        for timer_id in list(self._handles):
            self.drop(timer_id)
        self._due.clear()

    def set_debug(self, enabled: bool) -> None:
        """Do nothing: asyncio's report of slow callbacks is not given here."""


class AppLoop(QEventLoop):  # type: ignore[misc]  # qasync is not typed
    """The asyncio loop of a Qt program: `asyncio.Runner(loop_factory=lambda: AppLoop(app))`."""

    def __init__(self, app: QCoreApplication | None = None) -> None:
        super().__init__(app)
        self._timer = Timers()

    @property
    def timer_count(self) -> int:
        """Callbacks that wait for their time, those of `call_soon` included."""
        return len(self._timer)

    def call_later(
        self, delay: float, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> asyncio.Handle:
        """Call back after `delay` seconds, never earlier."""
        if delay <= 0:
            return self._timer.add_callback(asyncio.Handle(callback, args, self, context))
        return self._timer.add_callback(
            _TimerHandle(self._timer, self.time() + delay, callback, args, self, context), delay
        )

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        """Do nothing: asyncio counts cancelled handles in a heap that is not used here."""

    def run_forever(self) -> None:
        """Run until `stop`. Async generators made meanwhile can be closed by `shutdown_asyncgens`."""
        hooks = sys.get_asyncgen_hooks()
        sys.set_asyncgen_hooks(firstiter=self._asyncgen_firstiter_hook, finalizer=self._asyncgen_finalizer_hook)
        self._timer.set_running(True)
        try:
            super().run_forever()
        finally:
            self._timer.set_running(False)
            sys.set_asyncgen_hooks(*hooks)
