"""Which exchange the program talks to: Upbit, or the built-in one in a process of its own."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from core.errors import UnreachableError

START_S = 10.0  # within which the built-in exchange must say its addresses
STOP_S = 0.5

log = logging.getLogger(__name__)


class Endpoint(NamedTuple):
    """Where an exchange listens. The client is the same for all of them."""

    ws: str
    rest: str
    is_real: bool  # False: prices are not the market's, and every pane must say so


UPBIT = Endpoint("wss://api.upbit.com/websocket/v1", "https://api.upbit.com/v1", is_real=True)


class BuiltInExchange:
    """The built-in exchange as a child process. It ends with us, whatever ends us: its stdin is our pipe."""

    def __init__(self, *args: str) -> None:
        command = [sys.executable, "-m", "core.sim", "--port", "0", "--parent", *args]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parent.parent,
            start_new_session=True,  # a Ctrl-C in the terminal is for us; we end it
        )

    async def endpoint(self) -> Endpoint:
        """Wait for the first line it prints and return its addresses.

        Raises:
            UnreachableError: it ended, or said nothing in time.
        """
        assert self._process.stdout is not None
        try:
            line = await asyncio.wait_for(asyncio.to_thread(self._process.stdout.readline), START_S)
            said = json.loads(line)
            return Endpoint(said["ws"], said["rest"], is_real=False)
        except (TimeoutError, ValueError, KeyError) as why:
            self._process.kill()
            raise UnreachableError("exchange", "the built-in exchange did not start") from why

    async def stop(self) -> None:
        """End the process; by force if it does not go by itself."""
        process = self._process
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
