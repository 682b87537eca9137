"""Panes come and go, stand where they were put, and a desk that is opened again is the desk that was left."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
import shiboken6
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QIcon, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow, QPushButton
from pytestqt.qtbot import QtBot

from app import templates
from app.desk_files import MOST_PANES, DeskRecord, PaneRecord, decode, encode
from app.tour import Step, Tour
from app.workspace import Workspace
from core.feed.feed import Feed
from core.market import Interval
from tests.conftest import ExpectLog
from tests.waiting import qt_until
from widgets import drag, theme
from widgets.chart.pane import ChartPane
from widgets.frame import FrameClock
from widgets.pane import Pane


class Room:
    """A window with a workspace in it, without an exchange."""

    def __init__(self, qtbot: QtBot) -> None:
        self.window = QMainWindow()
        self.window.resize(1200, 700)
        qtbot.addWidget(self.window)
        self.now = 0.0
        self.feed = Feed(lambda: self.now)
        self.frames = FrameClock(self.window)
        self.workspace = Workspace(self.window, self.feed, self.frames)
        self.window.setCentralWidget(self.workspace.docks.root)
        self.window.show()

    def pane(self, name: str) -> Pane:
        return self.workspace.panes[name]

    def place(self, pane: Pane) -> QRect:
        """Return where a pane stands in the window."""
        return QRect(pane.mapTo(self.window, QPoint(0, 0)), pane.size())

    def names(self) -> list[str]:
        return list(self.workspace.panes)


@pytest.fixture
def room(qtbot: QtBot) -> Iterator[Room]:
    made = Room(qtbot)
    yield made
    made.workspace.close()
    made.frames.stop()
    assert not made.feed.leases.wanted  # nobody kept a lease
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def settle() -> None:
    QApplication.processEvents()


# Templates.


@pytest.mark.parametrize("name", templates.TEMPLATES)
def test_a_template_fills_the_window_without_gaps_or_overlaps(room: Room, name: str) -> None:
    template = templates.TEMPLATES[name]
    room.workspace.open_template(template)
    settle()
    panes = list(room.workspace.panes.values())
    assert [p.kind for p in panes] == [place.kind for place in template.places]
    places = [room.place(p) for p in panes]
    assert all(p.isVisible() for p in panes)
    for i, one in enumerate(places):
        assert not any(one.intersects(other) for other in places[i + 1 :])
    area = room.window.width() * room.window.height()
    assert sum(p.width() * p.height() for p in places) > 0.93 * area
    for pane in panes:
        if pane.takes_market:
            assert pane.market == template.groups[pane.group]


def test_nine_charts_are_of_one_size(room: Room) -> None:
    room.workspace.open_template(templates.TEMPLATES["wall"])
    settle()
    sizes = [p.size() for p in room.workspace.panes.values()]
    assert max(s.width() for s in sizes) - min(s.width() for s in sizes) <= 2
    assert max(s.height() for s in sizes) - min(s.height() for s in sizes) <= 2


# Keeping.


def test_a_desk_comes_back_as_it_was_left(room: Room) -> None:
    workspace = room.workspace
    workspace.open_template(templates.TEMPLATES["four"])
    chart = room.pane("chart-1")
    assert isinstance(chart, ChartPane)
    chart.choose_interval(Interval.H1)
    workspace.links.bind(1, "KRW-DOGE")
    workspace.links.join(room.pane("trades-2"), 0)
    workspace.links.choose(room.pane("trades-2"), "BTC-ETH")
    workspace.links.join(room.pane("orderbook-3"), 5, "lead")
    workspace.docks.resize("chart-1", 120, 40)
    workspace.lock(True)
    settle()
    record = decode(encode(workspace.record()))
    places = {name: room.place(p) for name, p in workspace.panes.items()}
    workspace.open_template(templates.TEMPLATES["scalping"])
    settle()
    workspace.open(record)
    settle()
    assert workspace.record() == record
    assert {name: room.place(p) for name, p in workspace.panes.items()} == places
    assert {p.market for p in workspace.links.members(1)} == {"KRW-DOGE"}
    assert room.pane("trades-2").market == "BTC-ETH"
    assert room.pane("orderbook-3").role == "lead"
    again = room.pane("chart-1")
    assert isinstance(again, ChartPane)
    assert again.interval is Interval.H1
    assert workspace.is_locked


@pytest.mark.parametrize("layout", ["nonsense", "<?xml", "<?xml version='1.0'?><QtAdvancedDockingSystem/>", "\x00"])
def test_a_layout_that_cannot_be_read_loses_no_pane(room: Room, expected_log: ExpectLog, layout: str) -> None:
    expected_log("WARNING app.workspace: the places of the panes could not be read")
    record = DeskRecord(
        panes=[PaneRecord("a", "chart", 1), PaneRecord("b", "trades", 1)], groups={1: "KRW-BTC"}, layout=layout
    )
    room.workspace.open(record)
    settle()
    assert room.names() == ["a", "b"]
    assert all(p.isVisible() and p.market == "KRW-BTC" for p in room.workspace.panes.values())


def test_a_layout_of_other_panes_hides_none(room: Room) -> None:
    room.workspace.open_template(templates.TEMPLATES["scalping"])
    record = room.workspace.record()
    record.panes.append(PaneRecord("more", "chart", 2))
    room.workspace.open(record)
    settle()
    assert all(p.isVisible() for p in room.workspace.panes.values())
    assert len(room.workspace.panes) == 4


def test_a_pane_of_a_kind_from_elsewhere_stays_in_the_file(room: Room, expected_log: ExpectLog) -> None:
    expected_log("WARNING app.workspace: a pane of the unknown kind 'heatmap' is not shown")
    strange = PaneRecord("h", "heatmap", 2, state={"depth": 3})
    room.workspace.open(DeskRecord(panes=[strange, PaneRecord("c", "chart")], groups={}))
    assert room.names() == ["c"]
    assert strange in room.workspace.record().panes


def test_strange_values_of_a_pane_keep_their_defaults(room: Room) -> None:
    panes = [
        PaneRecord("a", "chart", 99, state={"market": 7, "interval": ["x"]}),
        PaneRecord("b", "orderbook", -3, state={"levels": 5, "market": None}),
        PaneRecord("c", "trades", 1, state={"market": {}}),
        PaneRecord("d", "markets", 0, state={"tab": 5, "sort": "?"}),
        PaneRecord("e", "connections", 0, state={"filter": 5, "open": "x"}),
    ]
    room.workspace.open(DeskRecord(panes=panes, groups={1: "", -1: "x"}))
    settle()
    assert room.names() == list("abcde")


# Coming and going.


def test_a_pane_goes_where_it_was_dropped(room: Room) -> None:
    workspace = room.workspace
    chart = workspace.add("chart", "KRW-BTC")
    assert chart is not None
    for side in ("left", "right", "top", "bottom"):
        made = workspace.add("trades", side=side, beside=chart)
        settle()
        assert made is not None
        assert made.market == "KRW-BTC"  # of the pane beside which it stands
        here, there = room.place(chart), room.place(made)
        assert {
            "left": there.right() < here.left(),
            "right": there.left() > here.right(),
            "top": there.bottom() < here.top(),
            "bottom": there.top() > here.bottom(),
        }[side]


def test_a_dropped_tab_shares_the_place(room: Room) -> None:
    chart = room.workspace.add("chart", "KRW-BTC")
    tab = room.workspace.add("trades", side="tab", beside=chart)
    settle()
    assert chart is not None
    assert tab is not None
    assert tab.isVisible()
    assert not chart.isVisible()
    room.workspace.docks.raise_dock(chart.objectName())
    settle()
    assert chart.isVisible()


def test_a_tab_has_a_small_cross_of_our_own(room: Room) -> None:
    room.workspace.open_template(templates.TEMPLATES["scalping"])
    room.workspace.add("trades", side="tab", beside=room.pane("chart-1"))
    room.workspace.docks.restyle()
    settle()
    crosses = [b for b in room.window.findChildren(QPushButton, "tabCloseButton") if b.isVisible()]
    assert len(crosses) == 2
    for cross in crosses:
        assert max(cross.width(), cross.height()) <= 24
        assert cross.icon().pixmap(12).toImage() == QIcon(str(theme.ICON_FOLDER / "close.svg")).pixmap(12).toImage()


def test_a_closed_pane_gives_its_streams_back_and_is_gone(room: Room) -> None:
    room.workspace.open_template(templates.TEMPLATES["scalping"])
    pane = room.pane("trades-1")
    room.workspace.close_pane(pane)
    settle()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert "trades-1" not in room.workspace.panes
    assert not shiboken6.isValid(pane)
    assert pane not in room.frames._panes


def test_closing_is_undone_to_the_pixel(room: Room) -> None:
    workspace = room.workspace
    workspace.open_template(templates.TEMPLATES["four"])
    settle()
    before = {name: room.place(p) for name, p in workspace.panes.items()}
    book = room.pane("orderbook-2")
    workspace.links.join(book, 2, "follow")
    workspace.links.choose(book, "KRW-SAND")
    workspace.close_pane(book)
    settle()
    assert workspace.can_reopen
    again = workspace.reopen()
    settle()
    assert again is not None
    assert {name: room.place(p) for name, p in workspace.panes.items()} == before
    assert (again.group, again.role) == (2, "follow")
    assert not workspace.can_reopen
    assert workspace.reopen() is None


def test_several_closings_are_undone_in_turn_though_others_came(room: Room) -> None:
    workspace = room.workspace
    workspace.open_template(templates.TEMPLATES["scalping"])
    workspace.close_pane(room.pane("orderbook-1"))
    workspace.close_pane(room.pane("trades-1"))
    workspace.add("chart", "KRW-ETH", beside=room.pane("chart-1"))
    assert {workspace.reopen().kind, workspace.reopen().kind} == {"orderbook", "trades"}  # type: ignore[union-attr]
    settle()
    assert all(p.isVisible() for p in workspace.panes.values())
    assert len(workspace.panes) == 4


def test_the_last_pane_can_be_closed_and_come_back(room: Room) -> None:
    pane = room.workspace.add("chart", "KRW-BTC")
    assert pane is not None
    room.workspace.close_pane(pane)
    assert room.workspace.active is None
    assert room.workspace.record().panes == []
    again = room.workspace.reopen()
    settle()
    assert again is not None
    assert again.isVisible()
    assert room.workspace.active is again


def test_a_desk_has_room_for_so_many_panes(room: Room, qtbot: QtBot) -> None:
    kinds = [PaneRecord(str(n), "trades") for n in range(MOST_PANES)]
    room.workspace.open(DeskRecord(panes=kinds))
    with qtbot.waitSignal(room.workspace.full):
        assert room.workspace.add("chart") is None
    with qtbot.waitSignal(room.workspace.full):
        assert room.workspace.duplicate(room.pane("0")) is None
    room.workspace.close_pane(room.pane("0"))
    assert room.workspace.add("chart") is not None
    with qtbot.waitSignal(room.workspace.full):
        assert room.workspace.reopen() is None
    assert room.workspace.can_reopen, "it can come back once there is room"


def test_a_pane_that_cannot_take_back_its_state_costs_no_other(
    room: Room, monkeypatch: pytest.MonkeyPatch, expected_log: ExpectLog
) -> None:
    def fail(*_: object) -> None:
        raise OverflowError("no")

    monkeypatch.setattr(ChartPane, "restore", fail)
    expected_log("could not take back its state")
    records = [
        PaneRecord("a", "trades"),
        PaneRecord("b", "chart", state={"market": "KRW-BTC"}),
        PaneRecord("c", "trades"),
    ]
    room.workspace.open(DeskRecord(panes=records))
    assert room.names() == ["a", "b", "c"]
    assert room.pane("b").market == "KRW-BTC"


@pytest.mark.long
def test_opening_desks_over_and_over_leaves_nothing_behind(room: Room) -> None:
    def count() -> int:
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        settle()
        gc.collect()
        return sum(isinstance(o, Pane) and shiboken6.isValid(o) for o in gc.get_objects())

    for name in ("four", "wall", "scalping"):
        room.workspace.open_template(templates.TEMPLATES[name])
    first = count()
    for _ in range(3):
        for name in ("four", "wall", "scalping"):
            room.workspace.open_template(templates.TEMPLATES[name])
    assert count() == first
    assert len(room.frames._panes) == 3


def test_an_empty_desk_says_how_to_fill_it_and_takes_what_is_dropped(room: Room) -> None:
    workspace = room.workspace
    workspace.open(DeskRecord())
    settle()
    assert workspace._nothing.isVisible()
    assert "Ctrl+K" in workspace._nothing.text
    mime = QMimeData()
    mime.setData(drag.MARKET, b"KRW-XRP")
    root, held = workspace.docks.root, (Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton)
    no_key = Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(root, QDragEnterEvent(QPoint(300, 300), *held, no_key))
    QApplication.sendEvent(root, QDropEvent(QPointF(300, 300), *held, no_key))
    settle()
    (pane,) = workspace.panes.values()
    assert (pane.kind, pane.market, pane.isVisible()) == ("chart", "KRW-XRP", True)
    assert not workspace._nothing.isVisible()


# Moving.


def test_a_locked_desk_stays_as_it_is(room: Room) -> None:
    workspace = room.workspace
    workspace.open_template(templates.TEMPLATES["scalping"])
    workspace.lock(True)
    settle()
    layout = workspace.docks.save()
    pane = room.pane("chart-1")
    workspace.close_pane(pane)
    workspace.docks.float_dock("chart-1")
    workspace.docks.move("chart-1", "bottom")
    drag_header(pane, QPoint(300, 200))
    assert workspace.docks.save() == layout
    workspace.lock(False)
    workspace.docks.move("chart-1", "bottom")
    assert workspace.docks.save() != layout


def test_a_pane_fills_the_window_and_goes_back(room: Room) -> None:
    workspace = room.workspace
    workspace.open_template(templates.TEMPLATES["four"])
    settle()
    chart, other = room.pane("chart-3"), room.pane("chart-1")
    before, layout = room.place(chart), workspace.docks.save()
    workspace.docks.fill("chart-3")
    settle()
    assert chart.width() == room.window.width()
    assert not other.isVisible()  # and costs nothing
    assert workspace.docks.save() == layout  # a desk that is left now is the desk with all panes
    workspace.docks.restore_size()
    settle()
    assert room.place(chart) == before
    assert other.isVisible()


def test_a_pane_that_fills_the_window_can_be_closed(room: Room) -> None:
    room.workspace.open_template(templates.TEMPLATES["scalping"])
    room.workspace.docks.fill("chart-1")
    room.workspace.close_pane(room.pane("chart-1"))
    settle()
    assert [p.isVisible() for p in room.workspace.panes.values()] == [True, True]


def drag_header(pane: Pane, way: QPoint) -> None:
    """Press on the header's handle, move, let go: as the window system tells it."""
    header = pane.header
    start = QPoint(4, header.height() // 2)

    def send(kind: QEvent.Type, at: QPoint, buttons: Qt.MouseButton) -> None:
        button = Qt.MouseButton.NoButton if kind is QEvent.Type.MouseMove else Qt.MouseButton.LeftButton
        spot, no_key = QPointF(header.mapToGlobal(at)), Qt.KeyboardModifier.NoModifier
        event = QMouseEvent(kind, QPointF(at), spot, button, buttons, no_key)
        QApplication.sendEvent(header, event)
        settle()

    send(QEvent.Type.MouseButtonPress, start, Qt.MouseButton.LeftButton)
    for step in range(1, 11):
        send(QEvent.Type.MouseMove, start + way * step / 10, Qt.MouseButton.LeftButton)
    send(QEvent.Type.MouseButtonRelease, start + way, Qt.MouseButton.NoButton)


@pytest.mark.usefixtures("raised_windows")
def test_a_pane_is_torn_off_by_command_and_docked_again(room: Room) -> None:
    workspace = room.workspace
    workspace.open_template(templates.TEMPLATES["scalping"])
    settle()
    workspace.docks.float_dock("trades-1")
    settle()
    # That it is seen is looked at in a real window: the offscreen platform hides it again.
    assert room.pane("trades-1").window() is not room.window
    assert workspace.docks.is_floating("trades-1")
    record = workspace.record()
    workspace.open_template(templates.TEMPLATES["wall"])
    workspace.open(record)
    settle()
    assert workspace.docks.is_floating("trades-1")
    workspace.docks.dock_again("trades-1")
    settle()
    assert room.pane("trades-1").window() is room.window


@pytest.mark.usefixtures("raised_windows")
def test_tearing_off_is_undone_to_the_pixel(room: Room) -> None:
    workspace = room.workspace
    workspace.open_template(templates.TEMPLATES["four"])
    settle()
    before = {name: room.place(p) for name, p in workspace.panes.items()}
    workspace.docks.float_dock("orderbook-2")
    settle()
    workspace.docks.dock_again("orderbook-2")
    settle()
    assert {name: room.place(p) for name, p in workspace.panes.items()} == before


@pytest.mark.usefixtures("raised_windows")
def test_what_was_moved_meanwhile_stays_when_a_pane_comes_back(room: Room) -> None:
    workspace = room.workspace
    workspace.open_template(templates.TEMPLATES["scalping"])
    settle()
    workspace.docks.float_dock("trades-1")
    workspace.docks.float_dock("chart-1")
    workspace.docks.dock_again("trades-1")
    settle()
    assert workspace.docks.is_floating("chart-1")
    assert room.place(room.pane("trades-1")).top() == room.place(room.pane("orderbook-1")).top()
    workspace.close_pane(room.pane("trades-1"))
    workspace.docks.dock_again("chart-1")
    workspace.docks.move("chart-1", "bottom")
    workspace.reopen()
    settle()
    assert not workspace.docks.is_floating("chart-1")
    assert room.place(room.pane("chart-1")).top() > room.place(room.pane("trades-1")).top()


@pytest.mark.usefixtures("raised_windows")
def test_a_pane_in_the_corner_is_torn_off_onto_the_screen(room: Room) -> None:
    room.window.resize(QApplication.primaryScreen().size())
    room.workspace.open_template(templates.TEMPLATES["scalping"])
    settle()
    room.workspace.docks.move("trades-1", "bottom")
    settle()
    room.workspace.docks.float_dock("trades-1")
    (window,) = room.workspace.docks.windows()
    assert QApplication.primaryScreen().availableGeometry().contains(window.geometry())


@pytest.mark.usefixtures("raised_windows")
def test_a_window_of_a_monitor_that_is_gone_comes_into_sight(room: Room) -> None:
    workspace = room.workspace
    workspace.open_template(templates.TEMPLATES["scalping"])
    workspace.docks.float_dock("trades-1")
    (window,) = workspace.docks.windows()
    window.move(9_000, 9_000)
    settle()
    record = workspace.record()
    workspace.open(record)
    settle()
    (window,) = workspace.docks.windows()
    screen = QApplication.primaryScreen().availableGeometry()
    assert screen.intersects(window.frameGeometry())


# Which pane is used.


def test_a_desk_that_opens_has_the_keyboard_in_its_first_pane(room: Room) -> None:
    workspace = room.workspace
    button = QPushButton(room.window)
    button.show()
    button.setFocus()
    workspace.open_template(templates.TEMPLATES["scalping"])
    assert workspace.active is room.pane("chart-1")
    focus = room.window.focusWidget()
    assert focus is not None
    assert workspace.active.isAncestorOf(focus) or focus is workspace.active


def test_the_tour_keeps_the_keyboard_when_a_desk_opens(room: Room) -> None:
    tour = Tour(room.window)
    room.window.activateWindow()
    tour.start([Step(lambda: None, "One", "about nothing in sight")])
    qt_until(tour.next.hasFocus)
    room.workspace.open_template(templates.TEMPLATES["scalping"])
    assert tour.next.hasFocus()


def test_the_pane_in_use_is_the_one_with_the_keyboard(room: Room) -> None:
    workspace = room.workspace
    workspace.open_template(templates.TEMPLATES["scalping"])
    settle()
    assert workspace.active is room.pane("chart-1")
    QTest.mouseClick(room.pane("trades-1").focusProxy() or room.pane("trades-1"), Qt.MouseButton.LeftButton)
    qt_until(lambda: workspace.active is room.pane("trades-1"))
    assert room.pane("trades-1").header.is_active
    assert not room.pane("chart-1").header.is_active
    workspace.step_focus(1)
    qt_until(lambda: workspace.active is room.pane("chart-1"))


def test_an_unlinked_list_changes_the_pane_that_was_used_last(room: Room) -> None:
    workspace = room.workspace
    workspace.open_template(templates.TEMPLATES["four"])
    markets = workspace.add("markets", side="left")
    settle()
    assert markets is not None
    room.pane("trades-3").setFocus()
    qt_until(lambda: workspace.active is room.pane("trades-3"))
    markets.setFocus()
    workspace.choose(markets, "KRW-SOL")
    assert {p.market for p in workspace.links.members(3)} == {"KRW-SOL"}
    assert workspace.links.markets[1] == "KRW-BTC"
    assert markets.market == "KRW-SOL"
