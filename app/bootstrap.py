"""Start and stop: the order in which the parts come up, and what happens to an exception nobody caught."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import sys
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from app.cli import Options
from app.exchange import BuiltInExchange

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from app.desk import Desk

STOP_S = 0.8  # within which everything has to be closed

log = logging.getLogger(__name__)


def run(options: Options) -> int:
    """Run the program and return its exit code."""
    # The exchange starts in its own process while Qt loads in this one.
    exchange = BuiltInExchange() if options.is_demo else None

    from PySide6.QtCore import QCoreApplication
    from PySide6.QtWidgets import QApplication

    from app import doctor, logs
    from app.qtloop import AppLoop

    folders = doctor.folders(options.data_dir)
    logs.start(options.log_level, folders["log"])
    QCoreApplication.setApplicationName("hoga")
    app = QApplication(sys.argv[:1])
    app.setQuitOnLastWindowClosed(False)
    sys.excepthook = _report
    with asyncio.Runner(loop_factory=lambda: AppLoop(app)) as runner:
        return runner.run(_main(app, options, folders["config"], exchange))


def _report(kind: type[BaseException], why: BaseException, trace: TracebackType | None) -> None:
    """An exception in a Qt slot: the program lives, the log has it whole."""
    log.error("unexpected error", exc_info=(kind, why, trace))


async def _main(app: QApplication, options: Options, config: Path, exchange: BuiltInExchange | None) -> int:
    from app.desk import Desk

    loop = asyncio.get_running_loop()
    stop = asyncio.Event()

    def ask_to_stop() -> None:
        if stop.is_set():  # asked twice: at once
            os._exit(130)
        stop.set()

    for name in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(name, ask_to_stop)
        except NotImplementedError:  # Windows
            signal.signal(name, lambda *_: loop.call_soon_threadsafe(ask_to_stop))
    desk = Desk(app, options, config, exchange)
    desk.window.close_requested.connect(stop.set)
    try:
        desk.show()
        if options.screenshot is not None:
            return await _screenshot(desk, options.screenshot, options.after_s, stop)
        await stop.wait()
        return 0
    finally:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(STOP_S):
                await desk.close()
        desk.window.finish_close()


async def _screenshot(desk: Desk, path: Path, after_s: float, stop: asyncio.Event) -> int:
    """Wait, write the window to `path`. Return the exit code."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(after_s):
            await stop.wait()
    if desk.window.grab().save(str(path)):
        return 0
    sys.stderr.write(f"The screenshot could not be written to {path}. Is the folder writable and the disk not full?\n")
    return 1
