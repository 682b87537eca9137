"""Strategies at work: those on the disk, those that run, and whoever is to hear of their signals."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.main_window import MainWindow
from app.strategy_file import StrategyFile, encode
from core.feed.feed import Feed
from core.feed.strategist import Strategist
from core.strategy.base import Signal as Said

SAVE_S = 0.3  # after a change
SEEN_S = 60.0  # and if no strategy changes: their signals do

log = logging.getLogger(__name__)


class StrategyCenter(QObject):
    """Runs as long as the program: no pane has to be open.

    Args:
        folder: of the files; the demo's strategies are in one of their own.
        write: does a write to the disk in its turn, in a thread, and tells the user if it fails.
    """

    changed = Signal()  # a strategy, or what they said

    def __init__(self, window: MainWindow, feed: Feed, folder: Path, write: Callable[..., Future[None]]) -> None:
        super().__init__(window)
        self._window, self._feed, self._folder, self._write = window, feed, folder, write
        self._file: StrategyFile | None = None
        self._kept = b""
        self._saving: asyncio.TimerHandle | None = None
        self.strategist: Strategist | None = None

    def open(self, now_ms: Callable[[], int], *, is_demo: bool) -> None:
        """Watch the exchange that speaks from now on, with the strategies that are its own."""
        self._stop()
        self._file = StrategyFile(self._folder / ("strategies-demo.json" if is_demo else "strategies.json"))
        strategies = self._feed.strategies
        kept = self._file.read()
        if self._file.kept_aside is not None:
            text = self.tr("Some strategies could not be read. The file is kept as {file}.")
            self._window.notify(text.format(file=self._file.kept_aside.name))
        if self._file.is_lost:
            text = self.tr("The strategies can be neither read nor moved ({file}). New ones end with the program.")
            self._window.notify(text.format(file=self._file.path))
        strategies.load(kept)
        self._kept = encode(strategies.keep())
        self.strategist = Strategist(self._feed, now_ms, self._on_signal)
        strategies.on_change = self._on_change
        self._save_in(SEEN_S)
        self.changed.emit()

    def _on_change(self) -> None:
        if self.strategist is not None:
            self.strategist.take()
        self._save_in(SAVE_S)
        self.changed.emit()

    def _on_signal(self, said: Said) -> None:
        log.info("strategy %s: %s %s %+d %g", said.strategy, said.market, said.kind, said.side, said.value)
        self.changed.emit()

    def _save_in(self, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        if self._saving is not None and self._saving.when() > loop.time() + seconds:
            self._saving.cancel()
            self._saving = None
        if self._saving is None:
            self._saving = loop.call_later(seconds, self._save)

    def _save(self) -> None:
        self._saving = None
        self._write_now()
        self._save_in(SEEN_S)

    def _write_now(self) -> None:
        data, file = encode(self._feed.strategies.keep()), self._file
        if file is None or file.is_lost or data == self._kept:
            return
        before, self._kept = self._kept, data

        def look(done: Future[None]) -> None:
            if done.exception() is not None and self._kept is data:
                self._kept = before  # the disk did not take it: once more the next time

        self._write(file.write, data).add_done_callback(look)

    def _stop(self) -> None:
        if self._saving is not None:
            self._saving.cancel()
            self._saving = None
        self._write_now()  # also the newest signals
        self._feed.strategies.on_change = lambda: None
        if self.strategist is not None:
            self.strategist.close()
            self.strategist = None

    def close(self) -> None:
        """Keep what is to be kept, and watch nothing any more."""
        self._stop()
        self._file = None
