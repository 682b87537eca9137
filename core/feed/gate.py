"""When the next connect may go: five a second for the whole process, none while the exchange blocks us."""

from __future__ import annotations

import asyncio

from core.feed.limiter import Window

CONNECTS_PER_S = 5


class Gate:
    """Lets connects through one by one."""

    def __init__(self) -> None:
        self._window = Window(CONNECTS_PER_S)

    async def __call__(self) -> None:
        """Return when a connect may go, and count it."""
        loop = asyncio.get_running_loop()
        at = self._window.book(loop.time())
        while (wait_s := at - loop.time()) > 0.0:
            await asyncio.sleep(wait_s)
            at = max(at, self._window.blocked_until)  # a block that came while it waited holds it too

    def block(self, seconds: float) -> None:
        """Let nobody through for so long: the exchange said so to one of us."""
        self._window.block(asyncio.get_running_loop().time() + seconds)
