"""What one series of values has just done: moved far, burst, stood beyond a limit, left its band, grown. Pure.

No clock: times come with the values, epoch ms. Each of these tells once, and again only after the value has been well
away; what holds already when it is first looked at is no news.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence

SECOND_MS = 1_000
CALM = 0.5  # of the threshold of a burst or of a growth, below which it may be told again
BACK = 0.8  # the same for what is to stand beyond a limit for a while


class Jump:
    """Tells when a price has moved by `move` or more within `span_ms`: from its lowest or highest in that time.

    A price is in force until the next one, so the window begins with the price that was in force then, however long
    ago it was made. After a signal the window begins anew with the price that gave it: the next signal takes a move of
    its own.

    Args:
        move: ratio, > 0.
        span_ms: length of the window.
    """

    def __init__(self, move: float, span_ms: int) -> None:
        self._move, self._span_ms = move, span_ms
        self._time_ms = -1
        self._price = math.nan
        # (when it ceased to be in force, price), of those that can still be an extreme; prices rise, or fall, backwards
        self._low: deque[tuple[int, float]] = deque()
        self._high: deque[tuple[int, float]] = deque()

    def take(self, time_ms: int, price: float) -> float:
        """Take the price as of now; return the move that is told, 0.0 for none. What is older says nothing."""
        if time_ms < self._time_ms or not price > 0.0:
            return 0.0
        low, high, before = self._low, self._high, self._price
        if not math.isnan(before) and before != price:
            while low and low[-1][1] >= before:
                low.pop()
            low.append((time_ms, before))
            while high and high[-1][1] <= before:
                high.pop()
            high.append((time_ms, before))
        self._time_ms, self._price = time_ms, price
        begin_ms = time_ms - self._span_ms
        while low and low[0][0] <= begin_ms:
            low.popleft()
        while high and high[0][0] <= begin_ms:
            high.popleft()
        up = price / low[0][1] - 1.0 if low else 0.0
        down = price / high[0][1] - 1.0 if high else 0.0
        moved = up if up >= -down else down
        if abs(moved) < self._move:
            return 0.0
        low.clear()
        high.clear()
        return moved


class Burst:
    """Tells when the turnover of the last seconds is many times the market's own of the minutes before.

    Time is cut into whole seconds. The last `span_s` of them, the running one included, are compared with the mean of
    as many in the `norm_s` before. Until all of that has been seen nothing is told, nor of a market in which nothing
    was traded before.

    Args:
        times: > 1.
        least: fewest trades in the last `span_s`.
        begin_ms: from when on every trade is taken.
    """

    def __init__(self, times: float, span_s: int, norm_s: int, least: int, begin_ms: int) -> None:
        self._times, self._span_s, self._norm_s, self._least = times, span_s, norm_s, least
        self._begin = -(-begin_ms // SECOND_MS)  # the first whole second
        self._second = begin_ms // SECOND_MS
        size = self._size = span_s + norm_s
        self._value = [0.0] * size
        self._signed = [0.0] * size
        self._count = [0] * size
        self._recent = self._pressure = self._norm = 0.0  # of the closed seconds
        self._trades = 0
        self._is_armed = False

    @property
    def ready_ms(self) -> int:
        """From when on it may tell something."""
        return (self._begin + self._size) * SECOND_MS

    def _roll(self, second: int) -> None:
        size, gone = self._size, second - self._second
        if gone >= size:
            self._value, self._signed, self._count = [0.0] * size, [0.0] * size, [0] * size
        else:
            for one in range(self._second + 1, second + 1):
                at = one % size
                self._value[at] = self._signed[at] = 0.0
                self._count[at] = 0
        self._second = second

    def _sum(self) -> None:
        """Sum what the running second does not change; anew each second: running sums drift over days."""
        second, size = self._second, self._size
        closed = [(second - n) % size for n in range(1, self._span_s)]
        self._recent = math.fsum(self._value[i] for i in closed)
        self._pressure = math.fsum(self._signed[i] for i in closed)
        self._trades = sum(self._count[i] for i in closed)
        older = [self._value[(second - n) % size] for n in range(self._span_s, size)]
        self._norm = math.fsum(older) * self._span_s / self._norm_s

    def ratio(self) -> float:
        """Return how many times its norm the turnover is now; nan while the norm is not known, or nothing."""
        if self._second - self._begin < self._size or not self._norm > 0.0:
            return math.nan
        return (self._recent + self._value[self._second % self._size]) / self._norm

    def take(self, time_ms: int, value: float, is_buy: bool) -> tuple[float, int]:
        """Take one trade; return (times the norm, 1 if more was bought or -1 sold) if it is told, (0.0, 0) else.

        A trade that comes late is counted where it belongs.

        Args:
            value: price times size.
        """
        second, size = time_ms // SECOND_MS, self._size
        if second <= self._second - size or second < self._begin:
            return 0.0, 0
        if second > self._second:
            self._roll(second)
            self._sum()
            if second - self._begin >= size and not self.ratio() >= self._times * CALM:
                self._is_armed = True
        at = second % size
        self._value[at] += value
        self._signed[at] += value if is_buy else -value
        self._count[at] += 1
        if second != self._second:
            self._sum()
            return 0.0, 0
        if not self._is_armed or self._trades + self._count[at] < self._least:
            return 0.0, 0
        ratio = self.ratio()
        if not ratio >= self._times:
            return 0.0, 0
        self._is_armed = False
        return ratio, 1 if self._pressure + self._signed[at] >= 0.0 else -1


class Stand:
    """Tells once when a value has stood beyond a limit, on one side, for `hold_ms` without a break.

    Args:
        limit: > 0; a value of -limit and less is beyond it on the other side.
    """

    def __init__(self, limit: float, hold_ms: int) -> None:
        self._limit, self._hold_ms = limit, hold_ms
        self._side = 0
        self._since_ms = -1
        self._is_armed: bool | None = None  # None: nothing was seen yet
        self.value = math.nan  # the newest

    def take(self, time_ms: int, value: float) -> int:
        """Take the value as of now, nan where there is none; return the side if it is told, else 0."""
        self.value = value
        if not abs(value) >= self._limit:
            self._side = 0
            if abs(value) < self._limit * BACK or (self._is_armed is None and not math.isnan(value)):
                self._is_armed = True
            return 0
        self._is_armed = bool(self._is_armed)
        side = 1 if value > 0.0 else -1
        if side != self._side:
            if self._side:  # straight from one side to the other
                self._is_armed = True
            self._side, self._since_ms = side, time_ms
        return self.look(time_ms)

    def look(self, time_ms: int) -> int:
        """Return the side if by now it has stood there long enough, else 0: time alone makes it so."""
        if not self._side or not self._is_armed or time_ms - self._since_ms < self._hold_ms:
            return 0
        self._is_armed = False
        return self._side


def deviation(closes: Sequence[float]) -> float:
    """Return by how many standard deviations the last value is above the mean of all; nan of a flat series.

    The deviation is that of a population, as in Bollinger's bands; the last value counts in both.
    """
    n = len(closes)
    mean = math.fsum(closes) / n
    spread = math.sqrt(math.fsum((c - mean) ** 2 for c in closes) / n)
    return (closes[-1] - mean) / spread if spread > 1e-12 * abs(mean) else math.nan


def slope(values: Sequence[float]) -> float:
    """Return the slope of the least-squares line through values at 0, 1, 2 ..., at least two of them."""
    n = len(values)
    middle = (n - 1) / 2.0
    top = math.fsum((i - middle) * v for i, v in enumerate(values))
    return top / (n * (n * n - 1) / 12.0)


def growth(values: Sequence[float]) -> float:
    """Return by what share of their mean the least-squares line rises over all values; nan where the mean is 0."""
    mean = math.fsum(values) / len(values)
    return slope(values) * (len(values) - 1) / mean if mean > 0.0 else math.nan


class Band:
    """Tells when a close is beyond `limit` standard deviations of the last `count`, and the one before was not."""

    def __init__(self, limit: float, count: int) -> None:
        self._limit = limit
        self._closes: deque[float] = deque(maxlen=count)
        self._side: int | None = None  # None: not known yet

    def take(self, close: float) -> float:
        """Take a close; return by how many deviations it is out if that is told, else 0.0."""
        self._closes.append(close)
        if len(self._closes) < (self._closes.maxlen or 0):
            return 0.0
        out = deviation(self._closes)
        side = 0 if not abs(out) >= self._limit else 1 if out > 0.0 else -1
        before, self._side = self._side, side
        return out if before is not None and side and side != before else 0.0


class Trend:
    """Tells when the volume of the last `count` bars grows by `limit` of its mean while the price goes one way."""

    def __init__(self, limit: float, count: int) -> None:
        self._limit = limit
        self._closes: deque[float] = deque(maxlen=count)
        self._volumes: deque[float] = deque(maxlen=count)
        self._told: int | None = None  # the side of what was told last, 0 once that is over; None: not known yet

    def take(self, close: float, volume: float) -> tuple[float, int]:
        """Take a bar; return (growth, which way the price goes) if it is told, (0.0, 0) else."""
        self._closes.append(close)
        self._volumes.append(volume)
        if len(self._closes) < (self._closes.maxlen or 0):
            return 0.0, 0
        grown, way = growth(self._volumes), slope(self._closes)
        # What rounding leaves of a flat price is no direction.
        side = 0 if abs(way) <= 1e-9 * abs(close) else 1 if way > 0.0 else -1
        is_grown = grown >= self._limit and side != 0
        before = self._told
        if is_grown:
            self._told = side
            return (grown, side) if before is not None and side != before else (0.0, 0)
        if before is None or not grown >= self._limit * CALM:
            self._told = 0
        return 0.0, 0
