"""What every example does first: read `--demo` and `--seconds`, and find the exchange."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
from collections.abc import Awaitable, Callable

from app.exchange import BuiltInExchange
from core.feed.endpoint import UPBIT, Endpoint


def run(main: Callable[[Endpoint], Awaitable[None]], about: str | None) -> None:
    """Run `main` until it ends, the time is over or Ctrl-C is pressed."""
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
                    await main(where)
        finally:
            if exchange is not None:
                await exchange.stop()

    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(play())
