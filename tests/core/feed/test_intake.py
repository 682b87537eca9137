"""Busy sockets are read in batches and lose nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from websockets.asyncio.server import ServerConnection, serve

from core.feed.socket import Intake, Socket, open_socket
from tests.waiting import until


@asynccontextmanager
async def connected(intake: Intake) -> AsyncIterator[tuple[ServerConnection, Socket, list[bytes]]]:
    """Yield the server's end, ours, and what came through."""
    far: asyncio.Future[ServerConnection] = asyncio.get_running_loop().create_future()

    async def stay(connection: ServerConnection) -> None:
        far.set_result(connection)
        await connection.wait_closed()

    came: list[bytes] = []
    async with serve(stay, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        async with open_socket(f"ws://127.0.0.1:{port}", is_compressed=False) as near:
            assert isinstance(near, Socket)
            near.hear(came.append)
            near.intake = intake
            yield await far, near, came
    intake.close()


async def make_busy(far: ServerConnection, near: Socket, came: list[bytes]) -> int:
    """Send frames, each alone, until the socket is no longer waited for. Return how many."""
    count = 0
    while near.transport.is_reading():
        await far.send(b"%d" % count)
        count += 1
        await until(lambda: len(came) == count)  # noqa: B023
    return count


async def test_a_busy_socket_is_read_by_the_beat_and_loses_nothing() -> None:
    async with connected(Intake()) as (far, near, came):
        count = await make_busy(far, near, came)
        for i in range(count, count + 500):
            await far.send(b"%d" % i)
        await until(lambda: len(came) == count + 500)
        assert not near.transport.is_reading()
        assert came == [b"%d" % i for i in range(count + 500)]


async def test_a_socket_gone_quiet_is_waited_for_again() -> None:
    async with connected(Intake()) as (far, near, came):
        count = await make_busy(far, near, came)
        await until(near.transport.is_reading)
        await far.send(b"late")
        await until(lambda: len(came) == count + 1)


async def test_a_backlog_of_many_readings_comes_in_whole() -> None:
    async with connected(Intake()) as (far, near, came):
        count = await make_busy(far, near, came)
        sending = asyncio.gather(*(far.send(bytes(100_000)) for _ in range(100)))
        await until(lambda: len(came) == count + 100)
        await sending


async def test_the_end_of_a_busy_socket_is_seen() -> None:
    async with connected(Intake()) as (far, near, came):
        await make_busy(far, near, came)
        far.transport.abort()
        async with asyncio.timeout(5):
            await near.wait_closed()


async def test_closing_the_intake_lets_sockets_go_on_by_themselves() -> None:
    intake = Intake()
    async with connected(intake) as (far, near, came):
        count = await make_busy(far, near, came)
        intake.close()
        assert near.transport.is_reading()
        await far.send(b"after")
        await until(lambda: len(came) == count + 1)
