"""The read-out of one bar: what it says, and where each number stands. Pure.

Every number has a slot as wide as it will ever need, so that none of them moves when another one changes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import IntEnum
from typing import NamedTuple

from widgets import format as fmt
from widgets.chart.model import Reading


class Field(IntEnum):
    """In the order shown."""

    OPEN = 0
    HIGH = 1
    LOW = 2
    CLOSE = 3
    CHANGE = 4
    VOLUME = 5


# What is said where there is less and less room. High and low go together: one alone says little, the change more.
_CHOICES: tuple[tuple[Field, ...], ...] = (
    tuple(Field),
    (Field.OPEN, Field.HIGH, Field.LOW, Field.CLOSE, Field.CHANGE),
    (Field.OPEN, Field.HIGH, Field.LOW, Field.CLOSE),
    (Field.HIGH, Field.LOW, Field.CLOSE),
    (Field.CLOSE, Field.CHANGE, Field.VOLUME),
    (Field.CLOSE, Field.CHANGE),
    (Field.CLOSE,),
)

WIDEST_CHANGE = "+000.00%"
WIDEST_VOLUME = "<0.0000"


class Slot(NamedTuple):
    """Where one number of the read-out stands."""

    field: Field
    x: int  # of its name, px from the left end of a line
    line: int  # 0 is the first


def slots(widths: Mapping[Field, int], gap: int, room: int, lines: int) -> list[Slot]:
    """Return the slots of the fields that fit, in the order shown.

    Args:
        widths: of each field with its name, px.
        gap: behind each number that is not the last of its line, px.
        room: width of a line, px.
        lines: most there may be.
    """
    for fields in _CHOICES:
        placed = _flow(fields, widths, gap, room)
        if placed is not None and placed[-1].line < lines:
            return placed
    return []


def _flow(fields: Sequence[Field], widths: Mapping[Field, int], gap: int, room: int) -> list[Slot] | None:
    """Return the slots line by line, or None where one is wider than a line."""
    placed, x, line = [], 0, 0
    for field in fields:
        width = widths[field]
        if width > room:
            return None
        if x + width > room:
            x, line = 0, line + 1
        placed.append(Slot(field, x, line))
        x += width + gap
    return placed


def text(reading: Reading, field: Field, tick_at: Callable[[float], float]) -> str:
    """Return what `field` says; of a window without a trade, the price that held in it.

    Args:
        tick_at: gives the step by which a price is written.
    """
    if field is Field.CHANGE:
        return fmt.percent(reading.change)
    if field is Field.VOLUME:
        # In a dear coin many a bar has less than one: more figures than a short number has.
        return fmt.volume(reading.volume) if reading.volume >= 1 else fmt.size(reading.volume)
    price = reading[1 + field]
    return fmt.price(price, tick_at(price))
