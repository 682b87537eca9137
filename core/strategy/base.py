"""What a strategy is: channels and parameters it declares, handlers it is called with, signals it emits. Pure.

A strategy reads no clock and does no I/O: times come with the events. It keeps what it knows by market, so that one
market can begin anew while the others go on.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import ClassVar, Literal, NamedTuple

from msgspec import Struct

from core.market import MY_ORDER, ORDERBOOK, TICKER, TRADE, Interval
from core.wire.messages import CandleRow, Orderbook, Ticker, Trade
from core.wire.private import MyOrder

CANDLE = "candle"  # of the interval that the parameter "interval" says
CHANNELS = (TICKER, TRADE, ORDERBOOK, CANDLE, MY_ORDER)
INTERVALS = tuple(i.value for i in Interval if i.channel)  # those that stream

Value = float | str  # of a parameter: a number, or one of its choices
Values = Mapping[str, Value]
Unit = Literal["", "%", "s", "min", "bp", "times", "levels", "bars", "trades", "sigma"]


class ParameterError(ValueError):
    """A parameter cannot be so. `reason` is one word, `detail` what is allowed."""

    def __init__(self, name: str, reason: str, detail: str = "") -> None:
        super().__init__(f"{name}: {reason} {detail}".strip())
        self.name, self.reason, self.detail = name, reason, detail


class Signal(Struct, frozen=True):
    """What a strategy says happened. Without words: those are made where it is shown, in the reader's language."""

    kind: str
    market: str
    time_ms: int  # epoch ms
    price: float  # of the market then, quote currency
    side: int  # 1 up or bought, -1 down or sold, 0 neither
    value: float  # what was measured, in the unit that `kind` has
    strategy: str = ""  # id of the monitor; whoever runs the strategy fills it in


class Parameter(NamedTuple):
    """One thing that can be set: a number within a range, or one of some choices."""

    name: str
    type: Literal["float", "int", "choice"]
    default: Value
    least: float = 0.0
    most: float = 0.0
    unit: Unit = ""
    choices: tuple[str, ...] = ()

    def check(self, value: object) -> Value:
        """Return the value as it is to be used.

        Raises:
            ParameterError: it is of another type, or out of range.
        """
        if self.type == "choice":
            if value not in self.choices:
                raise ParameterError(self.name, "choice", ", ".join(self.choices))
            return str(value)
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise ParameterError(self.name, "number")
        if self.type == "int" and value != int(value):
            raise ParameterError(self.name, "whole")
        if not self.least <= value <= self.most:
            raise ParameterError(self.name, "range", f"{self.least:g} - {self.most:g}")
        return int(value) if self.type == "int" else float(value)


class Strategy:
    """Base of every strategy: a subclass declares and overrides what it needs.

    Args:
        values: of every parameter, as `checked` returned them.
        emit: takes a signal.
    """

    name: ClassVar[str] = ""  # how files name it
    channels: ClassVar[tuple[str, ...]] = ()  # of CHANNELS: what its handlers are called for
    parameters: ClassVar[tuple[Parameter, ...]] = ()
    bars: int = 0  # closed candles it needs before it can say something; they come as the past where they are known
    warm_ms: int = 0  # how much of trades it needs before that

    def __init__(self, values: Values, emit: Callable[[Signal], None]) -> None:
        self.values = values
        self.emit = emit

    @classmethod
    def check(cls, values: Values) -> None:
        """Refuse values that do not go together.

        Raises:
            ParameterError: with what is wrong.
        """

    def number(self, name: str) -> float:
        """Return the value of a number."""
        return float(self.values[name])

    def begin(self, market: str, time_ms: int) -> None:
        """Forget what is known of a market: all that counts comes from now on, and nothing is missing from then on.

        Called before the first event of a market, and again after a gap.
        """

    # What happens. An event older than one before it may come; `time_ms` of a later one is then the same or more.

    def on_ticker(self, ticker: Ticker) -> None:
        """The newest price and sums, at most once a beat."""

    def on_trade(self, trade: Trade) -> None:
        """One execution; each comes once."""

    def on_book(self, book: Orderbook) -> None:
        """The newest book, at most once a beat."""

    def on_candle(self, market: str, row: CandleRow) -> None:
        """A window as it is now. Each window comes at least once as it was when it closed, before the next begins."""

    def on_order(self, order: MyOrder) -> None:
        """Something happened to one of the user's own orders."""

    def on_time(self, market: str, time_ms: int) -> None:
        """About a second has passed in which the market was heard of: for what time alone brings about."""


def streams(kind: type[Strategy], values: Values) -> tuple[str, ...]:
    """Return the public channels that a strategy listens to."""
    found = []
    for channel in kind.channels:
        if channel == CANDLE:
            found.append(f"candle.{values['interval']}")
        elif channel != MY_ORDER:
            found.append(channel)
    return tuple(found)


def checked(kind: type[Strategy], values: Values) -> dict[str, Value]:
    """Return a value for every parameter: what is given, else its default.

    Raises:
        ParameterError: a value that cannot be, or of no parameter.
    """
    for name in values.keys() - {p.name for p in kind.parameters}:
        raise ParameterError(name, "unknown")
    found = {p.name: p.check(values.get(p.name, p.default)) for p in kind.parameters}
    kind.check(found)
    return found


def by_name(kinds: Iterable[type[Strategy]]) -> dict[str, type[Strategy]]:
    """Return strategies by their names."""
    return {kind.name: kind for kind in kinds}
