"""Quote currencies, filters and the search line above the scanner's table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QInputDialog, QMenu, QSizePolicy, QToolButton, QWidget

from widgets import theme
from widgets.controls.menus import head, offer
from widgets.controls.search_line import SearchLine, bar_style
from widgets.scanner.model import FAVOURITES

ROW = 26  # px
QUOTES = ("KRW", "BTC", "USDT")
TURNOVERS = (0.0, 1e8, 1e9, 1e10, 1e11)  # KRW
MOVES = (0.0, 0.01, 0.03, 0.05, 0.1)
LONGEST_GROUP = 24  # characters of a name


class ScannerBar(QWidget):
    """Says which markets are wanted; each filter narrows what the others leave."""

    quote_toggled = Signal(str)
    group_chosen = Signal(str)  # FAVOURITES, a name, "" for every market
    group_made = Signal(str)
    group_dropped = Signal(str)
    turnover_chosen = Signal(float)
    move_chosen = Signal(float)
    clean_toggled = Signal(bool)
    column_toggled = Signal(str)
    searched = Signal(str)  # what stands in the line now
    findings_toggled = Signal(bool)
    thresholds_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(ROW)
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 1, 4, 1)
        row.setSpacing(2)
        self.quotes = {quote: self._button(row) for quote in QUOTES}
        for quote, button in self.quotes.items():
            button.setText(quote)
            button.clicked.connect(lambda _=False, q=quote: self.quote_toggled.emit(q))
        self.group = self._button(row, is_checkable=False)
        self.filter = self._button(row, is_checkable=False)
        self.line = SearchLine(self)
        self.line.setFrame(False)
        self.line.setFixedHeight(ROW - 6)
        self.line.setTextMargins(4, 0, 2, 0)
        self.line.setClearButtonEnabled(True)
        self.line.textChanged.connect(self.searched)
        self.line.composed.connect(self.searched)
        row.addWidget(self.line, 1)
        self.findings = self._button(row)
        self.findings.clicked.connect(self.findings_toggled)
        self.options = self._button(row, is_checkable=False)
        self.options.setText("⋯")
        for button in (self.group, self.filter, self.options):
            button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
            button.setMenu(QMenu(button))
        self._theme_version = -1
        self._filters: tuple[float, float, bool] = (0.0, 0.0, False)
        self._group = ""
        self._groups: list[str] = []
        self._columns: dict[str, tuple[str, bool]] = {}
        self._is_korean = False
        self.group.menu().aboutToShow.connect(self._fill_groups)
        self.filter.menu().aboutToShow.connect(self._fill_filter)
        self.options.menu().aboutToShow.connect(self._fill_options)
        self._retranslate()
        self.restyle()

    def _button(self, row: QHBoxLayout, *, is_checkable: bool = True) -> QToolButton:
        button = QToolButton(self)
        button.setAutoRaise(True)
        button.setCheckable(is_checkable)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setFixedHeight(ROW - 4)
        row.addWidget(button)
        return button

    # What is shown.

    def show_filter(
        self, quotes: Iterable[str], group: str, turnover: float, move: float, is_clean: bool, is_korean: bool
    ) -> None:
        """Show which filters are in force."""
        wanted = set(quotes)
        for quote, button in self.quotes.items():
            button.setChecked(quote in wanted)
        self._group = group
        self.group.setText((group.replace("&", "&&") or self.tr("Group")) + " ▾")
        self._filters, self._is_korean = (turnover, move, is_clean), is_korean
        count = bool(turnover) + bool(move) + is_clean
        self.filter.setText(self.tr("Filter") + (f" ({count})" if count else "") + " ▾")

    def show_groups(self, groups: Iterable[str]) -> None:
        """Take the names of the user's groups."""
        self._groups = list(groups)

    def _fill_groups(self) -> None:
        menu = self.group.menu()
        menu.clear()
        choices = [("", self.tr("Every market")), (FAVOURITES, "★ " + self.tr("Favourites"))]
        for name, text in (*choices, *((g, g.replace("&", "&&")) for g in self._groups)):
            action = menu.addAction(text)
            action.setCheckable(True)
            action.setChecked(name == self._group)
            action.triggered.connect(lambda _=False, n=name: self.group_chosen.emit(n))
        menu.addSeparator()
        menu.addAction(self.tr("New group…")).triggered.connect(self.ask_group)
        if self._group and self._group != FAVOURITES:
            text = self.tr("Delete the group {name}").format(name=self._group.replace("&", "&&"))
            menu.addAction(text).triggered.connect(lambda: self.group_dropped.emit(self._group))

    def ask_group(self) -> None:
        """Ask for the name of a new group."""
        dialog = QInputDialog(self.window())
        dialog.setWindowTitle(self.tr("New group"))
        dialog.setLabelText(self.tr("Name of the group"))
        dialog.textValueSelected.connect(self._make_group)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _make_group(self, name: str) -> None:
        plain = " ".join(name.split())[:LONGEST_GROUP]
        if plain and plain != FAVOURITES:
            self.group_made.emit(plain)

    def show_columns(self, columns: Mapping[str, tuple[str, bool]]) -> None:
        """Take what the columns are called and whether they are wanted."""
        self._columns = dict(columns)

    def _fill_filter(self) -> None:
        menu = self.filter.menu()
        menu.clear()
        turnover, move, is_clean = self._filters
        head(menu, self.tr("Turnover of 24 hours"))
        offer(menu, [(v, self._worth(v)) for v in TURNOVERS], turnover, self.turnover_chosen)
        head(menu, self.tr("Moved on the day or within 5 minutes"))
        offer(menu, [(v, f"≥ {v:.0%}" if v else self.tr("Any")) for v in MOVES], move, self.move_chosen)
        menu.addSeparator()
        clean = menu.addAction(self.tr("Without warnings and halts"))
        clean.setCheckable(True)
        clean.setChecked(is_clean)
        clean.toggled.connect(self.clean_toggled)

    def _worth(self, value: float) -> str:
        if not value:
            return self.tr("Any")
        return f"≥ {value / 1e8:,.0f}억" if self._is_korean else f"≥ {value / 1e6:,.0f}M KRW"

    def _fill_options(self) -> None:
        menu = self.options.menu()
        menu.clear()
        menu.addAction(self.tr("What counts as unusual…")).triggered.connect(self.thresholds_wanted)
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
        self.setStyleSheet(bar_style("ScannerBar", pad=5))
        self.line.setFont(theme.font(theme.SMALL))
        for button in (*self.quotes.values(), self.group, self.filter, self.findings, self.options):
            button.setFont(theme.font(theme.SMALL))

    def _retranslate(self) -> None:
        for quote, button in self.quotes.items():
            button.setAccessibleName(self.tr("{quote} markets").format(quote=quote))
            button.setToolTip(button.accessibleName())
        for button, name in (
            (self.group, self.tr("Group of symbols")),
            (self.filter, self.tr("Filter")),
            (self.options, self.tr("Options")),
        ):
            button.setAccessibleName(name)
            button.setToolTip(name)
        self.findings.setText(self.tr("Found"))
        self.findings.setToolTip(self.tr("Show what is unusual"))
        self.line.setPlaceholderText(self.tr("Search"))
        self.line.setToolTip(self.tr("Name, code or initial consonants ( / )"))
        self.line.setAccessibleName(self.tr("Search the list"))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)
