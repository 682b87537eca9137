"""What stands beside the last price: the day's prices, and what it is worth in KRW; and windows without trades."""

from __future__ import annotations

import math
from itertools import combinations, pairwise

import numpy as np
import pytest
from PySide6.QtCore import QPointF

from core.market import MINUTE_MS
from tests.widgets.chart.bars import MARKET, PRICE, TICK, row, series_of, trade
from tests.widgets.chart.partial import Screen
from tests.widgets.chart.screen import column, picture, settle, y_of
from widgets import theme
from widgets.chart.canvas import below
from widgets.chart.day_lines import DayPrices
from widgets.chart.own import NO_FILLS, OrderMark
from widgets.chart.timeline import LONGEST, Gaps
from widgets.chart.view import ChartView
from widgets.plot.bar_styles import STYLES, Style
from widgets.won import Rate


def day_of(view: ChartView, *steps: int, is_stale: bool = False) -> DayPrices:
    """Return prices so many px below the last one: previous close, high, low."""
    scale = view.painter.canvas.scale
    at = scale.y(view.model.last_price)
    previous, high, low = (scale.price(at + step) for step in steps)
    return DayPrices(previous, high, low, is_stale)


# The day's prices.


def test_each_price_of_the_day_has_its_line_and_its_label(view: ChartView) -> None:
    day = day_of(view, 60, -45, 120)
    view.set_day(day)
    image, width = picture(view), view.painter.canvas.plot[0]
    marks = view.painter._seen.day
    assert {m.line.name: m.line.text for m in marks} == {
        "Prev. close": view.painter.canvas.axis_text(day.previous),
        "High": view.painter.canvas.axis_text(day.high),
        "Low": view.painter.canvas.axis_text(day.low),
    }
    for mark, price in zip(marks, day[:3], strict=True):
        assert abs(mark.line.y - y_of(view, price)) <= 1
        dashes = sum(image.pixelColor(x, mark.line.y) == theme.colors.muted for x in range(10, width - 100))
        assert 0.3 * width < dashes < 0.6 * width
        assert image.pixelColor(width + 2, mark.label[1] + 1) == theme.colors.raised
    view.set_day(None)
    assert not any(picture(view).pixelColor(x, marks[0].line.y) == theme.colors.muted for x in range(10, width - 100))


def test_a_price_out_of_view_has_none(view: ChartView) -> None:
    view.set_day(DayPrices(PRICE * 2, PRICE / 2, math.nan))
    assert view.painter._seen.day == ()


def test_prices_that_stopped_are_grey(view: ChartView) -> None:
    view.set_day(day_of(view, 60, -45, 120, is_stale=True))
    mark = view.painter._seen.day[0]
    assert sum(picture(view).pixelColor(x, mark.line.y) == theme.colors.faint for x in range(10, 400)) > 100


@pytest.mark.parametrize("steps", [(0, 1, 2), (-3, -2, -1), (4, -6, 9), (0, 0, 0)])
@pytest.mark.parametrize("krw", [math.nan, 1_400.0])
def test_labels_make_way_for_each_other_and_for_the_last_price(
    view: ChartView, steps: tuple[int, int, int], krw: float
) -> None:
    view.set_rate(Rate(krw))
    view.set_now(view.model.series.last_ms + 1_000)  # type: ignore[union-attr]
    view.set_day(day_of(view, *steps))
    settle()
    seen = view.painter._seen
    assert seen.label is not None
    assert len(seen.day) == 3
    assert (seen.won is not None) == math.isfinite(krw)
    boxes = sorted((b[1], b[1] + b[3]) for b in (seen.label, seen.won, *(m.label for m in seen.day)) if b is not None)
    assert all(a[1] <= b[0] for a, b in pairwise(boxes))


@pytest.mark.parametrize("steps", [(0, 1, 2), (30, 40, -40), (4, -6, 9)])
def test_labels_of_alerts_and_orders_make_way_for_those_of_the_day(
    view: ChartView, steps: tuple[int, int, int]
) -> None:
    price_at, y = view.painter.canvas.scale.price, y_of(view, view.model.last_price)
    view.set_day(day_of(view, *steps))
    view.set_levels((price_at(y + 38.0), price_at(y - 44.0)))
    view.set_own((OrderMark(price_at(y + 34.0), True, "1"),), NO_FILLS, 0.0)
    screen = Screen(view)
    series = view.model.series
    assert series is not None
    for step in range(4):
        seen = view.painter._seen
        labels = [seen.label, *(m.label for m in seen.day), *(m.box for m in seen.marks)]
        edges = sorted((b[1], b[1] + b[3]) for b in labels if b is not None)
        assert all(a[1] <= b[0] for a, b in pairwise(edges))
        assert len(seen.day) == 3
        assert len(seen.marks) >= 1
        series.fold_trade(trade(series, PRICE + 20 * TICK * step, size=1e-6))
        view.sync()
        assert screen.is_whole()


def test_neither_names_nor_tags_stand_in_the_read_out(view: ChartView) -> None:
    view.resize(290, 300)
    settle()
    painter, price_at = view.painter, view.painter.canvas.scale.price
    taken = [p.box for p in painter.reading.places]
    y, (width, _) = taken[0][1] + 5.0, painter.canvas.plot
    assert max(box[0] + box[2] for box in taken) > width - 40, "it is as wide as the chart"
    view.set_day(DayPrices(price_at(y + 3), price_at(y), 0.0))
    tags = [mark.tag for mark in painter._seen.day]
    assert len(tags) == 2
    busy = [*taken, *tags]
    tags += [painter.marks._tag_box(round(y) + 3 * n, 60, busy) for n in range(3)]
    for one, other in combinations(tags, 2):
        assert below(one, [other]) == one
    for tag in tags:
        assert below(tag, taken) == tag, "it covers no number"


def test_a_line_begins_behind_the_read_out(view: ChartView) -> None:
    place = view.painter.reading.places[0]
    view.set_day(DayPrices(view.painter.canvas.scale.price(place.box[1] + 5.0), 0.0, 0.0))
    (mark,) = view.painter._seen.day
    ends = [p.box[0] + p.box[2] for p in view.painter.reading.places if p.box[1] == place.box[1]]
    assert mark.line.left == max(ends)


# What it is worth.


def test_a_price_in_usdt_says_what_it_is_worth_below_it_and_at_the_crosshair(view: ChartView) -> None:
    view.set_rate(Rate(2.0))
    settle()
    seen, painter = view.painter._seen, view.painter
    assert seen.label is not None
    assert seen.won is not None
    assert seen.won[1] == seen.label[1] + seen.label[3]
    image = picture(view)
    assert image.pixelColor(seen.won[0] + 1, seen.won[1] + 1) == theme.colors.raised
    view._point_at(QPointF(300, 60))
    box = painter._cursor_won(60)
    assert box is not None
    assert picture(view).pixelColor(box[0] + 1, box[1] + 1) == theme.colors.raised
    view.set_rate(Rate())
    settle()
    assert (painter._seen.won, painter._cursor_won(60)) == (None, None)


def test_the_axis_has_room_for_what_a_price_is_worth(view: ChartView) -> None:
    before = view.painter.canvas.axis
    view.set_rate(Rate(1_400.0))
    assert view.painter.canvas.axis > before
    assert view.painter.won.room() <= view.painter.canvas.axis


def test_worth_is_spelt_as_prices_in_krw_are() -> None:
    assert Rate(150_000_000.0).text(0.0123) == "≈ 1,845,000 KRW"
    assert Rate(1_400.0).text(0.0012) == "≈ 1.68 KRW"
    assert Rate().text(1.0) == ""


# Partial painting.


@pytest.mark.parametrize("dpr", [1.0, 1.5, 2.0])
def test_partial_paintings_give_the_picture_a_whole_one_gives(view: ChartView, dpr: float) -> None:
    screen, series = Screen(view, dpr), view.model.series
    assert series is not None
    opening = float(series.ohlcv[-1, 0])
    for step in range(40):
        match step % 8:
            case 0:
                view.set_day(None if step % 16 else day_of(view, 3 * step - 40, step - 9, 7 - step))
            case 1:
                view.set_rate(Rate(1_000.0 + step, is_stale=step % 3 == 0) if step < 30 else Rate())
            case 2:
                view.set_now(series.last_ms + 1_000 * step)
            case 3:
                view._point_at(QPointF(60 + step * 13, 30 + step * 9))
            case 4:
                view.set_day(day_of(view, step, 1, -1, is_stale=step % 16 == 4))
            case 5:
                view._point_at(None)
            case _:
                series.fold_trade(trade(series, opening + TICK * (step * 7 % 10 - 5), size=1e-6))
                view.sync()
        assert screen.is_whole(), f"after step {step}"


# Windows without trades.


@pytest.mark.parametrize(("gaps", "count"), [("out", 3), ("empty", 5), ("flat", 5)])
def test_windows_without_trades_are_left_out_empty_or_flat(view: ChartView, gaps: Gaps, count: int) -> None:
    price = PRICE + 3 * TICK
    view.set_gaps(gaps)
    view.show_series(MARKET, series_of([row(n * MINUTE_MS, price) for n in (0, 3, 4)]))
    image = picture(view)
    assert view.model.count == count
    y, bars = y_of(view, price), {theme.colors.up.rgb(), theme.colors.down.rgb()}
    for index in range(count - 1):
        colors = [c.rgb() for c in column(view, image, index, dx=2)]
        is_gap = count == 5 and index in (1, 2)
        assert any(c in bars for c in colors[: y + 20]) != is_gap
        # The price line of the last bar may stand there, too.
        assert (theme.colors.faint.rgb() in colors[y - 2 : y + 3]) == (is_gap and gaps == "flat")


@pytest.mark.parametrize("gaps", ["empty", "flat"])
def test_zoomed_out_nothing_traded_is_nothing_painted(view: ChartView, gaps: Gaps) -> None:
    view.set_gaps(gaps)
    starts = np.array([n for n in range(20_000) if n % 150 < 5], np.int64)
    view.show_series(MARKET, series_of([row(int(n) * MINUTE_MS, PRICE) for n in starts]))
    view.box.setXRange(0, 20_000, padding=0)
    image, (width, height) = picture(view), view.painter.canvas.plot
    bars = {theme.colors.up.rgb(), theme.colors.down.rgb()}
    with_bars = [x for x in range(width) if any(image.pixel(x, y) in bars for y in range(height // 2))]
    assert 0.25 * width < len(with_bars) < 0.75 * width, "a bar's own column and those beside it"
    y = y_of(view, PRICE)
    flat = [x for x in range(width) if image.pixel(x, y) == theme.colors.faint.rgb()]
    assert bool(flat) == (gaps == "flat")


def test_where_time_is_cut_short_there_is_a_mark(view: ChartView) -> None:
    view.set_gaps("empty")
    view.show_series(MARKET, series_of([row(n * MINUTE_MS, PRICE) for n in (0, 2 * LONGEST)]))
    assert view.model.timeline.cuts.tolist() == [LONGEST // 2 + 0.5]
    view.box.setXRange(LONGEST // 2 - 20, LONGEST // 2 + 20, padding=0)
    image, x = picture(view), round(view.painter.canvas.scale.x(LONGEST // 2 + 0.5))
    column_ = [image.pixelColor(x, y) for y in range(view.painter.canvas.plot[1])]
    assert sum(c == theme.colors.faint for c in column_) > 100


@pytest.mark.parametrize("gaps", ["empty", "flat"])
@pytest.mark.parametrize("span", [60.0, 3_000.0])
@pytest.mark.parametrize("style", STYLES)
def test_partial_paintings_of_gaps_give_a_whole_picture(view: ChartView, gaps: Gaps, span: float, style: Style) -> None:
    view.set_gaps(gaps)
    view.set_style(style)
    series = series_of([row(n * MINUTE_MS, PRICE + TICK * (n % 7)) for n in range(0, 4_000) if n % 9 < 4 or n > 3_995])
    view.show_series(MARKET, series)
    view.box.setXRange(view.model.count - span, view.model.count + 2, padding=0)
    screen = Screen(view)
    for step in range(12):
        if step % 5 == 0:
            view._point_at(QPointF(60 + step * 13, 30 + step * 9))
        else:
            series.fold_trade(trade(series, PRICE + TICK * (step % 4), bars_on=4 if step % 7 == 0 else 0, size=1e-6))
            view.sync()
        assert screen.is_whole(), f"after step {step}"
