"""The program in a test: a real desk in a real window, on a real socket to an exchange in the same loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app import translations
from app.desk import Desk
from app.desk_files import DeskFiles
from app.exchange import BuiltInExchange
from app.keymap import Keymap
from app.main_window import MainWindow
from app.settings import SettingsFile
from core.errors import UnreachableError
from core.feed.endpoint import Endpoint
from core.sim.exchange import Exchange
from core.wire.auth import AccessKey
from tests.waiting import until
from widgets import theme
from widgets.chart.pane import ChartPane
from widgets.orderbook.pane import OrderbookPane
from widgets.pane import Pane
from widgets.trades.pane import TradesPane


class Source:
    """What `BuiltInExchange` is to the desk, for an exchange that runs already; None is one that did not start."""

    def __init__(self, exchange: Exchange | None, history: str = "") -> None:
        self._exchange = exchange
        self.history = history

    async def endpoint(self) -> Endpoint:
        if self._exchange is None:
            raise UnreachableError("exchange", "the built-in exchange did not start")
        return Endpoint(self._exchange.ws_url, self._exchange.rest_url, is_real=False, history=self.history)

    has_died = False
    key: AccessKey | None = None

    async def stop(self) -> None:
        """Whoever started it stops it."""


@asynccontextmanager
async def open_desk(
    qtbot: QtBot, folder: Path, source: Source | BuiltInExchange | None, lang: str = "en", name: str = ""
) -> AsyncIterator[Desk]:
    """Open a desk, the default one without a `name`, with files in `folder`; close it, sockets and timers afterwards.

    No source: Upbit.
    """
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    settings = SettingsFile(folder / "settings.json")
    theme.apply(app, settings.settings.theme, settings.settings.updown)
    translations.install(app, lang)
    window = MainWindow(is_demo=source is not None)
    window.show()
    files = DeskFiles(folder / "desks")
    desk = Desk(app, window, settings, files, name, lang, settings.settings.theme, source)  # type: ignore[arg-type]
    window.keymap = Keymap(desk, {"desks": files.folder}, window.close)  # type: ignore[attr-defined]
    try:
        yield desk
    finally:
        await desk.close()
        window.finish_close()
        window.deleteLater()
        desk.deleteLater()
        translations.install(app, "en")
        theme.apply(app)


def panes_of(desk: Desk, market: str) -> tuple[ChartPane, OrderbookPane, TradesPane]:
    """Return the link group that shows `market`."""
    links = desk.workspace.links
    (group,) = [g for g, shown in links.markets.items() if shown == market]
    chart, book, tape = links.members(group)
    assert isinstance(chart, ChartPane)
    assert isinstance(book, OrderbookPane)
    assert isinstance(tape, TradesPane)
    return chart, book, tape


def markets_of(desk: Desk) -> list[str]:
    """Return what the link groups show, in their order."""
    return [market for _, market in sorted(desk.workspace.links.markets.items())]


def is_live(*panes: Pane) -> bool:
    """Tell whether each pane shows data and says that it is live."""
    return all(p.has_data() and p.header.light.kind == "live" for p in panes)


async def click(widget: QWidget) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)
    await asyncio.sleep(0)


async def change_by_typing(desk: Desk, pane: Pane, text: str) -> None:
    """Click on `pane`, type `text`, press Enter: as the user changes a symbol."""
    target = pane.focusProxy() or pane
    await click(target)
    QTest.keyClicks(target, text[0])
    await until(desk.picking.picker.isVisible)
    line = QApplication.focusWidget()
    assert line is not None
    QTest.keyClicks(line, text[1:])
    QTest.keyClick(line, Qt.Key.Key_Return)
    await until(lambda: not desk.picking.picker.isVisible())


FAST = 20.0  # times the natural activity, so that quiet markets trade while one looks


@asynccontextmanager
async def live_desk(qtbot: QtBot, folder: Path, name: str = "") -> AsyncIterator[tuple[Desk, Exchange]]:
    """Open a desk, the default one without a `name`, on an exchange of its own; wait until every pane is live.

    No fixture: between fixtures and test Qt's events run on while no asyncio loop does.
    """
    async with (
        Exchange(seed=1, markets=20, rate=FAST) as exchange,
        open_desk(qtbot, folder, Source(exchange), name=name) as desk,
    ):
        await until(lambda: desk.feed.store.markets and is_live(*desk.panes))  # one can be searched for
        yield desk, exchange
