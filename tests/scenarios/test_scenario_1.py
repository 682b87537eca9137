"""Scenario 1: four charts with ticker, book and trades; one of them is changed to KRW-DOGE. Over real sockets.

The market that changes and its neighbours differ in price by powers of ten, so a number of the wrong market on the
screen cannot hide.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from PySide6.QtCore import QEvent, QObject
from pytestqt.qtbot import QtBot

from app.desk import Desk
from core.market import TICKER, Stream
from core.wire import rest
from core.wire.messages import Trade
from tests.app.desk import change_by_typing, is_live, live_desk, panes_of
from tests.waiting import until

OLD, NEW = "KRW-BTC", "KRW-DOGE"
NEIGHBOURS = ["KRW-ETH", "KRW-XRP", "KRW-ADA"]
BORDER = 1_000_000.0  # KRW; BTC is dearer, DOGE cheaper


class Painted(QObject):
    """Writes down the lowest and highest price in every picture that one group paints."""

    def __init__(self, desk: Desk, market: str) -> None:
        super().__init__()
        self.chart, self.book, self.tape = panes_of(desk, market)
        self.pictures: Counter[str] = Counter()
        self.prices: set[float] = set()
        for target in (self.chart.view.viewport(), self.book.view, self.tape.view):
            target.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            if watched is self.book.view:
                self._note("book", [r.price for r in (*self.book.view.book.asks, *self.book.view.book.bids)])
            elif watched is self.tape.view:
                self._note("tape", [r.price for r in self.tape.view.rows if r.hole is None])
            else:
                self._note("chart", self.chart.view.model.rows[:, 3].tolist())
        return False

    def _note(self, kind: str, prices: list[float]) -> None:
        if prices:
            self.pictures[kind] += 1
            self.prices |= {min(prices), max(prices)}


async def page(desk: Desk, market: str, cursor: int | None = None) -> list[Trade]:
    """Return what the exchange itself says of its newest trades, or of those before one of them."""
    assert desk.services is not None
    return await desk.services.http.get(rest.ticks(market, cursor, count=500))


async def test_one_of_four_charts_is_changed_and_the_others_lose_and_repeat_nothing(
    qtbot: QtBot, tmp_path: Path
) -> None:
    async with live_desk(qtbot, tmp_path) as (desk, exchange):
        begin_ms = exchange.now_ms()
        cursors = {m: desk.feed.store.tape(m).count for m in NEIGHBOURS}

        painted = Painted(desk, OLD)
        group = painted.chart, painted.book, painted.tape
        await until(lambda: len(painted.pictures) == 3)
        assert min(painted.prices) > BORDER

        # The socket of the whole board comes up on its own time; count from there.
        await until(lambda: any(Stream(TICKER, NEW) in said for said in exchange.requests))
        requests = len(exchange.requests)
        opened = exchange.opened
        await change_by_typing(desk, painted.chart, "dog")
        painted.pictures.clear()  # the change is painted within the key press: nothing of BTC may come after it
        painted.prices.clear()
        await until(lambda: is_live(*group) and len(painted.pictures) == 3)
        await until(lambda: painted.pictures["tape"] >= 5 and painted.pictures["book"] >= 5)
        assert max(painted.prices) < BORDER

        assert exchange.opened == opened  # on the open sockets
        replaced = [said for said in exchange.requests[requests:] if any(s.market == NEW for s in said)]
        assert len(replaced) == 1  # in one request
        assert not exchange.violations

        # The neighbours: to the last trade what the exchange says itself, each once.
        def times(market: str) -> set[int]:
            """Return when it traded since the begin; what was fetched of the time before does not count."""
            fresh, _ = desk.feed.store.tape(market).since(cursors[market])
            return {t.time_ms for t in fresh if t.time_ms > begin_ms}

        await until(lambda: all(len(times(m)) > 3 for m in NEIGHBOURS))
        for market in NEIGHBOURS:
            assert is_live(*panes_of(desk, market))
            tape = desk.feed.store.tape(market)
            await until(lambda tape=tape: tape.is_joined)
            assert tape.last is not None
            end_ms = tape.last.time_ms
            truth = await page(desk, market)
            while min(t.time_ms for t in truth) >= begin_ms:  # a lively market fills a page in seconds
                truth += await page(desk, market, min(t.id for t in truth))
            wanted = [t.id for t in truth if begin_ms < t.time_ms < end_ms]
            mine = [t.id for t in tape.of_times(begin_ms + 1, end_ms - 1)]
            assert sorted(mine) == sorted(wanted)  # nothing lost, nothing twice
            assert mine
            assert not tape.holes
