"""The program at work: the desk that is open, the exchange behind it, and what the user chooses."""

from __future__ import annotations

import asyncio
import logging

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from app import memory
from app.alert_center import AlertCenter
from app.choices import Choices
from app.credentials import Credentials
from app.desk_files import DeskFiles
from app.desk_keeper import DeskKeeper
from app.disk import Disk
from app.drawing_center import DrawingCenter
from app.exchange import BuiltInExchange
from app.history import History
from app.main_window import MainWindow
from app.own_indicators import OwnIndicators
from app.picking import Picking
from app.settings import SettingsFile
from app.start_watch import StartWatch
from app.strategy_center import StrategyCenter
from app.workspace import Workspace
from core.errors import UnreachableError
from core.feed.abroad import Reference
from core.feed.endpoint import UPBIT, Endpoint, outside_of
from core.feed.feed import Feed
from core.feed.gate import Gate
from core.feed.services import Services, wall_ms
from core.market import tick_size
from core.state.alerts import PRICE, Fired, Rule
from core.strategy.base import Signal as Said
from core.wire.auth import AccessKey
from widgets import format as fmt
from widgets.account.pane import AccountPane
from widgets.alerts.pane import AlertsPane
from widgets.chart.pane import ChartPane
from widgets.controls.flash import flash
from widgets.frame import FrameClock
from widgets.notices.pane import NoticesPane
from widgets.orderbook.pane import OrderbookPane
from widgets.pane import Pane
from widgets.strategies.pane import StrategiesPane
from widgets.trades.pane import TradesPane

_ADDED_PX = 200  # height of a pane that is opened below the desk
NETWORK_AFTER_MS = 4_000  # after the start

log = logging.getLogger(__name__)


class Desk(QObject):
    """Puts the parts together for one run of the program.

    Args:
        window: the window, shown already.
        settings: the user's, and what this run departs from them in: `lang`, `theme_name`.
        files: the user's desks.
        desk: name of the one to open, or of a template; "": the one that was open last.
        exchange: the built-in exchange, starting; None to trade against Upbit.
    """

    account_changed = Signal()  # which key there is, or what the exchange says of it

    def __init__(
        self,
        app: QApplication,
        window: MainWindow,
        settings: SettingsFile,
        files: DeskFiles,
        desk: str,
        lang: str,
        theme_name: str,
        exchange: BuiltInExchange | None,
    ) -> None:
        super().__init__()
        self._app = app
        self.window = window
        self.settings = settings.settings
        self._is_reviving = False
        self._exchange = exchange
        self.services: Services | None = None
        self._gate = Gate()
        self.feed = Feed(asyncio.get_running_loop().time)
        self.frames = FrameClock(self)
        self._tasks: set[asyncio.Task[None]] = set()
        self._disk = Disk(window)
        self.alerts = AlertCenter(window, self.feed, self.settings, files.folder.parent, self._disk.write_in_turn)
        self.credentials = Credentials(self.alerts.secrets)
        self._account_told: tuple[object, ...] = ()
        self.feed.account.on_change = self._on_account
        self.alerts.jump_wanted.connect(self._jump)
        self.alerts.changed.connect(self._mark_alerts)
        self.strategies = StrategyCenter(window, self.feed, files.folder.parent, self._disk.write_in_turn)
        self.strategies.changed.connect(self._mark_strategies)
        self.drawings = DrawingCenter(window, self.feed, files.folder.parent, self._disk.write_in_turn)
        self.drawings.changed.connect(self._mark_drawings)
        self.history = History(window, self.feed, files.folder.parent, self.settings.history_mib)
        # Before the exchange has said a word: what is kept of it is on the screen first.
        self.history.open(exchange.history if exchange is not None else UPBIT.history, self.now_ms)
        self.own_indicators = OwnIndicators(settings.path.parent / "indicators", window.notify, self)
        self.own_indicators.reloaded.connect(self._offer_indicators)
        self.own_indicators.changed.connect(self._take_values)
        self.workspace = Workspace(window, self.feed, self.frames)
        self.workspace.pane_added.connect(self._join)
        self.workspace.full.connect(self._say_full)
        self.workspace.links.on_change = self.settings.visit
        self.workspace.links.on_mark = self.copy_price
        self.choices = Choices(app, self.workspace, self.feed, self.frames, self.settings, lang, theme_name)
        self.choices.reference_changed.connect(self._use_reference)
        self.choices.history_bound_changed.connect(self.history.set_most)
        self.choices.groups_full.connect(self._say_groups_full)
        self.picking = Picking(window, self.workspace, self.feed, self.settings, self.choices)
        self.workspace.pane_gone.connect(self.picking.part)
        self.keeper = DeskKeeper(window, self.workspace, settings, files, self._disk)
        window.key_typed.connect(self._on_stray_key)
        self.workspace.docks.restyle()
        self.keeper.open_first(desk)
        window.show_desk(self.workspace.docks.root)
        if settings.kept_aside is not None:
            text = self.tr("The settings could not be read. They are kept as {file}; the defaults are in force.")
            window.notify(text.format(file=settings.kept_aside.name))
        self.drawings.open(is_demo=self.is_demo)  # one may draw on what is kept before anybody has answered
        self._giving_back = QTimer(self, interval=memory.EVERY_MS)
        self._giving_back.timeout.connect(memory.give_back)
        self._giving_back.start()
        self._watch = StartWatch(self.frames, lambda: self.panes)
        self.spawn(self._connect())
        self.own_indicators.reload()
        self._late = QTimer(self, interval=NETWORK_AFTER_MS, singleShot=True)
        self._late.timeout.connect(self._watch_network)
        self._late.start()

    def _watch_network(self) -> None:
        from app.network import NetworkWatch  # not needed for the first frame

        self._network = NetworkWatch(self.feed.retry, self)

    @property
    def panes(self) -> list[Pane]:
        return list(self.workspace.panes.values())

    def _offer_indicators(self) -> None:
        for pane in self.panes:
            if isinstance(pane, ChartPane):
                pane.offer_own(self.own_indicators)

    def _take_values(self) -> None:
        for pane in self.panes:
            if isinstance(pane, ChartPane):
                pane.take_values()

    def _join(self, pane: Pane) -> None:
        pane.show_demo(self.is_demo)
        self.choices.join(pane)
        self.picking.join(pane)
        pane.retry_wanted.connect(self.feed.retry)
        pane.demo_wanted.connect(self.open_demo)
        if isinstance(pane, ChartPane):
            pane.offer_own(self.own_indicators)
        if isinstance(pane, AlertsPane | StrategiesPane):
            pane.jump_wanted.connect(self._jump)
        if isinstance(pane, TradesPane):
            pane.sound_wanted.connect(self.alerts.sound)

    async def close(self) -> None:
        """Keep what changed; close every socket, timer and process."""
        self.keeper.stop()
        self._giving_back.stop()
        self._late.stop()
        self._is_reviving = True  # an exchange that ends from here on is meant to
        self.frames.stop()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.keeper.close()
        await self.alerts.close()
        await self.own_indicators.close()
        self.strategies.close()
        self.drawings.close()
        await self.credentials.close()
        self._disk.close()
        await self.history.close()
        closing = [x for x in (self.services and self.services.close(), self._exchange and self._exchange.stop()) if x]
        await asyncio.gather(*closing)
        self.workspace.close()

    def kill_exchange(self) -> None:
        """Leave no built-in exchange behind where `close` was cut short."""
        if self._exchange is not None:
            self._exchange.kill()

    # The exchange.

    @property
    def is_demo(self) -> bool:
        """Tell whether the prices on the screen, or those that are on their way, are the built-in exchange's."""
        if self.services is not None:
            return not self.services.endpoint.is_real
        return self._exchange is not None

    def open_demo(self) -> None:
        """Leave the exchange that cannot be reached for the built-in one. Nothing of the old prices stays."""
        if self._exchange is None:
            self._exchange = BuiltInExchange()
            self.spawn(self._connect())

    async def _connect(self) -> None:
        endpoint = UPBIT
        try:
            if self._exchange is not None:
                endpoint = await self._exchange.endpoint()
        except UnreachableError as why:
            await self._give_up_demo(str(why))
            return
        is_other = endpoint.history != self.history.name
        if self.services is not None or is_other:
            await self.history.close()
            if self.services is not None:
                await self.services.close()
                self.services = None
            self.feed.reset()
            self.history.open(endpoint.history, self.now_ms)
        self._serve(endpoint)

    async def _give_up_demo(self, why: str) -> None:
        """The built-in exchange did not start: what was there before stays, and one may try again."""
        exchange, self._exchange = self._exchange, None
        if exchange is not None:
            await exchange.stop()
        if self.services is None:  # but what was kept of that exchange: nobody marks it any more
            await self.history.close()
            self.feed.reset()
            self.frames.flush(*self.panes)
        self.window.show_endpoint(is_demo=self.is_demo)
        for pane in self.panes:
            pane.show_demo(self.is_demo)
        self.window.say(why)

    def _serve(self, endpoint: Endpoint) -> None:
        self.window.show_endpoint(is_demo=not endpoint.is_real)
        for pane in self.panes:
            pane.show_demo(not endpoint.is_real)
        self.services = Services(
            self.feed,
            endpoint,
            is_watched=lambda: not self.window.isMinimized(),
            is_visible=lambda market: any(p.market == market and p.isVisible() for p in self.panes),
            on_listing=self._list,
            on_link=self._show_links,
            gate=self._gate,
            recall=self.history.recall,
            reference=self._reference(endpoint),
            key=self._key_for(endpoint),
        )
        if endpoint.is_real and self.credentials.key is None:
            self.spawn(self._read_key())
        self.account_changed.emit()
        self.alerts.open(self.now_ms, is_demo=not endpoint.is_real)
        self.strategies.open(self.now_ms, is_demo=not endpoint.is_real)
        self.drawings.open(is_demo=not endpoint.is_real)
        for pane in self.panes:
            if pane.market:
                pane.bind(pane.market)
            else:
                pane.want()
        self.frames.flush(*self.panes)

    def _reference(self, endpoint: Endpoint) -> Reference | None:
        """Return what prices are compared with: in the demo its own world outside, else what the user chose."""
        if not endpoint.is_real:
            ws, rest, fx = outside_of(endpoint)
            return Reference(ws, rest, self.tr("Outside (demo)"), fx_url=fx)
        return Reference(fx_krw=self.settings.fx_krw) if self.settings.reference == "binance" else None

    def _use_reference(self) -> None:
        if self.services is not None:
            self.services.set_reference(self._reference(self.services.endpoint))

    # One's own account.

    def _key_for(self, endpoint: Endpoint) -> AccessKey | None:
        """Return the key for an exchange: the demo's own in the demo, which never gets the user's."""
        if endpoint.is_real:
            return self.credentials.key
        return self._exchange.key if self._exchange is not None else None

    async def _read_key(self) -> None:
        """Take the key from the keyring: slow, and it may ask the user, so the market does not wait for it."""
        if await self.credentials.read():
            self._use_key()

    def _use_key(self) -> None:
        """Follow the account of the key that is in force, from now on. The demo goes on with its own."""
        if self.services is not None and self.services.endpoint.is_real:
            self.services.set_key(self.credentials.key)
        self.account_changed.emit()

    def set_account_key(self, access: str, secret: str) -> None:
        """Use another API key from now on, and keep it where secrets belong."""
        self.credentials.set(access, secret, self.account_changed.emit)
        self._use_key()

    def forget_account_key(self) -> None:
        """Use no API key any more; nothing of the account stays."""
        self.credentials.forget(self.account_changed.emit)
        self._use_key()

    def check_account_key(self) -> None:
        """Ask the exchange again whether it takes the key: nothing does so by itself."""
        self._use_key()

    def _on_account(self) -> None:
        for pane in self.panes:
            if isinstance(pane, AccountPane | NoticesPane | ChartPane | OrderbookPane):
                self.frames.mark(pane)
        account = self.feed.account
        told = (account.state, account.cause, account.missing)
        if told != self._account_told:
            self._account_told = told
            self.account_changed.emit()

    def now_ms(self) -> int:
        """Return the exchange's clock, epoch ms."""
        return wall_ms() + self.feed.clock_offset_ms

    def _show_links(self) -> None:
        self.window.show_health(self.feed.health.links.values())
        if self._exchange is not None and self._exchange.has_died and not self._is_reviving:
            self._is_reviving = True
            self.spawn(self._revive(self._exchange))

    async def _revive(self, exchange: BuiltInExchange) -> None:
        """Start the built-in exchange again. The links find it by themselves."""
        log.warning("the built-in exchange ended; starting it again")
        try:
            key = exchange.key
            await exchange.restart()
            if exchange.key != key and self.services is not None and not self.services.endpoint.is_real:
                self.services.set_key(exchange.key)
            self.feed.retry()
        except UnreachableError as why:
            self.window.say(str(why))
        finally:
            self._is_reviving = False

    def _list(self) -> None:
        self.picking.list_markets()
        for pane in self.panes:
            pane.want()  # a list of markets wants the new ones

    # What panes want.

    def copy_price(self, pane: Pane, price: float) -> None:
        """Put a price on the clipboard, as an order form takes it, and say so."""
        text = fmt.price(price, tick_size(pane.market, price))
        self._app.clipboard().setText(text.replace(",", ""))
        flash(pane.content, self.tr("Copied {price}").format(price=text))

    def _on_stray_key(self, event: QKeyEvent) -> None:
        """A key that no pane had the chance to take goes to the pane in use."""
        pane, focus = self.workspace.active, self._app.focusWidget()
        while focus is not None and not isinstance(focus, Pane):
            focus = focus.parentWidget()
        if pane is not None and focus is None:
            event.accept()
            pane.keyPressEvent(event)

    def _say_groups_full(self) -> None:
        self.window.notify(self.tr("There are too many groups. Delete some first."))

    def _say_full(self) -> None:
        self.window.notify(self.tr("The desk is full. Close a pane, or open another desk."))

    def add_price_alert(self, market: str, price: float) -> None:
        """Tell once when a market reaches a price."""
        alerts = self.feed.alerts
        if not alerts.set(Rule(alerts.free_id(), PRICE, market, way="reach", value=price)):
            self.window.notify(self.tr("There are too many alerts. Delete some first."))

    def _mark_alerts(self) -> None:
        for pane in self.panes:
            if isinstance(pane, AlertsPane | ChartPane):
                self.frames.mark(pane)

    def _mark_strategies(self) -> None:
        for pane in self.panes:
            if isinstance(pane, StrategiesPane | ChartPane):
                self.frames.mark(pane)

    def _mark_drawings(self, market: str) -> None:
        for pane in self.panes:
            if isinstance(pane, ChartPane) and market in ("", pane.market):
                self.frames.mark(pane)

    def price_alert_near(self, market: str, price: float) -> Rule | None:
        """Return the alert at a price of a market, or within half a percent of it."""
        rules = [r for r in self.feed.alerts.active() if r.metric == PRICE and r.market == market]
        near = [r for r in rules if abs(r.value - price) <= 0.005 * price]
        return min(near, key=lambda r: abs(r.value - price), default=None)

    def _jump(self, fired: Fired | Said) -> None:
        """Show the moment of an alert or a signal in the chart in use, or else in the first."""
        charts = [p for p in self.panes if isinstance(p, ChartPane)]
        active = self.workspace.active
        chart = active if isinstance(active, ChartPane) else next(iter(charts), None)
        if chart is None or not fired.market:
            return
        if chart.market != fired.market:
            chart.market_wanted.emit(fired.market)
        self.workspace.docks.raise_dock(chart.objectName())
        chart.setFocus()
        chart.show_moment(fired.time_ms)

    def focus_pane(self, kind: str) -> QWidget | None:
        """Show the pane of `kind` that is open, or open one."""
        for pane in self.panes:
            if pane.kind == kind:
                self.workspace.docks.raise_dock(pane.objectName())
                pane.setFocus()
                return pane
        made = self.workspace.add(kind, side="bottom")  # of the whole desk: no pane is made narrow for it
        if made is not None:
            self.workspace.docks.set_height(made.objectName(), _ADDED_PX)
        return made

    def spawn(self, coroutine: object) -> None:
        """Run a coroutine for as long as the program runs at most."""
        task: asyncio.Task[None] = asyncio.create_task(coroutine)  # type: ignore[arg-type]
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (why := task.exception()) is not None:
            asyncio.get_running_loop().call_exception_handler({"message": "a task broke", "exception": why})
