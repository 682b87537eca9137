"""Strategies in the program: set up, run with every pane closed, kept, shown on the charts, told by alerts."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDoubleSpinBox
from pytestqt.qtbot import QtBot

from app.alert_form import AlertForm
from app.desk import Desk
from app.strategy_file import StrategyFile, encode
from app.strategy_form import StrategyForm
from core.calc.search import MarketIndex
from core.market import ORDERBOOK, Market, Stream
from core.state.alerts import SIGNAL, Rule
from core.state.strategies import Kept, Monitor
from core.strategy.base import Signal
from core.strategy.builtin import BUILT_IN
from tests.app.desk import Source, live_desk, open_desk, panes_of
from tests.conftest import ExpectLog
from tests.waiting import until
from widgets.chart.pane import ChartPane
from widgets.strategies.pane import StrategiesPane

BTC = "KRW-BTC"


def leap(desk: Desk, market: str = BTC) -> None:
    """Let the market jump by 5 %: what every price jump sees."""
    ticker = desk.feed.store.ticker(market)
    assert ticker is not None
    # Of a minute ahead: else the next one may take its place before anybody looks.
    later = {"time_ms": ticker.time_ms + 60_000, "trade_time_ms": ticker.trade_time_ms + 1}
    desk.feed.apply(msgspec.structs.replace(ticker, price=ticker.price * 1.05, **later))


async def run_jump(desk: Desk, market: str = BTC, **more: Any) -> None:
    """Set up a price jump, and let it see one."""
    assert desk.feed.strategies.set(Monitor("1", "jump", (market,), {"move": 2.0, "span": 60}, **more))
    work = desk.feed.strategies.works["1"]
    await until(lambda: work.messages > 0)
    leap(desk, market)
    await until(lambda: work.signals > 0)


async def test_it_runs_with_every_pane_closed_and_is_kept_over_a_restart(qtbot: QtBot, tmp_path: Path) -> None:
    async with live_desk(qtbot, tmp_path) as (desk, exchange):
        for pane in desk.panes:
            desk.workspace.close_pane(pane)
        await run_jump(desk, note="look")
        desk.feed.strategies.set(Monitor("2", "imbalance", ("KRW-SOL",), is_on=True))
        await until(lambda: any(Stream(ORDERBOOK, "KRW-SOL") in said for said in exchange.subscribed))
        kept = tmp_path / "strategies-demo.json"
        await until(lambda: kept.is_file() and b'"imbalance"' in kept.read_bytes())
    async with live_desk(qtbot, tmp_path) as (desk, _):
        strategies = desk.feed.strategies
        await until(lambda: strategies.monitors)
        assert [(m.id, m.kind, m.note) for m in strategies.monitors.values()] == [
            ("1", "jump", "look"),
            ("2", "imbalance", ""),
        ]
        assert [s.kind for s in strategies.log()][:1] == ["jump"], "its signals are there still"
        assert strategies.works["1"].signals == 0
        await until(lambda: strategies.works["1"].state == "running")
        assert not (tmp_path / "strategies.json").exists(), "the demo's strategies are none on the market"


async def test_a_signal_is_on_the_chart_in_the_list_and_leads_to_its_moment(qtbot: QtBot, tmp_path: Path) -> None:
    async with live_desk(qtbot, tmp_path) as (desk, _):
        pane = desk.workspace.add("strategies")
        assert isinstance(pane, StrategiesPane)
        chart = panes_of(desk, BTC)[0]
        other = panes_of(desk, "KRW-ETH")[0]
        await run_jump(desk)
        await until(lambda: chart.view.painter.marks.signals)
        assert chart.view.painter.marks.signals == desk.feed.strategies.signals_of(BTC)
        assert other.view.painter.marks.signals == ()
        await until(lambda: pane.signals.topLevelItemCount() >= 1)
        told = Signal("jump", "KRW-SOL", chart.view.model.time_at(chart.view.model.x0 + 2) or 0, 1.0, 1, 0.1, "1")
        desk.feed.strategies.say(told)
        pane.refresh()
        pane.signals.itemActivated.emit(pane.signals.topLevelItem(0), 0)
        (shown,) = [p for p in desk.panes if isinstance(p, ChartPane) and p.market == "KRW-SOL"]
        model = shown.view.model
        await until(lambda: (at := model.index_of(told.time_ms)) is not None and model.x0 < at < model.x1, timeout=30)


async def test_an_alert_tells_of_signals(qtbot: QtBot, tmp_path: Path) -> None:
    async with live_desk(qtbot, tmp_path) as (desk, _):
        desk.choices.set_quiet(True)
        desk.feed.alerts.set(Rule("1", SIGNAL, strategy="1", mode="once"))
        desk.feed.alerts.set(Rule("2", SIGNAL, strategy="5", mode="once"))
        await run_jump(desk)
        await until(lambda: desk.alerts.toasts.shown)
        toast = desk.alerts.toasts.shown[0]
        assert BTC in toast.title
        said = desk.feed.strategies.log()[0]
        assert said.value == pytest.approx(0.05, abs=0.005)  # from the lowest of the last minute
        assert f"Price jump +{said.value * 100:.2f}%" in toast.text
        assert [f.rule.id for f in desk.feed.alerts.log()] == ["1"]


async def test_commands_open_the_pane_and_the_form(qtbot: QtBot, tmp_path: Path) -> None:
    async with live_desk(qtbot, tmp_path) as (desk, _):
        keymap = desk.window.keymap  # type: ignore[attr-defined]
        keymap.commands.run("strategy.list")
        assert any(isinstance(p, StrategiesPane) for p in desk.panes)
        keymap.commands.run("strategy.new")
        (form,) = desk.window.findChildren(StrategyForm)
        form.markets.setText("btc, 이더리움")
        form._save()
        (monitor,) = desk.feed.strategies.monitors.values()
        assert monitor.markets == (BTC, "KRW-ETH")
        await until(lambda: desk.feed.strategies.works[monitor.id].state == "running")
        pane = next(p for p in desk.panes if isinstance(p, StrategiesPane))
        pane.monitors.choose(monitor.id)
        pane.form_wanted.emit(monitor)
        forms = [f for f in desk.window.findChildren(StrategyForm) if f is not form]
        field = forms[0].fields["move"]
        assert isinstance(field, QDoubleSpinBox)
        field.setValue(3.0)
        forms[0]._save()
        assert desk.feed.strategies.monitors[monitor.id].values["move"] == 3.0
        assert [line.event for line in desk.feed.strategies.works[monitor.id].lines] == ["started", "changed"]
        pane.alert_wanted.emit(monitor.id)
        await until(lambda: bool(desk.window.findChildren(AlertForm)))
        (alert,) = desk.window.findChildren(AlertForm)
        alert._save()
        (rule,) = desk.feed.alerts.rules.values()
        assert (rule.metric, rule.strategy, rule.market) == (SIGNAL, monitor.id, "")


async def test_without_an_exchange_there_are_no_strategies_yet(qtbot: QtBot, tmp_path: Path) -> None:
    async with open_desk(qtbot, tmp_path, Source(None)) as desk:
        await asyncio.sleep(0)
        assert desk.strategies.strategist is None


async def test_strategies_that_cannot_be_read_are_said(qtbot: QtBot, tmp_path: Path, expected_log: ExpectLog) -> None:
    (tmp_path / "strategies-demo.json").write_text("{")
    expected_log("the strategies could not be read")
    async with live_desk(qtbot, tmp_path) as (desk, _):
        assert any("strategies could not be read" in text for text in desk.window.notices)


# The file.


def test_damaged_strategies_are_kept_aside(tmp_path: Path, expected_log: ExpectLog) -> None:
    file = StrategyFile(tmp_path / "strategies.json")
    assert file.read() == Kept()
    kept = Kept(monitors=[Monitor("1", "jump", (BTC,), {"move": 2.0})])
    file.write(encode(kept))
    assert file.read().monitors == kept.monitors
    for damaged in (b"{", b'{"version": 2}', b"\xff", b"[" * 99_999):
        file.path.write_bytes(damaged)
        expected_log("the strategies could not be read")
        assert file.read() == Kept()
        assert file.kept_aside is not None
        assert file.kept_aside.read_bytes() == damaged
        assert not file.path.exists()


def test_a_damaged_strategy_costs_no_other_and_the_file_is_kept(tmp_path: Path, expected_log: ExpectLog) -> None:
    file = StrategyFile(tmp_path / "strategies.json")
    good, signal = Monitor("1", "jump", (BTC,)), Signal("jump", BTC, 5, 1.0, 1, 0.1, "1")
    data = encode(Kept(monitors=[good, Monitor("2", "band", (BTC,))], signals=[signal, signal]))
    damaged = data.replace(b'"id":"2"', b'"id":2').replace(b'"time_ms":5', b'"time_ms":"x"', 1)
    file.path.write_bytes(damaged)
    expected_log("some strategies could not be read")
    kept = file.read()
    assert kept.monitors == [good]
    assert kept.signals == [signal]
    assert file.kept_aside is not None
    assert file.kept_aside.read_bytes() == damaged


# The forms.

INDEX = MarketIndex(
    [
        Market("KRW-BTC", "비트코인", "Bitcoin"),
        Market("KRW-DOGE", "도지코인", "Dogecoin"),
        Market("KRW-ETH", "이더리움", "Ethereum"),
    ]
)


def form(qtbot: QtBot, monitor: Monitor, *, is_new: bool = True) -> tuple[StrategyForm, list[Monitor]]:
    top = ["KRW-ETH", "KRW-DOGE"]
    made = StrategyForm(monitor, BUILT_IN, INDEX, lambda n: top[:n], ["KRW-DOGE"], is_new=is_new)
    qtbot.addWidget(made)
    saved: list[Monitor] = []
    made.accepted_monitor.connect(saved.append)
    made.show()
    return made, saved


def test_symbols_are_read_as_they_are_typed(qtbot: QtBot) -> None:
    made, saved = form(qtbot, Monitor("1", "jump", (BTC,)))
    made.markets.setText("ㄷㅈㅋㅇ; bitcoin,")
    assert made.read.text() == "Dogecoin KRW-DOGE, Bitcoin KRW-BTC"
    QTest.mouseClick(made.top, Qt.MouseButton.LeftButton)
    QTest.mouseClick(made.favourites, Qt.MouseButton.LeftButton)
    assert made.markets.text() == "KRW-DOGE, KRW-BTC, KRW-ETH"
    QTest.keyClick(made.markets, Qt.Key.Key_Return)
    assert [m.markets for m in saved] == [("KRW-DOGE", "KRW-BTC", "KRW-ETH")]


def test_parameters_follow_the_strategy_with_their_units_and_ranges(qtbot: QtBot) -> None:
    made, saved = form(qtbot, Monitor("1", "jump", (BTC,), {"move": 2.5}))
    move = made.fields["move"]
    assert isinstance(move, QDoubleSpinBox)
    assert (move.value(), move.suffix(), move.minimum(), move.maximum()) == (2.5, " %", 0.05, 50.0)
    for kind, strategy in BUILT_IN.items():
        made.kind.setCurrentIndex(made.kind.findData(kind))
        assert list(made.fields) == [p.name for p in strategy.parameters]
        assert made.about.text()
    made.kind.setCurrentIndex(made.kind.findData("band"))
    made.fields["interval"].setCurrentText("5m")  # type: ignore[union-attr]
    made._save()
    assert saved[0].values == {"interval": "5m", "bars": 20, "sigma": 2.0}


@pytest.mark.parametrize(
    ("markets", "values", "said"),
    [
        ("zzzz, BTC", {}, "zzzz"),
        (" , ", {}, "at least one symbol"),
        ("BTC", {"bars": 5, "sigma": 4.0}, "further than 1.99 deviations"),
    ],
)
def test_what_cannot_be_is_said_and_the_form_stays(
    qtbot: QtBot, markets: str, values: dict[str, float], said: str
) -> None:
    made, saved = form(qtbot, Monitor("1", "band", (BTC,)))
    made.markets.setText(markets)
    for name, value in values.items():
        made.fields[name].setValue(value)  # type: ignore[union-attr, call-overload]
    made._save()
    assert not saved
    assert said in made.problem.text()
    assert made.isVisible()


@pytest.mark.parametrize("kind", BUILT_IN)
def test_a_form_that_is_saved_as_it_came_changes_nothing(qtbot: QtBot, kind: str) -> None:
    values = {p.name: p.default for p in BUILT_IN[kind].parameters}
    monitor = Monitor("7", kind, ("KRW-GONE", BTC), values, is_on=False, note="n")
    made, saved = form(qtbot, monitor, is_new=False)
    made._save()
    assert saved == [monitor]


def test_an_alert_on_signals_is_made_and_comes_back_as_it_was(qtbot: QtBot) -> None:
    monitors = {"4": Monitor("4", "spike", (BTC,), note="mine")}
    for rule in (
        Rule("1", SIGNAL, "KRW-BTC", strategy="4", kinds=("spike",), mode="each"),
        Rule("2", SIGNAL, strategy="gone", kinds=("own kind",), mode="once"),
        Rule("3", SIGNAL, mode="each"),
    ):
        made = AlertForm(rule, INDEX, lambda _market: 0.0, monitors, is_new=False, has_webhook=False)
        qtbot.addWidget(made)
        saved: list[Rule] = []
        made.accepted_rule.connect(saved.append)
        made.show()
        assert made.strategy.isVisible()
        assert not made.value.isVisible()
        made._save()
        assert saved == [rule]
