"""The tape against a naive model: every trade once, by time, bounded."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from core.state.coverage import Span
from core.state.tape import Tape
from core.wire.messages import Trade


def trade(id_: int, time_ms: int, price: float = 100.0) -> Trade:
    return Trade("KRW-BTC", price, 1.0, "BID", time_ms, id_)


# Ids say nothing of the order in time, and several trades share a millisecond.
trades = st.integers(0, 60).map(lambda id_: trade(id_, id_ * 7 % 41))


@settings(deadline=None)
@given(st.lists(trades, max_size=200))
def test_each_trade_stands_once_and_by_time(arrivals: list[Trade]) -> None:
    tape = Tape(bound=1_000)
    model: dict[int, Trade] = {}
    for one in arrivals:
        assert tape.add(one) == (one.id not in model)
        model.setdefault(one.id, one)
        assert one.id in tape
    # A stable sort by time of what arrived: equal times stay in order of arrival.
    assert tape.latest(1_000) == sorted(model.values(), key=lambda t: t.time_ms)
    assert tape.count == tape.version == len(tape) == len(model)


@settings(deadline=None)
@given(st.lists(trades, max_size=120), st.lists(st.integers(0, 12), min_size=1, max_size=20))
def test_a_cursor_hears_each_arrival_once_in_order(arrivals: list[Trade], steps: list[int]) -> None:
    tape = Tape()
    heard: list[Trade] = []
    cursor, at = 0, 0
    for step in [*steps, len(arrivals)]:
        for one in arrivals[at : at + step]:
            tape.add(one)
        at += step
        new, cursor = tape.since(cursor)
        heard += new
    assert [t.id for t in heard] == list(dict.fromkeys(t.id for t in arrivals))
    assert tape.since(cursor) == ([], cursor)


@settings(deadline=None, max_examples=50)
@given(st.integers(1, 30), st.lists(st.integers(-20, 3), min_size=1, max_size=300))
def test_it_is_bounded_and_what_was_let_go_does_not_return(bound: int, jitter: list[int]) -> None:
    tape = Tape(bound)
    sent = [trade(i, max(10 * i + j * 10, 0)) for i, j in enumerate(jitter, 1)]
    for one in sent:
        tape.add(one)
        assert len(tape) <= bound + bound // 8
    kept = tape.latest(10_000)
    assert [t.time_ms for t in kept] == sorted(t.time_ms for t in kept)
    gone = [t for t in sent if t.id not in tape]
    before = tape.count
    for one in gone:
        assert not tape.add(one)  # REST says it again: it is old, not new
    assert tape.count == before
    assert tape.latest(10_000) == kept


def test_a_late_trade_is_told_and_stands_where_its_time_puts_it() -> None:
    tape = Tape()
    tape.add(trade(1, 100))
    tape.add(trade(2, 300))
    assert tape.late == 0
    _, cursor = tape.since(0)
    tape.add(trade(3, 200))
    assert tape.late == 1
    assert [t.id for t in tape.latest(10)] == [1, 3, 2]
    assert [t.id for t in tape.since(cursor)[0]] == [3]
    assert tape.last is not None
    assert tape.last.id == 2


def test_places_are_by_time() -> None:
    tape = Tape()
    for id_, time_ms in ((1, 100), (2, 300), (3, 200), (4, 300)):
        tape.add(trade(id_, time_ms))
    assert [tape.place_from(time_ms) for time_ms in (0, 100, 101, 300, 301)] == [0, 0, 1, 2, 4]
    assert [t.id for t in tape.between(1, 3)] == [3, 2]
    assert tape.between(4, 9) == []


def test_latest_can_leave_out_the_newest() -> None:
    tape = Tape()
    for i in range(10):
        tape.add(trade(i, i))
    assert [t.id for t in tape.latest(3, before=4)] == [3, 4, 5]
    assert [t.id for t in tape.latest(5, before=8)] == [0, 1]
    assert tape.latest(5, before=10) == []
    assert tape.latest(5, before=99) == []


def test_a_reader_that_fell_far_behind_can_see_it() -> None:
    tape = Tape()
    for i in range(5_000):
        tape.add(trade(i, i))
    new, cursor = tape.since(0)
    assert cursor == 5_000
    assert 0 < len(new) < cursor  # fewer than the cursor moved: read `latest`
    assert new[-1].id == 4_999


def test_a_new_ledger_asks_for_what_was_before_its_stream() -> None:
    tape = Tape()
    assert tape.to_fill() is None  # subscribe first, fetch second
    assert tape.resume(trade(5, 100), is_known=False)
    assert tape.to_fill() == (-1, 100)
    tape.cover(40, 90)  # a page that lags behind the stream
    assert not tape.is_joined
    assert tape.holes == [(91, 100)]
    tape.cover(91, 110)
    assert tape.is_joined
    assert not tape.holes


def started(*times: int) -> Tape:
    """Return a ledger that is complete from the first of some trades on, whose stream runs."""
    tape = Tape()
    tape.resume(trade(times[0], times[0]), is_known=False)
    for time_ms in times:
        tape.add(trade(time_ms, time_ms))
    tape.cover(times[0], times[0])
    assert tape.is_joined
    return tape


def test_what_was_missed_while_the_stream_was_down_is_a_hole_until_it_is_filled() -> None:
    tape = started(1_000, 9_000)
    tape.mark_break()
    tape.mark_break()  # the second is no other break
    assert not tape.is_joined
    assert tape.resume(trade(20_000, 20_000), is_known=False)
    assert tape.holes == [(6_001, 20_000)]  # frames overtake each other: the last three seconds are in doubt
    tape.cover(15_000, 20_000)
    assert tape.to_fill() == (6_001, 14_999)
    tape.cover(5_000, 14_999)
    assert tape.is_joined
    assert tape.coverage.holes() == []


def test_a_quiet_market_that_says_its_last_trade_again_missed_nothing() -> None:
    tape = started(1_000, 9_000)
    tape.mark_break(overlap_ms=0)
    assert not tape.resume(trade(9_000, 9_000), is_known=True)
    assert tape.is_joined


def test_a_stream_that_runs_and_says_what_is_unknown_has_lost_something() -> None:
    tape = started(1_000, 9_000)
    assert not tape.resume(trade(9_000, 9_000), is_known=True)  # a replace that kept the stream
    assert tape.resume(trade(9_500, 9_500), is_known=False)  # one that lost some of it
    assert tape.to_fill() == (6_001, 9_500)


def test_a_hole_that_nothing_fills_is_kept_and_not_asked_for_again() -> None:
    tape = started(1_000, 9_000)
    tape.mark_break()
    tape.resume(trade(90_000, 90_000), is_known=False)
    tape.cover(80_000, 90_000)
    tape.give_up(79_999)
    assert tape.is_joined
    assert tape.holes == [(6_001, 79_999)]
    assert list(tape.lost) == tape.holes
    tape.cover(6_001, 79_999)  # and yet it came
    assert not tape.holes


def test_a_ledger_that_forgot_all_it_was_complete_of_still_knows_where_it_began() -> None:
    tape = Tape(bound=8)
    tape.add(trade(1, 1))
    tape.resume(trade(1, 1), is_known=True)
    tape.cover(0, 1)
    for time_ms in range(2, 60):
        tape.add(trade(time_ms, time_ms))
    assert tape.is_joined
    tape.mark_break()  # all that is left is in doubt
    assert tape.resume(trade(70, 70), is_known=False)
    hole = tape.to_fill()
    assert hole is not None
    assert hole.to_ms == 70
    assert hole.from_ms <= min(t.time_ms for t in tape.latest(100))


def test_a_page_reaches_the_stream_if_it_has_the_trade_that_the_stream_began_with() -> None:
    tape = Tape()
    tape.resume(trade(7, 5_400), is_known=False)
    assert tape.reach_ms([trade(5, 4_000), trade(6, 5_400)]) == 5_399  # of that millisecond it may know a part
    assert tape.reach_ms([trade(6, 5_400), trade(7, 5_400)]) == 5_400
    assert tape.reach_ms([trade(6, 4_000), trade(7, 5_000)]) == 5_400  # stamped to the second
    assert tape.reach_ms([trade(7, 5_400), trade(8, 9_000)]) == 8_999  # beyond it anyway


class LedgerMachine(RuleBasedStateMachine):
    """An exchange trades; the stream loses frames, stops and starts; REST lags and pages. What the ledger says it has
    of a time it must have.
    """

    def __init__(self) -> None:
        super().__init__()
        self.tape = Tape()
        self.traded: list[Trade] = []
        self.now = 10_000
        self.is_up = False

    @rule(times=st.lists(st.integers(0, 4_000), max_size=6), is_heard=st.booleans())
    def trade(self, times: list[int], is_heard: bool) -> None:
        """Some trades; unheard ones happen while the stream is down."""
        if not is_heard and self.is_up:
            self.stop()
        for wait in times:
            self.now += wait
            one = trade(len(self.traded), self.now)
            self.traded.append(one)
            if self.is_up:
                self.tape.add(one)

    @rule()
    def stop(self) -> None:
        if self.is_up:
            self.tape.mark_break()
            self.is_up = False

    @precondition(lambda self: self.traded)
    @rule()
    def start(self) -> None:
        """The stream starts, or is said again: its snapshot is the newest trade."""
        newest = self.traded[-1]
        is_known = newest.id in self.tape
        self.tape.resume(newest, is_known)
        self.tape.add(newest)
        self.is_up = True

    @precondition(lambda self: self.is_up)
    @rule(lost=st.integers(1, 2_000))
    def lose_a_frame(self, lost: int) -> None:
        self.now += lost
        self.traded.append(trade(len(self.traded), self.now))
        self.tape.mark_break()

    @rule(lag=st.integers(0, 3), count=st.integers(1, 6))
    def page(self, lag: int, count: int) -> None:
        """The newest page of REST, which may know less than the socket has brought."""
        known = self.traded[: len(self.traded) - lag]
        rows = known[-count:]
        if rows:
            for one in rows:
                self.tape.add(one)
            self.tape.cover(0 if len(rows) == len(known) else rows[0].time_ms + 1, self.tape.reach_ms(rows))

    @invariant()
    def has_what_it_says_it_has(self) -> None:
        spans = [*self.tape.coverage.spans]
        if self.tape.run_ms is not None:
            spans.append(Span(self.tape.run_ms, self.now))
        for one in self.traded:
            if any(a <= one.time_ms <= b for a, b in spans):
                assert one.id in self.tape, (one, spans)

    @invariant()
    def is_joined_only_without_a_hole(self) -> None:
        if self.tape.is_joined:
            assert not self.tape.holes


TestLedger = LedgerMachine.TestCase


def test_of_the_moment_in_which_a_stream_began_more_may_come_after_it_broke() -> None:
    tape = Tape()
    tape.resume(trade(3, 100), is_known=False)
    for id_ in (1, 2, 3):
        tape.add(trade(id_, 100))
    tape.cover(0, tape.reach_ms([trade(1, 100), trade(2, 100), trade(3, 100)]))
    assert tape.is_joined
    tape.mark_break()
    tape.resume(trade(5, 200), is_known=False)  # the fourth came at 100, too
    assert tape.holes == [Span(100, 200)]


def test_what_is_doubted_is_a_hole_until_it_is_covered_again() -> None:
    tape = Tape()
    tape.resume(trade(1, 100), is_known=False)
    for id_ in range(1, 9):
        tape.add(trade(id_, 100 * id_))
    tape.cover(50, 100)
    assert tape.is_joined
    assert tape.doubt(300, 500)
    assert tape.holes == [Span(300, 500)]
    assert tape.to_fill() == Span(300, 500)
    assert not tape.is_joined
    assert not tape.doubt(400, 700)  # begins before the stream's stretch: that is a hole already
    tape.cover(300, 499)
    assert tape.to_fill() == Span(500, 500)
    tape.cover(500, 500)
    assert tape.is_joined
    assert tape.run_ms == 50


def test_a_page_with_the_trade_the_stream_began_with_does_not_vouch_for_what_was_doubted() -> None:
    tape = Tape()
    first = trade(1, 100)
    tape.resume(first, is_known=False)
    tape.add(first)
    assert tape.reach_ms([first]) == 100  # all before the stream
    assert tape.doubt(101, 400)
    assert tape.reach_ms([first]) == 99


def test_a_market_nobody_looks_at_keeps_no_arrivals_for_readers() -> None:
    tape = Tape()
    for id_ in range(1, 9):
        tape.add(trade(id_, id_))
    _, cursor = tape.since(0)
    tape.shrink(4)
    tape.add(trade(9, 9))
    assert [t.id for t in tape.since(cursor)[0]] == [9]
    new, moved = tape.since(cursor - 3)
    assert len(new) < moved - (cursor - 3)  # the reader sees that it fell behind
