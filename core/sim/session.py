"""One WebSocket connection as the exchange sees it: requests in, frames out.

Handshake and incoming frames are the business of websockets' sans-I/O protocol. Outgoing frames are laid on the
socket by hand: a server's frames are not masked, so the same bytes serve every connection, compressed ones too,
since each message is compressed on its own (`server_no_context_takeover`).
"""

from __future__ import annotations

import asyncio
import json
import logging
import zlib
from collections import Counter, OrderedDict, deque
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any, NamedTuple, Protocol

from websockets.extensions.permessage_deflate import PerMessageDeflate, ServerPerMessageDeflateFactory
from websockets.frames import Frame, Opcode
from websockets.http11 import Request
from websockets.protocol import State
from websockets.server import ServerProtocol

from core.market import ANNOUNCEMENT, INTERVAL_OF_CHANNEL, MY_ASSET, MY_ORDER, ORDERBOOK, TICKER, TRADE, Stream
from core.market import PRIVATE_CHANNELS as PRIVATE
from core.sim import frames, private_frames
from core.sim.faults import MOST_STORED, Refusal, Spoiler
from core.sim.floor import DEPTHS, Floor, Topic
from core.sim.grid import SCALE
from core.sim.limits import Window
from core.sim.notices import CATEGORIES
from core.sim.paper import Key, Permission
from core.sim.private_frames import AssetNews, Notice, OrderNews
from core.wire.request import PING

PUBLIC_PATH = "/websocket/v1"
PRIVATE_PATH = "/websocket/v1/private"
_QUIET = logging.getLogger("websockets.hoga.server")  # it would log handshakes with the tokens in them
_QUIET.setLevel(logging.WARNING)
CLOSE_AFTER_S = 0.15  # between an error and the close that follows it
_MOST_BUFFERED = 64 * 2**20  # a client that does not read is cut off
MANY = 32  # topics: what makes a request a large one
_TRICKLE_S = 0.05
_MOST_HELD = 20_000  # frames kept back while stalled
_PUBLIC = frozenset({TICKER, TRADE, ORDERBOOK, *(c for c in INTERVAL_OF_CHANNEL if c)})
_DEFLATE = ServerPerMessageDeflateFactory(server_no_context_takeover=True, client_no_context_takeover=True)
_DEFLATE_FROM = 64  # bytes; below, compressing wins nothing


_NEEDS: dict[str, Permission] = {MY_ORDER: "order_view", MY_ASSET: "asset_view"}
_MISSHAPEN = ("WRONG_FORMAT", "Format 이 맞지 않습니다.")


def peer_of(transport: asyncio.BaseTransport) -> str:
    """Return the address of the other end."""
    peer = transport.get_extra_info("peername")
    return str(peer[0]) if peer else ""


def framed(payload: bytes, first: int = 0x82) -> bytes:
    """Return a payload as an unmasked, final, binary WebSocket frame."""
    size = len(payload)
    if size < 126:
        return bytes((first, size)) + payload
    if size < 65_536:
        return bytes((first, 126)) + size.to_bytes(2, "big") + payload
    return bytes((first, 127)) + size.to_bytes(8, "big") + payload


class Press:
    """Compresses a frame once for all connections that want it so. Remembers the last few."""

    def __init__(self) -> None:
        self._kept: OrderedDict[int, tuple[bytes, bytes]] = OrderedDict()

    def __call__(self, payload: bytes) -> bytes:
        """Return the whole WebSocket frame, compressed."""
        kept = self._kept.get(id(payload))
        if kept is not None and kept[0] is payload:
            return kept[1]
        squeeze = zlib.compressobj(1, zlib.DEFLATED, -15)
        squeezed = squeeze.compress(payload) + squeeze.flush(zlib.Z_SYNC_FLUSH)
        frame = framed(squeezed[:-4], 0xC2)
        self._kept[id(payload)] = (payload, frame)
        if len(self._kept) > 64:
            self._kept.popitem(last=False)
        return frame


class RefusedRequestError(Exception):
    """A request that is answered with an error frame and a close."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(name)
        self.name = name
        self.message = message


class Wish(NamedTuple):
    """What a private connection asked to be told."""

    channel: str
    codes: frozenset[str] = frozenset()  # of orders; none is all
    categories: frozenset[str] = frozenset()  # of announcements; none is all
    has_body: bool = False


class Venue(Protocol):
    """What a session needs of the exchange behind it."""

    floor: Floor
    press: Press
    idle_s: float
    up_s: float
    has_limits: bool
    is_blasting: bool
    frames: int
    idle_cuts: int
    violations: Counter[str]
    errors: Counter[str]
    to_flush: dict[Session, None]

    def refuse_handshake(self, session: Session, request: Request) -> Refusal | None: ...
    def handshake_wait_s(self) -> float: ...
    def connects_left(self, session: Session) -> int: ...
    def joined(self, session: Session) -> None: ...
    def requested(self, streams: set[Stream]) -> None: ...
    def requested_privately(self, session: Session) -> None: ...
    def gaps(self, markets: Iterable[str]) -> dict[str, int]: ...
    def serve(self, session: Session) -> None: ...


class Session:
    """One connection: its subscription, its format, its limits, its faults."""

    def __init__(self, exchange: Venue, transport: asyncio.Transport, path: str) -> None:
        self.format = "DEFAULT"
        self.path = path.partition("?")[0]
        self.peer = peer_of(transport)
        self.key: Key | None = None  # that it was opened with, where it is private
        self.is_unwelcome = False  # let in only to be told that it may not be
        self.wishes: list[Wish] = []
        self.topics: dict[Topic, None] = {}  # heard now
        self.parts: list[dict[str, Any]] = []  # the subscription as it was said, for LIST_SUBSCRIPTIONS
        self.waiting: deque[tuple[Topic, bool, bool]] = deque()  # topic, with a snapshot, with a stream after it
        self.is_stalled = False
        self.is_open = False
        self._exchange = exchange
        self._transport = transport
        self._loop = asyncio.get_running_loop()
        self._protocol = ServerProtocol(
            extensions=() if exchange.is_blasting else (_DEFLATE,),
            max_size=2**20,
            logger=_QUIET,
        )
        self._is_packed = False
        self._out: list[bytes] = []
        self._heard_s = self._loop.time()
        self._idle = self._loop.call_later(exchange.idle_s, self._check_idle)
        self._up: asyncio.TimerHandle | None = None
        self._closing: asyncio.TimerHandle | None = None
        self._limits = (Window(5, 1.0), Window(100, 60.0))
        self._spoiler: Spoiler | None = None
        self._late: deque[tuple[float, bytes]] = deque(maxlen=MOST_STORED)  # frames that are kept back, when due
        self._late_timer: asyncio.TimerHandle | None = None
        self._pace = 0  # bytes a second; 0 is as fast as it goes
        self._slow = bytearray()
        self._slow_timer: asyncio.TimerHandle | None = None
        self._handshake: asyncio.TimerHandle | None = None
        self.is_half_open = False
        self._deaf_until: dict[str, int] = {}  # market -> time up to which kept trades are lost in a replace

    # -- the socket

    def receive(self, data: bytes) -> None:
        """Take bytes of the client."""
        if self.is_half_open:
            return
        self._heard_s = self._loop.time()
        self._protocol.receive_data(data)
        for event in self._protocol.events_received():
            if isinstance(event, Request):
                refusal = self._exchange.refuse_handshake(self, event)
                wait_s = self._exchange.handshake_wait_s()
                if wait_s:
                    self._handshake = self._loop.call_later(wait_s, self._shake_hands_late, event, refusal)
                else:
                    self._shake_hands(event, refusal)
            elif isinstance(event, Frame) and event.opcode in {Opcode.TEXT, Opcode.BINARY, Opcode.CONT}:
                self._take(bytes(event.data))
        self._pump()

    def receive_eof(self) -> None:
        if self.is_half_open:
            self.abort()
            return
        self._protocol.receive_eof()
        self._pump()

    def _pump(self) -> None:
        """Send what the protocol itself has to say: handshake, pongs, closes."""
        for data in self._protocol.data_to_send():
            if data:
                self.flush()
                if not self.is_stalled:
                    self._write(data)
            else:
                self._transport.close()
        if self._protocol.close_expected() and self._closing is None and self._protocol.state is not State.CONNECTING:
            self._closing = self._loop.call_later(1.0, self._transport.abort)

    def _shake_hands_late(self, request: Request, refusal: Refusal | None) -> None:
        self._shake_hands(request, refusal)
        self._pump()

    def _shake_hands(self, request: Request, refusal: Refusal | None) -> None:
        exchange, protocol = self._exchange, self._protocol
        if refusal is not None:
            response = protocol.reject(HTTPStatus(refusal.status), refusal.body.decode())
            response.headers.update(refusal.headers)
            if refusal.content_type != "text/plain":
                del response.headers["Content-Type"]
                response.headers["Content-Type"] = refusal.content_type
        else:
            response = protocol.accept(request)
        left = exchange.connects_left(self)
        if refusal is None or refusal.has_remaining:
            response.headers["Remaining-Req"] = f"group=websocket; min={left * 60}; sec={left}"
        if self.path == PUBLIC_PATH:
            response.headers["limit-by-ip"] = "Yes"
        protocol.send_response(response)
        if protocol.state is State.OPEN:
            self.is_open = True
            self._is_packed = any(isinstance(e, PerMessageDeflate) for e in protocol.extensions)
            exchange.joined(self)
            if self.is_unwelcome:
                self._pump()  # the handshake's answer first
                self._refuse(RefusedRequestError("INVALID_AUTH", "인증 정보가 올바르지 않습니다."))

    def send(self, payload: bytes) -> None:
        """Queue one frame; `flush` writes it. Every frame to the client passes here: faults go here too."""
        if not self.is_open or self._closing is not None:
            return
        if self._spoiler is None:
            self._put(payload)
            return
        for frame in self._spoiler.spoil(payload):
            self._put_late(frame)

    def _put(self, payload: bytes) -> None:
        self._out.append(
            self._exchange.press(payload) if self._is_packed and len(payload) >= _DEFLATE_FROM else framed(payload)
        )
        self._exchange.frames += 1
        self._exchange.to_flush[self] = None

    def _put_late(self, payload: bytes) -> None:
        """Put a frame behind those that are late, or itself late by what the dice say."""
        assert self._spoiler is not None
        wait_s = self._spoiler.wait_s()
        if not wait_s and not self._late:
            self._put(payload)
            return
        due = self._loop.time() + wait_s
        self._late.append((max(due, self._late[-1][0]) if self._late else due, payload))
        if self._late_timer is None:
            self._late_timer = self._loop.call_at(self._late[0][0], self._send_late)

    def _send_late(self) -> None:
        self._late_timer = None
        while self._late and (self._spoiler is None or self._late[0][0] <= self._loop.time()):
            self._put(self._late.popleft()[1])
        self.flush()
        if self._late:
            self._late_timer = self._loop.call_at(self._late[0][0], self._send_late)

    def spoil(self, spoiler: Spoiler | None) -> None:
        """Let frames be spoilt from now on, or no more: what was kept back comes then."""
        before, self._spoiler = self._spoiler, spoiler
        if before is not None:
            held = before.end()
            if self._late_timer is not None:
                self._late_timer.cancel()
            self._spoiler = None
            self._send_late()
            for frame in held:
                self._put(frame)
            self.flush()
            self._spoiler = spoiler

    def slow_down(self, bytes_per_s: int) -> None:
        """Let so much a second through; 0 is all there is."""
        self._pace = bytes_per_s
        self._trickle()

    def _write(self, data: bytes) -> None:
        """Hand bytes to the socket, at the pace that is set."""
        if self.is_half_open:
            return
        if not self._pace and not self._slow:
            self._transport.write(data)
            return
        self._slow += data
        if self._slow_timer is None:
            self._trickle()

    def _trickle(self) -> None:
        if self._slow_timer is not None:
            self._slow_timer.cancel()
            self._slow_timer = None
        size = max(round(self._pace * _TRICKLE_S), 1) if self._pace else len(self._slow)
        if self._slow and not self.is_half_open:
            self._transport.write(bytes(self._slow[:size]))
            del self._slow[:size]
        if len(self._slow) > _MOST_BUFFERED:
            self.abort()
        elif self._slow:
            self._slow_timer = self._loop.call_later(_TRICKLE_S, self._trickle)

    def send_raw(self, data: memoryview, count: int) -> bool:
        """Write `count` ready frames at once; False where the client is too slow to take them now."""
        if self._transport.get_write_buffer_size() > 2**22 or self.is_stalled:
            return False
        self._transport.write(bytes(data))  # a copy: what waits in the transport must not be written over
        self._exchange.frames += count
        self._heard_s = self._loop.time()
        return True

    @property
    def can_take_raw(self) -> bool:
        return self.is_open and not self._is_packed

    def flush(self) -> None:
        """Write the queued frames."""
        if not self._out or self.is_stalled:
            del self._out[: max(len(self._out) - _MOST_HELD, 0)]
            return
        data, self._out = b"".join(self._out), []
        self._heard_s = self._loop.time()
        self._write(data)
        if self._transport.get_write_buffer_size() > _MOST_BUFFERED:
            self.abort()

    def abort(self) -> None:
        """Cut the line: the client sees 1006."""
        self._transport.abort()

    def cut(self) -> None:
        """Close without a close frame, after what was written: 1006 too."""
        self._transport.close()

    def stall(self, is_stalled: bool) -> None:
        """Go silent, or come back: nothing is read or written meanwhile, and nothing is lost."""
        self.is_stalled = is_stalled
        if is_stalled:
            self._transport.pause_reading()
        else:
            self._transport.resume_reading()
            self.flush()
            self._pump()

    def lost(self) -> None:
        """The connection is gone."""
        self.is_open = False
        self._idle.cancel()
        for timer in (self._up, self._closing, self._late_timer, self._slow_timer, self._handshake):
            if timer is not None:
                timer.cancel()
        self._forget(list(self.topics))

    def _check_idle(self) -> None:
        left = self._heard_s + self._exchange.idle_s - self._loop.time()
        if self.is_half_open:
            return
        if left <= 0:
            self._exchange.idle_cuts += 1
            self.abort()
        else:
            self._idle = self._loop.call_later(left, self._check_idle)

    # -- requests

    def _take(self, data: bytes) -> None:
        """Answer one message of the client."""
        if self._closing is not None:
            return
        now = self._loop.time()
        taken = [w.take(now) for w in self._limits]  # each counts, whatever the other says
        if not all(taken):
            self._exchange.violations["websocket-message"] += 1
        if not all(taken) and self._exchange.has_limits:
            self._refuse(RefusedRequestError("TOO_MANY_REQUEST", "요청 수 제한을 초과했습니다."))
            return
        if data.strip() == PING.encode():
            if self._up is None:
                self._say_up()
            return
        try:
            self._request(data)
        except RefusedRequestError as why:
            self._refuse(why)

    def _refuse(self, why: RefusedRequestError) -> None:
        self._exchange.errors[why.name] += 1
        self.send(frames.refusal(why.name, why.message))
        self.flush()
        self._forget(list(self.topics))
        self.wishes = []
        self._closing = self._loop.call_later(CLOSE_AFTER_S, self._close)

    def _close(self) -> None:
        if self._protocol.state is State.OPEN:
            self._protocol.send_close(1000)
            self._closing = None
            self._pump()

    def _say_up(self) -> None:
        if self._up is not None:
            self.send(frames.STATUS_UP)
            self.flush()
        self._up = self._loop.call_later(self._exchange.up_s, self._say_up)

    def _request(self, data: bytes) -> None:
        try:
            said = json.loads(data)
        except ValueError:
            raise RefusedRequestError("WRONG_FORMAT", "Format 이 맞지 않습니다.") from None
        if not isinstance(said, list) or not all(isinstance(p, dict) for p in said):
            raise RefusedRequestError("WRONG_FORMAT", "Format 이 맞지 않습니다.")
        if not said or not isinstance(said[0].get("ticket"), str):
            raise RefusedRequestError("NO_TICKET", "Ticket 이 존재하지 않거나 유효하지 않습니다.")
        fmt = next((p["format"] for p in reversed(said) if "format" in p), "DEFAULT")
        if not isinstance(fmt, str) or fmt not in frames.FORMATS:
            raise RefusedRequestError("INVALID_PARAM", f"{fmt} 은 지원하지 않는 포맷입니다.")
        parts = [p for p in said[1:] if "format" not in p or "type" in p]
        if any("method" in p for p in parts):
            if any(p.get("method") != "LIST_SUBSCRIPTIONS" for p in parts):
                raise RefusedRequestError("INVALID_PARAM", "지원하지 않는 method 입니다.")
            self.format = fmt
            self.send(frames.subscriptions(self.parts, said[0]["ticket"], fmt))
            self.flush()
            return
        if not parts:
            raise RefusedRequestError("NO_TYPE", "Type 필드가 존재하지 않습니다.")
        if self.key is not None:
            self.wishes = self._read_private(parts, self.key)
            self.format = fmt
            self.parts = [
                {"type": p["type"], "codes": p["codes"]} if p.get("codes") else {"type": p["type"]} for p in parts
            ]
            self._exchange.requested_privately(self)
            return
        wanted = self._read(parts)
        self.format = fmt
        self._replace(wanted)
        self.parts = []
        for part in parts:
            row: dict[str, Any] = {"type": part["type"], "codes": part["codes"]}
            if part["type"] == ORDERBOOK:
                row["level"] = part.get("level", 0)
            self.parts.append(row)
        self._exchange.requested({
            Stream(t, c, float(p.get("level") or 0.0) if t == ORDERBOOK else 0.0)
            for p in parts
            for t in [p["type"]]
            for c in p["codes"]
        })  # fmt: skip

    @staticmethod
    def _read(parts: list[dict[str, Any]]) -> list[tuple[Topic, bool, bool]]:
        """Return what a request asks for: topics, each with whether a snapshot and whether a stream is wanted."""
        wanted: dict[Topic, tuple[bool, bool]] = {}
        for part in parts:
            channel = part.get("type")
            if channel is None:
                raise RefusedRequestError("NO_TYPE", "Type 필드가 존재하지 않습니다.")
            if not isinstance(channel, str):
                raise RefusedRequestError("WRONG_FORMAT", "Format 이 맞지 않습니다.")
            if channel in PRIVATE:
                raise RefusedRequestError("INVALID_AUTH", "인증 정보가 올바르지 않습니다.")
            if channel not in _PUBLIC:
                raise RefusedRequestError("INVALID_PARAM", f"{channel} 은 지원하지 않는 타입입니다.")
            codes = part.get("codes")
            if codes is None or codes == []:
                raise RefusedRequestError("NO_CODES", "Codes 필드가 존재하지 않습니다.")
            if not isinstance(codes, list) or not all(isinstance(c, str) for c in codes):
                raise RefusedRequestError("WRONG_FORMAT", "Format 이 맞지 않습니다.")
            try:
                level = round(float(part.get("level") or 0) * SCALE) if channel == ORDERBOOK else 0
            except (TypeError, ValueError, OverflowError):
                raise RefusedRequestError("WRONG_FORMAT", "Format 이 맞지 않습니다.") from None
            only_snapshot = bool(part.get("is_only_snapshot", part.get("isOnlySnapshot", False)))
            only_realtime = bool(part.get("is_only_realtime", part.get("isOnlyRealtime", False)))
            for code in codes:
                market, _, depth = code.partition(".")
                if depth and channel != ORDERBOOK:
                    continue  # no such code: silence
                topic = Topic(channel, market, level, int(depth) if depth.isdigit() and int(depth) in DEPTHS else 30)
                wanted[topic] = (not only_realtime, not only_snapshot)
        return [(t, s, r) for t, (s, r) in wanted.items()]

    @staticmethod
    def _read_private(parts: list[dict[str, Any]], key: Key) -> list[Wish]:
        """Return what a private connection asks for."""
        wishes = []
        for part in parts:
            channel = part.get("type")
            if channel is None:
                raise RefusedRequestError("NO_TYPE", "Type 필드가 존재하지 않습니다.")
            if not isinstance(channel, str) or (channel == MY_ASSET and "codes" in part):
                raise RefusedRequestError(*_MISSHAPEN)
            if channel not in PRIVATE:
                raise RefusedRequestError("INVALID_PARAM", f"{channel} 은 지원하지 않는 타입입니다.")
            codes, categories = ([] if part.get(k) is None else part[k] for k in ("codes", "categories"))
            has_body = part.get("include_body", False)
            if not isinstance(has_body, bool) or not all(
                isinstance(some, list) and all(isinstance(one, str) for one in some) for some in (codes, categories)
            ):
                raise RefusedRequestError(*_MISSHAPEN)
            if channel in _NEEDS and _NEEDS[channel] not in key.permissions:
                raise RefusedRequestError("INVALID_AUTH", "허용되지 않은 기능입니다.")
            if not set(categories) <= set(CATEGORIES):
                raise RefusedRequestError("INVALID_PARAM", "지원하지 않는 category 입니다.")
            wishes.append(Wish(channel, frozenset(codes), frozenset(categories), has_body))
        return wishes

    # -- what is told of an account

    @property
    def hears_notices(self) -> bool:
        return any(wish.channel == ANNOUNCEMENT for wish in self.wishes)

    def tell(self, news: OrderNews | AssetNews | Notice) -> None:
        """Pass on what happened, if it was asked for; once, however often it was."""
        for wish in self.wishes:
            match news:
                case OrderNews() if wish.channel == MY_ORDER and (not wish.codes or news.market in wish.codes):
                    self.send(private_frames.my_order(news, self.format))
                case AssetNews() if wish.channel == MY_ASSET:
                    self.send(private_frames.my_asset(news, self.format))
                case Notice() if wish.channel == ANNOUNCEMENT and (
                    not wish.categories or news.category in wish.categories
                ):
                    self.send(private_frames.announcement(news, self.format, wish.has_body))
                case _:
                    continue
            return

    # -- the subscription

    def _replace(self, wanted: list[tuple[Topic, bool, bool]]) -> None:
        """Drop what is not wanted any more; each thing wanted has its snapshot, then its stream.

        What was heard before and is wanted again goes on meanwhile, unless the replace is to lose some of it.
        """
        kept = {t.market for t in self.topics if t.channel == TRADE} & {
            t.market for t, _, r in wanted if t.channel == TRADE and r
        }
        self._deaf_until = self._exchange.gaps(kept)
        staying = {t for t, _, r in wanted if r and t.market not in self._deaf_until}
        self._forget([t for t in self.topics if t not in staying])
        if len(wanted) > MANY:
            wanted.sort(key=lambda w: self._exchange.floor.rank(w[0].market))
        self.waiting.extend(wanted)
        self._exchange.serve(self)

    def _forget(self, topics: Iterable[Topic]) -> None:
        for topic in topics:
            self._exchange.floor.leave(topic, self)
            del self.topics[topic]
        self.waiting.clear()

    def serve_one(self) -> bool:
        """Take up the next topic that waits; False where none does."""
        floor = self._exchange.floor
        for _ in range(len(self.waiting)):
            topic, with_snapshot, with_stream = self.waiting.popleft()
            if topic.channel == TRADE and self._deaf_until.get(topic.market, 0) > floor.now_ms:
                self.waiting.append((topic, with_snapshot, with_stream))
                continue
            if floor.exists(topic):
                if with_snapshot:
                    frame = floor.snapshot(topic, self.format)
                    if frame is not None:
                        self.send(frame)
                if with_stream:
                    if not self._exchange.is_blasting:
                        floor.listen(topic, self)
                    self.topics[topic] = None
            return True
        return False

    def hear(self, topic: Topic, frame: bytes, time_ms: int) -> None:
        """Pass on what the floor calls out."""
        self.send(frame)
