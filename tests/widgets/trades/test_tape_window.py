"""The window on the tape: following, standing still, late trades."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from core.state.coverage import Span
from core.state.tape import Tape
from core.wire.messages import Ticker, Trade
from widgets.trades.lines import Exact, Lines, Print, Wanted, tiers_of
from widgets.trades.model import TapeWindow
from widgets.trades.pace import strength


def trade(
    number: int, time_ms: int | None = None, *, market: str = "KRW-BTC", price: float = 100.0, size: float = 1.0
) -> Trade:
    return Trade(
        market, price, size, "BID" if number % 2 else "ASK", number * 10 if time_ms is None else time_ms, number
    )


def tape_of(count: int, bound: int = 10_000) -> Tape:
    tape = Tape(bound)
    for number in range(1, count + 1):
        tape.add(trade(number))
    return tape


def window_on(tape: Tape, capacity: int = 5) -> TapeWindow:
    window = TapeWindow(capacity, Wanted(is_summed=False))
    window.open(tape)
    return window


def ids(window: TapeWindow) -> list[int]:
    return [row.id for row in window.rows]


def test_newest_stands_on_top_and_new_ones_are_counted() -> None:
    tape = tape_of(10)
    window = window_on(tape)
    assert ids(window) == [10, 9, 8, 7, 6]
    tape.add(trade(11))
    tape.add(trade(12))
    assert window.pull() == 2
    assert ids(window) == [12, 11, 10, 9, 8]
    assert window.pull() == 0
    assert window.is_following


def test_more_than_a_page_is_read_anew() -> None:
    tape = tape_of(10)
    window = window_on(tape)
    for number in range(11, 30):
        tape.add(trade(number))
    assert window.pull() is None
    assert ids(window) == [29, 28, 27, 26, 25]


def test_a_late_trade_takes_its_place_by_time() -> None:
    tape = tape_of(10)
    window = window_on(tape)
    tape.add(trade(99, time_ms=85))
    assert window.pull() is None
    assert ids(window) == [10, 9, 99, 8, 7]


def test_scrolled_back_it_stands_still_and_counts() -> None:
    tape = tape_of(20)
    window = window_on(tape)
    window.scroll(6)
    assert (ids(window), window.behind) == ([14, 13, 12, 11, 10], 6)
    tape.add(trade(21))
    tape.add(trade(22))
    assert window.pull() == 0
    assert (ids(window), window.behind) == ([14, 13, 12, 11, 10], 8)
    tape.add(trade(99, time_ms=135))  # belongs among the lines shown
    assert window.pull() is None
    assert (ids(window), window.behind) == ([14, 99, 13, 12, 11], 8)
    tape.add(trade(98, time_ms=175))  # newer than the top line, older than the newest
    assert window.pull() == 0
    assert (ids(window), window.behind) == ([14, 99, 13, 12, 11], 9)
    window.to_newest()
    assert (ids(window), window.behind) == ([22, 21, 20, 19, 18], 0)


def test_scrolling_ends_at_the_oldest_and_at_the_newest() -> None:
    window = window_on(tape_of(12))
    window.to_oldest()
    assert ids(window) == [5, 4, 3, 2, 1]
    window.scroll(100)
    assert ids(window) == [5, 4, 3, 2, 1]
    window.scroll(-100)
    assert window.is_following
    assert ids(window) == [12, 11, 10, 9, 8]


def test_a_page_that_is_not_full_cannot_be_scrolled() -> None:
    window = window_on(tape_of(3))
    window.scroll(2)
    assert window.is_following
    assert ids(window) == [3, 2, 1]


def test_the_forgotten_tail_moves_a_window_that_stands_there() -> None:
    tape = tape_of(40, bound=40)
    window = window_on(tape)
    window.to_oldest()
    for number in range(41, 60):
        tape.add(trade(number))
        window.pull()
    assert len(ids(window)) == 5
    assert ids(window)[-1] == tape.latest(len(tape))[0].id


def test_what_the_ledger_lets_go_of_is_not_shown_any_more() -> None:
    for is_frozen in (False, True):
        tape = tape_of(20)
        window = window_on(tape, 10)
        if is_frozen:
            window.freeze()
        tape.shrink(4)
        assert window.pull() is None
        assert ids(window) == [20, 19, 18, 17]


def test_a_reader_that_fell_far_behind_finds_its_line_again() -> None:
    tape = tape_of(100)
    window = window_on(tape)
    window.scroll(50)
    top = ids(window)[0]
    for number in range(101, 3_200):
        tape.add(trade(number))
    assert window.pull() == 0
    assert ids(window)[0] == top
    assert window.behind == 3_199 - top


@given(
    st.lists(st.tuples(st.integers(0, 60), st.integers(-12, 12)), max_size=60),
    st.integers(1, 9),
)
def test_lines_are_always_a_piece_of_the_tape(steps: list[tuple[int, int]], capacity: int) -> None:
    tape, shown = Tape(30), TapeWindow(capacity, Wanted(join_ms=-1, is_summed=False))
    shown.open(tape)
    painted: list[int] = []
    for number, (time_ms, scroll) in enumerate(steps, 1):
        tape.add(trade(number, time_ms))
        frozen_top = shown.rows[0].id if shown.behind else None
        new = shown.pull()
        if new is not None:  # what a view makes of it: new lines on top of the old picture
            painted = [*ids(shown)[:new], *painted][:capacity]
            assert painted == ids(shown)
        painted = ids(shown)
        whole = [t.id for t in reversed(tape.latest(len(tape)))]
        assert ids(shown) == whole[shown.behind : shown.behind + capacity]
        if frozen_top is not None and frozen_top in whole[: len(whole) - capacity + 1]:
            assert ids(shown)[0] == frozen_top
        shown.scroll(scroll)
        painted = ids(shown)


def print_of(only: Trade) -> Print:
    tape = Tape()
    tape.add(only)
    return Lines(tape, Wanted(tiers=tiers_of(only.market))).at(0)


def test_value_and_tier_follow_the_quote_currency() -> None:
    assert print_of(trade(1, price=100.0, size=99_999.0)).tier == 0
    assert print_of(trade(1, price=100.0, size=100_000.0)).tier == 1
    assert print_of(trade(1, price=100.0, size=300_000.0)).tier == 2
    assert print_of(trade(1, price=100.0, size=1_000_000.0)).tier == 3
    assert print_of(trade(1, market="BTC-ETH", price=0.05, size=2.0)).tier == 1
    assert print_of(trade(1, market="USDT-BTC", price=70_000.0, size=1.0)).tier == 3
    row = print_of(trade(2, price=2.5, size=4.0))
    assert (row.value, row.is_buy) == (10.0, False)


def test_strength_is_bought_over_sold() -> None:
    assert strength(Ticker("KRW-BTC", 1.0, day_ask_volume=50.0, day_bid_volume=60.0)) == 120.0
    assert math.isnan(strength(None))
    assert math.isnan(strength(Ticker("KRW-BTC", 1.0)))
    assert math.isnan(strength(Ticker("KRW-BTC", 1.0, day_ask_volume=0.0, day_bid_volume=60.0)))


def test_a_hole_in_the_ledger_is_a_line_until_it_is_filled() -> None:
    tape = Tape()
    tape.resume(trade(1, 1_000), is_known=False)
    tape.add(trade(1, 1_000))
    tape.cover(0, 1_000)
    tape.add(trade(2, 90_000))
    window = TapeWindow(capacity=3)
    window.open(tape)
    assert [row.hole for row in window.rows] == [None, None]
    tape.mark_break(0)
    tape.resume(trade(3, 95_000), is_known=False)
    tape.add(trade(3, 95_000))
    tape.add(trade(4, 96_000))
    window.pull()
    assert [(row.id, row.hole) for row in window.rows] == [(4, None), (3, None), (-4, Span(90_001, 95_000))]
    tape.cover(90_001, 95_000)
    assert window.pull() is None  # it is filled without a trade
    assert [(row.id, row.hole) for row in window.rows] == [(4, None), (3, None), (2, None)]
    assert window.pull() == 0


def test_of_an_order_that_goes_on_the_top_line_grows() -> None:
    tape = tape_of(10)
    window = window_on(tape)
    tape.add(trade(12, time_ms=100))  # the aggressor and the millisecond of the tenth
    tape.add(trade(13, time_ms=110))
    assert window.pull() == 1
    assert [(row.id, row.trades) for row in window.rows[:3]] == [(13, 1), (10, 2), (9, 1)]
    tape.add(trade(15, time_ms=110))
    assert window.pull() == 0
    assert [(row.id, row.trades) for row in window.rows[:3]] == [(13, 2), (10, 2), (9, 1)]


def test_a_flood_is_summed_unless_somebody_reads_in_peace() -> None:
    for is_frozen, count in ((False, 2), (True, 20)):
        tape = tape_of(10)
        window = TapeWindow(5)
        window.open(tape)
        if is_frozen:
            window.freeze()
        for number in range(11, 31):
            tape.add(trade(number))
        window.pull()
        if is_frozen:
            assert ids(window) == [10, 9, 8, 7, 6]
            assert window.behind == 20
            window.to_newest()
        assert sum(row.trades for row in window.rows) == (20 + 3 if count == 2 else 5)
        assert [row.trades for row in window.rows[:2]] == ([10, 10] if count == 2 else [1, 1])


def test_frozen_at_the_newest_it_stands_still_and_counts() -> None:
    tape = tape_of(10)
    window = window_on(tape)
    window.freeze()
    assert (window.is_following, window.behind) == (False, 0)
    tape.add(trade(11))
    assert window.pull() == 0
    assert (ids(window), window.behind) == ([10, 9, 8, 7, 6], 1)
    window.to_newest()
    assert (ids(window), window.behind, window.is_following) == ([11, 10, 9, 8, 7], 0, True)


def test_a_short_tape_can_be_frozen_too() -> None:
    tape = tape_of(3)
    window = window_on(tape)
    window.freeze()
    for number in (4, 5, 6, 7):
        tape.add(trade(number))
        window.pull()
    assert (ids(window), window.behind) == ([3, 2, 1], 4)


def test_scrolled_back_it_keeps_its_place_when_the_filter_changes() -> None:
    tape = tape_of(100)
    window = window_on(tape)
    window.scroll(40)
    assert ids(window)[0] == 60
    window.want(window.wanted._replace(side="BID"))
    assert ids(window) == [59, 57, 55, 53, 51]
    assert window.behind == 20
    window.want(window.wanted._replace(side=""))
    assert ids(window)[0] == 59


def test_selected_lines_are_copied_with_each_digit_even_out_of_sight() -> None:
    tape = tape_of(100)
    window = window_on(tape)
    window.select(1)
    assert not window.is_following, "who selects does not want it to run away"
    assert window.selected == {99}
    tape.add(trade(101))
    window.scroll(10)
    window.select(4, is_more=True)
    oldest = ids(window)[4]
    assert window.selected == set(ids(window))
    said = window.exact()
    assert [line.time_ms for line in said if isinstance(line, Exact)] == [10 * n for n in range(99, oldest - 1, -1)]
    window.to_newest()
    assert window.selected == frozenset()
    assert [line.time_ms for line in window.exact() if isinstance(line, Exact)] == [10 * n for n in range(101, 96, -1)]


def test_the_largest_new_line_is_heard_once() -> None:
    tape = tape_of(10)
    window = TapeWindow(5, Wanted(tiers=(1_000.0, 10_000.0, 100_000.0)))
    window.open(tape)
    window.listen(1)
    assert window.loudest is None
    for number, size in ((11, 200.0), (12, 20.0), (13, 1.0)):
        tape.add(trade(number, size=size))
    window.pull()
    assert window.loudest == (2, "BID")
    window.loudest = None
    tape.add(trade(14, size=20.0))
    window.pull()
    assert window.loudest == (1, "ASK")
    window.loudest = None
    tape.add(trade(16, time_ms=140, size=1.0))  # the same order goes on, and is as large as before
    window.pull()
    assert window.loudest is None
    tape.add(trade(18, time_ms=140, size=100.0))  # now it is larger
    window.pull()
    assert window.loudest == (2, "ASK")
    window.listen(1, "BID")
    for number, size in ((19, 20.0), (20, 2_000.0)):
        tape.add(trade(number, size=size))
    window.pull()
    assert window.loudest == (1, "BID"), "though a larger one was sold"


def listening(tape: Tape) -> TapeWindow:
    window = TapeWindow(5, Wanted(tiers=(1_000.0, 10_000.0, 100_000.0)))
    window.open(tape)
    window.listen(1)
    return window


def heard(window: TapeWindow) -> tuple[int, str] | None:
    window.pull()
    loudest, window.loudest = window.loudest, None
    return loudest


def test_what_comes_late_is_not_heard_and_what_was_heard_is_not_heard_again() -> None:
    tape = tape_of(10)
    window = listening(tape)
    tape.add(trade(11, size=200.0))
    assert heard(window) == (2, "BID")
    tape.add(trade(12))
    for late in range(20, 40):
        tape.add(trade(late, time_ms=late, size=5_000.0))
    assert heard(window) is None
    tape.add(trade(40, time_ms=85, size=5_000.0))
    tape.add(trade(14, size=20.0))
    assert heard(window) == (1, "ASK"), "what is new beside it"


def test_nothing_is_heard_of_what_was_traded_while_nobody_listened() -> None:
    tape = Tape()
    window = listening(tape)
    tape.resume(trade(1, size=200.0), is_known=False)
    tape.add(trade(1, size=200.0))  # the market's newest trade, from whenever
    assert heard(window) is None
    tape.add(trade(3, size=200.0))
    assert heard(window) == (2, "BID")
    tape.cover(0, 30)
    tape.mark_break(0)
    tape.resume(trade(500, size=200.0), is_known=False)
    tape.add(trade(500, size=200.0))
    assert heard(window) is None
    for number in (401, 403):
        tape.add(trade(number, size=2_000.0))
    tape.cover(31, 5_000)
    assert heard(window) is None
    tape.add(trade(501, size=200.0))
    assert heard(window) == (2, "BID")
    window.hear_no_more()
    tape.add(trade(503, size=200.0))
    assert heard(window) is None
    tape.add(trade(505, size=200.0))
    assert heard(window) == (2, "BID")


@given(
    st.lists(
        st.lists(st.tuples(st.integers(-60, 20), st.sampled_from([1.0, 20.0, 200.0])), max_size=6),
        min_size=1,
        max_size=12,
    )
)
def test_only_what_is_newer_than_all_before_is_heard(steps: list[list[tuple[int, float]]]) -> None:
    tape = tape_of(3)
    window = listening(tape)
    number, newest = 100, 1_000
    tape.add(trade(number, newest))
    heard(window)
    for step in steps:
        before = newest
        for after, size in step:
            number, newest = number + 1, max(newest, before + after)
            tape.add(trade(number, before + after, size=size))
        loudest = heard(window)
        later = tape.of_times(before, newest)
        assert loudest is None or any(t.aggressor == loudest[1] and t.size >= 20.0 for t in later)
        if all(after > 0 for after, _ in step):
            sizes = [size for _, size in step]
            assert (loudest is not None) == any(size >= 20.0 for size in sizes)


@given(
    st.lists(st.tuples(st.integers(0, 12), st.integers(0, 3), st.integers(-9, 9), st.booleans()), max_size=30),
    st.integers(1, 6),
    st.sampled_from([-1, 0, 50]),
)
def test_the_view_never_shows_other_lines_than_there_are(
    steps: list[tuple[int, int, int, bool]], capacity: int, join_ms: int
) -> None:
    """What a view makes of `pull`: the new lines on top, the one below them if it grew, all if so told."""
    tape, window = Tape(40), TapeWindow(capacity, Wanted(join_ms=join_ms))
    window.open(tape)
    number, time_ms = 0, 1_000
    painted: list[Print] = []
    for count, after, scroll, is_frozen in steps:
        for i in range(count):
            number, time_ms = number + 1, time_ms + after
            tape.add(Trade("KRW-BTC", 100.0 + number % 3, 1.0, "BID" if i % 3 else "ASK", time_ms, number))
        new = window.pull()
        if new is None:
            painted = list(window.rows)
        else:
            below = painted[1:] if painted else []
            grown = window.rows[new : new + 1] if painted else []
            painted = [*window.rows[:new], *grown, *below][:capacity]
        assert painted == list(window.rows)
        assert len(painted) <= capacity
        window.scroll(scroll)
        if is_frozen:
            window.freeze()
        painted = list(window.rows)
    window.capacity = 10_000
    window.to_newest()
    assert sum(row.trades for row in window.rows) == len(tape)
    assert sum(row.size for row in window.rows) == len(tape)
