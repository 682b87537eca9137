"""Alerts in the program: set, told, kept; whatever is open, and never a secret anywhere."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import keyring
import msgspec
import pytest
from aiohttp import web
from keyring.errors import KeyringLocked, NoKeyringError
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from app.alert_center import WEBHOOK
from app.alert_file import AlertFile, encode
from app.alert_form import AlertForm
from app.desk import Desk
from app.secrets import Secrets, in_thread
from core.calc.search import MarketIndex
from core.calc.unusual import FAST_MOVE, Finding
from core.feed.feed import Feed
from core.market import MINUTE_MS, Market
from core.state.alerts import CHANGE, CONNECTION, LOG, MOVE, PRICE, UNUSUAL, Fired, Kept, Rule
from tests.app.desk import Source, live_desk, open_desk, panes_of
from tests.app.memory import Memory
from tests.conftest import ExpectLog
from tests.waiting import until
from widgets.alerts.pane import AlertsPane
from widgets.chart.pane import ChartPane
from widgets.frame import FrameClock
from widgets.orderbook.pane import OrderbookPane
from widgets.trades.pane import TradesPane


@pytest.fixture(autouse=True)
def memory(monkeypatch: pytest.MonkeyPatch) -> Memory:
    made = Memory()
    monkeypatch.setattr(keyring.core, "_keyring_backend", made)
    return made


def soon(desk: Desk, market: str = "KRW-BTC", **more: Any) -> Rule:
    """A rule that fires soon: the market jumps over its price."""
    ticker = desk.feed.store.ticker(market)
    assert ticker is not None
    rule = Rule(desk.feed.alerts.free_id(), PRICE, market, way="above", value=ticker.price * 1.01, **more)
    assert desk.feed.alerts.set(rule)

    def jump() -> None:
        newest = desk.feed.store.ticker(market)
        assert newest is not None
        desk.feed.apply(msgspec.structs.replace(newest, price=rule.value * 1.01, time_ms=newest.time_ms + 1))

    asyncio.get_running_loop().call_later(0.05, jump)  # once the rule has its bearings
    return rule


@pytest.fixture
def sounds(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    made: list[int] = []
    monkeypatch.setattr(QApplication, "beep", staticmethod(lambda: made.append(1)))
    return made


@pytest.mark.usefixtures("raised_windows")
async def test_a_right_click_on_the_chart_sets_an_alert_there_and_takes_it_away(qtbot: QtBot, tmp_path: Path) -> None:
    async with live_desk(qtbot, tmp_path) as (desk, _):
        chart = panes_of(desk, "KRW-BTC")[0]
        # Far from the market, on a scale that stays: prices go on while the menus are open.
        chart.view.box.setYRange(*(chart.view.model.last_price * share for share in (0.5, 1.5)), padding=0)
        at = QPoint(100, 60)
        price = chart.view.price_at(60.0)
        assert price is not None

        def menu() -> QMenu:
            viewport = chart.view.viewport()
            event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, viewport.mapToGlobal(at))
            QApplication.sendEvent(viewport, event)
            return next(m for m in chart.findChildren(QMenu) if m.isVisible())

        shown = menu()
        assert "Alert at" in shown.actions()[0].text()
        shown.actions()[0].trigger()
        shown.close()
        (rule,) = desk.feed.alerts.rules.values()
        assert (rule.market, rule.metric, rule.way) == ("KRW-BTC", PRICE, "reach")
        assert rule.value == pytest.approx(price, rel=1e-3)
        await until(lambda: chart.view.painter.marks.levels == (rule.value,))
        again = menu()
        next(action for action in again.actions() if "Delete" in action.text()).trigger()
        again.close()
        await until(lambda: chart.view.painter.marks.levels == ())
        assert not desk.feed.alerts.rules
        for kind in (OrderbookPane, TradesPane):  # they offer the same, without what a chart alone has
            pane = next(p for p in desk.panes if isinstance(p, kind))
            pane.price_menu_wanted.emit(pane, 90_000_000.0, at)
            shown = next(m for m in pane.findChildren(QMenu) if m.isVisible())
            texts = [action.text() for action in shown.actions()]
            assert texts[0] == "Alert at 90,000,000"
            assert texts[2:] == ["Copy 90,000,000", "Mark 90,000,000 and copy it"]
            shown.actions()[2].trigger()
            assert QApplication.clipboard().text() == "90000000"
            shown.close()


async def test_an_alert_is_shown_sounded_listed_and_kept_over_a_restart(
    qtbot: QtBot, tmp_path: Path, sounds: list[int]
) -> None:
    async with live_desk(qtbot, tmp_path) as (desk, _):
        soon(desk, note="look")
        await until(lambda: desk.alerts.toasts.shown)
        toast = desk.alerts.toasts.shown[0]
        assert toast.isVisible()
        assert toast.title.startswith("DEMO, not market prices")
        assert "KRW-BTC" in toast.title
        assert "look" in toast.text
        assert sounds
        pane = desk.workspace.add("alerts")
        assert isinstance(pane, AlertsPane)
        pane.refresh()
        assert pane.log.topLevelItemCount() == 1
        assert pane.rules.topLevelItem(0).checkState(0) is Qt.CheckState.Unchecked  # type: ignore[union-attr]
        desk.feed.alerts.set(Rule("9", CONNECTION, value=30.0))
        kept = tmp_path / "alerts-demo.json"
        await until(lambda: kept.is_file() and b'"30.0"' not in kept.read_bytes() and b'"9"' in kept.read_bytes())
    async with live_desk(qtbot, tmp_path) as (desk, _):
        assert [r.metric for r in desk.feed.alerts.rules.values()] == [PRICE, CONNECTION]
        assert len(desk.feed.alerts.log()) == 1
        assert not (tmp_path / "alerts.json").exists(), "the demo's alerts are no alerts on the market"


async def test_it_fires_with_every_pane_closed_and_the_window_minimised(qtbot: QtBot, tmp_path: Path) -> None:
    async with live_desk(qtbot, tmp_path) as (desk, _):
        told: list[tuple[str, str]] = []
        desk.alerts.notifier.show = lambda title, text: told.append((title, text)) is None  # type: ignore[method-assign]
        soon(desk)
        desk.feed.alerts.set(Rule("7", UNUSUAL))
        for pane in desk.panes:
            desk.workspace.close_pane(pane)
        desk.window.showMinimized()
        assert not desk.panes
        await until(lambda: any("KRW-BTC" in title for title, _ in told))
        assert desk.feed.board.quotes == {"KRW", "BTC", "USDT"}, "of every market"


async def test_do_not_disturb_is_quiet_and_forgets_nothing(qtbot: QtBot, tmp_path: Path, sounds: list[int]) -> None:
    async with live_desk(qtbot, tmp_path) as (desk, _):
        desk.choices.set_quiet(True)
        pane = desk.workspace.add("alerts")
        assert isinstance(pane, AlertsPane)
        assert pane.quiet.isChecked()
        soon(desk)
        await until(desk.feed.alerts.log)
        assert not sounds
        QTest.mouseClick(pane.quiet, Qt.MouseButton.LeftButton)
        assert not desk.settings.is_quiet


async def test_a_press_on_a_toast_goes_to_its_moment(qtbot: QtBot, tmp_path: Path) -> None:
    async with live_desk(qtbot, tmp_path) as (desk, _):
        desk.feed.alerts.set(Rule("1", UNUSUAL, "KRW-SOL", kinds=(FAST_MOVE,)))
        await asyncio.sleep(0)
        desk.feed.on_found(Finding(FAST_MOVE, "KRW-ADA", 0, 1, 0.04, 700.0, 5 * MINUTE_MS))
        ticker = desk.feed.store.ticker("KRW-BTC")
        assert ticker is not None
        moment = ticker.time_ms - 600 * MINUTE_MS  # older than what a chart loads by itself
        desk.feed.on_found(Finding(FAST_MOVE, "KRW-SOL", moment, 1, 0.04, 700.0, 5 * MINUTE_MS))
        (toast,) = desk.alerts.toasts.shown
        assert "+4.00% in 5 min" in toast.text
        QTest.mouseClick(desk.alerts.toasts.shown[0], Qt.MouseButton.LeftButton, pos=QPoint(20, 20))
        (chart,) = [p for p in desk.panes if isinstance(p, ChartPane) and p.market == "KRW-SOL"]
        model = chart.view.model
        await until(lambda: (at := model.index_of(moment)) is not None and model.x0 < at < model.x1)
        assert not desk.alerts.toasts.shown


@pytest.fixture
async def receiver() -> AsyncIterator[tuple[str, list[dict[str, str]]]]:
    """A webhook on this machine, and what it got."""
    got: list[dict[str, str]] = []

    async def take(request: web.Request) -> web.Response:
        got.append(await request.json())
        return web.Response(status=204 if len(got) > 1 else 500)

    app = web.Application()
    app.router.add_post("/{secret}", take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
    yield f"http://127.0.0.1:{port}/tok-SECRET-123", got
    await runner.cleanup()


def written(folder: Path) -> str:
    """All that is in the files of a folder."""
    return "".join(p.read_text(errors="replace") for p in folder.rglob("*") if p.is_file())


async def test_the_webhook_gets_what_is_meant_for_it_and_its_address_is_nowhere(
    qtbot: QtBot,
    tmp_path: Path,
    receiver: tuple[str, list[dict[str, str]]],
    memory: Memory,
    caplog: pytest.LogCaptureFixture,
) -> None:
    url, got = receiver
    caplog.set_level(logging.DEBUG)
    async with live_desk(qtbot, tmp_path) as (desk, _):
        assert desk.alerts.secrets.set(WEBHOOK, url)
        assert memory.kept == {("hoga", WEBHOOK): url}
        for posted in (False, True, True):
            soon(desk, is_posted=posted)
        await until(lambda: len(got) == 2)
        assert all("KRW-BTC" in one["text"] and one["content"] == one["text"] for one in got)
        await until(lambda: any("did not take an alert (HTTP" in text for text in desk.window.notices))
        text = repr(desk.alerts.secrets) + repr(desk.alerts.notifier) + repr(vars(desk.alerts.notifier))
    everything = "".join(r.getMessage() for r in caplog.records if not r.name.startswith("aiohttp")) + text
    assert "SECRET" not in everything + written(tmp_path)


async def test_an_alert_does_not_wait_for_a_keyring_that_asks_the_user(
    qtbot: QtBot,
    tmp_path: Path,
    receiver: tuple[str, list[dict[str, str]]],
    memory: Memory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    url, got = receiver
    memory.kept["hoga", WEBHOOK] = url
    answered, asked_in = threading.Event(), set()
    get = memory.get_password

    def ask(service: str, name: str) -> str | None:
        asked_in.add(threading.current_thread())
        answered.wait(5.0)
        return get(service, name)

    monkeypatch.setattr(memory, "get_password", ask)
    async with live_desk(qtbot, tmp_path) as (desk, _):
        soon(desk, is_posted=True)
        await until(lambda: bool(desk.alerts.toasts.shown and asked_in))
        assert threading.main_thread() not in asked_in
        assert not got
        answered.set()
        await until(lambda: len(got) == 1)


async def test_a_loop_that_debugs_logs_no_secret(
    memory: Memory, caplog: pytest.LogCaptureFixture, expected_log: ExpectLog
) -> None:
    expected_log("Executing")
    memory.kept["hoga", "x"] = "tok-SECRET-123"
    caplog.set_level(logging.DEBUG)
    loop = asyncio.get_running_loop()
    loop.set_debug(True)
    loop.slow_callback_duration = 0.0  # then it names whatever it calls
    assert await in_thread(lambda: Secrets().get("x")) == "tok-SECRET-123"
    await asyncio.sleep(0)
    loop.set_debug(False)
    assert "Executing" in caplog.text
    assert "SECRET" not in caplog.text


def test_whatever_a_keyring_raises_is_no_more_than_its_name(
    memory: Memory, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*what: object) -> None:
        raise OSError(f"cannot keep {what}")

    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr(memory, "get_password", fail)
    monkeypatch.setattr(memory, "set_password", fail)
    secrets = Secrets()
    assert secrets.get("x") == ""
    assert not secrets.set("x", "tok-SECRET-123")
    assert secrets.get("x") == "tok-SECRET-123"
    assert "OSError" in caplog.text
    assert "SECRET" not in caplog.text


def test_without_a_keyring_a_secret_lasts_as_long_as_the_program(
    memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise NoKeyringError

    for name in ("get_password", "set_password", "delete_password"):
        monkeypatch.setattr(memory, name, fail)
    secrets = Secrets()
    assert secrets.get("x") == ""
    assert not secrets.set("x", "y")
    assert secrets.get("x") == "y"
    assert secrets.set("x", ""), "nothing is left to last"
    assert secrets.get("x") == ""


def test_damaged_alerts_are_kept_aside(tmp_path: Path, expected_log: ExpectLog) -> None:
    file = AlertFile(tmp_path / "alerts.json")
    assert file.read() == Kept()
    file.write(encode(Kept(rules=[Rule("1", CONNECTION, value=5.0)])))
    assert [r.id for r in file.read().rules] == ["1"]
    for damaged in (b"{", b'{"version": 2}', b'{"rules": [{"id": "1", "metric": "?"}]}', b"\xff", b"[" * 99_999):
        file.path.write_bytes(damaged)
        expected_log("the alerts could not be read")
        assert file.read() == Kept()
        assert file.kept_aside is not None
        assert file.kept_aside.read_bytes() == damaged
        assert not file.path.exists()


async def test_alerts_that_cannot_be_read_are_said(qtbot: QtBot, tmp_path: Path, expected_log: ExpectLog) -> None:
    (tmp_path / "alerts-demo.json").write_text("{")
    expected_log("the alerts could not be read")
    async with live_desk(qtbot, tmp_path) as (desk, _):
        assert any("alerts could not be read" in text for text in desk.window.notices)


async def test_without_an_exchange_there_are_no_alerts_yet(qtbot: QtBot, tmp_path: Path) -> None:
    async with open_desk(qtbot, tmp_path, Source(None)) as desk:
        await asyncio.sleep(0)
        assert not desk.feed.alerts.rules


# The form.

INDEX = MarketIndex(
    [
        Market("KRW-BTC", "비트코인", "Bitcoin"),
        Market("KRW-DOGE", "도지코인", "Dogecoin"),
        Market("BTC-XRP", "리플", "XRP"),
    ]
)


def form(qtbot: QtBot, rule: Rule, *, is_new: bool = True) -> tuple[AlertForm, list[Rule]]:
    prices = {"KRW-BTC": 139_000_000.0, "KRW-DOGE": 236.0}
    made = AlertForm(rule, INDEX, lambda m: prices.get(m, 0.0), is_new=is_new, has_webhook=False)
    qtbot.addWidget(made)
    saved: list[Rule] = []
    made.accepted_rule.connect(saved.append)
    made.show()
    return made, saved


def test_a_price_is_typed_and_saved_by_keyboard(qtbot: QtBot) -> None:
    made, saved = form(qtbot, Rule("3", PRICE, "KRW-BTC", way="reach", value=139_000_000.0))
    made.value.selectAll()
    QTest.keyClicks(made.value, "140500000")
    QTest.keyClick(made.value, Qt.Key.Key_Return)
    assert [(r.id, r.market, r.value, r.way) for r in saved] == [("3", "KRW-BTC", 140_500_000.0, "reach")]


def test_a_market_is_found_by_its_initials_and_units_follow(qtbot: QtBot) -> None:
    made, saved = form(qtbot, Rule("1", PRICE, "KRW-BTC", value=1.0))
    made.market.setText("ㄷㅈㅋㅇ")
    made.market.editingFinished.emit()
    assert made.value.value() == 236.0
    made.subject.setCurrentIndex(made.subject.findData(MOVE))
    assert made.span.isVisible()
    assert made.value.suffix() == " %"
    made.value.setValue(4.0)
    made.span.setCurrentIndex(made.span.findData(15 * MINUTE_MS))
    made.mode.setCurrentIndex(made.mode.findData("cooldown"))
    assert made.cooldown.isVisible()
    made.cooldown.setValue(2.0)
    made._save()
    (rule,) = saved
    assert rule == Rule("1", MOVE, "KRW-DOGE", value=0.04, span_ms=15 * MINUTE_MS, mode="cooldown", cooldown_s=120.0)


def test_what_cannot_be_is_said_and_the_form_stays(qtbot: QtBot) -> None:
    made, saved = form(qtbot, Rule("1", CHANGE, "KRW-BTC", value=0.05))
    made.market.setText("zzzz")
    made._save()
    assert not saved
    assert "No symbol fits" in made.problem.text()
    assert made.isVisible()
    made.subject.setCurrentIndex(made.subject.findData(UNUSUAL))
    made.market.setText("")
    made.kind.setCurrentIndex(made.kind.findData(FAST_MOVE))
    made._save()
    assert (saved[0].market, saved[0].kinds) == ("", (FAST_MOVE,))


@pytest.mark.parametrize(
    "rule",
    [
        Rule("1", PRICE, "KRW-DOGE", way="below", value=230.0, mode="each", note="low"),
        Rule("2", CONNECTION, value=15.0, is_loud=False),
        Rule("3", UNUSUAL, "KRW-BTC", kinds=(FAST_MOVE,)),
        Rule("4", MOVE, "KRW-BTC", way="below", value=-0.03, span_ms=MINUTE_MS),
    ],
)
def test_a_form_that_is_saved_as_it_came_changes_nothing(qtbot: QtBot, rule: Rule) -> None:
    made, saved = form(qtbot, rule, is_new=False)
    made._save()
    (same,) = saved
    unimportant = {"span_ms": 0, "value": 0.0, "way": "above"} if rule.metric == UNUSUAL else {}
    assert msgspec.structs.replace(same, **unimportant) == msgspec.structs.replace(rule, **unimportant)


def test_the_pane_ticks_removes_and_clears(qtbot: QtBot, tmp_path: Path) -> None:
    feed, frames = Feed(lambda: 0.0), FrameClock()
    pane = AlertsPane(feed, frames)
    qtbot.addWidget(pane)
    feed.alerts.load(
        Kept(rules=[Rule("1", CONNECTION, value=5.0)], log=[Fired(Rule("1", CONNECTION, value=5.0), 0, "", 5.0)])
    )
    pane.refresh()
    item = pane.rules.topLevelItem(0)
    assert item is not None
    assert item.text(1) == "No connection for 5 s"
    item.setCheckState(0, Qt.CheckState.Unchecked)
    assert not feed.alerts.rules["1"].is_on
    pane.refresh()
    wanted: list[object] = []
    pane.form_wanted.connect(wanted.append)
    pane.rules.setCurrentItem(pane.rules.topLevelItem(0))
    pane.rules.itemActivated.emit(pane.rules.topLevelItem(0), 0)
    assert wanted == [feed.alerts.rules["1"]]
    QTest.mouseClick(pane.clear, Qt.MouseButton.LeftButton)
    assert pane.log.topLevelItemCount() == 0
    QTest.keyClick(pane.rules, Qt.Key.Key_Delete)
    assert not feed.alerts.rules
    assert pane.rules.topLevelItemCount() == 0
    pane.release()
    frames.stop()


@pytest.fixture
def alerts_pane(qtbot: QtBot) -> Iterator[AlertsPane]:
    feed, frames = Feed(lambda: 0.0), FrameClock()
    pane = AlertsPane(feed, frames)
    qtbot.addWidget(pane)
    pane.resize(700, 600)
    feed.alerts.load(Kept(rules=[Rule(str(i), CONNECTION, value=5.0 + i) for i in range(20)]))
    pane.show()
    pane.refresh()
    yield pane
    pane.release()
    frames.stop()


def test_rules_are_ticked_with_the_mouse_one_after_another(alerts_pane: AlertsPane, qtbot: QtBot) -> None:
    pane, alerts = alerts_pane, alerts_pane.feed.alerts
    for row in (0, 3, 7, 3, 0, 12, 7, 1):
        item = pane.rules.topLevelItem(row)
        assert item is not None
        before = alerts.rules[str(row)].is_on
        pane.rules.scrollToItem(item)
        place = pane.rules.visualItemRect(item)
        QTest.mouseClick(
            pane.rules.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(place.left() + 12, place.center().y())
        )
        assert alerts.rules[str(row)].is_on is not before
        qtbot.waitUntil(lambda: pane._version == alerts.version)  # its frame has come


def test_delete_goes_on_to_the_next_rule(alerts_pane: AlertsPane) -> None:
    pane, alerts = alerts_pane, alerts_pane.feed.alerts
    pane.rules.setCurrentItem(pane.rules.topLevelItem(18))  # type: ignore[arg-type]
    for left in ({"19"}, set()):
        QTest.keyClick(pane.rules, Qt.Key.Key_Delete)
        assert set(alerts.rules) & {"18", "19"} == left
    QTest.keyClick(pane.rules, Qt.Key.Key_Delete)
    assert "17" not in alerts.rules


def test_the_list_of_what_was_said_grows_on_top_and_keeps_what_is_chosen(alerts_pane: AlertsPane) -> None:
    pane, alerts = alerts_pane, alerts_pane.feed.alerts
    finding = Finding(FAST_MOVE, "KRW-A", 1_790_000_000_000, 1, 0.05, 100.0)
    alerts.set(Rule("99", UNUSUAL, mode="each"))
    rule = alerts.rules["99"]
    alerts.find(rule, finding)
    pane.refresh()
    first = pane.log.topLevelItem(0)
    assert first is not None
    pane.log.setCurrentItem(first)
    for _ in range(LOG + 5):
        alerts.find(rule, finding._replace(market="KRW-B"))
        if alerts.count in (2, 3, 40):
            pane.refresh()
            assert pane.log.topLevelItemCount() == alerts.count
            assert pane.log.currentItem() is first
    pane.refresh()
    assert pane.log.topLevelItemCount() == LOG
    top = pane.log.topLevelItem(0)
    assert top is not None
    assert "KRW-B" in top.text(1)


def test_what_was_typed_stays_when_the_symbol_is_another(qtbot: QtBot) -> None:
    made, saved = form(qtbot, Rule("1", PRICE, "KRW-BTC", way="reach", value=91_000_000.0))
    made.market.setText("DOGE")
    made._take_market()
    assert made.value.value() == 236.0, "the price of the other symbol, as long as nobody typed one"
    made.value.setValue(300.0)
    made.market.setText("KRW-BTC")
    made._take_market()
    assert made.value.value() == 300.0
    made._save()
    assert saved[0].value == 300.0
    assert saved[0].market == "KRW-BTC"


def test_a_threshold_keeps_its_decimals_where_no_price_is_known(qtbot: QtBot) -> None:
    rule = Rule("1", PRICE, "BTC-XRP", way="reach", value=0.00003215)
    made, saved = form(qtbot, rule, is_new=False)
    made._save()
    assert saved == [rule]
    made, saved = form(qtbot, msgspec.structs.replace(rule, value=0.0))
    made._save()
    assert not saved
    assert "above 0" in made.problem.text()


def test_a_webhook_that_cannot_be_deleted_is_said_and_gets_nothing(
    memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    secrets = Secrets()
    assert secrets.set(WEBHOOK, "https://a.example/x")
    assert secrets.get(WEBHOOK)

    def fail(*_: object) -> None:
        raise KeyringLocked

    with monkeypatch.context() as patch:
        patch.setattr(memory, "delete_password", fail)
        assert not secrets.set(WEBHOOK, "")
        assert secrets.get(WEBHOOK) == ""
    assert secrets.set(WEBHOOK, "")
    assert not memory.kept


def test_a_damaged_line_of_the_list_costs_no_rule(tmp_path: Path) -> None:
    rule = Rule("1", CONNECTION, value=5.0)
    lines = [Fired(rule, 1, "", 5.0), Fired(rule, 2, "", 6.0)]
    data = encode(Kept(rules=[rule], log=lines)).replace(b'"value":6.0,"price"', b'"value":null,"price"')
    file = AlertFile(tmp_path / "alerts.json")
    file.path.write_bytes(data)
    kept = file.read()
    assert kept.rules == [rule]
    assert kept.log == lines[:1]
    assert file.kept_aside is None


async def test_alerts_that_the_disk_did_not_take_are_kept_the_next_time(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, expected_log: ExpectLog
) -> None:
    expected_log("No space")
    async with live_desk(qtbot, tmp_path) as (desk, _):
        file = desk.alerts.saver.file
        assert file is not None

        def fail(_data: bytes) -> None:
            raise OSError(28, "No space left on device")

        with monkeypatch.context() as patch:
            patch.setattr(file, "write", fail)
            desk.feed.alerts.set(Rule("7", CONNECTION, value=5.0))
            await until(lambda: any("No space" in text for text in desk.window.notices))
        assert not file.path.exists()
    assert [r.id for r in AlertFile(file.path).read().rules] == ["7"]


async def test_quiet_is_one_thing_wherever_it_is_chosen(qtbot: QtBot, tmp_path: Path) -> None:
    async with live_desk(qtbot, tmp_path) as (desk, _):
        said: list[bool] = []
        desk.choices.quiet_changed.connect(said.append)
        desk.choices.set_quiet(True)
        desk.choices.set_quiet(False)
        assert said == [True, False]


async def test_a_large_trade_is_heard_as_the_user_wants_it(qtbot: QtBot, tmp_path: Path, sounds: list[int]) -> None:
    async with live_desk(qtbot, tmp_path) as (desk, _):
        tape = panes_of(desk, "KRW-BTC")[2]
        desk.choices.set_quiet(True)
        tape.sound_wanted.emit(3, "BID")
        assert not sounds
        desk.choices.set_quiet(False)
        for _ in range(5):
            tape.sound_wanted.emit(3, "BID")
        assert len(sounds) == 1, "no drum roll"
