"""What one book says: spread and imbalance. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from math import nan

Side = Sequence[tuple[float, float]]  # (price, size), best first


def spread_rate(asks: Side, bids: Side) -> float:
    """Return the spread as a share of the mid price; nan where a side is empty."""
    if not asks or not bids:
        return nan
    ask, bid = asks[0][0], bids[0][0]
    return (ask - bid) / (ask + bid) * 2.0


def imbalance(asks: Side, bids: Side, levels: int) -> float:
    """Return (bid - ask) / (bid + ask) of size over the best `levels`, -1 to 1; nan where a side is empty."""
    if not asks or not bids:
        return nan
    ask, bid = sum(size for _, size in asks[:levels]), sum(size for _, size in bids[:levels])
    return (bid - ask) / (bid + ask) if bid + ask > 0.0 else nan
