"""The chart pane: joins the store's candles to the view and asks for more of them."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from core.calc.indicators import KINDS, Indicator, Values
from core.feed.feed import Feed
from core.feed.health import StreamState
from core.market import TICKER, TRADE, Interval, Stream, base_of
from core.state.drawings import Drawing, Kind
from widgets import theme
from widgets.chart import compares, style_icons, styles
from widgets.chart.chart_menu import ChartMenu
from widgets.chart.compares import Compare
from widgets.chart.day_lines import DayPrices
from widgets.chart.drawings_bar import DrawingBar, DrawingButton
from widgets.chart.drawings_menu import DrawingMenu, ToolMenu
from widgets.chart.interval_bar import IntervalBar
from widgets.chart.line_menu import DAY_TEXT, GAP_TEXTS, say
from widgets.chart.model import BAR_PX
from widgets.chart.own import NO_FILLS, average, fill_marks, order_marks
from widgets.chart.own_study import PREFIX, Source
from widgets.chart.span import Span, is_reached, shown
from widgets.chart.studies import MOST, Study, make, restore
from widgets.chart.study_form import StudyForm, swatch
from widgets.chart.study_menu import StudyMenu
from widgets.chart.timeline import Gaps, gaps_of
from widgets.chart.trades_in_view import SETTLED_S, LoadButton, TradesInView, load_texts
from widgets.chart.view import ChartView
from widgets.controls.account_state import doubt
from widgets.frame import FrameClock
from widgets.pane import Pane
from widgets.plot.bar_styles import STYLES, Style
from widgets.plot.price_scale import PRICE_SCALES, PriceScale
from widgets.won import rate, rate_streams

_SCALE_COMMANDS: dict[PriceScale, str] = {"log": "chart.scale.log", "percent": "chart.scale.percent"}
_CODE = re.compile(r"[A-Z]{2,5}-[A-Z0-9]{1,20}")  # of a market
LOAD_GAP_PX = 4  # around the button that loads trades
LEAST_BAR_PX, MOST_BAR_PX = 1e-4, 1e3  # what is taken from a desk
SEEK_S = 15.0  # so long older candles are asked for to reach a moment


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e300


class ChartPane(Pane):
    """Candles of one market and interval."""

    kind = "chart"

    interval_chosen = Signal(Interval)  # by the user, here
    zone_wanted = Signal()  # times are wanted in the other zone
    compare_wanted = Signal(object)  # (this pane): which market shall be compared?
    pointed = Signal(object)  # the pointer is over the bar of this moment, epoch ms; None: over none
    moved = Signal(object)  # by the user: the `Span` in view now

    def __init__(self, feed: Feed, frames: FrameClock, parent: QWidget | None = None) -> None:
        super().__init__(feed, frames, parent)
        self.interval = Interval.M1
        self.compared: dict[str, str] = {}  # market -> colour, in the order they were added
        self.has_day_lines = True
        self.has_own = True  # own orders and fills are marked
        self.has_drawing_bar = False  # tools at the left
        self._own_of: tuple[object, ...] = ()  # what the marks were made from
        self._fills = NO_FILLS
        self._fills_of: tuple[object, ...] = ()
        self._own_studies: Source | None = None
        self._kept_studies: list[Any] = []  # as the desk has them, of kinds that nobody knows now
        self._moment: tuple[str, int, float] | None = None  # market, time to be shown (epoch ms), until when
        self._span: tuple[Span, float] | None = None  # of a linked chart, until when it is looked for
        self.bar = IntervalBar(self)
        self.bar.interval_chosen.connect(self.choose_interval)
        self.view = ChartView(self)
        self.view.range_changed.connect(self._want_history)
        self.view.crosses.pressed.connect(self.uncompare)
        self.view.pointed.connect(self.pointed)
        self.view.zone_clicked.connect(self.zone_wanted)
        self.view.running.connect(lambda: frames.mark(self))
        self.view.moved.connect(self._on_moved)
        self.view.price_pressed.connect(lambda price, at: self.price_menu_wanted.emit(self, price, at))
        self.view.axis_pressed.connect(lambda price: self.price_pressed.emit(self, price))
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
        self.chart_menu = ChartMenu(self)  # whoever has something to choose adds a section
        self.chart_menu.sections += [
            self._offer_styles,
            self._offer_scales,
            self._offer_compares,
            self._offer_gaps,
            self._offer_trades,
        ]
        self.bar.chart.setMenu(self.chart_menu)
        self.setFocusProxy(self.view)
        self._add_drawings()

    # Drawings.

    def _add_drawings(self) -> None:
        """Put the bars around the view: intervals and the button that draws above, the tools at the left."""
        hand = self.view.hand
        self.tools = ToolMenu(hand, lambda: self.has_drawing_bar, self)
        self.tools.bar_wanted.connect(self.show_drawing_bar)
        self.draw_button = DrawingButton(self.tools, self)
        self.draw_bar = DrawingBar(hand, self)
        self.draw_bar.setVisible(self.has_drawing_bar)
        for taking in (self.tools, self.draw_bar):
            taking.taken.connect(self.view.setFocus)  # Esc gives the tool up again
        self.view.hand_changed.connect(self._follow_hand)
        self.view.drawing_pressed.connect(self._offer_drawing)
        above, below = QHBoxLayout(), QHBoxLayout()
        for row, left, right in ((above, self.bar, self.draw_button), (below, self.draw_bar, self.view)):
            row.setSpacing(0)
            row.addWidget(left, int(left is self.bar))
            row.addWidget(right, int(right is self.view))
        self.body.addLayout(above)
        self.body.addLayout(below, 1)

    def draw(self, kind: Kind) -> None:
        """Let the next press on the chart begin a drawing."""
        self.view.hand.take(kind)
        self.view.setFocus()

    def show_drawing_bar(self, is_shown: bool) -> None:
        """Show the bar of tools at the left, or the button alone."""
        self.has_drawing_bar = is_shown
        self.draw_bar.setVisible(is_shown)

    def _follow_hand(self) -> None:
        self.draw_button.show_tool(self.view.hand.tool)
        self.draw_bar.follow()

    def drawing_menu(self, drawing: Drawing) -> DrawingMenu:
        """Return a menu of what can be done with a drawing; it goes when it is closed."""
        menu = DrawingMenu(self.view.hand, drawing, self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return menu

    def _offer_drawing(self, drawing: Drawing, at: QPoint) -> None:
        self.drawing_menu(drawing).popup(at)

    def open_chart_menu(self) -> None:
        """Open the menu of how this chart looks, below its button."""
        _open_below(self.bar.chart, self.chart_menu)

    def open_indicators(self) -> None:
        """Open the menu of this chart's indicators, below its button."""
        _open_below(self.bar.indicators, self.menu)

    @property
    def style_of_bars(self) -> Style:
        """How the bars are painted."""
        return self.view.model.style

    def set_style_of_bars(self, style: Style) -> None:
        """Paint the bars in another style."""
        self.view.set_style(style)
        self.bar.show_style(style)

    def _offer_styles(self, menu: ChartMenu) -> None:
        names = styles.texts()
        color, chosen = theme.colors, self.style_of_bars
        icons = {s: style_icons.icon(s, (color.accent if s == chosen else color.text).rgb()) for s in names}
        commands: dict[Style, str] = {style: f"chart.style.{style}" for style in names}
        menu.offer(names, chosen, self.set_style_of_bars, commands=commands, icons=icons)

    @property
    def price_scale(self) -> PriceScale:
        """The scale of prices."""
        return self.view.model.price_scale

    def set_price_scale(self, scale: PriceScale) -> None:
        """Show prices on another scale."""
        self.view.set_price_scale(scale)

    def toggle_price_scale(self, scale: PriceScale) -> None:
        """Show prices on this scale, or on the linear one if they are already."""
        self.set_price_scale("linear" if self.price_scale == scale else scale)

    def _offer_scales(self, menu: ChartMenu) -> None:
        menu.offer(styles.scale_texts(), self.price_scale, self.set_price_scale, commands=_SCALE_COMMANDS)
        menu.toggle(self.tr("Fit prices to the bars"), self.view.model.is_auto, self.view.set_auto)

    @property
    def has_sides(self) -> bool:
        """Whether volume is split into what aggressors bought and sold."""
        return self.view.model.has_sides

    def set_sides(self, has_sides: bool) -> None:
        """Split volume into what aggressors bought and sold, where trades are known, or leave it whole."""
        self.view.set_sides(has_sides)
        self.frames.mark(self)

    def _offer_trades(self, menu: ChartMenu) -> None:
        self._offer_own_marks(menu)
        menu.toggle(self.tr("Volume by buyers and sellers"), self.has_sides, self.set_sides, command="chart.sides")

    # Other markets beside this one.

    def compare(self, market: str) -> None:
        """Show how another market did beside this one, unless there are too many already; in percent."""
        if market in self.compared or market == self.market or len(self.compared) >= compares.MOST:
            return
        color = next(c for c in compares.COLORS if c not in self.compared.values())
        self.compared[market] = color
        self.set_price_scale("percent")
        self.want()

    def uncompare(self, market: str) -> None:
        """Show another market no more."""
        if self.compared.pop(market, None) is not None:
            self.want()

    def ask_compare(self) -> None:
        """Let the user choose which market to compare."""
        if self.market and len(self.compared) < compares.MOST:
            self.compare_wanted.emit(self)

    def _offer_compares(self, menu: ChartMenu) -> None:
        add = menu.do(self.tr("Compare with another symbol…"), self.ask_compare, command="chart.compare")
        add.setEnabled(bool(self.market) and len(self.compared) < compares.MOST)
        for market, color in self.compared.items():
            text = self.tr("Compare with {market} no more").format(market=market)
            menu.do(text, partial(self.uncompare, market), icon=swatch(color))

    def _show_compared(self) -> None:
        """Give the view the series of the compared markets, where they are others than it has."""
        shown = {c.market: c for c in self.view.model.compares}
        wanted, is_other = [], False
        for market, color in self.compared.items():
            if market == self.market:
                continue  # until another one is shown here
            series = self.feed.store.candles(market, self.interval)
            one = shown.get(market)
            if one is None or one.series is not series or one.color != color:
                one, is_other = Compare(market, series, color), True
            is_stale = self.state_of(Stream(TRADE, market)) is not StreamState.LIVE
            is_other = is_other or is_stale != one.is_stale
            one.is_stale = is_stale
            wanted.append(one)
        if is_other or len(wanted) != len(shown):
            self.view.set_compares(tuple(wanted))

    def on_stream(self, stream: Stream) -> None:
        if stream.market in self.compared and stream.market != self.market:
            self.frames.mark(self)
        else:
            super().on_stream(stream)

    # Windows without trades, and what stands beside the last price.

    @property
    def gaps(self) -> Gaps:
        """What becomes of windows without trades."""
        return self.view.model.timeline.gaps

    def set_gaps(self, gaps: Gaps) -> None:
        """Leave out windows without trades, give them room, or show them as flat bars."""
        self.view.set_gaps(gaps)

    def set_day_lines(self, has_day_lines: bool) -> None:
        """Show the previous close and the day's high and low as lines, or leave them out."""
        self.has_day_lines = has_day_lines
        self.frames.mark(self)

    def _offer_gaps(self, menu: ChartMenu) -> None:
        menu.offer({gaps: say(text) for gaps, text in GAP_TEXTS.items()}, self.gaps, self.set_gaps)
        menu.addSeparator()
        menu.toggle(say(DAY_TEXT), self.has_day_lines, self.set_day_lines)

    def _show_beside(self) -> None:
        """Show what tickers say beside the last price: the day's prices, and what it is worth in KRW."""
        ticker, day = self.feed.store.ticker(self.market), None
        if self.has_day_lines and ticker is not None:
            is_live = self.state_of(Stream(TICKER, self.market)) is StreamState.LIVE
            day = DayPrices(ticker.prev_close, ticker.high, ticker.low, is_stale=not is_live)
        self.view.set_day(day)
        self.view.set_rate(rate(self.feed, self.market))

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
        wanted = set(rate_streams(market))
        for code in {market, *self.compared}:
            wanted |= {Stream(TICKER, code), Stream(TRADE, code)}
            if self.interval.channel:
                wanted.add(Stream(self.interval.channel, code))
        return wanted

    def choose_interval(self, interval: Interval) -> None:
        """The user wants candles of another length here."""
        self.set_interval(interval)
        self.interval_chosen.emit(interval)

    def point_at(self, time_ms: int | None) -> None:
        """Show where the pointer is in a linked chart."""
        self.view.point_at(time_ms)

    def set_kinetic(self, is_kinetic: bool) -> None:
        """Let what is thrown run on, or stand where it is let go."""
        self.view.kinetics.is_on = is_kinetic
        if not is_kinetic:
            self.view.kinetics.stop()

    def show_span(self, span: Span) -> None:
        """Show the same moments as a linked chart from the next frame on; older candles are asked for, for a while."""
        self._span = span, self.feed.now() + SEEK_S
        self.frames.mark(self)

    def _on_moved(self) -> None:
        self._span = None  # the user looks elsewhere
        if (span := shown(self.view.model)) is not None:
            self.moved.emit(span)

    def _follow(self) -> None:
        """Show what a linked chart shows, as far as there are bars."""
        if self._span is None:
            return
        span, until = self._span
        self.view.show_span(span)
        if is_reached(self.view.model, span) or self.feed.now() > until:
            self._span = None

    def mark(self, price: float | None) -> None:
        super().mark(price)
        self.view.set_marked(price)

    def show_moment(self, time_ms: int) -> None:
        """Bring that moment into sight as soon as its candles are there; older ones are asked for, for a while."""
        self._moment = self.market, time_ms, self.feed.now() + SEEK_S
        self._span = None
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
        self._follow_hand()
        if not self.market:
            return
        if self.view.glide():
            self.frames.mark(self)
        view, series = self.view, self.feed.store.candles(self.market, self.interval)
        self.trades.follow()
        if series is not view.model.series or self.market != view.model.market:
            view.show_series(self.market, series)
        else:
            view.sync()
        self._show_compared()
        self._seek()
        self._follow()
        view.set_levels(self.feed.alerts.levels(self.market))
        view.set_signals(self.feed.strategies.signals_of(self.market))
        view.show_drawings(self.feed.drawings, self.market)
        self._mark_own()
        self._show_beside()
        self._want_history()
        is_loading = view.model.wants_history and len(series) > 0
        badge = self.tr("DEMO") if self.is_demo else ""
        is_stale = self.state_of(Stream(TRADE, self.market)) is not StreamState.LIVE
        view.set_marks(badge, self.tr("loading history") if is_loading else "", is_stale)
        self._show_load()

    # Trades that indicators are made of.

    def _exchange_ms(self) -> int:
        return time.time_ns() // 1_000_000 + self.feed.clock_offset_ms

    def _load_trades(self) -> None:
        self.trades.ask()
        self._show_load()

    def _show_load(self) -> None:
        """Say in the uppermost pane that lacks trades what can be done about it, else beside the profile."""
        painter, dpr = self.view.painter, self.view.painter.canvas.dpr
        pane = next((p for p in painter.studies.panes if p.study.indicator.needs_trades), None)
        said = [place.box for place in painter.studies.places if place.study.indicator.place == "profile"]
        if self.view.model.flows.flow is None or (pane is None and not said):
            self.load_button.hide()
            return
        if pane is not None:
            name = next((n for n in painter.studies.names if pane.top <= n.top < pane.top + pane.height), None)
            left, top, bottom = name.end if name else 0, pane.top, pane.top + pane.height
        else:
            x, top, width, _ = said[-1]
            left, bottom = x + width, top + round(2 * (theme.ROW_HEIGHT + LOAD_GAP_PX) * dpr)
        left, top, right, bottom = (round(px / dpr) for px in (left, top, painter.canvas.plot[0], bottom))
        room = QRect(0, top, right, bottom - top).adjusted(LOAD_GAP_PX, LOAD_GAP_PX, -LOAD_GAP_PX, -LOAD_GAP_PX)
        self.load_button.show_state(self.trades.state(), room, left)

    def set_own(self, has_own: bool) -> None:
        """Mark own orders, fills and average price, or leave them out."""
        if has_own != self.has_own:
            self.has_own = has_own
            self._own_of = ()
            self.frames.mark(self)

    def _offer_own_marks(self, menu: ChartMenu) -> None:
        menu.toggle(self.tr("Own orders and fills"), self.has_own, self.set_own)

    def _mark_own(self) -> None:
        """Mark what is one's own, where the account says something else than before."""
        account, market = self.feed.account, self.market
        why = doubt(self.feed, is_demo=self.is_demo)
        key = (account, account.version, market, self.has_own, why)
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
        self.view.set_own(orders, self._fills, average(market, account.balances.get(base_of(market))), why)

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
        model = self.view.model
        begin, end = model.shown
        for one in model.compares if begin < end else ():
            if one.wants_history(int(model.starts[begin])):
                self.feed.want_history(one.market, self.interval)

    def release(self) -> None:
        self.view.hand.let_go()  # what is half drawn would stay on the other charts
        super().release()

    def save(self) -> dict[str, Any]:
        kept: dict[str, Any] = {**super().save(), "interval": self.interval.value, "own": self.has_own}
        if self.style_of_bars != "candles":
            kept["style"] = self.style_of_bars
        if self.has_sides:
            kept["sides"] = True
        if self.compared:
            kept["compare"] = list(self.compared)
        if self.price_scale != "linear":
            kept["scale"] = self.price_scale
        if self.gaps != "out":
            kept["gaps"] = self.gaps
        if not self.has_day_lines:
            kept["day"] = False
        model = self.view.model
        if (bar_px := round(model.px_per_bar, 6)) != BAR_PX:
            kept["bar_px"] = bar_px
        if prices := model.chosen_prices(self.market):
            kept["prices"] = list(prices)
        if self.has_drawing_bar or not self.view.hand.is_shown:
            kept["drawings"] = {"bar": self.has_drawing_bar, "shown": self.view.hand.is_shown}
        if self.studies or self._kept_studies:
            kept["indicators"] = [*(study.save() for study in self.studies), *self._kept_studies]
        return kept

    def restore(self, state: dict[str, Any]) -> None:
        super().restore(state)
        self.has_own = state.get("own") is not False
        self.has_day_lines = state.get("day") is not False
        if (style := state.get("style")) in STYLES:
            self.set_style_of_bars(style)
        self._restore_compared(state.get("compare"))
        self.view.set_sides(state.get("sides") is True)
        self.set_gaps(gaps_of(state.get("gaps")))
        if (scale := state.get("scale")) in PRICE_SCALES:
            self.set_price_scale(scale)
        drawings = state.get("drawings")
        if isinstance(drawings, dict):
            self.show_drawing_bar(drawings.get("bar") is True)
            self.view.hand.set_shown(drawings.get("shown") is not False)
        self._restore_range(state)
        self._restore_studies(state.get("indicators"))
        if (kept := state.get("interval")) in [i.value for i in Interval]:
            self.set_interval(Interval(kept))

    def _restore_range(self, state: dict[str, Any]) -> None:
        """Take back how wide bars are and, for the market that they are of, prices set by hand."""
        bar_px: Any = state.get("bar_px")
        if _is_number(bar_px) and LEAST_BAR_PX <= bar_px <= MOST_BAR_PX:
            self.view.set_bar_px(float(bar_px))
        prices: Any = state.get("prices")
        if isinstance(prices, list) and len(prices) == 2 and all(map(_is_number, prices)):
            self.view.set_prices(str(state.get("market")), float(prices[0]), float(prices[1]))

    def _restore_compared(self, kept: object) -> None:
        codes = [c for c in kept if isinstance(c, str) and _CODE.fullmatch(c)] if isinstance(kept, list) else []
        self.compared = dict(zip(dict.fromkeys(codes), compares.COLORS, strict=False))
        self.want()


def _open_below(button: QWidget, menu: QMenu) -> None:
    menu.popup(button.mapToGlobal(QPoint(0, button.height())))
