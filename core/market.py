"""The vocabulary of the market: codes, streams, intervals, price steps. Pure, no I/O, no clock."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import NamedTuple

SECOND_MS = 1_000
MINUTE_MS = 60 * SECOND_MS
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS
# 1970-01-01 was a Thursday and the exchange's week starts on Monday.
_WEEK_OFFSET_MS = 4 * DAY_MS

TICKER = "ticker"
TRADE = "trade"
ORDERBOOK = "orderbook"
# Of one's own account, on the private endpoint: of no market, and without a snapshot.
MY_ORDER, MY_ASSET, ANNOUNCEMENT = "myOrder", "myAsset", "announcement"
PRIVATE_CHANNELS = frozenset({MY_ORDER, MY_ASSET, ANNOUNCEMENT})


def quote_of(market: str) -> str:
    """Return the currency that prices the market: "KRW" of "KRW-BTC"."""
    return market.partition("-")[0]


def base_of(market: str) -> str:
    """Return the currency that is traded: "BTC" of "KRW-BTC"."""
    return market.partition("-")[2]


class Market(NamedTuple):
    """One listed market as the exchange describes it."""

    code: str  # quote first: "KRW-BTC"
    korean_name: str = ""
    english_name: str = ""
    is_warned: bool = False  # 투자유의
    cautions: frozenset[str] = frozenset()  # names of the 주의 flags in force

    @property
    def quote(self) -> str:
        return quote_of(self.code)

    @property
    def base(self) -> str:
        return base_of(self.code)


class Stream(NamedTuple):
    """What one can subscribe to. Sortable, hashable; two equal streams are one subscription."""

    channel: str  # "ticker", "trade", "orderbook", "candle.1m", ...
    market: str
    level: float = 0.0  # the exchange's price grouping of a book, quote currency; 0 is none


class Interval(Enum):
    """The length of a candle. Day, week and month exist in REST only."""

    S1 = "1s"
    M1 = "1m"
    M3 = "3m"
    M5 = "5m"
    M10 = "10m"
    M15 = "15m"
    M30 = "30m"
    H1 = "60m"
    H4 = "240m"
    D1 = "1d"
    W1 = "1w"
    MONTH = "1M"

    @property
    def length_ms(self) -> int:
        """Length in ms; of a month its longest, 31 days."""
        return _LENGTH_MS[self]

    @property
    def channel(self) -> str | None:
        """The WebSocket channel that carries it, or None where only REST has it."""
        return None if self in _REST_ONLY else f"candle.{self.value}"

    def floor(self, time_ms: int) -> int:
        """Return the start of the window that holds `time_ms` (days start 00:00 UTC = 09:00 KST)."""
        if self is Interval.MONTH:
            moment = datetime.fromtimestamp(time_ms / 1000, UTC)
            return int(moment.replace(day=1, hour=0, minute=0, second=0, microsecond=0).timestamp() * 1000)
        offset = _WEEK_OFFSET_MS if self is Interval.W1 else 0
        return (time_ms - offset) // self.length_ms * self.length_ms + offset

    def next(self, start_ms: int) -> int:
        """Return the start of the window after the one that starts at `start_ms`."""
        if self is Interval.MONTH:
            moment = datetime.fromtimestamp(start_ms / 1000, UTC) + timedelta(days=31)
            return self.floor(int(moment.timestamp() * 1000))
        return start_ms + self.length_ms


_LENGTH_MS = {
    Interval.S1: SECOND_MS,
    Interval.M1: MINUTE_MS,
    Interval.M3: 3 * MINUTE_MS,
    Interval.M5: 5 * MINUTE_MS,
    Interval.M10: 10 * MINUTE_MS,
    Interval.M15: 15 * MINUTE_MS,
    Interval.M30: 30 * MINUTE_MS,
    Interval.H1: HOUR_MS,
    Interval.H4: 4 * HOUR_MS,
    Interval.D1: DAY_MS,
    Interval.W1: 7 * DAY_MS,
    Interval.MONTH: 31 * DAY_MS,
}
_REST_ONLY = frozenset({Interval.D1, Interval.W1, Interval.MONTH})
INTERVAL_OF_CHANNEL = {i.channel: i for i in Interval if i.channel}


def price_key(price: float) -> int:
    """Return the integer that names a price level in every band; use it, never a float, as a key."""
    return round(price * 1e8)


class TickTable(NamedTuple):
    """Price steps by band: from `floors[i]` (inclusive) on, the step is `steps[i]`. Ascending, quote currency."""

    floors: tuple[float, ...]
    steps: tuple[float, ...]

    def tick_size(self, price: float) -> float:
        """Return the smallest price step at `price`."""
        return self.steps[max(bisect_right(self.floors, price) - 1, 0)]


def _table(rows: Iterable[tuple[float, float]]) -> TickTable:
    ordered = sorted(rows)
    return TickTable(tuple(r[0] for r in ordered), tuple(r[1] for r in ordered))


# Source: KRW since 2025-07-31, USDT since 2024-08-19. Bands may change: `orderbook/instruments` has the last word.
KRW_TICKS = _table(
    [
        (1_000_000, 1_000),
        (500_000, 500),
        (100_000, 100),
        (50_000, 50),
        (10_000, 10),
        (5_000, 5),
        (100, 1),
        (10, 0.1),
        (1, 0.01),
        (0.1, 0.001),
        (0.01, 0.0001),
        (0.001, 0.00001),
        (0.0001, 0.000001),
        (0.00001, 0.0000001),
        (0, 0.00000001),
    ]
)
BTC_TICKS = _table([(0, 0.00000001)])
USDT_TICKS = _table(
    [
        (10, 0.01),
        (1, 0.001),
        (0.1, 0.0001),
        (0.01, 0.00001),
        (0.001, 0.000001),
        (0.0001, 0.0000001),
        (0, 0.00000001),
    ]
)
TICKS_OF_QUOTE = {"KRW": KRW_TICKS, "BTC": BTC_TICKS, "USDT": USDT_TICKS}
QUOTES = frozenset(TICKS_OF_QUOTE)  # the currencies that prices are in


def tick_size(market: str, price: float) -> float:
    """Return the price step of `market` at `price`, in quote currency, by the exchange's published table."""
    return TICKS_OF_QUOTE.get(quote_of(market), BTC_TICKS).tick_size(price)
