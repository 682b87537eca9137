"""What a script is told: frozen, flat, in the exchange's own long names. Prices in quote, volumes in base currency."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from core.market import Interval
from core.state.account import OrderNews
from core.wire.messages import Orderbook, Ticker, Trade
from core.wire.private import MyAsset


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


class MyOrderEvent(msgspec.Struct, frozen=True):
    """Something happened to an own order. Amounts are exact; None is what the exchange did not say."""

    symbol: str
    uuid: str
    ask_bid: str  # "BID" buys
    order_type: str  # limit, price (market buy by amount), market (market sell), best
    state: str  # wait, watch, trade (a fill), done, cancel, prevented
    price: Decimal | None  # of the order; of a market buy the amount
    volume: Decimal | None  # None for a market buy
    remaining_volume: Decimal | None
    executed_volume: Decimal
    executed_funds: Decimal | None
    avg_price: Decimal | None  # over its fills
    paid_fee: Decimal | None
    identifier: str
    trade_uuid: str  # these four where `state` is trade
    trade_price: Decimal | None
    trade_volume: Decimal | None
    is_maker: bool | None
    timestamp: int  # epoch ms; 0 where it was missed and the exchange does not say when it happened
    is_late: bool  # it happened while the link was down


class AssetAmount(msgspec.Struct, frozen=True):
    """One currency."""

    currency: str
    balance: Decimal  # free
    locked: Decimal


class MyAssetEvent(msgspec.Struct, frozen=True):
    """Balances that changed; the others are as they were."""

    assets: tuple[AssetAmount, ...]
    timestamp: int  # epoch ms


Event = TickerEvent | TradeEvent | OrderbookEvent | CandleEvent | MyOrderEvent | MyAssetEvent


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


def of_order(news: OrderNews) -> MyOrderEvent:
    order, event, fill = news
    state = "trade" if fill is not None else event.state if event is not None else order.state
    happened = fill.time_ms if fill is not None else event.time_ms if event is not None else 0
    return MyOrderEvent(
        order.market,
        order.id,
        order.side,
        order.kind,
        state,
        order.price,
        order.size,
        order.remaining,
        order.executed,
        order.funds,
        order.avg_price,
        order.paid_fee,
        order.identifier,
        fill.id if fill is not None else "",
        fill.price if fill is not None else None,
        fill.size if fill is not None else None,
        fill.is_maker if fill is not None else None,
        happened,
        event is None,
    )


def of_assets(said: MyAsset) -> MyAssetEvent:
    return MyAssetEvent(tuple(AssetAmount(a.currency, a.balance, a.locked) for a in said.assets), said.changed_ms)
