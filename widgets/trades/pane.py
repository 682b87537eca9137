"""The trades pane: joins the store's tape to the painted one."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from core.feed.feed import Feed
from core.feed.health import StreamState
from core.market import TICKER, TRADE, Stream, quote_of, tick_size
from widgets import format as fmt
from widgets.frame import FrameClock
from widgets.pane import Pane
from widgets.trades.model import TapeWindow, strength
from widgets.trades.view import TapeView


class TradesPane(Pane):
    """Time and sales of one market."""

    kind = "trades"

    def __init__(self, feed: Feed, frames: FrameClock, parent: QWidget | None = None) -> None:
        super().__init__(feed, frames, parent)
        self.prints = TapeWindow()
        self._places = -1
        self.view = TapeView(self)
        self.view.scrolled.connect(self._scroll)
        self.view.newest_wanted.connect(self._to_newest)
        self.view.oldest_wanted.connect(self._to_oldest)
        self.view.resized.connect(self._resize)
        self.setFocusProxy(self.view)
        self.body.addWidget(self.view, 1)

    def title(self) -> str:
        return self.tr("Trades")

    def streams(self, market: str) -> set[Stream]:
        return {Stream(TRADE, market), Stream(TICKER, market)}

    def has_data(self) -> bool:
        # A live tape without a trade is an answer too.
        return bool(self.prints.rows) or self.state_of(Stream(TRADE, self.market)) is StreamState.LIVE

    def bind(self, market: str) -> None:
        if market != self.market:
            self._places = -1
            self.prints.close()
            self.view.set_market(market)
        super().bind(market)

    def refresh(self) -> None:
        store, market, window = self.feed.store, self.market, self.prints
        if not market:
            return
        tape = store.tape(market)
        new: int | None = None
        if tape is window.tape:
            new = window.pull()
        else:
            window.open(tape)
        if window.rows:
            price = window.rows[0].price
            if self._places < 0:
                self._places = fmt.size_places(price, quote_of(market))
            self.view.set_scale(min(tick_size(market, r.price) for r in window.rows), self._places)
        self._show(new)
        self.view.show_strength(strength(store.ticker(market)))

    def _show(self, new: int | None) -> None:
        self.view.show_rows(self.prints.rows, new)
        self.view.show_behind(self.prints.behind)

    def beat(self) -> None:
        if self.market and self.prints.tape is not None and self.prints.tape.holes:
            self.frames.mark(self)  # a hole may turn up or be filled without a trade
        super().beat()

    # The user.

    def _scroll(self, lines: int) -> None:
        self.prints.scroll(lines)
        self._want_older()
        self._show(None)

    def _want_older(self) -> None:
        """At the oldest print that is known, ask for older ones."""
        if self.prints.is_at_oldest and not self.prints.is_following:
            self.feed.want_trades(self.market)

    def _to_newest(self) -> None:
        self.prints.to_newest()
        self._show(None)

    def _to_oldest(self) -> None:
        self.prints.to_oldest()
        self._want_older()
        self._show(None)

    def _resize(self, lines: int) -> None:
        self.prints.resize(lines)
        self._show(None)
