"""Where the columns of a painted table stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping


class Columns:
    """Columns from left to right, as many as there is room for.

    Args:
        begin: where the first one begins, px.
    """

    def __init__(self, begin: int = 0) -> None:
        self.begin = begin
        self.ends: dict[str, int] = {}  # column -> its right end, px; those that are shown

    def place(
        self,
        widths: Mapping[str, int],
        dropped: Iterable[str],
        room: int,
        first: tuple[str, int],
        most_air: int = 2**20,
    ) -> bool:
        """Place them; return whether that changed anything.

        Args:
            widths: that they need, px, in their order; there may be too little room for all.
            dropped: which of them are left out where there is none, the least important first.
            room: px.
            first: the column that takes what is to spare before all others, and how much of it.
            most_air: px that each of them may be wider than it needs.
        """
        shown = dict(widths)
        for column in dropped:
            if sum(shown.values()) <= room:
                break
            shown.pop(column, None)
        spare = max(room - sum(shown.values()), 0)
        name, most = first
        more = min(spare, most)
        shown[name] += more
        air = min((spare - more) // len(shown), most_air)  # so that one column is not all air
        right, ends = self.begin, {}
        for column, width in shown.items():
            right += width + air
            ends[column] = right
        is_other, self.ends = ends != self.ends, ends
        return is_other

    def at(self, x: float) -> str:
        """Return the column at x, the last one beyond it."""
        for column, right in self.ends.items():
            if x < right:
                return column
        return next(reversed(self.ends))

    def left(self, column: str) -> int:
        """Return where a column begins, px."""
        left = self.begin
        for other, right in self.ends.items():
            if other == column:
                break
            left = right
        return left
