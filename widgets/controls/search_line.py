"""A line to search a list with."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit

from widgets import theme


class SearchLine(QLineEdit):
    """Also tells what an input method is composing: initial consonants are searched before they are a syllable."""

    composed = Signal(str)
    key_passed = Signal(object)  # QKeyEvent: one that moves in the list, not in the text

    _PASSED = (
        Qt.Key.Key_Up,
        Qt.Key.Key_Down,
        Qt.Key.Key_PageUp,
        Qt.Key.Key_PageDown,
        Qt.Key.Key_Return,
        Qt.Key.Key_Enter,
        Qt.Key.Key_Escape,
    )

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        super().inputMethodEvent(event)
        before, after = self.text()[: self.cursorPosition()], self.text()[self.cursorPosition() :]
        self.composed.emit(before + event.preeditString() + after)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if Qt.Key(event.key()) in self._PASSED:
            self.key_passed.emit(event)
        else:
            super().keyPressEvent(event)


def bar_style(bar: str, pad: int) -> str:
    """Return the style sheet of a bar with such a line and flat buttons.

    Args:
        bar: the name of its class.
        pad: px at both sides of a button's text.
    """
    c = theme.colors
    return (
        f"{bar} {{ background: {c.surface.name()}; }}"
        f"QToolButton {{ border: 0; border-radius: 3px; padding: 0 {pad}px; color: {c.muted.name()}; }}"
        "QToolButton::menu-indicator { image: none; }"
        f"QToolButton:hover {{ color: {c.text.name()}; background: {c.raised.name()}; }}"
        f"QToolButton:checked {{ color: {c.accent.name()}; font-weight: 600; }}"
        f"QToolButton:focus {{ border: 1px solid {c.accent.name()}; }}"
        f"QLineEdit {{ background: {c.raised.name()}; color: {c.text.name()}; border: 1px solid {c.raised.name()};"
        " border-radius: 3px; }"
        f"QLineEdit:focus {{ border-color: {c.accent.name()}; }}"
    )
