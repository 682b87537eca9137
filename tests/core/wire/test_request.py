"""The request: a function of the whole set, and everything it says can be read back."""

from __future__ import annotations

import json
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.market import ORDERBOOK, TICKER, TRADE, Interval, Stream
from core.wire.request import list_subscriptions, subscribe

CHANNELS = [TICKER, TRADE, ORDERBOOK, *(i.channel for i in Interval if i.channel)]
streams = st.builds(
    lambda channel, market, level: Stream(channel, market, level if channel == ORDERBOOK else 0.0),
    st.sampled_from(CHANNELS),
    st.from_regex("(KRW|BTC|USDT)-[A-Z0-9]{1,6}", fullmatch=True),
    st.sampled_from([0.0, 0.1, 0.0001, 1.0, 10.0, 10_000.0, 1e8]),
)


def read(text: str) -> set[Stream]:
    """Return the streams a request asks for, as a server reads them; each must be asked for once."""
    found = [
        Stream(part["type"], code, float(part.get("level", 0)))
        for part in json.loads(text)
        if "type" in part
        for code in part["codes"]
    ]
    assert len(found) == len(set(found))
    return set(found)


def test_a_request_names_ticket_types_and_format_in_the_documented_order() -> None:
    text = subscribe(
        {
            Stream(ORDERBOOK, "KRW-XRP"),
            Stream(TRADE, "KRW-ETH"),
            Stream(ORDERBOOK, "KRW-BTC", 10_000.0),
            Stream(ORDERBOOK, "KRW-XRP", 0.1),
            Stream(TRADE, "KRW-BTC"),
            Stream(ORDERBOOK, "USDT-BTC"),
            Stream("candle.1m", "KRW-BTC"),
        },
        "t1",
    )
    assert text == (
        '[{"ticket":"t1"},'
        '{"type":"candle.1m","codes":["KRW-BTC"]},'
        '{"type":"orderbook","codes":["KRW-BTC"],"level":10000},'
        '{"type":"orderbook","codes":["KRW-XRP","USDT-BTC"]},'
        '{"type":"orderbook","codes":["KRW-XRP"],"level":0.1},'
        '{"type":"trade","codes":["KRW-BTC","KRW-ETH"]},'
        '{"format":"SIMPLE"}]'
    )


@given(
    st.frozensets(streams, min_size=1, max_size=40), st.sampled_from(["DEFAULT", "SIMPLE", "JSON_LIST", "SIMPLE_LIST"])
)
def test_what_is_asked_is_what_was_wanted(wanted: frozenset[Stream], fmt: str) -> None:
    parts = json.loads(subscribe(wanted, "t", fmt=fmt))
    assert parts[0] == {"ticket": "t"}
    assert parts[-1] == {"format": fmt}
    kinds = [(p["type"], p.get("level", 0)) for p in parts[1:-1]]
    assert len(kinds) == len(set(kinds))  # one object a channel and level
    assert all(p["codes"] for p in parts[1:-1])
    assert all(p["level"] != 0 and p["type"] == ORDERBOOK for p in parts[1:-1] if "level" in p)
    assert read(subscribe(wanted, "t", fmt=fmt)) == wanted


@given(st.lists(streams, min_size=1, max_size=20), st.randoms())
def test_order_and_repeats_make_no_difference(wanted: list[Stream], random: object) -> None:
    shuffled = list(wanted)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert subscribe(shuffled + wanted, "t") == subscribe(wanted, "t")


@pytest.mark.parametrize("nothing", [[], set(), frozenset(), iter(())])
def test_an_empty_set_cannot_be_said(nothing: Iterable[Stream]) -> None:
    with pytest.raises(ValueError, match="empty"):
        subscribe(nothing, "t")


@pytest.mark.parametrize(("level", "spelled"), [(10_000.0, "10000"), (1e8, "100000000"), (0.1, "0.1"), (1.0, "1")])
def test_a_whole_level_is_spelled_without_a_point(level: float, spelled: str) -> None:
    assert f'"level":{spelled}}}' in subscribe([Stream(ORDERBOOK, "KRW-BTC", level)], "t")


def test_the_list_of_subscriptions_is_asked_for_with_a_format() -> None:
    assert list_subscriptions("q1") == '[{"ticket":"q1"},{"method":"LIST_SUBSCRIPTIONS"},{"format":"SIMPLE"}]'
    assert json.loads(list_subscriptions("q1", fmt="DEFAULT"))[-1] == {"format": "DEFAULT"}
