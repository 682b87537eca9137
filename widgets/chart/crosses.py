"""Small buttons on a chart that take a compared market away: the one thing on it that keys reach one by one."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal
from PySide6.QtWidgets import QToolButton, QWidget

from widgets import theme


class Crosses(QObject):
    """A cross for each market that is compared.

    Args:
        ground: the widget on which they stand.
    """

    pressed = Signal(str)  # market

    def __init__(self, ground: QWidget) -> None:
        super().__init__(ground)
        self._ground = ground
        self.buttons: dict[str, QToolButton] = {}
        self._theme_version = -1

    def place(self, boxes: list[tuple[str, QRect]]) -> None:
        """Stand in these boxes, by market; there is none for any other."""
        for market in self.buttons.keys() - dict(boxes).keys():
            self.buttons.pop(market).deleteLater()
        for market, box in boxes:
            button = self.buttons.get(market) or self._add(market)
            button.setGeometry(box)
            button.show()
        self._restyle()

    def _add(self, market: str) -> QToolButton:
        button = QToolButton(self._ground)
        button.setText("×")
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setCursor(Qt.CursorShape.ArrowCursor)
        button.clicked.connect(lambda: self.pressed.emit(market))
        self.buttons[market] = button
        self._theme_version = -1
        self._say(market, button)
        return button

    def _say(self, market: str, button: QToolButton) -> None:
        text = self.tr("Compare with {market} no more").format(market=market)
        button.setToolTip(text)
        button.setAccessibleName(text)

    def _restyle(self) -> None:
        if theme.version == self._theme_version:
            return
        self._theme_version = theme.version
        color = theme.colors
        for button in self.buttons.values():
            button.setFont(theme.font(13))
            button.setStyleSheet(
                f"QToolButton {{ border: 0; padding: 0; border-radius: 3px; color: {color.muted.name()}; }}"
                f"QToolButton:hover {{ color: {color.text.name()}; background: {color.raised.name()}; }}"
                f"QToolButton:focus {{ border: 1px solid {color.accent.name()}; }}"
            )

    def event(self, event: QEvent) -> bool:
        """The ground hands a change of language on to all its children."""
        if event.type() == QEvent.Type.LanguageChange:
            for market, button in self.buttons.items():
                self._say(market, button)
        return super().event(event)
