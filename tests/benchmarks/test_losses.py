"""Some minutes of the benchmark of losses: what is lost is found, nothing else is, and it is mended where it may be."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks import losses
from core.state.audit import Audit
from core.state.tape import Tape


@pytest.mark.parametrize("seed", [1, 2])
def test_some_minutes_of_market_give_no_false_alarm_and_every_loss(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(losses, "STOP_EVERY_S", 100.0)
    run = losses.run(seed, 0.12, loss=1 / 300)
    assert run.trades > 2_000
    assert run.lost >= 5
    assert run.stops >= 1
    assert run.false == []
    assert run.missed == []
    assert len(run.found_s) + run.healed == run.lost
    assert max(run.found_s) < 30.0
    assert ("mended" in run.verdicts) == (seed == 2)
    assert "unexplained" not in run.verdicts


def test_the_benchmark_sees_an_audit_that_does_not_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """The figure can fail: who takes what is on its way for lost cries wolf."""
    monkeypatch.setattr("core.state.audit.SETTLE_S", 0.0)
    monkeypatch.setattr("core.state.audit.PATIENCE_S", 0.0)
    assert losses.run(1, 0.12, loss=0.0).false


def test_the_benchmark_sees_an_audit_that_is_blind(monkeypatch: pytest.MonkeyPatch) -> None:
    def look(self: Audit, ticker: object, epoch: float, tape: Tape, now: float, **_: Any) -> str:
        return "fine"

    monkeypatch.setattr(Audit, "look", look)
    run = losses.run(1, 0.12, loss=1 / 300)
    assert len(run.missed) + run.healed == run.lost > 0
