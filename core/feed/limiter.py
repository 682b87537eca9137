"""How soon one may speak. Pure: `now` is an argument, in seconds of the loop's clock."""

from __future__ import annotations

from collections import deque


class TokenBucket:
    """Allow a burst of `size`, then one in `refill_s`, and never two within `spacing_s`.

    The defaults keep a socket inside 5 messages a second and 100 a minute: 5 + 60 / 0.65 is at most 98 in any 60 s.
    The spacing is a little more than a fifth of a second, for a network that delivers two closer than they left.
    """

    def __init__(self, size: int = 5, refill_s: float = 0.65, spacing_s: float = 0.21) -> None:
        self.size = size
        self.refill_s = refill_s
        self.spacing_s = spacing_s
        self._tokens = float(size)
        self._at = 0.0  # when `_tokens` was right
        self._last = float("-inf")

    def _level(self, now: float) -> float:
        return min(self._tokens + max(now - self._at, 0.0) / self.refill_s, float(self.size))

    def left(self, now: float) -> int:
        """Return how many messages the bucket holds now."""
        return int(self._level(now) + 1e-9)

    def ready_at(self, now: float) -> float:
        """Return when the next message may go: `now` or later."""
        missing = 1.0 - self._level(now)
        refilled = now + missing * self.refill_s if missing > 1e-9 else now
        return max(refilled, self._last + self.spacing_s)

    def take(self, now: float) -> None:
        """Count a message that goes at `now`."""
        self._tokens = self._level(now) - 1.0
        self._at = self._last = now


class Slot:
    """One request on its way: when the exchange has counted it at the latest, in seconds of the loop's clock."""

    __slots__ = ("counted_at",)

    def __init__(self, counted_at: float) -> None:
        self.counted_at = counted_at


class Arrivals:
    """Allow `limit` arrivals in any `span_s`, though when a request arrives is not known.

    It lies between its begin and its answer, so a request takes its place from its begin until a span after its
    answer: however long each is on its way, no span sees more of them arrive. One that is not answered within `most_s`
    was counted by then, if it ever arrives.
    """

    def __init__(self, limit: int, span_s: float = 1.08, most_s: float = 2.0) -> None:
        self.limit = limit
        self.span_s = span_s
        self.most_s = most_s
        self._slots: list[Slot] = []
        self._blocked_until = float("-inf")

    def ready_at(self, now: float) -> float:
        """Return when the next request may go: `now` or later; sooner if an answer comes before."""
        self._slots = [slot for slot in self._slots if slot.counted_at > now - self.span_s]
        ready = max(now, self._blocked_until)
        if len(self._slots) >= self.limit:
            ends = sorted(slot.counted_at for slot in self._slots)
            ready = max(ready, ends[len(ends) - self.limit] + self.span_s)
        return ready

    def enter(self, now: float) -> Slot:
        """Count a request that goes at `now`; say `leave` when it is answered."""
        slot = Slot(now + self.most_s)
        self._slots.append(slot)
        return slot

    def leave(self, slot: Slot, now: float) -> None:
        """A request was answered, or will not be. Again does nothing."""
        slot.counted_at = min(slot.counted_at, now)

    def block(self, until: float) -> None:
        """Let nothing go before `until`: the exchange said so."""
        self._blocked_until = max(self._blocked_until, until)


class Window:
    """Allow `limit` in any `span_s`. The margin is for a network that delivers two calls closer than they left."""

    def __init__(self, limit: int, span_s: float = 1.0, margin: float = 0.08) -> None:
        self.limit = limit
        self.span_s = span_s * (1.0 + margin)
        self._times: deque[float] = deque(maxlen=limit)

    def ready_at(self, now: float) -> float:
        """Return when the next call may go: `now` or later."""
        ready = now
        if len(self._times) == self.limit:
            ready = max(ready, self._times[0] + self.span_s)
        return ready

    def take(self, now: float) -> None:
        """Count a call that goes at `now`."""
        self._times.append(now)

    def book(self, now: float) -> float:
        """Count a call and return when it may go: callers that come together are spread by this, without a lock."""
        at = self.ready_at(now)
        self.take(at)
        return at
