"""Each fault by its effect on a plain client, and that it ends; scripts by seed; the control address."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from core.sim.exchange import Exchange
from core.sim.faults import Step, random_script
from core.sim.trouble import FAULTS
from tests.core.feed.conftest import clock
from tests.waiting import until

BTC = "KRW-BTC"


@pytest.fixture
async def exchange() -> AsyncIterator[Exchange]:
    async with Exchange(seed=2, markets=8, now_ms=clock(), rate=20.0) as exchange:
        yield exchange


class Ear:
    """A plain client: what came, as it came."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.frames: list[bytes] = []
        self.is_closed = False
        self._trades: list[dict[str, Any]] = []
        self._read = 0
        self._task = asyncio.create_task(self._listen())

    async def _listen(self) -> None:
        try:
            while True:
                frame = await self.socket.recv()
                self.frames.append(frame if isinstance(frame, bytes) else frame.encode())
        except ConnectionClosed:
            self.is_closed = True

    async def ask(self, *markets: str, type: str = "trade") -> None:  # noqa: A002 - as on the wire
        said = [{"ticket": "t"}, {"type": type, "codes": list(markets)}, {"format": "DEFAULT"}]
        await self.socket.send(json.dumps(said))

    def trades(self) -> list[dict[str, Any]]:
        """Return the trades that could be read; each frame is read once."""
        while self._read < len(self.frames):
            with contextlib.suppress(ValueError):
                said = json.loads(self.frames[self._read])
                if isinstance(said, dict) and said.get("type") == "trade" and "sequential_id" in said:
                    self._trades.append(said)
            self._read += 1
        return self._trades

    def forget(self) -> None:
        self.frames.clear()
        self._trades, self._read = [], 0

    async def close(self) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        self.socket.transport.abort()
        await self.socket.wait_closed()


@asynccontextmanager
async def ear_on(exchange: Exchange, *markets: str) -> AsyncIterator[Ear]:
    ear = Ear(await connect(exchange.ws_url, ping_interval=None, close_timeout=0.1))
    try:
        await ear.ask(*(markets or (BTC,)))
        await until(ear.trades)
        yield ear
    finally:
        await ear.close()


async def get(exchange: Exchange, path: str) -> tuple[int, str, dict[str, str]]:
    async with aiohttp.ClientSession() as web, web.get(exchange.rest_url.removesuffix("/v1") + path) as answer:
        return answer.status, await answer.text(), dict(answer.headers)


async def hears(ear: Ear, count: int = 5) -> None:
    """Wait until so many more trades came."""
    had = len(ear.trades())
    await until(lambda: len(ear.trades()) >= had + count, timeout=30.0)


async def test_a_half_open_connection_says_nothing_and_stays_until_it_is_cut(exchange: Exchange) -> None:
    async with ear_on(exchange) as ear:
        assert exchange.trouble.half_open() == 1
        await asyncio.sleep(0.5)
        had = len(ear.frames)
        pong = await ear.socket.ping()
        await asyncio.sleep(120.0)  # longer than the exchange lets a silent connection live
        assert len(ear.frames) == had
        assert not pong.done()
        assert not ear.is_closed
        exchange.trouble.end_faults()
        await until(lambda: ear.is_closed)


async def test_what_trickles_comes_whole_and_late(exchange: Exchange) -> None:
    async with ear_on(exchange) as ear, ear_on(exchange) as other:
        exchange.trouble.slow(300, None)
        await asyncio.sleep(20.0)
        behind = len(other.trades())
        exchange.trouble.unslow()
        await hears(ear, 1)
        ids = [t["sequential_id"] for t in ear.trades()]
        assert len(ids) > behind + 20
        assert len(ids) == len(set(ids))
        assert ids[-10:] == [t["sequential_id"] for t in other.trades()][-10:]


@pytest.mark.parametrize("kind", ["truncate", "garbage"])
async def test_spoilt_frames_lose_what_was_in_them(exchange: Exchange, kind: str) -> None:
    async with ear_on(exchange) as ear, ear_on(exchange, BTC, "KRW-ETH") as other:
        exchange.trouble.spoil(**{kind: 0.5}, market=BTC)  # type: ignore[arg-type]
        for session in list(exchange._sessions)[1:]:
            session.spoil(None)
        await asyncio.sleep(20.0)
        exchange.trouble.unspoil()
        mine = {t["sequential_id"] for t in ear.trades()}
        truth = [t["sequential_id"] for t in other.trades() if t["code"] == BTC]
        assert 0.2 < sum(i in mine for i in truth) / len(truth) < 0.8
        await hears(ear)
        tail = [t["sequential_id"] for t in ear.trades()][-5:]
        assert set(tail) <= {t["sequential_id"] for t in other.trades()}


async def test_duplicates_reorder_flood_and_delay_lose_nothing(exchange: Exchange) -> None:
    async with ear_on(exchange) as ear:
        begin = exchange.now_ms()
        exchange.trouble.spoil(duplicate=0.3, reorder=0.3, flood=0.02, delay_ms=800)
        await asyncio.sleep(30.0)
        exchange.trouble.unspoil()
        await hears(ear)
        ids = [t["sequential_id"] for t in ear.trades()]
        assert len(ids) > len(set(ids))
        assert ids != sorted(ids)
        _, body, _ = await get(exchange, f"/v1/trades/ticks?market={BTC}&count=500")
        first = max(t["trade_timestamp"] for t in ear.trades()[:1])
        truth = [t for t in json.loads(body) if max(first, begin) < t["timestamp"] <= exchange.now_ms() - 100]
        assert len(truth) > 50
        assert {t["sequential_id"] for t in truth} <= set(ids)


async def test_delayed_frames_keep_their_order(exchange: Exchange) -> None:
    async with ear_on(exchange) as ear:
        exchange.trouble.spoil(delay_ms=2_000)
        await asyncio.sleep(20.0)
        ids = [t["sequential_id"] for t in ear.trades()]
        assert ids == sorted(set(ids))
        assert len(ids) > 20


@pytest.mark.parametrize(("retry_after", "has_remaining"), [(7, False), (-1, True)])
async def test_handshakes_are_refused_and_then_welcome(
    exchange: Exchange, retry_after: int, has_remaining: bool
) -> None:
    exchange.trouble.refuse(429, 2, retry_after, has_remaining)
    for _ in range(2):
        with pytest.raises(InvalidStatus) as told:
            await connect(exchange.ws_url)
        headers = told.value.response.headers
        assert told.value.response.status_code == 429
        assert headers.get("Retry-After") == ("7" if retry_after > 0 else None)
        assert ("Remaining-Req" in headers) == has_remaining
    async with ear_on(exchange) as ear:
        await hears(ear)


async def test_a_slow_handshake_is_slow(exchange: Exchange) -> None:
    loop = asyncio.get_running_loop()
    exchange.trouble.slow_handshake(6.0)
    begin = loop.time()
    async with ear_on(exchange):
        assert loop.time() - begin >= 6.0
    begin = loop.time()
    async with ear_on(exchange):
        assert loop.time() - begin < 1.0


async def test_rest_is_refused_by_group_and_in_plain_text(exchange: Exchange) -> None:
    exchange.trouble.refuse_rest(503, 1, group="candles", has_remaining=False, body="<html>bad gateway</html>")
    assert (await get(exchange, f"/v1/trades/ticks?market={BTC}"))[0] == 200
    status, body, headers = await get(exchange, f"/v1/candles/minutes/1?market={BTC}")
    assert (status, body) == (503, "<html>bad gateway</html>")
    assert "Remaining-Req" not in headers
    assert (await get(exchange, f"/v1/candles/minutes/1?market={BTC}"))[0] == 200


async def test_rest_lags_behind_the_socket(exchange: Exchange) -> None:
    async with ear_on(exchange) as ear:
        await hears(ear)
        exchange.trouble.rest_lag(5_000)
        path = f"/v1/trades/ticks?market={BTC}&count=1"
        (row,) = json.loads((await get(exchange, path))[1])
        assert row["timestamp"] <= exchange.now_ms() - 5_000
        (bar,) = json.loads((await get(exchange, f"/v1/candles/seconds?market={BTC}&count=1"))[1])
        assert bar["timestamp"] <= exchange.now_ms() - 5_000
        exchange.trouble.rest_lag(0)
        (row,) = json.loads((await get(exchange, path))[1])
        assert row["timestamp"] > exchange.now_ms() - 5_000


async def test_a_market_is_delisted_and_listed_again(exchange: Exchange) -> None:
    async with ear_on(exchange, BTC, "KRW-ETH") as ear:
        await hears(ear)
        exchange.trouble.delist(BTC)
        await asyncio.sleep(0.1)
        ear.forget()
        await hears(ear)
        assert {t["code"] for t in ear.trades()} == {"KRW-ETH"}
        assert BTC not in (await get(exchange, "/v1/market/all"))[1]
        assert (await get(exchange, f"/v1/ticker?markets={BTC}"))[0] == 404
        ear.forget()
        await ear.ask(BTC, "KRW-ETH")  # accepted, and silent
        await hears(ear)
        assert {t["code"] for t in ear.trades()} == {"KRW-ETH"}
        exchange.trouble.list_market(BTC)
        assert BTC in (await get(exchange, "/v1/market/all"))[1]
        await ear.ask(BTC, "KRW-ETH")
        await until(lambda: BTC in {t["code"] for t in ear.trades()}, timeout=30.0)


async def test_maintenance_cuts_and_refuses_everything_until_it_is_over(exchange: Exchange) -> None:
    async with ear_on(exchange) as ear:
        exchange.trouble.maintenance(30.0)
        await until(lambda: ear.is_closed)
    with pytest.raises(InvalidStatus) as told:
        await connect(exchange.ws_url)
    assert told.value.response.status_code == 503
    status, _, headers = await get(exchange, "/v1/market/all")
    assert (status, headers["Content-Type"]) == (503, "text/plain")
    await asyncio.sleep(30.0)
    assert (await get(exchange, "/v1/market/all"))[0] == 200
    async with ear_on(exchange) as ear:
        await hears(ear)


async def test_a_clock_that_is_set_moves_the_stamps_and_turned_back_repeats_nothing(exchange: Exchange) -> None:
    async with ear_on(exchange) as ear:
        await hears(ear)
        exchange.trouble.skew(60_000)
        await hears(ear)
        assert ear.trades()[-1]["timestamp"] > exchange.now_ms() - 5_000
        exchange.trouble.skew(55_000)  # until the five seconds are made up nothing happens
        await hears(ear)
        ids = [t["sequential_id"] for t in ear.trades()]
        assert len(ids) == len(set(ids))


async def test_a_script_does_its_steps_in_time(exchange: Exchange) -> None:
    exchange.trouble.play(
        [Step(2.0, "refuse", {"status": 500, "count": 9}), Step(4.0, "drop", {}), Step(6.0, "end_faults", {})]
    )
    async with ear_on(exchange) as ear:
        await asyncio.sleep(3.0)
        assert exchange.trouble.done == {"refuse": 1}
        await until(lambda: ear.is_closed)
        await asyncio.sleep(4.0)
    async with ear_on(exchange):
        assert exchange.stats()["faults"] == {"refuse": 1, "drop": 1, "end_faults": 1}


@settings(deadline=None, max_examples=200)
@given(st.integers(0, 10**9), st.floats(10.0, 500.0))
def test_a_random_script_is_that_of_its_seed_and_ends_what_it_begins(seed: int, seconds: float) -> None:
    script = random_script(seed, seconds, [BTC, "KRW-ETH"])
    assert script == random_script(seed, seconds, [BTC, "KRW-ETH"])
    assert script
    assert {step.fault for step in script} <= set(FAULTS)
    assert [s.after_s for s in script] == sorted(s.after_s for s in script)
    assert all(1.0 <= s.after_s <= seconds for s in script)
    ends = {"stall": "resume", "spoil": "unspoil", "slow": "unslow", "pause_rest": "resume_rest"}
    for at, step in enumerate(script):
        if step.fault in ends:
            assert any(later.fault == ends[step.fault] for later in script[at:])


async def test_the_control_address_knows_every_fault_and_says_what_is_wrong(exchange: Exchange) -> None:
    status, body, _ = await get(exchange, "/control/nonsense")
    assert status == 404
    assert all(name in body for name in FAULTS)
    for path, words in {
        "/control/refuse": "refuse needs status",
        "/control/refuse?status=many": "status is a number, not 'many'",
        "/control/drop?markt=KRW-BTC": "drop has no 'markt'; it takes: market",
        "/control/refuse?status=500&has_remaining=perhaps": "true or false",
    }.items():
        status, body, _ = await get(exchange, path)
        assert status == 400
        assert words in body
    assert exchange.trouble.done == {}
    async with ear_on(exchange, BTC) as ear, ear_on(exchange, "KRW-ETH") as other:
        assert json.loads((await get(exchange, f"/control/drop?market={BTC}"))[1]) == {"done": 1}
        await until(lambda: ear.is_closed)
        assert not other.is_closed
        assert (await get(exchange, "/control/spoil?delay_ms=50&reorder=0.5"))[0] == 200
    assert exchange.trouble.done == {"drop": 1, "spoil": 1}
