"""CPU of the scanner: a frame of 250 markets in ten columns, and of the board behind it.

`frame_ms`: every market has ticked, the list is sorted anew, written and painted. `natural_ms`: as many have as tick in
a frame of the whole market (about 1,000 a second). `take_us` is the board's cost of one ticker, `look_ms` of looking at
all markets; `board_share` what both come to at 3,000 tickers a second, for 290 and for 860 markets.

`--peers` takes turns with vnpy's table of ticks, in an environment of its own; `ratio` is how many times ours. Sorted,
it sorts at every tick; `unsorted_ms` is the same frame where it need not.
"""

from __future__ import annotations

import random
from functools import partial
from statistics import median
from time import process_time_ns
from typing import Any

from benchmarks import peers
from benchmarks.measure import arguments, frame_cost, percentiles, qt_app, report
from benchmarks.rounds import compare_with

FRAMES = 150
ROUND_FRAMES = 50
FIGURES = ("frame_ms", "natural_ms")
MARKETS = 250
NATURAL = 16  # tickers in a frame of 16 ms
NOON_MS = 1_790_510_400_000
SIZE = (1_000, 22 + 24 * 30)
LOOKS_PER_S = 50


class Market:
    """Tickers of many markets, from one seed."""

    def __init__(self, count: int) -> None:
        from core.market import Market as Listed

        self.random = random.Random(1)
        self.listed = {f"KRW-C{i:03}": Listed(f"KRW-C{i:03}", f"코인{i}", f"Coin {i}") for i in range(count)}
        self.prices = {code: self.random.uniform(0.01, 1e6) for code in self.listed}
        self.volume = dict.fromkeys(self.listed, 1.0)

    def ticker(self, code: str, time_ms: int) -> Any:
        from core.wire.messages import Ticker

        self.prices[code] *= 1.0 + self.random.gauss(0.0, 0.002)
        self.volume[code] += self.random.uniform(0.0, 3.0)
        price, volume = self.prices[code], self.volume[code]
        return Ticker(
            code, price, high=price * 1.1, low=price * 0.9, prev_close=price * 0.98,
            change_rate=self.random.uniform(-0.1, 0.1), day_volume=volume, day_turnover=volume * price,
            turnover_24h=self.random.uniform(1e6, 1e12), trade_time_ms=time_ms, time_ms=time_ms,
        )  # fmt: skip


def board_cost(count: int) -> dict[str, float]:
    """Return what the board costs, for `count` markets."""
    from core.state.board import Board

    market = Market(count)
    tickers: dict[str, Any] = {}
    board = Board(tickers)
    board.want("benchmark", {"KRW"})
    board.relist(market.listed.keys(), NOON_MS)
    live, now_ms = [True] * count, NOON_MS

    def say(code: str) -> None:
        tickers[code] = ticker = market.ticker(code, now_ms)
        board.take(ticker)

    for _ in range(740):  # an hour, and some
        now_ms += 5_000
        board.windows.roll(now_ms, lambda: live)
        for code in list(market.listed)[:20]:
            say(code)
    for code in market.listed:
        say(code)
    board.rank(now_ms)
    made = [market.ticker(code, now_ms) for _ in range(5) for code in market.listed]
    begun = process_time_ns()
    for ticker in made:
        board.take(ticker)
    take_us = (process_time_ns() - begun) / 1e3 / len(made)
    looks, rolls = [], []
    for ticker in made[:200]:
        board.take(ticker)
        begun = process_time_ns()
        board.look(now_ms)
        looks.append((process_time_ns() - begun) / 1e6)
    for _ in range(60):
        now_ms += 5_000
        begun = process_time_ns()
        board.windows.roll(now_ms, lambda: live)
        rolls.append((process_time_ns() - begun) / 1e6)
    look_ms, roll_ms = median(looks), median(rolls)
    share = take_us * 3_000 / 1e6 + look_ms * LOOKS_PER_S / 1e3 + roll_ms / 5e3
    return {"take_us": round(take_us, 2), "look_ms": round(look_ms, 3), "board_share": round(share, 4)}


def pane_cost(tick: int, n: int, *, is_sorted: bool) -> list[float]:
    """Return ms of CPU of `n` frames in which `tick` markets tick, sorted anew in each where asked."""
    from core.feed.feed import Feed
    from core.feed.health import LinkHealth, LinkState
    from core.market import TICKER, Stream
    from widgets.frame import FrameClock
    from widgets.scanner.model import CHANGE, M1, M5, M15, NAME, PATH, PRICE, RANK, SPIKE, TURNOVER
    from widgets.scanner.pane import ScannerPane

    market = Market(MARKETS)
    now = [1_000.0]
    feed = Feed(lambda: now[0])
    feed.health.links[0] = LinkHealth(0)
    feed.health.links[0].state = LinkState.OPEN
    frames = FrameClock()
    pane = ScannerPane(feed, frames)
    pane.columns = frozenset({RANK, NAME, PRICE, CHANGE, M1, M5, M15, TURNOVER, SPIKE, PATH})  # ten
    pane.resize(*SIZE)
    pane.found.hide()
    feed.on_board_wanted = feed.board.take_quotes
    feed.store.list_markets(market.listed.values())
    feed.board.relist(feed.store.markets.keys(), NOON_MS)
    feed.health.requested(0, {Stream(TICKER, code) for code in market.listed}, now[0])
    time_ms = NOON_MS

    def say(code: str) -> None:
        ticker = market.ticker(code, time_ms + int(now[0] * 1_000))
        feed.health.received(Stream(TICKER, code), now[0])
        feed.apply(ticker)
        feed.board.take(ticker)

    live = [True] * MARKETS
    for _ in range(740):
        time_ms += 5_000
        feed.board.windows.roll(time_ms, lambda: live)
    for code in market.listed:
        say(code)
    pane.show()
    pane.frame()
    codes = list(market.listed)

    def prepare(i: int) -> None:
        now[0] += 2.0 if is_sorted else 0.016
        for k in range(tick):
            say(codes[(i * tick + k) % MARKETS])
        frames.stop()  # the frame is ours to make

    cost = frame_cost(pane, lambda _i: pane.frame(), n, prepare)
    pane.release()
    frames.stop()
    pane.deleteLater()
    return cost


def take_pane(figure: str, n: int) -> list[float]:
    """Return ms of CPU of `n` frames of our own scanner."""
    is_all = figure == "frame_ms"
    return pane_cost(MARKETS if is_all else NATURAL, n, is_sorted=is_all)


def main() -> None:
    """Measure and print."""
    options = arguments(__doc__).parse_args()
    qt_app()
    if options.peers:
        starts = {"vnpy": partial(peers.start_vnpy_table, "scanner", *SIZE, MARKETS)}
        outcome = compare_with(FIGURES, take_pane, starts, {}, ROUND_FRAMES)
        result: dict[str, Any] = {**outcome.ours, "peers": outcome.peers, "ratio": outcome.ratio}
    else:
        result = {figure: percentiles(take_pane(figure, FRAMES)) for figure in FIGURES}
    report("scanner", result | {f"board_{count}": board_cost(count) for count in (290, 860)}, options.json)


if __name__ == "__main__":
    main()
