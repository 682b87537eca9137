"""The exchange's REST, over real HTTP."""

from __future__ import annotations

import asyncio
import itertools
import json
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlencode

import pytest

from core.market import Interval
from core.sim.exchange import Exchange
from core.wire import codec, rest
from tests.core.sim.conftest import NOON_MS, Web, clock

MISSING = "Missing request parameter error. Check the required parameters!"


async def test_markets_with_and_without_details(exchange: Exchange, web: Web) -> None:
    rows = await web.rows("/v1/market/all")
    assert [r["market"] for r in rows] == list(exchange.floor.markets)
    assert rows[0] == {"market": "KRW-BTC", "korean_name": "비트코인", "english_name": "Bitcoin"}
    detailed = await web.rows("/v1/market/all?is_details=true")
    assert set(detailed[0]["market_event"]["caution"]) == {
        "PRICE_FLUCTUATIONS",
        "TRADING_VOLUME_SOARING",
        "DEPOSIT_AMOUNT_SOARING",
        "GLOBAL_PRICE_DIFFERENCES",
        "CONCENTRATION_OF_SMALL_ACCOUNTS",
    }


@pytest.mark.parametrize(
    "path",
    ["seconds", *(f"minutes/{u}" for u in (1, 3, 5, 10, 15, 30, 60, 240)), "days", "weeks", "months", "years"],
)
async def test_candle_pages_are_newest_first_and_to_is_exclusive(exchange: Exchange, web: Web, path: str) -> None:
    rows = await web.rows(f"/v1/candles/{path}?market=KRW-BTC&count=9")
    starts = [r["candle_date_time_utc"] for r in rows]
    assert starts == sorted(set(starts), reverse=True)
    assert len(rows) == 9 or path == "years"
    older = await web.rows(f"/v1/candles/{path}?market=KRW-BTC&count=5&to={starts[3]}")
    assert [r["candle_date_time_utc"] for r in older][: len(starts) - 4] == starts[4:9]
    one = await web.rows(f"/v1/candles/{path}?market=krw-btc")
    assert len(one) == 1, "the default is one"
    kst = datetime.fromisoformat(rows[0]["candle_date_time_kst"]) - datetime.fromisoformat(starts[0])
    assert kst.total_seconds() == 9 * 3600
    extra = {"minutes": "unit", "days": "prev_closing_price", "weeks": "first_day_of_period"}.get(
        path.split("/", maxsplit=1)[0]
    )
    assert extra is None or extra in rows[0]


@pytest.mark.parametrize(
    "to", ["2026-09-27T11:00:00", "2026-09-27T11:00:00Z", "2026-09-27T20:00:00%2B09:00", "2026-09-27%2011:00:00"]
)
async def test_to_may_have_a_zone(web: Web, to: str) -> None:
    (row,) = await web.rows(f"/v1/candles/minutes/1?market=KRW-BTC&to={to}")
    assert row["candle_date_time_utc"] == "2026-09-27T10:59:00"


async def test_a_page_holds_two_hundred_at_most(web: Web) -> None:
    assert len(await web.rows("/v1/candles/minutes/1?market=KRW-BTC&count=1000")) == 200
    assert len(await web.rows("/v1/trades/ticks?market=KRW-BTC&count=1000")) == 500


async def test_a_day_tells_its_change(web: Web) -> None:
    rows = await web.rows("/v1/candles/days?market=KRW-XRP&count=30&converting_price_unit=KRW")
    for newer, older in itertools.pairwise(rows):
        assert newer["prev_closing_price"] == older["trade_price"]
        change = float(newer["trade_price"]) - float(older["trade_price"])
        assert float(newer["change_price"]) == pytest.approx(change)
        assert newer["converted_trade_price"] == newer["trade_price"]


async def test_our_own_client_reads_every_answer(web: Web) -> None:
    calls: list[rest.Call[Any]] = [
        rest.markets(),
        rest.ticks("KRW-BTC"),
        rest.tickers(["KRW-BTC", "KRW-XRP"]),
        rest.all_tickers(["KRW"]),
        rest.books(["KRW-BTC", "KRW-XRP"]),
        rest.instruments(["KRW-BTC", "KRW-XRP"]),
        *(rest.candles("KRW-BTC", interval) for interval in Interval),
    ]
    for i, call in enumerate(calls):
        if i % 8 == 7:
            await asyncio.sleep(1)
        answer = await web.get(f"/v1{call.path}?{urlencode(call.params)}")
        assert answer.status == 200, answer.body
        rows = call.decode(answer.body)
        assert len(rows) > 1


async def test_ticks_walk_back_by_cursor_time_and_day(exchange: Exchange, web: Web) -> None:
    first = await web.rows("/v1/trades/ticks?market=KRW-ETH&count=5")
    ids = [r["sequential_id"] for r in first]
    assert ids == sorted(ids, reverse=True)
    after = await web.rows(f"/v1/trades/ticks?market=KRW-ETH&count=3&cursor={ids[2]}")
    assert [r["sequential_id"] for r in after][:2] == ids[3:]
    for text in ("113000", "11:30:00"):
        (row,) = await web.rows(f"/v1/trades/ticks?market=KRW-ETH&to={text}")
        assert row["trade_time_utc"] < "11:30:00"
        assert row["trade_date_utc"] == "2026-09-27"
    for days in (1, 7):
        (row,) = await web.rows(f"/v1/trades/ticks?market=KRW-ETH&days_ago={days}")
        assert row["trade_date_utc"] == f"2026-09-{27 - days}"
        assert row["trade_time_utc"] > "23:00:00"
    assert (await web.get("/v1/trades/ticks?market=KRW-ETH&days_ago=8")).status == 400


async def test_all_ticks_of_a_past_day_are_its_candle(web: Web) -> None:
    await asyncio.sleep(1)
    market, rows, cursor = "KRW-AXS", [], ""
    async with Exchange(seed=1, now_ms=clock(), has_limits=False) as whole:
        mine = await Web.open(whole)
        while page := await mine.rows(f"/v1/trades/ticks?market={market}&count=500&days_ago=2{cursor}"):
            rows += page
            cursor = f"&cursor={page[-1]['sequential_id']}"
        (day,) = await mine.rows(f"/v1/candles/days?market={market}&to=2026-09-26T00:00:00")
        await mine.close()
    assert day["candle_date_time_utc"] == "2026-09-25T00:00:00"

    def exact(text: str, scale: int) -> int:
        whole, _, part = text.partition(".")
        return int(whole + part.ljust(scale, "0")[:scale])

    sizes = [exact(r["trade_volume"], 8) for r in rows]
    prices = [exact(r["trade_price"], 8) for r in rows]
    assert sum(sizes) == exact(day["candle_acc_trade_volume"], 8)
    turnover = sum(p * s for p, s in zip(prices, sizes, strict=True))
    assert (turnover + 5 * 10**7) // 10**8 == exact(day["candle_acc_trade_price"], 8)
    assert (prices[-1], max(prices), min(prices), prices[0]) == tuple(
        exact(day[n], 8) for n in ("opening_price", "high_price", "low_price", "trade_price")
    )


async def test_the_ticker_is_today_s_candle() -> None:
    codes = ["KRW-BTC", "KRW-XRP", "KRW-SHIB"]
    # The clock stands still: every answer is of the same moment.
    async with Exchange(seed=1, markets=60, now_ms=lambda: NOON_MS, has_limits=False) as exchange:
        web = await Web.open(exchange)
        await compare_tickers_with_candles(web, codes)
        await web.close()


async def compare_tickers_with_candles(web: Web, codes: list[str]) -> None:
    tickers = await web.rows(f"/v1/ticker?markets={','.join(codes)}")
    for code, ticker in zip(codes, tickers, strict=True):
        today, *year = await web.rows(f"/v1/candles/days?market={code}&count=200")
        assert ticker["market"] == code
        for mine, theirs in {
            "opening_price": "opening_price",
            "high_price": "high_price",
            "low_price": "low_price",
            "trade_price": "trade_price",
            "acc_trade_volume": "candle_acc_trade_volume",
            "prev_closing_price": "prev_closing_price",
            "signed_change_price": "change_price",
            "trade_timestamp": "timestamp",
        }.items():
            assert ticker[mine] == today[theirs]
        assert float(ticker["acc_trade_price"]) == pytest.approx(float(today["candle_acc_trade_price"]), abs=1e-8)
        assert float(ticker["highest_52_week_price"]) >= max(float(d["high_price"]) for d in year)
        assert float(ticker["lowest_52_week_price"]) <= min(float(d["low_price"]) for d in year)
        minutes = []
        to = ""
        for _ in range(8):
            page = await web.rows(f"/v1/candles/minutes/1?market={code}&count=200{to}")
            minutes += page
            to = f"&to={page[-1]['candle_date_time_utc']}"
        day_ago = codec.utc_text(NOON_MS - 86_400_000)
        volume = sum(float(m["candle_acc_trade_volume"]) for m in minutes if m["candle_date_time_utc"] >= day_ago)
        assert float(ticker["acc_trade_volume_24h"]) == pytest.approx(volume, rel=1e-3)


async def test_all_tickers_of_a_quote(exchange: Exchange, web: Web) -> None:
    rows = await web.rows("/v1/ticker/all?quote_currencies=KRW")
    assert {r["market"] for r in rows} == {m for m in exchange.floor.markets if m.startswith("KRW-")}
    assert len(rows[0]) == 26
    for row in rows:
        change = float(row["trade_price"]) - float(row["prev_closing_price"])
        assert float(row["signed_change_price"]) == pytest.approx(change, abs=1e-8)
        assert row["change"] == ("RISE" if change > 0 else "FALL" if change < 0 else "EVEN")


async def test_books_levels_and_instruments(web: Web) -> None:
    (book,) = await web.rows("/v1/orderbook?markets=KRW-BTC")
    assert list(book) == ["market", "timestamp", "total_ask_size", "total_bid_size", "orderbook_units", "level"]
    assert list(book["orderbook_units"][0]) == ["bid_price", "bid_size", "ask_price", "ask_size"]
    assert len(book["orderbook_units"]) == 30
    (short,) = await web.rows("/v1/orderbook?markets=KRW-BTC&count=5")
    assert len(short["orderbook_units"]) == 5
    (grouped,) = await web.rows("/v1/orderbook?markets=KRW-BTC&level=100000")
    assert all(int(u["ask_price"]) % 100_000 == 0 for u in grouped["orderbook_units"])
    (row,) = await web.rows("/v1/orderbook/instruments?markets=KRW-BTC")
    assert row == {
        "market": "KRW-BTC",
        "quote_currency": "KRW",
        "tick_size": "1000",
        "supported_levels": ["0", "10000", "100000", "1000000", "10000000", "100000000"],
    }
    (row,) = await web.rows("/v1/orderbook/supported_levels?markets=KRW-BTC")
    assert row["supported_levels"] == [0, 10000, 100000, 1000000, 10000000, 100000000]


@pytest.mark.parametrize(
    ("target", "status", "error"),
    [
        ("/v1/ticker", 400, {"name": 400, "message": MISSING}),
        ("/v1/ticker?markets=KRW-BTC,KRW-NOPE", 404, {"name": 404, "message": "Code not found"}),
        ("/v1/candles/minutes/1", 400, {"name": 400, "message": MISSING}),
        ("/v1/candles/minutes/1?market=KRW-LTC", 404, {"name": 404, "message": "Code not found"}),
        ("/v1/candles/minutes/1?market=KRW-BTC&count=x", 400, None),
        ("/v1/candles/minutes/1?market=KRW-BTC&to=yesterday", 400, None),
        ("/v1/candles/minutes/1?market=KRW-BTC&to=2026-09-27T20:00:00+09:00", 400, None),
        ("/v1/market/all?is_details=perhaps", 400, None),
        ("/v1/nothing", 404, {"name": "not_found", "message": "no Route matched with those values"}),
        ("/", 404, {"name": "not_found", "message": "no Route matched with those values"}),
    ],
)
async def test_errors_are_the_exchange_s_own(
    web: Web, target: str, status: int, error: dict[str, object] | None
) -> None:
    answer = await web.get(target)
    assert answer.status == status
    if error is not None:
        assert answer.json == {"error": error}


async def test_headers_tell_the_limit_the_time_and_compression(exchange: Exchange, web: Web) -> None:
    answer = await web.get("/v1/candles/minutes/1?market=KRW-BTC&count=200", Accept_Encoding="gzip, deflate")
    assert answer.headers["remaining-req"] == "group=candles; min=600; sec=9"
    assert answer.headers["limit-by-ip"] == "Yes"
    assert answer.headers["content-encoding"] == "gzip"
    assert len(json.loads(answer.body)) == 200
    date = parsedate_to_datetime(answer.headers["date"])
    assert abs(date.timestamp() - NOON_MS / 1000) <= 2
    assert date.tzinfo == UTC
    again = await web.get("/v1/market/all")
    same = await web.get("/v1/market/all", If_None_Match=again.headers["etag"])
    assert (same.status, same.body) == (304, b"")


async def test_an_eleventh_request_in_a_second_is_refused(exchange: Exchange, web: Web) -> None:
    target = "/v1/candles/minutes/1?market=KRW-BTC"
    statuses = [(await web.get(target)).status for _ in range(12)]
    assert statuses == [200] * 10 + [429] * 2
    assert exchange.violations == {"candles": 2}
    assert (await web.get("/v1/market/all")).status == 200, "each group has its own"
    await asyncio.sleep(1)
    assert (await web.get(target)).status == 200


async def test_an_origin_has_one_request_in_ten_seconds(web: Web) -> None:
    assert (await web.get("/v1/market/all", Origin="http://x")).status == 200
    assert (await web.get("/v1/market/all", Origin="http://x")).status == 429
    await asyncio.sleep(10)
    assert (await web.get("/v1/market/all", Origin="http://x")).status == 200


async def test_rest_can_be_paused_and_refused(exchange: Exchange, web: Web) -> None:
    exchange.trouble.refuse_rest(503, 2)
    assert [(await web.get("/v1/market/all")).status for _ in range(3)] == [503, 503, 200]
    exchange.trouble.pause_rest()
    waiting = asyncio.create_task(web.get("/v1/market/all"))
    await asyncio.sleep(5)
    assert not waiting.done()
    exchange.trouble.resume_rest()
    assert (await waiting).status == 200


async def test_the_control_endpoint_tells_and_does(exchange: Exchange, web: Web) -> None:
    stats = (await web.get("/control/stats")).json
    assert {"requests", "opened", "violations", "frames", "cpu_s", "behind"} <= stats.keys()
    await web.get("/control/refuse_rest?status=500&count=1")
    assert (await web.get("/v1/market/all")).status == 500
    assert (await web.get("/control/nothing")).status == 404


async def test_the_clock_can_be_off(web: Web) -> None:
    async with Exchange(seed=1, markets=6, now_ms=clock(), skew_ms=-90_000) as late:
        mine = await Web.open(late)
        answer = await mine.get("/v1/trades/ticks?market=KRW-BTC")
        assert answer.json[0]["timestamp"] <= NOON_MS - 90_000 + 2_000
        assert parsedate_to_datetime(answer.headers["date"]).timestamp() < NOON_MS / 1000 - 85
        await mine.close()


async def test_a_broken_request_only_costs_its_connection(exchange: Exchange, web: Web) -> None:
    reader, writer = await asyncio.open_connection(exchange.host, exchange.port)
    writer.write(b"\x00\x01garbage\r\n\r\n")
    assert await reader.read() == b""
    writer.close()
    await writer.wait_closed()
    assert (await web.get("/v1/market/all")).status == 200
