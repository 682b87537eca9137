"""What indicators, their lines and settings are called on the screen."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication

from core.calc.indicators import Unit
from core.calc.profile import Profile
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
        "delta": QCoreApplication.translate("Indicators", "Volume delta"),
        "cvd": QCoreApplication.translate("Indicators", "Cumulative volume delta (CVD)"),
        "volume_profile": QCoreApplication.translate("Indicators", "Volume profile of the visible range"),
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
        "delta": QCoreApplication.translate("Indicators", "Delta"),
        "cvd": QCoreApplication.translate("Indicators", "CVD"),
        "volume_profile": QCoreApplication.translate("Indicators", "VP"),
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
        "anew": QCoreApplication.translate("Indicators", "Begins anew each"),
        "rows": QCoreApplication.translate("Indicators", "Rows, at most"),
        "share": QCoreApplication.translate("Indicators", "Value area, %"),
        "side": QCoreApplication.translate("Indicators", "Side"),
        "part": QCoreApplication.translate("Indicators", "Width, % of the chart"),
    }.get(of, of)


def choice(of: str) -> str:
    """Return what one of the choices of a setting is called."""
    return {
        "day": QCoreApplication.translate("Indicators", "Day (09:00)"),
        "week": QCoreApplication.translate("Indicators", "Week"),
        "month": QCoreApplication.translate("Indicators", "Month"),
        "gap": QCoreApplication.translate("Indicators", "Gap only"),
        "right": QCoreApplication.translate("Indicators", "Right"),
        "left": QCoreApplication.translate("Indicators", "Left"),
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
        "control": QCoreApplication.translate("Indicators", "Point of control"),
        "area_high": QCoreApplication.translate("Indicators", "Value area, upper end"),
        "area_low": QCoreApplication.translate("Indicators", "Value area, lower end"),
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
        case "flow":
            return flow(number)
        case "index":
            return f"{number:.2f}"
        case _:
            return f"{number:,.2f}" if abs(number) < 1e6 else fmt.volume(number)


def flow(number: float) -> str:
    """Return a volume with its sign; less than one with more figures, in a dear coin that is much."""
    return f"{number:+,.4f}" if abs(number) < 1 else ("+" if number > 0 else "") + fmt.volume(number)


def without_trades(kind: str) -> tuple[str, ...]:
    """Return what stands where no delta can be, the first that there is room for."""
    plain = QCoreApplication.translate("Indicators", "Trades not loaded")
    if kind != "cvd":
        return (plain,)
    return QCoreApplication.translate("Indicators", "Trades not loaded: the sum begins anew behind the gap"), plain


PROFILE_PRICES = {0: 0, 2: 1, 3: 2}  # places of prices, and the line whose colour each has


def profile_widest() -> tuple[tuple[str, ...], ...]:
    """Return what `profile` may give at its widest, place by place; those of `PROFILE_PRICES` without the price."""
    row = f"{_bought_sold('0.0000', '0.0000')}  0.0000"
    return ("POC  ",), (_basis(1.0), _basis(0.5), _basis(0.0)), ("VAH  ",), ("VAL  ",), (row,)


def profile(found: Profile | None, place: int, tick_at: Callable[[float], float], price: float) -> str:
    """Return what the read-out says of a profile.

    Args:
        place: 0 point of control, 1 what it is made of, 2 and 3 ends of the value area, 4 the row at `price`.
        tick_at: gives the step by which a price is written.
        price: nan for none.
    """
    if found is None:
        return ""
    low, high = found.area_prices
    match place:
        case 0:
            return f"POC {fmt.price(found.control_price, tick_at(found.control_price))}"
        case 1:
            return _basis(found.exact)
        case 2:
            return f"VAH {fmt.price(high, tick_at(high))}"
        case 3:
            return f"VAL {fmt.price(low, tick_at(low))}"
        case _:
            at = found.place(price) if math.isfinite(price) else None
            if at is None:
                return ""
            bought, sold, _ = found.volume[:, at].tolist()
            whole = _amount(float(found.volume[:, at].sum()))
            return f"{whole}  {_bought_sold(_amount(bought), _amount(sold))}" if bought or sold else whole


def _amount(volume: float) -> str:
    return fmt.volume(volume) if volume >= 1 else fmt.size(volume)


def _bought_sold(bought: str, sold: str) -> str:
    return QCoreApplication.translate("Indicators", "{bought} bought, {sold} sold").format(bought=bought, sold=sold)


def _basis(exact: float) -> str:
    """Return what a profile is made of, by the share of its volume that comes from trades."""
    if exact >= 0.9995:
        return QCoreApplication.translate("Indicators", "trades")
    if exact < 0.005:
        return QCoreApplication.translate("Indicators", "estimated")
    share = f"{min(max(round(100 * (1 - exact)), 1), 99)} %"
    return QCoreApplication.translate("Indicators", "{share} est.").format(share=share)


WIDEST = {"volume": "-999.9M", "flow": "+999.9M", "index": "100.00", "number": "-999,999.99"}
