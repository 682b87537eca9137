"""Drawings in pixels: times and bars, what is hit, moved, copied, on any scale."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from core.state.drawings import EXTENSIONS, LEVELS, POINTS, Anchor, Drawing, Kind
from widgets.chart.drawings import HANDLES, Ground, Times, distance, levels, measured, opposite, with_anchor
from widgets.plot.candles import Scale

MINUTE = 60_000
BEGIN = 1_780_000_020_000


class LogScale(NamedTuple):
    """A scale on which equal ratios are equally far apart."""

    x0: float
    px_per_bar: float
    top: float
    px_per_e: float

    def x(self, index: float) -> float:
        return (index - self.x0) * self.px_per_bar

    def y(self, price: float) -> float:
        return (math.log(self.top) - math.log(price)) * self.px_per_e if price > 0 else math.inf

    def price(self, y: float) -> float:
        return math.exp(math.log(self.top) - y / self.px_per_e)


@st.composite
def times(draw: DrawFn) -> Times:
    """Return bars, some of them with gaps behind."""
    gaps = draw(st.lists(st.integers(1, 9), max_size=30))
    count = draw(st.integers(0, 1))
    starts = BEGIN + MINUTE * np.concatenate([[0], np.cumsum(gaps)]) if gaps or count else np.empty(0)
    return Times(starts.astype(np.int64), MINUTE)


@st.composite
def grounds(draw: DrawFn) -> Ground:
    px = draw(st.sampled_from([1.0, 3.7, 8.0, 40.0]))
    x0 = draw(st.floats(-50, 50))
    pixels = (
        Scale(x0, px, 1_100.0, draw(st.sampled_from([0.5, 2.0])))
        if draw(st.booleans())
        else LogScale(x0, px, 1_100.0, draw(st.sampled_from([300.0, 900.0])))
    )
    known = draw(times())
    close = 1_000.0 + np.arange(len(known.starts)) % 7
    rows = np.stack([close, close + 5, close - 5, close, close], 1)
    return Ground("KRW-XRP", pixels, known, rows, 800.0, 500.0, 1.0, lambda _: (80.0, 20.0))


@st.composite
def drawings(draw: DrawFn) -> Drawing:
    kind: Kind = draw(st.sampled_from(list(POINTS)))
    place = st.builds(
        Anchor,
        st.integers(-40, 80).map(lambda n: BEGIN + n * MINUTE // 2),
        st.integers(700, 1_300).map(float),
    )
    shown = draw(st.lists(st.sampled_from([*LEVELS, *EXTENSIONS]), unique=True, min_size=1))
    return Drawing(1, kind, tuple(draw(place) for _ in range(POINTS[kind])), levels=tuple(shown))


def drawing(kind: Kind, *places: tuple[int, float]) -> Drawing:
    return Drawing(1, kind, tuple(Anchor(BEGIN + n * MINUTE, price) for n, price in places))


def ground(count: int = 20, px: float = 10.0) -> Ground:
    """Return bars at 0, 10, 20 … px, prices of 1,000 at y 100 and one lower each px."""
    starts = BEGIN + MINUTE * np.arange(count)
    rows = np.tile([1_000.0, 1_020.0, 980.0, 1_005.0, 1.0], (count, 1))
    return Ground(
        "KRW-XRP", Scale(0.0, px, 1_100.0, 1.0), Times(starts, MINUTE), rows, 800, 500, 1.0, lambda _: (80, 20)
    )


# Times.


@settings(deadline=None)
@given(times(), st.integers(-(10**7), 10**8))
def test_a_moment_comes_back_from_its_place(known: Times, after: int) -> None:
    assert known.time(known.x(BEGIN + after)) == BEGIN + after


@settings(deadline=None)
@given(times(), st.lists(st.integers(-(10**7), 10**8), min_size=2, unique=True))
def test_later_moments_are_further_right(known: Times, after: list[int]) -> None:
    places = [known.x(BEGIN + a) for a in sorted(after)]
    assert all(a < b for a, b in pairwise(places))


@settings(deadline=None)
@given(times())
def test_each_bar_stands_at_its_number(known: Times) -> None:
    assert [known.x(int(s)) for s in known.starts] == list(range(len(known.starts)))


@settings(deadline=None)
@given(times(), st.integers(1, 40), st.integers(-30, 60))
def test_older_bars_move_what_stands_there_as_far_as_the_bars(known: Times, older: int, after: int) -> None:
    assume(len(known.starts))
    more = Times(np.concatenate([BEGIN - MINUTE * np.arange(older, 0, -1), known.starts]), MINUTE)
    moment = BEGIN + after * MINUTE
    assert more.x(moment) == pytest.approx(known.x(moment) + older)


# Shapes and hits.


@settings(deadline=None, max_examples=300)
@given(grounds(), drawings(), st.data())
def test_every_point_of_every_line_is_hit_and_what_is_far_from_all_is_not(
    on: Ground, made: Drawing, data: st.DataObject
) -> None:
    shape = on.shape(made)
    assume(shape is not None)
    assert shape is not None
    line = data.draw(st.sampled_from(shape.lines))
    share = data.draw(st.floats(0, 1))
    x, y = line[0] + share * (line[2] - line[0]), line[1] + share * (line[3] - line[1])
    assert on.part_at(made, x, y, has_handles=False, is_within=False) == "body"
    x, y = data.draw(st.floats(-200, 1_000)), data.draw(st.floats(-200, 700))
    is_near = any(distance(one, x, y) <= 6 for one in shape.lines)
    if made.kind != "text":
        assert is_near or on.part_at(made, x, y, has_handles=False, is_within=False) is None


@settings(deadline=None)
@given(grounds(), drawings())
def test_each_handle_is_hit_first_and_stands_at_its_anchor(on: Ground, made: Drawing) -> None:
    assume(made.kind != "text" and made.has_extent)
    shape = on.shape(made)
    assume(shape is not None)
    assert shape is not None
    assert list(shape.handles[: len(made.anchors)]) == [on.point(a) for a in made.anchors]
    for part, (x, y) in zip(HANDLES, shape.handles, strict=False):
        found = on.part_at(made, x, y, has_handles=True, is_within=True)
        assert found is not None
        assert found != "body"
        if made.kind != "horizontal" or 0 <= x <= on.width:
            assert on.part_at(made, x, y, has_handles=False, is_within=False) == "body"
        fx, fy = shape.handles[HANDLES.index(found)]
        assert math.hypot(fx - x, fy - y) <= 7, part


def test_the_area_is_hit_where_it_is_asked_for() -> None:
    box, on = drawing("rectangle", (2, 1_050.0), (12, 950.0)), ground()
    assert on.part_at(box, 70, 100, has_handles=True, is_within=False) is None
    assert on.part_at(box, 70, 100, has_handles=False, is_within=True) == "body"
    assert on.part_at(box, 20, 100, has_handles=False, is_within=False) == "body"
    assert on.part_at(box, 20, 150, has_handles=True, is_within=False) == "third"
    assert on.part_at(box, 120, 50, has_handles=True, is_within=False) == "fourth"


def test_of_two_the_upper_is_hit_unless_the_lower_is_selected() -> None:
    on = ground()
    low = drawing("horizontal", (3, 1_000.0))
    high = Drawing(2, "trend", (Anchor(BEGIN, 1_000.0), Anchor(BEGIN + 9 * MINUTE, 1_000.0)))
    for selected, number in ((None, 2), (1, 1), (2, 2)):
        found = on.hit((low, high), 55, 100, selected)
        assert found is not None
        assert found[0].id == number


@settings(deadline=None)
@given(grounds(), st.tuples(*[st.floats(-3_000, 3_000)] * 4))
@example(ground(), (0.0, 100.0, 0.0, 100.0))
def test_what_is_cut_off_a_line_was_outside(on: Ground, line: tuple[float, float, float, float]) -> None:
    cut = on.clipped(line, 10)
    for share in np.linspace(0, 1, 41):
        x, y = line[0] + share * (line[2] - line[0]), line[1] + share * (line[3] - line[1])
        if 0 <= x <= on.width and 0 <= y <= on.height:
            assert cut is not None
            assert distance(cut, x, y) < 1e-6
    if cut is not None:
        assert all(-10.001 <= v <= 810.001 for v in (cut[0], cut[2]))
        assert all(-10.001 <= v <= 510.001 for v in (cut[1], cut[3]))


def test_a_ray_goes_on_to_the_edge_and_a_trend_line_does_not() -> None:
    on = ground()
    ray, trend = (drawing(kind, (2, 1_000.0), (4, 990.0)) for kind in ("ray", "trend"))
    assert on.part_at(ray, 620, 400, has_handles=False, is_within=False) == "body"
    assert on.part_at(trend, 620, 400, has_handles=False, is_within=False) is None
    assert on.part_at(ray, 10, 95, has_handles=False, is_within=False) is None, "not backwards"


def test_what_has_no_place_on_the_scale_is_not_there() -> None:
    on = ground()._replace(pixels=LogScale(0.0, 10.0, 1_100.0, 300.0))
    below = drawing("horizontal", (3, -5.0))
    assert on.shape(below) is None
    assert on.hit((below,), 30, 100, None) is None
    assert on.shape(drawing("trend", (0, -5.0), (0, 1_000.0))) is None


DAY = 86_400_000


@pytest.mark.parametrize(("length_ms", "ago_ms"), [(MINUTE, 120 * DAY), (1_000, 2 * DAY), (1_000, 3_000 * DAY)])
def test_what_began_long_before_the_bars_in_view_is_where_it_was_drawn(length_ms: int, ago_ms: int) -> None:
    on = ground()._replace(times=Times(BEGIN + length_ms * np.arange(20), length_ms), width=200.0)
    long_ago, later = Anchor(BEGIN - ago_ms, 1_000.0), Anchor(BEGIN + ago_ms, 1_000.0)
    level, over = Drawing(1, "horizontal", (long_ago,)), Drawing(1, "trend", (long_ago, later))
    box = Drawing(1, "rectangle", (long_ago, Anchor(BEGIN + 10 * length_ms, 900.0)))
    slope = Drawing(1, "ray", (long_ago, Anchor(BEGIN - ago_ms // 2, 1_050.0)))  # at 1,100 where the bars begin
    flat = Drawing(1, "ray", (Anchor(BEGIN - ago_ms, 1_000.0), Anchor(BEGIN - ago_ms + length_ms, 1_000.0)))
    for made, x, y in ((level, 150, 100), (over, 150, 100), (box, 100, 150), (slope, 5, 0), (flat, 150, 100)):
        shape = on.shape(made)
        assert shape is not None
        assert on.part_at(made, x, y, has_handles=True, is_within=False) == "body", made.kind
        assert on.part_at(made, x, y + 60, has_handles=True, is_within=False) is None, made.kind
        assert any((cut := on.clipped(line, 8)) and distance(cut, x, y) < 1 for line in shape.lines), made.kind


@settings(deadline=None)
@given(grounds(), st.integers(700, 1_300), st.integers(-(10**14), 10**14))
def test_a_level_is_there_whenever_it_was_drawn(on: Ground, price: int, time_ms: int) -> None:
    shape = on.shape(Drawing(1, "horizontal", (Anchor(time_ms, float(price)),)))
    assert shape is not None
    assert shape.lines == ((0.0, on.pixels.y(price), on.width, on.pixels.y(price)),)


# Places.


@settings(deadline=None)
@given(grounds(), st.floats(0, 800), st.floats(0, 500), st.booleans())
def test_a_place_is_on_a_bar_and_on_a_price_that_exists(on: Ground, x: float, y: float, is_magnet: bool) -> None:
    anchor = on.snap(x, y, is_magnet=is_magnet)
    index = on.times.x(anchor.time_ms)
    assert index == pytest.approx(round(index), abs=1e-6)
    assert abs(on.pixels.x(index) - x) <= on.pixels.px_per_bar / 2 + 1e-6
    assert anchor.price == round(anchor.price, 0)
    bar = on.rows[round(index), :4] if 0 <= round(index) < len(on.rows) else np.empty(0)
    near = [p for p in bar if abs(on.pixels.y(p) - y) <= 14]
    if is_magnet and near:
        assert anchor.price == min(near, key=lambda p: abs(on.pixels.y(p) - y))
    else:
        assert abs(anchor.price - on.pixels.price(y)) <= 0.5 + 1e-6 or anchor.price in near


@settings(deadline=None)
@given(grounds(), st.floats(0, 800), st.floats(0, 500), st.booleans())
def test_straight_lines_are_level_upright_or_at_45_degrees(on: Ground, x: float, y: float, is_square: bool) -> None:
    fixed = on.snap(400, 250, is_magnet=False)
    (x0, y0), made = on.point(fixed), on.straighten(fixed, x, y, is_square=is_square)
    dx, dy = on.point(made)[0] - x0, on.point(made)[1] - y0
    a_price = abs(on.pixels.y(fixed.price + 1) - on.pixels.y(fixed.price)) * 3 + 1
    is_even = abs(abs(dx) - abs(dy)) <= a_price
    assert is_even or (not is_square and (made.time_ms == fixed.time_ms or made.price == fixed.price))


# Changes.


@settings(deadline=None, max_examples=200)
@given(grounds(), drawings(), st.integers(-30, 30), st.floats(-60, 60))
def test_moved_and_moved_back_is_where_it_was(on: Ground, made: Drawing, bars: int, dy: float) -> None:
    way = bars * on.pixels.px_per_bar
    there = on.moved(made, way, dy)
    back = on.moved(there, -way, -dy)
    for a, b, c in zip(made.anchors, there.anchors, back.anchors, strict=True):
        assert on.times.x(b.time_ms) == pytest.approx(on.times.x(a.time_ms) + bars, abs=1e-3)
        assert abs(c.time_ms - a.time_ms) <= 10  # ms: whole ones, in a gap of ten bars
        a_price = abs(on.pixels.y(b.price + 1) - on.pixels.y(b.price)) + 1e-6
        assert abs(on.pixels.y(b.price) - on.pixels.y(a.price) - dy) <= a_price
        assert abs(c.price - a.price) <= 2
    assert on.moved(made, 0.0, 0.0) == made


@settings(deadline=None)
@given(grounds(), drawings(), st.integers(-30, 30), st.integers(1, 10))
def test_a_copy_elsewhere_has_the_same_length_and_proportions(
    on: Ground, made: Drawing, bars: int, factor: int
) -> None:
    first = made.anchors[0]
    to = Anchor(on.times.time(on.times.x(first.time_ms) + bars), first.price * factor)
    copy = on.shifted(made, to)
    assert copy.anchors[0] == to
    for a, b in zip(made.anchors, copy.anchors, strict=True):
        assert on.times.x(b.time_ms) - on.times.x(a.time_ms) == pytest.approx(bars, abs=1e-3)
        assert b.price == pytest.approx(a.price * factor, abs=6)


@settings(deadline=None)
@given(grounds(), drawings(), st.floats(0, 800), st.floats(0, 500))
def test_a_dragged_corner_comes_to_its_place_and_the_opposite_stays(
    on: Ground, made: Drawing, x: float, y: float
) -> None:
    shape, to = on.shape(made), on.snap(x, y, is_magnet=False)
    assume(shape is not None)
    assert shape is not None
    for part in HANDLES[: len(shape.handles)]:
        now, stays = with_anchor(made, part, to), opposite(made, part)
        placed = on.shape(now)
        assert placed is not None
        assert placed.handles[HANDLES.index(part)] == pytest.approx(on.point(to))
        if stays is not None:
            assert any(h == pytest.approx(on.point(stays)) for h in placed.handles)


def test_levels_go_back_from_the_second_anchor() -> None:
    made = drawing("fibonacci", (0, 1_000.0), (9, 1_100.0))
    assert dict(levels(made)) == pytest.approx(
        {0.0: 1_100.0, 0.236: 1_076.4, 0.382: 1_061.8, 0.5: 1_050.0, 0.618: 1_038.2, 0.786: 1_021.4, 1.0: 1_000.0}
    )


def test_a_measure_tells_bars_time_price_and_percent() -> None:
    on = ground()
    said = measured(drawing("measure", (2, 1_000.0), (14, 1_025.0)), on.times)
    assert said == (12, 12 * MINUTE, 25.0, 0.025)
    said = measured(drawing("measure", (14, 1_000.0), (-3, 900.0)), on.times)
    assert said == (-17, -17 * MINUTE, -100.0, -0.1)
