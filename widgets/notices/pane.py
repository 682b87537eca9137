"""The notices pane: what the exchange announces, the newest first."""

from __future__ import annotations

from collections import deque
from typing import Any

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QWidget

from core.feed.feed import Feed
from core.market import Stream
from core.state.account import NOTICES
from widgets import messages, theme
from widgets.controls.account_state import AccountOverlay
from widgets.controls.search_line import bar_style
from widgets.frame import FrameClock
from widgets.notices.model import Line, lines, mark_of
from widgets.notices.view import NoticesView
from widgets.pane import Pane

_ROW = 26  # px


class NoticesBar(QWidget):
    """How many are unread, and a button that makes them read."""

    all_read = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(_ROW)
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 1, 4, 1)
        self.button = QToolButton(self)
        self.button.setAutoRaise(True)
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.button.setFixedHeight(_ROW - 4)
        self.button.clicked.connect(self.all_read)
        row.addWidget(self.button)
        row.addStretch(1)
        self._unread = 0
        self._theme_version = -1
        self._retranslate()

    def show_unread(self, count: int) -> None:
        """Say how many notices are unread."""
        if theme.version != self._theme_version:
            self._theme_version = theme.version
            self.setStyleSheet(bar_style("NoticesBar", pad=6))
            self.button.setFont(theme.font(theme.SMALL))
        if count != self._unread:
            self._unread = count
            self._retranslate()

    def _retranslate(self) -> None:
        read = self.tr("Mark as read: {count}").format(count=self._unread)
        self.button.setText(read if self._unread else self.tr("All are read"))
        self.button.setEnabled(bool(self._unread))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)


class NoticesPane(Pane):
    """The exchange's notices, as they come while the program runs. They come by the account's own socket."""

    kind = "notices"
    takes_market = False

    key_wanted = Signal()  # the user wants to enter an API key
    url_wanted = Signal(str)  # https: a notice is to be read where it stands

    def __init__(self, feed: Feed, frames: FrameClock, parent: QWidget | None = None) -> None:
        super().__init__(feed, frames, parent)
        self._seen: deque[str] = deque(maxlen=2 * NOTICES)  # what `mark_of` says of those that were seen
        self._rows: list[Line] = []
        self._version = -1
        self._state = AccountOverlay(feed, self.overlay, self.header.light)
        self.bar = NoticesBar(self)
        self.bar.all_read.connect(self._read_all)
        self.view = view = NoticesView(self)
        view.chosen.connect(self.open)
        view.taken.connect(lambda: self.open(view.current))
        view.stepped.connect(self._step_by)
        view.jumped.connect(lambda row: self._go(row if row >= 0 else len(self._rows) + row))
        view.typed.connect(lambda text: self.picker_wanted.emit(self, text))
        view.scrolled.connect(self._show)
        self.setFocusProxy(view)
        self.body.addWidget(self.bar)
        self.body.addWidget(view, 1)

    def title(self) -> str:
        return self.tr("Notices")

    def streams(self, market: str) -> set[Stream]:
        return set()

    def has_data(self) -> bool:
        return bool(self.feed.account.notices)

    def show_state(self) -> None:
        """As live as the account is, whose socket brings the notices."""
        self._show_name()
        if self._state.show(has_data=self.has_data(), is_demo=self.is_demo):
            self.frames.mark(self)

    def beat(self) -> None:
        super().beat()
        if self.feed.account.version != self._version:
            self.refresh()

    def refresh(self) -> None:
        version = self.feed.account.version
        if version != self._version:
            self._version = version
            self._take()
        self._show()

    def _take(self) -> None:
        self._rows = lines(self.feed.account.notices, set(self._seen))
        self.view.set_codes([row.code for row in self._rows])
        self.view.set_note(self.tr("No notices yet. Those that the exchange makes from now on are listed here."))

    def _show(self) -> None:
        self.bar.show_unread(sum(row.is_unread for row in self._rows))
        shown = set(self.view.in_sight)
        self.view.show_lines([row for row in self._rows if row.code in shown])
        self.view.describe(next((row for row in self._rows if row.code == self.view.current), None))

    # The user.

    def _go(self, at: int) -> None:
        """Make a notice the current one; it is read by that."""
        if self._rows:
            row = self._rows[max(min(at, len(self._rows) - 1), 0)]
            self.view.set_current(row.code)
            self._see(row.code)

    def _step_by(self, by: int) -> None:
        at = self.view.row_of(self.view.current)
        self._go(at + by if at >= 0 else 0)

    def open(self, code: str) -> None:
        """Read a notice where it stands."""
        row = next((row for row in self._rows if row.code == code), None)
        if row is not None:
            self._go(self._rows.index(row))
            if row.url:
                self.url_wanted.emit(row.url)

    def _see(self, *codes: str) -> None:
        for notice in self.feed.account.notices:
            if notice.id in codes and (mark := mark_of(notice)) not in self._seen:
                self._seen.append(mark)
        self._take()
        self._show()

    def _read_all(self) -> None:
        self._see(*(row.code for row in self._rows))

    def _act(self, action: str) -> None:
        if action == messages.KEY:
            self.key_wanted.emit()
        else:
            super()._act(action)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._version = -1
        super().changeEvent(event)

    def save(self) -> dict[str, Any]:
        return {"seen": list(self._seen)}

    def restore(self, state: dict[str, Any]) -> None:
        seen = state.get("seen")
        if isinstance(seen, list):
            self._seen.extend(mark[:200] for mark in seen if isinstance(mark, str))
