"""Time and sales as a window on the tape: which prints are shown, and how they got there. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from core.market import quote_of
from core.state.coverage import Span
from core.state.tape import Tape
from core.wire.messages import Ticker, Trade

# From which value on a print stands out, and from which it does so loudly; quote currency.
# KRW: what an exchange's own "large trade" lists begin with; the others are about the same money.
TIERS: dict[str, tuple[float, float]] = {
    "KRW": (10_000_000, 100_000_000),
    "USDT": (7_000, 70_000),
    "BTC": (0.1, 1.0),
}


class Print(NamedTuple):
    """One line of the tape."""

    time_ms: int  # exchange clock, epoch ms UTC
    price: float  # quote currency
    size: float  # base currency
    value: float  # quote currency
    is_buy: bool  # the buyer crossed the spread
    tier: int  # 0 usual, 1 large, 2 very large
    id: int
    hole: Span | None = None  # right before it prints are missing: of these times


def print_of(trade: Trade, hole: Span | None = None) -> Print:
    """Return the line that shows `trade`, with the hole in the ledger that lies before it."""
    value = trade.price * trade.size
    large, huge = TIERS.get(quote_of(trade.market), TIERS["USDT"])
    tier = 0 if value < large else 1 if value < huge else 2
    return Print(trade.time_ms, trade.price, trade.size, value, trade.aggressor == "BID", tier, trade.id, hole)


def strength(ticker: Ticker | None) -> float:
    """Return 체결강도: bought by the aggressor over sold by him since 09:00 KST, in percent; nan if not known.

    Source: exchange manual; 100 is balance, there is no upper bound.
    """
    if ticker is None or not ticker.day_ask_volume > 0.0:
        return float("nan")
    return 100.0 * ticker.day_bid_volume / ticker.day_ask_volume


class TapeWindow:
    """The part of a tape that is shown, newest first. It follows the newest print, or stands still while scrolled back.

    Scrolled back it holds on to its top print: what arrives pushes nothing and is counted in `behind`.
    """

    def __init__(self, capacity: int = 1) -> None:
        self.capacity = capacity  # lines that fit, >= 1
        self.rows: Sequence[Print] = ()
        self.behind = 0  # prints newer than the top line; 0: following
        self.tape: Tape | None = None
        self._cursor = 0
        self._late = 0
        self._holes: list[Span] = []

    @property
    def is_following(self) -> bool:
        return self.behind == 0

    def open(self, tape: Tape) -> None:
        """Show another tape from its newest print."""
        self.tape, self.behind = tape, 0
        self._read()

    def close(self) -> None:
        """Show nothing."""
        self.tape, self.behind, self.rows = None, 0, ()

    def resize(self, capacity: int) -> None:
        """Show `capacity` lines, the top one staying where it is."""
        if capacity != self.capacity:
            self.capacity = max(capacity, 1)
            self.scroll(0)

    def pull(self) -> int | None:
        """Take in what arrived. Return how many lines came on top of the old ones, or None if all lines are new."""
        tape = self.tape
        if tape is None:
            return 0
        new, cursor = tape.since(self._cursor)
        fell_behind = cursor - self._cursor > len(new)
        holes = tape.holes
        has_late = tape.late != self._late or bool(holes) or holes != self._holes
        self._cursor, self._late = cursor, tape.late
        if self.behind:
            return self._pull_frozen(tape, new, fell_behind)
        if fell_behind or has_late or len(new) >= self.capacity:
            self._show(tape)
            return None
        if not new:
            return 0
        self.rows = [*(print_of(t) for t in reversed(new)), *self.rows][: self.capacity]
        return len(new)

    def scroll(self, lines: int) -> None:
        """Move towards older prints (positive) or newer ones. At the newest print it follows again."""
        tape = self.tape
        if tape is None:
            return
        self.pull()
        self.behind = max(min(self.behind + lines, len(tape) - self.capacity), 0)
        self._show(tape)

    @property
    def is_at_oldest(self) -> bool:
        """Tell whether nothing older is known than what is shown."""
        return self.tape is not None and self.behind >= len(self.tape) - self.capacity

    def to_newest(self) -> None:
        """Follow again."""
        self.behind = 0
        self.scroll(0)

    def to_oldest(self) -> None:
        """Show the oldest prints that are known."""
        if self.tape is not None:
            self.scroll(len(self.tape))

    def _pull_frozen(self, tape: Tape, new: Sequence[Trade], fell_behind: bool) -> int | None:
        if not new:
            if self._holes != tape.holes:  # one was filled, or turned up
                self._show(tape)
                return None
            return 0
        top = self.rows[0]
        if fell_behind:
            self.behind = self._index(tape, top)
        else:
            self.behind += sum(t.time_ms >= top.time_ms for t in new)
        # The oldest lines may have been forgotten meanwhile, and a late print may belong among those shown.
        self.behind = max(min(self.behind, len(tape) - self.capacity), 0)
        before = self.rows
        self._show(tape)
        return 0 if self.rows == before else None

    def _index(self, tape: Tape, top: Print) -> int:
        """Return how many prints of the tape are newer than `top`, or all of them if it is gone."""
        trades = tape.latest(len(tape))
        return next((i for i, t in enumerate(reversed(trades)) if t.id == top.id), len(trades))

    def _read(self) -> None:
        tape = self.tape
        assert tape is not None
        _, self._cursor = tape.since(tape.count)
        self._late = tape.late
        self._show(tape)

    def _show(self, tape: Tape) -> None:
        self._holes = tape.holes
        trades = tape.latest(self.capacity + 1, self.behind)
        older = [None, *trades[:-1]]
        rows = [print_of(t, _hole_between(self._holes, o, t)) for o, t in zip(older, trades, strict=False)]
        self.rows = rows[: -self.capacity - 1 : -1]


def _hole_between(holes: Sequence[Span], older: Trade | None, newer: Trade) -> Span | None:
    """Return the hole that begins between two neighbours, or None."""
    if older is None:
        return None
    return next((hole for hole in holes if older.time_ms < hole.from_ms <= newer.time_ms), None)
