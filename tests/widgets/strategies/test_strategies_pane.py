"""The strategies pane: a row each, what each says and why it stands; nothing is set that is the same."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app import translations
from core.feed.feed import Feed
from core.feed.health import LinkHealth, LinkState
from core.state.strategies import Line, Monitor, Strategies
from core.strategy.base import Signal
from widgets import messages
from widgets.frame import FrameClock
from widgets.strategies.model import SHOWN, few, rows
from widgets.strategies.pane import StrategiesPane
from widgets.strategies.view import CHANNELS, LAST, MARKETS, MESSAGES, NAME, SHARE, SIGNALS, STATE

BTC, ETH = "KRW-BTC", "KRW-ETH"
NOON_MS = 1_790_510_400_000


def signal(strategy: str = "1", market: str = BTC, n: int = 0, side: int = 1) -> Signal:
    return Signal("jump", market, NOON_MS + n * 1_000, 100.0, side, side * 0.01, strategy)


@pytest.fixture
def pane(qtbot: QtBot) -> Iterator[StrategiesPane]:
    feed, frames = Feed(lambda: 0.0), FrameClock()
    feed.health.links[0] = LinkHealth(0)
    feed.health.links[0].state = LinkState.OPEN
    made = StrategiesPane(feed, frames)
    qtbot.addWidget(made)
    made.resize(1_000, 600)
    feed.strategies.set(Monitor("1", "jump", (BTC, ETH, "KRW-XRP")))
    feed.strategies.set(Monitor("2", "band", (BTC,), {"interval": "5m"}, note="mine"))
    feed.strategies.set(Monitor("3", "spread", (ETH,), is_on=False))
    for monitor_id in "12":
        feed.strategies.works[monitor_id].state = "running"
    made.show()
    made.refresh()
    yield made
    made.release()
    frames.stop()


def texts(pane: StrategiesPane, row: int) -> list[str]:
    item = pane.monitors.topLevelItem(row)
    assert item is not None
    return [item.text(column) for column in range(pane.monitors.columnCount())]


def said(pane: StrategiesPane) -> list[str]:
    found = [pane.signals.topLevelItem(n) for n in range(pane.signals.topLevelItemCount())]
    return [f"{item.text(1)} {item.text(3)}" for item in found if item is not None]


def test_a_row_tells_what_runs_and_how_it_fares(pane: StrategiesPane) -> None:
    work = pane.feed.strategies.works["2"]
    work.messages, work.signals, work.share, work.last = 12_345, 3, 0.0123, signal()
    pane.refresh()
    row = texts(pane, 1)
    assert row[NAME] == "2  Bollinger band · mine"
    assert (row[MARKETS], row[CHANNELS], row[STATE]) == (BTC, "candles 5m", "Running")
    assert (row[MESSAGES], row[SIGNALS], row[SHARE]) == ("12,345", "3", "1.23 %")
    assert pane.monitors.headerItem().text(SHARE) == "CPU"
    assert row[LAST] == "21:00:00  KRW-BTC  Price jump +1.00%"
    assert texts(pane, 0)[MARKETS] == "KRW-BTC, KRW-ETH +1"
    assert texts(pane, 2)[STATE] == "Paused"
    work.collecting = 4
    pane.refresh()
    assert texts(pane, 1)[STATE] == "Collecting"


def test_dead_codes_and_the_reason_of_a_stop_are_shown(pane: StrategiesPane) -> None:
    works = pane.feed.strategies.works
    works["1"].unknown = ("KRW-LTC",)
    works["2"].state = "stopped"
    works["2"].why = Line(NOON_MS, "error", text="mine.py:7: ValueError: no")
    works["2"].write(works["2"].why)
    pane.refresh()
    first, second = pane.monitors.topLevelItem(0), pane.monitors.topLevelItem(1)
    assert first is not None
    assert second is not None
    assert "!" in first.text(STATE)
    assert "KRW-LTC" in first.toolTip(STATE)
    assert second.text(STATE) == "Stopped"
    assert "mine.py:7: ValueError: no" in second.toolTip(STATE)
    pane.monitors.choose("2")
    pane.refresh()
    assert "mine.py:7" in pane.about.text()
    assert pane.start.text() == "Start", "one may start it again"
    line = pane.lines.topLevelItem(0)
    assert line is not None
    assert line.text(1) == "Stopped by an error: mine.py:7: ValueError: no"


def test_what_is_the_same_is_not_set_again(pane: StrategiesPane, monkeypatch: pytest.MonkeyPatch) -> None:
    filled: list[object] = []
    monkeypatch.setattr("widgets.strategies.view._fill", lambda item, row: filled.append(row))
    pane.refresh()
    assert not filled
    pane.feed.strategies.works["1"].messages += 1
    pane.refresh()
    assert len(filled) == 1


def test_signals_are_of_all_or_of_the_chosen_one_and_the_newest_stand_on_top(pane: StrategiesPane) -> None:
    strategies = pane.feed.strategies
    strategies.say(signal("1", n=1))
    strategies.say(signal("2", n=2, side=-1))
    pane.refresh()
    assert said(pane) == ["2 Price jump -1.00%", "1 Price jump +1.00%"]
    first = pane.signals.topLevelItem(0)
    strategies.say(signal("1", n=3))
    pane.refresh()
    assert pane.signals.topLevelItem(1) is first, "the list is not made anew"
    pane.monitors.choose("2")
    pane.refresh()
    assert said(pane) == ["2 Price jump -1.00%"]
    strategies.say(signal("1", n=4))
    strategies.say(signal("2", n=5))
    pane.refresh()
    assert said(pane) == ["2 Price jump +1.00%", "2 Price jump -1.00%"]
    QTest.keyClick(pane.monitors, Qt.Key.Key_Escape)
    pane.refresh()
    assert len(said(pane)) == 5
    for n in range(SHOWN + 10):
        strategies.say(signal("1", n=10 + n))
    pane.refresh()
    assert len(said(pane)) == SHOWN
    QTest.mouseClick(pane.clear, Qt.MouseButton.LeftButton)
    assert said(pane) == []
    strategies.say(signal("3"))
    pane.refresh()
    assert said(pane) == ["3 Price jump +1.00%"]


def test_one_is_paused_started_and_removed_by_mouse_and_keys(pane: StrategiesPane) -> None:
    strategies = pane.feed.strategies
    item = pane.monitors.topLevelItem(0)
    assert item is not None
    place = pane.monitors.visualItemRect(item)
    QTest.mouseClick(
        pane.monitors.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(place.left() + 12, place.center().y())
    )
    assert not strategies.monitors["1"].is_on
    pane.monitors.choose("1")
    pane.refresh()
    QTest.mouseClick(pane.start, Qt.MouseButton.LeftButton)
    assert strategies.monitors["1"].is_on
    assert pane.start.text() == "Pause"
    QTest.keyClick(pane.monitors, Qt.Key.Key_Delete)
    assert list(strategies.monitors) == ["2", "3"]
    assert pane.monitors.current == "2", "the one in its place is next"
    QTest.mouseClick(pane.remove, Qt.MouseButton.LeftButton)
    QTest.mouseClick(pane.remove, Qt.MouseButton.LeftButton)
    assert not strategies.monitors
    assert not pane.remove.isEnabled()
    QTest.mouseClick(pane.remove, Qt.MouseButton.LeftButton)
    assert pane._no_monitors.isVisible()


def test_the_form_the_alert_and_the_moment_are_asked_for(pane: StrategiesPane) -> None:
    asked: list[object] = []
    for wish in (pane.form_wanted, pane.alert_wanted, pane.jump_wanted):
        wish.connect(asked.append)
    QTest.mouseClick(pane.add, Qt.MouseButton.LeftButton)
    QTest.mouseClick(pane.alert, Qt.MouseButton.LeftButton)
    pane.monitors.choose("2")
    pane.refresh()
    QTest.mouseClick(pane.change, Qt.MouseButton.LeftButton)
    QTest.mouseClick(pane.alert, Qt.MouseButton.LeftButton)
    monitor = pane.feed.strategies.monitors["2"]
    assert asked == [None, "", monitor, "2"]
    pane.feed.strategies.say(signal("2"))
    pane.refresh()
    pane.signals.itemActivated.emit(pane.signals.topLevelItem(0), 0)
    assert asked[-1] == signal("2")


def test_it_speaks_korean_and_keeps_its_places(pane: StrategiesPane, qapp: QApplication, qtbot: QtBot) -> None:
    pane.feed.strategies.say(signal())
    translations.install(qapp, "ko")
    try:
        QApplication.processEvents()
        pane.refresh()
        assert texts(pane, 1)[NAME] == "2  볼린저 밴드 · mine"
        assert said(pane) == ["1 가격 급변 +1.00%"]
        assert pane.tabs.tabText(1) == "로그"
    finally:
        translations.install(qapp, "en")
    pane.splitter.setSizes([150, 350])
    pane.tabs.setCurrentIndex(1)
    pane.monitors.header().resizeSection(MARKETS, 233)
    kept = pane.save()
    other = StrategiesPane(pane.feed, pane.frames)
    qtbot.addWidget(other)
    other.resize(pane.size())
    other.show()
    other.restore(kept)
    assert other.save() == kept
    other.restore({"sizes": [1], "tab": 9, "widths": ["x"] * 7})
    assert other.save() == kept
    other.release()


def test_rows_of_a_strategy_nobody_knows_are_shown_too(pane: StrategiesPane) -> None:
    kept = pane.feed.strategies.keep()
    kept.monitors = [Monitor("9", "gone", (BTC,)), Monitor("10", "band", (BTC,), {"interval": "1d"})]
    pane.feed.strategies.load(kept)
    pane.refresh()
    assert texts(pane, 0)[NAME] == "9  gone"
    assert [row.channels for row in rows(pane.feed.strategies)] == [(), ("candle.",)]
    pane.monitors.choose("9")
    pane.refresh()
    assert few(("A", "B", "C"), 1) == "A +2"


def test_a_strategy_that_hears_nothing_is_not_said_to_run() -> None:
    strategies = Strategies()
    strategies.set(Monitor("1", "jump", ("KRW-BTC",)))
    strategies.works["1"].state = "running"
    (row,) = rows(strategies, is_up=False)
    assert row.is_deaf
    assert messages.row_state(row.state, row.collecting, is_deaf=row.is_deaf) == "No connection"
    strategies.works["1"].state = "stopped"
    assert not rows(strategies, is_up=False)[0].is_deaf, "why it was stopped is what matters"
