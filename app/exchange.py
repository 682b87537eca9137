"""Which exchange the program talks to: Upbit, or the built-in one in a process of its own."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from core.errors import UnreachableError
from core.feed.endpoint import Endpoint
from core.sim import HISTORY
from core.wire.auth import AccessKey

START_S = 10.0  # within which the built-in exchange must say its addresses
STOP_S = 0.5

log = logging.getLogger(__name__)


def history_of(args: Sequence[str]) -> str:
    """Return the name of the past that the built-in exchange has with these arguments; "" where it has none to keep."""
    known = dict(zip(args[::2], args[1::2], strict=False))
    seed = known.pop("--seed", "1")
    return "" if known or len(args) % 2 else f"demo-{seed}-v{HISTORY}"


class BuiltInExchange:
    """The built-in exchange as a child process. It ends with us, whatever ends us: its stdin is our pipe."""

    def __init__(self, *args: str) -> None:
        self._args = args
        self.history = history_of(args)
        self._endpoint: Endpoint | None = None
        self.key: AccessKey | None = None  # of the account that it keeps for whoever looks at the demo
        self._process = self._start(0)
        self._saying: asyncio.Task[Endpoint] | None = None

    def _start(self, port: int) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "core.sim", "--port", str(port), "--parent", *self._args],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parent.parent,
            start_new_session=True,  # a Ctrl-C in the terminal is for us; we end it
        )

    @property
    def has_died(self) -> bool:
        """Tell whether it served once and has ended since, by itself or by another's hand."""
        return self._endpoint is not None and self._process.poll() is not None

    def listen(self) -> None:
        """Begin to wait for its first line, so that `endpoint` has it at once when it is asked."""
        self._saying = asyncio.create_task(self._read(), name="built-in exchange")
        self._saying.add_done_callback(lambda task: task.cancelled() or task.exception())  # raised again to who asks

    async def endpoint(self) -> Endpoint:
        """Wait for the first line it prints and return its addresses.

        Raises:
            UnreachableError: it ended, or said nothing in time.
        """
        if self._saying is None:
            self.listen()
        assert self._saying is not None
        try:
            return await asyncio.shield(self._saying)
        finally:
            if self._saying.done():
                self._saying = None

    async def _read(self) -> Endpoint:
        assert self._process.stdout is not None
        try:
            line = await asyncio.wait_for(asyncio.to_thread(self._process.stdout.readline), START_S)
            said = json.loads(line)
            self._endpoint = Endpoint(said["ws"], said["rest"], is_real=False, history=self.history)
            access, secret = said.get("access_key"), said.get("secret_key")
            self.key = AccessKey(access, secret) if access and secret else None
        except (TimeoutError, ValueError, KeyError) as why:
            self._process.kill()
            raise UnreachableError("exchange", "the built-in exchange did not start") from why
        return self._endpoint

    async def restart(self) -> None:
        """Start it again at the address it had, so that whoever was connected finds it.

        Raises:
            UnreachableError: it ended, or said nothing in time.
        """
        assert self._endpoint is not None
        await self.stop()
        self._process = self._start(urlsplit(self._endpoint.ws).port or 0)
        await self.endpoint()

    async def stop(self) -> None:
        """End the process; by force if it does not go by itself."""
        process = self._process
        if self._saying is not None:  # the process ends, and with it the wait for its line
            self._saying.cancel()
            await asyncio.wait((self._saying,))
            self._saying = None
        with contextlib.suppress(OSError):
            process.stdin.close()  # type: ignore[union-attr]
        process.terminate()
        try:
            await asyncio.to_thread(process.wait, STOP_S)
        except subprocess.TimeoutExpired:
            log.info("the built-in exchange is killed")
            process.kill()
            await asyncio.to_thread(process.wait)
        process.stdout.close()  # type: ignore[union-attr]

    def kill(self) -> None:
        """Leave no process behind, at once; for where there is no time for `stop`, or where it was cut short."""
        process = self._process
        if process.poll() is None:
            process.kill()
            process.wait()
        for pipe in (process.stdin, process.stdout):
            with contextlib.suppress(OSError):
                pipe.close()  # type: ignore[union-attr]
