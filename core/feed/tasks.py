"""Tasks that nobody awaits: what breaks one is said, not lost."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable
from typing import Any

AGAIN_S = 0.5


def start(coroutine: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
    """Start a task that ends by being cancelled, or by itself; anything else is a bug that must be seen."""
    task = asyncio.create_task(coroutine, name=name)
    task.add_done_callback(_report)
    return task


async def stop(tasks: Iterable[asyncio.Task[None]]) -> None:
    """Cancel tasks until each has ended.

    A cancel that comes in the moment of a timeout may be taken for that, by a library or by ours, and the task goes on:
    then it is cancelled again.
    """
    left = {task for task in tasks if not task.done()}
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=AGAIN_S)


def _report(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (why := task.exception()) is not None:
        context = {"message": f"{task.get_name()} broke", "exception": why, "task": task}
        task.get_loop().call_exception_handler(context)
