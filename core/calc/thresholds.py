"""From where on something in the market counts as unusual: plain values, read before anything heavy is loaded."""

from __future__ import annotations

import math

import msgspec

from core.market import MINUTE_MS

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
