"""Candles and trades as REST asks for them, cut at a moment: what lies after `now_ms` has not happened yet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from core.market import DAY_MS, MINUTE_MS, SECOND_MS, Interval
from core.sim import dice
from core.sim.frames import Bar, Print
from core.sim.past import Day, MarketPast, Trades

I64 = NDArray[np.int64]

EXACT_DAYS = 9  # older days come in closed form: the same prices and volume, their turnover estimated
SECONDS_KEPT_DAYS = 92  # how far back candles of a second go
_UNITS = {Interval.M1: 1, Interval.M3: 3, Interval.M5: 5, Interval.M10: 10, Interval.M15: 15, Interval.M30: 30}
UNITS = _UNITS | {Interval.H1: 60, Interval.H4: 240}  # minutes


def wide_sums(values: I64, heads: I64) -> list[int]:
    """Return the sums of runs that begin at `heads`, exactly, where they may pass 63 bits."""
    high = np.add.reduceat(values >> 31, heads).tolist()
    low = np.add.reduceat(values & 0x7FFFFFFF, heads).tolist()
    return [(h << 31) + i for h, i in zip(high, low, strict=True)]


def _bars(
    past: MarketPast,
    unit: int,
    start: I64,
    opened: I64,
    high: I64,
    low: I64,
    close: I64,
    volume: I64,
    turnover: I64,
    last: I64,
) -> list[Bar]:
    """Fold rows in time order into one bar for each distinct `start`; `unit` is what turnover counts prices in."""
    if not len(start):
        return []
    heads = np.flatnonzero(np.concatenate(([True], start[1:] != start[:-1])))
    tails = np.append(heads[1:], len(start)) - 1
    scale = 10 ** (8 - past.listed.size_digits)
    prices = past.grid.prices
    return [
        Bar(s, o, h, lo, c, v * scale, t * unit * scale, end)
        for s, o, h, lo, c, v, t, end in zip(
            start[heads].tolist(),
            prices(opened[heads]).tolist(),
            prices(np.maximum.reduceat(high, heads)).tolist(),
            prices(np.minimum.reduceat(low, heads)).tolist(),
            prices(close[tails]).tolist(),
            wide_sums(volume, heads),
            wide_sums(turnover, heads),
            last[tails].tolist(),
            strict=True,
        )
    ]


def _cut(trades: Trades, now_ms: int) -> Trades:
    end = int(np.searchsorted(trades.time_ms, now_ms, side="right"))
    return Trades(trades.time_ms[:end], trades.place[:end], trades.size[:end], trades.is_bid[:end], trades.id[:end])


def minutes_over(made: Day | None, now_ms: int) -> int:
    """Return how many of a day's traded minutes are over."""
    if made is None:
        return 0
    minute = (now_ms - made.day * DAY_MS) // MINUTE_MS
    return len(made.minute) if minute >= 1440 else int(np.searchsorted(made.minute, minute))


def minute_so_far(past: MarketPast, made: Day | None, now_ms: int) -> Trades | None:
    """Return the trades so far of the minute of a day that is not over, if there are any."""
    over = minutes_over(made, now_ms)
    if made is None or over == len(made.minute):
        return None
    minute = (now_ms - made.day * DAY_MS) // MINUTE_MS
    if made.minute[over] != minute:
        return None
    trades = _cut(past.trades(made.day, minute, minute + 1), now_ms)
    return trades if len(trades.id) else None


def day_bars(past: MarketPast, day: int, unit: int, now_ms: int) -> list[Bar]:
    """Return a day's candles of `unit` minutes (a divisor of 1,440), oldest first."""
    made = past.day(day)
    if made is None:
        return []
    whole, part = minutes_over(made, now_ms), minute_so_far(past, made, now_ms)
    begin = day * 1440
    minute = made.minute[:whole]
    columns = [
        (begin + minute // unit * unit) * MINUTE_MS,
        made.open[:whole],
        made.high[:whole],
        made.low[:whole],
        made.close[:whole],
        made.volume[:whole],
        made.turnover[:whole],
        (begin + minute) * MINUTE_MS + made.last_ms[:whole],
    ]
    if part is not None:
        prices = past.grid.prices(part.place) // made.unit
        now_minute = (now_ms - day * DAY_MS) // MINUTE_MS
        row = (
            (begin + now_minute // unit * unit) * MINUTE_MS,
            part.place[0],
            part.place.max(),
            part.place.min(),
            part.place[-1],
            part.size.sum(),
            (prices * part.size).sum(),
            part.time_ms[-1],
        )
        columns = [np.append(c, v) for c, v in zip(columns, row, strict=True)]
    return _bars(past, made.unit, *columns)


def _second_bars(past: MarketPast, day: int, first: int, last: int, now_ms: int) -> list[Bar]:
    made = past.day(day)
    trades = _cut(past.trades(day, first, last), now_ms)
    if made is None or not len(trades.id):
        return []
    start = trades.time_ms // SECOND_MS * SECOND_MS
    turnover = past.grid.prices(trades.place) // made.unit * trades.size
    place = trades.place
    return _bars(past, made.unit, start, place, place, place, place, trades.size, turnover, trades.time_ms)


def _spans(past: MarketPast, day: int, before: int, wanted: int) -> Iterator[tuple[int, int]]:
    """Yield spans of minutes of a day, going back from minute `before`, with about `wanted` trades each."""
    made = past.day(day)
    if made is None:
        return
    end = int(np.searchsorted(made.minute, before))
    reversed_counts = np.cumsum(made.n[:end][::-1])
    at = 0
    while at < end:
        done = int(reversed_counts[at - 1]) if at else 0
        stop = min(int(np.searchsorted(reversed_counts, done + wanted)) + 1, end)
        yield int(made.minute[end - stop]), int(made.minute[end - at - 1]) + 1
        at = stop


def intraday(past: MarketPast, interval: Interval, to_ms: int, count: int, now_ms: int) -> Iterator[list[Bar]]:
    """Yield candles of a second to four hours that start before `to_ms`, in pieces, newest first; `count` in all.

    Comes in pieces of some milliseconds' work each, so that a loop can do something else in between.
    """
    top = min(to_ms - 1, now_ms)
    day = min(top // DAY_MS, past.end_day(top // DAY_MS + 1) - 1)
    last = past.first_day
    if interval is Interval.S1:
        last = max(last, now_ms // DAY_MS - SECONDS_KEPT_DAYS)
    left = count
    while day >= last and left > 0:
        if interval is Interval.S1:
            before = min((top - day * DAY_MS) // MINUTE_MS + 1, 1440)
            for first, end in _spans(past, day, before, max(left * 2, 64)):
                piece = [b for b in _second_bars(past, day, first, end, now_ms) if b.start_ms < to_ms][::-1][:left]
                left -= len(piece)
                yield piece
                if left <= 0:
                    break
        else:
            bars = day_bars(past, day, UNITS[interval], now_ms)
            piece = [b for b in bars if b.start_ms < to_ms][::-1][:left]
            left -= len(piece)
            yield piece
        day -= 1


def latest(past: MarketPast, interval: Interval, now_ms: int) -> Bar | None:
    """Return the newest candle of a second to four hours."""
    for piece in intraday(past, interval, now_ms + 1, 1, now_ms):
        if piece:
            return piece[0]
    return None


_LENGTH_DAYS: dict[Interval | None, int] = {Interval.D1: 1, Interval.W1: 7, Interval.MONTH: 31, None: 366}


def _period(interval: Interval | None, day: int) -> int:
    """Return the first day of the week, month or year (None) in which a day lies."""
    if interval is Interval.D1:
        return day
    if interval is Interval.W1:
        return day - (day + 3) % 7  # 1970-01-01 was a Thursday
    date = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=day)
    first = date.replace(day=1) if interval is Interval.MONTH else date.replace(month=1, day=1)
    return (first - datetime(1970, 1, 1, tzinfo=UTC)).days


def daily(past: MarketPast, interval: Interval | None, to_ms: int, count: int, now_ms: int) -> list[Bar]:
    """Return candles of a day, week, month or year (None) that start before `to_ms`, newest first."""
    today = now_ms // DAY_MS
    newest = _period(interval, min((to_ms - 1) // DAY_MS, today))
    # The newest period is whole even where `to` cuts into it.
    end = min(past.end_day(today + 1), newest + _LENGTH_DAYS[interval])
    span = count * _LENGTH_DAYS[interval]
    first = max(past.first_day, _period(interval, max(end - 1 - span, past.first_day)))
    if end <= first:
        return []
    exact_from = max(first, today - EXACT_DAYS)
    bars: list[Bar] = []
    if exact_from > first:
        rows = past.rows(first, min(exact_from, end))
        scale = 10 ** (8 - past.listed.size_digits)
        columns = [past.grid.prices(p).tolist() for p in rows[:4]]
        ends = dice.key("ends", past.listed.code)
        bars = [
            Bar(
                day * DAY_MS, o, h, lo, c, v * scale, (o + h + lo + c) // 4 * v * scale,
                (day + 1) * DAY_MS - 1 - dice.one(ends, day) % MINUTE_MS,
            )
            for day, o, h, lo, c, v in zip(range(first, end), *columns, rows.volume.tolist(), strict=False)
        ]  # fmt: skip
    for day in range(exact_from, end):
        bars += day_bars(past, day, 1440, now_ms)
    folded: list[Bar] = []
    for bar in bars:
        start = _period(interval, bar.start_ms // DAY_MS) * DAY_MS
        if folded and folded[-1].start_ms == start:
            f = folded[-1]
            folded[-1] = Bar(
                start, f.open, max(f.high, bar.high), min(f.low, bar.low), bar.close,
                f.volume + bar.volume, f.turnover + bar.turnover, bar.last_ms,
            )  # fmt: skip
        else:
            folded.append(bar._replace(start_ms=start))
    return [b for b in folded if b.start_ms < to_ms][-count:][::-1]


def prev_close(past: MarketPast, day: int) -> int:
    """Return the close of the day before, in 1e-8; on a market's first day its own open."""
    if day <= past.first_day:
        return past.grid.price(past.row(day)[0])
    return past.grid.price(past.row(day - 1)[3])


def ticks(past: MarketPast, day: int, before_ms: int, before_id: int | None, count: int, now_ms: int) -> list[Print]:
    """Return trades of one UTC day, newest first: earlier than `before_ms` and than the id `before_id`."""
    if day < past.first_day or past.day(day) is None:
        return []
    if before_id is not None:
        before_ms = min(before_ms, before_id // 10_000 + 1)
    top = min(before_ms - 1, now_ms)
    closed, scale = prev_close(past, day), 10 ** (8 - past.listed.size_digits)
    found: list[Print] = []
    for first, end in _spans(past, day, min((top - day * DAY_MS) // MINUTE_MS + 1, 1440), count):
        trades = _cut(past.trades(day, first, end), top)
        rows = zip(
            trades.time_ms.tolist(),
            past.grid.prices(trades.place).tolist(),
            trades.size.tolist(),
            trades.is_bid.tolist(),
            trades.id.tolist(),
            strict=True,
        )
        piece = [
            Print(t, p, s * scale, b, i, closed, 0, 0, 0, 0)
            for t, p, s, b, i in rows
            if before_id is None or i < before_id
        ]
        found += piece[::-1][: count - len(found)]
        if len(found) >= count:
            break
    return found
