"""In which style bars are painted, and what styles and scales are called."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from widgets.plot.bar_styles import Style
from widgets.plot.price_scale import PriceScale


def texts() -> dict[Style, str]:
    """Return what the styles are called, translated."""
    return {
        "candles": QCoreApplication.translate("ChartStyles", "Candles"),
        "hollow": QCoreApplication.translate("ChartStyles", "Hollow candles"),
        "bars": QCoreApplication.translate("ChartStyles", "Bars (OHLC)"),
        "heikin": QCoreApplication.translate("ChartStyles", "Heikin-Ashi"),
        "line": QCoreApplication.translate("ChartStyles", "Line"),
        "area": QCoreApplication.translate("ChartStyles", "Area"),
    }


def scale_texts() -> dict[PriceScale, str]:
    """Return what the scales of prices are called, translated."""
    return {
        "linear": QCoreApplication.translate("ChartStyles", "Linear scale"),
        "log": QCoreApplication.translate("ChartStyles", "Logarithmic scale"),
        "percent": QCoreApplication.translate("ChartStyles", "Percent scale"),
    }
