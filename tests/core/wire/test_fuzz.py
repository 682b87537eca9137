"""The fuzz of the decoders, for as long as a test may take; `fuzz` itself runs longer."""

from __future__ import annotations

import pytest

from core.errors import WireError
from core.wire import rest
from tests.core.wire.fuzz import Fuzz, Target, targets

STEPS = 1_500


@pytest.mark.parametrize("target", targets(), ids=lambda target: target.name)
def test_no_bytes_break_a_decoder(target: Target) -> None:
    fuzz = Fuzz(target, seed=20261124)
    begun_with = len(fuzz.seen)
    for _ in range(STEPS):
        fuzz.step()
    assert len(fuzz.seen) > begun_with, "it goes where the seeds did not"
    assert len(fuzz.corpus) > len(target.seeds)


def test_the_fuzz_finds_what_is_broken() -> None:
    def broken(body: bytes) -> object:
        if b"null" in body:
            raise KeyError("a field")
        return rest.ticks("KRW-BTC").decode(body)

    (seeds,) = [t.seeds for t in targets() if t.name == "ticks"]
    fuzz = Fuzz(Target("broken", broken, seeds), seed=1)
    with pytest.raises(AssertionError, match="KeyError"):
        for _ in range(STEPS):
            fuzz.step()


def test_the_fuzz_sees_a_value_that_is_not_what_was_promised() -> None:
    trade = rest.ticks("KRW-BTC").decode

    def lying(body: bytes) -> object:
        if not body:
            raise WireError("empty")
        return [t.__class__(t.market, float("inf"), t.size, t.aggressor, t.time_ms, t.id) for t in trade(body)]

    (seeds,) = [t.seeds for t in targets() if t.name == "ticks"]
    with pytest.raises(AssertionError, match="lying"):
        Fuzz(Target("lying", lying, seeds), seed=1)
