"""Own orders and fills on the chart: what is marked, where, and what is painted again for it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.feed.feed import Feed
from core.market import MINUTE_MS
from core.state.account import AccountState, Balance, Fill, Order
from tests.widgets.chart.bars import FIRST_MS, MARKET, PRICE, TICK, rows, trade
from widgets import theme
from widgets.chart.own import NO_FILLS, ORDERS, average, fill_marks, order_marks, places
from widgets.chart.pane import ChartPane
from widgets.controls.account_state import doubt
from widgets.frame import FrameClock

D = Decimal


def order(number: int, price: float, side: str = "BID", **more: Any) -> Order:
    usual: dict[str, Any] = {"kind": "limit", "state": "wait", "size": D("0.5"), "remaining": D("0.5")}
    return Order(str(number), MARKET, side, price=D(repr(price)), **(usual | more))  # type: ignore[arg-type]


def fill(number: int, bar: int, price: float, side: str = "BID") -> Fill:
    when = FIRST_MS + bar * MINUTE_MS + 30_000
    return Fill(f"f{number}", "o", MARKET, side, D(repr(price)), D("0.1"), None, None, when)  # type: ignore[arg-type]


# --- what is marked ---


def test_orders_at_one_price_are_one_mark_and_each_side_has_its_own() -> None:
    marks = order_marks(
        [
            order(1, 100.0),
            order(2, 100.0, remaining=D("0.25")),
            order(3, 100.0, "ASK", remaining=D("1")),
            order(4, 90.5, state="watch"),
            order(5, 80.0, kind="price"),
            order(6, 70.0, remaining=D(0)),
        ],
        near=95.0,
    )
    assert [(m.price, m.is_buy, m.size) for m in marks] == [
        (100.0, True, "0.75"),
        (100.0, False, "1"),
        (90.5, True, "0.5"),
    ]


@given(st.lists(st.floats(1.0, 1e9, allow_nan=False), max_size=150), st.floats(1.0, 1e9, allow_nan=False))
def test_the_nearest_are_marked_where_there_are_too_many(prices: list[float], near: float) -> None:
    marks = order_marks([order(i, price) for i, price in enumerate(prices)], near)
    assert len(marks) <= ORDERS
    assert list(marks) == sorted(marks, reverse=True)
    if len(marks) == ORDERS:
        farthest = max(abs(m.price - near) for m in marks)
        left = {round(p * 1e8) for p in prices} - {round(m.price * 1e8) for m in marks}
        assert all(abs(key / 1e8 - near) >= farthest - 1e-6 for key in left)


@given(st.lists(st.tuples(st.integers(-3, 12), st.booleans()), max_size=30), st.integers(-2, 10), st.integers(-2, 12))
def test_each_fill_stands_in_the_bar_of_its_time(made: list[tuple[int, bool]], begin: int, end: int) -> None:
    starts = np.array([FIRST_MS + i * MINUTE_MS for i in range(10)], np.int64)
    made.sort()
    marks = fill_marks(fill(i, bar, 100.0 + i, "BID" if is_buy else "ASK") for i, (bar, is_buy) in enumerate(made))
    expected = [
        (min(bar, 9), 100.0 + i, is_buy) for i, (bar, is_buy) in enumerate(made) if max(begin, 0) <= min(bar, 9) < end
    ]
    assert places(marks, starts, begin, end) == expected


def test_the_average_is_of_what_is_held_in_the_quote_of_the_market() -> None:
    held = Balance("BTC", D("0.5"), avg_price=D("90000000.5"))
    assert average(MARKET, held) == 90_000_000.5
    assert average("USDT-BTC", held) == 0.0
    assert average(MARKET, Balance("BTC", avg_price=D(9))) == 0.0
    assert average(MARKET, None) == 0.0


# --- on screen ---


class Desk:
    def __init__(self, qtbot: QtBot) -> None:
        self.feed = Feed(lambda: 100.0)
        self.frames = FrameClock()
        self.pane = ChartPane(self.feed, self.frames)
        qtbot.addWidget(self.pane)
        self.pane.resize(800, 500)
        self.pane.show()
        qtbot.waitExposed(self.pane)
        self.feed.store.candles(MARKET, self.pane.interval).merge(rows(100))
        self.pane.bind(MARKET)
        self.frame()

    def frame(self) -> None:
        self.frames.flush(self.pane)
        QApplication.processEvents()

    def picture(self) -> QImage:
        """Return what was composed of all partial paintings."""
        QApplication.processEvents()
        view = self.pane.view
        screen = view.screen().grabWindow(view.winId()).toImage()
        return screen if not screen.isNull() else view.grab().toImage()

    def has(self, color: QColor, *, price: float, x: int = 300) -> bool:
        y = round(self.pane.view.painter.canvas.scale.y(price))
        return self.picture().pixelColor(x, y) == color

    @property
    def middle(self) -> float:
        model = self.pane.view.model
        return round((model.y0 + model.y1) / 2 / TICK) * TICK + 0.5 * TICK


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    made = Desk(qtbot)
    yield made
    made.pane.release()


def test_an_order_is_a_line_in_the_colour_of_its_side_until_it_is_done(desk: Desk) -> None:
    price = desk.middle
    desk.feed.account.state_order(order(1, price))
    desk.frame()
    assert desk.has(theme.colors.bid, price=price)
    desk.feed.account.state_order(order(2, price - 10 * TICK, "ASK"))
    desk.frame()
    assert desk.has(theme.colors.ask, price=price - 10 * TICK)
    desk.feed.account.state_order(order(1, price, state="cancel"))
    desk.frame()
    assert not desk.has(theme.colors.bid, price=price)


def test_no_line_of_a_price_runs_through_what_is_said_of_an_order(desk: Desk) -> None:
    painter, series = desk.pane.view.painter, desk.feed.store.candles(MARKET, desk.pane.interval)
    last = painter.model.last_price
    desk.feed.account.state_order(order(1, last))
    desk.feed.account.state_order(order(2, last + 2 * TICK, "ASK"))
    desk.frame()
    y = round(painter.canvas.scale.y(last))
    assert any(top <= y < top + tall for _, top, _, tall in painter.marks.tags)
    for number in range(4):  # it moves over them, and only what changed is painted
        series.fold_trade(trade(series, last + (number % 3 - 1) * TICK))
        desk.frame()
        picture, layer = desk.picture(), painter._layer.toImage()
        assert len(painter.marks.tags) == 2
        for left, top, wide, tall in painter.marks.tags:
            for x in range(left, left + wide):
                for row in range(top, top + tall):
                    assert picture.pixel(x, row) == layer.pixel(x, row)


def test_while_the_account_is_old_an_order_is_grey_and_says_why(desk: Desk) -> None:
    price = desk.middle
    desk.feed.account.state_order(order(1, price))
    desk.feed.account.set_state(AccountState.STALE, "silent")
    desk.frame()
    assert not any(desk.has(theme.colors.bid, price=price, x=x) for x in range(290, 310))
    marks = desk.pane.view.painter.marks
    y = marks.canvas.scale.y(price) / marks.canvas.dpr
    assert marks.doubt_at(y) == doubt(desk.feed, is_demo=False) != ""
    assert marks.doubt_at(y + 60) == ""
    desk.feed.account.set_state(AccountState.LIVE)
    desk.frame()
    assert desk.has(theme.colors.bid, price=price)
    assert marks.doubt_at(y) == ""


def test_a_fill_points_at_its_price_in_the_layer_and_in_the_last_bar(desk: Desk) -> None:
    painter = desk.pane.view.painter
    for bar, side, color, below in ((80, "BID", theme.colors.bid, 6), (99, "ASK", theme.colors.ask, -6)):
        price = PRICE * 1.0 + desk.pane.view.model.y1 - PRICE - 60 * TICK if bar == 80 else desk.middle
        before = desk.picture()
        desk.feed.account.add_fill(fill(bar, bar, price, side))
        desk.frame()
        after = desk.picture()
        x, y = round(painter.canvas.scale.x(bar)), round(painter.canvas.scale.y(price)) + below
        assert before.pixelColor(x, y) != color or bar == 99
        assert after.pixelColor(x, y) == color


def test_a_fill_is_painted_when_the_last_bars_alone_are_left_in_a_corner(desk: Desk) -> None:
    """Of thirty thousand bars, zoomed out all the way: three are fewer than a column is made of."""
    desk.feed.store.candles(MARKET, desk.pane.interval).merge(rows(30_000))
    desk.feed.account.add_fill(fill(1, 29_999, PRICE))
    view, model = desk.pane.view, desk.pane.view.model
    desk.frame()
    view._move(model.zoom(1e6, model.x1))
    view._move(model.pan(1e6))
    desk.frame()
    assert model.shown == (29_996, 30_000)
    assert view.painter.bars.live_from == 29_997
    assert not desk.picture().isNull()


def test_the_average_price_is_a_dashed_line(desk: Desk) -> None:
    price = desk.middle
    desk.feed.account.state_balances([Balance("BTC", D(1), avg_price=D(repr(price)))], 0)
    desk.frame()
    y = round(desk.pane.view.painter.canvas.scale.y(price))
    seen = [desk.picture().pixelColor(x, y) == theme.colors.text for x in range(200, 260)]
    assert any(seen)
    assert not all(seen)


def test_the_marks_can_be_put_away_and_that_is_kept(desk: Desk) -> None:
    price = desk.middle
    desk.feed.account.state_order(order(1, price))
    desk.feed.account.add_fill(fill(1, 50, price))
    desk.frame()
    desk.pane.set_own(False)
    desk.frame()
    painter = desk.pane.view.painter
    assert (painter.marks.orders, painter.marks.fills, painter.marks.average) == ((), NO_FILLS, 0.0)
    assert not desk.has(theme.colors.bid, price=price)
    assert desk.pane.save()["own"] is False
    desk.pane.restore({"own": True})
    assert desk.pane.has_own
    desk.pane.restore({})
    assert desk.pane.has_own


def test_another_market_has_its_own_marks(desk: Desk) -> None:
    desk.feed.account.state_order(order(1, desk.middle))
    desk.frame()
    assert len(desk.pane.view.painter.marks.orders) == 1
    desk.pane.bind("KRW-ETH")
    desk.frame()
    assert desk.pane.view.painter.marks.orders == ()
    desk.pane.bind(MARKET)
    desk.frame()
    assert len(desk.pane.view.painter.marks.orders) == 1


def test_what_happens_elsewhere_in_the_account_paints_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.feed.account.state_order(order(1, desk.middle))
    desk.feed.account.add_fill(fill(1, 50, desk.middle))
    desk.frame()
    painted: list[object] = []
    monkeypatch.setattr(desk.pane.view, "_update", painted.append)
    desk.feed.account.state_order(Order("9", "KRW-XRP", "BID", "limit", "wait", D(1), D(1), D(1)))
    desk.feed.account.state_balances([Balance("KRW", D(5))], 0)
    desk.frame()
    assert painted == []
