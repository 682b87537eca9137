"""Ours and its peers take turns, and a ratio is one of neighbours."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from itertools import count
from types import ModuleType
from typing import Any

from benchmarks import chart, peers
from benchmarks.rounds import PEER_FRAMES, compare


def test_a_ratio_is_the_median_of_neighbours() -> None:
    ours, theirs = iter([1.0, 10.0, 2.0]), iter([20.0, 40.0, 4.0])  # the machine slows down in the second round
    outcome = compare(
        ["tick_ms"], lambda _f, n: [next(ours)] * n, {"peer": lambda _f, n: {"ms": [next(theirs)] * n}}, frames=3
    )
    assert outcome.ratio == {"peer": {"tick_ms": 4.0}}  # of 20, 4 and 2
    assert outcome.ours["tick_ms"]["p50"] == 2.0
    assert outcome.peers["peer"]["tick_ms"]["p50"] == 20.0


def test_all_take_a_figure_before_the_next_one() -> None:
    said: list[str] = []

    def taker(name: str) -> Any:
        def take(figure: str, n: int) -> Any:
            said.append(f"{name} {figure} {n}")
            return [1.0] if name == "ours" else {"ms": [1.0]}

        return take

    compare(["pan", "zoom"], taker("ours"), {"a": taker("a"), "b": taker("b")}, frames=7, rounds=2)
    once = ["ours pan 7", f"a pan {PEER_FRAMES}", f"b pan {PEER_FRAMES}"]
    once += [line.replace("pan", "zoom") for line in once]
    assert said == once * 2


def test_what_a_peer_cannot_do_is_said_and_not_asked_again() -> None:
    asked = count()

    def take(figure: str, n: int) -> dict[str, Any]:
        if figure == "zoom":
            next(asked)
            raise peers.PeerError("it knows no zoom")
        return {"ms": [6.0], "all_processes_ms": 9.0}

    outcome = compare(["pan", "zoom"], lambda _f, _n: [2.0], {"peer": take}, frames=1)
    assert next(asked) == 1
    assert outcome.peers["peer"]["zoom"] == {"error": "it knows no zoom"}
    assert outcome.peers["peer"]["pan"]["all_processes_ms"] == 9.0
    assert outcome.ratio == {"peer": {"pan": 3.0}}


def test_peers_show_the_bars_that_we_show() -> None:
    theirs: Iterator[tuple[float, ...]] = _script("work").walk(50)
    ours = [(row.open, row.high, row.low, row.close, row.volume) for row in chart.rows_of(50, seed=1)]
    assert list(theirs) == ours
    assert _script("work").NEWEST_S * 1_000 == chart.NEWEST_MS


def _script(name: str) -> ModuleType:
    """Import what runs in the environments of peers, and needs nothing of them."""
    spec = importlib.util.spec_from_file_location(f"peers_{name}", peers.LISTS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
