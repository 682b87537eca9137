"""The order book pane: joins the store's book to the ladder and gives the user its grouping and columns."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QAction, QPalette, QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from core.feed.feed import Feed
from core.market import ORDERBOOK, TICKER, TICKS_OF_QUOTE, TRADE, Stream, quote_of, tick_size
from core.state.account import Order
from core.wire.messages import Orderbook
from widgets import format as fmt
from widgets.frame import FrameClock
from widgets.orderbook.cells import Scale
from widgets.orderbook.model import EMPTY, Ladder, ladder, own_marks, row_of_trade, ticks_between
from widgets.orderbook.view import LadderView
from widgets.pane import Pane

BAR_HEIGHT = 24
_REMEMBERED = 64  # markets whose grouping is kept


class GroupingButton(QToolButton):
    """A menu of price groupings; the wheel steps through them."""

    stepped = Signal(int)  # 1: coarser, -1: finer

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAutoRaise(True)
        self.setFixedHeight(BAR_HEIGHT - 2)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.groupings = QMenu(self)
        self.setMenu(self.groupings)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.angleDelta().y():
            self.stepped.emit(-1 if event.angleDelta().y() > 0 else 1)
        event.accept()


class OrderbookPane(Pane):
    """The book of one market, as deep as the exchange sends it."""

    kind = "orderbook"

    def __init__(self, feed: Feed, frames: FrameClock, parent: QWidget | None = None) -> None:
        super().__init__(feed, frames, parent)
        self.level = 0.0  # price grouping asked for, quote currency; 0 is none
        self._levels: dict[str, float] = {}  # by market, used last at the end
        self._listed: tuple[float, ...] = ()
        self._store = feed.store
        self._book: Orderbook | None = None  # what is shown
        self._ladder = EMPTY
        self._places = 0
        self._orders: list[Order] = []  # own ones of this market
        self._orders_of: tuple[object, ...] = ()
        self.view = LadderView(self)
        self.view.grouping_stepped.connect(self.step_level)
        self.setFocusProxy(self.view)
        self.bar = QWidget(self)
        self.bar.setFixedHeight(BAR_HEIGHT)
        self.bar.setAutoFillBackground(True)
        self.bar.setBackgroundRole(QPalette.ColorRole.Base)
        self.bar.setStyleSheet("QToolButton::menu-indicator { image: none; }")  # the text says that there is a menu
        row = QHBoxLayout(self.bar)
        row.setContentsMargins(4, 1, 4, 1)
        row.setSpacing(0)
        self.grouping = GroupingButton(self.bar)
        self.grouping.stepped.connect(self.step_level)
        self.grouping.groupings.aboutToShow.connect(self._list_levels)
        self.options = QToolButton(self.bar)
        self.options.setText("⋯")
        self.options.setAutoRaise(True)
        self.options.setFixedHeight(BAR_HEIGHT - 2)
        self.options.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self.options)
        self.totals_action = QAction(menu)
        self.totals_action.setCheckable(True)
        self.totals_action.toggled.connect(
            lambda on: self.view.want_columns({"percent"} | ({"total"} if on else set()))
        )
        self.own_action = QAction(menu)
        self.own_action.setCheckable(True)
        self.own_action.setChecked(True)
        self.own_action.toggled.connect(lambda _on: self.frames.mark(self))
        self.centre_action = QAction(menu)
        self.centre_action.triggered.connect(self.view.recentre)
        menu.addActions([self.totals_action, self.own_action, self.centre_action])
        self.options.setMenu(menu)
        row.addWidget(self.grouping)
        row.addStretch(1)
        row.addWidget(self.options)
        self.body.addWidget(self.bar)
        self.body.addWidget(self.view, 1)
        self._retranslate()

    def title(self) -> str:
        return self.tr("Order book")

    def streams(self, market: str) -> set[Stream]:
        return {Stream(ORDERBOOK, market, self.level), Stream(TICKER, market), Stream(TRADE, market)}

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
        self.view.set_market(market)

    def refresh(self) -> None:
        store, market = self.feed.store, self.market
        if not market:
            return
        if store is not self._store:  # another exchange speaks: nothing of the old prices stays
            self._store = store
            self._clear(market)
        self._show_levels(store.levels(market))
        book = store.book(market, self.level)
        if book is not None:  # else: while another grouping is on its way the one before stays
            if book is not self._book:
                self._book, self._ladder = book, ladder(book)
            self._show(self._ladder, self.level)

    def _show(self, book: Ladder, level: float) -> None:
        market, store = self.market, self.feed.store
        ticker, trade = store.ticker(market), store.tape(market).last
        quote = quote_of(market)
        lowest = book.bids[-1].price if book.bids else book.asks[0].price if book.asks else 0.0
        if not self._places and lowest:
            self._places = fmt.size_places(lowest, quote) or -1
        ticks = float("nan")
        if book.asks and book.bids and not book.is_crossed and quote in TICKS_OF_QUOTE:
            ticks = ticks_between(book.bids[0].price, book.asks[0].price, TICKS_OF_QUOTE[quote])
        close = ticker.prev_close if ticker is not None and ticker.prev_close > 0 else 0.0
        # A book over the border of two bands is written with the decimals of the finer one.
        scale = Scale(tick_size(market, lowest), max(self._places, 0), level, close)
        last = row_of_trade(book, trade.price, trade.aggressor, level) if trade is not None else None
        self.view.show_ladder(book, scale, last=last, ticks=ticks)
        account, is_shown = self.feed.account, self.own_action.isChecked()
        if (account.version, market, is_shown) != self._orders_of:
            self._orders_of = account.version, market, is_shown
            self._orders = account.orders_of(market) if is_shown else []
        self.view.show_own(own_marks(book, self._orders, level) if self._orders else ())

    # Grouping.

    def set_level(self, level: float) -> None:
        """Ask for the book grouped by `level`, in quote currency; 0 is none. A level not offered is ignored."""
        if level == self.level or level not in self.feed.store.levels(self.market):
            return
        self.level = level
        self._levels.pop(self.market, None)
        self._levels[self.market] = level
        while len(self._levels) > _REMEMBERED:
            del self._levels[next(iter(self._levels))]
        self._name_level()
        self._bound_at = self.feed.now()  # the book before stays, unveiled, while this one is on its way
        self.want()

    def step_level(self, step: int) -> None:
        """Take the next coarser (1) or finer (-1) grouping."""
        levels = self.feed.store.levels(self.market)
        if self.level in levels:
            self.set_level(levels[max(min(levels.index(self.level) + step, len(levels) - 1), 0)])

    def _show_levels(self, levels: tuple[float, ...]) -> None:
        """Follow what the exchange offers: it changes with the price band, and BTC and USDT markets have none."""
        if levels == self._listed:
            return
        self._listed = levels
        if len(levels) > 1 and self.level not in levels:
            self._levels.pop(self.market, None)
            self.level = 0.0
            self.want()
        self.grouping.setVisible(len(levels) > 1)
        self._name_level()

    def _list_levels(self) -> None:
        """Fill the menu that is about to be seen: filled at each symbol change it would cost more than the book."""
        menu = self.grouping.groupings
        menu.clear()
        for level in self._listed:
            action = menu.addAction(self._level_text(level))
            action.setCheckable(True)
            action.setChecked(level == self.level)
            action.setData(level)
            action.triggered.connect(lambda _=False, wanted=level: self.set_level(wanted))

    def _name_level(self) -> None:
        self.grouping.setText(self.tr("Group {level}").format(level=self._level_text(self.level)) + " ▾")

    def _level_text(self, level: float) -> str:
        return fmt.price(level, level) if level else self.tr("off")

    # Language, saving.

    def _retranslate(self) -> None:
        self.grouping.setToolTip(self.tr("Group prices (+ and -)"))
        self.options.setToolTip(self.tr("Options"))
        self.totals_action.setText(self.tr("Cumulative sizes"))
        self.own_action.setText(self.tr("Own orders"))
        self.centre_action.setText(self.tr("Back to the spread (Space)"))
        self._listed = ()
        self._name_level()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def save(self) -> dict[str, Any]:
        return {
            **super().save(),
            "levels": dict(self._levels),
            "totals": self.totals_action.isChecked(),
            "own": self.own_action.isChecked(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        super().restore(state)
        levels = state.get("levels")
        if isinstance(levels, dict):
            known = [(str(k), float(v)) for k, v in levels.items() if isinstance(v, int | float) and 0 <= v < 1e15]
            self._levels = dict(known[-_REMEMBERED:])
        with QSignalBlocker(self.totals_action):
            self.totals_action.setChecked(state.get("totals") is True)
        self.view.want_columns({"percent"} | ({"total"} if self.totals_action.isChecked() else set()))
        self.own_action.setChecked(state.get("own") is not False)
