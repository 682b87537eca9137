"""Volume split into what was bought and what was sold, where all trades of a bar are known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from tests.widgets.chart.bars import MARKET, TICK, rows, series_of, walk
from tests.widgets.chart.parts import check_parts
from tests.widgets.chart.screen import WatchedChart, column, picture, settle, show
from tests.widgets.chart.test_chart_menu import choose
from tests.widgets.chart.test_chart_pane import Desk
from tests.widgets.chart.test_profile import Ledger
from widgets.chart.model import ChartModel
from widgets.chart.timeline import GAPS, Gaps
from widgets.plot.bar_styles import STYLES, Style, side_boxes
from widgets.plot.candles import Scale

FLOOR = 400


@given(
    volumes=st.lists(st.floats(0, 100), min_size=1, max_size=30),
    shares=st.lists(st.one_of(st.just(np.nan), st.floats(0, 1)), min_size=30, max_size=30),
    px=st.floats(0.1, 5),
)
def test_both_sides_are_as_high_as_the_whole(volumes: list[float], shares: list[float], px: float) -> None:
    rows = np.tile([10.0, 12.0, 8.0, 11.0, 0.0], (len(volumes), 1))
    rows[:, 4] = volumes
    part = np.array(shares[: len(volumes)])
    sides = np.stack([rows[:, 4] * part, rows[:, 4] * (1 - part)], axis=1)
    bought, sold, unknown = side_boxes(rows, sides, 0, Scale(0.0, 10.0, 20.0, 10.0), 1, FLOOR, px)
    assert len(bought) == len(sold)
    assert len(bought) + len(unknown) == len(rows)
    tall = np.where(rows[:, 4] > 0, np.maximum(np.rint(rows[:, 4] * px), 1), 0)
    is_known = np.isfinite(part) & (rows[:, 4] > 0)
    assert (bought[:, 3] + sold[:, 3]).tolist() == tall[is_known].tolist()
    assert np.all(bought[:, 1] + bought[:, 3] == FLOOR)
    assert np.all(sold[:, 1] + sold[:, 3] == bought[:, 1]), "what was sold stands on what was bought"
    assert np.all(np.abs(bought[:, 3] - (tall * part)[is_known]) <= 0.5 + 1e-9)
    assert unknown[:, 3].tolist() == tall[~is_known].tolist()


@pytest.mark.parametrize("style", STYLES)
def test_known_bars_have_two_colours_and_the_others_are_grey(view: WatchedChart, style: Style) -> None:
    series = walk(500)
    ledger = Ledger(series, 20)
    show(view, series)
    view.set_style(style)
    view.model.follow(ledger.flow)
    view.set_sides(True)
    view.sync()
    settle()
    image, bars, canvas = picture(view), view.painter.bars, view.painter.canvas
    up, down = (c.rgb() for c in bars._volume_colors)
    grey = bars._unknown_color.rgb()
    for index in (482, 488, 495):
        bought, sold = view.model.sides(index, index + 1)[0].tolist()
        assert bought - sold == pytest.approx(ledger.delta(index))
        lowest = [c.rgb() for c in column(view, image, index)[round(canvas.plot[1] * 0.8) :]]
        counted = lowest.count(up), lowest.count(down)
        whole = sum(counted)
        assert counted[0] == pytest.approx(whole * bought / (bought + sold), abs=1)
        assert grey not in lowest
        if counted[0] and counted[1]:
            assert lowest.index(down) < lowest.index(up)
    unknown = [c.rgb() for c in column(view, image, 470)[round(canvas.plot[1] * 0.8) :]]
    assert grey in unknown
    assert up not in unknown
    assert down not in unknown
    view.set_sides(False)
    plain = [c.rgb() for c in column(view, picture(view), 470)[round(canvas.plot[1] * 0.8) :]]
    assert grey not in plain


@pytest.mark.parametrize("style", ["candles", "line"])
def test_in_columns_of_many_bars_no_volume_passes_for_bought_or_sold(view: WatchedChart, style: Style) -> None:
    """Its colours would tell of rising and falling there."""
    show(view, walk(4_000))
    view.set_style(style)
    view._apply(view.model.zoom(30, view.model.x1))
    assert view.model.px_per_bar < 1
    bars, (width, height) = view.painter.bars, view.painter.canvas.plot
    sides = {c.rgb() for c in bars._volume_colors}

    def inks() -> set[int]:
        image = picture(view)
        return {image.pixel(x, y) for x in range(width) for y in range(round(height * 0.9), height)}

    assert sides <= inks()
    view.set_sides(True)
    found = inks()
    assert bars._unknown_color.rgb() in found
    assert not sides & found


@pytest.mark.parametrize("style", ["candles", "line"])
def test_columns_of_many_bars_are_split_as_all_their_bars_are(view: WatchedChart, style: Style) -> None:
    series = walk(4_000)
    ledger = Ledger(series, 1_000)
    show(view, series)
    view.set_style(style)
    view.model.follow(ledger.flow)
    view.set_sides(True)
    view.sync()
    view._apply(view.model.zoom(30, view.model.x1))
    settle()
    image, bars, canvas, model = picture(view), view.painter.bars, view.painter.canvas, view.model
    per_column = 1 / model.px_per_bar
    assert per_column > 3
    up, down = (c.rgb() for c in bars._volume_colors)
    grey = bars._unknown_color.rgb()

    def inks(index: int) -> list[int]:
        x = int((index - model.x0) / per_column)
        return [image.pixel(x, y) for y in range(round(canvas.plot[1] * 0.8), canvas.plot[1])]

    closed, _ = model.chunks.columns(model.drawn, model.x0, per_column, canvas.plot[0])
    for index in (3_100, 3_500, 3_900):
        (k,) = np.flatnonzero((closed.begin <= index) & (index < closed.end))
        (split,) = model.column_sides(closed.begin[[k]], closed.end[[k]]).tolist()
        counted = inks(index).count(up), inks(index).count(down)
        assert counted[0] == pytest.approx(sum(counted) * split[0] / sum(split), abs=1)
        assert sum(counted) > 3
        assert grey not in inks(index)
    assert grey in inks(2_000)
    assert not {up, down} & set(inks(2_000))


@pytest.mark.parametrize("gaps", GAPS)
@pytest.mark.parametrize("per_column", [2.0, 7.3, 20.0, 64.0])
@pytest.mark.parametrize("is_all_known", [True, False])
def test_a_column_is_split_as_the_sum_of_its_bars_however_gaps_are_shown(
    gaps: Gaps, per_column: float, is_all_known: bool
) -> None:
    series = series_of([r for k, r in enumerate(rows(3_000)) if k % 30 < 20 or k > 2_995])
    ledger = Ledger(series, len(series) if is_all_known else 900)
    model = ChartModel()
    model.resize(800, 500)
    model.follow(ledger.flow)
    model.show(MARKET, series)
    model.set_gaps(gaps)
    model.set_sides(True)
    model.sync()
    closed, first_open = model.chunks.columns(model.drawn, -40.0, per_column, 2_000)
    rest = model.chunks.tail(model.drawn, first_open, -40.0, per_column, 2_000)
    spread = model.timeline.spread
    for columns in (closed, rest):
        found = model.column_sides(columns.begin, columns.end)
        for begin, end, volume, split in zip(columns.begin, columns.end, columns.volume, found, strict=True):
            if not volume > 0:  # nothing is painted
                continue
            sides = model.sides(begin, end)
            if spread is not None:
                sides = sides[~spread.is_filled[begin:end]]
            np.testing.assert_allclose(split, sides.sum(axis=0), atol=1e-9)
            assert np.isnan(split).all() or split.sum() > 0, "known and traded, so it has two colours"
    found = model.column_sides(closed.begin, closed.end)[closed.volume > 0]
    assert np.isfinite(found[-3:]).all()
    assert np.isfinite(found).all() == is_all_known
    assert len(closed.x) > 20


@pytest.mark.parametrize("style", ["candles", "hollow", "line"])
@pytest.mark.parametrize("shown", [60.0, 2_000.0])
def test_partial_paintings_give_the_picture_a_whole_one_gives(
    view: WatchedChart, monkeypatch: pytest.MonkeyPatch, style: Style, shown: float
) -> None:
    series = walk(2_500)
    ledger = Ledger(series, 30)
    show(view, series)
    view.set_style(style)
    view.model.follow(ledger.flow)
    view.set_sides(True)
    view._apply(view.model.zoom(shown / (view.model.x1 - view.model.x0), view.model.x1))

    def also(step: int) -> None:
        if step % 2:
            ledger.trade(float(series.ohlcv[-1, 3]) + TICK * (step % 3 - 1), size=0.5)
        if step == 5:
            ledger.page(2_440, 2_470)
        if step == 8:
            ledger.trade(float(series.ohlcv[-1, 3]), bars_on=1)

    check_parts(view, series, monkeypatch, steps=12, also=also)


def test_older_trades_that_come_colour_their_bars(view: WatchedChart) -> None:
    series = walk(500)
    ledger = Ledger(series, 10)
    show(view, series)
    view.model.follow(ledger.flow)
    view.set_sides(True)
    view.sync()
    assert np.isnan(view.model.sides(460, 470)).all()
    ledger.page(455, 475)
    view.sync()
    assert np.isfinite(view.model.sides(460, 470)).all()


def test_it_is_switched_in_the_menu_asks_for_trades_and_is_kept(qtbot: QtBot) -> None:
    desk = Desk(qtbot)
    desk.history(300)
    desk.pane.bind(MARKET)
    desk.frame()
    assert desk.model.flows.flow is None, "nobody pays for what nobody sees"
    choose(desk, "Volume by buyers and sellers")
    desk.frame()
    assert desk.model.flows.flow is not None
    kept = desk.pane.save()
    choose(desk, "Volume by buyers and sellers")
    desk.frame()
    assert desk.model.flows.flow is None
    assert "sides" not in desk.pane.save()
    desk.pane.restore(kept)
    assert desk.pane.has_sides
    desk.pane.restore({"sides": "yes"})
    assert not desk.pane.has_sides
    desk.pane.release()
