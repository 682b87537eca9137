"""Rows and rates out of the counters of the feed's health."""

from __future__ import annotations

import math

from core.feed.health import Health, LedgerHealth, LinkHealth, LinkState, StreamState
from core.market import TICKER, TRADE, Stream
from core.state.audit import Mismatch
from core.state.coverage import Span
from widgets.connections.model import ConnectionsModel

BTC, ETH = Stream(TRADE, "KRW-BTC"), Stream(TRADE, "KRW-ETH")
BOARD = Stream(TICKER, "KRW-BTC")


def healthy(now: float = 10.0) -> Health:
    health = Health()
    for key, streams in ((1, [BOARD]), (2, [BTC, ETH])):
        link = health.links[key] = LinkHealth(key)
        link.state, link.last_at, link.connects = LinkState.OPEN, now, 3
        link.left = lambda _now: 4
        health.requested(key, streams, now)
    return health


def test_rates_are_what_came_since_the_last_look() -> None:
    health, model = healthy(), ConnectionsModel()
    first = model.look(health, 10.0, {})
    assert math.isnan(first.links[1].rate)  # nothing to compare with yet
    for _ in range(30):
        health.received(BTC, 11.0)
    health.links[2].messages += 36
    look = model.look(health, 12.0, {})
    assert look.links[1].rate == 18.0
    assert {row.stream: row.rate for row in look.links[1].streams} == {BTC: 15.0, ETH: 0.0}
    assert look.rate == 18.0
    assert model.look(health, 13.0, {}).rate == 0.0


HOLES = (Span(1, 2), Span(5, 9))


def test_a_row_tells_what_a_link_is_like() -> None:
    health, model = healthy(), ConnectionsModel()
    health.received(BTC, 10.25)
    look = model.look(health, 12.0, {"KRW-BTC": HOLES})
    board, focus = look.links
    assert (board.is_board, focus.is_board) == (True, False)
    assert (focus.left, focus.reconnects, focus.age_s) == (4, 2, 2.0)
    btc, eth = focus.streams
    assert (btc.state, btc.first_s, btc.age_s, btc.holes) == (StreamState.LIVE, 0.25, 1.75, HOLES)
    assert (eth.state, eth.holes) == (StreamState.PENDING, ())
    assert math.isnan(eth.first_s)
    assert look.holes == 2
    assert look.is_healthy


def test_a_link_that_is_down_says_why_and_when_it_tries_again() -> None:
    health, model = healthy(), ConnectionsModel()
    link = health.links[2]
    link.state, link.cause, link.retry_at = LinkState.WAITING, "dns", 15.0
    look = model.look(health, 12.0, {})
    assert not look.is_healthy
    assert (look.links[1].cause, look.links[1].retry_in_s, look.links[1].left) == ("dns", 3.0, 0)


def test_a_row_of_trades_tells_whether_they_add_up() -> None:
    health, model = healthy(), ConnectionsModel()
    ledger = health.ledgers["KRW-BTC"] = LedgerHealth()
    ledger.proven_at, ledger.mismatches, ledger.mended = 11.0, 2, 1
    ledger.found = Mismatch(Span(5, 9), 0.25)
    health.verdicts["mismatch"] = 2
    look = model.look(health, 15.0, {})
    btc, eth = look.links[1].streams
    assert btc.ledger == (4.0, 2, 1, 0.25, Span(5, 9))
    assert eth.ledger is None
    assert look.mismatches == 2


def test_without_links_nothing_is_healthy() -> None:
    look = ConnectionsModel().look(Health(), 1.0, {})
    assert (look.links, look.is_healthy, look.rate) == ((), False, 0)


def test_it_remembers_what_is_there_alone() -> None:
    health, model = healthy(), ConnectionsModel()
    model.look(health, 11.0, {})
    health.closed(1)
    model.look(health, 12.0, {})
    assert len(model._counts) == 3  # one link, two streams
