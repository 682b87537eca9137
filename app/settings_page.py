"""A page of the settings: rows of controls with their names."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QGridLayout, QLabel, QWidget

from widgets import theme

CONTROL_WIDTH = 280

Say = Callable[[], str]


class _WheelGuard(QObject):
    """Lets the wheel scroll the page where the pointer passes a box: only one that has the focus turns by it."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()  # so that it goes on to the page
            return True
        return super().eventFilter(watched, event)


class SettingsPage(QWidget):
    """A column of rows; its texts are said again when the language changes."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(3 * theme.GAP, 2 * theme.GAP, 3 * theme.GAP, 2 * theme.GAP)
        self._grid.setHorizontalSpacing(2 * theme.GAP)
        self._grid.setVerticalSpacing(theme.GAP)
        self._grid.setColumnStretch(1, 1)
        self._wheel_guard = _WheelGuard(self)
        self._texts: list[tuple[Callable[[str], object], Say]] = []

    def say(self, set_text: Callable[[str], object], text: Say) -> None:
        """Let `set_text` have the text, now and in every language to come."""
        self._texts.append((set_text, text))
        set_text(text())

    def say_again(self) -> None:
        for set_text, text in self._texts:
            set_text(text())

    def add_title(self, text: Say) -> None:
        label = QLabel()
        label.setFont(theme.font(theme.LARGE, "semibold"))
        self.say(label.setText, text)
        if self._grid.rowCount() > 1:
            self._grid.setRowMinimumHeight(self._grid.rowCount(), theme.GAP)
        self._grid.addWidget(label, self._grid.rowCount(), 0, 1, 2)

    def add_row(self, text: Say, control: QWidget) -> None:
        """Add a control with its name to the left of it."""
        label = QLabel()
        label.setBuddy(control)
        if isinstance(control, QComboBox):
            control.setMaximumWidth(CONTROL_WIDTH)
        if isinstance(control, QComboBox | QAbstractSpinBox):
            control.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            control.installEventFilter(self._wheel_guard)
        self.say(label.setText, text)
        self.say(control.setAccessibleName, text)
        row = self._grid.rowCount()
        self._grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._grid.addWidget(control, row, 1)

    def add_control(self, control: QWidget) -> None:
        """Add a control that says itself what it is."""
        self._grid.addWidget(control, self._grid.rowCount(), 0, 1, 2, Qt.AlignmentFlag.AlignLeft)

    def add_wide(self, widget: QWidget) -> None:
        self._grid.addWidget(widget, self._grid.rowCount(), 0, 1, 2)

    def add_text(self, text: Say) -> QLabel:
        """Add a paragraph."""
        label = QLabel()
        label.setWordWrap(True)
        label.setProperty("tone", "muted")
        self.say(label.setText, text)
        self.add_wide(label)
        return label

    def end(self) -> None:
        self._grid.setRowStretch(self._grid.rowCount(), 1)
