"""Whether the client is ever wrong: an exchange at which things go wrong by seed, and what the ledger says afterwards.

Each run is a real client on real sockets to a built-in exchange, both on one clock that runs as fast as it can. A
script of random faults is played; when it is over the client has to come back by itself. Then its trades are compared
with those the exchange tells by REST: what is missing must lie in a hole that the ledger knows of. And wherever the
client says that it knows everything, the hash of its state, trades and candles, must be that of the exchange's word.

`--seed S --runs 1` repeats the run of one seed alone; `--verbose` tells its script.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import multiprocessing
import random
import sys
import traceback
from collections import Counter
from collections.abc import Callable
from typing import Any, NamedTuple

from benchmarks.measure import percentiles, report
from core.feed.endpoint import Endpoint
from core.feed.feed import Feed
from core.feed.http import Http
from core.feed.services import Services
from core.market import MINUTE_MS, ORDERBOOK, TICKER, TRADE, Interval, Stream
from core.sim.exchange import Exchange
from core.sim.fastloop import FastLoop
from core.sim.faults import random_script
from core.state.candles import CandleSeries
from core.state.coverage import Span
from core.state.digest import candles_hash, tape_hash, trades_hash
from core.wire import rest
from core.wire.messages import Trade

NOON_MS = 1_790_510_400_000  # 2026-09-27 12:00 UTC
SCRIPT_S = 60.0
RIGHT_DUE_S = 180.0  # after the last fault; then the run has failed
OUTAGE_S = (1.0, 30.0)  # at the end of every run, whatever else went wrong before
WANTED = 4  # markets that are watched


class Run(NamedTuple):
    """What came of one seed."""

    seed: int
    trades: int  # that the exchange made
    lost_unmarked: int
    holes: int
    hashes: int  # of trades and candles of a market that were compared
    differing: list[str]
    verdicts: dict[str, int]  # of the audit of the ledgers
    recover_s: float  # from the end of the last outage until all is live and joined; nan if it never was
    violations: int
    crashes: list[str]
    faults: dict[str, int]


async def told_trades(exchange: Exchange, market: str, from_ms: int) -> list[Trade]:
    """Return what the exchange itself says was traded from `from_ms` on, over REST, in any order."""
    http = Http(exchange.rest_url, exchange.now_ms)
    found: dict[int, Trade] = {}
    cursor: int | None = None
    try:
        while True:
            page = await http.get(rest.ticks(market, cursor=cursor))
            found.update((t.id, t) for t in page)
            if len(page) < rest.TRADES_PER_PAGE or page[0].time_ms < from_ms:
                return [t for t in found.values() if t.time_ms >= from_ms]
            cursor = min(t.id for t in page)
    finally:
        await http.close()


async def told_candles(exchange: Exchange, market: str) -> CandleSeries:
    """Return the newest page of candles of a minute that the exchange tells of."""
    http, series = Http(exchange.rest_url, exchange.now_ms), CandleSeries(Interval.M1)
    try:
        series.merge(await http.get(rest.candles(market, Interval.M1, None)))
    finally:
        await http.close()
    return series


async def _wait(condition: Callable[[], bool], due_s: float) -> float:
    """Return how long it took, nan if too long."""
    loop = asyncio.get_running_loop()
    begin = loop.time()
    while not condition():
        if loop.time() - begin > due_s:
            return float("nan")
        await asyncio.sleep(0.02)
    return loop.time() - begin


async def _run(seed: int, is_verbose: bool) -> Run:
    loop, crashes = asyncio.get_running_loop(), []

    def crash(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        why = context.get("exception")
        crashes.append("".join(traceback.format_exception(why)) if why else str(context.get("message")))

    loop.set_exception_handler(crash)
    offset_ms = NOON_MS + seed % 7 * 3_600_000 - loop.time() * 1_000
    async with Exchange(
        seed=seed % 5 + 1, markets=12, now_ms=lambda: int(loop.time() * 1_000 + offset_ms), rate=8
    ) as x:
        feed = Feed(loop.time)
        endpoint = Endpoint(x.ws_url, x.rest_url, is_real=seed % 3 == 0)  # compressed now and then
        services = Services(feed, endpoint, has_board=False, clock_ms=x.now_ms)
        markets = list(x.floor.markets)[:WANTED]
        leases = [feed.lease(lambda _stream: None) for _ in markets]
        for market, lease in zip(markets, leases, strict=True):
            feed.store.candles(market, Interval.M1)
            feed.want_history(market, Interval.M1)
            channels = (TRADE, ORDERBOOK, TICKER, "candle.1m")
            lease.want(Stream(channel, market) for channel in channels)
        streams = [s for lease in leases for s in lease.streams]

        def is_right() -> bool:
            known = feed.health.streams
            is_live = all(s in known and known[s].first_at >= 0 for s in streams)
            return is_live and all(feed.store.tape(m).is_joined for m in markets)

        await _wait(is_right, 60.0)
        if not is_right():
            crashes.append("never right before the first fault")
        begin_ms = x.now_ms()
        script = random_script(seed, SCRIPT_S, markets)
        if is_verbose:
            sys.stderr.writelines(f"{step.after_s:6.2f} {step.fault} {step.params}\n" for step in script)
        x.trouble.play(script)
        await asyncio.sleep(SCRIPT_S)
        x.trouble.maintenance(OUTAGE_S[1])
        await asyncio.sleep(random.Random(seed).uniform(*OUTAGE_S))
        x.trouble.end_faults()  # from here on the server can be reached again
        recover_s = await _wait(is_right, RIGHT_DUE_S)
        await asyncio.sleep(2.0)
        await _wait(is_right, 10.0)
        violations = Counter(x.violations)  # before we ask for the truth ourselves
        end_ms = x.now_ms() - 1_500
        trades = lost = holes = hashes = 0
        differing: list[str] = []
        for market in markets:
            tape = feed.store.tape(market)
            spans = tape.holes
            holes += len(spans)
            truth = [t for t in await told_trades(x, market, begin_ms) if t.time_ms <= end_ms]
            trades += len(truth)
            missing = [t for t in truth if t.id not in tape and not any(a <= t.time_ms <= b for a, b in spans)]
            if missing and is_verbose:
                sys.stderr.write(f"{market}: lost {missing}\n{tape.coverage.spans} {tape.run_ms}\n")
            lost += len(missing)
            span, minutes = Span(begin_ms, end_ms), Span(begin_ms // MINUTE_MS * MINUTE_MS, end_ms - MINUTE_MS)
            for kind, ours, theirs in (
                ("trades", tape_hash(tape, span), trades_hash(truth)),
                (
                    "candles",
                    candles_hash(feed.store.candles(market, Interval.M1), minutes),
                    candles_hash(await told_candles(x, market), minutes),
                ),
            ):
                if ours is not None and theirs is not None:
                    hashes += 1
                    if ours != theirs:
                        differing.append(f"{kind} of {market}")
        verdicts = dict(feed.health.verdicts)
        await services.close()
        if is_verbose:
            sys.stderr.write(f"{dict(violations)}\n")
        faults = dict(x.trouble.done)
    leftover = [t.get_name() for t in asyncio.all_tasks() - {asyncio.current_task()}]
    crashes += [f"task left: {name}" for name in leftover]
    return Run(
        seed, trades, lost, holes, hashes, differing, verdicts, recover_s, sum(violations.values()), crashes, faults
    )


def run(seed: int, is_verbose: bool = False) -> Run:
    """Make the run of one seed."""
    logging.getLogger().setLevel(logging.INFO if is_verbose else logging.CRITICAL)
    with asyncio.Runner(loop_factory=FastLoop) as runner:
        return runner.run(_run(seed, is_verbose))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.faults", description=__doc__)
    parser.add_argument("--runs", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1, help="of the first run; each further run has the next")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--verbose", action="store_true", help="tell the script of each run and what is lost")
    options = parser.parse_args()
    seeds = range(options.seed, options.seed + options.runs)
    if options.verbose or options.jobs == 1:
        logging.basicConfig(format="%(name)s %(message)s")
        runs = [run(seed, options.verbose) for seed in seeds]
    else:
        with multiprocessing.get_context("spawn").Pool(options.jobs, maxtasksperchild=50) as pool:
            runs = list(pool.imap(run, seeds))
    faults: Counter[str] = Counter()
    for one in runs:
        faults.update(one.faults)
    verdicts: Counter[str] = Counter()
    for one in runs:
        verdicts.update(one.verdicts)
        sys.stderr.writelines(f"seed {one.seed}: {what} differ\n" for what in one.differing)
    never = [one.seed for one in runs if one.recover_s != one.recover_s]
    result = {
        "runs": len(runs),
        "trades": sum(one.trades for one in runs),
        "lost_unmarked": sum(one.lost_unmarked for one in runs),
        "holes": sum(one.holes for one in runs),
        "hashes": sum(one.hashes for one in runs),
        "hashes_differing": sum(len(one.differing) for one in runs),
        "verdicts": dict(sorted(verdicts.items())),
        "recover_s": percentiles([one.recover_s for one in runs if one.recover_s == one.recover_s]),
        "never_right": len(never),
        "violations": sum(one.violations for one in runs),
        "crashes": sum(len(one.crashes) for one in runs),
        "faults": dict(sorted(faults.items())),
        "failing_seeds": sorted(
            {*never, *(o.seed for o in runs if o.lost_unmarked or o.differing or o.crashes or o.violations)}
        ),
    }
    for crash in [c for one in runs for c in one.crashes][:3]:
        sys.stderr.write(crash + "\n")
    report("faults", result, options.json)
    return 1 if result["failing_seeds"] else 0


if __name__ == "__main__":
    sys.exit(main())
