"""Scenario 4: many strategies, each with symbols and channels of its own, added and removed while the others run.

First the customer's way, each strategy a scripting client; then the program's own monitors. What the exchange says it
sends is the assertion: always all that is wanted, and once time has passed nothing else.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from typing import Any

from core import WebSocketClient
from core.feed.endpoint import Endpoint
from core.feed.strategist import Strategist
from core.market import ORDERBOOK, TICKER, TRADE, Stream
from core.sim.exchange import Exchange
from core.state.strategies import Monitor
from core.strategy.base import Signal, streams
from tests.core.feed.conftest import clock, pass_time, trades_of
from tests.core.feed.test_scan import Desk, open_desk
from tests.waiting import until

LINGER_S = 60.0  # by then a stream that nobody wants is off


class Watcher:
    """The customer's strategy: it opens what it needs, and closes it in one call."""

    def __init__(self, endpoint: Endpoint, symbols: list[str], channels: list[str]) -> None:
        self.client, self.symbols, self.channels = WebSocketClient(endpoint), symbols, channels
        self.heard: Counter[tuple[str, str]] = Counter()

    async def start(self) -> None:
        for channel in self.channels:
            subscribe = getattr(self.client, f"subscribe_{channel}")
            await subscribe(self.symbols, lambda event, channel=channel: self._note(channel, event))

    def _note(self, channel: str, event: Any) -> None:
        self.heard[channel, event.symbol] += 1

    async def stop(self) -> None:
        await self.client.cleanup()

    @property
    def streams(self) -> set[Stream]:
        return {Stream(channel, symbol) for channel in self.channels for symbol in self.symbols}


def sent(exchange: Exchange) -> set[Stream]:
    return {stream for said in exchange.subscribed for stream in said}


async def test_scripts_come_and_go_and_only_what_is_wanted_is_sent() -> None:
    dice, loop = random.Random(4), asyncio.get_running_loop()
    async with Exchange(seed=4, markets=20, now_ms=clock(), rate=5.0) as exchange:
        endpoint = Endpoint(exchange.ws_url, exchange.rest_url, is_real=False)
        async with WebSocketClient(endpoint) as first:
            symbols = (await first.markets("KRW"))[:12]
            running: list[Watcher] = []
            for _ in range(40):
                if running and dice.random() < 0.4:
                    gone = running.pop(dice.randrange(len(running)))
                    begun = loop.time()
                    await gone.stop()
                    assert loop.time() == begun  # it waited for a second once
                else:
                    channels = dice.sample([TICKER, TRADE, ORDERBOOK], dice.randint(1, 3))
                    made = Watcher(endpoint, dice.sample(symbols, dice.randint(1, 5)), channels)
                    await made.start()
                    running.append(made)
                await pass_time(0.3)
            assert len(running) >= 5
            wanted = set[Stream]().union(*(w.streams for w in running))
            await until(lambda: sent(exchange) == wanted, timeout=LINGER_S)
            for watcher in running:
                watcher.heard.clear()
            await until(lambda: all({(s.channel, s.market) for s in w.streams} <= w.heard.keys() for w in running), 120)
            last = running.pop()
            for watcher in running:
                await watcher.stop()
            await until(lambda: sent(exchange) == last.streams, timeout=LINGER_S)
            await last.stop()
            await until(lambda: not sent(exchange), timeout=LINGER_S)
        assert not exchange.violations


KINDS = ("jump", "spike", "imbalance", "spread", "band", "trend")
QUICK = {"jump": {"move": 0.05, "span": 60}, "imbalance": {"beyond": 20.0, "hold": 0.0}, "spread": {"above": 1.0}}


def wanted_of(desk: Desk) -> set[Stream]:
    """Return what the monitors want that no board has."""
    strategies = desk.feed.strategies
    found = {
        Stream(channel, market)
        for monitor in strategies.monitors.values()
        for channel in streams(strategies.kinds[monitor.kind], monitor.values)
        for market in monitor.markets
    }
    return {stream for stream in found if stream.channel != TICKER}


def sent_beside_the_board(desk: Desk) -> set[Stream]:
    return {s for s in sent(desk.exchange) if s.channel != TICKER}


async def test_monitors_are_added_and_removed_while_the_others_run() -> None:
    dice = random.Random(7)
    async with open_desk(seed=4, markets=20, now_ms=clock(), rate=5.0) as desk:
        said: list[Signal] = []
        strategies = desk.feed.strategies
        strategist = Strategist(desk.feed, desk.exchange.now_ms, said.append)
        strategies.on_change = strategist.take
        await until(lambda: len(desk.feed.store.tickers) >= 15)
        symbols = list(desk.feed.store.tickers)[:12]
        # One stays from the first to the last: whatever comes and goes, it hears every trade once.
        assert strategies.set(Monitor("stays", "spike", tuple(symbols[:2]), {"span": 1, "norm": 1}))
        await until(lambda: strategies.works["stays"].state == "running", timeout=60.0)
        run = strategist._runs["stays"]
        heard: list[tuple[str, int, int]] = []
        take = run.strategy.on_trade
        run.strategy.on_trade = lambda t: (heard.append((t.market, t.time_ms, t.id)), take(t))  # type: ignore[method-assign, assignment]
        for n in range(45):
            others = [i for i in strategies.monitors if i != "stays"]
            if others and dice.random() < 0.35:
                strategies.remove(dice.choice(others))
            elif others and dice.random() < 0.3:
                monitor = strategies.monitors[dice.choice(others)]
                markets = tuple(dice.sample(symbols, dice.randint(1, 6)))
                assert strategies.set(Monitor(monitor.id, monitor.kind, markets, monitor.values))
            else:
                kind = KINDS[n % len(KINDS)]
                markets = tuple(dice.sample(symbols, dice.randint(1, 6)))
                assert strategies.set(Monitor(str(n), kind, markets, QUICK.get(kind, {})))
            await pass_time(0.5)
        assert len(strategies.monitors) >= 8
        await until(lambda: sent_beside_the_board(desk) == wanted_of(desk), timeout=LINGER_S)
        await until(lambda: all(w.state == "running" for w in strategies.works.values()), timeout=60.0)
        await until(lambda: said, timeout=120.0)
        assert strategies.log() == said
        assert run is strategist._runs["stays"], "it was never begun anew"
        assert len(run.since_ms) == 2
        ids = [trade_id for _, _, trade_id in heard]
        assert len(set(ids)) == len(ids)
        for market in symbols[:2]:
            times = [t for m, t, _ in heard if m == market]
            mine = {i for m, t, i in heard if m == market and min(times) < t < max(times) - 2_000}
            truth = await trades_of(desk.exchange, market, min(times))
            assert mine == {t.id for t in truth if min(times) < t.time_ms < max(times) - 2_000}
        for monitor_id in list(strategies.monitors):
            strategies.remove(monitor_id)
        assert not desk.feed.leases.background
        await until(lambda: not sent_beside_the_board(desk), timeout=LINGER_S)
        board = {Stream(TICKER, code) for code in desk.feed.store.markets}
        assert sent(desk.exchange) == board
        assert not desk.exchange.violations
        strategist.close()
