"""The user's own indicators, in a process of their own: `python -m core.own_indicators`, spoken to over its pipes.

A file is Python that anybody may have written: it may raise, loop for ever, print, or end its process. So it never runs
in the program; what is asked and answered are messages with their length before them.

    PLACE = "pane"                 # or "price" (over the bars), "volume"
    SETTINGS = {"count": 20}       # numbers, with their defaults
    LINES = ["fast", "slow"]       # what is returned, if it is more than one array

    def indicator(bars, count):
        return bars.close - bars.close.mean()

`bars` has arrays, oldest first: `open`, `high`, `low`, `close`, `volume`, and `time_ms`. Each line is an array as long,
with nan where there is no value.
"""

from __future__ import annotations

import io
import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

F64 = NDArray[np.float64]

LARGEST = 256 * 2**20  # bytes of a message
MOST_FILES = 50
MOST_LINES = 8
SOURCE_BYTES = 1_000_000
_KEPT = 64  # charts whose bars are kept


class Problem(msgspec.Struct, frozen=True):
    """What is wrong with a file."""

    name: str  # of the indicator: the file's, without ".py"
    line: int  # 0: of no single line
    text: str


class Spec(msgspec.Struct, frozen=True):
    """What a file declares."""

    name: str
    place: str
    settings: dict[str, int | float]
    lines: list[str]


class Load(msgspec.Struct, tag="load"):
    """Read all files of a folder."""

    folder: str


class Work(msgspec.Struct, tag="work"):
    """Run an indicator. Bars from number `first` on take the place of those known for `key`."""

    name: str
    values: dict[str, int | float]
    key: int
    first: int
    starts: bytes  # int64[m]
    rows: bytes  # float64[m, 5]


class Loaded(msgspec.Struct, tag="loaded"):
    """Answers `Load`."""

    specs: list[Spec]
    problems: list[Problem]


class Worked(msgspec.Struct, tag="worked"):
    """Answers `Work`: the values from bar `first` on, float64[lines, m], or what went wrong."""

    first: int = 0
    values: bytes = b""
    problem: Problem | None = None
    is_lost: bool = False  # the bars before `first` are not known any more: all of them are wanted


Request = Load | Work
Answer = Loaded | Worked

_requests = msgspec.msgpack.Decoder(Request)
_answers = msgspec.msgpack.Decoder(Answer)


class Bars(NamedTuple):
    """What a function is given."""

    time_ms: NDArray[np.int64]
    open: F64
    high: F64
    low: F64
    close: F64
    volume: F64


def pack(message: Request | Answer) -> bytes:
    """Return a message with its length before it."""
    data = msgspec.msgpack.encode(message)
    return len(data).to_bytes(4, "little") + data


def length(head: bytes) -> int:
    """Return the length that four bytes say.

    Raises:
        ValueError: no message is as long.
    """
    size = int.from_bytes(head, "little")
    if size > LARGEST:
        raise ValueError(f"a message of {size} bytes")
    return size


def answer_of(data: bytes) -> Answer:
    """Return the message in these bytes.

    Raises:
        ValueError: there is none.
    """
    answer: Answer = _answers.decode(data)
    return answer


class _File(NamedTuple):
    spec: Spec
    function: Callable[..., Any]
    path: str


class Worker:
    """What the process knows: the functions, and the bars of each chart."""

    def __init__(self) -> None:
        self._files: dict[str, _File] = {}
        self._bars: dict[int, tuple[NDArray[np.int64], F64]] = {}

    def answer(self, request: Request) -> Answer:
        """Do what is asked."""
        return self._load(Path(request.folder)) if isinstance(request, Load) else self._work(request)

    def _load(self, folder: Path) -> Loaded:
        self._files, problems = {}, []
        for path in sorted(folder.glob("*.py"))[:MOST_FILES]:
            try:
                self._files[path.stem] = _read(path)
            except BaseException as why:  # noqa: BLE001 - a file may raise anything, SystemExit too
                problems.append(problem(path.stem, str(path), why))
        return Loaded([f.spec for f in self._files.values()], problems)

    def _work(self, request: Work) -> Worked:
        starts, rows = np.frombuffer(request.starts, np.int64), np.frombuffer(request.rows).reshape(-1, 5)
        if request.first:
            if request.key not in self._bars:
                return Worked(is_lost=True)
            known, old = self._bars[request.key]
            starts = np.concatenate([known[: request.first], starts])
            rows = np.concatenate([old[: request.first], rows])
        self._bars.pop(request.key, None)
        self._bars[request.key] = starts, rows
        while len(self._bars) > _KEPT:
            del self._bars[next(iter(self._bars))]
        file = self._files[request.name]
        try:
            made = file.function(Bars(starts.copy(), *(np.array(c) for c in rows.T)), **request.values)
            lines = _lines(made, len(file.spec.lines), len(rows))
        except BaseException as why:  # noqa: BLE001
            return Worked(problem=problem(request.name, file.path, why))
        return Worked(request.first, lines[:, request.first :].tobytes())


def _read(path: Path) -> _File:
    """Run a file and look at what it declares.

    Raises:
        BaseException: whatever it raises; ValueError, TypeError: it declares what cannot be.
    """
    if path.stat().st_size > SOURCE_BYTES:
        raise ValueError("the file is too large")
    scope: dict[str, Any] = {"__name__": path.stem, "__file__": str(path)}
    exec(compile(path.read_bytes(), str(path), "exec"), scope)
    function = scope.get("indicator")
    if not callable(function):
        raise ValueError("there is no function named indicator")
    place, lines, given = scope.get("PLACE", "price"), scope.get("LINES", ["value"]), scope.get("SETTINGS", {})
    if place not in ("price", "pane", "volume"):
        raise ValueError(f'PLACE is "price", "pane" or "volume", not {place!r}')
    if not isinstance(given, dict) or not all(_is_setting(k, v) for k, v in given.items()):
        raise ValueError("SETTINGS is a dictionary of names and numbers")
    if not isinstance(lines, list | tuple) or not 1 <= len(lines) <= MOST_LINES:
        raise ValueError(f"LINES is a list of 1 to {MOST_LINES} names")
    return _File(Spec(path.stem, place, dict(given), [str(line) for line in lines]), function, str(path))


def _is_setting(name: object, value: object) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e9
    return isinstance(name, str) and name.isidentifier() and is_number


def _lines(made: object, count: int, n: int) -> F64:
    """Return what a function gave as float64[count, n].

    Raises:
        ValueError: it is of another shape.
    """
    lines = np.array(made, np.float64)
    if lines.ndim == 1:
        lines = lines[None]
    if lines.shape != (count, n):
        raise ValueError(f"{count} x {n} values were expected, not {' x '.join(map(str, lines.shape))}")
    lines[~np.isfinite(lines)] = np.nan
    return lines


def problem(name: str, path: str, why: BaseException) -> Problem:
    """Return what to say of an exception, with the line of the user's file in which it began."""
    if isinstance(why, SyntaxError):
        return Problem(name, (why.lineno or 0) if why.filename == path else 0, f"{type(why).__name__}: {why.msg}")
    lines = [f.lineno or 0 for f in traceback.extract_tb(why.__traceback__) if f.filename == path]
    text = f"{type(why).__name__}: {why}" if not isinstance(why, ValueError) or lines else str(why)
    return Problem(name, lines[-1] if lines else 0, text[:300])


def serve(incoming: BinaryIO, outgoing: BinaryIO) -> None:
    """Answer until the other end is gone."""
    worker = Worker()
    while len(head := incoming.read(4)) == 4:
        data = incoming.read(length(head))
        outgoing.write(pack(worker.answer(_requests.decode(data))))
        outgoing.flush()


def main() -> None:
    """Serve on the pipes; what a file prints goes to where errors go."""
    outgoing = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    incoming = os.fdopen(os.dup(0), "rb")
    sys.stdin = io.StringIO()
    serve(incoming, outgoing)


if __name__ == "__main__":
    main()
