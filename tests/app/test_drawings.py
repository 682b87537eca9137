"""Drawings in the program: keys, every chart of a symbol, the file and what becomes of one that cannot be used."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from app.desk import Desk
from app.drawing_file import DrawingFile, encode
from core.sim.exchange import Exchange
from core.state.drawings import VERSION, Anchor, Drawing, Kept
from tests.app.desk import FAST, Source, is_live, open_desk, panes_of
from tests.conftest import ExpectLog
from tests.waiting import until
from widgets.chart.pane import ChartPane

BTC = "KRW-BTC"
LEFT = Qt.MouseButton.LeftButton


def level(number: int = 1, price: float = 100.0) -> Drawing:
    return Drawing(number, "horizontal", (Anchor(1_780_000_000_000, price),))


@asynccontextmanager
async def charted_desk(qtbot: QtBot, folder: Path) -> AsyncIterator[tuple[Desk, ChartPane]]:
    """Open the default desk on an exchange of its own; the keyboard is with the chart of the first symbol."""
    async with Exchange(seed=1, markets=20, rate=FAST) as exchange, open_desk(qtbot, folder, Source(exchange)) as desk:
        chart, *_ = panes_of(desk, BTC)
        await until(lambda: is_live(*desk.panes), 30)
        desk.window.activateWindow()
        chart.view.setFocus()
        await until(chart.view.hasFocus)
        yield desk, chart


def drag(pane: ChartPane, begin: tuple[float, float], end: tuple[float, float]) -> None:
    """Drag between two places of the plot, as shares of its size."""
    port, plot = pane.view.viewport(), pane.view.painter.canvas.plot_rect
    first, last = (QPoint(round(x * plot.width()), round(y * plot.height())) for x, y in (begin, end))
    QTest.mousePress(port, LEFT, pos=first)
    for share in (0.3, 0.6, 1.0):
        QTest.mouseMove(port, first + (last - first) * share)
    QTest.mouseRelease(port, LEFT, pos=last)


def press(pane: ChartPane, keys: str) -> None:
    QTest.keySequence(pane.view, QKeySequence(keys))


async def test_keys_draw_on_the_chart_in_use_and_every_chart_of_the_symbol_shows_it(
    qtbot: QtBot, tmp_path: Path
) -> None:
    kept = tmp_path / "drawings-demo.json"
    async with charted_desk(qtbot, tmp_path) as (desk, chart):
        press(chart, "Alt+T")
        assert chart.view.hand.tool == "trend"
        drag(chart, (0.3, 0.6), (0.6, 0.3))
        (made,) = desk.feed.drawings.sheet(BTC).drawings
        assert made.kind == "trend"
        desk.workspace.duplicate(chart)
        await until(lambda: len(charts_of(desk)) == 2)
        other = next(p for p in charts_of(desk) if p is not chart)
        await until(lambda: other.view.painter.drawings.all == (made,))
        chart.view.setFocus()
        await until(lambda: desk.workspace.active is chart)
        press(chart, "Ctrl+Z")
        await until(lambda: other.view.painter.drawings.all == ())
        press(chart, "Ctrl+Shift+Z")
        await until(lambda: other.view.painter.drawings.all == (made,))
        await until(lambda: kept.is_file() and b"trend" in kept.read_bytes())
    async with open_desk(qtbot, tmp_path, Source(None)) as desk:
        assert desk.feed.drawings.sheet(BTC).drawings == (made,), "before the exchange has said a word"
        assert not (tmp_path / "drawings.json").exists(), "the demo's are none of the market's"


def charts_of(desk: Desk) -> list[ChartPane]:
    return [p for p in desk.panes if isinstance(p, ChartPane) and p.market == BTC]


async def test_a_line_of_text_keeps_its_keys(qtbot: QtBot, tmp_path: Path) -> None:
    async with charted_desk(qtbot, tmp_path) as (desk, chart):
        press(chart, "Alt+Shift+T")
        plot = chart.view.painter.canvas.plot_rect
        QTest.mouseClick(chart.view.viewport(), LEFT, pos=plot.center().toPoint())
        line = QApplication.focusWidget()
        assert isinstance(line, QLineEdit)
        QTest.keyClicks(line, "btc 15")
        QTest.keySequence(line, QKeySequence("Ctrl+Z"))
        QTest.keySequence(line, QKeySequence("Ctrl+Shift+Z"))
        assert not desk.picking.picker.isVisible()
        assert chart.interval.value == "1m"
        assert line.text() == "btc 15"
        QTest.keyClick(line, Qt.Key.Key_Return)
        assert [d.text for d in desk.feed.drawings.sheet(BTC).drawings] == ["btc 15"]
        await until(chart.view.hasFocus)


async def test_a_change_while_the_disk_says_no_is_written_with_the_next(
    qtbot: QtBot, tmp_path: Path, expected_log: ExpectLog
) -> None:
    file = tmp_path / "drawings-demo.json"
    expected_log("the desk could not be written")
    async with open_desk(qtbot, tmp_path, Source(None)) as desk:
        blocked = tmp_path / "drawings-demo.json.new"
        blocked.mkdir()
        desk.feed.drawings.sheet(BTC).put(level())
        await until(lambda: any("cannot be saved" in text for text in desk.window.notices))
        blocked.rmdir()
        desk.feed.drawings.sheet(BTC).put(level(2))
        await until(file.is_file)
        assert len(DrawingFile(file).read().markets[BTC]) == 2


async def test_what_was_drawn_last_is_kept_when_the_program_ends(qtbot: QtBot, tmp_path: Path) -> None:
    async with open_desk(qtbot, tmp_path, Source(None)) as desk:
        desk.feed.drawings.sheet(BTC).put(level())
        desk.feed.drawings.is_magnet = True
    kept = DrawingFile(tmp_path / "drawings-demo.json").read()
    assert (kept.markets, kept.is_magnet) == ({BTC: (level(),)}, True)


async def test_drawings_that_cannot_be_read_are_said(qtbot: QtBot, tmp_path: Path, expected_log: ExpectLog) -> None:
    (tmp_path / "drawings-demo.json").write_text("{")
    expected_log("the drawings could not be read")
    async with open_desk(qtbot, tmp_path, Source(None)) as desk:
        await asyncio.sleep(0)
        assert any("drawings could not be read" in text for text in desk.window.notices)
    assert (tmp_path / "drawings-demo.unreadable.json").read_text() == "{"


# The file.


def test_a_file_that_cannot_be_used_is_kept_aside(tmp_path: Path, expected_log: ExpectLog) -> None:
    file = DrawingFile(tmp_path / "drawings.json")
    assert file.read() == Kept()
    kept = Kept(is_magnet=True, markets={BTC: (level(), level(2))})
    file.write(encode(kept))
    assert file.read() == kept
    for damaged in (b"{", f'{{"version": {VERSION + 1}}}'.encode(), b"\xff", b"[" * 99_999, b'{"markets": [1]}'):
        file.path.write_bytes(damaged)
        expected_log("the drawings could not be read")
        assert file.read() == Kept()
        assert file.kept_aside is not None
        assert file.kept_aside.read_bytes() == damaged
        assert not file.path.exists()


@pytest.mark.parametrize("damage", [(b'"id":2', b'"id":"b"'), (b"horizontal", b"spiral"), (b"100.0", b"1e999")])
def test_a_damaged_drawing_costs_no_other_and_the_file_is_kept(
    tmp_path: Path, expected_log: ExpectLog, damage: tuple[bytes, bytes]
) -> None:
    file = DrawingFile(tmp_path / "drawings.json")
    good = Drawing(1, "text", (Anchor(5, 7.0),), text="note")
    data = encode(Kept(markets={BTC: (good, level(2))})).replace(*damage)
    file.path.write_bytes(data)
    expected_log("some drawings could not be read")
    assert file.read().markets == {BTC: (good,)}
    assert file.kept_aside is not None
    assert file.kept_aside.read_bytes() == data


def test_each_file_that_cannot_be_used_is_kept_and_each_once(tmp_path: Path, expected_log: ExpectLog) -> None:
    path = tmp_path / "drawings.json"
    expected_log("drawings could not be read")
    part = encode(Kept(markets={BTC: (level(),)})).replace(b"horizontal", b"spiral")
    for data in (b"{", part, b"[", part, b"{"):
        path.write_bytes(data)
        file = DrawingFile(path)
        file.read()
        assert file.kept_aside is not None
        assert file.kept_aside.read_bytes() == data
    kept = [aside.read_bytes() for aside in tmp_path.glob("*.unreadable.json")]
    assert sorted(kept) == sorted([b"{", part, b"["])


def test_one_that_cannot_be_read_just_now_stays_where_it_is(
    tmp_path: Path, expected_log: ExpectLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "drawings.json"
    kept = Kept(markets={BTC: (level(),)})
    path.write_bytes(encode(kept))

    def refuse(self: Path) -> bytes:
        raise OSError(5, "Input/output error")

    expected_log("the drawings could not be read: .*Input/output error")
    with monkeypatch.context() as context:
        context.setattr(Path, "read_bytes", refuse)
        file = DrawingFile(path)
        assert file.read() == Kept()
    assert (file.kept_aside, file.is_lost) == (None, True)
    with pytest.raises(OSError, match="neither read nor moved"):
        file.write(encode(Kept()))
    assert DrawingFile(path).read() == kept


def test_one_that_cannot_be_moved_is_never_written_over(
    tmp_path: Path, expected_log: ExpectLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = DrawingFile(tmp_path / "drawings.json")
    file.path.write_bytes(b"{")

    def refuse(self: Path, target: Path) -> Path:
        raise PermissionError("no")

    monkeypatch.setattr(Path, "replace", refuse)
    expected_log("the drawings could not be read")
    expected_log("and that failed")
    assert file.read() == Kept()
    assert file.is_lost
    with pytest.raises(OSError, match="neither read nor moved"):
        file.write(msgspec.json.encode(Kept()))
    assert file.path.read_bytes() == b"{"
