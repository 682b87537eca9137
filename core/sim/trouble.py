"""What is wrong with the exchange now: faults on command, by the names that scripts and the control address know."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Collection, Iterable

from core.sim import dice
from core.sim.blast import Blast
from core.sim.clock import Clock
from core.sim.faults import GARBAGE, Refusal, Spoiler, Step
from core.sim.floor import Floor
from core.sim.rest import Rest
from core.sim.session import Session

FAULTS = (
    *("drop", "half_open", "stall", "resume", "slow", "unslow", "spoil", "unspoil", "garble"),
    *("refuse", "slow_handshake", "refuse_rest", "pause_rest", "resume_rest", "rest_lag", "replace_gap", "skew"),
    *("delist", "list_market", "maintenance", "end_faults", "pace", "refuse_auth_by_frame"),
)
_WELCOME = Refusal(200, 0)


class Trouble:
    """Faults of one exchange: what happens at once, and what is in force until it is ended.

    Args:
        sessions: the WebSockets that are open, as they come and go.
        blast: if the exchange floods.
        clock: the exchange's.
        replace_gap_ms: up to how much of the trades of a kept market is lost in a replace, by seed.
    """

    def __init__(
        self,
        sessions: Collection[Session],
        floor: Floor,
        rest: Rest,
        blast: Blast | None,
        seed: int,
        clock: Clock,
        replace_gap_ms: int,
    ) -> None:
        self._sessions, self._floor, self._rest, self._blast, self._seed = sessions, floor, rest, blast, seed
        self._clock, self.replace_gap_ms = clock, replace_gap_ms
        self.done: Counter[str] = Counter()  # by name
        self.is_auth_refused_by_frame = False  # a bad token at a handshake
        self.rest_open = asyncio.Event()
        self.rest_open.set()
        self._refusing = self._rest_refusing = _WELCOME
        self._slow_handshakes = (0.0, 0)  # s, how many
        self._closed_until = 0.0  # loop time
        self._spoilt = 0
        self._script: list[asyncio.TimerHandle] = []
        self._gap_count = 0

    def stop(self) -> None:
        """Play no script any more."""
        for handle in self._script:
            handle.cancel()

    # What is in force.

    @property
    def is_closed(self) -> bool:
        """Tell whether the exchange is down for maintenance."""
        return asyncio.get_running_loop().time() < self._closed_until

    def refusal(self) -> Refusal | None:
        """Return how the handshake that begins now is refused, None if it is welcome; one refusal is used up."""
        refusing = self._refusing
        if not refusing.left:
            return None
        self._refusing = refusing._replace(left=refusing.left - 1)
        return refusing

    def rest_refusal(self, group: str) -> Refusal | None:
        """Return the same for a REST request of a group."""
        refusing = self._rest_refusing
        if not refusing.left or refusing.group not in {"", group}:
            return None
        self._rest_refusing = refusing._replace(left=refusing.left - 1)
        return refusing

    def handshake_wait_s(self) -> float:
        """Return how long the handshake that begins now has to wait."""
        seconds, count = self._slow_handshakes
        if not count:
            return 0.0
        self._slow_handshakes = (seconds, count - 1)
        return seconds

    def gaps(self, markets: Iterable[str], now_ms: int) -> dict[str, int]:
        """Return until when the trades of kept markets are lost in this replace."""
        if not self.replace_gap_ms:
            return {}
        self._gap_count += 1
        return {
            m: now_ms + dice.key(self._seed, "gap", self._gap_count, m) % (self.replace_gap_ms + 1) for m in markets
        }

    # Faults.

    def _aimed(self, market: str | None) -> list[Session]:
        return [s for s in self._sessions if market is None or any(t.market == market for t in s.topics)]

    def drop(self, market: str | None = None) -> int:
        """Cut all WebSockets, or those that carry a market; return how many."""
        aimed = self._aimed(market)
        for session in aimed:
            session.abort()
        return len(aimed)

    def half_open(self, market: str | None = None) -> int:
        """Let connections hang: nothing is read or written any more, and they stay open; return how many."""
        aimed = self._aimed(market)
        for session in aimed:
            session.is_half_open = True
        return len(aimed)

    def stall(self, market: str | None = None) -> None:
        """Go silent on WebSockets, keep them open: no data, no pongs."""
        for session in self._aimed(market):
            session.stall(True)

    def resume(self) -> None:
        """Undo `stall`: what was held back comes, late."""
        for session in self._sessions:
            if session.is_stalled:
                session.stall(False)

    def slow(self, bytes_per_s: int, market: str | None = None) -> None:
        """Let so much a second through to the client."""
        for session in self._aimed(market):
            session.slow_down(bytes_per_s)

    def unslow(self) -> None:
        """Undo `slow`: what waited comes at once."""
        for session in self._sessions:
            session.slow_down(0)

    def spoil(
        self,
        market: str | None = None,
        truncate: float = 0.0,
        garbage: float = 0.0,
        duplicate: float = 0.0,
        reorder: float = 0.0,
        flood: float = 0.0,
        lose: float = 0.0,
        delay_ms: int = 0,
    ) -> int:
        """Spoil frames of the connections that there are, see `Spoiler`; return how many."""
        aimed = self._aimed(market)
        for session in aimed:
            self._spoilt += 1
            dice_of = random.Random(dice.key(self._seed, "spoil", self._spoilt))
            session.spoil(
                Spoiler(
                    dice_of,
                    truncate=truncate,
                    garbage=garbage,
                    duplicate=duplicate,
                    reorder=reorder,
                    flood=flood,
                    lose=lose,
                    delay_ms=delay_ms,
                )
            )
        return len(aimed)

    def unspoil(self) -> None:
        """Undo `spoil`: what was kept back comes now."""
        for session in self._sessions:
            session.spoil(None)

    def garble(self, market: str | None = None) -> None:
        """Send frames that are not the exchange's language."""
        for session in self._aimed(market):
            for frame in GARBAGE:
                session.send(frame)
            session.flush()

    def refuse(self, status: int, count: int = 1, retry_after: int = -1, has_remaining: bool = True) -> None:
        """Answer the next `count` handshakes with an HTTP status.

        Args:
            retry_after: seconds in a header of that name; -1 leaves it out.
            has_remaining: whether there is a Remaining-Req header.
        """
        self._refusing = Refusal(status, count, "", retry_after, has_remaining)

    def slow_handshake(self, seconds: float, count: int = 1) -> None:
        """Let the next `count` handshakes wait."""
        self._slow_handshakes = (seconds, count)

    def refuse_rest(
        self,
        status: int,
        count: int = 1,
        group: str = "",
        retry_after: int = -1,
        has_remaining: bool = True,
        body: str = "refused",
    ) -> None:
        """Answer the next `count` REST requests with an HTTP status and a body in plain text.

        Args:
            group: only those of one group of calls, as the Remaining-Req header spells it.
        """
        self._rest_refusing = Refusal(status, count, group, retry_after, has_remaining, body.encode())

    def pause_rest(self) -> None:
        """Let REST requests wait."""
        self.rest_open.clear()

    def resume_rest(self) -> None:
        """Undo `pause_rest`."""
        self.rest_open.set()

    def rest_lag(self, ms: int) -> None:
        """Let trades and candles by REST be behind the socket; 0 ends it."""
        self._rest.lag_ms = ms

    def replace_gap(self, ms: int) -> None:
        """Let up to so much of the trades of a kept market be lost in each replace, by seed; 0 ends it."""
        self.replace_gap_ms = ms

    def skew(self, ms: int) -> None:
        """Set the exchange's clock against the true one. Turned back, the market stands still until it is made up."""
        self._clock.skew_ms = ms

    def refuse_auth_by_frame(self, is_on: bool = True) -> None:
        """Let a handshake with a bad token succeed, then say INVALID_AUTH in a frame and close; or answer 401 again."""
        self.is_auth_refused_by_frame = is_on

    def delist(self, market: str) -> None:
        """Take a market off the list; its subscription stays and is silent."""
        self._floor.hide(market)

    def list_market(self, market: str) -> None:
        """Put a market on the list (again); who asks for it from now on hears it."""
        self._floor.hidden.discard(market)

    def maintenance(self, seconds: float) -> None:
        """Cut every WebSocket and answer 503 to everything for so long, 403 where a key is needed."""
        self._closed_until = asyncio.get_running_loop().time() + seconds
        self.drop()

    def pace(self, rate: float) -> None:
        """Send so many frames a second to each WebSocket, where it floods.

        Raises:
            ValueError: it plays the market, or the rate is none.
        """
        if self._blast is None or not rate > 0.0:
            raise ValueError("the exchange was not started with --blast, or the rate is not above 0")
        self._blast.set_rate(rate)

    def end_faults(self) -> None:
        """End whatever is in force; connections that hang are cut."""
        self._refusing = self._rest_refusing = _WELCOME
        self._slow_handshakes = (0.0, 0)
        self._closed_until = 0.0
        self.is_auth_refused_by_frame = False
        self.rest_lag(0)
        self.replace_gap(0)
        self.resume_rest()
        self.resume()
        self.unslow()
        self.unspoil()
        for session in list(self._sessions):
            if session.is_half_open:
                session.abort()

    def play(self, script: Iterable[Step]) -> None:
        """Let faults happen one after the other, on the loop's clock."""
        loop = asyncio.get_running_loop()
        for step in script:
            handle = loop.call_later(step.after_s, self._do, step)
            self._script.append(handle)

    def _do(self, step: Step) -> None:
        self.done[step.fault] += 1
        getattr(self, step.fault)(**step.params)
