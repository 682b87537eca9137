"""What counts as unusual, and what was found: plain values, known before anything heavy is loaded."""

from __future__ import annotations

import math
from typing import NamedTuple

import msgspec

from core.market import MINUTE_MS

DAY_MOVE = "day_move"  # against the previous close
FAST_MOVE = "fast_move"  # within some minutes
VOLUME_SPIKE = "volume_spike"  # the last minute against the market's own hour
NEW_HIGH, NEW_LOW = "new_high", "new_low"  # of some days
WIDE_SPREAD = "wide_spread"  # against the market's own
BIG_ORDER = "big_order"  # one order that took much
LISTED, DELISTED = "listed", "delisted"
KINDS = (DAY_MOVE, FAST_MOVE, VOLUME_SPIKE, NEW_HIGH, NEW_LOW, WIDE_SPREAD, BIG_ORDER, LISTED, DELISTED)

SPANS_MS = (MINUTE_MS, 5 * MINUTE_MS, 15 * MINUTE_MS, 60 * MINUTE_MS)  # the windows that are kept of every market


class Thresholds(msgspec.Struct, frozen=True):
    """From where on something is unusual. 0 turns a detector off.

    Raises:
        ValueError: a value that means nothing.
    """

    day_move: float = 0.05  # ratio, up or down, against the previous close
    fast_move: float = 0.03  # ratio, up or down, within
    fast_span_ms: int = 5 * MINUTE_MS  # one of SPANS_MS
    spike: float = 10.0  # times the market's mean minute of the last hour
    spike_least: float = 50e6  # KRW in that minute: of less nobody can trade
    extreme_days: int = 20  # today and the days before it
    spread: float = 4.0  # times the market's usual one
    spread_least: float = 0.003  # of the price
    big_order: float = 100e6  # KRW
    listings: bool = True

    def __post_init__(self) -> None:
        for name in self.__struct_fields__:
            value = getattr(self, name)
            if not (math.isfinite(value) and 0 <= value <= 1e15):
                raise ValueError(f"{name} is {value}")
        if self.fast_span_ms not in SPANS_MS:
            raise ValueError(f"no window of {self.fast_span_ms} ms is kept")
        if self.extreme_days > 200:
            raise ValueError("the exchange tells 200 days at most")


class Finding(NamedTuple):
    """One thing that was found."""

    kind: str
    market: str
    time_ms: int  # epoch ms
    way: int  # 1 up or bought, -1 down or sold, 0 neither
    value: float  # a ratio (moves, spread of the price), times (spike), quote currency (extremes), KRW (orders)
    price: float  # quote currency
    span_ms: int = 0  # the time that it is about; 0 where there is none
