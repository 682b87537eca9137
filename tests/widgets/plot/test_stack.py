"""Labels are pushed apart: none covers another, and none changes its place in the order."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from widgets.plot.stack import Fixed, apart, beside

PLACES = st.lists(st.integers(-50, 600), max_size=8)


@given(
    at=PLACES,
    tall=st.integers(1, 40),
    room=st.integers(1, 500),
    begin=st.integers(0, 40),
    fixed=st.none() | st.tuples(st.integers(0, 500), st.integers(0, 500), st.integers(0, 60)),
)
def test_labels_never_overlap_keep_their_order_and_stay_inside(
    at: list[int], tall: int, room: int, begin: int, fixed: tuple[int, int, int] | None
) -> None:
    end = begin + room
    pinned = None
    if fixed is not None:
        top = min(begin + fixed[1], end)
        pinned = Fixed(begin + fixed[0], top, min(top + fixed[2], end))
    tops = apart(at, tall, begin, end, pinned)
    shown = sorted((at[i], i, top) for i, top in enumerate(tops) if top is not None)
    assert all(a[2] + tall <= b[2] for a, b in pairwise(shown))
    assert all(begin <= top and top + tall <= end for _, _, top in shown)
    for place, _, top in shown:
        if pinned is not None:
            assert top + tall <= pinned.top if place < pinned.at else top >= pinned.bottom
    # One is left out only where there is no room for it.
    for is_upper in (True, False):
        side = [i for i, y in enumerate(at) if (pinned is not None and y < pinned.at) == is_upper]
        free = (pinned.top - begin if is_upper else end - pinned.bottom) if pinned is not None else room
        assert sum(tops[i] is not None for i in side) == min(len(side), max(free // tall, 0))


@given(at=PLACES, tall=st.integers(1, 20))
def test_a_label_with_room_stands_at_its_place(at: list[int], tall: int) -> None:
    spaced = [n * 3 * tall + 30 for n in range(len(at))]
    assert apart(spaced, tall, 0, 10_000) == [y - tall // 2 for y in spaced]


def test_near_what_is_fixed_labels_make_way() -> None:
    fixed = Fixed(100, 91, 121)
    assert apart([98, 99, 100, 104, 300], 18, 0, 500, fixed) == [55, 73, 121, 139, 291]
    assert apart([5, 6], 18, 0, 500, Fixed(8, 0, 18)) == [None, None]
    assert apart([490, 495, 499], 18, 0, 500) == [446, 464, 482]
    assert apart([98, 99], 18, 80, 500, Fixed(100, 99, 117)) == [None, 81]


@given(
    at=st.integers(-50, 600),
    tall=st.integers(1, 40),
    room=st.integers(1, 500),
    taken=st.lists(st.tuples(st.integers(0, 500), st.integers(0, 40)).map(lambda t: (t[0], t[0] + t[1])), max_size=8),
)
def test_one_more_label_covers_none_and_stays_near(at: int, tall: int, room: int, taken: list[tuple[int, int]]) -> None:
    def is_free(top: int) -> bool:
        inside = 0 <= top <= room - tall
        return inside and all(top + tall <= upper or top >= lower for upper, lower in taken)

    place = min(max(at - tall // 2, 0), room - tall)
    top = beside(at, tall, 0, room, taken)
    most = tall * 3 // 2
    free = [other for other in range(place - most, place + most + 1) if is_free(other)]
    assert (top is None) == (not free)
    if top is not None:
        assert is_free(top)
        assert abs(top - place) == min(abs(other - place) for other in free)
