"""What a script is told: frozen, flat, in the exchange's own long names. Prices in quote, volumes in base currency."""

from __future__ import annotations

import msgspec

from core.market import Interval
from core.wire.messages import Orderbook, Ticker, Trade


class TickerEvent(msgspec.Struct, frozen=True, gc=False):
    """The running summary of one market."""

    symbol: str  # "KRW-BTC"
    trade_price: float  # of the last trade
    change_rate: float  # signed, against yesterday's close: 0.015 is 1.5 %
    change_price: float  # signed
    prev_closing_price: float
    opening_price: float  # of the day that began 09:00 KST
    high_price: float
    low_price: float
    trade_volume: float  # of the last trade
    acc_trade_price: float  # turnover since 09:00 KST
    acc_trade_volume: float
    acc_trade_price_24h: float
    acc_trade_volume_24h: float
    trade_timestamp: int  # epoch ms
    timestamp: int  # epoch ms


class TradeEvent(msgspec.Struct, frozen=True, gc=False):
    """One execution."""

    symbol: str
    trade_price: float
    trade_volume: float
    ask_bid: str  # "BID": the buyer crossed the spread
    sequential_id: int  # unique in its market, not ordered
    timestamp: int  # of the match, epoch ms
    is_late: bool  # filled in by REST after a gap, or the last trade before the subscription


class OrderbookEvent(msgspec.Struct, frozen=True):
    """A whole book."""

    symbol: str
    asks: tuple[tuple[float, float], ...]  # (price, size), best first
    bids: tuple[tuple[float, float], ...]
    total_ask_size: float
    total_bid_size: float
    timestamp: int  # epoch ms

    @property
    def best_ask(self) -> float:
        """Price of the best ask; nan where there is none."""
        return self.asks[0][0] if self.asks else float("nan")

    @property
    def best_bid(self) -> float:
        """Price of the best bid; nan where there is none."""
        return self.bids[0][0] if self.bids else float("nan")


class CandleEvent(msgspec.Struct, frozen=True, gc=False):
    """One candle so far. It comes again while it grows; one with a later `start` closes it."""

    symbol: str
    unit: str  # "1m"
    start: int  # of the window, epoch ms UTC
    opening_price: float
    high_price: float
    low_price: float
    trade_price: float  # the close so far
    candle_acc_trade_volume: float


Event = TickerEvent | TradeEvent | OrderbookEvent | CandleEvent


def of_ticker(ticker: Ticker) -> TickerEvent:
    return TickerEvent(
        ticker.market,
        ticker.price,
        ticker.change_rate,
        ticker.change_price,
        ticker.prev_close,
        ticker.open,
        ticker.high,
        ticker.low,
        ticker.size,
        ticker.day_turnover,
        ticker.day_volume,
        ticker.turnover_24h,
        ticker.volume_24h,
        ticker.trade_time_ms,
        ticker.time_ms,
    )


def of_trade(trade: Trade) -> TradeEvent:
    is_late = trade.stream_type != "REALTIME"
    return TradeEvent(trade.market, trade.price, trade.size, trade.aggressor, trade.id, trade.time_ms, is_late)


def of_book(book: Orderbook) -> OrderbookEvent:
    return OrderbookEvent(book.market, tuple(book.asks), tuple(book.bids), book.ask_total, book.bid_total, book.time_ms)


def of_bar(market: str, interval: Interval, start_ms: int, ohlcv: list[float]) -> CandleEvent:
    return CandleEvent(market, interval.value, start_ms, *ohlcv)
