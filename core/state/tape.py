"""Time and sales of one market: a ledger keyed by trade id, bounded, ordered by time."""

from __future__ import annotations

from bisect import insort_right
from collections import deque
from itertools import islice

from core.wire.messages import Trade

BOUND = 10_000  # trades kept for one market
_HOLES = 64
_FRESH = 2_000  # arrivals a reader may be behind before it must read anew


def _time(trade: Trade) -> int:
    return trade.time_ms


class Tape:
    """Trades of one market. Nothing is conflated; a trade counts once, however often it comes.

    Readers keep a cursor: `since(cursor)` gives what arrived after it, in order of arrival. A late trade (from
    REST) arrives late but stands in `latest` where its time puts it.
    """

    def __init__(self, bound: int = BOUND) -> None:
        self.bound = bound
        self.count = 0  # arrivals so far, never falls: the cursor
        self.late = 0  # arrivals that did not go to the end; a reader that shows an order re-reads when it grows
        # Complete up to this stamp and perhaps not after it, until REST has joined it; -1: never complete yet.
        self.break_ms: int | None = -1
        self.holes: deque[tuple[int, int]] = deque(maxlen=_HOLES)  # (from, to) ms that could not be filled
        self._trades: list[Trade] = []  # by time, equal times by arrival
        self._ids: set[int] = set()
        self._fresh: deque[Trade] = deque(maxlen=_FRESH)
        self._forgot_ms = -1  # trades up to here were let go; one that comes again is not new

    @property
    def version(self) -> int:
        """Changes with every trade added."""
        return self.count

    def __len__(self) -> int:
        return len(self._trades)

    def __contains__(self, trade_id: int) -> bool:
        return trade_id in self._ids

    def add(self, trade: Trade) -> bool:
        """Keep `trade`. Return False if it is known already or older than what the tape still holds."""
        if trade.id in self._ids or trade.time_ms <= self._forgot_ms:
            return False
        trades = self._trades
        if not trades or trade.time_ms >= trades[-1].time_ms:
            trades.append(trade)
        else:
            insort_right(trades, trade, key=_time)
            self.late += 1
        self._ids.add(trade.id)
        self._fresh.append(trade)
        self.count += 1
        if len(trades) > self.bound + self.bound // 8:  # trim seldom, in one go
            self._forget(len(trades) - self.bound)
        return True

    def _forget(self, count: int) -> None:
        gone = self._trades[:count]
        del self._trades[:count]
        self._ids.difference_update(t.id for t in gone)
        self._forgot_ms = gone[-1].time_ms

    def mark_break(self) -> None:
        """The stream stopped: what comes next may not follow on what is here."""
        if self.break_ms is None:
            self.break_ms = self._trades[-1].time_ms if self._trades else -1

    def latest(self, n: int, before: int = 0) -> list[Trade]:
        """Return up to `n` trades, newest last, leaving out the newest `before` of them."""
        end = len(self._trades) - before
        return self._trades[max(end - n, 0) : end] if end > 0 else []

    def since(self, cursor: int) -> tuple[list[Trade], int]:
        """Return what arrived after `cursor`, in order of arrival, and the next cursor.

        A reader that fell behind gets fewer trades than the cursor moved: it reads `latest` instead.
        """
        new = min(self.count - cursor, len(self._fresh))
        if new <= 0:
            return [], self.count
        return list(islice(self._fresh, len(self._fresh) - new, None)), self.count

    @property
    def last(self) -> Trade | None:
        """The newest trade by time."""
        return self._trades[-1] if self._trades else None
