"""What every pane does: one lease pointed elsewhere, a light that tells the truth, its state laid over it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from core.feed.feed import Feed
from core.feed.health import LinkHealth, LinkState
from core.market import TICKER, TRADE, Market, Stream
from widgets.frame import FrameClock
from widgets.pane import LOADING_S, Pane


class Plain(Pane):
    kind = "plain"

    def __init__(self, feed: Feed, frames: FrameClock) -> None:
        super().__init__(feed, frames)
        self.refreshed = 0
        self.is_full = False

    def streams(self, market: str) -> set[Stream]:
        return {Stream(TRADE, market), Stream(TICKER, market)}

    def refresh(self) -> None:
        self.refreshed += 1

    def has_data(self) -> bool:
        return self.is_full


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


class Desk:
    def __init__(self, qtbot: QtBot) -> None:
        self.clock = Clock()
        self.feed = Feed(self.clock)
        self.feed.health.links[1] = link = LinkHealth(1)
        link.state = LinkState.OPEN
        self.frames = FrameClock()
        self.pane = Plain(self.feed, self.frames)
        qtbot.addWidget(self.pane)
        self.pane.resize(300, 300)
        self.pane.show()

    def ask(self, market: str) -> None:
        """As a link does when it has said its set."""
        self.feed.health.requested(1, frozenset(self.pane.streams(market)), self.clock())

    def hear(self, market: str) -> None:
        for stream in self.pane.streams(market):
            self.feed.health.received(stream, self.clock())

    @property
    def light(self) -> str:
        self.pane.frame()
        return self.pane.header.light.kind


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    desk = Desk(qtbot)
    yield desk
    desk.frames.stop()


def test_a_pane_without_a_market_says_how_to_choose_one(desk: Desk) -> None:
    desk.pane.frame()
    assert desk.pane.overlay.kind == "empty"
    assert desk.pane.overlay.text
    assert not desk.feed.leases.wanted


def test_one_lease_is_pointed_elsewhere_and_given_back(desk: Desk) -> None:
    desk.pane.bind("KRW-BTC")
    assert desk.feed.leases.wanted == desk.pane.streams("KRW-BTC")
    desk.pane.bind("KRW-ETH")
    assert desk.feed.leases.wanted == desk.pane.streams("KRW-ETH")
    desk.pane.release()
    assert not desk.feed.leases.wanted


def test_the_light_goes_from_pending_to_live(desk: Desk) -> None:
    desk.pane.bind("KRW-BTC")
    desk.ask("KRW-BTC")
    assert desk.light == "pending"
    assert desk.pane.overlay.kind == "none"  # a quick change shows no loading: it would only flicker
    desk.clock.now += LOADING_S + 0.1
    assert desk.light == "pending"
    assert desk.pane.overlay.kind == "loading"
    desk.hear("KRW-BTC")
    desk.pane.is_full = True
    assert desk.light == "live"
    assert desk.pane.overlay.kind == "none"


def test_it_is_as_live_as_the_worst_of_its_streams(desk: Desk) -> None:
    desk.pane.bind("KRW-BTC")
    desk.ask("KRW-BTC")
    desk.feed.health.received(Stream(TRADE, "KRW-BTC"), desk.clock())
    assert desk.light == "pending"


def test_data_that_is_old_says_so_and_stays(desk: Desk) -> None:
    desk.pane.bind("KRW-BTC")
    desk.ask("KRW-BTC")
    desk.hear("KRW-BTC")
    desk.pane.is_full = True
    assert desk.light == "live"
    desk.feed.health.lost(1)
    desk.clock.now += 10.0
    assert desk.light in ("stale", "offline")
    assert desk.pane.overlay.kind == "stale"
    assert desk.pane.overlay.title


def test_news_of_another_market_wakes_nobody(desk: Desk) -> None:
    desk.pane.bind("KRW-BTC")
    desk.pane.frame()
    desk.frames._marked.clear()
    desk.pane.on_stream(Stream(TRADE, "KRW-ETH"))
    assert not desk.frames._marked
    desk.pane.on_stream(Stream(TRADE, "KRW-BTC"))
    assert list(desk.frames._marked) == [desk.pane]


def test_only_the_first_data_after_a_change_hurries(desk: Desk) -> None:
    desk.pane.bind("KRW-BTC")
    desk.pane.on_stream(Stream(TRADE, "KRW-BTC"))
    assert desk.frames._soon.isActive()
    desk.frames._soon.stop()
    desk.pane.is_full = True
    desk.pane.on_stream(Stream(TRADE, "KRW-BTC"))
    assert not desk.frames._soon.isActive()
    desk.pane.is_full = False
    desk.clock.now += 2.0
    desk.pane.on_stream(Stream(TRADE, "KRW-BTC"))
    assert not desk.frames._soon.isActive()


def test_a_letter_typed_on_it_starts_the_search_and_nothing_else_does(desk: Desk, qtbot: QtBot) -> None:
    asked: list[str] = []
    desk.pane.picker_wanted.connect(lambda _pane, typed: asked.append(typed))
    QTest.keyClicks(desk.pane, "b")
    QTest.keyClick(desk.pane, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(desk.pane, "5 ")
    QTest.keyClick(desk.pane, Qt.Key.Key_Return)
    assert asked == ["b"]


def test_it_is_named_in_the_language_for_eyes_and_ears(desk: Desk) -> None:
    desk.feed.store.list_markets([Market("KRW-BTC", "비트코인", "Bitcoin")])
    desk.pane.bind("KRW-BTC")
    desk.pane.frame()
    assert desk.pane.accessibleName() == "plain KRW-BTC Bitcoin"


def test_a_demo_says_that_it_is_one(desk: Desk) -> None:
    desk.pane.show_demo(True)
    assert desk.pane.header._badge.isVisible()
    desk.pane.show_demo(False)
    assert not desk.pane.header._badge.isVisible()


def test_what_is_saved_comes_back(desk: Desk) -> None:
    desk.pane.bind("KRW-BTC")
    assert desk.pane.save() == {"market": "KRW-BTC"}
    desk.pane.restore({"market": 5, "strange": None})
