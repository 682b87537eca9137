"""The built-in exchange as a child process: it comes up, goes down, and never outlives us."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from app import exchange as module
from app.exchange import BuiltInExchange
from core.errors import UnreachableError
from core.feed.endpoint import UPBIT
from core.feed.http import Http
from core.wire import rest
from tests.conftest import REPO
from tests.waiting import until


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] != "Z"


async def test_it_serves_on_loopback_until_it_is_stopped() -> None:
    exchange = BuiltInExchange("--markets", "20")
    endpoint = await exchange.endpoint()
    assert endpoint.ws.startswith("ws://127.0.0.1:")
    assert not endpoint.is_real
    http = Http(endpoint.rest, lambda: 0)
    assert "KRW-BTC" in {m.code for m in await http.get(rest.markets())}
    await http.close()
    pid = exchange._process.pid
    await exchange.stop()
    assert not is_running(pid)


async def test_one_that_was_killed_starts_again_at_its_address() -> None:
    exchange = BuiltInExchange("--markets", "20")
    endpoint = await exchange.endpoint()
    assert not exchange.has_died
    exchange._process.kill()
    await until(lambda: exchange.has_died)
    await exchange.restart()
    assert not exchange.has_died
    http = Http(endpoint.rest, lambda: 0)
    assert "KRW-BTC" in {m.code for m in await http.get(rest.markets())}
    await http.close()
    await exchange.stop()


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGSTOP")
async def test_one_that_hangs_is_killed_though_the_stop_was_cut_short() -> None:
    exchange = BuiltInExchange("--markets", "20")
    await exchange.endpoint()
    pid = exchange._process.pid
    os.kill(pid, signal.SIGSTOP)
    stopping = asyncio.create_task(exchange.stop())
    await until(lambda: exchange._process.stdin is not None and exchange._process.stdin.closed)
    stopping.cancel()
    await asyncio.wait([stopping])
    assert stopping.cancelled()
    assert is_running(pid)
    exchange.kill()
    assert not is_running(pid)
    exchange.kill()  # again does nothing


async def test_it_ends_when_whoever_started_it_is_killed() -> None:
    code = (
        "import asyncio, sys, time\nfrom app.exchange import BuiltInExchange\n"
        "e = BuiltInExchange('--markets', '20')\nasyncio.run(e.endpoint())\n"
        "print(e._process.pid, flush=True)\ntime.sleep(60)"
    )
    starter = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, cwd=REPO, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert starter.stdout is not None
    pid = int(await starter.stdout.readline())
    assert is_running(pid)
    starter.send_signal(signal.SIGKILL)
    await starter.communicate()
    await until(lambda: not is_running(pid))


async def test_one_that_does_not_start_is_told_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module.sys, "executable", "/bin/false")
    exchange = BuiltInExchange()
    with pytest.raises(UnreachableError, match="the built-in exchange did not start"):
        await exchange.endpoint()
    await exchange.stop()


async def test_one_that_hangs_is_killed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    script = tmp_path / "deaf.sh"
    said = '{"ws": "ws://x", "rest": "http://x"}'
    script.write_text(f"#!/bin/sh\ntrap '' TERM\necho '{said}'\nwhile :; do sleep 1; done\n")
    script.chmod(0o755)
    monkeypatch.setattr(module.sys, "executable", str(script))
    monkeypatch.setattr(module, "STOP_S", 0.1)
    exchange = BuiltInExchange()
    await exchange.endpoint()
    await exchange.stop()
    assert not is_running(exchange._process.pid)


def test_the_real_one_is_upbit_over_tls() -> None:
    assert (UPBIT.ws, UPBIT.rest) == ("wss://api.upbit.com/websocket/v1", "https://api.upbit.com/v1")
    assert UPBIT.is_real
