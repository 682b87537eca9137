"""Which markets the built-in exchange has, and the character of each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import floor, log10

from core.market import tick_size
from core.sim import dice
from core.sim.coins import ELSEWHERE, IN_KRW, NOT_IN_KRW, STABLE, Coin

KRW_COUNT, BTC_COUNT, USDT_COUNT = 290, 330, 240  # the real scale
OPENED_DAY = 17_463  # 2017-10-24, days since 1970: the exchange's first day
ANCHOR_DAY = 20_780  # 2026-11-23: on this day the coins have the prices of the table
CAUTIONS = (
    "PRICE_FLUCTUATIONS",
    "TRADING_VOLUME_SOARING",
    "DEPOSIT_AMOUNT_SOARING",
    "GLOBAL_PRICE_DIFFERENCES",
    "CONCENTRATION_OF_SMALL_ACCOUNTS",
)
_LEAST_BTC = 3e-8  # a coin worth less than some steps of 1e-8 BTC can have no BTC market
_MAJORS = frozenset({"BTC", "ETH", "XRP", "SOL", "DOGE", "ADA", "TRX", "LINK", "BCH", "ETC", "XLM"})
# Never halted, warned or late: every default desk and example shows them.
_STEADY = _MAJORS | {"USDT", "USDC"}


@dataclass(frozen=True, slots=True)
class Listed:
    """One market. Amounts are in quote currency, counts per day at natural rate."""

    code: str  # "KRW-BTC"
    quote: str
    base: str
    korean_name: str
    english_name: str
    turnover: float  # a usual day's
    trades: float  # in a usual day
    spread: float  # in price steps, usual
    size_digits: int  # decimals that a size can have
    book_rate: float  # book frames a second when the market is awake
    is_warned: bool
    cautions: frozenset[str]
    listed_day: int  # days since 1970, UTC; history starts here
    halted_day: int | None  # trading stopped at the start of this day


def _count_of(turnover_krw: float) -> float:
    """Return trades a day: KRW-BTC has two or three a second, a small coin one in minutes."""
    share: float = (turnover_krw / 2.2e11) ** 0.75
    return max(200_000 * share, 40.0)


def _listed(seed: int, coin: Coin, quote: str, quote_price: float, rank: int) -> Listed:
    code = f"{quote}-{coin.code}"
    dealt = dice.key(seed, "listing", code)
    luck = [dice.unit_of(dice.one(dealt, i)) for i in range(12)]
    top, steepness = {"KRW": (2.2e11, 1.1), "USDT": (1.6e9, 0.9)}.get(quote, (9e8, 0.9))
    turnover_krw = top / (rank + 1) ** steepness * (0.7 + 0.6 * luck[0])
    if quote == "KRW" and coin.code in _MAJORS:
        turnover_krw = max(turnover_krw, 6e9)
    turnover = turnover_krw / quote_price
    price = coin.price / quote_price
    step = tick_size(code, price / 4)  # room for a fall into a finer band
    # A minute's turnover, in units of step times size, has to fit 63 bits even on a wild day.
    digits = max(min(8, floor(log10(9e18 / (turnover / step)))), 0)
    steps_of_price = price / tick_size(code, price)
    trades = _count_of(turnover_krw)
    steady = coin.code in _STEADY
    late = 0.0 if steady and coin.code not in STABLE else luck[1]
    listed_day = OPENED_DAY + int(late * late * (ANCHOR_DAY - 400 - OPENED_DAY))
    if quote == "USDT":
        listed_day += 200
    is_halted = not steady and luck[2] < 0.006
    chance = 0.005 if steady else 0.08
    cautions = frozenset(name for i, name in enumerate(CAUTIONS) if luck[4 + i] < chance)
    width = 0.00012 if coin.code in STABLE else 0.00009 if coin.code == "BTC" else 0.0002
    if quote != "KRW":
        width *= 4
    return Listed(
        code=code,
        quote=quote,
        base=coin.code,
        korean_name=coin.korean_name,
        english_name=coin.english_name,
        turnover=turnover,
        trades=trades,
        spread=max(steps_of_price * width * (0.6 + luck[9]), 1.0),
        size_digits=digits,
        book_rate=min(0.25 + 7.0 * (trades / 200_000) ** 0.4, 8.0) if quote == "KRW" else 0.4 + 1.2 * luck[10],
        is_warned=not steady and luck[3] < 0.02,
        cautions=cautions,
        listed_day=listed_day,
        halted_day=ANCHOR_DAY - 3 - int(luck[11] * 20) if is_halted else None,
    )


def listing(seed: int, count: int | None = None) -> dict[str, Listed]:
    """Return the `count` markets with the largest turnover (None: all 860), largest first, by code."""
    return {m.code: m for m in _all(seed)[:count]}


@lru_cache(4)
def _all(seed: int) -> list[Listed]:
    coins = IN_KRW + ELSEWHERE
    usdt = next(c.price for c in coins if c.code == "USDT")
    btc = next(c.price for c in coins if c.code == "BTC")
    in_krw = [c for c in coins if c.code not in NOT_IN_KRW][:KRW_COUNT]
    # A coin without a KRW market has a BTC one; that leaves room for most of the others.
    rest = [c for c in coins if c not in in_krw and c.price / btc >= _LEAST_BTC]
    in_btc = sorted([c for c in in_krw if c.code != "BTC" and c.price / btc >= _LEAST_BTC], key=coins.index)
    in_btc = (in_btc[: BTC_COUNT - len(rest)] + rest)[:BTC_COUNT]
    in_usdt = ([c for c in in_krw if c.code not in {"USDT", "USD1"}][: USDT_COUNT - 3] + rest[:3])[:USDT_COUNT]
    found = [_listed(seed, c, "KRW", 1.0, i) for i, c in enumerate(in_krw)]
    found += [_listed(seed, c, "BTC", btc, i) for i, c in enumerate(in_btc)]
    found += [_listed(seed, c, "USDT", usdt, i) for i, c in enumerate(in_usdt)]
    worth = {"KRW": 1.0, "BTC": btc, "USDT": usdt}
    first = {f"KRW-{c}": i for i, c in enumerate(("BTC", "ETH", "XRP", "SOL", "DOGE", "ADA"))}
    found.sort(key=lambda m: (first.get(m.code, len(first)), -m.turnover * worth[m.quote]))
    return found
