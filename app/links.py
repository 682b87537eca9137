"""Link groups: a market chosen in one pane is bound in every pane of its group, in one frame."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from widgets.frame import FrameClock
from widgets.pane import Pane


class LinkGroup:
    """Panes that show one market together."""

    def __init__(self, frames: FrameClock, on_change: Callable[[str], None] = lambda _market: None) -> None:
        self.market = ""
        self.panes: list[Pane] = []  # as many as the window holds
        self._frames = frames
        self._on_change = on_change

    def add(self, panes: Iterable[Pane]) -> None:
        """Take panes in; what the user chooses in one of them goes to all."""
        for pane in panes:
            self.panes.append(pane)
            pane.market_wanted.connect(self.bind)
            if self.market:
                pane.bind(self.market)

    def bind(self, market: str) -> None:
        """Show `market` in the whole group: what the cache has at once, so book, tape and chart never differ."""
        self.market = market
        for pane in self.panes:
            pane.bind(market)
        self._frames.flush(*self.panes)
        self._on_change(market)
