"""The page of the settings on which commands get other keys."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QKeyCombination, Qt
from PySide6.QtGui import QKeySequence, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.commands import Command, Commands, native, refusal
from core.calc.phrases import Phrase, PhraseIndex
from widgets import theme

_PORTABLE = QKeySequence.SequenceFormat.PortableText
_MOST_KEYS = 2  # one after the other
_KEY = Qt.Key
_ID = Qt.ItemDataRole.UserRole
_FITTED = (1, 2)  # columns as wide as what is in them


class KeysPage(QWidget):
    """Lists the commands and gives the chosen one the keys that are pressed, at once.

    Keys that belong to another command are asked about, keys that none can have are refused with the reason.
    """

    def __init__(self, commands: Commands, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._commands = commands
        self._asked: tuple[str, str] | None = None  # (id, keys) that the question is about
        self._search = QLineEdit(self)
        self._search.setClearButtonEnabled(True)
        self._search.textChanged.connect(self._fill)
        self._table = self._make_table()
        self._record = QKeySequenceEdit(self)
        self._record.setMaximumSequenceLength(_MOST_KEYS)
        self._record.setFinishingKeyCombinations([QKeyCombination(_KEY.Key_Return), QKeyCombination(_KEY.Key_Enter)])
        self._record.editingFinished.connect(self._take_record)
        self._record_label = QLabel(self)
        self._record_label.setBuddy(self._record)
        self._remove, self._reset, self._reset_all = (QPushButton(self) for _ in range(3))
        self._remove.clicked.connect(lambda: self._remap(""))
        self._reset.clicked.connect(self._reset_current)
        self._reset_all.clicked.connect(self._reset_every)
        self._notice = QLabel(self)
        self._notice.setWordWrap(True)
        self._take, self._keep = QPushButton(self), QPushButton(self)
        self._take.clicked.connect(self._take_away)
        self._keep.clicked.connect(self._leave)
        self._arrange()
        self._say_texts()
        self._answer("")
        commands.keys_changed.connect(self._fill)
        self._fill()

    def _make_table(self) -> QTableWidget:
        table = QTableWidget(0, 3, self)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setTabKeyNavigation(False)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(theme.ROW_HEIGHT + theme.GAP // 2)
        table.horizontalHeader().setHighlightSections(False)
        table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        table.currentCellChanged.connect(self._choose)
        table.itemActivated.connect(lambda _item: self._record.setFocus())
        return table

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(theme.GAP)
        head.addWidget(self._search, 1)
        head.addWidget(self._reset_all)
        edit = QHBoxLayout()
        edit.setSpacing(theme.GAP)
        edit.addWidget(self._record_label)
        edit.addWidget(self._record, 1)
        edit.addWidget(self._remove)
        edit.addWidget(self._reset)
        notice = QHBoxLayout()
        notice.setSpacing(theme.GAP)
        notice.addWidget(self._notice, 1)
        notice.addWidget(self._take)
        notice.addWidget(self._keep)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * theme.GAP, 2 * theme.GAP, 2 * theme.GAP, theme.GAP)
        column.setSpacing(theme.GAP)
        column.addLayout(head)
        column.addWidget(self._table, 1)
        column.addLayout(edit)
        column.addLayout(notice)
        # The place of the notice is kept, so that nothing moves under the pointer when it comes.
        height = max(self._take.sizeHint().height(), 2 * self._notice.fontMetrics().lineSpacing())
        self._notice.setMinimumHeight(height)
        for button in (self._take, self._keep):
            policy = button.sizePolicy()
            policy.setRetainSizeWhenHidden(False)
            policy.setVerticalPolicy(QSizePolicy.Policy.Fixed)
            button.setSizePolicy(policy)

    # What it shows.

    def _say_texts(self) -> None:
        self._search.setPlaceholderText(self.tr("Search by name or keys"))
        self._search.setAccessibleName(self.tr("Search for a command"))
        self._table.setHorizontalHeaderLabels([self.tr("Command"), self.tr("Group"), self.tr("Keys")])
        self._table.setAccessibleName(self.tr("Commands and their keys"))
        self._record_label.setText(self.tr("Press the new keys"))
        self._record.setAccessibleName(self.tr("New keys of the chosen command"))
        self._remove.setText(self.tr("No keys"))
        self._reset.setText(self.tr("Reset"))
        self._reset_all.setText(self.tr("Reset all"))
        self._take.setText(self.tr("Take"))
        self._keep.setText(self.tr("Keep"))

    def _fill(self) -> None:
        """List the commands that fit what is searched, and stay at the one that is chosen."""
        commands = self._commands.all()
        index = PhraseIndex(Phrase((c.text, *c.texts), (c.id, native(c.keys), c.keys, *c.titles)) for c in commands)
        found = [commands[i] for i in index.search(self._search.text())]
        current, table, header = self._current(), self._table, self._table.horizontalHeader()
        table.blockSignals(True)
        for column in _FITTED:  # else they are measured anew, over all rows, at each cell
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
        table.setRowCount(len(found))
        for row, command in enumerate(found):
            self._fill_row(row, command)
        at = next((i for i, c in enumerate(found) if c.id == current), 0 if found else -1)
        table.setCurrentCell(at, 0)
        for column in _FITTED:
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        table.blockSignals(False)
        self._choose()

    def _fill_row(self, row: int, command: Command) -> None:
        for column, text in enumerate((command.text, command.title, native(command.keys))):
            item = QTableWidgetItem(text)
            item.setData(_ID, command.id)
            if column == 1:
                item.setForeground(theme.colors.muted)
            if column == 2 and command.keys != command.default_keys:
                item.setFont(theme.font(theme.TEXT, "semibold"))
                item.setForeground(theme.colors.accent)
                item.setToolTip(self.tr("Default: {keys}").format(keys=native(command.default_keys) or "–"))
            self._table.setItem(row, column, item)

    def _current(self) -> str:
        """Return the id of the chosen command, "" if none is listed."""
        item = self._table.item(self._table.currentRow(), 0)
        return str(item.data(_ID)) if item is not None else ""

    def _choose(self) -> None:
        name = self._current()
        command = next((c for c in self._commands.all() if c.id == name), None)
        self._show_keys(command.keys if command else "")
        self._record.setEnabled(command is not None)
        self._remove.setEnabled(command is not None and bool(command.keys))
        self._reset.setEnabled(command is not None and command.keys != command.default_keys)
        if self._asked is not None and self._asked[0] != name:
            self._answer("")

    def _show_keys(self, keys: str) -> None:
        self._record.blockSignals(True)
        self._record.setKeySequence(QKeySequence.fromString(keys, _PORTABLE))
        self._record.blockSignals(False)

    # What the user does.

    def _take_record(self) -> None:
        keys = self._record.keySequence().toString(_PORTABLE)
        command = next((c for c in self._commands.all() if c.id == self._current()), None)
        if command is not None and keys and keys != command.keys and self._asked != (command.id, keys):
            self._remap(keys)

    def _remap(self, keys: str) -> None:
        name = self._current()
        rival = self._commands.conflict(name, keys)
        why = self._commands.remap(name, keys)
        if not why:
            self._answer("")
        elif rival is not None and not refusal(keys):
            self._ask(name, keys, rival)
        else:
            self._answer(why)
            self._choose()

    def _reset_current(self) -> None:
        name = self._current()
        command = next(c for c in self._commands.all() if c.id == name)
        self._remap(command.default_keys)

    def _reset_every(self) -> None:
        self._commands.reset_all()
        self._answer("")

    def _ask(self, name: str, keys: str, rival: Command) -> None:
        text = self.tr('"{command}" has these keys: {keys}. Take them away from there?')
        self._answer(text.format(command=rival.text, keys=native(rival.keys)))
        self._asked = name, keys
        self._show_keys(keys)
        self._take.show()
        self._keep.show()
        self._keep.setFocus()

    def _answer(self, text: str) -> None:
        """Say something, or nothing, instead of a question."""
        self._asked = None
        for button in (self._take, self._keep):
            if button.hasFocus():
                self._table.setFocus()
            button.hide()
        self._notice.setText(text)

    def _take_away(self) -> None:
        if self._asked is not None:
            name, keys = self._asked
            self._answer("")
            self._commands.remap(name, keys, is_taking=True)

    def _leave(self) -> None:
        self._answer("")
        self._choose()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._say_texts()
            self._leave()
            self._fill()
        elif event.type() == QEvent.Type.PaletteChange:
            self._fill()
        super().changeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        if not event.spontaneous():
            self._answer("")  # a question that was left is answered: no
            self._fill()
        super().showEvent(event)
