"""Frames are spelled as the exchange spells them, and our own codec reads every one."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from core.sim import frames, spell
from core.sim.floor import Floor, Topic
from core.sim.frames import Bar, Print
from core.sim.listing import ANCHOR_DAY, listing
from core.sim.past import Past
from core.wire import codec, keys
from core.wire.messages import BookFrame, Candle, Ticker, Trade

NOW_MS = ANCHOR_DAY * 86_400_000 + 43_200_000
FLOOR = Floor(1, Past(1, listing(1)), NOW_MS)
CHANNELS = {
    "ticker": (keys.TICKER, Ticker),
    "trade": (keys.TRADE, Trade),
    "orderbook": (keys.ORDERBOOK, BookFrame),
    "candle.5m": (keys.CANDLE, Candle),
}
E8 = 10**8


@pytest.mark.parametrize("fmt", sorted(frames.FORMATS))
@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("code", ["KRW-BTC", "KRW-SHIB", "BTC-ETH", "USDT-XRP"])
def test_every_type_in_every_format_decodes_and_keeps_the_order_of_keys(fmt: str, channel: str, code: str) -> None:
    frame = FLOOR.snapshot(Topic(channel, code), fmt)
    assert frame is not None
    table, kind = CHANNELS[channel]
    plain = json.loads(frame)
    if fmt.endswith("LIST"):
        (plain,) = plain
    assert list(plain) == list(table.values() if fmt.startswith("SIMPLE") else table)
    message = codec.decode(frame)
    message = message[0] if isinstance(message, list) else message
    assert isinstance(message, kind)
    assert message.market == code  # type: ignore[union-attr]


def captured(shared_data: Path, kind: str) -> list[dict[str, Any]]:
    lines = (shared_data / "upbit/ws/quoted-frames.jsonl").read_text().splitlines()
    rows = [json.loads(line) for line in lines]
    return [r for r in rows if r["kind"] == kind and not r["trimmed"] and "rewritten" not in r["note"]]


def test_a_candle_is_spelled_as_captured(shared_data: Path) -> None:
    for row in captured(shared_data, "ws"):
        said = json.loads(row["frame"], parse_float=str)
        if not str(said.get("type", "")).startswith("candle"):
            continue
        names = ("opening_price", "high_price", "low_price", "trade_price", "candle_acc_trade_volume")
        numbers = [int(said[n].replace(".", "")) for n in names]
        turnover = int(said["candle_acc_trade_price"].replace(".", "")) * E8
        bar = Bar(codec.utc_ms(said["candle_date_time_utc"]), *numbers, turnover, said["timestamp"])
        ours = frames.candle("candle.1m", said["code"], bar, "DEFAULT", said["stream_type"] == "SNAPSHOT")
        assert ours.decode() == row["frame"]


def test_a_trade_is_spelled_as_captured(shared_data: Path) -> None:
    (row,) = (r for r in captured(shared_data, "ws") if '"trade_price":106691000.00000000' in r["frame"])
    print_ = Print(
        1788335180377, 106691000 * E8, 9372, False, 17883351803770004, 107005000 * E8, 106705000 * E8, 906333,
        106691000 * E8, 702247,
    )  # fmt: skip
    assert frames.trade("KRW-BTC", print_, 1788335180423, "DEFAULT", True).decode() == row["frame"]


def test_a_ticker_is_spelled_as_captured(shared_data: Path) -> None:
    (row,) = (r for r in captured(shared_data, "ws") if '"acc_trade_price":19699800600.2538' in r["frame"])
    board = frames.Board(
        open=122720000 * E8,
        high=123135000 * E8,
        low=122677000 * E8,
        price=122902000 * E8,
        prev_close=122720000 * E8,
        turnover=196998006002538100000000000,
        size=20372,
        volume=16018173252,
        is_bid=False,
        trade_ms=1745130655618,
        bid_volume=8010533864,
        high_52w=163325000 * E8,
        high_52w_day=20108,
        low_52w=72100000 * E8,
        low_52w_day=19940,
        turnover_24h=6764871811620854000 * E8,
        volume_24h=54981614150,
        is_suspended=False,
        is_warned=False,
    )
    assert frames.ticker("KRW-BTC", board, 1745130655652, "DEFAULT", True).decode() == row["frame"]


@pytest.mark.parametrize("fmt", ["DEFAULT", "SIMPLE"])
def test_a_book_is_spelled_as_captured(shared_data: Path, fmt: str) -> None:
    default = [(116539000, 2054761), (116542000, 77720)], [(116538000, 8120946), (116537000, 1129382)], 1790134742106
    simple = [(116606000, 6288509), (116609000, 50000)], [(116534000, 79276), (116521000, 1624318)], 1790134773006
    asks, bids, time_ms = default if fmt == "DEFAULT" else simple
    lines = (json.loads(line) for line in (shared_data / "upbit/ws/quoted-frames.jsonl").read_text().splitlines())
    (said,) = (line["frame"] for line in lines if str(time_ms) in line["frame"])
    levels = [[(price * E8, size) for price, size in side] for side in (asks, bids)]
    ours = frames.orderbook("KRW-BTC", time_ms, *levels, 0, 2, fmt, True).decode()
    totals = re.compile(r'"(total_ask_size|total_bid_size|tas|tbs)":[^,]+')  # the captured ones are of 30 levels
    assert totals.sub("", ours) == totals.sub("", said)


def test_a_thin_book_is_padded_with_zeros() -> None:
    frame = frames.orderbook(
        "KRW-DOT", 1, [(41840 * E8, E8)], [(41730 * E8, E8), (41720 * E8, 3 * E8)], 0, 3, "DEFAULT", True
    )
    book = codec.decode_book(frame)
    assert len(book.levels) == 3
    assert [(u.ask_price, u.ask_size) for u in book.levels[1:]] == [(0.0, 0.0), (0.0, 0.0)]
    assert book.asks == [(41840.0, 1.0)]
    assert book.bids == [(41730.0, 1.0), (41720.0, 3.0)]
    assert (book.ask_total, book.bid_total) == (1.0, 4.0)
    assert b'"ask_price":0,' in frame


@pytest.mark.parametrize(
    ("value", "short", "exponent", "fixed"),
    [
        (0, "0", "0.0", "0.00000000"),
        (1, "0.00000001", "1.0E-8", "0.00000001"),
        (50_000, "0.0005", "5.0E-4", "0.00050000"),
        (99_999, "0.00099999", "9.9999E-4", "0.00099999"),
        (100_000, "0.001", "0.001", "0.00100000"),
        (2045 * E8, "2045", "2045.0", "2045.00000000"),
        (9_999_999 * E8, "9999999", "9999999.0", "9999999.00000000"),
        (10_000_000 * E8, "10000000", "1.0E7", "10000000.00000000"),
        (116_539_000 * E8, "116539000", "1.16539E8", "116539000.00000000"),
    ],
)
def test_numbers_have_the_spelling_of_their_place(value: int, short: str, exponent: str, fixed: str) -> None:
    assert (spell.short(value), spell.exponent(value), spell.fixed8(value)) == (short, exponent, fixed)


def test_an_unchanged_price_is_spelled_in_its_own_way() -> None:
    assert spell.change8(0) == "0E-8"
    assert spell.rate(0, 5) == "0"
    assert spell.rate(-182000, 122720000) == "-0.0014830508"
    assert spell.change8(-3000 * E8) == "-3000.00000000"
