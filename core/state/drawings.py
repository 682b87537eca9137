"""What the user has drawn on the charts of each market, with undo and redo. Pure.

A drawing is a value that stands at moments and prices, so it stands on every interval. What a market has of them is
one tuple, its sheet: undoing is the tuple before, and whoever shows a sheet compares its `version`.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from typing import Literal

import msgspec

Kind = Literal["trend", "ray", "horizontal", "rectangle", "fibonacci", "measure", "text"]

POINTS: dict[Kind, int] = {  # how many anchors a drawing has
    "trend": 2,
    "ray": 2,
    "horizontal": 1,
    "rectangle": 2,
    "fibonacci": 2,
    "measure": 2,
    "text": 1,
}
LEVELS = (0.0, 0.236, 0.382, 0.5, 0.618, 0.786, 1.0)  # of Fibonacci, as it is drawn first
EXTENSIONS = (-0.618, -0.272, 1.272, 1.414, 1.618, 2.0, 2.618, 3.618, 4.236)
COLORS = 10  # 0 is the kind's own
WIDEST = 4
LONGEST_TEXT = 200
MOST = 200  # of one market
MARKETS = 2_000
STEPS = 100  # that can be undone
VERSION = 1

_FAR_MS = 10**14


class Anchor(msgspec.Struct, frozen=True, array_like=True):
    """A place on a chart.

    Raises:
        ValueError: it is no place.
    """

    time_ms: int  # epoch ms, also before the first bar and after the last
    price: float  # quote currency

    def __post_init__(self) -> None:
        if abs(self.time_ms) > _FAR_MS or not math.isfinite(self.price):
            raise ValueError(f"no place on a chart: {self.time_ms}, {self.price}")


class Drawing(msgspec.Struct, frozen=True, omit_defaults=True):
    """One drawing.

    Raises:
        ValueError: a drawing that means nothing.
    """

    id: int  # unique in its market
    kind: Kind
    anchors: tuple[Anchor, ...]
    color: int = 0  # 1 to 9: of the palette; 0: the kind's own
    width: int = 1  # of its lines, logical px
    is_locked: bool = False  # neither moved nor deleted before it is unlocked
    text: str = ""
    levels: tuple[float, ...] = LEVELS  # of Fibonacci

    def __post_init__(self) -> None:
        if len(self.anchors) != POINTS[self.kind]:
            raise ValueError(f"a {self.kind} stands at {POINTS[self.kind]} places, not {len(self.anchors)}")
        if not 0 <= self.color < COLORS or not 1 <= self.width <= WIDEST:
            raise ValueError("no such colour or width")
        if len(self.text) > LONGEST_TEXT:
            raise ValueError(f"the text is longer than {LONGEST_TEXT} characters")
        if not set(self.levels) <= {*LEVELS, *EXTENSIONS}:
            raise ValueError("no such level")

    @property
    def has_extent(self) -> bool:
        """Whether it stands at more than one place, or needs only one."""
        return len(self.anchors) == 1 or self.anchors[0] != self.anchors[1]


class Kept(msgspec.Struct):
    """All that lasts."""

    version: int = VERSION
    is_magnet: bool = False
    markets: dict[str, tuple[Drawing, ...]] = msgspec.field(default_factory=dict)


def _ignore(*_: object) -> None:
    return None


class Sheet:
    """The drawings of one market, the lowest first.

    Args:
        on_change: called after each change, also of the draft.
    """

    def __init__(self, drawings: tuple[Drawing, ...] = (), on_change: Callable[[], None] = _ignore) -> None:
        self.drawings = drawings
        self.draft: Drawing | None = None  # what the mouse holds: seen everywhere, kept nowhere
        self.version = 0  # of what is seen
        self._on_change = on_change
        self._before: deque[tuple[Drawing, ...]] = deque(maxlen=STEPS)
        self._after: list[tuple[Drawing, ...]] = []  # no more than were undone

    @property
    def seen(self) -> tuple[Drawing, ...]:
        """The drawings with the draft in its place."""
        return self.drawings if self.draft is None else _with(self.drawings, (self.draft,))

    @property
    def can_undo(self) -> bool:
        return bool(self._before)

    @property
    def can_redo(self) -> bool:
        return bool(self._after)

    @property
    def is_untouched(self) -> bool:
        """Whether nothing was ever drawn on it."""
        return not (self.drawings or self._before or self._after or self.draft)

    def find(self, number: int) -> Drawing | None:
        """Return the drawing with this id, as it is seen."""
        return next((d for d in self.seen if d.id == number), None)

    def put(self, *drawings: Drawing) -> bool:
        """Add these, or put them in the place of those with their ids, in one step. False: there would be too many.

        The draft ends.
        """
        made = _with(self.drawings, drawings)
        if len(made) > MOST and len(made) > len(self.drawings):
            self.hold(None)
            return False
        self._go(made)
        return True

    def remove(self, *numbers: int) -> None:
        """Take these away, in one step; the draft ends. What is locked stays."""
        self._go(tuple(d for d in self.drawings if d.id not in numbers or d.is_locked))

    def clear(self) -> None:
        """Take all away that is not locked, in one step."""
        self.remove(*(d.id for d in self.drawings))

    def hold(self, draft: Drawing | None) -> None:
        """Show a drawing as it would become, in the place of the one with its id; None ends that."""
        if draft != self.draft:
            self.draft = draft
            self._changed()

    def undo(self) -> bool:
        """Take the last step back. Return whether there was one."""
        return self._step(self._before, self._after)

    def redo(self) -> bool:
        """Take a step again that was taken back. Return whether there was one."""
        return self._step(self._after, self._before)

    def _step(
        self,
        source: deque[tuple[Drawing, ...]] | list[tuple[Drawing, ...]],
        target: deque[tuple[Drawing, ...]] | list[tuple[Drawing, ...]],
    ) -> bool:
        self.draft = None
        if not source:
            return False
        target.append(self.drawings)
        self.drawings = source.pop()
        self._changed()
        return True

    def _go(self, drawings: tuple[Drawing, ...]) -> None:
        is_same = drawings == self.drawings
        if is_same and self.draft is None:
            return
        self.draft = None
        if not is_same:
            self._before.append(self.drawings)
            self._after.clear()
            self.drawings = drawings
        self._changed()

    def _changed(self) -> None:
        self.version += 1
        self._on_change()


def _with(drawings: tuple[Drawing, ...], others: Iterable[Drawing]) -> tuple[Drawing, ...]:
    made = {d.id: d for d in drawings}
    made.update((d.id, d) for d in others)
    return tuple(made.values())


class Drawings:
    """The sheets of all markets."""

    def __init__(self) -> None:
        self.on_change: Callable[[str], None] = _ignore  # (market, "" for all of them)
        self.copied: tuple[str, Drawing] | None = None  # and the market it is from
        self._is_magnet = False
        self._sheets: dict[str, Sheet] = {}
        self._last_id = 0

    @property
    def is_magnet(self) -> bool:
        """Whether what is drawn is drawn to the prices of the bars."""
        return self._is_magnet

    @is_magnet.setter
    def is_magnet(self, is_magnet: bool) -> None:
        self._is_magnet = is_magnet
        self.on_change("")

    def sheet(self, market: str) -> Sheet:
        """Return the sheet of a market; the same one each time, as long as there is something on it."""
        found = self._sheets.get(market)
        if found is None:
            while len(self._sheets) >= MARKETS and (empty := self._untouched()):
                del self._sheets[empty]
            found = self._sheets[market] = Sheet(on_change=lambda: self.on_change(market))
        return found

    def _untouched(self) -> str:
        return next((m for m, sheet in self._sheets.items() if sheet.is_untouched), "")

    def new_id(self) -> int:
        """Return a number that no drawing has."""
        self._last_id += 1
        return self._last_id

    def load(self, kept: Kept) -> None:
        """Take these in the place of what there was; of those with one id the last counts."""
        self._is_magnet, self._sheets = kept.is_magnet, {}
        for market, drawings in list(kept.markets.items())[:MARKETS]:
            sheet = self.sheet(market)
            sheet.drawings = _with((), drawings)[-MOST:]
            self._last_id = max(self._last_id, *(d.id for d in drawings), 0)
        self.on_change("")

    def keep(self) -> Kept:
        """Return what lasts."""
        sheets: Mapping[str, Sheet] = self._sheets
        return Kept(is_magnet=self._is_magnet, markets={m: s.drawings for m, s in sheets.items() if s.drawings})
