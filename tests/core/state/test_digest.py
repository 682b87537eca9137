"""The hash of a minute: of what happened, however it came; left out where something may be missing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import chain
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from core.market import MINUTE_MS, ORDERBOOK, TICKER, TRADE, Interval, Stream
from core.state.candles import CandleSeries
from core.state.coverage import Span
from core.state.digest import Digests, book_hash, candles_hash, joint_hash, tape_hash, trades_hash
from core.state.store import Store
from core.state.tape import Tape
from core.wire.messages import BookFrame, CandleRow, Trade

MINUTE = 1_790_510_400_000  # begins then
SPAN = Span(MINUTE, MINUTE + MINUTE_MS - 1)
BOOK = Stream(ORDERBOOK, "KRW-BTC")


def trade(id_: int, time_ms: int, size: float = 1.0) -> Trade:
    return Trade("KRW-BTC", 100.0, size, "BID", time_ms, id_)


def frame(time_ms: int, size: float) -> BookFrame:
    """Return a book of one level in the exchange's own spelling."""
    levels = [
        {"ask_price": 101.0, "bid_price": 100.0, "ask_size": size, "bid_size": 1.0},
        {"ask_price": 0, "bid_price": 99.0, "ask_size": 0, "bid_size": 2.0},
    ]
    body = {"type": "orderbook", "code": "KRW-BTC", "timestamp": time_ms, "orderbook_units": levels, "level": 0}
    return BookFrame("KRW-BTC", 0.0, time_ms, False, json.dumps(body).encode())


def whole_tape(trades: Sequence[Trade]) -> Tape:
    tape = Tape()
    for one in trades:
        tape.add(one)
    tape.cover(*SPAN)
    return tape


TRADES = st.lists(
    st.builds(trade, st.integers(1, 50), st.integers(MINUTE - 5_000, SPAN.to_ms + 5_000), st.floats(0.1, 9)),
    unique_by=lambda t: t.id,
)


@given(TRADES, st.randoms())
def test_trades_have_one_hash_in_whatever_order_they_came(trades: list[Trade], dice: Random) -> None:
    shuffled = list(trades)
    dice.shuffle(shuffled)
    assert tape_hash(whole_tape(trades), SPAN) == tape_hash(whole_tape(shuffled), SPAN)


@given(TRADES, st.data())
def test_one_trade_more_or_less_is_another_hash(trades: list[Trade], data: st.DataObject) -> None:
    inside = [t for t in trades if SPAN.from_ms <= t.time_ms <= SPAN.to_ms]
    if not inside:
        return
    gone = data.draw(st.sampled_from(inside))
    rest = [t for t in trades if t is not gone]
    other = [*rest, Trade(gone.market, gone.price, gone.size, "ASK", gone.time_ms, gone.id)]
    hashes = {tape_hash(whole_tape(ts), SPAN) for ts in (trades, rest, other)}
    assert len(hashes) == 3


def test_a_ledger_with_a_hole_has_no_hash_until_it_is_filled() -> None:
    tape = Tape()
    tape.resume(trade(1, MINUTE + 20_000), is_known=False)
    tape.add(trade(1, MINUTE + 20_000))
    assert tape_hash(tape, SPAN) is None
    tape.add(trade(2, MINUTE + 10_000))
    tape.cover(MINUTE, MINUTE + 20_000)
    assert tape_hash(tape, SPAN) == trades_hash([trade(1, MINUTE + 20_000), trade(2, MINUTE + 10_000)])


def row(start_ms: int, volume: float) -> CandleRow:
    return CandleRow(start_ms, 100.0, 102.0, 99.0, 101.0, volume, start_ms + 59_000)


def test_a_bar_counts_once_the_exchange_has_stated_it() -> None:
    stated, laid = CandleSeries(Interval.M1), CandleSeries(Interval.M1)
    stated.state(row(MINUTE, 4.0))
    assert candles_hash(stated, SPAN) is None  # no bar before it: the series may have begun amid the minute
    for series in (stated, laid):
        series.merge([row(MINUTE - MINUTE_MS, 3.0)])
    laid.fold_trade(trade(1, MINUTE + 5_000, 4.0))
    assert candles_hash(laid, SPAN) is None
    laid.state(row(MINUTE, 4.0))
    assert candles_hash(laid, SPAN) == candles_hash(stated, SPAN) is not None
    laid.state(row(MINUTE, 4.0)._replace(volume=4.5, last_trade_ms=MINUTE + 59_500))
    assert candles_hash(laid, SPAN) != candles_hash(stated, SPAN)
    stated.mark_break()
    assert candles_hash(stated, SPAN) is None


def test_the_book_of_a_minute_is_the_one_that_stood_when_it_ended() -> None:
    end = SPAN.to_ms + 1
    frames = [frame(MINUTE + 1_000, 1.0), frame(end - 50, 2.0), frame(end + 50, 3.0), frame(end + 9_000, 4.0)]

    def stood(order: Sequence[int], *, is_read: bool = False) -> bytes | None:
        store = Store()
        for n in order:
            store.apply(frames[n])
            if is_read:
                store.book("KRW-BTC")  # somebody looks: the bytes are let go
        book = store.book_at("KRW-BTC", 0.0, end)
        return book_hash(book) if book is not None else None

    right = stood([0, 1, 2, 3])
    assert right is not None
    assert stood([0, 1]) == right  # a quiet market
    assert stood([0, 1, 2, 3], is_read=True) == right
    assert stood([0, 2, 1, 3]) == right  # overtaken
    assert stood([0, 2]) != right
    assert stood([2, 3]) is None  # not known


def test_a_book_of_which_a_frame_may_be_missing_is_not_known_until_the_next_frame() -> None:
    end = SPAN.to_ms + 1
    store = Store()
    store.apply(frame(end - 900, 1.0))
    store.mark_break(BOOK)
    assert store.book_at("KRW-BTC", 0.0, end) is None
    store.apply(frame(end + 50, 2.0))
    assert store.book_at("KRW-BTC", 0.0, end) is None
    assert store.book_at("KRW-BTC", 0.0, end + MINUTE_MS) is not None
    store.tear(BOOK)
    store.apply(frame(end + 900, 2.0))
    assert store.book_at("KRW-BTC", 0.0, end + MINUTE_MS) is not None


def test_the_padding_of_a_book_is_not_in_its_hash_and_sides_are_told_apart() -> None:
    store = Store()
    store.apply(frame(MINUTE, 1.0))
    book = store.book("KRW-BTC")
    assert book is not None
    shifted = [*chain.from_iterable(book.asks)]
    assert shifted == [101.0, 1.0]
    hashes = {book_hash(book)}
    store.apply(frame(MINUTE + 1, 1.5))
    other = store.book("KRW-BTC")
    assert other is not None
    assert book_hash(other) not in hashes


def test_a_minute_is_hashed_in_parts_after_it_has_settled() -> None:
    store, digests = Store(), Digests()
    streams = [Stream(TICKER, "KRW-BTC"), *(Stream(TRADE, f"KRW-{n}") for n in range(40)), BOOK]
    for n in range(40):
        store.tape(f"KRW-{n}").cover(MINUTE - MINUTE_MS, SPAN.to_ms) if n else None
    assert digests.look(store, streams, MINUTE + 30_000) is None  # it began amid a minute
    done = [digests.look(store, streams, MINUTE + MINUTE_MS + 1_000 * s) for s in range(60)]
    (minute,) = [d for d in done if d is not None]
    assert done.index(minute) > 10  # not at once
    assert (minute.minute_ms, minute.known, minute.unknown) == (MINUTE, 39, 2)
    assert minute.hash == joint_hash(digests.parts[MINUTE])
    assert list(digests.minutes) == [minute]
