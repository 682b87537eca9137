"""The styles in which bars are painted, as rectangles of whole device pixels. Pure: arrays in, arrays out."""

from __future__ import annotations

import math
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from widgets.plot.candles import FAR, Boxes, Scale, body_width, volume_boxes
from widgets.plot.chunks import Columns

F64 = NDArray[np.float64]
I32 = NDArray[np.int32]

Style = Literal["candles", "hollow", "bars", "heikin", "line", "area"]
STYLES: tuple[Style, ...] = get_args(Style)


def hollow_boxes(
    rows: F64, before: float, first: int, scale: Scale, line: int, floor: float, px_per_volume: float
) -> Boxes:
    """Return the boxes of candles that are hollow where they rose, in the colour of their close against the last.

    Args:
        rows: float64[m, 5] open high low close volume.
        before: close before rows[0].
        first: index of rows[0].
        line: width of a wick and of an outline, device px.
        floor: y on which the volume stands.
        px_per_volume: device px.
    """
    left, width, y = _places(rows, first, scale, line)
    upper = np.minimum(y[:, 0], y[:, 3])
    height = np.maximum(np.abs(y[:, 0] - y[:, 3]), line)
    lower, side = upper + height, left - (width - line) // 2
    is_rise = rows[:, 3] >= rows[:, 0]
    parts = [_box(left, y[:, 1], line, upper - y[:, 1]), _box(left, lower, line, y[:, 2] - lower)]
    if width == line:
        parts = [_box(left, y[:, 1], line, np.maximum(y[:, 2] - y[:, 1], line))]
    else:
        is_open = is_rise & (height > 2 * line)  # else there is nothing between its edges
        parts += [
            _box(side, upper, width, np.where(is_open, line, height)),
            _box(side, lower - line, width, np.where(is_open, line, 0)),
            _box(side, upper, line, np.where(is_open, height, 0)),
            _box(side + width - line, upper, line, np.where(is_open, height, 0)),
        ]
    closes = np.concatenate(([before], rows[:-1, 3]))
    is_up = rows[:, 3] >= closes
    up, down = (np.concatenate([p[k] for p in parts]) for k in (is_up, ~is_up))
    return Boxes(up, down, *volume_boxes(side, width, rows[:, 4], is_rise, floor, px_per_volume))


def ohlc_boxes(rows: F64, first: int, scale: Scale, line: int, floor: float, px_per_volume: float) -> Boxes:
    """Return the boxes of upright lines with the open at their left and the close at their right.

    Arguments as of `hollow_boxes`.
    """
    left, width, y = _places(rows, first, scale, line)
    arm = (width - line) // 2
    height = np.maximum(y[:, 2] - y[:, 1], line)
    last = y[:, 1] + height - line  # an arm ends with the line, not below it
    parts = [
        _box(left, y[:, 1], line, height),
        _box(left - arm, np.minimum(y[:, 0], last), arm, line),
        _box(left + line, np.minimum(y[:, 3], last), arm, line),
    ]
    is_up = rows[:, 3] >= rows[:, 0]
    up, down = (np.concatenate([p[k] for p in parts]) for k in (is_up, ~is_up))
    return Boxes(up, down, *volume_boxes(left - arm, width, rows[:, 4], is_up, floor, px_per_volume))


def _places(rows: F64, first: int, scale: Scale, line: int) -> tuple[F64, int, F64]:
    """Return the left edges of the wicks, the width of a body, and the y of the four prices."""
    left = np.floor((np.arange(first, first + len(rows)) - scale.x0) * scale.px_per_bar - line / 2 + 0.5)
    y = np.clip(np.rint(scale.ys(rows[:, :4])), -FAR, FAR)
    return left, body_width(scale.px_per_bar, line), y


def _box(left: F64, top: F64, width: F64 | int, height: F64 | int) -> F64:
    made = np.empty((len(left), 4))
    made[:, 0], made[:, 1], made[:, 2], made[:, 3] = left, top, width, height
    return made


def column_line(columns: Columns, before: float, end: float, scale: Scale, line: int) -> F64:
    """Return the boxes of a line through closes of which many share a column: each goes on where the last ended.

    Args:
        columns: of closes, `line` device px wide.
        before: close before the first of them, nan for none.
        end: pixel to which the line goes already; what has no bar between is bridged. nan for none.
    """
    if not len(columns.x):
        return np.empty((0, 4))
    joints = np.concatenate(([before if math.isfinite(before) else columns.low[0]], columns.close[:-1]))
    low, high = np.minimum(columns.low, joints), np.maximum(columns.high, joints)
    top, bottom = (np.clip(np.rint(scale.ys(v)), -FAR, FAR) for v in (high, low))
    ends = (columns.x.astype(np.float64) + 1.0) * line
    begins = np.concatenate(([end if math.isfinite(end) else ends[0] - line], ends[:-1]))
    return _box(begins, top, ends - begins, np.maximum(bottom - top, line))


def bare_volume(rows: F64, first: int, scale: Scale, line: int, floor: float, px_per_volume: float) -> tuple[F64, F64]:
    """Return the boxes of the volume alone, of bars that rose and of those that fell; see `hollow_boxes`."""
    left, width, _ = _places(rows, first, scale, line)
    side = left - (width - line) // 2
    return volume_boxes(side, width, rows[:, 4], rows[:, 3] >= rows[:, 0], floor, px_per_volume)


def box_tops(boxes: F64) -> tuple[int, I32]:
    """Return the first pixel of boxes that stand side by side, and the upper end at each pixel from there on."""
    widths = boxes[:, 2].astype(np.int64)
    tops: I32 = np.repeat(boxes[:, 1], widths).astype(np.int32)
    return int(boxes[0, 0]), tops


def line_tops(x: F64, y: F64, begin: int, end: int) -> I32:
    """Return the y of a line through points at the middle of each pixel column [begin, end)."""
    tops: I32 = np.clip(np.rint(np.interp(np.arange(begin, end) + 0.5, x, y)), -FAR, FAR).astype(np.int32)
    return tops
