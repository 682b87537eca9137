"""The order book pane: joins the store's book to the ladder and gives the user its layout, grouping and columns."""

from __future__ import annotations

import time
from typing import Any

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QWidget

from core.feed.feed import Feed
from core.feed.health import StreamState
from core.market import (
    BTC_TICKS,
    ORDERBOOK,
    TICKER,
    TICKS_OF_QUOTE,
    TRADE,
    Stream,
    price_key,
    quote_of,
    tick_size,
)
from core.state.account import Order
from core.wire.messages import Orderbook, Ticker, Trade
from widgets import format as fmt
from widgets.controls.account_state import doubt
from widgets.frame import FrameClock
from widgets.orderbook.axis import PriceAxis, Stack
from widgets.orderbook.bar import COLUMNS, IMBALANCES, BookBar, Choice, Layout
from widgets.orderbook.base import BookView
from widgets.orderbook.cells import COARSER, HIGH, LOW, Extras, Scale
from widgets.orderbook.changes import WINDOWS_MIN, WINDOWS_S, Changes, Traded
from widgets.orderbook.depth_view import DepthView
from widgets.orderbook.dom import Dom, own_rungs
from widgets.orderbook.dom_view import DomView
from widgets.orderbook.history import BookHistory
from widgets.orderbook.model import DEPTH, EMPTY, Ladder, Row, ladder, own_marks, row_of_trade, ticks_between
from widgets.orderbook.view import LadderView
from widgets.pane import Pane
from widgets.won import NO_RATE, Rate, rate, rate_streams

_REMEMBERED = 64  # markets whose grouping is kept
# Where the exchange groups no books, the stable ladder does: lines of so many steps.
_MULTIPLES = (0, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000)
_FITTING = 60  # lines that the levels of a book shall take, as long as the user has said nothing else


class OrderbookPane(Pane):
    """The book of one market, as deep as the exchange sends it."""

    kind = "orderbook"

    def __init__(self, feed: Feed, frames: FrameClock, parent: QWidget | None = None) -> None:
        super().__init__(feed, frames, parent)
        self.level = 0.0  # price grouping asked for, quote currency; 0 is none
        self.choice = Choice()
        self._levels: dict[str, float] = {}  # by market, used last at the end
        self._steps: dict[str, float] = {}  # the same, of lines that are grouped here
        self._fitting: float | None = None  # the same, where the user has said nothing; None: not looked at yet
        self._listed: tuple[float, ...] = ()
        self._store = feed.store
        self._book: Orderbook | None = None  # what is shown
        self._ladder = EMPTY
        self._places = 0
        self._orders: list[Order] = []  # own ones of this market
        self._orders_of: tuple[object, ...] = ()
        self._edges: dict[int, int] = {}  # marks of the day's highest and lowest price, by row
        self._edges_of: tuple[object, ...] = (None,)
        self._axis = PriceAxis(BTC_TICKS)
        self._stack = Stack(EMPTY, self._axis, DEPTH)
        self._changes = (Changes(is_ask=False), Changes(is_ask=True))
        self._live_since = -1.0  # when the stream of the book began, s
        self._traded = Traded(self._place_of)
        self._history = BookHistory()
        self.bar = BookBar(self)
        self.bar.chosen.connect(self.choose)
        self.bar.recentre_wanted.connect(self.recentre)
        self.grouping = self.bar.grouping
        self.grouping.stepped.connect(self.step_level)
        self.grouping.groupings.aboutToShow.connect(self._list_levels)
        self.body.addWidget(self.bar)
        self.view = LadderView(self)
        self.view.want_columns(self.choice.ladder)
        self._dom_view: DomView | None = None  # most desks have none
        self._depth_view: DepthView | None = None
        self._add_view(self.view)
        self._retranslate()

    def _add_view(self, view: BookView) -> None:
        view.grouping_stepped.connect(self.step_level)
        view.price_pressed.connect(lambda price: self.price_pressed.emit(self, price))
        view.price_menu_wanted.connect(lambda price, at: self.price_menu_wanted.emit(self, price, at))
        view.mark_dropped.connect(lambda: self.mark_dropped.emit(self))
        self.body.addWidget(view, 1)
        self.setFocusProxy(view)

    @property
    def dom_view(self) -> DomView:
        """The ladder with a stable axis; made when it is wanted first."""
        if self._dom_view is None:
            self._dom_view = DomView(self)
            self._dom_view.set_market(self.market)
            self._add_view(self._dom_view)
        return self._dom_view

    @property
    def depth_view(self) -> DepthView:
        """The depth chart; made when it is wanted first."""
        if self._depth_view is None:
            self._depth_view = DepthView(self)
            self._depth_view.set_market(self.market)
            self._add_view(self._depth_view)
        return self._depth_view

    @property
    def shown(self) -> LadderView | DomView | DepthView:
        """The view of the layout in force."""
        if self.is_dom:
            return self.dom_view
        return self.depth_view if self.choice.layout == "depth" else self.view

    @property
    def _views(self) -> list[LadderView | DomView | DepthView]:
        """The views that are made yet."""
        return [view for view in (self.view, self._dom_view, self._depth_view) if view is not None]

    @property
    def is_dom(self) -> bool:
        return self.choice.layout == "dom"

    def title(self) -> str:
        return self.tr("Order book")

    def streams(self, market: str) -> set[Stream]:
        return {Stream(ORDERBOOK, market, self.level), Stream(TICKER, market), Stream(TRADE, market)}

    def want(self) -> None:
        """Say the whole set, with the price of the quote currency in KRW, without which the book is as live as ever."""
        market = self.market
        self.lease.want(self.streams(market) | rate_streams(market) if market else ())
        self.frames.mark(self)

    def has_data(self) -> bool:
        return self._book is not None

    def bind(self, market: str) -> None:
        if market != self.market:
            self.level = self._levels.get(market, 0.0)
            self._clear(market)
        super().bind(market)

    def _clear(self, market: str) -> None:
        self._book, self._ladder = None, EMPTY
        self._listed = ()
        self._places = 0
        self._fitting = None
        self._edges_of = (None,)
        self._traded.begin()
        self._turn(PriceAxis(TICKS_OF_QUOTE.get(quote_of(market), BTC_TICKS), self._group_of(market)))
        for view in self._views:
            view.set_market(market)

    def refresh(self) -> None:
        store, market = self.feed.store, self.market
        if not market:
            return
        if store is not self._store:  # another exchange speaks: nothing of the old prices stays
            self._store = store
            self._clear(market)
        self._show_levels(store.levels(market))
        book = store.book(market, self.level)
        if book is None:  # while another grouping is on its way the one before stays
            return
        is_new = book is not self._book
        if is_new:
            self._book, self._ladder = book, ladder(book)
        ticker, trade = store.ticker(market), store.tape(market).last
        shown, quote = self._ladder, quote_of(market)
        lowest = shown.bids[-1].price if shown.bids else shown.asks[0].price if shown.asks else 0.0
        if not self._places and lowest:
            self._places = fmt.size_places(lowest, quote) or -1
        ticks = float("nan")
        if shown.asks and shown.bids and not shown.is_crossed and quote in TICKS_OF_QUOTE:
            ticks = ticks_between(shown.bids[0].price, shown.asks[0].price, TICKS_OF_QUOTE[quote])
        close = ticker.prev_close if ticker is not None and ticker.prev_close > 0 else 0.0
        # A book over the border of two bands is written with the decimals of the finer one.
        tick = tick_size(market, lowest)
        scale = Scale(tick, max(self._places, 0), self.level, close)
        if self.is_dom:
            self._show_dom(shown, scale, ticker, trade, ticks, is_new=is_new)
        elif self.choice.layout == "depth":
            self.depth_view.show_book(shown, scale, ticks=ticks)
            limits = [order for order in self._own_orders() if order.kind == "limit" and order.state == "wait"]
            self.depth_view.show_own(tuple((float(o.price), o.side == "ASK") for o in limits if o.price is not None))
        else:
            self._show_ladder(shown, scale, ticker, trade, ticks, is_new=is_new)
        self._show_doubt()
        if trade is not None:
            self.shown.show_last(fmt.price(trade.price, tick), trade.aggressor)

    # The two layouts.

    def _show_ladder(
        self, book: Ladder, scale: Scale, ticker: Ticker | None, trade: Trade | None, ticks: float, *, is_new: bool
    ) -> None:
        changes = None
        if "change" in self.choice.ladder:
            changes = self._changed(is_new, self._by_key)
        last = row_of_trade(book, trade.price, trade.aggressor, self.level) if trade is not None else None
        extras = Extras(self._edges_in(book, ticker), changes=changes)
        side = trade.aggressor if trade is not None else None
        self.view.show_ladder(book, scale, extras=extras, last=last, side=side, ticks=ticks, won=self._rate())
        orders = self._own_orders()
        self.view.show_own(own_marks(book, orders, self.level) if orders else ())

    def _show_dom(
        self, book: Ladder, scale: Scale, ticker: Ticker | None, trade: Trade | None, ticks: float, *, is_new: bool
    ) -> None:
        if self._fitting is None:
            self._fit(book)
        axis, view, choice = self._axis, self.dom_view, self.choice
        if is_new:
            self._stack = Stack(book, axis, DEPTH)
        dom = Dom(axis, book, self._stack)
        if "change" in choice.dom:
            dom = dom._replace(changes=self._changed(is_new, self._by_place))
        if "traded" in choice.dom:
            now_ms = time.time_ns() // 1_000_000 + self.feed.clock_offset_ms
            self._traded.follow(self.feed.store.tape(self.market), now_ms)
            dom = dom._replace(traded=self._traded.sums)
            title = self.bar.traded_text(self._traded.window_min)
            view.show_traded_title(title if self._traded.is_whole else f"~{title}")
        if trade is not None:
            dom = dom._replace(last=self._place_of(trade), side=trade.aggressor)
        if ticker is not None:
            high = axis.above(ticker.high) if ticker.high > 0.0 else None
            dom = dom._replace(high=high, low=axis.below(ticker.low) if ticker.low > 0.0 else None)
        view.history = None
        if "history" in choice.dom:
            is_live = self.state_of(Stream(ORDERBOOK, self.market, self.level)) is StreamState.LIVE
            self._history.see(self._stack, self.feed.now(), is_live=is_live)
            view.history = self._history
        view.won = self._rate()
        view.show_dom(dom, scale._replace(places=max(scale.places - COARSER, 0)), ticks=ticks)
        view.show_own(own_rungs(self._own_orders(), axis))

    def _changed(self, is_new: bool, sides: Any) -> Any:
        """Return what changed of bids and of asks, as the layout names their places."""
        now = self.feed.now()
        health = self.feed.health.streams.get(Stream(ORDERBOOK, self.market, self.level))
        first_at = health.first_at if health is not None else -1.0
        if first_at != self._live_since:  # what happened while nobody listened did not happen just now
            self._live_since = first_at
            for changes in self._changes:
                changes.begin()
        found = []
        for changes, (sizes, end) in zip(self._changes, sides(), strict=True):
            if is_new:
                changes.see(sizes, end, now)
            changes.forget(now)
            found.append(changes.at(now))
        return tuple(found)

    def _by_key(self) -> list[tuple[dict[int, float], int | None]]:
        """Return bids and asks by price key, and up to where each is known."""
        sides = []
        for side in (self._ladder.bids, self._ladder.asks):
            sizes = {price_key(row.price): row.size for row in side}
            sides.append((sizes, price_key(side[-1].price) if len(side) >= DEPTH else None))
        return sides

    def _by_place(self) -> list[tuple[dict[int, float], int | None]]:
        stack = self._stack
        return [(stack.bids, stack.bid_end), (stack.asks, stack.ask_end)]

    def _place_of(self, trade: Trade) -> int:
        """Return the place at which a trade took place: that of the order that rested there."""
        return self._axis.above(trade.price) if trade.aggressor == "BID" else self._axis.below(trade.price)

    def _edges_in(self, book: Ladder, ticker: Ticker | None) -> dict[int, int]:
        """Return the marks of the day's highest and lowest price, where the book has them."""
        if ticker is None:
            return {}
        key = (self.level, ticker.high, ticker.low)
        if self._edges_of[1:] != key or self._edges_of[0] is not book:
            self._edges_of, self._edges = (book, *key), {}
            for price, mark in ((ticker.high, HIGH), (ticker.low, LOW)):
                row: Row | None = None
                if price > 0.0:
                    row = row_of_trade(book, price, "BID" if mark == HIGH else "ASK", self.level)
                if row is not None:
                    self._edges[id(row)] = self._edges.get(id(row), 0) | mark
        return self._edges

    def _own_orders(self) -> list[Order]:
        account, is_shown = self.feed.account, "own" in self.choice.columns
        if (account.version, self.market, is_shown) != self._orders_of:
            self._orders_of = account.version, self.market, is_shown
            self._orders = account.orders_of(self.market) if is_shown else []
        return self._orders

    def _show_doubt(self) -> None:
        self.shown.show_doubt(doubt(self.feed, is_demo=self.is_demo) if self._own_orders() else "")

    def _rate(self) -> Rate:
        """Return what the quote currency is worth in KRW, where the layout tells it."""
        is_told = self.is_dom or (self.choice.layout == "ladder" and "won" in self.choice.ladder)
        return rate(self.feed, self.market) if is_told else NO_RATE

    def miss(self) -> None:
        for changes in self._changes:
            changes.begin()
        self._history.miss()

    def beat(self) -> None:
        # What fades, or grows too old, does so without a message.
        is_fading = any(changes.has_any for changes in self._changes)
        is_fading = is_fading or (self.is_dom and bool(self._traded.sums or "history" in self.choice.dom))
        if is_fading or self.shown.won != self._rate():
            self.frames.mark(self)
        self._show_doubt()  # its age
        super().beat()

    def mark(self, price: float | None) -> None:
        super().mark(price)
        for view in self._views:
            view.show_mark(price)

    def price_beside(self, by: int) -> float | None:
        """Return the price above (1) or below (-1) the one that is marked; of none the best one of that side."""
        book = self._ladder
        if book.is_empty:
            return None
        if self.marked is None:
            side = (book.asks or book.bids) if by > 0 else (book.bids or book.asks)
            return side[0].price
        if self.is_dom:
            at = self._axis.below(self.marked) if by > 0 else self._axis.above(self.marked)
            return self._axis.price(max(at + by, 1))
        key = price_key(self.marked)
        prices = sorted((row.price for row in book.rows), reverse=by < 0)
        return next((price for price in prices if (price_key(price) - key) * by > 0), None)

    # What the user chooses.

    def choose(self, choice: Choice) -> None:
        """Show the book as the user wants it."""
        before, self.choice = self.choice, choice
        self.bar.show_choice(choice)
        if (choice.change_s, choice.layout, choice.columns) != (before.change_s, before.layout, before.columns):
            for changes in self._changes:
                changes.window_s = float(choice.change_s)
                changes.begin()
        if "history" not in choice.dom:
            self._history.miss()
        if choice.traded_min != before.traded_min:
            self._traded.begin(window_min=choice.traded_min)
        self.view.want_columns(choice.ladder)
        if self.is_dom or self._dom_view is not None:
            self.dom_view.want_columns(choice.dom)
            self.dom_view.set_following(choice.is_following)
        for view in {self.shown, *self._views}:
            view.set_imbalance(choice.imbalance)
        if choice.layout != before.layout:
            self._take_layout()
        self.frames.mark(self)

    def _take_layout(self) -> None:
        shown = self.shown
        shown.show_mark(self.marked)
        had_focus = any(view.hasFocus() for view in self._views)
        self.setFocusProxy(shown)
        for view in self._views:
            view.setVisible(view is shown)
        if had_focus:
            shown.setFocus()
        self._book = None  # what it says is put on the other's places
        if self.market:
            self._turn(PriceAxis(self._axis.table, self._group_of(self.market)))
            self._listed = ()
            self.refresh()

    def recentre(self) -> None:
        """Bring the best prices to the middle."""
        self.shown.recentre()

    # Grouping.

    def _group_of(self, market: str) -> float:
        """Return the step of the stable axis: the exchange's grouping, or else the user's own."""
        return self.level or self._steps.get(market, self._fitting or 0.0)

    def _fit(self, book: Ladder) -> None:
        """Find the step at which a book that the exchange does not group fits on the screen; once a market."""
        if book.is_empty:
            return
        prices = [row.price for row in book.rows]
        least = (max(prices) - min(prices)) / _FITTING
        self._fitting = 0.0
        levels = self.levels()
        if levels != self.feed.store.levels(self.market) and least > tick_size(self.market, min(prices)):
            self._fitting = next((level for level in levels if level >= least), levels[-1])
            self._turn(PriceAxis(self._axis.table, self._group_of(self.market)))
            self._name_level()

    def _turn(self, axis: PriceAxis) -> None:
        """Put everything on another axis."""
        self._axis = axis
        self._stack = Stack(self._ladder, axis, DEPTH)
        for changes in self._changes:
            changes.begin()
        self._traded.begin(self._place_of)
        self._history.begin()

    def levels(self) -> tuple[float, ...]:
        """Return the groupings to choose from, quote currency, 0 (none) first: the exchange's, or else our own.

        KRW books are grouped by the exchange alone, whose levels may not be known yet.
        """
        listed = self.feed.store.levels(self.market)
        if quote_of(self.market) == "KRW" or len(listed) > 1 or not self.is_dom or self._ladder.is_empty:
            return listed
        row = (self._ladder.bids or self._ladder.asks)[0]
        tick = tick_size(self.market, row.price)
        return tuple(round(tick * n, 8) for n in _MULTIPLES)

    def set_level(self, level: float) -> None:
        """Ask for the book grouped by `level`, in quote currency; 0 is none. A level not offered is ignored."""
        if level == self._group_of(self.market) or level not in self.levels():
            return
        is_theirs = level in self.feed.store.levels(self.market) and (level or self.level)
        kept = self._levels if is_theirs else self._steps
        kept.pop(self.market, None)
        kept[self.market] = level
        while len(kept) > _REMEMBERED:
            del kept[next(iter(kept))]
        if is_theirs:
            self.level = level
            self._bound_at = self.feed.now()  # the book before stays, unveiled, while this one is on its way
        self._name_level()
        self._turn(PriceAxis(self._axis.table, self._group_of(self.market)))
        if is_theirs:
            self.want()
        else:
            self._book = None
            self.refresh()

    def step_level(self, step: int) -> None:
        """Take the next coarser (1) or finer (-1) grouping."""
        levels, group = self.levels(), self._group_of(self.market)
        at = levels.index(group) if group in levels else 0
        self.set_level(levels[max(min(at + step, len(levels) - 1), 0)])

    def _show_levels(self, levels: tuple[float, ...]) -> None:
        """Follow what the exchange offers: it changes with the price band, and BTC and USDT markets have none."""
        if levels == self._listed:
            return
        self._listed = levels
        if len(levels) > 1 and self.level not in levels:
            self._levels.pop(self.market, None)
            self.level = 0.0
            self._turn(PriceAxis(self._axis.table, self._group_of(self.market)))
            self.want()
        self.grouping.setVisible(len(levels) > 1 or self.is_dom)
        self._name_level()

    def _list_levels(self) -> None:
        """Fill the menu that is about to be seen: filled at each symbol change it would cost more than the book."""
        menu, group = self.grouping.groupings, self._group_of(self.market)
        menu.clear()
        for level in self.levels():
            action = menu.addAction(self._level_text(level))
            action.setCheckable(True)
            action.setChecked(level == group)
            action.setData(level)
            action.triggered.connect(lambda _=False, wanted=level: self.set_level(wanted))

    def _name_level(self) -> None:
        level = self._group_of(self.market) if self.is_dom else self.level
        self.grouping.setText(self.tr("Group {level}").format(level=self._level_text(level)) + " ▾")

    def _level_text(self, level: float) -> str:
        return fmt.price(level, level) if level else self.tr("off")

    # Language, saving.

    def _retranslate(self) -> None:
        self._listed = ()
        self._name_level()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def save(self) -> dict[str, Any]:
        choice = self.choice
        return {
            **super().save(),
            "levels": dict(self._levels),
            "steps": dict(self._steps),
            "layout": choice.layout,
            "columns": {"ladder": sorted(choice.ladder), "dom": sorted(choice.dom)},
            "imbalance": choice.imbalance,
            "traded_min": choice.traded_min,
            "change_s": choice.change_s,
            "follows": choice.is_following,
        }

    def restore(self, state: dict[str, Any]) -> None:
        super().restore(state)
        self._levels, self._steps = (_kept(state.get(name)) for name in ("levels", "steps"))
        usual = Choice()
        old = usual.ladder | ({"total"} if state.get("totals") is True else set())  # as before there were columns
        if state.get("own") is False:
            old -= {"own"}
        columns = state.get("columns")
        columns = columns if isinstance(columns, dict) else {}
        self.choose(
            Choice(
                layout if (layout := state.get("layout")) in ("dom", "depth") else "ladder",
                _columns(columns.get("ladder"), "ladder", old),
                _columns(columns.get("dom"), "dom", usual.dom),
                _one_of(state.get("imbalance"), IMBALANCES, usual.imbalance),
                _one_of(state.get("traded_min"), WINDOWS_MIN, usual.traded_min),
                _one_of(state.get("change_s"), WINDOWS_S, usual.change_s),
                state.get("follows") is True,
            )
        )


def _kept(levels: object) -> dict[str, float]:
    """Return what was kept of groupings by market, as far as it makes sense."""
    if not isinstance(levels, dict):
        return {}
    known = [(str(k), float(v)) for k, v in levels.items() if isinstance(v, int | float) and 0 <= v < 1e15]
    return dict(known[-_REMEMBERED:])


def _columns(kept: object, layout: Layout, usual: frozenset[str]) -> frozenset[str]:
    return frozenset(kept) & frozenset(COLUMNS[layout]) if isinstance(kept, list) else usual


def _one_of(kept: object, known: tuple[int, ...], usual: int) -> int:
    return kept if isinstance(kept, int) and not isinstance(kept, bool) and kept in known else usual
