"""The frames that benchmarks feed readers with are the exchange's, and say what they seem to say."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from benchmarks import frames
from core.wire import keys
from core.wire.codec import decode, decode_book
from core.wire.messages import BookFrame, Ticker, Trade

KIND_OF = {"ticker": "ticker", "trade": "trade", "orderbook": "book"}
SIZES = {"ticker": (850, 1_050), "trade": (400, 520), "book": (2_300, 3_000)}  # bytes of captured ones


def test_the_mix_has_the_shares_it_names() -> None:
    made = [json.loads(frame) for frame in frames.compose(frames.kinds_of("mix", 10_000))]
    counts = Counter(KIND_OF[frame["type"]] for frame in made)
    assert {kind: round(n / len(made), 2) for kind, n in counts.items()} == pytest.approx(frames.MIX, abs=0.01)


@pytest.mark.parametrize("kind", SIZES)
def test_frames_are_all_different_and_as_large_as_captured_ones(kind: str) -> None:
    made = list(frames.compose([kind] * 400))
    low, high = SIZES[kind]
    assert len(set(made)) == len(made)
    assert all(low <= len(frame) <= high for frame in made)


@pytest.mark.parametrize("in_format", [bytes, frames.simple], ids=["DEFAULT", "SIMPLE"])
def test_every_frame_decodes_to_what_plain_json_says(in_format: object) -> None:
    for frame in frames.compose(frames.kinds_of("mix", 400)):
        said, message = json.loads(frame), decode(in_format(frame))  # type: ignore[operator]
        assert message.market == said["code"]  # type: ignore[union-attr]
        if isinstance(message, BookFrame):
            book = decode_book(message.frame)
            assert len(book.levels) == frames.LEVELS
            assert [(u.ask_price, u.bid_size) for u in book.levels] == [
                (u["ask_price"], u["bid_size"]) for u in said["orderbook_units"]
            ]
            assert message.time_ms == said["timestamp"]
        elif isinstance(message, Trade):
            assert (message.price, message.size) == (said["trade_price"], said["trade_volume"])
            assert (message.id, message.time_ms) == (said["sequential_id"], said["trade_timestamp"])
        else:
            assert isinstance(message, Ticker)
            assert (message.price, message.day_volume) == (said["trade_price"], said["acc_trade_volume"])


def test_simple_frames_have_every_key_short() -> None:
    short = {*keys.TICKER.values(), *keys.TRADE.values(), *keys.ORDERBOOK.values(), *keys.LEVEL.values()}
    for frame in frames.compose(frames.kinds_of("mix", 100)):
        said = json.loads(frames.simple(frame))
        assert said.keys() <= short
        assert all(unit.keys() <= short for unit in said.get("obu", ()))


def test_the_same_seed_makes_the_same_frames() -> None:
    kinds = frames.kinds_of("mix", 200)
    assert list(frames.compose(kinds, seed=7)) == list(frames.compose(kinds, seed=7))
    assert list(frames.compose(kinds, seed=7)) != list(frames.compose(kinds, seed=8))
