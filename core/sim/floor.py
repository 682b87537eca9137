"""The trading floor: plays the markets that somebody listens to and calls out what happens. No I/O, no clock.

A market nobody listens to costs nothing: its present is made from its past when it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush
from itertools import groupby
from typing import NamedTuple, Protocol

from core.market import INTERVAL_OF_CHANNEL, ORDERBOOK, TICKER, TRADE
from core.sim import frames
from core.sim.book import supported_levels
from core.sim.frames import Bar, Print
from core.sim.listing import Listed
from core.sim.live import NEVER, Live
from core.sim.past import Past

DEPTHS = frozenset({1, 5, 15, 30})
BAR_MS = 1_000  # a candle is sent at most this often


class Topic(NamedTuple):
    """What one can listen to: a stream, and for a book its depth."""

    channel: str
    market: str
    level: int = 0  # 1e-8 quote currency
    depth: int = 30


class Ear(Protocol):
    """Somebody who listens."""

    format: str

    def hear(self, topic: Topic, frame: bytes, time_ms: int) -> None:
        """Take a frame; the same bytes object goes to everybody who has the same format."""


Watcher = Callable[[str, list[Print]], None]


class Floor:
    """All markets at one moment, which only moves on."""

    def __init__(self, seed: int, past: Past, now_ms: int, rate: float = 1.0) -> None:
        self.past = past
        self.now_ms = now_ms
        self._seed = seed
        self._rate = rate
        self._lives: dict[str, Live] = {}  # bounded by the listing
        self._ears: dict[str, dict[Topic, dict[Ear, None]]] = {}  # by market
        self._watchers: dict[str, Watcher] = {}  # by market
        self.hidden: set[str] = set()  # not listed yet, or no more
        self._due: list[tuple[int, str]] = []
        self._due_ms: dict[str, int] = {}
        self._dirty: dict[str, dict[str, None]] = {}  # market -> channels of candles with news
        self._flushed_ms: dict[str, int] = {}
        bases = {b: i for i, b in enumerate(dict.fromkeys(m.base for m in past.markets.values()))}
        self._ranks = {m.code: (m.quote != "KRW", bases[m.base]) for m in past.markets.values()}

    @property
    def markets(self) -> dict[str, Listed]:
        """What is listed now."""
        if not self.hidden:
            return self.past.markets
        return {code: m for code, m in self.past.markets.items() if code not in self.hidden}

    def hide(self, market: str) -> None:
        """Take a market off the list: who listens to it hears nothing more."""
        self.hidden.add(market)
        for topic, ears in list(self._ears.get(market, {}).items()):
            for ear in list(ears):
                self.leave(topic, ear)

    def rank(self, market: str) -> tuple[bool, int]:
        """Return a key that sorts markets: KRW first, then coin by coin, whose markets share their making."""
        return self._ranks.get(market, (True, 0))

    def live(self, market: str) -> Live:
        """Return a market's present, at `now_ms`.

        Raises:
            KeyError: no such market.
        """
        live = self._lives.get(market)
        if live is None:
            live = self._lives[market] = Live(self._seed, self.past.of(market), self.now_ms, self._rate)
        elif market not in self._ears and market not in self._watchers:
            live.advance(self.now_ms)
        return live

    def exists(self, topic: Topic) -> bool:
        """Return whether the exchange ever says anything on this topic."""
        listed = self.markets.get(topic.market)
        if listed is None or topic.market in self.hidden or self.now_ms // 86_400_000 < listed.listed_day:
            return False
        if topic.channel != ORDERBOOK or not topic.level:
            return True
        live = self.live(topic.market)
        grid = live.past.grid
        return listed.quote == "KRW" and topic.level in supported_levels(grid, grid.place(live.prints[-1].price))

    # -- listening

    def listen(self, topic: Topic, ear: Ear) -> None:
        """Let `ear` hear everything on a topic that exists, from now on."""
        live = self.live(topic.market)
        if topic.market not in self._ears:
            live.bars.clear()
            self._dirty.pop(topic.market, None)
        self._ears.setdefault(topic.market, {}).setdefault(topic, {})[ear] = None
        if topic.channel in INTERVAL_OF_CHANNEL:
            live.follow(topic.channel, self.now_ms)
        self._plan(topic.market, live)

    def leave(self, topic: Topic, ear: Ear) -> None:
        """Undo `listen`."""
        topics = self._ears.get(topic.market)
        if topics is None or topic not in topics:
            return
        topics[topic].pop(ear, None)
        if not topics[topic]:
            del topics[topic]
            if not any(t.channel == topic.channel for t in topics):
                self._lives[topic.market].bars.pop(topic.channel, None)
                self._dirty.get(topic.market, {}).pop(topic.channel, None)
        if not topics:
            del self._ears[topic.market]
            if topic.market not in self._watchers:
                self._due_ms.pop(topic.market, None)

    def watch(self, market: str, watcher: Watcher) -> None:
        """Let `watcher` hear of every trade of a market from now on, as it is and not as a frame; one a market."""
        live = self.live(market)
        self._watchers[market] = watcher
        self._plan(market, live)

    def unwatch(self, market: str) -> None:
        """Undo `watch`."""
        self._watchers.pop(market, None)
        if market not in self._ears:
            self._due_ms.pop(market, None)

    def snapshot(self, topic: Topic, fmt: str) -> bytes | None:
        """Return the frame that says how things stand on a topic that exists; None where there is nothing yet."""
        live, now = self.live(topic.market), self.now_ms
        if topic.channel == TICKER:
            return frames.ticker(topic.market, live.board(now), now, fmt, True)
        if topic.channel == TRADE:
            return frames.trade(topic.market, live.prints[-1], now, fmt, True)
        if topic.channel == ORDERBOOK:
            return self._book(live, topic, fmt, True)
        bar = live.follow(topic.channel, now)
        if topic.market not in self._ears:
            live.bars.clear()  # nobody folds trades into it
        return None if bar is None else frames.candle(topic.channel, topic.market, bar, fmt, True)

    def _book(self, live: Live, topic: Topic, fmt: str, is_snapshot: bool) -> bytes:
        time_ms, asks, bids = live.grouped(self.now_ms, topic.level) if topic.level else live.book(self.now_ms)
        return frames.orderbook(
            topic.market, time_ms, asks.levels, bids.levels, topic.level, topic.depth, fmt, is_snapshot
        )

    # -- playing

    @property
    def next_ms(self) -> int:
        """When something is due; NEVER where nobody listens."""
        while self._due and self._due_ms.get(self._due[0][1]) != self._due[0][0]:
            heappop(self._due)
        return self._due[0][0] if self._due else NEVER

    def advance(self, now_ms: int) -> None:
        """Move on to `now_ms` and call out what happened since."""
        if now_ms <= self.now_ms:
            return
        self.now_ms = now_ms
        while self.next_ms <= now_ms:
            market = heappop(self._due)[1]
            del self._due_ms[market]
            live = self._lives[market]
            self._play(market, live)
            self._plan(market, live)

    def _plan(self, market: str, live: Live) -> None:
        topics = self._ears.get(market, {})
        if not topics and market not in self._watchers:
            return
        due = live.next_ms
        if any(t.channel == ORDERBOOK for t in topics):
            due = min(due, live.next_book_ms(self.now_ms))
        if self._dirty.get(market):
            due = min(due, self._flushed_ms.get(market, 0) + BAR_MS)
        due = max(due, self.now_ms + 1)
        if due < NEVER and self._due_ms.get(market) != due:
            self._due_ms[market] = due
            heappush(self._due, (due, market))

    def _play(self, market: str, live: Live) -> None:
        topics = self._ears.get(market, {})
        had_book = live.book_time_ms
        prints = live.advance(self.now_ms)
        now = self.now_ms
        for topic, ears in list(topics.items()):
            channel = topic.channel
            if channel == TRADE:
                for p in prints:
                    self._call(topic, ears, p.time_ms, lambda fmt, p=p: frames.trade(market, p, now, fmt, False))  # type: ignore[misc]
            elif channel == TICKER:
                if prints:
                    board = live.board(now)
                    self._call(topic, ears, now, lambda fmt, b=board: frames.ticker(market, b, now, fmt, False))  # type: ignore[misc]
            elif channel == ORDERBOOK:
                live.book(now)
                if live.book_time_ms != had_book:
                    self._call(topic, ears, now, lambda fmt, t=topic: self._book(live, t, fmt, False))  # type: ignore[misc]
            else:
                self._fold_bars(topic, ears, live, prints)
        if self._dirty.get(market) and now >= self._flushed_ms.get(market, 0) + BAR_MS:
            self._flushed_ms[market] = now
            for channel in self._dirty.pop(market):
                for topic, ears in topics.items():
                    if topic.channel == channel:
                        self._call_bar(topic, ears, live.bars[channel])
        if prints and market in self._watchers:
            self._watchers[market](market, prints)

    def _fold_bars(self, topic: Topic, ears: dict[Ear, None], live: Live, prints: list[Print]) -> None:
        channel, market = topic.channel, topic.market
        if prints and channel not in live.bars:
            live.follow(channel, self.now_ms)
            self._dirty.setdefault(market, {})[channel] = None
            return
        for p in prints:
            before = live.bars[channel]
            if live.fold_bar(channel, p) and channel in self._dirty.get(market, {}):
                self._call_bar(topic, ears, before)  # the last word on a window, before the next one opens
            self._dirty.setdefault(market, {})[channel] = None

    def _call_bar(self, topic: Topic, ears: dict[Ear, None], bar: Bar) -> None:
        self._call(topic, ears, self.now_ms, lambda fmt: frames.candle(topic.channel, topic.market, bar, fmt, False))

    @staticmethod
    def _call(topic: Topic, ears: dict[Ear, None], time_ms: int, make: Callable[[str], bytes]) -> None:
        """Make the frame once for each format that somebody wants, and hand it round."""
        if len(ears) == 1:
            ear = next(iter(ears))
            ear.hear(topic, make(ear.format), time_ms)
            return
        for fmt, group in groupby(sorted(ears, key=lambda e: e.format), key=lambda e: e.format):
            frame = make(fmt)
            for ear in group:
                ear.hear(topic, frame, time_ms)
