"""The read-out: nothing overlaps or leaves its room, and what is left out is what matters least."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from widgets.chart.model import Reading
from widgets.chart.reading import Field, slots, text

GAP = 10  # px
EVERYDAY = {
    Field.OPEN: 80,
    Field.HIGH: 80,
    Field.LOW: 80,
    Field.CLOSE: 80,
    Field.CHANGE: 50,
    Field.VOLUME: 60,
}
widths = st.fixed_dictionaries({f: st.integers(1, 200) for f in Field})


@given(widths=widths, room=st.integers(0, 1_200), lines=st.integers(1, 3))
def test_slots_fit_their_lines_and_never_overlap(widths: dict[Field, int], room: int, lines: int) -> None:
    placed = slots(widths, GAP, room, lines)
    for slot in placed:
        assert 0 <= slot.line < lines
        assert slot.x >= 0
        assert slot.x + widths[slot.field] <= room
    for a, b in pairwise(placed):
        assert a.field < b.field
        assert (b.line, b.x) in ((a.line, a.x + widths[a.field] + GAP), (a.line + 1, 0))


@given(widths=widths, room=st.integers(0, 1_200), lines=st.integers(1, 3))
def test_more_room_or_lines_never_show_less(widths: dict[Field, int], room: int, lines: int) -> None:
    few = {s.field for s in slots(widths, GAP, room, lines)}
    for more in (slots(widths, GAP, room + 100, lines), slots(widths, GAP, room, lines + 1)):
        many = {s.field for s in more}
        assert len(few) <= len(many)
        assert few - {Field.CHANGE, Field.VOLUME} <= many, "no price goes"
    assert (Field.HIGH in few) == (Field.LOW in few), "one alone says little"


@pytest.mark.parametrize(
    ("room", "lines", "shown"),
    [
        (490, 1, "O H L C % V"),
        (440, 1, "O H L C %"),
        (410, 1, "O H L C %"),
        (350, 1, "O H L C"),
        (349, 1, "H L C"),
        (259, 1, "C % V"),
        (170, 1, "C %"),
        (139, 1, "C"),
        (80, 1, "C"),
        (79, 1, ""),
        (290, 2, "O H L C % V"),
        (170, 2, "O H L C"),
        (90, 2, "C %"),
        (170, 3, "O H L C % V"),
    ],
)
def test_what_matters_least_goes_first(room: int, lines: int, shown: str) -> None:
    letters = dict(zip(Field, "OHLC%V", strict=True))
    assert " ".join(letters[s.field] for s in slots(EVERYDAY, GAP, room, lines)) == shown


def test_the_texts() -> None:
    reading = Reading(0, 139_000_000.0, 139_500_000.0, 138_900_000.0, 139_250_000.0, 12.5, 0.0018)
    assert [text(reading, f, lambda _: 1_000) for f in Field] == [
        "139,000,000",
        "139,500,000",
        "138,900,000",
        "139,250,000",
        "+0.18%",
        "12.50",
    ]
    assert text(reading._replace(volume=0.0031), Field.VOLUME, lambda _: 1_000) == "0.0031"
    assert text(reading._replace(volume=0.0), Field.VOLUME, lambda _: 1_000) == "0.0000"
    assert text(reading._replace(volume=1_234_567.0), Field.VOLUME, lambda _: 1_000) == "1.23M"
    assert text(reading._replace(close=0.00001234), Field.CLOSE, lambda _: 1e-8) == "0.00001234"
