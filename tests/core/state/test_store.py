"""The store: bounded, lazy, and the same whatever is said twice."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import WireError
from core.market import DAY_MS, ORDERBOOK, TICKER, TRADE, Interval, Market, Stream
from core.state import store as store_module
from core.state.store import IDLE_TRADES, Store
from core.wire.codec import decode, utc_text
from core.wire.messages import BookFrame, Candle, CandleRow, Message, Status, Ticker, Trade

NOW_MS = 1_790_510_400_000


def trade(market: str, id_: int, time_ms: int = NOW_MS, price: float = 100.0) -> Trade:
    return Trade(market, price, 1.0, "BID", time_ms, id_)


def book(market: str, time_ms: int, ask: float = 101.0, level: float = 0.0) -> Message:
    said: dict[str, Any] = {
        "type": "orderbook",
        "code": market,
        "timestamp": time_ms,
        "total_ask_size": 1.0,
        "total_bid_size": 1.0,
        "orderbook_units": [{"ask_price": ask, "bid_price": 99.0, "ask_size": 1.0, "bid_size": 1.0}],
        "stream_type": "REALTIME",
        "level": level,
    }
    message = decode(json.dumps(said, separators=(",", ":")).encode())
    assert isinstance(message, BookFrame)
    return message


def candle(market: str, start_ms: int, close: float, last_ms: int, channel: str = "candle.1m") -> Candle:
    return Candle(market, utc_text(start_ms), 100.0, 110.0, 90.0, close, 5.0, last_ms, channel=channel)


@settings(deadline=None, max_examples=150)
@given(st.integers(0, 4), st.lists(st.tuples(st.sampled_from(["frame", "look", "leave"]), st.integers(0, 11))))
def test_the_idle_markets_used_last_are_kept(idle: int, play: list[tuple[str, int]]) -> None:
    store = Store(idle_markets=idle)
    used: dict[str, None] = {}  # the model: least recently looked at first
    leased: set[str] = set()
    for what, number in play:
        market = f"KRW-{number}"
        if what == "frame":  # a late one of a market nobody looks at counts too, but moves none
            store.apply(trade(market, 1))
            used.setdefault(market)
            continue
        leased = {market} if what == "look" else set()
        for one in leased:
            store.tape(one)
            used.pop(one, None)
            used[one] = None
        store.keep(leased)
        unleased = [m for m in used if m not in leased]
        for one in unleased[: max(len(unleased) - idle, 0)]:
            del used[one]
        assert list(store._states) == list(used)
        assert len(store._states) <= idle + len(leased)


def test_a_market_nobody_looks_at_keeps_its_newest_trades_and_knows_what_it_let_go() -> None:
    store = Store()
    store.tape("KRW-A").resume(trade("KRW-A", 0, NOW_MS), is_known=False)
    for i in range(IDLE_TRADES + 100):
        store.apply(trade("KRW-A", i, NOW_MS + i))
    store.keep({"KRW-A"})
    assert len(store.tape("KRW-A")) == IDLE_TRADES + 100
    store.mark_break(Stream(TRADE, "KRW-A"), overlap_ms=0)
    store.keep({"KRW-B"})
    tape = store.tape("KRW-A")
    assert [t.id for t in tape.latest(IDLE_TRADES * 2)] == list(range(100, IDLE_TRADES + 100))
    assert tape.begin_ms == NOW_MS + 100
    store.apply(trade("KRW-A", 50, NOW_MS + 50))
    assert len(tape) == IDLE_TRADES


def test_a_book_is_decoded_when_it_is_read_and_only_then(monkeypatch: pytest.MonkeyPatch) -> None:
    decoded: list[bytes] = []

    def counted(frame: bytes) -> Any:
        decoded.append(frame)
        return original(frame)

    original = store_module.decode_book
    monkeypatch.setattr(store_module, "decode_book", counted)
    store = Store()
    assert store.book("KRW-A") is None
    assert store.book_version("KRW-A") == 0
    for i in range(100):
        assert store.apply(book("KRW-A", NOW_MS + i, ask=101.0 + i)) == Stream(ORDERBOOK, "KRW-A")
    assert not decoded
    first = store.book("KRW-A")
    assert first is not None
    assert first.asks == [(200.0, 1.0)]
    assert store.book("KRW-A") is first
    assert len(decoded) == 1
    assert store.book_version("KRW-A") == 100


def test_an_older_book_does_not_replace_a_newer_one_and_an_equal_one_does() -> None:
    store = Store()
    store.apply(book("KRW-A", NOW_MS, ask=101.0))
    store.apply(book("KRW-A", NOW_MS - 1, ask=500.0))
    read = store.book("KRW-A")
    assert read is not None
    assert read.asks == [(101.0, 1.0)]
    store.apply(book("KRW-A", NOW_MS, ask=102.0))
    read = store.book("KRW-A")
    assert read is not None
    assert read.asks == [(102.0, 1.0)]


def test_groupings_are_books_of_their_own() -> None:
    store = Store()
    store.apply(book("KRW-A", NOW_MS, ask=101.0))
    assert store.apply(book("KRW-A", NOW_MS, ask=110.0, level=10.0)) == Stream(ORDERBOOK, "KRW-A", 10.0)
    plain, grouped = store.book("KRW-A"), store.book("KRW-A", 10.0)
    assert plain is not None
    assert grouped is not None
    assert (plain.asks[0][0], grouped.asks[0][0]) == (101.0, 110.0)


def test_a_book_that_is_broken_inside_is_told_and_the_one_before_stays() -> None:
    store = Store()
    told: list[bool] = []
    store.on_book_read = lambda _stream, _frame, is_readable: told.append(is_readable)
    store.apply(book("KRW-A", NOW_MS))
    good = store.book("KRW-A")
    frame = book("KRW-A", NOW_MS + 100)
    assert isinstance(frame, BookFrame)
    broken = frame.frame.replace(b'"ask_price":101.0', b'"ask_price":"much"')
    assert broken != frame.frame
    store.apply(BookFrame("KRW-A", 0.0, NOW_MS + 100, False, broken))
    assert store.book("KRW-A") is good
    assert store.book("KRW-A") is good
    assert told == [False]  # once, not at each look
    store.apply(book("KRW-A", NOW_MS + 200, ask=105.0))
    healed = store.book("KRW-A")
    assert healed is not None
    assert healed.asks == [(105.0, 1.0)]
    assert told == [False, True]


def test_a_trade_counts_once_on_the_tape_and_in_every_series() -> None:
    store = Store()
    minute = Interval.M1.floor(NOW_MS)
    for interval in (Interval.M1, Interval.H1):
        store.candles("KRW-A", interval).merge([CandleRow(interval.floor(minute), 100, 100, 100, 100, 1.0, minute)])
    for _ in range(3):  # a snapshot after a swap, a page of REST, the frame itself
        assert store.apply(trade("KRW-A", 7, minute + 500, 105.0)) == Stream(TRADE, "KRW-A")
    assert store.tape("KRW-A").count == 1
    for interval in (Interval.M1, Interval.H1):
        assert store.candles("KRW-A", interval).ohlcv[-1].tolist() == [100.0, 105.0, 100.0, 105.0, 2.0]
    assert store.known_intervals("KRW-A") == {Interval.M1, Interval.H1}
    assert store.known_intervals("KRW-Z") == frozenset()


def test_a_candle_frame_reaches_its_series_and_none_is_made_for_it() -> None:
    store = Store()
    minute = Interval.M1.floor(NOW_MS)
    assert store.apply(candle("KRW-A", minute, 101.0, minute + 1)) == Stream("candle.1m", "KRW-A")
    assert store.known_intervals("KRW-A") == frozenset()  # nobody looks at it
    series = store.candles("KRW-A", Interval.M1)
    store.apply(candle("KRW-A", minute, 102.0, minute + 2))
    assert series.ohlcv.tolist() == [[100.0, 110.0, 90.0, 102.0, 5.0]]
    with pytest.raises(WireError):
        store.apply(Candle("KRW-A", "yesterday", 1, 1, 1, 1, 1, NOW_MS, channel="candle.1m"))


def test_the_day_is_made_from_the_ticker() -> None:
    store = Store()
    today = Interval.D1.floor(NOW_MS)
    days = store.candles("KRW-A", Interval.D1)

    def ticker(time_ms: int, price: float, volume: float) -> Ticker:
        return Ticker(
            "KRW-A",
            price,
            open=100.0,
            high=120.0,
            low=90.0,
            day_volume=volume,
            trade_time_ms=time_ms,
            time_ms=time_ms,
        )

    store.apply(ticker(NOW_MS, 110.0, 50.0))
    assert len(days) == 0  # history first: REST says when the market began
    days.merge([CandleRow(today - DAY_MS, 1, 1, 1, 1, 1, today - 1), CandleRow(today, 100, 110, 95, 105, 40, NOW_MS)])
    store.apply(ticker(NOW_MS + 1_000, 111.0, 51.0))
    store.apply(trade("KRW-A", 1, NOW_MS + 2_000, 500.0))  # the next ticker counts it
    assert days.ohlcv[-1].tolist() == [100.0, 120.0, 90.0, 111.0, 51.0]
    store.apply(ticker(today + DAY_MS + 5, 100.0, 1.0))
    assert days.start_ms.tolist() == [today - DAY_MS, today, today + DAY_MS]
    store.apply(Ticker("KRW-A", 1.0, trade_time_ms=today + DAY_MS + 6, time_ms=today + DAY_MS + 6))  # no day volume
    assert days.ohlcv[-1, 4] == 1.0


def test_an_older_ticker_does_not_replace_a_newer_one() -> None:
    store = Store()
    assert store.apply(Ticker("KRW-A", 2.0, time_ms=NOW_MS)) == Stream(TICKER, "KRW-A")
    store.apply(Ticker("KRW-A", 1.0, time_ms=NOW_MS - 1))
    ticker = store.ticker("KRW-A")
    assert ticker is not None
    assert ticker.price == 2.0


def test_tickers_are_bounded_and_go_with_their_market(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "TICKERS", 10)
    store = Store()
    for i in range(30):
        store.apply(Ticker(f"KRW-{i}", 1.0, time_ms=i))
        store.set_levels(f"KRW-{i}", [10.0, 0.0])
    assert list(store.tickers) == [f"KRW-{i}" for i in range(20, 30)]
    assert len(store._levels) == 10
    store.list_markets([Market("KRW-25"), Market("KRW-99")])
    assert list(store.tickers) == ["KRW-25"]
    assert set(store.markets) == {"KRW-25", "KRW-99"}


def test_levels_are_sorted_and_always_hold_none() -> None:
    store = Store()
    assert store.levels("KRW-A") == (0.0,)
    store.set_levels("KRW-A", [1000.0, 0.0, 100.0])
    assert store.levels("KRW-A") == (0.0, 100.0, 1000.0)
    store.set_levels("KRW-A", [])
    assert store.levels("KRW-A") == (0.0,)


def test_what_is_no_market_data_belongs_to_no_stream() -> None:
    assert Store().apply(Status("UP")) is None


def test_a_stream_that_stops_breaks_what_it_feeds_and_nothing_else() -> None:
    store = Store()
    minute = Interval.M1.floor(NOW_MS)
    store.mark_break(Stream(TRADE, "KRW-A"))  # nothing is known of it
    store.tape("KRW-A").resume(trade("KRW-A", 1), is_known=False)
    store.apply(trade("KRW-A", 1))
    for interval in (Interval.M1, Interval.W1):
        store.candles("KRW-A", interval).merge([CandleRow(interval.floor(minute), 1, 1, 1, 1, 1, minute)])
    store.mark_break(Stream(ORDERBOOK, "KRW-A"))
    store.mark_break(Stream("candle.5m", "KRW-A"))
    assert store.tape("KRW-A").run_ms is not None
    store.mark_break(Stream("candle.1m", "KRW-A"))
    assert store.candles("KRW-A", Interval.M1).break_ms == minute
    assert store.candles("KRW-A", Interval.W1).break_ms is None
    store.mark_break(Stream(TRADE, "KRW-A"))
    assert store.tape("KRW-A").run_ms is None
    assert store.candles("KRW-A", Interval.W1).break_ms == Interval.W1.floor(minute)  # trades alone feed the week
