"""The corner where both axes of a chart meet: it says in which zone times are, and changes that by a click."""

from __future__ import annotations

from collections.abc import Callable

import pyqtgraph as pg
from pyqtgraph.GraphicsScene.mouseEvents import MouseClickEvent, MouseDragEvent
from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem, QGraphicsSceneWheelEvent

from widgets import theme, zone
from widgets.chart.canvas import SMALL_PX, TIME_AXIS_PX, Canvas
from widgets.chart.model import ChartModel
from widgets.plot import texts
from widgets.plot.ticks import zone_of


class ZoneCorner(pg.GraphicsWidget):
    """Takes the mouse over the corner."""

    pointer = Qt.CursorShape.PointingHandCursor

    def __init__(self, on_click: Callable[[], None]) -> None:
        super().__init__()
        self._on_click = on_click
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemHasNoContents)

    def place(self, rect: QRectF) -> None:
        """Stand at `rect`, logical px."""
        self.setGeometry(rect)

    def mouseClickEvent(self, event: MouseClickEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and not event.double():
            event.accept()
            self._on_click()

    def mouseDragEvent(self, event: MouseDragEvent) -> None:
        event.accept()  # or the plot would be dragged

    def wheelEvent(self, event: QGraphicsSceneWheelEvent) -> None:
        event.accept()

    def tip_at(self, point: QPointF) -> str:
        """Return what a click does, "" where the point is elsewhere."""
        if not self.geometry().contains(point):
            return ""
        if zone.shown is zone.KST:
            return QCoreApplication.translate("ChartView", "Times are in Korea's zone. A click shows local time.")
        return QCoreApplication.translate("ChartView", "Times are local. A click shows Korea's time (KST).")


def zone_text(model: ChartModel) -> str:
    """Return the zone of the chart's times, as it is called at its last bar; "" without bars."""
    if model.series is None or not model.count:
        return ""
    return zone_of(model.series.interval.length_ms, zone.shown).name(int(model.starts[-1]))


def paint_zone(painter: QPainter, canvas: Canvas) -> None:
    """Write the zone of the times into the corner, if there is room."""
    text, font = zone_text(canvas.model), theme.font(SMALL_PX * canvas.dpr)
    room = texts.width(font, text)
    if not text or room > canvas.axis - 2 * canvas.line:
        return
    painter.setFont(font)
    painter.setPen(theme.colors.muted)
    left = canvas.plot[0] + round((canvas.axis - room) / 2)
    texts.draw(painter, font, left, round(canvas.bottom + canvas.px(TIME_AXIS_PX) / 2 + texts.drop(font)), text)
