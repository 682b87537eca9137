"""What the strategies are like now: a row each. No Qt."""

from __future__ import annotations

from typing import NamedTuple

from core.state.strategies import Line, State, Strategies
from core.strategy.base import CANDLE, ParameterError, Signal, checked

SHOWN = 300  # signals in the list, the newest


class Row(NamedTuple):
    """One monitor."""

    id: str
    kind: str  # name of its strategy
    note: str
    markets: tuple[str, ...]
    channels: tuple[str, ...]  # "ticker", "candle.5m"
    is_on: bool
    state: State
    collecting: int  # markets of which it has not seen enough yet
    unknown: tuple[str, ...]  # markets that the exchange is silent about
    why: Line | None  # it was stopped
    messages: int
    signals: int
    missed: int
    share: float  # of a core
    used_s: float
    last: Signal | None
    is_deaf: bool = False  # nothing of what it listens to streams now


def rows(strategies: Strategies, *, is_up: bool = True) -> list[Row]:
    """Return a row for each monitor, in the order in which they were added.

    Args:
        is_up: whether the market is heard of.
    """
    found = []
    for monitor in strategies.monitors.values():
        work = strategies.works[monitor.id]
        found.append(
            Row(
                monitor.id,
                monitor.kind,
                monitor.note,
                monitor.markets,
                channels(strategies, monitor.id),
                monitor.is_on,
                work.state,
                work.collecting,
                work.unknown,
                work.why,
                work.messages,
                work.signals,
                work.missed,
                work.share,
                work.used_s,
                work.last,
                not is_up and work.state == "running",
            )
        )
    return found


def channels(strategies: Strategies, monitor_id: str) -> tuple[str, ...]:
    """Return what a monitor listens to, as far as its strategy is known."""
    monitor = strategies.monitors[monitor_id]
    kind = strategies.kinds.get(monitor.kind)
    if kind is None:
        return ()
    try:
        interval = checked(kind, monitor.values).get("interval", "")
    except ParameterError:
        interval = ""
    return tuple(f"{CANDLE}.{interval}" if one == CANDLE else one for one in kind.channels)


def few(markets: tuple[str, ...], most: int = 2) -> str:
    """Return the first markets and how many more there are: "KRW-BTC, KRW-ETH +18"."""
    text = ", ".join(markets[:most])
    return f"{text} +{len(markets) - most}" if len(markets) > most else text


def newest(strategies: Strategies, monitor_id: str) -> list[Signal]:
    """Return the newest signals of one monitor, "" for all, the newest last."""
    log = [s for s in strategies.log() if not monitor_id or s.strategy == monitor_id]
    return log[-SHOWN:]
