"""History on the disk: how long 100,000 candles take to be on a chart, how fast rows are kept, how large the file is.

`load_ms` is the thread's part: read, checksum, join. `merge_ms` is the loop's: into an empty series. `hop_ms` is what
the loop waits for the smallest answer. `flush_ms` is a batch of one new bar of each of 16 series and a few trades, as
every two seconds has.
"""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from time import perf_counter

import numpy as np

from benchmarks.measure import arguments, percentiles, report
from core.feed.archive import Archive
from core.feed.shelf import TRADES, Key, Shelf
from core.market import MINUTE_MS, Interval
from core.state.candles import CandleSeries
from core.state.chunks import Bars, Chunk, Prints
from core.state.coverage import Span

KEY = Key("KRW-BTC", "1m")
PAGE = 200
SERIES = 16
BEGIN_MS = 1_700_000_040_000 // MINUTE_MS * MINUTE_MS


def bars(first: int, count: int, dice: np.random.Generator) -> Chunk:
    """Return `count` minutes of a random walk."""
    start = BEGIN_MS + np.arange(first, first + count, dtype=np.int64) * MINUTE_MS
    close = 1e8 + dice.normal(0, 1e5, count).cumsum().round(-3)
    columns = np.column_stack([close, close + 5_000, close - 5_000, close, dice.random(count).round(8)])
    return Chunk(Span(int(start[0]), int(start[-1]) + MINUTE_MS - 1), Bars(start, columns, start + 59_000))


def prints(first: int, count: int, dice: np.random.Generator) -> Chunk:
    """Return `count` trades, ten a second."""
    time = BEGIN_MS + np.arange(first, first + count, dtype=np.int64) * 100
    price = 1e8 + dice.normal(0, 1e5, count).round(-3)
    columns = Prints(time, time * 1_000, price, dice.random(count).round(8), dice.random(count) < 0.5)
    return Chunk(Span(int(time[0]), int(time[-1]) + 99), columns)


def timed_ms(begin: float) -> float:
    return (perf_counter() - begin) * 1_000


def fill(path: Path, count: int, dice: np.random.Generator) -> dict[str, float]:
    """Write candles page by page, backwards as scrolling brings them, and trades. Return rows a second and MB."""
    store = Shelf(path)
    began = perf_counter()
    for first in range(count - PAGE, -1, -PAGE):
        store.write([(KEY, bars(first, PAGE, dice))], {"KRW-BTC": 1})
    paged_s = perf_counter() - began
    began = perf_counter()
    store.write([(Key("KRW-ETH", "1m"), bars(0, count, dice))], {})
    whole_s = perf_counter() - began
    began = perf_counter()
    for first in range(0, count, 500):
        store.write([(Key("KRW-BTC", TRADES), prints(first, 500, dice))], {})
    trades_s = perf_counter() - began
    size = store.used_bytes / 1e6
    store.close()
    return {
        "append_rows_per_s": round(count / whole_s),
        "append_rows_per_s_by_pages": round(count / paged_s),
        "append_trades_per_s_by_pages": round(count / trades_s),
        "size_mb": round(size, 1),
    }


async def read(path: Path, count: int, runs: int) -> dict[str, object]:
    """Read all candles, and a few, through the archive's thread."""
    archive = Archive(path, lambda: BEGIN_MS)
    await archive.read(KEY, None, 1, is_joined=True)  # opens the file
    load, merge, hop, last = [], [], [], []
    for _ in range(runs):
        began = perf_counter()
        await archive.read(Key("KRW-NONE", "1m"), None, 1, is_joined=True)
        hop.append(timed_ms(began))
        began = perf_counter()
        await archive.read(KEY, None, 1_000, is_joined=True)
        last.append(timed_ms(began))
        began = perf_counter()
        kept = await archive.read(KEY, None, count, is_joined=True)
        load.append(timed_ms(began))
        assert kept is not None
        assert isinstance(kept.columns, Bars)
        assert len(kept.columns.start) == count
        series = CandleSeries(Interval.M1)
        began = perf_counter()
        series.restore(*kept.columns, is_joined=False)
        merge.append(timed_ms(began))
    await archive.close()
    return {
        "load_ms": percentiles(load, 2),
        "load_newest_1000_ms": percentiles(last, 2),
        "hop_ms": percentiles(hop, 2),
        "merge_ms": percentiles(merge, 2),
    }


async def flush(path: Path, runs: int, dice: np.random.Generator) -> dict[str, object]:
    """Keep one bar of each series and some trades, over and over: what every two seconds of a full desk cost."""
    archive = Archive(path, lambda: BEGIN_MS)
    took = []
    for n in range(runs):
        batch = [(Key(f"KRW-{s:02}", "1m"), bars(n, 1, dice)) for s in range(SERIES)]
        batch += [(Key(f"KRW-{s:02}", TRADES), prints(20 * n, 20, dice)) for s in range(SERIES)]
        began = perf_counter()
        assert await archive.write(batch, {"KRW-00": n})
        took.append(timed_ms(began))
    await archive.close()
    return {"flush_ms": percentiles(took, 2)}


def main() -> None:
    """Measure and print."""
    parser = arguments(__doc__)
    parser.add_argument("--rows", type=int, default=100_000, metavar="N", help="candles, and as many trades (100000)")
    parser.add_argument("--runs", type=int, default=30, metavar="N", help="loads; percentiles are printed (30)")
    options = parser.parse_args()
    dice = np.random.default_rng(1)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "history.db"
        rows = max(options.rows // 500, 1) * 500
        result: dict[str, object] = {"rows": rows} | fill(path, rows, dice)
        result |= asyncio.run(read(path, rows, options.runs))
        result |= asyncio.run(flush(path, 5 * options.runs, dice))
    report("store", result, options.json)


if __name__ == "__main__":
    main()
