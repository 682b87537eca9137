"""The desk: the window, the panes in it, their link groups, and the exchange behind them."""

from __future__ import annotations

import asyncio
import logging

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from app import translations
from app.exchange import UPBIT, BuiltInExchange, Endpoint
from app.links import LinkGroup
from app.main_window import MainWindow
from app.panes import PANES
from app.services import Services
from app.settings import SettingsFile
from app.start_watch import StartWatch
from core.calc.search import MarketIndex
from core.errors import UnreachableError
from core.feed.feed import Feed
from widgets import theme
from widgets.controls.market_picker import MarketPicker
from widgets.frame import FrameClock
from widgets.pane import Pane

DEFAULT_MARKETS = ("KRW-BTC", "KRW-ETH", "KRW-XRP", "KRW-ADA")
CLOSE_S = 0.6
SAVE_AFTER_MS = 500

log = logging.getLogger(__name__)


class Desk(QObject):
    """Puts the parts together for one run of the program.

    Args:
        window: the window, shown already.
        settings: the user's, and what this run departs from them in: `lang`, `theme`.
        exchange: the built-in exchange, starting; None to trade against Upbit.
    """

    def __init__(
        self,
        app: QApplication,
        window: MainWindow,
        settings: SettingsFile,
        lang: str,
        theme_name: str,
        exchange: BuiltInExchange | None,
    ) -> None:
        super().__init__()
        self._app = app
        self.window = window
        self._file, self.settings = settings, settings.settings
        self._is_reviving = False
        self._saving = QTimer(self, singleShot=True, interval=SAVE_AFTER_MS)  # a symbol change waits for no disk
        self._saving.timeout.connect(self._file.write)
        self._lang, self._theme = lang, theme_name
        self._exchange = exchange
        self.services: Services | None = None
        self.feed = Feed(asyncio.get_running_loop().time)
        self.frames = FrameClock(self)
        self._index = MarketIndex(())
        self._tasks: set[asyncio.Task[None]] = set()
        self.picker = MarketPicker(self.window)
        self._picking: Pane | None = None
        self.panes: list[Pane] = []
        self.groups: list[LinkGroup] = []
        for market in self._markets():
            self._add_group(market)
        self._join()
        self.window.show_groups()
        if settings.kept_aside is not None:
            text = self.tr("The settings could not be read. They are kept as {file}; the defaults are in force.")
            self.window.notify(text.format(file=settings.kept_aside.name))
        self._watch = StartWatch(self.frames, self.panes)
        self._spawn(self._connect())

    def _add_group(self, market: str) -> None:
        panes = [kind(self.feed, self.frames) for kind in PANES.values()]
        self.panes += panes
        self.window.add_group(panes)
        group = LinkGroup(self.frames, self._remember)
        group.add(panes)
        group.bind(market)
        self.groups.append(group)

    def _markets(self) -> list[str]:
        kept = [m for m in self.settings.markets if m]
        return kept if len(kept) == len(DEFAULT_MARKETS) else list(DEFAULT_MARKETS)

    def _join(self) -> None:
        for pane in self.panes:
            pane.show_demo(self._exchange is not None)
            pane.picker_wanted.connect(self._pick)
            pane.retry_wanted.connect(self.feed.retry)
            pane.demo_wanted.connect(self.open_demo)
        self.picker.market_chosen.connect(self._choose)
        self.window.lang_chosen.connect(self.set_lang)
        self.window.theme_chosen.connect(self.set_theme)
        self.window.updown_chosen.connect(self.set_updown)
        self.window.demo_wanted.connect(self.open_demo)
        self.window.show_choices(self._lang, self._theme, self.settings.updown)

    async def close(self) -> None:
        """Close every socket, timer and process."""
        self.frames.stop()
        if self._saving.isActive():
            self._saving.stop()
            self._file.write()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        closing = [x for x in (self.services and self.services.close(), self._exchange and self._exchange.stop()) if x]
        await asyncio.gather(*closing)
        for pane in self.panes:
            pane.release()

    # The exchange.

    def open_demo(self) -> None:
        """Leave the exchange that cannot be reached for the built-in one. Nothing of the old prices stays."""
        if self._exchange is None:
            self._exchange = BuiltInExchange()
            self._spawn(self._connect())

    async def _connect(self) -> None:
        endpoint = UPBIT
        try:
            if self._exchange is not None:
                endpoint = await self._exchange.endpoint()
        except UnreachableError as why:
            self.window.say(str(why))
            return
        if self.services is not None:
            await self.services.close()
            self.feed.reset()
        self._serve(endpoint)

    def _serve(self, endpoint: Endpoint) -> None:
        self.window.show_endpoint(is_demo=not endpoint.is_real)
        for pane in self.panes:
            pane.show_demo(not endpoint.is_real)
        self.services = Services(
            self.feed,
            endpoint,
            is_watched=lambda: not self.window.isMinimized(),
            on_listing=self._list,
            on_link=self._show_links,
        )
        for group in self.groups:
            group.bind(group.market)

    def _show_links(self) -> None:
        self.window.show_health(self.feed.health.links.values())
        if self._exchange is not None and self._exchange.has_died and not self._is_reviving:
            self._is_reviving = True
            self._spawn(self._revive(self._exchange))

    async def _revive(self, exchange: BuiltInExchange) -> None:
        """Start the built-in exchange again. The links find it by themselves."""
        log.warning("the built-in exchange ended; starting it again")
        try:
            await exchange.restart()
            self.feed.retry()
        except UnreachableError as why:
            self.window.say(str(why))
        finally:
            self._is_reviving = False

    def _list(self) -> None:
        self._index = MarketIndex(self.feed.store.markets.values())
        for pane in self.panes:
            self.frames.mark(pane)

    # What the user chooses.

    def _pick(self, pane: Pane, typed: str) -> None:
        self._picking = pane
        self.picker.open_over(pane, self._index, self.feed.store.tickers, self._lang, typed)

    def _choose(self, market: str) -> None:
        pane, self._picking = self._picking, None
        if pane is not None:
            pane.market_wanted.emit(market)
            pane.setFocus()

    def _remember(self, _market: str) -> None:
        if len(self.groups) == len(DEFAULT_MARKETS):
            self.settings.markets = [group.market for group in self.groups]
            self._saving.start()

    def set_lang(self, lang: str) -> None:
        """Speak "ko" or "en" from now on."""
        self._lang = lang
        self.settings.lang = "ko" if lang == "ko" else "en"
        translations.install(self._app, lang)
        self._file.write()
        self._redraw()

    def set_theme(self, name: str) -> None:
        self._theme = name
        self.settings.theme = "light" if name == "light" else "dark"
        self._repaint()

    def set_updown(self, name: str) -> None:
        self.settings.updown = "western" if name == "western" else "korean"
        self._repaint()

    def _repaint(self) -> None:
        theme.apply(self._app, self._theme, self.settings.updown)
        self._file.write()
        self._redraw()

    def _redraw(self) -> None:
        self.window.show_choices(self._lang, self._theme, self.settings.updown)
        for pane in self.panes:
            self.frames.mark(pane)

    def _spawn(self, coroutine: object) -> None:
        task: asyncio.Task[None] = asyncio.create_task(coroutine)  # type: ignore[arg-type]
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (why := task.exception()) is not None:
            asyncio.get_running_loop().call_exception_handler({"message": "a task broke", "exception": why})
