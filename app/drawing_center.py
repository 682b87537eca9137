"""Drawings at home: those on the disk, and which charts show them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.drawing_file import DrawingFile, encode
from app.kept_file import Saver
from app.main_window import MainWindow
from core.feed.feed import Feed


class DrawingCenter(QObject):
    """Runs as long as the program.

    Args:
        folder: of the files; those of the demo are in one of their own.
        write: does a write to the disk in its turn, in a thread, and tells the user if it fails.
    """

    changed = Signal(str)  # what is drawn on this market, "" for all of them

    def __init__(self, window: MainWindow, feed: Feed, folder: Path, write: Callable[..., Future[None]]) -> None:
        super().__init__(window)
        self._window, self._feed, self._folder = window, feed, folder
        self.saver = Saver(lambda: encode(feed.drawings.keep()), write)

    def open(self, *, is_demo: bool) -> None:
        """Have the drawings on the exchange that speaks from now on."""
        path = self._folder / ("drawings-demo.json" if is_demo else "drawings.json")
        if self.saver.file is not None and self.saver.file.path == path:
            return
        self.close()
        file = DrawingFile(path)
        kept = file.read()
        if file.kept_aside is not None:
            text = self.tr("Some drawings could not be read. The file is kept as {file}.")
            self._window.notify(text.format(file=file.kept_aside.name))
        if file.is_lost:
            text = self.tr("The drawings can be neither read nor moved ({file}). New ones last until the program ends.")
            self._window.notify(text.format(file=file.path))
        self._feed.drawings.load(kept)
        self.saver.open(file)
        self._feed.drawings.on_change = self._on_change
        self.changed.emit("")

    def _on_change(self, market: str) -> None:
        self.saver.soon()
        self.changed.emit(market)

    def close(self) -> None:
        """Keep what is to be kept, and hear of no change any more."""
        self.saver.close()
        self._feed.drawings.on_change = lambda _: None
