"""Which market, and which interval, a pane is to show: typed, picked, or the next one of a list."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.choices import Choices
from app.settings import Settings
from app.workspace import Workspace
from core.calc.search import MarketIndex
from core.feed.feed import Feed
from core.market import Interval
from widgets.arbitrage.pane import CrossPane
from widgets.chart.pane import ChartPane
from widgets.controls.interval_entry import IntervalEntry
from widgets.controls.market_picker import MarketPicker
from widgets.markets.pane import MarketsPane
from widgets.pane import Pane
from widgets.scanner.pane import ScannerPane


class Picking(QObject):
    """One picker and one entry for all panes of the desk.

    Args:
        window: over which they open.
        settings: which markets were looked at last.
        choices: in which language is searched.
    """

    def __init__(self, window: QWidget, workspace: Workspace, feed: Feed, settings: Settings, choices: Choices) -> None:
        super().__init__(window)
        self._workspace, self._feed, self._settings, self._choices = workspace, feed, settings, choices
        self._index: MarketIndex | None = None  # made when somebody searches
        self.picker = MarketPicker(window)
        self.picker.market_chosen.connect(self._choose)
        self._picking: Pane | None = None
        self._comparing: ChartPane | None = None  # the market that is picked is compared in it
        self.interval_entry = IntervalEntry(window)
        self.interval_entry.interval_chosen.connect(self._set_interval)
        self._timing: Pane | None = None

    def join(self, pane: Pane) -> None:
        """Open for a new pane what it asks for."""
        pane.picker_wanted.connect(self._pick)
        pane.interval_wanted.connect(self._time)
        pane.step_wanted.connect(self._step)
        if isinstance(pane, ChartPane):
            pane.compare_wanted.connect(self._pick_compared)

    def part(self, pane: Pane) -> None:
        """What is typed for a pane that goes is for nobody."""
        if pane in (self._picking, self._comparing):
            self._picking = self._comparing = None
            self.picker.close_picker()
        if self._timing is pane:
            self._timing = None
            self.interval_entry.close_entry()

    def list_markets(self) -> None:
        """Search among the markets that the exchange lists from now on."""
        self._index = None

    @property
    def index(self) -> MarketIndex:
        """Return the markets that can be searched."""
        if self._index is None:
            self._index = MarketIndex(self._feed.store.markets.values())
        return self._index

    # Typed or picked.

    def _pick(self, pane: Pane, typed: str) -> None:
        pane = self._with_market(pane)
        self._picking, self._comparing = pane, None
        recent = [code for code in self._settings.recent if code != pane.market]  # so Enter goes back to the last one
        self.picker.open_over(pane, self.index, self._feed.store.tickers, self._choices.lang, typed, recent)

    def _pick_compared(self, pane: ChartPane) -> None:
        self._picking, self._comparing = None, pane
        shown = {pane.market, *pane.compared}
        recent = [code for code in self._settings.recent if code not in shown]
        hint = self.tr("Compare with: name, code or initial consonants")
        tickers, lang = self._feed.store.tickers, self._choices.lang
        self.picker.open_over(pane, self.index, tickers, lang, recent=recent, hint=hint, without=shown)

    def _choose(self, market: str) -> None:
        chart, self._comparing = self._comparing, None
        if chart is not None:
            chart.compare(market)
            chart.setFocus()
            return
        pane, self._picking = self._picking, None
        if pane is not None:
            pane.market_wanted.emit(market)
            pane.setFocus()

    def _time(self, pane: Pane, typed: str) -> None:
        """A digit was typed on `pane`: it sets the interval of that chart, or of the charts linked to it."""
        if self._charts_of(pane):
            self._timing = pane
            self.interval_entry.open_over(pane, typed)

    def _charts_of(self, pane: Pane) -> list[ChartPane]:
        if isinstance(pane, ChartPane):
            return [pane]
        return [p for p in self._workspace.links.members(pane.group) if isinstance(p, ChartPane)]

    def _set_interval(self, interval: Interval) -> None:
        pane, self._timing = self._timing, None
        if pane is not None:
            for chart in self._charts_of(pane):
                chart.choose_interval(interval)
            pane.setFocus()

    # The next one.

    def step_market(self, by: int) -> None:
        """Go to the next market, or the one before, in the pane in use."""
        if self._workspace.active is not None:
            self._step(self._workspace.active, by)

    def _step(self, pane: Pane, by: int) -> None:
        """Step through the list of markets that is open, or through the quote's markets by turnover."""
        pane = self._with_market(pane)
        lists = [p for p in self._workspace.panes.values() if isinstance(p, MarketsPane | ScannerPane | CrossPane)]
        beside = next((p for p in lists if p.group == pane.group and p.market == pane.market), None)
        if beside is not None and beside is not pane:
            beside.step(by)  # which keeps its order while keys come
            return
        order = lists[0].order() if lists else self._by_turnover(pane.market.partition("-")[0])
        if pane.market in order:
            pane.market_wanted.emit(order[(order.index(pane.market) + by) % len(order)])
        elif order:
            pane.market_wanted.emit(order[0])

    def _with_market(self, pane: Pane) -> Pane:
        """Return the pane, or the first one that takes a market where it takes none."""
        if pane.takes_market:
            return pane
        return next((p for p in self._workspace.panes.values() if p.takes_market), pane)

    def top_by_turnover(self, count: int, quote: str = "KRW") -> list[str]:
        """Return the markets of a quote currency with the largest turnover of 24 hours."""
        return self._by_turnover(quote)[:count]

    def _by_turnover(self, quote: str) -> list[str]:
        tickers = self._feed.store.tickers
        codes = [code for code in self._feed.store.markets if code.startswith(f"{quote}-")]
        return sorted(codes, key=lambda c: -tickers[c].turnover_24h if c in tickers else 0.0)
