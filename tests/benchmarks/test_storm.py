"""The storm: the desk that it is about, the flood that it waits for, and when a run says nothing."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import time
from collections import Counter
from pathlib import Path
from threading import Thread
from types import ModuleType
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from benchmarks import peers, storm
from core.feed.endpoint import Endpoint
from core.market import ORDERBOOK, TICKER, TRADE, Market, Stream
from core.sim.exchange import Exchange
from core.wire import request
from tests.app.desk import Source, open_desk
from tests.waiting import until


async def test_the_desk_of_the_contract_is_in_sight(qtbot: QtBot, tmp_path: Path) -> None:
    async with open_desk(qtbot, tmp_path, Source(None), name="scanner") as desk:
        desk.feed.store.list_markets(Market(f"KRW-C{n}", f"코인{n}", f"Coin {n}") for n in range(20))
        storm.fill(desk, storm.Wanted())
        await until(lambda: all(map(storm.is_in_sight, desk.panes)))
        kinds = Counter(pane.kind for pane in desk.panes)
        assert kinds == {"scanner": 1, "chart": 16, "orderbook": 4, "trades": 4}
        assert min(p.width() for p in desk.panes) > 200
        assert min(p.height() for p in desk.panes) > 200
        assert len({p.market for p in desk.panes if p.kind == "chart"}) == 16


@pytest.mark.usefixtures("raised_windows")
async def test_a_scattered_desk_has_tabs_and_windows(qtbot: QtBot, tmp_path: Path) -> None:
    async with open_desk(qtbot, tmp_path, Source(None), name="scanner") as desk:
        desk.feed.store.list_markets(Market(f"KRW-C{n}", f"코인{n}", f"Coin {n}") for n in range(20))
        storm.fill(desk, storm.Wanted(16, 8, 8, is_scattered=True))
        docks = desk.workspace.docks
        await until(lambda: len(docks.windows()) == 5)
        floating = [p.kind for p in desk.panes if docks.is_floating(p.objectName())]
        assert Counter(floating) == {"chart": 3, "orderbook": 1, "trades": 1}
        await until(desk.panes[0].isVisible)
        behind = [p.kind for p in desk.panes if not p.isVisible()]
        assert {"orderbook", "trades", "chart"} == set(behind)
        assert len(desk.panes) == 33


async def test_the_flood_comes_at_its_rate_to_sockets_of_any_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"LEAST": 0.5, "MOST": 1.5, "STEADY": 2}.items():  # other workers take the machine's time
        monkeypatch.setattr(storm, name, value)
    module = _script("connection")
    rate = 400.0
    async with Exchange(seed=1, markets=3, rate=20.0, blast=50.0) as exchange:
        endpoint = Endpoint(exchange.ws_url, exchange.rest_url, is_real=False)
        codes = sorted(exchange.floor.markets)
        sets = [{Stream(TICKER, c) for c in codes}, {Stream(ch, codes[0]) for ch in (TRADE, ORDERBOOK)}]
        seen: list[list[dict[str, Any]]] = [[], []]
        connections = []
        for n, streams in enumerate(sets):
            made = await asyncio.to_thread(module.Connection, endpoint.ws, request.subscribe(streams, f"peer-{n}"))
            connections.append(made)

        def read(n: int) -> None:
            try:
                while True:
                    seen[n].extend(json.loads(message) for message in connections[n].read())
            except OSError:
                return

        threads = [Thread(target=read, args=(n,)) for n in range(2)]
        for thread in threads:
            thread.start()

        async def rates() -> list[float]:
            before, begun = [c.frames for c in connections], time.perf_counter()
            await asyncio.sleep(0.5)
            took = time.perf_counter() - begun
            return [(c.frames - b) / took for c, b in zip(connections, before, strict=True)]

        await storm.flood(endpoint, rate, rates)
        told = sum(await rates())
        for made in connections:
            made.close()
        await asyncio.to_thread(lambda: [thread.join() for thread in threads])
    assert told == pytest.approx(rate, rel=0.5)
    assert {said["ty"] for said in seen[0]} == {"ticker"}
    assert {said["ty"] for said in seen[1]} == {"trade", "orderbook"}
    assert {said["cd"] for said in seen[0]} <= set(codes)


@pytest.mark.parametrize(
    ("sent", "blocked", "waited", "starved", "invalid"),
    [
        (990.0, 0.0, 0.5, 0.05, ""),
        (500.0, 0.0, 0.0, 0.0, "the generator sent 500 frames a second of 1,000"),
        (1_500.0, 0.0, 0.0, 0.0, "the generator sent 1,500 frames a second instead of 1,000"),
        (500.0, 3.0, 0.0, 0.0, ""),  # who reads did not take them
        (1_000.0, 0.0, 3.0, 0.0, "for 30% of the time the generator"),
        (1_000.0, 0.0, 0.0, 0.4, "for 40% of the time the program"),
    ],
)
def test_a_run_says_whether_it_means_anything(
    sent: float, blocked: float, waited: float, starved: float, invalid: str
) -> None:
    before = {"cpu_s": 1.0, "waited_s": 7.0, "blast": {"frames": 100, "blocked_s": 2.0}}
    after = {"cpu_s": 2.0, "waited_s": 7.0 + waited, "blast": {"frames": 100 + 10 * sent, "blocked_s": 2.0 + blocked}}
    result: dict[str, Any] = {"starved_share": starved}
    storm._judge(result, 1_000.0, before, after, 10.0)
    assert result["is_valid"] is not bool(invalid)
    assert result.get("invalid", "").startswith(invalid)
    assert result["generator_share"] == 0.1


def test_the_run_in_the_middle_is_told_and_is_as_good_as_the_worst() -> None:
    runs = [
        {"frame_gap_ms": {"p99": p99}, "is_valid": is_valid} | ({} if is_valid else {"invalid": "why"})
        for p99, is_valid in ((30.0, True), (20.0, False), (90.0, True))
    ]
    assert storm._middle(runs) == {"frame_gap_ms": {"p99": 30.0}, "is_valid": False, "invalid": "why"}


def test_a_ratio_is_of_neighbours() -> None:
    def run(gap: float, us: float) -> dict[str, Any]:
        return {"frame_gap_ms": {"p50": gap, "p99": 2 * gap}, "us_per_frame": us}

    pairs = [(run(16.0, 50.0), run(160.0, 100.0)), (run(32.0, 50.0), run(192.0, 150.0))]
    assert storm.ratio(pairs) == {"frame_gap_p50": 8.0, "frame_gap_p99": 8.0, "us_per_frame": 2.5}


def _script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"peers_{name}", peers.LISTS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
