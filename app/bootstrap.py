"""Start and stop: the order in which the parts come up, and what happens to an exception nobody caught.

The window is on the screen first, with nothing in it. Then comes what is heavy to load: the panes with pyqtgraph and
numpy, the log's formatting, the network.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import logging.handlers
import os
import signal
import sys
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from app.exchange import BuiltInExchange
from app.options import Options

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from app.desk import Desk
    from app.main_window import MainWindow

STOP_S = 0.8  # within which everything has to be closed
HELD_LINES = 1_000  # of the log, until it is known where they go

log = logging.getLogger(__name__)


def run(options: Options) -> int:
    """Run the program and return its exit code."""
    # Nothing of what is loaded now is ever garbage: not looked through while it comes, nor later.
    gc.disable()
    # The exchange starts in its own process while Qt loads in this one.
    exchange = BuiltInExchange() if options.is_demo else None

    from PySide6.QtCore import QCoreApplication
    from PySide6.QtWidgets import QApplication

    from app.qtloop import AppLoop

    QCoreApplication.setApplicationName("hoga")
    app = QApplication(sys.argv[:1])
    app.setQuitOnLastWindowClosed(False)
    held = logging.handlers.MemoryHandler(HELD_LINES, flushLevel=logging.CRITICAL + 1)
    logging.basicConfig(level=options.log_level.upper(), handlers=[held])
    with asyncio.Runner(loop_factory=lambda: AppLoop(app)) as runner:
        return runner.run(_main(app, options, exchange, held))


def _report(kind: type[BaseException], why: BaseException, trace: TracebackType | None) -> None:
    """An exception in a Qt slot: the program lives, the log has it whole."""
    log.error("unexpected error", exc_info=(kind, why, trace))


async def _main(
    app: QApplication,
    options: Options,
    exchange: BuiltInExchange | None,
    held: logging.handlers.MemoryHandler,
) -> int:
    stop = _stop_event()
    desk: Desk | None = None
    if exchange is not None:
        exchange.listen()
    from app import doctor, translations
    from app.main_window import MainWindow
    from app.screens import fit, place
    from app.settings import SettingsFile
    from app.start_watch import first_paint
    from widgets import theme, zone

    folders = doctor.folders(options.data_dir)
    settings = SettingsFile(folders["config"] / "settings.json")
    lang = options.lang or settings.settings.lang or translations.system_lang()
    theme_name = options.theme or settings.settings.theme
    theme.apply(app, theme_name, settings.settings.updown)
    zone.use(settings.settings.zone)
    translations.install(app, lang)
    window = MainWindow(is_demo=exchange is not None)
    window.close_requested.connect(stop.set)
    if not place(window, settings.settings.window) and options.screenshot is None:
        fit(window)  # a picture is of one size everywhere
    window.show()
    try:
        await first_paint(window)
        log.info("window painted")

        from app import logs
        from app.desk import Desk
        from app.desk_files import DeskFiles
        from app.keymap import Keymap

        logs.start(options.log_level, folders["log"], held)
        sys.excepthook = _report
        files = DeskFiles(folders["desks"])
        desk = Desk(app, window, settings, files, options.desk, lang, theme_name, exchange)
        keymap = Keymap(desk, folders, stop.set)
        gc.freeze()
        gc.enable()
        if not desk.settings.has_seen_tour and options.screenshot is None:
            keymap.dialogs.start_tour()
        if options.screenshot is not None:
            return await _screenshot(window, options.screenshot, options.after_s, stop)
        await stop.wait()
        return 0
    finally:
        try:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(STOP_S):
                    if desk is not None:
                        await desk.close()
                    elif exchange is not None:
                        await exchange.stop()
        finally:
            if desk is not None:
                desk.kill_exchange()
            elif exchange is not None:
                exchange.kill()
            window.finish_close()


def _stop_event() -> asyncio.Event:
    """Return what is set when the program is asked to end: by the window or by a signal."""
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
    return stop


async def _screenshot(window: MainWindow, path: Path, after_s: float, stop: asyncio.Event) -> int:
    """Wait, write the window to `path`. Return the exit code."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(after_s):
            await stop.wait()
    if window.grab().save(str(path)):
        return 0
    sys.stderr.write(f"The screenshot could not be written to {path}. Is the folder writable and the disk not full?\n")
    return 1
