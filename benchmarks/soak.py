"""What grows while a desk runs: memory, objects, threads, sockets and files, with symbols changed all the time.

The first quarter is warm-up: caches fill. Growth is the slope of a straight line through the samples after it.
"""

from __future__ import annotations

import asyncio
import gc
import os
import tempfile
import threading
from pathlib import Path
from typing import Any

from benchmarks.desk import live, open_desk, run_on_qt
from benchmarks.measure import arguments, report

SAMPLE_S = 10.0
CHANGE_S = 2.0  # between two symbol changes


def rss_mib() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def _open_files() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def _slope(points: list[tuple[float, float]]) -> float:
    """Return the slope of the least-squares line through (x, y)."""
    n = len(points)
    mean_x, mean_y = sum(x for x, _ in points) / n, sum(y for _, y in points) / n
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    return sum((x - mean_x) * (y - mean_y) for x, y in points) / spread if spread else 0.0


async def _measure(minutes: float, name: str) -> dict[str, Any]:
    from app.exchange import BuiltInExchange

    loop = asyncio.get_running_loop()
    with tempfile.TemporaryDirectory() as folder:
        async with open_desk(Path(folder), BuiltInExchange(), name) as desk:
            await live(desk)
            markets = [m for m in desk.feed.store.markets if m.startswith("KRW-")][:40]
            samples: list[tuple[float, float, int, int, int, int]] = []
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
                    samples.append((at, rss_mib(), len(gc.get_objects()), fds, tasks, threads))
    steady = samples[len(samples) // 4 :]
    first, last = steady[0], steady[-1]
    return {
        "minutes": minutes,
        "changes": changes,
        "rss_mib": round(last[1], 1),
        "rss_slope_mib_per_h": round(_slope([(s[0] / 3600, s[1]) for s in steady]), 2),
        "objects": last[2],
        "objects_slope_per_h": round(_slope([(s[0] / 3600, s[2]) for s in steady])),
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
