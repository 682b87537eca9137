"""Alerts in a flood: from the frame that passes a threshold until the message is painted, and whether one is missed.

Rules watch prices of the KRW markets while the exchange floods the board with `--rate` tickers a second. What should
have fired is worked out afterwards from the tickers that came, without the program's own code. `cpu_share` is the whole
process's, `cpu_share_without` the same flood without rules.
"""

from __future__ import annotations

import asyncio
import gc
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.desk import LIVE_DUE_S, open_desk, run_on_qt
from benchmarks.measure import arguments, percentiles, report
from benchmarks.storm import control

WARM_S = 4.0
WATCH_S = 3.0  # in which prices are looked at, to set thresholds in their middle
BACK = 0.001  # of a price: so far back it must have been to fire again

Seen = list[tuple[float, float, float]]  # price, day's high, when


def expected(seen: Seen, threshold: float) -> int:
    """Return how often a rule "at or above" should have fired over these tickers."""
    fired, is_armed, is_first, before = 0, False, True, 0.0
    for price, high, _ in seen:
        touched = max(price, high) if high > before and not is_first else price
        before = high
        if is_first:
            # A price at the threshold itself, where the median often is, tells no side: the next other one does.
            is_armed, is_first = price < threshold, price == threshold
        elif is_armed and touched >= threshold:
            fired += 1
            is_armed = threshold - price >= threshold * BACK
        elif threshold - price >= threshold * BACK:  # prices stand on a grid: some are exactly so far back
            is_armed = True
    return fired


async def _measure(rate: float, rules: int, seconds: float) -> dict[str, Any]:
    from PySide6.QtCore import QEvent, QObject

    from app.exchange import BuiltInExchange
    from core.market import TICKER, Stream
    from core.state.alerts import PRICE, Rule

    latency: list[float] = []

    class Painted(QObject):
        """Notes when a message is painted first."""

        def __init__(self, at: float, toast: QObject) -> None:
            super().__init__(toast)
            self._at: float | None = at
            toast.installEventFilter(self)

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint and self._at is not None:
                latency.append((time.perf_counter() - self._at) * 1_000)
                self._at = None
            return False

    with tempfile.TemporaryDirectory() as folder:
        exchange = BuiltInExchange("--blast", "100", "--markets", "400")
        async with open_desk(Path(folder), exchange, "scanner") as desk:
            feed = desk.feed
            desk.settings.is_quiet = True  # the sound of this machine is not measured
            async with asyncio.timeout(LIVE_DUE_S):
                while len(feed.store.tickers) < 200:  # noqa: ASYNC110
                    await asyncio.sleep(0.1)
            assert desk.services is not None
            endpoint = desk.services.endpoint
            stats = await control(endpoint, "stats")
            await control(endpoint, f"pace?rate={rate / max(stats['connections'], 1)}")
            for pane in [p for p in desk.panes if p.kind != "scanner"]:
                desk.workspace.close_pane(pane)
            came_at = 0.0
            on_frame = feed.on_frame

            def stamped(link: int, frame: bytes) -> Any:
                nonlocal came_at
                came_at = time.perf_counter()
                return on_frame(link, frame)

            assert desk.services is not None
            for link in desk.services.pool.links.values():
                link._on_frame = stamped
            show = desk.alerts.toasts.show_toast

            def watched(*what: Any) -> Any:
                at = came_at
                toast = show(*what)
                Painted(at, toast)
                return toast

            desk.alerts.toasts.show_toast = watched  # type: ignore[method-assign]
            await asyncio.sleep(WARM_S)
            seen: dict[str, Seen] = defaultdict(list)

            def see(stream: Stream) -> None:
                ticker = feed.store.ticker(stream.market)
                if ticker is not None:
                    seen[stream.market].append((ticker.price, ticker.high, time.perf_counter()))

            ears = feed.lease(see)
            ears.want(Stream(TICKER, m) for m in feed.board.windows.codes)
            await asyncio.sleep(WATCH_S)

            async def share() -> tuple[float, float]:
                gc.collect()
                begun, used, messages = time.perf_counter(), time.process_time(), _messages(desk)
                await asyncio.sleep(seconds)
                took = time.perf_counter() - begun
                return (time.process_time() - used) / took, (_messages(desk) - messages) / took

            without, _ = await share()
            lively = sorted(seen, key=lambda m: -len({p for p, _, _ in seen[m]}))[:rules]
            made = {}
            for n, market in enumerate(lively):
                threshold = median(p for p, _, _ in seen[market])
                made[market] = threshold
                seen[market] = seen[market][-1:]  # what the rule sees first
                rule = Rule(str(n + 1), PRICE, market, way="above", value=threshold, mode="each")
                feed.alerts.set(rule)
            with_rules, frames_per_s = await share()
            fired: dict[str, int] = defaultdict(int)
            for one in feed.alerts.log():
                fired[one.market] += 1
            wanted = {m: expected(seen[m], threshold) for m, threshold in made.items()}
            ears.close()
            told = await control(endpoint, "stats")
            return {
                "rate": rate,
                "frames_per_s": round(frames_per_s),
                "rules": rules,
                "fired": sum(fired.values()),
                "latency_ms": percentiles(latency, 1),
                "missed": sum(max(wanted[m] - fired[m], 0) for m in made),
                "spurious": sum(max(fired[m] - wanted[m], 0) for m in made),
                "cpu_share": round(with_rules, 3),
                "cpu_share_without": round(without, 3),
                "is_valid": not told["behind"],
            }


def _messages(desk: Any) -> int:
    return sum(link.messages for link in desk.feed.health.links.values())


if __name__ == "__main__":
    parser = arguments(__doc__)
    parser.add_argument("--rate", type=float, default=3_000.0, help="frames a second, all sockets together")
    parser.add_argument("--rules", type=int, default=12)
    parser.add_argument("--seconds", type=float, default=15.0)
    options = parser.parse_args()
    report("alerts", run_on_qt(_measure(options.rate, options.rules, options.seconds)), options.json)
