"""What a socket hands on is what was sent, however it was cut and framed on its way."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from random import Random

import pytest
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosedError

from core.feed.socket import MAX_FRAME, Socket, open_socket
from tests.waiting import until


@asynccontextmanager
async def connected(*, is_compressed: bool) -> AsyncIterator[tuple[ServerConnection, Socket, list[bytes]]]:
    """Yield the server's end, ours, and what came through."""
    far: asyncio.Future[ServerConnection] = asyncio.get_running_loop().create_future()

    async def stay(connection: ServerConnection) -> None:
        far.set_result(connection)
        await connection.wait_closed()

    came: list[bytes] = []
    async with serve(stay, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        async with open_socket(f"ws://127.0.0.1:{port}", is_compressed=is_compressed) as near:
            assert isinstance(near, Socket)
            near.hear(came.append)
            yield await far, near, came


def message(size: int, seed: int = 1) -> bytes:
    return Random(seed).randbytes(size)


def _framed(payload: bytes, first: int = 0x82) -> bytes:
    """Return an unmasked frame, as a server sends it."""
    size = len(payload)
    if size < 126:
        return bytes((first, size)) + payload
    if size < 65_536:
        return bytes((first, 126)) + size.to_bytes(2, "big") + payload
    return bytes((first, 127)) + size.to_bytes(8, "big") + payload


def _deflated(payload: bytes) -> bytes:
    """Return a payload as permessage-deflate has it."""
    squeeze = zlib.compressobj(wbits=-15)
    return (squeeze.compress(payload) + squeeze.flush(zlib.Z_SYNC_FLUSH))[:-4]


@pytest.mark.parametrize("is_compressed", [False, True])
async def test_messages_of_every_size_arrive_whole_and_in_order(is_compressed: bool) -> None:
    sent = [message(size, size) for size in (0, 1, 125, 126, 127, 65_535, 65_536, 300_000, 2, 500)]
    async with connected(is_compressed=is_compressed) as (far, _near, came):
        for one in sent:
            await far.send(one)
        await until(lambda: len(came) == len(sent))
        assert came == sent


@pytest.mark.parametrize("step", [1, 2, 3, 7, 1_000])
async def test_messages_cut_anywhere_arrive_whole(step: int) -> None:
    sent = [message(size, size) for size in (0, 5, 125, 126, 400, 1)] * 3
    wire = b"".join(_framed(one) for one in sent)
    async with connected(is_compressed=False) as (_far, near, came):
        for at in range(0, len(wire), step):
            near.data_received(wire[at : at + step])
        assert came == sent


@pytest.mark.parametrize("step", [1, 5, 10_000])
async def test_fragments_pings_and_large_messages_between_others(step: int) -> None:
    pieces = [
        _framed(b"first"),
        _framed(b"", 0x89),  # ping
        _framed(b"frag", 0x02),
        _framed(b"now", 0x89),
        _framed(b"ment", 0x80),
        _framed(message(70_000)),
        _framed(b"last", 0x81),
    ]
    wire = b"".join(pieces)
    async with connected(is_compressed=False) as (_far, near, came):
        for at in range(0, len(wire), step):
            near.data_received(wire[at : at + step])
        assert came == [b"first", b"fragment", message(70_000), b"last"]


async def test_a_ping_behind_a_message_is_answered_at_once() -> None:
    async with connected(is_compressed=False) as (far, _near, came):
        await far.send(b"before")
        await (await far.ping())
        await far.send(b"after")
        await until(lambda: len(came) == 2)


async def test_plain_and_compressed_messages_mixed() -> None:
    squeeze = zlib.compressobj(wbits=-15)
    async with connected(is_compressed=True) as (_far, near, came):
        for i in range(20):
            text = b"message %d " % i * 50
            near.data_received(_framed(text))
            packed = squeeze.compress(text) + squeeze.flush(zlib.Z_SYNC_FLUSH)
            near.data_received(_framed(packed[:-4], 0xC2))
        assert came == [b"message %d " % (i // 2) * 50 for i in range(40)]


@pytest.mark.parametrize(
    "bad",
    [
        b"not deflate at all",
        _deflated(bytes(MAX_FRAME + 1)),
    ],
    ids=["garbage", "bomb"],
)
async def test_what_cannot_be_unpacked_ends_the_connection(bad: bytes) -> None:
    async with connected(is_compressed=True) as (far, _near, came):
        far.transport.write(_framed(bad, 0xC2) + _framed(b"after"))
        await until(lambda: far.state.name == "CLOSED")
        assert came == []
        with pytest.raises(ConnectionClosedError):
            await far.send(b"nobody hears this")


async def test_compression_that_was_not_agreed_on_is_a_protocol_error() -> None:
    async with connected(is_compressed=False) as (far, near, came):
        far.transport.write(_framed(b"x", 0xC2))
        await until(lambda: near.close_code is not None)
        assert (near.protocol.close_sent.code if near.protocol.close_sent else None) == 1002
        assert came == []
