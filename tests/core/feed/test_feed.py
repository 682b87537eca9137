"""The feed without a socket: bytes in, who is told, and what counts as a gap."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from core.errors import WireError
from core.feed.feed import Feed
from core.feed.health import LinkHealth, LinkState, StreamState
from core.market import ORDERBOOK, TICKER, TRADE, Interval, Market, Stream
from core.state.tape import OVERLAP_MS
from core.wire.codec import utc_text
from core.wire.messages import CandleRow, Refusal, Subscriptions

NOW_MS = Interval.M1.floor(1_790_510_400_000)
A = Stream(TRADE, "KRW-A")
A_MINUTES = Stream("candle.1m", "KRW-A")


@pytest.fixture
def feed() -> Feed:
    feed = Feed(now=lambda: 5.0)
    feed.health.links[0] = LinkHealth(0)
    feed.health.links[0].state = LinkState.OPEN
    return feed


@pytest.fixture
def gaps(feed: Feed) -> list[Stream]:
    """What the feed asked to be joined."""
    found: list[Stream] = []
    feed.on_gap = found.append
    return found


def frame(**said: Any) -> bytes:
    return json.dumps(said, separators=(",", ":")).encode()


def trade(id_: int, time_ms: int, stream_type: str = "REALTIME", market: str = "KRW-A") -> bytes:
    return frame(
        ty="trade", cd=market, tms=time_ms, ttms=time_ms, tp=100.0, tv=1.0, ab="BID", sid=id_, st=stream_type
    )  # fmt: skip


def candle(start_ms: int, stream_type: str = "REALTIME", last_ms: int = 0) -> bytes:
    return frame(
        ty="candle.1m", cd="KRW-A", cdttmu=utc_text(start_ms), op=1, hp=1, lp=1, tp=1, catv=1, catp=1,
        tms=last_ms or start_ms, st=stream_type,
    )  # fmt: skip


def test_a_frame_reaches_the_store_and_those_who_want_it(feed: Feed) -> None:
    heard: list[Stream] = []
    feed.lease(heard.append).want({A})
    feed.health.requested(0, {A}, now=0.0)
    assert feed.on_frame(0, trade(1, NOW_MS)) is None
    assert feed.on_frame(0, trade(1, NOW_MS, market="KRW-B")) is None
    assert heard == [A]
    assert feed.health.state(A, 5.0) is StreamState.LIVE
    assert [t.id for t in feed.store.tape("KRW-A").latest(9)] == [1]


def test_a_list_of_messages_is_folded_in_whole(feed: Feed) -> None:
    feed.on_frame(0, b"[" + trade(1, NOW_MS) + b"," + trade(2, NOW_MS) + b"]")
    assert feed.store.tape("KRW-A").count == 2


@pytest.mark.parametrize(
    "bad",
    [
        b"",
        b"[]x",
        b"\xff\xfe",
        b'{"ty":"trade","cd":',
        b'{"type":"nonsense"}',
        b'{"ty":"trade","cd":"KRW-A"}',
        candle(NOW_MS).replace(utc_text(NOW_MS).encode(), b"yesterday"),
        candle(NOW_MS, "SNAPSHOT").replace(utc_text(NOW_MS).encode(), b"yesterday"),
    ],
)
def test_a_bad_frame_is_counted_and_harms_nothing(feed: Feed, bad: bytes) -> None:
    feed.store.candles("KRW-A", Interval.M1)
    assert feed.on_frame(0, bad) is None
    assert feed.health.links[0].bad_frames == 1
    assert feed.on_frame(99, bad) is None  # a link that is gone
    feed.on_frame(0, trade(1, NOW_MS))
    assert feed.store.tape("KRW-A").count == 1


def test_answers_to_the_link_are_handed_back(feed: Feed) -> None:
    refusal = feed.on_frame(0, b'{"error":{"name":"NO_CODES","message":"x"}}')
    assert isinstance(refusal, Refusal)
    listing = feed.on_frame(0, b'{"mthd":"LIST_SUBSCRIPTIONS","rslt":[{"ty":"trade","cds":["KRW-A"]}],"tckt":"t"}')
    assert isinstance(listing, Subscriptions)
    assert feed.on_frame(0, b'{"status":"UP"}') is None


def test_a_new_trade_stream_is_a_gap_until_it_was_joined(feed: Feed, gaps: list[Stream]) -> None:
    feed.on_frame(0, trade(1, NOW_MS, "SNAPSHOT"))
    assert gaps == [A]
    feed.on_frame(0, trade(2, NOW_MS + 1))
    assert gaps == [A]  # told at its start, not with each trade


def join(feed: Feed, from_ms: int, to_ms: int) -> None:
    """Do as if REST had brought all trades of from..to."""
    feed.store.tape("KRW-A").cover(from_ms, to_ms)
    assert feed.store.tape("KRW-A").is_joined


def test_a_snapshot_that_is_known_shows_that_nothing_was_missed(feed: Feed, gaps: list[Stream]) -> None:
    feed.on_frame(0, trade(1, NOW_MS, "SNAPSHOT"))
    join(feed, 0, NOW_MS)
    gaps.clear()
    feed.on_frame(0, trade(1, NOW_MS, "SNAPSHOT"))  # a replace that kept the stream
    assert gaps == []
    feed.store.mark_break(A, 0)
    feed.on_frame(0, trade(1, NOW_MS, "SNAPSHOT"))  # a reconnect to a quiet market
    assert gaps == []
    assert feed.store.tape("KRW-A").is_joined


def test_a_snapshot_that_is_new_shows_what_was_missed(feed: Feed, gaps: list[Stream]) -> None:
    feed.on_frame(0, trade(1, NOW_MS, "SNAPSHOT"))
    join(feed, 0, NOW_MS)
    feed.on_frame(0, trade(2, NOW_MS + 90_000))
    gaps.clear()
    feed.on_frame(0, trade(9, NOW_MS + 90_500, "SNAPSHOT"))
    assert gaps == [A]
    assert feed.store.tape("KRW-A").to_fill() == (NOW_MS + 90_001 - OVERLAP_MS, NOW_MS + 90_500)


def test_a_frame_that_cannot_be_read_may_have_held_a_trade(feed: Feed, gaps: list[Stream]) -> None:
    feed.health.requested(0, {A}, 0.0)
    feed.on_frame(0, trade(1, NOW_MS, "SNAPSHOT"))
    join(feed, 0, NOW_MS)
    assert isinstance(feed.on_frame(0, b'{"type":"trade","code":'), WireError)
    assert not feed.store.tape("KRW-A").is_joined  # until the snapshot that follows says what is missing
    feed.on_frame(0, trade(3, NOW_MS + 50, "SNAPSHOT"))
    assert gaps[-1] == A


def test_where_the_newest_says_all_a_frame_that_cannot_be_read_is_only_counted(feed: Feed) -> None:
    feed.health.links[0] = LinkHealth(0)
    feed.health.requested(0, {Stream("ticker", "KRW-A"), Stream("orderbook", "KRW-A")}, 0.0)
    assert feed.on_frame(0, b"not json") is None
    assert feed.health.links[0].bad_frames == 1


def test_a_candle_stream_that_skips_windows_is_a_gap(feed: Feed, gaps: list[Stream]) -> None:
    series = feed.store.candles("KRW-A", Interval.M1)
    feed.on_frame(0, candle(NOW_MS, "SNAPSHOT"))  # nothing before it, so history joins it
    assert gaps == []
    feed.on_frame(0, candle(NOW_MS, "SNAPSHOT"))
    assert gaps == []
    feed.on_frame(0, candle(NOW_MS + 60_000))
    assert gaps == []
    feed.on_frame(0, candle(NOW_MS + 180_000, "SNAPSHOT"))
    assert gaps == [A_MINUTES]
    assert series.break_ms == NOW_MS + 60_000


def test_a_page_that_is_older_than_the_stream_is_a_gap(feed: Feed, gaps: list[Stream]) -> None:
    # REST answered before the limiter let the request for the stream go.
    feed.store.candles("KRW-A", Interval.M1).merge([CandleRow(NOW_MS, 1, 1, 1, 1, 1, NOW_MS)])
    feed.on_frame(0, candle(NOW_MS + 60_000, "SNAPSHOT"))
    assert gaps == [A_MINUTES]


def test_a_reconnect_within_the_window_is_no_gap(feed: Feed, gaps: list[Stream]) -> None:
    series = feed.store.candles("KRW-A", Interval.M1)
    feed.on_frame(0, candle(NOW_MS))
    series.mark_break()
    feed.on_frame(0, candle(NOW_MS, "SNAPSHOT", NOW_MS + 5))
    assert gaps == []
    assert series.break_ms is None


def test_candles_that_nobody_looks_at_are_no_gap(feed: Feed, gaps: list[Stream]) -> None:
    feed.on_frame(0, candle(NOW_MS, "SNAPSHOT"))
    assert gaps == []
    assert feed.store.known_intervals("KRW-A") == frozenset()


def test_the_board_does_not_keep_the_state_of_every_market(feed: Feed) -> None:
    markets = [f"KRW-{i}" for i in range(300)]
    feed.store.list_markets(Market(m) for m in markets)
    feed.lease(lambda _s: None).want(Stream(TICKER, m) for m in markets)
    pane = feed.lease(lambda _s: None)
    for market in markets:
        pane.want({Stream(TRADE, market), Stream(ORDERBOOK, market)})
        feed.on_frame(0, trade(1, NOW_MS, market=market))
    assert len(feed.store._states) <= 66
    assert feed.leases.markets == {markets[-1]}


def test_whoever_assembles_hears_of_wishes(feed: Feed) -> None:
    wanted: list[frozenset[Stream]] = []
    history: list[tuple[str, Interval]] = []
    retries: list[int] = []
    on_history: Callable[[str, Interval], None] = lambda m, i: history.append((m, i))  # noqa: E731
    feed.on_wanted, feed.on_history_wanted, feed.on_retry = wanted.append, on_history, lambda: retries.append(1)
    feed.lease(lambda _s: None).want({A})
    feed.want_history("KRW-A", Interval.M1)
    feed.retry()
    assert (wanted, history, retries) == ([frozenset({A})], [("KRW-A", Interval.M1)], [1])


def test_a_book_that_cannot_be_read_is_not_live_however_often_it_comes(feed: Feed) -> None:
    now = [0.0]
    feed.now = lambda: now[0]
    stream = Stream(ORDERBOOK, "KRW-A")
    feed.health.requested(0, {stream}, now=0.0)

    def come(price: str) -> None:
        now[0] += 1.0
        unit = f'[{{"ap":{price},"bp":1,"as":1,"bs":1}}]'
        stamp = NOW_MS + int(now[0])
        feed.on_frame(0, f'{{"ty":"orderbook","cd":"KRW-A","tms":{stamp},"obu":{unit},"st":"REALTIME"}}'.encode())
        feed.store.book("KRW-A")

    come("2")
    assert feed.health.state(stream, now[0]) is StreamState.LIVE
    for _ in range(5):
        come('"much"')
    assert feed.health.state(stream, now[0]) is StreamState.STALE
    assert feed.health.age_s(stream, now[0]) >= 4.0, "as old as what could be read"
    assert feed.health.links[0].bad_frames == 5
    now[0] += 60.0
    assert stream in feed.health.suspects(now[0]), "so that it is looked into"
    come("3")
    come("4")
    assert feed.health.state(stream, now[0]) is StreamState.LIVE
    assert feed.health.age_s(stream, now[0]) < 1.0


@pytest.mark.parametrize(("first", "newest"), [(2, 4), (4, 4)], ids=["of one millisecond", "overtaken"])
def test_a_link_that_died_slowly_may_have_lost_what_came_right_after(
    feed: Feed, gaps: list[Stream], first: int, newest: int
) -> None:
    now = [0.0]
    feed.now = lambda: now[0]
    link = feed.health.links[0]
    feed.health.requested(0, {A}, now=0.0)
    feed.on_frame(0, trade(1, NOW_MS, "SNAPSHOT"))
    tape = feed.store.tape("KRW-A")
    tape.begin()
    gaps.clear()
    now[0] = link.last_at = 10.0
    feed.on_frame(0, trade(first, NOW_MS + 10_000))  # one of several; the others were on their way
    now[0] = 21.0  # no pong came
    feed.health.lost(0)
    feed.health.requested(0, {A}, now=22.0)
    feed.on_frame(0, trade(newest, NOW_MS + 10_000, "SNAPSHOT"))
    assert gaps == [A]
    assert not tape.is_joined


def test_a_market_that_was_quiet_while_its_link_spoke_has_lost_nothing(feed: Feed, gaps: list[Stream]) -> None:
    now = [0.0]
    feed.now = lambda: now[0]
    feed.health.requested(0, {A}, now=0.0)
    feed.on_frame(0, trade(1, NOW_MS, "SNAPSHOT"))
    feed.store.tape("KRW-A").begin()
    gaps.clear()
    feed.health.links[0].last_at = now[0] = 30.0  # others spoke
    feed.health.lost(0)
    feed.health.requested(0, {A}, now=31.0)
    feed.on_frame(0, trade(1, NOW_MS, "SNAPSHOT"))
    assert not gaps
    assert feed.store.tape("KRW-A").is_joined


def test_a_stream_that_went_dead_alone_may_have_lost_something(feed: Feed, gaps: list[Stream]) -> None:
    feed.health.requested(0, {A}, now=0.0)
    feed.on_frame(0, trade(1, NOW_MS, "SNAPSHOT"))
    feed.store.tape("KRW-A").begin()
    feed.on_frame(0, trade(2, NOW_MS + 10_000))
    gaps.clear()
    feed.health.links[0].last_at = 60.0  # others spoke all the time
    feed.health.silenced(A)
    feed.on_frame(0, trade(2, NOW_MS + 10_000, "SNAPSHOT"))
    assert gaps == [A]


def test_a_new_socket_knows_nothing_of_broken_books(feed: Feed) -> None:
    stream = Stream(ORDERBOOK, "KRW-A")
    feed.health.requested(0, {stream}, now=0.0)
    feed.health.received(stream, 1.0)
    feed.health.read(stream, is_readable=False)
    assert feed.health.state(stream, 2.0) is StreamState.STALE
    feed.health.lost(0)
    feed.health.requested(0, {stream}, now=3.0)
    feed.health.received(stream, 4.0)
    assert feed.health.state(stream, 5.0) is StreamState.LIVE


def test_what_runs_on_unwanted_is_kept(feed: Feed) -> None:
    markets = [f"KRW-{n}" for n in range(200)]
    lease = feed.lease(lambda _stream: None)
    streams = {Stream(TRADE, m) for m in markets}
    lease.want(streams)
    feed.health.requested(0, streams, now=0.0)
    for n, market in enumerate(markets):
        feed.on_frame(0, trade(n, NOW_MS, "SNAPSHOT", market))
    lease.close()
    assert all(feed.store.tape(m).run_ms is not None for m in markets), "it lingers: no snapshot will come again"
    feed.health.requested(0, {Stream(TRADE, "KRW-0")}, now=9.0)  # now it is off
    lease.want({Stream(TRADE, "KRW-0")})
    assert sum(feed.store.tape(m).count for m in markets) < 100
