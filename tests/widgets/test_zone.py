"""Times in the zone that is shown: right over changes of the clocks, also where the clocks stand between hours."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.market import DAY_MS, HOUR_MS, MINUTE_MS
from widgets import format as fmt
from widgets import zone
from widgets.zone import Zone

if "America/New_York" not in available_timezones():
    pytest.skip("this system knows no time zones", allow_module_level=True)

NEW_YORK, KOLKATA, LORD_HOWE = (ZoneInfo(n) for n in ("America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"))
ZONES = (NEW_YORK, KOLKATA, LORD_HOWE, ZoneInfo("Africa/Casablanca"), ZoneInfo("Asia/Seoul"), UTC)
TIMES = st.integers(1_500_000_000_000, 2_100_000_000_000)


@pytest.fixture(autouse=True)
def _zone() -> Iterator[None]:
    yield
    zone.use("kst")


def ms(tz: ZoneInfo, *parts: int, fold: int = 0) -> int:
    return int(datetime(*parts, tzinfo=tz, fold=fold).timestamp() * 1_000)  # type: ignore[misc,arg-type]


@given(tz=st.sampled_from(ZONES), time_ms=TIMES)
def test_the_clocks_say_what_the_rules_say(tz: ZoneInfo, time_ms: int) -> None:
    there = datetime.fromtimestamp(time_ms / 1_000, tz)
    said = zone.wall_clock(Zone(tz).local(time_ms))
    assert said.replace(tzinfo=None) == there.replace(tzinfo=None)


@given(time_ms=TIMES)
def test_the_machines_zone_is_the_systems(time_ms: int) -> None:
    there = datetime.fromtimestamp(time_ms // 1_000).astimezone()  # as Python asks the system
    assert zone.wall_clock(zone.LOCAL.local(time_ms // 1_000 * 1_000)).replace(tzinfo=None) == there.replace(
        tzinfo=None
    )


@given(tz=st.sampled_from(ZONES), begin=TIMES, length=st.integers(1, 900 * DAY_MS), share=st.floats(0, 1))
def test_between_two_changes_of_the_clocks_nothing_changes(tz: ZoneInfo, begin: int, length: int, share: float) -> None:
    there, end = Zone(tz), begin + length
    spans = there.spans(begin, end)
    assert (spans[0][0], spans[-1][1]) == (begin, end)
    assert all(a[1] == b[0] and a[2] != b[2] for a, b in pairwise(spans))
    at = begin + int(share * (length - 1))
    offset = next(o for first, last, o in spans if first <= at < last or at == last == end)
    assert offset == round(datetime.fromtimestamp(at / 1_000, tz).utcoffset().total_seconds() * 1_000)  # type: ignore[union-attr]


def test_the_moment_of_a_change_is_found() -> None:
    spring, autumn = ms(NEW_YORK, 2026, 3, 8, 3), ms(NEW_YORK, 2026, 11, 1, 1, fold=1)
    begin, end = ms(NEW_YORK, 2026, 1, 1), ms(NEW_YORK, 2027, 1, 1)
    assert Zone(NEW_YORK).spans(begin, end) == [
        (begin, spring, -5 * HOUR_MS),
        (spring, autumn, -4 * HOUR_MS),
        (autumn, end, -5 * HOUR_MS),
    ]
    half = Zone(LORD_HOWE).spans(ms(LORD_HOWE, 2026, 1, 1), ms(LORD_HOWE, 2026, 7, 1))
    assert [b[2] - a[2] for a, b in pairwise(half)] == [-30 * MINUTE_MS]


@given(tz=st.sampled_from(ZONES), time_ms=TIMES)
def test_a_wall_clock_leads_back_to_its_moment(tz: ZoneInfo, time_ms: int) -> None:
    there = Zone(tz)
    back = there.moment(there.local(time_ms))
    # Where the clocks say a time twice, either is right.
    assert there.local(back) == there.local(time_ms)
    assert back == time_ms or abs(back - time_ms) <= HOUR_MS


def test_a_zone_has_a_short_name() -> None:
    summer, winter = ms(NEW_YORK, 2026, 7, 1), ms(NEW_YORK, 2026, 12, 1)
    assert [Zone(NEW_YORK).name(t) for t in (summer, winter)] == ["EDT", "EST"]
    assert zone.KST.name(summer) == "KST"
    assert Zone(timezone(timedelta(hours=5, minutes=30))).name(summer) == "UTC+5:30"
    assert Zone(timezone(timedelta(hours=-3))).name(summer) == "UTC-3"
    assert Zone(LORD_HOWE).name(summer) == "UTC+10:30"


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="a process cannot move here")
def test_all_times_follow_the_one_that_is_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = int(datetime(2026, 7, 1, 18, 30, 5, tzinfo=UTC).timestamp() * 1_000)
    assert (fmt.day(moment), fmt.clock(moment)) == ("07-02", "03:30:05")
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    monkeypatch.setattr(zone, "LOCAL", Zone(None))  # the other has looked up much already
    try:
        zone.use("local")
        assert (fmt.day(moment), fmt.clock(moment)) == ("07-01", "14:30:05")
        assert zone.shown.name(moment) == "EDT"
        zone.use("kst")
        assert fmt.clock(moment) == "03:30:05"
    finally:
        monkeypatch.undo()
        time.tzset()
