"""The account pane: joins balances, orders and fills of the account to the painted table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import QEvent, QPoint, QSignalBlocker, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from core.feed.feed import Feed
from core.market import TICKER, Market, Stream
from widgets import format as fmt
from widgets import messages
from widgets.account.bar import AccountBar, Figure, Summary
from widgets.account.model import (
    BALANCES,
    COLUMNS,
    FILLS,
    FIRST_SORT,
    HIDDEN,
    OPEN,
    PART_OF,
    PAST,
    SECTIONS,
    Holding,
    Line,
    Rates,
    Record,
    Total,
    Words,
    as_text,
    holdings,
    id_of,
    is_dust,
    markets_wanted,
    ordered,
    percent,
    write,
)
from widgets.account.view import AccountView
from widgets.controls.account_state import AccountOverlay
from widgets.controls.listing import Sort, name_of
from widgets.frame import FrameClock
from widgets.pane import Pane

SORT_S = 1.0  # balances that are sorted anew more often than this cannot be read
HOLD_S = 2.0  # after a key press nothing moves


class AccountPane(Pane):
    """One's own account, a section at a time. Its market is that of the highlighted line."""

    kind = "account"
    is_list = True

    key_wanted = Signal()  # the user wants to enter an API key

    def __init__(self, feed: Feed, frames: FrameClock, parent: QWidget | None = None) -> None:
        super().__init__(feed, frames, parent)
        self.section = BALANCES
        self.is_private = False  # amounts are hidden
        self.hides_dust = False
        self._sorts = {section: Sort(column) for section, column in FIRST_SORT.items()}
        self._version = -1  # of the account, when the records were taken
        self._store = feed.store
        self._listed: object = None
        self._records: dict[str, Record] = {}  # of the section, by id
        self._total = Total()
        self._codes: list[str] = []  # as they are sorted
        self._lines: dict[str, tuple[Record, Line]] = {}  # in sight
        self._wanted: frozenset[Stream] = frozenset()
        self._is_moved = False  # prices moved since the balances were sorted
        self._sorted_at = self._key_at = float("-inf")
        self._state = AccountOverlay(feed, self.overlay, self.header.light)
        self._is_korean = messages.is_korean()
        self.bar = AccountBar(self)
        self.summary = Summary(self)
        self.view = AccountView(self)
        self.bar.section_chosen.connect(self.show_section)
        self.bar.privacy_toggled.connect(self.set_private)
        self.bar.dust_toggled.connect(self.set_hides_dust)
        self.bar.copy_wanted.connect(self.copy)
        self.bar.key_wanted.connect(self.key_wanted)
        view = self.view
        view.chosen.connect(self._choose)
        view.stepped.connect(self._step_by)
        view.jumped.connect(self._jump)
        view.taken.connect(lambda: self._choose(view.current))
        view.sort_wanted.connect(self._sort_by)
        view.tab_stepped.connect(self._step_section)
        view.typed.connect(lambda text: self.picker_wanted.emit(self, text))
        view.scrolled.connect(self._show_lines)
        view.copy_wanted.connect(self.copy)
        view.menu_wanted.connect(self._pop_up)
        self.setFocusProxy(view)
        self.body.addWidget(self.bar)
        self.body.addWidget(self.summary)
        self.body.addWidget(view, 1)
        self.bar.show_section(self.section)
        view.set_sort(self._sorts[self.section])
        self._retranslate()

    def title(self) -> str:
        return self.tr("Account")

    # What it wants and how live it is.

    def streams(self, market: str) -> set[Stream]:
        """Return the tickers that tell what the balances are worth. The board has most of them anyway."""
        return set(self._wanted)

    def want(self) -> None:
        balances, listed = self.feed.account.balances.values(), self.feed.store.markets
        self._wanted = frozenset(Stream(TICKER, market) for market in markets_wanted(balances, listed))
        self.lease.want(self._wanted)
        self.frames.mark(self)

    def on_stream(self, stream: Stream) -> None:
        self._is_moved = True
        if self.section == BALANCES and self.isVisible():
            self.frames.mark(self)

    def has_data(self) -> bool:
        account = self.feed.account
        return bool(account.balances or account.open_orders or account.closed_orders)

    def show_state(self) -> None:
        """Show name and light and, where the account is not live, what that means and what to do."""
        self._show_name()
        if self._state.show(has_data=self.has_data(), is_demo=self.is_demo):
            self.frames.mark(self)

    def _show_name(self) -> None:
        named = (self.title(), messages.is_korean(), self.is_demo)
        if named != self._named:
            self._named = named
            self.header.show_title(self.title())
            self.setAccessibleName(self.title())
            self.setWindowTitle(self.title())

    def _act(self, action: str) -> None:
        if action == messages.KEY:
            self.key_wanted.emit()
        else:
            super()._act(action)

    # What is shown.

    def bind(self, market: str) -> None:
        """Highlight the line of `market`, the first of several."""
        self.market = market
        if market and self._market_of(self.view.current) != market:
            code = next((code for code in self._codes if self._market_of(code) == market), "")
            self.view.set_current(code)
            self._describe()
        self.frames.mark(self)

    def _market_of(self, code: str) -> str:
        record = self._records.get(code)
        return record.market if record is not None else ""

    def show_section(self, section: str) -> None:
        """Show another part of the account."""
        if section in SECTIONS and section != self.section:
            self.section = section
            self.bar.show_section(section)
            self._codes = []
            self._lines.clear()
            self.view.set_codes([])
            self.view.show_section(section)
            self.view.set_sort(self._sorts[section])
            self.view.set_current("")
            self._version = -1
            self.refresh()
            self.bind(self.market)

    def set_private(self, is_private: bool) -> None:
        """Hide amounts, or show them."""
        if is_private != self.is_private:
            self.is_private = is_private
            with QSignalBlocker(self.bar.eye):
                self.bar.eye.setChecked(is_private)
            self._lines.clear()
            self.refresh()

    def set_hides_dust(self, hides_dust: bool) -> None:
        """Leave out balances that are worth next to nothing, or show them."""
        if hides_dust != self.hides_dust:
            self.hides_dust = hides_dust
            with QSignalBlocker(self.bar.dust):
                self.bar.dust.setChecked(hides_dust)
            self._version = -1
            self.refresh()

    def beat(self) -> None:
        super().beat()
        if self.feed.account.version != self._version or self._is_moved:
            self.refresh()

    def refresh(self) -> None:
        self.bar.restyle()
        if self._is_korean != messages.is_korean():
            self._is_korean = messages.is_korean()
            self._lines.clear()
        account, store = self.feed.account, self.feed.store
        is_new = account.version != self._version
        if is_new or store.markets is not self._listed or store is not self._store:
            self._listed, self._store = store.markets, store
            self.want()  # other balances, or markets that are listed now
        self._take(is_new=is_new)
        self._version = account.version
        self._show_summary()
        self._show_lines()

    def _take(self, *, is_new: bool) -> None:
        """Take the records of the section, and sort them where that does not move what is aimed at."""
        account = self.feed.account
        found: Iterable[Record]
        if self.section == BALANCES or is_new or self._is_moved:
            held, self._total = holdings(
                account.balances.values(), self.feed.store.markets, Rates(self.feed.store.tickers)
            )
        if self.section == BALANCES:
            found = [h for h in held if not (self.hides_dust and is_dust(h))]
        elif not is_new:
            self._is_moved = False  # of what does not change with prices
            return
        elif self.section == OPEN:
            found = account.open_orders.values()
        elif self.section == PAST:
            found = account.closed_orders.values()
        else:
            found = account.fills()
        before, self._records = self._records.keys(), {id_of(record): record for record in found}
        is_same = before == self._records.keys()
        now = self.feed.now()
        is_due = self._is_moved and now - self._sorted_at >= SORT_S and not self._is_held(now)
        if is_new or not is_same or is_due or len(self._codes) != len(self._records):
            self._sort()

    def _is_held(self, now: float) -> bool:
        return self.view.underMouse() or now - self._key_at < HOLD_S

    def _sort(self) -> None:
        sort = self._sorts[self.section]
        rows = ordered(self.section, self._records.values(), sort.column, is_down=sort.is_down)
        self._codes = [id_of(record) for record in rows]
        self._sorted_at, self._is_moved = self.feed.now(), False
        self.view.set_codes(self._codes)
        self.view.set_markets({code: record.market for code, record in self._records.items()})
        account = self.feed.account
        self.bar.show_counts({OPEN: len(account.open_orders)})
        part = PART_OF[self.section]
        self.view.set_note(messages.key_may_not(part) if part in account.missing else self._empty_note())

    def _empty_note(self) -> str:
        if self.section == BALANCES and self.hides_dust and self._total.value:
            return self.tr("Only balances below 1,000 KRW, which are hidden")
        return {
            BALANCES: self.tr("Nothing is held"),
            OPEN: self.tr("No open orders"),
            PAST: self.tr("No orders in the last seven days"),
            FILLS: self.tr("No fills in the last seven days"),
        }[self.section]

    def _line(self, code: str) -> Line:
        record = self._records[code]
        known = self._lines.get(code)
        if known is not None and known[0] == record:
            return known[1]
        line = write(self.section, record, self._name(record), self._words, is_private=self.is_private)
        self._lines[code] = record, line
        return line

    def _name(self, record: Record) -> str:
        if isinstance(record, Holding) and record.currency == "KRW":
            return self.tr("Korean won")
        listed = self.feed.store.markets.get(record.market)
        fallback = record.currency if isinstance(record, Holding) else record.market
        return name_of(listed, self._is_korean) if isinstance(listed, Market) else fallback

    def _show_lines(self) -> None:
        in_sight = self.view.in_sight
        lines = [self._line(code) for code in in_sight if code in self._records]
        self._lines = {line.code: self._lines[line.code] for line in lines}
        self.view.show_lines(lines)
        self._describe()

    def _describe(self) -> None:
        current = self.view.current
        self.view.describe(self._line(current) if current in self._records else None)

    def _show_summary(self) -> None:
        total, hide = self._total, self.is_private
        way = (total.profit > 0) - (total.profit < 0)
        value = fmt.amount(total.value) + ("+" if total.unpriced else "")

        def money(text: str) -> str:
            return HIDDEN if hide else text

        tip = self.tr("Currencies without a price: {count}. They are not in the sum.").format(count=total.unpriced)
        self.summary.setToolTip(tip if total.unpriced else "")
        self.summary.show_figures(
            (
                Figure(self.tr("Value (KRW)"), money(value)),
                Figure(self.tr("Profit"), money(fmt.amount(total.profit, is_signed=True)), way),
                Figure(self.tr("Return"), percent(total.rate), way),
                Figure(self.tr("Cost"), money(fmt.amount(total.cost))),
                Figure(self.tr("Cash"), money(fmt.amount(total.cash))),
            )
        )

    # The user.

    def _choose(self, code: str) -> None:
        if code not in self._records:
            return
        self.view.set_current(code)
        self._describe()
        market = self._market_of(code)
        if market and market in self.feed.store.markets and market != self.market:
            self.market_wanted.emit(market)

    def step(self, by: int) -> None:
        """Go to the line that stands `by` below the current one; above it if negative."""
        self._step_by(by)

    def _step_by(self, by: int) -> None:
        self._key_at = self.feed.now()
        if self._codes:
            at = self.view.row_of(self.view.current)
            row = at + by if at >= 0 else 0 if by > 0 else len(self._codes) - 1
            self._choose(self._codes[max(min(row, len(self._codes) - 1), 0)])

    def _jump(self, row: int) -> None:
        self._key_at = self.feed.now()
        if self._codes:
            self._choose(self._codes[row if row >= 0 else len(self._codes) + row])

    def _step_section(self, by: int) -> None:
        self.show_section(SECTIONS[(SECTIONS.index(self.section) + by) % len(SECTIONS)])

    def _sort_by(self, sort: Sort) -> None:
        if sort.column in COLUMNS[self.section]:
            self._sorts[self.section] = sort
            self.view.set_sort(sort)
            self._sort()
            self.view.scroll_to(0)
            self._show_lines()

    def copy(self) -> None:
        """Put the whole section on the clipboard as text. Hidden amounts stay hidden."""
        lines = [
            write(self.section, record, self._name(record), self._words, is_private=self.is_private)
            for record in map(self._records.__getitem__, self._codes)
        ]
        QGuiApplication.clipboard().setText(as_text(self.section, self.view.heads(), lines))

    def _pop_up(self, code: str, at: QPoint) -> None:
        menu = QMenu(self)
        market = self._market_of(code)
        if market in self.feed.store.markets:
            menu.addAction(self.tr("Show {market}").format(market=market)).triggered.connect(lambda: self._choose(code))
        menu.addAction(self.tr("Copy the table (Ctrl+C)")).triggered.connect(self.copy)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

    # Language, saving.

    def _retranslate(self) -> None:
        self._words = Words(
            buy=self.tr("Buy"),
            sell=self.tr("Sell"),
            kinds={
                "limit": self.tr("Limit"),
                "price": self.tr("Market"),
                "market": self.tr("Market"),
                "best": self.tr("Best price"),
            },
            ends={
                "filled": self.tr("Filled"),
                "part": self.tr("Filled in part"),
                "cancelled": self.tr("Cancelled"),
            },
            reserved=self.tr("Reserved"),
            maker=self.tr("Maker"),
            taker=self.tr("Taker"),
        )
        self._lines.clear()
        self._version = -1

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def save(self) -> dict[str, Any]:
        sorts = {section: [sort.column, sort.is_down] for section, sort in self._sorts.items()}
        return {
            **super().save(),
            "section": self.section,
            "private": self.is_private,
            "dust": self.hides_dust,
            "sorts": sorts,
        }

    def restore(self, state: dict[str, Any]) -> None:
        super().restore(state)
        kept = state.get("sorts")
        for section, sort in (kept if isinstance(kept, dict) else {}).items():
            match sort:
                case [str(column), bool(is_down)] if column in COLUMNS.get(section, ()):
                    self._sorts[section] = Sort(column, is_down)
        self.view.set_sort(self._sorts[self.section])
        self.set_private(state.get("private") is True)
        self.set_hides_dust(state.get("dust") is True)
        if (section := state.get("section")) in SECTIONS:
            self.show_section(section)
