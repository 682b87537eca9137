"""The chart pane: joins the store's candles to the view and asks for more of them."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtWidgets import QWidget

from core.calc.indicators import KINDS, Indicator, Values
from core.feed.feed import Feed
from core.feed.health import StreamState
from core.market import TICKER, TRADE, Interval, Stream, base_of
from widgets.chart.interval_bar import IntervalBar
from widgets.chart.own import NO_FILLS, average, fill_marks, order_marks
from widgets.chart.own_study import PREFIX, Source
from widgets.chart.studies import MOST, Study, make, restore
from widgets.chart.study_form import StudyForm
from widgets.chart.study_menu import StudyMenu
from widgets.chart.trades_in_view import SETTLED_S, LoadButton, TradesInView, load_texts
from widgets.chart.view import ChartView
from widgets.frame import FrameClock
from widgets.pane import Pane

LOAD_GAP_PX = 4  # around the button that loads trades
SEEK_S = 15.0  # so long older candles are asked for to reach a moment


class ChartPane(Pane):
    """Candles of one market and interval."""

    kind = "chart"

    interval_chosen = Signal(Interval)  # by the user, here
    alert_wanted = Signal(object, float, object)  # (this pane, price, where on the screen): its menu
    pointed = Signal(object)  # the pointer is over the bar of this moment, epoch ms; None: over none

    def __init__(self, feed: Feed, frames: FrameClock, parent: QWidget | None = None) -> None:
        super().__init__(feed, frames, parent)
        self.interval = Interval.M1
        self.has_own = True  # own orders and fills are marked
        self._own_of: tuple[object, ...] = ()  # what the marks were made from
        self._fills = NO_FILLS
        self._fills_of: tuple[object, ...] = ()
        self._own_studies: Source | None = None
        self._kept_studies: list[Any] = []  # as the desk has them, of kinds that nobody knows now
        self._moment: tuple[str, int, float] | None = None  # market, time to be shown (epoch ms), until when
        self.bar = IntervalBar(self)
        self.bar.interval_chosen.connect(self.choose_interval)
        self.view = ChartView(self)
        self.view.range_changed.connect(self._want_history)
        self.view.pointed.connect(self.pointed)
        self.view.price_pressed.connect(lambda price, at: self.alert_wanted.emit(self, price, at))
        self.trades = TradesInView(feed, self.view.model, lambda: self.market, self._exchange_ms, self)
        self.load_button = LoadButton(self.view)
        self.load_button.wanted.connect(self._load_trades)
        self.view.range_changed.connect(self._show_load)
        self.menu = StudyMenu(
            lambda: self.studies,
            lambda: list(self._kinds),
            self._problems,
            lambda: load_texts(self.trades.state())[0],
            self,
        )
        self.menu.load_wanted.connect(self._load_trades)
        self.menu.added.connect(self.add_study)
        self.menu.settings_wanted.connect(self.open_settings)
        self.menu.hidden.connect(self._hide_study)
        self.menu.removed.connect(self.remove_study)
        self.menu.reload_wanted.connect(self._reload_own)
        self.bar.indicators.setMenu(self.menu)
        self.setFocusProxy(self.view)
        self.body.addWidget(self.bar)
        self.body.addWidget(self.view, 1)

    # Indicators.

    @property
    def studies(self) -> tuple[Study, ...]:
        """The indicators on this chart."""
        return self.view.model.studies.all

    @property
    def _kinds(self) -> dict[str, Callable[[Values], Indicator]]:
        return {**KINDS, **(self._own_studies.kinds if self._own_studies else {})}

    def _problems(self) -> Mapping[str, str] | None:
        return None if self._own_studies is None else self._own_studies.problems

    def offer_own(self, source: Source) -> None:
        """Offer the user's own indicators; again when there are others."""
        self._own_studies = source
        if self._kept_studies or any(s.kind.startswith(PREFIX) for s in self.studies):
            self._restore_studies([*(s.save() for s in self.studies), *self._kept_studies])

    def _reload_own(self) -> None:
        if self._own_studies is not None:
            self._own_studies.reload()

    def take_values(self) -> None:
        """Show what was worked out of the user's own indicators."""
        if any(s.kind.startswith(PREFIX) for s in self.studies):
            self.view.take_values()

    def _restore_studies(self, kept: object) -> None:
        """Show what can be shown of what the desk kept, and keep the rest: a file may be mended."""
        kinds, studies = self._kinds, restore(kept, self._kinds)
        self._kept_studies = [
            one
            for one in (kept if isinstance(kept, list) else [])[:MOST]
            if isinstance(one, dict) and str(one.get("kind")).startswith(PREFIX) and one["kind"] not in kinds
        ]
        if studies or self.studies:
            self.view.set_studies(tuple(studies))

    def add_study(self, kind: str, values: Values | None = None) -> None:
        """Show one more indicator, unless there are too many already."""
        if len(self.studies) >= MOST:
            return
        if kind == "anchored_vwap" and values is None:
            model = self.view.model
            begin = model.shown[0]
            values = {"anchor_ms": int(model.starts[begin]) if begin < model.count else 0}
        self.view.set_studies((*self.studies, make(kind, values or {}, self.studies, self._kinds)))

    def anchor_vwap(self) -> None:
        """Show the volume-weighted average from the bar on that was pressed last."""
        if self.view.pressed_ms is not None:
            self.add_study("anchored_vwap", {"anchor_ms": self.view.pressed_ms})

    def open_settings(self, study: Study) -> None:
        """Let the user change an indicator."""
        form = StudyForm(study, self)
        form.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        form.chosen.connect(lambda values, colors: self._put(study, self._changed(study, values, colors)))
        form.open()

    def _changed(self, study: Study, values: Values, colors: list[str]) -> Study:
        kinds = self._kinds
        return study.changed(values, colors, kinds) if study.kind in kinds else study

    def remove_study(self, study: Study) -> None:
        """Show an indicator no more."""
        self.view.set_studies(tuple(s for s in self.studies if s is not study))

    def _hide_study(self, study: Study, is_hidden: bool) -> None:
        study.is_hidden = is_hidden
        self.view.set_studies(self.studies)

    def _put(self, old: Study, new: Study) -> None:
        """Show `new` where `old` was, if that is still there."""
        self.view.set_studies(tuple(new if s is old else s for s in self.studies))

    def streams(self, market: str) -> set[Stream]:
        wanted = {Stream(TICKER, market), Stream(TRADE, market)}
        if self.interval.channel:
            wanted.add(Stream(self.interval.channel, market))
        return wanted

    def choose_interval(self, interval: Interval) -> None:
        """The user wants candles of another length here."""
        self.set_interval(interval)
        self.interval_chosen.emit(interval)

    def point_at(self, time_ms: int | None) -> None:
        """Show where the pointer is in a linked chart."""
        self.view.point_at(time_ms)

    def show_moment(self, time_ms: int) -> None:
        """Bring that moment into sight as soon as its candles are there; older ones are asked for, for a while."""
        self._moment = self.market, time_ms, self.feed.now() + SEEK_S
        self.frames.mark(self)

    def _seek(self) -> None:
        if self._moment is None:
            return
        market, time_ms, until = self._moment
        series = self.feed.store.candles(self.market, self.interval)
        if market != self.market or self.feed.now() > until or (len(series) and self.view.show_moment(time_ms)):
            self._moment = None
        elif len(series):
            self.view.show_oldest()
            if series.is_complete:
                self._moment = None

    def set_interval(self, interval: Interval) -> None:
        """Show candles of another length."""
        self.interval = interval
        self.bar.show_interval(interval)
        self._bound_at = self.feed.now()  # as after a change of the symbol: what comes soon needs no "loading"
        self.want()

    def has_data(self) -> bool:
        return bool(self.market) and len(self.feed.store.candles(self.market, self.interval)) > 0

    def refresh(self) -> None:
        self.bar.restyle()
        if not self.market:
            return
        view, series = self.view, self.feed.store.candles(self.market, self.interval)
        self.trades.follow()
        if series is not view.model.series or self.market != view.model.market:
            view.show_series(self.market, series)
        else:
            view.sync()
        self._seek()
        view.set_levels(self.feed.alerts.levels(self.market))
        view.set_signals(self.feed.strategies.signals_of(self.market))
        self._mark_own()
        self._want_history()
        is_loading = view.model.wants_history and len(series) > 0
        badge = self.tr("DEMO") if self.is_demo else ""
        is_stale = self.state_of(Stream(TRADE, self.market)) is StreamState.STALE
        view.set_marks(badge, self.tr("loading history") if is_loading else "", is_stale)
        self._show_load()

    # Trades that indicators are made of.

    def _exchange_ms(self) -> int:
        return time.time_ns() // 1_000_000 + self.feed.clock_offset_ms

    def _load_trades(self) -> None:
        self.trades.ask()
        self._show_load()

    def _show_load(self) -> None:
        """Say in the uppermost pane that lacks trades what can be done about it."""
        painter, dpr = self.view.painter, self.view.painter.canvas.dpr
        pane = next((p for p in painter.studies.panes if p.study.indicator.needs_trades), None)
        if pane is None or self.view.model.flows.flow is None:
            self.load_button.hide()
            return
        name = next((n for n in painter.studies.names if pane.top <= n.top < pane.top + pane.height), None)
        left, top, right, bottom = (
            round(px / dpr)
            for px in (name.end if name else 0, pane.top, painter.canvas.plot[0], pane.top + pane.height)
        )
        room = QRect(0, top, right, bottom - top).adjusted(LOAD_GAP_PX, LOAD_GAP_PX, -LOAD_GAP_PX, -LOAD_GAP_PX)
        self.load_button.show_state(self.trades.state(), room, left)

    def set_own(self, has_own: bool) -> None:
        """Mark own orders, fills and average price, or leave them out."""
        if has_own != self.has_own:
            self.has_own = has_own
            self._own_of = ()
            self.frames.mark(self)

    def _mark_own(self) -> None:
        """Mark what is one's own, where the account says something else than before."""
        account, market = self.feed.account, self.market
        key = (account, account.version, market, self.has_own)
        if key == self._own_of:
            return
        self._own_of = key
        if not self.has_own:
            self.view.set_own((), NO_FILLS, 0.0)
            return
        fills = account.fills(market)
        if (market, len(fills), fills[-1:]) != self._fills_of:
            self._fills, self._fills_of = fill_marks(fills), (market, len(fills), fills[-1:])
        last = self.view.model.last_price
        orders = order_marks(account.orders_of(market), last if math.isfinite(last) else 0.0)
        self.view.set_own(orders, self._fills, average(market, account.balances.get(base_of(market))))

    def beat(self) -> None:
        super().beat()
        self.refresh()  # a stream that stopped says so by silence
        is_live = self.state_of(Stream(TRADE, self.market)) is StreamState.LIVE
        self.view.set_now(self._exchange_ms() if is_live else 0)
        if is_live and self.feed.now() - self._bound_at > SETTLED_S and self.isVisible():
            self.trades.look()

    def _want_history(self) -> None:
        if self.market and self.view.model.wants_history:
            self.feed.want_history(self.market, self.interval)

    def save(self) -> dict[str, Any]:
        kept: dict[str, Any] = {**super().save(), "interval": self.interval.value, "own": self.has_own}
        if self.studies or self._kept_studies:
            kept["indicators"] = [*(study.save() for study in self.studies), *self._kept_studies]
        return kept

    def restore(self, state: dict[str, Any]) -> None:
        super().restore(state)
        self.has_own = state.get("own") is not False
        self._restore_studies(state.get("indicators"))
        if (kept := state.get("interval")) in [i.value for i in Interval]:
            self.set_interval(Interval(kept))
