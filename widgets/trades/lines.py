"""The lines of a tape: prints of one order joined, floods summed, what is not wanted left out. No Qt.

A line is a stretch of the ledger and two whole numbers, so ten thousand of them cost little; what a line says is worked
out when it is looked at. A `Print` is that.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Literal, NamedTuple

from core.market import quote_of
from core.state.coverage import Span
from core.state.tape import Tape
from core.wire.messages import Trade

Shown = Literal["", "BID", "ASK"]  # whose prints: of both, of buyers, of sellers
Tiers = tuple[float, float, float]  # from which value on a print stands out, more and more; quote currency

JOINS = (-1, 0, 50, 200)  # ms; -1: each trade is a line of its own
BIG = 3  # the highest tier
FLOOD_MS = 1_000  # more lines than fit on the screen within this time, in one frame, are a flood; and how long it grows
FLOOD_MOST = 2_000  # trades of a flood: with each frame all of them are summed anew

# KRW: what an exchange's own "large trade" lists begin with; the others are about the same money.
TIERS: dict[str, Tiers] = {
    "KRW": (10_000_000.0, 30_000_000.0, 100_000_000.0),
    "USDT": (7_000.0, 20_000.0, 70_000.0),
    "BTC": (0.1, 0.3, 1.0),
}


class Print(NamedTuple):
    """One line of the tape: a trade, those of one order, the sum of a flood, or a hole in the ledger."""

    time_ms: int  # of its newest trade; exchange clock, epoch ms UTC
    price: float  # quote currency; of several trades the volume-weighted average
    size: float  # base currency
    value: float  # quote currency
    is_buy: bool  # the buyer crossed the spread
    tier: int  # 0 usual, BIG very large; of a sum that of its largest order
    id: int  # of one of its trades; below zero for a hole
    hole: Span | None = None  # the line says that trades of these times are missing, and nothing else
    trades: int = 1  # that it stands for
    low: float = 0.0  # of its prices; 0 and 0 where nobody asked
    high: float = 0.0


class Exact(NamedTuple):
    """A line with each of its digits."""

    time_ms: int
    is_buy: bool
    price: Decimal  # of several trades the volume-weighted average, to 1e-8
    low: Decimal
    high: Decimal
    size: Decimal
    value: Decimal
    trades: int


class Wanted(NamedTuple):
    """What of the ledger is shown, and how."""

    join_ms: int = 0  # trades of one aggressor this close to the first of them are one line; -1: none are
    least: float = 0.0  # value of a line, quote currency
    side: Shown = ""
    tiers: Tiers = TIERS["KRW"]
    is_big_only: bool = False
    is_summed: bool = True  # at floods

    @property
    def floor(self) -> float:
        """The value from which on a line is shown."""
        return max(self.least, self.tiers[-1]) if self.is_big_only else self.least

    def tier(self, value: float) -> int:
        """Return how far a value stands out: 0 to BIG."""
        return bisect_right(self.tiers, value)


class Lines:
    """Lines of one tape, oldest first. `pull` keeps up with the ledger; nothing of it is on two lines or on none.

    A line begins where the aggressor changes, where a hole lies, or `join_ms` after its first trade; so of a sweep that
    lasts seconds one sees each step. From the start of any line on, the rest follows from the ledger alone: after a
    late trade only the lines from there are made anew, and when old trades are forgotten only the oldest.

    In `shown` a line is 2 * (place of its first trade in the ledger) + 1, a hole 2 * (place of the trade behind it);
    a sum has the number of its newest trade.
    """

    def __init__(self, tape: Tape, wanted: Wanted) -> None:
        self.tape, self.wanted = tape, wanted
        self.shown: list[int] = []
        self._starts: list[int] = []  # of all lines, shown or not
        self._sums: dict[int, list[int]] = {}  # number in `shown` -> places of the trades that it sums, in a flood
        self.forgets = 0  # how often old trades were let go
        self._floods: list[Span] = []  # oldest first, disjoint
        self.holes: list[Span] = []  # as the ledger had them, oldest first
        self._length = 0
        self._late = 0
        self._cursor = 0
        self.rebuild()

    def __len__(self) -> int:
        return len(self.shown)

    def rebuild(self) -> None:
        """Make all lines anew."""
        tape = self.tape
        _, self._cursor = tape.since(tape.count)
        self._late, self._length, self.holes = tape.late, len(tape), tape.holes
        self._starts, self.shown, self._sums = [], [], {}
        self._drop_floods()
        self._join(0)

    def _drop_floods(self) -> None:
        oldest = self.tape.between(0, 1)
        self._floods = [f for f in self._floods if oldest and f.to_ms >= oldest[0].time_ms]

    def pull(self, capacity: int = 0) -> tuple[int, int] | None:
        """Take in what arrived. Return how many of the newest lines are gone and how many came instead.

        None: any line may be another. The oldest may be gone as well: `forgets` tells.

        Args:
            capacity: lines that can be read; if more came at once, they are summed. 0: never.
        """
        tape = self.tape
        new, cursor = tape.since(self._cursor)
        holes = tape.holes
        arrived, late = cursor - self._cursor, tape.late - self._late
        forgotten = self._length + arrived - len(tape)
        if not arrived and not forgotten and holes == self.holes:
            return 0, 0
        if arrived > len(new) or holes != self.holes or not 0 <= forgotten < self._length or (late and forgotten):
            self.rebuild()
            self._sum_up(arrived - late, capacity)
            return None
        if forgotten:
            self._forget(forgotten)
        begin = self._start_of((tape.place_from(min(t.time_ms for t in new)) if late else self._length) - 1)
        self._cursor, self._late, self._length = cursor, tape.late, len(tape)
        before = len(self.shown)
        kept = self._join(begin)
        if self._sum_up(arrived - late, capacity) or late:
            return None
        return before - kept, len(self.shown) - kept

    def _forget(self, count: int) -> None:
        """Let go of the oldest trades, as the ledger did. What is left of a line or of a flood is made anew.

        A hole before the oldest trade that is left is none any more.
        """
        self.forgets += 1
        self._starts = [start - count for start in self._starts[bisect_left(self._starts, count) :]]
        self.shown = [number - 2 * count for number in self.shown[bisect_left(self.shown, 2 * count + 1) :]]
        sums = self._sums.items()
        self._sums = {n - 2 * count: [place - count for place in places] for n, places in sums if places[0] >= count}
        self._length -= count
        self._drop_floods()
        end = self._starts[0] if self._starts else self._length
        if self._floods and end < self._length and self._floods[0].from_ms <= self._time(end):
            after = bisect_left(self._starts, self.tape.place_from(self._floods[0].to_ms + 1))
            end = self._starts[after] if after < len(self._starts) else self._length
        self._join(0, min(end, self._length))

    def _start_of(self, place: int) -> int:
        """Return where the line begins that holds a trade; in a flood, where the flood does."""
        starts = self._starts
        if place < 0:
            return 0
        start = starts[bisect_right(starts, place) - 1]
        time_ms = self._time(start)
        flood = next((f for f in reversed(self._floods) if f.from_ms <= time_ms <= f.to_ms), None)
        if flood is not None:
            start = starts[bisect_left(starts, self.tape.place_from(flood.from_ms))]
        return start

    def _time(self, place: int) -> int:
        return self.tape.between(place, place + 1)[0].time_ms

    def _join(self, begin: int, until: int | None = None) -> int:
        """Make the lines from place `begin`, where one starts, to another such place or the end of the ledger.

        Return how many of those shown lie before them.
        """
        tape, wanted, last = self.tape, self.wanted, self._length if until is None else until
        kept, after = bisect_left(self.shown, 2 * begin), bisect_left(self.shown, 2 * last)
        for number in self.shown[kept:after] if self._sums else ():
            self._sums.pop(number, None)
        starts: list[int] = []
        shown: list[int] = []
        join_ms, floor, side = wanted.join_ms, wanted.floor, wanted.side
        trades = tape.between(begin, last)
        if not trades:
            return kept
        before_ms = self._time(begin - 1) if begin else trades[0].time_ms
        holes = [h for h in self.holes if h.from_ms > before_ms]
        floods = [f for f in self._floods if f.to_ms >= trades[0].time_ms] if wanted.is_summed else []
        flooded: list[tuple[int, int, int]] = []  # flood, where in `trades` a line begins and ends
        first, first_ms, aggressor, value = 0, -1, "", 0.0

        def end_line(end: int) -> None:
            if value < floor or (side and aggressor != side):
                return
            while floods and floods[0].to_ms < first_ms:
                floods.pop(0)
            if floods and floods[0].from_ms <= first_ms:
                flooded.append((floods[0].from_ms, first, end))
            else:
                shown.append(2 * (begin + first) + 1)

        for i, trade in enumerate(trades):
            has_hole = bool(holes) and holes[0].from_ms <= trade.time_ms
            if has_hole or trade.aggressor != aggressor or trade.time_ms - first_ms > join_ms:
                if aggressor:
                    end_line(i)
                starts.append(begin + i)
                first, first_ms, aggressor, value = i, trade.time_ms, trade.aggressor, 0.0
                if has_hole:
                    shown.append(2 * (begin + i))
                    while holes and holes[0].from_ms <= trade.time_ms:
                        holes.pop(0)
            value += trade.price * trade.size
        end_line(len(trades))
        if flooded:
            shown = sorted(shown + self._sum(begin, trades, flooded))
        self._starts[bisect_left(self._starts, begin) : bisect_left(self._starts, last)] = starts
        self.shown[kept:after] = shown
        return kept

    def _sum(self, begin: int, trades: Sequence[Trade], flooded: Iterable[tuple[int, int, int]]) -> list[int]:
        """Join what lines of one flood have in common: side and price. Return the numbers of the sums."""
        sums: dict[tuple[int, str, float], list[int]] = {}
        for flood, first, end in flooded:
            for i in range(first, end):
                trade = trades[i]
                sums.setdefault((flood, trade.aggressor, trade.price), []).append(begin + i)
        made = {2 * places[-1] + 1: places for places in sums.values()}
        self._sums.update(made)
        return list(made)

    def _sum_up(self, arrived: int, capacity: int) -> bool:
        """Sum what arrived if it is more than can be read. Return whether it was."""
        if not self.wanted.is_summed or not capacity or arrived <= capacity or not self._starts:
            return False
        begin = max(self._length - arrived, 0)
        begin = self._starts[bisect_left(self._starts, begin, hi=len(self._starts) - 1)]
        if len(self.shown) - bisect_left(self.shown, 2 * begin) <= capacity:
            return False
        from_ms, to_ms = self._time(begin), self._time(self._length - 1)
        if to_ms - from_ms > FLOOD_MS:
            return False  # what came while the pane was hidden, or the socket away, can be read in peace
        if self._goes_on(begin, to_ms):
            from_ms = self._floods.pop().from_ms
        elif self._floods and self._floods[-1].to_ms >= from_ms:
            from_ms = self._floods[-1].to_ms + 1
        if from_ms > to_ms:
            return False  # all in the last millisecond of the flood before, and summed with it
        self._floods.append(Span(from_ms, to_ms))
        self._join(self._starts[bisect_left(self._starts, self.tape.place_from(from_ms), hi=len(self._starts) - 1)])
        return True

    def _goes_on(self, begin: int, to_ms: int) -> bool:
        """Tell whether the lines from `begin` on, up to `to_ms`, are more of the last flood: its sums grow in place."""
        at = bisect_left(self._starts, begin)
        if not self._floods or not at:
            return False
        last = self._floods[-1]
        is_next = last.from_ms <= self._time(self._starts[at - 1]) <= last.to_ms
        is_short = to_ms - last.from_ms <= FLOOD_MS
        return is_next and is_short and self._length - self.tape.place_from(last.from_ms) <= FLOOD_MOST

    # What they say.

    def _members(self, number: int) -> list[Trade]:
        """Return the trades of a line, oldest first."""
        places = self._sums.get(number)
        if places is None:
            return self._line(number >> 1)
        first = places[0]
        trades = self.tape.between(first, places[-1] + 1)
        return [trades[place - first] for place in places]

    def _line(self, start: int) -> list[Trade]:
        after = bisect_right(self._starts, start)
        end = self._starts[after] if after < len(self._starts) else self._length
        return self.tape.between(start, end)

    def at(self, place: int) -> Print:
        """Return what the line at `place` of those shown says."""
        number = self.shown[place]
        start = number >> 1
        if not number & 1:
            return self._hole(start)
        trades = self._members(number)
        newest = trades[-1]
        is_buy, price = newest.aggressor == "BID", newest.price
        if len(trades) == 1:
            value = price * newest.size
            tier = self.wanted.tier(value) if number not in self._sums else self._largest(number)
            return Print(newest.time_ms, price, newest.size, value, is_buy, tier, newest.id, None, 1, price, price)
        size = sum(t.size for t in trades)
        value = sum(t.price * t.size for t in trades)
        prices = [t.price for t in trades]
        low, high = min(prices), max(prices)
        price = low if low == high or not size > 0.0 else min(max(value / size, low), high)
        tier = self.wanted.tier(value) if number not in self._sums else self._largest(number)
        id_ = self.tape.between(start, start + 1)[0].id
        return Print(newest.time_ms, price, size, value, is_buy, tier, id_, None, len(trades), low, high)

    def _largest(self, number: int) -> int:
        """Return the tier of the largest order in a sum: many small prints are no big one."""
        starts = {self._starts[bisect_right(self._starts, place) - 1] for place in self._sums[number]}
        return max(self.wanted.tier(sum(t.price * t.size for t in self._line(start))) for start in starts)

    def _hole(self, place: int) -> Print:
        """Return the line that says what is missing right before the trade at `place`."""
        trade, before_ms = self.tape.between(place, place + 1)[0], self._time(place - 1)
        holes = [h for h in self.holes if before_ms < h.from_ms <= trade.time_ms]
        hole = Span(holes[0].from_ms, holes[-1].to_ms)
        return Print(hole.to_ms, 0.0, 0.0, 0.0, False, 0, -1 - trade.id, hole, 0)

    def exact(self, place: int) -> Exact | Span:
        """Return the line at `place` with each of its digits, or the hole that it tells of."""
        number = self.shown[place]
        if not number & 1:
            hole = self._hole(number >> 1).hole
            assert hole is not None
            return hole
        trades = self._members(number)
        sizes, prices = [Decimal(repr(t.size)) for t in trades], [Decimal(repr(t.price)) for t in trades]
        size = sum(sizes, Decimal())
        value = sum((s * p for s, p in zip(sizes, prices, strict=True)), Decimal())
        low, high = min(prices), max(prices)
        price = low if low == high or not size else (value / size).quantize(Decimal("1e-8"))
        return Exact(trades[-1].time_ms, trades[-1].aggressor == "BID", price, low, high, size, value, len(trades))

    # Finding a line again.

    def mark(self, place: int) -> tuple[int, int]:
        """Return what finds the line at `place` again, whatever arrives: a time, and the id of its `Print`."""
        number = self.shown[place]
        trade = self.tape.between(number >> 1, (number >> 1) + 1)[0]
        return trade.time_ms, trade.id if number & 1 else -1 - trade.id

    def place_of(self, mark: tuple[int, int]) -> int:
        """Return the place of the line that `mark` was taken of, or of the one before; -1 if there is none."""
        time_ms, id_ = mark
        trade_id = id_ if id_ >= 0 else -1 - id_
        place = self.tape.place_from(time_ms)
        for i, trade in enumerate(self.tape.between(place, self.tape.place_from(time_ms + 1))):
            if trade.id == trade_id:
                place += i
                break
        return bisect_right(self.shown, 2 * place + (id_ >= 0)) - 1


def tiers_of(market: str) -> Tiers:
    """Return from which values on a print of `market` stands out, as long as the user says nothing else."""
    return TIERS.get(quote_of(market), TIERS["USDT"])


def copied(lines: Sequence[Exact | Span]) -> str:
    """Return lines as text, a tab between cells, each digit there; times in Korea's time."""
    rows = ["time\tside\tprice\tlow\thigh\tsize\tvalue\ttrades"]
    for line in lines:
        if isinstance(line, Span):
            rows.append(f"{_stamp(line.from_ms)}\tmissing until {_stamp(line.to_ms)}\t\t\t\t\t\t")
            continue
        numbers = (line.price, line.low, line.high, line.size, line.value)
        cells = [_stamp(line.time_ms), "BID" if line.is_buy else "ASK", *map(_digits, numbers), str(line.trades)]
        rows.append("\t".join(cells))
    return "\n".join(rows) + "\n"


def _stamp(time_ms: int) -> str:
    # Not by a float: the milliseconds have to be those of the exchange.
    moment = datetime(1970, 1, 1, 9, tzinfo=UTC) + timedelta(milliseconds=time_ms)
    return moment.strftime("%Y-%m-%d %H:%M:%S.") + f"{time_ms % 1_000:03d}"


def _digits(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
