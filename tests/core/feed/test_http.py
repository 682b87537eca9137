"""REST calls in line: never more than the exchange allows, the newest wish first, nobody left waiting at the end."""

from __future__ import annotations

import asyncio
import contextlib
import random
from pathlib import Path

import pytest

from core.errors import RateLimitError, RefusedError, UnreachableError
from core.feed.backfill import Backfill
from core.feed.feed import Feed
from core.feed.http import CALLS_PER_S, Http, Line
from core.market import Interval
from core.sim.exchange import Exchange
from core.wire import account, rest
from core.wire.auth import AccessKey
from tests.core.feed.conftest import clock
from tests.waiting import until


async def test_calls_go_at_the_allowed_rate_and_the_newest_first() -> None:
    loop, line, went = asyncio.get_running_loop(), Line(), []

    async def call(number: int) -> None:
        line.leave(await line.admit())
        went.append((number, loop.time()))

    tasks = [asyncio.create_task(call(i)) for i in range(3 * CALLS_PER_S)]
    await asyncio.gather(*tasks)
    numbers, times = zip(*went, strict=True)
    first, last = range(CALLS_PER_S), range(3 * CALLS_PER_S - 1, CALLS_PER_S - 1, -1)
    assert list(numbers) == [*first, *last]
    assert all(b - a > 1.0 for a, b in zip(times, times[CALLS_PER_S:], strict=False))


async def test_who_gave_up_takes_no_turn() -> None:
    loop, line = asyncio.get_running_loop(), Line()
    for _ in range(CALLS_PER_S):
        line.leave(await line.admit())
    begin = loop.time()
    tasks = [asyncio.create_task(line.admit()) for _ in range(3 * CALLS_PER_S)]
    await asyncio.sleep(0)
    for task in tasks[1:]:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert loop.time() - begin < 1.5
    assert line._timer is None or not line._waiting


async def test_a_block_holds_whoever_waits_already() -> None:
    loop, line = asyncio.get_running_loop(), Line()
    for _ in range(CALLS_PER_S):
        line.leave(await line.admit())
    task = asyncio.create_task(line.admit())
    await asyncio.sleep(0)
    until_at = loop.time() + 5.0
    line.arrivals.block(until_at)
    await task
    assert loop.time() >= until_at


async def test_the_end_keeps_nobody_waiting() -> None:
    line = Line()
    for _ in range(CALLS_PER_S):
        line.leave(await line.admit())
    tasks = [asyncio.create_task(line.admit()) for _ in range(5)]
    await asyncio.sleep(0)
    tasks[0].cancel()
    line.close()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_what_the_user_looks_at_last_does_not_wait_for_what_was_spun_past() -> None:
    async with Exchange(seed=2, now_ms=clock(), rate=1.0) as exchange:
        feed = Feed(asyncio.get_running_loop().time)
        http = Http(exchange.rest_url, exchange.now_ms)
        backfill = Backfill(feed, http)
        listed = await http.get(rest.markets())
        codes = [m.code for m in listed if m.quote == "KRW"][:60]  # 6 s of calls
        begin = feed.now()
        for code in codes:
            backfill.want_history(code, Interval.M1)
        await until(lambda: len(feed.store.candles(codes[-1], Interval.M1)) > 0)
        assert feed.now() - begin < 3.0
        await backfill.close()
        await http.close()


async def test_calls_that_wait_end_when_the_session_does(exchange: Exchange) -> None:
    http = Http(exchange.rest_url, exchange.now_ms)
    calls = [asyncio.create_task(http.get(rest.markets())) for _ in range(2 * CALLS_PER_S + 5)]
    await asyncio.sleep(0.2)
    await http.close()
    ends = await asyncio.wait_for(asyncio.gather(*calls, return_exceptions=True), 5.0)
    assert sum(isinstance(e, UnreachableError) for e in ends) >= CALLS_PER_S


async def test_a_ban_is_for_every_kind_of_call(exchange: Exchange) -> None:
    http = Http(exchange.rest_url, exchange.now_ms)
    await http.get(rest.tickers(["KRW-BTC"]))
    exchange.trouble.refuse_rest(418, 1, retry_after=7)
    loop = asyncio.get_running_loop()
    begin = loop.time()
    with pytest.raises(RateLimitError):
        await http.get(rest.markets())
    asked = exchange.rest_requests.total()
    for call in (rest.tickers(["KRW-BTC"]), rest.books(["KRW-BTC"], 0.0)):  # of a group used before, and of a new one
        with pytest.raises(RateLimitError) as told:
            await http.get(call)
        assert 6.0 < told.value.retry_after_s <= 7.0, "whoever asks is told at once, and how long it lasts"
    assert exchange.rest_requests.total() == asked, "and nothing went"
    await asyncio.sleep(3.0)
    await http.get(rest.tickers(["KRW-BTC"]))  # the rest is short enough to wait for
    assert loop.time() - begin >= 7.0
    await http.close()


async def test_who_waits_when_a_ban_comes_is_told(exchange: Exchange) -> None:
    http = Http(exchange.rest_url, exchange.now_ms)
    calls = [asyncio.create_task(http.get(rest.markets())) for _ in range(3 * CALLS_PER_S)]
    await asyncio.sleep(0.3)
    exchange.trouble.refuse_rest(418, 1, retry_after=60)
    ends = await asyncio.wait_for(asyncio.gather(*calls, return_exceptions=True), 10.0)
    assert sum(isinstance(e, RateLimitError) for e in ends) >= CALLS_PER_S
    await http.close()


async def test_however_long_calls_are_on_their_way_no_second_sees_more_than_ten_arrive() -> None:
    loop, line, dice = asyncio.get_running_loop(), Line(), random.Random(3)
    arrivals: list[float] = []

    async def call() -> None:
        slot = await line.admit()
        await asyncio.sleep(dice.uniform(0.0, 0.6))
        arrivals.append(loop.time())
        await asyncio.sleep(dice.uniform(0.0, 0.6))
        line.leave(slot)

    await asyncio.gather(*(call() for _ in range(80)))
    arrivals.sort()
    assert all(b - a > 1.0 for a, b in zip(arrivals, arrivals[CALLS_PER_S:], strict=False))


class _Flaky:
    """A server that takes the second request of each connection and hangs up."""

    def __init__(self, answer: bytes) -> None:
        self._answer = answer
        self.tokens: list[str] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for turn in range(2):
            with contextlib.suppress(asyncio.IncompleteReadError):
                head = (await reader.readuntil(b"\r\n\r\n")).decode().splitlines()
                self.tokens += [line.partition(": ")[2] for line in head if line.lower().startswith("authorization")]
                if turn == 0:
                    writer.write(self._answer)
                    await writer.drain()
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


@pytest.fixture
async def netrc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine whose user has a login for every server that asks."""
    path = tmp_path / "netrc"
    path.write_text("default login somebody password theirs\n")
    path.chmod(0o600)
    monkeypatch.setenv("NETRC", str(path))


@pytest.mark.usefixtures("netrc")
async def test_no_token_goes_out_twice_though_a_connection_is_lost() -> None:
    flaky = _Flaky(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n[]")
    server = await asyncio.start_server(flaky.serve, "127.0.0.1", 0)
    http = Http(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", lambda: 0)
    http.key = AccessKey("access", "secret")
    for _ in range(3):
        assert await http.get(account.accounts()) == []
    assert len(flaky.tokens) >= 4, "some were sent again"
    assert len(set(flaky.tokens)) == len(flaky.tokens)
    assert all(token.startswith("Bearer ") for token in flaky.tokens)
    await http.close()
    server.close()
    await server.wait_closed()


async def test_a_signed_call_is_led_nowhere_else() -> None:
    flaky = _Flaky(b"HTTP/1.1 302 Found\r\nLocation: /login\r\nContent-Length: 0\r\n\r\n")
    server = await asyncio.start_server(flaky.serve, "127.0.0.1", 0)
    http = Http(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", lambda: 0)
    http.key = AccessKey("access", "secret")
    with pytest.raises(RefusedError, match="302"):
        await http.get(account.accounts())
    assert len(flaky.tokens) == 1
    await http.close()
    server.close()
    await server.wait_closed()


@pytest.mark.usefixtures("netrc")
async def test_no_login_of_the_machine_goes_to_the_exchange() -> None:
    flaky = _Flaky(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n[]")
    server = await asyncio.start_server(flaky.serve, "127.0.0.1", 0)
    http = Http(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", lambda: 0)
    assert await http.get(rest.instruments(["KRW-BTC"])) == []
    assert flaky.tokens == []
    await http.close()
    server.close()
    await server.wait_closed()


async def test_the_login_of_a_proxy_is_in_nothing_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    flaky = _Flaky(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
    server = await asyncio.start_server(flaky.serve, "127.0.0.1", 0)
    monkeypatch.setenv("https_proxy", f"http://somebody:theirs@127.0.0.1:{server.sockets[0].getsockname()[1]}")
    http = Http("https://example.invalid", lambda: 0)
    with pytest.raises(UnreachableError) as why:
        await http.get(rest.markets())
    assert why.value.cause == "proxy"
    assert "theirs" not in str(why.value)
    assert all(token.startswith("Basic ") for token in flaky.tokens)
    await http.close()
    server.close()
    await server.wait_closed()
