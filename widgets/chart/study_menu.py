"""The menu of a chart's indicators: those it has, and those it could have."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from widgets.chart import study_texts
from widgets.chart.own_study import PREFIX
from widgets.chart.studies import MOST, Study
from widgets.chart.study_form import swatch


class StudyMenu(QMenu):
    """Filled anew each time it is opened.

    Args:
        studies: returns those of the chart.
        offered: returns the names of those that can be added.
        problems: returns what is wrong with the user's own, by name.
        load_text: returns what can be done about trades that are missing, "" for nothing.
    """

    added = Signal(str)  # kind
    settings_wanted = Signal(object)  # Study
    hidden = Signal(object, bool)  # (Study, whether it shall be)
    removed = Signal(object)  # Study
    reload_wanted = Signal()  # of the user's own
    load_wanted = Signal()  # of the trades in view

    def __init__(
        self,
        studies: Callable[[], Sequence[Study]],
        offered: Callable[[], Sequence[str]],
        problems: Callable[[], Mapping[str, str] | None],
        load_text: Callable[[], str],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._load_text = load_text
        self._studies, self._offered, self._problems = studies, offered, problems
        self._of: list[QMenu] = []
        self.setToolTipsVisible(True)
        self.aboutToShow.connect(self.fill)

    def fill(self) -> None:
        """Say what there is now."""
        self.clear()
        for old in self._of:
            old.deleteLater()
        studies = self._studies()
        self._of = [self._menu_of(study) for study in studies]
        if studies:
            self.addSeparator()
        is_own = False
        for kind in self._offered():
            if kind.startswith(PREFIX) and not is_own:
                is_own = True
                self.addSeparator()
            action = self.addAction(study_texts.name(kind))
            action.setData(kind)
            action.setEnabled(len(studies) < MOST)
            action.triggered.connect(lambda _=False, k=kind: self.added.emit(k))
        problems = self._problems()
        if problems is None:
            return
        self.addSeparator()
        for text in problems.values():
            self.addAction(text.replace("&", "&&")).setEnabled(False)
        self.addAction(self.tr("Read own indicators again")).triggered.connect(self.reload_wanted)

    def _menu_of(self, study: Study) -> QMenu:
        title = f"{study_texts.short(study.kind)} {study.indicator.label}".strip()
        menu = self.addMenu(swatch(study.colors[0]), title.replace("&", "&&"))
        settings = menu.addAction(self.tr("Settings…"))
        settings.triggered.connect(lambda: self.settings_wanted.emit(study))
        if study.indicator.needs_trades and not study.is_hidden and (text := self._load_text()):
            menu.addAction(text).triggered.connect(self.load_wanted)
        seen = menu.addAction(self.tr("Shown"))
        seen.setCheckable(True)
        seen.setChecked(not study.is_hidden)
        seen.toggled.connect(lambda is_seen: self.hidden.emit(study, not is_seen))
        menu.addSeparator()
        menu.addAction(self.tr("Remove")).triggered.connect(lambda: self.removed.emit(study))
        return menu

    def action_of(self, kind: str) -> QAction | None:
        """Return the action that adds an indicator."""
        return next((a for a in self.actions() if a.data() == kind), None)
