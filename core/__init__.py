"""What Hoga knows of the market and how it gets there, without Qt. Scripts begin at `WebSocketClient`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from core.client import WebSocketClient
    from core.wire.auth import AccessKey

__all__ = ["AccessKey", "WebSocketClient"]


def __getattr__(name: str) -> Any:
    # Every module of the program passes here, and most need neither sockets nor the client: it loads when asked for.
    if name == "WebSocketClient":
        from core.client import WebSocketClient

        return WebSocketClient
    if name == "AccessKey":
        from core.wire.auth import AccessKey

        return AccessKey
    raise AttributeError(f"module 'core' has no attribute {name!r}")
