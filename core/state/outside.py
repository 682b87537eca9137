"""What another exchange asks for a coin, and what a dollar costs at the bank: the kimchi premium's other side. Pure.

Prices outside are in USDT, taken for dollars. Nothing is known until somebody is told to listen (`core.feed.abroad`).
"""

from __future__ import annotations

from math import inf, isnan, nan
from typing import Literal, NamedTuple

from core.calc.arbitrage import premium

COINS = 64  # listened to at most
STALE_S = 10.0  # the best prices of a large coin change many times a second
FX_STALE_S = 3_600.0  # of a rate that is asked for again and again; one that was typed does not grow old


class Quote(NamedTuple):
    """The best prices outside, USDT."""

    bid: float
    ask: float
    at: float  # loop time, s


class FxRate(NamedTuple):
    """What a dollar costs."""

    krw: float
    source: Literal["typed", "feed"]
    at: float  # loop time, s

    def age_s(self, now: float) -> float:
        """Return since when it is known; 0 of one that was typed."""
        return 0.0 if self.source == "typed" else now - self.at


class Kimchi(NamedTuple):
    """How much dearer a coin is in KRW than outside; nan where it is not known."""

    on_bank: float  # with the dollar at the bank's rate
    on_tether: float  # with the dollar at KRW-USDT
    age_s: float  # of the price outside; inf before the first
    fx_age_s: float

    @property
    def gap(self) -> float:
        """The difference of the two: what the dollar costs more as USDT."""
        return self.on_bank - self.on_tether


class Outside:
    """The newest of both."""

    def __init__(self) -> None:
        self.name = ""  # of the exchange, for the screen; "" while none is listened to
        self.fx: FxRate | None = None
        self.is_live = False  # its socket is open
        self._quotes: dict[str, Quote] = {}

    def take(self, coin: str, quote: Quote) -> None:
        """Take the best prices of a coin."""
        if coin in self._quotes or len(self._quotes) < COINS:
            self._quotes[coin] = quote

    def keep(self, coins: frozenset[str]) -> None:
        """Forget all but these."""
        self._quotes = {coin: quote for coin, quote in self._quotes.items() if coin in coins}

    def mid(self, coin: str) -> float:
        """Return the price outside, USDT; nan where it is not known."""
        quote = self._quotes.get(coin)
        return (quote.bid + quote.ask) / 2.0 if quote is not None and 0.0 < quote.bid <= quote.ask else nan

    def age_s(self, coin: str, now: float) -> float:
        quote = self._quotes.get(coin)
        return now - quote.at if quote is not None else inf

    def kimchi(self, coin: str, krw: float, tether: float, now: float) -> Kimchi:
        """Return the premium on both bases; an input that is too old makes it unknown.

        Args:
            krw: the coin's price here, KRW.
            tether: of KRW-USDT.
            now: loop time, s.
        """
        age_s, fx = self.age_s(coin, now), self.fx
        outside = self.mid(coin) if self.is_live and age_s <= STALE_S else nan
        fx_age_s = fx.age_s(now) if fx is not None else inf
        bank = fx.krw if fx is not None and fx_age_s <= FX_STALE_S else nan
        on_bank = premium(krw, outside, bank) if not isnan(bank) else nan
        on_tether = premium(krw, outside, tether) if not isnan(tether) else nan
        return Kimchi(on_bank, on_tether, age_s, fx_age_s)

    def closes_name(self, coin: str) -> str:
        """Return under which name the month keeps the prices outside."""
        return f"{self.name}:{coin}"
