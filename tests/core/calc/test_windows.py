"""Rolling windows against the same thing done the slow way."""

from __future__ import annotations

from math import isnan, nan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.calc.windows import SPANS_MS, STEP_MS, Windows
from core.market import DAY_MS, MINUTE_MS

NOON_MS = 20_000 * DAY_MS + DAY_MS // 2
MINUTE, FIVE, QUARTER, HOUR = SPANS_MS


def made(*codes: str, at_ms: int = NOON_MS) -> Windows:
    windows = Windows()
    windows.set_codes(codes)
    windows.roll(at_ms, lambda: [True] * len(codes))
    return windows


def play(windows: Windows, prices: list[float], from_ms: int = NOON_MS) -> int:
    """One price and one unit of volume a step, in the first column; return the time after it."""
    for i, price in enumerate(prices):
        now_ms = from_ms + i * STEP_MS
        windows.roll(now_ms, lambda: [True] * len(windows))
        windows.take(0, price, now_ms // DAY_MS, float(i + 1), price * (i + 1))
    return from_ms + (len(prices) - 1) * STEP_MS


def test_a_window_is_not_known_before_it_has_passed() -> None:
    windows = made("KRW-BTC")
    play(windows, [100.0] * 12)
    assert isnan(windows.change(MINUTE)[0])
    play(windows, [100.0] * 2, NOON_MS + 12 * STEP_MS)
    assert windows.change(MINUTE)[0] == 0.0
    assert isnan(windows.change(FIVE)[0])


def test_change_volume_and_turnover_are_of_the_last_minute() -> None:
    windows = made("KRW-BTC")
    prices = [100.0 + i for i in range(30)]
    play(windows, prices)
    assert windows.price[0] == 129.0
    assert windows.change(MINUTE)[0] == pytest.approx(129.0 / 117.0 - 1.0)
    assert windows.volume(MINUTE)[0] == 12.0
    assert windows.turnover(MINUTE)[0] == pytest.approx(129 * 30 - 117 * 18)
    assert windows.volatility(MINUTE)[0] == pytest.approx(129.0 / 117.0 - 1.0)


def test_an_extreme_within_the_window_counts_until_the_window_has_left_it() -> None:
    windows = made("KRW-BTC")
    at_ms = play(windows, [100.0] * 20 + [150.0, 100.0])
    assert windows.volatility(MINUTE)[0] == pytest.approx(0.5)
    assert windows.change(MINUTE)[0] == 0.0
    for i in range(1, 15):
        windows.roll(at_ms + i * STEP_MS, lambda: [True])
        has_it = at_ms + i * STEP_MS - MINUTE <= NOON_MS + 20 * STEP_MS  # the peak is where the window begins, or later
        assert bool(windows.volatility(MINUTE)[0] > 0.4) is has_it, i


def test_a_new_day_begins_the_totals_anew_and_loses_nothing() -> None:
    midnight_ms = 20_001 * DAY_MS
    windows = made("KRW-BTC", at_ms=midnight_ms - 20 * STEP_MS)
    for i in range(-20, 5):
        now_ms = midnight_ms + i * STEP_MS
        windows.roll(now_ms, lambda: [True])
        total = float(i + 21) if i < 0 else float(i + 1)
        windows.take(0, 100.0, now_ms // DAY_MS, total, total * 100.0)
    assert windows.volume(MINUTE)[0] == 12.0


def test_a_ticker_of_yesterday_that_comes_late_takes_nothing_back() -> None:
    windows = made("KRW-BTC")
    at_ms = play(windows, [100.0] * 20)
    before = windows.volume(MINUTE)[0]
    windows.take(0, 100.0, at_ms // DAY_MS - 1, 9_999.0, 9_999.0)
    windows.take(0, 100.0, at_ms // DAY_MS, 3.0, 300.0)
    assert windows.volume(MINUTE)[0] == before


def test_while_the_stream_is_down_nothing_is_known_and_windows_over_it_say_so() -> None:
    windows = made("KRW-BTC", "KRW-ETH")
    for i in range(110):
        now_ms = NOON_MS + i * STEP_MS
        windows.roll(now_ms, lambda i=i: [not 20 <= i < 24, True])
        for column in (0, 1):
            windows.take(column, 100.0, now_ms // DAY_MS, float(i), float(i))
        if i == 75:  # the hole, rows 19 to 22, is 53 to 56 steps ago: within five minutes, not within one
            assert windows.has_hole(MINUTE).tolist() == [False, False]
            assert windows.has_hole(FIVE).tolist() == [True, False]
            assert isnan(windows.volatility(FIVE)[0])
            assert windows.volatility(FIVE)[1] == 0.0
            assert windows.change(FIVE)[0] == 0.0  # both ends are known
            assert windows.volume(FIVE)[0] == 60.0  # the totals went on meanwhile
        if i == 32:  # its begin is where the minute begins
            assert isnan(windows.change(MINUTE)[0])
            assert windows.change(MINUTE)[1] == 0.0
    assert windows.has_hole(FIVE).tolist() == [False, False]


def test_a_machine_that_slept_knows_nothing_of_the_time_between() -> None:
    windows = made("KRW-BTC")
    at_ms = play(windows, [100.0] * 30)
    windows.roll(at_ms + 30 * MINUTE_MS, lambda: [True])
    windows.take(0, 120.0, at_ms // DAY_MS, 31.0, 3_100.0)
    assert isnan(windows.change(MINUTE)[0])
    assert isnan(windows.change(QUARTER)[0])
    assert windows.change(HOUR)[0] != windows.change(HOUR)[0]


def test_a_loop_that_was_busy_for_some_steps_carries_the_price_on() -> None:
    windows = made("KRW-BTC")
    at_ms = play(windows, [100.0] * 20)
    windows.roll(at_ms + 3 * STEP_MS, lambda: [True])
    assert windows.change(MINUTE)[0] == 0.0


def test_markets_that_stay_keep_what_is_known_of_them() -> None:
    windows = made("KRW-BTC", "KRW-ETH")
    play(windows, [100.0 + i for i in range(20)])
    change = windows.change(MINUTE)[0]
    windows.set_codes(["KRW-XRP", "KRW-BTC"])
    assert windows.column("KRW-BTC") == 1
    assert windows.change(MINUTE)[1] == change
    assert isnan(windows.change(MINUTE)[0])
    assert "KRW-ETH" not in windows


def test_candles_of_a_minute_tell_what_was_before_the_program_started() -> None:
    windows = made("KRW-BTC", at_ms=NOON_MS + 30_000)
    windows.take(0, 200.0, NOON_MS // DAY_MS, 1_000.0, 0.0)
    starts = np.array([NOON_MS - i * MINUTE_MS for i in range(70, -1, -1) if i != 3], np.int64)
    close = np.where(starts == NOON_MS, 200.0, 100.0)
    ohlcv = np.column_stack([close, close + 1.0, close - 1.0, close, np.full(len(starts), 6.0)])
    windows.fill(0, starts, ohlcv, ohlcv[:, 4] * 100.0)
    assert windows.change(FIVE)[0] == pytest.approx(1.0)
    assert windows.change(HOUR)[0] == pytest.approx(1.0)
    # Minutes -4, -2, -1 and the running one; there was no trade in minute -3.
    assert windows.volume(FIVE)[0] == pytest.approx(6.0 * 5)
    assert windows.turnover(FIVE)[0] == pytest.approx(600.0 * 5)
    assert not windows.has_hole().any()
    assert windows.volatility(MINUTE)[0] == pytest.approx(201.0 / 99.0 - 1.0)


def test_candles_do_not_replace_what_streamed() -> None:
    windows = made("KRW-BTC")
    at_ms = play(windows, [100.0 + i for i in range(40)])
    before = windows.change(MINUTE)[0]
    starts = np.array([at_ms // MINUTE_MS * MINUTE_MS - i * MINUTE_MS for i in range(90, -1, -1)], np.int64)
    ohlcv = np.full((len(starts), 5), 50.0)
    windows.fill(0, starts, ohlcv, ohlcv[:, 4])
    assert windows.change(MINUTE)[0] == before
    assert windows.change(HOUR)[0] == pytest.approx(139.0 / 50.0 - 1.0)


def test_a_market_that_was_listed_within_the_hour_has_no_hour() -> None:
    windows = made("KRW-NEW")
    windows.take(0, 10.0, NOON_MS // DAY_MS, 5.0, 50.0)
    starts = np.array([NOON_MS - 2 * MINUTE_MS, NOON_MS - MINUTE_MS, NOON_MS], np.int64)
    windows.fill(0, starts, np.full((3, 5), 10.0), np.full(3, 10.0))
    assert windows.change(MINUTE)[0] == 0.0
    assert isnan(windows.change(QUARTER)[0])


def test_the_path_is_oldest_first_and_ends_now() -> None:
    windows = made("KRW-BTC")
    play(windows, [float(i) for i in range(1, 722)])
    path = windows.path(0, 61)
    assert path[-1] == 721.0
    assert path[0] == 1.0
    assert (np.diff(path) > 0).all()


STEPS = st.lists(
    st.tuples(
        st.integers(1, 3),  # steps that pass
        st.lists(st.tuples(st.integers(0, 1), st.integers(1, 50), st.integers(0, 5)), max_size=4),
        st.tuples(st.booleans(), st.booleans()),
    ),
    min_size=1,
    max_size=60,
)


@settings(deadline=None)
@given(STEPS)
def test_any_stream_gives_what_the_slow_way_gives(
    history: list[tuple[int, list[tuple[int, int, int]], tuple[bool, bool]]],
) -> None:
    windows = made("A-A", "B-B")
    step = NOON_MS // STEP_MS
    first = step
    day = NOON_MS // DAY_MS
    # By column: what stood at the end of each step, or None where it is not known.
    rows: list[dict[int, tuple[float, float, float, float] | None]] = [{}, {}]
    price, high, low, total, counted = [nan] * 2, [nan] * 2, [nan] * 2, [0.0] * 2, [0.0] * 2
    is_begun = [False, False]
    for passed, trades, live in history:
        for column in (0, 1):
            for n in range(passed):
                ends = (price[column], high[column], low[column], counted[column])
                is_known = live[column] and not isnan(price[column])
                rows[column][step + n] = ends if is_known else None
                high[column] = low[column] = price[column]
        step += passed
        windows.roll(step * STEP_MS + 1, lambda live=live: live)
        for column, traded, size in trades:
            price[column] = float(traded)
            high[column] = max(x for x in (high[column], price[column]) if not isnan(x))
            low[column] = min(x for x in (low[column], price[column]) if not isnan(x))
            total[column] += size
            counted[column] += size if is_begun[column] else 0.0
            is_begun[column] = True
            windows.take(column, price[column], day, total[column], total[column] * 2)
    for span_ms in (MINUTE, FIVE):
        back = span_ms // STEP_MS
        for column in (0, 1):
            base = rows[column].get(step - back) if step - back >= first else None
            change, volume = windows.change(span_ms)[column], windows.volume(span_ms)[column]
            turnover = windows.turnover(span_ms)[column]
            if base is None or isnan(price[column]):
                assert isnan(change)
                assert base is not None or isnan(volume)
            else:
                assert change == pytest.approx(price[column] / base[0] - 1.0)
                assert volume == counted[column] - base[3]
                assert turnover == 2 * volume
            inside = [rows[column].get(n) for n in range(step - back, step)]
            volatility = windows.volatility(span_ms)[column]
            if isnan(price[column]) or any(row is None for row in inside):
                assert isnan(volatility)
                assert windows.has_hole(span_ms)[column] or isnan(price[column])
            else:
                known = [row for row in inside if row is not None]
                top = max([known[0][0], high[column], *(row[1] for row in known[1:])])
                bottom = min([known[0][0], low[column], *(row[2] for row in known[1:])])
                assert volatility == pytest.approx(top / bottom - 1.0)


def test_a_clock_that_was_far_ahead_does_not_stop_the_windows() -> None:
    windows = made("KRW-BTC")
    now_ms = play(windows, [100.0] * 20)
    windows.roll(now_ms + HOUR, lambda: [True])
    assert windows.roll(now_ms + STEP_MS, lambda: [True]), "it is right again"
    assert windows.has_hole()[0]
    assert isnan(windows.turnover(MINUTE)[0])
    play(windows, [100.0] * 13, now_ms + STEP_MS)
    assert windows.change(MINUTE)[0] == 0.0
    windows.roll(now_ms + 10 * STEP_MS, lambda: [True])
    assert windows.change(MINUTE)[0] == 0.0, "a little back is waited for"


def test_totals_that_were_not_told_at_first_count_from_when_they_are() -> None:
    windows = made("KRW-BTC")
    day = NOON_MS // DAY_MS
    windows.take(0, 100.0, day, nan, nan)
    windows.take(0, 100.0, day, 50.0, 5_000.0)
    for i in range(13):
        windows.roll(NOON_MS + i * STEP_MS, lambda: [True])
    windows.take(0, 100.0, day, nan, 5_100.0)
    windows.take(0, 100.0, day, 52.0, nan)
    assert windows.volume(MINUTE)[0] == 2.0
    assert windows.turnover(MINUTE)[0] == 100.0


def test_a_minutes_volume_is_not_told_by_candles() -> None:
    windows = made("KRW-BTC", at_ms=NOON_MS + 50_000)
    windows.take(0, 100.0, NOON_MS // DAY_MS, 1.0, 100.0)
    starts = np.arange(NOON_MS - 2 * HOUR, NOON_MS + 1, MINUTE_MS)
    ohlcv = np.full((len(starts), 5), 100.0)
    windows.fill(0, starts, ohlcv, np.full(len(starts), 1e4))
    assert isnan(windows.turnover(MINUTE)[0]), "the row stands where its minute began"
    assert windows.change(MINUTE)[0] == 0.0
    assert windows.turnover(HOUR)[0] > 0.0
    for i in range(1, 14):
        windows.roll(NOON_MS + 50_000 + i * STEP_MS, lambda: [True])
    assert windows.turnover(MINUTE)[0] == 0.0
