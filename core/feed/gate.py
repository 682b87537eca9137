"""When the next connect may go: five a second for the whole process, none while the exchange blocks us."""

from __future__ import annotations

import asyncio

CONNECTS_PER_S = 5
_SPAN_S = 1.08  # a little more than the exchange's second
_MOST_S = 2.0  # a handshake without an answer for so long has been counted, if it ever arrived
_LOOK_S = 0.05


class Slot:
    """One connect: when the exchange has counted it at the latest, loop time."""

    __slots__ = ("counted_at",)

    def __init__(self, counted_at: float) -> None:
        self.counted_at = counted_at


class Gate:
    """Lets connects through so that no second sees more than five of them arrive, however long each is on its way.

    What counts is when the handshake arrives, which is some time before its answer: a connect takes its place from
    its begin to a second after its answer.
    """

    def __init__(self) -> None:
        self._slots: list[Slot] = []  # at most as many as connects fit into the longest handshake
        self._blocked_until = float("-inf")

    async def enter(self) -> Slot:
        """Return when a connect may go; give the slot back by `leave` when it is answered."""
        loop = asyncio.get_running_loop()
        while True:
            now = loop.time()
            self._slots = [s for s in self._slots if s.counted_at > now - _SPAN_S]
            wait_s = self._blocked_until - now
            if wait_s <= 0.0 and len(self._slots) < CONNECTS_PER_S:
                slot = Slot(now + _MOST_S)
                self._slots.append(slot)
                return slot
            await asyncio.sleep(max(wait_s, _LOOK_S))

    def leave(self, slot: Slot) -> None:
        """The handshake was answered, or will not be. Again does nothing."""
        slot.counted_at = min(slot.counted_at, asyncio.get_running_loop().time())

    def block(self, seconds: float) -> None:
        """Let nobody through for so long: the exchange said so to one of us."""
        self._blocked_until = max(self._blocked_until, asyncio.get_running_loop().time() + seconds)
