"""What an empty list says in the place of its rows."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QWidget

from widgets import theme


class Hint(QWidget):
    """Covers the rows of `view` while it is told to; the mouse goes through."""

    def __init__(self, view: QAbstractItemView) -> None:
        super().__init__(view.viewport())
        self._text = ""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        view.viewport().installEventFilter(self)
        self.hide()

    def say(self, text: str) -> None:
        """Show this, nothing for an empty text."""
        if text != self._text:
            self._text = text
            self.setAccessibleName(text)
            self.setVisible(bool(text))
            self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Show):
            viewport = self.parentWidget()
            if viewport is not None:
                self.setGeometry(viewport.rect())
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(theme.font(theme.SMALL))
        painter.setPen(theme.colors.muted)
        box = self.rect().adjusted(2 * theme.GAP, 2 * theme.GAP, -2 * theme.GAP, 0)
        painter.drawText(box, int(Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap), self._text)
        painter.end()
