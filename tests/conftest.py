"""What every test gets: the right loop, the shared data, and guards that let nothing pass unseen.

A test fails, whatever it asserts, when it leaves behind or causes without saying so: a log record at WARNING or above
(say `expected_log("pattern")`), a message of Qt, a running task, a running QTimer, an exception in a callback, a
thread, a finalizer or a slot.
"""

from __future__ import annotations

import os

# Before anything imports Qt.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["QT_API"] = "pyside6"
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"  # nobody's own keyring is for tests
os.environ["PYQTGRAPH_QT_LIB"] = "PySide6"

import asyncio
import gc
import logging
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest
import shiboken6
import structlog
from PySide6.QtCore import QCoreApplication, QEvent, QMessageLogContext, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QApplication

from app.qtloop import AppLoop

REPO = Path(__file__).resolve().parents[1]
SHARED = REPO.parent / "shared"  # recorded frames of the exchange; not part of the repository

# Four thousand tests are to end within minutes. `--hypothesis-profile=default` searches longer.
hypothesis.settings.register_profile("quick", max_examples=12, deadline=None)
hypothesis.settings.load_profile("quick")

ExpectLog = Callable[[str], None]

# The offscreen platform says this of every window with a minimum size.
_QT_NOISE = re.compile("This plugin does not support propagateSizeHints")
# And this of windows put above or below another, or into one, as torn-off panes are, and of menus that take the
# keyboard; say `raised_windows` for it.
_RAISE_NOISE = re.compile(r"This plugin does not support (raise\(\)|lower\(\)|setParent!|grabbing the keyboard)")


# --- options ---


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--golden-update", action="store_true", help="renew the golden pictures that differ")


# --- loops ---


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Item
) -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Run `async def test_x(qtbot)` on the program's own loop, any other coroutine on a plain one."""
    if "qtbot" in getattr(item, "fixturenames", ()):
        return {"qt": lambda: AppLoop(QApplication.instance() or QApplication([]))}
    return {"asyncio": asyncio.new_event_loop}


@pytest.fixture(scope="session")
def qapp(qapp: QApplication) -> QApplication:
    """Return the one QApplication; closing a test's window must not end its loop."""
    qapp.setQuitOnLastWindowClosed(False)
    return qapp


# --- data and displays ---


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of recorded data beside the repository, or skip."""
    data = SHARED / "data"
    if not data.is_dir():
        pytest.skip("the recorded data (../shared/data) is not here")
    return data


@pytest.fixture(scope="session")
def xvfb_display(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Yield the environment of a program that shall show its window on a virtual display of this test run.

    `HOGA_SCREEN` in it is the folder in which the server keeps what is on the screen.
    """
    read, write = os.pipe()
    screen = tmp_path_factory.mktemp("screen")
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1920x1200x24", "-nolisten", "tcp"]
    command += ["-fbdir", str(screen)]
    with subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL) as server:
        os.close(write)
        with os.fdopen(read) as pipe:
            number = pipe.readline().strip()
        assert number, "Xvfb did not start"
        env = {k: v for k, v in os.environ.items() if k != "WAYLAND_DISPLAY"}
        yield {**env, "DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb", "HOGA_SCREEN": str(screen)}
        server.terminate()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out what needs a virtual display where there is none to be had."""
    if shutil.which("Xvfb"):
        return
    for item in items:
        if item.get_closest_marker("xvfb"):
            item.add_marker(pytest.mark.skip(reason="Xvfb is not installed (apt-get install xvfb)"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name every test that was left out: a skip must not look like a pass."""
    skipped = terminalreporter.stats.get("skipped", [])
    if not skipped:
        return
    terminalreporter.section("left out")
    for report in skipped:
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        terminalreporter.line(f"{report.nodeid}: {str(reason).removeprefix('Skipped: ')}")


# --- guards ---


def pytest_collection_finish() -> None:
    """Take what the imports left out of the garbage collector's sight: the guards collect after every test."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)  # it need not look often: a tenth of all time went into it


@pytest.fixture(scope="module", autouse=True)
def _thawed() -> Iterator[None]:
    """Collect once a file what the tests of it left and nobody has any more."""
    yield
    gc.unfreeze()
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def _frozen(_thawed: None) -> Iterator[None]:
    """Keep what a test leaves from being looked through by the guards of the next ones."""
    yield
    gc.freeze()


class _Records(logging.Handler):
    """Keeps what a test logged at WARNING or above."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []
        self.expected: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        line = f"{record.levelname} {record.name}: {record.getMessage()}"
        if record.exc_info and record.exc_info[1] is not None:
            line += f" ({record.exc_info[1]!r})"
        self.lines.append(line)

    def complaint(self) -> str:
        """Return what was logged unexpectedly or expected in vain, "" if all is well."""
        odd = [line for line in self.lines if not any(re.search(p, line) for p in self.expected)]
        missed = [p for p in self.expected if not any(re.search(p, line) for line in self.lines)]
        return "\n".join([*(f"unexpected log record: {o}" for o in odd), *(f"never logged: {m!r}" for m in missed)])


@pytest.fixture(autouse=True)
def _log_guard(_frozen: None) -> Iterator[_Records]:
    """Fail a test that logs a warning nobody expected; the loop's own report of a lost exception is one too."""
    # Not through structlog's default, which prints and passes logging by.
    structlog.configure(
        processors=[structlog.stdlib.add_log_level, structlog.processors.KeyValueRenderer(key_order=["event"])],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    records = _Records()
    root = logging.getLogger()
    root.addHandler(records)
    try:
        yield records
        gc.collect()  # a lost task reports its exception when it is collected
    finally:
        root.removeHandler(records)
        structlog.reset_defaults()
    if complaint := records.complaint():
        pytest.fail(complaint, pytrace=False)


@pytest.fixture
def expected_log(_log_guard: _Records) -> ExpectLog:
    """Return a function that takes a regular expression for "LEVEL logger: message" which the test must log."""
    return _log_guard.expected.append


@pytest.fixture
def raised_windows() -> None:
    """Tell the guard that the test puts windows above each other, which the offscreen platform says it does not do."""


@pytest.fixture(autouse=True)
def _qt_guard(_log_guard: _Records, request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test during which Qt complained."""
    said: list[str] = []
    is_raising = "raised_windows" in request.fixturenames

    def listen(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
        if is_raising and _RAISE_NOISE.search(text):
            return
        if kind not in {QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg} and not _QT_NOISE.search(text):
            said.append(f"{kind.name}: {text}")

    before = qInstallMessageHandler(listen)
    try:
        yield
    finally:
        qInstallMessageHandler(before)
    if said:
        pytest.fail("Qt said:\n" + "\n".join(said), pytrace=False)


def _timers() -> Counter[str]:
    """Return the running QTimers that Python knows, described and counted."""
    objects = gc.get_objects()
    kinds = {kind for kind in set(map(type, objects)) if issubclass(kind, QTimer)}
    running = [o for o in objects if type(o) in kinds and shiboken6.isValid(o) and o.isActive()] if kinds else []
    return Counter(f"{t.objectName() or type(t).__name__} every {t.interval()} ms of {t.parent()!r}" for t in running)


@pytest.fixture(autouse=True)
def _timer_guard(_qt_guard: None, request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a Qt test that leaves a QTimer running. Each begins with the pointer away from all windows."""
    if "qtbot" not in request.fixturenames:
        yield
        return
    request.getfixturevalue("qapp")
    QCursor.setPos(4_000, 4_000)  # other tests leave it anywhere, and a list under it keeps its order
    before = _timers()
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    if left := _timers() - before:
        pytest.fail("QTimers left running:\n" + "\n".join(left), pytrace=False)


async def _leftovers() -> list[str]:
    """Return the tasks still alive after those that are about to end had a moment for it."""
    me = asyncio.current_task()
    loop = asyncio.get_running_loop()
    deadline = loop.time() + 0.2
    while others := asyncio.all_tasks() - {me}:
        if loop.time() > deadline:
            return sorted(map(repr, others))
        await asyncio.wait(others, timeout=0.05)
    return []


@pytest.fixture(autouse=True)
def _task_guard(_timer_guard: None, request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a coroutine test that leaves a task behind, before its runner cancels the task in silence."""
    if not request.node.get_closest_marker("asyncio"):
        yield
        return
    if "qtbot" in request.fixturenames:
        request.getfixturevalue("qapp")
    # Set up before and torn down after the test's other fixtures, whose coroutines the runner runs too.
    runner: asyncio.Runner = request.getfixturevalue("_function_scoped_runner")
    yield
    if left := runner.run(_leftovers()):
        pytest.fail("tasks left running:\n" + "\n".join(left), pytrace=False)
