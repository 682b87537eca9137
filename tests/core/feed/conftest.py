"""A real client and a real exchange on one fast clock."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest

from benchmarks.faults import told_trades
from core.feed.endpoint import Endpoint
from core.feed.feed import Feed
from core.feed.gate import Gate
from core.feed.health import LinkState
from core.feed.http import Http
from core.feed.link import Link
from core.feed.services import Services
from core.market import Interval, Stream
from core.sim.exchange import Exchange
from core.sim.fastloop import FastLoop
from core.wire import rest
from core.wire.messages import CandleRow, Trade

NOON_MS = 1_790_510_400_000  # 2026-09-27 12:00 UTC


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Item
) -> dict[str, Callable[[], asyncio.AbstractEventLoop]] | None:
    """Let every coroutine test below here run on the fast clock, but for those that wait for threads."""
    return None if item.path.name in {"test_archive.py", "test_recall.py"} else {"fast": FastLoop}


def clock(begin_ms: int = NOON_MS) -> Callable[[], int]:
    """Return an exchange's clock that goes with the loop's and stands at `begin_ms` now."""
    loop = asyncio.get_running_loop()
    offset_ms = begin_ms - loop.time() * 1000
    return lambda: int(loop.time() * 1000 + offset_ms)


class Client:
    """The feed and all that moves it, joined as the program joins them."""

    def __init__(self, exchange: Exchange, *, gate: Gate | None = None, is_compressed: bool = False) -> None:
        self.exchange = exchange
        self.feed = Feed(asyncio.get_running_loop().time)
        endpoint = Endpoint(exchange.ws_url, exchange.rest_url, is_real=is_compressed)
        self.services = Services(self.feed, endpoint, has_board=False, gate=gate, clock_ms=exchange.now_ms)
        self.http, self.backfill, self.pool = self.services.http, self.services.backfill, self.services.pool

    @property
    def link(self) -> Link:
        """The only link."""
        (link,) = self.pool.links.values()
        return link

    def is_live(self, *streams: Stream) -> bool:
        """Tell whether each stream had a frame since its link was opened."""
        known = self.feed.health.streams
        return all(s in known and known[s].first_at >= 0 for s in streams)

    def is_joined(self, market: str) -> bool:
        """Tell whether nothing is missing or on its way for `market`."""
        store = self.feed.store
        series = [store.candles(market, i) for i in store.known_intervals(market)]
        return (
            store.tape(market).is_joined
            and all(s.break_ms is None for s in series)
            and not any(key[0] == market for key in self.backfill._running)
        )

    def states(self) -> list[LinkState]:
        return [link.health.state for link in self.pool.links.values()]

    async def close(self) -> None:
        await self.services.close()


@pytest.fixture
async def exchange() -> AsyncIterator[Exchange]:
    """An exchange of 20 markets at noon."""
    async with Exchange(seed=1, markets=20, now_ms=clock()) as exchange:
        yield exchange


@pytest.fixture
async def client(exchange: Exchange) -> AsyncIterator[Client]:
    """A client of that exchange."""
    client = Client(exchange)
    yield client
    await client.close()


async def pass_time(seconds: float) -> None:
    """Let the fast clock go on by so much."""
    await asyncio.sleep(seconds)


async def trades_of(exchange: Exchange, market: str, from_ms: int) -> list[Trade]:
    """Return what the exchange itself says was traded from `from_ms` on, oldest first, over REST."""
    return sorted(await told_trades(exchange, market, from_ms), key=lambda t: (t.time_ms, t.id))


async def candles_of(exchange: Exchange, market: str, interval: Interval, from_ms: int) -> list[CandleRow]:
    """Return what the exchange itself says of the windows from `from_ms` on, oldest first, over REST."""
    http = Http(exchange.rest_url, exchange.now_ms)
    rows: list[CandleRow] = []
    try:
        while True:
            page = await http.get(rest.candles(market, interval, rows[0].start_ms if rows else None))
            rows[:0] = page
            if len(page) < rest.CANDLES_PER_PAGE or page[0].start_ms <= from_ms:
                return [r for r in rows if r.start_ms >= from_ms]
    finally:
        await http.close()
