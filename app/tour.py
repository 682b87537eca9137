"""The tour of the first start: a few steps, each with a light on what it speaks of. It can be left at any time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence, QPainter, QPainterPath, QPaintEvent, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from widgets import theme

CARD_WIDTH = 320
_EDGE = 6  # px of light around the target
_DIM = 120  # alpha of what is not spoken of: prices stay readable


class Step(NamedTuple):
    """One thing to tell."""

    target: Callable[[], QWidget | None]  # what it is about, as it is now; None: nothing to point at
    title: str
    text: str


class _Light(QWidget):
    """Dims the window but for one place, and lets every event through."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hole = QRect()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        path = QPainterPath()
        path.addRect(QRectF(self.rect()))
        if not self.hole.isEmpty():
            hole = QPainterPath()
            hole.addRoundedRect(QRectF(self.hole), 6, 6)
            path = path.subtracted(hole)
        dim = QColor(theme.colors.window)
        dim.setAlpha(_DIM)
        painter.fillPath(path, dim)
        if not self.hole.isEmpty():
            painter.setPen(theme.colors.accent)
            painter.drawRoundedRect(QRectF(self.hole).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.end()


class Tour(QFrame):
    """A card that goes from step to step over `window`. The desk lives on below and can be used."""

    finished = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._light = _Light(window)
        self._light.hide()
        self._steps: Sequence[Step] = ()
        self._at = 0
        self.setFixedWidth(CARD_WIDTH)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * theme.GAP, 2 * theme.GAP, 2 * theme.GAP, theme.GAP + 4)
        self.title = QLabel(self)
        self.title.setWordWrap(True)
        self.text = QLabel(self)
        self.text.setWordWrap(True)
        column.addWidget(self.title)
        column.addWidget(self.text)
        row = QHBoxLayout()
        self.count = QLabel(self)
        self.skip, self.back, self.next = (QPushButton(self) for _ in range(3))
        self.skip.setFlat(True)
        self.skip.clicked.connect(self._finish)
        self.back.clicked.connect(lambda: self._go(self._at - 1))
        self.next.clicked.connect(lambda: self._go(self._at + 1))
        row.addWidget(self.count)
        row.addStretch(1)
        for button in (self.skip, self.back, self.next):
            button.installEventFilter(self)  # Qt's buttons take the arrows for a move to the next button
            row.addWidget(button)
        self._escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), window)  # wherever in the window the keyboard is
        self._escape.setEnabled(False)
        self._escape.activated.connect(self._finish)
        column.addLayout(row)
        self.hide()

    def start(self, steps: Sequence[Step]) -> None:
        """Show the first of `steps`."""
        self._steps = steps
        self._window.installEventFilter(self)
        self._escape.setEnabled(True)
        self._light.show()
        self._light.raise_()
        self.show()
        self._go(0)

    def _go(self, at: int) -> None:
        if at >= len(self._steps):
            self._finish()
            return
        self._at = max(at, 0)
        step = self._steps[self._at]
        self.setStyleSheet(
            f"Tour {{ background: {theme.colors.raised.name()}; border: 1px solid {theme.colors.accent.name()};"
            " border-radius: 6px; }"
        )
        self.title.setFont(theme.font(theme.LARGE, "semibold"))
        self.title.setText(step.title)
        self.text.setText(step.text)
        self.setAccessibleName(step.title)
        self.setAccessibleDescription(step.text)
        self.count.setText(f"{self._at + 1} / {len(self._steps)}")
        self.skip.setText(self.tr("Skip"))
        self.back.setText(self.tr("Back"))
        self.back.setEnabled(self._at > 0)
        self.next.setText(self.tr("Done") if self._at == len(self._steps) - 1 else self.tr("Next"))
        self._place()
        self.next.setFocus()

    def _place(self) -> None:
        """Put the light on the target and the card beside it, inside the window."""
        room = self._window.rect()
        self._light.setGeometry(room)
        target = self._steps[self._at].target()
        hole = QRect()
        if target is not None and target.isVisible() and target.window() is self._window:
            hole = QRect(target.mapTo(self._window, QPoint(0, 0)), target.size())
            hole = hole.adjusted(-_EDGE, -_EDGE, _EDGE, _EDGE).intersected(room)
        self._light.hole = hole
        self._light.update()
        self.adjustSize()
        at = room.center() - self.rect().center()
        if not hole.isEmpty():
            below = hole.bottom() + theme.GAP
            at = QPoint(hole.left(), below if below + self.height() < room.bottom() else hole.top() - self.height())
        inner = room.adjusted(theme.GAP, theme.GAP, -theme.GAP, -theme.GAP)
        x = max(min(at.x(), inner.right() - self.width()), inner.left())
        y = max(min(at.y(), inner.bottom() - self.height()), inner.top())
        self.move(x, y)
        self.raise_()

    def _finish(self) -> None:
        if self.isVisible():
            self._window.removeEventFilter(self)
            self._escape.setEnabled(False)
            self.hide()
            self._light.hide()
            self.finished.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Right:
                self._go(self._at + 1)
            case Qt.Key.Key_Left:
                self._go(self._at - 1)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:  # a button presses itself at Enter in a dialog only
                next((b for b in (self.skip, self.back) if b.hasFocus()), self.next).click()
            case _:
                event.accept()  # nothing typed here is for the desk

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._window:
            if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest):
                self._place()
            return False
        is_key = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress
        if is_key and event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):  # type: ignore[attr-defined]
            self.keyPressEvent(event)  # type: ignore[arg-type]
            return True
        return False
