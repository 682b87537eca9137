"""pyqtgraph items that own range and mouse, and paint nothing: the plot and its two axes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import pyqtgraph as pg
from pyqtgraph.GraphicsScene.mouseEvents import MouseClickEvent, MouseDragEvent
from PySide6.QtCore import QRectF, Qt
from PySide6.QtWidgets import QGraphicsItem, QGraphicsSceneWheelEvent

_NOTCH = 120  # of the wheel, in the eighths of a degree that Qt counts


class RangeHost(Protocol):
    """Who decides what a drag means, in logical px. The wheel does not come here: its host sees it first."""

    def drag(self, dx: float, dy: float, is_finished: bool) -> None: ...


class RangeBox(pg.ViewBox):
    """A ViewBox that holds the range and carries any pyqtgraph item, but asks its host what a gesture means."""

    def __init__(self, host: RangeHost) -> None:
        super().__init__(enableMenu=False, defaultPadding=0.0)
        self._host = host
        self.disableAutoRange()
        # Nothing of its own to paint: Qt need not ask.
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemHasNoContents)
        self.childGroup.setFlag(QGraphicsItem.GraphicsItemFlag.ItemHasNoContents)
        for item in (self.background, self.borderRect, self.target):
            item.hide()

    @property
    def has_items(self) -> bool:
        """Whether any pyqtgraph item stands on it."""
        return bool(self.childGroup.childItems())

    def mouseDragEvent(self, event: MouseDragEvent, axis: int | None = None) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        event.accept()
        moved = event.pos() - event.lastPos()
        self._host.drag(moved.x(), moved.y(), event.isFinish())


class PaneBox(pg.GraphicsWidget):
    """Takes the mouse over a pane below the plot, which shares its time axis: the host is asked as by a `RangeBox`."""

    def __init__(self, host: RangeHost) -> None:
        super().__init__()
        self._host = host
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemHasNoContents)

    def mouseDragEvent(self, event: MouseDragEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        event.accept()
        moved = event.pos() - event.lastPos()
        self._host.drag(moved.x(), 0.0, event.isFinish())


class AxisBox(pg.GraphicsWidget):
    """Takes the mouse over an axis: drag, wheel, double click, and a click where somebody wants it."""

    def __init__(
        self,
        on_drag: Callable[[float, float], None],
        on_wheel: Callable[[float], None],
        on_reset: Callable[[], None],
        pointer: Qt.CursorShape,
        on_click: Callable[[float, float], None] | None = None,
    ) -> None:
        super().__init__()
        self._on_drag, self._on_wheel, self._on_reset, self._on_click = on_drag, on_wheel, on_reset, on_click
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemHasNoContents)
        self.pointer = pointer  # its host shows it: Qt would, but only while a button is held

    def place(self, rect: QRectF) -> None:
        """Stand at `rect`, logical px."""
        self.setGeometry(rect)

    def mouseDragEvent(self, event: MouseDragEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        event.accept()
        moved = event.screenPos() - event.lastScreenPos()
        self._on_drag(moved.x(), moved.y())

    def mouseClickEvent(self, event: MouseClickEvent) -> None:
        if event.double() and event.button() == Qt.MouseButton.LeftButton:
            event.accept()
            self._on_reset()
        elif self._on_click is not None and event.button() == Qt.MouseButton.LeftButton:
            event.accept()
            self._on_click(event.pos().x(), event.pos().y())

    def wheelEvent(self, event: QGraphicsSceneWheelEvent) -> None:
        event.accept()
        self._on_wheel(event.delta() / _NOTCH)
