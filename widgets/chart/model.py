"""What the chart shows: the range of bars and prices, which bar is under the cursor, what moves with the market.

No Qt. Positions on the x axis are bar indexes: bar i stands at x = i and owns [i - 0.5, i + 0.5). Where windows without
trades have room, each of them has an index, too (`timeline`).
"""

from __future__ import annotations

import math
from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.calc.heikin import HeikinAshi
from core.calc.indicators import Bars
from core.market import tick_size
from core.state.candles import CandleSeries
from core.state.flow import Flow
from widgets import format as fmt
from widgets.chart.compares import Compare, widened
from widgets.chart.flows import ChartFlows, Spec
from widgets.chart.studies import Studies, Study
from widgets.chart.timeline import Gaps, Spread, Timeline
from widgets.plot.bar_styles import Style
from widgets.plot.chunks import Chunks, Extent
from widgets.plot.price_scale import PriceScale, price_of, unit

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

BAR_PX = 8.0  # logical px of a bar at first
LEAST_BARS = 8.0  # shown when zoomed in all the way
RIGHT_GAP_PX = 72.0  # between the last bar and the axis
TOP_SHARE, BOTTOM_SHARE = 0.10, 0.06  # of the price scale, empty by autoscale
VOLUME_SHARE = 0.20  # of the plot's height
_MOST_DECADES = 14.0  # a logarithmic scale is moved no further from 1
LEAST_ROW_PX = 2.0  # height of a profile's row
_KEPT_BARS = 3  # that cannot be dragged out of sight
_HISTORY_AHEAD = 0.5  # of the span: older bars are asked for before the edge is seen


class Dirt(IntEnum):
    """How much must be painted again; the larger holds the smaller."""

    NONE = 0
    CROSSHAIR = 1
    LAST = 2  # the last bar, its price line and label
    RANGE = 3  # other bars or prices are in view
    ALL = 4  # size, theme, market


class Reading(NamedTuple):
    """One bar as numbers."""

    start_ms: int
    open: float
    high: float
    low: float
    close: float
    volume: float
    change: float  # of the close against the close before it (its own open, for the first bar): 0.01 is 1 %
    is_traded: bool = True  # False: a window without a trade, the prices are the close before it


class ChartModel:
    """The range of one series, which follows the market until the user looks elsewhere."""

    def __init__(self) -> None:
        self.market = ""
        self.series: CandleSeries | None = None
        # The bars as of the last `sync`; the series may have gone on since.
        self.starts: I64 = np.empty(0, np.int64)
        self.rows: F64 = np.empty((0, 5))  # open high low close volume
        self.timeline = Timeline()
        self.style: Style = "candles"  # `set_style`
        self.chunks = Chunks()  # of what is painted: `drawn`
        self._averaged = HeikinAshi()  # of the bars alone; kept in step only while it is what is painted
        self._averaged_places: F64 = np.empty((0, 5))  # the same place by place, where not each is a bar
        self.studies = Studies()
        self.compares: tuple[Compare, ...] = ()  # `set_compares`
        self.flows = ChartFlows()
        self.has_sides = False  # volume is split into bought and sold, where that is known
        self._flows_version: object = None
        self._trades_version = -1
        self.x0, self.x1 = 0.0, 100.0  # bar indexes at the edges of the plot
        self.y0, self.y1 = 0.0, 1.0  # prices at the lower and upper edge
        self.volume_top = 1.0  # volume of a bar as high as the volume part
        self.is_auto = True  # prices follow the bars in view
        self.price_scale: PriceScale = "linear"  # `set_price_scale`
        self.width, self.height = 800.0, 500.0  # of the plot, logical px
        self._held: tuple[str, float, float] | None = None  # `take_prices` of a market that is yet to be shown
        self._is_placed = False  # a range was chosen for the bars there are
        self._first_ms = self._last_ms = -1
        self._anchor_ms = -1  # start of the bar that keeps its place when the history changes
        self._count = 0  # of places, bars and what is between them
        self._bar_count = 0
        self._version = self._history_version = -1
        self._break_ms: int | None = None

    # What there is.

    @property
    def count(self) -> int:
        """Number of bars, with the windows without trades that are shown."""
        return self._count

    @property
    def px_per_bar(self) -> float:
        """Logical px."""
        return self.width / (self.x1 - self.x0)

    @property
    def is_following(self) -> bool:
        """Whether the last bar is in view, and so stays in view."""
        return self._count == 0 or self.x0 <= self._count - 1 <= self.x1

    @property
    def shown(self) -> tuple[int, int]:
        """The bars in view, [begin, end)."""
        begin = max(math.ceil(self.x0 - 0.5), 0)
        return begin, max(min(math.floor(self.x1 + 0.5) + 1, self._count), begin)

    @property
    def shown_bars(self) -> tuple[int, int]:
        """The same, counted without what was filled in between bars."""
        (begin, end), spread = self.shown, self.timeline.spread
        if spread is None or begin >= end:
            return begin, end
        return int(spread.number[begin]) + int(spread.is_filled[begin]), int(spread.number[end - 1]) + 1

    @property
    def wants_history(self) -> bool:
        """Whether bars older than there are will soon be in view."""
        if self.series is None or self.series.is_complete:
            return False
        return self._count == 0 or self.x0 < (self.x1 - self.x0) * _HISTORY_AHEAD

    @property
    def last_price(self) -> float:
        """Close of the last bar; nan without bars."""
        return float(self.rows[-1, 3]) if self._count else math.nan

    @property
    def tick(self) -> float:
        """Price step of the market at the last price; decides the decimals."""
        price = self.last_price
        return tick_size(self.market, price) if math.isfinite(price) else 1.0

    def tick_at(self, price: float) -> float:
        """Return the price step by which a price is written: its own, but on a scale that spans few never a coarser one
        than the last price has.
        """
        if not self._count or not price > 0:
            return self.tick
        own = tick_size(self.market, price)
        return own if self.is_log else min(own, self.tick)

    def on_tick(self, price: float) -> float:
        """Return the nearest price that the market can have, as the ticker spells it; what is no price stays so.

        90.1, not 90.10000000000001, which a market at 90.1 would not reach.
        """
        if not price > 0:
            return price
        tick = tick_size(self.market, price)
        return float(round(round(price / tick) * tick, fmt.decimals(tick)))

    @property
    def bars(self) -> Bars:
        """What indicators are made of: bars with trades, and what is known of these."""
        bars = self.timeline.bars
        if self.series is None:
            return bars
        return self.flows.bars(bars.starts, bars.rows, self.series.interval)

    @property
    def drawn(self) -> F64:
        """float64[n, 5], the bars as they are painted: what is read and marked are `rows` all the same."""
        if self.style != "heikin":
            return self.rows
        return self._averaged.rows if self.timeline.spread is None else self._averaged_places[: self._count]

    @property
    def is_line(self) -> bool:
        """Whether only closes are painted."""
        return self.style in ("line", "area")

    @property
    def hole(self) -> tuple[float, float] | None:
        """Bar indexes between which bars may be missing, or None."""
        series = self.series
        if series is None or series.break_ms is None or not self._count:
            return None
        after = int(np.searchsorted(self.starts, series.break_ms, side="right"))
        return after - 0.5, (after - 0.5 if after < self._count else self.x1)

    def index_at(self, x: float) -> int | None:
        """Return the bar that owns position `x`, or None where there is none."""
        index = math.floor(x + 0.5)
        return index if 0 <= index < self._count else None

    def time_at(self, x: float) -> int | None:
        """Return the start of the bar at `x`, also where it is yet to come; None left of the first bar."""
        index = math.floor(x + 0.5)
        if self.series is None or not self._count or index < 0:
            return None
        if index < self._count:
            return int(self.starts[index])
        return self._last_ms + (index - self._count + 1) * self.series.interval.length_ms

    def index_of(self, time_ms: int) -> int | None:
        """Return the bar whose window holds `time_ms`: the last that starts no later. None before the first."""
        index = int(np.searchsorted(self.starts, time_ms, side="right")) - 1
        return index if index >= 0 else None

    def x_of(self, time_ms: int) -> int | None:
        """Return the position of the bar that holds `time_ms`, also where it is yet to come. None before the first."""
        index = self.index_of(time_ms)
        if index is None or self.series is None or index < self._count - 1:
            return index
        return index + (time_ms - self._last_ms) // self.series.interval.length_ms

    def reading(self, index: int) -> Reading:
        """Return the numbers of bar `index`.

        Raises:
            IndexError: there is no such bar.
        """
        if not 0 <= index < self._count:
            raise IndexError(index)
        opening, high, low, close, volume = self.rows[index].tolist()
        before = float(self.rows[index - 1, 3]) if index else opening
        change = close / before - 1 if before else 0.0
        is_traded = not self.timeline.is_filled(index)
        return Reading(int(self.starts[index]), opening, high, low, close, volume, change, is_traded)

    # What happens to it.

    def show(self, market: str, series: CandleSeries) -> Dirt:
        """Show another series, from its newest bar on. The width of a bar stays as the user left it."""
        self.market, self.series = market, series
        self.compares = ()  # they kept time with another one
        self.is_auto, self._is_placed = True, False
        self._first_ms = self._last_ms = self._version = self._history_version = -1
        self._count = self._bar_count = 0
        self.y0, self.y1 = 0.0, 1.0  # what is known of the prices of another market says nothing here
        held, self._held = self._held, None
        if held is not None and held[0] == market:
            self.take_prices(*held)
        self.sync()
        return Dirt.ALL

    def sync(self) -> Dirt:
        """Take notice of what changed in the series, in its trades and in others beside it, since the last call."""
        dirt = self._sync_series()
        dirt = max(dirt, self._sync_flow(is_done=dirt > Dirt.NONE))
        if not self.compares or not self._count:
            return dirt
        first = min((k for c in self.compares if (k := c.align(self.starts)) is not None), default=None)
        if first is None:
            return dirt
        is_other_scale = self._autoscale()
        return max(dirt, Dirt.RANGE if is_other_scale or first < self._count - 1 else Dirt.LAST)

    def set_compares(self, compares: tuple[Compare, ...]) -> Dirt:
        """Show these other markets, in step with the bars."""
        self.compares = compares
        for one in compares:
            one.align(self.starts)
        self._autoscale()
        return Dirt.ALL

    @property
    def needs_trades(self) -> bool:
        """Whether something that is seen is made of trades."""
        return self.has_sides or self.studies.needs_trades

    def set_sides(self, has_sides: bool) -> Dirt:
        """Split volume into what aggressors bought and sold, or leave it whole."""
        if has_sides == self.has_sides:
            return Dirt.NONE
        self.has_sides = has_sides
        return Dirt.ALL

    def sides(self, begin: int, end: int) -> F64:
        """Return float64[m, 2], bought and sold at the places [begin, end); nan where not all trades are known."""
        flows, spread = self.bars.flows, self.timeline.spread
        if flows is None:
            return np.full((end - begin, 2), math.nan)
        if spread is None:
            return flows[begin:end]
        found = flows[spread.number[begin:end]]
        found[spread.is_filled[begin:end]] = math.nan
        return found

    def column_sides(self, begin: I64, end: I64) -> F64:
        """Return float64[m, 2], bought and sold in all bars at the places [begin, end) of each column; nan where not
        all their trades are known.
        """
        found, flows, spread = np.full((len(begin), 2), math.nan), self.bars.flows, self.timeline.spread
        if flows is None or not len(begin):
            return found
        if spread is not None:  # what is filled in was not traded: bars alone are summed
            begin, end = (_bars_before(at, spread, len(flows)) for at in (begin, end))
        known = self.flows.known(0, len(flows))
        first = int(known.argmax()) if known.any() else len(known)  # trades are known of the last days at most
        is_new = begin >= first
        if not is_new.any():
            return found
        begin, end = begin[is_new] - first, end[is_new] - first
        values = np.column_stack([np.nan_to_num(flows[first:]), ~known[first:]])
        sums = np.concatenate([np.zeros((1, 3)), values.cumsum(axis=0)])
        folded = sums[end] - sums[begin]
        folded[folded[:, 2] > 0, :2] = math.nan
        found[is_new] = folded[:, :2]
        return found

    def follow(self, flow: Flow | None) -> None:
        """Take the trades of the market from now on; the next `sync` shows them."""
        self.flows.flow = flow

    def _sync_flow(self, *, is_done: bool) -> Dirt:
        """Take notice of trades that no bar has told of."""
        flow = self.flows.flow
        studies = [s for s in self.studies.seen if s.indicator.needs_trades]
        bars = self.bars  # and with them the flows
        was = self._flows_version, self._trades_version
        self._flows_version, self._trades_version = self.flows.version, -1 if flow is None else flow.version
        if not (studies or self.has_sides) or was == (self._flows_version, self._trades_version):
            return Dirt.NONE
        if was[0] != self._flows_version:
            for study in studies:
                study.rebuild(bars, self.timeline.spread)
            self._autoscale()
            return Dirt.RANGE
        if is_done:
            return Dirt.NONE
        for study in studies:
            study.last(bars)
        return Dirt.RANGE if self._autoscale() else Dirt.LAST

    def _sync_series(self) -> Dirt:
        series = self.series
        if series is None:
            return Dirt.NONE
        is_hole_other = series.break_ms != self._break_ms  # a stop is no change of the series itself
        self._break_ms = series.break_ms
        is_filled_otherwise = is_hole_other and self.timeline.gaps != "out"  # what a hole is, is never filled
        if series.version == self._version and not is_filled_otherwise:
            return Dirt.RANGE if is_hole_other else Dirt.NONE
        grown = series.history_version - self._history_version
        self._version, self._history_version = series.version, series.history_version
        if not grown and self._is_placed and not is_filled_otherwise:
            self.timeline.last(series)
            if self.style == "heikin":
                self._averaged.last(self.bars.rows)
                if self.timeline.spread is not None:
                    self._averaged_places[self._count - 1] = self._averaged.rows[-1]
            self.studies.last(self.bars)
            return Dirt.RANGE if self._autoscale() or is_hole_other else Dirt.LAST
        n, was = len(series), self._bar_count
        is_appended = (
            0 < was < n
            and grown == n - was
            and not is_filled_otherwise
            and series.first_ms == self._first_ms
            and int(series.start_ms[was - 1]) == self._last_ms
        )
        self._take(series, is_appended=is_appended)
        return Dirt.RANGE

    def _take(self, series: CandleSeries, *, is_appended: bool) -> None:
        """Take in other places; what is in view stays there, or follows the market."""
        was_following, old_count, old_anchor = self.is_following, self._count, self._anchor_index()
        if is_appended:
            is_appended = self.timeline.append(series)
        else:
            self.timeline.rebuild(series)
        starts = self.starts = self.timeline.starts
        self.rows = self.timeline.rows
        n = self._count = len(starts)
        self._bar_count = len(series)
        if is_appended:
            if self.style == "heikin":
                self._averaged.append(self.bars.rows)
                self._place_averaged(old_count - 1)
            self.chunks.append(self.drawn)
            self.studies.append(self.bars, self.timeline.spread)
        else:
            self.flows.forget()
            self._redraw()
            self.studies.rebuild(self.bars, self.timeline.spread)
        if n == 0:
            self._is_placed = False
        elif not self._is_placed or not old_count:
            self._place()
        else:
            moved = 0
            if was_following:
                moved = n - old_count  # the last bar stays where it was
            elif not is_appended:
                moved = int(np.searchsorted(starts, self._anchor_ms)) - old_anchor
            self.x0, self.x1 = self.x0 + moved, self.x1 + moved
        self._first_ms, self._last_ms = (int(starts[0]), int(starts[-1])) if n else (-1, -1)
        self._anchor_ms = self._start_of(self._anchor_index())
        self._autoscale()

    def set_gaps(self, gaps: Gaps) -> Dirt:
        """Leave out windows without trades, give them room, or show them as flat bars."""
        if gaps == self.timeline.gaps:
            return Dirt.NONE
        self.timeline.gaps = gaps
        if (series := self.series) is not None:
            self._version, self._history_version = series.version, series.history_version
            self._break_ms = series.break_ms
            self._take(series, is_appended=False)
            self._limit()
            return self.set_compares(self.compares)
        return Dirt.ALL

    def _redraw(self) -> None:
        """Work out what is painted of the bars."""
        if self.style == "heikin":
            self._averaged.rebuild(self.bars.rows)
            self._place_averaged(0)
        self.chunks.rebuild(self.drawn)

    def _place_averaged(self, begin: int) -> None:
        """Give the averaged bars their places, from `begin` on."""
        known = self._averaged_places
        self._averaged_places = self.timeline.spread_out(self._averaged.rows, known, begin)

    def set_style(self, style: Style) -> Dirt:
        """Paint the bars in another style."""
        if style == self.style:
            return Dirt.NONE
        self.style = style
        self.chunks = Chunks(is_of_closes=self.is_line)
        if style != "heikin":
            self._averaged = HeikinAshi()  # a million bars of it are 40 MB
            self._averaged_places = np.empty((0, 5))
        self._redraw()
        self._autoscale()
        return Dirt.ALL

    def set_studies(self, studies: tuple[Study, ...]) -> Dirt:
        """Show these indicators; those that were there already are worked out anew, too."""
        self.studies.all = studies
        self.studies.rebuild(self.bars, self.timeline.spread)
        self._autoscale()
        return Dirt.ALL

    def take_values(self) -> Dirt:
        """Take notice of values of indicators that were worked out elsewhere."""
        for study in self.studies.seen:
            study.forget_extent()
        self._autoscale()
        return Dirt.RANGE

    def _anchor_index(self) -> int:
        return min(max(math.floor(self.x1), 0), max(self._count - 1, 0))

    def _start_of(self, index: int) -> int:
        return int(self.starts[index]) if self._count else -1

    def _place(self) -> None:
        """Put the last bar near the right edge, bars as wide as they were."""
        span = self.x1 - self.x0
        self._is_placed = True
        self.x1 = self._count - 1 + self._right_gap(span)
        self.x0 = self.x1 - span

    def _right_gap(self, span: float) -> float:
        gap = min(RIGHT_GAP_PX, self.width * 0.15) / self.width * span
        return max(gap, 1.0)

    def resize(self, width: float, height: float) -> Dirt:
        """Take the plot's size, logical px. Bars keep their width and the right edge its place."""
        width, height = max(width, 1.0), max(height, 1.0)
        if (width, height) == (self.width, self.height):
            return Dirt.NONE
        span = (self.x1 - self.x0) * width / self.width
        self.width, self.height = width, height
        self.x0 = self.x1 - span
        self._limit()
        if self._count and not self._is_placed:
            self._place()
        self._autoscale()
        return Dirt.ALL

    def pan(self, bars: float, prices: float = 0.0) -> Dirt:
        """Move the view by `bars` to the right and, unless the scale is automatic, by `prices` upwards.

        Prices count as a part of the range in view, on every scale: half of it moves the bars by half the height.
        """
        self.x0, self.x1 = self.x0 + bars, self.x1 + bars
        if not self.is_auto and prices:
            low, high = self.unit(self.y0), self.unit(self.y1)
            by = prices / (self.y1 - self.y0) * (high - low)
            if not self.is_log or abs((low + high) / 2 + by) < _MOST_DECADES:
                self.y0, self.y1 = self.price_of(low + by), self.price_of(high + by)
        return self._moved()

    def zoom(self, factor: float, x: float) -> Dirt:
        """Show `factor` times as many bars; what is at `x` stays there."""
        span = self.x1 - self.x0
        wanted = min(max(span * factor, LEAST_BARS), self._most_bars())
        share = (x - self.x0) / span
        self.x0 = x - share * wanted
        self.x1 = self.x0 + wanted
        return self._moved()

    def zoom_price(self, factor: float, price: float | None = None) -> Dirt:
        """Show `factor` times the range of prices by hand; `price` (the middle if None) stays where it is."""
        low, high = self.unit(self.y0), self.unit(self.y1)
        middle = (low + high) / 2 if price is None else self.unit(price)
        low, high = middle + (low - middle) * factor, middle + (high - middle) * factor
        if not self._can_show(low, high):
            return Dirt.NONE
        self.is_auto = False
        self.y0, self.y1 = self.price_of(low), self.price_of(high)
        return Dirt.RANGE

    def _can_show(self, low: float, high: float) -> bool:
        """Return whether the scale is one from `low` to `high`, as `unit` gives them."""
        if self.is_log:
            return high - low >= 1e-9 and max(abs(low), abs(high)) <= _MOST_DECADES
        size = max(abs(low + high) / 2, 1e-9)
        return size * 1e-9 <= high - low <= size * 1e6 < math.inf

    def take_prices(self, market: str, low: float, high: float) -> Dirt:
        """Show prices that were chosen by hand before; those of a market not shown yet if it is the next."""
        if self.series is None or market != self.market:
            self._held = market, low, high
            return Dirt.NONE
        if (self.is_log and low <= 0) or not self._can_show(self.unit(low), self.unit(high)):
            return Dirt.NONE
        self.is_auto = False
        self.y0, self.y1 = low, high
        return Dirt.RANGE

    def chosen_prices(self, market: str) -> tuple[float, float] | None:
        """Return the prices that were chosen by hand for a market, also where they are yet to be shown."""
        if self._held is not None:
            return self._held[1:] if self._held[0] == market else None
        return (self.y0, self.y1) if market == self.market and not self.is_auto else None

    def set_range(self, x0: float, x1: float, y0: float, y1: float) -> Dirt:
        """Take a range chosen elsewhere; prices that differ from the present ones end the automatic scale."""
        if (y0, y1) != (self.y0, self.y1):
            self.is_auto = False
            self.y0, self.y1 = y0, y1
        self.x0, self.x1 = x0, x1
        return self._moved()

    @property
    def is_log(self) -> bool:
        """Whether equal heights are equal ratios of prices, not equal differences."""
        return self.price_scale == "log"

    def unit(self, price: float) -> float:
        """Return what is evenly spaced on the scale: the price, or its log10."""
        return unit(price, self.price_scale)

    def price_of(self, units: float) -> float:
        """Return the price of what `unit` returned."""
        return price_of(units, self.price_scale)

    @property
    def base(self) -> float:
        """Price of 0 % on a percent scale: close of the first bar in view; nan without bars."""
        begin, end = self.shown
        return float(self.rows[begin, 3]) if begin < end else math.nan

    def set_price_scale(self, scale: PriceScale) -> Dirt:
        """Take another scale. A range chosen by hand stays where the scale can show it."""
        if scale == self.price_scale:
            return Dirt.NONE
        self.price_scale = scale
        if self.is_log and self.y0 <= 0:
            self.is_auto = True
        self._autoscale()
        return Dirt.ALL

    def auto_price(self) -> Dirt:
        """Let prices follow the bars in view again."""
        self.is_auto = True
        self._autoscale()
        return Dirt.RANGE

    def go_live(self) -> Dirt:
        """Move to the newest bar."""
        self._place()
        return self._moved()

    def reset_time(self, bar_px: float = BAR_PX) -> Dirt:
        """Move to the newest bar, bars of the first width or of another, logical px."""
        self.x0 = self.x1 - self.width / bar_px
        return self.go_live()

    def _moved(self) -> Dirt:
        self._limit()
        self._autoscale()
        return Dirt.RANGE

    def _most_bars(self) -> float:
        return max(self._count * 1.25, 2 * self.width / BAR_PX, LEAST_BARS)

    def _limit(self) -> None:
        """Keep some bars in sight."""
        if not self._count:
            return
        span = self.x1 - self.x0
        kept = min(_KEPT_BARS, self._count)
        x1 = min(max(self.x1, kept - 0.5), self._count - kept - 0.5 + span)
        self.x0, self.x1 = x1 - span, x1
        self._anchor_ms = self._start_of(self._anchor_index())

    def extent(self) -> Extent | None:
        """Return what the bars in view reach as they are painted, or None where there are none."""
        return self.chunks.extent(self.drawn, *self.shown)

    def _autoscale(self) -> bool:
        """Fit prices and volume to the bars in view. Return whether that changed the scales."""
        extent = self.extent()
        if extent is None:
            return False
        before, (begin, end) = (self.y0, self.y1, self.volume_top), self.shown
        is_other = self.studies.scale(begin, end)
        self.volume_top = _round_up(max(extent.volume, self.studies.volume(begin, end)))
        self._profile(extent)
        if self.is_auto:
            low, high = self.studies.widen(extent.low, extent.high, begin, end)
            tick = tick_size(self.market, extent.low)  # not the last price's, which may be far away
            if high - low < tick:  # a flat market
                low, high = low - 4 * tick, high + 4 * tick
            if self.is_log:  # a ratio of the bars' own below them at most; a band below zero is not to be seen at all
                least = extent.low * min(extent.low / extent.high, 0.5)
                low = max(low, least) if low > 0 else extent.low
            if self.compares:
                low, high = widened(self.compares, low, high, self.base, begin, end)
            low, high = self.unit(low), self.unit(high)
            per_share = (high - low) / (1 - TOP_SHARE - BOTTOM_SHARE - VOLUME_SHARE)
            self.y0 = self.price_of(low - per_share * (BOTTOM_SHARE + VOLUME_SHARE))
            self.y1 = self.price_of(high + per_share * TOP_SHARE)
        return is_other or before != (self.y0, self.y1, self.volume_top)

    def _profile(self, extent: Extent) -> None:
        """Make the profiles of the bars in view."""
        studies = self.studies.profiles
        if not studies or self.series is None:
            return
        tick, most = tick_size(self.market, extent.low), max(int(self.height / LEAST_ROW_PX), 2)
        bars = self.bars
        for study in studies:
            values = study.indicator.values
            spec = Spec(extent.low, extent.high, tick, min(int(values["rows"]), most), int(values["share"]) / 100)
            study.profile = self.flows.profile(bars, self.series.interval, self.shown_bars, spec)

    def untold(self) -> list[tuple[int, int]]:
        """Return the places in view, in stretches [begin, end), whose bars have trades that are missing."""
        begin, end = self.shown
        if self.flows.flow is None:
            return [(begin, end)] if begin < end else []
        known = self.flows.known(*self.shown_bars)
        if (spread := self.timeline.spread) is not None:
            first = self.shown_bars[0]
            number = np.clip(spread.number[begin:end] - first, 0, max(len(known) - 1, 0))
            known = known[number] if len(known) else np.ones(end - begin, np.bool_)
        missing = np.concatenate([[False], ~known, [False]])
        edges = (np.flatnonzero(missing[1:] != missing[:-1]) + begin).tolist()
        return list(zip(edges[::2], edges[1::2], strict=True))

    def calls(self, now_ms: int) -> int:
        """Return about how many calls of REST would bring the trades that are missing in view."""
        if self.series is None or not self._count:
            return 0
        return self.flows.calls(self.bars, self.series.interval, self.shown_bars, now_ms)

    def calls_of_newest(self, now_ms: int) -> int:
        """Return the same for the newest bar in view of which trades are missing."""
        if self.series is None or not (untold := self.untold()):
            return 0
        at, spread = untold[-1][1] - 1, self.timeline.spread
        bar = at if spread is None else int(spread.number[at])
        return self.flows.calls(self.bars, self.series.interval, (bar, bar + 1), now_ms)


def _bars_before(places: I64, spread: Spread, count: int) -> I64:
    """Return how many of the `count` bars stand before each of these places; one may be behind the last."""
    at = np.minimum(places, len(spread.number) - 1)
    found: I64 = np.where(places < len(spread.number), spread.number[at] + spread.is_filled[at], count)
    return found


def _round_up(volume: float) -> float:
    """Return a little more than `volume`, in steps of a tenth: the last bar grows with each trade."""
    return 1.1 ** math.ceil(math.log(volume, 1.1) + 1e-9) if volume > 0 else 1.0
