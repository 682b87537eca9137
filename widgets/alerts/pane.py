"""The alerts pane: the rules, each with a tick for on, and below them what they said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QEvent, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QSplitter,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from core.feed.feed import Feed
from core.market import Market, Stream
from core.state.alerts import Fired, Rule
from widgets import format as fmt
from widgets import messages, theme
from widgets.controls.hint import Hint
from widgets.controls.listing import name_of
from widgets.controls.status_light import light_text
from widgets.frame import FrameClock
from widgets.pane import Pane

NAME, WHAT, MODE, NOTE = range(4)
TIME, FIRED_NAME, FIRED_TEXT = range(3)
ROW = 22  # px
_BOX_PADDING = 20  # px
_OF = Qt.ItemDataRole.UserRole


class _Tree(QTreeWidget):
    """A flat list that knows Delete and Enter."""

    deleted = Signal(object)  # what the row is of
    taken = Signal(object)

    def __init__(self, columns: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.setColumnCount(columns)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setFrameShape(QTreeWidget.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        header = self.header()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(True)
        self.itemActivated.connect(lambda item: self.taken.emit(item.data(0, _OF)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        item = self.currentItem()
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and item is not None:
            self.deleted.emit(item.data(0, _OF))
        else:
            super().keyPressEvent(event)


class AlertsPane(Pane):
    """Shows the rules of the whole program. Double-click or Enter changes one, Delete removes it."""

    kind = "alerts"
    takes_market = False

    form_wanted = Signal(object)  # a Rule to be changed, None for a new one
    jump_wanted = Signal(object)  # a Fired whose moment the user wants to see
    quiet_chosen = Signal(bool)

    def __init__(self, feed: Feed, frames: FrameClock, parent: QWidget | None = None) -> None:
        super().__init__(feed, frames, parent)
        self._version = -1
        self._cursor = -1
        self._theme_version = -1
        self._listed: Mapping[str, Market] = {}
        bar = QWidget(self)
        row = QHBoxLayout(bar)
        row.setContentsMargins(4, 2, 4, 2)
        self.add = QToolButton(bar)
        self.add.clicked.connect(lambda: self.form_wanted.emit(None))
        self.quiet = QToolButton(bar)
        self.quiet.setCheckable(True)
        self.quiet.clicked.connect(self.quiet_chosen)
        self.clear = QToolButton(bar)
        self.clear.clicked.connect(self._clear)
        for button in (self.add, self.quiet, self.clear):
            button.setAutoRaise(True)
            row.addWidget(button)
        row.addStretch(1)
        self.rules = _Tree(4, self)
        self.rules.header().setSectionResizeMode(NAME, QHeaderView.ResizeMode.Interactive)
        self.rules.setColumnWidth(NAME, 0)
        self.rules.taken.connect(lambda rule_id: self.form_wanted.emit(self.feed.alerts.rules.get(rule_id)))
        self.rules.deleted.connect(self._remove)
        self.rules.itemChanged.connect(self._tick)
        self.log = _Tree(3, self)
        self.log.taken.connect(self.jump_wanted)
        self.splitter = QSplitter(Qt.Orientation.Vertical, self)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self.rules)
        self.splitter.addWidget(self.log)
        self._no_rules, self._no_log = Hint(self.rules), Hint(self.log)
        self.setFocusProxy(self.rules)
        self.body.addWidget(bar)
        self.body.addWidget(self.splitter, 1)
        self._retranslate()

    def title(self) -> str:
        return self.tr("Alerts")

    def streams(self, market: str) -> set[Stream]:
        return set()

    def has_data(self) -> bool:
        return True

    def show_state(self) -> None:
        """Alerts are as live as the connection is: they watch what streams."""
        self._show_name()
        is_up = self.feed.health.is_healthy(self.feed.now()) and self.feed.health.is_connected
        kind = "live" if is_up else "stale"
        self.header.light.show_state(kind, light_text(kind))

    def show_quiet(self, is_quiet: bool) -> None:
        """Show whether alerts make a sound."""
        self.quiet.setChecked(is_quiet)

    def beat(self) -> None:
        self.refresh()
        super().beat()

    def refresh(self) -> None:
        alerts = self.feed.alerts
        if self._theme_version != theme.version:
            self._theme_version = theme.version
            for tree in (self.rules, self.log):
                tree.setFont(theme.font(theme.SMALL))
            self._version = self._cursor = -1
        if self.feed.store.markets is not self._listed:  # the names of symbols have come
            self._listed = self.feed.store.markets
            self._version = self._cursor = -1
        if alerts.version != self._version:
            self._version = alerts.version
            self._show_rules()
            hint = self.tr("No alerts yet. Press a price of a chart with the right button, or the button above.")
            self._no_rules.say("" if alerts.rules else hint)
        if alerts.count != self._cursor or self.log.topLevelItemCount() != len(alerts.log()):
            self._show_log()
            self._no_log.say("" if alerts.log() else self.tr("What alerts say is listed here."))

    def _name(self, market: str) -> str:
        if not market:
            return ""
        listed = self.feed.store.markets.get(market, Market(market))
        return f"{name_of(listed, messages.is_korean())} {market}"

    def _show_rules(self) -> None:
        current = self.rules.currentItem()
        chosen = current.data(0, _OF) if current is not None else ""
        row = self.rules.indexOfTopLevelItem(current) if current is not None else -1
        with QSignalBlocker(self.rules):
            self.rules.clear()
            for rule in self.feed.alerts.rules.values():
                item = QTreeWidgetItem([self._subject(rule), messages.alert(rule), self._mode(rule), rule.note])
                item.setData(0, _OF, rule.id)
                item.setSizeHint(NOTE, QSize(0, ROW))  # of the last column: the others are as wide as what they say
                item.setCheckState(NAME, Qt.CheckState.Checked if rule.is_on else Qt.CheckState.Unchecked)
                if not rule.is_on:
                    for column in range(4):
                        item.setForeground(column, theme.colors.faint)
                self.rules.addTopLevelItem(item)
                if rule.id == chosen:
                    self.rules.setCurrentItem(item)
            if self.rules.currentItem() is None and row >= 0:  # it was removed: the one in its place is next
                following = self.rules.topLevelItem(min(row, self.rules.topLevelItemCount() - 1))
                if following is not None:
                    self.rules.setCurrentItem(following)

        # Qt reckons the box to tick without the padding that the style gives to it.
        wanted = max(self.rules.sizeHintForColumn(NAME), 0) + _BOX_PADDING
        self.rules.setColumnWidth(NAME, max(self.rules.columnWidth(NAME), wanted))

    def _subject(self, rule: Rule) -> str:
        if rule.market:
            return self._name(rule.market)
        return self.tr("Connection") if rule.metric == "connection" else self.tr("Every market")

    def _mode(self, rule: Rule) -> str:
        return {
            "once": self.tr("once"),
            "each": self.tr("each time"),
            "cooldown": self.tr("at most every {n} min").format(n=f"{rule.cooldown_s / 60:g}"),
        }[rule.mode]

    def _show_log(self) -> None:
        """Put what is new on top; all of it anew only where it is no longer what it was."""
        alerts = self.feed.alerts
        new = alerts.since(self._cursor) if self._cursor >= 0 else alerts.log()
        self._cursor = alerts.count
        kept = len(alerts.log()) - len(new)
        if self.log.topLevelItemCount() < kept:
            new = alerts.log()
            kept = 0
        while self.log.topLevelItemCount() > kept:
            self.log.takeTopLevelItem(self.log.topLevelItemCount() - 1)
        items = []
        for fired in reversed(new):
            title, text = messages.fired(fired, self.feed.store.markets.get(fired.market))
            item = QTreeWidgetItem([self._moment(fired), title, text])
            item.setData(0, _OF, fired)
            item.setSizeHint(FIRED_TEXT, QSize(0, ROW))
            item.setForeground(TIME, theme.colors.muted)
            items.append(item)
        self.log.insertTopLevelItems(0, items)

    @staticmethod
    def _moment(fired: Fired) -> str:
        day = fmt.day(fired.time_ms)
        return f"{day} {fmt.clock(fired.time_ms)}"

    # The user.

    def _tick(self, item: QTreeWidgetItem, column: int) -> None:
        rule = self.feed.alerts.rules.get(item.data(0, _OF))
        is_on = item.checkState(NAME) is Qt.CheckState.Checked
        if column == NAME and rule is not None and rule.is_on != is_on:
            self.feed.alerts.switch(rule.id, is_on)
            self.frames.mark(self)  # not now: the tree is in the midst of this item

    def _remove(self, rule_id: str) -> None:
        self.feed.alerts.remove(rule_id)
        self.refresh()

    def _clear(self) -> None:
        self.feed.alerts.clear_log()
        self.refresh()

    # Language, saving.

    def _retranslate(self) -> None:
        self.add.setText(self.tr("+ New alert"))
        self.quiet.setText(self.tr("Do not disturb"))
        self.quiet.setToolTip(self.tr("No sound and no message of the desktop's; what happens is listed all the same"))
        self.clear.setText(self.tr("Clear the list"))
        self.rules.setHeaderLabels([self.tr("Symbol"), self.tr("When"), self.tr("How often"), self.tr("Note")])
        self.rules.setAccessibleName(self.tr("Alerts"))
        self.log.setHeaderLabels([self.tr("Time"), self.tr("Symbol"), self.tr("What happened")])
        self.log.setAccessibleName(self.tr("What happened"))
        self._version = self._cursor = -1

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
            self.frames.mark(self)
        super().changeEvent(event)

    def save(self) -> dict[str, Any]:
        return {"sizes": self.splitter.sizes()}

    def restore(self, state: dict[str, Any]) -> None:
        sizes = state.get("sizes")
        if isinstance(sizes, list) and len(sizes) == 2 and all(isinstance(s, int) and 0 <= s < 10_000 for s in sizes):
            self.splitter.setSizes(sizes)
