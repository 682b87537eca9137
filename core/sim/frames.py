"""What the exchange sends, byte for byte: WebSocket frames in four formats and REST rows."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from core.sim.book import DEPTH
from core.sim.spell import change8, exponent, fixed8, fixed16, rate, short, turnover8
from core.wire import keys

FORMATS = frozenset({"DEFAULT", "SIMPLE", "JSON_LIST", "SIMPLE_LIST"})
KST_MS = 9 * 3_600_000


class Print(NamedTuple):
    """One trade, on its way out. Prices and sizes in 1e-8."""

    time_ms: int
    price: int
    size: int
    is_bid: bool
    id: int
    prev_close: int
    best_ask: int
    ask_size: int
    best_bid: int
    bid_size: int


class Bar(NamedTuple):
    """One candle. Prices and volume in 1e-8, turnover in 1e-16."""

    start_ms: int
    open: int
    high: int
    low: int
    close: int
    volume: int
    turnover: int
    last_ms: int


def _template(names: Iterable[str]) -> str:
    return "{" + ",".join(f'"{name}":%s' for name in names) + "}"


_WIRE = {"ticker": keys.TICKER, "trade": keys.TRADE, "orderbook": keys.ORDERBOOK, "candle": keys.CANDLE}
_TEMPLATES = {
    (kind, is_short): _template(names.values() if is_short else names)
    for kind, names in _WIRE.items()
    for is_short in (False, True)
}
_LEVELS = {is_short: _template(keys.LEVEL.values() if is_short else keys.LEVEL) for is_short in (False, True)}


class _Spelling(dict[int, str]):
    """Remembers how numbers are spelled: most of a book is what it was a moment ago."""

    def __init__(self, spell: Callable[[int], str]) -> None:
        super().__init__()
        self._spell = spell

    def __missing__(self, value: int) -> str:
        if len(self) >= _MOST_SPELLED:
            self.clear()
        text = self[value] = self._spell(value)
        return text


_MOST_SPELLED = 40_000
_SPELLED = {False: (_Spelling(exponent), _Spelling(fixed8)), True: (_Spelling(short), _Spelling(exponent))}


def iso(time_ms: int) -> str:
    """Return "yyyy-MM-ddTHH:mm:ss", UTC."""
    return _second_text(time_ms // 1000)


@lru_cache(4096)  # all markets say the same few
def _second_text(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).isoformat()[:19]


def change_of(difference: int) -> str:
    """Return the word for a change against the previous close."""
    return '"RISE"' if difference > 0 else '"FALL"' if difference < 0 else '"EVEN"'


def _done(text: str, fmt: str) -> bytes:
    return f"[{text}]".encode() if fmt.endswith("LIST") else text.encode()


def _is_short(fmt: str) -> bool:
    return fmt.startswith("SIMPLE")


def _stream(is_snapshot: bool) -> str:
    return '"SNAPSHOT"' if is_snapshot else '"REALTIME"'


def trade(code: str, p: Print, now_ms: int, fmt: str, is_snapshot: bool) -> bytes:
    """Return a trade frame sent at `now_ms`."""
    stamp = iso(p.time_ms)
    difference = p.price - p.prev_close
    values = (
        '"trade"',
        f'"{code}"',
        now_ms,
        f'"{stamp[:10]}"',
        f'"{stamp[11:]}"',
        p.time_ms,
        fixed8(p.price),
        fixed8(p.size),
        '"BID"' if p.is_bid else '"ASK"',
        fixed8(p.prev_close),
        change_of(difference),
        change8(abs(difference)),
        p.id,
        short(p.best_ask),
        short(p.ask_size),
        short(p.best_bid),
        short(p.bid_size),
        _stream(is_snapshot),
    )
    return _done(_TEMPLATES["trade", _is_short(fmt)] % values, fmt)


def candle(channel: str, code: str, bar: Bar, fmt: str, is_snapshot: bool) -> bytes:
    """Return a candle frame."""
    values = (
        f'"{channel}"',
        f'"{code}"',
        f'"{iso(bar.start_ms)}"',
        f'"{iso(bar.start_ms + KST_MS)}"',
        fixed8(bar.open),
        fixed8(bar.high),
        fixed8(bar.low),
        fixed8(bar.close),
        fixed8(bar.volume),
        turnover8(bar.turnover),
        bar.last_ms,
        _stream(is_snapshot),
    )
    return _done(_TEMPLATES["candle", _is_short(fmt)] % values, fmt)


def orderbook(
    code: str,
    time_ms: int,
    asks: Sequence[tuple[int, int]],
    bids: Sequence[tuple[int, int]],
    level: int,
    depth: int,
    fmt: str,
    is_snapshot: bool,
) -> bytes:
    """Return a book frame of `depth` ranks; a side that is shorter is padded with zeros.

    In DEFAULT prices are spelled with exponents and sizes with all their decimals, in SIMPLE the other way round.
    """
    is_simple = _is_short(fmt)
    template = _LEVELS[is_simple]
    price, size = _SPELLED[is_simple]
    asks, bids = asks[:depth], bids[:depth]
    shared = min(len(asks), len(bids))
    rows = [
        template % (price[ap], price[bp], size[sa], size[sb])
        for (ap, sa), (bp, sb) in zip(asks[:shared], bids[:shared], strict=True)
    ]
    rows += [template % (price[p], "0", size[s], "0") for p, s in asks[shared:]]
    rows += [template % ("0", price[p], "0", size[s]) for p, s in bids[shared:]]
    rows += [template % ("0", "0", "0", "0")] * (depth - len(rows))
    ask_total, bid_total = sum(s for _, s in asks), sum(s for _, s in bids)
    values = (
        '"orderbook"',
        f'"{code}"',
        time_ms,
        size[ask_total],
        size[bid_total],
        "[" + ",".join(rows) + "]",
        _stream(is_snapshot),
        short(level),
    )
    return _done(_TEMPLATES["orderbook", is_simple] % values, fmt)


class Board(NamedTuple):
    """A market's summary. Prices and volumes in 1e-8, turnover in 1e-16."""

    open: int
    high: int
    low: int
    price: int
    prev_close: int
    turnover: int
    size: int
    volume: int
    is_bid: bool
    trade_ms: int
    bid_volume: int
    high_52w: int
    high_52w_day: int
    low_52w: int
    low_52w_day: int
    turnover_24h: int
    volume_24h: int
    is_suspended: bool
    is_warned: bool


@lru_cache(1024)
def _day_text(day: int) -> str:
    return datetime.fromtimestamp(day * 86_400, UTC).date().isoformat()


def ticker(code: str, b: Board, now_ms: int, fmt: str, is_snapshot: bool) -> bytes:
    """Return a ticker frame built at `now_ms`."""
    difference = b.price - b.prev_close
    stamp = iso(b.trade_ms)
    values = (
        '"ticker"',
        f'"{code}"',
        fixed8(b.open),
        fixed8(b.high),
        fixed8(b.low),
        fixed8(b.price),
        fixed8(b.prev_close),
        fixed16(b.turnover),
        change_of(difference),
        change8(abs(difference)),
        change8(difference),
        rate(abs(difference), b.prev_close),
        rate(difference, b.prev_close),
        '"BID"' if b.is_bid else '"ASK"',
        fixed8(b.size),
        fixed8(b.volume),
        f'"{stamp[:10].replace("-", "")}"',
        f'"{stamp[11:].replace(":", "")}"',
        b.trade_ms,
        fixed8(b.volume - b.bid_volume),
        fixed8(b.bid_volume),
        fixed8(b.high_52w),
        f'"{_day_text(b.high_52w_day)}"',
        fixed8(b.low_52w),
        f'"{_day_text(b.low_52w_day)}"',
        '"ACTIVE"',
        "true" if b.is_suspended else "false",
        "null",
        '"CAUTION"' if b.is_warned else '"NONE"',
        now_ms,
        turnover8(b.turnover_24h),
        fixed8(b.volume_24h),
        _stream(is_snapshot),
    )
    return _done(_TEMPLATES["ticker", _is_short(fmt)] % values, fmt)


STATUS_UP = b'{"status":"UP"}'


def refusal(name: str, message: str) -> bytes:
    """Return an error frame; the socket closes right after it."""
    return json.dumps({"error": {"message": message, "name": name}}, ensure_ascii=False, separators=(",", ":")).encode()


def subscriptions(rows: Sequence[dict[str, Any]], ticket: str, fmt: str) -> bytes:
    """Return the answer to LIST_SUBSCRIPTIONS."""
    answer: dict[str, Any] = {"method": "LIST_SUBSCRIPTIONS", "result": list(rows), "ticket": ticket}
    if _is_short(fmt):
        answer = {
            keys.SUBSCRIPTIONS[k]: [{keys.SUBSCRIPTION[n]: v for n, v in r.items()} for r in rows]
            if k == "result"
            else v
            for k, v in answer.items()
        }
    return _done(json.dumps(answer, ensure_ascii=False, separators=(",", ":")), fmt)


# -- REST


def trade_row(code: str, p: Print) -> str:
    """Return one row of trades/ticks; its `change_price` is signed, unlike the frame's."""
    stamp = iso(p.time_ms)
    return (
        f'{{"market":"{code}","trade_date_utc":"{stamp[:10]}","trade_time_utc":"{stamp[11:]}","timestamp":{p.time_ms},'
        f'"trade_price":{fixed8(p.price)},"trade_volume":{fixed8(p.size)},"prev_closing_price":{fixed8(p.prev_close)},'
        f'"change_price":{change8(p.price - p.prev_close)},"ask_bid":"{"BID" if p.is_bid else "ASK"}",'
        f'"sequential_id":{p.id}}}'
    )


def candle_row(code: str, bar: Bar, tail: str = "") -> str:
    """Return one row of a candle page; `tail` holds what only some intervals have."""
    return (
        f'{{"market":"{code}","candle_date_time_utc":"{iso(bar.start_ms)}",'
        f'"candle_date_time_kst":"{iso(bar.start_ms + KST_MS)}","opening_price":{fixed8(bar.open)},'
        f'"high_price":{fixed8(bar.high)},"low_price":{fixed8(bar.low)},"trade_price":{fixed8(bar.close)},'
        f'"timestamp":{bar.last_ms},"candle_acc_trade_price":{turnover8(bar.turnover)},'
        f'"candle_acc_trade_volume":{fixed8(bar.volume)}{tail}}}'
    )


def ticker_row(code: str, b: Board, now_ms: int) -> str:
    """Return one row of a ticker answer."""
    difference = b.price - b.prev_close
    utc, kst = (
        iso(b.trade_ms).replace("-", "").replace(":", ""),
        iso(b.trade_ms + KST_MS).replace("-", "").replace(":", ""),
    )
    return (
        f'{{"market":"{code}","trade_date":"{utc[:8]}","trade_time":"{utc[9:]}","trade_date_kst":"{kst[:8]}",'
        f'"trade_time_kst":"{kst[9:]}","trade_timestamp":{b.trade_ms},"opening_price":{fixed8(b.open)},'
        f'"high_price":{fixed8(b.high)},"low_price":{fixed8(b.low)},"trade_price":{fixed8(b.price)},'
        f'"prev_closing_price":{fixed8(b.prev_close)},"change":{change_of(difference)},'
        f'"change_price":{change8(abs(difference))},"change_rate":{rate(abs(difference), b.prev_close)},'
        f'"signed_change_price":{change8(difference)},"signed_change_rate":{rate(difference, b.prev_close)},'
        f'"trade_volume":{fixed8(b.size)},"acc_trade_price":{fixed16(b.turnover)},'
        f'"acc_trade_price_24h":{turnover8(b.turnover_24h)},"acc_trade_volume":{fixed8(b.volume)},'
        f'"acc_trade_volume_24h":{fixed8(b.volume_24h)},"highest_52_week_price":{fixed8(b.high_52w)},'
        f'"highest_52_week_date":"{_day_text(b.high_52w_day)}","lowest_52_week_price":{fixed8(b.low_52w)},'
        f'"lowest_52_week_date":"{_day_text(b.low_52w_day)}","timestamp":{now_ms}}}'
    )


def orderbook_row(
    code: str,
    time_ms: int,
    asks: Sequence[tuple[int, int]],
    bids: Sequence[tuple[int, int]],
    level: int,
    depth: int = DEPTH,
) -> str:
    """Return one row of an orderbook answer; here the bid stands first."""
    asks, bids = asks[:depth], bids[:depth]
    padding = [(0, 0)] * depth
    units = ",".join(
        f'{{"bid_price":{short(bid[0])},"bid_size":{short(bid[1])},"ask_price":{short(ask[0])},"ask_size":{short(ask[1])}}}'
        for bid, ask in zip([*bids, *padding][:depth], [*asks, *padding][:depth], strict=True)
    )
    return (
        f'{{"market":"{code}","timestamp":{time_ms},"total_ask_size":{short(sum(s for _, s in asks))},'
        f'"total_bid_size":{short(sum(s for _, s in bids))},"orderbook_units":[{units}],"level":{short(level)}}}'
    )
