"""KRW, BTC and USDT at once: a dislocation is found, sized and gone, and nothing is found where there is none.

What really happened is worked out from the exchange's own books at the same moments, by plain decimals and without the
program's arithmetic: what it shows for seconds must have been found, and what it never showed must not.
"""

from __future__ import annotations

import asyncio
from decimal import ROUND_DOWN, Decimal
from math import isnan

import pytest

from core.calc.arbitrage import LEAST_TOTAL, Route, Terms, routes
from core.feed.alarms import Alarms
from core.market import DAY_MS, MINUTE_MS, quote_of
from core.sim.exchange import Exchange
from core.state.alerts import EDGE, PREMIUM, Fired, Rule
from tests.core.feed.conftest import NOON_MS
from tests.core.feed.test_scan import Desk
from tests.core.feed.test_survey import has_edges, open_cross
from tests.waiting import until

# Of this seed's day USDT-ETH strays by 2.2 % for some minutes around minute 846.
DAY_BEGIN_MS = NOON_MS // DAY_MS * DAY_MS
SEED, BEGIN_MS, PEAK_MS = 20, DAY_BEGIN_MS + 840 * MINUTE_MS, DAY_BEGIN_MS + 846 * MINUTE_MS
SETTLED = 4  # looks: what the exchange shows so long must be known here
TERMS = Terms(size_krw=200_000.0)
LISTED = frozenset({"BTC", "USDT", "ETH", "XRP"})
COINS = frozenset({"ETH", "XRP"})


def levels(exchange: Exchange, market: str, *, is_ask: bool) -> list[tuple[Decimal, Decimal]]:
    live = exchange.floor.live(market)
    _, asks, bids = live.book(exchange.floor.now_ms)
    side = asks.levels if is_ask else bids.levels
    return [(Decimal(p) / 10**8, Decimal(s) / 10**8) for p, s in side[:30]]


def true_edge(exchange: Exchange, route: Route) -> Decimal | None:
    """What the exchange's books give for the size of the terms; None where it cannot be done."""
    amount = spent = Decimal(0)
    for n, order in enumerate(route):
        quote = quote_of(order.market)
        fee, total, got = Decimal(repr(TERMS.fees[quote])), Decimal(0), Decimal(0)
        side = levels(exchange, order.market, is_ask=order.is_buy)
        if n == 0:
            amount = Decimal(repr(TERMS.size_krw))
            if quote != "KRW":  # begins with USDT
                amount /= levels(exchange, "KRW-USDT", is_ask=True)[0][0]
            if order.is_buy:
                spent = amount
        left = amount if order.is_buy else amount.quantize(Decimal("1e-8"), ROUND_DOWN)
        for price, size in side:
            take = min(size, left / (price * (1 + fee)) if order.is_buy else left)
            total += take * price
            got += take
            left -= take * price * (1 + fee) if order.is_buy else take
            if left <= Decimal("1e-12"):
                break
        else:
            return None
        if total < Decimal(repr(LEAST_TOTAL[quote])):
            return None
        amount = got if order.is_buy else total * (1 - fee)
    return amount / spent - 1


class Witness:
    """Looks at the exchange whenever the program does."""

    def __init__(self, desk: Desk, coins: frozenset[str]) -> None:
        self.desk = desk
        self.truth: dict[str, list[float]] = {coin: [] for coin in coins}
        self.told: dict[str, list[float]] = {coin: [] for coin in coins}
        self.vanish: dict[str, list[float]] = {coin: [] for coin in coins}
        self.time_ms: list[int] = []
        desk.services.survey.on_look = self.look

    def look(self) -> None:
        self.time_ms.append(self.desk.exchange.now_ms())
        for coin in self.truth:
            row = self.desk.feed.cross.rows.get(coin)
            edges = [true_edge(self.desk.exchange, route) for route in routes(coin, self.desk.feed.cross.coins[coin])]
            self.truth[coin].append(float(max((e for e in edges if e is not None), default=Decimal("NaN"))))
            self.told[coin].append(row.edge if row is not None else float("nan"))
            self.vanish[coin].append(row.vanish_krw if row is not None else float("nan"))

    def missed(self, coin: str) -> list[int]:
        """At which looks the exchange had shown an edge for a while, and there was said to be none."""
        truth, told = self.truth[coin], self.told[coin]
        return [
            i for i in range(SETTLED, len(truth))
            if all(t > 0.0002 for t in truth[i - SETTLED : i + 1]) and told[i] <= 0.0
        ]  # fmt: skip

    def false(self, coin: str) -> list[int]:
        """At which looks an edge was told that the exchange had not shown for a while."""
        truth, told = self.truth[coin], self.told[coin]
        return [
            i for i in range(len(truth))
            if told[i] > 0.0 and not any(t > -0.0002 for t in truth[max(i - SETTLED, 0) : i + 1])
        ]  # fmt: skip


@pytest.mark.timeout(180)
async def test_a_dislocation_is_found_sized_and_gone() -> None:
    fired: list[Fired] = []
    async with open_cross(LISTED, seed=SEED, begin_ms=BEGIN_MS) as desk:
        feed, exchange = desk.feed, desk.exchange
        feed.cross.terms = TERMS
        alarms = Alarms(feed, exchange.now_ms, fired.append)
        feed.alerts.on_change = alarms.take_rules
        assert feed.alerts.set(Rule("1", EDGE, "KRW-ETH", value=0.001, mode="each"))
        assert feed.alerts.set(Rule("2", PREMIUM, "USDT-ETH", way="below", value=-0.01, mode="once"))
        assert feed.alerts.set(Rule("3", EDGE, "KRW-XRP", value=0.005, mode="each"))
        feed.want_cross(desk, [])
        await until(lambda: has_edges(desk), timeout=30.0)
        witness = Witness(desk, COINS)
        await asyncio.sleep(13 * 60.0)
        desk.services.survey.on_look = lambda: None
        alarms.close()
    truth, told = witness.truth["ETH"], witness.told["ETH"]
    assert max(truth) > 0.004, "the test needs something to happen"
    assert truth[0] < 0.0
    assert truth[-1] < 0.0
    for coin in COINS:
        assert witness.missed(coin) == [], coin
        assert witness.false(coin) == [], coin
    there = [t for t, true in zip(told, truth, strict=True) if true > 0.002]
    assert sum(t > 0.0 for t in there) > 0.8 * len(there), "found, but for moments in which a book was silent too long"
    assert not any(t > 0.0 for t in told[-60:]), "gone"
    same = sum(abs(a - b) < 2e-5 for a, b in zip(truth, told, strict=True))
    assert same > 0.5 * len(truth), "where both saw the same books they say the same"
    assert all(witness.vanish["ETH"][i] > 0.0 for i, t in enumerate(told) if t > 0.0), "sized"
    assert all(v == 0.0 for v, t in zip(witness.vanish["ETH"], told, strict=True) if t < -0.005)
    kinds = [(f.rule.metric, f.market) for f in fired]
    assert (EDGE, "KRW-ETH") in kinds
    assert (PREMIUM, "USDT-ETH") in kinds
    assert (EDGE, "KRW-XRP") not in kinds
    first = next(f for f in fired if f.rule.metric == EDGE)
    assert abs(first.time_ms - PEAK_MS) < 5 * MINUTE_MS
    assert first.value >= 0.001


@pytest.mark.timeout(180)
async def test_through_drops_garbage_and_replaces_nothing_is_told_that_the_exchange_did_not_show() -> None:
    fired: list[Fired] = []
    async with open_cross(LISTED, seed=18, begin_ms=NOON_MS) as desk:
        feed, exchange = desk.feed, desk.exchange
        feed.cross.terms = TERMS
        alarms = Alarms(feed, exchange.now_ms, fired.append)
        feed.alerts.on_change = alarms.take_rules
        for n, coin in enumerate(sorted(COINS)):
            assert feed.alerts.set(Rule(str(n), EDGE, f"KRW-{coin}", value=0.0005, mode="each"))
        await until(lambda: has_edges(desk), timeout=30.0)
        witness = Witness(desk, COINS)
        await asyncio.sleep(60.0)
        exchange.trouble.drop()  # a new socket, and new books
        await asyncio.sleep(60.0)
        exchange.trouble.spoil(None, truncate=0.02, garbage=0.02, duplicate=0.05, reorder=0.05)
        await asyncio.sleep(60.0)
        exchange.trouble.unspoil()
        exchange.trouble.spoil("USDT-XRP", delay_ms=20_000)
        await asyncio.sleep(60.0)
        exchange.trouble.unspoil()
        exchange.trouble.replace_gap(300)
        await asyncio.sleep(30.0)
        alarms.close()
        desk.services.survey.on_look = lambda: None
    for coin in COINS:
        assert witness.false(coin) == [], coin
        assert sum(not isnan(t) for t in witness.told[coin]) > 0.5 * len(witness.told[coin]), coin
    for alert in fired:
        near = [i for i, at in enumerate(witness.time_ms) if abs(at - alert.time_ms) < 3_000]
        truth = witness.truth[alert.market.partition("-")[2]]
        assert not near or max(truth[i] for i in near) > alert.value - 0.0003
