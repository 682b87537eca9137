"""The line over a book: its grouping, its layout, and what of it is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal, NamedTuple

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QActionGroup, QPalette, QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from widgets.orderbook.changes import WINDOWS_MIN, WINDOWS_S

BAR_HEIGHT = 24
Layout = Literal["ladder", "dom", "depth"]
IMBALANCES = (1, 3, 5, 10, 15, 0)  # levels a side; 0: all
# What can be shown beside prices and sizes, by layout, in the order of the menu; and what is at first.
COLUMNS: dict[Layout, tuple[str, ...]] = {
    "ladder": ("percent", "total", "worth", "change", "won", "own"),
    "dom": ("own", "traded", "change", "percent", "total", "history"),
    "depth": (),
}
USUAL: dict[Layout, frozenset[str]] = {
    "ladder": frozenset({"percent", "won", "own"}),
    "dom": frozenset({"own", "traded", "change"}),
    "depth": frozenset({"own"}),
}


class Choice(NamedTuple):
    """How the user wants to see a book."""

    layout: Layout = "ladder"
    ladder: frozenset[str] = USUAL["ladder"]  # columns
    dom: frozenset[str] = USUAL["dom"]
    imbalance: int = 0  # of IMBALANCES
    traded_min: int = 5  # of WINDOWS_MIN
    change_s: int = 5  # of WINDOWS_S
    is_following: bool = False  # the stable ladder comes back to the market by itself

    @property
    def columns(self) -> frozenset[str]:
        """The columns of the layout in force."""
        return {"ladder": self.ladder, "dom": self.dom, "depth": USUAL["depth"]}[self.layout]

    def with_columns(self, columns: Iterable[str]) -> Choice:
        """Return the same with other columns in the layout in force."""
        found = frozenset(columns)
        return self._replace(ladder=found) if self.layout == "ladder" else self._replace(dom=found)


class GroupingButton(QToolButton):
    """A menu of price groupings; the wheel steps through them."""

    stepped = Signal(int)  # 1: coarser, -1: finer

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAutoRaise(True)
        self.setFixedHeight(BAR_HEIGHT - 2)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.groupings = QMenu(self)
        self.setMenu(self.groupings)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.angleDelta().y():
            self.stepped.emit(-1 if event.angleDelta().y() > 0 else 1)
        event.accept()


class BookBar(QWidget):
    """Tells of each choice and shows what is in force."""

    chosen = Signal(object)  # a Choice
    recentre_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.choice = Choice()
        self.setFixedHeight(BAR_HEIGHT)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.setStyleSheet("QToolButton::menu-indicator { image: none; }")  # the text says that there is a menu
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 1, 4, 1)
        row.setSpacing(0)
        self.grouping = GroupingButton(self)
        self.layout_button = QToolButton(self)
        self.layout_button.setText("DOM")
        self.layout_button.setCheckable(True)
        self.layout_button.clicked.connect(self.toggle_layout)
        self.options = QToolButton(self)
        self.options.setText("⋯")
        self.options.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        for button in (self.layout_button, self.options):
            button.setAutoRaise(True)
            button.setFixedHeight(BAR_HEIGHT - 2)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.menu = QMenu(self.options)
        self.menu.aboutToShow.connect(self.fill)
        self.options.setMenu(self.menu)
        row.addWidget(self.grouping)
        row.addStretch(1)
        row.addWidget(self.layout_button)
        row.addWidget(self.options)
        self._retranslate()

    def show_choice(self, choice: Choice) -> None:
        """Show what is in force."""
        self.choice = choice
        self.layout_button.setChecked(choice.layout == "dom")

    def toggle_layout(self) -> None:
        """Take the other layout."""
        self._choose(self.choice._replace(layout="ladder" if self.choice.layout == "dom" else "dom"))

    def _choose(self, choice: Choice) -> None:
        self.show_choice(choice)
        self.chosen.emit(choice)

    # The menu: filled when it opens, so that a symbol change does not pay for it.

    def fill(self) -> None:
        """Fill the menu that is about to be seen."""
        menu, choice = self.menu, self.choice
        menu.clear()
        for layout, text in (
            ("ladder", self.tr("Ladder")),
            ("dom", self.tr("Fixed prices (DOM)")),
            ("depth", self.tr("Depth chart")),
        ):
            action = menu.addAction(text)
            action.setCheckable(True)
            action.setChecked(choice.layout == layout)
            action.triggered.connect(lambda _=False, wanted=layout: self._choose(self.choice._replace(layout=wanted)))
        if COLUMNS[choice.layout]:
            menu.addSeparator()
        for name in COLUMNS[choice.layout]:
            action = menu.addAction(self.column_text(name))
            action.setCheckable(True)
            action.setChecked(name in choice.columns)
            action.triggered.connect(lambda _=False, wanted=name: self.toggle_column(wanted))
        menu.addSeparator()
        self._add_numbers(
            self.tr("Imbalance of"),
            IMBALANCES,
            choice.imbalance,
            lambda n: self.tr("the best {n}").format(n=n) if n else self.tr("all levels"),
            lambda n: self._choose(self.choice._replace(imbalance=n)),
        )
        if choice.layout != "depth":
            self._add_numbers(
                self.tr("Changes of size over"),
                WINDOWS_S,
                choice.change_s,
                lambda n: self.tr("{n} s").format(n=n),
                lambda n: self._choose(self.choice._replace(change_s=n)),
            )
        if choice.layout == "dom":
            self._add_numbers(
                self.tr("Trades at price over"),
                WINDOWS_MIN,
                choice.traded_min,
                self.traded_text,
                lambda n: self._choose(self.choice._replace(traded_min=n)),
            )
            action = menu.addAction(self.tr("Follow the market"))
            action.setCheckable(True)
            action.setChecked(choice.is_following)
            action.triggered.connect(lambda on: self._choose(self.choice._replace(is_following=on)))
        menu.addSeparator()
        menu.addAction(self.tr("Back to the spread (Space)")).triggered.connect(self.recentre_wanted)

    def toggle_column(self, name: str) -> None:
        """Show a column of the layout in force, or leave it out."""
        self._choose(self.choice.with_columns(self.choice.columns ^ {name}))

    def _add_numbers(
        self,
        title: str,
        numbers: tuple[int, ...],
        current: int,
        text: Callable[[int], str],
        choose: Callable[[int], None],
    ) -> None:
        menu = self.menu.addMenu(title)
        group = QActionGroup(menu)
        for number in numbers:
            action = menu.addAction(text(number))
            action.setCheckable(True)
            action.setChecked(number == current)
            action.triggered.connect(lambda _=False, wanted=number: choose(wanted))
            group.addAction(action)

    def column_text(self, name: str) -> str:
        """Return what a column is called in the menu."""
        return {
            "percent": self.tr("Percent to the previous close"),
            "total": self.tr("Cumulative sizes"),
            "worth": self.tr("Cumulative values"),
            "change": self.tr("Changes of size"),
            "won": self.tr("Prices in KRW"),
            "own": self.tr("Own orders"),
            "traded": self.tr("Trades at price"),
            "history": self.tr("The last two minutes"),
        }[name]

    def traded_text(self, minutes: int) -> str:
        """Return a window of trades in words."""
        if not minutes:
            return self.tr("all")
        return self.tr("{n} h").format(n=minutes // 60) if minutes >= 60 else self.tr("{n} min").format(n=minutes)

    def _retranslate(self) -> None:
        self.grouping.setToolTip(self.tr("Group prices (+ and -)"))
        self.layout_button.setToolTip(self.tr("Each price keeps its line, until you scroll or press Space"))
        self.layout_button.setAccessibleName(self.tr("Fixed prices (DOM)"))
        self.options.setToolTip(self.tr("Options"))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)
