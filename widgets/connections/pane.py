"""The connections pane: every socket and what it carries, once a second."""

from __future__ import annotations

import math
from typing import Any

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QLabel, QLineEdit, QTreeWidget, QTreeWidgetItem, QWidget

from core.feed.feed import Feed
from core.feed.health import LinkState, StreamState, Trouble
from core.market import TRADE, Stream
from widgets import format as fmt
from widgets import messages, theme
from widgets.connections.model import ConnectionsModel, LedgerRow, LinkRow, Look, StreamRow
from widgets.controls.status_light import light_text
from widgets.frame import FrameClock
from widgets.pane import Pane

NAME, STATE, RATE, AGE, FIRST, LEFT, RECONNECTS, ERRORS, HOLES, CHECKED = range(10)
_WIDTHS = (170, 128, 62, 62, 76, 62, 76, 54, 54, 76)
_NUMBERS = (RATE, AGE, FIRST, LEFT, RECONNECTS, ERRORS, HOLES, CHECKED)
_LONGEST_FILTER = 40
_MOST_HOLES = 20  # told in a tooltip


class ConnectionsPane(Pane):
    """A row a socket, unfolded a row a stream."""

    kind = "connections"
    takes_market = False

    def __init__(self, feed: Feed, frames: FrameClock, parent: QWidget | None = None) -> None:
        super().__init__(feed, frames, parent)
        self.model = ConnectionsModel()
        self._look: Look | None = None
        self._theme_version = -1
        self.summary = QLabel(self)
        self.summary.setContentsMargins(theme.GAP, 4, theme.GAP, 4)
        self.summary.setWordWrap(True)
        self.filter = QLineEdit(self)
        self.filter.setClearButtonEnabled(True)
        self.filter.setMaxLength(_LONGEST_FILTER)
        self.filter.textChanged.connect(lambda _text: self._show())
        self.tree = QTreeWidget(self)
        self.tree.setColumnCount(len(_WIDTHS))
        self.tree.setUniformRowHeights(True)
        self.tree.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.tree.setFrameShape(QTreeWidget.Shape.NoFrame)
        self.tree.itemExpanded.connect(lambda _item: self._show())
        header = self.tree.header()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setStretchLastSection(False)
        for column, width in enumerate(_WIDTHS):
            header.resizeSection(column, width)
        self.setFocusProxy(self.tree)
        self.body.addWidget(self.summary)
        self.body.addWidget(self.filter)
        self.body.addWidget(self.tree, 1)
        self._retranslate()

    def title(self) -> str:
        return self.tr("Connections")

    def streams(self, market: str) -> set[Stream]:
        return set()

    def has_data(self) -> bool:
        return True

    def show_state(self) -> None:
        """Show the worst of all: the pane is about every stream and wants none."""
        self._show_name()
        look = self._look
        kind = "pending"
        if look is not None and look.links:
            is_down = any(link.state is not LinkState.OPEN for link in look.links)
            kind = "offline" if is_down else "live" if look.is_healthy else "stale"
        self.header.light.show_state(kind, light_text(kind))

    def refresh(self) -> None:
        if self._theme_version != theme.version:
            self._theme_version = theme.version
            self.tree.setFont(theme.font(theme.SMALL))
        if self._look is None:
            self._take()

    def beat(self) -> None:
        self._take()
        super().beat()

    def _take(self) -> None:
        health, store = self.feed.health, self.feed.store
        markets = {s.market for s in health.streams if s.channel == TRADE}
        holes = {m: store.tape(m).holes for m in markets}
        self._look = self.model.look(health, self.feed.now(), holes)
        self._show()

    # What is seen.

    def _show(self) -> None:
        look = self._look
        if look is None:
            return
        self.summary.setText(self._summary(look))
        self.summary.setToolTip(self._digest(look))
        wanted = self.filter.text().strip().casefold()
        tree = self.tree
        while tree.topLevelItemCount() > len(look.links):
            tree.takeTopLevelItem(tree.topLevelItemCount() - 1)
        while tree.topLevelItemCount() < len(look.links):
            tree.addTopLevelItem(self._item())
        for n, link in enumerate(look.links):
            item = tree.topLevelItem(n)
            assert item is not None
            self._fill_link(item, link)
            rows = [row for row in link.streams if not wanted or wanted in _name(row.stream).casefold()]
            item.setHidden(bool(wanted) and not rows)
            if wanted and rows and not item.isExpanded():
                item.setExpanded(True)
            self._fill_streams(item, rows)

    def _item(self) -> QTreeWidgetItem:
        item = QTreeWidgetItem()
        for column in _NUMBERS:
            item.setTextAlignment(column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return item

    def _summary(self, look: Look) -> str:
        if not look.links:
            return self.tr("No connections yet.")
        if look.is_healthy:
            first = self.tr("All is well.")
        else:
            down = [link for link in look.links if link.state is not LinkState.OPEN]
            first = self.tr("{count} of {all} connections are down.").format(count=len(down), all=len(look.links))
            if not down:
                first = self.tr("Some streams do not answer.")
        counted = self.tr("{rate} messages a second, {holes} holes in the trades.")
        text = f"{first} {counted.format(rate=f'{look.rate:,.0f}', holes=look.holes)}"
        if look.mismatches:
            lost = self.tr("{count} times the trades did not add up to the exchange's volume.")
            text = f"{text} {lost.format(count=look.mismatches)}"
        return text

    def _digest(self, look: Look) -> str:
        """Return the hash of the last minute, for who compares two programs."""
        if look.digest is None:
            return ""
        text = self.tr("State of {minute}: {hash}, {known} streams, {unknown} not known for certain")
        minute_ms, digits, known, unknown = look.digest
        return text.format(minute=fmt.clock(minute_ms, seconds=False), hash=digits, known=known, unknown=unknown)

    def _fill_link(self, item: QTreeWidgetItem, link: LinkRow) -> None:
        name = self.tr("All markets") if link.is_board else self.tr("Socket {number}").format(number=link.id)
        state = messages.link_state(link.state)
        if link.cause:
            title, text = messages.trouble(Trouble(link.cause, link.reason, link.retry_in_s), is_demo=self.is_demo)
            item.setToolTip(STATE, f"{title}\n{text}")
            if link.retry_in_s >= 0.5:
                state = self.tr("Next try in {seconds} s").format(seconds=round(link.retry_in_s))
        else:
            item.setToolTip(STATE, state)
        _put(
            item,
            {
                NAME: f"{name} · {len(link.streams)}",
                STATE: state,
                RATE: _rate(link.rate),
                AGE: self._age(link.age_s),
                FIRST: "",
                LEFT: str(link.left),
                RECONNECTS: str(link.reconnects),
                ERRORS: str(link.bad_frames),
                HOLES: str(sum(len(row.holes) for row in link.streams)),
            },
        )
        is_well = link.state is LinkState.OPEN and not link.is_silent
        item.setForeground(STATE, theme.colors.ok if is_well else theme.colors.error)

    def _fill_streams(self, item: QTreeWidgetItem, rows: list[StreamRow]) -> None:
        """Fill what is unfolded; what is folded has one empty row, so that it can be unfolded."""
        shown = rows if item.isExpanded() else rows[:1]
        while item.childCount() > len(shown):
            item.takeChild(item.childCount() - 1)
        while item.childCount() < len(shown):
            item.addChild(self._item())
        if not item.isExpanded():
            return
        colors = {
            StreamState.LIVE: theme.colors.ok,
            StreamState.PENDING: theme.colors.accent,
            StreamState.IDLE: theme.colors.faint,
            StreamState.STALE: theme.colors.warn,
            StreamState.UNKNOWN: theme.colors.error,
        }
        for n, row in enumerate(shown):
            child = item.child(n)
            assert child is not None
            _put(
                child,
                {
                    NAME: _name(row.stream),
                    STATE: messages.stream_state(row.state),
                    RATE: _rate(row.rate),
                    AGE: self._age(row.age_s),
                    FIRST: "" if math.isnan(row.first_s) else f"{row.first_s * 1000:,.0f} ms",
                    HOLES: str(len(row.holes)) if row.stream.channel == TRADE else "",
                    CHECKED: self._checked(row.ledger),
                },
            )
            has_mismatch = row.ledger is not None and row.ledger.mismatches > 0
            child.setForeground(CHECKED, theme.colors.warn if has_mismatch else theme.colors.text)
            child.setToolTip(CHECKED, self._check_tip(row.ledger))
            child.setForeground(STATE, colors[row.state])
            spans = (f"{fmt.clock(a)} – {fmt.clock(b)}" for a, b in row.holes[-_MOST_HOLES:])
            child.setToolTip(HOLES, "\n".join(spans))

    def _checked(self, ledger: LedgerRow | None) -> str:
        if ledger is None:
            return ""
        text = self._age(ledger.proven_s)
        return f"{text} ({ledger.mismatches})".strip() if ledger.mismatches else text

    def _check_tip(self, ledger: LedgerRow | None) -> str:
        if ledger is None:
            return ""
        lines = [self.tr("The trades have not been compared with the exchange's volume yet.")]
        if not math.isinf(ledger.proven_s):
            text = self.tr("{age} ago the trades added up to the exchange's volume.")
            lines = [text.format(age=self._age(ledger.proven_s))]
        if ledger.mismatches:
            text = self.tr("Did not add up: {count} times, mended: {mended}.")
            lines.append(text.format(count=ledger.mismatches, mended=ledger.mended))
        if ledger.span is not None:
            text = self.tr("Last time: {size} between {begin} and {end}.")
            begin, end = (fmt.clock(ms) for ms in ledger.span)
            lines.append(text.format(size=f"{ledger.missing:,.8f}", begin=begin, end=end))
        return "\n".join(lines)

    @staticmethod
    def _age(age_s: float) -> str:
        return "" if math.isinf(age_s) else fmt.age(age_s, "ko" if messages.is_korean() else "en")

    def _retranslate(self) -> None:
        heads = {
            NAME: (self.tr("Connection"), ""),
            STATE: (self.tr("State"), ""),
            RATE: (self.tr("Per s"), self.tr("Messages a second")),
            AGE: (self.tr("Age"), self.tr("Time since the last message")),
            FIRST: (self.tr("First"), self.tr("From the request to the first message")),
            LEFT: (self.tr("Left"), self.tr("Requests that may go at once")),
            RECONNECTS: (self.tr("Reconnects"), self.tr("How often the connection came back")),
            ERRORS: (self.tr("Errors"), self.tr("Messages that could not be read")),
            HOLES: (self.tr("Holes"), self.tr("Times of which trades are missing")),
            CHECKED: (self.tr("Checked"), self.tr("Time since the trades added up to the exchange's volume")),
        }
        head = self.tree.headerItem()
        for column, (text, tip) in heads.items():
            head.setText(column, text)
            head.setToolTip(column, tip or text)
            if column in _NUMBERS:
                head.setTextAlignment(column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.filter.setPlaceholderText(self.tr("Filter by symbol or channel"))
        self.filter.setAccessibleName(self.tr("Filter by symbol or channel"))
        self.tree.setAccessibleName(self.tr("Connections and their streams"))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
            self._show()
        super().changeEvent(event)

    def save(self) -> dict[str, Any]:
        return {"filter": self.filter.text()}

    def restore(self, state: dict[str, Any]) -> None:
        if isinstance(text := state.get("filter"), str):
            self.filter.setText(text[:_LONGEST_FILTER])


def _name(stream: Stream) -> str:
    level = f" {stream.level:g}" if stream.level else ""
    return f"{stream.market} {stream.channel}{level}"


def _rate(rate: float) -> str:
    return "" if math.isnan(rate) else f"{rate:,.1f}" if rate < 100 else f"{rate:,.0f}"


def _put(item: QTreeWidgetItem, texts: dict[int, str]) -> None:
    """Set what changed: a text that is set is painted again."""
    for column, text in texts.items():
        if item.text(column) != text:
            item.setText(column, text)
