"""Frames to messages. No I/O, no clock.

A frame is known by its first bytes, as the exchange writes them: one slice and one dictionary look-up pick a
typed decoder. Whatever does not fit there (other key order, nulls, numbers spelled as text, a list around it)
takes the slow path, which decodes to plain objects and repairs. So the common case costs one pass over the bytes
and the odd case is still right.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec

from core.errors import WireError
from core.wire import keys
from core.wire.messages import (
    BookFrame,
    Candle,
    Level,
    Message,
    Orderbook,
    Refusal,
    Status,
    Subscription,
    Subscriptions,
    Ticker,
    Trade,
)

T = TypeVar("T", bound=msgspec.Struct)

# Stamps above this are microseconds: a USDT book once came so.
MICROSECONDS_FROM = 10**14


def _simple(long: type[T], short: dict[str, str], **types: Any) -> type[T]:
    """Return `long` as the SIMPLE format spells it: a subclass, so that both are one type to everybody else."""
    fields: list[tuple[Any, ...]] = []
    for f in msgspec.structs.fields(long):
        spelled = msgspec.field(name=short.get(f.encode_name, f.encode_name))
        if f.default is not msgspec.NODEFAULT:
            spelled = msgspec.field(name=short.get(f.encode_name, f.encode_name), default=f.default)
        fields.append((f.name, types.get(f.name, f.type), spelled))
    return msgspec.defstruct(f"Simple{long.__name__}", fields, bases=(long,), frozen=True, gc=False)  # type: ignore[return-value]


_SimpleLevel = _simple(Level, keys.LEVEL)
_SimpleOrderbook = _simple(Orderbook, keys.ORDERBOOK, levels=tuple[_SimpleLevel, ...])  # type: ignore[valid-type]
_SimpleTicker = _simple(Ticker, keys.TICKER)
_SimpleTrade = _simple(Trade, keys.TRADE)
_SimpleCandle = _simple(Candle, keys.CANDLE)

_LONG: dict[str, type[msgspec.Struct]] = {"ticker": Ticker, "trade": Trade, "orderbook": Orderbook, "candle": Candle}
_SHORT: dict[str, type[msgspec.Struct]] = {
    "ticker": _SimpleTicker,
    "trade": _SimpleTrade,
    "orderbook": _SimpleOrderbook,
    "candle": _SimpleCandle,
}

_HEAD = 12  # enough bytes to tell every type and format apart
_BOOK_HEADS = frozenset({b'{"type":"ord', b'{"ty":"order'})
_BY_HEAD: dict[bytes, Callable[[bytes], Any]] = {
    b'{"type":"tic': msgspec.json.Decoder(Ticker).decode,
    b'{"type":"tra': msgspec.json.Decoder(Trade).decode,
    b'{"type":"can': msgspec.json.Decoder(Candle).decode,
    b'{"ty":"ticke': msgspec.json.Decoder(_SimpleTicker).decode,
    b'{"ty":"trade': msgspec.json.Decoder(_SimpleTrade).decode,
    b'{"ty":"candl': msgspec.json.Decoder(_SimpleCandle).decode,
}
_decode_long_book = msgspec.json.Decoder(Orderbook).decode
_decode_short_book = msgspec.json.Decoder(_SimpleOrderbook).decode
_BOOK_FRONT = re.compile(rb'\{"(?:type|ty)":"orderbook","(?:code|cd)":"([^"\\]+)","(?:timestamp|tms)":(\d+),').match
_BOOK_LEVEL = re.compile(rb'"(?:level|lv)":([0-9.eE+]+)').search
_TAIL = 64  # the level and the stream type stand behind the price levels


def decode(frame: bytes) -> Message | list[Message]:
    """Return what one frame says; a list where the frame was one of the LIST formats.

    A book comes back as a `BookFrame`, still in its bytes.

    Raises:
        WireError: the frame is not the exchange's language; the message holds no frame content.
    """
    head = frame[:_HEAD]
    fast = _BY_HEAD.get(head)
    if fast is not None:
        try:
            message = fast(frame)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return _decode_slow(frame)
        time_ms = message.last_trade_ms if type(message) in _CANDLES else message.time_ms
        return message if time_ms < MICROSECONDS_FROM else _in_ms(message)  # type: ignore[no-any-return]
    if head in _BOOK_HEADS:
        front = _BOOK_FRONT(frame)
        if front is not None and frame.endswith(b"}"):
            tail = frame[-_TAIL:]
            level = _BOOK_LEVEL(tail)
            time_ms = int(front[2])
            try:
                return BookFrame(
                    str(front[1], "ascii"),
                    float(level[1]) if level else 0.0,
                    time_ms if time_ms < MICROSECONDS_FROM else time_ms // 1000,
                    b'"SNAPSHOT"' in tail,
                    frame,
                )
            except ValueError:
                pass
    return _decode_slow(frame)


_CANDLES = frozenset({Candle, _SimpleCandle})


def decode_book(frame: bytes) -> Orderbook:
    """Return the book of a frame, in either format.

    Raises:
        WireError: the frame is no whole book.
    """
    try:
        book = _decode_short_book(frame) if frame.startswith(b'{"ty"') else _decode_long_book(frame)
    except (msgspec.DecodeError, UnicodeDecodeError):
        message = _decode_slow(frame, keep_books=True)
        if not isinstance(message, Orderbook):
            raise WireError("not a book") from None
        return message
    return book if book.time_ms < MICROSECONDS_FROM else _in_ms(book)


def _in_ms(message: T) -> T:
    """Return the message with stamps that came in microseconds cut to milliseconds."""
    changed = {
        name: stamp // 1000
        for name in ("time_ms", "trade_time_ms", "sent_ms", "last_trade_ms")
        if (stamp := getattr(message, name, 0)) >= MICROSECONDS_FROM
    }
    return msgspec.structs.replace(message, **changed)


def _decode_slow(frame: bytes, keep_books: bool = False) -> Message | list[Message]:
    try:
        plain = msgspec.json.decode(frame)
    except (msgspec.DecodeError, UnicodeDecodeError) as why:
        raise WireError(f"not JSON: {why}") from None
    if isinstance(plain, list):
        messages = [_of_plain(row, None if keep_books else msgspec.json.encode(row)) for row in plain]
        return messages[0] if len(messages) == 1 else messages
    return _of_plain(plain, None if keep_books else frame)


def _of_plain(plain: object, book_frame: bytes | None) -> Message:
    """Return the message of one decoded object; a book stays `book_frame` unless that is None."""
    if not isinstance(plain, dict):
        raise WireError("not an object")
    known = {k: v for k, v in plain.items() if v is not None}
    kind = known.get("type", known.get("ty"))
    try:
        if isinstance(kind, str):
            table = _LONG if "type" in known else _SHORT
            target = table.get(kind.partition(".")[0])
            if target is None:
                raise WireError(f"unknown type {kind[:32]!r}")
            message: Any = msgspec.convert(known, target, strict=False)
            message = _in_ms(message)
            if isinstance(message, Orderbook) and book_frame is not None:
                is_snapshot = message.stream_type == "SNAPSHOT"
                return BookFrame(message.market, message.level, message.time_ms, is_snapshot, book_frame)
            return message  # type: ignore[no-any-return]
        if "error" in known:
            error = known["error"]
            return Refusal(str(error.get("name", "")), str(error.get("message", "")))
        if "status" in known:
            return Status(str(known["status"]))
        if "method" in known or "mthd" in known:
            rows = known.get("result", known.get("rslt")) or ()
            result = tuple(
                Subscription(
                    str(r.get("type", r.get("ty"))),
                    tuple(r.get("codes", r.get("cds")) or ()),
                    float(r.get("level", r.get("lv")) or 0.0),
                )
                for r in rows
            )
            return Subscriptions(result, str(known.get("ticket", known.get("tckt", ""))))
    except (msgspec.ValidationError, AttributeError, TypeError, ValueError) as why:
        raise WireError(f"bad {kind or 'frame'}: {why}") from None
    raise WireError("no type")


def start_ms(candle: Candle) -> int:
    """Return the start of a candle's window, epoch ms UTC.

    Raises:
        WireError: the start is no date.
    """
    return utc_ms(candle.start_utc)


def utc_ms(text: str) -> int:
    """Return "yyyy-MM-ddTHH:mm:ss", UTC and without a zone, as epoch ms.

    Raises:
        WireError: not such a date.
    """
    try:
        return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 1000
    except ValueError:
        raise WireError(f"bad date {text[:32]!r}") from None


def utc_text(time_ms: int) -> str:
    """Return epoch ms as "yyyy-MM-ddTHH:mm:ss", UTC."""
    return datetime.fromtimestamp(time_ms // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S")
