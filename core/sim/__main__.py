"""python -m core.sim: the built-in exchange as a process of its own."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import math
import os
import signal
import sys
import threading
from collections.abc import Callable

from core.sim.exchange import Exchange


def _number(kind: type[int] | type[float], least: float, most: float = math.inf) -> Callable[[str], float]:
    """Return a reader of one argument, which must lie in least..most."""

    def read(text: str) -> float:
        value = kind(text)
        if not least <= value <= most:
            raise argparse.ArgumentTypeError(f"{text} is not in {least:g}..{most:g}")
        return value

    read.__name__ = "number"  # as argparse calls it in a message
    return read


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m core.sim", description="The built-in exchange, on loopback.")
    parser.add_argument("--port", type=_number(int, 0, 65_535), default=0, help="0 takes a free one")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--markets", type=_number(int, 1), default=None, help="how many, by turnover; default: all")
    parser.add_argument(
        "--rate", type=_number(float, 0.001, 1_000), default=1.0, help="activity against the natural one"
    )
    blast = _number(float, 0, 10_000_000)
    parser.add_argument("--blast", type=blast, default=0.0, metavar="R", help="send a ready ring of R frames a second")
    parser.add_argument("--skew-ms", type=int, default=0, help="how far the exchange's clock is off")
    parser.add_argument("--replace-gap-ms", type=_number(int, 0), default=0, help="trades lost in a replace")
    parser.add_argument("--no-limits", action="store_true", help="count what passes the limits, refuse nothing")
    parser.add_argument("--no-demo-trades", action="store_true", help="let the demo account do nothing by itself")
    parser.add_argument("--parent", action="store_true", help="end when standard input closes")
    return parser.parse_args(argv)


def _watch_parent(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    """End with the process that holds the other end of standard input, however that one ends."""

    def wait() -> None:
        while os.read(sys.stdin.fileno(), 1024):
            pass
        with contextlib.suppress(RuntimeError):  # the loop may be closed by now
            loop.call_soon_threadsafe(stop.set)

    threading.Thread(target=wait, name="parent", daemon=True).start()


async def _serve(options: argparse.Namespace) -> None:
    exchange = Exchange(
        seed=options.seed,
        markets=options.markets,
        port=options.port,
        rate=options.rate,
        blast=options.blast,
        skew_ms=options.skew_ms,
        replace_gap_ms=options.replace_gap_ms,
        has_limits=not options.no_limits,
        demo_trades=not options.no_demo_trades,
    )
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    with contextlib.suppress(NotImplementedError):  # Windows has no signal handlers on a loop
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
    if options.parent:
        _watch_parent(loop, stop)
    async with exchange:
        key = exchange.demo.key
        said = {"ws": exchange.ws_url, "rest": exchange.rest_url, "pid": os.getpid(), "seed": options.seed}
        said["private_ws"] = exchange.private_ws_url
        said |= {"access_key": key.access, "secret_key": key.secret}
        sys.stdout.write(json.dumps(said) + "\n")
        sys.stdout.flush()
        if options.blast:  # measured: nothing else may run beside it
            await stop.wait()
            sys.stdout.write(json.dumps(exchange.stats()["blast"]) + "\n")
            sys.stdout.flush()
            return
        warming = asyncio.create_task(exchange.warm())
        await stop.wait()
        warming.cancel()


def main(argv: list[str] | None = None) -> int:
    options = _arguments(argv)
    try:
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(_serve(options))
    except BrokenPipeError:  # whoever started us is gone already; what was not read must not fail the exit as well
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as why:
        sys.stderr.write(f"core.sim: {why}\n")
        return 1
    return 0


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    os._exit(code)  # taking apart what the process holds would take as long as all the rest of its end
