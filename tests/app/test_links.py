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


class Counted(FrameClock):
    """Remembers what it was told to paint together."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.flushes: list[list[str]] = []

    def flush(self, *panes: Plain) -> None:  # type: ignore[override]
        self.flushes.append([pane.market for pane in panes])
        super().flush(*panes)


def test_each_choice_is_one_flush_of_panes_that_agree(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    feed, frames = Feed(lambda: 0.0), Counted(window)
    panes = [Plain(feed, frames, window) for _ in range(3)]
    window.show()
    group = LinkGroup(frames)
    group.add(panes[:2])
    assert (group.market, [p.market for p in panes]) == ("", ["", "", ""])  # nothing chosen: nothing bound
    assert feed.leases.wanted == frozenset()
    for pane, market in ((panes[0], "KRW-BTC"), (panes[1], "KRW-ETH")):  # from whichever pane it comes
        pane.market_wanted.emit(market)
    group.add(panes[2:])
    panes[2].market_wanted.emit("KRW-XRP")  # one that joined later counts as much
    assert frames.flushes == [["KRW-BTC"] * 2, ["KRW-ETH"] * 2, ["KRW-XRP"] * 3]
    assert group.market == "KRW-XRP"
    assert group.panes == panes
    for pane in panes:
        pane.release()


def test_the_group_has_moved_before_anybody_hears_of_it(qtbot: QtBot) -> None:
    """Whoever writes the desk down asks the groups what they show."""
    window = QWidget()
    qtbot.addWidget(window)
    feed, frames = Feed(lambda: 0.0), FrameClock(window)
    panes = [Plain(feed, frames, window) for _ in range(2)]
    window.show()
    heard: list[tuple[str, list[str], list[list[str]]]] = []

    def hear(_: str) -> None:
        heard.append((group.market, [p.market for p in panes], [list(p.refreshed) for p in panes]))

    group = LinkGroup(frames, hear)
    group.add(panes)
    group.bind("KRW-BTC")
    assert heard == [("KRW-BTC", ["KRW-BTC"] * 2, [["KRW-BTC"]] * 2)]
    for pane in panes:
        pane.release()
