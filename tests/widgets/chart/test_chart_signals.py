"""Signals of strategies on a chart: at their bar and price, told apart by shape, kept while the last bar moves."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF
from PySide6.QtGui import QColor, QHelpEvent, QImage
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from core.market import MINUTE_MS
from core.state.candles import CandleSeries
from core.strategy.base import Signal
from tests.widgets.chart.bars import MARKET, PRICE, TICK, row, series_of, trade
from widgets import theme
from widgets.chart.view import ChartView
from widgets.plot.marks import MARK_PX, mark, top_left

BARS = 40
FIRST_MS = 1_780_000_020_000


def flat() -> CandleSeries:
    """Bars so small that a mark stands free of them."""
    return series_of([row(FIRST_MS + n * MINUTE_MS, PRICE + (n % 2) * 40 * TICK) for n in range(BARS)])


def signal(bar: int, price: float, side: int, *, after_ms: int = 30_000) -> Signal:
    return Signal("jump", MARKET, FIRST_MS + bar * MINUTE_MS + after_ms, price, side, 0.01 * side, "1")


@pytest.fixture(params=["dark", "light"])
def view(qtbot: QtBot, qapp: QApplication, request: pytest.FixtureRequest) -> ChartView:
    theme.apply(qapp, request.param)
    made = ChartView()
    qtbot.addWidget(made)
    made.resize(800, 400)
    made.show()
    qtbot.waitExposed(made)
    made.show_series(MARKET, flat())
    request.addfinalizer(lambda: theme.apply(qapp))
    return made


def places(image: QImage) -> list[tuple[int, int]]:
    """Return where the colour of the marks is."""
    plain = image.convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(plain.constBits(), np.uint32).reshape(plain.height(), -1)[:, : plain.width()]
    ys, xs = np.nonzero((pixels & 0xFFFFFF) == (theme.colors.warn.rgb() & 0xFFFFFF))
    return list(zip(xs.tolist(), ys.tolist(), strict=True))


def grab(view: ChartView) -> QImage:
    """Return what is on the screen, as it was composed of all partial paintings so far."""
    QApplication.processEvents()
    screen = view.screen().grabWindow(view.winId()).toImage()
    return screen if not screen.isNull() else view.grab().toImage()


def test_a_mark_stands_at_its_bar_and_price(view: ChartView) -> None:
    assert not places(grab(view))
    model, scale = view.model, view.painter.canvas.scale
    price = PRICE + 20 * TICK
    for side in (1, -1, 0):
        view.set_signals((signal(30, price, side),))
        found = places(grab(view))
        x, y = scale.x(30), scale.y(price)
        assert abs(sum(a for a, _ in found) / len(found) - x) <= 1.5
        heights = [b - y for _, b in found]
        assert max(abs(a - x) for a, _ in found) <= MARK_PX / 2
        if side > 0:
            assert min(heights) >= 0, "it points up at the price"
        elif side < 0:
            assert max(heights) <= 0
        else:
            assert abs(sum(heights) / len(heights)) <= 1.5
    view.set_signals(())
    assert not places(grab(view))
    assert model.count == BARS


def test_what_is_out_of_sight_is_not_painted(view: ChartView) -> None:
    model = view.model
    early = Signal("jump", MARKET, FIRST_MS - MINUTE_MS, PRICE, 1, 0.01, "1")
    view.set_signals((early, signal(20, model.y1 * 1.01, 1), signal(20, model.y0 * 0.99, -1)))
    assert not places(grab(view))
    assert view.painter.marks.signals_at(QPointF(1.0, 1.0)) == []


def test_a_mark_on_the_last_bar_stays_while_that_moves(view: ChartView) -> None:
    series = view.model.series
    assert series is not None
    price = PRICE + 20 * TICK
    view.set_signals((signal(BARS - 1, price, 1), signal(BARS - 1, price, -1)))
    before = places(grab(view))
    assert before
    for n in range(6):
        series.fold_trade(trade(series, PRICE + (38 - n) * TICK))
        view.sync()
        assert places(grab(view)) == before


def test_signals_that_are_the_same_paint_nothing_again(view: ChartView) -> None:
    marks = (signal(30, PRICE, 1),)
    view.set_signals(marks)
    grab(view)
    assert view.painter._is_layer_good
    view.set_signals((signal(30, PRICE, 1),))
    assert view.painter._is_layer_good
    view.set_signals((*marks, signal(31, PRICE, 1)))
    assert view.painter.marks.signals[1].time_ms == FIRST_MS + 31 * MINUTE_MS + 30_000


@pytest.mark.usefixtures("raised_windows")
def test_the_pointer_on_a_mark_is_told_what_it_is(view: ChartView) -> None:
    price = PRICE + 20 * TICK
    view.set_signals((signal(30, price, 1),))
    scale = view.painter.canvas.scale
    at = QPoint(round(scale.x(30)), round(scale.y(price)) + 5)
    viewport = view.viewport()
    QApplication.sendEvent(viewport, QHelpEvent(QEvent.Type.ToolTip, at, viewport.mapToGlobal(at)))
    assert "Price jump +1.00%" in QToolTip.text()
    away = at + QPoint(60, 0)
    assert view.painter.marks.signals_at(QPointF(away)) == []
    QToolTip.hideText()


def test_a_mark_touches_its_point_at_any_scale(qapp: QApplication) -> None:
    for size in (13, 20, 26):
        for side in (1, -1, 0):
            picture = mark(side, size, QColor("#ff0000").rgb(), QColor("#00ff00").rgb()).toImage()
            left, top = top_left(side, size, 100, 100)
            assert left <= 100 < left + size
            assert top <= 100 <= top + size
            tip = {1: 0, -1: size - 1, 0: size // 2}[side]
            inked = [y for y in range(size) if picture.pixelColor(size // 2, y).alpha() > 0]
            assert min(abs(y - tip) for y in inked) <= 2
            assert picture.pixelColor(0, 0).alpha() == 0
