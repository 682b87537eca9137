"""The board: what is unusual is told when it happens, of what is known, and ranks are among the same markets."""

from __future__ import annotations

from math import nan

from core.calc.unusual import NEW_HIGH, Finding, Thresholds
from core.market import DAY_MS, MINUTE_MS
from core.state.board import TOP, Board
from core.wire.messages import Ticker

NOON_MS = 20_000 * DAY_MS + DAY_MS // 2
LIMITS = Thresholds(day_move=0, fast_move=0, spike=0, spread=0, extreme_days=20)


class Market:
    """One market on a board, told by its prices."""

    def __init__(self) -> None:
        self.tickers: dict[str, Ticker] = {}
        self.board = Board(self.tickers)
        self.board.set_thresholds(LIMITS)
        self.board.want(self, {"KRW"})
        self.board.relist({"KRW-BTC"}, NOON_MS)
        self.now_ms = NOON_MS
        self.high = self.low = nan

    def price(self, price: float) -> list[Finding]:
        self.now_ms += 1_000
        self.high, self.low = max(price, self.high if self.high == self.high else price), min(price, 1e9)
        self.board.take(Ticker("KRW-BTC", price=price, high=self.high, low=self.low, trade_time_ms=self.now_ms))
        return self.board.look(self.now_ms)


def test_a_new_high_is_above_all_that_was_today_too() -> None:
    market = Market()
    market.price(90.0)
    market.board.set_days("KRW-BTC", 100.0, 50.0)
    told = [bool(market.price(price)) for price in (99.0, 101.0, 110.0, 99.0, 100.1, 109.0, 110.5)]
    assert told == [False, True, False, False, False, False, True]


def test_other_days_make_no_news_of_what_is_so_already() -> None:
    market = Market()
    market.price(90.0)
    market.board.set_days("KRW-BTC", 100.0, 50.0)
    assert not market.price(95.0)
    market.board.set_thresholds(Thresholds(day_move=0, fast_move=0, spike=0, spread=0, extreme_days=5))
    assert not market.price(95.5)
    assert not market.price(96.0)
    market.board.set_days("KRW-BTC", 92.0, 50.0)
    assert not market.price(95.0), "it is above the high of five days already"
    (high,) = [*market.price(94.0), *market.price(97.0)]
    assert (high.kind, high.value) == (NEW_HIGH, 97.0)


def test_ranks_are_compared_with_those_of_the_same_markets_within_the_hour() -> None:
    board = Board({})
    krw = {f"KRW-A{i:02}" for i in range(TOP + 5)}
    btc = {f"BTC-A{i:02}" for i in range(40)}
    board.want("one", {"KRW"})
    board.relist(krw | btc | {"KRW-BTC"}, NOON_MS)

    def trade(codes: set[str]) -> None:
        for i, code in enumerate(sorted(codes)):
            board.take(Ticker(code, price=1.0, turnover_24h=1e9 - i, trade_time_ms=NOON_MS))

    trade(krw | {"KRW-BTC"})
    assert board.rank(NOON_MS)
    assert len(board.top) == TOP
    assert board.rank_change("KRW-A03") == 0
    board.take(Ticker("KRW-A03", price=1.0, turnover_24h=1e12, trade_time_ms=NOON_MS))
    board.rank(NOON_MS + MINUTE_MS)
    assert board.rank_change("KRW-A03") == 3
    board.rank(NOON_MS + 300 * MINUTE_MS)
    assert board.rank_change("KRW-A03") == 0, "that was not within the hour"
    board.want("two", {"BTC"})
    board.take_quotes()
    assert board.rank_change("KRW-A03") == 0
    board.want("one", ())
    board.want("two", ())
    board.take_quotes()
    assert not board.top, "whoever wants it again is to listen to it again"
