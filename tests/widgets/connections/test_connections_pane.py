"""The pane over a real desk on a real socket: what is carried, what is lost, what came back."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from core.state.audit import Mismatch
from core.state.coverage import Span
from tests.app.desk import live_desk, panes_of
from tests.waiting import until
from widgets.connections.pane import AGE, CHECKED, HOLES, NAME, RATE, RECONNECTS, STATE, ConnectionsPane


async def test_the_light_opens_it_and_it_tells_of_every_socket(qtbot: QtBot, tmp_path: Path) -> None:
    async with live_desk(qtbot, tmp_path, "scalping") as (desk, exchange):
        chart, *_ = panes_of(desk, "KRW-BTC")
        assert "Live" in chart.header.light.toolTip()
        QTest.mouseClick(chart.header.light, Qt.MouseButton.LeftButton)
        await until(lambda: "connections-1" in desk.workspace.panes)
        pane = desk.workspace.panes["connections-1"]
        assert isinstance(pane, ConnectionsPane)
        QTest.mouseClick(chart.header.light, Qt.MouseButton.LeftButton)
        assert len([p for p in desk.panes if p.kind == "connections"]) == 1  # the one there is

        tree = pane.tree
        await until(lambda: tree.topLevelItemCount() == len(desk.feed.health.links) >= 2)
        items = [tree.topLevelItem(n) for n in range(tree.topLevelItemCount())]
        assert sum("All markets" in i.text(NAME) for i in items if i is not None) == 1
        await until(lambda: pane.header.light.kind == "live")
        assert "All is well" in pane.summary.text()

        pane.filter.setText("krw-btc trade")
        (item,) = [i for i in items if i is not None and not i.isHidden()]
        await until(lambda: item.childCount() == 1 and item.child(0).text(RATE) != "")
        row = item.child(0)
        assert (row.text(NAME), row.text(STATE), row.text(HOLES)) == ("KRW-BTC trade", "Live", "0")
        assert row.text(AGE)

        health = desk.feed.health
        await until(lambda: "KRW-BTC" in health.ledgers)
        health.ledgers["KRW-BTC"].proven_at = desk.feed.now() - 3.0
        await until(lambda: row.text(CHECKED).endswith(" s"))  # how many: meanwhile it is checked again
        health.ledgers["KRW-BTC"].mismatches = health.verdicts["mismatch"] = 2
        health.ledgers["KRW-BTC"].found = Mismatch(Span(0, 60_000), 0.125)
        await until(lambda: row.text(CHECKED).endswith("(2)"))
        assert "0.12500000 between 09:00:00 and 09:01:00" in row.toolTip(CHECKED)
        assert "2 times the trades did not add up" in pane.summary.text()

        exchange.trouble.drop()
        await until(lambda: item.text(RECONNECTS) == "1")
        await until(lambda: pane.header.light.kind == "live")


async def test_it_keeps_its_filter(qtbot: QtBot, tmp_path: Path) -> None:
    async with live_desk(qtbot, tmp_path, "scalping") as (desk, _):
        pane = desk.workspace.add("connections")
        assert isinstance(pane, ConnectionsPane)
        pane.filter.setText("eth")
        kept = pane.save()
        other = desk.workspace.add("connections")
        assert isinstance(other, ConnectionsPane)
        other.restore(kept)
        assert other.filter.text() == "eth"
        assert not other.market
