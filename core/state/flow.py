"""The trades of one market in columns, many more than its tape holds: for deltas and profiles. Pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.calc.delta import F64, I64, TradeColumns, calls_for
from core.market import DAY_MS
from core.state.chunks import Prints, prints_of, uncovered
from core.state.coverage import Coverage, Span
from core.state.tape import OVERLAP_MS, Tape
from core.wire.messages import Trade
from core.wire.rest import DAYS_OF_TRADES, TRADES_PER_PAGE

BOUND = 200_000  # trades, 33 bytes each
IDLE_BOUND = 10_000  # of a market that nobody leases any more
FREE_CALLS = 20  # of REST for one market that are made without asking the user
_COARSE_MS = 1_000  # by which REST may stamp a trade other than the stream did
_FAR = 2**62  # ms; what comes by a stream that runs is known up to here
_LATE = 64  # late ones that are told apart: who looks more seldom works everything out anew
_SAMPLE = 20_000  # newest trades whose mean size stands for those that are missing


def oldest_ms(now_ms: int) -> int:
    """Return of when the oldest trades are that REST still has."""
    return (now_ms // DAY_MS - DAYS_OF_TRADES) * DAY_MS


class Load(NamedTuple):
    """How far a load of trades has come."""

    done: int  # calls of REST
    most: int  # that it may make


class Flow:
    """Trades by time, and of which times they are all there are.

    It follows the tape, and keeps what the tape forgets; `add` and `cover` bring what REST has of longer ago. Nobody
    pays for it before the first look.
    """

    def __init__(self, bound: int = BOUND) -> None:
        self.bound = bound
        self.version = 0  # changes with anything
        self.history_version = 0  # changes unless trades came alone; where they came `unmoved` tells
        self.free_calls = FREE_CALLS
        self.load: Load | None = None  # that is on its way
        self.is_recalled = False  # the disk was asked
        self.known = Coverage()  # as of now: also what is to come by the stream that runs
        self._kept = Coverage()
        self._columns = _room(1_024)
        self._count = 0
        self._late: deque[tuple[int, int]] = deque(maxlen=_LATE)  # version, and the place from which others moved on
        self._cursor = -1  # into the tape
        self._forgot_ms = -1
        self._is_running = False

    def __len__(self) -> int:
        return self._count

    @property
    def trades(self) -> TradeColumns:
        """All of them: views, valid until the next change."""
        time, _, price, size, is_bid = _rows(self._columns, slice(0, self._count))
        return TradeColumns(time, price, size, is_bid)

    def unmoved(self, version: int) -> int:
        """Return how many trades, counted from the oldest, stand where they did at that version of this history."""
        late = [place for at, place in self._late if at > version]
        return min(late, default=self._count) if len(late) < _LATE else 0

    @property
    def is_full(self) -> bool:
        """Tell whether older trades would push others out."""
        return self._count >= self.bound

    @property
    def is_running(self) -> bool:
        """Tell whether what happens now comes in by itself."""
        return self._is_running

    @property
    def mean_size(self) -> float:
        """Mean size of the newest trades, base currency; 0 without any."""
        size = self._columns.size[max(self._count - _SAMPLE, 0) : self._count]
        return float(size.mean()) if len(size) else 0.0

    def gaps(self, from_ms: int, to_ms: int) -> list[Span]:
        """Return of which times of from..to trades may be missing, oldest first."""
        return uncovered(Span(from_ms, to_ms), self.known) if to_ms >= from_ms else []

    def calls(self, starts: I64, ends: I64, volume: F64, now_ms: int) -> int:
        """Return about how many calls of REST bring what is missing of these bars, as far as it can be had.

        Args:
            starts: epoch ms.
            ends: exclusive.
            volume: base currency.
            now_ms: exchange clock.
        """
        mean = self.mean_size
        if not len(starts) or not mean > 0:
            return 0
        gaps = self.gaps(max(int(starts[0]), oldest_ms(now_ms)), min(int(ends[-1]), now_ms) - 1)
        return calls_for(gaps, starts, ends, volume, mean, TRADES_PER_PAGE)

    @property
    def room(self) -> int:
        """How many calls of REST there is room for."""
        return max(self.bound - self._count, 0) // TRADES_PER_PAGE

    def follow(self, tape: Tape) -> None:
        """Take in what came to the tape since the last time."""
        if self._cursor < 0:
            new, self._cursor = tape.latest(len(tape)), tape.count
        else:
            before = self._cursor
            new, self._cursor = tape.since(before)
            if len(new) < self._cursor - before:
                new = tape.latest(len(tape))
        self.add(new)
        for span in tape.coverage.spans:
            self._keep(*span)
        if tape.run_ms is not None and tape.last is not None:
            # What is to be relied on if the stream stops now, or if the tape forgets it.
            self._keep(tape.run_ms, tape.last.time_ms - OVERLAP_MS)
        self._know(tape.run_ms)

    def cover(self, from_ms: int, to_ms: int) -> None:
        """Every trade of from..to is here now."""
        self._keep(from_ms, to_ms)
        open_ms = self.known.spans[-1].from_ms if self._is_running and len(self.known) else None
        self._know(open_ms)

    def doubt(self, from_ms: int, to_ms: int) -> None:
        """Trades of from..to turned out to be missing, though the stream ran; the next `follow` says so."""
        self._kept.remove(from_ms, to_ms)

    def prints(self, from_ms: int, to_ms: int) -> Prints:
        """Return the trades of from..to with their ids, a copy."""
        begin, end = np.searchsorted(self._columns.time[: self._count], [from_ms, to_ms + 1]).tolist()
        return _rows(self._columns, np.arange(begin, end))

    def restore(self, prints: Prints, spans: Sequence[Span]) -> None:
        """Take what was kept, and of which times that is all."""
        self._merge(prints)
        for span in spans:
            self.cover(*span)

    def _keep(self, from_ms: int, to_ms: int) -> None:
        self._kept.add(max(from_ms, self._forgot_ms + 1), to_ms)

    def _know(self, open_ms: int | None) -> None:
        known = Coverage(self._kept.bound + 1)
        for span in self._kept.spans:
            known.add(*span)
        self._is_running = open_ms is not None
        if open_ms is not None:
            known.add(max(open_ms, self._forgot_ms + 1), _FAR)
        if known.spans != self.known.spans:
            self.known = known
            self.version += 1
            self.history_version += 1

    def add(self, trades: Sequence[Trade]) -> None:
        """Take in trades, in any order; one that is known changes nothing."""
        if not trades:
            return
        self._merge(prints_of(trades))

    def _merge(self, new: Prints) -> None:
        order = np.argsort(new.time, kind="stable")
        order = order[new.time[order] > self._forgot_ms]
        if len(order) > 1:
            order = order[np.sort(np.unique(new.id[order], return_index=True)[1])]
        if not len(order):
            return
        time = self._columns.time[: self._count]
        begin = int(np.searchsorted(time, new.time[order[0]] - _COARSE_MS))
        end = int(np.searchsorted(time, new.time[order[-1]] + _COARSE_MS, side="right"))
        order = order[~np.isin(new.id[order], self._columns.id[begin:end])]
        if not len(order):
            return
        new = _rows(new, order)
        place = int(np.searchsorted(time, new.time[0], side="right"))
        tail, count = _rows(self._columns, slice(place, self._count)), self._count + len(order)
        if len(tail.time):
            at = np.searchsorted(tail.time, new.time, side="right")
            new = Prints(*(np.insert(old, at, part) for old, part in zip(tail, new, strict=True)))
        if count > len(self._columns.time):
            grown = _room(2 * count)
            for column, old in zip(grown, self._columns, strict=True):
                column[:place] = old[:place]
            self._columns = grown
        for column, part in zip(self._columns, new, strict=True):
            column[place:count] = part
        self.version += 1
        if place < self._count:
            self._late.append((self.version, place))
        self._count = count
        if count > self.bound + self.bound // 8:
            self.shrink(self.bound)

    def shrink(self, bound: int) -> None:
        """Let go of all but the newest `bound` trades."""
        gone = self._count - bound
        if gone <= 0:
            return
        self._forgot_ms = int(self._columns.time[gone - 1])
        gone = int(np.searchsorted(self._columns.time[: self._count], self._forgot_ms, side="right"))
        self._columns = _rows(self._columns, np.arange(gone, self._count))  # a copy, which lets go of the rest
        self._count -= gone
        self._late.clear()
        self._kept.forget(self._forgot_ms + 1)
        self.known.forget(self._forgot_ms + 1)
        self.version += 1
        self.history_version += 1


def _room(count: int) -> Prints:
    whole, number = np.empty((2, count), np.int64), np.empty((2, count))
    flag: NDArray[np.bool_] = np.empty(count, np.bool_)
    return Prints(whole[0], whole[1], number[0], number[1], flag)


def _rows(prints: Prints, which: slice | NDArray[np.int64]) -> Prints:
    time, id_, price, size, is_bid = prints
    return Prints(time[which], id_[which], price[which], size[which], is_bid[which])
