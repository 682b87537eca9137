"""The line over a pane: its link group, what it shows, how live it is, and whether its prices are the market's.

It is also the handle of the pane: the symbol is dragged onto other panes, everything else of the line moves this one.
"""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QEnterEvent,
    QFontMetricsF,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractButton, QApplication, QHBoxLayout, QSizePolicy, QWidget

from widgets import drag, theme
from widgets.controls.status_light import StatusLight

_LEAST_NAME = 37.0  # px: of a longer name less than this says nothing


class _Symbol(QAbstractButton):
    """Name and code of the market; a click changes it, dragged onto another pane it changes that one."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.code = self.name = ""
        self.is_market = False  # else `code` says that there is none, or what the pane shows instead
        self._is_under = False
        self._pressed_at: QPoint | None = None
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a press leaves the keyboard with the pane
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(theme.HEADER_HEIGHT - 4)

    def sizeHint(self) -> QSize:
        width = QFontMetricsF(theme.font(theme.TEXT, "semibold")).horizontalAdvance(self.code) + 9
        if self.name:
            width += QFontMetricsF(theme.font(theme.SMALL)).horizontalAdvance(self.name) + 8
        return QSize(round(width), theme.HEADER_HEIGHT - 4)

    def minimumSizeHint(self) -> QSize:
        return QSize(64, theme.HEADER_HEIGHT - 4)

    @property
    def least(self) -> int:
        """Return the px at which the code is not cut."""
        return math.ceil(QFontMetricsF(theme.font(theme.TEXT, "semibold")).horizontalAdvance(self.code)) + 9

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed_at = event.position().toPoint() if event.button() is Qt.MouseButton.LeftButton else None
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        start = self._pressed_at
        if start is not None and self.is_market:
            way = event.position().toPoint() - start
            if way.manhattanLength() >= QApplication.startDragDistance():
                self._pressed_at = None
                self.setDown(False)
                drag.carry_market(self, self.code)
                self._is_under = False  # the pointer is elsewhere, and nobody told
                self.update()
                return
        super().mouseMoveEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        self._is_under = True
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._is_under = False
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        c = theme.colors
        if self._is_under or self.hasFocus():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(c.selection)
            painter.drawRoundedRect(QRectF(self.rect()), 4, 4)
        bold, plain = theme.font(theme.TEXT, "semibold"), theme.font(theme.SMALL)
        left, room = 4.0, self.width() - 8.0
        line = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        code_width = QFontMetricsF(bold).horizontalAdvance(self.code)
        painter.setFont(bold)
        painter.setPen(c.text)
        metrics = QFontMetricsF(bold)
        code = metrics.elidedText(self.code, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRectF(left, 0, room, self.height()), line, code)
        rest = QRectF(left + code_width + 7, 0, room - code_width - 7, self.height())
        wide = QFontMetricsF(plain).horizontalAdvance(self.name)
        if self.name and rest.width() >= min(wide, _LEAST_NAME):  # a short name is shown whole, a long one cut
            painter.setFont(plain)
            painter.setPen(c.muted)
            name = QFontMetricsF(plain).elidedText(self.name, Qt.TextElideMode.ElideRight, rest.width())
            painter.drawText(rest, line, name)
        painter.end()


class _Tag(QWidget):
    """A short text on a colour, such as DEMO."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.text = ""
        self.hide()

    def show_text(self, text: str) -> None:
        self.text = text
        self.setAccessibleName(text)
        width = QFontMetricsF(theme.font(theme.TINY, "semibold")).horizontalAdvance(text) if text else 0
        self.setFixedSize(round(width) + 10, 16)
        self.setVisible(bool(text))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colors.badge)
        painter.drawRoundedRect(QRectF(self.rect()), 3, 3)
        painter.setPen(theme.colors.badge_text)
        painter.setFont(theme.font(theme.TINY, "semibold"))
        painter.drawText(QRectF(self.rect()), Qt.AlignmentFlag.AlignCenter, self.text)
        painter.end()


class _Button(QAbstractButton):
    """A small flat square: the number of the link group, or the dots of the menu."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedSize(18, 20)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a press leaves the keyboard with the pane
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def _ground(self) -> QPainter:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme.colors.accent if self.hasFocus() else Qt.PenStyle.NoPen)
        if self.underMouse() or self.hasFocus():
            painter.setBrush(theme.colors.selection)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        painter.setPen(Qt.PenStyle.NoPen)
        return painter


class _LinkChip(_Button):
    """The pane's link group: number on its colour; a chain of two rings, open, for a pane that is in none."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.number = 0  # of the group
        self.role = "both"

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = self._ground()
        box = QRectF(2, 3, 14, 14)
        if self.number:
            color = theme.group_color(self.number)
            # Leading alone: a box; following alone: a ring; both: full.
            painter.setPen(color)
            if self.role != "follow":
                painter.setBrush(color)
            painter.drawRoundedRect(box, 7 if self.role == "follow" else 3, 7 if self.role == "follow" else 3)
            painter.setPen(color if self.role == "follow" else theme.group_text(self.number))
            painter.setFont(theme.font(theme.TINY, "semibold"))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(self.number))
        else:
            painter.setPen(theme.colors.faint)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(3.5, 8, 6, 5), 2.5, 2.5)
            painter.drawRoundedRect(QRectF(8.5, 8, 6, 5), 2.5, 2.5)
        painter.end()


class _Menu(_Button):
    """Three dots: what can be done with the pane."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedSize(13, 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = self._ground()
        painter.setBrush(theme.colors.text if self.underMouse() else theme.colors.muted)
        for y in (5.0, 10.0, 15.0):
            painter.drawEllipse(QPointF(self.width() / 2, y), 1.3, 1.3)
        painter.end()


class PaneHeader(QWidget):
    """Link group, symbol, badge, light, menu."""

    symbol_clicked = Signal()
    link_clicked = Signal()
    menu_clicked = Signal()
    dragged = Signal(object)  # a QMouseEvent, valid during the call: the line itself was pressed, moved or let go

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.is_active = False
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # nothing behind it is painted with it
        self.setFixedHeight(theme.HEADER_HEIGHT)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(9, 0, 3, 0)  # left: the dots by which it is taken
        self._row.setSpacing(1)
        self.link = _LinkChip(self)
        self.link.clicked.connect(self.link_clicked)
        self._row.addWidget(self.link)
        self._symbol = _Symbol(self)
        self._symbol.clicked.connect(self.symbol_clicked)
        self._row.addWidget(self._symbol)
        self._row.addStretch(1)
        self._badge = _Tag(self)
        self._row.addWidget(self._badge)
        self.light = StatusLight(self)
        self._row.addWidget(self.light)
        self.menu = _Menu(self)
        self.menu.clicked.connect(self.menu_clicked)
        self._row.addWidget(self.menu)
        self._say()

    def show_link(self, group: int, role: str) -> None:
        """Show the link group, 0 for none; `role` is "both", "lead" or "follow"."""
        if (group, role) != (self.link.number, self.link.role):
            self.link.number, self.link.role = group, role
            self._say()
            self.link.update()

    def show_active(self, is_active: bool) -> None:
        """Show that commands go to this pane."""
        if is_active != self.is_active:
            self.is_active = is_active
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.dragged.emit(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.dragged.emit(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.dragged.emit(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_clicked.emit()

    def add_widget(self, widget: QWidget) -> None:
        """Put a control of the pane's own before the badge."""
        self._row.insertWidget(self._row.indexOf(self._badge), widget)

    def show_market(self, code: str, name: str) -> None:
        """Show which market the pane is bound to."""
        self._symbol.is_market = bool(code)
        self._symbol.code, self._symbol.name = code or self.tr("No symbol"), name
        self._symbol.setToolTip(f"{name} {code}".strip())
        self._say()
        self._symbol.updateGeometry()
        self._symbol.update()
        self._fit()

    def show_title(self, title: str) -> None:
        """Show what the pane is, where it is not of one market."""
        self._symbol.is_market = False
        self._symbol.code, self._symbol.name = title, ""
        self._symbol.setEnabled(False)
        self._symbol.unsetCursor()
        self._symbol.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._symbol.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._symbol.setAccessibleName(title)
        self._symbol.updateGeometry()
        self._symbol.update()

    def show_badge(self, text: str) -> None:
        """Show a warning such as DEMO; empty for none."""
        self._badge.show_text(text)
        self._fit()

    def _fit(self) -> None:
        """Leave the menu out where the code would be cut for it; a right click on the line opens it too."""
        margins = self._row.contentsMargins()
        others = (self.link, self._badge, self.light, self.menu)
        needed = sum(w.width() + self._row.spacing() for w in others if w is not self._badge or self._badge.text)
        self.menu.setVisible(margins.left() + margins.right() + self._symbol.least + needed <= self.width())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _say(self) -> None:
        if self._symbol.isEnabled():
            self._symbol.setAccessibleName(self.tr("Change symbol {code}").format(code=self._symbol.code))
        self.menu.setAccessibleName(self.tr("Menu of the pane"))
        self.menu.setToolTip(self.tr("Menu of the pane"))
        group, role = self.link.number, self.link.role
        if not group:
            text = self.tr("In no link group")
        elif role == "lead":
            text = self.tr("Leads link group {number}, does not follow it").format(number=group)
        elif role == "follow":
            text = self.tr("Follows link group {number}, does not lead it").format(number=group)
        else:
            text = self.tr("Link group {number}: its panes change symbol together").format(number=group)
        self.link.setAccessibleName(text)
        self.link.setToolTip(text)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._say()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colors.raised)
        painter.fillRect(0, self.height() - 1, self.width(), 1, theme.colors.border)
        if self.is_active:
            painter.fillRect(0, 0, self.width(), 2, theme.colors.accent)
        for x in (3, 6):
            for y in (10, 14, 18):
                painter.fillRect(x, y - 1, 1, 2, theme.colors.faint)
        painter.end()
