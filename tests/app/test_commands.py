"""The registry of actions: keys that reach every window, remapping, both languages."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QT_TRANSLATE_NOOP, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QMainWindow, QMenu, QWidget
from pytestqt.qtbot import QtBot

from app import translations
from app.commands import Commands, native, refusal, rows
from tests.waiting import qt_until
from widgets.controls.command_palette import CommandPalette

TS = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context><name>Commands</name>
<message><source>Link group 1</source><translation>링크 그룹 1</translation></message>
<message><source>New desk</source><translation>새 데스크</translation></message>
<message><source>Desk</source><translation>데스크</translation></message>
</context></TS>
"""


@pytest.fixture(scope="session")
def korean_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Compile the Korean of the commands that these tests have."""
    folder = tmp_path_factory.mktemp("translations")
    (folder / "hoga_ko.ts").write_text(TS, encoding="utf-8")
    tool = Path(sys.executable).parent / "pyside6-lrelease"
    subprocess.run(
        [str(tool), str(folder / "hoga_ko.ts"), "-qm", str(folder / "hoga_ko.qm")],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return folder


class Program:
    """A window with some commands; `done` says which ran."""

    def __init__(self, qtbot: QtBot) -> None:
        self.window = QMainWindow()
        qtbot.addWidget(self.window)
        self.commands = Commands(self.window)
        self.done: list[str] = []
        self.changes = 0
        self.commands.keys_changed.connect(self._count)
        self.can_close, self.is_locked = True, False
        self.add("link.1", "Link group 1", "Ctrl+1", group="link")
        self.add("desk.new", "New desk", "Ctrl+Shift+N", group="desk")
        self.add("palette", "Command palette", "Ctrl+K", group="program")
        self.add("plain", "Without keys")
        self.add("close", "Close", "Ctrl+W", is_enabled=lambda: self.can_close)
        self.commands.add("lock", "Lock", self.toggle, "Ctrl+L", is_checked=lambda: self.is_locked)
        self.window.show()
        qtbot.waitExposed(self.window)
        self.window.activateWindow()
        qt_until(self.window.isActiveWindow)

    def add(self, name: str, text: str, keys: str = "", **more: object) -> None:
        text = str(QT_TRANSLATE_NOOP("Commands", text))
        self.commands.add(name, text, lambda: self.done.append(name), keys, **more)  # type: ignore[arg-type]

    def _count(self) -> None:
        self.changes += 1

    def toggle(self) -> None:
        self.is_locked = not self.is_locked

    def keys(self) -> dict[str, str]:
        return {c.id: c.keys for c in self.commands.all()}

    def press(self, keys: str, widget: QWidget | None = None) -> list[str]:
        """Press keys on a real widget; return what ran."""
        self.done.clear()
        QTest.keySequence(widget or self.window, QKeySequence(keys))
        return list(self.done)


@pytest.fixture
def program(
    qtbot: QtBot, qapp: QApplication, korean_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Program]:
    monkeypatch.setattr(translations, "FOLDER", korean_folder)
    yield Program(qtbot)
    translations.install(qapp, "en")


# --- keys reach ---


def test_keys_run_their_command_and_no_other(program: Program) -> None:
    assert program.press("Ctrl+1") == ["link.1"]
    assert program.press("Ctrl+Shift+N") == ["desk.new"]
    assert program.press("Ctrl+2") == []


def test_keys_reach_from_a_window_of_its_own_and_from_a_line_of_text(program: Program, qtbot: QtBot) -> None:
    floating = QWidget()
    qtbot.addWidget(floating)
    line = QLineEdit(floating)
    floating.show()
    floating.activateWindow()
    line.setFocus()
    qt_until(lambda: line.hasFocus() and floating.isActiveWindow())
    assert program.press("Ctrl+1", line) == ["link.1"]
    QTest.keyClicks(line, "k1")
    assert (line.text(), program.done) == ("k1", ["link.1"])


def test_a_modal_dialog_keeps_the_keys_from_the_desk(program: Program, qtbot: QtBot) -> None:
    dialog = QDialog(program.window)
    qtbot.addWidget(dialog)
    dialog.setModal(True)
    dialog.show()
    qt_until(dialog.isVisible)
    assert program.press("Ctrl+1", dialog) == []
    dialog.close()
    assert program.press("Ctrl+1") == ["link.1"]


def test_what_cannot_be_done_now_is_not_done_and_can_be_later(program: Program) -> None:
    program.can_close = False
    assert program.press("Ctrl+W") == []
    program.commands.run("close")
    assert program.done == []
    program.can_close = True
    assert program.press("Ctrl+W") == ["close"]


def test_a_menu_shows_what_is_and_leaves_the_keys_alive(program: Program) -> None:
    menu = QMenu(program.window)
    program.commands.fill(menu, "close", "", "lock", "plain")
    close, line, lock, plain = menu.actions()
    assert line.isSeparator()
    program.can_close, program.is_locked = False, True
    menu.aboutToShow.emit()  # without showing it: the offscreen platform has no menus
    assert (close.isEnabled(), lock.isChecked(), plain.isEnabled()) == (False, True, True)
    menu.aboutToHide.emit()
    program.can_close = True
    assert program.press("Ctrl+W") == ["close"]


def test_what_is_on_or_off_is_ticked_as_it_is(program: Program) -> None:
    program.press("Ctrl+L")
    assert (program.is_locked, program.commands.action("lock").isChecked()) == (True, True)
    program.commands.run("lock")
    assert (program.is_locked, program.commands.action("lock").isChecked()) == (False, False)
    assert [c.is_checked for c in program.commands.all() if c.id in ("lock", "plain")] == [None, False]


def test_an_action_that_is_greyed_by_its_owner_counts_as_it_is(program: Program) -> None:
    program.commands.action("plain").setEnabled(False)
    program.commands.run("plain")
    assert program.done == []
    assert {c.id: c.is_enabled for c in program.commands.all()}["plain"] is False


def test_held_keys_do_it_once_unless_it_is_meant_to_repeat(program: Program) -> None:
    again = program.commands.add("step", "Step", lambda: None, "Alt+Down", is_repeating=True)
    assert again.autoRepeat()
    assert not program.commands.action("palette").autoRepeat()


@pytest.mark.parametrize(
    ("name", "keys"), [("link.1", "Ctrl+9"), ("x", "Ctrl+1"), ("x", "Ctrl+K, S"), ("x", "Nonsense"), ("x", "Ctrl")]
)
def test_a_mistake_in_the_program_is_said_at_once(program: Program, name: str, keys: str) -> None:
    with pytest.raises(ValueError, match=name):
        program.add(name, "Twice", keys)
    program.add("y", "The others are as they were", "Ctrl+Y")
    assert program.press("Ctrl+1") == ["link.1"]


# --- languages ---


def _says(action: QAction, text: str) -> bool:
    return action.text() == text


def test_a_change_of_language_says_the_texts_anew_and_keeps_the_keys(program: Program, qapp: QApplication) -> None:
    action = program.commands.action("desk.new")
    assert program.commands.remap("desk.new", "Ctrl+D") == ""
    for lang, text in (("ko", "새 데스크"), ("en", "New desk"), ("ko", "새 데스크")):
        translations.install(qapp, lang)
        qt_until(partial(_says, action, text))
        command = next(c for c in program.commands.all() if c.id == "desk.new")
        assert (command.text, command.keys) == (text, "Ctrl+D")
        assert command.texts == ("New desk", "새 데스크")
        assert program.press("Ctrl+D") == ["desk.new"]
        assert program.press("Ctrl+Shift+N") == []


@pytest.mark.parametrize("lang", ["ko", "en"])
@pytest.mark.parametrize("typed", ["링크", "link", "ㄹㅋ", "fldzm", "LINK GROUP", "ctrl+1"])
def test_the_palette_finds_a_command_in_both_languages_whichever_is_shown(
    program: Program, qapp: QApplication, lang: str, typed: str
) -> None:
    translations.install(qapp, lang)
    palette = CommandPalette(program.window)
    palette.open_over(program.window, rows(program.commands.all()))
    line = QApplication.focusWidget()
    assert isinstance(line, QLineEdit)
    line.insert(typed)
    assert palette.rows[0] == "link.1"
    palette.command_chosen.connect(program.commands.run)
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert program.done == ["link.1"]


def test_groups_are_called_by_their_titles(program: Program, qapp: QApplication) -> None:
    translations.install(qapp, "ko")
    assert program.commands.group_title("desk") == "데스크"
    command = next(c for c in program.commands.all() if c.id == "desk.new")
    assert (command.group, command.title, command.titles) == ("desk", "데스크", ("Desk", "데스크"))


def test_without_a_korean_file_it_is_found_in_english(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(translations, "FOLDER", tmp_path)
    assert Program(qtbot).commands.all()[0].texts == ("Link group 1", "Link group 1")


def test_the_tools_find_the_texts_of_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "app" / "keymap.py"
    source.parent.mkdir()
    source.write_text(
        "from PySide6.QtCore import QT_TRANSLATE_NOOP\n"
        'commands.add("a", QT_TRANSLATE_NOOP("Commands", "One"), run)\n'
        'texts = {"b": (QT_TRANSLATE_NOOP("Commands", "Two"), "Ctrl+2")}\n'
    )
    monkeypatch.setattr(translations, "ROOT", tmp_path)
    assert translations.update(tmp_path) == 0
    made = (tmp_path / "hoga_ko.ts").read_text(encoding="utf-8")
    assert [text in made for text in ("<name>Commands</name>", "One", "Two")] == [True] * 3


# --- remapping ---


def test_other_keys_are_in_force_at_once_and_told(program: Program) -> None:
    assert program.commands.remap("link.1", "ctrl+shift+l") == ""
    assert program.press("Ctrl+Shift+L") == ["link.1"]
    assert program.press("Ctrl+1") == []
    assert program.commands.overrides() == {"link.1": "Ctrl+Shift+L"}
    assert program.changes == 1
    assert program.commands.reset("link.1") == ""
    assert program.press("Ctrl+1") == ["link.1"]
    assert program.commands.overrides() == {}


def test_keys_one_after_the_other(program: Program) -> None:
    assert program.commands.remap("plain", "Ctrl+J, S") == ""
    assert program.press("Ctrl+J, S") == ["plain"]
    assert program.press("Ctrl+J, T") == []


def test_keys_can_be_taken_off(program: Program) -> None:
    assert program.commands.remap("link.1", "") == ""
    assert program.press("Ctrl+1") == []
    assert program.commands.overrides() == {"link.1": ""}
    assert program.commands.conflict("plain", "Ctrl+1") is None
    assert program.commands.conflict("plain", "") is None


@pytest.mark.parametrize("keys", ["Ctrl+K", "Ctrl+K, S", "ctrl+k, Ctrl+T"])
def test_keys_of_another_are_a_conflict_also_as_the_beginning_of_more(program: Program, keys: str) -> None:
    found = program.commands.conflict("plain", keys)
    assert found is not None
    assert found.id == "palette"
    before = program.keys()
    why = program.commands.remap("plain", keys)
    assert "Command palette" in why
    assert "Ctrl+K" in why
    assert (program.keys(), program.changes) == (before, 0)
    assert program.commands.conflict("palette", keys) is None  # with itself is none


def test_taken_from_its_default_it_comes_back_when_it_is_free(program: Program) -> None:
    assert program.commands.remap("plain", "Ctrl+K, S", is_taking=True) == ""
    assert program.press("Ctrl+K, S") == ["plain"]
    assert program.keys()["palette"] == ""
    program.commands.remap("plain", "Ctrl+J")
    assert program.press("Ctrl+K") == ["palette"]


def test_taken_from_one_that_had_it_by_choice_that_one_has_none(program: Program) -> None:
    program.commands.remap("plain", "Ctrl+J, S")
    program.commands.remap("link.1", "Ctrl+J, T")
    assert program.commands.remap("desk.new", "Ctrl+J", is_taking=True) == ""
    keys = program.keys()
    assert (keys["plain"], keys["link.1"], keys["desk.new"]) == ("", "", "Ctrl+J")
    assert program.press("Ctrl+1") == []


def test_default_keys_that_another_has_now_are_asked_for_too(program: Program) -> None:
    program.commands.remap("plain", "Ctrl+K", is_taking=True)
    assert "Without keys" in program.commands.reset("palette")
    assert program.press("Ctrl+K") == ["plain"]
    assert program.commands.reset("palette", is_taking=True) == ""
    assert program.press("Ctrl+K") == ["palette"]
    assert program.keys()["plain"] == ""


def test_all_go_back_at_once(program: Program) -> None:
    before = program.keys()
    program.commands.remap("plain", "Ctrl+K", is_taking=True)
    program.commands.remap("link.1", "Ctrl+5")
    program.commands.reset_all()
    assert program.keys() == before
    assert program.commands.overrides() == {}
    assert program.changes == 3


@pytest.mark.parametrize("keys", ["A", "z", "7", "Shift+A", "Num+7", "é", "ㅁ", "A, Ctrl+K"])
def test_a_letter_or_digit_alone_stays_with_the_search_and_the_interval(program: Program, keys: str) -> None:
    why = program.commands.remap("plain", keys)
    assert "letter" in why
    assert "digit" in why
    assert program.keys()["plain"] == ""


@pytest.mark.parametrize("keys", ["Esc", "Return", "Tab", "Space", "Down", "Shift+Tab", "PgUp"])
def test_the_keys_that_move_and_close_stay(program: Program, keys: str) -> None:
    assert "everywhere" in program.commands.remap("plain", keys)


@pytest.mark.parametrize(
    "keys", ["Ctrl+A", "Alt+7", "F5", "Ctrl+Return", "Ctrl+J, A", "Shift+F6", "Del", "/", "Meta+Z"]
)
def test_the_rest_can_be_had(program: Program, keys: str) -> None:
    assert refusal(keys) == ""
    assert program.commands.remap("plain", keys) == ""
    assert program.press(keys) == ["plain"]


@pytest.mark.parametrize("keys", ["Nonsense", "Ctrl+", "Ctrl+K, Nonsense", "Ctrl+Shift", "F99"])
def test_keys_that_are_none_are_said(program: Program, keys: str) -> None:
    assert keys in program.commands.remap("plain", keys)
    assert program.keys()["plain"] == ""


# --- what is kept ---


def test_kept_keys_come_back_and_what_is_not_understood_is_said(program: Program) -> None:
    said = program.commands.apply_overrides(
        {
            "link.1": "Ctrl+K",  # taken from the palette
            "from.tomorrow": "Ctrl+T",
            "desk.new": "Hyper+Q",
            "plain": "x",
            "close": "Ctrl+K, C",  # the first one has it
            "lock": "Ctrl+L",  # nothing else than the default
        }
    )
    assert len(said) == 3
    assert "New desk" in said[0]
    assert "Hyper+Q" in said[0]
    assert "Without keys" in said[1]
    assert "Close" in said[2]
    assert program.commands.overrides() == {"link.1": "Ctrl+K", "from.tomorrow": "Ctrl+T"}
    assert program.press("Ctrl+K") == ["link.1"]
    assert program.press("Ctrl+Shift+N") == ["desk.new"]
    assert program.press("Ctrl+W") == ["close"]
    program.commands.apply_overrides({})
    assert program.press("Ctrl+K") == ["palette"]


def test_an_action_that_comes_later_finds_its_keys(program: Program) -> None:
    program.commands.apply_overrides({"late": "Ctrl+1", "plain": "Ctrl+M"})
    program.add("late", "Late", "Ctrl+G")
    program.add("later", "Later", "Ctrl+M")  # by default what the user gave to another
    assert program.press("Ctrl+1") == ["late"]
    assert program.press("Ctrl+G") == []
    assert program.press("Ctrl+M") == ["plain"]
    program.commands.reset("plain")
    assert program.press("Ctrl+M") == ["later"]


def test_keys_given_away_since_are_not_claimed_by_what_comes_later(program: Program) -> None:
    program.commands.apply_overrides({"late": "Ctrl+M"})
    assert program.commands.remap("plain", "Ctrl+M") == ""
    program.add("late", "Late", "Ctrl+G")
    assert program.press("Ctrl+M") == ["plain"]
    assert program.press("Ctrl+G") == ["late"]


def test_keys_are_written_as_the_system_does(program: Program) -> None:
    assert native("") == ""
    assert native("Ctrl+K, S") == QKeySequence("Ctrl+K, S").toString(QKeySequence.SequenceFormat.NativeText)
    assert {row.id: row.keys for row in rows(program.commands.all())}["link.1"] == native("Ctrl+1")


# --- rules that hold for all keys ---

CHORD = st.sampled_from(["Ctrl+A", "Ctrl+B", "Alt+C", "F5", "Ctrl+Shift+D"])
KEYS = st.lists(CHORD, max_size=3).map(", ".join)
NAMES = st.sampled_from(["link.1", "desk.new", "palette", "plain"])
STEPS = st.lists(st.tuples(NAMES, KEYS, st.booleans()), max_size=12)
many = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def _clashing(keys: dict[str, str]) -> list[tuple[str, str]]:
    split = {name: text.split(", ") for name, text in keys.items() if text}
    return [
        (a, b)
        for a in split
        for b in split
        if a < b and split[a][: len(split[b])] == split[b][: len(split[a])]  # one begins the other
    ]


@many
@given(steps=STEPS)
def test_no_two_actions_ever_have_the_same_keys_and_what_is_kept_restores_them(
    program: Program, steps: list[tuple[str, str, bool]]
) -> None:
    commands = program.commands
    commands.reset_all()
    for name, keys, is_taking in steps:
        why = commands.remap(name, keys, is_taking=is_taking)
        assert not (is_taking and why)
        assert why or program.keys()[name] == keys
        now = program.keys()
        assert _clashing(now) == []
        shortcuts = {name: commands.action(name).shortcut() for name in now}
        assert {n: s.toString(QKeySequence.SequenceFormat.PortableText) for n, s in shortcuts.items()} == now
    kept, keys_now = commands.overrides(), program.keys()
    commands.reset_all()
    assert commands.apply_overrides(kept) == []
    assert (commands.overrides(), program.keys()) == (kept, keys_now)


@many
@given(kept=st.dictionaries(st.one_of(NAMES, st.text(max_size=5)), st.one_of(KEYS, st.text(max_size=8))))
def test_whatever_the_file_says_the_keys_are_sound_and_said_once(program: Program, kept: dict[str, str]) -> None:
    commands = program.commands
    commands.apply_overrides(kept)
    now = program.keys()
    assert _clashing(now) == []
    unknown = {n: k for n, k in kept.items() if n not in now}
    assert unknown.items() <= commands.overrides().items()
    again = commands.overrides()
    assert commands.apply_overrides(again) == []
    assert commands.overrides() == again


@many
@given(mine=KEYS, theirs=KEYS)
def test_a_conflict_is_one_from_both_sides(program: Program, mine: str, theirs: str) -> None:
    def clash(holder: str, asker: str, held: str, asked: str) -> bool:
        program.commands.reset_all()
        program.commands.remap(holder, held, is_taking=True)
        found = program.commands.conflict(asker, asked)
        return found is not None and found.id == holder

    assert clash("plain", "close", mine, theirs) == clash("close", "plain", theirs, mine)
