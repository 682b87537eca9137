"""Charts of other intervals show the same moments."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.market import MINUTE_MS, Interval
from core.state.candles import CandleSeries
from tests.widgets.chart.bars import MARKET, rows, series_of, walk
from widgets.chart.model import ChartModel
from widgets.chart.span import DENSEST, Span, is_reached, moment, position, show, shown

STARTS = st.lists(st.integers(1, 500), min_size=1, max_size=60).map(
    lambda gaps: np.cumsum(np.array(gaps, np.int64)) * MINUTE_MS
)


def chart(series: CandleSeries, width: float = 800.0) -> ChartModel:
    made = ChartModel()
    made.show(MARKET, series)
    made.resize(width, 400.0)
    return made


def hours(count: int) -> CandleSeries:
    """Return hours that end where the walk of minutes does."""
    end = walk(20_000).last_ms
    first = Interval.H1.floor(end) // Interval.H1.length_ms - count + 1
    series = CandleSeries(Interval.H1)
    series.merge([r._replace(start_ms=(first + i) * Interval.H1.length_ms) for i, r in enumerate(rows(count))])
    return series


@given(STARTS, st.floats(-100, 200))
def test_a_position_is_a_moment_and_back(starts: np.ndarray, x: float) -> None:
    assert position(starts, MINUTE_MS, moment(starts, MINUTE_MS, x)) == pytest.approx(x, abs=1e-6)


@given(STARTS, st.floats(-100, 200), st.floats(0.001, 50))
def test_later_is_further_right(starts: np.ndarray, x: float, more: float) -> None:
    assert moment(starts, MINUTE_MS, x + more) > moment(starts, MINUTE_MS, x)


@given(STARTS)
def test_a_bar_stands_at_its_start(starts: np.ndarray) -> None:
    assert [moment(starts, MINUTE_MS, i) for i in range(len(starts))] == starts.tolist()


@given(st.floats(0, 15_000), st.floats(200, 1_500))
def test_a_chart_of_another_interval_shows_the_same(back: float, bars: float) -> None:
    lead, other = chart(walk(20_000)), chart(series_of(rows(7_000, interval=Interval.M3), Interval.M3))
    lead.zoom(bars / (lead.x1 - lead.x0), lead.x1)
    lead.pan(-back - 400)
    span = shown(lead)
    assert span is not None
    show(other, span)
    again = shown(other)
    assert again is not None
    assert again.begin_ms == pytest.approx(span.begin_ms, abs=2)
    if span.end_ms is not None:
        assert again.end_ms == pytest.approx(span.end_ms, abs=2)


def test_showing_the_same_again_changes_nothing() -> None:
    lead, other = chart(walk(20_000)), chart(walk(20_000), 500.0)
    lead.pan(-3_000)
    span = shown(lead)
    assert span is not None
    assert show(other, span)
    assert not show(other, span)


def test_who_follows_the_market_is_followed_to_the_newest_bar_of_each_chart() -> None:
    lead, other = chart(hours(2_000)), chart(walk(20_000))
    lead.zoom(0.2, lead.x1)
    span = shown(lead)
    assert span is not None
    assert span.end_ms is None
    show(other, span)
    assert other.is_following
    gap = (other.x1 - (other.count - 1)) * other.px_per_bar
    assert gap == pytest.approx(72, abs=8), "a gap of px, not nine hours"
    again = shown(other)
    assert again is not None
    assert again.begin_ms == pytest.approx(span.begin_ms, abs=60_000)


def test_too_many_bars_keep_the_zoom_and_end_at_the_same_moment() -> None:
    lead, other = chart(hours(2_000)), chart(walk(20_000))
    lead.pan(-50)
    bars = other.x1 - other.x0
    span = shown(lead)
    assert span is not None
    assert span.end_ms is not None
    show(other, span)
    assert other.x1 - other.x0 == pytest.approx(bars)
    assert moment(other.starts, MINUTE_MS, other.x1) == pytest.approx(span.end_ms, abs=2)


def test_too_few_bars_keep_the_zoom_too() -> None:
    lead, other = chart(walk(20_000)), chart(hours(2_000))
    lead.pan(-1_000)
    bars = other.x1 - other.x0
    span = shown(lead)
    assert span is not None
    show(other, span)
    assert other.x1 - other.x0 == pytest.approx(bars)


@given(begin=st.floats(0.0, 2e12), end=st.floats(1.6e12, 2e12) | st.none(), width=st.floats(200, 1_500))
def test_any_span_is_shown_at_once_and_stays(begin: float, end: float | None, width: float) -> None:
    """A linked chart that follows the market says it with every move: what keeps its zoom must not widen each time."""
    model, span = chart(walk(3_000), width), Span(begin, end)
    show(model, span)
    first = (model.x0, model.x1)
    show(model, span)
    assert (model.x0, model.x1) == pytest.approx(first)


def test_who_keeps_its_zoom_follows_to_the_newest_bar_and_waits_for_no_older_ones() -> None:
    series = CandleSeries(Interval.M1)
    series.merge(rows(1_000, first=1_000))
    model = chart(series)
    model.pan(-300)
    bars, years = model.x1 - model.x0, Span(series.first_ms - 1e11, None)
    show(model, years)
    assert model.is_following
    assert model.x1 - model.x0 == pytest.approx(bars)
    assert not show(model, years)
    assert is_reached(model, years), "minutes of years are never to be shown"


@given(st.floats(-1e13, 1e13), st.floats(-1e13, 1e13) | st.none())
def test_any_span_leaves_some_bars_in_sight(begin: float, end: float | None) -> None:
    model = chart(walk(300))
    show(model, Span(begin, end))
    first, last = model.shown
    assert last - first >= 3
    assert model.x1 - model.x0 <= max(model.width * DENSEST, 100)


def test_it_is_reached_when_older_bars_have_come_or_there_are_none() -> None:
    series = CandleSeries(Interval.M1)
    series.merge(rows(300, first=1_000))
    model = chart(series)
    span = Span(float(series.first_ms - 100 * MINUTE_MS), float(series.first_ms + MINUTE_MS))
    assert not is_reached(model, span)
    series.merge(rows(1_000))
    model.sync()
    assert is_reached(model, span)
    series.is_complete = True
    assert is_reached(model, Span(0.0, None))


def test_an_empty_chart_shows_no_moment() -> None:
    model = chart(CandleSeries(Interval.M1))
    assert shown(model) is None
    assert not show(model, Span(0.0, None))
    assert not is_reached(model, Span(0.0, None))
