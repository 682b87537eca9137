"""Bars and trades as columns: how they are packed for the disk, joined and cut, and which are not kept yet. Pure.

A chunk is a stretch of time of which everything is known, with all that happened in it; perhaps nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from core.state.candles import F64, I64, CandleSeries
from core.state.coverage import Coverage, Span
from core.state.tape import OVERLAP_MS, Tape
from core.wire.messages import CandleRow, Trade

SETTLED_MS = 10_000  # after the end of its window nothing more is said of a bar; frames overtake each other
_BAR = 8 + 8 + 5 * 8  # bytes
_PRINT = 4 * 8 + 1


class Bars(NamedTuple):
    """Closed candles, by start; arrays of one length."""

    start: I64  # epoch ms
    ohlcv: F64  # float64[n, 5]
    stamp: I64  # of the newest trade in each, epoch ms

    @property
    def time(self) -> I64:
        """By which they are in order, epoch ms."""
        return self.start


class Prints(NamedTuple):
    """Trades, by time; arrays of one length."""

    time: I64  # epoch ms
    id: I64
    price: F64
    size: F64
    is_bid: NDArray[np.bool_]  # the buyer crossed


NO_BARS = Bars(np.empty(0, np.int64), np.empty((0, 5)), np.empty(0, np.int64))
NO_PRINTS = Prints(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0), np.empty(0), np.empty(0, np.bool_))
Columns = Bars | Prints


class Chunk(NamedTuple):
    """What happened in a stretch of time, all of it."""

    span: Span
    columns: Columns


def bars_of(rows: Sequence[CandleRow]) -> Bars:
    """Return a page as columns."""
    return Bars(
        np.array([r.start_ms for r in rows], np.int64),
        np.array([(r.open, r.high, r.low, r.close, r.volume) for r in rows], np.float64).reshape(-1, 5),
        np.array([r.last_trade_ms for r in rows], np.int64),
    )


def prints_of(trades: Sequence[Trade]) -> Prints:
    """Return trades as columns."""
    return Prints(
        np.array([t.time_ms for t in trades], np.int64),
        np.array([t.id for t in trades], np.int64),
        np.array([t.price for t in trades], np.float64),
        np.array([t.size for t in trades], np.float64),
        np.array([t.aggressor == "BID" for t in trades], np.bool_),
    )


def trades_of(market: str, prints: Prints) -> list[Trade]:
    """Return them one by one, as if they came by REST."""
    columns = (column.tolist() for column in prints)
    return [
        Trade(market, price, size, "BID" if is_bid else "ASK", time_ms, id_, stream_type="REST")
        for time_ms, id_, price, size, is_bid in zip(*columns, strict=True)
    ]


def pack(columns: Columns) -> bytes:
    """Return the columns one behind the other, each to the last bit."""
    return b"".join(c.astype(c.dtype.newbyteorder("<"), copy=False).tobytes() for c in columns)


def unpack_bars(body: bytes, count: int) -> Bars:
    """Return what `pack` was given.

    Raises:
        ValueError: the body has another length.
    """
    if len(body) != _BAR * count:
        raise ValueError(f"{len(body)} bytes are not {count} bars")
    start = np.frombuffer(body, "<i8", count)
    ohlcv = np.frombuffer(body, "<f8", 5 * count, 8 * count).reshape(count, 5)
    return Bars(start, ohlcv, np.frombuffer(body, "<i8", count, 48 * count))


def unpack_prints(body: bytes, count: int) -> Prints:
    """Return what `pack` was given.

    Raises:
        ValueError: the body has another length.
    """
    if len(body) != _PRINT * count:
        raise ValueError(f"{len(body)} bytes are not {count} trades")
    time, id_ = np.frombuffer(body, "<i8", 2 * count).reshape(2, count)
    price, size = np.frombuffer(body, "<f8", 2 * count, 16 * count).reshape(2, count)
    return Prints(time, id_, price, size, np.frombuffer(body, np.bool_, count, 32 * count))


def checksum(of: str, span: Span, count: int, body: bytes) -> int:
    """Return what tells a chunk from one that was damaged, or stands in another's place.

    Args:
        of: names the series.
    """
    return crc32(body, crc32(f"{of} {span.from_ms} {span.to_ms} {count}".encode()))


def join_bars(parts: Sequence[Bars]) -> Bars:
    """Return all bars once, by start. A later part's statement holds, unless it knew fewer trades."""
    start, ohlcv, stamp = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    if len(start) and (np.diff(start) > 0).all():
        return Bars(start, ohlcv, stamp)
    part = np.repeat(np.arange(len(parts)), [len(p.start) for p in parts])
    order = np.lexsort((part, stamp, start))
    best = order[np.append(np.diff(start[order]) != 0, True)] if len(order) else order
    return Bars(start[best], ohlcv[best], stamp[best])


def join_prints(parts: Sequence[Prints]) -> Prints:
    """Return all trades once, by time, equal times as they stand."""
    time, id_, price, size, is_bid = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    _, first = np.unique(id_, return_index=True)
    first.sort()
    order = first[np.argsort(time[first], kind="stable")]
    return Prints(time[order], id_[order], price[order], size[order], is_bid[order])


def join(parts: Sequence[Columns]) -> Columns:
    """Return what all parts know; they are of one kind."""
    bars = [p for p in parts if isinstance(p, Bars)]
    return join_bars(bars) if bars else join_prints([p for p in parts if isinstance(p, Prints)])


def slice_of(columns: Columns, begin: int, end: int) -> Columns:
    """Return the rows begin..end-1."""
    rows = slice(begin, end)
    if isinstance(columns, Bars):
        return Bars(columns.start[rows], columns.ohlcv[rows], columns.stamp[rows])
    time, id_, price, size, is_bid = columns
    return Prints(time[rows], id_[rows], price[rows], size[rows], is_bid[rows])


def within(columns: Columns, span: Span) -> Columns:
    """Return the rows in a stretch of time."""
    begin, end = np.searchsorted(columns.time, [span.from_ms, span.to_ms + 1])
    return slice_of(columns, int(begin), int(end))


def split(chunk: Chunk, most: int) -> list[Chunk]:
    """Cut a chunk into pieces of about equal length, of at most `most` rows. What has one time stays together."""
    (from_ms, to_ms), columns = chunk
    count = len(columns.time)
    pieces = []
    begin = 0
    for number in range(-(-count // most) - 1, 0, -1):
        at = begin + (count - begin) // (number + 1)
        end_ms = int(columns.time[at]) - 1  # the piece before `at`
        end = int(np.searchsorted(columns.time, end_ms + 1))
        if end > begin:
            pieces.append(Chunk(Span(from_ms, end_ms), slice_of(columns, begin, end)))
            begin, from_ms = end, end_ms + 1
    return [*pieces, Chunk(Span(from_ms, to_ms), slice_of(columns, begin, count))]


def uncovered(span: Span, coverage: Coverage) -> list[Span]:
    """Return the parts of a stretch of time that `coverage` does not have, oldest first."""
    gaps, at = [], span.from_ms
    for from_ms, to_ms in coverage.spans:
        if to_ms < at:
            continue
        if from_ms > span.to_ms:
            break
        if from_ms > at:
            gaps.append(Span(at, from_ms - 1))
        at = to_ms + 1
    return [*gaps, Span(at, span.to_ms)] if at <= span.to_ms else gaps


def fresh_bars(series: CandleSeries, kept: Coverage) -> list[Chunk]:
    """Return the closed bars of a series that are not kept yet, with the times of which they are all there are.

    Only what the exchange has stated itself, and long enough ago; nothing from behind a break that is not joined. A bar
    of which trades alone are known stays a hole.
    """
    starts = series.start_ms
    if len(starts) < 2 or series.is_joining:
        return []
    interval = series.interval
    # The window in which the newest trade was `SETTLED_MS` before now, and what follows, is not settled.
    limit_ms = min(interval.floor(series.last_trade_ms - SETTLED_MS), series.said_ms)
    if series.break_ms is not None:
        limit_ms = min(limit_ms, series.break_ms)
    end = min(int(np.searchsorted(starts, limit_ms)), len(starts) - 1)
    if end == 0:
        return []
    chunks = []
    for gap in uncovered(Span(int(starts[0]), min(int(starts[end]), limit_ms) - 1), kept):
        begin, stop = (int(i) for i in np.searchsorted(starts, [gap.from_ms, gap.to_ms + 1]))
        at, from_ms = begin, gap.from_ms
        for doubtful in (*(np.flatnonzero(~series.is_stated[begin:stop]) + begin), stop):
            to_ms = int(starts[doubtful]) - 1 if doubtful < stop else gap.to_ms
            if to_ms >= from_ms:
                columns = Bars(
                    starts[at:doubtful].copy(), series.ohlcv[at:doubtful].copy(), series.stamp_ms[at:doubtful].copy()
                )
                chunks.append(Chunk(Span(from_ms, to_ms), columns))
            if doubtful < stop:
                at, from_ms = doubtful + 1, interval.next(int(starts[doubtful]))
    return chunks


def fresh_trades(tape: Tape, kept: Coverage) -> list[Chunk]:
    """Return the trades of a tape that are not kept yet, with the times of which they are all there are."""
    known = Coverage()
    for span in tape.coverage.spans:
        known.add(*span)
    if tape.run_ms is not None and tape.last is not None:
        known.add(tape.run_ms, tape.last.time_ms - OVERLAP_MS)
    gaps = [gap for span in known.spans for gap in uncovered(span, kept)]
    return [Chunk(gap, prints_of(tape.between(*gap))) for gap in gaps]
