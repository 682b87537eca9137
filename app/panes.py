"""Pane kind -> class, a line each."""

from __future__ import annotations

from widgets.chart.pane import ChartPane
from widgets.orderbook.pane import OrderbookPane
from widgets.pane import Pane
from widgets.trades.pane import TradesPane

PANES: dict[str, type[Pane]] = {
    "chart": ChartPane,
    "orderbook": OrderbookPane,
    "trades": TradesPane,
}
