"""CPU of the table of cross-listed coins, as many as the real exchange has, at the natural rate.

`coins`: how many are in the table, and `watched` have their books heard. `update_us` is the cost of one look at all of
them, by coin: premiums of every coin, round trips of the watched ones from books that all have changed. `look_ms` is
one whole look; two a second. `cpu_share` is what the survey and its pane take of a core: looks, the tickers and books
that they need more than anybody else, decoding among it, and the pane's frames, sorted once a second. Frames are made
before the clock starts.
"""

from __future__ import annotations

from statistics import median
from time import process_time_ns
from typing import Any

from benchmarks.measure import arguments, frame_cost, percentiles, qt_app, report

NOON_MS = 1_790_510_400_000
LOOKS = 60
LOOKS_PER_S = 2.0  # core.feed.survey.LOOK_S
SIZE = (1_280, 22 + 24 * 30)


class Market:
    """Books and tickers of the built-in exchange's own markets, as they follow each other, taken from its floor."""

    def __init__(self) -> None:
        from core.sim.floor import Floor
        from core.sim.listing import listing
        from core.sim.past import Past

        self.past = Past(1, listing(1))
        self.floor = Floor(1, self.past, NOON_MS)
        self.codes = list(self.past.markets)

    def ticker(self, code: str) -> bytes:
        from core.sim.floor import Topic

        frame = self.floor.snapshot(Topic("ticker", code), "SIMPLE")
        assert frame is not None
        return frame

    def books(self, code: str, count: int, every_ms: int) -> list[bytes]:
        """Return the next books of a market, so far apart."""
        from core.sim.frames import orderbook

        live, found = self.floor.live(code), []
        for n in range(count):
            now_ms = NOON_MS + n * every_ms
            live.advance(now_ms)
            time_ms, asks, bids = live.book(now_ms)
            found.append(orderbook(code, time_ms, asks.levels, bids.levels, 0, 30, "SIMPLE", False))
        return found


def main() -> None:
    parser = arguments(__doc__)
    options = parser.parse_args()
    qt_app()
    from core.feed.feed import Feed
    from core.feed.health import LinkHealth, LinkState
    from core.feed.survey import LOOK_S
    from core.market import ORDERBOOK, TICKER, Stream
    from core.market import Market as Listed
    from core.state.cross import Book, Heard
    from widgets.arbitrage.pane import CrossPane
    from widgets.frame import FrameClock

    assert LOOK_S * LOOKS_PER_S == 1.0
    market = Market()
    now = [1_000.0]
    feed = Feed(lambda: now[0])
    feed.health.links[0] = LinkHealth(0)
    feed.health.links[0].state = LinkState.OPEN
    feed.store.list_markets(Listed(c, m.korean_name, m.english_name) for c, m in market.past.markets.items())
    cross = feed.cross
    cross.relist(feed.store.markets)
    feed.health.requested(0, {Stream(TICKER, c) for c in market.codes}, now[0])
    for code in cross.markets(cross.coins):
        feed.on_frame(0, market.ticker(code))
    cross.want("benchmark", [])
    heard: dict[str, Heard] = {}
    cross.look(now[0], NOON_MS, heard.get)
    cross.rank(now[0])
    watched = sorted(cross.markets(cross.watched))
    lease = feed.lease(lambda _stream: None, is_background=True)
    lease.want(Stream(ORDERBOOK, code) for code in watched)
    feed.health.requested(0, {Stream(TICKER, c) for c in market.codes} | set(lease.streams), now[0])
    frames = {code: market.books(code, LOOKS + 1, 500) for code in watched}

    def take(n: int) -> None:
        """Let every watched book change, whether it would have or not."""
        now[0] += LOOK_S
        for code in watched:
            feed.on_frame(0, frames[code][n])

    def look(n: int) -> None:
        heard.clear()
        for code in watched:
            book = feed.store.book(code)
            assert book is not None
            heard[code] = Heard(Book(book.asks, book.bids), 0.1, 3.0, True)
        cross.look(now[0], NOON_MS + n * 500, heard.get)
        kept = cross.candidates
        cross.rank(now[0])
        cross.candidates = kept  # of whom there are books here

    looks, frames_us = [], []
    for n in range(LOOKS):
        begun = process_time_ns()
        take(n)
        frames_us.append((process_time_ns() - begun) / 1e3 / len(watched))
        begun = process_time_ns()
        look(n)
        looks.append((process_time_ns() - begun) / 1e6)
    assert all(not row.flaw for row in cross.rows.values() if row.is_watched), "every watched coin has to be worked out"
    clock = FrameClock()
    pane = CrossPane(feed, clock)
    pane.resize(*SIZE)
    pane.show()
    pane.frame()

    def prepare(n: int) -> None:
        take(n % LOOKS)
        look(n % LOOKS)
        now[0] += 1.0  # so that each frame is sorted anew, twice as often as it would be
        clock.stop()  # the frame is ours to make

    frame_ms = percentiles(frame_cost(pane, lambda _n: pane.frame(), LOOKS, prepare))
    pane.release()
    clock.stop()
    pane.deleteLater()
    look_ms = median(looks)
    book_rate = sum(market.past.markets[code].book_rate for code in watched)
    share = (look_ms + frame_ms["p50"]) * LOOKS_PER_S / 1e3 + book_rate * median(frames_us) / 1e6
    result: dict[str, Any] = {
        "coins": len(cross.coins),
        "watched": len(cross.watched),
        "update_us": round(look_ms * 1e3 / len(cross.coins), 2),
        "look_ms": round(look_ms, 3),
        "frame_ms": frame_ms,
        "books_per_s": round(book_rate),
        "book_us": round(median(frames_us), 2),
        "cpu_share": round(share, 4),
    }
    report("cross", result, options.json)


if __name__ == "__main__":
    main()
