"""Every recorded frame and body of the real exchange decodes to what an independent reader finds in it.

The reader here is `json` with Decimal; a Decimal becomes a float only when it is compared.
"""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from core.errors import RefusedError, WireError
from core.market import Interval, Stream, tick_size
from core.wire import keys, rest
from core.wire.codec import decode, decode_book, start_ms
from core.wire.messages import BookFrame, Candle, CandleRow, Message, Orderbook, Refusal, Status, Ticker, Trade
from core.wire.request import subscribe

# field of ours -> long key of the exchange, written down here once more so that a slip in messages.py shows
TICKER = {
    "market": "code",
    "price": "trade_price",
    "open": "opening_price",
    "high": "high_price",
    "low": "low_price",
    "prev_close": "prev_closing_price",
    "change_price": "signed_change_price",
    "change_rate": "signed_change_rate",
    "size": "trade_volume",
    "aggressor": "ask_bid",
    "day_volume": "acc_trade_volume",
    "day_turnover": "acc_trade_price",
    "day_ask_volume": "acc_ask_volume",
    "day_bid_volume": "acc_bid_volume",
    "volume_24h": "acc_trade_volume_24h",
    "turnover_24h": "acc_trade_price_24h",
    "high_52w": "highest_52_week_price",
    "low_52w": "lowest_52_week_price",
    "trade_time_ms": "trade_timestamp",
    "time_ms": "timestamp",
    "is_suspended": "is_trading_suspended",
    "state": "market_state",
    "warning": "market_warning",
    "stream_type": "stream_type",
}
TRADE = {
    "market": "code",
    "price": "trade_price",
    "size": "trade_volume",
    "aggressor": "ask_bid",
    "time_ms": "trade_timestamp",
    "id": "sequential_id",
    "sent_ms": "timestamp",
    "prev_close": "prev_closing_price",
    "stream_type": "stream_type",
}
CANDLE = {
    "market": "code",
    "start_utc": "candle_date_time_utc",
    "open": "opening_price",
    "high": "high_price",
    "low": "low_price",
    "close": "trade_price",
    "volume": "candle_acc_trade_volume",
    "turnover": "candle_acc_trade_price",
    "last_trade_ms": "timestamp",
    "channel": "type",
    "stream_type": "stream_type",
}
BOOK = {
    "market": "code",
    "time_ms": "timestamp",
    "ask_total": "total_ask_size",
    "bid_total": "total_bid_size",
    "stream_type": "stream_type",
}
SHORT = {"ticker": keys.TICKER, "trade": keys.TRADE, "orderbook": keys.ORDERBOOK, "candle": keys.CANDLE}


def exact(text: str | bytes) -> Any:
    return json.loads(text, parse_float=Decimal)


def long_of(row: dict[str, Any]) -> dict[str, Any]:
    """Return a frame's row in long keys."""
    if "type" in row:
        return row
    spelling = {short: long for long, short in SHORT[row["ty"].partition(".")[0]].items()}
    row = {spelling[key]: value for key, value in row.items()}
    if "orderbook_units" in row:
        level = {short: long for long, short in keys.LEVEL.items()}
        row["orderbook_units"] = [{level[key]: value for key, value in u.items()} for u in row["orderbook_units"]]
    return row


def check(message: object, row: dict[str, Any], fields: dict[str, str]) -> None:
    """Every field of the message is what the row says under its long key."""
    for ours, theirs in fields.items():
        told, found = row[theirs], getattr(message, ours)
        assert found == (float(told) if isinstance(told, Decimal) else told), (ours, found, told)
        if isinstance(told, int) and not isinstance(told, bool) and theirs.endswith(("timestamp", "id")):
            assert type(found) is int


def check_book(book: Orderbook, row: dict[str, Any]) -> None:
    check(book, row, {k: v for k, v in BOOK.items() if v in row})
    assert book.level == float(row.get("level", 0))
    units = row["orderbook_units"]
    assert [(u.ask_price, u.ask_size, u.bid_price, u.bid_size) for u in book.levels] == [
        tuple(float(u[k]) for k in ("ask_price", "ask_size", "bid_price", "bid_size")) for u in units
    ]
    assert book.asks == sorted((float(u["ask_price"]), float(u["ask_size"])) for u in units if u["ask_price"])
    assert book.bids == sorted(
        ((float(u["bid_price"]), float(u["bid_size"])) for u in units if u["bid_price"]), reverse=True
    )


def check_frame(frame: bytes) -> Message:
    """Decode a market frame and check it against the independent reader. Return the message."""
    message = decode(frame)
    row = long_of(exact(frame))
    if isinstance(message, BookFrame):
        assert (message.market, message.time_ms) == (row["code"], row["timestamp"])
        assert message.level == float(row.get("level", 0))
        assert message.is_snapshot == (row["stream_type"] == "SNAPSHOT")
        check_book(decode_book(message.frame), row)
    elif isinstance(message, Trade):
        check(message, row, TRADE)
    elif isinstance(message, Ticker):
        check(message, row, TICKER)
    else:
        assert isinstance(message, Candle)
        check(message, row, CANDLE)
        start = datetime.fromisoformat(row["candle_date_time_utc"]).replace(tzinfo=UTC)
        assert start_ms(message) == start.timestamp() * 1000
    return message


def kind_of(message: Message) -> str:
    return next(kind.__name__ for kind in (BookFrame, Trade, Ticker, Candle) if isinstance(message, kind))


# The bulk recording of 2021


@pytest.fixture(scope="module")
def recording(shared_data: Path) -> list[dict[str, Any]]:
    path = shared_data / "upbit/ws/cryptofeed-20210405-trade-orderbook-simple.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def received(recording: list[dict[str, Any]]) -> Iterator[bytes]:
    return (event["frame"].encode() for event in recording if event["dir"] == "recv")


def test_every_recorded_frame_decodes_to_what_it_says(recording: list[dict[str, Any]]) -> None:
    kinds = Counter(kind_of(check_frame(frame)) for frame in received(recording))
    assert kinds == {"BookFrame": 1_061, "Trade": 672}


def test_recorded_trades_have_one_id_each_and_recorded_books_sum_to_their_totals(
    recording: list[dict[str, Any]],
) -> None:
    ids = set()
    for frame in received(recording):
        message = decode(frame)
        if isinstance(message, Trade):
            ids.add((message.market, message.id))
        elif isinstance(message, BookFrame):
            book = decode_book(message.frame)
            assert len(book.levels) == 15
            assert sum(size for _, size in book.asks) == pytest.approx(book.ask_total, rel=1e-9)
            assert sum(size for _, size in book.bids) == pytest.approx(book.bid_total, rel=1e-9)
            assert book.bids[0][0] < book.asks[0][0]
    assert len(ids) == 672


def test_the_recorded_request_asks_for_the_streams_we_would_ask_for(recording: list[dict[str, Any]]) -> None:
    (sent,) = (json.loads(event["frame"]) for event in recording if event["dir"] == "send")
    asked = {(part["type"], code) for part in sent if "type" in part for code in part["codes"]}
    ours = json.loads(subscribe([Stream(*each) for each in asked], sent[0]["ticket"]))
    assert {(part["type"], code) for part in ours if "type" in part for code in part["codes"]} == asked


# Single frames that others quoted


@pytest.fixture(scope="module")
def quoted(shared_data: Path) -> list[dict[str, Any]]:
    lines = (shared_data / "upbit/ws/quoted-frames.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_every_quoted_market_frame_decodes_to_what_it_says(quoted: list[dict[str, Any]]) -> None:
    kinds: Counter[str] = Counter()
    for line in quoted:
        row = exact(line["frame"]) if line["kind"] == "ws" else {}
        if not isinstance(row, dict) or not (row.get("type") or row.get("ty") or "candle_date_time_utc" in row):
            continue
        frame = line["frame"].encode()
        if "type" not in row and "ty" not in row:  # whoever quoted it dropped the type, without which it is no frame
            with pytest.raises(WireError):
                decode(frame)
            frame = b'{"type":"candle.1m",' + frame[1:]
        message = check_frame(frame)
        kinds[kind_of(message)] += 1
        if "trimmed" in line and not line["trimmed"] and isinstance(message, Ticker):
            assert message.change_price == message.price - message.prev_close
    assert kinds == {"Candle": 7, "Trade": 4, "BookFrame": 4, "Ticker": 3}


def test_quoted_frames_say_literally(quoted: list[dict[str, Any]]) -> None:
    by_place = {f"{line['source'].rpartition('/')[2]} {line['captured']}": line["frame"].encode() for line in quoted}
    trade = decode(by_place["feed.rs 2026-09-02"])
    assert trade == Trade(
        "KRW-BTC",
        106_691_000.0,
        0.00009372,
        "ASK",
        1_788_335_180_377,
        17_883_351_803_770_004,
        1_788_335_180_423,
        107_005_000.0,
        "SNAPSHOT",
    )
    padded = decode(by_place["mappers.test.ts 2021-03-02"])  # the last of that name: a trade of 16-digit id
    assert isinstance(padded, Trade)
    assert (padded.id, padded.price, padded.time_ms) == (1_614_729_599_000_000, 58.4, 1_614_729_599_000)


def test_quoted_signs_of_life_and_refusals(quoted: list[dict[str, Any]]) -> None:
    messages = [decode(q["frame"].encode()) for q in quoted if q["kind"] == "ws" and "error" in exact(q["frame"])]
    assert messages == [
        Refusal("WRONG_FORMAT", "Format 이 맞지 않습니다."),
        Refusal("INVALID_PARAM", "nope 은 지원하지 않는 타입입니다."),
    ]
    assert [decode(q["frame"].encode()) for q in quoted if q["frame"].startswith('{"status"')] == [Status("UP")]


def test_quoted_thin_book_loses_its_padding(quoted: list[dict[str, Any]]) -> None:
    (frame,) = (q["frame"].encode() for q in quoted if "padded" in q["note"])
    book = decode_book(frame)
    assert book.asks == [(41_840.0, 103.6)]
    assert book.bids == [(41_730.0, 47.62562404), (41_720.0, 250.0)]


# REST bodies

Check = Callable[[Any, dict[str, Any]], None]


def check_candle(row: CandleRow, told: dict[str, Any]) -> None:
    start = datetime.fromisoformat(told["candle_date_time_utc"]).replace(tzinfo=UTC)
    assert row == (
        int(start.timestamp()) * 1000,
        *(float(told[k]) for k in ("opening_price", "high_price", "low_price", "trade_price")),
        float(told["candle_acc_trade_volume"]),
        told["timestamp"],
        float(told["candle_acc_trade_price"]),
    )


def check_tick(trade: Trade, told: dict[str, Any]) -> None:
    check(
        trade,
        told | {"code": told["market"], "trade_timestamp": told["timestamp"], "timestamp": 0, "stream_type": "REST"},
        TRADE,
    )


def check_rest_ticker(ticker: Ticker, told: dict[str, Any]) -> None:
    row = told | {"code": told["market"], "stream_type": "REST"}
    check(ticker, row, {ours: theirs for ours, theirs in TICKER.items() if theirs in row})
    assert ticker.change_price == pytest.approx(ticker.price - ticker.prev_close, abs=1e-9)


def check_rest_book(book: Orderbook, told: dict[str, Any]) -> None:
    check_book(book, told | {"code": told["market"], "stream_type": "REST"})


def check_instrument(instrument: rest.Instrument, told: dict[str, Any]) -> None:
    assert instrument.market == told["market"]
    assert instrument.tick_size == float(told["tick_size"])
    assert list(instrument.levels) == [float(level) for level in told["supported_levels"]]


CASSETTES: dict[str, tuple[rest.Call[Any], Check, int]] = {
    "get_tickers_by_quote": (rest.all_tickers(["KRW"]), check_rest_ticker, 244),
    "get_orderbooks": (rest.books(["KRW-BTC"]), check_rest_book, 1),
    "get_candles_minutes": (rest.candles("KRW-BTC", Interval.M1), check_candle, 1),
    "get_candles_days": (rest.candles("KRW-BTC", Interval.D1), check_candle, 1),
    "get_candles_years": (rest.candles("KRW-BTC", Interval.MONTH), check_candle, 1),
    "get_trades": (rest.ticks("KRW-BTC"), check_tick, 1),
    "get_orderbook_instruments": (rest.instruments(["KRW-BTC"]), check_instrument, 1),
}


@pytest.fixture(scope="module")
def cassettes(shared_data: Path) -> dict[str, dict[str, Any]]:
    with gzip.open(shared_data / "upbit/rest/upbeat-202603-http.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return {row["cassette"].removeprefix("quotation/"): row for row in rows if row["cassette"].startswith("quotation/")}


@pytest.mark.parametrize("name", CASSETTES)
def test_every_quotation_body_decodes_to_what_it_says(cassettes: dict[str, dict[str, Any]], name: str) -> None:
    call, agree, count = CASSETTES[name]
    text = cassettes[name]["body"]
    rows, told = call.decode(text.encode()), exact(text)
    assert len(rows) == len(told) == count
    for row, said in zip(rows, told, strict=True):
        agree(row, said)


def test_every_recorded_answer_has_a_test(cassettes: dict[str, dict[str, Any]]) -> None:
    assert cassettes.keys() == CASSETTES.keys()


def test_the_recorded_paths_are_the_ones_we_ask(cassettes: dict[str, dict[str, Any]]) -> None:
    for name, (call, _, _) in CASSETTES.items():
        if name != "get_candles_years":  # which no interval of ours needs
            assert cassettes[name]["uri"].partition("?")[0].endswith("/v1" + call.path)


def test_recorded_prices_are_multiples_of_the_tick_size_of_their_band(cassettes: dict[str, dict[str, Any]]) -> None:
    for row in exact(cassettes["get_tickers_by_quote"]["body"]):
        tick = Decimal(str(tick_size(row["market"], float(row["trade_price"]))))
        assert Decimal(str(row["trade_price"])) % tick == 0, row["market"]


def test_the_market_list_of_2021_without_details_decodes(shared_data: Path) -> None:
    text = gzip.decompress((shared_data / "upbit/rest/cryptofeed-20210417-market-all.json.gz").read_bytes())
    markets, told = rest.markets().decode(text), exact(text)
    assert [(m.code, m.korean_name, m.english_name) for m in markets] == [
        (row["market"], row["korean_name"], row["english_name"]) for row in told
    ]
    assert Counter(m.quote for m in markets) == {"KRW": 117, "BTC": 161, "USDT": 16}
    assert not any(m.is_warned or m.cautions for m in markets)


def test_bodies_of_2018_decode_as_far_as_they_go(shared_data: Path) -> None:
    text = (shared_data / "upbit/rest/xchange-20180702-orderbook.json").read_bytes()
    (book,) = rest.books(["BTC-ETH"]).decode(text)
    check_rest_book(book, exact(text)[0])
    text = (shared_data / "upbit/rest/xchange-20180702-trades.json").read_bytes()
    with pytest.raises(WireError, match="sequential_id"):  # without which no trade can be told from another
        rest.ticks("BTC-ETH").decode(text)
    numbered = [row | {"sequential_id": n} for n, row in enumerate(json.loads(text))]
    trades = rest.ticks("BTC-ETH").decode(json.dumps(numbered).encode())
    by_id = {trade.id: trade for trade in trades}
    assert len(by_id) == 100
    for n, told in enumerate(exact(text)):
        check_tick(by_id[n], told | {"sequential_id": n})
    assert [t.time_ms for t in trades] == sorted(t.time_ms for t in trades)


@pytest.mark.parametrize(
    ("name", "interval", "count"),
    [
        ("smtm-upbit_1m_20200220_170000-20200220_202000", Interval.M1, 200),
        ("smtm-upbit_3m_20200220_000000-20200220_100000", Interval.M3, 200),
        ("smtm-upbit_3m_20200220_100000-20200220_120000", Interval.M3, 40),
    ],
)
def test_recorded_candle_pages_come_oldest_first_on_their_grid(
    shared_data: Path, name: str, interval: Interval, count: int
) -> None:
    text = gzip.decompress((shared_data / f"upbit/candles/{name}.json.gz").read_bytes())
    rows = rest.candles("KRW-BTC", interval).decode(text)
    assert len(rows) == count
    for row, told in zip(rows, reversed(exact(text)), strict=True):
        check_candle(row, told)
        assert interval.floor(row.start_ms) == row.start_ms
    starts = [row.start_ms for row in rows]
    assert starts == sorted(set(starts))


def test_every_quoted_body_decodes_to_what_it_says(quoted: list[dict[str, Any]]) -> None:
    checks: dict[str, tuple[rest.Call[Any], Check]] = {
        "rest /v1/trades/ticks": (rest.ticks("KRW-BTC"), check_tick),
        "rest /v1/candles/minutes/60": (rest.candles("KRW-BTC", Interval.H1), check_candle),
    }
    seen: Counter[str] = Counter()
    for line in quoted:
        kind, text = line["kind"], line["frame"]
        if kind in checks:
            call, agree = checks[kind]
            for row, told in zip(call.decode(text.encode()), reversed(exact(text)), strict=True):
                agree(row, told)
        elif kind.startswith("rest /v1/market/all"):
            markets = {m.code: m for m in rest.markets().decode(text.encode())}
            for row in exact(text):
                event = row["market_event"]
                market = markets[row["market"]]
                assert market.is_warned == event["warning"]
                assert market.cautions == {flag for flag, is_on in event["caution"].items() if is_on}
        elif kind.startswith("rest error"):
            why = rest.refusal(int(kind.split()[-1]), {}, text.encode())
            assert isinstance(why, RefusedError)
            assert (why.name, why.message) == (str(exact(text)["error"]["name"]), exact(text)["error"]["message"])
        else:
            assert kind in {"ws", "ws private"}
        seen[kind] += 1
    assert seen["rest /v1/trades/ticks"] == 2
    assert sum(seen.values()) == 28
