"""What a desk costs while nothing comes: CPU and paintings, with the window open and minimised.

The exchange's process is stopped, so the links are open and silent, then lost; panes count ages and tries. `repaints`
is the most often painted widget's paintings a second.
"""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from benchmarks.desk import live, open_desk, run_on_qt
from benchmarks.measure import arguments, report

SETTLE_S = 20.0  # until silence has been noticed and said


async def _measure(seconds: float, name: str) -> dict[str, Any]:
    from PySide6.QtCore import QEvent, QObject
    from PySide6.QtWidgets import QApplication, QWidget

    from app.exchange import BuiltInExchange

    class Paints(QObject):
        """Counts the paintings of each widget."""

        def __init__(self) -> None:
            super().__init__()
            self.counts: Counter[str] = Counter()

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint:
                self.counts[f"{type(watched).__name__} {id(watched)}"] += 1
            return False

    async def look() -> dict[str, float]:
        paints = Paints()
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        widgets = app.allWidgets()  # a filter of the application would cost every event
        for widget in widgets:
            widget.installEventFilter(paints)
        gc.collect()
        began, used = time.perf_counter(), time.process_time()
        await asyncio.sleep(seconds)
        took = time.perf_counter() - began
        share = (time.process_time() - used) / took
        for widget in widgets:
            QWidget.removeEventFilter(widget, paints)
        most = max(paints.counts.values(), default=0)
        return {
            "cpu_share": round(share, 4),
            "repaints": round(most / took, 2),
            "repaints_all": round(paints.counts.total() / took, 2),
        }

    exchange = BuiltInExchange()
    with tempfile.TemporaryDirectory() as folder:
        async with open_desk(Path(folder), exchange, name) as desk:
            await live(desk)
            os.kill(exchange._process.pid, signal.SIGSTOP)
            try:
                await asyncio.sleep(SETTLE_S)
                shown = await look()
                desk.window.showMinimized()
                await asyncio.sleep(1.0)
                minimised = await look()
            finally:
                os.kill(exchange._process.pid, signal.SIGCONT)
    return {**shown, "minimised": minimised, "seconds": seconds}


def main() -> None:
    """Measure and print."""
    parser = arguments(__doc__)
    parser.add_argument("--seconds", type=float, default=20.0, metavar="S", help="of each look (20)")
    parser.add_argument("--desk", default="four", metavar="NAME", help="template to open (four)")
    options = parser.parse_args()
    report("idle", run_on_qt(_measure(options.seconds, options.desk)), options.json)


if __name__ == "__main__":
    main()
