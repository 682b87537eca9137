"""The lines of a tape: every trade on exactly one of them, whatever comes, is joined, summed or forgotten."""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.state.coverage import Span
from core.state.tape import Tape
from core.wire.codec import decode
from core.wire.messages import Trade
from widgets.trades.lines import BIG, FLOOD_MS, JOINS, Exact, Lines, Print, Wanted, copied

PRICES = (100.0, 100.5, 101.0)
ALL = Wanted(tiers=(1e3, 1e4, 1e5))


def trade(id_: int, time_ms: int, side: str = "BID", price: float = 100.0, size: float = 1.0) -> Trade:
    return Trade("KRW-BTC", price, size, side, time_ms, id_)  # type: ignore[arg-type]


def tape_of(*trades: Trade, bound: int = 10_000) -> Tape:
    tape = Tape(bound)
    for each in trades:
        tape.add(each)
    return tape


def prints(lines: Lines) -> list[Print]:
    return [lines.at(place) for place in range(len(lines))]


def exact(lines: Lines) -> list[Exact]:
    return [line for place in range(len(lines)) if isinstance(line := lines.exact(place), Exact)]


def ledger(tape: Tape) -> list[Trade]:
    return tape.latest(len(tape))


def joined(trades: list[Trade], join_ms: int) -> list[list[Trade]]:
    """Return the lines as the rule says, worked out in the simplest way."""
    found: list[list[Trade]] = []
    for each in trades:
        last = found[-1] if found else []
        if last and last[0].aggressor == each.aggressor and 0 <= each.time_ms - last[0].time_ms <= join_ms:
            last.append(each)
        else:
            found.append([each])
    return found


def size_of(trades: list[Trade]) -> Decimal:
    return sum((Decimal(repr(t.size)) for t in trades), Decimal())


# Joining.


@pytest.mark.parametrize(
    ("join_ms", "counts"), [(-1, [1] * 7), (0, [2, 1, 1, 1, 1, 1]), (50, [3, 1, 1, 2]), (200, [4, 1, 2])]
)
def test_trades_of_one_aggressor_within_the_window_are_one_line(join_ms: int, counts: list[int]) -> None:
    tape = tape_of(
        trade(1, 1_000),
        trade(2, 1_000),
        trade(3, 1_050),
        trade(4, 1_101),
        trade(5, 1_101, "ASK"),
        trade(6, 1_101 + 49),
        trade(7, 1_101 + 99),
    )
    assert [row.trades for row in prints(Lines(tape, ALL._replace(join_ms=join_ms)))] == counts


def test_a_line_says_sum_average_and_range() -> None:
    tape = tape_of(trade(1, 10, price=100.0, size=3.0), trade(2, 10, price=104.0, size=1.0))
    (row,) = prints(Lines(tape, ALL))
    assert row == Print(10, 101.0, 4.0, 404.0, True, 0, 1, None, 2, 100.0, 104.0)


def test_the_tier_is_that_of_the_whole_order() -> None:
    tape = tape_of(*(trade(i, 10, size=6.0) for i in range(2)))
    assert [r.tier for r in prints(Lines(tape, ALL._replace(join_ms=-1)))] == [0, 0]
    assert [r.tier for r in prints(Lines(tape, ALL))] == [1]


def test_a_hole_ends_a_line_and_is_shown_whatever_the_filter_leaves() -> None:
    tape = Tape()
    tape.resume(trade(1, 1_000), is_known=False)
    tape.add(trade(1, 1_000))
    tape.cover(0, 1_000)
    tape.mark_break(0)
    tape.resume(trade(2, 1_010), is_known=False)
    tape.add(trade(2, 1_010))
    wanted = ALL._replace(join_ms=200)
    rows = prints(Lines(tape, wanted))
    assert [(row.trades, row.hole) for row in rows] == [(1, None), (0, Span(1_001, 1_010)), (1, None)]
    (only,) = prints(Lines(tape, wanted._replace(least=1e9)))
    assert only.hole == Span(1_001, 1_010)


def test_a_hole_right_before_the_oldest_trade_is_forgotten_with_what_lay_before_it() -> None:
    tape = Tape()
    tape.resume(trade(1, 1_000), is_known=False)
    for number in (1, 2):
        tape.add(trade(number, 1_000 * number))
    tape.mark_break(0)
    tape.resume(trade(3, 3_000), is_known=False)
    for number in (3, 4):
        tape.add(trade(number, 1_000 * number))
    lines = Lines(tape, ALL)
    assert [row.hole is None for row in prints(lines)] == [True, True, False, True, True]
    tape.shrink(2)
    lines.pull()
    assert [row.id for row in prints(lines)] == [3, 4]


# Filters.


def test_filters_leave_out_small_lines_and_the_other_side() -> None:
    tape = tape_of(
        trade(1, 10, size=5.0), trade(2, 20, size=500.0), trade(3, 30, "ASK", size=5_000.0), trade(4, 40, "ASK")
    )

    def ids(**changes: object) -> list[int]:
        return [row.id for row in prints(Lines(tape, ALL._replace(**changes)))]

    assert ids() == [1, 2, 3, 4]
    assert ids(least=400.0) == [1, 2, 3]
    assert ids(least=500.0) == [1, 2, 3], "the least itself is enough"
    assert ids(side="BID") == [1, 2]
    assert ids(side="ASK", least=1e4) == [3]
    assert ids(is_big_only=True) == [3]


def test_a_line_that_grows_past_the_filter_comes_into_sight() -> None:
    tape = tape_of(trade(1, 10, size=5.0))
    lines = Lines(tape, ALL._replace(least=800.0))
    assert len(lines) == 0
    tape.add(trade(2, 10, size=4.0))
    assert lines.pull() == (0, 1)
    assert [r.trades for r in prints(lines)] == [2]


# Floods.


def flood(count: int, first: int = 1, time_ms: int = 1_000) -> list[Trade]:
    """Return trades of which no two neighbours are one order."""
    return [trade(first + i, time_ms + i, "BID" if i % 2 else "ASK", PRICES[i % 3]) for i in range(count)]


def test_more_than_can_be_read_is_summed_by_price_and_side() -> None:
    tape = tape_of(trade(900, 10))
    lines = Lines(tape, ALL)
    for each in flood(60):
        tape.add(each)
    assert lines.pull(40) is None
    rows = prints(lines)
    assert [row.trades for row in rows] == [1, 10, 10, 10, 10, 10, 10]
    assert {(row.price, row.is_buy) for row in rows[1:]} == {(p, is_buy) for p in PRICES for is_buy in (True, False)}
    assert [row.time_ms for row in rows] == sorted(row.time_ms for row in rows)
    assert sum(row.size for row in rows) == 61.0
    for each in flood(3, 100, 5_000):
        tape.add(each)
    lines.pull(40)
    assert [row.trades for row in prints(lines)[1:]] == [10] * 6 + [1] * 3, "afterwards each is a line again"


def test_in_a_flood_an_order_of_several_prices_is_as_large_on_each() -> None:
    tape = Tape()
    lines = Lines(tape, ALL)
    for i in range(41):
        tape.add(trade(i, 1_000 + i, "BID" if i % 2 else "ASK"))
    for i, price in enumerate(PRICES):
        tape.add(trade(100 + i, 1_100, "BID", price, 400.0))  # 120,600 together
    lines.pull(40)
    assert [(row.price, row.trades, row.tier) for row in prints(lines)] == [
        (100.0, 21, 0),
        (100.0, 21, BIG),
        (100.5, 1, BIG),
        (101.0, 1, BIG),
    ]


def test_a_flood_that_goes_on_grows_in_place_for_a_while() -> None:
    tape = tape_of(trade(90_000, 10))
    lines = Lines(tape, ALL)
    for i in range(30):
        for each in flood(60, 1 + 60 * i, 1_000 + 60 * i):
            tape.add(each)
        lines.pull(40)
    sums = [row.trades for row in prints(lines)[1:]]
    assert sum(sums) == 1_800
    assert sums == [160] * 6 + [140] * 6, "sixteen frames of sixty milliseconds are a second"


def test_what_can_be_read_or_came_while_nobody_looked_is_not_summed() -> None:
    tape = Tape()
    lines = Lines(tape, ALL)
    for each in flood(40):
        tape.add(each)
    lines.pull(40)
    assert len(lines) == 40
    for i in range(60):
        tape.add(trade(100 + i, 10_000 + i * FLOOD_MS, "BID" if i % 2 else "ASK"))
    lines.pull(40)
    assert len(lines) == 100


def test_a_sum_of_small_prints_is_no_large_one() -> None:
    tape = Tape()
    lines = Lines(tape, ALL)
    for i in range(60):
        tape.add(trade(i, 1_000 + i, "BID" if i % 2 else "ASK", size=9.0))
    tape.add(trade(60, 1_100, "ASK", PRICES[1], 1_000.0))
    lines.pull(40)
    assert [(row.trades, row.tier) for row in prints(lines)] == [(30, 0), (30, 0), (1, BIG)]


def test_more_than_the_reader_could_follow_is_summed_as_well() -> None:
    tape = tape_of(trade(90_000, 10))
    lines = Lines(tape, ALL)
    for i in range(3_000):
        tape.add(trade(i, 1_000 + i // 10, "BID" if i % 2 else "ASK", PRICES[i % 3]))
    assert lines.pull(40) is None
    assert len(lines) == 7
    assert sum(row.trades for row in prints(lines)) == 3_001


# Whatever happens.


class Step(NamedTuple):
    trades: list[tuple[int, bool, int, int]]  # ms after the newest, whether bought, price, size in 1e-8
    capacity: int
    what: str
    ago: int  # ms; to so many trades less one it is shrunk


_trades = st.lists(
    st.tuples(
        st.one_of(st.integers(0, 3), st.integers(-400, 400)), st.booleans(), st.integers(0, 2), st.integers(1, 10**10)
    ),
    max_size=14,
)
_steps = st.lists(
    st.builds(
        Step,
        _trades,
        st.integers(0, 8),
        st.sampled_from(["", "", "", "break", "resume", "outage", "outage", "cover", "doubt", "shrink", "shrink"]),
        st.integers(0, 400),
    ),
    max_size=12,
)


class Play:
    """Plays steps on a ledger, its stream interrupted now and then, and lets lines follow."""

    def __init__(self, wanted: Wanted, bound: int) -> None:
        self.tape = Tape(bound)
        self.lines = Lines(self.tape, wanted)
        self._id = 0
        self._newest = 1_000_000

    def play(self, step: Step) -> None:
        tape = self.tape
        if step.what == "outage":
            tape.mark_break(step.ago % 3)
        for after, is_buy, price, size in step.trades:
            self._id += 1
            time_ms = self._newest + after
            made = trade(self._id, time_ms, "BID" if is_buy else "ASK", PRICES[price], size / 1e8)
            if step.what in ("resume", "outage") and tape.run_ms is None:
                tape.resume(made, is_known=False)
            tape.add(made)
            self._newest = max(self._newest, time_ms)
        if step.what == "break":
            tape.mark_break(0)
        elif step.what == "doubt":
            tape.doubt(self._newest - step.ago, self._newest - step.ago // 2)
        elif step.what == "cover" and len(tape):
            tape.cover(self._newest - 300, self._newest)
        elif step.what == "shrink":
            if step.ago % 3:
                self.lines.pull(step.capacity)
            tape.shrink(step.ago % 8 + 1)
        self.lines.pull(step.capacity)


def check(lines: Lines, tape: Tape, wanted: Wanted) -> None:
    """Every trade is on one line, and every line is one that the rules allow."""
    trades = ledger(tape)
    on_line: dict[int, int] = defaultdict(int)
    for number in lines.shown:
        if number & 1:
            for each in lines._members(number):
                on_line[each.id] += 1
    assert set(on_line.values()) <= {1}
    if not wanted.floor and not wanted.side:
        assert on_line.keys() == {t.id for t in trades}
        assert sum((line.size for line in exact(lines)), Decimal()) == size_of(trades)
    whole = Lines(tape, wanted._replace(least=0.0, side="", is_big_only=False, is_summed=False))
    shown, holes = ({row.hole for row in prints(each) if row.hole is not None} for each in (lines, whole))
    assert shown == holes, "whatever the filter leaves"
    assert lines.shown == sorted(set(lines.shown))
    for place, row in enumerate(prints(lines)):
        if row.hole is not None:
            continue
        said, members = lines.exact(place), lines._members(lines.shown[place])
        assert isinstance(said, Exact)
        assert {t.aggressor for t in members} == {"BID" if row.is_buy else "ASK"}
        assert said.size == size_of(members)
        assert said.low <= said.price <= said.high
        assert row.low <= row.price <= row.high
        assert (row.trades, said.trades) == (len(members), len(members))
        assert row.size == pytest.approx(float(said.size))
        if lines.shown[place] not in lines._sums:
            assert members[-1].time_ms - members[0].time_ms <= max(wanted.join_ms, 0)
            assert row.value >= wanted.floor * (1 - 1e-12)
        assert wanted.side in ("", members[0].aggressor)


wanteds = st.builds(
    Wanted,
    st.sampled_from(JOINS),
    st.sampled_from([0.0, 0.0, 500.0]),
    st.sampled_from(["", "", "BID", "ASK"]),
    st.just((100.0, 1_000.0, 5_000.0)),
    st.booleans(),
    st.booleans(),
)


@settings(max_examples=100)
@given(_steps, wanteds, st.sampled_from([9, 40, 10_000]))
def test_no_trade_is_lost_or_told_twice(steps: list[Step], wanted: Wanted, bound: int) -> None:
    play = Play(wanted, bound)
    for step in steps:
        play.play(step)
        check(play.lines, play.tape, wanted)


@settings(max_examples=100)
@given(_steps, st.sampled_from(JOINS))
def test_lines_that_followed_are_those_made_at_once(steps: list[Step], join_ms: int) -> None:
    wanted = Wanted(join_ms=join_ms, is_summed=False)
    play = Play(wanted, 10_000)
    for step in steps:
        if step.what != "shrink":
            play.play(step)
        assert prints(play.lines) == prints(Lines(play.tape, wanted))
    if not play.tape.holes:
        told = [[t.id for t in play.lines._members(n)] for n in play.lines.shown]
        assert told == [[t.id for t in line] for line in joined(ledger(play.tape), join_ms)]


@settings(max_examples=50)
@given(_steps, st.sampled_from(JOINS))
def test_a_mark_finds_its_line_again(steps: list[Step], join_ms: int) -> None:
    play = Play(Wanted(join_ms=join_ms, is_summed=False), 10_000)
    marks: list[tuple[tuple[int, int], int]] = []
    for step in steps:
        play.play(step)
        for mark, id_ in marks:
            if id_ in play.tape:
                number = play.lines.shown[play.lines.place_of(mark)]
                assert number & 1 == 0 or id_ in {t.id for t in play.lines._members(number)}
        rows = prints(play.lines)
        marks = [(play.lines.mark(i), row.id) for i, row in enumerate(rows) if row.hole is None]


# What was recorded.


def recorded(shared_data: Path) -> dict[str, list[Trade]]:
    """Return the recorded trades of each market, in order of arrival."""
    found: dict[str, list[Trade]] = defaultdict(list)
    path = shared_data / "upbit/ws/cryptofeed-20210405-trade-orderbook-simple.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for event in map(json.loads, lines):
            message = decode(event["frame"].encode()) if event["dir"] == "recv" else None
            if isinstance(message, Trade):
                found[message.market].append(message)
    return found


@pytest.mark.parametrize("join_ms", JOINS)
def test_recorded_trades_are_all_on_the_lines(shared_data: Path, join_ms: int) -> None:
    markets = recorded(shared_data)
    assert sum(map(len, markets.values())) == 672
    joined_ = 0
    for trades in markets.values():
        wanted = ALL._replace(join_ms=join_ms)
        tape = Tape()
        lines = Lines(tape, wanted)
        for i, each in enumerate(trades):
            tape.add(each)
            if i % 5 == 0:
                lines.pull(12)
        lines.pull(12)
        check(lines, tape, wanted)
        joined_ += len(trades) - len(lines)
    assert (joined_ > 0) == (join_ms >= 0), "orders that took several levels are one line"


# Copying.


def test_copied_lines_have_each_digit() -> None:
    tape = tape_of(
        trade(1, 1_600_000_000_007, price=0.00000123, size=0.1),
        trade(2, 1_600_000_000_007, price=0.00000123, size=0.2),
        trade(3, 1_600_000_001_000, "ASK", 91_157_000.0, 0.00012345),
    )
    lines = Lines(tape, ALL)
    assert copied([lines.exact(1), lines.exact(0), Span(1_600_000_000_000, 1_600_000_001_000)]).splitlines() == [
        "time\tside\tprice\tlow\thigh\tsize\tvalue\ttrades",
        "2020-09-13 21:26:41.000\tASK\t91157000\t91157000\t91157000\t0.00012345\t11253.33165\t1",
        "2020-09-13 21:26:40.007\tBID\t0.00000123\t0.00000123\t0.00000123\t0.3\t0.000000369\t2",
        "2020-09-13 21:26:40.000\tmissing until 2020-09-13 21:26:41.000\t\t\t\t\t\t",
    ]
