"""Monitors and the signals they gave: bounded, kept, refused where they mean nothing."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.state.strategies import LINES, MARKS, MONITORS, SIGNALS, Kept, Line, Monitor, Strategies, Work
from core.strategy.base import ParameterError, Signal

BTC, ETH = "KRW-BTC", "KRW-ETH"


def signal(n: int, market: str = BTC, strategy: str = "1") -> Signal:
    return Signal("jump", market, n, 100.0, 1, 0.01, strategy)


def test_a_monitor_is_added_changed_switched_and_removed() -> None:
    strategies, told = Strategies(), []
    strategies.on_change = lambda: told.append(strategies.version)
    assert strategies.set(Monitor("1", "jump", (BTC, ETH, BTC), {"move": 2}))
    assert strategies.monitors["1"].markets == (BTC, ETH)
    assert strategies.monitors["1"].values == {"move": 2.0, "span": 10}
    first = strategies.works["1"]
    strategies.set(Monitor("1", "jump", (BTC,), {"move": 3.0}))
    strategies.switch("1", False)
    assert not strategies.monitors["1"].is_on
    assert strategies.works["1"] is first
    assert strategies.free_id() == "2"
    strategies.remove("1")
    strategies.remove("1")
    assert not strategies.works
    assert told == [1, 2, 3, 4]


def test_what_cannot_be_is_refused_and_changes_nothing() -> None:
    strategies = Strategies()
    with pytest.raises(ParameterError):
        strategies.set(Monitor("1", "jump", (BTC,), {"move": 1_000.0}))
    with pytest.raises(ParameterError):
        strategies.set(Monitor("1", "crystal ball", (BTC,)))
    for bad in ({"markets": ()}, {"id": ""}, {"kind": ""}, {"markets": ("",)}, {"note": "x" * 201}):
        with pytest.raises(ValueError, match=r"strategy|note"):
            Monitor(**{"id": "1", "kind": "jump", "markets": (BTC,), **bad})  # type: ignore[arg-type]
    assert strategies.version == 0
    assert not strategies.monitors


def test_there_is_a_most_of_everything() -> None:
    strategies = Strategies()
    for n in range(MONITORS):
        assert strategies.set(Monitor(str(n), "jump", (BTC,)))
    assert not strategies.set(Monitor("new", "jump", (BTC,)))
    assert strategies.set(Monitor("5", "spread", (BTC,)))
    for n in range(SIGNALS + 700):
        strategies.say(signal(n, BTC if n % 2 else ETH))
    assert len(strategies.log()) == SIGNALS
    assert len(strategies.signals_of(BTC)) == MARKS
    work = Work()
    for n in range(LINES + 5):
        work.write(Line(n, "started"))
    assert (len(work.lines), work.line_count, work.lines[0].time_ms) == (LINES, LINES + 5, 5)


def test_the_log_is_read_with_a_cursor() -> None:
    strategies = Strategies()
    strategies.say(signal(1))
    cursor = strategies.count
    assert strategies.since(cursor) == []
    strategies.say(signal(2))
    strategies.say(signal(3, ETH))
    assert [s.time_ms for s in strategies.since(cursor)] == [2, 3]
    marks = strategies.signals_of(BTC)
    assert strategies.signals_of(BTC) is marks, "so a chart sees at once that nothing is new"
    strategies.say(signal(4))
    assert [s.time_ms for s in strategies.signals_of(BTC)] == [1, 2, 4]
    strategies.clear_log()
    assert strategies.signals_of(BTC) == ()
    assert strategies.since(0) == []


@given(st.lists(st.integers(0, 4), max_size=60), st.integers(1, 12), st.integers(1, 5))
def test_signals_of_a_market_are_the_newest_of_the_log(markets: list[int], bound: int, marks: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("core.state.strategies.SIGNALS", bound)
        patch.setattr("core.state.strategies.MARKS", marks)
        strategies = Strategies()
        said = [signal(n, f"KRW-{m}") for n, m in enumerate(markets)]
        for one in said:
            strategies.say(one)
        assert strategies.log() == said[-bound:]
        for m in range(5):
            wanted = [s for s in said[-bound:] if s.market == f"KRW-{m}"][-marks:]
            assert list(strategies.signals_of(f"KRW-{m}")) == wanted
        assert len(strategies._of_market) <= bound


def test_what_lasts_comes_back_from_its_bytes() -> None:
    strategies = Strategies()
    strategies.set(Monitor("1", "band", (BTC,), {"interval": "5m", "bars": 30, "sigma": 2.5}, note="look"))
    strategies.set(Monitor("2", "jump", (BTC, ETH), is_on=False))
    strategies.say(signal(7, ETH, "2"))
    data = msgspec.json.encode(strategies.keep())
    other = Strategies()
    other.say(signal(1))
    other.load(msgspec.json.decode(data, type=Kept))
    assert other.monitors == strategies.monitors
    assert other.log() == strategies.log()
    assert other.signals_of(BTC) == ()
    assert set(other.works) == {"1", "2"}
    assert other.free_id() == "3"
