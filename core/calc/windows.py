"""The last minutes of many markets at once: change, volume, turnover and volatility in rolling windows. Pure.

A column is a market, a row a step of five seconds. What streams in is kept in plain lists, since a number at a time is
what numpy is slow at; once a step they become a row of a ring. A window is then one subtraction over all markets: of
what is now and the row that stood where the window begins. Volume and turnover are totals that only grow, so a window
of them is a difference too. A row of which nothing is known is nan, and so is every window that begins with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from math import nan

import numpy as np
from numpy.typing import NDArray

from core.calc.unusual import SPANS_MS
from core.market import MINUTE_MS

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
Bools = NDArray[np.bool_]

__all__ = ["MOST_STALL_MS", "SPANS_MS", "STEP_MS", "Windows"]

STEP_MS = 5_000
MOST_STALL_MS = 6 * STEP_MS  # steps that pass without a word; more than that, and the machine slept
_ROWS = SPANS_MS[-1] // STEP_MS + 1
_LAYERS = 5
_CLOSE, _HIGH, _LOW, _VOLUME, _TURNOVER = range(_LAYERS)


class Windows:
    """Rolling windows of every market on the board.

    A window ends now. It is at most one step shorter than its name, or, where candles had to tell how it began, at
    most a minute longer; of a minute's own volume that would be no answer, so there is none until it has streamed.
    Codes are columns in the order of `codes`; what is returned for all of them is float64[len(codes)], nan where it is
    not known.
    """

    def __init__(self) -> None:
        self.codes: list[str] = []
        self._columns: dict[str, int] = {}
        self._step = -1  # the running one, epoch ms / STEP_MS; -1 before the first
        self._ring: F64 = np.full((_LAYERS, _ROWS, 0), nan)
        self._is_filled: Bools = np.zeros((_ROWS, 0), np.bool_)  # by candles
        # Of the running step, by column.
        self._price: list[float] = []
        self._high: list[float] = []
        self._low: list[float] = []
        self._volume: list[float] = []  # counted since the column began
        self._turnover: list[float] = []
        self._day: list[int] = []  # the day that the totals below are of
        self._day_volume: list[float] = []
        self._day_turnover: list[float] = []
        self._extremes: dict[int, tuple[F64, F64]] = {}  # span -> (high, low) of its closed steps
        self._now: tuple[F64, F64, F64, F64, F64] | None = None  # the running step as arrays, until it changes

    def __len__(self) -> int:
        return len(self.codes)

    @property
    def step(self) -> int:
        """The number of the running step: what is known of the past changes with it."""
        return self._step

    def __contains__(self, code: object) -> bool:
        return code in self._columns

    def column(self, code: str) -> int:
        """Return the column of a market.

        Raises:
            KeyError: it has none.
        """
        return self._columns[code]

    def set_codes(self, codes: Iterable[str]) -> None:
        """Take which markets there are. Those that stay keep what is known of them."""
        wanted = list(dict.fromkeys(codes))
        if wanted == self.codes:
            return
        old = [self._columns.get(code, -1) for code in wanted]
        for name in ("_price", "_high", "_low", "_day_volume", "_day_turnover"):
            values = getattr(self, name)
            setattr(self, name, [values[at] if at >= 0 else nan for at in old])
        for name in ("_volume", "_turnover"):
            values = getattr(self, name)
            setattr(self, name, [values[at] if at >= 0 else 0.0 for at in old])
        self._day = [self._day[at] if at >= 0 else -1 for at in old]
        ring, is_filled = np.full((_LAYERS, _ROWS, len(wanted)), nan), np.zeros((_ROWS, len(wanted)), np.bool_)
        stays = [(new, at) for new, at in enumerate(old) if at >= 0]
        if stays:
            new_at, old_at = [new for new, _ in stays], [at for _, at in stays]
            ring[:, :, new_at] = self._ring[:, :, old_at]
            is_filled[:, new_at] = self._is_filled[:, old_at]
        self._ring, self._is_filled = ring, is_filled
        self.codes, self._columns = wanted, {code: i for i, code in enumerate(wanted)}
        self._now = None
        self._find_extremes()

    # What streams in.

    def take(self, column: int, price: float, day: int, day_volume: float, day_turnover: float) -> None:
        """Take what a ticker says.

        Args:
            price: of the last trade, quote currency.
            day: that the totals are of, days since 1970.
            day_volume: since the day began, base currency; nan counts nothing.
            day_turnover: quote currency.
        """
        self._price[column] = price
        if not price <= self._high[column]:
            self._high[column] = price
        if not price >= self._low[column]:
            self._low[column] = price
        before = self._day[column]
        if before < 0:  # what was traded before is no part of any window yet
            self._day[column], self._day_volume[column], self._day_turnover[column] = day, day_volume, day_turnover
        elif day >= before:
            if day > before:
                self._day[column] = day
                self._day_volume[column] = self._day_turnover[column] = 0.0
            volume, turnover = self._day_volume[column], self._day_turnover[column]
            if day_volume > volume:
                self._volume[column] += day_volume - volume
            if day_turnover > turnover:
                self._turnover[column] += day_turnover - turnover
            self._day_volume[column] = day_volume if not day_volume <= volume and day_volume >= 0.0 else volume
            self._day_turnover[column] = (
                day_turnover if not day_turnover <= turnover and day_turnover >= 0.0 else turnover
            )
        self._now = None

    def roll(self, now_ms: int, is_live: Callable[[], Sequence[bool]]) -> bool:
        """Close the steps that have passed. Return whether there were any. Call it before what `now_ms` brings.

        Args:
            now_ms: the exchange's clock, epoch ms. One that goes back a little is waited for; if it was far ahead,
                nothing that was kept stands where it belongs, and it is forgotten.
            is_live: asked if there are any: by column, whether all that happened since the last call has come.
        """
        step = now_ms // STEP_MS
        if self._step < 0:
            self._step = step
            return False
        passed = step - self._step
        if passed * STEP_MS < -MOST_STALL_MS:
            self._ring[:] = nan
            self._step = step
            self._begin_step()
            return True
        if passed <= 0:
            return False
        now = self._arrays()
        known = np.asarray(is_live(), np.bool_) & ~np.isnan(now[_CLOSE])
        if passed * STEP_MS > MOST_STALL_MS:
            known = np.zeros(len(known), np.bool_)
        for number in range(max(self._step, step - _ROWS), step):
            row = number % _ROWS
            for layer, values in enumerate(now):
                self._ring[layer, row] = np.where(known, values, nan)
            self._is_filled[row] = False
            now = (now[_CLOSE], now[_CLOSE], now[_CLOSE], now[_VOLUME], now[_TURNOVER])
        self._step = step
        self._begin_step()
        return True

    def _begin_step(self) -> None:
        self._high, self._low = self._price.copy(), self._price.copy()
        self._now = None
        self._find_extremes()

    def fill(self, column: int, starts: I64, ohlcv: F64, turnover: F64) -> None:
        """Fill the rows of a market of which nothing is known from its candles of one minute.

        Between two minutes the price is not known: the one where the minute began stands for it.

        Args:
            starts: int64[n], epoch ms, ascending, up to the minute that runs; a minute without a trade has none.
            ohlcv: float64[n, 5], open high low close volume.
            turnover: float64[n], quote currency.
        """
        if self._step < 0 or not len(starts):
            return
        steps = np.arange(self._step - _ROWS + 1, self._step)
        rows = steps % _ROWS
        unknown = np.isnan(self._ring[_CLOSE, rows, column])
        steps, rows = steps[unknown], rows[unknown]
        edge = (steps + 1) * STEP_MS // MINUTE_MS * MINUTE_MS  # the last full minute where the step ends
        after = np.searchsorted(starts, edge)  # the first candle that begins there or later
        steps, rows, edge, after = (a[after > 0] for a in (steps, rows, edge, after))
        if not len(steps):
            return
        at_edge = ohlcv[after - 1, 3]
        # What was traded from each candle on, to be taken from what has been counted up to now.
        later = [np.append(np.cumsum(v[::-1])[::-1], 0.0) for v in (ohlcv[:, 4], turnover)]
        minute = steps * STEP_MS // MINUTE_MS * MINUTE_MS
        own = np.searchsorted(starts, minute)
        traded = (own < len(starts)) & (starts[np.minimum(own, len(starts) - 1)] == minute)
        own = np.minimum(own, len(starts) - 1)
        ring = self._ring
        ring[_CLOSE, rows, column] = at_edge
        ring[_HIGH, rows, column] = np.where(traded, ohlcv[own, 1], at_edge)
        ring[_LOW, rows, column] = np.where(traded, ohlcv[own, 2], at_edge)
        ring[_VOLUME, rows, column] = self._volume[column] - later[0][after]
        ring[_TURNOVER, rows, column] = self._turnover[column] - later[1][after]
        self._is_filled[rows, column] = True
        self._find_extremes()

    # What is asked.

    @property
    def price(self) -> F64:
        """The newest prices, quote currency."""
        return self._arrays()[_CLOSE]

    def change(self, span_ms: int) -> F64:
        """Return how far the price went within the span, as a ratio: 0.01 is 1 %."""
        with np.errstate(divide="ignore", invalid="ignore"):
            change: F64 = self.price / self._base(_CLOSE, span_ms) - 1.0
        return change

    def volume(self, span_ms: int) -> F64:
        """Return what was traded within the span, base currency."""
        return self._counted(_VOLUME, span_ms)

    def turnover(self, span_ms: int) -> F64:
        """Return what was traded within the span, quote currency."""
        return self._counted(_TURNOVER, span_ms)

    def volatility(self, span_ms: int) -> F64:
        """Return how far the highest price of the span is above the lowest one, as a ratio of that."""
        (high, low), base, now = self._extremes[span_ms], self._base(_CLOSE, span_ms), self._arrays()
        highest, lowest = (
            f(f(base, a), b) for f, a, b in ((np.maximum, high, now[_HIGH]), (np.minimum, low, now[_LOW]))
        )
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio: F64 = highest / lowest - 1.0
        return ratio

    def path(self, column: int, points: int) -> F64:
        """Return float64[points]: prices of the last hour at equal distances, the newest last."""
        back = np.linspace(_ROWS - 1, 1, points - 1).round().astype(np.int64)
        values = self._ring[_CLOSE, (self._step - back) % _ROWS, column]
        return np.append(values, self._price[column])

    def has_hole(self, span_ms: int = SPANS_MS[-1]) -> Bools:
        """Return bool[n]: of which markets part of the span is not known. Only the candles of a minute can tell."""
        first = self._step - span_ms // STEP_MS
        unknown = [np.isnan(part).any(axis=0) for part in self._parts(_CLOSE, first, self._step - 1)]
        return np.logical_or.reduce(unknown) if unknown else np.ones(len(self), np.bool_)

    def _base(self, layer: int, span_ms: int) -> F64:
        """Return the row that stood where the span begins."""
        row: F64 = self._ring[layer, (self._step - span_ms // STEP_MS) % _ROWS]
        return row

    def _counted(self, layer: int, span_ms: int) -> F64:
        counted: F64 = self._arrays()[layer] - self._base(layer, span_ms)  # also over a hole: the totals went on
        if span_ms <= MINUTE_MS:  # a candle tells no part of its minute
            counted[self._is_filled[(self._step - span_ms // STEP_MS) % _ROWS]] = nan
        return counted

    def _arrays(self) -> tuple[F64, F64, F64, F64, F64]:
        if self._now is None:
            lists = (self._price, self._high, self._low, self._volume, self._turnover)
            close, high, low, volume, turnover = (np.array(values, np.float64) for values in lists)
            self._now = (close, high, low, volume, turnover)
        return self._now

    def _parts(self, layer: int, first: int, last: int) -> list[F64]:
        """Return the rows of steps first..last inclusive: one part, or two where the ring begins anew."""
        if last < first:
            return []
        a, b = first % _ROWS, last % _ROWS
        ring = self._ring[layer]
        return [ring[a : b + 1]] if a <= b else [ring[a:], ring[: b + 1]]

    def _find_extremes(self) -> None:
        """Find the extremes of the closed steps of each span: they change once a step."""
        for span_ms in SPANS_MS:
            first = self._step - span_ms // STEP_MS + 1
            self._extremes[span_ms] = (
                self._extreme(np.max, _HIGH, first),
                self._extreme(np.min, _LOW, first),
            )

    def _extreme(self, reduce: Callable[..., F64], layer: int, first: int) -> F64:
        found = [reduce(part, axis=0) for part in self._parts(layer, first, self._step - 1)]
        return found[0] if len(found) == 1 else reduce(np.stack(found), axis=0)
