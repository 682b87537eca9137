"""A word over a pane that goes by itself: something small was done."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from widgets import theme

STAY_MS = 1_200
_HEIGHT = 24  # px
_LIFT = 56  # px above the lower edge: what stands there, mostly totals, is not covered


class Flash(QWidget):
    """One word, near the lower edge of `host`; the mouse goes through."""

    def __init__(self, host: QWidget) -> None:
        super().__init__(host)
        self.text = ""
        self.setObjectName("flash")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._timer = QTimer(self, singleShot=True, interval=STAY_MS)
        self._timer.timeout.connect(self.hide)
        self.hide()

    def say(self, text: str) -> None:
        """Show this for a moment, in the place of what is there still."""
        host = self.parentWidget()
        assert host is not None
        self.text = text
        self.setAccessibleName(text)
        width = min(QFontMetrics(theme.font(theme.TEXT, "semibold")).horizontalAdvance(text) + 24, host.width())
        self.setGeometry((host.width() - width) // 2, max(host.height() - _LIFT - _HEIGHT, 0), width, _HEIGHT)
        self.show()
        self.raise_()
        self.update()
        self._timer.start()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colors = QPainter(self), theme.colors
        painter.fillRect(self.rect(), colors.accent)
        painter.setFont(theme.font(theme.TEXT, "semibold"))
        painter.setPen(colors.window)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text)
        painter.end()


def flash(host: QWidget, text: str) -> Flash:
    """Show a word over `host` for a moment."""
    found = host.findChild(Flash, "flash")
    shown = found if isinstance(found, Flash) else Flash(host)
    shown.say(text)
    return shown
