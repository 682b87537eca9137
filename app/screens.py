"""Windows come back to where they stood, or to where they can be seen."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QMargins, QPoint, QRect
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

_BAR_PX = 24  # of the title bar, by which a window can be taken
_GRIP_PX = 48  # of it have to be on a monitor
_FRAME = QMargins(1, 31, 1, 1)  # of a window, roughly: how wide it is nobody knows before it is shown


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


def fitted(wanted: QRect, room: QRect) -> QRect:
    """Return a window's place in `room`: smaller than `wanted`, and beside it, as far as its frame has to be seen."""
    inner = room.marginsRemoved(_FRAME)
    size = wanted.size().boundedTo(inner.size())
    x = max(min(wanted.left(), inner.right() + 1 - size.width()), inner.left())
    y = max(min(wanted.top(), inner.bottom() + 1 - size.height()), inner.top())
    return QRect(QPoint(x, y), size)


def fit(window: QWidget) -> None:
    """Make a window no larger than its screen; where it stands is the window manager's."""
    window.resize(fitted(window.geometry(), window.screen().availableGeometry()).size())


def geometry_of(window: QWidget) -> str:
    """Return where a window stands, for `place`."""
    return bytes(window.saveGeometry().toBase64().data()).decode()


def place(window: QWidget, geometry: str) -> bool:
    """Put a window where it stood, or where it can be seen if that monitor is gone.

    False if `geometry` says nothing; nothing has moved.
    """
    was_restored = window.restoreGeometry(QByteArray.fromBase64(geometry.encode()))
    if was_restored and not window.isFullScreen():
        into_sight(window)
    return was_restored
