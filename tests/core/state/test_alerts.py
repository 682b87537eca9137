"""Alert rules: each crossing once, none missed, none twice, and all of it over a restart."""

from __future__ import annotations

from itertools import pairwise
from math import nan

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.calc.unusual import FAST_MOVE, LISTED, Finding
from core.state.alerts import (
    CHANGE,
    CONNECTION,
    IMBALANCE,
    LOG,
    LONGEST_NOTE,
    METRICS,
    NOTICE,
    PRICE,
    RULES,
    SIGNAL,
    UNUSUAL,
    Alerts,
    Fired,
    Kept,
    Rule,
)
from core.strategy.base import Signal
from core.wire.private import Announcement

NOW_MS = 1_790_000_000_000


def price_rule(way: str = "above", mode: str = "each", value: float = 100.0, **more: object) -> Rule:
    return Rule("1", PRICE, "KRW-A", way=way, mode=mode, value=value, **more)  # type: ignore[arg-type]


def told(rule: Rule, values: list[float], **more: float) -> list[int]:
    """The places in a history of values at which the rule fires."""
    alerts = Alerts()
    alerts.set(rule)
    return [i for i, value in enumerate(values) if alerts.check(alerts.rules["1"], value, NOW_MS + i * 1_000, **more)]


@pytest.mark.parametrize(
    ("way", "values", "fired"),
    [
        ("above", [99, 100, 101, 102], [1]),
        ("above", [101, 102, 99, 100], [3]),  # it held already: no news
        ("above", [99, 100, 99.95, 100, 99.95, 100], [1]),  # flickers
        ("above", [99, 100, 99.5, 100.5], [1, 3]),
        ("above", [99, nan, 101], [2]),
        ("below", [101, 100, 99], [1]),
        ("below", [99, 100.05, 99], []),  # never well above
        ("below", [99, 101, 100.0, 101, 99], [2, 4]),
        ("reach", [99, 101, 99, 100], [1, 2, 3]),
        ("reach", [99, 100.05, 100.0, 99.99, 100.02, 101, 99], [1, 6]),
        ("reach", [100.0, 100.0, 105, 100], [3]),
    ],
)
def test_a_crossing_is_told_once(way: str, values: list[float], fired: list[int]) -> None:
    assert told(price_rule(way), values) == fired


def test_once_is_once_and_each_is_each() -> None:
    values = [99.0, 101.0, 98.0, 101.0, 98.0, 101.0]
    assert told(price_rule(mode="once"), values) == [1]
    assert told(price_rule(mode="each"), values) == [1, 3, 5]
    assert told(price_rule(mode="cooldown", cooldown_s=3.0), values) == [1, 5]
    assert told(price_rule(is_on=False), values) == []


def test_what_was_touched_between_two_readings_counts() -> None:
    alerts = Alerts()
    alerts.set(price_rule())
    rule = alerts.rules["1"]
    assert alerts.check(rule, 98.0, NOW_MS) is None
    fired = alerts.check(rule, 98.5, NOW_MS, high=100.5)
    assert fired is not None
    assert fired.value == 98.5
    assert alerts.check(rule, 98.6, NOW_MS, high=nan) is None
    assert alerts.check(rule, 98.7, NOW_MS, high=101.0) is not None, "it was well below in between"


@given(st.lists(st.floats(90, 110), max_size=60), st.sampled_from(["above", "below", "reach"]))
def test_between_two_alerts_of_one_way_the_price_was_well_on_the_other_side(values: list[float], way: str) -> None:
    fired = told(price_rule(way), values)
    for at in fired:
        assert at > 0, "what holds when a rule is made is no news"
    back = 0.1
    for a, b in pairwise(fired):
        between = values[a:b]
        if way == "above":
            assert min(between) <= 100.0 - back
        elif way == "below":
            assert max(between) >= 100.0 + back
        else:
            assert max(abs(v - 100.0) for v in between) >= back
    if way == "above" and values and values[0] < 100.0 - back and max(values) >= 100.0:
        assert fired, "missed"
    if way == "reach" and values and values[0] < 100.0 - back and max(values) >= 100.0:
        assert fired[0] == next(i for i, v in enumerate(values) if v >= 100.0)


def test_a_rule_that_is_changed_begins_anew() -> None:
    alerts = Alerts()
    alerts.set(price_rule())
    alerts.check(alerts.rules["1"], 99.0, NOW_MS)
    alerts.set(price_rule(value=90.0))
    assert alerts.check(alerts.rules["1"], 99.0, NOW_MS) is None, "it held already when it was made"
    alerts.set(msgspec.structs.replace(price_rule(value=90.0), note="other"))
    alerts.check(alerts.rules["1"], 80.0, NOW_MS)
    alerts.set(msgspec.structs.replace(price_rule(value=90.0), note="and another"))
    assert alerts.check(alerts.rules["1"], 91.0, NOW_MS) is not None, "a note is no other subject"


def test_findings_are_told_by_market_and_kind() -> None:
    alerts = Alerts()
    alerts.set(Rule("1", UNUSUAL, mode="each"))
    alerts.set(Rule("2", UNUSUAL, "KRW-A", kinds=(LISTED,), mode="each"))
    rules = alerts.rules
    assert alerts.find(rules["1"], Finding(FAST_MOVE, "KRW-B", NOW_MS, 1, 0.05, 1.0)) is not None
    assert alerts.find(rules["2"], Finding(FAST_MOVE, "KRW-A", NOW_MS, 1, 0.05, 1.0)) is None
    assert alerts.find(rules["2"], Finding(LISTED, "KRW-B", NOW_MS, 1, nan, nan)) is None
    assert alerts.find(rules["2"], Finding(LISTED, "KRW-A", NOW_MS, 1, nan, nan)) is not None
    assert [f.kind for f in alerts.log()] == [FAST_MOVE, LISTED]


def test_what_crossed_while_the_program_was_closed_is_told_at_the_next_start() -> None:
    alerts = Alerts()
    alerts.set(price_rule(mode="once"))
    alerts.check(alerts.rules["1"], 99.0, NOW_MS)
    kept = msgspec.json.decode(msgspec.json.encode(alerts.keep()), type=Kept)
    again = Alerts()
    again.load(kept)
    fired = again.check(again.rules["1"], 105.0, NOW_MS + 1_000, is_late=True)
    assert fired is not None
    assert fired.is_late
    assert not again.rules["1"].is_on
    assert again.since(0) == [fired]


def test_the_log_is_bounded_and_read_with_a_cursor() -> None:
    alerts = Alerts()
    alerts.set(Rule("1", UNUSUAL, mode="each"))
    for n in range(LOG + 10):
        alerts.find(alerts.rules["1"], Finding(FAST_MOVE, f"KRW-{n}", NOW_MS, 1, 0.1, 1.0))
    assert len(alerts.log()) == LOG
    assert [f.market for f in alerts.since(alerts.count - 2)] == [f"KRW-{LOG + 8}", f"KRW-{LOG + 9}"]
    assert len(alerts.since(0)) == LOG
    alerts.clear_log()
    assert alerts.log() == []


def test_rules_are_bounded_and_have_ids_of_their_own() -> None:
    alerts = Alerts()
    for _ in range(RULES):
        assert alerts.set(Rule(alerts.free_id(), CONNECTION, value=10.0))
    assert not alerts.set(Rule(alerts.free_id(), CONNECTION, value=10.0))
    assert len(alerts.rules) == RULES
    alerts.remove("7")
    assert alerts.set(Rule(alerts.free_id(), CONNECTION, value=10.0))


def test_levels_are_the_prices_watched_in_a_market() -> None:
    alerts = Alerts()
    alerts.set(price_rule(value=100.0))
    alerts.set(Rule("2", PRICE, "KRW-A", value=90.0))
    alerts.set(Rule("3", PRICE, "KRW-A", value=80.0, is_on=False))
    alerts.set(Rule("4", CHANGE, "KRW-A", value=0.05))
    alerts.set(Rule("5", PRICE, "KRW-B", value=70.0))
    assert alerts.levels("KRW-A") == (90.0, 100.0)


@pytest.mark.parametrize(
    "bad",
    [
        {"metric": "nonsense"},
        {"metric": PRICE, "market": ""},
        {"value": nan},
        {"cooldown_s": -1.0},
        {"note": "x" * 201},
        {"id": ""},
    ],
)
def test_a_rule_that_means_nothing_is_refused(bad: dict[str, object]) -> None:
    good: dict[str, object] = {"id": "1", "metric": IMBALANCE, "market": "KRW-A", "value": 0.5}
    Rule(**good)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"."):
        Rule(**(good | bad))  # type: ignore[arg-type]
    text = msgspec.json.encode({"rules": [good | bad]}) if "value" not in bad else b'{"rules": [{"id": 7}]}'
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(text, type=Kept)


def test_a_fired_alert_survives_the_disk() -> None:
    alerts = Alerts()
    alerts.set(Rule("1", UNUSUAL, mode="each"))
    fired = alerts.find(alerts.rules["1"], Finding(LISTED, "KRW-B", NOW_MS, 1, nan, nan))
    assert fired is not None
    assert msgspec.json.decode(msgspec.json.encode(fired), type=Fired) == fired
    assert len(METRICS) == len(set(METRICS))


def test_a_pause_holds_within_one_look_and_for_what_is_stamped_earlier() -> None:
    alerts = Alerts()
    alerts.set(Rule("1", UNUSUAL, mode="cooldown", cooldown_s=300.0))
    rule = alerts.rules["1"]
    assert alerts.find(rule, Finding(FAST_MOVE, "KRW-A", NOW_MS, 1, 0.05, 100.0))
    assert not alerts.find(rule, Finding(FAST_MOVE, "KRW-B", NOW_MS, 1, 0.05, 100.0))
    assert not alerts.find(rule, Finding(FAST_MOVE, "KRW-C", NOW_MS - 50, 1, 0.05, 100.0))
    assert alerts.find(rule, Finding(FAST_MOVE, "KRW-D", NOW_MS + 300_000, 1, 0.05, 100.0))


def test_a_rule_that_fired_once_hears_no_more_from_whoever_still_holds_it() -> None:
    alerts = Alerts()
    alerts.set(Rule("1", UNUSUAL, mode="once"))
    rule = alerts.rules["1"]
    assert alerts.find(rule, Finding(FAST_MOVE, "KRW-A", NOW_MS, 1, 0.05, 100.0))
    assert not alerts.find(rule, Finding(FAST_MOVE, "KRW-B", NOW_MS, 1, 0.05, 100.0))


def test_no_number_that_json_has_not_is_kept() -> None:
    alerts = Alerts()
    alerts.set(Rule("1", UNUSUAL, mode="each"))
    assert alerts.find(alerts.rules["1"], Finding(FAST_MOVE, "KRW-A", NOW_MS, 1, float("inf"), nan))
    assert msgspec.json.decode(msgspec.json.encode(alerts.keep()), type=Kept).log[0].value == 0.0


@pytest.mark.parametrize(
    ("rule", "heard"),
    [
        (Rule("1", SIGNAL, mode="each"), [0, 1, 2, 3]),
        (Rule("1", SIGNAL, "KRW-A", mode="each"), [0, 2, 3]),
        (Rule("1", SIGNAL, strategy="7", mode="each"), [0, 1, 2]),
        (Rule("1", SIGNAL, kinds=("spike",), mode="each"), [2]),
        (Rule("1", SIGNAL, "KRW-A", strategy="8", kinds=("jump",), mode="once"), [3]),
        (Rule("1", SIGNAL, mode="cooldown", cooldown_s=2.0), [0, 2]),
        (Rule("1", SIGNAL, mode="each", is_on=False), []),
    ],
)
def test_a_rule_hears_the_signals_it_is_about(rule: Rule, heard: list[int]) -> None:
    alerts = Alerts()
    alerts.set(rule)
    said = [("jump", "KRW-A", "7"), ("jump", "KRW-B", "7"), ("spike", "KRW-A", "7"), ("jump", "KRW-A", "8")]
    told_at = []
    for i, (kind, market, strategy) in enumerate(said):
        signal = Signal(kind, market, NOW_MS + i * 1_000, 100.0, -1, 0.02, strategy)
        fired = alerts.hear(alerts.rules["1"], signal)
        if fired is not None:
            told_at.append(i)
            assert (fired.kind, fired.market, fired.way, fired.price, fired.value) == (kind, market, -1, 100.0, 0.02)
    assert told_at == heard
    assert msgspec.json.decode(msgspec.json.encode(alerts.keep()), type=Kept) == alerts.keep()


@pytest.mark.parametrize(("kinds", "heard"), [((), [0, 1]), (("maintenance",), [1])])
def test_a_rule_reads_the_notices_of_its_categories(kinds: tuple[str, ...], heard: list[int]) -> None:
    alerts = Alerts()
    alerts.set(Rule("1", NOTICE, kinds=kinds, mode="each"))
    notices = [Announcement("a", "one", category="event"), Announcement("b", "two" * 200, category="maintenance")]
    fired = [alerts.read(alerts.rules["1"], notice, NOW_MS) for notice in notices]
    assert [i for i, one in enumerate(fired) if one is not None] == heard
    last = fired[1]
    assert last is not None
    assert (last.kind, last.text[:6], len(last.text), last.time_ms) == ("maintenance", "twotwo", LONGEST_NOTE, NOW_MS)
    assert msgspec.json.decode(msgspec.json.encode(alerts.keep()), type=Kept) == alerts.keep()
