"""Each example of the documentation, run as a reader would run it."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
# What Python itself says where the signal comes while asyncio takes its handler away.
_OF_PYTHON = re.compile(
    r"Exception ignored when trying to write to the signal wakeup fd:\n.*?OSError: [^\n]*\n", re.DOTALL
)
SAID = {
    "scenario_1.py": r"KRW-DOGE +[\d,]+\.\d\d  spread +[\d,]+\.\d\d",
    "scenario_2.py": r"KRW-ETH: [\d,.]+ / [\d,.]+, \d+ trades, all of \{'KRW-ETH'\}",
    "scenario_3.py": r"not listed: KRW-LTC, KRW-EOS, KRW-ENJ",
    "scenario_4.py": r"the first one was removed",
    "scenario_5.py": r"[1-9]\d+ of \d+ markets; KRW-\w+ [\d,.]+bn",
    "scenario_6.py": r"XRP  KRW +[\d,.]+   USDT +[\d,.]+   [+-]\d+\.\d+%\nXRP  after fees: [+-]\d+\.\d+% \w",
}


def test_every_example_is_run_here() -> None:
    assert {p.name for p in EXAMPLES.glob("scenario_*.py")} == SAID.keys()


@pytest.mark.parametrize("name", SAID)
async def test_an_example_says_what_it_shows(name: str) -> None:
    command = [sys.executable, "-W", "always", str(EXAMPLES / name), "--demo", "--seconds", "50"]
    pipe = asyncio.subprocess.PIPE
    env = {**os.environ, "PYTHONPATH": str(EXAMPLES.parents[1])}
    process = await asyncio.create_subprocess_exec(*command, stdout=pipe, stderr=pipe, env=env)
    assert process.stdout is not None
    assert process.stderr is not None
    said = ""
    while not re.search(SAID[name], said):
        line = await process.stdout.readline()
        if not line:
            break
        said += line.decode()
    if process.returncode is None and said:
        process.send_signal(2)  # as Ctrl-C does
    await process.stdout.read()
    errors = _OF_PYTHON.sub("", (await process.stderr.read()).decode())
    assert await process.wait() == 0
    assert [line for line in errors.splitlines() if "the others flow" not in line] == [], "dead codes are named"
    assert re.search(SAID[name], said), said
