"""Indicators in the whole program: from the menus, live, kept with the desk, the user's own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPoint
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QMenu
from pytestqt.qtbot import QtBot

from app.commands import Commands, rows
from app.indicator_commands import add_indicator_commands
from app.workspace import Workspace
from core.calc.indicators import KINDS
from core.feed.feed import Feed
from core.state.flow import FREE_CALLS
from tests.app.desk import live_desk, panes_of
from tests.waiting import until
from widgets.chart import study_texts
from widgets.chart.pane import ChartPane
from widgets.controls.command_palette import CommandPalette
from widgets.frame import FrameClock


@pytest.mark.usefixtures("raised_windows")
async def test_a_right_click_on_a_bar_anchors_a_vwap_there(qtbot: QtBot, tmp_path: Path) -> None:
    async with live_desk(qtbot, tmp_path) as (desk, _):
        chart = panes_of(desk, "KRW-BTC")[0]
        assert isinstance(chart, ChartPane)
        await until(lambda: chart.view.model.count > 50)
        model, viewport = chart.view.model, chart.view.viewport()
        index = model.shown[0] + 2
        at = QPoint(round((index - model.x0) * model.px_per_bar), 60)
        start = int(model.starts[index])
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, viewport.mapToGlobal(at))
        QApplication.sendEvent(viewport, event)
        menu = next(m for m in chart.findChildren(QMenu) if m.isVisible())
        next(a for a in menu.actions() if "VWAP" in a.text()).trigger()
        menu.close()
        (study,) = chart.studies
        assert study.indicator.values == {"anchor_ms": start}
        assert np.isfinite(study.value(0, model.count - 1))


async def test_they_follow_the_market_and_are_there_after_a_restart(qtbot: QtBot, tmp_path: Path) -> None:
    async with live_desk(qtbot, tmp_path) as (desk, _):
        chart = panes_of(desk, "KRW-BTC")[0]
        assert isinstance(chart, ChartPane)
        await until(lambda: chart.view.model.count > 50)
        chart.add_study("ema", {"count": 33})
        desk.window.keymap.commands.run("indicator.rsi")  # type: ignore[attr-defined]
        first = chart.studies[0].value(0, chart.view.model.count - 1)
        await until(lambda: chart.studies[0].value(0, chart.view.model.count - 1) != first)
    async with live_desk(qtbot, tmp_path) as (desk, _):
        chart = panes_of(desk, "KRW-BTC")[0]
        assert isinstance(chart, ChartPane)
        assert [(s.kind, s.indicator.values["count"]) for s in chart.studies] == [("ema", 33), ("rsi", 14)]
        await until(lambda: chart.view.model.count > 50)
        assert np.isfinite(chart.studies[1].value(0, chart.view.model.count - 1))


@pytest.mark.usefixtures("raised_windows")
def test_the_palette_finds_each_by_its_short_name_and_nothing_else(qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    feed, frames = Feed(lambda: 0.0), FrameClock(window)
    workspace, commands, palette = Workspace(window, feed, frames), Commands(window), CommandPalette(window)
    commands.add("view.bars", "Save the bars in view", lambda: None)
    commands.add("draw.trend", "Draw a trend line", lambda: None)
    add_indicator_commands(commands, workspace)
    palette.open_over(window, rows(commands.all()))
    assert {r.id for r in palette._all if r.id.startswith("indicator.")} == {f"indicator.{kind}" for kind in KINDS}
    for kind in KINDS.keys() - {"volume_average", "vwap", "delta"}:  # of which there are two
        palette.search(study_texts.short(kind))
        assert palette.rows[0] == f"indicator.{kind}"
    palette.search("rsi")
    assert palette.rows == ["indicator.rsi"]
    palette.search("이동평균 sma")
    assert palette.rows == ["indicator.sma"]
    palette.close_popup()
    assert workspace.add("orderbook", "KRW-BTC") is not None
    commands.run("indicator.sma")  # which no book has
    chart = workspace.add("chart", "KRW-BTC")
    assert isinstance(chart, ChartPane)
    commands.run("indicator.sma")
    assert [s.kind for s in chart.studies] == ["sma"]
    book = workspace.add("orderbook", "KRW-BTC", group=2)
    commands.run("indicator.ema")  # its group has no chart
    assert [s.kind for s in chart.studies] == ["sma"]
    workspace.links.join(chart, 2)
    assert workspace.active is book
    assert workspace.chart is chart
    commands.run("indicator.ema")
    assert [s.kind for s in chart.studies] == ["sma", "ema"]
    assert workspace.add("chart", "KRW-BTC", group=2) is workspace.chart
    workspace._set_active(book)
    assert workspace.chart is None, "it would be anyone's guess which"
    chart.open_indicators()
    assert chart.menu.isVisible()
    chart.menu.close()
    workspace.close()
    frames.stop()


async def test_a_file_of_ones_own_that_fails_is_told_and_the_desk_goes_on(qtbot: QtBot, tmp_path: Path) -> None:
    async with live_desk(qtbot, tmp_path) as (desk, _):
        folder = desk.own_indicators.folder
        folder.mkdir(parents=True)
        (folder / "mine.py").write_text("def indicator(bars):\n    return bars.high\n")
        (folder / "bad.py").write_text("import nowhere_to_be_found\n")
        chart = panes_of(desk, "KRW-BTC")[0]
        assert isinstance(chart, ChartPane)
        chart.menu.reload_wanted.emit()
        await until(lambda: "own:mine" in desk.own_indicators.kinds)
        assert any("bad.py:1" in text for text in desk.window.notices)
        chart.add_study("own:mine")
        model = chart.view.model
        await until(lambda: model.count > 50 and np.isfinite(chart.studies[0].value(0, 10)))
        assert chart.studies[0].value(0, 10) == model.rows[10, 1]


async def test_deltas_load_their_trades_unasked_and_these_add_up_to_the_bars(qtbot: QtBot, tmp_path: Path) -> None:
    async with live_desk(qtbot, tmp_path) as (desk, exchange):
        chart = panes_of(desk, "KRW-BTC")[0]
        assert isinstance(chart, ChartPane)
        model = chart.view.model
        await until(lambda: model.count > 50)
        before = exchange.rest_requests["crix-trades"]
        chart.add_study("cvd")
        chart.add_study("volume_profile")
        await until(lambda: model.flows.flow is not None and model.flows.flow.load is not None)
        flow = model.flows.flow
        assert flow is not None
        await until(lambda: flow.load is None)

        def closed() -> NDArray[np.intp]:
            return np.flatnonzero(model.flows.known(0, model.count - 1))

        # The calls reach two to three minutes back: by the second of the minute that is one closed bar or two.
        await until(lambda: len(closed()) > 0)

        def adds_up() -> bool:
            flows, known = model.bars.flows, closed()
            assert flows is not None
            return np.allclose(flows[known].sum(axis=1), model.rows[known, 4], rtol=1e-9, atol=0.0)

        await until(adds_up)  # a bar that just closed may be ahead of its trades until the next frame
        assert np.isfinite(chart.studies[0].value(0, int(closed()[-1])))
        assert 0 <= flow.free_calls < FREE_CALLS
        joins = 4 * 10  # of the four markets' tapes, at the very most
        assert exchange.rest_requests["crix-trades"] - before <= FREE_CALLS + joins

        def is_whole() -> bool:
            profile, (begin, end) = chart.studies[1].profile, model.shown
            assert profile is not None
            total = float(model.rows[begin:end, 4].sum())
            return profile.exact > 0 and profile.total.sum() == pytest.approx(total, rel=1e-6)

        await until(is_whole)  # the last bar moves before the frame that shows it
