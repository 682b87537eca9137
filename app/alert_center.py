"""Alerts at work: rules on the disk, rules that watch, and all the ways in which one that fires is told."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from app.alert_file import AlertFile, encode
from app.kept_file import Saver
from app.main_window import ICON, MainWindow
from app.notifier import WAITING, Notifier
from app.secrets import Secrets, in_thread
from app.settings import Settings
from core.feed.alarms import Alarms
from core.feed.feed import Feed
from core.state.alerts import Fired
from widgets import messages
from widgets.controls.toast import Toasts

WEBHOOK = "webhook"  # its name in the keyring

log = logging.getLogger(__name__)


class AlertCenter(QObject):
    """Runs as long as the program: no pane has to be open.

    Args:
        folder: of the files; the demo's rules are in one of their own.
        write: does a write to the disk in its turn, in a thread, and tells the user if it fails.
    """

    jump_wanted = Signal(object)  # a Fired whose moment the user wants to see
    changed = Signal()  # a rule, or what they said

    def __init__(
        self, window: MainWindow, feed: Feed, settings: Settings, folder: Path, write: Callable[..., Future[None]]
    ) -> None:
        super().__init__(window)
        self._window, self._feed, self._settings = window, feed, settings
        self._folder = folder
        self.saver = Saver(lambda: encode(feed.alerts.keep()), write)
        self._posts_failed = 0
        self._texts: deque[str] = deque(maxlen=WAITING)  # for the webhook, while the keyring is asked for its address
        self._asking: asyncio.Task[None] | None = None
        self._alarms: Alarms | None = None
        self._is_demo = False
        self._last: Fired | None = None
        self.secrets = Secrets()
        self.notifier = Notifier(QIcon(str(ICON)), self._on_message_pressed, self._on_post)
        self.toasts = Toasts(window)
        self.toasts.pressed.connect(self.jump_wanted)

    def open(self, now_ms: Callable[[], int], *, is_demo: bool) -> None:
        """Watch the exchange that speaks from now on, with the rules that are its own."""
        self._stop()
        self._is_demo = is_demo
        file = AlertFile(self._folder / ("alerts-demo.json" if is_demo else "alerts.json"))
        alerts = self._feed.alerts
        kept = file.read()
        if file.kept_aside is not None:
            text = self.tr("The alerts could not be read. They are kept as {file}; there are none now.")
            self._window.notify(text.format(file=file.kept_aside.name))
        if file.is_lost:
            text = self.tr("The alerts can be neither read nor moved ({file}). New ones last until the program ends.")
            self._window.notify(text.format(file=file.path))
        alerts.on_change = lambda: None
        alerts.load(kept)
        self.saver.open(file)
        self._alarms = Alarms(self._feed, now_ms, self._on_fired)
        alerts.on_change = self._on_change

    def _on_change(self) -> None:
        if self._alarms is not None:
            self._alarms.take_rules()
        self.saver.soon()
        self.changed.emit()

    def _stop(self) -> None:
        self.saver.close()  # also what the rules saw last
        self._feed.alerts.on_change = lambda: None
        if self._alarms is not None:
            self._alarms.close()
            self._alarms = None

    async def close(self) -> None:
        """Keep what is to be kept, and tell nothing any more."""
        self._stop()
        self.toasts.clear()
        self._texts.clear()
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.gather(self._asking, return_exceptions=True)
        await self.notifier.close()

    # Telling.

    def _on_fired(self, fired: Fired) -> None:
        self._last = fired
        listed = self._feed.store.markets.get(fired.market)
        title, text = messages.fired(fired, listed)
        if self._is_demo:
            title = self.tr("DEMO, not market prices") + " · " + title
        log.info("alert %s %s", fired.market or fired.rule.metric, fired.kind or fired.rule.metric)
        rule = fired.rule
        if rule.is_posted:
            self._post(f"{title}: {text}")
        self.toasts.show_toast(title, text, fired)
        if self._settings.is_quiet:
            return
        if rule.is_loud:
            self.notifier.sound()
        if self._window.isMinimized() or not self._window.isActiveWindow():
            QApplication.alert(self._window)
            self.notifier.show(title, text)

    def _post(self, text: str) -> None:
        """Send a text to the webhook, if there is one. The keyring that knows may ask the user, so nobody waits."""
        self._texts.append(text)
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._post_all(), name="webhook address")

    async def _post_all(self) -> None:
        while self._texts:
            url = await in_thread(lambda: self.secrets.get(WEBHOOK))
            texts = list(self._texts)
            self._texts.clear()
            for text in texts if url else ():
                self.notifier.post(url, text)

    def sound(self) -> None:
        """Make a sound for something that a pane shows, unless the user wants quiet."""
        if not self._settings.is_quiet:
            self.notifier.sound()

    def _on_post(self, why: str) -> None:
        """A webhook took an alert, or `why` it did not: the first time it does not, the user is told."""
        self._posts_failed = self._posts_failed + 1 if why else 0
        if self._posts_failed == 1:
            text = self.tr("The webhook did not take an alert ({why}). Its address is in the settings, under Alerts.")
            self._window.notify(text.format(why=why))

    def _on_message_pressed(self) -> None:
        self._window.setWindowState(self._window.windowState() & ~Qt.WindowState.WindowMinimized)
        self._window.show()
        self._window.raise_()
        self._window.activateWindow()
        if self._last is not None:
            self.jump_wanted.emit(self._last)
