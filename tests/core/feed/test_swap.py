"""A symbol change over a real socket: what the exchange saw is the assertion."""

from __future__ import annotations

from core.market import TRADE, Stream
from core.sim.exchange import Exchange
from tests.core.feed.conftest import Client
from tests.waiting import until

BTC = Stream(TRADE, "KRW-BTC")
ETH = Stream(TRADE, "KRW-ETH")
XRP = Stream(TRADE, "KRW-XRP")


def ignore(_stream: Stream) -> None: ...


async def test_a_swap_keeps_the_socket_and_the_neighbour(exchange: Exchange, client: Client) -> None:
    left, right = client.feed.lease(ignore), client.feed.lease(ignore)
    left.want({BTC})
    right.want({BTC})
    await until(lambda: exchange.requests == [{BTC}])  # two panes, one stream upstream
    right.want({ETH})
    await until(lambda: exchange.requests == [{BTC}, {BTC, ETH}])  # BTC never off, ETH added
    left.want({ETH})  # nobody wants BTC: it lingers until the next needed request
    right.want({ETH, XRP})
    await until(lambda: exchange.requests[2:] == [{ETH, XRP}])
    assert exchange.opened == 1  # never a second socket
    await until(lambda: client.is_live(ETH, XRP))
