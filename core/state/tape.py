"""Time and sales of one market: a ledger keyed by trade id, bounded, ordered by time."""

from __future__ import annotations

from bisect import bisect_left, insort_right
from collections import deque
from collections.abc import Iterable, Sequence
from itertools import islice

from core.state.coverage import Coverage, Span
from core.wire.messages import Trade

BOUND = 10_000  # trades kept for one market
_LOST = 64
OVERLAP_MS = 3_000  # trades of one market were seen 0.2 s out of order; REST is cheap
_FRESH = 2_000  # arrivals a reader may be behind before it must read anew


def _time(trade: Trade) -> int:
    return trade.time_ms


class Tape:
    """Trades of one market. Nothing is conflated; a trade counts once, however often it comes.

    Readers keep a cursor: `since(cursor)` gives what arrived after it, in order of arrival. A late trade (from
    REST) arrives late but stands in `latest` where its time puts it.

    It also knows of which times it is complete. `resume` and `mark_break` say when the stream runs, `cover` what REST
    has brought; what lies between the stretches is a hole, until it is filled or given up. A stream that never
    stopped is one stretch: that costs nothing for each trade.
    """

    def __init__(self, bound: int = BOUND) -> None:
        self.bound = bound
        self.count = 0  # arrivals so far, never falls: the cursor
        self.late = 0  # arrivals that did not go to the end; a reader that shows an order re-reads when it grows
        self.coverage = Coverage()
        self.run_ms: int | None = None  # complete from here to the newest, as the stream runs; None while it does not
        self._run_id = -1  # of the trade that the stream said first
        self._run_from_ms = -1  # when that was: others of this moment come by the stream, if it stays
        self._is_moment_open = False  # a page vouched for that moment, and the stream did not stay
        self.is_complete = False  # the exchange tells of nothing older
        self.lost: deque[Span] = deque(maxlen=_LOST)  # holes that cannot be filled
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

    def shrink(self, bound: int) -> None:
        """Let go of all but the newest `bound` trades, and of what readers have not read."""
        self._fresh.clear()
        if len(self._trades) > bound:
            self._forget(len(self._trades) - bound)

    def _forget(self, count: int) -> None:
        gone = self._trades[:count]
        del self._trades[:count]
        if count > len(self._trades):
            self._ids = {t.id for t in self._trades}  # a set that gets smaller keeps the room of the largest it was
        else:
            self._ids.difference_update(t.id for t in gone)
        self._forgot_ms = gone[-1].time_ms
        self.coverage.forget(self._forgot_ms + 1)
        if self.run_ms is not None:
            self.run_ms = max(self.run_ms, self._forgot_ms + 1)

    # Of which times it is complete.

    def resume(self, newest: Trade, is_known: bool) -> bool:
        """The stream runs again; what it says first is the market's newest trade. Return whether some were missed.

        Args:
            newest: the snapshot; it need not be here yet.
            is_known: whether it was here before this stream (re)started.
        """
        if self.run_ms is not None:
            if is_known:  # the exchange said it again, and nothing came in between
                return not self.is_joined
            self.mark_break()
        if is_known and self._is_moment_open and newest.time_ms == self._run_from_ms:  # no others came in it
            self.coverage.add(newest.time_ms, newest.time_ms)
        self._is_moment_open = False
        self._run_id, self._run_from_ms = newest.id, newest.time_ms
        if is_known and newest.time_ms <= self.coverage.end_ms:
            self.run_ms = self.coverage.start_of(self.coverage.end_ms)
        else:
            # Others may have the same stamp: what is sure to come by the stream begins after it.
            self.run_ms = newest.time_ms + 1
        return not self.is_joined

    def mark_break(self, overlap_ms: int = OVERLAP_MS) -> None:
        """The stream stopped, or lost something: what comes next may not follow on what is here.

        Args:
            overlap_ms: how long before the newest trade one may be missing: frames overtake each other.
        """
        if self.run_ms is not None:
            end_ms = self._trades[-1].time_ms - overlap_ms if self._trades else -1
            self.coverage.add(self.run_ms, end_ms)
            begin_ms = self._run_from_ms
            if end_ms < begin_ms and self.coverage.has(begin_ms, begin_ms):
                # A page vouched for the moment in which the stream began, because the stream would bring the rest.
                self.coverage.remove(begin_ms, begin_ms)
                self._is_moment_open = True
            self.run_ms = None

    def reach_ms(self, newest: Sequence[Trade]) -> int:
        """Return up to when the newest page of REST tells all, which lags behind the socket.

        Of the last millisecond it may know a part, unless it knows the trade that the stream began with.
        """
        last_ms = newest[-1].time_ms
        if self.run_ms is not None and last_ms < self.run_ms and any(t.id == self._run_id for t in newest):
            return self.run_ms - 1  # even if REST stamps that trade more coarsely
        return last_ms - 1

    def cover(self, from_ms: int, to_ms: int) -> None:
        """Every trade of from..to is here now."""
        self.coverage.add(max(from_ms, self._forgot_ms + 1), to_ms)
        if self.run_ms is not None and self.coverage.end_ms >= self.run_ms - 1:
            self.run_ms = self.coverage.start_of(self.coverage.end_ms)

    def doubt(self, from_ms: int, to_ms: int) -> bool:
        """Count from..to as a hole although the stream ran. Return False if more than that is missing already."""
        if self.run_ms is None or from_ms < self.run_ms or to_ms < from_ms:
            return False
        self.coverage.add(self.run_ms, from_ms - 1)
        if self.is_new:  # else what lies before the stream would be no hole but nobody's business
            self.coverage.add(from_ms - 1, from_ms - 1)
        self.run_ms, self._run_id = to_ms + 1, -1
        return True

    def restore(self, trades: Iterable[Trade], spans: Iterable[Span]) -> None:
        """Take what was kept, and of which times that is all: what came since is a hole, until it is filled."""
        for trade in trades:
            self.add(trade)
        for span in spans:
            self.cover(*span)

    def begin(self) -> None:
        """Nothing before the stream is wanted, or to be had: what is known begins with it at the latest."""
        if self.is_new and self.run_ms is not None:
            self.coverage.add(self.run_ms - 1, self.run_ms - 1)

    def give_up(self, upto_ms: int) -> None:
        """Nothing will fill the holes that begin at `upto_ms` or before."""
        self.lost.extend(hole for hole in self.holes if hole.from_ms <= upto_ms and hole not in self.lost)
        self.begin()

    def has_hole_before(self, upto_ms: int) -> bool:
        """Tell whether a hole that is to be filled begins at `upto_ms` or before."""
        return any(hole.from_ms <= upto_ms and hole not in self.lost for hole in self.holes)

    @property
    def begin_ms(self) -> int:
        """Where the oldest stretch begins that is known; -1 if there is none."""
        spans = self.coverage.spans
        return spans[0].from_ms if spans else -1 if self.run_ms is None else self.run_ms

    @property
    def is_new(self) -> bool:
        """True while it is complete of no time yet."""
        return max(self.coverage.end_ms, self._forgot_ms) < 0

    @property
    def holes(self) -> list[Span]:
        """Times of which trades are missing, oldest first: those to be filled yet and those that are lost."""
        holes, end_ms = self.coverage.holes(), max(self.coverage.end_ms, self._forgot_ms)
        if self.run_ms is not None and -1 < end_ms < self.run_ms - 1:
            holes.append(Span(end_ms + 1, self.run_ms - 1))
        return holes

    def to_fill(self) -> Span | None:
        """Return the newest hole to be filled; of a ledger that is complete of no time yet, all before the stream."""
        if self.run_ms is None:
            return None  # the stream is to run first: subscribe, then fetch
        if self.is_new:
            return Span(-1, self.run_ms - 1)
        return next((hole for hole in reversed(self.holes) if hole not in self.lost), None)

    @property
    def is_joined(self) -> bool:
        """Tell whether the stream runs and nothing of what can be had is missing."""
        return self.run_ms is not None and self.to_fill() is None

    def latest(self, n: int, before: int = 0) -> list[Trade]:
        """Return up to `n` trades, newest last, leaving out the newest `before` of them."""
        end = len(self._trades) - before
        return self._trades[max(end - n, 0) : end] if end > 0 else []

    def of_times(self, from_ms: int, to_ms: int) -> list[Trade]:
        """Return the trades of from..to, by time."""
        begin = bisect_left(self._trades, from_ms, key=_time)
        return self._trades[begin : bisect_left(self._trades, to_ms + 1, begin, key=_time)]

    def first_from(self, time_ms: int) -> Trade | None:
        """Return the oldest trade that is not older than `time_ms`."""
        at = self.place_from(time_ms)
        return self._trades[at] if at < len(self._trades) else None

    def between(self, begin: int, end: int) -> list[Trade]:
        """Return the trades from place `begin` up to `end`, by time; 0 is the oldest that is kept."""
        return self._trades[begin:end]

    def place_from(self, time_ms: int) -> int:
        """Return the place of the oldest trade that is not older than `time_ms`, or how many there are."""
        return bisect_left(self._trades, time_ms, key=_time)

    def since(self, cursor: int) -> tuple[list[Trade], int]:
        """Return what arrived after `cursor`, in order of arrival, and the next cursor.

        A reader that fell behind gets fewer trades than the cursor moved: it reads `latest` instead.
        """
        new = min(self.count - cursor, len(self._fresh))
        if new <= 0:
            return [], self.count
        return list(islice(reversed(self._fresh), new))[::-1], self.count  # from its end: mostly one, of thousands

    @property
    def last(self) -> Trade | None:
        """The newest trade by time."""
        return self._trades[-1] if self._trades else None
