"""A real desk in a window, for the benchmarks that look at one from inside."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.desk import Desk
    from app.exchange import BuiltInExchange

LIVE_DUE_S = 30.0


def run_on_qt(main: Coroutine[Any, Any, dict[str, Any]]) -> dict[str, Any]:
    """Run a coroutine on the program's own loop, offscreen where no platform was chosen."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["QT_API"] = "pyside6"
    os.environ["PYQTGRAPH_QT_LIB"] = "PySide6"
    from PySide6.QtWidgets import QApplication

    from app.qtloop import AppLoop

    app = QApplication(["benchmark"])
    app.setQuitOnLastWindowClosed(False)
    with asyncio.Runner(loop_factory=lambda: AppLoop(app)) as runner:
        return runner.run(main)


@asynccontextmanager
async def open_desk(folder: Path, exchange: BuiltInExchange | None, name: str = "") -> AsyncIterator[Desk]:
    """Open a desk with its files in `folder`; close it, sockets and window afterwards.

    Args:
        exchange: the built-in exchange, starting; None for Upbit.
        name: of a desk or a template; "" for the one that was open last.
    """
    from PySide6.QtWidgets import QApplication

    from app import translations
    from app.desk import Desk
    from app.desk_files import DeskFiles
    from app.keymap import Keymap
    from app.main_window import MainWindow
    from app.settings import SettingsFile
    from widgets import theme

    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.apply(app)
    translations.install(app, "en")
    window = MainWindow(is_demo=exchange is not None)
    window.show()
    settings, files = SettingsFile(folder / "settings.json"), DeskFiles(folder / "desks")
    desk = Desk(app, window, settings, files, name, "en", "dark", exchange)
    keymap = Keymap(desk, {}, window.close)
    try:
        yield desk
    finally:
        await desk.close()
        window.finish_close()
        keymap.deleteLater()


async def live(desk: Desk) -> None:
    """Return when the markets are listed and every pane shows its own.

    Raises:
        TimeoutError: it did not in `LIVE_DUE_S`.
    """
    async with asyncio.timeout(LIVE_DUE_S):
        while not (  # noqa: ASYNC110
            desk.feed.store.markets and all(p.header.light.kind == "live" for p in desk.panes if p.takes_market)
        ):
            await asyncio.sleep(0.05)
