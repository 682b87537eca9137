"""The audit against an exchange that is a list of trades: what is late is no alarm, and every loss is found."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.market import DAY_MS
from core.state.audit import PATIENCE_S, SETTLE_S, Audit, units
from core.state.tape import Tape
from core.wire.messages import Ticker, Trade

NOON_MS = 20_723 * DAY_MS + DAY_MS // 2
EPOCH = 1.0
BEGAN_MS = NOON_MS - 60_000
SIZES = st.decimals("0.00000001", "900000000", places=8) | st.sampled_from([Decimal("0.01"), Decimal("1E+10")])


def trade(id_: int, time_ms: int, size: Decimal | float) -> Trade:
    return Trade("KRW-BTC", 100.0, float(size), "BID", time_ms, id_)


def ticker(time_ms: int, volume: Decimal | float) -> Ticker:
    return Ticker("KRW-BTC", 100.0, day_volume=float(volume), trade_time_ms=time_ms, time_ms=time_ms)


def running_tape() -> Tape:
    """Return a ledger that is complete from `BEGAN_MS` on."""
    tape = Tape()
    first = trade(1, BEGAN_MS, 1.0)
    tape.resume(first, is_known=False)
    tape.add(first)
    tape.cover(BEGAN_MS, BEGAN_MS)
    tape.add(trade(2, NOON_MS, 0.125))  # the opening ticker's own
    return tape


@given(st.decimals("0", "99999999999", places=8) | st.decimals("0", "2", places=8))
def test_a_size_in_units_is_what_its_digits_say(size: Decimal) -> None:
    told = float(size)
    assert units(told) == int(Decimal(repr(told)).scaleb(8).to_integral_value())


class World:
    """One market's trades and tickers, on their way with delays of their own."""

    def __init__(self, trades: Sequence[tuple[int, Decimal]], per_ticker: Sequence[int], *, mends: bool) -> None:
        """Args: trades as (s since the one before, size); `per_ticker` trades that pass before each ticker."""
        self.tape, self.audit = running_tape(), Audit(mends=mends)
        self.trades: list[Trade] = []
        self.tickers: list[tuple[int, Ticker]] = []  # (number of trades that it counts, ticker)
        time_ms, volume, left = NOON_MS, Decimal("123.45678901"), 0
        self.opening = ticker(time_ms, volume)
        for id_, (wait_ms, size) in enumerate(trades, 10):
            time_ms += wait_ms
            volume += size
            self.trades.append(trade(id_, time_ms, size))
            if left == 0:
                self.tickers.append((len(self.trades), ticker(time_ms, volume)))
                left = per_ticker[len(self.tickers) % len(per_ticker)]
            else:
                left -= 1
        self.tickers.append((len(self.trades), ticker(time_ms, volume)))

    def play(
        self, delays: Sequence[tuple[float, float]], lost: frozenset[int] = frozenset()
    ) -> list[tuple[float, str]]:
        """Let all come, each with its delay (trade's, ticker's), looking once a second. Return what was said, and when.

        Args:
            lost: numbers of trades that never come.
        """
        events: list[tuple[float, int, Trade | Ticker]] = []
        for n, one in enumerate(self.trades):
            if n not in lost:
                events.append(((one.time_ms - NOON_MS) / 1_000 + delays[n % len(delays)][0], n, one))
        at_s = 0.0
        for n, (_, told) in enumerate(self.tickers):  # one socket, so they stay in order
            at_s = max(at_s, (told.time_ms - NOON_MS) / 1_000 + delays[n % len(delays)][1])
            events.append((at_s, 10**6 + n, told))
        events.sort(key=lambda event: event[:2])
        end = (self.trades[-1].time_ms - NOON_MS) / 1_000 + 3 * SETTLE_S
        newest, said, now, at = self.opening, list[tuple[float, str]](), 0.0, 0
        while now <= end:
            while at < len(events) and events[at][0] <= now:
                message = events[at][2]
                at += 1
                if isinstance(message, Trade):
                    self.tape.add(message)
                else:
                    newest = message
            verdict = self.audit.look(newest, EPOCH, self.tape, now)
            if verdict != "fine":
                said.append((now, verdict))
            now += 1.0
        return said


TRADES = st.lists(st.tuples(st.integers(0, 700) | st.sampled_from([0, 0, 5_000]), SIZES), min_size=1, max_size=60)
DELAYS = st.lists(st.tuples(st.floats(0, SETTLE_S - 1), st.floats(0, SETTLE_S - 1)), min_size=1, max_size=20)
GAPS = st.lists(st.integers(0, 6), min_size=1, max_size=10)


@settings(deadline=None, max_examples=100)
@given(TRADES, DELAYS, GAPS, st.booleans())
def test_what_is_only_late_is_no_alarm(
    trades: list[tuple[int, Decimal]], delays: list[tuple[float, float]], gaps: list[int], mends: bool
) -> None:
    assert World(trades, gaps, mends=mends).play(delays) == []


@settings(deadline=None, max_examples=100)
@given(TRADES, DELAYS, GAPS, st.data())
def test_a_lost_trade_is_found(
    trades: list[tuple[int, Decimal]], delays: list[tuple[float, float]], gaps: list[int], data: st.DataObject
) -> None:
    trades = [(9_000, Decimal("0.5")), (400, Decimal("0.25")), *trades]
    world = World(trades, gaps, mends=False)
    lost = data.draw(st.integers(2, len(trades) - 1))
    total = world.tickers[-1][1].day_volume
    said = world.play(delays, frozenset({lost}))
    if world.trades[lost].size < 3e-8 + 8 * math.ulp(total):
        return  # of what is smaller than the digits of the total nobody can know
    assert [verdict for _, verdict in said] == ["mismatch"]


def test_what_is_missing_and_when_is_told() -> None:
    world = World([(0, Decimal("0.5")), (1_000, Decimal("0.25")), (9_000, Decimal("0.125"))], [0], mends=False)
    (found,) = world.play([(0.0, 0.0)], frozenset({1}))
    assert found[0] <= 1.0 + SETTLE_S + PATIENCE_S + 1.0
    mismatch = world.audit.found
    assert mismatch is not None
    assert mismatch.missing == pytest.approx(0.25)
    assert mismatch.span.from_ms <= NOON_MS + 1_000 <= mismatch.span.to_ms
    assert world.tape.is_joined  # it only tells


def test_a_loss_is_a_hole_until_what_was_missing_has_come() -> None:
    world = World([(0, Decimal("0.5")), (1_000, Decimal("0.25")), (9_000, Decimal("0.125"))], [0], mends=True)
    assert [verdict for _, verdict in world.play([(0.0, 0.0)], frozenset({1}))] == ["mismatch"]
    tape, (lost,) = world.tape, [t for t in world.trades if t.id not in world.tape]
    (hole,) = tape.holes
    assert hole == world.audit.doubt
    assert hole.from_ms <= lost.time_ms <= hole.to_ms
    assert tape.to_fill() == hole
    tape.add(lost)
    newest = world.tickers[-1][1]
    assert world.audit.look(newest, EPOCH, tape, 1_000.0) == "mended"
    assert tape.holes == []
    assert tape.is_joined
    assert world.audit.look(newest, EPOCH, tape, 1_001.0) == "fine"


def test_where_rest_knows_no_more_either_it_is_told_once() -> None:
    world = World([(0, Decimal("0.5")), (1_000, Decimal("0.25"))], [0], mends=True)
    world.play([(0.0, 0.0)], frozenset({1}))
    tape, hole, newest = world.tape, world.audit.doubt, world.tickers[-1][1]
    assert hole is not None
    tape.cover(*hole)  # REST has answered, and it was nothing
    said = [world.audit.look(newest, EPOCH, tape, 1_000.0 + s) for s in range(60)]
    assert [v for v in said if v != "fine"] == ["unexplained"]
    assert tape.is_joined


def test_a_ledger_with_a_hole_is_not_judged_and_then_it_is() -> None:
    world = World([(500, Decimal("0.5"))] * 40, [0], mends=False)
    world.play([(0.0, 0.0)])
    tape, audit = world.tape, world.audit
    last = world.trades[-1].time_ms
    tape.mark_break(0)
    volume = Decimal(repr(world.tickers[-1][1].day_volume)) + Decimal("0.75")
    for s in range(100, 160):  # the stream is down, tickers go on
        assert audit.look(ticker(last + 5_000, volume), EPOCH, tape, float(s)) == "fine"
    back = trade(900, last + 6_000, 0.25)
    tape.resume(back, is_known=False)
    tape.add(back)
    volume += Decimal("0.25")
    told = ticker(back.time_ms, volume)
    for s in range(160, 200):  # it runs again, but what was missed is on its way
        assert audit.look(told, EPOCH, tape, float(s)) == "fine"
    tape.cover(last, back.time_ms)  # REST brings half of it and says that this was all
    tape.add(trade(899, last + 5_000, 0.5))
    said = [audit.look(told, EPOCH, tape, float(s)) for s in range(200, 240)]
    assert [v for v in said if v != "fine"] == ["mismatch"]
    assert audit.found is not None
    assert audit.found.missing == pytest.approx(0.25)


def test_the_volume_of_a_new_day_is_no_loss_and_what_was_lost_before_is_found() -> None:
    for lost in (None, 3):
        tape, audit = running_tape(), Audit(mends=False)
        midnight_ms = NOON_MS + DAY_MS // 2
        trades = [trade(n + 10, midnight_ms - 2_000 + 500 * n, Decimal("0.5")) for n in range(8)]  # the fifth at 00:00
        said: list[str] = []
        volume = Decimal(70)
        for n, one in enumerate(trades):
            volume = Decimal("0.5") if one.time_ms == midnight_ms else volume + Decimal("0.5")
            if n != lost:
                tape.add(one)
            said.append(audit.look(ticker(one.time_ms, volume), EPOCH, tape, n / 2))
        said += [audit.look(ticker(trades[-1].time_ms, volume), EPOCH, tape, 4.0 + s) for s in range(40)]
        assert [v for v in said if v != "fine"] == ([] if lost is None else ["mismatch"])


def test_another_stream_of_tickers_is_not_compared_with_the_one_before() -> None:
    world = World([(500, Decimal("0.5"))] * 10, [0], mends=False)
    world.play([(0.0, 0.0)])
    last = world.trades[-1].time_ms
    said = [world.audit.look(ticker(last, Decimal(7)), EPOCH + 1, world.tape, 100.0 + s) for s in range(40)]
    world.tape.add(trade(999, last + 900, 0.25))
    told = ticker(last + 900, Decimal("7.25"))
    said += [world.audit.look(told, EPOCH + 1, world.tape, 140.0 + s) for s in range(40)]
    assert set(said) == {"fine"}
    assert world.audit.proven_at >= 140.0


def test_trades_that_are_held_up_are_waited_for() -> None:
    world = World([(0, Decimal("0.5")), (1_000, Decimal("0.25"))], [0], mends=False)
    newest = world.tickers[-1][1]
    world.audit.look(world.opening, EPOCH, world.tape, 0.0)
    for s in range(1, 60):
        assert world.audit.look(newest, EPOCH, world.tape, float(s), is_held=True) == "fine"
    for one in world.trades:
        world.tape.add(one)
    assert world.audit.look(newest, EPOCH, world.tape, 60.0) == "fine"
    assert world.audit.proven_at == 60.0
