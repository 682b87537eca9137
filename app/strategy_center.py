"""Strategies at work: those on the disk, those that run, and whoever is to hear of their signals."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.kept_file import Saver
from app.main_window import MainWindow
from app.strategy_file import StrategyFile, encode
from core.feed.feed import Feed
from core.feed.strategist import Strategist
from core.strategy.base import Signal as Said

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
        self._window, self._feed, self._folder = window, feed, folder
        self.saver = Saver(lambda: encode(feed.strategies.keep()), write)
        self.strategist: Strategist | None = None

    def open(self, now_ms: Callable[[], int], *, is_demo: bool) -> None:
        """Watch the exchange that speaks from now on, with the strategies that are its own."""
        self._stop()
        file = StrategyFile(self._folder / ("strategies-demo.json" if is_demo else "strategies.json"))
        strategies = self._feed.strategies
        kept = file.read()
        if file.kept_aside is not None:
            text = self.tr("Some strategies could not be read. The file is kept as {file}.")
            self._window.notify(text.format(file=file.kept_aside.name))
        if file.is_lost:
            text = self.tr("The strategies can be neither read nor moved ({file}). New ones end with the program.")
            self._window.notify(text.format(file=file.path))
        strategies.load(kept)
        self.saver.open(file)
        self.strategist = Strategist(self._feed, now_ms, self._on_signal)
        strategies.on_change = self._on_change
        self.changed.emit()

    def _on_change(self) -> None:
        if self.strategist is not None:
            self.strategist.take()
        self.saver.soon()
        self.changed.emit()

    def _on_signal(self, said: Said) -> None:
        log.info("strategy %s: %s %s %+d %g", said.strategy, said.market, said.kind, said.side, said.value)
        self.changed.emit()

    def _stop(self) -> None:
        self.saver.close()  # also the newest signals
        self._feed.strategies.on_change = lambda: None
        if self.strategist is not None:
            self.strategist.close()
            self.strategist = None

    def close(self) -> None:
        """Keep what is to be kept, and watch nothing any more."""
        self._stop()
