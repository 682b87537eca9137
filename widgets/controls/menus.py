"""What menus have that Qt's do not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from PySide6.QtCore import Qt, SignalInstance
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu

T = TypeVar("T")


def head(menu: QMenu, text: str) -> None:
    """Begin a part of a menu under a heading: a section of Qt's shows no text under a style sheet."""
    if menu.actions():
        menu.addSeparator()
    menu.addAction(text).setEnabled(False)


def offer(menu: QMenu, choices: Sequence[tuple[T, str]], chosen: object, signal: SignalInstance) -> None:
    """Add entries of which one is chosen; the signal tells of another one."""
    group = QActionGroup(menu)
    for value, text in choices:
        action = menu.addAction(text)
        action.setCheckable(True)
        action.setChecked(value == chosen)
        action.triggered.connect(lambda _=False, v=value: signal.emit(v))
        group.addAction(action)
    menu.aboutToHide.connect(group.deleteLater, Qt.ConnectionType.SingleShotConnection)
