"""The history on the disk: one file an exchange, and what the user is told when it cannot be used."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject

from app.main_window import MainWindow
from core.feed.archive import Archive, Trouble
from core.feed.feed import Feed
from core.feed.recall import Recall

PATTERN = "history-*.db"


class History(QObject):
    """Candles and trades of the markets that were looked at, of the exchange that speaks.

    Args:
        folder: of the files.
        most_mib: of one file.
    """

    def __init__(self, window: MainWindow, feed: Feed, folder: Path, most_mib: int) -> None:
        super().__init__(window)
        self._window, self._feed = window, feed
        self._folder, self._most_mib = folder, most_mib
        self.name = ""  # of the exchange; "": nothing is kept
        self.recall: Recall | None = None

    def open(self, name: str, now_ms: Callable[[], int]) -> None:
        """Show and keep the history of the exchange `name` from now on; "": of none."""
        self.name = name
        if name:
            path = self._folder / PATTERN.replace("*", name)
            archive = Archive(path, now_ms, self._most_mib << 20, self._say)
            self.recall = Recall(self._feed, archive, now_ms)

    def set_most(self, mib: int) -> None:
        """Let the file take so much of the disk from now on; what is too much goes with the next write."""
        self._most_mib = mib
        if self.recall is not None:
            self.recall.archive.most_bytes = mib << 20

    async def close(self) -> None:
        """Keep what there is, and let go of the file."""
        recall, self.recall, self.name = self.recall, None, ""
        if recall is not None:
            await recall.close()

    def _say(self, trouble: Trouble) -> None:
        self._window.notify(self._text(trouble))

    def _text(self, trouble: Trouble) -> str:
        if trouble.aside is not None:
            text = (
                self.tr("The kept history was made by a newer Hoga. It stands aside as {file}; a new one is begun.")
                if trouble.cause == "newer"
                else self.tr("The kept history is damaged. It stands aside as {file}; the exchange is asked again.")
            )
            return text.format(file=trouble.aside.name)
        if trouble.cause == "part":
            return self.tr("Part of the kept history was damaged; the exchange is asked for it again.")
        if trouble.cause == "locked":
            text = self.tr("Another program holds the kept history ({file}). Charts go on without it.")
        elif trouble.cause == "full":
            text = self.tr("The disk is full: candles and trades are not kept in {file}. Charts go on.")
        elif trouble.cause == "unwritable":
            text = self.tr("Candles and trades cannot be kept in {file}. Is the folder read-only? Charts go on.")
        else:
            text = self.tr("The kept history can be neither used nor moved ({file}). Charts go on without it.")
        return text.format(file=trouble.path)
