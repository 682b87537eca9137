"""What aggressors did within bars: which bars count, sums over trades, following what grows."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.calc.delta import BarFlows, TradeColumns, calls_for, covered, cumulate, ends_of, flows
from core.market import DAY_MS, MINUTE_MS, Interval

Row = tuple[int, float, bool]  # time, size, whether the buyer crossed


def columns(rows: list[Row]) -> TradeColumns:
    rows = sorted(rows, key=lambda row: row[0])
    time, size, is_bid = zip(*rows, strict=True) if rows else ((), (), ())
    return TradeColumns(
        np.array(time, np.int64), np.ones(len(rows)), np.array(size, np.float64), np.array(is_bid, np.bool_)
    )


times = st.integers(0, 12 * MINUTE_MS)
trades = st.lists(st.tuples(times, st.floats(1e-8, 1e6), st.booleans()), max_size=60)
starts_of = st.sets(st.integers(0, 11), min_size=1).map(
    lambda found: np.array(sorted(found), np.int64) * MINUTE_MS  # windows without a trade may be missing
)


def spans_of(edges: list[int]) -> list[tuple[int, int]]:
    """Return stretches that do not touch."""
    edges = sorted(set(edges))
    return [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=False) if a < b]


stretches = st.lists(times, max_size=8).map(spans_of)


def by_hand(start: int, rows: list[Row], spans: list[tuple[int, int]]) -> tuple[float, float]:
    end = start + MINUTE_MS
    if not any(a <= start and end - 1 <= b for a, b in spans):
        return math.nan, math.nan
    inside = [row for row in rows if start <= row[0] < end]
    return math.fsum(s for _, s, bid in inside if bid), math.fsum(s for _, s, bid in inside if not bid)


def test_only_windows_within_one_stretch_count() -> None:
    starts = np.arange(4, dtype=np.int64) * 100
    found = covered(starts, starts + 100, [(0, 99), (101, 250), (251, 399)])
    assert found.tolist() == [True, False, False, True]
    assert covered(starts, starts + 100, [(-1, 10_000)]).all()
    assert not covered(starts, starts + 100, []).any()


@given(starts_of, trades, stretches)
def test_flows_are_the_sums_of_the_trades_in_covered_windows(
    starts: np.ndarray, rows: list[Row], spans: list[tuple[int, int]]
) -> None:
    found = flows(starts, starts + MINUTE_MS, columns(rows), spans)
    wanted = np.array([by_hand(start, rows, spans) for start in starts.tolist()])
    assert found == pytest.approx(wanted, rel=1e-12, nan_ok=True)


def test_a_small_trade_beside_large_ones_is_not_drowned() -> None:
    starts = np.array([0, 1], np.int64) * MINUTE_MS
    found = flows(starts, starts + MINUTE_MS, columns([(5, 1e12, True), (MINUTE_MS, 1e-8, True)]), [(0, DAY_MS)])
    assert found[1].tolist() == [1e-8, 0.0]


@given(st.lists(st.tuples(st.floats(-1e3, 1e3) | st.just(math.nan), st.booleans()), max_size=30))
def test_running_sums_begin_anew_behind_a_gap(rows: list[tuple[float, bool]]) -> None:
    values, begins = np.array([v for v, _ in rows], float), np.array([b for _, b in rows], bool)
    wanted, total = [], math.nan
    for value, is_begin in rows:
        total = value if is_begin or math.isnan(total) else total + value
        wanted.append(total)
    assert cumulate(values, begins) == pytest.approx(np.array(wanted), nan_ok=True)


def test_months_end_where_the_next_begins() -> None:
    starts = [Interval.MONTH.floor(1_780_000_000_000)]
    for _ in range(14):
        starts.append(Interval.MONTH.next(starts[-1]))
    assert ends_of(np.array(starts[:-1], np.int64), Interval.MONTH).tolist() == starts[1:]


steps = st.lists(
    st.tuples(
        st.sampled_from(["trade", "bar", "old", "spans", "forget"]), st.integers(0, MINUTE_MS - 1), st.booleans()
    ),
    max_size=30,
)


@settings(deadline=None)
@given(steps, stretches)
def test_following_is_the_same_as_working_out_anew(
    acts: list[tuple[str, int, bool]], spans: list[tuple[int, int]]
) -> None:
    bars, rows, history, one = 2, [(10, 1.0, True)], 0, BarFlows()
    versions: list[tuple[int, np.ndarray]] = []
    for act, at, is_bid in acts:
        before = columns(rows).time
        match act:
            case "trade":  # at the end; perhaps of the bar before the last
                newest = max((row[0] for row in rows), default=0)
                rows.append((max(newest, (bars - 2) * MINUTE_MS + 2 * at), at + 1.0, is_bid))
            case "bar":
                bars += 1
            case "old":
                rows.append((at * bars, 3.0, is_bid))
            case "spans":
                spans = spans_of([*(edge for span in spans for edge in span), at * 5, at * 9])
                history += 1
            case _:
                rows = sorted(rows)[len(rows) // 2 :]
                history += 1
        starts = np.arange(bars, dtype=np.int64) * MINUTE_MS
        unmoved = int(np.searchsorted(before, rows[-1][0], side="right")) if act == "old" else len(before)
        one.follow(starts, Interval.M1, columns(rows), spans, history, unmoved)
        wanted = flows(starts, starts + MINUTE_MS, columns(rows), spans)
        assert one.values == pytest.approx(wanted, nan_ok=True)
        # Who keeps something of the closed bars is told when it is of no use.
        for version, kept in versions[-1:]:
            if version == one.version:
                assert one.values[: len(kept)] == pytest.approx(kept, nan_ok=True)
        versions.append((one.version, one.values[:-1].copy()))


def test_calls_are_counted_by_the_volume_that_is_missing_and_by_the_day() -> None:
    starts = np.arange(10, dtype=np.int64) * MINUTE_MS
    ends, volume = starts + MINUTE_MS, np.full(10, 100.0)

    def calls(*gaps: tuple[int, int]) -> int:
        return calls_for(gaps, starts, ends, volume, mean_size=0.1, per_call=500)

    assert calls() == 0
    assert calls((0, 10 * MINUTE_MS - 1)) == 20, "10,000 trades"
    assert calls((0, 5 * MINUTE_MS - 1), (6 * MINUTE_MS, 6 * MINUTE_MS + 29_999)) == 10 + 1
    assert calls((20 * MINUTE_MS, 21 * MINUTE_MS)) == 1, "of no bar: somebody has to look all the same"
    assert calls((0, DAY_MS + 1)) == 21
