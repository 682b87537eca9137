"""The chart in each of its styles: what is seen, what is fitted, what is painted again."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.calc.heikin import averaged
from core.market import MINUTE_MS
from core.state.candles import CandleSeries
from tests.widgets.chart.bars import MARKET, PRICE, TICK, row, rows, series_of, trade, walk
from tests.widgets.chart.parts import check_parts
from tests.widgets.chart.screen import WatchedChart, column, numbers, picture, settle, show, y_of
from widgets import theme
from widgets.chart.model import BOTTOM_SHARE, TOP_SHARE, VOLUME_SHARE, ChartModel, Dirt
from widgets.chart.reading import Field
from widgets.chart.studies import make
from widgets.chart.timeline import GAPS, Gaps
from widgets.plot.bar_styles import STYLES, Style
from widgets.plot.price_scale import PRICE_SCALES, PriceScale


def model_of(style: Style, count: int = 500) -> ChartModel:
    model = ChartModel()
    model.resize(800, 500)
    model.show(MARKET, walk(count))
    model.set_style(style)
    return model


def zoom_to(view: WatchedChart, bars: float) -> None:
    view._apply(view.model.zoom(bars / (view.model.x1 - view.model.x0), view.model.x1))


# What is painted again.


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("shown", [30.0, 810.0, 3_900.0])
@pytest.mark.parametrize("dpr", [1.0, 1.5])
def test_partial_paintings_give_the_picture_a_whole_one_gives(
    view: WatchedChart, monkeypatch: pytest.MonkeyPatch, style: Style, shown: float, dpr: float
) -> None:
    """From bars as wide as a thumb to many in a column."""
    series = walk(4_000)
    show(view, series)
    view.set_style(style)
    view.set_studies((make("sma", {}),))
    zoom_to(view, shown)
    colors = check_parts(view, series, monkeypatch, dpr=dpr, steps=8)
    inks = [theme.colors.accent] if style in ("line", "area") else [theme.colors.up, theme.colors.down]
    assert shown < 100 or {c.rgb() for c in inks} <= colors


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("scale", PRICE_SCALES)
def test_partial_paintings_are_right_on_every_scale(
    view: WatchedChart, monkeypatch: pytest.MonkeyPatch, style: Style, scale: PriceScale
) -> None:
    series = walk(600)
    show(view, series)
    view.set_style(style)
    view.set_price_scale(scale)
    check_parts(view, series, monkeypatch, steps=8)


@pytest.mark.parametrize("style", STYLES)
def test_partial_paintings_are_right_while_bars_are_appended(
    view: WatchedChart, monkeypatch: pytest.MonkeyPatch, style: Style
) -> None:
    series = walk(1_500)
    show(view, series)
    view.set_style(style)
    zoom_to(view, 1_200)

    def append(step: int) -> None:
        if step % 4 == 1:
            series.fold_trade(trade(series, PRICE + TICK * step, bars_on=1))

    check_parts(view, series, monkeypatch, steps=16, also=append)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_few_bars_are_painted(view: WatchedChart, style: Style, count: int) -> None:
    view.set_style(style)
    show(view, walk(count))
    image = picture(view)
    ink = theme.colors.accent if style in ("line", "area") else None
    if count and ink is not None:
        x, y = round(view.painter.canvas.scale.x(count - 1) - 1), y_of(view, view.model.last_price)
        blues = [image.pixelColor(x, y + d).blue() for d in (-1, 0, 1)]
        assert max(blues) > (theme.colors.surface.blue() + ink.blue()) / 2


@pytest.mark.parametrize("style", STYLES)
def test_bars_out_of_sight_on_either_side_are_no_trouble(view: WatchedChart, style: Style) -> None:
    view.set_style(style)
    for by in (-10_000, 10_000):
        view._apply(view.model.pan(by))
        assert not picture(view).isNull()


def gappy(count: int) -> CandleSeries:
    """Return bars of which every third stretch is missing: nobody traded then."""
    return series_of([r for k, r in enumerate(rows(count)) if k % 30 < 20 or k > count - 5])


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("gaps", GAPS)
@pytest.mark.parametrize("shown", [80.0, 2_000.0])
def test_partial_paintings_are_right_however_gaps_are_shown(
    view: WatchedChart, monkeypatch: pytest.MonkeyPatch, style: Style, gaps: Gaps, shown: float
) -> None:
    series = gappy(2_400)
    show(view, series)
    view.set_style(style)
    view.set_gaps(gaps)
    zoom_to(view, shown)

    def append(step: int) -> None:
        if step == 4:
            series.fold_trade(trade(series, PRICE + TICK * step, bars_on=5))

    check_parts(view, series, monkeypatch, steps=8, also=append)


@pytest.mark.parametrize("style", ["line", "area"])
@pytest.mark.parametrize("shown", [80.0, 2_000.0])
def test_a_line_is_not_drawn_through_time_that_is_to_be_empty(view: WatchedChart, style: Style, shown: float) -> None:
    series = series_of([r for k, r in enumerate(rows(2_400)) if not 2_340 <= k < 2_380])
    show(view, series)
    view.set_style(style)

    def lit() -> int:
        zoom_to(view, shown)
        begin, end = (round(view.painter.canvas.scale.x(k)) for k in (2_343, 2_376))
        image, ink = picture(view), theme.colors.accent
        found, flat = 0, y_of(view, float(series.ohlcv[2_339, 3]))  # what held where nobody traded
        for x in range(begin, end):
            for y in range(flat - 2, flat + 3):
                color = image.pixelColor(x, y)
                found += abs(color.blue() - ink.blue()) + abs(color.red() - ink.red()) < 60
        return found

    view.set_gaps("flat")
    assert lit() > 5
    view.set_gaps("empty")
    assert lit() == 0


def test_averaged_bars_are_of_bars_alone(view: WatchedChart) -> None:
    series = gappy(600)
    show(view, series)
    view.set_style("heikin")
    view.set_gaps("flat")
    model = view.model
    is_bar = model.rows[:, 4] > 0
    np.testing.assert_allclose(model.drawn[is_bar], averaged(series.ohlcv), rtol=1e-12)
    for step in range(12):
        series.fold_trade(trade(series, PRICE + TICK * step, bars_on=step % 3 and 4))
        view.sync()
        is_bar = model.rows[:, 4] > 0
        np.testing.assert_allclose(model.drawn[is_bar], averaged(series.ohlcv), rtol=1e-12)


# What is seen.


def grounds() -> set[int]:
    return {theme.colors.surface.rgb(), theme.colors.grid.rgb(), theme.colors.border.rgb()}


def test_a_candle_that_rose_is_hollow_in_the_colour_of_its_change(view: WatchedChart) -> None:
    """The first rose within itself, yet closed below the close before it: hollow, and in the colour of a fall."""
    view.set_style("hollow")
    made = [
        row(0, PRICE + 90 * TICK, opening=PRICE + 20 * TICK),
        row(MINUTE_MS, PRICE + 60 * TICK, opening=PRICE - 40 * TICK),
        row(2 * MINUTE_MS, PRICE + 75 * TICK, opening=PRICE + 120 * TICK),
        row(3 * MINUTE_MS, PRICE),
    ]
    made = [r._replace(high=r.high + 9 * TICK, low=r.low - 9 * TICK) for r in made]
    show(view, series_of(made))
    zoom_to(view, 12)
    image = picture(view)
    up, down = theme.colors.up, theme.colors.down
    for index, ink, is_hollow in ((1, down, True), (2, up, False)):
        bar = made[index]
        top, bottom = y_of(view, max(bar.open, bar.close)), y_of(view, min(bar.open, bar.close))
        pixels = column(view, image, index, dx=3)
        assert pixels[top] == ink
        assert pixels[bottom - 1] == ink
        inner = {c.rgb() for c in pixels[top + 3 : bottom - 3]}
        assert (ink.rgb() not in inner) == is_hollow
        wick = column(view, image, index)
        assert wick[top - 2] == ink, "the wick stands on the body"
        assert (wick[(top + bottom) // 2] == ink) != is_hollow, "and not in it"


def test_an_ohlc_bar_has_its_open_at_the_left_and_its_close_at_the_right(view: WatchedChart) -> None:
    view.set_style("bars")
    made = [row(i * MINUTE_MS, PRICE + 60 * TICK, opening=PRICE - 60 * TICK) for i in range(3)]
    made.append(row(3 * MINUTE_MS, PRICE, opening=PRICE + TICK))
    show(view, series_of(made))
    zoom_to(view, 12)
    image = picture(view)
    for index in (1, 2):
        left, right = column(view, image, index, dx=-4), column(view, image, index, dx=4)
        assert [y for y, c in enumerate(left[:380]) if c == theme.colors.up] == [y_of(view, made[index].open)]
        assert [y for y, c in enumerate(right[:380]) if c == theme.colors.up] == [y_of(view, made[index].close)]


@pytest.mark.parametrize("style", ["line", "area"])
@pytest.mark.parametrize("shown", [40.0, 300.0, 3_000.0])
def test_a_line_goes_through_the_closes(view: WatchedChart, style: Style, shown: float) -> None:
    series = walk(4_000)
    show(view, series)
    view.set_style(style)
    zoom_to(view, shown)
    view._point_at(None)
    image, scale, accent = picture(view), view.painter.canvas.scale, theme.colors.accent
    begin, end = view.model.shown
    for index in range(begin + 10, end, max((end - begin) // 25, 1)):
        x, y = round(scale.x(index) - 0.5), y_of(view, float(series.ohlcv[index, 3]))
        near = [image.pixelColor(x + dx, y + dy) for dx in (-1, 0, 1) for dy in (-2, -1, 0, 1, 2)]
        assert min(abs(c.red() - accent.red()) + abs(c.blue() - accent.blue()) for c in near) < 90
    if style == "area":
        x = round(scale.x(begin + 2) + 3)
        y = y_of(view, float(series.ohlcv[begin + 2, 3]))
        assert {image.pixel(x, y + d) for d in range(12, 40)} - grounds(), "filled below"


def test_all_bars_in_view_are_one_line_without_a_gap(view: WatchedChart) -> None:
    show(view, walk(60_000))
    view.set_style("line")
    view.box.setXRange(0, 60_000, padding=0)
    image, ink = picture(view), theme.colors.accent.rgb()
    height = round(view.painter.canvas.plot[1] * (1 - VOLUME_SHARE))
    spans = []
    for x in range(view.painter.canvas.plot[0]):
        ys = [y for y in range(height) if image.pixel(x, y) == ink]
        assert ys, f"nothing in column {x}"
        spans.append((ys[0], ys[-1]))
    for (top, bottom), (after, below) in pairwise(spans):
        assert after <= bottom + 1
        assert below >= top - 1


@given(count=st.integers(2, 3_000), bars_a_column=st.floats(1.0, 40.0), seed=st.integers(0, 99))
def test_columns_of_a_line_hold_every_close(count: int, bars_a_column: float, seed: int) -> None:
    from widgets.plot.bar_styles import box_tops, column_line
    from widgets.plot.candles import Scale
    from widgets.plot.chunks import Chunks

    chance = np.random.default_rng(seed)
    rows = np.empty((count, 5))
    rows[:, 3] = 1_000 + chance.standard_normal(count).cumsum()
    rows[:, :3], rows[:, 4] = rows[:, 3:4], 1.0
    chunks = Chunks(is_of_closes=True)
    chunks.rebuild(rows)
    width = math.ceil(count / bars_a_column) + 1
    scale = Scale(-0.5, 1 / bars_a_column, 1_200.0, 2.0)
    columns, rest = chunks.columns(rows, -0.5, bars_a_column, width)
    closed = column_line(columns, math.nan, math.nan, scale, 1)
    end = float(closed[-1, 0] + closed[-1, 2]) if len(closed) else math.nan
    before = float(rows[rest - 1, 3]) if rest else math.nan
    live = column_line(chunks.tail(rows, rest, -0.5, bars_a_column, width), before, end, scale, 1)
    boxes = np.concatenate([closed, live])
    assert boxes[1:, 0].tolist() == (boxes[:-1, 0] + boxes[:-1, 2]).tolist(), "side by side, also over what is left out"
    assert np.all(boxes[1:, 1] <= boxes[:-1, 1] + boxes[:-1, 3]), "and each touches the one before"
    assert np.all(boxes[:-1, 1] <= boxes[1:, 1] + boxes[1:, 3])
    left, tops = box_tops(boxes)
    assert len(tops) == boxes[-1, 0] + boxes[-1, 2] - left
    ys = scale.ys(rows[:, 3])
    assert tops.min() <= ys.min() + 1
    assert (boxes[:, 1] + boxes[:, 3]).max() >= ys.max() - 1


# Averaged bars.


def test_averaged_bars_are_painted_and_true_prices_are_read(view: WatchedChart) -> None:
    series = walk(500)
    show(view, series)
    view.set_style("heikin")
    settle()
    model = view.model
    np.testing.assert_allclose(model.drawn, averaged(series.ohlcv), rtol=1e-12)
    assert model.last_price == series.ohlcv[-1, 3]
    assert numbers(view)[Field.CLOSE] == f"{series.ohlcv[-1, 3]:,.0f}"
    y = y_of(view, float(series.ohlcv[-1, 3]))
    image = picture(view)
    label = image.pixelColor(view.painter.canvas.plot[0] + 2, y)
    assert label in (theme.colors.up, theme.colors.down), "the price line is at the true price"


def test_a_badge_says_that_bars_are_averaged(view: WatchedChart) -> None:
    legend = view.painter.legend
    for style in STYLES:
        view.set_style(style)
        assert (legend.badge is not None) == (style == "heikin")
    view.set_style("heikin")
    view.set_studies((make("sma", {}),))
    settle()
    assert legend.badge is not None
    x, y, width = legend.badge[1:]
    assert view.painter.studies.names[0].top >= legend.bottom > y, "the names of indicators stand below it"
    image = picture(view)
    frame = {image.pixelColor(x + dx, y).rgb() for dx in range(width)}
    assert frame == {theme.colors.warn.rgb()}


def test_averaged_bars_follow_the_last_trade_and_new_bars() -> None:
    model = model_of("heikin", 700)
    series = model.series
    assert series is not None
    for step in range(60):
        series.fold_trade(trade(series, PRICE + TICK * (step * 13 % 40 - 20), bars_on=step % 7 == 0))
        assert model.sync() != Dirt.NONE
        np.testing.assert_allclose(model.drawn, averaged(series.ohlcv), rtol=1e-12)
        assert model.extent() is not None
        begin, end = model.shown
        assert model.extent() == (
            model.drawn[begin:end, 2].min(),
            model.drawn[begin:end, 1].max(),
            model.drawn[begin:end, 4].max(),
        )


def test_older_bars_in_front_and_a_late_trade_are_averaged_in() -> None:
    series = walk(300)
    model = ChartModel()
    model.resize(800, 500)
    model.show(MARKET, series)
    model.set_style("heikin")
    series.merge(rows(200, first=-200))
    model.sync()
    assert model.count == 500
    np.testing.assert_allclose(model.drawn, averaged(series.ohlcv), rtol=1e-12)


# What is fitted.


@pytest.mark.parametrize("style", STYLES)
def test_prices_are_fitted_to_what_is_painted(style: Style) -> None:
    model = model_of(style)
    begin, end = model.shown
    part = model.drawn[begin:end]
    low, high = (
        (part[:, 3].min(), part[:, 3].max()) if style in ("line", "area") else (part[:, 2].min(), part[:, 1].max())
    )
    height = model.y1 - model.y0
    assert high == pytest.approx(model.y1 - TOP_SHARE * height)
    assert low == pytest.approx(model.y0 + (BOTTOM_SHARE + VOLUME_SHARE) * height)


@pytest.mark.parametrize("style", STYLES)
def test_another_series_is_shown_in_the_same_style(view: WatchedChart, style: Style) -> None:
    view.set_style(style)
    show(view, walk(800), "KRW-ETH")
    assert view.model.style == style
    assert len(view.model.drawn) == 800
    fresh = model_of(style, 800)
    assert view.model.extent() == fresh.chunks.extent(fresh.drawn, *view.model.shown)
