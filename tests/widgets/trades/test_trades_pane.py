"""The trades pane: from bytes to lines, late trades, standing still, symbol changes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from core.feed.feed import Feed
from core.feed.health import LinkHealth, LinkState
from core.market import Stream
from core.wire.messages import Ticker, Trade
from tests.waiting import qt_until
from widgets.frame import FrameClock
from widgets.trades.pane import TradesPane

CONTROL = Qt.KeyboardModifier.ControlModifier


class Desk:
    """A feed without a pool, its clock by hand, and one pane on screen."""

    def __init__(self, qtbot: QtBot) -> None:
        self.feed = Feed(lambda: 100.0)
        self.feed.health.links[1] = LinkHealth(1)
        self.feed.health.links[1].state = LinkState.OPEN
        self.frames = FrameClock()
        self.pane = TradesPane(self.feed, self.frames)
        qtbot.addWidget(self.pane)
        self.pane.resize(320, 400)
        self.pane.show()
        qtbot.waitExposed(self.pane)

    def trade(self, number: int, market: str = "KRW-BTC", *, time_ms: int = 0) -> None:
        side = "BID" if number % 2 else "ASK"
        self.feed.apply(Trade(market, 91_000_000.0 + 1_000 * number, 0.5, side, time_ms or number * 1_000, number))  # type: ignore[arg-type]

    def frame(self) -> None:
        """Run the next frame now."""
        self.frames.flush(self.pane)

    @property
    def ids(self) -> list[int]:
        return [row.id for row in self.pane.view.rows]


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    made = Desk(qtbot)
    yield made
    made.pane.release()


def test_it_wants_trades_and_ticker(desk: Desk) -> None:
    desk.pane.bind("KRW-BTC")
    assert set(desk.feed.leases.wanted) == {Stream("trade", "KRW-BTC"), Stream("ticker", "KRW-BTC")}


def test_bytes_become_lines_in_the_next_frame(desk: Desk) -> None:
    desk.pane.bind("KRW-BTC")
    frame = (
        b'{"type":"trade","code":"KRW-BTC","timestamp":1785397531900,"trade_date":"2026-07-30","trade_time":"07:45:31",'
        b'"trade_timestamp":1785397531885,"trade_price":91157000.0,"trade_volume":0.00123400,"ask_bid":"ASK",'
        b'"prev_closing_price":91000000.0,"change":"RISE","change_price":157000.0,"sequential_id":17853975318850000,'
        b'"stream_type":"REALTIME"}'
    )
    desk.feed.on_frame(1, frame)
    qt_until(lambda: desk.ids == [17853975318850000])
    (row,) = desk.pane.view.rows
    assert (row.price, row.size, row.is_buy) == (91_157_000.0, 0.001234, False)
    assert row.value == pytest.approx(112_487.738)


def test_every_trade_between_two_frames_is_a_line(desk: Desk) -> None:
    desk.pane.bind("KRW-BTC")
    desk.frame()
    for first in range(1, 13, 4):
        for number in range(first, first + 4):
            desk.trade(number)
        desk.frame()
    assert desk.ids == list(range(12, 0, -1))


def test_late_trades_take_their_place_by_time(desk: Desk) -> None:
    desk.pane.bind("KRW-BTC")
    for number in (5, 6, 7):
        desk.trade(number)
    desk.frame()
    for number in (2, 3, 4):
        desk.trade(number)
    desk.frame()
    assert desk.ids == [7, 6, 5, 4, 3, 2]


def test_a_trade_that_comes_twice_is_one_line(desk: Desk) -> None:
    desk.pane.bind("KRW-BTC")
    for number in (1, 2, 2, 1):
        desk.trade(number)
        desk.frame()
    assert desk.ids == [2, 1]


def test_scrolled_back_it_stands_still_until_the_pill_is_pressed(desk: Desk) -> None:
    desk.pane.bind("KRW-BTC")
    for number in range(1, 101):
        desk.trade(number)
    desk.frame()
    QTest.keyClick(desk.pane.view, Qt.Key.Key_PageDown)
    top = desk.ids[0]
    assert top < 100
    for number in range(101, 111):
        desk.trade(number)
    desk.frame()
    assert desk.ids[0] == top
    assert str(110 - top) in desk.pane.view.pill.text()
    QTest.mouseClick(desk.pane.view.pill, Qt.MouseButton.LeftButton)
    assert desk.ids[0] == 110
    assert not desk.pane.view.pill.isVisible()


def test_keys_go_to_the_oldest_and_the_newest(desk: Desk) -> None:
    desk.pane.bind("KRW-BTC")
    for number in range(1, 101):
        desk.trade(number)
    desk.frame()
    for key in (Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_Escape):
        QTest.keyClick(desk.pane.view, Qt.Key.Key_End, CONTROL)
        assert desk.ids[-1] == 1
        QTest.keyClick(desk.pane.view, key)
        assert desk.ids[0] == 100


def test_a_higher_pane_shows_more_lines(desk: Desk) -> None:
    desk.pane.bind("KRW-BTC")
    for number in range(1, 101):
        desk.trade(number)
    desk.frame()
    before = len(desk.ids)
    desk.pane.resize(320, 800)
    qt_until(lambda: len(desk.ids) > before)
    assert len(desk.ids) == desk.pane.view.line_count


def test_another_symbol_shows_nothing_of_the_old_one(desk: Desk) -> None:
    desk.pane.bind("KRW-BTC")
    for number in range(1, 101):
        desk.trade(number)
    desk.frame()
    QTest.keyClick(desk.pane.view, Qt.Key.Key_PageDown)
    desk.pane.bind("KRW-ETH")
    assert desk.ids == []
    desk.trade(101)
    desk.frame()
    assert desk.ids == []
    desk.trade(1, "KRW-ETH")
    desk.frame()
    assert desk.ids == [1]
    desk.pane.bind("KRW-BTC")
    desk.frame()
    assert desk.ids[0] == 101, "back at the newest, from the cache"


def test_strength_comes_from_the_ticker(desk: Desk) -> None:
    desk.pane.bind("KRW-BTC")
    desk.trade(1)
    desk.feed.apply(Ticker("KRW-BTC", 91_000_000.0, day_ask_volume=50.0, day_bid_volume=60.0))
    desk.frame()
    assert desk.pane.view.strength_text == "120.00%"
    desk.pane.bind("KRW-ETH")
    desk.frame()
    assert desk.pane.view.strength_text == "–"


def test_a_live_tape_without_trades_says_so_instead_of_loading(desk: Desk) -> None:
    desk.pane.bind("KRW-QUIET")
    assert not desk.pane.has_data()
    stream = Stream("trade", "KRW-QUIET")
    desk.feed.health.requested(1, [stream], 100.0)
    desk.feed.health.received(stream, 100.0)
    desk.frame()
    assert desk.pane.has_data()
    assert not desk.pane.view.is_blank


def test_at_the_oldest_print_older_ones_are_asked_for(desk: Desk) -> None:
    asked: list[str] = []
    desk.feed.on_trades_wanted = asked.append
    desk.pane.bind("KRW-BTC")
    for number in range(1, 101):
        desk.trade(number)
    desk.frame()
    QTest.keyClick(desk.pane.view, Qt.Key.Key_PageDown)
    assert asked == []  # there is more to see
    QTest.keyClick(desk.pane.view, Qt.Key.Key_End, CONTROL)
    assert asked == ["KRW-BTC"]
    shown = desk.ids
    desk.trade(0, time_ms=500)
    desk.frame()
    assert desk.ids == shown  # what is looked at stays
    QTest.keyClick(desk.pane.view, Qt.Key.Key_PageDown)
    assert desk.ids[-1] == 0
    assert asked == ["KRW-BTC"] * 2
