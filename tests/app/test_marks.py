"""A price that is pressed in one pane is marked in book, tape and chart together, and copied."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.app.desk import live_desk, panes_of
from tests.waiting import until
from widgets.controls.flash import Flash
from widgets.orderbook.view import LadderView


def price_of(view: LadderView, line: int) -> float:
    cell = view.cells[line]
    assert cell is not None
    return cell.price_value


async def test_a_press_marks_in_all_panes_of_the_group_and_copies(qtbot: QtBot, tmp_path: Path) -> None:
    async with live_desk(qtbot, tmp_path, "scalping") as (desk, _):
        chart, book, tape = panes_of(desk, "KRW-BTC")
        other = desk.workspace.add("orderbook", "KRW-ETH")
        assert other is not None
        view = book.view
        line = next(i for i, cell in enumerate(view.cells) if cell is not None)
        price = price_of(view, line)
        at = QPoint(view.columns.size + 20, view.line_rect(line).center().y())
        QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=at)
        assert chart.marked == book.marked == tape.marked == price
        assert chart.view.painter.marks.marked == view.marked == tape.view.marked == price
        assert other.marked is None, "it shows another market"
        assert QGuiApplication.clipboard().text() == f"{price:.0f}", "as an order form takes it"
        flash = book.content.findChild(Flash, "flash")
        assert isinstance(flash, Flash)
        assert flash.text == f"Copied {price:,.0f}"
        assert flash.isVisible()
        await until(lambda: not flash.isVisible())
        QTest.keyClick(chart.view, Qt.Key.Key_Escape)
        assert chart.marked is book.marked is tape.marked is None


async def test_the_mark_moves_in_no_book_of_another_market(qtbot: QtBot, tmp_path: Path) -> None:
    async with live_desk(qtbot, tmp_path, "scalping") as (desk, _):
        chart, book, tape = panes_of(desk, "KRW-BTC")
        commands = desk.window.keymap.commands  # type: ignore[attr-defined]
        other = desk.workspace.add("chart", "KRW-ETH")
        assert other is not None
        other.setFocus()
        await until(lambda: desk.workspace.active is other)
        assert other.group == 0
        commands.run("book.mark.up")
        commands.run("book.layout")
        assert (book.marked, other.marked) == (None, None)
        assert book.is_dom, "how it looks is another matter"
        desk.workspace.links.join(other, book.group, "lead")  # it leads, and keeps its market
        commands.run("book.mark.up")
        assert (book.marked, other.marked) == (None, None)
        chart.setFocus()
        await until(lambda: desk.workspace.active is chart)
        commands.run("book.mark.up")
        assert chart.marked == book.marked == tape.marked is not None
        assert other.marked is None


async def test_commands_move_the_mark_the_layout_and_the_grouping(qtbot: QtBot, tmp_path: Path) -> None:
    async with live_desk(qtbot, tmp_path, "scalping") as (desk, _):
        chart, book, tape = panes_of(desk, "KRW-BTC")
        commands = desk.window.keymap.commands  # type: ignore[attr-defined]
        chart.setFocus()
        await until(lambda: desk.workspace.active is chart)
        commands.run("book.mark.up")
        best = book.marked
        assert best is not None
        assert chart.marked == tape.marked == best
        commands.run("book.layout")
        assert book.is_dom
        assert book.dom_view.marked == best, "the other layout shows it as well"
        commands.run("book.mark.up")
        assert book.marked == best + 1_000, "the next step, whether something rests there or not"
        commands.run("book.mark.down")
        commands.run("book.mark.down")
        assert chart.marked == best - 1_000
        commands.run("book.mark.drop")
        assert chart.marked is None
        await until(lambda: len(book.levels()) > 1)
        commands.run("book.coarser")
        level = book.level
        assert level == book.levels()[1]
        await until(lambda: book.has_data() and book.dom_view.dom.axis.group == level)
        book.dom_view.scroll_lines(50)
        assert not book.dom_view.is_centred
        commands.run("book.centre")
        assert book.dom_view.is_centred
        commands.run("book.finer")
        assert book.level == 0.0
        commands.run("book.layout")
        assert not book.is_dom
        assert book.view.isVisible()
        assert not book.dom_view.isVisible()
