"""How a chart feels: wheel, touchpad, pinch, what runs on when it is let go, the way back to the newest bar."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QInputDevice, QNativeGestureEvent, QPointingDevice, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.feed.feed import Feed
from core.market import Interval
from tests.waiting import qt_until
from tests.widgets.chart.bars import MARKET, PRICE, rows, series_of, trade, walk
from widgets.chart.gestures import PAN_PX, ZOOM_PX
from widgets.chart.model import BAR_PX
from widgets.chart.pane import ChartPane
from widgets.chart.view import ChartView
from widgets.frame import FrameClock

LEFT = Qt.MouseButton.LeftButton
PLAIN, CTRL, SHIFT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
)
NO_PHASE, BEGIN, UPDATE, END, RUN_ON = (
    Qt.ScrollPhase.NoScrollPhase,
    Qt.ScrollPhase.ScrollBegin,
    Qt.ScrollPhase.ScrollUpdate,
    Qt.ScrollPhase.ScrollEnd,
    Qt.ScrollPhase.ScrollMomentum,
)


def device(kind: QInputDevice.DeviceType) -> QPointingDevice:
    """Return an input device as a system would name it."""
    is_pad = kind == QInputDevice.DeviceType.TouchPad
    pointer = QPointingDevice.PointerType.Finger if is_pad else QPointingDevice.PointerType.Generic
    able = QInputDevice.Capability.Position | QInputDevice.Capability.Scroll | QInputDevice.Capability.PixelScroll
    return QPointingDevice(kind.name, 7, kind, pointer, able, 5, 3)


class Hand:
    """A user of one chart pane, with a clock that he moves."""

    def __init__(self, qtbot: QtBot) -> None:
        self.now = 100.0
        self.feed = Feed(lambda: self.now)
        self.frames = FrameClock()
        self.pane = ChartPane(self.feed, self.frames)
        qtbot.addWidget(self.pane)
        self.view: ChartView = self.pane.view
        self.view.kinetics.clock = lambda: self.now
        self.model = self.view.model
        self.mouse = QPointingDevice.primaryPointingDevice()
        self.pad = device(QInputDevice.DeviceType.TouchPad)
        self.pane.resize(960, 560)
        self.pane.show()
        qtbot.waitExposed(self.pane)
        self.feed.store.candles(MARKET, Interval.M1).merge(rows(3_000))
        self.feed.store.candles(MARKET, Interval.M1).is_complete = True
        self.pane.bind(MARKET)
        self.now += 10.0  # else the pane looks every frame whether it has begun to take long
        self.frames.flush(self.pane)
        qt_until(lambda: not self.is_ticking)

    @property
    def is_ticking(self) -> bool:
        return self.frames._timer.isActive()

    @property
    def range(self) -> tuple[float, float]:
        return self.model.x0, self.model.x1

    @property
    def span(self) -> float:
        return self.model.x1 - self.model.x0

    def send(self, event: QEvent) -> None:
        QApplication.sendEvent(self.view.viewport(), event)
        QApplication.processEvents()

    def turn(
        self,
        px: tuple[int, int] = (0, 0),
        angle: tuple[int, int] = (0, 0),
        *,
        keys: Qt.KeyboardModifier = PLAIN,
        phase: Qt.ScrollPhase = NO_PHASE,
        by: QPointingDevice | None = None,
        at: tuple[int, int] = (300, 200),
    ) -> None:
        """Turn a wheel or move two fingers."""
        point = QPointF(*at)
        glob = QPointF(self.view.viewport().mapToGlobal(point.toPoint()))
        how = Qt.MouseEventSource.MouseEventNotSynthesized
        none = Qt.MouseButton.NoButton
        self.send(
            QWheelEvent(point, glob, QPoint(*px), QPoint(*angle), none, keys, phase, False, how, by or self.mouse)
        )

    def pinch(self, value: float, x: int) -> None:
        """Move two fingers apart by a share, or together."""
        point, kind = QPointF(x, 200), Qt.NativeGestureType.ZoomNativeGesture
        glob = QPointF(self.view.viewport().mapToGlobal(point.toPoint()))
        self.send(QNativeGestureEvent(kind, self.pad, 2, point, point, glob, value, QPointF()))

    def throw(self, dx: int, *, steps: int = 10, pause_s: float = 0.0) -> None:
        """Drag with the left button, 10 ms a step, and let go."""
        port, at = self.view.viewport(), QPoint(400, 200)
        QTest.mouseMove(port, at)
        QTest.mousePress(port, LEFT, pos=at)
        for _ in range(steps):
            self.now += 0.01
            at += QPoint(dx // steps, 0)
            QTest.mouseMove(port, at)
            QApplication.processEvents()
        self.now += pause_s
        QTest.mouseRelease(port, LEFT, pos=at)

    def run(self) -> list[float]:
        """Let frames go by until nothing moves any more; return where the right edge was in each."""
        seen = []

        def frame() -> None:
            seen.append(self.model.x1)
            self.now += 0.016

        self.frames.on_frame = frame
        qt_until(lambda: not self.is_ticking)
        self.frames.on_frame = None
        return seen


@pytest.fixture
def hand(qtbot: QtBot) -> Iterator[Hand]:
    made = Hand(qtbot)
    yield made
    made.pane.release()


# The wheel.


def test_shift_and_wheel_pans_and_so_does_a_wheel_turned_aside(hand: Hand) -> None:
    x0, span = hand.model.x0, hand.span
    hand.turn(angle=(0, 120), keys=SHIFT)
    assert hand.model.x0 == pytest.approx(x0 - PAN_PX / BAR_PX), "up is back in time"
    hand.turn(angle=(-120, 0), keys=SHIFT)
    assert hand.model.x0 == pytest.approx(x0), "where the system turns the wheel aside by itself"
    hand.turn(angle=(240, 0))
    assert hand.model.x0 == pytest.approx(x0 - 2 * PAN_PX / BAR_PX)
    assert hand.span == pytest.approx(span)


@pytest.mark.parametrize("keys", [PLAIN, CTRL, CTRL | SHIFT])
def test_the_wheel_zooms_at_the_pointer(hand: Hand, keys: Qt.KeyboardModifier) -> None:
    bar, span = hand.model.x0 + 300 / hand.model.px_per_bar, hand.span
    hand.turn(angle=(0, 240), keys=keys)
    assert hand.span == pytest.approx(span / 1.15**2)
    assert hand.model.x0 + 300 / hand.model.px_per_bar == pytest.approx(bar)


def test_a_wheel_that_counts_px_under_x11_is_still_a_wheel(hand: Hand) -> None:
    span = hand.span
    hand.turn((0, 120), (0, 120))
    assert hand.span == pytest.approx(span / 1.15)


def test_half_a_notch_is_half_of_it(hand: Hand) -> None:
    span = hand.span
    for _ in range(8):
        hand.turn(angle=(0, 15))
    assert hand.span == pytest.approx(span / 1.15)


# The touchpad.


def test_two_fingers_pan_in_both_directions_where_prices_are_scaled_by_hand(hand: Hand) -> None:
    model = hand.model
    model.zoom_price(1.5)
    x0, y0, span = model.x0, model.y0, hand.span
    per_px = (model.y1 - model.y0) / model.height
    hand.turn((40, -30), (20, -15), by=hand.pad)
    assert model.x0 == pytest.approx(x0 - 40 / BAR_PX)
    assert model.y0 == pytest.approx(y0 - 30 * per_px)
    assert hand.span == pytest.approx(span)


def test_two_fingers_pan_in_time_where_prices_fit_themselves_and_zoom_upright(hand: Hand) -> None:
    model = hand.model
    x0, span = model.x0, hand.span
    hand.turn((40, -30), by=hand.pad)
    assert (model.x0, hand.span) == pytest.approx((x0 - 40 / BAR_PX, span))
    assert model.is_auto
    hand.turn((2, 40), by=hand.pad)
    assert hand.span == pytest.approx(span / 1.15 ** (40 / ZOOM_PX))


def test_two_fingers_zoom_with_ctrl(hand: Hand) -> None:
    hand.model.zoom_price(1.5)
    span = hand.span
    hand.turn((5, 80), keys=CTRL, phase=UPDATE)
    assert hand.span == pytest.approx(span / 1.15 ** (80 / ZOOM_PX))


def test_a_pinch_zooms_where_the_fingers_are(hand: Hand) -> None:
    model = hand.model
    bar, span = model.x0 + 500 / model.px_per_bar, hand.span
    hand.pinch(0.25, 500)
    assert hand.span == pytest.approx(span / 1.25)
    assert model.x0 + 500 / model.px_per_bar == pytest.approx(bar)
    hand.pinch(-0.2, 500)
    assert hand.span == pytest.approx(span)
    hand.pinch(-1.0, 500)
    assert hand.span == pytest.approx(span), "no zoom is infinite"


def test_fingers_that_are_lifted_in_full_swing_let_it_run_on_unless_the_system_does(hand: Hand) -> None:
    def swipe() -> None:
        hand.turn(phase=BEGIN)
        for _ in range(8):
            hand.now += 0.01
            hand.turn((25, 0), phase=UPDATE)
        hand.turn(phase=END)

    swipe()
    assert hand.view.kinetics.is_running
    x1 = hand.model.x1
    hand.run()
    assert hand.model.x1 < x1 - 10
    swipe()
    hand.turn((24, 0), phase=RUN_ON)
    assert not hand.view.kinetics.is_running


# What runs on.


def test_a_thrown_chart_runs_on_slows_down_and_stands_with_no_timer_left(hand: Hand) -> None:
    hand.throw(200)
    assert hand.view.kinetics.is_running
    before = hand.model.x1
    seen = hand.run()
    steps = [a - b for a, b in pairwise([before, *seen])]
    assert sum(steps) * BAR_PX > 300, "2,000 px/s run some 600 px"
    assert all(b <= a + 1e-6 for a, b in pairwise(steps[1:])), "slower and slower"
    assert not hand.view.kinetics.is_running
    assert not hand.is_ticking


def test_a_chart_that_was_moved_slowly_or_held_stands(hand: Hand) -> None:
    hand.throw(200, pause_s=0.2)
    assert not hand.view.kinetics.is_running
    x1 = hand.model.x1
    hand.run()
    assert hand.model.x1 == x1
    hand.throw(10)
    assert not hand.view.kinetics.is_running


def test_a_press_stops_it_and_so_do_wheel_key_and_another_market(hand: Hand) -> None:
    port = hand.view.viewport()
    stops = (
        lambda: QTest.mouseClick(port, LEFT, pos=QPoint(100, 100)),
        lambda: hand.turn(angle=(0, 120)),
        lambda: hand.pinch(0.1, 100),
        lambda: QTest.keyClick(hand.view, Qt.Key.Key_End),
        lambda: QTest.keyClick(hand.view, Qt.Key.Key_Left),
        lambda: hand.view.show_series("KRW-ETH", walk(500)),
    )
    for stop in stops:
        hand.throw(200)
        assert hand.view.kinetics.is_running
        stop()
        assert not hand.view.kinetics.is_running
        hand.run()


def test_it_ends_at_the_edge(hand: Hand) -> None:
    hand.throw(-300)
    assert hand.view.kinetics.is_running
    hand.run()
    most = hand.model.x1
    hand.view.drag(-5_000, 0, False)
    assert hand.model.x1 == pytest.approx(most), "as far as it goes"
    hand.throw(-300)
    seen = hand.run()
    assert len(seen) <= 3, "it does not push against the edge"


def test_without_motion_what_is_let_go_stands(hand: Hand) -> None:
    hand.pane.set_kinetic(False)
    hand.throw(200)
    assert not hand.view.kinetics.is_running
    hand.pane.set_kinetic(True)
    hand.throw(200)
    assert hand.view.kinetics.is_running
    hand.pane.set_kinetic(False)
    assert not hand.view.kinetics.is_running


def test_a_chart_that_is_hidden_while_it_runs_stands_when_it_is_shown(hand: Hand) -> None:
    hand.throw(200)
    hand.pane.hide()
    qt_until(lambda: not hand.is_ticking)
    hand.now += 5.0
    x1 = hand.model.x1
    hand.pane.show()
    hand.run()
    assert hand.model.x1 == x1
    assert not hand.view.kinetics.is_running


# Keys and the way back.


def test_arrows_step_and_home_and_end_go_to_the_ends(hand: Hand) -> None:
    model, (x0, _), span = hand.model, hand.range, hand.span
    QTest.keyClick(hand.view, Qt.Key.Key_Left)
    assert model.x0 == pytest.approx(x0 - 3), "24 px"
    QTest.keyClick(hand.view, Qt.Key.Key_Right)
    assert model.x0 == pytest.approx(x0)
    QTest.keyClick(hand.view, Qt.Key.Key_Left, CTRL)
    assert model.x0 == pytest.approx(x0 - 0.2 * span)
    QTest.keyClick(hand.view, Qt.Key.Key_Home)
    assert model.x0 == pytest.approx(0.0)
    QTest.keyClick(hand.view, Qt.Key.Key_End)
    assert hand.range == pytest.approx((x0, x0 + span))


def test_wide_bars_are_stepped_one_by_one(hand: Hand) -> None:
    hand.model.zoom(0.08, hand.model.x1)
    x0 = hand.model.x0
    QTest.keyClick(hand.view, Qt.Key.Key_Left)
    assert hand.model.x0 == pytest.approx(x0 - 1.0)


def test_up_and_down_still_step_through_the_markets(hand: Hand) -> None:
    steps: list[int] = []
    hand.pane.step_wanted.connect(lambda _pane, by: steps.append(by))
    QTest.keyClick(hand.view, Qt.Key.Key_Down)
    QTest.keyClick(hand.view, Qt.Key.Key_Up)
    assert steps == [1, -1]


def test_the_button_is_there_while_the_newest_bar_is_out_of_sight_and_leads_back(hand: Hand) -> None:
    button, home = hand.view.live_button, hand.range
    assert not button.isVisible()
    hand.view.drag(900, 0, False)
    assert button.isVisible()
    plot = hand.view.painter.canvas.plot_rect
    assert plot.contains(button.geometry().toRectF())
    assert button.geometry().right() > plot.right() - 16
    QTest.mouseClick(button, LEFT)
    assert hand.range == pytest.approx(home)
    assert not button.isVisible()
    series = hand.feed.store.candles(MARKET, Interval.M1)
    series.fold_trade(trade(series, PRICE, bars_on=1))
    hand.view.sync()
    assert hand.range == pytest.approx((home[0] + 1, home[1] + 1)), "it follows again"


def test_the_button_goes_where_it_would_hide_the_chart(hand: Hand) -> None:
    hand.view.drag(900, 0, False)
    hand.pane.resize(170, 560)
    QApplication.processEvents()
    assert not hand.view.live_button.isVisible()
    hand.pane.resize(960, 560)
    QApplication.processEvents()
    assert hand.view.live_button.isVisible()


# The crosshair.


def test_the_bar_under_a_pointer_that_rests_is_told_when_the_chart_moves_below_it(hand: Hand) -> None:
    told: list[object] = []
    QTest.mouseMove(hand.view.viewport(), QPoint(300, 200))
    QApplication.processEvents()
    hand.pane.pointed.connect(told.append)
    QTest.mouseMove(hand.view.viewport(), QPoint(400, 200))
    QApplication.processEvents()
    starts, bar = hand.model.starts, hand.model.index_at(hand.model.x0 + 400 / BAR_PX)
    assert bar is not None
    assert told == [starts[bar]]
    hand.turn(angle=(0, 120), keys=SHIFT)
    assert told[1:] == [starts[bar - 10]]


def test_a_chart_that_shrinks_away_from_the_pointer_has_no_crosshair(hand: Hand) -> None:
    told: list[object] = []
    QTest.mouseMove(hand.view.viewport(), QPoint(300, 200))
    QTest.mouseMove(hand.view.viewport(), QPoint(600, 200))
    QApplication.processEvents()
    hand.pane.pointed.connect(told.append)
    assert hand.view.painter.cursor is not None
    hand.pane.resize(500, 560)
    QApplication.processEvents()
    assert hand.view.painter.cursor is None
    assert told == [None]


def test_a_linked_crosshair_stays_on_its_moment_when_the_chart_moves(qtbot: QtBot) -> None:
    view = ChartView()
    qtbot.addWidget(view)
    view.resize(800, 500)
    view.show()
    qtbot.waitExposed(view)
    series = series_of(rows(500))
    view.show_series(MARKET, series)
    view.point_at(int(series.start_ms[470]))
    assert view._pointed_ms is None

    def place() -> float:
        assert view.painter.cursor is not None
        return view.model.x0 + view.painter.cursor.x() / view.model.px_per_bar

    for _ in range(3):
        assert place() == pytest.approx(470)
        view.drag(33, 0, False)
    series.fold_trade(trade(series, PRICE, bars_on=2))
    view.sync()
    assert place() == pytest.approx(470)
    view.drag(2_000, 0, False)
    assert view.painter.cursor is None, "out of sight"
    view.go_live()
    assert place() == pytest.approx(470)
    view.point_at(None)
    assert view.painter.cursor is None


def test_a_linked_crosshair_in_the_time_to_come_stands_right_of_the_last_bar(qtbot: QtBot) -> None:
    view = ChartView()
    qtbot.addWidget(view)
    view.resize(800, 500)
    view.show()
    qtbot.waitExposed(view)
    series = walk(500)
    view.show_series(MARKET, series)
    view.point_at(series.last_ms + 3 * series.interval.length_ms + 1)
    assert view.painter.cursor is not None
    assert view.model.x0 + view.painter.cursor.x() / view.model.px_per_bar == pytest.approx(502)
