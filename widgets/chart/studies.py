"""Indicators on one chart: which, with what settings and colours, what they reach, in which scale. No Qt."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.calc.indicators import KINDS, Bars, Indicator, Values
from core.calc.profile import Profile
from widgets.chart.timeline import Spread
from widgets.plot import polyline

F64 = NDArray[np.float64]

MOST = 16  # on one chart
PANE_SHARE = 0.20  # of the height, a pane of its own at first
LEAST_SHARE, MOST_SHARE = 0.06, 0.60
ALL_PANES = 0.68  # of the height, most of all panes together
_PAD = 0.08  # of a pane's scale, empty above and below
_WIDER = 1.0  # of what the bars reach: so far lines may widen the scale of prices on either side
_STEPS = 16.0  # in which scales move, so that not each trade moves them

# Between the lightness of both themes, and none of the colours of up and down.
COLORS = ("#e8963a", "#8f7cf0", "#2fa88f", "#d65fa8", "#9aa33a", "#4aa3d8", "#b07a54", "#7f8fa6")

Kinds = Mapping[str, Callable[[Values], Indicator]]


class Extent(NamedTuple):
    """What lines reach; nan where there are none."""

    low: float
    high: float


NOTHING = Extent(math.nan, math.nan)


class Study:
    """One indicator on a chart.

    Args:
        kind: name of the indicator, also where none of that name is known.
        colors: "#rrggbb" of each line.
    """

    def __init__(self, kind: str, indicator: Indicator, colors: Sequence[str] = (), *, is_hidden: bool = False) -> None:
        self.kind = kind
        self.indicator = indicator
        self.colors = tuple(c if _is_color(c) else COLORS[i % len(COLORS)] for i, c in _pad(colors, indicator))
        self.is_hidden = is_hidden
        self.share = PANE_SHARE
        self.track = indicator.track()  # of the bars alone
        self._spread: Spread | None = None
        self._room: F64 = np.empty((len(indicator.lines), 0))  # the values place by place, where not each is a bar
        self.low, self.high = 0.0, 1.0  # of its pane's scale
        self.profile: Profile | None = None  # of the bars in view, where it is one
        self._closed = NOTHING
        self._closed_of: tuple[int, ...] = ()
        self._version = 0

    @property
    def is_pane(self) -> bool:
        """Whether it has a pane of its own."""
        return self.indicator.place == "pane"

    @property
    def values(self) -> F64:
        """float64[lines, n], of each place of the time axis: a view, valid until the next change.

        Where no trade was made a line stays where it was; what stands on zero has nothing there.
        """
        return self.track.values if self._spread is None else self._room[:, : len(self._spread.number)]

    def rebuild(self, bars: Bars, spread: Spread | None = None) -> None:
        self._version += 1
        self.track.rebuild(bars)
        self._lay_out(spread, 0)

    def append(self, bars: Bars, spread: Spread | None = None) -> None:
        known = 0 if self._spread is None or not self.indicator.is_stepwise else len(self._spread.number) - 1
        self._version += 1
        self.track.append(bars)
        self._lay_out(spread, max(known, 0))

    def last(self, bars: Bars) -> None:
        self.track.last(bars)
        if self._spread is not None and len(self._spread.number):
            self._room[:, len(self._spread.number) - 1] = self.track.values[:, -1]

    def _lay_out(self, spread: Spread | None, begin: int) -> None:
        """Give the values of the places from `begin` on their places."""
        self._spread = spread
        if spread is None:
            return
        count, known = len(spread.number), self._room
        if count > known.shape[1]:
            self._room = np.full((len(known), count + count // 8 + 64), math.nan)
            self._room[:, :begin] = known[:, :begin]
        self._room[:, begin:count] = self.track.values[:, spread.number[begin:]]
        for n, line in enumerate(self.indicator.lines):
            if line.style == "bars":
                self._room[n, begin:count][spread.is_filled[begin:]] = math.nan

    def forget_extent(self) -> None:
        """Values came that were not worked out here."""
        self._version += 1
        self._lay_out(self._spread, 0)

    def value(self, line: int, index: int) -> float:
        """Return what stands at place `index`, nan for nothing; of a profile, what it says of all bars in view."""
        if self.indicator.place == "profile":
            found = self.profile
            return math.nan if found is None else (found.control_price, *reversed(found.area_prices))[line]
        values, at = self.values, index - self.indicator.shifts[line]
        return float(values[line, at]) if 0 <= at < values.shape[1] else math.nan

    def extent(self, begin: int, end: int) -> Extent:
        """Return what its lines reach at the bars [begin, end), the last one as it is now."""
        values, shifts = self.values, self.indicator.shifts
        last = values.shape[1] - 1
        key = (begin, end, self._version)
        if key != self._closed_of:
            self._closed_of = key
            found = [
                polyline.reach(line, begin - k, min(end - k, last)) for line, k in zip(values, shifts, strict=True)
            ]
            self._closed = _join(found)
        live = [
            (float(line[last]),) * 2
            for line, k in zip(values, shifts, strict=True)
            if last >= 0 and begin <= last + k < end
        ]
        return _join([self._closed, *live])

    def scale(self, begin: int, end: int) -> bool:
        """Fit the scale of its pane to the bars [begin, end). Return whether that changed it."""
        before, indicator = (self.low, self.high), self.indicator
        if indicator.bounds is not None:
            low, high = indicator.bounds
        else:
            low, high = self.extent(begin, end)
            if any(line.style == "bars" for line in indicator.lines):
                low, high = min(low, 0.0), max(high, 0.0)
            if not math.isfinite(low + high):
                low, high = 0.0, 1.0
            if high - low < 1e-9 * max(abs(high), abs(low), 1e-9):
                low, high = low - max(abs(low), 1.0) * 0.01, high + max(abs(high), 1.0) * 0.01
            step = 2.0 ** math.floor(math.log2(high - low)) / _STEPS
            low, high = math.floor(low / step) * step, math.ceil(high / step) * step
        pad = (high - low) * _PAD
        self.low, self.high = low - pad, high + pad
        return before != (self.low, self.high)

    def changed(self, values: Values, colors: Sequence[str], kinds: Kinds = KINDS) -> Study:
        """Return the same with other settings and colours."""
        made = Study(self.kind, kinds[self.kind](values), colors, is_hidden=self.is_hidden)
        made.share = self.share
        return made

    def save(self) -> dict[str, Any]:
        """Return it as plain values."""
        kept: dict[str, Any] = {"kind": self.kind, "values": dict(self.indicator.values), "colors": list(self.colors)}
        if self.is_hidden:
            kept["hidden"] = True
        if self.is_pane:
            kept["share"] = round(self.share, 4)
        return kept


def _pad(colors: Sequence[str], indicator: Indicator) -> Iterable[tuple[int, str]]:
    given = list(colors)[: len(indicator.lines)]
    return enumerate(given + [""] * (len(indicator.lines) - len(given)))


def _is_color(text: object) -> bool:
    if not isinstance(text, str) or len(text) != 7 or text[0] != "#":
        return False
    return all(c in "0123456789abcdefABCDEF" for c in text[1:])


def _join(parts: Iterable[tuple[float, float]]) -> Extent:
    lows, highs = zip(*parts, strict=True) if (parts := list(parts)) else ((math.nan,), (math.nan,))
    return Extent(float(np.fmin.reduce(lows)), float(np.fmax.reduce(highs)))


def make(kind: str, values: Values, taken: Iterable[Study] = (), kinds: Kinds = KINDS) -> Study:
    """Return a new study, in colours that the others do not have as far as there are enough.

    Raises:
        KeyError: there is no such indicator.
    """
    indicator = kinds[kind](values)
    used = [color for study in taken for color in study.colors]
    free = sorted(COLORS, key=lambda c: (used.count(c), COLORS.index(c)))
    tones: dict[int, str] = {}
    colors = []
    for number, line in enumerate(indicator.lines):
        tone = line.tone if line.tone >= 0 else -1 - number
        colors.append(tones.setdefault(tone, free[len(tones) % len(free)]))
    return Study(kind, indicator, colors)


def restore(kept: object, kinds: Kinds = KINDS) -> list[Study]:
    """Return the studies that `Study.save` gave; what is strange is left out, or keeps its default."""
    found: list[Study] = []
    for one in kept if isinstance(kept, list) else []:
        kind = one.get("kind") if isinstance(one, dict) else None
        if not isinstance(kind, str) or kind not in kinds or len(found) == MOST:
            continue
        values, colors, share = one.get("values"), one.get("colors"), one.get("share")
        study = Study(
            kind,
            kinds[kind](values if isinstance(values, dict) else {}),
            colors if isinstance(colors, list) else (),
            is_hidden=one.get("hidden") is True,
        )
        if isinstance(share, int | float) and LEAST_SHARE <= share <= MOST_SHARE:
            study.share = float(share)
        found.append(study)
    return found


class Studies:
    """All of one chart, in the order in which they were added."""

    def __init__(self) -> None:
        self.all: tuple[Study, ...] = ()

    @property
    def seen(self) -> list[Study]:
        """Those that are not hidden."""
        return [s for s in self.all if not s.is_hidden]

    @property
    def overlays(self) -> list[Study]:
        """Those over the bars."""
        return [s for s in self.all if not s.is_hidden and not s.is_pane]

    @property
    def profiles(self) -> list[Study]:
        """Those that stand at an edge."""
        return [s for s in self.all if not s.is_hidden and s.indicator.place == "profile"]

    @property
    def needs_trades(self) -> bool:
        """Whether one that is seen is made of trades."""
        return any(s.indicator.needs_trades for s in self.all if not s.is_hidden)

    @property
    def panes(self) -> list[Study]:
        """Those with a pane of their own, from above down."""
        return [s for s in self.all if not s.is_hidden and s.is_pane]

    def heights(self, height: int, least: int) -> list[int]:
        """Return the heights of the panes within so much; none where too little would be left of the bars."""
        panes = self.panes
        if not panes or height < 2 * least:
            return [0] * len(panes)
        total = sum(s.share for s in panes)
        cut = min(1.0, ALL_PANES / total)
        found = [max(round(height * s.share * cut), least) for s in panes]
        return found if height - sum(found) >= least else [0] * len(panes)

    def rebuild(self, bars: Bars, spread: Spread | None = None) -> None:
        """Work out everything."""
        for study in self.seen:
            study.rebuild(bars, spread)

    def append(self, bars: Bars, spread: Spread | None = None) -> None:
        """Take in new bars at the end."""
        for study in self.seen:
            study.append(bars, spread)

    def last(self, bars: Bars) -> None:
        """Take in what became of the last bar."""
        for study in self.seen:
            study.last(bars)

    def widen(self, low: float, high: float, begin: int, end: int) -> tuple[float, float]:
        """Return the prices that bars and lines reach, if the bars alone reach from `low` to `high`.

        A line that is far away, such as a long average after a fall, must not make the bars flat. In steps, since what
        a band reaches is mostly its newest value, which moves with each trade.
        """
        room = high - low
        if not room > 0:
            return low, high
        step = 2.0 ** math.floor(math.log2(room)) / _STEPS
        lowest, highest = low - room * _WIDER, high + room * _WIDER
        for study in self.overlays:
            if study.indicator.place == "price":
                found = study.extent(begin, end)
                if found.low < low:
                    low = max(min(low, math.floor(found.low / step) * step), lowest)
                if found.high > high:
                    high = min(max(high, math.ceil(found.high / step) * step), highest)
        return low, high

    def volume(self, begin: int, end: int) -> float:
        """Return the largest value of the lines over the volume, 0 for none."""
        tops = [s.extent(begin, end).high for s in self.overlays if s.indicator.place == "volume"]
        return max((t for t in tops if math.isfinite(t)), default=0.0)

    def scale(self, begin: int, end: int) -> bool:
        """Fit the scales of all panes. Return whether one changed."""
        changed = [s.scale(begin, end) for s in self.panes]  # every one of them
        return any(changed)
