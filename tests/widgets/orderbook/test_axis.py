"""The axis of the ladder on which prices keep their places."""

from __future__ import annotations

import gzip
import itertools
import json
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.market import BTC_TICKS, KRW_TICKS, TICKS_OF_QUOTE, USDT_TICKS, TickTable, price_key, quote_of
from core.wire.codec import decode_book
from core.wire.messages import Level, Orderbook
from widgets.orderbook.axis import PriceAxis, Stack, Window
from widgets.orderbook.model import DEPTH, Ladder, ladder

TABLES = {"KRW": KRW_TICKS, "BTC": BTC_TICKS, "USDT": USDT_TICKS}
tables = st.sampled_from(list(TABLES.values()))
groups = st.sampled_from([0.0, 1e-8, 1e-6, 0.01, 1.0, 5.0, 10_000.0])


@st.composite
def tick_books(draw: st.DrawFn) -> tuple[TickTable, Ladder]:
    """Books on the exchange's grid, of any depth, about the border of two bands as often as not."""
    table = draw(tables)
    axis = PriceAxis(table)
    middle = axis.below(draw(st.sampled_from([f for f in table.floors if f] or [0.0345])))
    middle = max(middle + draw(st.integers(-40, 40)), 200)
    asks = sorted(draw(st.sets(st.integers(1, 150), max_size=DEPTH)))
    bids = sorted(draw(st.sets(st.integers(0, 150), max_size=DEPTH)))
    sizes = st.floats(1e-8, 1e9)
    return table, book(
        [(axis.price(middle + i), draw(sizes)) for i in asks], [(axis.price(middle - i), draw(sizes)) for i in bids]
    )


def book(asks: list[tuple[float, float]], bids: list[tuple[float, float]]) -> Ladder:
    length = max(len(asks), len(bids))
    padded = [side + [(0.0, 0.0)] * (length - len(side)) for side in (asks, bids)]
    levels = tuple(Level(a, b, s, t) for (a, s), (b, t) in zip(*padded, strict=True))
    return ladder(Orderbook("KRW-BTC", levels, 0))


@pytest.mark.parametrize("quote", TABLES)
def test_each_band_has_its_own_steps_and_none_is_left_out_at_a_border(quote: str) -> None:
    table = TABLES[quote]
    axis = PriceAxis(table)
    for floor, step in zip(table.floors, table.steps, strict=True):
        place = axis.below(floor)
        assert axis.price(place) == floor
        assert axis.step(place) == step
        for n in range(5):
            assert axis.price(place + n) == pytest.approx(floor + n * step, rel=1e-12)
        if floor:
            below = table.tick_size(floor * (1 - 1e-9))
            assert axis.price(place - 1) == pytest.approx(floor - below, rel=1e-12)


@given(tables, groups, st.integers(1, 10**6))
def test_a_price_of_the_axis_is_found_at_its_own_place(table: TickTable, group: float, place: int) -> None:
    axis = PriceAxis(table, group)
    assert axis.below(axis.price(place)) == axis.above(axis.price(place)) == place


@given(tables, groups, st.floats(1e-8, 2e8))
def test_a_price_between_two_steps_stands_at_the_worse_one(table: TickTable, group: float, price: float) -> None:
    axis, key = PriceAxis(table, group), price_key(price)
    below, above = axis.below(price), axis.above(price)
    assert axis.key(below) <= key <= axis.key(above)
    assert above - below == (axis.key(below) != key)
    assert axis.key(below + 1) > key


@given(tick_books())
def test_every_level_stands_at_its_price_and_none_twice(made: tuple[TickTable, Ladder]) -> None:
    table, shown = made
    axis = PriceAxis(table)
    stack = Stack(shown, axis, DEPTH)
    for side, rows in ((stack.asks, shown.asks), (stack.bids, shown.bids)):
        assert {axis.price(place): size for place, size in side.items()} == {row.price: row.size for row in rows}
    assert stack.ask == (axis.above(shown.asks[0].price) if shown.asks else None)
    assert stack.bid == (axis.below(shown.bids[0].price) if shown.bids else None)


@given(tick_books(), groups)
def test_in_groups_no_size_is_lost_and_no_better_price_promised(made: tuple[TickTable, Ladder], group: float) -> None:
    table, shown = made
    axis = PriceAxis(table, group)
    stack = Stack(shown, axis, DEPTH)
    assert math.isclose(sum(stack.asks.values()), shown.ask_total, rel_tol=1e-9, abs_tol=1e-12)
    assert math.isclose(sum(stack.bids.values()), shown.bid_total, rel_tol=1e-9, abs_tol=1e-12)
    for row in shown.asks:
        assert price_key(row.price) <= axis.key(axis.above(row.price))
    for row in shown.bids:
        assert axis.key(axis.below(row.price)) <= price_key(row.price)
    asks, bids = stack.totals()
    for sums, order in ((asks, sorted(asks)), (bids, sorted(bids, reverse=True))):
        assert all(sums[a] <= sums[b] for a, b in itertools.pairwise(order))


def test_of_a_side_that_is_cut_the_last_group_is_not_known_whole() -> None:
    shown = book([(100.0 + i, 1.0) for i in range(DEPTH)], [(99.0, 1.0)])
    by_ticks, by_tens = Stack(shown, PriceAxis(KRW_TICKS), DEPTH), Stack(shown, PriceAxis(KRW_TICKS, 10.0), DEPTH)
    assert by_ticks.ask_end == PriceAxis(KRW_TICKS).below(129.0)
    assert by_tens.ask_end == 12, "of 130 only the prices up to 129"
    assert by_ticks.bid_end is by_tens.bid_end is None, "a short side is all there is"


@given(st.integers(1, 80), st.integers(100, 10**6), st.lists(st.integers(-50, 50)), st.integers(1, 80))
def test_a_window_keeps_its_prices_until_it_is_moved(count: int, place: int, moves: list[int], other: int) -> None:
    window = Window()
    window.resize(count)
    assert list(window.places()) == []
    window.centre(place)
    assert window.middle == place
    assert window.line(place) == count // 2
    for lines in moves:
        before = window.top
        window.move(lines)
        assert before is not None
        assert window.top is not None
        assert window.top == max(before + lines, count // 2)
    middle = window.middle
    window.resize(other)
    assert window.middle == middle, "another height shows the same price in the middle"
    shown = list(window.places())
    assert [window.line(p) for p in shown] == list(range(other))
    window.centre(place)
    assert window.has_in_middle(place)


def test_a_window_ends_at_the_price_zero() -> None:
    window = Window()
    window.resize(21)
    window.centre(3)
    window.move(-100)
    assert window.middle == 0


def test_recorded_books_stand_on_the_axis_of_their_time(shared_data: Path) -> None:
    path = shared_data / "upbit" / "ws" / "cryptofeed-20210405-trade-orderbook-simple.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        frames = [event["frame"] for event in map(json.loads, lines) if event["dir"] == "recv"]
    count = 0
    for frame in frames:
        if '"ty":"orderbook"' not in frame[:40]:
            continue
        recorded = decode_book(frame.encode())
        shown = ladder(recorded)
        axis = PriceAxis(TICKS_OF_QUOTE[quote_of(recorded.market)])
        stack = Stack(shown, axis, 15)
        # Since then the steps became coarser in some bands, so two levels may share a place.
        assert sum(stack.asks.values()) == pytest.approx(recorded.ask_total)
        assert sum(stack.bids.values()) == pytest.approx(recorded.bid_total)
        assert stack.ask is not None
        assert stack.bid is not None
        assert stack.bid <= stack.ask
        count += 1
    assert count == 1_061


def test_a_crossed_book_has_both_sides_at_one_place() -> None:
    stack = Stack(book([(100.0, 1.0)], [(100.0, 2.0)]), PriceAxis(KRW_TICKS), DEPTH)
    assert stack.asks.keys() == stack.bids.keys()
    assert stack.middle == stack.ask == stack.bid


def test_an_empty_and_a_one_sided_book_have_a_middle_where_they_have_one() -> None:
    axis = PriceAxis(KRW_TICKS)
    assert Stack(book([], []), axis, DEPTH).middle is None
    assert Stack(book([(100.0, 1.0)], []), axis, DEPTH).middle == axis.below(100.0)
    assert Stack(book([], [(99.0, 1.0)]), axis, DEPTH).middle == axis.below(99.0)
