"""The program at work: the desk that is open, the exchange behind it, and what the user chooses."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path

import msgspec
from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from app import memory, templates, translations
from app.alert_center import AlertCenter
from app.credentials import Credentials
from app.desk_files import DeskError, DeskFiles, DeskRecord, clean_name, decode, encode, free_name
from app.drawing_center import DrawingCenter
from app.exchange import BuiltInExchange
from app.history import History
from app.main_window import MainWindow
from app.own_indicators import OwnIndicators
from app.screens import geometry_of
from app.settings import GROUPS, SettingsFile
from app.start_watch import StartWatch
from app.strategy_center import StrategyCenter
from app.workspace import Workspace
from core.calc.arbitrage import Terms
from core.calc.search import MarketIndex
from core.calc.unusual import Thresholds
from core.errors import UnreachableError
from core.feed.abroad import Reference
from core.feed.endpoint import UPBIT, Endpoint, outside_of
from core.feed.feed import Feed
from core.feed.gate import Gate
from core.feed.services import Services, wall_ms
from core.market import Interval, tick_size
from core.state.alerts import PRICE, Fired, Rule
from core.strategy.base import Signal as Said
from core.wire.auth import AccessKey
from widgets import format as fmt
from widgets import theme, zone
from widgets.account.pane import AccountPane
from widgets.alerts.pane import AlertsPane
from widgets.arbitrage.pane import CrossPane
from widgets.chart.pane import ChartPane
from widgets.controls.flash import flash
from widgets.controls.interval_entry import IntervalEntry
from widgets.controls.market_picker import MarketPicker
from widgets.frame import FrameClock
from widgets.markets.pane import MarketsPane
from widgets.notices.pane import NoticesPane
from widgets.orderbook.pane import OrderbookPane
from widgets.pane import Pane
from widgets.scanner.pane import ScannerPane
from widgets.strategies.pane import StrategiesPane
from widgets.trades.pane import TradesPane

_ADDED_PX = 200  # height of a pane that is opened below the desk
SAVE_EVERY_MS = 400  # a desk that changed is on the disk well within a second
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

    quiet_changed = Signal(bool)
    account_changed = Signal()  # which key there is, or what the exchange says of it
    settled = Signal()  # what is on the disk is what is on the screen, after a change

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
        self._file, self.settings = settings, settings.settings
        self.files = files
        self._is_reviving = False
        self.lang, self.theme_name = lang, theme_name
        self._exchange = exchange
        self.services: Services | None = None
        self._gate = Gate()
        self.feed = Feed(asyncio.get_running_loop().time)
        self.feed.board.set_thresholds(self.settings.thresholds)
        self.feed.cross.terms = self.settings.terms
        self.frames = FrameClock(self)
        self.index = MarketIndex(())
        self._tasks: set[asyncio.Task[None]] = set()
        self.name = ""  # of the desk that is open
        self._kept: DeskRecord | None = None  # as it is on the disk
        self._settings_kept = msgspec.json.encode(self.settings)
        self._writing: asyncio.Task[None] | None = None
        self._disk = ThreadPoolExecutor(1, thread_name_prefix="disk")  # one write at a time, in order
        self._at_disk: Future[None] | None = None
        self._is_unwritable = False
        self.alerts = AlertCenter(window, self.feed, self.settings, files.folder.parent, self._write_in_turn)
        self.credentials = Credentials(self.alerts.secrets)
        self._account_told: tuple[object, ...] = ()
        self.feed.account.on_change = self._on_account
        self.alerts.jump_wanted.connect(self._jump)
        self.alerts.changed.connect(self._mark_alerts)
        self.strategies = StrategyCenter(window, self.feed, files.folder.parent, self._write_in_turn)
        self.strategies.changed.connect(self._mark_strategies)
        self.drawings = DrawingCenter(window, self.feed, files.folder.parent, self._write_in_turn)
        self.drawings.changed.connect(self._mark_drawings)
        self.history = History(window, self.feed, files.folder.parent, self.settings.history_mib)
        # Before the exchange has said a word: what is kept of it is on the screen first.
        self.history.open(exchange.history if exchange is not None else UPBIT.history, self.now_ms)
        self.own_indicators = OwnIndicators(settings.path.parent / "indicators", window.notify, self)
        self.own_indicators.reloaded.connect(self._offer_indicators)
        self.own_indicators.changed.connect(self._take_values)
        self.workspace = Workspace(window, self.feed, self.frames)
        self.workspace.pane_added.connect(self._join)
        self.workspace.pane_gone.connect(self._part)
        self.workspace.full.connect(self._say_full)
        self.workspace.links.on_change = self._visit
        self.workspace.links.on_mark = self.copy_price
        self.workspace.links.is_interval_linked = self.settings.is_interval_linked
        self.workspace.links.is_crosshair_linked = self.settings.is_crosshair_linked
        self.workspace.links.is_span_linked = self.settings.is_span_linked
        self.picker = MarketPicker(window)
        self._picking: Pane | None = None
        self._comparing: ChartPane | None = None  # the market that is picked is compared in it
        self.picker.market_chosen.connect(self._choose)
        self.interval_entry = IntervalEntry(window)
        self._timing: Pane | None = None
        self.interval_entry.interval_chosen.connect(self._set_interval)
        window.key_typed.connect(self._on_stray_key)
        self.workspace.docks.restyle()
        self._open_first(desk)
        window.show_desk(self.workspace.docks.root)
        if settings.kept_aside is not None:
            text = self.tr("The settings could not be read. They are kept as {file}; the defaults are in force.")
            window.notify(text.format(file=settings.kept_aside.name))
        self.drawings.open(is_demo=self.is_demo)  # one may draw on what is kept before anybody has answered
        self._saving = QTimer(self, interval=SAVE_EVERY_MS)
        self._saving.timeout.connect(self._save)
        self._saving.start()
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

    def _part(self, pane: Pane) -> None:
        """What is typed for a pane that goes is for nobody."""
        if pane in (self._picking, self._comparing):
            self._picking = self._comparing = None
            self.picker.close_picker()
        if self._timing is pane:
            self._timing = None
            self.interval_entry.close_entry()

    def _join(self, pane: Pane) -> None:
        pane.show_demo(self.is_demo)
        pane.picker_wanted.connect(self._pick)
        pane.interval_wanted.connect(self._time)
        pane.step_wanted.connect(self._step)
        pane.retry_wanted.connect(self.feed.retry)
        pane.demo_wanted.connect(self.open_demo)
        if isinstance(pane, ChartPane):
            pane.compare_wanted.connect(self._pick_compared)
            pane.offer_own(self.own_indicators)
            pane.zone_wanted.connect(self.change_zone)
            pane.set_kinetic(not self.settings.is_motion_reduced)
        if isinstance(pane, ScannerPane):
            pane.show_groups(self.settings.groups)
            pane.groups_changed.connect(self._keep_groups)
        if isinstance(pane, CrossPane):
            pane.terms_chosen.connect(self.set_terms)
        if isinstance(pane, AlertsPane):
            pane.show_quiet(self.settings.is_quiet)
            pane.quiet_chosen.connect(self.set_quiet)
            pane.jump_wanted.connect(self._jump)
        if isinstance(pane, StrategiesPane):
            pane.jump_wanted.connect(self._jump)
        if isinstance(pane, TradesPane):
            pane.sound_wanted.connect(self.alerts.sound)
        if isinstance(pane, MarketsPane | ScannerPane):
            pane.show_favourites(self.settings.favourites)
            pane.favourite_toggled.connect(self._toggle_favourite)

    async def close(self) -> None:
        """Keep what changed; close every socket, timer and process."""
        self._saving.stop()
        self._giving_back.stop()
        self._late.stop()
        self._is_reviving = True  # an exchange that ends from here on is meant to
        self.frames.stop()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._writing is not None:
            await self._writing
        self._save_now()
        await self.alerts.close()
        await self.own_indicators.close()
        self.strategies.close()
        self.drawings.close()
        await self.credentials.close()
        self._disk.shutdown()
        await self.history.close()
        closing = [x for x in (self.services and self.services.close(), self._exchange and self._exchange.stop()) if x]
        await asyncio.gather(*closing)
        self.workspace.close()

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
        self.index = MarketIndex(self.feed.store.markets.values())
        for pane in self.panes:
            pane.want()  # a list of markets wants the new ones

    # Desks.

    def _open_first(self, wanted: str) -> None:
        name = wanted or self.settings.desk
        if name and self._read(name):
            return
        template = wanted if wanted in templates.TEMPLATES else templates.DEFAULT
        taken = self.files.names()
        self.new_desk(template, wanted if wanted and wanted not in taken else "")

    def _read(self, name: str) -> bool:
        """Open the desk `name` from its file; False if there is none, or none that can be read."""
        try:
            record = self.files.read(name)
        except DeskError as why:
            text = self.tr("The desk {name} could not be read ({why}). Another one is open.")
            self.window.notify(text.format(name=name, why=why))
            return False
        if record is None:
            return False
        self._show(name, lambda: self.workspace.open(record))
        return True

    def _show(self, name: str, fill: Callable[[], None]) -> None:
        self.name, self._kept = "", None  # until it is whole, nothing of it may be kept over its file
        fill()
        self.name = self.settings.desk = name
        self.settings.desks = self.names()
        self.window.show_name(name)

    def names(self) -> list[str]:
        """Return the desks there are, the oldest first: a new one must not change which of them a key opens."""
        there = [*self.files.names(), self.name]  # which may not be on the disk yet
        return list(dict.fromkeys(n for n in (*self.settings.desks, *there) if n and n in there))

    def open_desk(self, name: str) -> None:
        """Leave the open desk, which is kept, for another."""
        if name != self.name:
            self._save_now()
            self._read(name)

    def new_desk(self, template: str, name: str = "") -> None:
        """Open a new desk made from a template. A name that is taken gets a number."""
        if self.name:
            self._save_now()
        free = free_name(name or templates.title(template), self.files.names())
        self._show(free, lambda: self.workspace.open_template(templates.TEMPLATES[template]))
        self._save()

    def rename_desk(self, name: str) -> None:
        """Call the open desk otherwise; says what is wrong with the name."""
        wanted = clean_name(name)
        if not wanted or wanted == self.name:
            return
        self._save_now()
        try:
            self.files.rename(self.name, wanted)
        except DeskError as why:
            self.window.notify(self.tr("The desk was not renamed: {why}.").format(why=why))
            return
        self.settings.desks = [wanted if n == self.name else n for n in self.settings.desks]
        self.name = self.settings.desk = wanted
        self.window.show_name(wanted)

    def delete_desk(self) -> None:
        """Put the open desk away and open another; its file is kept under another name."""
        gone = self.name
        others = [n for n in self.names() if n != gone]
        self._save_now()
        try:
            self.files.delete(gone)
        except DeskError as why:
            self.window.notify(self.tr("The desk was not deleted: {why}.").format(why=why))
            return
        self.name = ""
        if not (others and self._read(others[0])):
            self.new_desk(templates.DEFAULT)

    def export_desk(self, path: Path) -> None:
        """Write the open desk to a file that another Hoga can import."""
        try:
            path.write_bytes(encode(self.workspace.record()))
        except OSError as why:
            self.window.notify(self.tr("The desk could not be written to {path}: {why}.").format(path=path, why=why))
            return
        self.window.notify(self.tr("The desk was written to {path}.").format(path=path))

    def import_desk(self, path: Path) -> None:
        """Open a desk from a file; it is named after the file."""
        try:
            record = decode(path.read_bytes())
        except (OSError, DeskError) as why:
            self.window.notify(self.tr("{path} holds no desk that can be opened: {why}.").format(path=path, why=why))
            return
        self._save_now()
        name = free_name(path.stem, self.files.names())
        self._show(name, lambda: self.workspace.open(record))
        self._save()

    # Keeping.

    def _save(self) -> None:
        """Write what changed since the last time, in a thread: no frame waits for the disk."""
        if self._writing is not None or not self.name:
            return
        record, settings = self.workspace.record(), self._settings_now()
        if record == self._kept and settings == self._settings_kept:
            return
        self._writing = asyncio.create_task(self._write(self.name, record, settings))

    async def _write(self, name: str, record: DeskRecord, settings: bytes) -> None:
        try:
            if record != self._kept and name == self.name:  # else it was renamed or left meanwhile
                await self._in_thread(self.files.write, name, encode(record))
                if name == self.name:
                    self._kept = record
            if settings != self._settings_kept:
                await self._in_thread(self._file.write)
                self._settings_kept = settings
            self._is_unwritable = False
        except OSError as why:
            self._say_unwritable(why)
        finally:
            self._writing = None
        self.settled.emit()

    def _write_in_turn(self, write: Callable[[bytes], None], data: bytes) -> Future[None]:
        """Write alerts, strategies or drawings in their turn; a disk that does not take them is said."""
        done = self._disk.submit(write, data)
        loop = asyncio.get_running_loop()

        def look(done: Future[None]) -> None:
            why = done.exception()
            if isinstance(why, OSError):
                loop.call_soon_threadsafe(self._say_unwritable, why)

        done.add_done_callback(look)
        return done

    async def _in_thread(self, write: Callable[..., None], *args: object) -> None:
        self._at_disk = self._disk.submit(write, *args)
        await asyncio.wrap_future(self._at_disk)

    def _settings_now(self) -> bytes:
        self.settings.window = geometry_of(self.window)
        return msgspec.json.encode(self.settings)

    def _save_now(self) -> None:
        """Write what changed before the desk goes away, or its file gets another name."""
        if self._at_disk is not None:
            wait((self._at_disk,))  # what is being written must not land over this
        record = self.workspace.record()
        try:
            if self.name and record != self._kept:
                self.files.write(self.name, encode(record))
                self._kept = record
            settings = self._settings_now()
            if settings != self._settings_kept:
                self._file.write()
                self._settings_kept = settings
        except OSError as why:
            self._say_unwritable(why)

    def _say_unwritable(self, why: OSError) -> None:
        if not self._is_unwritable:
            self._is_unwritable = True
            log.warning("the desk could not be written: %s", why)
            text = self.tr("The desk or the settings cannot be saved ({why}). Is the disk full or read-only?")
            self.window.notify(text.format(why=why.strerror or why))

    # What the user chooses.

    def _pick(self, pane: Pane, typed: str) -> None:
        if not pane.takes_market:
            pane = next((p for p in self.panes if p.takes_market), pane)
        self._picking, self._comparing = pane, None
        recent = [code for code in self.settings.recent if code != pane.market]  # so Enter goes back to the last one
        self.picker.open_over(pane, self.index, self.feed.store.tickers, self.lang, typed, recent)

    def _pick_compared(self, pane: ChartPane) -> None:
        self._picking, self._comparing = None, pane
        shown = {pane.market, *pane.compared}
        recent = [code for code in self.settings.recent if code not in shown]
        hint = self.tr("Compare with: name, code or initial consonants")
        tickers = self.feed.store.tickers
        self.picker.open_over(pane, self.index, tickers, self.lang, recent=recent, hint=hint, without=shown)

    def _choose(self, market: str) -> None:
        chart, self._comparing = self._comparing, None
        if chart is not None:
            chart.compare(market)
            chart.setFocus()
            return
        pane, self._picking = self._picking, None
        if pane is not None:
            pane.market_wanted.emit(market)
            pane.setFocus()

    def _visit(self, market: str) -> None:
        self.settings.visit(market)

    def copy_price(self, pane: Pane, price: float) -> None:
        """Put a price on the clipboard, as an order form takes it, and say so."""
        text = fmt.price(price, tick_size(pane.market, price))
        self._app.clipboard().setText(text.replace(",", ""))
        flash(pane.content, self.tr("Copied {price}").format(price=text))

    def _time(self, pane: Pane, typed: str) -> None:
        """A digit was typed on `pane`: it sets the interval of that chart, or of the charts linked to it."""
        if self._charts_of(pane):
            self._timing = pane
            self.interval_entry.open_over(pane, typed)

    def _charts_of(self, pane: Pane) -> list[ChartPane]:
        if isinstance(pane, ChartPane):
            return [pane]
        return [p for p in self.workspace.links.members(pane.group) if isinstance(p, ChartPane)]

    def _set_interval(self, interval: Interval) -> None:
        pane, self._timing = self._timing, None
        if pane is not None:
            for chart in self._charts_of(pane):
                chart.choose_interval(interval)
            pane.setFocus()

    def step_market(self, by: int) -> None:
        """Go to the next market, or the one before, in the pane in use."""
        if self.workspace.active is not None:
            self._step(self.workspace.active, by)

    def _step(self, pane: Pane, by: int) -> None:
        """Step through the list of markets that is open, or through the quote's markets by turnover."""
        if not pane.takes_market:
            pane = next((p for p in self.panes if p.takes_market), pane)
        lists = [p for p in self.panes if isinstance(p, MarketsPane | ScannerPane | CrossPane)]
        beside = next((p for p in lists if p.group == pane.group and p.market == pane.market), None)
        if beside is not None and beside is not pane:
            beside.step(by)  # which keeps its order while keys come
            return
        order = lists[0].order() if lists else self._by_turnover(pane.market)
        if pane.market in order:
            pane.market_wanted.emit(order[(order.index(pane.market) + by) % len(order)])
        elif order:
            pane.market_wanted.emit(order[0])

    def top_by_turnover(self, count: int, quote: str = "KRW") -> list[str]:
        """Return the markets of a quote currency with the largest turnover of 24 hours."""
        return self._by_turnover(f"{quote}-")[:count]

    def _by_turnover(self, market: str) -> list[str]:
        quote = market.partition("-")[0]
        tickers = self.feed.store.tickers
        codes = [code for code in self.feed.store.markets if code.startswith(f"{quote}-")]
        return sorted(codes, key=lambda c: -tickers[c].turnover_24h if c in tickers else 0.0)

    def _toggle_favourite(self, market: str) -> None:
        kept = self.settings.favourites
        if market in kept:
            kept.remove(market)
        else:
            kept.append(market)
        for pane in self.panes:
            if isinstance(pane, MarketsPane | ScannerPane):
                pane.show_favourites(kept)

    def _keep_groups(self, groups: dict[str, list[str]]) -> None:
        if len(groups) > GROUPS:
            self.window.notify(self.tr("There are too many groups. Delete some first."))
        self.settings.groups = dict(list(groups.items())[:GROUPS])
        for pane in self.panes:
            if isinstance(pane, ScannerPane):
                pane.show_groups(self.settings.groups)

    def _on_stray_key(self, event: QKeyEvent) -> None:
        """A key that no pane had the chance to take goes to the pane in use."""
        pane, focus = self.workspace.active, self._app.focusWidget()
        while focus is not None and not isinstance(focus, Pane):
            focus = focus.parentWidget()
        if pane is not None and focus is None:
            event.accept()
            pane.keyPressEvent(event)

    def _say_full(self) -> None:
        self.window.notify(self.tr("The desk is full. Close a pane, or open another desk."))

    def set_lang(self, lang: str) -> None:
        """Speak "ko" or "en" from now on."""
        self.lang = lang
        self.settings.lang = "ko" if lang == "ko" else "en"
        translations.install(self._app, lang)
        self._redraw()

    def set_theme(self, name: str) -> None:
        """Wear the theme `name` from now on."""
        self.theme_name = name
        self.settings.theme = name if name in ("dark", "light", "dark-cb", "light-cb") else "dark"  # type: ignore[assignment]
        self._repaint()

    def set_updown(self, name: str) -> None:
        """Colour rise and fall the "korean" or the "western" way from now on."""
        self.settings.updown = "western" if name == "western" else "korean"
        self._repaint()

    def set_zone(self, name: str) -> None:
        """Show times in Korea's zone, or in this machine's if `name` is "local", from now on."""
        self.settings.zone = "local" if name == "local" else "kst"
        zone.use(self.settings.zone)
        for top in self._app.topLevelWidgets():  # whoever says something says it again
            self._app.sendEvent(top, QEvent(QEvent.Type.LanguageChange))
        self._redraw()

    def change_zone(self) -> None:
        """Show times in the other zone."""
        self.set_zone("kst" if self.settings.zone == "local" else "local")

    def set_interval_linked(self, is_linked: bool) -> None:
        """Let the charts of a group change their interval together."""
        self.settings.is_interval_linked = self.workspace.links.is_interval_linked = is_linked

    def set_crosshair_linked(self, is_linked: bool) -> None:
        """Let the charts of a group show the crosshair at one time."""
        self.settings.is_crosshair_linked = is_linked
        self.workspace.links.set_crosshair_linked(is_linked)

    def set_span_linked(self, is_linked: bool) -> None:
        """Let the charts of a group show the same stretch of time."""
        self.settings.is_span_linked = self.workspace.links.is_span_linked = is_linked

    def set_motion_reduced(self, is_reduced: bool) -> None:
        """Let nothing move on by itself, or let it."""
        self.settings.is_motion_reduced = is_reduced
        for pane in self.panes:
            if isinstance(pane, ChartPane):
                pane.set_kinetic(not is_reduced)

    def set_thresholds(self, thresholds: Thresholds) -> None:
        """Let this count as unusual from now on."""
        self.settings.thresholds = thresholds
        self.feed.board.set_thresholds(thresholds)

    def set_terms(self, terms: Terms) -> None:
        """Trade between quote currencies on these terms from now on."""
        self.settings.terms = self.feed.cross.terms = terms
        for pane in self.panes:
            if isinstance(pane, CrossPane):
                pane.show_terms(terms)
                self.frames.mark(pane)

    def set_reference(self, name: str, fx_krw: float) -> None:
        """Compare prices with the exchange `name` outside from now on, "" for none; KRW for a dollar, 0 for none."""
        self.settings.reference = "binance" if name == "binance" else ""
        self.settings.fx_krw = fx_krw
        if self.services is not None:
            self.services.set_reference(self._reference(self.services.endpoint))

    def set_quiet(self, is_quiet: bool) -> None:
        """Let alerts make no sound and no message of the desktop's, or let them."""
        self.settings.is_quiet = is_quiet
        self.quiet_changed.emit(is_quiet)
        for pane in self.panes:
            if isinstance(pane, AlertsPane):
                pane.show_quiet(is_quiet)

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

    def _repaint(self) -> None:
        theme.apply(self._app, self.theme_name, self.settings.updown)
        self.workspace.docks.restyle()
        self._redraw()

    def _redraw(self) -> None:
        self.workspace.say_empty()
        for pane in self.panes:
            self.frames.mark(pane)

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
