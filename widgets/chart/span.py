"""Which moments a chart shows, so that charts of other intervals can show the same. Pure."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from widgets.chart.model import LEAST_BARS, ChartModel, Dirt

DENSEST = 2.0  # bars a px, up to which a chart takes the range of another


class Span(NamedTuple):
    """From a moment to another, epoch ms."""

    begin_ms: float
    end_ms: float | None  # None: to the newest bar, and on with the market


def moment(starts: NDArray[np.int64], length_ms: int, x: float) -> float:
    """Return the moment at a position of the time axis, epoch ms, between and beyond bars evenly.

    Args:
        starts: int64[n], of the bars, ascending, n >= 1.
        length_ms: of one bar.
        x: bar index.
    """
    last = len(starts) - 1
    at = min(max(math.floor(x), 0), max(last - 1, 0))
    begin, step = int(starts[at]), length_ms
    if 0.0 <= x < last:
        step = int(starts[at + 1]) - begin
    elif x >= last:
        at, begin = last, int(starts[last])
    return begin + (x - at) * step


def position(starts: NDArray[np.int64], length_ms: int, time_ms: float) -> float:
    """Return where a moment is on the time axis: what `moment` takes. Arguments as there."""
    last = len(starts) - 1
    at = int(np.searchsorted(starts, time_ms, side="right")) - 1
    if at < 0 or at >= last:
        at = max(at, 0)
        return at + (time_ms - int(starts[at])) / length_ms
    begin = int(starts[at])
    return at + (time_ms - begin) / (int(starts[at + 1]) - begin)


def shown(model: ChartModel) -> Span | None:
    """Return what is in view; None without bars."""
    if model.series is None or not model.count:
        return None
    starts, length_ms = model.starts, model.series.interval.length_ms
    end = None if model.is_following else moment(starts, length_ms, model.x1)
    return Span(moment(starts, length_ms, model.x0), end)


def _wanted(model: ChartModel, span: Span) -> tuple[float, float, bool]:
    """Return the bar indexes between which these moments are, and whether a chart takes so many bars.

    Where it does not they are as many as now, up to the same end.
    """
    assert model.series is not None
    starts, length_ms = model.starts, model.series.interval.length_ms
    x0 = position(starts, length_ms, span.begin_ms)
    x1 = float(model.count) if span.end_ms is None else position(starts, length_ms, span.end_ms)
    is_fitting = LEAST_BARS <= x1 - x0 <= model.width * DENSEST
    return (x0 if is_fitting else x1 - (model.x1 - model.x0)), x1, is_fitting


def show(model: ChartModel, span: Span) -> Dirt:
    """Show these moments, or as many bars as before up to their end, where the bars would be too many or too few."""
    if model.series is None or not model.count:
        return Dirt.NONE
    before, last = (model.x0, model.x1), model.count - 1
    x0, x1, is_fitting = _wanted(model, span)
    if span.end_ms is not None:
        model.set_range(x0, x1, model.y0, model.y1)
    elif not is_fitting:
        model.go_live()
    else:
        bars = x1 - x0
        model.x0, model.x1 = last - bars, float(last)
        model.go_live()
        spare = model.x1 - last  # the gap behind the newest bar is this chart's own, not a time
        model.zoom((bars + spare) / bars, model.x1)
    return Dirt.RANGE if (model.x0, model.x1) != before else Dirt.NONE


def is_reached(model: ChartModel, span: Span) -> bool:
    """Tell whether the bars go back far enough to show what is shown of it, or there are no older ones."""
    if model.series is None:
        return False
    return model.series.is_complete or (model.count > 0 and _wanted(model, span)[0] >= 0.0)
