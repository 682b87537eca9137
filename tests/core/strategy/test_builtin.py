"""The built-in strategies, event by event; what they measure is tested in calc."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pytest

from core.market import MINUTE_MS, ORDERBOOK, TICKER, TRADE
from core.strategy.base import Parameter, ParameterError, Signal, Strategy, Value, checked, streams
from core.strategy.builtin import BUILT_IN, GRACE_MS, KINDS
from core.wire.messages import CandleRow, Level, Orderbook, Ticker, Trade

BTC, ETH = "KRW-BTC", "KRW-ETH"


def make(kind: str, **values: Value) -> tuple[Strategy, list[Signal]]:
    signals: list[Signal] = []
    made = BUILT_IN[kind](checked(BUILT_IN[kind], values), signals.append)
    for market in (BTC, ETH):
        made.begin(market, 0)
    return made, signals


def told(signals: list[Signal]) -> list[tuple[str, int, int]]:
    return [(s.market, s.time_ms, s.side) for s in signals]


def test_each_is_known_by_its_name_and_has_sound_defaults() -> None:
    assert tuple(BUILT_IN) == KINDS
    for kind in BUILT_IN.values():
        assert checked(kind, {}) == {p.name: p.default for p in kind.parameters}
        assert kind.__doc__
        for parameter in kind.parameters:
            assert parameter.check(parameter.default) == parameter.default
            assert parameter.type == "choice" or parameter.least < parameter.most


@pytest.mark.parametrize(
    ("kind", "values", "parameter", "reason"),
    [
        ("jump", {"move": 0.01}, "move", "range"),
        ("jump", {"move": math.nan}, "move", "number"),
        ("jump", {"move": "far"}, "move", "number"),
        ("jump", {"move": True}, "move", "number"),
        ("jump", {"span": 2.5}, "span", "whole"),
        ("jump", {"speed": 2.0}, "speed", "unknown"),
        ("spike", {"span": 60, "norm": 1}, "span", "norm"),
        ("band", {"interval": "1d"}, "interval", "choice"),
        ("band", {"bars": 5, "sigma": 2.0}, "sigma", "sigma"),
    ],
)
def test_what_cannot_be_is_refused_by_name(kind: str, values: Mapping[str, Value], parameter: str, reason: str) -> None:
    with pytest.raises(ParameterError) as caught:
        checked(BUILT_IN[kind], values)
    assert (caught.value.name, caught.value.reason) == (parameter, reason)


def test_a_number_is_kept_as_what_it_is() -> None:
    assert Parameter("n", "int", 1, 0, 9).check(3.0) == 3
    assert checked(BUILT_IN["jump"], {"span": 20.0})["span"] == 20


def test_channels_follow_the_interval() -> None:
    assert streams(BUILT_IN["jump"], {}) == (TICKER,)
    assert streams(BUILT_IN["spike"], {}) == (TRADE,)
    assert streams(BUILT_IN["imbalance"], {}) == (ORDERBOOK,)
    assert streams(BUILT_IN["trend"], {"interval": "5m"}) == ("candle.5m",)


def test_a_price_jump_is_of_its_own_market() -> None:
    jump, signals = make("jump", move=1.0, span=10)
    for second, btc, eth in ((0, 100.0, 50.0), (4, 100.5, 50.0), (8, 101.1, 49.6), (9, 101.2, 49.4)):
        jump.on_ticker(Ticker(BTC, btc, trade_time_ms=second * 1_000, time_ms=second * 1_000 + 7))
        jump.on_ticker(Ticker(ETH, eth, trade_time_ms=second * 1_000, time_ms=second * 1_000 + 7))
    assert told(signals) == [(BTC, 8_000, 1), (ETH, 9_000, -1)]
    assert signals[0].value == pytest.approx(0.011)
    assert signals[0].price == 101.1
    jump.begin(BTC, 10_000)
    jump.on_ticker(Ticker(BTC, 150.0, trade_time_ms=10_000))
    assert len(signals) == 2, "it begins anew"


def test_a_volume_spike_says_who_pressed() -> None:
    spike, signals = make("spike", times=5.0, span=2, norm=1, least=3)
    assert spike.warm_ms == 62_000
    for second in range(90):
        count = 9 if second == 80 else 1
        for n in range(count):
            spike.on_trade(Trade(ETH, 10.0, 3.0, "ASK" if count > 1 else "BID", second * 1_000 + n, second * 100 + n))
    # A usual second turns over 30: ten times that in two seconds is five times as much.
    assert told(signals) == [(ETH, 80_008, -1)]
    assert signals[0].value == pytest.approx(5.0)


def book(time_ms: int, bid: float, ask: float, spread: float = 1.0) -> Orderbook:
    levels = tuple(Level(100.0 + spread + i, 100.0 - i, ask, bid) for i in range(3))
    return Orderbook(BTC, (*levels, Level(0.0, 0.0, 0.0, 0.0)), time_ms)


def test_a_book_is_told_when_it_has_leaned_for_a_while() -> None:
    lean, signals = make("imbalance", levels=2, beyond=50.0, hold=3.0)
    lean.on_book(book(0, 1.0, 1.0))
    lean.on_book(book(1_000, 4.0, 1.0))
    lean.on_time(BTC, 3_900)
    lean.on_book(book(4_000, 3.5, 1.0))
    lean.on_book(book(5_000, 1.0, 9.0))
    lean.on_time(BTC, 8_000)
    assert told(signals) == [(BTC, 4_000, 1), (BTC, 8_000, -1)]
    assert [s.value for s in signals] == pytest.approx([2.5 / 4.5, -0.8])
    assert signals[0].price == 100.5
    lean.on_book(Orderbook(BTC, (), 9_000))
    lean.on_time(BTC, 20_000)
    assert len(signals) == 2


def test_a_wide_spread_has_no_side() -> None:
    wide, signals = make("spread", above=150.0, hold=1.0)
    for second, spread in ((0, 1.0), (1, 2.0), (2, 2.0), (3, 2.0)):
        wide.on_book(book(second * 1_000, 1.0, 1.0, spread))
    assert told(signals) == [(BTC, 2_000, 0)]
    assert signals[0].value == pytest.approx(2.0 / 101.0)


def candle(minute: int, close: float, volume: float = 1.0) -> CandleRow:
    return CandleRow(minute * MINUTE_MS, close, close, close, close, volume, minute * MINUTE_MS + 500)


def test_a_bar_is_judged_when_it_has_closed() -> None:
    band, signals = make("band", interval="1m", bars=6, sigma=2.0)
    assert band.bars == 6
    for minute in range(10):
        band.on_candle(BTC, candle(minute, 100.0 + minute % 2))
    band.on_candle(BTC, candle(10, 140.0))
    band.on_candle(BTC, candle(10, 139.0))
    band.on_time(BTC, 11 * MINUTE_MS + GRACE_MS - 1)
    assert not signals, "it is still open, or may be corrected"
    band.on_candle(BTC, candle(11, 139.0))
    band.on_time(BTC, 12 * MINUTE_MS + GRACE_MS)
    assert told(signals) == [(BTC, 11 * MINUTE_MS - 1, 1)]
    assert signals[0].price == 139.0


def test_a_bar_without_a_follower_closes_by_the_clock_and_once() -> None:
    trend, signals = make("trend", interval="1m", bars=3, growth=50.0)
    for minute in range(4):
        trend.on_candle(BTC, candle(minute, 100.0))
    for minute, volume in ((4, 2.0), (5, 4.0)):
        trend.on_candle(BTC, candle(minute, 96.0 + minute, volume))
    assert not signals, "volume grows, but the price stands"
    trend.on_time(BTC, 6 * MINUTE_MS + GRACE_MS)
    trend.on_time(BTC, 7 * MINUTE_MS)
    trend.on_candle(BTC, candle(5, 101.0, 9.0))
    trend.on_candle(BTC, candle(6, 103.0, 5.0))
    assert told(signals) == [(BTC, 6 * MINUTE_MS - 1, 1)]
    assert signals[0].value == pytest.approx(1.5 * 2.0 / (7.0 / 3.0))
