"""Indicators on screen: lines where their values are, panes, what is painted again, the read-out, mouse."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QRegion
from pytestqt.qtbot import QtBot

from core.calc.indicators import KINDS
from tests.widgets.chart.bars import TICK, row, rows, series_of, trade, walk
from tests.widgets.chart.screen import (
    WatchedChart,
    area,
    drag,
    middle,
    move,
    picture,
    repainted,
    settle,
    show,
    wheel,
)
from widgets import theme
from widgets.chart.compares import COLORS, Compare
from widgets.chart.studies import Study, make
from widgets.plot import polyline

ALL = tuple(KINDS)


@pytest.fixture
def view(qtbot: QtBot) -> WatchedChart:
    made = WatchedChart()
    qtbot.addWidget(made)
    made.resize(800, 600)
    made.show()
    qtbot.waitExposed(made)
    show(made, walk(500))
    return made


def put(view: WatchedChart, *kinds: str) -> list[Study]:
    made: list[Study] = []
    for kind in kinds:
        made.append(make(kind, {}, made))
    view.set_studies(tuple(made))
    settle()
    return made


def is_near(color: QColor, other: str, least: int = 90) -> bool:
    """Tell whether a pixel has something of a colour: a smooth line fades at its edges."""
    wanted = QColor(other)
    gap = sum(abs(a - b) for a, b in zip(color.getRgb()[:3], wanted.getRgb()[:3], strict=True))  # type: ignore[index]
    return gap < least


def has_color(image: QImage, x: float, y: float, color: str, *, near: int = 2) -> bool:
    at = [(round(x) + dx, round(y) + dy) for dx in range(-near, near + 1) for dy in range(-near, near + 1)]
    return any(image.rect().contains(px, py) and is_near(image.pixelColor(px, py), color) for px, py in at)


def fresh(view: WatchedChart) -> QImage:
    """Return the picture painted anew, whatever was painted before."""
    view.painter._is_layer_good = False
    view.viewport().update()
    return picture(view)


# Lines.


def test_a_line_stands_at_its_values(view: WatchedChart) -> None:
    (sma,) = put(view, "sma")
    image, scale = picture(view), view.painter.canvas.scale
    begin, end = view.model.shown
    for index in [*range(begin + 1, end - 1, 7), end - 1]:
        y = scale.y(sma.value(0, index))
        assert has_color(image, scale.x(index), y, sma.colors[0]), index


def test_the_cloud_stands_ahead_and_the_close_behind(view: WatchedChart) -> None:
    (one,) = put(view, "ichimoku")
    view._apply(view.model.pan(20))
    image, scale, last = picture(view), view.painter.canvas.scale, view.model.count - 1
    for line, index in ((2, last + 24), (3, last + 24), (4, last - 26)):
        assert has_color(image, scale.x(index), scale.y(one.value(line, index)), one.colors[line], near=3), line
    assert np.isnan(one.value(4, last))
    assert np.isnan(one.value(2, last + 26))


def test_a_pane_has_its_line_in_its_own_scale(view: WatchedChart) -> None:
    plot = view.painter.canvas.plot
    (rsi,) = put(view, "rsi")
    (pane,) = view.painter.studies.panes
    assert view.painter.canvas.plot[1] == plot[1] - pane.height
    assert pane.top == view.painter.canvas.plot[1]
    image, scale = picture(view), view.painter.canvas.scale
    begin, end = view.model.shown
    for index in [*range(begin + 1, end - 1, 7), end - 1]:
        assert has_color(image, scale.x(index), pane.y(rsi.value(0, index)), rsi.colors[0]), index
    put(view)
    assert view.painter.canvas.plot == plot, "the bars have all the room again"


def test_lines_stay_in_their_own_part(view: WatchedChart) -> None:
    sma, rsi = put(view, "sma", "rsi")
    view._apply(view.model.zoom_price(0.02, view.model.y0))  # bars and line are far above
    image, (pane,) = picture(view), view.painter.studies.panes
    outside = [
        (x, y)
        for x in range(0, view.painter.canvas.plot[0], 3)
        for y in range(pane.top + 30, pane.top + pane.height, 2)
        if is_near(image.pixelColor(x, y), sma.colors[0], 30)
    ]
    assert outside == []
    assert rsi.colors != sma.colors


def test_zoomed_out_lines_are_still_there(view: WatchedChart) -> None:
    series = series_of(rows(20_000))
    show(view, series)
    sma, macd = put(view, "sma", "macd")
    view.box.setXRange(-1, 20_100, padding=0)
    image, scale = picture(view), view.painter.canvas.scale
    (pane,) = view.painter.studies.panes
    for index in range(500, 20_000, 1_500):
        assert has_color(image, scale.x(index), scale.y(sma.value(0, index)), sma.colors[0], near=6), index
        assert has_color(image, scale.x(index), pane.y(macd.value(1, index)), macd.colors[1], near=8), index


def test_far_from_the_newest_bar_no_line_is_made_beyond_the_edge(
    view: WatchedChart, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Zoomed out, each trade would make all newer bars' lines anew, which nobody sees."""
    series = series_of(rows(20_000))
    show(view, series)
    put(view, "sma", "ichimoku", "volume_average", "macd")
    view.set_compares((Compare("KRW-ETH", walk(20_000), COLORS[0]),))
    view.box.setXRange(2_000, 4_000, padding=0)
    settle()
    asked: list[int] = []
    points = polyline.points

    def watched(values: NDArray[np.float64], begin: int, end: int, size: int) -> polyline.Points:
        asked.append(end)
        return points(values, begin, end, size)

    monkeypatch.setattr(polyline, "points", watched)
    series.fold_trade(trade(series, float(series.ohlcv[-1, 3]) + TICK))
    view.sync()
    assert picture(view) == fresh(view)
    assert asked
    assert max(asked) < 4_000 + 26 + 16, "of the lagging span, and a group of bars or two"


# What is painted again.


@pytest.mark.parametrize("kinds", [("sma", "rsi"), ("ichimoku",), ("bollinger", "volume_average", "macd"), ALL])
@pytest.mark.parametrize("bars", [120, 20_000])
def test_after_trades_the_picture_is_as_if_painted_anew(view: WatchedChart, kinds: tuple[str, ...], bars: int) -> None:
    series = series_of(rows(bars))
    show(view, series)
    put(view, *kinds)
    if bars > 1_000:
        view.box.setXRange(-1, bars + 100, padding=0)
    settle()
    last = float(series.ohlcv[-1, 3])
    for i, step in enumerate((1, -2, 3, 0, 5)):
        series.fold_trade(trade(series, last + step * TICK, bars_on=1 if i == 3 else 0))
        view.sync()
        settle()
        assert picture(view) == fresh(view), f"{kinds} after trade {i}"


def test_a_tick_repaints_little(view: WatchedChart) -> None:
    series = view.model.series
    assert series is not None
    put(view, "sma", "ema", "rsi")
    last = float(series.ohlcv[-1, 3])
    repainted(view, lambda: (series.fold_trade(trade(series, last + TICK)), view.sync()))
    region = repainted(view, lambda: (series.fold_trade(trade(series, last - TICK)), view.sync()))
    assert 0 < area(region) < 0.15 * view.width() * view.height()
    (pane,) = view.painter.studies.panes
    assert region.intersects(QRegion(0, pane.top + 5, 790, pane.height - 10).boundingRect())


def test_crosshair_moves_leave_the_picture_right(view: WatchedChart) -> None:
    put(view, "sma", "macd")
    (pane,) = view.painter.studies.panes
    move(view, 300, 100)
    move(view, 420, pane.top + 30)
    move(view, 333, pane.top + 60)
    assert picture(view) == fresh(view)


# The read-out.


def test_the_read_out_says_the_values_of_the_bar_under_the_pointer(view: WatchedChart) -> None:
    sma, rsi = put(view, "sma", "rsi")
    last = view.model.count - 1
    texts = view.painter._seen.values
    assert texts == (f"{round(sma.value(0, last)):,}", f"{rsi.value(0, last):.2f}")
    index = last - 20
    move(view, view.painter.canvas.scale.x(index), 200)
    assert view.painter._seen.values == (f"{round(sma.value(0, index)):,}", f"{rsi.value(0, index):.2f}")


def test_a_range_of_less_than_a_price_step_is_still_told(view: WatchedChart) -> None:
    made = [row(r.start_ms, 3_250.0 + n % 2, opening=3_250.0) for n, r in enumerate(rows(60))]
    show(view, series_of(made), "KRW-XRP")
    (atr,) = put(view, "atr")
    (text,) = view.painter._seen.values
    assert text == f"{atr.value(0, 59):,.1f}"


def test_the_crosshair_reads_the_pane_it_is_in(view: WatchedChart) -> None:
    put(view, "rsi")
    (pane,) = view.painter.studies.panes
    y = round(pane.y(50.0))
    assert view.painter._text_at(y).startswith(("49", "50", "51"))
    move(view, 300, y)
    left, top, _, height = view.painter._cursor_box(y)
    assert pane.top <= top
    assert top + height <= pane.top + pane.height
    assert picture(view).pixelColor(left + 2, top + 2) == theme.colors.border, "the label's ground"


# Mouse.


def test_the_wheel_over_a_pane_zooms_time(view: WatchedChart) -> None:
    put(view, "rsi")
    (pane,) = view.painter.studies.panes
    span = view.model.x1 - view.model.x0
    x = 300.0
    under = view.model.x0 + x / view.model.px_per_bar
    wheel(view, 1, QPointF(x, pane.top + pane.height / 2))
    assert view.model.x1 - view.model.x0 == pytest.approx(span / 1.15)
    assert view.model.x0 + x / view.model.px_per_bar == pytest.approx(under)


def test_a_drag_in_a_pane_moves_time_alone(view: WatchedChart) -> None:
    put(view, "rsi")
    (pane,) = view.painter.studies.panes
    view._apply(view.model.zoom_price(1.5))
    before, prices = view.model.x0, (view.model.y0, view.model.y1)
    at = QPoint(300, pane.top + pane.height // 2)
    drag(view, at, at + QPoint(80, 25))
    assert view.model.x0 == pytest.approx(before - 80 / view.model.px_per_bar)
    assert (view.model.y0, view.model.y1) == prices


def test_the_pointer_says_what_can_be_dragged_and_clicked(view: WatchedChart) -> None:
    put(view, "rsi", "macd")
    canvas, port, shape = view.painter.canvas, view.viewport(), Qt.CursorShape
    right, bottom = canvas.plot[0], canvas.bottom
    (rsi, macd), inside = view.painter.studies.panes, middle(view)
    there = {
        (right + 20, 200): shape.SizeVerCursor,
        (300, bottom + 10): shape.SizeHorCursor,
        (right + 20, bottom + 10): shape.PointingHandCursor,
        (300, rsi.top - 3): shape.SplitVCursor,
        (right + 20, macd.top + 3): shape.SplitVCursor,
        (300, macd.top + 20): shape.CrossCursor,
    }
    for (x, y), wanted in there.items():
        move(view, x, y)
        assert port.cursor().shape() == wanted, (x, y)
        move(view, inside.x(), inside.y())
        assert port.cursor().shape() == shape.CrossCursor
    drag(view, QPoint(right + 20, 200), inside)
    assert port.cursor().shape() == shape.SizeVerCursor, "what is dragged keeps it"
    move(view, inside.x() + 1, inside.y())
    drag(view, inside, inside + QPoint(30, 0))
    assert port.cursor().shape() == shape.CrossCursor


def test_dragging_an_edge_gives_a_pane_more_room(view: WatchedChart) -> None:
    rsi, macd = put(view, "rsi", "macd")
    first, second = view.painter.studies.panes
    at = QPoint(300, first.top)
    drag(view, at, at - QPoint(0, 40))
    assert view.painter.studies.panes[0].height == pytest.approx(first.height + 40, abs=6)
    assert view.painter.studies.panes[1].height == pytest.approx(second.height, abs=2)
    assert rsi.share > macd.share
    drag(view, QPoint(300, view.painter.studies.panes[0].top), QPoint(300, 0), steps=4)
    assert view.painter.canvas.plot[1] > 0.25 * view.height(), "the bars keep enough"


def test_a_small_chart_shows_no_panes(view: WatchedChart) -> None:
    put(view, "rsi", "macd", "sma")
    view.resize(300, 100)
    settle()
    assert view.painter.studies.panes == []
    assert view.painter.canvas.plot[1] == view.painter.canvas.bottom
    view.resize(800, 600)
    settle()
    assert len(view.painter.studies.panes) == 2


def test_without_bars_there_is_nothing_to_fail(view: WatchedChart) -> None:
    put(view, *ALL)
    show(view, series_of([]), "KRW-NONE")
    show(view, walk(1))
    show(view, walk(30))
    move(view, *middle(view).toTuple())
    assert picture(view) == fresh(view)


def test_fractional_scales_and_panes_hold_together(view: WatchedChart) -> None:
    put(view, "rsi", "sma", "ichimoku")
    view.painter.resize(800, 600, 1.5)
    view._place()
    assert view.painter.canvas.bottom == view.painter.canvas.plot[1] + view.painter.studies.panes[0].height
    assert view.painter.studies.panes[0].top == view.painter.canvas.plot[1]
