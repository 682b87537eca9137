"""What rested at each place of a book over the last minutes. No Qt."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from widgets.orderbook.axis import Stack

STEP_S = 0.5  # of a column
COLUMNS = 240  # kept: two minutes
SHADES = 16  # of each side


class _Side(NamedTuple):
    places: NDArray[np.int64]
    sizes: NDArray[np.float64]


Column = tuple[_Side, _Side] | None  # bids, asks; None: nobody knows


class BookHistory:
    """A column each half second, the newest last. What did not change is repeated, what was not heard of is unknown."""

    def __init__(self) -> None:
        self.columns: deque[Column] = deque(maxlen=COLUMNS)
        self.version = 0  # changes with every column
        self._began: float | None = None  # when the newest column began, s
        self._stack: Stack | None = None
        self._column: Column = None

    def begin(self) -> None:
        """Forget everything: another book, or other places."""
        self.columns.clear()
        self.version += 1
        self._began, self._stack, self._column = None, None, None

    def miss(self) -> None:
        """Take note that nobody looked since the newest column: what rested until now is not known."""
        self._stack, self._column = None, None

    def see(self, stack: Stack, now: float, *, is_live: bool = True) -> bool:
        """Take note of the book as it is now; return whether there are new columns.

        Args:
            now: s, never falls.
            is_live: the book is the market's: else nobody knows what rests there.
        """
        before = self._column
        if not is_live:
            self.miss()
        elif stack is not self._stack:
            self._stack, self._column = stack, (_side(stack.bids), _side(stack.asks))
        if self._began is None:
            self._began = now
            self.columns.append(self._column)
        else:
            steps = int((now - self._began) / STEP_S)
            if not steps:
                return False
            self._began += steps * STEP_S
            self.columns.extend([before] * min(steps - 1, COLUMNS))
            self.columns.append(self._column)
        self.version += 1
        return True

    def shades(self, top: int, count: int) -> NDArray[np.uint8]:
        """Return what is seen of some places: uint8[count, columns], from the highest place down.

        0 is nothing, 1 to SHADES a bid, SHADES + 1 to 2 * SHADES an ask, the more the larger; 255 is not known.
        """
        found = np.zeros((count, len(self.columns)), np.uint8)
        most = max((float(s.sizes.max(initial=0.0)) for c in self.columns if c is not None for s in c), default=0.0)
        for at, column in enumerate(self.columns):
            if column is None:
                found[:, at] = 255
                continue
            for (places, sizes), first in zip(column, (1, SHADES + 1), strict=True):
                lines = top - places
                seen = (lines >= 0) & (lines < count)
                # By the root: most levels are small beside the largest, and would all look alike.
                share = np.sqrt(sizes[seen] / (most or 1.0))
                found[lines[seen], at] = first + np.minimum((share * SHADES).astype(np.uint8), SHADES - 1)
        return found


def _side(sizes: Mapping[int, float]) -> _Side:
    return _Side(np.fromiter(sizes.keys(), np.int64, len(sizes)), np.fromiter(sizes.values(), np.float64, len(sizes)))
