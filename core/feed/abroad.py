"""The exchange outside and the bank's rate: listened to where the user asked for it, while somebody looks."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterable
from typing import NamedTuple, Protocol

from core.errors import FeedError, WireError
from core.feed import tasks
from core.feed.dialect import Binance
from core.feed.feed import Feed
from core.feed.gate import Gate
from core.feed.health import Health, LinkState
from core.feed.http import Http
from core.feed.link import Link
from core.market import Stream
from core.state.month import WINDOWS
from core.state.outside import COINS, FxRate, Outside, Quote
from core.wire import binance
from core.wire.messages import CandleRow

POLL_S = 60.0  # between two questions for the bank's rate
BINANCE_WS, BINANCE_REST = "wss://stream.binance.com:9443/ws", "https://api.binance.com"

log = logging.getLogger(__name__)


class Reference(NamedTuple):
    """What to compare with, from where. Nothing is asked of anybody until there is one of these.

    No bank's rate is free for all to poll: it is typed, or told by an address that answers `{"rate": 1391.2}`.
    """

    ws: str = BINANCE_WS
    rest: str = BINANCE_REST  # for the month before; "" for none
    name: str = "Binance"
    fx_krw: float = 0.0  # typed: KRW for a dollar; 0 where none was
    fx_url: str = ""


class PriceSource(Protocol):
    """An exchange outside: tells `Outside` the best prices of the coins that are wanted."""

    def want(self, coins: frozenset[str]) -> None:
        """Say all the coins; none lets the socket go."""
        ...

    async def month(self, coin: str) -> list[CandleRow]:
        """Return closes of four hours, 30 days of them.

        Raises:
            FeedError: it did not tell.
        """
        ...

    def hurry(self) -> None:
        """Try again now."""
        ...

    async def close(self) -> None: ...


class FxSource(Protocol):
    """Tells `Outside` what a dollar costs."""

    async def close(self) -> None: ...


class BinanceSource:
    """Best prices by the public stream, over a link like any other."""

    def __init__(
        self,
        reference: Reference,
        outside: Callable[[], Outside],
        now: Callable[[], float],
        wall_ms: Callable[[], int],
        is_watched: Callable[[], bool],
    ) -> None:
        self.health = Health()  # its own: what Upbit does is another matter
        self._reference = reference
        self._outside, self._now = outside, now
        self._gate, self._is_watched = Gate(), is_watched  # its own: Upbit knows nothing of these connects
        self._link: Link | None = None
        self._http = Http(reference.rest, wall_ms)
        self._closing: set[asyncio.Task[None]] = set()

    def want(self, coins: frozenset[str]) -> None:
        streams = frozenset(Stream(binance.BEST, coin) for coin in coins)
        self._outside().keep(coins)
        if not streams:
            self._let_go()
        elif self._link is None:
            self._link = Link(
                self.health.free_link(),
                self._reference.ws,
                self._on_frame,
                self.health,
                on_change=self._on_change,
                gate=self._gate,
                is_watched=self._is_watched,
                dialect=Binance(),
            )
            self._link.want(streams)
        elif streams != self._link.wanted:
            self._link.want(streams)

    def _on_frame(self, link: int, frame: bytes) -> WireError | None:
        try:
            said = binance.decode(frame)
        except WireError as why:
            health = self.health.links[link]
            health.bad_frames += 1
            if health.bad_frames == 1:
                log.info("%s: %s: %r", self._reference.name, why, frame[:300])
            return None
        if isinstance(said, binance.BestPrices):
            now = self._now()
            self.health.received(Stream(binance.BEST, said.coin), now)
            self._outside().take(said.coin, Quote(said.bid, said.ask, now))
        elif said.why:
            log.info("%s refused a request: %s", self._reference.name, said.why)
        return None

    def _on_change(self, key: int) -> None:
        link = self.health.links.get(key)
        self._outside().is_live = link is not None and link.state is LinkState.OPEN and not link.is_silent

    async def month(self, coin: str) -> list[CandleRow]:
        if not self._reference.rest:
            return []
        return await self._http.get(binance.closes(coin, WINDOWS + 2))

    def hurry(self) -> None:
        if self._link is not None:
            self._link.hurry()

    def _let_go(self) -> None:
        link, self._link = self._link, None
        if link is not None:
            self._outside().is_live = False
            task = tasks.start(link.close(), "abroad closes")
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)

    async def close(self) -> None:
        self._let_go()
        await asyncio.gather(*self._closing, return_exceptions=True)
        await self._http.close()


class PolledFx:
    """A bank's rate that an address tells."""

    def __init__(
        self, url: str, outside: Callable[[], Outside], now: Callable[[], float], wall_ms: Callable[[], int]
    ) -> None:
        self._outside, self._now = outside, now
        self._http = Http(url, wall_ms)
        self._task = tasks.start(self._poll(), "bank rate")

    async def _poll(self) -> None:
        while True:
            try:
                rate = await self._http.get(binance.fx())
                self._outside().fx = FxRate(rate, "feed", self._now())
            except FeedError as why:
                log.info("the bank's rate: %s", why)
            await asyncio.sleep(POLL_S)

    async def close(self) -> None:
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task
        await self._http.close()


class Abroad:
    """Opens the sources of one reference while the table is wanted, and closes them after.

    Args:
        now_ms: the exchange's clock, epoch ms.
        is_watched: tells whether somebody looks at a pane now.
    """

    def __init__(
        self,
        feed: Feed,
        reference: Reference,
        now_ms: Callable[[], int],
        *,
        is_watched: Callable[[], bool] = lambda: True,
    ) -> None:
        self._feed = feed
        self.reference = reference
        self._now_ms = now_ms
        self._wanted: frozenset[str] = frozenset()
        self.prices: PriceSource = BinanceSource(reference, lambda: feed.cross.outside, feed.now, now_ms, is_watched)
        self._fx: FxSource | None = None
        outside = feed.cross.outside
        outside.name = reference.name
        outside.fx = FxRate(reference.fx_krw, "typed", feed.now()) if reference.fx_krw > 0.0 else None

    def want(self, coins: Iterable[str]) -> None:
        """Listen to these coins, the most of them if there are too many; none to rest."""
        wanted = frozenset(sorted(coins)[:COINS])
        if wanted != self._wanted:
            self._wanted = wanted
            self.prices.want(wanted)
        reference = self.reference
        if wanted and self._fx is None and reference.fx_url and not reference.fx_krw > 0.0:
            self._fx = PolledFx(reference.fx_url, lambda: self._feed.cross.outside, self._feed.now, self._now_ms)

    async def fill_month(self, coin: str) -> None:
        """Ask what the coin cost outside in the last 30 days.

        Raises:
            FeedError: it did not tell.
        """
        rows = await self.prices.month(coin)
        cross = self._feed.cross
        cross.month.take(cross.outside.closes_name(coin), rows, self._now_ms())

    def hurry(self) -> None:
        """Try again now."""
        self.prices.hurry()

    def forget(self) -> None:
        """Let nothing of it stand in the table any more. To be followed by `close`."""
        self.want(())
        outside = self._feed.cross.outside
        outside.keep(frozenset())
        outside.name, outside.fx, outside.is_live = "", None, False

    async def close(self) -> None:
        """Close the sources."""
        if self._fx is not None:
            await self._fx.close()
        await self.prices.close()
