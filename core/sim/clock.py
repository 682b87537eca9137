"""The clock of the built-in exchange."""

from __future__ import annotations

import time
from collections.abc import Callable


def wall_ms() -> int:
    """Return the wall clock, epoch ms."""
    return time.time_ns() // 1_000_000


class Clock:
    """A clock that can be set wrong.

    Args:
        true_ms: epoch ms; must not go back.
        skew_ms: added to it.
    """

    def __init__(self, true_ms: Callable[[], int], skew_ms: int) -> None:
        self._true_ms, self.skew_ms = true_ms, skew_ms

    def now_ms(self) -> int:
        """Return what it shows, epoch ms."""
        return self._true_ms() + self.skew_ms
