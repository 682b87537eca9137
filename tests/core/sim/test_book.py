"""Books that could be real ones."""

from __future__ import annotations

import pytest

from core.market import DAY_MS
from core.sim.book import DEPTH, supported_levels
from core.sim.floor import Floor
from core.sim.listing import ANCHOR_DAY, listing
from core.sim.live import Live
from core.sim.past import Past

NOON_MS = ANCHOR_DAY * DAY_MS + DAY_MS // 2
MARKETS = listing(1)
PAST = Past(1, MARKETS)


def live(code: str, now_ms: int = NOON_MS) -> Live:
    return Live(1, PAST.of(code), now_ms, 1.0)


@pytest.mark.parametrize("code", ["KRW-BTC", "KRW-XRP", "KRW-SHIB", "BTC-ETH", "USDT-BTC", "BTC-ACH", "KRW-USDT"])
def test_a_book_is_never_crossed_stands_on_ticks_and_follows_the_trades(code: str) -> None:
    market = live(code)
    grid = market.past.grid
    moments = 0
    for now_ms in range(NOON_MS, NOON_MS + 60_000, 100):
        market.advance(now_ms)
        time_ms, asks, bids = market.book(now_ms)
        prices = [p for p, _ in bids.levels[::-1]] + [p for p, _ in asks.levels]
        assert prices == sorted(set(prices)), "bids below asks, every price once"
        assert len(asks.levels) <= DEPTH
        assert len(bids.levels) <= DEPTH
        assert all(size > 0 for _, size in asks.levels + bids.levels)
        assert all(grid.price(grid.place(p)) == p for p in prices)
        last = next(p for p in reversed(market.prints) if p.time_ms <= time_ms + market._shelf.grid_ms)
        assert (asks.levels[0][0], bids.levels[0][0]) == (last.best_ask, last.best_bid) or last.time_ms > time_ms
        hit = last.best_ask if last.is_bid else last.best_bid
        assert hit == last.price
        moments += 1
    assert moments == 600


def test_a_book_changes_little_at_a_time_and_only_on_its_grid() -> None:
    market = live("KRW-BTC")
    changed, phases = [], set()
    before = market.book(NOON_MS)
    for now_ms in range(NOON_MS, NOON_MS + 120_000, 20):
        market.advance(now_ms)
        book = market.book(now_ms)
        if book[0] != before[0]:
            assert book[0] > before[0], "time goes on"
            old, new = set(before[1].levels + before[2].levels), set(book[1].levels + book[2].levels)
            assert old != new, "nothing is said twice"
            changed.append(len(new - old))
            phases.add(book[0] % 100)
        before = book
    assert len(phases) == 1
    assert 150 < len(changed) < 1_200
    assert sorted(changed)[len(changed) // 2] <= 8


@pytest.mark.parametrize(
    ("code", "rate", "second"), [("KRW-BTC", 1.0, 50), ("KRW-BTC", 30.0, 59), ("BTC-ACH", 1.0, 40)]
)
def test_a_market_that_is_looked_at_late_stands_where_one_that_was_watched_does(
    code: str, rate: float, second: int
) -> None:
    end_ms = NOON_MS + second * 1_000
    past = Past(1, MARKETS, rate)
    watched, late = Live(1, past.of(code), NOON_MS, rate), Live(1, past.of(code), end_ms, rate)
    watched.advance(end_ms)
    assert late.board(end_ms) == watched.board(end_ms)
    assert late.next_ms == watched.next_ms
    both = min(len(late.prints), len(watched.prints))
    assert list(late.prints)[-both:] == list(watched.prints)[-both:]
    assert late.book(end_ms) == watched.book(end_ms)


def test_a_book_is_a_function_of_time() -> None:
    """Whoever looks first, and however often, sees the same."""
    often, once = live("KRW-ETH"), live("KRW-ETH")
    for now_ms in range(NOON_MS, NOON_MS + 30_000, 100):
        often.advance(now_ms)
        often.book(now_ms)
    once.advance(NOON_MS + 30_000)
    often.advance(NOON_MS + 30_000)
    assert often.book(NOON_MS + 30_000)[1:] == once.book(NOON_MS + 30_000)[1:]


def test_thin_markets_have_fewer_levels() -> None:
    thin = min((m for m in MARKETS.values() if m.halted_day is None), key=lambda m: m.trades)
    _, asks, _ = live(thin.code).book(NOON_MS)
    assert 1 <= len(asks.levels) < DEPTH
    _, asks, bids = live("KRW-BTC").book(NOON_MS)
    assert len(asks.levels) == len(bids.levels) == DEPTH


@pytest.mark.parametrize("code", ["KRW-BTC", "KRW-XRP", "KRW-ETH"])
def test_a_grouped_book_holds_what_the_plain_one_shows(code: str) -> None:
    market = live(code)
    grid = market.past.grid
    _, asks, bids = market.book(NOON_MS)
    for level in supported_levels(grid, grid.place(market.prints[-1].price)):
        _, grouped_asks, grouped_bids = market.grouped(NOON_MS, level)
        for plain, grouped, is_ask in ((asks, grouped_asks, True), (bids, grouped_bids, False)):
            assert all(price % level == 0 for price, _ in grouped.levels)
            prices = [p for p, _ in grouped.levels]
            assert prices == sorted(set(prices), reverse=not is_ask)
            sums: dict[int, int] = {}
            for price, size in plain.levels:
                group = (-(-price // level) if is_ask else price // level) * level
                if group:
                    sums[group] = sums.get(group, 0) + size
            shown = dict(grouped.levels)
            for group, size in list(sums.items())[:-1]:  # the last one goes on beyond the 30 plain levels
                assert shown[group] == size
            for group, size in sums.items():
                assert shown[group] >= size


def test_levels_of_krw_btc_are_the_documented_ones() -> None:
    grid = PAST.of("KRW-BTC").grid
    assert supported_levels(grid, grid.place(103_458_000 * 10**8)) == [10 ** (8 + n) for n in range(4, 9)]


def test_a_market_nobody_listens_to_is_not_played() -> None:
    floor = Floor(1, PAST, NOON_MS)
    floor.live("KRW-BTC")
    before = len(floor.live("KRW-BTC").prints)
    floor.advance(NOON_MS + 60_000)
    assert not floor._ears
    assert len(floor._lives["KRW-BTC"].prints) == before
    assert floor.live("KRW-BTC").prints[-1].time_ms > NOON_MS, "but looking at it brings it up to date"
