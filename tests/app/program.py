"""The program in a process of its own, for tests that look at it from outside."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.conftest import REPO

LIVE = "every pane is live"
DUE_S = 60.0  # only a test that fails waits so long; a start loads much, and other workers start theirs


class Program:
    """One run of `main.py`."""

    def __init__(self, process: asyncio.subprocess.Process, folder: Path) -> None:
        self.process = process
        self.folder = folder

    def has_logged(self, text: str) -> bool:
        log = self.folder / "log" / "hoga.log"
        return log.exists() and text in log.read_text(encoding="utf-8")

    def children(self) -> list[int]:
        """Return the processes it has started and that still run."""
        path = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in path.read_text().split()]

    async def end(self) -> tuple[int, str]:
        """Wait for its end. Return exit code and all that it wrote on stderr."""
        _, stderr = await asyncio.wait_for(self.process.communicate(), DUE_S)
        return self.process.returncode or 0, _without_noise(stderr.decode())


def _without_noise(stderr: str) -> str:
    return stderr.replace("This plugin does not support propagateSizeHints()\n", "")


@asynccontextmanager
async def run(folder: Path, *words: str, env: dict[str, str] | None = None) -> AsyncIterator[Program]:
    """Run `main.py` with `words`; whatever the test does, it does not outlive it."""
    env = {**(env or os.environ), "PYTHONWARNINGS": "error"}
    command = [sys.executable, "main.py", "--data-dir", str(folder), "--lang", "en", *words]
    process = await asyncio.create_subprocess_exec(
        *command, cwd=REPO, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    try:
        yield Program(process, folder)
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


def is_gone(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] == "Z"
