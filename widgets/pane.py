"""The base of every view of one market."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.feed.feed import Feed
from core.feed.health import StreamState, Trouble
from core.market import Stream
from widgets import messages
from widgets.controls.pane_header import PaneHeader
from widgets.frame import FrameClock
from widgets.overlay import StateOverlay

LOADING_S = 0.3  # a swap that is quicker shows no "loading": it would only flicker
HURRY_S = 1.0  # after a symbol change, while there is nothing to see yet, a pane waits for no frame

# From the worst to the best: a pane is as live as the worst of its streams.
_WORST_FIRST = (StreamState.UNKNOWN, StreamState.STALE, StreamState.PENDING, StreamState.IDLE, StreamState.LIVE)
_LIGHTS = {
    StreamState.UNKNOWN: "error",
    StreamState.STALE: "stale",
    StreamState.PENDING: "pending",
    StreamState.IDLE: "idle",
    StreamState.LIVE: "live",
}


class Pane(QWidget):
    """One market, shown. Subclasses give `streams(market)` and `refresh()`.

    One lease for life, pointed elsewhere by `bind`. `body` is the layout below the header that the subclass fills.
    All that a pane keeps between runs goes through `save` and `restore`.
    """

    market_wanted = Signal(str)  # the user asked this pane for another market
    picker_wanted = Signal(object, str)  # (this pane, what was typed so far)
    retry_wanted = Signal()
    demo_wanted = Signal()

    kind = ""  # how the desk file names it

    def __init__(self, feed: Feed, frames: FrameClock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.feed, self.frames, self.market = feed, frames, ""
        self.is_demo = False
        self.lease = feed.lease(self.on_stream)
        self._bound_at = 0.0
        self._shown: tuple[object, ...] = ()
        self._named: tuple[object, ...] = ()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.header = PaneHeader(self)
        self.header.symbol_clicked.connect(lambda: self.picker_wanted.emit(self, ""))
        column.addWidget(self.header)
        self.content = QWidget(self)
        self.body = QVBoxLayout(self.content)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(0)
        column.addWidget(self.content, 1)
        self.overlay = StateOverlay(self.content)
        self.overlay.action.connect(self._act)
        frames.add(self)

    # What a subclass gives.

    def streams(self, market: str) -> set[Stream]:
        """Return all that this pane wants of `market`."""
        raise NotImplementedError

    def refresh(self) -> None:
        """Show the newest state. Called at most once a frame, and only while the pane can be seen."""
        raise NotImplementedError

    def has_data(self) -> bool:
        """Tell whether there is something of this market to see, however old."""
        return False

    def title(self) -> str:
        """Return what the pane is called beside its market, translated; empty for the chart."""
        return ""

    def show_demo(self, is_demo: bool) -> None:
        """Say on the pane that its prices are not the market's, or that they are."""
        self.is_demo = is_demo
        self.header.show_badge(QCoreApplication.translate("Pane", "DEMO") if is_demo else "")
        self._named = ()
        self.frames.mark(self)

    # What happens to it.

    def bind(self, market: str) -> None:
        """Show `market`: the cache on the next frame, live once its stream runs."""
        self.market = market
        self._bound_at = self.feed.now()
        self.want()

    def want(self) -> None:
        """Say the whole set again: the market or what the pane shows of it changed."""
        self.lease.want(self.streams(self.market) if self.market else ())
        self.frames.mark(self)

    def on_stream(self, stream: Stream) -> None:
        """One of the pane's streams moved; the socket's turn ends here."""
        if stream.market != self.market:
            return
        if self.feed.now() - self._bound_at < HURRY_S and not self.has_data():
            self.frames.hurry(self)
        else:
            self.frames.mark(self)

    def frame(self) -> None:
        """Show everything: what the clock calls."""
        self.refresh()
        self.show_state()

    def beat(self) -> None:
        """Once a second while visible: for ages and countdowns."""
        self.show_state()

    # How live it is.

    def state(self) -> tuple[StreamState, Stream | None]:
        """Return how live the pane is: the worst of its streams, and which that is."""
        now = self.feed.now()
        found = {self.feed.health.state(s, now): s for s in self.streams(self.market)} if self.market else {}
        for state in _WORST_FIRST:
            if state in found:
                return state, found[state]
        return StreamState.IDLE, None

    def state_of(self, stream: Stream) -> StreamState:
        """Return how live `stream` is."""
        return self.feed.health.state(stream, self.feed.now())

    def show_state(self) -> None:
        """Show name, light and, where the pane is not live, what that means and what to do."""
        self._show_name()
        now = self.feed.now()
        state, stream = self.state()
        trouble = self.feed.health.trouble(stream, now) if stream and state is not StreamState.LIVE else None
        light = "offline" if trouble else _LIGHTS[state]
        is_young = now - self._bound_at < LOADING_S
        if is_young and self.market and state is not StreamState.LIVE:
            self.frames.mark(self)  # nothing else may come that says so once it has taken long
        age_s = self.feed.health.age_s(stream, now) if stream and state is StreamState.STALE else -1.0
        shown = (light, trouble and (trouble.cause, round(trouble.retry_in_s)), int(age_s), is_young, self.has_data())
        if shown == self._shown:
            return
        self._shown = shown
        self.header.light.show_state(light, messages.light(light))
        self._lay_over(state, trouble, age_s, is_young)

    def _lay_over(self, state: StreamState, trouble: Trouble | None, age_s: float, is_young: bool) -> None:
        overlay, has_data = self.overlay, self.has_data()
        if not self.market:
            overlay.show_state("empty", messages.empty_title(), messages.empty_text())
        elif trouble is not None:
            title, text = messages.trouble(trouble, is_demo=self.is_demo)
            overlay.show_state("stale" if has_data else "offline", title, text, messages.actions(self.is_demo))
        elif state is StreamState.UNKNOWN:
            overlay.show_state("unknown", *messages.unknown(self.market))
        elif state is StreamState.STALE:
            overlay.show_state("stale", messages.no_data_for(age_s))
        elif not has_data and not is_young:
            overlay.show_state("loading", messages.loading())
        elif state is not StreamState.LIVE and not is_young:
            overlay.show_state("stale", messages.waiting())
        else:
            overlay.show_state("none")

    def _show_name(self) -> None:
        listed = self.feed.store.markets.get(self.market)
        named = (self.market, listed, messages.is_korean(), self.is_demo)
        if named != self._named:
            self._named = named
            name = ""
            if listed is not None:
                name = listed.korean_name if messages.is_korean() else listed.english_name
            self.header.show_market(self.market, name)
            self.setAccessibleName(f"{self.title() or self.kind} {self.market} {name}".strip())

    # Keys, saving, leaving.

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A letter typed anywhere on a pane starts the search for a symbol."""
        text = event.text()
        is_plain = not event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier
        if is_plain and text and text.isprintable() and not text.isspace() and not text.isdigit():
            self.picker_wanted.emit(self, text)
            return
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.LanguageChange, QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._named = self._shown = ()
            self.frames.mark(self)
        super().changeEvent(event)

    def _act(self, action: str) -> None:
        if action == "retry":
            self.retry_wanted.emit()
        elif action == "demo":
            self.demo_wanted.emit()

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
