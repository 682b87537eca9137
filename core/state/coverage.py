"""Of which times everything is known: stretches, and the holes between them. Pure."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import NamedTuple

BOUND = 256  # stretches kept; a ledger that is in more pieces forgets its oldest


class Span(NamedTuple):
    """Whole milliseconds, both ends inclusive."""

    from_ms: int
    to_ms: int


class Coverage:
    """Disjoint stretches of time, ascending, no two of them touching.

    Adding a stretch twice changes nothing, in whatever order stretches come.
    """

    def __init__(self, bound: int = BOUND) -> None:
        self.bound = bound
        self._starts: list[int] = []
        self._ends: list[int] = []

    def __len__(self) -> int:
        return len(self._starts)

    @property
    def spans(self) -> list[Span]:
        return [Span(a, b) for a, b in zip(self._starts, self._ends, strict=True)]

    @property
    def end_ms(self) -> int:
        """The end of the newest stretch; -1 if there is none."""
        return self._ends[-1] if self._ends else -1

    def add(self, from_ms: int, to_ms: int) -> None:
        """Count from..to as known. Nothing happens where `to_ms` lies before `from_ms`."""
        if to_ms < from_ms:
            return
        first = bisect_left(self._ends, from_ms - 1)  # the first stretch that it touches, or would stand before
        last = bisect_right(self._starts, to_ms + 1)
        if first < last:
            from_ms, to_ms = min(from_ms, self._starts[first]), max(to_ms, self._ends[last - 1])
        self._put(first, last, [Span(from_ms, to_ms)])

    def remove(self, from_ms: int, to_ms: int) -> None:
        """Count from..to as not known. Nothing happens where `to_ms` lies before `from_ms`."""
        first, last = bisect_left(self._ends, from_ms), bisect_right(self._starts, to_ms)
        if first < last and from_ms <= to_ms:
            beside = Span(self._starts[first], from_ms - 1), Span(to_ms + 1, self._ends[last - 1])
            self._put(first, last, [span for span in beside if span.from_ms <= span.to_ms])

    def _put(self, first: int, last: int, spans: list[Span]) -> None:
        """Put these in the place of the stretches [first, last)."""
        self._starts[first:last], self._ends[first:last] = [a for a, _ in spans], [b for _, b in spans]
        surplus = len(self._starts) - self.bound
        if surplus > 0:
            del self._starts[:surplus], self._ends[:surplus]

    def holes(self) -> list[Span]:
        """Return what lies between the stretches, oldest first."""
        return [Span(a + 1, b - 1) for a, b in zip(self._ends, self._starts[1:], strict=False)]

    def has(self, from_ms: int, to_ms: int) -> bool:
        """Tell whether all of from..to is known."""
        at = bisect_left(self._ends, from_ms)
        return at < len(self._ends) and self._starts[at] <= from_ms and to_ms <= self._ends[at]

    def start_of(self, time_ms: int) -> int | None:
        """Return where the stretch that holds `time_ms` begins, or None if it is in none."""
        at = bisect_left(self._ends, time_ms)
        return self._starts[at] if at < len(self._ends) and self._starts[at] <= time_ms else None

    def forget(self, before_ms: int) -> None:
        """Let go of everything before `before_ms`."""
        at = bisect_left(self._ends, before_ms)
        del self._starts[:at], self._ends[:at]
        if self._starts and self._starts[0] < before_ms:
            self._starts[0] = before_ms
