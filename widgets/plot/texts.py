"""Single lines of text: how wide they are, and drawn fast where the same ones come back frame after frame."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QStaticText, QTransform

# Fonts come from the theme's cache, so the object can be the key.


@lru_cache(4096)
def width(font: QFont, text: str) -> float:
    """Return the width of `text` in px."""
    return QFontMetricsF(font).horizontalAdvance(text)


@lru_cache(64)
def drop(font: QFont) -> float:
    """Return how far below its middle a line of digits stands, px."""
    return QFontMetricsF(font).capHeight() / 2


@lru_cache(64)
def _rise(font: QFont) -> float:
    return QFontMetricsF(font).ascent()


@lru_cache(1024)
def _laid_out(font: QFont, text: str) -> QStaticText:
    made = QStaticText(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setPerformanceHint(QStaticText.PerformanceHint.AggressiveCaching)
    made.prepare(QTransform(), font)
    return made


def draw(painter: QPainter, font: QFont, x: float, base: float, text: str) -> None:
    """Draw a text that will come back, such as a label of an axis: half the cost of `drawText`.

    The painter must have `font` and a pen set.

    Args:
        base: y of the base line.
    """
    painter.drawStaticText(QPointF(x, base - _rise(font)), _laid_out(font, text))
