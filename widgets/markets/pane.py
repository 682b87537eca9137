"""The markets pane: joins the store's list and tickers to the painted list, its tabs, search and sort."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from core.calc.search import MarketIndex
from core.feed.feed import Feed
from core.feed.health import StreamState, Trouble
from core.market import TICKER, Market, Stream, quote_of
from widgets import messages
from widgets.controls.list_choice import ListChoice
from widgets.controls.list_state import lay_over_list, state_in_sight
from widgets.controls.listing import Sort, name_of
from widgets.frame import FrameClock
from widgets.markets.bar import MarketsBar
from widgets.markets.model import COLUMNS, FAVOURITES, TABS, Line, listed, ordered, write
from widgets.markets.view import MarketsView
from widgets.pane import Pane

SORT_S = 1.0  # a list that is sorted anew more often than this cannot be read
_SAMPLE = 8  # streams that tell how live the pane is while no line is in sight


class MarketsPane(Pane):
    """All markets of one quote currency, or the favourites. Its market is the highlighted one.

    Lines stay where they are while the mouse is over them and for a while after a key press: with prices streaming a
    click or an arrow key would otherwise meet another symbol than the one that was aimed at.
    """

    kind = "markets"
    is_list = True

    favourite_toggled = Signal(str)  # whoever keeps the favourites answers by `show_favourites`

    def __init__(self, feed: Feed, frames: FrameClock, parent: QWidget | None = None) -> None:
        super().__init__(feed, frames, parent)
        self.tab = TABS[0]
        self.sort = Sort()
        self.favourites: frozenset[str] = frozenset()
        self._searched = ""
        self._keeps_tab = False  # restored: the first market bound does not change it
        self._listed: dict[str, Market] = {}  # as the store has it: another object is another list
        self._index: MarketIndex | None = None  # of all markets, made at the first search
        self._codes: list[str] = []  # of the tab
        self._fitting: list[str] = []  # of those, what is searched for
        self._streams: frozenset[Stream] = frozenset()
        self._unpriced: frozenset[str] = frozenset()  # codes that had no ticker when the list was last sorted
        self._is_moved = False  # the order may not be right any more
        self._sorted_at = float("-inf")
        self._bound_at = feed.now()
        self._in_sight: Sequence[str] = ()
        self._watched: frozenset[str] = frozenset()  # the same, to be looked up
        self._sampled: list[Stream] = []
        self._lines: dict[str, Line] = {}  # in sight
        self._is_korean = messages.is_korean()
        self.bar = MarketsBar(self)
        self.bar.tab_chosen.connect(self.show_tab)
        self.bar.searched.connect(self._search)
        self.view = MarketsView(self)
        view = self.view
        self.choice = ListChoice(view, self.bar.line, feed.now, self.market_wanted.emit, self._toggle, self._freshen)
        view.sort_wanted.connect(self._sort_by)
        view.tab_stepped.connect(self._step_tab)
        view.scrolled.connect(self._show_lines)
        self.setFocusProxy(view)
        self.body.addWidget(self.bar)
        self.body.addWidget(view, 1)
        self._arrange()

    def title(self) -> str:
        return self.tr("Markets")

    # What it wants and how live it is.

    def streams(self, market: str) -> set[Stream]:
        """Return the tickers of the list, whichever market is highlighted. The board has most of them anyway."""
        return set(self._streams)

    def want(self) -> None:
        self.lease.want(self._streams)
        self.frames.mark(self)

    def on_stream(self, stream: Stream) -> None:
        self._is_moved = True
        code = stream.market
        if (code in self._watched or code in self._unpriced) and self.isVisible():
            self.frames.mark(self)

    def has_data(self) -> bool:
        return bool(self._listed)

    def state(self) -> tuple[StreamState, Stream | None]:
        return state_in_sight(self.feed, self._sampled)

    def _lay_over(self, state: StreamState, trouble: Trouble | None, age_s: float, is_young: bool) -> None:
        missing = "" if self._listed else self.tr("The list of symbols has not come yet")
        lay_over_list(self.overlay, state, trouble, age_s, is_young, missing, is_demo=self.is_demo)

    # What is shown.

    def order(self) -> list[str]:
        """Return the codes as they are sorted and filtered now, seen or not."""
        self._freshen()
        return list(self.choice.order)

    def bind(self, market: str) -> None:
        """Highlight `market`, on the tab of its quote currency unless it is a favourite and those are shown."""
        is_other = market != self.market
        self.market = market
        if is_other:
            quote = quote_of(market)
            is_here = market in self.favourites if self.tab == FAVOURITES else quote == self.tab
            if not is_here and quote in TABS and not self._keeps_tab:
                self.show_tab(quote)
            self._keeps_tab = False
            self.view.set_current(market)
        self.frames.mark(self)

    def show_tab(self, tab: str) -> None:
        """Show the markets of a quote currency, or the favourites."""
        if tab in TABS and tab != self.tab:
            self.tab = tab
            self._arrange()
            self._reveal()

    def show_favourites(self, codes: Collection[str]) -> None:
        """Take the favourites of the whole program."""
        if self.favourites != set(codes):
            self.favourites = frozenset(codes)
            if self.tab == FAVOURITES:
                self._arrange()
            else:
                self._lines.clear()
                self._show_lines()

    def refresh(self) -> None:
        self._freshen()
        self.bar.restyle()
        self._show_lines()

    def _freshen(self) -> None:
        """Take a new list or language, or sort what moved, if it is time."""
        is_korean = messages.is_korean()
        if is_korean != self._is_korean:
            self._is_korean = is_korean
            self._arrange()
        elif self.feed.store.markets is not self._listed:
            self._take_list(self.feed.store.markets)
        elif self._is_moved:
            self._sort_if_due()

    def beat(self) -> None:
        if self._is_moved:
            self.frames.mark(self)  # what was held back, or moved out of sight
        super().beat()

    def _take_list(self, markets: dict[str, Market]) -> None:
        """Take the exchange's list of markets, which is read again now and then and seldom differs."""
        before, self._listed = self._listed, markets
        if markets != before:
            self._index = None
            self._arrange()
            if not before:
                self._reveal()

    def _arrange(self) -> None:
        """Find the codes of the tab, and show them: another list, tab, language, or other favourites."""
        markets = self._listed
        self._codes = listed(markets, self.tab, self.favourites)
        is_mixed = self.tab == FAVOURITES
        streams = frozenset(Stream(TICKER, code) for code in self._codes)
        if streams != self._streams:
            self._streams, self._bound_at = streams, self.feed.now()
            self.want()
        self.bar.show_tab(self.tab)
        symbols = self._codes if is_mixed else [markets[code].base for code in self._codes]
        self.view.set_scale("" if is_mixed else self.tab, symbols)
        self._filter()

    def _filter(self) -> None:
        """Find which of the tab's codes fit the search."""
        codes, typed = self._codes, self._searched.strip()
        self.choice.near = ""
        if typed:
            if self._index is None:
                self._index = MarketIndex(self._listed.values())
            fitting = self._index.search(typed, limit=max(len(self._listed), 1))
            fits = {market.code for market in fitting}
            codes = [code for code in codes if code in fits]
            if not codes and self._listed:
                near = fitting[0] if fitting else self._index.nearest(typed)
                self.choice.near = near.code if near is not None else ""
        self._fitting = codes
        self._lines.clear()
        self._sampled = []
        self._sort()
        self._say_why_empty(typed)
        self._show_lines()
        self.frames.mark(self)

    def _reveal(self) -> None:
        """Bring the highlighted market into sight, or the head of the list."""
        self.view.reveal(max(self.view.row_of(self.market), 0))

    def _say_why_empty(self, typed: str) -> None:
        note = ""
        if self.choice.order or not self._listed:
            pass
        elif typed and self.choice.near:
            near = self._listed[self.choice.near]
            offer = f"{name_of(near, self._is_korean)} {near.code}"
            note = self.tr('Nothing here fits "{typed}". Press Enter for {near}.').format(typed=typed, near=offer)
        elif typed:
            note = self.tr('Nothing fits "{typed}". Try a code such as BTC, or a part of the name.').format(typed=typed)
        elif self.tab == FAVOURITES:
            note = self.tr("No favourites yet. Click the star of a symbol, or press Space on it.")
        else:
            note = self.tr("The exchange lists no {quote} markets.").format(quote=self.tab)
        self.view.set_note(note)

    def _sort_if_due(self) -> None:
        """Sort what streams in: at most once a second, and never while the user aims at a line."""
        now, tickers = self.feed.now(), self.feed.store.tickers
        # While the first prices come in the list is not one to aim at yet: each batch takes its place at once.
        is_filling = any(code in tickers for code in self._unpriced)
        if is_filling:
            was_in_sight = self.market in self._watched
            self._sort()
            if was_in_sight:
                self._reveal()
        elif not self.choice.is_held and now - self._sorted_at >= SORT_S:
            self._sort()

    def _sort(self) -> None:
        tickers = self.feed.store.tickers
        shown = [self._listed[code] for code in self._fitting]
        self.choice.order = ordered(shown, tickers, self.sort, self._is_korean)
        self._unpriced = frozenset(code for code in self.choice.order if code not in tickers)
        self._sorted_at, self._is_moved = self.feed.now(), False
        self.view.set_sort(self.sort)
        self.view.set_codes(self.choice.order)

    def _show_lines(self) -> None:
        """Bring the lines in sight up to date. No other market is looked at."""
        view, tickers, kept = self.view, self.feed.store.tickers, self._lines
        codes = view.in_sight
        lines = []
        for code in codes:
            line = kept.get(code)
            ticker = tickers.get(code)
            if line is None or line.ticker is not ticker:
                line = write(
                    self._listed[code],
                    ticker,
                    is_korean=self._is_korean,
                    is_favourite=code in self.favourites,
                    is_mixed=self.tab == FAVOURITES,
                )
            lines.append(line)
        if codes != self._in_sight or not self._sampled:
            self._in_sight, self._watched = codes, frozenset(codes)
            self._sampled = [Stream(TICKER, c) for c in codes or self._codes[:_SAMPLE] or list(self._listed)[:_SAMPLE]]
        self._lines = {line.code: line for line in lines}
        now = self.feed.now()
        view.show_lines(lines, now)
        view.describe(self._lines.get(self.market))
        if view.fade(now):
            self.frames.mark(self)  # until the last bar is gone; then nothing runs

    # The user.

    def step(self, by: int) -> None:
        """Ask for the market that stands `by` lines below the one that is bound; above it if negative."""
        self.choice.step(by)

    def _toggle(self, code: str) -> None:
        if code in self._listed:
            self.favourite_toggled.emit(code)

    def _sort_by(self, sort: Sort) -> None:
        self.sort = sort
        self._sort()
        self.view.scroll_to(0)  # whoever sorts wants to see what is first
        self._show_lines()

    def _step_tab(self, by: int) -> None:
        at = TABS.index(self.tab) + by
        if 0 <= at < len(TABS):
            self.show_tab(TABS[at])

    def _search(self, typed: str) -> None:
        if typed != self._searched:
            self._searched = typed
            self._filter()
            self.view.scroll_to(0)

    # Saving.

    def save(self) -> dict[str, Any]:
        return {**super().save(), "tab": self.tab, "sort": self.sort.column, "is_down": self.sort.is_down}

    def restore(self, state: dict[str, Any]) -> None:
        super().restore(state)
        column, is_down = state.get("sort"), state.get("is_down")
        if column in COLUMNS and isinstance(is_down, bool):
            self.sort = Sort(column, is_down)
        if state.get("tab") in TABS:
            self.tab, self._keeps_tab = state["tab"], True
        self._arrange()
        self._reveal()
