"""Time and sales as a window on the lines of a tape: which are shown, and how they got there. No Qt."""

from __future__ import annotations

from collections.abc import Sequence

from core.state.coverage import Span
from core.state.tape import Tape
from widgets.trades.lines import Exact, Lines, Print, Shown, Wanted


class TapeWindow:
    """The part of a tape that is shown, newest first. It follows the newest line, or stands still while frozen.

    Frozen it holds on to its top line: what arrives pushes nothing and is counted in `behind`.
    """

    def __init__(self, capacity: int = 1, wanted: Wanted | None = None) -> None:
        self.capacity = capacity  # lines that fit, >= 1
        self.wanted = wanted or Wanted()
        self.rows: Sequence[Print] = ()
        self.behind = 0  # lines newer than the top one
        self.is_frozen = False
        self.tape: Tape | None = None
        self.loudest: tuple[int, Shown] | None = None  # tier and side of the largest line that came and is to be heard
        self._listens: tuple[int, Shown] = (0, "")  # from which tier on, of which side; tier 0: to none
        self._lines: Lines | None = None
        self._top: tuple[int, int] | None = None  # finds the top line again
        self._ends: tuple[tuple[int, int], tuple[int, int]] | None = None  # of what the user selected
        self._heard: tuple[int, int] | None = None  # the newest line before, and its tier
        self._heard_ms: int | None = None  # time of the newest trade before, on a line or not; None: there was none
        self._is_deaf = False  # to what comes with the next pull

    @property
    def is_following(self) -> bool:
        return not self.is_frozen

    def open(self, tape: Tape) -> None:
        """Show another tape from its newest line."""
        self.tape, self._lines = tape, Lines(tape, self.wanted)
        self._follow()
        self._listen(0)
        self.loudest = None

    def close(self) -> None:
        """Show nothing."""
        self.tape = self._lines = None
        self.rows, self.loudest, self._top = (), None, None
        self._heard, self._heard_ms = None, None
        self._follow()

    def want(self, wanted: Wanted) -> None:
        """Show these lines from now on; a frozen window stays about where it is."""
        if wanted == self.wanted:
            return
        self.wanted = wanted
        if self.tape is not None:
            if wanted.is_summed and self._lines is not None:
                self._lines.wanted = wanted
                self._lines.rebuild()  # it remembers its floods
            else:
                self._lines = Lines(self.tape, wanted)
            self._find_top()
            self._listen(0)
            self.loudest = None
            self._show()

    def resize(self, capacity: int) -> None:
        """Show `capacity` lines, the top one staying where it is."""
        if capacity != self.capacity:
            self.pull()
            self.capacity = max(capacity, 1)
            self._show()

    def pull(self) -> int | None:
        """Take in what arrived. Return how many lines came on top of the old ones, or None if any line may be new.

        Beside the new ones, the line that was on top may have changed: more of the same order came.
        """
        lines = self._lines
        if lines is None:
            return 0
        before, forgets, holes = len(lines), lines.forgets, lines.holes
        is_deaf, self._is_deaf = self._is_deaf, False
        # Whoever reads in peace has time for each of them.
        moved = lines.pull(0 if self.is_frozen else self.capacity)
        if moved == (0, 0) and lines.forgets == forgets:
            return 0
        gone, came = (before, len(lines)) if moved is None else moved
        if self._listens[0]:
            # After a hole begins the stream anew, and later a page that fills it: of trades that are not just made.
            is_deaf = is_deaf or self._heard_ms is None or lines.holes[-1:] != holes[-1:]
            after_ms = self._heard_ms if moved is None else None
            self._listen(0 if is_deaf else max(came - gone, 0) + 1, after_ms)
        if lines.forgets != forgets and (self.is_frozen or len(lines) <= self.capacity):
            moved, gone = None, before  # places have moved, or what was in sight is gone
        if self.is_frozen:
            return self._pull_frozen(lines, before, gone)
        if moved is None or gone > 1 or came < gone or came - gone >= self.capacity or gone > len(self.rows):
            self._show()
            return None
        if came:
            fresh = [lines.at(len(lines) - 1 - i) for i in range(came)]
            self.rows = [*fresh, *self.rows[gone:]][: self.capacity]
            self._top = lines.mark(len(lines) - 1)
        return came - gone

    def _pull_frozen(self, lines: Lines, before: int, gone: int) -> int | None:
        top = before - 1 - self.behind
        if self.rows and top < before - gone:  # what is new lies above
            self.behind = len(lines) - 1 - top
            return 0
        rows = self.rows
        self._find_top()
        self._show()
        return 0 if self.rows == rows else None

    def _find_top(self) -> None:
        """Let `behind` say where the top line is now."""
        lines = self._lines
        assert lines is not None
        if not self.is_frozen or self._top is None:
            self.behind = 0
            return
        self.behind = len(lines) - 1 - max(lines.place_of(self._top), 0)
        if len(self.rows) >= self.capacity:  # the oldest lines may have been forgotten meanwhile
            self.behind = min(self.behind, len(lines) - self.capacity)
        self.behind = max(self.behind, 0)

    def listen(self, tier: int, side: Shown = "") -> None:
        """Note from now on in `loudest` what comes of this tier or a higher one, of one side or both; 0 for nothing."""
        self._listens, self.loudest = (tier, side), None
        self.pull()
        self._listen(0)

    def hear_no_more(self) -> None:
        """Let nothing be heard of what came until the next pull: nobody looked while it did."""
        self.loudest, self._is_deaf = None, True

    def _listen(self, came: int, after_ms: int | None = None) -> None:
        """Take note of the largest line among the newest, if it was not as large before.

        Args:
            came: lines to look at.
            after_ms: those that are not newer came late, or were there before; None: they are all new.
        """
        lines = self._lines
        newest_trade = lines.tape.last if lines is not None and self._listens[0] else None
        self._heard_ms = newest_trade.time_ms if newest_trade is not None else None
        if lines is None or not len(lines) or not self._listens[0]:
            self._heard = None
            return
        for i in range(min(came, self.capacity)):
            row = lines.at(len(lines) - 1 - i)
            was = self._heard[1] if self._heard is not None and self._heard[0] == row.id else -1
            if was < 0 and after_ms is not None and row.time_ms <= after_ms:
                continue
            side: Shown = "BID" if row.is_buy else "ASK"
            is_heard = row.tier >= self._listens[0] and self._listens[1] in ("", side)
            if is_heard and row.tier > max(was, self.loudest[0] if self.loudest is not None else 0):
                self.loudest = row.tier, side
        newest = lines.at(len(lines) - 1)
        self._heard = newest.id, newest.tier

    # Moving.

    def freeze(self) -> None:
        """Stand still where it is."""
        self.is_frozen = self._lines is not None

    def scroll(self, lines: int) -> None:
        """Move towards older lines (positive) or newer ones. At the newest line it follows again."""
        if self._lines is None:
            return
        self.pull()
        self.behind = max(min(self.behind + lines, len(self._lines) - self.capacity), 0)
        self.is_frozen = self.behind > 0
        self._show()

    @property
    def is_at_oldest(self) -> bool:
        """Tell whether nothing older is known than what is shown."""
        return self._lines is not None and self.behind >= len(self._lines) - self.capacity

    def to_newest(self) -> None:
        """Follow again."""
        self._follow()

    def to_oldest(self) -> None:
        """Show the oldest lines that are known."""
        if self._lines is not None:
            self.scroll(len(self._lines))

    def _follow(self) -> None:
        self.behind, self.is_frozen, self._ends = 0, False, None
        if self._lines is not None:
            self.pull()
            self._show()

    def _show(self) -> None:
        lines = self._lines
        if lines is None:
            return
        top = len(lines) - 1 - self.behind
        self.rows = [lines.at(place) for place in range(top, max(top - self.capacity, -1), -1)]
        self._top = lines.mark(top) if top >= 0 else None

    # Selecting and copying.

    def select(self, line: int, *, is_more: bool = False) -> None:
        """Select the line shown at `line`, or all from the one selected first to it. It stands still from now on."""
        lines = self._lines
        if lines is None or not 0 <= line < len(self.rows):
            return
        id_ = self.rows[line].id
        self.freeze()
        self.pull()  # places are those of the ledger as it was pulled
        line = next((i for i, row in enumerate(self.rows) if row.id == id_), 0)
        mark = lines.mark(len(lines) - 1 - self.behind - line)
        self._ends = (self._ends[0] if is_more and self._ends is not None else mark, mark)

    def deselect(self) -> None:
        self._ends = None

    @property
    def has_selection(self) -> bool:
        return self._ends is not None

    @property
    def selected(self) -> frozenset[int]:
        """The ids of the lines in sight that are selected."""
        places = self._selected()
        if not places or self._lines is None:
            return frozenset()
        top = len(self._lines) - 1 - self.behind
        return frozenset(row.id for i, row in enumerate(self.rows) if top - i in places)

    def _selected(self) -> range:
        if self._ends is None or self._lines is None:
            return range(0)
        one, other = sorted(self._lines.place_of(end) for end in self._ends)
        return range(max(one, 0), other + 1)

    def exact(self) -> list[Exact | Span]:
        """Return what is selected, else what is in sight, newest first and with each digit."""
        lines = self._lines
        if lines is None:
            return []
        self.pull()
        top = len(lines) - 1 - self.behind
        places = self._selected() or range(max(top - len(self.rows) + 1, 0), top + 1)
        return [lines.exact(place) for place in reversed(places)]
