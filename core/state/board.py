"""The whole market at once: windows of every market, what is unusual in them, ranks, what was found. Pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Set
from itertools import islice
from math import nan

import numpy as np
from numpy.typing import NDArray

from core.calc.book import spread_rate
from core.calc.detect import Detectors, Orders, Reading, top
from core.calc.unusual import BIG_ORDER, DELISTED, LISTED, Finding, Thresholds
from core.calc.windows import SPANS_MS, Windows
from core.calc.worth import worth
from core.market import DAY_MS, MINUTE_MS, quote_of
from core.wire.messages import Ticker, Trade

F64 = NDArray[np.float64]

FOUND = 1_000  # findings remembered
TOP = 20  # markets with the largest turnover that are listened to more closely
_MARGIN = 4  # ranks at the edge of the top in which nothing changes
_RANK_MS = MINUTE_MS  # between two rankings that are remembered
_RANKINGS = 61
_KNOWN = 0.9  # of the markets: those that are halted may have no ticker
_OF_MARKETS = (
    "_day_change", "_turnover", "_spread", "_highs", "_lows", "_day_high", "_day_low", "_told_high", "_told_low"
)  # fmt: skip
_USUAL_MINUTES = 55  # of the last hour, without the newest five minutes: a spike shall not be its own norm


class Board:
    """What is known of every market of the quote currencies that somebody wants.

    Findings are read with a cursor, as trades are from the tape.
    """

    def __init__(self, tickers: Mapping[str, Ticker]) -> None:
        self._tickers = tickers
        self.windows = Windows()
        self.detectors = Detectors()
        self.top: frozenset[str] = frozenset()
        self.count = 0  # findings so far, never falls: the cursor
        self._found: deque[Finding] = deque(maxlen=FOUND)
        self._wants: dict[object, frozenset[str]] = {}  # who -> quote currencies
        self._listed: frozenset[str] = frozenset()
        self._orders = Orders()
        self._day_change: list[float] = []
        self._turnover: list[float] = []  # of 24 h, quote currency
        self._rated: tuple[dict[str, float], list[str], F64] | None = None  # rates and codes -> of each market
        self._spread: list[float] = []
        self._highs: list[float] = []  # of the days before today
        self._lows: list[float] = []
        self._day_high: list[float] = []  # of the day that the newest ticker is of
        self._day_low: list[float] = []
        self._told_high: list[float] = []  # of what was looked at since `_highs` are known
        self._told_low: list[float] = []
        self._ranks: dict[str, int] = {}
        self._rankings: deque[tuple[int, dict[str, int]]] = deque(maxlen=_RANKINGS)

    def succeed(self, old: Board) -> None:
        """Take over who wants what and what counts as unusual, but nothing that was seen: another exchange speaks."""
        self._wants = old._wants
        self.detectors.set_thresholds(old.detectors.thresholds)

    # Who wants it.

    def want(self, who: object, quotes: Iterable[str]) -> bool:
        """Let `who` want all markets of these quote currencies from now on, none to want nothing.

        Return whether the union changed.
        """
        before = self.quotes
        self._wants.pop(who, None)
        if wanted := frozenset(quotes):
            self._wants[who] = wanted
        return self.quotes != before

    @property
    def quotes(self) -> frozenset[str]:
        """The quote currencies whose markets are wanted."""
        return frozenset[str]().union(*self._wants.values())

    # What comes in.

    def relist(self, codes: Set[str], now_ms: int) -> list[Finding]:
        """Take the exchange's list of markets; return what came and went since the last one."""
        before, self._listed = self._listed, frozenset(codes)
        self._take_codes()
        if not before or not self.detectors.thresholds.listings:
            return []
        came = [Finding(LISTED, code, now_ms, 1, nan, nan) for code in sorted(codes - before)]
        went = [Finding(DELISTED, code, now_ms, -1, nan, nan) for code in sorted(before - codes)]
        self._add(came + went)
        return came + went

    def take_quotes(self) -> None:
        """The wanted quote currencies changed."""
        self._take_codes()

    def _take_codes(self) -> None:
        quotes = self.quotes
        codes = [code for code in self._listed if quote_of(code) in quotes]
        codes.sort()
        if codes == self.windows.codes:
            return
        old = {code: i for i, code in enumerate(self.windows.codes)}
        for name in _OF_MARKETS:
            values = getattr(self, name)
            setattr(self, name, [values[old[c]] if c in old else nan for c in codes])
        if {quote_of(c) for c in old} != {quote_of(c) for c in codes}:  # ranks among others are no measure
            self._ranks = {}
            self._rankings.clear()
        if not codes:
            self.top = frozenset()
            self._orders.keep(())
        self.windows.set_codes(codes)
        self.detectors.resize(codes)
        for code in codes:
            if code not in old and code in self._tickers:
                self.take(self._tickers[code])

    def take(self, ticker: Ticker) -> None:
        """Take a ticker of a market on the board; of others nothing is kept."""
        if ticker.market not in self.windows:
            return
        column = self.windows.column(ticker.market)
        day = ticker.trade_time_ms // DAY_MS
        self.windows.take(column, ticker.price, day, ticker.day_volume, ticker.day_turnover)
        self._day_change[column] = ticker.change_rate
        self._turnover[column] = ticker.turnover_24h
        self._day_high[column], self._day_low[column] = ticker.high, ticker.low

    def take_trade(self, trade: Trade) -> Finding | None:
        """Take a trade of one of the top markets; return the large order that it completes."""
        least = self.detectors.thresholds.big_order
        value = trade.price * trade.size * self.rates.get(quote_of(trade.market), 0.0)
        is_bid = trade.aggressor == "BID"
        taken = self._orders.take(trade.market, trade.time_ms, is_bid, value, least)
        if not taken:
            return None
        found = Finding(BIG_ORDER, trade.market, trade.time_ms, 1 if is_bid else -1, taken, trade.price)
        self._add([found])
        return found

    def take_spread(self, market: str, best_ask: float, best_bid: float) -> None:
        """Take the best prices of one of the top markets."""
        if market in self.windows and best_ask > 0.0 < best_bid:
            self._spread[self.windows.column(market)] = spread_rate([(best_ask, 0.0)], [(best_bid, 0.0)])

    def set_days(self, market: str, high: float, low: float) -> None:
        """Take the extremes of the days before today, nan where nothing is to be compared with."""
        if market in self.windows:
            column = self.windows.column(market)
            self._highs[column], self._lows[column] = high, low
            self._told_high[column], self._told_low[column] = self._day_high[column], self._day_low[column]

    def look(self, now_ms: int) -> list[Finding]:
        """Return what is unusual now and was not before."""
        if not len(self.windows):
            return []
        found = self.detectors.look(self.reading(), now_ms)
        self._told_high = np.fmax(self._told_high, self._day_high).tolist()
        self._told_low = np.fmin(self._told_low, self._day_low).tolist()
        self._add(found)
        return found

    def rank(self, now_ms: int) -> bool:
        """Rank the markets by turnover, once nearly all of them are known. Return whether the top is another one."""
        turnover = self.turnover
        if sum(value == value for value in turnover.values()) < _KNOWN * len(turnover):  # noqa: PLR0124 - nan
            return False
        order = sorted(turnover, key=lambda m: (-turnover[m] if turnover[m] == turnover[m] else np.inf, m))
        self._ranks = {market: i + 1 for i, market in enumerate(order)}
        while self._rankings and not 0 <= now_ms - self._rankings[0][0] <= _RANKINGS * _RANK_MS:
            self._rankings.popleft()  # of before the machine slept, or by a clock that was wrong
        if not self._rankings or now_ms - self._rankings[-1][0] >= _RANK_MS:
            self._rankings.append((now_ms, self._ranks))
        before = self.top
        self.top = top(turnover, before, TOP, _MARGIN)
        if self.top == before:
            return False
        self._orders.keep(self.top)
        for market in before - self.top:
            if market in self.windows:
                self._spread[self.windows.column(market)] = nan  # nobody tells of it any more
        return True

    def _add(self, found: Iterable[Finding]) -> None:
        for one in found:
            self._found.append(one)
            self.count += 1

    # What is asked.

    def reading(self) -> Reading:
        """Return every market as it is now, in the order of `windows.codes`."""
        windows, rate = self.windows, self.krw_rate()
        hour, recent = windows.turnover(SPANS_MS[3]), windows.turnover(SPANS_MS[1])
        return Reading(
            price=windows.price,
            day_change=np.array(self._day_change),
            change=windows.change(self.detectors.thresholds.fast_span_ms),
            minute=windows.turnover(SPANS_MS[0]) * rate,
            usual_minute=(hour - recent) * rate / _USUAL_MINUTES,
            high=np.maximum(self._highs, self._told_high),
            low=np.minimum(self._lows, self._told_low),
            spread=np.array(self._spread),
        )

    @property
    def rates(self) -> dict[str, float]:
        """What one unit of each quote currency is worth in KRW."""
        codes = ("KRW-BTC", "KRW-USDT")
        return worth({c: self._tickers[c].price for c in codes if c in self._tickers})

    def krw_rate(self) -> F64:
        """Return what one unit of its quote currency is worth in KRW, of each market on the board."""
        rates, codes = self.rates, self.windows.codes
        if self._rated is None or self._rated[0] != rates or self._rated[1] is not codes:
            self._rated = rates, codes, np.array([rates.get(quote_of(code), nan) for code in codes])
        return self._rated[2]

    def turnovers(self) -> F64:
        """Return the turnover of 24 hours in KRW, nan where it is not known, in the order of `windows.codes`."""
        turnovers: F64 = np.array(self._turnover) * self.krw_rate()
        return turnovers

    @property
    def turnover(self) -> dict[str, float]:
        """The same by market."""
        return dict(zip(self.windows.codes, self.turnovers().tolist(), strict=True))

    def rank_of(self, market: str) -> int:
        """Return the rank by turnover, 1 for the largest; 0 where it has none."""
        return self._ranks.get(market, 0)

    def rank_change(self, market: str) -> int:
        """Return by how many ranks it has risen within the hour, or since the program knows of it."""
        now, then = self._ranks.get(market, 0), self._rankings[0][1].get(market, 0) if self._rankings else 0
        return then - now if now and then else 0

    def spread(self, market: str) -> float:
        """Return the spread as a share of the price; nan where nobody listens to the book."""
        return self._spread[self.windows.column(market)] if market in self.windows else nan

    def since(self, cursor: int) -> list[Finding]:
        """Return what was found after `cursor`, oldest first, as far as it is remembered."""
        new = min(self.count - cursor, len(self._found))
        return list(islice(reversed(self._found), new))[::-1] if new > 0 else []

    def set_thresholds(self, thresholds: Thresholds) -> bool:
        """Say what counts as unusual. Return whether that is something else than before."""
        is_other = thresholds != self.detectors.thresholds
        if thresholds.extreme_days != self.detectors.thresholds.extreme_days:
            self._highs, self._lows = [nan] * len(self.windows), [nan] * len(self.windows)  # until they are known
        self.detectors.set_thresholds(thresholds)
        return is_other
