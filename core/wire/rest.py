"""Quotation REST: paths, parameters and rows. No I/O: whoever has a client sends a `Call` and hands the body back.

Paths are relative to the base address ("https://api.upbit.com/v1"); parameters are plain text, which the HTTP client
percent-encodes. Rows come back oldest first, however the exchange sorts them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Generic, TypeVar

import msgspec

from core.errors import AuthError, FeedError, RateLimitError, RefusedError, WireError
from core.market import SECOND_MS, Interval, Market
from core.wire import codec
from core.wire.messages import CandleRow, Instrument, Orderbook, Stamp, Ticker, Trade

T = TypeVar("T")
M = TypeVar("M", bound=msgspec.Struct)

CANDLES_PER_PAGE = 200
TRADES_PER_PAGE = 500
DAYS_OF_TRADES = 7  # `ticks` reaches back so many UTC days before today
BLOCKED_S = 60.0  # a 418 that does not say how long
_LONGEST_BLOCK_S = 86_400.0  # a wait beyond a day is nonsense, and timers overflow


class Call(msgspec.Struct, Generic[T], frozen=True):
    """One GET: what it costs, where it goes, and how its body reads."""

    group: str  # of the rate limit: market, candle, trade, ticker, orderbook, default
    path: str
    params: tuple[tuple[str, str], ...]
    decode: Callable[[bytes], T]  # raises WireError
    is_signed: bool = False  # needs a key


class _Event(msgspec.Struct):
    warning: bool = False
    caution: dict[str, bool | None] = {}


class _MarketWire(msgspec.Struct):
    market: str
    korean_name: str = ""
    english_name: str = ""
    market_event: _Event | None = None
    market_warning: str = "NONE"  # other regions, and Korea until 2024-11: NONE, CAUTION


class _CandleWire(msgspec.Struct):
    candle_date_time_utc: str
    opening_price: float
    high_price: float
    low_price: float
    trade_price: float
    candle_acc_trade_volume: float
    timestamp: Stamp
    candle_acc_trade_price: float = math.nan


class _InstrumentWire(msgspec.Struct):
    market: str
    tick_size: float = math.nan
    supported_levels: tuple[float, ...] = ()


_MARKET = {"code": "market"}  # REST says "market" where the socket says "code"
_TickerWire = codec.respelled("RestTicker", Ticker, _MARKET, stream_type="REST")
_BookWire = codec.respelled("RestOrderbook", Orderbook, _MARKET, stream_type="REST")
# The one stamp of a REST trade is the time of the match; a time of sending there is not.
_TradeWire = codec.respelled(
    "RestTrade", Trade, {**_MARKET, "trade_timestamp": "timestamp", "timestamp": "sent_timestamp"}, stream_type="REST"
)


def markets() -> Call[list[Market]]:
    """Return the call for every listed market with its names and flags."""
    return Call("market", "/market/all", (("is_details", "true"),), _decode_markets)


def tickers(codes: Iterable[str]) -> Call[list[Ticker]]:
    """Return the call for the tickers of some markets. One unknown code fails the whole call."""
    return Call("ticker", "/ticker", (("markets", ",".join(codes)),), _decode_tickers)


def all_tickers(quotes: Iterable[str]) -> Call[list[Ticker]]:
    """Return the call for the tickers of every market of some quote currencies."""
    return Call("ticker", "/ticker/all", (("quote_currencies", ",".join(quotes)),), _decode_tickers)


def candles(
    market: str, interval: Interval, to_ms: int | None = None, count: int = CANDLES_PER_PAGE
) -> Call[list[CandleRow]]:
    """Return the call for a page of candles; the window that still runs is among them, unmarked.

    Args:
        market: its code.
        interval: any.
        to_ms: windows that start before it, epoch ms UTC; None for the newest. To page back: the oldest start known.
        count: at most `CANDLES_PER_PAGE` are sent. Fewer rows than that: there is nothing older.
    """
    params = [("market", market), ("count", str(min(count, CANDLES_PER_PAGE)))]
    if to_ms is not None:
        params.append(("to", codec.utc_text(_second_from(to_ms)) + "Z"))
    return Call("candle", _CANDLE_PATHS[interval], tuple(params), _decode_candles)


_CANDLE_PATHS = {
    Interval.S1: "/candles/seconds",
    Interval.D1: "/candles/days",
    Interval.W1: "/candles/weeks",
    Interval.MONTH: "/candles/months",
} | {
    i: f"/candles/minutes/{i.length_ms // 60_000}"
    for i in Interval
    if i not in {Interval.S1, Interval.D1, Interval.W1, Interval.MONTH}
}


def ticks(
    market: str,
    cursor: int | None = None,
    to_ms: int | None = None,
    days_ago: int | None = None,
    count: int = TRADES_PER_PAGE,
) -> Call[list[Trade]]:
    """Return the call for a page of trades of one UTC day.

    Args:
        market: its code.
        cursor: trades before the one with this id; to page back: the oldest id known.
        to_ms: trades before it, epoch ms UTC; of it only the time of day is sent, `days_ago` names the day.
        days_ago: 1 to `DAYS_OF_TRADES`; None or 0 for today, UTC.
        count: at most `TRADES_PER_PAGE` are sent.
    """
    params = [("market", market), ("count", str(min(count, TRADES_PER_PAGE)))]
    if to_ms is not None:
        second = _second_from(to_ms)
        if second // 86_400_000 == to_ms // 86_400_000:  # else the whole day is before it
            params.append(("to", codec.utc_text(second)[11:]))
    if cursor is not None:
        params.append(("cursor", str(cursor)))
    if days_ago:
        params.append(("days_ago", str(days_ago)))
    return Call("trade", "/trades/ticks", tuple(params), _decode_ticks)


def books(codes: Iterable[str], level: float = 0.0) -> Call[list[Orderbook]]:
    """Return the call for the books of some markets, grouped by `level` (quote currency, 0 is none)."""
    params = [("markets", ",".join(codes))]
    if level:
        params.append(("level", f"{level:.12g}"))
    return Call("orderbook", "/orderbook", tuple(params), _decode_books)


def instruments(codes: Iterable[str]) -> Call[list[Instrument]]:
    """Return the call for the tick size at the current price, and the book's groupings, of some markets."""
    return Call("orderbook", "/orderbook/instruments", (("markets", ",".join(codes)),), _decode_instruments)


def _second_from(time_ms: int) -> int:
    """The exchange's `to` counts whole seconds: round up, since overlap is cheap and a gap is not."""
    return -(-time_ms // SECOND_MS) * SECOND_MS


def rows_of(body: bytes, row: type[M], *, is_whole: bool) -> list[M]:
    """Return the rows of a body.

    Args:
        body: a JSON list.
        row: what one row is.
        is_whole: raise if one row is bad, because leaving it out would be a hole; else leave out what is no row.
    """
    try:
        return msgspec.json.decode(body, type=list[row])  # type: ignore[valid-type]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        plain = codec.plain(body)
    if not isinstance(plain, list):
        raise WireError("not a list of rows")
    rows: list[M] = []
    for one in plain:
        try:
            rows.append(codec.repaired(one, row))
        except WireError:
            if is_whole:
                raise
    if plain and not rows:
        raise WireError("none of the rows can be read")
    return rows


def _decode_markets(body: bytes) -> list[Market]:
    found = []
    for row in rows_of(body, _MarketWire, is_whole=False):
        event = row.market_event or _Event()
        cautions = frozenset(name for name, is_on in event.caution.items() if is_on)
        is_warned = event.warning or row.market_warning == "CAUTION"
        found.append(Market(row.market, row.korean_name, row.english_name, is_warned, cautions))
    if not found:
        raise WireError("an exchange without markets")
    return found


def _decode_tickers(body: bytes) -> list[Ticker]:
    return list(rows_of(body, _TickerWire, is_whole=False))


def _decode_books(body: bytes) -> list[Orderbook]:
    return list(rows_of(body, _BookWire, is_whole=False))


def _decode_candles(body: bytes) -> list[CandleRow]:
    rows = [
        CandleRow(
            codec.utc_ms(row.candle_date_time_utc),
            row.opening_price,
            row.high_price,
            row.low_price,
            row.trade_price,
            row.candle_acc_trade_volume,
            row.timestamp,
            row.candle_acc_trade_price,
        )
        for row in rows_of(body, _CandleWire, is_whole=True)
    ]
    rows.sort(key=lambda row: row.start_ms)
    return rows


def _decode_ticks(body: bytes) -> list[Trade]:
    rows: list[Trade] = list(rows_of(body, _TradeWire, is_whole=True))
    rows.reverse()  # newest first on the wire; a stable sort keeps the exchange's order within one millisecond
    rows.sort(key=lambda trade: trade.time_ms)
    return rows


def _decode_instruments(body: bytes) -> list[Instrument]:
    return [
        Instrument(row.market, row.tick_size, tuple(sorted({0.0, *filter(math.isfinite, row.supported_levels)})))
        for row in rows_of(body, _InstrumentWire, is_whole=False)
    ]


_AUTH_NAMES = frozenset(
    {
        "invalid_query_payload",
        "jwt_verification",
        "expired_access_key",
        "nonce_used",
        "invalid_access_key",
        "no_authorization_ip",
        "no_authorization_token",
        "out_of_scope",
        "invalid_auth",
    }
)


def refusal(status: int, headers: Mapping[str, str], body: bytes) -> FeedError:
    """Return what an answer other than 2xx means.

    Args:
        status: of HTTP.
        headers: of the answer, any case.
        body: JSON as the exchange writes it, or the plain text of a gateway.
    """
    head = {key.lower(): value for key, value in headers.items()}
    name, message = _reason(status, body)
    if status == 429:
        return RateLimitError(name, message, status, _wait_s(head, message) or 1.0)
    if status == 418:
        return RateLimitError(name, message, status, _wait_s(head, message) or BLOCKED_S)
    if status == 401 or name.lower() in _AUTH_NAMES:
        return AuthError(name, message, status)
    return RefusedError(name, message, status)


def _reason(status: int, body: bytes) -> tuple[str, str]:
    """Return the exchange's name for a refusal and its text; the status where it has no name."""
    try:
        error = codec.plain(body)
    except WireError:
        text = re.sub(r"<[^>]*>|\s+", " ", body[:2_000].decode("utf-8", "replace"))
        return str(status), re.sub(" +", " ", text).strip()[:200]
    if isinstance(error, dict) and isinstance(error.get("error"), dict):
        error = error["error"]
    if isinstance(error, dict):
        told: Any = error.get("message") or error.get("error") or ""
        wait = next((error[key] for key in ("retry_after", "block_time", "remaining_time") if error.get(key)), None)
        text = str(told) if wait is None else f"{told} ({wait} s)"
        return str(error.get("name") or status), text[:200]
    return str(status), str(error)[:200]


_SECONDS = re.compile(r"(\d+(?:\.\d+)?)\s*(?:초|s\b|sec)", re.IGNORECASE)
_MINUTES = re.compile(r"(\d+(?:\.\d+)?)\s*(?:분|min|m\b)", re.IGNORECASE)


def _wait_s(head: Mapping[str, str], message: str) -> float:
    """Return how long an answer tells to wait, in s; 0 where it does not say."""
    told = head.get("retry-after", "").strip()
    if told.isascii() and told.replace(".", "", 1).isdigit():
        return min(float(told), _LONGEST_BLOCK_S)
    if told:
        try:  # a date: measured against the exchange's own clock, if it tells it
            now = parsedate_to_datetime(head.get("date", ""))
            return min(max((parsedate_to_datetime(told) - now).total_seconds(), 0.0), _LONGEST_BLOCK_S)
        except (ValueError, TypeError):
            pass
    seconds, minutes = _SECONDS.search(message), _MINUTES.search(message)
    told_s = (float(seconds[1]) if seconds else 0.0) + (60.0 * float(minutes[1]) if minutes else 0.0)
    return min(told_s, _LONGEST_BLOCK_S)


def server_time_ms(headers: Mapping[str, str]) -> int | None:
    """Return the exchange's clock from the Date header, epoch ms UTC, to the second; None where there is none.

    It is the only clock REST tells, and tells a wrong clock of ours.
    """
    told = next((value for key, value in headers.items() if key.lower() == "date"), "")
    try:
        moment = parsedate_to_datetime(told)
    except (ValueError, TypeError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return int(datetime.timestamp(moment)) * 1000
