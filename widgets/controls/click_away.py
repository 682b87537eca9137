"""Hear of a press of the mouse outside of something that is open over the window."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, QRect
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QWidget


class ClickAway(QObject):
    """Calls back when the mouse is pressed elsewhere; the press goes on to where it was meant.

    Sees every event of the program while it listens, so it listens only while `widget` is open.
    """

    def __init__(self, widget: QWidget, on_click: Callable[[], object]) -> None:
        super().__init__(widget)
        self._widget, self._on_click = widget, on_click

    def listen(self, is_listening: bool) -> None:
        """Start or stop to listen."""
        app = QCoreApplication.instance()
        assert app is not None  # there are widgets
        app.removeEventFilter(self)
        if is_listening:
            app.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        is_press = event.type() == QEvent.Type.MouseButtonPress and isinstance(event, QMouseEvent)
        if is_press and isinstance(watched, QWidget):
            place = QRect(self._widget.mapToGlobal(QPoint(0, 0)), self._widget.size())
            if not place.contains(event.globalPosition().toPoint()):  # type: ignore[attr-defined]
                self._on_click()
        return False
