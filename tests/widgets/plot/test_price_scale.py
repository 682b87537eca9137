"""Scales of prices: there and back, evenly spaced, ticks at round values."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from widgets.plot.candles import LEAST_PRICE, Scale
from widgets.plot.price_scale import PriceScale, percent_text, price_of, ticks, unit
from widgets.plot.ticks import log_ticks

prices = st.floats(1e-8, 1e10)
HEIGHT, LEAST = 500.0, 48.0


@given(price=prices, low=prices, ratio=st.floats(1.0001, 1e4), height=st.floats(50, 3_000), is_log=st.booleans())
def test_there_and_back_is_the_same_price(price: float, low: float, ratio: float, height: float, is_log: bool) -> None:
    kind: PriceScale = "log" if is_log else "linear"
    bottom, top = unit(low, kind), unit(low * ratio, kind)
    scale = Scale(0.0, 5.0, top, height / (top - bottom), is_log)
    shown = min(max(price, low), low * ratio)
    assert scale.y(shown) + 1e-6 >= 0
    assert scale.y(shown) <= height + 1e-6
    assert scale.price(scale.y(shown)) == pytest.approx(shown, rel=1e-9)
    assert price_of(unit(price, kind), kind) == pytest.approx(price, rel=1e-12)


@given(values=st.lists(prices, min_size=1, max_size=20), is_log=st.booleans())
def test_many_prices_stand_where_each_does(values: list[float], is_log: bool) -> None:
    scale = Scale(0.0, 5.0, 3.0, 71.0, is_log)
    assert scale.ys(np.array(values)) == pytest.approx([scale.y(v) for v in values], rel=1e-12, abs=1e-9)


@given(price=prices, factor=st.floats(1.001, 100))
def test_equal_ratios_are_equal_heights_on_a_logarithmic_scale(price: float, factor: float) -> None:
    scale = Scale(0.0, 5.0, 10.0, 50.0, is_log=True)
    once, twice = scale.y(price) - scale.y(price * factor), scale.y(price) - scale.y(price * factor * factor)
    assert twice == pytest.approx(2 * once, rel=1e-6)


def test_what_no_price_can_be_is_far_below_and_not_nowhere() -> None:
    """A band of an indicator may reach zero and less; lightweight-charts bends its scale there, prices need no such."""
    scale = Scale(0.0, 5.0, 8.0, 100.0, is_log=True)
    for value in (0.0, -5.0, LEAST_PRICE / 2):
        assert scale.y(value) == scale.y(LEAST_PRICE) > 2_000
    assert scale.ys(np.array([-1.0, math.nan, 1e8])).tolist() == [
        scale.y(LEAST_PRICE),
        pytest.approx(math.nan, nan_ok=True),
        0.0,
    ]


@given(low=st.floats(1e-7, 1e9), ratio=st.floats(1.0005, 1e6), height=st.floats(60, 2_000))
def test_ticks_of_a_logarithmic_axis_are_apart_and_round(low: float, ratio: float, height: float) -> None:
    high = low * ratio
    found, steps = log_ticks(low, high, height, LEAST)
    assert len(found) == len(steps)
    assert np.all((found >= low * (1 - 1e-9)) & (found <= high * (1 + 1e-9)))
    assert np.all(np.diff(found) > 0)
    per_fold = height / math.log(ratio)
    assert np.all(np.diff(np.log(found)) * per_fold >= LEAST * 0.99)
    for value, step in zip(found.tolist(), steps.tolist(), strict=True):
        assert value / step == pytest.approx(round(value / step), abs=1e-6)
        digits = f"{step:.3e}".partition("e")[0].rstrip("0").rstrip(".")
        assert digits in {"1", "2", "2.5", "3", "5"}


@given(low=st.floats(1e-4, 1e8), ratio=st.floats(2.2, 1e4), by=st.floats(0.5, 2.0))
def test_ticks_stay_at_their_prices_while_a_logarithmic_axis_moves(low: float, ratio: float, by: float) -> None:
    before, _ = log_ticks(low, low * ratio, HEIGHT, LEAST)
    after, _ = log_ticks(low * by, low * by * ratio, HEIGHT, LEAST)
    begin, end = max(low, low * by) * 1.000001, min(low, low * by) * ratio * 0.999999
    assume(begin < end)
    assert [v for v in before if begin <= v <= end] == pytest.approx([v for v in after if begin <= v <= end])


def test_wide_ranges_have_powers_of_ten_and_narrow_ones_what_a_linear_axis_has() -> None:
    assert log_ticks(0.5, 2e6, 400, LEAST)[0].tolist() == [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000]
    assert log_ticks(1e-6, 1e8, 200, LEAST)[0].tolist() == [1e-4, 1.0, 1e4, 1e8]
    assert log_ticks(90, 1_100, 400, LEAST)[0].tolist() == [100, 200, 300, 500, 700, 1_000]
    assert log_ticks(90_000_000, 91_000_000, 500, LEAST, 1_000)[0].tolist() == [
        90_000_000 + 100_000 * n for n in range(11)
    ]


@given(base=st.floats(1e-6, 1e8), low=st.floats(-0.9, 5), room=st.floats(0.002, 20), height=st.floats(100, 1_500))
def test_ticks_of_a_percent_scale_are_round_percentages_of_the_base(
    base: float, low: float, room: float, height: float
) -> None:
    begin, end = base * (1 + low), base * (1 + low + room)
    found = ticks("KRW-BTC", "percent", begin, end, height, LEAST, tick=1.0, finest=1.0, base=base)
    assert found
    for price, text in found:
        said = float(text.rstrip("%").replace(",", ""))
        assert (price / base - 1) * 100 == pytest.approx(said, abs=0.006 + abs(said) * 1e-9)
        assert (text[0] in "+-") == (said != 0)


def test_a_percentage_has_a_sign_unless_it_is_nothing() -> None:
    assert [percent_text(v) for v in (1.234, -0.5, 0.0, -0.001, 1_234.5)] == [
        "+1.23%",
        "-0.50%",
        "0.00%",
        "0.00%",
        "+1,234.50%",
    ]


def test_prices_of_a_logarithmic_axis_have_the_decimals_of_their_own_step() -> None:
    """From one won to a thousand each price is written as the exchange would write it there."""
    found = {t.price: t.text for t in ticks("KRW-X", "log", 0.9, 1_100, 600, LEAST, tick=1.0, finest=1.0, base=1.0)}
    assert found[1.0] == "1.00"
    assert found[10.0] == "10.0"
    assert found[1_000.0] == "1,000"
