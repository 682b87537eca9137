"""Many short numbers drawn in one go.

Text is most of what a ladder or a tape costs. CPU ms for 120 numbers of 9 figures, all new, in one run:
QPainter.drawText at a point 1.3, in a rectangle 1.5, QStaticText 1.5, a QGlyphRun each 1.2, one QGlyphRun for all of
a colour 0.8, of which 0.5 is the raster engine's. So numbers are gathered by colour and drawn as one run. Figures are
tabular: all numbers of one shape ("00,000.000") have their glyphs at the same places, so the places are kept and only
the glyphs change; a number that is shorter is filled up with blanks on its left.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QFont, QGlyphRun, QPainter, QRawFont, QTextLayout

CHARACTERS = "0123456789,.:+-%<–~xKMBT "
_TO_SHAPE = str.maketrans("123456789", "000000000")
_DRAWN_AS = {"-": "\N{MINUS SIGN}"}  # as wide as the plus, so that signs stand in one column
_ORIGIN = QPointF(0, 0)
_KEPT = 1_024  # shapes times columns times lines; each place costs 100 bytes and more


class Digits:
    """Draws numbers made of `CHARACTERS`, aligned right, in one font."""

    def __init__(self, font: QFont) -> None:
        self._glyphs: dict[str, int] = {}
        self._advances: dict[str, float] = {}
        self._raw = QRawFont()
        for character in CHARACTERS:  # one by one: side by side a font may merge or replace them
            layout = QTextLayout(_DRAWN_AS.get(character, character), font)
            layout.beginLayout()
            line = layout.createLine()
            layout.endLayout()
            self._advances[character] = line.horizontalAdvance()
            runs = layout.glyphRuns()
            if runs:
                self._glyphs[character] = runs[0].glyphIndexes()[0]
                self._raw = runs[0].rawFont()
        self._glyphs[" "] = (self._raw.glyphIndexesForString(" ") or [0])[0]
        self._runs: list[tuple[QGlyphRun, list[QPointF]]] = []  # the places last given to each
        self._kept: dict[tuple[str, float, float], list[QPointF]] = {}
        self._pending: dict[int, tuple[QColor, list[str], list[QPointF]]] = {}

    def width(self, text: str) -> float:
        """Return the width of `text`, logical px."""
        return sum(self._advances[c] for c in text)

    def places(self, text: str, right: float, baseline: float) -> list[QPointF]:
        """Return where the glyphs of `text`, or of any text of its shape, stand with the right end at `right`."""
        key = (text.translate(_TO_SHAPE), right, baseline)
        places = self._kept.get(key)
        if places is None:
            x, places = right - self.width(text), []
            for character in text:
                places.append(QPointF(x, baseline))
                x += self._advances[character]
            if len(self._kept) >= _KEPT:
                self._kept.clear()
            self._kept[key] = places
        return places

    def put(self, text: str, places: list[QPointF], color: QColor) -> None:
        """Draw `text` with the next `draw`; `places` has one for each of its characters."""
        entry = self._pending.get(id(color))
        if entry is None:
            entry = self._pending[id(color)] = (color, [], [])
        entry[1].append(text)
        entry[2].extend(places)

    def draw(self, painter: QPainter) -> None:
        """Draw all that was put since the last call."""
        glyph = self._glyphs.__getitem__
        for i, (color, texts, places) in enumerate(self._pending.values()):
            if i == len(self._runs):
                run = QGlyphRun()
                run.setRawFont(self._raw)
                self._runs.append((run, []))
            run, before = self._runs[i]
            run.setGlyphIndexes(list(map(glyph, "".join(texts))))
            if places != before:  # the same objects as a rule, so this is quick
                run.setPositions(places)
                self._runs[i] = (run, places)
            painter.setPen(color)
            painter.drawGlyphRun(_ORIGIN, run)
        self._pending.clear()
