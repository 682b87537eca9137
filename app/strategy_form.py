"""The form of a strategy: which, on what symbols, with what parameters."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from core.calc.search import MarketIndex
from core.state.strategies import LONGEST_NOTE, MARKETS, Monitor
from core.strategy.base import Parameter, ParameterError, Strategy, Value, checked
from widgets import messages, theme
from widgets.controls.listing import name_of

TOP = 10
_WIDTH = 460  # px
_MOST_NAMED = 6
Field = QDoubleSpinBox | QSpinBox | QComboBox


class StrategyForm(QDialog):
    """Sets up a monitor or changes one.

    Args:
        monitor: what to begin with; its id stays.
        kinds: the strategies there are, by name.
        index: of all markets, to read what is typed.
        top: returns the markets with the largest turnover, so many.
        favourites: the user's.
    """

    accepted_monitor = Signal(object)  # Monitor
    removed = Signal(str)  # id

    def __init__(
        self,
        monitor: Monitor,
        kinds: Mapping[str, type[Strategy]],
        index: MarketIndex,
        top: Callable[[int], Sequence[str]],
        favourites: Sequence[str],
        *,
        is_new: bool,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._monitor, self._kinds, self._index = monitor, kinds, index
        self.setWindowTitle(self.tr("New strategy") if is_new else self.tr("Change the strategy"))
        self.kind = QComboBox()
        for kind in kinds:
            self.kind.addItem(messages.strategy(kind), kind)
        self.kind.setCurrentIndex(max(self.kind.findData(monitor.kind), 0))
        self.about = QLabel()
        self.about.setWordWrap(True)
        self.about.setProperty("tone", "muted")
        self.markets = QLineEdit(", ".join(monitor.markets))
        self.markets.setPlaceholderText(self.tr("Codes or names, separated by commas"))
        self.top = QPushButton(self.tr("Top {n}").format(n=TOP))
        self.top.setToolTip(self.tr("The {n} KRW symbols with the largest turnover now").format(n=TOP))
        self.favourites = QPushButton(self.tr("Favourites"))
        self.favourites.setEnabled(bool(favourites))
        self.top.clicked.connect(lambda: self._put(top(TOP)))
        self.favourites.clicked.connect(lambda: self._put(favourites))
        beside = QHBoxLayout()
        beside.setContentsMargins(0, 0, 0, 0)
        beside.addWidget(self.markets, 1)
        for button in (self.top, self.favourites):
            button.setAutoDefault(False)
            beside.addWidget(button)
        self.read = QLabel()  # what was understood
        self.read.setWordWrap(True)
        self.read.setProperty("tone", "muted")
        self.note = QLineEdit(monitor.note)
        self.note.setMaxLength(LONGEST_NOTE)
        self.problem = QLabel()
        self.problem.setWordWrap(True)
        self.problem.setStyleSheet(f"color: {theme.colors.error.name()};")
        self.problem.hide()
        self.fields: dict[str, Field] = {}
        self.rows = QFormLayout()
        self.rows.addRow(self.tr("Strategy"), self.kind)
        self.rows.addRow("", self.about)
        self.rows.addRow(self.tr("Symbols"), beside)
        self.rows.addRow("", self.read)
        self._fixed = self.rows.rowCount()  # the parameters follow
        self.rows.addRow(self.tr("Note"), self.note)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel)
        self.buttons.button(QDialogButtonBox.StandardButton.Save).setText(self.tr("Save"))
        self.buttons.button(QDialogButtonBox.StandardButton.Cancel).setText(self.tr("Cancel"))
        if not is_new:
            remove = self.buttons.addButton(self.tr("Delete"), QDialogButtonBox.ButtonRole.DestructiveRole)
            remove.clicked.connect(self._remove)
        self.buttons.accepted.connect(self._save)
        self.buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addLayout(self.rows)
        column.addWidget(self.problem)
        column.addWidget(self.buttons)
        self.setMinimumWidth(_WIDTH)
        self._show_parameters()
        self._show_read()
        self.kind.currentIndexChanged.connect(lambda _row: self._show_parameters())
        self.markets.textChanged.connect(lambda _text: self._show_read())
        self.markets.setFocus()
        self.markets.selectAll()

    # What is shown.

    def _show_parameters(self) -> None:
        """Show the fields of the strategy that is chosen, with the values of the monitor where it is of this kind."""
        name = self.kind.currentData()
        while self.rows.rowCount() > self._fixed + 1:
            self.rows.removeRow(self._fixed)
        self.fields.clear()
        self.about.setText(messages.about_strategy(name))
        self.about.setVisible(bool(self.about.text()))
        values = self._monitor.values if self._monitor.kind == name else {}
        for n, one in enumerate(self._kinds[name].parameters):
            field = self.fields[one.name] = _field(one, values.get(one.name, one.default))
            self.rows.insertRow(self._fixed + n, messages.parameter(one.name), field)
        self._complain("")

    def _read(self) -> tuple[list[str], list[str]]:
        """Return the codes that are meant by what is typed, and the words that mean none."""
        codes: dict[str, None] = {}
        unread = []
        for word in re.split(r"[,;\n]+", self.markets.text()):
            typed = word.strip()
            if not typed:
                continue
            found = self._index.search(typed, limit=1)
            if found:
                codes[found[0].code] = None
            elif typed.upper() in self._monitor.markets:
                codes[typed.upper()] = None  # it may come back; until then its row says that it is silent
            else:
                unread.append(typed)
        return list(codes), unread

    def _show_read(self) -> None:
        codes, _ = self._read()
        names = []
        for code in codes[:_MOST_NAMED]:
            found = self._index.search(code, limit=1)
            name = name_of(found[0], messages.is_korean()) if found else ""
            names.append(f"{name} {code}".strip())
        text = ", ".join(names)
        if len(codes) > _MOST_NAMED:
            text += f" +{len(codes) - _MOST_NAMED}"
        self.read.setText(text)

    def _put(self, codes: Sequence[str]) -> None:
        """Put symbols to those that are there."""
        here, _ = self._read()
        self.markets.setText(", ".join(dict.fromkeys([*here, *codes])))

    def _complain(self, text: str) -> None:
        self.problem.setText(text)
        self.problem.setVisible(bool(text))
        self.adjustSize()

    # What comes of it.

    def _save(self) -> None:
        name = self.kind.currentData()
        codes, unread = self._read()
        if unread:
            text = self.tr("No symbol fits this: {typed}. Try a code such as BTC, or a part of the name.")
            self._complain(text.format(typed=", ".join(unread)))
        elif not codes:
            self._complain(self.tr("Give at least one symbol."))
        elif len(codes) > MARKETS:
            self._complain(self.tr("A strategy watches {n} symbols at most.").format(n=MARKETS))
        else:
            try:
                values = checked(self._kinds[name], {key: _value(field) for key, field in self.fields.items()})
            except ParameterError as why:
                self._complain(messages.refused(why, self._kinds[name]))
                if why.name in self.fields:
                    self.fields[why.name].setFocus()
                return
            note = self.note.text().strip()
            self.accepted_monitor.emit(Monitor(self._monitor.id, name, tuple(codes), values, self._monitor.is_on, note))
            self.accept()
            return
        self.markets.setFocus()

    def _remove(self) -> None:
        self.removed.emit(self._monitor.id)
        self.reject()

    def open_over(self) -> None:
        """Show it, without waiting for it."""
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.open()


def _field(one: Parameter, value: Value) -> Field:
    """Return a field for a parameter, with its range and unit."""
    if one.type == "choice":
        choices = QComboBox()
        for choice in one.choices:
            choices.addItem(choice, choice)
        choices.setCurrentIndex(max(choices.findData(value), 0))
        return choices
    field: QSpinBox | QDoubleSpinBox
    if one.type == "int":
        field = QSpinBox()
        field.setRange(int(one.least), int(one.most))
        field.setValue(int(value) if not isinstance(value, str) else int(one.least))
    else:
        field = QDoubleSpinBox()
        field.setDecimals(2)
        field.setRange(one.least, one.most)
        field.setSingleStep(0.1 if one.most < 100.0 else 1.0)
        field.setValue(float(value) if not isinstance(value, str) else one.least)
    field.setSuffix(messages.unit(one.unit))
    field.setGroupSeparatorShown(True)
    field.setToolTip(f"{one.least:,g} – {one.most:,g}{messages.unit(one.unit)}")
    return field


def _value(field: Field) -> Value:
    return str(field.currentData()) if isinstance(field, QComboBox) else field.value()
