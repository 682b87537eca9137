"""Where an exchange listens. Light: it is loaded before the first paint. Pure."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import urlsplit


class Endpoint(NamedTuple):
    """Where an exchange listens. The client is the same for all of them."""

    ws: str
    rest: str
    is_real: bool  # False: prices are not the market's, and every pane must say so
    history: str = ""  # name of what it tells of the past, which is always the same; "": not to be kept

    @property
    def private_ws(self) -> str:
        """Where one's own account is told of."""
        return f"{self.ws}/private"


UPBIT = Endpoint("wss://api.upbit.com/websocket/v1", "https://api.upbit.com/v1", is_real=True, history="upbit")


def outside_of(endpoint: Endpoint) -> tuple[str, str, str]:
    """Return where a built-in exchange plays the world outside: (socket, candles, bank's rate)."""
    ws, rest = (f"{urlsplit(url).scheme}://{urlsplit(url).netloc}/abroad" for url in (endpoint.ws, endpoint.rest))
    return f"{ws}/ws", rest, f"{rest}/fx"
