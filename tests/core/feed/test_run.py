"""What guards one strategy: its time, whoever else has the processor, and what it says too much of."""

from __future__ import annotations

import pytest

from core.feed.leases import Leases
from core.feed.run import FLOOD, MARK_S, SLOW_S, SPAN_S, Meter, Run, where
from core.state.strategies import Monitor, Work
from core.strategy.base import Signal, Strategy
from core.wire.messages import Ticker

BTC = "KRW-BTC"


class Clock:
    """A wall and a thread's own time, by hand."""

    def __init__(self) -> None:
        self.wall = self.own = 0.0

    def pass_time(self, wall: float, own: float) -> None:
        self.wall += wall
        self.own += own


class Quiet(Strategy):
    """Does what the test says."""

    name = "quiet"
    channels = ("ticker",)


def make(clock: Clock) -> tuple[Run, list[Signal]]:
    said: list[Signal] = []
    meter = Meter(lambda: clock.wall, lambda: clock.own)
    lease = Leases(lambda: None).lease(lambda _stream: None)
    run = Run(Monitor("1", "quiet", (BTC,)), Quiet, Work(), lease, meter, lambda: 7, said.append)
    run.begin(BTC, 0)
    return run, said


@pytest.mark.parametrize(
    ("before", "wall", "own", "is_stopped"),
    [
        (0.0, SLOW_S * 1.1, SLOW_S * 1.1, True),
        (0.0, SLOW_S * 9.0, SLOW_S * 0.5, False),  # another program had the processor
        (0.0, SLOW_S * 0.9, SLOW_S * 0.9, False),
        (SLOW_S * 5.0, SLOW_S * 1.5, SLOW_S * 0.2, False),  # what others used before counts for nobody
    ],
)
def test_one_slow_call_stops_it(before: float, wall: float, own: float, is_stopped: bool) -> None:
    clock = Clock()
    run, _ = make(clock)
    clock.pass_time(before, before)
    run.call(clock.pass_time, wall, own)
    assert run.is_over is is_stopped
    if is_stopped:
        assert run.work.why is not None
        assert run.work.why.event == "slow"
        assert run.work.why.value == pytest.approx(wall * 1_000.0)
    assert run.work.slowest_s == pytest.approx(wall)


def test_of_calls_in_a_row_each_has_its_own_time() -> None:
    clock = Clock()
    run, _ = make(clock)
    for _ in range(100):
        run.call(clock.pass_time, MARK_S * 0.9, MARK_S * 0.9)  # together far more than one call may take
    assert not run.is_over


def test_the_share_is_of_the_last_seconds_and_the_past_is_no_part_of_it() -> None:
    clock = Clock()
    run, _ = make(clock)
    run.is_past = True
    for _ in range(40):
        run.call(clock.pass_time, 0.05, 0.05)
    run.is_past = False
    for n in range(3 * SPAN_S):
        for _ in range(4):
            run.call(clock.pass_time, 0.02, 0.02)  # 8 % of a core
        run.second(n * 1_000)
    assert run.work.share == pytest.approx(0.08)
    assert run.work.used_s == pytest.approx(2.0 + 3 * SPAN_S * 0.08)
    for n in range(SPAN_S):
        for _ in range(6):
            run.call(clock.pass_time, 0.02, 0.02)
        run.second(n * 1_000)
    assert run.is_over
    assert run.work.why is not None
    assert run.work.why.event == "busy"
    assert 0.1 < run.work.why.value < 0.12


def test_what_is_over_hears_and_says_nothing() -> None:
    run, said = make(Clock())
    heard: list[Ticker] = []
    run.strategy.on_ticker = heard.append  # type: ignore[method-assign, assignment]
    run.tell(run.strategy.on_ticker, Ticker(BTC, 1.0))
    run.strategy.emit(Signal("x", BTC, 1, 1.0, 0, 0.0))
    run.stop("error", text="x.py:1: no")
    run.stop("busy", 1.0)
    run.tell(run.strategy.on_ticker, Ticker(BTC, 2.0))
    run.strategy.emit(Signal("x", BTC, 2, 1.0, 0, 0.0))
    assert [t.price for t in heard] == [1.0]
    assert [(s.time_ms, s.strategy) for s in said] == [(1, "1")]
    assert [line.event for line in run.work.lines] == ["error"], "the first reason is the reason"
    assert run.work.messages == 1


def test_a_flood_is_counted_over_the_last_seconds() -> None:
    run, said = make(Clock())
    for n in range(2 * SPAN_S):
        for _ in range(FLOOD // SPAN_S):
            run.strategy.emit(Signal("x", BTC, n, 1.0, 0, 0.0))
        run.second(n * 1_000)
    assert not run.is_over
    run.strategy.emit(Signal("x", BTC, 99, 1.0, 0, 0.0))
    for _ in range(FLOOD // SPAN_S):
        run.strategy.emit(Signal("x", BTC, 99, 1.0, 0, 0.0))
    run.second(99_000)
    assert run.is_over
    assert len(said) == 2 * FLOOD + FLOOD // SPAN_S + 1


def test_gaps_of_one_second_are_told_in_one_line() -> None:
    run, _ = make(Clock())
    run.gap("gap", BTC, 4.0)
    run.second(0)
    for n in range(200):
        run.gap("gap", f"KRW-{n}", float(n))
    run.second(1_000)
    assert [(x.event, x.market, x.value, x.text) for x in run.work.lines] == [
        ("gap", BTC, 4.0, ""),
        ("gap", "", 199.0, "200"),
    ]


def test_an_error_is_told_with_its_file_and_line() -> None:
    try:
        raise KeyError("KRW-X\nand more")
    except KeyError as why:
        assert where(why).startswith("test_run.py:")
        assert "KeyError" in where(why)
        assert "\n" not in where(why)
    assert where(ValueError("bare")) == "ValueError: bare"
