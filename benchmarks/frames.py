"""Frames to feed readers with: composed in the spelling of captured ones, as large as those, all different.

DEFAULT format: a ticker of about 950 bytes, a trade of about 450, a book of 30 levels of about 2,700.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from core.wire import keys

MARKETS = [
    f"KRW-{base}"
    for base in [
        "BTC",
        "ETH",
        "XRP",
        "ADA",
        "SOL",
        "DOGE",
        "DOT",
        "LINK",
        "AVAX",
        "ATOM",
        "ETC",
        "BCH",
        "TRX",
        "XLM",
        "SUI",
        "NEAR",
        "APT",
        "ARB",
        "SEI",
        "HBAR",
    ]
]
MIX = {"ticker": 0.3, "trade": 0.2, "book": 0.5}
LEVELS = 30
_START_MS = 1_790_134_742_106
_PLACE = "\ue000"


class Walk:
    """One market at random: the next ticker, trade or book of it, as bytes. Prices in whole quote currency."""

    def __init__(self, market: str, seed: int) -> None:
        self.market = market
        self.random = random.Random(f"{seed} {market}")
        self.tick = self.random.choice([1, 10, 1_000])
        self.open = self.price = self.tick * self.random.randrange(20_000, 120_000)
        self.time_ms = _START_MS
        self.trades = 0
        self.volume = self.random.randrange(10**9, 10**12)  # of the day, in 1e-8 base
        self.is_first = {"ticker": True, "trade": True, "book": True}

    def next(self, kind: str) -> bytes:
        """Return the next frame; the first of a kind is a snapshot."""
        self.time_ms += self.random.randrange(1, 200)
        self.price = max(self.price + self.tick * self.random.randrange(-3, 4), 100 * self.tick)
        stream_type = "SNAPSHOT" if self.is_first[kind] else "REALTIME"
        self.is_first[kind] = False
        body = {"ticker": self._ticker, "trade": self._trade, "book": self._book}[kind]()
        return f'{body[:-1]},"stream_type":"{stream_type}"{self._end(kind)}'.encode()

    @staticmethod
    def _end(kind: str) -> str:
        return ',"level":0}' if kind == "book" else "}"

    def _size(self) -> str:
        return f"{self.random.randrange(1, 10 ** self.random.randrange(5, 12)) / 1e8:.8f}"

    def _change(self) -> str:
        return "RISE" if self.price > self.open else "FALL" if self.price < self.open else "EVEN"

    def _ticker(self) -> str:
        self.volume += self.random.randrange(1, 10**9)
        moved, day = self.price - self.open, self.volume / 1e8
        at = datetime.fromtimestamp(self.time_ms / 1000, UTC)
        turnover = day * self.price
        return (
            f'{{"type":"ticker","code":"{self.market}","opening_price":{self.open}.00000000,"high_price":{self.price + 90 * self.tick}.00000000,'
            f'"low_price":{self.price - 90 * self.tick}.00000000,"trade_price":{self.price}.00000000,"prev_closing_price":{self.open}.00000000,'
            f'"acc_trade_price":{turnover:.16f},"change":"{self._change()}","change_price":{abs(moved)}.00000000,'
            f'"signed_change_price":{moved}.00000000,"change_rate":{abs(moved) / self.open:.10f},"signed_change_rate":{moved / self.open:.10f},'
            f'"ask_bid":"BID","trade_volume":{self._size()},"acc_trade_volume":{day:.8f},"trade_date":"{at:%Y%m%d}","trade_time":"{at:%H%M%S}",'
            f'"trade_timestamp":{self.time_ms - 40},"acc_ask_volume":{day * 0.4:.8f},"acc_bid_volume":{day * 0.6:.8f},'
            f'"highest_52_week_price":{self.open * 2}.00000000,"highest_52_week_date":"2025-10-09",'
            f'"lowest_52_week_price":{self.open // 2}.00000000,"lowest_52_week_date":"2026-08-14","market_state":"ACTIVE",'
            f'"is_trading_suspended":false,"delisting_date":null,"market_warning":"NONE","timestamp":{self.time_ms},'
            f'"acc_trade_price_24h":{turnover * 2:.8f},"acc_trade_volume_24h":{day * 2:.8f}}}'
        )

    def _trade(self) -> str:
        self.trades += 1
        at = datetime.fromtimestamp(self.time_ms / 1000, UTC)
        return (
            f'{{"type":"trade","code":"{self.market}","timestamp":{self.time_ms + 46},"trade_date":"{at:%Y-%m-%d}","trade_time":"{at:%H:%M:%S}",'
            f'"trade_timestamp":{self.time_ms},"trade_price":{self.price}.00000000,"trade_volume":{self._size()},'
            f'"ask_bid":"{self.random.choice(("ASK", "BID"))}","prev_closing_price":{self.open}.00000000,"change":"{self._change()}",'
            f'"change_price":{abs(self.price - self.open)}.00000000,"sequential_id":{self.time_ms * 10_000 + self.trades % 10_000},'
            f'"best_ask_price":{self.price + self.tick},"best_ask_size":{self._size()},"best_bid_price":{self.price},"best_bid_size":{self._size()}}}'
        )

    def _book(self) -> str:
        units = ",".join(
            f'{{"ask_price":{self.price + (i + 1) * self.tick},"bid_price":{self.price - i * self.tick},"ask_size":{self._size()},"bid_size":{self._size()}}}'
            for i in range(LEVELS)
        )
        return (
            f'{{"type":"orderbook","code":"{self.market}","timestamp":{self.time_ms},"total_ask_size":{self._size()},'
            f'"total_bid_size":{self._size()},"orderbook_units":[{units}]}}'
        )


def compose(kinds: Sequence[str], seed: int = 1) -> Iterator[bytes]:
    """Yield a frame a kind, of one market after the other."""
    walks = [Walk(market, seed) for market in MARKETS]
    for i, kind in enumerate(kinds):
        yield walks[i % len(walks)].next(kind)


def kinds_of(name: str, n: int, seed: int = 1) -> list[str]:
    """Return `n` kinds: one kind, or for "mix" as many of each as in life."""
    if name != "mix":
        return [name] * n
    kinds = [kind for kind, share in MIX.items() for _ in range(round(n * share))]
    random.Random(seed).shuffle(kinds)
    snapshots = [kind for kind in MIX for _ in MARKETS]  # some readers need one before anything else
    return snapshots + kinds


_SHORT = {b'{"type":"ti': keys.TICKER, b'{"type":"tr': keys.TRADE, b'{"type":"or': keys.ORDERBOOK | keys.LEVEL}


def simple(frame: bytes) -> bytes:
    """Return the same frame in the SIMPLE format."""
    text = frame.decode()
    for long, short in _SHORT[frame[:11]].items():
        text = text.replace(f'"{long}":', f'"{_PLACE}{short}":')
    return text.replace(_PLACE, "").encode()
