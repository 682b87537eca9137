"""A chart as a picture that can stand alone: with a head that says of what, when, and whether it is a market at all."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter

from widgets import theme
from widgets.chart.view import ChartView
from widgets.plot import texts

HEAD_PX = 30  # logical
_PAD = 10
_BADGE_PAD = 6


class Head(NamedTuple):
    """What stands above the bars, in the language of the screen."""

    market: str
    name: str  # "" where it is not known
    interval: str
    badge: str  # "DEMO"; "" for a market
    moment: str  # "2026-11-26 13:00:00 KST"


def still(view: ChartView, head: Head) -> QImage:
    """Return the chart as it is on the screen, px for px, below its head; without crosshair and buttons."""
    chart = view.still()
    dpr, width = chart.devicePixelRatio(), chart.width()
    top = round(HEAD_PX * dpr)
    image = QImage(width, top + chart.height(), QImage.Format.Format_RGB32)
    image.fill(theme.colors.raised)
    painter = QPainter(image)
    chart.setDevicePixelRatio(1.0)  # both in device px
    painter.drawPixmap(0, top, chart)
    painter.fillRect(QRectF(0, top - max(int(dpr), 1), width, max(int(dpr), 1)), theme.colors.border)
    _paint_head(painter, head, width, top, dpr)
    painter.end()
    image.setDevicePixelRatio(dpr)
    for key, text in {"Title": f"{head.market} {head.interval}", "Source": head.badge or "Upbit"}.items():
        image.setText(key, text)
    image.setText("Creation Time", head.moment)
    return image


def _paint_head(painter: QPainter, head: Head, width: int, height: int, dpr: float) -> None:
    """Write what has room, but the market and the badge in any case; the interval goes before the moment."""
    color, pad = theme.colors, round(_PAD * dpr)
    bold, plain = theme.font(theme.TEXT * dpr, "semibold"), theme.font(theme.TEXT * dpr)
    base = round(height / 2 + texts.drop(bold))
    room = width - pad
    badge = texts.width(bold, head.badge) + 2 * _BADGE_PAD * dpr if head.badge else 0.0
    least = texts.width(bold, head.market) + texts.width(plain, head.interval) + badge + 5 * pad
    # Whole, or without the year and the seconds.
    for moment in (head.moment, head.moment[5:16] + head.moment[19:]):
        if least + texts.width(plain, moment) < width:
            room -= round(texts.width(plain, moment)) + pad
            painter.setFont(plain)
            painter.setPen(color.muted)
            painter.drawText(QPointF(width - pad - texts.width(plain, moment), base), moment)
            break
    x = float(pad)
    painter.setFont(bold)
    painter.setPen(color.text)
    painter.drawText(QPointF(x, base), head.market)
    x += texts.width(bold, head.market) + pad
    painter.setFont(plain)
    painter.setPen(color.muted)
    for text in (head.interval, head.name):
        if text and x + texts.width(plain, text) + badge + pad < room:
            painter.drawText(QPointF(x, base), text)
            x += texts.width(plain, text) + pad
    if head.badge:
        box = QRectF(min(x, width - badge), height * 0.2, badge, height * 0.6)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color.badge)
        painter.drawRoundedRect(box, 3 * dpr, 3 * dpr)
        painter.setFont(bold)
        painter.setPen(color.badge_text)
        painter.drawText(QPointF(box.x() + _BADGE_PAD * dpr, base), head.badge)
