"""Looks whether what is known is right, once a second: trades against tickers, and a hash of the state each minute."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from core.feed.feed import Feed
from core.feed.health import LedgerHealth
from core.market import TICKER, TRADE, Stream
from core.state.audit import Audit
from core.state.coverage import Span
from core.state.tape import Tape

BEAT_S = 1.0
PARTS = 5  # in which the markets take turns within a beat: some 35 us each are much for hundreds at once

log = logging.getLogger(__name__)


class Auditor:
    """Audits the ledger of each market whose tickers and trades both run, and keeps `Feed.health` up to date.

    Args:
        now_ms: the exchange's clock, epoch ms.
        mends: what does not add up is fetched again; else it is only told.
        on_mended: what had been missing in a time is there now.
    """

    def __init__(
        self,
        feed: Feed,
        now_ms: Callable[[], int],
        *,
        mends: bool,
        on_mended: Callable[[str, Span], None] = lambda _market, _span: None,
    ) -> None:
        self._feed = feed
        self._now_ms = now_ms
        self._mends = mends
        self._on_mended = on_mended
        self._audits: dict[str, tuple[Tape, Audit]] = {}  # by market, of those that run

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            for part in range(PARTS):
                await asyncio.sleep(BEAT_S / PARTS)
                self.look(self._feed.now(), part, PARTS)

    def look(self, now: float, part: int = 0, parts: int = 1) -> None:
        """Look once at every market, or at one part of `parts` of them.

        Args:
            now: loop time, s.
        """
        health, store = self._feed.health, self._feed.store
        traded = [s.market for s, h in health.streams.items() if s.channel == TRADE and h.first_at >= 0]
        for gone in self._audits.keys() - set(traded):
            del self._audits[gone]
            health.ledgers.pop(gone, None)
        for market in traded[part::parts]:
            self._audit(market, now)
        if part:
            return
        running = (s for s in health.streams if health.is_running(s))
        minute = health.digests.look(store, running, self._now_ms())
        if minute is not None:
            log.debug("state of minute %d: %s, %d streams, %d unknown", *minute)

    def _audit(self, market: str, now: float) -> None:
        health, store = self._feed.health, self._feed.store
        tickers = health.streams.get(Stream(TICKER, market))
        known, tape = self._audits.get(market), store.tape(market)
        if known is None or known[0] is not tape:  # another exchange, or its state had been let go
            if tickers is None or tickers.first_at < 0:
                return
            known = self._audits[market] = (tape, Audit(mends=self._mends))
            health.ledgers[market] = LedgerHealth()
        audit, ledger = known[1], health.ledgers.setdefault(market, LedgerHealth())
        is_told = tickers is not None and tickers.first_at >= 0
        span = audit.doubt
        verdict = audit.look(
            store.ticker(market) if is_told else None,
            tickers.first_at if tickers is not None else -1.0,
            tape,
            now,
            is_held=not health.is_running(Stream(TRADE, market)),
        )
        ledger.proven_at = audit.proven_at
        if verdict == "fine":
            return
        health.verdicts[verdict] += 1
        stream = Stream(TRADE, market)
        if verdict == "mended":
            ledger.mended += 1
            log.info("%s: the trades add up to the volume again", market)
            if span is not None:
                self._on_mended(market, span)
        elif verdict == "unexplained":
            ledger.unexplained += 1
            log.info("%s: the trades do not add up to the volume, and REST knows no more", market)
        else:
            ledger.mismatches += 1
            ledger.found = found = audit.found
            if found is not None:
                log.info("%s: %.8f more in the volume than in the trades of %d..%d", market, found.missing, *found.span)
            if audit.doubt is not None:
                store.doubt(market, audit.doubt)
                self._feed.on_gap(stream)
        self._feed.leases.notify(stream)
