"""What every pane does: one lease pointed elsewhere, a light that tells the truth, its state laid over it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QMimeData, QPointF, QSizeF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from app import translations
from core.feed.feed import Feed
from core.feed.health import FIRST_FRAME_DUE_S, LinkHealth, LinkState
from core.market import TICKER, TRADE, Market, Stream
from core.wire.messages import Trade
from tests.conftest import ExpectLog
from tests.waiting import qt_until
from widgets import drag, messages
from widgets.controls.drop_preview import side_at
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

    def cut(self, cause: str, retry_in_s: float = 7.0) -> None:
        """As a link does when its socket is gone."""
        link = self.feed.health.links[1]
        link.state, link.cause, link.retry_at = LinkState.WAITING, cause, self.clock() + retry_in_s
        self.feed.health.lost(1)

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


def test_a_pane_that_fails_says_so_until_it_can_be_shown(desk: Desk, expected_log: ExpectLog) -> None:
    desk.pane.bind("KRW-BTC")
    desk.ask("KRW-BTC")
    desk.hear("KRW-BTC")
    desk.pane.is_full = True
    assert (desk.light, desk.pane.overlay.kind) == ("live", "none")
    refresh = desk.pane.refresh
    desk.pane.refresh = lambda: 1 / 0  # type: ignore[method-assign, assignment, return-value]
    expected_log("pane 'Plain' could not refresh")
    desk.frames.flush(desk.pane)
    desk.pane.beat()
    overlay, light = desk.pane.overlay, desk.pane.header.light
    assert (light.kind, overlay.kind, overlay.title) == ("error", "stale", messages.broken()[0])
    desk.pane.refresh = refresh  # type: ignore[method-assign]
    desk.frames.flush(desk.pane)
    assert (light.kind, overlay.kind) == ("live", "none")


def test_one_lease_is_pointed_elsewhere_and_given_back(desk: Desk) -> None:
    desk.pane.bind("KRW-BTC")
    assert desk.feed.leases.wanted == desk.pane.streams("KRW-BTC")
    desk.pane.bind("KRW-ETH")
    assert desk.feed.leases.wanted == desk.pane.streams("KRW-ETH")
    desk.pane.release()
    assert not desk.feed.leases.wanted
    assert desk.pane not in desk.frames._panes
    desk.pane.bind("")
    assert not desk.feed.leases.wanted


def test_another_pane_keeps_what_one_gives_back(desk: Desk, qtbot: QtBot) -> None:
    other = Plain(desk.feed, desk.frames)
    qtbot.addWidget(other)
    desk.pane.bind("KRW-BTC")
    other.bind("KRW-BTC")
    asked: list[frozenset[Stream]] = []
    desk.feed.on_wanted = asked.append
    desk.pane.release()
    assert desk.feed.leases.wanted == other.streams("KRW-BTC")
    assert not asked  # the exchange hears nothing of it


def test_a_change_shows_what_is_known_without_waiting_for_news(desk: Desk) -> None:
    qt_until(lambda: not desk.frames._timer.isActive())
    before = desk.pane.refreshed
    desk.pane.bind("KRW-BTC")
    assert desk.pane.refreshed == before  # not within the click
    qt_until(lambda: desk.pane.refreshed > before)
    assert desk.pane.header._symbol.code == "KRW-BTC"


def test_a_thousand_messages_are_one_refresh(desk: Desk) -> None:
    desk.pane.bind("KRW-BTC")
    desk.ask("KRW-BTC")
    desk.hear("KRW-BTC")
    desk.pane.is_full = True
    desk.pane.frame()
    qt_until(lambda: not desk.frames._timer.isActive())
    before = desk.pane.refreshed
    for number in range(1_000):
        desk.feed.apply(Trade("KRW-BTC", 91_000_000.0, 0.5, "BID", 1_000 + number, number))
    assert desk.pane.refreshed == before
    qt_until(lambda: not desk.frames._timer.isActive())
    assert desk.pane.refreshed == before + 1


def test_a_hidden_pane_rests_and_catches_up_when_it_is_shown(desk: Desk) -> None:
    desk.pane.bind("KRW-BTC")
    desk.pane.hide()
    before = desk.pane.refreshed
    desk.feed.apply(Trade("KRW-BTC", 91_000_000.0, 0.5, "BID", 1_000, 1))
    qt_until(lambda: not desk.frames._timer.isActive() and not desk.frames._soon.isActive())
    assert desk.pane.refreshed == before
    desk.pane.show()
    qt_until(lambda: desk.pane.refreshed > before)


def test_loading_is_said_when_it_takes_long_though_nothing_comes(desk: Desk) -> None:
    desk.frames._beat.stop()  # which would say it too, up to a second late
    desk.pane.bind("KRW-BTC")
    before = desk.pane.refreshed
    qt_until(lambda: desk.pane.refreshed > before + 3)
    assert desk.pane.overlay.kind == "none"
    desk.clock.now += LOADING_S + 0.1
    qt_until(lambda: desk.pane.overlay.kind == "loading")
    qt_until(lambda: not desk.frames._timer.isActive())


def test_what_is_known_of_a_market_is_shown_while_its_stream_is_waited_for(desk: Desk) -> None:
    desk.pane.is_full = True
    desk.pane.bind("KRW-BTC")
    desk.ask("KRW-BTC")
    assert desk.light == "pending"
    assert desk.pane.overlay.kind == "none"
    desk.clock.now += LOADING_S + 0.1
    assert desk.light == "pending"
    assert (desk.pane.overlay.kind, desk.pane.overlay.title) == ("stale", messages.waiting())


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
    assert desk.light == "stale"
    assert desk.pane.overlay.kind == "stale"
    assert "10 s" in desk.pane.overlay.title
    desk.clock.now += 5.0
    desk.pane.beat()
    assert "15 s" in desk.pane.overlay.title


def test_a_silent_link_is_stale_until_it_speaks(desk: Desk) -> None:
    desk.pane.bind("KRW-BTC")
    desk.ask("KRW-BTC")
    desk.hear("KRW-BTC")
    desk.pane.is_full = True
    desk.feed.health.links[1].is_silent = True
    assert desk.light == "stale"
    desk.feed.health.links[1].is_silent = False
    assert desk.light == "live"
    assert desk.pane.overlay.kind == "none"


def test_a_symbol_that_never_answers_is_unknown(desk: Desk) -> None:
    desk.pane.bind("KRW-NONE")
    desk.ask("KRW-NONE")
    desk.clock.now += FIRST_FRAME_DUE_S + 1.0
    assert desk.light == "error"
    assert desk.pane.overlay.kind == "unknown"
    assert "KRW-NONE" in desk.pane.overlay.title


@pytest.mark.parametrize("is_full", [True, False])
def test_without_a_connection_it_says_why_counts_down_and_keeps_what_it_has(desk: Desk, is_full: bool) -> None:
    desk.pane.bind("KRW-BTC")
    desk.ask("KRW-BTC")
    if is_full:
        desk.hear("KRW-BTC")
    desk.pane.is_full = is_full
    desk.cut("dns")
    assert desk.light == "offline"
    overlay = desk.pane.overlay
    assert overlay.kind == ("stale" if is_full else "offline")
    trouble = desk.feed.health.trouble(Stream(TRADE, "KRW-BTC"), desk.clock())
    assert trouble is not None
    title, text = messages.trouble(trouble, is_demo=False)
    assert overlay.text == text
    assert overlay.title == (f"{title}. Next try in 7 s." if is_full else title)  # over data there is one line
    assert "7 s" in overlay.text
    desk.clock.now += 3.0
    desk.pane.beat()
    assert "4 s" in (overlay.title if is_full else overlay.text)
    desk.feed.health.links[1].state = LinkState.OPEN
    desk.hear("KRW-BTC")
    desk.pane.is_full = True
    assert desk.light == "live"
    assert overlay.kind == "none"


def test_the_ways_on_of_the_card_are_the_users_wishes(desk: Desk) -> None:
    wishes: list[str] = []
    desk.pane.retry_wanted.connect(lambda: wishes.append("retry"))
    desk.pane.demo_wanted.connect(lambda: wishes.append("demo"))
    desk.pane.resize(500, 400)
    desk.pane.bind("KRW-BTC")
    desk.ask("KRW-BTC")
    desk.cut("refused")
    desk.pane.frame()
    buttons = [b for b in desk.pane.overlay.findChildren(QPushButton) if b.isVisible()]
    for button in buttons:
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert wishes == ["retry", "demo"]


def test_the_symbol_pressed_starts_the_search_with_nothing_typed(desk: Desk) -> None:
    asked: list[tuple[object, str]] = []
    desk.pane.picker_wanted.connect(lambda pane, typed: asked.append((pane, typed)))
    QTest.mouseClick(desk.pane.header._symbol, Qt.MouseButton.LeftButton)
    assert asked == [(desk.pane, "")]


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


def test_it_changes_its_language_while_it_is_open(desk: Desk, qapp: QApplication) -> None:
    desk.feed.store.list_markets([Market("KRW-BTC", "비트코인", "Bitcoin")])
    desk.pane.bind("KRW-BTC")
    desk.ask("KRW-BTC")
    desk.clock.now += LOADING_S + 0.1
    desk.pane.frame()
    desk.pane.show_demo(True)
    before = desk.pane.header.light.toolTip()
    qt_until(lambda: not desk.frames._timer.isActive())
    try:
        translations.install(qapp, "ko")
        qt_until(lambda: desk.pane.accessibleName() == "plain KRW-BTC 비트코인")
        assert desk.pane.header._symbol.name == "비트코인"
        assert desk.pane.header.light.toolTip() not in ("", before)
        assert desk.pane.header._badge.text == "데모"
    finally:
        translations.install(qapp, "en")


def test_a_demo_says_that_it_is_one(desk: Desk) -> None:
    desk.pane.show_demo(True)
    assert desk.pane.header._badge.isVisible()
    desk.pane.show_demo(False)
    assert not desk.pane.header._badge.isVisible()


def test_what_is_saved_comes_back(desk: Desk) -> None:
    desk.pane.bind("KRW-BTC")
    assert desk.pane.save() == {"market": "KRW-BTC"}
    desk.pane.restore({"market": 5, "strange": None})


# Drops.


def drag_over(pane: Pane, mime: QMimeData, at: QPointF, *, is_drop: bool = False) -> bool:
    """Hold `mime` over a pane, or let it go there; tell whether the pane takes it."""
    copy, left, no_key = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    event: QDropEvent = QDragEnterEvent(at.toPoint(), copy, mime, left, no_key)
    event.ignore()
    QApplication.sendEvent(pane, event)  # Qt sends what follows to who took this
    if is_drop and event.isAccepted():
        event = QDropEvent(at, copy, mime, left, no_key)
        event.ignore()
        QApplication.sendEvent(pane, event)
    return event.isAccepted()


def of_market(market: str) -> QMimeData:
    mime = QMimeData()
    mime.setData(drag.MARKET, market.encode())
    return mime


def of_kind(kind: str) -> QMimeData:
    mime = QMimeData()
    mime.setData(drag.KIND, kind.encode())
    return mime


def test_a_symbol_dropped_in_the_middle_changes_the_pane(desk: Desk) -> None:
    wanted: list[str] = []
    desk.pane.resize(400, 300)
    desk.pane.market_wanted.connect(wanted.append)
    middle = QPointF(200, 150)
    assert drag_over(desk.pane, of_market("KRW-XRP"), middle)
    preview = desk.pane._preview
    assert (preview.side, preview.text, preview.isVisible()) == ("middle", "Show KRW-XRP", True)
    assert drag_over(desk.pane, of_market("KRW-XRP"), middle, is_drop=True)
    assert wanted == ["KRW-XRP"]
    assert not preview.isVisible()


@pytest.mark.parametrize(
    ("at", "side"), [((3, 150), "left"), ((397, 150), "right"), ((200, 3), "top"), ((200, 297), "bottom")]
)
def test_a_drop_at_an_edge_asks_for_a_new_pane_there(desk: Desk, at: tuple[int, int], side: str) -> None:
    new: list[tuple[object, ...]] = []
    desk.pane.resize(400, 300)
    desk.pane.new_wanted.connect(lambda *words: new.append(words))
    assert drag_over(desk.pane, of_market("KRW-XRP"), QPointF(*at), is_drop=True)
    assert drag_over(desk.pane, of_kind("trades"), QPointF(*at), is_drop=True)
    assert new == [(desk.pane, side, "", "KRW-XRP"), (desk.pane, side, "trades", "")]


def test_a_kind_dropped_in_the_middle_becomes_a_tab(desk: Desk) -> None:
    new: list[tuple[object, ...]] = []
    desk.pane.resize(400, 300)
    desk.pane.new_wanted.connect(lambda *words: new.append(words))
    assert drag_over(desk.pane, of_kind("chart"), QPointF(200, 150), is_drop=True)
    assert new == [(desk.pane, "tab", "chart", "")]


def test_a_locked_pane_takes_symbols_anywhere_and_no_panes(desk: Desk) -> None:
    wanted: list[str] = []
    desk.pane.resize(400, 300)
    desk.pane.is_locked = True
    desk.pane.market_wanted.connect(wanted.append)
    assert not drag_over(desk.pane, of_kind("chart"), QPointF(2, 150))
    assert not desk.pane._preview.isVisible()
    assert drag_over(desk.pane, of_market("KRW-XRP"), QPointF(2, 150), is_drop=True)
    assert wanted == ["KRW-XRP"]


def test_what_is_no_symbol_and_no_pane_is_not_taken(desk: Desk) -> None:
    mime = QMimeData()
    mime.setText("KRW-BTC")
    assert not drag_over(desk.pane, mime, QPointF(20, 20))
    assert not drag_over(desk.pane, mime, QPointF(20, 20), is_drop=True)


@given(st.floats(0, 1), st.floats(0, 1), st.floats(20, 4_000, allow_nan=False), st.floats(20, 4_000, allow_nan=False))
def test_every_point_of_a_pane_has_one_side_and_the_middle_is_reachable(x: float, y: float, w: float, h: float) -> None:
    size = QSizeF(w, h)
    assert side_at(QPointF(x * w, y * h), size) in {"left", "right", "top", "bottom", "middle"}
    assert side_at(QPointF(w / 2, h / 2), size) == "middle"
    assert side_at(QPointF(0, h / 2), size) == "left"
    assert side_at(QPointF(w / 2, h), size) == "bottom"


def test_digits_letters_and_arrows_typed_on_a_pane_are_wishes(desk: Desk) -> None:
    said: list[tuple[str, object]] = []
    desk.pane.bind("KRW-BTC")
    desk.pane.interval_wanted.connect(lambda _pane, typed: said.append(("interval", typed)))
    desk.pane.picker_wanted.connect(lambda _pane, typed: said.append(("picker", typed)))
    desk.pane.step_wanted.connect(lambda _pane, by: said.append(("step", by)))
    for key in (Qt.Key.Key_1, Qt.Key.Key_A, Qt.Key.Key_Down, Qt.Key.Key_Up):
        QTest.keyClick(desk.pane, key)
    QTest.keyClick(desk.pane, Qt.Key.Key_5, Qt.KeyboardModifier.KeypadModifier)
    QTest.keyClick(desk.pane, Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier)  # a command's
    assert said == [("interval", "1"), ("picker", "a"), ("step", 1), ("step", -1), ("interval", "5")]
