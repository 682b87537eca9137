"""Other markets on a chart: in step by time, in percent of where they began, in the legend and in the desk."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app import translations
from core.feed.health import LinkState
from core.market import MINUTE_MS, Interval, Stream
from core.state.candles import CandleSeries
from tests.widgets.chart.bars import MARKET, PRICE, row, rows, series_of, trade, walk
from tests.widgets.chart.parts import check_parts
from tests.widgets.chart.screen import WatchedChart, move, picture, settle, show, y_of
from tests.widgets.chart.test_chart_menu import choose
from tests.widgets.chart.test_chart_pane import LINK, Desk
from widgets.chart.compares import COLORS, MOST, Compare
from widgets.chart.model import ChartModel, Dirt
from widgets.plot.price_scale import PRICE_SCALES, PriceScale

ETH, XRP = "KRW-ETH", "KRW-XRP"


def at(minutes: list[int], *, seed: int = 0) -> CandleSeries:
    """Return bars of these minutes; each closes at a price of its own."""
    chance = np.random.default_rng(seed)
    return series_of([row(m * MINUTE_MS, 1_000.0 + float(chance.integers(1, 10**6))) for m in minutes])


def by_hand(starts: list[int], other: CandleSeries) -> list[float]:
    """Return what the definition says: the newest close not after each bar, at the last one the newest of all."""
    found = []
    begins, closes = other.start_ms.tolist(), other.ohlcv[:, 3].tolist()
    for number, start in enumerate(starts):
        known = [k for k, begin in enumerate(begins) if begin <= start]
        is_last = number == len(starts) - 1
        if is_last and begins and begins[-1] >= start:
            known = list(range(len(begins)))
        value = closes[known[-1]] if known else math.nan
        if other.break_ms is not None:
            after = [b for b in begins if b > other.break_ms]
            if other.break_ms < start < (after[0] if after else 2**62):
                value = math.nan
        found.append(value)
    return found


minutes = st.lists(st.integers(0, 60), unique=True, max_size=40).map(sorted)


@given(mine=minutes, theirs=minutes, break_at=st.none() | st.integers(0, 60))
def test_closes_are_put_in_step_by_time(mine: list[int], theirs: list[int], break_at: int | None) -> None:
    main, other = at(mine), at(theirs, seed=1)
    if break_at is not None and theirs:
        other.set_break(min(theirs, key=lambda m: abs(m - break_at)) * MINUTE_MS)
    one = Compare(ETH, other, COLORS[0])
    one.align(main.start_ms)
    assert one.values.tolist() == pytest.approx(by_hand(main.start_ms.tolist(), other), nan_ok=True)


@given(
    mine=minutes,
    theirs=minutes,
    steps=st.lists(
        st.tuples(st.sampled_from(["main", "other", "late", "older", "break", "move"]), st.integers(1, 4)), max_size=20
    ),
)
def test_following_gives_what_aligning_anew_gives_and_tells_from_where_it_changed(
    mine: list[int], theirs: list[int], steps: list[tuple[str, int]]
) -> None:
    main, other = at(mine or [30]), at(theirs or [31], seed=1)
    one = Compare(ETH, other, COLORS[0])
    one.align(main.start_ms)
    for number, (kind, by) in enumerate(steps):
        before = one.values.copy()
        price = 2_000.0 + number
        if kind == "main":
            main.state(row(main.last_ms + by * MINUTE_MS, price))
        elif kind == "other":
            other.state(row(other.last_ms + by * MINUTE_MS, price))
        elif kind == "move":
            other.fold_trade(trade(other, price))
        elif kind == "late":
            other.merge([row(max(other.last_ms - by * MINUTE_MS, 0), price)._replace(last_trade_ms=10**13)])
        elif kind == "older" and other.first_ms > 0:
            other.merge([row(max(other.first_ms - by * MINUTE_MS, 0), price)])
        elif kind == "break":
            other.set_break(int(other.start_ms[len(other) // by - 1]))
        first = one.align(main.start_ms)
        fresh = Compare(ETH, other, COLORS[0])
        fresh.align(main.start_ms)
        assert one.values.tolist() == pytest.approx(fresh.values.tolist(), nan_ok=True)
        same = len(before) if first is None else min(first, len(before))
        assert one.values[:same].tolist() == pytest.approx(before[:same].tolist(), nan_ok=True)
        assert one.align(main.start_ms) is None, "nothing new is nothing"


def test_percent_are_counted_from_the_first_price_in_view() -> None:
    one = Compare(ETH, series_of([row(m * MINUTE_MS, p) for m, p in ((2, 200.0), (3, 210.0), (5, 150.0))]), COLORS[0])
    one.align(np.arange(6, dtype=np.int64) * MINUTE_MS)
    assert one.values.tolist() == pytest.approx([math.nan, math.nan, 200, 210, 210, 150], nan_ok=True)
    assert one.base(0, 6) == 200
    assert one.base(3, 6) == 210
    assert math.isnan(one.base(0, 2))
    assert math.isnan(one.base(3, 3))
    assert one.change(5, 0, 6) == pytest.approx(-0.25)
    assert math.isnan(one.change(1, 0, 6))
    assert math.isnan(one.change(99, 0, 6))


# On the chart.


def other_of(count: int, *, factor: float = 0.04, seed: int = 9, first: int = 0) -> CandleSeries:
    """Return a market that costs less and moves more."""
    made = []
    for one in rows(count, seed=seed, first=first):
        moved = [PRICE * factor * (1 + (v / PRICE - 1) * 3) for v in one[1:5]]
        made.append(one._replace(open=moved[0], high=moved[1], low=moved[2], close=moved[3]))
    return series_of(made)


@pytest.mark.parametrize("scale", PRICE_SCALES)
def test_a_line_stands_where_its_percentage_does_on_each_scale(view: WatchedChart, scale: PriceScale) -> None:
    other = other_of(500)
    view.set_price_scale(scale)
    view.set_compares((Compare(ETH, other, "#00ff00"),))
    settle()
    model, canvas, image = view.model, view.painter.canvas, picture(view)
    begin, end = model.shown
    base, theirs = model.base, float(other.ohlcv[begin, 3])
    hits = 0
    for index in range(begin + 3, end - 1, 4):
        price = base * float(other.ohlcv[index, 3]) / theirs
        x, y = round(canvas.scale.x(index) - 0.5), y_of(view, price)
        near = [image.pixelColor(x + dx, y + dy) for dx in (-1, 0, 1) for dy in (-2, -1, 0, 1, 2)]
        hits += max(c.green() - max(c.red(), c.blue()) for c in near) > 60
        assert 0 <= y < canvas.plot[1], "what is compared is fitted, too"
    assert hits >= 0.9 * len(range(begin + 3, end - 1, 4))


@pytest.mark.parametrize("scale", PRICE_SCALES)
@pytest.mark.parametrize("factor", [0.01, 0.3, 4.0, 200.0])
def test_a_market_that_fell_or_rose_by_much_is_in_sight(scale: PriceScale, factor: float) -> None:
    model = ChartModel()
    model.resize(800, 500)
    model.set_price_scale(scale)
    model.show(MARKET, walk(100))
    other = series_of([row(r.start_ms, 500.0 * factor ** (k / 99), opening=500.0) for k, r in enumerate(rows(100))])
    model.set_compares((Compare(ETH, other, COLORS[0]),))
    begin, end = model.shown
    last = model.base * (1 + model.compares[0].change(99, begin, end))
    assert last > 0
    assert model.y0 < last < model.y1
    assert model.y0 > 0 or scale != "log"


@pytest.mark.parametrize("shown", [40.0, 300.0, 2_500.0])
@pytest.mark.parametrize("dpr", [1.0, 1.5])
def test_partial_paintings_give_the_picture_a_whole_one_gives(
    view: WatchedChart, monkeypatch: pytest.MonkeyPatch, shown: float, dpr: float
) -> None:
    series, one, two = walk(3_000), other_of(3_000), other_of(3_000, factor=0.001, seed=5)
    show(view, series)
    view.set_price_scale("percent")
    view.set_compares((Compare(ETH, one, "#00ff00"), Compare(XRP, two, "#ff00ff")))
    view._apply(view.model.zoom(shown / (view.model.x1 - view.model.x0), view.model.x1))

    def also(step: int) -> None:
        if step % 2:
            one.fold_trade(trade(one, float(one.ohlcv[-1, 0]) * (1 + 0.0001 * (step % 5)), size=1e-6))
        if step == 6:
            two.fold_trade(trade(two, float(two.ohlcv[-1, 3]), bars_on=1))
        if step == 9:
            series.fold_trade(trade(series, PRICE, bars_on=1))

    check_parts(view, series, monkeypatch, dpr=dpr, steps=14, also=also)


def test_a_trade_of_another_market_paints_little(view: WatchedChart) -> None:
    other = other_of(500)
    view.set_price_scale("percent")
    view.set_compares((Compare(ETH, other, COLORS[0]),))
    settle()
    close = float(other.ohlcv[-1, 3])
    assert view.model.sync() == Dirt.NONE
    other.fold_trade(trade(other, close * 1.00001, size=1e-9))
    assert view.model.sync() == Dirt.LAST
    other.fold_trade(trade(other, close * 1.00002, bars_on=1))
    assert view.model.sync() == Dirt.LAST, "a bar of theirs is none of ours"
    other.merge([row(other.first_ms, close)._replace(last_trade_ms=10**13)])
    assert view.model.sync() == Dirt.RANGE


def test_the_legend_says_what_is_under_the_cursor_and_has_a_cross(view: WatchedChart) -> None:
    other = other_of(500)
    view.set_price_scale("percent")
    view.set_compares((Compare(ETH, other, COLORS[0]),))
    settle()
    model, legend = view.model, view.painter.legend
    begin, _ = model.shown
    first, last = float(other.ohlcv[begin, 3]), float(other.ohlcv[-1, 3])
    assert view.painter._seen.legend == (f"{(last / first - 1) * 100:+.2f}%",)
    x = view.painter.canvas.scale.x(begin + 20)
    move(view, x, 300)
    settle()
    there = float(other.ohlcv[begin + 20, 3])
    assert view.painter._seen.legend == (f"{(there / first - 1) * 100:+.2f}%",)
    pressed: list[str] = []
    view.crosses.pressed.connect(pressed.append)
    button = view.crosses.buttons[ETH]
    assert button.geometry() == view.painter.canvas.logical(legend.lines[0].cross)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert pressed == [ETH]
    view.set_compares(())
    assert not view.crosses.buttons


def test_each_cross_stands_beside_its_market_whatever_comes_above_it(view: WatchedChart, qapp: QApplication) -> None:
    """Else a press on one takes another market away."""
    view.resize(250, 500)
    view.set_compares(tuple(Compare(m, other_of(500), c) for m, c in zip((ETH, XRP), COLORS, strict=False)))
    settle()

    def places() -> list[QRect]:
        lines = view.painter.legend.lines
        crosses = [view.painter.canvas.logical(line.cross) for line in lines]
        assert [view.crosses.buttons[line.compare.market].geometry() for line in lines] == crosses
        return crosses

    plain = places()
    view.set_style("heikin")
    english = places()
    try:
        translations.install(qapp, "ko")
        settle()
        korean = places()
    finally:
        translations.install(qapp, "en")
        settle()
    assert english == plain, "no room for what is said of averaged bars"
    assert korean != plain
    assert places() == english
    view.set_style("candles")
    assert places() == plain


def test_a_market_without_bars_is_no_line_and_no_number(view: WatchedChart) -> None:
    view.set_price_scale("percent")
    before = (view.model.y0, view.model.y1)
    view.set_compares((Compare(ETH, CandleSeries(Interval.M1), COLORS[0]),))
    assert (view.model.y0, view.model.y1) == before
    assert not picture(view).isNull()
    assert view.painter._seen.legend == ("–",)


def test_a_hole_stays_a_hole(view: WatchedChart) -> None:
    made = rows(500)
    other = series_of([r for k, r in enumerate(made) if not 440 <= k < 460])
    other.set_break(made[439].start_ms)
    view.set_compares((Compare(ETH, other, "#00ff00"),))
    values = view.model.compares[0].values
    assert np.isnan(values[440:460]).all()
    assert np.isfinite(values[[439, 460]]).all()


def test_another_series_of_the_chart_has_no_lines_until_they_are_given(view: WatchedChart) -> None:
    view.set_compares((Compare(ETH, other_of(500), COLORS[0]),))
    show(view, walk(300, Interval.M5))
    assert view.model.compares == ()


@given(base=st.floats(1e-6, 1e8), factor=st.floats(0.2, 5))
def test_two_markets_that_rise_alike_are_one_line(base: float, factor: float) -> None:
    model = ChartModel()
    model.resize(800, 500)
    closes = [base * factor ** (k / 40) for k in range(40)]
    model.show(MARKET, series_of([row(k * MINUTE_MS, PRICE * c / base) for k, c in enumerate(closes)]))
    one = Compare(ETH, series_of([row(k * MINUTE_MS, c) for k, c in enumerate(closes)]), COLORS[0])
    model.set_compares((one,))
    begin, end = model.shown
    for index in range(begin, end):
        mine = float(model.rows[index, 3]) / model.base - 1
        assert one.change(index, begin, end) == pytest.approx(mine, rel=1e-9, abs=1e-9)


# In its pane.


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    made = Desk(qtbot)
    made.history(300)
    made.pane.bind(MARKET)
    made.frame()
    yield made
    made.pane.release()


def streams(*markets: str, interval: str = "1m") -> set[Stream]:
    return {Stream(c, m) for m in markets for c in ("ticker", "trade", f"candle.{interval}")}


def test_comparing_asks_for_streams_and_history_and_shows_percent(desk: Desk) -> None:
    desk.pane.compare(ETH)
    assert desk.model.price_scale == "percent"
    assert set(desk.feed.leases.wanted) == streams(MARKET, ETH)
    desk.frame()
    assert (ETH, Interval.M1) in desk.asked
    desk.asked.clear()
    desk.history(300, ETH)
    desk.feed.store.candles(ETH, Interval.M1).is_complete = True
    desk.frame()
    assert [c.market for c in desk.model.compares] == [ETH]
    assert np.isfinite(desk.model.compares[0].values).all()
    assert (ETH, Interval.M1) not in desk.asked


def test_a_trade_of_a_compared_market_moves_its_line_in_the_next_frame(desk: Desk) -> None:
    desk.history(300, ETH)
    desk.pane.compare(ETH)
    desk.frame()
    series = desk.feed.store.candles(ETH, Interval.M1)
    desk.trade(series.last_ms + 30_000, 91_234_000.0, 1, market=ETH)
    desk.frame()
    assert desk.model.compares[0].values[-1] == 91_234_000.0


def test_swaps_of_market_and_interval_keep_what_is_compared(desk: Desk) -> None:
    desk.pane.compare(ETH)
    desk.pane.compare(XRP)
    desk.frame()
    desk.history(300, XRP, Interval.M15)
    desk.pane.set_interval(Interval.M15)
    assert set(desk.feed.leases.wanted) == streams(MARKET, ETH, XRP, interval="15m")
    desk.history(300, interval=Interval.M15)
    desk.frame()
    assert [c.series.interval for c in desk.model.compares] == [Interval.M15] * 2
    desk.history(300, ETH, Interval.M15)
    desk.pane.bind(ETH)
    desk.frame()
    assert set(desk.feed.leases.wanted) == streams(ETH, XRP, interval="15m")
    assert [c.market for c in desk.model.compares] == [XRP], "a market is not compared with itself"
    desk.pane.bind(MARKET)
    desk.frame()
    assert [c.market for c in desk.model.compares] == [ETH, XRP]


def test_a_cross_or_the_menu_ends_it_and_the_streams_go(desk: Desk) -> None:
    desk.pane.compare(ETH)
    desk.pane.compare(XRP)
    desk.frame()
    QTest.mouseClick(desk.pane.view.crosses.buttons[ETH], Qt.MouseButton.LeftButton)
    assert set(desk.feed.leases.wanted) == streams(MARKET, XRP)
    desk.frame()
    assert [c.market for c in desk.model.compares] == [XRP]
    choose(desk, f"Compare with {XRP} no more")
    desk.frame()
    assert desk.model.compares == ()
    assert set(desk.feed.leases.wanted) == streams(MARKET)


def test_there_are_four_at_most_each_in_its_colour(desk: Desk) -> None:
    asked: list[object] = []
    desk.pane.compare_wanted.connect(asked.append)
    for market in ("KRW-A", "KRW-B", "KRW-C", "KRW-D", "KRW-E", "KRW-A", MARKET):
        desk.pane.compare(market)
    assert list(desk.pane.compared) == ["KRW-A", "KRW-B", "KRW-C", "KRW-D"]
    assert len(set(desk.pane.compared.values())) == MOST
    desk.pane.ask_compare()
    assert asked == []
    desk.pane.chart_menu.fill()
    add = desk.pane.chart_menu.entry("Compare with another symbol…")
    assert add is not None
    assert not add.isEnabled()
    desk.pane.uncompare("KRW-B")
    desk.pane.compare("KRW-F")
    assert len(set(desk.pane.compared.values())) == MOST, "the colour that became free"
    desk.pane.uncompare("KRW-A")
    desk.pane.ask_compare()
    assert asked == [desk.pane]


def test_what_is_compared_is_kept_with_the_desk(desk: Desk) -> None:
    desk.pane.compare(ETH)
    desk.pane.compare(XRP)
    kept = desk.pane.save()
    for market in (ETH, XRP):
        desk.pane.uncompare(market)
    assert "compare" not in desk.pane.save()
    desk.pane.restore(kept)
    assert list(desk.pane.compared) == [ETH, XRP]
    assert desk.model.price_scale == "percent"
    assert set(desk.feed.leases.wanted) == streams(MARKET, ETH, XRP)


@pytest.mark.parametrize("strange", ["KRW-ETH", [1, None, "eth", "KRW-", "KRW-ETH; DROP", {"a": 1}], {"KRW-ETH": 1}, 7])
def test_strange_markets_of_a_desk_are_left_out(desk: Desk, strange: object) -> None:
    desk.pane.restore({"market": MARKET, "compare": strange})
    assert desk.pane.compared == {}


def test_a_silent_compared_market_says_nothing_of_the_pane(desk: Desk) -> None:
    """The pane is as live as its own market; the other's line and number go grey."""
    before = desk.pane.state()[0]
    desk.pane.compare(ETH)
    assert desk.pane.state()[0] == before


def test_a_market_whose_link_is_gone_is_grey_in_the_legend(desk: Desk) -> None:
    desk.history(300, ETH)
    desk.pane.compare(ETH)
    desk.trade(desk.feed.store.candles(ETH, Interval.M1).last_ms + 1_000, PRICE, 1, market=ETH)
    desk.frame()
    view = desk.pane.view
    line = view.painter.legend.lines[0]

    def inks() -> set[int]:
        image, (x, y, width, height) = picture(view), line.box
        return {image.pixel(x + dx, y + dy) for dx in range(width) for dy in range(height)}

    assert QColor(COLORS[0]).rgb() in inks()
    desk.feed.health.links[LINK].state = LinkState.WAITING
    desk.frame()
    assert QColor(COLORS[0]).rgb() not in inks()
    desk.feed.health.links[LINK].state = LinkState.OPEN
    desk.frame()
    assert QColor(COLORS[0]).rgb() in inks()


def test_a_cross_is_there_before_any_bar(desk: Desk) -> None:
    desk.pane.bind("KRW-DOT")
    desk.pane.compare(ETH)
    desk.frame()
    assert desk.model.count == 0
    assert desk.pane.view.crosses.buttons[ETH].isVisible()


def test_colours_are_colours() -> None:
    assert all(QColor(c).isValid() for c in COLORS)
    assert len(set(COLORS)) == MOST
