"""Candles of one market and interval, in arrays, joined from REST pages, candle frames and trades."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.market import Interval
from core.wire.messages import CandleRow, Trade

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
Bools = NDArray[np.bool_]

BOUND = 1_000_000  # bars of one series
_ROOM = 1_024  # free places kept at both ends when the arrays grow
_PENDING_BOUND = 5_000  # trades held against the next candle frame
_NEVER = 2**62  # ms


def _values(row: CandleRow) -> tuple[float, float, float, float, float]:
    return row.open, row.high, row.low, row.close, row.volume


class CandleSeries:
    """Bars by start, ascending, the last one still open. Rows from the exchange replace; trades run ahead of them.

    A trade moves the last bar at once. The next candle frame, which counts that trade in, replaces the bar, and
    only the trades that are newer than the frame are laid over it again: so the bar is live and stays exact.

    Every bar remembers its newest trade: a row that was made before that trade (a REST page that arrives after the
    frames it was overtaken by) must not replace it.
    """

    def __init__(self, interval: Interval, bound: int = BOUND) -> None:
        self.interval = interval
        self.bound = bound
        self.version = 0
        self.history_version = 0
        self.is_complete = False  # the exchange has nothing older
        self.said_ms = -1  # start of the newest bar the exchange has spoken of: trades run ahead of it
        self.break_ms: int | None = None  # start of the last bar before the stream stopped, until REST has joined it
        self.is_joining = False  # REST is on its way with what came after the break
        self._starts: I64 = np.empty(2 * _ROOM, np.int64)
        self._rows: F64 = np.empty((2 * _ROOM, 5), np.float64)
        self._stamps: I64 = np.empty(2 * _ROOM, np.int64)  # of the newest trade in each bar
        self._stated_at: Bools = np.empty(2 * _ROOM, np.bool_)  # the bar is as the exchange said it
        self._lo = self._hi = _ROOM
        self._stated: CandleRow | None = None  # what the exchange last said of the last bar
        self._pending: list[Trade] = []  # trades that are perhaps newer than that
        self._first_ms = _NEVER  # stamp of the oldest trade in a last bar that trades alone made

    def __len__(self) -> int:
        return self._hi - self._lo

    @property
    def start_ms(self) -> I64:
        """int64[n], window starts, ascending: a view, valid until the next change."""
        return self._starts[self._lo : self._hi]

    @property
    def ohlcv(self) -> F64:
        """float64[n, 5], open high low close volume: a view, valid until the next change."""
        return self._rows[self._lo : self._hi]

    def rows(self, first: int) -> list[CandleRow]:
        """Return the bars from number `first` on as rows; of their turnover nothing is known."""
        part = slice(self._lo + first, self._hi)
        return [
            CandleRow(start, opening, high, low, close, volume, stamp)
            for start, (opening, high, low, close, volume), stamp in zip(
                self._starts[part].tolist(), self._rows[part].tolist(), self._stamps[part].tolist(), strict=True
            )
        ]

    @property
    def stamp_ms(self) -> I64:
        """int64[n], of the newest trade in each bar: a view, valid until the next change."""
        return self._stamps[self._lo : self._hi]

    @property
    def is_stated(self) -> Bools:
        """bool[n], False where trades were laid over what the exchange said: a view, valid until the next change."""
        return self._stated_at[self._lo : self._hi]

    @property
    def first_ms(self) -> int:
        """Start of the oldest bar; -1 when empty."""
        return int(self._starts[self._lo]) if self._hi > self._lo else -1

    @property
    def last_ms(self) -> int:
        """Start of the newest bar; -1 when empty."""
        return int(self._starts[self._hi - 1]) if self._hi > self._lo else -1

    @property
    def last_trade_ms(self) -> int:
        """Stamp of the newest trade that the newest bar counts; -1 when empty."""
        return int(self._stamps[self._hi - 1]) if self._hi > self._lo else -1

    def state(self, row: CandleRow) -> None:
        """Fold in one window as the exchange states it; the newest statement of a window wins."""
        last = self.last_ms
        if row.start_ms < last:
            self.merge([row])
            return
        if row.start_ms > last:
            self._append(row.start_ms)
        elif self._stated is not None and row.last_trade_ms < self._stated.last_trade_ms:
            return
        self._stated = row
        self.said_ms = max(self.said_ms, row.start_ms)
        self._rows[self._hi - 1] = _values(row)
        self._stamps[self._hi - 1] = row.last_trade_ms
        self._stated_at[self._hi - 1] = True
        self.version += 1
        ahead, self._pending = self._pending, []
        for trade in ahead:  # those that the row does not count yet
            self.fold_trade(trade)

    def fold_trade(self, trade: Trade) -> bool:
        """Let a trade that is new to the ledger move its bar. Return False where no bar misses it."""
        if self._hi == self._lo:
            self._keep(trade)  # no bar the exchange vouches for: a bar from here would have a false open and volume
            return False
        start = self.interval.floor(trade.time_ms)
        last = self.last_ms
        if start < last:
            return self._fold_late(start, trade)
        if start > last:
            self._append(start)
            self._rows[self._hi - 1] = (trade.price, trade.price, trade.price, trade.price, 0.0)
            self._stamps[self._hi - 1] = self._first_ms = trade.time_ms
            self._stated = None
            self._pending.clear()
        elif self._stated is not None and trade.time_ms <= self._stated.last_trade_ms:
            return False
        if self._stated is None and trade.time_ms < self._first_ms:  # it comes late, and opened the window
            self._rows[self._hi - 1, 0] = trade.price
            self._first_ms = trade.time_ms
        self._lay_over(self._hi - 1, trade)
        self._keep(trade)
        self.version += 1
        return True

    def _keep(self, trade: Trade) -> None:
        self._pending.append(trade)
        if len(self._pending) > _PENDING_BOUND:
            del self._pending[: _PENDING_BOUND // 2]

    def _fold_late(self, start_ms: int, trade: Trade) -> bool:
        """A frame of the next window overtook the last trade of this one."""
        at = self._lo + int(np.searchsorted(self.start_ms, start_ms))
        if self._starts[at] != start_ms or trade.time_ms <= self._stamps[at]:
            return False  # the bar counts it already, or cannot tell
        self._lay_over(at, trade)
        self.version += 1
        self.history_version += 1
        return True

    def _lay_over(self, at: int, trade: Trade) -> None:
        bar = self._rows[at]
        self._stated_at[at] = False
        bar[1] = max(bar[1], trade.price)
        bar[2] = min(bar[2], trade.price)
        bar[4] += trade.size
        if trade.time_ms >= self._stamps[at]:
            bar[3] = trade.price
            self._stamps[at] = trade.time_ms

    def merge(self, rows: Sequence[CandleRow]) -> None:
        """Fold in a page of windows, oldest first; what is there already is replaced unless it is newer.

        The open bar keeps the trades that are newer than its row.
        """
        if not rows:
            return
        newest: CandleRow | None = None
        if rows[-1].start_ms >= self.last_ms:
            rows, newest = rows[:-1], rows[-1]
        if rows:
            starts = np.array([r.start_ms for r in rows], np.int64)
            values = np.array([_values(r) for r in rows], np.float64)
            self._merge(starts, values, np.array([r.last_trade_ms for r in rows], np.int64))
        if newest is not None:
            self.state(newest)

    def restore(self, starts: I64, values: F64, stamps: I64, *, is_joined: bool) -> None:
        """Take closed bars that were kept, all of them older than what is here.

        Args:
            starts: int64[n], ascending.
            values: float64[n, 5].
            stamps: int64[n], of the newest trade in each.
            is_joined: nothing is missing between them and what is here; else that is a break. To an empty series
                they are a break always, and the last one counts as said last.
        """
        if not len(starts):
            return
        last_ms = int(starts[-1])
        if len(self):
            self._merge(starts, values, stamps)
            if not is_joined:
                self.set_break(last_ms)
            return
        if len(starts) > 1:
            self._merge(starts[:-1], values[:-1], stamps[:-1])
        self.break_ms = last_ms
        opening, high, low, close, volume = values[-1].tolist()
        self.state(CandleRow(last_ms, opening, high, low, close, volume, int(stamps[-1])))

    def _merge(self, starts: I64, values: F64, stamps: I64) -> None:
        self.version += 1
        self.history_version += 1
        self.said_ms = max(self.said_ms, int(starts[-1]))
        if len(self) == 0 or starts[-1] < self.first_ms:
            self._make_room(front=len(starts))
            self._lo -= len(starts)
            new = slice(self._lo, self._lo + len(starts))
            self._starts[new], self._rows[new], self._stamps[new] = starts, values, stamps
            self._stated_at[new] = True
            self._trim()
            return
        at = np.searchsorted(self.start_ms, starts)
        have = (at < len(self)) & (self.start_ms[np.minimum(at, len(self) - 1)] == starts)
        newer = have.copy()
        newer[have] = stamps[have] >= self.stamp_ms[at[have]]
        self.ohlcv[at[newer]] = values[newer]
        self.stamp_ms[at[newer]] = stamps[newer]
        self.is_stated[at[newer]] = True
        if not have.all():
            fresh = ~have
            all_starts = np.concatenate([self.start_ms, starts[fresh]])
            all_rows = np.concatenate([self.ohlcv, values[fresh]])
            all_stamps = np.concatenate([self.stamp_ms, stamps[fresh]])
            all_stated = np.concatenate([self.is_stated, np.ones(int(fresh.sum()), np.bool_)])
            order = np.argsort(all_starts, kind="stable")
            self._stated_at = all_stated[order]
            self._starts, self._rows, self._stamps = all_starts[order], all_rows[order], all_stamps[order]
            self._lo, self._hi = 0, len(order)
        self._trim()

    def _append(self, start_ms: int) -> None:
        self._make_room(back=1)
        self._starts[self._hi] = start_ms
        self._rows[self._hi] = math.nan
        self._hi += 1
        self.history_version += 1
        self._trim()

    def _make_room(self, front: int = 0, back: int = 0) -> None:
        if self._lo >= front and self._hi + back <= len(self._starts):
            return
        room = _ROOM + len(self) // 2
        size = len(self)
        lo = front + room
        old, new = slice(self._lo, self._hi), slice(lo, lo + size)
        length = size + front + back + 2 * room
        starts, rows, stamps = np.empty(length, np.int64), np.empty((length, 5), np.float64), np.empty(length, np.int64)
        starts[new], rows[new], stamps[new] = self._starts[old], self._rows[old], self._stamps[old]
        stated = np.empty(length, np.bool_)
        stated[new] = self._stated_at[old]
        self._starts, self._rows, self._stamps, self._stated_at = starts, rows, stamps, stated
        self._lo, self._hi = lo, lo + size

    def _trim(self) -> None:
        if len(self) > self.bound:
            self._lo = self._hi - self.bound  # the oldest go
            self.is_complete = True  # asking for more would only push it out again

    def set_break(self, start_ms: int) -> None:
        """Bars may be missing behind the one that starts then, and that one is not final."""
        self.break_ms = start_ms if self.break_ms is None else min(self.break_ms, start_ms)

    def mark_break(self) -> None:
        """The stream stopped: bars may be missing behind the last one it spoke of, and that one is not final."""
        if self.break_ms is None and self._hi > self._lo:
            self.break_ms = self.said_ms

    def restart(self, from_ms: int = _NEVER) -> None:
        """Forget the bars that start before `from_ms`: they do not join what the exchange says now."""
        self._lo += int(np.searchsorted(self.start_ms, from_ms))
        if self._lo == self._hi:
            self._lo = self._hi = min(_ROOM, len(self._starts))
            self._stated = None
            self.said_ms = -1
            self._pending.clear()
        self.is_complete = False
        self.break_ms = None
        self.version += 1
        self.history_version += 1
