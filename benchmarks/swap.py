"""A symbol change, from the click to chart, book and tape painted right, in the real window on a real socket.

`hot_ms`: the streams of the new symbol run or linger. `drop_ms`: the same, by a symbol let go over the chart.
`cold_ms`: nothing of it is known; nothing was asked for so long before that no limit holds the request back. `spin`:
symbols as fast as keys repeat, for memory, limits and what the three other groups miss or show late.
"""

from __future__ import annotations

import asyncio
import gc
import itertools
import os
import sys
import tempfile
import urllib.request
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

import msgspec

from benchmarks.measure import arguments, percentiles, report

if TYPE_CHECKING:
    from app.desk import Desk

MOST_S = 5.0  # a swap that takes longer is counted as that long
REFILL_S = 0.7  # of one request of the bucket
SPIN_S = 0.02  # between two keys
GROUP = 1  # the link group that is changed


class Swap:
    """One link group under observation: what it has painted since it was bound."""

    def __init__(self, desk: Desk) -> None:
        from PySide6.QtCore import QEvent, QObject

        self.desk = desk
        self.links = desk.workspace.links
        self.chart, self.book, self.tape = self.links.members(GROUP)  # type: ignore[misc]
        self.late = 0
        self._missing: set[str] = set()
        self._done: asyncio.Future[None] | None = None
        painted = self._painted
        targets = {self.chart.view.viewport(): "chart", self.book.view: "book", self.tape.view: "tape"}

        class Paints(QObject):
            def eventFilter(self, watched: QObject, event: QEvent) -> bool:
                if event.type() == QEvent.Type.Paint and watched in targets:
                    painted(targets[watched])  # type: ignore[index]
                return False

        self._paints = Paints()
        for target in targets:
            target.installEventFilter(self._paints)

    def _painted(self, kind: str) -> None:
        """`kind` is painted now, in the same turn. Does it show what the store knows of the right market?"""
        market, store = self.links.markets[GROUP], self.desk.feed.store
        if kind == "chart":
            model = self.chart.view.model
            self.late += model.market != market
            is_right = len(model.starts) > 0 and model.series is store.candles(market, self.chart.interval)
        elif kind == "book":
            book = store.book(market, self.book.level)
            shown = self.book.view.book
            is_right = book is not None and not shown.is_empty
            if is_right and book is not None:
                self.late += abs(shown.asks[0].price / book.levels[0].ask_price - 1) > 0.2
        else:
            tape, rows = store.tape(market), self.tape.view.rows
            self.late += any(r.hole is None and r.id not in tape for r in rows)
            is_right = len(rows) > 0
        if is_right:
            self._missing.discard(kind)
            if not self._missing and self._done is not None and not self._done.done():
                self._done.set_result(None)

    def drop(self, market: str) -> None:
        """Let go of `market` over the middle of the chart."""
        from PySide6.QtCore import QMimeData, QPointF, Qt
        from PySide6.QtGui import QDragEnterEvent, QDropEvent
        from PySide6.QtWidgets import QApplication

        from widgets import drag

        mime = QMimeData()
        mime.setData(drag.MARKET, market.encode())
        middle = QPointF(self.chart.rect().center())
        no_key = Qt.KeyboardModifier.NoModifier
        held = (Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, no_key)
        QApplication.sendEvent(self.chart, QDragEnterEvent(middle.toPoint(), *held))
        QApplication.sendEvent(self.chart, QDropEvent(middle, *held))

    async def to(self, market: str, *, by_drop: bool = False) -> float:
        """Change the symbol; return ms until all three are painted right."""
        self._missing = {"chart", "book", "tape"}
        self._done = asyncio.get_running_loop().create_future()
        began = perf_counter()
        if by_drop:
            self.drop(market)
        else:
            self.links.bind(GROUP, market)
        try:
            await asyncio.wait_for(self._done, MOST_S)
        except TimeoutError:
            print(f"{market}: {', '.join(sorted(self._missing))} missing after {MOST_S:g} s", file=sys.stderr)
        return (perf_counter() - began) * 1000


def _rss_mib() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


async def _stats(rest_url: str) -> dict[str, Any]:
    """Return the counters of the exchange, which runs in a process of its own."""
    url = rest_url.removesuffix("/v1") + "/control/stats"
    body = await asyncio.to_thread(lambda: urllib.request.urlopen(url, timeout=5).read())
    stats: dict[str, Any] = msgspec.json.decode(body)
    return stats


async def _lost(desk: Desk, market: str, from_ms: int, to_ms: int) -> int:
    """Return how many trades the exchange tells of and the tape does not have."""
    from core.wire import rest

    tape, cursor, lost = desk.feed.store.tape(market), None, 0
    while True:
        page = await desk.services.http.get(rest.ticks(market, cursor=cursor))  # type: ignore[union-attr]
        lost += sum(t.id not in tape for t in page if from_ms <= t.time_ms <= to_ms)
        if len(page) < rest.TRADES_PER_PAGE or page[0].time_ms < from_ms:
            return lost
        cursor = min(t.id for t in page)


async def _measure(cold: int, hot: int, spins: int) -> dict[str, object]:
    from PySide6.QtWidgets import QApplication

    from app import translations
    from app.desk import Desk
    from app.desk_files import DeskFiles
    from app.exchange import BuiltInExchange
    from app.main_window import MainWindow
    from app.settings import SettingsFile
    from widgets import theme

    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.apply(app)
    translations.install(app, "en")
    exchange = BuiltInExchange()
    window = MainWindow(is_demo=True)
    window.show()
    with tempfile.TemporaryDirectory() as folder:
        settings, files = SettingsFile(Path(folder) / "settings.json"), DeskFiles(Path(folder) / "desks")
        desk = Desk(app, window, settings, files, "four", "en", "dark", exchange)
        try:
            while not (  # noqa: ASYNC110 - from outside
                desk.feed.store.markets and all(p.header.light.kind == "live" for p in desk.panes)
            ):
                await asyncio.sleep(0.05)
            endpoint = desk.services.endpoint  # type: ignore[union-attr]
            shown = list(desk.workspace.links.markets.values())
            markets = [m for m in desk.feed.store.markets if m.startswith("KRW-") and m not in shown]
            swap = Swap(desk)
            from_ms = (await _stats(endpoint.rest))["now_ms"]

            await asyncio.sleep(5 * REFILL_S)
            colds = []
            for market in markets[:cold]:
                colds.append(await swap.to(market))
                await asyncio.sleep(REFILL_S)

            # Four symbols over and over, the way a trader compares them: they run on in between.
            near = markets[:4]
            for market in near:
                await swap.to(market)
            hots = []
            for market, _ in zip(itertools.cycle(near), range(hot), strict=False):
                hots.append(await swap.to(market))
                await asyncio.sleep(0.05)
            drops = []
            for market, _ in zip(itertools.cycle(near), range(hot // 4), strict=False):
                drops.append(await swap.to(market, by_drop=True))
                await asyncio.sleep(0.05)

            before = await _stats(endpoint.rest)
            start_mib = 0.0
            for i, market in zip(range(spins), itertools.cycle(markets), strict=False):
                desk.workspace.links.bind(GROUP, market)
                if i == spins // 10:  # every container has reached its bound
                    gc.collect()
                    start_mib = _rss_mib()
                await asyncio.sleep(SPIN_S)
            gc.collect()
            grown_mib = _rss_mib() - start_mib
            await asyncio.sleep(2 * REFILL_S)
            after = await _stats(endpoint.rest)
            lost = 0
            for market in shown[1:]:
                lost += await _lost(desk, market, from_ms, after["now_ms"] - 1_000)
        finally:
            await desk.close()
            window.finish_close()
    return {
        "hot_ms": percentiles(hots, 1),
        "cold_ms": percentiles(colds, 1),
        "drop_ms": percentiles(drops, 1),
        "neighbour_lost": lost,
        "late_painted": swap.late,
        "limit_violations": sum(after["violations"].values()),
        "requests": after["requests"] - before["requests"],
        "swaps": {"cold": len(colds), "hot": len(hots), "drop": len(drops), "spin": spins},
        "rss_growth_mib": round(grown_mib, 1),
    }


def main() -> None:
    """Measure and print."""
    parser = arguments(__doc__)
    parser.add_argument("--cold", type=int, default=100, metavar="N", help="cold changes (100)")
    parser.add_argument("--hot", type=int, default=400, metavar="N", help="hot changes (400)")
    parser.add_argument("--spins", type=int, default=10_000, metavar="N", help="changes in spins (10,000)")
    options = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["QT_API"] = "pyside6"
    from PySide6.QtWidgets import QApplication

    from app.qtloop import AppLoop

    app = QApplication(["benchmark"])
    app.setQuitOnLastWindowClosed(False)
    with asyncio.Runner(loop_factory=lambda: AppLoop(app)) as runner:
        result = runner.run(_measure(options.cold, options.hot, options.spins))
    report("swap", result, options.json)


if __name__ == "__main__":
    main()
