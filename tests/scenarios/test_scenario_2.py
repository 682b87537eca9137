"""Scenario 2: a book and a tape in perfect sync over a symbol change. Over real sockets.

What the user sees is what the window has painted when it is done with an update. The two markets differ in price by
powers of ten, so a picture tells of which it is.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from PySide6.QtCore import QEvent, QObject
from pytestqt.qtbot import QtBot

from app.desk import Desk
from tests.app.desk import change_by_typing, is_live, live_desk, panes_of
from tests.waiting import until

DEAR, CHEAP = "KRW-BTC", "KRW-DOGE"
BORDER = 1_000_000.0  # KRW


class Pictures(QObject):
    """Keeps of which market book and tape were painted last, and what stood side by side on the screen."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        _, self.book, self.tape = panes_of(desk, DEAR)
        self.window = desk.window
        self.last = {"book": "", "tape": ""}
        self.seen: list[tuple[str, str]] = []
        self.mixed: list[str] = []  # pictures with prices of both markets within
        for target in (self.book.view, self.tape.view, self.window):
            target.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and watched is self.book.view:
            self._note("book", [r.price for r in (*self.book.view.book.asks, *self.book.view.book.bids)])
        elif event.type() == QEvent.Type.Paint and watched is self.tape.view:
            self._note("tape", [r.price for r in self.tape.view.rows if r.hole is None])
        elif event.type() == QEvent.Type.UpdateRequest and watched is self.window:
            self.look()  # what the update before this one left on the screen
        return False

    def _note(self, kind: str, prices: list[float]) -> None:
        kinds = {CHEAP if price < BORDER else DEAR for price in prices}
        if len(kinds) > 1:
            self.mixed.append(kind)
        self.last[kind] = kinds.pop() if kinds else ""

    def look(self) -> None:
        self.seen.append((self.last["book"], self.last["tape"]))

    @property
    def torn(self) -> list[tuple[str, str]]:
        """Return what was on the screen with the book of one market beside the tape of the other."""
        return [pair for pair in self.seen if all(pair) and pair[0] != pair[1]]


async def test_book_and_tape_never_show_two_symbols_in_one_frame(qtbot: QtBot, tmp_path: Path) -> None:
    async with live_desk(qtbot, tmp_path, "scalping") as (desk, exchange):
        pictures = Pictures(desk)
        book, tape = pictures.book, pictures.tape
        await change_by_typing(desk, book, "doge")
        await until(lambda: is_live(book, tape) and pictures.last == {"book": CHEAP, "tape": CHEAP})
        await change_by_typing(desk, tape, "btc")
        await until(lambda: is_live(book, tape) and pictures.last == {"book": DEAR, "tape": DEAR})

        # To and fro, faster than anybody types, at moments that have nothing to do with frames.
        for turn in range(40):
            (book if turn % 2 else tape).market_wanted.emit(CHEAP if turn % 2 == 0 else DEAR)
            for _ in range(turn % 7):
                await asyncio.sleep(0)
            if turn % 5 == 0:
                drawn = len(pictures.seen)
                await until(lambda drawn=drawn: len(pictures.seen) > drawn + 2)
        await until(lambda: is_live(book, tape) and pictures.last == {"book": DEAR, "tape": DEAR})
        pictures.look()
        assert {(CHEAP, CHEAP), (DEAR, DEAR)} <= set(pictures.seen)
        assert not pictures.torn
        assert not pictures.mixed
        assert not exchange.violations
