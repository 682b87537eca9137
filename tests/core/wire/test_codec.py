"""Frames to messages: the manual's spellings, the odd ones, and what is no frame at all."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import WireError
from core.wire import codec, keys
from core.wire.codec import decode, decode_book, start_ms, utc_ms, utc_text
from core.wire.messages import (
    BookFrame,
    Candle,
    Level,
    Message,
    Orderbook,
    Refusal,
    Status,
    Subscription,
    Subscriptions,
    Ticker,
    Trade,
)

# Composed by us in the exchange's spelling, DEFAULT format, one frame a line.
FRAMES = {
    json.loads(line)["name"]: json.loads(line)["frame"].encode()
    for line in (Path(__file__).parents[2] / "data" / "frames.jsonl").read_text("utf-8").splitlines()
}
SHORT = {"ticker": keys.TICKER, "trade": keys.TRADE, "orderbook": keys.ORDERBOOK, "candle": keys.CANDLE}
_PLACE = "\ue000"


def respell(frame: bytes, keys_of: dict[str, str]) -> bytes:
    """Rename keys in the text, so that the numbers keep their spelling."""
    for long, short in keys_of.items():
        frame = frame.replace(f'"{long}":'.encode(), f'"{_PLACE}{short}":'.encode())
    return frame.replace(_PLACE.encode(), b"")


def simple(frame: bytes) -> bytes:
    """Return a DEFAULT frame as SIMPLE."""
    kind = json.loads(frame)["type"].partition(".")[0]
    return respell(frame, SHORT[kind] | (keys.LEVEL if kind == "orderbook" else {}))


def listed(*frames: bytes) -> bytes:
    return b"[" + b",".join(frames) + b"]"


def values(message: object) -> dict[str, Any]:
    """Return a message's fields: those of another format are of another class, so the messages themselves differ."""
    assert isinstance(message, msgspec.Struct)
    row = msgspec.structs.asdict(message)
    if "levels" in row:
        row["levels"] = [values(level) for level in row["levels"]]
    if isinstance(message, BookFrame):
        row["frame"] = values(decode_book(message.frame))
    return {k: "nan" if isinstance(v, float) and math.isnan(v) else v for k, v in row.items()}


def one(frame: bytes) -> Message:
    message = decode(frame)
    assert not isinstance(message, list)
    return message


def without(frame: bytes, *names: str) -> bytes:
    """Return the frame with its keys in another order and some left out."""
    row = json.loads(frame)
    return json.dumps({k: row[k] for k in reversed(row) if k not in names}).encode()


def with_text(frame: bytes, key: str, text: str) -> bytes:
    """Return the frame with the value of one key spelled otherwise."""
    changed, n = re.subn(rf'"{key}":("[^"]*"|[^,}}\]]+)'.encode(), f'"{key}":{text}'.encode(), frame, count=1)
    assert n == 1
    return changed


MARKET_FRAMES = [name for name, frame in FRAMES.items() if b'"stream_type"' in frame]
MANDATORY = {
    "ticker": ["code", "trade_price"],
    "trade": ["code", "trade_price", "trade_volume", "ask_bid", "trade_timestamp", "sequential_id"],
    "candle": ["code", "candle_date_time_utc", "opening_price", "candle_acc_trade_volume", "timestamp"],
}


# What each kind says


def test_a_ticker_says_price_change_and_volumes() -> None:
    ticker = one(FRAMES["ticker"])
    assert isinstance(ticker, Ticker)
    assert values(ticker) == {
        "market": "KRW-BTC",
        "price": 116_539_000.0,
        "open": 115_800_000.0,
        "high": 116_700_000.0,
        "low": 115_512_000.0,
        "prev_close": 115_800_000.0,
        "change_price": 739_000.0,
        "change_rate": 0.0063816926,
        "size": 0.00042901,
        "aggressor": "BID",
        "day_volume": 812.90112034,
        "day_turnover": 94_350_112_907.1234,
        "day_ask_volume": 400.1,
        "day_bid_volume": 412.80112034,
        "volume_24h": 1_500.70112034,
        "turnover_24h": 174_009_333_555.5,
        "high_52w": 179_869_000.0,
        "low_52w": 88_342_000.0,
        "trade_time_ms": 1_790_134_742_057,
        "time_ms": 1_790_134_742_101,
        "is_suspended": False,
        "state": "ACTIVE",
        "warning": "NONE",
        "stream_type": "REALTIME",
    }


def test_an_unchanged_ticker_spells_zero_with_an_exponent() -> None:
    ticker = one(FRAMES["ticker unchanged"])
    assert isinstance(ticker, Ticker)
    assert (ticker.change_price, ticker.change_rate, ticker.price) == (0.0, 0.0, 2_045.0)


def test_a_trade_keeps_its_id_to_the_last_digit() -> None:
    trade = one(FRAMES["trade"])
    assert trade == Trade(
        "KRW-BTC",
        116_539_000.0,
        7.9276e-4,
        "ASK",
        1_790_134_742_057,
        17_901_347_420_570_001,
        1_790_134_742_103,
        115_800_000.0,
        "REALTIME",
    )


def test_a_book_stays_bytes_until_it_is_read() -> None:
    book = one(FRAMES["orderbook"])
    assert book == BookFrame("KRW-BTC", 0.0, 1_790_134_742_106, True, FRAMES["orderbook"])
    assert isinstance(book, BookFrame)
    assert decode_book(book.frame) == Orderbook(
        "KRW-BTC",
        (
            Level(116_539_000.0, 116_538_000.0, 0.02054761, 0.08120946),
            Level(116_542_000.0, 116_537_000.0, 0.0007772, 0.01129382),
        ),
        1_790_134_742_106,
        0.02132481,
        0.09250328,
        0.0,
        "SNAPSHOT",
    )


def test_padding_is_kept_in_the_levels_and_dropped_from_the_sides() -> None:
    book = decode_book(FRAMES["orderbook padded"])
    assert len(book.levels) == 3
    assert book.asks == [(41_840.0, 103.6)]
    assert book.bids == [(41_730.0, 47.62562404), (41_720.0, 250.0)]


@pytest.mark.parametrize(
    ("spelled", "level"), [("0", 0.0), ("10000", 1e4), ("1.0E8", 1e8), ("0.1", 0.1), ("0E-8", 0.0)]
)
def test_the_level_is_read_however_it_is_spelled(spelled: str, level: float) -> None:
    frame = with_text(FRAMES["orderbook"], "level", spelled)
    for spelling in (frame, simple(frame), without(frame)):
        book = one(spelling)
        assert isinstance(book, BookFrame)
        assert (book.level, decode_book(book.frame).level) == (level, level)


def test_a_level_in_front_of_the_ranks_is_seen() -> None:
    frame = (
        FRAMES["orderbook"]
        .replace(b',"level":0}', b"}")
        .replace(b'"orderbook_units"', b'"level":100,"orderbook_units"')
    )
    book = one(frame)
    assert isinstance(book, BookFrame)
    assert book.level == 100.0


def test_a_book_of_before_2024_has_no_level() -> None:
    book = one(FRAMES["orderbook"].replace(b',"level":0}', b"}"))
    assert isinstance(book, BookFrame)
    assert book.level == 0.0


def test_a_candle_says_its_window() -> None:
    candle = one(FRAMES["candle"])
    assert isinstance(candle, Candle)
    assert candle == Candle(
        "KRW-BTC",
        "2026-09-23T03:39:00",
        116_500_000.0,
        116_539_000.0,
        116_490_000.0,
        116_539_000.0,
        0.15511395,
        1_790_134_742_057,
        18_075_000.125,
        "candle.1m",
        "REALTIME",
    )
    assert start_ms(candle) == 1_790_134_740_000
    assert candle.time_ms == 1_790_134_742_057


def test_signs_of_life_and_refusals_are_told_apart() -> None:
    assert one(b'{"status":"UP"}') == Status("UP")
    refusal = Refusal("INVALID_PARAM", "nope 은 지원하지 않는 타입입니다.")
    name, message = '"name":"INVALID_PARAM"', '"message":"nope 은 지원하지 않는 타입입니다."'
    assert one(f'{{"error":{{{name},{message}}}}}'.encode()) == refusal
    assert one(f'{{"error":{{{message},{name}}}}}'.encode()) == refusal
    assert one(b'{"error":{"name":"NO_CODES"}}') == Refusal("NO_CODES")
    assert one(b'{"error":"gone"}') == Refusal("gone")
    assert one(b'{"error":{"name":400,"message":null}}') == Refusal("400")


@pytest.mark.parametrize(
    "frame",
    [
        b'{"method":"LIST_SUBSCRIPTIONS","result":[{"type":"trade","codes":["KRW-BTC","KRW-ETH"]},'
        b'{"type":"orderbook","codes":["KRW-BTC.15"],"level":10000}],"ticket":"q1"}',
        b'{"ticket":"q1","result":[{"codes":["KRW-BTC","KRW-ETH"],"type":"trade","level":null},'
        b'{"level":1E4,"type":"orderbook","codes":["KRW-BTC.15"]}],"method":"LIST_SUBSCRIPTIONS"}',
        b'{"mthd":"LIST_SUBSCRIPTIONS","rslt":[{"ty":"trade","cds":["KRW-BTC","KRW-ETH"]},'
        b'{"ty":"orderbook","cds":["KRW-BTC.15"],"lv":"10000"}],"tckt":"q1"}',
        b'[{"mthd":"LIST_SUBSCRIPTIONS","rslt":[{"ty":"trade","cds":["KRW-BTC","KRW-ETH"]},'
        b'{"ty":"orderbook","cds":["KRW-BTC.15"],"lv":10000.0}],"tckt":"q1"}]',
    ],
)
def test_what_the_exchange_believes_reads_the_same_in_every_format(frame: bytes) -> None:
    trades = Subscription("trade", ("KRW-BTC", "KRW-ETH"))
    books = Subscription("orderbook", ("KRW-BTC.15",), 10_000.0)
    assert one(frame) == Subscriptions((trades, books), "q1")


def test_nothing_subscribed_is_an_empty_answer() -> None:
    assert one(b'{"method":"LIST_SUBSCRIPTIONS","result":[],"ticket":"q1"}') == Subscriptions((), "q1")
    assert one(b'{"method":"LIST_SUBSCRIPTIONS","result":null,"ticket":7}') == Subscriptions((), "7")


# Spellings


@pytest.mark.parametrize("name", MARKET_FRAMES)
def test_every_format_and_key_order_says_the_same(name: str) -> None:
    frame = FRAMES[name]
    said = values(one(frame))
    short = simple(frame)
    assert b'"trade_price"' not in short
    assert b'"ty":' in short
    for other in (short, listed(frame), listed(short), without(frame), without(short), b" " + frame, frame + b"\n"):
        assert values(one(other)) == said


def test_a_list_of_several_objects_is_several_messages() -> None:
    frames = [FRAMES["trade"], FRAMES["orderbook"], simple(FRAMES["candle"]), FRAMES["ticker"]]
    messages = decode(listed(*frames))
    assert isinstance(messages, list)
    assert [values(m) for m in messages] == [values(one(f)) for f in frames]
    assert [type(m) for m in messages] == [Trade, BookFrame, Candle, Ticker]


def test_an_empty_list_says_nothing() -> None:
    assert decode(b"[]") == []


def test_two_objects_without_a_list_are_no_frame() -> None:
    book = FRAMES["orderbook"]
    for frame in (FRAMES["trade"] * 2, book + b"," + book, book + book):
        with pytest.raises(WireError):
            message = decode(frame)
            assert isinstance(message, BookFrame)  # a peek cannot know
            decode_book(message.frame)


def test_new_fields_are_passed_over() -> None:
    new = b'{"deep":[1,{"x":null}]}'
    for name in MARKET_FRAMES:
        frame = FRAMES[name]
        for spelled in (frame, simple(frame)):
            added = spelled[:-1] + b',"brand_new":' + new + b',"n":1e-7}'
            assert values(one(added)) == values(one(spelled))


@pytest.mark.parametrize("name", [n for n in MARKET_FRAMES if not n.startswith("orderbook")])
def test_null_and_absent_are_the_same_and_no_field_but_the_needed_is_needed(name: str) -> None:
    frame = FRAMES[name]
    needed = MANDATORY[name.split(maxsplit=1)[0]]
    for key in json.loads(frame):
        if key in {"type", "high_price", "low_price", "trade_price"} or key in needed:
            continue
        for spelled in (frame, simple(frame)):
            spelled_key = key if spelled is frame else SHORT[name.split(maxsplit=1)[0]][key]
            absent = values(one(without(spelled, spelled_key)))
            assert values(one(with_text(spelled, spelled_key, "null"))) == absent
            assert "nan" not in {v for k, v in absent.items() if values(one(frame))[k] == v}


@pytest.mark.parametrize("kind", MANDATORY)
def test_a_needed_field_that_is_absent_null_or_no_number_is_an_error(kind: str) -> None:
    for key in MANDATORY[kind]:
        frame = FRAMES[kind]
        bad = [without(frame, key), with_text(frame, key, "null"), with_text(frame, key, "[]")]
        if key not in {"code", "candle_date_time_utc"}:
            texts = ["1e999", "-1e999", '"nan"', '"Infinity"', '"-inf"', '"12a"', '""', "true"]
            bad += [with_text(frame, key, text) for text in texts]
        for broken in bad:
            with pytest.raises(WireError):
                decode(broken)
            with pytest.raises(WireError):
                decode(simple(broken))


@pytest.mark.parametrize("text", ["1e999", '"nan"', '"inf"', "[]", "{}", '"x"', "true"])
def test_a_field_that_is_no_number_but_not_needed_is_not_known(text: str) -> None:
    ticker = one(with_text(FRAMES["ticker"], "acc_trade_price_24h", text))
    assert isinstance(ticker, Ticker)
    assert math.isnan(ticker.turnover_24h)
    assert ticker.price == 116_539_000.0


def test_an_unknown_side_is_not_guessed() -> None:
    ticker = one(with_text(FRAMES["ticker"], "ask_bid", '"AUCTION"'))
    assert isinstance(ticker, Ticker)
    assert ticker.aggressor is None
    with pytest.raises(WireError):
        decode(with_text(FRAMES["trade"], "ask_bid", '"AUCTION"'))


@pytest.mark.parametrize("text", ["null", '"2026-12-01"', '{"year":2026,"month":12,"day":1}', "[2026,12,1]"])
def test_a_delisting_date_may_have_any_shape(text: str) -> None:
    frame = with_text(FRAMES["ticker"], "delisting_date", text)
    for spelled in (frame, simple(frame), listed(frame)):
        assert values(one(spelled)) == values(one(FRAMES["ticker"]))


@pytest.mark.parametrize("text", ["17901347420570001.0", "1.7901347420570001E16", '"17901347420570001"'])
def test_an_id_above_2_to_the_53_is_exact_however_it_is_spelled(text: str) -> None:
    frame = with_text(FRAMES["trade"], "sequential_id", text)
    for spelled in (frame, simple(frame), listed(frame)):
        trade = one(spelled)
        assert isinstance(trade, Trade)
        assert (trade.id, type(trade.id)) == (17_901_347_420_570_001, int)


@pytest.mark.parametrize("name", MARKET_FRAMES)
@pytest.mark.parametrize("text", ["1790134742106000", "1.790134742106E12", '"1790134742106"', "1790134742106.0"])
def test_a_stamp_in_microseconds_or_with_an_exponent_is_in_ms(name: str, text: str) -> None:
    frame = with_text(FRAMES[name], "timestamp", text)
    for spelled in (frame, simple(frame), listed(frame), without(frame)):
        message = one(spelled)
        if isinstance(message, BookFrame):
            assert decode_book(message.frame).time_ms == 1_790_134_742_106
        stamp = message.sent_ms if isinstance(message, Trade) else message.time_ms  # type: ignore[union-attr]
        assert stamp == 1_790_134_742_106


@pytest.mark.parametrize("text", ["-1", "1" + "0" * 30, "1e25", "0.5"])
def test_a_stamp_out_of_all_time_is_an_error(text: str) -> None:
    with pytest.raises(WireError):
        decode_book(with_text(FRAMES["orderbook"], "timestamp", text))
    with pytest.raises(WireError):
        decode(with_text(FRAMES["trade"], "trade_timestamp", text))


def test_numbers_spelled_as_text_are_numbers() -> None:
    trade = one(with_text(FRAMES["trade"], "trade_price", '"1.16539E8"'))
    assert isinstance(trade, Trade)
    assert trade.price == 116_539_000.0


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"ask_price":1.16539E8', b'"ask_price":1e999'),
        (b'"ask_price":1.16539E8', b'"ask_price":"nan"'),
        (b'"ask_price":1.16539E8', b'"ask_price":"-Infinity"'),
        (b'"ask_price":1.16539E8,', b""),
        (b'"ask_price":1.16539E8', b'"ask_price":{}'),
        (b'{"ask_price":1.16539E8', b'7,{"ask_price":1.16539E8'),
        (b'"orderbook_units":[', b'"orderbook_units":[['),
        (b'"orderbook_units"', b'"units"'),
        (b"},{", b"},"),
    ],
)
def test_a_book_that_is_broken_inside_is_an_error_when_it_is_read(old: bytes, new: bytes) -> None:
    frame = FRAMES["orderbook"].replace(old, new)
    assert frame != FRAMES["orderbook"]
    for spelled in (frame, respell(frame, keys.ORDERBOOK | keys.LEVEL)):
        with pytest.raises(WireError):
            decode_book(spelled)


def test_a_null_in_a_rank_is_no_order() -> None:
    frame = FRAMES["orderbook"].replace(b'"ask_price":1.16542E8', b'"ask_price":null')
    for spelled in (frame, simple(frame)):
        assert decode_book(spelled).asks == [(116_539_000.0, 0.02054761)]


def test_what_is_not_a_book_is_not_read_as_one() -> None:
    for frame in (FRAMES["trade"], simple(FRAMES["trade"]), b'{"status":"UP"}', listed(FRAMES["orderbook"]), b""):
        with pytest.raises(WireError):
            decode_book(frame)


@pytest.mark.parametrize(
    "frame",
    [
        b"",
        b"null",
        b"7",
        b'"x"',
        b"{}",
        b'{"type":"nope","code":"KRW-BTC"}',
        b'{"type":7}',
        b"[7]",
        b"[[]]",
        b"\xff\xfe",
        b'{"code":"KRW-BTC","timestamp":1790134742106}',
        b'{"type":"trade"}',
        b'{"ty":"orderbook"}',
        b"NaN",
        b"[" * 100_000,
        b'{"type":"trade","x":' + b"[" * 100_000,
        b'{"type":"trade","sequential_id":' + b"9" * 9_999 + b"}",
        b'{"type":"orderbook","code":"KRW-\\u0042TC","timestamp":1790134742106,',
    ],
)
def test_what_is_not_the_language_is_a_wire_error(frame: bytes) -> None:
    with pytest.raises(WireError):
        decode(frame)


def test_an_error_does_not_carry_the_frame() -> None:
    with pytest.raises(WireError) as why:
        decode(b'{"type":"trade","code":"KRW-BTC","trade_price":"' + b"secret" * 1_000 + b'"}')
    assert len(str(why.value)) < 200


# Whatever comes


def swallow(frame: bytes) -> None:
    """Decode `frame` as far as it goes: messages or WireError, nothing else."""
    try:
        messages = decode(frame)
    except WireError:
        return
    for message in messages if isinstance(messages, list) else [messages]:
        if isinstance(message, BookFrame):
            try:
                book = decode_book(message.frame)
            except WireError:
                continue
            assert all(math.isfinite(n) for unit in book.levels for n in values(unit).values())
        elif isinstance(message, Trade):
            assert math.isfinite(message.price)
            assert math.isfinite(message.size)
            assert isinstance(message.id, int)


SPELLED = [f for name in MARKET_FRAMES for f in (FRAMES[name], simple(FRAMES[name]), listed(FRAMES[name]))]


@pytest.mark.parametrize("frame", SPELLED)
def test_a_frame_cut_anywhere_is_a_wire_error(frame: bytes) -> None:
    for end in range(len(frame)):
        with pytest.raises(WireError):
            decode(frame[:end])
    for end in range(len(frame)):
        with pytest.raises(WireError):
            decode_book(frame[:end])


@given(st.binary(max_size=300))
def test_random_bytes_never_raise_anything_else(noise: bytes) -> None:
    swallow(noise)
    for front in (b'{"type":"trade",', b'{"ty":"orderbook","cd":"', b"[{"):
        swallow(front + noise)


@given(st.sampled_from(SPELLED), st.lists(st.tuples(st.integers(0, 4_000), st.binary(max_size=6)), max_size=4))
def test_a_damaged_frame_never_raises_anything_else(frame: bytes, damage: list[tuple[int, bytes]]) -> None:
    for place, noise in damage:
        at = place % len(frame)
        frame = frame[:at] + noise + frame[at + len(noise) :]
    swallow(frame)


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["nan", "1e5", "ASK"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from(MARKET_FRAMES), st.booleans(), st.data())
def test_a_value_of_any_kind_never_raises_anything_else(name: str, is_simple: bool, data: st.DataObject) -> None:
    row = json.loads(simple(FRAMES[name]) if is_simple else FRAMES[name])
    for key in data.draw(st.lists(st.sampled_from(sorted(row)), min_size=1, max_size=3)):
        row[key] = data.draw(json_values)
    swallow(json.dumps(row).encode())
    swallow(json.dumps([row]).encode())
    swallow(json.dumps(row, separators=(",", ":")).encode("utf-8"))


@given(st.floats(allow_nan=False, allow_infinity=False), st.floats(allow_nan=False, allow_infinity=False))
def test_every_finite_number_comes_back_as_it_was(price: float, size: float) -> None:
    frame = with_text(with_text(FRAMES["trade"], "trade_price", repr(price)), "trade_volume", repr(size))
    for spelled in (frame, simple(frame), listed(frame), without(frame)):
        trade = one(spelled)
        assert isinstance(trade, Trade)
        assert (trade.price, trade.size) == (price, size)


def test_the_memos_of_the_peek_are_bounded() -> None:
    frame = FRAMES["orderbook"]
    for n in range(codec._MEMO_BOUND + 100):
        book = one(frame.replace(b"KRW-BTC", b"KRW-A%d" % n).replace(b'"level":0}', b'"level":%d}' % n))
        assert isinstance(book, BookFrame)
        assert (book.market, book.level) == (f"KRW-A{n}", float(n))
    assert len(codec._codes) <= codec._MEMO_BOUND
    assert len(codec._tails) <= codec._MEMO_BOUND


# Dates


@given(st.integers(0, 4_102_444_800))
def test_a_date_survives_the_way_there_and_back(second: int) -> None:
    assert utc_ms(utc_text(second * 1000)) == second * 1000
    assert utc_text(second * 1000 + 999) == utc_text(second * 1000)


@pytest.mark.parametrize("text", ["", "2026-13-01T00:00:00", "now", "99999-01-01T00:00:00"])
def test_what_is_no_date_is_a_wire_error(text: str) -> None:
    with pytest.raises(WireError):
        utc_ms(text)


@pytest.mark.parametrize("number", ["0.15511E4001395", "-1E999999999", "1E-999999999"])
def test_a_number_beyond_every_bound_is_not_the_language(number: str) -> None:
    """The fuzz found it: an exponent beyond what decimals reckon with ended in an overflow."""
    frame = b'{"code":"KRW-BTC","type":"trade","trade_price":NUMBER,"trade_volume":null,"ask_bid":"BID",'
    frame += b'"trade_timestamp":1,"sequential_id":1}'
    with pytest.raises(WireError):
        decode(frame.replace(b"NUMBER", number.encode()))
