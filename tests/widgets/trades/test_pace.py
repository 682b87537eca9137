"""Speed and strength of the last minutes."""

from __future__ import annotations

import math

from core.state.tape import Tape
from core.wire.messages import Trade
from widgets.trades.pace import pace

NOW = 1_700_000_000_000


def tape_of(*trades: tuple[float, str, float]) -> Tape:
    """Return a tape of trades, each said by its age in s, aggressor and size; the price is 10."""
    tape = Tape()
    for i, (age_s, side, size) in enumerate(trades):
        tape.add(Trade("KRW-BTC", 10.0, size, side, NOW - round(age_s * 1_000), i))  # type: ignore[arg-type]
    return tape


def test_each_number_counts_its_own_time() -> None:
    tape = tape_of(
        (400, "ASK", 64.0), (299, "BID", 32.0), (61, "ASK", 8.0), (59, "BID", 3.0), (9, "ASK", 4.0), (0, "BID", 1.0)
    )
    found = pace(tape, NOW)
    assert found.speed == 0.2
    assert found.value == 80.0
    assert found.short == 100.0
    assert found.long == 300.0


def test_without_trades_there_is_no_strength_and_without_sellers_no_bound() -> None:
    found = pace(Tape(), NOW)
    assert (found.speed, found.value) == (0.0, 0.0)
    assert math.isnan(found.short)
    assert math.isnan(found.long)
    assert pace(tape_of((5, "BID", 1.0)), NOW).short == math.inf
    assert pace(tape_of((5, "ASK", 1.0)), NOW).short == 0.0


def test_it_tells_whether_all_trades_of_that_time_are_known() -> None:
    tape = tape_of((100, "BID", 1.0), (5, "ASK", 1.0))
    first = tape.latest(2)[0]
    assert not pace(tape, NOW).is_short_whole, "no stream runs"
    tape.resume(first, is_known=False)
    found = pace(tape, NOW)
    assert (found.is_speed_whole, found.is_short_whole, found.is_long_whole) == (True, True, False)
    tape.cover(NOW - 400_000, first.time_ms)
    assert pace(tape, NOW).is_long_whole
    tape.mark_break()
    assert not pace(tape, NOW).is_short_whole
    tape.resume(Trade("KRW-BTC", 10.0, 1.0, "BID", NOW - 30_000, 9), is_known=False)
    found = pace(tape, NOW)
    assert (found.is_speed_whole, found.is_short_whole, found.is_long_whole) == (True, False, False)
