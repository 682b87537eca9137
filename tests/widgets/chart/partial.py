"""A chart painted piece by piece, to be compared with one painted whole."""

from __future__ import annotations

from PySide6.QtGui import QImage, QPainter, QRegion
from PySide6.QtWidgets import QApplication

from widgets.chart.view import ChartView


class Screen:
    """What a screen would show of a view: each change paints what the view says is to be painted, and no more."""

    def __init__(self, view: ChartView, dpr: float = 1.0) -> None:
        view.devicePixelRatioF = lambda: dpr  # type: ignore[method-assign]
        view._fill()
        QApplication.processEvents()
        self._view, self._regions = view, list[QRegion]()
        size = view.size()
        self._whole = QRegion(0, 0, size.width(), size.height())
        self.image = QImage(size * dpr, QImage.Format.Format_RGB32)
        self.image.setDevicePixelRatio(dpr)
        view._update = self._regions.append  # type: ignore[method-assign]
        self._paint(self._whole)

    def _paint(self, region: QRegion) -> None:
        painter = QPainter(self.image)
        painter.setClipRegion(region)
        self._view.painter.paint(painter, region)
        self._view.painter.paint_cursor(painter, region)
        painter.end()

    def is_whole(self) -> bool:
        """Paint what changed since the last call; tell whether that gives what painting all of it gives."""
        region = QRegion()
        for one in self._regions:
            region += one
        self._regions.clear()
        self._paint(region)
        partial = self.image.copy()
        self._view.painter._is_layer_good = False
        self._paint(self._whole)
        return partial == self.image
