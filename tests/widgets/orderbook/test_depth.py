"""The depth chart: its curves, what it says of a price, zoom and mouse."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.wire.messages import Level, Orderbook
from tests.widgets.orderbook.test_orderbook_pane import Desk
from widgets import theme
from widgets.orderbook.cells import Scale
from widgets.orderbook.depth import ceiling, frame, middle, reading, steps
from widgets.orderbook.depth_view import DepthView
from widgets.orderbook.model import DEPTH, EMPTY, Ladder, ladder

SCALE = Scale(tick=1.0, places=2, prev_close=100.0)


def book(asks: dict[float, float], bids: dict[float, float]) -> Ladder:
    length = max(len(asks), len(bids))
    sides = [sorted(asks.items()), sorted(bids.items(), reverse=True)]
    padded = [side + [(0.0, 0.0)] * (length - len(side)) for side in sides]
    return ladder(Orderbook("KRW-XRP", tuple(Level(a, b, s, t) for (a, s), (b, t) in zip(*padded, strict=True)), 0))


sizes = st.floats(0.01, 1e6)
books = st.builds(
    book,
    st.dictionaries(st.integers(1_001, 1_100).map(float), sizes, max_size=30),
    st.dictionaries(st.integers(900, 1_000).map(float), sizes, max_size=30),
)


@given(books)
def test_curves_only_rise_and_end_at_the_totals(shown: Ladder) -> None:
    for side in (shown.asks, shown.bids):
        corners = steps(side, None)
        assert all(a[1] <= b[1] for a, b in itertools.pairwise(corners))
        assert all(a[0] == b[0] or a[1] == b[1] for a, b in itertools.pairwise(corners)), "steps, no slopes"
        if side:
            assert corners[0] == (side[0].price, 0.0)
            assert corners[-1] == (side[-1].price, side[-1].total)
            assert steps(side, 5.0)[-1] == (5.0, side[-1].total)


@given(books, st.integers(900, 1_100).map(float))
def test_a_price_is_read_as_what_rests_up_to_it(shown: Ladder, price: float) -> None:
    found = reading(shown, price)
    if shown.is_empty:
        assert found is None
        return
    asks = [row for row in shown.asks if row.price <= price]
    bids = [row for row in shown.bids if row.price >= price]
    side = asks if price >= middle(shown) else bids
    if not side or (len(side) == DEPTH and side[-1].price != price):
        assert found is None, "in the spread, or where there may be more than was sent"
        return
    assert found is not None
    assert found.is_ask is (side is asks)
    assert math.isclose(found.total, math.fsum(row.size for row in side), rel_tol=1e-9)
    assert math.isclose(found.worth, math.fsum(row.size * row.price for row in side), rel_tol=1e-9)


@given(st.integers(DEPTH - 2, DEPTH), st.integers(DEPTH - 2, DEPTH), st.floats(0.1, 60.0))
def test_beyond_the_deepest_level_nothing_is_said_unless_the_whole_side_is_known(
    asks: int, bids: int, beyond: float
) -> None:
    shown = book({100.0 + i: 1.0 for i in range(1, asks + 1)}, {100.0 - i: 1.0 for i in range(bids)})
    for side, price in ((shown.asks, shown.asks[-1].price + beyond), (shown.bids, shown.bids[-1].price - beyond)):
        found, last = reading(shown, price), reading(shown, side[-1].price)
        assert (found is None) is (len(side) == DEPTH)
        assert last is not None
        assert last.total == len(side)


@given(books, st.sampled_from([1.0, 0.5, 0.1, 0.05]))
def test_the_best_prices_are_always_in_sight_and_nothing_leaves_the_upper_edge(shown: Ladder, zoom: float) -> None:
    found = frame(shown, zoom)
    if found is None:
        assert shown.is_empty
        return
    for side in (shown.asks, shown.bids):
        if side:
            assert found.low <= side[0].price <= found.high
    assert all(row.total <= found.most for row in shown.rows if found.low <= row.price <= found.high)
    assert found.low >= 0.0
    if zoom == 1.0:
        assert all(found.low - 1e-6 <= row.price <= found.high + 1e-6 for row in shown.rows)


def test_a_book_that_reaches_further_up_than_to_zero_begins_at_zero() -> None:
    found = frame(book({2.0: 1.0, 500.0: 1.0}, {1.0: 1.0}), 1.0)
    assert found is not None
    assert (found.low, found.high) == (0.0, 500.0)


@given(st.floats(1e-8, 1e12))
def test_the_upper_edge_is_a_round_number_not_far_above(value: float) -> None:
    edge = ceiling(value)
    assert value <= edge * (1 + 1e-12)
    assert edge <= value * 1.51
    assert ceiling(edge) <= edge * 1.5


@pytest.fixture
def view(qtbot: QtBot) -> DepthView:
    """Return a chart on screen, 400 by 300: asks 101 to 105, bids 100 to 96, one each."""
    made = DepthView()
    qtbot.addWidget(made)
    made.resize(400, 300)
    made.set_market("KRW-XRP")
    made.show()
    qtbot.waitExposed(made)
    made.show_book(book({101.0 + i: 1.0 for i in range(5)}, {100.0 - i: 1.0 for i in range(5)}), SCALE, ticks=1.0)
    return made


def test_the_curves_stand_where_the_prices_are(view: DepthView) -> None:
    image = view.grab().toImage()
    bottom = view._plot.bottom() - 2
    ask, bid = (image.pixelColor(round(view.x_of(price)), bottom) for price in (104.5, 96.5))
    assert ask.blue() > ask.red()
    assert bid.red() > bid.blue()
    assert image.pixelColor(round(view.x_of(100.5)), bottom).name() == theme.colors.surface.name(), "the spread"
    above = image.pixelColor(round(view.x_of(101.5)), view._plot.top() + 30)
    assert above.name() == theme.colors.surface.name(), "near the spread there is little"


def test_the_wheel_and_keys_zoom_about_the_middle(view: DepthView) -> None:
    whole = view.frame
    assert whole is not None
    QTest.keyClick(view, Qt.Key.Key_PageUp)
    near = view.frame
    assert near is not None
    assert near.high - near.low == pytest.approx((whole.high - whole.low) / 2)
    assert near.high + near.low == pytest.approx(whole.high + whole.low)
    QTest.keyClick(view, Qt.Key.Key_Space)
    assert view.frame == whole
    QTest.keyClick(view, Qt.Key.Key_Home)
    view.reveal(104.0)
    assert view.frame is not None
    assert view.frame.low <= 104.0 <= view.frame.high


def test_a_press_tells_the_price_below_it_on_its_step(view: DepthView) -> None:
    told: list[float] = []
    view.price_pressed.connect(told.append)
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(round(view.x_of(103.2)), 150))
    assert told == [103.0]
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(200, view.height() - 5))
    assert told == [103.0], "the totals are no price"
    view.show_book(book({2.0: 1.0, 500.0: 1.0}, {1.0: 1.0}), SCALE)
    assert view.price_at(QPointF(0, 150)) is None, "nobody asks the price zero"
    assert view.price_at(QPointF(0.8, 150)) == 1.0
    view.show_book(book({101.0 + i: 1.0 for i in range(5)}, {100.0 - i: 1.0 for i in range(5)}), SCALE, ticks=1.0)
    view.show_mark(103.0)
    x = round(view.x_of(103.0))
    line = {view.grab().toImage().pixelColor(x, y).name() for y in range(view._plot.top(), view._plot.bottom())}
    assert line & {theme.colors.accent.name(), theme.colors.crosshair.name()}


def test_an_empty_and_a_one_sided_book_say_so(view: DepthView) -> None:
    view.show_book(book({101.0: 1.0}, {}), SCALE)
    assert view.spread_text[0] == "No bids"
    full = view.grab().toImage()
    view.show_book(EMPTY, SCALE)
    assert view.frame is None
    assert view.grab().toImage() != full
    view.show_book(book({}, {100.0: 1.0}), SCALE)
    assert view.spread_text[0] == "No asks"
    assert not view.grab().isNull()


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    made = Desk(qtbot)
    yield made
    made.pane.release()


def test_the_pane_shows_the_chart_keeps_it_and_leaves_it_by_the_button(desk: Desk) -> None:
    pane = desk.pane
    pane.bind("KRW-BTC")
    desk.say("KRW-BTC", [(91_001_000.0, 1.5)], [(91_000_000.0, 2.0)])
    desk.frame()
    pane.mark(91_000_000.0)
    pane.choose(pane.choice._replace(layout="depth"))
    QApplication.processEvents()
    assert pane.depth_view.isVisible()
    assert not pane.view.isVisible()
    assert pane.depth_view.marked == 91_000_000.0
    assert pane.depth_view.book.bid_total == 2.0
    assert pane.save()["layout"] == "depth"
    desk.say("KRW-BTC", [(91_001_000.0, 1.5)], [(91_000_000.0, 3.0)])
    desk.frame()
    assert pane.depth_view.book.bid_total == 3.0
    pane.restore(pane.save())
    assert pane.choice.layout == "depth"
    pane.bind("KRW-ETH")
    assert pane.depth_view.frame is None
    pane.bar.toggle_layout()
    assert pane.is_dom
    assert not pane.depth_view.isVisible()
