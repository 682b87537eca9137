"""What mouse and keys do to the drawings of a chart: draw, select, move, copy, delete. Pure: pixels come as numbers."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

from msgspec.structs import replace

from core.state.drawings import LEVELS, LONGEST_TEXT, POINTS, Drawing, Drawings, Kind, Sheet
from widgets.chart.drawings import COPY_PX, Ground, Part, opposite, with_anchor

STILL_PX = 4.0  # logical; a mouse that moved less was clicked, not dragged


def _ignore(*_: object) -> None:
    return None


class Held(NamedTuple):
    """Keys held with the mouse."""

    is_shift: bool = False  # straight
    is_ctrl: bool = False  # a copy is dragged; the magnet is the other way


NO_KEYS = Held()


class _Grip(NamedTuple):
    """A drawing that the mouse has got hold of."""

    drawing: Drawing  # as it was, or the copy of it that goes along
    part: Part
    is_copy: bool


class DrawingHand:
    """Joins one chart's mouse and keys to the sheet of its market.

    Args:
        ground: returns the plot as it is now, None where there is none to draw on.
        on_look: called when what is seen changed: tool, selection, sheet.
    """

    def __init__(self, ground: Callable[[], Ground | None], on_look: Callable[[], None]) -> None:
        self._all, self._ground, self._on_look = Drawings(), ground, on_look
        self.on_text: Callable[[Drawing], None] = _ignore  # what is written in it is to be typed
        self.on_full: Callable[[], None] = _ignore  # no more drawings fit on the sheet
        self.market = ""
        self.sheet = Sheet()
        self.is_shown = True  # else the chart shows no drawings, and none is hit
        self.tool: Kind | None = None
        self.selected: int | None = None  # id
        self.hovered: tuple[int, Part] | None = None
        self.writing: int | None = None  # the text of this one is being typed
        self._grip: _Grip | None = None
        self._pressed: tuple[float, float] | None = None  # where the button went down
        self._drawn: Drawing | None = None  # begun with the tool
        self._is_begun = False  # by the press that lasts
        self._is_moved = False  # since the button went down

    # What there is.

    @property
    def seen(self) -> tuple[Drawing, ...]:
        """What is to be painted."""
        return self.sheet.seen if self.is_shown else ()

    @property
    def marked(self) -> set[int]:
        """Ids of those that show their handles."""
        return {n for n in (self.selected, self.hovered and self.hovered[0]) if n is not None}

    @property
    def chosen(self) -> Drawing | None:
        """The selected drawing."""
        return None if self.selected is None or not self.is_shown else self.sheet.find(self.selected)

    @property
    def is_busy(self) -> bool:
        """Whether the mouse is drawing or has got hold of something."""
        return self._drawn is not None or self._grip is not None

    @property
    def is_magnet(self) -> bool:
        """Whether what is drawn is drawn to the prices of the bars, on every chart."""
        return self._all.is_magnet

    def set_magnet(self, is_magnet: bool) -> None:
        """Draw to the prices of the bars, or not, on every chart."""
        self._all.is_magnet = is_magnet
        self._on_look()

    @property
    def look(self) -> tuple[object, ...]:
        """All that decides what is seen; another one needs painting."""
        shown = (self.sheet, self.sheet.version) if self.is_shown else ()
        return (*shown, self.tool, self.selected, self.hovered, self.writing, self.is_magnet)

    def show(self, drawings: Drawings, market: str) -> None:
        """Be on the sheet of a market from now on; called again when the sheets were loaded anew."""
        self._all = drawings
        sheet = drawings.sheet(market)
        if sheet is not self.sheet:
            self.let_go()
            self.market, self.sheet = market, sheet
            self.selected = self.hovered = self.writing = None
            self._on_look()

    def set_shown(self, is_shown: bool) -> None:
        """Show the drawings on this chart, or leave them out."""
        if is_shown != self.is_shown:
            self.cancel()
            self.is_shown, self.selected, self.hovered = is_shown, None, None
            self._on_look()

    def take(self, tool: Kind | None) -> None:
        """Draw this with the next press; None draws nothing."""
        self.let_go()
        self.tool, self.hovered = tool, None
        if tool is not None:
            self.is_shown, self.selected = True, None
        self._on_look()

    def select(self, number: int | None) -> None:
        if number != self.selected:
            self.selected = number
            self._on_look()

    # Mouse. Positions in device px of the plot; each tells whether the press is the drawings', not the chart's.

    def press(self, x: float, y: float, held: Held = NO_KEYS) -> bool:
        """The left button went down."""
        ground = self._ground()
        self._pressed, self._is_moved, self._is_begun = (x, y), False, False
        if ground is None:
            return False
        if self.tool is not None:
            if self._drawn is None:
                self._is_begun = True
                self._begin(ground, self.tool, x, y, held)
            else:
                self._draw(ground, x, y, held)
            return True
        found = ground.hit(self.seen, x, y, self.selected)
        if found is None:
            return False
        drawing, part = found
        self.select(drawing.id)
        if drawing.is_locked and not (held.is_ctrl and part == "body"):
            return False
        is_copy = held.is_ctrl and part == "body"
        if is_copy:
            drawing = replace(drawing, id=self._all.new_id(), is_locked=False)
        self._grip = _Grip(drawing, part, is_copy)
        return True

    def move(self, x: float, y: float, held: Held = NO_KEYS, *, is_pressed: bool) -> bool:
        """The mouse moved, with or without the left button."""
        ground = self._ground()
        if ground is None:
            return False
        self._look_at_way(ground, x, y)
        if self._drawn is not None:
            self._draw(ground, x, y, held)
            return True
        if self._grip is not None:
            if self._is_moved:
                self._drag(ground, self._grip, x, y, held)
            return True
        if not is_pressed and self.tool is None:
            self._hover(ground.hit(self.seen, x, y, self.selected) if self.seen else None)
        return False

    def _look_at_way(self, ground: Ground, x: float, y: float) -> None:
        if self._pressed is not None and math.dist((x, y), self._pressed) >= STILL_PX * ground.dpr:
            self._is_moved = True

    def release(self, x: float, y: float, held: Held = NO_KEYS) -> bool:
        """The left button went up."""
        ground = self._ground()
        if ground is None:
            self.let_go()
            self._pressed = None
            return False
        self._look_at_way(ground, x, y)
        is_click, self._pressed = self._pressed is not None and not self._is_moved, None
        if self._drawn is not None:
            if is_click and self._is_begun and len(self._drawn.anchors) > 1:  # the first of two clicks
                self._drawn = with_anchor(self._drawn, "second", self._drawn.anchors[0])
                self.sheet.hold(self._drawn)
                return True
            self._draw(ground, x, y, held)
            self._finish(ground)
            return True
        if self._grip is not None:
            grip, self._grip = self._grip, None
            self._settle(grip)
            return True
        if is_click and self.seen:
            found = ground.hit(self.seen, x, y, self.selected, is_within=True)
            self.select(None if found is None else found[0].id)
        return False

    def double_click(self, x: float, y: float) -> bool:
        """The left button went down a second time."""
        if self.tool is not None:
            return self.press(x, y)
        ground = self._ground()
        found = ground.hit(self.seen, x, y, self.selected) if ground is not None else None
        if found is None:
            return False
        if found[0].kind == "text" and not found[0].is_locked:
            self.write(found[0])
        return True

    def leave(self) -> None:
        """The mouse is elsewhere."""
        self._hover(None)

    def _hover(self, found: tuple[Drawing, Part] | None) -> None:
        hovered = None if found is None else (found[0].id, found[1])
        if hovered != self.hovered:
            self.hovered = hovered
            self._on_look()

    def at(self, x: float, y: float) -> Drawing | None:
        """Return the drawing at a pixel, also within its lines."""
        ground = self._ground()
        found = ground.hit(self.seen, x, y, self.selected, is_within=True) if ground is not None else None
        return None if found is None else found[0]

    # Drawing.

    def _begin(self, ground: Ground, tool: Kind, x: float, y: float, held: Held) -> None:
        anchor = ground.snap(x, y, is_magnet=self._is_magnet(held))
        levels = next((d.levels for d in reversed(self.sheet.drawings) if d.kind == tool == "fibonacci"), LEVELS)
        self._drawn = Drawing(self._all.new_id(), tool, (anchor,) * POINTS[tool], levels=levels)
        if tool != "text":
            self.sheet.hold(self._drawn)

    def _draw(self, ground: Ground, x: float, y: float, held: Held) -> None:
        if self._drawn is None:
            return
        part: Part = "first" if POINTS[self._drawn.kind] == 1 else "second"
        self._drawn = self._reshaped(ground, self._drawn, part, x, y, held)
        if self._drawn.kind != "text":
            self.sheet.hold(self._drawn)

    def _finish(self, ground: Ground) -> None:
        """The button went up: that is all, unless both ends are at one place."""
        drawn = self._drawn
        if drawn is None or not drawn.has_extent:
            return
        ends = [ground.point(a) for a in drawn.anchors]
        if len(ends) > 1 and math.dist(*ends) < STILL_PX * ground.dpr:  # the first place was clicked twice
            return
        self._drawn, self.tool = None, None
        if drawn.kind == "text":
            self.write(drawn)
        elif self.sheet.put(drawn):
            self.selected = drawn.id
        else:
            self.on_full()
        self._on_look()

    def _reshaped(self, ground: Ground, drawing: Drawing, part: Part, x: float, y: float, held: Held) -> Drawing:
        """Return the drawing with a corner at a pixel."""
        fixed = opposite(drawing, part)
        if held.is_shift and fixed is not None:
            return with_anchor(drawing, part, ground.straighten(fixed, x, y, is_square=drawing.kind == "rectangle"))
        return with_anchor(drawing, part, ground.snap(x, y, is_magnet=self._is_magnet(held)))

    def _is_magnet(self, held: Held) -> bool:
        return self._all.is_magnet != held.is_ctrl

    def _drag(self, ground: Ground, grip: _Grip, x: float, y: float, held: Held) -> None:
        if self._pressed is None:
            return
        if grip.part != "body":
            self.sheet.hold(self._reshaped(ground, grip.drawing, grip.part, x, y, held))
            return
        dx, dy = x - self._pressed[0], y - self._pressed[1]
        if held.is_shift:  # along one axis
            dx, dy = (dx, 0.0) if abs(dx) > abs(dy) else (0.0, dy)
        self.sheet.hold(ground.moved(grip.drawing, dx, dy))

    def _settle(self, grip: _Grip) -> None:
        """Keep what was dragged where it is now."""
        draft = self.sheet.draft
        if draft is None or draft.id != grip.drawing.id:
            return
        if not draft.has_extent:  # one end was dragged onto the other
            self.sheet.hold(None)
        elif not self.sheet.put(draft):
            self.on_full()
        elif grip.is_copy:
            self.selected = draft.id
        self._on_look()

    def let_go(self) -> None:
        """Leave everything as it was before the mouse took it."""
        if self.is_busy:
            self._drawn = self._grip = self._pressed = None
            self.sheet.hold(None)

    # Keys and menus.

    def cancel(self) -> bool:
        """Give up what is being drawn or dragged, else the tool, else the selection. Return whether there was any."""
        if self.is_busy:
            self.let_go()
        elif self.tool is not None:
            self.tool = None
        elif self.selected is not None:
            self.selected = None
        else:
            return False
        self._on_look()
        return True

    def delete(self) -> bool:
        """Delete the selected drawing. Return whether one was selected; one that is locked stays."""
        chosen = self.chosen
        if chosen is None:
            return False
        self.let_go()
        self.sheet.remove(chosen.id)
        self._mend()
        return True

    def clear(self) -> None:
        """Delete all that are not locked; hidden ones are shown first, and only the next time deleted."""
        self.let_go()
        if self.is_shown:  # nobody shall delete what he does not see
            self.sheet.clear()
        self.is_shown = True
        self._mend()

    def undo(self) -> None:
        """Take the last step back; what the mouse holds is given up first."""
        self._step(self.sheet.undo)

    def redo(self) -> bool:
        """Take a step again that was taken back. Return whether there was one."""
        can_redo = self.sheet.can_redo
        self._step(self.sheet.redo)
        return can_redo

    def _step(self, step: Callable[[], bool]) -> None:
        if self.is_busy:
            self.let_go()
        else:
            self.is_shown = True  # nobody shall change what he does not see
            step()
        self._mend()

    def _mend(self) -> None:
        """Forget what is no more."""
        if self.chosen is None:
            self.selected = None
        if self.hovered is not None and self.sheet.find(self.hovered[0]) is None:
            self.hovered = None
        self._on_look()

    def change(self, drawing: Drawing) -> None:
        """Put a drawing in the place of the one with its id, if that is still there."""
        if self.sheet.find(drawing.id) is not None:
            self.let_go()
            self.sheet.put(drawing)
            self._on_look()

    def copy(self) -> bool:
        """Remember the selected drawing. Return whether one was selected."""
        chosen = self.chosen
        if chosen is not None:
            self._all.copied = self.market, chosen
        return chosen is not None

    def paste(self, at: tuple[float, float] | None) -> bool:
        """Put a copy of what was copied on this chart. Return whether there was something to put.

        Args:
            at: the pixel for its first anchor; None: a little beside, or where it stood on the other market.
        """
        copied, ground = self._all.copied, self._ground()
        if copied is None or ground is None:
            return False
        market, drawing = copied
        drawing = replace(drawing, id=self._all.new_id(), is_locked=False)
        if at is not None:
            drawing = ground.shifted(drawing, ground.snap(*at, is_magnet=self._all.is_magnet))
        elif market == self.market:
            drawing = ground.moved(drawing, COPY_PX * ground.dpr, COPY_PX * ground.dpr)
        self.let_go()
        self.is_shown = True
        if not drawing.has_extent:  # at so low a price its ends are one
            return False
        if self.sheet.put(drawing):
            self.selected = drawing.id
        else:
            self.on_full()
        self._on_look()
        return True

    # Text.

    def write(self, drawing: Drawing) -> None:
        """Let the text of a drawing be typed; it need not be on the sheet yet."""
        self.writing = drawing.id
        self._on_look()
        self.on_text(drawing)

    def write_end(self, drawing: Drawing, text: str | None) -> None:
        """The text was typed: nothing takes the drawing away. None: it stays as it was."""
        self.writing = None
        if text is not None:
            text = " ".join(text.split())[:LONGEST_TEXT]
            if not text:
                self.sheet.remove(drawing.id)
            elif self.sheet.put(replace(self.sheet.find(drawing.id) or drawing, text=text)):
                self.selected = drawing.id
            else:
                self.on_full()
        self._mend()
