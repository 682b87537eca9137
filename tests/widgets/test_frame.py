"""The one repaint timer: a pane is refreshed once a frame however often it is marked, and never while hidden."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.conftest import ExpectLog
from tests.waiting import qt_until
from widgets.frame import BEAT_BUDGET_MS, BUDGET_MS, FrameClock


class Shown(QWidget):
    """Counts what the clock does to it."""

    def __init__(self, market: str = "") -> None:
        super().__init__()
        self.market = market
        self.frames = self.beats = self.paints = self.breaks = 0
        self.is_broken = False

    def frame(self) -> None:
        self.frames += 1
        self.update()
        if self.is_broken:
            raise ValueError("broken")

    def beat(self) -> None:
        self.beats += 1

    def broke(self) -> None:
        self.breaks += 1

    def paintEvent(self, event: QEvent) -> None:  # type: ignore[override]
        self.paints += 1


@pytest.fixture
def clock() -> Iterator[FrameClock]:
    clock = FrameClock()
    yield clock
    clock.stop()


@pytest.fixture
def pane(qtbot: QtBot, clock: FrameClock) -> Shown:
    pane = Shown()
    qtbot.addWidget(pane)
    pane.show()
    qtbot.waitExposed(pane)
    clock.add(pane)
    return pane


def test_marks_of_one_frame_are_one_refresh(clock: FrameClock, pane: Shown) -> None:
    for _ in range(1_000):
        clock.mark(pane)
    qt_until(lambda: clock.frames == 1)
    assert pane.frames == 1


def test_the_timer_rests_while_nothing_is_marked(clock: FrameClock, pane: Shown) -> None:
    assert not clock._timer.isActive()
    clock.mark(pane)
    assert clock._timer.isActive()
    qt_until(lambda: not clock._timer.isActive())
    assert pane.frames == 1


def test_a_hidden_pane_costs_nothing(clock: FrameClock, pane: Shown, qtbot: QtBot) -> None:
    pane.hide()
    clock.mark(pane)
    clock.flush(pane)
    qt_until(lambda: not clock._timer.isActive())
    assert pane.frames == 0


def test_one_broken_pane_stops_no_other(clock: FrameClock, pane: Shown, qtbot: QtBot, expected_log: ExpectLog) -> None:
    other = Shown()
    qtbot.addWidget(other)
    other.show()
    clock.add(other)
    pane.is_broken = True
    expected_log("ERROR widgets.frame: pane 'Shown' could not refresh")
    clock.mark(pane)
    clock.mark(other)
    qt_until(lambda: other.frames == 1)
    assert (pane.breaks, other.breaks) == (1, 0)


def test_a_pane_that_fails_in_each_frame_is_logged_once_until_it_succeeds(
    clock: FrameClock, pane: Shown, caplog: pytest.LogCaptureFixture, expected_log: ExpectLog
) -> None:
    expected_log("ERROR widgets.frame: pane 'Shown' could not refresh")
    for is_broken in (True, True, True, False, True, True):
        pane.is_broken = is_broken
        clock.flush(pane)
    assert (pane.frames, pane.breaks) == (6, 5)
    assert len(caplog.records) == 2
    clock.remove(pane)
    assert not clock._failing


def test_a_flush_refreshes_and_paints_before_it_returns(clock: FrameClock, pane: Shown) -> None:
    qt_until(lambda: pane.paints > 0)
    clock.mark(pane)
    before = pane.paints
    clock.flush(pane)
    assert (pane.frames, pane.paints) == (1, before + 1)
    qt_until(lambda: not clock._timer.isActive())
    assert pane.frames == 1  # the mark was met by the flush


def test_what_the_user_waits_for_waits_for_no_frame(clock: FrameClock, pane: Shown) -> None:
    clock._timer.setInterval(60_000)
    clock.mark(pane)
    clock.hurry(pane)
    clock.hurry(pane)
    qt_until(lambda: pane.frames == 1)


def test_a_pane_that_left_is_not_refreshed(clock: FrameClock, pane: Shown) -> None:
    clock.mark(pane)
    clock.remove(pane)
    assert not clock._timer.isActive()
    clock.mark(pane)
    qt_until(lambda: not clock._timer.isActive())
    assert pane.frames == 0


def test_the_beat_comes_to_what_is_visible_alone(clock: FrameClock, pane: Shown, qtbot: QtBot) -> None:
    hidden = Shown()
    qtbot.addWidget(hidden)
    clock.add(hidden)
    clock._beat.setInterval(1)
    qt_until(lambda: pane.beats > 2)
    assert hidden.beats == 0


def test_one_pane_that_cannot_keep_time_stops_no_other(
    clock: FrameClock, pane: Shown, qtbot: QtBot, expected_log: ExpectLog
) -> None:
    broken = Shown()
    qtbot.addWidget(broken)
    broken.show()
    qtbot.waitExposed(broken)

    def fail() -> None:
        raise ValueError("no")

    broken.beat = fail  # type: ignore[method-assign]
    clock.remove(pane)
    clock.add(broken)
    clock.add(pane)
    expected_log("could not keep time")
    before = pane.beats
    clock._run_beat()
    qt_until(lambda: pane.beats == before + 1)  # in the next frame, should the failure have taken the time of this one


def test_whoever_measures_hears_of_each_frame(clock: FrameClock, pane: Shown) -> None:
    heard: list[int] = []
    clock.on_frame = lambda: heard.append(pane.frames)
    clock.mark(pane)
    qt_until(lambda: bool(heard))
    assert heard == [1]  # after the panes


class Costly(Shown):
    """Takes time to refresh, and to paint, on a clock of its own."""

    def __init__(self, clock: list[float], market: str, refreshing: float, painting: float = 0.0) -> None:
        super().__init__(market)
        self.clock, self.refreshing, self.painting = clock, refreshing, painting
        self.beating = 0.0

    def beat(self) -> None:
        super().beat()
        self.clock[0] += self.beating / 1_000

    def frame(self) -> None:
        super().frame()
        self.clock[0] += self.refreshing / 1_000

    def paintEvent(self, event: QEvent) -> None:  # type: ignore[override]
        super().paintEvent(event)
        self.clock[0] += self.painting / 1_000


@pytest.fixture
def costly(qtbot: QtBot) -> Iterator[Callable[..., tuple[FrameClock, list[Costly], list[float]]]]:
    clocks: list[FrameClock] = []

    def make(*panes: tuple[str, float, float]) -> tuple[FrameClock, list[Costly], list[float]]:
        at = [0.0]
        clock = FrameClock(clock=lambda: at[0])
        clocks.append(clock)
        made = [Costly(at, *pane) for pane in panes]
        for pane in made:
            qtbot.addWidget(pane)
            pane.show()
            qtbot.waitExposed(pane)
            clock.add(pane)
        return clock, made, at

    yield make
    for clock in clocks:
        clock.stop()


def test_what_does_not_fit_into_a_frame_comes_first_in_the_next(costly: Callable[..., Any]) -> None:
    clock, panes, at = costly(*((f"KRW-{n}", 4.0, 0.0) for n in range(8)))
    seen: list[tuple[float, list[int]]] = []
    clock.on_frame = lambda: seen.append((at[0], [p.frames for p in panes]))
    for _ in range(3):
        for pane in panes:  # all of them have something new in each frame
            clock.mark(pane)
        clock._run()
    assert [frames for _, frames in seen] == [
        [1, 1, 1, 0, 0, 0, 0, 0],
        [1, 1, 1, 1, 1, 1, 0, 0],
        [2, 1, 1, 1, 1, 1, 1, 1],
    ]
    assert max(b - a for (a, _), (b, _) in pairwise(seen)) * 1_000 <= BUDGET_MS + 4.0


def test_the_beats_of_many_panes_hold_up_no_frame(costly: Callable[..., Any]) -> None:
    clock, panes, at = costly(*((f"KRW-{n}", 0.0, 0.0) for n in range(9)))
    for pane in panes:
        pane.beating = 1.0
    clock._run_beat()
    assert [p.beats for p in panes] == [1] * 4 + [0] * 5
    assert at[0] == pytest.approx(BEAT_BUDGET_MS / 1_000)
    clock.remove(panes[5])
    qt_until(lambda: panes[-1].beats == 1)
    assert [p.beats for p in panes] == [1] * 5 + [0] + [1] * 3
    assert not clock._more.isActive()


def test_what_the_user_waits_for_comes_before_a_full_queue(costly: Callable[..., Any]) -> None:
    clock, panes, _ = costly(*((f"KRW-{n}", 4.0, 0.0) for n in range(8)))
    for pane in panes:
        clock.mark(pane)
    clock.hurry(panes[7])
    clock._run()
    assert [p.frames for p in panes] == [1, 1, 0, 0, 0, 0, 0, 1]


def test_what_painting_costs_counts(costly: Callable[..., Any]) -> None:
    clock, panes, at = costly(*((f"KRW-{n}", 1.0, 2.0) for n in range(30)))
    took: list[float] = []
    waits: dict[Costly, int] = dict.fromkeys(panes, 0)
    longest = 0
    for n in range(60):
        for pane in panes:
            clock.mark(pane)
        began, before = at[0], [p.frames for p in panes]
        clock._run()
        took.append((at[0] - began) * 1_000)
        waits = {p: 0 if p.frames > b else waits[p] + 1 for p, b in zip(panes, before, strict=True)}
        longest = max(longest, *waits.values()) if n >= 30 else 0
    assert max(took[30:]) <= BUDGET_MS + 3.0 + 1e-6, "a pane more at most"
    assert longest <= 30 / (BUDGET_MS / 3.0), "each in its turn"


def test_panes_of_one_market_are_shown_together(costly: Callable[..., Any]) -> None:
    clock, panes, _ = costly(
        ("KRW-BTC", 8.0, 0.0),
        ("KRW-ETH", 8.0, 0.0),
        ("KRW-XRP", 8.0, 0.0),
        ("KRW-BTC", 8.0, 0.0),
        ("KRW-BTC", 8.0, 0.0),
    )
    for pane in panes:
        clock.mark(pane)
    clock._run()
    assert [p.frames for p in panes] == [1, 0, 0, 1, 1]
    clock._run()
    assert [p.frames for p in panes] == [1, 1, 1, 1, 1]


def test_a_frame_that_takes_too_long_alone_is_still_shown(costly: Callable[..., Any]) -> None:
    clock, (pane,), _ = costly(("KRW-BTC", 80.0, 80.0))
    for _ in range(5):
        clock.mark(pane)
        clock._run()
    assert pane.frames == 5


def test_it_is_a_plain_child_of_its_owner(qtbot: QtBot) -> None:
    owner = QObject()
    assert FrameClock(owner).parent() is owner


def test_a_pane_that_was_deleted_while_it_waited_is_no_trouble(clock: FrameClock, pane: Shown) -> None:
    other = Shown()
    clock.add(other)
    clock.mark(other)
    clock.mark(pane)
    clock.remove(other)
    clock.mark(other)  # a last message was on its way
    other.deleteLater()
    qt_until(lambda: not shiboken6.isValid(other))
    clock._run()
    assert pane.frames == 1
