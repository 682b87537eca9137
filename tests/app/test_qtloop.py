"""The repaired loop: exact delays, no timer left, generators closed, and a Qt binding that keeps its references."""

from __future__ import annotations

import asyncio
import contextvars
import sys
from collections.abc import AsyncIterator
from threading import Thread

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.qtloop import AppLoop
from tests.waiting import qt_until, until


def app_loop() -> AppLoop:
    loop = asyncio.get_running_loop()
    assert isinstance(loop, AppLoop)
    return loop


@pytest.mark.parametrize("delay", [0.0005, 0.0101, 0.0507, 0.25])
async def test_a_sleep_never_ends_early_nor_much_later(qtbot: QtBot, delay: float) -> None:
    loop = app_loop()
    late: list[float] = []
    for _ in range(3):
        start = loop.time()
        await asyncio.sleep(delay)
        late.append(loop.time() - start - delay)
    assert min(late) >= 0  # qasync alone: 5 % early
    assert min(late) < 0.2  # once may be the machine's fault


async def test_cancelled_timeouts_leave_no_timer(qtbot: QtBot) -> None:
    loop = app_loop()
    await asyncio.sleep(0)
    before = loop.timer_count
    for _ in range(20_000):
        async with asyncio.timeout(30):
            await asyncio.sleep(0)
    assert loop.timer_count == before


async def test_a_timer_cancelled_twice_or_after_it_fired_is_no_error(qtbot: QtBot) -> None:
    loop, fired = app_loop(), []
    handle = loop.call_later(0.001, fired.append, 1)
    await until(lambda: fired)
    handle.cancel()
    handle.cancel()
    late = loop.call_later(0.001, fired.append, 2)
    late.cancel()
    late.cancel()
    done = loop.create_future()
    loop.call_later(0.01, done.set_result, None)
    await done
    assert fired == [1]


async def test_callbacks_run_in_order_and_in_their_context(qtbot: QtBot) -> None:
    loop, seen = app_loop(), []
    name = contextvars.ContextVar("name", default="outside")
    context = contextvars.copy_context()
    context.run(name.set, "inside")
    loop.call_soon(lambda: seen.append(name.get()), context=context)
    for i in range(5):
        loop.call_soon(seen.append, i)
    loop.call_later(0.02, seen.append, "late")
    loop.call_later(0.01, seen.append, "early")
    await until(lambda: "late" in seen)
    assert seen == ["inside", 0, 1, 2, 3, 4, "early", "late"]


async def test_another_thread_can_wake_the_loop(qtbot: QtBot) -> None:
    loop = app_loop()
    woken = asyncio.Event()
    thread = Thread(target=loop.call_soon_threadsafe, args=(woken.set,))
    thread.start()
    async with asyncio.timeout(5):
        await woken.wait()
    thread.join()


async def test_sockets_carry_data(qtbot: QtBot) -> None:
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(await reader.readexactly(100_000))
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    async with server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        writer.write(b"x" * 100_000)
        async with asyncio.timeout(10):
            assert await reader.read() == b"x" * 100_000
        writer.close()
        await writer.wait_closed()


def test_stopping_closes_async_generators(qapp: QApplication) -> None:
    closed = []

    async def ticks() -> AsyncIterator[int]:
        try:
            while True:
                yield 1
                await asyncio.sleep(0)
        finally:
            await asyncio.sleep(0)  # needs the loop: a mere garbage collection cannot do it
            closed.append(True)

    async def main() -> None:
        held.append(ticks())
        assert await anext(held[0]) == 1

    held: list[AsyncIterator[int]] = []
    with asyncio.Runner(loop_factory=lambda: AppLoop(qapp)) as runner:
        runner.run(main())
        assert not closed
    assert closed


def test_nothing_is_called_back_between_two_runs(qapp: QApplication) -> None:
    """qasync handles Qt's events once more after each, and a task would find no running loop then."""
    begun: list[asyncio.Task[None]] = []
    steps = 0

    async def tick() -> None:
        nonlocal steps
        while True:
            asyncio.get_running_loop()
            steps += 1
            await asyncio.sleep(0)

    async def main() -> None:
        if not begun:
            begun.append(asyncio.create_task(tick()))
        await asyncio.sleep(0.01)

    with asyncio.Runner(loop_factory=lambda: AppLoop(qapp)) as runner:
        runner.run(main())
        before = steps
        for _ in range(5):
            qapp.processEvents()
        assert steps == before > 0
        assert not begun[0].done()
        runner.run(main())
        assert steps > before, "it goes on with the next one"
    assert begun[0].cancelled()


def test_a_closed_loop_has_no_timers(qapp: QApplication) -> None:
    fired = []

    async def main() -> None:
        asyncio.get_running_loop().call_later(0.01, fired.append, 1)

    with asyncio.Runner(loop_factory=lambda: AppLoop(qapp)) as runner:
        loop = runner.get_loop()
        runner.run(main())
    assert isinstance(loop, AppLoop)
    assert loop.timer_count == 0


def test_qt_keeps_its_references_to_none(qtbot: QtBot) -> None:
    """PySide6 6.12.0 loses one at each call from Qt into Python below 3.12, and the process dies of it."""
    fired = 0

    def count() -> None:
        nonlocal fired
        fired += 1

    timer = QTimer()
    timer.timeout.connect(count)
    timer.start(0)
    before = sys.getrefcount(None)
    qt_until(lambda: fired >= 300)
    lost = before - sys.getrefcount(None)
    timer.stop()
    assert lost < 200
