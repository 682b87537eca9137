"""The base of every view of one market."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QMouseEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.feed.feed import Feed
from core.feed.health import StreamState, Trouble
from core.market import Stream
from widgets import drag, messages
from widgets.controls.drop_preview import DropPreview, side_at
from widgets.controls.pane_header import PaneHeader
from widgets.controls.status_light import light_text
from widgets.frame import FrameClock
from widgets.overlay import StateOverlay

LOADING_S = 0.3  # a swap that is quicker shows no "loading": it would only flicker
UNSEEN_S = 2.0  # two beats: a pane that was not looked after for longer was hidden, or stood still
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
    interval_wanted = Signal(object, str)  # (this pane, the digit that was typed)
    step_wanted = Signal(object, int)  # (this pane, 1 for the next market, -1 for the one before)
    new_wanted = Signal(object, str, str, str)  # (this pane, side, kind or "", market or ""): dropped at an edge
    health_wanted = Signal()  # the light was pressed: what is the state of things?
    link_wanted = Signal(object)  # this pane's link group was pressed
    menu_wanted = Signal(object)  # this pane's menu was asked for
    dragged = Signal(object, object)  # (this pane, QMouseEvent): the header as a handle
    price_pressed = Signal(object, float)  # (this pane, price): the user wants it marked, or no more if it is
    price_menu_wanted = Signal(
        object, float, object
    )  # (this pane, price, where on the screen): what can be done at it?
    mark_dropped = Signal(object)  # (this pane): the user wants no price marked any more
    retry_wanted = Signal()
    demo_wanted = Signal()

    kind = ""  # how the desk file names it
    takes_market = True  # else it is of no single market
    is_list = False  # shows many markets: unlinked, what is chosen in it goes to the pane that was used last

    def __init__(self, feed: Feed, frames: FrameClock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.feed, self.frames, self.market = feed, frames, ""
        self.group = 0  # link group, 0 for none
        self.role = "both"  # in it: "both" leads and follows, "lead", "follow"
        self.is_demo = False
        self.is_broken = False  # could not be shown when it was tried last
        self.is_locked = False  # no new panes beside this one
        self.marked: float | None = None  # a price of the user's choice, shown in the whole link group
        self.lease = feed.lease(self.on_stream)
        self._bound_at = 0.0
        self._seen_at = -UNSEEN_S
        self._shown: tuple[object, ...] = ()
        self._named: tuple[object, ...] = ()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.header = PaneHeader(self)
        self.header.symbol_clicked.connect(lambda: self.picker_wanted.emit(self, ""))
        self.header.link_clicked.connect(lambda: self.link_wanted.emit(self))
        self.header.menu_clicked.connect(lambda: self.menu_wanted.emit(self))
        self.header.dragged.connect(self._on_drag)
        self.header.light.explain_wanted.connect(self.health_wanted)
        column.addWidget(self.header)
        self.content = QWidget(self)
        self.body = QVBoxLayout(self.content)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(0)
        column.addWidget(self.content, 1)
        self.overlay = StateOverlay(self.content)
        self.overlay.action.connect(self._act)
        self._preview = DropPreview(self)
        self.setAcceptDrops(True)
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
        if market != self.market and self.marked is not None:
            self.mark(None)
        self.market = market
        self._bound_at = self.feed.now()
        self.want()

    def mark(self, price: float | None) -> None:
        """Mark a price of the user's choice, or none; a subclass shows it."""
        self.marked = price

    def want(self) -> None:
        """Say the whole set again: the market or what the pane shows of it changed."""
        self.lease.want(self.streams(self.market) if self.market else ())
        self.frames.mark(self)

    def on_stream(self, stream: Stream) -> None:
        """One of the pane's streams moved; the socket's turn ends here."""
        if stream.market != self.market:
            return
        if not self.has_data() and self.feed.now() - self._bound_at < HURRY_S:
            self.frames.hurry(self)
        else:
            self.frames.mark(self)

    def frame(self) -> None:
        """Show everything: what the clock calls."""
        self._note_seen()
        self.refresh()
        if self.is_broken:
            self.is_broken, self._shown = False, ()
            self.overlay.show_state("none")
        self.show_state()

    def beat(self) -> None:
        """Once a second while visible: for ages and countdowns."""
        self._note_seen()
        if not self.is_broken:
            self.show_state()

    def broke(self) -> None:
        """Say that the newest state could not be shown, until it can: what is on the screen is old."""
        self.is_broken = True
        title, text = messages.broken()
        self.overlay.show_state("stale", title, text)
        self.header.light.show_state("error", f"{title}\n{text}")

    def _note_seen(self) -> None:
        """Note that the pane is in sight."""
        now = self.feed.now()
        if now - self._seen_at > UNSEEN_S:
            self.miss()
        self._seen_at = now

    def miss(self) -> None:
        """Some time passed unseen: what happened in it did not happen just now. A subclass makes good for it."""

    # How live it is.

    def state(self) -> tuple[StreamState, Stream | None]:
        """Return how live the pane is: the worst of its market's streams, and which that is."""
        now = self.feed.now()
        own = [s for s in self.streams(self.market) if s.market == self.market] if self.market else []
        found = {self.feed.health.state(s, now): s for s in own}
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
        self._lay_over(state, trouble, age_s, is_young)
        words = [light_text(light)]
        if self.overlay.kind != "none":
            words += [self.overlay.title, self.overlay.text]
        words.append(messages.more_about_connections())
        self.header.light.show_state(light, "\n".join(w for w in dict.fromkeys(words) if w))

    def _lay_over(self, state: StreamState, trouble: Trouble | None, age_s: float, is_young: bool) -> None:
        overlay, has_data = self.overlay, self.has_data()
        if not self.market:
            overlay.show_state("empty", messages.empty_title(), messages.empty_text())
        elif trouble is not None:
            title, text = messages.trouble(trouble, is_demo=self.is_demo)
            if has_data:  # one line over what is still worth reading
                title = " ".join(part for part in (f"{title}.", messages.countdown(trouble)) if part)
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
            if not self.takes_market:
                self.header.show_title(self.title())
                self.setAccessibleName(self.title())
                self.setWindowTitle(self.title())
                return
            name = ""
            if listed is not None:
                name = listed.korean_name if messages.is_korean() else listed.english_name
            self.header.show_market(self.market, name)
            self.setAccessibleName(f"{self.title() or self.kind} {self.market} {name}".strip())
            self.setWindowTitle(f"{self.market} {self.title()}".strip())

    # The desk around it.

    def join(self, group: int, role: str = "both") -> None:
        """Belong to a link group, 0 for none; see `role`."""
        self.group, self.role = group, role
        self.header.show_link(group, role)

    def _on_drag(self, event: QMouseEvent) -> None:
        if event.type() == QEvent.Type.MouseButtonPress:
            self.setFocus()
        self.dragged.emit(self, event)

    # Drops: in the middle a symbol changes this pane; at an edge, or for a new pane, the desk makes room.

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self.dragMoveEvent(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        side, text = self._drop(event)
        if text:
            self._preview.show_side(side, text)
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
        else:
            self._preview.hide()
            event.ignore()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._preview.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        self._preview.hide()
        side, text = self._drop(event)
        if not text:
            event.ignore()
            return
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        market, kind = drag.market_of(event.mimeData()), drag.kind_of(event.mimeData())
        if market and side == "middle":
            self.market_wanted.emit(market)
        else:
            self.new_wanted.emit(self, "tab" if side == "middle" else side, kind, market)

    def _drop(self, event: QDropEvent) -> tuple[str, str]:
        """Return where on the pane something is held and what a drop would do, "" for nothing."""
        market, kind = drag.market_of(event.mimeData()), drag.kind_of(event.mimeData())
        side = "middle" if self.is_locked else side_at(event.position(), QSizeF(self.size()))
        if not (market or kind) or (self.is_locked and not market):
            return side, ""
        if market and side == "middle":
            return side, QCoreApplication.translate("Pane", "Show {market}").format(
                market=market
            ) if self.takes_market else ""
        if side == "middle":
            return side, QCoreApplication.translate("Pane", "New pane, as a tab")
        return side, QCoreApplication.translate("Pane", "New chart of {market}").format(
            market=market
        ) if market else QCoreApplication.translate("Pane", "New pane")

    # Keys, saving, leaving.

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A letter typed anywhere on a pane starts the search for a symbol, a digit the choice of an interval."""
        text = event.text()
        is_plain = not event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        if event.key() == Qt.Key.Key_Escape and self.marked is not None:
            self.mark_dropped.emit(self)
        elif is_plain and step is not None:
            self.step_wanted.emit(self, step)
        elif is_plain and text.isdigit():
            self.interval_wanted.emit(self, text)
        elif is_plain and text and text.isprintable() and not text.isspace():
            self.picker_wanted.emit(self, text)
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.LanguageChange, QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._named = self._shown = ()
            self.frames.mark(self)
        if event.type() == QEvent.Type.LanguageChange:
            self.show_demo(self.is_demo)
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
