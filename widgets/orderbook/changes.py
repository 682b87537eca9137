"""What changed at each place of a book: sizes put up and taken down, sizes traded. No Qt, no clock."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from typing import NamedTuple

from core.market import MINUTE_MS
from core.state.tape import OVERLAP_MS, Tape
from core.wire.messages import Trade

WINDOWS_S = (2, 5, 10, 30)  # over which changes of size are summed
WINDOWS_MIN = (1, 5, 15, 60, 0)  # over which trades are summed; 0: all that are known
STAGES = 4  # of a change that fades
_BOUND = 20_000  # changes kept: 60 levels, ten times a second, for half a minute


class Change(NamedTuple):
    """What became of the size at one place."""

    size: float  # base currency; positive: stacked, negative: pulled or traded away
    stage: int  # STAGES when it has just happened, 1 shortly before it is forgotten


class Changes:
    """Changes of one side of a book over the last seconds, by place.

    A size that comes into sight because the book moved was not put up, and one that goes out of sight was not taken
    down: only what was known before and is known now can have changed.
    """

    def __init__(self, *, is_ask: bool, window_s: float = 5.0) -> None:
        self.is_ask = is_ask
        self.window_s = window_s
        self._before: Mapping[int, float] | None = None
        self._end: int | None = None
        self._moves: deque[tuple[float, int, float]] = deque(maxlen=_BOUND)  # (when, place, size), oldest first
        self._sums: dict[int, tuple[float, int, float]] = {}  # place -> (size, moves, when it moved last)

    def begin(self) -> None:
        """Forget everything: another book, or other places."""
        self._before = None
        self._moves.clear()
        self._sums.clear()

    def see(self, sizes: Mapping[int, float], end: int | None, now: float) -> None:
        """Take note of the side as it is now.

        Args:
            sizes: place -> size.
            end: the last place, away from the market, of which all is known; None where the whole side is.
            now: s, never falls.
        """
        before, old_end = self._before, self._end
        self._before, self._end = sizes, end
        if before is None or sizes is before:
            return
        for place in before.keys() | sizes.keys():
            change = sizes.get(place, 0.0) - before.get(place, 0.0)
            if change and self._is_known(place, old_end) and self._is_known(place, end):
                if len(self._moves) == _BOUND:
                    self._forget_oldest()
                self._moves.append((now, place, change))
                size, moves, _ = self._sums.get(place, (0.0, 0, now))
                self._sums[place] = size + change, moves + 1, now

    def _is_known(self, place: int, end: int | None) -> bool:
        return end is None or (place <= end if self.is_ask else place >= end)

    def forget(self, now: float) -> None:
        """Let go of what happened longer ago than the window."""
        while self._moves and self._moves[0][0] <= now - self.window_s:
            self._forget_oldest()

    def _forget_oldest(self) -> None:
        _, place, change = self._moves.popleft()
        size, moves, last = self._sums[place]
        if moves == 1:
            del self._sums[place]
        else:
            self._sums[place] = size - change, moves - 1, last

    @property
    def has_any(self) -> bool:
        return bool(self._sums)

    def at(self, now: float) -> dict[int, Change]:
        """Return what changed at each place, as far as it did not change back. `forget` comes before."""
        found = {}
        for place, (size, moves, last) in self._sums.items():
            if moves > 1 and abs(size) < 1e-9:
                continue  # up and down again: what is left is how floats add up
            fresh = 1.0 - (now - last) / self.window_s
            found[place] = Change(size, min(max(int(fresh * STAGES) + 1, 1), STAGES))
        return found


class Sums(NamedTuple):
    """What was traded at one place, base currency."""

    sold: float = 0.0  # by who crossed the spread downwards
    bought: float = 0.0


_NOTHING = Sums()


class Traded:
    """Sizes traded at each place over the last minutes, following a ledger.

    Args:
        place: of a trade.
        window_min: minutes; 0 for all that is known.
    """

    def __init__(self, place: Callable[[Trade], int], window_min: int = 5) -> None:
        self.window_min = window_min
        self._place = place
        self._tape: Tape | None = None
        self._cursor = 0
        self._newest_ms = 0
        self._trades: deque[tuple[int, int, bool, float]] = deque()  # (time_ms, place, was it bought, size)
        self._counts: dict[int, list[int]] = {}  # place -> trades [sold, bought]
        self.sums: dict[int, Sums] = {}
        self.version = 0  # changes with the sums
        self.is_whole = False  # the ledger has every trade of the window

    def begin(self, place: Callable[[Trade], int] | None = None, window_min: int | None = None) -> None:
        """Sum anew, perhaps by other places or over another window."""
        self._place = place or self._place
        self.window_min = self.window_min if window_min is None else window_min
        self._tape = None

    def follow(self, tape: Tape, now_ms: int) -> None:
        """Take in what came, let go of what is too old.

        Args:
            now_ms: exchange clock, epoch ms UTC.
        """
        from_ms = now_ms - self.window_min * MINUTE_MS + 1 if self.window_min else -1
        new: list[Trade] = []
        moved = tape.count - self._cursor
        if tape is self._tape:
            if moved:
                new, self._cursor = tape.since(self._cursor)
            is_late = any(t.time_ms < self._newest_ms - OVERLAP_MS for t in new)
            # Out of order by a moment is let go of a moment later; a page of REST is not.
            if len(new) == moved and not is_late:
                for trade in new:
                    self._add(trade, from_ms)
                self._forget(from_ms)
                self._look(tape, from_ms)
                return
        self._tape, self._cursor = tape, tape.count
        self._trades.clear()
        self._counts.clear()
        self.sums = {}
        self.version += 1
        self._newest_ms = 0
        for trade in tape.between(tape.place_from(from_ms), len(tape)):
            self._add(trade, from_ms)
        self._look(tape, from_ms)

    def _look(self, tape: Tape, from_ms: int) -> None:
        run_ms = tape.run_ms
        if self.window_min:
            self.is_whole = run_ms is not None and run_ms <= from_ms
        else:
            self.is_whole = tape.is_joined and tape.is_complete
        if not self.window_min:  # the ledger has a bound, so has this
            while len(self._trades) > tape.bound:
                self._forget_oldest()

    def _add(self, trade: Trade, from_ms: int) -> None:
        if trade.time_ms < from_ms:
            return
        place, is_buy = self._place(trade), trade.aggressor == "BID"
        self._trades.append((trade.time_ms, place, is_buy, trade.size))
        self._newest_ms = max(self._newest_ms, trade.time_ms)
        self._counts.setdefault(place, [0, 0])[is_buy] += 1
        sold, bought = self.sums.get(place, _NOTHING)
        self.sums[place] = Sums(sold, bought + trade.size) if is_buy else Sums(sold + trade.size, bought)
        self.version += 1

    def _forget(self, from_ms: int) -> None:
        while self._trades and self._trades[0][0] < from_ms:
            self._forget_oldest()

    def _forget_oldest(self) -> None:
        _, place, is_buy, size = self._trades.popleft()
        counts = self._counts[place]
        counts[is_buy] -= 1
        self.version += 1
        if not any(counts):
            del self._counts[place], self.sums[place]
            return
        sold, bought = self.sums[place]
        left = (bought if is_buy else sold) - size if counts[is_buy] else 0.0  # no rest of how floats add up
        self.sums[place] = Sums(sold, left) if is_buy else Sums(left, bought)
