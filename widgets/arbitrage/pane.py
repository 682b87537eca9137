"""The cross-market pane: joins what coins cost in several quote currencies to the painted table."""

from __future__ import annotations

from collections.abc import Sequence
from math import isinf, isnan
from typing import Any

import msgspec
from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QLabel, QMenu, QSizePolicy, QWidget

from core.calc.arbitrage import Fill, Terms
from core.calc.search import MarketIndex
from core.feed.feed import Feed
from core.feed.health import StreamState, Trouble
from core.market import TICKER, Market, Stream, base_of, quote_of, tick_size
from core.state.cross import Row as Known
from widgets import format as fmt
from widgets import messages, theme
from widgets.arbitrage.bar import CrossBar
from widgets.arbitrage.model import (
    AGAINST,
    COLUMNS,
    EDGE,
    KIMCHI,
    LEAST,
    PREMIUM,
    REACH,
    WAY,
    Filter,
    Table,
    age_text,
)
from widgets.arbitrage.view import CrossView
from widgets.controls.list_choice import ListChoice
from widgets.controls.list_state import lay_over_list, state_in_sight
from widgets.controls.listing import NAME, Sort, name_of
from widgets.frame import FrameClock
from widgets.pane import Pane

SORT_S = 1.0  # a list that is sorted anew more often than this cannot be read
PINS = 16  # coins whose books are listened to whatever their rank
_SAMPLE = 8  # streams that tell how live the pane is while no row is in sight


class CrossPane(Pane):
    """All coins of several quote currencies. Its market is the highlighted one."""

    kind = "arbitrage"
    is_list = True

    alert_wanted = Signal(str, str)  # the user wants an alert: (metric, market)
    terms_chosen = Signal(object)  # Terms; whoever keeps them puts them in force
    settings_wanted = Signal()

    def __init__(self, feed: Feed, frames: FrameClock, parent: QWidget | None = None) -> None:
        super().__init__(feed, frames, parent)
        self.wanted = Filter()
        self.sort = Sort(EDGE, True)
        self.against = AGAINST[0]
        self.columns = frozenset(COLUMNS)
        self.pins: list[str] = []  # coins
        self._searched = ""
        self._listed: dict[str, Market] = {}
        self._index: MarketIndex | None = None
        self._coins: dict[str, tuple[str, ...]] = {}
        self._streams: frozenset[Stream] = frozenset()
        self._sampled: list[Stream] = []
        self._version = -1
        self._sorted_at = float("-inf")
        self._known = 0  # what there was to be sorted when the list was
        self._cross = feed.cross
        self._is_korean = messages.is_korean()
        self._has_outside = False
        self._theme_version = -1
        self.bar = CrossBar(self)
        self.view = CrossView(self)
        self.view.note_of = self._note_of  # type: ignore[method-assign]
        self.info = QLabel(self)  # the bridges and what is outside, each with its age
        self.info.setProperty("tone", "muted")
        self.info.setContentsMargins(6, 0, 6, 1)
        self.info.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.choice = ListChoice(self.view, self.bar.line, feed.now, self.market_wanted.emit, self._toggle, self._sort)
        bar = self.bar
        bar.against_chosen.connect(self._compare_with)
        bar.size_chosen.connect(self._choose_size)
        bar.premium_chosen.connect(lambda value: self._filter(least_premium=value))
        bar.edge_toggled.connect(lambda is_on: self._filter(has_edge=is_on))
        bar.watched_toggled.connect(lambda is_on: self._filter(is_watched=is_on))
        bar.column_toggled.connect(self._toggle_column)
        bar.searched.connect(self._search)
        bar.settings_wanted.connect(self.settings_wanted)
        self.view.menu_wanted.connect(self._pop_up)
        self.view.sort_wanted.connect(self._sort_by)
        self.view.scrolled.connect(self._show_rows)
        self.setFocusProxy(self.view)
        self.body.addWidget(bar)
        self.body.addWidget(self.view, 1)
        self.body.addWidget(self.info)
        self._show_choices()
        feed.want_cross(self, self.pins)

    def title(self) -> str:
        return self.tr("Cross-market")

    # What it wants and how live it is.

    def streams(self, market: str) -> set[Stream]:
        """Return the tickers of the list, whichever market is highlighted. The program hears them anyway."""
        return set(self._streams)

    def want(self) -> None:
        self.lease.want(self._streams)
        self.frames.mark(self)

    def release(self) -> None:
        self.feed.want_cross(self, None)
        super().release()

    def on_stream(self, stream: Stream) -> None:
        if self.feed.cross.version != self._version and self.isVisible():
            self.frames.mark(self)

    def has_data(self) -> bool:
        return bool(self._coins)

    def state(self) -> tuple[StreamState, Stream | None]:
        return state_in_sight(self.feed, self._sampled)

    def _lay_over(self, state: StreamState, trouble: Trouble | None, age_s: float, is_young: bool) -> None:
        missing = "" if self._coins else self.tr("The list of symbols has not come yet")
        lay_over_list(self.overlay, state, trouble, age_s, is_young, missing, is_demo=self.is_demo)

    # What is shown.

    def order(self) -> list[str]:
        """Return the codes as they are sorted and filtered now, seen or not."""
        return list(self.choice.order)

    def bind(self, market: str) -> None:
        """Highlight the coin of `market`, if it is in the list, and listen to its books."""
        if market != self.market:
            self.market = market
            self.view.set_current(self._code_of(market))
            self._say_wants()
        self.frames.mark(self)

    def _code_of(self, market: str) -> str:
        quotes = self.feed.cross.coins.get(base_of(market))
        return f"{quotes[0]}-{base_of(market)}" if quotes else market

    def _say_wants(self) -> None:
        pinned = {*self.pins, base_of(self.market)} - {""}
        self.feed.want_cross(self, pinned, (base_of(code) for code in self.view.in_sight))

    def refresh(self) -> None:
        cross, markets = self.feed.cross, self.feed.store.markets
        if cross is not self._cross:
            self._cross, self._coins = cross, {}
        if markets is not self._listed:
            self._listed, self._index = markets, None
            self._find_typed()
        is_korean, has_outside = messages.is_korean(), bool(cross.outside.name)
        if is_korean != self._is_korean or has_outside != self._has_outside:
            self._is_korean, self._has_outside = is_korean, has_outside
            self._show_choices()
        is_moved, self._version = cross.version != self._version, cross.version
        if cross.coins is not self._coins:
            self._take_coins(cross.coins)
        elif is_moved and self.feed.now() - self._sorted_at >= SORT_S and self._may_sort():
            self._sort()
        else:
            self._show_rows()
        self._show_info()
        self.bar.restyle()
        if theme.version != self._theme_version:
            self._theme_version = theme.version
            self.info.setFont(theme.font(theme.TINY))

    def beat(self) -> None:
        self.frames.mark(self)  # ages grow without a word from the market
        super().beat()

    def _take_coins(self, coins: dict[str, tuple[str, ...]]) -> None:
        self._coins = coins
        self._bound_at = self.feed.now()
        streams = frozenset(Stream(TICKER, market) for market in self.feed.cross.markets(coins))
        if streams != self._streams:
            self._streams = streams
            self.want()
        self.view.begin()
        self._sort()
        self.view.current = self._code_of(self.market)  # without scrolling to it: the best stand on top

    def _table(self) -> Table:
        store = self.feed.store
        return Table(self.feed.cross, store.tickers, store.markets, self.against, self.feed.now())

    def _may_sort(self) -> bool:
        """A list that was sorted when next to nothing was known is in no order that one could aim in."""
        if not self.choice.is_held:
            return True
        table = self._table()
        return self._known_of(table, table.shown(self.wanted)) > 2 * self._known

    def _known_of(self, table: Table, shown: Sequence[str]) -> int:
        """Return how many coins are there, and have a value to be sorted by."""
        return len(shown) + sum(not isnan(table.value(coin, self.sort.column)) for coin in shown)

    def _sort(self) -> None:
        table = self._table()
        shown = table.shown(self.wanted)
        self._known = self._known_of(table, shown)
        self.choice.order = table.ordered(shown, self.sort.column, self.sort.is_down, self._is_korean)
        self._sorted_at = self.feed.now()
        self.view.set_sort(self.sort)
        self.view.set_codes(self.choice.order)
        self._say_why_empty()
        self._show_rows(table)

    def _show_rows(self, table: Table | None = None) -> None:
        """Bring the rows in sight up to date."""
        cross = self.feed.cross
        codes = [c for c in self.view.in_sight if base_of(c) in cross.rows]
        if table is None:
            table = self._table()
        self._say_wants()
        streams = [Stream(TICKER, code) for code in codes]
        self._sampled = streams or sorted(self._streams)[:_SAMPLE]
        pins = set(self.pins)
        rows = [
            table.row(code, self.view.columns.ends, is_korean=self._is_korean, is_favourite=base_of(code) in pins)
            for code in codes
        ]
        self.view.show_lines(rows)
        self.view.describe(next((r for r in rows if r.code == self.view.current), None))

    def _show_info(self) -> None:
        """Say what the bridges and what is outside tell, and how old that is."""
        cross, now = self.feed.cross, self.feed.now()
        seconds = self.tr("{age} s")
        parts = [
            f"{leg.market} {fmt.price(leg.price, tick_size(leg.market, leg.price))} "
            f"({seconds.format(age=age_text(leg.age_s))})"
            for leg in cross.bridges.values()
            if not isnan(leg.price)
        ]
        outside, fx = cross.outside, cross.outside.fx
        if outside.name:
            age_s = outside.age_s("BTC", now)
            state = self.tr("live") if outside.is_live else self.tr("not connected")
            aged = "" if isinf(age_s) else f" ({seconds.format(age=age_text(age_s))})"
            parts.append(f"{outside.name}: {state}{aged}")
            if fx is None:
                parts.append(self.tr("no bank rate: type one in the settings"))
            else:
                source = self.tr("typed") if fx.source == "typed" else seconds.format(age=age_text(fx.age_s(now)))
                parts.append(self.tr("USD {rate} ({source})").format(rate=f"{fx.krw:,.2f}", source=source))
        text = "  ·  ".join(parts)
        if text != self.info.text():
            self.info.setText(text)
            self.info.setToolTip(text)

    def _note_of(self, code: str, column: str) -> str:
        """Return what more there is to say of a cell: why there is no edge, or the three orders of the trip."""
        row = self.feed.cross.rows.get(base_of(code))
        if row is None or column not in (EDGE, WAY, REACH, PREMIUM):
            return ""
        if row.flaw or row.why or row.trip is None or row.route is None:
            return self._why_not(row)
        lines = [self._order_text(o.market, f, is_buy=o.is_buy) for o, f in zip(row.route, row.trip.fills, strict=True)]
        if row.capacity is not None:
            lang = "ko" if self._is_korean else "en"
            best, gain = (
                fmt.turnover(value * row.home_krw, "KRW", lang)
                for value in (row.capacity.best_size, row.capacity.best_gain)
            )
            lines.append(self.tr("Most is won with {size}: {gain} KRW").format(size=best, gain=gain))
        return "\n".join(lines)

    def _why_not(self, row: Known) -> str:
        flaws = {
            "pending": self.tr("Its books are not listened to: press Space to have them"),
            "stale": self.tr("No edge: a book is too old"),
            "halted": self.tr("No edge: trading is halted"),
            "empty": self.tr("No edge: a book has no orders on one side"),
        }
        whys = {
            "empty": self.tr("No edge: a book has no orders on one side"),
            "thin": self.tr("No edge: the books do not hold this size"),
            "small": self.tr("No edge: an order would be below the minimum"),
        }
        return flaws.get(row.flaw) or whys.get(row.why, "")

    def _order_text(self, market: str, fill: Fill, *, is_buy: bool) -> str:
        price = fmt.price(fill.limit, tick_size(market, fill.limit))
        size = fmt.size(fill.got if is_buy else fill.spent, fmt.size_places(fill.limit, quote_of(market)))
        text = self.tr("Buy {size} on {market} up to {price}") if is_buy else None
        text = text or self.tr("Sell {size} on {market} down to {price}")
        return text.format(size=size, market=market, price=price)

    def _say_why_empty(self) -> None:
        note = ""
        self.choice.near = ""
        typed = self._searched.strip()
        if self.choice.order or not self._coins or not self.feed.cross.rows:
            pass
        elif typed and self._index is not None and (near := self._index.nearest(typed)) is not None:
            self.choice.near = near.code
            offer = f"{name_of(near, self._is_korean)} {near.code}"
            note = self.tr('Nothing here fits "{typed}". Press Enter for {near}.').format(typed=typed, near=offer)
        elif self.wanted.has_edge:
            note = self.tr("No coin has an edge after fees now.")
        else:
            note = self.tr("No coin passes the filter. Press {filter} to widen it.")
            note = note.format(filter=self.bar.filter.text().rstrip(" ▾"))
        self.view.set_note(note)

    # The user.

    def step(self, by: int) -> None:
        """Ask for the market that stands `by` rows below the one that is bound; above it if negative."""
        self.choice.step(by)

    def _toggle(self, code: str) -> None:
        """Listen to the books of a coin whatever its rank, or no more."""
        coin = base_of(code)
        if coin in self.pins:
            self.pins.remove(coin)
        elif len(self.pins) < PINS:
            self.pins.append(coin)
        self._say_wants()
        self._show_rows()

    def _pop_up(self, code: str, at: QPoint) -> None:
        """Show what can be done with one coin."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        pin = menu.addAction(self.tr("Always listen to its books (Space)"))
        pin.setCheckable(True)
        pin.setChecked(base_of(code) in self.pins)
        pin.triggered.connect(lambda: self._toggle(code))
        menu.addSeparator()
        coin, pair = base_of(code), self.feed.cross.pair_of(base_of(code), self.against)
        for metric, text, market in (
            ("premium", self.tr("Alert on the premium…"), f"{pair[1]}-{coin}" if pair else code),
            ("edge", self.tr("Alert on the edge…"), code),
        ):
            if metric != "premium" or (pair is not None and pair[0] == "KRW"):
                menu.addAction(text).triggered.connect(lambda _=False, m=metric, c=market: self.alert_wanted.emit(m, c))
        menu.addSeparator()
        for quote in self.feed.cross.coins.get(coin, ()):
            market = f"{quote}-{coin}"
            show = menu.addAction(self.tr("Show {market}").format(market=market))
            show.triggered.connect(lambda _=False, m=market: self.market_wanted.emit(m))
        menu.popup(at)

    def _compare_with(self, quote: str) -> None:
        self.against = quote
        self._show_choices()
        self._sort()

    def _choose_size(self, krw: float) -> None:
        self.terms_chosen.emit(msgspec.structs.replace(self.feed.cross.terms, size_krw=krw))
        self._show_choices()

    def show_terms(self, terms: Terms) -> None:
        """Show the terms that are in force now."""
        self._show_choices()

    def _filter(self, **changes: Any) -> None:
        self.wanted = self.wanted._replace(**changes)
        self._show_choices()
        self.view.begin()
        self._sort()
        self.view.scroll_to(0)

    def _show_choices(self) -> None:
        f = self.wanted
        size = self.feed.cross.terms.size_krw
        self.bar.show_choices(self.against, size, f.least_premium, f.has_edge, f.is_watched)
        self.view.set_against(self.against)
        heads = self.view.heads()
        self.bar.show_columns({c: (heads[c], c in self.columns) for c in COLUMNS if c not in (NAME, PREMIUM, EDGE)})
        self.view.set_wanted(self.columns if self._has_outside else self.columns - frozenset(KIMCHI))

    def _toggle_column(self, column: str) -> None:
        self.columns ^= {column}
        self._show_choices()

    def _search(self, typed: str) -> None:
        if typed == self._searched:
            return
        self._searched = typed
        self._find_typed()
        self._sort()
        self.view.scroll_to(0)

    def _find_typed(self) -> None:
        codes = None
        if plain := self._searched.strip():
            if self._index is None:
                self._index = MarketIndex(self._listed.values())
            codes = frozenset(m.code for m in self._index.search(plain, limit=max(len(self._listed), 1)))
        self.wanted = self.wanted._replace(codes=codes)

    def _sort_by(self, sort: Sort) -> None:
        self.sort = sort
        self._sort()
        self.view.scroll_to(0)  # whoever sorts wants to see what is first

    # Saving.

    def save(self) -> dict[str, Any]:
        f = self.wanted
        return {
            **super().save(),
            "against": self.against,
            "premium": f.least_premium,
            "edge": f.has_edge,
            "watched": f.is_watched,
            "sort": self.sort.column,
            "is_down": self.sort.is_down,
            "hidden": [c for c in COLUMNS if c not in self.columns],
            "pins": list(self.pins),
        }

    def restore(self, state: dict[str, Any]) -> None:
        super().restore(state)
        against, premium = state.get("against"), state.get("premium")
        self.against = against if against in AGAINST else self.against
        self.wanted = Filter(
            least_premium=premium if isinstance(premium, int | float) and premium in LEAST else 0.0,
            has_edge=state.get("edge") is True,
            is_watched=state.get("watched") is True,
        )
        column, is_down = state.get("sort"), state.get("is_down")
        if column in COLUMNS and isinstance(is_down, bool):
            self.sort = Sort(column, is_down)
        hidden, pins = state.get("hidden"), state.get("pins")
        if isinstance(hidden, list):
            self.columns = frozenset(c for c in COLUMNS if c not in hidden)
        if isinstance(pins, list):
            self.pins = [p for p in dict.fromkeys(pins) if isinstance(p, str)][:PINS]
        self._show_choices()
        self._say_wants()
        self._sort()
