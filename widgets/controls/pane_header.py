"""The line over a pane: what it shows, how live it is, and whether its prices are the market's."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from widgets import theme
from widgets.controls.status_light import StatusLight


class _Symbol(QAbstractButton):
    """Name and code of the market; a click changes it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.code = self.name = ""
        self._is_under = False
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(theme.HEADER_HEIGHT - 4)

    def sizeHint(self) -> QSize:
        return QSize(96, theme.HEADER_HEIGHT - 4)

    def minimumSizeHint(self) -> QSize:
        return QSize(64, theme.HEADER_HEIGHT - 4)

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
        left, room = 6.0, self.width() - 12.0
        line = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        code_width = QFontMetricsF(bold).horizontalAdvance(self.code)
        painter.setFont(bold)
        painter.setPen(c.text)
        metrics = QFontMetricsF(bold)
        code = metrics.elidedText(self.code, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRectF(left, 0, room, self.height()), line, code)
        if self.name and room - code_width > 44:
            painter.setFont(plain)
            painter.setPen(c.muted)
            rest = QRectF(left + code_width + 7, 0, room - code_width - 7, self.height())
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


class PaneHeader(QWidget):
    """Symbol, price and change where there is room, badge, light."""

    symbol_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(theme.HEADER_HEIGHT)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(4, 0, 6, 0)
        self._row.setSpacing(4)
        self._symbol = _Symbol(self)
        self._symbol.clicked.connect(self.symbol_clicked)
        self._row.addWidget(self._symbol, 1)
        self._badge = _Tag(self)
        self._row.addWidget(self._badge)
        self.light = StatusLight(self)
        self._row.addWidget(self.light)
        self._say()

    def add_widget(self, widget: QWidget) -> None:
        """Put a control of the pane's own before the badge."""
        self._row.insertWidget(self._row.indexOf(self._badge), widget)

    def show_market(self, code: str, name: str) -> None:
        """Show which market the pane is bound to."""
        self._symbol.code, self._symbol.name = code or self.tr("No symbol"), name
        self._symbol.setToolTip(f"{name} {code}".strip())
        self._say()
        self._symbol.update()

    def show_badge(self, text: str) -> None:
        """Show a warning such as DEMO; empty for none."""
        self._badge.show_text(text)

    def _say(self) -> None:
        self._symbol.setAccessibleName(self.tr("Change symbol {code}").format(code=self._symbol.code))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._say()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colors.raised)
        painter.fillRect(0, self.height() - 1, self.width(), 1, theme.colors.border)
        painter.end()
