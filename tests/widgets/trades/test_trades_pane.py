"""The trades pane: from bytes to lines, late trades, standing still, symbol changes."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QWidget
from pytestqt.qtbot import QtBot

from core.feed.feed import Feed
from core.feed.health import LinkHealth, LinkState
from core.market import Stream
from core.wire.messages import Ticker, Trade
from tests.waiting import qt_until
from widgets import theme
from widgets.frame import FrameClock
from widgets.trades.bar import Sound
from widgets.trades.lines import Wanted
from widgets.trades.pane import TradesPane
from widgets.trades.tiers import TiersDialog

CONTROL = Qt.KeyboardModifier.ControlModifier


class Desk:
    """A feed without a pool, its clock by hand, and one pane on screen."""

    def __init__(self, qtbot: QtBot) -> None:
        self.now_s = 100.0
        self.feed = Feed(lambda: self.now_s)
        self.feed.health.links[1] = LinkHealth(1)
        self.feed.health.links[1].state = LinkState.OPEN
        self.frames = FrameClock()
        self.pane = TradesPane(self.feed, self.frames)
        qtbot.addWidget(self.pane)
        self.pane.resize(320, 400)
        self.pane.show()
        qtbot.waitExposed(self.pane)

    def trade(self, number: int, market: str = "KRW-BTC", *, time_ms: int = 0, size: float = 0.5) -> None:
        side = "BID" if number % 2 else "ASK"
        price = 91_000_000.0 + 1_000 * number
        self.feed.apply(Trade(market, price, size, side, time_ms or number * 1_000, number))  # type: ignore[arg-type]

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


def test_space_freezes_and_the_pill_or_end_goes_on(desk: Desk) -> None:
    desk.pane.bind("KRW-BTC")
    for number in range(1, 101):
        desk.trade(number)
    desk.frame()
    QTest.keyClick(desk.pane.view, Qt.Key.Key_Space)
    assert desk.pane.view.pill.isVisible()
    assert desk.pane.bar.pause.isChecked()
    desk.trade(101)
    desk.frame()
    assert desk.ids[0] == 100
    assert "1" in desk.pane.view.pill.text()
    QTest.keyClick(desk.pane.view, Qt.Key.Key_End)
    assert desk.ids[0] == 101
    assert not desk.pane.bar.pause.isChecked()
    QTest.mouseClick(desk.pane.bar.pause, Qt.MouseButton.LeftButton)
    desk.trade(102)
    desk.frame()
    assert desk.ids[0] == 101


def choose(desk: Desk, menu: QMenu, text: str) -> None:
    """Choose the action of a menu, or of one within it, that says `text`."""
    menu.aboutToShow.emit()
    actions = [*menu.actions(), *(a for m in menu.findChildren(QMenu) for a in m.actions())]
    next(a for a in actions if a.text() == text).trigger()
    menu.aboutToHide.emit()


def accented(widget: QWidget) -> int:
    """Return how many points of a widget have the colour of what is in force, about."""
    image, accent = widget.grab().toImage(), theme.colors.accent
    points = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    return sum(abs(c.red() - accent.red()) + abs(c.green() - accent.green()) < 40 for c in points)


def test_the_filter_is_of_the_quote_currency_and_says_so(desk: Desk) -> None:
    desk.pane.bind("KRW-BTC")
    desk.trade(1, size=0.01)
    desk.trade(2, size=1.0)
    desk.trade(3, size=2.0)
    desk.frame()
    bar = desk.pane.bar
    assert accented(bar.filter) == 0
    choose(desk, bar.filter.menu(), "≥ 10M")
    assert desk.ids == [3, 2]
    choose(desk, bar.filter.menu(), "Sells")
    assert desk.ids == [2]
    assert bar.filter.text() == "≥ 10M · Sells ▾", "nothing is left out in silence"
    assert accented(bar.filter) > 5
    QTest.mouseClick(bar.big, Qt.MouseButton.LeftButton)
    assert desk.ids == []
    assert desk.pane.has_data()
    assert desk.pane.view.empty_text() == "No trade passes the filter"
    QTest.mouseClick(bar.big, Qt.MouseButton.LeftButton)
    desk.pane.bind("USDT-BTC")
    assert bar.filter.text() == "Sells ▾"
    desk.pane.bind("KRW-BTC")
    assert bar.filter.text() == "≥ 10M · Sells ▾"


def test_a_least_value_elsewhere_is_said_in_won_too(desk: Desk) -> None:
    desk.pane.bind("USDT-BTC")
    desk.feed.apply(Ticker("KRW-USDT", 1_400.0))
    desk.frame()
    desk.pane.beat()
    desk.pane.bar.filter.menu().aboutToShow.emit()
    texts = [a.text() for a in desk.pane.bar.filter.menu().actions()]
    assert "≥ 1,000 USDT  ≈ 1.40M KRW" in texts


def test_what_counts_as_large_can_be_said(desk: Desk) -> None:
    desk.pane.bind("KRW-BTC")
    desk.trade(1, size=0.01)  # 910,010 KRW
    desk.frame()
    assert desk.pane.view.rows[0].tier == 0
    desk.pane.ask_tiers()
    (dialog,) = desk.pane.window().findChildren(TiersDialog)
    dialog.boxes[0].setValue(100_000.0)
    dialog.boxes[1].setValue(50_000.0)
    assert not dialog.ok.isEnabled()
    assert dialog.why.text()
    dialog.boxes[1].setValue(900_000.0)
    assert dialog.ok.isEnabled()
    QTest.mouseClick(dialog.ok, Qt.MouseButton.LeftButton)
    assert desk.pane.view.rows[0].tier == 2


def test_the_choices_are_kept_with_the_pane(desk: Desk) -> None:
    pane = desk.pane
    pane.bind("KRW-BTC")
    bar = pane.bar
    choose(desk, bar.filter.menu(), "≥ 10M")
    choose(desk, bar.filter.menu(), "Buys")
    choose(desk, bar.options.menu(), "Within 50 ms")
    choose(desk, bar.options.menu(), "Sum equal prices when more come than can be read")
    choose(desk, bar.options.menu(), "≥ 30M")
    bar.big.click()
    pane._choose_tiers("KRW", (1e6, 2e6, 3e6))
    kept = json.loads(json.dumps(pane.save()))
    other = TradesPane(desk.feed, desk.frames)
    other.restore(kept)
    other.bind("KRW-BTC")
    assert other.save() == kept
    assert other.prints.wanted == pane.prints.wanted == Wanted(50, 1e7, "BID", (1e6, 2e6, 3e6), True, False)
    assert other.sound == Sound(2, "")
    other.release()
    other.deleteLater()


@pytest.mark.parametrize("strange", [None, "x", -5, True, [1], {"KRW": [3, 2, 1]}, {"KRW": "x"}, {"KRW": float("nan")}])
def test_strange_state_keeps_the_defaults(desk: Desk, strange: object) -> None:
    names = ("join_ms", "side", "leasts", "tiers", "sound", "sound_side")
    desk.pane.restore(dict.fromkeys(names, strange))
    desk.pane.bind("KRW-BTC")
    assert desk.pane.prints.wanted == Wanted()
    assert desk.pane.sound in (Sound(), Sound(1))


def test_ctrl_c_copies_what_is_selected_or_in_sight(desk: Desk) -> None:
    desk.pane.bind("KRW-BTC")
    for number in range(1, 101):
        desk.trade(number, size=0.12345678)
    desk.frame()
    clipboard = QGuiApplication.clipboard()
    QTest.keyClick(desk.pane.view, Qt.Key.Key_C, CONTROL)
    lines = clipboard.text().splitlines()
    assert len(lines) == 1 + desk.pane.view.line_count
    assert lines[1].split("\t")[2:7] == ["91100000", "91100000", "91100000", "0.12345678", "11246912.658"]
    QTest.keyClick(desk.pane.view, Qt.Key.Key_Space)
    for line, keys in ((2, Qt.KeyboardModifier.NoModifier), (4, Qt.KeyboardModifier.ShiftModifier)):
        QTest.mouseClick(desk.pane.view, Qt.MouseButton.LeftButton, keys, desk.pane.view.line_rect(line).center())
    assert desk.pane.view.selected == set(desk.ids[2:5])
    QTest.keyClick(desk.pane.view, Qt.Key.Key_C, CONTROL)
    assert [line.split("\t")[2] for line in clipboard.text().splitlines()[1:]] == ["91098000", "91097000", "91096000"]


def test_large_lines_ask_for_a_sound_where_the_user_wants_it(desk: Desk) -> None:
    heard: list[tuple[int, str]] = []
    desk.pane.sound_wanted.connect(lambda tier, side: heard.append((tier, side)))
    desk.pane.bind("KRW-BTC")
    desk.trade(1, size=9.0)
    desk.frame()
    desk.trade(3, size=9.0)
    desk.frame()
    assert heard == [], "off, as long as nobody says otherwise"
    choose(desk, desk.pane.bar.options.menu(), "≥ 30M")
    desk.pane.bar.sound_side_chosen.emit("BID")
    for number, size in ((5, 0.2), (6, 9.0), (7, 0.4), (9, 9.0)):
        desk.trade(number, size=size)
        desk.frame()
    assert heard == [(2, "BID"), (3, "BID")]


def test_what_was_traded_while_the_pane_was_hidden_is_not_heard(desk: Desk) -> None:
    heard: list[tuple[int, str]] = []
    desk.pane.sound_wanted.connect(lambda tier, side: heard.append((tier, side)))
    desk.pane.bind("KRW-BTC")
    choose(desk, desk.pane.bar.options.menu(), "≥ 30M")
    desk.trade(1)
    desk.frame()
    desk.pane.hide()
    desk.trade(3, size=9.0)
    desk.now_s += 600.0
    desk.pane.resize(320, 300)  # its lines are counted anew before the frame
    desk.pane.show()
    desk.frame()
    assert desk.ids == [3, 1]
    assert heard == []
    desk.trade(5, size=9.0)
    desk.frame()
    assert heard == [(3, "BID")]


def test_the_pace_moves_on_without_a_trade(desk: Desk) -> None:
    """No stream runs: nothing is known whole."""
    now_ms = time.time_ns() // 1_000_000
    desk.pane.bind("KRW-BTC")
    desk.trade(1, time_ms=now_ms)
    desk.frame()
    assert desk.pane.view.pace_texts.speed == "~0.1/s"
    desk.feed.clock_offset_ms = 20_000
    desk.pane.beat()
    assert desk.pane.view.pace_texts[:2] == ("~0.0/s", "~45.50M/min")
    desk.feed.clock_offset_ms = 61_000
    desk.pane.beat()
    assert desk.pane.view.pace_texts[:2] == ("~0.0/s", "~0.00/min")
