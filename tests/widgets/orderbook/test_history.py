"""What a book was over the last minutes."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from core.market import KRW_TICKS
from core.wire.messages import Level, Orderbook
from widgets.orderbook.axis import PriceAxis, Stack
from widgets.orderbook.history import COLUMNS, SHADES, STEP_S, BookHistory
from widgets.orderbook.model import DEPTH, ladder

AXIS = PriceAxis(KRW_TICKS)
BASE = AXIS.below(1_000.0)


def stack(ask: float, bid: float, size: float = 1.0, most: float = 4.0) -> Stack:
    """Return a book of two levels a side; the outer ones hold `most`."""
    levels = (Level(ask, bid, size, size), Level(ask + 5, bid - 5, most, most))
    return Stack(ladder(Orderbook("KRW-XRP", levels, 0)), AXIS, DEPTH)


def column(history: BookHistory, at: int, top: int = BASE + 10, count: int = 21) -> dict[int, int]:
    """Return what stands in a column: place - BASE -> shade."""
    shades = history.shades(top, count)[:, at]
    return {top - line - BASE: int(shade) for line, shade in enumerate(shades) if shade}


def test_a_column_says_where_bids_and_asks_rested_and_how_much() -> None:
    history = BookHistory()
    assert history.see(stack(1_001.0, 1_000.0), 0.0)
    half = 1 + SHADES // 2
    assert column(history, 0) == {1: SHADES + half, 6: 2 * SHADES, 0: half, -5: SHADES}


def test_within_half_a_second_there_is_one_column_and_what_stays_is_repeated() -> None:
    history = BookHistory()
    history.see(stack(1_001.0, 1_000.0), 0.0)
    assert not history.see(stack(1_002.0, 1_001.0), STEP_S * 0.9)
    assert history.see(stack(1_003.0, 1_002.0), STEP_S * 4.1)
    assert len(history.columns) == 5
    assert [min(column(history, at)) for at in range(5)] == [-5, -4, -4, -4, -3]


def test_what_was_not_heard_of_is_not_taken_for_empty() -> None:
    history = BookHistory()
    book = stack(1_001.0, 1_000.0)
    history.see(book, 0.0)
    history.see(book, 1 * STEP_S, is_live=False)
    history.see(book, 3 * STEP_S, is_live=False)
    history.see(book, 4 * STEP_S)
    known = [c is not None for c in history.columns]
    assert known == [True, False, False, False, True]
    assert set(np.unique(history.shades(BASE + 10, 21)[:, 1])) == {255}


@given(st.lists(st.tuples(st.floats(0.0, 400.0), st.booleans()), max_size=30))
def test_it_is_bounded_and_has_a_column_for_each_half_second(waits: list[tuple[float, bool]]) -> None:
    history, now, book = BookHistory(), 0.0, stack(1_001.0, 1_000.0)
    history.see(book, now)
    for wait, is_live in waits:
        now += wait
        version = history.version
        assert history.see(book, now, is_live=is_live) is (history.version != version)
    assert len(history.columns) == min(int(now / STEP_S + 1e-9) + 1, COLUMNS) or abs(now / STEP_S % 1) < 1e-6
    history.begin()
    assert len(history.columns) == 0
    assert history.shades(10, 5).shape == (5, 0)


def test_what_nobody_looked_at_is_not_known() -> None:
    history, book = BookHistory(), stack(1_001.0, 1_000.0)
    history.see(book, 0.0)
    history.miss()
    assert history.see(book, 60.0)
    known = [c is not None for c in history.columns]
    assert known == [True, *[False] * 119, True]
