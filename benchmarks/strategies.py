"""Strategies in a flood: what 50 of them cost, and whether the desk beside them still paints as evenly.

The built-in exchange floods a desk with `--rate` frames a second, all sockets together; `--strategies` built-in ones of
all kinds watch `--markets` markets each. The same desk and the same streams are measured without and with them in one
run, in turns, so that what else goes on in the machine falls on both. `per_event_us` is what one event costs, of which
`handler_us` is the handlers' own; `cpu_share` is what the strategies take of one core; gaps are from frame to frame.
"""

from __future__ import annotations

import asyncio
import gc
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.desk import LIVE_DUE_S, open_desk, run_on_qt
from benchmarks.measure import arguments, percentiles, report
from benchmarks.storm import BEGIN, Wanted, control, fill

if TYPE_CHECKING:
    from app.desk import Desk
    from core.feed.endpoint import Endpoint

WARM_S = 6.0
TURNS = 3  # without and with, one after the other


class Turns:
    """What was measured over some turns of one kind."""

    def __init__(self) -> None:
        self.gaps: list[float] = []
        self.took = self.cpu = 0.0
        self.frames = 0
        self.events = 0
        self.handlers_s = 0.0

    @property
    def share(self) -> float:
        return self.cpu / self.took


def _messages(desk: Desk) -> int:
    return sum(link.messages for link in desk.feed.health.links.values())


def _events(desk: Desk) -> tuple[int, float]:
    works = desk.feed.strategies.works.values()
    return sum(w.messages for w in works), sum(w.used_s for w in works)


async def _pace(desk: Desk, rate: float) -> None:
    """Let all sockets together get `rate` frames a second, also when there are more of them now."""
    endpoint = _endpoint(desk)
    stats = await control(endpoint, "stats")
    await control(endpoint, f"pace?rate={rate / max(stats['connections'], 1)}")


def _endpoint(desk: Desk) -> Endpoint:
    assert desk.services is not None
    return desk.services.endpoint


async def _measure_turn(desk: Desk, turn: Turns, seconds: float) -> None:
    gc.collect()
    at: list[float] = []
    desk.frames.on_frame = lambda: at.append(time.perf_counter())
    frames, (events, used_s) = _messages(desk), _events(desk)
    begun, cpu = time.perf_counter(), time.process_time()
    await asyncio.sleep(seconds)
    turn.took += time.perf_counter() - begun
    turn.cpu += time.process_time() - cpu
    desk.frames.on_frame = None
    after, after_s = _events(desk)
    turn.frames += _messages(desk) - frames
    turn.events += after - events
    turn.handlers_s += after_s - used_s
    turn.gaps += [(b - a) * 1_000 for a, b in pairwise(at)]


async def _measure(rate: float, count: int, markets: int, charts: int, seconds: float) -> dict[str, Any]:
    from app.exchange import BuiltInExchange
    from core.market import Stream
    from core.state.strategies import Monitor
    from core.strategy.base import streams
    from core.strategy.builtin import KINDS

    with tempfile.TemporaryDirectory() as folder:
        exchange = BuiltInExchange("--blast", str(BEGIN), "--markets", "400")
        async with open_desk(Path(folder), exchange, "scanner") as desk:
            async with asyncio.timeout(LIVE_DUE_S):
                while not desk.feed.store.markets or desk.strategies.strategist is None:  # noqa: ASYNC110
                    await asyncio.sleep(0.1)
            fill(desk, Wanted(charts))
            strategies = desk.feed.strategies
            watched = tuple([m for m in desk.feed.store.markets if m.startswith("KRW-")][:markets])
            # Both times the exchange sends the same streams: what is compared is the strategies, not their data.
            ears = desk.feed.lease(lambda _stream: None, is_background=True)
            for n in range(count):
                strategies.set(Monitor(str(n + 1), KINDS[n % len(KINDS)], watched, is_on=False))
            kinds = [strategies.kinds[m.kind] for m in strategies.monitors.values()]
            values = [m.values for m in strategies.monitors.values()]
            channels = {c for kind, value in zip(kinds, values, strict=True) for c in streams(kind, value)}
            ears.want(Stream(channel, market) for channel in channels for market in watched)
            async with asyncio.timeout(LIVE_DUE_S):
                while not all(p.has_data() for p in desk.panes):  # noqa: ASYNC110
                    await asyncio.sleep(0.1)
            await asyncio.sleep(WARM_S)
            await _pace(desk, rate)
            without, with_them = Turns(), Turns()
            for _ in range(TURNS):
                for is_on, turn in ((False, without), (True, with_them)):
                    for monitor_id in list(strategies.monitors):
                        strategies.switch(monitor_id, is_on)
                    async with asyncio.timeout(LIVE_DUE_S):  # until each knows the past of its markets
                        while is_on and not all(w.messages for w in strategies.works.values()):  # noqa: ASYNC110
                            await asyncio.sleep(0.1)
                    await asyncio.sleep(WARM_S)
                    await _measure_turn(desk, turn, seconds / TURNS)
            told = await control(_endpoint(desk), "stats")
            stopped = [w for w in strategies.works.values() if w.state == "stopped"]
            running = sum(w.state == "running" for w in strategies.works.values())
            ears.close()
            added_s = with_them.cpu - without.cpu * with_them.took / without.took
            return {
                "rate": rate,
                "frames_per_s": round(with_them.frames / with_them.took),
                "strategies": running,
                "markets": len(watched),
                "events_per_s": round(with_them.events / with_them.took),
                "per_event_us": round(added_s / max(with_them.events, 1) * 1e6, 2),
                "handler_us": round(with_them.handlers_s / max(with_them.events, 1) * 1e6, 2),
                "cpu_share": round(added_s / with_them.took, 3),
                "cpu_share_all": round(with_them.share, 3),
                "cpu_share_without": round(without.share, 3),
                "frame_gap_ms": percentiles(with_them.gaps, 1),
                "frame_gap_ms_without": percentiles(without.gaps, 1),
                "signals": strategies.count,
                "stopped": [f"{w.why.event} {w.why.value:.3g} {w.why.text}" for w in stopped if w.why is not None],
                "is_valid": not told["behind"] and not stopped,
            }


if __name__ == "__main__":
    parser = arguments(__doc__)
    parser.add_argument("--rate", type=float, default=3_000.0, help="frames a second, all sockets together")
    parser.add_argument("--strategies", type=int, default=50)
    parser.add_argument("--markets", type=int, default=20, help="that each strategy watches")
    parser.add_argument("--charts", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=18.0, help="of measuring, without and with each")
    options = parser.parse_args()
    told = _measure(options.rate, options.strategies, options.markets, options.charts, options.seconds)
    report("strategies", run_on_qt(told), options.json)
