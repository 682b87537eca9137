"""A flood for measurements: a ring of ready-made frames, sent over and over at a given pace.

After its snapshots, each session that subscribed without compression gets a ring of its own: up to `RING` frames of
what it subscribed to, as the market's latest past has them. Within one round all is coherent as it is live: a ticker's
`acc_trade_volume` grows by the sizes of the trades since the ticker before, and books fit the trades. With each round
stamps begin at now and trade ids are new and greater; volumes and the other texts of date and time are those of the
first round again, so a reader compares sums within rounds: where `acc_trade_volume` falls, one begins. Each candle is
of the window that runs when it is sent, as live ones are, with the numbers of the window that it was recorded in.

Whether the generator kept the pace is told by `GET /control/stats` under "blast", at any time, and by a last JSON line
on standard output when the program ends (`Blast.report`): "behind" is true once it was half a second late by its own
fault, which makes a measurement invalid; "blocked_s" is how long clients did not take what was due, which is theirs.
"cpu_share" is the whole process's part of one core between the first frame and the last.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.market import INTERVAL_OF_CHANNEL, TRADE, Interval
from core.sim.floor import Floor, Topic
from core.sim.frames import KST_MS, iso
from core.sim.session import Session, framed

RING = 6_000  # frames
_TURN_S = 0.002
_LAG_S = 0.5  # being so much behind the pace counts as having fallen behind
_STARTS = {b'"candle_date_time_utc":"': 0, b'"cdttmu":"': 0, b'"candle_date_time_kst":"': KST_MS, b'"cdttmk":"': KST_MS}
_SPAN_MS = 900_000  # how much of the past may be played to fill a ring


class _Recorder:
    """An ear that keeps what it hears."""

    def __init__(self, fmt: str) -> None:
        self.format = fmt
        self.frames: list[tuple[bytes, int]] = []

    def hear(self, topic: Topic, frame: bytes, time_ms: int) -> None:
        self.frames.append((frame, time_ms))


class Ring:
    """Some minutes of the market as one piece of memory, whose stamps and trade ids can be rewritten in place."""

    def __init__(self, recorded: list[tuple[bytes, int]]) -> None:
        whole = [framed(frame) for frame, _ in recorded]
        self.offsets = np.cumsum([0] + [len(f) for f in whole]).tolist()
        self.count = len(whole)
        self._bytes = np.frombuffer(bytearray(b"".join(whole)), dtype=np.uint8)
        self._memory = memoryview(self._bytes).cast("B")  # type: ignore[arg-type]
        text = self._bytes.tobytes()
        stamps, stamp_of, ids, id_of = [], [], [], []
        for i, offset in enumerate(self.offsets[:-1]):
            end = self.offsets[i + 1]
            for key in (b'"timestamp":', b'"trade_timestamp":', b'"tms":', b'"ttms":'):
                at = text.find(key, offset, end)
                if at >= 0 and not (at > offset and text[at - 1 : at] == b"_"):
                    stamps.append(at + len(key))
                    stamp_of.append(i)
            for key in (b'"sequential_id":', b'"sid":'):
                at = text.find(key, offset, end)
                if at >= 0:
                    ids.append(at + len(key))
                    id_of.append(i)
        self._starts: list[
            tuple[int, int, Interval, int]
        ] = []  # where a window's start is spelled, frame, and its zone
        for i, offset in enumerate(self.offsets[:-1]):
            end = self.offsets[i + 1]
            for key, zone_ms in _STARTS.items():
                at = text.find(key, offset, end)
                if at >= 0:
                    begin = text.find(b'"candle.', offset, end) + 1
                    channel = text[begin : text.find(b'"', begin)].decode()
                    self._starts.append((at + len(key), i, INTERVAL_OF_CHANNEL[channel], zone_ms))
        self._stamps, self._stamp_of = np.array(stamps, dtype=np.int64), np.array(stamp_of, dtype=np.int64)
        self._ids, self._id_of = np.array(ids, dtype=np.int64), np.array(id_of, dtype=np.int64)

    def restamp(self, now_ms: int, span_ms: float) -> None:
        """Make the ring one that happens from `now_ms` on: stamps evenly spread, ids new and unique."""
        moment = now_ms + (np.arange(self.count) * (span_ms / max(self.count, 1))).astype(np.int64)
        self._write(self._stamps, moment[self._stamp_of], 13)
        self._write(self._ids, moment[self._id_of] * 10_000 + self._id_of % 10_000, 17)
        spelled: dict[int, bytes] = {}
        for at, i, interval, zone_ms in self._starts:
            start_ms = interval.floor(int(moment[i])) + zone_ms
            text = spelled.get(start_ms)
            if text is None:
                text = spelled[start_ms] = iso(start_ms).encode()
            self._memory[at : at + len(text)] = text

    def _write(self, at: NDArray[np.int64], numbers: NDArray[np.int64], digits: int) -> None:
        for i in range(digits - 1, -1, -1):
            numbers, digit = np.divmod(numbers, 10)
            self._bytes[at + i] = (digit + 48).astype(np.uint8)

    def part(self, first: int, last: int) -> memoryview:
        """Return the bytes of frames first..last-1."""
        return self._memory[self.offsets[first] : self.offsets[last]]


class Blast:
    """Sends each session that asks for uncompressed frames a ring of its own subscription, at `rate` frames a second.

    What is coherent within a ring (books, trades, tickers, candles of one stretch of time) starts again at its end,
    with new stamps and ids.
    """

    def __init__(self, floor: Floor, seed: int, now_ms: Callable[[], int], rate: float) -> None:
        self.rate = rate
        self._pace = 0  # changes with the rate
        self.is_behind = False
        self.blocked_s = 0.0  # how long clients did not take what was due
        self._floor, self._seed, self._now_ms = floor, seed, now_ms
        self._runs: dict[Session, asyncio.Task[None]] = {}
        self._sent = 0
        self._began: tuple[float, float] | None = None  # monotonic, CPU seconds
        self._last: tuple[float, float] | None = None  # at the last frame sent

    def aim(self, session: Session) -> None:
        """Begin, or begin anew, to flood a session with what it subscribed to."""
        old = self._runs.pop(session, None)
        if old is not None:
            old.cancel()
        if session.can_take_raw:
            self._runs[session] = asyncio.get_running_loop().create_task(self._run(session))

    def set_rate(self, rate: float) -> None:
        """Send so many frames a second to each session from now on."""
        self.rate = rate
        self._pace += 1

    def stop(self) -> None:
        for run in self._runs.values():
            run.cancel()
        self._runs.clear()

    def report(self) -> dict[str, Any]:
        """Return frames sent, seconds, the generator's CPU and whether it kept the pace."""
        begin, last = self._began or (0.0, 0.0), self._last or (0.0, 0.0)
        seconds, cpu_s = last[0] - begin[0], last[1] - begin[1]
        return {
            "rate": self.rate,
            "frames": self._sent,
            "seconds": seconds,
            "frames_per_s": self._sent / seconds if seconds else 0.0,
            "cpu_s": cpu_s,
            "cpu_share": cpu_s / seconds if seconds else 0.0,
            "behind": self.is_behind,
            "blocked_s": self.blocked_s,
        }

    async def _run(self, session: Session) -> None:
        ring = await self._make_ring(session)
        if not ring.count:
            return
        loop = asyncio.get_running_loop()
        if self._began is None:
            self._began = (time.monotonic(), time.process_time())
        begun, turn, at, sent = loop.time(), loop.time(), 0, 0
        ring.restamp(self._now_ms(), ring.count / self.rate * 1000)
        is_taken, pace = True, self._pace
        while session.is_open:
            before, turn = turn, loop.time()
            if not is_taken:  # the client's time, not ours
                self.blocked_s += turn - before
                begun += turn - before
                is_taken = True
            if pace != self._pace:
                pace, begun = self._pace, turn - sent / self.rate
            due = (turn - begun) * self.rate
            if due - sent > self.rate * _LAG_S:
                self.is_behind = True
                begun = turn - sent / self.rate  # do not try to catch up for ever
            while sent < due and is_taken:
                last = min(at + int(due - sent) + 1, ring.count)
                is_taken = session.send_raw(ring.part(at, last), last - at)
                if is_taken:
                    sent += last - at
                    self._sent += last - at
                    at = last
                if at == ring.count:
                    at = 0
                    ring.restamp(self._now_ms(), ring.count / self.rate * 1000)
            self._last = (time.monotonic(), time.process_time())
            await asyncio.sleep(_TURN_S)
        self._runs.pop(session, None)

    async def _make_ring(self, session: Session) -> Ring:
        """Play the latest past of what a session hears, until a ring is full."""
        main = self._floor
        recorder = _Recorder(session.format)
        begin = main.now_ms - _SPAN_MS
        floor = Floor(self._seed, main.past, begin)
        for topic in sorted(session.topics, key=lambda t: t.channel != TRADE):  # a ticker after the trades it counts
            floor.listen(topic, recorder)
            await asyncio.sleep(0)
        moment = begin
        while len(recorder.frames) < RING and moment < main.now_ms:
            moment += 50
            floor.advance(moment)
            if moment % 1_000 < 50:
                await asyncio.sleep(0)
        return Ring(recorder.frames[:RING])
