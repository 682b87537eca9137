"""What was found in the whole market, the newest first."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from core.calc.unusual import Finding
from widgets import format as fmt
from widgets import messages, theme
from widgets.controls.hint import Hint

MOST = 200
TIME, NAME, WHAT = range(3)
_MARKET = Qt.ItemDataRole.UserRole


class FindingsList(QTreeWidget):
    """A row a finding; pressing one asks for its market."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._found: list[tuple[Finding, str]] = []  # the newest first
        self._theme_version = -1
        self.setColumnCount(3)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setHeaderHidden(True)
        self.setFrameShape(QTreeWidget.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        header = self.header()
        header.setSectionResizeMode(TIME, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(True)
        self.itemClicked.connect(self._choose)
        self.itemActivated.connect(self._choose)
        self._nothing = Hint(self)
        self._say()

    def _say(self) -> None:
        self.setAccessibleName(self.tr("What is unusual"))
        nothing = self.tr("Nothing unusual yet. What is found in the market is listed here.")
        self._nothing.say("" if self._found else nothing)

    def add(self, found: Sequence[tuple[Finding, str]]) -> None:
        """Put these on top.

        Args:
            found: oldest first, each with the name of its market.
        """
        self.restyle()
        for one, name in found[-MOST:]:
            self.insertTopLevelItem(0, self._item(one, name))
            self._found.insert(0, (one, name))
        while len(self._found) > MOST:
            self._found.pop()
            self.takeTopLevelItem(MOST)
        self._say()

    @property
    def is_held(self) -> bool:
        """True while the user aims at a row, or reads further down: what is new would move it."""
        return self.isVisible() and (self.underMouse() or self.verticalScrollBar().value() > 0)

    def _item(self, found: Finding, name: str) -> QTreeWidgetItem:
        item = QTreeWidgetItem([fmt.clock(found.time_ms), name, messages.finding(found)])
        item.setData(TIME, _MARKET, found.market)
        item.setSizeHint(WHAT, QSize(0, theme.ROW_HEIGHT))
        c = theme.colors
        item.setForeground(TIME, c.muted)
        item.setForeground(WHAT, c.up if found.way > 0 else c.down if found.way < 0 else c.text)
        return item

    def restyle(self) -> None:
        """Take the colours of the theme, if they changed."""
        if self._theme_version != theme.version:
            self._theme_version = theme.version
            self.setFont(theme.font(theme.SMALL))
            self._again()

    def _again(self) -> None:
        self.clear()
        self.addTopLevelItems([self._item(one, name) for one, name in self._found])

    def forget(self) -> None:
        """Another exchange speaks."""
        self._found.clear()
        self.clear()
        self._say()

    def _choose(self, item: QTreeWidgetItem) -> None:
        self.chosen.emit(item.data(TIME, _MARKET))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._say()
            self._again()
        super().changeEvent(event)
