"""The window: link groups side by side, menus, and one line that says how the connection is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QCloseEvent, QIcon, QKeySequence, QPalette
from PySide6.QtWidgets import QLabel, QMainWindow, QMenu, QSplitter, QWidget

from core.feed.health import LinkHealth, LinkState
from widgets import messages, theme
from widgets.controls.status_light import StatusLight

COLUMNS = 2  # of link groups
ICON = theme.FONT_FOLDER.parent / "icons" / "hoga.svg"


class MainWindow(QMainWindow):
    """Shows panes and says what the user wants; decides nothing.

    Light on purpose: it is on the screen before the panes and all that they need are loaded.
    """

    close_requested = Signal()
    lang_chosen = Signal(str)
    theme_chosen = Signal(str)
    updown_chosen = Signal(str)
    demo_wanted = Signal()

    def __init__(self, *, is_demo: bool) -> None:
        super().__init__()
        self._is_demo = is_demo
        self._is_closing = False
        self._links: list[LinkHealth] = []
        self._groups = 0
        self._columns = [QSplitter(Qt.Orientation.Vertical) for _ in range(COLUMNS)]
        self._grid = QSplitter(Qt.Orientation.Horizontal)
        for column in self._columns:
            self._grid.addWidget(column)
        for splitter in (self._grid, *self._columns):
            splitter.setHandleWidth(4)
            splitter.setChildrenCollapsible(False)
        opening = QLabel(self.tr("Opening the desk…"), self)
        opening.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setCentralWidget(opening)
        self.setWindowIcon(QIcon(str(ICON)))
        self.resize(1280, 720)
        self.setMinimumSize(640, 400)
        self._light = StatusLight(self)
        self._said = QLabel(self)
        self.statusBar().addWidget(self._light)
        self.statusBar().addWidget(self._said, 1)
        self._notice = QLabel(self)
        self._notice.setForegroundRole(QPalette.ColorRole.BrightText)
        self.statusBar().addPermanentWidget(self._notice)
        self._notice.hide()
        self.statusBar().setSizeGripEnabled(False)
        self._texts: list[tuple[Callable[[str], object], str]] = []  # what a change of language says anew
        self._choices: dict[str, QAction] = {}
        self._make_menus()
        self._say_texts()
        self.show_endpoint(is_demo=is_demo)

    # What is in it.

    def add_group(self, panes: Sequence[QWidget]) -> None:
        """Add a chart with its book and tape, in this order."""
        group = QSplitter(Qt.Orientation.Horizontal)
        group.setHandleWidth(2)
        group.setChildrenCollapsible(False)
        for pane, stretch in zip(panes, (4, 1, 1), strict=True):
            group.addWidget(pane)
            group.setStretchFactor(group.indexOf(pane), stretch)
        group.setSizes([300, 176, 160])
        column = self._columns[self._groups % COLUMNS]
        column.addWidget(group)
        column.setSizes([1_000] * column.count())
        self._groups += 1

    def show_groups(self) -> None:
        """Show the groups in the place of the word that they are being opened."""
        self.setCentralWidget(self._grid)

    def show_endpoint(self, *, is_demo: bool) -> None:
        """Say everywhere whether prices are the market's."""
        self._is_demo = is_demo
        self.setWindowTitle(self.tr("Hoga · DEMO, not market prices") if is_demo else "Hoga")
        self._choices["demo"].setEnabled(not is_demo)
        self.show_health(self._links)

    def show_health(self, links: Iterable[LinkHealth]) -> None:
        """Say in one line how the connection is."""
        links = self._links = list(links)
        up = sum(link.state is LinkState.OPEN for link in links)
        is_up = bool(links) and up == len(links)
        kind = "live" if is_up else "offline" if any(link.cause for link in links) else "pending"
        self._light.show_state(kind, messages.light(kind))
        name = self.tr("the built-in exchange") if self._is_demo else "Upbit"
        if is_up:
            text = self.tr("Connected to {name}").format(name=name)
        elif kind == "offline":
            text = self.tr("{up} of {all} connections to {name} are up").format(up=up, all=len(links), name=name)
        else:
            text = self.tr("Connecting to {name}").format(name=name)
        self.say(text)

    def say(self, text: str) -> None:
        """Show a line at the bottom."""
        self._said.setText(text)

    def notify(self, text: str) -> None:
        """Show what happened to the user's own things, beside the state of the connection, until the program ends."""
        self._notice.setText(text)
        self._notice.setToolTip(text)
        self._notice.show()

    # Menus.

    def _make_menus(self) -> None:
        program = self._menu("Hoga")
        self._action(program, "demo", "Open the demo exchange", self.demo_wanted.emit)
        self._action(program, "quit", "Quit", self.close_requested.emit, QKeySequence.StandardKey.Quit)
        view = self._menu("")
        self._texts.append((view.setTitle, "View"))
        self._radio(view, self.lang_chosen, {"lang ko": "한국어", "lang en": "English"})
        view.addSeparator()
        self._radio(view, self.theme_chosen, {"theme dark": "Dark", "theme light": "Light"})
        view.addSeparator()
        self._radio(
            view,
            self.updown_chosen,
            {"updown korean": "Rise red, fall blue", "updown western": "Rise green, fall red"},
        )

    def _menu(self, title: str) -> QMenu:
        menu = QMenu(title, self)
        self.menuBar().addMenu(menu)
        return menu

    def _action(
        self,
        menu: QMenu,
        key: str,
        text: str,
        on_trigger: Callable[[], object],
        shortcut: QKeySequence.StandardKey | None = None,
    ) -> QAction:
        action = QAction(self)
        action.triggered.connect(lambda _checked=False: on_trigger())
        if shortcut is not None:
            action.setShortcut(shortcut)
        menu.addAction(action)
        self._choices[key] = action
        self._texts.append((action.setText, text))
        return action

    def _radio(self, menu: QMenu, chosen: object, choices: dict[str, str]) -> None:
        group = QActionGroup(self)
        for key, text in choices.items():
            value = key.split(" ", 1)[1]
            action = self._action(menu, key, text, lambda v=value: chosen.emit(v))  # type: ignore[attr-defined, misc]
            action.setCheckable(True)
            group.addAction(action)

    def _say_texts(self) -> None:
        words = {
            "View": self.tr("View"),
            "Open the demo exchange": self.tr("Open the demo exchange"),
            "Quit": self.tr("Quit"),
            "Dark": self.tr("Dark"),
            "Light": self.tr("Light"),
            "Rise red, fall blue": self.tr("Rise red, fall blue"),
            "Rise green, fall red": self.tr("Rise green, fall red"),
        }
        for set_text, text in self._texts:
            set_text(words.get(text, text))

    def show_choices(self, lang: str, theme_name: str, updown: str) -> None:
        """Tick what is in force."""
        for key in (f"lang {lang}", f"theme {theme_name}", f"updown {updown}"):
            if key in self._choices:
                self._choices[key].setChecked(True)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._say_texts()
            self.show_endpoint(is_demo=self._is_demo)
        super().changeEvent(event)

    # Leaving.

    def closeEvent(self, event: QCloseEvent) -> None:
        """The program closes its sockets first, then the window (`finish_close`)."""
        if self._is_closing:
            event.accept()
            return
        event.ignore()
        self.close_requested.emit()

    def finish_close(self) -> None:
        self._is_closing = True
        self.close()
