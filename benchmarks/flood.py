"""A sender of ready-made frames in a process of its own, for what is measured at the other end of its sockets.

`python -m benchmarks.flood RATE` listens on loopback and sends, once all of `frames.MARKETS` are subscribed to with
ticker, trade and book, `frames.MIX` of them at RATE frames a second; 0 is as fast as they are taken. Unlike
`core.sim --blast` it keeps that mix whatever sockets the streams are spread over, and the size of captured frames.
Each line on standard input is answered by one of JSON with what was sent until then and what it cost.
"""

from __future__ import annotations

import asyncio
import json
import sys
import threading
from collections import defaultdict
from time import monotonic, process_time, time_ns

from websockets.frames import Frame, Opcode
from websockets.http11 import Request
from websockets.server import ServerProtocol

from benchmarks import frames
from core.sim.blast import Ring

CYCLE = 12_000  # frames in all rings together, then they start again with new stamps and ids
STEP = 240  # frames sent at once while flooding
TURN_S = 0.001  # between two sendings at a pace
_HIGH = 2**20  # bytes that may wait for one slow socket
_LAG_S = 0.5  # being so much behind the pace counts as having fallen behind
_KIND = {"ticker": "ticker", "trade": "trade", "orderbook": "book"}

Topic = tuple[str, str]  # kind, market


class Session(asyncio.Protocol):
    """One connection: handshake, subscription, pongs."""

    def __init__(self, flood: Flood) -> None:
        self.flood = flood
        self.protocol = ServerProtocol(max_size=2**20)
        self.topics: set[Topic] = set()
        self.is_simple = False
        self.ring: Ring
        self.at = 0  # frames of the cycle sent

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.set_write_buffer_limits(high=_HIGH)
        self.flood.sessions.append(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self.flood.sessions.remove(self)

    def data_received(self, data: bytes) -> None:
        self.protocol.receive_data(data)
        for event in self.protocol.events_received():
            if isinstance(event, Request):
                self.protocol.send_response(self.protocol.accept(event))
            elif isinstance(event, Frame) and event.opcode is Opcode.TEXT and event.data[:1] == b"[":
                self._subscribe(bytes(event.data))
        for part in self.protocol.data_to_send():
            if part:
                self.transport.write(part)
            else:
                self.transport.close()

    def _subscribe(self, request: bytes) -> None:
        for part in json.loads(request):
            self.topics |= {(_KIND[part["type"]], code) for code in part.get("codes", ()) if "type" in part}
            self.is_simple = self.is_simple or part.get("format") == "SIMPLE"
        self.flood.subscribed()

    def is_full(self) -> bool:
        return self.transport.get_write_buffer_size() >= _HIGH

    def send_until(self, share: float) -> int:
        """Send the frames of the cycle up to `share` (0 to 1) of it; return how many they were."""
        first, self.at = self.at, int(self.ring.count * share)
        if self.at > first:
            self.transport.write(bytes(self.ring.part(first, self.at)))
        return self.at - first


class Flood:
    """All sessions in step: each sends the same share of its ring, so the mix is kept however slow one is."""

    def __init__(self, rate: float) -> None:
        self.rate = rate
        self.sessions: list[Session] = []
        self.sent = 0
        self.waited_s = 0.0  # for the other end to take what was sent
        self.behind_s = 0.0  # what the pace was lost by, through our own fault
        self._task: asyncio.Task[None] | None = None

    def subscribed(self) -> None:
        wanted = {(kind, market) for kind in frames.MIX for market in frames.MARKETS}
        if self._task is None and set().union(*(s.topics for s in self.sessions)) == wanted:
            self._fill()
            self._task = asyncio.create_task(self._run())

    def report(self) -> dict[str, float]:
        return {
            "sent": self.sent,
            "at_s": monotonic(),
            "cpu_s": process_time(),
            "waited_s": self.waited_s,
            "behind_s": self.behind_s,
        }

    def _fill(self) -> None:
        """Deal one cycle of the mix out to the sessions."""
        walks = {market: frames.Walk(market, seed=1) for market in frames.MARKETS}
        of = {topic: session for session in self.sessions for topic in session.topics}
        dealt: dict[Session, list[tuple[bytes, int]]] = defaultdict(list)
        for i, kind in enumerate(frames.kinds_of("mix", CYCLE)):
            market = frames.MARKETS[i % len(frames.MARKETS)]
            session, frame = of[kind, market], walks[market].next(kind)
            dealt[session].append((frames.simple(frame) if session.is_simple else frame, 0))
        for session in self.sessions:
            session.ring = Ring(dealt[session])

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        count = sum(s.ring.count for s in self.sessions)
        span_ms = max(count / self.rate * 1000, 1) if self.rate else 100.0
        stamp_ms, at, due = time_ns() / 1e6, count, 0.0
        begun = loop.time()
        while self.sessions:
            if at >= count:
                at = 0
                for session in self.sessions:
                    session.ring.restamp(int(stamp_ms), span_ms)
                    session.at = 0
                stamp_ms += span_ms
            now = loop.time()
            if any(s.is_full() for s in self.sessions):
                await asyncio.sleep(TURN_S / 4)
                self.waited_s += loop.time() - now
                begun += loop.time() - now  # not our fault: the pace goes on from here
                continue
            step = STEP
            if self.rate:
                due = (now - begun) * self.rate
                lag_s = (due - self.sent) / self.rate
                if lag_s > _LAG_S:
                    self.behind_s += lag_s
                    begun += lag_s
                step = int(min(due, self.sent + _LAG_S * self.rate) - self.sent)
            at = min(at + step, count)
            self.sent += sum(s.send_until(at / count) for s in self.sessions)
            await asyncio.sleep(TURN_S if self.rate else 0)


async def _serve(rate: float) -> None:
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    flood = Flood(rate)
    server = await loop.create_server(lambda: Session(flood), "127.0.0.1", 0)

    def say(said: dict[str, float | str]) -> None:
        sys.stdout.write(json.dumps(said) + "\n")
        sys.stdout.flush()

    def listen() -> None:
        for _ in sys.stdin:
            loop.call_soon_threadsafe(lambda: say({**flood.report()}))
        loop.call_soon_threadsafe(stop.set)

    say({"ws": f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/"})
    threading.Thread(target=listen, daemon=True).start()
    await stop.wait()
    for session in list(flood.sessions):
        session.transport.abort()
    server.close()


if __name__ == "__main__":
    asyncio.run(_serve(float(sys.argv[1])))
