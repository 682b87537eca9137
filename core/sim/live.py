"""One market as it plays: its last trades, its summary, its book, its running candles."""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from core.market import DAY_MS, INTERVAL_OF_CHANNEL, MINUTE_MS
from core.sim import dice
from core.sim.book import GRID_MS, Bookshelf, Quote, Side
from core.sim.frames import Bar, Board, Print
from core.sim.pages import latest, minute_so_far, minutes_over, prev_close
from core.sim.past import Day, MarketPast, Rows

I64 = NDArray[np.int64]

NEVER = 1 << 62
_LOADED = 48  # trades made ahead, about
_RECALLED = 4  # prints taken up from before the start
_REMEMBERED = 64  # prints: enough to know the last trade at any step of the book's clock


class _Since:
    """How much of a day was traded from a minute on."""

    def __init__(self, made: Day | None) -> None:
        self._minute: I64 = made.minute.astype(np.int16) if made is not None else np.empty(0, np.int64)
        volume = made.volume if made is not None else np.empty(0, np.int64)
        turnover = made.turnover if made is not None else np.empty(0, np.int64)
        self._unit = made.unit if made is not None else 0
        self._volume = _tail_sums(volume)
        self._high, self._low = _tail_sums(turnover >> 31), _tail_sums(turnover & 0x7FFFFFFF)

    def __call__(self, minute: int) -> tuple[int, int]:
        """Return (volume in size units, turnover in 1e-8 quote times size units) from `minute` on."""
        at = int(np.searchsorted(self._minute, minute))
        return int(self._volume[at]), ((int(self._high[at]) << 31) + int(self._low[at])) * self._unit


def _tail_sums(values: I64) -> I64:
    return np.append(np.cumsum(values[::-1])[::-1], 0)


class Live:
    """The present of one market. Asked for moments that never go back."""

    def __init__(self, seed: int, past: MarketPast, now_ms: int, rate: float) -> None:
        self.past = past
        self.code = past.listed.code
        self._prints: deque[Print] = deque(maxlen=_REMEMBERED)
        self._to_recall: tuple[int, int] | None = None  # (day, minute) whose trades are still to be taken up
        self.bars: dict[str, Bar] = {}  # running candles by channel
        listed = past.listed
        self._scale = 10 ** (8 - listed.size_digits)
        self._spreads = dice.key(seed, "spread", self.code)
        self._queue: list[tuple[int, int, int, bool, int]] = []
        self._at = 0
        self._next_minute_ms: int | None = None  # as far as the queue is empty, and it was asked for
        self.prev_close = 0
        day = past.end_day(now_ms // DAY_MS + 1) - 1
        past.year(day + 1)  # what follows looks at several of its days
        price = past.grid.price(past.row(day)[0]) / 1e8
        usual = listed.turnover / listed.trades / price * 1e8 * 2.5
        awake = rate if listed.halted_day is None else 0.0
        grid_ms = GRID_MS if listed.quote == "KRW" else 130
        self._shelf = Bookshelf(seed, listed, past.grid, usual, awake, grid_ms)
        self._shown = day  # the day whose numbers the summary has
        self._today = -1
        self._unloaded = now_ms // MINUTE_MS  # since 1970; trades from it on are not in the queue yet
        self._begin(now_ms)
        self._book: tuple[int, int, Side, Side] | None = None  # made of trade id, time, asks, bids

    # -- trades

    @property
    def prints(self) -> deque[Print]:
        """The last trades, newest last; there is at least one."""
        if self._to_recall is not None:
            self._recall()
        return self._prints

    @property
    def next_ms(self) -> int:
        """When the next trade is due, or something before it; NEVER where there is none."""
        if self._at < len(self._queue):
            return self._queue[self._at][0]
        if self._next_minute_ms is None:
            self._next_minute_ms = self._next_minute()
        return self._next_minute_ms

    def _next_minute(self) -> int:
        """Return when the next minute begins in which something is traded, or NEVER.

        Its trades are made when it comes: most markets that somebody watches do not trade for long.
        """
        for _ in range(3):  # a day without a minute left, then the next ones
            day, minute = divmod(self._unloaded, 1440)
            made = self.past.day(day)
            if made is None:
                return NEVER
            begin = int(np.searchsorted(made.minute, minute))
            if begin < len(made.minute):
                return (day * 1440 + int(made.minute[begin])) * MINUTE_MS
            self._unloaded = (day + 1) * 1440
        return NEVER

    def advance(self, now_ms: int) -> list[Print]:
        """Play what is due and return it, oldest first.

        This is the one place where trades come to life, on every channel and in REST alike: what a paper order
        fills will be laid over here.
        """
        played: list[Print] = []
        while self.next_ms <= now_ms:
            if self._at >= len(self._queue):
                self._load()
                continue
            if self._to_recall is not None:
                self._recall()
            time_ms, place, size, is_bid, id_ = self._queue[self._at]
            self._at += 1
            if time_ms // DAY_MS != self._shown:
                self._open_day(time_ms // DAY_MS)
            printed = self._print(time_ms, place, size * self._scale, is_bid, id_)
            self._fold(time_ms, printed.price, printed.size, is_bid)
            self._prints.append(printed)
            played.append(printed)
        return played

    def _load(self) -> None:
        """Make the trades of the next minutes; `next_ms` has found that there are some."""
        day, minute = divmod(self._unloaded, 1440)
        made = self.past.day(day)
        assert made is not None
        begin = int(np.searchsorted(made.minute, minute))
        ahead = np.cumsum(made.n[begin : begin + _LOADED])
        end = begin + min(int(np.searchsorted(ahead, _LOADED)) + 1, len(ahead))
        last = int(made.minute[end - 1]) + 1
        self._queue, self._at, self._next_minute_ms = self._trades(day, int(made.minute[begin]), last), 0, None
        self._unloaded = day * 1440 + last

    def _trades(self, day: int, first: int, last: int) -> list[tuple[int, int, int, bool, int]]:
        t = self.past.trades(day, first, last)
        columns = (t.time_ms.tolist(), t.place.tolist(), t.size.tolist(), t.is_bid.tolist(), t.id.tolist())
        return list(zip(*columns, strict=True))

    def _recall(self) -> None:
        """Take up the last trades from before the start: a summary needs none of them, so they come when asked for."""
        assert self._to_recall is not None
        day, minute = self._to_recall
        self._to_recall = None
        closed, self.prev_close = self.prev_close, prev_close(self.past, day)
        for time_ms, place, size, is_bid, id_ in self._trades(day, minute, minute + 1)[-_RECALLED:]:
            self._prints.append(self._print(time_ms, place, size * self._scale, is_bid, id_))
        self.prev_close = closed

    def _begin(self, now_ms: int) -> None:
        """Take up the market where it stands: everything up to now is history."""
        past = self.past
        day = past.end_day(now_ms // DAY_MS + 1) - 1
        made = past.day(day)
        whole = minutes_over(made, now_ms)
        if not whole and minute_so_far(past, made, now_ms) is None:
            day -= 1  # nothing today: the summary is still yesterday's
            made = past.day(day)
            whole = minutes_over(made, now_ms)
        assert made is not None, "a listed market traded on its last day"
        self._open_day(day)
        if whole:
            begun = slice(0, whole)
            price = past.grid.price
            self.open, self.price = price(int(made.open[0])), price(int(made.close[whole - 1]))
            self.high, self.low = price(int(made.high[begun].max())), price(int(made.low[begun].min()))
            self.volume = int(made.volume[begun].sum()) * self._scale
            self.bid_volume = int(made.bid_volume[begun].sum()) * self._scale
            high, low = int((made.turnover[begun] >> 31).sum()), int((made.turnover[begun] & 0x7FFFFFFF).sum())
            self.turnover = ((high << 31) + low) * made.unit * self._scale
            last = whole - 1
            minute, is_alone = int(made.minute[last]), made.n[last] == 1
            self.size = int((made.open_size if is_alone else made.close_size)[last]) * self._scale
            self.is_bid = bool((made.is_open_bid if is_alone else made.is_close_bid)[last])
            self.trade_ms = (day * 1440 + minute) * MINUTE_MS + int(made.last_ms[last])
            self._to_recall = (day, minute)
        self._unloaded = now_ms // MINUTE_MS
        self._catch_up(now_ms)

    def _catch_up(self, now_ms: int) -> None:
        """Play what was due by the moment of the start: all of it counts, but only the last of it is remembered."""
        due: list[tuple[int, int, int, bool, int]] = []
        while self.next_ms <= now_ms:
            if self._at >= len(self._queue):
                self._load()
                continue
            if self._queue[self._at][0] // DAY_MS != self._shown:
                self._open_day(self._queue[self._at][0] // DAY_MS)
            end = bisect_right(self._queue, now_ms, self._at, key=itemgetter(0))
            due += self._queue[self._at : end]
            self._at = end
        if len(due) >= _REMEMBERED:
            self._to_recall = None
        elif due and self._to_recall is not None:
            self._recall()
        for time_ms, place, size, is_bid, _ in due:
            self._fold(time_ms, self.past.grid.price(place), size * self._scale, is_bid)
        for time_ms, place, size, is_bid, id_ in due[-_REMEMBERED:]:
            self._prints.append(self._print(time_ms, place, size * self._scale, is_bid, id_))

    def _open_day(self, day: int) -> None:
        self._shown = day
        self.prev_close = prev_close(self.past, day)
        self.open = self.high = self.low = self.price = 0
        self.volume = self.bid_volume = self.turnover = 0

    def _fold(self, time_ms: int, price: int, size: int, is_bid: bool) -> None:
        if not self.open:
            self.open = self.high = self.low = price
        self.high, self.low, self.price = max(self.high, price), min(self.low, price), price
        self.size, self.is_bid, self.trade_ms = size, is_bid, time_ms
        self.volume += size
        self.turnover += price * size
        if is_bid:
            self.bid_volume += size

    def _quote(self, place: int, is_bid: bool, id_: int) -> Quote:
        """Return the best prices right after a trade: the side that was hit, and a spread away the other."""
        spread = self.past.listed.spread
        steps = max(round(spread * (0.4 + 1.2 * dice.unit_of(dice.one(self._spreads, id_)))), 1)
        return Quote(max(place - steps, 1), place) if is_bid else Quote(place, place + steps)

    def _print(self, time_ms: int, place: int, size: int, is_bid: bool, id_: int) -> Print:
        price = self.past.grid.price
        quote = self._quote(place, is_bid, id_)
        step = self._shelf.step(time_ms)
        ask_size = self._shelf.best_size(quote.ask, True, step, id_)[0]
        bid_size = self._shelf.best_size(quote.bid, False, step, id_)[0]
        return Print(
            time_ms,
            price(place),
            size,
            is_bid,
            id_,
            self.prev_close,
            price(quote.ask),
            ask_size,
            price(quote.bid),
            bid_size,
        )

    # -- summary

    def board(self, now_ms: int) -> Board:
        """Return the summary; the 24 hours are counted from a whole minute."""
        today, minute = divmod(now_ms // MINUTE_MS, 1440)
        if self._today != today:
            self._roll(today)
        volume, turnover = self._yesterday(minute)
        if self._shown == today:
            volume, turnover = volume * self._scale + self.volume, turnover * self._scale + self.turnover
        else:
            volume, turnover = volume * self._scale, turnover * self._scale
        high, high_day = max(self._high_52w, (self.high, self._shown))
        low, low_day = min(self._low_52w, (self.low, self._shown))
        listed = self.past.listed
        return Board(
            self.open, self.high, self.low, self.price, self.prev_close, self.turnover, self.size, self.volume,
            self.is_bid, self.trade_ms, self.bid_volume, high, high_day, low, low_day, turnover, volume,
            listed.halted_day is not None and today >= listed.halted_day, listed.is_warned,
        )  # fmt: skip

    def _roll(self, today: int) -> None:
        past = self.past
        self._today = today
        self._yesterday = _Since(past.day(today - 1))
        first, year = past.year(past.end_day(today + 1))
        past_days = slice(0, today - first)  # today's own are as far as they have come
        rows = Rows(*(column[past_days] for column in year))
        if len(rows.high):
            top, bottom = int(np.argmax(rows.high)), int(np.argmin(rows.low))
            self._high_52w = (past.grid.price(int(rows.high[top])), first + top)
            self._low_52w = (past.grid.price(int(rows.low[bottom])), first + bottom)
        else:
            self._high_52w, self._low_52w = (self.high, today), (self.low, today)

    # -- book

    @property
    def book_time_ms(self) -> int:
        """When the book last changed, as far as it was looked at."""
        return self._book[1] if self._book is not None else 0

    def book(self, now_ms: int) -> tuple[int, Side, Side]:
        """Return (its time, asks, bids) of the last step of the book's clock."""
        self._refresh(now_ms)
        assert self._book is not None
        return self._book[1:]

    def grouped(self, now_ms: int, level: int) -> tuple[int, Side, Side]:
        """Return the book grouped by `level`, in 1e-8 quote currency."""
        step, quote, id_ = self._standing(now_ms)
        sides = [self._shelf.grouped(quote, is_ask, step, id_, level) for is_ask in (True, False)]
        return self._shelf.time_ms(step), sides[0], sides[1]

    def next_book_ms(self, now_ms: int) -> int:
        """When the book may look different from now."""
        self._refresh(now_ms)
        assert self._book is not None
        id_, _, asks, bids = self._book
        step = self._shelf.step(now_ms)
        if self.prints[-1].id != id_:
            return self._shelf.time_ms(step + 1)
        return self._shelf.time_ms(max(min(asks.until, bids.until), step + 1))

    def _standing(self, now_ms: int) -> tuple[int, Quote, int]:
        """Return (step, best prices, id of the last trade) that the book's clock shows."""
        step = self._shelf.step(now_ms)
        at_ms = self._shelf.time_ms(step)
        last = next((p for p in reversed(self.prints) if p.time_ms <= at_ms), self.prints[0])
        place = self.past.grid.place(last.price)
        return step, self._quote(place, last.is_bid, last.id), last.id

    def _refresh(self, now_ms: int) -> None:
        step, quote, id_ = self._standing(now_ms)
        old = self._book
        kept = old[2:] if old is not None and old[0] == id_ else None  # a side is what it was until it says so
        if kept is not None and step < min(kept[0].until, kept[1].until):
            return
        asks = kept[0] if kept is not None and step < kept[0].until else self._shelf.side(quote, True, step, id_)
        bids = kept[1] if kept is not None and step < kept[1].until else self._shelf.side(quote, False, step, id_)
        is_same = old is not None and old[2].levels == asks.levels and old[3].levels == bids.levels
        time_ms = old[1] if is_same and old is not None else self._shelf.time_ms(step)
        self._book = (id_, time_ms, asks, bids)

    # -- candles

    def follow(self, channel: str, now_ms: int) -> Bar | None:
        """Keep the running candle of a channel from now on, and return it."""
        if channel not in self.bars:
            bar = latest(self.past, INTERVAL_OF_CHANNEL[channel], now_ms)
            if bar is None:
                return None
            self.bars[channel] = bar
        return self.bars[channel]

    def fold_bar(self, channel: str, p: Print) -> bool:
        """Fold a trade into a running candle; True where it opened a new one."""
        interval = INTERVAL_OF_CHANNEL[channel]
        bar, start = self.bars[channel], interval.floor(p.time_ms)
        if start > bar.start_ms:
            self.bars[channel] = Bar(start, p.price, p.price, p.price, p.price, p.size, p.price * p.size, p.time_ms)
            return True
        self.bars[channel] = Bar(
            bar.start_ms, bar.open, max(bar.high, p.price), min(bar.low, p.price), p.price,
            bar.volume + p.size, bar.turnover + p.price * p.size, p.time_ms,
        )  # fmt: skip
        return False
