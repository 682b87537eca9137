"""The whole program over a real socket: it starts, changes symbols, loses its exchange and finds it again."""

from __future__ import annotations

import asyncio
import json
import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.exchange import BuiltInExchange
from core.feed.endpoint import Endpoint
from core.market import ORDERBOOK, TRADE, Stream
from core.sim.exchange import Exchange
from core.wire import rest
from tests.app.desk import FAST, Source, change_by_typing, is_live, live_desk, markets_of, open_desk, panes_of
from tests.conftest import ExpectLog
from tests.waiting import until
from widgets import format as fmt
from widgets import zone
from widgets.chart.pane import ChartPane
from widgets.chart.zone_corner import zone_text
from widgets.pane import Pane

DEFAULT_MARKETS = ["KRW-BTC", "KRW-ETH", "KRW-XRP", "KRW-ADA"]


def says_demo(pane: Pane) -> bool:
    """Tell whether the header of `pane` wears the badge."""
    return any(w.accessibleName() == "DEMO" and w.isVisible() for w in pane.header.findChildren(QWidget))


async def test_four_charts_with_book_and_tape_are_live(qtbot: QtBot, tmp_path: Path) -> None:
    async with live_desk(qtbot, tmp_path) as (desk, exchange):
        assert markets_of(desk) == DEFAULT_MARKETS
        focus = desk.window.focusWidget()  # Space must not press the light or a button of the menu bar
        assert focus is not None
        assert desk.workspace.active is desk.panes[0]
        assert desk.panes[0].isAncestorOf(focus) or focus is desk.panes[0]
        for market in DEFAULT_MARKETS:
            chart, book, tape = panes_of(desk, market)
            await until(lambda model=chart.view.model: len(model.starts) > 100)
            assert len(book.view.book.asks) == len(book.view.book.bids) == 30
            await until(lambda tape=tape: len(tape.view.rows) > 5)
        assert exchange.opened <= 5  # the board, and a few for twelve panes
        assert not exchange.violations


async def test_every_price_of_a_demo_says_that_it_is_one(qtbot: QtBot, tmp_path: Path) -> None:
    async with live_desk(qtbot, tmp_path) as (desk, _):
        assert "DEMO" in desk.window.windowTitle()
        for pane in desk.panes:
            assert says_demo(pane)


async def test_a_symbol_is_changed_by_typing_in_the_whole_group_and_nowhere_else(qtbot: QtBot, tmp_path: Path) -> None:
    async with live_desk(qtbot, tmp_path) as (desk, exchange):
        chart, book, tape = panes_of(desk, "KRW-BTC")
        opened = exchange.opened
        await change_by_typing(desk, book, "doge")
        assert markets_of(desk) == ["KRW-DOGE", *DEFAULT_MARKETS[1:]]
        assert {p.market for p in (chart, book, tape)} == {"KRW-DOGE"}
        await until(lambda: is_live(chart, book, tape))
        assert chart.view.model.market == "KRW-DOGE"
        assert exchange.opened == opened
        wanted = {Stream(c, "KRW-DOGE") for c in (ORDERBOOK, TRADE)}
        assert any(wanted <= said for said in exchange.subscribed)


async def test_what_was_chosen_is_there_at_the_next_start(qtbot: QtBot, tmp_path: Path) -> None:
    async with live_desk(qtbot, tmp_path) as (desk, _):
        await change_by_typing(desk, panes_of(desk, "KRW-XRP")[0], "sol")
        desk.choices.set_theme("light")
    async with open_desk(qtbot, tmp_path, Source(None)) as desk:
        assert markets_of(desk) == ["KRW-BTC", "KRW-ETH", "KRW-SOL", "KRW-ADA"]
        assert desk.settings.theme == "light"


async def test_escape_leaves_the_symbol(qtbot: QtBot, tmp_path: Path) -> None:
    async with live_desk(qtbot, tmp_path) as (desk, _):
        chart, *_ = panes_of(desk, "KRW-ETH")
        QTest.keyClick(chart.view, Qt.Key.Key_X)
        await until(desk.picking.picker.isVisible)
        QTest.keyClick(desk.picking.picker.findChild(type(desk.picking.picker._line)), Qt.Key.Key_Escape)
        await until(lambda: not desk.picking.picker.isVisible())
        assert chart.market == "KRW-ETH"


async def test_an_exchange_that_goes_is_said_on_every_pane_and_comes_back_by_itself(
    qtbot: QtBot, tmp_path: Path
) -> None:
    exchange = Exchange(seed=1, markets=20, rate=FAST)
    await exchange.start()
    port = exchange.port
    async with open_desk(qtbot, tmp_path, Source(exchange)) as desk:
        await until(lambda: is_live(*desk.panes))
        tape = desk.feed.store.tape("KRW-BTC")
        await exchange.stop()
        await until(lambda: all(p.overlay.kind == "stale" for p in desk.panes))
        assert {p.header.light.kind for p in desk.panes} == {"offline"}
        assert all(p.has_data() for p in desk.panes)  # the last that was known stays in sight
        left = tape.latest(1)[0]
        # The same seed is the same market: it has traded on meanwhile.
        exchange = Exchange(seed=1, markets=20, rate=FAST, port=port)
        await exchange.start()
        try:
            await until(lambda: is_live(*desk.panes))
            assert {p.overlay.kind for p in desk.panes} == {"none"}
            await until(lambda: tape.is_joined and tape.latest(1)[0].time_ms > left.time_ms)
            http = desk.services.http  # type: ignore[union-attr]
            truth = await http.get(rest.ticks("KRW-BTC", count=500))
            known = {t.id for t in tape.latest(10_000)}
            newest = tape.latest(1)[0].time_ms
            missed = [t for t in truth if left.time_ms < t.time_ms <= newest and t.id not in known]
            assert not missed
            assert not tape.holes
        finally:
            await desk.close()
            await exchange.stop()


async def test_without_an_exchange_the_window_opens_and_offers_both_ways_on(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Exchange(seed=1, markets=20) as gone:
        nobody = Endpoint(gone.ws_url, gone.rest_url, is_real=True)
    monkeypatch.setattr("app.desk.UPBIT", nobody)
    async with Exchange(seed=1, markets=20, rate=FAST) as exchange:
        monkeypatch.setattr("app.desk.BuiltInExchange", lambda: Source(exchange))
        async with open_desk(qtbot, tmp_path, None) as desk:
            await until(lambda: all(p.overlay.kind == "offline" for p in desk.panes))
            assert not any(says_demo(p) for p in desk.panes)
            assert desk.window.windowTitle() == "Four charts · Hoga"
            overlay = desk.panes[0].overlay  # a chart has room for the ways on
            assert "Upbit" in overlay.title + overlay.text
            retry, demo = [b for b in overlay.findChildren(QPushButton) if b.isVisible()]
            assert (retry.text(), demo.text()) == ("Retry", "Open the demo exchange")
            QTest.mouseClick(demo, Qt.MouseButton.LeftButton)
            await until(lambda: is_live(*desk.panes))
            assert all(says_demo(p) for p in desk.panes)
            assert "DEMO" in desk.window.windowTitle()


async def test_a_built_in_exchange_that_does_not_start_is_said(qtbot: QtBot, tmp_path: Path) -> None:
    async with open_desk(qtbot, tmp_path, Source(None)) as desk:
        labels = desk.window.statusBar().findChildren(QLabel)
        await until(lambda: any("did not start" in x.text() for x in labels))


async def test_language_and_theme_change_at_once(qtbot: QtBot, tmp_path: Path) -> None:
    async with live_desk(qtbot, tmp_path) as (desk, _):
        desk.choices.set_lang("ko")
        await asyncio.sleep(0)
        chart, *_ = panes_of(desk, "KRW-BTC")
        await until(lambda: "비트코인" in chart.accessibleName())
        assert "데모" in desk.window.windowTitle() or "모의" in desk.window.windowTitle()
        desk.choices.set_theme("light")
        desk.choices.set_updown("western")
    kept = json.loads((tmp_path / "settings.json").read_text())
    assert (kept["lang"], kept["theme"], kept["updown"]) == ("ko", "light", "western")


async def test_a_click_into_the_corner_of_a_chart_shows_times_of_the_other_zone(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zone, "LOCAL", zone.Zone(timezone(timedelta(hours=-3))))
    try:
        async with live_desk(qtbot, tmp_path) as (desk, _):
            chart, *_ = panes_of(desk, "KRW-BTC")
            assert isinstance(chart, ChartPane)
            assert zone_text(chart.view.model) == "KST"
            corner = chart.view.viewport().rect().bottomRight() - QPoint(8, 8)
            QTest.mouseClick(chart.view.viewport(), Qt.MouseButton.LeftButton, pos=corner)
            assert {zone_text(p.view.model) for p in desk.panes if isinstance(p, ChartPane)} == {"UTC-3"}
            moment = 1_780_000_000_000
            assert fmt.clock(moment) == datetime.fromtimestamp(moment / 1_000 - 3 * 3_600, UTC).strftime("%H:%M:%S")
        assert json.loads((tmp_path / "settings.json").read_text())["zone"] == "local"
        async with live_desk(qtbot, tmp_path) as (desk, _):
            desk.choices.change_zone()
            assert zone.shown is zone.KST
    finally:
        zone.use("kst")


async def test_settings_that_cannot_be_read_are_kept_and_said(
    qtbot: QtBot, tmp_path: Path, expected_log: ExpectLog
) -> None:
    (tmp_path / "settings.json").write_text("{")
    expected_log("WARNING app.settings: settings could not be read")
    async with open_desk(qtbot, tmp_path, Source(None)) as desk:
        assert any("settings.unreadable.json" in text for text in desk.window.notices)
        (button,) = [b for b in desk.window.statusBar().findChildren(QPushButton) if b.isVisible()]
        assert "The settings could not be read" in button.text()


async def test_a_built_in_exchange_that_was_killed_is_started_again(
    qtbot: QtBot, tmp_path: Path, expected_log: ExpectLog
) -> None:
    expected_log("WARNING app.desk: the built-in exchange ended; starting it again")
    exchange = BuiltInExchange("--markets", "20")
    async with open_desk(qtbot, tmp_path, exchange) as desk:
        await until(lambda: is_live(*desk.panes))
        exchange._process.kill()
        await until(lambda: not any(is_live(p) for p in desk.panes))
        await until(lambda: is_live(*desk.panes))


async def test_closing_does_not_start_the_built_in_exchange_again(qtbot: QtBot, tmp_path: Path) -> None:
    exchange = BuiltInExchange("--markets", "20")
    async with open_desk(qtbot, tmp_path, exchange) as desk:
        await until(lambda: is_live(*desk.panes))
        process = exchange._process
        await desk.close()
        assert exchange.has_died
        desk._show_links()  # a link hears of the end before it is closed itself
        assert exchange._process is process
        assert not desk._tasks


async def test_a_demo_that_does_not_start_leaves_real_prices_unmarked_and_can_be_tried_again(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Exchange(seed=1, markets=20, rate=FAST) as exchange, Exchange(seed=2, markets=20, rate=FAST) as demo:
        monkeypatch.setattr("app.desk.UPBIT", Endpoint(exchange.ws_url, exchange.rest_url, is_real=True))
        sources = [Source(None), Source(demo)]
        monkeypatch.setattr("app.desk.BuiltInExchange", lambda: sources.pop(0))
        async with open_desk(qtbot, tmp_path, None) as desk:
            await until(lambda: is_live(*desk.panes))
            labels = desk.window.statusBar().findChildren(QLabel)
            desk.open_demo()
            await until(lambda: any("did not start" in x.text() for x in labels))
            made = desk.workspace.add("chart", "KRW-BTC")
            assert made is not None
            assert not any(says_demo(p) for p in desk.panes)
            assert "DEMO" not in desk.window.windowTitle()
            assert not desk.is_demo
            old = panes_of(desk, "KRW-ETH")[1].view.book
            assert old.asks
            shown: list[bool] = []
            serve = desk._serve

            def watch(endpoint: Endpoint) -> None:
                serve(endpoint)
                shown.append(any(p.has_data() for p in desk.panes))
                shown.append(panes_of(desk, "KRW-ETH")[1].view.book is old)

            desk._serve = watch  # type: ignore[method-assign]
            desk.open_demo()
            await until(lambda: bool(shown))
            assert shown == [False, False], "real prices stood under the badge of the demo"
            await until(lambda: is_live(*desk.panes))
            assert all(says_demo(p) for p in desk.panes)


async def test_a_desk_that_is_being_written_does_not_come_back_after_it_was_renamed_or_left(
    qtbot: QtBot, tmp_path: Path
) -> None:
    gate, began = threading.Event(), threading.Event()
    async with open_desk(qtbot, tmp_path, Source(None)) as desk:
        await until(lambda: desk.keeper._writing is None and desk.keeper._kept is not None)
        write, name = desk.keeper.files.write, desk.keeper.name

        def slow(name: str, data: bytes) -> None:
            if threading.current_thread() is not threading.main_thread():
                began.set()
                gate.wait(5.0)
            write(name, data)

        desk.keeper.files.write = slow  # type: ignore[method-assign]
        desk.workspace.lock(True)
        desk.keeper.save()
        await until(began.is_set)
        asyncio.get_running_loop().run_in_executor(None, lambda: (began.wait(), gate.set()))
        desk.keeper.rename("other")
        await until(lambda: desk.keeper._writing is None)
        assert desk.keeper.files.names() == ["other"]
        assert name != "other"
        record = desk.keeper.files.read("other")
        assert record is not None
        assert record.is_locked


async def test_a_new_desk_does_not_change_which_one_a_key_opens(qtbot: QtBot, tmp_path: Path) -> None:
    async with open_desk(qtbot, tmp_path, Source(None), name="scalping") as desk:
        keymap, menu = desk.window.keymap, desk.window.menus["desk"]  # type: ignore[attr-defined]
        desk.keeper.rename("zeta")
        desk.keeper.new("scalping", "alpha & beta")
        assert desk.keeper.names() == ["zeta", "alpha & beta"]
        keymap.commands.run("desk.open.1")
        assert desk.keeper.name == "zeta"
        desk.keeper.rename("eta")
        menu.aboutToShow.emit()
        assert [a.text() for a in menu.actions()[:2]] == ["eta\tCtrl+1", "alpha && beta\tCtrl+2"]
        menu.aboutToHide.emit()
    async with open_desk(qtbot, tmp_path, Source(None)) as desk:
        assert desk.keeper.names() == ["eta", "alpha & beta"]
        desk.keeper.delete()
        assert (desk.keeper.name, desk.keeper.names()) == ("alpha & beta", ["alpha & beta"])


async def test_settings_that_could_not_be_written_are_said_and_tried_again(
    qtbot: QtBot, tmp_path: Path, expected_log: ExpectLog
) -> None:
    async with open_desk(qtbot, tmp_path, Source(None)) as desk:
        await until(lambda: desk.keeper._writing is None and desk.keeper._kept is not None)
        path = desk.keeper._file.path
        path.unlink(missing_ok=True)
        path.mkdir()
        expected_log("could not be written")
        desk.choices.set_theme("light")
        await until(lambda: any("cannot be saved" in text for text in desk.window.notices))
        path.rmdir()
        await until(path.is_file)
        await until(lambda: json.loads(path.read_bytes())["theme"] == "light")


async def test_a_pane_that_goes_takes_what_was_typed_for_it_along(qtbot: QtBot, tmp_path: Path) -> None:
    async with live_desk(qtbot, tmp_path) as (desk, _):
        chart, *_rest = panes_of(desk, "KRW-BTC")
        QTest.keyClick(chart.view, Qt.Key.Key_X)
        await until(desk.picking.picker.isVisible)
        desk.workspace.close_pane(chart)
        assert not desk.picking.picker.isVisible()
        other = panes_of(desk, "KRW-ETH")[0]
        QTest.keyClick(other.view, Qt.Key.Key_1)
        await until(desk.picking.interval_entry.isVisible)
        desk.keeper.new("scalping")
        assert not desk.picking.interval_entry.isVisible()


async def test_the_connections_do_not_step_through_markets(qtbot: QtBot, tmp_path: Path) -> None:
    async with live_desk(qtbot, tmp_path) as (desk, _):
        pane = desk.workspace.add("connections")
        assert pane is not None
        desk.picking._step(pane, 1)
        assert pane.market == ""
        assert desk.panes[0].market != "KRW-BTC"


async def test_after_the_start_nobody_watches_any_more(qtbot: QtBot, tmp_path: Path) -> None:
    async with live_desk(qtbot, tmp_path) as (desk, _):
        await until(lambda: desk.frames.on_frame is None)
        desk.keeper.new("scalping")
        await until(lambda: is_live(*desk.panes))
        assert len(desk._watch._panes()) == 3


async def test_a_market_that_is_picked_to_be_compared_changes_no_pane(qtbot: QtBot, tmp_path: Path) -> None:
    async with live_desk(qtbot, tmp_path) as (desk, exchange):
        chart, *_ = panes_of(desk, "KRW-BTC")
        opened = exchange.opened
        chart.ask_compare()
        await until(desk.picking.picker.isVisible)
        assert "KRW-BTC" not in desk.picking.picker.rows
        line = desk.picking.picker.findChild(type(desk.picking.picker._line))
        QTest.keyClicks(line, "doge")
        await until(lambda: desk.picking.picker.rows[:1] == ["KRW-DOGE"])
        QTest.keyClick(line, Qt.Key.Key_Return)
        assert list(chart.compared) == ["KRW-DOGE"]
        assert markets_of(desk) == DEFAULT_MARKETS
        await until(lambda: any(c.market == "KRW-DOGE" and len(c.series) > 20 for c in chart.view.model.compares))
        assert is_live(chart)
        assert exchange.opened <= opened + 1, "one socket more at most: those there are have room for a group each"
        await change_by_typing(desk, chart, "sol")
        assert list(chart.compared) == ["KRW-DOGE"], "the next choice is a symbol of the pane again"
        assert chart.market == "KRW-SOL"


@pytest.mark.usefixtures("raised_windows")
async def test_the_palette_opens_in_the_window_in_which_one_works(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_desk(qtbot, tmp_path, Source(None)) as desk:
        dialogs = desk.window.keymap.dialogs  # type: ignore[attr-defined]
        name, pane = next(iter(desk.workspace.panes.items()))
        desk.workspace.docks.float_dock(name)
        await until(lambda: pane.window() is not desk.window and pane.window().isVisible())
        for focused, expected in ((pane, pane.window()), (desk.window.centralWidget(), desk.window)):
            desk.workspace.active = pane
            # Offscreen no window of docks is ever the active one.
            monkeypatch.setattr(QApplication, "focusWidget", staticmethod(lambda w=focused: w))
            dialogs.open_palette()
            assert dialogs._palette.window() is expected
            monkeypatch.undo()
            dialogs._palette.close()
