"""What every list of markets says of one: its name, its flag, what it is sorted by. No Qt."""

from __future__ import annotations

from typing import NamedTuple

from core.market import Market
from core.wire.messages import Ticker

NAME, TURNOVER = "name", "turnover"  # columns that every list has
HALTED, WARNED, CAUTIONED = "halted", "warned", "cautioned"  # flags of a market, the worst first


class Sort(NamedTuple):
    """What the list is sorted by."""

    column: str = TURNOVER
    is_down: bool = True

    def chosen(self, column: str) -> Sort:
        """Return the sort after `column` was asked for: the same one again turns round; numbers begin large."""
        return Sort(column, not self.is_down if column == self.column else column != NAME)


def name_of(market: Market, is_korean: bool) -> str:
    """Return the market's name in the language, its base currency if it has none."""
    return (market.korean_name if is_korean else market.english_name) or market.base


def flag_of(market: Market, ticker: Ticker | None) -> str:
    """Return the worst warning in force: trading halted, 유의, 주의, or ""."""
    if ticker is not None and (ticker.is_suspended or ticker.state == "DELISTED"):
        return HALTED
    if market.is_warned or (ticker is not None and ticker.warning == "CAUTION"):
        return WARNED  # the ticker's CAUTION is what the exchange calls 유의
    return CAUTIONED if market.cautions else ""
