"""Bars to rectangles of whole device pixels. Pure: arrays in, arrays out."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from widgets.plot.chunks import Columns

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
Bools = NDArray[np.bool_]

BODY_SHARE = 0.8  # of the room a bar has
LEAST_PRICE = 1e-15  # on a logarithmic scale: a line of an indicator may reach zero and less, no price does
FAR = 1e5  # px; what lies further outside is cut before Qt sees it


class Scale(NamedTuple):
    """From bar index and price to device pixels of the plot, y downwards."""

    x0: float  # bar index at the left edge
    px_per_bar: float
    top: float  # at the upper edge, in units of the scale: a price, or the log10 of one
    px_per_unit: float
    is_log: bool = False

    def x(self, index: float) -> float:
        """Return the device pixel of the middle of bar `index`."""
        return (index - self.x0) * self.px_per_bar

    def y(self, price: float) -> float:
        """Return the device pixel of `price`."""
        if self.is_log:
            price = math.log10(max(price, LEAST_PRICE))
        return (self.top - price) * self.px_per_unit

    def ys(self, prices: F64) -> F64:
        """Return the device pixels of many prices; nan stays nan."""
        if self.is_log:
            prices = np.log10(np.maximum(prices, LEAST_PRICE))
        return (self.top - prices) * self.px_per_unit

    def price(self, y: float) -> float:
        """Return the price at device pixel `y`."""
        unit = self.top - y / self.px_per_unit
        return 10.0**unit if self.is_log else unit


class Boxes(NamedTuple):
    """Rectangles x, y, width, height: float64[m, 4] each."""

    up: F64  # wicks and bodies
    down: F64
    volume_up: F64
    volume_down: F64


def body_width(px_per_bar: float, line: int) -> int:
    """Return the width of a body in device pixels: the wick stands in its very middle."""
    width = int(px_per_bar * BODY_SHARE)
    if px_per_bar >= 2 * line + 1:
        width = min(width, int(px_per_bar) - line)  # neighbours never touch
    if width < line + 2:
        return line
    return width - (width - line) % 2


class Bar(NamedTuple):
    """The boxes of a single bar, x y width height each."""

    is_up: bool
    wick: tuple[int, int, int, int]
    body: tuple[int, int, int, int]
    volume: tuple[int, int, int, int]


def bar_box(row: F64, index: int, scale: Scale, line: int, floor: int, px_per_volume: float) -> Bar:
    """Return the boxes of one bar: what `bar_boxes` returns, without the cost of arrays."""
    opening, high, low, close, volume = row.tolist()
    left = math.floor(scale.x(index) - line / 2 + 0.5)
    width = body_width(scale.px_per_bar, line)
    top, upper, lower, bottom = (
        round(min(max(scale.y(p), -FAR), FAR)) for p in (high, max(opening, close), min(opening, close), low)
    )
    body_left = left - (width - line) // 2
    tall = _tall(volume, px_per_volume)
    return Bar(
        close >= opening,
        (left, top, line, max(bottom - top, line)),
        (body_left, upper, width, max(lower - upper, line)) if width > line else (left, top, 0, 0),
        (body_left, floor - tall, width, tall),
    )


def _tall(volume: float, px_per_volume: float) -> int:
    return max(round(volume * px_per_volume), 1) if volume > 0 else 0


def indexes(first: int | I64, count: int) -> I64:
    """Return the index of each bar, where the first one's is given, or each one's already."""
    return np.arange(first, first + count) if isinstance(first, int) else first


def bar_boxes(rows: F64, first: int | I64, scale: Scale, line: int, floor: float, px_per_volume: float) -> Boxes:
    """Return the boxes of one bar each.

    Args:
        rows: float64[m, 5] open high low close volume.
        first: index of rows[0], or int64[m] of each.
        line: width of a wick, device px.
        floor: y on which the volume stands.
        px_per_volume: device px.
    """
    n = len(rows)
    left = np.floor((indexes(first, n) - scale.x0) * scale.px_per_bar - line / 2 + 0.5)
    width = body_width(scale.px_per_bar, line)
    y = np.clip(np.rint(scale.ys(rows[:, :4])), -FAR, FAR)
    is_up = rows[:, 3] >= rows[:, 0]
    wicks = np.empty((n, 4))
    wicks[:, 0], wicks[:, 1], wicks[:, 2] = left, y[:, 1], line
    wicks[:, 3] = np.maximum(y[:, 2] - y[:, 1], line)
    bodies = np.empty((n, 4))
    bodies[:, 0], bodies[:, 2] = left - (width - line) // 2, width
    if width == line:
        up, down = wicks[is_up], wicks[~is_up]
    else:
        bodies[:, 1] = np.minimum(y[:, 0], y[:, 3])
        bodies[:, 3] = np.maximum(np.abs(y[:, 0] - y[:, 3]), line)
        up, down = np.concatenate([wicks[is_up], bodies[is_up]]), np.concatenate([wicks[~is_up], bodies[~is_up]])
    return Boxes(up, down, *volume_boxes(bodies[:, 0], width, rows[:, 4], is_up, floor, px_per_volume))


def column_bars(columns: Columns, scale: Scale, line: int, floor: int, px_per_volume: float) -> list[Bar]:
    """Return the boxes of a few columns: what `column_boxes` returns, without the cost of arrays."""
    bars = []
    for x, low, high, opening, close, volume in zip(*(a.tolist() for a in columns[:6]), strict=True):
        left = x * line
        top, bottom = (round(min(max(scale.y(p), -FAR), FAR)) for p in (high, low))
        tall = _tall(volume, px_per_volume)
        wick = (left, top, line, max(bottom - top, line))
        bars.append(Bar(close >= opening, wick, (left, top, 0, 0), (left, floor - tall, line, tall)))
    return bars


def column_boxes(columns: Columns, scale: Scale, line: int, floor: float, px_per_volume: float) -> Boxes:
    """Return the boxes of columns `line` device px wide."""
    n = len(columns.x)
    boxes = np.empty((n, 4))
    top, bottom = (np.clip(np.rint(scale.ys(v)), -FAR, FAR) for v in (columns.high, columns.low))
    boxes[:, 0], boxes[:, 2] = columns.x * line, line
    boxes[:, 1], boxes[:, 3] = top, np.maximum(bottom - top, line)
    is_up = columns.close >= columns.open
    volume = volume_boxes(boxes[:, 0], line, columns.volume, is_up, floor, px_per_volume)
    return Boxes(boxes[is_up], boxes[~is_up], *volume)


def volume_boxes(
    left: F64, width: int, volume: F64, is_up: Bools, floor: float, px_per_volume: float
) -> tuple[F64, F64]:
    """Return the boxes of the volume of bars that rose and of those that fell; they stand on `floor`."""
    boxes = np.empty((len(left), 4))
    height = np.where(volume > 0, np.maximum(np.rint(volume * px_per_volume), 1), 0)
    boxes[:, 0], boxes[:, 1], boxes[:, 2], boxes[:, 3] = left, floor - height, width, height
    return boxes[is_up], boxes[~is_up]
