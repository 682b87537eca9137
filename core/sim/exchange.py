"""The built-in exchange: one loopback port that speaks the exchange's WebSocket and REST."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping
from types import TracebackType
from typing import Any

from websockets.http11 import Request

from core.market import Stream
from core.sim import abroad, dice, faults
from core.sim.auth import Keyring
from core.sim.blast import Blast
from core.sim.clock import Clock, wall_ms
from core.sim.demo import Demo, key_texts
from core.sim.denied import DeniedError
from core.sim.door import Door, HttpAnswer, HttpRequest
from core.sim.faults import Refusal
from core.sim.floor import Floor
from core.sim.limits import Window
from core.sim.listing import listing
from core.sim.live import NEVER
from core.sim.notices import Notices
from core.sim.paper import ALL, Account, Key, Permission
from core.sim.past import Past
from core.sim.pit import CANCEL_MS, News, Pit
from core.sim.private import Deal, PrivateRest, Words
from core.sim.private_frames import Notice
from core.sim.rest import INVALID, NO_ROUTE, RefusalError, Rest
from core.sim.session import MANY, PRIVATE_PATH, PUBLIC_PATH, Press, Session
from core.sim.spell import scaled
from core.sim.trouble import FAULTS, Trouble

_SLICE_MS = 5  # how often the floor is looked at while something happens
_PATIENCE_S = 0.25  # and at least so often, since a clock that is not the wall's may run fast
_WORK_S = 0.006  # of real work in one turn of the loop, whatever clock it has
_QUIET_S = 0.02  # after a client said something: its next words may be on their way
_KEPT_REQUESTS = 10_000
MAINTENANCE = "서비스 점검 중입니다.".encode()
TOO_MANY = b"Too many API requests."
COMMANDS = ("announce", "deposit")  # at the control address too, and no faults


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
        demo_trades: bool = False,
        cancel_ms: int = CANCEL_MS,
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
            demo_trades: whether the demo account trades by itself, from when somebody first comes with its key.
            cancel_ms: how long the cancel of an order takes at most, by seed.
        """
        self.seed = seed
        self.host, self.port = host, port
        self.has_limits, self.idle_s, self.up_s = has_limits, idle_s, up_s
        self._clock = Clock(now_ms, skew_ms)
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
        self.pit = Pit(self.floor, seed, self._told, cancel_ms)
        self._private_rest = PrivateRest(self.pit)
        self._keyring = Keyring()
        self._demo = Demo(self.floor, self.pit, seed, demo_trades)
        self._keyring.add(self._demo.account.key)
        self._opened_accounts = 0
        self._notices = Notices(seed, self.floor.past.markets)
        self._private_requests: deque[list[str]] = deque(maxlen=_KEPT_REQUESTS)
        self._blast = Blast(self.floor, seed, self.now_ms, blast) if blast else None
        self.is_blasting = bool(blast)
        self.trouble = Trouble(self._sessions, self.floor, self._rest, self._blast, seed, self._clock, replace_gap_ms)
        self._connects = Window(5, 1.0)
        self._groups: dict[str, Window] = {}
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
        self.trouble.stop()
        for handle in (self._timer, self._work):
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

    @property
    def private_ws_url(self) -> str:
        return f"ws://{self.host}:{self.port}{PRIVATE_PATH}"

    def now_ms(self) -> int:
        """Return the exchange's clock, epoch ms."""
        return self._clock.now_ms()

    # -- accounts

    @property
    def demo(self) -> Account:
        """The demo account; what it owns is there when somebody comes with its key."""
        return self._demo.account

    def open_account(
        self,
        balances: Mapping[str, str] | None = None,
        permissions: Iterable[Permission] = ALL,
        ips: Iterable[str] = (),
        expires_ms: int | None = None,
    ) -> Account:
        """Open an account with one key; `account.key.access` and `.secret` are its texts.

        Args:
            balances: what it owns, currency -> decimal text; by default 10,000,000 KRW.
            permissions: what its key may do.
            ips: addresses that the key may be used from; none is all.
            expires_ms: when the key ends, epoch ms.

        Raises:
            ValueError: a balance is no amount.
        """
        self._opened_accounts += 1
        account = Account(dice.uuid(dice.key(self.seed, "accounts"), self._opened_accounts))
        for currency, text in (balances if balances is not None else {"KRW": "10000000"}).items():
            amount = scaled(text, 20)
            if amount is None:
                raise ValueError(f"{text!r} is no amount")
            account.put(currency, amount)
        account.changed = {}
        self.add_key(account, permissions, ips, expires_ms)
        return account

    def add_key(
        self,
        account: Account,
        permissions: Iterable[Permission] = ALL,
        ips: Iterable[str] = (),
        expires_ms: int | None = None,
    ) -> Key:
        """Give an account one more key, see `open_account`."""
        texts = key_texts(self.seed, f"{account.id}/{len(account.keys)}")
        key = Key(account, *texts, frozenset(permissions), frozenset(ips), expires_ms)
        account.keys.append(key)
        self._keyring.add(key)
        return key

    def drop_key(self, key: Key) -> None:
        """Take a key away; connections that it opened stay."""
        key.account.keys.remove(key)
        self._keyring.drop(key)

    def deposit(self, amount: str, currency: str = "KRW", account: str = "") -> None:
        """Put money or coins into an account, the demo account if its access key is not given.

        Raises:
            ValueError: it is no amount with at most eight decimals, or nobody has that key.
        """
        value, key = scaled(amount), self._keyring.find(account) if account else self.demo.key
        if value is None or key is None:
            raise ValueError("no such amount, or no such key")
        self._use(key.account)
        self.pit.deposit(key.account, currency, value, self.now_ms())
        self._flush()

    def announce(self, title: str, category: str = "notice", body: str = "") -> str:
        """Put up an announcement now; return its id.

        Raises:
            ValueError: there is no such category.
        """
        notice = self._notices.written(title, category, body, self.now_ms())
        self._announce(notice)
        self._flush()
        return notice.id

    def _announce(self, notice: Notice) -> None:
        for session in self._sessions:
            session.tell(notice)

    def _told(self, account: Account, news: News) -> None:
        for session in self._sessions:
            if session.key is not None and session.key.account is account:
                session.tell(news)

    # -- what a test looks at

    @property
    def private_requests(self) -> list[list[str]]:
        """The types that each subscription of a private connection asked for, oldest first."""
        return list(self._private_requests)

    @property
    def private_connections(self) -> int:
        """How many of the open WebSockets are private."""
        return sum(session.key is not None for session in self._sessions)

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
        """What each open public WebSocket hears now, by the floor; silent codes are not in it."""
        public = [session for session in self._sessions if session.key is None]
        return [{Stream(t.channel, t.market, t.level / 1e8) for t in session.topics} for session in public]

    def stats(self) -> dict[str, Any]:
        """Return the counters, plain."""
        return {
            "requests": len(self._requests),
            "rest_requests": dict(self.rest_requests),
            "opened": self.opened,
            "connections": self.connections,
            "private_connections": self.private_connections,
            "private_requests": len(self._private_requests),
            "violations": dict(self.violations),
            "errors": dict(self.errors),
            "faults": dict(self.trouble.done),
            "frames": self.frames,
            "cpu_s": time.process_time(),
            "idle_cuts": self.idle_cuts,
            "now_ms": self.now_ms(),
            "behind": self._blast.is_behind if self._blast else False,
            "blast": self._blast.report() if self._blast else None,
        }

    # -- sessions

    def handshake_wait_s(self) -> float:
        """Return how long the handshake that begins now has to wait."""
        return self.trouble.handshake_wait_s()

    def refuse_handshake(self, session: Session, request: Request) -> Refusal | None:
        """Return how a handshake is refused that is not welcome; one that opens an account gets its key."""
        if session.path not in {PUBLIC_PATH, PRIVATE_PATH}:
            return Refusal(404, 1, body=NO_ROUTE)
        if self.trouble.is_closed:
            return Refusal(503, 1, has_remaining=False, body=MAINTENANCE)
        if (refusing := self.trouble.refusal()) is not None:
            return refusing
        if session.path == PRIVATE_PATH:
            refused = self._open_private(session, request)
            if refused is not None or session.is_unwelcome:
                return refused
        if not self._connects_of(session).take(asyncio.get_running_loop().time()):
            self.violations["websocket-connect"] += 1
            if self.has_limits:
                return Refusal(429, 1, body=TOO_MANY)
        if session.key is None and "Origin" in request.headers and not self._take("origin"):
            return Refusal(429, 1, body=TOO_MANY)
        return None

    def _open_private(self, session: Session, request: Request) -> Refusal | None:
        """Look at the token of a private handshake."""
        now = self.now_ms()
        try:
            session.key = self._keyring.admit(request.headers.get("Authorization"), peer=session.peer, now_ms=now)
        except DeniedError as why:
            self.errors[why.name] += 1
            session.is_unwelcome = self.trouble.is_auth_refused_by_frame
            refused = Refusal(why.status, 1, has_remaining=False, body=why.body, content_type="application/json")
            return None if self.trouble.is_auth_refused_by_frame else refused
        self._use(session.key.account)
        return None

    def _use(self, account: Account) -> None:
        if account is self.demo:
            self.floor.advance(self.now_ms())
            self._demo.begin(self.floor.now_ms)
            self._schedule()

    def _connects_of(self, session: Session) -> Window:
        return self._connects if session.key is None else session.key.account.connects

    def connects_left(self, session: Session) -> int:
        """Return how many handshakes this second still takes."""
        return self._connects_of(session).left(asyncio.get_running_loop().time())

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
        if not any(other.hears_notices for other in self._sessions):
            self._notices.end()

    def requested(self, streams: set[Stream]) -> None:
        """Write down what a subscription asked for."""
        self._requests.append(streams)

    def requested_privately(self, session: Session) -> None:
        """Write down what a private subscription asked for."""
        self._private_requests.append([wish.channel for wish in session.wishes])
        if session.hears_notices and self._notices.next_ms == NEVER:
            self._notices.begin(self.now_ms())
            self._schedule()

    def gaps(self, markets: Iterable[str]) -> dict[str, int]:
        """Return until when the trades of kept markets are lost in this replace."""
        return self.trouble.gaps(markets, self.now_ms())

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
        self._advance()
        self._schedule()

    def _advance(self) -> None:
        """Move everything on to now: the floor, then the orders, then what the demo account and the exchange say."""
        self.floor.advance(self.now_ms())
        now = self.floor.now_ms
        self.pit.advance(now)
        self._demo.advance(now)
        for notice in self._notices.due(now):
            self._announce(notice)
        self._flush()

    def _schedule(self) -> None:
        if self._server is None:
            return
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        due = min(self.floor.next_ms, self.pit.next_ms, self._demo.next_ms, self._notices.next_ms)
        if due >= NEVER:
            return  # nobody listens
        wait_s = min(max(due - self.now_ms(), _SLICE_MS) / 1000, _PATIENCE_S)
        self._timer = asyncio.get_running_loop().call_later(wait_s, self._tick)

    # -- REST

    def _window(self, group: str) -> Window:
        window = self._groups.get(group)
        if window is None:
            window = self._groups[group] = Window(1, 10.0) if group == "origin" else Window(10, 1.0)
        return window

    def _take(self, group: str, window: Window | None = None) -> bool:
        """Count a request; False where it is refused for being too many."""
        if (window or self._window(group)).take(asyncio.get_running_loop().time()):
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
        deal, route = self._private_rest.deal(request.method, request.path), self._rest.route(request.path)
        if deal is None and (route is None or request.method not in {"GET", "HEAD"}):
            return HttpAnswer(404, NO_ROUTE, {})
        group = deal.group if deal is not None else "origin" if "origin" in request.headers else ""
        group = group or (route.group if route is not None else "")
        if (refusing := self.trouble.rest_refusal(group)) is not None:
            remaining = {"Remaining-Req": f"group={group}; min=600; sec=0"} if refusing.has_remaining else {}
            return HttpAnswer(refusing.status, refusing.body, refusing.headers | remaining, refusing.content_type)
        self.rest_requests[group] += 1
        if deal is not None:
            return await self._answer_private(request, deal)
        assert route is not None
        is_taken = self._take(group)  # when it arrives, however long the answer takes
        await self.trouble.rest_open.wait()
        if self.trouble.is_closed:
            return HttpAnswer(503, MAINTENANCE, {}, "text/plain")
        left = self._window(group).left(asyncio.get_running_loop().time())
        headers = {"Remaining-Req": f"group={group}; min=600; sec={left}", "Limit-By-Ip": "Yes"}
        if not is_taken:
            return HttpAnswer(429, TOO_MANY, headers, "text/plain")
        self._advance()
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

    async def _answer_private(self, request: HttpRequest, deal: Deal) -> HttpAnswer:
        """Answer a request that needs a key: first whose it is, then whether it is one too many, then the rest."""
        headers: dict[str, str] = {}
        is_post = request.method == "POST"
        try:
            key = self._keyring.admit(
                request.headers.get("authorization"),
                query=request.query,
                body=request.body if is_post else b"",
                peer=request.peer,
                now_ms=self.now_ms(),
                needs=deal.needs,
                scope_status=deal.scope_status,
            )
            window = key.account.window(deal.group)
            is_taken = self._take(deal.group, window)
            await self.trouble.rest_open.wait()
            headers = self._remaining(deal.group, window)
            if self.trouble.is_closed:
                raise DeniedError("market_offline")
            if not is_taken:
                return HttpAnswer(429, TOO_MANY, headers, "text/plain", is_quotation=False)
            self._use(key.account)
            self._advance()
            kind = request.headers.get("content-type", "")
            words = Words.of_body(request.body, kind) if is_post else Words.of_query(request.query)
            answer = deal.answer(key.account, words, self.floor.now_ms)
        except DeniedError as why:
            return HttpAnswer(why.status, why.body, headers, is_quotation=False)
        finally:
            self._flush()
            self._schedule()
        return HttpAnswer(answer.status, answer.body.encode(), headers, is_quotation=False)

    @staticmethod
    def _remaining(group: str, window: Window) -> dict[str, str]:
        left = window.left(asyncio.get_running_loop().time())
        return {"Remaining-Req": f"group={group}; min={window.per_minute}; sec={left}"}

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
                    target = self if name in COMMANDS else self.trouble
                    done = {"done": faults.call(target, (*FAULTS, *COMMANDS), name, params)}
                except faults.UnknownFaultError as why:
                    return HttpAnswer(404, str(why).encode(), {}, "text/plain")
                except ValueError as why:
                    return HttpAnswer(400, str(why).encode(), {}, "text/plain")
                if name in FAULTS:
                    self.trouble.done[name] += 1
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
