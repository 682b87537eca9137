"""The markets pane: from bytes to lines, order, search, favourites, keys, and how live it says it is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QEnterEvent, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app import translations
from core.feed.feed import Feed
from core.feed.health import FIRST_FRAME_DUE_S, LinkHealth, LinkState
from core.market import TICKER, Market, Stream
from core.wire.messages import Ticker
from tests.waiting import qt_until
from widgets.controls.list_choice import HOLD_S as KEY_HOLD_S
from widgets.frame import FrameClock
from widgets.markets.model import CHANGE, FAVOURITES, NAME, PRICE, TABS, Sort
from widgets.markets.pane import MarketsPane
from widgets.markets.view import HEADER, ROW, STAR
from widgets.pane import LOADING_S

MARKETS = [
    Market("KRW-BTC", "비트코인", "Bitcoin"),
    Market("KRW-ETH", "이더리움", "Ethereum"),
    Market("KRW-XRP", "엑스알피(리플)", "XRP", is_warned=True),
    Market("KRW-BCH", "비트코인캐시", "Bitcoin Cash"),
    Market("BTC-ETH", "이더리움", "Ethereum"),
    Market("USDT-BTC", "비트코인", "Bitcoin"),
]
KRW = ["KRW-BTC", "KRW-ETH", "KRW-XRP", "KRW-BCH"]  # by turnover, as `Desk.price_all` states it


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


class Desk:
    """A feed without a pool, its clock by hand, and one pane on screen."""

    def __init__(self, qtbot: QtBot) -> None:
        self.clock = Clock()
        self.feed = Feed(self.clock)
        self.feed.health.links[1] = LinkHealth(1)
        self.feed.health.links[1].state = LinkState.OPEN
        self.frames = FrameClock()
        self.pane = MarketsPane(self.feed, self.frames)
        self.wanted: list[str] = []
        self.pane.market_wanted.connect(self.wanted.append)
        qtbot.addWidget(self.pane)
        self.pane.resize(400, 400)
        self.pane.show()
        qtbot.waitExposed(self.pane)

    def take_list(self, markets: list[Market] = MARKETS) -> None:
        """As the services do when the exchange's list has come."""
        self.feed.store.list_markets(markets)
        self.frame()

    def price_all(self) -> None:
        for place, market in enumerate(self.feed.store.markets.values()):
            self.tick(market.code, 1_000.0 - place, turnover=1e9 / (place + 1))
        self.frame()

    def tick(self, market: str, price: float = 1_000.0, *, rate: float = 0.01, turnover: float = 1e6) -> None:
        time_ms = int(self.clock.now * 1000)
        self.feed.apply(Ticker(market, price, change_rate=rate, turnover_24h=turnover, time_ms=time_ms))

    def frame(self) -> None:
        """Run the next frame now."""
        self.frames.flush(self.pane)

    def link(self) -> None:
        """Answer what the pane wants, as its group on the desk does: bound and painted before the call returns."""
        self.pane.market_wanted.connect(self.pane.bind)
        self.pane.market_wanted.connect(lambda _market: self.frame())

    def key(self, *keys: Qt.Key) -> None:
        for key in keys:
            QTest.keyClick(self.pane.view, key)

    def search(self, text: str) -> None:
        self.pane.bar.line.insert(text)  # QTest has no keys for Hangul

    @property
    def shown(self) -> list[str]:
        return [line.code for line in self.pane.view.lines]

    def ask(self) -> None:
        self.feed.health.requested(1, self.feed.leases.wanted, self.clock())

    def hear(self) -> None:
        for stream in self.feed.leases.wanted:
            self.feed.health.received(stream, self.clock())

    @property
    def light(self) -> str:
        self.pane.frame()
        return self.pane.header.light.kind


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    made = Desk(qtbot)
    yield made
    made.pane.release()


@pytest.fixture
def full(desk: Desk) -> Desk:
    """Return a desk whose list is there and priced."""
    desk.take_list()
    desk.price_all()
    return desk


# --- what is listed ---


def test_bytes_become_a_line_in_the_next_frame(desk: Desk) -> None:
    desk.take_list()
    frame = (
        b'{"type":"ticker","code":"KRW-BTC","opening_price":90000000.0,"trade_price":91157000.0,'
        b'"prev_closing_price":90000000.0,"signed_change_price":1157000.0,"signed_change_rate":0.0128555556,'
        b'"acc_trade_price_24h":123456789012.5,"trade_timestamp":1785397531885,"timestamp":1785397531900,'
        b'"market_state":"ACTIVE","is_trading_suspended":false,"market_warning":"NONE","stream_type":"SNAPSHOT"}'
    )
    desk.feed.on_frame(1, frame)
    qt_until(lambda: desk.pane.view.lines[0].price == "91,157,000")
    line = desk.pane.view.lines[0]
    assert (line.code, line.change, line.change_price, line.turnover) == ("KRW-BTC", "+1.29%", "+1,157,000", "123.5")


def test_each_tab_lists_its_quote_currency_and_wants_its_tickers(full: Desk) -> None:
    desk, pane = full, full.pane
    assert desk.shown == pane.order() == KRW
    assert desk.feed.leases.wanted == {Stream(TICKER, code) for code in KRW}
    QTest.mouseClick(pane.bar.tabs["BTC"], Qt.MouseButton.LeftButton)
    assert desk.shown == pane.order() == ["BTC-ETH"]
    assert desk.feed.leases.wanted == {Stream(TICKER, "BTC-ETH")}
    assert pane.bar.tabs["BTC"].isChecked()
    pane.release()
    assert not desk.feed.leases.wanted


def test_left_and_right_go_from_tab_to_tab(full: Desk) -> None:
    seen = []
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left):
        full.key(key)
        seen.append(full.pane.tab)
    assert seen == ["BTC", "USDT", FAVOURITES, FAVOURITES, "USDT"]


def test_a_list_read_again_leaves_all_as_it_is_and_a_changed_one_is_taken(full: Desk) -> None:
    desk = full
    lines = list(desk.pane.view.lines)
    desk.take_list(list(MARKETS))
    assert all(a is b for a, b in zip(desk.pane.view.lines, lines, strict=True))
    desk.take_list([*MARKETS[:2], Market("KRW-NEW", "새코인", "New")])
    assert desk.shown == ["KRW-BTC", "KRW-ETH", "KRW-NEW"]
    assert Stream(TICKER, "KRW-NEW") in desk.feed.leases.wanted
    assert Stream(TICKER, "KRW-XRP") not in desk.feed.leases.wanted


def test_another_exchange_leaves_no_price_of_the_one_before(full: Desk) -> None:
    full.feed.reset()
    full.frame()
    assert full.shown == []
    full.take_list()
    assert {line.price for line in full.pane.view.lines} == {"–"}


# --- order ---


def test_the_first_prices_sort_the_list_at_once(desk: Desk) -> None:
    desk.take_list()
    assert desk.shown == sorted(KRW)
    desk.tick("KRW-XRP", turnover=5.0)
    desk.frame()
    assert desk.shown[0] == "KRW-XRP"
    desk.tick("KRW-ETH", turnover=7.0)
    desk.frame()
    assert desk.shown[:2] == ["KRW-ETH", "KRW-XRP"]


def test_what_streams_in_is_sorted_once_a_second(full: Desk) -> None:
    desk = full
    desk.tick("KRW-BCH", 5.0, turnover=1e12)
    desk.frame()
    assert desk.shown == KRW
    assert desk.pane.view.lines[3].price == "5.00", "the price itself does not wait"
    desk.clock.now += 1.0
    desk.pane.beat()
    qt_until(lambda: desk.shown == ["KRW-BCH", *KRW[:3]])


def point_at(desk: Desk, row: int) -> None:
    at = QPointF(60, HEADER + (row + 0.5) * ROW)
    QApplication.sendEvent(desk.pane.view, QEnterEvent(at, at, desk.pane.view.mapToGlobal(at)))


def test_no_line_jumps_under_the_mouse(full: Desk) -> None:
    desk = full
    point_at(desk, 1)
    desk.tick("KRW-BCH", turnover=1e12)
    desk.clock.now += 60.0
    desk.frame()
    assert desk.shown == KRW
    QApplication.sendEvent(desk.pane.view, QEvent(QEvent.Type.Leave))
    desk.frame()
    assert desk.shown == ["KRW-BCH", *KRW[:3]]


def test_no_line_jumps_between_two_key_presses(full: Desk) -> None:
    desk = full
    desk.link()
    desk.clock.now += 60.0
    desk.key(Qt.Key.Key_Down, Qt.Key.Key_Down)
    desk.tick("KRW-BCH", turnover=1e12)
    desk.clock.now += KEY_HOLD_S - 0.1
    desk.frame()
    assert desk.shown == KRW
    desk.clock.now += 0.2
    desk.frame()
    assert desk.shown == ["KRW-BCH", *KRW[:3]]


def test_a_head_pressed_sorts_at_once_from_the_top(full: Desk) -> None:
    desk, view = full, full.pane.view
    desk.take_list([Market(f"KRW-C{i:02}") for i in range(60)])
    desk.price_all()
    desk.pane.bind("KRW-C50")
    assert view.top > 0
    head = QPoint(view.columns.price - 5, HEADER // 2)
    point_at(desk, 0)
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=head)
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=head)
    assert desk.pane.sort == view.sort == Sort(PRICE, False)
    assert desk.shown[0] == "KRW-C59"
    assert view.top == 0


# --- search ---


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("ㅂㅌ", ["KRW-BTC", "KRW-BCH"]),
        ("비트코인ㅋ", ["KRW-BCH"]),
        ("eth", ["KRW-ETH"]),
        ("이더", ["KRW-ETH"]),
        ("  ", KRW),
        ("cash", ["KRW-BCH"]),
    ],
)
def test_the_search_leaves_what_fits(full: Desk, typed: str, found: list[str]) -> None:
    full.pane.bar.line.setText(typed)
    assert full.pane.order() == full.shown == found


def test_initial_consonants_count_while_they_are_composed(full: Desk) -> None:
    line = full.pane.bar.line
    QApplication.sendEvent(line, QInputMethodEvent("ㅇㅅ", []))
    assert full.shown == ["KRW-XRP"]
    commit = QInputMethodEvent("", [])
    commit.setCommitString("이더")
    QApplication.sendEvent(line, commit)
    assert line.text() == "이더"
    assert full.shown == ["KRW-ETH"]


def test_a_letter_or_slash_on_the_list_begins_the_search_and_escape_ends_it(full: Desk) -> None:
    desk, pane = full, full.pane
    pane.setFocus()
    pickers: list[str] = []
    pane.picker_wanted.connect(lambda _pane, typed: pickers.append(typed))
    QTest.keyClicks(pane.view, "e")
    assert QApplication.focusWidget() is pane.bar.line
    desk.search("th")
    assert pane.bar.line.text() == "eth"
    assert desk.shown == ["KRW-ETH"]
    QTest.keyClick(pane.bar.line, Qt.Key.Key_Escape)
    assert desk.shown == KRW
    QTest.keyClick(pane.bar.line, Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is pane.view
    QTest.keyClicks(pane.view, "/")
    assert QApplication.focusWidget() is pane.bar.line
    assert pane.bar.line.text() == ""
    desk.search("xrp")
    desk.key(Qt.Key.Key_Escape)
    assert desk.shown == KRW
    assert pickers == []


def test_from_the_search_line_one_steps_in_the_list_and_takes_what_was_found(full: Desk) -> None:
    desk, line = full, full.pane.bar.line
    desk.link()
    desk.pane.bind("KRW-XRP")
    desk.search("ㅂㅌ")
    QTest.keyClick(line, Qt.Key.Key_Down)
    QTest.keyClick(line, Qt.Key.Key_Down)
    assert desk.wanted == ["KRW-BTC", "KRW-BCH"]
    desk.search("ㅋㅇ")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert desk.wanted[-1] == "KRW-BCH"
    assert QApplication.focusWidget() is desk.pane.view


def test_enter_takes_the_first_found_when_the_highlighted_one_is_not_among_them(full: Desk) -> None:
    full.pane.bind("KRW-XRP")
    full.search("eth")
    QTest.keyClick(full.pane.bar.line, Qt.Key.Key_Return)
    assert full.wanted == ["KRW-ETH"]


def test_what_fits_nowhere_here_is_offered_from_where_it_does(full: Desk) -> None:
    desk, pane = full, full.pane
    desk.link()
    pane.show_tab("USDT")
    desk.search("xrp")
    assert desk.shown == []
    assert "KRW-XRP" in pane.view.note
    QTest.keyClick(pane.bar.line, Qt.Key.Key_Return)
    assert desk.wanted == ["KRW-XRP"]
    assert (pane.tab, pane.market, pane.bar.line.text()) == ("KRW", "KRW-XRP", "")
    assert pane.view.note == ""


def test_a_slip_is_met_with_the_nearest_by_click_too(full: Desk) -> None:
    full.search("bitcin")
    assert "Bitcoin KRW-BTC" in full.pane.view.note
    QTest.mouseClick(full.pane.view, Qt.MouseButton.LeftButton, pos=full.pane.view.rect().center())
    assert full.wanted == ["KRW-BTC"]


def test_nonsense_is_answered_and_enter_does_nothing(full: Desk) -> None:
    full.search("zzzzzzzz")
    assert "zzzzzzzz" in full.pane.view.note
    QTest.keyClick(full.pane.bar.line, Qt.Key.Key_Return)
    assert full.wanted == []


# --- the highlighted market ---


def test_a_bound_market_is_highlighted_and_brought_into_sight(desk: Desk) -> None:
    desk.take_list([Market(f"KRW-C{i:02}") for i in range(60)])
    desk.price_all()
    desk.pane.bind("KRW-C50")
    assert desk.pane.view.current == "KRW-C50"
    assert "KRW-C50" in desk.shown
    desk.pane.bind("KRW-C02")
    assert "KRW-C02" in desk.shown


def test_a_market_of_another_currency_brings_its_tab_but_a_favourite_stays_there(full: Desk) -> None:
    pane = full.pane
    pane.bind("USDT-BTC")
    assert pane.tab == "USDT"
    pane.show_favourites({"KRW-XRP", "USDT-BTC"})
    pane.show_tab(FAVOURITES)
    pane.bind("KRW-XRP")
    assert pane.tab == FAVOURITES
    pane.bind("KRW-ETH")
    assert pane.tab == "KRW"
    pane.show_tab("BTC")
    pane.bind("KRW-ETH")  # nothing new
    assert pane.tab == "BTC"


def test_keys_step_the_group_and_stop_at_the_ends(full: Desk) -> None:
    desk, keys = full, Qt.Key
    desk.link()
    desk.key(keys.Key_Down)
    assert desk.wanted == ["KRW-BTC"], "with nothing highlighted it begins at the top"
    desk.key(keys.Key_Down, keys.Key_Down, keys.Key_Up, keys.Key_End, keys.Key_Down, keys.Key_PageUp, keys.Key_Up)
    assert desk.wanted[1:] == ["KRW-ETH", "KRW-XRP", "KRW-ETH", "KRW-BCH", "KRW-BTC"]
    desk.key(keys.Key_PageDown, keys.Key_Home)
    assert desk.wanted[6:] == ["KRW-BCH", "KRW-BTC"]
    desk.key(keys.Key_Return)
    assert desk.wanted[8:] == ["KRW-BTC"]


def test_other_panes_step_through_the_same_order(full: Desk) -> None:
    full.pane.bind("KRW-ETH")
    full.pane.step(1)
    full.pane.step(-1)
    assert full.wanted == ["KRW-XRP", "KRW-BTC"]
    full.pane.bind("KRW-NONE")
    full.pane.step(-1)
    assert full.wanted[-1] == "KRW-BCH"
    full.search("zzzzzzzz")
    full.pane.step(1)
    assert len(full.wanted) == 3


def test_a_pane_that_was_never_seen_knows_its_order(full: Desk, qtbot: QtBot) -> None:
    hidden = MarketsPane(full.feed, full.frames)
    qtbot.addWidget(hidden)
    wanted: list[str] = []
    hidden.market_wanted.connect(wanted.append)
    hidden.bind("KRW-BTC")
    hidden.step(1)
    hidden.step(-1)
    assert wanted == ["KRW-ETH"], "nothing stands above the first line"
    full.clock.now += 60.0
    full.tick("KRW-BCH", turnover=1e12)
    hidden.step(-1)
    assert wanted == ["KRW-ETH", "KRW-BCH"]
    assert hidden.order() == ["KRW-BCH", *KRW[:3]]
    hidden.release()


def test_stepping_from_elsewhere_holds_the_order_too(full: Desk) -> None:
    full.clock.now += 60.0
    full.pane.bind("KRW-ETH")
    full.pane.step(1)
    full.tick("KRW-BCH", turnover=1e12)
    full.clock.now += KEY_HOLD_S - 0.1
    assert full.pane.order() == KRW


def test_stepping_asks_the_exchange_for_nothing(full: Desk) -> None:
    desk = full
    desk.link()
    asked: list[object] = []
    desk.feed.on_wanted = asked.append
    desk.key(*[Qt.Key.Key_Down] * 4, *[Qt.Key.Key_Up] * 3)
    assert len(desk.wanted) == 7
    assert asked == []


def test_a_click_changes_the_group(full: Desk) -> None:
    full.link()
    QTest.mouseClick(full.pane.view, Qt.MouseButton.LeftButton, pos=QPoint(60, HEADER + ROW * 2 + 5))
    assert full.wanted == ["KRW-XRP"]
    assert full.pane.view.current == "KRW-XRP"


# --- favourites ---


def test_a_star_is_asked_for_and_shown_when_the_program_says_so(full: Desk) -> None:
    desk, pane = full, full.pane
    toggled: list[str] = []
    pane.favourite_toggled.connect(toggled.append)
    QTest.mouseClick(pane.view, Qt.MouseButton.LeftButton, pos=QPoint(STAR // 2, HEADER + 5))
    pane.bind("KRW-XRP")
    desk.key(Qt.Key.Key_Space)
    assert toggled == ["KRW-BTC", "KRW-XRP"]
    assert not any(line.is_favourite for line in pane.view.lines)
    pane.show_favourites(["KRW-XRP", "USDT-BTC"])
    assert [line.code for line in pane.view.lines if line.is_favourite] == ["KRW-XRP"]
    pane.show_tab(FAVOURITES)
    assert desk.shown == ["USDT-BTC", "KRW-XRP"], "by what the turnover is worth"
    assert [line.symbol for line in pane.view.lines] == ["USDT-BTC", "KRW-XRP"]
    assert desk.feed.leases.wanted == {Stream(TICKER, "KRW-XRP"), Stream(TICKER, "USDT-BTC")}
    pane.show_favourites(["KRW-XRP"])
    assert desk.shown == ["KRW-XRP"]


def test_without_favourites_it_says_how_to_make_one(full: Desk) -> None:
    full.ask()
    full.hear()
    full.pane.show_tab(FAVOURITES)
    assert "Space" in full.pane.view.note
    full.pane.show_tab("KRW")
    assert full.pane.view.note == ""


# --- how live it is ---


def test_before_the_list_comes_it_says_so(desk: Desk) -> None:
    desk.pane.frame()
    assert desk.pane.overlay.kind == "none"
    desk.clock.now += LOADING_S + 0.1
    desk.pane.beat()
    assert (desk.pane.overlay.kind, desk.light) == ("empty", "pending")
    assert desk.pane.overlay.title == "The list of symbols has not come yet"
    desk.take_list()
    desk.ask()
    desk.hear()
    assert desk.light == "live"
    assert desk.pane.overlay.kind == "none", "no market need be chosen"


def test_without_a_connection_it_says_why(desk: Desk) -> None:
    link = desk.feed.health.links[1]
    link.state, link.cause = LinkState.WAITING, "dns"
    desk.clock.now += 1.0
    assert desk.light == "offline"
    assert desk.pane.overlay.kind == "offline"
    desk.take_list()
    desk.ask()
    assert desk.light == "offline"
    assert desk.pane.overlay.kind == "stale", "names stay readable"


def test_one_dead_symbol_does_not_grey_the_list(full: Desk) -> None:
    desk = full
    desk.ask()
    for code in KRW[1:]:
        desk.feed.health.received(Stream(TICKER, code), desk.clock())
    desk.clock.now += LOADING_S + 0.1
    assert desk.light == "live"
    desk.clock.now += FIRST_FRAME_DUE_S
    assert desk.light == "live"
    assert desk.pane.overlay.kind == "none"


def test_a_lost_link_shows_since_when(full: Desk) -> None:
    desk = full
    desk.ask()
    desk.hear()
    assert desk.light == "live"
    desk.clock.now += 5.0
    desk.feed.health.received(Stream(TICKER, "KRW-XRP"), desk.clock())
    desk.feed.health.lost(1)
    desk.clock.now += 10.0
    assert desk.light == "stale"
    assert "10 s" in desk.pane.overlay.title, "of the newest, not of the quietest"


def test_only_what_is_in_sight_costs_a_frame(desk: Desk) -> None:
    desk.take_list([Market(f"KRW-C{i:02}") for i in range(60)])
    desk.price_all()
    qt_until(lambda: not desk.frames._timer.isActive())
    desk.tick("KRW-C59")
    assert not desk.frames._marked
    desk.tick("KRW-C00")
    assert list(desk.frames._marked) == [desk.pane]
    qt_until(lambda: not desk.frames._timer.isActive())
    desk.pane.hide()
    desk.tick("KRW-C00")
    assert not desk.frames._marked


def test_the_frames_end_when_the_last_price_has_faded(full: Desk) -> None:
    desk = full
    desk.tick("KRW-BTC", 5_000.0)
    desk.frame()
    assert desk.pane in desk.frames._marked
    desk.clock.now += 0.4
    qt_until(lambda: not desk.frames._timer.isActive())
    assert not desk.frames._marked


# --- language, accessibility, saving ---


def test_it_changes_its_language_while_it_is_open(full: Desk, qapp: QApplication) -> None:
    desk, pane = full, full.pane
    pane.bind("KRW-BTC")
    assert pane.view.lines[0].name == "Bitcoin"
    heads = dict(pane.view._heads)
    try:
        translations.install(qapp, "ko")
        qt_until(lambda: pane.view.lines[0].name == "비트코인")
        assert pane.view._heads != heads
        assert pane.bar.tabs[FAVOURITES].accessibleName() == "관심"
        pane._sort_by(Sort(NAME, False))
        assert desk.shown == ["KRW-BTC", "KRW-BCH", "KRW-XRP", "KRW-ETH"]
    finally:
        translations.install(qapp, "en")


def test_the_current_line_is_said_aloud(full: Desk) -> None:
    pane = full.pane
    pane.bind("KRW-XRP")
    full.frame()
    assert pane.view.accessibleName()
    assert pane.view.accessibleDescription() == "XRP KRW-XRP 998 +1.00% Investment warning"
    full.tick("KRW-XRP", 1_005.0, rate=-0.02)
    full.frame()
    assert pane.view.accessibleDescription().startswith("XRP KRW-XRP 1,005 -2.00%")
    assert pane.bar.line.accessibleName()
    assert len({pane.bar.tabs[tab].accessibleName() for tab in TABS}) == len(TABS)


def test_tab_and_sort_are_kept_and_the_search_is_not(full: Desk, qtbot: QtBot) -> None:
    pane = full.pane
    pane.bind("KRW-BTC")
    pane.show_tab(FAVOURITES)
    pane._sort_by(Sort(CHANGE, False))
    full.search("eth")
    kept = pane.save()
    other = MarketsPane(full.feed, full.frames)
    qtbot.addWidget(other)
    other.restore(kept)
    other.bind(kept["market"])
    assert (other.tab, other.sort) == (FAVOURITES, Sort(CHANGE, False)), "the first market bound keeps the tab"
    other.bind("USDT-BTC")
    assert other.tab == "USDT"
    other.restore({"tab": 5, "sort": "size", "is_down": "yes"})
    assert (other.tab, other.sort) == ("USDT", Sort(CHANGE, False))
    other.release()
