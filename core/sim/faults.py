"""What can go wrong at an exchange, on command: one vocabulary for tests, for the control address and for scripts.

A fault either happens (a drop) or is in force until it is ended (frames that are spoilt, a lag). Whatever is left to
chance is thrown with seeded dice, so that a run can be repeated.
"""

from __future__ import annotations

import random
import types
from collections.abc import Callable, Mapping, Sequence
from inspect import Parameter, signature
from typing import Any, NamedTuple, Union, get_args, get_origin, get_type_hints

GARBAGE = (b"\xff\xfe\x00garbage", b'{"type":"trade","code":', b'{"type":"nonsense","code":"KRW-BTC"}', b"[]", b"")
MOST_STORED = 2_000  # frames that wait because of a delay; then the oldest go, late no longer


class Refusal(NamedTuple):
    """How requests are refused, and how many of them still."""

    status: int
    left: int
    group: str = ""  # of REST calls; "" for all
    retry_after: int = -1  # s, in the header; -1 leaves it out
    has_remaining: bool = True  # whether there is a Remaining-Req header
    body: bytes = b"refused"
    content_type: str = "text/plain"

    @property
    def headers(self) -> dict[str, str]:
        """The headers that tell how long to wait."""
        return {"Retry-After": str(self.retry_after)} if self.retry_after >= 0 else {}


class Spoiler:
    """What happens to the frames of one connection.

    Args:
        truncate: share of frames that are cut in the middle: what was in them is lost.
        garbage: share of frames that are replaced by what is not the exchange's language.
        duplicate: share that comes twice.
        reorder: share that is overtaken by the frame after it.
        flood: share after which the last frames come again.
        lose: share that never comes, of which nothing tells.
        delay_ms: how late frames are at most; their order stays.
    """

    def __init__(
        self,
        dice: random.Random,
        *,
        truncate: float = 0.0,
        garbage: float = 0.0,
        duplicate: float = 0.0,
        reorder: float = 0.0,
        flood: float = 0.0,
        lose: float = 0.0,
        delay_ms: int = 0,
    ) -> None:
        self.delay_ms = delay_ms
        self._dice = dice
        self._truncate, self._garbage, self._duplicate = truncate, garbage, duplicate
        self._reorder, self._flood, self._lose = reorder, flood, lose
        self._held: bytes | None = None
        self._last: list[bytes] = []

    def spoil(self, frame: bytes) -> list[bytes]:
        """Return what goes out instead of `frame`, in this order."""
        throw = self._dice.random
        if throw() < self._truncate:
            return self._release(frame[: self._dice.randrange(1, max(len(frame), 2))])
        if throw() < self._garbage:
            return self._release(self._dice.choice(GARBAGE))
        if self._lose and throw() < self._lose:  # no throw without it: scripts stay what they were
            return []
        self._last = [*self._last[-20:], frame]
        if self._held is None and throw() < self._reorder:
            self._held = frame
            return []
        out = self._release(frame)
        if throw() < self._duplicate:
            out.append(frame)
        if throw() < self._flood:
            out += self._last * 5
        return out

    def _release(self, frame: bytes) -> list[bytes]:
        held, self._held = self._held, None
        return [frame] if held is None else [frame, held]

    def end(self) -> list[bytes]:
        """Return the frame that still waits to be overtaken, if there is one."""
        return self._release(b"")[1:]

    def wait_s(self) -> float:
        """Return how late the next frame is."""
        return self._dice.random() * self.delay_ms / 1_000


class Step(NamedTuple):
    """One line of a script."""

    after_s: float  # since the script began
    fault: str
    params: dict[str, Any]


class UnknownFaultError(ValueError):
    """There is no such fault; the message names those that there are."""


def call(target: object, names: Sequence[str], name: str, params: Mapping[str, str]) -> Any:
    """Call the method `name` of `target` with parameters that are spelled as text.

    Raises:
        UnknownFaultError: it is not one of `names`.
        ValueError: a parameter is missing, unknown or not of its type; the message says what is expected.
    """
    if name not in names:
        raise UnknownFaultError(f"no fault {name!r}; there are: {', '.join(sorted(names))}")
    method: Callable[..., Any] = getattr(target, name)
    kinds, known = get_type_hints(method), signature(method).parameters
    values: dict[str, Any] = {}
    for key, text in params.items():
        if key not in known:
            raise ValueError(f"{name} has no {key!r}; it takes: {', '.join(known) or 'nothing'}")
        values[key] = _value(key, text, kinds[key])
    missing = [k for k, p in known.items() if p.default is Parameter.empty and k not in values]
    if missing:
        raise ValueError(f"{name} needs {', '.join(missing)}")
    return method(**values)


def _value(key: str, text: str, kind: Any) -> Any:
    if get_origin(kind) in (Union, types.UnionType):  # "str | None" and the like
        kind = next(k for k in get_args(kind) if k is not types.NoneType)
    if kind is bool:
        if text.lower() in {"true", "1", "false", "0"}:
            return text.lower() in {"true", "1"}
        raise ValueError(f"{key} is true or false, not {text!r}")
    try:
        return kind(text)
    except ValueError:
        raise ValueError(f"{key} is {'a number' if kind in (int, float) else kind.__name__}, not {text!r}") from None


def random_script(seed: int, seconds: float, markets: Sequence[str]) -> list[Step]:
    """Return faults of every kind within `seconds`, the same for the same seed; each that is in force ends.

    Args:
        markets: what single connections are aimed at by.
    """
    dice = random.Random(seed)
    steps: list[Step] = []
    for _ in range(dice.randint(3, 9)):
        begin = dice.uniform(1.0, seconds * 0.8)
        length = dice.uniform(0.5, seconds - begin)
        market: dict[str, Any] = {"market": dice.choice(markets)} if dice.random() < 0.5 else {}
        share = dice.choice((0.01, 0.05, 0.3))
        match dice.randrange(14):
            case 0 | 1:
                steps.append(Step(begin, "drop", market))
            case 2:
                steps += [Step(begin, "half_open", market)]
            case 3:
                steps += [Step(begin, "stall", market), Step(begin + length, "resume", {})]
            case 4:
                status = dice.choice((429, 500, 502, 503))
                steps += [Step(begin, "refuse", {"status": status, "count": dice.randint(1, 5)})]
                steps += [Step(begin + 0.01, "drop", market)]
            case 5:
                kind = {"has_remaining": dice.random() < 0.5, "count": dice.randint(1, 8)}
                steps.append(Step(begin, "refuse_rest", {"status": dice.choice((429, 500, 503)), **kind}))
            case 6:
                name = dice.choice(("truncate", "garbage", "duplicate", "reorder", "flood"))
                steps += [Step(begin, "spoil", {name: share, **market}), Step(begin + length, "unspoil", {})]
            case 7:
                late = {"delay_ms": dice.randint(50, 3_000), "reorder": share}
                steps += [Step(begin, "spoil", {**late, **market}), Step(begin + length, "unspoil", {})]
            case 8:
                steps += [Step(begin, "rest_lag", {"ms": dice.randint(200, 5_000)})]
                steps += [Step(begin + 0.01, "drop", market), Step(begin + length, "rest_lag", {"ms": 0})]
            case 9:
                steps += [Step(begin, "replace_gap", {"ms": 300}), Step(begin + length, "replace_gap", {"ms": 0})]
            case 10:
                steps.append(Step(begin, "maintenance", {"seconds": min(length, 20.0)}))
            case 11:
                steps += [Step(begin, "slow_handshake", {"seconds": dice.uniform(0.5, 8.0), "count": 2})]
                steps += [Step(begin + 0.01, "drop", market)]
            case 12:
                steps += [Step(begin, "slow", {"bytes_per_s": dice.choice((500, 5_000)), **market})]
                steps += [Step(begin + length, "unslow", {})]
            case 13:
                steps += [Step(begin, "pause_rest", {}), Step(begin + length, "resume_rest", {})]
    return sorted(steps, key=lambda s: s.after_s)
