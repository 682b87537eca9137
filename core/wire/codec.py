"""Frames to messages. No I/O, no clock.

A frame is known by its first bytes, as the exchange writes them: one slice and one dictionary look-up pick a
typed decoder. Whatever does not fit there (other key order, nulls, numbers spelled as text, stamps in microseconds,
a list around it) takes the slow path, which decodes to plain objects and repairs. So the common case costs one pass
over the bytes and the odd case is still right.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

import msgspec

from core.errors import WireError
from core.wire import keys
from core.wire.messages import (
    MICROSECONDS_FROM,
    BookFrame,
    Candle,
    Level,
    Message,
    Orderbook,
    Refusal,
    Status,
    Subscriptions,
    Ticker,
    Trade,
)

T = TypeVar("T", bound=msgspec.Struct)

# Deep nesting ends in RecursionError, and it is as much "not the language" as the others.
_NOT_JSON = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


def respelled(name: str, of: type[T], spelling: dict[str, str], **types: Any) -> type[T]:
    """Return `of` with other keys on the wire: a subclass, so that both are one type to everybody else.

    Args:
        name: of the class.
        of: a message.
        spelling: its key -> the other key; the rest stay.
        types: field -> its other type, or for a field with a default its other default.
    """
    fields: list[tuple[Any, ...]] = []
    for f in msgspec.structs.fields(of):
        key = spelling.get(f.encode_name, f.encode_name)
        other = types.get(f.name)
        if f.default is msgspec.NODEFAULT:
            fields.append((f.name, other or f.type, msgspec.field(name=key)))
        else:
            default = f.default if other is None else other
            fields.append((f.name, f.type, msgspec.field(name=key, default=default)))
    return msgspec.defstruct(name, fields, bases=(of,), frozen=True, gc=False)  # type: ignore[return-value]


_SimpleLevel = respelled("SimpleLevel", Level, keys.LEVEL)
_SimpleOrderbook = respelled(
    "SimpleOrderbook",
    Orderbook,
    keys.ORDERBOOK,
    levels=tuple[_SimpleLevel, ...],  # type: ignore[valid-type]
)
_SimpleTicker = respelled("SimpleTicker", Ticker, keys.TICKER)
_SimpleTrade = respelled("SimpleTrade", Trade, keys.TRADE)
_SimpleCandle = respelled("SimpleCandle", Candle, keys.CANDLE)

_HEAD = 12  # enough bytes to tell every type and format apart
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

_STAMP_DIGITS = 13  # of epoch ms until 2286


def decode(frame: bytes) -> Message | list[Message]:
    """Return what one frame says; a list where the frame was one of the LIST formats with several objects.

    A book comes back as a `BookFrame`, still in its bytes: whether they hold a whole book, `decode_book` finds out.

    Raises:
        WireError: the frame is not the exchange's language; the message holds no frame content but the type's name.
    """
    fast = _BY_HEAD.get(frame[:_HEAD])
    if fast is not None:
        try:
            return fast(frame)  # type: ignore[no-any-return]
        except _NOT_JSON:
            return _decode_slow(frame)
    if frame.startswith(_LONG_FRONT):
        return _peek(frame, len(_LONG_FRONT), b'","timestamp":') or _decode_slow(frame)
    if frame.startswith(_SHORT_FRONT):
        return _peek(frame, len(_SHORT_FRONT), b'","tms":') or _decode_slow(frame)
    return _decode_slow(frame)


_LONG_FRONT = b'{"type":"orderbook","code":"'
_SHORT_FRONT = b'{"ty":"orderbook","cd":"'


def _peek(frame: bytes, at: int, between: bytes) -> BookFrame | None:
    """Read what stands around the price levels of a book; None where it does not stand as the exchange writes it.

    Args:
        frame: a book as far as `at`, where the market's code begins.
        at: an index.
        between: what stands between the code and the stamp.
    """
    end = frame.find(between, at, at + _LONGEST_CODE)
    stamp = end + len(between)
    until = stamp + _STAMP_DIGITS
    digits = frame[stamp:until]
    if end < 0 or not digits.isdigit() or frame[until : until + 1] != b",":
        return None
    # The code is one of a few hundred, what follows the levels one of a few texts: each is looked at once.
    code = frame[at:end]
    market = _codes.get(code) or _learn_code(code)
    tail = frame[frame.rfind(b"]") :]
    known = _tails.get(tail) or _learn_tail(tail)
    if not market or known is None:
        return None
    level, is_snapshot = known
    if level is None:  # before 2024 there was none; but it might stand in front
        front = frame[until : frame.find(b"[", until)]
        if b'"level"' in front or b'"lv"' in front:
            return None
        level = 0.0
    return BookFrame(market, level, int(digits), is_snapshot, frame)


# Memos of pure functions, bounded: no result depends on what they hold.
_MEMO_BOUND = 4_096  # several times what any exchange lists
_LONGEST_CODE = 64
_codes: dict[bytes, str] = {}
_tails: dict[bytes, tuple[float | None, bool]] = {}


def _learn_code(code: bytes) -> str | None:
    """Return the market's code, or None if it is spelled in an odd way."""
    if not code.replace(b"-", b"").isalnum():
        return None
    market = code.decode("ascii")
    if len(_codes) < _MEMO_BOUND:
        _codes[code] = market
    return market


class _Tail(msgspec.Struct, frozen=True):
    level: float | None = None
    lv: float | None = None
    stream_type: str | None = None
    st: str | None = None


_decode_tail = msgspec.json.Decoder(_Tail).decode


def _learn_tail(tail: bytes) -> tuple[float | None, bool] | None:
    """Return (level, is it a snapshot) of what follows the price levels, or None if they do not end a frame."""
    if len(tail) > 80:
        return None
    try:
        said = _decode_tail(b'{"":[' + tail)
    except _NOT_JSON:
        return None
    stream_type = said.stream_type or said.st
    if stream_type is None:
        return None
    level = said.level if said.level is not None else said.lv
    if len(_tails) < _MEMO_BOUND:
        _tails[tail] = level, stream_type == "SNAPSHOT"
    return level, stream_type == "SNAPSHOT"


def decode_book(frame: bytes) -> Orderbook:
    """Return the book of a frame, in either format.

    Raises:
        WireError: the frame is no whole book.
    """
    try:
        return _decode_short_book(frame) if frame.startswith(b'{"ty"') else _decode_long_book(frame)
    except _NOT_JSON:
        message = _of_plain(plain(frame), None)
    if not isinstance(message, Orderbook):
        raise WireError("not a book")
    return message


# The slow path: plain objects, repaired.


def _decode_slow(frame: bytes) -> Message | list[Message]:
    said = plain(frame)
    if not isinstance(said, list):
        return _of_plain(said, frame)
    messages = [_of_plain(row, _encode(row)) for row in said]
    return messages[0] if len(messages) == 1 else messages


_encode = msgspec.json.Encoder(decimal_format="number").encode


def _number(text: str) -> Decimal | int:
    """Return a number that is spelled with a point or an exponent, exactly."""
    exact = Decimal(text)
    if exact.adjusted() < 18 and exact == exact.to_integral_value():
        return int(exact)  # an id or a stamp may come as 1.5E3, and is an int all the same
    return exact


_decode_plain = msgspec.json.Decoder(float_hook=_number).decode


def plain(body: bytes) -> Any:
    """Return what JSON says as plain objects; a number that is not an int is a Decimal.

    Raises:
        WireError: it is not JSON.
    """
    try:
        return _decode_plain(body)
    except (*_NOT_JSON, InvalidOperation) as why:
        raise WireError(f"not JSON: {type(why).__name__}") from None


_LARGEST = Decimal(repr(1.7976931348623157e308))
_LARGEST_INT = 10**308
_NOT_FINITE = frozenset({"nan", "inf", "infinity"})


def _is_told(value: object) -> bool:
    """Whether a value says something: null and what is not a finite number do not."""
    if isinstance(value, Decimal):
        return value.copy_abs() <= _LARGEST  # `abs` would round, and overflow
    if isinstance(value, int):
        return abs(value) < _LARGEST_INT
    return value is not None and not (isinstance(value, str) and value.lstrip("+-").lower() in _NOT_FINITE)


_LEVELS = "orderbook_units"
_STAMPS = frozenset({"timestamp", "trade_timestamp", "order_timestamp", "asset_timestamp"})


def stamp_ms(stamp: int) -> int:
    """Return a stamp of the exchange in ms, whether it came in ms or in microseconds."""
    return stamp if stamp < MICROSECONDS_FROM else stamp // 1000


def repaired(row: object, to: type[T]) -> T:
    """Return a message out of a plain object that the typed decoder did not take.

    A field that is null, not a finite number or of a wrong type has its default. Numbers may be spelled as text.

    Raises:
        WireError: a field without a default is missing or wrong.
    """
    if not isinstance(row, dict):
        raise WireError("not an object")
    fields = {f.encode_name: f for f in msgspec.structs.fields(to)}
    known = {k: v for k, v in row.items() if k in fields and _is_told(v)}
    for key in _STAMPS & known.keys():
        if isinstance(known[key], int):
            known[key] = stamp_ms(known[key])
    if _LEVELS in known:
        known[_LEVELS] = [_level(unit) for unit in _list(known[_LEVELS])]
    try:
        return msgspec.convert(known, to, strict=False)
    except msgspec.ValidationError:
        pass
    for key in list(known):
        if not fields[key].required:
            try:
                msgspec.convert(known[key], fields[key].type, strict=False)
            except msgspec.ValidationError:
                del known[key]
    try:
        return msgspec.convert(known, to, strict=False)
    except msgspec.ValidationError as why:
        raise WireError(f"bad {to.__name__}: {str(why)[:100]}") from None


def _long(short: dict[str, str]) -> dict[str, str]:
    return {s: long for long, s in short.items()}


_LONG_LEVEL = _long(keys.LEVEL)
_KINDS: dict[str, tuple[type[msgspec.Struct], dict[str, str]]] = {
    "ticker": (Ticker, _long(keys.TICKER)),
    "trade": (Trade, _long(keys.TRADE)),
    "orderbook": (Orderbook, _long(keys.ORDERBOOK)),
    "candle": (Candle, _long(keys.CANDLE)),
}


def _of_plain(said: object, book_frame: bytes | None) -> Message:
    """Return the message of one plain object; a book stays `book_frame` unless that is None."""
    if not isinstance(said, dict):
        raise WireError("not an object")
    kind = said.get("type") or said.get("ty")
    if isinstance(kind, str):
        channel = kind.partition(".")[0]
        if channel not in _KINDS:
            raise WireError(f"unknown type {kind[:32]!r}")
        to, long = _KINDS[channel]
        row = {long.get(key, key): value for key, value in said.items()}
        message = repaired(row, to)
        if isinstance(message, Orderbook) and book_frame is not None:
            is_snapshot = message.stream_type == "SNAPSHOT"
            return BookFrame(message.market, message.level, message.time_ms, is_snapshot, book_frame)
        return message  # type: ignore[return-value]
    found = answer(said)
    if found is None:
        raise WireError("no type")
    return found


def answer(said: dict[str, Any]) -> Refusal | Status | Subscriptions | None:
    """Return what a plain object without a type says about the connection itself, None if it says nothing.

    Raises:
        WireError: it is one of these, broken.
    """
    if (error := said.get("error")) is not None:
        if isinstance(error, dict):
            return Refusal(_text(error.get("name")), _text(error.get("message")))
        return Refusal(_text(error))
    if (status := said.get("status")) is not None:
        return Status(_text(status))
    if said.get("method") or said.get("mthd"):
        row = {_LONG_REPLY.get(key, key): value for key, value in said.items()}
        rows = [
            {_LONG_SUBSCRIPTION.get(k, k): v for k, v in one.items() if _is_told(v)}
            for one in _list(row.get("result") or [])
            if isinstance(one, dict)
        ]
        return repaired({"result": rows, "ticket": _text(row.get("ticket"))}, Subscriptions)
    return None


_LONG_REPLY = _long(keys.SUBSCRIPTIONS)
_LONG_SUBSCRIPTION = _long(keys.SUBSCRIPTION)


def _level(unit: object) -> dict[str, Any]:
    """Return one rank in long keys; null is how a slot without an order may be spelled, and that is 0."""
    if not isinstance(unit, dict):
        raise WireError("bad level")
    row: dict[str, Any] = {
        _LONG_LEVEL.get(str(key), str(key)): 0 if value is None else value for key, value in unit.items()
    }
    if not all(_is_told(value) for value in row.values()):
        raise WireError("bad level")
    return row


def _list(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise WireError("no list where one belongs")
    return value


def _text(value: object) -> str:
    return "" if value is None else str(value)


# Dates


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
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise WireError(f"bad date {text[:32]!r}") from None
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()) * 1000


def utc_text(time_ms: int) -> str:
    """Return epoch ms as "yyyy-MM-ddTHH:mm:ss", UTC."""
    return datetime.fromtimestamp(time_ms // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S")
