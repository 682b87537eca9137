"""Columns stand beside each other, within the room, the important ones first."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from widgets.controls.columns import Columns

NAMES = "abcdef"


@given(
    st.lists(st.integers(10, 200), min_size=6, max_size=6),
    st.permutations(NAMES[1:]),
    st.integers(0, 1_500),
    st.integers(0, 90),
    st.integers(0, 50),
)
def test_they_fill_the_room_and_no_more_as_long_as_some_can_go(
    needs: list[int], dropped: list[str], room: int, most: int, begin: int
) -> None:
    columns, widths = Columns(begin), dict(zip(NAMES, needs, strict=True))
    assert columns.place(widths, dropped, room, ("a", most))
    assert not columns.place(widths, dropped, room, ("a", most)), "nothing changed"
    shown = list(columns.ends)
    assert shown == [n for n in NAMES if n in columns.ends], "in their order"
    assert set(dropped[len(NAMES) - len(shown) :]) == set(shown) - {"a"}, "the least important went"
    last = begin
    for name in shown:
        assert columns.left(name) == last
        assert columns.ends[name] - last >= widths[name], "none is too narrow"
        assert columns.at(last) == columns.at(columns.ends[name] - 1) == name
        last = columns.ends[name]
    assert columns.at(last + 1_000) == shown[-1]
    if len(shown) > 1 or room >= widths["a"]:
        assert last - begin <= room
        assert room - (last - begin) < len(shown), "no room is left over"
    if len(shown) < len(NAMES):
        gone = dropped[len(NAMES) - len(shown) - 1]
        assert sum(widths[n] for n in (*shown, gone)) > room, "none went in vain"


def test_there_is_an_end_to_the_air_between_them() -> None:
    columns = Columns()
    columns.place({"a": 50, "b": 50}, (), 1_000, ("a", 20), 30)
    assert columns.ends == {"a": 100, "b": 180}
