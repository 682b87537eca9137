"""Tasks end when they are told to, also those that take a cancel for something else."""

from __future__ import annotations

import asyncio
import contextlib

import pytest

from core.feed import tasks
from tests.waiting import until


async def test_a_task_that_took_the_first_cancel_for_a_timeout_is_cancelled_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tasks, "AGAIN_S", 0.001)
    begun: list[int] = []

    async def deaf() -> None:
        for turn in range(3):
            begun.append(turn)
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.Event().wait()
        await asyncio.Event().wait()

    async def plain() -> None:
        await asyncio.Event().wait()

    made = [tasks.start(deaf(), "deaf"), tasks.start(plain(), "plain")]
    await until(lambda: begun)
    await tasks.stop(made)
    assert begun == [0, 1, 2]
    assert all(task.cancelled() for task in made)


async def test_what_has_ended_already_is_no_trouble() -> None:
    task = tasks.start(asyncio.sleep(0), "short")
    await until(task.done)
    await tasks.stop([task])
    await tasks.stop([])
