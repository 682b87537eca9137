"""The program as a user has it: a process of its own, a and an end without a trace."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage

from tests.app.program import DUE_S, LIVE, is_gone, run
from tests.waiting import until
from widgets import theme


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
    async with run(tmp_path, "--demo", "--screenshot", str(png), "--after", "1000") as program:
        await until(lambda: program.has_logged(LIVE), timeout=DUE_S)
        program.process.send_signal(signal.SIGINT)  # asked to end, it takes the picture before its time
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
