"""The guards of conftest.py: each must fail a test that passes every assertion of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from xml.etree import ElementTree

import pytest

from tests.conftest import REPO

HEADER = """
import asyncio, gc, logging, threading
import pytest, structlog
from PySide6.QtCore import QTimer, qWarning
"""

FAULTS = {
    "log": ("def test_x():\n    logging.getLogger('core').warning('odd %d', 7)\n", "WARNING core: odd 7"),
    "structlog": ("def test_x():\n    structlog.get_logger('core').error('odd')\n", "ERROR core: event='odd'"),
    "expected in vain": ("def test_x(expected_log):\n    expected_log('odd')\n", "never logged: 'odd'"),
    "another than expected": (
        "def test_x(expected_log):\n    expected_log('odd')\n    logging.error('odd')\n    logging.error('strange')\n",
        "unexpected log record: ERROR root: strange",
    ),
    "Qt message": ("def test_x(qtbot):\n    qWarning('a hint')\n", "QtWarningMsg: a hint"),
    "Qt message of no Qt test": ("def test_x():\n    qWarning('a hint')\n", "QtWarningMsg: a hint"),
    "timer": (
        "def test_x(qtbot):\n    global timer\n    timer = QTimer(interval=77)\n    timer.start()\n",
        "QTimer every 77 ms",
    ),
    "task": (
        "async def test_x():\n    global task\n    task = asyncio.create_task(asyncio.sleep(60), name='forgotten')\n",
        "forgotten",
    ),
    "task on the Qt loop": (
        "async def test_x(qtbot):\n    asyncio.create_task(asyncio.sleep(60), name='forgotten')\n",
        "forgotten",
    ),
    "lost exception of a task": (
        "async def test_x():\n"
        "    async def fail():\n"
        "        raise ValueError('lost')\n"
        "    task = asyncio.create_task(fail())\n"
        "    await asyncio.sleep(0)\n",
        "ValueError('lost')",
    ),
    "exception in a callback": (
        "async def test_x():\n    asyncio.get_running_loop().call_soon(int, 'lost')\n    await asyncio.sleep(0)\n",
        "ValueError",
    ),
    "exception in a callback of the Qt loop": (
        "async def test_x(qtbot):\n"
        "    asyncio.get_running_loop().call_soon(int, 'lost')\n"
        "    await asyncio.sleep(0.01)\n",
        "ValueError",
    ),
    "exception in a slot": (
        "def test_x(qtbot):\n    QTimer.singleShot(0, lambda: int('lost'))\n    qtbot.wait(20)\n",
        "ValueError: invalid literal",
    ),
    "exception in a thread": (
        "def test_x():\n    t = threading.Thread(target=int, args=('lost',))\n    t.start()\n    t.join()\n",
        "PytestUnhandledThreadExceptionWarning",
    ),
    "exception in a finalizer": (
        "class Bad:\n    def __del__(self):\n        raise ValueError('lost')\ndef test_x():\n    Bad()\n",
        "PytestUnraisableExceptionWarning",
    ),
    "coroutine never awaited": (
        "def test_x():\n    asyncio.sleep(0)\n    gc.collect()\n",
        "coroutine 'sleep' was never awaited",
    ),
}


CLEAN = """
def test_clean_log(expected_log):
    expected_log("WARNING core: odd")
    logging.getLogger("core").warning("odd")

def test_clean_timer(qtbot):
    timer = QTimer(interval=7)
    timer.start()
    timer.stop()

async def test_clean_task():
    task = asyncio.create_task(asyncio.sleep(60))
    task.cancel()

async def test_clean_qt_task(qtbot):
    task = asyncio.create_task(asyncio.sleep(0.05))

@pytest.mark.skip(reason="no moon")
def test_tide():
    pass
"""


def name_of(fault: str) -> str:
    return "test_" + fault.replace(" ", "_")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Mapping[str, str]]:
    """Run every faulty and every clean test once, under this repository's conftest and settings.

    Returns:
        The output, and by test what it failed with, "" for one that passed.
    """
    repo = tmp_path_factory.mktemp("guards")
    tests = repo / "tests"
    tests.mkdir()
    shutil.copy(REPO / "pyproject.toml", repo)
    shutil.copy(REPO / "tests/conftest.py", tests)
    bodies = [body.replace("test_x", name_of(fault)) for fault, (body, _) in FAULTS.items()]
    (tests / "test_it.py").write_text("\n".join([HEADER, *bodies, CLEAN]))
    outcome = subprocess.run(
        [sys.executable, "-m", "pytest", "-n", "0", "-p", "no:cacheprovider", "--junitxml=report.xml", "--color=no"],
        cwd=repo,
        env={**os.environ, "PYTHONPATH": str(REPO)},
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    assert outcome.returncode == 1, outcome.stdout + outcome.stderr
    failed: dict[str, str] = {}
    for case in ElementTree.parse(repo / "report.xml").iter("testcase"):
        causes = [*case.iter("failure"), *case.iter("error")]
        failed[case.attrib["name"]] = failed.get(case.attrib["name"], "") + "".join(
            f"{cause.get('message')}\n{cause.text}" for cause in causes
        )
    return outcome.stdout, failed


@pytest.mark.parametrize("fault", FAULTS)
def test_a_guard_fails_the_test_that_has_a(fault: str, run: tuple[str, Mapping[str, str]]) -> None:
    assert FAULTS[fault][1] in run[1][name_of(fault)]


def test_clean_tests_pass_after_faulty_ones(run: tuple[str, Mapping[str, str]]) -> None:
    assert {name: why for name, why in run[1].items() if "clean" in name and why} == {}
    assert sum("clean" in name for name in run[1]) == 4


def test_what_is_left_out_is_named(run: tuple[str, Mapping[str, str]]) -> None:
    assert "tests/test_it.py::test_tide: no moon" in run[0]
