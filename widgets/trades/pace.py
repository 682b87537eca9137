"""How fast a market trades and who is the stronger: numbers of a ledger's last minutes. No Qt, no clock."""

from __future__ import annotations

from math import inf, nan
from typing import NamedTuple

from core.market import MINUTE_MS, SECOND_MS
from core.state.tape import Tape
from core.wire.messages import Ticker

SPEED_MS = 10 * SECOND_MS
SHORT_MS, LONG_MS = MINUTE_MS, 5 * MINUTE_MS


class Pace(NamedTuple):
    """The last seconds and minutes. What the ledger does not know whole is told of what it knows."""

    speed: float = nan  # trades a second, over SPEED_MS
    value: float = nan  # quote currency, of the last minute
    short: float = nan  # 체결강도 of the last minute, percent; inf where nobody sold
    long: float = nan  # and of the last five
    is_short_whole: bool = False  # the ledger has each trade of the last minute
    is_long_whole: bool = False
    is_speed_whole: bool = False


def strength(ticker: Ticker | None) -> float:
    """Return 체결강도: bought by the aggressor over sold by him since 09:00 KST, in percent; nan if not known.

    Source: exchange manual; 100 is balance, there is no upper bound.
    """
    if ticker is None or not ticker.day_ask_volume > 0.0:
        return nan
    return 100.0 * ticker.day_bid_volume / ticker.day_ask_volume


def pace(tape: Tape, now_ms: int) -> Pace:
    """Return the pace of a ledger.

    Args:
        now_ms: exchange clock, epoch ms UTC.
    """
    from_ms = now_ms - LONG_MS
    trades = tape.between(tape.place_from(from_ms + 1), len(tape))
    short_ms, speed_ms = now_ms - SHORT_MS, now_ms - SPEED_MS
    count, value = 0, 0.0
    bought = [0.0, 0.0]  # of the long stretch, of the short one
    sold = [0.0, 0.0]
    for trade in trades:
        side = bought if trade.aggressor == "BID" else sold
        side[0] += trade.size
        if trade.time_ms > short_ms:
            side[1] += trade.size
            value += trade.price * trade.size
            count += trade.time_ms > speed_ms
    whole_ms = tape.run_ms if tape.run_ms is not None else inf
    return Pace(
        count * SECOND_MS / SPEED_MS,
        value * MINUTE_MS / SHORT_MS,
        _share(bought[1], sold[1]),
        _share(bought[0], sold[0]),
        whole_ms <= short_ms + 1,
        whole_ms <= from_ms + 1,
        whole_ms <= speed_ms + 1,
    )


def _share(bought: float, sold: float) -> float:
    if sold > 0.0:
        return 100.0 * bought / sold
    return inf if bought > 0.0 else nan
