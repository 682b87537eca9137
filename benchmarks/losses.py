"""Whether the audit of the ledgers cries wolf, and whether it finds what is lost.

Hours of the built-in exchange's market, without sockets, on a clock that runs as fast as it can. Tickers and trades go
ways of their own: each with its delays and stalls, now and then trades out of order, a stream that stops and starts.
Some trades are taken out on their way, which no socket tells. An alarm is false if nothing was lost in the time that it
names. In every second run alarms are answered, as in the demo, by a REST that lags; in the others they are only told.

`--seed S --runs 1` repeats the run of one seed alone.
"""

from __future__ import annotations

import argparse
import heapq
import multiprocessing
import random
import sys
from collections import Counter
from typing import NamedTuple

from benchmarks.measure import percentiles, report
from core.feed.auditor import BEAT_S, Auditor
from core.feed.feed import Feed
from core.feed.health import LinkHealth, LinkState
from core.market import TICKER, TRADE, Stream
from core.sim import frames
from core.sim.floor import Floor, Topic
from core.sim.listing import listing
from core.sim.past import Past
from core.wire.codec import decode
from core.wire.messages import Trade

EVENING_MS = 1_790_535_600_000  # 2026-09-27 19:00 UTC: the day ends on the way
MARKETS = 30
PLAIN_S = (0.02, 0.12)  # from the exchange to us
STALL_S = (0.5, 6.0)  # how long a way is blocked, every few minutes; what waits comes at once then
STALL_EVERY_S = 300.0
SHUFFLED = 0.02  # of the trades come up to 0.23 s too late, as was seen
STOP_EVERY_S = 1_800.0  # the trades of a market
REST_LAG_MS = 1_500
WARM_UP_S, TAIL_S = 60.0, 60.0  # in which nothing is lost


class Loss(NamedTuple):
    """A trade that did not come."""

    market: str
    trade: Trade
    at: float  # s


class Run(NamedTuple):
    """What came of one seed."""

    seed: int
    hours: float
    tickers: int
    trades: int
    stops: int
    lost: int
    found_s: list[float]  # from the loss to the alarm
    healed: int  # came by another way before they were looked for
    missed: list[str]
    false: list[str]
    verdicts: dict[str, int]
    look_us: float  # of CPU, one market


class _Way:
    """How frames of one kind come: in order, each late by what the dice say, all of them now and then much later."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self._last = self._blocked_until = 0.0
        self._next_stall = dice.expovariate(1 / STALL_EVERY_S)

    def due(self, now: float) -> float:
        """Return when a frame that leaves now arrives."""
        if now >= self._next_stall:
            self._blocked_until = now + self._dice.uniform(*STALL_S)
            self._next_stall = now + self._dice.expovariate(1 / STALL_EVERY_S)
        self._last = max(self._last, self._blocked_until, now + self._dice.uniform(*PLAIN_S))
        return self._last


class World:
    """A market, a client's feed, and the ways between them."""

    format = "SIMPLE"

    def __init__(self, seed: int, *, mends: bool, loss: float) -> None:
        self.dice = random.Random(seed)
        self.now = 0.0
        self.loss = loss
        self.is_losing = False
        self.floor = Floor(seed, Past(seed, listing(seed, MARKETS)), EVENING_MS)
        self.feed = Feed(lambda: self.now)
        self.auditor = Auditor(self.feed, self.clock_ms, mends=mends)
        self.truth: dict[str, list[Trade]] = {m: [] for m in self.floor.markets}
        self.losses: dict[tuple[str, int], Loss] = {}
        self.counts: Counter[str] = Counter()
        self._on_the_way: list[tuple[float, int, int, bytes]] = []
        self._sent = 0
        self._ways = (_Way(self.dice), _Way(self.dice))  # tickers, trades
        self._epoch: Counter[str] = Counter()  # of a market's trades: what was sent before a stop never comes
        self._filling: dict[str, float] = {}  # market -> when REST is asked
        self.feed.on_gap = self._want
        for link, channel in enumerate((TICKER, TRADE)):
            health = self.feed.health.links[link] = LinkHealth(link)
            health.state = LinkState.OPEN
            self.feed.health.requested(link, [Stream(channel, m) for m in self.truth], 0.0)
            for market in self.truth:
                topic = Topic(channel, market)
                self.floor.listen(topic, self)
                self._send(link, self.floor.snapshot(topic, self.format) or b"")

    def clock_ms(self) -> int:
        return EVENING_MS + round(self.now * 1_000)

    def hear(self, topic: Topic, frame: bytes, time_ms: int) -> None:
        """Send a frame of the floor's on its way, or lose it."""
        link = 0 if topic.channel == TICKER else 1
        self.counts[topic.channel] += 1
        if link:
            trade = decode(frame)
            assert isinstance(trade, Trade)
            self.truth[topic.market].append(trade)
            if self.is_losing and self.dice.random() < self.loss:
                self.losses[topic.market, trade.id] = Loss(topic.market, trade, self.now)
                return
        self._send(link, frame)

    def _send(self, link: int, frame: bytes) -> None:
        late_s = self.dice.uniform(0.015, 0.234) if link and self.dice.random() < SHUFFLED else 0.0
        self._sent += 1
        heapq.heappush(self._on_the_way, (self._ways[link].due(self.now) + late_s, self._sent, link, frame))

    def stop(self, market: str) -> None:
        """Let the trades of a market stop, and start anew after a while: some are missed meanwhile."""
        topic = Topic(TRADE, market)
        stream = Stream(TRADE, market)
        if stream not in self.feed.health.streams:
            return
        self.floor.leave(topic, self)
        self._on_the_way = [e for e in self._on_the_way if not (e[2] == 1 and f'"{market}"'.encode() in e[3])]
        heapq.heapify(self._on_the_way)
        known = [s for s, h in self.feed.health.streams.items() if h.link == 1 and s != stream]
        self.feed.health.requested(1, known, self.now)
        self._filling.pop(market, None)
        self.counts["stops"] += 1
        self._resume_at = (self.now + self.dice.uniform(0.2, 20.0), market)

    def resume(self, market: str) -> None:
        known = [s for s, h in self.feed.health.streams.items() if h.link == 1]
        self.feed.health.requested(1, [*known, Stream(TRADE, market)], self.now)
        live, topic = self.floor.live(market), Topic(TRADE, market)
        live.advance(self.floor.now_ms)
        self._catch_up(market)
        self.floor.listen(topic, self)
        self._send(1, self.floor.snapshot(topic, self.format) or b"")

    _resume_at: tuple[float, str] | None = None

    def _catch_up(self, market: str) -> None:
        """Note what was traded while nobody listened, as far as the floor remembers it: REST tells of it."""
        told, new = {t.id for t in self.truth[market][-2_000:]}, []
        for print_ in self.floor.live(market).prints:
            trade = decode(frames.trade(market, print_, 0, self.format, False))
            assert isinstance(trade, Trade)
            if trade.id not in told:
                new.append(trade)
        self.truth[market] += new

    # REST

    def _want(self, stream: Stream) -> None:
        self._filling.setdefault(stream.market, self.now + self.dice.uniform(0.05, 1.0))

    def _fill(self, market: str) -> None:
        """Answer like REST: all up to a while ago, with less known of the last millisecond."""
        tape = self.feed.store.tape(market)
        hole = tape.to_fill()
        if hole is None:
            del self._filling[market]
            return
        page = [t for t in self.truth[market] if t.time_ms <= self.clock_ms() - REST_LAG_MS][-5_000:]
        if page:
            begin_ms = max(page[0].time_ms if len(page) == 5_000 else 0, hole.from_ms)
            for trade in page:
                if trade.time_ms >= begin_ms:
                    self.feed.apply(trade)
            tape.cover(begin_ms, tape.reach_ms(page))
            tape.begin()
        self._filling[market] = self.now + self.dice.uniform(0.5, 2.0)

    # time

    def play(self, until: float) -> None:
        """Go on up to `until`, s."""
        while self.now < until:
            first = self._on_the_way[0][0] if self._on_the_way else until
            floor_ms = self.floor.next_ms
            floor_s = (floor_ms - EVENING_MS) / 1_000
            resume_s = self._resume_at[0] if self._resume_at is not None else until
            rest_s = min(self._filling.values(), default=until)
            self.now = max(min(until, first, floor_s, resume_s, rest_s), self.now)
            if self._resume_at is not None and self.now >= resume_s:
                market = self._resume_at[1]
                self._resume_at = None
                self.resume(market)
            if floor_s <= self.now:
                self.floor.advance(floor_ms)
            for market, at in list(self._filling.items()):
                if at <= self.now:
                    self._fill(market)
            while self._on_the_way and self._on_the_way[0][0] <= self.now:
                _, _, link, frame = heapq.heappop(self._on_the_way)
                self.feed.on_frame(link, frame)


def run(seed: int, hours: float, loss: float = 1 / 3_000) -> Run:
    """Make the run of one seed."""
    from time import process_time

    world = World(seed, mends=seed % 2 == 0, loss=loss)
    dice, health, store = random.Random(-seed), world.feed.health, world.feed.store
    end, beat, looking_s, looks = hours * 3_600, 0.0, 0.0, 0
    next_stop = dice.expovariate(1 / STOP_EVERY_S)
    told: Counter[str] = Counter()
    found_s: list[float] = []
    found: set[tuple[str, int]] = set()
    false: list[str] = []
    while beat < end:
        beat += BEAT_S
        world.play(beat)
        world.is_losing = WARM_UP_S < beat < end - TAIL_S
        begin = process_time()
        world.auditor.look(world.now)
        looking_s += process_time() - begin
        looks += len(health.ledgers)
        for market, ledger in health.ledgers.items():
            if ledger.mismatches <= told[market]:
                told[market] = ledger.mismatches
                continue
            told[market] = ledger.mismatches
            mismatch = ledger.found
            assert mismatch is not None
            hit = [
                key
                for key, one in world.losses.items()
                if key[0] == market
                and key not in found
                and one.trade.id not in store.tape(market)
                and mismatch.span.from_ms <= one.trade.time_ms <= mismatch.span.to_ms
            ]
            if not hit:
                false.append(f"{market} at {world.clock_ms()}: {mismatch}")
            found_s += [world.now - world.losses[key].at for key in hit]
            found.update(hit)
        if beat >= next_stop and beat < end - TAIL_S:
            next_stop = beat + dice.expovariate(1 / STOP_EVERY_S)
            if world._resume_at is None:
                world.stop(dice.choice(list(world.truth)))
                told = Counter({m: h.mismatches for m, h in health.ledgers.items()})
    healed = [k for k in world.losses if k not in found and k[1] in store.tape(k[0])]
    missed = [f"{one.market} {one.trade}" for k, one in world.losses.items() if k not in found and k not in healed]
    return Run(
        seed,
        hours,
        world.counts[TICKER],
        world.counts[TRADE],
        world.counts["stops"],
        len(world.losses),
        found_s,
        len(healed),
        missed,
        false,
        dict(health.verdicts),
        looking_s / max(looks, 1) * 1e6,
    )


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.losses", description=__doc__)
    parser.add_argument("--runs", type=int, default=6)
    parser.add_argument("--hours", type=float, default=6.0, help="of the market, of each run")
    parser.add_argument("--seed", type=int, default=1, help="of the first run; each further run has the next")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    work = [(seed, options.hours) for seed in range(options.seed, options.seed + options.runs)]
    if options.jobs == 1:
        runs = [run(*one) for one in work]
    else:
        with multiprocessing.get_context("spawn").Pool(options.jobs) as pool:
            runs = pool.starmap(run, work)
    verdicts: Counter[str] = Counter()
    for one in runs:
        verdicts.update(one.verdicts)
        sys.stderr.writelines(f"seed {one.seed}: false: {line}\n" for line in one.false)
        sys.stderr.writelines(f"seed {one.seed}: missed: {line}\n" for line in one.missed)
    result = {
        "hours": sum(one.hours for one in runs),
        "markets": MARKETS,
        "tickers": sum(one.tickers for one in runs),
        "trades": sum(one.trades for one in runs),
        "stops": sum(one.stops for one in runs),
        "lost": sum(one.lost for one in runs),
        "found": sum(len(one.found_s) for one in runs),
        "healed_before": sum(one.healed for one in runs),
        "missed": sum(len(one.missed) for one in runs),
        "false_alarms": sum(len(one.false) for one in runs),
        "find_s": percentiles([s for one in runs for s in one.found_s]),
        "look_us": round(sum(one.look_us for one in runs) / len(runs), 2),
        "verdicts": dict(sorted(verdicts.items())),
    }
    report("losses", result, options.json)
    return 1 if result["missed"] or result["false_alarms"] else 0


if __name__ == "__main__":
    sys.exit(main())
