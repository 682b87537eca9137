"""Pane kind -> class, a line each."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from widgets.account.pane import AccountPane
from widgets.alerts.pane import AlertsPane
from widgets.arbitrage.pane import CrossPane
from widgets.chart.pane import ChartPane
from widgets.connections.pane import ConnectionsPane
from widgets.markets.pane import MarketsPane
from widgets.notices.pane import NoticesPane
from widgets.orderbook.pane import OrderbookPane
from widgets.pane import Pane
from widgets.scanner.pane import ScannerPane
from widgets.strategies.pane import StrategiesPane
from widgets.trades.pane import TradesPane

PANES: dict[str, type[Pane]] = {
    "chart": ChartPane,
    "orderbook": OrderbookPane,
    "trades": TradesPane,
    "markets": MarketsPane,
    "scanner": ScannerPane,
    "arbitrage": CrossPane,
    "strategies": StrategiesPane,
    "account": AccountPane,
    "alerts": AlertsPane,
    "notices": NoticesPane,
    "connections": ConnectionsPane,
}


def titles() -> dict[str, str]:
    """Return what each kind is called on the screen."""
    return {
        "chart": QCoreApplication.translate("Panes", "Chart"),
        "orderbook": QCoreApplication.translate("Panes", "Order book"),
        "trades": QCoreApplication.translate("Panes", "Trades"),
        "markets": QCoreApplication.translate("Panes", "Markets"),
        "scanner": QCoreApplication.translate("Panes", "Scanner"),
        "arbitrage": QCoreApplication.translate("Panes", "Cross-market"),
        "strategies": QCoreApplication.translate("Panes", "Strategies"),
        "account": QCoreApplication.translate("Panes", "Account"),
        "alerts": QCoreApplication.translate("Panes", "Alerts"),
        "notices": QCoreApplication.translate("Panes", "Notices"),
        "connections": QCoreApplication.translate("Panes", "Connections"),
    }
