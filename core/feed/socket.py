"""One WebSocket, read without a task or a queue: a frame is handed on inside the call that received its bytes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException
from websockets.frames import Frame, Opcode
from websockets.protocol import Event, State
from websockets.streams import StreamReader

_COMPRESSED = 0x40
_WHOLE = frozenset({0x80 | Opcode.TEXT, 0x80 | Opcode.BINARY})  # first byte of a message in one frame
_WHOLE_COMPRESSED = frozenset(first | _COMPRESSED for first in _WHOLE)
_TWO_BYTES = 126  # in the second byte: the length stands in the next two
_DATA = frozenset({Opcode.TEXT, Opcode.BINARY})
OPEN_TIMEOUT_S = 10.0
# The library logs handshakes with all their headers, a token among them, wherever somebody asks for that much.
_QUIET = logging.getLogger("websockets.hoga")
_QUIET.setLevel(logging.WARNING)
CLOSE_TIMEOUT_S = 0.3  # a server that ignores the closing handshake must not hold the exit
MAX_FRAME = 4 * 2**20  # bytes; the largest frame known is about 60 kB
_QUIET_BEATS = 10  # without a byte, then waiting costs less than looking
_MOST_EARLY = 8
_FULL = 2**17  # bytes; a reading so large is a backlog


class Intake:
    """Reads busy sockets in batches, all of them in one turn.

    When frames trickle, waking up costs far more than parsing. So a socket that was woken twice within a beat is no
    longer waited for but read once a beat, until it has been quiet for a while; the kernel's buffer is the queue, TCP
    loses nothing. One timer serves all sockets: pausing and resuming each would cost Qt a new notifier every time.
    """

    def __init__(self, beat_s: float = 0.010) -> None:
        self.beat_s = beat_s
        self._busy: list[Socket] = []
        self._timer: asyncio.TimerHandle | None = None

    def hold(self, socket: Socket) -> None:
        """Wait for `socket` no more, read it once a beat."""
        if socket.pause():
            self._busy.append(socket)
            if self._timer is None:
                self._timer = socket.loop.call_later(self.beat_s, self._read)

    def _read(self) -> None:
        self._timer = None
        busy, self._busy = self._busy, []
        is_full = False
        for socket in busy:
            if not socket.read() or socket.loop.time() - socket.last_at > _QUIET_BEATS * self.beat_s:
                socket.resume()
            else:
                self._busy.append(socket)
                is_full = is_full or socket.last_size >= _FULL
        if self._busy and self._timer is None:
            # More than one reading holds was there already: do not let the line wait.
            delay_s = self.beat_s / 10 if is_full else self.beat_s
            self._timer = self._busy[0].loop.call_later(delay_s, self._read)

    def close(self) -> None:
        """Stop the timer; every socket is waited for again."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        busy, self._busy = self._busy, []
        for socket in busy:
            socket.resume()


class Socket(ClientConnection):
    """A client connection that calls `on_data` for each whole message instead of queueing it for `recv`."""

    intake: Intake | None = None
    last_at = 0.0  # loop time of the last bytes
    last_size = 0  # of the last bytes that came at once

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._early: list[bytes] = []
        self.on_data: Callable[[bytes], None] = self._keep
        self._parts: list[bytes] = []
        self._woken_at = 0.0
        self._is_held = False  # paused, and read by the intake
        self._tail = b""  # the part of a message that came so far
        self._whole = _WHOLE

    def hear(self, on_data: Callable[[bytes], None]) -> None:
        """Call `on_data` for each message from now on, and now for what came with the handshake's own answer."""
        self.on_data = on_data
        early, self._early = self._early, []
        for data in early:
            on_data(data)

    def _keep(self, data: bytes) -> None:
        """Before the first request nothing comes but a word on why we are not welcome."""
        if len(self._early) < _MOST_EARLY:
            self._early.append(data)

    def data_received(self, data: bytes) -> None:
        self.last_at = now = self.loop.time()
        self.last_size = len(data)
        rest = self._carry(data)
        if rest:
            super().data_received(rest)
        if self.intake is not None and not self._is_held:
            if now - self._woken_at < self.intake.beat_s:
                self.intake.hold(self)
            self._woken_at = now

    def _carry(self, data: bytes) -> bytes:
        """Hand on the whole messages at the front of `data`; return what is for websockets' own parser.

        That parser goes through several generators a frame, which costs as much as all the rest up to the state.
        """
        if self._tail:
            data, self._tail = self._tail + data, b""
        elif not self._is_between_frames():
            return data
        at, size = 0, len(data)
        while at + 2 <= size:
            first, length, start = data[at], data[at + 1], at + 2
            if first not in self._whole or length > _TWO_BYTES:
                return data[at:]
            if length == _TWO_BYTES:
                start += 2
                if start > size:
                    break
                length = int.from_bytes(data[at + 2 : start], "big")
            end = start + length
            if end > size:
                break
            payload = data[start:end]
            if first & _COMPRESSED:
                try:
                    payload = self._unpacked(payload)
                except WebSocketException:
                    self.cut()  # what follows cannot be understood without it
                    return b""
            self.on_data(payload)
            at = end
        self._tail = data[at:]
        return b""

    def _unpacked(self, payload: bytes) -> bytes:
        frame = Frame(Opcode.BINARY, payload, rsv1=True)
        for extension in reversed(self.protocol.extensions):
            frame = extension.decode(frame, max_size=MAX_FRAME)
        return bytes(frame.data)

    def _is_between_frames(self) -> bool:
        """Tell whether the connection is open and websockets' parser holds no part of a message."""
        protocol = self.protocol
        if protocol.state is not State.OPEN or protocol.reader.buffer or self._parts:
            return False
        step: Any = protocol.parser
        while step.gi_yieldfrom is not None:
            step = step.gi_yieldfrom
        if step.gi_code is not StreamReader.at_eof.__code__:
            return False
        self._whole = _WHOLE | _WHOLE_COMPRESSED if protocol.extensions else _WHOLE
        return True

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
        """Wait for bytes no more. Return False where that cannot be done now."""
        transport = self._raw()
        if transport is None or transport.is_closing() or not transport.is_reading():
            return False
        transport.pause_reading()
        self._is_held = True
        return True

    def read(self) -> bool:
        """Take what has come while paused. Return False where the transport cannot do that, or has closed."""
        transport = self._raw()
        ready = getattr(transport, "_read_ready", None)  # what asyncio's own selector loops call
        if ready is None or transport.is_closing():
            return False
        ready()
        return True

    def resume(self) -> None:
        """Wait for bytes again."""
        self._is_held = False
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
        logger=_QUIET,
        compression="deflate" if is_compressed else None,
        open_timeout=OPEN_TIMEOUT_S,
        close_timeout=CLOSE_TIMEOUT_S,
        ping_interval=None,
        max_size=MAX_FRAME,
    )
