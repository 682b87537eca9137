"""Volume profile, delta and CVD on a chart: what they are made of, where they stand, what a trade repaints."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from core.market import MINUTE_MS
from core.state.candles import CandleSeries
from core.state.flow import Flow
from core.state.tape import Tape
from core.wire.messages import Trade
from tests.widgets.chart.bars import MARKET, TICK, rows, series_of, walk
from tests.widgets.chart.screen import WatchedChart, area, move, picture, repainted, settle, show
from tests.widgets.chart.test_study_view import fresh
from widgets import theme
from widgets.chart.model import ChartModel, Dirt
from widgets.chart.studies import Study, make
from widgets.chart.timeline import Gaps
from widgets.plot.price_scale import PriceScale

KINDS = ("volume_profile", "delta", "cvd")


class Ledger:
    """Trades that make up the newest bars of a series, and what comes on top of them.

    Args:
        bars: so many of the newest, the last one included.
    """

    def __init__(self, series: CandleSeries, bars: int) -> None:
        self.series, self.tape, self.flow = series, Tape(bound=100_000), Flow()
        self._chance, self._number = random.Random(7), 0
        for at in range(len(series) - bars, len(series)):
            for trade in self.of_bar(at):
                self.tape.add(trade)
        self.tape.resume(self.newest, is_known=True)
        self.tape.cover(int(series.start_ms[-bars]), self.newest.time_ms)
        self.flow.follow(self.tape)

    def of_bar(self, index: int) -> list[Trade]:
        """Return trades that make up a bar."""
        start = int(self.series.start_ms[index])
        _, high, low, _, volume = self.series.ohlcv[index].tolist()
        steps = round((high - low) / TICK)
        return [self._make(start + n * 1_000, low + TICK * (steps * n // 4), volume / 5) for n in range(5)]

    def page(self, begin: int, end: int) -> None:
        """Let REST tell of the trades of some bars."""
        for index in range(begin, end):
            self.flow.add(self.of_bar(index))
        self.flow.cover(int(self.series.start_ms[begin]), int(self.series.start_ms[end]) - 1)

    @property
    def newest(self) -> Trade:
        assert self.tape.last is not None
        return self.tape.last

    def _make(self, time_ms: int, price: float, size: float) -> Trade:
        self._number += 1
        side = "BID" if self._chance.random() < 0.5 else "ASK"
        return Trade(MARKET, price, size, side, time_ms, self._number)  # type: ignore[arg-type]

    def trade(self, price: float, *, size: float = 0.3, bars_on: int = 0) -> None:
        """Let one more come, to the bars too."""
        time_ms = self.newest.time_ms + 7 + bars_on * MINUTE_MS
        trade = self._make(time_ms, price, size)
        self.tape.add(trade)
        self.series.fold_trade(trade)
        self.flow.follow(self.tape)

    def delta(self, index: int) -> float:
        start = int(self.series.start_ms[index])
        inside = [t for t in self.tape.latest(10**6) if start <= t.time_ms < start + MINUTE_MS]
        return math.fsum(t.size if t.aggressor == "BID" else -t.size for t in inside)


def shown(series: CandleSeries, flow: Flow | None, *kinds: str) -> tuple[ChartModel, list[Study]]:
    model = ChartModel()
    model.resize(800, 500)
    model.follow(flow)
    model.show(MARKET, series)
    made = [make(kind, {}) for kind in kinds]
    model.set_studies(tuple(made))
    model.sync()
    return model, made


def volume_in_view(model: ChartModel) -> float:
    begin, end = model.shown
    return float(model.rows[begin:end, 4].sum())


# What they are made of.


def test_without_trades_a_profile_is_estimated_and_deltas_say_nothing() -> None:
    model, (profile, delta, cvd) = shown(walk(300), None, *KINDS)
    assert profile.profile is not None
    assert profile.profile.exact == 0.0
    assert profile.profile.total.sum() == pytest.approx(volume_in_view(model))
    assert np.isnan(delta.track.values).all()
    assert np.isnan(cvd.track.values).all()
    assert model.untold() == [model.shown]


def test_where_trades_are_known_they_are_counted() -> None:
    series = walk(300)
    ledger = Ledger(series, 40)
    model, (profile, delta, cvd) = shown(series, ledger.flow, *KINDS)
    begin, end = model.shown
    assert model.untold() == [(begin, 260)]
    assert [delta.value(0, i) for i in (258, 259)] == pytest.approx([math.nan] * 2, nan_ok=True)
    for i in (260, 280, 299):
        assert delta.value(0, i) == pytest.approx(ledger.delta(i))
        assert cvd.value(0, i) == pytest.approx(math.fsum(ledger.delta(j) for j in range(260, i + 1)))
    found = profile.profile
    assert found is not None
    assert found.total.sum() == pytest.approx(volume_in_view(model))
    assert found.volume[2].sum() == pytest.approx(model.rows[begin:260, 4].sum()), "estimated"
    assert found.volume[:2].sum() == pytest.approx(model.rows[260:end, 4].sum())


def test_they_go_on_with_trades_bars_and_older_pages() -> None:
    series = series_of(rows(300, first=200))
    ledger = Ledger(series, 30)
    model, made = shown(series, ledger.flow, *KINDS)
    price = float(series.ohlcv[-1, 3])
    steps = [
        lambda: ledger.trade(price + TICK),
        lambda: ledger.trade(price - 4 * TICK, size=2.0),
        lambda: ledger.trade(price + 9 * TICK, bars_on=1),
        lambda: series.merge(rows(200)),
        lambda: ledger.trade(price),
        lambda: ledger.page(300, 450),
        lambda: ledger.trade(price + 2 * TICK, bars_on=2),
    ]
    for number, step in enumerate(steps):
        step()
        model.sync()
        _, anew = shown(series, ledger.flow, *KINDS)
        for mine, other in zip(made[1:], anew[1:], strict=True):
            assert mine.track.values == pytest.approx(other.track.values, nan_ok=True), number
        assert made[0].profile is not None
        assert made[0].profile.total.sum() == pytest.approx(volume_in_view(model)), number


def test_a_page_of_older_trades_alone_is_news() -> None:
    series = walk(300)
    ledger = Ledger(series, 20)
    model, (delta,) = shown(series, ledger.flow, "delta")
    assert model.sync() == Dirt.NONE
    start = int(series.start_ms[250])
    ledger.flow.add([Trade(MARKET, 9e7, 1.5, "ASK", start + 5, 10**6)])
    ledger.flow.cover(start, start + MINUTE_MS - 1)
    assert model.sync() == Dirt.RANGE
    assert delta.value(0, 250) == -1.5
    assert math.isnan(delta.value(0, 251))


def test_a_profile_follows_the_view_and_has_no_more_rows_than_wanted() -> None:
    model, (study,) = shown(walk(3_000), None, "volume_profile")
    for bars in (-100, -700, 300):
        model.pan(bars)
        assert study.profile is not None
        assert study.profile.total.sum() == pytest.approx(volume_in_view(model))
        assert study.profile.volume.shape[1] <= 80
    model.zoom(20.0, model.x1)
    assert study.profile.total.sum() == pytest.approx(volume_in_view(model))
    few = study.changed({"rows": 10}, study.colors)
    model.set_studies((few,))
    assert few.profile is not None
    assert few.profile.volume.shape[1] <= 10
    model.resize(800, 30)
    assert few.profile is not None
    assert few.profile.volume.shape[1] <= 15, "no row is less than two pixels high"


def test_a_stream_that_stops_takes_the_last_bar_out() -> None:
    series = walk(100)
    ledger = Ledger(series, 30)
    model, (delta,) = shown(series, ledger.flow, "delta")
    assert math.isfinite(delta.value(0, 99))
    ledger.tape.mark_break()
    ledger.flow.follow(ledger.tape)
    assert model.sync() == Dirt.RANGE
    assert math.isnan(delta.value(0, 99))
    assert math.isfinite(delta.value(0, 98))


@pytest.mark.parametrize("gaps", ["empty", "flat"])
def test_windows_without_a_trade_are_neither_counted_nor_missing(gaps: Gaps) -> None:
    series = series_of([row for n, row in enumerate(rows(300)) if n % 10 != 7])
    ledger = Ledger(series, 30)
    model, (profile, delta) = shown(series, ledger.flow, "volume_profile", "delta")
    model.set_gaps(gaps)
    model.sync()
    assert model.count > len(series)
    found = profile.profile
    assert found is not None
    begin, end = model.shown_bars
    assert found.total.sum() == pytest.approx(float(series.ohlcv[begin:end, 4].sum()))
    first = model.index_of(int(series.start_ms[len(series) - 30]))
    assert first is not None
    assert model.untold() == [(model.shown[0], first)]
    assert delta.value(0, model.count - 1) == pytest.approx(ledger.delta(-1))
    now_ms = int(series.start_ms[-1]) + 1_000
    model.pan(-100.0)
    at = model.untold()[-1][1] - 1
    assert model.calls_of_newest(now_ms) >= 1
    assert model.calls_of_newest(now_ms) <= model.calls(now_ms)
    assert at == model.shown[1] - 1


# Where they stand.


@pytest.fixture
def view(qtbot: QtBot) -> WatchedChart:
    made = WatchedChart()
    qtbot.addWidget(made)
    made.resize(800, 600)
    made.show()
    qtbot.waitExposed(made)
    return made


def put(view: WatchedChart, bars: int, *studies: tuple[str, dict[str, int | str]], known: int = 40) -> Ledger:
    series = walk(bars)
    ledger = Ledger(series, known)
    view.model.follow(ledger.flow)
    show(view, series)
    view.set_studies(tuple(make(kind, values) for kind, values in studies))
    view.sync()
    settle()
    return ledger


def tinted(image: QImage, y: int, xs: Iterable[int]) -> list[int]:
    """Return where a row of pixels is neither ground nor grid."""
    plain = {theme.colors.surface.rgb(), theme.colors.grid.rgb(), theme.colors.border.rgb()}
    return [x for x in xs if image.pixel(x, y) not in plain]


@pytest.mark.parametrize("scale", ["linear", "log"])
@pytest.mark.parametrize("side", ["left", "right"])
def test_rows_are_as_long_as_their_share_of_the_largest(view: WatchedChart, side: str, scale: PriceScale) -> None:
    put(view, 300, ("volume_profile", {"side": side, "part": 30, "rows": 20}))
    view._apply(view.model.set_price_scale(scale))
    view._apply(view.model.pan(60))  # nothing but the profile at the right
    model, canvas, (width, height) = view.model, view.painter.canvas, view.painter.canvas.plot
    found = model.studies.all[0].profile
    assert found is not None
    image, room = picture(view), round(width * 0.3)
    total = found.total
    seen = 0
    for place in range(found.volume.shape[1]):
        low, high = found.edges()[place : place + 2].tolist()
        y = round((canvas.scale.y(low) + canvas.scale.y(high)) / 2) + 2
        long = round(total[place] / total.max() * room)
        if side == "right" and 60 < y < height * 0.75:
            xs = tinted(image, y, range(width - room - 5, width))
            assert len(xs) == pytest.approx(long, abs=2), place
            seen += 1
        elif 60 < y < height * 0.75 and long > 3:
            ink = QColor(image.pixel(2, y))
            assert ink != theme.colors.surface, place
            seen += 1
    assert seen > 3


def test_where_trades_are_missing_a_pane_is_hatched(view: WatchedChart) -> None:
    put(view, 300, ("delta", {}), known=30)
    (pane,) = view.painter.studies.panes
    scale, image = view.painter.canvas.scale, picture(view)
    edge = round(scale.x(269.5))
    hatch = theme.colors.border.rgb()

    def hatched(begin: int, end: int) -> int:
        ys = range(pane.top + 25, pane.top + pane.height - 4)
        return sum(image.pixel(x, y) == hatch for x in range(begin, end) for y in ys)

    assert hatched(edge - 60, edge - 2) > 100
    assert hatched(edge + 2, edge + 60) < 100 / 3


@pytest.mark.parametrize("bars", [120, 3_000])
@pytest.mark.parametrize("side", ["left", "right"])
def test_after_trades_the_picture_is_as_if_painted_anew(view: WatchedChart, bars: int, side: str) -> None:
    ledger = put(view, bars, ("volume_profile", {"side": side}), ("delta", {}), ("cvd", {}), ("sma", {}))
    if bars > 1_000:
        view.box.setXRange(-1, bars + 100, padding=0)
    elif side == "left":
        view._apply(view.model.set_price_scale("log"))
    settle()
    last = float(ledger.series.ohlcv[-1, 3])
    for i, step in enumerate((1, -2, 3, 0, 5)):
        ledger.trade(last + step * TICK, bars_on=1 if i == 3 else 0, size=0.5 + i)
        view.sync()
        settle()
        assert picture(view) == fresh(view), f"after trade {i}"


def test_a_trade_repaints_its_row_and_little_else(view: WatchedChart) -> None:
    ledger = put(view, 300, ("volume_profile", {}))
    last = float(ledger.series.ohlcv[-1, 3])

    def trade(size: float) -> None:
        ledger.trade(last, size=size)
        view.sync()

    repainted(view, lambda: trade(0.5))
    region = repainted(view, lambda: trade(0.5))
    assert 0 < area(region) < 0.15 * view.width() * view.height()


def test_the_read_out_says_what_a_profile_is_made_of_and_what_is_at_the_cursor(view: WatchedChart) -> None:
    ledger = put(view, 300, ("volume_profile", {"rows": 20}), known=40)
    painter = view.painter

    def said() -> tuple[str, ...]:
        return painter._seen.values

    assert said()[0].startswith("POC ")
    assert said()[1].endswith("% est.")
    assert (said()[2][:4], said()[3][:4], said()[4]) == ("VAH ", "VAL ", "")
    found = view.model.studies.all[0].profile
    assert found is not None
    y = painter.canvas.scale.y(found.control_price)
    move(view, 300, round(y))
    assert "bought" in said()[4]
    view._apply(view.model.zoom(0.05, view.model.x1 - 1))
    settle()
    assert said()[1] == "trades"
    view.model.follow(None)
    view.sync()
    view._apply(Dirt.ALL)
    settle()
    assert said()[1] == "estimated"
    assert ledger.flow.is_running


def test_more_than_fits_is_left_out_of_the_read_out(view: WatchedChart) -> None:
    put(view, 300, ("volume_profile", {}))
    view.resize(330, 400)
    settle()
    width = view.painter.canvas.plot[0]
    boxes = [place.box for place in view.painter.studies.places]
    assert 1 <= len(boxes) < 5
    assert all(x + w <= width for x, _, w, _ in boxes)
