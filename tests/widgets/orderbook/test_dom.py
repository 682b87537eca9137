"""The ladder whose prices stand still: what its lines say, where they stand, how it answers mouse and keys."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QPaintEvent, QRegion, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app import translations
from core.market import BTC_TICKS, KRW_TICKS, TICKS_OF_QUOTE, TickTable, price_key, quote_of, tick_size
from core.state.account import Order
from core.wire.codec import decode_book
from core.wire.messages import Level, Orderbook
from widgets import format as fmt
from widgets import theme
from widgets.orderbook.axis import PriceAxis, Stack
from widgets.orderbook.base import HEADER
from widgets.orderbook.cells import BOUGHT, HIGH, LOW, MOST, SOLD, Scale
from widgets.orderbook.changes import STAGES, Change, Sums
from widgets.orderbook.dom import Dom, OwnRung, Rung, RungWriter, Texts, own_rungs
from widgets.orderbook.dom_view import DomView
from widgets.orderbook.history import COLUMNS, STEP_S, BookHistory
from widgets.orderbook.model import DEPTH, Ladder, ladder

AXIS = PriceAxis(KRW_TICKS)
SCALE = Scale(tick=1_000, places=4, prev_close=90_000_000)
MIDDLE = AXIS.below(90_000_000.0)


def book(asks: dict[float, float], bids: dict[float, float]) -> Ladder:
    length = max(len(asks), len(bids))
    sides = [sorted(asks.items()), sorted(bids.items(), reverse=True)]
    padded = [side + [(0.0, 0.0)] * (length - len(side)) for side in sides]
    return ladder(Orderbook("KRW-BTC", tuple(Level(a, b, s, t) for (a, s), (b, t) in zip(*padded, strict=True)), 0))


def dom(asks: dict[float, float], bids: dict[float, float], axis: PriceAxis = AXIS, **more: Any) -> Dom:
    shown = book(asks, bids)
    return Dom(axis, shown, Stack(shown, axis, DEPTH), **more)


def around(price: float, step: float = 1_000.0, count: int = DEPTH) -> tuple[dict[float, float], dict[float, float]]:
    """Return asks from one step above a price on, bids from it down."""
    return {price + (i + 1) * step: 1.0 for i in range(count)}, {price - i * step: 1.0 for i in range(count)}


class WatchedDom(DomView):
    """Remembers what Qt asked it to paint."""

    def __init__(self) -> None:
        super().__init__()
        self.painted: list[QRegion] = []

    def paintEvent(self, event: QPaintEvent) -> None:
        self.painted.append(QRegion(event.region()))
        super().paintEvent(event)


@pytest.fixture
def view(qtbot: QtBot) -> WatchedDom:
    """Return a ladder on screen, 420 by 600, with a full book at 90,000,000."""
    made = WatchedDom()
    qtbot.addWidget(made)
    made.resize(420, 600)
    made.set_market("KRW-BTC")
    made.show()
    qtbot.waitExposed(made)
    show(made, dom(*around(90_000_000.0)))
    return made


def show(view: WatchedDom, shown: Dom, scale: Scale = SCALE) -> QRegion:
    """Show a moment and return the region that was painted because of it."""
    view.painted.clear()
    view.show_dom(shown, scale, ticks=1.0)
    QApplication.processEvents()
    region = QRegion()
    for painted in view.painted:
        region += painted
    return region


def prices(view: DomView) -> list[str]:
    return [rung.texts.price.strip() for rung in view.rungs if rung is not None]


def rung_of(view: DomView, price: float) -> Rung:
    place = view.dom.axis.below(price)
    return next(rung for rung in view.rungs if rung is not None and rung.place == place)


def line_of(view: DomView, price: float) -> int:
    line = view.prices.line(view.dom.axis.below(price))
    assert line is not None
    return line


def picture(view: DomView) -> QImage:
    return view.grab().toImage()


def wheel(view: DomView, notches: int) -> None:
    middle, none = QPointF(view.rect().center()), Qt.KeyboardModifier.NoModifier
    turn, phase = QPoint(0, 120 * notches), Qt.ScrollPhase.NoScrollPhase
    event = QWheelEvent(middle, middle, QPoint(), turn, Qt.MouseButton.NoButton, none, phase, False)
    QApplication.sendEvent(view, event)


# --- What the lines say ---


def test_every_tick_has_a_line_also_where_nothing_rests(view: WatchedDom) -> None:
    show(view, dom({90_003_000.0: 1.0}, {90_000_000.0: 2.0}))
    shown = [float(text.replace(",", "")) for text in prices(view)]
    assert shown == [shown[0] - 1_000 * i for i in range(view.line_count)]
    assert rung_of(view, 90_003_000.0).texts.ask.strip() == "1.0000"
    assert rung_of(view, 90_000_000.0).texts.bid.strip() == "2.0000"
    assert [rung_of(view, p).is_inside for p in (90_000_000, 90_001_000, 90_002_000, 90_003_000)] == [
        False, True, True, False,
    ]  # fmt: skip
    assert rung_of(view, 90_002_000.0).texts.ask.strip() == ""


def test_what_lies_beyond_the_levels_that_are_sent_is_not_taken_for_nothing(view: WatchedDom) -> None:
    asks, bids = around(90_000_000.0)
    view.resize(420, 1_600)
    show(view, dom(asks, bids))
    known = {rung.place - MIDDLE for rung in view.rungs if rung is not None and rung.is_known}
    assert known == set(range(-29, 31)), "of thirty levels nobody knows what comes after them"
    show(view, dom(dict(list(asks.items())[:5]), bids))
    known = {rung.place - MIDDLE for rung in view.rungs if rung is not None and rung.is_known}
    assert min(known) == -29
    assert max(known) == view.rungs[0].place - MIDDLE, "of five the exchange has sent all"  # type: ignore[union-attr]


def test_prices_stay_on_their_lines_while_the_market_moves(view: WatchedDom) -> None:
    before = prices(view)
    show(view, dom(*around(90_005_000.0)))
    assert prices(view) == before
    show(view, dom(*around(91_000_000.0)))
    assert prices(view) == before


@pytest.mark.parametrize(("price", "side"), [(91_000_000.0, 1), (89_000_000.0, -1), (90_004_000.0, 0)])
def test_a_market_out_of_sight_is_said_and_a_press_brings_it_back(view: WatchedDom, price: float, side: int) -> None:
    show(view, dom(*around(price)))
    assert view.market_side == side
    if not side:
        return
    pill = view._pill_rect()
    ends = (view.rights["price"], view.rights["ask_change"]) if side > 0 else (view._own_room, view._lefts["price"])
    assert ends[0] <= pill.left() < pill.right() < ends[1], "it covers no figure: there nothing rests"
    assert picture(view).pixelColor(pill.left() + 2, pill.center().y()).name() == theme.colors.accent.name()
    told: list[float] = []
    view.price_pressed.connect(told.append)
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=pill.center())
    assert view.market_side == 0
    assert view.is_centred
    QTest.mouseDClick(view, Qt.MouseButton.LeftButton, pos=pill.center())
    assert told == [], "whoever presses twice means no price"


def test_a_market_that_moves_out_of_sight_is_told_anew(view: WatchedDom) -> None:
    show(view, dom(*around(91_000_000.0)))
    upper = QRegion(view._pill_rect())
    assert (upper - show(view, dom(*around(91_001_000.0)))).isEmpty(), "another price"
    assert show(view, dom(*around(91_001_000.0))).isEmpty()
    region = show(view, dom(*around(89_000_000.0)))
    lower = QRegion(view._pill_rect())
    assert (upper + lower - region).isEmpty(), "painted over here, painted there"
    assert (lower - show(view, dom(*around(90_000_000.0)))).isEmpty()


def test_space_and_a_double_click_bring_the_market_to_the_middle(view: WatchedDom) -> None:
    before = prices(view)
    wheel(view, 2)
    assert not view.is_centred
    assert prices(view)[6:] == before[:-6]
    QTest.keyClick(view, Qt.Key.Key_Space)
    assert view.is_centred
    wheel(view, -2)
    QTest.mouseDClick(view, Qt.MouseButton.LeftButton, pos=QPoint(view.rights["bid"] - 5, 300))
    assert view.is_centred
    assert abs(line_of(view, 90_000_000.0) - view.line_count // 2) <= 1


def test_a_ladder_that_follows_comes_back_when_the_market_leaves_the_middle(view: WatchedDom) -> None:
    view.set_following(True)
    before = prices(view)
    show(view, dom(*around(90_004_000.0)))
    assert prices(view) == before, "a small move is no reason"
    show(view, dom(*around(90_010_000.0)))
    assert view.is_centred
    wheel(view, 10)
    moved = prices(view)
    show(view, dom(*around(90_011_000.0)))
    assert prices(view) == moved, "who scrolls away wants to look there"
    QTest.keyClick(view, Qt.Key.Key_Space)
    show(view, dom(*around(90_030_000.0)))
    assert view.is_centred


def test_home_and_end_go_to_the_ends_of_the_book(view: WatchedDom) -> None:
    QTest.keyClick(view, Qt.Key.Key_Home)
    assert line_of(view, 90_030_000.0) == view.line_count // 2
    QTest.keyClick(view, Qt.Key.Key_End)
    assert line_of(view, 89_971_000.0) == view.line_count // 2


bands = st.tuples(st.sampled_from(sorted(TICKS_OF_QUOTE)), st.integers(0, 30), st.integers(-40, 40))


@pytest.mark.parametrize("height", [300, 600])
@given(bands, st.lists(st.integers(-40, 40), min_size=1, max_size=4))
@example(("KRW", KRW_TICKS.floors.index(100.0), 20), [-25])
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_wherever_it_is_scrolled_each_price_is_written_whole(
    view: WatchedDom, height: int, band: tuple[str, int, int], turns: list[int]
) -> None:
    quote, number, beside = band
    table = TICKS_OF_QUOTE[quote]
    axis = PriceAxis(table)
    price = axis.price(max(axis.below(table.floors[number % len(table.floors)]) + beside, 2))
    view.resize(420, height)
    view.set_market(f"{quote}-X")
    scale = Scale(tick_size(f"{quote}-X", price), 4, 0.0, price)
    view.show_dom(dom({price: 1.0}, {axis.price(axis.below(price) - 1): 1.0}, axis=axis), scale)
    for turn in turns:
        view.scroll_lines(turn)
        if turn % 3 == 0:
            view.resize(420, height + turn)
        for rung in view.rungs:
            if rung is not None:
                assert price_key(float(rung.texts.price.replace(",", ""))) == axis.key(rung.place)
                y = view.line_rect(view.prices.line(rung.place) or 0).center().y()
                assert view.help_at(y).split(" ")[0] in ("", rung.texts.price.strip())


def test_another_height_and_another_grouping_keep_the_price_in_the_middle(view: WatchedDom) -> None:
    view.resize(420, 300)
    QApplication.processEvents()
    assert abs(line_of(view, 90_000_000.0) - view.line_count // 2) <= 1
    wheel(view, 3)
    place = view.prices.middle
    assert place is not None
    middle = AXIS.price(place)
    tens = PriceAxis(KRW_TICKS, 10_000.0)
    show(view, dom(*around(90_000_000.0, 10_000.0), axis=tens), SCALE._replace(level=10_000.0))
    found = view.prices.middle
    assert found is not None
    assert tens.price(found) <= middle < tens.price(found + 1)
    assert len(set(prices(view))) == view.line_count


def test_another_grouping_keeps_the_market_in_the_middle(view: WatchedDom) -> None:
    price = 90_009_000.0
    show(view, dom(*around(price)))
    QTest.keyClick(view, Qt.Key.Key_Space)
    show(view, dom(*around(price + 1_000.0)))  # a step beside the middle is still looked at
    price += 1_000.0
    axis = AXIS
    for step in (10_000.0, 100_000.0, 1_000_000.0, 100_000.0, 10_000.0, 0.0):
        axis = PriceAxis(KRW_TICKS, step)
        shown = dom({price + max(step, 1_000.0): 1.0}, {price: 1.0}, axis=axis)
        show(view, shown, SCALE._replace(level=step))
        assert view.is_centred
    assert view.market_side == 0


def test_a_pill_without_room_for_the_price_says_the_direction(view: WatchedDom) -> None:
    view.resize(160, 600)
    view.want_columns(())
    show(view, dom(*around(91_000_000.0)))
    assert view._pill_text() == "▲"
    view.resize(420, 600)
    assert view._pill_text() == "▲ 91,001,000"


@pytest.mark.parametrize("width", [180, 220, 260, 320, 420, 900])
def test_names_of_columns_tell_what_rests_from_what_was_traded(
    view: WatchedDom, qapp: QApplication, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    translations.install(qapp, "ko")
    try:
        view.resize(width, 400)
        view.show_traded_title("5분")
        named: list[str] = []
        monkeypatch.setattr(view, "_paint_name", lambda painter, left, right, *names, pad: named.append(
            next((n for n in names if painter.fontMetrics().horizontalAdvance(n) <= right - left - 2 * pad), "")
        ))  # fmt: skip
        picture(view)
    finally:
        translations.install(qapp, "en")
    assert all(named), "none of them is cut"
    sizes, traded = [n for n in named if "잔량" in n], [n for n in named if "체결" in n]
    assert len(sizes) == 2
    assert len(traded) == 2 * bool(view.rights["sold"])


def test_changes_trades_and_marks_stand_at_their_prices(view: WatchedDom) -> None:
    asks, bids = around(90_000_000.0)
    asks[90_002_000.0], bids[89_999_000.0] = 5.0, 7.0
    shown = dom(
        asks,
        bids,
        traded={MIDDLE: Sums(3.0, 0.5), MIDDLE + 1: Sums(0.0, 1.5)},
        changes=({MIDDLE: Change(-0.25, STAGES)}, {MIDDLE + 1: Change(1234.5, 1)}),
        last=MIDDLE + 1,
        side="BID",
        high=MIDDLE + 4,
        low=MIDDLE - 4,
    )
    show(view, shown)
    at, above = rung_of(view, 90_000_000.0), rung_of(view, 90_001_000.0)
    assert (at.texts.sold.strip(), at.texts.bought.strip()) == ("3.0000", "0.5000")
    assert (above.texts.sold.strip(), above.texts.bought.strip()) == ("", "1.5000")
    assert at.texts.bid_change.strip() == "-0.2500"
    assert above.texts.ask_change.strip() == "+1234.5000"
    assert above.marks == BOUGHT
    assert rung_of(view, 90_004_000.0).marks == HIGH
    assert rung_of(view, 89_996_000.0).marks == LOW
    assert rung_of(view, 89_999_000.0).marks & MOST
    assert at.sold_px > above.bought_px > at.bought_px > 0


def test_only_changed_lines_are_painted(view: WatchedDom) -> None:
    asks, bids = around(90_000_000.0)
    bids[89_997_000.0] = 0.5
    show(view, dom(asks, bids))
    bids[89_997_000.0] = 0.25
    region = show(view, dom(asks, bids))
    touched = {line for line in range(view.line_count) if region.intersects(view.line_rect(line))}
    assert touched == {line_of(view, 89_997_000.0)}
    assert show(view, dom(asks, bids)).isEmpty()


def test_numbers_do_not_move_when_others_get_shorter(view: WatchedDom) -> None:
    asks, bids = around(90_000_000.0)
    asks[90_002_000.0] = 123_456.0
    show(view, dom(asks, bids))
    rights = dict(view.rights)
    asks[90_002_000.0] = 1.0
    show(view, dom(asks, bids))
    assert view.rights == rights


@pytest.mark.parametrize("width", [150, 200, 260, 420, 900])
@pytest.mark.parametrize(
    ("market", "price"),
    [("KRW-BTC", 143_250_000.0), ("BTC-ETH", 0.03456789), ("USDT-PEPE", 0.00001234), ("KRW-X", 7e-8)],
)
def test_columns_never_overlap_and_sizes_keep_their_first_figures(
    view: WatchedDom, width: int, market: str, price: float
) -> None:
    table = TICKS_OF_QUOTE[quote_of(market)]
    axis = PriceAxis(table)
    middle = axis.below(price)
    view.resize(width, 400)
    view.set_market(market)
    view.want_columns({"own", "traded", "change", "percent", "total"})
    asks = {axis.price(middle + 1 + i): 1_234.5678 for i in range(10)}
    bids = {axis.price(middle - i): 12.3456 for i in range(5)}
    show(view, dom(asks, bids, axis=axis), Scale(tick_size(market, price), 4, 0.0, price))
    shown = [name for name in Texts._fields if view.rights[name]]
    rights = [view.rights[name] for name in shown]
    assert {"bid", "price", "ask"} <= set(shown)
    assert rights == sorted(rights)
    assert rights[-1] <= width
    assert len(set(prices(view))) == len(prices(view)), "no two prices look alike"
    for text in {rung.texts.ask.strip() for rung in view.rungs if rung is not None} - {""}:
        assert text.startswith(("1,234", "1,235", "1.23K"))
    if width >= 900:
        assert shown == list(Texts._fields), "there is room for everything"


def test_where_not_even_whole_sizes_fit_they_are_written_in_short(view: WatchedDom) -> None:
    axis = PriceAxis(BTC_TICKS)
    view.resize(200, 400)
    view.set_market("BTC-SHIB")
    show(view, dom({8e-7: 123_456_789.0}, {7e-7: 1_500.0}, axis=axis), Scale(1e-8, 0, 0.0, 0.0))
    assert {rung.texts.ask.strip() for rung in view.rungs if rung is not None and rung.ask} == {"123.5M"}
    assert view.rights["ask"] <= 200
    view.resize(500, 400)
    show(view, view.dom, Scale(1e-8, 0, 0.0, 0.0))
    assert {rung.texts.ask.strip() for rung in view.rungs if rung is not None and rung.ask} == {"123,456,789"}


def test_the_last_minutes_stand_beside_their_prices_where_there_is_room(view: WatchedDom) -> None:
    asks, bids = around(90_000_000.0, count=5)
    history = BookHistory()
    view.want_columns({"history"})
    view.history = history
    shown = dom(asks, bids)
    assert shown.stack is not None
    for half_seconds in range(0, COLUMNS, 4):
        history.see(shown.stack, half_seconds * STEP_S)
    show(view, shown)
    rect = view.history_rect
    assert rect.width() >= 100
    assert rect.left() >= view.rights["ask"]
    image = picture(view)
    x = rect.center().x()
    ask, bid, nothing = (
        image.pixelColor(x, view.line_rect(line_of(view, price)).center().y())
        for price in (90_003_000.0, 89_998_000.0, 90_009_000.0)
    )
    assert ask.blue() > ask.red()
    assert bid.red() > bid.blue()
    assert nothing.name() == theme.colors.surface.name()
    wheel(view, 1)
    moved = picture(view).pixelColor(x, view.line_rect(line_of(view, 90_003_000.0)).center().y())
    assert moved.name() == ask.name(), "it moves with its prices"
    view.resize(260, 600)
    QApplication.processEvents()
    assert view.history_rect.isEmpty()
    assert not view.grab().isNull()


def test_below_zero_there_is_no_line(view: WatchedDom) -> None:
    axis = PriceAxis(BTC_TICKS)
    view.set_market("BTC-SHIB")
    show(view, dom({3e-8: 1.0}, {2e-8: 1.0}, axis=axis), Scale(1e-8, 0, 0.0, 2e-8))
    assert prices(view)[-1] == "0.00000001"
    assert view.rungs[-1] is None
    assert view.place_at(view.line_rect(view.line_count - 1).center().y()) is None


@pytest.mark.parametrize(
    ("asks", "bids", "said"),
    [
        ({90_000_000.0: 1.0}, {90_000_000.0: 1.0}, "Crossed book"),
        ({90_001_000.0: 1.0}, {}, "No bids"),
        ({}, {90_000_000.0: 1.0}, "No asks"),
    ],
)
def test_an_odd_book_says_what_is_odd(
    view: WatchedDom, asks: dict[float, float], bids: dict[float, float], said: str
) -> None:
    show(view, dom(asks, bids))
    assert view.spread_text[0] == said


def test_an_empty_book_says_so_and_another_market_is_blank(view: WatchedDom) -> None:
    full = picture(view)
    show(view, dom({}, {}))
    empty = picture(view)
    view.set_market("KRW-ETH")
    blank = picture(view)
    ground = theme.colors.surface.rgb()

    def inked(image: QImage) -> int:
        rows = range(HEADER, view.height(), 2)
        return sum(image.pixel(x, y) != ground for x in range(0, view.width(), 2) for y in rows)

    assert inked(full) > inked(empty) > 20
    assert inked(blank) == 0, "it does not claim to be empty"


def test_a_price_that_is_marked_is_lit(view: WatchedDom) -> None:
    view.show_mark(90_002_000.0)
    rect = view.line_rect(line_of(view, 90_002_000.0))
    assert picture(view).pixelColor(view._lefts["price"] + 1, rect.center().y()).name() == theme.colors.accent.name()
    view.show_mark(None)
    assert picture(view).pixelColor(view._lefts["price"] + 1, rect.center().y()).name() != theme.colors.accent.name()


def test_a_press_on_a_price_tells_it_and_one_beside_it_does_not(view: WatchedDom) -> None:
    told: list[float] = []
    view.price_pressed.connect(told.append)
    y = view.line_rect(line_of(view, 90_002_000.0)).center().y()
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(view.rights["price"] - 8, y))
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(view.rights["bid"] - 8, y))
    assert told == [90_002_000.0]
    at = QPoint(view.rights["price"] - 8, y)
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=at)
    QTest.mouseDClick(view, Qt.MouseButton.LeftButton, pos=at)
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=at)
    assert told == [90_002_000.0] * 3, "nor does the second of two quick presses get lost"
    dropped: list[None] = []
    view.mark_dropped.connect(lambda: dropped.append(None))
    wheel(view, 1)
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert not dropped, "with nothing marked it brings the market back"
    assert view.is_centred
    view.show_mark(90_002_000.0)
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert len(dropped) == 1


def test_a_price_far_away_is_brought_into_sight(view: WatchedDom) -> None:
    view.reveal(90_100_000.0)
    assert line_of(view, 90_100_000.0) == 0
    view.reveal(89_900_000.0)
    assert line_of(view, 89_900_000.0) == view.line_count - 1
    before = view.prices.top
    view.reveal(89_905_000.0)
    assert view.prices.top == before


def test_the_tooltip_says_what_has_no_room(view: WatchedDom) -> None:
    view.traded_title = "5 min"
    show(view, dom(*around(90_000_000.0), traded={MIDDLE + 2: Sums(1.0, 2.0)}))
    said = view.help_at(view.line_rect(line_of(view, 90_002_000.0)).center().y())
    assert "2.0000 BTC = 180,003,000 KRW" in said, "all that stands up to here"
    assert "Sold 1.0000, bought 2.0000 BTC" in said
    assert view.help_at(2) == ""


def test_the_colours_are_those_of_the_convention(
    view: WatchedDom, qapp: QApplication, dressed: Callable[[str, str], None]
) -> None:
    def bars() -> tuple[str, str]:
        image = picture(view)
        y = view.line_rect(line_of(view, 90_001_000.0)).top() + 2
        below = view.line_rect(line_of(view, 90_000_000.0)).top() + 2
        ask, bid = image.pixelColor(view._lefts["ask"] + 1, y), image.pixelColor(view.rights["bid"] - 2, below)
        return tuple("red" if c.red() > max(c.green(), c.blue()) else "other" for c in (ask, bid))  # type: ignore[return-value]

    assert bars() == ("other", "red")
    dressed("dark", "western")
    show(view, view.dom)
    assert bars() == ("red", "other")
    dressed("light", "korean")
    show(view, view.dom)
    assert picture(view).pixelColor(2, HEADER + 2).lightness() > 200


@pytest.fixture
def dressed(qapp: QApplication) -> Iterator[Callable[[str, str], None]]:
    yield lambda name, convention: theme.apply(qapp, name, convention)
    theme.apply(qapp, "dark")


# --- The pure half ---


def order(number: int, side: str, price: str, **more: Any) -> Order:
    usual: dict[str, Any] = {"kind": "limit", "state": "wait", "size": Decimal(1), "remaining": Decimal("0.5")}
    return Order(str(number), "KRW-BTC", side, price=Decimal(price), **(usual | more))  # type: ignore[arg-type]


def test_own_orders_rest_at_their_prices_and_those_of_one_place_are_one() -> None:
    orders = [
        order(1, "ASK", "90001000"),
        order(2, "ASK", "90001000", remaining=Decimal("0.25")),
        order(3, "BID", "89000000"),
        order(4, "BID", "90000000", state="watch"),
        order(5, "BID", "90000000", kind="price"),
    ]
    assert own_rungs(orders, AXIS) == (
        OwnRung(AXIS.below(89_000_000.0), False, Decimal("0.5")),
        OwnRung(MIDDLE + 1, True, Decimal("0.75")),
    )
    tens = PriceAxis(KRW_TICKS, 10_000.0)
    assert [rung.place for rung in own_rungs([order(1, "ASK", "90001000"), order(2, "BID", "90001000")], tens)] == [
        9_000, 9_001,
    ]  # fmt: skip


sizes = st.floats(1e-8, 1e6)


@given(
    st.sampled_from(list(TICKS_OF_QUOTE.values())),
    st.integers(100, 4_000),
    st.dictionaries(st.integers(1, 40), sizes, max_size=DEPTH),
    st.dictionaries(st.integers(0, 40), sizes, max_size=DEPTH),
    st.integers(-60, 60),
    st.integers(1, 50),
)
def test_each_level_in_sight_is_written_on_its_line_and_no_other(
    table: TickTable, middle: int, asks: dict[int, float], bids: dict[int, float], scrolled: int, count: int
) -> None:
    axis = PriceAxis(table)
    shown = dom(
        {axis.price(middle + i): s for i, s in asks.items()}, {axis.price(middle - i): s for i, s in bids.items()}, axis
    )
    places = range(middle + scrolled, middle + scrolled - count, -1)
    writer = RungWriter()
    writer.begin(Scale(axis.step(places[-1]), 8, 0.0, 0.0))
    rungs = writer.write(shown, places, [], (100, 30), has_totals=True)
    for place, rung in zip(places, rungs, strict=True):
        assert rung is not None
        assert price_key(float(rung.texts.price.replace(",", ""))) == axis.key(place)
        for text, side, offset in ((rung.texts.ask, asks, place - middle), (rung.texts.bid, bids, middle - place)):
            assert (text.strip() != "") is (offset in side)
            if offset in side and not text.strip().startswith("<"):
                assert float(text.replace(",", "")) == pytest.approx(side[offset], abs=0.6e-8)
    for column in range(len(Texts._fields)):
        assert len({len(rung.texts[column]) for rung in rungs if rung is not None}) == 1
    again = writer.write(shown, places, rungs, (100, 30), has_totals=True)
    assert all(a is b for a, b in zip(rungs, again, strict=True)), "what says the same is not painted again"


def test_the_books_that_were_recorded_are_written_whole(shared_data: Path) -> None:
    path = shared_data / "upbit" / "ws" / "cryptofeed-20210405-trade-orderbook-simple.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        frames = [event["frame"] for event in map(json.loads, lines) if event["dir"] == "recv"]
    seen = set()
    for frame in frames:
        if '"ty":"orderbook"' not in frame[:40]:
            continue
        recorded = decode_book(frame.encode())
        shown, quote = ladder(recorded), quote_of(recorded.market)
        # Of 2021, when the bands were others: each level has a place of its own in steps of 1e-8.
        keys = [price_key(row.price) for row in shown.rows]
        step = 1.0 if quote == "KRW" and min(keys) >= 10 * 10**8 and all(k % 10**8 == 0 for k in keys) else 1e-8
        if (max(keys) - min(keys)) / price_key(step) > 5_000:
            continue
        axis = PriceAxis(TICKS_OF_QUOTE[quote], step)
        writer = RungWriter()
        writer.begin(Scale(step, fmt.size_places(shown.bids[0].price, quote), 0.0, 0.0))
        moment = Dom(axis, shown, Stack(shown, axis, 15))
        places = range(axis.above(shown.asks[-1].price), axis.below(shown.bids[-1].price) - 1, -1)
        rungs = [rung for rung in writer.write(moment, places, [], (80, 30)) if rung is not None]
        assert [price_key(float(r.texts.price.replace(",", ""))) for r in rungs if r.ask or r.bid] == keys
        assert sum(r.ask for r in rungs) == pytest.approx(recorded.ask_total)
        seen.add(recorded.market)
    assert len(seen) >= 5


def test_a_trade_is_marked_by_its_side() -> None:
    for side, mark in (("BID", BOUGHT), ("ASK", SOLD)):
        writer = RungWriter()
        shown = dom(*around(90_000_000.0), last=MIDDLE, side=side)
        (rung,) = writer.write(shown, [MIDDLE], [], (10, 10))
        assert rung is not None
        assert rung.marks == mark
