"""`python -m core.sim`: how it starts, what it floods, how it ends."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import subprocess
import sys
import urllib.request
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import aiohttp
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from core.sim.__main__ import main
from core.sim.blast import RING
from tests.conftest import REPO
from tests.core.sim.conftest import Program, Socket
from tests.core.sim.signed import claims_of, token
from tests.waiting import until

Start = Callable[..., Program]


def get(url: str) -> bytes:
    with urllib.request.urlopen(url) as answer:
        body: bytes = answer.read()
        return body


async def subscribe(url: str, *parts: dict[str, Any]) -> Any:
    connection = await connect(url, compression=None, max_size=None)
    await connection.send(json.dumps([{"ticket": "t"}, *parts]))
    return connection


async def test_its_first_line_opens_the_demo_account(start_program: Start) -> None:
    programs = [start_program(), start_program("--no-demo-trades"), start_program("--seed", "2")]
    one, same, other = (program.said() for program in programs)
    assert (one["access_key"], one["secret_key"]) == (same["access_key"], same["secret_key"])
    assert one["access_key"] != other["access_key"]
    assert one["secret_key"] not in json.dumps(other)
    open_orders = []
    for said in (one, same):
        async with aiohttp.ClientSession() as web:

            async def ask(path: str, said: dict[str, Any] = said, web: aiohttp.ClientSession = web) -> Any:
                signed = {"Authorization": f"Bearer {token(claims_of(said['access_key']), said['secret_key'])}"}
                async with web.get(said["rest"] + path, headers=signed) as answer:
                    assert answer.status == 200
                    return await answer.json()

            rows = await ask("/accounts")
            assert {row["currency"] for row in rows} >= {"KRW", "BTC"}
            open_orders.append(await ask("/orders/open"))
        key = f"Bearer {token(claims_of(said['access_key']), said['secret_key'])}"
        async with connect(said["private_ws"], additional_headers={"Authorization": key}) as socket:
            await socket.send("PING")
    assert len(open_orders[0]) >= 1
    assert open_orders[1] == []


def test_nothing_heavy_is_loaded_before_somebody_signs() -> None:
    code = "import sys, core.sim.__main__; print(sorted({'jwt', 'cryptography', 'aiohttp'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=REPO, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_it_at_once_with_clients_on_the_line(start_program: Start, number: signal.Signals) -> None:
    program = start_program()
    said = program.said()
    assert (said["pid"], said["seed"]) == (program.process.pid, 1)
    codes = [m["market"] for m in json.loads(get(said["rest"] + "/market/all"))]
    reading = await subscribe(said["ws"], {"type": "orderbook", "codes": codes})
    stuck = await subscribe(said["ws"], {"type": "orderbook", "codes": codes})  # never reads
    await reading.recv()
    program.process.send_signal(number)
    loop = asyncio.get_running_loop()
    begin = loop.time()
    assert await asyncio.to_thread(program.ended) == 0
    assert loop.time() - begin < 10.0  # it does not wait for the one that never reads
    assert program.errors() == ""
    with pytest.raises(ConnectionClosed):
        while True:
            await reading.recv()
    await stuck.close()


async def test_it_ends_with_its_parent(start_program: Start) -> None:
    program = start_program("--parent", stdin=subprocess.PIPE)
    said = program.said()
    client = await subscribe(said["ws"], {"type": "trade", "codes": ["KRW-BTC"]})
    await client.recv()
    assert program.process.poll() is None
    assert program.process.stdin is not None
    program.process.stdin.close()  # as the system does when the parent is gone
    assert await asyncio.to_thread(program.ended) == 0
    assert program.errors() == ""
    await client.close()


def test_nobody_left_to_read_its_first_line_is_no_failure(start_program: Start) -> None:
    program = start_program()
    assert program.process.stdout is not None
    program.process.stdout.close()
    assert program.ended() == 0
    assert "Traceback" not in program.errors()


def test_a_taken_port_is_said_in_one_line(start_program: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        program = start_program("--port", str(taken.getsockname()[1]))
        assert program.ended() == 1
        (line,) = program.errors().splitlines()
        assert line.startswith("core.sim: ")
        assert "address already in use" in line


@pytest.mark.parametrize(
    "arguments",
    [
        ["--port", "70000"],
        ["--port", "-1"],
        ["--port", "x"],
        ["--markets", "0"],
        ["--rate", "0"],
        ["--rate", "nan"],
        ["--blast", "-5"],
        ["--nonsense"],
        ["surplus"],
    ],
)
def test_bad_arguments_are_refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as why:
        main(arguments)
    assert why.value.code == 2
    assert arguments[0] in capsys.readouterr().err


def test_a_seed_is_one_market_in_every_process(start_program: Start) -> None:
    targets = [
        "/market/all?is_details=true",
        "/candles/minutes/1?market=KRW-BTC&count=200&to=2026-09-27T12:00:00",
        "/candles/seconds?market=USDT-XRP&count=200&to=2026-09-27T12:00:00",
        "/candles/days?market=BTC-ETH&count=200&to=2026-09-27T00:00:00",
        "/trades/ticks?market=KRW-XRP&count=500&days_ago=1&to=120000",
    ]
    programs = [start_program(), start_program(), start_program("--seed", "2")]
    one, same, other = ([get(said["rest"] + t) for t in targets] for said in [p.said() for p in programs])
    assert one == same
    assert all(mine != theirs for mine, theirs in zip(one, other, strict=True))


async def test_the_whole_board_holds_nobody_up_and_begins_with_krw(start_program: Start) -> None:
    said = start_program().said()
    codes = sorted(m["market"] for m in json.loads(get(said["rest"] + "/market/all")))  # BTC-... first
    board = Socket(await subscribe(said["ws"], {"type": "ticker", "codes": codes}))
    await until(lambda: board.frames)
    chart = Socket(await subscribe(said["ws"], {"type": "orderbook", "codes": ["KRW-BTC"]}))
    await until(lambda: chart.frames)
    assert len(board.frames) < len(codes), "the small request did not wait for the large one"
    await until(lambda: sum(b'"SNAPSHOT"' in f for f in board.frames) == len(codes), timeout=30)
    snapshots = [m["code"] for m in board.plain() if m["stream_type"] == "SNAPSHOT"]
    assert sorted(snapshots) == codes
    krw = [c for c in codes if c.startswith("KRW-")]
    assert set(snapshots[: len(krw)]) == set(krw)
    assert snapshots[0] == "KRW-BTC"
    await board.close()
    await chart.close()


async def test_candles_of_a_blast_are_of_the_window_that_runs(start_program: Start) -> None:
    said = start_program("--blast", "300").said()
    channels = {"candle.1m": 60_000, "candle.60m": 3_600_000}
    client = await subscribe(said["ws"], *({"type": t, "codes": ["KRW-BTC"]} for t in (*channels, "trade")))
    seen = dict.fromkeys(channels, 0)
    while min(seen.values()) < 20:
        frame = json.loads(await client.recv())
        if frame["type"] in channels and frame["stream_type"] == "REALTIME":
            seen[frame["type"]] += 1
            utc, kst = (datetime.fromisoformat(frame[f"candle_date_time_{zone}"]) for zone in ("utc", "kst"))
            start_ms = int(utc.replace(tzinfo=UTC).timestamp() * 1_000)
            assert 0 <= frame["timestamp"] - start_ms < channels[frame["type"]]
            assert (kst - utc).total_seconds() == 9 * 3_600
    await client.close()


@pytest.mark.long
async def test_a_blast_keeps_its_pace_and_is_coherent_within_a_round(start_program: Start) -> None:
    rate = 4_000
    program = start_program("--blast", str(rate))
    said = program.said()
    codes = ["KRW-BTC", "KRW-ETH"]
    client = await subscribe(said["ws"], *({"type": t, "codes": codes} for t in ("ticker", "trade", "orderbook")))
    frames = [json.loads(await client.recv(), parse_float=Decimal) for _ in range(RING * 2)]
    stats = json.loads(get(said["rest"].removesuffix("v1") + "control/stats"))["blast"]
    program.process.terminate()
    last = await asyncio.to_thread(program.said)
    assert await asyncio.to_thread(program.ended) == 0
    await client.close()

    assert {"frames", "seconds", "cpu_s", "cpu_share", "behind", "blocked_s"} <= stats.keys() == last.keys()
    assert last["frames"] >= stats["frames"] >= RING * 2 - 6
    assert 0 < last["cpu_share"] < 1
    if not last["behind"] and not last["blocked_s"]:  # a machine that is busy with something else has said so
        assert last["frames_per_s"] == pytest.approx(rate, rel=0.05)

    assert [f["stream_type"] for f in frames[:6]] == ["SNAPSHOT"] * 6
    live = [f for f in frames if f["stream_type"] == "REALTIME"]
    stamps = [f["timestamp"] for f in live]
    assert stamps == sorted(stamps)
    compared = rounds = 0
    for code in codes:
        mine = [f for f in live if f["code"] == code]
        ids = [f["sequential_id"] for f in mine if f["type"] == "trade"]
        assert len(ids) > 100
        assert ids == sorted(set(ids)), "new and greater in every round"
        traded, total = Decimal(), None
        for f in mine:
            if f["type"] == "trade":
                traded += f["trade_volume"]
            elif f["type"] == "ticker":
                if total is not None and f["acc_trade_volume"] > total:
                    assert f["acc_trade_volume"] - total == traded
                    compared += 1
                elif total is not None:
                    rounds += 1
                traded, total = Decimal(), f["acc_trade_volume"]
    assert compared > 100
    assert rounds >= 2, "of each market"
    books = defaultdict(set)
    for f in live:
        if f["type"] == "orderbook":
            books[f["code"]].add(tuple(f["orderbook_units"][0].values()))
            assert f["orderbook_units"][0]["bid_price"] < f["orderbook_units"][0]["ask_price"]
    assert all(len(tops) > 3 for tops in books.values())
