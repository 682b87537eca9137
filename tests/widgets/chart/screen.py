"""A chart on the screen, for tests: what mouse and wheel do to it, what its pixels are."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPaintEvent, QRegion, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from core.state.candles import CandleSeries
from tests.widgets.chart.bars import MARKET
from widgets.chart.reading import Field
from widgets.chart.view import ChartView

LEFT = Qt.MouseButton.LeftButton


class WatchedChart(ChartView):
    """Remembers what Qt asked it to paint."""

    def __init__(self) -> None:
        self.painted: list[QRegion] = []
        super().__init__()

    def paintEvent(self, event: QPaintEvent) -> None:
        self.painted.append(QRegion(event.region()))
        super().paintEvent(event)


def show(view: ChartView, series: CandleSeries, market: str = MARKET) -> None:
    view.show_series(market, series)
    settle()


def settle() -> None:
    QApplication.processEvents()


def repainted(view: WatchedChart, change: Callable[[], object]) -> QRegion:
    """Return the region that was painted because of a change."""
    settle()
    view.painted.clear()
    change()
    settle()
    region = QRegion()
    for painted in view.painted:
        region += painted
    return region


def area(region: QRegion) -> int:
    return sum(r.width() * r.height() for r in region)  # type: ignore[attr-defined]


def picture(view: ChartView) -> QImage:
    """Return what is on the screen, as it was composed of all partial paintings so far."""
    settle()
    screen = view.screen().grabWindow(view.winId()).toImage()
    return screen if not screen.isNull() else view.grab().toImage()


def column(view: ChartView, image: QImage, index: float, *, dx: int = 0) -> list[QColor]:
    """Return the pixels of the plot's column in the middle of bar `index`."""
    x = round(view.painter.canvas.scale.x(index) - 0.5) + dx
    return [image.pixelColor(x, y) for y in range(view.painter.canvas.plot[1])]


def y_of(view: ChartView, price: float) -> int:
    return round(view.painter.canvas.scale.y(price))


def move(view: ChartView, x: float, y: float) -> None:
    QTest.mouseMove(view.viewport(), QPoint(round(x), round(y)))
    settle()


def wheel(view: ChartView, notches: int, at: QPointF) -> None:
    event = QWheelEvent(
        at,
        QPointF(view.viewport().mapToGlobal(at.toPoint())),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view.viewport(), event)
    settle()


def drag(view: ChartView, begin: QPoint, end: QPoint, steps: int = 8) -> None:
    """Drag with the left button from one point to the other."""
    port = view.viewport()
    QTest.mouseMove(port, begin)
    QTest.mousePress(port, LEFT, pos=begin)
    for i in range(1, steps + 1):
        at = begin + (end - begin) * (i / steps)
        QTest.mouseMove(port, at)
        settle()
    QTest.mouseRelease(port, LEFT, pos=end)
    settle()


def middle(view: ChartView) -> QPoint:
    return view.painter.canvas.plot_rect.center().toPoint()


def numbers(view: ChartView) -> dict[Field, str]:
    """Return what the read-out says, by field."""
    seen = view.painter._seen
    return {p.field: t for p, t in zip(view.painter.reading.places, seen.texts.numbers, strict=True)}
