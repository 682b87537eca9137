"""The cross-market pane: what it shows of the table, what it leaves out, and what the user does with it."""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan, nan

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from app import translations
from core.calc.arbitrage import Book, Terms
from core.feed.feed import Feed
from core.feed.health import LinkHealth, LinkState
from core.market import TICKER, Market, Stream
from core.state.cross import Cross, Heard
from core.state.month import WINDOW, WINDOWS
from core.state.outside import FxRate, Quote
from core.wire.messages import CandleRow, Ticker
from widgets.arbitrage.model import (
    AGES,
    BANK,
    COLUMNS,
    EDGE,
    GAP,
    NUMBERS,
    PREMIUM,
    PRICES,
    QUIET,
    RANK,
    REACH,
    TETHER,
    UNKNOWN_POINT,
    WAY,
    Row,
    age_text,
)
from widgets.arbitrage.pane import PINS, CrossPane
from widgets.arbitrage.view import CrossView
from widgets.controls.listing import HALTED, NAME, Sort
from widgets.controls.market_list import HEADER, ROW
from widgets.frame import FrameClock

NOON_MS = 1_790_510_400_000
PRICE = {
    "KRW-BTC": 140e6, "KRW-USDT": 1_400.0, "USDT-BTC": 100_000.0, "KRW-XRP": 2_800.0, "BTC-XRP": 2e-5, "USDT-XRP": 2.0,
    "KRW-ETH": 4.2e6, "BTC-ETH": 0.03, "USDT-ETH": 3_000.0, "BTC-A": 1e-6, "USDT-A": 0.1,
}  # fmt: skip
NAMES = {
    "BTC": ("비트코인", "Bitcoin"),
    "XRP": ("엑스알피", "XRP"),
    "ETH": ("이더리움", "Ethereum"),
    "A": ("에이", "Aye"),
}


def book(price: float, size: float = 1e6) -> Book:
    return Book([(price * 1.0001, size)], [(price * 0.9999, size)])


class Desk:
    """A pane on a feed without an exchange; books are laid by hand."""

    def __init__(self, qtbot: QtBot) -> None:
        self.now = 100.0
        self.feed = Feed(lambda: self.now)
        self.frames = FrameClock()
        self.feed.health.links[0] = LinkHealth(0)
        self.feed.health.links[0].state = LinkState.OPEN
        self.heard = {market: Heard(book(price), 0.2, 3.0, True) for market, price in PRICE.items()}
        self.pane = CrossPane(self.feed, self.frames)
        self.pane.resize(1600, 400)
        qtbot.addWidget(self.pane)
        listed = [Market(m, *NAMES.get(m.partition("-")[2], ("테더", "Tether"))) for m in PRICE]
        self.feed.store.list_markets(listed)
        self.feed.cross.relist(PRICE)
        self.feed.health.requested(0, {Stream(TICKER, m) for m in PRICE}, self.now)
        for market, price in PRICE.items():
            self.say(market, price)
        self.feed.cross.candidates = frozenset({"XRP", "ETH", "BTC"})
        self.pane.show()
        qtbot.waitExposed(self.pane)
        self.look()

    def say(self, market: str, price: float, **more: object) -> None:
        self.feed.apply(Ticker(market, price, trade_time_ms=NOON_MS - 7_000, time_ms=NOON_MS, **more))  # type: ignore[arg-type]
        self.feed.health.received(Stream(TICKER, market), self.now)

    def look(self) -> None:
        self.now += 2.0  # a list is sorted at most once a second
        self.feed.cross.look(self.now, NOON_MS, self.heard.get)
        self.pane.frame()
        QApplication.processEvents()

    def lay(self, market: str, price: float, size: float = 1e6, **more: object) -> None:
        self.heard[market] = Heard(book(price, size), 0.2, 3.0, True)._replace(**more)  # type: ignore[arg-type]
        self.look()

    def row(self, code: str = "KRW-XRP") -> Row:
        return next(r for r in self.pane.view.lines if r.code == code)

    def text(self, column: str, code: str = "KRW-XRP") -> str:
        return self.row(code).texts[NUMBERS.index(column)]

    def tone(self, column: str, code: str = "KRW-XRP") -> int:
        return self.row(code).tones[NUMBERS.index(column)]

    def point(self, column: str, code: str = "KRW-XRP") -> QPointF:
        view = self.pane.view
        return QPointF(view.columns.ends[column] - 6.0, HEADER + (view.row_of(code) - view.top) * ROW + ROW / 2)


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    desk = Desk(qtbot)
    yield desk
    desk.pane.release()
    desk.frames.stop()
    assert not desk.feed.leases.wanted
    assert not desk.feed.cross.is_wanted


def test_it_fills_under_a_mouse_that_rests_on_it(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CrossView, "underMouse", lambda _view: True)
    monkeypatch.setattr(Cross, "look", lambda *_what: None)
    desk = Desk(qtbot)  # the list of markets is here, and no price yet
    assert desk.pane.order() == []
    monkeypatch.undo()
    monkeypatch.setattr(CrossView, "underMouse", lambda _view: True)
    desk.look()
    assert set(desk.pane.order()) == {"KRW-BTC", "KRW-ETH", "KRW-XRP", "BTC-A"}
    desk.pane.release()
    desk.frames.stop()


def test_a_coin_a_row_with_its_prices_in_won_and_the_age_of_each(desk: Desk) -> None:
    assert set(desk.pane.order()) == {"KRW-BTC", "KRW-ETH", "KRW-XRP", "BTC-A"}
    assert [desk.text(PRICES[q]) for q in ("KRW", "BTC", "USDT")] == ["2,800", "2,800", "2,800"]
    assert [desk.text(AGES[q]) for q in ("KRW", "BTC", "USDT")] == ["0.2", "0.2", "0.2"]
    assert desk.text(PREMIUM) == "0.00%"
    assert desk.text(EDGE).startswith("-0.3")
    assert desk.text(REACH) == "0"
    assert desk.text(PRICES["BTC"], "KRW-BTC") == "", "bitcoin is not traded for itself"
    assert desk.text(PRICES["KRW"], "BTC-A") == ""
    assert desk.text(EDGE, "BTC-A") == "–", "nobody listens to its books"
    assert desk.text(AGES["BTC"], "BTC-A") == "7.0", "the age of its last trade"
    assert desk.tone(PRICES["BTC"], "BTC-A") == QUIET


def test_an_edge_comes_on_top_with_its_way_and_size(desk: Desk) -> None:
    desk.lay("KRW-XRP", 2_860.0, size=1_000.0)
    assert desk.pane.order()[0] == "KRW-XRP"
    assert desk.text(PREMIUM) == "+2.14%"
    assert desk.text(EDGE).startswith("+1.7")
    assert desk.tone(EDGE) == 1
    assert desk.row().way in ("USDT → KRW", "BTC → KRW")
    assert desk.text(REACH).endswith("M+"), "the book ended before the edge did"
    tip = desk.pane.view.tip_at(desk.point(EDGE))
    assert "Buy " in tip
    assert "Sell " in tip
    assert "Most is won with" in tip


def test_a_stale_leg_greys_its_price_and_takes_the_edge(desk: Desk) -> None:
    desk.lay("KRW-XRP", 2_860.0)
    desk.lay("USDT-XRP", 2.0, age_s=12.0)
    assert desk.text(EDGE) == "–"
    assert desk.text(REACH) == "–"
    assert desk.row().way == ""
    assert desk.tone(PRICES["USDT"]) == QUIET
    assert desk.tone(PRICES["KRW"]) != QUIET
    assert desk.tone(PREMIUM) == QUIET
    assert desk.text(AGES["USDT"]) == "12"
    assert "too old" in desk.pane.view.tip_at(desk.point(EDGE))


def test_a_halted_market_is_flagged_and_has_no_edge(desk: Desk) -> None:
    desk.say("USDT-XRP", 1.0, is_suspended=True)
    desk.lay("USDT-XRP", 1.0)
    assert desk.row().flag == HALTED
    assert desk.text(EDGE) == "–"
    assert "halted" in desk.pane.view.tip_at(desk.point(EDGE))


def test_what_it_compares_with_can_be_chosen(desk: Desk) -> None:
    desk.lay("BTC-XRP", 1.9e-5)
    assert desk.text(PREMIUM) == "0.00%"
    desk.pane.bar.against["BTC"].click()
    assert desk.text(PREMIUM) == "+5.26%"
    assert desk.pane.view.heads()[PREMIUM] == "KRW/BTC"
    assert desk.text(PREMIUM, "KRW-BTC") == "0.00%", "of bitcoin there is but USDT"


def test_filters_combine_and_say_why_nothing_is_left(desk: Desk) -> None:
    desk.lay("KRW-XRP", 2_860.0)
    pane = desk.pane
    pane.bar.premium_chosen.emit(0.01)
    assert pane.order() == ["KRW-XRP"]
    pane.bar.edge_toggled.emit(True)
    assert pane.order() == ["KRW-XRP"]
    desk.lay("KRW-XRP", 2_800.0)
    assert pane.order() == []
    assert pane.view.note == "No coin has an edge after fees now."
    pane.bar.edge_toggled.emit(False)
    pane.bar.premium_chosen.emit(0.0)
    pane.bar.watched_toggled.emit(True)
    assert "BTC-A" not in pane.order()
    pane.bar.watched_toggled.emit(False)
    pane.bar.line.setText("ㅇㄷ")
    assert pane.order() == ["KRW-ETH"]
    pane.bar.line.clear()


@pytest.mark.parametrize("column", COLUMNS)
def test_it_sorts_by_every_column_with_what_is_not_known_at_the_end(desk: Desk, column: str) -> None:
    desk.lay("KRW-XRP", 2_860.0)
    for is_down in (True, False):
        desk.pane.view.sort_wanted.emit(Sort(column, is_down))
        order = desk.pane.order()
        table = desk.pane._table()
        values = [table.value(code.partition("-")[2], column) for code in order]
        known = [v for v in values if not isnan(v)]
        if column != NAME:
            assert known == sorted(known, reverse=is_down)
            assert all(isnan(v) for v in values[len(known) :])
    if column == NAME:
        assert order == ["BTC-A", "KRW-BTC", "KRW-ETH", "KRW-XRP"]


def test_a_press_on_a_price_is_of_that_market_and_elsewhere_of_the_first(desk: Desk, qtbot: QtBot) -> None:
    chosen: list[str] = []
    desk.pane.market_wanted.connect(chosen.append)
    for column in (PRICES["USDT"], PRICES["BTC"], EDGE):
        QTest.mouseClick(desk.pane.view, Qt.MouseButton.LeftButton, pos=desk.point(column).toPoint())
    assert chosen == ["USDT-XRP", "BTC-XRP", "KRW-XRP"]
    view = desk.pane.view
    assert view.market_at("KRW-BTC", desk.point(PRICES["BTC"], "KRW-BTC")) == "KRW-BTC", "where there is none"


def test_a_leg_is_dragged_to_a_pane(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    carried: list[str] = []
    monkeypatch.setattr("widgets.drag.carry_market", lambda _source, market: carried.append(market))
    begin = desk.point(PRICES["USDT"]).toPoint()
    QTest.mousePress(desk.pane.view, Qt.MouseButton.LeftButton, pos=begin)
    QTest.mouseMove(desk.pane.view, begin + QPointF(60, 60).toPoint())
    QTest.mouseMove(desk.pane.view, begin + QPointF(80, 80).toPoint())
    assert carried == ["USDT-XRP"]


def test_the_highlighted_coin_and_the_pinned_ones_have_their_books(desk: Desk) -> None:
    pane, cross = desk.pane, desk.feed.cross
    pane.bind("USDT-A")
    assert cross.pinned == {"A"}
    assert pane.view.current == "BTC-A"
    pane.view.star_pressed.emit("KRW-ETH")
    assert cross.pinned == {"A", "ETH"}
    assert desk.row("KRW-ETH").is_favourite
    assert cross.seen == {"A", "BTC", "ETH", "XRP"}
    pane.view.star_pressed.emit("KRW-ETH")
    assert cross.pinned == {"A"}
    for n in range(PINS + 3):
        pane.view.star_pressed.emit(f"KRW-C{n}")
    assert len(pane.pins) == PINS


@pytest.mark.usefixtures("raised_windows")
def test_the_menu_offers_alerts_and_legs(desk: Desk) -> None:
    wanted: list[tuple[str, str]] = []
    desk.pane.alert_wanted.connect(lambda metric, market: wanted.append((metric, market)))
    view, at = desk.pane.view, desk.point(EDGE).toPoint()
    QApplication.sendEvent(view, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, view.mapToGlobal(at)))
    menu = next(m for m in desk.pane.findChildren(QMenu) if m.isVisible())
    texts = [a.text() for a in menu.actions() if a.text()]
    assert texts[-3:] == ["Show KRW-XRP", "Show BTC-XRP", "Show USDT-XRP"]
    next(a for a in menu.actions() if a.text().startswith("Alert on the premium")).trigger()
    next(a for a in menu.actions() if a.text().startswith("Alert on the edge")).trigger()
    assert wanted == [("premium", "USDT-XRP"), ("edge", "KRW-XRP")]
    menu.close()


def test_the_size_of_the_round_trip_is_the_programs(desk: Desk) -> None:
    chosen: list[Terms] = []
    desk.pane.terms_chosen.connect(chosen.append)
    desk.pane.bar.size_chosen.emit(5e6)
    assert chosen == [Terms(size_krw=5e6)]
    desk.feed.cross.terms = chosen[0]
    desk.pane.show_terms(chosen[0])
    assert desk.pane.bar.size_button.text().startswith("5M KRW")


def closes(price: float, hole: int = -1) -> list[CandleRow]:
    begin = WINDOW.floor(NOON_MS) - WINDOWS * WINDOW.length_ms
    rows = [
        CandleRow(begin + i * WINDOW.length_ms, 0, 0, 0, price * (1 + i % 2 * 0.01), 1.0, 0) for i in range(WINDOWS)
    ]
    return [r for i, r in enumerate(rows) if i != hole]


def test_the_month_is_a_line_with_holes_and_a_percentile(desk: Desk) -> None:
    assert desk.text(RANK) == "–"
    assert desk.row().path == ()
    month = desk.feed.cross.month
    month.take("KRW-XRP", closes(2_800.0, hole=100), NOON_MS)
    month.take("USDT-XRP", [r._replace(close=2.0) for r in closes(2.0)], NOON_MS)
    month.take("KRW-USDT", [r._replace(close=1_400.0) for r in closes(1.0)], NOON_MS)
    desk.look()
    assert int(desk.text(RANK)) in range(48, 53)
    path = desk.row().path
    assert set(path) <= {0.0, 1.0, UNKNOWN_POINT}
    assert len(path) > 30


def test_kimchi_columns_come_with_an_outside_price_and_go_with_it(desk: Desk) -> None:
    assert BANK not in desk.pane.view.columns.ends
    outside = desk.feed.cross.outside
    outside.name, outside.is_live = "There", True
    outside.take("XRP", Quote(1.949, 1.951, desk.now + 1.0))
    outside.fx = FxRate(1_380.0, "typed", 0.0)
    desk.look()
    assert desk.text(TETHER) == "+2.56%"
    assert desk.text(BANK) == "+4.05%"
    assert desk.text(GAP) == "+1.49%"
    assert desk.text(TETHER, "KRW-ETH") == "–"
    assert "There: live" in desk.pane.info.text()
    assert "USD 1,380.00 (typed)" in desk.pane.info.text()
    assert "KRW-USDT 1,400 (0.2 s)" in desk.pane.info.text()
    assert desk.tone(TETHER) == 1
    desk.feed.cross.candidates = frozenset()
    desk.feed.apply(Ticker("KRW-XRP", 2_800.0, trade_time_ms=NOON_MS - 30_000, time_ms=NOON_MS + 1))
    desk.look()
    desk.look()  # of coins without books every other one is looked at
    assert desk.text(TETHER) == "+2.56%"
    assert desk.tone(TETHER) == QUIET, "the last trade here is half a minute old"
    outside.is_live = False
    desk.look()
    assert desk.text(TETHER) == "–"
    outside.name, outside.fx = "", None
    desk.look()
    assert BANK not in desk.pane.view.columns.ends


def test_columns_go_where_there_is_no_room_and_premium_and_edge_stay(desk: Desk) -> None:
    desk.pane.resize(420, 300)
    desk.look()
    assert {NAME, PREMIUM, EDGE} <= set(desk.pane.view.columns.ends)
    assert desk.pane.view.columns.ends[next(reversed(desk.pane.view.columns.ends))] <= desk.pane.view.width()
    desk.pane.resize(1_600, 300)
    desk.look()
    desk.pane.bar.column_toggled.emit(WAY)
    assert WAY not in desk.pane.view.columns.ends
    desk.pane.bar.column_toggled.emit(WAY)
    assert WAY in desk.pane.view.columns.ends


def test_it_is_saved_and_restored_and_strange_values_are_left(desk: Desk, qtbot: QtBot) -> None:
    pane = desk.pane
    pane.bar.against_chosen.emit("BTC")
    pane.bar.premium_chosen.emit(0.01)
    pane.bar.watched_toggled.emit(True)
    pane.bar.column_toggled.emit(WAY)
    pane.view.star_pressed.emit("KRW-ETH")
    pane.view.sort_wanted.emit(Sort(PREMIUM, False))
    other = CrossPane(desk.feed, desk.frames)
    qtbot.addWidget(other)
    other.restore(pane.save())
    assert other.save() == pane.save()
    strange = {"against": 1, "premium": "x", "sort": "none", "is_down": 3, "hidden": 4, "pins": {"a": 1}, "edge": "yes"}
    third = CrossPane(desk.feed, desk.frames)
    qtbot.addWidget(third)
    before = third.save()
    third.restore(strange)
    assert third.save() == before
    other.release()
    third.release()


def test_it_speaks_korean_and_says_the_row_to_screen_readers(desk: Desk) -> None:
    desk.pane.bind("KRW-XRP")
    desk.look()
    assert "XRP, KRW-XRP, KRW 2,800" in desk.pane.view.accessibleDescription()
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    translations.install(app, "ko")
    try:
        desk.look()
        assert desk.row().name == "엑스알피"
        assert desk.pane.title() != "Cross-market"
        assert desk.pane.view.heads()[NAME] == "이름"
        assert desk.pane.bar.size_button.text() == "100만원 ▾"
    finally:
        translations.install(app, "en")


def test_another_exchange_begins_with_an_empty_table(desk: Desk) -> None:
    desk.feed.reset()
    desk.pane.frame()
    assert desk.pane.order() == []
    assert desk.feed.cross.is_wanted


def test_ages_in_three_figures() -> None:
    assert [age_text(s) for s in (0.04, 9.94, 9.96, 99.4, 99.6, float("inf"), nan)] == [
        "0.0", "9.9", "10", "99", "99+", "–", "–"
    ]  # fmt: skip
