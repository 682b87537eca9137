"""What the exchange says, in our names: frozen, one object from socket to store.

The exchange's long keys stand in `rename`; the short spelling is derived in `codec` from `keys`.
Only the fields that the program uses are decoded. A field that is missing or null on the wire
has its default: nan for a number that is not known. `stream_type` is SNAPSHOT or
REALTIME, or REST where a row came by REST.
"""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple

from msgspec import Meta, Struct

Side = Literal["ASK", "BID"]
NAN = float("nan")

# Above this a stamp counts microseconds: USDT books once came so. The bound makes such a frame take the slow path.
MICROSECONDS_FROM = 10**14
Stamp = Annotated[int, Meta(ge=0, lt=MICROSECONDS_FROM)]  # exchange clock, epoch ms UTC


class Ticker(
    Struct,
    frozen=True,
    gc=False,
    rename={
        "market": "code",
        "price": "trade_price",
        "open": "opening_price",
        "high": "high_price",
        "low": "low_price",
        "prev_close": "prev_closing_price",
        "change_price": "signed_change_price",
        "change_rate": "signed_change_rate",
        "size": "trade_volume",
        "aggressor": "ask_bid",
        "day_volume": "acc_trade_volume",
        "day_turnover": "acc_trade_price",
        "day_ask_volume": "acc_ask_volume",
        "day_bid_volume": "acc_bid_volume",
        "volume_24h": "acc_trade_volume_24h",
        "turnover_24h": "acc_trade_price_24h",
        "high_52w": "highest_52_week_price",
        "low_52w": "lowest_52_week_price",
        "trade_time_ms": "trade_timestamp",
        "time_ms": "timestamp",
        "is_suspended": "is_trading_suspended",
        "state": "market_state",
        "warning": "market_warning",
    },
):
    """The running summary of one market. Prices and turnover in quote, volumes in base currency."""

    market: str
    price: float  # of the last trade
    open: float = NAN  # first trade of the day that began 00:00 UTC = 09:00 KST
    high: float = NAN
    low: float = NAN
    prev_close: float = NAN
    change_price: float = NAN  # signed, against prev_close
    change_rate: float = NAN  # signed, 0.015 is 1.5 %
    size: float = NAN  # of the last trade
    aggressor: Side | None = None
    day_volume: float = NAN  # since 00:00 UTC
    day_turnover: float = NAN
    day_ask_volume: float = NAN  # sold by the aggressor
    day_bid_volume: float = NAN  # bought by the aggressor
    volume_24h: float = NAN
    turnover_24h: float = NAN
    high_52w: float = NAN
    low_52w: float = NAN
    trade_time_ms: Stamp = 0
    time_ms: Stamp = 0  # when the summary was built
    is_suspended: bool = False
    state: str = "ACTIVE"  # PREVIEW, ACTIVE, DELISTED
    warning: str = "NONE"  # NONE, CAUTION
    stream_type: str = "REALTIME"


class Trade(
    Struct,
    frozen=True,
    gc=False,
    rename={
        "market": "code",
        "price": "trade_price",
        "size": "trade_volume",
        "aggressor": "ask_bid",
        "time_ms": "trade_timestamp",
        "id": "sequential_id",
        "sent_ms": "timestamp",
        "prev_close": "prev_closing_price",
    },
):
    """One execution. A message is a fact: never edited."""

    market: str
    price: float  # quote currency per 1 base
    size: float  # base currency
    aggressor: Side  # BID: the buyer crossed
    time_ms: Stamp
    id: int  # unique in its market, not ordered: dedupe by it, never sort by it
    sent_ms: Stamp = 0  # when the frame was made; 0 from REST
    prev_close: float = NAN
    stream_type: str = "REALTIME"


class Level(Struct, frozen=True, gc=False):
    """One rank of the book. A side that is shorter is padded with price 0 and size 0."""

    ask_price: float
    bid_price: float
    ask_size: float
    bid_size: float


class Orderbook(
    Struct,
    frozen=True,
    gc=False,
    rename={
        "market": "code",
        "levels": "orderbook_units",
        "time_ms": "timestamp",
        "ask_total": "total_ask_size",
        "bid_total": "total_bid_size",
    },
):
    """A whole book at one moment, best first. `levels` as sent: padding included."""

    market: str
    levels: tuple[Level, ...]
    time_ms: Stamp
    ask_total: float = NAN  # over the levels sent
    bid_total: float = NAN
    level: float = 0.0  # price grouping in force, quote currency; 0 is none
    stream_type: str = "REALTIME"

    @property
    def asks(self) -> list[tuple[float, float]]:
        """(price, size) of the ask side, best first, without padding."""
        return [(u.ask_price, u.ask_size) for u in self.levels if u.ask_price > 0.0]

    @property
    def bids(self) -> list[tuple[float, float]]:
        """(price, size) of the bid side, best first, without padding."""
        return [(u.bid_price, u.bid_size) for u in self.levels if u.bid_price > 0.0]


class BookFrame(Struct, frozen=True, gc=False):
    """A book still in its bytes: latest wins, so only the one that is shown gets decoded (`codec.decode_book`)."""

    market: str
    level: float
    time_ms: int  # exchange clock, epoch ms UTC
    is_snapshot: bool
    frame: bytes


class Candle(
    Struct,
    frozen=True,
    gc=False,
    rename={
        "market": "code",
        "start_utc": "candle_date_time_utc",
        "open": "opening_price",
        "high": "high_price",
        "low": "low_price",
        "close": "trade_price",
        "volume": "candle_acc_trade_volume",
        "turnover": "candle_acc_trade_price",
        "last_trade_ms": "timestamp",
        "channel": "type",
    },
):
    """One window so far; sent again whenever a trade changed it. There is no closing frame."""

    market: str
    start_utc: str  # "yyyy-MM-ddTHH:mm:ss", the window's start, without a zone
    open: float
    high: float
    low: float
    close: float
    volume: float
    last_trade_ms: Stamp
    turnover: float = NAN
    channel: str = ""  # "candle.1m"
    stream_type: str = "REALTIME"

    @property
    def time_ms(self) -> int:
        """The stamp of its newest trade, as every message has one."""
        return self.last_trade_ms


class CandleRow(NamedTuple):
    """One window as REST states it. Prices and turnover in quote, volume in base currency."""

    start_ms: int
    open: float
    high: float
    low: float
    close: float
    volume: float
    last_trade_ms: int  # its newest trade; trades after this stamp are not in it yet
    turnover: float = NAN


class Instrument(NamedTuple):
    """What the exchange says of a book's prices: it has the last word over any table of ours."""

    market: str
    tick_size: float  # at the current price, quote currency; nan if it does not say
    levels: tuple[float, ...]  # price groupings, ascending, 0 (none) first


class Status(Struct, frozen=True, gc=False):
    """The answer to a text PING, `{"status":"UP"}`: a sign of life, not market data."""

    status: str


class Refusal(Struct, frozen=True, gc=False):
    """The exchange refused a request on the socket, and closes it right after."""

    name: str
    message: str = ""


class Subscription(Struct, frozen=True, gc=False):
    """One row of what the exchange believes a socket is subscribed to."""

    type: str
    codes: tuple[str, ...] = ()
    level: float = 0.0


class Subscriptions(Struct, frozen=True, gc=False):
    """The answer to LIST_SUBSCRIPTIONS."""

    result: tuple[Subscription, ...]
    ticket: str = ""


Message = Ticker | Trade | Orderbook | BookFrame | Candle | Status | Refusal | Subscriptions
