"""The scanner: what it shows of a board, how it is sorted and filtered, and what the user does with it."""

from __future__ import annotations

from collections.abc import Iterator
from math import nan
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from app import translations
from core.calc.unusual import BIG_ORDER, FAST_MOVE, KINDS, LISTED, NEW_HIGH, Finding
from core.calc.windows import STEP_MS
from core.feed.feed import Feed
from core.feed.health import LinkHealth, LinkState
from core.market import MINUTE_MS, TICKER, Market, Stream
from core.wire.messages import Ticker
from widgets import messages
from widgets.controls.list_choice import HOLD_S
from widgets.controls.listing import NAME, TURNOVER, Sort
from widgets.controls.market_list import HEADER, ROW, STAR
from widgets.frame import FrameClock
from widgets.scanner.model import CHANGE, COLUMNS, FAVOURITES, M1, M5, NUMBERS, PRICE, RANK, SPIKE, WON
from widgets.scanner.pane import ScannerPane

NOON_MS = 1_790_510_400_000
LISTED_MARKETS = [
    Market("KRW-BTC", "비트코인", "Bitcoin"),
    Market("KRW-ETH", "이더리움", "Ethereum"),
    Market("KRW-XRP", "엑스알피", "XRP", is_warned=True),
    Market("KRW-USDT", "테더", "Tether"),
    Market("BTC-ETH", "이더리움", "Ethereum"),
    Market("USDT-BTC", "비트코인", "Bitcoin"),
]


class Desk:
    """A scanner on a feed without an exchange, on a clock of its own."""

    def __init__(self, qtbot: QtBot) -> None:
        self.now = 100.0
        self.time_ms = NOON_MS
        self.feed = Feed(lambda: self.now)
        self.frames = FrameClock()
        self.feed.health.links[0] = LinkHealth(0)
        self.feed.health.links[0].state = LinkState.OPEN
        self.pane = ScannerPane(self.feed, self.frames)
        self.pane.resize(1100, 500)
        qtbot.addWidget(self.pane)
        self.feed.store.list_markets(LISTED_MARKETS)
        self.feed.board.relist(self.feed.store.markets.keys(), NOON_MS)
        self.pane.show()
        qtbot.waitExposed(self.pane)
        self.feed.on_board_wanted = self.feed.board.take_quotes

    def say(self, market: str, price: float, **said: float) -> None:
        values = {"change_rate": 0.0, "turnover_24h": 1e9, "day_volume": 1.0, "day_turnover": price} | said
        stamp = self.time_ms + int(self.now)
        ticker = Ticker(market, price, trade_time_ms=stamp, time_ms=stamp, **values)  # type: ignore[arg-type]
        self.feed.health.requested(0, {Stream(TICKER, m) for m in self.feed.store.markets}, self.now)
        self.feed.health.received(Stream(TICKER, market), self.now)
        self.feed.apply(ticker)
        self.feed.board.take(ticker)

    def pass_time(self, seconds: float, is_live: bool = True) -> None:
        """Let time pass in steps of the board."""
        for _ in range(int(seconds * 1_000) // STEP_MS):
            self.now += STEP_MS / 1_000
            self.time_ms += STEP_MS
            windows = self.feed.board.windows
            live = [is_live] * len(windows)
            windows.roll(self.time_ms, lambda live=live: live)

    def frame(self) -> None:
        self.pane.frame()
        QApplication.processEvents()

    def text(self, market: str, column: str) -> str:
        row = next(r for r in self.pane.view.lines if r.code == market)
        return row.texts[NUMBERS.index(column)]


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    desk = Desk(qtbot)
    for n, market in enumerate(LISTED_MARKETS):
        desk.say(market.code, 100.0 + n, change_rate=0.01 * (n - 1), turnover_24h=1e12 / (n + 1))
    desk.frame()
    yield desk
    desk.pane.release()
    desk.frames.stop()
    assert not desk.feed.leases.wanted
    assert not desk.feed.board.quotes


def test_it_shows_the_markets_of_its_quote_currency_by_turnover(desk: Desk) -> None:
    assert desk.pane.order() == ["KRW-BTC", "KRW-ETH", "KRW-XRP", "KRW-USDT"]
    assert desk.text("KRW-BTC", PRICE) == "100"
    assert desk.text("KRW-BTC", CHANGE) == "-1.00%"
    assert desk.text("KRW-ETH", TURNOVER) == "500.0B"
    assert desk.text("KRW-ETH", M1) == "–", "nothing is known of a minute ago"


def test_windows_come_with_time_and_go_with_the_stream(desk: Desk) -> None:
    desk.pass_time(65.0)
    desk.say("KRW-BTC", 103.0)
    desk.frame()
    assert desk.text("KRW-BTC", M1) == "+3.00%"
    desk.pass_time(90.0, is_live=False)
    desk.frame()
    assert desk.text("KRW-BTC", M1) == "–", "a price of before the break is not the market's"


def test_it_is_sorted_by_any_column_and_what_is_not_known_stands_last(desk: Desk) -> None:
    desk.pass_time(65.0)
    desk.say("KRW-XRP", 110.0, change_rate=0.1)
    desk.pane._sort_by(Sort(M1, True))
    assert desk.pane.order()[0] == "KRW-XRP"
    desk.pane._sort_by(Sort(M5, True))
    assert desk.pane.order() == ["KRW-BTC", "KRW-ETH", "KRW-USDT", "KRW-XRP"], "none is known: by code"
    desk.pane._sort_by(Sort(NAME, False))
    assert desk.pane.order() == ["KRW-BTC", "KRW-ETH", "KRW-USDT", "KRW-XRP"]
    desk.feed.board.rank(desk.time_ms)
    desk.pane._sort_by(Sort(RANK, True))
    assert desk.pane.order()[0] == max(desk.feed.board.turnover, key=lambda m: desk.feed.board.turnover[m])
    for column in COLUMNS:
        desk.pane._sort_by(Sort(column, False))
        assert sorted(desk.pane.order()) == sorted(["KRW-BTC", "KRW-ETH", "KRW-XRP", "KRW-USDT"]), column


def test_a_press_on_a_head_sorts_and_again_turns_round(desk: Desk) -> None:
    view = desk.pane.view
    x = view.columns.ends[CHANGE] - 5
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(x, 5))
    assert desk.pane.sort == Sort(CHANGE, True)
    first = desk.pane.order()
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(x, 5))
    assert desk.pane.order() == first[::-1]


def test_rows_do_not_move_under_the_mouse_or_after_a_key(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    before = desk.pane.order()
    is_over = True
    monkeypatch.setattr(desk.pane.view, "underMouse", lambda: is_over)
    desk.now += 10.0
    desk.say("KRW-USDT", 100.0, turnover_24h=9e12)
    desk.frame()
    assert desk.pane.order() == before
    is_over = False
    desk.pane.bar.line.setText("u")
    desk.pane.bar.line.setText("")
    desk.say("KRW-USDT", 100.0, turnover_24h=9e13)
    order = desk.pane.order()
    desk.say("KRW-XRP", 100.0, turnover_24h=9e14)
    desk.frame()
    assert desk.pane.order() == order, "he is typing"
    desk.now += HOLD_S + 0.1
    desk.frame()
    assert desk.pane.order()[0] == "KRW-XRP"


def test_a_list_sorted_before_anything_was_known_is_sorted_under_the_mouse(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.pane._sort_by(Sort(M1, True))  # none is known: by code
    monkeypatch.setattr(desk.pane.view, "underMouse", lambda: True)
    desk.pass_time(65.0)
    desk.say("KRW-XRP", 110.0)
    desk.frame()
    assert desk.pane.order()[0] == "KRW-XRP"
    desk.pass_time(10.0)
    desk.say("KRW-BTC", 150.0)
    desk.frame()
    assert desk.pane.order()[0] == "KRW-XRP", "now it is one that he may aim in"


def test_filters_combine(desk: Desk) -> None:
    pane = desk.pane
    pane.show_favourites(["KRW-ETH", "KRW-XRP", "KRW-USDT"])
    pane._filter(group=FAVOURITES)
    assert pane.order() == ["KRW-ETH", "KRW-XRP", "KRW-USDT"]
    pane._filter(is_clean=True)
    assert pane.order() == ["KRW-ETH", "KRW-USDT"], "XRP has a warning"
    pane._filter(least_turnover=3e11)
    assert pane.order() == ["KRW-ETH"]
    pane._filter(least_move=0.05)
    assert pane.order() == []
    assert "Filter (3)" in pane.view.note
    assert "▾" not in pane.view.note


def test_initial_consonants_find_and_a_near_one_is_offered(desk: Desk, qtbot: QtBot) -> None:
    pane = desk.pane
    pane.bar.line.setText("ㅇㄷㄹ")
    assert pane.order() == ["KRW-ETH"]
    pane.bar.line.setText("bitcoim")
    assert pane.order() == []
    assert "KRW-BTC" in pane.view.note
    with qtbot.waitSignal(pane.market_wanted) as wanted:
        QTest.keyClick(pane.bar.line, Qt.Key.Key_Return)
    assert wanted.args == ["KRW-BTC"]
    assert pane.bar.line.text() == ""


def test_quote_currencies_are_mixed_and_worth_is_in_won(desk: Desk) -> None:
    pane = desk.pane
    pane._toggle_quote("BTC")
    for market in LISTED_MARKETS:
        desk.say(market.code, 100.0 if market.quote == "KRW" else 0.5)
    desk.frame()
    assert "BTC-ETH" in pane.order()
    assert {r.symbol for r in pane.view.lines} >= {"BTC-ETH", "KRW-BTC"}
    assert desk.text("BTC-ETH", WON) == "50.0", "half a bitcoin of 100 won"
    assert desk.text("KRW-BTC", WON) == ""
    pane._toggle_quote("BTC")
    desk.frame()
    assert "BTC-ETH" not in pane.order()
    pane._toggle_quote("KRW")
    assert pane.bar.quotes["KRW"].isChecked(), "one is always there"


def test_click_arrows_and_star_ask_for_what_is_meant(desk: Desk) -> None:
    pane, view = desk.pane, desk.pane.view
    wanted: list[str] = []
    starred: list[str] = []
    pane.market_wanted.connect(wanted.append)
    pane.market_wanted.connect(pane.bind)
    pane.favourite_toggled.connect(starred.append)
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(200, HEADER + ROW + 5))
    assert wanted == ["KRW-ETH"]
    QTest.keyClick(view, Qt.Key.Key_Down)
    QTest.keyClick(view, Qt.Key.Key_Down)
    QTest.keyClick(view, Qt.Key.Key_Up)
    assert wanted == ["KRW-ETH", "KRW-XRP", "KRW-USDT", "KRW-XRP"]
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(STAR // 2, HEADER + 5))
    assert starred == ["KRW-BTC"]


def test_what_was_found_is_listed_and_leads_to_its_market(desk: Desk) -> None:
    pane = desk.pane
    desk.feed.board._add([Finding(FAST_MOVE, "KRW-ETH", NOON_MS, 1, 0.042, 101.0, 5 * MINUTE_MS)])
    desk.feed.board._add([Finding(BIG_ORDER, "KRW-XRP", NOON_MS, -1, 1.5e8, 101.0)])
    desk.frame()
    texts = [[pane.found.topLevelItem(i).text(n) for n in range(3)] for i in range(2)]  # type: ignore[union-attr]
    assert texts == [
        ["21:00:00", "XRP KRW-XRP", "Large order sold 150.0M"],
        ["21:00:00", "Ethereum KRW-ETH", "+4.20% in 5 min"],
    ]
    wanted: list[str] = []
    pane.market_wanted.connect(wanted.append)
    pane.found.itemClicked.emit(pane.found.topLevelItem(1), 0)
    assert wanted == ["KRW-ETH"]
    for n in range(300):
        desk.feed.board._add([Finding(NEW_HIGH, "KRW-ETH", NOON_MS + n, 1, 1.0, 1.0, 20 * 86_400_000)])
    desk.frame()
    assert pane.found.topLevelItemCount() == 200
    pane.found.verticalScrollBar().setValue(20)  # somebody reads what was before
    read = pane.found.itemAt(5, 5)
    desk.feed.board._add([Finding(FAST_MOVE, "KRW-XRP", NOON_MS, 1, 0.042, 101.0, 5 * MINUTE_MS)])
    desk.frame()
    assert pane.found.itemAt(5, 5) is read
    pane.found.verticalScrollBar().setValue(0)
    desk.frame()
    top = pane.found.topLevelItem(0)
    assert top is not None
    assert "KRW-XRP" in top.text(1)
    desk.feed.reset()
    desk.frame()
    assert pane.found.topLevelItemCount() == 0


def test_every_finding_has_its_words_in_both_languages(qapp: QApplication) -> None:
    for lang in ("ko", "en"):
        translations.install(qapp, lang)
        texts = {
            messages.finding(Finding(kind, "KRW-A", 0, way, 0.05, 1.0, MINUTE_MS)) for kind in KINDS for way in (1, -1)
        }
        assert len(texts) > len(KINDS)
        assert not texts & set(KINDS), "an id is no text"
        assert all(any("가" <= c <= "힣" for c in t) for t in texts) == (lang == "ko")
    translations.install(qapp, "en")
    assert messages.finding(Finding(LISTED, "KRW-A", 0, 1, nan, nan)) == "Newly listed"


def test_what_it_saves_it_takes_back(desk: Desk, qtbot: QtBot) -> None:
    pane = desk.pane
    pane._toggle_quote("USDT")
    pane._filter(least_turnover=1e10, least_move=0.03, is_clean=True)
    pane._sort_by(Sort(SPIKE, True))
    pane._toggle_column(M1)
    other = ScannerPane(desk.feed, desk.frames)
    qtbot.addWidget(other)
    other.restore(pane.save())
    assert {k: v for k, v in other.save().items() if k != "sizes"} == {
        k: v for k, v in pane.save().items() if k != "sizes"
    }
    other.release()


@pytest.mark.parametrize(
    "state",
    [
        {"quotes": "KRW", "turnover": "much", "move": [1], "sort": "x", "hidden": 7, "sizes": [1]},
        {"quotes": [], "turnover": nan, "sort": None, "is_down": 3, "sizes": ["a", "b"]},
    ],
)
def test_a_strange_state_leaves_the_defaults(desk: Desk, qtbot: QtBot, state: dict[str, Any]) -> None:
    other = ScannerPane(desk.feed, desk.frames)
    qtbot.addWidget(other)
    other.restore(state)
    assert other.wanted.quotes == {"KRW"}
    assert other.sort == Sort()
    other.release()


def test_columns_without_room_are_left_out_the_least_important_first(desk: Desk) -> None:
    view, pane = desk.pane.view, desk.pane
    pane.resize(420, 400)
    QApplication.processEvents()
    assert {NAME, PRICE, CHANGE, M5} <= set(view.columns.ends)
    assert view.columns.ends[list(view.columns.ends)[-1]] <= view.width()
    few = len(view.columns.ends)
    pane.resize(1500, 400)
    QApplication.processEvents()
    assert len(view.columns.ends) > few
    assert list(view.columns.ends) == [c for c in COLUMNS if c in view.columns.ends], "always in the same order"
    pane._toggle_column(SPIKE)
    assert SPIKE not in view.columns.ends


def test_only_rows_that_look_different_are_painted(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    view = desk.pane.view
    desk.frame()
    painted: list[int] = []
    monkeypatch.setattr(view, "update", lambda *rect: painted.append(rect[0].y()) if rect else painted.append(-1))
    desk.pane.frame()
    assert painted == []
    desk.say("KRW-ETH", 777.0, turnover_24h=5e11)
    desk.pane._show_rows()
    assert painted == [HEADER + ROW]


def test_screen_readers_hear_the_current_row(desk: Desk) -> None:
    desk.pane.bind("KRW-ETH")
    desk.frame()
    text = desk.pane.view.accessibleDescription()
    assert "Ethereum" in text
    assert "Price 101" in text
    assert isinstance(desk.pane.focusProxy(), QWidget)


def test_groups_are_made_filled_shown_and_dropped(desk: Desk) -> None:
    pane = desk.pane
    pane.groups_changed.connect(pane.show_groups)
    pane.bar._make_group("  my   coins ")
    assert pane.groups == {"my coins": []}
    pane.bar.group_chosen.emit("my coins")
    assert pane.order() == []
    assert "empty" in pane.view.note
    pane._toggle_member("my coins", "KRW-ETH")
    pane._toggle_member("my coins", "KRW-XRP")
    assert pane.order() == ["KRW-ETH", "KRW-XRP"]
    pane._toggle_member("my coins", "KRW-XRP")
    assert pane.order() == ["KRW-ETH"]
    assert pane.save()["group"] == "my coins"
    pane.bar.group_dropped.emit("my coins")
    assert pane.wanted.group == ""
    assert len(pane.order()) == 4
    pane.bar._make_group("★")
    assert pane.groups == {}


@pytest.mark.usefixtures("raised_windows")
def test_a_right_click_on_a_row_offers_what_can_be_done_with_it(desk: Desk) -> None:
    pane, view = desk.pane, desk.pane.view
    pane.show_groups({"mine": ["KRW-ETH"]})
    wanted: list[str] = []
    pane.alert_wanted.connect(wanted.append)
    at = QPoint(200, HEADER + ROW + 5)
    QApplication.sendEvent(view, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, view.mapToGlobal(at)))
    menu = next(m for m in pane.findChildren(QMenu) if m.isVisible())
    actions = {a.text(): a for a in menu.actions()}
    assert actions["mine"].isChecked()
    actions["New alert…"].trigger()
    assert wanted == ["KRW-ETH"]
    menu.close()
