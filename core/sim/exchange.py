"""The built-in exchange: one loopback port that speaks the exchange's WebSocket and REST."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Any

from core.market import Stream
from core.sim import abroad, dice, faults
from core.sim.blast import Blast
from core.sim.door import Door, HttpAnswer, HttpRequest
from core.sim.faults import GARBAGE, Refusal, Spoiler, Step
from core.sim.floor import Floor
from core.sim.limits import Window
from core.sim.listing import listing
from core.sim.live import NEVER
from core.sim.past import Past
from core.sim.rest import INVALID, NO_ROUTE, RefusalError, Rest
from core.sim.session import MANY, PUBLIC_PATH, Press, Session

_SLICE_MS = 5  # how often the floor is looked at while something happens
_PATIENCE_S = 0.25  # and at least so often, since a clock that is not the wall's may run fast
_WORK_S = 0.006  # of real work in one turn of the loop, whatever clock it has
_QUIET_S = 0.02  # after a client said something: its next words may be on their way
_KEPT_REQUESTS = 10_000
MAINTENANCE = "서비스 점검 중입니다.".encode()
TOO_MANY = b"Too many API requests."
_WELCOME = Refusal(200, 0)
FAULTS = (
    *("drop", "half_open", "stall", "resume", "slow", "unslow", "spoil", "unspoil", "garble"),
    *("refuse", "slow_handshake", "refuse_rest", "pause_rest", "resume_rest", "rest_lag", "replace_gap", "skew"),
    *("delist", "list_market", "maintenance", "end_faults", "pace"),
)


def wall_ms() -> int:
    """Return the wall clock, epoch ms."""
    return time.time_ns() // 1_000_000


class Exchange:
    """A whole exchange in a box.

    Use it as `async with Exchange(seed=1, markets=20) as exchange:`; the same seed, markets, rate and time give the
    same market to the last digit, in any process.
    """

    def __init__(
        self,
        seed: int = 1,
        markets: int | None = None,
        port: int = 0,
        *,
        host: str = "127.0.0.1",
        rate: float = 1.0,
        blast: float = 0.0,
        now_ms: Callable[[], int] = wall_ms,
        skew_ms: int = 0,
        has_limits: bool = True,
        idle_s: float = 60.0,
        up_s: float = 10.0,
        replace_gap_ms: int = 0,
    ) -> None:
        """
        Args:
            markets: how many, those with the largest turnover; None is all 860.
            port: 0 takes a free one.
            rate: activity against the natural one.
            blast: frames a second of a ready-made ring, to everybody who subscribes; 0 plays the market instead.
            now_ms: the exchange's clock, epoch ms; must not go back.
            skew_ms: added to it.
            has_limits: whether passing a limit is refused; it is counted in any case.
            idle_s: silence after which a connection is cut.
            up_s: between the signs of life that a text PING asks for.
            replace_gap_ms: up to how much of the trades of a kept market is lost in a replace, by seed.
        """
        self.seed = seed
        self.host, self.port = host, port
        self.has_limits, self.idle_s, self.up_s = has_limits, idle_s, up_s
        self.replace_gap_ms = replace_gap_ms
        self._clock, self._skew_ms = now_ms, skew_ms
        self.floor = Floor(seed, Past(seed, listing(seed, markets), rate), self.now_ms(), rate)
        self.press = Press()
        self._doors: dict[Door, None] = {}
        self.to_flush: dict[Session, None] = {}
        self.opened = 0  # WebSocket connections ever opened
        self.frames = 0  # sent
        self.idle_cuts = 0
        self.violations: Counter[str] = Counter()  # limits passed, by group
        self.errors: Counter[str] = Counter()  # error frames sent, by name
        self.rest_requests: Counter[str] = Counter()  # by group
        self._requests: deque[set[Stream]] = deque(maxlen=_KEPT_REQUESTS)
        self._sessions: dict[Session, None] = {}
        self._working: deque[Session] = deque()
        self._work: asyncio.Handle | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._server: asyncio.Server | None = None
        self._rest = Rest(self.floor)
        self.abroad = abroad.Abroad(abroad.World(seed, self.floor.past), self.now_ms)
        self._blast = Blast(self.floor, seed, self.now_ms, blast) if blast else None
        self.is_blasting = bool(blast)
        self._connects = Window(5, 1.0)
        self._groups: dict[str, Window] = {}
        self.faults: Counter[str] = Counter()  # done, by name
        self._refusing = self._rest_refusing = _WELCOME
        self._slow_handshakes = (0.0, 0)  # s, how many
        self._closed_until = 0.0  # loop time
        self._spoilt = 0
        self._script: list[asyncio.TimerHandle] = []
        self._rest_open = asyncio.Event()
        self._rest_open.set()
        self._gap_count = 0
        self._answering = 0  # REST requests that wait for their answer
        self._heard_s = 0.0  # when a client said something, of the real clock
        self._all_left = asyncio.Event()
        self._all_left.set()

    # -- life

    async def start(self) -> None:
        """Open the port.

        Raises:
            OSError: the port is taken.
        """
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: Door(self), self.host, self.port, reuse_address=True)
        self.port = self._server.sockets[0].getsockname()[1]
        self._tick()

    async def stop(self) -> None:
        """Close everything at once; clients see 1006."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for handle in (self._timer, self._work, *self._script):
            if handle is not None:
                handle.cancel()
        if self._blast is not None:
            self._blast.stop()
        self.abroad.stop()
        for door in list(self._doors):
            door.close()
        await self._all_left.wait()  # aborted transports say good-bye in the next turns of the loop

    async def __aenter__(self) -> Exchange:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    @property
    def ws_url(self) -> str:
        return f"ws://{self.host}:{self.port}{PUBLIC_PATH}"

    @property
    def rest_url(self) -> str:
        """What stands before the paths of the reference, as `https://api.upbit.com/v1` does."""
        return f"http://{self.host}:{self.port}/v1"

    def now_ms(self) -> int:
        """Return the exchange's clock, epoch ms."""
        return self._clock() + self._skew_ms

    # -- what a test looks at

    @property
    def requests(self) -> list[set[Stream]]:
        """The set that each subscription asked for, oldest first, of all connections; LIST_SUBSCRIPTIONS is none."""
        return list(self._requests)

    @property
    def connections(self) -> int:
        """How many WebSockets are open now."""
        return len(self._sessions)

    @property
    def subscribed(self) -> list[set[Stream]]:
        """What each open WebSocket hears now, by the floor; silent codes are not in it."""
        return [{Stream(t.channel, t.market, t.level / 1e8) for t in session.topics} for session in self._sessions]

    def stats(self) -> dict[str, Any]:
        """Return the counters, plain."""
        return {
            "requests": len(self._requests),
            "rest_requests": dict(self.rest_requests),
            "opened": self.opened,
            "connections": self.connections,
            "violations": dict(self.violations),
            "errors": dict(self.errors),
            "faults": dict(self.faults),
            "frames": self.frames,
            "cpu_s": time.process_time(),
            "idle_cuts": self.idle_cuts,
            "now_ms": self.now_ms(),
            "behind": self._blast.is_behind if self._blast else False,
            "blast": self._blast.report() if self._blast else None,
        }

    # -- faults on command

    def _aimed(self, market: str | None) -> list[Session]:
        return [s for s in self._sessions if market is None or any(t.market == market for t in s.topics)]

    def drop(self, market: str | None = None) -> int:
        """Cut all WebSockets, or those that carry a market; return how many."""
        aimed = self._aimed(market)
        for session in aimed:
            session.abort()
        return len(aimed)

    def half_open(self, market: str | None = None) -> int:
        """Let connections hang: nothing is read or written any more, and they stay open; return how many."""
        aimed = self._aimed(market)
        for session in aimed:
            session.is_half_open = True
        return len(aimed)

    def stall(self, market: str | None = None) -> None:
        """Go silent on WebSockets, keep them open: no data, no pongs."""
        for session in self._aimed(market):
            session.stall(True)

    def resume(self) -> None:
        """Undo `stall`: what was held back comes, late."""
        for session in self._sessions:
            if session.is_stalled:
                session.stall(False)

    def slow(self, bytes_per_s: int, market: str | None = None) -> None:
        """Let so much a second through to the client."""
        for session in self._aimed(market):
            session.slow_down(bytes_per_s)

    def unslow(self) -> None:
        """Undo `slow`: what waited comes at once."""
        for session in self._sessions:
            session.slow_down(0)

    def spoil(
        self,
        market: str | None = None,
        truncate: float = 0.0,
        garbage: float = 0.0,
        duplicate: float = 0.0,
        reorder: float = 0.0,
        flood: float = 0.0,
        delay_ms: int = 0,
    ) -> int:
        """Spoil frames of the connections that there are, see `Spoiler`; return how many."""
        aimed = self._aimed(market)
        for session in aimed:
            self._spoilt += 1
            dice_of = random.Random(dice.key(self.seed, "spoil", self._spoilt))
            session.spoil(
                Spoiler(
                    dice_of,
                    truncate=truncate,
                    garbage=garbage,
                    duplicate=duplicate,
                    reorder=reorder,
                    flood=flood,
                    delay_ms=delay_ms,
                )
            )
        return len(aimed)

    def unspoil(self) -> None:
        """Undo `spoil`: what was kept back comes now."""
        for session in self._sessions:
            session.spoil(None)

    def garble(self, market: str | None = None) -> None:
        """Send frames that are not the exchange's language."""
        for session in self._aimed(market):
            for frame in GARBAGE:
                session.send(frame)
            session.flush()

    def refuse(self, status: int, count: int = 1, retry_after: int = -1, has_remaining: bool = True) -> None:
        """Answer the next `count` handshakes with an HTTP status.

        Args:
            retry_after: seconds in a header of that name; -1 leaves it out.
            has_remaining: whether there is a Remaining-Req header.
        """
        self._refusing = Refusal(status, count, "", retry_after, has_remaining)

    def slow_handshake(self, seconds: float, count: int = 1) -> None:
        """Let the next `count` handshakes wait."""
        self._slow_handshakes = (seconds, count)

    def refuse_rest(
        self,
        status: int,
        count: int = 1,
        group: str = "",
        retry_after: int = -1,
        has_remaining: bool = True,
        body: str = "refused",
    ) -> None:
        """Answer the next `count` REST requests with an HTTP status and a body in plain text.

        Args:
            group: only those of one group of calls, as the Remaining-Req header spells it.
        """
        self._rest_refusing = Refusal(status, count, group, retry_after, has_remaining, body.encode())

    def pause_rest(self) -> None:
        """Let REST requests wait."""
        self._rest_open.clear()

    def resume_rest(self) -> None:
        """Undo `pause_rest`."""
        self._rest_open.set()

    def rest_lag(self, ms: int) -> None:
        """Let trades and candles by REST be behind the socket; 0 ends it."""
        self._rest.lag_ms = ms

    def replace_gap(self, ms: int) -> None:
        """Let up to so much of the trades of a kept market be lost in each replace, by seed; 0 ends it."""
        self.replace_gap_ms = ms

    def skew(self, ms: int) -> None:
        """Set the exchange's clock against the true one. Turned back, the market stands still until it is made up."""
        self._skew_ms = ms

    def delist(self, market: str) -> None:
        """Take a market off the list; its subscription stays and is silent."""
        self.floor.hide(market)

    def list_market(self, market: str) -> None:
        """Put a market on the list (again); who asks for it from now on hears it."""
        self.floor.hidden.discard(market)

    def maintenance(self, seconds: float) -> None:
        """Cut every WebSocket and answer 503 to everything for so long."""
        self._closed_until = asyncio.get_running_loop().time() + seconds
        self.drop()

    def pace(self, rate: float) -> None:
        """Send so many frames a second to each WebSocket, where it floods.

        Raises:
            ValueError: it plays the market, or the rate is none.
        """
        if self._blast is None or not rate > 0.0:
            raise ValueError("the exchange was not started with --blast, or the rate is not above 0")
        self._blast.set_rate(rate)

    def end_faults(self) -> None:
        """End whatever is in force; connections that hang are cut."""
        self._refusing = self._rest_refusing = _WELCOME
        self._slow_handshakes = (0.0, 0)
        self._closed_until = 0.0
        self.rest_lag(0)
        self.replace_gap(0)
        self.resume_rest()
        self.resume()
        self.unslow()
        self.unspoil()
        for session in list(self._sessions):
            if session.is_half_open:
                session.abort()

    def play(self, script: Iterable[Step]) -> None:
        """Let faults happen one after the other, on the loop's clock."""
        loop = asyncio.get_running_loop()
        for step in script:
            handle = loop.call_later(step.after_s, self._do, step)
            self._script.append(handle)

    def _do(self, step: Step) -> None:
        self.faults[step.fault] += 1
        getattr(self, step.fault)(**step.params)

    @property
    def _is_closed(self) -> bool:
        return asyncio.get_running_loop().time() < self._closed_until

    # -- sessions

    def handshake_wait_s(self) -> float:
        """Return how long the handshake that begins now has to wait."""
        seconds, count = self._slow_handshakes
        if not count:
            return 0.0
        self._slow_handshakes = (seconds, count - 1)
        return seconds

    def refuse_handshake(self, path: str, has_origin: bool) -> Refusal | None:
        """Return how a handshake is refused that is not welcome."""
        if path.partition("?")[0] != PUBLIC_PATH:
            return Refusal(404, 1, body=NO_ROUTE)
        if self._is_closed:
            return Refusal(503, 1, has_remaining=False, body=MAINTENANCE)
        refusing = self._refusing
        if refusing.left:
            self._refusing = refusing._replace(left=refusing.left - 1)
            return refusing
        now = asyncio.get_running_loop().time()
        if not self._connects.take(now):
            self.violations["websocket-connect"] += 1
            if self.has_limits:
                return Refusal(429, 1, body=TOO_MANY)
        if has_origin and not self._take("origin"):
            return Refusal(429, 1, body=TOO_MANY)
        return None

    def connects_left(self) -> int:
        """Return how many handshakes this second still takes."""
        return self._connects.left(asyncio.get_running_loop().time())

    def came(self, door: Door) -> None:
        """A TCP connection was made."""
        self._doors[door] = None
        self.heard()
        self._all_left.clear()

    def heard(self) -> None:
        """A client said something."""
        self._heard_s = time.perf_counter()

    def went(self, door: Door) -> None:
        """A TCP connection is gone."""
        self._doors.pop(door, None)
        if not self._doors:
            self._all_left.set()

    def joined(self, session: Session) -> None:
        """A handshake succeeded."""
        self.opened += 1
        self._sessions[session] = None

    def left(self, session: Session) -> None:
        """A connection is gone."""
        self._sessions.pop(session, None)
        self.to_flush.pop(session, None)

    def requested(self, streams: set[Stream]) -> None:
        """Write down what a subscription asked for."""
        self._requests.append(streams)

    def gaps(self, markets: Iterable[str]) -> dict[str, int]:
        """Return until when the trades of kept markets are lost in this replace."""
        if not self.replace_gap_ms:
            return {}
        self._gap_count += 1
        return {
            m: self.now_ms() + dice.key(self.seed, "gap", self._gap_count, m) % (self.replace_gap_ms + 1)
            for m in markets
        }

    def serve(self, session: Session) -> None:
        """Give a session its snapshots and streams, in slices, so that a large request does not hold up a small one."""
        if session not in self._working:
            self._working.appendleft(session) if len(session.waiting) < MANY else self._working.append(session)
        if self._work is None:
            self._serve_some()

    def _serve_some(self) -> None:
        loop = asyncio.get_running_loop()
        self._work = None
        self.floor.advance(self.now_ms())
        until = time.perf_counter() + _WORK_S
        asleep = 0
        while self._working and time.perf_counter() < until and asleep < len(self._working):
            session = self._working[0]
            if session.serve_one():
                asleep = 0
            else:
                self._working.popleft()
                if session.waiting:  # only what a replace keeps deaf
                    self._working.append(session)
                    asleep += 1
                elif self._blast is not None:
                    self._blast.aim(session)
        self._flush()
        if self._working:
            self._work = loop.call_later(0.005, self._serve_some) if asleep else loop.call_soon(self._serve_some)
        self._schedule()

    def _flush(self) -> None:
        for session in self.to_flush:
            session.flush()
        self.to_flush.clear()

    # -- time

    def _tick(self) -> None:
        self._timer = None
        if self._blast is None:
            self.floor.advance(self.now_ms())
            self._flush()
        self._schedule()

    def _schedule(self) -> None:
        if self._server is None:
            return
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        due = self.floor.next_ms
        if due >= NEVER:
            return  # nobody listens
        wait_s = min(max(due - self.now_ms(), _SLICE_MS) / 1000, _PATIENCE_S)
        self._timer = asyncio.get_running_loop().call_later(wait_s, self._tick)

    # -- REST

    def _take(self, group: str) -> bool:
        """Count a request; False where it is refused for being too many."""
        window = self._groups.get(group)
        if window is None:
            window = self._groups[group] = Window(1, 10.0) if group == "origin" else Window(10, 1.0)
        if window.take(asyncio.get_running_loop().time()):
            return True
        self.violations[group] += 1
        return not self.has_limits

    async def answer(self, request: HttpRequest) -> HttpAnswer:
        """Answer one HTTP request."""
        if request.path.startswith("/control/"):
            return self._control(request)
        if request.path.startswith(f"{abroad.PATH}/"):
            status, body = self.abroad.answer(request.path, request.params)
            return HttpAnswer(status, body, {})
        route = self._rest.route(request.path)
        if route is None or request.method not in {"GET", "HEAD"}:
            return HttpAnswer(404, NO_ROUTE, {})
        group = "origin" if "origin" in request.headers else route.group
        refusing = self._rest_refusing
        if refusing.left and refusing.group in {"", group}:
            self._rest_refusing = refusing._replace(left=refusing.left - 1)
            remaining = {"Remaining-Req": f"group={group}; min=600; sec=0"} if refusing.has_remaining else {}
            return HttpAnswer(refusing.status, refusing.body, refusing.headers | remaining, refusing.content_type)
        self.rest_requests[group] += 1
        is_taken = self._take(group)  # when it arrives, however long the answer takes
        await self._rest_open.wait()
        if self._is_closed:
            return HttpAnswer(503, MAINTENANCE, {}, "text/plain")
        left = self._groups[group].left(asyncio.get_running_loop().time())
        headers = {"Remaining-Req": f"group={group}; min=600; sec={left}", "Limit-By-Ip": "Yes"}
        if not is_taken:
            return HttpAnswer(429, TOO_MANY, headers, "text/plain")
        self.floor.advance(self.now_ms())
        self._flush()
        self._answering += 1
        try:
            body = (await route.answer(request.params)).encode()
        except RefusalError as why:
            return HttpAnswer(why.status, why.body, headers)
        except ValueError:
            return HttpAnswer(400, RefusalError(400, INVALID).body, headers)
        finally:
            self._answering -= 1
        return HttpAnswer(200, body, headers)

    def _control(self, request: HttpRequest) -> HttpAnswer:
        """Do what a test in another process asks for: /control/stats, /control/drop?market=, ..."""
        name, params = request.path.removeprefix("/control/"), request.params
        done: dict[str, Any] = {}
        match name:
            case "stats":
                done = self.stats()
            case "requests":
                done = {"requests": [sorted([s.channel, s.market, s.level] for s in r) for r in self._requests]}
            case _:
                try:
                    done = {"done": faults.call(self, FAULTS, name, params)}
                except faults.UnknownFaultError as why:
                    return HttpAnswer(404, str(why).encode(), {}, "text/plain")
                except ValueError as why:
                    return HttpAnswer(400, str(why).encode(), {}, "text/plain")
                self.faults[name] += 1
        return HttpAnswer(200, json.dumps(done, ensure_ascii=False).encode(), {})

    # -- warming up

    async def warm(self) -> None:
        """Make the presents of all markets ahead of the first request for them, while there is nothing else to do."""
        for code in sorted(self.floor.markets, key=self.floor.rank):
            await asyncio.sleep(0)
            while self._working or self._answering or time.perf_counter() - self._heard_s < _QUIET_S:  # noqa: ASYNC110 - quiet is no event
                await asyncio.sleep(_SLICE_MS / 1000)
            if self._server is None:
                return
            self.floor.live(code).board(self.floor.now_ms)
