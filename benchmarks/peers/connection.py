"""A WebSocket as plain as it can be, for peers that are fed with what our sockets carry; needs nothing but Python."""

from __future__ import annotations

import base64
import contextlib
import os
import socket
import struct
from urllib.parse import urlsplit

_TEXT, _CLOSE, _PING, _PONG = 1, 8, 9, 10
_READ = 2**18


class Connection:
    """One WebSocket, uncompressed, whose messages are whole frames: what the exchange of a flood sends."""

    def __init__(self, url: str, request: str) -> None:
        where = urlsplit(url)
        host, port = where.hostname, where.port
        self.socket = socket.create_connection((host, port), 10.0)
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall(
            f"GET {where.path or '/'} HTTP/1.1\r\nHost: {host}:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        answer = b""
        while b"\r\n\r\n" not in answer:
            part = self.socket.recv(4_096)
            if not part:
                raise ConnectionError("closed within the handshake")
            answer += part
        head, _, rest = answer.partition(b"\r\n\r\n")
        if b" 101 " not in head.split(b"\r\n")[0]:
            raise ConnectionError(head.decode())
        self._rest = bytearray(rest)
        self.frames = 0
        self._send(_TEXT, request.encode())
        self.socket.settimeout(None)

    def read(self) -> list[bytes]:
        """Return the messages that have come.

        Raises:
            ConnectionError: it was closed.
        """
        part = self.socket.recv(_READ)
        if not part:
            raise ConnectionError("closed")
        self._rest += part
        messages, at, have = [], 0, self._rest
        while len(have) - at >= 2:
            code, size, begin = have[at] & 15, have[at + 1] & 127, at + 2
            if size == 126:
                if len(have) - at < 4:
                    break
                size, begin = struct.unpack_from("!H", have, begin)[0], begin + 2
            elif size == 127:
                if len(have) - at < 10:
                    break
                size, begin = struct.unpack_from("!Q", have, begin)[0], begin + 8
            if len(have) < begin + size:
                break
            body, at = bytes(have[begin : begin + size]), begin + size
            if code == _PING:
                self._send(_PONG, body)
            elif code == _CLOSE:
                raise ConnectionError("closed by the exchange")
            else:
                messages.append(body)
        del have[:at]
        self.frames += len(messages)
        return messages

    def close(self) -> None:
        """Cut it; whoever reads is told."""
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()

    def _send(self, code: int, body: bytes) -> None:
        size = bytes([0x80 | len(body)]) if len(body) < 126 else b"\xfe" + struct.pack("!H", len(body))
        if len(body) >= 2**16:
            size = b"\xff" + struct.pack("!Q", len(body))
        mask = os.urandom(4)
        masked = bytes(b ^ mask[i % 4] for i, b in enumerate(body))
        self.socket.sendall(bytes([0x80 | code]) + size + mask + masked)
