"""All that the program can be told to do: every menu entry, button and key comes from here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import (
    QT_TRANSLATE_NOOP,
    QCoreApplication,
    QEvent,
    QKeyCombination,
    QObject,
    Qt,
    QTranslator,
    Signal,
)
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from app import translations
from widgets.controls.command_palette import Row

_PORTABLE = QKeySequence.SequenceFormat.PortableText
_NATIVE = QKeySequence.SequenceFormat.NativeText
_KEY = Qt.Key
# Keys that say nothing alone, and what Qt makes of a name it does not know.
_NO_KEYS = {
    0,
    *(k.value for k in (_KEY.Key_unknown, _KEY.Key_Shift, _KEY.Key_Control, _KEY.Key_Meta, _KEY.Key_Alt)),
    *(k.value for k in (_KEY.Key_AltGr, _KEY.Key_CapsLock, _KEY.Key_NumLock, _KEY.Key_ScrollLock)),
}
# Keys that do something everywhere: an action on one of them would take it from every list and every line.
_HELD = {
    *(_KEY.Key_Escape, _KEY.Key_Return, _KEY.Key_Enter, _KEY.Key_Tab, _KEY.Key_Backtab, _KEY.Key_Backspace),
    *(_KEY.Key_Space, _KEY.Key_Up, _KEY.Key_Down, _KEY.Key_Left, _KEY.Key_Right),
    *(_KEY.Key_Home, _KEY.Key_End, _KEY.Key_PageUp, _KEY.Key_PageDown),
}
_TYPING = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier


# Under which commands are listed: id -> title, in this order.
GROUPS = {
    "program": str(QT_TRANSLATE_NOOP("Commands", "Program")),
    "desk": str(QT_TRANSLATE_NOOP("Commands", "Desk")),
    "pane": str(QT_TRANSLATE_NOOP("Commands", "Pane")),
    "chart": str(QT_TRANSLATE_NOOP("Commands", "Chart")),
    "drawing": str(QT_TRANSLATE_NOOP("Commands", "Drawing")),
    "link": str(QT_TRANSLATE_NOOP("Commands", "Link group")),
    "book": str(QT_TRANSLATE_NOOP("Commands", "Order book")),
    "view": str(QT_TRANSLATE_NOOP("Commands", "View")),
    "help": str(QT_TRANSLATE_NOOP("Commands", "Help")),
}


@dataclass(frozen=True, slots=True)
class Command:
    """An action as it is now. Keys are in the portable spelling, "" is none."""

    id: str
    group: str  # of GROUPS
    title: str  # of the group
    text: str
    texts: tuple[str, str]  # English, Korean
    titles: tuple[str, str]
    keys: str
    default_keys: str
    is_enabled: bool
    is_checked: bool | None  # None: it is nothing to be on or off


@dataclass(slots=True)
class _Entry:
    id: str
    source: str
    group: str
    default: str
    default_chords: tuple[int, ...]
    action: QAction
    run: Callable[[], object]
    is_enabled: Callable[[], bool] | None
    is_checked: Callable[[], bool] | None
    keys: str = ""
    chords: tuple[int, ...] = ()

    def can_run(self) -> bool:
        return self.action.isEnabled() if self.is_enabled is None else self.is_enabled()

    def is_on(self) -> bool:
        return self.action.isChecked() if self.is_checked is None else self.is_checked()


class Commands(QObject):
    """The one registry of actions, and of the keys that the user gave them.

    Kept is what the user wants, the overrides; which keys are in force follows from them and the defaults: an override
    takes its keys from whoever has them by default, and gives them back when it goes.
    """

    keys_changed = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._entries: dict[str, _Entry] = {}
        self._wanted: dict[str, str] = {}  # id -> keys, also of ids that are not there (yet)
        self._korean = QTranslator(self)
        self._korean.load(str(translations.FOLDER / "hoga_ko.qm"))

    def add(
        self,
        name: str,
        text: object,
        run: Callable[[], object],
        keys: str = "",
        *,
        group: str = "",
        is_enabled: Callable[[], bool] | None = None,
        is_checked: Callable[[], bool] | None = None,
        is_repeating: bool = False,
    ) -> QAction:
        """Add an action, and let its keys work in every window of the program.

        Args:
            name: its id, such as "desk.new"; in the settings file, so for ever.
            text: English, marked by QT_TRANSLATE_NOOP("Commands", ...), whose type is object.
            run: what it does.
            keys: by default, in the portable spelling; "Ctrl+K, S" is one after the other.
            group: under which of GROUPS it is listed.
            is_enabled: asked whenever it is shown or run; without it the action's own state counts.
            is_checked: makes it something to be on or off, asked alike.
            is_repeating: whether holding the keys does it again and again.

        Raises:
            ValueError: the id or the keys are taken, or the keys are none.
        """
        if name in self._entries:
            raise ValueError(f"two commands are called {name}")
        chords = _chords(keys)
        if chords is None:
            raise ValueError(f"{name}: no such keys: {keys}")
        rivals = [e.id for e in self._entries.values() if _clash(chords, e.default_chords)] if chords else []
        if rivals:
            raise ValueError(f"{name} and {rivals[0]} have the same keys by default: {keys}")
        action = QAction(self._window)
        action.setObjectName(name)
        action.setShortcutContext(Qt.ShortcutContext.ApplicationShortcut)
        action.setAutoRepeat(is_repeating)
        action.setCheckable(is_checked is not None)
        entry = _Entry(name, str(text), group, _portable(keys), chords, action, run, is_enabled, is_checked)
        action.triggered.connect(lambda _checked=False: self._do(entry))
        self._entries[name] = entry
        self._say(entry)
        self._window.addAction(action)
        self._put_in_force([entry] if not self._wanted else self._entries.values())
        return action

    def action(self, name: str) -> QAction:
        """Return the action, for a button."""
        return self._entries[name].action

    def keys_of(self, name: str) -> str:
        """Return the keys in force of an action, in the portable spelling; "" for none."""
        return self._entries[name].keys

    def fill(self, menu: QMenu, *names: str) -> None:
        """Add actions to a menu, "" for a line between. They are grey and ticked as they are when it opens."""
        for name in names:
            if name:
                menu.addAction(self._entries[name].action)
            else:
                menu.addSeparator()
        shown = [self._entries[name] for name in names if name]
        menu.aboutToShow.connect(lambda: self._look(shown))
        menu.aboutToHide.connect(lambda: self._look_away(shown))

    def _look(self, entries: Iterable[_Entry]) -> None:
        for entry in entries:
            entry.action.setEnabled(entry.can_run())
            entry.action.setChecked(entry.is_on())

    def _look_away(self, entries: Iterable[_Entry]) -> None:
        # A grey action hears no keys, and nobody would tell it that things have changed.
        for entry in entries:
            if entry.is_enabled is not None:
                entry.action.setEnabled(True)

    def run(self, name: str) -> None:
        """Do it, if it can be done now."""
        self._entries[name].action.trigger()

    def _do(self, entry: _Entry) -> None:
        if entry.can_run():
            entry.run()
        if entry.is_checked is not None:
            entry.action.setChecked(entry.is_checked())

    def group_title(self, group: str) -> str:
        """Return what the group is called, translated."""
        return _translated(GROUPS.get(group, group))

    def all(self) -> list[Command]:
        """Return every action as it is now, in the order they were added."""
        return [self._command(entry) for entry in self._entries.values()]

    def _command(self, entry: _Entry) -> Command:
        title = GROUPS.get(entry.group, entry.group)
        return Command(
            entry.id,
            entry.group,
            self.group_title(entry.group),
            _translated(entry.source),
            (entry.source, self._in_korean(entry.source)),
            (title, self._in_korean(title)),
            entry.keys,
            entry.default,
            entry.can_run(),
            entry.is_on() if entry.action.isCheckable() else None,
        )

    def _in_korean(self, source: str) -> str:
        return self._korean.translate("Commands", source) or source

    # Keys.

    def remap(self, name: str, keys: str, *, is_taking: bool = False) -> str:
        """Give the action these keys, "" for none. Return why not in plain words, "" if it is done.

        Args:
            name: its id.
            keys: in the portable spelling.
            is_taking: take them from whoever has them; otherwise that is a reason not to.
        """
        entry, chords = self._entries[name], _chords(keys)
        if chords is None:
            return self.tr("The program does not understand these keys: {keys}").format(keys=keys)
        keys = _portable(keys)
        if keys != entry.default and (why := refusal(keys)):
            return why
        rivals = self._rivals(name, keys)
        if rivals and not is_taking:
            return self.tr('"{command}" has these keys: {keys}').format(
                command=_translated(rivals[0].source), keys=native(rivals[0].keys)
            )
        self._wanted.pop(name, None)
        for other in [o for o, theirs in self._wanted.items() if _clash(chords, _chords(theirs) or ())]:
            del self._wanted[other]
            if other in self._entries and self._entries[other].default:
                self._wanted[other] = ""  # and not its default, which nobody asked for
        if keys != entry.default:
            self._wanted[name] = keys
        self._put_in_force(self._entries.values())
        self.keys_changed.emit()
        return ""

    def conflict(self, name: str, keys: str) -> Command | None:
        """Return the other action that has these keys, or keys that begin with them or that they begin with."""
        rivals = self._rivals(name, keys)
        return self._command(rivals[0]) if rivals else None

    def _rivals(self, name: str, keys: str) -> list[_Entry]:
        chords = _chords(keys) or ()
        return [e for e in self._entries.values() if e.id != name and _clash(chords, e.chords)]

    def reset(self, name: str, *, is_taking: bool = False) -> str:
        """Give the action its default keys. Return why not, "" if it is done."""
        return self.remap(name, self._entries[name].default, is_taking=is_taking)

    def reset_all(self) -> None:
        """Give every action its default keys."""
        for name in self._entries:
            self._wanted.pop(name, None)
        self._put_in_force(self._entries.values())
        self.keys_changed.emit()

    def overrides(self) -> dict[str, str]:
        """Return what the user wants other than the default, as id -> keys: what is to be kept."""
        return dict(self._wanted)

    def apply_overrides(self, overrides: Mapping[str, str]) -> list[str]:
        """Put the user's keys in force, and no others. Return in plain words what could not be used, and is dropped.

        Args:
            overrides: as `overrides()` gave them, perhaps edited by hand or by a newer program.
        """
        wanted: dict[str, str] = {}
        said = []
        for name, keys in overrides.items():
            entry = self._entries.get(name)
            if entry is None:
                wanted[name] = keys
                continue
            chords, plain, why = _chords(keys), _portable(keys), ""
            if plain == entry.default and chords is not None:
                continue
            rivals = [o for o in wanted if o in self._entries and _clash(chords or (), _chords(wanted[o]) or ())]
            if chords is None:
                why = self.tr("The program does not understand these keys: {keys}").format(keys=keys)
            elif rivals:
                other = _translated(self._entries[rivals[0]].source)
                why = self.tr('"{command}" has these keys: {keys}').format(command=other, keys=native(keys))
            else:
                why = refusal(keys)
            if why:
                said.append(f"{_translated(entry.source)}: {why}")
            else:
                wanted[name] = plain
        self._wanted = wanted
        self._put_in_force(self._entries.values())
        self.keys_changed.emit()
        return said

    def _put_in_force(self, entries: Iterable[_Entry]) -> None:
        """Derive the keys of `entries` from what the user wants and the defaults."""
        entries = list(entries)
        by_first: dict[int, list[tuple[int, ...]]] = {}
        in_force: dict[str, tuple[str, tuple[int, ...]]] = {}
        wanted = [(e.id, self._wanted[e.id]) for e in entries if e.id in self._wanted]
        wishes = [(name, keys, _chords(keys) or ()) for name, keys in wanted]
        defaults = [(e.id, e.default, e.default_chords) for e in entries if e.id not in self._wanted]
        for name, keys, chords in wishes + defaults:
            if chords and not any(_clash(chords, taken) for taken in by_first.get(chords[0], ())):
                by_first.setdefault(chords[0], []).append(chords)
                in_force[name] = keys, chords
        for entry in entries:
            keys, chords = in_force.get(entry.id, ("", ()))
            if keys != entry.keys:
                entry.keys, entry.chords = keys, chords
                entry.action.setShortcut(QKeySequence.fromString(keys, _PORTABLE))

    # How they look.

    def _say(self, entry: _Entry) -> None:
        entry.action.setText(_translated(entry.source))

    def event(self, event: QEvent) -> bool:
        """A widget hands a change of language on to all its children."""
        if event.type() == QEvent.Type.LanguageChange:
            for entry in self._entries.values():
                self._say(entry)
        return super().event(event)


def rows(commands: Iterable[Command]) -> list[Row]:
    """Return the lines of the palette."""
    return [
        Row(c.id, c.text, c.title, native(c.keys), c.is_enabled, c.is_checked, (*c.texts, *c.titles)) for c in commands
    ]


def native(keys: str) -> str:
    """Return the keys as the user's system writes them."""
    return QKeySequence.fromString(keys, _PORTABLE).toString(_NATIVE)


def refusal(keys: str) -> str:
    """Return in plain words why no action can have these keys, "" if one can."""
    pressed = _pressed(keys)
    if not pressed or pressed[0].keyboardModifiers() & ~_TYPING:
        return ""
    first = pressed[0].key()  # what comes after it is waited for: that can be any key
    if first in _HELD:
        return QCoreApplication.translate("Commands", "This key moves, chooses or closes everywhere. Add Ctrl or Alt.")
    if first.value < _KEY.Key_Escape.value and chr(first.value).isalnum():
        return QCoreApplication.translate(
            "Commands", "A letter searches for a symbol and a digit sets the interval. Add Ctrl or Alt."
        )
    return ""


def _translated(source: str) -> str:
    return QCoreApplication.translate("Commands", source) if source else ""


def _chords(keys: str) -> tuple[int, ...] | None:
    """Return the keys as numbers, one for each that is pressed after the other; None if they cannot be read."""
    if not keys.strip():
        return ()
    pressed = _pressed(keys)
    if not pressed or any(one.key().value in _NO_KEYS for one in pressed):
        return None
    return tuple(one.toCombined() for one in pressed)


def _pressed(keys: str) -> list[QKeyCombination]:
    sequence = QKeySequence.fromString(keys, _PORTABLE)
    return [sequence[i] for i in range(sequence.count())]  # type: ignore[index]


def _portable(keys: str) -> str:
    return keys and QKeySequence.fromString(keys, _PORTABLE).toString(_PORTABLE)


def _clash(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    """Tell whether pressing one is pressing the other, or the beginning of it."""
    both = min(len(one), len(other))
    return both > 0 and one[:both] == other[:both]
