"""Drawings in the pane: the button, the bar of tools, the menus, what is kept, charts of one market."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from core.feed.feed import Feed
from core.market import Interval
from core.state.drawings import EXTENSIONS, LEVELS, POINTS, Anchor, Drawing, Sheet
from tests.widgets.chart.bars import FIRST_MS, MARKET, PRICE, rows
from widgets.chart.drawings_menu import DrawingMenu
from widgets.chart.pane import ChartPane
from widgets.frame import FrameClock

LEFT = Qt.MouseButton.LeftButton
ETH = "KRW-ETH"


class Desk:
    """Two charts on one feed."""

    def __init__(self, qtbot: QtBot) -> None:
        self.feed = Feed(lambda: 100.0)
        self.frames = FrameClock()
        self.feed.store.candles(MARKET, Interval.M1).merge(rows(300))
        self.feed.store.candles(ETH, Interval.M1).merge(rows(300, seed=2))
        self.panes = [ChartPane(self.feed, self.frames) for _ in range(2)]
        for pane in self.panes:
            qtbot.addWidget(pane)
            pane.resize(800, 500)
            pane.show()
            qtbot.waitExposed(pane)
            pane.bind(MARKET)
        self.frame()

    def frame(self) -> None:
        self.frames.flush(*self.panes)
        QApplication.processEvents()

    @property
    def pane(self) -> ChartPane:
        return self.panes[0]

    @property
    def sheet(self) -> Sheet:
        return self.feed.drawings.sheet(MARKET)

    def put(self, drawing: Drawing) -> Drawing:
        drawing = replace(drawing, id=self.feed.drawings.new_id())
        self.sheet.put(drawing)
        self.frame()
        return drawing

    def offer(self, drawing: Drawing) -> DrawingMenu:
        """Return the menu of a drawing that was pressed."""
        self.pane.view.hand.select(drawing.id)
        return self.pane.drawing_menu(drawing)


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    made = Desk(qtbot)
    yield made
    for pane in made.panes:
        pane.release()


def entry(menu: QMenu, text: str) -> QAction:
    (found,) = [a for a in menu.actions() if a.text() == text]
    return found


def level(price: float = PRICE) -> Drawing:
    return Drawing(0, "horizontal", (Anchor(FIRST_MS, price),))


def fibonacci() -> Drawing:
    return Drawing(0, "fibonacci", (Anchor(FIRST_MS, PRICE), Anchor(FIRST_MS + 60_000, PRICE * 1.01)))


def test_every_tool_is_in_the_menu_and_the_button_shows_which_is_in_the_hand(desk: Desk) -> None:
    pane, images = desk.pane, set()
    for kind in POINTS:
        pane.tools.fill()
        (action,) = [a for a in pane.tools.actions() if a.data() == kind]
        action.trigger()
        assert pane.view.hand.tool == kind
        assert pane.view.hasFocus() or not pane.isActiveWindow()
        images.add(bytes(pane.draw_button.icon().pixmap(16, 16).toImage().constBits()))
    QTest.keyClick(pane.view, Qt.Key.Key_Escape)
    images.add(bytes(pane.draw_button.icon().pixmap(16, 16).toImage().constBits()))
    assert len(images) == len(POINTS) + 1


def test_the_bar_of_tools_comes_and_goes_and_its_buttons_take_and_put_back(desk: Desk) -> None:
    pane = desk.pane
    assert not pane.draw_bar.isVisible()
    entry_of(pane, "Bar of tools").trigger()
    assert pane.draw_bar.isVisible()
    QTest.mouseClick(pane.draw_bar.tools["ray"], LEFT)
    assert pane.view.hand.tool == "ray"
    QTest.mouseClick(pane.draw_bar.tools["trend"], LEFT)
    assert [k for k, b in pane.draw_bar.tools.items() if b.isChecked()] == ["trend"]
    QTest.mouseClick(pane.draw_bar.tools["trend"], LEFT)
    assert pane.view.hand.tool is None
    QTest.mouseClick(pane.draw_bar.magnet, LEFT)
    desk.frame()
    assert all(p.draw_bar.magnet.isChecked() for p in desk.panes), "on every chart"


def entry_of(pane: ChartPane, text: str) -> QAction:
    pane.tools.fill()
    return entry(pane.tools, text)


def test_in_a_low_chart_the_bar_has_what_fits_and_nothing_is_cut(desk: Desk) -> None:
    pane = desk.pane
    pane.show_drawing_bar(True)
    for height in (500, 300, 180, 120):
        pane.resize(400, height)
        QApplication.processEvents()
        shown = [b for b in (*pane.draw_bar.tools.values(), *pane.draw_bar._rest) if b.isVisible()]
        assert all(b.geometry().bottom() < pane.draw_bar.height() for b in shown), height
        assert all(b.height() == 24 for b in shown)
    assert len(shown) < 10


def test_undo_redo_and_delete_are_in_the_menu_as_far_as_they_can_be_done(desk: Desk) -> None:
    pane = desk.pane
    texts = ("Undo", "Redo", "Delete all that are not locked")
    assert [entry_of(pane, t).isEnabled() for t in texts] == [False, False, False]
    made = desk.put(level())
    entry_of(pane, texts[2]).trigger()
    assert desk.sheet.drawings == ()
    entry_of(pane, "Undo").trigger()
    assert desk.sheet.drawings == (made,)
    entry_of(pane, "Redo").trigger()
    assert desk.sheet.drawings == ()


def test_a_drawing_can_be_coloured_widened_locked_copied_and_deleted(desk: Desk) -> None:
    made = desk.put(level())
    menu = desk.offer(made)
    colours, widths = (a.menu() for a in menu.actions() if a.menu())
    assert isinstance(colours, QMenu)
    assert isinstance(widths, QMenu)
    entry(colours, "Colour 4").trigger()
    entry(widths, "3 px").trigger()
    entry(menu, "Copy").trigger()
    entry(menu, "Locked").trigger()
    (now,) = desk.sheet.drawings
    assert (now.color, now.width, now.is_locked) == (4, 3, True)
    assert desk.feed.drawings.copied is not None
    menu = desk.offer(now)
    assert not entry(menu, "Delete").isEnabled()
    entry(menu, "Locked").trigger()
    menu = desk.offer(desk.sheet.drawings[0])
    entry(menu, "Delete").trigger()
    assert desk.sheet.drawings == ()


def test_levels_of_fibonacci_are_chosen_one_by_one(desk: Desk) -> None:
    made = desk.put(fibonacci())
    menu = desk.offer(made)
    levels = [a.menu() for a in menu.actions() if a.menu()][2]
    assert isinstance(levels, QMenu)
    assert [a.text() for a in levels.actions() if a.isChecked()] == [f"{x:g}" for x in LEVELS]
    assert len(levels.actions()) == len(LEVELS) + len(EXTENSIONS)
    entry(levels, "1.618").trigger()
    entry(levels, "0.236").trigger()
    assert desk.sheet.drawings[0].levels == (0.0, 0.382, 0.5, 0.618, 0.786, 1.0, 1.618)


def test_a_text_is_changed_from_its_menu(desk: Desk) -> None:
    model = desk.pane.view.model
    made = desk.put(Drawing(0, "text", (Anchor(int(model.starts[-20]), model.last_price),), text="note"))
    menu = desk.offer(made)
    entry(menu, "Change the text").trigger()
    line = desk.pane.view._line
    assert line.isVisible()
    assert line.selectedText() == "note"


def test_charts_of_a_market_share_what_is_drawn_and_each_market_has_its_own(desk: Desk) -> None:
    one, other = desk.panes
    made = desk.put(level())
    assert [p.view.painter.drawings.all for p in desk.panes] == [(made,), (made,)]
    other.bind(ETH)
    desk.frame()
    assert other.view.painter.drawings.all == ()
    other.bind(MARKET)
    other.set_interval(Interval.M5)
    desk.feed.store.candles(MARKET, Interval.M5).merge(rows(100, interval=Interval.M5))
    desk.frame()
    assert other.view.painter.drawings.all == (made,)
    one.view.hand.clear()
    desk.frame()
    assert other.view.painter.drawings.all == ()


def test_another_symbol_gives_up_what_is_being_drawn(desk: Desk) -> None:
    pane = desk.pane
    pane.draw("trend")
    QTest.mousePress(pane.view.viewport(), LEFT, pos=QPoint(200, 200))
    QTest.mouseMove(pane.view.viewport(), QPoint(260, 240))
    assert len(desk.sheet.seen) == 1
    pane.bind(ETH)
    desk.frame()
    assert desk.sheet.seen == ()
    QTest.mouseRelease(pane.view.viewport(), LEFT, pos=QPoint(260, 240))
    assert desk.feed.drawings.sheet(ETH).seen == ()


def test_a_chart_that_is_closed_gives_up_what_is_being_drawn(desk: Desk) -> None:
    pane, other = desk.panes
    pane.draw("trend")
    QTest.mousePress(pane.view.viewport(), LEFT, pos=QPoint(200, 200))
    QTest.mouseMove(pane.view.viewport(), QPoint(260, 240))
    desk.frames.flush(other)
    assert len(other.view.painter.drawings.all) == 1
    pane.release()
    desk.frames.flush(other)
    assert other.view.painter.drawings.all == ()
    assert desk.sheet.is_untouched


def test_the_desk_keeps_the_bar_and_what_is_hidden_and_nothing_else(desk: Desk) -> None:
    pane = desk.pane
    assert "drawings" not in pane.save()
    pane.show_drawing_bar(True)
    pane.view.hand.set_shown(False)
    kept = pane.save()
    other = desk.panes[1]
    other.restore(kept)
    assert other.has_drawing_bar
    assert not other.view.hand.is_shown
    for strange in ({}, {"drawings": 7}, {"drawings": {"bar": "yes", "shown": None}}):
        desk.panes[1].restore({"market": MARKET, **strange})


def test_a_change_of_language_reaches_the_tools(desk: Desk, qapp: QApplication) -> None:
    from app import translations

    pane = desk.pane
    pane.show_drawing_bar(True)
    translations.install(qapp, "ko")
    try:
        QApplication.sendPostedEvents()
        for widget in (pane.draw_bar, pane.draw_button):
            QApplication.sendEvent(widget, QEvent(QEvent.Type.LanguageChange))
        assert pane.draw_bar.tools["trend"].toolTip() == "추세선"
        assert "하이킨아시" in pane.draw_bar.magnet.toolTip()
        assert pane.draw_button.toolTip() == "차트에 그리기"
        assert entry_of(pane, "실행 취소").text() == "실행 취소"
    finally:
        translations.install(qapp, "en")
