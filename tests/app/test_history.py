"""The real desk with a memory: what is on the screen before the exchange is, and what is said of a bad file."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.exchange import history_of
from app.history import History
from app.main_window import MainWindow
from core.errors import UnreachableError
from core.feed import shelf
from core.feed.archive import Trouble
from core.feed.endpoint import Endpoint
from core.feed.feed import Feed
from core.feed.http import Http
from core.market import Interval
from core.sim.exchange import Exchange
from core.wire import rest
from core.wire.messages import CandleRow
from tests.app.desk import FAST, Source, change_by_typing, is_live, markets_of, open_desk, panes_of
from tests.conftest import ExpectLog
from tests.waiting import until

NAME = "demo-1-v1"
FILE = f"history-{NAME}.db"


def test_the_demo_keeps_a_past_only_where_it_is_always_the_same() -> None:
    assert history_of([]) == history_of(["--seed", "1"]) == NAME
    assert history_of(["--seed", "7"]) == "demo-7-v1"
    assert history_of(["--seed", "7", "--rate", "20"]) == ""
    assert history_of(["--no-limits"]) == ""


class Silent(Source):
    """An exchange that is on its way and does not come yet."""

    async def endpoint(self) -> Endpoint:
        await asyncio.Event().wait()
        raise AssertionError


async def keep_one_session(qtbot: QtBot, folder: Path, exchange: Exchange) -> None:
    """Open the desk until all of it is live, and close it."""
    async with open_desk(qtbot, folder, Source(exchange, NAME)) as desk:
        await until(lambda: is_live(*desk.panes))
        await until(lambda: all(desk.feed.store.tape(m).is_joined for m in markets_of(desk)))


async def test_a_second_start_shows_candles_before_the_exchange_answers_and_then_joins(
    qtbot: QtBot, tmp_path: Path
) -> None:
    async with Exchange(seed=1, markets=20, rate=FAST) as exchange:
        await keep_one_session(qtbot, tmp_path, exchange)
        async with open_desk(qtbot, tmp_path, Silent(exchange, NAME)) as desk:
            charts = [panes_of(desk, m)[0] for m in markets_of(desk)]
            await until(lambda: all(c.view.model.count > 100 for c in charts))
            assert all(c.view.model.hole is not None for c in charts)  # and says that it ends in the past
            tapes = [panes_of(desk, m)[2] for m in markets_of(desk)]
            await until(lambda: all(t.prints.rows for t in tapes))
        async with open_desk(qtbot, tmp_path, Source(exchange, NAME)) as desk:
            await until(lambda: is_live(*desk.panes))
            charts = [panes_of(desk, m)[0] for m in markets_of(desk)]
            desk.choices.set_history_bound(64)
            assert desk.history.recall is not None
            assert desk.history.recall.archive.most_bytes == 64 << 20
            assert desk.settings.history_mib == 64
            await until(lambda: all(c.view.model.hole is None for c in charts))
            for chart in charts:
                starts = chart.view.model.starts
                truth = [r.start_ms for r in await told(exchange, chart.market)]
                shared = [t for t in truth if t <= starts[-1]]
                assert starts[-len(shared) :].tolist() == shared


async def told(exchange: Exchange, market: str) -> list[CandleRow]:
    """Return the newest page as the exchange itself says it."""
    http = Http(exchange.rest_url, exchange.now_ms)
    try:
        return await http.get(rest.candles(market, Interval.M1))
    finally:
        await http.close()


async def test_another_past_is_never_shown(qtbot: QtBot, tmp_path: Path) -> None:
    async with Exchange(seed=1, markets=20, rate=FAST) as exchange:
        await keep_one_session(qtbot, tmp_path, exchange)
        async with open_desk(qtbot, tmp_path, Silent(exchange, "demo-2-v1")) as desk:
            recall = desk.history.recall
            assert recall is not None
            await until(lambda: not recall._tasks)
            assert not any(p.has_data() for p in desk.panes)
            assert not (tmp_path / "history-demo-2-v1.db").exists()


async def test_nothing_of_a_demo_that_does_not_start_is_left_on_the_screen(qtbot: QtBot, tmp_path: Path) -> None:
    async with Exchange(seed=1, markets=20, rate=FAST) as exchange:
        await keep_one_session(qtbot, tmp_path, exchange)
    gate = asyncio.Event()

    class Failing(Source):
        async def endpoint(self) -> Endpoint:
            await gate.wait()
            raise UnreachableError("exchange", "the built-in exchange did not start")

    async with open_desk(qtbot, tmp_path, Failing(None, NAME)) as desk:
        charts = [panes_of(desk, m)[0] for m in markets_of(desk)]
        await until(lambda: all(c.view.model.count > 100 for c in charts))
        gate.set()
        await until(lambda: not desk.is_demo and all(c.view.model.count == 0 for c in charts))
        assert not any(c.has_data() for c in charts)


async def test_a_symbol_changes_while_the_disk_hangs(qtbot: QtBot, tmp_path: Path) -> None:
    async with (
        Exchange(seed=1, markets=20, rate=FAST) as exchange,
        open_desk(qtbot, tmp_path, Source(exchange, NAME)) as desk,
    ):
        await until(lambda: is_live(*desk.panes))
        gate = threading.Event()
        assert desk.history.recall is not None
        disk = desk.history.recall.archive
        disk._read_thread.submit(gate.wait)
        disk._write_thread.submit(gate.wait)
        try:
            panes = panes_of(desk, "KRW-ADA")
            await change_by_typing(desk, panes[1], "doge")
            await until(lambda: is_live(*panes_of(desk, "KRW-DOGE")))
        finally:
            gate.set()


async def test_a_damaged_file_is_set_aside_said_once_and_begun_anew(
    qtbot: QtBot, tmp_path: Path, expected_log: ExpectLog
) -> None:
    expected_log("WARNING core.feed.archive: history on the disk: damaged")
    (tmp_path / FILE).write_bytes(b"this is no history" * 1_000)
    async with Exchange(seed=1, markets=20, rate=FAST) as exchange:
        async with open_desk(qtbot, tmp_path, Source(exchange, NAME)) as desk:
            await until(lambda: is_live(*desk.panes))
            said = [text for text in desk.window.notices if "history" in text]
            assert len(said) == 1
            assert f"history-{NAME}.unreadable.db" in said[0]
        assert (tmp_path / f"history-{NAME}.unreadable.db").read_bytes() == b"this is no history" * 1_000
        async with open_desk(qtbot, tmp_path, Silent(exchange, NAME)) as desk:
            charts = [panes_of(desk, m)[0] for m in markets_of(desk)]
            await until(lambda: all(c.view.model.count > 100 for c in charts))
            assert not desk.window.notices


async def test_a_locked_file_is_said_and_charts_go_on(
    qtbot: QtBot, tmp_path: Path, expected_log: ExpectLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected_log("history on the disk: locked")
    monkeypatch.setattr(shelf, "BUSY_S", 0.02)
    other = sqlite3.connect(tmp_path / FILE, isolation_level=None)
    other.execute("PRAGMA locking_mode = EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    other.execute("CREATE TABLE other (it)")
    try:
        async with (
            Exchange(seed=1, markets=20, rate=FAST) as exchange,
            open_desk(qtbot, tmp_path, Source(exchange, NAME)) as desk,
        ):
            await until(lambda: is_live(*desk.panes))
            await until(lambda: any("Another program" in text for text in desk.window.notices))
            assert sum("history" in text for text in desk.window.notices) == 1
    finally:
        other.close()


async def test_two_programs_share_one_file(qtbot: QtBot, tmp_path: Path) -> None:
    """Each has a desk of its own folder here, but one history."""
    async with Exchange(seed=1, markets=20, rate=FAST) as exchange:
        for name in ("a", "b"):
            (tmp_path / name).mkdir()
        async with open_desk(qtbot, tmp_path / "a", Source(exchange, NAME)) as one:
            await until(lambda: is_live(*one.panes))
            for _ in range(2):
                assert one.history.recall is not None
                await one.history.recall._flush()
            shared = tmp_path / "a" / FILE
            other = History(one.window, Feed(asyncio.get_running_loop().time), tmp_path / "a", 64)
            other.open(NAME, one.now_ms)
            assert other.recall is not None
            other._feed.want_history("KRW-BTC", Interval.M1)
            series = other._feed.store.candles("KRW-BTC", Interval.M1)
            await until(lambda: len(series) > 100)
            other.recall.keep("KRW-XRP", Interval.H1, [], None)
            await other.close()
            assert shared.exists()
            assert not one.window.notices


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        (Trouble("newer", Path("x.db"), Path("x.unreadable.db")), "newer Hoga"),
        (Trouble("damaged", Path("x.db"), Path("x.unreadable.db")), "is damaged"),
        (Trouble("damaged", Path("x.db")), "neither used nor moved"),
        (Trouble("part", Path("x.db")), "Part of"),
        (Trouble("full", Path("x.db")), "disk is full"),
        (Trouble("locked", Path("x.db")), "Another program"),
        (Trouble("unwritable", Path("x.db")), "read-only"),
    ],
)
def test_every_trouble_has_its_words(qtbot: QtBot, tmp_path: Path, trouble: Trouble, words: str) -> None:
    window = MainWindow(is_demo=True)
    qtbot.addWidget(window)
    history = History(window, Feed(lambda: 0.0), tmp_path, 64)
    history._say(trouble)
    history._say(trouble)
    (said,) = window.notices
    assert words in said
