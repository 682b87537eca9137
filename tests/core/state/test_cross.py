"""What the table says of a coin, and that it says nothing where it cannot know."""

from __future__ import annotations

from math import inf, isnan, nan

import pytest

from core.calc.arbitrage import PAIRS, Book, Terms, round_trip
from core.market import HOUR_MS
from core.state.cross import LEAST_KNOWN, Cross, Heard
from core.state.month import WINDOW, WINDOWS, Month
from core.state.outside import FX_STALE_S, STALE_S, FxRate, Outside, Quote
from core.wire.messages import CandleRow, Ticker

NOW_MS = 1_790_510_400_000
KRW_USDT = ("KRW", "USDT")
CODES = ("KRW-BTC", "KRW-USDT", "USDT-BTC", "KRW-XRP", "BTC-XRP", "USDT-XRP", "KRW-ONLY", "BTC-A", "USDT-A", "SGD-XRP")


def book(price: float, size: float = 1e6, spread: float = 0.0002) -> Book:
    ask, bid = price * (1 + spread / 2), price * (1 - spread / 2)
    return Book([(ask, size), (ask * 1.01, size)], [(bid, size), (bid * 0.99, size)])


PRICES = {
    "KRW-BTC": 140e6, "KRW-USDT": 1_470.0, "USDT-BTC": 140e6 / 1_470.0, "KRW-XRP": 3_000.0,
    "BTC-XRP": 3_000.0 / 140e6, "USDT-XRP": 3_000.0 / 1_470.0, "BTC-A": 1e-6, "USDT-A": 1e-6 * 140e6 / 1_470.0,
}  # fmt: skip


class Desk:
    """A table whose books are laid by hand."""

    def __init__(self, terms: Terms | None = None) -> None:
        self.tickers = {m: Ticker(m, p, trade_time_ms=NOW_MS - 4_000) for m, p in PRICES.items()}
        self.cross = Cross(self.tickers, terms)
        self.cross.relist(CODES)
        self.cross.want(self, ["XRP", "A", "BTC"])
        self.heard = {m: Heard(book(p), 0.2, 3.0, True) for m, p in PRICES.items()}
        self.look()

    def look(self, now: float = 100.0) -> None:
        self.cross.look(now, NOW_MS, self.heard.get)

    def lay(self, market: str, **changes: object) -> None:
        self.heard[market] = self.heard[market]._replace(**changes)  # type: ignore[arg-type]
        self.look()

    def edge(self, coin: str = "XRP") -> float:
        return self.cross.rows[coin].edge


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_coins_in_two_quote_currencies_are_in_the_table_and_no_others(desk: Desk) -> None:
    assert desk.cross.coins == {"A": ("BTC", "USDT"), "BTC": ("KRW", "USDT"), "XRP": ("KRW", "BTC", "USDT")}
    assert desk.cross.markets(["XRP"]) == {
        "KRW-XRP", "BTC-XRP", "USDT-XRP", "KRW-BTC", "KRW-USDT", "USDT-BTC"
    }  # fmt: skip
    assert desk.cross.markets(["A"]) == {"BTC-A", "USDT-A", "USDT-BTC"}
    desk.cross.relist([c for c in CODES if c != "USDT-A"])
    assert set(desk.cross.coins) == {"BTC", "XRP"}
    desk.cross.relist([c for c in CODES if c not in ("USDT-A", "USDT-XRP")])
    assert "XRP" not in desk.cross.rows, "what was said with a market more"
    desk.cross.rank(100.0)
    desk.look()
    assert set(desk.cross.rows["XRP"].premiums) == {("KRW", "BTC")}
    desk.cross.relist([c for c in CODES if c != "USDT-A"])
    desk.look()
    assert set(desk.cross.rows) == {"BTC", "XRP"}


def test_at_one_price_everywhere_there_is_no_premium_and_every_trip_costs_its_fees(desk: Desk) -> None:
    row = desk.cross.rows["XRP"]
    assert row.won == pytest.approx((3_000.0,) * 3)
    assert set(row.premiums) == set(PAIRS)
    assert all(abs(p) < 1e-9 for p in row.premiums.values())
    assert -0.005 < row.edge < -0.0035
    assert row.capacity is None
    assert row.vanish_krw == 0.0
    assert desk.edge("A") == pytest.approx(-0.0075 - 3 * 0.0001, abs=2e-4), "three orders at 0.25 %"


def test_a_coin_that_is_dear_in_won_has_an_edge_with_its_size(desk: Desk) -> None:
    desk.lay("KRW-XRP", book=book(3_060.0, size=500.0))
    row = desk.cross.rows["XRP"]
    assert row.premiums[KRW_USDT] == pytest.approx(0.02, abs=1e-6)
    assert row.edge == pytest.approx(0.02 - 0.0035 - 0.0003, abs=5e-4)
    assert row.route is not None
    assert [o.is_buy for o in row.route] == [True, True, False]
    assert row.route[-1].market == "KRW-XRP"
    assert 500 * 2_990.0 < row.vanish_krw < 1_000 * 3_060.0
    books = {m: h.book for m, h in desk.heard.items() if h.book is not None}
    assert round_trip(row.route, books, row.vanish_krw * 0.99, desk.cross.terms.fees).edge > 0.0
    assert desk.cross.edge_at("BTC-XRP") == row.edge
    assert desk.cross.premium_at("USDT-XRP") == row.premiums[KRW_USDT]


def test_the_size_of_the_terms_decides() -> None:
    large = Desk(Terms(size_krw=1e12))
    assert isnan(large.edge())
    assert large.cross.rows["XRP"].why == "thin"
    small = Desk(Terms(size_krw=4_000.0))
    assert small.cross.rows["XRP"].why == "small"
    free = Desk(Terms(fee_krw=0.0, fee_btc=0.0, fee_usdt=0.0))
    assert -0.0005 < free.edge() < 0.0


@pytest.mark.parametrize("market", ["KRW-XRP", "USDT-XRP", "BTC-XRP", "KRW-USDT", "KRW-BTC", "USDT-BTC"])
@pytest.mark.parametrize(
    ("changes", "flaw"),
    [
        ({"age_s": 3.1}, "stale"),
        ({"is_live": False}, "stale"),
        ({"book": None}, "pending"),
        ({"book": Book([(9.0, 1.0)], [])}, "empty"),
        ({"book": Book([], [])}, "empty"),
        ({"book": Book([(9.0, 1.0)], [(9.5, 1.0)])}, "empty"),
    ],
)
def test_one_leg_or_bridge_that_says_nothing_takes_the_edge(market: str, changes: dict[str, object], flaw: str) -> None:
    desk = Desk()
    desk.lay("KRW-XRP", book=book(3_100.0))
    assert desk.edge() > 0.0
    desk.lay(market, **changes)
    assert isnan(desk.edge())
    assert isnan(desk.cross.edge_at("KRW-XRP"))
    assert desk.cross.rows["XRP"].flaw == flaw
    assert isnan(desk.cross.rows["XRP"].vanish_krw)


@pytest.mark.parametrize("change", [{"is_suspended": True}, {"state": "DELISTED"}, {"state": "PREVIEW"}])
def test_a_market_that_is_halted_has_no_edge_however_good_its_book_looks(change: dict[str, object]) -> None:
    desk = Desk()
    desk.tickers["USDT-XRP"] = Ticker("USDT-XRP", 1.0, trade_time_ms=NOW_MS, **change)  # type: ignore[arg-type]
    desk.lay("USDT-XRP", book=book(1.0))
    assert isnan(desk.edge())
    assert desk.cross.rows["XRP"].flaw == "halted"
    assert isnan(desk.cross.premium_at("USDT-XRP"))
    assert not isnan(desk.cross.premium_at("BTC-XRP")), "which says nothing of the other leg"
    desk.cross.want(desk, [])
    desk.cross.rank(100.0)
    assert "XRP" not in desk.cross.candidates


def test_where_a_step_of_the_price_changes_no_edge_appears() -> None:
    """99.9 and 100 are neighbours with a step of 0.1 below and of 1 above: the wide step is spread, not premium."""
    desk = Desk()
    worth = PRICES["KRW-USDT"]
    desk.lay("USDT-XRP", book=book(99.95 / worth, spread=0.0004))
    desk.lay("BTC-XRP", book=book(99.95 / PRICES["KRW-BTC"], spread=0.0004))
    for bid, ask in ((99.8, 99.9), (99.9, 100.0), (99.0, 100.0), (99.9, 101.0), (100.0, 101.0)):
        desk.lay("KRW-XRP", book=Book([(ask, 1e5)], [(bid, 1e5)]))
        assert desk.edge() < 0.0 or (bid, ask) == (100.0, 101.0)
        assert desk.edge() <= max(bid / 99.95 - 1, 99.95 / ask - 1) - 0.003


def test_a_premium_within_the_spreads_is_no_news_and_wide_steps_make_no_candidate(desk: Desk) -> None:
    """A coin worth 4.4 steps of a price in BTC is bid at 4 and asked at 5: their mid is 2 % away, and means nothing."""
    desk.lay("BTC-XRP", book=Book([(5e-8, 1e9)], [(4e-8, 1e9)]))
    desk.lay("KRW-XRP", book=book(4.4e-8 * PRICES["KRW-BTC"]))
    row = desk.cross.rows["XRP"]
    assert row.premiums["KRW", "BTC"] == pytest.approx(4.4 / 4.5 - 1, abs=1e-3)
    assert desk.cross.premium_at("BTC-XRP") == 0.0
    desk.lay("KRW-XRP", book=book(6e-8 * PRICES["KRW-BTC"]))
    assert desk.cross.premium_at("BTC-XRP") == pytest.approx(6 / 4.5 - 1, abs=1e-3), "beyond the ask it means much"
    for market, price in (("BTC-A", 4e-8), ("USDT-A", 4.9e-8 * PRICES["USDT-BTC"])):
        desk.tickers[market] = Ticker(market, price, trade_time_ms=NOW_MS)
    assert desk.cross._score("A", ("BTC", "USDT"), 1e6) < 0.0, "a fifth apart, and all of it the step"


def test_without_books_there_are_premiums_of_last_trades_and_no_edge(desk: Desk) -> None:
    desk.cross.want(desk, [])
    desk.tickers["KRW-XRP"] = Ticker("KRW-XRP", 3_030.0, trade_time_ms=NOW_MS - 9_000)
    desk.look()
    row = desk.cross.rows["XRP"]
    assert row.premiums[KRW_USDT] == pytest.approx(0.01)
    assert row.legs[0].age_s == 9.0
    assert isnan(row.edge)
    assert isnan(desk.cross.premium_at("KRW-XRP")), "an alert wants books"


def test_candidates_follow_the_last_trades_and_what_their_books_said_is_remembered(desk: Desk) -> None:
    cross = desk.cross
    cross.want(desk, [])
    desk.tickers["KRW-XRP"] = Ticker("KRW-XRP", 3_300.0, trade_time_ms=NOW_MS)
    desk.look()
    cross.rank(100.0)
    assert max(cross.coins, key=lambda c: cross._score(c, cross.coins[c], 100.0)) == "XRP"
    assert "XRP" in cross.watched
    desk.look(101.0)  # now with books, which say that it is worth 3,000 everywhere
    told = cross._score("XRP", cross.coins["XRP"], 101.0)
    assert told < 0.0
    cross.candidates = frozenset()
    desk.look(110.0)
    assert cross._score("XRP", cross.coins["XRP"], 110.0) == told
    assert cross._score("XRP", cross.coins["XRP"], 300.0) == pytest.approx(
        0.1 - 0.0035 - 1 / 3_300 - 0.0005, abs=1e-4
    ), "long ago"
    desk.tickers["KRW-XRP"] = Ticker("KRW-XRP", 3_310.0, trade_time_ms=NOW_MS)
    assert cross._score("XRP", cross.coins["XRP"], 110.0) > 0.09, "a price moved"


def test_who_wants_what_is_a_union_and_lasts_over_another_exchange(desk: Desk) -> None:
    cross = desk.cross
    assert not cross.want(desk, ["XRP", "A", "BTC"])
    assert cross.want("alerts", ["GONE"], seen=["A"])
    assert cross.pinned == {"XRP", "A", "BTC", "GONE"}
    assert cross.watched == {"XRP", "A", "BTC"}, "what is not listed cannot be heard"
    assert cross.seen == {"A"}
    other = Cross({})
    other.succeed(cross)
    assert other.is_wanted
    assert not other.rows
    cross.want(desk, None)
    cross.want("alerts", None)
    assert not cross.is_wanted


# The month.


def rows(price: float, now_ms: int, count: int = WINDOWS, missing: int = -1) -> list[CandleRow]:
    begin = WINDOW.floor(now_ms) - count * WINDOW.length_ms
    return [
        CandleRow(begin + i * WINDOW.length_ms, price, price, price, price + i, 1.0, 0)
        for i in range(count + 1)
        if i != missing
    ]


def test_a_month_compares_windows_of_one_time_and_leaves_holes(desk: Desk) -> None:
    month = Month()
    assert month.premiums("KRW-XRP", "USDT-XRP", "KRW-USDT") == []
    month.take("KRW-XRP", rows(3_000.0, NOW_MS), NOW_MS)
    month.take("USDT-XRP", rows(2.0, NOW_MS, missing=5), NOW_MS)
    month.take("KRW-USDT", rows(1_400.0, NOW_MS), NOW_MS)
    found = month.premiums("KRW-XRP", "USDT-XRP", "KRW-USDT")
    assert len(found) == WINDOWS
    # Noon is the end of a window; within the minute after it, it may still change: one window earlier.
    assert found[0] != found[0], "not told so far back"
    assert found[1] == pytest.approx(3_000.0 / (2.0 * 1_400.0) - 1)
    assert isnan(found[6])
    assert found[7] == pytest.approx(3_006.0 / (8.0 * 1_406.0) - 1)
    later = NOW_MS + 5 * HOUR_MS
    assert not month.is_due("KRW-XRP", NOW_MS)
    assert month.is_due("KRW-XRP", later)
    month.take("KRW-XRP", rows(3_000.0, later), later)
    assert len(month.premiums("KRW-XRP", "USDT-XRP", "KRW-USDT")) == WINDOWS - 2, "of what all three know"


def test_a_percentile_is_known_when_the_month_is(desk: Desk) -> None:
    cross = desk.cross
    assert cross.pair_of("XRP", "USDT") == KRW_USDT
    assert cross.pair_of("XRP", "BTC") == ("KRW", "BTC")
    assert cross.pair_of("A", "USDT") == ("USDT", "BTC")
    assert isnan(cross.percentile("XRP", KRW_USDT))
    flat = [r._replace(close=1.0) for r in rows(1.0, NOW_MS)]
    for market in ("USDT-XRP", "KRW-USDT"):
        cross.month.take(market, flat, NOW_MS)
    half = [r._replace(close=0.9 if i % 2 else 1.1) for i, r in enumerate(flat)]
    cross.month.take("KRW-XRP", half, NOW_MS)
    desk.lay("KRW-XRP", book=book(3_001.0))
    assert cross.percentile("XRP", KRW_USDT) == pytest.approx(0.5, abs=0.01)
    cross.month.take("KRW-XRP", half[-LEAST_KNOWN // 2 :], NOW_MS)
    assert isnan(cross.percentile("XRP", KRW_USDT)), "of a few windows nothing can be said"


# Outside.


def test_the_kimchi_premium_on_both_bases_and_their_difference() -> None:
    outside = Outside()
    outside.name, outside.is_live = "there", True
    none = outside.kimchi("BTC", 143e6, 1_470.0, 100.0)
    assert isnan(none.on_bank)
    assert none.age_s == inf
    outside.take("BTC", Quote(94_999.0, 95_001.0, 99.0))
    outside.fx = FxRate(1_450.0, "feed", 90.0)
    found = outside.kimchi("BTC", 143e6, 1_470.0, 100.0)
    assert found.on_bank == pytest.approx(143e6 / (95_000.0 * 1_450.0) - 1)
    assert found.on_tether == pytest.approx(143e6 / (95_000.0 * 1_470.0) - 1)
    assert found.gap == pytest.approx(found.on_bank - found.on_tether)
    assert (found.age_s, found.fx_age_s) == (1.0, 10.0)


def test_an_input_that_is_old_makes_the_premium_unknown() -> None:
    outside = Outside()
    outside.is_live = True
    outside.take("BTC", Quote(94_999.0, 95_001.0, 0.0))
    outside.fx = FxRate(1_450.0, "typed", 0.0)
    assert not isnan(outside.kimchi("BTC", 143e6, 1_470.0, STALE_S).on_bank)
    assert isnan(outside.kimchi("BTC", 143e6, 1_470.0, STALE_S + 0.1).on_bank)
    assert isnan(outside.kimchi("BTC", 143e6, nan, 1.0).on_tether)
    assert not isnan(outside.kimchi("BTC", 143e6, nan, 1.0).on_bank)
    outside.take("BTC", Quote(94_999.0, 95_001.0, FX_STALE_S + 50.0))
    assert not isnan(outside.kimchi("BTC", 143e6, 1_470.0, FX_STALE_S + 51.0).on_bank), "typed: it does not grow old"
    outside.fx = FxRate(1_450.0, "feed", 0.0)
    assert isnan(outside.kimchi("BTC", 143e6, 1_470.0, FX_STALE_S + 51.0).on_bank)
    outside.is_live = False
    assert isnan(outside.kimchi("BTC", 143e6, 1_470.0, FX_STALE_S + 51.0).on_tether)
    outside.is_live = True
    outside.take("BTC", Quote(95_001.0, 94_999.0, FX_STALE_S + 51.0))
    assert isnan(outside.kimchi("BTC", 143e6, 1_470.0, FX_STALE_S + 51.0).on_tether), "crossed"
