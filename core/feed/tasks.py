"""Tasks that nobody awaits: what breaks one is said, not lost."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any


def start(coroutine: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
    """Start a task that ends by being cancelled, or by itself; anything else is a bug that must be seen."""
    task = asyncio.create_task(coroutine, name=name)
    task.add_done_callback(_report)
    return task


def _report(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (why := task.exception()) is not None:
        context = {"message": f"{task.get_name()} broke", "exception": why, "task": task}
        task.get_loop().call_exception_handler(context)
