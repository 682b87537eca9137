"""What KRW is compared with, the size, the filters and the search line above the table of coins."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QToolButton, QWidget

from widgets import format as fmt
from widgets import messages, theme
from widgets.arbitrage.model import AGAINST, LEAST
from widgets.controls.menus import head, offer
from widgets.controls.search_line import SearchLine, bar_style

ROW = 26  # px
SIZES = (1e5, 5e5, 1e6, 5e6, 1e7, 5e7, 1e8)  # KRW


class CrossBar(QWidget):
    """Says what is wanted; each filter narrows what the others leave."""

    against_chosen = Signal(str)
    size_chosen = Signal(float)  # KRW
    premium_chosen = Signal(float)  # least, ratio
    edge_toggled = Signal(bool)
    watched_toggled = Signal(bool)
    column_toggled = Signal(str)
    searched = Signal(str)  # what stands in the line now
    settings_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(ROW)
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 1, 4, 1)
        row.setSpacing(2)
        self.against = {quote: self._button(row, is_checkable=True) for quote in AGAINST}
        for quote, button in self.against.items():
            button.setText(f"KRW / {quote}")
            button.clicked.connect(lambda _=False, q=quote: self.against_chosen.emit(q))
        self.size_button = self._button(row)
        self.filter = self._button(row)
        self.line = SearchLine(self)
        self.line.setFrame(False)
        self.line.setFixedHeight(ROW - 6)
        self.line.setTextMargins(4, 0, 2, 0)
        self.line.setClearButtonEnabled(True)
        self.line.textChanged.connect(self.searched)
        self.line.composed.connect(self.searched)
        row.addWidget(self.line, 1)
        self.options = self._button(row)
        self.options.setText("⋯")
        for button in (self.size_button, self.filter, self.options):
            button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
            button.setMenu(QMenu(button))
        self._theme_version = -1
        self._size = 0.0
        self._filters: tuple[float, bool, bool] = (0.0, False, False)
        self._columns: dict[str, tuple[str, bool]] = {}
        self.size_button.menu().aboutToShow.connect(self._fill_sizes)
        self.filter.menu().aboutToShow.connect(self._fill_filter)
        self.options.menu().aboutToShow.connect(self._fill_options)
        self._retranslate()
        self.restyle()

    def _button(self, row: QHBoxLayout, *, is_checkable: bool = False) -> QToolButton:
        button = QToolButton(self)
        button.setAutoRaise(True)
        button.setCheckable(is_checkable)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setFixedHeight(ROW - 4)
        row.addWidget(button)
        return button

    def show_choices(self, against: str, size_krw: float, premium: float, has_edge: bool, is_watched: bool) -> None:
        """Show what is in force."""
        for quote, button in self.against.items():
            button.setChecked(quote == against)
        self._size, self._filters = size_krw, (premium, has_edge, is_watched)
        self.size_button.setText(self._worth(size_krw) + " ▾")
        count = bool(premium) + has_edge + is_watched
        self.filter.setText(self.tr("Filter") + (f" ({count})" if count else "") + " ▾")

    def show_columns(self, columns: Mapping[str, tuple[str, bool]]) -> None:
        """Take what the columns are called and whether they are wanted."""
        self._columns = dict(columns)

    def _worth(self, value: float) -> str:
        text = fmt.turnover(value, "KRW", "ko" if messages.is_korean() else "en")
        return text.replace(".00", "").replace(".0", "") + ("원" if messages.is_korean() else " KRW")

    def _fill_sizes(self) -> None:
        menu = self.size_button.menu()
        menu.clear()
        head(menu, self.tr("Size of a round trip"))
        offer(menu, [(v, self._worth(v)) for v in SIZES], self._size, self.size_chosen)

    def _fill_filter(self) -> None:
        menu = self.filter.menu()
        menu.clear()
        premium, has_edge, is_watched = self._filters
        head(menu, self.tr("Premium, either way"))
        choices = [(v, f"≥ {v * 100:g}%" if v else self.tr("Any")) for v in LEAST]
        offer(menu, choices, premium, self.premium_chosen)
        menu.addSeparator()
        for text, is_on, signal in (
            (self.tr("Only with an edge after fees"), has_edge, self.edge_toggled),
            (self.tr("Only coins whose books are listened to"), is_watched, self.watched_toggled),
        ):
            action = menu.addAction(text)
            action.setCheckable(True)
            action.setChecked(is_on)
            action.toggled.connect(signal)

    def _fill_options(self) -> None:
        menu = self.options.menu()
        menu.clear()
        menu.addAction(self.tr("Fees, ages, outside price…")).triggered.connect(self.settings_wanted)
        head(menu, self.tr("Columns, as far as there is room"))
        for column, (text, is_shown) in self._columns.items():
            action = menu.addAction(text)
            action.setCheckable(True)
            action.setChecked(is_shown)
            action.triggered.connect(lambda _=False, c=column: self.column_toggled.emit(c))

    def restyle(self) -> None:
        """Take the colours of the theme, if they changed."""
        if theme.version == self._theme_version:
            return
        self._theme_version = theme.version
        self.setStyleSheet(bar_style("CrossBar", pad=5))
        self.line.setFont(theme.font(theme.SMALL))
        for button in (*self.against.values(), self.size_button, self.filter, self.options):
            button.setFont(theme.font(theme.SMALL))

    def _retranslate(self) -> None:
        for quote, button in self.against.items():
            button.setAccessibleName(self.tr("Compare KRW with {quote}").format(quote=quote))
            button.setToolTip(button.accessibleName())
        for button, name in (
            (self.size_button, self.tr("Size of a round trip")),
            (self.filter, self.tr("Filter")),
            (self.options, self.tr("Options")),
        ):
            button.setAccessibleName(name)
            button.setToolTip(name)
        self.line.setPlaceholderText(self.tr("Search"))
        self.line.setToolTip(self.tr("Name, code or initial consonants ( / )"))
        self.line.setAccessibleName(self.tr("Search the list"))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
            if self._size:
                self.size_button.setText(self._worth(self._size) + " ▾")
        super().changeEvent(event)
