"""Drawings of a market: what undo and redo bring back, what is kept, what is bounded."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from core.state.drawings import (
    EXTENSIONS,
    LEVELS,
    LONGEST_TEXT,
    MARKETS,
    MOST,
    POINTS,
    STEPS,
    Anchor,
    Drawing,
    Drawings,
    Kept,
    Kind,
    Sheet,
)

anchors = st.builds(
    Anchor, st.integers(-(10**13), 10**13), st.floats(-1e12, 1e12, allow_nan=False, allow_infinity=False)
)


@st.composite
def drawings(draw: DrawFn, numbers: st.SearchStrategy[int] | None = None) -> Drawing:
    kind: Kind = draw(st.sampled_from(list(POINTS)))
    return Drawing(
        draw(numbers or st.integers(1, 6)),
        kind,
        tuple(draw(anchors) for _ in range(POINTS[kind])),
        draw(st.integers(0, 9)),
        draw(st.integers(1, 4)),
        draw(st.booleans()),
        draw(st.text(max_size=20)),
        tuple(draw(st.lists(st.sampled_from([*LEVELS, *EXTENSIONS]), unique=True))),
    )


def line(number: int, price: float = 100.0) -> Drawing:
    return Drawing(number, "horizontal", (Anchor(60_000, price),))


Command = Callable[[Sheet], object]


@st.composite
def commands(draw: DrawFn) -> Command:
    """Return something a user can do to a sheet."""
    name = draw(st.sampled_from(["put", "put two", "remove", "clear", "hold", "drop"]))
    one, other, number = draw(drawings()), draw(drawings()), draw(st.integers(1, 6))
    made: dict[str, Command] = {
        "put": lambda sheet: sheet.put(one),
        "put two": lambda sheet: sheet.put(one, other),
        "remove": lambda sheet: sheet.remove(number),
        "clear": lambda sheet: sheet.clear(),
        "hold": lambda sheet: sheet.hold(one),
        "drop": lambda sheet: sheet.hold(None),
    }
    return made[name]


@settings(deadline=None)
@given(st.lists(drawings(), max_size=4), st.lists(commands(), max_size=30))
def test_all_undone_gives_the_start_and_all_redone_the_end(first: list[Drawing], done: list[Command]) -> None:
    sheet = Sheet()
    sheet.put(*first)
    sheet = Sheet(sheet.drawings)
    start = sheet.drawings
    for command in done:
        command(sheet)
    end = sheet.drawings
    states = [end]
    while sheet.undo():
        states.append(sheet.drawings)
    assert states[-1] == start
    assert not sheet.can_undo
    for state in reversed(states[:-1]):
        assert sheet.redo()
        assert sheet.drawings == state
    assert not sheet.redo()
    assert (sheet.drawings, sheet.draft) == (end, None if len(states) > 1 else sheet.draft)


@settings(deadline=None)
@given(st.lists(commands(), max_size=20), st.data())
def test_ids_stay_unique_and_what_is_seen_has_its_version(done: list[Command], data: st.DataObject) -> None:
    said = []
    sheet = Sheet(on_change=lambda: said.append(sheet.version))
    for command in done:
        seen, version = sheet.seen, sheet.version
        command(sheet)
        if data.draw(st.booleans()):
            sheet.undo()
        assert len({d.id for d in sheet.seen}) == len(sheet.seen)
        assert sheet.seen == seen or sheet.version > version
    assert said == sorted(set(said))


def test_a_step_after_an_undo_ends_what_could_be_redone() -> None:
    sheet = Sheet()
    sheet.put(line(1))
    sheet.put(line(2))
    sheet.undo()
    sheet.put(line(3))
    assert not sheet.can_redo
    assert [d.id for d in sheet.drawings] == [1, 3]


def test_what_changes_nothing_is_no_step() -> None:
    sheet = Sheet()
    sheet.put(line(1))
    version = sheet.version
    sheet.put(line(1))
    sheet.remove(7)
    assert sheet.version == version
    assert sheet.undo()
    assert not sheet.undo()


def test_a_draft_is_seen_in_the_place_of_its_drawing_and_is_no_step() -> None:
    sheet = Sheet()
    sheet.put(line(1))
    sheet.put(line(2))
    sheet.hold(line(1, 120.0))
    assert [(d.id, d.anchors[0].price) for d in sheet.seen] == [(1, 120.0), (2, 100.0)]
    assert sheet.find(1) == line(1, 120.0)
    assert sheet.drawings == (line(1), line(2))
    sheet.hold(None)
    assert sheet.seen == (line(1), line(2))
    sheet.hold(line(3))
    sheet.put(line(3))
    assert sheet.draft is None
    sheet.undo()
    assert sheet.drawings == (line(1), line(2))


def test_what_is_locked_stays() -> None:
    sheet = Sheet()
    sheet.put(line(1), msgspec.structs.replace(line(2), is_locked=True))
    sheet.remove(2)
    assert len(sheet.drawings) == 2
    sheet.clear()
    assert [d.id for d in sheet.drawings] == [2]


def test_no_more_than_so_many_and_so_many_steps() -> None:
    sheet = Sheet()
    assert all(sheet.put(line(i)) for i in range(MOST))
    assert not sheet.put(line(MOST))
    assert len(sheet.drawings) == MOST
    assert sheet.put(line(0, 5.0)), "one that is there can change"
    steps = 0
    while sheet.undo():
        steps += 1
    assert steps == STEPS


# All markets.


@settings(deadline=None)
@given(st.dictionaries(st.text(min_size=1, max_size=8), st.lists(drawings(), max_size=6), max_size=4), st.booleans())
def test_what_is_kept_comes_back_the_same(markets: dict[str, list[Drawing]], is_magnet: bool) -> None:
    first = Drawings()
    first.is_magnet = is_magnet
    for market, made in markets.items():
        first.sheet(market).put(*made)
    data = msgspec.json.encode(first.keep())
    second = Drawings()
    second.load(msgspec.json.decode(data, type=Kept))
    assert {m: second.sheet(m).drawings for m in markets} == {m: first.sheet(m).drawings for m in markets}
    assert second.is_magnet is is_magnet
    assert msgspec.json.encode(second.keep()) == data
    assert all(second.new_id() > d.id for made in markets.values() for d in made)


def test_a_market_has_one_sheet_and_each_change_names_it() -> None:
    drawings_, said = Drawings(), list[str]()
    drawings_.on_change = said.append
    assert drawings_.sheet("KRW-BTC") is drawings_.sheet("KRW-BTC")
    drawings_.sheet("KRW-BTC").put(line(1))
    drawings_.sheet("KRW-ETH").hold(line(2))
    assert said == ["KRW-BTC", "KRW-ETH"]
    assert drawings_.keep().markets == {"KRW-BTC": (line(1),)}, "a draft is kept nowhere"


def test_sheets_are_bounded_and_those_with_drawings_stay() -> None:
    drawings_ = Drawings()
    drawings_.sheet("KRW-BTC").put(line(1))
    for n in range(MARKETS + 10):
        drawings_.sheet(f"KRW-{n}")
    assert len(drawings_._sheets) <= MARKETS
    assert drawings_.sheet("KRW-BTC").drawings == (line(1),)


def test_of_a_file_that_says_an_id_twice_or_too_many_some_are_taken() -> None:
    drawings_ = Drawings()
    drawings_.load(Kept(markets={"KRW-BTC": tuple(line(i) for i in range(MOST + 5)), "KRW-ETH": (line(1), line(1, 2))}))
    assert [d.id for d in drawings_.sheet("KRW-BTC").drawings] == list(range(5, MOST + 5))
    assert drawings_.sheet("KRW-ETH").drawings == (line(1, 2),)
    assert not drawings_.sheet("KRW-ETH").can_undo


@pytest.mark.parametrize(
    "text",
    [
        '{"id":1,"kind":"circle","anchors":[[1,2.0]]}',
        '{"id":1,"kind":"trend","anchors":[[1,2.0]]}',
        '{"id":1,"kind":"horizontal","anchors":[[1,1e999]]}',
        '{"id":1,"kind":"horizontal","anchors":[[999999999999999999,1.0]]}',
        '{"id":1,"kind":"horizontal","anchors":[[1,2.0]],"color":10}',
        '{"id":1,"kind":"horizontal","anchors":[[1,2.0]],"width":0}',
        '{"id":1,"kind":"fibonacci","anchors":[[1,2.0],[2,3.0]],"levels":[0.3]}',
        '{"id":1,"kind":"text","anchors":[[1,2.0]],"text":"' + "a" * (LONGEST_TEXT + 1) + '"}',
    ],
)
def test_a_drawing_that_means_nothing_is_refused(text: str) -> None:
    with pytest.raises(msgspec.DecodeError):
        msgspec.json.decode(text, type=Drawing)
