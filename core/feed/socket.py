"""One WebSocket, read without a task or a queue: a frame is handed on inside the call that received its bytes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.frames import Frame, Opcode
from websockets.protocol import Event

_DATA = frozenset({Opcode.TEXT, Opcode.BINARY})
OPEN_TIMEOUT_S = 10.0
CLOSE_TIMEOUT_S = 0.3  # a server that ignores the closing handshake must not hold the exit
MAX_FRAME = 4 * 2**20  # bytes; the largest frame known is about 60 kB


class Intake:
    """Lets busy sockets be read in batches.

    When frames trickle, waking up costs far more than parsing (perf: 143 us of CPU a frame against 52 when woken for
    16 at a time). So a socket that was woken twice within a beat is paused until the beat ends; the kernel's buffer
    is the queue, TCP loses nothing. One timer serves all sockets.
    """

    def __init__(self, beat_s: float = 0.010) -> None:
        self.beat_s = beat_s
        self._paused: list[Socket] = []
        self._timer: asyncio.TimerHandle | None = None

    def hold(self, socket: Socket) -> None:
        """Read no more of `socket` until the beat ends."""
        if socket.pause():
            self._paused.append(socket)
            if self._timer is None:
                self._timer = socket.loop.call_later(self.beat_s, self._resume)

    def _resume(self) -> None:
        self._timer = None
        paused, self._paused = self._paused, []
        for socket in paused:
            socket.resume()

    def close(self) -> None:
        """Stop the timer."""
        if self._timer is not None:
            self._timer.cancel()
        self._resume()


class Socket(ClientConnection):
    """A client connection that calls `on_data` for each whole message instead of queueing it for `recv`."""

    intake: Intake | None = None
    last_at = 0.0  # loop time of the last bytes

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.on_data: Callable[[bytes], None] = self._drop
        self._parts: list[bytes] = []
        self._woken_at = 0.0

    @staticmethod
    def _drop(_data: bytes) -> None:
        """Before the first request nothing can come that is meant for us."""

    def data_received(self, data: bytes) -> None:
        self.last_at = now = self.loop.time()
        super().data_received(data)
        if self.intake is not None:
            if now - self._woken_at < self.intake.beat_s:
                self.intake.hold(self)
            self._woken_at = now

    def process_event(self, event: Event) -> None:
        if type(event) is not Frame or self.response is None:
            super().process_event(event)
        elif event.opcode in _DATA and event.fin:
            self.on_data(bytes(event.data))
        elif event.opcode in _DATA or event.opcode is Opcode.CONT:
            self._parts.append(bytes(event.data))
            if event.fin:
                whole, self._parts = b"".join(self._parts), []
                self.on_data(whole)
        else:
            super().process_event(event)

    def pause(self) -> bool:
        """Stop reading. Return False where that cannot be done now."""
        transport = self._raw()
        if transport is None or transport.is_closing() or not transport.is_reading():
            return False
        transport.pause_reading()
        return True

    def resume(self) -> None:
        transport = self._raw()
        if transport is not None and not transport.is_closing():
            transport.resume_reading()
            self._woken_at = self.loop.time()

    def _raw(self) -> Any:
        """Return the transport that holds the kernel's socket: under TLS, pausing the TLS layer gains little."""
        tls = getattr(self.transport, "_ssl_protocol", None)
        return getattr(tls, "_transport", None) or self.transport

    def cut(self) -> None:
        """Drop the connection at once, without the closing handshake."""
        self.transport.abort()


def open_socket(url: str, *, headers: dict[str, str] | None = None, is_compressed: bool = True) -> connect:
    """Return the context manager of one connection to `url`.

    Keepalive is `Link`'s: it knows what silence means. No Origin header is sent, the exchange would throttle it.
    """
    return connect(
        url,
        create_connection=Socket,
        additional_headers=headers,
        compression="deflate" if is_compressed else None,
        open_timeout=OPEN_TIMEOUT_S,
        close_timeout=CLOSE_TIMEOUT_S,
        ping_interval=None,
        max_size=MAX_FRAME,
    )
