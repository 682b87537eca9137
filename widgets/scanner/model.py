"""Which markets the scanner shows and in what order, and the texts of a row. No Qt."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from math import isnan
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.calc.windows import SPANS_MS
from core.market import Market, quote_of, tick_size
from core.state.board import Board
from core.wire.messages import Ticker
from widgets import format as fmt
from widgets.controls.listing import NAME, TURNOVER, flag_of, name_of

F64 = NDArray[np.float64]

RANK, PRICE, WON, CHANGE = "rank", "price", "won", "change"
M1, M5, M15, M60 = "1m", "5m", "15m", "60m"
TURNOVER_5, SPIKE, RANGE, SPREAD, PATH = "turnover_5m", "spike", "range", "spread", "path"
# From left to right; NAME takes what room is left.
COLUMNS = (
    RANK, NAME, PRICE, WON, CHANGE, M1, M5, M15, M60, TURNOVER, TURNOVER_5, SPIKE, RANGE, SPREAD, PATH,
)  # fmt: skip
NUMBERS = tuple(c for c in COLUMNS if c not in (NAME, PATH))
# What goes first where there is no room for all.
DROPPED_FIRST = (RANGE, SPREAD, WON, M60, TURNOVER_5, RANK, PATH, M15, SPIKE, M1, TURNOVER)
SPANS = dict(zip((M1, M5, M15, M60), SPANS_MS, strict=True))
PATH_POINTS = 31  # of the last hour
_SIGNED = {CHANGE, *SPANS}
_PRICE_AT, _RANK_AT = NUMBERS.index(PRICE), NUMBERS.index(RANK)


FAVOURITES = "★"  # no group of the user's can be called so


class Filter(NamedTuple):
    """What a market must be to be shown; all of it at once."""

    quotes: frozenset[str] = frozenset({"KRW"})
    group: str = ""  # FAVOURITES, a group of the user's, or "" for every market
    least_turnover: float = 0.0  # KRW in 24 h
    least_move: float = 0.0  # ratio, either way, of the day or of five minutes
    is_clean: bool = False  # without a warning or a halt
    codes: frozenset[str] | None = None  # that fit what is typed; None for no search


class Row(NamedTuple):
    """One market as it is written."""

    code: str
    name: str
    symbol: str  # "BTC"; with its quote where the list mixes them
    flag: str
    is_favourite: bool
    texts: tuple[str, ...]  # of NUMBERS
    ways: tuple[int, ...]  # 1 up, -1 down, 0 neither
    path: tuple[float, ...]  # 0 lowest to 1 highest, oldest first; empty where it is not known


class Table:
    """All markets on the board at one moment, column by column."""

    def __init__(self, board: Board, tickers: Mapping[str, Ticker], markets: Mapping[str, Market]) -> None:
        self._board, self._tickers, self._markets = board, tickers, markets
        self.codes: Sequence[str] = board.windows.codes
        self._reading = board.reading()
        self._rate = board.krw_rate()
        self._made: dict[str, F64] = {}
        self._lists: dict[str, list[float]] = {}  # the same, for single values: an array gives those slowly

    def values(self, column: str) -> F64:
        """Return float64[len(codes)]: what `column` is sorted by; nan where it is not known."""
        found = self._made.get(column)
        if found is None:
            found = self._made[column] = self._make(column)
        return found

    def _value(self, column: str, i: int) -> float:
        found = self._lists.get(column)
        if found is None:
            found = self._lists[column] = self.values(column).tolist()
        return found[i]

    def _make(self, column: str) -> F64:
        board, reading, windows = self._board, self._reading, self._board.windows
        if column in SPANS:
            return windows.change(SPANS[column])
        match column:
            case "rank":
                return np.array([board.rank_of(c) or np.nan for c in self.codes], np.float64)
            case "price" | "won":
                return reading.price * self._rate
            case "change":
                return reading.day_change
            case "turnover":
                return board.turnovers()
            case "turnover_5m":
                return windows.turnover(SPANS[M5]) * self._rate
            case "spike":
                with np.errstate(divide="ignore", invalid="ignore"):
                    times: F64 = reading.minute / reading.usual_minute
                return np.where(np.isfinite(times), times, np.nan)
            case "range":
                return windows.volatility(SPANS[M60])
            case "spread":
                return reading.spread
        return windows.change(SPANS[M60])  # a path is sorted by where it has come to

    def shown(self, wanted: Filter, members: Collection[str]) -> list[int]:
        """Return the columns of the board that pass the filter.

        Args:
            members: of the group that is wanted, where one is.
        """
        keep = np.ones(len(self.codes), np.bool_)
        with np.errstate(invalid="ignore"):
            if wanted.least_turnover:
                keep &= self.values(TURNOVER) >= wanted.least_turnover
            if wanted.least_move:
                most = np.fmax(np.abs(self.values(CHANGE)), np.abs(self.values(M5)))
                keep &= most >= wanted.least_move
        return [
            i
            for i in np.flatnonzero(keep).tolist()
            if (code := self.codes[i])
            and quote_of(code) in wanted.quotes
            and (not wanted.group or code in members)
            and (wanted.codes is None or code in wanted.codes)
            and not (wanted.is_clean and self._flag(code))
        ]

    def ordered(self, shown: Sequence[int], column: str, is_down: bool, is_korean: bool) -> list[str]:
        """Return the codes of these columns sorted. Equals stand by code; what is not known is at the end."""
        if column == NAME:
            found = sorted((self.codes[i] for i in shown), key=lambda c: (self._name(c, is_korean).casefold(), c))
            return found[::-1] if is_down else found
        values = self.values(column)[list(shown)]
        if column == RANK:
            is_down = not is_down  # the first rank is the largest
        order = np.argsort(-values if is_down else values, kind="stable")  # nan goes last either way
        return [self.codes[shown[i]] for i in order.tolist()]

    def row(
        self,
        code: str,
        columns: Collection[str],
        path: tuple[float, ...],
        *,
        is_korean: bool,
        is_favourite: bool,
        is_mixed: bool,
    ) -> Row:
        """Return a market as it is written.

        Args:
            columns: that are seen; of others the text is empty.
            path: as `path` gave it, which changes with the windows' step alone.
        """
        i = self._board.windows.column(code)
        texts, ways = [], []
        for column in NUMBERS:
            if column not in columns:
                texts.append("")
                ways.append(0)
                continue
            value = float(self._board.rank_of(code) or math.nan) if column == RANK else self._value(column, i)
            texts.append(self._text(column, code, value, is_korean))
            ways.append(0 if column not in _SIGNED or isnan(value) else (value > 0) - (value < 0))
        day = self._value(CHANGE, i)
        ways[_PRICE_AT] = (day > 0) - (day < 0)
        risen = self._board.rank_change(code)
        ways[_RANK_AT] = (risen > 0) - (risen < 0)
        market = self._markets.get(code, Market(code))
        symbol = code if is_mixed else market.base
        name, flag = name_of(market, is_korean), flag_of(market, self._tickers.get(code))
        return Row(code, name, symbol, flag, is_favourite, tuple(texts), tuple(ways), path)

    def _text(self, column: str, code: str, value: float, is_korean: bool) -> str:
        if isnan(value):
            return fmt.UNKNOWN
        if column in _SIGNED:
            return fmt.percent(value)
        lang = "ko" if is_korean else "en"
        match column:
            case "rank":
                moved = self._board.rank_change(code)
                return f"{value:.0f}" + (f" {moved:+d}" if moved else "")
            case "price":
                price = self._tickers[code].price
                return fmt.price(price, tick_size(code, price))
            case "won":
                return fmt.price(value, tick_size("KRW-", value)) if quote_of(code) != "KRW" else ""
            case "turnover" | "turnover_5m":
                return fmt.turnover(value, "KRW", lang)
            case "spike":
                return f"{value:,.1f}" if value < 100 else f"{value:,.0f}"
        return fmt.percent(value).lstrip("+")  # range, spread

    def path(self, code: str) -> tuple[float, ...]:
        """Return the last hour's prices between 0 and 1, oldest first; empty where part of it is not known."""
        path = self._board.windows.path(self._board.windows.column(code), PATH_POINTS)
        low, high = float(np.min(path)), float(np.max(path))
        if isnan(low):
            return ()
        return tuple(((path - low) / (high - low)).round(3).tolist()) if high > low else (0.5,) * PATH_POINTS

    def _name(self, code: str, is_korean: bool) -> str:
        return name_of(self._markets.get(code, Market(code)), is_korean)

    def _flag(self, code: str) -> str:
        return flag_of(self._markets.get(code, Market(code)), self._tickers.get(code))
