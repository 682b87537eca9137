"""What the scripts that work a peer share; needs nothing but Python, since each runs in an environment of its own."""

from __future__ import annotations

import json
import os
import random
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from time import monotonic, process_time_ns
from typing import Any

WARM_UP = 5  # frames not counted
_WARM_UP_S = 1.0
BUDGET_S = 4.0  # of a figure in a round, for those who take seconds a frame
TICK, PRICE = 1_000, 90_000_000
NEWEST_S = 1_790_000_040  # a whole minute

Bar = tuple[float, float, float, float, float]  # open, high, low, close, volume


def walk(bars: int) -> Iterator[Bar]:
    """Yield the minutes that `benchmarks/chart.py` shows, the last one begins at `NEWEST_S`."""
    chance, price = random.Random(1), PRICE
    for _ in range(bars):
        close = max(price + TICK * chance.randint(-30, 30), 1_000 * TICK)
        low, high = min(price, close) - TICK * chance.randint(0, 15), max(price, close) + TICK * chance.randint(0, 15)
        yield float(price), float(high), float(low), float(close), chance.expovariate(1 / 3)
        price = close


def waited_s() -> float:
    """Return for how long the main thread was ready to run and the machine did other things; 0 where it is not told."""
    path = Path("/proc/self/schedstat")
    return int(path.read_text().split()[1]) / 1e9 if path.is_file() else 0.0


def spend(budget_s: float, n: int) -> Iterator[int]:
    """Count to `n`, or until the time is spent; once at least."""
    end = monotonic() + budget_s
    for i in range(n):
        yield i
        if monotonic() > end:
            return


def frame_cost(settle: Callable[[], object], change: Callable[[int], object], n: int) -> list[float]:
    """Return ms of CPU of each of `n` changes and the painting that follows from it, of fewer if they take seconds.

    Args:
        settle: delivers what a change posted, painting included.
    """
    for i in spend(_WARM_UP_S, WARM_UP):
        change(i)
        settle()
    cost = []
    for i in spend(BUDGET_S, n):
        start = process_time_ns()
        change(WARM_UP + i)
        settle()
        cost.append((process_time_ns() - start) / 1e6)
    return cost


def serve(
    figures: Mapping[str, Callable[[int], object]],
    about: Mapping[str, Any] | None = None,
    at_end: Callable[[], object] | None = None,
) -> None:
    """Say what can be asked, then answer each line "FIGURE N" until there are no more; ends the process then.

    An answer is {"ms": costs}, or what else a figure returns as a dict.

    What a library prints goes where errors go.

    Args:
        about: what else to say at the beginning.
        at_end: called last. Without it the process ends at once: timers, threads and windows of libraries take their
            time.
    """
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)

    def say(said: object) -> None:
        answers.write(json.dumps(said) + "\n")
        answers.flush()

    say({"figures": list(figures), **(about or {})})
    for line in sys.stdin:
        name, _, n = line.strip().partition(" ")
        try:
            told = figures[name](int(n))
            say(told if isinstance(told, dict) else {"ms": told})
        except Exception as why:  # noqa: BLE001 - whatever a peer raises is told, and the next figure asked for
            say({"error": f"{type(why).__name__}: {why}"})
    if at_end is None:
        os._exit(0)
    at_end()
