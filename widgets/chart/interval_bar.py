"""The row of intervals above a chart."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QActionGroup, QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QMenu, QSizePolicy, QToolButton, QWidget

from core.market import Interval
from widgets import theme
from widgets.chart import style_icons
from widgets.plot.bar_styles import Style

BAR_HEIGHT = 24
_PAD = 7  # px at both sides of a text
_SIGN = "ƒ"  # instead of the word "Indicators"
_ICON = 16  # px of the sign before the word "Chart", or instead of it
_LEAST_INTERVALS = 220  # px for the intervals before the word gives way to the sign


class IntervalBar(QWidget):
    """A flat button an interval; what does not fit goes into a menu at the end."""

    interval_chosen = Signal(Interval)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.interval = Interval.M1
        self.setFixedHeight(BAR_HEIGHT)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 1, 4, 1)
        row.setSpacing(0)
        self._group = QButtonGroup(self)
        self._menu = QMenu(self)
        self._actions = QActionGroup(self)
        self.buttons: dict[Interval, QToolButton] = {}
        for interval in Interval:
            button = self._button()
            button.setCheckable(True)
            button.clicked.connect(lambda _=False, i=interval: self._choose(i))
            self._group.addButton(button)
            self.buttons[interval] = button
            row.addWidget(button)
            action = self._actions.addAction("")
            action.setCheckable(True)
            action.setData(interval)
            action.triggered.connect(lambda _=False, i=interval: self._choose(i))
            self._menu.addAction(action)
        self.more = self._button()
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.more.setMenu(self._menu)
        row.addWidget(self.more)
        row.addStretch(1)
        self.chart = self._button()  # how it looks
        self.chart.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.chart.setIconSize(QSize(_ICON, _ICON))
        self.style_shown: Style = "candles"
        self.indicators = self._button()
        for button in (self.chart, self.indicators):
            button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
            row.addWidget(button)
        self._theme_version = -1
        self._retranslate()
        self.show_interval(self.interval)

    def _button(self) -> QToolButton:
        button = QToolButton(self)
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setFixedHeight(BAR_HEIGHT - 2)
        return button

    def show_interval(self, interval: Interval) -> None:
        """Mark `interval` as the one shown."""
        self.interval = interval
        self.buttons[interval].setChecked(True)
        for action in self._actions.actions():
            action.setChecked(action.data() is interval)
        self._fit()

    def restyle(self) -> None:
        """Take the colours of the theme, if they changed."""
        if theme.version == self._theme_version:
            return
        self._theme_version = theme.version
        color = theme.colors
        self.setStyleSheet(
            f"IntervalBar {{ background: {color.surface.name()}; }}"
            f"QToolButton {{ border: 0; border-radius: 3px; padding: 0; color: {color.muted.name()}; }}"
            f"QToolButton:hover {{ color: {color.text.name()}; background: {color.raised.name()}; }}"
            f"QToolButton:checked {{ color: {color.accent.name()}; font-weight: 600; }}"
            f"QToolButton:focus {{ border: 1px solid {color.accent.name()}; }}"
            "QToolButton::menu-indicator { image: none; }"
        )
        font = theme.font(11)
        for button in (*self.buttons.values(), self.more, self.chart, self.indicators):
            button.setFont(font)
        self._show_style()
        self._fit()

    def show_style(self, style: Style) -> None:
        """Say in which style the bars are."""
        self.style_shown = style
        self._show_style()

    def _show_style(self) -> None:
        self.chart.setIcon(style_icons.icon(self.style_shown, theme.colors.muted.rgb()))

    def _choose(self, interval: Interval) -> None:
        if interval is not self.interval:
            self.show_interval(interval)
            self.interval_chosen.emit(interval)

    def _fit(self) -> None:
        """Show as many buttons as there is room for, the rest in the menu, which then names the chosen one."""
        metrics = QFontMetrics(theme.font(11, "semibold"))
        widths = {i: metrics.horizontalAdvance(b.text()) + 2 * _PAD for i, b in self.buttons.items()}
        # The words where there is room for them beside the intervals, signs else.
        words = {self.chart: self.tr("Chart"), self.indicators: self.tr("Indicators")}
        signs = {self.chart: "", self.indicators: _SIGN}
        room, least = self.width() - 8 - _ICON, min(sum(widths.values()), _LEAST_INTERVALS)
        is_wide = room - sum(metrics.horizontalAdvance(w) + 2 * _PAD for w in words.values()) >= least
        for button, text in (words if is_wide else signs).items():
            button.setText(text)
            button.setFixedWidth(metrics.horizontalAdvance(text) + 2 * _PAD + (_ICON if button is self.chart else 0))
            room -= button.width()
        room += _ICON
        shown = set(self.buttons)
        if sum(widths.values()) > room:
            room -= max(widths.values()) + 12
            shown, used = set(), 0
            for interval, width in widths.items():
                used += width
                if used > room:
                    break
                shown.add(interval)
        for interval, button in self.buttons.items():
            button.setFixedWidth(widths[interval])
            button.setVisible(interval in shown)
        for action in self._actions.actions():
            action.setVisible(action.data() not in shown)
        self.more.setVisible(len(shown) < len(self.buttons))
        hidden = self.interval not in shown
        self.more.setText(f"{self.buttons[self.interval].text()} ▾" if hidden else "▾")
        self.more.setFixedWidth(metrics.horizontalAdvance(self.more.text()) + 2 * _PAD)
        if self.more.isCheckable() != hidden:
            self.more.setCheckable(hidden)
        self.more.setChecked(hidden)

    def _retranslate(self) -> None:
        texts = {
            Interval.S1: self.tr("1s"),
            Interval.M1: self.tr("1m"),
            Interval.M3: self.tr("3m"),
            Interval.M5: self.tr("5m"),
            Interval.M10: self.tr("10m"),
            Interval.M15: self.tr("15m"),
            Interval.M30: self.tr("30m"),
            Interval.H1: self.tr("1h"),
            Interval.H4: self.tr("4h"),
            Interval.D1: self.tr("D"),
            Interval.W1: self.tr("W"),
            Interval.MONTH: self.tr("M"),
        }
        for interval, button in self.buttons.items():
            button.setText(texts[interval])
            button.setAccessibleName(self.tr("Interval {}").format(texts[interval]))
        for action in self._actions.actions():
            action.setText(texts[action.data()])
        self.indicators.setAccessibleName(self.tr("Indicators"))
        self.indicators.setToolTip(self.tr("Indicators"))
        self.chart.setAccessibleName(self.tr("How the chart looks"))
        self.chart.setToolTip(self.tr("How the chart looks"))
        self.more.setAccessibleName(self.tr("More intervals"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
            self._fit()
        super().changeEvent(event)
