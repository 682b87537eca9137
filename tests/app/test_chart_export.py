"""Charts leave the program: read back from what was written, and nothing half written is ever left."""

from __future__ import annotations

import asyncio
import csv
import errno
import resource
import signal
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QFileDialog, QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from app.chart_export import put, reason
from app.desk import Desk
from core.feed.endpoint import Endpoint
from core.feed.feed import Feed
from core.market import Interval
from tests.app.desk import Source, open_desk, panes_of
from tests.app.test_parquet import read
from tests.waiting import until
from tests.widgets.chart.bars import MARKET, rows
from widgets import theme
from widgets.chart import still as still_module
from widgets.chart.pane import ChartPane
from widgets.chart.still import HEAD_PX, Head, still
from widgets.frame import FrameClock


class Starting(Source):
    """The built-in exchange while it is starting: what was kept of its candles is on the screen already."""

    async def endpoint(self) -> Endpoint:
        await asyncio.Event().wait()
        raise AssertionError


def starting_desk(qtbot: QtBot, folder: Path) -> AbstractAsyncContextManager[Desk]:
    return open_desk(qtbot, folder, Starting(None))


async def chart_of(desk: Desk) -> ChartPane:
    """Return a chart with bars, in use."""
    chart, *_ = panes_of(desk, MARKET)
    desk.feed.store.candles(MARKET, Interval.M1).merge(rows(400))
    desk.frames.mark(chart)
    await until(lambda: chart.view.model.count == 400)
    chart.setFocus()
    desk.workspace._set_active(chart)
    return chart


async def save(desk: Desk, command: str, path: Path, *, kind: int = 0) -> str:
    """Run a command, type a path into its dialog as a user does, and return what the window said then."""
    said = len(desk.window.notices)
    desk.window.keymap.commands.run(command)  # type: ignore[attr-defined]
    await until(lambda: desk.window.findChildren(QFileDialog))
    (dialog,) = desk.window.findChildren(QFileDialog)
    if kind:
        dialog.selectNameFilter(dialog.nameFilters()[kind])
        dialog.filterSelected.emit(dialog.nameFilters()[kind])
    suggested = Path(dialog.selectedFiles()[0]).name
    assert "DEMO" in suggested
    assert "KRW-BTC_1m" in suggested
    line = dialog.findChild(QLineEdit)
    assert line is not None
    line.setText(str(path))
    box = dialog.findChild(QDialogButtonBox)
    assert box is not None
    QTest.mouseClick(box.button(QDialogButtonBox.StandardButton.Save), Qt.MouseButton.LeftButton)
    await until(lambda: len(desk.window.notices) > said)
    await until(lambda: not desk.window.findChildren(QFileDialog))
    return desk.window.notices[-1]


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


async def test_a_picture_a_table_and_a_parquet_file_are_read_back(
    qtbot: QtBot, tmp_path: Path, raised_windows: None
) -> None:
    async with starting_desk(qtbot, tmp_path) as desk:
        chart = await chart_of(desk)
        chart.add_study("sma")
        picture, text, packed = (tmp_path / name for name in ("chart.png", "bars.csv", "bars.parquet"))
        assert str(picture) in await save(desk, "chart.save_picture", picture)
        image = QImage(str(picture))
        assert (image.width(), image.height()) == (chart.view.width(), chart.view.height() + HEAD_PX)
        assert image.text("Source") == "DEMO"
        assert image.text("Title").startswith("KRW-BTC")
        await save(desk, "chart.save_all", text)
        with text.open(newline="", encoding="utf-8") as file:
            lines = list(csv.DictReader(file))
        assert len(lines) == 400
        assert {line["source"] for line in lines} == {"DEMO"}
        starts = chart.view.model.starts
        assert [int(line["time_ms"]) for line in lines[:100]] == starts[:100].tolist()
        assert float(lines[50]["sma_20"]) == chart.studies[0].value(0, 50)
        begin, end = chart.view.model.shown
        await save(desk, "chart.save_view", packed, kind=1)
        found, *_ = read(packed.read_bytes(), tmp_path)
        assert found["time_ms"] == starts[begin:end].tolist()
        assert set(found["source"]) == {"DEMO"}
        assert found["sma_20"] == [float(line["sma_20"]) for line in lines[begin:end]]
        assert {"bars.csv", "bars.parquet", "chart.png"} <= names(tmp_path)
        assert not any(name.endswith(".new") for name in names(tmp_path))


async def test_a_name_without_an_end_gets_that_of_the_kind_that_was_chosen(
    qtbot: QtBot, tmp_path: Path, raised_windows: None
) -> None:
    async with starting_desk(qtbot, tmp_path) as desk:
        await chart_of(desk)
        await save(desk, "chart.save_all", tmp_path / "mine", kind=1)
        assert (tmp_path / "mine.parquet").read_bytes()[:4] == b"PAR1"


async def test_a_folder_that_is_gone_is_said_and_nothing_breaks(
    qtbot: QtBot, tmp_path: Path, raised_windows: None
) -> None:
    async with starting_desk(qtbot, tmp_path) as desk:
        chart = await chart_of(desk)
        export = desk.window.keymap.export  # type: ignore[attr-defined]
        image = export._picture(chart)
        export._write(tmp_path / "gone" / "chart.png", lambda: [bytes(image.sizeInBytes())])
        await until(lambda: desk.window.notices)
        assert "the folder is not there any more" in desk.window.notices[-1]


async def test_a_picture_is_copied_by_its_keys_and_the_chart_is_as_before(qtbot: QtBot, tmp_path: Path) -> None:
    async with starting_desk(qtbot, tmp_path) as desk:
        chart = await chart_of(desk)
        QGuiApplication.clipboard().clear()
        QTest.keyClick(desk.window, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
        await until(lambda: not QGuiApplication.clipboard().image().isNull())
        image = QGuiApplication.clipboard().image()
        assert image.width() == chart.view.width()
        assert "KRW-BTC" in desk.window.statusBar().currentMessage()


async def test_the_commands_are_for_charts_alone(qtbot: QtBot, tmp_path: Path) -> None:
    async with starting_desk(qtbot, tmp_path) as desk:
        await chart_of(desk)
        ours = ("chart.copy_picture", "chart.save_picture", "chart.save_view", "chart.save_all")

        def enabled() -> set[bool]:
            return {c.is_enabled for c in desk.window.keymap.commands.all() if c.id in ours}  # type: ignore[attr-defined]

        assert enabled() == {True}
        book = panes_of(desk, "KRW-BTC")[1]
        desk.workspace._set_active(book)
        assert enabled() == {True}, "of the chart that is linked with it"
        desk.workspace.links.join(book, 0)
        assert enabled() == {False}


async def test_the_menu_of_a_chart_has_them(qtbot: QtBot, tmp_path: Path, raised_windows: None) -> None:
    async with starting_desk(qtbot, tmp_path) as desk:
        chart = await chart_of(desk)
        port, at = chart.view.viewport(), QPoint(100, 150)
        QApplication.sendEvent(port, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, port.mapToGlobal(at)))
        await until(lambda: chart.findChildren(QMenu, options=Qt.FindChildOption.FindDirectChildrenOnly))
        menus = chart.findChildren(QMenu, options=Qt.FindChildOption.FindDirectChildrenOnly)
        texts = [action.text() for menu in menus for action in menu.actions()]
        assert {"Copy a picture of the chart", "Save the bars in view as a table"} <= set(texts)
        for menu in menus:
            menu.close()


# The picture.


@pytest.fixture
def chart(qtbot: QtBot) -> Iterator[ChartPane]:
    frames = FrameClock()
    pane = ChartPane(Feed(lambda: 100.0), frames)
    qtbot.addWidget(pane)
    pane.resize(600, 400)
    pane.show()
    qtbot.waitExposed(pane)
    pane.feed.store.candles(MARKET, Interval.M1).merge(rows(400))
    pane.bind(MARKET)
    frames.flush(pane)
    yield pane
    pane.release()


HEAD = Head("KRW-BTC", "비트코인", "1m", "DEMO", "2026-11-26 13:00:00 KST")


def test_the_picture_is_the_chart_below_its_head_without_crosshair_and_button(chart: ChartPane) -> None:
    view = chart.view
    view.drag(700, 0, False)
    QTest.mouseMove(view.viewport(), QPoint(100, 100))
    QTest.mouseMove(view.viewport(), QPoint(200, 150))
    QApplication.processEvents()
    assert view.live_button.isVisible()
    assert view.painter.cursor is not None
    image = still(view, HEAD)
    assert view.painter.cursor is not None, "it is still on the screen"
    assert (image.width(), image.height()) == (view.width(), view.height() + HEAD_PX)
    QApplication.sendEvent(view, QEvent(QEvent.Type.Leave))
    view.live_button.hide()
    plain = view.viewport().grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    assert image.copy(0, HEAD_PX, view.width(), view.height()) == plain


def test_the_head_says_demo_and_nothing_else_on_a_market(chart: ChartPane) -> None:
    def badge(head: Head) -> bool:
        image = still(chart.view, head)
        return any(image.pixelColor(x, y) == theme.colors.badge for x in range(image.width()) for y in range(HEAD_PX))

    assert badge(HEAD)
    assert not badge(HEAD._replace(badge=""))
    for width in (160, 200, 300):
        chart.resize(width, 300)
        QApplication.processEvents()
        assert badge(HEAD), "however narrow it is"


def test_a_narrow_head_keeps_the_interval_and_shortens_the_moment(
    chart: ChartPane, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []

    class Listening(QPainter):
        def drawText(self, at: QPointF, text: str) -> None:  # type: ignore[override]
            written.append(text)
            super().drawText(at, text)

    monkeypatch.setattr(still_module, "QPainter", Listening)
    seen = {}
    for width in (600, 300, 170):
        chart.resize(width, 300)
        QApplication.processEvents()
        written.clear()
        still(chart.view, HEAD)
        seen[width] = set(written)
    assert seen[600] == {"KRW-BTC", "비트코인", "1m", "DEMO", "2026-11-26 13:00:00 KST"}
    assert seen[300] == {"KRW-BTC", "1m", "DEMO", "11-26 13:00 KST"}
    assert seen[170] == {"KRW-BTC", "1m", "DEMO"}


# Files.


def test_a_disk_that_takes_no_more_leaves_the_old_file_and_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "bars.csv"
    path.write_bytes(b"old")
    before, limits = signal.signal(signal.SIGXFSZ, signal.SIG_IGN), resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limits[1]))
    try:
        with pytest.raises(OSError) as caught:
            put(path, (b"x" * 50_000 for _ in range(10)))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, before)
    assert reason(caught.value) == "the disk is full."
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_table_that_breaks_half_way_leaves_nothing(tmp_path: Path) -> None:
    def parts() -> Iterator[bytes]:
        yield b"head"
        raise MemoryError

    with pytest.raises(MemoryError):
        put(tmp_path / "bars.csv", parts())
    assert list(tmp_path.iterdir()) == []


def test_a_folder_in_the_way_is_said(tmp_path: Path) -> None:
    with pytest.raises(OSError) as caught:
        put(tmp_path / "gone" / "bars.csv", [b"x"])
    assert reason(caught.value) == "the folder is not there any more."
    (tmp_path / "bars.csv").mkdir()
    with pytest.raises(OSError):
        put(tmp_path / "bars.csv", [b"x"])
    assert [p.name for p in tmp_path.iterdir()] == ["bars.csv"]
    with pytest.raises(OSError) as caught:
        put(tmp_path / ("x" * 300), [b"x"])
    assert reason(caught.value) == "the name is too long."


@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS, errno.EPERM])
def test_what_may_not_be_written_to_is_said_in_plain_words(number: int) -> None:
    assert "may not be written to" in reason(OSError(number, "x"))
    assert reason(OSError(errno.EIO, "Input/output error")) == "Input/output error"
