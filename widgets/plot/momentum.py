"""How what was pushed and let go comes to rest. Pure: px and seconds in, px out."""

from __future__ import annotations

import math
from collections import deque

WINDOW_S = 0.1  # of the last moves, which make the speed
REST_S = 0.06  # so long without a move, and the pointer stood still before it was let go
LEAST, MOST = 150.0, 6_000.0  # px/s with which it starts
END = 12.0  # px/s at which it stands
DECAY_S = 0.32  # in which the speed falls to 1/e
LONGEST_S = 0.25  # between two steps; after more nobody looked at it, and it has long come to rest


class Momentum:
    """One axis. Where it comes to rest depends on the push alone, not on how often `step` is called."""

    def __init__(self) -> None:
        self._moves: deque[tuple[float, float]] = deque(maxlen=64)  # (when, px)
        self._speed = 0.0  # px/s when it was let go
        self._since = self._at = 0.0  # when that was, and when the last step was
        self.is_running = False

    def stop(self) -> None:
        """Stand still, whatever went before."""
        self._moves.clear()
        self.is_running = False

    def move(self, px: float, now: float) -> None:
        """Take note of a move by hand."""
        self.is_running = False
        self._moves.append((now, px))

    def release(self, now: float) -> bool:
        """Let go: return whether it runs on."""
        moves = [(at, px) for at, px in self._moves if now - at <= WINDOW_S]
        self.stop()
        if len(moves) < 2 or now - moves[-1][0] > REST_S:
            return False
        # The first move only tells when the others began.
        speed = sum(px for _, px in moves[1:]) / max(moves[-1][0] - moves[0][0], 1e-3)
        if abs(speed) < LEAST:
            return False
        self._speed = math.copysign(min(abs(speed), MOST), speed)
        self._since = self._at = now
        self.is_running = True
        return True

    def step(self, now: float) -> float:
        """Return by how many px it moved since the last step; 0 when it stands."""
        if not self.is_running:
            return 0.0
        if now - self._at > LONGEST_S:
            self.stop()
            return 0.0
        rest_s = DECAY_S * math.log(abs(self._speed) / END)  # so long after it was let go it stands
        before, after = (min(at - self._since, rest_s) for at in (self._at, now))
        self._at = max(now, self._at)
        if after >= rest_s:
            self.stop()
        gone = math.exp(-before / DECAY_S) - math.exp(-max(after, before) / DECAY_S)
        return self._speed * DECAY_S * gone
