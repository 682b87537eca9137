"""What keys and presses in a list of markets ask for."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from widgets.controls.market_list import MarketList
from widgets.controls.search_line import SearchLine

HOLD_S = 2.0  # after a key press, in the list or in its search line, nothing moves


class ListChoice:
    """Joins a list and its search line to what is chosen.

    The list is to stand still while `is_held`: with prices streaming a click or an arrow key would otherwise meet
    another market than the one that was aimed at.

    Args:
        now: loop time, s.
        choose: the user wants that market.
        freshen: bring the order up to date, before a key steps through it.
    """

    def __init__(
        self,
        view: MarketList,
        line: SearchLine,
        now: Callable[[], float],
        choose: Callable[[str], object],
        toggle: Callable[[str], object],
        freshen: Callable[[], object],
    ) -> None:
        self.order: list[str] = []  # codes as they are shown
        self.near = ""  # code, offered where nothing fits the search
        self._view, self._line = view, line
        self._now, self._choose, self._toggle, self._freshen = now, choose, toggle, freshen
        self._key_at = float("-inf")
        view.chosen.connect(choose)
        view.stepped.connect(self.step)
        view.jumped.connect(self._jump)
        view.taken.connect(self.take)
        view.star_pressed.connect(self._press_star)
        view.typed.connect(self._begin_search)
        view.escaped.connect(line.clear)
        view.note_taken.connect(self.take)
        line.key_passed.connect(self._pass_key)
        line.textChanged.connect(self._hold)

    @property
    def is_held(self) -> bool:
        """True while the user aims at a line."""
        return self._view.underMouse() or self._now() - self._key_at < HOLD_S

    def _hold(self) -> None:
        self._key_at = self._now()

    def step(self, by: int) -> None:
        """Ask for the market that stands `by` lines below the current one; above it if negative."""
        self._freshen()
        self._key_at = self._now()
        at = self._view.row_of(self._view.current)
        self._jump_to(at + by if at >= 0 else 0 if by > 0 else len(self.order) - 1)

    def _jump_to(self, row: int) -> None:
        if self.order:
            code = self.order[max(min(row, len(self.order) - 1), 0)]
            if code != self._view.current:
                self._choose(code)

    def _jump(self, row: int) -> None:
        self._key_at = self._now()
        self._jump_to(row if row >= 0 else len(self.order) + row)

    def take(self) -> None:
        """Enter: the highlighted market, the first one found, or the one that is offered instead."""
        self._key_at = self._now()
        current = self._view.current
        code = current if current in self.order else self.order[0] if self.order else self.near
        if code:
            if code == self.near:
                self._line.clear()
            self._choose(code)
            self._view.setFocus()

    def _press_star(self, code: str) -> None:
        self._key_at = self._now()
        self._toggle(code)

    def _begin_search(self, typed: str) -> None:
        self._line.setFocus()
        self._line.setText(self._line.text() + typed)

    def _pass_key(self, event: QKeyEvent) -> None:
        """Take a key from the search line: it moves in the list."""
        if event.key() != Qt.Key.Key_Escape:
            self._view.keyPressEvent(event)
            return
        if not self._line.text():
            self._view.setFocus()
        self._line.clear()
