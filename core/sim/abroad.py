"""The exchange outside and the bank, as the built-in exchange plays them: on paths of their own of the same port.

Best prices by `<symbol>@bookTicker` with SUBSCRIBE and UNSUBSCRIBE, candles of four hours, and what a dollar costs. The
prices follow from what a coin is worth here, less a premium that comes and goes: a pure function of (seed, coin, time).
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from math import exp, sin
from typing import Any

from websockets.frames import Frame, Opcode
from websockets.http11 import Request
from websockets.protocol import State
from websockets.server import ServerProtocol

from core.market import DAY_MS, HOUR_MS, MINUTE_MS
from core.sim import dice
from core.sim.limits import Window
from core.sim.listing import OPENED_DAY
from core.sim.past import Past

PATH = "/abroad"
WS_PATH, FX_PATH, KLINES_PATH = f"{PATH}/ws", f"{PATH}/fx", f"{PATH}/api/v3/klines"
STEP_MS = 200  # best prices change at most so often
_SPREAD = 0.00008
_MESSAGES_PER_S = 5
_MOST_STREAMS = 1_024
_WINDOW_MS = 4 * HOUR_MS


class World:
    """What things cost outside."""

    def __init__(self, seed: int, past: Past) -> None:
        self._seed, self._past = seed, past
        self._coins = {listed.base for listed in past.markets.values()} - {"USDT"}
        self._phases = [6.283 * dice.unit_of(dice.one(dice.key(seed, "kimchi"), i)) for i in range(4)]

    def has(self, coin: str) -> bool:
        return coin in self._coins

    def premium(self, coin: str, time_ms: int) -> float:
        """Return how much dearer a coin is in KRW than outside, with the dollar at KRW-USDT."""
        a, b, c, _ = self._phases
        own = 6.283 * dice.unit_of(dice.key(self._seed, "kimchi", coin))
        slow = 0.008 * sin(time_ms / (61.0 * HOUR_MS) * 6.283 + a) + 0.003 * sin(time_ms / (7.0 * HOUR_MS) * 6.283 + b)
        fast = 0.0008 * sin(time_ms / (17.0 * MINUTE_MS) * 6.283 + c + own)
        return 0.012 + slow + fast

    def mid(self, coin: str, time_ms: int) -> float:
        """Return what a coin costs outside, USDT."""
        step = time_ms // STEP_MS
        noise = (dice.unit_of(dice.one(dice.key(self._seed, "abroad", coin), step)) - 0.5) * 0.0001
        worth = self._past.worth(coin, time_ms) - self._past.worth("USDT", time_ms)
        return exp(worth + noise) / (1.0 + self.premium(coin, time_ms))

    def best(self, coin: str, time_ms: int) -> tuple[str, str]:
        """Return (bid, ask) as they are spelled."""
        mid = self.mid(coin, time_ms)
        return f"{mid * (1.0 - _SPREAD / 2):.8f}", f"{mid * (1.0 + _SPREAD / 2):.8f}"

    def dollar(self, time_ms: int) -> float:
        """Return what a dollar costs at the bank, KRW: less than as USDT, and smoother."""
        day, into = divmod(time_ms, DAY_MS)
        begin = max(day, OPENED_DAY)
        here, there = (self._past.worth("USDT", d * DAY_MS) for d in (begin, begin + 1))
        extra = 0.010 + 0.004 * sin(time_ms / (93.0 * HOUR_MS) * 6.283 + self._phases[3])
        return round(exp(here + (there - here) * into / DAY_MS) / (1.0 + extra), 2)

    def klines(self, coin: str, count: int, now_ms: int) -> list[list[Any]]:
        """Return windows of four hours, the running one last."""
        rows = []
        last = now_ms // _WINDOW_MS
        for n in range(last - count + 1, last + 1):
            start, end = n * _WINDOW_MS, min((n + 1) * _WINDOW_MS - 1, now_ms)
            opened, closed = (f"{self.mid(coin, at):.8f}" for at in (start, end))
            high, low = max(opened, closed, key=float), min(opened, closed, key=float)
            rows.append(
                [start, opened, high, low, closed, "1.00000000", start + _WINDOW_MS - 1, closed, 1, "0", "0", "0"]
            )
        return rows


class AbroadSession:
    """One connection to the exchange outside."""

    def __init__(self, abroad: Abroad, transport: asyncio.Transport) -> None:
        self.coins: dict[str, tuple[str, str]] = {}  # -> what was said of it last
        self._abroad, self._transport = abroad, transport
        self._protocol = ServerProtocol(max_size=2**16)
        self._limit = Window(_MESSAGES_PER_S, 1.0)

    def receive(self, data: bytes) -> None:
        """Take bytes of the client."""
        if self._abroad.is_stalled:
            return
        self._protocol.receive_data(data)
        for event in self._protocol.events_received():
            if isinstance(event, Request):
                self._protocol.send_response(self._protocol.accept(event))
                if self._protocol.state is State.OPEN:
                    self._abroad.joined(self)
            elif isinstance(event, Frame) and event.opcode is Opcode.TEXT:
                self._take(bytes(event.data))
        self._pump()

    def receive_eof(self) -> None:
        self._protocol.receive_eof()
        self._pump()

    def lost(self) -> None:
        """The connection is gone."""
        self._abroad.left(self)

    def abort(self) -> None:
        """Cut the line."""
        self._transport.abort()

    def send(self, said: object) -> None:
        """Say something, in text; nothing any more where the line was found to be cut, though `lost` is yet to come."""
        is_there = self._protocol.state is State.OPEN and not self._transport.is_closing()
        if is_there and not self._abroad.is_stalled:
            self._protocol.send_text(json.dumps(said, separators=(",", ":")).encode())
            self._pump()

    def _pump(self) -> None:
        for data in self._protocol.data_to_send():
            if data:
                self._transport.write(data)
            else:
                self._transport.close()

    def _take(self, data: bytes) -> None:
        if not self._limit.take(asyncio.get_running_loop().time()):
            self._abroad.violations["messages"] += 1
            self._protocol.send_close(1008, "Too many requests")
            return
        try:
            said = json.loads(data)
            method, params, number = said["method"], said.get("params", []), said["id"]
        except (ValueError, KeyError, TypeError):
            self.send({"code": 3, "msg": "Invalid JSON"})
            return
        names = [p for p in params if isinstance(p, str)] if isinstance(params, list) else []
        coins = [n.partition("@")[0].removesuffix("usdt").upper() for n in names if n.endswith("usdt@bookTicker")]
        if method == "SUBSCRIBE":
            self.coins |= {c: ("", "") for c in coins if self._abroad.world.has(c) and c not in self.coins}
            if len(self.coins) > _MOST_STREAMS:
                self.send({"error": {"code": 2, "msg": "Too many streams"}, "id": number})
                return
        elif method == "UNSUBSCRIBE":
            for coin in coins:
                self.coins.pop(coin, None)
        else:
            self.send({"code": 2, "msg": f"Invalid request: unknown method {method}", "id": number})
            return
        self._abroad.requested(method, coins)
        self.send({"result": None, "id": number})


class Abroad:
    """All connections to the exchange outside, and its clock."""

    def __init__(self, world: World, now_ms: Any) -> None:
        self.world = world
        self.is_stalled = False  # says nothing and hears nothing, and stays open
        self.violations: Counter[str] = Counter()
        self.opened = 0
        self.requests: list[tuple[str, frozenset[str]]] = []
        self._now_ms = now_ms
        self._sessions: dict[AbroadSession, None] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._update = 0

    @property
    def subscribed(self) -> list[set[str]]:
        """Which coins each connection hears now."""
        return [set(session.coins) for session in self._sessions]

    def session(self, transport: asyncio.Transport) -> AbroadSession:
        """Return what serves a connection that asks to be upgraded."""
        return AbroadSession(self, transport)

    def joined(self, session: AbroadSession) -> None:
        self.opened += 1
        self._sessions[session] = None
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(STEP_MS / 1_000, self._tick)

    def left(self, session: AbroadSession) -> None:
        self._sessions.pop(session, None)

    def requested(self, method: str, coins: list[str]) -> None:
        """Write down what was asked for."""
        if len(self.requests) < 10_000:
            self.requests.append((method, frozenset(coins)))

    def drop(self) -> None:
        """Cut every connection."""
        for session in list(self._sessions):
            session.abort()

    def stop(self) -> None:
        """Say nothing any more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self.drop()

    def _tick(self) -> None:
        self._timer = None
        if not self._sessions:
            return
        now_ms = self._now_ms()
        for session in list(self._sessions):
            for coin, before in list(session.coins.items()):
                best = self.world.best(coin, now_ms)
                if best != before:
                    session.coins[coin] = best
                    self._update += 1
                    bid, ask = best
                    session.send({"u": self._update, "s": f"{coin}USDT", "b": bid, "B": "1.0", "a": ask, "A": "1.0"})
        self._timer = asyncio.get_running_loop().call_later(STEP_MS / 1_000, self._tick)

    def answer(self, path: str, params: dict[str, str]) -> tuple[int, bytes]:
        """Answer a GET: (status, body)."""
        if path == FX_PATH:
            now_ms = self._now_ms()
            return 200, json.dumps({"rate": self.world.dollar(now_ms), "time_ms": now_ms}).encode()
        coin = params.get("symbol", "").removesuffix("USDT")
        count = params.get("limit", "500")
        if path != KLINES_PATH or not count.isdigit():
            return 404, b'{"code":-1,"msg":"no such path"}'
        if not self.world.has(coin) or params.get("interval") != "4h":
            return 400, b'{"code":-1121,"msg":"Invalid symbol."}'
        return 200, json.dumps(self.world.klines(coin, min(int(count), 1_000), self._now_ms())).encode()
