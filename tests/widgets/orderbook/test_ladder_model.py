"""The ladder's rows and what the book says as a whole."""

from __future__ import annotations

import gzip
import itertools
import json
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.market import BTC_TICKS, KRW_TICKS, TICKS_OF_QUOTE, USDT_TICKS, price_key, quote_of
from core.wire.codec import decode_book
from core.wire.messages import Level, Orderbook
from widgets import format as fmt
from widgets.orderbook.cells import Extras, Scale, Writer
from widgets.orderbook.model import DEPTH, ladder, row_of_trade, ticks_between

Side = list[tuple[float, float]]


def book(asks: Side, bids: Side, *, padding: int = 0) -> Orderbook:
    """Return a book as the exchange sends it: the shorter side filled up with price 0 and size 0."""
    length = max(len(asks), len(bids)) + padding
    asks, bids = asks + [(0.0, 0.0)] * (length - len(asks)), bids + [(0.0, 0.0)] * (length - len(bids))
    levels = tuple(Level(a, b, s, t) for (a, s), (b, t) in zip(asks, bids, strict=True))
    return Orderbook("KRW-BTC", levels, 0)


@st.composite
def books(draw: st.DrawFn) -> Orderbook:
    """Books of every shape: thin, one-sided, empty, padded, and now and then crossed."""
    sizes = st.floats(0.0, 1e12, allow_nan=False)
    sides: list[Side] = []
    for is_ask in (True, False):
        steps = draw(st.sets(st.integers(1, 10**9), max_size=DEPTH))
        ordered = sorted(steps, reverse=not is_ask)
        sides.append([(step * 1e-4, draw(sizes)) for step in ordered])
    return book(*sides, padding=draw(st.integers(0, 5)))


@given(books())
def test_rows_stand_in_the_order_of_their_prices(given_book: Orderbook) -> None:
    shown = ladder(given_book)
    for side, prices in (("ask", [r.price for r in shown.asks]), ("bid", [r.price for r in reversed(shown.bids)])):
        assert all(a < b for a, b in itertools.pairwise(prices)), side
    if not shown.is_crossed:
        prices = [row.price for row in shown.rows]
        assert all(a > b for a, b in itertools.pairwise(prices))


@given(books())
def test_padding_is_never_a_row(given_book: Orderbook) -> None:
    shown = ladder(given_book)
    assert all(row.price > 0 for row in shown.rows)
    assert len(shown.asks) == sum(u.ask_price > 0 for u in given_book.levels)
    assert len(shown.bids) == sum(u.bid_price > 0 for u in given_book.levels)


@given(books())
def test_shares_and_totals_hold_for_every_book(given_book: Orderbook) -> None:
    shown = ladder(given_book)
    assert all(0.0 <= row.share <= 1.0 and 0.0 <= row.total_share <= 1.0 for row in shown.rows)
    for side, total in ((shown.asks, shown.ask_total), (shown.bids, shown.bid_total)):
        assert math.isclose(total, math.fsum(row.size for row in side), rel_tol=1e-12, abs_tol=1e-300)
        assert all(a.total <= b.total for a, b in itertools.pairwise(side))
    if any(row.size for row in shown.rows):
        assert max(row.share for row in shown.rows) == 1.0
        assert -1.0 <= shown.imbalance <= 1.0
    else:
        assert math.isnan(shown.imbalance)


@given(books(), st.integers(1, DEPTH))
def test_depth_keeps_the_best(given_book: Orderbook, depth: int) -> None:
    whole, cut = ladder(given_book), ladder(given_book, depth)
    assert [r.price for r in cut.asks] == [r.price for r in whole.asks[:depth]]
    assert [r.price for r in cut.bids] == [r.price for r in whole.bids[:depth]]


def test_a_book_says_its_totals_spread_and_imbalance() -> None:
    shown = ladder(book([(101.0, 1.0), (102.0, 2.0)], [(99.0, 6.0)]))
    assert [(r.price, r.is_ask) for r in shown.rows] == [(102.0, True), (101.0, True), (99.0, False)]
    assert [r.share for r in shown.rows] == [2 / 6, 1 / 6, 1.0]
    assert [r.total for r in shown.asks] == [1.0, 3.0]
    assert (shown.ask_total, shown.bid_total) == (3.0, 6.0)
    assert shown.imbalance == pytest.approx(1 / 3)
    assert shown.spread == 2.0
    assert shown.spread_rate == pytest.approx(0.02)


def test_empty_one_sided_and_crossed_books_are_known_as_such() -> None:
    assert ladder(None).is_empty
    assert ladder(book([], [], padding=3)).is_empty
    one_sided = ladder(book([(101.0, 1.0)], []))
    assert not one_sided.is_empty
    assert math.isnan(one_sided.spread)
    assert one_sided.imbalance == -1.0
    assert ladder(book([(100.0, 1.0)], [(100.0, 1.0)])).is_crossed
    assert not ladder(book([(101.0, 1.0)], [(100.0, 1.0)])).is_crossed


@pytest.mark.parametrize("table", [KRW_TICKS, BTC_TICKS, USDT_TICKS], ids=["KRW", "BTC", "USDT"])
def test_ticks_are_counted_in_every_band_and_over_its_border(table: object) -> None:
    assert isinstance(table, type(KRW_TICKS))
    for floor, step in zip(table.floors, table.steps, strict=True):
        start = floor or step
        assert ticks_between(start, start + 7 * step, table) == 7.0
        if floor:
            below = table.tick_size(floor * 0.999999)
            assert ticks_between(floor - 2 * below, floor + 3 * step, table) == 5.0


def test_ticks_between_prices_off_the_grid_are_not_rounded_away() -> None:
    assert ticks_between(18.14783928, 18.15, USDT_TICKS) == pytest.approx(0.216072)


def test_the_last_trade_is_found_by_its_price_and_side() -> None:
    shown = ladder(book([(0.3, 1.0), (0.4, 1.0)], [(0.2, 1.0)]))
    assert row_of_trade(shown, 0.1 + 0.2, "BID", 0.0) == shown.asks[0]  # 0.30000000000000004
    assert row_of_trade(shown, 0.2, "ASK", 0.0) == shown.bids[0]
    assert row_of_trade(shown, 0.25, "ASK", 0.0) is None


def test_the_last_trade_in_a_grouped_book_stands_in_its_group() -> None:
    shown = ladder(book([(91_160_000.0, 1.0), (91_170_000.0, 1.0)], [(91_150_000.0, 1.0)]))
    assert row_of_trade(shown, 91_157_000.0, "BID", 10_000.0) == shown.asks[0]
    assert row_of_trade(shown, 91_157_000.0, "ASK", 10_000.0) == shown.bids[0]
    assert row_of_trade(shown, 91_160_001.0, "BID", 10_000.0) == shown.asks[1]
    assert row_of_trade(shown, 91_160_000.0, "BID", 10_000.0) == shown.asks[0]
    assert row_of_trade(shown, 91_140_000.0, "ASK", 10_000.0) is None


@pytest.mark.parametrize("quote", ["KRW", "BTC", "USDT"])
def test_prices_of_a_band_are_written_alike(quote: str) -> None:
    table = TICKS_OF_QUOTE[quote]
    for floor, step in zip(table.floors, table.steps, strict=True):
        start = floor or step
        shown = ladder(
            book(
                [(start + (i + 31) * step, 1.0) for i in range(DEPTH)],
                [(start + (30 - i) * step, 2.0) for i in range(DEPTH)],
            )
        )
        writer = Writer()
        writer.begin(Scale(tick=step, places=8, prev_close=start + 31 * step))
        cells = [c for c in writer.write(shown.rows, [], 100, Extras(has_totals=True, has_worth=True)) if c is not None]
        assert len({price_key(float(c.price.replace(",", ""))) for c in cells}) == 60, "no two prices look alike"
        assert len({len(c.price.strip().partition(".")[2]) for c in cells}) == 1, "decimals are the same"
        for column in ("price", "size", "total", "percent", "worth"):
            assert len({len(getattr(c, column)) for c in cells}) == 1, f"{column} is filled up to one width"
        assert {c.tone for c in cells} == {1, 0, -1}


def test_a_line_that_says_the_same_stays_the_same_object() -> None:
    writer = Writer()
    writer.begin(Scale(tick=1.0, places=2, prev_close=100.0))
    first = ladder(book([(101.0, 4.0), (102.0, 2.0)], [(99.0, 3.0)]))
    before = writer.write(first.rows, [], 100)
    changed = ladder(book([(101.0, 4.0), (102.0, 2.5)], [(99.0, 3.0)]))
    after = writer.write(changed.rows, before, 100)
    assert [a is b for a, b in zip(before, after, strict=True)] == [False, True, True]


def test_columns_grow_and_do_not_shrink_until_another_scale() -> None:
    writer = Writer()
    writer.begin(Scale(tick=1.0, places=2))
    large = ladder(book([(101.0, 1234.5)], [(99.0, 3.0)]))
    small = ladder(book([(101.0, 1.5)], [(99.0, 3.0)]))
    wide = writer.write(large.rows, [], 100)
    narrow = writer.write(small.rows, wide, 100)
    assert wide[0] is not None
    assert narrow[0] is not None
    assert (wide[0].size, narrow[0].size) == ("1,234.50", "    1.50")
    writer.begin(Scale(tick=1.0, places=2))
    anew = writer.write(small.rows, [], 100)
    assert anew[0] is not None
    assert anew[0].size == "1.50"


def test_recorded_books_become_ladders(shared_data: Path) -> None:
    path = shared_data / "upbit" / "ws" / "cryptofeed-20210405-trade-orderbook-simple.jsonl.gz"
    count = 0
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        events = [json.loads(line) for line in lines]
    for event in events:
        if event["dir"] != "recv" or '"ty":"orderbook"' not in event["frame"][:40]:
            continue
        recorded = decode_book(event["frame"].encode())
        shown = ladder(recorded)
        count += 1
        assert not shown.is_crossed
        assert len(shown.asks) == len(shown.bids) == 15
        assert shown.ask_total == pytest.approx(recorded.ask_total)  # as the exchange states it
        assert shown.bid_total == pytest.approx(recorded.bid_total)
        quote = quote_of(recorded.market)
        writer = Writer()
        tick = TICKS_OF_QUOTE[quote].tick_size(shown.bids[-1].price)
        writer.begin(Scale(tick=tick, places=fmt.size_places(shown.bids[0].price, quote)))
        prices = [c.price for c in writer.write(shown.rows, [], 80) if c is not None]
        assert len(set(prices)) == 30, "no two prices look alike"
    assert count == 1_061
