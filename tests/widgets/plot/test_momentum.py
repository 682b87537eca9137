"""How what was pushed comes to rest."""

from __future__ import annotations

import math
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from widgets.plot.momentum import DECAY_S, END, LEAST, LONGEST_S, MOST, REST_S, Momentum


def pushed(px_per_s: float, *, wait_s: float = 0.0) -> tuple[Momentum, float, bool]:
    """Return what was moved at a speed for 0.2 s and let go, when that was, and whether it runs on."""
    made, now = Momentum(), 5.0
    for _ in range(20):
        now += 0.01
        made.move(px_per_s * 0.01, now)
    now += wait_s
    return made, now, made.release(now)


SPEEDS = st.floats(LEAST * 1.01, MOST * 2) | st.floats(-MOST * 2, -LEAST * 1.01)
STEPS = st.lists(st.floats(0.001, LONGEST_S * 0.99), min_size=40, max_size=400)


@given(SPEEDS, STEPS)
def test_it_slows_down_in_its_direction_and_ends(speed: float, steps: list[float]) -> None:
    made, now, runs = pushed(speed)
    assert runs
    rates, whole, spent = [], 0.0, 0.0
    for dt in steps:
        now, spent = now + dt, spent + dt
        px = made.step(now)
        assert px == 0.0 or math.copysign(1, px) == math.copysign(1, speed)
        rates.append(abs(px) / dt)
        whole += px
    assert all(b <= a * (1 + 1e-9) + 1e-9 for a, b in pairwise(rates))
    assert abs(whole) <= min(abs(speed), MOST) * DECAY_S
    assert made.is_running == (spent < DECAY_S * math.log(min(abs(speed), MOST) / END))


@given(SPEEDS, STEPS, STEPS)
def test_where_it_rests_does_not_depend_on_the_frames(speed: float, one: list[float], other: list[float]) -> None:
    ends = []
    for steps in (one, other):
        made, now, _ = pushed(speed)
        at, frames = 0.0, iter([*steps, *[LONGEST_S * 0.9] * 40])
        while made.is_running:
            now += next(frames)
            at += made.step(now)
        ends.append(at)
    assert math.isclose(*ends, rel_tol=1e-9)


def test_a_slow_push_or_a_pause_before_letting_go_is_none() -> None:
    for speed, wait_s in ((LEAST * 0.9, 0.0), (0.0, 0.0), (2_000.0, REST_S * 1.1)):
        made, now, runs = pushed(speed, wait_s=wait_s)
        assert not runs
        assert made.step(now + 0.016) == 0.0
    assert pushed(2_000.0, wait_s=REST_S * 0.9)[2]


def test_a_click_is_no_push() -> None:
    made = Momentum()
    assert not made.release(1.0)
    made.move(300.0, 1.0)
    assert not made.release(1.001), "one move has no speed"


def test_the_speed_is_that_of_the_end_of_the_move() -> None:
    made = Momentum()
    for i in range(100):
        made.move(30.0, i * 0.01)
    for i in range(20):
        made.move(-5.0, 1.0 + i * 0.01)
    assert made.release(1.2)
    assert made.step(1.21) < 0


def test_what_nobody_looked_at_stands() -> None:
    made, now, _ = pushed(3_000.0)
    assert made.step(now + 0.016) > 0
    assert made.step(now + 0.016 + LONGEST_S * 1.1) == 0.0
    assert not made.is_running


def test_it_is_stopped_by_hand() -> None:
    made, now, _ = pushed(3_000.0)
    made.stop()
    assert made.step(now + 0.016) == 0.0
    made, now, _ = pushed(3_000.0)
    made.move(1.0, now)
    assert made.step(now + 0.016) == 0.0
