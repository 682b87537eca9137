"""Wait for a condition, never for time."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QDeadlineTimer, QEvent, QEventLoop
from PySide6.QtWidgets import QApplication

POLL_S = 0.002
DUE_S = 60.0  # only a test that fails waits so long; machines that build many things at once are slow


async def until(condition: Callable[[], object], timeout: float = DUE_S) -> None:  # noqa: ASYNC109 - it raises with the reason
    """Return as soon as `condition()` is true, while the loop turns.

    Args:
        timeout: seconds.

    Raises:
        AssertionError: it was not true in time; the message shows the condition.
    """
    loop = asyncio.get_running_loop()
    deadline = loop.time() + timeout
    while not condition():
        if loop.time() > deadline:
            raise AssertionError(f"not within {timeout:g} s: {_source(condition)}")
        await asyncio.sleep(POLL_S)


def qt_until(condition: Callable[[], object], timeout: float = DUE_S) -> None:
    """Return as soon as `condition()` is true, while Qt's events are handled. For tests that are no coroutines.

    Args:
        timeout: seconds.

    Raises:
        AssertionError: it was not true in time; the message shows the condition.
    """
    deadline = QDeadlineTimer(int(timeout * 1000))
    while not condition():
        if deadline.hasExpired():
            raise AssertionError(f"not within {timeout:g} s: {_source(condition)}")
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 10)
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def _source(condition: Callable[[], object]) -> str:
    """Return the line that says what was waited for."""
    try:
        lines, number = inspect.getsourcelines(condition)
        return f"{lines[0].strip()} ({Path(inspect.getsourcefile(condition) or '?').name}:{number})"
    except (OSError, TypeError):
        return repr(condition)
