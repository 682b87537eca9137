"""The past agrees with itself at every level, whatever is asked first."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.sim import HISTORY
from core.sim.listing import ANCHOR_DAY, KRW_COUNT, listing
from core.sim.past import LEAST, MarketPast, Past
from tests.conftest import REPO

MARKETS = listing(1)
PAST = Past(1, MARKETS)
DAYS = range(ANCHOR_DAY - 1_500, ANCHOR_DAY + 1_500)
some_market = st.sampled_from([code for code, m in MARKETS.items() if m.halted_day is None])
some_day = st.sampled_from(DAYS)
thorough = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def past_of(code: str, day: int) -> MarketPast | None:
    past = PAST.of(code)
    return past if day >= past.first_day else None


def test_the_listing_has_the_real_scale_and_the_famous_first() -> None:
    quotes = [m.quote for m in MARKETS.values()]
    assert [quotes.count(q) for q in ("KRW", "BTC", "USDT")] == [KRW_COUNT, 330, 240]
    assert {"KRW-LTC", "KRW-EOS", "KRW-ENJ"}.isdisjoint(MARKETS)
    assert list(listing(7, 6)) == ["KRW-BTC", "KRW-ETH", "KRW-XRP", "KRW-SOL", "KRW-DOGE", "KRW-ADA"]
    assert all(m.korean_name and m.english_name for m in MARKETS.values())
    assert any(m.is_warned for m in MARKETS.values())
    assert any(m.cautions for m in MARKETS.values())
    assert any(m.halted_day for m in MARKETS.values())


@thorough
@given(some_market, some_day)
def test_minutes_add_up_to_their_day(code: str, day: int) -> None:
    past = past_of(code, day)
    if past is None:
        return
    row, made = past.row(day), past.day(day)
    assert made is not None
    assert (made.open[0], made.high.max(), made.low.min(), made.close[-1], made.volume.sum()) == row
    assert (made.low <= np.minimum(made.open, made.close)).all()
    assert (made.high >= np.maximum(made.open, made.close)).all()
    assert (made.volume >= LEAST * made.n).all()
    assert (np.diff(made.minute) > 0).all()
    assert (made.turnover > 0).all(), "a sum that left 63 bits would be negative"


@thorough
@given(some_market, some_day, st.integers(0, 1439), st.integers(1, 400))
def test_trades_add_up_to_their_minutes(code: str, day: int, first: int, length: int) -> None:
    past = past_of(code, day)
    if past is None:
        return
    made, trades = past.day(day), past.trades(day, first, first + length)
    assert made is not None
    span = slice(*np.searchsorted(made.minute, (first, first + length)))
    assert len(trades.id) == made.n[span].sum()
    if not len(trades.id):
        return
    minute = trades.time_ms // 60_000 - day * 1440
    heads = np.flatnonzero(np.diff(minute, prepend=-1))
    tails = np.append(heads[1:], len(minute)) - 1
    price = past.grid.prices(trades.place) // made.unit
    assert (minute[heads] == made.minute[span]).all()
    assert (np.add.reduceat(trades.size, heads) == made.volume[span]).all()
    assert (np.add.reduceat(np.where(trades.is_bid, trades.size, 0), heads) == made.bid_volume[span]).all()
    assert (np.add.reduceat(price * trades.size, heads) == made.turnover[span]).all()
    assert (trades.place[heads] == made.open[span]).all()
    assert (trades.place[tails] == made.close[span]).all()
    assert (np.maximum.reduceat(trades.place, heads) == made.high[span]).all()
    assert (np.minimum.reduceat(trades.place, heads) == made.low[span]).all()
    assert (trades.time_ms[tails] % 60_000 == made.last_ms[span]).all()
    assert (trades.size >= LEAST).all()
    assert (np.diff(trades.time_ms) >= 0).all()
    assert (np.diff(trades.id) > 0).all()
    assert (trades.id // 10_000 == trades.time_ms).all()


@thorough
@given(some_market, some_day, st.integers(0, 1430), st.integers(1, 9))
def test_a_trade_does_not_depend_on_what_it_is_asked_with(code: str, day: int, minute: int, wider: int) -> None:
    past = past_of(code, day)
    if past is None:
        return
    alone, among = past.trades(day, minute, minute + 1), past.trades(day, max(minute - wider, 0), minute + wider)
    mine = among.time_ms // 60_000 == day * 1440 + minute
    for field in ("time_ms", "place", "size", "is_bid", "id"):
        assert (getattr(alone, field) == getattr(among, field)[mine]).all()


@thorough
@given(some_market, some_day, st.integers(1, 300))
def test_a_day_does_not_depend_on_what_it_is_asked_with(code: str, day: int, wider: int) -> None:
    past = past_of(code, day)
    if past is None:
        return
    first = max(past.first_day, day - wider)
    alone, among = past.rows(day, day + 1), past.rows(first, day + 2)
    assert [int(c[0]) for c in alone] == [int(c[day - first]) for c in among]


def test_prices_stand_on_the_grid() -> None:
    for code in list(MARKETS)[::40]:
        past = PAST.of(code)
        trades = past.trades(ANCHOR_DAY - 1, 0, 1440)
        prices = past.grid.prices(trades.place)
        for place, price in zip(trades.place[:200].tolist(), prices[:200].tolist(), strict=True):
            assert past.grid.price(place) == price
            assert past.grid.place(price) == place
            assert price % past.grid.step(place) == 0


def test_the_quotes_of_a_coin_stay_together_but_for_rare_dislocations() -> None:
    apart = []
    for coin in ("ETH", "XRP", "SOL", "LINK", "AVAX"):
        for quote in ("BTC", "USDT"):
            for day in range(ANCHOR_DAY - 40, ANCHOR_DAY):
                krw, other, rate = (PAST.of(m).fair(day) for m in (f"KRW-{coin}", f"{quote}-{coin}", f"KRW-{quote}"))
                apart.append(np.abs(krw - other - rate))
    gaps = np.concatenate(apart)
    assert np.median(gaps) < 0.002
    assert gaps.max() > 0.006
    assert (gaps > 0.006).mean() < 0.01


def test_a_halted_market_has_a_past_and_no_present() -> None:
    code, listed = next((c, m) for c, m in MARKETS.items() if m.halted_day)
    past = PAST.of(code)
    assert listed.halted_day is not None
    assert past.day(listed.halted_day - 1) is not None
    assert past.day(listed.halted_day) is None
    assert not len(past.trades(listed.halted_day, 0, 1440).id)


@pytest.mark.parametrize("rate", [0.1, 10.0])
def test_the_rate_scales_what_is_traded(rate: float) -> None:
    usual, scaled = (Past(1, MARKETS, r).of("KRW-DOGE").day(ANCHOR_DAY) for r in (1.0, rate))
    assert usual is not None
    assert scaled is not None
    assert scaled.n.sum() / usual.n.sum() == pytest.approx(rate, rel=0.15)


def test_another_process_has_the_same_past() -> None:
    ask = (
        "import hashlib; from core.sim.listing import listing; from core.sim.past import Past; p = Past(5, listing(5));"
        "h = hashlib.sha256();"
        "[h.update(c.tobytes()) for m in ('KRW-BTC', 'USDT-XRP', 'BTC-ADA') for t in [p.of(m).trades(20770, 0, 200)]"
        " for c in (t.time_ms, t.place, t.size, t.is_bid, t.id)]; print(h.hexdigest())"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", ask], cwd=REPO, capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": s}
        ).stdout
        for s in ("1", "2")
    }
    assert len(said) == 1
    assert len(said.pop()) == 65


def test_another_past_of_the_same_seed_has_another_number() -> None:
    """What clients keep on the disk is named after seed and `HISTORY`: one that fails here is to be counted up."""
    told = {}
    for code in ("KRW-BTC", "USDT-XRP"):
        made = PAST.of(code).day(20_500)
        assert made is not None
        told[code] = made.close[[0, 500, -1]].tolist(), len(made.minute)
    assert (HISTORY, told) == (
        1,
        {"KRW-BTC": ([168_488, 170_774, 176_959], 1_440), "USDT-XRP": ([47_452, 47_367, 47_528], 1_281)},
    )
