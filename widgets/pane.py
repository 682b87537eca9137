"""The base of every view of one market."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.feed.feed import Feed
from core.feed.health import StreamState
from core.market import Stream
from widgets.frame import FrameClock


class Pane(QWidget):
    """One market, shown. Subclasses give `streams(market)` and `refresh()`.

    One lease for life, pointed elsewhere by `bind`.

    `body` is the layout the subclass fills. Everything a pane keeps between runs goes through `save` and `restore`.
    """

    market_wanted = Signal(str)  # the user asked this pane for another market

    kind = ""  # how the desk file names it

    def __init__(self, feed: Feed, frames: FrameClock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.feed, self.frames, self.market = feed, frames, ""
        self.lease = feed.lease(self.on_stream)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(0)
        frames.add(self)

    def streams(self, market: str) -> set[Stream]:
        """Return all that this pane wants of `market`."""
        raise NotImplementedError

    def refresh(self) -> None:
        """Show the newest state. Called at most once a frame, and only while the pane can be seen."""
        raise NotImplementedError

    def beat(self) -> None:
        """Once a second while visible: for ages and countdowns."""

    def bind(self, market: str) -> None:
        """Show `market`: the cache on the next frame, live once its stream runs."""
        self.market = market
        self.want()

    def want(self) -> None:
        """Say the whole set again: the market or what the pane shows of it changed."""
        self.lease.want(self.streams(self.market) if self.market else ())
        self.frames.mark(self)

    def on_stream(self, stream: Stream) -> None:
        """One of the pane's streams moved; the socket's turn ends here."""
        if stream.market == self.market:
            self.frames.mark(self)

    def state_of(self, stream: Stream) -> StreamState:
        """Return how live `stream` is."""
        return self.feed.health.state(stream, self.feed.now())

    def save(self) -> dict[str, Any]:
        """Return all state of the pane, as plain values."""
        return {"market": self.market}

    def restore(self, state: dict[str, Any]) -> None:
        """Take back what `save` gave; what is missing or strange keeps its default."""

    def release(self) -> None:
        """Give the lease back; the pane shows nothing any more."""
        self.lease.close()
        self.frames.remove(self)

    def showEvent(self, event: QShowEvent) -> None:
        self.frames.mark(self)  # what came while it was hidden
        super().showEvent(event)
