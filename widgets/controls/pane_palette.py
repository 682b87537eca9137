"""The row of panes one can add: press for one beside the pane in use, drag to where it shall be."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QHBoxLayout, QSizePolicy, QWidget

from widgets import drag, theme

_HEIGHT = 22


class _Kind(QAbstractButton):
    """One kind of pane."""

    def __init__(self, kind: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.kind = kind
        self._pressed_at: QPoint | None = None
        self.setFixedHeight(_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a press leaves the keyboard with the pane in use
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def sizeHint(self) -> QSize:
        return QSize(round(QFontMetricsF(theme.font(theme.SMALL)).horizontalAdvance(self.text())) + 26, _HEIGHT)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed_at = event.position().toPoint()
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        start = self._pressed_at
        if start is None:
            return
        if (event.position().toPoint() - start).manhattanLength() >= QApplication.startDragDistance():
            self._pressed_at = None
            self.setDown(False)
            drag.carry_kind(self, self.kind, self.text())
            self.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, False)  # the pointer is elsewhere, and nobody told
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        c = theme.colors
        is_lit = self.isEnabled() and (self.underMouse() or self.hasFocus() or self.isDown())
        painter.setPen(c.accent if self.hasFocus() else Qt.PenStyle.NoPen)
        if is_lit:
            painter.setBrush(c.selection)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        ink = c.faint if not self.isEnabled() else c.text if is_lit else c.muted
        painter.setPen(ink)
        painter.drawLine(8, _HEIGHT // 2, 14, _HEIGHT // 2)
        painter.drawLine(11, _HEIGHT // 2 - 3, 11, _HEIGHT // 2 + 3)
        painter.setFont(theme.font(theme.SMALL))
        painter.drawText(self.rect().adjusted(18, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, self.text())
        painter.end()


class PanePalette(QWidget):
    """A button a kind of pane."""

    kind_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 4, 0)
        self._row.setSpacing(2)
        self.buttons: dict[str, _Kind] = {}

    def show_kinds(self, titles: Mapping[str, str], tip: str) -> None:
        """Show kinds of panes.

        Args:
            titles: kind -> what it is called on the screen.
            tip: what a press and a drag do, shown over each; `{title}` stands for the kind.
        """
        for kind, title in titles.items():
            if kind not in self.buttons:
                self.buttons[kind] = button = _Kind(kind, self)
                button.clicked.connect(lambda _=False, k=kind: self.kind_chosen.emit(k))
                self._row.addWidget(button)
                button.show()  # so that it counts in the size of the row already
            button = self.buttons[kind]
            button.setText(title)
            button.setToolTip(tip.format(title=title))
            button.setAccessibleName(tip.format(title=title))
            button.updateGeometry()
            button.update()
