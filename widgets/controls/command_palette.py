"""Find a command by typing, and run it: a palette over the window."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QWidget

from core.calc.phrases import Phrase, PhraseIndex
from widgets import theme
from widgets.controls.search_popup import SearchPopup

WIDTH = 560
TOP = 48  # px below the window's upper edge
RECENT = 20  # how many commands are remembered
_EDGE = 12
_TICK = 18


class Row(NamedTuple):
    """One line: a command, or whatever else the program offers by its id."""

    id: str
    text: str
    hint: str = ""  # the group it belongs to
    keys: str = ""  # as the user's system writes them
    is_enabled: bool = True
    is_checked: bool | None = None  # None: it is nothing to be on or off
    names: tuple[str, ...] = ()  # more that it is found by: the text in the other language, its group


class CommandPalette(SearchPopup):
    """One for the window. What was chosen last stands first while nothing is typed."""

    command_chosen = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, WIDTH)
        self.recent: list[str] = []  # ids, the last one first; at most RECENT
        self._all: list[Row] = []
        self._index = PhraseIndex(())
        self._found: list[Row] = []

    @property
    def rows(self) -> list[str]:
        """The ids listed now, best first."""
        return [row.id for row in self._found]

    def open_over(self, widget: QWidget, rows: Iterable[Row], typed: str = "") -> None:
        """Open over the window of `widget`.

        Args:
            widget: any in the window that the user works in.
            rows: all there are; of those that fit alike the earlier stand first.
            typed: what was typed already.
        """
        recent = {row_id: i for i, row_id in enumerate(self.recent)}
        self._all = sorted(rows, key=lambda row: recent.get(row.id, RECENT))
        self._index = PhraseIndex(Phrase((row.text, *row.names), (row.id, row.keys, row.hint)) for row in self._all)
        host = widget.window()
        at = QPoint((host.width() - WIDTH) // 2, TOP)
        self.open_in(host, at, self.tr("What do you want to do?"), self.tr("Search for a command"), typed)

    def search(self, typed: str) -> tuple[int, str]:
        self._found = [self._all[i] for i in self._index.search(typed)]
        if self._found:
            return len(self._found), ""
        return 0, self.tr('Nothing fits "{typed}". Try another word for it.').format(typed=typed)

    def take(self, row: int) -> Callable[[], object] | None:
        chosen = self._found[row]
        if not chosen.is_enabled:
            return None
        self.recent = [chosen.id, *(r for r in self.recent if r != chosen.id)][:RECENT]
        return lambda: self.command_chosen.emit(chosen.id)

    def text_of(self, row: int) -> str:
        found = self._found[row]
        return " ".join(text for text in (found.text, found.hint, found.keys) if text)

    def paint_row(self, painter: QPainter, place: QRectF, row: int) -> None:
        c, found = theme.colors, self._found[row]
        left, right = int(Qt.AlignmentFlag.AlignLeft), int(Qt.AlignmentFlag.AlignRight)
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        small, plain = theme.font(theme.SMALL), theme.font(theme.TEXT)
        room = place.adjusted(_EDGE + _TICK, 0, -_EDGE, 0)
        if found.is_checked:
            painter.setPen(QPen(c.accent, 2))
            middle_y = place.center().y()
            painter.drawPolyline([QPointF(_EDGE + x, middle_y + y) for x, y in ((0, 0), (3, 3), (9, -4))])
        painter.setFont(small)
        if found.keys:
            painter.setPen(c.muted if found.is_enabled else c.faint)
            painter.drawText(room, right | middle, found.keys)
            room.setRight(room.right() - QFontMetricsF(small).horizontalAdvance(found.keys) - 2 * theme.GAP)
        hint = QFontMetricsF(small).horizontalAdvance(found.hint) + theme.GAP
        painter.setFont(plain)
        painter.setPen(c.text if found.is_enabled else c.faint)
        metrics = QFontMetricsF(plain)
        text = metrics.elidedText(found.text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, left | middle, text)
        room.setLeft(room.left() + metrics.horizontalAdvance(text) + theme.GAP)
        if found.hint and hint <= room.width():
            painter.setFont(small)
            painter.setPen(c.faint)
            painter.drawText(room, left | middle, found.hint)
