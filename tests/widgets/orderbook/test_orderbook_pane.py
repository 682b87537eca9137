"""The order book pane: from bytes to rows, grouping, symbol changes, what it keeps."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.feed.feed import Feed
from core.feed.health import LinkHealth, LinkState
from core.market import Stream
from core.wire.messages import Trade
from tests.waiting import qt_until
from widgets.frame import FrameClock
from widgets.orderbook.pane import OrderbookPane

LINK = 1


class Desk:
    """A feed without a pool, its clock by hand, and one pane on screen."""

    def __init__(self, qtbot: QtBot) -> None:
        self.now_s = 100.0
        self.feed = Feed(lambda: self.now_s)
        self.feed.health.links[LINK] = LinkHealth(LINK)
        self.feed.health.links[LINK].state = LinkState.OPEN
        self.feed.on_wanted = lambda wanted: self.feed.health.requested(LINK, wanted, self.now_s)
        self.frames = FrameClock()
        self.pane = OrderbookPane(self.feed, self.frames)
        qtbot.addWidget(self.pane)
        self.pane.resize(260, 600)
        self.pane.show()
        qtbot.waitExposed(self.pane)

    def say(
        self, market: str, asks: list[tuple[float, float]], bids: list[tuple[float, float]], level: float = 0.0
    ) -> None:
        """Let the exchange send a book."""
        self.now_s += 1
        length = max(len(asks), len(bids))
        asks, bids = asks + [(0.0, 0.0)] * (length - len(asks)), bids + [(0.0, 0.0)] * (length - len(bids))
        frame = {
            "type": "orderbook",
            "code": market,
            "timestamp": int(self.now_s * 1000),
            "total_ask_size": sum(s for _, s in asks),
            "total_bid_size": sum(s for _, s in bids),
            "orderbook_units": [
                {"ask_price": a, "bid_price": b, "ask_size": s, "bid_size": t}
                for (a, s), (b, t) in zip(asks, bids, strict=True)
            ],
            "stream_type": "REALTIME",
            "level": level,
        }
        self.feed.on_frame(LINK, json.dumps(frame, separators=(",", ":")).encode())

    def frame(self) -> None:
        """Run the next frame now."""
        self.frames.flush(self.pane)

    @property
    def wanted(self) -> set[Stream]:
        return set(self.feed.leases.wanted)

    @property
    def prices(self) -> list[str]:
        return [cell.price.strip() for cell in self.pane.view.cells if cell is not None]


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    made = Desk(qtbot)
    yield made
    made.pane.release()


def test_it_wants_book_ticker_and_trades(desk: Desk) -> None:
    desk.pane.bind("KRW-BTC")
    assert desk.wanted == {Stream("orderbook", "KRW-BTC"), Stream("ticker", "KRW-BTC"), Stream("trade", "KRW-BTC")}


def test_bytes_become_rows_in_the_next_frame(desk: Desk) -> None:
    desk.pane.bind("KRW-BTC")
    desk.say("KRW-BTC", [(91_001_000.0, 1.5), (91_002_000.0, 1.0)], [(91_000_000.0, 2.0)])
    qt_until(lambda: desk.prices == ["91,002,000", "91,001,000", "91,000,000"])
    assert desk.pane.view.spread_text == ("1 tick  0.00%", "-11%")
    assert desk.pane.has_data()


def test_only_the_newest_book_of_a_frame_is_shown(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.pane.bind("KRW-BTC")
    shown: list[float] = []
    show = desk.pane.view.show_ladder
    monkeypatch.setattr(
        desk.pane.view, "show_ladder", lambda book, *a, **k: (shown.append(book.ask_total), show(book, *a, **k))
    )
    for size in range(1, 50):
        desk.say("KRW-BTC", [(91_001_000.0, float(size))], [(91_000_000.0, 2.0)])
    qt_until(lambda: shown)
    assert shown == [49.0]


def test_another_symbol_shows_nothing_of_the_old_one(desk: Desk) -> None:
    desk.pane.bind("KRW-BTC")
    desk.say("KRW-BTC", [(91_001_000.0, 1.5)], [(91_000_000.0, 2.0)])
    desk.frame()
    desk.pane.bind("KRW-ETH")
    assert desk.prices == []
    desk.say("KRW-BTC", [(91_005_000.0, 1.5)], [(91_000_000.0, 2.0)])
    desk.frame()
    assert desk.prices == []
    assert not desk.pane.has_data()
    desk.say("KRW-ETH", [(5_001_000.0, 1.5)], [(5_000_000.0, 2.0)])
    desk.frame()
    assert desk.prices == ["5,001,000", "5,000,000"]


def test_a_symbol_seen_before_is_back_at_once(desk: Desk) -> None:
    desk.pane.bind("KRW-BTC")
    desk.say("KRW-BTC", [(91_001_000.0, 1.5)], [(91_000_000.0, 2.0)])
    desk.pane.bind("KRW-ETH")
    desk.pane.bind("KRW-BTC")
    desk.frame()
    assert desk.prices == ["91,001,000", "91,000,000"]


def test_the_last_trade_is_marked_where_it_took_place(desk: Desk) -> None:
    desk.pane.bind("KRW-BTC")
    desk.say("KRW-BTC", [(91_001_000.0, 1.5)], [(91_000_000.0, 2.0)])
    desk.feed.apply(Trade("KRW-BTC", 91_000_000.0, 0.1, "ASK", 1_000, 1))
    desk.frame()
    assert [c.price.strip() for c in desk.pane.view.cells if c is not None and c.is_last] == ["91,000,000"]


def test_the_previous_close_decides_percent_and_colour(desk: Desk) -> None:
    desk.pane.bind("KRW-BTC")
    desk.say("KRW-BTC", [(101_000_000.0, 1.5)], [(99_000_000.0, 2.0)])
    ticker = {"type": "ticker", "code": "KRW-BTC", "trade_price": 1e8, "prev_closing_price": 1e8, "timestamp": 1}
    desk.feed.on_frame(LINK, json.dumps(ticker, separators=(",", ":")).encode())
    desk.frame()
    assert [(c.percent.strip(), c.tone) for c in desk.pane.view.cells if c is not None] == [
        ("+1.00%", 1),
        ("-1.00%", -1),
    ]


def test_grouping_asks_for_the_exchanges_own_book(desk: Desk) -> None:
    desk.feed.store.set_levels("KRW-BTC", (0, 10_000, 100_000))
    desk.pane.bind("KRW-BTC")
    desk.say("KRW-BTC", [(91_001_000.0, 1.5)], [(91_000_000.0, 2.0)])
    desk.frame()
    QTest.keyClick(desk.pane.view, Qt.Key.Key_Plus)
    assert Stream("orderbook", "KRW-BTC", 10_000.0) in desk.wanted
    assert Stream("orderbook", "KRW-BTC") not in desk.wanted
    desk.frame()
    assert desk.prices == ["91,001,000", "91,000,000"], "the book before stays until the other comes"
    desk.say("KRW-BTC", [(91_010_000.0, 7.0)], [(91_000_000.0, 8.0)], level=10_000.0)
    desk.frame()
    assert desk.prices == ["91,010,000", "91,000,000"]
    assert "10,000" in desk.pane.grouping.text()


def test_keys_wheel_and_menu_step_through_the_levels_and_stop_at_the_ends(desk: Desk) -> None:
    desk.feed.store.set_levels("KRW-BTC", (0, 10_000, 100_000))
    desk.pane.bind("KRW-BTC")
    desk.frame()
    seen = []
    for key in (Qt.Key.Key_Minus, Qt.Key.Key_Plus, Qt.Key.Key_Plus, Qt.Key.Key_Plus):
        QTest.keyClick(desk.pane.view, key)
        seen.append(desk.pane.level)
    assert seen == [0.0, 10_000.0, 100_000.0, 100_000.0]
    at = QPointF(desk.pane.grouping.rect().center())
    none, no_phase = Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase
    up = QWheelEvent(at, at, QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton, none, no_phase, False)
    QApplication.sendEvent(desk.pane.grouping, up)
    assert desk.pane.level == 10_000.0
    desk.pane.grouping.groupings.aboutToShow.emit()
    actions = desk.pane.grouping.groupings.actions()
    assert [a.text() for a in actions] == ["off", "10,000", "100,000"]
    assert [a.isChecked() for a in actions] == [False, True, False]
    actions[0].trigger()
    assert desk.pane.level == 0.0


def test_markets_without_levels_have_no_grouping(desk: Desk) -> None:
    desk.pane.bind("BTC-ETH")
    desk.say("BTC-ETH", [(0.03456790, 1.0)], [(0.03456789, 1.0)])
    desk.frame()
    assert not desk.pane.grouping.isVisible()
    QTest.keyClick(desk.pane.view, Qt.Key.Key_Plus)
    assert desk.pane.level == 0.0
    assert desk.prices == ["0.03456790", "0.03456789"]
    desk.feed.store.set_levels("KRW-BTC", (0, 10_000))
    desk.pane.bind("KRW-BTC")
    desk.frame()
    assert desk.pane.grouping.isVisible()


def test_a_level_the_exchange_no_longer_offers_is_given_up(desk: Desk) -> None:
    desk.feed.store.set_levels("KRW-BTC", (0, 10_000))
    desk.pane.bind("KRW-BTC")
    desk.pane.set_level(10_000.0)
    desk.feed.store.set_levels("KRW-BTC", (0, 5_000, 50_000))
    desk.frame()
    assert desk.pane.level == 0.0
    assert Stream("orderbook", "KRW-BTC") in desk.wanted


def test_each_market_keeps_its_grouping(desk: Desk) -> None:
    desk.feed.store.set_levels("KRW-BTC", (0, 10_000))
    desk.pane.bind("KRW-BTC")
    desk.pane.set_level(10_000.0)
    desk.pane.bind("KRW-ETH")
    assert desk.pane.level == 0.0
    desk.pane.bind("KRW-BTC")
    assert desk.pane.level == 10_000.0


def test_what_it_saves_it_takes_back(desk: Desk, qtbot: QtBot) -> None:
    desk.feed.store.set_levels("KRW-BTC", (0, 10_000))
    desk.pane.bind("KRW-BTC")
    desk.pane.set_level(10_000.0)
    desk.pane.bar.toggle_column("total")
    saved = json.loads(json.dumps(desk.pane.save()))
    other = OrderbookPane(desk.feed, desk.frames)
    qtbot.addWidget(other)
    other.restore(saved)
    other.bind(saved["market"])
    assert (other.market, other.level, other.view.has_totals) == ("KRW-BTC", 10_000.0, True)
    other.release()


@pytest.mark.parametrize(
    "state",
    [
        {},
        {"levels": 3},
        {"levels": {"KRW-BTC": "x", "KRW-ETH": -1}},
        {"totals": "yes"},
        {"columns": 1, "imbalance": "x", "traded_min": True, "layout": 3},
    ],
)
def test_a_strange_state_leaves_the_defaults(desk: Desk, state: dict[str, object]) -> None:
    desk.pane.restore(state)
    desk.pane.bind("KRW-BTC")
    assert (desk.pane.level, desk.pane.view.has_totals) == (0.0, False)


def test_padding_of_a_thin_side_is_not_shown(desk: Desk) -> None:
    desk.pane.bind("USDT-PEPE")
    desk.say("USDT-PEPE", [(0.00001235, 1e9)], [(0.00001234, 1e9), (0.00001233, 5e8), (0.00001232, 1.0)])
    desk.frame()
    assert desk.prices == ["0.00001235", "0.00001234", "0.00001233", "0.00001232"]


def test_recorded_frames_are_shown(desk: Desk, shared_data: Path) -> None:
    path = shared_data / "upbit" / "ws" / "cryptofeed-20210405-trade-orderbook-simple.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        frames = [event["frame"].encode() for event in map(json.loads, lines) if event["dir"] == "recv"]
    desk.pane.bind("KRW-ADA")
    shown = 0
    for frame in frames:
        desk.feed.on_frame(LINK, frame)
        desk.frame()
        book = desk.feed.store.book("KRW-ADA")
        if book is not None:
            best_ask, best_bid = book.asks[0][0], book.bids[0][0]
            assert f"{best_ask:,.0f}" in desk.prices
            assert f"{best_bid:,.0f}" in desk.prices
            shown += 1
    assert shown > 1_000
