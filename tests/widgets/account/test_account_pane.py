"""The account pane: from the account's state to lines, keys, privacy, and how live it says it is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from app import translations
from core.feed.feed import Feed
from core.feed.health import LinkHealth, LinkState
from core.market import TICKER, Market, Stream
from core.state.account import Account, AccountState, Balance, Fill, Order
from core.wire.messages import Ticker
from tests.waiting import qt_until
from widgets import messages
from widgets.account.model import BALANCES, COLUMNS, FILLS, HIDDEN, NAME, OPEN, PAST, PRICE, TOTAL, VALUE
from widgets.account.pane import SORT_S, AccountPane
from widgets.controls.account_state import YOUNG_S
from widgets.controls.market_list import HEADER, ROW
from widgets.frame import FrameClock

D = Decimal
MARKETS = [
    Market("KRW-BTC", "비트코인", "Bitcoin"),
    Market("KRW-ETH", "이더리움", "Ethereum"),
    Market("KRW-XRP", "엑스알피(리플)", "XRP"),
]


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


class Desk:
    """A feed without a pool, its clock by hand, and the pane on screen."""

    def __init__(self, qtbot: QtBot) -> None:
        self.clock = Clock()
        self.feed = Feed(self.clock)
        self.frames = FrameClock()
        self.pane = AccountPane(self.feed, self.frames)
        self.wanted: list[str] = []
        self.keys_wanted: list[bool] = []
        self.pane.market_wanted.connect(self.wanted.append)
        self.pane.key_wanted.connect(lambda: self.keys_wanted.append(True))
        qtbot.addWidget(self.pane)
        self.pane.resize(1_100, 400)
        self.pane.show()
        qtbot.waitExposed(self.pane)

    @property
    def account(self) -> Account:
        return self.feed.account

    def fill(self) -> None:
        """As the services do when list, tickers and account have come."""
        self.feed.store.list_markets(MARKETS)
        for code, price in (("KRW-BTC", 100_000_000.0), ("KRW-ETH", 5_000_000.0), ("KRW-XRP", 3_000.0)):
            self.tick(code, price)
        balances = [
            Balance("KRW", D("1234567.5")),
            Balance("BTC", D("0.5"), D("0.1"), D(90_000_000)),
            Balance("XRP", D("100"), avg_price=D(4_000)),
            Balance("ETH", D("0.00001"), avg_price=D(4_000_000)),
        ]
        self.account.state_balances(balances, self.account.asset_cursor)
        self.account.set_state(AccountState.LIVE)
        self.frame()

    def tick(self, market: str, price: float) -> None:
        self.feed.apply(Ticker(market, price, time_ms=int(self.clock.now * 1000)))

    def event(self, **fields: Any) -> None:
        """Say something of an order, as the private socket does."""
        usual: dict[str, Any] = {
            "type": "myOrder", "code": "KRW-BTC", "uuid": "a", "ask_bid": "BID", "order_type": "limit",
            "state": "wait", "price": 9.0e7, "volume": 0.5, "remaining_volume": 0.5, "executed_volume": 0,
            "trades_count": 0, "executed_funds": 0, "order_timestamp": 1_790_000_000_000,
            "timestamp": 1_790_000_000_000, "stream_type": "REALTIME",
        }  # fmt: skip
        self.feed.on_private_frame(1, json.dumps(usual | fields).encode())

    def frame(self) -> None:
        self.frames.flush(self.pane)

    @property
    def shown(self) -> list[str]:
        return [line.code for line in self.pane.view.lines]

    def cell(self, code: str, column: str) -> str:
        line = next(line for line in self.pane.view.lines if line.code == code)
        return line.cells[COLUMNS[self.pane.section].index(column)].text

    def press(self, row: int) -> None:
        QTest.mouseClick(self.pane.view, Qt.MouseButton.LeftButton, pos=QPoint(60, HEADER + row * ROW + 5))

    def buttons(self) -> list[str]:
        return [b.text() for b in self.pane.overlay.findChildren(QPushButton) if b.isVisible()]


@pytest.fixture
def desk(qtbot: QtBot, qapp: QApplication) -> Iterator[Desk]:
    made = Desk(qtbot)
    yield made
    made.pane.release()
    translations.install(qapp, "en")


@pytest.fixture
def full(desk: Desk) -> Desk:
    desk.fill()
    return desk


# --- what is listed ---


def test_balances_stand_by_value_at_the_last_price(full: Desk) -> None:
    assert full.shown == ["BTC", "KRW", "XRP", "ETH"]
    assert full.cell("BTC", TOTAL) == "0.6"
    assert full.cell("BTC", VALUE) == "60,000,000"
    assert full.feed.leases.wanted == {Stream(TICKER, m.code) for m in MARKETS}
    assert [f.text for f in full.pane.summary.figures][:2] == ["61,534,618", "+5,900,010"]


def test_a_price_moves_its_value_in_the_next_frame(full: Desk) -> None:
    full.tick("KRW-BTC", 110_000_000.0)
    qt_until(lambda: full.cell("BTC", VALUE) == "66,000,000")
    assert full.pane.summary.figures[0].text == "67,534,618"


def test_balances_change_places_at_most_once_a_second(full: Desk) -> None:
    full.tick("KRW-XRP", 1e9)
    full.frame()
    assert full.shown[0] == "BTC"
    full.clock.now += SORT_S
    full.tick("KRW-XRP", 1e9)
    full.frame()
    assert full.shown[0] == "XRP"


def test_dust_is_left_out_where_that_is_asked_for(full: Desk) -> None:
    full.pane.bar.dust.trigger()
    assert full.shown == ["BTC", "KRW", "XRP"]
    assert full.pane.save()["dust"] is True
    full.pane.bar.dust.trigger()
    assert full.shown == ["BTC", "KRW", "XRP", "ETH"]


def test_an_order_opens_fills_and_ends_by_frames_alone(full: Desk) -> None:
    pane = full.pane
    full.event()
    full.frame()
    assert pane.bar.tabs[OPEN].text() == "Open orders 1"
    QTest.mouseClick(pane.bar.tabs[OPEN], Qt.MouseButton.LeftButton)
    assert full.shown == ["a"]
    assert full.cell("a", PRICE) == "90,000,000"
    full.event(
        state="trade", price=8.9e7, volume=0.2, trade_uuid="f1", trade_fee=8900, is_maker=True,
        trade_timestamp=1_790_000_001_000, remaining_volume=0.3, executed_volume=0.2, trades_count=1,
    )  # fmt: skip
    full.frame()
    assert full.cell("a", "remaining") == "0.3"
    assert full.cell("a", "filled") == "40.0%"
    full.event(state="cancel", remaining_volume=0.3, executed_volume=0.2, trades_count=1)
    full.frame()
    assert full.shown == []
    assert pane.view.note == "No open orders"
    pane.show_section(PAST)
    assert full.cell("a", "state") == "Filled in part"
    pane.show_section(FILLS)
    assert full.cell("f1", PRICE) == "89,000,000"
    assert full.cell("f1", "role") == "Maker"


def test_the_newest_is_first_and_a_head_that_is_pressed_sorts(full: Desk) -> None:
    for i, size in enumerate(("3", "1", "2")):
        full.account.add_fill(Fill(str(i), "o", "KRW-XRP", "BID", D(3_000), D(size), None, None, 1_790_000_000_000 + i))
    full.pane.show_section(FILLS)
    assert full.shown == ["2", "1", "0"]
    view = full.pane.view
    x = view.columns.ends["size"] - 10
    for _ in range(2):
        QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(x, 5))
    assert full.shown == ["1", "2", "0"]
    kept = full.pane.save()
    full.pane.show_section(BALANCES)
    full.pane.restore(kept)
    assert (full.pane.section, full.shown) == (FILLS, ["1", "2", "0"])


def test_what_a_desk_file_says_wrongly_is_left_out(full: Desk) -> None:
    full.pane.restore({"section": 3, "sorts": {"balances": ["nonsense", True], "x": 1}, "private": "yes", "dust": None})
    assert full.pane.section == BALANCES
    assert not full.pane.is_private
    assert full.shown == ["BTC", "KRW", "XRP", "ETH"]


# --- the user ---


def test_a_press_on_a_line_chooses_its_market(full: Desk) -> None:
    full.press(2)
    assert full.wanted == ["KRW-XRP"]
    full.press(1)  # won have no market
    assert full.wanted == ["KRW-XRP"]
    assert full.pane.view.current == "KRW"
    assert full.pane.view.market_of("XRP") == "KRW-XRP"  # what is dragged
    assert full.pane.view.market_of("KRW") == ""


def test_arrow_keys_step_through_the_lines(full: Desk) -> None:
    view = full.pane.view
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_End, Qt.Key.Key_Home):
        QTest.keyClick(view, key)
    assert full.wanted == ["KRW-BTC", "KRW-XRP", "KRW-ETH", "KRW-BTC"]
    assert view.current == "BTC"
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert full.pane.section == OPEN


def test_the_market_of_the_group_is_highlighted(full: Desk) -> None:
    full.pane.bind("KRW-XRP")
    assert full.pane.view.current == "XRP"
    full.pane.bind("KRW-DOGE")
    assert full.pane.view.current == ""


def test_letters_search_for_a_symbol(full: Desk) -> None:
    typed: list[str] = []
    full.pane.picker_wanted.connect(lambda _pane, text: typed.append(text))
    QTest.keyClicks(full.pane.view, "x")
    assert typed == ["x"]


def test_the_eye_hides_every_amount_and_the_copy_keeps_the_secret(full: Desk) -> None:
    pane = full.pane
    full.press(0)
    pane.bar.eye.click()
    assert full.cell("BTC", TOTAL) == full.cell("BTC", VALUE) == HIDDEN
    assert full.cell("BTC", PRICE) == "100,000,000"
    assert [f.text for f in pane.summary.figures if f.text == HIDDEN] == [HIDDEN] * 4
    QTest.keyClick(pane.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    copied = QGuiApplication.clipboard().text()
    said = copied + pane.view.accessibleDescription() + pane.summary.accessibleName()
    assert "60000000" not in said.replace(",", "")
    assert "0.6" not in said
    assert pane.save()["private"] is True
    pane.bar.eye.click()
    QTest.keyClick(pane.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    rows = QGuiApplication.clipboard().text().splitlines()
    assert rows[1].split("\t")[:2] == ["BTC", "0.6"]
    assert len(rows) == 5


def test_a_line_is_told_to_screen_readers(full: Desk) -> None:
    full.press(0)
    said = full.pane.view.accessibleDescription()
    assert said.startswith("Bitcoin BTC, Held 0.6, Free 0.5, Locked 0.1")
    assert "Value 60,000,000" in said


@pytest.mark.usefixtures("raised_windows")
def test_the_menu_of_a_line_copies(full: Desk) -> None:
    full.pane.view.menu_wanted.emit("BTC", QPoint(10, 10))
    menu = next(m for m in full.pane.findChildren(QMenu) if m.isVisible())
    assert [a.text() for a in menu.actions()] == ["Show KRW-BTC", "Copy the table (Ctrl+C)"]
    menu.actions()[1].trigger()
    menu.close()
    assert QGuiApplication.clipboard().text().startswith("Symbol\tHeld")


def test_it_speaks_the_language_it_is_told(full: Desk, qapp: QApplication) -> None:
    translations.install(qapp, "ko")
    qt_until(lambda: full.cell("BTC", NAME) == "비트코인")
    assert full.pane.bar.tabs[OPEN].text() == "미체결"
    assert full.cell("KRW", NAME) == "원화"


@pytest.mark.parametrize("width", [200, 320, 600, 1_600])
@pytest.mark.parametrize("section", [BALANCES, OPEN, PAST, FILLS])
def test_columns_fit_any_width(full: Desk, width: int, section: str) -> None:
    full.account.state_order(
        Order("a", "KRW-BTC", "BID", "limit", "wait", D(90_000_000), D("0.12345678"), D("0.12345678"), created_ms=1)
    )
    full.pane.show_section(section)
    full.pane.resize(width, 300)
    full.frame()
    ends = list(full.pane.view.columns.ends.values())
    assert ends == sorted(ends)
    assert NAME in full.pane.view.columns.ends
    assert ends[-1] <= full.pane.view.width()
    assert not full.pane.grab().isNull()


def test_sections_are_a_menu_where_tabs_have_no_room(full: Desk) -> None:
    bar = full.pane.bar
    assert not bar.choice.isVisible()
    full.pane.resize(220, 300)
    QApplication.processEvents()
    assert bar.choice.isVisible()
    assert not any(tab.isVisible() for tab in bar.tabs.values())
    assert bar.choice.text() == "Balances ▾"
    bar.choice.menu().aboutToShow.emit()
    bar.choice.menu().actions()[2].trigger()
    assert full.pane.section == PAST
    assert bar.choice.text() == "Past orders ▾"


def test_what_has_no_price_is_counted_and_said(full: Desk) -> None:
    full.account.state_balances([*full.account.balances.values(), Balance("GONE", D(1))], full.account.asset_cursor)
    full.frame()
    assert full.pane.summary.figures[0].text == "61,534,618+"
    assert full.pane.summary.toolTip() == "Currencies without a price: 1. They are not in the sum."
    assert full.shown[-1] == "GONE"


# --- how live it is ---


def test_without_a_key_it_offers_the_page_of_the_key(desk: Desk) -> None:
    desk.frame()
    assert (desk.pane.overlay.kind, desk.pane.overlay.title) == ("empty", "No API key")
    (button,) = [b for b in desk.pane.overlay.findChildren(QPushButton) if b.isVisible()]
    button.click()
    assert desk.keys_wanted == [True]
    assert desk.pane.header.light.kind == "idle"


def test_loading_is_said_only_where_it_takes_long(desk: Desk) -> None:
    desk.account.set_state(AccountState.ASKING)
    desk.frame()
    assert desk.pane.overlay.kind == "none"
    desk.clock.now += 2 * YOUNG_S
    desk.frame()
    assert (desk.pane.overlay.kind, desk.pane.header.light.kind) == ("loading", "pending")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("jwt_verification", "cannot verify the key"),
        ("invalid_access_key", "does not know this key"),
        ("expired_access_key", "expired"),
        ("no_authorization_ip", "internet address"),
        ("out_of_scope", "may not see"),
        ("nonce_used", "repeated"),
        ("INVALID_AUTH", "refused the key"),
        ("something_new", "refused the key"),
    ],
)
def test_a_refused_key_is_explained_and_its_page_offered(full: Desk, name: str, words: str) -> None:
    full.account.set_state(AccountState.REFUSED, name)
    full.frame()
    overlay = full.pane.overlay
    assert overlay.kind == "offline"
    assert words in overlay.title
    assert name in overlay.text
    assert full.buttons() == ["Open the API key page"]
    assert overlay.title in full.pane.header.light.toolTip() + full.pane.header.light.accessibleName()


def test_a_lost_connection_greys_what_is_known_and_counts_down(full: Desk) -> None:
    link = full.feed.health.links[7] = LinkHealth(7)
    link.is_private, link.state, link.cause, link.retry_at = True, LinkState.WAITING, "dns", full.clock.now + 3
    full.account.set_state(AccountState.STALE, "dns")
    full.frame()
    assert full.pane.overlay.kind == "stale"
    assert full.pane.overlay.title == "Upbit cannot be reached. Next try in 3 s."
    assert full.cell("BTC", TOTAL) == "0.6"
    full.clock.now += 1
    full.pane.beat()
    assert "Next try in 2 s." in full.pane.overlay.title
    link.state, link.cause = LinkState.OPEN, ""
    full.account.set_state(AccountState.STALE, "silent")
    link.last_at = full.clock.now - 12
    full.frame()
    assert full.pane.overlay.title == "Not live, last data 12 s ago"
    full.account.set_state(AccountState.LIVE)
    full.frame()
    assert (full.pane.overlay.kind, full.pane.header.light.kind) == ("none", "live")


def test_a_part_that_the_key_may_not_see_is_named(full: Desk) -> None:
    full.account.set_missing(frozenset({"orders"}))
    full.pane.show_section(OPEN)
    assert full.pane.view.note == messages.key_may_not("orders")
    full.pane.show_section(BALANCES)
    assert full.shown[0] == "BTC"


def test_another_account_leaves_nothing_of_the_old_one(full: Desk) -> None:
    full.event()
    full.account.forget()
    full.frame()
    assert full.shown == []
    assert full.pane.bar.tabs[OPEN].text() == "Open orders"
    assert full.pane.overlay.title == "No API key"
    assert full.pane.summary.figures[0].text == "0"


def test_nothing_is_painted_again_while_nothing_changes(full: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    view, painted = full.pane.view, []
    monkeypatch.setattr(view, "update", lambda *what: painted.append(what))
    for _ in range(3):
        full.frame()
    assert painted == []
    full.tick("KRW-BTC", 100_001_000.0)
    full.frame()
    assert painted == [(view.row_rect(0),)]
