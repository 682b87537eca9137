"""A whole desk in a flood: how even its frames stay, what it costs, and whether a trade is lost.

The built-in exchange floods every socket of the desk, together `--rate` frames a second: `--charts` charts, four books,
four tapes, the scanner of every KRW market. `frame_gap_ms` is from one frame of the desk to the next, of which none is
wished for before 16 ms. What the generator costs is told apart; a run in which it fell behind is not valid.
"""

from __future__ import annotations

import asyncio
import gc
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.desk import LIVE_DUE_S, open_desk, run_on_qt
from benchmarks.measure import arguments, percentiles, report
from benchmarks.soak import rss_mib

if TYPE_CHECKING:
    from app.desk import Desk

WARM_S = 8.0
BEGIN = 60.0  # frames a second for each socket, until all is there
BOOKS = 4


async def control(desk: Desk, path: str) -> dict[str, Any]:
    """Ask the exchange's control address."""
    import aiohttp

    assert desk.services is not None
    base = desk.services.endpoint.rest.removesuffix("/v1")
    async with aiohttp.ClientSession() as session, session.get(f"{base}/control/{path}") as answer:
        answer.raise_for_status()
        told: dict[str, Any] = await answer.json()
        return told


def fill(desk: Desk, charts: int) -> None:
    """Open a scanner, charts, books and tapes, each market once."""
    desk.window.resize(2560, 1440)
    desk.new_desk("scanner")
    workspace = desk.workspace
    for pane in [p for p in desk.panes if p.kind != "scanner"]:
        workspace.close_pane(pane)
    markets = [m for m in desk.feed.store.markets if m.startswith("KRW-")]
    for n in range(charts):
        workspace.add("chart", markets[n % len(markets)], side="right" if n % 2 else "bottom")
    for n in range(BOOKS):
        workspace.add("orderbook", markets[n], side="right")
        workspace.add("trades", markets[n], side="bottom")


async def flood(desk: Desk, rate: float) -> None:
    """Let the exchange send `rate` frames a second to all sockets together, once every pane has data."""
    async with asyncio.timeout(LIVE_DUE_S):
        while not all(p.has_data() for p in desk.panes):  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    stats = await control(desk, "stats")
    await control(desk, f"pace?rate={rate / max(stats['connections'], 1)}")
    await asyncio.sleep(WARM_S)


async def _measure(rate: float, charts: int, seconds: float) -> dict[str, Any]:
    from app.exchange import BuiltInExchange
    from core.market import TRADE

    with tempfile.TemporaryDirectory() as folder:
        exchange = BuiltInExchange("--blast", str(BEGIN), "--markets", "400")
        async with open_desk(Path(folder), exchange, "scanner") as desk:
            async with asyncio.timeout(LIVE_DUE_S):
                while not desk.feed.store.markets:  # noqa: ASYNC110
                    await asyncio.sleep(0.1)
            fill(desk, charts)
            await flood(desk, rate)
            gc.collect()
            at: list[float] = []
            desk.frames.on_frame = lambda: at.append(time.perf_counter())

            def counts() -> tuple[int, int, int]:
                streams = [(s, h) for s, h in desk.feed.health.streams.items() if s.channel == TRADE]
                kept = sum(desk.feed.store.tape(s.market).count for s, _ in streams)
                return (
                    sum(h.messages for _, h in streams),
                    kept,
                    sum(x.messages for x in desk.feed.health.links.values()),
                )

            before, stats = counts(), await control(desk, "stats")
            begun, used, rss = time.perf_counter(), time.process_time(), rss_mib()
            await asyncio.sleep(seconds)
            took, cpu = time.perf_counter() - begun, time.process_time() - used
            after, told = counts(), await control(desk, "stats")
            desk.frames.on_frame = None
            return {
                "rate": rate,
                "frames_per_s": round((after[2] - before[2]) / took),
                "charts": charts,
                "frame_gap_ms": percentiles([(b - a) * 1_000 for a, b in pairwise(at)], 1),
                "cpu_share": round(cpu / took, 3),
                "generator_share": round((told["cpu_s"] - stats["cpu_s"]) / took, 3),
                "is_valid": not told["behind"],
                "trades": after[0] - before[0],
                "trades_lost": (after[0] - before[0]) - (after[1] - before[1]),
                "rss_mib": round(rss_mib(), 1),
                "rss_growth_mib": round(rss_mib() - rss, 1),
            }


if __name__ == "__main__":
    parser = arguments(__doc__)
    parser.add_argument("--rate", type=float, default=3_000.0, help="frames a second, all sockets together")
    parser.add_argument("--charts", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=20.0)
    options = parser.parse_args()
    report("storm", run_on_qt(_measure(options.rate, options.charts, options.seconds)), options.json)
