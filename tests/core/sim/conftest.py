"""A real exchange on a fast clock, and plain clients for it that know nothing of ours."""

from __future__ import annotations

import asyncio
import gzip
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any, NamedTuple, Self

import pytest
from websockets.asyncio.client import ClientConnection, connect

from core.sim.exchange import Exchange
from core.sim.fastloop import FastLoop
from core.wire import codec
from tests.conftest import REPO

NOON_MS = 1_790_510_400_000  # 2026-09-27 12:00 UTC


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Item
) -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Let every coroutine test below here run on the fast clock, but those that deal with other processes."""
    if "start_program" in getattr(item, "fixturenames", ()):
        return {"asyncio": asyncio.new_event_loop}
    return {"fast": FastLoop}


def clock(begin_ms: int = NOON_MS) -> Callable[[], int]:
    """Return an exchange's clock that goes with the loop's and stands at `begin_ms` now."""
    loop = asyncio.get_running_loop()
    offset_ms = begin_ms - loop.time() * 1000
    return lambda: int(loop.time() * 1000 + offset_ms)


class Program:
    """`python -m core.sim` as a process of its own."""

    def __init__(self, *arguments: str, stdin: int = subprocess.DEVNULL) -> None:
        command = [sys.executable, "-m", "core.sim", "--port", "0", "--seed", "1", *arguments]
        self.process = subprocess.Popen(
            command, cwd=REPO, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def said(self) -> dict[str, Any]:
        """Return the next line of standard output."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, self.errors()
        found = json.loads(line)
        assert isinstance(found, dict)
        return found

    def errors(self) -> str:
        """Return all that came on standard error; waits for the end of the process."""
        assert self.process.stderr is not None
        return self.process.stderr.read()

    def ended(self, within_s: float = 60.0) -> int:
        """Wait for the end of the process and return its exit code."""
        return self.process.wait(within_s)

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        with self.process:  # closes the pipes
            pass


@pytest.fixture
def start_program(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Program]]:
    """Return what starts the exchange as a program; it is ended with the test. Such a test runs in real time."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")  # clients look at the environment
    programs: list[Program] = []

    def start(*arguments: str, stdin: int = subprocess.DEVNULL) -> Program:
        programs.append(Program(*arguments, stdin=stdin))
        return programs[-1]

    yield start
    for program in programs:
        program.end()


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]  # names in lower case
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Web:
    """One kept-alive HTTP connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def open(cls, exchange: Exchange) -> Self:
        return cls(*await asyncio.open_connection(exchange.host, exchange.port))

    async def get(self, target: str, **headers: str) -> Answer:
        lines = [f"GET {target} HTTP/1.1", "Host: x", *(f"{k.replace('_', '-')}: {v}" for k, v in headers.items())]
        self._writer.write("\r\n".join(lines).encode() + b"\r\n\r\n")
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        got = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in head[1:] if line)}
        body = await self._reader.readexactly(int(got["content-length"]))
        if got.get("content-encoding") == "gzip":
            body = gzip.decompress(body)
        return Answer(int(head[0].split()[1]), got, body)

    async def rows(self, target: str) -> list[dict[str, Any]]:
        """Return a page whose numbers are exact: integers and decimal text."""
        answer = await self.get(target)
        assert answer.status == 200, answer.body
        rows = json.loads(answer.body, parse_float=str)
        assert isinstance(rows, list)
        return rows

    async def close(self) -> None:
        self._writer.close()
        await self._writer.wait_closed()


class Socket:
    """One WebSocket and what came over it."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self.frames: list[bytes] = []
        self._reading = asyncio.create_task(self._read())

    @classmethod
    async def open(cls, exchange: Exchange, url: str = "", **options: Any) -> Self:
        options = {"compression": None, "ping_interval": None, "max_size": None, "max_queue": None} | options
        return cls(await connect(url or exchange.ws_url, **options))

    async def _read(self) -> None:
        async for frame in self.connection:
            assert isinstance(frame, bytes), "every frame of the exchange is binary"
            self.frames.append(frame)

    async def ask(self, *parts: dict[str, Any], fmt: str = "DEFAULT") -> None:
        await self.connection.send(json.dumps([{"ticket": "t"}, *parts, {"format": fmt}]))

    def messages(self) -> list[Any]:
        return [codec.decode(frame) for frame in self.frames]

    def plain(self) -> list[dict[str, Any]]:
        return [json.loads(frame) for frame in self.frames]

    @property
    def is_over(self) -> bool:
        return self._reading.done()

    @property
    def close_code(self) -> int | None:
        return self.connection.close_code

    async def close(self) -> None:
        await self.connection.close()
        await asyncio.wait([self._reading])
        self._reading.exception()  # the tests look at the close code instead


@pytest.fixture
async def exchange() -> AsyncIterator[Exchange]:
    """An exchange of 60 markets at noon; nothing runs until somebody listens."""
    async with Exchange(seed=1, markets=60, now_ms=clock()) as exchange:
        yield exchange


@pytest.fixture
async def web(exchange: Exchange) -> AsyncIterator[Web]:
    web = await Web.open(exchange)
    yield web
    await web.close()


@pytest.fixture
async def socket(exchange: Exchange) -> AsyncIterator[Socket]:
    socket = await Socket.open(exchange)
    yield socket
    await socket.close()
