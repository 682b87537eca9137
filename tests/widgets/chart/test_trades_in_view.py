"""Trades for deltas and profiles: a few are loaded by themselves, many only after a question that names how many."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from core.market import MINUTE_MS
from core.state.flow import FREE_CALLS, Flow, Load
from tests.widgets.chart.bars import MARKET
from tests.widgets.chart.test_chart_pane import LINK, Desk
from widgets.chart.trades_in_view import SETTLED_S, State

Wish = tuple[str, int, int, int, bool]


class TradeDesk(Desk):
    """A desk with 300 bars, whose stream of trades runs since the last one; asks by REST are written down."""

    def __init__(self, qtbot: QtBot, *kinds: str) -> None:
        super().__init__(qtbot)
        self.wishes: list[Wish] = []
        self.stopped: list[str] = []
        self.feed.on_flow_wanted = lambda *wish: self.wishes.append(wish)
        self.feed.on_flow_unwanted = self.stopped.append
        self.history(300)
        self.last_ms = self.feed.store.candles(MARKET, self.pane.interval).last_ms
        self.feed.clock_offset_ms = self.last_ms + 30_000 - time.time_ns() // 1_000_000
        self.pane.bind(MARKET)
        self.snapshot()
        for kind in kinds:
            self.pane.add_study(kind)
        self.frame()

    def snapshot(self) -> None:
        """Let the stream of trades begin, and its past be joined to the begin of the last bar."""
        frame = {
            "ty": "trade", "cd": MARKET, "tms": self.last_ms + 900, "ttms": self.last_ms + 900, "tp": 9e7,
            "tv": 0.001, "ab": "BID", "sid": 1, "st": "SNAPSHOT",
        }  # fmt: skip
        self.feed.on_frame(LINK, json.dumps(frame).encode())
        self.feed.store.tape(MARKET).cover(self.last_ms, self.last_ms + 900)

    def size(self, mean: float) -> None:
        """Let trades be so large in the mean: the smaller, the more calls are missing."""
        self.trade(self.last_ms + 1_000, 9e7, 2)
        flow = self.flow
        flow._columns.size[: len(flow)] = mean
        flow.history_version += 1
        self.frame()

    def beat(self) -> None:
        self.now_s += 1.0
        self.trade(self.last_ms + 1_000 + int(self.now_s * 10), 9e7, int(self.now_s * 100))
        self.pane.beat()

    @property
    def flow(self) -> Flow:
        return self.feed.store.flow(MARKET)

    @property
    def state(self) -> State:
        return self.pane.trades.state()


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[TradeDesk]:
    made = TradeDesk(qtbot, "volume_profile", "delta", "cvd")
    yield made
    made.pane.release()


def question_of(desk: TradeDesk) -> QMessageBox:
    assert desk.pane.trades.question is not None
    return desk.pane.trades.question


def answer(desk: TradeDesk, role: QMessageBox.ButtonRole) -> None:
    box = question_of(desk)
    next(b for b in box.buttons() if box.buttonRole(b) is role).click()
    QApplication.processEvents()


def test_a_chart_without_such_indicators_wants_no_trades(qtbot: QtBot) -> None:
    desk = TradeDesk(qtbot, "sma", "rsi")
    for _ in range(5):
        desk.beat()
    assert desk.pane.view.model.flows.flow is None
    assert desk.feed.store._states[MARKET].flow is None, "nothing is kept for nobody"
    assert desk.wishes == []
    assert desk.pane.load_button.isHidden()
    desk.pane.release()


def test_a_few_are_loaded_by_themselves_once_the_chart_stands_still(desk: TradeDesk) -> None:
    desk.size(1.0)
    assert desk.wishes == []
    calls = desk.state.calls
    assert desk.state.stage == "offer"
    assert 0 < calls <= 3
    for _ in range(round(SETTLED_S) + 1):
        desk.beat()
    market, from_ms, to_ms, most, is_asked = desk.wishes[0]
    begin, _ = desk.model.shown
    assert (market, from_ms, is_asked) == (MARKET, int(desk.model.starts[begin]), False)
    assert desk.last_ms < to_ms < desk.last_ms + MINUTE_MS, "up to now"
    assert most == calls


def test_what_would_not_complete_a_bar_is_not_loaded_unasked(desk: TradeDesk) -> None:
    desk.size(0.0001)
    assert desk.model.calls_of_newest(desk.pane._exchange_ms()) > FREE_CALLS
    desk.pane.trades.look()
    assert desk.wishes == []
    desk.pane.load_button.click()
    assert str(desk.state.calls) in question_of(desk).text(), "who presses may have it all the same"
    answer(desk, QMessageBox.ButtonRole.RejectRole)


def test_without_a_question_no_more_than_twenty_are_wanted(desk: TradeDesk) -> None:
    desk.size(0.001)
    assert desk.state.calls > 100
    for _ in range(4):
        desk.beat()
    assert desk.wishes
    assert {wish[3:] for wish in desk.wishes} == {(FREE_CALLS, False)}
    desk.flow.free_calls = 3
    desk.beat()
    assert desk.wishes[-1][3] == 3
    desk.flow.free_calls, desk.wishes = 0, []
    desk.beat()
    assert desk.wishes == []


def test_many_are_loaded_after_a_question_that_names_the_number(desk: TradeDesk) -> None:
    desk.size(0.001)
    calls = desk.state.calls
    button = desk.pane.load_button
    assert str(calls) in button.text()
    assert button.isVisible()
    button.click()
    assert str(calls) in question_of(desk).text()
    assert desk.wishes == []
    answer(desk, QMessageBox.ButtonRole.RejectRole)
    assert desk.wishes == []
    assert desk.pane.trades.question is None
    button.click()
    answer(desk, QMessageBox.ButtonRole.AcceptRole)
    ((market, _, _, most, is_asked),) = desk.wishes
    assert (market, most, is_asked) == (MARKET, calls, True)


def test_an_answer_for_another_symbol_loads_nothing(desk: TradeDesk) -> None:
    desk.size(0.001)
    desk.pane.load_button.click()
    desk.pane.bind("KRW-ETH")
    desk.frame()
    answer(desk, QMessageBox.ButtonRole.AcceptRole)
    assert desk.wishes == []


def test_nothing_is_offered_before_it_can_be_had(desk: TradeDesk) -> None:
    desk.size(0.001)
    offered, button = desk.state, desk.pane.load_button
    desk.feed.store.tape(MARKET).mark_break()
    desk.frame()
    assert (desk.state.stage, button.isEnabled()) == ("waiting", False)
    assert "Waiting" in button.text()
    button.click()
    assert (desk.wishes, desk.pane.trades.question) == ([], None)
    desk.snapshot()
    desk.feed.store.tape(MARKET).cover(desk.last_ms, desk.last_ms + 5_000)
    desk.frame()
    assert desk.state.stage == offered.stage == "offer"
    assert button.isEnabled()


def test_what_was_agreed_to_is_loaded_once_it_can_be_had(desk: TradeDesk) -> None:
    desk.size(0.001)
    calls = desk.state.calls
    desk.pane.load_button.click()
    desk.flow.free_calls = 0
    desk.feed.store.tape(MARKET).mark_break()
    answer(desk, QMessageBox.ButtonRole.AcceptRole)
    desk.pane.trades.look()
    assert desk.wishes == []
    desk.snapshot()
    desk.feed.store.tape(MARKET).cover(desk.last_ms, desk.last_ms + 5_000)
    for _ in range(2):
        desk.pane.trades.look()
    assert [wish[3:] for wish in desk.wishes] == [(calls, True)]


def test_few_are_loaded_at_once_when_asked_for(desk: TradeDesk) -> None:
    desk.size(0.04)
    assert 2 < desk.state.calls <= FREE_CALLS
    desk.pane.menu.fill()
    profile = desk.pane.menu.actions()[0].menu()
    action = next(a for a in profile.actions() if str(desk.state.calls) in a.text())
    action.trigger()
    assert [wish[3:] for wish in desk.wishes] == [(desk.state.calls, True)]
    assert desk.pane.trades.question is None


def test_a_load_says_how_far_it_is_and_ends_at_a_press(desk: TradeDesk) -> None:
    desk.size(0.001)
    desk.flow.load = Load(7, 90)
    desk.frame()
    assert desk.state == State("loading", 90, 7)
    assert "7" in desk.pane.load_button.text()
    assert "90" in desk.pane.load_button.text()
    desk.beat()
    assert desk.wishes == [], "one at a time"
    desk.pane.load_button.click()
    assert desk.stopped == [MARKET]


def test_where_nothing_is_missing_nothing_is_offered(desk: TradeDesk) -> None:
    desk.size(0.001)
    desk.flow.cover(0, desk.last_ms)
    desk.frame()
    assert desk.state == State()
    assert desk.pane.load_button.isHidden()
    assert desk.model.untold() == []


def test_where_there_is_no_room_it_says_so(desk: TradeDesk) -> None:
    desk.size(0.001)
    desk.flow.bound = len(desk.flow)
    desk.frame()
    assert desk.state.stage == "full"
    assert not desk.pane.load_button.isEnabled()
    desk.pane.load_button.click()
    desk.beat()
    assert desk.wishes == []


def test_the_button_stays_in_its_pane(desk: TradeDesk) -> None:
    desk.size(0.001)
    for width, height in ((800, 500), (420, 700), (300, 400)):
        desk.pane.resize(width, height)
        QApplication.processEvents()
        desk.frame()
        panes = desk.pane.view.painter.studies.panes
        button = desk.pane.load_button
        plot, box = desk.pane.view.painter.canvas.plot, button.geometry()
        assert box.left() >= 0
        assert box.right() < plot[0]
        if panes:
            assert panes[0].top <= box.top()
            assert box.bottom() <= panes[0].top + panes[0].height
        else:
            assert box.bottom() < plot[1], "beside the profile, then"


@pytest.mark.parametrize("width", [800, 300])
def test_a_profile_alone_has_the_button_beside_or_below_what_it_says(qtbot: QtBot, width: int) -> None:
    desk = TradeDesk(qtbot, "volume_profile")
    desk.pane.resize(width, 500)
    QApplication.processEvents()
    desk.size(0.001)
    button, said = desk.pane.load_button, [QRect(*place.box) for place in desk.pane.view.painter.studies.places]
    assert said
    assert button.isVisible()
    assert str(desk.state.calls) in button.text()
    assert not any(button.geometry().intersects(box) for box in said)
    assert button.geometry().right() < desk.pane.view.painter.canvas.plot[0]
    desk.flow.cover(0, desk.last_ms)
    desk.frame()
    assert button.isHidden()
    desk.pane.release()


def test_the_desk_keeps_them_with_their_settings(desk: TradeDesk, qtbot: QtBot) -> None:
    study = desk.pane.studies[0]
    desk.pane._put(study, study.changed({"rows": 40, "share": 80, "side": "left", "part": 30}, study.colors))
    kept = desk.pane.save()
    other = Desk(qtbot)
    other.pane.restore(kept)
    assert [s.kind for s in other.pane.studies] == ["volume_profile", "delta", "cvd"]
    assert other.pane.studies[0].indicator.values == {"rows": 40, "share": 80, "side": "left", "part": 30}
    assert other.pane.save() == {**kept, "market": ""}
    other.pane.release()
