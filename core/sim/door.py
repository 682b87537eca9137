"""The door: one TCP port for HTTP and WebSocket, as the exchange has one host for both.

A small HTTP/1.1 server of our own. aiohttp takes 0.35 s to import, which is a seventh of the time from starting the
program to live data, and `websockets` closes the connection after each plain HTTP answer.
"""

from __future__ import annotations

import asyncio
import gzip
from collections import deque
from email.utils import formatdate
from hashlib import md5
from typing import NamedTuple, Protocol
from urllib.parse import parse_qsl, urlsplit

from core.sim.abroad import WS_PATH, Abroad, AbroadSession
from core.sim.session import Session, Venue, peer_of

_MOST_HEAD = 65_536
_GZIP_FROM = 1_024
_REASONS = {200: "OK", 201: "Created", 304: "Not Modified", 400: "Bad Request", 401: "Unauthorized"}
_REASONS |= {403: "Forbidden", 404: "Not Found"}
_REASONS |= {405: "Method Not Allowed", 418: "I'm a teapot", 429: "Too Many Requests", 500: "Internal Server Error"}


class HttpRequest(NamedTuple):
    method: str
    path: str
    params: dict[str, str]
    headers: dict[str, str]  # names in lower case
    body: bytes
    query: str = ""  # as it came, still encoded
    peer: str = ""  # the client's address


class HttpAnswer(NamedTuple):
    status: int
    body: bytes
    headers: dict[str, str]
    content_type: str = "application/json;charset=UTF-8"
    is_quotation: bool = True  # only those come compressed, and with a tag


class House(Venue, Protocol):
    """What a door needs of the exchange behind it."""

    abroad: Abroad

    def came(self, door: Door) -> None: ...
    def went(self, door: Door) -> None: ...
    def heard(self) -> None: ...
    def left(self, session: Session) -> None: ...
    def now_ms(self) -> int: ...
    async def answer(self, request: HttpRequest) -> HttpAnswer: ...


class Door(asyncio.Protocol):
    """One TCP connection: HTTP requests one after the other, until one of them upgrades it to a WebSocket."""

    def __init__(self, exchange: House) -> None:
        self._exchange = exchange
        self._buffer = bytearray()
        self._session: Session | AbroadSession | None = None
        self._requests: deque[HttpRequest] = deque()
        self._answering: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._exchange.came(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._exchange.went(self)
        if self._answering is not None:
            self._answering.cancel()
        if self._session is not None:
            self._session.lost()
            if isinstance(self._session, Session):
                self._exchange.left(self._session)

    def close(self) -> None:
        """Cut the line at once."""
        self._transport.abort()

    def eof_received(self) -> bool:
        if self._session is not None:
            self._session.receive_eof()
        return False

    def data_received(self, data: bytes) -> None:
        self._exchange.heard()
        if self._session is not None:
            self._session.receive(data)
            return
        self._buffer += data
        while self._session is None:
            request = self._next_request()
            if request is None:
                return
            self._requests.append(request)
            if self._answering is None:
                self._answering = asyncio.get_running_loop().create_task(self._answer_all())

    def _next_request(self) -> HttpRequest | None:
        """Take one whole request off the buffer, or None; hands the connection over where it is a handshake."""
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            if len(self._buffer) > _MOST_HEAD:
                self.close()
            return None
        try:
            first, *lines = self._buffer[:end].decode("latin-1").split("\r\n")
            method, target, _ = first.split(" ", 2)
            headers = {k.strip().lower(): v.strip() for k, _, v in (line.partition(":") for line in lines)}
            size = int(headers.get("content-length", 0))
        except ValueError:
            self.close()
            return None
        if "websocket" in headers.get("upgrade", "").lower():
            data, self._buffer = bytes(self._buffer), bytearray()
            path = urlsplit(target).path
            if path == WS_PATH:
                self._session = self._exchange.abroad.session(self._transport)
            else:
                self._session = Session(self._exchange, self._transport, path)
            self._session.receive(data)
            return None
        if len(self._buffer) < end + 4 + size:
            return None
        body = bytes(self._buffer[end + 4 : end + 4 + size])
        del self._buffer[: end + 4 + size]
        parts = urlsplit(target)
        params = dict(parse_qsl(parts.query, keep_blank_values=True))
        return HttpRequest(method, parts.path, params, headers, body, parts.query, peer_of(self._transport))

    async def _answer_all(self) -> None:
        while self._requests:
            request = self._requests.popleft()
            answer = await self._exchange.answer(request)
            self._write(request, answer)
            if request.headers.get("connection", "").lower() == "close":
                self._transport.close()
                break
        self._answering = None

    def _write(self, request: HttpRequest, answer: HttpAnswer) -> None:
        body, headers = answer.body, dict(answer.headers)
        if answer.status == 200 and answer.is_quotation:
            headers["ETag"] = tag = f'W/"0{md5(body, usedforsecurity=False).hexdigest()}"'
            if request.headers.get("if-none-match") == tag:
                answer, body = answer._replace(status=304), b""
        if len(body) >= _GZIP_FROM and answer.is_quotation and "gzip" in request.headers.get("accept-encoding", ""):
            body = gzip.compress(body, 1)
            headers["Content-Encoding"] = "gzip"
        lines = [
            f"HTTP/1.1 {answer.status} {_REASONS.get(answer.status, 'Status')}",
            f"Date: {formatdate(self._exchange.now_ms() / 1000, usegmt=True)}",
            f"Content-Type: {answer.content_type}",
            f"Content-Length: {len(body)}",
            "Connection: keep-alive",
            "Cache-Control: no-cache, no-store, max-age=0, must-revalidate",
            "Vary: origin,access-control-request-method,access-control-request-headers,accept-encoding",
            *(f"{name}: {value}" for name, value in headers.items()),
        ]
        self._transport.write("\r\n".join(lines).encode() + b"\r\n\r\n" + (b"" if request.method == "HEAD" else body))
