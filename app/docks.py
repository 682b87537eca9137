"""Docking: what a desk needs of QtAds and no more, so that another library could stand behind it.

A dock is one pane; its name is the pane's. The pane's own header is the handle by which it is dragged, so a dock that
stands alone has no title bar of the library's; docks that share a place have its row of tabs.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import PySide6QtAds as QtAds
from PySide6.QtCore import QByteArray, QCoreApplication, QObject, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QGuiApplication, QMouseEvent
from PySide6.QtWidgets import QMainWindow, QSplitter, QStackedWidget, QWidget

from app.screens import fitted, into_sight
from widgets import drag, theme

SIDES = {
    "left": QtAds.LeftDockWidgetArea,
    "right": QtAds.RightDockWidgetArea,
    "top": QtAds.TopDockWidgetArea,
    "bottom": QtAds.BottomDockWidgetArea,
    "tab": QtAds.CenterDockWidgetArea,
}
_FILLED = QtAds.CDockWidget.eInsertMode.ForceNoScrollArea
_STATE_VERSION = 1
_FLOAT_SIZE = (640, 420)  # px, of a pane torn off by a command

_NO_SHAPE = re.compile(r'<(Sizes|Geometry)>.*?</\1>| Current="[^"]*"')


class Place(NamedTuple):
    """Where a dock stands."""

    beside: str  # name of a neighbour, "" if it stands alone
    side: str  # of the neighbour
    layout: str  # of all docks


def _configure() -> None:
    """Set what QtAds takes before its first manager only."""
    flag = QtAds.CDockManager.eConfigFlag
    QtAds.CDockManager.setConfigFlags(
        flag.OpaqueSplitterResize
        | flag.DragPreviewIsDynamic
        | flag.EqualSplitOnInsertion
        | flag.AllTabsHaveCloseButton
        | flag.MiddleMouseButtonClosesTab
        | flag.FloatingContainerForceQWidgetTitleBar  # re-docking by a native title bar fails with some window managers
        | flag.FloatingContainerHasWidgetTitle
        | flag.DisableStylesheet  # ours is `_style_sheet`
    )


class _Root(QStackedWidget):
    """Where everything stands. What is dropped beside the docks, or on a desk without any, is dropped here."""

    dropped = Signal(str, str)  # (kind of pane or "", market or "")

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAcceptDrops(True)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self._take(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self._take(event)

    def dropEvent(self, event: QDropEvent) -> None:
        kind, market = self._take(event)
        if kind or market:
            self.dropped.emit(kind, market)

    @staticmethod
    def _take(event: QDropEvent) -> tuple[str, str]:
        kind, market = drag.kind_of(event.mimeData()), drag.market_of(event.mimeData())
        if kind or market:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
        return kind, market


class _Stand(QWidget):
    """Takes the room of a widget that is not there yet. A dock without any would not be shown."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__()
        self._hint, self._least = widget.sizeHint(), widget.minimumSizeHint()

    def sizeHint(self) -> QSize:
        return self._hint

    def minimumSizeHint(self) -> QSize:
        return self._least


class Docks(QObject):
    """Named widgets in a window, which the user splits, tabs and tears off.

    Args:
        window: gets the docks as its central widget by `show`.
    """

    closed = Signal(str)  # the user closed the dock of this name; it is hidden and still there
    floated = Signal()  # a window was torn off
    dropped = Signal(str, str)  # beside the docks, or where none is: (kind of pane or "", market or "")

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        _configure()
        self._window = window
        self._docks: dict[str, QtAds.CDockWidget] = {}
        self._torn: dict[str, tuple[Place, str]] = {}  # where a dock stood, and the shape of what it left
        self._is_locked = False
        self._is_quiet = False  # while we, not the user, close and open
        self._large = ""  # name of the dock that fills the window
        self._waiting: dict[str, QWidget] | None = None  # for their docks, while these are put into their places
        self._stack = _Root(window)
        self._stack.dropped.connect(self.dropped)
        self._manager = QtAds.CDockManager(self._stack)
        self._manager.dockAreaCreated.connect(self._dress_area)
        self._manager.floatingWidgetCreated.connect(self._on_float)
        self._stack.addWidget(self._manager)

    @property
    def root(self) -> QWidget:
        """Return the widget that holds everything docked, for the window's centre."""
        return self._stack

    def names(self) -> list[str]:
        return list(self._docks)

    def __contains__(self, name: str) -> bool:
        return name in self._docks

    def __len__(self) -> int:
        return len(self._docks)

    # Coming and going.

    def add(self, name: str, widget: QWidget, title: str, side: str = "right", beside: str = "") -> None:
        """Dock `widget`.

        Args:
            name: unique; the layout knows it by this.
            title: on its tab and window.
            side: "left", "right", "top", "bottom" of `beside`, or "tab" on it; of the whole desk where that is "".
            beside: name of another dock.
        """
        self.restore_size()
        dock = QtAds.CDockWidget(self._manager, title)
        dock.setObjectName(name)
        dock.setFeature(QtAds.CDockWidget.DockWidgetFeature.CustomCloseHandling, True)
        dock.setFeature(QtAds.CDockWidget.DockWidgetFeature.DockWidgetPinnable, False)
        dock.setMinimumSizeHintMode(QtAds.CDockWidget.eMinimumSizeHintMode.MinimumSizeHintFromContent)
        if self._waiting is not None:
            self._waiting[name], widget = widget, _Stand(widget)
        dock.setWidget(widget, _FILLED)
        dock.closeRequested.connect(lambda: self.closed.emit(name))
        self._docks[name] = dock
        self._put(dock, side, beside)

    def _put(self, dock: QtAds.CDockWidget, side: str, beside: str) -> None:
        place = self._docks.get(beside)
        area = place.dockAreaWidget() if place is not None else None
        if area is not None:
            self._manager.addDockWidget(SIDES[side], dock, area)
        else:
            self._manager.addDockWidget(SIDES["right" if side == "tab" else side], dock)

    @contextlib.contextmanager
    def rearranging(self) -> Iterator[None]:
        """While many docks come or go: what they show is put into them at the end.

        Each dock that comes moves others, and what is moved is dressed anew with all that is in it: filled one by one,
        a desk of twelve panes took twice as long.
        """
        self.restore_size()
        self._waiting = {}
        try:
            yield
        finally:
            waiting, self._waiting = self._waiting, None
            sizes = [(splitter, splitter.sizes()) for splitter in self._manager.findChildren(QSplitter)]
            for name, widget in waiting.items():
                dock = self._docks[name]
                dock.takeWidget().deleteLater()
                dock.setWidget(widget, _FILLED)
            for splitter, shares in sizes:  # until it is laid out a pane may have wanted more room
                if any(shares):  # in a window that was never shown they are not worked out yet
                    splitter.setSizes(shares)

    def remove(self, name: str) -> None:
        """Take a dock out; its widget is the caller's again."""
        self.restore_size()
        dock = self._docks.pop(name)
        self._torn.pop(name, None)
        widget = dock.takeWidget()
        if self._waiting is not None and self._waiting.pop(name, None) is not None:
            widget.deleteLater()
        self._manager.removeDockWidget(dock)
        dock.deleteLater()

    def set_title(self, name: str, title: str) -> None:
        if name in self._docks:
            self._docks[name].setWindowTitle(title)

    def raise_dock(self, name: str) -> None:
        """Bring a dock to the front: its tab, its window."""
        self.restore_size()
        dock = self._docks[name]
        dock.setAsCurrentTab()
        if dock.isInFloatingContainer():
            dock.floatingDockContainer().raise_()
            dock.floatingDockContainer().activateWindow()

    def set_shares(self, name: str, shares: Sequence[int]) -> None:
        """Divide the row or column in which a dock stands by `shares`, one a member."""
        area = self._docks[name].dockAreaWidget()
        if area is not None and len(self._manager.splitterSizes(area)) == len(shares):
            self._manager.setSplitterSizes(area, [s * 1_000 for s in shares])

    def _neighbour(self, name: str) -> tuple[str, str]:
        """Return (name, side) where a dock stands: enough to put it back roughly; ("", "right") if alone."""
        area = self._docks[name].dockAreaWidget()
        if area is None:
            return "", "right"
        for other in area.dockWidgets():
            if other.objectName() != name:
                return other.objectName(), "tab"
        here = _global_rect(area)
        best: tuple[int, str, str] | None = None
        for other_name, dock in self._docks.items():
            other = dock.dockAreaWidget()
            if other is None or other is area or other.window() is not area.window():
                continue
            there = _global_rect(other)
            for side, gap in {
                "right": here.left() - there.right(),
                "left": there.left() - here.right(),
                "bottom": here.top() - there.bottom(),
                "top": there.top() - here.bottom(),
            }.items():
                is_level = here.top() == there.top() if side in ("left", "right") else here.left() == there.left()
                if gap >= 0 and (best is None or gap + 10_000 * (not is_level) < best[0]):
                    best = (gap + 10_000 * (not is_level), other_name, side)
        return (best[1], best[2]) if best else ("", "right")

    def place_of(self, name: str) -> Place:
        """Return where a dock stands, before it goes."""
        return Place(*self._neighbour(name), self.save())

    def shape(self) -> str:
        """Return which docks stand beside which, in which windows: `save` without sizes and without who is in front."""
        return _NO_SHAPE.sub("", self.save())

    # Moving.

    def float_dock(self, name: str) -> None:
        """Tear a dock off into a window of its own, over its place."""
        dock = self._docks[name]
        if dock.isInFloatingContainer() or self._is_locked:
            return
        self.restore_size()
        at, place = dock.mapToGlobal(dock.rect().topLeft()), self.place_of(name)
        dock.setFloating()
        self._torn[name] = place, self.shape()
        window = dock.floatingDockContainer()
        screen = QGuiApplication.screenAt(at) or dock.screen()
        window.setGeometry(fitted(QRect(at.x() + 24, at.y() + 24, *_FLOAT_SIZE), screen.availableGeometry()))
        window.show()
        window.raise_()
        window.activateWindow()

    def is_floating(self, name: str) -> bool:
        return bool(self._docks[name].isInFloatingContainer())

    def dock_again(self, name: str) -> None:
        """Put a torn-off dock back where it stood, or beside what it stood beside if others were moved since."""
        dock = self._docks[name]
        if not dock.isInFloatingContainer():
            return
        place, shape = self._torn.pop(name, (Place("", "right", ""), ""))
        is_same = shape == self.shape()
        self._put(dock, place.side, place.beside)
        if is_same:
            self.restore(place.layout)

    def drag(self, name: str, event: QMouseEvent) -> None:
        """Let a press, move or release on the pane's header drag its dock, as if on the library's tab."""
        dock = self._docks.get(name)
        tab = dock.tabWidget() if dock is not None and not self._is_locked and not self._large else None
        if tab is None:
            return
        at = event.globalPosition()
        local = QPointF(tab.mapFromGlobal(at.toPoint()))
        sent = QMouseEvent(event.type(), local, at, event.button(), event.buttons(), event.modifiers())
        QCoreApplication.sendEvent(tab, sent)

    def move(self, name: str, side: str) -> None:
        """Put a dock at a side of the main window, the keyboard's way of dragging it there."""
        if not self._is_locked and side in SIDES:
            self.restore_size()
            self._manager.addDockWidget(SIDES[side], self._docks[name])

    def resize(self, name: str, wider: int, taller: int) -> None:
        """Make a dock wider and taller by px, at the cost of its neighbours; less than 0 makes it smaller."""
        for orientation, by in ((Qt.Orientation.Horizontal, wider), (Qt.Orientation.Vertical, taller)):
            if by:
                self._resize_along(self._docks[name], orientation, by)

    def set_height(self, name: str, height: int) -> None:
        """Make a dock `height` px tall, where others stand above or below it."""
        splitter, member = _divided(self._docks[name], Qt.Orientation.Vertical)
        if splitter is not None:
            sizes, at = splitter.sizes(), splitter.indexOf(member)
            rest = max(sum(sizes) - height, 1)
            others = sum(s for n, s in enumerate(sizes) if n != at) or 1
            splitter.setSizes([height if n == at else s * rest // others for n, s in enumerate(sizes)])

    @staticmethod
    def _resize_along(dock: QWidget, orientation: Qt.Orientation, by: int) -> None:
        splitter, member = _divided(dock, orientation)
        if splitter is None:
            return
        sizes, at = splitter.sizes(), splitter.indexOf(member)
        other = at + 1 if at + 1 < len(sizes) else at - 1
        sizes[at], sizes[other] = max(sizes[at] + by, 1), max(sizes[other] - by, 1)
        splitter.setSizes(sizes)

    @property
    def large(self) -> str:
        """Return the name of the dock that fills the window, "" if none does."""
        return self._large

    def fill(self, name: str) -> None:
        """Let one dock fill the window; the others keep their places behind it and cost nothing."""
        self.restore_size()
        dock = self._docks[name]
        widget = dock.takeWidget()
        self._large = name
        self._stack.insertWidget(1, widget)
        self._stack.setCurrentWidget(widget)
        widget.show()
        widget.setFocus()

    def restore_size(self) -> None:
        """Put the dock that fills the window back into its place."""
        if not self._large:
            return
        name, self._large = self._large, ""
        widget = self._stack.currentWidget()
        assert widget is not None
        self._stack.removeWidget(widget)
        self._stack.setCurrentWidget(self._manager)
        self._docks[name].setWidget(widget, _FILLED)
        widget.show()
        widget.setFocus()

    def lock(self, is_locked: bool) -> None:
        """Keep everything in its place: nothing can be dragged, torn off or closed."""
        self._is_locked = is_locked
        features = QtAds.CDockWidget.DockWidgetFeature
        self._manager.lockDockWidgetFeaturesGlobally(
            features.GloballyLockableFeatures if is_locked else features.NoDockWidgetFeatures
        )

    # Keeping.

    def save(self) -> str:
        """Return where everything stands, windows and sizes included."""
        return bytes(self._manager.saveState(_STATE_VERSION).data()).decode()

    def restore(self, layout: str) -> bool:
        """Put the docks where `layout` says; False if it cannot be read, and nothing has moved.

        Docks that it does not name stay: they are put to the right.
        """
        self.restore_size()
        # What is not plain would be taken for compressed.
        is_plain = layout.startswith("<?xml")
        was_restored = is_plain and self._manager.restoreState(QByteArray(layout.encode()), _STATE_VERSION)
        for dock in self._docks.values():
            if dock.isClosed() or dock.dockAreaWidget() is None:
                self._manager.addDockWidget(SIDES["right"], dock)
                dock.toggleView(True)
        for area in self._areas():
            self._dress_area(area)
        for window in self._manager.floatingWidgets():
            into_sight(window)
        return bool(was_restored)

    def windows(self) -> list[QWidget]:
        """Return the windows of torn-off docks."""
        return list(self._manager.floatingWidgets())

    def restyle(self) -> None:
        """Take the colours of the theme."""
        self._manager.setStyleSheet(_style_sheet(theme.colors))

    def close(self) -> None:
        """Let everything go; torn-off windows too."""
        with self.rearranging():
            for name in list(self._docks):
                self.remove(name)

    def _areas(self) -> Iterator[QtAds.CDockAreaWidget]:
        for container in self._manager.dockContainers():
            for n in range(container.dockAreaCount()):
                yield container.dockArea(n)

    def _dress_area(self, area: QtAds.CDockAreaWidget) -> None:
        area.setDockAreaFlag(QtAds.CDockAreaWidget.eDockAreaFlag.HideSingleWidgetTitleBar, True)
        for button in (
            QtAds.TitleBarButtonClose,
            QtAds.TitleBarButtonUndock,
            QtAds.TitleBarButtonTabsMenu,
        ):
            with contextlib.suppress(AttributeError):
                area.titleBarButton(button).setVisible(False)

    def _on_float(self, window: QtAds.CFloatingDockContainer) -> None:
        self.floated.emit()


def _divided(dock: QWidget, orientation: Qt.Orientation) -> tuple[QSplitter | None, QWidget]:
    """Return the nearest row or column that a dock shares with others, and the member of it in which it stands."""
    member, above = dock, dock.parentWidget()
    while above is not None:
        if isinstance(above, QSplitter) and above.orientation() is orientation and above.count() > 1:
            return above, member
        member, above = above, above.parentWidget()
    return None, member


def _global_rect(widget: QWidget) -> QRect:
    return QRect(widget.mapToGlobal(widget.rect().topLeft()), widget.size())


def _style_sheet(c: theme.Colors) -> str:
    """The rows of tabs and the windows torn off; panes paint themselves."""
    close, large, normal = (
        f'url("{(theme.ICON_FOLDER / name).as_posix()}.svg")' for name in ("close", "maximize", "restore")
    )
    return f"""
        ads--CDockContainerWidget, ads--CDockAreaWidget {{ background: {c.window.name()}; border: none; }}
        ads--CDockAreaWidget {{ border: 1px solid {c.border.name()}; }}
        ads--CDockSplitter::handle {{ background: {c.window.name()}; }}
        ads--CDockSplitter::handle:hover {{ background: {c.accent.name()}; }}
        ads--CDockAreaTitleBar {{ background: {c.window.name()}; border: none; padding: 0; }}
        ads--CDockWidgetTab {{ background: {c.window.name()}; border: none; border-top: 2px solid transparent;
                               padding: 2px 8px; }}
        ads--CDockWidgetTab QLabel {{ color: {c.muted.name()}; }}
        ads--CDockWidgetTab[activeTab="true"] {{ background: {c.raised.name()};
                               border-top: 2px solid {c.accent.name()}; }}
        ads--CDockWidgetTab[activeTab="true"] QLabel {{ color: {c.text.name()}; }}
        ads--CDockWidgetTab:hover {{ background: {c.selection.name()}; }}
        #tabCloseButton, #floatingTitleCloseButton, #floatingTitleMaximizeButton {{
            qproperty-iconSize: 12px 12px; padding: 2px; margin: 0; min-width: 0;
            border: 1px solid transparent; border-radius: 3px; background: transparent; }}
        #tabCloseButton, #floatingTitleCloseButton {{ qproperty-icon: {close}; }}
        ads--CFloatingWidgetTitleBar {{ qproperty-maximizeIcon: {large}; qproperty-normalIcon: {normal}; }}
        #tabCloseButton:hover, #floatingTitleCloseButton:hover, #floatingTitleMaximizeButton:hover {{
            border-color: {c.border.name()}; background: {c.raised.name()}; }}
        ads--CDockWidget {{ border: none; }}
        ads--CFloatingDockContainer {{ background: {c.window.name()}; border: 1px solid {c.border.name()}; }}
        ads--CDockOverlayCross {{
            qproperty-iconFrameColor: {c.accent.name()};
            qproperty-iconBackgroundColor: {c.raised.name()};
            qproperty-iconOverlayColor: {c.accent.name()};
            qproperty-iconArrowColor: {c.text.name()};
            qproperty-iconShadowColor: {c.window.name()};
        }}
        QScrollArea#dockWidgetScrollArea {{ border: none; padding: 0; }}
    """
