"""The notices pane: from frames to lines, what is read, and where a press leads."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from app import translations
from core.feed.feed import Feed
from core.state.account import NOTICES, AccountState
from tests.waiting import qt_until
from widgets.controls.market_list import HEADER, ROW
from widgets.frame import FrameClock
from widgets.notices.model import is_safe
from widgets.notices.pane import NoticesPane


class Desk:
    """A feed without a pool and the pane on screen, live."""

    def __init__(self, qtbot: QtBot) -> None:
        self.feed = Feed(lambda: 100.0)
        self.frames = FrameClock()
        self.pane = NoticesPane(self.feed, self.frames)
        self.opened: list[str] = []
        self.pane.url_wanted.connect(self.opened.append)
        qtbot.addWidget(self.pane)
        self.pane.resize(500, 300)
        self.pane.show()
        qtbot.waitExposed(self.pane)

    def live(self) -> None:
        self.feed.account.set_state(AccountState.LIVE)
        self.frame()

    def tell(
        self, number: int, title: str = "", url: str = "", event: str = "CREATED", category: str = "trade"
    ) -> None:
        notice = {
            "type": "announcement", "event_type": event, "uuid": f"n{number}", "title": title or f"Notice {number}",
            "category": category, "url": url or f"https://upbit.com/service_center/notice?id={number}",
            "first_listed_at": f"2026-11-26T09:{number:02d}:00+09:00",
            "listed_at": f"2026-11-26T{'11' if event == 'UPDATED' else '09'}:{number:02d}:00+09:00",
            "timestamp": 1_790_000_000_000 + number, "stream_type": "REALTIME",
        }  # fmt: skip
        self.feed.on_private_frame(1, json.dumps(notice).encode())
        self.frame()

    def frame(self) -> None:
        self.frames.flush(self.pane)

    def press(self, row: int) -> None:
        QTest.mouseClick(self.pane.view, Qt.MouseButton.LeftButton, pos=QPoint(150, HEADER + row * ROW + 5))

    @property
    def unread(self) -> list[str]:
        return [line.code for line in self.pane.view.lines if line.is_unread]


@pytest.fixture
def desk(qtbot: QtBot, qapp: QApplication) -> Iterator[Desk]:
    made = Desk(qtbot)
    yield made
    made.pane.release()
    translations.install(qapp, "en")


def test_the_newest_notice_is_first_with_its_time_in_korea(desk: Desk) -> None:
    desk.live()
    assert desk.pane.view.note.startswith("No notices yet")
    desk.tell(1)
    desk.tell(3, "  [거래]\n새 마켓 ")
    desk.tell(2)
    assert [line.code for line in desk.pane.view.lines] == ["n3", "n2", "n1"]
    line = desk.pane.view.lines[0]
    assert (line.time, line.title, line.category) == ("11-26 09:03", "[거래] 새 마켓", "trade")
    assert desk.pane.bar.button.text() == "Mark as read: 3"


def test_a_press_opens_the_notice_and_marks_it_read(desk: Desk) -> None:
    desk.live()
    for number in (1, 2, 3):
        desk.tell(number)
    desk.press(1)
    assert desk.opened == ["https://upbit.com/service_center/notice?id=2"]
    assert desk.unread == ["n3", "n1"]
    QTest.keyClick(desk.pane.view, Qt.Key.Key_Down)
    assert desk.unread == ["n3"]
    assert desk.opened == ["https://upbit.com/service_center/notice?id=2"]  # to step is not to open
    QTest.keyClick(desk.pane.view, Qt.Key.Key_Return)
    assert desk.opened[1:] == ["https://upbit.com/service_center/notice?id=1"]
    desk.pane.bar.button.click()
    assert desk.unread == []
    assert not desk.pane.bar.button.isEnabled()


def test_what_was_read_stays_read_until_it_changes(desk: Desk, qtbot: QtBot) -> None:
    desk.live()
    desk.tell(1)
    desk.press(0)
    kept = json.loads(json.dumps(desk.pane.save()))
    other = NoticesPane(desk.feed, desk.frames)
    qtbot.addWidget(other)
    other.restore(kept)
    other.restore({"seen": 3})
    other.resize(500, 300)
    other.show()
    other.frame()
    assert [line.is_unread for line in other.view.lines] == [False]
    desk.tell(1, "Notice 1, again", event="UPDATED")
    other.frame()
    assert [(line.is_unread, line.is_changed) for line in other.view.lines] == [(True, True)]
    other.release()


@pytest.mark.parametrize(
    "url", ["http://upbit.com/x", "file:///etc/passwd", "javascript:alert(1)", "https://", "https://[", "https://a@b/c"]
)
def test_what_is_not_safe_is_never_opened(desk: Desk, url: str) -> None:
    desk.live()
    desk.tell(1, url=url)
    desk.press(0)
    assert desk.opened == []
    assert desk.unread == []


@given(st.text())
def test_any_text_is_judged_and_only_secure_ones_pass(url: str) -> None:
    assert not is_safe(url) or url.strip().lower().startswith("https:")


def test_as_many_are_kept_as_there_is_room_for(desk: Desk) -> None:
    desk.live()
    for number in range(NOTICES + 20):
        desk.tell(number % 60, title=f"{number}")
    assert len(desk.pane.view.codes) == 60
    assert len(desk.pane.save()["seen"]) == 0


def test_without_a_key_it_offers_the_page_of_the_key(desk: Desk) -> None:
    wanted: list[bool] = []
    desk.pane.key_wanted.connect(lambda: wanted.append(True))
    desk.frame()
    (button,) = [b for b in desk.pane.overlay.findChildren(QPushButton) if b.isVisible()]
    button.click()
    assert wanted == [True]


def test_categories_are_named_in_the_language_of_the_screen(desk: Desk, qapp: QApplication) -> None:
    desk.live()
    desk.tell(1, category="maintenance")
    desk.press(0)
    assert desk.pane.view.accessibleDescription() == "Maintenance, Notice 1, 11-26 09:01"
    translations.install(qapp, "ko")
    qt_until(lambda: desk.pane.view.category("maintenance") == "점검")
    assert desk.pane.view.category("something_new") == "something_new"


@pytest.mark.parametrize("width", [200, 300, 900])
def test_titles_have_room_at_any_width(desk: Desk, width: int) -> None:
    desk.live()
    desk.tell(1)
    desk.pane.resize(width, 200)
    desk.frame()
    view = desk.pane.view
    assert 0 < view.title_left < view.title_right < view.width()
    assert not desk.pane.grab().isNull()
