"""Coverage against a set of milliseconds: whatever is added or forgotten, in whatever order."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from core.state.coverage import Coverage, Span

MOMENTS = st.integers(0, 60)


class CoverageMachine(RuleBasedStateMachine):
    """Every step is done to a set of integers too."""

    def __init__(self) -> None:
        super().__init__()
        self.coverage = Coverage()
        self.known: set[int] = set()

    @rule(a=MOMENTS, b=MOMENTS)
    def add(self, a: int, b: int) -> None:
        self.coverage.add(a, b)
        self.known |= set(range(a, b + 1))

    @rule(a=MOMENTS, b=MOMENTS)
    def remove(self, a: int, b: int) -> None:
        self.coverage.remove(a, b)
        self.known -= set(range(a, b + 1))

    @rule(before=MOMENTS)
    def forget(self, before: int) -> None:
        self.coverage.forget(before)
        self.known = {ms for ms in self.known if ms >= before}

    @rule(a=MOMENTS, length=st.integers(0, 8))
    def ask(self, a: int, length: int) -> None:
        assert self.coverage.has(a, a + length) == (set(range(a, a + length + 1)) <= self.known)

    @rule(at=MOMENTS)
    def find(self, at: int) -> None:
        start = self.coverage.start_of(at)
        assert (start is not None) == (at in self.known)
        if start is not None:
            assert set(range(start, at + 1)) <= self.known
            assert start - 1 not in self.known

    @invariant()
    def is_the_set(self) -> None:
        spans = self.coverage.spans
        assert {ms for a, b in spans for ms in range(a, b + 1)} == self.known
        assert all(a <= b for a, b in spans)
        assert all(one.to_ms + 1 < other.from_ms for one, other in pairwise(spans))
        assert self.coverage.end_ms == max(self.known, default=-1)

    @invariant()
    def holes_are_what_is_between(self) -> None:
        between = {ms for a, b in self.coverage.holes() for ms in range(a, b + 1)}
        if self.known:
            assert between == set(range(min(self.known), max(self.known))) - self.known
        else:
            assert not between


TestCoverage = CoverageMachine.TestCase


@given(st.lists(st.tuples(st.integers(0, 3_000), st.integers(0, 9)), max_size=80), st.integers(1, 9))
def test_it_is_bounded_and_keeps_the_newest(pieces: list[tuple[int, int]], bound: int) -> None:
    coverage, free = Coverage(bound), Coverage()
    for start, length in sorted(pieces):
        coverage.add(start, start + length)
        free.add(start, start + length)
    assert coverage.spans == free.spans[-bound:]


def test_stretches_that_touch_are_one() -> None:
    coverage = Coverage()
    coverage.add(10, 19)
    coverage.add(30, 39)
    assert coverage.holes() == [Span(20, 29)]
    coverage.add(20, 29)
    assert coverage.spans == [Span(10, 39)]
    assert not coverage.holes()
