"""A few seeds of the fault benchmark: nothing lost unmarked, nothing broken, and back by itself."""

from __future__ import annotations

import asyncio
import math

import pytest

from benchmarks import faults
from core.sim.fastloop import FastLoop
from core.state.tape import Tape
from core.wire.messages import Trade


@pytest.mark.parametrize("seed", range(1, 7))
def test_a_seed_of_random_faults_loses_nothing_unmarked(seed: int) -> None:
    with asyncio.Runner(loop_factory=FastLoop) as runner:
        run = runner.run(faults._run(seed, is_verbose=False))
    assert run.trades > 500
    assert run.faults
    assert run.lost_unmarked == 0
    assert run.hashes >= faults.WANTED
    assert run.differing == []
    assert run.crashes == []
    assert run.violations == 0
    assert not math.isnan(run.recover_s)


def test_the_benchmark_sees_a_ledger_that_lies(monkeypatch: pytest.MonkeyPatch) -> None:
    """The figure can fail: a ledger that takes every snapshot for known misses what came between."""

    def believe(tape: Tape, newest: Trade, is_known: bool) -> bool:
        tape.run_ms = newest.time_ms + 1
        tape.cover(0, newest.time_ms)
        return False

    monkeypatch.setattr(Tape, "resume", believe)
    with asyncio.Runner(loop_factory=FastLoop) as runner:
        assert runner.run(faults._run(2, is_verbose=False)).lost_unmarked > 0
