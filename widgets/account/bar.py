"""What stands above the account's table: its sections, the eye, options, and what all of it comes to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QFontMetricsF, QPainter, QPainterPath, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QMenu, QSizePolicy, QToolButton, QWidget

from widgets import theme
from widgets.account.model import BALANCES, FILLS, OPEN, PAST, SECTIONS
from widgets.controls.search_line import bar_style

ROW = 26  # px
SUMMARY = 42  # px
_PAD = 6  # px at both sides of a tab's text
_GAP = 22  # px between the figures of the summary


class Eye(QAbstractButton):
    """Open: amounts can be read. Struck through: they are hidden."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setFixedSize(24, ROW - 4)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def sizeHint(self) -> QSize:
        return self.size()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, c = QPainter(self), theme.colors
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse() or self.hasFocus():
            painter.setPen(c.accent if self.hasFocus() else Qt.PenStyle.NoPen)
            painter.setBrush(c.raised)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        ink = c.accent if self.isChecked() else c.muted
        x, y = self.width() / 2, self.height() / 2
        lids = QPainterPath(QPointF(x - 7, y))
        lids.quadTo(QPointF(x, y - 9), QPointF(x + 7, y))
        lids.quadTo(QPointF(x, y + 9), QPointF(x - 7, y))
        painter.setPen(QPen(ink, 1.3))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(lids)
        painter.setBrush(ink)
        painter.drawEllipse(QPointF(x, y), 1.6, 1.6)
        if self.isChecked():
            painter.drawLine(QPointF(x - 6, y + 6), QPointF(x + 6, y - 6))
        painter.end()


class AccountBar(QWidget):
    """A tab for each section, or a menu of them where tabs have no room; to the right the eye and the options."""

    section_chosen = Signal(str)
    privacy_toggled = Signal(bool)
    dust_toggled = Signal(bool)
    copy_wanted = Signal()
    key_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(ROW)
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 1, 4, 1)
        row.setSpacing(2)
        self._group = QButtonGroup(self)
        self.tabs: dict[str, QToolButton] = {}
        for section in SECTIONS:
            button = self.tabs[section] = QToolButton(self)
            button.setAutoRaise(True)
            button.setCheckable(True)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setFixedHeight(ROW - 4)
            button.clicked.connect(lambda _=False, s=section: self.section_chosen.emit(s))
            self._group.addButton(button)
            row.addWidget(button)
        self.choice = QToolButton(self)
        self.choice.setAutoRaise(True)
        self.choice.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.choice.setFixedHeight(ROW - 4)
        self.choice.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.choice.setMenu(QMenu(self.choice))
        self.choice.menu().aboutToShow.connect(self._fill_choice)
        self.choice.hide()
        row.addWidget(self.choice)
        row.addStretch(1)
        self.eye = Eye(self)
        self.eye.toggled.connect(self.privacy_toggled)
        row.addWidget(self.eye)
        self.options = QToolButton(self)
        self.options.setText("⋯")
        self.options.setAutoRaise(True)
        self.options.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.options.setFixedHeight(ROW - 4)
        self.options.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self.options)
        self.dust = QAction(menu)
        self.dust.setCheckable(True)
        self.dust.toggled.connect(self.dust_toggled)
        self.copy = QAction(menu)
        self.copy.triggered.connect(self.copy_wanted)
        self.key = QAction(menu)
        self.key.triggered.connect(self.key_wanted)
        menu.addActions([self.dust, self.copy, self.key])
        self.options.setMenu(menu)
        row.addWidget(self.options)
        self._counts: Mapping[str, int] = {}
        self._theme_version = -1
        self._retranslate()
        self.restyle()

    def show_section(self, section: str) -> None:
        """Mark `section` as the one shown."""
        self.tabs[section].setChecked(True)
        self._arrange()

    def show_counts(self, counts: Mapping[str, int]) -> None:
        """Say how many lines a section has; none is not said."""
        if counts != self._counts:
            self._counts = dict(counts)
            self._name_tabs()

    def restyle(self) -> None:
        """Take the colours of the theme, if they changed."""
        if theme.version == self._theme_version:
            return
        self._theme_version = theme.version
        self.setStyleSheet(bar_style("AccountBar", pad=_PAD))
        for button in self.tabs.values():
            button.setFont(theme.font(theme.SMALL))
        self.choice.setFont(theme.font(theme.SMALL))
        self._arrange()

    def _arrange(self) -> None:
        """Show tabs where they have room."""
        metrics = QFontMetricsF(theme.font(theme.SMALL, "semibold"))
        wanted = sum(metrics.horizontalAdvance(button.text()) + 2 * _PAD + 2 for button in self.tabs.values())
        has_room = wanted + 2 * ROW + _PAD <= self.width()
        for button in self.tabs.values():
            button.setVisible(has_room)
        self.choice.setVisible(not has_room)
        current = next((button.text() for button in self.tabs.values() if button.isChecked()), "")
        self.choice.setText(f"{current} ▾")

    def _fill_choice(self) -> None:
        menu = self.choice.menu()
        menu.clear()
        for section, button in self.tabs.items():
            action = menu.addAction(button.text())
            action.setCheckable(True)
            action.setChecked(button.isChecked())
            action.triggered.connect(lambda _=False, s=section: self.section_chosen.emit(s))

    def _name_tabs(self) -> None:
        for section, name in self.names().items():
            count = self._counts.get(section, 0)
            self.tabs[section].setText(f"{name} {count}" if count else name)
        self._arrange()

    def names(self) -> dict[str, str]:
        """Return what the sections are called."""
        return {
            BALANCES: self.tr("Balances"),
            OPEN: self.tr("Open orders"),
            PAST: self.tr("Past orders"),
            FILLS: self.tr("Fills"),
        }

    def _retranslate(self) -> None:
        self._name_tabs()
        self.eye.setToolTip(self.tr("Hide amounts"))
        self.eye.setAccessibleName(self.tr("Hide amounts"))
        self.options.setToolTip(self.tr("Options"))
        self.options.setAccessibleName(self.tr("Options"))
        self.dust.setText(self.tr("Hide balances below 1,000 KRW"))
        self.copy.setText(self.tr("Copy the table (Ctrl+C)"))
        self.key.setText(self.tr("API key…"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)


class Figure(NamedTuple):
    """A number of the summary and what it is called."""

    name: str
    text: str
    way: int = 0  # 1 and -1 have the colours of rise and fall


class Summary(QWidget):
    """What the account comes to, in a line of large figures; those that have no room are left out."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(SUMMARY)
        self.figures: Sequence[Figure] = ()
        self._widths: list[float] = []  # the widest seen of each, so that nothing jumps
        self._theme_version = -1

    def show_figures(self, figures: Sequence[Figure]) -> None:
        """Show these, the most important first."""
        if figures != self.figures or theme.version != self._theme_version:
            if theme.version != self._theme_version or len(figures) != len(self._widths):
                self._theme_version = theme.version
                self._widths = [0.0] * len(figures)
            self.figures = figures
            self.setAccessibleName(", ".join(f"{f.name} {f.text}" for f in figures))
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, c = QPainter(self), theme.colors
        painter.fillRect(self.rect(), c.surface)
        small, large = theme.font(theme.SMALL), theme.font(theme.LARGE, "semibold")
        names, numbers = QFontMetricsF(small), QFontMetricsF(large)
        left = 10.0
        for i, figure in enumerate(self.figures):
            width = max(names.horizontalAdvance(figure.name), numbers.horizontalAdvance(figure.text))
            self._widths[i] = max(self._widths[i], width)
            if i and left + self._widths[i] > self.width() - 6:
                break
            painter.setFont(small)
            painter.setPen(c.muted)
            painter.drawText(QPointF(left, 15), figure.name)
            painter.setFont(large)
            painter.setPen(c.up if figure.way > 0 else c.down if figure.way < 0 else c.text)
            painter.drawText(QPointF(left, 33), figure.text)
            left += self._widths[i] + _GAP
        painter.fillRect(0, self.height() - 1, self.width(), 1, c.border)
        painter.end()
