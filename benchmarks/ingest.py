"""Frames from the socket into the state, on the program's own loop: how many a second, and what one costs.

`frames_per_s`: through Pool, Link, Feed and Store in the Qt loop, flooded by a process of its own (benchmarks.flood);
30 % tickers, 20 % trades, 50 % books of 30 levels. Every book that changed is read 60 times a second, as a pane does.
`us_per_frame_paced`: the same at 2,000 frames a second. `decode_frames_per_s`: a frame in memory into the state, on one
core, every single book decoded. `peers`: the same frames through cryptofeed and ccxt, in turns with ours.
All is CPU time of our process but `frames_per_s`, which is by the clock. Medians.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Mapping
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import IO, Any

from benchmarks import frames, peers
from benchmarks.measure import arguments, report
from core.feed.feed import Feed
from core.market import ORDERBOOK, TICKER, TRADE, Stream
from core.state.store import Store
from core.wire.messages import BookFrame

CHANNELS = (TICKER, TRADE, ORDERBOOK)
KINDS = {"trade": 20_000, "ticker": 10_000, "book": 4_000, "mix": 8_000}  # frames a round
ROUNDS = 5
WINDOWS = 5  # of one socket measurement
PACE = 2_000.0  # frames a second
READ_S = 1 / 60
WARM_UP_S = 0.5
_READY_S = 15.0
_PEER_ROUND_S = 120.0
_STARVED = 0.05  # a flood that waits for us for less than this share of the time is itself the limit
PEER_FORMAT = {"cryptofeed": "SIMPLE", "ccxt": "DEFAULT"}  # what each asks the exchange for; ours asks for SIMPLE
PEER_KINDS = ("trade", "book", "mix")
LEAST_PER_S, MOST_US = 40_000, 60
LEAST_RATIO = {("cryptofeed", "trade"): 3, ("cryptofeed", "book"): 10, ("ccxt", "mix"): 20}

State = dict[str, list[float | None]]
Batches = Mapping[str, Mapping[str, list[bytes]]]  # format, kind -> frames


_DIGITS = {"frames_per_s": None, "lowest_per_s": None, "highest_per_s": None, "us_per_frame": 1}


class InvalidRunError(Exception):
    """The figures would mean nothing; the text says why."""


# Bytes to state, without a socket.


def _listener(feed: Feed) -> set[Stream]:
    """Lease everything; return the set that each change is put into, as the frame clock's."""
    dirty: set[Stream] = set()
    feed.lease(dirty.add).want(Stream(channel, market) for channel in CHANNELS for market in frames.MARKETS)
    return dirty


def fold(batch: list[bytes]) -> tuple[float, State]:
    """Fold frames into a fresh store, every book decoded. Return s of CPU and the prices it ended with."""
    feed = Feed(perf_counter)
    _listener(feed)
    on_frame, read = feed.on_frame, feed.store.book
    books = [_market_of_book(frame) for frame in batch]  # whom to ask, known before the clock starts
    gc.collect()
    start = process_time()
    for frame, market in zip(batch, books, strict=True):
        on_frame(0, frame)
        if market:
            read(market)
    cpu_s = process_time() - start
    return cpu_s, state_of(feed.store)


def _market_of_book(frame: bytes) -> str:
    from core.wire.codec import decode

    message = decode(frame)
    return message.market if isinstance(message, BookFrame) else ""


def state_of(store: Store) -> State:
    """Return, by market, the prices of the last trade and of the best bid and ask."""
    state: State = {}
    for market in frames.MARKETS:
        trade, book = store.tape(market).last, store.book(market)
        best = [book.bids[0][0], book.asks[0][0]] if book else [None, None]
        state[market] = [trade.price if trade else None, *best]
    return state


class Peer:
    """A peer at work in its own environment and process, a round at a time."""

    def __init__(self, name: str, python: Path, folder: Path) -> None:
        self.name = name
        script = Path(__file__).parent / "peers" / "feeds.py"
        self.process = subprocess.Popen(
            [python, script, name, folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )

    def fold(self, kind: str) -> tuple[float, State]:
        """Return s of CPU and the prices it ended with.

        Raises:
            PeerError: it broke.
        """
        answer = _ask(self.process, f"{kind}\n")
        if answer is None:
            why = (_pipe(self.process.stderr).read().decode().strip().splitlines() or ["no answer"])[-1]
            raise peers.PeerError(f"{self.name}: {why}")
        return answer["cpu_s"], answer["state"]

    def close(self) -> None:
        self.process.kill()
        self.process.communicate()


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe is not None
    return pipe


def _ask(process: subprocess.Popen[bytes], question: str) -> dict[str, Any] | None:
    """Say a line to a process and return the JSON it answers; None if it is gone."""
    try:
        _pipe(process.stdin).write(question.encode())
        _pipe(process.stdin).flush()
        return json.loads(_pipe(process.stdout).readline() or b"null")  # type: ignore[no-any-return]
    except BrokenPipeError:
        return None


def measure_decode(*, with_peers: bool) -> dict[str, object]:
    """Return frames a second of CPU of each kind; with peers theirs too, and how many times ours is theirs.

    Everybody takes a kind within the same second, and a ratio is one of such neighbours: the machine's speed wanders.
    """
    plain = {kind: list(frames.compose(frames.kinds_of(kind, n))) for kind, n in KINDS.items()}
    batches = {"DEFAULT": plain, "SIMPLE": {kind: [frames.simple(f) for f in batch] for kind, batch in plain.items()}}
    formats = ("SIMPLE", "DEFAULT") if with_peers else ("SIMPLE",)
    ours: dict[str, list[float]] = defaultdict(list)  # kind -> frames a second, by round
    theirs: dict[tuple[str, str], list[float]] = defaultdict(list)  # peer, kind -> the same
    ratios: dict[tuple[str, str], list[float]] = defaultdict(list)
    errors: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        workers = _start_peers(Path(folder), batches, errors) if with_peers else []
        for worker in workers:
            stack.callback(worker.close)
        for kind in list(KINDS) * ROUNDS:
            rates, ends = {}, {}
            for fmt in formats:
                batch = batches[fmt][kind]
                cpu_s, ends[fmt] = fold(batch)
                rates[fmt] = len(batch) / cpu_s
            ours[kind].append(rates["SIMPLE"])
            for worker in workers:
                if kind not in PEER_KINDS or worker.name in errors:
                    continue
                try:
                    cpu_s, state = worker.fold(kind)
                except peers.PeerError as why:
                    errors[worker.name] = str(why)
                    continue
                fmt = PEER_FORMAT[worker.name]
                if state != ends[fmt]:
                    errors[worker.name] = f"{worker.name} ended {kind} in another state than ours"
                    continue
                rate = sum(_is_taken(worker.name, f) for f in plain[kind]) / cpu_s
                theirs[worker.name, kind].append(rate)
                ratios[worker.name, kind].append(rates[fmt] / rate)
    result: dict[str, object] = {"decode_frames_per_s": {kind: round(median(ours[kind])) for kind in KINDS}}
    if with_peers:
        for key, table, digits in (("peers", theirs, None), ("ratio", ratios, 1)):
            result[key] = {
                name: {"error": errors[name]}
                if name in errors
                else {kind: round(median(table[name, kind]), digits) for kind in PEER_KINDS}
                for name in PEER_FORMAT
            }
    return result


def _start_peers(folder: Path, batches: Batches, errors: dict[str, str]) -> list[Peer]:
    """Write down the frames and start whoever can be built; say in `errors` who cannot."""
    workers = []
    for name, fmt in PEER_FORMAT.items():
        home = folder / name
        home.mkdir()
        for kind in PEER_KINDS:
            (home / kind).write_bytes(b"\n".join(f for f in batches[fmt][kind] if _is_taken(name, f)))
        try:
            workers.append(Peer(name, peers.build("feeds"), home))
        except peers.PeerError as why:
            errors[name] = str(why)
    return workers


def _is_taken(name: str, frame: bytes) -> bool:
    return name != "cryptofeed" or not frame.startswith((b'{"type":"ticker"', b'{"ty":"ticker"'))  # it knows none


# Socket to state.


class Sender:
    """benchmarks.flood as a child process."""

    def __init__(self, rate: float) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.flood", str(rate)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parent.parent,
        )
        self.url: str = json.loads(_pipe(self.process.stdout).readline())["ws"]

    def report(self) -> dict[str, float]:
        said = _ask(self.process, "report\n")
        if said is None:
            raise InvalidRunError("the sender ended")
        return said

    def close(self) -> None:
        self.process.kill()
        self.process.communicate()


async def _through_socket(rate: float, seconds: float) -> dict[str, float]:
    """Return what a stream of `rate` frames a second (0: as fast as we take them) comes to in `seconds`."""
    from core.feed.gate import Gate
    from core.feed.pool import Pool
    from core.feed.socket import Intake

    loop = asyncio.get_running_loop()
    feed = Feed(loop.time)
    sender = Sender(rate)
    pool = Pool(
        sender.url,
        feed.on_frame,
        feed.health,
        gate=Gate(),
        on_link=lambda _streams: None,
        intake=Intake(),
        is_compressed=False,
    )
    feed.on_wanted = pool.want
    dirty = _listener(feed)
    reader: asyncio.Handle | None = None

    def read() -> None:
        nonlocal reader
        for stream in dirty:
            if stream.channel == ORDERBOOK:
                feed.store.book(stream.market)
        dirty.clear()
        reader = loop.call_later(READ_S, read)

    def received() -> int:
        return sum(link.messages for link in feed.health.links.values())

    async with AsyncExitStack() as stack:
        stack.callback(sender.close)
        stack.push_async_callback(pool.close)
        wanted, streams = len(CHANNELS) * len(frames.MARKETS), feed.health.streams
        async with asyncio.timeout(_READY_S):
            while sum(h.messages > 0 for h in streams.values()) < wanted:  # noqa: ASYNC110 - seen from outside
                await asyncio.sleep(0.05)
        read()
        await asyncio.sleep(WARM_UP_S)
        first, first_cpu_s = sender.report(), process_time()
        per_s, us_per_frame = [], []
        for _ in range(WINDOWS):
            count, cpu_s, at = received(), process_time(), perf_counter()
            await asyncio.sleep(seconds / WINDOWS)
            count, cpu_s, wall_s = received() - count, process_time() - cpu_s, perf_counter() - at
            per_s.append(count / wall_s)
            us_per_frame.append(cpu_s / max(count, 1) * 1e6)
        last, last_cpu_s = sender.report(), process_time()
        if reader is not None:
            reader.cancel()
        bad = sum(link.bad_frames for link in feed.health.links.values())
    wall_s = last["at_s"] - first["at_s"]
    waited = (last["waited_s"] - first["waited_s"]) / wall_s
    if bad:
        raise InvalidRunError(f"{bad} frames were not understood")
    if rate and last["behind_s"] > first["behind_s"]:
        raise InvalidRunError(f"the sender fell {last['behind_s'] - first['behind_s']:.2f} s behind {rate:,.0f}/s")
    if not rate and waited < _STARVED:
        raise InvalidRunError(f"the sender was the limit: it waited for us {waited:.0%} of the time")
    return {
        "frames_per_s": median(per_s),
        "lowest_per_s": min(per_s),
        "highest_per_s": max(per_s),
        "us_per_frame": median(us_per_frame),
        "cpu_share": (last_cpu_s - first_cpu_s) / wall_s,
        "sender_cpu_share": (last["cpu_s"] - first["cpu_s"]) / wall_s,
        "sender_waited": waited,
    }


def measure_socket(seconds: float) -> dict[str, object]:
    """Return the flood and the paced figures."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["QT_API"] = "pyside6"
    from PySide6.QtWidgets import QApplication

    from app.qtloop import AppLoop

    app = QApplication.instance() or QApplication(["benchmark"])
    figures: dict[str, dict[str, float]] = {}
    errors: dict[str, str] = {}
    for name, rate in (("flood", 0.0), ("paced", PACE)):
        with asyncio.Runner(loop_factory=lambda: AppLoop(app)) as runner:
            try:
                figures[name] = runner.run(_through_socket(rate, seconds))
            except InvalidRunError as why:
                errors[name] = str(why)
    result: dict[str, object] = {
        "frames_per_s": round(figures["flood"]["frames_per_s"]) if "flood" in figures else None,
        "us_per_frame_paced": round(figures["paced"]["us_per_frame"], 1) if "paced" in figures else None,
    }
    for name in ("flood", "paced"):
        if name in errors:
            result[name] = {"invalid": errors[name]}
        else:
            result[name] = {key: round(value, _DIGITS.get(key, 2)) for key, value in figures[name].items()}
    return result


def verdicts(result: Mapping[str, Any]) -> list[str]:
    """Return a line for each goal: reached or missed, and by how much."""
    lines = []

    def judge(what: str, figure: float | None, goal: float, *, is_least: bool) -> None:
        if figure is not None:
            is_reached = figure >= goal if is_least else figure <= goal
            sign = ">=" if is_least else "<="
            lines.append(f"{'reached' if is_reached else 'MISSED '} {what}: {figure:,g} ({sign} {goal:,g})")

    judge("flood, frames/s", result["frames_per_s"], LEAST_PER_S, is_least=True)
    judge("paced, us a frame", result["us_per_frame_paced"], MOST_US, is_least=False)
    for (name, kind), goal in LEAST_RATIO.items():
        ratio = result.get("ratio", {}).get(name, {}).get(kind)
        judge(f"{kind}, times {name}", ratio, goal, is_least=True)
    return lines


def main() -> None:
    """Measure and print."""
    parser = arguments(__doc__)
    parser.add_argument("--seconds", type=float, default=5.0, metavar="S", help="of each socket measurement (5)")
    options = parser.parse_args()
    result = measure_socket(options.seconds) | measure_decode(with_peers=options.peers)
    report("ingest", result, options.json)
    if not options.json:
        for line in verdicts(result):
            print(f"  {line}")


if __name__ == "__main__":
    main()
