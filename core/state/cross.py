"""Every coin that is listed in more than one quote currency: premium, edge and the age of what they rest on. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from math import inf, isnan, nan
from typing import Literal, NamedTuple

from core.calc.arbitrage import (
    BRIDGES,
    PAIRS,
    Book,
    Capacity,
    Route,
    Terms,
    Trip,
    Why,
    capacity,
    first_edge,
    home_of,
    percentile,
    premium,
    rate,
    round_trip,
    routes,
)
from core.calc.detect import top
from core.market import base_of, quote_of, tick_size
from core.state.month import Month
from core.state.outside import Kimchi, Outside
from core.wire.messages import Ticker

CANDIDATES = 12  # coins whose books are listened to
_MARGIN = 3  # ranks at the edge of the candidates in which nothing changes
QUOTES = ("KRW", "BTC", "USDT")  # in this order everywhere
REMEMBER_S = 120.0  # what the books of a coin said counts so long after they are let go, while no price moves
LEAST_KNOWN = 30  # windows of the month, for a percentile
_EMPTY = Book((), ())

# Why a leg says nothing: not heard yet, too old or down, halted by the exchange, one-sided or crossed.
Flaw = Literal["", "pending", "stale", "halted", "empty"]


class Leg(NamedTuple):
    """One market of a coin, or a bridge, at one moment."""

    market: str
    price: float  # quote currency: the mid of its book, or the last trade where the book says nothing
    book: Book | None  # None where nobody listens to it
    age_s: float  # since its book, or its last trade, was heard of
    flaw: Flaw

    @property
    def slack(self) -> float:
        """How far its price may be from what one could trade at, as a ratio: half the spread; 0 where it is unknown."""
        if self.book is None or not self.book.asks or not self.book.bids:
            return 0.0
        ask, bid = self.book.asks[0][0], self.book.bids[0][0]
        return abs(ask - bid) / (ask + bid)


class Row(NamedTuple):
    """One coin at one moment."""

    coin: str
    legs: tuple[Leg, ...]  # in the order of QUOTES, those that are listed
    won: tuple[float, ...]  # their prices in KRW
    premiums: dict[tuple[str, str], float]  # by (home, away): how much dearer it is at home
    routes: tuple[Route, ...]
    trip: Trip | None  # the best one at the size of the terms; None where nothing can be said
    route: Route | None  # of that trip
    capacity: Capacity | None  # of that route; None where it wins nothing
    home_krw: float  # what one unit of the route's home currency is worth
    flaw: Flaw  # the worst of the legs and bridges: with one, there is no edge
    is_watched: bool  # its books are listened to

    @property
    def edge(self) -> float:
        """What the best trip wins, as a ratio; nan where a leg or bridge says nothing, or none can be made."""
        return self.trip.edge if self.trip is not None and not self.flaw else nan

    def slack(self, pair: tuple[str, str]) -> float:
        """Return how much of a premium may be no more than spreads, as a ratio."""
        return sum(leg.slack for leg in self.legs if quote_of(leg.market) in pair)

    @property
    def why(self) -> Why:
        return self.trip.why if self.trip is not None else ""

    @property
    def vanish_krw(self) -> float:
        """The size at which the edge vanishes, KRW; 0 where there is none, nan where it is not known."""
        if isnan(self.edge):
            return nan
        return self.capacity.vanish_size * self.home_krw if self.capacity is not None else 0.0


class Heard(NamedTuple):
    """What is known of a market's book stream."""

    book: Book | None  # None before the first
    age_s: float
    limit_s: float  # older than this it is stale
    is_live: bool


class Cross:
    """What is known of all cross-listed coins. Somebody who listens gives it books; see `core.feed.survey`.

    Args:
        tickers: of every market, kept by the store.
    """

    def __init__(self, tickers: Mapping[str, Ticker], terms: Terms | None = None) -> None:
        self._tickers = tickers
        self.terms = terms or Terms()
        self.coins: dict[str, tuple[str, ...]] = {}  # coin -> quote currencies, in the order of QUOTES
        self.candidates: frozenset[str] = frozenset()
        self.month = Month()
        self.outside = Outside()
        self.rows: dict[str, Row] = {}  # of the last look; bounded by the coins
        self.version = 0  # of the rows
        self.bridges: dict[str, Leg] = {}
        self._is_odd = False
        self._wants: dict[object, tuple[frozenset[str], frozenset[str]]] = {}
        self._verdicts: dict[str, tuple[float, float, tuple[float, ...]]] = {}  # coin -> (when, edge, last prices)

    def succeed(self, old: Cross) -> None:
        """Take over who wants what and the terms, but nothing that was seen: another exchange speaks."""
        self._wants = old._wants
        self.terms = old.terms

    # Who wants it.

    def want(self, who: object, pinned: Iterable[str] | None, seen: Iterable[str] = ()) -> bool:
        """Let `who` want the table from now on, None to want it no more. Return whether that changes anything.

        Args:
            pinned: coins whose books it needs whatever their rank.
            seen: coins whose month it shows.
        """
        before = (self.is_wanted, self.pinned, self.seen)
        self._wants.pop(who, None)
        if pinned is not None:
            self._wants[who] = frozenset(pinned), frozenset(seen)
        return before != (self.is_wanted, self.pinned, self.seen)

    @property
    def is_wanted(self) -> bool:
        return bool(self._wants)

    @property
    def pinned(self) -> frozenset[str]:
        return frozenset[str]().union(*(pinned for pinned, _ in self._wants.values()))

    @property
    def seen(self) -> frozenset[str]:
        return frozenset[str]().union(*(seen for _, seen in self._wants.values()))

    # What is listed.

    def relist(self, codes: Iterable[str]) -> None:
        """Take the exchange's list of markets."""
        found: dict[str, set[str]] = {}
        for code in codes:
            if quote_of(code) in QUOTES:
                found.setdefault(base_of(code), set()).add(quote_of(code))
        order = {coin: tuple(q for q in QUOTES if q in quotes) for coin, quotes in found.items()}
        before = self.coins
        self.coins = {coin: order[coin] for coin in sorted(order) if routes(coin, order[coin])}
        for kept in (self.rows, self._verdicts):
            for gone in [coin for coin in kept if self.coins.get(coin) != before.get(coin)]:
                del kept[gone]
        self.candidates &= self.coins.keys()

    def markets(self, coins: Iterable[str]) -> frozenset[str]:
        """Return the markets of these coins, and the bridges between their quote currencies."""
        found = set[str]()
        for coin in coins:
            quotes = self.coins.get(coin, ())
            found.update(f"{quote}-{coin}" for quote in quotes)
            found.update(f"{home}-{away}" for home, away in PAIRS if home in quotes and away in quotes)
        return frozenset(found)

    @property
    def watched(self) -> frozenset[str]:
        """The coins whose books are wanted."""
        return self.candidates | (self.pinned & self.coins.keys())

    # What is known now.

    def look(self, now: float, now_ms: int, heard: Callable[[str], Heard | None]) -> None:
        """Bring every row up to date; of coins whose books nobody hears, of which it matters less, every other one.

        Args:
            now: loop time, s.
            now_ms: the exchange's clock, epoch ms.
            heard: what is known of a market's book; None where nobody listens to it.
        """
        watched = self.watched
        self.bridges = {m: self._leg(m, now_ms, heard(m) if watched else None) for m in BRIDGES}
        rates = self._rates()
        self._is_odd = not self._is_odd
        for n, (coin, quotes) in enumerate(self.coins.items()):
            if coin not in watched and coin in self.rows and not self.rows[coin].is_watched and n % 2 == self._is_odd:
                continue
            self.rows[coin] = self._row(coin, quotes, coin in watched, now_ms, heard, rates)
            row = self.rows[coin]
            if row.is_watched and not row.flaw:
                books = self._books(row)
                edges = (first_edge(route, books, self.terms.fees) for route in row.routes)
                self._verdicts[coin] = now, max(edges, default=nan), self._lasts(coin, quotes)
        self.version += 1

    def _rates(self) -> dict[tuple[str, str], float]:
        prices = {m: leg.price for m, leg in self.bridges.items()}
        found = {(away, home): rate(away, home, prices) for home, away in PAIRS}
        return found | {("KRW", "KRW"): 1.0}

    def _leg(self, market: str, now_ms: int, heard: Heard | None) -> Leg:
        ticker = self._tickers.get(market)
        last = ticker.price if ticker is not None else nan
        age_s = max(now_ms - ticker.trade_time_ms, 0) / 1_000 if ticker is not None and ticker.trade_time_ms else inf
        is_halted = ticker is not None and (ticker.is_suspended or ticker.state != "ACTIVE")
        if heard is None or heard.book is None:
            flaw: Flaw = "halted" if is_halted else "pending"
            return Leg(market, last, None, age_s, flaw)
        mid = heard.book.mid
        if is_halted:
            flaw = "halted"
        elif not heard.is_live or heard.age_s > heard.limit_s:
            flaw = "stale"
        else:
            flaw = "empty" if isnan(mid) else ""
        # Of a book that says nothing the last trade stays; a stale mid is shown, and said to be stale.
        return Leg(market, last if isnan(mid) else mid, heard.book, heard.age_s, flaw)

    def _row(
        self,
        coin: str,
        quotes: tuple[str, ...],
        is_watched: bool,
        now_ms: int,
        heard: Callable[[str], Heard | None],
        rates: Mapping[tuple[str, str], float],
    ) -> Row:
        codes = [f"{q}-{coin}" for q in quotes]
        legs = tuple([self._leg(m, now_ms, heard(m) if is_watched else None) for m in codes])
        price = {q: leg.price for q, leg in zip(quotes, legs, strict=True)}
        won = tuple(price[q] * rates[q, "KRW"] for q in quotes)
        pairs, bridges = _ways(coin, quotes)
        premiums = {pair: premium(price[pair[0]], price[pair[1]], rates[pair[1], pair[0]]) for pair in pairs}
        ways = routes(coin, quotes)
        flaw = _worst([*(leg.flaw for leg in legs), *(self.bridges[market].flaw for market in bridges)])
        row = Row(coin, legs, won, premiums, ways, None, None, None, nan, flaw, is_watched)
        return row if flaw else self._weighed(row, rates)

    def _books(self, row: Row) -> dict[str, Book]:
        books = {market: leg.book or _EMPTY for market, leg in self.bridges.items()}
        return books | {leg.market: leg.book or _EMPTY for leg in row.legs}

    def _weighed(self, row: Row, rates: Mapping[tuple[str, str], float]) -> Row:
        """Return the row with its best trip."""
        books, fees, best = self._books(row), self.terms.fees, row
        for route in row.routes:
            home_krw = rates[home_of(route), "KRW"]
            trip = round_trip(route, books, self.terms.size_krw / home_krw, fees)
            if best.trip is None or trip.edge > best.trip.edge or (isnan(best.trip.edge) and not trip.why):
                best = best._replace(trip=trip, route=route, home_krw=home_krw)
        if best.route is not None and best.trip is not None and best.trip.edge > 0.0:
            best = best._replace(capacity=capacity(best.route, books, fees))
        return best

    # Whose books are listened to.

    def rank(self, now: float) -> bool:
        """Choose the candidates anew. Return whether they are others."""
        scores = {coin: self._score(coin, quotes, now) for coin, quotes in self.coins.items()}
        before = self.candidates
        self.candidates = top({c: s for c, s in scores.items() if not isnan(s)}, before, CANDIDATES, _MARGIN)
        return self.candidates != before

    def _score(self, coin: str, quotes: tuple[str, ...], now: float) -> float:
        """Return the edge as far as it can be guessed; nan where there can be none.

        Of a coin that trades seldom the last prices promise much and its books keep little of it: what they said counts
        until a price moves.
        """
        row = self.rows.get(coin)
        if row is None or any(leg.flaw == "halted" for leg in row.legs):
            return nan
        told = self._verdicts.get(coin)
        if told is not None and now - told[0] < REMEMBER_S and told[2] == self._lasts(coin, quotes):
            return told[1]
        fees = self.terms.fees
        lasts = self._lasts(coin, quotes)
        price = dict(zip(quotes, lasts, strict=True))
        guesses = [-inf]
        for home, away in row.premiums:
            leg = self.bridges.get(f"{home}-{away}")
            worth = leg.price if leg is not None else nan
            strayed = premium(price[home], price[away], worth)
            if not isnan(strayed):
                # Where a step of the price is wide, the last trades of two markets are apart by steps alone.
                steps = sum(tick_size(f"{q}-{coin}", price[q]) / price[q] for q in (home, away))
                guesses.append(abs(strayed) - 2.0 * fees[home] - fees[away] - steps)
        best = max(guesses)
        return best if best > -inf else nan

    def _lasts(self, coin: str, quotes: tuple[str, ...]) -> tuple[float, ...]:
        tickers = [self._tickers.get(f"{q}-{coin}") for q in quotes]
        return tuple(t.price if t is not None else nan for t in tickers)

    # The month.

    def pair_of(self, coin: str, against: str) -> tuple[str, str] | None:
        """Return which two quote currencies a coin is compared in: KRW with `against` where it can be."""
        return _pair(coin, self.coins.get(coin, ()), against)

    def history(self, coin: str, pair: tuple[str, str]) -> Sequence[float]:
        """Return the premiums of the last 30 days, oldest first, nan where one is not known; empty before they came."""
        home, away = pair
        return self.month.premiums(f"{home}-{coin}", f"{away}-{coin}", f"{home}-{away}")

    def percentile(self, coin: str, pair: tuple[str, str]) -> float:
        """Return where the premium of now stands among those of 30 days, 0 to 1; nan while they are not known."""
        row = self.rows.get(coin)
        return nan if row is None else percentile(self.history(coin, pair), row.premiums.get(pair, nan), LEAST_KNOWN)

    # What alerts read.

    def premium_at(self, market: str) -> float:
        """Return by how much the coin of `market` is dearer in KRW than there; of its KRW market the largest of all.

        nan unless fresh books of both, and of the bridge, say so; 0 where it is within their spreads.
        """
        row = self.rows.get(base_of(market))
        if row is None:
            return nan
        flaws = {leg.market: leg.flaw for leg in row.legs} | {m: leg.flaw for m, leg in self.bridges.items()}
        found = [
            value if abs(value) > row.slack((home, away)) else 0.0
            for (home, away), value in row.premiums.items()
            if (home == "KRW" and (quote_of(market) in ("KRW", away)))
            and not any(flaws[m] for m in (f"{home}-{row.coin}", f"{away}-{row.coin}", f"{home}-{away}"))
        ]
        return max((v for v in found if not isnan(v)), key=abs, default=nan)

    def edge_at(self, market: str) -> float:
        """Return the best edge of the coin of `market`; nan where none can be told."""
        row = self.rows.get(base_of(market))
        return row.edge if row is not None and row.is_watched else nan

    # Against the world outside.

    def kimchi(self, coin: str, now: float) -> Kimchi:
        """Return how much dearer a coin is in KRW than on the exchange outside, on both bases."""
        row = self.rows.get(coin)
        leg = next((x for x in row.legs if quote_of(x.market) == "KRW"), None) if row is not None else None
        return self.outside.kimchi(coin, _told(leg), _told(self.bridges.get("KRW-USDT")), now)

    def kimchi_history(self, coin: str) -> Sequence[float]:
        """Return the premiums over the outside price on the basis of KRW-USDT, of 30 days; as `history` does."""
        return self.month.premiums(f"KRW-{coin}", self.outside.closes_name(coin), "KRW-USDT")

    def kimchi_percentile(self, coin: str, now: float) -> float:
        """Return where the premium on the basis of KRW-USDT stands among those of 30 days; as `percentile` does.

        Of the bank's rate there is no month.
        """
        return percentile(self.kimchi_history(coin), self.kimchi(coin, now).on_tether, LEAST_KNOWN)


@lru_cache(maxsize=2_048)
def _pair(coin: str, quotes: tuple[str, ...], against: str) -> tuple[str, str] | None:
    wanted = sorted(PAIRS, key=lambda pair: (pair[0] != "KRW", pair[1] != against))
    return next((p for p in wanted if p[0] in quotes and p[1] in quotes and coin not in p), None)


@lru_cache(maxsize=2_048)
def _ways(coin: str, quotes: tuple[str, ...]) -> tuple[tuple[tuple[str, str], ...], frozenset[str]]:
    """Return (the pairs that a coin is compared in, the bridges of its routes)."""
    pairs = tuple(p for p in PAIRS if p[0] in quotes and p[1] in quotes and coin not in p)
    return pairs, frozenset(f"{home}-{away}" for home, away in pairs)


def _told(leg: Leg | None) -> float:
    """Return a leg's price, or the last trade where nobody listens to its book; nan if it is not the newest."""
    return leg.price if leg is not None and leg.flaw in ("", "pending", "empty") else nan


def _worst(flaws: Iterable[Flaw]) -> Flaw:
    order: tuple[Flaw, ...] = ("halted", "pending", "stale", "empty")
    found = set(flaws)
    return next((flaw for flaw in order if flaw in found), "")
