"""The program as a user has it: a process of its own, a real window, real keys, and an end without a trace."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage

from tests.conftest import REPO
from tests.waiting import until
from widgets import theme

LIVE = "every pane is live"
DUE_S = 20.0


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


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_a_signal_ends_it_cleanly(number: signal.Signals, tmp_path: Path) -> None:
    async with run(tmp_path, "--demo") as program:
        await until(lambda: program.has_logged(LIVE), timeout=DUE_S)
        (exchange,) = program.children()
        program.process.send_signal(number)
        assert await program.end() == (0, "")
        assert is_gone(exchange)


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
async def test_it_ends_though_the_exchange_hangs(tmp_path: Path) -> None:
    async with run(tmp_path, "--demo") as program:
        await until(lambda: program.has_logged(LIVE), timeout=DUE_S)
        (exchange,) = program.children()
        os.kill(exchange, signal.SIGSTOP)  # sockets stay open and say nothing
        program.process.send_signal(signal.SIGINT)
        assert await program.end() == (0, "")
        assert is_gone(exchange)


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
async def test_a_signal_during_the_start_ends_it_without_a_traceback(tmp_path: Path) -> None:
    async with run(tmp_path, "--demo") as program:
        await until(program.children, timeout=DUE_S)  # Qt is being loaded
        (exchange,) = program.children()
        program.process.send_signal(signal.SIGINT)
        code, stderr = await program.end()
        assert (code, stderr) in {(0, ""), (-signal.SIGINT, "")}
        await until(lambda: is_gone(exchange))


async def test_a_screenshot_shows_the_market(tmp_path: Path) -> None:
    png = tmp_path / "desk.png"
    async with run(tmp_path, "--demo", "--screenshot", str(png), "--after", "5") as program:
        assert await program.end() == (0, "")
    assert shown(png) >= {"up", "down", "badge"}


async def test_a_screenshot_that_cannot_be_written_is_a_failure_with_a_reason(tmp_path: Path) -> None:
    png = tmp_path / "taken.png"
    png.mkdir()
    async with run(tmp_path, "--screenshot", str(png), "--after", "0") as program:
        code, stderr = await program.end()
    assert code == 1
    assert stderr.startswith(f"The screenshot could not be written to {png}.")


def shown(png: Path) -> set[str]:
    """Return which colours of the design are in a picture."""
    image = QImage(str(png)).convertToFormat(QImage.Format.Format_RGB32)
    wanted = {name: getattr(theme.colors, name).rgb() for name in ("up", "down", "badge")}
    seen = {image.pixel(x, y) for x in range(0, image.width()) for y in range(0, image.height())}
    return {name for name, rgb in wanted.items() if QColor(rgb).rgb() in seen}


# --- on a virtual display, with a window manager, by mouse and keys


def xdotool(env: dict[str, str], *words: str) -> str:
    return subprocess.run(["xdotool", *words], env=env, capture_output=True, text=True, check=False).stdout.strip()


@pytest.fixture
def desktop(xvfb_display: dict[str, str]) -> AsyncIterator[dict[str, str]]:
    """Return the environment of a display on which a window manager runs."""
    for tool in ("openbox", "xdotool"):
        if not shutil.which(tool):
            pytest.skip(f"{tool} is not installed (apt-get install {tool})")
    with subprocess.Popen(["openbox"], env=xvfb_display, stderr=subprocess.DEVNULL) as manager:
        yield xvfb_display  # type: ignore[misc]
        manager.terminate()


@pytest.mark.xvfb
async def test_a_symbol_is_changed_by_mouse_and_keys_and_closing_the_window_ends_it(
    desktop: dict[str, str], tmp_path: Path
) -> None:
    async with run(tmp_path, "--demo", env=desktop) as program:
        await until(lambda: program.has_logged(LIVE), timeout=DUE_S)
        window = xdotool(desktop, "search", "--onlyvisible", "--name", "Hoga").splitlines()[0]
        xdotool(desktop, "windowactivate", "--sync", window)
        xdotool(desktop, "mousemove", "--window", window, "150", "250", "click", "1")
        xdotool(desktop, "type", "--delay", "40", "doge")
        xdotool(desktop, "key", "--delay", "40", "Return")
        kept = tmp_path / "desks" / "Four charts.json"

        def markets() -> list[str]:
            return list(json.loads(kept.read_text())["groups"].values()) if kept.exists() else []

        await until(lambda: markets() == ["KRW-DOGE", "KRW-ETH", "KRW-XRP", "KRW-ADA"], timeout=10.0)
        children = program.children()
        xdotool(desktop, "key", "alt+F4")
        assert await program.end() == (0, "")
        assert all(map(is_gone, children))
