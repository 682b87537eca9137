"""Many short numbers drawn in one go.

Text is most of what a ladder costs. CPU ms for 120 numbers, a fourth of them new each frame, in one run:
QPainter.drawText at a point 1.1, in a rectangle 1.4, QStaticText 1.1 to 1.5, a QGlyphRun each 1.1, one QGlyphRun for
all of a colour 0.6. So numbers are gathered by colour and drawn as one run. Figures are tabular: all numbers of one
shape ("00,000.000") have their glyphs at the same places, so the places are kept and only the glyphs change.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QFont, QGlyphRun, QPainter, QRawFont, QTextLayout

CHARACTERS = "0123456789,.+-%<–"
_TO_SHAPE = str.maketrans("123456789", "000000000")
_ORIGIN = QPointF(0, 0)
_PLACES = 4_096  # shapes times columns times lines; more only if the layout keeps changing


class Digits:
    """Draws numbers made of `CHARACTERS`, aligned right, in one font."""

    def __init__(self, font: QFont) -> None:
        self._glyphs: dict[str, int] = {}
        self._advances: dict[str, float] = {}
        self._raw = QRawFont()
        for character in CHARACTERS:  # one by one: side by side a font may merge or replace them
            layout = QTextLayout(character, font)
            layout.beginLayout()
            line = layout.createLine()
            layout.endLayout()
            self._advances[character] = line.naturalTextWidth()
            runs = layout.glyphRuns()
            if runs:
                self._glyphs[character] = runs[0].glyphIndexes()[0]
                self._raw = runs[0].rawFont()
        self._run = QGlyphRun()
        self._run.setRawFont(self._raw)
        self._places: dict[tuple[str, float, float], list[QPointF]] = {}
        self._pending: dict[int, tuple[QColor, list[str], list[QPointF]]] = {}

    def width(self, text: str) -> float:
        """Return the width of `text`, logical px."""
        return sum(self._advances[c] for c in text)

    def put(self, text: str, right: float, baseline: float, color: QColor) -> None:
        """Draw `text` with the next `draw`, its right end at `right`."""
        key = (text.translate(_TO_SHAPE), right, baseline)
        places = self._places.get(key)
        if places is None:
            places = self._place(key)
        entry = self._pending.get(id(color))
        if entry is None:
            entry = self._pending[id(color)] = (color, [], [])
        entry[1].append(text)
        entry[2].extend(places)

    def draw(self, painter: QPainter) -> None:
        """Draw all that was put since the last call."""
        glyph = self._glyphs.__getitem__
        run = self._run
        for color, texts, places in self._pending.values():
            run.setGlyphIndexes(list(map(glyph, "".join(texts))))
            run.setPositions(places)
            painter.setPen(color)
            painter.drawGlyphRun(_ORIGIN, run)
        self._pending.clear()

    def _place(self, key: tuple[str, float, float]) -> list[QPointF]:
        shape, right, baseline = key
        x = right - self.width(shape)
        places = []
        for character in shape:
            places.append(QPointF(x, baseline))
            x += self._advances[character]
        if len(self._places) >= _PLACES:
            self._places.clear()
        self._places[key] = places
        return places
