"""The commands that put an indicator on the chart in use: found by the short name that traders type."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QT_TRANSLATE_NOOP

from app.commands import Commands
from app.workspace import Workspace

_TEXTS: dict[str, object] = {
    "sma": QT_TRANSLATE_NOOP("Commands", "Indicator: moving average (SMA)"),
    "ema": QT_TRANSLATE_NOOP("Commands", "Indicator: exponential moving average (EMA)"),
    "wma": QT_TRANSLATE_NOOP("Commands", "Indicator: weighted moving average (WMA)"),
    "bollinger": QT_TRANSLATE_NOOP("Commands", "Indicator: Bollinger bands (BB)"),
    "vwap": QT_TRANSLATE_NOOP("Commands", "Indicator: volume-weighted average (VWAP)"),
    "anchored_vwap": QT_TRANSLATE_NOOP("Commands", "Indicator: anchored VWAP (AVWAP)"),
    "ichimoku": QT_TRANSLATE_NOOP("Commands", "Indicator: Ichimoku cloud"),
    "volume_average": QT_TRANSLATE_NOOP("Commands", "Indicator: volume average"),
    "rsi": QT_TRANSLATE_NOOP("Commands", "Indicator: relative strength (RSI)"),
    "macd": QT_TRANSLATE_NOOP("Commands", "Indicator: MACD"),
    "stochastic": QT_TRANSLATE_NOOP("Commands", "Indicator: stochastic"),
    "atr": QT_TRANSLATE_NOOP("Commands", "Indicator: average true range (ATR)"),
    "obv": QT_TRANSLATE_NOOP("Commands", "Indicator: on-balance volume (OBV)"),
    "delta": QT_TRANSLATE_NOOP("Commands", "Indicator: volume delta"),
    "cvd": QT_TRANSLATE_NOOP("Commands", "Indicator: cumulative volume delta (CVD)"),
    "volume_profile": QT_TRANSLATE_NOOP("Commands", "Indicator: volume profile of the visible range (VP)"),
}


def add_indicator_commands(commands: Commands, workspace: Workspace) -> None:
    """Add one for each; the user's own are in the menu of the chart."""

    def add(kind: str) -> None:
        if pane := workspace.chart:
            pane.add_study(kind)

    for kind, text in _TEXTS.items():
        commands.add(
            f"indicator.{kind}", text, partial(add, kind), group="chart", is_enabled=lambda: workspace.chart is not None
        )
