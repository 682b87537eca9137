"""Typing an interval: what each text means, when it is applied, and that no key of it reaches the pane."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app import translations
from core.market import Interval
from tests.waiting import qt_until
from widgets import theme
from widgets.controls.interval_entry import IntervalEntry, parse, words

TEXTS = st.text(alphabet="0123456789smhdwMSHDW 초분시간일주달개월ㅂ", max_size=6)


@pytest.mark.parametrize(
    ("text", "interval", "is_final"),
    [
        ("5", Interval.M5, True),
        ("15", Interval.M15, True),
        ("10", Interval.M10, True),
        ("1", Interval.M1, False),  # 10, 15, 1h ...
        ("3", Interval.M3, False),  # 30
        ("30", Interval.M30, True),
        ("60", Interval.H1, True),
        ("240", Interval.H4, True),
        ("6", None, False),
        ("2", None, False),
        ("24", None, False),
        ("4", None, False),  # 4h
        ("4h", Interval.H4, True),
        ("1H", Interval.H1, True),
        ("1s", Interval.S1, True),
        ("1m", Interval.M1, True),
        ("1M", Interval.MONTH, True),
        ("3M", None, False),
        ("1d", Interval.D1, True),
        ("1D", Interval.D1, True),
        ("1w", Interval.W1, True),
        ("1초", Interval.S1, True),
        ("15분", Interval.M15, True),
        ("15ㅂ", Interval.M15, True),  # on the way to 분
        ("15ㅡ", Interval.M15, True),  # m, in Korean mode
        ("15min", Interval.M15, True),
        ("1분초", None, False),
        ("60분", Interval.H1, True),
        ("1시", Interval.H1, True),
        ("4시간", Interval.H4, True),
        ("1일", Interval.D1, True),
        ("1ㅇ", Interval.D1, False),  # 일 or 월
        ("1주", Interval.W1, True),
        ("1달", Interval.MONTH, True),
        ("1개월", Interval.MONTH, True),
        ("1월", Interval.MONTH, True),
        ("１５", Interval.M15, True),
        (" 05 ", Interval.M5, True),
        ("7", None, False),
        ("²", None, False),
        ("-5", None, False),
        ("", None, False),
        ("0", None, False),
    ],
)
def test_what_was_typed_means(text: str, interval: Interval | None, is_final: bool) -> None:
    assert parse(text) == (interval, is_final)


@given(text=TEXTS, rest=TEXTS)
def test_nothing_typed_behind_a_final_text_means_another_interval(text: str, rest: str) -> None:
    interval, is_final = parse(text)
    assert not is_final or interval is not None
    if is_final:
        assert parse(text + rest)[0] in (interval, None)


@given(text=TEXTS)
def test_what_is_not_final_can_go_on_to_another_interval_or_is_none(text: str) -> None:
    interval, is_final = parse(text)
    endings = ("0", "5", "40", "s", "h", "d", "일", "월")
    if interval is not None and not is_final:
        assert any(parse(text + e)[0] not in (interval, None) for e in endings)


@given(text=st.text(max_size=8))
def test_any_text_is_answered(text: str) -> None:
    interval, is_final = parse(text)
    assert interval in (None, *Interval)
    assert isinstance(is_final, bool)


def test_every_interval_can_be_typed() -> None:
    typed = ("1s", "1", "3", "5", "10", "15", "30", "60", "240", "1d", "1w", "1M")
    assert {parse(text)[0] for text in typed} == set(Interval)


class Pane(QWidget):
    """Keeps the keys that reach it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.keys: list[str] = []
        self.composed: list[str] = []
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.keys.append(event.text())

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self.composed.append(event.preeditString() + event.commitString())


class Desk:
    """A window with a pane that has the focus, and the entry over it."""

    def __init__(self, qtbot: QtBot) -> None:
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.window.resize(640, 480)
        self.pane = Pane(self.window)
        self.pane.setGeometry(20, 20, 400, 300)
        self.entry = IntervalEntry(self.window)
        self.chosen: list[Interval] = []
        self.dismissed: list[bool] = []
        self.entry.interval_chosen.connect(self.chosen.append)
        self.entry.dismissed.connect(lambda: self.dismissed.append(True))
        self.window.show()
        self.window.activateWindow()
        qt_until(self.window.isActiveWindow)
        self.pane.setFocus()

    def open(self, typed: str) -> None:
        self.entry.open_over(self.pane, typed)

    def type(self, keys: str) -> None:
        """Press keys wherever the focus is."""
        for key in keys:
            target = QApplication.focusWidget()
            assert target is not None
            QTest.keyClick(target, key)

    def press(self, key: Qt.Key) -> None:
        target = QApplication.focusWidget()
        assert target is not None
        QTest.keyClick(target, key)

    def compose(self, preedit: str, commit: str = "") -> None:
        event = QInputMethodEvent(preedit, [])
        if commit:
            event.setCommitString(commit)
        target = QApplication.focusWidget()
        assert target is not None
        QCoreApplication.sendEvent(target, event)

    @property
    def line(self) -> QLineEdit:
        return self.entry._line

    def says(self) -> str:
        return " | ".join(x.text() for x in self.entry.findChildren(QLabel) if x.isVisibleTo(self.entry))

    def close(self) -> None:
        self.entry.close_entry()


@pytest.fixture
def desk(qtbot: QtBot, qapp: QApplication) -> Iterator[Desk]:
    theme.apply(qapp)
    made = Desk(qtbot)
    yield made
    made.close()
    translations.install(qapp, "en")


def test_a_text_that_can_mean_one_interval_is_applied_at_once(desk: Desk) -> None:
    desk.open("5")
    assert desk.chosen == [Interval.M5]
    assert desk.entry.isVisible()  # for a moment
    assert desk.says() == "5 minutes"
    assert desk.pane.hasFocus()
    qt_until(lambda: not desk.entry.isVisible())
    assert desk.dismissed == []


def test_one_waits_for_more(desk: Desk) -> None:
    desk.open("1")
    assert desk.chosen == []
    assert desk.line.hasFocus()
    assert desk.says() == "1 minute | Enter applies it. Or go on: 1s · 10 · 15 · 1h · 1d · 1w · 1M"
    desk.type("5")
    assert desk.chosen == [Interval.M15]
    assert desk.line.text() == "15"


def test_enter_applies(desk: Desk) -> None:
    desk.open("3")
    desk.press(Qt.Key.Key_Return)
    assert desk.chosen == [Interval.M3]
    assert desk.dismissed == []


def test_escape_leaves_everything_as_it_was(desk: Desk) -> None:
    desk.open("3")
    desk.press(Qt.Key.Key_Escape)
    assert not desk.entry.isVisible()
    assert (desk.chosen, desk.dismissed) == ([], [True])
    assert desk.pane.hasFocus()
    desk.type("x")
    assert desk.pane.keys == ["x"]


def test_enter_on_what_is_no_interval_waits_and_says_which_there_are(desk: Desk) -> None:
    desk.open("7")
    desk.press(Qt.Key.Key_Return)
    assert desk.chosen == []
    assert desk.entry.isVisible()
    said = desk.says()
    assert said.startswith("There is no interval of this length")
    assert all(words(i) in said for i in Interval)
    desk.press(Qt.Key.Key_Backspace)
    desk.type("4")
    assert desk.says() == "4 hours | Type 4h"
    desk.type("h")
    assert desk.chosen == [Interval.H4]


def test_the_rest_of_a_word_does_not_reach_the_pane(desk: Desk) -> None:
    desk.open("15")
    desk.type("m")
    assert desk.line.text() == "15m"
    desk.press(Qt.Key.Key_Return)
    assert not desk.entry.isVisible()
    assert desk.pane.keys == []
    assert desk.chosen == [Interval.M15]


def test_a_word_that_is_being_composed_does_not_reach_the_pane(desk: Desk) -> None:
    desk.open("15")
    desk.compose("ㅂ")
    desk.compose("부")
    desk.compose("", "분")
    assert desk.line.text() == "15분"
    assert desk.pane.composed == []
    desk.compose("ㅂ")  # the next word is the pane's
    assert desk.pane.composed == ["ㅂ"]
    assert not desk.entry.isVisible()
    assert desk.chosen == [Interval.M15]


def test_a_unit_can_be_composed(desk: Desk) -> None:
    desk.open("1")
    desk.compose("ㅇ")
    assert desk.chosen == []
    assert desk.says().startswith("1 day")
    desk.compose("우")
    assert desk.chosen == [Interval.MONTH]
    desk.compose("", "월")
    assert desk.chosen == [Interval.MONTH]
    assert desk.pane.composed == []


def test_other_keys_after_a_choice_go_to_the_pane(desk: Desk) -> None:
    desk.open("15")
    desk.type("b")
    assert desk.pane.keys == ["b"]
    assert not desk.entry.isVisible()
    desk.open("15")
    desk.type("5")  # not swallowed either: the pane asks for a new entry
    assert desk.pane.keys == ["b", "5"]


def test_opened_again_while_the_last_choice_is_still_shown(desk: Desk) -> None:
    desk.open("5")
    desk.open("3")
    desk.press(Qt.Key.Key_Return)
    assert desk.chosen == [Interval.M5, Interval.M3]
    assert desk.pane.hasFocus()


def test_a_click_elsewhere_dismisses_it(desk: Desk) -> None:
    desk.open("1")
    QTest.mouseClick(desk.pane, Qt.MouseButton.LeftButton, pos=QPoint(5, 290))
    assert not desk.entry.isVisible()
    assert desk.dismissed == [True]


def test_a_click_into_it_does_not(desk: Desk) -> None:
    desk.open("1")
    QTest.mouseClick(desk.line, Qt.MouseButton.LeftButton)
    assert desk.entry.isVisible()


def test_it_opens_empty_by_command_and_says_what_can_be_typed(desk: Desk) -> None:
    desk.open("")
    assert desk.says() == "Interval | Type 1s · 1 · 3 · 5 · 10 · 15 · 30 · 60 · 4h · 1d · 1w · 1M"


@pytest.mark.parametrize("typed", ["", "1", "7", "15"])
@pytest.mark.parametrize("lang", ["en", "ko"])
def test_its_texts_have_room(desk: Desk, qapp: QApplication, lang: str, typed: str) -> None:
    translations.install(qapp, lang)
    desk.open(typed)
    QApplication.processEvents()
    for label in desk.entry.findChildren(QLabel):
        if label.isVisible():
            assert label.height() >= label.heightForWidth(label.width())
    assert desk.window.rect().contains(desk.entry.geometry())


def test_it_speaks_the_language_of_the_moment(desk: Desk, qapp: QApplication) -> None:
    desk.open("3")
    translations.install(qapp, "ko")
    QApplication.processEvents()
    assert desk.says().startswith("3분")


def test_in_a_window_of_its_own_it_opens_there_and_survives_it(desk: Desk, qtbot: QtBot) -> None:
    floating = QWidget()
    qtbot.addWidget(floating)
    floating.resize(500, 300)
    pane = Pane(floating)
    pane.setGeometry(0, 0, 500, 300)
    floating.show()
    desk.entry.open_over(pane, "1")
    assert desk.entry.window() is floating
    floating.close()
    assert desk.dismissed == [True]
    floating.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    desk.open("1")
    assert desk.entry.window() is desk.window
    assert desk.entry.isVisible()
