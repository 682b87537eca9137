"""A loop whose time passes only while nothing happens: an hour of timers in seconds, on real sockets."""

from __future__ import annotations

import asyncio
import selectors
from typing import Any

import aiohttp as _aiohttp  # noqa: F401 - a client would load it in a thread, for which this clock does not wait

# Real seconds to wait before time jumps far: what was sent over loopback may still be on its way through the kernel.
_GRACE_S = 0.0003
_FAR_S = 0.02


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
        events = self._real.select(_GRACE_S if timeout > _FAR_S else 0)
        if not events:
            self._loop.now += timeout
        return events

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


class FastLoop(asyncio.SelectorEventLoop):
    """One clock for every timer. It stands still while there is something to do and jumps to the next timer then.

    So a timeout never strikes because the machine is slow. Not for code that waits for threads or other processes:
    time would run away meanwhile.
    """

    def __init__(self) -> None:
        self.now = 1_000.0
        super().__init__(_Selector(self))  # type: ignore[arg-type]

    def time(self) -> float:
        return self.now
