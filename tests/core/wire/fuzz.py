"""A coverage-guided fuzz of everything that reads what the exchange sends.

`python -m tests.core.wire.fuzz --minutes 10` runs long, `--seed N` elsewhere; the tests run a few thousand inputs.
Inputs that reach a line, a jump between lines, or an outcome that none reached before are kept and mutated further.
A decoder may raise WireError and nothing else; what it returns must hold what `messages` promises.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import sys
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from types import FrameType
from typing import Any, NamedTuple

from core.errors import FeedError, WireError
from core.market import Interval
from core.wire import codec, rest
from core.wire.messages import BookFrame, Candle, CandleRow, Orderbook, Refusal, Ticker, Trade

KEPT = 4_000
LONGEST = 20_000  # bytes
_DATA = Path(__file__).parents[2] / "data" / "frames.jsonl"
_FILES = frozenset({codec.__file__, rest.__file__})
_VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 2**53 + 1, 2**63, 2**64, -(2**63), 10**30, 1e308, -1e-308, 0.1, 1e14, 1.5e3),
    *(
        "",
        "0",
        "-1",
        "1E400",
        "NaN",
        "Infinity",
        "null",
        "KRW-BTC",
        "BID",
        "2026-02-30T25:61:61",
        "2026-09-23T03:39:00",
    ),
    *("\u0000", "\ud83d\ude00", "가", [], {}, [[]], {"a": None}, [None], ["BID"], [{}], "x" * 300),
)
_TOKENS = (
    *(b"null", b"NaN", b"-Infinity", b"1E400", b"-0", b"0E-8", b"1e-400", b"\xff", b"\xed\xa0\x80", b"\\ud800"),
    *(b'"', b"[", b"]", b"{", b"}", b",", b":", b"[[[[[[[[", b'{"a":' * 40, b"9" * 400, b"\x00", b'"type":"trade",'),
)


class Target(NamedTuple):
    """One decoder and what to begin with."""

    name: str
    decode: Callable[[bytes], Any]
    seeds: tuple[bytes, ...]


def _bodies(frames: list[dict[str, Any]]) -> dict[str, bytes]:
    """Return REST bodies made of the recorded frames and the calls that read them."""
    named = {frame.get("type", frame.get("ty", "")): frame for frame in frames}
    ticker, trade, book = (dict(named[kind]) for kind in ("ticker", "trade", "orderbook"))
    candle = dict(next(frame for kind, frame in named.items() if str(kind).startswith("candle")))
    for row in (ticker, trade, book, candle):
        row["market"] = row.pop("code", row.pop("cd", "KRW-BTC"))
    trade["timestamp"] = trade.pop("trade_timestamp", 1)
    event = {"warning": True, "caution": {"PRICE_FLUCTUATIONS": False}}
    market = {"market": "KRW-BTC", "korean_name": "비트코인", "english_name": "Bitcoin", "market_event": event}
    instrument = {"market": "KRW-BTC", "tick_size": "1000", "supported_levels": ["0", "10000"]}
    rows = {"tickers": ticker, "ticks": trade, "books": book, "candles": candle}
    rows |= {"markets": market, "instruments": instrument}
    return {name: json.dumps([row, row]).encode() for name, row in rows.items()}


def targets() -> list[Target]:
    """Return every decoder of bytes from outside."""
    frames = tuple(json.loads(line)["frame"].encode() for line in _DATA.read_text().splitlines())
    extra = (b'{"status":"UP"}', b'{"error":{"name":"NO_TYPE","message":"x"}}', b"[" + b",".join(frames[:3]) + b"]")
    plain = [said for said in map(json.loads, frames) if isinstance(said, dict)]
    bodies = _bodies([said for said in plain if "type" in said])
    calls: dict[str, rest.Call[Any]] = {
        "markets": rest.markets(),
        "tickers": rest.tickers(["KRW-BTC"]),
        "candles": rest.candles("KRW-BTC", Interval.M1, None),
        "ticks": rest.ticks("KRW-BTC"),
        "books": rest.books(["KRW-BTC"]),
        "instruments": rest.instruments(["KRW-BTC"]),
    }
    return [
        Target("decode", codec.decode, (*frames, *extra)),
        Target("decode_book", codec.decode_book, frames),
        Target("refusal", lambda body: rest.refusal(429, {"Retry-After": "3"}, body), extra),
        *(Target(name, call.decode, (bodies[name],)) for name, call in calls.items()),
    ]


# What must hold of whatever a decoder returns.


def check(value: Any) -> None:
    """Assert that a decoded value is what `messages` promises.

    Raises:
        AssertionError: it is not.
    """
    if isinstance(value, list):
        for one in value:
            check(one)
    elif isinstance(value, Trade):
        assert isinstance(value.market, str)
        assert isinstance(value.id, int)
        assert value.aggressor in {"ASK", "BID"}
        assert math.isfinite(value.price)
        assert math.isfinite(value.size)
        _check_stamps(value.time_ms, value.sent_ms)
    elif isinstance(value, Ticker):
        assert math.isfinite(value.price)
        _check_stamps(value.time_ms, value.trade_time_ms)
    elif isinstance(value, Orderbook):
        assert all(math.isfinite(v) for u in value.levels for v in (u.ask_price, u.bid_price, u.ask_size, u.bid_size))
        _check_stamps(value.time_ms)
    elif isinstance(value, BookFrame):
        assert isinstance(value.market, str)
        _check_stamps(value.time_ms)
    elif isinstance(value, Candle | CandleRow):
        assert all(math.isfinite(v) for v in (value.open, value.high, value.low, value.close, value.volume))
        _check_stamps(value.last_trade_ms)
    elif isinstance(value, Refusal):
        assert isinstance(value.name, str)


def _check_stamps(*stamps: int) -> None:
    for stamp in stamps:
        assert isinstance(stamp, int)
        assert 0 <= stamp < 10**14, stamp


# Mutations.


def mutate(dice: random.Random, data: bytes, others: list[bytes]) -> bytes:
    """Return something near `data`."""
    for _ in range(dice.choice((1, 1, 1, 2, 4))):
        way = dice.randrange(8)
        at = dice.randrange(len(data) + 1)
        end = min(at + dice.choice((1, 1, 2, 8, 64)), len(data))
        if way == 0:
            data = data[:at] + bytes((dice.randrange(256),)) + data[at + 1 :]
        elif way == 1:
            data = data[:at] + data[end:]
        elif way == 2:
            data = data[:end] + data[at:end] * dice.choice((1, 2, 30)) + data[end:]
        elif way == 3:
            data = data[:at] + dice.choice(_TOKENS) + data[dice.choice((at, end)) :]
        elif way == 4:
            other = dice.choice(others)
            data = data[:at] + other[dice.randrange(len(other) + 1) :]
        else:  # by what it says
            data = _mutate_said(dice, data)
    return data[:LONGEST]


def _mutate_said(dice: random.Random, data: bytes) -> bytes:
    try:
        said = json.loads(data)
        places = list(_places(said))
        if places:
            holder, key = dice.choice(places)
            way = dice.randrange(6)
            if way == 0:
                del holder[key]
            elif way == 1 and isinstance(holder, dict):
                holder[dice.choice(("type", "ty", "code", "timestamp", "x"))] = holder.pop(key)
            elif way == 2:
                holder[key] = [holder[key]]
            elif way == 3:
                holder[key] = str(holder[key])
            else:
                holder[key] = dice.choice(_VALUES)
        else:
            said = [said]
        return json.dumps(said, ensure_ascii=dice.random() < 0.5, separators=(",", ":")).encode(
            "utf-8", "surrogatepass"
        )
    except (ValueError, RecursionError):
        return data


def _places(said: Any) -> Iterator[tuple[Any, Any]]:
    stack = [said]
    while stack:
        one = stack.pop()
        pairs = one.items() if isinstance(one, dict) else enumerate(one) if isinstance(one, list) else ()
        for key, value in list(pairs):
            yield one, key
            stack.append(value)


# The search.


class Fuzz:
    """The corpus of one decoder, grown by what reaches something new."""

    def __init__(self, target: Target, seed: int) -> None:
        self.target = target
        self.corpus = list(target.seeds)
        self.seen: set[Any] = set()
        self.runs = 0
        self._dice = random.Random(f"{seed} {target.name}")
        for data in target.seeds:
            self._try(data)

    def step(self) -> None:
        """Try one input.

        Raises:
            AssertionError: the decoder broke a promise; the message holds the input.
        """
        data = mutate(self._dice, self._dice.choice(self.corpus), self.corpus)
        if self._try(data) and len(self.corpus) < KEPT:
            self.corpus.append(data)

    def _try(self, data: bytes) -> bool:
        """Return whether `data` reached something new."""
        self.runs += 1
        reached, trace = self._tracer()
        before = sys.gettrace()
        sys.settrace(trace)
        try:
            value = self.target.decode(data)
            outcome = f"{type(value).__name__} {len(value) if isinstance(value, list) else ''}"
        except WireError as why:
            value, outcome = None, "".join(c for c in str(why) if not c.isdigit())[:60]
        except FeedError as why:
            raise AssertionError(f"{self.target.name}: {why!r} of {data!r}") from why
        except Exception as why:
            raise AssertionError(f"{self.target.name}: {why!r} of {data[:2_000]!r}") from why
        finally:
            sys.settrace(before)
        try:
            check(value)
            if value is not None and not isinstance(value, FeedError):
                assert repr(self.target.decode(data)) == repr(value)
        except AssertionError as why:
            raise AssertionError(f"{self.target.name}: {why} of {data[:2_000]!r}") from why
        reached.add(outcome)
        is_new = not reached <= self.seen
        self.seen |= reached
        return is_new

    @staticmethod
    def _tracer() -> tuple[set[Any], Callable[..., Any]]:
        """Return an empty set and what fills it with the jumps between lines of the decoders."""
        reached: set[Any] = set()
        last = ("", 0)

        def line(frame: FrameType, event: str, _arg: object) -> Any:
            nonlocal last
            here = (frame.f_code.co_name, frame.f_lineno)
            reached.add((last, here))
            last = here
            return line

        def call(frame: FrameType, event: str, _arg: object) -> Any:
            return line if frame.f_code.co_filename in _FILES else None

        return reached, call


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    fuzzes = [Fuzz(target, options.seed) for target in targets()]
    end = time.monotonic() + options.minutes * 60
    for number in count():
        for fuzz in fuzzes:
            fuzz.step()
        if number % 1_000 == 0:
            told = ", ".join(f"{f.target.name} {len(f.corpus)}/{len(f.seen)}" for f in fuzzes)
            sys.stdout.write(f"{sum(f.runs for f in fuzzes):,} inputs; kept/reached: {told}\n")
            sys.stdout.flush()
            if time.monotonic() > end:
                return


if __name__ == "__main__":
    main()
