"""A market chosen in one pane is bound in every pane of its group, in one frame, and in no other pane."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.links import Links
from core.feed.feed import Feed
from core.market import MINUTE_MS, TRADE, Interval, Stream
from tests.widgets.chart.bars import MARKET, rows
from widgets.chart.pane import ChartPane
from widgets.chart.span import shown
from widgets.frame import FrameClock
from widgets.pane import Pane


class Plain(Pane):
    """Shows nothing, and remembers of which market."""

    kind = "plain"

    def __init__(self, feed: Feed, frames: FrameClock, parent: QWidget) -> None:
        super().__init__(feed, frames, parent)
        self.refreshed: list[str] = []

    def streams(self, market: str) -> set[Stream]:
        return {Stream(TRADE, market)}

    def refresh(self) -> None:
        self.refreshed.append(self.market)


class Counted(FrameClock):
    """Remembers what it was told to paint together."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.flushes: list[list[str]] = []

    def flush(self, *panes: Plain) -> None:  # type: ignore[override]
        self.flushes.append([pane.market for pane in panes])
        super().flush(*panes)


class Group:
    """Panes in a window, linked by nothing yet."""

    def __init__(self, qtbot: QtBot) -> None:
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.feed, self.frames = Feed(lambda: 0.0), Counted(self.window)
        self.changes: list[str] = []
        self.links = Links(self.frames, self.changes.append)
        self.panes: list[Pane] = []
        self.window.show()

    def add(self, group: int, role: str = "both", kind: type[Pane] = Plain) -> Pane:
        pane = kind(self.feed, self.frames, self.window)
        pane.show()
        self.panes.append(pane)
        self.links.add(pane)
        pane.market_wanted.connect(lambda market: self.links.choose(pane, market))
        self.links.join(pane, group, role)
        return pane

    @property
    def markets(self) -> list[str]:
        return [p.market for p in self.panes]


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Group]:
    made = Group(qtbot)
    yield made
    for pane in made.panes:
        pane.release()
    assert made.feed.leases.wanted == frozenset()


def test_one_choice_binds_the_group_and_no_other_pane(desk: Group) -> None:
    first, second, other, alone = desk.add(1), desk.add(1), desk.add(2), desk.add(0)
    desk.links.bind(1, "KRW-BTC")
    desk.links.bind(2, "KRW-ETH")
    for pane in desk.panes:
        pane.refreshed.clear()  # type: ignore[attr-defined]
    first.market_wanted.emit("KRW-XRP")
    assert desk.markets == ["KRW-XRP", "KRW-XRP", "KRW-ETH", ""]
    refreshed = [p.refreshed for p in (first, second, other, alone)]  # type: ignore[attr-defined]
    assert refreshed == [["KRW-XRP"], ["KRW-XRP"], [], []]  # before anything else ran
    assert desk.feed.leases.wanted == {Stream(TRADE, "KRW-XRP"), Stream(TRADE, "KRW-ETH")}
    assert desk.changes == ["KRW-BTC", "KRW-ETH", "KRW-XRP"]


def test_each_choice_is_one_flush_of_panes_that_agree(desk: Group) -> None:
    first, second = desk.add(1), desk.add(1)
    assert desk.markets == ["", ""]  # nothing chosen: nothing bound
    first.market_wanted.emit("KRW-BTC")
    second.market_wanted.emit("KRW-ETH")
    assert desk.frames.flushes == [["KRW-BTC"] * 2, ["KRW-ETH"] * 2]


def test_a_pane_that_joins_shows_what_the_group_shows(desk: Group) -> None:
    desk.add(3)
    desk.links.bind(3, "KRW-BTC")
    late = desk.add(3)
    assert late.market == "KRW-BTC"
    late.market_wanted.emit("KRW-XRP")
    assert desk.markets == ["KRW-XRP"] * 2


def test_the_first_pane_gives_its_market_to_an_empty_group(desk: Group) -> None:
    pane = desk.add(0)
    pane.market_wanted.emit("KRW-SOL")
    desk.links.join(pane, 4)
    assert desk.links.markets[4] == "KRW-SOL"
    assert pane.header.link.number == 4


def test_a_pane_in_no_group_changes_alone(desk: Group) -> None:
    desk.add(0)
    alone = desk.add(0)
    alone.market_wanted.emit("KRW-BTC")
    assert desk.markets == ["", "KRW-BTC"]


def test_who_only_leads_keeps_its_market_and_gives_its_choices(desk: Group) -> None:
    leader, follower = desk.add(1, "lead"), desk.add(1)
    leader.market_wanted.emit("KRW-BTC")
    assert desk.markets == ["KRW-BTC", "KRW-BTC"]
    follower.market_wanted.emit("KRW-ETH")
    assert desk.markets == ["KRW-BTC", "KRW-ETH"]


def test_who_only_follows_keeps_its_choices_to_itself(desk: Group) -> None:
    leader, follower = desk.add(1), desk.add(1, "follow")
    leader.market_wanted.emit("KRW-BTC")
    assert follower.market == "KRW-BTC"
    follower.market_wanted.emit("KRW-ETH")
    assert desk.markets == ["KRW-BTC", "KRW-ETH"]
    leader.market_wanted.emit("KRW-XRP")
    assert desk.markets == ["KRW-XRP"] * 2


def test_charts_of_a_group_share_interval_and_moment_unless_told_not_to(desk: Group) -> None:
    charts = [desk.add(1, kind=ChartPane), desk.add(1, kind=ChartPane), desk.add(2, kind=ChartPane)]
    one, two, other = (c for c in charts if isinstance(c, ChartPane))
    pointed: list[int | None] = []
    two.point_at = pointed.append  # type: ignore[method-assign, assignment]
    one.choose_interval(Interval.M15)
    one.pointed.emit(1_700_000_000_000)
    one.pointed.emit(None)
    assert (two.interval, other.interval) == (Interval.M15, Interval.M1)
    assert pointed == [1_700_000_000_000, None]
    desk.links.is_interval_linked = desk.links.is_crosshair_linked = False
    one.choose_interval(Interval.D1)
    one.pointed.emit(1)
    assert two.interval is Interval.M15
    assert len(pointed) == 2
    desk.links.set_crosshair_linked(True)
    one.pointed.emit(1)
    desk.links.set_crosshair_linked(False)
    assert pointed[2:] == [1, None], "no line may stay where nothing moves it any more"
    desk.links.join(one, 3)
    assert pointed[4:] == [None]


def test_charts_of_a_group_show_the_same_stretch_of_time_if_they_are_told_to(desk: Group) -> None:
    charts = [desk.add(1, kind=ChartPane), desk.add(1, kind=ChartPane), desk.add(1, "lead", kind=ChartPane)]
    lead, other, alone = (c for c in charts if isinstance(c, ChartPane))
    other.set_interval(Interval.M3)
    for chart in (lead, other, alone):
        chart.resize(800, 500)
        chart.bind(MARKET)
    for interval in (Interval.M1, Interval.M3):
        series = desk.feed.store.candles(MARKET, interval)
        series.merge(rows(3_000 // (interval.length_ms // MINUTE_MS), interval=interval))
        series.is_complete = True
    desk.frames.flush(lead, other, alone)

    def seen() -> list[float]:
        """Return the first moments in view."""
        found = [shown(chart.view.model) for chart in (lead, other, alone)]
        desk.frames.flush(other, alone)
        return [span.begin_ms for span in found if span is not None]

    before = seen()
    lead.view.drag(2_000, 0, False)
    assert seen()[1:] == before[1:], "off at first"
    desk.links.is_span_linked = True
    lead.view.drag(2_000, 0, False)
    desk.frames.flush(other, alone)
    after = seen()
    assert after[0] < before[0] - 400 * MINUTE_MS
    assert after[1] == pytest.approx(after[0], abs=2)
    assert after[2] == before[2], "who only leads keeps its own"
    other.view.wheel(2, QPointF(100, 100))
    desk.frames.flush(lead, alone)
    assert seen()[0] == pytest.approx(seen()[1], abs=2), "both ways"
    QTest.keyClick(lead.view, Qt.Key.Key_End)
    desk.frames.flush(other)
    assert other.view.model.is_following


def test_a_linked_chart_asks_for_older_candles_until_it_shows_the_same_moment(desk: Group) -> None:
    lead, other = desk.add(1, kind=ChartPane), desk.add(1, kind=ChartPane)
    assert isinstance(lead, ChartPane)
    assert isinstance(other, ChartPane)
    desk.links.is_span_linked = True
    other.set_interval(Interval.M3)
    asked: list[tuple[str, Interval]] = []
    desk.feed.on_history_wanted = lambda market, interval: asked.append((market, interval))
    desk.feed.store.candles(MARKET, Interval.M1).merge(rows(3_000))
    series = desk.feed.store.candles(MARKET, Interval.M3)
    series.merge(rows(200, first=800, interval=Interval.M3))
    for chart in (lead, other):
        chart.resize(800, 500)
        chart.bind(MARKET)
    desk.frames.flush(lead, other)
    asked.clear()
    lead.view.drag(8_000, 0, False)
    desk.frames.flush(other)
    assert (MARKET, Interval.M3) in asked
    series.merge(rows(800, interval=Interval.M3))
    desk.frames.flush(other)
    there, here = shown(lead.view.model), shown(other.view.model)
    assert there is not None
    assert here is not None
    assert tuple(here) == pytest.approx(tuple(there), abs=2)


def test_a_pane_that_left_hears_nothing_more(desk: Group) -> None:
    stays, goes = desk.add(1), desk.add(1)
    desk.links.bind(1, "KRW-BTC")
    desk.links.remove(goes)
    stays.market_wanted.emit("KRW-ETH")
    assert desk.markets == ["KRW-ETH", "KRW-BTC"]
    assert desk.links.members(0) == []


def test_a_group_that_everybody_left_takes_the_market_of_who_comes(desk: Group) -> None:
    pane = desk.add(5)
    desk.links.choose(pane, "KRW-BTC")
    desk.links.join(pane, 0)
    other = desk.add(0)
    desk.links.choose(other, "KRW-ETH")
    desk.links.join(other, 5)
    assert other.market == "KRW-ETH"
    assert desk.links.markets[5] == "KRW-ETH"
    desk.links.join(pane, 5)
    assert pane.market == "KRW-ETH"


def test_a_price_is_marked_in_the_panes_of_a_group_that_show_its_market(desk: Group) -> None:
    first, second, leader, other, alone = (
        desk.add(1), desk.add(1), desk.add(1, "lead"), desk.add(2), desk.add(0),
    )  # fmt: skip
    told: list[tuple[Pane, float]] = []
    desk.links.on_mark = lambda pane, price: told.append((pane, price))
    leader.bind("KRW-ETH")
    for pane in (first, second, other, alone):
        desk.links.choose(pane, "KRW-BTC")
    desk.frames.flushes.clear()
    first.price_pressed.emit(first, 90_001_000.0)
    assert [pane.marked for pane in desk.panes] == [90_001_000.0, 90_001_000.0, None, None, None]
    assert desk.frames.flushes == [["KRW-BTC", "KRW-BTC"]], "all in one frame"
    second.price_pressed.emit(second, 90_002_000.0)
    assert first.marked == second.marked == 90_002_000.0
    first.price_pressed.emit(first, 90_002_000.0)
    assert [pane.marked for pane in desk.panes] == [None] * 5, "a second press takes it away"
    assert told == [(first, 90_001_000.0), (second, 90_002_000.0)]
    alone.price_pressed.emit(alone, 90_003_000.0)
    assert [pane.marked for pane in desk.panes] == [None, None, None, None, 90_003_000.0]


def test_a_mark_goes_with_its_market_and_comes_with_its_group(desk: Group) -> None:
    first = desk.add(1)
    desk.links.choose(first, "KRW-BTC")
    desk.links.mark(first, 90_001_000.0)
    late = desk.add(1)
    assert late.marked == 90_001_000.0
    late.mark_dropped.emit(late)
    assert first.marked is late.marked is None
    desk.links.mark(late, 90_001_000.0)
    desk.links.choose(first, "KRW-BTC")
    assert first.marked == 90_001_000.0, "the same market keeps it"
    desk.links.choose(first, "KRW-ETH")
    assert first.marked is late.marked is None
