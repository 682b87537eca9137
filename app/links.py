"""Link groups: a market chosen in one pane is bound in every pane of its group, in one frame."""

from __future__ import annotations

from collections.abc import Callable

from core.market import Interval, price_key
from widgets.chart.pane import ChartPane
from widgets.chart.span import Span
from widgets.frame import FrameClock
from widgets.pane import Pane

GROUPS = 9  # 1..9; 0 is no group


class Links:
    """Which pane follows which: groups by number, each with the market that it shows.

    A pane's role in its group: "both" leads and follows; "lead" gives its choices to the group and keeps its own
    market when others choose; "follow" takes the group's, and what is chosen in it stays with it.

    Args:
        on_change: a market was chosen somewhere.
    """

    def __init__(self, frames: FrameClock, on_change: Callable[[str], None] = lambda _market: None) -> None:
        self.markets: dict[int, str] = {}  # group -> market; at most GROUPS
        self.is_interval_linked = True
        self.is_crosshair_linked = True
        self.is_span_linked = False
        self._panes: list[Pane] = []  # as many as the desk holds
        self._frames = frames
        self.on_change = on_change
        self.on_mark: Callable[[Pane, float], None] = _ignore  # a price was marked in a pane

    def add(self, pane: Pane) -> None:
        """Take `pane` in: what the user chooses in it goes to its group."""
        self._panes.append(pane)
        pane.price_pressed.connect(self.press)
        pane.mark_dropped.connect(lambda p: self.mark(p, None))
        if isinstance(pane, ChartPane):
            pane.interval_chosen.connect(lambda interval, p=pane: self._share_interval(p, interval))
            pane.pointed.connect(lambda time_ms, p=pane: self._share_pointer(p, time_ms))
            pane.moved.connect(lambda span, p=pane: self._share_span(p, span))

    def remove(self, pane: Pane) -> None:
        self._panes.remove(pane)

    def members(self, group: int) -> list[Pane]:
        """Return the panes of a group, none for 0."""
        return [p for p in self._panes if group and p.group == group]

    def join(self, pane: Pane, group: int, role: str = "both") -> None:
        """Put `pane` into `group`; it shows the group's market if it follows, or gives it one where it has none."""
        for chart in self._charts_beside(pane):
            chart.point_at(None)  # the pointer over this pane is none of theirs any more
        pane.join(group, role)
        is_alone = self.members(group) == [pane]
        market = "" if is_alone and role != "follow" and pane.market else self.markets.get(group, "")
        if group and not market and pane.market:
            self.markets[group] = pane.market
        elif group and market and role != "lead" and pane.market != market:
            pane.bind(market)
            self._frames.flush(pane)
        others = [p.marked for p in self.members(group) if p is not pane and p.market == pane.market]
        if others and pane.marked != others[0]:
            pane.mark(others[0])

    def choose(self, pane: Pane, market: str) -> None:
        """The user chose `market` in `pane`: change its group, or the pane alone."""
        if pane.group and pane.role != "follow":
            self.bind(pane.group, market, pane)
        else:
            pane.bind(market)
            self._frames.flush(pane)
            self.on_change(market)

    def bind(self, group: int, market: str, leader: Pane | None = None) -> None:
        """Show `market` in the whole group: what the cache has at once, so book, tape and chart never differ."""
        self.markets[group] = market
        panes = [p for p in self.members(group) if p is leader or p.role != "lead"]
        for pane in panes:
            pane.bind(market)
        self._frames.flush(*panes)
        self.on_change(market)

    # A price of the user's choice: the same in every pane of the group that shows this market.

    def press(self, pane: Pane, price: float) -> None:
        """The user pressed a price in `pane`: mark it in its group, or no more where it is marked already."""
        is_marked = pane.marked is not None and price_key(pane.marked) == price_key(price)
        self.mark(pane, None if is_marked else price)

    def mark(self, pane: Pane, price: float | None) -> None:
        """Mark a price of the market of `pane` in its group, in one frame; None for no price any more."""
        panes = [pane, *(p for p in self.members(pane.group) if p is not pane and p.market == pane.market)]
        for one in panes:
            one.mark(price)
        self._frames.flush(*panes)
        if price is not None:
            self.on_mark(pane, price)

    def _share_interval(self, pane: ChartPane, interval: Interval) -> None:
        if self.is_interval_linked and pane.role != "follow":
            for other in self._charts_beside(pane):
                if other.role != "lead" and other.interval is not interval:
                    other.set_interval(interval)

    def _share_pointer(self, pane: ChartPane, time_ms: object) -> None:
        if self.is_crosshair_linked:
            for other in self._charts_beside(pane):
                other.point_at(time_ms if isinstance(time_ms, int) else None)

    def _share_span(self, pane: ChartPane, span: Span) -> None:
        if self.is_span_linked and pane.role != "follow":
            for other in self._charts_beside(pane):
                if other.role != "lead":
                    other.show_span(span)

    def set_crosshair_linked(self, is_linked: bool) -> None:
        """Let the charts of a group show the crosshair at one time, or not."""
        self.is_crosshair_linked = is_linked
        if not is_linked:
            for pane in self._panes:
                if isinstance(pane, ChartPane):
                    pane.point_at(None)

    def _charts_beside(self, pane: Pane) -> list[ChartPane]:
        return [p for p in self.members(pane.group) if isinstance(p, ChartPane) and p is not pane]


def _ignore(_pane: Pane, _price: float) -> None:
    pass
