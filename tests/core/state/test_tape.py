"""The tape against a naive model: every trade once, by time, bounded."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

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


def test_a_break_begins_at_the_last_trade_and_a_second_one_does_not_move_it() -> None:
    tape = Tape()
    assert tape.break_ms == -1  # never complete yet
    tape.break_ms = None
    tape.mark_break()
    assert tape.break_ms == -1
    tape.break_ms = None
    tape.add(trade(1, 100))
    tape.mark_break()
    tape.add(trade(2, 200))
    tape.mark_break()
    assert tape.break_ms == 100
