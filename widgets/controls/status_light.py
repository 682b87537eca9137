"""A dot that says how live something is: by colour, and by shape for those who do not tell the colours apart."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from widgets import theme

_DOT = 8.0


class StatusLight(QAbstractButton):
    """Live: a full dot. Pending: a ring. Stale: a half. Offline and error: a ring with a bar through it.

    It explains itself: shortly under the pointer, at length when it is pressed, by mouse, Space or Enter.
    """

    explain_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = "idle"
        self.setFixedSize(16, 16)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.clicked.connect(self.explain_wanted)

    def show_state(self, kind: str, tip: str) -> None:
        """Show "idle", "pending", "live", "stale", "offline" or "error"; `tip` says it in words."""
        if tip != self.toolTip():
            self.setToolTip(tip)
            self.setAccessibleName(tip)
        if kind != self.kind:
            self.kind = kind
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(16, 16)

    def _color(self) -> QColor:
        c = theme.colors
        return {"live": c.ok, "pending": c.accent, "stale": c.warn, "offline": c.error, "error": c.error}.get(
            self.kind, c.faint
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = QPointF(self.width() / 2, self.height() / 2)
        dot = QRectF(middle.x() - _DOT / 2, middle.y() - _DOT / 2, _DOT, _DOT)
        color = self._color()
        if self.hasFocus():
            painter.setPen(theme.colors.accent)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        painter.setPen(QPen(color, 1.5))
        if self.kind == "live":
            painter.setBrush(color)
        painter.drawEllipse(dot)
        if self.kind == "stale":
            painter.setBrush(color)
            painter.drawPie(dot, 90 * 16, 180 * 16)
        elif self.kind in ("offline", "error"):
            painter.drawLine(dot.topLeft(), dot.bottomRight())
        painter.end()


def light_text(kind: str) -> str:
    """Return what a status light says of itself."""
    return {
        "live": QCoreApplication.translate("StatusLight", "Live"),
        "pending": QCoreApplication.translate("StatusLight", "Waiting for the first data"),
        "stale": QCoreApplication.translate("StatusLight", "Not live: the data shown is old"),
        "offline": QCoreApplication.translate("StatusLight", "Not connected"),
        "error": QCoreApplication.translate("StatusLight", "The exchange does not know this symbol"),
    }.get(kind, QCoreApplication.translate("StatusLight", "Nothing is shown here"))
