"""Every text of the screen speaks Korean: nothing new untranslated, nothing old left, the compiled file up to date."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import NamedTuple
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QFileDialog, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app import translations
from app.main_window import MainWindow
from tests.conftest import ExpectLog
from tests.waiting import qt_until
from widgets import messages

TS = translations.FOLDER / "hoga_ko.ts"
HOW = "run `python -m app.translations --update`, translate what is unfinished in hoga_ko.ts, and run it again"


class Text(NamedTuple):
    context: str
    source: str
    korean: str
    kind: str  # of the translation: "", "unfinished", "obsolete", "vanished"


def _texts() -> list[Text]:
    return [
        Text(
            context.findtext("name") or "",
            message.findtext("source") or "",
            message.findtext("translation") or "",
            message.find("translation").get("type", ""),  # type: ignore[union-attr]
        )
        for context in ElementTree.parse(TS).iter("context")
        for message in context.iter("message")
    ]


TEXTS = _texts()
ASKED = [t for t in TEXTS if t.context not in {"", "QCoreApplication"}]


def _fields(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in Formatter().parse(text) if name is not None)


@pytest.fixture
def korean(qapp: QApplication) -> Iterator[None]:
    translations.install(qapp, "ko")
    yield
    translations.install(qapp, "en")


def test_the_files_have_what_the_sources_say_now(tmp_path: Path) -> None:
    shutil.copy(TS, tmp_path)
    assert translations.update(tmp_path) == 0
    assert (tmp_path / TS.name).read_text(encoding="utf-8") == TS.read_text(encoding="utf-8"), HOW
    compiled = TS.with_suffix(".qm")
    assert (tmp_path / compiled.name).read_bytes() == compiled.read_bytes(), HOW


def test_every_text_is_translated() -> None:
    assert [t.source for t in ASKED if t.kind or not t.korean.strip()] == [], HOW


def test_every_text_is_filed_where_the_program_looks_for_it() -> None:
    # A name other than tr and translate for Qt's functions misleads the tools: a context then is no name of ours.
    assert [t for t in TEXTS if t not in ASKED] == []


def test_both_languages_have_the_same_placeholders() -> None:
    assert [t for t in TEXTS if _fields(t.source) != _fields(t.korean) and t in ASKED] == []


def test_no_particle_depends_on_what_is_filled_in() -> None:
    # "BTC은(는)": what stands before may end in a vowel or not, so the sentence must do without.
    pairs = ("은(는)", "이(가)", "을(를)", "(으)로", "와(과)")
    glued = [f"}}{p}" for p in ("은 ", "는 ", "이 ", "가 ", "을 ", "를 ", "으로 ", "로 ", "와 ", "과 ")]
    assert [t.korean for t in TEXTS if any(x in t.korean for x in (*pairs, *glued))] == []


@pytest.mark.usefixtures("korean")
def test_the_program_finds_each_translation() -> None:
    assert [t for t in ASKED if QCoreApplication.translate(t.context, t.source) != t.korean] == []
    assert messages.is_korean()
    assert messages.loading() == "불러오는 중"


def test_an_open_window_changes_its_language_and_back(qtbot: QtBot, qapp: QApplication) -> None:
    window = MainWindow(is_demo=True)
    qtbot.addWidget(window)
    texts = {
        "ko": ("Hoga · 데모, 실제 시세가 아닙니다", "데모 거래소 연결 중"),
        "en": ("Hoga · DEMO, not market prices", "Connecting to the built-in exchange"),
    }
    for lang in ("ko", "en", "ko", "en"):
        translations.install(qapp, lang)
        qt_until(lambda lang=lang: window.windowTitle() == texts[lang][0])
        assert texts[lang][1] in [label.text() for label in window.statusBar().findChildren(QLabel)]


@pytest.mark.usefixtures("korean")
def test_the_dialogs_of_qt_speak_it_too(qtbot: QtBot) -> None:
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close | QDialogButtonBox.StandardButton.Cancel)
    qtbot.addWidget(buttons)
    assert {button.text() for button in buttons.buttons()} == {"닫기", "취소"}
    dialog = QFileDialog(options=QFileDialog.Option.DontUseNativeDialog)
    qtbot.addWidget(dialog)
    assert {label.text() for label in dialog.findChildren(QLabel)} == {"위치(&L):", "파일 이름(&N):", "파일 형식(&T):"}


def test_a_class_that_inherits_a_text_has_its_translation(korean: None, qtbot: QtBot) -> None:
    from widgets.controls.pane_header import PaneHeader

    class Header(PaneHeader):
        """A class the translation file does not know."""

    header = Header()
    qtbot.addWidget(header)
    names = {w.accessibleName() for w in header.findChildren(QWidget)}
    assert any(name.startswith("종목 바꾸기") for name in names)


def test_an_update_that_writes_the_file_harms_no_program_that_runs(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "hoga_ko.qm"
    shutil.copy(translations.FOLDER / file.name, file)
    monkeypatch.setattr(translations, "FOLDER", tmp_path)
    translations.install(qapp, "ko")
    korean = messages.loading()
    with file.open("r+b") as same:  # as a compiler or git writes it, where it lies
        same.truncate(0)
    assert messages.loading() == korean != "Loading"
    translations.install(qapp, "en")


def test_a_language_without_a_file_is_said_and_leaves_english(qapp: QApplication, expected_log: ExpectLog) -> None:
    expected_log("WARNING app.translations: no translation for xx")
    translations.install(qapp, "xx")
    assert messages.loading() == "Loading"
    translations.install(qapp, "en")
