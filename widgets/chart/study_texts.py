"""What indicators, their lines and settings are called on the screen."""

from __future__ import annotations

import math

from PySide6.QtCore import QCoreApplication

from core.calc.indicators import Unit
from widgets import format as fmt
from widgets.chart.own_study import PREFIX


def name(kind: str) -> str:
    """Return what an indicator is called in full; its own name where it is the user's."""
    return {
        "sma": QCoreApplication.translate("Indicators", "Moving average (SMA)"),
        "ema": QCoreApplication.translate("Indicators", "Exponential moving average (EMA)"),
        "wma": QCoreApplication.translate("Indicators", "Weighted moving average (WMA)"),
        "bollinger": QCoreApplication.translate("Indicators", "Bollinger bands"),
        "vwap": QCoreApplication.translate("Indicators", "Volume-weighted average (VWAP)"),
        "anchored_vwap": QCoreApplication.translate("Indicators", "Anchored VWAP"),
        "ichimoku": QCoreApplication.translate("Indicators", "Ichimoku cloud"),
        "volume_average": QCoreApplication.translate("Indicators", "Volume average"),
        "rsi": QCoreApplication.translate("Indicators", "Relative strength (RSI)"),
        "macd": QCoreApplication.translate("Indicators", "MACD"),
        "stochastic": QCoreApplication.translate("Indicators", "Stochastic"),
        "atr": QCoreApplication.translate("Indicators", "Average true range (ATR)"),
        "obv": QCoreApplication.translate("Indicators", "On-balance volume (OBV)"),
    }.get(kind, kind.removeprefix(PREFIX))


def short(kind: str) -> str:
    """Return what the read-out calls an indicator."""
    return {
        "sma": QCoreApplication.translate("Indicators", "SMA"),
        "ema": QCoreApplication.translate("Indicators", "EMA"),
        "wma": QCoreApplication.translate("Indicators", "WMA"),
        "bollinger": QCoreApplication.translate("Indicators", "BB"),
        "vwap": QCoreApplication.translate("Indicators", "VWAP"),
        "anchored_vwap": QCoreApplication.translate("Indicators", "AVWAP"),
        "ichimoku": QCoreApplication.translate("Indicators", "Ichimoku"),
        "volume_average": QCoreApplication.translate("Indicators", "Vol avg"),
        "rsi": QCoreApplication.translate("Indicators", "RSI"),
        "macd": QCoreApplication.translate("Indicators", "MACD"),
        "stochastic": QCoreApplication.translate("Indicators", "Stoch"),
        "atr": QCoreApplication.translate("Indicators", "ATR"),
        "obv": QCoreApplication.translate("Indicators", "OBV"),
    }.get(kind, kind.removeprefix(PREFIX))


def setting(of: str) -> str:
    """Return what a setting is called."""
    return {
        "count": QCoreApplication.translate("Indicators", "Bars"),
        "width": QCoreApplication.translate("Indicators", "Standard deviations"),
        "session": QCoreApplication.translate("Indicators", "Begins anew each"),
        "anchor_ms": QCoreApplication.translate("Indicators", "From (time in Korea)"),
        "conversion": QCoreApplication.translate("Indicators", "Conversion line, bars"),
        "base": QCoreApplication.translate("Indicators", "Base line, bars"),
        "span": QCoreApplication.translate("Indicators", "Leading span B, bars"),
        "shift": QCoreApplication.translate("Indicators", "Shift, bars"),
        "fast": QCoreApplication.translate("Indicators", "Fast average, bars"),
        "slow": QCoreApplication.translate("Indicators", "Slow average, bars"),
        "signal": QCoreApplication.translate("Indicators", "Signal line, bars"),
        "smooth": QCoreApplication.translate("Indicators", "Smoothing, bars"),
    }.get(of, of)


def choice(of: str) -> str:
    """Return what one of the choices of a setting is called."""
    return {
        "day": QCoreApplication.translate("Indicators", "Day (09:00)"),
        "week": QCoreApplication.translate("Indicators", "Week"),
        "month": QCoreApplication.translate("Indicators", "Month"),
    }.get(of, of)


def line(of: str) -> str:
    """Return what a line is called."""
    return {
        "value": QCoreApplication.translate("Indicators", "Line"),
        "middle": QCoreApplication.translate("Indicators", "Middle"),
        "upper": QCoreApplication.translate("Indicators", "Upper band"),
        "lower": QCoreApplication.translate("Indicators", "Lower band"),
        "conversion": QCoreApplication.translate("Indicators", "Conversion line"),
        "base": QCoreApplication.translate("Indicators", "Base line"),
        "span_a": QCoreApplication.translate("Indicators", "Leading span A"),
        "span_b": QCoreApplication.translate("Indicators", "Leading span B"),
        "lagging": QCoreApplication.translate("Indicators", "Lagging span"),
        "difference": QCoreApplication.translate("Indicators", "Histogram"),
        "macd": QCoreApplication.translate("Indicators", "MACD line"),
        "signal": QCoreApplication.translate("Indicators", "Signal line"),
        "k": QCoreApplication.translate("Indicators", "%K"),
        "d": QCoreApplication.translate("Indicators", "%D"),
    }.get(of, of)


def value(number: float, unit: Unit, tick: float) -> str:
    """Return a value as the read-out has it, nothing where there is none.

    Args:
        tick: price step of the market.
    """
    if math.isnan(number):
        return ""
    match unit:
        case "price":
            return fmt.price(number, tick)
        case "volume":
            return fmt.volume(number)
        case "index":
            return f"{number:.2f}"
        case _:
            return f"{number:,.2f}" if abs(number) < 1e6 else fmt.volume(number)


WIDEST = {"volume": "-999.9M", "index": "100.00", "number": "-999,999.99"}
