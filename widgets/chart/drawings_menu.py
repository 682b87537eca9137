"""The menus of drawings: what can be drawn on a chart, and what can be done with one that is there."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace
from PySide6.QtCore import Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from core.state.drawings import COLORS, EXTENSIONS, LEVELS, WIDEST, Drawing, Kind
from widgets import theme
from widgets.chart import drawings_icons, drawings_texts
from widgets.chart.drawings_hand import DrawingHand
from widgets.chart.drawings_painter import ink
from widgets.chart.study_form import swatch


class ToolMenu(QMenu):
    """What can be drawn, and how; filled anew each time it is opened.

    Args:
        hand: of the chart.
        has_bar: tells whether the bar of tools is shown at its left.
    """

    bar_wanted = Signal(bool)  # to be shown or not
    taken = Signal()  # a tool

    def __init__(self, hand: DrawingHand, has_bar: Callable[[], bool], parent: QWidget) -> None:
        super().__init__(parent)
        self._hand, self._has_bar = hand, has_bar
        self.aboutToShow.connect(self.fill)

    def fill(self) -> None:
        """Say what there is now."""
        self.clear()
        hand, rgb = self._hand, theme.colors.text.rgb()
        for kind, name in drawings_texts.names().items():
            action = self.addAction(drawings_icons.icon(kind, rgb, is_in_menu=True), name)
            action.setData(kind)
            action.triggered.connect(lambda _=False, k=kind: self._take(k))
        self.addSeparator()
        self._toggle(self.tr("Magnet to open, high, low, close"), hand.is_magnet, hand.set_magnet)
        self._toggle(self.tr("Show the drawings"), hand.is_shown, hand.set_shown)
        self._toggle(self.tr("Bar of tools"), self._has_bar(), self.bar_wanted.emit)
        self.addSeparator()
        for text, run, can_run in (
            (self.tr("Undo"), hand.undo, hand.sheet.can_undo),
            (self.tr("Redo"), hand.redo, hand.sheet.can_redo),
            (self.tr("Delete all that are not locked"), hand.clear, any(not d.is_locked for d in hand.sheet.drawings)),
        ):
            action = self.addAction(text)
            action.setEnabled(can_run)
            action.triggered.connect(run)

    def _take(self, kind: Kind) -> None:
        self._hand.take(kind)
        self.taken.emit()

    def _toggle(self, text: str, is_on: bool, run: Callable[[bool], object]) -> None:
        action = self.addAction(text)
        action.setCheckable(True)
        action.setChecked(is_on)
        action.toggled.connect(run)


class DrawingMenu(QMenu):
    """What can be done with one drawing."""

    def __init__(self, hand: DrawingHand, drawing: Drawing, parent: QWidget) -> None:
        super().__init__(parent)
        self._hand, self._drawing = hand, drawing
        is_free = not drawing.is_locked
        if drawing.kind == "text":
            text = self.addAction(self.tr("Change the text"))
            text.setEnabled(is_free)
            text.triggered.connect(lambda: hand.write(drawing))
        self.addAction(self.tr("Copy")).triggered.connect(hand.copy)
        delete = self.addAction(self.tr("Delete"))
        delete.setEnabled(is_free)
        delete.triggered.connect(hand.delete)
        self.addSeparator()
        self._offer_colors()
        if drawing.kind != "text":
            self._offer_widths()
        if drawing.kind == "fibonacci":
            self._offer_levels()
        lock = self.addAction(self.tr("Locked"))
        lock.setCheckable(True)
        lock.setChecked(drawing.is_locked)
        lock.toggled.connect(lambda is_on: hand.change(replace(self._now, is_locked=is_on)))

    @property
    def _now(self) -> Drawing:
        """The drawing as it is by now."""
        return self._hand.sheet.find(self._drawing.id) or self._drawing

    def _offer_colors(self) -> None:
        menu = self.addMenu(self.tr("Colour"))
        group = QActionGroup(menu)
        for number in range(COLORS):
            text = self.tr("Colour {}").format(number) if number else self.tr("The usual colour")
            action = menu.addAction(swatch(ink(replace(self._drawing, color=number)).name()), text)
            action.setCheckable(True)
            action.setChecked(number == self._drawing.color)
            action.setActionGroup(group)
            action.triggered.connect(lambda _=False, n=number: self._hand.change(replace(self._now, color=n)))

    def _offer_widths(self) -> None:
        menu = self.addMenu(self.tr("Width"))
        group = QActionGroup(menu)
        for width in range(1, WIDEST + 1):
            action = menu.addAction(self.tr("{} px").format(width))
            action.setCheckable(True)
            action.setChecked(width == self._drawing.width)
            action.setActionGroup(group)
            action.triggered.connect(lambda _=False, w=width: self._hand.change(replace(self._now, width=w)))

    def _offer_levels(self) -> None:
        menu = self.addMenu(self.tr("Levels"))
        for level in sorted((*LEVELS, *EXTENSIONS)):
            action = menu.addAction(f"{level:g}")
            action.setCheckable(True)
            action.setChecked(level in self._drawing.levels)
            action.toggled.connect(lambda is_on, x=level: self._set_level(x, is_on))

    def _set_level(self, level: float, is_on: bool) -> None:
        others = [x for x in self._now.levels if x != level]
        self._hand.change(replace(self._now, levels=tuple(sorted([*others, level] if is_on else others))))
