"""The styles in which bars are painted, as rectangles of whole device pixels. Pure: arrays in, arrays out."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from widgets.plot.candles import FAR, Boxes, Scale, body_width, indexes, volume_boxes
from widgets.plot.chunks import Columns

F64 = NDArray[np.float64]
I32 = NDArray[np.int32]
I64 = NDArray[np.int64]

Style = Literal["candles", "hollow", "bars", "heikin", "line", "area"]
STYLES: tuple[Style, ...] = get_args(Style)


def hollow_boxes(
    rows: F64, before: F64, first: int | I64, scale: Scale, line: int, floor: float, px_per_volume: float
) -> Boxes:
    """Return the boxes of candles that are hollow where they rose, in the colour of their close against the last.

    Args:
        rows: float64[m, 5] open high low close volume.
        before: float64[m], the close before each row.
        first: index of rows[0], or int64[m] of each.
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
    is_up = rows[:, 3] >= before
    up, down = (np.concatenate([p[k] for p in parts]) for k in (is_up, ~is_up))
    return Boxes(up, down, *volume_boxes(side, width, rows[:, 4], is_rise, floor, px_per_volume))


def ohlc_boxes(rows: F64, first: int | I64, scale: Scale, line: int, floor: float, px_per_volume: float) -> Boxes:
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


def side_boxes(
    rows: F64, sides: F64, first: int, scale: Scale, line: int, floor: float, px_per_volume: float
) -> tuple[F64, F64, F64]:
    """Return the boxes of volume bought, of volume sold above it, and of that of which neither is known.

    Args:
        sides: float64[m, 2], bought and sold in each bar, nan where that is not known. Only their ratio counts.
        rows, first, scale, line, floor, px_per_volume: as of `hollow_boxes`.
    """
    left, width, _ = _places(rows, first, scale, line)
    return split_volume(left - (width - line) // 2, width, rows[:, 4], sides, floor, px_per_volume)


def split_volume(
    left: F64, width: int, volume: F64, sides: F64, floor: float, px_per_volume: float
) -> tuple[F64, F64, F64]:
    """Return the boxes of `side_boxes` for volume that stands from `left` on, px."""
    total = sides.sum(axis=1)
    tall = np.where(volume > 0, np.maximum(np.rint(volume * px_per_volume), 1), 0)
    is_known = total > 0  # no nan is
    share = np.divide(sides[:, 0], total, out=np.zeros(len(total)), where=is_known)
    bought = np.rint(tall * share)
    return (
        _box(left, floor - bought, width, bought)[is_known],
        _box(left, floor - tall, width, tall - bought)[is_known],
        _box(left, floor - tall, width, tall)[~is_known],
    )


def _places(rows: F64, first: int | I64, scale: Scale, line: int) -> tuple[F64, int, F64]:
    """Return the left edges of the wicks, the width of a body, and the y of the four prices."""
    left = np.floor((indexes(first, len(rows)) - scale.x0) * scale.px_per_bar - line / 2 + 0.5)
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
        end: pixel to which the line goes already, nan for none. A column without a bar is bridged, as rounding leaves
            some; where there are more of them the line begins anew.
    """
    if not len(columns.x):
        return np.empty((0, 4))
    ends = (columns.x.astype(np.float64) + 1.0) * line
    joints, begins = np.concatenate(([before], columns.close[:-1])), np.concatenate(([end], ends[:-1]))
    is_anew = ~(np.isfinite(joints) & (ends - begins <= 2 * line))
    joints[is_anew], begins[is_anew] = columns.low[is_anew], ends[is_anew] - line
    low, high = np.minimum(columns.low, joints), np.maximum(columns.high, joints)
    top, bottom = (np.clip(np.rint(scale.ys(v)), -FAR, FAR) for v in (high, low))
    return _box(begins, top, ends - begins, np.maximum(bottom - top, line))


def bare_volume(rows: F64, first: int, scale: Scale, line: int, floor: float, px_per_volume: float) -> tuple[F64, F64]:
    """Return the boxes of the volume alone, of bars that rose and of those that fell; see `hollow_boxes`.

    Args:
        first: index of rows[0].
    """
    left, width, _ = _places(rows, first, scale, line)
    side = left - (width - line) // 2
    return volume_boxes(side, width, rows[:, 4], rows[:, 3] >= rows[:, 0], floor, px_per_volume)


def box_tops(boxes: F64) -> tuple[int, I32]:
    """Return the first pixel of boxes from left to right, and the upper end at each pixel from there on.

    Between boxes that do not touch it is far below.
    """
    left = int(boxes[0, 0])
    tops = np.full(int(boxes[-1, 0] + boxes[-1, 2]) - left, FAR, np.int32)
    at = np.repeat(boxes[:, 0], boxes[:, 2].astype(np.int64)).astype(np.int64)
    run = np.arange(len(at)) - np.searchsorted(at, at)  # number of each pixel within its box
    tops[at + run - left] = np.repeat(boxes[:, 1], boxes[:, 2].astype(np.int64)).astype(np.int32)
    return left, tops


def line_tops(x: F64, y: F64, begin: int, end: int) -> I32:
    """Return the y of a line through points at the middle of each pixel column [begin, end); far below at a nan."""
    found = np.interp(np.arange(begin, end) + 0.5, x, y)
    tops: I32 = np.clip(np.rint(np.where(np.isnan(found), FAR, found)), -FAR, FAR).astype(np.int32)
    return tops
