"""Own orders on the ladder: at their level, between two where they have none, never beyond what is known."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.feed.feed import Feed
from core.market import price_key
from core.state.account import AccountState, Order
from core.wire.messages import BookFrame, Level, Orderbook
from tests.waiting import qt_until
from widgets import theme
from widgets.controls.account_state import doubt
from widgets.frame import FrameClock
from widgets.orderbook.depth_view import DepthView
from widgets.orderbook.dom_view import DomView
from widgets.orderbook.model import EMPTY, OwnMark, ladder, own_marks
from widgets.orderbook.pane import OrderbookPane

D = Decimal
# Asks 102, 103, 105; bids 100, 99, 96.
BOOK = ladder(Orderbook("KRW-XRP", (Level(102, 100, 1, 1), Level(103, 99, 1, 1), Level(105, 96, 1, 1)), 0))


def order(number: int, side: str, price: str, **more: Any) -> Order:
    usual: dict[str, Any] = {"kind": "limit", "state": "wait", "size": D(1), "remaining": D("0.5")}
    return Order(str(number), "KRW-XRP", side, price=D(price), **(usual | more))  # type: ignore[arg-type]


def marks(*orders: Order, level: float = 0.0) -> list[tuple[int, bool, bool, str]]:
    return [(m.rank, m.is_ask, m.is_between, str(m.size)) for m in own_marks(BOOK, orders, level)]


@pytest.mark.parametrize(
    ("side", "price", "rank", "is_between"),
    [
        ("ASK", "102", 0, False),
        ("ASK", "105", 2, False),
        ("ASK", "104", 2, True),
        ("ASK", "101", 0, True),  # in the spread
        ("BID", "100", 0, False),
        ("BID", "96", 2, False),
        ("BID", "98", 2, True),
        ("BID", "101", 0, True),
    ],
)
def test_an_order_stands_at_its_level_or_before_the_next(side: str, price: str, rank: int, is_between: bool) -> None:
    assert marks(order(1, side, price)) == [(rank, side == "ASK", is_between, "0.5")]


def test_beyond_the_deepest_level_nothing_is_known() -> None:
    assert marks(order(1, "ASK", "106"), order(2, "BID", "95")) == []
    assert own_marks(EMPTY, [order(1, "ASK", "102")], 0.0) == ()


def test_orders_at_one_place_are_one_mark_and_what_does_not_rest_is_none() -> None:
    assert marks(
        order(1, "ASK", "102"),
        order(2, "ASK", "102", remaining=D("0.25")),
        order(3, "ASK", "103", state="watch"),
        order(4, "BID", "100", kind="price"),
        order(5, "BID", "99", remaining=None),
    ) == [(0, True, False, "0.75")]


def test_a_group_holds_the_prices_from_its_outer_end_inwards() -> None:
    grouped = ladder(Orderbook("KRW-XRP", (Level(110, 100, 1, 1), Level(120, 90, 1, 1), Level(150, 60, 1, 1)), 0, 10.0))
    at = {
        (side, price): [(m.rank, m.is_between) for m in own_marks(grouped, [order(1, side, price)], 10.0)]
        for side, price in (
            ("ASK", "110"), ("ASK", "101"), ("ASK", "111"), ("ASK", "139"),
            ("BID", "109"), ("BID", "75"), ("BID", "69"),
        )
    }  # fmt: skip
    assert at == {
        ("ASK", "110"): [(0, False)],
        ("ASK", "101"): [(0, False)],
        ("ASK", "111"): [(1, False)],
        ("ASK", "139"): [(2, True)],
        ("BID", "109"): [(0, False)],
        ("BID", "75"): [(2, True)],
        ("BID", "69"): [(2, False)],
    }


prices = st.integers(1, 400)


@given(st.sets(prices, max_size=30), st.sets(prices, max_size=30), st.lists(st.tuples(st.booleans(), prices)))
def test_no_order_is_lost_or_counted_twice(asks: set[int], bids: set[int], made: list[tuple[bool, int]]) -> None:
    length = max(len(asks), len(bids))
    sides = sorted(asks) + [0] * (length - len(asks)), sorted(bids, reverse=True) + [0] * (length - len(bids))
    book = ladder(Orderbook("KRW-XRP", tuple(Level(a, b, bool(a), bool(b)) for a, b in zip(*sides, strict=True)), 0))
    orders = [order(i, "ASK" if is_ask else "BID", str(price)) for i, (is_ask, price) in enumerate(made)]
    found = own_marks(book, orders, 0.0)
    known = [(a, p) for a, p in made if (a and asks and p <= max(asks)) or (not a and bids and p >= min(bids))]
    assert sum((m.size for m in found), D(0)) == D("0.5") * len(known)
    for mark in found:
        side = book.asks if mark.is_ask else book.bids
        keys = {price_key(p) for a, p in known if a is mark.is_ask}
        assert mark.is_between or price_key(side[mark.rank].price) in keys


# --- on screen ---


class Desk:
    def __init__(self, qtbot: QtBot) -> None:
        self.feed = Feed(lambda: 100.0)
        self.frames = FrameClock()
        self.pane = OrderbookPane(self.feed, self.frames)
        qtbot.addWidget(self.pane)
        self.pane.resize(320, 500)
        self.pane.show()
        qtbot.waitExposed(self.pane)
        self.pane.bind("KRW-XRP")
        self.book(1)

    def book(self, time_ms: int, ask: float = 102.0) -> None:
        units = b",".join(
            b'{"ask_price":%.1f,"bid_price":%.1f,"ask_size":5.0,"bid_size":5.0}' % (ask + i, 100.0 - i)
            for i in range(30)
        )
        frame = (
            b'{"type":"orderbook","code":"KRW-XRP","timestamp":%d,"total_ask_size":1.0,"total_bid_size":1.0,'
            b'"orderbook_units":[%s],"stream_type":"REALTIME","level":0}' % (time_ms, units)
        )
        self.feed.apply(BookFrame("KRW-XRP", 0.0, time_ms, False, frame))
        self.frame()

    def frame(self) -> None:
        self.frames.flush(self.pane)
        QApplication.processEvents()

    def staff(self, mark: OwnMark) -> str:
        """Return the colour at the left end of a mark's line."""
        rect = self.pane.view.mark_rect(mark)
        return self.pane.view.grab().toImage().pixelColor(1, rect.center().y()).name()


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    made = Desk(qtbot)
    yield made
    made.pane.release()


def test_an_order_is_flagged_at_its_price_and_follows_the_book(desk: Desk) -> None:
    view = desk.pane.view
    desk.feed.account.state_order(order(1, "ASK", "104"))
    desk.feed.account.state_order(order(2, "BID", "97"))
    desk.frame()
    assert view.own == (OwnMark(3, False, False, D("0.5")), OwnMark(2, True, False, D("0.5")))
    assert [desk.staff(mark) for mark in view.own] == [theme.colors.bid.name(), theme.colors.ask.name()]
    desk.book(2, ask=103.0)
    assert view.own[1] == OwnMark(1, True, False, D("0.5"))
    desk.feed.account.state_order(order(1, "ASK", "104", state="cancel"))
    desk.frame()
    assert view.own == (OwnMark(3, False, False, D("0.5")),)


def test_a_mark_between_two_levels_stands_half_a_line_inwards(desk: Desk) -> None:
    desk.feed.account.state_order(order(1, "ASK", "101"))
    desk.feed.account.state_order(order(2, "BID", "97.5"))
    desk.frame()
    bid, ask = desk.pane.view.own
    assert (bid.is_between, ask.is_between) == (True, True)
    view = desk.pane.view
    spread = view.mark_rect(ask._replace(is_between=False)).bottom() + 1
    assert view.mark_rect(ask).center().y() in (spread, spread - 1)
    assert view.mark_rect(bid).top() == view.mark_rect(bid._replace(is_between=False)).top() - theme.ROW_HEIGHT // 2
    assert desk.staff(bid) == theme.colors.bid.name()
    assert desk.staff(ask) != theme.colors.ask.name()  # beside what the spread's line says, not over it


def test_a_mark_that_goes_is_painted_over(desk: Desk) -> None:
    desk.feed.account.state_order(order(1, "BID", "97"))
    desk.frame()
    (mark,) = desk.pane.view.own
    desk.pane.bar.toggle_column("own")
    qt_until(lambda: desk.pane.view.own == ())
    QApplication.processEvents()
    screen = desk.pane.view.screen().grabWindow(desk.pane.view.winId()).toImage()
    picture = screen if not screen.isNull() else desk.pane.view.grab().toImage()
    assert picture.pixelColor(1, desk.pane.view.mark_rect(mark).center().y()).name() != theme.colors.bid.name()
    assert "own" not in desk.pane.save()["columns"]["ladder"]
    desk.pane.restore({})
    qt_until(lambda: len(desk.pane.view.own) == 1)


def test_out_of_sight_and_with_another_market_there_is_no_mark(desk: Desk) -> None:
    desk.feed.account.state_order(order(1, "BID", "72"))
    desk.frame()
    (mark,) = desk.pane.view.own
    assert desk.pane.view.mark_rect(mark).isEmpty()
    desk.pane.view.scroll_lines(-60)
    assert not desk.pane.view.mark_rect(mark).isEmpty()
    desk.pane.bind("KRW-BTC")
    desk.frame()
    assert desk.pane.view.own == ()


@pytest.mark.parametrize("layout", ["ladder", "dom", "depth"])
def test_while_the_account_is_old_own_orders_are_hollow_and_say_why(desk: Desk, layout: str) -> None:
    desk.feed.account.state_order(order(1, "BID", "100"))
    desk.feed.account.set_state(AccountState.LIVE)
    desk.pane.choose(desk.pane.choice._replace(layout=layout))  # type: ignore[arg-type]
    desk.frame()
    view = desk.pane.shown
    bid = theme.colors.bid.name()

    def flagged() -> int:
        """Return how many points of the flag's staff are filled."""
        image = view.grab().toImage()
        if isinstance(view, DepthView):
            x, y = round(view.x_of(100.0)), view._plot.bottom() - 5
            return sum(image.pixelColor(x + dx, y).name() == bid for dx in (-1, 0, 1))
        rect = view._rect_of(view.own[0].place) if isinstance(view, DomView) else view.mark_rect(view.own[0])
        return sum(image.pixelColor(x, rect.center().y()).name() == bid for x in range(4))

    whole = 3 if layout == "depth" else 4
    assert flagged() == whole
    assert view.own_doubt == ""
    desk.feed.account.set_state(AccountState.STALE, "silent")
    desk.frame()
    assert flagged() == 2, "its edges"
    assert view.own_doubt == doubt(desk.feed, is_demo=False) != ""
    ys = [y for y in range(view.height()) if view.has_own_at(y)]
    assert 0 < len(ys) <= theme.ROW_HEIGHT
    desk.feed.account.set_state(AccountState.LIVE)
    desk.frame()
    assert flagged() == whole
