"""A client that others published (upbit-connect, from PyPI) takes the program for the exchange.

It knows nothing of ours, and its models are strict: a field that is missing, null or of another type raises.
"""

from __future__ import annotations

import asyncio
import itertools
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from upbit_connect import AsyncUpbitClient, UpbitAPIError, UpbitAuthError, UpbitWebSocket

from tests.core.sim.conftest import Program
from tests.waiting import until

CODES = ["KRW-BTC", "KRW-ETH", "BTC-ETH", "USDT-XRP"]


async def test_a_published_client_streams_and_pages(start_program: Callable[..., Program]) -> None:
    said = start_program().said()
    socket = UpbitWebSocket()
    socket.WS_URL = said["ws"]
    got: defaultdict[tuple[str, str], list[Any]] = defaultdict(list)

    async def keep(message: Any) -> None:
        assert not isinstance(message, dict), f"of no type that the client knows: {message}"
        got[message.type, message.code].append(message)

    await socket.connect()
    await socket.subscribe("a", [{"type": t, "codes": CODES} for t in ("ticker", "orderbook", "trade")])
    running = asyncio.create_task(socket.run(keep))
    live = [("trade", "KRW-BTC"), ("ticker", "KRW-BTC"), ("orderbook", "KRW-BTC")]
    await until(lambda: all(len(got[key]) > 3 for key in live), timeout=30)
    await socket.close()
    await running

    for kind in ("ticker", "orderbook", "trade"):
        for code in CODES:
            assert got[kind, code][0].stream_type == "SNAPSHOT"
            assert all(m.stream_type == "REALTIME" for m in got[kind, code][1:])

    books = got["orderbook", "KRW-BTC"]
    for book in books:
        units = book.orderbook_units
        assert len(units) == 30
        assert units[0].bid_price < units[0].ask_price
        assert [u.ask_price for u in units] == sorted({u.ask_price for u in units})
        assert [u.bid_price for u in units] == sorted({u.bid_price for u in units}, reverse=True)
        assert float(book.total_ask_size) == pytest.approx(float(sum(u.ask_size for u in units)))
    assert len({b.timestamp for b in books}) == len(books), "each tells something new"

    trades, tickers = got["trade", "KRW-BTC"], got["ticker", "KRW-BTC"]
    assert len({t.sequential_id for t in trades}) == len(trades)
    now = datetime.now()  # the client's stamps are local and naive
    assert all(timedelta() <= now - t.trade_timestamp < timedelta(seconds=60) for t in trades[1:])
    for ticker in tickers:
        assert ticker.low_price <= ticker.trade_price <= ticker.high_price
        assert ticker.trade_price - ticker.prev_closing_price == ticker.signed_change_price
    # Each stream begins, and ends, in its turn.
    since = [t for t in tickers if trades[0].trade_timestamp <= t.trade_timestamp <= trades[-1].trade_timestamp]
    between = [t for t in trades[1:] if since[0].trade_timestamp < t.trade_timestamp <= since[-1].trade_timestamp]
    grown = since[-1].acc_trade_volume - since[0].acc_trade_volume
    assert float(grown) == pytest.approx(float(sum(t.trade_volume for t in between)), abs=1e-8)

    await compare_pages(said["rest"].removesuffix("/v1"), trades, tickers)


async def compare_pages(base_url: str, trades: list[Any], tickers: list[Any]) -> None:
    """Ask by REST for what came over the socket."""

    class Client(AsyncUpbitClient):
        BASE_URL = base_url

    async with Client() as client:
        quotation = client.quotation
        ticks = {t.sequential_id: t for t in await quotation.get_trades("KRW-BTC", count=200)}
        for trade in trades[1:]:
            tick = ticks[trade.sequential_id]
            assert (tick.trade_price, tick.trade_volume, tick.ask_bid) == (
                trade.trade_price,
                trade.trade_volume,
                trade.ask_bid,
            )
        (now,) = await quotation.get_ticker("KRW-BTC")
        assert now.acc_trade_volume >= tickers[-1].acc_trade_volume
        assert now.prev_closing_price == tickers[-1].prev_closing_price
        minutes = await quotation.get_candles_minutes("KRW-BTC", unit=1, count=200)
        assert len(minutes) == 200
        starts = [m.candle_date_time_utc for m in minutes]
        assert starts == sorted(starts, reverse=True)
        assert all(Decimal() < m.low_price <= min(m.opening_price, m.trade_price) for m in minutes)
        days = await quotation.get_candles_days("KRW-BTC", count=200)
        assert len(days) == 200
        assert all(new.prev_closing_price == old.trade_price for new, old in itertools.pairwise(days))
        (book,) = await quotation.get_orderbook("KRW-BTC")
        assert len(book.orderbook_units) == 30
        assert len(await quotation.get_markets()) == 860
        with pytest.raises(UpbitAPIError, match="Code not found"):
            await quotation.get_ticker("KRW-LTC")


async def test_a_published_client_sees_its_account(start_program: Callable[..., Program]) -> None:
    """It signs with HS256 and by its own code. What it hashes of a body is not what the exchange wants, so it looks."""
    said = start_program("--no-demo-trades").said()

    class Client(AsyncUpbitClient):
        BASE_URL = said["rest"].removesuffix("/v1")

    async with Client(said["access_key"], said["secret_key"]) as client:
        assets = {asset.currency: asset for asset in await client.exchange.get_accounts()}
        assert assets["KRW"].balance > 1_000_000
        assert assets["BTC"].avg_buy_price > 1_000_000
    async with Client(said["access_key"], "wrong" * 8) as client:
        with pytest.raises(UpbitAuthError):
            await client.exchange.get_accounts()
