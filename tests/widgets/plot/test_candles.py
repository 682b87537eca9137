"""Bars become boxes of whole pixels; the quick way for one bar gives the same boxes as the way for many."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from widgets.plot.candles import Scale, bar_box, bar_boxes, body_width, column_bars, column_boxes
from widgets.plot.chunks import Columns

FLOOR = 500
prices = st.floats(900, 1_100)


@given(px=st.floats(1, 80), line=st.integers(1, 3))
def test_the_wick_stands_in_the_very_middle_of_the_body(px: float, line: int) -> None:
    width = body_width(px, line)
    assert (width - line) % 2 == 0
    assert line <= width <= max(px, line)


@given(px=st.floats(3, 80), count=st.integers(2, 50), x0=st.floats(0, 1))
def test_neighbours_never_touch(px: float, count: int, x0: float) -> None:
    rows = np.tile([10.0, 12.0, 8.0, 11.0, 1.0], (count, 1))
    bodies = bar_boxes(rows, 0, Scale(x0, px, 20.0, 10.0), 1, FLOOR, 1.0).up[count:]
    if len(bodies):
        assert np.all(bodies[1:, 0] - (bodies[:-1, 0] + bodies[:-1, 2]) >= 1)


@given(
    values=st.lists(prices, min_size=4, max_size=4),
    volume=st.one_of(st.just(0.0), st.floats(1e-9, 100)),
    index=st.integers(0, 10**6),
    px=st.floats(1, 60),
    line=st.integers(1, 3),
    top=st.floats(800, 1_200),
    per_price=st.floats(0.01, 1e6),
)
def test_one_bar_is_placed_as_among_many(
    values: list[float], volume: float, index: int, px: float, line: int, top: float, per_price: float
) -> None:
    opening, low, high, close = values[0], min(values), max(values), values[3]
    row = np.array([opening, high, low, close, volume])
    scale = Scale(index - 10.3, px, top, per_price)
    many = bar_boxes(row[None], index, scale, line, FLOOR, 2.5)
    one = bar_box(row, index, scale, line, FLOOR, 2.5)
    assert one.is_up == bool(len(many.up))
    boxes = np.concatenate([many.up, many.down])
    assert boxes[0].tolist() == list(one.wick)
    if len(boxes) == 2:
        assert boxes[1].tolist() == list(one.body)
    else:
        assert one.body[2] == 0, "no wider than the wick: nothing to fill"
    assert np.concatenate([many.volume_up, many.volume_down])[0].tolist() == list(one.volume)


@given(
    values=st.lists(st.lists(prices, min_size=4, max_size=4), min_size=1, max_size=5),
    top=st.floats(800, 1_200),
    per_price=st.floats(0.01, 1e6),
    line=st.integers(1, 3),
)
def test_a_few_columns_are_placed_as_among_many(
    values: list[list[float]], top: float, per_price: float, line: int
) -> None:
    rows = np.array(values)
    x = np.arange(7, 7 + len(rows))
    columns = Columns(
        x, rows.min(1), rows.max(1), rows[:, 0], rows[:, 3], np.arange(float(len(rows))), 10 * x, 10 * x + 10
    )
    scale = Scale(0.0, 0.1, top, per_price)
    many = column_boxes(columns, scale, line, FLOOR, 2.5)
    few = column_bars(columns, scale, line, FLOOR, 2.5)
    for is_up, boxes, volumes in ((True, many.up, many.volume_up), (False, many.down, many.volume_down)):
        mine = [b for b in few if b.is_up == is_up]
        assert boxes.tolist() == [list(b.wick) for b in mine]
        assert volumes.tolist() == [list(b.volume) for b in mine]


def test_a_flat_bar_is_a_line_and_a_bar_without_trades_has_no_volume() -> None:
    bar = bar_box(np.array([10.0, 10.0, 10.0, 10.0, 0.0]), 0, Scale(-2.0, 10.0, 20.0, 10.0), 1, FLOOR, 1.0)
    assert (bar.wick[3], bar.body[3], bar.volume[3]) == (1, 1, 0)


def test_what_lies_far_outside_is_cut_before_qt_sees_it() -> None:
    row = np.array([1.0, 1e12, 1e-12, 2.0, 1.0])
    for boxes in bar_boxes(row[None], 0, Scale(-2.0, 10.0, 1.0, 1e9), 1, FLOOR, 1.0):
        assert np.all(np.abs(boxes) <= 2e5)
