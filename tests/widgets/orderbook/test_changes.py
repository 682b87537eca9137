"""Pulling and stacking, and what was traded at each price."""

from __future__ import annotations

import itertools
from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.market import price_key
from core.state.tape import Tape
from core.wire.messages import Trade
from widgets.orderbook.changes import STAGES, Change, Changes, Sums, Traded

sides = st.dictionaries(st.integers(0, 12), st.integers(1, 8).map(float), max_size=8)


def test_what_is_put_up_and_taken_down_is_summed_and_fades() -> None:
    changes = Changes(is_ask=True, window_s=4.0)
    changes.see({1: 5.0, 2: 1.0}, None, 10.0)
    assert changes.at(10.0) == {}, "the first book is no change"
    changes.see({1: 7.0, 3: 2.0}, None, 11.0)
    assert changes.at(11.0) == {1: Change(2.0, STAGES), 2: Change(-1.0, STAGES), 3: Change(2.0, STAGES)}
    changes.see({1: 6.0, 3: 2.0}, None, 13.0)
    changes.forget(13.5)
    assert changes.at(13.5) == {1: Change(1.0, STAGES), 2: Change(-1.0, 2), 3: Change(2.0, 2)}
    changes.forget(15.0)
    assert changes.at(15.0) == {1: Change(-1.0, 3)}, "only the last one is young enough"
    changes.forget(17.0)
    assert not changes.has_any


def test_what_comes_into_sight_was_not_put_up() -> None:
    asks = Changes(is_ask=True)
    asks.see({1: 1.0, 2: 1.0, 3: 1.0}, 3, 0.0)
    asks.see({2: 1.0, 3: 1.0, 4: 9.0}, 4, 1.0)  # the best one was taken, so one more can be seen
    assert asks.at(1.0) == {1: Change(-1.0, STAGES)}
    asks.see({0: 1.0, 2: 1.0, 3: 1.0}, 3, 2.0)
    assert asks.at(2.0)[0] == Change(1.0, STAGES)
    assert 4 not in asks.at(2.0), "nor was it taken down where it cannot be seen any more"
    bids = Changes(is_ask=False)
    bids.see({9: 1.0, 8: 1.0}, 8, 0.0)
    bids.see({8: 1.0, 7: 4.0}, 7, 1.0)
    assert bids.at(1.0) == {9: Change(-1.0, STAGES)}


@given(st.lists(sides, min_size=2, max_size=20))
def test_changes_add_up_to_the_difference(books: list[dict[int, float]]) -> None:
    changes = Changes(is_ask=True, window_s=1e9)
    for n, side in enumerate(books):
        changes.see(side, None, float(n))
    found = {place: change.size for place, change in changes.at(0.0).items()}
    first, last = books[0], books[-1]
    expected = {p: last.get(p, 0.0) - first.get(p, 0.0) for p in first.keys() | last.keys()}
    assert found == {p: size for p, size in expected.items() if size}


@given(st.lists(st.tuples(sides, st.integers(0, 3)), min_size=2, max_size=30), st.integers(1, 6), st.booleans())
def test_only_what_happened_within_the_window_counts(
    steps: list[tuple[dict[int, float], int]], window: int, is_ask: bool
) -> None:
    changes = Changes(is_ask=is_ask, window_s=float(window))
    now, times = 0, []
    for side, wait in steps:
        now += wait
        times.append(now)
        # Of each book all is known but the last place: so it is with a side of thirty levels.
        changes.see(side, (max(side) if is_ask else min(side)) if side else None, float(now))
        changes.forget(float(now))
    expected: dict[int, float] = defaultdict(float)
    for (_, (old, _)), (then, (new, _)) in itertools.pairwise(zip(times, steps, strict=True)):
        if then <= now - window:
            continue
        for place in old.keys() | new.keys():
            ends = [(max(s) if is_ask else min(s)) for s in (old, new) if s]
            if all(place <= end if is_ask else place >= end for end in ends):
                expected[place] += new.get(place, 0.0) - old.get(place, 0.0)
    assert {p: c.size for p, c in changes.at(float(now)).items()} == {p: s for p, s in expected.items() if s}


def test_another_book_begins_without_changes() -> None:
    changes = Changes(is_ask=True)
    changes.see({1: 1.0}, None, 0.0)
    changes.see({1: 2.0}, None, 1.0)
    changes.begin()
    changes.see({5: 9.0}, None, 2.0)
    assert changes.at(2.0) == {}


# --- Traded ---


def trade(number: int, time_ms: int, price: float, side: str, size: float = 1.0) -> Trade:
    return Trade("KRW-BTC", price, size, side, time_ms, number)  # type: ignore[arg-type]


def place(one: Trade) -> int:
    return price_key(one.price)


MINUTE = 60_000
NOW = 10_000_000
prints = st.lists(st.tuples(st.integers(0, 200_000), st.integers(1, 5), st.booleans(), st.integers(1, 9)), max_size=60)


@given(prints, st.sampled_from([1, 2, 0]), st.integers(1, 7))
def test_sums_are_those_of_the_trades_within_the_window(
    made: list[tuple[int, int, bool, int]], window: int, batch: int
) -> None:
    tape, traded = Tape(), Traded(place, window)
    now = 0
    for n, (time_ms, price, is_buy, size) in enumerate(sorted(made, key=lambda m: m[0])):
        tape.add(trade(n, time_ms, float(price), "BID" if is_buy else "ASK", float(size)))
        now = time_ms
        if n % batch == 0:
            traded.follow(tape, now)
    now += 7
    traded.follow(tape, now)
    expected: dict[int, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for time_ms, price, is_buy, size in made:
        if not window or time_ms > now - window * MINUTE:
            expected[price_key(float(price))][is_buy] += size
    assert traded.sums == {p: Sums(*sums) for p, sums in expected.items()}


def test_a_page_that_comes_late_is_summed_where_its_time_puts_it() -> None:
    tape, traded = Tape(), Traded(place, 1)
    tape.add(trade(1, NOW, 100.0, "BID"))
    traded.follow(tape, NOW)
    for n in range(10):
        tape.add(trade(10 + n, NOW - 30_000 - 10_000 * n, 100.0, "ASK"))
    traded.follow(tape, NOW)
    assert traded.sums == {price_key(100.0): Sums(3.0, 1.0)}
    traded.follow(tape, NOW + 25_000)
    assert traded.sums == {price_key(100.0): Sums(1.0, 1.0)}
    traded.follow(tape, NOW + MINUTE)
    assert traded.sums == {}


def test_nothing_is_left_of_sums_that_do_not_add_up_in_floats() -> None:
    tape, traded = Tape(), Traded(place, 1)
    for n, size in enumerate((0.1, 0.2, 0.3)):
        tape.add(trade(n, NOW + n, 100.0, "BID", size))
        tape.add(trade(10 + n, NOW + MINUTE, 100.0, "ASK", size))
    traded.follow(tape, NOW + MINUTE - 1)
    traded.follow(tape, NOW + MINUTE + 10)
    assert traded.sums[price_key(100.0)].bought == 0.0


def test_another_tape_and_other_places_begin_anew() -> None:
    tape, other, traded = Tape(), Tape(), Traded(place, 1)
    tape.add(trade(1, NOW, 100.0, "BID"))
    other.add(trade(1, NOW, 200.0, "ASK"))
    traded.follow(tape, NOW)
    traded.follow(other, NOW)
    assert traded.sums == {price_key(200.0): Sums(1.0, 0.0)}
    traded.begin(lambda one: int(one.price) // 1000, 0)
    traded.follow(other, NOW + 10 * MINUTE)
    assert traded.sums == {0: Sums(1.0, 0.0)}


def test_a_window_that_the_ledger_does_not_know_whole_says_so() -> None:
    tape, traded = Tape(), Traded(place, 1)
    first = trade(1, NOW, 100.0, "BID")
    tape.resume(first, is_known=False)
    tape.add(first)
    traded.follow(tape, NOW + 30_000)
    assert not traded.is_whole
    traded.follow(tape, NOW + MINUTE)
    assert traded.is_whole
    tape.mark_break()
    traded.follow(tape, NOW + MINUTE)
    assert not traded.is_whole


@pytest.mark.parametrize("late_ms", [0, 200, 2_900])
def test_trades_out_of_order_by_a_moment_are_counted(late_ms: int) -> None:
    tape, traded = Tape(), Traded(place, 1)
    tape.add(trade(1, NOW, 100.0, "BID"))
    traded.follow(tape, NOW)
    tape.add(trade(2, NOW - late_ms, 100.0, "BID"))
    traded.follow(tape, NOW)
    assert traded.sums == {price_key(100.0): Sums(0.0, 2.0)}
