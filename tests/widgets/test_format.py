"""Numbers to text: decimals by the tick size, nothing that jumps, nothing that looks like another number."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from widgets import format as fmt


@pytest.mark.parametrize(
    ("value", "tick", "text"),
    [
        (139_301_000.0, 1_000.0, "139,301,000"),
        (3_037.0, 1.0, "3,037"),
        (0.4821, 0.0001, "0.4821"),
        (0.5, 0.0001, "0.5000"),
        (1e-8, 1e-8, "0.00000001"),
        (12.3, 0.1, "12.3"),
        (0.0, 0.1, "0.0"),
        (-0.0, 0.1, "0.0"),
        (float("nan"), 1.0, "–"),
        (5.0, float("nan"), "5"),
        (5.0, 0.0, "5"),
        (5.0, math.inf, "5"),
        (5.0, -0.1, "5"),
        (91_157_000.0, 0.00000001, "91,157,000.00000000"),
    ],
)
def test_a_price_has_the_decimals_of_its_tick(value: float, tick: float, text: str) -> None:
    assert fmt.price(value, tick) == text


@given(st.integers(0, 10**9), st.sampled_from([1e-8, 1e-4, 0.001, 0.01, 0.1, 1.0, 5.0, 1_000.0]))
def test_a_price_on_the_grid_reads_back_exactly(steps: int, tick: float) -> None:
    value = steps * tick
    back = float(fmt.price(value, tick).replace(",", ""))
    assert math.isclose(back, value, rel_tol=1e-12, abs_tol=tick * 1e-6)


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (1.5, 4, "1.5000"),
        (0.0, 2, "0.00"),
        (0.00001, 4, "<0.0001"),
        (0.00005, 4, "<0.0001"),
        (0.000051, 4, "0.0001"),
        (13_378.1, 1, "13,378.1"),
        (float("nan"), 2, "–"),
    ],
)
def test_a_size_too_small_to_show_is_not_shown_as_zero(value: float, places: int, text: str) -> None:
    assert fmt.size(value, places) == text


@given(st.floats(1e-12, 1e12), st.integers(0, 8))
def test_no_size_that_is_traded_reads_zero(value: float, places: int) -> None:
    text = fmt.size(value, places)
    assert text.startswith("<") or float(text.replace(",", "")) > 0


def test_one_step_of_a_size_is_worth_little_and_much_the_same_everywhere() -> None:
    assert fmt.size_places(139_000_000.0, "KRW") == 7
    assert fmt.size_places(757.0, "KRW") == 1
    assert fmt.size_places(0.001, "KRW") == 0
    assert fmt.size_places(0.0, "KRW") == 4
    assert fmt.size_places(90_000.0, "USDT") == 6
    assert fmt.size_places(0.03, "BTC") == 5
    assert fmt.size_places(2_500.0, "EUR") == 4  # a currency nobody told us of
    assert fmt.size_places(1e12, "BTC") == 8  # the exchange has no more
    for price in (3e-4, 0.2, 757.0, 4.5e6, 1.4e8):
        step = 10.0 ** -fmt.size_places(price, "KRW")
        assert price * step <= 100.0 or step == 1.0


@pytest.mark.parametrize(
    ("rate", "text"),
    [
        (0.0123, "+1.23%"),
        (-0.0123, "-1.23%"),
        (0.00001, "0.00%"),
        (-0.00001, "0.00%"),
        (12.0, "+1200.00%"),
        (float("nan"), "–"),
    ],
)
def test_a_ratio_is_signed_percent(rate: float, text: str) -> None:
    assert fmt.percent(rate) == text


@pytest.mark.parametrize(
    ("value", "lang", "text"),
    [
        (1.234e12, "ko", "1.23조"),
        (456.7e8, "ko", "456.7억"),
        (98_765.0, "ko", "9.88만"),
        (1.234e12, "en", "1.23T"),
        (45_670_000.0, "en", "45.67M"),
        (12.0, "en", "12.00"),
    ],
)
def test_money_in_krw_is_counted_in_the_units_of_the_language(value: float, lang: str, text: str) -> None:
    assert fmt.turnover(value, "KRW", lang) == text


def test_money_in_other_currencies_keeps_its_decimals() -> None:
    assert fmt.turnover(1.23456, "BTC", "ko") == "1.235"
    assert fmt.turnover(1_234_567.0, "USDT", "ko") == "1.23M"
    assert fmt.turnover(float("nan"), "KRW") == fmt.UNKNOWN == fmt.volume(float("nan"))


@pytest.mark.parametrize(
    ("value", "ko", "en"),
    [
        (9_999.4, "9,999.40", "10.00K"),
        (9_999.9, "1.00만", "10.00K"),
        (99_999.0, "10.00만", "100.0K"),
        (999_940.0, "99.99만", "999.9K"),
        (999_999.0, "100.0만", "1.00M"),
        (-999_999.0, "-100.0만", "-1.00M"),
        (99_994_000.0, "9,999만", "99.99M"),
        (99_999_999.0, "1.00억", "100.0M"),
        (999_999_999_999.0, "1.00조", "1.00T"),
        (1.2345e16, "12,345조", "12,345T"),
    ],
)
def test_an_amount_that_rounds_up_takes_the_next_unit(value: float, ko: str, en: str) -> None:
    assert (fmt.turnover(value, "KRW", "ko"), fmt.turnover(value, "KRW", "en")) == (ko, en)
    assert fmt.volume(value) == en


@given(st.floats(-9e15, 9e15), st.sampled_from(["en", "ko"]))
def test_short_amounts_have_four_figures_at_most_and_lie_by_little(value: float, lang: str) -> None:
    text = fmt.turnover(value, "KRW", lang)
    units = {"": 1.0, "K": 1e3, "M": 1e6, "B": 1e9, "T": 1e12, "만": 1e4, "억": 1e8, "조": 1e12}
    number = text.rstrip("KMBT만억조")
    unit = text[len(number) :]
    assert not unit or sum(c.isdigit() for c in number) <= 4
    assert float(number.replace(",", "")) * units[unit] == pytest.approx(value, rel=0.0051, abs=0.0051)


@pytest.mark.parametrize(
    ("seconds", "ko", "en"),
    [
        (3.9, "3초", "3 s"),
        (59.9, "59초", "59 s"),
        (60.0, "1분", "1 min"),
        (61.0, "1분", "1 min"),
        (3_599.9, "59분", "59 min"),
        (3_600.0, "1시간", "1 h"),
        (7_200.0, "2시간", "2 h"),
        (-1.0, "0초", "0 s"),
        (math.inf, "–", "–"),
        (math.nan, "–", "–"),
    ],
)
def test_an_age_is_said_in_one_unit(seconds: float, ko: str, en: str) -> None:
    assert (fmt.age(seconds, "ko"), fmt.age(seconds, "en")) == (ko, en)
    assert fmt.age(seconds, "fr") == en


def test_the_clock_is_the_one_in_seoul() -> None:
    assert fmt.clock(0) == "09:00:00"
    assert fmt.clock(15 * 3_600_000 + 61_000) == "00:01:01"
    assert fmt.clock(61_000, seconds=False) == "09:01"
