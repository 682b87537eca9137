"""A market chosen in one pane is bound in every pane of its group, in one frame, and in no other pane."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.links import LinkGroup
from core.feed.feed import Feed
from core.market import TRADE, Stream
from widgets.frame import FrameClock
from widgets.pane import Pane


class Plain(Pane):
    """Shows nothing, and remembers of which market."""

    kind = "plain"

    def __init__(self, feed: Feed, frames: FrameClock, parent: QWidget) -> None:
        super().__init__(feed, frames, parent)
        self.refreshed: list[str] = []

    def streams(self, market: str) -> set[Stream]:
        return {Stream(TRADE, market)}

    def refresh(self) -> None:
        self.refreshed.append(self.market)


def test_one_choice_binds_the_group_and_no_other_pane(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    feed, frames = Feed(lambda: 0.0), FrameClock(window)
    panes = [Plain(feed, frames, window) for _ in range(4)]
    window.show()
    changes: list[str] = []
    first, second = LinkGroup(frames, changes.append), LinkGroup(frames)
    first.add(panes[:2])
    second.add(panes[2:3])
    first.bind("KRW-BTC")
    second.bind("KRW-ETH")
    for pane in panes:
        pane.refreshed.clear()

    panes[0].market_wanted.emit("KRW-XRP")
    assert [p.market for p in panes] == ["KRW-XRP", "KRW-XRP", "KRW-ETH", ""]
    assert [p.refreshed for p in panes] == [["KRW-XRP"], ["KRW-XRP"], [], []]  # before anything else ran
    assert feed.leases.wanted == {Stream(TRADE, "KRW-XRP"), Stream(TRADE, "KRW-ETH")}
    assert changes == ["KRW-BTC", "KRW-XRP"]

    first.add(panes[3:])  # a pane that joins shows what the group shows
    assert panes[3].market == "KRW-XRP"
    for pane in panes:
        pane.release()
    assert feed.leases.wanted == frozenset()
