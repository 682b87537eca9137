"""vnpy's table of ticks in a flood: `storm_vnpy.py URL REQUESTS WIDTH HEIGHT`.

REQUESTS is a file: a line for each socket, the request that ours sends on it, so it gets the same frames. A gateway
reads them in a thread of its own and makes ticks of tickers, trades and books; the main engine, the event engine's
thread and the `TickMonitor` are vnpy's own. "rates N" is frames a second by socket over N seconds, "run N" what it came
to: from one paint of the table to the next, and from the socket to the table.
"""

from __future__ import annotations

import json
import os
import selectors
import sys
import traceback
from copy import copy
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from threading import Thread
from time import monotonic, perf_counter, process_time, sleep
from typing import Any, ClassVar

from connection import Connection
from vnpy.event import Event, EventEngine
from vnpy.trader.constant import Exchange
from vnpy.trader.engine import MainEngine
from vnpy.trader.gateway import BaseGateway
from vnpy.trader.object import CancelRequest, OrderRequest, SubscribeRequest, TickData
from vnpy.trader.ui import create_qapp
from vnpy.trader.ui.widget import TickMonitor
from work import serve, waited_s

_APART_S = 0.25  # the exchange takes five handshakes a second


class FloodGateway(BaseGateway):
    """Makes ticks as vnpy's gateways do: one object a market, changed and handed on at every message."""

    default_name = "UPBIT"
    default_setting: ClassVar = {}
    exchanges: ClassVar = [Exchange.LOCAL]

    def __init__(self, event_engine: EventEngine, gateway_name: str) -> None:
        super().__init__(event_engine, gateway_name)
        self.connections: list[Connection] = []
        self.ticks: dict[str, TickData] = {}
        self.made = 0
        self.error = ""

    def connect(self, setting: dict) -> None:
        for n, request in enumerate(setting["requests"]):
            if n:
                sleep(_APART_S)
            self.connections.append(Connection(setting["url"], request))
        Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        ready = selectors.DefaultSelector()
        for connection in self.connections:
            ready.register(connection.socket, selectors.EVENT_READ, connection)
        try:
            while True:
                for key, _ in ready.select():
                    for message in key.data.read():
                        self._take(json.loads(message))
        except OSError as why:
            self.error = str(why)

    def _take(self, said: dict[str, Any]) -> None:
        kind, symbol = said["ty"], said["cd"]
        if kind not in {"ticker", "trade", "orderbook"}:
            return  # candles; it makes its bars of ticks
        tick = self.ticks.get(symbol)
        if tick is None:
            tick = self.ticks[symbol] = TickData(
                gateway_name=self.gateway_name, symbol=symbol, exchange=Exchange.LOCAL, datetime=datetime.now()
            )
        tick.datetime = datetime.fromtimestamp(said["tms"] / 1_000)
        if kind == "ticker":
            tick.volume, tick.last_price = said["atv24h"], said["tp"]
            tick.open_price, tick.high_price, tick.low_price = said["op"], said["hp"], said["lp"]
        elif kind == "trade":
            tick.last_price, tick.last_volume = said["tp"], said["tv"]
        else:
            for n, level in enumerate(said["obu"][:5], 1):
                setattr(tick, f"bid_price_{n}", level["bp"])
                setattr(tick, f"ask_price_{n}", level["ap"])
                setattr(tick, f"bid_volume_{n}", level["bs"])
                setattr(tick, f"ask_volume_{n}", level["as"])
        self.made += 1
        tick.extra = {"read_at": perf_counter()}
        self.on_tick(copy(tick))

    def close(self) -> None:
        for connection in self.connections:
            connection.close()

    def subscribe(self, req: SubscribeRequest) -> None: ...

    def send_order(self, req: OrderRequest) -> str:
        return ""

    def cancel_order(self, req: CancelRequest) -> None: ...

    def query_account(self) -> None: ...

    def query_position(self) -> None: ...


class Watched(TickMonitor):
    """The table, with a look at when it is handed a tick and when it is painted."""

    shown = 0

    def __init__(self, trader: MainEngine, engine: EventEngine) -> None:
        self.painted_at: list[float] = []
        self.ages: list[float] = []
        super().__init__(trader, engine)

    def process_event(self, event: Event) -> None:
        self.ages.append(perf_counter() - event.data.extra["read_at"])
        self.shown += 1
        super().process_event(event)

    def paintEvent(self, event: Any) -> None:
        super().paintEvent(event)
        self.painted_at.append(perf_counter())


def main() -> None:
    url, requests = sys.argv[1], Path(sys.argv[2]).read_text().splitlines()
    width, height = int(sys.argv[3]), int(sys.argv[4])
    app = create_qapp()
    app.setQuitOnLastWindowClosed(False)
    engine = EventEngine()
    trader = MainEngine(engine)
    gateway = trader.add_gateway(FloodGateway)
    monitor = Watched(trader, engine)
    monitor.resize(width, height)
    monitor.show()
    try:
        trader.connect({"url": url, "requests": requests}, gateway.gateway_name)
    except OSError:
        traceback.print_exc()
        os._exit(1)  # its threads would keep it alive, and whoever asks would wait

    def rest(seconds: int) -> float:
        """Let it work; return the seconds it took."""
        begun = monotonic()
        sleep(seconds)
        if gateway.error:
            raise ConnectionError(gateway.error)
        return monotonic() - begun

    def counts() -> list[int]:
        return [connection.frames for connection in gateway.connections]

    def rates(seconds: int) -> dict[str, object]:
        before = counts()
        took = rest(seconds)
        return {"rates": [(b - a) / took for a, b in zip(before, counts(), strict=True)]}

    def run(seconds: int) -> dict[str, object]:
        before, shown, made = sum(counts()), monitor.shown, gateway.made
        monitor.painted_at, monitor.ages = [perf_counter()], []
        used, waited = process_time(), waited_s()
        took = rest(seconds)
        used, waited = process_time() - used, waited_s() - waited
        at, ages = [*monitor.painted_at, perf_counter()], list(monitor.ages)  # a paint yet to come is late already
        return {
            "frames_per_s": (sum(counts()) - before) / took,
            "ticks_per_s": (gateway.made - made) / took,
            "shown_per_s": (monitor.shown - shown) / took,
            "backlog": gateway.made - monitor.shown,
            "gaps_ms": [(b - a) * 1_000 for a, b in pairwise(at)],
            "late_ms": [age * 1_000 for age in ages[::10]],
            "cpu_share": used / took,
            "starved_share": waited / took,
            "rows": monitor.rowCount(),
        }

    # Asked in a thread of its own: where posted events come faster than they go, Qt's loop comes to nothing else.
    Thread(target=serve, args=({"rates": rates, "run": run},), daemon=True).start()
    app.exec()


if __name__ == "__main__":
    main()
