"""Paints volume profiles over a chart: rows at an edge, translucent, in strips of their own.

They move with each trade, so they are in no layer of the bars: a strip keeps its rows, and only those that changed are
painted into it again.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap, QRegion

from core.calc.profile import Profile
from widgets import theme
from widgets.chart.canvas import Box, Canvas, expose
from widgets.chart.model import ChartModel
from widgets.chart.studies import Study
from widgets.plot.primitives import dashes, fill_rects

I32 = NDArray[np.int32]

_INSIDE, _OUTSIDE = 120, 55  # alpha of rows in the value area, and of the others
_FAR = 1e5  # px; what lies further outside is cut before Qt sees it
_GAP_FROM_PX = 4  # height of a row from which on there is a gap to the next


class ProfilePainter:
    """What is seen of the profiles of `model.studies`."""

    def __init__(self, model: ChartModel, canvas: Canvas) -> None:
        self.model, self.canvas = model, canvas
        self._strips: list[_Strip] = []

    def lay_out(self) -> None:
        """Paint all rows anew: other bars or prices are in view, or other colours in force."""
        studies = self.model.studies.profiles if self.model.count else []
        rooms = [strip.pixmap for strip in self._strips]
        self._strips = [_Strip(study, self.canvas, rooms) for study in studies]
        for strip in self._strips:
            strip.take()

    def changed(self) -> list[Box | None]:
        """Take in what trades changed and return where that is seen, device px."""
        boxes: list[Box | None] = []
        for strip in self._strips:
            boxes += strip.take()
        return boxes

    def paint(self, painter: QPainter, region: QRegion | None) -> None:
        """Paint the rows and the lines of most volume that are exposed."""
        for strip in self._strips:
            if expose(painter, region, strip.line):
                x, y, width, line = strip.line or (0, 0, 0, 0)
                painter.drawPixmap(x, y, dashes(width, line, QColor(strip.study.colors[0]).rgb()))
            if region is None:
                painter.setClipRect(*strip.box)
                painter.drawPixmap(strip.box[0], strip.box[1], strip.pixmap)
                continue
            for rect in region.intersected(QRect(*strip.box)):  # type: ignore[attr-defined]
                painter.setClipRect(rect)  # through a clip of many Qt copies line by line
                painter.drawPixmap(strip.box[0], strip.box[1], strip.pixmap)


class _Strip:
    """One profile where it stands.

    Args:
        rooms: pixmaps that may be used again; the one that is used is taken out.
    """

    def __init__(self, study: Study, canvas: Canvas, rooms: list[QPixmap]) -> None:
        self.study, self.canvas = study, canvas
        width, height = canvas.plot
        room = max(round(width * int(study.indicator.values["part"]) / 100), 1)
        self.is_left = study.indicator.values["side"] == "left"
        self.box: Box = (0 if self.is_left else width - room, 0, room, height)
        self.line: Box | None = None  # of the row of most volume
        # One that is used again is cleared with the first rows that are painted.
        fit = next((n for n, old in enumerate(rooms) if (old.width(), old.height()) == (room, height)), None)
        self.pixmap = QPixmap(room, max(height, 1)) if fit is None else rooms.pop(fit)
        self._profile: Profile | None = None
        self._edges: I32 = np.empty(0, np.int32)  # of the rows, from the lowest up
        self._edges_of: tuple[object, ...] = ()
        self._rows: I32 | None = None  # as painted; None: nothing yet, not even the ground

    def take(self) -> list[Box | None]:
        """Paint what changed into the strip; return where that is in the plot."""
        now = self.study.profile
        if now is self._profile and self._rows is not None:
            return []
        was, self._profile = self._rows, now
        rows = self._rows = self._look(now)
        line, self.line = self.line, self._line_of(now)
        boxes: list[Box | None] = [line, self.line] if line != self.line else []
        if was is not None and was.shape == rows.shape and np.array_equal(was[:, :2], rows[:, :2]):
            changed = rows[(was != rows).any(axis=1)]
            if len(changed):
                self._paint(changed, self._gap(rows), is_clear=False)
                top = int(changed[:, 0].min())
                boxes.append((self.box[0], top, self.box[2], int((changed[:, 0] + changed[:, 1]).max()) - top))
            return boxes
        self.pixmap.fill(Qt.GlobalColor.transparent)
        if len(rows):
            self._paint(rows, self._gap(rows), is_clear=True)
        return [*boxes, self.box]

    def _look(self, profile: Profile | None) -> I32:
        """Return [m, 6]: top, height, width of what was bought, sold and of unknown side, whether in the value area."""
        if profile is None:
            return np.empty((0, 6), np.int32)
        count, room = profile.volume.shape[1], self.box[2]
        if (of := (profile.grid, profile.first, count)) != self._edges_of:
            scale, self._edges_of = self.canvas.scale, of
            found = np.array([scale.y(price) for price in profile.edges().tolist()])
            self._edges = np.rint(np.clip(found, -_FAR, _FAR)).astype(np.int32)
        edges = self._edges
        made = np.empty((count, 6), np.int32)
        made[:, 0] = edges[1:]
        made[:, 1] = edges[:-1] - edges[1:]
        ends = np.rint(np.cumsum(profile.volume, axis=0) * (room / profile.total.max()))  # so that rounding adds up
        made[:, 2:5] = np.diff(ends, axis=0, prepend=0.0).T
        made[:, 5] = 0
        made[profile.area[0] : profile.area[1], 5] = 1
        seen: I32 = made[(made[:, 0] < self.box[3]) & (edges[:-1] > 0)]
        return seen

    def _line_of(self, profile: Profile | None) -> Box | None:
        if profile is None:
            return None
        y = round(float(self._edges[profile.control : profile.control + 2].mean()))
        return (0, y, self.canvas.plot[0], self.canvas.line) if 0 <= y < self.box[3] else None

    def _gap(self, rows: I32) -> int:
        """Return what is left free between two rows."""
        return self.canvas.line if int(np.median(rows[:, 1])) >= self.canvas.px(_GAP_FROM_PX) else 0

    def _paint(self, rows: I32, gap: int, *, is_clear: bool) -> None:
        painter = QPainter(self.pixmap)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
        room, color = self.box[2], theme.colors
        if not is_clear:
            whole = np.zeros((len(rows), 4), np.int32)
            whole[:, 1], whole[:, 2], whole[:, 3] = rows[:, 0], room, rows[:, 1]
            fill_rects(painter, whole, QColor(0, 0, 0, 0))
        for is_inside, alpha in ((1, _INSIDE), (0, _OUTSIDE)):
            some = rows[rows[:, 5] == is_inside]
            at = np.zeros(len(some), np.int32)
            for column, ink in ((2, color.bid), (3, color.ask), (4, color.faint)):
                boxes = np.empty((len(some), 4), np.int32)
                boxes[:, 0] = at if self.is_left else room - at - some[:, column]
                boxes[:, 1], boxes[:, 2], boxes[:, 3] = some[:, 0], some[:, column], np.maximum(some[:, 1] - gap, 1)
                at += some[:, column]
                shade = QColor(ink)
                shade.setAlpha(alpha)
                fill_rects(painter, boxes[boxes[:, 2] > 0], shade)
        painter.end()
