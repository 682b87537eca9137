"""Leases against a naive model: the union is derived, so nothing can leak."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule

from core.feed.leases import Lease, Leases
from core.market import ORDERBOOK, TICKER, TRADE, Stream

STREAMS = [Stream(c, m) for c in (TICKER, TRADE, ORDERBOOK) for m in ("KRW-A", "KRW-B", "KRW-C")]
some = st.frozensets(st.sampled_from(STREAMS))


class LeasesMachine(RuleBasedStateMachine):
    """Any number of consumers say any sets in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.changes = 0
        self.leases = Leases(self._changed)
        self.model: dict[Lease, frozenset[Stream]] = {}
        self.heard: dict[int, list[Stream]] = {}

    def _changed(self) -> None:
        self.changes += 1

    held = Bundle("held")

    def _union(self) -> frozenset[Stream]:
        return frozenset().union(*self.model.values())

    def _say(self, lease: Lease, streams: frozenset[Stream]) -> None:
        before, changes = self._union(), self.changes
        if streams:
            lease.want(iter(streams))
        else:
            lease.close()
        self.model[lease] = streams
        assert self.changes - changes == (self._union() != before)  # told once, and only of a change of the union

    @rule(target=held)
    def open(self) -> Lease:
        number = len(self.heard)
        self.heard[number] = []
        lease = self.leases.lease(self.heard[number].append)
        lease.number = number  # type: ignore[attr-defined]
        self.model[lease] = frozenset()
        return lease

    @rule(lease=held, streams=some)
    def want(self, lease: Lease, streams: frozenset[Stream]) -> None:
        self._say(lease, streams)

    @rule(lease=consumes(held))
    def close(self, lease: Lease) -> None:
        self._say(lease, frozenset())

    @rule(lease=held)
    def close_and_keep(self, lease: Lease) -> None:
        self._say(lease, frozenset())

    @rule(stream=st.sampled_from(STREAMS))
    def notify(self, stream: Stream) -> None:
        for heard in self.heard.values():
            heard.clear()
        self.leases.notify(stream)
        for lease, streams in self.model.items():
            expected = [stream] if stream in streams else []
            assert self.heard[lease.number] == expected  # type: ignore[attr-defined]

    @invariant()
    def the_union_is_the_sum(self) -> None:
        assert self.leases.wanted == self._union()
        assert self.leases.markets == {s.market for s in self._union() if s.channel != TICKER}


TestLeases = LeasesMachine.TestCase
TestLeases.settings = settings(deadline=None, max_examples=80, stateful_step_count=30)


def test_a_consumer_may_change_its_mind_while_it_is_told() -> None:
    a, b = STREAMS[0], STREAMS[1]
    leases = Leases(lambda: None)
    heard: list[str] = []
    first = leases.lease(lambda _s: (heard.append("first"), first.want({b})))
    second = leases.lease(lambda _s: heard.append("second"))
    first.want({a})
    second.want({a})
    leases.notify(a)
    leases.notify(a)
    assert heard == ["first", "second", "second"]


def test_what_somebody_looks_at_is_not_in_the_background() -> None:
    leases = Leases(lambda: None)
    ranked = leases.lease(lambda _stream: None, is_background=True)
    pane = leases.lease(lambda _stream: None)
    one, other = Stream(TRADE, "KRW-A"), Stream(TRADE, "KRW-B")
    ranked.want({one, other, Stream(TICKER, "KRW-A")})
    assert leases.background == {one, other}
    pane.want({one})
    assert leases.background == {other}
    pane.close()
    assert leases.background == {one, other}
