"""What is dragged over the desk: a symbol, or a kind of pane."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QPoint, QRectF, Qt
from PySide6.QtGui import QDrag, QFontMetrics, QPainter, QPixmap
from PySide6.QtWidgets import QWidget

from widgets import theme

MARKET = "application/x-hoga-market"
KIND = "application/x-hoga-pane"
_PAD = 10  # px at both sides of the text under the pointer


def market_of(mime: QMimeData) -> str:
    """Return the code of the market that is dragged, "" if it is something else."""
    return _text(mime, MARKET)


def kind_of(mime: QMimeData) -> str:
    """Return the kind of the pane that is dragged in, "" if it is something else."""
    return _text(mime, KIND)


def _text(mime: QMimeData, what: str) -> str:
    return bytes(mime.data(what).data()).decode(errors="replace") if mime.hasFormat(what) else ""


def carry_market(source: QWidget, market: str) -> None:
    """Let the user drop `market` somewhere. Returns when it is dropped; the loop runs on meanwhile."""
    mime = QMimeData()
    mime.setData(MARKET, market.encode())
    mime.setText(market)  # for other programs
    _carry(source, mime, market)


def carry_kind(source: QWidget, kind: str, title: str) -> None:
    """Let the user drop a new pane of `kind`; `title` is what it is called on the screen."""
    mime = QMimeData()
    mime.setData(KIND, kind.encode())
    _carry(source, mime, title)


def _carry(source: QWidget, mime: QMimeData, label: str) -> None:
    drag = QDrag(source)
    drag.setMimeData(mime)
    drag.setPixmap(_card(label, source.devicePixelRatioF()))
    drag.setHotSpot(QPoint(-12, -8))  # beside the pointer, which shows where it drops
    drag.exec(Qt.DropAction.CopyAction)


def _card(label: str, ratio: float) -> QPixmap:
    """Return a small card that says what is carried."""
    font = theme.font(theme.TEXT, "semibold")
    width = QFontMetrics(font).horizontalAdvance(label) + 2 * _PAD
    card = QPixmap(round(width * ratio), round(theme.HEADER_HEIGHT * ratio))
    card.setDevicePixelRatio(ratio)
    card.fill(Qt.GlobalColor.transparent)
    painter = QPainter(card)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    box = QRectF(0.5, 0.5, width - 1, theme.HEADER_HEIGHT - 1)
    painter.setPen(theme.colors.accent)
    painter.setBrush(theme.colors.raised)
    painter.drawRoundedRect(box, 4, 4)
    painter.setPen(theme.colors.text)
    painter.setFont(font)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, label)
    painter.end()
    return card
