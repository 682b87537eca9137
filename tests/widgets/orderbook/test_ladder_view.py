"""The painted ladder: what is on its pixels, what is painted again, how it answers mouse and keys."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QPaintEvent, QRegion, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.wire.messages import Level, Orderbook
from tests.waiting import qt_until
from widgets import theme
from widgets.orderbook.base import HEADER, PAD
from widgets.orderbook.cells import Scale
from widgets.orderbook.model import DEPTH, EMPTY, Ladder, ladder
from widgets.orderbook.view import LadderView

SCALE = Scale(tick=1_000, places=4, prev_close=90_000_000)
Sizes = list[float]


class WatchedLadder(LadderView):
    """Remembers what Qt asked it to paint."""

    def __init__(self) -> None:
        super().__init__()
        self.painted: list[QRegion] = []

    def paintEvent(self, event: QPaintEvent) -> None:
        self.painted.append(QRegion(event.region()))
        super().paintEvent(event)


def book(
    asks: Sizes, bids: Sizes, *, best_ask: float = 90_001_000.0, tick: float = 1_000.0, market: str = "KRW-BTC"
) -> Ladder:
    """Return a ladder whose sides have these sizes, best first, the best bid one tick below the best ask."""
    length = max(len(asks), len(bids))
    levels = [
        Level(
            best_ask + i * tick if i < len(asks) else 0.0,
            best_ask - (i + 1) * tick if i < len(bids) else 0.0,
            asks[i] if i < len(asks) else 0.0,
            bids[i] if i < len(bids) else 0.0,
        )
        for i in range(length)
    ]
    return ladder(Orderbook(market, tuple(levels), 0))


@pytest.fixture
def view(qtbot: QtBot) -> WatchedLadder:
    """Return a ladder on screen, 260 by 600, with a full book."""
    made = WatchedLadder()
    qtbot.addWidget(made)
    made.resize(260, 600)
    made.set_market("KRW-BTC")
    made.show()
    qtbot.waitExposed(made)
    show(made, book([1.0] * DEPTH, [1.0] * DEPTH))
    return made


def show(view: WatchedLadder, shown: Ladder, scale: Scale = SCALE, **more: object) -> QRegion:
    """Show a book and return the region that was painted because of it."""
    view.painted.clear()
    view.show_ladder(shown, scale, **more)  # type: ignore[arg-type]
    QApplication.processEvents()
    region = QRegion()
    for painted in view.painted:
        region += painted
    return region


def picture(view: LadderView) -> QImage:
    return view.grab().toImage()


def bar_length(view: LadderView, line: int) -> int:
    """Return how many pixels of a line have the colour of its bar."""
    image, y = picture(view), view.line_rect(line).top() + 2  # above the figures
    ground = theme.colors.surface.rgb()
    return sum(image.pixel(x, y) != ground for x in range(view.columns.size))


def line_of(view: LadderView, price: float) -> int:
    return next(i for i, cell in enumerate(view.cells) if cell is not None and cell.price_value == price)


def wheel(view: LadderView, notches: int, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    middle = QPointF(view.rect().center())
    event = QWheelEvent(
        middle,
        QPointF(view.mapToGlobal(middle.toPoint())),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view, event)


def test_a_bar_is_as_long_as_its_share(view: WatchedLadder) -> None:
    show(view, book([1.0, 2.0, 4.0], [4.0, 3.0, 0.0001]))
    room = view.columns.size
    for price, share in (
        (90_001_000, 0.25),
        (90_002_000, 0.5),
        (90_003_000, 1.0),
        (90_000_000, 1.0),
        (89_999_000, 0.75),
    ):
        assert bar_length(view, line_of(view, price)) == int(room * share)
    assert bar_length(view, line_of(view, 89_998_000)) == 1, "a level is there, however small"


def test_ask_and_bid_bars_have_their_colours(view: WatchedLadder) -> None:
    show(view, book([4.0], [4.0]))
    image = picture(view)
    x = view.columns.size - 1
    ask, bid = (image.pixelColor(x, view.line_rect(line_of(view, p)).top() + 2) for p in (90_001_000, 90_000_000))
    assert ask.blue() > ask.red(), "asks are blue by the Korean convention"
    assert bid.red() > bid.blue()


def test_levels_that_are_not_there_are_not_drawn(view: WatchedLadder) -> None:
    show(view, book([1.0], [1.0, 1.0]))
    image, ground = picture(view), theme.colors.surface.rgb()
    filled = [c is not None for c in view.cells]
    assert sum(filled) == 3
    spread_line = line_of(view, 90_001_000) + 1
    for line, is_filled in enumerate(filled):
        if line == spread_line:
            continue
        rect = view.line_rect(line)
        colors = {image.pixel(x, y) for x in range(0, 260, 1) for y in range(rect.top(), rect.bottom() + 1, 3)}
        assert (colors != {ground}) is is_filled


def test_the_same_book_paints_nothing(view: WatchedLadder) -> None:
    assert show(view, book([1.0] * DEPTH, [1.0] * DEPTH)).isEmpty()


def test_only_changed_lines_are_painted(view: WatchedLadder) -> None:
    asks, bids = [1.0] * DEPTH, [1.0] * DEPTH
    asks[2], bids[4] = 0.5, 0.25
    region = show(view, book(asks, bids))
    touched = {line for line in range(view.line_count) if region.intersects(view.line_rect(line))}
    asked = {line_of(view, 90_003_000), line_of(view, 89_996_000)}
    spread = line_of(view, 90_001_000) + 1  # the imbalance stands there
    assert asked <= touched <= asked | {spread}
    assert not region.intersects(view.rect().adjusted(0, 0, 0, HEADER - view.height())), "the header stays"


def test_a_level_that_nobody_sees_paints_no_line(view: WatchedLadder) -> None:
    asks = [1.0] * DEPTH
    asks[-1] = 0.999
    region = show(view, book(asks, [1.0] * DEPTH))
    lines = [line for line in range(view.line_count) if region.intersects(view.line_rect(line))]
    assert lines in ([], [line_of(view, 90_001_000) + 1])


def test_a_moved_price_is_painted_anew_and_the_spread_stays_in_the_middle(view: WatchedLadder) -> None:
    before = line_of(view, 90_001_000)
    show(view, book([1.0] * DEPTH, [1.0] * DEPTH, best_ask=90_005_000.0))
    assert line_of(view, 90_005_000) == before


@pytest.mark.parametrize("side", ["BID", "ASK"])
def test_the_last_trade_is_framed_in_the_colour_of_its_side(view: WatchedLadder, side: str) -> None:
    shown = book([1.0] * DEPTH, [1.0] * DEPTH)
    region = show(view, shown, last=shown.asks[0], side=side)
    line = line_of(view, 90_001_000)
    assert region.boundingRect() == view.line_rect(line)
    frame = picture(view).pixel(view.columns.price - 2, view.line_rect(line).top() + 4)
    assert frame == (theme.colors.bid if side == "BID" else theme.colors.ask).rgb()


def test_numbers_do_not_move_when_others_get_longer_or_shorter(view: WatchedLadder) -> None:
    show(view, book([1.0, 123_456.0], [1.0]))
    columns = view.columns
    show(view, book([1.0, 2.0], [1.0]))
    assert view.columns == columns


@pytest.mark.parametrize("width", [160, 200, 260, 320])
@pytest.mark.parametrize(
    ("market", "tick", "best"),
    [("KRW-BTC", 1_000.0, 90_000_000.0), ("BTC-ETH", 1e-8, 0.03456789), ("USDT-PEPE", 1e-8, 0.00001234)],
)
def test_columns_never_overlap(view: WatchedLadder, width: int, market: str, tick: float, best: float) -> None:
    view.resize(width, 400)
    view.set_market(market)
    view.want_columns({"total", "percent"})
    show(view, book([12.3456] * 5, [0.5] * 5, best_ask=best, tick=tick, market=market), Scale(tick, 4, 0.0, best))
    rights = [right for right in view.columns if right]
    assert rights == sorted(rights)
    assert rights[-1] == width
    texts = [c.price for c in view.cells if c is not None]
    assert len(texts) == 10
    assert len(set(texts)) == 10
    if tick == 1e-8:
        assert {len(t.partition(".")[2]) for t in texts} == {8}


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        (book([1.0], [1.0], tick=0.0), "Crossed book"),
        (book([1.0], []), "No bids"),
        (book([], [1.0]), "No asks"),
    ],
)
def test_an_odd_book_says_what_is_odd(view: WatchedLadder, shown: Ladder, said: str) -> None:
    show(view, shown)
    assert view.spread_text[0] == said


def test_an_empty_book_says_so(view: WatchedLadder) -> None:
    full = picture(view)
    show(view, EMPTY)
    blank = picture(view)
    assert full != blank
    middle = view.rect().adjusted(0, HEADER, 0, 0)
    ground = theme.colors.surface.rgb()
    inked = sum(
        blank.pixel(x, y) != ground for x in range(middle.width()) for y in range(middle.top(), middle.bottom())
    )
    assert 50 < inked < 2_000, "one short line of text and nothing else"


def test_the_spread_is_said_in_ticks_and_percent(view: WatchedLadder) -> None:
    shown = book([3.0], [1.0])
    show(view, shown, ticks=1.0)
    assert view.spread_text == ("1 tick  0.00%", "-50%")
    show(view, shown, ticks=12.0)
    assert view.spread_text[0] == "12 ticks  0.00%"
    show(view, shown, SCALE._replace(level=10_000.0))
    assert view.spread_text[0] == "1,000  0.00%", "a grouped book does not know the ticks between"


def test_another_market_begins_blank(view: WatchedLadder) -> None:
    view.scroll_lines(5)
    view.set_market("KRW-ETH")
    assert view.cells.count(None) == len(view.cells)
    assert view.is_centred
    image, ground = picture(view), theme.colors.surface.rgb()
    lines = range(HEADER, view.height(), 2)
    assert {image.pixel(x, y) for x in range(260) for y in lines} == {ground}, "nor does it claim to be empty"


def test_the_wheel_scrolls_and_a_double_click_recentres(view: WatchedLadder) -> None:
    first = view.first_slot
    wheel(view, 1)
    assert view.first_slot == first - 3
    wheel(view, 100)
    assert view.first_slot == 0, "the highest ask is on top"
    assert view.cells[0] is not None
    assert view.cells[0].price_value == 90_030_000
    wheel(view, -100)
    assert view.cells[-1] is not None
    assert view.cells[-1].price_value == 89_971_000
    QTest.mouseDClick(view, Qt.MouseButton.LeftButton, pos=QPoint(view.columns.size - 9, 300))
    assert view.is_centred
    assert view.first_slot == first


def test_small_turns_of_a_wheel_add_up(view: WatchedLadder) -> None:
    first = view.first_slot
    middle = QPointF(view.rect().center())
    for _ in range(4):
        event = QWheelEvent(
            middle,
            middle,
            QPoint(),
            QPoint(0, 30),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(view, event)
    assert view.first_slot == first - 3


def test_scrolling_stops_where_the_book_ends(view: WatchedLadder) -> None:
    show(view, book([1.0] * 15, [1.0] * 15))
    wheel(view, 100)
    assert view.cells[0] is not None
    assert view.cells[0].price_value == 90_015_000


def test_keys_scroll_recentre_and_group(view: WatchedLadder) -> None:
    first = view.first_slot
    QTest.keyClick(view, Qt.Key.Key_PageUp)
    assert view.first_slot < first
    QTest.keyClick(view, Qt.Key.Key_Space)
    assert view.first_slot == first
    QTest.keyClick(view, Qt.Key.Key_End)
    assert view.cells[-1] is not None
    assert view.cells[-1].price_value == 89_971_000
    QTest.keyClick(view, Qt.Key.Key_Home)
    assert view.first_slot == 0
    steps: list[int] = []
    view.grouping_stepped.connect(steps.append)
    QTest.keyClick(view, Qt.Key.Key_Plus)
    QTest.keyClick(view, Qt.Key.Key_Minus)
    wheel(view, 1, Qt.KeyboardModifier.ControlModifier)
    wheel(view, -1, Qt.KeyboardModifier.ControlModifier)
    assert steps == [1, -1, -1, 1]
    assert view.first_slot == 0, "grouping does not scroll"


def test_rows_are_found_under_the_mouse(view: WatchedLadder) -> None:
    line = line_of(view, 90_002_000)
    row = view.row_at(view.line_rect(line).center().y())
    assert row is not None
    assert row.price == 90_002_000
    assert view.row_at(view.line_rect(line_of(view, 90_001_000) + 1).center().y()) is None, "the spread"
    assert view.row_at(1) is None
    assert view.row_at(view.height() - 1) is None


@pytest.mark.parametrize("size", [(260, 600), (320, 900), (200, 400), (140, 144), (320, 1500)])
def test_every_size_shows_whole_lines_between_header_and_totals(view: WatchedLadder, size: tuple[int, int]) -> None:
    view.resize(*size)
    assert view.line_rect(0).top() >= HEADER
    assert view.line_rect(view.line_count - 1).bottom() < view.height() - 24
    assert len(view.cells) == view.line_count
    line = line_of(view, 90_001_000)
    assert abs((line + 1) - view.line_count // 2) <= 1, "the spread is in the middle"


def test_a_theme_switch_repaints_in_the_new_colours(view: WatchedLadder, switched: Callable[[str], None]) -> None:
    dark = picture(view)
    switched("light")
    show(view, view.book)
    light = picture(view)
    assert light.pixelColor(2, HEADER + 2).lightness() > dark.pixelColor(2, HEADER + 2).lightness() + 100


@pytest.fixture
def switched(qapp: QApplication) -> Callable[[str], None]:
    """Return what switches the theme; the one before comes back after the test."""
    yield lambda name: theme.apply(qapp, name)
    theme.apply(qapp, "dark")


def test_a_hidden_ladder_paints_once_when_shown(view: WatchedLadder) -> None:
    view.hide()
    for size in range(1, 20):
        show(view, book([float(size)] * DEPTH, [1.0] * DEPTH))
        assert view.painted == []
    view.show()
    qt_until(lambda: view.painted)
    assert len(view.painted) == 1


def test_a_size_that_does_not_fit_loses_decimals_not_its_first_figures(view: WatchedLadder) -> None:
    shown, scale = book([0.0172605] * DEPTH, [1_234.5] * DEPTH), SCALE._replace(places=7)
    for width in (140, 150, 170, 200, 400, 140):
        view.resize(width, 600)
        show(view, shown, scale)
        sizes = {cell.size.strip() for cell in view.cells if cell is not None}
        measure = view._digits.width
        widest = max(measure(cell.size) + measure(cell.price) for cell in view.cells if cell is not None)
        assert widest + 2 * PAD <= width or sizes == {"<1", "1,234"}
        for size in sizes - {"<1"}:
            value, step = float(size.replace(",", "")), 10.0 ** -len(size.partition(".")[2])
            assert min(abs(value - 0.0172605), abs(value - 1_234.5)) <= 0.5 * step + 1e-12
    view.resize(400, 600)
    show(view, shown, scale)
    assert {cell.size.strip() for cell in view.cells if cell is not None} == {"0.0172605", "1,234.5000000"}
