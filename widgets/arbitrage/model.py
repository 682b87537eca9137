"""Which coins the cross-market pane shows and in what order, and the texts of a row. No Qt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf, isinf, isnan, nan
from typing import NamedTuple

from core.market import Market, base_of, quote_of, tick_size
from core.state.cross import QUOTES, Cross, Leg
from core.state.cross import Row as Known
from core.state.outside import STALE_S
from core.wire.messages import Ticker
from widgets import format as fmt
from widgets.controls.listing import NAME, flag_of, name_of

PREMIUM, RANK, EDGE, WAY, REACH = "premium", "percentile", "edge", "way", "reach"
BANK, TETHER, GAP, KIMCHI_RANK, PATH = "kimchi_bank", "kimchi_usdt", "gap", "kimchi_percentile", "path"
PRICES = dict(zip(QUOTES, ("krw", "btc", "usdt"), strict=True))  # quote currency -> column, in KRW
AGES = dict(zip(QUOTES, ("krw_age", "btc_age", "usdt_age"), strict=True))
KIMCHI = (BANK, TETHER, GAP, KIMCHI_RANK)
# From left to right; NAME takes what room is left.
COLUMNS = (
    NAME, "krw", "krw_age", "btc", "btc_age", "usdt", "usdt_age", PREMIUM, RANK, PATH, EDGE, WAY, REACH, *KIMCHI,
)  # fmt: skip
NUMBERS = tuple(c for c in COLUMNS if c not in (NAME, PATH, WAY))
# What goes first where there is no room for all.
DROPPED_FIRST = (
    KIMCHI_RANK,
    GAP,
    "btc_age",
    "usdt_age",
    "krw_age",
    PATH,
    RANK,
    BANK,
    TETHER,
    WAY,
    "btc",
    REACH,
    "usdt",
)
AGAINST = ("USDT", "BTC")
LEAST = (0.0, 0.002, 0.005, 0.01, 0.02, 0.03)  # premiums, for the filter
PATH_POINTS = 45
UNKNOWN_POINT = -1.0  # of a path
_COLUMN_OF_QUOTE = {column: quote for quote, column in PRICES.items()}
_AGE_OF_QUOTE = {column: quote for quote, column in AGES.items()}
UP, DOWN, PLAIN, QUIET = 1, -1, 0, 2  # how a text is painted


class Filter(NamedTuple):
    """What a coin must be to be shown; all of it at once."""

    least_premium: float = 0.0  # ratio, either way
    has_edge: bool = False
    is_watched: bool = False  # its books are listened to
    codes: frozenset[str] | None = None  # that fit what is typed; None for no search


class Row(NamedTuple):
    """One coin as it is written."""

    code: str  # of its first market
    name: str
    symbol: str
    flag: str
    texts: tuple[str, ...]  # of NUMBERS
    tones: tuple[int, ...]
    way: str  # of the best trip: "USDT → KRW"
    path: tuple[float, ...]  # 0 lowest to 1 highest, oldest first, UNKNOWN_POINT for a hole
    is_favourite: bool = False


class Table:
    """All coins at one moment.

    Args:
        against: which quote currency KRW is compared with, where a coin has both.
        now: loop time, s.
    """

    def __init__(
        self, cross: Cross, tickers: Mapping[str, Ticker], markets: Mapping[str, Market], against: str, now: float
    ) -> None:
        self._cross, self._tickers, self._markets = cross, tickers, markets
        self._against, self._now = against, now
        self.codes = {coin: f"{quotes[0]}-{coin}" for coin, quotes in cross.coins.items()}

    def pair(self, coin: str) -> tuple[str, str] | None:
        return self._cross.pair_of(coin, self._against)

    def value(self, coin: str, column: str) -> float:
        """Return what `column` is sorted by; nan where it is not known."""
        cross, row, pair = self._cross, self._cross.rows.get(coin), self.pair(coin)
        if row is None or pair is None:
            return nan
        if column in _COLUMN_OF_QUOTE or column in _AGE_OF_QUOTE:
            quote = _COLUMN_OF_QUOTE.get(column) or _AGE_OF_QUOTE[column]
            for leg, won in zip(row.legs, row.won, strict=True):
                if quote_of(leg.market) == quote:
                    return won if column in _COLUMN_OF_QUOTE else leg.age_s
            return nan
        match column:
            case "premium":
                return row.premiums.get(pair, nan)
            case "percentile":
                return cross.percentile(coin, pair)
            case "edge" | "way":
                return row.edge
            case "reach":
                return row.vanish_krw
            case "kimchi_bank":
                return cross.kimchi(coin, self._now).on_bank
            case "kimchi_usdt":
                return cross.kimchi(coin, self._now).on_tether
            case "gap":
                return cross.kimchi(coin, self._now).gap
            case "kimchi_percentile":
                return cross.kimchi_percentile(coin, self._now)
        history = [h for h in cross.history(coin, pair) if not isnan(h)]
        return history[-1] if history else nan

    def shown(self, wanted: Filter) -> list[str]:
        """Return the coins that pass the filter."""
        rows = self._cross.rows
        return [
            coin
            for coin in self._cross.coins
            if (row := rows.get(coin)) is not None
            and (wanted.codes is None or any(leg.market in wanted.codes for leg in row.legs))
            and not (wanted.least_premium and not abs(self.value(coin, PREMIUM)) >= wanted.least_premium)
            and not (wanted.has_edge and not row.edge > 0.0)
            and not (wanted.is_watched and not row.is_watched)
        ]

    def ordered(self, coins: Sequence[str], column: str, is_down: bool, is_korean: bool) -> list[str]:
        """Return the codes of these coins sorted; what is not known is at the end."""
        if column == NAME:
            found = sorted(coins, key=lambda c: (self._name(c, is_korean).casefold(), c))
            return [self.codes[c] for c in (found[::-1] if is_down else found)]
        sign = -1.0 if is_down else 1.0

        def rank(coin: str) -> tuple[float, str]:
            value = self.value(coin, column)
            return (inf if isnan(value) else sign * value), coin

        return [self.codes[c] for c in sorted(coins, key=rank)]

    def row(self, code: str, columns: Mapping[str, object], *, is_korean: bool, is_favourite: bool = False) -> Row:
        """Return a coin as it is written; of columns that are not seen the text is empty."""
        coin = base_of(code)
        known = self._cross.rows[coin]
        legs = {quote_of(leg.market): leg for leg in known.legs}
        texts, tones = [], []
        for column in NUMBERS:
            text, tone = self._cell(coin, known, legs, column, is_korean) if column in columns else ("", PLAIN)
            texts.append(text)
            tones.append(tone)
        market = self._markets.get(code, Market(code))
        flag = next((f for f in (self._flag(leg.market) for leg in known.legs) if f), "")
        route = way_of(known) if not isnan(known.edge) else ""
        return Row(
            code, name_of(market, is_korean), coin, flag, tuple(texts), tuple(tones), route,
            self._path(coin) if PATH in columns else (), is_favourite,
        )  # fmt: skip

    def _cell(self, coin: str, known: Known, legs: Mapping[str, Leg], column: str, is_korean: bool) -> tuple[str, int]:
        value = self.value(coin, column)
        if column in _COLUMN_OF_QUOTE or column in _AGE_OF_QUOTE:
            leg = legs.get(_COLUMN_OF_QUOTE.get(column) or _AGE_OF_QUOTE[column])
            if leg is None:
                return "", PLAIN
            if column in _AGE_OF_QUOTE:
                return age_text(value), QUIET
            return fmt.price(value, tick_size("KRW-", value)), PLAIN if not leg.flaw else QUIET
        if isnan(value):
            return (fmt.UNKNOWN if column not in KIMCHI or self._cross.outside.name else ""), QUIET
        sign = (value > 0) - (value < 0)
        if column == PREMIUM:
            pair = self.pair(coin)
            is_sure = pair is not None and not any(legs[quote].flaw for quote in pair)
            is_sure = is_sure and pair is not None and abs(value) > known.slack(pair)
            return fmt.percent(value), sign if is_sure else QUIET
        if column in (RANK, KIMCHI_RANK):
            return f"{value * 100:.0f}", PLAIN
        if column == REACH:
            is_whole = known.capacity is None or known.capacity.is_whole
            text = fmt.turnover(value, "KRW", "ko" if is_korean else "en") if value > 0.0 else "0"
            return text + ("" if is_whole else "+"), PLAIN if value > 0.0 else QUIET
        if column == EDGE:
            return fmt.percent(value), sign if sign > 0 else QUIET
        here = legs["KRW"]  # a last trade of a while ago is compared with a price of now
        return fmt.percent(value), QUIET if here.flaw and here.age_s > STALE_S else sign

    def _path(self, coin: str) -> tuple[float, ...]:
        pair = self.pair(coin)
        history = list(self._cross.history(coin, pair)) if pair is not None else []
        if not history:
            return ()
        step = max(len(history) / PATH_POINTS, 1.0)
        points = [
            history[min(int((n + 1) * step) - 1, len(history) - 1)] for n in range(min(PATH_POINTS, len(history)))
        ]
        known = [p for p in points if not isnan(p)]
        if not known:
            return ()
        low, high = min(known), max(known)
        span = high - low or 1.0
        return tuple(UNKNOWN_POINT if isnan(p) else round((p - low) / span, 3) for p in points)

    def _name(self, coin: str, is_korean: bool) -> str:
        code = self.codes[coin]
        return name_of(self._markets.get(code, Market(code)), is_korean)

    def _flag(self, market: str) -> str:
        return flag_of(self._markets.get(market, Market(market)), self._tickers.get(market))


def way_of(row: Known) -> str:
    """Return from where to where the coin goes on the best trip, "" where there is none."""
    if row.route is None:
        return ""
    coin = [order for order in row.route if base_of(order.market) == row.coin]
    bought, sold = sorted(coin, key=lambda order: not order.is_buy)
    return f"{quote_of(bought.market)} → {quote_of(sold.market)}"


def age_text(seconds: float) -> str:
    """Return an age in three or four figures: "0.2", "12", "99+"."""
    if isinf(seconds) or isnan(seconds):
        return fmt.UNKNOWN
    return f"{seconds:.1f}" if seconds < 9.95 else f"{seconds:.0f}" if seconds < 99.5 else "99+"
