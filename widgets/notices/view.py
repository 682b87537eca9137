"""The painted list of notices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QPointF, QRect, Qt
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import QWidget

from widgets import messages, theme
from widgets.controls.market_list import BAR, HEADER, PAD, ROW, MarketList
from widgets.digits import Digits
from widgets.notices.model import CATEGORIES, Line

_DOT = 16  # px: the column of the unread marks
_TITLE_LEAST = 120  # px


class NoticesView(MarketList):
    """Lines of notices, the newest first. A press opens one."""

    sort_columns = ("time",)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lines: Sequence[Line] = ()
        self.title_left = self.title_right = self.category_left = 0  # px; 0: no column of categories
        self._categories: Mapping[str, str] = {}
        self._theme_version = -1
        self._retranslate()
        self._take_theme()

    def market_of(self, code: str) -> str:
        return ""

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Show the lines of `in_sight`; equal ones are not painted again."""
        if theme.version != self._theme_version:
            self._take_theme()
        before, self.lines = self.lines, lines
        if len(before) > len(lines):
            self.update()
        for i, line in enumerate(lines):
            if i >= len(before) or line != before[i]:
                self.update(self.row_rect(self.top + i))

    def category(self, name: str) -> str:
        """Return what a category is called."""
        return self._categories.get(name, name)

    # Where things are.

    def lay_out(self) -> None:
        time = round(self._digits.width("00-00 00:00")) + 2 * PAD
        category = round(max(map(QFontMetricsF(self._small).horizontalAdvance, self._categories.values()))) + 3 * PAD
        self.title_right = self.width() - BAR - time
        has_category = self.title_right - _DOT - category >= _TITLE_LEAST
        self.category_left = _DOT if has_category else 0
        self.title_left = _DOT + (category if has_category else 0)
        self.update()

    def column_at(self, x: float) -> str:
        return "time"

    def tip_at(self, point: QPointF) -> str:
        line = next((x for x in self.lines if x.code == self.code_at(point)), None)
        if line is None:
            return ""
        return f"{self.category(line.category)}\n{line.title}\n{line.url}".strip()

    # Looks.

    def _take_theme(self) -> None:
        self._theme_version = theme.version
        self.take_list_theme()
        self._font = theme.font(theme.TEXT)
        self._bold = theme.font(theme.TEXT, "semibold")
        self._small = theme.font(theme.SMALL)
        self._digits = Digits(self._small)
        self._baseline = round((ROW + QFontMetricsF(self._font).capHeight()) / 2)
        self.lay_out()

    def _retranslate(self) -> None:
        self._categories = {name: messages.notice_category(name) for name in CATEGORIES}
        self._changed = self.tr("changed")
        self._heads = self.tr("Title"), self.tr("Time")
        self.setAccessibleName(self.tr("Notices"))

    def describe(self, line: Line | None) -> None:
        """Say to screen readers which notice is the current one."""
        text = ""
        if line is not None:
            state = self.tr("unread") if line.is_unread else ""
            text = ", ".join(filter(None, (state, self.category(line.category), line.title, line.time)))
        if text != self.accessibleDescription():
            self.setAccessibleDescription(text)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
            self._take_theme()
        super().changeEvent(event)

    # Painting.

    def paint_rows(self, painter: QPainter, rows: Sequence[int]) -> None:
        c = theme.colors
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for i in rows:
            line, y = self.lines[i], HEADER + i * ROW
            base = y + self._baseline
            self.paint_ground(painter, i)
            if line.is_unread:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(c.accent)
                painter.drawEllipse(QPointF(_DOT / 2, y + ROW / 2), 3, 3)
            if self.category_left:
                painter.setFont(self._small)
                painter.setPen(c.warn if line.category == "maintenance" else c.muted)
                painter.drawText(QPointF(self.category_left, base), self.category(line.category))
            font = self._bold if line.is_unread else self._font
            title = f"{line.title} ({self._changed})" if line.is_changed else line.title
            room = self.title_right - self.title_left - PAD
            painter.setFont(font)
            painter.setPen(c.text)
            fitted = QFontMetricsF(font).elidedText(title, Qt.TextElideMode.ElideRight, room)
            painter.drawText(QPointF(self.title_left, base), fitted)
            right = self.width() - BAR - PAD
            self._digits.put(line.time, self._digits.places(line.time, right, base), c.muted)
        self._digits.draw(painter)

    def paint_header(self, painter: QPainter) -> None:
        c, (title, time) = theme.colors, self._heads
        painter.setFont(self._small)
        painter.setPen(c.faint)
        middle = Qt.AlignmentFlag.AlignVCenter
        box = QRect(self.title_left, 0, self.title_right - self.title_left, HEADER - 1)
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft | middle, title)
        box = QRect(self.title_right - 60, 0, self.width() - BAR - PAD - self.title_right + 60, HEADER - 1)
        painter.drawText(box, Qt.AlignmentFlag.AlignRight | middle, time)
        painter.fillRect(0, HEADER - 1, self.width(), 1, c.border)
