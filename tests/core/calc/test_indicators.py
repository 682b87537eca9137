"""Indicators against arrays worked out by hand, a second way of computing them, and the step of the last bar."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest
import talib
from hypothesis import given, settings
from hypothesis import strategies as st

from core.calc.indicators import KINDS, Bars, Indicator, Track, Values
from core.market import DAY_MS, MINUTE_MS

NAN = math.nan
F64 = np.ndarray


def bars_of(closes: Sequence[float], volumes: Sequence[float] | None = None, first_ms: int = 0) -> Bars:
    """Return bars of a minute that reach a little above and below open and close."""
    close = np.array(closes, float)
    opening = np.concatenate([close[:1], close[:-1]])
    high, low = np.maximum(opening, close) + 1, np.minimum(opening, close) - 2
    volume = np.ones(len(close)) if volumes is None else np.array(volumes, float)
    starts = first_ms + np.arange(len(close), dtype=np.int64) * MINUTE_MS
    return Bars(starts, np.column_stack([opening, high, low, close, volume]) if len(close) else np.empty((0, 5)))


def walk(n: int, seed: int = 1, price: float = 9e7) -> Bars:
    """Return a random walk in steps of 1,000."""
    rng = np.random.default_rng(seed)
    return bars_of(price + 1e3 * rng.integers(-20, 21, n).cumsum(), rng.exponential(3.0, n))


def full(kind: str, bars: Bars, values: Values | None = None) -> F64:
    one = KINDS[kind](values)
    made: F64 = one.full(bars)
    assert made.shape == (len(one.lines) + one.carried, len(bars.rows))
    return made[: len(one.lines)]


# By hand.


def test_averages_by_hand() -> None:
    bars = bars_of([1, 2, 3, 4, 8])
    assert full("sma", bars, {"count": 3}) == pytest.approx(np.array([[NAN, NAN, 2, 3, 5]]), nan_ok=True)
    # Half of what is new: 2, then (4 + 2) / 2, then (8 + 3) / 2.
    assert full("ema", bars, {"count": 3}) == pytest.approx(np.array([[NAN, NAN, 2, 3, 5.5]]), nan_ok=True)
    last = [(1 + 4 + 9) / 6, (2 + 6 + 12) / 6, (3 + 8 + 24) / 6]
    assert full("wma", bars, {"count": 3}) == pytest.approx(np.array([[NAN, NAN, *last]]), nan_ok=True)


def test_bollinger_by_hand() -> None:
    middle, upper, lower = full("bollinger", bars_of([2, 4, 4, 4, 5, 5, 7, 9]), {"count": 8, "width": 1.5})
    assert (middle[-1], upper[-1], lower[-1]) == pytest.approx((5, 8, 2)), "the deviation of these is 2"
    assert np.isnan(upper[:-1]).all()


def test_rsi_by_hand() -> None:
    # Gains 1, 0, 2 and losses 0, 1, 0; over 2: 0.5 and 0.5, then (0.5 + 2) / 2 and (0.5 + 0) / 2.
    (rsi,) = full("rsi", bars_of([5, 6, 5, 7]), {"count": 2})
    assert rsi == pytest.approx(np.array([NAN, NAN, 50, 100 * 1.25 / 1.5]), nan_ok=True)
    assert full("rsi", bars_of([5] * 6), {"count": 2})[0, -1] == 50, "where nothing moves neither side is stronger"


def test_macd_by_hand() -> None:
    # Of 1 and 2 bars, so the fast one is the close itself; the slow one is 1.5, then two thirds of what is new.
    difference, macd, signal = full("macd", bars_of([1, 2, 5]), {"fast": 1, "slow": 2, "signal": 1})
    slow = (5 - 1.5) * 2 / 3 + 1.5
    assert macd == pytest.approx(np.array([NAN, 0.5, 5 - slow]), nan_ok=True)
    assert signal == pytest.approx(macd, nan_ok=True)
    assert difference[1:] == pytest.approx(np.zeros(2))


def test_stochastic_by_hand() -> None:
    bars = bars_of([10, 10, 13])  # high 11, 11, 14 and low 8, 8, 8
    k, d = full("stochastic", bars, {"count": 2, "smooth": 1, "signal": 2})
    assert k == pytest.approx(np.array([NAN, 100 * 2 / 3, 100 * 5 / 6]), nan_ok=True)
    assert d == pytest.approx(np.array([NAN, NAN, 75]), nan_ok=True)


def test_atr_and_obv_by_hand() -> None:
    bars = bars_of([10, 12, 11], [5, 7, 2])  # true ranges: 13 - 8, 13 - 9
    assert full("atr", bars, {"count": 2}) == pytest.approx(np.array([[NAN, NAN, 4.5]]), nan_ok=True)
    assert full("obv", bars) == pytest.approx(np.array([[5, 12, 10]]))


def test_ichimoku_by_hand() -> None:
    bars = bars_of([10, 20, 15])  # highs 11, 21, 21; lows 8, 8, 13
    values = {"conversion": 1, "base": 2, "span": 3, "shift": 26}
    conversion, base, span_a, span_b, lagging = full("ichimoku", bars, values)
    assert conversion == pytest.approx(np.array([9.5, 14.5, 17]))
    assert base == pytest.approx(np.array([NAN, 14.5, 14.5]), nan_ok=True)
    assert span_a == pytest.approx(np.array([NAN, 14.5, 15.75]), nan_ok=True)
    assert span_b == pytest.approx(np.array([NAN, NAN, 14.5]), nan_ok=True)
    assert lagging.tolist() == [10, 20, 15]
    assert KINDS["ichimoku"](values).shifts == (0, 0, 25, 25, -25)


def test_volume_average_by_hand() -> None:
    assert full("volume_average", bars_of([1, 1, 1], [2, 4, 9]), {"count": 2})[0, 1:].tolist() == [3, 6.5]


def test_vwap_begins_anew_with_the_day_in_korea() -> None:
    # Typical prices are close - 1/3 where the price stands still.
    bars = bars_of([10, 10, 10, 40], [1, 3, 0, 2], first_ms=DAY_MS - 2 * MINUTE_MS)  # the third begins a day
    (line,) = full("vwap", bars)
    typical = bars.rows[:, 1:4].mean(axis=1)
    first_two = (typical[0] + 3 * typical[1]) / 4
    assert line == pytest.approx(np.array([typical[0], first_two, NAN, typical[3]]), nan_ok=True)


def test_a_week_begins_on_monday_and_a_month_with_its_first() -> None:
    monday = 4 * DAY_MS  # 1970-01-05
    for session, begin in (("week", monday), ("month", 31 * DAY_MS)):
        bars = bars_of([10, 20, 40, 80], first_ms=begin - 2 * MINUTE_MS)
        (line,) = full("vwap", bars, {"session": session})
        assert line[2] == pytest.approx(bars.rows[2, 1:4].mean())
        assert line[3] == pytest.approx(bars.rows[2:, 1:4].mean())


def test_anchored_vwap_counts_from_the_bar_of_its_anchor() -> None:
    bars = bars_of([10, 20, 40, 80], [1, 2, 3, 4], first_ms=DAY_MS)
    (line,) = full("anchored_vwap", bars, {"anchor_ms": DAY_MS + MINUTE_MS + 30_000})
    typical, volume = bars.rows[:, 1:4].mean(axis=1), bars.rows[:, 4]
    assert np.isnan(line[0])
    assert line[1] == pytest.approx(typical[1])
    assert line[3] == pytest.approx((typical[1:] * volume[1:]).sum() / 9)


def test_an_anchor_older_than_all_bars_gives_no_line() -> None:
    bars = bars_of([10, 20], first_ms=DAY_MS)
    assert np.isnan(full("anchored_vwap", bars, {"anchor_ms": DAY_MS - 1})).all()


# A second way.


def ema_loop(values: F64, count: int) -> F64:
    made = np.full(len(values), NAN)
    if len(values) >= count:
        made[count - 1] = values[:count].mean()
        for i in range(count, len(values)):
            made[i] = made[i - 1] + (values[i] - made[i - 1]) * 2 / (count + 1)
    return made


def test_they_are_what_ta_lib_says() -> None:
    bars = walk(400)
    opening, high, low, close, volume = (np.ascontiguousarray(c) for c in bars.rows.T)
    near = {"rel": 1e-9, "abs": 1e-3, "nan_ok": True}
    assert full("rsi", bars)[0] == pytest.approx(talib.RSI(close, 14), **near)
    line, signal, difference = talib.MACD(close, 12, 26, 9)
    ours = full("macd", bars)
    begin = 26 + 9 - 2
    assert ours[1, begin:] == pytest.approx(line[begin:], **near)
    assert ours[2] == pytest.approx(signal, **near)
    assert ours[0] == pytest.approx(difference, **near)
    k, d = talib.STOCH(high, low, close, 14, 3, 0, 3, 0)
    ours = full("stochastic", bars)
    begin = 14 + 3 + 3 - 3
    assert ours[0, begin:] == pytest.approx(k[begin:], **near)
    assert ours[1] == pytest.approx(d, **near)
    upper, middle, lower = talib.BBANDS(close, 20, 2.0, 2.0, 0)
    assert full("bollinger", bars) == pytest.approx(np.array([middle, upper, lower]), rel=1e-7, nan_ok=True)
    assert len(opening) == len(volume)


def test_they_are_what_plain_loops_say() -> None:
    bars = walk(300, seed=3)
    close = bars.rows[:, 3]
    windows = np.lib.stride_tricks.sliding_window_view
    assert full("sma", bars)[0, 19:] == pytest.approx(windows(close, 20).mean(axis=1))
    assert full("ema", bars)[0] == pytest.approx(ema_loop(close, 20), nan_ok=True)
    weights = np.arange(1, 21) / 210
    assert full("wma", bars)[0, 19:] == pytest.approx(windows(close, 20) @ weights)
    assert full("bollinger", bars)[1, 19:] == pytest.approx(
        windows(close, 20).mean(axis=1) + 2 * windows(close, 20).std(axis=1)
    )
    high, low = bars.rows[:, 1], bars.rows[:, 2]
    base = (windows(high, 26).max(axis=1) + windows(low, 26).min(axis=1)) / 2
    assert full("ichimoku", bars)[1, 25:] == pytest.approx(base)
    reach = np.maximum(high[1:], close[:-1]) - np.minimum(low[1:], close[:-1])
    atr = [reach[:14].mean()]
    for one in reach[14:]:
        atr.append((atr[-1] * 13 + one) / 14)
    assert full("atr", bars)[0, 14:] == pytest.approx(np.array(atr))


def test_a_flat_price_has_no_bands_after_a_million_bars() -> None:
    bars = walk(200_000)
    bars.rows[-40:, 3] = 91_234_000.0
    middle, upper, lower = full("bollinger", bars)
    assert upper[-1] - lower[-1] < 1e-3
    assert middle[-1] == pytest.approx(91_234_000.0)


def test_delta_and_its_sum_by_hand() -> None:
    bars = bars_of([1] * 8, [10] * 8)
    flows = [(7, 3), (2, 8), (NAN, NAN), (10, 0), (4, 6), (NAN, NAN), (NAN, NAN), (5, 4)]
    bars = bars._replace(flows=np.array(flows, float))
    assert full("delta", bars) == pytest.approx(np.array([[4, -6, NAN, 10, -2, NAN, NAN, 1]]), nan_ok=True)
    assert full("cvd", bars) == pytest.approx(np.array([[4, -2, NAN, 10, 8, NAN, NAN, 1]]), nan_ok=True), "from zero"
    daily = bars._replace(starts=bars.starts + DAY_MS - 4 * MINUTE_MS)
    found = full("cvd", daily, {"anew": "day"})
    assert found == pytest.approx(np.array([[4, -2, NAN, 10, -2, NAN, NAN, 1]]), nan_ok=True)
    assert np.isnan(full("cvd", bars._replace(flows=None))).all(), "without trades nothing is said"


# The last bar.

SMALL: dict[str, dict[str, int | float | str]] = {
    "sma": {"count": 4},
    "ema": {"count": 4},
    "wma": {"count": 4},
    "bollinger": {"count": 4},
    "vwap": {},
    "anchored_vwap": {"anchor_ms": DAY_MS - 10 * MINUTE_MS},
    "ichimoku": {"conversion": 2, "base": 3, "span": 5},
    "volume_average": {"count": 3},
    "rsi": {"count": 4},
    "macd": {"fast": 2, "slow": 4, "signal": 3},
    "stochastic": {"count": 3, "smooth": 2, "signal": 2},
    "atr": {"count": 3},
    "obv": {},
    "delta": {},
    "cvd": {"anew": "day"},
    "volume_profile": {},
}

prices = st.floats(1e-6, 2e8, allow_nan=False) | st.sampled_from([1.0, 2.0, 90_000_000.0])


def with_flows(bars: Bars, share: F64, known: F64) -> Bars:
    """Return the bars with so much of each one's volume bought, where the trades are known."""
    bought = np.where(known, share * bars.rows[:, 4], NAN)
    return bars._replace(flows=np.column_stack([bought, bars.rows[:, 4] - bought]))


def first(bars: Bars, n: int) -> Bars:
    return Bars(bars.starts[:n], bars.rows[:n], None if bars.flows is None else bars.flows[:n])


rows_of_bars = st.lists(
    st.tuples(prices, prices, prices, prices, st.floats(1e-8, 1e6) | st.just(0.0)).map(
        lambda r: (r[0], max(r[:4]), min(r[:4]), r[3], r[4])
    ),
    min_size=1,
    max_size=40,
)


def near(one: F64, other: F64, bars: Bars) -> None:
    """Same up to what rounding leaves of the largest number that went through the sums."""
    scale = max(float(np.abs(bars.rows[:, :4]).max()), float(np.abs(bars.rows[:, 4]).sum()), 1.0)
    assert one == pytest.approx(other, rel=1e-7, abs=1e-7 * scale, nan_ok=True)


def test_every_kind_is_tested() -> None:
    assert set(SMALL) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
@settings(deadline=None, max_examples=40)
@given(rows=rows_of_bars, known=st.integers(0, 40), seed=st.integers(0, 99))
def test_bar_by_bar_is_the_same_as_the_whole(
    kind: str, rows: list[tuple[float, float, float, float, float]], known: int, seed: int
) -> None:
    starts = DAY_MS - 20 * MINUTE_MS + np.arange(len(rows), dtype=np.int64) * MINUTE_MS
    rng = np.random.default_rng(seed)
    bars = with_flows(Bars(starts, np.array(rows)), rng.random(len(rows)), rng.random(len(rows)) < 0.8)
    track = KINDS[kind](SMALL[kind]).track()
    known = min(known, len(rows))
    begun = first(bars, known)._replace(rows=bars.rows[:known].copy())
    if known:
        begun.rows[-1, 1:] *= 1.5  # it was still open, and moved on since
    track.rebuild(begun)
    for n in range(known + 1, len(rows) + 1):
        track.append(first(bars, n))
    track.last(bars)
    lines = len(track.indicator.lines)
    whole = KINDS[kind](SMALL[kind]).full(bars)[:lines]
    if kind in {"rsi", "stochastic"}:
        # A share of two sums that are nothing but rounding is any number: compare where something moved.
        close = bars.rows[:, 3]
        if np.ptp(close) < 1e-6 * close.max() or close.max() > 1e4 * close.min():
            return
        assert track.values == pytest.approx(whole, abs=1e-3, nan_ok=True)
        return
    near(track.values, whole, bars)


@pytest.mark.parametrize("kind", KINDS)
def test_the_last_bar_moves_alone(kind: str) -> None:
    bars = with_flows(walk(300), np.full(300, 0.7), np.arange(300) > 250)
    track = KINDS[kind]().track()
    track.rebuild(bars)
    before = track.values.copy()
    bars.rows[-1] += (0, 5e5, -5e5, 3e5, 40.0)
    assert bars.flows is not None
    bars.flows[-1] += (30.0, 10.0)
    track.last(bars)
    assert track.values[:, :-1] == pytest.approx(before[:, :-1], nan_ok=True)
    near(track.values, KINDS[kind]().full(bars)[: len(track.indicator.lines)], bars)
    if kind not in {"anchored_vwap", "volume_profile"}:  # its anchor is older than all; of no single bar
        assert not np.array_equal(track.values[:, -1], before[:, -1], equal_nan=True)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("n", [0, 1, 2, 5])
def test_few_bars_are_no_error(kind: str, n: int) -> None:
    bars = walk(n)
    track = KINDS[kind]().track()
    track.rebuild(bars)
    track.last(bars)
    assert track.values.shape == (len(track.indicator.lines), n)


def test_a_track_that_grows_makes_room() -> None:
    bars = walk(1_000)
    track = Track(KINDS["ema"]())
    for n in range(1, 1_001):
        track.append(Bars(bars.starts[:n], bars.rows[:n]))
    assert track.values == pytest.approx(KINDS["ema"]().full(bars), nan_ok=True)


# Settings.


def test_settings_that_cannot_be_become_the_default_or_the_nearest() -> None:
    odd = KINDS["bollinger"]({"count": 0, "width": NAN, "strange": 1})
    assert odd.values == {"count": 2, "width": 2.0}
    assert KINDS["sma"]({"count": "20"}).values == {"count": 20}
    assert KINDS["sma"]({"count": True}).values == {"count": 20}
    assert KINDS["vwap"]({"session": "century"}).values == {"session": "day"}
    assert KINDS["sma"]({"count": 1e9}).values == {"count": 1_000}


def test_a_label_tells_two_of_a_kind_apart() -> None:
    made: list[Indicator] = [KINDS["bollinger"]({"width": 2.5}), KINDS["macd"](), KINDS["vwap"]()]
    assert [one.label for one in made] == ["20 2.5", "12 26 9", ""]
