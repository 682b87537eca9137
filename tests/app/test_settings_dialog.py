"""The settings say what was chosen at once, show what is in force, and speak the language they change."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from app import translations
from app.settings import Settings
from app.settings_dialog import SettingsDialog, summary
from tests.waiting import qt_until


@pytest.fixture
def dialog(qtbot: QtBot, tmp_path: Path, qapp: QApplication, raised_windows: None) -> Iterator[SettingsDialog]:
    made = SettingsDialog({"config": tmp_path, "data": tmp_path / "not" / "yet", "log": tmp_path}, QWidget(), QWidget())
    qtbot.addWidget(made)
    made.show_choices(Settings(updown="western", is_crosshair_linked=False, is_motion_reduced=True), "en", "light")
    made.open_page("appearance")
    yield made
    translations.install(qapp, "en")


def choose(box: QComboBox, value: str) -> None:
    """Choose by keyboard, as a user does."""
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Home)
    for _ in range(box.findData(value)):
        QTest.keyClick(box, Qt.Key.Key_Down)


def test_it_shows_what_is_in_force(dialog: SettingsDialog) -> None:
    shown = [box.currentData() for box in (dialog.lang, dialog.theme, dialog.updown)]
    assert shown == ["en", "light", "western"]
    assert dialog.interval_link.isChecked()
    assert not dialog.crosshair_link.isChecked()
    assert not dialog.span_link.isChecked()
    assert dialog.motion.isChecked()


def test_a_choice_is_said_at_once(dialog: SettingsDialog) -> None:
    said: list[object] = []
    links = (dialog.interval_link_chosen, dialog.crosshair_link_chosen, dialog.span_link_chosen)
    for signal in (dialog.theme_chosen, dialog.motion_chosen, *links, dialog.tour_wanted):
        signal.connect(lambda *value: said.append(value))
    choose(dialog.theme, "dark-cb")
    assert said[-1] == ("dark-cb",)
    said.clear()
    QTest.keyClick(dialog.motion, Qt.Key.Key_Space)
    dialog.open_page("desk")
    QTest.keyClick(dialog.interval_link, Qt.Key.Key_Space)
    QTest.keyClick(dialog.crosshair_link, Qt.Key.Key_Space)
    QTest.keyClick(dialog.span_link, Qt.Key.Key_Space)
    QTest.keyClick(dialog.tour, Qt.Key.Key_Space)
    assert said == [(False,), (False,), (True,), (True,), ()]
    assert not dialog.isVisible()  # the tour needs the desk


def test_how_much_is_kept_is_typed(dialog: SettingsDialog) -> None:
    said: list[int] = []
    dialog.history_bound_chosen.connect(said.append)
    dialog.open_page("data")
    assert dialog.history.value() == 1_024
    dialog.history.setFocus()
    dialog.history.selectAll()
    QTest.keyClicks(dialog.history, "4096")
    assert said == [], "not while it is typed"
    QTest.keyClick(dialog.history, Qt.Key.Key_Return)
    assert said == [4_096]
    assert dialog.isVisible()


def test_the_wheel_scrolls_the_page_and_turns_no_box_on_its_way(dialog: SettingsDialog) -> None:
    dialog.resize(dialog.minimumSize())
    dialog.open_page("cross")
    box = dialog.terms["fee_krw"]
    page = box.parentWidget()
    area = page.parentWidget().parentWidget()
    assert isinstance(area, QScrollArea)
    bar, before = area.verticalScrollBar(), box.value()
    qt_until(lambda: bar.maximum() > 0)
    assert not box.hasFocus()

    def turn() -> None:
        at = box.mapTo(dialog, box.rect().center())
        QTest.wheelEvent(dialog.windowHandle(), QPointF(at), QPoint(0, -120))

    turn()
    assert box.value() == before
    assert bar.value() > 0
    assert area.viewport().width() >= page.minimumSizeHint().width(), "what is right of it would be out of reach"
    area.ensureWidgetVisible(box)
    box.setFocus()
    turn()
    assert box.value() == pytest.approx(before - 0.001)


def test_it_changes_its_language_while_it_is_open(dialog: SettingsDialog, qapp: QApplication) -> None:
    translations.install(qapp, "ko")
    qt_until(lambda: dialog.windowTitle() == "설정")
    assert dialog.lang.currentData() == "ko"
    texts = [label.text() for label in dialog.findChildren(QLabel)]
    assert any("언어" in text for text in texts)
    assert dialog.list.item(0).text() != "Appearance"


def test_a_folder_that_is_not_there_yet_opens_the_one_above(dialog: SettingsDialog, tmp_path: Path) -> None:
    wanted: list[object] = []
    dialog.folder_wanted.connect(wanted.append)
    dialog.open_page("data")
    QTest.mouseClick(dialog.folder_buttons["data"], Qt.MouseButton.LeftButton)
    assert wanted == [tmp_path]


def test_the_summary_names_versions_and_no_folder(dialog: SettingsDialog, tmp_path: Path) -> None:
    dialog.open_page("about")
    QTest.mouseClick(dialog.copy_button, Qt.MouseButton.LeftButton)
    text = QApplication.clipboard().text()
    assert text == summary()
    assert "PySide6" in text
    assert str(Path.home()) not in text
    assert str(tmp_path) not in text
    dialog._copied.stop()


def test_the_webhook_is_deleted_only_when_that_is_asked(dialog: SettingsDialog) -> None:
    chosen: list[str] = []
    dialog.webhook_chosen.connect(chosen.append)
    dialog.show_webhook(True)
    dialog.open_page("alerts")
    assert dialog.webhook_state.text() == "There is an address."
    QTest.mouseClick(dialog.webhook_button, Qt.MouseButton.LeftButton)
    assert not chosen, "nothing was typed"
    for wrong in ("https://", "http://localhost.evil.example/x", "ftp://a", "https://[x"):
        dialog.webhook.setText(wrong)
        QTest.mouseClick(dialog.webhook_button, Qt.MouseButton.LeftButton)
        assert not chosen
        assert "has to begin" in dialog.webhook_state.text()
    dialog.webhook.setText("https://a.example/x")
    QTest.mouseClick(dialog.webhook_button, Qt.MouseButton.LeftButton)
    QTest.mouseClick(dialog.webhook_delete, Qt.MouseButton.LeftButton)
    assert chosen == ["https://a.example/x", ""]
    dialog.show_webhook(False, lasts=False)
    assert "did not delete it" in dialog.webhook_state.text()
