"""The chart as a pyqtgraph view: its ViewBox owns range and mouse, our painter paints underneath."""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QHelpEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QRegion,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

from core.state.candles import CandleSeries
from core.state.drawings import Drawing, Drawings
from core.strategy.base import Signal as Said
from widgets import format as fmt
from widgets import messages
from widgets.chart.compares import Compare
from widgets.chart.crosses import Crosses
from widgets.chart.day_lines import DayPrices
from widgets.chart.drawings_hand import DrawingHand, Held
from widgets.chart.drawings_line import DrawingLine
from widgets.chart.drawings_painter import ink
from widgets.chart.gestures import Kinetics, turn
from widgets.chart.live_button import LiveButton
from widgets.chart.model import ChartModel, Dirt
from widgets.chart.own import FillMarks, OrderMark
from widgets.chart.painter import ChartPainter
from widgets.chart.span import Span, show
from widgets.chart.studies import Study
from widgets.chart.timeline import Gaps
from widgets.chart.zone_corner import ZoneCorner
from widgets.plot.axes import AxisBox, PaneBox, RangeBox
from widgets.plot.bar_styles import Style
from widgets.plot.price_scale import PriceScale
from widgets.won import Rate

ZOOM_PER_NOTCH = 1.15
ZOOM_PER_PX = 1.005  # when an axis is dragged
KEY_PAN = 0.2  # of the bars in view
KEY_PX = 24  # by which an arrow pans, but never less than a bar
TOLD_SIGNALS = 6  # in one tooltip
EDGE_PX = 7  # by which a pane below the plot is made higher

_STEP_KEYS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.KeypadModifier


class ChartView(pg.GraphicsView):
    """Candles of one series. `box` is the ViewBox: put any pyqtgraph item on it, in bar indexes and prices.

    On a logarithmic scale it is their log10, as everywhere in pyqtgraph.
    """

    range_changed = Signal()  # other bars are in view
    moved = Signal()  # by the user; comes after `range_changed`
    running = Signal()  # what was pushed runs on: `glide` has to be called frame by frame
    pointed = Signal(object)  # the pointer is over another bar: its start, epoch ms; None: over none
    zone_clicked = Signal()  # times are wanted in the other zone
    price_pressed = Signal(float, object)  # (price, where on the screen): its menu is wanted
    axis_pressed = Signal(float)  # this price on the axis
    drawing_pressed = Signal(object, object)  # (Drawing, where on the screen): its menu is wanted
    hand_changed = Signal()  # tool, selection or what is drawn

    _is_built = False  # pyqtgraph's constructor calls our overrides already

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, background=None)
        self.model = ChartModel()
        self.painter = ChartPainter(self.model)
        # Qt's own cache of the background would be painted once and never again.
        self.setCacheMode(self.CacheModeFlag.CacheNone)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._at: QPointF | None = None  # where the pointer is, logical px
        self._pointer = Qt.CursorShape.CrossCursor
        self.viewport().setCursor(self._pointer)
        self.setAcceptDrops(False)  # a symbol dropped here is for the desk
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setMinimumSize(160, 100)
        self.box = RangeBox(self)
        self._price_axis = AxisBox(
            lambda dx, dy: self._apply(self.model.zoom_price(ZOOM_PER_PX**dy)),
            lambda notches: self._apply(self.model.zoom_price(ZOOM_PER_NOTCH**-notches)),
            self._reset_price,
            Qt.CursorShape.SizeVerCursor,
            lambda x, y: self._press_axis(y),
        )
        self._time_axis = AxisBox(
            lambda dx, dy: self._move(self.model.zoom(ZOOM_PER_PX**-dx, self.model.x1)),
            lambda notches: self._move(self.model.zoom(ZOOM_PER_NOTCH**-notches, self.model.x1)),
            lambda: self._move(self.model.reset_time()),
            Qt.CursorShape.SizeHorCursor,
        )
        self._pressed_price: float | None = None
        self._press = QTimer(self, singleShot=True)  # of a click on the price axis
        self._press.timeout.connect(self._tell_press)
        self._zone_corner = ZoneCorner(self.zone_clicked.emit)
        for item in (self.box, self._price_axis, self._time_axis, self._zone_corner):
            self.addItem(item)
        # Below the plot, over all panes there are, and the edges between them.
        self._panes = PaneBox(self)
        self.crosses = Crosses(self.viewport())
        self._edges: list[AxisBox] = []
        self.addItem(self._panes)
        self.box.sigRangeChanged.connect(self._on_box_range)
        self._is_syncing = False
        self.kinetics = Kinetics(self.running.emit)
        self.live_button = LiveButton(self.viewport())
        self.live_button.clicked.connect(self.go_live)
        self._pointed_ms: int | None = None
        self._echo_ms: int | None = None  # where the pointer is in another chart
        self.pressed_ms: int | None = None  # start of the bar whose menu was asked for last; None: of none
        self.hand = DrawingHand(self.painter.drawings.ground, self._look_at_drawings)
        self.hand.on_text, self.hand.on_full = self._write_drawing, self._say_full
        self._drawings_look: tuple[object, ...] = self.hand.look
        self._line = DrawingLine(self)
        self._exposed = QRegion()  # of the paint event at hand
        self._is_built = True

    # What the pane says.

    def show_series(self, market: str, series: CandleSeries) -> None:
        """Show another series from its newest bar on."""
        self.kinetics.stop()
        self._press.stop()
        self.painter.forget()
        self.setAccessibleName(f"{market} {series.interval.value}")
        self._apply(self.model.show(market, series))

    def sync(self) -> None:
        """Take in what the series became since the last call; nothing is painted if nothing changed."""
        self._apply(self.model.sync())

    def set_marks(self, badge: str, note: str, is_stale: bool) -> None:
        """Say what stands over the bars.

        Args:
            badge: under the market in the watermark, "DEMO".
            note: at the left end, such as "loading history".
            is_stale: the last price is not known to be the market's now.
        """
        painter = self.painter
        if (badge, note) != (painter.watermark.badge, painter.note):
            painter.watermark.badge, painter.note = badge, note
            self._apply(Dirt.ALL)
        if is_stale != painter.is_stale:
            painter.is_stale = is_stale
            self._apply(Dirt.LAST)

    def set_levels(self, levels: tuple[float, ...]) -> None:
        """Mark these prices: an alert watches each."""
        if levels != self.painter.marks.levels:
            self.painter.marks.levels = levels
            self._apply(Dirt.ALL)

    def set_marked(self, price: float | None) -> None:
        """Mark a price of the user's choice, or none."""
        if price != self.painter.marks.marked:
            self.painter.marks.marked = price
            self._apply(Dirt.ALL)

    def _press_axis(self, y: float) -> None:
        """Take the price that was clicked, unless a second click comes: that fits prices again."""
        self._pressed_price = self.price_at(y)
        if self._pressed_price is not None:
            self._press.start(QApplication.doubleClickInterval())

    def _tell_press(self) -> None:
        self.axis_pressed.emit(self._pressed_price)

    def _reset_price(self) -> None:
        self._press.stop()
        self._apply(self.model.auto_price())

    def set_signals(self, signals: tuple[Said, ...]) -> None:
        """Mark what strategies said of this market, oldest first."""
        if signals is not self.painter.marks.signals:
            self._apply(self.painter.marks.set_signals(signals))

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            self._tell_signals(event)
            return True
        if isinstance(event, QNativeGestureEvent):
            self._pinch(event)
            return True
        return bool(super().viewportEvent(event))

    def _tell_signals(self, event: QHelpEvent) -> None:
        """Say what the marks under the pointer are, or what the corner is for."""
        found = self.painter.marks.signals_at(QPointF(event.pos()))[-TOLD_SIGNALS:]
        lines = [f"{fmt.day(s.time_ms)} {fmt.clock(s.time_ms)}  {messages.signal(s)}" for s in reversed(found)]
        if why := self.painter.marks.doubt_at(event.pos().y()):
            lines.append(messages.own_in_doubt(why))
        if corner := self._zone_corner.tip_at(QPointF(event.pos())):
            lines = [corner]
        if lines:
            QToolTip.showText(event.globalPos(), "\n".join(lines), self.viewport())
        else:
            QToolTip.hideText()

    def set_own(self, orders: tuple[OrderMark, ...], fills: FillMarks, average: float, doubt: str = "") -> None:
        """Mark one's own orders, fills and the average price of what is held, 0 for none.

        Args:
            doubt: why the orders may be others by now, "" if they are not.
        """
        marks = self.painter.marks
        is_other = (orders, average, bool(doubt)) != (marks.orders, marks.average, bool(marks.doubt))
        is_other = is_other or fills is not marks.fills
        marks.orders, marks.fills, marks.average, marks.doubt = orders, fills, average, doubt
        if is_other:
            self._apply(Dirt.ALL)

    def set_day(self, prices: DayPrices | None) -> None:
        """Show the day's prices beside the last one; None shows none."""
        if prices != self.painter.day.prices:
            self.painter.day.prices = prices
            self._apply(Dirt.LAST)

    def set_rate(self, rate: Rate) -> None:
        """Say what prices are worth in KRW."""
        before, self.painter.won.rate = self.painter.won.rate, rate
        if isfinite(before.krw) != isfinite(rate.krw):  # the axis needs other room
            self._apply(Dirt.ALL)
        elif isfinite(rate.krw) and rate != before:
            self._apply(Dirt.LAST)

    def set_gaps(self, gaps: Gaps) -> None:
        """Leave out windows without trades, give them room, or show them as flat bars."""
        self._apply(self.model.set_gaps(gaps))

    def set_price_scale(self, scale: PriceScale) -> None:
        """Show prices on another scale."""
        self._apply(self.model.set_price_scale(scale))

    def set_style(self, style: Style) -> None:
        """Paint the bars in another style."""
        dirt = self.model.set_style(style)
        self._lay_out()
        self._apply(dirt)

    def set_sides(self, has_sides: bool) -> None:
        """Split volume into what aggressors bought and sold, or leave it whole."""
        self._apply(self.model.set_sides(has_sides))

    def set_compares(self, compares: tuple[Compare, ...]) -> None:
        """Show these other markets over the bars."""
        dirt = self.model.set_compares(compares)
        self._lay_out()
        self._apply(dirt)

    def set_auto(self, is_auto: bool) -> None:
        """Let prices follow the bars in view, or stay as they are."""
        if is_auto:
            self._apply(self.model.auto_price())
        else:
            self.model.is_auto = False

    def set_bar_px(self, bar_px: float) -> None:
        """Show the newest bars, of this width in logical px."""
        self._apply(self.model.reset_time(bar_px))

    def set_prices(self, market: str, low: float, high: float) -> None:
        """Show prices that were chosen by hand, those of a market not shown yet if it is the next."""
        self._apply(self.model.take_prices(market, low, high))

    def set_studies(self, studies: tuple[Study, ...]) -> None:
        """Show these indicators."""
        dirt = self.model.set_studies(studies)
        self._lay_out()
        self._apply(dirt)

    def take_values(self) -> None:
        """Show values of indicators that were worked out elsewhere."""
        self._apply(self.model.take_values())

    def _edge_drag(self, number: int) -> Callable[[float, float], None]:
        """Return what happens when the upper edge of a pane is dragged."""

        def drag(_: float, dy: float) -> None:
            if self.painter.studies.resize_pane(number, dy * self.painter.canvas.dpr, self.painter.canvas.bottom):
                self._lay_out()
                self._apply(Dirt.ALL)

        return drag

    def price_at(self, y: float) -> float | None:
        """Return the price at a height of the plot, logical px, on a step of its own; None where there is none."""
        canvas = self.painter.canvas
        if not self.model.count or not 0.0 <= y < canvas.plot_rect.height():
            return None
        return canvas.price_at(y * canvas.dpr)

    def show_moment(self, time_ms: int) -> bool:
        """Bring the bar of that moment into the middle. Return False if there is none."""
        model = self.model
        index = model.index_of(time_ms) if model.count else None
        if index is None:
            return False
        self._move(model.pan(index - (model.x0 + model.x1) / 2))
        return True

    def show_span(self, span: Span) -> None:
        """Show these moments, as another chart does."""
        self._apply(show(self.model, span))

    def show_oldest(self) -> None:
        """Move to the first bar, as if the user had: older ones are wanted."""
        self._apply(self.model.pan(-self.model.x0))

    def set_now(self, now_ms: int) -> None:
        """Count down to `now_ms`, exchange clock; only the label is painted again."""
        self.painter.now_ms = now_ms
        self._update(self.painter.touch_countdown())

    def go_live(self) -> None:
        """Move to the newest bar, and follow the market again."""
        self.kinetics.stop()
        self._move(self.model.go_live())

    # Drawings: the hand decides, this hands events on and paints what comes of them.

    def show_drawings(self, drawings: Drawings, market: str) -> None:
        """Show the drawings of a market as they are now."""
        if market != self.hand.market:
            self._line.finish()  # on the market that it is typed on
        self.hand.show(drawings, market)
        self._look_at_drawings()

    def _look_at_drawings(self) -> None:
        hand, shown = self.hand, self.painter.drawings
        if hand.look == self._drawings_look:
            return
        self._drawings_look = hand.look
        seen = (hand.seen, hand.marked, hand.selected, hand.writing)
        if seen != (shown.all, shown.marked, shown.selected, shown.writing):
            shown.all, shown.marked, shown.selected, shown.writing = seen
            self._update(self.painter.touch(Dirt.ALL))
        self._show_pointer()
        self.hand_changed.emit()

    def _show_pointer(self) -> None:
        """Let the pointer say what a press would do where it is."""
        hand, at, pointer = self.hand, self._at, Qt.CursorShape.CrossCursor
        if hand.tool is None and hand.hovered is not None:
            is_body = hand.hovered[1] == "body"
            pointer = Qt.CursorShape.PointingHandCursor if is_body else Qt.CursorShape.SizeAllCursor
        elif at is not None and not hand.is_busy:
            boxes: list[AxisBox | ZoneCorner] = [*self._edges, self._price_axis, self._time_axis, self._zone_corner]
            pointer = next((box.pointer for box in boxes if box.geometry().contains(at)), pointer)
        if pointer != self._pointer:
            self._pointer = pointer
            self.viewport().setCursor(pointer)

    def _hand_takes(self, event: QMouseEvent, gesture: Callable[[float, float], bool]) -> bool:
        """Let the hand see a gesture over the plot; return whether it is its own."""
        hand, at, dpr = self.hand, event.position(), self.painter.canvas.dpr
        is_over = self.painter.canvas.plot_rect.contains(at) or hand.is_busy
        is_taken = is_over and gesture(at.x() * dpr, at.y() * dpr)
        if is_over:
            self._look_at_drawings()
        else:
            hand.leave()
        if is_taken:
            event.accept()
        return is_taken

    def _drawing_key(self, event: QKeyEvent) -> bool:
        """Do what a key says of the drawings; return whether it was one of theirs."""
        hand, key, point = self.hand, Qt.Key(event.key()), self.painter.cursor
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        is_taken = False
        if held == Qt.KeyboardModifier.NoModifier:
            if key == Qt.Key.Key_Escape:
                is_taken = hand.cancel()
            elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
                is_taken = hand.delete()
        elif held == Qt.KeyboardModifier.ControlModifier:
            if key == Qt.Key.Key_C:
                is_taken = hand.copy()
            elif key == Qt.Key.Key_Y:
                is_taken = hand.redo()
            elif key == Qt.Key.Key_V:
                dpr = self.painter.canvas.dpr
                is_over = point is not None and self.painter.canvas.plot_rect.contains(point)
                is_taken = hand.paste((point.x() * dpr, point.y() * dpr) if point is not None and is_over else None)
        self._look_at_drawings()
        return is_taken

    def _offer_drawing(self, event: QContextMenuEvent) -> bool:
        """Ask for the menu of the drawing that was pressed; what is being drawn is given up instead."""
        hand, dpr = self.hand, self.painter.canvas.dpr
        if hand.is_busy or hand.tool is not None:
            return hand.cancel()
        if not self.painter.canvas.plot_rect.contains(QPointF(event.pos())):
            return False
        drawing = hand.at(event.pos().x() * dpr, event.pos().y() * dpr)
        if drawing is None:
            return False
        hand.select(drawing.id)
        self.drawing_pressed.emit(drawing, event.globalPos())
        return True

    def _write_drawing(self, drawing: Drawing) -> None:
        """Let the text of a drawing be typed where it stands."""
        ground, dpr = self.painter.drawings.ground(), self.painter.canvas.dpr
        if ground is None:
            self.hand.write_end(drawing, None)
            return
        x, y = ground.point(drawing.anchors[0])
        place = QPointF(x / dpr, y / dpr).toPoint()
        self._line.open_at(place, drawing.text, ink(drawing), lambda text: self.hand.write_end(drawing, text))

    def _say_full(self) -> None:
        text = self.tr("There are as many drawings on this symbol as can be.")
        QToolTip.showText(self.mapToGlobal(self.painter.canvas.plot_rect.center().toPoint()), text, self.viewport())

    # Dirt.

    def _apply(self, dirt: Dirt) -> None:
        if dirt == Dirt.NONE:
            return
        if dirt >= Dirt.RANGE:
            if self.painter.fit() == Dirt.ALL:
                self._place()
            self._give_range()
            self.live_button.place(self.painter.canvas.plot_rect, is_wanted=not self.model.is_following)
            self._place_cursor()  # the range moved below it
            self.range_changed.emit()
        self._update(self.painter.touch(dirt))
        if dirt >= Dirt.RANGE:
            self._tell_pointed()

    def _move(self, dirt: Dirt) -> None:
        """Apply what the user did to the range of bars."""
        self._apply(dirt)
        if dirt != Dirt.NONE:
            self.moved.emit()

    def _update(self, region: QRegion) -> None:
        self.viewport().update(region)

    def _give_range(self) -> None:
        model = self.model
        prices = model.unit(model.y0), model.unit(model.y1)
        self._is_syncing = True
        self.box.setRange(xRange=(model.x0, model.x1), yRange=prices, padding=0, disableAutoRange=False)
        self._is_syncing = False

    def _on_box_range(self) -> None:
        """Follow a range that an item, a link or a script gave to the ViewBox."""
        if self._is_syncing:
            return
        (x0, x1), (y0, y1) = self.box.viewRange()
        if (y0, y1) == (self.model.unit(self.model.y0), self.model.unit(self.model.y1)):
            y0, y1 = self.model.y0, self.model.y1  # there and back is not always the very same number
        else:
            y0, y1 = self.model.price_of(y0), self.model.price_of(y1)
        self._apply(self.model.set_range(x0, x1, y0, y1))

    # Gestures, RangeHost.

    def drag(self, dx: float, dy: float, is_finished: bool) -> None:
        """Pan by logical px; what is let go in full swing runs on."""
        model = self.model
        self.kinetics.move(dx)
        self._move(model.pan(-dx / model.px_per_bar, dy * (model.y1 - model.y0) / model.height))
        if is_finished:
            self.kinetics.release()

    def glide(self) -> bool:
        """Move by what the last push is worth since the last frame. Return whether there is more to come."""
        if dx := self.kinetics.step():
            model = self.model
            wanted = model.x0 - dx / model.px_per_bar
            self._move(model.pan(wanted - model.x0))
            if abs(model.x0 - wanted) * model.px_per_bar > 0.5:  # the first or the last bars hold it
                self.kinetics.stop()
        return self.kinetics.is_running

    def wheel(self, notches: float, at: QPointF) -> None:
        """Zoom at a point of the plot."""
        model = self.model
        self._move(model.zoom(ZOOM_PER_NOTCH**-notches, model.x0 + at.x() / model.px_per_bar))

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not self.painter.canvas.body_rect.contains(event.position()):
            super().wheelEvent(event)
            return
        event.accept()
        phase, (dx, dy, notches) = event.phase(), turn(event, is_auto=self.model.is_auto)
        if phase == Qt.ScrollPhase.ScrollEnd:
            self.kinetics.release()
        elif phase != Qt.ScrollPhase.ScrollUpdate:  # where the system itself runs on, ours must not
            self.kinetics.stop()
        if dx or dy:
            model = self.model
            if phase == Qt.ScrollPhase.ScrollUpdate:
                self.kinetics.move(dx)
            self._move(model.pan(-dx / model.px_per_bar, dy * (model.y1 - model.y0) / model.height))
        if notches:
            self.kinetics.stop()
            self.wheel(notches, event.position())

    def _pinch(self, event: QNativeGestureEvent) -> None:
        """Zoom by two fingers that move apart."""
        self.kinetics.stop()
        if event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture and event.value() > -1.0:
            model = self.model
            at = model.x0 + event.position().x() / model.px_per_bar
            self._move(model.zoom(1.0 / (1.0 + event.value()), at))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._at = event.position()
        self._point_at(self._at)
        is_pressed = bool(event.buttons() & Qt.MouseButton.LeftButton)
        if self._hand_takes(event, lambda x, y: self.hand.move(x, y, _held(event), is_pressed=is_pressed)):
            return
        if event.buttons() == Qt.MouseButton.NoButton:  # what is dragged keeps its own
            self._show_pointer()
        # Without items there is nothing to hover over, and pyqtgraph's search for it is not cheap.
        if event.buttons() != Qt.MouseButton.NoButton or self.box.has_items:
            super().mouseMoveEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The drawing or the price that was pressed is what the menu is about."""
        if self._offer_drawing(event):
            event.accept()
            return
        price = self.price_at(event.pos().y())
        index = self.model.index_at(self.model.x0 + event.pos().x() / self.model.px_per_bar)
        self.pressed_ms = None if index is None else int(self.model.starts[index])
        if price is not None:
            self.price_pressed.emit(price, event.globalPos())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.kinetics.stop()
        if event.button() == Qt.MouseButton.LeftButton and self._hand_takes(
            event, lambda x, y: self.hand.press(x, y, _held(event))
        ):
            return
        super().mousePressEvent(event)
        event.accept()  # whatever the scene makes of it: what stands around the chart shall not take it for a drag

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._hand_takes(
            event, lambda x, y: self.hand.release(x, y, _held(event))
        ):
            return
        super().mouseReleaseEvent(event)
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._hand_takes(event, self.hand.double_click):
            return
        super().mouseDoubleClickEvent(event)
        event.accept()

    def hideEvent(self, event: QHideEvent) -> None:
        self._press.stop()
        super().hideEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._at = None
        self._point_at(None)
        self.hand.leave()
        super().leaveEvent(event)

    def _point_at(self, point: QPointF | None) -> None:
        if point is not None and not self.painter.canvas.body_rect.contains(point):
            point = None
        if point != self.painter.cursor or self.painter.is_echo:
            self.painter.cursor, self.painter.is_echo = point, False
            self._update(self.painter.touch(Dirt.CROSSHAIR))
            self._tell_pointed()

    def _tell_pointed(self) -> None:
        """Say which bar is under the pointer, if it is another one."""
        painter, model = self.painter, self.model
        point = None if painter.is_echo else painter.cursor
        time_ms = model.time_at(model.x0 + point.x() / model.px_per_bar) if point is not None else None
        if time_ms != self._pointed_ms:
            self._pointed_ms = time_ms
            self.pointed.emit(time_ms)

    def point_at(self, time_ms: int | None) -> None:
        """Show where the pointer is in another chart: the bar of that moment, None for nowhere.

        The pointer over this chart itself goes before.
        """
        self._echo_ms = time_ms
        if self._place_cursor():
            self._update(self.painter.touch(Dirt.CROSSHAIR))

    def _place_cursor(self) -> bool:
        """Keep the crosshair under the pointer while that is over the plot or a pane, else on the moment that another
        chart points at. Return whether it is elsewhere now.
        """
        painter, model = self.painter, self.model
        if painter.cursor is not None and not painter.is_echo and painter.canvas.body_rect.contains(painter.cursor):
            return False
        point = None
        x = model.x_of(self._echo_ms) if self._echo_ms is not None and model.count else None
        if x is not None:
            point = QPointF((x - model.x0) * model.px_per_bar, 0.0)
            if not painter.canvas.plot_rect.contains(point):
                point = None
        is_other = point != painter.cursor
        painter.cursor, painter.is_echo = point, point is not None
        return is_other

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Zoom by + and -, step by arrows and pages, go to the ends by Home and End, work on drawings.

        Every other key is left to the window.
        """
        if self._drawing_key(event):
            return
        model = self.model
        span = model.x1 - model.x0
        middle = model.x0 + span / 2
        match event.key():
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self._move(model.zoom(1 / ZOOM_PER_NOTCH, middle))
            case Qt.Key.Key_Minus:
                self._move(model.zoom(ZOOM_PER_NOTCH, middle))
            case Qt.Key.Key_PageUp | Qt.Key.Key_PageDown:
                self._step(event, span * KEY_PAN)
            case Qt.Key.Key_Left | Qt.Key.Key_Right if not event.modifiers() & ~_STEP_KEYS:
                is_far = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
                self._step(event, span * KEY_PAN if is_far else max(KEY_PX / model.px_per_bar, 1.0))
            case Qt.Key.Key_Home:
                self.kinetics.stop()
                self._move(model.pan(-model.x0))
            case Qt.Key.Key_End:
                self.go_live()
            case _:
                event.ignore()

    def _step(self, event: QKeyEvent, bars: float) -> None:
        self.kinetics.stop()
        is_back = event.key() in (Qt.Key.Key_Left, Qt.Key.Key_PageUp)
        self._move(self.model.pan(-bars if is_back else bars))

    def close(self) -> bool:
        """Close as any widget does: pyqtgraph's way takes the scene apart and crashes on the viewport it took away."""
        return bool(QWidget.close(self))

    # Painting.

    def still(self) -> QPixmap:
        """Return the chart as it is on the screen, device px, without crosshair and buttons."""
        painter, port, dpr = self.painter, self.viewport(), self.devicePixelRatioF()
        kept = painter.cursor, painter.is_echo
        painter.cursor = None
        painter.touch(Dirt.CROSSHAIR)
        made = QPixmap(round(port.width() * dpr), round(port.height() * dpr))
        made.setDevicePixelRatio(dpr)
        port.render(made, QPoint(), QRegion(), QWidget.RenderFlag.DrawWindowBackground)
        painter.cursor, painter.is_echo = kept
        painter.touch(Dirt.CROSSHAIR)
        return made

    def paintEvent(self, event: QPaintEvent) -> None:
        self._exposed = event.region()
        if self.box.has_items:
            super().paintEvent(event)
            return
        painter = QPainter(self.viewport())
        self.painter.paint(painter, self._exposed)
        self.painter.paint_cursor(painter, self._exposed)
        painter.end()

    def drawBackground(self, painter: QPainter, rect: QRectF) -> None:
        self.painter.paint(painter, self._exposed)

    def drawForeground(self, painter: QPainter, rect: QRectF) -> None:
        self.painter.paint_cursor(painter, self._exposed)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        if event is None or not self._is_built:
            return
        self._fill()

    def _fill(self) -> None:
        """Take the widget's size, screen and theme."""
        self.painter.resize(self.width(), self.height(), self.devicePixelRatioF())
        self._place()
        self._apply(Dirt.ALL)

    def _lay_out(self) -> None:
        """Place everything anew: other things are shown, or texts are in another language."""
        self.painter.lay_out()
        self._place()

    def _place(self) -> None:
        """Put the items where the painter has plot and axes."""
        painter = self.painter
        plot, body, width, height = (
            painter.canvas.plot_rect,
            painter.canvas.body_rect,
            float(self.width()),
            float(self.height()),
        )
        self._is_syncing = True
        self.box.setGeometry(plot)
        self._is_syncing = False
        self._price_axis.place(QRectF(plot.right(), 0, width - plot.right(), plot.height()))
        self._zone_corner.place(QRectF(plot.right(), body.bottom(), width - plot.right(), height - body.bottom()))
        self._time_axis.place(QRectF(0, body.bottom(), plot.width(), height - body.bottom()))
        self._panes.setGeometry(QRectF(0, plot.bottom(), plot.width(), body.bottom() - plot.bottom()))
        self._place_edges([top / painter.canvas.dpr for top in painter.studies.edges()], width)
        boxes = [(line.compare.market, painter.canvas.logical(line.cross)) for line in painter.legend.lines]
        self.crosses.place(boxes)

    def _place_edges(self, tops: list[float], width: float) -> None:
        while len(self._edges) > len(tops):
            self.scene().removeItem(self._edges.pop())
        while len(self._edges) < len(tops):
            edge = AxisBox(self._edge_drag(len(self._edges)), lambda _: None, lambda: None, Qt.CursorShape.SplitVCursor)
            edge.setZValue(1)
            self._edges.append(edge)
            self.addItem(edge)
        for edge, top in zip(self._edges, tops, strict=True):
            edge.place(QRectF(0, top - EDGE_PX // 2, width, EDGE_PX))

    def changeEvent(self, event: QEvent) -> None:
        if self._is_built and event.type() in {QEvent.Type.DevicePixelRatioChange, QEvent.Type.PaletteChange}:
            self._fill()
        elif self._is_built and event.type() == QEvent.Type.LanguageChange:
            self._lay_out()
            self._apply(Dirt.ALL)
        super().changeEvent(event)


def _held(event: QMouseEvent) -> Held:
    keys = event.modifiers()
    return Held(bool(keys & Qt.KeyboardModifier.ShiftModifier), bool(keys & Qt.KeyboardModifier.ControlModifier))
