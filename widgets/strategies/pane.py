"""The strategies pane: what runs, how it fares, and what it says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSplitter, QStackedWidget, QTabBar, QToolButton, QVBoxLayout, QWidget

from core.feed.feed import Feed
from core.feed.health import LinkState
from core.market import Market, Stream
from core.state.strategies import Monitor
from core.strategy.base import Signal as Said
from widgets import format as fmt
from widgets import messages, theme
from widgets.controls.hint import Hint
from widgets.controls.listing import name_of
from widgets.controls.status_light import light_text
from widgets.frame import FrameClock
from widgets.pane import Pane
from widgets.strategies.model import few, newest, rows
from widgets.strategies.view import Lines, MonitorList

_STOPPING = {"error", "slow", "busy", "flood", "refused"}


class StrategiesPane(Pane):
    """Shows the strategies of the whole program. Double-click or Enter changes one, Delete removes it."""

    kind = "strategies"
    takes_market = False

    form_wanted = Signal(object)  # a Monitor to be changed, None for a new one
    jump_wanted = Signal(object)  # a signal whose moment the user wants to see
    alert_wanted = Signal(str)  # id of the monitor whose signals are to be told, "" for all

    def __init__(self, feed: Feed, frames: FrameClock, parent: QWidget | None = None) -> None:
        super().__init__(feed, frames, parent)
        self._shown_signals: tuple[object, ...] = ()
        self._cursor = 0
        self._shown_lines: tuple[object, ...] = ()
        self._theme_version = -1
        self._listed: Mapping[str, Market] = {}
        bar = QWidget(self)
        row = QHBoxLayout(bar)
        row.setContentsMargins(4, 2, 4, 2)
        self.add, self.start, self.change, self.remove, self.alert, self.clear = (QToolButton(bar) for _ in range(6))
        self.monitors = MonitorList(self)
        self.add.clicked.connect(lambda: self.form_wanted.emit(None))
        self.start.clicked.connect(self._start)
        self.change.clicked.connect(lambda: self._ask(self.monitors.current))
        self.remove.clicked.connect(lambda: self._remove(self.monitors.current))
        self.alert.clicked.connect(lambda: self.alert_wanted.emit(self.monitors.current))
        self.clear.clicked.connect(self._clear)
        for button in (self.add, self.start, self.change, self.remove, self.alert, self.clear):
            button.setAutoRaise(True)
            row.addWidget(button)
        row.addStretch(1)
        self.monitors.taken.connect(self._ask)
        self.monitors.deleted.connect(self._remove)
        self.monitors.switched.connect(self._switch)
        self.monitors.chosen.connect(lambda _id: self.frames.mark(self))
        self.tabs = QTabBar(self)
        self.tabs.setExpanding(False)
        self.tabs.addTab("")
        self.tabs.addTab("")
        self.about = QLabel(self)
        self.about.setProperty("tone", "muted")
        self.about.setMinimumWidth(1)
        self.signals = Lines(4, self)
        self.signals.taken.connect(self.jump_wanted)
        self.lines = Lines(2, self)
        self.stack = QStackedWidget(self)
        self.stack.addWidget(self.signals)
        self.stack.addWidget(self.lines)
        self.tabs.currentChanged.connect(self._turn)
        below = QWidget(self)
        column = QVBoxLayout(below)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, theme.GAP, 0)
        head.addWidget(self.tabs)
        head.addWidget(self.about, 1)
        column.addLayout(head)
        column.addWidget(self.stack, 1)
        self.splitter = QSplitter(Qt.Orientation.Vertical, self)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self.monitors)
        self.splitter.addWidget(below)
        self.splitter.setStretchFactor(0, 3)
        self.splitter.setStretchFactor(1, 2)
        self._no_monitors = Hint(self.monitors)
        self._no_signals, self._no_lines = Hint(self.signals), Hint(self.lines)
        self.setFocusProxy(self.monitors)
        self.body.addWidget(bar)
        self.body.addWidget(self.splitter, 1)
        self._retranslate()

    def title(self) -> str:
        return self.tr("Strategies")

    def streams(self, market: str) -> set[Stream]:
        return set()

    def has_data(self) -> bool:
        return True

    def show_state(self) -> None:
        """Strategies are as live as the connection is: they watch what streams."""
        self._show_name()
        links = self.feed.health.links.values()  # of codes that do not answer the rows tell
        is_up = bool(links) and all(x.state is LinkState.OPEN and not x.is_silent for x in links)
        kind = "live" if is_up else "stale"
        self.header.light.show_state(kind, light_text(kind))

    def beat(self) -> None:
        self.refresh()
        super().beat()

    def refresh(self) -> None:
        strategies = self.feed.strategies
        if self._theme_version != theme.version:
            self._theme_version = theme.version
            for tree in (self.monitors, self.signals, self.lines):
                tree.setFont(theme.font(theme.SMALL))
            self.about.setFont(theme.font(theme.SMALL))
        if self.feed.store.markets is not self._listed:  # the names of symbols have come
            self._listed = self.feed.store.markets
            self._shown_signals = ()
        self.monitors.show_rows(rows(strategies, is_up=self.feed.health.is_connected))
        hint = self.tr("No strategies yet. Press the button above to let one watch symbols of your choice.")
        self._no_monitors.say("" if strategies.monitors else hint)
        current = strategies.monitors.get(self.monitors.current)
        self._show_buttons(current)
        self._show_about(current)
        self._show_signals(self.monitors.current)
        self._show_lines(current)

    def _show_buttons(self, current: Monitor | None) -> None:
        is_running = False
        if current is not None:
            is_running = current.is_on and self.feed.strategies.works[current.id].state != "stopped"
        text = self.tr("Pause") if is_running else self.tr("Start")
        if self.start.text() != text:
            self.start.setText(text)
        for button in (self.start, self.change, self.remove):
            button.setEnabled(current is not None)

    def _show_about(self, current: Monitor | None) -> None:
        strategies = self.feed.strategies
        if current is None:
            text = self.tr("Of all strategies")
        else:
            why = strategies.works[current.id].why
            parts = [messages.strategy(current.kind), few(current.markets)]
            parts.append(messages.parameters(strategies.kinds.get(current.kind), current))
            if why is not None:
                parts.insert(0, messages.work_line(why))
            text = " · ".join(p for p in parts if p)
        if self.about.text() != text:
            self.about.setText(text)
            self.about.setToolTip(text)

    def _show_signals(self, current: str) -> None:
        """Put what is new on top; all of it anew only where it is no longer what it was."""
        strategies = self.feed.strategies
        look = (current, theme.version, messages.is_korean(), strategies.log_version)
        is_all = look != self._shown_signals
        if is_all:
            new = newest(strategies, current)
        elif strategies.count != self._cursor:
            new = [s for s in strategies.since(self._cursor) if not current or s.strategy == current]
        else:
            return
        self._shown_signals, self._cursor = look, strategies.count
        self.signals.add([self._signal_line(s) for s in new], is_all=is_all)
        self._no_signals.say("" if self.signals.topLevelItemCount() else self.tr("What strategies say is listed here."))

    def _signal_line(self, said: Said) -> tuple[list[str], object, QColor | None]:
        listed = self.feed.store.markets.get(said.market, Market(said.market))
        name = f"{name_of(listed, messages.is_korean())} {said.market}".strip()
        moment = f"{fmt.day(said.time_ms)} {fmt.clock(said.time_ms)}"
        color = theme.up_down(said.side) if said.side else None
        return [moment, said.strategy, name, messages.signal(said)], said, color

    def _show_lines(self, current: Monitor | None) -> None:
        work = self.feed.strategies.works[current.id] if current is not None else None
        count = work.line_count if work is not None else 0
        look = (current.id if current is not None else "", id(work), theme.version, messages.is_korean())
        if (*look, count) == self._shown_lines:
            return
        shown = [
            (
                [f"{fmt.day(line.time_ms)} {fmt.clock(line.time_ms)}", messages.work_line(line)],
                None,
                theme.colors.error if line.event in _STOPPING else None,
            )
            for line in (work.lines if work is not None else ())
        ]
        self._shown_lines = (*look, count)
        self.lines.add(shown, is_all=True)
        hint = self.tr("Choose a strategy above to see its log.") if work is None else ""
        self._no_lines.say("" if shown else hint)

    # The user.

    def _ask(self, monitor_id: str) -> None:
        monitor = self.feed.strategies.monitors.get(monitor_id)
        if monitor is not None:
            self.form_wanted.emit(monitor)

    def _start(self) -> None:
        monitor = self.feed.strategies.monitors.get(self.monitors.current)
        if monitor is not None:
            is_running = monitor.is_on and self.feed.strategies.works[monitor.id].state != "stopped"
            self.feed.strategies.switch(monitor.id, not is_running)
            self.refresh()

    def _switch(self, monitor_id: str, is_on: bool) -> None:
        self.feed.strategies.switch(monitor_id, is_on)
        self.frames.mark(self)  # not now: the list is in the midst of this item

    def _remove(self, monitor_id: str) -> None:
        self.feed.strategies.remove(monitor_id)
        self.refresh()

    def _clear(self) -> None:
        self.feed.strategies.clear_log()
        self.refresh()

    def _turn(self, tab: int) -> None:
        self.stack.setCurrentIndex(tab)
        self.clear.setVisible(tab == 0)

    # Language, saving.

    def _retranslate(self) -> None:
        self.add.setText(self.tr("+ New strategy"))
        self.start.setText(self.tr("Start"))
        self.change.setText(self.tr("Change…"))
        self.remove.setText(self.tr("Remove"))
        self.alert.setText(self.tr("Alert…"))
        self.alert.setToolTip(self.tr("Be told of the signals of the chosen strategy, or of all"))
        self.clear.setText(self.tr("Clear the signals"))
        self.clear.setToolTip(self.tr("Of all strategies, on the charts too"))
        self.tabs.setTabText(0, self.tr("Signals"))
        self.tabs.setTabText(1, self.tr("Log"))
        self.monitors.retranslate()
        self.signals.setHeaderLabels([self.tr("Time"), self.tr("No."), self.tr("Symbol"), self.tr("What happened")])
        self.signals.setAccessibleName(self.tr("Signals"))
        self.lines.setHeaderLabels([self.tr("Time"), self.tr("What happened")])
        self.lines.setAccessibleName(self.tr("Log"))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
            self.frames.mark(self)
        super().changeEvent(event)

    def save(self) -> dict[str, Any]:
        header = self.monitors.header()
        widths = [header.sectionSize(n) for n in range(header.count() - 1)]
        return {"sizes": self.splitter.sizes(), "tab": self.tabs.currentIndex(), "widths": widths}

    def restore(self, state: dict[str, Any]) -> None:
        sizes, widths = state.get("sizes"), state.get("widths")
        if isinstance(sizes, list) and len(sizes) == 2 and all(isinstance(s, int) and 0 <= s < 10_000 for s in sizes):
            self.splitter.setSizes(sizes)
        if state.get("tab") in (0, 1):
            self.tabs.setCurrentIndex(state["tab"])
        header = self.monitors.header()
        if isinstance(widths, list) and len(widths) == header.count() - 1:
            for n, width in enumerate(widths):
                if isinstance(width, int) and 20 <= width < 2_000:
                    header.resizeSection(n, width)
