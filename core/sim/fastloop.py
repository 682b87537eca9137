"""A loop whose time passes only while nothing happens: an hour of timers in seconds, on real sockets."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable
from concurrent.futures import Executor
from typing import Any, TypeVar, TypeVarTuple, Unpack

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

# Real seconds to wait before time jumps far: what was sent over loopback may still be on its way through the kernel.
_GRACE_S = 0.0003
_FAR_S = 0.02
_THREAD_S = 1.0  # and so long for what a thread is doing; for ever would be too long if it waits for us


class _Selector:
    """Waits for sockets as usual, but moves the loop's clock instead of waiting for a timer."""

    def __init__(self, loop: FastLoop) -> None:
        self._loop = loop
        self._real = selectors.DefaultSelector()

    def select(self, timeout: float | None = None) -> Any:
        events = self._real.select(0)
        if events or timeout == 0:
            return events
        if timeout is None:  # no timer to jump to
            return self._real.select(None)
        wait_s = _THREAD_S if self._loop.in_threads else _GRACE_S if timeout > _FAR_S else 0
        events = self._real.select(wait_s)
        if not events:
            self._loop.now += timeout
        return events

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


class FastLoop(asyncio.SelectorEventLoop):
    """One clock for every timer. It stands still while there is something to do and jumps to the next timer then.

    So a timeout never strikes because the machine is slow. It stands still, too, while a thread does what it was asked
    for by `run_in_executor` or `asyncio.to_thread`. Not for code that waits for other threads or for processes: time
    would run away meanwhile.
    """

    def __init__(self) -> None:
        self.now = 1_000.0
        self.in_threads = 0  # calls that are not done
        super().__init__(_Selector(self))  # type: ignore[arg-type]

    def time(self) -> float:
        return self.now

    def run_in_executor(
        self, executor: Executor | None, func: Callable[[Unpack[Ts]], T], *args: *Ts
    ) -> asyncio.Future[T]:
        future = super().run_in_executor(executor, func, *args)
        self.in_threads += 1
        future.add_done_callback(self._leave_thread)
        return future

    def _leave_thread(self, _future: asyncio.Future[Any]) -> None:
        self.in_threads -= 1
