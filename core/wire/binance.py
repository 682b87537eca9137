"""The language of Binance's public stream and of its candles, as far as an outside price needs it. No I/O.

Source: web-socket-streams.md and rest-api.md of binance-spot-api-docs: `<symbol>@bookTicker` on a raw stream; SUBSCRIBE
and UNSUBSCRIBE add to and take from what a socket carries; 5 messages a second to it; the server pings every 20 s.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from core.errors import WireError
from core.wire.messages import CandleRow
from core.wire.rest import Call

BEST = "bookTicker"  # the channel
_QUOTE = "USDT"


class BestPrices(NamedTuple):
    """The best prices of one coin, USDT."""

    coin: str
    bid: float
    ask: float


class Said(NamedTuple):
    """An answer to a request: why it was refused, "" where it was taken."""

    why: str


class _Error(msgspec.Struct):
    msg: str = "refused"


class _Frame(msgspec.Struct):
    s: str = ""  # "BTCUSDT"
    b: str = ""
    a: str = ""
    id: int | str | None = None
    code: int | None = None  # of an error,
    msg: str = ""
    error: _Error | None = None  # or so
    data: msgspec.Raw = msgspec.Raw()  # on a combined stream the frame stands in here


_frames = msgspec.json.Decoder(_Frame)
_rows = msgspec.json.Decoder(list[tuple[msgspec.Raw, ...]])


def stream_name(coin: str) -> str:
    """Return what the best prices of a coin are called."""
    return f"{coin.lower()}{_QUOTE.lower()}@{BEST}"


def request(method: str, coins: Iterable[str], number: int) -> str:
    """Return the text that adds or takes away the best prices of some coins; `method` SUBSCRIBE or UNSUBSCRIBE."""
    params = [stream_name(coin) for coin in sorted(coins)]
    return msgspec.json.encode({"method": method, "params": params, "id": number}).decode()


def decode(frame: bytes) -> BestPrices | Said:
    """Return what a frame says.

    Raises:
        WireError: it is not the exchange's language.
    """
    try:
        found = _frames.decode(frame)
        if bytes(found.data):
            found = _frames.decode(found.data)
        if found.s:
            if not found.s.endswith(_QUOTE):
                raise WireError(f"not in {_QUOTE}: {found.s}")
            bid, ask = float(found.b), float(found.a)
            if not (0.0 < bid < 1e12 and 0.0 < ask < 1e12):
                raise WireError(f"no prices: {found.b} {found.a}")
            return BestPrices(found.s.removesuffix(_QUOTE), bid, ask)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError) as why:
        raise WireError(str(why)) from None
    if found.error is not None:
        return Said(found.error.msg)
    if found.code is not None:
        return Said(f"{found.code} {found.msg}")
    if found.id is None:
        raise WireError("neither prices nor an answer")
    return Said("")


def closes(coin: str, count: int) -> Call[list[CandleRow]]:
    """Return the call for the last candles of four hours, of which the last one still runs."""
    params = (("symbol", f"{coin}{_QUOTE}"), ("interval", "4h"), ("limit", str(count)))
    return Call("klines", "/api/v3/klines", params, _decode_klines)


def _decode_klines(body: bytes) -> list[CandleRow]:
    try:
        rows = []
        for raw in _rows.decode(body):
            start_ms = msgspec.json.decode(raw[0], type=int)
            numbers = [float(msgspec.json.decode(x, type=str)) for x in raw[1:6]]
            opened, high, low, close, volume = numbers
            rows.append(CandleRow(start_ms, opened, high, low, close, volume, start_ms))
    except (msgspec.DecodeError, UnicodeDecodeError, ValueError, IndexError) as why:
        raise WireError(str(why)) from None
    return rows


class _Rate(msgspec.Struct):
    rate: float


def fx() -> Call[float]:
    """Return the call for what a dollar costs, KRW: `{"rate": 1391.2}`. Not Binance's: of whoever has a rate."""
    return Call("fx", "", (), _decode_fx)


def _decode_fx(body: bytes) -> float:
    try:
        rate = msgspec.json.decode(body, type=_Rate).rate
    except (msgspec.DecodeError, UnicodeDecodeError) as why:
        raise WireError(str(why)) from None
    if not 100.0 < rate < 100_000.0:
        raise WireError(f"a dollar does not cost {rate} KRW")
    return rate
