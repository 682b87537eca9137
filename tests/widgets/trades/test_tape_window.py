"""The window on the tape: following, standing still, late trades."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from core.state.coverage import Span
from core.state.tape import Tape
from core.wire.messages import Ticker, Trade
from widgets.trades.lines import Lines, Print, Wanted, tiers_of
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
