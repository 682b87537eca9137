"""The panes of the desk that is open: where they stand, how they are linked, and what of them is kept."""

from __future__ import annotations

import logging
from collections import deque
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal
from PySide6.QtWidgets import QApplication, QFrame, QMainWindow, QWidget

from app.desk_files import MOST_PANES, DeskRecord, PaneRecord
from app.docks import Docks, Place
from app.links import Links
from app.panes import PANES
from app.templates import Template
from core.feed.feed import Feed
from widgets.chart.pane import ChartPane
from widgets.frame import FrameClock
from widgets.overlay import StateOverlay
from widgets.pane import Pane

_MOST_CLOSED = 20  # panes whose closing can be undone

log = logging.getLogger(__name__)


class _Closed(NamedTuple):
    """A pane that was closed, and where it stood."""

    record: PaneRecord
    place: Place
    shape: str  # of the docks that stayed


class Workspace(QObject):
    """One desk at a time in one window and those torn off from it.

    Whatever changes is in `record()`; whoever keeps desks compares.
    """

    pane_added = Signal(object)  # a Pane, bound and linked
    pane_gone = Signal(object)  # a Pane that is about to be taken away
    active_changed = Signal(object)  # the Pane that commands go to, or None
    full = Signal()  # no room for one more pane

    def __init__(self, window: QMainWindow, feed: Feed, frames: FrameClock) -> None:
        super().__init__(window)
        self._feed, self._frames = feed, frames
        self.docks = Docks(window)
        self.docks.closed.connect(self._on_closed)
        self.docks.dropped.connect(self._on_dropped)
        self._nothing = StateOverlay(self.docks.root)
        self.links = Links(frames)
        self.panes: dict[str, Pane] = {}  # by name; at most MOST_PANES
        self.active: Pane | None = None
        self.is_locked = False
        self._is_closed = False
        self._last_of_market: Pane | None = None  # which an unlinked list of markets changes
        self._closed: deque[_Closed] = deque(maxlen=_MOST_CLOSED)
        self._strange: list[PaneRecord] = []  # of kinds that this program does not know: kept in the file
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self._app = app
        app.focusChanged.connect(self._on_focus)

    # A desk.

    def open(self, record: DeskRecord) -> None:
        """Show a desk as it was kept."""
        self.clear()
        self.links.markets = {g: m for g, m in record.groups.items() if g > 0 and m}
        for kept in record.panes:
            if kept.kind in PANES:
                self._make(kept)
            else:
                log.warning("a pane of the unknown kind %r is not shown", kept.kind)
                self._strange.append(kept)
        with self.docks.rearranging():
            for name, pane in self.panes.items():
                self.docks.add(name, pane, pane.windowTitle())
            if record.layout and self.panes and not self.docks.restore(record.layout):
                log.warning("the places of the panes could not be read; they stand side by side")
        self.lock(record.is_locked)
        self._start()

    def open_template(self, template: Template) -> None:
        """Show a desk made from a template."""
        self.clear()
        self.links.markets = dict(template.groups)
        names: list[str] = []
        with self.docks.rearranging():
            for place in template.places:
                pane = self._make(PaneRecord(self._free_name(place.kind), place.kind, place.group))
                name = pane.objectName()
                beside = names[place.beside] if place.beside >= 0 else ""
                self.docks.add(name, pane, pane.windowTitle(), place.side, beside)
                names.append(name)
        for index, shares in template.shares.items():
            self.docks.set_shares(names[index], shares)
        self.lock(False)
        self._start()

    def _start(self) -> None:
        self._frames.flush(*self.panes.values())
        first = next(iter(self.panes.values()), None)
        if first is not None and not self._is_covered():
            first.setFocus()  # else Space would press whatever has the keyboard instead
        self._set_active(first)

    def _is_covered(self) -> bool:
        """Tell whether what lies over the desk, such as the tour, has the keyboard."""
        widget = self._app.focusWidget()
        while widget is not None and widget.parentWidget() is not self.parent():
            widget = widget.parentWidget()
        return isinstance(widget, QFrame) and widget is not self.docks.root

    def record(self) -> DeskRecord:
        """Return the desk as it is now. Equal desks give equal records."""
        panes = [PaneRecord(n, p.kind, p.group, p.role, p.save()) for n, p in self.panes.items()]  # type: ignore[arg-type]
        used = {p.group for p in self.panes.values()}
        return DeskRecord(
            panes=panes + self._strange,
            groups={g: m for g, m in sorted(self.links.markets.items()) if g in used},
            layout=self.docks.save(),
            is_locked=self.is_locked,
        )

    def clear(self) -> None:
        """Take every pane away; their streams linger in case they come back."""
        self._set_active(None)
        self._last_of_market = None
        self._closed.clear()
        self._strange.clear()
        with self.docks.rearranging():
            for pane in reversed(list(self.panes.values())):  # the last to come is the quickest to take out
                self._drop(pane)
        self.links.markets = {}

    def close(self) -> None:
        """Let go of everything: the program ends. Again does nothing."""
        if self._is_closed:
            return
        self._is_closed = True
        self._app.focusChanged.disconnect(self._on_focus)
        self.clear()
        self.docks.close()

    # Panes.

    def add(
        self, kind: str, market: str = "", group: int = 0, side: str = "right", beside: Pane | None = None
    ) -> Pane | None:
        """Open a pane, None if the desk is full.

        Args:
            market: "" for the group's, or else that of `beside` or of the pane used last.
            group: its link group.
            side: "left", "right", "top", "bottom" of `beside` or, where that is None, of the desk; "tab" on `beside`.
        """
        if self._is_full():
            return None
        if not market and not group:
            source = beside if beside is not None and beside.market else self._last_of_market
            market = source.market if source is not None else ""
        pane = self._make(PaneRecord(self._free_name(kind), kind, group, state={"market": market}))
        self._place(pane, side, beside.objectName() if beside is not None else "")
        return pane

    def _is_full(self) -> bool:
        """Tell whether there is no room for one more pane, and say so."""
        if len(self.panes) + len(self._strange) < MOST_PANES:
            return False
        self.full.emit()
        return True

    def _place(self, pane: Pane, side: str, beside: str) -> None:
        self.docks.add(pane.objectName(), pane, pane.windowTitle(), side, beside)
        pane.is_locked = self.is_locked
        self._frames.flush(pane)
        pane.setFocus()
        self._set_active(pane)

    def duplicate(self, pane: Pane, side: str = "right") -> Pane | None:
        """Open a second pane as this one is, beside it."""
        if self._is_full():
            return None
        made = self._make(PaneRecord(self._free_name(pane.kind), pane.kind, pane.group, pane.role, pane.save()))  # type: ignore[arg-type]
        self._place(made, side, pane.objectName())
        return made

    def close_pane(self, pane: Pane) -> None:
        """Close a pane; `reopen` brings it back."""
        if self.is_locked:
            return
        name = pane.objectName()
        record = PaneRecord(name, pane.kind, pane.group, pane.role, pane.save())  # type: ignore[arg-type]
        place = self.docks.place_of(name)
        self._drop(pane)
        self._closed.append(_Closed(record, place, self.docks.shape()))
        if self.active is None and self.panes:
            near = self.panes.get(place.beside) or next(iter(self.panes.values()))
            near.setFocus()
            self._set_active(near)

    @property
    def chart(self) -> ChartPane | None:
        """The chart in use: the active pane, or the one chart that is linked with it."""
        active = self.active
        if active is None or isinstance(active, ChartPane):
            return active
        charts = [pane for pane in self.links.members(active.group) if isinstance(pane, ChartPane)]
        return charts[0] if len(charts) == 1 else None

    @property
    def can_reopen(self) -> bool:
        return bool(self._closed)

    def reopen(self) -> Pane | None:
        """Undo the last closing: the pane as it was, where it was."""
        if not self._closed or self._is_full():
            return None
        record, place, shape = self._closed.pop()
        is_same = shape == self.docks.shape()
        pane = self._make(record)
        self._place(pane, place.side, place.beside if place.beside in self.panes else "")
        if is_same:
            self.docks.restore(place.layout)  # nothing else came, went or moved since: every size is right again
        return pane

    def lock(self, is_locked: bool) -> None:
        """Keep the panes in their places."""
        self.is_locked = is_locked
        self.docks.lock(is_locked)
        for pane in self.panes.values():
            pane.is_locked = is_locked

    def choose(self, pane: Pane, market: str) -> None:
        """The user chose `market` in `pane`. A list of markets in no group changes the pane that was used last."""
        target = pane
        if pane.is_list and not pane.group:
            if self._last_of_market is None:
                target = next((p for p in self.panes.values() if not p.is_list and p.takes_market), pane)
            else:
                target = self._last_of_market
            if target is not pane:
                pane.bind(market)
        self.links.choose(target, market)

    def step_focus(self, by: int) -> None:
        """Go to the next pane, or the one before, in the order of the desk."""
        panes = [p for p in self.panes.values() if p.isVisible()]
        if not panes:
            return
        at = panes.index(self.active) if self.active in panes else -1
        panes[(at + by) % len(panes)].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _make(self, kept: PaneRecord) -> Pane:
        pane = PANES[kept.kind](self._feed, self._frames)
        pane.setObjectName(kept.name)
        self.panes[kept.name] = pane
        self.links.add(pane)
        pane.market_wanted.connect(lambda market, p=pane: self.choose(p, market))
        pane.new_wanted.connect(self._on_new)
        pane.dragged.connect(lambda p, event: self.docks.drag(p.objectName(), event))
        pane.windowTitleChanged.connect(lambda title, name=kept.name: self.docks.set_title(name, title))
        try:
            pane.restore(kept.state)
        except Exception:  # whatever is wrong with one pane must not cost the desk
            log.exception("%s could not take back its state; it begins with the defaults", kept.name)
        market = str(kept.state.get("market") or "")
        if kept.group and kept.role != "lead":
            market = self.links.markets.get(kept.group, market)
        if market and pane.takes_market:
            pane.bind(market)
        else:
            pane.want()
        self.links.join(pane, kept.group if 0 <= kept.group <= 9 else 0, kept.role)
        pane.is_locked = self.is_locked
        self.pane_added.emit(pane)
        pane.show_state()  # names it, before its dock is
        return pane

    def _drop(self, pane: Pane) -> None:
        """Take a pane away for good."""
        name = pane.objectName()
        self.pane_gone.emit(pane)
        self.links.remove(pane)
        del self.panes[name]
        if self._last_of_market is pane:
            self._last_of_market = None
        if self.active is pane:
            self._set_active(None)
        pane.release()
        if name in self.docks:
            self.docks.remove(name)
        pane.setParent(None)
        pane.deleteLater()

    def _free_name(self, kind: str) -> str:
        taken = self.panes.keys() | {p.name for p in self._strange} | {c.record.name for c in self._closed}
        number = 1
        while f"{kind}-{number}" in taken:
            number += 1
        return f"{kind}-{number}"

    def _on_new(self, beside: Pane, side: str, kind: str, market: str) -> None:
        """Something was dropped at an edge of `beside`: a kind of pane from the palette, or a symbol for a chart."""
        if kind and kind in PANES:
            self.add(kind, group=beside.group, side=side, beside=beside)
        elif market:
            self.add("chart", market, side=side, beside=beside)

    def _on_dropped(self, kind: str, market: str) -> None:
        if not self.is_locked:
            self.add(kind if kind in PANES else "chart", market)

    def say_empty(self) -> None:
        """Say on a desk without panes how one comes by some."""
        if self.panes:
            self._nothing.show_state("none")
            return
        title = QCoreApplication.translate("Workspace", "This desk is empty")
        text = QCoreApplication.translate(
            "Workspace", "Drag a pane in from the row above, or press Ctrl+K and type what you want."
        )
        self._nothing.show_state("empty", title, text)

    def _on_closed(self, name: str) -> None:
        if name in self.panes:
            self.close_pane(self.panes[name])

    # Which pane commands go to.

    def _on_focus(self, _old: QWidget | None, now: QWidget | None) -> None:
        widget: QWidget | None = now
        while widget is not None and not isinstance(widget, Pane):
            widget = widget.parentWidget()
        if widget is not None and widget.objectName() in self.panes:
            self._set_active(widget)

    def _set_active(self, pane: Pane | None) -> None:
        self.say_empty()
        if pane is not None and pane.takes_market and not pane.is_list:
            self._last_of_market = pane
        if pane is self.active:
            return
        if self.active is not None:
            self.active.header.show_active(False)
        self.active = pane
        if pane is not None:
            pane.header.show_active(True)
        self.active_changed.emit(pane)
