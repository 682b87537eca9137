"""A hash of what is known of a minute, so that two programs, or live and replay, can be compared. Pure.

It is of what happened, not of how it came: neither the order of arrival nor the way (socket, REST, disk) is in it, and
what is not known for certain is left out and counted.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from itertools import chain
from struct import Struct
from typing import NamedTuple

from core.market import INTERVAL_OF_CHANNEL, MINUTE_MS, ORDERBOOK, TRADE, Stream
from core.state.candles import CandleSeries
from core.state.coverage import Span
from core.state.store import Store
from core.state.tape import Tape
from core.wire.messages import Orderbook, Trade

SETTLE_MS = 10_000  # after a minute what belongs to it may still come
MINUTES = 1_440  # remembered
_DETAILED = 5  # of which each stream's own hash is remembered, too
_LOOKS = 30  # the work of a minute is done in so many parts
_TRADE = Struct("<qqdd?")


def _hash(body: bytes) -> bytes:
    return blake2b(body, digest_size=8).digest()


def trades_hash(trades: Iterable[Trade]) -> bytes:
    """Return a hash of trades, in whatever order they are."""
    rows = sorted((t.id, t.time_ms, t.price, t.size, t.aggressor == "BID") for t in trades)
    return _hash(b"".join(_TRADE.pack(*row) for row in rows))


def tape_hash(tape: Tape, span: Span) -> bytes | None:
    """Return the hash of the trades of a time that is over, None where the ledger may lack some."""
    runs = tape.run_ms is not None and tape.run_ms <= span.from_ms
    return trades_hash(tape.of_times(*span)) if runs or tape.coverage.has(*span) else None


def candles_hash(series: CandleSeries, span: Span) -> bytes | None:
    """Return the hash of the windows that end within a time, None unless the exchange has stated all of them.

    A bar over which trades were laid is left for the exchange to state: its volume is a sum that may be rounded.
    """
    starts, length_ms = series.start_ms, series.interval.length_ms
    begin, end = starts.searchsorted([span.from_ms - length_ms + 1, span.to_ms - length_ms + 2])
    is_known = series.break_ms is None or series.break_ms + length_ms > span.to_ms + 1
    if not len(starts) or starts[0] > span.from_ms - length_ms or not is_known or series.is_joining:
        return None
    if not series.is_stated[begin:end].all():
        return None
    return _hash(starts[begin:end].tobytes() + series.ohlcv[begin:end].tobytes())


def book_hash(book: Orderbook) -> bytes:
    """Return the hash of the levels of a book, padding left out."""
    levels = chain(chain.from_iterable(book.asks), (0.0, 0.0), chain.from_iterable(book.bids))
    values = [*levels]
    return _hash(Struct(f"<{len(values)}d").pack(*values))


def stream_hash(store: Store, stream: Stream, span: Span) -> bytes | None:
    """Return the hash of what a stream told of a time that is over, None where that is not known for certain."""
    if stream.channel == TRADE:
        return tape_hash(store.tape(stream.market), span)
    if stream.channel == ORDERBOOK:
        book = store.book_at(stream.market, stream.level, span.to_ms + 1)
        return book_hash(book) if book is not None else None
    interval = INTERVAL_OF_CHANNEL.get(stream.channel)
    if interval is None or interval not in store.known_intervals(stream.market):
        return None
    return candles_hash(store.candles(stream.market, interval), span)


def joint_hash(parts: Mapping[Stream, bytes]) -> str:
    """Return one hash of the hashes of many streams, as hexadecimal digits."""
    lines = (f"{s.channel} {s.market} {s.level:g} {parts[s].hex()}" for s in sorted(parts))
    return _hash("\n".join(lines).encode()).hex()


class MinuteDigest(NamedTuple):
    """What was known of one minute."""

    minute_ms: int
    hash: str
    known: int  # streams that are in it
    unknown: int  # streams that ran, but of which something may be missing


class Digests:
    """A hash a minute of all streams that run. The work is spread over the minute that follows."""

    def __init__(self) -> None:
        self.minutes: deque[MinuteDigest] = deque(maxlen=MINUTES)
        self.parts: dict[int, dict[Stream, bytes]] = {}  # by minute, the last few
        self._minute_ms = -1  # that is worked at
        self._streams: list[Stream] = []  # left to be looked at
        self._share = 1
        self._unknown = 0

    def look(self, store: Store, streams: Iterable[Stream], now_ms: int) -> MinuteDigest | None:
        """Do some of the work; call it once a second. Return a minute when it is done.

        Args:
            streams: those that run now.
            now_ms: the exchange's clock.
        """
        minute_ms = (now_ms - SETTLE_MS) // MINUTE_MS * MINUTE_MS - MINUTE_MS
        if minute_ms != self._minute_ms:
            self._begin(minute_ms, streams)
        if not self._streams:
            return None
        parts, span = self.parts[minute_ms], Span(minute_ms, minute_ms + MINUTE_MS - 1)
        for stream in self._streams[-self._share :]:
            part = stream_hash(store, stream, span)
            if part is None:
                self._unknown += 1
            else:
                parts[stream] = part
        del self._streams[-self._share :]
        if self._streams:
            return None
        done = MinuteDigest(minute_ms, joint_hash(parts), len(parts), self._unknown)
        self.minutes.append(done)
        return done

    def _begin(self, minute_ms: int, streams: Iterable[Stream]) -> None:
        told = (TRADE, ORDERBOOK, *(c for c in INTERVAL_OF_CHANNEL if c))
        self._streams = [s for s in streams if s.channel in told] if self._minute_ms >= 0 else []  # a whole one first
        self._minute_ms = minute_ms
        self._share = max(-(-len(self._streams) // _LOOKS), 1)
        self._unknown = 0
        self.parts[minute_ms] = {}
        while len(self.parts) > _DETAILED:
            del self.parts[next(iter(self.parts))]
