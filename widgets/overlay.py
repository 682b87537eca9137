"""What a pane says when it is not live: over its data where there is some, in its place where there is none."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QWidget

from widgets import theme

CARD_FROM = (220, 150)  # px; a smaller pane gets the short form
CARD_WIDTH = 320
PILL_HEIGHT = 22
_WASH = 120  # of 255: how far old data is dimmed

_WRAPPED = int(Qt.TextFlag.TextWordWrap) | int(Qt.AlignmentFlag.AlignCenter)


class StateOverlay(QWidget):
    """Covers its parent. Lets the mouse through wherever it has no button."""

    action = Signal(str)  # id of the action that was pressed

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.kind = "none"
        self.title = self.text = ""
        self._actions: list[tuple[str, str]] = []
        self._buttons: list[QPushButton] = []
        self._host = parent
        parent.installEventFilter(self)
        self.hide()

    def show_state(self, kind: str, title: str = "", text: str = "", actions: Sequence[tuple[str, str]] = ()) -> None:
        """Show "none", "empty", "loading", "stale", "offline" or "unknown".

        Args:
            kind: of it, "stale" means that there is data below, which stays readable.
            title: one line.
            text: what it means and what to try.
            actions: (id, text) of what the user can do.
        """
        if (kind, title, text, list(actions)) == (self.kind, self.title, self.text, self._actions):
            return
        before, place = self._text_place(), (self.kind, list(actions))
        is_moving = place != (kind, self._actions)
        self.kind, self.title, self.text = kind, title, text
        if list(actions) != self._actions:
            self._actions = list(actions)
            self._make_buttons()
        self.setAccessibleName(f"{title} {text}".strip())
        self.setVisible(kind != "none")
        if kind == "none":
            return
        after = self._text_place()
        if not is_moving and before.isValid() and after.isValid() and after.height() == before.height():
            self.update(before.united(after).toAlignedRect())  # a countdown: what lies below is not painted again
            return
        self.raise_()
        self._place()
        self.update()

    def _text_place(self) -> QRectF:
        """Return where the words are, with their frame; not valid where that is everywhere."""
        if self._has_card:
            return self._card()
        return self._pill().adjusted(-1, -1, 1, 1) if self.kind == "stale" else QRectF()

    def _make_buttons(self) -> None:
        for button in self._buttons:
            button.hide()
            button.deleteLater()
        self._buttons = []
        for key, text in self._actions:
            button = QPushButton(text, self)
            button.setCursor(Qt.CursorShape.PointingHandCursor)
            button.clicked.connect(lambda _checked=False, key=key: self.action.emit(key))
            self._buttons.append(button)

    # Where things are.

    @property
    def _has_card(self) -> bool:
        is_card = self.kind in ("offline", "unknown", "empty") and bool(self.text)
        return is_card and self.width() >= CARD_FROM[0] and self.height() >= CARD_FROM[1]

    def _card(self) -> QRectF:
        width = min(CARD_WIDTH, self.width() - 2 * theme.GAP)
        text = self._text_height(width - 4 * theme.GAP)
        height = 3 * theme.GAP + 20 + text + (36 if self._buttons else 0) + 2 * theme.GAP
        return QRectF((self.width() - width) / 2, max((self.height() - height) / 2, theme.GAP), width, height)

    def _text_height(self, width: float) -> float:
        flags = int(Qt.TextFlag.TextWordWrap) | int(Qt.AlignmentFlag.AlignHCenter)
        return QFontMetricsF(theme.font(theme.TEXT)).boundingRect(QRectF(0, 0, width, 1_000), flags, self.text).height()

    def _place(self) -> None:
        """Put the buttons where the state wants them, and let the mouse through elsewhere."""
        self.setGeometry(self._host.rect())
        card = self._card() if self._has_card else QRectF()
        sizes = [b.sizeHint() for b in self._buttons]
        is_room = self._has_card and sum(s.width() for s in sizes) + theme.GAP * len(sizes) <= card.width() - theme.GAP
        for button in self._buttons:
            button.setVisible(is_room)
        if is_room:
            x = card.center().x() - (sum(s.width() for s in sizes) + theme.GAP * (len(sizes) - 1)) / 2
            for button, size in zip(self._buttons, sizes, strict=True):
                button.setGeometry(round(x), round(card.bottom() - 2 * theme.GAP - 26), size.width(), 26)
                x += size.width() + theme.GAP
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, not is_room)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.kind != "none":
            self._place()
        return super().eventFilter(watched, event)

    # How it looks.

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        wash = QColor(theme.colors.surface)
        if self.kind == "stale":
            wash.setAlpha(_WASH)
        painter.fillRect(self.rect(), wash)
        if self.kind == "loading":
            self._paint_skeleton(painter)
        elif self._has_card:
            self._paint_card(painter)
        elif self.kind == "stale":
            self._paint_pill(painter)
        else:
            self._paint_short(painter)
        painter.end()

    def _paint_card(self, painter: QPainter) -> None:
        c, card = theme.colors, self._card()
        painter.setPen(c.border)
        painter.setBrush(c.raised)
        painter.drawRoundedRect(card, 8, 8)
        inner = card.adjusted(2 * theme.GAP, 2 * theme.GAP, -2 * theme.GAP, 0)
        painter.setFont(theme.font(theme.LARGE, "semibold"))
        painter.setPen(c.text)
        painter.drawText(QRectF(inner.x(), inner.y(), inner.width(), 20), Qt.AlignmentFlag.AlignCenter, self.title)
        painter.setFont(theme.font(theme.TEXT))
        painter.setPen(c.muted)
        flags = int(Qt.TextFlag.TextWordWrap) | int(Qt.AlignmentFlag.AlignHCenter)
        painter.drawText(inner.adjusted(0, 20 + theme.GAP, 0, 0), flags, self.text)

    def _pill(self) -> QRectF:
        metrics = QFontMetricsF(theme.font(theme.SMALL, "semibold"))
        room = QRectF(0, 0, self.width() - 2 * theme.GAP - 20, self.height())
        text = metrics.boundingRect(room, _WRAPPED, self.title)  # in a narrow pane on more than one line
        width, height = text.width() + 20, text.height() + PILL_HEIGHT - metrics.height()
        return QRectF((self.width() - width) / 2, theme.GAP, width, height)

    def _paint_pill(self, painter: QPainter) -> None:
        pill = self._pill()
        painter.setPen(theme.colors.warn)
        painter.setBrush(theme.colors.raised)
        painter.drawRoundedRect(pill, PILL_HEIGHT / 2, PILL_HEIGHT / 2)
        painter.setFont(theme.font(theme.SMALL, "semibold"))
        painter.drawText(pill.adjusted(10, 0, -10, 0), _WRAPPED, self.title)

    def _paint_short(self, painter: QPainter) -> None:
        self._paint_lines(painter, self.title, theme.font(theme.TEXT, "semibold"), theme.colors.muted)

    def _paint_lines(self, painter: QPainter, text: str, font: QFont, color: QColor) -> None:
        painter.setFont(font)
        painter.setPen(color)
        flags = int(Qt.TextFlag.TextWordWrap) | int(Qt.AlignmentFlag.AlignCenter)
        painter.drawText(QRectF(self.rect()).adjusted(theme.GAP, 0, -theme.GAP, 0), flags, text)

    def _paint_skeleton(self, painter: QPainter) -> None:
        """Quiet bars where rows will be: no spinner, nothing moves while nothing happens."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colors.grid)
        y, i = theme.GAP, 0
        while y + 8 < self.height():
            share = 0.35 + 0.4 * ((i * 37) % 11) / 10
            painter.drawRoundedRect(QRectF(theme.GAP, y, (self.width() - 2 * theme.GAP) * share, 8), 4, 4)
            y, i = y + theme.ROW_HEIGHT, i + 1
