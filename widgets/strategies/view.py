"""The lists of the strategies pane: they show what they are given, and set only what changed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from widgets import format as fmt
from widgets import messages, theme
from widgets.strategies.model import SHOWN, Row, few

NAME, MARKETS, CHANNELS, STATE, MESSAGES, SIGNALS, SHARE, LAST = range(8)
WIDTHS = (150, 150, 84, 96, 76, 58, 66, 200)
_NUMBERS = (MESSAGES, SIGNALS, SHARE)
ROW = 22  # px
_OF = Qt.ItemDataRole.UserRole
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class FlatTree(QTreeWidget):
    """A flat list that knows Delete and Enter; a press beside the rows chooses none."""

    deleted = Signal(object)  # what the row is of
    taken = Signal(object)

    def __init__(self, columns: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.setColumnCount(columns)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setFrameShape(QTreeWidget.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.header().setStretchLastSection(True)
        self.itemActivated.connect(lambda item: self.taken.emit(item.data(0, _OF)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        item = self.currentItem()
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and item is not None:
            self.deleted.emit(item.data(0, _OF))
        elif event.key() == Qt.Key.Key_Escape and item is not None:
            self.setCurrentItem(None)  # type: ignore[call-overload]
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self.itemAt(event.position().toPoint()) is None:
            self.setCurrentItem(None)  # type: ignore[call-overload]
        super().mousePressEvent(event)


class MonitorList(FlatTree):
    """A row a monitor, with a tick for on."""

    chosen = Signal(str)  # id of a monitor, "" for none
    switched = Signal(str, bool)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(len(WIDTHS), parent)
        header = self.header()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        for column, width in enumerate(WIDTHS):
            header.resizeSection(column, width)
        self._rows: dict[str, tuple[Row, int, bool]] = {}  # as they are shown: with the theme and the language
        self.itemChanged.connect(self._on_change)
        self.currentItemChanged.connect(lambda item, _: self.chosen.emit(item.data(0, _OF) if item else ""))

    @property
    def current(self) -> str:
        """The id of the monitor that is chosen, "" for none."""
        item = self.currentItem()
        return item.data(0, _OF) if item is not None else ""

    def choose(self, monitor_id: str) -> None:
        """Choose a monitor."""
        for n in range(self.topLevelItemCount()):
            item = self.topLevelItem(n)
            if item is not None and item.data(0, _OF) == monitor_id:
                self.setCurrentItem(item)

    def _on_change(self, item: QTreeWidgetItem, column: int) -> None:
        shown = self._rows.get(item.data(0, _OF))
        is_on = item.checkState(NAME) is Qt.CheckState.Checked
        if column == NAME and shown is not None and shown[0].is_on != is_on:
            self.switched.emit(shown[0].id, is_on)

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show these."""
        items = {self.topLevelItem(n).data(0, _OF): n for n in range(self.topLevelItemCount())}  # type: ignore[union-attr]
        wanted = [row.id for row in rows]
        if list(items) != wanted:
            self._rebuild(wanted)
        with QSignalBlocker(self):
            for n, row in enumerate(rows):
                look = (row, theme.version, messages.is_korean())
                item = self.topLevelItem(n)
                if item is not None and self._rows.get(row.id) != look:
                    self._rows[row.id] = look
                    _fill(item, row)

    def _rebuild(self, wanted: Sequence[str]) -> None:
        """Take away what is gone and add what is new; what is chosen stays, or the row in its place is next."""
        chosen = self.currentItem()
        before, at = self.current, self.indexOfTopLevelItem(chosen) if chosen is not None else -1
        with QSignalBlocker(self):
            kept = {}
            for n in reversed(range(self.topLevelItemCount())):
                taken = self.takeTopLevelItem(n)
                if taken is not None:
                    kept[taken.data(0, _OF)] = taken
            for monitor_id in wanted:
                item = kept.get(monitor_id) or QTreeWidgetItem()
                item.setData(0, _OF, monitor_id)
                item.setSizeHint(LAST, QSize(0, ROW))
                for column in _NUMBERS:
                    item.setTextAlignment(column, _RIGHT)
                self.addTopLevelItem(item)
            self._rows = {i: look for i, look in self._rows.items() if i in wanted}
            if before in wanted:
                self.choose(before)
            elif at >= 0 and wanted:
                self.setCurrentItem(self.topLevelItem(min(at, len(wanted) - 1)))  # type: ignore[arg-type]
        if self.current != before:
            self.chosen.emit(self.current)

    def retranslate(self) -> None:
        """Say everything in the language in force."""
        heads = {
            NAME: (self.tr("Strategy"), ""),
            MARKETS: (self.tr("Symbols"), ""),
            CHANNELS: (self.tr("Channels"), self.tr("What it listens to")),
            STATE: (self.tr("State"), ""),
            MESSAGES: (self.tr("Messages"), self.tr("What was handed to it since the program started")),
            SIGNALS: (self.tr("Signals"), self.tr("Since the program started")),
            SHARE: (self.tr("CPU"), self.tr("Of one core of this computer, over the last five seconds")),
            LAST: (self.tr("Last signal"), ""),
        }
        head = self.headerItem()
        for column, (text, tip) in heads.items():
            head.setText(column, text)
            head.setToolTip(column, tip or text)
            if column in _NUMBERS:
                head.setTextAlignment(column, _RIGHT)
        self.setAccessibleName(self.tr("Strategies"))
        self._rows.clear()


def _fill(item: QTreeWidgetItem, row: Row) -> None:
    c = theme.colors
    name = messages.strategy(row.kind)
    state, tip = messages.row_state(row.state, row.collecting, is_deaf=row.is_deaf), ""
    if row.why is not None:
        tip = messages.work_line(row.why)
    elif row.collecting:
        tip = messages.collecting(row.collecting)
    if row.unknown:
        tip = "\n".join(part for part in (tip, messages.silent(row.unknown)) if part)
        state = f"{state} !"
    last = ""
    if row.last is not None:
        last = f"{fmt.clock(row.last.time_ms)}  {row.last.market}  {messages.signal(row.last)}"
    texts = {
        NAME: f"{row.id}  {name}" + (f" · {row.note}" if row.note else ""),
        MARKETS: few(row.markets),
        CHANNELS: ", ".join(messages.channel(one) for one in row.channels),
        STATE: state,
        MESSAGES: f"{row.messages:,}",
        SIGNALS: f"{row.signals:,}",
        SHARE: f"{row.share * 100:.2f} %",
        LAST: last,
    }
    for column, text in texts.items():
        if item.text(column) != text:
            item.setText(column, text)
    item.setToolTip(NAME, texts[NAME])
    item.setToolTip(MARKETS, ", ".join(row.markets))
    item.setToolTip(STATE, tip or state)
    item.setToolTip(LAST, last)
    colors = {"running": c.ok, "starting": c.accent, "paused": c.faint, "stopped": c.error}
    color = c.warn if (row.unknown or row.is_deaf) and row.state == "running" else colors[row.state]
    item.setCheckState(NAME, Qt.CheckState.Checked if row.is_on else Qt.CheckState.Unchecked)
    for column in texts:
        item.setForeground(column, color if column == STATE else c.text if row.is_on else c.faint)


class Lines(FlatTree):
    """What happened, the newest on top: a time, words, and what each is of."""

    def __init__(self, columns: int, parent: QWidget) -> None:
        super().__init__(columns, parent)
        self.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)

    def add(self, lines: Sequence[tuple[Sequence[str], object, QColor | None]], *, is_all: bool) -> None:
        """Put lines on top, oldest first.

        Args:
            lines: texts by column, what the line is of, and the colour of its words, None for plain.
            is_all: they take the place of those that are here.
        """
        if is_all:
            self.clear()
        items = []
        for texts, of, color in reversed(lines):
            item = QTreeWidgetItem(list(texts))
            item.setData(0, _OF, of)
            item.setSizeHint(len(texts) - 1, QSize(0, ROW))
            item.setForeground(0, theme.colors.muted)
            item.setToolTip(len(texts) - 1, texts[-1])
            if color is not None:
                item.setForeground(len(texts) - 1, color)
            items.append(item)
        self.insertTopLevelItems(0, items)
        while self.topLevelItemCount() > SHOWN:
            self.takeTopLevelItem(self.topLevelItemCount() - 1)
