"""The scanner pane: joins the board to the painted table, its filters and what was found."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from math import isnan
from typing import Any

import numpy as np
from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QMenu, QSplitter, QWidget

from core.calc.search import MarketIndex
from core.feed.feed import Feed
from core.feed.health import StreamState, Trouble
from core.market import TICKER, Market, Stream
from core.wire.messages import Ticker
from widgets import messages
from widgets.controls.list_choice import ListChoice
from widgets.controls.list_state import lay_over_list, state_in_sight
from widgets.controls.listing import NAME, Sort, name_of
from widgets.frame import FrameClock
from widgets.pane import Pane
from widgets.scanner.bar import MOVES, QUOTES, TURNOVERS, ScannerBar
from widgets.scanner.findings import FindingsList
from widgets.scanner.model import COLUMNS, FAVOURITES, PRICE, WON, Filter, Row, Table
from widgets.scanner.view import ScannerView

SORT_S = 1.0  # a list that is sorted anew more often than this cannot be read
_SAMPLE = 8  # streams that tell how live the pane is while no row is in sight
_FINDINGS_PX = 150


class ScannerPane(Pane):
    """All markets of some quote currencies, with the last minutes of each. Its market is the highlighted one."""

    kind = "scanner"
    is_list = True

    favourite_toggled = Signal(str)  # whoever keeps the favourites answers by `show_favourites`
    groups_changed = Signal(object)  # name -> codes, all groups; whoever keeps them answers by `show_groups`
    alert_wanted = Signal(str)  # the user wants an alert on this market
    thresholds_wanted = Signal()  # the user wants to say what counts as unusual

    def __init__(self, feed: Feed, frames: FrameClock, parent: QWidget | None = None) -> None:
        super().__init__(feed, frames, parent)
        self.wanted = Filter()
        self.sort = Sort()
        self.columns = frozenset(COLUMNS)
        self.favourites: frozenset[str] = frozenset()
        self.groups: dict[str, list[str]] = {}
        self._searched = ""
        self._listed: dict[str, Market] = {}
        self._index: MarketIndex | None = None
        self._codes: Sequence[str] = ()  # on the board
        self._streams: frozenset[Stream] = frozenset()
        self._in_sight: frozenset[str] = frozenset()
        self._sampled: list[Stream] = []
        self._paths: dict[str, tuple[float, ...]] = {}  # of rows that were seen since the windows' last step
        self._written: dict[str, tuple[tuple[Ticker | None, float, bool], Row]] = {}  # the same, and what they are of
        self._written_for: tuple[object, ...] = (-1,)
        self._is_moved = False
        self._sorted_at = float("-inf")
        self._known = 0  # markets that had a value when the list was sorted
        self._board = feed.board
        self._cursor = feed.board.count
        self._is_korean = messages.is_korean()
        self.bar = ScannerBar(self)
        self.view = ScannerView(self)
        self.found = FindingsList(self)
        self.choice = ListChoice(self.view, self.bar.line, feed.now, self.market_wanted.emit, self._toggle, self._sort)
        bar = self.bar
        bar.quote_toggled.connect(self._toggle_quote)
        bar.group_chosen.connect(lambda name: self._filter(group=name))
        bar.group_made.connect(lambda name: self._change_groups({**self.groups, name: self.groups.get(name, [])}))
        bar.group_dropped.connect(self._drop_group)
        bar.turnover_chosen.connect(lambda value: self._filter(least_turnover=value))
        bar.move_chosen.connect(lambda value: self._filter(least_move=value))
        bar.clean_toggled.connect(lambda is_on: self._filter(is_clean=is_on))
        bar.column_toggled.connect(self._toggle_column)
        bar.searched.connect(self._search)
        bar.findings_toggled.connect(self.found.setVisible)
        bar.thresholds_wanted.connect(self.thresholds_wanted)
        self.view.menu_wanted.connect(self._pop_up)
        self.view.sort_wanted.connect(self._sort_by)
        self.view.scrolled.connect(self._show_rows)
        self.found.chosen.connect(self.market_wanted)
        self.splitter = QSplitter(Qt.Orientation.Vertical, self)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self.view)
        self.splitter.addWidget(self.found)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setSizes([3 * _FINDINGS_PX, _FINDINGS_PX])
        bar.findings.setChecked(True)
        self.setFocusProxy(self.view)
        self.body.addWidget(bar)
        self.body.addWidget(self.splitter, 1)
        self._show_filter()
        feed.want_board(self, self.wanted.quotes)

    def title(self) -> str:
        return self.tr("Scanner")

    # What it wants and how live it is.

    def streams(self, market: str) -> set[Stream]:
        """Return the tickers of the list, whichever market is highlighted. The board has them anyway."""
        return set(self._streams)

    def want(self) -> None:
        self.lease.want(self._streams)
        self.frames.mark(self)

    def release(self) -> None:
        self.feed.want_board(self, ())
        super().release()

    def on_stream(self, stream: Stream) -> None:
        self._is_moved = True
        if stream.market in self._in_sight and self.isVisible():
            self.frames.mark(self)

    def has_data(self) -> bool:
        return bool(self._codes)

    def state(self) -> tuple[StreamState, Stream | None]:
        return state_in_sight(self.feed, self._sampled)

    def _lay_over(self, state: StreamState, trouble: Trouble | None, age_s: float, is_young: bool) -> None:
        missing = "" if self._codes else self.tr("The list of symbols has not come yet")
        lay_over_list(self.overlay, state, trouble, age_s, is_young, missing, is_demo=self.is_demo)

    # What is shown.

    def order(self) -> list[str]:
        """Return the codes as they are sorted and filtered now, seen or not."""
        return list(self.choice.order)

    def bind(self, market: str) -> None:
        """Highlight `market`, if it is in the list."""
        if market != self.market:
            self.market = market
            self.view.set_current(market)
        self.frames.mark(self)

    def show_favourites(self, codes: Collection[str]) -> None:
        """Take the favourites of the whole program."""
        if self.favourites != set(codes):
            self.favourites = frozenset(codes)
            self._sort()

    def show_groups(self, groups: Mapping[str, Sequence[str]]) -> None:
        """Take the groups of the whole program."""
        self.groups = {name: list(codes) for name, codes in groups.items()}
        self.bar.show_groups(self.groups)
        if self.wanted.group not in ("", FAVOURITES, *self.groups):
            self._filter(group="")
        else:
            self._sort()

    def _members(self) -> Collection[str]:
        group = self.wanted.group
        return self.favourites if group == FAVOURITES else frozenset(self.groups.get(group, ()))

    def refresh(self) -> None:
        board, markets = self.feed.board, self.feed.store.markets
        if board is not self._board:
            self._board, self._cursor = board, 0
            self.found.forget()
        if markets is not self._listed:
            self._listed, self._index = markets, None
            self._find_typed()
        is_korean = messages.is_korean()
        if is_korean != self._is_korean:
            self._is_korean = is_korean
            self._show_filter()
        if board.windows.codes != self._codes:
            self._take_codes(board.windows.codes)
        elif self._is_moved and self.feed.now() - self._sorted_at >= SORT_S and self._may_sort():
            self._sort()
        else:
            self._show_rows()
        self.bar.restyle()
        self._show_found()

    def beat(self) -> None:
        self.frames.mark(self)  # windows move on without a word from the market
        super().beat()

    def _take_codes(self, codes: Sequence[str]) -> None:
        is_first = not self._codes
        self._codes = list(codes)
        self._bound_at = self.feed.now()
        streams = frozenset(Stream(TICKER, code) for code in codes)
        if streams != self._streams:
            self._streams = streams
            self.want()
        self.view.begin()
        self._sort()
        if is_first:  # a market more is no reason to scroll away from what one reads
            self.view.reveal(max(self.view.row_of(self.market), 0))

    def _show_found(self) -> None:
        board = self.feed.board
        if self.found.is_held:
            return
        found, self._cursor = board.since(self._cursor), board.count
        if found:
            listed = self._listed
            named = [(f, name_of(listed.get(f.market, Market(f.market)), self._is_korean)) for f in found]
            self.found.add([(f, f"{name} {f.market}") for f, name in named])

    def _table(self) -> Table:
        store = self.feed.store
        return Table(self.feed.board, store.tickers, store.markets)

    def _may_sort(self) -> bool:
        """A list that was sorted when next to nothing was known is in no order that one could aim in."""
        return not self.choice.is_held or self._known_of(self._table()) > 2 * self._known

    def _known_of(self, table: Table) -> int:
        """Return how many markets have a value to be sorted by."""
        return len(self._codes) if self.sort.column == NAME else int(np.isfinite(table.values(self.sort.column)).sum())

    def _sort(self) -> None:
        table = self._table()
        self._known = self._known_of(table)
        shown = table.shown(self.wanted, self._members())
        self.choice.order = table.ordered(shown, self.sort.column, self.sort.is_down, self._is_korean)
        self._sorted_at, self._is_moved = self.feed.now(), False
        self.view.set_sort(self.sort)
        self.view.set_codes(self.choice.order)
        self._say_why_empty()
        self._show_rows(table)

    def _show_rows(self, table: Table | None = None) -> None:
        """Bring the rows in sight up to date."""
        codes = [c for c in self.view.in_sight if c in self.feed.board.windows]
        if table is None:
            table = self._table()
        self._in_sight = frozenset(codes)
        self._sampled = [Stream(TICKER, code) for code in codes or self._codes[:_SAMPLE]]
        is_mixed = len(self.wanted.quotes) > 1
        columns, board, tickers = self.view.columns.ends, self.feed.board, self.feed.store.tickers
        look = (board.windows.step, self._is_korean, is_mixed, tuple(columns))
        if look != self._written_for:
            if look[0] != self._written_for[0]:
                self._paths.clear()
            self._written_for, self._written = look, {}
        rows: list[Row] = []
        for code in codes:
            # A row changes with its ticker and its spread, and all of them with the windows' step.
            now = (tickers.get(code), board.spread(code), code in self.favourites)
            kept = self._written.get(code)
            if kept is not None and kept[0][0] is now[0] and kept[0][2] == now[2] and _same(kept[0][1], now[1]):
                rows.append(kept[1])
                continue
            if code not in self._paths:
                self._paths[code] = table.path(code)
            row = table.row(
                code, columns, self._paths[code], is_korean=self._is_korean, is_favourite=now[2], is_mixed=is_mixed
            )
            self._written[code] = now, row
            rows.append(row)
        self.view.show_lines(rows)
        self.view.describe(next((r for r in rows if r.code == self.market), None))

    def _say_why_empty(self) -> None:
        note = ""
        self.choice.near = ""
        typed = self._searched.strip()
        if self.choice.order or not self._codes:
            pass
        elif typed and self._index is not None and (near := self._index.nearest(typed)) is not None:
            self.choice.near = near.code
            offer = f"{name_of(near, self._is_korean)} {near.code}"
            note = self.tr('Nothing here fits "{typed}". Press Enter for {near}.').format(typed=typed, near=offer)
        elif self.wanted.group == FAVOURITES and not self.favourites:
            note = self.tr("No favourites yet. Click the star of a symbol, or press Space on it.")
        elif self.wanted.group and not self._members():
            note = self.tr("This group is empty. Press a symbol with the right button to put it in.")
        else:
            note = self.tr("No market passes the filter. Press {filter} to widen it.")
            note = note.format(filter=self.bar.filter.text().rstrip(" ▾"))
        self.view.set_note(note)

    # The user.

    def step(self, by: int) -> None:
        """Ask for the market that stands `by` rows below the one that is bound; above it if negative."""
        self.choice.step(by)

    def _toggle(self, code: str) -> None:
        if code in self._listed:
            self.favourite_toggled.emit(code)

    def _pop_up(self, code: str, at: QPoint) -> None:
        """Show what can be done with one market."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        star = menu.addAction(self.tr("Favourite (Space)"))
        star.setCheckable(True)
        star.setChecked(code in self.favourites)
        star.triggered.connect(lambda: self._toggle(code))
        for name, codes in self.groups.items():
            action = menu.addAction(name.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(code in codes)
            action.triggered.connect(lambda _=False, n=name: self._toggle_member(n, code))
        menu.addAction(self.tr("New group…")).triggered.connect(self.bar.ask_group)
        menu.addSeparator()
        menu.addAction(self.tr("New alert…")).triggered.connect(lambda: self.alert_wanted.emit(code))
        menu.popup(at)

    def _toggle_member(self, group: str, code: str) -> None:
        codes = self.groups.get(group, [])
        others = [c for c in codes if c != code]
        self._change_groups({**self.groups, group: others if code in codes else [*codes, code]})

    def _drop_group(self, name: str) -> None:
        self._change_groups({n: codes for n, codes in self.groups.items() if n != name})

    def _change_groups(self, groups: dict[str, list[str]]) -> None:
        self.groups_changed.emit(groups)

    def _toggle_quote(self, quote: str) -> None:
        quotes = self.wanted.quotes ^ {quote}
        if quotes:
            self._filter(quotes=quotes)
            self.feed.want_board(self, quotes)
        self._show_filter()

    def _filter(self, **changes: Any) -> None:
        self.wanted = self.wanted._replace(**changes)
        self._show_filter()
        self.view.begin()
        self._sort()
        self.view.scroll_to(0)

    def _show_filter(self) -> None:
        f = self.wanted
        self.bar.show_filter(f.quotes, f.group, f.least_turnover, f.least_move, f.is_clean, self._is_korean)
        heads = self.view.heads()
        always = {NAME, PRICE}
        self.bar.show_columns({c: (heads[c], c in self.columns) for c in COLUMNS if c not in always})
        has_won = f.quotes != {"KRW"}
        self.view.set_wanted(self.columns if has_won else self.columns - {WON})

    def _toggle_column(self, column: str) -> None:
        self.columns ^= {column}
        self._show_filter()

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
            "quotes": [q for q in QUOTES if q in f.quotes],
            "group": f.group,
            "turnover": f.least_turnover,
            "move": f.least_move,
            "clean": f.is_clean,
            "sort": self.sort.column,
            "is_down": self.sort.is_down,
            "hidden": [c for c in COLUMNS if c not in self.columns],
            "findings": not self.found.isHidden(),
            "sizes": self.splitter.sizes(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        super().restore(state)
        quotes = state.get("quotes")
        kept = frozenset(q for q in quotes if q in QUOTES) if isinstance(quotes, list) else frozenset[str]()
        self.wanted = Filter(
            quotes=kept or self.wanted.quotes,
            group=group if isinstance(group := state.get("group"), str) else "",
            least_turnover=_one_of(state.get("turnover"), TURNOVERS),
            least_move=_one_of(state.get("move"), MOVES),
            is_clean=state.get("clean") is True,
        )
        column, is_down = state.get("sort"), state.get("is_down")
        if column in COLUMNS and isinstance(is_down, bool):
            self.sort = Sort(column, is_down)
        hidden = state.get("hidden")
        if isinstance(hidden, list):
            self.columns = frozenset(c for c in COLUMNS if c not in hidden)
        is_found = state.get("findings") is not False
        self.bar.findings.setChecked(is_found)
        self.found.setVisible(is_found)
        sizes = state.get("sizes")
        if isinstance(sizes, list) and len(sizes) == 2 and all(isinstance(s, int) and 0 <= s < 10_000 for s in sizes):
            self.splitter.setSizes(sizes)
        self._show_filter()
        self.feed.want_board(self, self.wanted.quotes)
        self._sort()


def _one_of(value: object, choices: Sequence[float]) -> float:
    return value if isinstance(value, int | float) and value in choices else choices[0]


def _same(one: float, other: float) -> bool:
    return one == other or (isnan(one) and isnan(other))
