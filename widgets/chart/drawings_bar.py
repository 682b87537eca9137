"""The bar of tools at the left of a chart, and the button that has all of it as a menu."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QMenu, QToolButton, QVBoxLayout, QWidget

from core.state.drawings import Kind
from widgets import theme
from widgets.chart import drawings_icons, drawings_texts
from widgets.chart.drawings_hand import DrawingHand
from widgets.chart.interval_bar import BAR_HEIGHT

BAR_WIDTH = 28
_BUTTON = 24
_EDGE = 2


def _style() -> str:
    color = theme.colors
    return (
        "QToolButton { border: 0; border-radius: 3px; padding: 0; }"
        f"QToolButton:hover {{ background: {color.raised.name()}; }}"
        f"QToolButton:checked {{ background: {color.selection.name()}; }}"
        f"QToolButton:focus {{ border: 1px solid {color.accent.name()}; }}"
        "QToolButton::menu-indicator { image: none; }"
    )


class DrawingButton(QToolButton):
    """Opens the menu of all that can be drawn; shows the tool that is in the hand."""

    def __init__(self, menu: QMenu, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMenu(menu)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setAutoRaise(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setFixedSize(BAR_WIDTH, BAR_HEIGHT)
        self.setIconSize(QSize(drawings_icons.SIZE, drawings_icons.SIZE))
        self._shown: tuple[object, ...] = ()
        self._say()

    def show_tool(self, tool: Kind | None) -> None:
        """Show what is in the hand, in the colours of the theme."""
        if (tool, theme.version) != self._shown:
            self._shown = tool, theme.version
            self.setStyleSheet(_style() + f"DrawingButton {{ background: {theme.colors.surface.name()}; }}")
            color = theme.colors.accent if tool else theme.colors.muted
            self.setIcon(drawings_icons.icon(tool or "draw", color.rgb()))

    def _say(self) -> None:
        self.setAccessibleName(self.tr("Draw"))
        self.setToolTip(self.tr("Draw on the chart"))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._say()
        super().changeEvent(event)


class DrawingBar(QWidget):
    """A button a tool, one below the other; what does not fit is left to the menu."""

    taken = Signal()  # a tool

    def __init__(self, hand: DrawingHand, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hand = hand
        self.setFixedWidth(BAR_WIDTH)
        column = QVBoxLayout(self)
        column.setContentsMargins(_EDGE, _EDGE, _EDGE, _EDGE)
        column.setSpacing(0)
        self.tools: dict[Kind, QToolButton] = {}
        for kind in drawings_texts.names():
            button = self._button()
            button.setCheckable(True)
            button.clicked.connect(lambda is_on, k=kind: self._take(k if is_on else None))
            self.tools[kind] = button
        self.magnet, self.shown, self.clear = self._button(), self._button(), self._button()
        for button in (self.magnet, self.shown):
            button.setCheckable(True)
        self.magnet.clicked.connect(hand.set_magnet)
        self.shown.clicked.connect(lambda is_hidden: hand.set_shown(not is_hidden))
        self.clear.clicked.connect(hand.clear)
        self._rest = (self.magnet, self.shown, self.clear)
        for button in (*self.tools.values(), *self._rest):
            column.addWidget(button)
        column.addStretch(1)
        self._theme_version = -1
        self._say()

    def _button(self) -> QToolButton:
        button = QToolButton(self)
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setFixedSize(_BUTTON, _BUTTON)
        button.setIconSize(QSize(drawings_icons.SIZE, drawings_icons.SIZE))
        return button

    def _take(self, kind: Kind | None) -> None:
        self._hand.take(kind)
        self.taken.emit()

    def follow(self) -> None:
        """Show what the hand holds now, in the colours of the theme."""
        hand = self._hand
        for kind, button in self.tools.items():
            button.setChecked(hand.tool == kind)
        self.magnet.setChecked(hand.is_magnet)
        self.shown.setChecked(not hand.is_shown)
        if theme.version != self._theme_version:
            self._theme_version = theme.version
            self.setStyleSheet(_style())
            rgb = theme.colors.muted.rgb()
            for kind, button in self.tools.items():
                button.setIcon(drawings_icons.icon(kind, rgb))
            self.magnet.setIcon(drawings_icons.icon("magnet", rgb))
            self.shown.setIcon(drawings_icons.icon("eye", rgb))
            self.clear.setIcon(drawings_icons.icon("bin", rgb))
            self.update()

    def _say(self) -> None:
        names = drawings_texts.names()
        said = {button: names[kind] for kind, button in self.tools.items()}
        said |= {
            self.magnet: self.tr("Magnet to open, high, low, close"),
            self.shown: self.tr("Hide the drawings"),
            self.clear: self.tr("Delete all that are not locked"),
        }
        for button, text in said.items():
            button.setToolTip(text)
            button.setAccessibleName(text)
        traded = self.tr("As it was traded, also with Heikin-Ashi")
        self.magnet.setToolTip(f"{said[self.magnet]}\n{traded}")

    def minimumSizeHint(self) -> QSize:
        return QSize(BAR_WIDTH, 0)  # a chart may be lower than its tools

    def resizeEvent(self, event: QResizeEvent) -> None:
        fitting = (self.height() - 2 * _EDGE) // _BUTTON
        for n, button in enumerate((*self.tools.values(), *self._rest)):
            button.setVisible(n < fitting)
        super().resizeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colors.surface)
        painter.fillRect(self.width() - 1, 0, 1, self.height(), theme.colors.border)
        painter.end()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._say()
        super().changeEvent(event)
