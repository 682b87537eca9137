"""Tabs and search line above the list of markets."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QButtonGroup, QHBoxLayout, QSizePolicy, QToolButton, QWidget

from widgets import theme
from widgets.controls.search_line import SearchLine, bar_style
from widgets.markets.model import FAVOURITES, TABS

ROW = 26  # px
_PAD = 7  # px at both sides of a tab's text
_SIDE_BY_SIDE = 300  # px: narrower than this the line stands below the tabs


class MarketsBar(QWidget):
    """A tab for each quote currency and one for the favourites; beside or below them the search line."""

    tab_chosen = Signal(str)
    searched = Signal(str)  # what stands in the line now

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(4, 1, 4, 1)
        self._box.setSpacing(4)
        row = QHBoxLayout()
        row.setSpacing(0)
        self._group = QButtonGroup(self)
        self.tabs: dict[str, QToolButton] = {}
        for tab in TABS:
            button = QToolButton(self)
            button.setText("★" if tab == FAVOURITES else tab)
            button.setAutoRaise(True)
            button.setCheckable(True)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setFixedHeight(ROW - 4)
            button.clicked.connect(lambda _=False, t=tab: self.tab_chosen.emit(t))
            self._group.addButton(button)
            self.tabs[tab] = button
            row.addWidget(button)
        row.addStretch(1)
        self.line = SearchLine(self)
        self.line.setFrame(False)
        self.line.setFixedHeight(ROW - 6)
        self.line.setTextMargins(4, 0, 2, 0)
        self.line.setClearButtonEnabled(True)
        self.line.textChanged.connect(self.searched)
        self.line.composed.connect(self.searched)
        self._box.addLayout(row)
        self._box.addWidget(self.line, 1)
        self._theme_version = -1
        self._retranslate()
        self.restyle()
        self._arrange()

    def show_tab(self, tab: str) -> None:
        """Mark `tab` as the one shown."""
        self.tabs[tab].setChecked(True)

    def restyle(self) -> None:
        """Take the colours of the theme, if they changed."""
        if theme.version == self._theme_version:
            return
        self._theme_version = theme.version
        self.setStyleSheet(bar_style("MarketsBar", pad=0))
        self.line.setFont(theme.font(theme.SMALL))
        metrics = QFontMetrics(theme.font(theme.SMALL, "semibold"))
        for button in self.tabs.values():
            button.setFont(theme.font(theme.SMALL))
            button.setFixedWidth(metrics.horizontalAdvance(button.text()) + 2 * _PAD)

    def _retranslate(self) -> None:
        for tab, button in self.tabs.items():
            name = self.tr("Favourites") if tab == FAVOURITES else self.tr("{quote} markets").format(quote=tab)
            button.setAccessibleName(name)
            button.setToolTip(name)
        self.line.setPlaceholderText(self.tr("Search"))
        self.line.setToolTip(self.tr("Name, code or initial consonants ( / )"))
        self.line.setAccessibleName(self.tr("Search the list"))

    def _arrange(self) -> None:
        is_wide = self.width() >= _SIDE_BY_SIDE
        way = QBoxLayout.Direction.LeftToRight if is_wide else QBoxLayout.Direction.TopToBottom
        if way != self._box.direction() or self.maximumHeight() > 2 * ROW:
            self._box.setDirection(way)
            self.setFixedHeight(ROW if is_wide else 2 * ROW)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)
