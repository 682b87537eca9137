"""What mouse and keys do to drawings, gesture by gesture, without a screen."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn
from msgspec.structs import replace

from core.state.drawings import MOST, POINTS, Anchor, Drawing, Drawings, Kind
from widgets.chart.drawings import Ground, Times
from widgets.chart.drawings_hand import NO_KEYS, DrawingHand, Held
from widgets.plot.candles import Scale

MINUTE = 60_000
BEGIN = 1_780_000_020_000
MARKET = "KRW-XRP"
SHIFT, CTRL = Held(is_shift=True), Held(is_ctrl=True)


class Desk:
    """A chart of 40 bars, 10 px each, one price a pixel from 1,500 at the top, and its mouse."""

    def __init__(self, drawings: Drawings | None = None, market: str = MARKET) -> None:
        self.drawings = drawings or Drawings()
        self.looks = 0
        self.written: list[Drawing] = []
        self.full = 0
        starts = BEGIN + MINUTE * np.arange(40)
        rows = np.tile([1_200.0, 1_240.0, 1_160.0, 1_210.0, 1.0], (40, 1))
        self.ground: Ground | None = Ground(
            market, Scale(0.0, 10.0, 1_500.0, 1.0), Times(starts, MINUTE), rows, 800, 500, 1.0, lambda _: (80.0, 20.0)
        )
        self.hand = DrawingHand(lambda: self.ground, self._look)
        self.hand.on_text = self.written.append
        self.hand.on_full = self._full
        self.hand.show(self.drawings, market)

    def _look(self) -> None:
        self.looks += 1

    def _full(self) -> None:
        self.full += 1

    def drag(self, begin: tuple[float, float], end: tuple[float, float], held: Held = NO_KEYS) -> bool:
        """Return whether the drawings took the press."""
        taken = self.hand.press(*begin, held)
        for share in (0.3, 0.7, 1.0):
            x, y = (a + share * (b - a) for a, b in zip(begin, end, strict=True))
            self.hand.move(x, y, held, is_pressed=True)
        self.hand.release(*end, held)
        return taken

    def click(self, x: float, y: float, held: Held = NO_KEYS) -> bool:
        taken = self.hand.press(x, y, held)
        self.hand.release(x, y, held)
        return taken

    def draw(self, tool: Kind, begin: tuple[float, float], end: tuple[float, float], held: Held = NO_KEYS) -> Drawing:
        self.hand.take(tool)
        assert self.drag(begin, end, held)
        return self.last

    @property
    def all(self) -> tuple[Drawing, ...]:
        return self.hand.sheet.drawings

    @property
    def last(self) -> Drawing:
        return self.all[-1]

    def places(self, drawing: Drawing) -> list[tuple[float, float]]:
        assert self.ground is not None
        return [self.ground.point(a) for a in drawing.anchors]


@pytest.fixture
def desk() -> Desk:
    return Desk()


# Drawing.


@pytest.mark.parametrize("tool", [k for k, n in POINTS.items() if n == 2])
def test_a_drag_with_a_tool_draws_from_where_it_began_to_where_it_ended(desk: Desk, tool: Kind) -> None:
    made = desk.draw(tool, (52, 100), (198, 303))
    assert (made.kind, desk.places(made)) == (tool, [(50, 100), (200, 303)])
    assert desk.hand.tool is None
    assert desk.hand.selected == made.id
    assert not desk.drag((400, 100), (500, 100)), "without a tool the chart is dragged"


def test_two_clicks_draw_as_well_and_a_third_begins_nothing(desk: Desk) -> None:
    desk.hand.take("trend")
    assert desk.click(50, 100)
    desk.hand.move(150, 180, is_pressed=False)
    assert desk.places(desk.hand.seen[0]) == [(50, 100), (150, 180)]
    assert desk.all == ()
    assert desk.click(200, 300)
    assert desk.places(desk.last) == [(50, 100), (200, 300)]
    assert not desk.click(600, 450)
    assert len(desk.all) == 1


@given(dx=st.floats(-2.7, 2.7), dy=st.floats(-2.7, 2.7), is_moved=st.booleans())
def test_a_click_that_trembles_is_still_the_first_of_two(dx: float, dy: float, is_moved: bool) -> None:
    desk = Desk()
    desk.hand.take("trend")
    desk.hand.press(54, 100)
    if is_moved:
        desk.hand.move(54 + dx, 100 + dy, is_pressed=True)
    desk.hand.release(54 + dx, 100 + dy)
    assert desk.all == ()
    assert desk.places(desk.hand.seen[0]) == [(50, 100), (50, 100)]
    desk.drag((200, 300), (201, 301))
    assert desk.places(desk.last) == [(50, 100), (200, 301)]


def test_a_second_click_on_the_same_place_draws_nothing_yet(desk: Desk) -> None:
    desk.hand.take("trend")
    desk.click(50, 100)
    for y in (100, 102):
        desk.hand.double_click(51, y)
        desk.hand.release(51, y)
        assert desk.all == ()
    desk.click(90, 100)
    assert len(desk.all) == 1


def test_a_level_follows_the_mouse_until_the_button_goes_up(desk: Desk) -> None:
    made = desk.draw("horizontal", (52, 100), (302, 133))
    assert desk.places(made) == [(300, 133)]


def test_what_is_drawn_to_the_right_of_the_last_bar_stands_in_the_future(desk: Desk) -> None:
    made = desk.draw("trend", (380, 100), (600, 200))
    assert made.anchors[1].time_ms == BEGIN + 60 * MINUTE


def test_shift_makes_it_level_or_square(desk: Desk) -> None:
    level = desk.draw("trend", (50, 100), (250, 120), SHIFT)
    assert level.anchors[0].price == level.anchors[1].price
    square = desk.draw("rectangle", (50, 100), (150, 130), SHIFT)
    assert desk.places(square) == [(50, 100), (150, 200)]


def test_the_magnet_draws_to_the_prices_of_the_bar_under_the_mouse_and_ctrl_is_the_other_way(desk: Desk) -> None:
    assert desk.draw("horizontal", (50, 100), (52, 268)).anchors[0].price == 1_232.0
    assert desk.draw("horizontal", (50, 100), (52, 268), CTRL).anchors[0].price == 1_240.0
    desk.drawings.is_magnet = True
    assert desk.draw("horizontal", (50, 100), (52, 268)).anchors[0].price == 1_240.0
    assert desk.draw("horizontal", (50, 100), (52, 268), CTRL).anchors[0].price == 1_232.0
    assert desk.draw("horizontal", (50, 100), (52, 200)).anchors[0].price == 1_300.0, "none is near"
    assert desk.draw("horizontal", (50, 100), (600, 268)).anchors[0].price == 1_232.0, "there is no bar"


def test_escape_gives_up_the_drawing_then_the_tool_then_the_selection(desk: Desk) -> None:
    made = desk.draw("trend", (50, 100), (200, 300))
    desk.hand.take("ray")
    desk.hand.press(100, 100)
    desk.hand.move(150, 150, is_pressed=True)
    assert desk.hand.cancel()
    assert (desk.hand.seen, desk.hand.tool) == ((made,), "ray")
    assert desk.hand.cancel()
    assert desk.hand.tool is None
    desk.hand.release(150, 150)
    desk.click(50, 100)
    assert desk.hand.selected == made.id
    assert desk.hand.cancel()
    assert desk.hand.selected is None
    assert not desk.hand.cancel()


def test_a_fibonacci_has_the_levels_of_the_one_before(desk: Desk) -> None:
    first = desk.draw("fibonacci", (50, 100), (200, 300))
    desk.hand.change(replace(first, levels=(0.0, 1.0, 1.618)))
    assert desk.draw("fibonacci", (300, 100), (350, 300)).levels == (0.0, 1.0, 1.618)


def test_without_a_plot_the_chart_keeps_its_mouse(desk: Desk) -> None:
    desk.draw("trend", (50, 100), (200, 300))
    desk.hand.take("trend")
    desk.ground = None
    assert not desk.drag((50, 100), (300, 300))
    assert desk.hand.at(50, 100) is None


# Selecting, moving, copying.


def test_a_drag_on_a_line_moves_it_and_one_on_a_handle_moves_that_end(desk: Desk) -> None:
    made = desk.draw("trend", (50, 100), (250, 300))
    assert desk.drag((150, 200), (190, 230))
    assert desk.places(desk.last) == [(90, 130), (290, 330)]
    assert desk.drag((290, 330), (302, 200))
    assert desk.places(desk.last) == [(90, 130), (300, 200)]
    assert [d.id for d in desk.all] == [made.id]


def test_a_corner_of_a_rectangle_that_is_no_anchor_can_be_dragged(desk: Desk) -> None:
    desk.draw("rectangle", (50, 100), (250, 300))
    desk.drag((50, 300), (100, 350))
    assert desk.places(desk.last) == [(100, 100), (250, 350)]


def test_an_end_dragged_onto_the_other_goes_back(desk: Desk) -> None:
    made = desk.draw("trend", (50, 100), (250, 300))
    desk.drag((250, 300), (50, 100))
    assert desk.hand.seen == (made,)


def test_a_click_selects_and_one_beside_selects_no_more(desk: Desk) -> None:
    made = desk.draw("rectangle", (50, 100), (250, 300))
    assert not desk.click(500, 400)
    assert desk.hand.selected is None
    assert not desk.drag((150, 200), (190, 200)), "within it the chart is dragged"
    assert desk.hand.selected is None
    assert not desk.click(150, 200)
    assert desk.hand.selected == made.id
    assert desk.drag((150, 200), (190, 200)), "and once it is selected, the rectangle"
    assert desk.places(desk.last) == [(90, 100), (290, 300)]


def test_a_press_that_hardly_moves_changes_nothing(desk: Desk) -> None:
    made = desk.draw("trend", (50, 100), (250, 300))
    desk.drag((150, 200), (152, 202))
    assert desk.all == (made,)
    desk.hand.undo()
    assert desk.all == ()


def test_ctrl_and_drag_leave_the_drawing_and_move_a_copy(desk: Desk) -> None:
    made = desk.draw("trend", (50, 100), (250, 300))
    desk.hand.change(replace(made, is_locked=True))
    assert desk.drag((150, 200), (250, 200), CTRL)
    assert [desk.places(d) for d in desk.all] == [[(50, 100), (250, 300)], [(150, 100), (350, 300)]]
    assert not desk.last.is_locked
    assert desk.hand.selected == desk.last.id != made.id


def test_shift_moves_along_one_axis(desk: Desk) -> None:
    desk.draw("trend", (50, 100), (250, 300))
    desk.drag((150, 200), (200, 217), SHIFT)
    assert desk.places(desk.last) == [(100, 100), (300, 300)]


def test_what_is_locked_is_selected_but_neither_moved_nor_deleted(desk: Desk) -> None:
    made = desk.draw("trend", (50, 100), (250, 300))
    locked = replace(made, is_locked=True)
    desk.hand.change(locked)
    desk.hand.select(None)
    assert not desk.drag((150, 200), (250, 200)), "the chart is dragged"
    assert desk.hand.selected == made.id
    assert desk.hand.delete()
    assert desk.all == (locked,)


def test_copied_and_pasted_here_elsewhere_and_on_another_market(desk: Desk) -> None:
    assert not desk.hand.copy()
    assert not desk.hand.paste(None)
    desk.draw("trend", (50, 100), (250, 300))
    assert desk.hand.copy()
    assert desk.hand.paste(None)
    assert desk.places(desk.last) == [(70, 124), (270, 324)]
    assert desk.hand.paste((500, 100))
    assert [x for x, _ in desk.places(desk.last)] == [500, 700]
    other = Desk(desk.drawings, "KRW-ADA")
    assert other.hand.paste(None)
    assert other.last.anchors == desk.all[0].anchors
    assert len({d.id for d in (*desk.all, *other.all)}) == 4


def test_a_deleted_drawing_comes_back(desk: Desk) -> None:
    made = desk.draw("trend", (50, 100), (250, 300))
    assert desk.hand.delete()
    assert (desk.all, desk.hand.selected) == ((), None)
    assert not desk.hand.delete()
    desk.hand.undo()
    assert desk.all == (made,)
    desk.hand.redo()
    assert desk.all == ()


def test_hidden_drawings_are_not_hit_and_come_back_with_a_tool(desk: Desk) -> None:
    desk.draw("trend", (50, 100), (250, 300))
    desk.hand.set_shown(False)
    assert desk.hand.seen == ()
    assert not desk.click(150, 200)
    assert desk.hand.chosen is None
    desk.hand.take("ray")
    assert len(desk.hand.seen) == 1


def test_hidden_drawings_are_shown_before_all_are_deleted(desk: Desk) -> None:
    made = desk.draw("trend", (50, 100), (250, 300))
    desk.hand.set_shown(False)
    desk.hand.clear()
    assert desk.hand.seen == (made,)
    desk.hand.clear()
    assert desk.hand.seen == desk.all == ()


def test_what_is_under_the_mouse_shows_its_handles(desk: Desk) -> None:
    made = desk.draw("trend", (50, 100), (250, 300))
    desk.hand.select(None)
    desk.hand.move(150, 203, is_pressed=False)
    assert desk.hand.marked == {made.id}
    looks = desk.looks
    desk.hand.move(151, 203, is_pressed=False)
    assert desk.looks == looks, "nothing else is seen"
    desk.hand.move(500, 203, is_pressed=False)
    assert desk.hand.marked == set()
    desk.hand.move(150, 203, is_pressed=False)
    desk.hand.leave()
    assert desk.hand.marked == set()


def test_when_no_more_fit_it_is_said(desk: Desk) -> None:
    desk.hand.sheet.put(*(Drawing(-i, "horizontal", (Anchor(BEGIN, 1.0),)) for i in range(1, MOST + 1)))
    desk.hand.take("trend")
    desk.drag((50, 100), (250, 300))
    assert (len(desk.all), desk.full) == (MOST, 1)
    assert desk.hand.seen == desk.all


# Text.


def test_a_text_is_on_the_sheet_once_it_says_something(desk: Desk) -> None:
    desk.hand.take("text")
    desk.click(50, 100)
    (drawing,) = desk.written
    assert (desk.all, desk.hand.writing) == ((), drawing.id)
    desk.hand.write_end(drawing, "  breakout \n here ")
    assert (desk.last.text, desk.hand.writing) == ("breakout here", None)
    assert desk.hand.double_click(60, 110)
    desk.hand.write_end(desk.written[-1], None)
    assert desk.last.text == "breakout here"
    desk.hand.write_end(desk.last, " ")
    assert desk.all == ()
    desk.hand.undo()
    assert desk.last.text == "breakout here"


def test_a_text_that_says_nothing_never_was(desk: Desk) -> None:
    desk.hand.take("text")
    desk.click(50, 100)
    desk.hand.write_end(desk.written[0], "")
    assert desk.all == ()
    assert not desk.hand.sheet.can_undo


# Two charts of one market.


def test_two_charts_share_a_sheet_and_what_is_dragged_is_seen_on_both(desk: Desk) -> None:
    other = Desk(desk.drawings)
    made = desk.draw("trend", (50, 100), (250, 300))
    assert other.all == (made,)
    desk.hand.press(150, 200)
    desk.hand.move(190, 200, is_pressed=True)
    assert other.places(other.hand.seen[0]) == [(90, 100), (290, 300)]
    desk.hand.release(190, 200)
    other.hand.undo()
    assert desk.all == (made,)
    other.hand.select(made.id)
    desk.hand.delete()
    assert other.hand.chosen is None
    assert not other.hand.delete()


def test_another_market_gives_up_what_is_being_drawn(desk: Desk) -> None:
    sheet = desk.hand.sheet
    desk.hand.take("trend")
    desk.hand.press(50, 100)
    desk.hand.move(150, 200, is_pressed=True)
    desk.hand.show(desk.drawings, "KRW-ADA")
    assert sheet.seen == ()
    assert not desk.hand.is_busy


# Anything at all.

spots = st.tuples(st.integers(-50, 850), st.integers(-50, 550))
helds = st.sampled_from([NO_KEYS, SHIFT, CTRL])
Gesture = Callable[[Desk], object]


@st.composite
def gestures(draw: DrawFn) -> Gesture:
    name = draw(st.sampled_from(["tool", "drag", "click", "move", "press", "release", "double", "keys"]))
    tool, spot, end, held = draw(st.sampled_from(list(POINTS))), draw(spots), draw(spots), draw(helds)
    key = draw(st.sampled_from(["cancel", "delete", "undo", "redo", "copy", "paste", "clear", "hide"]))
    hands: dict[str, Callable[[DrawingHand], object]] = {
        "cancel": DrawingHand.cancel,
        "delete": DrawingHand.delete,
        "undo": DrawingHand.undo,
        "redo": DrawingHand.redo,
        "copy": DrawingHand.copy,
        "paste": lambda hand: hand.paste(spot),
        "clear": DrawingHand.clear,
        "hide": lambda hand: hand.set_shown(not hand.is_shown),
    }
    made: dict[str, Gesture] = {
        "tool": lambda desk: desk.hand.take(tool),
        "drag": lambda desk: desk.drag(spot, end, held),
        "click": lambda desk: desk.click(*spot, held),
        "move": lambda desk: desk.hand.move(*spot, held, is_pressed=bool(spot[0] % 2)),
        "press": lambda desk: desk.hand.press(*spot, held),
        "release": lambda desk: desk.hand.release(*spot, held),
        "double": lambda desk: desk.hand.double_click(*spot),
        "keys": lambda desk: hands[key](desk.hand),
    }
    return made[name]


@settings(deadline=None, max_examples=60)
@given(st.lists(gestures(), min_size=5, max_size=25))
def test_whatever_mouse_and_keys_do_undo_leads_back_and_nothing_is_left_held(done: list[Gesture]) -> None:
    desk = Desk()
    for gesture in done:
        gesture(desk)
        while desk.written:
            desk.hand.write_end(desk.written.pop(), "note")
        assert desk.hand.is_busy or desk.hand.sheet.draft is None
        assert all(d.has_extent for d in desk.all)
        assert desk.hand.chosen is None or desk.hand.chosen in desk.hand.seen
    while desk.hand.cancel():
        pass
    end = desk.all
    steps = 0
    while desk.hand.sheet.can_undo:
        desk.hand.undo()
        steps += 1
    assert desk.all == ()
    for _ in range(steps):
        desk.hand.redo()
    assert desk.all == end
