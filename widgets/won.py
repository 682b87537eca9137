"""What prices in BTC or USDT are worth in KRW, by the last trade of KRW-BTC or KRW-USDT."""

from __future__ import annotations

from math import isfinite, nan
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication

from core.feed.feed import Feed
from core.feed.health import StreamState
from core.market import TICKER, Stream, quote_of
from widgets import format as fmt


class Rate(NamedTuple):
    """What one of a quote currency is worth."""

    krw: float = nan  # nan where nothing tells, or where it is KRW itself
    is_stale: bool = False  # it was worth that when its stream ran

    @property
    def is_known(self) -> bool:
        return self.krw > 0.0

    def text(self, price: float) -> str:
        """Return a price in KRW, "≈ 1,234 KRW"; "" where nothing tells."""
        value = price * self.krw
        if not isfinite(value):
            return ""
        return QCoreApplication.translate("Won", "≈ {price} KRW").format(price=fmt.won(value))


NO_RATE = Rate()


def rate_streams(market: str) -> set[Stream]:
    """Return the stream that tells what a market's quote currency is worth; none for KRW."""
    quote = quote_of(market)
    return {Stream(TICKER, f"KRW-{quote}")} if quote in ("BTC", "USDT") else set()


def rate(feed: Feed, market: str) -> Rate:
    """Return what one of a market's quote currency is worth now, or was when that was last heard."""
    for stream in rate_streams(market):
        ticker = feed.store.ticker(stream.market)
        if ticker is not None:
            return Rate(ticker.price, feed.health.state(stream, feed.now()) is not StreamState.LIVE)
    return NO_RATE
