"""The scales of prices: what is evenly spaced on each, where its ticks are and what they say. Pure.

A range is kept in prices whatever the scale, so that all that marks a price, and the desk, need not know of it. What is
moved or zoomed goes through `unit` and `price_of`: there equal distances are equal heights.
"""

from __future__ import annotations

import math
from typing import Literal, NamedTuple, get_args

from core.market import tick_size
from widgets import format as fmt
from widgets.plot.candles import LEAST_PRICE
from widgets.plot.ticks import log_ticks, price_ticks

PriceScale = Literal["linear", "log", "percent"]
PRICE_SCALES: tuple[PriceScale, ...] = get_args(PriceScale)

_FINEST_PERCENT = 0.01


class PriceTick(NamedTuple):
    """A tick of the price axis."""

    price: float
    text: str


def unit(price: float, scale: PriceScale) -> float:
    """Return what is evenly spaced: the log10 of a price, or the price itself."""
    return math.log10(max(price, LEAST_PRICE)) if scale == "log" else price


def price_of(units: float, scale: PriceScale) -> float:
    """Return the price of what `unit` returned."""
    return 10.0**units if scale == "log" else units


def ticks(
    market: str,
    scale: PriceScale,
    low: float,
    high: float,
    height: float,
    least: float,
    *,
    tick: float,
    finest: float,
    base: float,
) -> list[PriceTick]:
    """Return the ticks within [low, high], ascending.

    Args:
        market: decides the price steps.
        low, high: quote currency, low < high.
        height: of the axis, px.
        least: distance of two ticks, px.
        tick: price step of the market at its last price; decides the decimals of an even axis.
        finest: price step at the lowest price in view, which may be far below the last; no finer step is chosen.
        base: price of 0 % on a percent scale, > 0 there.
    """
    most = max(int(height / least), 1)
    if scale == "percent" and base > 0:
        step, found = price_ticks((low / base - 1) * 100, (high / base - 1) * 100, most, _FINEST_PERCENT)
        return [PriceTick(base * (1 + p / 100), percent_text(p, fmt.decimals(step))) for p in found.tolist()]
    if scale == "log" and low > 0:
        prices, steps = log_ticks(low, high, height, least, finest)
        return [
            PriceTick(p, fmt.price(p, min(s, tick_size(market, p))))
            for p, s in zip(prices.tolist(), steps.tolist(), strict=True)
        ]
    step, found = price_ticks(low, high, most, finest)
    return [PriceTick(p, fmt.price(p, min(step, tick))) for p in found.tolist()]


def percent_text(percent: float, places: int = 2) -> str:
    """Return a signed percentage: 1.234 is "+1.23%", nothing has no sign."""
    text = f"{percent:+,.{places}f}%"
    return text[1:] if not float(text[1:-1].replace(",", "")) else text
