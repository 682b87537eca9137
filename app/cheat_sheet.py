"""Every key at a glance, over the window."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import NamedTuple

import shiboken6
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QHideEvent, QKeyEvent, QPainter, QPaintEvent, QPalette, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QScrollBar,
    QVBoxLayout,
    QWidget,
)

from app.commands import Commands, native
from widgets import theme
from widgets.controls.click_away import ClickAway

_ROW = 20
_EDGE = 2 * theme.GAP  # between the sheet and its contents
_OUTER = 2 * theme.GAP  # at least, between the window and the sheet
_BETWEEN = 4 * theme.GAP  # columns
_KEY_PAD = 6
_MOST_COLUMNS = 5


class Line(NamedTuple):
    """What is done, and by which keys or how with the mouse."""

    text: str
    keys: str
    is_key: bool = True


class Group(NamedTuple):
    """Lines under one title."""

    title: str
    lines: Sequence[Line]

    @property
    def height(self) -> int:
        """In rows: the title, the lines, and a gap below."""
        return len(self.lines) + 2


def pack(heights: Sequence[int], columns: int) -> list[list[int]]:
    """Return which groups stand in which column, in order, so that the highest column is as low as it can be.

    Args:
        heights: of the groups, > 0.
        columns: how many at most, >= 1; none of those returned is empty.
    """
    limit = max(heights, default=0)
    while True:
        made: list[list[int]] = []
        room = 0
        for i, height in enumerate(heights):
            if height > room:
                made.append([])
                room = limit
            made[-1].append(i)
            room -= height
        if len(made) <= columns:
            return made
        limit += 1


class _Keys(QLabel):
    """Keys as on a cap, or in plain words what the mouse does."""

    def __init__(self, line: Line) -> None:
        super().__init__(line.keys)
        self._is_key = line.is_key
        self.setFont(theme.font(theme.SMALL))
        self.setFixedSize(_keys_width(line), _ROW)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, c = QPainter(self), theme.colors
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._is_key:
            painter.setPen(c.border)
            painter.setBrush(c.surface)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 1.5, -0.5, -1.5), 3, 3)
        painter.setPen(c.text if self._is_key else c.muted)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())
        painter.end()


def _keys_width(line: Line) -> int:
    width = QFontMetricsF(theme.font(theme.SMALL)).horizontalAdvance(line.keys)
    return ceil(width) + (2 * _KEY_PAD if line.is_key else 0)


def _width(group: Group) -> int:
    """Return how wide the group is, px."""
    plain, bold = QFontMetricsF(theme.font(theme.TEXT)), QFontMetricsF(theme.font(theme.TEXT, "semibold"))
    lines = [ceil(plain.horizontalAdvance(x.text)) + 3 * theme.GAP + _keys_width(x) for x in group.lines]
    return max([ceil(bold.horizontalAdvance(group.title)), *lines])


class CheatSheet(QFrame):
    """Lies over the window that it is given until it is closed by Esc, F1 or a click elsewhere."""

    def __init__(self, commands: Commands, window: QWidget) -> None:
        super().__init__(window)
        self._commands, self._window = commands, window
        self._before: QWidget | None = None  # had the focus
        self._shown: object = None
        self._away = ClickAway(self, self.close)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._content = QWidget(self)
        self._title, self._hint = QLabel(self), QLabel(self)
        self._title.setFont(theme.font(theme.LARGE, "semibold"))
        self._hint.setFont(theme.font(theme.SMALL))
        self._hint.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._scroll = QScrollArea(self)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.viewport().setAutoFillBackground(False)
        head = QHBoxLayout()
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(self._hint)
        column = QVBoxLayout(self)
        column.setContentsMargins(_EDGE, _EDGE, _EDGE, _EDGE)
        column.setSpacing(theme.GAP)
        column.addLayout(head)
        column.addWidget(self._scroll, 1)
        self.hide()
        window.installEventFilter(self)
        commands.keys_changed.connect(self._refresh)

    # What it says.

    def groups(self) -> list[Group]:
        """Return all there is to know: the keys of commands as they are now, and what cannot be changed."""
        by_group: dict[str, list[Line]] = {}
        for command in self._commands.all():
            if command.keys:
                by_group.setdefault(command.group, []).append(Line(command.text, native(command.keys)))
        made = [Group(self._commands.group_title(group), lines) for group, lines in by_group.items()]
        return [*made, *self._fixed()]

    def _fixed(self) -> list[Group]:
        return [
            Group(
                self.tr("Typing on a pane"),
                [
                    Line(self.tr("Search for a symbol"), "A – Z, ㄱ – ㅎ"),
                    Line(self.tr("Set the interval"), "0 – 9"),
                    Line(self.tr("Step through the list of markets"), "↑ ↓"),
                    Line(self.tr("Zoom the chart, group the order book"), "+ −"),
                    Line(self.tr("Move the chart, scroll a list"), f"{native('PgUp')} {native('PgDown')}"),
                    Line(self.tr("Chart: step through time"), "← →"),
                    Line(self.tr("Chart: the oldest bar, the newest"), f"{native('Home')} {native('End')}"),
                    Line(self.tr("Chart: give up drawing, delete a drawing"), f"{native('Esc')} {native('Del')}"),
                    Line(self.tr("Chart: copy a drawing"), f"{native('Ctrl+C')} {native('Ctrl+V')}"),
                    Line(self.tr("Trades: freeze, or the newest"), f"{native('Space')} {native('End')}"),
                    Line(self.tr("Trades: the oldest"), native("Ctrl+End")),
                    Line(self.tr("Trades: copy the lines"), native("Ctrl+C")),
                    Line(self.tr("Order book: back to the middle"), native("Space")),
                    Line(self.tr("Markets: favourite"), native("Space")),
                    Line(self.tr("Markets: other tab"), "← →"),
                ],
            ),
            Group(
                self.tr("Mouse"),
                [
                    Line(self.tr("Show a symbol in a pane"), self.tr("drop it on the pane"), is_key=False),
                    Line(self.tr("New chart of a symbol"), self.tr("drop it at an edge"), is_key=False),
                    Line(self.tr("Move, tab or tear off a pane"), self.tr("drag its header"), is_key=False),
                    Line(self.tr("Zoom where the pointer is"), self.tr("wheel on the chart"), is_key=False),
                    Line(self.tr("Back in time"), self.tr("drag the chart"), is_key=False),
                    Line(self.tr("Through time without a drag"), self.tr("Shift+wheel, two fingers"), is_key=False),
                    Line(self.tr("Copy a drawing"), self.tr("drag it with Ctrl"), is_key=False),
                    Line(self.tr("Draw level or square"), self.tr("hold Shift"), is_key=False),
                    Line(self.tr("Stretch prices or time"), self.tr("drag the axis"), is_key=False),
                    Line(self.tr("Automatic scale again"), self.tr("double-click the axis"), is_key=False),
                    Line(self.tr("Sort the markets"), self.tr("click the head of a column"), is_key=False),
                ],
            ),
        ]

    # Where things are.

    def _refresh(self) -> None:
        if self.isVisible():
            self._build()

    def _build(self) -> None:
        """Say everything as it is now, in as many columns as stand side by side."""
        self._title.setText(self.tr("Keys at a glance"))
        self._hint.setText(self.tr("Esc closes. The keys of commands can be changed in the settings."))
        self.setAccessibleName(self._title.text())
        groups = self.groups()
        room = self._room()
        for columns in range(_MOST_COLUMNS, 0, -1):
            packed = pack([g.height for g in groups], columns)
            widths = [max(_width(groups[i]) for i in column) for column in packed]
            height = (max(sum(groups[i].height for i in column) for column in packed) - 1) * _ROW
            if sum(widths) + _BETWEEN * (len(widths) - 1) + self._bar_beside(height, room) <= room.width():
                break
        shown = (groups, packed)
        if shown != self._shown:
            self._shown = shown
            content = QWidget()
            side_by_side = QHBoxLayout(content)
            side_by_side.setContentsMargins(0, 0, 0, 0)
            side_by_side.setSpacing(_BETWEEN)
            for column, width in zip(packed, widths, strict=True):
                side_by_side.addWidget(self._column([groups[i] for i in column], width), width)
            self._scroll.setWidget(content)  # deletes what was there
            content.setAutoFillBackground(False)
            self._content = content
        self._place(room)

    @staticmethod
    def _column(groups: Sequence[Group], width: int) -> QWidget:
        made = QWidget()
        made.setMinimumWidth(width)
        rows = QVBoxLayout(made)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        for group in groups:
            if rows.count():
                rows.addSpacing(_ROW)
            title = QLabel(group.title)
            title.setFont(theme.font(theme.TEXT, "semibold"))
            title.setForegroundRole(QPalette.ColorRole.Link)
            title.setFixedHeight(_ROW)
            rows.addWidget(title)
            for line in group.lines:
                text, row = QLabel(line.text), QHBoxLayout()
                text.setFont(theme.font(theme.TEXT))
                row.addWidget(text, 1)
                row.addWidget(_Keys(line))
                rows.addLayout(row)
        rows.addStretch(1)
        return made

    def _room(self) -> QSize:
        """Return how large the contents can be before they have to be scrolled."""
        around = 2 * (_OUTER + _EDGE + 1)
        return QSize(self._window.width() - around, self._window.height() - around - self._head_height())

    def _bar_beside(self, height: int, room: QSize) -> int:
        """Return how much of the width the bar takes that scrolls contents of a height; 0 where they need none."""
        return self._scroll.verticalScrollBar().sizeHint().width() if height > room.height() else 0

    def _head_height(self) -> int:
        return max(self._title.sizeHint().height(), self._hint.sizeHint().height()) + theme.GAP

    def _place(self, room: QSize) -> None:
        content = self._content.minimumSizeHint()
        width = content.width() + self._bar_beside(content.height(), room)
        below = self._scroll.horizontalScrollBar().sizeHint().height() if width > room.width() else 0
        height = content.height() + below
        head = self._title.sizeHint().width() + self._hint.sizeHint().width() + 2 * theme.GAP
        size = QSize(min(max(width, head), room.width()), min(height, room.height()))
        size += QSize(2 * _EDGE, 2 * _EDGE + self._head_height())
        place = QRect(QPoint(0, 0), size)
        place.moveCenter(self._window.rect().center())
        self.setGeometry(place)

    # Coming and going.

    def showEvent(self, event: QShowEvent) -> None:
        if not event.spontaneous():
            self._before = QApplication.focusWidget()
            self._build()
            self.raise_()
            self.setFocus()
            self._away.listen(True)
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        if not event.spontaneous():
            self._away.listen(False)
            before, self._before = self._before, None
            if before is not None and shiboken6.isValid(before) and self.hasFocus():
                before.setFocus()
        super().hideEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._window and event.type() == QEvent.Type.Resize:
            self._refresh()
        return super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._refresh()
        super().changeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar = self._scroll.verticalScrollBar()
        action = {
            Qt.Key.Key_Up: QScrollBar.SliderAction.SliderSingleStepSub,
            Qt.Key.Key_Down: QScrollBar.SliderAction.SliderSingleStepAdd,
            Qt.Key.Key_PageUp: QScrollBar.SliderAction.SliderPageStepSub,
            Qt.Key.Key_PageDown: QScrollBar.SliderAction.SliderPageStepAdd,
            Qt.Key.Key_Home: QScrollBar.SliderAction.SliderToMinimum,
            Qt.Key.Key_End: QScrollBar.SliderAction.SliderToMaximum,
        }.get(Qt.Key(event.key()))
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_F1):
            self.close()
        elif action is not None:
            bar.triggerAction(action)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colors.raised)
        painter.setPen(theme.colors.accent)
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()
