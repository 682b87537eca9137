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

BOUND = 1_000_000  # bars of one series
_ROOM = 1_024  # free places kept at both ends when the arrays grow
_PENDING_BOUND = 5_000  # trades held against the next candle frame


def _values(row: CandleRow) -> tuple[float, float, float, float, float]:
    return row.open, row.high, row.low, row.close, row.volume


class CandleSeries:
    """Bars by start, ascending, the last one still open. Rows from the exchange replace; trades run ahead of them.

    A trade moves the last bar at once. The next candle frame, which counts that trade in, replaces the bar, and
    only the trades that are newer than the frame are laid over it again: so the bar is live and stays exact.
    """

    def __init__(self, interval: Interval, bound: int = BOUND) -> None:
        self.interval = interval
        self.bound = bound
        self.version = 0
        self.history_version = 0
        self.is_complete = False  # the exchange has nothing older
        self.break_ms: int | None = None  # start of the last bar before the stream stopped, until REST has joined it
        self._starts: I64 = np.empty(2 * _ROOM, np.int64)
        self._rows: F64 = np.empty((2 * _ROOM, 5), np.float64)
        self._lo = self._hi = _ROOM
        self._stated: CandleRow | None = None  # what the exchange last said of the last bar
        self._pending: list[Trade] = []  # trades newer than that

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

    @property
    def first_ms(self) -> int:
        """Start of the oldest bar; -1 when empty."""
        return int(self._starts[self._lo]) if self._hi > self._lo else -1

    @property
    def last_ms(self) -> int:
        """Start of the newest bar; -1 when empty."""
        return int(self._starts[self._hi - 1]) if self._hi > self._lo else -1

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
        cut = row.last_trade_ms
        self._pending = [t for t in self._pending if t.time_ms > cut and self.interval.floor(t.time_ms) >= row.start_ms]
        self._rows[self._hi - 1] = _values(row)
        for trade in self._pending:
            self._lay_over(trade)
        self.version += 1

    def fold_trade(self, trade: Trade) -> bool:
        """Let a trade that is new to the ledger move the last bar. Return False where it belongs to none here."""
        if self._hi == self._lo:
            return False  # no bar the exchange vouches for: a bar from here would have a false open and volume
        start = self.interval.floor(trade.time_ms)
        last = self.last_ms
        if start < last:
            return False
        if start > last:
            self._append(start)
            self._rows[self._hi - 1] = (trade.price, trade.price, trade.price, trade.price, 0.0)
            self._stated = None
            self._pending.clear()
        elif self._stated is not None and trade.time_ms <= self._stated.last_trade_ms:
            return False
        self._lay_over(trade)
        if self.interval.channel:  # the other intervals have no frame that would count these trades again
            self._pending.append(trade)
            if len(self._pending) > _PENDING_BOUND:
                del self._pending[: _PENDING_BOUND // 2]
        self.version += 1
        return True

    def _lay_over(self, trade: Trade) -> None:
        bar = self._rows[self._hi - 1]
        bar[1] = max(bar[1], trade.price)
        bar[2] = min(bar[2], trade.price)
        bar[3] = trade.price
        bar[4] += trade.size

    def merge(self, rows: Sequence[CandleRow]) -> None:
        """Fold in a page of windows, oldest first; what is there already is replaced.

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
            self._merge(starts, values)
        if newest is not None:
            self.state(newest)

    def _merge(self, starts: I64, values: F64) -> None:
        self.version += 1
        self.history_version += 1
        if len(self) == 0 or starts[-1] < self.first_ms:
            self._make_room(front=len(starts))
            self._lo -= len(starts)
            self._starts[self._lo : self._lo + len(starts)] = starts
            self._rows[self._lo : self._lo + len(starts)] = values
            self._trim()
            return
        at = np.searchsorted(self.start_ms, starts)
        have = (at < len(self)) & (self.start_ms[np.minimum(at, len(self) - 1)] == starts)
        self.ohlcv[at[have]] = values[have]
        if not have.all():
            fresh = ~have
            all_starts = np.concatenate([self.start_ms, starts[fresh]])
            all_rows = np.concatenate([self.ohlcv, values[fresh]])
            order = np.argsort(all_starts, kind="stable")
            self._hold(all_starts[order], all_rows[order])
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
        starts, rows = self.start_ms, self.ohlcv
        size = len(starts)
        new_starts = np.empty(size + front + back + 2 * room, np.int64)
        new_rows = np.empty((len(new_starts), 5), np.float64)
        lo = front + room
        new_starts[lo : lo + size] = starts
        new_rows[lo : lo + size] = rows
        self._starts, self._rows, self._lo, self._hi = new_starts, new_rows, lo, lo + size

    def _hold(self, starts: I64, rows: F64) -> None:
        self._starts, self._rows, self._lo, self._hi = starts, rows, 0, len(starts)

    def _trim(self) -> None:
        if len(self) > self.bound:
            self._lo = self._hi - self.bound  # the oldest go
            self.is_complete = True  # asking for more would only push it out again

    def mark_break(self) -> None:
        """The stream stopped: bars may be missing behind the last one, and the last one is not final."""
        if self.break_ms is None and self._hi > self._lo:
            self.break_ms = self.last_ms

    def restart(self) -> None:
        """Forget every bar: what is known does not join what the exchange says now."""
        self._lo = self._hi = min(_ROOM, len(self._starts))
        self._stated = None
        self._pending.clear()
        self.is_complete = False
        self.break_ms = None
        self.version += 1
        self.history_version += 1
