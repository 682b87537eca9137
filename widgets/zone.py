"""The time zone that times are shown in: Korea's or this machine's. One for the whole program, like the theme.

The exchange keeps to its own calendar: days, weeks and months begin at 09:00 in Korea wherever they are looked at.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Literal

from core.market import DAY_MS, HOUR_MS, MINUTE_MS

Name = Literal["kst", "local"]

KST_MS = 9 * HOUR_MS  # no summer time since 1988
_BLOCK_MS = 15 * MINUTE_MS  # clocks are changed at whole ones only
_SPAN_MS = 14 * DAY_MS  # no summer time is shorter; the shortest break of one (Ramadan, in Morocco) is longer
_LAST_S = 4_000_000_000  # beyond it some systems know no local time


class Zone:
    """What the clocks on the wall say at a moment.

    Args:
        tz: its rules; None is wherever this machine is.
    """

    def __init__(self, tz: tzinfo | None) -> None:
        self._tz = tz
        # A fixed one is asked for each line of a tape: there is nothing to look up.
        self._fixed_ms = round(tz.utcoffset(None).total_seconds() * 1_000) if isinstance(tz, timezone) else None
        self._block_offset = lru_cache(maxsize=8_192)(self._look_up)

    def offset(self, time_ms: int) -> int:
        """Return by how many ms the clocks are ahead of UTC at a moment."""
        return self._block_offset(time_ms // _BLOCK_MS) if self._fixed_ms is None else self._fixed_ms

    def local(self, time_ms: int) -> int:
        """Return the moment as the clocks say it: as epoch ms of a UTC that is theirs."""
        return time_ms + self.offset(time_ms)

    def moment(self, local_ms: int) -> int:
        """Return when the clocks say so: of two moments either, of none one near by."""
        return local_ms - self.offset(local_ms - self.offset(local_ms))

    def _look_up(self, block: int) -> int:
        seconds = min(max(block * (_BLOCK_MS // 1_000), 0), _LAST_S)
        if self._tz is None:
            return time.localtime(seconds).tm_gmtoff * 1_000
        offset = datetime.fromtimestamp(seconds, self._tz).utcoffset()
        return round(offset.total_seconds() * 1_000) if offset is not None else 0

    def spans(self, begin_ms: int, end_ms: int) -> list[tuple[int, int, int]]:
        """Return (begin, end, offset) of the times between which no clock is changed, from `begin_ms` to `end_ms`."""
        found, at, offset = [], begin_ms, self.offset(begin_ms)
        if self._fixed_ms is not None:
            return [(begin_ms, end_ms, offset)]
        seen = begin_ms
        while seen < end_ms:
            ahead = min(seen + _SPAN_MS, end_ms)
            other = self.offset(ahead)
            if other != offset:
                low, high = seen // _BLOCK_MS, ahead // _BLOCK_MS  # changed behind the one and not behind the other
                while high - low > 1:
                    middle = (low + high) // 2
                    low, high = (middle, high) if self._block_offset(middle) == offset else (low, middle)
                found.append((at, high * _BLOCK_MS, offset))
                at, offset = high * _BLOCK_MS, other
            seen = ahead
        found.append((at, end_ms, offset))
        return found

    def name(self, time_ms: int) -> str:
        """Return what the zone is called at a moment, short: "KST", "EDT", "UTC+5:30" where it has no such name."""
        seconds = min(max(time_ms // 1_000, 0), _LAST_S)
        name = (
            time.localtime(seconds).tm_zone if self._tz is None else datetime.fromtimestamp(seconds, self._tz).tzname()
        )
        if name and name.isascii() and name.isalpha() and len(name) <= 4:
            return name
        minutes = self.offset(time_ms) // MINUTE_MS
        sign, (hours, rest) = "-" if minutes < 0 else "+", divmod(abs(minutes), 60)
        return f"UTC{sign}{hours}:{rest:02}" if rest else f"UTC{sign}{hours}"


KST = Zone(timezone(timedelta(milliseconds=KST_MS), "KST"))
LOCAL = Zone(None)

shown = KST


def use(name: str) -> None:
    """Show times in Korea's zone, or in this machine's if `name` is "local", from the next frame on."""
    global shown  # noqa: PLW0603 - one is in force at a time, read per frame
    shown = LOCAL if name == "local" else KST


def wall_clock(local_ms: int) -> datetime:
    """Return what `Zone.local` gave as a date and a time of day."""
    return datetime.fromtimestamp(local_ms / 1_000, UTC)
