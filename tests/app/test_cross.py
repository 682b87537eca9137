"""The desk of scenario 6 in the program: prices, edges, the world outside, terms, alerts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from math import isnan
from pathlib import Path

import pytest
from PySide6.QtWidgets import QComboBox, QWidget
from pytestqt.qtbot import QtBot

from app.alert_form import AlertForm
from app.desk import Desk
from app.settings import Settings
from app.settings_dialog import SettingsDialog
from core.calc.arbitrage import Terms
from core.calc.search import MarketIndex
from core.feed.abroad import BINANCE_WS, Reference
from core.feed.endpoint import UPBIT
from core.market import Market, base_of
from core.sim.exchange import Exchange
from core.state.alerts import EDGE, PREMIUM, Rule
from tests.app.desk import Source, is_live, open_desk
from tests.core.feed.test_survey import COINS
from tests.waiting import until
from widgets.arbitrage.model import TETHER
from widgets.arbitrage.pane import CrossPane
from widgets.chart.pane import ChartPane


@asynccontextmanager
async def cross_desk(qtbot: QtBot, folder: Path) -> AsyncIterator[tuple[Desk, Exchange, CrossPane]]:
    async with Exchange(seed=1) as exchange:
        floor = exchange.floor
        floor.hidden |= {code for code in floor.past.markets if base_of(code) not in COINS or code == "BTC-USDT"}
        async with open_desk(qtbot, folder, Source(exchange), name="cross") as desk:
            pane = next(p for p in desk.panes if isinstance(p, CrossPane))
            await until(lambda: is_live(pane))
            yield desk, exchange, pane


async def test_the_desk_shows_every_cross_listed_coin_with_edges_and_the_world_outside(
    qtbot: QtBot, tmp_path: Path
) -> None:
    async with cross_desk(qtbot, tmp_path) as (desk, exchange, pane):
        await until(lambda: len(pane.order()) == len(COINS) - 1)
        await until(lambda: not isnan(desk.feed.cross.edge_at("KRW-ETH")))
        await until(lambda: not isnan(desk.feed.cross.kimchi("BTC", desk.feed.now()).on_bank))
        await until(lambda: TETHER in pane.view.heads() and "USD " in pane.info.text())
        assert exchange.abroad.opened == 1
        assert desk.feed.cross.outside.name == "Outside (demo)", "it is no real price, and says so"
        chart = next(p for p in desk.panes if isinstance(p, ChartPane))
        pane.view.chosen.emit("USDT-ETH")
        await until(lambda: chart.market == "USDT-ETH")
        assert pane.view.current == "KRW-ETH"
        assert not exchange.violations
        pane_name = pane.objectName()
        desk.workspace.close_pane(pane)
        await until(lambda: not desk.feed.cross.is_wanted)
        await until(lambda: not exchange.abroad.subscribed)
        assert pane_name


async def test_terms_last_and_are_in_force_everywhere(qtbot: QtBot, tmp_path: Path) -> None:
    async with cross_desk(qtbot, tmp_path) as (desk, _, pane):
        pane.bar.size_chosen.emit(5e6)
        assert desk.feed.cross.terms.size_krw == desk.settings.terms.size_krw == 5e6
        assert pane.bar.size_button.text().startswith("5M")
        desk.feed.reset()
        assert desk.feed.cross.terms.size_krw == 5e6
    async with open_desk(qtbot, tmp_path, Source(None), name="cross") as desk:
        assert desk.feed.cross.terms == Terms(size_krw=5e6)


async def test_nothing_but_the_exchange_is_asked_until_it_is_chosen(qtbot: QtBot, tmp_path: Path) -> None:
    async with cross_desk(qtbot, tmp_path) as (desk, _, _pane):
        assert desk._reference(UPBIT) is None
        desk.choices.set_reference("binance", 1_390.0)
        assert desk._reference(UPBIT) == Reference(fx_krw=1_390.0)
        assert Reference().ws == BINANCE_WS
        assert desk.services is not None
        assert desk.services.survey.abroad is not None
        assert desk.services.survey.abroad.reference.ws.startswith("ws://127.0.0.1"), "the demo keeps to itself"
        desk.choices.set_reference("", 0.0)
        assert desk._reference(UPBIT) is None


async def test_an_alert_is_offered_on_the_row(qtbot: QtBot, tmp_path: Path) -> None:
    async with cross_desk(qtbot, tmp_path) as (desk, _, pane):
        pane.alert_wanted.emit("premium", "USDT-XRP")
        await until(lambda: desk.window.findChildren(AlertForm))  # it asks the keyring first
        (form,) = desk.window.findChildren(AlertForm)
        assert (form.subject.currentData(), form.market.text()) == (PREMIUM, "USDT-XRP")
        form._save()
        (rule,) = desk.feed.alerts.active()
        assert (rule.metric, rule.market) == (PREMIUM, "USDT-XRP")
        await until(lambda: "XRP" in desk.feed.cross.pinned)


@pytest.mark.parametrize(("metric", "value", "shown"), [(PREMIUM, 0.03, 3.0), (EDGE, 0.002, 0.2)])
def test_the_form_has_premium_and_edge_in_percent(qtbot: QtBot, metric: str, value: float, shown: float) -> None:
    index = MarketIndex([Market(f"{quote}-XRP", "엑스알피", "XRP") for quote in ("USDT", "KRW")])
    form = AlertForm(Rule("1", metric, "USDT-XRP", value=value), index, lambda _m: 2.0, is_new=True, has_webhook=False)
    qtbot.addWidget(form)
    saved: list[Rule] = []
    form.accepted_rule.connect(saved.append)
    assert form.value.value() == shown
    assert form.value.suffix() == " %"
    form._save()
    assert saved[0].metric == metric
    assert saved[0].value == pytest.approx(value)


@pytest.mark.parametrize(
    ("metric", "codes", "is_taken"),
    [
        (EDGE, ["USDT-A"], False),
        (EDGE, ["USDT-A", "BTC-A"], True),
        (PREMIUM, ["USDT-A", "BTC-A"], False),
        (PREMIUM, ["USDT-A", "KRW-A", "KRW-AB"], True),
        (PREMIUM, ["USDT-A", "KRW-AB"], False),
    ],
)
def test_an_alert_that_could_never_fire_is_not_taken(
    qtbot: QtBot, metric: str, codes: list[str], is_taken: bool
) -> None:
    index = MarketIndex([Market(code) for code in codes])
    form = AlertForm(Rule("1", metric, "USDT-A", value=0.01), index, lambda _m: 2.0, is_new=True, has_webhook=False)
    qtbot.addWidget(form)
    saved: list[Rule] = []
    form.accepted_rule.connect(saved.append)
    form._save()
    assert bool(saved) is is_taken
    assert bool(form.problem.text()) is not is_taken


@pytest.mark.usefixtures("raised_windows")
def test_the_settings_say_terms_and_outside_at_once(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = SettingsDialog({"config": tmp_path, "data": tmp_path, "log": tmp_path}, QWidget(), QWidget())
    qtbot.addWidget(dialog)
    terms: list[Terms] = []
    outside: list[tuple[str, float]] = []
    dialog.terms_chosen.connect(terms.append)
    dialog.reference_chosen.connect(lambda name, krw: outside.append((name, krw)))
    settings = Settings(terms=Terms(fee_btc=0.0005, stale_s=5.0), reference="binance", fx_krw=1_388.0)
    dialog.show_choices(settings, "en", "dark")
    dialog.open_page("cross")
    assert not terms, "what is shown is not chosen"
    assert not outside
    assert dialog.terms["fee_btc"].value() == 0.05
    assert dialog.fx.value() == 1_388.0
    dialog.terms["fee_usdt"].setValue(0.1)
    assert terms[-1].fee_usdt == pytest.approx(0.001)
    assert terms[-1].fee_btc == pytest.approx(0.0005)
    assert terms[-1].stale_s == 5.0
    dialog.fx.setValue(1_400.0)
    assert outside[-1] == ("binance", 1_400.0)
    box: QComboBox = dialog.reference
    box.setCurrentIndex(box.findData(""))
    box.activated.emit(box.currentIndex())
    assert outside[-1] == ("", 1_400.0)
