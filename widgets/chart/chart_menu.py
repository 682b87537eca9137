"""The menu of a chart: how its bars look, in which scale, and what is seen beside them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from PySide6.QtGui import QAction, QActionGroup, QIcon, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from widgets import theme

T = TypeVar("T")


class ChartMenu(QMenu):
    """Filled anew each time it is opened: each of `sections` adds its entries to it, from above down."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.sections: list[Callable[[ChartMenu], object]] = []
        self.key_of: Callable[[str], str] = lambda _: ""  # returns the keys of a command, as it is spelled
        self._groups: list[QActionGroup] = []
        self.setToolTipsVisible(True)
        self.aboutToShow.connect(self.fill)

    def fill(self) -> None:
        """Say what there is now."""
        self.clear()
        for old in self._groups:
            old.deleteLater()
        self._groups = []
        for section in self.sections:
            if self.actions():
                self.addSeparator()  # two of them, or one at an end, are not shown
            section(self)

    def offer(
        self,
        texts: Mapping[T, str],
        chosen: T,
        choose: Callable[[T], object],
        *,
        commands: Mapping[T, str] | None = None,
        icons: Mapping[T, QIcon] | None = None,
    ) -> None:
        """Add entries of which one is chosen.

        Args:
            texts: translated, by what is chosen with each.
            chosen: the one that is chosen now.
            choose: called with another one.
            commands: names of those that do the same; their keys are shown.
            icons: some or all may have one; it stands in the place of the tick, so the chosen one is bold as well.
        """
        group = QActionGroup(self)
        self._groups.append(group)
        for value, text in texts.items():
            action = self._add(text, is_on=value == chosen, command=(commands or {}).get(value, ""))
            action.setData(value)
            if icons and value in icons:
                action.setIcon(icons[value])
                if value == chosen:
                    action.setFont(theme.font(theme.TEXT, "semibold"))
            group.addAction(action)
            action.triggered.connect(lambda _=False, v=value: choose(v))

    def toggle(self, text: str, is_on: bool, switch: Callable[[bool], object], *, command: str = "") -> None:
        """Add an entry that is on or off; `switch` is called with what it becomes."""
        self._add(text, is_on=is_on, command=command).toggled.connect(switch)

    def do(self, text: str, run: Callable[[], object], *, command: str = "", icon: QIcon | None = None) -> QAction:
        """Add an entry that does something."""
        action = self._add(text, is_on=False, command=command)
        action.setCheckable(False)
        if icon is not None:
            action.setIcon(icon)
        action.triggered.connect(lambda _=False: run())
        return action

    def _add(self, text: str, *, is_on: bool, command: str) -> QAction:
        action = self.addAction(text.replace("&", "&&"))
        action.setCheckable(True)
        action.setChecked(is_on)
        if command and (
            key := self.key_of(command)
        ):  # behind a tab it is written as a key and does nothing: the command hears it
            action.setText(f"{action.text()}\t{QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)}")
        return action

    def entry(self, text: str) -> QAction | None:
        """Return the entry with this text."""
        return next((a for a in self.actions() if a.text().partition("\t")[0] == text.replace("&", "&&")), None)
