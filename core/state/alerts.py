"""Alert rules, what they saw last, and what they said. Pure: readings and the time come as arguments.

A rule is edge-triggered: it fires when its value passes the threshold, and again only after the value has been well on
the other side. What holds already when a rule is made is no news. What a rule saw last is kept with it, so that a
crossing while the program was closed is told at the next start.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from itertools import islice
from typing import Literal

import msgspec

from core.calc.unusual import Finding
from core.market import MINUTE_MS
from core.strategy.base import Signal
from core.wire.private import Announcement

PRICE = "price"  # last price, quote currency
CHANGE = "change"  # of the day, ratio
MOVE = "move"  # within `span_ms`, ratio
VOLUME = "volume"  # turnover within `span_ms`, KRW
SPREAD = "spread"  # of the price, ratio
IMBALANCE = "imbalance"  # of the book's ten best levels, -1 to 1
CONNECTION = "connection"  # how long there has been none, s
UNUSUAL = "unusual"  # what the board's detectors find
PREMIUM = "premium"  # of the coin's KRW price over this market's, ratio; of a KRW market the largest of the others'
EDGE = "edge"  # of the best round trip through the coin's markets at the user's size, after fees, ratio
SIGNAL = "signal"  # what a strategy says
NOTICE = "notice"  # what the exchange announces; needs an API key
METRICS = (PRICE, CHANGE, MOVE, VOLUME, SPREAD, IMBALANCE, CONNECTION, UNUSUAL, SIGNAL, NOTICE, PREMIUM, EDGE)

RULES = 500
LOG = 1_000
LONGEST_NOTE = 200
IMBALANCE_LEVELS = 10
# So far, of the threshold and at least, a value must be from it before it can fire again.
_BACK = dict.fromkeys(METRICS, 0.1) | {PRICE: 0.001}
_LEAST_BACK = dict.fromkeys(METRICS, 0.0) | {CHANGE: 0.001, MOVE: 0.001, SPREAD: 0.0001, IMBALANCE: 0.05}
_LEAST_BACK |= {PREMIUM: 0.0005, EDGE: 0.0005}

Way = Literal["above", "below", "reach"]
Mode = Literal["once", "each", "cooldown"]


class Rule(msgspec.Struct, frozen=True):
    """What one wants to be told.

    Raises:
        ValueError: a rule that means nothing.
    """

    id: str
    metric: str
    market: str = ""  # none for the connection; for what is unusual "" is every market on the board, for a signal any
    way: Way = "above"  # "reach": from either side
    value: float = 0.0
    span_ms: int = 5 * MINUTE_MS
    kinds: tuple[str, ...] = ()  # of findings, for what is unusual, of signals, or categories of notices; none is all
    mode: Mode = "once"
    cooldown_s: float = 300.0
    is_on: bool = True
    is_loud: bool = True  # with a sound
    is_posted: bool = False  # to the webhook, where there is one
    note: str = ""
    strategy: str = ""  # of which monitor, for a signal; "" is any

    def __post_init__(self) -> None:
        if not self.id or self.metric not in METRICS:
            raise ValueError(f"no such alert: {self.metric!r}")
        if not math.isfinite(self.value) or not (math.isfinite(self.cooldown_s) and self.cooldown_s >= 0.0):
            raise ValueError("a number of the alert is none")
        if len(self.note) > LONGEST_NOTE:
            raise ValueError(f"the note is longer than {LONGEST_NOTE} characters")
        if not self.market and self.metric not in (CONNECTION, UNUSUAL, SIGNAL, NOTICE):
            raise ValueError("the alert has no symbol")


class Fired(msgspec.Struct, frozen=True):
    """An alert, as it was given."""

    rule: Rule
    time_ms: int  # epoch ms
    market: str
    value: float  # 0 where there is none
    price: float = 0.0  # of the market then; 0 where it is not known
    kind: str = ""  # of the finding or the signal, where it was one, and what it says beside value and price:
    way: int = 0
    span_ms: int = 0
    text: str = ""  # title of the notice, where it was one
    is_late: bool = False  # it happened while nobody looked: the program was closed, or the stream down


class Seen(msgspec.Struct):
    """What a rule saw last."""

    side: int = 0  # 1: above the threshold, -1: below, 0: nothing yet, or too near since it fired
    fired_ms: int = 0


class Kept(msgspec.Struct):
    """All that lasts."""

    version: int = 1
    rules: list[Rule] = msgspec.field(default_factory=list)
    seen: dict[str, Seen] = msgspec.field(default_factory=dict)
    log: list[Fired] = msgspec.field(default_factory=list)


class Alerts:
    """The rules of the program, and the log of what they said, read with a cursor."""

    def __init__(self) -> None:
        self.rules: dict[str, Rule] = {}
        self.version = 0  # changes with every rule that is added, changed or removed
        self.count = 0  # alerts so far: the cursor of the log
        self.on_change: Callable[[], None] = lambda: None
        self._seen: dict[str, Seen] = {}
        self._log: deque[Fired] = deque(maxlen=LOG)

    # What lasts.

    def load(self, kept: Kept) -> None:
        """Take what was kept, in the place of everything that is here."""
        self.rules = {rule.id: rule for rule in kept.rules[:RULES]}
        self._seen = {rule_id: kept.seen.get(rule_id) or Seen() for rule_id in self.rules}
        self._log = deque(kept.log[-LOG:], maxlen=LOG)
        self.count += len(self._log)
        self._changed()

    def keep(self) -> Kept:
        """Return all that lasts."""
        return Kept(rules=list(self.rules.values()), seen=dict(self._seen), log=list(self._log))

    def _changed(self) -> None:
        self.version += 1
        self.on_change()

    # Rules.

    def set(self, rule: Rule) -> bool:
        """Add a rule or change one. Return False if there are too many."""
        old = self.rules.get(rule.id)
        if old is None and len(self.rules) >= RULES:
            return False
        self.rules[rule.id] = rule
        if old is None or _subject(old) != _subject(rule) or (rule.is_on and not old.is_on):
            self._seen[rule.id] = Seen()  # what it saw was something else
        self._changed()
        return True

    def switch(self, rule_id: str, is_on: bool) -> None:
        """Let a rule watch, or rest."""
        rule = self.rules.get(rule_id)
        if rule is not None:
            self.set(msgspec.structs.replace(rule, is_on=is_on))

    def remove(self, rule_id: str) -> None:
        if self.rules.pop(rule_id, None) is not None:
            self._seen.pop(rule_id, None)
            self._changed()

    def free_id(self) -> str:
        """Return an id that no rule has."""
        taken = [int(i) for i in self.rules if i.isdigit()]
        return str(max(taken, default=0) + 1)

    def active(self) -> list[Rule]:
        """Return the rules that watch."""
        return [rule for rule in self.rules.values() if rule.is_on]

    # What happens.

    def check(
        self, rule: Rule, value: float, now_ms: int, *, low: float = math.nan, high: float = math.nan,
        price: float = math.nan, is_late: bool = False,
    ) -> Fired | None:  # fmt: skip
        """Let a rule see its value; return the alert if it gives one.

        Args:
            value: as it is now; nan says nothing.
            low: the least it has been since the last call, where that is known.
            high: the most.
            price: of the market, for the log.
            is_late: the last call was before a break.
        """
        seen, threshold = self._seen.get(rule.id), rule.value
        if seen is None or not self._watches(rule) or not math.isfinite(value):
            return None
        side = 1 if value > threshold or (value == threshold and rule.way != "below") else -1
        is_far = abs(value - threshold) >= max(abs(threshold) * _BACK[rule.metric], _LEAST_BACK[rule.metric])
        if seen.side == 0:
            if is_far or (not seen.fired_ms and value != threshold):
                seen.side = side
            return None
        rose = seen.side < 0 and rule.way != "below" and (value if math.isnan(high) else max(high, value)) >= threshold
        fell = seen.side > 0 and rule.way != "above" and (value if math.isnan(low) else min(low, value)) <= threshold
        if not (rose or fell):
            if is_far:
                seen.side = side  # well on the other side: it may fire again
            return None
        seen.side = side if is_far else 0
        at = price if math.isfinite(price) else 0.0
        return self._fire(rule, Fired(rule, now_ms, rule.market, value, at, is_late=is_late))

    def find(self, rule: Rule, found: Finding) -> Fired | None:
        """Let a rule on what is unusual hear of a finding; return the alert if it gives one."""
        is_other = bool(rule.market) and rule.market != found.market
        if not self._watches(rule) or is_other or (rule.kinds and found.kind not in rule.kinds):
            return None
        # JSON has neither nan nor infinity.
        told, at = (number if math.isfinite(number) else 0.0 for number in (found.value, found.price))
        fired = Fired(rule, found.time_ms, found.market, told, at, found.kind, found.way, found.span_ms)
        return self._fire(rule, fired)

    def hear(self, rule: Rule, signal: Signal) -> Fired | None:
        """Let a rule on signals hear of one; return the alert if it gives one."""
        is_other = (rule.market and rule.market != signal.market) or (
            rule.strategy and rule.strategy != signal.strategy
        )
        if not self._watches(rule) or is_other or (rule.kinds and signal.kind not in rule.kinds):
            return None
        told, at = (number if math.isfinite(number) else 0.0 for number in (signal.value, signal.price))
        return self._fire(rule, Fired(rule, signal.time_ms, signal.market, told, at, signal.kind, signal.side))

    def read(self, rule: Rule, notice: Announcement, now_ms: int) -> Fired | None:
        """Let a rule on notices read one; return the alert if it gives one."""
        if not self._watches(rule) or (rule.kinds and notice.category not in rule.kinds):
            return None
        title = notice.title[:LONGEST_NOTE]
        return self._fire(rule, Fired(rule, notice.time_ms or now_ms, "", 0.0, kind=notice.category, text=title))

    def _watches(self, rule: Rule) -> bool:
        """Whoever asks may hold a rule that has fired or changed since."""
        return rule.is_on and self.rules.get(rule.id) is rule

    def _fire(self, rule: Rule, fired: Fired) -> Fired | None:
        seen, now_ms = self._seen[rule.id], fired.time_ms
        # What happened at one time or is stamped a little earlier falls into the same pause.
        if rule.mode == "cooldown" and seen.fired_ms and abs(now_ms - seen.fired_ms) < rule.cooldown_s * 1_000:
            return None
        seen.fired_ms = now_ms
        self._log.append(fired)
        self.count += 1
        if rule.mode == "once":
            self.rules[rule.id] = msgspec.structs.replace(rule, is_on=False)
        self._changed()
        return fired

    # What is asked.

    def log(self) -> list[Fired]:
        """Return what was said, oldest first."""
        return list(self._log)

    def since(self, cursor: int) -> list[Fired]:
        """Return what was said after `cursor`, oldest first, as far as it is remembered."""
        new = min(self.count - cursor, len(self._log))
        return list(islice(reversed(self._log), new))[::-1] if new > 0 else []

    def clear_log(self) -> None:
        self._log.clear()
        self._changed()

    def levels(self, market: str) -> tuple[float, ...]:
        """Return the prices at which a rule of this market watches."""
        return tuple(sorted(r.value for r in self.active() if r.metric == PRICE and r.market == market))


def _subject(rule: Rule) -> tuple[object, ...]:
    return rule.metric, rule.market, rule.way, rule.value, rule.span_ms, rule.strategy
