"""The exchange outside, over real sockets against its stand-in: nothing until it is wanted, and nothing old."""

from __future__ import annotations

from collections.abc import AsyncIterator
from math import isnan

import pytest

from core.feed.abroad import Reference
from core.feed.endpoint import outside_of
from core.market import ORDERBOOK, Stream
from core.state.outside import STALE_S
from tests.core.feed.conftest import pass_time
from tests.core.feed.test_scan import Desk
from tests.core.feed.test_survey import open_cross
from tests.waiting import until


def reference_of(desk: Desk, **changes: object) -> Reference:
    ws, rest, fx = outside_of(desk.services.endpoint)
    return Reference(ws, rest, "there", fx_url=fx)._replace(**changes)  # type: ignore[arg-type]


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with open_cross(seed=18) as desk:
        yield desk


async def test_nothing_goes_out_until_it_is_configured_and_somebody_looks(desk: Desk) -> None:
    desk.feed.want_cross(desk, ["XRP"])
    await until(lambda: not isnan(desk.feed.cross.edge_at("KRW-XRP")), timeout=20.0)
    assert desk.exchange.abroad.opened == 0
    desk.feed.want_cross(desk, None)
    desk.services.set_reference(reference_of(desk))
    await pass_time(5.0)
    assert desk.exchange.abroad.opened == 0, "nobody looks"
    desk.feed.want_cross(desk, ["XRP"])
    await until(lambda: desk.exchange.abroad.subscribed)
    desk.services.set_reference(None)
    await until(lambda: not desk.exchange.abroad.subscribed)
    assert desk.feed.cross.outside.name == ""
    assert isnan(desk.feed.cross.kimchi("XRP", desk.feed.now()).on_tether)


async def test_premium_on_both_bases_is_the_exchanges_own(desk: Desk) -> None:
    desk.services.set_reference(reference_of(desk))
    desk.feed.want_cross(desk, ["XRP", "BTC"])
    cross, exchange = desk.feed.cross, desk.exchange
    await until(lambda: not isnan(cross.kimchi("XRP", desk.feed.now()).on_bank), timeout=20.0)
    await until(lambda: not isnan(cross.edge_at("KRW-XRP")), timeout=20.0)
    for coin in ("XRP", "BTC"):
        found = cross.kimchi(coin, desk.feed.now())
        world = exchange.abroad.world
        here = next(leg.price for leg in cross.rows[coin].legs if leg.market == f"KRW-{coin}")
        outside, dollar = world.mid(coin, exchange.now_ms()), world.dollar(exchange.now_ms())
        assert found.on_bank == pytest.approx(here / (outside * dollar) - 1, abs=3e-4)
        assert found.on_tether == pytest.approx(world.premium(coin, exchange.now_ms()), abs=3e-3)
        assert found.gap > 0.0
        assert found.age_s < 1.0
        assert found.fx_age_s < 61.0
    assert not exchange.abroad.violations


async def test_what_is_wanted_is_added_and_taken_away_on_one_socket(desk: Desk) -> None:
    desk.services.set_reference(reference_of(desk))
    desk.feed.cross.rank = lambda _now: False  # type: ignore[method-assign]  # what is pinned alone
    abroad = desk.exchange.abroad
    for coins in (["XRP"], ["XRP", "BTC"], ["BTC", "ETH", "SOL"], ["ETH"]):
        desk.feed.want_cross(desk, coins)
        await until(lambda coins=coins: abroad.subscribed == [set(coins)])
    assert abroad.opened == 1
    assert not abroad.violations
    abroad.drop()
    await until(lambda: abroad.opened == 2, timeout=10.0)
    await until(lambda: abroad.subscribed == [{"ETH"}])
    desk.feed.want_cross(desk, None)
    await until(lambda: not abroad.subscribed)


async def test_a_price_outside_that_grows_old_is_not_shown(desk: Desk) -> None:
    desk.services.set_reference(reference_of(desk))
    desk.feed.want_cross(desk, ["XRP"])
    cross = desk.feed.cross
    await until(lambda: not isnan(cross.kimchi("XRP", desk.feed.now()).on_bank), timeout=20.0)
    desk.exchange.abroad.is_stalled = True
    begin = desk.feed.now()
    await until(lambda: isnan(cross.kimchi("XRP", desk.feed.now()).on_bank), timeout=STALE_S + 1.0)
    assert desk.feed.now() - begin <= STALE_S + 1.0
    desk.exchange.abroad.is_stalled = False
    await until(lambda: not isnan(cross.kimchi("XRP", desk.feed.now()).on_bank), timeout=20.0)


async def test_a_rate_that_was_typed_is_taken_and_nobody_is_asked(desk: Desk) -> None:
    desk.services.set_reference(reference_of(desk, fx_krw=1_400.0))
    desk.feed.want_cross(desk, ["XRP"])
    cross = desk.feed.cross
    await until(lambda: not isnan(cross.kimchi("XRP", desk.feed.now()).on_bank), timeout=20.0)
    found = cross.kimchi("XRP", desk.feed.now())
    here = cross.rows["XRP"].legs[0].price
    assert found.on_bank == pytest.approx(here / (cross.outside.mid("XRP") * 1_400.0) - 1, abs=1e-6)
    assert cross.outside.fx is not None
    assert cross.outside.fx.source == "typed"


async def test_the_month_of_the_kimchi_premium_comes_and_unlisted_coins_hold_up_nobody(desk: Desk) -> None:
    desk.exchange.abroad.world._coins.discard("ADA")
    desk.services.set_reference(reference_of(desk))
    desk.feed.want_cross(desk, [], seen=["ADA", "XRP"])
    cross = desk.feed.cross
    await until(lambda: len(cross.kimchi_history("XRP")) > 100, timeout=30.0)
    known = [h for h in cross.kimchi_history("XRP") if not isnan(h)]
    assert len(known) > 100
    assert -0.02 < min(known) < max(known) < 0.05
    assert cross.kimchi_history("ADA") == []
    assert 0.0 <= cross.kimchi_percentile("XRP", desk.feed.now()) <= 1.0


async def test_trouble_outside_leaves_the_market_here_alone(desk: Desk) -> None:
    desk.services.set_reference(reference_of(desk, ws="ws://127.0.0.1:9/none", rest="http://127.0.0.1:9"))
    desk.feed.want_cross(desk, ["XRP"])
    await until(lambda: not isnan(desk.feed.cross.edge_at("KRW-XRP")), timeout=20.0)
    await pass_time(10.0)
    assert desk.feed.health.is_healthy(desk.feed.now())
    assert Stream(ORDERBOOK, "KRW-XRP") in desk.feed.health.streams
    assert isnan(desk.feed.cross.kimchi("XRP", desk.feed.now()).on_bank)
