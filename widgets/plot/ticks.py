"""Where an axis puts its ticks and what they say: prices in round steps, times by the calendar of a zone. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.market import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS
from widgets.zone import KST, Zone

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

_MONTH_MS = 2_629_746_000  # mean, to choose a step by; the ticks themselves are whole months

_STEPS_MS = (
    *(n * SECOND_MS for n in (1, 2, 5, 10, 15, 30)),
    *(n * MINUTE_MS for n in (1, 2, 5, 10, 15, 30)),
    *(n * HOUR_MS for n in (1, 2, 3, 4, 6, 12)),
    DAY_MS,
)
_STEPS_DAYS = (2, 5, 10, 15)  # from the first of a month on
_STEPS_MONTHS = (1, 2, 3, 6, 12, 24, 60, 120)


class TimeTick(NamedTuple):
    """A tick of the time axis."""

    x: float  # bar index; beyond the last bar by the interval's length
    text: str
    rank: int  # what begins there: 0 a part of a day, 1 day, 2 month, 3 year


def nice_step(least: float, tick: float = 0.0) -> float:
    """Return the smallest of 1, 2, 5 x 10^k that is >= `least` and >= `tick`.

    With a `tick` of 1 or 5 x 10^k the step is a multiple of it.
    """
    least = max(least, tick, 1e-12)
    power = math.floor(math.log10(least) + 1e-9)
    for digit in (1, 2, 5, 10):
        step = digit * 10.0**power
        if step >= least * (1 - 1e-9):
            return round(step, 12 - min(power, 0))
    raise AssertionError  # 10 x 10^k > least


def price_ticks(low: float, high: float, most: int, tick: float = 0.0) -> tuple[float, F64]:
    """Return the step and the ticks within [low, high], about `most` of them and never more.

    Args:
        low, high: quote currency, low < high.
        most: >= 1.
        tick: price step of the market; no finer step is chosen. 0 is none.
    """
    step = nice_step((high - low) / max(most, 1), tick)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return step, np.arange(first, last + 1, dtype=np.float64) * step


def log_ticks(low: float, high: float, height: float, least: float, tick: float = 0.0) -> tuple[F64, F64]:
    """Return the ticks of a logarithmic axis within [low, high], and the step each belongs to.

    What is in view decides the steps only by how wide it is, so that ticks stay at their prices while it moves.

    Args:
        low, high: quote currency, 0 < low < high.
        height: between them, px.
        least: distance of two ticks, px.
        tick: price step of the market; no finer step is chosen where little is in view. 0 is none.
    """
    per_fold = height / math.log(high / low)  # px for a price e times as large
    if high <= 2 * low:  # as good as linear: one step, wide enough where prices stand closest
        step = nice_step(high * -math.expm1(-least / per_fold), tick)
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        found = np.arange(first, last + 1, dtype=np.float64) * step
        return found, np.full(len(found), step)
    every = max(math.ceil(least / (per_fold * math.log(10))), 1)  # decades
    decade = math.floor(math.log10(low)) // every * every
    made: list[tuple[float, float]] = []
    while 10.0**decade <= high:
        made += [(round(v * 10.0**decade, 12 - decade), s * 10.0**decade) for v, s in _log_decade(per_fold, least)]
        decade += every
    kept = np.array([(v, s) for v, s in made if low <= v <= high], np.float64).reshape(-1, 2)
    return kept[:, 0], kept[:, 1]


def _log_decade(per_fold: float, least: float) -> list[tuple[float, float]]:
    """Return the ticks from 1 to before 10 and their steps: as many as have room at each place."""
    found: list[tuple[float, float]] = []
    for (begin, end), steps in _LOG_STEPS.items():
        fitting = [s for s in steps if per_fold * -math.log1p(-s / end) >= least]
        if not fitting:
            break
        found += [(begin + n * fitting[-1], fitting[-1]) for n in range(round((end - begin) / fitting[-1]))]
    else:
        if len(found) > len(_LOG_VALUES[0]):
            return found
    for values in _LOG_VALUES:
        if all(per_fold * math.log(b / a) >= least for a, b in pairwise((*values, 10.0))):
            return [(v, 0.5 if v % 1 else 1.0) for v in values]
    return [(1.0, 1.0)]


# Steps that divide a part of a decade, from coarse to fine, each a round number.
_LOG_STEPS = {
    (1.0, 2.0): (1.0, 0.5, 0.25, 0.1, 0.05, 0.02, 0.01),
    (2.0, 5.0): (3.0, 1.0, 0.5, 0.25, 0.1, 0.05, 0.02, 0.01),
    (5.0, 10.0): (5.0, 2.5, 1.0, 0.5, 0.25, 0.1, 0.05, 0.02, 0.01),
}
# Where not even those find room: from fine to coarse.
_LOG_VALUES = (
    (1.0, 1.5, 2.0, 3.0, 5.0, 7.0),
    (1.0, 2.0, 3.0, 5.0, 7.0),
    (1.0, 2.0, 3.0, 5.0),
    (1.0, 2.0, 5.0),
    (1.0, 3.0),
)


def time_ticks(start_ms: I64, x0: float, x1: float, length_ms: int, most: int, zone: Zone = KST) -> list[TimeTick]:
    """Return the ticks of the time axis that lie in [x0, x1], ascending, at least 0.75 (x1 - x0) / most apart.

    A tick stands on the first bar at or after the round time. Left of the first bar there is none; right of the
    last one time goes on by `length_ms` a bar.

    Args:
        start_ms: int64[n], ascending, UTC.
        x0, x1: bar indexes shown, x0 < x1.
        length_ms: of one bar.
        most: about how many fit, >= 1.
        zone: whose round times are meant. Bars of a day and more are the exchange's: they keep to its calendar.
    """
    zone = zone_of(length_ms, zone)
    n = len(start_ms)
    if n == 0 or x1 <= 0:
        return []
    last = n - 1

    def time_at(x: float) -> int:
        at = min(max(math.ceil(x), 0), last)
        return int(start_ms[at]) + (int((x - last) * length_ms) if x > last else 0)

    begin, end = time_at(x0), time_at(x1)
    shown = x1 - max(x0, 0.0)
    # Bars without trades are left out, so a bar may stand for more than its length; in powers of two, or the
    # step would change back and forth while the chart moves.
    mean = (end - begin) / max(shown, 1.0)
    per_bar = length_ms * 2.0 ** max(round(math.log2(max(mean, length_ms) / length_ms)), 0)
    apart = (x1 - x0) / max(most, 1)
    ticks: list[TimeTick] = []
    before = None if begin <= start_ms[0] else int(start_ms[min(max(math.ceil(x0) - 1, 0), last)])
    for time, local in _round_moments(zone, begin, end, apart * per_bar):
        x = (
            float(np.searchsorted(start_ms, time))
            if time <= start_ms[last]
            else last + (time - int(start_ms[last])) / length_ms
        )
        if x < x0 or x > x1:
            continue
        at_ms = time if x > last else int(start_ms[int(x)])
        at = local if x > last else zone.local(at_ms)
        rank = _rank(at, zone.local(before if before is not None else at_ms - length_ms))
        tick = TimeTick(x, _text(at, rank, length_ms), rank)
        before = at_ms
        if ticks and tick.x - ticks[-1].x < apart * 0.75:
            if ticks[-1].rank < tick.rank:
                ticks[-1] = tick
            continue
        ticks.append(tick)
    return ticks


def zone_of(length_ms: int, zone: Zone) -> Zone:
    """Return the zone in which bars of that length are named: a day's, whose begin is the exchange's, in Korea's."""
    return zone if length_ms < DAY_MS else KST


def _round_moments(zone: Zone, begin: int, end: int, least_ms: float) -> Iterator[tuple[int, int]]:
    """Yield (moment, local time) of the round local times: none that clocks skip, both of those they say twice."""
    for first, last, offset in zone.spans(begin, end):
        upto = last if last == end else last - 1
        for local in _round_times(first + offset, upto + offset, least_ms):
            yield local - offset, local


def _round_times(begin: int, end: int, least_ms: float) -> Iterator[int]:
    """Yield the round local times in [begin, end], with the smallest step >= `least_ms`."""
    for step in _STEPS_MS:
        if step >= least_ms * (1 - 1e-9):
            yield from range(-(-begin // step) * step, end + 1, step)
            return
    days = next((d for d in _STEPS_DAYS if d * DAY_MS >= least_ms), 31)
    months = 1 if days < 31 else next((m for m in _STEPS_MONTHS if m * _MONTH_MS >= least_ms), _STEPS_MONTHS[-1])
    first = datetime.fromtimestamp(begin / 1000, UTC)
    month = (first.year * 12 + first.month - 1) // months * months
    while True:
        for day in range(1, 29, days):
            local = int(datetime(month // 12, month % 12 + 1, day, tzinfo=UTC).timestamp() * 1000)
            if local > end:
                return
            if local >= begin:
                yield local
        month += months


def _rank(local: int, before: int) -> int:
    """Return the largest thing that changed between two local times."""
    if local // DAY_MS == before // DAY_MS:
        return 0
    new, old = datetime.fromtimestamp(local / 1000, UTC), datetime.fromtimestamp(before / 1000, UTC)
    if new.year != old.year:
        return 3
    return 2 if new.month != old.month else 1


def _text(local: int, rank: int, length_ms: int) -> str:
    moment = datetime.fromtimestamp(local / 1000, UTC)
    if rank == 3:
        return f"{moment.year}"
    if rank == 2 and length_ms >= DAY_MS:
        return f"{moment.year}/{moment.month:02}"
    if rank or length_ms >= DAY_MS:
        return f"{moment.month:02}/{moment.day:02}"
    if local % MINUTE_MS:
        return f"{moment.hour:02}:{moment.minute:02}:{moment.second:02}"
    return f"{moment.hour:02}:{moment.minute:02}"


def moment_text(time_ms: int, length_ms: int, zone: Zone = KST) -> str:
    """Return the full time of a bar for the crosshair, as fine as bars of `length_ms` need."""
    m = datetime.fromtimestamp(zone_of(length_ms, zone).local(time_ms) / 1000, UTC)
    day = f"{m.year}-{m.month:02}-{m.day:02}"  # strftime takes ten times as long, at every move of the mouse
    if length_ms >= DAY_MS:
        return day
    minute = f"{day} {m.hour:02}:{m.minute:02}"
    return f"{minute}:{m.second:02}" if length_ms < MINUTE_MS else minute


def countdown_text(left_ms: int) -> str:
    """Return the time left, "00:42", "3:05:09", "2d 04:00"; never below zero."""
    seconds = max(-(-left_ms // 1000), 0)
    days, rest = divmod(seconds, 86_400)
    hours, rest = divmod(rest, 3_600)
    minutes, seconds = divmod(rest, 60)
    if days:
        return f"{days}d {hours:02}:{minutes:02}"
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes:02}:{seconds:02}"
