"""Labels along an axis, pushed apart where they would cover each other. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Fixed(NamedTuple):
    """What stays where it is: the others go around it. px."""

    at: float  # what it is the label of; what is above that stays above it
    top: int
    bottom: int


def apart(at: Sequence[float], tall: int, begin: int, end: int, fixed: Fixed | None = None) -> list[int | None]:
    """Return the upper edge of each label, None for those without room: the farthest from what is fixed.

    Labels keep the order of what they belong to, and stand at it where nothing is in the way.

    Args:
        at: what each is the label of, px; it would stand around it.
        tall: height of each, px, > 0.
        begin, end: of the room there is, px.
        fixed: within that room.
    """
    order = sorted(range(len(at)), key=lambda i: at[i])
    tops: list[int | None] = [None] * len(at)
    upper = [i for i in order if fixed is not None and at[i] < fixed.at]
    lower = order[len(upper) :]
    ceiling = end if fixed is None else fixed.top
    floor = begin if fixed is None else fixed.bottom
    # From what is fixed outwards, and back where the end of the room is reached.
    mirrored = _stack([-at[i] for i in reversed(upper)], tall, -ceiling, -begin)
    for i, top in zip(reversed(upper), mirrored, strict=False):
        tops[i] = -top - tall
    for i, top in zip(lower, _stack([at[i] for i in lower], tall, floor, end), strict=False):
        tops[i] = top
    return tops


def beside(at: float, tall: int, begin: int, end: int, taken: Iterable[tuple[int, int]]) -> int | None:
    """Return the upper edge of one more label, pushed a little at most; None where it has no room.

    Args:
        at, tall, begin, end: as of `apart`.
        taken: upper and lower edge of each label there is.
    """
    place, most = min(max(round(at) - tall // 2, begin), end - tall), tall * 3 // 2  # past a label of two lines
    near = [(top, bottom) for top, bottom in taken if top < place + tall + most and bottom > place - most]
    free = [
        top
        for top in (place, *(top - tall for top, _ in near), *(bottom for _, bottom in near))
        if begin <= top <= end - tall
        and abs(top - place) <= most
        and all(top + tall <= upper or top >= lower for upper, lower in near)
    ]
    return min(free, key=lambda top: abs(top - place), default=None)


def _stack(at: Sequence[float], tall: int, begin: int, end: int) -> list[int]:
    """Return the upper edges of as many of the first as there is room for; `at` is ascending."""
    count = min(max((end - begin) // tall, 0), len(at))
    tops: list[int] = []
    free = begin
    for one in at[:count]:
        tops.append(max(round(one) - tall // 2, free))
        free = tops[-1] + tall
    limit = end
    for i in reversed(range(count)):
        tops[i] = min(tops[i], limit - tall)
        limit = tops[i]
    return tops
