"""Brings the trades that deltas and profiles of a chart are made of: a few by itself, many when the user agrees."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple

from PySide6.QtCore import QCoreApplication, QRect, Qt, Signal
from PySide6.QtWidgets import QMessageBox, QToolButton, QWidget

from core.calc.delta import ends_of
from core.feed.feed import Feed
from core.market import MINUTE_MS
from core.state.flow import FREE_CALLS
from widgets import theme
from widgets.chart.model import ChartModel
from widgets.plot import texts

SETTLED_S = 1.0  # so long a chart stands still before anything is asked for: who spins through symbols wants nothing
CALLS_PER_S = 8.0  # about; ten are allowed, and others want some
_SPARE = 1.2  # calls that are agreed to, of those that are guessed
_PAD_PX = 8

Stage = Literal["none", "waiting", "offer", "loading", "full"]


class State(NamedTuple):
    """What there is to say about trades in view."""

    stage: Stage = "none"
    calls: int = 0  # offered, or the most that are made
    done: int = 0


class TradesInView:
    """Looks after the trades of the bars in view of one chart.

    Args:
        market: returns the chart's.
        now_ms: returns the exchange's clock, epoch ms.
    """

    def __init__(
        self, feed: Feed, model: ChartModel, market: Callable[[], str], now_ms: Callable[[], int], parent: QWidget
    ) -> None:
        self._feed, self._model, self._market, self._now_ms, self._parent = feed, model, market, now_ms, parent
        self.question: QMessageBox | None = None
        self._agreed: tuple[str, tuple[int, int], int] | None = None  # market, range and calls, not asked for yet
        self._calls = 0
        self._calls_of: object = None

    def follow(self) -> None:
        """Give the chart the trades there are, if it needs any."""
        market, needs = self._market(), self._model.needs_trades
        self._model.follow(self._feed.store.flow(market) if needs and market else None)

    def state(self) -> State:
        """Return what there is to say."""
        flow = self._model.flows.flow
        if flow is None:
            return State()
        if flow.load is not None:
            return State("loading", flow.load.most, flow.load.done)
        calls = self._missing()
        if not calls:
            return State()
        if not flow.room:
            return State("full")
        if not self._feed.store.tape(self._market()).is_joined:  # nothing is loaded before that
            return State("waiting")
        return State("offer", min(calls if calls <= 2 else round(calls * _SPARE), flow.room))

    def _missing(self) -> int:
        """Return about how many calls are missing; worked out anew where the view or what is known changed."""
        model, flow, now_ms = self._model, self._model.flows.flow, self._now_ms()
        of = (flow, flow and flow.history_version, model.series, model.shown, now_ms // MINUTE_MS)
        if of != self._calls_of:
            self._calls_of, self._calls = of, model.calls(now_ms)
        return self._calls

    def look(self) -> None:
        """Load what is missing as far as nobody has to be asked, or has agreed; call it while the view stands still."""
        flow, (stage, calls, _) = self._model.flows.flow, self.state()
        if self._agreed is not None and stage != "waiting":
            (market, view, most), self._agreed = self._agreed, None
            if market == self._market():
                self._feed.want_flow(market, *view, most, is_asked=True)
                return
        if flow is None or stage != "offer":
            return
        # A bar of which a part is missing says nothing: what would not complete one is not asked for.
        if 0 < self._model.calls_of_newest(self._now_ms()) <= flow.free_calls:
            self._want(min(calls, flow.free_calls), is_asked=False)

    def ask(self) -> None:
        """The user wants all trades in view: load them, after a question where that takes many calls; or stop it."""
        stage, calls, _ = self.state()
        if stage == "loading":
            self._feed.stop_flow(self._market())
        elif stage == "offer" and calls <= FREE_CALLS:
            self._want(calls, is_asked=True)
        elif stage == "offer":
            self._confirm(calls)

    def _confirm(self, calls: int) -> None:
        self.question = box = QMessageBox(
            QMessageBox.Icon.Question,
            QCoreApplication.translate("TradesInView", "Load trades"),
            QCoreApplication.translate(
                "TradesInView",
                "The trades of the visible range take up to {calls} requests to the exchange, at least {seconds} s."
                " Load them?",
            ).format(calls=calls, seconds=max(round(calls / CALLS_PER_S), 1)),
            parent=self._parent,
        )
        load = box.addButton(QCoreApplication.translate("TradesInView", "Load"), QMessageBox.ButtonRole.AcceptRole)
        box.addButton(QCoreApplication.translate("TradesInView", "Cancel"), QMessageBox.ButtonRole.RejectRole)
        market = self._market()
        view = self._range()

        def answer() -> None:
            self.question = None
            if box.clickedButton() is load:
                self._agreed = market, view, calls
                self.look()

        box.finished.connect(answer)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()

    def _range(self) -> tuple[int, int]:
        model = self._model
        begin, end = model.shown
        assert model.series is not None
        last = ends_of(model.starts[end - 1 : end], model.series.interval)
        return int(model.starts[begin]), min(int(last[0]), self._now_ms()) - 1

    def _want(self, calls: int, *, is_asked: bool) -> None:
        self._feed.want_flow(self._market(), *self._range(), calls, is_asked=is_asked)


class LoadButton(QToolButton):
    """Offers to load trades, and says how far that is; stands in the pane of an indicator that lacks them."""

    wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.shown_state: State | None = None
        self._of: object = None
        self.clicked.connect(self.wanted)
        self.hide()

    def show_state(self, state: State, room: QRect, legend: int) -> None:
        """Say what there is; nothing is shown where there is nothing to say.

        Args:
            room: where it may stand, px: at the right, below the read-out where both do not fit beside each other.
            legend: x where the read-out ends.
        """
        if state.stage == "none":
            self.hide()
            self.shown_state = state
            return
        font = theme.font(theme.SMALL)
        words = [(text, round(texts.width(font, text)) + 2 * _PAD_PX + 6) for text in load_texts(state)]
        wide = room.right() + 1 - legend
        text, width = next((word for word in words if word[1] < wide), words[-1])
        width = min(width, room.width())
        top = room.top() if width < wide else room.bottom() + 1 - theme.ROW_HEIGHT
        key = (state, text, room.right(), top, width, theme.version)
        if key == self._of and not self.isHidden():
            return
        self._of, self.shown_state = key, state
        color = theme.colors
        self.setFont(font)
        self.setStyleSheet(
            f"QToolButton {{ background: {color.raised.name()}; color: {color.text.name()};"
            f" border: 1px solid {color.border.name()}; border-radius: 3px; padding: 0 {_PAD_PX}px; }}"
            f"QToolButton:hover {{ border-color: {color.accent.name()}; }}"
            f"QToolButton:focus {{ border-color: {color.accent.name()}; }}"
            f"QToolButton:disabled {{ color: {color.muted.name()}; }}"
        )
        self.setText(text)
        self.setAccessibleName(text)
        self.setEnabled(state.stage in ("offer", "loading"))
        self.setGeometry(room.right() + 1 - width, top, width, theme.ROW_HEIGHT)
        self.show()


def load_texts(state: State) -> tuple[str, ...]:
    """Return what can be done about trades that are missing, at length and in short; "" for nothing."""
    match state.stage:
        case "offer":
            texts_ = (
                QCoreApplication.translate("TradesInView", "Load trades of the visible range ({calls} requests)"),
                QCoreApplication.translate("TradesInView", "Load trades ({calls} requests)"),
            )
        case "loading":
            texts_ = (
                QCoreApplication.translate("TradesInView", "Loading trades: {done} of {calls} requests. Stop"),
                QCoreApplication.translate("TradesInView", "{done} of {calls} requests. Stop"),
            )
        case "waiting":
            texts_ = (QCoreApplication.translate("TradesInView", "Waiting for the newest trades"),) * 2
        case "full":
            texts_ = (QCoreApplication.translate("TradesInView", "No room for older trades"),) * 2
        case _:
            return ("",)
    return tuple(text.format(calls=state.calls, done=state.done) for text in texts_)
