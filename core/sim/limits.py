"""How often a client may ask."""

from __future__ import annotations

_SLACK = 0.04  # of a window: what the network may squeeze together


class Window:
    """At most `count` in any window of `length_s` that begins with a request."""

    def __init__(self, count: int, length_s: float) -> None:
        self.count = count
        self.per_minute = round(60 * count / length_s)
        self._length_s = length_s * (1 - _SLACK)
        self._begun = float("-inf")
        self._used = 0

    def take(self, now: float) -> bool:
        """Count one request at `now` (seconds); False where it is one too many."""
        if now - self._begun >= self._length_s:
            self._begun, self._used = now, 0
        self._used += 1
        return self._used <= self.count

    def left(self, now: float) -> int:
        """Return how many more the window takes."""
        return self.count if now - self._begun >= self._length_s else max(self.count - self._used, 0)
