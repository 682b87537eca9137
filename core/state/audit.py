"""Whether the trades of a market add up to the volume that its tickers tell: finds a loss that no socket tells. Pure.

A ticker says how much was traded since 00:00 UTC. So between two tickers that has to grow by the sum of the trades
between their stamps. It does not matter in what order tickers and trades come, only that they have come.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Sequence
from decimal import Decimal
from itertools import accumulate
from typing import Literal, NamedTuple

from core.market import DAY_MS
from core.state.coverage import Span
from core.state.tape import Tape
from core.wire.messages import Ticker, Trade

SETTLE_S = 8.0  # ticker and trade come on sockets of their own: so long after one the other may still come
PATIENCE_S = 2.0  # and so long others may prove what one ticker, amid trades out of order, does not
SHUFFLE_MS = 300  # trades were seen 0.2 s out of order: a ticker may count one that has a later stamp than its own
CLAIMS = 64  # tickers that are not proven yet
_MOST_BASES = 64  # readings of the first ticker that are followed: which of the trades about it does it count?
_EXACT_BELOW = 2e7  # times 1e8 that is rounded right
_WEIGHT = 10**8


def units(size: float) -> int:
    """Return a size in 1e-8 base currency, of the digits that it was told in."""
    if size < _EXACT_BELOW:
        return round(size * _WEIGHT)
    return int((Decimal(repr(size)) * _WEIGHT).to_integral_value())


def _place(trade: Trade) -> tuple[int, int]:
    return trade.time_ms, trade.id


class Mismatch(NamedTuple):
    """The trades of some time do not add up."""

    span: Span  # what is missing lies in it, if anything is
    missing: float  # base currency; below 0 the trades are more than the ticker counts


class _Claim(NamedTuple):
    """What a ticker says: so much was traded up to its own last trade."""

    volume: int  # units since the day began
    grain: int  # units that float64 may be off by, 0 where it is exact
    slack: int  # units that the exchange's own sum may be off by
    time_ms: int
    at: float  # when it was seen, loop time


class _Sums:
    """The trades of some time, and what all up to each of them come to.

    Of one millisecond they stand by id, as they were made: REST and a socket bring them in orders of their own.
    """

    def __init__(self, trades: Sequence[Trade]) -> None:
        trades = sorted(trades, key=_place)
        self.times = [t.time_ms for t in trades]
        self.upto = list(accumulate((units(t.size) for t in trades), initial=0))  # n + 1

    def cuts(self, time_ms: int) -> range:
        """Return how many trades a ticker with this stamp may count, by what is known of their order."""
        first = bisect_left(self.times, time_ms)
        has_own = first < len(self.times) and self.times[first] == time_ms  # then it counts that, or one like it
        return range(first + has_own, bisect_right(self.times, time_ms + SHUFFLE_MS, first) + 1)


class _Account:
    """The tickers of one stream and day, and up to where the trades are proven to add up to them."""

    def __init__(self, day: int, epoch: float) -> None:
        self.day = day
        self.epoch = epoch
        self.claims: deque[_Claim] = deque(maxlen=CLAIMS)  # not proven yet, oldest first
        self.newest = -1  # the largest volume that was told, units
        self.from_ms = 0  # trades from here on are added up
        self._first: _Claim | None = None  # where it begins
        self._bases: list[int] = []  # what may have been traded before `from_ms`, the likeliest first; empty: not known

    def hear(self, claim: _Claim) -> None:
        if claim.volume <= self.newest:
            return  # said again, or overtaken
        self.newest = claim.volume
        if self._first is None:
            self._first = claim
            self.from_ms = claim.time_ms - SHUFFLE_MS
        else:
            self.claims.append(claim)

    def begin_at(self, run_ms: int) -> bool:
        """Add up from `run_ms` if that is early enough. Return whether it is."""
        if self._first is None or self._bases or run_ms > self._first.time_ms:
            return False
        self.from_ms = max(self.from_ms, run_ms)
        return True

    def prove(self, trades: Sequence[Trade], settled_at: float) -> bool:
        """Find the newest ticker that the trades add up to, let go of all up to it, and return whether there is one.

        Args:
            trades: all from `from_ms` on, by time.
            settled_at: loop time; the trades of what was seen by then have come.
        """
        settled = [c for c in self.claims if c.at <= settled_at]
        sums = _Sums(trades)
        bases = self._bases or self._begin(sums)
        for number in range(len(settled) - 1, -1, -1):
            claim = settled[number]
            matches = self._matches(claim, sums, bases)
            if matches:
                # Not from the ticker itself: a trade with a stamp like its own, or a little before, may come after it.
                from_ms = max(self.from_ms, claim.time_ms - SHUFFLE_MS)
                before = sums.upto[bisect_left(sums.times, from_ms)]
                self.from_ms = from_ms
                self._bases = [claim.volume - sums.upto[cut] + before for cut in matches]
                for _ in range(number + 1):
                    self.claims.popleft()
                return True
        return False

    @staticmethod
    def _matches(claim: _Claim, sums: _Sums, bases: Sequence[int]) -> list[int]:
        """Return how many trades the ticker may count, one for each base with which it is right."""
        cuts = sums.cuts(claim.time_ms)
        for slack in (claim.grain, claim.slack):
            found = [cut for base in bases for cut in cuts if abs(base + sums.upto[cut] - claim.volume) <= slack]
            if found:
                return list(dict.fromkeys(found))[:_MOST_BASES]
        return []

    def _begin(self, sums: _Sums) -> list[int]:
        """Return what may have been traded before: which trades the first ticker counts is known about."""
        assert self._first is not None
        likely = bisect_right(sums.times, self._first.time_ms)
        cuts = sorted(sums.cuts(self._first.time_ms), key=lambda cut: abs(cut - likely))
        return list(dict.fromkeys(self._first.volume - sums.upto[cut] for cut in cuts[:_MOST_BASES]))

    def missing(self, trades: Sequence[Trade]) -> float:
        """Return by how much the tickers count more than the trades, base currency; arguments as of `prove`."""
        sums = _Sums(trades)
        base = (self._bases or self._begin(sums))[0]
        short = sorted(c.volume - base - sums.upto[bisect_right(sums.times, c.time_ms)] for c in self.claims)
        return short[len(short) // 2] / _WEIGHT  # the middle: some come before their trades, or amid others


Verdict = Literal[
    "fine",
    "mismatch",  # something is missing; if `Audit.doubt` is set it is a hole now
    "mended",  # what was fetched since makes the trades add up
    "unexplained",  # it does not, so the exchange says two things
]


class Audit:
    """One market. `look` from time to time; nothing is to be done for a message.

    Args:
        mends: what does not add up is a hole from then on, which somebody fills. Else it is only told.
    """

    def __init__(self, *, mends: bool) -> None:
        self.mends = mends
        self.proven_at = -1.0  # loop time; -1: not yet
        self.doubt: Span | None = None  # what is being fetched again
        self.found: Mismatch | None = None  # the last one
        self._accounts: list[_Account] = []  # the present one last; one before it may not be settled yet
        self._doubted: _Account | None = None  # in which `doubt` is
        self._after_ms = -1  # tickers up to here are of what was found to be wrong
        self._judged_at = -1.0  # since when nothing is missing that is known of, loop time

    def look(self, ticker: Ticker | None, epoch: float, tape: Tape, now: float, *, is_held: bool = False) -> Verdict:
        """Compare the newest ticker, and those before it that are not proven, with the trades.

        Args:
            ticker: None while its stream does not run.
            epoch: when that began: what one stream says is not compared with what another did.
            is_held: trades may be on their way for longer than usual.

        Returns:
            "fine" where nothing new is known to be wrong.
        """
        if ticker is not None and ticker.day_volume == ticker.day_volume and ticker.trade_time_ms > self._after_ms:
            self._hear(ticker, epoch, now)
        if tape.run_ms is None:
            self._judged_at = -1.0
            return "fine"
        for account in list(self._accounts):
            verdict = self._judge(account, tape, now, is_held=is_held)
            if verdict != "fine":
                return verdict
        return "fine"

    def _judge(self, account: _Account, tape: Tape, now: float, *, is_held: bool) -> Verdict:
        assert tape.run_ms is not None
        is_doubted = account is self._doubted and self.doubt is not None
        is_refilling = is_doubted and self.doubt is not None and tape.run_ms == self.doubt.to_ms + 1
        is_whole = tape.run_ms <= account.from_ms or account.begin_at(tape.run_ms)
        if not is_whole and not is_refilling:
            self._judged_at = -1.0
            if tape.is_joined:  # nor will it be any more: it begins anew
                self._close(account)
            return "fine"
        if self._judged_at < 0:
            self._judged_at = now
        if not account.claims:
            if account is not self._accounts[-1]:
                self._close(account)
            return "fine"
        settled_at = now - SETTLE_S
        oldest = max(account.claims[0].at, self._judged_at)
        if oldest > settled_at:
            return "fine"
        is_due = oldest <= settled_at - PATIENCE_S
        from_ms, to_ms = account.from_ms, account.claims[-1].time_ms
        trades = tape.of_times(from_ms, to_ms + SHUFFLE_MS)
        if account.prove(trades, settled_at):
            self.proven_at = now
            if not is_doubted or self.doubt is None:
                return "fine"
            tape.cover(*self.doubt)
            self.doubt = self._doubted = None
            return "mended"
        if not is_due or is_held or not is_whole:
            return "fine"
        missing = account.missing(trades)
        self.found = Mismatch(Span(from_ms, to_ms), missing)
        if self.mends and not is_doubted and missing > 0 and tape.doubt(from_ms, to_ms):
            self.doubt, self._doubted = self.found.span, account
            return "mismatch"
        self._close(account)  # told once; it begins anew after it
        self._after_ms = to_ms + SHUFFLE_MS
        self._judged_at = -1.0
        return "unexplained" if is_doubted else "mismatch"

    def _close(self, account: _Account) -> None:
        self._accounts.remove(account)
        if account is self._doubted:
            self.doubt = self._doubted = None

    def _hear(self, ticker: Ticker, epoch: float, now: float) -> None:
        day = ticker.trade_time_ms // DAY_MS
        last = self._accounts[-1] if self._accounts else None
        if last is None or (last.day, last.epoch) != (day, epoch):
            last = _Account(day, epoch)
            for older in self._accounts[:-1]:
                self._close(older)
            self._accounts.append(last)
        volume, ulp = ticker.day_volume, math.ulp(ticker.day_volume) * _WEIGHT
        grain = 0 if volume < _EXACT_BELOW else math.ceil(2 * ulp)
        last.hear(_Claim(units(volume), grain, 1 + math.ceil(4 * ulp), ticker.trade_time_ms, now))
