"""Windows come back to where they stood, or to where they can be seen."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QRect
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

_BAR_PX = 24  # of the title bar, by which a window can be taken
_GRIP_PX = 48  # of it have to be on a monitor


def into_sight(window: QWidget) -> None:
    """Move a window whose monitor is gone to one that is there."""
    frame = window.frameGeometry()
    screens = QGuiApplication.screens()
    bar = QRect(frame.left(), frame.top(), frame.width(), _BAR_PX)
    if any(s.availableGeometry().intersected(bar).width() >= _GRIP_PX for s in screens) or not screens:
        return
    room = screens[0].availableGeometry()
    size = window.size().boundedTo(room.size())
    window.resize(size)
    window.move(room.center() - window.rect().center())


def geometry_of(window: QWidget) -> str:
    """Return where a window stands, for `place`."""
    return bytes(window.saveGeometry().toBase64().data()).decode()


def place(window: QWidget, geometry: str) -> None:
    """Put a window where it stood, or where it can be seen if that monitor is gone. What says nothing moves nothing."""
    kept = QByteArray.fromBase64(geometry.encode())
    if window.restoreGeometry(kept) and not window.isFullScreen():
        into_sight(window)
