"""When the next connect may go: five a second for the whole process, none while the exchange blocks us."""

from __future__ import annotations

import asyncio

from core.feed.limiter import Arrivals, Slot

CONNECTS_PER_S = 5
_LOOK_S = 0.05


class Gate:
    """Lets connects through so that no second sees more than five of them arrive."""

    def __init__(self) -> None:
        self._arrivals = Arrivals(CONNECTS_PER_S)

    async def enter(self) -> Slot:
        """Return when a connect may go; give the slot back by `leave` when it is answered."""
        loop = asyncio.get_running_loop()
        while True:
            now = loop.time()
            wait_s = self._arrivals.ready_at(now) - now
            if wait_s <= 0.0:
                return self._arrivals.enter(now)
            await asyncio.sleep(min(max(wait_s, 0.001), _LOOK_S))  # an answer may come before

    def leave(self, slot: Slot) -> None:
        """The handshake was answered, or will not be. Again does nothing."""
        self._arrivals.leave(slot, asyncio.get_running_loop().time())

    def block(self, seconds: float) -> None:
        """Let nobody through for so long: the exchange said so to one of us."""
        self._arrivals.block(asyncio.get_running_loop().time() + seconds)
