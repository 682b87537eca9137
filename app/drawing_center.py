"""Drawings at home: those on the disk, and which charts show them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.drawing_file import DrawingFile, encode
from app.main_window import MainWindow
from core.feed.feed import Feed

SAVE_S = 0.3  # after a change


class DrawingCenter(QObject):
    """Runs as long as the program.

    Args:
        folder: of the files; those of the demo are in one of their own.
        write: does a write to the disk in its turn, in a thread, and tells the user if it fails.
    """

    changed = Signal(str)  # what is drawn on this market, "" for all of them

    def __init__(self, window: MainWindow, feed: Feed, folder: Path, write: Callable[..., Future[None]]) -> None:
        super().__init__(window)
        self._window, self._feed, self._folder, self._write = window, feed, folder, write
        self._file: DrawingFile | None = None
        self._kept = b""
        self._saving: asyncio.TimerHandle | None = None

    def open(self, *, is_demo: bool) -> None:
        """Have the drawings on the exchange that speaks from now on."""
        path = self._folder / ("drawings-demo.json" if is_demo else "drawings.json")
        if self._file is not None and self._file.path == path:
            return
        self.close()
        file = self._file = DrawingFile(path)
        kept = file.read()
        if file.kept_aside is not None:
            text = self.tr("Some drawings could not be read. The file is kept as {file}.")
            self._window.notify(text.format(file=file.kept_aside.name))
        if file.is_lost:
            text = self.tr("The drawings can be neither read nor moved ({file}). New ones last until the program ends.")
            self._window.notify(text.format(file=file.path))
        self._feed.drawings.load(kept)
        self._kept = encode(self._feed.drawings.keep())
        self._feed.drawings.on_change = self._on_change
        self.changed.emit("")

    def _on_change(self, market: str) -> None:
        if self._saving is None:
            self._saving = asyncio.get_running_loop().call_later(SAVE_S, self._save)
        self.changed.emit(market)

    def _save(self) -> None:
        self._saving = None
        data, file = encode(self._feed.drawings.keep()), self._file
        if file is None or file.is_lost or data == self._kept:
            return
        before, self._kept = self._kept, data

        def look(done: Future[None]) -> None:
            if done.exception() is not None and self._kept is data:
                self._kept = before  # the disk did not take it: once more with the next change

        self._write(file.write, data).add_done_callback(look)

    def close(self) -> None:
        """Keep what is to be kept, and hear of no change any more."""
        if self._saving is not None:
            self._saving.cancel()
        self._save()
        self._file = None
        self._feed.drawings.on_change = lambda _: None
