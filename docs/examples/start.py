"""What every example does first: read `--demo` and `--seconds`, and find the exchange."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
from collections.abc import Awaitable, Callable

from app.credentials import Credentials
from app.exchange import BuiltInExchange
from app.secrets import Secrets
from core import AccessKey
from core.feed.endpoint import UPBIT


def run(main: Callable[..., Awaitable[None]], about: str | None, *, with_key: bool = False) -> None:
    """Run `main(endpoint)` until it ends, the time is over or Ctrl-C is pressed.

    Args:
        with_key: call `main(endpoint, key)`, with the key of the demo account, or the one in the system's keyring.
    """
    parser = argparse.ArgumentParser(description=(about or "").partition("\n")[0])
    parser.add_argument("--demo", action="store_true", help="use the built-in exchange; no network is needed")
    parser.add_argument("--seconds", type=float, default=None, help="end after so long; default: Ctrl-C")
    options = parser.parse_args()

    async def play() -> None:
        exchange = BuiltInExchange() if options.demo else None
        try:
            where = await exchange.endpoint() if exchange is not None else UPBIT
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(options.seconds):
                    await (main(where, await _key(exchange)) if with_key else main(where))
        finally:
            if exchange is not None:
                await exchange.stop()

    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(play())


async def _key(exchange: BuiltInExchange | None) -> AccessKey | None:
    if exchange is not None:
        return exchange.key
    credentials = Credentials(Secrets())
    await credentials.read()
    return credentials.key
