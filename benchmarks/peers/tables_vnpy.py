"""vnpy's tables, worked as ladder, tape and scanner of ours are: `tables_vnpy.py WHAT WIDTH HEIGHT [ROWS]`.

Its application with its style sheet, its tables (`BaseMonitor`, a QTableWidget), handed in the same thread what its
event engine would hand them, an event a row. Ladder: it has none of 30 levels, so one is made of its table and cells, a
row a level; like its other tables it compares nothing, so a book is an event for every level. Tape: its `TradeMonitor`.
Scanner: its `TickMonitor`; sorted by a column, it sorts at every event.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any, ClassVar

from vnpy.event import Event, EventEngine
from vnpy.trader.constant import Direction, Exchange
from vnpy.trader.event import EVENT_TICK, EVENT_TRADE
from vnpy.trader.object import TickData, TradeData
from vnpy.trader.ui import QtWidgets, create_qapp
from vnpy.trader.ui.widget import COLOR_ASK, COLOR_BID, BaseCell, BaseMonitor, TickMonitor, TradeMonitor
from work import frame_cost, serve

ROW_HEIGHT = 20
DEPTH, MID, STEP = 30, 90_000_000, 1_000
KEPT, NEW = 1_000, 4
NATURAL = 16
NOON = datetime(2026, 9, 27, 12)

Figures = dict[str, Callable[[int], object]]


@dataclass
class Level:
    line: int
    price: str
    size: str
    is_ask: bool


class SideCell(BaseCell):
    """A cell in the colour of its side, as its own cells of profit are."""

    def set_content(self, content: Any, data: Any) -> None:
        super().set_content(content, data)
        self.setForeground(COLOR_ASK if data.is_ask else COLOR_BID)


class LevelMonitor(BaseMonitor):
    data_key = "line"
    headers: ClassVar = {
        "size": {"display": "size", "cell": BaseCell, "update": True},
        "price": {"display": "price", "cell": SideCell, "update": True},
    }


def ladder(app: QtWidgets.QApplication, make: Callable[[type[BaseMonitor]], BaseMonitor]) -> Figures:
    monitor = make(LevelMonitor)
    monitor.horizontalHeader().hide()
    chance = random.Random(1)
    sizes = [chance.uniform(0.0001, 3.0) for _ in range(2 * DEPTH)]

    def level(line: int, mid: int) -> Event:
        price = mid + (DEPTH - line) * STEP
        return Event("level", Level(line, f"{price:,.0f}", f"{sizes[line]:,.6f}", line < DEPTH))

    for line in reversed(range(2 * DEPTH)):  # a new row goes to the top
        monitor.process_event(level(line, MID))

    def take(count: int, is_moving: bool) -> Callable[[int], object]:
        def change(i: int) -> None:
            for line in chance.sample(range(2 * DEPTH), count):
                sizes[line] = chance.uniform(0.0001, 3.0)
            mid = MID + i % 2 * STEP if is_moving else MID
            for line in range(2 * DEPTH):
                monitor.process_event(level(line, mid))

        return lambda n: frame_cost(app.processEvents, change, n)

    return {"frame_ms": take(58, False), "moving_ms": take(58, True), "dirty6_ms": take(6, False)}


def tape(app: QtWidgets.QApplication, make: Callable[[type[BaseMonitor]], BaseMonitor]) -> Figures:
    monitor = make(TradeMonitor)
    chance = random.Random(1)
    made = 0

    def put() -> None:
        nonlocal made
        made += 1
        trade = TradeData(
            gateway_name="UPBIT",
            symbol="KRW-BTC",
            exchange=Exchange.LOCAL,
            orderid=str(made),
            tradeid=str(made),
            direction=chance.choice((Direction.LONG, Direction.SHORT)),
            price=MID + STEP * chance.randrange(-20, 20),
            volume=round(chance.expovariate(20.0), 6),
            datetime=NOON + timedelta(milliseconds=50 * made),
        )
        monitor.process_event(Event(EVENT_TRADE, trade))

    def change(_: int) -> None:
        for _ in range(NEW):
            put()

    def take(n: int) -> list[float]:
        monitor.setRowCount(KEPT)  # it keeps all; as many as ours has are what is measured
        return frame_cost(app.processEvents, change, n)

    for _ in range(KEPT):
        put()
    return {"frame_ms": take}


def scanner(app: QtWidgets.QApplication, make: Callable[[type[BaseMonitor]], BaseMonitor], rows: int) -> Figures:
    monitor = make(TickMonitor)
    chance = random.Random(1)
    prices = [chance.uniform(0.01, 1e6) for _ in range(rows)]

    def say(row: int) -> None:
        prices[row] *= 1.0 + chance.gauss(0.0, 0.002)
        price = prices[row]
        tick = TickData(
            gateway_name="UPBIT",
            symbol=f"KRW-C{row:03}",
            exchange=Exchange.LOCAL,
            datetime=datetime.now(),
            name=f"Coin {row}",
            volume=chance.uniform(0.0, 3e4),
            last_price=price,
            open_price=price * 0.98,
            high_price=price * 1.1,
            low_price=price * 0.9,
            bid_price_1=price * 0.999,
            bid_volume_1=chance.uniform(0.0, 3.0),
            ask_price_1=price * 1.001,
            ask_volume_1=chance.uniform(0.0, 3.0),
        )
        monitor.process_event(Event(EVENT_TICK, tick))

    def change(count: int) -> Callable[[int], None]:
        def tick(i: int) -> None:
            for n in range(count):
                say((i * count + n) % rows)

        return tick

    def take(count: int, column: int, n: int) -> list[float]:
        monitor.sortItems(column) if column >= 0 else monitor.horizontalHeader().setSortIndicator(
            -1, monitor.horizontalHeader().sortIndicatorOrder()
        )
        return frame_cost(app.processEvents, change(count), n)

    def all_of_them(n: int) -> dict[str, object]:
        return {"ms": take(rows, 3, n), "unsorted_ms": median(take(rows, -1, n))}

    for row in range(rows):
        say(row)
    return {"frame_ms": all_of_them, "natural_ms": lambda n: take(NATURAL, -1, n)}


def main() -> None:
    what, (width, height, *rest) = sys.argv[1], [int(arg) for arg in sys.argv[2:]]
    app = create_qapp()
    events = EventEngine()  # it is not started: what it would hand on is handed on by us

    def make(kind: type[BaseMonitor]) -> BaseMonitor:
        monitor = kind(None, events)
        monitor.verticalHeader().setSectionResizeMode(QtWidgets.QHeaderView.ResizeMode.Fixed)
        monitor.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        monitor.resize(width, height)
        monitor.show()
        return monitor

    figures = {"ladder": ladder, "tape": tape, "scanner": scanner}[what](app, make, *rest)
    for _ in range(5):
        app.processEvents()
    serve(figures)


if __name__ == "__main__":
    main()
