"""A whole desk in a flood: how even its frames stay, what it costs, and whether a trade is lost.

The built-in exchange floods every socket of the desk, together `--rate` frames a second: `--charts` charts, `--books`
order books, `--tapes` tapes and the scanner of the KRW markets, side by side in 2560x1440; with `--scattered` some are
in tabs and some in windows of their own. `frame_gap_ms` is from one frame of the desk to the next, of which none is
wished for before 16 ms. `generator_share` is what the generator costs; a run in which it sent too little through its
own fault is not valid, nor is one in which the machine was at work for others (`starved_share` of the desk's time,
`generator_starved` of the generator's); `invalid` says why.
`blocked_s` is how long sockets were full, which is the reader's fault.

`--peers` takes turns with vnpy's table of ticks, in an environment of its own, on sockets with the same subscriptions
to the same exchange: its gaps are those between paints, `late_ms` is from its socket to the table. `ratio` is how many
times ours.
"""

from __future__ import annotations

import asyncio
import gc
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QPoint, QRect

from benchmarks import peers
from benchmarks.desk import LIVE_DUE_S, open_desk, run_on_qt
from benchmarks.measure import arguments, percentiles, report
from benchmarks.soak import rss_mib

if TYPE_CHECKING:
    from app.desk import Desk
    from app.exchange import BuiltInExchange
    from core.feed.endpoint import Endpoint
    from core.market import Stream
    from widgets.pane import Pane

BEGIN = 60.0  # frames a second for each socket, until all is there
MARKETS = 400  # all 290 of KRW and the largest others
SIZE = (2560, 1440)
COLUMNS = 4  # of charts
LOOK_S = 2  # over which a socket's rate is looked at
STEADY = 5  # looks at the right rate: a ring that is still to come would bring more
FLOODED_DUE_S = 180.0  # the exchange plays a quarter of an hour for each ring
LEAST, MOST = 0.95, 1.1  # of the rate must come
MOST_STARVED = 0.1  # of the time: more, and the gaps are those of the machine
ROUNDS = 2  # with peers
TABLE = (1_000, 742)  # px, as large as the scanner's in its own benchmark
_SHARES = {"chart": 15, "orderbook": 12, "trades": 10}  # of the window's width, in parts
_READY_S = 60.0

Rates = Callable[[], Awaitable[Sequence[float]]]  # frames a second by socket, looked at for a while


class Wanted(NamedTuple):
    """What stands on the desk."""

    charts: int = 16
    books: int = 4
    tapes: int = 4
    is_scattered: bool = False


class InvalidRunError(Exception):
    """The flood did not come up; the text says why."""


async def control(endpoint: Endpoint, path: str) -> dict[str, Any]:
    """Ask the exchange's control address."""
    import aiohttp

    base = endpoint.rest.removesuffix("/v1")
    async with aiohttp.ClientSession() as session, session.get(f"{base}/control/{path}") as answer:
        answer.raise_for_status()
        told: dict[str, Any] = await answer.json()
        return told


def waited_s(pid: int | str = "self") -> float:
    """Return for how long a main thread was ready to run and the machine did other things; 0 where it is not told."""
    path = Path(f"/proc/{pid}/schedstat")
    return int(path.read_text().split()[1]) / 1e9 if path.is_file() else 0.0


async def look_at(endpoint: Endpoint, exchange: BuiltInExchange) -> dict[str, Any]:
    """Return the exchange's counters, and how long it had to wait for the machine."""
    return await control(endpoint, "stats") | {"waited_s": waited_s(exchange._process.pid)}


def is_in_sight(pane: Pane) -> bool:
    """Tell whether some of a pane is in its window: not behind a tab, and not pushed out for want of room."""
    window = pane.window()
    return pane.isVisible() and window.rect().intersects(QRect(pane.mapTo(window, QPoint()), pane.size()))


def fill(desk: Desk, wanted: Wanted) -> None:
    """Open a scanner, and charts in a grid, books and tapes in columns beside it, each market once."""
    desk.window.resize(*SIZE)
    desk.keeper.new("scanner")
    workspace = desk.workspace
    for pane in [p for p in desk.panes if p.kind != "scanner"]:
        workspace.close_pane(pane)
    first = desk.panes[0]
    markets = [m for m in desk.feed.store.markets if m.startswith("KRW-")]
    columns = ["chart"] * min(COLUMNS, wanted.charts)
    columns += ["orderbook"] * min(1, wanted.books) + ["trades"] * min(1, wanted.tapes)
    of_kind: dict[str, list[Pane]] = {"chart": [], "orderbook": [], "trades": []}

    def add(kind: str, side: str, beside: Pane) -> Pane:
        made = workspace.add(kind, markets[len(of_kind[kind]) % len(markets)], side=side, beside=beside)
        if made is None:
            raise InvalidRunError("so many panes have no room on a desk")
        of_kind[kind].append(made)
        return made

    last = first
    for kind in columns:  # all heads first: what is put beside one that is divided already is put into its column
        last = add(kind, "right", last)
    for kind, count, width in (
        ("chart", wanted.charts, COLUMNS),
        ("orderbook", wanted.books, 1),
        ("trades", wanted.tapes, 1),
    ):
        panes = of_kind[kind]
        for n in range(len(panes), count):
            add(kind, "tab" if wanted.is_scattered and n % 5 == 3 else "bottom", panes[n - width])
    if wanted.is_scattered:
        for pane in [pane for panes in of_kind.values() for pane in panes[4::5]]:
            workspace.docks.float_dock(pane.objectName())
    workspace.docks.set_shares(first.objectName(), [18, *(_SHARES[kind] for kind in columns)])


async def flood(endpoint: Endpoint, rate: float, rates: Rates) -> None:
    """Let the exchange send `rate` frames a second to all sockets together, and wait until they come.

    A socket whose streams are silent is sent nothing, so the others take its share.

    Raises:
        InvalidRunError: they do not come.
    """
    pace, end, seen = rate, time.monotonic() + FLOODED_DUE_S, [0.0]
    is_set, steady = False, 0
    while time.monotonic() < end:
        seen = list(await rates())
        busy = sum(r > 0.5 * (pace if is_set else BEGIN) for r in seen)
        if is_set and LEAST <= sum(seen) / rate <= MOST:
            steady += 1
            if steady == STEADY:
                return
            continue
        steady = 0
        if busy:
            pace, is_set = rate / busy, True
            await control(endpoint, f"pace?rate={pace}")
    raise InvalidRunError(
        f"{sum(seen):,.0f} frames a second came, of {rate:,.0f}, {FLOODED_DUE_S:.0f} s after the start"
    )


def _judge(result: dict[str, Any], rate: float, before: dict[str, Any], after: dict[str, Any], took: float) -> None:
    """Add what the generator did between two looks at it, and whether that was enough."""
    sent = (after["blast"]["frames"] - before["blast"]["frames"]) / took
    blocked = after["blast"]["blocked_s"] - before["blast"]["blocked_s"]
    result["sent_per_s"] = round(sent)
    result["generator_share"] = round((after["cpu_s"] - before["cpu_s"]) / took, 3)
    result["blocked_s"] = round(blocked, 2)
    waited = result["generator_starved"] = round((after["waited_s"] - before["waited_s"]) / took, 3)
    starved = result["starved_share"]
    if sent < LEAST * rate and not blocked:
        result["invalid"] = f"the generator sent {sent:,.0f} frames a second of {rate:,.0f}"
    elif sent > MOST * rate and not blocked:
        result["invalid"] = f"the generator sent {sent:,.0f} frames a second instead of {rate:,.0f}"
    elif waited > MOST_STARVED:  # it sends in bursts then, and between them there is nothing to show
        result["invalid"] = f"for {waited:.0%} of the time the generator was ready and the machine at work for others"
    elif starved > MOST_STARVED:
        result["invalid"] = f"for {starved:.0%} of the time the program was ready and the machine at work for others"
    result["is_valid"] = "invalid" not in result


async def measure_desk(rate: float, wanted: Wanted, seconds: float) -> tuple[dict[str, Any], list[str]]:
    """Return the figures of the desk, and the requests that its sockets have sent."""
    from app.exchange import BuiltInExchange
    from core.market import TRADE
    from core.wire import request

    with tempfile.TemporaryDirectory() as folder:
        exchange = BuiltInExchange("--blast", str(BEGIN), "--markets", str(MARKETS))
        async with open_desk(Path(folder), exchange, "scanner") as desk:
            async with asyncio.timeout(LIVE_DUE_S):
                while not desk.feed.store.markets:  # noqa: ASYNC110
                    await asyncio.sleep(0.1)
            fill(desk, wanted)
            async with asyncio.timeout(LIVE_DUE_S):
                while not all(p.has_data() for p in desk.panes if p.isVisible()):  # noqa: ASYNC110
                    await asyncio.sleep(0.1)
            assert desk.services is not None
            endpoint, links = desk.services.endpoint, desk.feed.health.links

            async def rates() -> list[float]:
                before = {key: link.messages for key, link in links.items()}
                begun = time.perf_counter()
                await asyncio.sleep(LOOK_S)
                took = time.perf_counter() - begun
                return [(link.messages - before.get(key, link.messages)) / took for key, link in links.items()]

            await flood(endpoint, rate, rates)
            gc.collect()
            at: list[float] = []
            desk.frames.on_frame = lambda: at.append(time.perf_counter())

            def trades() -> dict[Stream, tuple[int, int]]:
                """Trades that came, and those that the tape has taken up: REST's are among them."""
                streams = desk.feed.health.streams
                return {
                    s: (h.messages, desk.feed.store.tape(s.market).count)
                    for s, h in streams.items()
                    if s.channel == TRADE
                }

            def frames() -> int:
                return sum(link.messages for link in links.values())

            before, first, stats = trades(), frames(), await look_at(endpoint, exchange)
            begun, used, waited, rss = time.perf_counter(), time.process_time(), waited_s(), rss_mib()
            await asyncio.sleep(seconds)
            took, cpu, waited = time.perf_counter() - begun, time.process_time() - used, waited_s() - waited
            after, last, told = trades(), frames(), await look_at(endpoint, exchange)
            desk.frames.on_frame = None
            frames_per_s = (last - first) / took
            gone = [(after[s][0] - came, after[s][1] - kept) for s, (came, kept) in before.items() if s in after]
            result: dict[str, Any] = {
                "frames_per_s": round(frames_per_s),
                "panes": len(desk.panes),
                "visible": sum(map(is_in_sight, desk.panes)),
                "scanner_rows": sum(m.startswith("KRW-") for m in desk.feed.store.markets),
                "sockets": len(links),
                "frame_gap_ms": percentiles([(b - a) * 1_000 for a, b in pairwise(at)], 1),
                "cpu_share": round(cpu / took, 3),
                "us_per_frame": round(cpu / took / frames_per_s * 1e6, 1),
                "starved_share": round(waited / took, 3),
                "trades": sum(came for came, _ in gone),
                "trades_lost": sum(max(came - kept, 0) for came, kept in gone),
                "rss_mib": round(rss_mib(), 1),
                "rss_growth_mib": round(rss_mib() - rss, 1),
            }
            _judge(result, rate, stats, told, took)
            pool = desk.services.pool
            return result, [
                request.subscribe(link.wanted, f"peer-{n}") for n, link in pool.links.items() if link.wanted
            ]


async def measure_vnpy(rate: float, requests: Sequence[str], seconds: float) -> dict[str, Any]:
    """Return the figures of vnpy's table, fed by an exchange of its own with what the desk's sockets carry.

    Raises:
        PeerError: it cannot be built, or breaks.
        InvalidRunError: the flood did not come up.
    """
    from app.exchange import BuiltInExchange

    python = await asyncio.to_thread(peers.build, "vnpy")
    exchange = BuiltInExchange("--blast", str(BEGIN), "--markets", str(MARKETS))
    with tempfile.TemporaryDirectory() as folder:
        try:
            endpoint = await exchange.endpoint()
            file = Path(folder) / "requests"
            file.write_text("\n".join(requests))
            command = [python, peers.LISTS / "storm_vnpy.py", endpoint.ws, file, *map(str, TABLE)]
            worker = await asyncio.to_thread(peers.Worker, "vnpy", command, _READY_S)
            try:

                async def rates() -> list[float]:
                    seen: list[float] = (await asyncio.to_thread(worker.take, "rates", LOOK_S))["rates"]
                    return seen

                await flood(endpoint, rate, rates)
                stats, begun = await look_at(endpoint, exchange), time.perf_counter()
                told = await asyncio.to_thread(worker.take, "run", round(seconds))
                took, end = time.perf_counter() - begun, await look_at(endpoint, exchange)
            finally:
                await asyncio.to_thread(worker.close)
        finally:
            await exchange.stop()
    result = {
        "frames_per_s": round(told["frames_per_s"]),
        "ticks_per_s": round(told["ticks_per_s"]),
        "shown_per_s": round(told["shown_per_s"]),
        "backlog": told["backlog"],
        "rows": told["rows"],
        "frame_gap_ms": percentiles(told["gaps_ms"], 1),
        "late_ms": percentiles(told["late_ms"], 1),
        "cpu_share": round(told["cpu_share"], 3),
        "starved_share": round(told["starved_share"], 3),
        "us_per_frame": round(told["cpu_share"] / max(told["frames_per_s"], 1.0) * 1e6, 1),
    }
    _judge(result, rate, stats, end, took)
    return result


def ratio(pairs: Sequence[tuple[dict[str, Any], dict[str, Any]]]) -> dict[str, float]:
    """Return how many times ours a peer's gaps and cost are: medians over the rounds."""
    quotients: dict[str, list[float]] = {"frame_gap_p50": [], "frame_gap_p99": [], "us_per_frame": []}
    for ours, theirs in pairs:
        for p in ("p50", "p99"):
            quotients[f"frame_gap_{p}"].append(theirs["frame_gap_ms"][p] / ours["frame_gap_ms"][p])
        quotients["us_per_frame"].append(theirs["us_per_frame"] / ours["us_per_frame"])
    return {key: round(median(values), 1) for key, values in quotients.items()}


async def _measure(rate: float, wanted: Wanted, seconds: float, *, with_peers: bool) -> dict[str, Any]:
    asked: dict[str, Any] = {"rate": rate, **wanted._asdict()}
    rounds: list[tuple[dict[str, Any], dict[str, Any]]] = []
    runs: list[dict[str, Any]] = []
    error = ""
    for _ in range(ROUNDS if with_peers else 1):
        ours, requests = await measure_desk(rate, wanted, seconds)
        runs.append(ours)
        if with_peers and not error:
            try:
                rounds.append((ours, await measure_vnpy(rate, requests, seconds)))
            except (peers.PeerError, InvalidRunError) as why:
                error = str(why)
    result = asked | _middle(runs)
    if with_peers:
        result["peers"] = {"vnpy": {"error": error} if error else _middle([theirs for _, theirs in rounds])}
        result["ratio"] = {} if error else {"vnpy": ratio(rounds)}
    return result


def _middle(runs: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return the run whose worst gap is in the middle; invalid if any of them is."""
    ordered = sorted(runs, key=lambda run: run["frame_gap_ms"]["p99"])
    chosen = dict(ordered[(len(ordered) - 1) // 2])
    bad = next((run for run in runs if not run["is_valid"]), None)
    return chosen | ({"is_valid": False, "invalid": bad["invalid"]} if bad is not None else {})


def main() -> None:
    """Measure and print."""
    parser = arguments(__doc__)
    parser.add_argument(
        "--rate", type=float, default=3_000.0, help="frames a second, all sockets together; 3,000 unless told"
    )
    parser.add_argument("--charts", type=int, default=16, help="16 unless told")
    parser.add_argument("--books", type=int, default=4, help="4 unless told")
    parser.add_argument("--tapes", type=int, default=4, help="4 unless told")
    parser.add_argument("--scattered", action="store_true", help="some panes in tabs, some in windows of their own")
    parser.add_argument("--seconds", type=float, default=20.0, help="of each measurement, once the flood is there; 20")
    options = parser.parse_args()
    wanted = Wanted(options.charts, options.books, options.tapes, options.scattered)
    try:
        result = run_on_qt(_measure(options.rate, wanted, options.seconds, with_peers=options.peers))
    except InvalidRunError as why:
        result = {"rate": options.rate, **wanted._asdict(), "is_valid": False, "invalid": str(why)}
    report("storm", result, options.json)


if __name__ == "__main__":
    main()
