"""What trades say of bars where some come late: the same as worked out at once, and not all of it anew."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.calc.profile import Profile
from core.market import MINUTE_MS, Interval
from core.state.flow import Flow
from core.wire.messages import Trade
from widgets.chart.flows import ChartFlows, Spec

SPEC = Spec(1_000.0, 1_100.0, 1.0, 40, 0.7)


class Chart:
    """Bars of a minute and the trades they are made of, every one of them known."""

    def __init__(self, bars: int, trades: int) -> None:
        self.flow, self.flows, self.bars, self.number = Flow(), ChartFlows(), bars, 0
        self.flows.flow = self.flow
        self.flow.cover(0, 2**50)
        self.add(*np.linspace(0, bars * MINUTE_MS - 1, trades).astype(int).tolist())

    def add(self, *times_ms: int) -> None:
        trades = []
        for time_ms in times_ms:
            self.number += 1
            price, side = 1_000.0 + self.number * 7 % 90, "BID" if self.number % 3 else "ASK"
            trades.append(Trade("KRW-A", price, 0.5 + self.number % 5, side, time_ms, self.number))
        self.flow.add(trades)

    def look(self, flows: ChartFlows, *, has_profile: bool = True) -> tuple[np.ndarray | None, Profile | None]:
        starts = np.arange(self.bars, dtype=np.int64) * MINUTE_MS
        rows = np.tile([1_010.0, 1_080.0, 1_000.0, 1_020.0, 3.0], (self.bars, 1))
        bars = flows.bars(starts, rows, Interval.M1)
        return bars.flows, flows.profile(bars, Interval.M1, (1, self.bars), SPEC) if has_profile else None


acts = st.lists(
    st.tuples(st.sampled_from(["late", "late", "end", "bar", "shrink", "hole"]), st.floats(0, 1), st.booleans()),
    min_size=1,
    max_size=12,
)


@settings(deadline=None, max_examples=40)
@given(acts, st.integers(1, 4_000))
def test_late_trades_make_what_is_made_at_once(done: list[tuple[str, float, bool]], trades: int) -> None:
    chart = Chart(12, trades)
    for act, share, has_profile in done:
        newest = int(chart.flow.trades.time.max(initial=0))
        match act:
            case "late":
                chart.add(int(share * newest), newest - int(200 * share))
            case "end":
                chart.add(newest + int(share * 2 * MINUTE_MS))
            case "bar":
                chart.bars += 1
            case "shrink":
                chart.flow.shrink(max(round(share * len(chart.flow)), 1))
            case _:
                chart.flow._kept.forget(int(share * newest))
                chart.flow.cover(newest, newest)
        flows, profile = chart.look(chart.flows, has_profile=has_profile)
        fresh = ChartFlows()
        fresh.flow = chart.flow
        wanted, whole = chart.look(fresh, has_profile=has_profile)
        assert flows == pytest.approx(wanted, nan_ok=True)
        assert (profile is None) == (whole is None)
        if profile is not None and whole is not None:
            assert (profile.grid, profile.first) == (whole.grid, whole.first)
            assert profile.volume == pytest.approx(whole.volume)


@pytest.mark.parametrize(("ago_ms", "bars"), [(100, 1), (MINUTE_MS, 2)])
def test_a_late_trade_costs_the_bars_from_its_own_on(ago_ms: int, bars: int) -> None:
    chart = Chart(50, 20_000)
    chart.look(chart.flows)
    version = chart.flows.version
    kept = {key for rows in chart.flows._profiles._counted._kept.values() for key in rows}
    chart.flows._bars.values[:] = -1.0
    chart.add(50 * MINUTE_MS - 1 - ago_ms)
    chart.look(chart.flows)
    assert (chart.flows._bars.values[:, 0] >= 0).tolist() == [False] * (50 - bars) + [True] * bars
    assert (chart.flows.version == version) == (bars == 1), "the bars that are closed stay as they are"
    assert {key for rows in chart.flows._profiles._counted._kept.values() for key in rows} == kept
    assert len(kept) > 10
