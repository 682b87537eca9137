"""The window: menus, the panes one can add, the desk in the middle, and one line that says how the connection is."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QCloseEvent, QIcon, QKeyEvent
from PySide6.QtWidgets import QLabel, QMainWindow, QMenu, QPushButton, QWidget

from widgets import theme
from widgets.controls.pane_palette import PanePalette
from widgets.controls.status_light import StatusLight, light_text

if TYPE_CHECKING:  # it would load numpy
    from core.feed.health import LinkHealth

ICON = theme.FONT_FOLDER.parent / "icons" / "hoga.svg"
MENUS = ("program", "desk", "pane", "view", "help")
_MOST_NOTICES = 20


class MainWindow(QMainWindow):
    """Shows the desk and says what the user wants; decides nothing.

    Light on purpose: it is on the screen before the panes and all that they need are loaded. `menus` are filled then.
    """

    close_requested = Signal()
    health_wanted = Signal()  # the light at the bottom was pressed
    key_typed = Signal(object)  # a QKeyEvent, valid during the call, that nobody in the window took

    def __init__(self, *, is_demo: bool) -> None:
        super().__init__()
        self._is_demo = is_demo
        self._is_closing = False
        self._desk = ""
        self._links: list[LinkHealth] = []
        self._notices: deque[str] = deque(maxlen=_MOST_NOTICES)  # newest last
        opening = QLabel(self.tr("Opening the desk…"), self)
        opening.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setCentralWidget(opening)
        self.setWindowIcon(QIcon(str(ICON)))
        self.resize(1280, 720)
        self.setMinimumSize(640, 400)
        self._light = StatusLight(self)
        self._light.explain_wanted.connect(self.health_wanted)
        self._said = QLabel(self)
        self.statusBar().addWidget(self._light)
        self.statusBar().addWidget(self._said, 1)
        self._notice = QPushButton(self)
        self._notice.setFlat(True)
        self._notice.setMenu(QMenu(self._notice))
        self.statusBar().addPermanentWidget(self._notice)
        self._notice.hide()
        self.statusBar().setSizeGripEnabled(False)
        self.menus = {name: QMenu(self) for name in MENUS}
        for menu in self.menus.values():
            self.menuBar().addMenu(menu)
        self.palette_row = PanePalette(self)
        self._say_texts()
        self.show_endpoint(is_demo=is_demo)

    # What is in it.

    def show_desk(self, desk: QWidget) -> None:
        """Show the desk in the place of the word that it is being opened."""
        self.setCentralWidget(desk)

    def show_kinds(self, titles: Mapping[str, str], tip: str) -> None:
        """Show the panes one can add; arguments as of `PanePalette.show_kinds`."""
        self.palette_row.show_kinds(titles, tip)
        self.palette_row.adjustSize()
        self.menuBar().setCornerWidget(self.palette_row)  # again: a menu bar asks for the size once
        self.palette_row.show()

    def show_name(self, desk: str) -> None:
        """Show which desk is open."""
        self._desk = desk
        self._show_title()

    def _show_title(self) -> None:
        parts = [self._desk, "Hoga", self.tr("DEMO, not market prices") if self._is_demo else ""]
        self.setWindowTitle(" · ".join(p for p in parts if p))

    def show_endpoint(self, *, is_demo: bool) -> None:
        """Say everywhere whether prices are the market's."""
        self._is_demo = is_demo
        self._show_title()
        self.show_health(self._links)

    def show_health(self, links: Iterable[LinkHealth]) -> None:
        """Say in one line how the connection is."""
        links = self._links = list(links)
        up = sum(link.is_open for link in links)
        is_up = bool(links) and up == len(links)
        kind = "live" if is_up else "offline" if any(link.cause for link in links) else "pending"
        self._light.show_state(kind, light_text(kind))
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
        """Say what happened to the user's own things and what to do; it stays until it has been read."""
        if text in self._notices:
            self._notices.remove(text)
        self._notices.append(text)
        self._show_notices()

    @property
    def notices(self) -> list[str]:
        """Return what has not been dismissed, newest last."""
        return list(self._notices)

    def _show_notices(self) -> None:
        menu = self._notice.menu()
        menu.clear()
        for text in reversed(self._notices):
            menu.addAction(text).setEnabled(False)
        menu.addSeparator()
        menu.addAction(self.tr("Dismiss")).triggered.connect(self._dismiss)
        count = len(self._notices)
        last = self._notices[-1] if count else ""
        metrics = self._notice.fontMetrics()
        text = metrics.elidedText(last, Qt.TextElideMode.ElideRight, max(self.width() // 2, 200))
        self._notice.setText(f"{text}  ({count})" if count > 1 else text)
        self._notice.setAccessibleName(self.tr("Message: {text}").format(text=last))
        self._notice.setToolTip(last)
        self._notice.setVisible(bool(count))

    def _dismiss(self) -> None:
        self._notices.clear()
        self._show_notices()

    # Texts.

    def _say_texts(self) -> None:
        titles = {
            "program": "Hoga",
            "desk": self.tr("Desk"),
            "pane": self.tr("Pane"),
            "view": self.tr("View"),
            "help": self.tr("Help"),
        }
        for name, menu in self.menus.items():
            menu.setTitle(titles[name])

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._say_texts()
            self.show_endpoint(is_demo=self._is_demo)
            self._show_notices()
        super().changeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What is typed while no pane has the keyboard is for the pane that was used last."""
        event.ignore()
        self.key_typed.emit(event)
        if not event.isAccepted():
            super().keyPressEvent(event)

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
