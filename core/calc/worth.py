"""What the quote currencies are worth in KRW: for what compares or ranks markets of several of them."""

from __future__ import annotations

from collections.abc import Mapping

# About, where the exchange's own markets do not say: enough to rank by, not to trade by.
FALLBACK = {"KRW": 1.0, "BTC": 1e8, "USDT": 1_400.0}


def worth(prices: Mapping[str, float]) -> dict[str, float]:
    """Return KRW for one unit of each quote currency.

    Args:
        prices: last price by market code; of interest are KRW-BTC and KRW-USDT.
    """
    found = dict(FALLBACK)
    for quote in ("BTC", "USDT"):
        price = prices.get(f"KRW-{quote}", 0.0)
        if price > 0.0:
            found[quote] = price
    return found
