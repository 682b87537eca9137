"""What the user can choose of a book: layout, columns, windows, grouping; from bytes to what is written."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Iterator
from decimal import Decimal

import pytest
from PySide6.QtCore import QPoint, QPointF
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.market import Stream
from core.state.account import Order
from core.wire.messages import Trade
from tests.widgets.orderbook.test_orderbook_pane import LINK, Desk
from widgets import theme
from widgets.orderbook.bar import COLUMNS, Choice
from widgets.orderbook.base import HEADER
from widgets.orderbook.cells import HIGH, LOW, MOST
from widgets.orderbook.dom import Rung, Texts
from widgets.orderbook.pane import OrderbookPane
from widgets.won import Rate


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    made = Desk(qtbot)
    made.pane.resize(520, 600)
    yield made
    made.pane.release()


def ticker(desk: Desk, market: str, price: float, **more: float) -> None:
    frame = {"type": "ticker", "code": market, "trade_price": price, "timestamp": 1, **more}
    desk.feed.on_frame(LINK, json.dumps(frame, separators=(",", ":")).encode())


def choose(desk: Desk, **choice: object) -> None:
    desk.pane.choose(desk.pane.choice._replace(**choice))  # type: ignore[arg-type]


def rungs(desk: Desk) -> dict[str, Rung]:
    return {rung.texts.price.strip(): rung for rung in desk.pane.dom_view.rungs if rung is not None}


def trade(number: int, price: float, side: str, size: float) -> Trade:
    return Trade("KRW-BTC", price, size, side, time.time_ns() // 1_000_000, number)  # type: ignore[arg-type]


def test_the_stable_ladder_shows_the_book_where_its_prices_are(desk: Desk) -> None:
    desk.pane.bind("KRW-BTC")
    desk.say("KRW-BTC", [(91_003_000.0, 1.5), (91_005_000.0, 0.5)], [(91_000_000.0, 2.0)])
    desk.frame()
    choose(desk, layout="dom")
    assert desk.pane.dom_view.isVisible()
    assert not desk.pane.view.isVisible()
    desk.frame()
    seen = rungs(desk)
    assert {price: (r.bid, r.ask) for price, r in seen.items() if r.bid or r.ask} == {
        "91,005,000": (0.0, 0.5),
        "91,003,000": (0.0, 1.5),
        "91,000,000": (2.0, 0.0),
    }
    assert "91,004,000" in seen
    line = desk.pane.dom_view.prices.line(seen["91,000,000"].place)
    desk.say("KRW-BTC", [(91_005_000.0, 0.5)], [(91_004_000.0, 2.0)])
    desk.frame()
    assert desk.pane.dom_view.prices.line(seen["91,000,000"].place) == line
    assert rungs(desk)["91,004,000"].bid == 2.0


@pytest.mark.parametrize("layout", ["ladder", "dom", "depth"])
def test_a_right_click_asks_what_can_be_done_at_the_price_there(desk: Desk, layout: str) -> None:
    desk.pane.bind("KRW-BTC")
    choose(desk, layout=layout)
    desk.say("KRW-BTC", [(91_003_000.0, 1.5)], [(91_000_000.0, 2.0)])
    desk.frame()
    asked: list[tuple[object, float, object]] = []
    desk.pane.price_menu_wanted.connect(lambda *what: asked.append(what))
    view = desk.pane.shown
    ats = [QPoint(5, y) for y in range(0, view.height(), 10)]  # also beside what is written
    for at in ats:
        QApplication.sendEvent(view, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, view.mapToGlobal(at)))
    assert {pane for pane, _, _ in asked} == {desk.pane}
    assert {price for _, price, _ in asked} == {p for at in ats if (p := view.line_price(QPointF(at))) is not None}
    assert {at for _, _, at in asked} <= {view.mapToGlobal(at) for at in ats}
    if layout != "depth":
        assert {91_000_000.0, 91_003_000.0} <= {price for _, price, _ in asked}


def test_what_changes_is_written_and_fades(desk: Desk) -> None:
    desk.pane.bind("KRW-BTC")
    choose(desk, layout="dom", change_s=5)
    desk.say("KRW-BTC", [(91_001_000.0, 1.5)], [(91_000_000.0, 2.0)])
    desk.frame()
    desk.say("KRW-BTC", [(91_001_000.0, 1.75)], [(91_000_000.0, 1.5), (90_999_000.0, 0.5)])
    desk.frame()
    seen = rungs(desk)
    assert seen["91,001,000"].texts.ask_change.strip() == "+0.250"
    assert seen["91,000,000"].texts.bid_change.strip() == "-0.500"
    assert seen["90,999,000"].texts.bid_change.strip() == "+0.500"
    stages = set()
    for _ in range(6):
        change = rungs(desk)["91,001,000"].ask_change
        stages.add(change.stage if change is not None else 0)
        desk.now_s += 1
        desk.pane.beat()  # nothing comes from the exchange, and yet it fades
        desk.frame()
    assert stages == {4, 3, 2, 1, 0}
    choose(desk, layout="ladder", ladder=frozenset({"change"}))
    desk.say("KRW-BTC", [(91_001_000.0, 1.75)], [(91_000_000.0, 1.5)])
    desk.frame()
    desk.say("KRW-BTC", [(91_001_000.0, 0.75)], [(91_000_000.0, 1.5)])
    desk.frame()
    assert [c.change.strip() for c in desk.pane.view.cells if c is not None] == ["-1.000", ""]


def test_what_changed_while_nobody_listened_is_no_change_of_the_last_seconds(desk: Desk) -> None:
    desk.pane.bind("KRW-BTC")
    choose(desk, layout="dom")
    for size in (1.5, 2.5):
        desk.say("KRW-BTC", [(91_001_000.0, size)], [(91_000_000.0, 2.0)])
        desk.frame()
    assert rungs(desk)["91,001,000"].texts.ask_change.strip() == "+1.000"
    desk.feed.health.lost(LINK)
    desk.say("KRW-BTC", [(91_001_000.0, 9.5)], [(91_000_000.0, 2.0)])
    desk.frame()
    assert rungs(desk)["91,001,000"].ask_change is None
    desk.say("KRW-BTC", [(91_001_000.0, 9.0)], [(91_000_000.0, 2.0)])
    desk.frame()
    assert rungs(desk)["91,001,000"].texts.ask_change.strip() == "-0.500"


def test_trades_are_summed_at_their_prices_over_the_window_of_ones_choice(desk: Desk) -> None:
    desk.pane.bind("KRW-BTC")
    choose(desk, layout="dom", traded_min=1)
    desk.say("KRW-BTC", [(91_001_000.0, 1.5)], [(91_000_000.0, 2.0)])
    old = trade(1, 91_001_000.0, "BID", 5.0)
    desk.feed.apply(Trade("KRW-BTC", old.price, old.size, "BID", old.time_ms - 120_000, 1))
    for number, (price, side, size) in enumerate(
        [(91_001_000.0, "BID", 0.5), (91_001_000.0, "BID", 0.25), (91_000_000.0, "ASK", 1.0)], 2
    ):
        desk.feed.apply(trade(number, price, side, size))
    desk.frame()
    seen = rungs(desk)
    assert (seen["91,001,000"].sums.bought, seen["91,001,000"].sums.sold) == (0.75, 0.0)
    assert (seen["91,000,000"].sums.bought, seen["91,000,000"].sums.sold) == (0.0, 1.0)
    assert desk.pane.dom_view.traded_title == "~1 min", "the ledger begins in the middle of it"
    choose(desk, traded_min=5)
    desk.frame()
    assert rungs(desk)["91,001,000"].sums.bought == 5.75


def test_what_changed_while_the_pane_was_hidden_is_no_change_of_the_last_seconds(desk: Desk) -> None:
    desk.pane.bind("KRW-BTC")
    choose(desk, layout="dom", dom=frozenset({"change", "history"}))
    desk.say("KRW-BTC", [(91_001_000.0, 1.5)], [(91_000_000.0, 2.0)])
    desk.frame()
    desk.pane.hide()
    for _ in range(60):
        desk.say("KRW-BTC", [(91_001_000.0, 301.0)], [(91_000_000.0, 2.0)])
        desk.frame()
    desk.pane.show()
    desk.pane.beat()  # whichever comes first
    desk.frame()
    assert rungs(desk)["91,001,000"].ask_change is None
    known = [column is not None for column in desk.pane._history.columns]
    assert known == [True, *[False] * 119, True]
    desk.say("KRW-BTC", [(91_001_000.0, 300.0)], [(91_000_000.0, 2.0)])
    desk.frame()
    assert rungs(desk)["91,001,000"].texts.ask_change.strip() == "-1.000"


def test_a_book_that_stood_still_in_sight_changed_just_now(desk: Desk) -> None:
    desk.pane.bind("KRW-BTC")
    choose(desk, layout="dom", dom=frozenset({"change"}))
    desk.say("KRW-BTC", [(91_001_000.0, 1.5)], [(91_000_000.0, 2.0)])
    desk.frame()
    for _ in range(60):
        desk.now_s += 1
        desk.pane.beat()
    desk.say("KRW-BTC", [(91_001_000.0, 1.0)], [(91_000_000.0, 2.0)])
    desk.frame()
    assert rungs(desk)["91,001,000"].texts.ask_change.strip() == "-0.500"


def test_while_the_history_is_not_wanted_nothing_is_known_of_it(desk: Desk) -> None:
    desk.pane.bind("KRW-BTC")
    choose(desk, layout="dom", dom=frozenset({"history"}))
    desk.say("KRW-BTC", [(91_001_000.0, 1.5)], [(91_000_000.0, 2.0)])
    desk.frame()
    choose(desk, dom=frozenset())
    for _ in range(5):
        desk.say("KRW-BTC", [(91_005_000.0, 1.5)], [(91_004_000.0, 2.0)])
        desk.frame()
    choose(desk, dom=frozenset({"history"}))
    desk.frame()
    assert [column is not None for column in desk.pane._history.columns] == [True, *[False] * 9, True]


def test_a_level_of_the_exchange_is_the_step_of_the_axis(desk: Desk) -> None:
    desk.feed.store.set_levels("KRW-BTC", (0, 10_000, 100_000))
    desk.pane.bind("KRW-BTC")
    choose(desk, layout="dom")
    desk.say("KRW-BTC", [(91_001_000.0, 1.5)], [(91_000_000.0, 2.0)])
    desk.feed.apply(trade(1, 91_012_000.0, "BID", 0.5))
    desk.frame()
    desk.pane.step_level(1)
    desk.say("KRW-BTC", [(91_010_000.0, 7.0), (91_020_000.0, 1.0)], [(91_000_000.0, 8.0)], level=10_000.0)
    desk.frame()
    seen = rungs(desk)
    assert (seen["91,010,000"].ask, seen["91,000,000"].bid) == (7.0, 8.0)
    assert seen["91,020,000"].sums.bought == 0.5, "bought at 91,012,000: what rested there stands at 91,020,000"
    prices = [float(price.replace(",", "")) for price in seen]
    assert {a - b for a, b in itertools.pairwise(prices)} == {10_000.0}
    assert desk.pane.dom_view.spread_text[0].startswith("10,000")


def test_levels_that_change_while_it_streams_are_followed(desk: Desk) -> None:
    desk.feed.store.set_levels("KRW-BTC", (0, 10_000))
    desk.pane.bind("KRW-BTC")
    choose(desk, layout="dom")
    desk.pane.set_level(10_000.0)
    desk.say("KRW-BTC", [(91_010_000.0, 7.0)], [(91_000_000.0, 8.0)], level=10_000.0)
    desk.frame()
    desk.feed.store.set_levels("KRW-BTC", (0, 5_000))
    desk.frame()
    desk.say("KRW-BTC", [(91_001_000.0, 1.5)], [(91_000_000.0, 2.0)])
    desk.frame()
    assert desk.pane.level == 0.0
    assert rungs(desk)["91,001,000"].ask == 1.5
    assert desk.pane.dom_view.dom.axis.group == 0.0


def test_where_the_exchange_groups_nothing_the_stable_ladder_does(desk: Desk) -> None:
    desk.pane.bind("BTC-ETH")
    desk.say("BTC-ETH", [(0.03456790, 1.0), (0.03456795, 2.0), (0.03456811, 4.0)], [(0.03456789, 1.0)])
    desk.frame()
    choose(desk, layout="dom")
    assert desk.pane.grouping.isVisible()
    wanted = desk.wanted
    desk.pane.set_level(1e-7)
    assert desk.wanted == wanted, "the exchange has nothing to do with it"
    seen = rungs(desk)
    assert {p: (r.bid, r.ask) for p, r in seen.items() if r.bid or r.ask} == {
        "0.0345680": (0.0, 2.0),
        "0.0345679": (0.0, 1.0),
        "0.0345678": (1.0, 0.0),
        "0.0345682": (0.0, 4.0),
    }
    saved = json.loads(json.dumps(desk.pane.save()))
    choose(desk, layout="ladder")
    assert not desk.pane.grouping.isVisible()
    assert desk.prices == ["0.03456811", "0.03456795", "0.03456790", "0.03456789"]
    desk.pane.restore(saved)
    desk.frame()
    assert desk.pane.dom_view.dom.axis.group == 1e-7
    desk.pane.step_level(-1)
    desk.frame()
    assert desk.pane.dom_view.dom.axis.group == 5e-8


def test_a_book_of_wide_gaps_is_grouped_so_that_it_fits_until_the_user_says_otherwise(desk: Desk) -> None:
    desk.pane.bind("BTC-ETH")
    choose(desk, layout="dom")
    asks = [(round(0.0337 + i * 500e-8, 8), 1.0) for i in range(1, 31)]
    desk.say("BTC-ETH", asks, [(round(0.0337 - i * 500e-8, 8), 1.0) for i in range(30)])
    desk.frame()
    assert desk.pane.dom_view.dom.axis.group == 500e-8
    assert "0.000005" in desk.pane.grouping.text()
    seen = [r for r in rungs(desk).values() if r.bid or r.ask]
    assert len(seen) >= desk.pane.dom_view.line_count - 1
    desk.pane.set_level(0.0)
    desk.frame()
    assert desk.pane.dom_view.dom.axis.group == 0.0, "no grouping is a choice as well"
    desk.pane.bind("BTC-XRP")
    desk.say("BTC-XRP", [(0.00001235, 1.0)], [(0.00001234, 1.0)])
    desk.frame()
    assert desk.pane.dom_view.dom.axis.group == 0.0
    desk.pane.bind("KRW-BTC")
    desk.say("KRW-BTC", [(92_001_000.0, 1.5)], [(91_000_000.0, 2.0)])
    desk.frame()
    assert desk.pane.levels() == (0.0,), "not known yet"
    desk.feed.store.set_levels("KRW-BTC", (0, 10_000))
    desk.frame()
    assert desk.pane.dom_view.dom.axis.group == 0.0, "where the exchange groups, the user asks it to"


def test_prices_of_other_currencies_are_told_in_krw(desk: Desk) -> None:
    desk.pane.bind("BTC-ETH")
    assert Stream("ticker", "KRW-BTC") in desk.wanted
    desk.say("BTC-ETH", [(0.035, 1.0)], [(0.034, 1.0)])
    desk.frame()
    assert desk.pane.view.columns.won == 0
    ticker(desk, "KRW-BTC", 100_000_000.0)
    desk.frame()
    assert [c.won.strip() for c in desk.pane.view.cells if c is not None] == ["3,500,000", "3,400,000"]
    y = desk.pane.view.line_rect(next(i for i, c in enumerate(desk.pane.view.cells) if c is not None)).center().y()
    assert "3,500,000 KRW" in desk.pane.view.help_at(y)
    ticker(desk, "KRW-BTC", 200_000_000.0)
    desk.frame()
    assert [c.won.strip() for c in desk.pane.view.cells if c is not None] == ["7,000,000", "6,800,000"]
    desk.pane.bind("KRW-BTC")
    desk.say("KRW-BTC", [(91_001_000.0, 1.5)], [(91_000_000.0, 2.0)])
    desk.frame()
    assert desk.pane.view.columns.won == 0


@pytest.mark.parametrize("layout", ["ladder", "dom"])
def test_a_rate_that_turns_up_is_told_without_a_book_and_one_that_died_says_so(desk: Desk, layout: str) -> None:
    desk.pane.bind("BTC-ETH")
    choose(desk, layout=layout)
    desk.say("BTC-ETH", [(0.03456790, 1.0)], [(0.03456789, 1.0)])
    desk.frame()

    def beaten() -> str:
        desk.pane.beat()
        if desk.pane in desk.frames._marked:
            desk.frame()
        view = desk.pane.shown
        return next(filter(None, map(view.help_at, range(HEADER, view.height(), theme.ROW_HEIGHT))))

    assert "KRW" not in beaten()
    ticker(desk, "KRW-BTC", 1e8)
    assert "3,456,790 KRW" in beaten()
    assert "may be old" not in beaten()
    desk.feed.health.lost(LINK)
    assert "may be old" in beaten()
    assert desk.pane.shown.won == Rate(1e8, is_stale=True)
    ticker(desk, "KRW-BTC", 1e8)
    assert "may be old" not in beaten()
    choose(desk, ladder=frozenset(), layout="ladder")
    desk.frame()
    ticker(desk, "KRW-BTC", 1.1e8)
    desk.frame()
    desk.pane.beat()
    assert desk.pane not in desk.frames._marked, "nobody wants it"


def test_prices_of_an_old_rate_are_faint(desk: Desk) -> None:
    desk.pane.bind("USDT-BTC")
    desk.say("USDT-BTC", [(70_000.0, 1.0)], [(69_000.0, 1.0)])
    ticker(desk, "KRW-USDT", 1_400.0)
    desk.frame()
    view = desk.pane.view

    def inks() -> set[str]:
        image = view.grab().toImage()
        line = next(i for i, cell in enumerate(view.cells) if cell is not None)
        columns = range(max(view.columns.price, view.columns.percent), view.columns.won)
        lines = range(view.line_rect(line).top(), view.line_rect(line).bottom())
        return {image.pixelColor(x, y).name() for x in columns for y in lines}

    assert theme.colors.muted.name() in inks()
    desk.feed.health.lost(LINK)
    desk.pane.beat()
    desk.frame()
    assert theme.colors.faint.name() in inks()
    assert theme.colors.muted.name() not in inks()


def test_a_rate_that_is_not_heard_of_makes_no_book_stale(desk: Desk) -> None:
    desk.pane.bind("USDT-BTC")
    assert Stream("ticker", "KRW-USDT") in desk.wanted
    assert Stream("ticker", "KRW-USDT") not in desk.pane.streams("USDT-BTC")


def test_the_days_edges_and_the_largest_levels_are_marked(desk: Desk) -> None:
    desk.pane.bind("KRW-BTC")
    desk.say("KRW-BTC", [(91_001_000.0, 1.5), (91_002_000.0, 3.0)], [(91_000_000.0, 2.0), (90_999_000.0, 1.0)])
    ticker(desk, "KRW-BTC", 91_000_000.0, high_price=91_002_000.0, low_price=90_999_000.0)
    desk.frame()
    marks = {c.price.strip(): c.marks for c in desk.pane.view.cells if c is not None}
    assert marks == {
        "91,002,000": HIGH | MOST,
        "91,001,000": 0,
        "91,000,000": MOST,
        "90,999,000": LOW,
    }
    choose(desk, layout="dom")
    assert rungs(desk)["90,999,000"].marks == LOW
    assert rungs(desk)["91,002,000"].marks & HIGH


def test_the_imbalance_is_that_of_the_best_levels_one_wants(desk: Desk) -> None:
    desk.pane.bind("KRW-BTC")
    desk.say("KRW-BTC", [(91_001_000.0, 1.0), (91_002_000.0, 9.0)], [(91_000_000.0, 3.0), (90_999_000.0, 1.0)])
    desk.frame()
    assert desk.pane.view.spread_text[1] == "-43%"
    choose(desk, imbalance=1)
    assert desk.pane.view.spread_text[1] == "1: +50%"
    choose(desk, layout="dom")
    assert desk.pane.dom_view.spread_text[1] == "1: +50%"


def test_the_last_trade_is_told_with_its_side(desk: Desk) -> None:
    desk.pane.bind("KRW-BTC")
    desk.say("KRW-BTC", [(91_001_000.0, 1.0)], [(91_000_000.0, 3.0)])
    desk.feed.apply(trade(1, 91_001_000.0, "BID", 0.5))
    desk.frame()
    assert (desk.pane.view.last_text, desk.pane.view.last_side) == ("91,001,000", "BID")
    desk.feed.apply(trade(2, 91_000_000.0, "ASK", 0.5))
    choose(desk, layout="dom")
    assert (desk.pane.dom_view.last_text, desk.pane.dom_view.last_side) == ("91,000,000", "ASK")


def test_own_orders_stand_at_their_prices_also_where_nobody_else_does(desk: Desk) -> None:
    desk.pane.bind("KRW-BTC")
    choose(desk, layout="dom")
    desk.say("KRW-BTC", [(91_005_000.0, 1.0)], [(91_000_000.0, 3.0)])
    desk.feed.account.state_order(
        Order("1", "KRW-BTC", "ASK", kind="limit", state="wait", price=Decimal(91_003_000), size=Decimal(1),
              remaining=Decimal("0.5"))
    )  # fmt: skip
    desk.frame()
    (own,) = desk.pane.dom_view.own
    assert own.place == rungs(desk)["91,003,000"].place
    desk.pane.bar.toggle_column("own")
    desk.frame()
    assert desk.pane.dom_view.own == ()


def test_both_layouts_are_cleared_by_another_symbol(desk: Desk) -> None:
    desk.pane.bind("KRW-BTC")
    choose(desk, layout="dom")
    desk.say("KRW-BTC", [(91_005_000.0, 1.0)], [(91_000_000.0, 3.0)])
    desk.frame()
    assert rungs(desk)
    desk.pane.bind("KRW-XRP")
    assert rungs(desk) == {}
    desk.say("KRW-XRP", [(3_001.0, 1.0)], [(3_000.0, 3.0)])
    desk.frame()
    assert rungs(desk)["3,001"].ask == 1.0
    assert desk.pane.dom_view.is_centred


def test_what_is_chosen_is_kept(desk: Desk, qtbot: QtBot) -> None:
    choice = Choice("dom", frozenset({"worth", "change"}), frozenset({"traded", "total"}), 5, 15, 10, True)
    desk.pane.bind("KRW-BTC")
    desk.pane.choose(choice)
    saved = json.loads(json.dumps(desk.pane.save()))
    other = OrderbookPane(desk.feed, desk.frames)
    qtbot.addWidget(other)
    other.restore(saved)
    assert other.choice == choice
    assert other.dom_view.is_following
    assert other.dom_view.wanted == choice.dom
    assert other.view.wanted == choice.ladder
    other.restore({"totals": True, "own": False})
    assert other.choice.ladder == frozenset({"percent", "won", "total"}), "as an older program kept it"
    other.release()


def test_the_menu_offers_what_the_layout_has(desk: Desk) -> None:
    desk.pane.bind("KRW-BTC")
    bar = desk.pane.bar
    for layout in ("ladder", "dom"):
        choose(desk, layout=layout)
        bar.menu.aboutToShow.emit()
        texts = {action.text(): action for action in bar.menu.actions()}
        for name in COLUMNS[layout]:  # type: ignore[index]
            action = texts[bar.column_text(name)]
            was_shown = name in desk.pane.choice.columns
            assert action.isChecked() is was_shown
            action.trigger()
            assert (name in desk.pane.choice.columns) is not was_shown
    follow = texts["Follow the market"]
    follow.trigger()
    assert desk.pane.dom_view.is_following
    texts["Ladder"].trigger()
    assert desk.pane.choice.layout == "ladder"


def test_every_column_has_room_in_a_wide_pane(desk: Desk) -> None:
    desk.pane.resize(1_100, 600)
    desk.pane.bind("BTC-ETH")
    ticker(desk, "KRW-BTC", 100_000_000.0)
    choose(desk, ladder=frozenset(COLUMNS["ladder"]), dom=frozenset(COLUMNS["dom"]))
    desk.say("BTC-ETH", [(0.035, 1.0)], [(0.034, 1.0)])
    desk.frame()
    assert all(desk.pane.view.columns)
    assert [c.worth.strip() for c in desk.pane.view.cells if c is not None] == ["0.0350", "0.0340"]
    choose(desk, layout="dom")
    assert all(desk.pane.dom_view.rights[name] for name in Texts._fields)
