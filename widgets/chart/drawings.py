"""Where drawings are on a chart, in device px: what is painted, what is hit, and where the mouse takes them. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Literal, NamedTuple, Protocol

import msgspec
import numpy as np
from numpy.typing import NDArray

from core.market import tick_size
from core.state.drawings import Anchor, Drawing
from widgets import format as fmt

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

Point = tuple[float, float]
Segment = tuple[float, float, float, float]  # x, y, x, y
Area = tuple[float, float, float, float]  # x, y, width, height
Part = Literal["body", "first", "second", "third", "fourth"]  # third and fourth: the other corners of a rectangle

HANDLES: tuple[Part, ...] = ("first", "second", "third", "fourth")

# Logical px.
REACH_PX = 5.0  # from a line that is still hit
HANDLE_PX = 7.0  # from a handle
MAGNET_PX = 14.0  # from a price of a bar that draws to it
COPY_PX = 24.0  # by which a copy stands beside
_BEYOND = 1e14  # device px; what has a point further out is not shown: there a float is hardly exact to a pixel
_LEAST_PRICE = 1e-12
_STEEP = math.tan(math.radians(67.5))  # between 45 degrees and upright


class Times(NamedTuple):
    """Between moments and bar indexes, also before the first bar and after the last."""

    starts: I64  # epoch ms, ascending
    length_ms: int  # of a bar where there is none

    def x(self, time_ms: float) -> float:
        """Return the position of a moment; a bar's start is its index."""
        starts, n = self.starts, len(self.starts)
        if not n:
            return time_ms / self.length_ms
        index = int(np.searchsorted(starts, time_ms, side="right")) - 1
        if index < 0:
            return (time_ms - int(starts[0])) / self.length_ms
        start = int(starts[index])
        length = int(starts[index + 1]) - start if index + 1 < n else self.length_ms
        return index + (time_ms - start) / length

    def time(self, x: float) -> int:
        """Return the moment at a position, whole ms."""
        starts, n = self.starts, len(self.starts)
        if not n:
            return round(x * self.length_ms)
        if x < 0:
            return round(int(starts[0]) + x * self.length_ms)
        index = min(math.floor(x), n - 1)
        start = int(starts[index])
        length = int(starts[index + 1]) - start if index + 1 < n else self.length_ms
        return round(start + (x - index) * length)


class Pixels(Protocol):
    """How bars and prices come to be device px, whatever the scale is."""

    @property
    def px_per_bar(self) -> float: ...
    def x(self, index: float) -> float: ...
    def y(self, price: float) -> float: ...
    def price(self, y: float) -> float: ...


class Shape(NamedTuple):
    """A drawing in device px: lines, then the area within them and the handles."""

    lines: tuple[Segment, ...]
    area: Area | None
    handles: tuple[Point, ...]


class Ground(NamedTuple):
    """The plot as it is now: what drawings stand on."""

    market: str
    pixels: Pixels
    times: Times
    rows: F64  # of the bars: open high low close volume
    width: float  # device px
    height: float
    dpr: float
    room: Callable[[Drawing], tuple[float, float]]  # width and height of what is written in it, device px

    # Places.

    def point(self, anchor: Anchor) -> Point:
        """Return where a place is."""
        return self.pixels.x(self.times.x(anchor.time_ms)), self.pixels.y(anchor.price)

    def bar(self, x: float) -> float:
        """Return the position on the bars of a pixel."""
        return (x - self.pixels.x(0)) / self.pixels.px_per_bar

    def rounded(self, price: float) -> float:
        """Return a price as the market spells it."""
        if not price > 0:
            return price
        step = tick_size(self.market, price)
        return float(round(round(price / step) * step, fmt.decimals(step)))

    def snap(self, x: float, y: float, *, is_magnet: bool) -> Anchor:
        """Return the place of a pixel: on a bar, on a price step, or on a price of the bar that is near."""
        index = round(self.bar(x))
        price = self.rounded(self.pixels.price(y))
        if is_magnet and 0 <= index < len(self.rows):
            near = {abs(self.pixels.y(p) - y): p for p in self.rows[index, :4].tolist()}
            if (least := min(near)) <= MAGNET_PX * self.dpr:
                price = near[least]
        return Anchor(self.times.time(index), price)

    def straighten(self, fixed: Anchor, x: float, y: float, *, is_square: bool) -> Anchor:
        """Return the place near a pixel from which a line to `fixed` is level, upright or at 45 degrees.

        Args:
            is_square: at 45 degrees only: the corner of a square.
        """
        x0, y0 = self.point(fixed)
        index = round(self.bar(x))
        dx, dy = self.pixels.x(index) - x0, y - y0
        is_level = abs(dy) * _STEEP < abs(dx) and not is_square
        is_upright = abs(dx) * _STEEP < abs(dy) and not is_square
        time_ms = fixed.time_ms if is_upright else self.times.time(index)
        if is_level:
            return Anchor(time_ms, fixed.price)
        if not is_upright:
            y = y0 + math.copysign(abs(dx), dy)
        return Anchor(time_ms, self.rounded(self.pixels.price(y)))

    # Shapes.

    def shape(self, drawing: Drawing) -> Shape | None:
        """Return what there is of a drawing, None if it has no place on this scale."""
        points = [self.point(a) for a in drawing.anchors]
        places = [y for _, y in points] if drawing.kind == "horizontal" else [v for p in points for v in p]
        if not all(abs(v) < _BEYOND for v in places):  # nor is nan
            return None
        (x1, y1), (x2, y2) = points[0], points[-1]
        across: Area = (min(x1, x2), min(y1, y2), abs(x2 - x1), abs(y2 - y1))
        match drawing.kind:
            case "trend":
                return Shape(((x1, y1, x2, y2),), None, tuple(points))
            case "ray":
                return Shape((self._ray(x1, y1, x2, y2),), None, tuple(points))
            case "horizontal":
                return Shape(((0.0, y1, self.width, y1),), None, tuple(points))
            case "rectangle":
                return Shape(_edges(across), across, (*points, (x1, y2), (x2, y1)))
            case "measure":
                return Shape(_edges(across), across, tuple(points))
            case "text":
                width, height = self.room(drawing)
                area: Area = (x1, y1, width, height)
                return Shape(_edges(area), area, (points[0],))
            case "fibonacci":
                rows = [self.pixels.y(price) for _, price in levels(drawing)]
                lines = [(across[0], y, across[0] + across[2], y) for y in rows if abs(y) < _BEYOND]
                ys = [y for _, y, _, _ in lines] or [y1]
                area = (across[0], min(ys), across[2], max(ys) - min(ys))
                return Shape((*lines, (x1, y1, x2, y2)), area, tuple(points))

    def _ray(self, x1: float, y1: float, x2: float, y2: float) -> Segment:
        """Return a line from the first point through the second to the edge of the plot."""
        dx, dy = x2 - x1, y2 - y1
        ways = [
            (edge - at) / step
            for at, step, edge in ((x1, dx, self.width if dx > 0 else 0.0), (y1, dy, self.height if dy > 0 else 0.0))
            if step
        ]
        way = max(ways, default=1.0)  # to the further edge: it is cut at the nearer one
        way = max(min(way, _BEYOND / max(abs(dx), abs(dy), 1e-9)), 1.0)
        return x1, y1, x1 + way * dx, y1 + way * dy

    def clipped(self, line: Segment, margin: float) -> Segment | None:
        """Return the part of a line that is in the plot or not further out than `margin`, None if there is none."""
        x1, y1, x2, y2 = line
        dx, dy, begin, end = x2 - x1, y2 - y1, 0.0, 1.0
        for step, room in (
            (-dx, x1 + margin),
            (dx, self.width + margin - x1),
            (-dy, y1 + margin),
            (dy, self.height + margin - y1),
        ):
            if step == 0:
                if room < 0:
                    return None
            elif step < 0:
                begin = max(begin, room / step)
            else:
                end = min(end, room / step)
        if begin > end:
            return None
        return x1 + begin * dx, y1 + begin * dy, x1 + end * dx, y1 + end * dy

    # Hits.

    def part_at(self, drawing: Drawing, x: float, y: float, *, has_handles: bool, is_within: bool) -> Part | None:
        """Return which part of a drawing is at a pixel.

        Args:
            has_handles: its handles are shown, so they are hit as well.
            is_within: so is the area between its lines. Of a text it always is.
        """
        shape = self.shape(drawing)
        if shape is None:
            return None
        if has_handles:
            reach = HANDLE_PX * self.dpr
            for part, (px, py) in zip(HANDLES, shape.handles, strict=False):
                if drawing.kind != "text" and math.hypot(x - px, y - py) <= reach:
                    return part
        reach = (REACH_PX + drawing.width / 2) * self.dpr
        if any(distance(line, x, y) <= reach for line in shape.lines):
            return "body"
        if shape.area is not None and (is_within or drawing.kind == "text"):
            left, top, width, height = shape.area
            if left <= x <= left + width and top <= y <= top + height:
                return "body"
        return None

    def hit(
        self, drawings: Iterable[Drawing], x: float, y: float, selected: int | None, *, is_within: bool = False
    ) -> tuple[Drawing, Part] | None:
        """Return the drawing at a pixel and which part of it: the selected one first, then the uppermost."""
        upper_first = list(drawings)[::-1]
        for drawing in sorted(upper_first, key=lambda d: d.id != selected):
            is_selected = drawing.id == selected
            part = self.part_at(drawing, x, y, has_handles=is_selected, is_within=is_within or is_selected)
            if part is not None:
                return drawing, part
        return None

    # Changes.

    def moved(self, drawing: Drawing, dx: float, dy: float) -> Drawing:
        """Return the drawing moved by px: by whole bars, and all its prices by the same way on the screen."""
        bars = round(dx / self.pixels.px_per_bar)
        return msgspec.structs.replace(drawing, anchors=tuple(self._moved(a, bars, dy) for a in drawing.anchors))

    def _moved(self, anchor: Anchor, bars: int, dy: float) -> Anchor:
        time_ms = self.times.time(self.times.x(anchor.time_ms) + bars) if bars else anchor.time_ms
        if not dy:
            return Anchor(time_ms, anchor.price)
        price = self.pixels.price(self.pixels.y(anchor.price) + dy)
        return Anchor(time_ms, self.rounded(price) if price > 0 else _LEAST_PRICE)

    def shifted(self, drawing: Drawing, to: Anchor) -> Drawing:
        """Return the drawing with its first anchor at `to`, as many bars long, its prices in the same proportions.

        So a copy from a market at 90,000,000 stands well in one at 500.
        """
        first = drawing.anchors[0]
        bars = self.times.x(to.time_ms) - self.times.x(first.time_ms)
        share = to.price / first.price if first.price > 0 else 1.0
        return msgspec.structs.replace(
            drawing,
            anchors=(
                to,
                *(
                    Anchor(self.times.time(self.times.x(a.time_ms) + bars), self.rounded(a.price * share))
                    for a in drawing.anchors[1:]
                ),
            ),
        )


def with_anchor(drawing: Drawing, part: Part, anchor: Anchor) -> Drawing:
    """Return the drawing with one of its corners elsewhere."""
    if part == "body" or (part == "first" and len(drawing.anchors) == 1):
        return msgspec.structs.replace(drawing, anchors=(anchor, *drawing.anchors[1:]))
    first, second = drawing.anchors
    match part:
        case "first":
            first = anchor
        case "second":
            second = anchor
        case "third":  # below or above the first
            first, second = Anchor(anchor.time_ms, first.price), Anchor(second.time_ms, anchor.price)
        case "fourth":
            first, second = Anchor(first.time_ms, anchor.price), Anchor(anchor.time_ms, second.price)
    return msgspec.structs.replace(drawing, anchors=(first, second))


def opposite(drawing: Drawing, part: Part) -> Anchor | None:
    """Return what stays where it is while a corner is dragged, None if nothing does."""
    if len(drawing.anchors) == 1:
        return None
    first, second = drawing.anchors
    match part:
        case "first":
            return second
        case "second":
            return first
        case "third":
            return Anchor(second.time_ms, first.price)
        case "fourth":
            return Anchor(first.time_ms, second.price)
    return None


def levels(drawing: Drawing) -> list[tuple[float, float]]:
    """Return the levels of a Fibonacci with their prices: 1 at the first anchor, 0 at the second, to go back from."""
    first, second = drawing.anchors
    return [(level, second.price + (first.price - second.price) * level) for level in sorted(drawing.levels)]


def distance(line: Segment, x: float, y: float) -> float:
    """Return how far a point is from a line between two points."""
    x1, y1, x2, y2 = line
    dx, dy = x2 - x1, y2 - y1
    long = dx * dx + dy * dy
    share = min(max(((x - x1) * dx + (y - y1) * dy) / long, 0.0), 1.0) if long else 0.0
    return math.hypot(x - x1 - share * dx, y - y1 - share * dy)


def _edges(area: Area) -> tuple[Segment, ...]:
    x, y, width, height = area
    right, bottom = x + width, y + height
    return (x, y, right, y), (right, y, right, bottom), (right, bottom, x, bottom), (x, bottom, x, y)


class Measure(NamedTuple):
    """What lies between the two ends of a measure."""

    bars: int
    time_ms: int
    price: float  # quote currency, from the first to the second
    rate: float  # of the first price: 0.01 is 1 %; nan where that means nothing


def measured(drawing: Drawing, times: Times) -> Measure:
    """Return how far it is from the first anchor to the second."""
    first, second = drawing.anchors
    change = second.price - first.price
    bars = round(times.x(second.time_ms) - times.x(first.time_ms))
    return Measure(bars, second.time_ms - first.time_ms, change, change / first.price if first.price > 0 else math.nan)
