"""Whether the exchange can be reached from here, and if not, which step fails. Blocking, standard library only."""

from __future__ import annotations

import base64
import contextlib
import http.client
import socket
import ssl
import time
import urllib.parse
import urllib.request
from email.utils import parsedate_to_datetime
from typing import NamedTuple

REST = "https://api.upbit.com/v1/ticker?markets=KRW-BTC"
WS = "wss://api.upbit.com/websocket/v1"


HINTS = {
    "dns": "the name is not known here: check the network and its DNS",
    "refused": "nothing listens there: a firewall, or the exchange is down",
    "tls": "no trusted connection: check this machine's clock, and whether a filter stands in between",
    "proxy": "the proxy of this machine's settings does not let it through",
    "timeout": "no answer: check the network, a firewall or a proxy",
    "network": "the network cannot be used",
    "answer": "something else than the exchange answered",
}


class Answer(NamedTuple):
    """What came of one attempt to reach the exchange."""

    url: str
    failure: str = ""  # a key of HINTS, "" when it was reached
    detail: str = ""
    took_ms: int = 0
    clock_offset_s: float | None = None  # the exchange's clock minus ours, to about half a second


def proxy_names() -> list[str]:
    """Return for which schemes this machine has a proxy; not their addresses, which may hold a login."""
    return sorted(urllib.request.getproxies())


def ask(url: str, timeout_s: float) -> Answer:
    """Ask one address, through the machine's proxy if it has one, and name the step that failed.

    Args:
        url: http, https, ws or wss; of the last two the opening handshake is made.
        timeout_s: for each step. DNS keeps its own time: run this in a thread that may be left alone.
    """
    parts = urllib.parse.urlsplit(url)
    is_secure, is_ws = parts.scheme in {"https", "wss"}, parts.scheme in {"ws", "wss"}
    host = parts.hostname or ""
    proxy = (
        ""
        if urllib.request.proxy_bypass(host)
        else urllib.request.getproxies().get("https" if is_secure else "http", "")
    )
    headers = {"User-Agent": "hoga"}
    if is_ws:
        key = {"Sec-WebSocket-Key": "aG9nYSBkb2N0b3Igc2F5cw==", "Sec-WebSocket-Version": "13"}
        headers |= {"Connection": "Upgrade", "Upgrade": "websocket"} | key
    start, start_wall = time.monotonic(), time.time()
    try:
        with contextlib.closing(_connection(host, parts.port, proxy, is_secure, timeout_s)) as connection:
            connection.request("GET", f"{parts.path or '/'}{'?' * bool(parts.query)}{parts.query}", headers=headers)
            response = connection.getresponse()
    except (OSError, http.client.HTTPException, ValueError) as why:  # ValueError: a proxy address that is none
        return Answer(url, _failure(why, bool(proxy)), str(why) or type(why).__name__)
    took_s = time.monotonic() - start
    if response.status != (101 if is_ws else 200):
        return Answer(url, "answer", f"HTTP {response.status} {response.reason}", round(took_s * 1000))
    offset_s = None
    with contextlib.suppress(TypeError, ValueError):
        # The header has whole seconds: half of one is the fair guess.
        said_s = parsedate_to_datetime(response.getheader("Date", "")).timestamp() + 0.5
        offset_s = round(said_s - (start_wall + took_s / 2), 1)
    return Answer(url, "", "", round(took_s * 1000), offset_s)


def _connection(
    host: str, port: int | None, proxy: str, is_secure: bool, timeout_s: float
) -> http.client.HTTPConnection:
    """Return a connection that is not open yet."""
    first_host, first_port = host, port
    if proxy:
        hop = urllib.parse.urlsplit(proxy if "//" in proxy else f"//{proxy}")
        first_host, first_port = hop.hostname or "", hop.port or 3128
    if is_secure:
        context = ssl.create_default_context()
        connection: http.client.HTTPConnection = http.client.HTTPSConnection(
            first_host, first_port, timeout=timeout_s, context=context
        )
    else:
        connection = http.client.HTTPConnection(first_host, first_port, timeout=timeout_s)
    if proxy:
        login = (
            f"{urllib.parse.unquote(hop.username)}:{urllib.parse.unquote(hop.password or '')}" if hop.username else ""
        )
        headers = {"Proxy-Authorization": f"Basic {base64.b64encode(login.encode()).decode()}"} if login else {}
        connection.set_tunnel(host, port or (443 if is_secure else 80), headers)
    return connection


def _failure(why: Exception, has_proxy: bool) -> str:
    """Return the key in HINTS that names the step which failed."""
    if isinstance(why, ssl.SSLError):
        return "tls"
    if isinstance(why, TimeoutError):
        return "timeout"
    if isinstance(why, http.client.HTTPException):
        return "answer"
    if has_proxy:
        return "proxy"
    if isinstance(why, socket.gaierror):
        return "dns"
    return "refused" if isinstance(why, ConnectionRefusedError) else "network"
