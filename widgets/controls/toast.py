"""Messages that come up at the corner of the window and go by themselves."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QEnterEvent, QFontMetrics, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from widgets import theme

WIDTH = 320
STAY_MS = 8_000
MOST = 4  # at once; the oldest makes room
_PAD = 10
_TOP = 40  # px below the window's upper edge

_WRAP = int(Qt.TextFlag.TextWordWrap | Qt.TextFlag.TextWrapAnywhere)


class Toast(QWidget):
    """One message. A press on it wants its moment, one on its right end puts it away."""

    pressed = Signal(object)
    ended = Signal(object)  # self

    def __init__(self, host: QWidget, title: str, text: str, what: object) -> None:
        super().__init__(host)
        self.title, self.text, self.what = title, text, what
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(f"{title}. {text}")
        self._timer = QTimer(self, singleShot=True, interval=STAY_MS)
        self._timer.timeout.connect(lambda: self.ended.emit(self))
        self._timer.start()
        lines = QFontMetrics(theme.font(theme.TEXT)).boundingRect(0, 0, WIDTH - 2 * _PAD - 3, 400, _WRAP, text)
        self.setFixedSize(WIDTH, _PAD * 2 + 20 + lines.height())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.position().x() < self.width() - 24:
            self.pressed.emit(self.what)
        self.ended.emit(self)

    def enterEvent(self, event: QEnterEvent) -> None:
        self._timer.stop()  # whoever reads it has time

    def leaveEvent(self, event: QEvent) -> None:
        self._timer.start()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, c = QPainter(self), theme.colors
        painter.fillRect(self.rect(), c.raised)
        painter.setPen(c.border)
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.fillRect(0, 0, 3, self.height(), c.warn)
        painter.setFont(theme.font(theme.TEXT, "semibold"))
        painter.setPen(c.text)
        metrics = painter.fontMetrics()
        room = self.width() - 2 * _PAD - 24
        title = metrics.elidedText(self.title, Qt.TextElideMode.ElideRight, room)
        painter.drawText(_PAD + 3, _PAD + metrics.ascent(), title)
        painter.setPen(c.muted)
        painter.drawText(self.width() - 20, _PAD + metrics.ascent(), "×")
        painter.setFont(theme.font(theme.TEXT))
        box = self.rect().adjusted(_PAD + 3, _PAD + 20, -_PAD, -_PAD)
        painter.drawText(box, _WRAP, self.text)
        painter.end()


class Toasts(QObject):
    """The messages of one window, the newest on top."""

    pressed = Signal(object)  # what was given with it

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.shown: list[Toast] = []
        window.installEventFilter(self)

    def show_toast(self, title: str, text: str, what: object) -> Toast:
        """Show a message, on top of those that are there."""
        toast = Toast(self._window, title, text, what)
        toast.pressed.connect(self.pressed)
        toast.ended.connect(self._end)
        self.shown.insert(0, toast)
        while len(self.shown) > MOST:
            self._end(self.shown[-1])
        self._place()
        toast.show()
        toast.raise_()
        return toast

    def clear(self) -> None:
        """Put all away."""
        for toast in list(self.shown):
            self._end(toast)

    def _end(self, toast: Toast) -> None:
        if toast in self.shown:
            self.shown.remove(toast)
            toast.hide()
            toast.deleteLater()
            self._place()

    def _place(self) -> None:
        y = _TOP
        for toast in self.shown:
            toast.move(self._window.width() - WIDTH - 8, y)
            y += toast.height() + 6

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
        return False
