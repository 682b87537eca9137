"""What grows while a desk runs: memory, objects, threads, sockets and files, with symbols changed all the time.

First the ledgers of all markets that will be visited are filled to their bounds by REST, as after hours of use: else
their filling would be most of what is seen. The first quarter of what follows is warm-up too. Growth is the slope of a
straight line through the samples after it; the late one is that of their second half.

What the system sees (rss) is told apart from what is in use: `heap` is the C library's (arrays, pixmaps, Qt), `blocks`
are Python's. Where rss grows and these do not, memory is free but in pieces. What still fills after the first hour: the
places of glyphs that a ladder or a tape keeps (`Digits`, 1,024 shapes each) and drawn texts (4,096), 0.5 MiB/h at most.
"""

from __future__ import annotations

import asyncio
import ctypes
import gc
import os
import sys
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.desk import live, open_desk, run_on_qt
from benchmarks.measure import arguments, report
from core.state.store import IDLE_TRADES

if TYPE_CHECKING:
    from app.desk import Desk

SAMPLE_S = 10.0
CHANGE_S = 2.0  # between two symbol changes
FILL_DUE_S = 60.0  # of one market


def rss_mib() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


class _MallInfo(ctypes.Structure):
    _names = ("arena", "ordblks", "smblks", "hblks", "hblkhd", "usmblks", "fsmblks", "used", "free", "keep")
    _fields_ = [(name, ctypes.c_size_t) for name in _names]


def _heap_mib() -> float:
    """Return what is in use of the C library's heap, nan where it does not tell."""
    mallinfo = getattr(ctypes.CDLL(None), "mallinfo2", None)
    if mallinfo is None:
        return float("nan")
    mallinfo.restype = _MallInfo
    info = mallinfo()
    return float(info.used + info.hblkhd) / 2**20


def _open_files() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def _slope(points: list[tuple[float, float]]) -> float:
    """Return the slope of the least-squares line through (x, y)."""
    n = len(points)
    mean_x, mean_y = sum(x for x, _ in points) / n, sum(y for _, y in points) / n
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    return sum((x - mean_x) * (y - mean_y) for x, y in points) / spread if spread else 0.0


async def _fill(desk: Desk, markets: Sequence[str]) -> int:
    """Fill the ledger of each market to its bound with older trades. Return how many trades are kept then."""
    shown = {pane.market for pane in desk.panes if pane.takes_market}
    tapes = {market: desk.feed.store.tape(market) for market in (*markets, *sorted(shown))}
    for market, tape in tapes.items():
        bound, kept = IDLE_TRADES, tape.bound
        if market in shown:
            bound = tape.bound = kept + kept // 8 - 100  # where it is about to be cut back to its bound
        desk.workspace.links.bind(1, market)
        async with asyncio.timeout(FILL_DUE_S):
            while len(tape) < bound and not tape.is_complete:
                desk.feed.want_trades(market)
                await asyncio.sleep(0.05)
        tape.bound = kept
    return sum(len(tape) for tape in tapes.values())


async def _measure(minutes: float, name: str) -> dict[str, Any]:
    from app.exchange import BuiltInExchange

    loop = asyncio.get_running_loop()
    with tempfile.TemporaryDirectory() as folder:
        async with open_desk(Path(folder), BuiltInExchange(), name) as desk:
            await live(desk)
            markets = [m for m in desk.feed.store.markets if m.startswith("KRW-")][:40]
            trades = await _fill(desk, markets)
            samples: list[tuple[float, float, int, int, int, int, float, int]] = []
            begin, at, changes = loop.time(), 0.0, 0
            while loop.time() - begin < minutes * 60:
                await asyncio.sleep(CHANGE_S)
                desk.workspace.links.bind(1, markets[changes % len(markets)])
                changes += 1
                if loop.time() - begin - at >= SAMPLE_S:
                    at = loop.time() - begin
                    gc.collect()
                    fds = _open_files()
                    tasks, threads = len(asyncio.all_tasks()), threading.active_count()
                    heap, blocks = _heap_mib(), sys.getallocatedblocks()
                    samples.append((at, rss_mib(), len(gc.get_objects()), fds, tasks, threads, heap, blocks))
    steady = samples[len(samples) // 4 :]
    first, last = steady[0], steady[-1]
    return {
        "minutes": minutes,
        "changes": changes,
        "trades_at_begin": trades,
        "rss_mib": round(last[1], 1),
        "rss_slope_mib_per_h": round(_slope([(s[0] / 3600, s[1]) for s in steady]), 2),
        "rss_slope_late_mib_per_h": round(_slope([(s[0] / 3600, s[1]) for s in steady[len(steady) // 2 :]]), 2),
        "heap_slope_mib_per_h": round(_slope([(s[0] / 3600, s[6]) for s in steady]), 2),
        "blocks": last[7],
        "blocks_slope_late_per_h": round(_slope([(s[0] / 3600, s[7]) for s in steady[len(steady) // 2 :]])),
        "objects": last[2],
        "objects_slope_per_h": round(_slope([(s[0] / 3600, s[2]) for s in steady])),
        "objects_slope_late_per_h": round(_slope([(s[0] / 3600, s[2]) for s in steady[len(steady) // 2 :]])),
        "fds_growth": last[3] - first[3],
        "tasks_growth": last[4] - first[4],
        "threads_growth": last[5] - first[5],
    }


if __name__ == "__main__":
    parser = arguments(__doc__)
    parser.add_argument("--minutes", type=float, default=20.0)
    parser.add_argument("--desk", default="four", help="a template")
    options = parser.parse_args()
    report("soak", run_on_qt(_measure(options.minutes, options.desk)), options.json)
