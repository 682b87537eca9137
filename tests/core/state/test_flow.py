"""Trades in columns: what comes by tape and by page, in any order, against a plain list of them."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.market import DAY_MS, HOUR_MS, Interval
from core.state.coverage import Span
from core.state.flow import Flow
from core.state.store import IDLE_TRADES, Store
from core.state.tape import OVERLAP_MS, Tape
from core.wire.messages import Trade

A = "KRW-A"


def trade(number: int, time_ms: int) -> Trade:
    return Trade(A, 100.0 + number % 7, 0.5 + number, "BID" if number % 3 else "ASK", time_ms, number)


def rows(flow: Flow) -> list[tuple[int, float, float, bool]]:
    return list(zip(*(column.tolist() for column in flow.trades), strict=True))


def row(one: Trade) -> tuple[int, float, float, bool]:
    return one.time_ms, one.price, one.size, one.aggressor == "BID"


times = st.integers(0, 200)
acts = st.lists(
    st.one_of(
        st.tuples(st.just("tape"), times, st.integers(1, 5)),
        st.tuples(st.just("page"), times, times),
        st.tuples(st.just("look"), st.just(0), st.just(0)),
        st.tuples(st.just("run"), st.just(0), st.just(0)),
        st.tuples(st.just("break"), st.just(0), st.just(0)),
    ),
    max_size=40,
)


@settings(deadline=None)
@given(st.lists(times, min_size=1, max_size=80), acts, st.integers(5, 200))
def test_whatever_comes_is_there_once_and_what_it_claims_is_whole(
    when: list[int], steps: list[tuple[str, int, int]], bound: int
) -> None:
    market = [trade(n, at * 1_000) for n, at in enumerate(sorted(when))]  # all that ever happened
    told, tape, flow = 0, Tape(bound=20), Flow(bound)
    looks = [(flow.version, flow.history_version, rows(flow))]
    seen: set[int] = set()
    for act, a, b in steps:
        match act:
            case "tape":
                for one in market[told : told + b]:
                    tape.add(one)
                told = min(told + b, len(market))
            case "page":
                low, high = sorted((a * 1_000, b * 1_000))
                page = [one for one in market[:told] if low <= one.time_ms <= high]
                random.Random(a).shuffle(page)
                flow.add(page)
                flow.cover(low, min(high, (market[told - 1].time_ms if told else 0) - 1))
                seen |= {one.id for one in page}
            case "look":
                flow.follow(tape)
            case "run":
                if told:
                    tape.resume(market[told - 1], market[told - 1].id in tape)
            case _:
                tape.mark_break()
        found = rows(flow)
        assert [one[0] for one in found] == sorted(one[0] for one in found)
        assert len(found) <= bound + bound // 8
        assert len(set(found)) == len(found), "the sizes differ: nothing is there twice"
        assert set(found) <= {row(one) for one in market}
        for version, history, before in looks:
            if history == flow.history_version:
                unmoved = min(flow.unmoved(version), len(before))
                assert found[:unmoved] == before[:unmoved]
        looks.append((flow.version, flow.history_version, found))
        for from_ms, to_ms in flow.known.spans:
            whole = {row(one) for one in market[:told] if from_ms <= one.time_ms <= to_ms}
            if act == "look" or to_ms < market[-1].time_ms:
                late = {one for one in whole if one not in found}
                assert not late or (flow.is_running and act != "look"), f"{act}: {late} of {from_ms}..{to_ms}"


def test_it_follows_a_tape_that_forgets() -> None:
    tape, flow = Tape(bound=50), Flow()
    tape.add(trade(0, 1_000_000))
    tape.resume(trade(0, 1_000_000), is_known=True)
    tape.cover(990_000, 1_000_000)
    flow.follow(tape)
    for n in range(1, 400):
        tape.add(trade(n, 1_000_000 + 1_000 * n))
        if n % 30 == 0:
            flow.follow(tape)
    flow.follow(tape)
    assert len(tape) < 60
    assert len(flow) == 400
    assert flow.gaps(990_000, 1_399_000) == []
    assert flow.is_running


def test_a_reader_that_was_away_too_long_knows_what_it_missed() -> None:
    tape, flow = Tape(bound=50), Flow()
    tape.add(trade(0, 1_000_000))
    tape.resume(trade(0, 1_000_000), is_known=True)
    flow.follow(tape)
    tape.cover(990_000, 1_000_000)
    for n in range(1, 5_000):
        tape.add(trade(n, 1_000_000 + 1_000 * n))
    flow.follow(tape)
    (gap,) = flow.gaps(1_000_000, 5_999_000)
    oldest = flow.trades.time[1]
    assert gap.to_ms < oldest
    assert oldest - gap.to_ms <= 1_000
    assert flow.known.spans[-1].to_ms > 10**15, "what comes now is all there"


def test_a_stream_that_stops_takes_its_newest_moments_back() -> None:
    tape, flow = Tape(), Flow()
    tape.add(trade(0, 1_000_000))
    tape.resume(trade(0, 1_000_000), is_known=True)
    for n in range(1, 20):
        tape.add(trade(n, 1_000_000 + 1_000 * n))
    flow.follow(tape)
    history = flow.history_version
    tape.add(trade(20, 1_020_000))
    flow.follow(tape)
    assert flow.history_version == history, "nothing but one more trade"
    assert flow.gaps(1_000_001, 1_100_000) == []
    tape.mark_break()
    flow.follow(tape)
    assert flow.gaps(1_000_001, 1_100_000) == [Span(1_020_000 - OVERLAP_MS + 1, 1_100_000)]
    assert flow.history_version > history
    assert not flow.is_running


def test_what_the_tape_doubts_is_missing_until_it_is_covered_again() -> None:
    store = Store()
    store.doubt(A, Span(0, 1))
    tape = store.tape(A)
    for n in range(20):
        tape.add(trade(n, 1_000_000 + 1_000 * n))
    tape.resume(trade(0, 1_000_000), is_known=False)
    flow = store.flow(A)
    assert flow.gaps(1_000_001, 1_030_000) == []
    hole = Span(1_004_000, 1_009_000)
    assert tape.doubt(*hole)
    store.doubt(A, hole)
    assert store.flow(A).gaps(1_000_001, 1_030_000) == [hole]
    tape.cover(*hole)
    assert store.flow(A).gaps(1_000_001, 1_030_000) == []


def test_older_pages_are_sorted_in_and_the_bound_holds() -> None:
    flow = Flow(bound=100)
    flow.add([trade(n, 1_000 * n) for n in range(50, 100)])
    flow.cover(50_000, 99_000)
    flow.add([trade(n, 1_000 * n) for n in range(20, 60)])
    flow.cover(20_000, 60_000)
    assert flow.trades.time.tolist() == [1_000 * n for n in range(20, 100)]
    assert flow.known.spans == [Span(20_000, 99_000)]
    assert flow.mean_size == pytest.approx(sum(0.5 + n for n in range(20, 100)) / 80)
    flow.add([trade(n, 1_000 * n) for n in range(100, 140)])
    flow.cover(99_000, 139_000)
    assert flow.is_full
    assert flow.trades.time[0] == 40_000
    assert flow.known.spans == [Span(39_001, 139_000)]
    flow.add([trade(5, 5_000)])
    assert flow.trades.time[0] == 40_000, "what was let go of does not come back"


def test_it_says_from_where_on_trades_have_moved() -> None:
    flow = Flow()
    flow.add([trade(n, 1_000 * n) for n in range(100)])
    at, history = flow.version, flow.history_version
    flow.add([trade(100, 100_000)])
    assert flow.unmoved(at) >= 100
    flow.add([trade(101, 89_500)])
    flow.add([trade(102, 94_500), trade(103, 110_000)])
    assert flow.unmoved(at) == 90
    at = flow.version
    flow.add([trade(104, 99_500)])
    assert flow.unmoved(at) == 102
    assert flow.history_version == history
    for n in range(200):
        flow.add([trade(200 + n, 99_600 + n)])
    assert flow.unmoved(at) == 0, "who looks so seldom begins anew"


def test_a_trade_that_rest_stamps_more_coarsely_is_there_once() -> None:
    flow = Flow()
    flow.add([trade(n, 100_000 + 10 * n) for n in range(1, 6)])
    flow.add([trade(n, 100_000) for n in range(4)])
    assert len(flow) == 6
    assert flow.trades.size.sum() == sum(0.5 + n for n in range(6))


def test_calls_are_counted_for_what_is_missing_and_can_be_had() -> None:
    flow, now_ms = Flow(), 30 * DAY_MS
    starts = now_ms - 40 * HOUR_MS + np.arange(40, dtype=np.int64) * HOUR_MS
    ends, volume = starts + HOUR_MS, np.full(40, 1_000.0)
    assert flow.calls(starts, ends, volume, now_ms) == 0, "of a market without a trade nobody can say"
    flow.add([Trade(A, 100.0, 1.0, "BID", now_ms - 1, 1)])
    days = 1  # the bars begin on the day before
    assert flow.calls(starts, ends, volume, now_ms) == pytest.approx(40 * 1_000 / 500 + days, abs=1)
    flow.cover(now_ms - 20 * HOUR_MS, now_ms)
    assert flow.calls(starts, ends, volume, now_ms) == pytest.approx(20 * 1_000 / 500 + days, abs=1)
    assert flow.calls(starts - 9 * DAY_MS, ends - 9 * DAY_MS, volume, now_ms) == 0, "REST has a week"
    assert flow.room == (200_000 - 1) // 500


def test_the_store_makes_one_for_who_looks_and_keeps_it_small_for_nobody() -> None:
    store = Store()
    for n in range(4_000):
        store.apply(trade(n, 1_000 * n))
    flow = store.flow(A)
    assert store.flow(A) is flow
    assert len(flow) == 4_000
    flow.shrink(3_000)
    store.apply(trade(4_000, 4_000_000))
    store.candles(A, Interval.M1)
    store.keep(set())
    assert len(store.tape(A)) == IDLE_TRADES
    assert len(flow) == 3_001, "it took what the tape let go of"
